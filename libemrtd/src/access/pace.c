#include "access/pace.h"

#include "core/builder.h"
#include "core/diag.h"
#include "core/oid.h"
#include "core/tlv.h"
#include "core/wipe.h"

#include <string.h>

#define CLAUSE "Doc 9303-11 4.4"

#define TAG_DYNAMIC    0x7C /* dynamic authentication data */
#define TAG_PUBLIC_KEY 0x7F49
#define TAG_NUMBER     0x84 /* in it, Doc 9303-11 9.4 */
#define TAG_POINT      0x86

enum pace_step {
	STEP_OVER,
	STEP_GET_NONCE,
	STEP_MAP,
	STEP_AGREE,
	STEP_AUTHENTICATE,
	STEP_FINISH
};

/* Doc 9303-11 table 4. */
#define TAG_NONCE      0x80
#define TAG_MAP_KEY    0x81
#define TAG_MAP_PEER   0x82
#define TAG_KEY        0x83
#define TAG_PEER       0x84
#define TAG_TOKEN      0x85
#define TAG_PEER_TOKEN 0x86
#define TAG_AUTHORITY  0x87
#define TAG_AUTHORITY2 0x88
#define TAG_CHIP_DATA  0x8A

void
emrtd_pace_wipe(struct emrtd_pace *pace)
{
	emrtd_wipe(pace, sizeof(*pace));
}

enum emrtd_error
emrtd_pace_begin(struct emrtd_pace *pace, struct emrtd_crypto *crypto,
    const struct emrtd_pace_protocol *protocol, const struct emrtd_group *group,
    bool send_parameter_id, const struct emrtd_password *password)
{
	enum emrtd_error error;

	emrtd_pace_wipe(pace);
	if (!emrtd_pace_protocol_fits(protocol, group))
		return EMRTD_E_UNSUPPORTED;
	pace->protocol = protocol;
	pace->suite = emrtd_suite(protocol->suite);
	pace->group = group;
	pace->map = emrtd_pace_map_row(protocol->mapping);
	pace->parameter_id = group->id;
	pace->send_parameter_id = send_parameter_id;
	pace->password_kind = password->kind;
	error = emrtd_pace_password_key(crypto, pace->suite, password,
	    pace->k_pi);
	if (error != EMRTD_OK)
		emrtd_pace_wipe(pace);
	else
		pace->step = STEP_GET_NONCE;
	return error;
}

enum emrtd_error
emrtd_pace_set_at(const struct emrtd_pace *pace, struct emrtd_out *out)
{
	uint8_t password = (uint8_t)pace->password_kind;

	if (pace->step != STEP_GET_NONCE)
		return EMRTD_E_STATE;
	emrtd_put_oid_as(out, 0x80, pace->protocol->oid);
	emrtd_put_tlv(out, 0x83, emrtd_bytes(&password, 1));
	if (pace->send_parameter_id)
		emrtd_put_tlv(out, 0x84, emrtd_bytes(&pace->parameter_id, 1));
	return out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
}

/* The state moves on, or everything is wiped. */
static enum emrtd_error
end_step(struct emrtd_pace *pace, enum emrtd_error error, enum pace_step next,
    struct emrtd_diag *diag, const char *what)
{
	if (error == EMRTD_OK) {
		pace->step = next;
		return EMRTD_OK;
	}
	emrtd_pace_wipe(pace);
	return emrtd_fail(diag, error, what, CLAUSE);
}

/* 7C{tag value} and nothing else. */
static enum emrtd_error
put_dynamic(struct emrtd_out *out, uint32_t tag, struct emrtd_bytes value)
{
	size_t mark = emrtd_open(out, TAG_DYNAMIC);

	emrtd_put_tlv(out, tag, value);
	emrtd_close(out, mark);
	return out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
}

static enum emrtd_error
take_dynamic(struct emrtd_bytes response, uint32_t tag,
    struct emrtd_bytes *value)
{
	struct emrtd_bytes inner;

