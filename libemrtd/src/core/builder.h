/*
 * builder.h - writing bytes with sticky overflow: write everything, check
 * out->bad once.
 */
#ifndef CORE_BUILDER_H
#define CORE_BUILDER_H

#include <emrtd/bytes.h>

void emrtd_put(struct emrtd_out *out, struct emrtd_bytes bytes);
void emrtd_put_u8(struct emrtd_out *out, uint8_t v);
void emrtd_put_u16(struct emrtd_out *out, uint16_t v);
void emrtd_put_u32(struct emrtd_out *out, uint32_t v);
/*
 * Takes n bytes, at least one, at the end for the caller to fill at once;
 * NULL when they do not fit.
 */
uint8_t *emrtd_put_space(struct emrtd_out *out, size_t n);
/* What was written since out->len was 'mark'; empty when out is bad. */
struct emrtd_bytes emrtd_out_since(const struct emrtd_out *out, size_t mark);
/* Wipes what was written since, and takes it back. */
void emrtd_out_rewind(struct emrtd_out *out, size_t mark);
/* n times the byte v. */
void emrtd_put_fill(struct emrtd_out *out, uint8_t v, size_t n);

/* Tag, minimal definite length, value. Tags are 0x30, 0x5F1F, 0x7F61 ... */
void emrtd_put_tlv(struct emrtd_out *out, uint32_t tag, struct emrtd_bytes v);
void emrtd_put_tlv_head(struct emrtd_out *out, uint32_t tag, size_t len);

/*
 * Nested objects: emrtd_open writes the tag and returns a mark, emrtd_close
 * inserts the length of all that was written since.
 */
size_t emrtd_open(struct emrtd_out *out, uint32_t tag);
void emrtd_close(struct emrtd_out *out, size_t mark);

#endif
