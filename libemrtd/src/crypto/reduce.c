#include "core/cursor.h"
#include "crypto/group_ops.h"

/*
 * Horner's rule over digits one byte shorter than p: a division would take
 * its time from the value, and everything about it can be checked against a
 * guess of the password. The digits are below p, so that Montgomery's
 * multiplication takes them as they are.
 *
 *   sum = sum * B + digit,  B = 256^(bytes of a digit)
 */
enum emrtd_error
emrtd_reduce(BIGNUM *sum, struct emrtd_bytes bytes, BN_MONT_CTX *mont,
    const BIGNUM *p, BN_CTX *ctx)
{
	size_t digit_len = (size_t)BN_num_bytes(p) - 1;
	size_t n = bytes.len % digit_len;
	BIGNUM *base = BN_new(), *digit = BN_secure_new();
	enum emrtd_error error = EMRTD_E_CRYPTO;
	struct emrtd_bytes piece;

	if (base == NULL || digit == NULL)
		goto out;
	BN_zero(sum);
	if (BN_set_bit(base, (int)(8 * digit_len)) != 1 ||
	    BN_to_montgomery(base, base, mont, ctx) != 1)
		goto out;
	while (emrtd_take(&bytes, n, &piece)) {
		if (BN_mod_mul_montgomery(sum, sum, base, mont, ctx) != 1 ||
		    BN_bin2bn(piece.ptr, (int)piece.len, digit) == NULL ||
		    BN_mod_add_quick(sum, sum, digit, p) != 1)
			goto out;
		if (emrtd_end(&bytes))
			break;
		n = digit_len;
	}
	error = EMRTD_OK;
out:
	BN_clear_free(digit);
	BN_free(base);
	return error;
}
