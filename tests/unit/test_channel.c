#include "channel/channel.h"
#include "core/builder.h"
#include "data.h"
#include "emrtd_test.h"
#include "fake_link.h"
#include "sm_peer.h"

static uint8_t scratch_buf[EMRTD_CHANNEL_SCRATCH];
static uint8_t data_buf[70000];

/* A channel over a script, and what its answers are collected in. */
struct bench {
	struct fake_link link;
	struct emrtd_channel channel;
	struct emrtd_out data;
	struct emrtd_diag diag;
	uint16_t sw;
};

static void
lay(struct bench *b, struct emrtd_crypto *crypto, const struct fake_step *steps,
    size_t n)
{
	struct emrtd_transport transport;
	struct emrtd_clock clock;

	memset(b, 0, sizeof(*b));
	b->link.steps = steps;
	b->link.n_steps = n;
	b->link.now_us = 1000000;
	b->data = emrtd_out(data_buf, sizeof(data_buf));
	transport = fake_link_transport(&b->link);
	clock = fake_link_clock(&b->link);
	emrtd_channel_init(&b->channel, &transport, crypto, &clock,
	    emrtd_out(scratch_buf, sizeof(scratch_buf)));
	emrtd_diag_init(&b->diag);
}

static enum emrtd_error
say(struct bench *b, const struct emrtd_command *command)
{
	return emrtd_channel_exchange(&b->channel, command, &b->data, &b->sw,
	    &b->diag);
}

static const struct emrtd_command challenge = { .ins = 0x84, .ne = 8 };
static const struct emrtd_command read_256 = { .ins = 0xB0, .ne = 256 };

static void
plain_exchange(void **state)
{
	static const struct fake_step steps[] = {
		{ .want = "0084000008", .answer = "01020304050607089000" },
		{ .want = "00B0000000", .answer = "6A82" },
	};
	struct bench b;

	(void)state;
	lay(&b, NULL, steps, N_ELEMENTS(steps));
	assert_ok(say(&b, &challenge));
	assert_int_equal(b.sw, 0x9000);
	assert_int_equal(b.data.len, 8);
	assert_memory_equal(data_buf, "\1\2\3\4\5\6\7\10", 8);
	/* An error status is no error of the exchange. */
	assert_ok(say(&b, &read_256));
	assert_int_equal(b.sw, 0x6A82);
	assert_int_equal(b.data.len, 8);
}

static void
more_data_is_fetched(void **state)
{
	static const struct fake_step steps[] = {
		{ .want = "00B0000000", .answer = "AABB6103" },
		{ .want = "00C0000003", .answer = "CC6100" },
		{ .want = "00C0000000", .answer = "DD9000" },
	};
	struct bench b;

	(void)state;
	lay(&b, NULL, steps, N_ELEMENTS(steps));
	assert_ok(say(&b, &read_256));
	assert_int_equal(b.sw, 0x9000);
	assert_int_equal(b.data.len, 4);
	assert_memory_equal(data_buf, "\xAA\xBB\xCC\xDD", 4);
}

static void
more_data_ends(void **state)
{
	static struct fake_step steps[300];
	struct bench b;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(steps); i++)
		steps[i].answer = "AA6101";
	lay(&b, NULL, steps, N_ELEMENTS(steps));
	assert_error(say(&b, &read_256), EMRTD_E_LIMIT);
	assert_int_equal(b.diag.error, EMRTD_E_LIMIT);
	assert_true(b.link.n_sent < N_ELEMENTS(steps));
	for (size_t i = 0; i < N_ELEMENTS(steps); i++)
		steps[i].answer = "6101";
	lay(&b, NULL, steps, N_ELEMENTS(steps));
	assert_error(say(&b, &read_256), EMRTD_E_LIMIT);
	assert_int_equal(b.link.n_sent, 2);
}

static void
wrong_le_is_corrected_once(void **state)
{
	static const struct fake_step steps[] = {
		{ .want = "00B0000000", .answer = "6C02" },
		{ .want = "00B0000002", .answer = "AABB9000" },
		{ .want = "00B0000000", .answer = "6C02" },
		{ .want = "00B0000002", .answer = "6C01" },
	};
	struct bench b;

	(void)state;
	lay(&b, NULL, steps, N_ELEMENTS(steps));
	assert_ok(say(&b, &read_256));
	assert_int_equal(b.sw, 0x9000);
	assert_int_equal(b.data.len, 2);
	assert_ok(say(&b, &read_256));
	assert_int_equal(b.sw, 0x6C01);
	assert_int_equal(b.link.n_sent, 4);
}

