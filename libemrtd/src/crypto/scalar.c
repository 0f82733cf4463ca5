#include "crypto/group_ops.h"

#define MAX_DRAWS 128 /* half of them fail at worst: never reached */

enum emrtd_error
emrtd_draw_scalar(const BIGNUM *order, const struct emrtd_random *random,
    uint8_t *bytes, size_t len, BIGNUM *k)
{
	unsigned excess = (unsigned)(8 * len) - (unsigned)BN_num_bits(order);
	enum emrtd_error error;

	for (unsigned i = 0; i < MAX_DRAWS; i++) {
		error = random->fill(random->self, bytes, len);
		if (error != EMRTD_OK)
			return error;
		bytes[0] &= (uint8_t)(0xFF >> excess);
		if (BN_bin2bn(bytes, (int)len, k) == NULL)
			return EMRTD_E_NO_MEMORY;
		if (!BN_is_zero(k) && BN_cmp(k, order) < 0)
			return EMRTD_OK;
	}
	return EMRTD_E_CRYPTO;
}
