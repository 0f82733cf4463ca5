#include "scripted_reader.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

#define HEAD 10

static const uint8_t the_atr[] = { 0x3B, 0x88, 0x80, 0x01, 0, 0, 0, 0, 0x77,
	0x81, 0x81, 0, 0x7E };

uint8_t
script_byte(const struct script *s, size_t i)
{
	if (i + 2 == s->response_len)
		return 0x90;
	if (i + 1 == s->response_len)
		return 0x00;
	return (uint8_t)(i * 7 + 1);
}

static uint8_t
icc(const struct script *s)
{
	if (s->absent)
		return 2;
	return s->powered ? 0 : 1;
}

static size_t
queued(const struct script *s)
{
	return s->n_out > 0 ? s->ends[s->n_out - 1] : 0;
}

/* Queues one message; the hook may make something else of it. */
static void
answer(struct script *s, const uint8_t *to, uint8_t type, uint8_t status,
    uint8_t error, uint8_t chain, size_t n)
{
	uint8_t *m = s->out + queued(s);
	size_t len;

	if (s->fail_with && !(status & 0x80)) {
		status |= 0x40;
		error = s->fail_with;
		n = 0;
	}
	len = HEAD + n;
	assert_true(queued(s) + len + 512 <= sizeof(s->out));
	assert_true(s->n_out < SCRIPT_MAX_QUEUE);
	m[0] = type;
	m[1] = (uint8_t)n;
	m[2] = (uint8_t)(n >> 8);
	m[3] = (uint8_t)(n >> 16);
	m[4] = 0;
	m[5] = to[5];
	m[6] = to[6];
	m[7] = (uint8_t)(status | icc(s));
	m[8] = error;
	m[9] = chain;
	s->dropped = false;
	if (s->hook)
		s->hook(s, s->n_messages, m, &len);
	s->n_messages++;
	if (!s->dropped) {
		len += queued(s);
		s->ends[s->n_out++] = len;
	}
}

/* The next block of the response, with what announces it. */
static void
answer_block(struct script *s, const uint8_t *to)
{
	size_t room = s->reader.max_message - HEAD;
	size_t left = s->response_len - s->response_at;
	size_t n = left < room ? left : room;
	bool first = s->response_at == 0, last = n == left;
	uint8_t chain = first ? last ? 0 : 1 : last ? 2 : 3;

	for (unsigned i = 0; i < s->extensions; i++)
		answer(s, to, 0x80, 0x80, 1, 0, 0);
	for (size_t i = 0; i < n; i++)
		s->out[queued(s) + HEAD + i] = script_byte(s,
		    s->response_at + i);
	s->response_at += n;
	answer(s, to, 0x80, 0, 0,
	    s->reader.level == EMRTD_CCID_EXTENDED ? chain : 0, n);
}

static void
on_transfer(struct script *s, const uint8_t *m, size_t len)
{
	uint16_t level = (uint16_t)(m[8] | m[9] << 8);

	assert_true(s->n_levels < 512);
	s->levels[s->n_levels++] = level;
	if (s->absent || !s->powered) {
		answer(s, m, 0x80, 0x40, 0xFE, 0, 0);
		return;
	}
	if (level == 0x10) {
		assert_int_equal(len, HEAD);
		answer_block(s, m);
		return;
	}
	if (level == 0 || level == 1)
		s->command_len = 0;
	assert_true(s->command_len + len - HEAD <= sizeof(s->command));
	memcpy(s->command + s->command_len, m + HEAD, len - HEAD);
	s->command_len += len - HEAD;
	s->response_at = 0;
	if (level == 1 || level == 3)
		answer(s, m, 0x80, 0, 0, 0x10, 0);
	else
		answer_block(s, m);
}

static void
on_power(struct script *s, const uint8_t *m)
{
	if (s->voltage != 0xFF && m[7] != s->voltage) {
		answer(s, m, 0x80, 0x40, 7, 0, 0);
		return;
	}
	if (s->absent) {
		answer(s, m, 0x80, 0x40, 0xFE, 0, 0);
		return;
	}
	s->powered = true;
	memcpy(s->out + queued(s) + HEAD, the_atr, sizeof(the_atr));
	answer(s, m, 0x80, 0, 0, 0, sizeof(the_atr));
}

