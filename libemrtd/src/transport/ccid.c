/*
 * ccid.c - a USB reader without a daemon, as a transport.
 *
 * Nothing is opened before the first wait or connect, and everything is found
 * again after the reader was pulled out: a gate's firmware starts when it
 * starts. Of several readers that are meant, each is looked at in turn until
 * one holds a document. One is claimed at a time, by this process alone, as
 * with PC/SC: a second program would step into the secured session.
 */
#include "core/builder.h"
#include "core/diag.h"
#include "core/wipe.h"
#include "transport/backends.h"
#include "transport/ccid_choice.h"
#include "transport/link_info.h"
#include "transport/reader_kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATUS_MS    500 /* and the interval of asking for a document */
#define TURN_MS      100 /* the same, with several readers */
#define NOTICE_MS    20  /* a reader that chatters is not followed faster */
#define POWER_MS     3000
#define SETTLE_MS    3000 /* a document that is being laid down */
#define RETRY_MS     100
#define PRESENT_MS   2000 /* connect waits so long for a document */
#define FIELD_OFF_MS 6    /* ISO/IEC 14443-3: a chip is reset after 5.1 ms */
#define RESCAN_MS    1000 /* where nobody tells of arrivals */
#define CLOSE_MS     300
#define NAME_TOLD    33 /* a longer name leaves no room for advice */
#define MAX_FAILURES 2  /* of three tries each */

struct ccid {
	struct emrtd_wake wake;
	struct emrtd_ccid_bus *bus;
	struct emrtd_ccid_want want;

	/* What the last look at the bus found, and who of it is meant. */
	struct emrtd_ccid_found found[EMRTD_CCID_MAX_FOUND];
	uint8_t order[EMRTD_CCID_MAX_FOUND];
	size_t n_order, at; /* the claimed one, when 'claimed' */
	int64_t rescan_ms;  /* not before, unless something arrives */
	enum emrtd_error scanned;

	bool claimed, in_step, connected;
	unsigned failures; /* in a row */
	uint16_t not_ours; /* slots whose card is no contactless chip */
	struct emrtd_ccid_exchange x;
	uint8_t atr[EMRTD_ATR_MAX];
	size_t atr_len;

	enum emrtd_reader_trouble trouble; /* the last one */
	char detail[64];
	uint8_t buffer[EMRTD_CCID_BUFFER_LEN];
};

static const struct emrtd_ccid_found *
reader(const struct ccid *ccid)
{
	return &ccid->found[ccid->order[ccid->at]];
}

/* The reader is given back; the chip is off for us. */
static void
let_go(struct ccid *ccid)
{
	if (ccid->claimed)
		emrtd_ccid_bus_release(ccid->bus);
	ccid->claimed = false;
	ccid->connected = false;
	ccid->in_step = false;
	ccid->not_ours = 0;
	ccid->atr_len = 0;
}

/* It was pulled out: the next look goes over the bus again. */
static void
forget(struct ccid *ccid)
{
	let_go(ccid);
	ccid->n_order = 0;
	ccid->rescan_ms = 0;
}

/*
 * Was something plugged in since the last scan? An unnamed reader may be the
 * new one.
 */
static bool
news(struct ccid *ccid)
{
	bool any = !ccid->want.by_address && !ccid->want.by_ids;

	if (ccid->connected || (ccid->n_order > 0 && !any))
		return false;
	return emrtd_ccid_bus_arrived(ccid->bus);
}

static enum emrtd_error
scan(struct ccid *ccid)
{
	size_t n;

	if (emrtd_wake_now_ms() < ccid->rescan_ms)
		return ccid->scanned;
	ccid->trouble = EMRTD_READER_FINE;
	ccid->detail[0] = '\0';
	ccid->at = 0;
	ccid->scanned = emrtd_ccid_bus_scan(ccid->bus, ccid->found, &n);
	ccid->rescan_ms = emrtd_wake_now_ms() + RESCAN_MS;
	if (ccid->scanned)
		return ccid->scanned;
	ccid->n_order = emrtd_ccid_candidates(&ccid->want, ccid->found, n,
	    ccid->order, &ccid->trouble);
	if (ccid->n_order > 0)
		return EMRTD_OK;
	ccid->scanned = EMRTD_E_NO_READER;
	return ccid->scanned;
}