static void
short_answers_are_errors(void **state)
{
	static const struct fake_step steps[] = {
		{ .answer = NULL },
		{ .answer = "90" },
	};
	struct bench b;

	(void)state;
	lay(&b, NULL, steps, N_ELEMENTS(steps));
	assert_error(say(&b, &challenge), EMRTD_E_TRUNCATED);
	assert_error(say(&b, &challenge), EMRTD_E_TRUNCATED);
	assert_int_equal(b.diag.error, EMRTD_E_TRUNCATED);
}

/* Data that a case 3 command did not ask for are dropped, not an error. */
static void
unasked_data_are_dropped(void **state)
{
	static const struct fake_step steps[] = {
		{ .want = "00A4040C02A000", .answer = "6F009000" },
		{ .want = "00A4040C02A000", .answer = "6F009000" },
	};
	const struct emrtd_command select = { .ins = 0xA4,
		.p1 = 4,
		.p2 = 12,
		.data = { (const uint8_t *)"\xA0\0", 2 } };
	struct bench b;

	(void)state;
	lay(&b, NULL, steps, N_ELEMENTS(steps));
	assert_ok(
	    emrtd_channel_exchange(&b.channel, &select, NULL, &b.sw, &b.diag));
	assert_int_equal(b.sw, 0x9000);
	/* The chip's fault, and no want of memory. */
	b.data.cap = 1;
	assert_error(say(&b, &select), EMRTD_E_LIMIT);
}

static void
deadline(void **state)
{
	static const struct fake_step steps[] = {
		{ .answer = "9000", .takes_us = 400000 },
		{ .answer = "9000", .takes_us = 200000 },
		{ .error = EMRTD_E_TIMEOUT, .takes_us = 2000000 },
		{ .error = EMRTD_E_TIMEOUT, .takes_us = 100000 },
	};
	struct bench b;

	(void)state;
	lay(&b, NULL, steps, N_ELEMENTS(steps));
	b.channel.deadline_us = b.link.now_us + 500000;
	assert_ok(say(&b, &challenge));
	assert_int_equal(b.link.last_timeout_ms, 500);
	/* The answer is there, but too late. */
	assert_error(say(&b, &challenge), EMRTD_E_DEADLINE);
	assert_int_equal(b.link.last_timeout_ms, 100);
	/* Nothing is sent after the deadline. */
	assert_error(say(&b, &challenge), EMRTD_E_DEADLINE);
	assert_int_equal(b.link.n_sent, 2);
	assert_int_equal(b.diag.error, EMRTD_E_DEADLINE);
	/* A link that gave up because of the deadline says deadline. */
	b.channel.deadline_us = b.link.now_us + 1000000;
	assert_error(say(&b, &challenge), EMRTD_E_DEADLINE);
	/* The command's own timeout is not the deadline. */
	b.channel.deadline_us = 0;
	b.channel.timeout_ms = 100;
	assert_error(say(&b, &challenge), EMRTD_E_TIMEOUT);
	assert_int_equal(b.link.last_timeout_ms, 100);
}

static void
cancel_at(void *self, struct emrtd_bytes command, struct emrtd_out *response)
{
	(void)command;
	atomic_store((atomic_int *)self, 1);
	emrtd_put_u16(response, 0x9000);
}

static void
cancelled(void **state)
{
	static const struct fake_step steps[] = { { .make = cancel_at } };
	atomic_int flag = 0;
	struct bench b;

	(void)state;
	lay(&b, NULL, steps, N_ELEMENTS(steps));
	b.link.make_self = &flag;
	b.channel.cancelled = &flag;
	assert_error(say(&b, &challenge), EMRTD_E_CANCELLED);
	assert_int_equal(b.link.n_sent, 1);
	assert_error(say(&b, &challenge), EMRTD_E_CANCELLED);
	assert_int_equal(b.link.n_sent, 1);
}

