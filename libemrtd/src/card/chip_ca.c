/*
 * Chip Authentication v1 as the chip's commands, Doc 9303-11 6.2: MSE:Set KAT
 * for 3DES, MSE:Set AT and GENERAL AUTHENTICATE for the rest. The response is
 * the last under the old keys; chip.c puts next_sm in force after it.
 */
#include "access/chip_auth_protocols.h"
#include "apdu/status_word.h"
#include "card/chip.h"
#include "core/builder.h"
#include "core/oid.h"
#include "core/tlv.h"
#include "core/wipe.h"

#define TAG_OID       0x80
#define TAG_KEY_ID    0x84
#define TAG_KAT_KEY   0x91
#define TAG_DYNAMIC   0x7C
#define TAG_EPHEMERAL 0x80

static const struct emrtd_suite *
suite_of(const struct emrtd_chip_ca_key *key)
{
	for (size_t i = 0; i < emrtd_chip_auth_protocol_count(); i++) {
		const struct emrtd_chip_auth_protocol *p =
		    emrtd_chip_auth_protocol_at(i);

		if (emrtd_bytes_equal(emrtd_bytes_text(p->oid),
			emrtd_bytes_text(key->oid)))
			return emrtd_suite(p->suite);
	}
	return NULL;
}

/* Set KAT is for the 3DES keys of this chip, but those that want Set AT. */
static bool
is_for_kat(const struct emrtd_chip_ca_key *key)
{
	const struct emrtd_suite *suite = suite_of(key);

	return suite != NULL && suite->id == EMRTD_3DES && !key->set_at;
}

/*
 * The key that a command means: by its protocol (oid; NULL for Set KAT) and
 * by its number, if one is given (id, the value of DO'84'; ptr NULL: none).
 * Without a number there must be no choice.
 */
static uint16_t
find(const struct emrtd_card *card, const struct emrtd_bytes *oid,
    struct emrtd_bytes id, const struct emrtd_chip_ca_key **out)
{
	const struct emrtd_chip_ca_key *found = NULL;
	bool knows_protocol = false;
	uint32_t number = 0;

	if (id.len > 4)
		return EMRTD_SW_WRONG_DATA;
	for (size_t i = 0; i < id.len; i++)
		number = number << 8 | id.ptr[i];
	for (size_t i = 0; i < card->n_ca; i++) {
		const struct emrtd_chip_ca_key *key = &card->ca[i];

		if (oid == NULL
			? !is_for_kat(key)
			: is_for_kat(key) || !emrtd_oid_is(*oid, key->oid))
			continue;
		knows_protocol = true;
		if (id.ptr != NULL &&
		    (!key->has_key_id || key->key_id != number))
			continue;
		if (found != NULL)
			return EMRTD_SW_NO_REFERENCE;
		found = key;
	}
	if (!knows_protocol)
		return oid == NULL ? EMRTD_SW_WRONG_P1P2 : EMRTD_SW_WRONG_DATA;
	*out = found;
	return found == NULL ? EMRTD_SW_NO_REFERENCE : EMRTD_SW_OK;
}

/* The key agreement, and the keys of the session that follows. */
static enum emrtd_error
agree(struct emrtd_card *card, const struct emrtd_chip_ca_key *key,
    struct emrtd_bytes peer)
{
	const struct emrtd_suite *suite = suite_of(key);
	uint8_t enc[EMRTD_KEY_MAX], mac[EMRTD_KEY_MAX];
	struct emrtd_element shared = { .len = 0 };
	struct emrtd_bytes z;
	enum emrtd_error error;

	error = emrtd_group_agree(card->crypto, key->group, key->private_key,
	    peer, &shared);
	if (error != EMRTD_OK)
		return error;
	z = emrtd_shared_secret(key->group, &shared);
	error = emrtd_kdf(card->crypto, suite, z, EMRTD_KDF_ENC, enc);
	if (error == EMRTD_OK)
		error = emrtd_kdf(card->crypto, suite, z, EMRTD_KDF_MAC, mac);
	if (error == EMRTD_OK)
		emrtd_sm_init(&card->session.next_sm, suite, enc, mac, NULL);
	emrtd_wipe(&shared, sizeof(shared));
	emrtd_wipe(enc, sizeof(enc));
	emrtd_wipe(mac, sizeof(mac));
	return error;
}

