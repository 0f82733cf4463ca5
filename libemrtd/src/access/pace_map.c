#include "access/pace_map.h"

#include "access/pace.h"
#include "core/builder.h"
#include "core/wipe.h"

#include <string.h>

/* Doc 9303-11 4.4.3.3.2: one pair for nonces of 128 bits, one for 256. */
static const uint8_t c0_short[] = { 0xA6, 0x68, 0x89, 0x2A, 0x7C, 0x41, 0xE3,
	0xCA, 0x73, 0x9F, 0x40, 0xB0, 0x57, 0xD8, 0x59, 0x04 };
static const uint8_t c1_short[] = { 0xA4, 0xE1, 0x36, 0xAC, 0x72, 0x5F, 0x73,
	0x8B, 0x01, 0xC1, 0xF6, 0x02, 0x17, 0xC1, 0x88, 0xAD };
static const uint8_t c0_long[] = { 0xD4, 0x63, 0xD6, 0x52, 0x34, 0x12, 0x4E,
	0xF7, 0x89, 0x70, 0x54, 0x98, 0x6D, 0xCA, 0x0A, 0x17, 0x4E, 0x28, 0xDF,
	0x75, 0x8C, 0xBA, 0xA0, 0x3F, 0x24, 0x06, 0x16, 0x41, 0x4D, 0x5A, 0x16,
	0x76 };
static const uint8_t c1_long[] = { 0x54, 0xBD, 0x72, 0x55, 0xF0, 0xAA, 0xF8,
	0x31, 0xBE, 0xC3, 0x42, 0x3F, 0xCF, 0x39, 0xD6, 0x9B, 0x6C, 0xBF, 0x06,
	0x66, 0x77, 0xD0, 0xFA, 0xAE, 0x5A, 0xAD, 0xD9, 0x9D, 0xF8, 0xE5, 0x35,
	0x17 };

/* The bits of p beyond whole bytes never make it one iteration less. */
static size_t
iterations(const struct emrtd_suite *suite, const struct emrtd_group *group)
{
	size_t want = group->field_len + 8;

	return (want + suite->nonce_len - 1) / suite->nonce_len;
}

enum emrtd_error
emrtd_pace_r(struct emrtd_crypto *crypto, const struct emrtd_suite *suite,
    const struct emrtd_group *group, struct emrtd_bytes s, struct emrtd_bytes t,
    struct emrtd_out *out)
{
	bool is_short = suite->nonce_len == sizeof(c0_short);
	struct emrtd_bytes c0 = { is_short ? c0_short : c0_long,
		suite->nonce_len };
	struct emrtd_bytes c1 = { is_short ? c1_short : c1_long,
		suite->nonce_len };
	uint8_t k[EMRTD_KEY_MAX], next[EMRTD_KEY_MAX];
	struct emrtd_out key = emrtd_out(k, sizeof(k));
	size_t n = iterations(suite, group);
	enum emrtd_error error;

	if (s.len != suite->nonce_len || t.len != suite->key_len)
		return EMRTD_E_ARG;
	/* Of 32 bytes AES-192 takes the first 24 as the next key. */
	error = emrtd_cbc_encrypt(crypto, suite, t.ptr, NULL, s, &key);
	for (size_t i = 0; i < n && error == EMRTD_OK; i++) {
		struct emrtd_out next_key = emrtd_out(next, sizeof(next));

		error = emrtd_cbc_encrypt(crypto, suite, k, NULL, c1, out);
		if (error == EMRTD_OK)
			error = emrtd_cbc_encrypt(crypto, suite, k, NULL, c0,
			    &next_key);
		if (error == EMRTD_OK)
			memcpy(k, next, next_key.len);
	}
	emrtd_wipe(k, sizeof(k));
	emrtd_wipe(next, sizeof(next));
	return error == EMRTD_OK && out->bad ? EMRTD_E_BUFFER : error;
}

/* Compared as elements: a number may travel with leading zeros. */
enum emrtd_error
emrtd_pace_take_peer(const struct emrtd_group *group, struct emrtd_bytes wire,
    const struct emrtd_element *ours, struct emrtd_element *out)
{
	if (!emrtd_element_read(group, wire, out))
		return EMRTD_E_KEY;
	if (out->len == ours->len &&
	    memcmp(out->bytes, ours->bytes, ours->len) == 0)
		return EMRTD_E_KEY;
	return EMRTD_OK;
}

static enum emrtd_error
generic_offer(struct emrtd_pace *pace, struct emrtd_crypto *crypto,
    const struct emrtd_random *random, struct emrtd_bytes *data)
{
	enum emrtd_error error = emrtd_group_keypair(crypto, pace->group, NULL,
	    random, pace->map_private, &pace->map_public);

	*data = emrtd_element_wire(pace->group, &pace->map_public);
	return error;
}

/*
 * Doc 9303-11 4.4.1 asks that the ephemeral keys differ; we ask it of the
 * mapping keys too: a chip that only sends back what it hears is none.
 */
static enum emrtd_error
generic_map(struct emrtd_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes answer)
{
	struct emrtd_element h;
	enum emrtd_error error;

	error = emrtd_pace_take_peer(pace->group, answer, &pace->map_public,
	    &pace->map_peer);
	if (error == EMRTD_OK)
		error = emrtd_group_agree(crypto, pace->group,
		    pace->map_private, answer, &h);
	if (error == EMRTD_OK)
		error = emrtd_group_map_generic(crypto, pace->group,
		    emrtd_bytes(pace->nonce, pace->nonce_len), &h,
		    &pace->generator);
	emrtd_wipe(&h, sizeof(h));
	return error;
}

static enum emrtd_error
integrated_offer(struct emrtd_pace *pace, struct emrtd_crypto *crypto,
    const struct emrtd_random *random, struct emrtd_bytes *data)
{
	(void)crypto;
	*data = emrtd_bytes(pace->map_nonce, pace->suite->key_len);
	return random->fill(random->self, pace->map_nonce,
	    pace->suite->key_len);
}

static enum emrtd_error
integrated_map(struct emrtd_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes answer)
{
	uint8_t r[EMRTD_PACE_R_MAX];
	struct emrtd_out out = emrtd_out(r, sizeof(r));
	enum emrtd_error error;

	if (answer.len != 0)
		return EMRTD_E_MALFORMED;
	error = emrtd_pace_r(crypto, pace->suite, pace->group,
	    emrtd_bytes(pace->nonce, pace->nonce_len),
	    emrtd_bytes(pace->map_nonce, pace->suite->key_len), &out);
	if (error == EMRTD_OK)
		error = emrtd_group_map_integrated(crypto, pace->group,
		    emrtd_out_bytes(&out), &pace->generator);
	emrtd_wipe(r, sizeof(r));
	return error;
}

const struct emrtd_pace_map *
emrtd_pace_map_row(enum emrtd_pace_mapping mapping)
{
	static const struct emrtd_pace_map rows[] = {
		[EMRTD_PACE_GM] = { "GM", NULL, true, false, generic_offer,
		    generic_map },
		[EMRTD_PACE_IM] = { "IM", emrtd_group_can_im, false, false,
		    integrated_offer, integrated_map },
		[EMRTD_PACE_CAM] = { "CAM", NULL, true, true, generic_offer,
		    generic_map },
	};

	return &rows[mapping];
}
