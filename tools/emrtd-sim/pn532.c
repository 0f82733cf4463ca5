/*
 * The host's side of the simulated chip: frames in and out, the command that
 * is under way, and time.
 *
 *   normal    00 00 FF LEN LCS TFI PD.. DCS 00        LEN counts TFI and PD
 *   extended  00 00 FF FF FF LENM LENL LCS TFI PD.. DCS 00
 *   ACK       00 00 FF 00 FF 00
 *   NACK      00 00 FF FF 00 00
 *   error     00 00 FF 01 FF 7F 81 00
 *
 * LEN (both bytes) and LCS add up to 0 modulo 256, and so do TFI, PD and DCS.
 */
#include "pn532_inner.h"

#include <stdlib.h>
#include <string.h>

enum {
	TFI_HOST = 0xD4,
	TFI_CHIP = 0xD5,
	WAKE = 0x55,
	EXTENDED = 0xFF
};

#define BAUD_AT_FIRST 115200
#define BABBLE_MS     10

static const uint8_t ack_frame[] = { 0x00, 0x00, 0xFF, 0x00, 0xFF, 0x00 };
static const uint8_t error_frame[] = { 0x00, 0x00, 0xFF, 0x01, 0xFF, 0x7F, 0x81,
	0x00 };

struct pn532 *
pn532_new(const struct pn532_config *config)
{
	struct pn532 *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->config = *config;
	p->baud = BAUD_AT_FIRST;
	p->parameters = 0x14;      /* automatic ATR_RES, automatic RATS */
	p->retries_passive = 0xFF; /* without end */
	p->timeout = 0x0A;         /* 51.2 ms */
	pn532_mode(p, EMRTD_AIR_A, false, 0);
	return p;
}

void
pn532_free(struct pn532 **p)
{
	if (*p == NULL)
		return;
	explicit_bzero(*p, sizeof(**p));
	free(*p);
	*p = NULL;
}

void
pn532_put(struct pn532 *p, struct emrtd_bytes bytes)
{
	size_t room = PN532_DATA_MAX - p->answer_len;
	size_t n = bytes.len < room ? bytes.len : room;

	if (n > 0)
		memcpy(p->answer + p->answer_len, bytes.ptr, n);
	p->answer_len += n;
}

void
pn532_put_u8(struct pn532 *p, uint8_t v)
{
	pn532_put(p, emrtd_bytes(&v, 1));
}

/* ---- Out --------------------------------------------------------------- */

static struct pn532_frame *
next_in_queue(struct pn532 *p)
{
	/* A host that never reads loses what it does not read. */
	if (p->n_queue == PN532_QUEUE_MAX)
		return NULL;
	p->queue[p->n_queue].len = 0;
	return &p->queue[p->n_queue++];
}

static void
queue_bytes(struct pn532 *p, const uint8_t *bytes, size_t len)
{
	struct pn532_frame *frame = next_in_queue(p);

	if (frame == NULL)
		return;
	memcpy(frame->bytes, bytes, len);
	frame->len = len;
}

/* What is in p->answer, with all that frames it. */
static void
make_frame(struct pn532 *p, struct pn532_frame *frame)
{
	size_t len = p->answer_len + 2, n = 0, data;
	uint8_t *b = frame->bytes, sum = 0;

	b[n++] = 0x00;
	b[n++] = 0x00;
	b[n++] = 0xFF;
	if (len > 0xFF || pn532_fault_at(p, PN532_FAULT_EXTENDED) != NULL) {
		b[n++] = EXTENDED;
		b[n++] = EXTENDED;
		b[n++] = (uint8_t)(len >> 8);
		b[n++] = (uint8_t)len;
		b[n++] = (uint8_t) - ((len >> 8) + len);
	} else {
		b[n++] = (uint8_t)len;
		b[n++] = (uint8_t)-len;
	}
	data = n;
	b[n++] = TFI_CHIP;
	b[n++] = (uint8_t)(p->command + 1);
	memcpy(b + n, p->answer, p->answer_len);
	n += p->answer_len;
	for (size_t i = data; i < n; i++)
		sum = (uint8_t)(sum + b[i]);
	b[n++] = (uint8_t)-sum;
	b[n++] = 0x00;
	frame->len = n;
	pn532_spoil_frame(p, frame, data);
}

