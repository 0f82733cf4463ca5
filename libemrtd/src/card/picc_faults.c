#include "card/picc_inner.h"

#include "core/cursor.h"
#include "core/diag.h"

#include <string.h>

/* How the text after the '=' is read. */
enum arguments {
	ARGS_NONE,
	ARGS_AT,          /* N; 0: each block */
	ARGS_AT_OR_VALUE, /* N or N:NUMBER */
	ARGS_AT_HEX       /* N:XX */
};

struct row {
	const char *name;
	enum arguments arguments;
	uint32_t max_value;
	const char *text;
};

#define HOUR_MS 3600000

static const struct row rows[EMRTD_PICC_N_FAULTS] = {
	[EMRTD_PICC_FAULT_TEAR] = { "tear", ARGS_AT_OR_VALUE, HOUR_MS,
	    "is taken away at the N-th block, and comes back after that many "
	    "milliseconds, or on order" },
	[EMRTD_PICC_FAULT_MUTE] = { "mute", ARGS_AT, 0,
	    "answers no block from the N-th on" },
	[EMRTD_PICC_FAULT_WTX] = { "wtx", ARGS_AT_OR_VALUE, 59,
	    "asks for time before it answers the N-th block" },
	[EMRTD_PICC_FAULT_WTX_VALUE] = { "wtx-value", ARGS_AT_HEX, 0xFF,
	    "asks for so much time, reserved values too, if it asks then" },
	[EMRTD_PICC_FAULT_WTX_ENDLESS] = { "wtx-endless", ARGS_AT, 0,
	    "asks for time from the N-th block on, and for nothing else" },
	[EMRTD_PICC_FAULT_DEAF] = { "deaf", ARGS_AT, 0,
	    "does not hear the N-th block" },
	[EMRTD_PICC_FAULT_LOSE] = { "lose", ARGS_AT, 0,
	    "its answer to the N-th block is lost" },
	[EMRTD_PICC_FAULT_GARBLE] = { "garble", ARGS_AT, 0,
	    "its answer to the N-th block has a wrong checksum" },
	[EMRTD_PICC_FAULT_LATE] = { "late", ARGS_AT_OR_VALUE, HOUR_MS,
	    "answers the N-th block that many milliseconds later, or after "
	    "twice the waiting time" },
	[EMRTD_PICC_FAULT_NUMBER] = { "number", ARGS_AT, 0,
	    "answers the N-th block under the wrong number" },
	[EMRTD_PICC_FAULT_NAD] = { "nad", ARGS_AT, 0,
	    "answers the N-th block with a node address" },
	[EMRTD_PICC_FAULT_CID] = { "cid", ARGS_AT, 0,
	    "answers the N-th block with a card identifier too much" },
	[EMRTD_PICC_FAULT_PCB] = { "pcb", ARGS_AT_HEX, 0xFF,
	    "its answer to the N-th block begins with this byte" },
	[EMRTD_PICC_FAULT_NAK] = { "nak", ARGS_AT, 0,
	    "answers the N-th block with an R(NAK), which no chip may" },
	[EMRTD_PICC_FAULT_ACK] = { "ack", ARGS_AT, 0,
	    "answers the N-th block with an R(ACK)" },
	[EMRTD_PICC_FAULT_DESELECT] = { "deselect", ARGS_AT, 0,
	    "answers the N-th block with an S(DESELECT)" },
	[EMRTD_PICC_FAULT_AGAIN] = { "again", ARGS_AT, 0,
	    "answers the N-th block with the answer before" },
	[EMRTD_PICC_FAULT_EMPTY] = { "empty", ARGS_AT, 0,
	    "sends an empty piece of the response, and says that it goes on" },
	[EMRTD_PICC_FAULT_NOTHING] = { "nothing", ARGS_AT, 0,
	    "answers the N-th block with a frame that has a checksum only" },
	[EMRTD_PICC_FAULT_LONG] = { "long", ARGS_AT, 0,
	    "answers the N-th block with more than the reader can take" },
	[EMRTD_PICC_FAULT_ENDLESS] = { "endless", ARGS_AT, 0,
	    "responses have no end from the N-th block on" },
	[EMRTD_PICC_FAULT_NO_ATS] = { "no-ats", ARGS_NONE, 0,
	    "does not answer RATS" },
	[EMRTD_PICC_FAULT_NO_PPS] = { "no-pps", ARGS_NONE, 0,
	    "offers rates, and does not answer PPS" },
	[EMRTD_PICC_FAULT_RATE] = { "rate-lost", ARGS_AT, 0,
	    "answers no block at more than 106 kbit/s from the N-th on" },
};

