/*
 * A helper of nfc: that says whatever the input says, and a chip behind it
 * that does so, too: the parsers of its messages, and then the link above them
 * (opening, looking, activating, exchanging), in which no process runs and no
 * time passes. Each call ends in an error of a transport, in a bounded number
 * of requests, and nothing is written outside of a response.
 *
 *   orders: what is called; then for each request an order of how it is
 *   answered, and bytes
 */
#include "core/builder.h"
#include "core/cursor.h"
#include "transport/nfc_link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_CALLS  8
#define MAX_ASKED  40000
#define TIMEOUT_MS 5000

/* How a request is answered: the low bits of its order. */
enum {
	RAW,      /* bytes, as they come */
	FITTING,  /* its kind and number, a status, data */
	FRAME,    /* the same, status OK, and a chip was heard */
	SELECTED, /* a chip of type A that speaks ISO/IEC 14443-4 */
	ATS,
	LATE,
	CANCELLED,
	DEAD
};

static struct {
	struct emrtd_bytes in;
	int64_t now;
	unsigned asked;
	bool runs;
	uint16_t number;
} play;

static uint8_t message[EMRTD_NFC_MESSAGE_MAX + 1];

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static uint8_t
take(void)
{
	uint8_t v = 0;

	(void)emrtd_u8(&play.in, &v);
	return v;
}

/* The clock and the process, in place of the library's own. */
bool
emrtd_wake_open(struct emrtd_wake *wake)
{
	wake->fd = 0;
	return true;
}

void
emrtd_wake_close(struct emrtd_wake *wake)
{
	wake->fd = -1;
}

void
emrtd_wake_signal(const struct emrtd_wake *wake)
{
	(void)wake;
}

void
emrtd_wake_clear(const struct emrtd_wake *wake)
{
	(void)wake;
}

int64_t
emrtd_wake_now_ms(void)
{
	return play.now;
}

enum emrtd_error
emrtd_wake_wait(const struct emrtd_wake *wake, int fd, short events,
    int64_t until_ms)
{
	(void)wake;
	(void)events;
	require(fd == -1);
	if (until_ms > play.now)
		play.now = until_ms;
	return EMRTD_E_TIMEOUT;
}

void
emrtd_nfc_process_init(struct emrtd_nfc_process *process)
{
	memset(process, 0, sizeof(*process));
	play.runs = false;
}

bool
emrtd_nfc_process_runs(const struct emrtd_nfc_process *process)
{
	(void)process;
	return play.runs;
}

enum emrtd_error
emrtd_nfc_process_start(struct emrtd_nfc_process *process, const char *program,
    const char **why)
{
	(void)process;
	(void)program;
	*why = "";
	play.runs = true;
	return EMRTD_OK;
}

void
emrtd_nfc_process_stop(struct emrtd_nfc_process *process)
{
	(void)process;
	play.runs = false;
}

static void
put_rest(struct emrtd_out *out, size_t n)
{
	struct emrtd_bytes data;

	if (n > out->cap - out->len)
		n = out->cap - out->len;
	if (!emrtd_take(&play.in, n, &data))
		(void)emrtd_take(&play.in, play.in.len, &data);
	emrtd_put(out, data);
}

static void
put_answer(struct emrtd_out *out, const struct emrtd_nfc_request *request,
    uint8_t order)
{
	static const uint8_t selected[] = { 1, 1, 0, 8, 0x20, 4, 8, 1, 2, 3 };
	static const uint8_t ats[] = { 0, 6, 0x78, 0x77, 0x40, 0x02, 0x80 };
	size_t n = order >> 3;

	if ((order & 7) == RAW) {
		put_rest(out, n * 9);
		return;
	}
	emrtd_put_u8(out, (uint8_t)(request->kind | 0x80));
	emrtd_put_u8(out, (order & 7) == FITTING ? take() : 0);
	emrtd_put_u16(out, request->number);
	switch (order & 7) {
	case SELECTED:
		emrtd_put(out, emrtd_bytes(selected, sizeof(selected)));
		break;
	case ATS:
		emrtd_put(out, emrtd_bytes(ats, sizeof(ats)));
		break;
	case FRAME:
		emrtd_put_u8(out, 0);
		put_rest(out, n);
		break;
	default:
		put_rest(out, n * 8);
		break;
	}
}

enum emrtd_error
emrtd_nfc_process_ask(struct emrtd_nfc_process *process,
    const struct emrtd_wake *wake, struct emrtd_nfc_request *request,
    int64_t until_ms, struct emrtd_nfc_answer *answer)
{
	static uint8_t sent[EMRTD_NFC_MESSAGE_MAX];
	struct emrtd_out bytes = emrtd_out(sent, sizeof(sent));
	struct emrtd_out out = emrtd_out(message, sizeof(message));
	struct emrtd_nfc_request again;
	uint8_t order;

	(void)process;
	(void)wake;
	require(++play.asked <= MAX_ASKED);
	memset(answer, 0, sizeof(*answer));
	if (!play.runs)
		return EMRTD_E_READER_LOST;
	request->number = ++play.number;
	emrtd_nfc_request_build(request, &bytes);
	require(!bytes.bad &&
		emrtd_nfc_request_parse(emrtd_out_bytes(&bytes), &again) &&
		again.wait_ms == request->wait_ms &&
		emrtd_bytes_equal(again.data, request->data));
	order = emrtd_end(&play.in) ? LATE : take();
	play.now += order == LATE ? request->wait_ms : 1;
	switch (order & 7) {
	case LATE:
		if (until_ms > play.now)
			play.now = until_ms;
		return EMRTD_E_TIMEOUT;
	case CANCELLED:
		return EMRTD_E_CANCELLED;
	case DEAD:
		play.runs = false;
		return EMRTD_E_READER_LOST;
	default:
		put_answer(&out, request, order);
		if (emrtd_nfc_answer_to(request, emrtd_out_bytes(&out), answer))
			return EMRTD_OK;
		play.runs = false;
		return EMRTD_E_READER_LOST;
	}
}

