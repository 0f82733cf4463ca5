#include "pn532_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How the text after the '=' is read, behind the code of a command. */
enum arguments {
	ARGS_AT,      /* N; 0: each */
	ARGS_AT_TIME, /* N:NUMBER */
	ARGS_AT_HEX,  /* N:XX */
	ARGS_MORE     /* N, of the continuations */
};

struct row {
	const char *name;
	enum arguments arguments;
	const char *text;
};

#define HOUR_MS 3600000UL

static const struct row rows[PN532_N_FAULTS] = {
	[PN532_FAULT_NO_ACK] = { "no-ack", ARGS_AT,
	    "the reader's chip overhears the N-th exchange" },
	[PN532_FAULT_MUTE] = { "no-answer", ARGS_AT,
	    "acknowledges the N-th exchange and answers nothing" },
	[PN532_FAULT_DEAD] = { "dead", ARGS_AT,
	    "is silent from the N-th exchange on" },
	[PN532_FAULT_LATE] = { "answer-late", ARGS_AT_TIME,
	    "answers the N-th exchange that many milliseconds later" },
	[PN532_FAULT_ERROR] = { "error-frame", ARGS_AT,
	    "answers the N-th exchange with an error frame" },
	[PN532_FAULT_LEN] = { "len", ARGS_AT_HEX,
	    "says this length, with its checksum" },
	[PN532_FAULT_LCS] = { "lcs", ARGS_AT,
	    "the checksum of the length is wrong" },
	[PN532_FAULT_DCS] = { "dcs", ARGS_AT,
	    "the checksum of the data is wrong" },
	[PN532_FAULT_TFI] = { "tfi", ARGS_AT_HEX,
	    "the answer begins with this byte, not with D5" },
	[PN532_FAULT_CODE] = { "code", ARGS_AT_HEX,
	    "the answer is one to this other command" },
	[PN532_FAULT_STATUS] = { "status", ARGS_AT_HEX,
	    "answers with this status and nothing else" },
	[PN532_FAULT_NAD] = { "status-nad", ARGS_AT,
	    "the status says that there is a node address" },
	[PN532_FAULT_EMPTY] = { "no-status", ARGS_AT,
	    "answers without status and data" },
	[PN532_FAULT_SHORT] = { "cut", ARGS_AT,
	    "the frame breaks off in the middle" },
	[PN532_FAULT_LONG] = { "too-long", ARGS_AT,
	    "answers with more than the chip may ever give" },
	[PN532_FAULT_EXTENDED] = { "extended", ARGS_AT,
	    "a short answer in the frame of a long one, which is allowed" },
	[PN532_FAULT_ENDLESS] = { "babble", ARGS_AT,
	    "bytes follow the answer without end" },
	[PN532_FAULT_TWICE] = { "twice", ARGS_AT, "answers twice" },
	[PN532_FAULT_NOISE] = { "noise", ARGS_AT,
	    "other bytes come before the answer" },
	[PN532_FAULT_MORE_BROKEN] = { "more-broken", ARGS_MORE,
	    "InDataExchange: the N-th continuation ends in status 01" },
	[PN532_FAULT_MORE_EMPTY] = { "more-empty", ARGS_MORE,
	    "InDataExchange: the N-th continuation has not even a status" },
	[PN532_FAULT_MORE_ENDLESS] = { "more-endless", ARGS_MORE,
	    "InDataExchange: there is always more from the N-th on" },
};

bool
pn532_switch_at(size_t index, struct emrtd_card_switch *out)
{
	static const char *const arguments[] = {
		[ARGS_AT] = "=[CC/]N",
		[ARGS_AT_TIME] = "=[CC/]N:NUMBER",
		[ARGS_AT_HEX] = "=[CC/]N:XX",
		[ARGS_MORE] = "=N",
	};

	if (index >= PN532_N_FAULTS)
		return false;
	out->name = rows[index].name;
	out->arguments = arguments[rows[index].arguments];
	out->text = rows[index].text;
	return true;
}

/* Is this one of the command under way? */
static bool
concerns(const struct pn532 *p, const struct pn532_fault *f)
{
	if (f->command != 0)
		return f->command == p->command;
	return p->command == PN532_IN_DATA_EXCHANGE ||
	       p->command == PN532_IN_COMMUNICATE_THRU;
}

static const struct pn532_fault *
find(const struct pn532 *p, enum pn532_fault_id id, bool from)
{
	for (size_t i = 0; i < p->config.n_faults; i++) {
		const struct pn532_fault *f = &p->config.faults[i];
		uint32_t now = f->command == 0 ? p->counts.exchanges
					       : p->n_of[f->command];

		if (f->id != (uint32_t)id)
			continue;
		if (rows[id].arguments == ARGS_MORE)
			now = p->n_more;
		else if (!from && !concerns(p, f))
			continue;
		if (f->at == now || (from && f->at < now) ||
		    (f->at == 0 && !from))
			return f;
	}
	return NULL;
}

const struct pn532_fault *
pn532_fault_at(const struct pn532 *p, enum pn532_fault_id id)
{
	return find(p, id, false);
}

const struct pn532_fault *
pn532_fault_from(const struct pn532 *p, enum pn532_fault_id id)
{
	return find(p, id, true);
}

