/*
 * pem.h - certificates and revocation lists out of PEM text. Everything around
 * them is skipped.
 */
#ifndef PKI_PEM_H
#define PKI_PEM_H

#include "core/cursor.h"

/* Does the text hold the begin line of one of them? */
bool emrtd_pem_is(struct emrtd_bytes in);
/*
 * The DER of the next of them, written to the front of 'der' (which never needs
 * more room than the text). EMRTD_E_NOT_FOUND when there is none any more,
 * EMRTD_E_MALFORMED for bad base64 or a missing end line.
 */
enum emrtd_error emrtd_pem_next(struct emrtd_bytes *in,
    struct emrtd_out *der) EMRTD_MUST_USE;

#endif
