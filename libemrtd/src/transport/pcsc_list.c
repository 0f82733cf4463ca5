/*
 * The readers that pcscd knows, for --list-readers. A reader is asked over a
 * direct handle, which touches no document; one that is in use says nothing.
 */
#include "transport/pcsc_job.h"

#include "transport/link_info.h"
#include "transport/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_MS 10000 /* for all readers together */

/* The worker's, until it is done. */
struct listing {
	struct emrtd_reader_info readers[EMRTD_PCSC_MAX_READERS];
	size_t n;
	LONG result;
};

static void
say(struct emrtd_reader_info *r, enum emrtd_reader_trouble trouble,
    const char *detail)
{
	r->trouble = trouble;
	snprintf(r->detail, sizeof(r->detail), "%s", detail);
}

static void
ask(SCARDCONTEXT context, const char *name, struct emrtd_reader_info *r)
{
	struct emrtd_link_info limits = { .size = sizeof(limits) };
	struct emrtd_pcsc_traits traits;
	const struct emrtd_reader_row *row;
	SCARDHANDLE card;
	DWORD protocol;
	LONG rc;

	rc = SCardConnect(context, name, SCARD_SHARE_DIRECT, 0, &card,
	    &protocol);
	if (rc == SCARD_E_SHARING_VIOLATION) {
		say(r, EMRTD_READER_BUSY,
		    "another program holds it exclusively; pcscd does not say "
		    "which");
		return;
	}
	if (rc != SCARD_S_SUCCESS) {
		say(r, EMRTD_READER_SILENT, pcsc_stringify_error(rc));
		return;
	}
	emrtd_pcsc_ask_reader(card, &traits);
	SCardDisconnect(card, SCARD_LEAVE_CARD);
	row = emrtd_pcsc_row(&traits, name);
	emrtd_pcsc_apply(&traits, row, &limits);
	r->vendor = traits.vendor;
	r->product = traits.product;
	r->extended = limits.extended;
	r->max_command = limits.max_command;
	r->max_response = limits.max_response;
	memcpy(r->detail, limits.oddity, sizeof(r->detail));
	r->detail[sizeof(r->detail) - 1] = '\0';
	if (row != NULL && (row->flags & EMRTD_ROW_CONTACTLESS) != 0)
		r->contactless = true;
}

/*
 * A part of a name does for the whole. pcscd has it from the reader, which may
 * have put anything into it.
 */
static int
printable_start(const char *name)
{
	int n = 0;

	while (name[n] >= ' ' && name[n] <= '~' && n < MAX_READERNAME)
		n++;
	return n;
}

static void
list_one(SCARDCONTEXT context, const SCARD_READERSTATE *state,
    struct emrtd_reader_info *r)
{
	const char *name = state->szReader;
	struct emrtd_link_info printable;

	memset(r, 0, sizeof(*r));
	r->size = sizeof(*r);
	emrtd_link_info_name(&printable, name);
	memcpy(r->name, printable.name, sizeof(r->name));
	snprintf(r->uri, sizeof(r->uri), "pcsc:%.*s", printable_start(name),
	    name);
	memcpy(r->driver, "pcsc", 5);
	r->has_presence = true;
	r->presence = emrtd_pcsc_is_present(state) ? EMRTD_PRESENT
						   : EMRTD_ABSENT;
	r->contactless = emrtd_reader_name_contactless(name) ||
			 emrtd_atr_contactless(emrtd_pcsc_atr_of(state));
	ask(context, name, r);
	if (!r->contactless && r->trouble == EMRTD_READER_FINE)
		r->trouble = EMRTD_READER_CONTACTS;
}

static void
job_list(void *self)
{
	SCARD_READERSTATE states[EMRTD_PCSC_MAX_READERS];
	struct listing *l = self;
	SCARDCONTEXT context;
	char *names;
	size_t n;

	l->result = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL,
	    &context);
	if (l->result != SCARD_S_SUCCESS)
		return;
	l->result = emrtd_pcsc_states(context, &names, states, &n);
	for (size_t i = 0; l->result == SCARD_S_SUCCESS && i < n; i++)
		list_one(context, &states[i], &l->readers[l->n++]);
	if (names)
		SCardFreeMemory(context, names);
	SCardReleaseContext(context);
}

/* pcscd itself, when it is what is wrong. */
static void
see_service(emrtd_see_reader *see, void *self,
    enum emrtd_reader_trouble trouble, const char *detail)
{
	struct emrtd_reader_info r = { .size = sizeof(r),
		.uri = "pcsc:",
		.name = "pcscd",
		.driver = "pcsc" };

	say(&r, trouble, detail);
	see(self, &r);
}

enum emrtd_error
emrtd_pcsc_list(emrtd_see_reader *see, void *self)
{
	struct listing *l = calloc(1, sizeof(*l));
	struct emrtd_worker *worker;

	if (!l || emrtd_worker_new(l, free, &worker) != EMRTD_OK) {
		free(l);
		return EMRTD_E_NO_MEMORY;
	}
	/* One that hangs keeps what is its own; we look no more. */
	if (emrtd_worker_run(worker, job_list, LIST_MS) != EMRTD_OK)
		see_service(see, self, EMRTD_READER_SILENT,
		    "pcscd does not answer");
	else if (l->result == SCARD_E_NO_SERVICE)
		see_service(see, self, EMRTD_READER_NO_SERVICE, "");
	else if (l->result != SCARD_S_SUCCESS &&
		 l->result != SCARD_E_NO_READERS_AVAILABLE)
		see_service(see, self,
		    l->result == SCARD_W_SECURITY_VIOLATION
			? EMRTD_READER_PERMISSION
			: EMRTD_READER_SILENT,
		    pcsc_stringify_error(l->result));
	else
		for (size_t i = 0; i < l->n; i++)
			see(self, &l->readers[i]);
	emrtd_worker_free(&worker);
	return EMRTD_OK;
}
