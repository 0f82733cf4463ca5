#include "card/card_pace.h"

#include "access/pace.h"
#include "core/builder.h"
#include "core/tlv.h"
#include "core/wipe.h"

#define TAG_AUTHENTICATION_DATA 0x7C

enum pace_tag {
	TAG_NONCE = 0x80,
	TAG_MAP_COMMAND = 0x81,
	TAG_MAP_RESPONSE = 0x82,
	TAG_KEY_COMMAND = 0x83,
	TAG_KEY_RESPONSE = 0x84,
	TAG_TOKEN_COMMAND = 0x85,
	TAG_TOKEN_RESPONSE = 0x86
};

enum emrtd_error
emrtd_card_pace_begin(struct emrtd_card_pace *pace, struct emrtd_crypto *crypto,
    const struct emrtd_pace_protocol *protocol, const struct emrtd_group *group,
    const struct emrtd_password *password)
{
	enum emrtd_error error;

	emrtd_card_pace_wipe(pace);
	if (!protocol->ecdh || group->kind != EMRTD_GROUP_EC ||
	    protocol->mapping != EMRTD_PACE_GM)
		return EMRTD_E_UNSUPPORTED;
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
map(struct emrtd_card_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes command, const struct emrtd_random *random,
    struct emrtd_out *out)
{
	uint8_t map_private[EMRTD_FIELD_MAX];
	struct emrtd_element map_public, h;
	struct emrtd_bytes peer;
	enum emrtd_error error;

	if (!one_object(command, TAG_MAP_COMMAND, &peer))
		return EMRTD_E_MALFORMED;
	error = emrtd_group_keypair(crypto, pace->group, NULL, random,
	    map_private, &map_public);
	if (error == EMRTD_OK)
		error = emrtd_group_agree(crypto, pace->group, map_private,
		    peer, &h);
	if (error == EMRTD_OK)
		error = emrtd_group_map_generic(crypto, pace->group,
		    emrtd_bytes(pace->nonce, pace->suite->nonce_len), &h,
		    &pace->generator);
	if (error == EMRTD_OK)
		error = answer(out, TAG_MAP_RESPONSE,
		    emrtd_bytes(map_public.bytes, map_public.len));
	emrtd_wipe(map_private, sizeof(map_private));
	emrtd_wipe(&h, sizeof(h));
	return error;
}

static enum emrtd_error
agree(struct emrtd_card_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes command, const struct emrtd_random *random,
    struct emrtd_out *out)
{
	struct emrtd_bytes peer, own, z;
	struct emrtd_element shared;
	enum emrtd_error error;

	if (!one_object(command, TAG_KEY_COMMAND, &peer))
		return EMRTD_E_MALFORMED;
	error = emrtd_group_keypair(crypto, pace->group, &pace->generator,
	    random, pace->private_key, &pace->public_key);
	if (error != EMRTD_OK)
		return error;
	own = emrtd_bytes(pace->public_key.bytes, pace->public_key.len);
	if (emrtd_bytes_equal(own, peer))
		return EMRTD_E_KEY;
	error = emrtd_group_agree(crypto, pace->group, pace->private_key, peer,
	    &shared);
	if (error != EMRTD_OK)
		return error;
	/* A point of the curve has this length: agree has checked it. */
	emrtd_put(&(struct emrtd_out){ .ptr = pace->peer_key.bytes,
		      .cap = sizeof(pace->peer_key.bytes) },
	    peer);
	pace->peer_key.len = peer.len;
	z = emrtd_shared_secret(pace->group, &shared);
	error = emrtd_kdf(crypto, pace->suite, z, EMRTD_KDF_ENC, pace->k_enc);
	if (error == EMRTD_OK)
		error = emrtd_kdf(crypto, pace->suite, z, EMRTD_KDF_MAC,
		    pace->k_mac);
	emrtd_wipe(&shared, sizeof(shared));
	if (error != EMRTD_OK)
		return error;
	return answer(out, TAG_KEY_RESPONSE, own);
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
	error = emrtd_pace_token(crypto, pace->protocol, pace->k_mac,
	    &pace->public_key, token);
	if (error != EMRTD_OK)
		return error;
	same = emrtd_const_equal(token, theirs.ptr, sizeof(token));
	emrtd_wipe(token, sizeof(token));
	if (!same)
		return EMRTD_E_TOKEN;
	error = emrtd_pace_token(crypto, pace->protocol, pace->k_mac,
	    &pace->peer_key, token);
	if (error == EMRTD_OK)
		error = answer(out, TAG_TOKEN_RESPONSE,
		    emrtd_bytes(token, sizeof(token)));
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
