/* One slot of a reader that keeps to the rules, or nearly does. */
#include "emrtd_test.h"
#include "scripted_reader.h"

#include <stdlib.h>

#define TIMEOUT_MS 1000

static uint8_t apdu[65544], got[65600];

/* A well-formed APDU as far as a reader looks: the bytes tell their place. */
static struct emrtd_bytes
command_of(size_t len)
{
	for (size_t i = 0; i < len; i++)
		apdu[i] = (uint8_t)(i * 3 + 1);
	apdu[0] = 0x00;
	return emrtd_bytes(apdu, len);
}

static enum emrtd_error
send_apdu(struct emrtd_ccid_exchange *x, size_t len, struct emrtd_out *out)
{
	*out = emrtd_out(got, sizeof(got));
	return emrtd_ccid_transmit(x, command_of(len), out, TIMEOUT_MS);
}

static void
assert_response(const struct script *s, const struct emrtd_out *out)
{
	assert_false(out->bad);
	assert_int_equal(out->len, s->response_len);
	for (size_t i = 0; i < out->len; i++)
		assert_int_equal(out->ptr[i], script_byte(s, i));
}

/* Everything that a reading does, from a reader that was just opened. */
static void
start(struct script *s, struct emrtd_ccid_exchange *x)
{
	enum emrtd_ccid_icc icc;
	uint8_t atr[EMRTD_ATR_MAX];
	struct emrtd_out out = emrtd_out(atr, sizeof(atr));

	script_exchange(s, x);
	assert_ok(emrtd_ccid_resync(x, TIMEOUT_MS, &icc));
	assert_int_equal(icc, EMRTD_CCID_ICC_INACTIVE);
	assert_ok(emrtd_ccid_power_off(x, TIMEOUT_MS));
	assert_ok(emrtd_ccid_power_on(x, &out, TIMEOUT_MS));
	assert_int_equal(out.len, 13);
	assert_ok(emrtd_ccid_status(x, TIMEOUT_MS, &icc));
	assert_int_equal(icc, EMRTD_CCID_ICC_ACTIVE);
	assert_false(x->adrift);
	s->n_levels = 0;
}

/* Lengths around every edge, both ways, for readers of the survey. */
static void
carries_every_length(void **state)
{
	static const struct {
		enum emrtd_ccid_level level;
		uint32_t max_message;
		size_t most;
	} readers[] = {
		{ EMRTD_CCID_SHORT, 271, 261 },
		{ EMRTD_CCID_SHORT, 263, 253 },
		{ EMRTD_CCID_EXTENDED, 64, 3000 },
		{ EMRTD_CCID_EXTENDED, 271, 65544 },
		{ EMRTD_CCID_EXTENDED, 522, 65544 },
		{ EMRTD_CCID_EXTENDED, 2058, 65544 },
		{ EMRTD_CCID_EXTENDED, 65554, 65544 },
	};
	static const size_t lengths[] = { 4, 5, 253, 254, 258, 259, 260, 261,
		262, 511, 512, 513, 522, 523, 1023, 1024, 1025, 2048, 3000,
		20000, 65535, 65544 };
	struct emrtd_ccid_exchange x;
	struct emrtd_out out;

	(void)state;
	for (size_t r = 0; r < sizeof(readers) / sizeof(readers[0]); r++) {
		struct script *s = script_new(readers[r].level,
		    readers[r].max_message);

		start(s, &x);
		for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]);
		     i++) {
			if (lengths[i] > readers[r].most)
				continue;
			s->n_levels = 0;
			s->response_len = lengths[i];
			if (s->response_len > 258 &&
			    readers[r].level == EMRTD_CCID_SHORT)
				s->response_len = 258;
			if (s->response_len > readers[r].max_message - 10 &&
			    readers[r].level == EMRTD_CCID_SHORT)
				s->response_len = readers[r].max_message - 10;
			assert_ok(send_apdu(&x, lengths[i], &out));
			assert_response(s, &out);
			assert_int_equal(s->command_len, lengths[i]);
			assert_memory_equal(s->command, apdu, lengths[i]);
		}
		script_free(s);
	}
}