static enum emrtd_error
claim(struct ccid *ccid, size_t at)
{
	const struct emrtd_ccid_found *found;
	enum emrtd_error err;

	if (ccid->claimed && ccid->at == at)
		return EMRTD_OK;
	let_go(ccid);
	ccid->at = at;
	ccid->failures = 0;
	found = reader(ccid);
	err = emrtd_ccid_bus_claim(ccid->bus, found, &ccid->trouble,
	    ccid->detail, sizeof(ccid->detail));
	/* One that never was ours is not lost; another may be there. */
	if (err == EMRTD_E_READER_LOST) {
		ccid->trouble = EMRTD_READER_FINE;
		err = EMRTD_E_NO_READER;
	}
	if (err)
		return err;
	ccid->claimed = true;
	emrtd_ccid_want_remember(&ccid->want, found);
	emrtd_ccid_exchange_init(&ccid->x, emrtd_ccid_bus_pipe(ccid->bus),
	    &found->reader, 0, ccid->buffer);
	return EMRTD_OK;
}

/* How long a reader that was just opened may take for its first answer. */
static uint32_t
patience(const struct ccid *ccid)
{
	const struct emrtd_reader_row *row = emrtd_ccid_row(reader(ccid));

	return row && row->start_ms > STATUS_MS ? row->start_ms : STATUS_MS;
}

static enum emrtd_error
ask(struct ccid *ccid, enum emrtd_ccid_icc *out)
{
	enum emrtd_error err;

	if (ccid->in_step && !ccid->x.adrift)
		err = emrtd_ccid_status(&ccid->x, STATUS_MS, out);
	else
		err = emrtd_ccid_resync(&ccid->x, patience(ccid), out);
	ccid->in_step = !err;
	return err;
}

static enum emrtd_error
power_cycle(struct ccid *ccid)
{
	struct emrtd_out atr = emrtd_out(ccid->atr, sizeof(ccid->atr));
	const struct emrtd_ccid_pipe *pipe = ccid->x.pipe;
	enum emrtd_error err;

	ccid->atr_len = 0;
	err = emrtd_ccid_power_off(&ccid->x, POWER_MS);
	/* Some refuse to turn off what is not on. */
	if (err && ccid->x.adrift)
		return err;
	err = pipe->pause(pipe->self, emrtd_wake_now_ms() + FIELD_OFF_MS);
	if (!err)
		err = emrtd_ccid_power_on(&ccid->x, &atr, POWER_MS);
	if (!err)
		ccid->atr_len = atr.len;
	return err;
}

static bool
needs_proof(const struct ccid *ccid)
{
	return emrtd_ccid_needs_proof(&ccid->want, reader(ccid), ccid->n_order);
}

/* Is there a document in this slot, as far as one must know? */
static enum emrtd_error
look_at_slot(struct ccid *ccid, uint8_t slot, bool *document)
{
	uint16_t bit = (uint16_t)(1u << slot);
	enum emrtd_ccid_icc icc;
	enum emrtd_error err;

	*document = false;
	if (ccid->connected && slot != ccid->x.slot)
		return EMRTD_OK;
	ccid->x.slot = slot;
	err = ask(ccid, &icc);
	if (err)
		return err;
	/* It has proved what it is; to ask again would end its session. */
	if (ccid->connected) {
		*document = icc != EMRTD_CCID_ICC_ABSENT;
		return EMRTD_OK;
	}
	if (icc == EMRTD_CCID_ICC_ABSENT) {
		ccid->not_ours &= (uint16_t)~bit;
		return EMRTD_OK;
	}
	if (ccid->not_ours & bit)
		return EMRTD_OK;
	if (!needs_proof(ccid)) {
		*document = true;
		return EMRTD_OK;
	}
	err = power_cycle(ccid);
	*document = !err && emrtd_atr_contactless(
				emrtd_bytes(ccid->atr, ccid->atr_len));
	if (!err && !*document)
		ccid->not_ours |= bit;
	/* It moved, or is no chip that answers: the next look may tell. */
	return ccid->x.adrift ? err : EMRTD_OK;
}

