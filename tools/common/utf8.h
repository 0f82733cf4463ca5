/*
 * Characters of text of unknown origin, for terminals and pages.
 */
#ifndef MRTD_TOOL_UTF8_H
#define MRTD_TOOL_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The character at text: its length in bytes, and *out is its number. 0 when
 * the bytes are not UTF-8 (cut, too long, past U+10FFFF) or len is 0;
 * surrogates are characters here, which utf8_is_acting knows.
 */
size_t utf8_next(const char *text, size_t len, uint32_t *out);

/*
 * Characters that act on what shows them, or on the order of what is shown,
 * or that do not show at all: controls, direction marks and overrides, zero
 * width, separators of lines, surrogates, tags.
 */
bool utf8_is_acting(uint32_t c);

#endif
