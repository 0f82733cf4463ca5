/*
 * A reader that types: keys to documents. Pure, as mrz_collect.
 *
 * Which layout the reader was set up for is not to be seen on the line. Unless
 * it is given, each layout reads along, and the one in which the check digits
 * verify is right; it is kept for the next document. Layouts that verify and
 * differ (in a name no digit protects) are no document.
 */
#ifndef MRTD_TOOL_MRZ_KEYS_H
#define MRTD_TOOL_MRZ_KEYS_H

#include "key_layouts.h"
#include "mrz_collect.h"

/* So often Esc without another key gives the keyboard back: whoever grabbed
 * the only one can do nothing else. */
#define MRZ_KEYS_ESCAPES 3

enum mrz_modifier {
	MRZ_SHIFT_LEFT,
	MRZ_SHIFT_RIGHT,
	MRZ_CONTROL_LEFT,
	MRZ_CONTROL_RIGHT,
	MRZ_ALT,
	MRZ_ALTGR,
	MRZ_N_MODIFIERS
};

struct mrz_keys {
	struct mrz_collect readings[KEY_LAYOUT_MAX];
	unsigned use;  /* layouts that are tried, a bit each */
	unsigned live; /* those that read all documents so far */
	bool down[MRZ_N_MODIFIERS];
	bool caps;
	unsigned code;   /* typed on the numeric pad while Alt is down */
	unsigned digits; /* of it */
	unsigned escapes;
	struct mrz_swipe ready; /* to be given after what was rejected */
};

/* layout: of key_layouts, or n_key_layouts for any. */
void mrz_keys_init(struct mrz_keys *keys, size_t layout);

/* Keys that are down and the lock as the kernel has them (EVIOCGKEY): at the
 * beginning, and after events were lost. down has a bit for each key. */
void mrz_keys_state(struct mrz_keys *keys, const uint8_t *down, size_t n_down,
    bool caps);

/* value: 1 pressed, 0 released, 2 repeated by the kernel. Take must have said
 * NOTHING since the last one. */
void mrz_keys_event(struct mrz_keys *keys, unsigned key, int value,
    int64_t now);

/* Events were lost: what was begun is no document. */
void mrz_keys_lost(struct mrz_keys *keys);

/* The escape was typed. */
bool mrz_keys_escaped(const struct mrz_keys *keys);

enum mrz_device_event mrz_keys_take(struct mrz_keys *keys, int64_t now,
    struct mrz_swipe *out);
int64_t mrz_keys_due(const struct mrz_keys *keys);

#endif