/* Switches that change keys at the wrong moment, or never. */
static void
misbehave(struct emrtd_card *card)
{
	struct emrtd_chip_session *s = &card->session;

	if (emrtd_chip_fault(card, EMRTD_FAULT_CA_EARLY_KEYS, 0) != NULL)
		s->sm = s->next_sm;
	if (emrtd_chip_fault(card, EMRTD_FAULT_CA_EARLY_KEYS, 0) != NULL ||
	    emrtd_chip_fault(card, EMRTD_FAULT_CA_OLD_KEYS, 0) != NULL)
		emrtd_sm_end(&s->next_sm);
}

static uint16_t
run(struct emrtd_card *card, const struct emrtd_chip_ca_key *key,
    struct emrtd_bytes peer)
{
	enum emrtd_error error = agree(card, key, peer);

	if (error == EMRTD_E_KEY)
		return EMRTD_SW_WRONG_DATA;
	if (error != EMRTD_OK)
		return EMRTD_SW_INTERNAL;
	misbehave(card);
	return EMRTD_SW_OK;
}

/*
 * Doc 9303-11 6.2.4: under secure messaging, in the application. An open chip
 * has no session to ask for, and begins with this one.
 */
static uint16_t
may_start(struct emrtd_card *card)
{
	struct emrtd_chip_session *s = &card->session;

	s->general = NULL;
	s->ca = NULL;
	emrtd_card_pace_wipe(&s->pace);
	if (!s->sm.live && !emrtd_chip_is_open(card))
		return EMRTD_SW_SECURITY_STATUS;
	if (!s->in_application)
		return EMRTD_SW_CONDITIONS;
	if (card->clone == EMRTD_CARD_CLONE_NO_KEYS)
		return EMRTD_SW_NO_REFERENCE;
	return EMRTD_SW_OK;
}

uint16_t
emrtd_chip_set_kat(struct emrtd_card *card, const struct emrtd_command *command,
    size_t max_answer, struct emrtd_out *out)
{
	struct emrtd_bytes data = command->data, peer, id;
	const struct emrtd_chip_ca_key *key;
	uint16_t sw = may_start(card);

	(void)max_answer;
	(void)out;
	if (sw != EMRTD_SW_OK)
		return sw;
	if (!emrtd_tlv(&data, TAG_KAT_KEY, &peer) ||
	    !emrtd_tlv_optional(&data, TAG_KEY_ID, &id) || !emrtd_end(&data))
		return EMRTD_SW_WRONG_DATA;
	sw = find(card, NULL, id, &key);
	return sw == EMRTD_SW_OK ? run(card, key, peer) : sw;
}

uint16_t
emrtd_chip_ca_set_at(struct emrtd_card *card,
    const struct emrtd_command *command, size_t max_answer,
    struct emrtd_out *out)
{
	struct emrtd_bytes data = command->data, oid, id;
	uint16_t sw = may_start(card);

	(void)max_answer;
	(void)out;
	if (sw != EMRTD_SW_OK)
		return sw;
	if (!emrtd_tlv(&data, TAG_OID, &oid) ||
	    !emrtd_tlv_optional(&data, TAG_KEY_ID, &id) || !emrtd_end(&data))
		return EMRTD_SW_WRONG_DATA;
	sw = find(card, &oid, id, &card->session.ca);
	if (sw == EMRTD_SW_OK)
		card->session.general = emrtd_chip_ca_authenticate;
	return sw;
}

uint16_t
emrtd_chip_ca_authenticate(struct emrtd_card *card,
    const struct emrtd_command *command, size_t max_answer,
    struct emrtd_out *out)
{
	const struct emrtd_chip_ca_key *key = card->session.ca;
	struct emrtd_bytes data = command->data, inner, peer;
	uint16_t sw;

	card->session.general = NULL;
	card->session.ca = NULL;
	if (key == NULL)
		return EMRTD_SW_CONDITIONS;
	if (command->cla != 0)
		return EMRTD_SW_LAST_EXPECTED;
	if (!emrtd_tlv(&data, TAG_DYNAMIC, &inner) || !emrtd_end(&data) ||
	    !emrtd_tlv(&inner, TAG_EPHEMERAL, &peer) || !emrtd_end(&inner))
		return EMRTD_SW_WRONG_DATA;
	if (max_answer < 2)
		return EMRTD_SW_WRONG_LENGTH;
	sw = run(card, key, peer);
	if (sw == EMRTD_SW_OK)
		emrtd_put_tlv_head(out, TAG_DYNAMIC, 0);
	return sw;
}