static bool
of_a_transport(enum emrtd_error err)
{
	switch (err) {
	case EMRTD_OK:
	case EMRTD_E_CARD_LOST:
	case EMRTD_E_READER_LOST:
	case EMRTD_E_TIMEOUT:
	case EMRTD_E_CANCELLED:
	case EMRTD_E_TOO_LONG:
	case EMRTD_E_PROTOCOL:
		return true;
	default:
		return false;
	}
}

static enum emrtd_error
transmit(struct emrtd_nfc_link *link, uint8_t order)
{
	static const size_t lengths[] = { 0, 4, 5, 300, 2000 };
	static uint8_t command[2000], response[3000];
	struct emrtd_out out = emrtd_out(response,
	    order & 0x80 ? sizeof(response) : 16);
	enum emrtd_error err;

	out.len = 3;
	link->deadline_ms = play.now + TIMEOUT_MS;
	err = emrtd_nfc_link_transmit(link,
	    emrtd_bytes(command, lengths[(order >> 3) % 5]), &out);
	link->deadline_ms = 0;
	require(!out.bad && out.len <= out.cap);
	require(err ? out.len == 3 : out.len >= 5);
	return err;
}

static enum emrtd_error
call(struct emrtd_nfc_link *link, uint8_t order)
{
	enum emrtd_error err;
	bool found;

	switch (order & 7) {
	case 0:
		return emrtd_nfc_link_look(link, &found);
	case 1:
		return emrtd_nfc_link_ping(link);
	case 2:
		return emrtd_nfc_link_field_off(link);
	case 3:
	case 4:
		err = emrtd_nfc_link_look(link, &found);
		if (!err && found)
			err = emrtd_nfc_link_activate(link);
		return err;
	default:
		return transmit(link, order);
	}
}

static void
parse(struct emrtd_bytes in)
{
	struct emrtd_nfc_request request;
	struct emrtd_nfc_answer answer;
	struct emrtd_nfc_reader reader;
	struct emrtd_pn53x_target target;
	enum emrtd_isodep_heard heard;
	struct emrtd_bytes frame;

	if (emrtd_nfc_request_parse(in, &request))
		require(request.data.len <= EMRTD_NFC_DATA_MAX);
	if (emrtd_nfc_answer_parse(in, &answer))
		require(answer.data.len <= EMRTD_NFC_DATA_MAX &&
			answer.status < EMRTD_NFC_N_STATUSES);
	if (emrtd_nfc_reader_parse(in, &reader))
		require(strlen(reader.name) <= EMRTD_NFC_NAME_MAX &&
			strlen(reader.device) <= EMRTD_NFC_NAME_MAX &&
			reader.max_command <= EMRTD_NFC_DATA_MAX);
	if (!emrtd_pn53x_select_parse(in, EMRTD_PN53X_TYPE_A, &target))
		require(target.uid_len <= EMRTD_PN53X_UID_MAX);
	if (!emrtd_pn53x_exchange_parse(in, &heard, &frame))
		require(frame.len < in.len);
}

/* A reader that opened, as any might say that it is. */
static void
open_link(struct emrtd_nfc_link *link, uint8_t order)
{
	play.runs = true;
	link->reader.driver = (order & 3u) % EMRTD_NFC_N_DRIVERS;
	link->reader.chip = (order >> 2 & 3u) % EMRTD_NFC_N_CHIPS;
	link->reader.max_command = order & 0x10 ? 254 : EMRTD_NFC_DATA_MAX;
	link->reader.speed = order & 0x20 ? 9600 : 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct emrtd_nfc_link link;
	struct emrtd_wake wake = { 0 };
	enum emrtd_error err;
	uint8_t order;

	parse(emrtd_bytes(data, size));
	memset(&play, 0, sizeof(play));
	play.in = emrtd_bytes(data, size);
	emrtd_nfc_link_init(&link, &wake);
	order = take();
	if (order & 0x80) {
		err = emrtd_nfc_link_open(&link, "pn53x_usb:001:002", NULL);
		require(of_a_transport(err) || err == EMRTD_E_NO_READER ||
			err == EMRTD_E_BUSY || err == EMRTD_E_PERMISSION);
		require(err ? !play.runs : play.runs);
	} else {
		open_link(&link, order);
	}
	for (unsigned i = 0; i < MAX_CALLS && !emrtd_end(&play.in); i++) {
		err = call(&link, take());
		require(of_a_transport(err));
		require(err != EMRTD_E_READER_LOST || !play.runs);
		require(link.atr_len <= sizeof(link.atr));
		require(!link.active || play.runs);
	}
	emrtd_nfc_link_close(&link);
	return 0;
}
