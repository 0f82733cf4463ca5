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

/*
 * Does the first object hold, anywhere in its constructed parts, an indefinite
 * length or a constructed OCTET STRING? False also when it is malformed.
 */
bool emrtd_ber_is_indefinite(struct emrtd_bytes in);

/*
 * Has the first object, with all that it holds, the lengths of DER: definite,
 * minimal, and OCTET STRINGs in one piece? Values are not looked into.
 */
bool emrtd_ber_is_der(struct emrtd_bytes in);

/*
 * The first object of 'in' with minimal definite lengths and each constructed
 * OCTET STRING (tag 24) joined to a primitive one; what follows it in 'in' is
 * left out. Parts that were DER before come out byte for byte.
 * EMRTD_E_MALFORMED, EMRTD_E_LIMIT (nested too deep), EMRTD_E_BUFFER.
 */
enum emrtd_error emrtd_ber_definite(struct emrtd_bytes in,
    struct emrtd_out *out) EMRTD_MUST_USE;

#endif
