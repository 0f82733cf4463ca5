/*
 * BAC (Doc 9303-11 4.3) and PACE (4.4) as the chip's commands.
 */
#include "apdu/status_word.h"
#include "card/chip.h"
#include "core/builder.h"
#include "core/oid.h"
#include "core/tlv.h"
#include "core/wipe.h"

#include <string.h>

#define BAC_DATA_LEN  40
#define BAC_PLAIN_LEN 32
#define RND_LEN       8
#define K_LEN         16

#define TAG_OID       0x80
#define TAG_PASSWORD  0x83
#define TAG_PARAMETER 0x84
#define CLA_CHAINING  0x10

uint16_t
emrtd_chip_get_challenge(struct emrtd_card *card,
    const struct emrtd_command *command, size_t max_answer,
    struct emrtd_out *out)
{
	const struct emrtd_card_misbehaviour *odd = emrtd_chip_fault(card,
	    EMRTD_FAULT_CHALLENGE, 0);
	struct emrtd_chip_session *s = &card->session;

	if (command->data.len != 0 || max_answer < RND_LEN ||
	    (command->ne != RND_LEN && command->ne != 256))
		return EMRTD_SW_WRONG_LENGTH;
	if (!card->bac || !s->in_application || s->granted)
		return EMRTD_SW_CONDITIONS;
	if (card->random.fill(card->random.self, s->challenge, RND_LEN) !=
	    EMRTD_OK)
		return EMRTD_SW_INTERNAL;
	s->has_challenge = true;
	if (odd == NULL) {
		emrtd_put(out, emrtd_bytes(s->challenge, RND_LEN));
		return EMRTD_SW_OK;
	}
	for (uint32_t i = 0; i < odd->value; i++)
		emrtd_put_u8(out, s->challenge[i % RND_LEN]);
	return EMRTD_SW_OK;
}

/* All secret. */
struct bac_keys {
	const struct emrtd_suite *suite;
	uint8_t enc[EMRTD_KEY_MAX], mac[EMRTD_KEY_MAX];
};

static enum emrtd_error
derive(struct emrtd_crypto *crypto, struct emrtd_bytes seed,
    struct bac_keys *keys)
{
	enum emrtd_error error;

	keys->suite = emrtd_suite(EMRTD_3DES);
	error = emrtd_kdf(crypto, keys->suite, seed, EMRTD_KDF_ENC, keys->enc);
	if (error == EMRTD_OK)
		error = emrtd_kdf(crypto, keys->suite, seed, EMRTD_KDF_MAC,
		    keys->mac);
	return error;
}

/* Retail MAC over whole blocks, which padding method 2 adds one block to. */
static enum emrtd_error
bac_mac(struct emrtd_crypto *crypto, const struct bac_keys *keys,
    struct emrtd_bytes cryptogram, uint8_t mac[EMRTD_MAC_LEN])
{
	static const uint8_t padding[8] = { 0x80 };
	struct emrtd_bytes parts[2];

	parts[0] = cryptogram;
	parts[1] = emrtd_bytes(padding, sizeof(padding));
	return emrtd_mac(crypto, keys->suite, keys->mac, parts, 2, mac);
}

/* RND.IFD || RND.IC || K.IFD out of the command; false: wrong keys. */
static bool
bac_open(struct emrtd_card *card, const struct bac_keys *keys,
    struct emrtd_bytes data, uint8_t plain[BAC_PLAIN_LEN])
{
	struct emrtd_out out = emrtd_out(plain, BAC_PLAIN_LEN);
	struct emrtd_bytes cryptogram, rnd_ic;
	uint8_t mac[EMRTD_MAC_LEN];

	if (!emrtd_take(&data, BAC_PLAIN_LEN, &cryptogram) ||
	    data.len != sizeof(mac) ||
	    bac_mac(card->crypto, keys, cryptogram, mac) != EMRTD_OK ||
	    !emrtd_const_equal(mac, data.ptr, sizeof(mac)))
		return false;
	if (emrtd_cbc_decrypt(card->crypto, keys->suite, keys->enc, NULL,
		cryptogram, &out) != EMRTD_OK)
		return false;
	rnd_ic = emrtd_out_bytes(&out);
	return emrtd_take(&rnd_ic, RND_LEN, &(struct emrtd_bytes){ 0 }) &&
	       emrtd_const_equal(rnd_ic.ptr, card->session.challenge, RND_LEN);
}