/* The level parameters of a 271-byte reader, 261 bytes of data a block. */
static void
chains_in_order(void **state)
{
	static const struct {
		size_t command, response;
		unsigned n;
		uint16_t levels[8];
	} cases[] = {
		{ 261, 261, 1, { 0 } },
		{ 262, 2, 2, { 1, 2 } },
		{ 522, 2, 2, { 1, 2 } },
		{ 523, 2, 3, { 1, 3, 2 } },
		{ 5, 262, 2, { 0, 0x10 } },
		{ 5, 784, 4, { 0, 0x10, 0x10, 0x10 } },
		{ 800, 600, 6, { 1, 3, 3, 2, 0x10, 0x10 } },
	};
	struct script *s = script_new(EMRTD_CCID_EXTENDED, 271);
	struct emrtd_ccid_exchange x;
	struct emrtd_out out;

	(void)state;
	start(s, &x);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s->n_levels = 0;
		s->response_len = cases[i].response;
		assert_ok(send_apdu(&x, cases[i].command, &out));
		assert_response(s, &out);
		assert_int_equal(s->n_levels, cases[i].n);
		for (unsigned k = 0; k < cases[i].n; k++)
			assert_int_equal(s->levels[k], cases[i].levels[k]);
	}
	script_free(s);
}

/* Packets of any size, empty ones, more time: none of it shows. */
static void
takes_messages_in_pieces(void **state)
{
	static const size_t packets[] = { 1, 3, 8, 9, 10, 11, 63, 64, 512 };
	struct emrtd_ccid_exchange x;
	struct emrtd_out out;

	(void)state;
	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++) {
		struct script *s = script_new(EMRTD_CCID_EXTENDED, 522);

		s->packet = packets[i];
		s->empty_packets = i % 2 == 0;
		s->extensions = i % 3 == 0 ? 5 : 0;
		start(s, &x);
		s->response_len = 1500;
		assert_ok(send_apdu(&x, 1200, &out));
		assert_response(s, &out);
		script_free(s);
	}
}

/* What the reader cannot carry is not sent. */
static void
refuses_what_does_not_fit(void **state)
{
	static const struct {
		enum emrtd_ccid_level level;
		uint32_t max_message;
		const char *apdu;
		size_t len;
		enum emrtd_error want;
	} cases[] = {
		{ EMRTD_CCID_SHORT, 271, "00D60000", 262, EMRTD_E_TOO_LONG },
		{ EMRTD_CCID_SHORT, 263, "00D60000", 254, EMRTD_E_TOO_LONG },
		/* Short in bytes, and extended all the same. */
		{ EMRTD_CCID_SHORT, 271, "00B00000000020", 7,
		    EMRTD_E_TOO_LONG },
		{ EMRTD_CCID_EXTENDED, 271, "00D60000", 65545,
		    EMRTD_E_TOO_LONG },
		{ EMRTD_CCID_TPDU, 271, "00B0000000", 5, EMRTD_E_TOO_LONG },
		{ EMRTD_CCID_CHARACTER, 271, "00B0000000", 5,
		    EMRTD_E_TOO_LONG },
		{ EMRTD_CCID_EXTENDED, 271, "00B000", 3, EMRTD_E_PROTOCOL },
		{ EMRTD_CCID_EXTENDED, 271, "-", 0, EMRTD_E_PROTOCOL },
	};
	static uint8_t bytes[65545];
	struct emrtd_ccid_exchange x;
	struct emrtd_out out;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct script *s = script_new(cases[i].level,
		    cases[i].max_message);

		script_exchange(s, &x);
		memset(bytes, 0, sizeof(bytes));
		(void)vector_hex(cases[i].apdu, bytes, sizeof(bytes));
		out = emrtd_out(got, sizeof(got));
		assert_error(emrtd_ccid_transmit(&x,
				 emrtd_bytes(bytes, cases[i].len), &out,
				 TIMEOUT_MS),
		    cases[i].want);
		assert_int_equal(s->n_sent, 0);
		assert_int_equal(out.len, 0);
		assert_false(x.adrift);
		script_free(s);
	}
}

