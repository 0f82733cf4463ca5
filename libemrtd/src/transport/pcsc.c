/*
 * pcsc.c - readers behind pcsc-lite: the caller's half. Every call into it is
 * a job of a worker thread (pcsc_job.h), which may be left behind.
 *
 * The card is taken exclusively, never shared: a second program that talks to
 * the chip would step into the secured session, and the first to notice would
 * be the MAC. Desktop agents hold a fresh card for a moment, so a reader that
 * is in use is asked again for a while before it is BUSY.
 */
#include "core/builder.h"
#include "core/diag.h"
#include "core/wipe.h"
#include "transport/link_info.h"
#include "transport/pcsc_job.h"
#include "transport/worker.h"

#include <stdlib.h>
#include <string.h>

#define CALL_MS       5000  /* for what should take milliseconds */
#define CONNECT_MS    8000  /* what connect waits for, and the calls between */
#define PACE_MS       90000 /* somebody types at the reader */
#define SHORT_COMMAND 261

struct link {
	struct emrtd_worker *worker;
	struct emrtd_pcsc *pcsc; /* the worker's; not touched while it runs */
	bool lost;               /* a job was left behind */
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

/* Runs a job; one that is left behind makes the link lost until connect. */
static enum emrtd_error
run(struct link *link, emrtd_job *job, int64_t timeout_ms)
{
	struct emrtd_pcsc *pcsc = link->pcsc;
	enum emrtd_error err;
	long context;

	atomic_store(&pcsc->stop, false);
	err = emrtd_worker_run(link->worker, job, timeout_ms);
	if (!err)
		return emrtd_pcsc_error(pcsc->result);
	atomic_store(&pcsc->stop, true);
	link->lost = true;
	context = atomic_load(&pcsc->shown);
	if (context != 0) /* ends SCardGetStatusChange, nothing else */
		SCardCancel((SCARDCONTEXT)context);
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
	emrtd_diag_detail(diag,
	    link->pcsc->result == SCARD_E_NO_SERVICE
		? emrtd_reader_trouble_text(EMRTD_READER_NO_SERVICE)
		: pcsc_stringify_error(link->pcsc->result));
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
	err = run(link, emrtd_pcsc_job_connect, CONNECT_MS);
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
	struct emrtd_pcsc *pcsc = link->pcsc;
	enum emrtd_error err;

	if (!usable(link))
		return EMRTD_E_CARD_LOST;
	if (command.len > sizeof(pcsc->in))
		return EMRTD_E_TOO_LONG;
	memcpy(pcsc->in, command.ptr, command.len);
	pcsc->in_len = command.len;
	err = run(link, emrtd_pcsc_job_transmit, timeout_ms);
	if (link->lost)
		return err;
	emrtd_wipe(pcsc->in, command.len);
	/* How a reader for short APDUs answers a long one. */
	if (pcsc->result == SCARD_E_NOT_TRANSACTED &&
	    command.len > SHORT_COMMAND && !pcsc->info.extended)
		return EMRTD_E_TOO_LONG;
	if (err)
		return err;
	if (pcsc->out_len > sizeof(pcsc->out))
		return EMRTD_E_PROTOCOL;
	emrtd_put(response, emrtd_bytes(pcsc->out, pcsc->out_len));
	emrtd_wipe(pcsc->out, pcsc->out_len);
	return response->bad ? EMRTD_E_TOO_LONG : EMRTD_OK;
}

/* The codes of drivers, and ours for what they call by different ones. */
static enum emrtd_error
pcsc_control(void *self, uint32_t code, struct emrtd_bytes in,
    struct emrtd_out *out)
{
	struct link *link = self;
	struct emrtd_pcsc *pcsc = link->pcsc;
	bool pace = code == EMRTD_CONTROL_READER_PACE;
	enum emrtd_error err;

	if (!usable(link))
		return EMRTD_E_CARD_LOST;
	if (in.len > sizeof(pcsc->in))
		return EMRTD_E_TOO_LONG;
	if (pace && pcsc->pace_code == 0)
		return EMRTD_E_PROTOCOL;
	if (in.len)
		memcpy(pcsc->in, in.ptr, in.len);
	pcsc->in_len = in.len;
	pcsc->code = pace ? pcsc->pace_code : code;
	err = run(link, emrtd_pcsc_job_control, pace ? PACE_MS : CONNECT_MS);
	if (link->lost)
		return err;
	emrtd_wipe(pcsc->in, in.len); /* it may hold a password */
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
	return run(link, emrtd_pcsc_job_wait, (int64_t)timeout_ms + CALL_MS);
}

static enum emrtd_error
pcsc_info(void *self, struct emrtd_link_info *out)
{
	const struct link *link = self;
	struct emrtd_link_info full;

	if (link->lost)
		return EMRTD_E_CARD_LOST;
	full = link->pcsc->info;
	if (full.name[0] == '\0') /* chosen, and not yet connected */
		emrtd_link_info_name(&full, link->pcsc->reader);
	emrtd_link_info_give(&full, out);
	return EMRTD_OK;
}

static enum emrtd_error
pcsc_reset(void *self)
{
	struct link *link = self;

	if (!usable(link))
		return EMRTD_E_CARD_LOST;
	return run(link, emrtd_pcsc_job_reset, CALL_MS);
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
	struct emrtd_pcsc *pcsc;
	enum emrtd_error err;

	if (strlen(rest) >= sizeof(pcsc->want))
		return emrtd_fail(diag, EMRTD_E_ARG, "reader name", NULL);
	link = calloc(1, sizeof(*link));
	pcsc = calloc(1, sizeof(*pcsc));
	if (!link || !pcsc ||
	    emrtd_worker_new(pcsc, emrtd_pcsc_job_release, &link->worker) !=
		EMRTD_OK) {
		free(link);
		free(pcsc);
		return emrtd_fail(diag, EMRTD_E_NO_MEMORY, "pcsc:", NULL);
	}
	link->pcsc = pcsc;
	memcpy(pcsc->want, rest, strlen(rest) + 1);
	err = run(link, emrtd_pcsc_job_establish, CALL_MS);
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