bool
emrtd_picc_switch_at(size_t index, struct emrtd_card_switch *out)
{
	static const char *const arguments[] = {
		[ARGS_NONE] = "",
		[ARGS_AT] = "=N",
		[ARGS_AT_OR_VALUE] = "=N[:NUMBER]",
		[ARGS_AT_HEX] = "=N:XX",
	};

	if (index >= EMRTD_PICC_N_FAULTS)
		return false;
	out->name = rows[index].name;
	out->arguments = arguments[rows[index].arguments];
	out->text = rows[index].text;
	return true;
}

static const struct emrtd_picc_fault *
find(const struct emrtd_picc *picc, enum emrtd_picc_fault_id id, bool from)
{
	uint32_t now = picc->counts.blocks;

	for (size_t i = 0; i < picc->config.n_faults; i++) {
		const struct emrtd_picc_fault *fault = &picc->config.faults[i];

		if (fault->id == (uint32_t)id &&
		    (fault->at == 0 || fault->at == now ||
			(from && fault->at < now)))
			return fault;
	}
	return NULL;
}

const struct emrtd_picc_fault *
emrtd_picc_fault_at(const struct emrtd_picc *picc, enum emrtd_picc_fault_id id)
{
	return find(picc, id, false);
}

const struct emrtd_picc_fault *
emrtd_picc_fault_from(const struct emrtd_picc *picc,
    enum emrtd_picc_fault_id id)
{
	return find(picc, id, true);
}

/* Digits at the front; false when there is none, or they are too many. */
static bool
number(struct emrtd_bytes *in, unsigned base, uint32_t *out)
{
	static const char digits[] = "0123456789ABCDEF";
	uint64_t v = 0;
	uint8_t c;
	size_t n = 0;

	while (in->len > 0) {
		const char *d = memchr(digits, in->ptr[0], base);

		if (d == NULL)
			break;
		v = v * base + (uint64_t)(d - digits);
		if (v > UINT32_MAX || !emrtd_u8(in, &c))
			return false;
		n++;
	}
	*out = (uint32_t)v;
	return n > 0;
}

static bool
arguments(struct emrtd_bytes in, const struct row *row,
    struct emrtd_picc_fault *fault)
{
	unsigned base = row->arguments == ARGS_AT_HEX ? 16 : 10;
	uint8_t c;

	if (row->arguments == ARGS_NONE)
		return emrtd_end(&in);
	if (!emrtd_u8(&in, &c) || c != '=' || !number(&in, 10, &fault->at))
		return false;
	if (emrtd_end(&in))
		return row->arguments == ARGS_AT ||
		       row->arguments == ARGS_AT_OR_VALUE;
	return row->arguments != ARGS_AT && emrtd_u8(&in, &c) && c == ':' &&
	       number(&in, base, &fault->value) && emrtd_end(&in) &&
	       fault->value <= row->max_value;
}

static enum emrtd_error
fail(struct emrtd_diag *diag, enum emrtd_error error, const char *what,
    const char *text)
{
	error = emrtd_fail(diag, error, what, NULL);
	emrtd_diag_detail(diag, text);
	return error;
}

enum emrtd_error
emrtd_picc_misbehave(struct emrtd_picc_config *config, const char *text,
    struct emrtd_diag *diag)
{
	struct emrtd_picc_fault fault = { 0 };
	struct emrtd_bytes in = emrtd_bytes_text(text), name;
	size_t len = strcspn(text, "=");

	if (!emrtd_take(&in, len, &name))
		return fail(diag, EMRTD_E_ARG, "unknown fault", text);
	while (fault.id < EMRTD_PICC_N_FAULTS &&
	       !emrtd_bytes_equal(name, emrtd_bytes_text(rows[fault.id].name)))
		fault.id++;
	if (fault.id == EMRTD_PICC_N_FAULTS)
		return fail(diag, EMRTD_E_NOT_FOUND, "unknown fault", text);
	if (!arguments(in, &rows[fault.id], &fault))
		return fail(diag, EMRTD_E_ARG, "wrong arguments of a fault",
		    text);
	if (config->n_faults == EMRTD_PICC_FAULTS_MAX)
		return fail(diag, EMRTD_E_LIMIT, "too many faults", text);
	config->faults[config->n_faults++] = fault;
	return EMRTD_OK;
}