/* A response that is longer than the room for it: as if there were none. */
static void
gives_back_what_does_not_fit(void **state)
{
	struct script *s = script_new(EMRTD_CCID_EXTENDED, 271);
	struct emrtd_ccid_exchange x;
	struct emrtd_out out;

	(void)state;
	start(s, &x);
	s->response_len = 600;
	memset(got, 0xEE, sizeof(got));
	out = emrtd_out(got, 599);
	assert_error(emrtd_ccid_transmit(&x, command_of(5), &out, TIMEOUT_MS),
	    EMRTD_E_TOO_LONG);
	assert_int_equal(out.len, 0);
	for (size_t i = 0; i < 599; i++) /* wiped, or never written */
		assert_true(got[i] == 0 || got[i] == 0xEE);
	/* And the reader is in step: that was the last block. */
	assert_false(x.midway);
	assert_ok(send_apdu(&x, 5, &out));
	assert_response(s, &out);
	/* Here it has more to say, and nobody asks for it. */
	out = emrtd_out(got, 400);
	assert_error(emrtd_ccid_transmit(&x, command_of(5), &out, TIMEOUT_MS),
	    EMRTD_E_TOO_LONG);
	assert_int_equal(out.len, 0);
	assert_true(x.midway);
	assert_ok(send_apdu(&x, 5, &out));
	assert_response(s, &out);
	script_free(s);
}

/* 'busy' at one message of an APDU of several: the nth, from 0. */
static void
busy_at(struct script *s, unsigned n, uint8_t *m, size_t *len)
{
	const unsigned *at = s->user;

	if (n != *at)
		return;
	m[1] = m[2] = 0;
	m[7] |= 0x40;
	m[8] = 0xE0;
	*len = 10;
}

/*
 * What was refused before anything was passed on may be said again; in the
 * middle of a chain nobody knows what the chip has.
 */
static void
knows_where_it_broke_off(void **state)
{
	struct script *s = script_new(EMRTD_CCID_EXTENDED, 271);
	struct emrtd_ccid_exchange x;
	struct emrtd_out out;

	(void)state;
	start(s, &x);
	s->response_len = 600;
	s->hook = busy_at;
	/* Three blocks to the reader, two more questions for the response. */
	for (unsigned at = 0; at < 6; at++) {
		s->user = &at;
		s->n_messages = 0;
		assert_error(send_apdu(&x, 600, &out),
		    at < 5 ? EMRTD_E_BUSY : EMRTD_OK);
		assert_int_equal(x.midway, at > 0 && at < 5);
		assert_false(x.adrift);
	}
	/* A response of one block that does not fit is a whole one. */
	s->hook = NULL;
	s->response_len = 100;
	out = emrtd_out(got, 99);
	assert_error(emrtd_ccid_transmit(&x, command_of(5), &out, TIMEOUT_MS),
	    EMRTD_E_TOO_LONG);
	assert_false(x.midway);
	/* As is one whose last block does not. */
	s->response_len = 270;
	out = emrtd_out(got, 265);
	assert_error(emrtd_ccid_transmit(&x, command_of(5), &out, TIMEOUT_MS),
	    EMRTD_E_TOO_LONG);
	assert_false(x.midway);
	script_free(s);
}

static void
appends_to_what_is_there(void **state)
{
	struct script *s = script_new(EMRTD_CCID_SHORT, 271);
	struct emrtd_ccid_exchange x;
	struct emrtd_out out = emrtd_out(got, sizeof(got));

	(void)state;
	start(s, &x);
	got[0] = 0xAB;
	out.len = 1;
	assert_ok(emrtd_ccid_transmit(&x, command_of(5), &out, TIMEOUT_MS));
	assert_int_equal(out.len, 3);
	assert_memory_equal(got, "\xAB\x90\x00", 3);
	/* What was there before does not make a status word of one byte. */
	for (s->response_len = 0; s->response_len < 2; s->response_len++)
		assert_error(emrtd_ccid_transmit(&x, command_of(5), &out,
				 TIMEOUT_MS),
		    EMRTD_E_PROTOCOL);
	s->absent = true;
	assert_error(emrtd_ccid_transmit(&x, command_of(5), &out, TIMEOUT_MS),
	    EMRTD_E_CARD_LOST);
	assert_int_equal(out.len, 3);
	assert_memory_equal(got, "\xAB\x90\x00", 3);
	script_free(s);
}

/* What was sent and received does not stay in the buffer of the exchange. */
static void
leaves_no_trace(void **state)
{
	struct script *s = script_new(EMRTD_CCID_EXTENDED, 65554);
	struct emrtd_ccid_exchange x;
	struct emrtd_out out;

	(void)state;
	start(s, &x);
	s->response_len = 3000;
	assert_ok(send_apdu(&x, 4000, &out));
	for (size_t i = 10; i < sizeof(s->buffer); i++)
		assert_int_equal(s->buffer[i], 0);
	s->fail_with = 0xFB;
	assert_error(send_apdu(&x, 4000, &out), EMRTD_E_CARD_LOST);
	for (size_t i = 0; i < sizeof(s->buffer); i++)
		assert_int_equal(s->buffer[i], 0);
	script_free(s);
}

