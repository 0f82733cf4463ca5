#include "core/cursor.h"
#include "crypto/group_ops.h"

#define WORD_LEN 8

/*
 * Horner's rule over digits of whole words, shorter than p: a division would
 * take its time from the value, and everything about it can be checked against
 * a guess of the password. The digits are below p, so that they can be added
 * as they are.
 *
 *   sum = sum * 256^(bytes of the digit) + digit
 */
enum emrtd_error
emrtd_reduce(BIGNUM *sum, struct emrtd_bytes bytes, BN_MONT_CTX *mont,
    const BIGNUM *p, BN_CTX *ctx)
{
	size_t most = (size_t)(BN_num_bytes(p) - 1) / WORD_LEN * WORD_LEN;
	BIGNUM *base = BN_new(), *digit = BN_secure_new();
	enum emrtd_error error = EMRTD_E_CRYPTO;
	struct emrtd_bytes piece;

	if (base == NULL || digit == NULL)
		goto out;
	BN_zero(sum);
	while (
	    emrtd_take(&bytes, bytes.len < most ? bytes.len : most, &piece) &&
	    piece.len > 0) {
		BN_zero(base);
		if (BN_set_bit(base, (int)(8 * piece.len)) != 1 ||
		    BN_to_montgomery(base, base, mont, ctx) != 1 ||
		    BN_mod_mul_montgomery(sum, sum, base, mont, ctx) != 1 ||
		    BN_bin2bn(piece.ptr, (int)piece.len, digit) == NULL ||
		    BN_mod_add_quick(sum, sum, digit, p) != 1)
			goto out;
	}
	error = EMRTD_OK;
out:
	BN_clear_free(digit);
	BN_free(base);
	return error;
}
