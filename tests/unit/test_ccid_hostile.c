/*
 * A reader that breaks the rules, one at a time: every byte of the header of
 * every message that it sends in a reading has every wrong value once, every
 * message is too short, too long, late, doubled, endless or missing. Each call
 * ends in time, with an error or with the true response, and leaves no part of
 * a response behind.
 */
#include "emrtd_test.h"
#include "scripted_reader.h"

#include <stdlib.h>

#define TIMEOUT_MS 2000
#define STEP_MS    1 /* a packet takes this long, whatever is in it */
#define RESPONSE   600
#define COMMAND    500
#define CALLS      6
#define SENTINEL   0xEE
/* Of one call: what three tries, their abort and what is drained may take. */
#define BOUND_MS      (3 * (TIMEOUT_MS + 64 * 50) + 1000)
#define BOUND_PACKETS 20100

/* What is done to message 'at'. */
enum fault {
	VALUE,  /* byte 'where' becomes 'value' */
	SHORT,  /* 'value' bytes are not sent */
	LONG,   /* as many more are, and the length stays */
	LONGER, /* the length tells of them, too */
	LATE,
	TWICE,
	ENDLESS,
	MISSING,
	EMPTY, /* empty packets, for ever */
	N_FAULTS
};

struct plan {
	unsigned at;
	enum fault fault;
	size_t where;
	unsigned value;
	bool struck;
};

static struct script *reader;
/*
 * The fault makes another response of it, in a way that no transport can see:
 * it ends earlier by the reader's own word, or has more bytes in it.
 */
static bool lies;
static uint8_t apdu[COMMAND], got[RESPONSE + 100];

static void
lengthen(uint8_t *m, size_t *len, unsigned by)
{
	memset(m + *len, 0x5A, by);
	*len += by;
}

static void
strike(struct script *s, unsigned n, uint8_t *m, size_t *len)
{
	struct plan *plan = s->user;
	size_t was = *len;

	if (n != plan->at)
		return;
	plan->struck = true;
	switch (plan->fault) {
	case VALUE:
		if (m[plan->where] == plan->value)
			plan->struck = false;
		m[plan->where] = (uint8_t)plan->value;
		break;
	case SHORT:
		*len -= plan->value < was ? plan->value : was;
		break;
	case LONG:
		lengthen(m, len, plan->value);
		break;
	case LONGER:
		lengthen(m, len, plan->value);
		m[1] = (uint8_t)(*len - 10);
		m[2] = (uint8_t)((*len - 10) >> 8);
		break;
	case LATE:
		s->late_ms = plan->value;
		break;
	case TWICE:
		memcpy(m + was, m, was < 500 ? was : 0);
		*len += was < 500 ? was : 0;
		break;
	case ENDLESS:
		s->endless = true;
		break;
	case EMPTY:
		*len = 0;
		s->endless = true;
		break;
	case MISSING:
	default:
		s->dropped = true;
		break;
	}
}

static void
check_error(enum emrtd_error err)
{
	static const enum emrtd_error allowed[] = { EMRTD_E_CARD_LOST,
		EMRTD_E_TIMEOUT, EMRTD_E_TOO_LONG, EMRTD_E_PROTOCOL,
		EMRTD_E_BUSY };

	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		if (err == allowed[i])
			return;
	fail_msg("%s is no error of this", emrtd_error_name(err));
}

static enum emrtd_error
transmit(struct emrtd_ccid_exchange *x)
{
	struct emrtd_out out = emrtd_out(got, sizeof(got));
	enum emrtd_error err;

	memset(got, SENTINEL, sizeof(got));
	err = emrtd_ccid_transmit(x, emrtd_bytes(apdu, sizeof(apdu)), &out,
	    TIMEOUT_MS);
	assert_false(out.bad);
	if (!err && lies) {
		assert_in_range(out.len, 2, sizeof(got));
		return EMRTD_OK;
	}
	if (!err) {
		assert_int_equal(out.len, reader->response_len);
		for (size_t i = 0; i < out.len; i++)
			assert_int_equal(got[i], script_byte(reader, i));
		return EMRTD_OK;
	}
	assert_int_equal(out.len, 0);
	for (size_t i = 0; i < sizeof(got); i++)
		assert_true(got[i] == 0 || got[i] == SENTINEL);
	return err;
}