static void
knows_that_nothing_is_there(void **state)
{
	struct script *s = script_new(EMRTD_CCID_EXTENDED, 522);
	struct emrtd_ccid_exchange x;
	enum emrtd_ccid_icc icc = EMRTD_CCID_ICC_ACTIVE;
	struct emrtd_out out = emrtd_out(got, sizeof(got));

	(void)state;
	s->absent = true;
	script_exchange(s, &x);
	assert_ok(emrtd_ccid_resync(&x, TIMEOUT_MS, &icc));
	assert_int_equal(icc, EMRTD_CCID_ICC_ABSENT);
	assert_error(emrtd_ccid_power_on(&x, &out, TIMEOUT_MS),
	    EMRTD_E_CARD_LOST);
	assert_int_equal(x.error, 0xFE);
	/* Told as a failure of the command: an answer all the same. */
	s->fail_with = 0xFE;
	icc = EMRTD_CCID_ICC_ACTIVE;
	assert_ok(emrtd_ccid_status(&x, TIMEOUT_MS, &icc));
	assert_int_equal(icc, EMRTD_CCID_ICC_ABSENT);
	script_free(s);
}

/* By itself first where it says that it can, else each voltage in turn. */
static void
finds_the_voltage(void **state)
{
	static const struct {
		uint32_t features;
		uint8_t takes;
		unsigned tries;
	} cases[] = {
		{ EMRTD_CCID_AUTO_VOLTAGE, 0, 1 },
		{ EMRTD_CCID_AUTO_VOLTAGE, 2, 3 }, { 0, 1, 1 }, { 0, 3, 3 },
		{ 0, 0, 4 }, { 0, 9, 4 }, /* none of them */
	};
	struct emrtd_ccid_exchange x;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct script *s = script_new(EMRTD_CCID_EXTENDED, 522);
		struct emrtd_out atr = emrtd_out(got, EMRTD_ATR_MAX);

		s->reader.features = cases[i].features;
		s->voltage = cases[i].takes;
		script_exchange(s, &x);
		assert_error(emrtd_ccid_power_on(&x, &atr, TIMEOUT_MS),
		    cases[i].takes < 4 ? EMRTD_OK : EMRTD_E_PROTOCOL);
		assert_int_equal(s->n_sent, cases[i].tries);
		script_free(s);
	}
}

/* Busy: power is asked for again until the time is up, an APDU never. */
static void
waits_for_a_busy_slot(void **state)
{
	struct script *s = script_new(EMRTD_CCID_EXTENDED, 522);
	struct emrtd_ccid_exchange x;
	struct emrtd_out out = emrtd_out(got, EMRTD_ATR_MAX);
	unsigned sent;

	(void)state;
	start(s, &x);
	s->fail_with = 0xE0;
	sent = s->n_sent;
	assert_error(send_apdu(&x, 5, &out), EMRTD_E_BUSY);
	assert_int_equal(s->n_sent, sent + 1);
	assert_int_equal(s->n_pauses, 0);
	out = emrtd_out(got, EMRTD_ATR_MAX);
	assert_error(emrtd_ccid_power_on(&x, &out, TIMEOUT_MS), EMRTD_E_BUSY);
	assert_in_range(s->n_pauses, 8, 10);
	script_free(s);
}

/* Answers that nobody waits for any more are passed over. */
static void
drops_late_answers(void **state)
{
	struct script *s = script_new(EMRTD_CCID_EXTENDED, 522);
	struct emrtd_ccid_exchange x;
	struct emrtd_out out;
	enum emrtd_ccid_icc icc;

	(void)state;
	start(s, &x);
	s->late_ms = 5000;
	assert_error(send_apdu(&x, 5, &out), EMRTD_E_TIMEOUT);
	assert_true(x.adrift);
	/* The answer is still there when the next command is sent. */
	s->response_len = 9;
	assert_ok(emrtd_ccid_status(&x, TIMEOUT_MS, &icc));
	assert_ok(send_apdu(&x, 5, &out));
	assert_response(s, &out);
	assert_false(x.adrift);
	script_free(s);
}

