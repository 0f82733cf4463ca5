/*
 * emrtd/error.h - error codes, their classes, and the details of a failure.
 *
 * Every fallible function returns enum emrtd_error; EMRTD_OK is 0. Details
 * (status word, tag, offset, clause of the standard) go to a struct emrtd_diag
 * that the caller owns; there is no global or per-thread last error.
 */
#ifndef EMRTD_ERROR_H
#define EMRTD_ERROR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define EMRTD_MUST_USE __attribute__((warn_unused_result))
#define EMRTD_API      __attribute__((visibility("default")))
#else
#define EMRTD_MUST_USE
#define EMRTD_API
#endif

/* What a caller can do about an error. */
enum emrtd_error_class {
	EMRTD_CLASS_NONE = 0,
	EMRTD_CLASS_USAGE,     /* the call is wrong: change the program */
	EMRTD_CLASS_RESOURCE,  /* memory, buffer or limit exhausted */
	EMRTD_CLASS_IO,        /* reader, file or system */
	EMRTD_CLASS_CARD,      /* the chip refused or is gone */
	EMRTD_CLASS_MALFORMED, /* bytes that are not what they claim to be */
	EMRTD_CLASS_ACCESS,    /* wrong or blocked password */
	EMRTD_CLASS_CRYPTO,    /* a proof failed, or a primitive is missing */
	EMRTD_CLASS_TRUST,     /* certificates */
	EMRTD_CLASS_INTERNAL   /* a bug of ours */
};

/* Name, class, text. Append only from version 1.0. */
#define EMRTD_ERRORS(X)                                                        \
	X(ARG, USAGE, "an argument is outside its documented range")           \
	X(STATE, USAGE, "the call does not fit the state of the handle")       \
	X(NO_MEMORY, RESOURCE, "out of memory")                                \
	X(BUFFER, RESOURCE, "the output buffer is too small")                  \
	X(LIMIT, RESOURCE, "a documented limit is exceeded")                   \
	X(IO, IO, "input or output failed")                                    \
	X(NOT_FOUND, IO, "not found")                                          \
	X(NO_READER, IO, "no reader, or no document on it")                    \
	X(READER_LOST, IO, "the reader is gone")                               \
	X(BUSY, IO, "the reader is in use by another program")                 \
	X(PERMISSION, IO, "no permission")                                     \
	X(CARD_LOST, CARD, "the document left the field")                      \
	X(TIMEOUT, CARD, "no answer in time")                                  \
	X(CANCELLED, CARD, "cancelled")                                        \
	X(DEADLINE, CARD, "the session's deadline has passed")                 \
	X(TOO_LONG, CARD, "too long for this reader or chip")                  \
	X(PROTOCOL, CARD, "the link broke its own protocol")                   \
	X(STATUS, CARD, "the chip answered with an error status word")         \
	X(NO_FILE, CARD, "the chip does not have this file")                   \
	X(FILE_ACCESS, CARD, "the chip does not give access to this file")     \
	X(MALFORMED, MALFORMED, "malformed data")                              \
	X(TRUNCATED, MALFORMED, "data ends too early")                         \
	X(TRAILING, MALFORMED, "data goes on after its end")                   \
	X(UNSUPPORTED, MALFORMED, "not supported")                             \
	X(ACCESS_DENIED, ACCESS, "wrong MRZ, CAN or other password")           \
	X(ACCESS_BLOCKED, ACCESS, "the password is blocked")                   \
	X(ACCESS_POLICY, ACCESS, "the access policy forbids what is offered")  \
	X(NO_PASSWORD, ACCESS, "the chip wants a password that was not given") \
	X(LAST_TRY, ACCESS, "a wrong password would now be blocked")           \
	X(MAC, CRYPTO, "a message authentication code is wrong")               \
	X(SM_PLAIN, CRYPTO, "an unprotected answer in a secured session")      \
	X(SM_FORMAT, CRYPTO, "a protected answer lacks or distorts an object") \
	X(PADDING, CRYPTO, "wrong padding")                                    \
	X(KEY, CRYPTO, "a public key or point is invalid")                     \
	X(TOKEN, CRYPTO, "the authentication token is wrong")                  \
	X(SIGNATURE, CRYPTO, "the signature is wrong")                         \
	X(DIGEST, CRYPTO, "the hash does not match")                           \
	X(ALGORITHM, CRYPTO, "an algorithm is missing")                        \
	X(CRYPTO, CRYPTO, "the cryptographic library failed")                  \
	X(NO_ANCHOR, TRUST, "no trusted country certificate fits")             \
	X(UNTRUSTED, TRUST, "the certificate is not trusted")                  \
	X(VALIDITY, TRUST, "outside its period of validity")                   \
	X(COUNTRY, TRUST, "issued by another country")                         \
	X(CERTIFICATE, TRUST, "the certificate is not fit for its purpose")    \
	X(TEST_TRUST, TRUST, "a test certificate where real ones are wanted")  \
	X(REVOKED, TRUST, "the certificate was revoked")                       \
	X(INTERNAL, INTERNAL, "internal error")

enum emrtd_error {
	EMRTD_OK = 0,
#define EMRTD_ERROR_ENUM(name, class_, text) EMRTD_E_##name,
	EMRTD_ERRORS(EMRTD_ERROR_ENUM)
#undef EMRTD_ERROR_ENUM
	EMRTD_N_ERRORS
};

/*
 * Details of the last failure of the call that it was given to. All strings
 * but 'detail' are static. 'detail' may stem from a chip or a certificate: it
 * holds printable ASCII only; without 'what' it is a whole sentence. Clear it
 * with emrtd_diag_init before use.
 */
struct emrtd_diag {
	uint32_t size;
	enum emrtd_error error;
	uint16_t sw;        /* status word of the chip; 0 if none */
	uint32_t tag;       /* tag of the data object; 0 if none */
	size_t offset;      /* where in the file or message, in bytes */
	const char *what;   /* what was being done; may be NULL */
	const char *clause; /* clause of the standard; may be NULL */
	char detail[160];   /* NUL-terminated, may be empty */
};

/* Never NULL; an unknown code reads "UNKNOWN". Any thread. */
EMRTD_API const char *emrtd_error_name(enum emrtd_error error);
EMRTD_API const char *emrtd_error_text(enum emrtd_error error);
EMRTD_API enum emrtd_error_class emrtd_error_class(enum emrtd_error error);
EMRTD_API const char *emrtd_error_class_name(enum emrtd_error_class class_);

/* Clears a diag; NULL is allowed. */
EMRTD_API void emrtd_diag_init(struct emrtd_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