void
pn532_spoil_answer(struct pn532 *p)
{
	const struct pn532_fault *fault = pn532_fault_at(p, PN532_FAULT_STATUS);

	if (fault != NULL) {
		p->answer[0] = (uint8_t)fault->value;
		p->answer_len = 1;
	}
	if (p->answer_len > 0 && pn532_fault_at(p, PN532_FAULT_NAD) != NULL)
		p->answer[0] |= PN532_NAD;
	if (pn532_fault_at(p, PN532_FAULT_EMPTY) != NULL)
		p->answer_len = 0;
	if (pn532_fault_at(p, PN532_FAULT_LONG) != NULL) {
		memset(p->answer + p->answer_len, 0,
		    sizeof(p->answer) - p->answer_len);
		p->answer_len = sizeof(p->answer);
	}
}

/* The bytes of DCS follow what is now there. */
static void
mend_sum(struct pn532_frame *frame, size_t data)
{
	uint8_t sum = 0;

	for (size_t i = data; i < frame->len - 2; i++)
		sum = (uint8_t)(sum + frame->bytes[i]);
	frame->bytes[frame->len - 2] = (uint8_t)-sum;
}

void
pn532_spoil_frame(struct pn532 *p, struct pn532_frame *frame, size_t data)
{
	static const uint8_t noise[] = { 0x55, 0xAA, 0x00, 0x00, 0x12 };
	const struct pn532_fault *fault;
	uint8_t *b = frame->bytes;

	fault = pn532_fault_at(p, PN532_FAULT_TFI);
	if (fault != NULL)
		b[data] = (uint8_t)fault->value;
	fault = pn532_fault_at(p, PN532_FAULT_CODE);
	if (fault != NULL)
		b[data + 1] = (uint8_t)fault->value;
	mend_sum(frame, data);
	fault = pn532_fault_at(p, PN532_FAULT_LEN);
	if (fault != NULL) {
		b[data - 2] = (uint8_t)fault->value;
		b[data - 1] = (uint8_t)-fault->value;
	}
	if (pn532_fault_at(p, PN532_FAULT_LCS) != NULL)
		b[data - 1] ^= 0x01;
	if (pn532_fault_at(p, PN532_FAULT_DCS) != NULL)
		b[frame->len - 2] ^= 0x01;
	if (pn532_fault_at(p, PN532_FAULT_SHORT) != NULL)
		frame->len /= 2;
	if (pn532_fault_at(p, PN532_FAULT_NOISE) != NULL) {
		memmove(b + sizeof(noise), b, frame->len);
		memcpy(b, noise, sizeof(noise));
		frame->len += sizeof(noise);
	}
}

/* Decimal or hexadecimal digits at *text, which goes past them. */
static bool
number(const char **text, int base, unsigned long max, uint32_t *out)
{
	static const char digits[] = "0123456789ABCDEF";
	char *end;
	unsigned long v;

	if (**text == '\0' || memchr(digits, **text, (size_t)base) == NULL)
		return false;
	v = strtoul(*text, &end, base);
	if (v > max)
		return false;
	*text = end;
	*out = (uint32_t)v;
	return true;
}

static bool
arguments(const char *text, const struct row *row, struct pn532_fault *fault)
{
	uint32_t code;

	if (row->arguments != ARGS_MORE && strchr(text, '/') != NULL) {
		if (!number(&text, 16, 0xFF, &code) || *text++ != '/')
			return false;
		fault->command = (uint8_t)code;
	}
	if (!number(&text, 10, UINT32_MAX, &fault->at))
		return false;
	if (row->arguments == ARGS_AT || row->arguments == ARGS_MORE)
		return *text == '\0';
	if (*text++ != ':')
		return false;
	if (row->arguments == ARGS_AT_HEX)
		return number(&text, 16, 0xFF, &fault->value) && *text == '\0';
	return number(&text, 10, HOUR_MS, &fault->value) && *text == '\0';
}

static enum emrtd_error
fail(struct emrtd_diag *diag, enum emrtd_error error, const char *what,
    const char *text)
{
	emrtd_diag_init(diag);
	diag->error = error;
	diag->what = what;
	(void)snprintf(diag->detail, sizeof(diag->detail), "%s", text);
	return error;
}

enum emrtd_error
pn532_misbehave(struct pn532_config *config, const char *text,
    struct emrtd_diag *diag)
{
	size_t len = strcspn(text, "=");
	struct pn532_fault fault = { 0 };

	while (fault.id < PN532_N_FAULTS &&
	       (strlen(rows[fault.id].name) != len ||
		   strncmp(rows[fault.id].name, text, len) != 0))
		fault.id++;
	if (fault.id == PN532_N_FAULTS)
		return fail(diag, EMRTD_E_NOT_FOUND, "unknown fault", text);
	if (text[len] != '=' ||
	    !arguments(text + len + 1, &rows[fault.id], &fault))
		return fail(diag, EMRTD_E_ARG, "wrong arguments of a fault",
		    text);
	if (config->n_faults == PN532_FAULTS_MAX)
		return fail(diag, EMRTD_E_LIMIT, "too many faults", text);
	config->faults[config->n_faults++] = fault;
	return EMRTD_OK;
}
