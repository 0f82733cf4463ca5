/*
 * Keyboard layouts, as far as a zone needs them: where A-Z, 0-9 and '<' are.
 * Key codes are those of the kernel (linux/input-event-codes.h), which name
 * places on a US keyboard. The case of letters does not matter in a zone.
 */
#ifndef MRTD_TOOL_KEY_LAYOUTS_H
#define MRTD_TOOL_KEY_LAYOUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bits of a level. */
#define KEY_LEVEL_SHIFT 1
#define KEY_LEVEL_ALTGR 2

/* The three rows of letters of a keyboard, ten keys each. */
#define KEY_LAYOUT_ROWS    3
#define KEY_LAYOUT_COLUMNS 10

struct key_layout {
	const char *names; /* of countries as XKB has them, parted by blanks */
	const char *rows[KEY_LAYOUT_ROWS]; /* '.': no letter */
	uint8_t digit_level;
	uint8_t zero;   /* its key */
	uint8_t filler; /* the key of '<', and its level */
	uint8_t filler_level;
};

#define KEY_LAYOUT_MAX 8

extern const struct key_layout key_layouts[];
extern const size_t n_key_layouts; /* at most KEY_LAYOUT_MAX */

/* The row that has this name ("de"), or n_key_layouts. */
size_t key_layout_find(const char *name);

/* The character of a key; '\0' for one that a zone does not have. caps: the
 * lock is on, which some systems take for Shift on all keys. */
char key_layout_character(const struct key_layout *layout, unsigned key,
    unsigned level, bool caps);

#endif
