/*
 * What a reader may send, and for how long, counted to the last piece: bounds
 * that are off by one still look like bounds. Also how a broken command is
 * aborted.
 */
#include "emrtd_test.h"
#include "scripted_reader.h"

#define TIMEOUT_MS 1000

static struct script *s;
static struct emrtd_ccid_exchange x;
static uint8_t got[66000];

static int
setup(void **state)
{
	(void)state;
	s = script_new(EMRTD_CCID_EXTENDED, 271);
	s->powered = true;
	script_exchange(s, &x);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	script_free(s);
	return 0;
}

static enum emrtd_error
send_apdu(size_t len, uint32_t timeout_ms)
{
	static const uint8_t apdu[65544] = { 0x00, 0xB0, 0, 0, 1 };
	struct emrtd_out out = emrtd_out(got, sizeof(got));

	s->n_levels = 0;
	return emrtd_ccid_transmit(&x, emrtd_bytes(apdu, len), &out,
	    timeout_ms);
}

/* ---- Messages of the test's own ---------------------------------------- */

static void
queue(size_t len)
{
	size_t before = s->n_out > 0 ? s->ends[s->n_out - 1] : 0;

	assert_true(s->n_out < SCRIPT_MAX_QUEUE);
	s->ends[s->n_out++] = before + len;
}

/* Ten bytes of an answer that nobody asked for. */
static void
queue_answer(uint8_t type, uint8_t seq, uint8_t status)
{
	uint8_t *m = s->out + (s->n_out > 0 ? s->ends[s->n_out - 1] : 0);

	memset(m, 0, 10);
	m[0] = type;
	m[6] = seq;
	m[7] = status;
	queue(10);
}

static enum emrtd_error
status(uint32_t timeout_ms)
{
	enum emrtd_ccid_icc icc;

	return emrtd_ccid_status(&x, timeout_ms, &icc);
}

/* So many empty transfers first. */
static unsigned copies;

static void
empty_before(struct script *r, unsigned n, uint8_t *m, size_t *len)
{
	(void)r;
	(void)n;
	(void)m;
	(void)len;
	for (unsigned i = 0; i < copies; i++)
		queue(0);
}

static void
empty_packets_are_counted(void **state)
{
	(void)state;
	s->hook = empty_before;
	copies = 64;
	assert_ok(status(TIMEOUT_MS));
	copies = 65;
	assert_error(status(TIMEOUT_MS), EMRTD_E_PROTOCOL);
}

static void
late_answers_are_counted(void **state)
{
	(void)state;
	for (unsigned n = 32; n <= 33; n++) {
		for (unsigned i = 0; i < n; i++)
			queue_answer(0x81, (uint8_t)(x.seq + 100), 0);
		assert_error(status(TIMEOUT_MS),
		    n == 32 ? EMRTD_OK : EMRTD_E_PROTOCOL);
	}
}

/* One message, byte by byte: 65,554 pieces are too many, 20,000 are not. */
static void
pieces_are_counted(void **state)
{
	(void)state;
	s->reader.max_message = 65554;
	s->packet = 1;
	s->response_len = 20000 - 10;
	assert_ok(send_apdu(5, TIMEOUT_MS));
	s->response_len++;
	assert_error(send_apdu(5, TIMEOUT_MS), EMRTD_E_PROTOCOL);
}

static void
extensions_are_counted(void **state)
{
	(void)state;
	/* The last one comes again and again: the true answer never does. */
	queue_answer(0x81, x.seq, 0x80);
	s->endless = true;
	s->mute_sends = 1;
	assert_error(status(TIMEOUT_MS), EMRTD_E_TIMEOUT);
	assert_int_equal(s->n_received, 4097);
	/* With a clock that moves it is the time that ends it. */
	s->n_received = 0;
	s->step_ms = 1;
	s->n_out = s->i_out = s->at = 0;
	queue_answer(0x81, x.seq, 0x80);
	s->mute_sends = 1;
	assert_error(status(100), EMRTD_E_TIMEOUT);
	assert_int_equal(s->n_received, 100);
}

/* A link that brings nothing sixteen times, and then something. */
static unsigned idle;