/* One look at the reader that is claimed. */
static enum emrtd_error
look_here(struct ccid *ccid, bool *document)
{
	uint8_t n = reader(ccid)->reader.n_slots;
	enum emrtd_error err = EMRTD_OK;

	*document = false;
	for (uint8_t slot = 0; slot < n && !err && !*document; slot++)
		if (emrtd_ccid_slot_meant(&ccid->want, reader(ccid), slot))
			err = look_at_slot(ccid, slot, document);
	if (err == EMRTD_E_CANCELLED)
		return err;
	if (!err) {
		ccid->trouble = EMRTD_READER_FINE;
		ccid->failures = 0;
		return EMRTD_OK;
	}
	ccid->in_step = false;
	ccid->failures++;
	ccid->trouble = EMRTD_READER_SILENT;
	return err;
}

/*
 * One look at each that is meant, beginning with the claimed one; ends at the
 * first document. OK without a document when at least one could be asked.
 */
static enum emrtd_error
look(struct ccid *ccid, bool *document)
{
	size_t first, n;
	enum emrtd_error err = EMRTD_OK, kept = EMRTD_OK;
	bool asked = false;

	*document = false;
	if (news(ccid))
		forget(ccid);
	if (ccid->n_order == 0)
		err = scan(ccid);
	first = ccid->at;
	n = ccid->n_order;
	for (size_t i = 0; i < n && !err && !*document; i++) {
		err = claim(ccid, (first + i) % n);
		if (!err)
			err = look_here(ccid, document);
		if (err == EMRTD_E_READER_LOST || err == EMRTD_E_CANCELLED)
			break;
		asked = asked || !err;
		kept = err ? err : kept;
		err = EMRTD_OK;
	}
	if (err == EMRTD_E_READER_LOST)
		forget(ccid);
	if (!err && !asked)
		err = kept;
	/* None of them is there any more: what is has to be looked for. */
	if (err == EMRTD_E_NO_READER)
		forget(ccid);
	return err;
}

/*
 * Between two looks. A reader that says by itself that something changed is
 * believed to have something to say, and no more.
 */
static enum emrtd_error
rest(struct ccid *ccid, int64_t until_ms)
{
	int64_t now = emrtd_wake_now_ms();
	int64_t turn = now + (ccid->n_order > 1 ? TURN_MS : STATUS_MS);
	int64_t least = now + NOTICE_MS;
	const struct emrtd_ccid_pipe *pipe = emrtd_ccid_bus_pipe(ccid->bus);
	enum emrtd_error err;

	if (turn > until_ms)
		turn = until_ms;
	if (!ccid->claimed)
		return emrtd_ccid_bus_arrival(ccid->bus, turn);
	err = emrtd_ccid_bus_notice(ccid->bus, turn);
	if (!err)
		err = pipe->pause(pipe->self, least < turn ? least : turn);
	return err;
}

/* Errors that the next look may be without. */
static bool
passing(const struct ccid *ccid, enum emrtd_error err)
{
	if (err == EMRTD_E_NO_READER)
		return ccid->trouble != EMRTD_READER_TPDU;
	return ccid->claimed && ccid->failures < MAX_FAILURES &&
	       (err == EMRTD_E_TIMEOUT || err == EMRTD_E_PROTOCOL ||
		   err == EMRTD_E_BUSY);
}

static enum emrtd_error
await_document(struct ccid *ccid, int64_t until_ms)
{
	bool document;
	enum emrtd_error err;

	for (;;) {
		err = look(ccid, &document);
		if (!err && document)
			return EMRTD_OK;
		if (err && !passing(ccid, err))
			return err;
		if (emrtd_wake_now_ms() >= until_ms)
			return EMRTD_E_TIMEOUT;
		err = rest(ccid, until_ms);
		if (err == EMRTD_E_READER_LOST)
			forget(ccid);
		if (err && err != EMRTD_E_TIMEOUT)
			return err;
	}
}

/* Without a reader there is no document either. */
static enum emrtd_error
await_absence(struct ccid *ccid, int64_t until_ms)
{
	bool document;
	enum emrtd_error err;

	while (ccid->claimed) {
		err = look_here(ccid, &document);
		if (!err && !document) {
			ccid->connected = false;
			return EMRTD_OK;
		}
		if (err == EMRTD_E_READER_LOST)
			forget(ccid);
		if (err && !passing(ccid, err))
			return err;
		if (emrtd_wake_now_ms() >= until_ms)
			return EMRTD_E_TIMEOUT;
		err = rest(ccid, until_ms);
		if (err == EMRTD_E_READER_LOST)
			forget(ccid);
		if (err && err != EMRTD_E_TIMEOUT)
			return err;
	}
	return EMRTD_OK;
}

