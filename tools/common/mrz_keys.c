#include "mrz_keys.h"

#include <linux/input-event-codes.h>
#include <string.h>

#define MAX_CODE_DIGITS 4
/* A key that is no character of the layout: it keeps its place in the line. */
#define NO_CHARACTER '?'

static const char ambiguous[] =
    "keyboard layouts read it differently; name the one of the reader";

static const struct {
	unsigned key;
	char character;
} fixed[] = {
	{ KEY_ENTER, '\r' },
	{ KEY_KPENTER, '\r' },
	{ KEY_TAB, '\r' },
	{ KEY_KP0, '0' },
	{ KEY_KP1, '1' },
	{ KEY_KP2, '2' },
	{ KEY_KP3, '3' },
	{ KEY_KP4, '4' },
	{ KEY_KP5, '5' },
	{ KEY_KP6, '6' },
	{ KEY_KP7, '7' },
	{ KEY_KP8, '8' },
	{ KEY_KP9, '9' },
};

static bool
is_used(const struct mrz_keys *keys, size_t layout)
{
	return (keys->use >> layout & 1) != 0;
}

void
mrz_keys_init(struct mrz_keys *keys, size_t layout)
{
	memset(keys, 0, sizeof(*keys));
	keys->use = layout < n_key_layouts ? 1u << layout
					   : (1u << n_key_layouts) - 1;
	keys->live = keys->use;
	for (size_t i = 0; i < n_key_layouts; i++)
		mrz_collect_init(&keys->readings[i], MRZ_PROTOCOL_LINES);
}

static const unsigned modifier_keys[MRZ_N_MODIFIERS] = {
	[MRZ_SHIFT_LEFT] = KEY_LEFTSHIFT,
	[MRZ_SHIFT_RIGHT] = KEY_RIGHTSHIFT,
	[MRZ_CONTROL_LEFT] = KEY_LEFTCTRL,
	[MRZ_CONTROL_RIGHT] = KEY_RIGHTCTRL,
	[MRZ_ALT] = KEY_LEFTALT,
	[MRZ_ALTGR] = KEY_RIGHTALT,
};

void
mrz_keys_state(struct mrz_keys *keys, const uint8_t *down, size_t n_down,
    bool caps)
{
	for (size_t i = 0; i < MRZ_N_MODIFIERS; i++) {
		unsigned key = modifier_keys[i];

		keys->down[i] = key / 8 < n_down &&
				(down[key / 8] >> key % 8 & 1) != 0;
	}
	keys->caps = caps;
	keys->code = 0;
	keys->digits = 0;
}

/* The same character in all layouts. */
static void
feed_all(struct mrz_keys *keys, char character, int64_t now)
{
	for (size_t i = 0; i < n_key_layouts; i++)
		if (is_used(keys, i))
			mrz_collect_byte(&keys->readings[i], (uint8_t)character,
			    now);
}

/* Ctrl+B is STX: readers type their frames so. */
static char
control_character(char letter)
{
	return letter >= 'A' && letter <= 'Z' ? (char)(letter & 0x1f)
					      : NO_CHARACTER;
}

static void
feed_key(struct mrz_keys *keys, unsigned key, int64_t now)
{
	unsigned level = (keys->down[MRZ_SHIFT_LEFT] ||
				     keys->down[MRZ_SHIFT_RIGHT]
				 ? KEY_LEVEL_SHIFT
				 : 0u) |
			 (keys->down[MRZ_ALTGR] ? KEY_LEVEL_ALTGR : 0u);

	for (size_t i = 0; i < n_key_layouts; i++) {
		char c = key_layout_character(&key_layouts[i], key, level,
		    keys->caps);

		if (!is_used(keys, i))
			continue;
		if (keys->down[MRZ_CONTROL_LEFT] ||
		    keys->down[MRZ_CONTROL_RIGHT])
			c = control_character(c);
		if (c == '\0' || keys->down[MRZ_ALT])
			c = NO_CHARACTER;
		mrz_collect_byte(&keys->readings[i], (uint8_t)c, now);
	}
}

static char
fixed_character(unsigned key)
{
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (fixed[i].key == key)
			return fixed[i].character;
	return '\0';
}

/* Alt down, a number on the pad, Alt up: a character in any layout. */
static bool
is_code_digit(struct mrz_keys *keys, char digit)
{
	if (!keys->down[MRZ_ALT] || digit < '0' || digit > '9')
		return false;
	if (keys->digits < MAX_CODE_DIGITS) {
		keys->code = 10 * keys->code + (unsigned)(digit - '0');
		keys->digits++;
	}
	return true;
}

static void
end_code(struct mrz_keys *keys, int64_t now)
{
	unsigned code = keys->code;

	if (keys->digits == 0)
		return;
	keys->code = 0;
	keys->digits = 0;
	if (code >= 'a' && code <= 'z')
		code -= 'a' - 'A';
	feed_all(keys, code > 0 && code < 0x7f ? (char)code : NO_CHARACTER,
	    now);
}