static void
known_limits_are_kept(void **state)
{
	static const struct fake_step steps[] = { { .answer = "9000" } };
	static const uint8_t bytes[400];
	struct emrtd_command put = { .ins = 0xD6 };
	struct bench b;

	(void)state;
	lay(&b, NULL, steps, N_ELEMENTS(steps));
	b.link.info.max_command = 261;
	b.link.info.max_response = 258;
	assert_ok(emrtd_channel_connect(&b.channel, &b.diag));
	put.data = emrtd_bytes(bytes, 256);
	assert_error(say(&b, &put), EMRTD_E_TOO_LONG);
	put.data.len = 1;
	put.extended = true;
	assert_error(say(&b, &put), EMRTD_E_TOO_LONG);
	put.extended = false;
	put.ne = 65536;
	assert_error(say(&b, &put), EMRTD_E_TOO_LONG);
	assert_int_equal(b.link.n_sent, 0);
	put.data.len = 255;
	put.ne = 256;
	assert_ok(say(&b, &put));
	assert_int_equal(b.link.command_len, 261);
}

static void
small_scratch_is_told_before_sending(void **state)
{
	static const struct fake_step steps[] = { { .answer = "9000" } };
	struct emrtd_command all = { .ins = 0xB0, .ne = 65536 };
	struct bench b;

	(void)state;
	lay(&b, NULL, steps, N_ELEMENTS(steps));
	b.channel.scratch.cap = EMRTD_CHANNEL_SCRATCH_SHORT;
	assert_error(say(&b, &all), EMRTD_E_BUFFER);
	assert_int_equal(b.link.n_sent, 0);
	assert_ok(say(&b, &read_256));
}

static void
longest_plain_exchange(void *self, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	(void)self;
	assert_int_equal(command.len, 4 + 3 + 65535 + 2);
	emrtd_put_fill(response, 0x5A, 65536);
	emrtd_put_u16(response, 0x9000);
}

static void
longest(void **state)
{
	static const struct fake_step steps[] = {
		{ .make = longest_plain_exchange }
	};
	static const uint8_t bytes[65535];
	const struct emrtd_command put = { .ins = 0xDB,
		.data = { bytes, sizeof(bytes) },
		.ne = 65536 };
	struct bench b;

	(void)state;
	lay(&b, NULL, steps, N_ELEMENTS(steps));
	assert_ok(say(&b, &put));
	assert_int_equal(b.data.len, 65536);
}

static void
largest_le(void **state)
{
	struct emrtd_crypto *crypto = *state;
	struct sm_peer peer;
	struct emrtd_sm sm;
	struct bench b;

	lay(&b, crypto, NULL, 0);
	assert_int_equal(emrtd_channel_max_le(&b.channel), 256);
	sm_peer_init(&peer, crypto, EMRTD_3DES, &sm);
	emrtd_channel_secure(&b.channel, &sm);
	assert_int_equal(emrtd_channel_max_le(&b.channel), 231);
	sm_peer_init(&peer, crypto, EMRTD_AES192, &sm);
	assert_int_equal(emrtd_channel_max_le(&b.channel), 223);
	/* The link alone does not make it extended, nor does the chip. */
	b.channel.link_extended = true;
	assert_int_equal(emrtd_channel_max_le(&b.channel), 223);
	emrtd_channel_chip_limits(&b.channel, 1000, 1000);
	assert_int_equal(emrtd_channel_max_le(&b.channel), 975);
	b.channel.link_extended = false;
	assert_int_equal(emrtd_channel_max_le(&b.channel), 223);
	b.channel.link_extended = true;
	emrtd_channel_plain(&b.channel);
	assert_int_equal(emrtd_channel_max_le(&b.channel), 998);
	/* A reader that carries less than a short answer. */
	b.channel.max_response = 200;
	assert_int_equal(emrtd_channel_max_le(&b.channel), 198);
	b.channel.max_response = 1;
	assert_int_equal(emrtd_channel_max_le(&b.channel), 1);
}

static struct emrtd_bytes
peer_data(void)
{
	static uint8_t bytes[65536];

	return emrtd_bytes(bytes, sizeof(bytes));
}

/* The chip fills the longest answer that was asked for. */
static void
answer_max_le(void *self, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	uint8_t buf[64];
	struct emrtd_out data = emrtd_out(buf, sizeof(buf));
	struct emrtd_bytes all = peer_data();
	struct {
		struct sm_peer peer;
		uint32_t ne;
	} *chip = self;

	sm_peer_open(&chip->peer, command, &data);
	all.len = chip->ne;
	sm_peer_answer(&chip->peer, all, 0x9000, response);
}