static void
idle_links(struct script *r, unsigned n, uint8_t *m, size_t *len)
{
	if (n < idle) {
		r->response_at = 0;
		m[9] = n == 0 ? 1 : 3;
		m[1] = m[2] = 0;
		*len = 10;
	} else {
		m[9] = 2;
	}
}

static void
idle_links_are_counted(void **state)
{
	(void)state;
	s->hook = idle_links;
	for (idle = 16; idle <= 17; idle++) {
		s->n_messages = 0;
		assert_error(send_apdu(5, TIMEOUT_MS),
		    idle == 16 ? EMRTD_OK : EMRTD_E_PROTOCOL);
	}
}

/* ---- Times ------------------------------------------------------------- */

/* Half a message, and then nothing: not waited for to the end. */
static void
halved(struct script *r, unsigned n, uint8_t *m, size_t *len)
{
	(void)r;
	(void)n;
	(void)m;
	*len = (size_t)copies;
}

static void
a_message_that_begins_ends_soon(void **state)
{
	static const struct {
		unsigned len;
		uint32_t timeout_ms;
		int64_t took;
		enum emrtd_error want;
	} cases[] = {
		{ 1, 60000, 1000, EMRTD_E_PROTOCOL },
		{ 9, 60000, 1000, EMRTD_E_PROTOCOL },
		{ 11, 60000, 1000, EMRTD_E_PROTOCOL },
		{ 11, 1001, 1000, EMRTD_E_PROTOCOL },
		/* Nothing at all has the whole time. */
		{ 0, 60000, 60000, EMRTD_E_TIMEOUT },
		/* As has what was due to end before. */
		{ 11, 1000, 1000, EMRTD_E_TIMEOUT },
		{ 11, 400, 400, EMRTD_E_TIMEOUT },
	};
	int64_t begun;

	(void)state;
	s->response_len = 100;
	s->hook = halved;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		copies = cases[i].len;
		s->n_out = s->i_out = s->at = 0;
		begun = s->now;
		assert_error(send_apdu(5, cases[i].timeout_ms), cases[i].want);
		assert_int_equal(s->now - begun, cases[i].took);
		assert_true(x.adrift);
	}
}

static void
a_busy_antenna_is_asked_every_so_often(void **state)
{
	struct emrtd_out atr = emrtd_out(got, EMRTD_ATR_MAX);

	(void)state;
	s->fail_with = 0xE0;
	assert_error(emrtd_ccid_power_on(&x, &atr, 1000), EMRTD_E_BUSY);
	assert_int_equal(s->n_pauses, 9);
	assert_int_equal(s->now, 900);
}

static void
numbers_begin_where_the_clock_is(void **state)
{
	struct emrtd_ccid_exchange y;

	(void)state;
	s->now = 0x1234;
	emrtd_ccid_exchange_init(&y, &s->pipe, &s->reader, 3, s->buffer);
	assert_int_equal(y.seq, 0x34);
	assert_int_equal(y.slot, 3);
	assert_false(y.adrift || y.midway);
}

/* ---- Getting in step --------------------------------------------------- */

/* What the pipe under test sent, and how the next receive ends. */
static struct {
	struct emrtd_ccid_pipe inner;
	uint8_t types[16], slots[16], seqs[16];
	unsigned n;
	uint8_t abort_slot, abort_seq;
	enum emrtd_error abort_says;
	int64_t longest; /* that a receive was ready to wait */
} spy;

static enum emrtd_error
spy_send(void *self, struct emrtd_bytes message, int64_t until_ms)
{
	assert_true(spy.n < 16);
	spy.types[spy.n] = message.ptr[0];
	spy.slots[spy.n] = message.ptr[5];
	spy.seqs[spy.n++] = message.ptr[6];
	return spy.inner.send(self, message, until_ms);
}

static enum emrtd_error
spy_receive(void *self, struct emrtd_out *packet, int64_t until_ms)
{
	if (until_ms - s->now > spy.longest)
		spy.longest = until_ms - s->now;
	return spy.inner.receive(self, packet, until_ms);
}

static enum emrtd_error
spy_abort(void *self, uint8_t slot, uint8_t seq)
{
	(void)self;
	spy.abort_slot = slot;
	spy.abort_seq = seq;
	return spy.abort_says;
}