/* What somebody else asked for and did not wait for: more than is patient. */
static void
clears_the_line(void **state)
{
	struct script *s = script_new(EMRTD_CCID_EXTENDED, 522);
	struct emrtd_ccid_exchange x;
	struct emrtd_out out;
	enum emrtd_ccid_icc icc;

	(void)state;
	for (; s->n_out < 100; s->n_out++) {
		s->out[s->n_out * 10] = 0x81;
		s->out[s->n_out * 10 + 6] = 200;
		s->ends[s->n_out] = (s->n_out + 1) * 10;
	}
	script_exchange(s, &x);
	assert_ok(emrtd_ccid_resync(&x, TIMEOUT_MS, &icc));
	assert_int_equal(icc, EMRTD_CCID_ICC_INACTIVE);
	s->powered = true;
	assert_ok(send_apdu(&x, 5, &out));
	assert_response(s, &out);
	script_free(s);
}

static void
counts_through_all_numbers(void **state)
{
	struct script *s = script_new(EMRTD_CCID_SHORT, 271);
	struct emrtd_ccid_exchange x;
	struct emrtd_out out;
	uint8_t before;

	(void)state;
	s->now = 0x1234;
	start(s, &x);
	for (unsigned i = 0; i < 600; i++) {
		s->n_levels = 0;
		before = s->last_seq;
		assert_ok(send_apdu(&x, 5, &out));
		assert_int_equal(s->last_seq, (uint8_t)(before + 1));
	}
	script_free(s);
}

/* After a cancel: the class's abort where it works, the state in any case. */
static void
gets_in_step_again(void **state)
{
	struct emrtd_ccid_exchange x;
	struct emrtd_out out;
	enum emrtd_ccid_icc icc;

	(void)state;
	for (int works = 0; works < 2; works++) {
		struct script *s = script_new(EMRTD_CCID_EXTENDED, 522);

		start(s, &x);
		s->abort_works = works;
		s->cancelled = true;
		assert_error(send_apdu(&x, 5, &out), EMRTD_E_CANCELLED);
		assert_true(x.adrift);
		assert_int_equal(s->n_aborts, 0); /* a cancel does not wait */
		assert_ok(emrtd_ccid_resync(&x, TIMEOUT_MS, &icc));
		assert_int_equal(s->n_aborts, 1);
		assert_false(x.adrift);
		assert_ok(send_apdu(&x, 5, &out));
		assert_response(s, &out);
		assert_int_equal(s->n_aborts, 1);
		script_free(s);
	}
}

/* The first two questions get lost, as with a data toggle that is off. */
static void
asks_three_times(void **state)
{
	struct emrtd_ccid_exchange x;
	enum emrtd_ccid_icc icc;

	(void)state;
	for (unsigned lost = 0; lost < 4; lost++) {
		struct script *s = script_new(EMRTD_CCID_EXTENDED, 522);

		script_exchange(s, &x);
		s->mute_sends = lost;
		assert_error(emrtd_ccid_resync(&x, TIMEOUT_MS, &icc),
		    lost < 3 ? EMRTD_OK : EMRTD_E_TIMEOUT);
		assert_in_range(s->now, 0, 3 * TIMEOUT_MS + 200);
		script_free(s);
	}
}

/* A time extension does not prolong what the caller waits in all. */
static void
bounds_more_time(void **state)
{
	struct script *s = script_new(EMRTD_CCID_EXTENDED, 522);
	struct emrtd_ccid_exchange x;
	struct emrtd_out out;

	(void)state;
	start(s, &x);
	s->extensions = 60;
	s->step_ms = 10;
	assert_ok(send_apdu(&x, 5, &out));
	s->step_ms = 20;
	assert_error(send_apdu(&x, 5, &out), EMRTD_E_TIMEOUT);
	script_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(carries_every_length),
		cmocka_unit_test(chains_in_order),
		cmocka_unit_test(takes_messages_in_pieces),
		cmocka_unit_test(refuses_what_does_not_fit),
		cmocka_unit_test(gives_back_what_does_not_fit),
		cmocka_unit_test(knows_where_it_broke_off),
		cmocka_unit_test(appends_to_what_is_there),
		cmocka_unit_test(leaves_no_trace),
		cmocka_unit_test(knows_that_nothing_is_there),
		cmocka_unit_test(finds_the_voltage),
		cmocka_unit_test(waits_for_a_busy_slot),
		cmocka_unit_test(drops_late_answers),
		cmocka_unit_test(clears_the_line),
		cmocka_unit_test(counts_through_all_numbers),
		cmocka_unit_test(gets_in_step_again),
		cmocka_unit_test(asks_three_times),
		cmocka_unit_test(bounds_more_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