static enum emrtd_error
ccid_wait(void *self, enum emrtd_presence want, uint32_t timeout_ms)
{
	struct ccid *ccid = self;
	int64_t until_ms = emrtd_wake_now_ms() + timeout_ms;

	if (want == EMRTD_ABSENT)
		return await_absence(ccid, until_ms);
	return await_document(ccid, until_ms);
}

/* The error itself says as much of these; the advice is what it lacks. */
static bool
said_by(enum emrtd_error err, enum emrtd_reader_trouble trouble)
{
	return err != EMRTD_E_NO_READER &&
	       trouble != EMRTD_READER_KERNEL_DRIVER &&
	       emrtd_reader_trouble_advice(trouble)[0] != '\0';
}

/* Says what happened, and what mends it. */
static enum emrtd_error
tell(const struct ccid *ccid, enum emrtd_error err, struct emrtd_diag *diag)
{
	const char *parts[4] = { NULL };
	char name[NAME_TOLD] = "";
	size_t n = 0;

	err = emrtd_fail(diag, err, "connecting to a USB reader", NULL);
	if (ccid->n_order > 0)
		snprintf(name, sizeof(name), "%.*s", NAME_TOLD - 1,
		    reader(ccid)->name);
	if (name[0])
		parts[n++] = name;
	if (ccid->trouble != EMRTD_READER_FINE) {
		parts[n++] = ccid->detail;
		if (!said_by(err, ccid->trouble))
			parts[n++] = emrtd_reader_trouble_text(ccid->trouble);
		parts[n++] = emrtd_reader_trouble_advice(ccid->trouble);
	} else if (!ccid->claimed) {
		parts[n++] = "no such reader is plugged in";
	} else if (err == EMRTD_E_NO_READER) {
		parts[n++] = "no document on it answers";
	}
	for (size_t i = 0, told = 0; i < n; i++) {
		if (parts[i][0] == '\0')
			continue;
		emrtd_diag_detail(diag, told++ == 0 ? "" : ": ");
		emrtd_diag_detail(diag, parts[i]);
	}
	return err;
}

/* A document that is still moving answers at the second or third try. */
static enum emrtd_error
wake_chip(struct ccid *ccid)
{
	int64_t until_ms = emrtd_wake_now_ms() + SETTLE_MS;
	const struct emrtd_ccid_pipe *pipe = ccid->x.pipe;
	enum emrtd_error err;

	for (;;) {
		err = power_cycle(ccid);
		if (err != EMRTD_E_CARD_LOST || emrtd_wake_now_ms() >= until_ms)
			return err;
		err = pipe->pause(pipe->self, emrtd_wake_now_ms() + RETRY_MS);
		if (err)
			return err;
	}
}

static enum emrtd_error
ccid_connect(void *self, struct emrtd_diag *diag)
{
	struct ccid *ccid = self;
	enum emrtd_error err;

	emrtd_wake_clear(&ccid->wake);
	ccid->connected = false;
	ccid->failures = 0;
	err = await_document(ccid, emrtd_wake_now_ms() + PRESENT_MS);
	if (err == EMRTD_E_TIMEOUT && ccid->trouble != EMRTD_READER_SILENT)
		err = EMRTD_E_NO_READER;
	if (!err)
		err = wake_chip(ccid);
	if (err == EMRTD_E_CARD_LOST) /* nothing to lose yet */
		err = EMRTD_E_NO_READER;
	ccid->connected = !err;
	if (!err)
		return EMRTD_OK;
	err = tell(ccid, err, diag);
	if (err == EMRTD_E_READER_LOST)
		forget(ccid);
	return err;
}

/* A link that is lost stays so until connect. */
static enum emrtd_error
settle(struct ccid *ccid, enum emrtd_error err)
{
	if (err && (ccid->x.midway ||
		       (err != EMRTD_E_TOO_LONG && err != EMRTD_E_BUSY)))
		ccid->connected = false;
	if (err == EMRTD_E_READER_LOST)
		forget(ccid);
	return err;
}