static void
send_answer(struct pn532 *p, uint64_t now_ms)
{
	struct pn532_frame *frame;

	p->job = PN532_IDLE;
	if (pn532_fault_at(p, PN532_FAULT_MUTE) != NULL)
		return;
	if (pn532_fault_at(p, PN532_FAULT_ERROR) != NULL) {
		queue_bytes(p, error_frame, sizeof(error_frame));
		return;
	}
	pn532_spoil_answer(p);
	make_frame(p, &p->last);
	if (pn532_fault_at(p, PN532_FAULT_ENDLESS) != NULL) {
		p->job = PN532_BABBLES;
		p->job_ms = now_ms + BABBLE_MS;
	}
	for (int i = pn532_fault_at(p, PN532_FAULT_TWICE) != NULL ? 2 : 1;
	     i > 0; i--) {
		frame = next_in_queue(p);
		if (frame != NULL)
			*frame = p->last;
	}
}

/* The answer is there: it goes out when the card and the faults have done. */
static void
answer_after(struct pn532 *p, uint64_t now_ms, uint32_t takes_us)
{
	const struct pn532_fault *late = pn532_fault_at(p, PN532_FAULT_LATE);

	p->job = PN532_ANSWERS;
	p->job_ms = now_ms + takes_us / 1000;
	if (late != NULL)
		p->job_ms += late->value;
}

/* Everything whose time has come. */
static void
run_until(struct pn532 *p, uint64_t now_ms)
{
	struct pn532_frame *frame;

	if (p->job == PN532_RUNS_DEP && pn532_dep_step(p, now_ms))
		answer_after(p, p->dep.at_us / 1000, 0);
	if (p->job == PN532_POLLS && now_ms >= p->job_ms) {
		p->job_ms = now_ms + PN532_POLL_MS;
		if (pn532_poll_again(p, now_ms * 1000))
			answer_after(p, now_ms, 0);
	}
	if (p->job == PN532_ANSWERS && now_ms >= p->job_ms)
		send_answer(p, now_ms);
	if (p->job != PN532_BABBLES || now_ms < p->job_ms)
		return;
	p->job_ms = now_ms + BABBLE_MS;
	frame = p->n_queue > 0 ? NULL : next_in_queue(p);
	if (frame != NULL) {
		memset(frame->bytes, 0, PN532_FRAME_CAP / 4);
		frame->len = PN532_FRAME_CAP / 4;
	}
}

uint64_t
pn532_due_ms(const struct pn532 *p)
{
	if (p->n_queue > 0)
		return 0;
	switch (p->job) {
	case PN532_ANSWERS:
	case PN532_POLLS:
	case PN532_BABBLES:
		return p->job_ms;
	case PN532_RUNS_DEP:
		return (p->dep.at_us + 999) / 1000;
	case PN532_IDLE:
		break;
	}
	return PN532_NEVER;
}

bool
pn532_to_host(struct pn532 *p, struct emrtd_out *out, uint64_t now_ms)
{
	size_t len;

	run_until(p, now_ms);
	if (p->n_queue == 0)
		return false;
	len = p->queue[0].len;
	if (len > out->cap - out->len) {
		out->bad = true;
		return false;
	}
	memcpy(out->ptr + out->len, p->queue[0].bytes, len);
	out->len += len;
	p->counts.host_out += len;
	p->n_queue--;
	memmove(&p->queue[0], &p->queue[1], p->n_queue * sizeof(p->queue[0]));
	return true;
}

/* ---- In ---------------------------------------------------------------- */

static void
abort_job(struct pn532 *p)
{
	if (p->job == PN532_IDLE)
		return;
	p->job = PN532_IDLE;
	p->counts.aborted++;
}

static void
command(struct pn532 *p, struct emrtd_bytes pd, uint64_t now_ms)
{
	struct pn532_call call = {
		.in = emrtd_bytes(pd.ptr + 1, pd.len - 1),
		.now_us = now_ms * 1000,
	};
	uint8_t code = pd.ptr[0];

	abort_job(p);
	p->next_baud = 0;
	p->command = code;
	p->counts.commands++;
	p->n_of[code]++;
	if (code == PN532_IN_DATA_EXCHANGE || code == PN532_IN_COMMUNICATE_THRU)
		p->counts.exchanges++;
	if (pn532_fault_from(p, PN532_FAULT_DEAD) != NULL ||
	    pn532_fault_at(p, PN532_FAULT_NO_ACK) != NULL)
		return;
	queue_bytes(p, ack_frame, sizeof(ack_frame));
	p->answer_len = 0;
	if (!pn532_run(p, code, &call)) {
		queue_bytes(p, error_frame, sizeof(error_frame));
		return;
	}
	if (!call.later)
		answer_after(p, now_ms, call.takes_us);
}

static void
host_ack(struct pn532 *p)
{
	abort_job(p);
	if (p->next_baud != 0)
		p->baud = p->next_baud;
	p->next_baud = 0;
}

