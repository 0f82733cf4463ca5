#include "card/card_pace.h"

#include "access/pace.h" /* the token alone */
#include "access/pace_map.h"
#include "core/builder.h"
#include "core/tlv.h"
#include "core/wipe.h"

#include <string.h>

#define TAG_AUTHENTICATION_DATA 0x7C

enum pace_tag {
	TAG_NONCE = 0x80,
	TAG_MAP_COMMAND = 0x81,
	TAG_MAP_RESPONSE = 0x82,
	TAG_KEY_COMMAND = 0x83,
	TAG_KEY_RESPONSE = 0x84,
	TAG_TOKEN_COMMAND = 0x85,
	TAG_TOKEN_RESPONSE = 0x86,
	TAG_CHIP_DATA = 0x8A
};

enum emrtd_error
emrtd_card_pace_begin(struct emrtd_card_pace *pace, struct emrtd_crypto *crypto,
    const struct emrtd_pace_protocol *protocol, const struct emrtd_group *group,
    const struct emrtd_password *password, const uint8_t *static_key)
{
	enum emrtd_error error;

	emrtd_card_pace_wipe(pace);
	if (protocol->ecdh != (group->kind == EMRTD_GROUP_EC) ||
	    (protocol->mapping == EMRTD_PACE_IM && !emrtd_group_can_im(group)))
		return EMRTD_E_UNSUPPORTED;
	if (protocol->mapping == EMRTD_PACE_CAM && static_key != NULL) {
		memcpy(pace->static_key, static_key, group->order_len);
		pace->has_static_key = true;
	}
	pace->protocol = protocol;
	pace->suite = emrtd_suite(protocol->suite);
	pace->group = group;
	error = emrtd_pace_password_key(crypto, pace->suite, password,
	    pace->k_pi);
	if (error != EMRTD_OK) {
		emrtd_card_pace_wipe(pace);
		return error;
	}
	pace->step = 1;
	return EMRTD_OK;
}

void
emrtd_card_pace_wipe(struct emrtd_card_pace *pace)
{
	emrtd_wipe(pace, sizeof(*pace));
}

/* 7C{tag value} and nothing else. */
static bool
one_object(struct emrtd_bytes command, uint32_t tag, struct emrtd_bytes *value)
{
	struct emrtd_bytes data;

	return emrtd_tlv(&command, TAG_AUTHENTICATION_DATA, &data) &&
	       emrtd_end(&command) && emrtd_tlv(&data, tag, value) &&
	       emrtd_end(&data);
}

static enum emrtd_error
answer(struct emrtd_out *out, uint32_t tag, struct emrtd_bytes value)
{
	size_t mark = emrtd_open(out, TAG_AUTHENTICATION_DATA);

	emrtd_put_tlv(out, tag, value);
	emrtd_close(out, mark);
	return out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
}

/* The nonce in clear stays here, its cryptogram goes out. */
static enum emrtd_error
give_nonce(struct emrtd_card_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes command, const struct emrtd_random *random,
    struct emrtd_out *out)
{
	uint8_t z[EMRTD_KEY_MAX];
	struct emrtd_out cipher = emrtd_out(z, sizeof(z));
	struct emrtd_bytes data;
	enum emrtd_error error;

	if (!emrtd_tlv(&command, TAG_AUTHENTICATION_DATA, &data) ||
	    !emrtd_end(&command) || !emrtd_end(&data))
		return EMRTD_E_MALFORMED;
	error = random->fill(random->self, pace->nonce, pace->suite->nonce_len);
	if (error != EMRTD_OK)
		return error;
	error = emrtd_cbc_encrypt(crypto, pace->suite, pace->k_pi, NULL,
	    emrtd_bytes(pace->nonce, pace->suite->nonce_len), &cipher);
	if (error != EMRTD_OK)
		return error;
	return answer(out, TAG_NONCE, emrtd_out_bytes(&cipher));
}

static enum emrtd_error
map_generic(struct emrtd_card_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes peer, const struct emrtd_random *random,
    struct emrtd_out *out)
{
	struct emrtd_element map_public, theirs, h;
	enum emrtd_error error;

