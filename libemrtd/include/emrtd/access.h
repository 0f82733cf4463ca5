/*
 * emrtd/access.h - the passwords that open a chip.
 */
#ifndef EMRTD_ACCESS_H
#define EMRTD_ACCESS_H

#include <emrtd/bytes.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Values are the password references of MSE:Set AT (Doc 9303-11 4.4.4.1). */
enum emrtd_password_kind {
	EMRTD_PASSWORD_NONE = 0,
	EMRTD_PASSWORD_MRZ = 1,
	EMRTD_PASSWORD_CAN = 2
};

#define EMRTD_PASSWORD_MAX 48

/*
 * A secret: wipe it with emrtd_password_wipe. 'text' is the MRZ information
 * (document number, birth and expiry with their check digits: 24 characters,
 * more for long document numbers), or the digits of the CAN.
 */
struct emrtd_password {
	enum emrtd_password_kind kind;
	size_t len;
	char text[EMRTD_PASSWORD_MAX];
};

/*
 * emrtd_password_mrz - from the MRZ information of mrz_key_info().
 * in:     info  24 to 37 characters of the MRZ alphabet: document number, birth
 *               and expiry, each with its check digit; not NUL-terminated
 * out:    out   written only on EMRTD_OK; secret, caller wipes
 * errors: EMRTD_E_ARG (length, or a character outside the MRZ alphabet)
 * NULL is not allowed. No allocation. Any thread.
 * source: Doc 9303-11 4.3.2 and 9.7.3; vectors: tests/vectors/keys.txt
 */
EMRTD_API enum emrtd_error emrtd_password_mrz(const char *info, size_t info_len,
    struct emrtd_password *out) EMRTD_MUST_USE;

/*
 * emrtd_password_can - from the six digits printed on the document.
 * in:     can   exactly 6 digits; not NUL-terminated
 * out:    out   written only on EMRTD_OK; secret, caller wipes
 * errors: EMRTD_E_ARG (not six digits)
 * NULL is not allowed. No allocation. Any thread.
 * source: Doc 9303-11 9.7.3, Doc 9303-4 4.1.1; vectors: tests/vectors/keys.txt
 */
EMRTD_API enum emrtd_error emrtd_password_can(const char *can, size_t can_len,
    struct emrtd_password *out) EMRTD_MUST_USE;

EMRTD_API void emrtd_password_wipe(struct emrtd_password *password);

#ifdef __cplusplus
}
#endif
#endif