static void
spy_on_it(void)
{
	memset(&spy, 0, sizeof(spy));
	spy.inner = s->pipe;
	s->pipe.send = spy_send;
	s->pipe.receive = spy_receive;
	s->pipe.abort = spy_abort;
}

/* An APDU whose answer stays away. */
static void
lose_an_answer(void)
{
	s->mute_sends = 1;
	assert_error(send_apdu(5, TIMEOUT_MS), EMRTD_E_TIMEOUT);
	assert_true(x.adrift);
	spy.n = 0;
	spy.longest = 0;
}

static void
aborts_what_was_asked(void **state)
{
	enum emrtd_ccid_icc icc;
	uint8_t seq;

	(void)state;
	spy_on_it();
	seq = x.seq;
	lose_an_answer();
	/* Another slot is looked at next; what hangs is the first one's. */
	x.slot = 1;
	assert_ok(emrtd_ccid_resync(&x, TIMEOUT_MS, &icc));
	assert_int_equal(spy.abort_slot, 0);
	assert_int_equal(spy.abort_seq, seq);
	assert_int_equal(spy.n, 2);
	assert_int_equal(spy.types[0], 0x72);
	assert_int_equal(spy.slots[0], 0);
	assert_int_equal(spy.seqs[0], seq);
	assert_int_equal(spy.types[1], 0x65);
	assert_int_equal(spy.slots[1], 1);
	assert_int_equal(spy.seqs[1], (uint8_t)(seq + 1));
}

/* The reader does not know the request: then no message either. */
static void
asks_at_once_where_abort_is_unknown(void **state)
{
	enum emrtd_ccid_icc icc;

	(void)state;
	spy_on_it();
	spy.abort_says = EMRTD_E_PROTOCOL;
	lose_an_answer();
	assert_ok(emrtd_ccid_resync(&x, TIMEOUT_MS, &icc));
	assert_int_equal(spy.n, 1);
	assert_int_equal(spy.types[0], 0x65);
	/* And none to abort with. */
	s->pipe.abort = NULL;
	lose_an_answer();
	assert_ok(emrtd_ccid_resync(&x, TIMEOUT_MS, &icc));
	assert_int_equal(spy.n, 1);
}

static void
gives_up_with_the_reader(void **state)
{
	static const enum emrtd_error ends[] = { EMRTD_E_CANCELLED,
		EMRTD_E_READER_LOST };
	enum emrtd_ccid_icc icc;

	(void)state;
	spy_on_it();
	for (size_t i = 0; i < 2; i++) {
		spy.abort_says = ends[i];
		lose_an_answer();
		assert_error(emrtd_ccid_resync(&x, TIMEOUT_MS, &icc), ends[i]);
		assert_int_equal(spy.n, 0);
	}
	/* A cancel while the abort is waited for. */
	spy.abort_says = EMRTD_OK;
	lose_an_answer();
	s->cancelled = true;
	assert_error(emrtd_ccid_resync(&x, TIMEOUT_MS, &icc),
	    EMRTD_E_CANCELLED);
	assert_int_equal(spy.n, 1);
}

/*
 * The aborted command may be answered before the abort is, with the number of
 * both: twice, and then the abort's own answer is waited for.
 */
static void
takes_the_answer_of_what_was_aborted(void **state)
{
	enum emrtd_ccid_icc icc;

	(void)state;
	for (unsigned n = 1; n <= 3; n++) {
		if (n == 1)
			spy_on_it();
		lose_an_answer();
		s->n_out = s->i_out = s->at = 0;
		for (unsigned i = 0; i < n; i++)
			queue_answer(0x80, (uint8_t)(x.seq - 1), 0);
		assert_ok(emrtd_ccid_resync(&x, TIMEOUT_MS, &icc));
		assert_int_equal(spy.n, 2);
		/* With three it is read before the state is. */
		assert_int_equal(s->i_out, n <= 2 ? 1 : s->n_out);
		assert_int_equal(spy.longest, TIMEOUT_MS);
	}
}

/* A reader that does not answer the abort costs 200 ms, and what is asked. */
static void
an_abort_is_not_waited_for_long(void **state)
{
	enum emrtd_ccid_icc icc;
	int64_t begun;

	(void)state;
	spy_on_it();
	lose_an_answer();
	begun = s->now;
	s->mute_sends = 1;
	assert_ok(emrtd_ccid_resync(&x, TIMEOUT_MS, &icc));
	assert_int_equal(s->now - begun, 200);
}

