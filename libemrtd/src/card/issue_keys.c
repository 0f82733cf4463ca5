/*
 * Issuing: what opens the chip, and the private keys by which it proves to be
 * genuine.
 */
#include "card/issue.h"

#include "access/chip_auth_protocols.h"
#include "card/aa_key.h"
#include "core/builder.h"
#include "core/diag.h"
#include "core/oid.h"
#include "core/tlv.h"
#include "core/wipe.h"
#include "crypto/random.h"

#include <string.h>

#define OID_CAP         64
#define TAG_OID         0x06
#define WEAK_ECDH       "0.4.0.127.0.7.2.2.4.2.1"
#define WEAK_DH         "0.4.0.127.0.7.2.2.4.1.1"
#define GM_PREFIX       "0.4.0.127.0.7.2.2.4.2"
#define ADDED_PARAMETER 12

/* The content of the OBJECT IDENTIFIER; it lives in buf. */
static bool
oid_content(const char *dotted, uint8_t buf[OID_CAP], struct emrtd_bytes *out)
{
	struct emrtd_out oid = emrtd_out(buf, OID_CAP);

	emrtd_put_oid(&oid, dotted);
	*out = emrtd_out_bytes(&oid);
	return !oid.bad && emrtd_tlv(out, TAG_OID, out);
}

/* ---- Passwords --------------------------------------------------------- */

static enum emrtd_error
add_mrz(struct emrtd_issuer *i)
{
	char info[MRZ_KEY_INFO_CAP];
	enum emrtd_error error;
	size_t len = 0;

	if (mrz_key_info(&i->mrz, info, sizeof(info), &len) != MRZ_OK)
		return emrtd_fail(i->diag, EMRTD_E_ARG, "the MRZ gives no key",
		    "Doc 9303-11 9.7.2");
	error = emrtd_password_mrz(info, len,
	    &i->card->passwords[EMRTD_PASSWORD_MRZ].secret);
	emrtd_wipe(info, sizeof(info));
	return error;
}

static void
count_tries(struct emrtd_chip_password *p, uint8_t left, uint8_t most)
{
	p->counted = true;
	p->tries = left;
	p->max_tries = left > most ? left : most;
}

static enum emrtd_error
add_printed(struct emrtd_issuer *i)
{
	const struct emrtd_card_profile *p = i->profile;
	struct emrtd_chip_password *all = i->card->passwords;
	enum emrtd_error error = EMRTD_OK;

	if (p->can[0] != '\0')
		error = emrtd_password_can(p->can, strlen(p->can),
		    &all[EMRTD_PASSWORD_CAN].secret);
	if (error == EMRTD_OK && p->pin[0] != '\0')
		error = emrtd_password_pin(p->pin, strlen(p->pin),
		    &all[EMRTD_PASSWORD_PIN].secret);
	if (error == EMRTD_OK && p->puk[0] != '\0')
		error = emrtd_password_puk(p->puk, strlen(p->puk),
		    &all[EMRTD_PASSWORD_PUK].secret);
	count_tries(&all[EMRTD_PASSWORD_PIN], p->pin_tries, 3);
	count_tries(&all[EMRTD_PASSWORD_PUK], p->puk_tries, 10);
	if (p->can_tries > 0)
		count_tries(&all[EMRTD_PASSWORD_CAN], p->can_tries, 0);
	return error;
}

enum emrtd_error
emrtd_issue_passwords(struct emrtd_issuer *i)
{
	const struct emrtd_card_profile *p = i->profile;
	enum emrtd_error error = EMRTD_OK;

	if (p->pin_tries > 15 || p->puk_tries > 15 || p->can_tries > 15)
		return emrtd_fail(i->diag, EMRTD_E_ARG,
		    "a password has at most 15 tries", NULL);
	if (p->bac || p->mrz_password)
		error = add_mrz(i);
	/* Kept for BAC, but no password of PACE. */
	i->card->mrz_for_pace = p->mrz_password;
	if (error == EMRTD_OK)
		error = add_printed(i);
	if (error != EMRTD_OK)
		return emrtd_fail(i->diag, error,
		    "a password is not well-formed", NULL);
	if (p->n_pace > 0 && !p->mrz_password && p->can[0] == '\0' &&
	    p->pin[0] == '\0' && p->puk[0] == '\0')
		return emrtd_fail(i->diag, EMRTD_E_ARG,
		    "PACE needs a password: the MRZ, a CAN, a PIN or a PUK",
		    NULL);
	return EMRTD_OK;
}

/* ---- PACE -------------------------------------------------------------- */

/* What a liar between chip and reader makes of EF.CardAccess. */
static enum emrtd_error
change_card_access(struct emrtd_issuer *i,
    const struct emrtd_card_misbehaviour *m)
{
	static const struct emrtd_card_pace_info added = { .oid = WEAK_ECDH,
		.parameter_id = ADDED_PARAMETER };

	if (m->value == EMRTD_FAULT_CARD_ACCESS_ADD) {
		if (i->n_pace == EMRTD_CARD_PACE_MAX)
			return EMRTD_E_LIMIT;
		i->pace[i->n_pace++] = added;
	}
	if (m->value != EMRTD_FAULT_CARD_ACCESS_WEAKEN)
		return EMRTD_OK;
	for (size_t n = 0; n < i->n_pace; n++) {
		const struct emrtd_group *group = emrtd_group_by_id(
		    i->pace[n].parameter_id);
		bool dh = group != NULL && group->kind == EMRTD_GROUP_DH;

		i->pace[n].oid = dh ? WEAK_DH : WEAK_ECDH;
	}
	return EMRTD_OK;
}