	if (!emrtd_element_read(pace->group, peer, &theirs))
		return EMRTD_E_KEY;
	error = emrtd_group_keypair(crypto, pace->group, NULL, random,
	    pace->map_private, &map_public);
	if (error == EMRTD_OK)
		error = emrtd_group_agree(crypto, pace->group,
		    pace->map_private, peer, &h);
	if (error == EMRTD_OK)
		error = emrtd_group_map_generic(crypto, pace->group,
		    emrtd_bytes(pace->nonce, pace->suite->nonce_len), &h,
		    &pace->generator);
	if (error == EMRTD_OK)
		error = answer(out, TAG_MAP_RESPONSE,
		    emrtd_element_wire(pace->group, &map_public));
	emrtd_wipe(&h, sizeof(h));
	return error;
}

static enum emrtd_error
map_integrated(struct emrtd_card_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes t, struct emrtd_out *out)
{
	uint8_t buf[EMRTD_PACE_R_MAX];
	struct emrtd_out r = emrtd_out(buf, sizeof(buf));
	enum emrtd_error error;

	if (t.len != pace->suite->key_len)
		return EMRTD_E_MALFORMED;
	error = emrtd_pace_r(crypto, pace->suite, pace->group,
	    emrtd_bytes(pace->nonce, pace->suite->nonce_len), t, &r);
	if (error == EMRTD_OK)
		error = emrtd_group_map_integrated(crypto, pace->group,
		    emrtd_out_bytes(&r), &pace->generator);
	if (error == EMRTD_OK)
		error = answer(out, TAG_MAP_RESPONSE, emrtd_bytes(NULL, 0));
	emrtd_wipe(buf, sizeof(buf));
	return error;
}

static enum emrtd_error
map(struct emrtd_card_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes command, const struct emrtd_random *random,
    struct emrtd_out *out)
{
	struct emrtd_bytes data;

	if (!one_object(command, TAG_MAP_COMMAND, &data))
		return EMRTD_E_MALFORMED;
	if (pace->protocol->mapping == EMRTD_PACE_IM)
		return map_integrated(pace, crypto, data, out);
	return map_generic(pace, crypto, data, random, out);
}

static enum emrtd_error
agree(struct emrtd_card_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes command, const struct emrtd_random *random,
    struct emrtd_out *out)
{
	struct emrtd_bytes peer, z;
	struct emrtd_element shared;
	enum emrtd_error error;

	if (!one_object(command, TAG_KEY_COMMAND, &peer))
		return EMRTD_E_MALFORMED;
	if (!emrtd_element_read(pace->group, peer, &pace->peer_key))
		return EMRTD_E_KEY;
	error = emrtd_group_keypair(crypto, pace->group, &pace->generator,
	    random, pace->private_key, &pace->public_key);
	if (error != EMRTD_OK)
		return error;
	if (emrtd_const_equal(pace->public_key.bytes, pace->peer_key.bytes,
		pace->public_key.len))
		return EMRTD_E_KEY;
	error = emrtd_group_agree(crypto, pace->group, pace->private_key, peer,
	    &shared);
	if (error != EMRTD_OK)
		return error;
	z = emrtd_shared_secret(pace->group, &shared);
	error = emrtd_kdf(crypto, pace->suite, z, EMRTD_KDF_ENC, pace->k_enc);
	if (error == EMRTD_OK)
		error = emrtd_kdf(crypto, pace->suite, z, EMRTD_KDF_MAC,
		    pace->k_mac);
	emrtd_wipe(&shared, sizeof(shared));
	if (error != EMRTD_OK)
		return error;
	return answer(out, TAG_KEY_RESPONSE,
	    emrtd_element_wire(pace->group, &pace->public_key));
}

/*
 * Doc 9303-11 4.4.3.5.1: CA_IC = SK_Map,IC / SK_IC, padded, under the new key
 * with the IV E(K_enc, FF .. FF).
 */