static enum emrtd_error
on_send(void *self, struct emrtd_bytes message, int64_t until_ms)
{
	struct script *s = self;
	const uint8_t *m = message.ptr;

	assert_true(until_ms >= s->now);
	assert_true(message.len >= HEAD);
	assert_true(message.len <= s->reader.max_message);
	assert_int_equal(m[1] | m[2] << 8 | m[3] << 16, message.len - HEAD);
	assert_int_equal(m[4], 0);
	s->last_seq = m[6];
	s->n_sent++;
	if (s->i_out == s->n_out) /* all was taken */
		s->i_out = s->n_out = s->at = 0;
	if (s->mute_sends > 0) {
		s->mute_sends--;
		return EMRTD_OK;
	}
	switch (m[0]) {
	case 0x62:
		on_power(s, m);
		break;
	case 0x63:
		s->powered = false;
		answer(s, m, 0x81, 0, 0, 0, 0);
		break;
	case 0x65:
	case 0x72:
		answer(s, m, 0x81, 0, 0, 0, 0);
		break;
	case 0x6F:
		on_transfer(s, m, message.len);
		break;
	default:
		fail_msg("message of type %02x", m[0]);
	}
	return EMRTD_OK;
}

/* From the message at hand; the last one may come again. */
static void
take_packet(struct script *s, struct emrtd_out *packet)
{
	size_t n = s->ends[s->i_out] - s->at;
	size_t room = packet->cap - packet->len;

	if (n > s->packet)
		n = s->packet;
	if (n > room)
		n = room;
	memcpy(packet->ptr + packet->len, s->out + s->at, n);
	packet->len += n;
	s->at += n;
	if (s->at < s->ends[s->i_out])
		return;
	if (!s->endless || s->i_out + 1 < s->n_out)
		s->i_out++;
	else
		s->at = s->i_out > 0 ? s->ends[s->i_out - 1] : 0;
}

static enum emrtd_error
on_receive(void *self, struct emrtd_out *packet, int64_t until_ms)
{
	struct script *s = self;

	assert_true(packet->cap - packet->len >= 1024);
	s->n_received++;
	s->now += s->step_ms + s->late_ms;
	s->late_ms = 0;
	if (s->cancelled) {
		s->cancelled = false;
		return EMRTD_E_CANCELLED;
	}
	if (s->now <= until_ms && s->empty_first) {
		s->empty_first = false;
		return EMRTD_OK;
	}
	if (s->now > until_ms || s->i_out == s->n_out) {
		if (s->now < until_ms)
			s->now = until_ms;
		return EMRTD_E_TIMEOUT;
	}
	take_packet(s, packet);
	s->empty_first = s->empty_packets && s->at == queued(s);
	return EMRTD_OK;
}

static enum emrtd_error
on_abort(void *self, uint8_t slot, uint8_t seq)
{
	struct script *s = self;

	assert_int_equal(seq, s->last_seq);
	assert_int_equal(slot, 0);
	s->n_aborts++;
	return s->abort_works ? EMRTD_OK : EMRTD_E_PROTOCOL;
}

static int64_t
on_now(void *self)
{
	const struct script *s = self;

	return s->now;
}

static enum emrtd_error
on_pause(void *self, int64_t until_ms)
{
	struct script *s = self;

	assert_true(until_ms > s->now);
	s->now = until_ms;
	s->n_pauses++;
	return EMRTD_OK;
}

struct script *
script_new(enum emrtd_ccid_level level, uint32_t max_message)
{
	struct script *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->reader.level = level;
	s->reader.max_message = max_message;
	s->reader.n_slots = 1;
	s->reader.in_packet = s->reader.out_packet = 64;
	s->reader.features = EMRTD_CCID_AUTO_VOLTAGE;
	s->response_len = 2;
	s->packet = 1024;
	s->voltage = 0xFF;
	s->pipe = (struct emrtd_ccid_pipe){ s, on_send, on_receive, on_abort,
		on_now, on_pause };
	return s;
}

void
script_free(struct script *s)
{
	free(s);
}

void
script_exchange(struct script *s, struct emrtd_ccid_exchange *out)
{
	emrtd_ccid_exchange_init(out, &s->pipe, &s->reader, 0, s->buffer);
}