/* E(RND.IC || RND.IFD || K.IC) || MAC, and the keys of the session. */
static enum emrtd_error
bac_answer(struct emrtd_card *card, const struct bac_keys *keys,
    const uint8_t plain[BAC_PLAIN_LEN], struct emrtd_out *out)
{
	uint8_t k_ic[K_LEN], seed[K_LEN], ssc[RND_LEN], mac[EMRTD_MAC_LEN];
	uint8_t text[BAC_PLAIN_LEN];
	struct bac_keys session = { 0 };
	enum emrtd_error error;

	error = card->random.fill(card->random.self, k_ic, sizeof(k_ic));
	if (error != EMRTD_OK)
		return error;
	memcpy(text, card->session.challenge, RND_LEN);
	memcpy(&text[RND_LEN], plain, RND_LEN);
	memcpy(&text[2 * RND_LEN], k_ic, K_LEN);
	error = emrtd_cbc_encrypt(card->crypto, keys->suite, keys->enc, NULL,
	    emrtd_bytes(text, sizeof(text)), out);
	if (error == EMRTD_OK)
		error = bac_mac(card->crypto, keys, emrtd_out_bytes(out), mac);
	for (size_t i = 0; i < K_LEN; i++)
		seed[i] = plain[2 * RND_LEN + i] ^ k_ic[i];
	if (error == EMRTD_OK)
		error = derive(card->crypto, emrtd_bytes(seed, sizeof(seed)),
		    &session);
	if (error == EMRTD_OK) {
		emrtd_put(out, emrtd_bytes(mac, sizeof(mac)));
		memcpy(ssc, &card->session.challenge[4], 4);
		memcpy(&ssc[4], &plain[4], 4);
		emrtd_sm_init(&card->session.sm, session.suite, session.enc,
		    session.mac, ssc);
	}
	emrtd_wipe(k_ic, sizeof(k_ic));
	emrtd_wipe(seed, sizeof(seed));
	emrtd_wipe(text, sizeof(text));
	emrtd_wipe(&session, sizeof(session));
	return error;
}

static uint16_t
bac(struct emrtd_card *card, struct emrtd_bytes data, struct emrtd_out *out)
{
	uint8_t seed[EMRTD_SEED_LEN], plain[BAC_PLAIN_LEN];
	struct bac_keys keys = { 0 };
	uint16_t sw = EMRTD_SW_INTERNAL;

	emrtd_chip_password_delay(card);
	if (emrtd_bac_seed(card->crypto,
		&card->passwords[EMRTD_PASSWORD_MRZ].secret,
		seed) != EMRTD_OK ||
	    derive(card->crypto, emrtd_bytes(seed, sizeof(seed)), &keys) !=
		EMRTD_OK)
		goto out;
	if (!bac_open(card, &keys, data, plain)) {
		sw = emrtd_chip_password_wrong(card, NULL);
		goto out;
	}
	if (bac_answer(card, &keys, plain, out) != EMRTD_OK)
		goto out;
	emrtd_chip_password_right(card, NULL);
	card->session.granted = true;
	sw = EMRTD_SW_OK;
out:
	emrtd_wipe(seed, sizeof(seed));
	emrtd_wipe(plain, sizeof(plain));
	emrtd_wipe(&keys, sizeof(keys));
	return sw;
}

uint16_t
emrtd_chip_external_authenticate(struct emrtd_card *card,
    const struct emrtd_command *command, size_t max_answer,
    struct emrtd_out *out)
{
	struct emrtd_chip_session *s = &card->session;
	uint16_t sw;

	if (!card->bac || !s->in_application || s->granted || !s->has_challenge)
		return EMRTD_SW_CONDITIONS;
	s->has_challenge = false;
	if (command->data.len != BAC_DATA_LEN || max_answer < BAC_DATA_LEN)
		return EMRTD_SW_WRONG_LENGTH;
	sw = bac(card, command->data, out);
	emrtd_wipe(s->challenge, sizeof(s->challenge));
	return sw;
}

/*
 * The one set that fits; none when there are several and none is named. Doc
 * 9303-11 4.4.4.1 tells a protocol that the chip lacks from parameters that
 * it lacks.
 */
static uint16_t
choose(const struct emrtd_card *card, struct emrtd_bytes oid,
    const uint32_t *parameter, const struct emrtd_chip_pace **out)
{
	const struct emrtd_chip_pace *found = NULL;
	bool knows_protocol = false;

	for (size_t i = 0; i < card->n_pace; i++) {
		const struct emrtd_chip_pace *p = &card->pace[i];

		if (!emrtd_oid_is(oid, p->protocol->oid))
			continue;
		knows_protocol = true;
		if (parameter != NULL &&
		    (!p->has_id || *parameter != p->parameter_id))
			continue;
		if (found != NULL)
			return EMRTD_SW_NO_REFERENCE;
		found = p;
	}
	*out = found;
	if (found != NULL)
		return EMRTD_SW_OK;
	return knows_protocol ? EMRTD_SW_NO_REFERENCE : EMRTD_SW_WRONG_DATA;
}

/* For Chip Authentication Mapping; NULL when the chip has no such key. */
static const uint8_t *
static_key(const struct emrtd_card *card, const struct emrtd_group *group)
{
	if (card->clone == EMRTD_CARD_CLONE_NO_KEYS)
		return NULL;
	for (size_t i = 0; i < card->n_cam; i++)
		if (card->cam[i].group == group)
			return card->cam[i].private_key;
	return NULL;
}

