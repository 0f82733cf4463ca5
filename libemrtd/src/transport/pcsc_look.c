/* The service, its readers, and what lies on them: jobs of the worker. */
#include "transport/pcsc_job.h"

#include "core/wipe.h"
#include "transport/wake.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SLICE_MS    500 /* a wait looks up so often, whatever it is told */
#define PLUG_N_PLAY "\\\\?PnP?\\Notification"

/* pcscd has ended, and this context with it. */
static bool
is_gone(LONG rc)
{
	return rc == SCARD_E_NO_SERVICE || rc == SCARD_E_SERVICE_STOPPED ||
	       rc == SCARD_E_INVALID_HANDLE || rc == SCARD_F_COMM_ERROR;
}

void
emrtd_pcsc_job_establish(void *context)
{
	struct emrtd_pcsc *pcsc = context;

	if (pcsc->established) {
		atomic_store(&pcsc->shown, 0);
		SCardReleaseContext(pcsc->context);
	}
	pcsc->connected = false;
	pcsc->result = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL,
	    &pcsc->context);
	pcsc->established = pcsc->result == SCARD_S_SUCCESS;
	if (pcsc->established)
		atomic_store(&pcsc->shown, (long)pcsc->context);
}

void
emrtd_pcsc_job_release(void *context)
{
	struct emrtd_pcsc *pcsc = context;

	emrtd_pcsc_disconnect(pcsc);
	if (pcsc->established)
		SCardReleaseContext(pcsc->context);
	/* What a call that nobody waited for was given, and gave. */
	emrtd_wipe(pcsc, sizeof(*pcsc));
	free(pcsc);
}

LONG
emrtd_pcsc_states(SCARDCONTEXT context, char **names, SCARD_READERSTATE *states,
    size_t *n_states)
{
	DWORD len = SCARD_AUTOALLOCATE;
	size_t n = 0;
	LONG rc;

	*names = NULL;
	*n_states = 0;
	rc = SCardListReaders(context, NULL, (LPSTR)names, &len);
	if (rc != SCARD_S_SUCCESS)
		return rc;
	memset(states, 0, EMRTD_PCSC_MAX_READERS * sizeof(states[0]));
	for (char *p = *names; *p && n < EMRTD_PCSC_MAX_READERS;
	     p += strlen(p) + 1)
		states[n++].szReader = p;
	*n_states = n;
	if (n == 0)
		return SCARD_E_NO_READERS_AVAILABLE;
	rc = SCardGetStatusChange(context, 0, states, (DWORD)n);
	return rc == SCARD_E_TIMEOUT ? SCARD_S_SUCCESS : rc;
}

/*
 * Also a card that does not answer (SCARD_STATE_MUTE): pcscd asks it again
 * only when somebody connects.
 */
bool
emrtd_pcsc_is_present(const SCARD_READERSTATE *state)
{
	return (state->dwEventState & SCARD_STATE_PRESENT) != 0;
}

struct emrtd_bytes
emrtd_pcsc_atr_of(const SCARD_READERSTATE *state)
{
	size_t len = state->cbAtr;

	return emrtd_bytes(state->rgbAtr,
	    len <= sizeof(state->rgbAtr) ? len : sizeof(state->rgbAtr));
}

/* The best reader into pcsc->reader; *present: a document is on it. */
static LONG
choose(struct emrtd_pcsc *pcsc, bool *present)
{
	SCARD_READERSTATE states[EMRTD_PCSC_MAX_READERS];
	unsigned score, best = 0;
	char *names;
	size_t n;
	LONG rc;

	*present = false;
	pcsc->reader[0] = '\0';
	rc = emrtd_pcsc_states(pcsc->context, &names, states, &n);
	for (size_t i = 0; rc == SCARD_S_SUCCESS && i < n; i++) {
		const char *name = states[i].szReader;
		bool here = emrtd_pcsc_is_present(&states[i]);

		if (!emrtd_reader_name_fits(name, pcsc->want) ||
		    strlen(name) >= sizeof(pcsc->reader))
			continue;
		score = 1 + emrtd_reader_score(name, here,
				emrtd_pcsc_atr_of(&states[i]));
		if (score <= best)
			continue;
		best = score;
		*present = here;
		memcpy(pcsc->reader, name, strlen(name) + 1);
	}
	if (names)
		SCardFreeMemory(pcsc->context, names);
	if (rc == SCARD_S_SUCCESS && best == 0)
		rc = SCARD_E_NO_READERS_AVAILABLE;
	return rc;
}