/* 231 and 223 are right: their answer fits 258 bytes, one more does not. */
static void
largest_le_fits(void **state)
{
	static const struct fake_step steps[] = {
		{ .make = answer_max_le },
		{ .make = answer_max_le },
	};
	struct emrtd_crypto *crypto = *state;
	static const uint32_t windows[] = { 258, 300, 999, 4098, 65538 };
	struct {
		struct sm_peer peer;
		uint32_t ne;
	} chip;
	struct emrtd_command read = { .ins = 0xB0 };
	uint8_t buf[70000];
	struct emrtd_sm sm;
	struct bench b;

	for (unsigned i = 0; i < EMRTD_N_SUITES * N_ELEMENTS(windows); i++) {
		uint32_t window = windows[i / EMRTD_N_SUITES];
		struct emrtd_out more = emrtd_out(buf, sizeof(buf));
		struct emrtd_bytes data = peer_data();

		lay(&b, crypto, steps, N_ELEMENTS(steps));
		sm_peer_init(&chip.peer, crypto,
		    (enum emrtd_suite_id)(i % EMRTD_N_SUITES), &sm);
		b.link.make_self = &chip;
		b.channel.link_extended = true;
		emrtd_channel_chip_limits(&b.channel, window, window);
		emrtd_channel_secure(&b.channel, &sm);
		chip.ne = read.ne = emrtd_channel_max_le(&b.channel);
		assert_ok(say(&b, &read));
		assert_int_equal(b.data.len, chip.ne);
		assert_true(
		    b.channel.phases[b.channel.phase].received <= window);
		data.len = chip.ne + 1;
		sm_peer_answer(&chip.peer, data, 0x9000, &more);
		assert_true(more.len > window);
	}
}

static void
answer_61_then_6c(void *self, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	static const uint16_t words[] = { 0x6C02, 0x6101, 0x9000 };
	static const uint8_t bytes[] = { 0xAB };
	uint8_t buf[64];
	struct emrtd_out data = emrtd_out(buf, sizeof(buf));
	struct sm_peer *peer = self;
	size_t n = peer->n_commands;

	sm_peer_open(peer, command, &data); /* asserts MAC and counter */
	sm_peer_answer(peer, emrtd_bytes(bytes, n ? 1 : 0), words[n], response);
}

/* What is asked again under secure messaging is a new command each time. */
static void
asking_again_counts_on(void **state)
{
	static const struct fake_step steps[] = {
		{ .make = answer_61_then_6c },
		{ .make = answer_61_then_6c },
		{ .make = answer_61_then_6c },
	};
	struct emrtd_crypto *crypto = *state;
	struct sm_peer peer;
	struct emrtd_sm sm;
	struct bench b;

	for (unsigned i = 0; i < EMRTD_N_SUITES; i++) {
		lay(&b, crypto, steps, N_ELEMENTS(steps));
		sm_peer_init(&peer, crypto, (enum emrtd_suite_id)i, &sm);
		b.link.make_self = &peer;
		emrtd_channel_secure(&b.channel, &sm);
		assert_ok(say(&b, &read_256));
		assert_int_equal(b.sw, 0x9000);
		assert_int_equal(b.data.len, 2);
		assert_int_equal(peer.n_commands, 3);
		assert_memory_equal(sm.ssc, peer.sm.ssc, sizeof(sm.ssc));
	}
}

static void
answer_bad_mac(void *self, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	uint8_t buf[64];
	struct emrtd_out data = emrtd_out(buf, sizeof(buf));

	sm_peer_open(self, command, &data);
	sm_peer_answer(self, emrtd_bytes(NULL, 0), 0x9000, response);
	response->ptr[response->len - 3] ^= 1;
}

/*
 * After each of these the keys are gone, and the next command is refused: not
 * sent, and above all not sent in plain.
 */
