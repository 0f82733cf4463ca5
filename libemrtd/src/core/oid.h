/*
 * oid.h - object identifiers. The code names them in dotted text, so that
 * tables read like the standards; the bytes are compared by decoding.
 */
#ifndef CORE_OID_H
#define CORE_OID_H

#include "core/cursor.h"

#define EMRTD_OID_TEXT_CAP 96

/* content: of the OBJECT IDENTIFIER, without tag and length. */
bool emrtd_oid_is(struct emrtd_bytes content, const char *dotted);
/* True when content is dotted, or lies below it. */
bool emrtd_oid_below(struct emrtd_bytes content, const char *dotted);
/* Dotted text; "?" when malformed or too long. Always NUL-terminated. */
void emrtd_oid_text(struct emrtd_bytes content, char text[EMRTD_OID_TEXT_CAP]);
/* Writes tag 06, length and content. */
void emrtd_put_oid(struct emrtd_out *out, const char *dotted);
/* The same under another tag, as MSE:Set AT wants it. */
void emrtd_put_oid_as(struct emrtd_out *out, uint32_t tag, const char *dotted);

#endif
