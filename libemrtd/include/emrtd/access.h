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
	EMRTD_PASSWORD_CAN = 2,
	EMRTD_PASSWORD_PIN = 3, /* the holder's own; wrong ones are counted */
	EMRTD_PASSWORD_PUK = 4  /* unblocks the PIN */
};

/* What may open a chip. */
enum emrtd_access_policy {
	/* PACE where it is offered in a variant that we can run, else BAC. */
	EMRTD_PREFER_PACE = 0,
	/* PACE, and nothing else: EMRTD_E_ACCESS_POLICY. */
	EMRTD_REQUIRE_PACE,
	/* As the first; and BAC when PACE fails, but for a wrong password. */
	EMRTD_ALLOW_BAC
};

#define EMRTD_PASSWORD_MAX 48

/*
 * A secret: wipe it with emrtd_password_wipe. 'text' is the MRZ information
 * (document number, birth and expiry with their check digits: 24 characters,
 * more for long document numbers), or the digits of the CAN, PIN or PUK.
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

/*
 * emrtd_password_pin, emrtd_password_puk - the holder's secrets of documents
 * that also hold an eID application. A PIN has EMRTD_PIN_MIN (the transport
 * PIN) to EMRTD_PIN_MAX digits, a PUK EMRTD_PUK_MIN to EMRTD_PUK_MAX.
 * in:     text  digits; not NUL-terminated
 * out:    out   written only on EMRTD_OK; secret, caller wipes
 * errors: EMRTD_E_ARG (length, or not digits)
 * NULL is not allowed. No allocation. Any thread.
 * source: TR-03110-2 2.3; vectors: tests/vectors/keys.txt
 */
#define EMRTD_PIN_MIN 4
#define EMRTD_PIN_MAX 16
#define EMRTD_PUK_MIN 6
#define EMRTD_PUK_MAX 16
EMRTD_API enum emrtd_error emrtd_password_pin(const char *text, size_t len,
    struct emrtd_password *out) EMRTD_MUST_USE;
EMRTD_API enum emrtd_error emrtd_password_puk(const char *text, size_t len,
    struct emrtd_password *out) EMRTD_MUST_USE;

/* "mrz", "can", "pin", "puk"; NULL for any other kind. */
EMRTD_API const char *emrtd_password_kind_name(enum emrtd_password_kind kind);

EMRTD_API void emrtd_password_wipe(struct emrtd_password *password);

#ifdef __cplusplus
}
#endif
#endif
