/*
 * pcsc.c - readers behind pcsc-lite. Every call into it is made by a worker
 * thread: SCardTransmit has no time limit and cannot be cancelled.
 *
 * The card is taken exclusively, never shared: a second program that talks to
 * the chip would step into the secured session, and the first to notice would
 * be the MAC. Desktop agents hold a fresh card for a moment, so a reader that
 * is in use is asked again for a while before it is BUSY.
 */
#include "core/builder.h"
#include "core/diag.h"
#include "core/wipe.h"
#include "transport/backends.h"
#include "transport/reader_kind.h"
#include "transport/worker.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <PCSC/reader.h>
#include <PCSC/winscard.h>
#include <PCSC/wintypes.h>

#define CALL_MS       5000 /* for what should take milliseconds */
#define CONNECT_MS    8000 /* the two below, and the calls between */
#define PRESENT_MS    2000 /* connect waits so long for a document */
#define SHARING_MS    3000
#define RETRY_MS      100
#define SLICE_MS      500 /* a wait looks up so often, whatever it is told */
#define MAX_READERS   16
#define CONTROL_MAX   264 /* pcsc-lite refuses more */
#define SHORT_COMMAND 261
#define PLUG_N_PLAY   "\\\\?PnP?\\Notification"

/* Owned by the worker: touched by jobs, and by the caller between jobs. */
struct pcsc {
	SCARDCONTEXT context;
	SCARDHANDLE card;
	bool established, connected;
	DWORD protocol;
	char want[MAX_READERNAME];   /* part of a name; empty = any */
	char reader[MAX_READERNAME]; /* chosen */
	uint8_t atr[EMRTD_ATR_MAX];
	size_t atr_len;
	struct emrtd_link_info limits;

	/* Set when nobody waits for the running job any more. */
	atomic_bool stop;

	/* The running job. */
	LONG result;
	enum emrtd_presence presence;
	DWORD wait_ms, code;
	DWORD in_len, out_len;
	uint8_t in[MAX_BUFFER_SIZE_EXTENDED];
	uint8_t out[MAX_BUFFER_SIZE_EXTENDED];
};

/* The caller's half. */
struct link {
	struct emrtd_worker *worker;
	struct pcsc *pcsc; /* the worker's; not to be touched while it runs */
	bool lost;         /* a job was left behind */
};

static const struct {
	LONG code;
	enum emrtd_error error;
} errors[] = {
	{ SCARD_S_SUCCESS, EMRTD_OK },
	{ SCARD_W_REMOVED_CARD, EMRTD_E_CARD_LOST },
	{ SCARD_W_RESET_CARD, EMRTD_E_CARD_LOST },
	{ SCARD_W_UNPOWERED_CARD, EMRTD_E_CARD_LOST },
	{ SCARD_W_UNRESPONSIVE_CARD, EMRTD_E_CARD_LOST },
	{ SCARD_E_NO_SMARTCARD, EMRTD_E_CARD_LOST },
	{ SCARD_E_NOT_TRANSACTED, EMRTD_E_CARD_LOST },
	{ SCARD_E_INVALID_HANDLE, EMRTD_E_CARD_LOST },
	{ SCARD_E_READER_UNAVAILABLE, EMRTD_E_READER_LOST },
	{ SCARD_E_UNKNOWN_READER, EMRTD_E_READER_LOST },
	{ SCARD_E_NO_SERVICE, EMRTD_E_READER_LOST },
	{ SCARD_E_SERVICE_STOPPED, EMRTD_E_READER_LOST },
	{ SCARD_F_COMM_ERROR, EMRTD_E_READER_LOST },
	{ SCARD_E_NO_READERS_AVAILABLE, EMRTD_E_NO_READER },
	{ SCARD_E_TIMEOUT, EMRTD_E_TIMEOUT },
	{ SCARD_E_CANCELLED, EMRTD_E_CANCELLED },
	{ SCARD_E_SHARING_VIOLATION, EMRTD_E_BUSY },
	{ SCARD_W_SECURITY_VIOLATION, EMRTD_E_PERMISSION },
	{ SCARD_E_INSUFFICIENT_BUFFER, EMRTD_E_TOO_LONG },
	{ SCARD_E_PROTO_MISMATCH, EMRTD_E_PROTOCOL },
};

