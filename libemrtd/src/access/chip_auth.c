#include "access/chip_auth.h"

#include "core/builder.h"
#include "core/oid.h"
#include "core/tlv.h"
#include "core/wipe.h"

/* Doc 9303-11 6.2.4. */
#define TAG_OID       0x80
#define TAG_KEY_ID    0x84
#define TAG_KAT_KEY   0x91
#define TAG_DYNAMIC   0x7C
#define TAG_EPHEMERAL 0x80

enum chip_auth_step {
	STEP_OVER,
	STEP_AGREED
};

void
emrtd_chip_auth_wipe(struct emrtd_chip_auth *ca)
{
	emrtd_wipe(ca, sizeof(*ca));
}

/* K_enc and K_mac out of Z at its full length, Doc 9303-11 9.7.4. */
static enum emrtd_error
derive(struct emrtd_chip_auth *ca, struct emrtd_crypto *crypto,
    const uint8_t private_key[EMRTD_FIELD_MAX])
{
	const struct emrtd_suite *suite = emrtd_suite(ca->key.protocol->suite);
	struct emrtd_element shared = { .len = 0 };
	struct emrtd_bytes z;
	enum emrtd_error error;

	error = emrtd_group_agree(crypto, ca->key.group, private_key,
	    ca->key.public_key, &shared);
	if (error == EMRTD_OK) {
		z = emrtd_shared_secret(ca->key.group, &shared);
		error = emrtd_kdf(crypto, suite, z, EMRTD_KDF_ENC, ca->k_enc);
	}
	if (error == EMRTD_OK)
		error = emrtd_kdf(crypto, suite, z, EMRTD_KDF_MAC, ca->k_mac);
	emrtd_wipe(&shared, sizeof(shared));
	return error;
}

enum emrtd_error
emrtd_chip_auth_begin(struct emrtd_chip_auth *ca, struct emrtd_crypto *crypto,
    const struct emrtd_chip_auth_key *key, const struct emrtd_random *random)
{
	uint8_t private_key[EMRTD_FIELD_MAX];
	enum emrtd_error error;

	emrtd_chip_auth_wipe(ca);
	if (key->protocol->kind != key->group->kind)
		return EMRTD_E_ARG;
	ca->key = *key;
	error = emrtd_group_keypair(crypto, key->group, NULL, random,
	    private_key, &ca->public_key);
	if (error == EMRTD_OK)
		error = derive(ca, crypto, private_key);
	emrtd_wipe(private_key, sizeof(private_key));
	if (error != EMRTD_OK)
		emrtd_chip_auth_wipe(ca);
	else
		ca->step = STEP_AGREED;
	return error;
}

static struct emrtd_bytes
ephemeral(const struct emrtd_chip_auth *ca)
{
	return emrtd_element_wire(ca->key.group, &ca->public_key);
}

/*
 * The number in as few bytes as it takes. As an INTEGER, 0xC3 has a zero in
 * front; chips with such an id want it without.
 */
static void
put_key_id(const struct emrtd_chip_auth_key *key, struct emrtd_out *out)
{
	uint8_t bytes[4] = { (uint8_t)(key->key_id >> 24),
		(uint8_t)(key->key_id >> 16), (uint8_t)(key->key_id >> 8),
		(uint8_t)key->key_id };
	size_t skip = 0;

	if (!key->has_key_id)
		return;
	while (skip + 1 < sizeof(bytes) && bytes[skip] == 0)
		skip++;
	emrtd_put_tlv(out, TAG_KEY_ID,
	    emrtd_bytes(&bytes[skip], sizeof(bytes) - skip));
}

enum emrtd_error
emrtd_chip_auth_set_kat(const struct emrtd_chip_auth *ca, struct emrtd_out *out)
{
	if (ca->step != STEP_AGREED)
		return EMRTD_E_STATE;
	if (ca->key.protocol->suite != EMRTD_3DES)
		return EMRTD_E_ARG;
	emrtd_put_tlv(out, TAG_KAT_KEY, ephemeral(ca));
	put_key_id(&ca->key, out);
	return out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
}

enum emrtd_error
emrtd_chip_auth_set_at(const struct emrtd_chip_auth *ca, struct emrtd_out *out)
{
	if (ca->step != STEP_AGREED)
		return EMRTD_E_STATE;
	emrtd_put_oid_as(out, TAG_OID, ca->key.protocol->oid);
	put_key_id(&ca->key, out);
	return out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
}

enum emrtd_error
emrtd_chip_auth_authenticate(const struct emrtd_chip_auth *ca,
    struct emrtd_out *out)
{
	size_t mark;

	if (ca->step != STEP_AGREED)
		return EMRTD_E_STATE;
	mark = emrtd_open(out, TAG_DYNAMIC);
	emrtd_put_tlv(out, TAG_EPHEMERAL, ephemeral(ca));
	emrtd_close(out, mark);
	return out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
}

enum emrtd_error
emrtd_chip_auth_answer(struct emrtd_chip_auth *ca, struct emrtd_bytes response)
{
	struct emrtd_bytes inner;

	if (ca->step != STEP_AGREED)
		return EMRTD_E_STATE;
	if (emrtd_end(&response))
		return EMRTD_OK;
	if (emrtd_tlv(&response, TAG_DYNAMIC, &inner) && emrtd_end(&inner) &&
	    emrtd_end(&response))
		return EMRTD_OK;
	emrtd_chip_auth_wipe(ca);
	return EMRTD_E_MALFORMED;
}

enum emrtd_error
emrtd_chip_auth_finish(struct emrtd_chip_auth *ca, struct emrtd_sm *sm)
{
	if (ca->step != STEP_AGREED)
		return EMRTD_E_STATE;
	emrtd_sm_init(sm, emrtd_suite(ca->key.protocol->suite), ca->k_enc,
	    ca->k_mac, NULL);
	emrtd_chip_auth_wipe(ca);
	return EMRTD_OK;
}