/* Step i of a reading. */
static enum emrtd_error
step(struct emrtd_ccid_exchange *x, unsigned i)
{
	struct emrtd_out atr = emrtd_out(got, EMRTD_ATR_MAX);
	enum emrtd_ccid_icc icc;

	switch (i) {
	case 0:
		return emrtd_ccid_resync(x, TIMEOUT_MS, &icc);
	case 1:
		return emrtd_ccid_power_off(x, TIMEOUT_MS);
	case 2:
		return emrtd_ccid_power_on(x, &atr, TIMEOUT_MS);
	case 3:
		return emrtd_ccid_status(x, TIMEOUT_MS, &icc);
	default:
		return transmit(x);
	}
}

/*
 * One reading with one fault. False when it did not come to the message that
 * the fault is for. The clean reading has 15 messages or so.
 */
static bool
reading(struct plan *plan, unsigned *n_messages)
{
	struct emrtd_ccid_exchange x;
	enum emrtd_error err = EMRTD_OK;
	int64_t started;
	unsigned received;

	plan->struck = false;
	lies = plan->fault == LONGER ||
	       (plan->fault == VALUE && plan->where == 9);
	for (unsigned i = 0; i < CALLS && !err; i++) {
		if (i == 0) {
			reader->now = 0;
			reader->n_messages = reader->n_levels = 0;
			reader->n_out = reader->i_out = reader->at = 0;
			reader->endless = reader->powered = false;
			reader->late_ms = 0;
			reader->user = plan;
			script_exchange(reader, &x);
		}
		started = reader->now;
		received = reader->n_received;
		err = step(&x, i);
		if (err)
			check_error(err);
		assert_in_range(reader->now - started, 0, BOUND_MS);
		assert_in_range(reader->n_received - received, 0,
		    BOUND_PACKETS);
	}
	*n_messages = reader->n_messages;
	return plan->struck;
}

static int
setup(void **state)
{
	(void)state;
	reader = script_new(EMRTD_CCID_EXTENDED, 271);
	reader->hook = strike;
	reader->step_ms = STEP_MS;
	reader->response_len = RESPONSE;
	memset(apdu, 0x11, sizeof(apdu));
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	script_free(reader);
	return 0;
}

/* The messages of a reading without any fault. */
static unsigned
clean_reading(void)
{
	struct plan none = { .at = 10000, .fault = MISSING };
	unsigned n;

	assert_false(reading(&none, &n));
	assert_int_equal(n, 4 + 2 * (2 + 2));
	return n;
}

static void
every_byte_of_every_header(void **state)
{
	unsigned n = clean_reading(), seen, struck = 0;
	struct plan plan = { .fault = VALUE };

	(void)state;
	for (plan.at = 0; plan.at < n; plan.at++)
		for (plan.where = 0; plan.where < 10; plan.where++)
			for (plan.value = 0; plan.value < 256; plan.value++)
				struck += reading(&plan, &seen);
	/* All but the one value that is right. */
	assert_int_equal(struck, n * 10 * 255);
}

static void
every_fault_of_a_message(void **state)
{
	static const struct {
		enum fault fault;
		unsigned from, to, by;
	} faults[] = {
		{ SHORT, 1, 300, 1 },
		{ LONG, 1, 500, 7 },
		{ LONGER, 1, 500, 7 },
		{ LATE, 1, 5001, 500 },
		{ TWICE, 0, 1, 1 },
		{ ENDLESS, 0, 1, 1 },
		{ MISSING, 0, 1, 1 },
		{ EMPTY, 0, 1, 1 },
	};
	unsigned n = clean_reading(), seen;
	struct plan plan = { 0 };

	(void)state;
	for (size_t f = 0; f < sizeof(faults) / sizeof(faults[0]); f++) {
		plan.fault = faults[f].fault;
		for (plan.at = 0; plan.at < n; plan.at++)
			for (plan.value = faults[f].from;
			     plan.value < faults[f].to;
			     plan.value += faults[f].by)
				assert_true(reading(&plan, &seen));
	}
}

