/*
 * For fuzzing, by the linker's --wrap: every signature verifies, and every
 * hash is of zeros, so that what stands behind them is reached.
 */
#include "crypto/signature.h"

#include <string.h>

enum emrtd_error __wrap_emrtd_signature_verify(struct emrtd_crypto *crypto,
    const struct emrtd_signature_alg *alg, struct emrtd_bytes spki,
    const struct emrtd_bytes *parts, size_t n_parts,
    struct emrtd_bytes signature, struct emrtd_diag *diag);
enum emrtd_error __wrap_emrtd_signature_verify_issuer(
    struct emrtd_crypto *crypto, const struct emrtd_signature_alg *alg,
    struct emrtd_bytes spki, const struct emrtd_bytes *parts, size_t n_parts,
    struct emrtd_bytes signature, struct emrtd_diag *diag);
enum emrtd_error __wrap_emrtd_hash(struct emrtd_crypto *crypto,
    enum emrtd_hash hash, const struct emrtd_bytes *parts, size_t n_parts,
    uint8_t *out);

enum emrtd_error
__wrap_emrtd_signature_verify(struct emrtd_crypto *crypto,
    const struct emrtd_signature_alg *alg, struct emrtd_bytes spki,
    const struct emrtd_bytes *parts, size_t n_parts,
    struct emrtd_bytes signature, struct emrtd_diag *diag)
{
	(void)crypto;
	(void)alg;
	(void)spki;
	(void)parts;
	(void)n_parts;
	(void)signature;
	(void)diag;
	return EMRTD_OK;
}

enum emrtd_error
__wrap_emrtd_signature_verify_issuer(struct emrtd_crypto *crypto,
    const struct emrtd_signature_alg *alg, struct emrtd_bytes spki,
    const struct emrtd_bytes *parts, size_t n_parts,
    struct emrtd_bytes signature, struct emrtd_diag *diag)
{
	return __wrap_emrtd_signature_verify(crypto, alg, spki, parts, n_parts,
	    signature, diag);
}

enum emrtd_error
__wrap_emrtd_hash(struct emrtd_crypto *crypto, enum emrtd_hash hash,
    const struct emrtd_bytes *parts, size_t n_parts, uint8_t *out)
{
	(void)crypto;
	(void)parts;
	(void)n_parts;
	memset(out, 0, emrtd_hash_len(hash));
	return EMRTD_OK;
}