static void
host_nack(struct pn532 *p)
{
	struct pn532_frame *frame;

	if (p->job != PN532_IDLE || p->last.len == 0)
		return;
	frame = next_in_queue(p);
	if (frame != NULL)
		*frame = p->last;
}

/* Length of what stands before LEN's data, and of the data; 0: no header. */
static size_t
header(const uint8_t *b, size_t n, size_t *len)
{
	if (n < 4)
		return 0;
	if (b[2] != EXTENDED || b[3] != EXTENDED) {
		*len = b[2];
		return 4;
	}
	if (n < 7)
		return 0;
	*len = (size_t)b[4] << 8 | b[5];
	return 7;
}

static bool
header_fits(const uint8_t *b, size_t head, size_t len)
{
	if (head == 7)
		return (uint8_t)(b[4] + b[5] + b[6]) == 0 && len > 0;
	return (uint8_t)(b[2] + b[3]) == 0 && len > 0;
}

static void
frame_body(struct pn532 *p, const uint8_t *b, size_t len, uint64_t now_ms)
{
	uint8_t sum = 0;

	for (size_t i = 0; i <= len; i++)
		sum = (uint8_t)(sum + b[i]);
	if (sum != 0 || len < 2 || len > PN532_DATA_MAX + 2) {
		p->counts.garbage++;
		return;
	}
	if (b[0] != TFI_HOST) {
		p->counts.garbage++;
		queue_bytes(p, error_frame, sizeof(error_frame));
		return;
	}
	command(p, emrtd_bytes(b + 1, len - 1), now_ms);
}

/*
 * One frame from the beginning of b, which is 00 FF; returns how many bytes
 * are done with, 0 when more are wanted.
 */
static size_t
take_frame(struct pn532 *p, const uint8_t *b, size_t n, uint64_t now_ms)
{
	size_t len = 0, head = header(b, n, &len);

	if (head == 0)
		return 0;
	if (head == 4 && b[2] == 0x00 && b[3] == 0xFF) {
		host_ack(p);
		return 4;
	}
	if (head == 4 && b[2] == 0xFF && b[3] == 0x00) {
		host_nack(p);
		return 4;
	}
	if (!header_fits(b, head, len) || head + len + 1 > PN532_HOST_CAP) {
		p->counts.garbage++;
		return 2;
	}
	if (n < head + len + 1)
		return 0;
	frame_body(p, b + head, len, now_ms);
	return head + len + 1;
}

static void
drop(struct pn532 *p, size_t n)
{
	p->in_len -= n;
	memmove(p->in, p->in + n, p->in_len);
}

static void
take_frames(struct pn532 *p, uint64_t now_ms)
{
	for (;;) {
		size_t i = 0, done;

		while (i + 1 < p->in_len &&
		       (p->in[i] != 0x00 || p->in[i + 1] != 0xFF))
			i++;
		drop(p, i);
		if (p->in_len < 2)
			return;
		done = take_frame(p, p->in, p->in_len, now_ms);
		if (done == 0)
			return;
		drop(p, done);
	}
}

void
pn532_from_host(struct pn532 *p, struct emrtd_bytes bytes, uint64_t now_ms)
{
	run_until(p, now_ms);
	p->counts.host_in += bytes.len;
	while (bytes.len > 0) {
		size_t room = sizeof(p->in) - p->in_len;
		size_t n = bytes.len < room ? bytes.len : room;

		if (p->asleep && bytes.ptr[0] != WAKE) {
			/* Nothing is heard until it is woken. */
			bytes = emrtd_bytes(bytes.ptr + 1, bytes.len - 1);
			continue;
		}
		p->asleep = false;
		memcpy(p->in + p->in_len, bytes.ptr, n);
		p->in_len += n;
		bytes = emrtd_bytes(bytes.ptr + n, bytes.len - n);
		take_frames(p, now_ms);
	}
}

void
pn532_lay(struct pn532 *p, bool there, uint64_t now_ms)
{
	if (p->config.picc != NULL)
		emrtd_picc_lay(p->config.picc, there, now_ms * 1000);
}

void
pn532_change(struct pn532 *p, struct emrtd_picc *picc, uint64_t now_ms)
{
	if (p->config.picc != NULL)
		emrtd_picc_field(p->config.picc, false, now_ms * 1000);
	p->config.picc = picc;
	if (picc != NULL)
		emrtd_picc_field(picc, p->field, now_ms * 1000);
}

uint32_t
pn532_baud(const struct pn532 *p)
{
	return p->baud;
}

bool
pn532_hears_at(const struct pn532 *p, uint32_t baud)
{
	return baud == p->baud || (p->next_baud != 0 && baud == p->next_baud);
}

struct pn532_counts
pn532_counts(const struct pn532 *p)
{
	return p->counts;
}