/* Whoever hides EF.CardSecurity must not offer the mapping that needs it. */
static void
without_cam(struct emrtd_issuer *i)
{
	static const char *const generic[] = { [EMRTD_3DES] = GM_PREFIX ".1",
		[EMRTD_AES128] = GM_PREFIX ".2",
		[EMRTD_AES192] = GM_PREFIX ".3",
		[EMRTD_AES256] = GM_PREFIX ".4" };

	for (size_t n = 0; n < i->n_pace; n++) {
		const struct emrtd_pace_protocol *p;
		uint8_t buf[OID_CAP];
		struct emrtd_bytes oid;

		if (!oid_content(i->pace[n].oid, buf, &oid))
			continue;
		p = emrtd_pace_protocol_by_oid(oid);
		if (p != NULL && p->mapping == EMRTD_PACE_CAM)
			i->pace[n].oid = generic[p->suite];
	}
}

static enum emrtd_error
add_pace(struct emrtd_issuer *i, size_t n)
{
	const struct emrtd_card_pace_info *info = &i->pace[n];
	struct emrtd_chip_pace *pace = &i->card->pace[n];
	uint8_t buf[OID_CAP];
	struct emrtd_bytes oid;

	if (info->oid == NULL || !oid_content(info->oid, buf, &oid))
		return EMRTD_E_ARG;
	pace->protocol = emrtd_pace_protocol_by_oid(oid);
	pace->group = emrtd_group_by_id(info->parameter_id);
	pace->has_id = info->announce == EMRTD_CARD_BY_ID ||
		       (info->announce == EMRTD_CARD_WRITTEN_OUT &&
			   info->own_id != 0);
	pace->parameter_id = info->announce == EMRTD_CARD_WRITTEN_OUT
				 ? info->own_id
				 : info->parameter_id;
	if (pace->protocol == NULL || pace->group == NULL ||
	    !emrtd_pace_protocol_fits(pace->protocol, pace->group))
		return emrtd_fail(i->diag, EMRTD_E_ARG,
		    "this PACE protocol cannot be played with this parameter",
		    "Doc 9303-11 9.2.3");
	return EMRTD_OK;
}

enum emrtd_error
emrtd_issue_pace(struct emrtd_issuer *i)
{
	const struct emrtd_card_misbehaviour *change = emrtd_chip_fault(i->card,
	    EMRTD_FAULT_CARD_ACCESS, 0);
	enum emrtd_error error = EMRTD_OK;

	memcpy(i->pace, i->profile->pace, sizeof(i->pace));
	i->n_pace = i->profile->n_pace;
	if (change != NULL)
		error = change_card_access(i, change);
	if (i->profile->clone == EMRTD_CARD_CLONE_STRIPPED)
		without_cam(i);
	for (size_t n = 0; error == EMRTD_OK && n < i->n_pace; n++)
		error = add_pace(i, n);
	i->card->n_pace = i->n_pace;
	return error;
}

/* ---- Keys of the chip -------------------------------------------------- */

static enum emrtd_error
draw_key(struct emrtd_issuer *i, const struct emrtd_group *group,
    uint8_t private_key[EMRTD_FIELD_MAX], struct emrtd_element *public_key)
{
	struct emrtd_random random = emrtd_random_system(i->card->crypto);

	return emrtd_group_keypair(i->card->crypto, group, NULL, &random,
	    private_key, public_key);
}

/* The earlier row of the same key, or NULL. */
static const struct emrtd_chip_ca_key *
same_key(const struct emrtd_card *card, const struct emrtd_group *group,
    int32_t key_id)
{
	for (size_t n = 0; n < card->n_ca; n++) {
		const struct emrtd_chip_ca_key *key = &card->ca[n];

		if (key->group == group && key->has_key_id == (key_id >= 0) &&
		    (key_id < 0 || key->key_id == (uint32_t)key_id))
			return key;
	}
	return NULL;
}

static const struct emrtd_chip_auth_protocol *
ca_protocol(const char *dotted, const struct emrtd_group *group)
{
	uint8_t buf[OID_CAP];
	struct emrtd_bytes oid;

	if (dotted == NULL)
		return emrtd_chip_auth_protocol_assumed(group->kind);
	if (!oid_content(dotted, buf, &oid))
		return NULL;
	return emrtd_chip_auth_protocol_by_oid(oid);
}