static void
failures_end_the_session(void **state)
{
	static const struct {
		struct fake_step step;
		enum emrtd_error want;
	} cases[] = {
		{ { .make = answer_bad_mac }, EMRTD_E_MAC },
		{ { .answer = "6700" }, EMRTD_E_SM_PLAIN },
		{ { .answer = "9000" }, EMRTD_E_SM_PLAIN },
		{ { .answer = "6108" }, EMRTD_E_SM_PLAIN },
		{ { .answer = "6C08" }, EMRTD_E_SM_PLAIN },
		{ { .answer = "01020304050607089000" }, EMRTD_E_SM_PLAIN },
		{ { .answer = "90" }, EMRTD_E_TRUNCATED },
		{ { .answer = NULL }, EMRTD_E_TRUNCATED },
		{ { .error = EMRTD_E_TIMEOUT }, EMRTD_E_TIMEOUT },
		{ { .error = EMRTD_E_CARD_LOST }, EMRTD_E_CARD_LOST },
		{ { .error = EMRTD_E_CANCELLED }, EMRTD_E_CANCELLED },
		{ { .answer = "9000", .takes_us = 9000000 }, EMRTD_E_DEADLINE },
	};
	struct emrtd_crypto *crypto = *state;
	struct sm_peer peer;
	struct emrtd_sm sm;
	struct bench b;

	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		lay(&b, crypto, &cases[i].step, 1);
		sm_peer_init(&peer, crypto, EMRTD_AES128, &sm);
		b.link.make_self = &peer;
		b.channel.deadline_us = b.link.now_us + 5000000;
		emrtd_channel_secure(&b.channel, &sm);
		assert_error(say(&b, &read_256), cases[i].want);
		assert_int_equal(b.diag.error, cases[i].want);
		assert_false(sm.live);
		assert_int_equal(b.data.len, 0);
		b.channel.deadline_us = 0;
		assert_error(say(&b, &read_256), EMRTD_E_STATE);
		assert_int_equal(b.link.n_sent, 1);
	}
	/* Plain again only when somebody says so. */
	static const struct fake_step again[] = { { .answer = "9000" } };

	b.link.steps = again;
	b.link.n_sent = 0;
	emrtd_channel_plain(&b.channel);
	assert_ok(say(&b, &read_256));
}

/* A command that cannot be sent costs no counter and no session. */
static void
refusals_leave_the_keys(void **state)
{
	static const struct fake_step steps[] = {
		{ .make = answer_61_then_6c }
	};
	static const uint8_t bytes[300];
	struct emrtd_command put = { .ins = 0xD6, .data = { bytes, 240 } };
	struct emrtd_crypto *crypto = *state;
	struct sm_peer peer;
	struct emrtd_sm sm;
	struct bench b;

	lay(&b, crypto, steps, N_ELEMENTS(steps));
	sm_peer_init(&peer, crypto, EMRTD_3DES, &sm);
	emrtd_channel_secure(&b.channel, &sm);
	b.channel.max_command = 261;
	assert_error(say(&b, &put), EMRTD_E_TOO_LONG);
	assert_true(sm.live);
	assert_int_equal(b.link.n_sent, 0);
}

struct witness {
	unsigned n;
	struct emrtd_exchange last;
	uint8_t plain_command[64], plain_data[64];
};

static void
watch(void *self, const struct emrtd_exchange *exchange)
{
	struct witness *w = self;

	w->n++;
	w->last = *exchange;
	memcpy(w->plain_command, exchange->plain_command.ptr,
	    exchange->plain_command.len);
	if (exchange->plain_data.len)
		memcpy(w->plain_data, exchange->plain_data.ptr,
		    exchange->plain_data.len);
}

static void
answer_one_byte(void *self, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	static const uint8_t bytes[] = { 0xAB };
	uint8_t buf[64];
	struct emrtd_out data = emrtd_out(buf, sizeof(buf));

	sm_peer_open(self, command, &data);
	sm_peer_answer(self, emrtd_bytes(bytes, 1), 0x9000, response);
}

static void
observer_sees_both_forms(void **state)
{
	static const struct fake_step steps[] = {
		{ .make = answer_one_byte, .takes_us = 30 },
		{ .error = EMRTD_E_CARD_LOST },
	};
	struct emrtd_crypto *crypto = *state;
	struct witness w = { 0 };
	struct sm_peer peer;
	struct emrtd_sm sm;
	struct bench b;

	lay(&b, crypto, steps, N_ELEMENTS(steps));
	sm_peer_init(&peer, crypto, EMRTD_AES256, &sm);
	b.link.make_self = &peer;
	b.channel.observer.exchange = watch;
	b.channel.observer.self = &w;
	emrtd_channel_phase(&b.channel, "files");
	emrtd_channel_secure(&b.channel, &sm);
	assert_ok(say(&b, &read_256));
	assert_int_equal(w.n, 1);
	assert_true(w.last.secured);
	assert_string_equal(w.last.phase, "files");
	assert_int_equal(w.last.plain_command.len, 5);
	assert_memory_equal(w.plain_command, "\0\xB0\0\0\0", 5);
	assert_int_equal(w.last.plain_data.len, 1);
	assert_int_equal(w.plain_data[0], 0xAB);
	assert_int_equal(w.last.sw, 0x9000);
	assert_int_equal(w.last.end_us - w.last.start_us, 30);
	assert_int_equal(w.last.command.len, b.link.command_len);
	assert_error(say(&b, &read_256), EMRTD_E_CARD_LOST);
	assert_int_equal(w.n, 2);
	assert_error(w.last.error, EMRTD_E_CARD_LOST);
	assert_int_equal(w.last.sw, 0);
}