static enum emrtd_error
ccid_transmit(void *self, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct ccid *ccid = self;

	if (!ccid->connected)
		return EMRTD_E_CARD_LOST;
	return settle(ccid,
	    emrtd_ccid_transmit(&ccid->x, command, response, timeout_ms));
}

static enum emrtd_error
ccid_reset(void *self)
{
	struct ccid *ccid = self;

	if (!ccid->connected)
		return EMRTD_E_CARD_LOST;
	return settle(ccid, power_cycle(ccid));
}

static enum emrtd_error
ccid_info(void *self, struct emrtd_link_info *out)
{
	const struct ccid *ccid = self;
	struct emrtd_link_info full = { .size = sizeof(full) };
	const struct emrtd_reader_row *row;
	uint32_t command, response;
	bool extended;

	if (!ccid->claimed)
		return EMRTD_E_READER_LOST;
	row = emrtd_ccid_row(reader(ccid));
	emrtd_ccid_found_name(reader(ccid), full.name, sizeof(full.name));
	memcpy(full.atr, ccid->atr, ccid->atr_len);
	full.atr_len = ccid->atr_len;
	emrtd_ccid_found_limits(reader(ccid), &full.max_command,
	    &full.max_response, &full.extended);
	command = emrtd_ccid_max_command(&reader(ccid)->reader);
	response = emrtd_ccid_max_response(&reader(ccid)->reader);
	extended = reader(ccid)->reader.level == EMRTD_CCID_EXTENDED;
	full.limits_from = full.max_command == command &&
				   full.max_response == response &&
				   full.extended == extended
			       ? EMRTD_LIMITS_READER
			       : EMRTD_LIMITS_TABLE;
	if (row && row->oddity)
		snprintf(full.oddity, sizeof(full.oddity), "%s", row->oddity);
	emrtd_link_info_give(&full, out);
	return EMRTD_OK;
}

static void
ccid_cancel(void *self)
{
	const struct ccid *ccid = self;

	emrtd_wake_signal(&ccid->wake);
}

static void
ccid_close(void *self)
{
	struct ccid *ccid = self;
	enum emrtd_error err = EMRTD_OK;

	emrtd_wake_clear(&ccid->wake);
	if (ccid->claimed && ccid->atr_len > 0 && !ccid->x.adrift)
		err = emrtd_ccid_power_off(&ccid->x, CLOSE_MS);
	(void)err; /* best effort: the field goes off, or it does not */
	let_go(ccid);
	emrtd_ccid_bus_free(&ccid->bus);
	emrtd_wake_close(&ccid->wake);
	emrtd_wipe(ccid, sizeof(*ccid));
	free(ccid);
}

static const struct emrtd_transport_ops ccid_ops = {
	.info = ccid_info,
	.wait = ccid_wait,
	.connect = ccid_connect,
	.transmit = ccid_transmit,
	.cancel = ccid_cancel,
	.reset = ccid_reset,
	.close = ccid_close,
};

static struct ccid *
new_ccid(void)
{
	struct ccid *ccid = calloc(1, sizeof(*ccid));

	if (!ccid)
		return NULL;
	if (!emrtd_wake_open(&ccid->wake) ||
	    emrtd_ccid_bus_new(&ccid->wake, &ccid->bus)) {
		ccid_close(ccid);
		return NULL;
	}
	return ccid;
}

enum emrtd_error
emrtd_ccid_open(const char *rest, struct emrtd_diag *diag,
    struct emrtd_transport *out)
{
	struct emrtd_ccid_want want;
	struct ccid *ccid;
	enum emrtd_error err;

	if (!emrtd_ccid_want_parse(rest, &want)) {
		err = emrtd_fail(diag, EMRTD_E_ARG, "reader URI", NULL);
		emrtd_diag_detail(diag,
		    "ccid:[BUS.DEVICE or VENDOR:PRODUCT][/SLOT] is wanted");
		return err;
	}
	ccid = new_ccid();
	if (!ccid)
		return emrtd_fail(diag, EMRTD_E_NO_MEMORY, "ccid:", NULL);
	ccid->want = want;
	out->ops = &ccid_ops;
	out->self = ccid;
	return EMRTD_OK;
}
