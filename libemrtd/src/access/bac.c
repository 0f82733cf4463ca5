#include "access/bac.h"

#include "core/builder.h"
#include "core/cursor.h"
#include "core/wipe.h"

#include <string.h>

#define PLAIN_LEN (2 * EMRTD_BAC_RND_LEN + EMRTD_BAC_KEY_LEN)
#define SSC_HALF  4

enum bac_step {
	STEP_OVER,
	STEP_COMMAND,
	STEP_FINISH
};

static const struct emrtd_suite *
bac_suite(void)
{
	return emrtd_suite(EMRTD_3DES);
}

enum emrtd_error
emrtd_bac_begin(struct emrtd_bac *bac, struct emrtd_crypto *crypto,
    const struct emrtd_password *password)
{
	uint8_t seed[EMRTD_SEED_LEN];
	struct emrtd_bytes secret = { seed, sizeof(seed) };
	enum emrtd_error error;

	emrtd_bac_wipe(bac);
	error = emrtd_bac_seed(crypto, password, seed);
	if (error == EMRTD_OK)
		error = emrtd_kdf(crypto, bac_suite(), secret, EMRTD_KDF_ENC,
		    bac->k_enc);
	if (error == EMRTD_OK)
		error = emrtd_kdf(crypto, bac_suite(), secret, EMRTD_KDF_MAC,
		    bac->k_mac);
	emrtd_wipe(seed, sizeof(seed));
	if (error != EMRTD_OK)
		emrtd_bac_wipe(bac);
	else
		bac->step = STEP_COMMAND;
	return error;
}

/* MAC over the 32 bytes of a cryptogram, padded by method 2. */
static enum emrtd_error
bac_mac(const struct emrtd_bac *bac, struct emrtd_crypto *crypto,
    struct emrtd_bytes cryptogram, uint8_t mac[EMRTD_MAC_LEN])
{
	static const uint8_t padding[] = { 0x80, 0, 0, 0, 0, 0, 0, 0 };
	struct emrtd_bytes parts[] = { cryptogram,
		{ padding, sizeof(padding) } };

	return emrtd_mac(crypto, bac_suite(), bac->k_mac, parts, 2, mac);
}

static enum emrtd_error
put_command(const struct emrtd_bac *bac, struct emrtd_crypto *crypto,
    struct emrtd_out *out)
{
	uint8_t buf[PLAIN_LEN], mac[EMRTD_MAC_LEN];
	struct emrtd_out plain = emrtd_out(buf, sizeof(buf));
	size_t mark = out->len;
	enum emrtd_error error;

	emrtd_put(&plain, emrtd_bytes(bac->rnd_ifd, EMRTD_BAC_RND_LEN));
	emrtd_put(&plain, emrtd_bytes(bac->rnd_ic, EMRTD_BAC_RND_LEN));
	emrtd_put(&plain, emrtd_bytes(bac->k_ifd, EMRTD_BAC_KEY_LEN));
	error = emrtd_cbc_encrypt(crypto, bac_suite(), bac->k_enc, NULL,
	    emrtd_out_bytes(&plain), out);
	if (error == EMRTD_OK)
		error = bac_mac(bac, crypto, emrtd_out_since(out, mark), mac);
	if (error == EMRTD_OK)
		emrtd_put(out, emrtd_bytes(mac, sizeof(mac)));
	emrtd_wipe(buf, sizeof(buf));
	return error == EMRTD_OK && out->bad ? EMRTD_E_BUFFER : error;
}

enum emrtd_error
emrtd_bac_command(struct emrtd_bac *bac, struct emrtd_crypto *crypto,
    struct emrtd_bytes challenge, const struct emrtd_random *random,
    struct emrtd_out *out)
{
	enum emrtd_error error;

	if (bac->step != STEP_COMMAND)
		error = EMRTD_E_STATE;
	else if (challenge.len != EMRTD_BAC_RND_LEN)
		error = EMRTD_E_MALFORMED;
	else
		error = random->fill(random->self, bac->rnd_ifd,
		    EMRTD_BAC_RND_LEN);
	if (error == EMRTD_OK)
		error = random->fill(random->self, bac->k_ifd,
		    EMRTD_BAC_KEY_LEN);
	if (error == EMRTD_OK) {
		memcpy(bac->rnd_ic, challenge.ptr, EMRTD_BAC_RND_LEN);
		error = put_command(bac, crypto, out);
	}
	if (error != EMRTD_OK)
		emrtd_bac_wipe(bac);
	else
		bac->step = STEP_FINISH;
	return error;
}