static void
phases_are_counted(void **state)
{
	static const struct fake_step steps[] = {
		{ .answer = "01020304050607089000", .takes_us = 100 },
		{ .answer = "6A82", .takes_us = 20 },
		{ .answer = "9000", .takes_us = 3 },
	};
	static const char *const many[] = { "c", "d", "e", "f", "g", "h", "i",
		"j", "k", "l", "m", "n", "o", "p", "q", "r" };
	const struct emrtd_phase *p;
	struct bench b;

	(void)state;
	lay(&b, NULL, steps, N_ELEMENTS(steps));
	p = b.channel.phases;
	emrtd_channel_phase(&b.channel, "a");
	assert_ok(say(&b, &challenge));
	b.link.now_us += 1000;
	emrtd_channel_phase(&b.channel, "b");
	assert_ok(say(&b, &challenge));
	emrtd_channel_phase(&b.channel, "a");
	assert_ok(say(&b, &challenge));
	emrtd_channel_phase_stop(&b.channel);
	assert_int_equal(b.channel.n_phases, 2);
	assert_int_equal(p[0].n_apdus, 2);
	assert_int_equal(p[0].sent, 10);
	assert_int_equal(p[0].received, 12);
	assert_int_equal(p[0].link_us, 103);
	assert_int_equal(p[0].total_us, 1103);
	assert_int_equal(p[1].n_apdus, 1);
	assert_int_equal(p[1].total_us, 20);
	for (size_t i = 0; i < N_ELEMENTS(many); i++)
		emrtd_channel_phase(&b.channel, many[i]);
	assert_int_equal(b.channel.n_phases, EMRTD_CHANNEL_PHASES);
	assert_int_equal(b.channel.phase, EMRTD_CHANNEL_PHASES - 1);
}

/* The chip's side of a chain: asserts the class bytes, keeps the data. */
struct chain {
	uint8_t bytes[1024];
	size_t len, n;
	uint16_t refuse; /* the second part with this word */
};

static void
take_part(void *self, struct emrtd_bytes command, struct emrtd_out *response)
{
	struct chain *chain = self;
	struct emrtd_command part;

	assert_ok(emrtd_command_decode(command, &part));
	assert_false(part.extended);
	memcpy(chain->bytes + chain->len, part.data.ptr, part.data.len);
	chain->len += part.data.len;
	chain->n++;
	assert_int_equal(part.cla, chain->n < 3 ? 0x10 : 0x00);
	assert_int_equal(part.ne, chain->n < 3 ? 0 : 256);
	emrtd_put_u16(response,
	    chain->refuse && chain->n == 2 ? chain->refuse : 0x9000);
}

static void
long_data_are_chained(void **state)
{
	static const struct fake_step steps[] = {
		{ .make = take_part },
		{ .make = take_part },
		{ .make = take_part },
	};
	uint8_t bytes[600];
	const struct emrtd_command ga = { .ins = 0x86,
		.data = { bytes, sizeof(bytes) },
		.ne = 65536 };
	struct chain chain = { .len = 0 };
	struct bench b;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7);
	lay(&b, NULL, steps, N_ELEMENTS(steps));
	b.link.make_self = &chain;
	assert_ok(
	    emrtd_channel_chain(&b.channel, &ga, &b.data, &b.sw, &b.diag));
	assert_int_equal(chain.len, sizeof(bytes));
	assert_memory_equal(chain.bytes, bytes, sizeof(bytes));
	assert_int_equal(chain.n, 3);

	memset(&chain, 0, sizeof(chain));
	chain.refuse = 0x6884;
	lay(&b, NULL, steps, N_ELEMENTS(steps));
	b.link.make_self = &chain;
	assert_ok(
	    emrtd_channel_chain(&b.channel, &ga, &b.data, &b.sw, &b.diag));
	assert_int_equal(b.sw, 0x6884);
	assert_int_equal(chain.n, 2);
}