	if (!emrtd_tlv(&response, TAG_DYNAMIC, &inner) ||
	    !emrtd_end(&response) || !emrtd_tlv(&inner, tag, value) ||
	    !emrtd_end(&inner))
		return EMRTD_E_MALFORMED;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_pace_get_nonce(struct emrtd_pace *pace, struct emrtd_out *out)
{
	enum emrtd_error error = EMRTD_E_STATE;

	if (pace->step == STEP_GET_NONCE) {
		emrtd_put_tlv_head(out, TAG_DYNAMIC, 0);
		error = out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
	}
	return end_step(pace, error, STEP_MAP, NULL, NULL);
}

static enum emrtd_error
open_nonce(struct emrtd_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes response)
{
	struct emrtd_out nonce = emrtd_out(pace->nonce, sizeof(pace->nonce));
	struct emrtd_bytes encrypted;
	enum emrtd_error error;

	error = take_dynamic(response, TAG_NONCE, &encrypted);
	if (error != EMRTD_OK)
		return error;
	if (encrypted.len == 0 || encrypted.len > sizeof(pace->nonce) ||
	    encrypted.len % pace->suite->block_len != 0 ||
	    (!pace->map->any_nonce_len &&
		encrypted.len != pace->suite->nonce_len))
		return EMRTD_E_MALFORMED;
	error = emrtd_cbc_decrypt(crypto, pace->suite, pace->k_pi, NULL,
	    encrypted, &nonce);
	pace->nonce_len = nonce.len;
	return error;
}

enum emrtd_error
emrtd_pace_map(struct emrtd_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes response, const struct emrtd_random *random,
    struct emrtd_diag *diag, struct emrtd_out *out)
{
	struct emrtd_bytes data;
	enum emrtd_error error = EMRTD_E_STATE;

	if (pace->step == STEP_MAP)
		error = open_nonce(pace, crypto, response);
	if (error == EMRTD_OK)
		error = pace->map->offer(pace, crypto, random, &data);
	if (error == EMRTD_OK)
		error = put_dynamic(out, TAG_MAP_KEY, data);
	return end_step(pace, error, STEP_AGREE, diag, "PACE: nonce");
}

static enum emrtd_error
map_generator(struct emrtd_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes response)
{
	struct emrtd_bytes answer;
	enum emrtd_error error = take_dynamic(response, TAG_MAP_PEER, &answer);

	return error == EMRTD_OK ? pace->map->map(pace, crypto, answer) : error;
}

enum emrtd_error
emrtd_pace_agree(struct emrtd_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes response, const struct emrtd_random *random,
    struct emrtd_diag *diag, struct emrtd_out *out)
{
	enum emrtd_error error = EMRTD_E_STATE;

	if (pace->step == STEP_AGREE)
		error = map_generator(pace, crypto, response);
	if (error == EMRTD_OK)
		error = emrtd_group_keypair(crypto, pace->group,
		    &pace->generator, random, pace->private_key,
		    &pace->public_key);
	if (error == EMRTD_OK)
		error = put_dynamic(out, TAG_KEY,
		    emrtd_element_wire(pace->group, &pace->public_key));
	return end_step(pace, error, STEP_AUTHENTICATE, diag, "PACE: mapping");
}

/* Z, and the session keys out of it. */
static enum emrtd_error
derive_keys(struct emrtd_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes peer)
{
	struct emrtd_element shared;
	struct emrtd_bytes z;
	enum emrtd_error error;

	error = emrtd_group_agree(crypto, pace->group, pace->private_key, peer,
	    &shared);
	if (error == EMRTD_OK) {
		z = emrtd_shared_secret(pace->group, &shared);
		memcpy(pace->shared, z.ptr, z.len);
		error = emrtd_kdf(crypto, pace->suite, z, EMRTD_KDF_ENC,
		    pace->k_enc);
	}
	if (error == EMRTD_OK)
		error = emrtd_kdf(crypto, pace->suite, z, EMRTD_KDF_MAC,
		    pace->k_mac);
	emrtd_wipe(&shared, sizeof(shared));
	return error;
}

static enum emrtd_error
take_peer_key(struct emrtd_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes response)
{
	struct emrtd_bytes peer;
	enum emrtd_error error;

	error = take_dynamic(response, TAG_PEER, &peer);
	if (error == EMRTD_OK)
		error = emrtd_pace_take_peer(pace->group, peer,
		    &pace->public_key, &pace->peer_key);
	return error == EMRTD_OK ? derive_keys(pace, crypto, peer) : error;
}

enum emrtd_error
emrtd_pace_authenticate(struct emrtd_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes response, struct emrtd_diag *diag, struct emrtd_out *out)
{
	uint8_t token[EMRTD_MAC_LEN];
	enum emrtd_error error = EMRTD_E_STATE;

	if (pace->step == STEP_AUTHENTICATE)
		error = take_peer_key(pace, crypto, response);
	if (error == EMRTD_OK)
		error = emrtd_pace_token(crypto, pace->protocol, pace->group,
		    pace->k_mac, &pace->peer_key, token);
	if (error == EMRTD_OK)
		error = put_dynamic(out, TAG_TOKEN,
		    emrtd_bytes(token, sizeof(token)));
	return end_step(pace, error, STEP_FINISH, diag, "PACE: key agreement");
}

/* What the chip answers in step 4, Doc 9303-11 4.4.5. */
struct last_answer {
	struct emrtd_bytes token;
	struct emrtd_bytes chip_data; /* of DO'8A', ptr NULL if absent */
};

/*
 * References of certification authorities are for Terminal Authentication,
 * and chips send them unasked (as in appendix G.2).
 */
static enum emrtd_error
read_last(const struct emrtd_pace *pace, struct emrtd_bytes response,
    struct last_answer *out)
{
	struct emrtd_bytes inner, authority, authority2;