static enum emrtd_error
put_chip_data(struct emrtd_card_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_out *out)
{
	uint8_t ca[EMRTD_FIELD_MAX + EMRTD_BLOCK_MAX], iv[EMRTD_BLOCK_MAX];
	uint8_t cipher[sizeof(ca)], ones[EMRTD_BLOCK_MAX];
	struct emrtd_out plain = emrtd_out(ca, sizeof(ca));
	struct emrtd_out data = emrtd_out(cipher, sizeof(cipher));
	enum emrtd_error error;

	memset(ones, 0xFF, sizeof(ones));
	error = emrtd_group_divide(crypto, pace->group, pace->map_private,
	    pace->static_key, ca);
	plain.len = pace->group->order_len;
	emrtd_pad(&plain, 0, pace->suite->block_len);
	if (error == EMRTD_OK)
		error = emrtd_encrypt_block(crypto, pace->suite, pace->k_enc,
		    ones, iv);
	if (error == EMRTD_OK)
		error = emrtd_cbc_encrypt(crypto, pace->suite, pace->k_enc, iv,
		    emrtd_out_bytes(&plain), &data);
	if (error == EMRTD_OK)
		emrtd_put_tlv(out, TAG_CHIP_DATA, emrtd_out_bytes(&data));
	emrtd_wipe(ca, sizeof(ca));
	emrtd_wipe(iv, sizeof(iv));
	return error;
}

static enum emrtd_error
answer_token(struct emrtd_card_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes token, struct emrtd_out *out)
{
	size_t mark = emrtd_open(out, TAG_AUTHENTICATION_DATA);
	enum emrtd_error error = EMRTD_OK;

	emrtd_put_tlv(out, TAG_TOKEN_RESPONSE, token);
	if (pace->has_static_key)
		error = put_chip_data(pace, crypto, out);
	emrtd_close(out, mark);
	return error == EMRTD_OK && out->bad ? EMRTD_E_BUFFER : error;
}

/* The reader's token is over our key, ours over the reader's. */
static enum emrtd_error
authenticate(struct emrtd_card_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes command, struct emrtd_out *out, struct emrtd_sm *sm)
{
	uint8_t token[EMRTD_MAC_LEN];
	struct emrtd_bytes theirs;
	enum emrtd_error error;
	bool same;

	if (!one_object(command, TAG_TOKEN_COMMAND, &theirs) ||
	    theirs.len != sizeof(token))
		return EMRTD_E_MALFORMED;
	error = emrtd_pace_token(crypto, pace->protocol, pace->group,
	    pace->k_mac, &pace->public_key, token);
	if (error != EMRTD_OK)
		return error;
	same = emrtd_const_equal(token, theirs.ptr, sizeof(token));
	emrtd_wipe(token, sizeof(token));
	if (!same)
		return EMRTD_E_TOKEN;
	error = emrtd_pace_token(crypto, pace->protocol, pace->group,
	    pace->k_mac, &pace->peer_key, token);
	if (error == EMRTD_OK)
		error = answer_token(pace, crypto,
		    emrtd_bytes(token, sizeof(token)), out);
	if (error == EMRTD_OK)
		emrtd_sm_init(sm, pace->suite, pace->k_enc, pace->k_mac, NULL);
	return error;
}

enum emrtd_error
emrtd_card_pace_step(struct emrtd_card_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes command, const struct emrtd_random *random,
    struct emrtd_out *out, struct emrtd_sm *sm)
{
	enum emrtd_error error;

	switch (pace->step) {
	case 1:
		error = give_nonce(pace, crypto, command, random, out);
		break;
	case 2:
		error = map(pace, crypto, command, random, out);
		break;
	case 3:
		error = agree(pace, crypto, command, random, out);
		break;
	case 4:
		error = authenticate(pace, crypto, command, out, sm);
		break;
	default:
		return EMRTD_E_STATE;
	}
	if (error != EMRTD_OK || pace->step == 4)
		emrtd_card_pace_wipe(pace);
	else
		pace->step++;
	return error;
}