/* The same under secure messaging: each part is protected by itself. */
struct secured_chain {
	struct sm_peer peer; /* first: sm_peer_open takes it */
	size_t sizes[4], n, total;
	uint8_t bytes[1024], cla[4];
	uint16_t refuse; /* the second part with this word, protected */
};

static void
take_protected_part(void *self, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	struct secured_chain *chain = self;
	struct emrtd_out data = emrtd_out(chain->bytes + chain->total,
	    sizeof(chain->bytes) - chain->total);
	struct emrtd_command part;

	assert_ok(emrtd_command_decode(command, &part));
	assert_false(part.extended);
	sm_peer_open(&chain->peer, command, &data);
	chain->cla[chain->n] = part.cla;
	chain->sizes[chain->n++] = data.len;
	chain->total += data.len;
	sm_peer_answer(&chain->peer, emrtd_bytes(NULL, 0),
	    chain->refuse && chain->n == 2 ? chain->refuse : 0x9000, response);
}

static void
chains_are_protected_part_by_part(void **state)
{
	static const struct fake_step steps[] = {
		{ .make = take_protected_part },
		{ .make = take_protected_part },
		{ .make = take_protected_part },
	};
	uint8_t bytes[500];
	const struct emrtd_command kat = { .ins = 0x22,
		.p1 = 0x41,
		.p2 = 0xA6,
		.data = { bytes, sizeof(bytes) } };

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 3);
	for (unsigned suite = 0; suite < EMRTD_N_SUITES; suite++) {
		size_t most = suite == EMRTD_3DES ? 231 : 223;
		struct secured_chain chain = { .n = 0 };
		struct emrtd_sm sm;
		struct bench b;

		lay(&b, *state, steps, N_ELEMENTS(steps));
		sm_peer_init(&chain.peer, *state, (enum emrtd_suite_id)suite,
		    &sm);
		b.link.make_self = &chain;
		emrtd_channel_secure(&b.channel, &sm);
		assert_int_equal(emrtd_channel_part(&b.channel), most);
		assert_ok(emrtd_channel_chain(&b.channel, &kat, &b.data, &b.sw,
		    &b.diag));
		assert_int_equal(b.sw, 0x9000);
		assert_int_equal(chain.n, 3);
		assert_memory_equal(chain.cla, "\x1C\x1C\x0C", 3);
		assert_int_equal(chain.sizes[0], most);
		assert_int_equal(chain.sizes[1], most);
		assert_int_equal(chain.total, sizeof(bytes));
		assert_memory_equal(chain.bytes, bytes, sizeof(bytes));
		assert_int_equal(b.channel.n_verified, 3);
	}
}

/* A refusal inside the session ends the chain, not the keys. */
static void
a_refused_part_ends_the_chain(void **state)
{
	static const struct fake_step steps[] = {
		{ .make = take_protected_part },
		{ .make = take_protected_part },
		{ .answer = "6884" },
	};
	static const uint8_t bytes[700];
	const struct emrtd_command kat = { .ins = 0x22,
		.data = { bytes, sizeof(bytes) } };
	struct secured_chain chain = { .refuse = 0x6884 };
	struct emrtd_sm sm;
	struct bench b;

	lay(&b, *state, steps, N_ELEMENTS(steps));
	sm_peer_init(&chain.peer, *state, EMRTD_AES128, &sm);
	b.link.make_self = &chain;
	emrtd_channel_secure(&b.channel, &sm);
	assert_ok(emrtd_channel_chain(&b.channel, &kat, NULL, &b.sw, &b.diag));
	assert_int_equal(b.sw, 0x6884);
	assert_int_equal(b.link.n_sent, 2);
	assert_true(sm.live);
	assert_error(emrtd_channel_chain(&b.channel, &kat, NULL, &b.sw,
			 &b.diag),
	    EMRTD_E_SM_PLAIN);
	assert_false(sm.live);
}