/* Is there a document on the chosen reader? A reader that is gone: no. */
static LONG
look(struct emrtd_pcsc *pcsc, bool *present)
{
	SCARD_READERSTATE states[EMRTD_PCSC_MAX_READERS];
	char *names;
	size_t n;
	LONG rc;

	*present = false;
	rc = emrtd_pcsc_states(pcsc->context, &names, states, &n);
	for (size_t i = 0; rc == SCARD_S_SUCCESS && i < n; i++)
		if (strcmp(states[i].szReader, pcsc->reader) == 0)
			*present = emrtd_pcsc_is_present(&states[i]);
	if (names)
		SCardFreeMemory(pcsc->context, names);
	return rc;
}

/*
 * Sleeps until something changes at any reader, plugging included, or ms have
 * passed. SCardCancel ends it.
 */
static LONG
await_change(struct emrtd_pcsc *pcsc, DWORD ms)
{
	SCARD_READERSTATE states[EMRTD_PCSC_MAX_READERS + 1];
	char *names;
	size_t n;
	LONG rc;

	rc = emrtd_pcsc_states(pcsc->context, &names, states, &n);
	if (rc == SCARD_S_SUCCESS || rc == SCARD_E_NO_READERS_AVAILABLE) {
		for (size_t i = 0; i < n; i++)
			states[i].dwCurrentState = states[i].dwEventState;
		memset(&states[n], 0, sizeof(states[n]));
		states[n].szReader = PLUG_N_PLAY;
		rc = SCardGetStatusChange(pcsc->context, ms, states,
		    (DWORD)n + 1);
	}
	if (names)
		SCardFreeMemory(pcsc->context, names);
	return rc;
}

static LONG
look_once(struct emrtd_pcsc *pcsc, bool *present)
{
	LONG rc;

	*present = false;
	rc = pcsc->presence == EMRTD_PRESENT || !pcsc->reader[0]
		 ? choose(pcsc, present)
		 : look(pcsc, present);
	return rc == SCARD_E_NO_READERS_AVAILABLE ? SCARD_S_SUCCESS : rc;
}

/* Without a service nothing is present, and there is nothing to sleep on. */
static LONG
await_service(DWORD ms)
{
	const struct timespec pause = { .tv_nsec = ms * 1000000L };

	nanosleep(&pause, NULL);
	return SCARD_S_SUCCESS;
}

/*
 * One look; a service that has died is asked for anew. SCARD_E_NO_SERVICE
 * once, when it is noticed.
 */
static LONG
look_or_heal(struct emrtd_pcsc *pcsc, bool *present)
{
	LONG rc = SCARD_E_NO_SERVICE;

	*present = false;
	if (pcsc->established)
		rc = look_once(pcsc, present);
	if (!is_gone(rc)) {
		pcsc->told_gone = false;
		return rc;
	}
	emrtd_pcsc_job_establish(pcsc);
	if (!pcsc->told_gone) {
		pcsc->told_gone = true;
		return SCARD_E_NO_SERVICE;
	}
	return SCARD_S_SUCCESS;
}

void
emrtd_pcsc_job_wait(void *context)
{
	struct emrtd_pcsc *pcsc = context;
	int64_t until = emrtd_wake_now_ms() + pcsc->wait_ms, left;
	bool want = pcsc->presence == EMRTD_PRESENT, present;

	for (;;) {
		pcsc->result = look_or_heal(pcsc, &present);
		if (pcsc->result != SCARD_S_SUCCESS || present == want)
			return;
		left = until - emrtd_wake_now_ms();
		pcsc->result = SCARD_E_TIMEOUT;
		if (left <= 0)
			return;
		if (left > SLICE_MS)
			left = SLICE_MS;
		pcsc->result = pcsc->established
				   ? await_change(pcsc, (DWORD)left)
				   : await_service((DWORD)left);
		if (atomic_load(&pcsc->stop) ||
		    (pcsc->result != SCARD_S_SUCCESS &&
			pcsc->result != SCARD_E_TIMEOUT &&
			!is_gone(pcsc->result)))
			return;
	}
}
