/*
 * tlv.h - BER-TLV and DER data objects out of hostile bytes.
 *
 * The BER functions take what chips send: definite lengths, not necessarily
 * minimal. The DER functions refuse lengths that are not minimal. Indefinite
 * lengths are refused by both. Tags of up to three bytes, lengths of up to
 * four. All cursors as in cursor.h.
 */
#ifndef CORE_TLV_H
#define CORE_TLV_H

#include "core/cursor.h"

/* The next object must have this tag. */
bool emrtd_tlv(struct emrtd_bytes *in, uint32_t tag, struct emrtd_bytes *value);
/* The next object, whatever it is. */
bool emrtd_tlv_any(struct emrtd_bytes *in, uint32_t *tag,
    struct emrtd_bytes *value);
/*
 * The next object if it has this tag. False only when it has, and is
 * malformed. *value has a NULL ptr when the object is absent.
 */
bool emrtd_tlv_optional(struct emrtd_bytes *in, uint32_t tag,
    struct emrtd_bytes *value);
/* The next tag without taking it; false at the end or when malformed. */
bool emrtd_tlv_peek(const struct emrtd_bytes *in, uint32_t *tag);
/*
 * Head of the object at the start of 'in', whose value may lie beyond the
 * bytes at hand: for learning a file's length from its first bytes.
 */
bool emrtd_tlv_head(struct emrtd_bytes in, uint32_t *tag, size_t *head_len,
    size_t *value_len);
/* As emrtd_tlv_any, and *whole is the object with its tag and length. */
bool emrtd_tlv_whole(struct emrtd_bytes *in, uint32_t *tag,
    struct emrtd_bytes *value, struct emrtd_bytes *whole);

/* The same with DER's minimal lengths. */
bool emrtd_der(struct emrtd_bytes *in, uint32_t tag, struct emrtd_bytes *value);
bool emrtd_der_any(struct emrtd_bytes *in, uint32_t *tag,
    struct emrtd_bytes *value);
bool emrtd_der_optional(struct emrtd_bytes *in, uint32_t tag,
    struct emrtd_bytes *value);

/* A non-negative INTEGER's content that fits 32 bits. */
bool emrtd_uint(struct emrtd_bytes content, uint32_t *out);

#endif
