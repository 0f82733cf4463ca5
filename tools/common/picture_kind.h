/*
 * Formats of pictures by their first bytes, and the words for what passes as
 * a number; for both sides of the helper.
 */
#ifndef MRTD_TOOL_PICTURE_KIND_H
#define MRTD_TOOL_PICTURE_KIND_H

#include "picture_wire.h"

#include <stddef.h>
#include <stdint.h>

/* PICTURE_NO_FORMAT for all that is not in the table. */
enum picture_format picture_format_of(const uint8_t *bytes, size_t len);

/* "jpeg"; "" for PICTURE_NO_FORMAT and numbers that are none. */
const char *picture_format_name(enum picture_format format);

/* The sentence for a person; "" for PICTURE_R_NONE and for no reason. */
const char *picture_reason_text(unsigned reason);

#endif
