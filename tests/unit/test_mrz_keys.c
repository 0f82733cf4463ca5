/* Readers that type: layouts against those of XKB, and keys to documents. */
#include "test.h"

#include "mrz_keys.h"

#include <linux/input-event-codes.h>
#include <string.h>
#include <xkbcommon/xkbcommon.h>

#define TD3_1 "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
#define TD3_2 "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
#define TD3   TD3_1 "\n" TD3_2 "\n"
/* Nothing but the name tells de from es here, and no digit protects it. */
#define ZOE_1 "P<UTOERIKSSON<<ZOE<<<<<<<<<<<<<<<<<<<<<<<<<<"
#define ZOE_2 "L898902C36UTO7408122F1204159<<<<<<<<<<<<<<08"
#define ZOE   ZOE_1 "\n" ZOE_2 "\n"

#define XKB_OFFSET 8 /* its key codes are the kernel's plus this */
#define ALPHABET   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"

static struct mrz_keys keys;
static struct mrz_swipe last;
static char events[64];
static int64_t now;

/* ---- Layouts --------------------------------------------------------- */

/* Where a layout has a character: the key and level of it. */
static bool
place_of(const struct key_layout *layout, char c, unsigned *key,
    unsigned *level)
{
	for (*level = 0; *level < 4; ++*level)
		for (*key = KEY_1; *key <= KEY_102ND; ++*key)
			if (key_layout_character(layout, *key, *level, false) ==
			    c)
				return true;
	return false;
}

static char
upper(char c)
{
	return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

/* What XKB has at a key and level; '\0' for what is no ASCII. */
static char
xkb_character(struct xkb_keymap *map, unsigned key, unsigned level)
{
	const xkb_keysym_t *symbols;
	uint32_t code;

	if (xkb_keymap_key_get_syms_by_level(map, key + XKB_OFFSET, 0, level,
		&symbols) != 1)
		return '\0';
	code = xkb_keysym_to_utf32(symbols[0]);
	return code < 0x80 ? (char)code : '\0';
}

static void
compare_with_xkb(struct xkb_context *context, const char *name,
    const struct key_layout *layout)
{
	const struct xkb_rule_names names = { "evdev", "pc105", name, "", "" };
	struct xkb_keymap *map = xkb_keymap_new_from_names(context, &names,
	    XKB_KEYMAP_COMPILE_NO_FLAGS);

	print_message("%s\n", name);
	assert_non_null(map);
	for (const char *c = ALPHABET; *c != '\0'; c++) {
		unsigned key, level;

		assert_true(place_of(layout, *c, &key, &level));
		/* Readers send capitals. */
		if (*c >= 'A' && *c <= 'Z')
			level = KEY_LEVEL_SHIFT;
		assert_int_equal(upper(xkb_character(map, key, level)), *c);
	}
	xkb_keymap_unref(map);
}

static void
layouts_are_those_of_xkb(void **state)
{
	struct xkb_context *context = xkb_context_new(XKB_CONTEXT_NO_FLAGS);
	size_t n = 0;

	(void)state;
	assert_non_null(context);
	for (size_t i = 0; i < n_key_layouts; i++) {
		char names[128], *rest = names, *name;

		assert_true(strlen(key_layouts[i].names) < sizeof(names));
		strcpy(names, key_layouts[i].names);
		while ((name = strsep(&rest, " ")) != NULL) {
			assert_int_equal(key_layout_find(name), i);
			compare_with_xkb(context, name, &key_layouts[i]);
			n++;
		}
	}
	assert_true(n >= 30);
	assert_int_equal(key_layout_find(""), n_key_layouts);
	assert_int_equal(key_layout_find("us gb"), n_key_layouts);
	assert_int_equal(key_layout_find("d"), n_key_layouts);
	xkb_context_unref(context);
}

/* ---- Typing ---------------------------------------------------------- */

static void
drain(void)
{
	struct mrz_swipe swipe;
	enum mrz_device_event event;

	while (
	    (event = mrz_keys_take(&keys, now, &swipe)) != MRZ_DEVICE_NOTHING) {
		size_t n = strlen(events);

		assert_true(n < sizeof(events) - 1);
		events[n] = event == MRZ_DEVICE_DOCUMENT ? 'D' : 'R';
		last = swipe;
	}
}

static void
event(unsigned key, int value)
{
	now++;
	mrz_keys_event(&keys, key, value, now);
	drain();
}

static void
tap(unsigned key)
{
	event(key, 1);
	event(key, 0);
}

static void
later(int64_t ms)
{
	now += ms;
	drain();
}

static void
give_up(void)
{
	later(MRZ_COLLECT_SETTLE_MS);
	later(MRZ_COLLECT_GAP_MS);
}

static void
type_character(const struct key_layout *layout, char c)
{
	unsigned key, level;

	if (c == '\n') {
		tap(KEY_ENTER);
		return;
	}
	assert_true(place_of(layout, c, &key, &level));
	if (c >= 'A' && c <= 'Z')
		level = KEY_LEVEL_SHIFT;
	if ((level & KEY_LEVEL_SHIFT) != 0)
		event(KEY_LEFTSHIFT, 1);
	if ((level & KEY_LEVEL_ALTGR) != 0)
		event(KEY_RIGHTALT, 1);
	tap(key);
	if ((level & KEY_LEVEL_ALTGR) != 0)
		event(KEY_RIGHTALT, 0);
	if ((level & KEY_LEVEL_SHIFT) != 0)
		event(KEY_LEFTSHIFT, 0);
}

static void
type(const char *layout, const char *text)
{
	size_t i = key_layout_find(layout);

	assert_true(i < n_key_layouts);
	for (; *text != '\0'; text++)
		type_character(&key_layouts[i], *text);
}

static void
begin(const char *layout)
{
	mrz_keys_init(&keys,
	    layout != NULL ? key_layout_find(layout) : n_key_layouts);
	memset(&last, 0, sizeof(last));
	memset(events, 0, sizeof(events));
	now = 1000;
}

static void
any_layout_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_key_layouts; i++) {
		char name[8] = "";

		memcpy(name, key_layouts[i].names,
		    strcspn(key_layouts[i].names, " "));
		print_message("%s\n", name);
		begin(NULL);
		type(name, TD3);
		assert_string_equal(events, "D");
		assert_string_equal(last.text, TD3);
		assert_string_equal(last.how, key_layouts[i].names);
		begin(name);
		type(name, TD3);
		assert_string_equal(events, "D");
		assert_string_equal(last.text, TD3);
		/* And a wrong one is no document. */
		begin(NULL);
		keys.use &= ~(1u << i);
		keys.live = keys.use;
		type(name, TD3);
		give_up();
		assert_string_equal(events, "R");
	}
}