uint16_t
emrtd_chip_set_at(struct emrtd_card *card, const struct emrtd_command *command,
    size_t max_answer, struct emrtd_out *out)
{
	struct emrtd_bytes data = command->data, oid, reference, id;
	const struct emrtd_chip_pace *pace;
	struct emrtd_chip_password *password;
	uint32_t kind, parameter;
	uint16_t sw;

	(void)max_answer;
	(void)out;
	if (card->n_pace == 0 || card->session.granted)
		return EMRTD_SW_CONDITIONS;
	emrtd_card_pace_wipe(&card->session.pace);
	card->session.general = NULL;
	if (!emrtd_tlv(&data, TAG_OID, &oid) ||
	    !emrtd_tlv(&data, TAG_PASSWORD, &reference) ||
	    !emrtd_tlv_optional(&data, TAG_PARAMETER, &id) ||
	    !emrtd_end(&data) || !emrtd_uint(reference, &kind) ||
	    (id.ptr != NULL && !emrtd_uint(id, &parameter)))
		return EMRTD_SW_WRONG_DATA;
	sw = choose(card, oid, id.ptr != NULL ? &parameter : NULL, &pace);
	if (sw != EMRTD_SW_OK)
		return sw;
	password = emrtd_chip_password(card, kind);
	if (password == NULL)
		return EMRTD_SW_NO_REFERENCE;
	sw = emrtd_chip_password_status(password);
	if (sw == EMRTD_SW_BLOCKED)
		return sw;
	if (emrtd_card_pace_begin(&card->session.pace, card->crypto,
		pace->protocol, pace->group, &password->secret,
		static_key(card, pace->group)) != EMRTD_OK)
		return EMRTD_SW_INTERNAL;
	card->session.password = password;
	card->session.general = emrtd_chip_general_authenticate;
	return sw;
}

static uint16_t
pace_refusal(enum emrtd_error error)
{
	switch (error) {
	case EMRTD_E_MALFORMED:
	case EMRTD_E_KEY:
		return EMRTD_SW_WRONG_DATA;
	default:
		return EMRTD_SW_INTERNAL;
	}
}

/* Switches: what a chip answers that has no keys, or another's. */
static void
lie(const struct emrtd_card *card, struct emrtd_bytes command, unsigned step,
    size_t from, struct emrtd_out *out)
{
	bool key = step == 2 || step == 3;
	bool echo = key && emrtd_chip_fault(card, EMRTD_FAULT_ECHO_KEY, 0);
	bool reflect = step == 4 &&
		       emrtd_chip_fault(card, EMRTD_FAULT_REFLECT_TOKEN, 0);
	size_t tag = command.len > 2 + 0x7F ? 3 : 2; /* 7C [81] L */

	if (echo || reflect) {
		/* The same object, with the tag of the answer. */
		out->len = from;
		emrtd_put(out, command);
		if (command.len > 2 + 0xFF)
			tag = 4;
		if (out->len > from + tag)
			out->ptr[from + tag]++;
	} else if (step == 4 &&
		   emrtd_chip_fault(card, EMRTD_FAULT_BAD_TOKEN, 0) != NULL) {
		/* 7C L 86 08 token, and 8A after it. */
		tag = out->ptr[from + 1] < 0x80 ? 2 : 3;
		out->ptr[from + tag + 2] ^= 1;
	}
}

uint16_t
emrtd_chip_general_authenticate(struct emrtd_card *card,
    const struct emrtd_command *command, size_t max_answer,
    struct emrtd_out *out)
{
	struct emrtd_chip_session *s = &card->session;
	bool chained = (command->cla & CLA_CHAINING) != 0;
	unsigned step = s->pace.step;
	bool last = step == 4;
	size_t from = out->len;
	enum emrtd_error error;

	if (s->pace.step == 0 ||
	    emrtd_chip_password_suspended(card, s->password))
		return EMRTD_SW_CONDITIONS;
	if (s->pace.step == 1)
		emrtd_chip_password_delay(card);
	if (chained == last) {
		emrtd_card_pace_wipe(&s->pace);
		return EMRTD_SW_LAST_EXPECTED;
	}
	error = emrtd_card_pace_step(&s->pace, card->crypto, command->data,
	    &card->random, out, &s->sm);
	if (error == EMRTD_E_TOKEN)
		return emrtd_chip_password_wrong(card, s->password);
	if (error != EMRTD_OK)
		return pace_refusal(error);
	if (out->len - from > max_answer) {
		emrtd_chip_end_session(card);
		return EMRTD_SW_WRONG_LENGTH;
	}
	if (last) {
		s->granted = true;
		emrtd_chip_password_right(card, s->password);
	}
	lie(card, command->data, step, from, out);
	return EMRTD_SW_OK;
}