static enum emrtd_error
add_ca(struct emrtd_issuer *i, const struct emrtd_card_ca *plan)
{
	struct emrtd_card *card = i->card;
	const struct emrtd_group *group = emrtd_group_by_id(plan->parameter_id);
	struct emrtd_chip_ca_key *key = &card->ca[card->n_ca];
	const struct emrtd_chip_auth_protocol *protocol;
	const struct emrtd_chip_ca_key *same;
	enum emrtd_error error = EMRTD_OK;

	protocol = group != NULL ? ca_protocol(plan->oid, group) : NULL;
	if (protocol == NULL || protocol->kind != group->kind)
		return emrtd_fail(i->diag, EMRTD_E_ARG,
		    "Chip Authentication: no such protocol for this parameter",
		    "Doc 9303-11 9.2.5");
	same = same_key(card, group, plan->key_id);
	if (same != NULL)
		*key = *same;
	else
		error = draw_key(i, group, key->private_key, &key->public_key);
	key->group = group;
	key->has_key_id = plan->key_id >= 0;
	key->key_id = key->has_key_id ? (uint32_t)plan->key_id : 0;
	key->oid = protocol->oid;
	key->set_at = plan->set_at || protocol->suite != EMRTD_3DES;
	card->n_ca++;
	return error;
}

/* The key of a CAM has the id of its parameters (Doc 9303-11 9.2.1). */
static enum emrtd_error
add_cam(struct emrtd_issuer *i, const struct emrtd_chip_pace *pace)
{
	struct emrtd_card *card = i->card;
	struct emrtd_chip_cam_key *key = &card->cam[card->n_cam];
	const struct emrtd_chip_ca_key *same;

	for (size_t n = 0; n < card->n_cam; n++)
		if (card->cam[n].group == pace->group)
			return EMRTD_OK;
	key->group = pace->group;
	key->key_id = pace->parameter_id;
	card->n_cam++;
	same = same_key(card, pace->group, pace->parameter_id);
	if (same == NULL)
		return draw_key(i, pace->group, key->private_key,
		    &key->public_key);
	memcpy(key->private_key, same->private_key, sizeof(key->private_key));
	key->public_key = same->public_key;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_issue_chip_keys(struct emrtd_issuer *i)
{
	const struct emrtd_card_profile *p = i->profile;
	enum emrtd_error error = EMRTD_OK;

	if (p->n_ca > EMRTD_CARD_CA_MAX)
		return EMRTD_E_ARG;
	for (size_t n = 0; error == EMRTD_OK && n < p->n_ca; n++)
		error = add_ca(i, &p->ca[n]);
	for (size_t n = 0; error == EMRTD_OK && n < i->card->n_pace; n++)
		if (i->card->pace[n].protocol->mapping == EMRTD_PACE_CAM)
			error = add_cam(i, &i->card->pace[n]);
	if (error == EMRTD_OK && p->aa.kind != NULL)
		error = emrtd_aa_key_new(&p->aa, i->diag, &i->card->aa);
	return error;
}

/* ---- Clones ------------------------------------------------------------ */

static enum emrtd_error
other_cam_keys(struct emrtd_issuer *i)
{
	struct emrtd_card *card = i->card;
	enum emrtd_error error = EMRTD_OK;

	for (size_t n = 0; error == EMRTD_OK && n < card->n_cam; n++)
		error = draw_key(i, card->cam[n].group,
		    card->cam[n].private_key, &card->cam[n].public_key);
	return error;
}

static enum emrtd_error
other_ca_keys(struct emrtd_issuer *i)
{
	struct emrtd_card *card = i->card;
	enum emrtd_error error = EMRTD_OK;

	for (size_t n = 0; error == EMRTD_OK && n < card->n_ca; n++)
		error = draw_key(i, card->ca[n].group, card->ca[n].private_key,
		    &card->ca[n].public_key);
	return error;
}

static enum emrtd_error
other_keys(struct emrtd_issuer *i)
{
	enum emrtd_error error = other_ca_keys(i);

	if (error == EMRTD_OK)
		error = other_cam_keys(i);
	if (error != EMRTD_OK || i->card->aa == NULL)
		return error;
	emrtd_aa_key_free(&i->card->aa);
	return emrtd_aa_key_new(&i->profile->aa, i->diag, &i->card->aa);
}

static void
no_keys(struct emrtd_card *card)
{
	emrtd_wipe(card->cam, sizeof(card->cam));
	card->n_cam = 0;
	emrtd_wipe(card->ca, sizeof(card->ca));
	card->n_ca = 0;
	emrtd_aa_key_free(&card->aa);
}

enum emrtd_error
emrtd_issue_lose_keys(struct emrtd_issuer *i)
{
	struct emrtd_card *card = i->card;
	enum emrtd_error error = EMRTD_OK;

	card->clone = i->profile->clone;
	switch (card->clone) {
	case EMRTD_CARD_ORIGINAL:
		break;
	case EMRTD_CARD_CLONE_OWN_KEYS:
		error = other_keys(i);
		break;
	case EMRTD_CARD_CLONE_NO_KEYS:
	case EMRTD_CARD_CLONE_STRIPPED:
		no_keys(card);
		break;
	}
	if (error == EMRTD_OK &&
	    emrtd_chip_fault(card, EMRTD_FAULT_WRONG_CAM_KEY, 0) != NULL)
		error = other_cam_keys(i);
	return error;
}