/* Layouts that differ in the name alone: no guess. What was read before
 * decides, and the name of the layout. */
static void
ambiguous_layouts(void **state)
{
	(void)state;
	begin(NULL);
	type("de", ZOE);
	assert_string_equal(events, "R");
	assert_non_null(strstr(last.why, "layout"));
	type("de", TD3);
	assert_string_equal(events, "RD");
	type("de", ZOE);
	assert_string_equal(events, "RDD");
	assert_string_equal(last.text, ZOE);
	/* Another reader, which was set up otherwise. */
	type("fr", TD3);
	assert_string_equal(events, "RDDD");
	assert_string_equal(last.text, TD3);
	begin("es");
	type("es", ZOE);
	assert_string_equal(events, "D");
	assert_string_equal(last.text, ZOE);
}

static void
two_documents_and_half_a_one(void **state)
{
	(void)state;
	begin(NULL);
	type("us", TD3 TD3);
	assert_string_equal(events, "DD");
	type("us", TD3_1 "\nL898902");
	give_up();
	assert_string_equal(events, "DDR");
	assert_int_equal(mrz_keys_due(&keys), -1);
	type("us", TD3);
	assert_string_equal(events, "DDRD");
	/* What was not a document is told, and the one behind it is given. */
	type("us", TD3_1 "\n" TD3_1 "\n" TD3);
	assert_string_equal(events, "DDRDRD");
}

/* Keys that repeat, a release that never comes, and locks. */
static void
stuck_keys_and_locks(void **state)
{
	(void)state;
	begin("us");
	type("us", TD3_1 "\n");
	event(KEY_L, 1);
	for (int i = 0; i < 100; i++)
		event(KEY_L, 2);
	type("us", &TD3_2[1]);
	tap(KEY_ENTER);
	assert_string_equal(events, "D");
	/* Shift stays down: what is read is wrong, and is not taken. */
	event(KEY_RIGHTSHIFT, 1);
	type("us", TD3);
	give_up();
	assert_string_equal(events, "DR");
	event(KEY_RIGHTSHIFT, 0);
	type("us", TD3);
	assert_string_equal(events, "DRD");
	tap(KEY_CAPSLOCK);
	type("us", TD3);
	tap(KEY_CAPSLOCK);
	tap(KEY_NUMLOCK);
	assert_string_equal(events, "DRDD");
}

