/*
 * signed_object.h - the frame that certificates and revocation lists have in
 * common (X.509's SIGNED; RFC 5280 4.1.1, 5.1.1), as views into its DER, and
 * the parts that both have inside it.
 */
#ifndef PKI_SIGNED_OBJECT_H
#define PKI_SIGNED_OBJECT_H

#include "crypto/signature.h"

struct emrtd_signed_object {
	struct emrtd_bytes tbs;       /* what is signed, with its tag */
	struct emrtd_bytes algorithm; /* content of the SEQUENCE */
	struct emrtd_bytes signature; /* without the unused-bits octet */
};

/*
 * What stands inside the SEQUENCE of such an object; *content is tbs without
 * its tag. A signature is whole bytes: bits that are not used are malformed,
 * false.
 */
bool emrtd_signed_object(struct emrtd_bytes body,
    struct emrtd_signed_object *out, struct emrtd_bytes *content);
/* The signature by this key of an issuer. */
enum emrtd_error emrtd_signed_object_verify(
    const struct emrtd_signed_object *object, struct emrtd_crypto *crypto,
    struct emrtd_bytes spki, struct emrtd_diag *diag) EMRTD_MUST_USE;

/* The next object, a SEQUENCE, with its tag and length. */
bool emrtd_whole_sequence(struct emrtd_bytes *in, struct emrtd_bytes *whole);
/* The next object, a Time, in seconds since 1970. */
bool emrtd_x509_time(struct emrtd_bytes *in, int64_t *out);

#endif
