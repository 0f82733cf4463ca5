#include "key_layouts.h"

#include <linux/input-event-codes.h>
#include <string.h>

#define QWERTY                                           \
	{                                                \
		"QWERTYUIOP", "ASDFGHJKL.", "ZXCVBNM..." \
	}
#define QWERTZ                                           \
	{                                                \
		"QWERTZUIOP", "ASDFGHJKL.", "YXCVBNM..." \
	}
#define AZERTY                                           \
	{                                                \
		"AZERTYUIOP", "QSDFGHJKLM", "WXCVBN...." \
	}

/* Countries whose layouts differ elsewhere share a row. The names stand for
 * the first layout that XKB has under them (test_key_layouts compares). */
const struct key_layout key_layouts[] = {
	{ "us gb ie pl ro lv br jp mt", QWERTY, 0, KEY_0, KEY_COMMA, 1 },
	{ "de at ch hr si ba al", QWERTZ, 0, KEY_0, KEY_102ND, 0 },
	{ "es it pt latam dk no se fi is ee tr", QWERTY, 0, KEY_0, KEY_102ND,
	    0 },
	{ "fr be", AZERTY, 1, KEY_0, KEY_102ND, 0 },
	{ "nl ca", QWERTY, 0, KEY_0, KEY_BACKSLASH, 0 },
	{ "hu", QWERTZ, 0, KEY_GRAVE, KEY_102ND, KEY_LEVEL_ALTGR },
	{ "cz sk", QWERTZ, 1, KEY_0, KEY_COMMA, KEY_LEVEL_ALTGR },
};

const size_t n_key_layouts = sizeof(key_layouts) / sizeof(key_layouts[0]);
_Static_assert(sizeof(key_layouts) / sizeof(key_layouts[0]) <= KEY_LAYOUT_MAX,
    "as many as callers have room for");

/* The key at the left end of each row of letters. */
static const unsigned row_keys[KEY_LAYOUT_ROWS] = { KEY_Q, KEY_A, KEY_Z };

static bool
has_word(const char *words, const char *word, size_t len)
{
	while (*words != '\0') {
		size_t n = strcspn(words, " ");

		if (n == len && memcmp(words, word, n) == 0)
			return true;
		words += n + (words[n] == ' ');
	}
	return false;
}

size_t
key_layout_find(const char *name)
{
	size_t len = strlen(name), i = 0;

	while (i < n_key_layouts &&
	       (len == 0 || !has_word(key_layouts[i].names, name, len)))
		i++;
	return i;
}

static char
digit_at(const struct key_layout *layout, unsigned key)
{
	if (key == layout->zero)
		return '0';
	if (key >= KEY_1 && key <= KEY_9)
		return (char)('1' + (key - KEY_1));
	return '\0';
}

/* As printed on the keys: AltGr has none of these. */
static char
letter_at(const struct key_layout *layout, unsigned key)
{
	for (size_t i = 0; i < KEY_LAYOUT_ROWS; i++) {
		char c;

		if (key < row_keys[i] ||
		    key >= row_keys[i] + KEY_LAYOUT_COLUMNS)
			continue;
		c = layout->rows[i][key - row_keys[i]];
		return c == '.' ? '\0' : c;
	}
	return '\0';
}

static char
exact(const struct key_layout *layout, unsigned key, unsigned level)
{
	if (key == layout->filler && level == layout->filler_level)
		return '<';
	if (level == layout->digit_level && digit_at(layout, key) != '\0')
		return digit_at(layout, key);
	if ((level & KEY_LEVEL_ALTGR) != 0)
		return '\0';
	return letter_at(layout, key);
}

char
key_layout_character(const struct key_layout *layout, unsigned key,
    unsigned level, bool caps)
{
	char c = exact(layout, key, level);

	if (c == '\0' && caps)
		c = exact(layout, key, level ^ KEY_LEVEL_SHIFT);
	return c;
}