static void
press(struct mrz_keys *keys, unsigned key, int64_t now)
{
	char character = fixed_character(key);

	keys->escapes = key == KEY_ESC ? keys->escapes + 1 : 0;
	/* Locks, also such as a reader switches around what it types. */
	if (key == KEY_NUMLOCK || key == KEY_SCROLLLOCK)
		return;
	if (key == KEY_CAPSLOCK)
		keys->caps = !keys->caps;
	else if (!is_code_digit(keys, character)) {
		if (character != '\0')
			feed_all(keys, character, now);
		else
			feed_key(keys, key, now);
	}
}

void
mrz_keys_event(struct mrz_keys *keys, unsigned key, int value, int64_t now)
{
	for (size_t i = 0; i < MRZ_N_MODIFIERS; i++) {
		if (key != modifier_keys[i])
			continue;
		keys->down[i] = value != 0;
		if (i == MRZ_ALT && value == 0)
			end_code(keys, now);
		return;
	}
	/* A reader does not hold keys: a repeat is a release that was lost. */
	if (value == 1)
		press(keys, key, now);
}

void
mrz_keys_lost(struct mrz_keys *keys)
{
	for (size_t i = 0; i < n_key_layouts; i++)
		if (is_used(keys, i))
			mrz_collect_drop(&keys->readings[i],
			    "the computer lost keys of the reader");
}

bool
mrz_keys_escaped(const struct mrz_keys *keys)
{
	return keys->escapes >= MRZ_KEYS_ESCAPES;
}

struct verdicts {
	unsigned good, bad; /* a bit each layout */
	struct mrz_swipe rejected;
	struct mrz_swipe swipes[KEY_LAYOUT_MAX];
};

static void
gather(struct mrz_keys *keys, int64_t now, struct verdicts *out)
{
	struct mrz_swipe swipe;
	enum mrz_device_event event;

	for (size_t i = 0; i < n_key_layouts; i++) {
		if (!is_used(keys, i))
			continue;
		while ((event = mrz_collect_take(&keys->readings[i], now,
			    &swipe)) != MRZ_DEVICE_NOTHING) {
			if (event == MRZ_DEVICE_DOCUMENT) {
				out->good |= 1u << i;
				out->swipes[i] = swipe;
				out->swipes[i].how = key_layouts[i].names;
			} else {
				out->bad |= 1u << i;
				out->rejected = swipe;
				out->rejected.how = "keyboard";
			}
		}
	}
	explicit_bzero(&swipe, sizeof(swipe));
}

/* The one text that the layouts of the mask read; NULL when they differ. */
static const struct mrz_swipe *
one_of(const struct verdicts *verdicts, unsigned mask)
{
	const struct mrz_swipe *found = NULL;

	for (size_t i = 0; i < n_key_layouts; i++) {
		const struct mrz_swipe *swipe = &verdicts->swipes[i];

		if ((mask >> i & 1) == 0)
			continue;
		if (found == NULL)
			found = swipe;
		else if (strcmp(found->text, swipe->text) != 0)
			return NULL;
	}
	return found;
}

/* What the layouts that read it in another way have of it is no document. */
static void
forget(struct mrz_keys *keys)
{
	for (size_t i = 0; i < n_key_layouts; i++)
		if (is_used(keys, i))
			mrz_collect_init(&keys->readings[i],
			    MRZ_PROTOCOL_LINES);
}

static enum mrz_device_event
give_document(struct mrz_keys *keys, struct verdicts *verdicts,
    struct mrz_swipe *out)
{
	unsigned mask = (verdicts->good & keys->live) != 0
			    ? verdicts->good & keys->live
			    : verdicts->good;
	const struct mrz_swipe *swipe = one_of(verdicts, mask);
	bool more = (verdicts->bad & mask) != 0;

	forget(keys);
	if (swipe == NULL) {
		memset(out, 0, sizeof(*out));
		out->how = "keyboard";
		out->why = ambiguous;
		return MRZ_DEVICE_REJECTED;
	}
	keys->live = mask;
	if (!more) {
		*out = *swipe;
		return MRZ_DEVICE_DOCUMENT;
	}
	keys->ready = *swipe;
	*out = verdicts->rejected;
	return MRZ_DEVICE_REJECTED;
}

enum mrz_device_event
mrz_keys_take(struct mrz_keys *keys, int64_t now, struct mrz_swipe *out)
{
	enum mrz_device_event event = MRZ_DEVICE_NOTHING;
	struct verdicts verdicts = { .good = 0 };

	if (keys->ready.len > 0) {
		*out = keys->ready;
		explicit_bzero(&keys->ready, sizeof(keys->ready));
		return MRZ_DEVICE_DOCUMENT;
	}
	gather(keys, now, &verdicts);
	if (verdicts.good != 0)
		event = give_document(keys, &verdicts, out);
	else if (verdicts.bad != 0) {
		*out = verdicts.rejected;
		event = MRZ_DEVICE_REJECTED;
	}
	explicit_bzero(&verdicts, sizeof(verdicts));
	return event;
}

int64_t
mrz_keys_due(const struct mrz_keys *keys)
{
	int64_t due = -1;

	if (keys->ready.len > 0)
		return 0;
	for (size_t i = 0; i < n_key_layouts; i++) {
		int64_t one = is_used(keys, i)
				  ? mrz_collect_due(&keys->readings[i])
				  : -1;

		if (one >= 0 && (due < 0 || one < due))
			due = one;
	}
	return due;
}
