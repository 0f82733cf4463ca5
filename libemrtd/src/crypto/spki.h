/*
 * spki.h - SubjectPublicKeyInfo, RFC 5280 4.1.2.7, taken apart. For files of
 * this layer.
 */
#ifndef CRYPTO_SPKI_H
#define CRYPTO_SPKI_H

#include "core/cursor.h"

/* Views into the bytes that were parsed. */
struct emrtd_algorithm {
	struct emrtd_bytes oid;        /* content */
	struct emrtd_bytes parameters; /* whole object; NULL ptr if absent */
};

struct emrtd_spki {
	struct emrtd_bytes whole;
	struct emrtd_algorithm algorithm;
	struct emrtd_bytes key; /* without the unused-bits octet */
};

bool emrtd_spki_parse(struct emrtd_bytes in, struct emrtd_spki *out);
/* The next object is an AlgorithmIdentifier. */
bool emrtd_algorithm_parse(struct emrtd_bytes *in, struct emrtd_algorithm *out);
/*
 * The next object is an INTEGER above zero, of any length; without leading
 * zeros, which some states write more of than DER allows.
 */
bool emrtd_positive(struct emrtd_bytes *in, struct emrtd_bytes *out);
/* Bits of a number, big-endian, leading zeros allowed; 0 for zero. */
size_t emrtd_integer_bits(struct emrtd_bytes content);

#endif