/* What still comes is read and thrown away: 64 times, 50 ms after the last. */
static void
drains_so_much_and_no_more(void **state)
{
	enum emrtd_ccid_icc icc;
	int64_t begun = s->now;

	(void)state;
	s->mute_sends = 3;
	assert_error(emrtd_ccid_resync(&x, TIMEOUT_MS, &icc), EMRTD_E_TIMEOUT);
	assert_int_equal(s->now - begun, 3 * (TIMEOUT_MS + 50));
	/* Nonsense without an end: an error each time, and 64 to be rid of. */
	s->n_out = s->i_out = s->at = 0;
	memset(s->out, 0xC3, 10);
	s->out[1] = s->out[2] = s->out[3] = s->out[4] = 0;
	queue(10);
	s->endless = true;
	s->mute_sends = 3;
	s->n_received = 0;
	x.adrift = false;
	assert_error(emrtd_ccid_resync(&x, TIMEOUT_MS, &icc), EMRTD_E_PROTOCOL);
	assert_int_equal(s->n_received, 3 * (1 + 64));
	for (size_t i = 0; i < sizeof(s->buffer); i++)
		assert_int_equal(s->buffer[i], 0);
	/* Cancelled while it drains. */
	s->n_out = s->i_out = s->at = 0;
	s->endless = false;
	s->mute_sends = 1;
	x.adrift = false;
	spy_on_it();
	assert_error(status(TIMEOUT_MS), EMRTD_E_TIMEOUT);
	spy.abort_says = EMRTD_E_PROTOCOL;
	s->mute_sends = 1;
	s->cancelled = false;
	assert_ok(emrtd_ccid_resync(&x, TIMEOUT_MS, &icc));
}

/* ---- What an answer must be -------------------------------------------- */

static void
each_call_asks_what_it_says(void **state)
{
	(void)state;
	spy_on_it();
	assert_ok(status(TIMEOUT_MS));
	assert_ok(emrtd_ccid_power_off(&x, TIMEOUT_MS));
	assert_int_equal(spy.n, 2);
	assert_int_equal(spy.types[0], 0x65);
	assert_int_equal(spy.types[1], 0x63);
	assert_false(s->powered);
}

/* An ATR of every length: two bytes at least, and no more than there is room. */
static unsigned atr_len;

static void
other_atr(struct script *r, unsigned n, uint8_t *m, size_t *len)
{
	(void)r;
	(void)n;
	memset(m + 10, 0x3B, atr_len);
	m[1] = (uint8_t)atr_len;
	*len = 10 + atr_len;
}

static void
takes_an_atr_that_fits(void **state)
{
	struct emrtd_out atr;

	(void)state;
	s->hook = other_atr;
	for (atr_len = 0; atr_len < 40; atr_len++) {
		atr = emrtd_out(got, 33 + 7);
		atr.len = 7;
		assert_error(emrtd_ccid_power_on(&x, &atr, TIMEOUT_MS),
		    atr_len >= 2 && atr_len <= 33 ? EMRTD_OK
						  : EMRTD_E_PROTOCOL);
		if (atr_len >= 2 && atr_len <= 33)
			assert_int_equal(atr.len, 7 + atr_len);
		else
			assert_int_equal(atr.len, 7);
		assert_false(atr.bad);
	}
}

/* The answers to all blocks but the last are empty, and ask for more. */
static uint8_t chain_value;
static unsigned surplus;

static void
between_blocks(struct script *r, unsigned n, uint8_t *m, size_t *len)
{
	(void)r;
	if (n != 0)
		return;
	m[9] = chain_value;
	m[1] = (uint8_t)surplus;
	memset(m + 10, 0x5A, surplus);
	*len = 10 + surplus;
}

static void
wants_nothing_between_blocks(void **state)
{
	static const struct {
		uint8_t chain;
		unsigned surplus;
		enum emrtd_error want;
	} cases[] = {
		{ 0x10, 0, EMRTD_OK },
		{ 0x10, 1, EMRTD_E_PROTOCOL },
		{ 0x00, 0, EMRTD_E_PROTOCOL },
		{ 0x02, 2, EMRTD_E_PROTOCOL },
	};

	(void)state;
	s->hook = between_blocks;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s->n_messages = 0;
		chain_value = cases[i].chain;
		surplus = cases[i].surplus;
		assert_error(send_apdu(600, TIMEOUT_MS), cases[i].want);
	}
}