/* plain: RND.IC || RND.IFD || K.IC, and the session follows from it. */
static enum emrtd_error
start_session(const struct emrtd_bac *bac, struct emrtd_crypto *crypto,
    struct emrtd_bytes plain, struct emrtd_sm *sm)
{
	uint8_t seed[EMRTD_SEED_LEN], ssc[2 * SSC_HALF];
	uint8_t k_enc[EMRTD_KEY_MAX], k_mac[EMRTD_KEY_MAX];
	struct emrtd_bytes secret = { seed, sizeof(seed) };
	struct emrtd_bytes ic, ifd, k_ic;
	enum emrtd_error error;

	if (!emrtd_take(&plain, EMRTD_BAC_RND_LEN, &ic) ||
	    !emrtd_take(&plain, EMRTD_BAC_RND_LEN, &ifd) ||
	    !emrtd_take(&plain, EMRTD_BAC_KEY_LEN, &k_ic) ||
	    !emrtd_const_equal(ic.ptr, bac->rnd_ic, EMRTD_BAC_RND_LEN) ||
	    !emrtd_const_equal(ifd.ptr, bac->rnd_ifd, EMRTD_BAC_RND_LEN))
		return EMRTD_E_TOKEN;
	for (size_t i = 0; i < sizeof(seed); i++)
		seed[i] = bac->k_ifd[i] ^ k_ic.ptr[i];
	for (size_t i = 0; i < SSC_HALF; i++) {
		ssc[i] = bac->rnd_ic[SSC_HALF + i];
		ssc[SSC_HALF + i] = bac->rnd_ifd[SSC_HALF + i];
	}
	error = emrtd_kdf(crypto, bac_suite(), secret, EMRTD_KDF_ENC, k_enc);
	if (error == EMRTD_OK)
		error = emrtd_kdf(crypto, bac_suite(), secret, EMRTD_KDF_MAC,
		    k_mac);
	if (error == EMRTD_OK)
		emrtd_sm_init(sm, bac_suite(), k_enc, k_mac, ssc);
	emrtd_wipe(seed, sizeof(seed));
	emrtd_wipe(k_enc, sizeof(k_enc));
	emrtd_wipe(k_mac, sizeof(k_mac));
	return error;
}

static enum emrtd_error
open_response(struct emrtd_bac *bac, struct emrtd_crypto *crypto,
    struct emrtd_bytes response, struct emrtd_sm *sm)
{
	struct emrtd_out plain = emrtd_out(bac->answer, sizeof(bac->answer));
	struct emrtd_bytes cryptogram, received;
	uint8_t mac[EMRTD_MAC_LEN];
	enum emrtd_error error;

	if (!emrtd_take(&response, PLAIN_LEN, &cryptogram) ||
	    !emrtd_take(&response, EMRTD_MAC_LEN, &received) ||
	    !emrtd_end(&response))
		return EMRTD_E_MALFORMED;
	error = bac_mac(bac, crypto, cryptogram, mac);
	if (error == EMRTD_OK &&
	    !emrtd_const_equal(received.ptr, mac, EMRTD_MAC_LEN))
		error = EMRTD_E_MAC;
	if (error == EMRTD_OK)
		error = emrtd_cbc_decrypt(crypto, bac_suite(), bac->k_enc, NULL,
		    cryptogram, &plain);
	if (error == EMRTD_OK)
		error = start_session(bac, crypto, emrtd_out_bytes(&plain), sm);
	emrtd_wipe(mac, sizeof(mac));
	return error;
}

enum emrtd_error
emrtd_bac_finish(struct emrtd_bac *bac, struct emrtd_crypto *crypto,
    struct emrtd_bytes response, struct emrtd_sm *sm)
{
	enum emrtd_error error = EMRTD_E_STATE;

	if (bac->step == STEP_FINISH)
		error = open_response(bac, crypto, response, sm);
	emrtd_bac_wipe(bac);
	return error;
}

void
emrtd_bac_wipe(struct emrtd_bac *bac)
{
	emrtd_wipe(bac, sizeof(*bac));
}