enum emrtd_error
emrtd_pcsc_error(long code)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].code == code)
			return errors[i].error;
	return EMRTD_E_PROTOCOL;
}

/*
 * Jobs: in the worker's thread.
 */
static void
job_establish(void *context)
{
	struct pcsc *pcsc = context;

	pcsc->result = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL,
	    &pcsc->context);
	pcsc->established = pcsc->result == SCARD_S_SUCCESS;
}

static void
disconnect(struct pcsc *pcsc)
{
	if (!pcsc->connected)
		return;
	SCardEndTransaction(pcsc->card, SCARD_LEAVE_CARD);
	/* Reset: nobody inherits an opened chip. */
	SCardDisconnect(pcsc->card, SCARD_RESET_CARD);
	pcsc->connected = false;
}

static void
job_release(void *context)
{
	struct pcsc *pcsc = context;

	disconnect(pcsc);
	if (pcsc->established)
		SCardReleaseContext(pcsc->context);
	free(pcsc);
}

/* Reader states of all readers, in 'states'; names point into *names. */
static LONG
list_states(struct pcsc *pcsc, char **names, SCARD_READERSTATE *states,
    size_t *n_states)
{
	DWORD len = SCARD_AUTOALLOCATE;
	size_t n = 0;
	LONG rc;

	*names = NULL;
	*n_states = 0;
	rc = SCardListReaders(pcsc->context, NULL, (LPSTR)names, &len);
	if (rc != SCARD_S_SUCCESS)
		return rc;
	memset(states, 0, MAX_READERS * sizeof(states[0]));
	for (char *p = *names; *p && n < MAX_READERS; p += strlen(p) + 1)
		states[n++].szReader = p;
	*n_states = n;
	if (n == 0)
		return SCARD_E_NO_READERS_AVAILABLE;
	rc = SCardGetStatusChange(pcsc->context, 0, states, (DWORD)n);
	return rc == SCARD_E_TIMEOUT ? SCARD_S_SUCCESS : rc;
}

/*
 * Also a card that does not answer (SCARD_STATE_MUTE): pcscd asks it again
 * only when somebody connects.
 */
static bool
is_present(const SCARD_READERSTATE *state)
{
	return (state->dwEventState & SCARD_STATE_PRESENT) != 0;
}

static struct emrtd_bytes
atr_of(const SCARD_READERSTATE *state)
{
	size_t len = state->cbAtr;

	return emrtd_bytes(state->rgbAtr,
	    len <= sizeof(state->rgbAtr) ? len : sizeof(state->rgbAtr));
}