static void
a_short_response_is_258_bytes(void **state)
{
	(void)state;
	s->reader.level = EMRTD_CCID_SHORT;
	s->reader.max_message = 1000;
	script_exchange(s, &x);
	s->response_len = 258;
	assert_ok(send_apdu(5, TIMEOUT_MS));
	s->response_len = 259;
	assert_error(send_apdu(5, TIMEOUT_MS), EMRTD_E_PROTOCOL);
}

/* Room to the byte; and a chip that is there without power has answered. */
static uint8_t icc_bits;

static void
other_icc(struct script *r, unsigned n, uint8_t *m, size_t *len)
{
	(void)r;
	(void)n;
	(void)len;
	m[7] = (uint8_t)((m[7] & 0xFC) | icc_bits);
}

static void
takes_what_fits_exactly(void **state)
{
	static const uint8_t apdu[] = { 0, 0x84, 0, 0, 8 };
	struct emrtd_out out = emrtd_out(got, 10);

	(void)state;
	s->response_len = 10;
	assert_ok(
	    emrtd_ccid_transmit(&x, emrtd_bytes(apdu, 5), &out, TIMEOUT_MS));
	assert_int_equal(out.len, 10);
	s->hook = other_icc;
	for (icc_bits = 0; icc_bits < 3; icc_bits++)
		assert_error(send_apdu(5, TIMEOUT_MS),
		    icc_bits == 2 ? EMRTD_E_CARD_LOST : EMRTD_OK);
}

/* Seven bytes, of which the fifth tells: Lc 5, or a length of three bytes. */
static void
tells_short_from_extended(void **state)
{
	static const uint8_t with_data[] = { 0, 0xD6, 0, 0, 2, 0, 0 };
	static const uint8_t extended[] = { 0, 0xB0, 0, 0, 0, 1, 0 };
	struct emrtd_out out = emrtd_out(got, sizeof(got));

	(void)state;
	s->reader.level = EMRTD_CCID_SHORT;
	script_exchange(s, &x);
	assert_ok(emrtd_ccid_transmit(&x, emrtd_bytes(with_data, 7), &out,
	    TIMEOUT_MS));
	assert_error(emrtd_ccid_transmit(&x, emrtd_bytes(extended, 7), &out,
			 TIMEOUT_MS),
	    EMRTD_E_TOO_LONG);
}

/* What failed before is not what fails now. */
static void
forgets_the_last_error(void **state)
{
	(void)state;
	s->fail_with = 0xFB;
	assert_error(send_apdu(5, TIMEOUT_MS), EMRTD_E_CARD_LOST);
	assert_int_equal(x.error, 0xFB);
	s->fail_with = 0;
	assert_ok(send_apdu(5, TIMEOUT_MS));
	assert_int_equal(x.error, 0);
	/* Nor is a chain that broke off. */
	x.midway = true;
	assert_error(send_apdu(3, TIMEOUT_MS), EMRTD_E_PROTOCOL);
	assert_false(x.midway);
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(empty_packets_are_counted),
		CASE(late_answers_are_counted),
		CASE(pieces_are_counted),
		CASE(extensions_are_counted),
		CASE(idle_links_are_counted),
		CASE(a_message_that_begins_ends_soon),
		CASE(a_busy_antenna_is_asked_every_so_often),
		CASE(numbers_begin_where_the_clock_is),
		CASE(aborts_what_was_asked),
		CASE(asks_at_once_where_abort_is_unknown),
		CASE(gives_up_with_the_reader),
		CASE(takes_the_answer_of_what_was_aborted),
		CASE(an_abort_is_not_waited_for_long),
		CASE(drains_so_much_and_no_more),
		CASE(each_call_asks_what_it_says),
		CASE(takes_an_atr_that_fits),
		CASE(wants_nothing_between_blocks),
		CASE(a_short_response_is_258_bytes),
		CASE(takes_what_fits_exactly),
		CASE(tells_short_from_extended),
		CASE(forgets_the_last_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