/* The same with packets of one byte, where a message may end anywhere. */
static void
faults_in_small_packets(void **state)
{
	static const enum fault faults[] = { SHORT, LONG, TWICE, ENDLESS,
		EMPTY };
	unsigned n = clean_reading(), seen;
	struct plan plan = { 0 };

	(void)state;
	reader->packet = 1;
	for (size_t f = 0; f < sizeof(faults) / sizeof(faults[0]); f++) {
		plan.fault = faults[f];
		for (plan.at = 0; plan.at < n; plan.at++)
			for (plan.value = 1; plan.value < 14; plan.value++)
				assert_true(reading(&plan, &seen));
	}
}

/* Every bError, in answer to everything. */
static void
every_error(void **state)
{
	struct plan none = { .at = 10000, .fault = MISSING };
	struct emrtd_ccid_exchange x;
	unsigned n;

	(void)state;
	for (unsigned e = 1; e < 256; e++) {
		reader->fail_with = (uint8_t)e;
		assert_false(reading(&none, &n));
		script_exchange(reader, &x);
		for (unsigned i = 0; i < CALLS; i++) {
			/* Mute is a state, too. */
			if (e == 0xFE && (i == 0 || i == 3))
				assert_ok(step(&x, i));
			else
				check_error(step(&x, i));
			assert_int_equal(x.error, e);
		}
	}
	reader->fail_with = 0;
}

/*
 * What a reader may do without breaking a rule, and for ever: wanting more
 * time, old answers, parts of a response without an end.
 */
static void
want_time(struct script *s, unsigned n, uint8_t *m, size_t *len)
{
	(void)n;
	m[7] = 0x80;
	*len = 10;
	m[1] = m[2] = 0;
	s->endless = true;
}

static void
speak_of_old(struct script *s, unsigned n, uint8_t *m, size_t *len)
{
	(void)n;
	(void)len;
	m[6]--;
	s->endless = true;
}

static void
chain_on(struct script *s, unsigned n, uint8_t *m, size_t *len)
{
	(void)len;
	s->response_at = 0; /* never at its end */
	if (m[0] == 0x80 && n > 2)
		m[9] = n == 3 ? 1 : 3;
}

static void
chain_of_nothing(struct script *s, unsigned n, uint8_t *m, size_t *len)
{
	(void)s;
	if (m[0] != 0x80 || n < 3)
		return;
	m[9] = n == 3 ? 1 : 3;
	m[1] = m[2] = 0;
	*len = 10;
}

static void
goes_on_for_ever(void **state)
{
	static script_hook *const hooks[] = { want_time, speak_of_old };
	struct emrtd_ccid_exchange x;

	(void)state;
	for (size_t h = 0; h < 2; h++)
		for (int64_t ms = 0; ms < 40; ms += 13)
			for (unsigned i = 0; i < 5; i++) {
				reader->now = 0;
				reader->step_ms = ms;
				reader->hook = hooks[h];
				reader->endless = false;
				reader->n_levels = 0;
				reader->n_out = reader->i_out = 0;
				reader->at = 0;
				script_exchange(reader, &x);
				check_error(step(&x, i));
				assert_in_range(reader->now, 0, BOUND_MS);
			}
}

static void
chains_for_ever(void **state)
{
	static script_hook *const hooks[] = { chain_on, chain_of_nothing };
	struct emrtd_ccid_exchange x;
	static uint8_t all[66000];
	struct emrtd_out out;

	(void)state;
	for (size_t h = 0; h < 2; h++) {
		reader->hook = NULL;
		reader->n_messages = reader->n_levels = 0;
		reader->n_out = reader->i_out = reader->at = 0;
		script_exchange(reader, &x);
		for (unsigned i = 1; i < 4; i++)
			assert_ok(step(&x, i));
		reader->hook = hooks[h];
		reader->n_messages = 3;
		out = emrtd_out(all, sizeof(all));
		assert_error(emrtd_ccid_transmit(&x,
				 emrtd_bytes((const uint8_t *)"\0\x84\0\0\x08",
				     5),
				 &out, 60000),
		    h == 0 ? EMRTD_E_TOO_LONG : EMRTD_E_PROTOCOL);
		assert_int_equal(out.len, 0);
		for (size_t i = 0; i < sizeof(all); i++)
			assert_int_equal(all[i], 0);
	}
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(every_byte_of_every_header),
		CASE(every_fault_of_a_message),
		CASE(faults_in_small_packets),
		CASE(every_error),
		CASE(goes_on_for_ever),
		CASE(chains_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