/* The longest part fits a short command, with Le and without; one more not. */
static void
parts_are_as_long_as_can_be(void **state)
{
	static const uint8_t bytes[240];

	for (unsigned suite = 0; suite < EMRTD_N_SUITES; suite++) {
		struct emrtd_command c = { .ins = 0x86, .ne = 256 };
		uint8_t work_buf[512], buf[512];
		struct emrtd_channel channel = { .secured = true };
		struct emrtd_command seen;
		struct sm_peer peer;
		struct emrtd_sm sm;

		sm_peer_init(&peer, *state, (enum emrtd_suite_id)suite, &sm);
		channel.sm = &sm;
		for (size_t more = 0; more < 2; more++) {
			struct emrtd_out work = emrtd_out(work_buf,
			    sizeof(work_buf));
			struct emrtd_out out = emrtd_out(buf, sizeof(buf));

			c.data = emrtd_bytes(bytes,
			    emrtd_channel_part(&channel) + more);
			assert_ok(
			    emrtd_sm_protect(*state, &sm, &c, &work, &out));
			assert_ok(
			    emrtd_command_decode(emrtd_out_bytes(&out), &seen));
			assert_int_equal(seen.extended, more);
		}
	}
}

/* What was learnt of the chip holds over a fresh connect. */
static void
limits_of_the_chip_hold_on(void **state)
{
	struct bench b;

	(void)state;
	lay(&b, NULL, NULL, 0);
	b.link.info.max_command = 1000;
	b.link.info.max_response = 70000;
	b.link.info.extended = true;
	assert_ok(emrtd_channel_connect(&b.channel, &b.diag));
	emrtd_channel_chip_limits(&b.channel, 2000, 1500);
	assert_int_equal(emrtd_channel_max_le(&b.channel), 1498);
	assert_ok(emrtd_channel_connect(&b.channel, &b.diag));
	assert_int_equal(b.channel.max_command, 1000);
	assert_int_equal(b.channel.max_response, 1500);
	assert_true(b.channel.chip_extended);
	b.channel.le_cap = 192;
	assert_ok(emrtd_channel_connect(&b.channel, &b.diag));
	assert_int_equal(emrtd_channel_max_le(&b.channel), 192);
}

static void
nothing_is_left_in_the_scratch(void **state)
{
	static const struct fake_step steps[] = {
		{ .answer = "01020304050607089000" },
		{ .make = answer_one_byte },
	};
	static const uint8_t zeros[EMRTD_CHANNEL_SCRATCH];
	struct emrtd_crypto *crypto = *state;
	struct sm_peer peer;
	struct emrtd_sm sm;
	struct bench b;

	lay(&b, crypto, steps, N_ELEMENTS(steps));
	memset(scratch_buf, 0, sizeof(scratch_buf));
	sm_peer_init(&peer, crypto, EMRTD_3DES, &sm);
	b.link.make_self = &peer;
	assert_ok(say(&b, &challenge));
	emrtd_channel_secure(&b.channel, &sm);
	assert_ok(say(&b, &read_256));
	assert_memory_equal(scratch_buf, zeros, sizeof(zeros));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_exchange),
		cmocka_unit_test(more_data_is_fetched),
		cmocka_unit_test(more_data_ends),
		cmocka_unit_test(wrong_le_is_corrected_once),
		cmocka_unit_test(short_answers_are_errors),
		cmocka_unit_test(unasked_data_are_dropped),
		cmocka_unit_test(deadline),
		cmocka_unit_test(cancelled),
		cmocka_unit_test(known_limits_are_kept),
		cmocka_unit_test(small_scratch_is_told_before_sending),
		cmocka_unit_test(longest),
		cmocka_unit_test(largest_le),
		cmocka_unit_test(largest_le_fits),
		cmocka_unit_test(asking_again_counts_on),
		cmocka_unit_test(failures_end_the_session),
		cmocka_unit_test(refusals_leave_the_keys),
		cmocka_unit_test(observer_sees_both_forms),
		cmocka_unit_test(phases_are_counted),
		cmocka_unit_test(long_data_are_chained),
		cmocka_unit_test(chains_are_protected_part_by_part),
		cmocka_unit_test(a_refused_part_ends_the_chain),
		cmocka_unit_test(parts_are_as_long_as_can_be),
		cmocka_unit_test(limits_of_the_chip_hold_on),
		cmocka_unit_test(nothing_is_left_in_the_scratch),
	};

	return cmocka_run_group_tests_name("channel", tests, setup_crypto,
	    teardown_crypto);
}
