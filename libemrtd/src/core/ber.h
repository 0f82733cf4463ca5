/*
 * ber.h - BER with indefinite lengths and pieced OCTET STRINGs, rewritten
 * with definite lengths. EF.SOD of some states needs it before tlv.h can read
 * it; everything else refuses such forms.
 */
#ifndef CORE_BER_H
#define CORE_BER_H

#include "core/cursor.h"

#define EMRTD_BER_DEPTH_MAX 16
/* How much longer the result can be, for input below 2 MB: see ber.c. */
#define EMRTD_BER_GROWTH 512

/* What the first object, with all that it holds, is written in. */
enum emrtd_ber_form {
	EMRTD_BER_DER,        /* lengths minimal; values are not looked into */
	EMRTD_BER_DEFINITE,   /* ... or not minimal: what tlv.h reads */
	EMRTD_BER_INDEFINITE, /* or constructed OCTET STRINGs */
	EMRTD_BER_MALFORMED
};
enum emrtd_ber_form emrtd_ber_form(struct emrtd_bytes in);
bool emrtd_ber_is_indefinite(struct emrtd_bytes in);

/*
 * The first object of 'in' with minimal definite lengths and each constructed
 * OCTET STRING (tag 24) joined to a primitive one; what follows it in 'in' is
 * left out. Parts that were DER before come out byte for byte.
 * EMRTD_E_MALFORMED, EMRTD_E_LIMIT (nested too deep), EMRTD_E_BUFFER.
 */
enum emrtd_error emrtd_ber_definite(struct emrtd_bytes in,
    struct emrtd_out *out) EMRTD_MUST_USE;

#endif