/* The best reader into pcsc->reader; *present: a document is on it. */
static LONG
choose(struct pcsc *pcsc, bool *present)
{
	SCARD_READERSTATE states[MAX_READERS];
	unsigned score, best = 0;
	char *names;
	size_t n;
	LONG rc;

	*present = false;
	pcsc->reader[0] = '\0';
	rc = list_states(pcsc, &names, states, &n);
	for (size_t i = 0; rc == SCARD_S_SUCCESS && i < n; i++) {
		const char *name = states[i].szReader;
		bool here = is_present(&states[i]);

		if (!emrtd_reader_name_fits(name, pcsc->want) ||
		    strlen(name) >= sizeof(pcsc->reader))
			continue;
		score = 1 + emrtd_reader_score(name, here, atr_of(&states[i]));
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

/*
 * Sleeps until something changes at any reader, plugging included, or ms have
 * passed. SCardCancel ends it.
 */
static LONG
await_change(struct pcsc *pcsc, DWORD ms)
{
	SCARD_READERSTATE states[MAX_READERS + 1];
	char *names;
	size_t n;
	LONG rc;

	rc = list_states(pcsc, &names, states, &n);
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

/* Is there a document on the chosen reader? A reader that is gone: no. */
static LONG
look(struct pcsc *pcsc, bool *present)
{
	SCARD_READERSTATE states[MAX_READERS];
	char *names;
	size_t n;
	LONG rc;

	*present = false;
	rc = list_states(pcsc, &names, states, &n);
	for (size_t i = 0; rc == SCARD_S_SUCCESS && i < n; i++)
		if (strcmp(states[i].szReader, pcsc->reader) == 0)
			*present = is_present(&states[i]);
	if (names)
		SCardFreeMemory(pcsc->context, names);
	return rc;
}

static void
job_wait(void *context)
{
	struct pcsc *pcsc = context;
	int64_t until = emrtd_wake_now_ms() + pcsc->wait_ms, left;
	bool want = pcsc->presence == EMRTD_PRESENT, present;

	for (;;) {
		pcsc->result = want || !pcsc->reader[0] ? choose(pcsc, &present)
							: look(pcsc, &present);
		if (pcsc->result == SCARD_E_NO_READERS_AVAILABLE)
			pcsc->result = SCARD_S_SUCCESS;
		if (pcsc->result != SCARD_S_SUCCESS || present == want)
			return;
		left = until - emrtd_wake_now_ms();
		pcsc->result = SCARD_E_TIMEOUT;
		if (left <= 0)
			return;
		if (left > SLICE_MS)
			left = SLICE_MS;
		pcsc->result = await_change(pcsc, (DWORD)left);
		if (atomic_load(&pcsc->stop) ||
		    (pcsc->result != SCARD_S_SUCCESS &&
			pcsc->result != SCARD_E_TIMEOUT))
			return;
	}
}

/* What the reader says of itself; silent readers leave all unknown. */
static void
read_limits(struct pcsc *pcsc)
{
	uint8_t buffer[CONTROL_MAX];
	DWORD len = 0;
	uint32_t code, value;

	memset(&pcsc->limits, 0, sizeof(pcsc->limits));
	if (SCardControl(pcsc->card, CM_IOCTL_GET_FEATURE_REQUEST, NULL, 0,
		buffer, sizeof(buffer), &len) != SCARD_S_SUCCESS ||
	    len > sizeof(buffer))
		return;
	if (!emrtd_pcsc_feature(emrtd_bytes(buffer, len),
		EMRTD_PCSC_FEATURE_TLV_PROPERTIES, &code))
		return;
	if (SCardControl(pcsc->card, code, NULL, 0, buffer, sizeof(buffer),
		&len) != SCARD_S_SUCCESS ||
	    len > sizeof(buffer))
		return;
	if (emrtd_pcsc_property(emrtd_bytes(buffer, len),
		EMRTD_PCSC_PROPERTY_MAX_APDU_DATA, &value))
		emrtd_pcsc_limits(value, &pcsc->limits);
}

/* From SCardStatus: as an attribute some drivers do not have the ATR. */
static LONG
read_atr(struct pcsc *pcsc)
{
	DWORD name_len = 0, atr_len = sizeof(pcsc->atr), state, protocol;
	LONG rc;

	pcsc->atr_len = 0;
	rc = SCardStatus(pcsc->card, NULL, &name_len, &state, &protocol,
	    pcsc->atr, &atr_len);
	if (rc == SCARD_S_SUCCESS && atr_len <= sizeof(pcsc->atr))
		pcsc->atr_len = atr_len;
	return rc;
}

/*
 * Connected, and reset: whoever used the card before us may have left an
 * application selected or a session open.
 */
static LONG
connect_fresh(struct pcsc *pcsc)
{
	LONG rc;

	rc = SCardConnect(pcsc->context, pcsc->reader, SCARD_SHARE_EXCLUSIVE,
	    SCARD_PROTOCOL_T1, &pcsc->card, &pcsc->protocol);
	if (rc == SCARD_E_PROTO_MISMATCH)
		rc = SCardConnect(pcsc->context, pcsc->reader,
		    SCARD_SHARE_EXCLUSIVE,
		    SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &pcsc->card,
		    &pcsc->protocol);
	if (rc != SCARD_S_SUCCESS)
		return rc;
	rc = SCardReconnect(pcsc->card, SCARD_SHARE_EXCLUSIVE, pcsc->protocol,
	    SCARD_RESET_CARD, &pcsc->protocol);
	if (rc != SCARD_S_SUCCESS)
		SCardDisconnect(pcsc->card, SCARD_LEAVE_CARD);
	return rc;
}

/*
 * A card that is being laid down answers late or in pieces, and one that was
 * just changed is still listed: both are worth another try, as is a reader
 * that somebody else holds.
 */
static LONG
connect_card(struct pcsc *pcsc)
{
	int64_t until = emrtd_wake_now_ms() + SHARING_MS;
	const struct timespec pause = { .tv_nsec = RETRY_MS * 1000000L };
	enum emrtd_error err;
	LONG rc;

	for (;;) {
		rc = connect_fresh(pcsc);
		err = emrtd_pcsc_error(rc);
		if ((err != EMRTD_E_BUSY && err != EMRTD_E_CARD_LOST) ||
		    emrtd_wake_now_ms() >= until || atomic_load(&pcsc->stop))
			return rc;
		nanosleep(&pause, NULL);
	}
}

static void
job_connect(void *context)
{
	struct pcsc *pcsc = context;

	disconnect(pcsc);
	pcsc->presence = EMRTD_PRESENT;
	pcsc->wait_ms = PRESENT_MS;
	job_wait(pcsc);
	if (pcsc->result == SCARD_E_TIMEOUT)
		pcsc->result = pcsc->reader[0] ? SCARD_E_NO_SMARTCARD
					       : SCARD_E_NO_READERS_AVAILABLE;
	if (pcsc->result != SCARD_S_SUCCESS)
		return;
	pcsc->result = connect_card(pcsc);
	if (pcsc->result != SCARD_S_SUCCESS)
		return;
	pcsc->connected = true;
	pcsc->result = SCardBeginTransaction(pcsc->card);
	if (pcsc->result == SCARD_S_SUCCESS)
		pcsc->result = read_atr(pcsc);
	if (pcsc->result == SCARD_S_SUCCESS)
		read_limits(pcsc);
	else
		disconnect(pcsc);
}

static void
job_transmit(void *context)
{
	struct pcsc *pcsc = context;
	const SCARD_IO_REQUEST *pci = pcsc->protocol == SCARD_PROTOCOL_T0
					  ? SCARD_PCI_T0
					  : SCARD_PCI_T1;

	pcsc->out_len = sizeof(pcsc->out);
	pcsc->result = SCardTransmit(pcsc->card, pci, pcsc->in, pcsc->in_len,
	    NULL, pcsc->out, &pcsc->out_len);
	/* What a card that was pulled in the middle looks like. */
	if (pcsc->result == SCARD_S_SUCCESS && pcsc->out_len == 0)
		pcsc->result = SCARD_W_REMOVED_CARD;
}

static void
job_control(void *context)
{
	struct pcsc *pcsc = context;

	pcsc->result = SCardControl(pcsc->card, pcsc->code, pcsc->in,
	    pcsc->in_len, pcsc->out, sizeof(pcsc->out), &pcsc->out_len);
}

static void
job_reset(void *context)
{
	struct pcsc *pcsc = context;

	SCardEndTransaction(pcsc->card, SCARD_LEAVE_CARD);
	pcsc->result = SCardReconnect(pcsc->card, SCARD_SHARE_EXCLUSIVE,
	    pcsc->protocol, SCARD_UNPOWER_CARD, &pcsc->protocol);
	if (pcsc->result == SCARD_S_SUCCESS)
		pcsc->result = SCardBeginTransaction(pcsc->card);
	if (pcsc->result == SCARD_S_SUCCESS)
		pcsc->result = read_atr(pcsc);
}

/*
 * The caller's half.
 */

/* Runs a job; one that is left behind makes the link lost until connect. */
static enum emrtd_error
run(struct link *link, emrtd_job *job, int64_t timeout_ms)
{
	struct pcsc *pcsc = link->pcsc;
	enum emrtd_error err;

	atomic_store(&pcsc->stop, false);
	err = emrtd_worker_run(link->worker, job, timeout_ms);
	if (!err)
		return emrtd_pcsc_error(pcsc->result);
	atomic_store(&pcsc->stop, true);
	link->lost = true;
	if (pcsc->established) /* ends SCardGetStatusChange, nothing else */
		SCardCancel(pcsc->context);
	return err;
}

static enum emrtd_error
tell(struct link *link, enum emrtd_error err, struct emrtd_diag *diag)
{
	err = emrtd_fail(diag, err, "connecting to a PC/SC reader", NULL);
	if (link->lost)
		return err;
	if (link->pcsc->reader[0]) {
		emrtd_diag_detail(diag, link->pcsc->reader);
		emrtd_diag_detail(diag, ": ");
	}
	if (link->pcsc->result == SCARD_E_NO_SERVICE)
		emrtd_diag_detail(diag, "pcscd does not run. ");
	emrtd_diag_detail(diag, pcsc_stringify_error(link->pcsc->result));
	return err;
}

static enum emrtd_error
pcsc_connect(void *self, struct emrtd_diag *diag)
{
	struct link *link = self;
	enum emrtd_error err;

	emrtd_worker_clear(link->worker);
	err = emrtd_worker_settle(link->worker, CALL_MS);
	if (err) {
		link->lost = true;
		return tell(link, err, diag);
	}
	link->lost = false;
	err = run(link, job_connect, CONNECT_MS);
	if (!err)
		return EMRTD_OK;
	/* Nothing to lose yet: there is none. */
	if (!link->lost && err == EMRTD_E_CARD_LOST)
		err = EMRTD_E_NO_READER;
	return tell(link, err, diag);
}

static bool
usable(const struct link *link)
{
	return !link->lost && link->pcsc->connected;
}

static enum emrtd_error
pcsc_transmit(void *self, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct link *link = self;
	struct pcsc *pcsc = link->pcsc;
	enum emrtd_error err;

	if (!usable(link))
		return EMRTD_E_CARD_LOST;
	if (command.len > sizeof(pcsc->in))
		return EMRTD_E_TOO_LONG;
	memcpy(pcsc->in, command.ptr, command.len);
	pcsc->in_len = command.len;
	err = run(link, job_transmit, timeout_ms);
	if (link->lost)
		return err;
	emrtd_wipe(pcsc->in, command.len);
	/* How a reader for short APDUs answers a long one. */
	if (pcsc->result == SCARD_E_NOT_TRANSACTED &&
	    command.len > SHORT_COMMAND && !pcsc->limits.extended)
		return EMRTD_E_TOO_LONG;
	if (err)
		return err;
	if (pcsc->out_len > sizeof(pcsc->out))
		return EMRTD_E_PROTOCOL;
	emrtd_put(response, emrtd_bytes(pcsc->out, pcsc->out_len));
	emrtd_wipe(pcsc->out, pcsc->out_len);
	return response->bad ? EMRTD_E_TOO_LONG : EMRTD_OK;
}

static enum emrtd_error
pcsc_control(void *self, uint32_t code, struct emrtd_bytes in,
    struct emrtd_out *out)
{
	struct link *link = self;
	struct pcsc *pcsc = link->pcsc;
	enum emrtd_error err;

	if (!usable(link))
		return EMRTD_E_CARD_LOST;
	if (in.len > sizeof(pcsc->in))
		return EMRTD_E_TOO_LONG;
	if (in.len)
		memcpy(pcsc->in, in.ptr, in.len);
	pcsc->in_len = in.len;
	pcsc->code = code;
	err = run(link, job_control, CONNECT_MS);
	if (err)
		return err;
	if (pcsc->out_len > sizeof(pcsc->out))
		return EMRTD_E_PROTOCOL;
	emrtd_put(out, emrtd_bytes(pcsc->out, pcsc->out_len));
	return out->bad ? EMRTD_E_TOO_LONG : EMRTD_OK;
}

static enum emrtd_error
pcsc_wait(void *self, enum emrtd_presence want, uint32_t timeout_ms)
{
	struct link *link = self;
	enum emrtd_error err;

	err = emrtd_worker_settle(link->worker, CALL_MS);
	if (err)
		return err;
	link->pcsc->presence = want;
	link->pcsc->wait_ms = timeout_ms;
	return run(link, job_wait, (int64_t)timeout_ms + CALL_MS);
}

static enum emrtd_error
pcsc_info(void *self, struct emrtd_link_info *out)
{
	const struct link *link = self;
	const struct pcsc *pcsc = link->pcsc;
	size_t len;

	if (link->lost)
		return EMRTD_E_CARD_LOST;
	len = strlen(pcsc->reader);
	memcpy(out->name, pcsc->reader,
	    len < sizeof(out->name) ? len : sizeof(out->name) - 1);
	memcpy(out->atr, pcsc->atr, pcsc->atr_len);
	out->atr_len = pcsc->atr_len;
	out->max_command = pcsc->limits.max_command;
	out->max_response = pcsc->limits.max_response;
	out->extended = pcsc->limits.extended;
	return EMRTD_OK;
}

static enum emrtd_error
pcsc_reset(void *self)
{
	struct link *link = self;

	if (!usable(link))
		return EMRTD_E_CARD_LOST;
	return run(link, job_reset, CALL_MS);
}

static void
pcsc_cancel(void *self)
{
	const struct link *link = self;

	emrtd_worker_cancel(link->worker);
}

static void
pcsc_close(void *self)
{
	struct link *link = self;

	emrtd_worker_free(&link->worker);
	free(link);
}

static const struct emrtd_transport_ops pcsc_ops = {
	.info = pcsc_info,
	.wait = pcsc_wait,
	.connect = pcsc_connect,
	.transmit = pcsc_transmit,
	.control = pcsc_control,
	.cancel = pcsc_cancel,
	.reset = pcsc_reset,
	.close = pcsc_close,
};

enum emrtd_error
emrtd_pcsc_open(const char *rest, struct emrtd_diag *diag,
    struct emrtd_transport *out)
{
	struct link *link;
	struct pcsc *pcsc;
	enum emrtd_error err;

	if (strlen(rest) >= sizeof(pcsc->want))
		return emrtd_fail(diag, EMRTD_E_ARG, "reader name", NULL);
	link = calloc(1, sizeof(*link));
	pcsc = calloc(1, sizeof(*pcsc));
	if (!link || !pcsc ||
	    emrtd_worker_new(pcsc, job_release, &link->worker) != EMRTD_OK) {
		free(link);
		free(pcsc);
		return emrtd_fail(diag, EMRTD_E_NO_MEMORY, "pcsc:", NULL);
	}
	link->pcsc = pcsc;
	memcpy(pcsc->want, rest, strlen(rest) + 1);
	err = run(link, job_establish, CALL_MS);
	if (err) {
		if (!link->lost && pcsc->result == SCARD_E_NO_SERVICE)
			err = EMRTD_E_NO_READER;
		err = tell(link, err, diag);
		pcsc_close(link);
		return err;
	}
	out->ops = &pcsc_ops;
	out->self = link;
	return EMRTD_OK;
}
