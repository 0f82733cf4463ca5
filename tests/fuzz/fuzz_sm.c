/*
 * Responses out of the air into an open session: the first byte chooses suite
 * and instruction, the rest is the response. Linked with open_mac.c.
 */
#include "sm/sm.h"

#include <stdlib.h>
#include <string.h>

#define CAP 70000

static struct emrtd_crypto *crypto;

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static void
check_dead(const struct emrtd_sm *sm)
{
	static const struct emrtd_sm nothing;

	require(memcmp(sm, &nothing, sizeof(nothing)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t key[EMRTD_KEY_MAX] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	static uint8_t buf[CAP];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_bytes response;
	struct emrtd_diag diag;
	struct emrtd_sm sm;
	enum emrtd_error error;
	uint16_t sw = 0;

	if (crypto == NULL && emrtd_crypto_new(NULL, &crypto) != EMRTD_OK)
		abort();
	if (size == 0 || size > sizeof(buf))
		return 0;
	response = emrtd_bytes(data + 1, size - 1);
	emrtd_diag_init(&diag);
	emrtd_sm_init(&sm, emrtd_suite((enum emrtd_suite_id)(data[0] & 3)), key,
	    key, NULL);
	error = emrtd_sm_unprotect(crypto, &sm, response, (data[0] & 4) != 0,
	    &diag, &out, &sw);
	require(diag.error == error);
	if (error != EMRTD_OK) {
		require(out.len == 0);
		check_dead(&sm);
		return 0;
	}
	/* data is shorter than its cryptogram; the word is the outer one */
	require(sm.live && !out.bad && out.len < size);
	require(sw == (data[size - 2] << 8 | data[size - 1]));
	return 0;
}
