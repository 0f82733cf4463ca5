/*
 * certificate_extensions.h - what a certificate's extensions say that bears on
 * Passive Authentication; a part of the parser of certificate.h.
 */
#ifndef PKI_CERTIFICATE_EXTENSIONS_H
#define PKI_CERTIFICATE_EXTENSIONS_H

#include "pki/certificate.h"

/* in: content of the certificate's [3]. */
bool emrtd_certificate_parse_extensions(struct emrtd_bytes in,
    struct emrtd_certificate *out);

#endif