	if (!emrtd_tlv(&response, TAG_DYNAMIC, &inner) ||
	    !emrtd_end(&response) ||
	    !emrtd_tlv(&inner, TAG_PEER_TOKEN, &out->token) ||
	    !emrtd_tlv_optional(&inner, TAG_AUTHORITY, &authority) ||
	    !emrtd_tlv_optional(&inner, TAG_AUTHORITY2, &authority2) ||
	    !emrtd_tlv_optional(&inner, TAG_CHIP_DATA, &out->chip_data) ||
	    !emrtd_end(&inner) || out->token.len != EMRTD_MAC_LEN ||
	    (out->chip_data.ptr != NULL && !pace->map->has_proof))
		return EMRTD_E_MALFORMED;
	return EMRTD_OK;
}

static enum emrtd_error
check_token(const struct emrtd_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes token)
{
	uint8_t want[EMRTD_MAC_LEN];
	enum emrtd_error error;

	error = emrtd_pace_token(crypto, pace->protocol, pace->group,
	    pace->k_mac, &pace->public_key, want);
	if (error == EMRTD_OK &&
	    !emrtd_const_equal(token.ptr, want, EMRTD_MAC_LEN))
		error = EMRTD_E_TOKEN;
	emrtd_wipe(want, sizeof(want));
	return error;
}

enum emrtd_error
emrtd_pace_finish(struct emrtd_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes response, struct emrtd_diag *diag, struct emrtd_sm *sm,
    struct emrtd_pace_cam *cam)
{
	struct last_answer last;
	enum emrtd_error error = EMRTD_E_STATE;

	if (cam != NULL)
		emrtd_wipe(cam, sizeof(*cam));
	if (pace->step == STEP_FINISH)
		error = read_last(pace, response, &last);
	if (error == EMRTD_OK)
		error = check_token(pace, crypto, last.token);
	if (error == EMRTD_OK && pace->map->has_proof && cam != NULL)
		emrtd_pace_cam_open(pace, crypto, last.chip_data, cam);
	if (error == EMRTD_OK)
		emrtd_sm_init(sm, pace->suite, pace->k_enc, pace->k_mac, NULL);
	return end_step(pace, error, STEP_OVER, diag, "PACE: token");
}

enum emrtd_error
emrtd_pace_token(struct emrtd_crypto *crypto,
    const struct emrtd_pace_protocol *protocol, const struct emrtd_group *group,
    const uint8_t *k_mac, const struct emrtd_element *key,
    uint8_t token[EMRTD_MAC_LEN])
{
	const struct emrtd_suite *suite = emrtd_suite(protocol->suite);
	uint8_t buf[EMRTD_ELEMENT_MAX + 64];
	struct emrtd_out data = emrtd_out(buf, sizeof(buf));
	uint32_t tag = group->kind == EMRTD_GROUP_EC ? TAG_POINT : TAG_NUMBER;
	struct emrtd_bytes part;
	size_t mark;

	mark = emrtd_open(&data, TAG_PUBLIC_KEY);
	emrtd_put_oid(&data, protocol->oid);
	emrtd_put_tlv(&data, tag, emrtd_element_wire(group, key));
	emrtd_close(&data, mark);
	/* The retail MAC wants whole blocks; CMAC pads by itself. */
	if (suite->id == EMRTD_3DES)
		emrtd_pad(&data, 0, suite->block_len);
	if (data.bad)
		return EMRTD_E_BUFFER;
	part = emrtd_out_bytes(&data);
	return emrtd_mac(crypto, suite, k_mac, &part, 1, token);
}
