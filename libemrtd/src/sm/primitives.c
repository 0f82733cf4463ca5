/*
 * What both sides of secure messaging share: the counter, the MAC and the
 * cipher of a session.
 */
#include "core/builder.h"
#include "core/wipe.h"
#include "sm/sm.h"

#include <string.h>

#define MAX_PARTS 6

void
emrtd_sm_init(struct emrtd_sm *sm, const struct emrtd_suite *suite,
    const uint8_t *k_enc, const uint8_t *k_mac, const uint8_t *ssc)
{
	emrtd_wipe(sm, sizeof(*sm));
	sm->suite = suite;
	memcpy(sm->k_enc, k_enc, suite->key_len);
	memcpy(sm->k_mac, k_mac, suite->key_len);
	memset(sm->ssc, 0, sizeof(sm->ssc));
	if (ssc != NULL)
		memcpy(sm->ssc, ssc, suite->block_len);
	sm->live = true;
}

void
emrtd_sm_end(struct emrtd_sm *sm)
{
	emrtd_wipe(sm, sizeof(*sm));
	sm->live = false;
}

void
emrtd_sm_count(struct emrtd_sm *sm)
{
	for (size_t i = sm->suite->block_len; i > 0; i--) {
		if (++sm->ssc[i - 1] != 0)
			break;
	}
}

enum emrtd_error
emrtd_sm_mac(struct emrtd_crypto *crypto, const struct emrtd_sm *sm,
    const struct emrtd_bytes *parts, size_t n_parts, uint8_t mac[EMRTD_MAC_LEN])
{
	struct emrtd_bytes all[MAX_PARTS + 2];
	uint8_t buf[EMRTD_BLOCK_MAX];
	struct emrtd_out padding = emrtd_out(buf, sizeof(buf));
	size_t block_len = sm->suite->block_len, total = 0;

	if (n_parts > MAX_PARTS)
		return EMRTD_E_ARG;
	all[0] = emrtd_bytes(sm->ssc, block_len);
	for (size_t i = 0; i < n_parts; i++) {
		all[i + 1] = parts[i];
		total += parts[i].len;
	}
	emrtd_put_u8(&padding, 0x80);
	emrtd_put_fill(&padding, 0, block_len - 1 - total % block_len);
	all[n_parts + 1] = emrtd_out_bytes(&padding);
	return emrtd_mac(crypto, sm->suite, sm->k_mac, all, n_parts + 2, mac);
}

/* Doc 9303-11 9.8.6.1 and 9.8.7.1: zeros for 3DES, E(K_enc, SSC) for AES. */
static enum emrtd_error
make_iv(struct emrtd_crypto *crypto, const struct emrtd_sm *sm,
    uint8_t iv[EMRTD_BLOCK_MAX])
{
	if (sm->suite->id == EMRTD_3DES) {
		memset(iv, 0, EMRTD_BLOCK_MAX);
		return EMRTD_OK;
	}
	return emrtd_encrypt_block(crypto, sm->suite, sm->k_enc, sm->ssc, iv);
}

enum emrtd_error
emrtd_sm_encrypt(struct emrtd_crypto *crypto, const struct emrtd_sm *sm,
    struct emrtd_bytes in, struct emrtd_out *out)
{
	uint8_t iv[EMRTD_BLOCK_MAX];
	enum emrtd_error error = make_iv(crypto, sm, iv);

	if (error == EMRTD_OK)
		error = emrtd_cbc_encrypt(crypto, sm->suite, sm->k_enc, iv, in,
		    out);
	emrtd_wipe(iv, sizeof(iv));
	return error;
}

enum emrtd_error
emrtd_sm_decrypt(struct emrtd_crypto *crypto, const struct emrtd_sm *sm,
    struct emrtd_bytes in, struct emrtd_out *out)
{
	uint8_t iv[EMRTD_BLOCK_MAX];
	enum emrtd_error error = make_iv(crypto, sm, iv);

	if (error == EMRTD_OK)
		error = emrtd_cbc_decrypt(crypto, sm->suite, sm->k_enc, iv, in,
		    out);
	emrtd_wipe(iv, sizeof(iv));
	return error;
}
