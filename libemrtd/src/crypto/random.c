#include "crypto/random.h"

#include "crypto/internal.h"

#include <openssl/rand.h>

#define STRENGTH 256 /* bits of security asked of the DRBG */

static enum emrtd_error
fill(void *self, uint8_t *out, size_t n)
{
	struct emrtd_crypto *crypto = self;

	return RAND_priv_bytes_ex(crypto->lib, out, n, STRENGTH) == 1
		   ? EMRTD_OK
		   : EMRTD_E_CRYPTO;
}

struct emrtd_random
emrtd_random_system(struct emrtd_crypto *crypto)
{
	struct emrtd_random r = { fill, crypto };

	return r;
}