/* The lock is Shift for the digits of a French keyboard, as one of its systems
 * has it; then the reader sends no Shift. */
static void
french_digits_under_the_lock(void **state)
{
	const struct key_layout *fr = &key_layouts[key_layout_find("fr")];

	(void)state;
	begin("fr");
	tap(KEY_CAPSLOCK);
	for (const char *c = TD3; *c != '\0'; c++) {
		unsigned key, level;

		if (*c >= '0' && *c <= '9') {
			assert_true(place_of(fr, *c, &key, &level));
			tap(key);
		} else
			type_character(fr, *c);
	}
	assert_string_equal(events, "D");
	assert_string_equal(last.text, TD3);
	tap(KEY_CAPSLOCK);
	tap(KEY_1);
	assert_int_equal(key_layout_character(fr, KEY_1, 0, false), '\0');
}

/* What was down at the grab. */
static void
state_at_the_grab(void **state)
{
	uint8_t down[32] = { 0 };

	(void)state;
	begin("fr");
	down[KEY_LEFTSHIFT / 8] |= 1u << KEY_LEFTSHIFT % 8;
	mrz_keys_state(&keys, down, sizeof(down), true);
	assert_true(keys.down[MRZ_SHIFT_LEFT] && !keys.down[MRZ_SHIFT_RIGHT]);
	assert_true(keys.caps);
	event(KEY_LEFTSHIFT, 0);
	type("fr", TD3);
	assert_string_equal(events, "D");
	/* Lost events: what was begun is none, and the state is read anew. */
	type("fr", TD3_1);
	mrz_keys_lost(&keys);
	down[KEY_LEFTSHIFT / 8] = 0;
	mrz_keys_state(&keys, down, sizeof(down), false);
	drain();
	assert_string_equal(events, "DR");
	type("fr", TD3);
	assert_string_equal(events, "DRD");
}

/* Alt and a number on the pad is a character in any layout. */
static void
type_code(char c)
{
	static const unsigned pad[] = { KEY_KP0, KEY_KP1, KEY_KP2, KEY_KP3,
		KEY_KP4, KEY_KP5, KEY_KP6, KEY_KP7, KEY_KP8, KEY_KP9 };
	unsigned code = (unsigned char)c;

	event(KEY_LEFTALT, 1);
	for (unsigned unit = 1000; unit > 0; unit /= 10)
		tap(pad[code / unit % 10]);
	event(KEY_LEFTALT, 0);
}

static void
pad_codes_and_control_keys(void **state)
{
	(void)state;
	begin(NULL);
	for (const char *c = TD3; *c != '\0'; c++)
		type_code(*c);
	assert_string_equal(events, "D");
	assert_string_equal(last.text, TD3);
	/* Ctrl+B and Ctrl+C: a frame; digits by the pad; Tab ends a line. */
	begin("de");
	event(KEY_LEFTCTRL, 1);
	tap(KEY_B);
	event(KEY_LEFTCTRL, 0);
	type("de", TD3_1);
	tap(KEY_TAB);
	type("de", "L");
	tap(KEY_KP8);
	tap(KEY_KP9);
	type("de", &TD3_2[3]);
	tap(KEY_KPENTER);
	assert_string_equal(events, "");
	event(KEY_RIGHTCTRL, 1);
	tap(KEY_C);
	event(KEY_RIGHTCTRL, 0);
	assert_string_equal(events, "D");
	assert_string_equal(last.text, TD3);
}

static void
escape(void **state)
{
	(void)state;
	begin(NULL);
	tap(KEY_ESC);
	tap(KEY_ESC);
	tap(KEY_A);
	tap(KEY_ESC);
	tap(KEY_ESC);
	assert_false(mrz_keys_escaped(&keys));
	tap(KEY_ESC);
	assert_true(mrz_keys_escaped(&keys));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layouts_are_those_of_xkb),
		cmocka_unit_test(any_layout_is_found),
		cmocka_unit_test(ambiguous_layouts),
		cmocka_unit_test(two_documents_and_half_a_one),
		cmocka_unit_test(stuck_keys_and_locks),
		cmocka_unit_test(french_digits_under_the_lock),
		cmocka_unit_test(state_at_the_grab),
		cmocka_unit_test(pad_codes_and_control_keys),
		cmocka_unit_test(escape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
