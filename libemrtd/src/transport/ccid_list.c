/*
 * ccid_list.c - USB readers for --list-readers: who is there, and what keeps
 * it from being used. Each that could be read is claimed for a moment and
 * asked whether something lies on it; no document is touched.
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

/* Asks every slot of the claimed one. */
static enum emrtd_error
ask_presence(struct listing *l, const struct emrtd_ccid_interface *reader,
    struct emrtd_reader_info *info)
{
	struct emrtd_ccid_exchange x;
	enum emrtd_ccid_icc icc;
	enum emrtd_error err = EMRTD_OK;

	emrtd_ccid_exchange_init(&x, emrtd_ccid_bus_pipe(l->bus), reader, 0,
	    l->buffer);
	for (uint8_t slot = 0; slot < reader->n_slots; slot++) {
		x.slot = slot;
		err = emrtd_ccid_resync(&x, LIST_MS, &icc);
		if (err)
			return err;
		info->has_presence = true;
		if (icc != EMRTD_CCID_ICC_ABSENT)
			info->presence = EMRTD_PRESENT;
	}
	return EMRTD_OK;
}

static void
describe(const struct emrtd_ccid_found *f, struct emrtd_reader_info *info)
{
	const struct emrtd_reader_row *row = emrtd_ccid_row(f);

	*info = (struct emrtd_reader_info){ .size = sizeof(*info) };
	snprintf(info->uri, sizeof(info->uri), "ccid:%03u.%03u", f->bus,
	    f->address);
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
    struct emrtd_reader_info *info)
{
	enum emrtd_reader_trouble trouble;
	char detail[64];

	describe(f, info);
	if (info->trouble != EMRTD_READER_FINE)
		return;
	if (emrtd_ccid_bus_claim(l->bus, f, &trouble, detail, sizeof(detail))) {
		info->trouble = trouble;
		snprintf(info->detail, sizeof(info->detail), "%s", detail);
	} else if (ask_presence(l, &f->reader, info)) {
		info->trouble = EMRTD_READER_SILENT;
	}
	emrtd_ccid_bus_release(l->bus);
}

enum emrtd_error
emrtd_ccid_list(emrtd_see_reader *see, void *self)
{
	struct emrtd_reader_info info;
	struct listing *l = calloc(1, sizeof(*l));
	size_t n;
	enum emrtd_error err = EMRTD_E_NO_MEMORY;

	if (!l)
		return EMRTD_E_NO_MEMORY;
	if (emrtd_wake_open(&l->wake))
		err = emrtd_ccid_bus_new(&l->wake, &l->bus);
	if (!err && emrtd_ccid_bus_scan(l->bus, l->found, &n) == EMRTD_OK)
		for (size_t i = 0; i < n; i++) {
			list_one(l, &l->found[i], &info);
			see(self, &info);
		}
	/* Without USB there are no readers on it: no error. */
	emrtd_ccid_bus_free(&l->bus);
	emrtd_wake_close(&l->wake);
	free(l);
	return err;
}
