/*
 * ccid_list.c - USB readers for --list-readers: who is there, and what keeps
 * it from being used; a row for each slot. Each that could be read is claimed
 * for a moment and asked what lies on it; no document is touched.
 */
#include "transport/backends.h"
#include "transport/ccid_choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_MS 300

struct listing {
	struct emrtd_wake wake;
	struct emrtd_ccid_bus *bus;
	struct emrtd_ccid_found found[EMRTD_CCID_MAX_FOUND];
	uint8_t buffer[EMRTD_CCID_BUFFER_LEN];
};

/* Asks a slot of the claimed one. One that said nothing is asked no more. */
static void
ask_presence(struct emrtd_ccid_exchange *x, uint8_t slot,
    struct emrtd_reader_info *info)
{
	enum emrtd_ccid_icc icc;

	x->slot = slot;
	if (x->adrift || emrtd_ccid_resync(x, LIST_MS, &icc)) {
		info->trouble = EMRTD_READER_SILENT;
		return;
	}
	info->has_presence = true;
	if (icc != EMRTD_CCID_ICC_ABSENT)
		info->presence = EMRTD_PRESENT;
}

static void
describe(const struct emrtd_ccid_found *f, struct emrtd_reader_info *info)
{
	const struct emrtd_reader_row *row = emrtd_ccid_row(f);

	*info = (struct emrtd_reader_info){ .size = sizeof(*info) };
	snprintf(info->driver, sizeof(info->driver), "ccid");
	emrtd_ccid_found_name(f, info->name, sizeof(info->name));
	info->vendor = f->vendor;
	info->product = f->product;
	info->contactless = emrtd_ccid_found_contactless(f);
	info->presence = EMRTD_ABSENT;
	if (f->sound)
		emrtd_ccid_found_limits(f, &info->max_command,
		    &info->max_response, &info->extended);
	if (row && row->oddity)
		snprintf(info->detail, sizeof(info->detail), "%s", row->oddity);
	info->trouble = emrtd_ccid_found_trouble(f);
}

static void
list_one(struct listing *l, const struct emrtd_ccid_found *f,
    emrtd_see_reader *see, void *self)
{
	uint8_t n_slots = f->reader.n_slots > 0 ? f->reader.n_slots : 1;
	struct emrtd_ccid_exchange x;
	struct emrtd_reader_info info, one;
	char detail[64];
	bool ask;

	describe(f, &info);
	ask = info.trouble == EMRTD_READER_FINE;
	if (ask && emrtd_ccid_bus_claim(l->bus, f, &info.trouble, detail,
		       sizeof(detail))) {
		snprintf(info.detail, sizeof(info.detail), "%s", detail);
		ask = false;
	}
	emrtd_ccid_exchange_init(&x, emrtd_ccid_bus_pipe(l->bus), &f->reader, 0,
	    l->buffer);
	for (uint8_t slot = 0; slot < n_slots; slot++) {
		one = info;
		emrtd_ccid_found_uri(f, slot, one.uri, sizeof(one.uri));
		if (ask)
			ask_presence(&x, slot, &one);
		see(self, &one);
	}
	emrtd_ccid_bus_release(l->bus);
}

enum emrtd_error
emrtd_ccid_list(emrtd_see_reader *see, void *self)
{
	struct listing *l = calloc(1, sizeof(*l));
	size_t n;
	enum emrtd_error err = EMRTD_E_NO_MEMORY;

	if (!l)
		return EMRTD_E_NO_MEMORY;
	if (emrtd_wake_open(&l->wake))
		err = emrtd_ccid_bus_new(&l->wake, &l->bus);
	if (!err && emrtd_ccid_bus_scan(l->bus, l->found, &n) == EMRTD_OK)
		for (size_t i = 0; i < n; i++)
			list_one(l, &l->found[i], see, self);
	/* Without USB there are no readers on it: no error. */
	emrtd_ccid_bus_free(&l->bus);
	emrtd_wake_close(&l->wake);
	free(l);
	return err;
}
