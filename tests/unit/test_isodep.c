/* Blocks of ISO/IEC 14443-4 against a chip that is a line of text. */
#include "block_script.h"
#include "core/builder.h"
#include "emrtd_test.h"

/* FSC 16: 13 bytes of a command in a block. FWI 4. */
static const struct emrtd_isodep_link narrow = { 16, 256, 4833, 0, false,
	false };

/* Parts of commands and responses, a block's worth each, and a rest. */
#define P1 "000102030405060708090A0B0C"
#define P2 "101112131415161718191A1B1C"
#define P3 "20212223"
#define R1 "A0A1A2A3A4A5A6A7"
#define R2 "B0B1B2B3"
#define R3 "9000"
/* A command and a response that fit a block. */
#define C "00840000"

struct row {
	const char *name, *script;
};

static void
run(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		print_message("%s\n", rows[i].name);
		block_script_run(rows[i].script, &narrow);
	}
}

#define RUN(rows) run(rows, sizeof(rows) / sizeof((rows)[0]))

/* The scenarios of annex B, by their numbers. */
static void
goes_as_the_standard_shows(void **state)
{
	static const struct row rows[] = {
		{ "1 exchange of I-blocks",
		    "!" C " >02" C " <029000 =9000"
		    " !" C " >03" C " <039000 =9000 !" C " >02" C },
		{ "2 request for more time",
		    "!" C " >02" C " <F201 >F201 <029000 =9000 !" C " >03" C },
		{ "3 deselection",
		    "!" C " >02" C " <029000 =9000 . >C2 <C2 =" },
		{ "4 the reader chains",
		    "!" P1 P3 " >12" P1 " <A2 >03" P3 " <039000 =9000"
		    " !" C " >02" C " <029000 =9000" },
		{ "5 the chip chains",
		    "!" C " >02" C " <12" R1 " >A3 <03" R3 " =" R1 R3 " !" C
		    " >02" C " <029000 =9000" },
		{ "6 the first block is lost",
		    "!" C " >02" C " <- >B2 <A3 >02" C " <029000 =9000"
		    " !" C " >03" C " <039000 =9000" },
		{ "7 a block is lost on its way to the chip",
		    "!" C " >02" C " <029000 =9000 !" C " >03" C
		    " <- >B3 <A2 >03" C " <039000 =9000" },
		{ "8 a block is lost on its way to the reader",
		    "!" C " >02" C " <~ >B2 <029000 =9000 !" C " >03" C },
		{ "9 and R(NAK) with it",
		    "!" C " >02" C " <~ >B2 <- >B2 <029000 =9000 !" C
		    " >03" C },
		{ "10 a request for time is lost",
		    "!" C " >02" C " <~ >B2 <F201 >F201 <029000 =9000" },
		{ "11 and R(NAK) with it",
		    "!" C " >02" C " <~ >B2 <- >B2 <F201 >F201 <029000 =9000" },
		{ "12 the answer to it is lost",
		    "!" C " >02" C " <F201 >F201 <- >B2 <F201 >F201"
		    " <029000 =9000" },
		{ "13 the block after it is lost",
		    "!" C " >02" C " <F201 >F201 <~ >B2 <029000 =9000" },
		{ "14 and R(NAK) with it",
		    "!" C " >02" C " <F201 >F201 <~ >B2 <- >B2 <029000 =9000" },
		{ "15 deselection is lost", ". >C2 <- >C2 <C2 =" },
		{ "16 chaining: R(ACK) is lost",
		    "!" P1 P2 P3 " >12" P1 " <~ >B2 <A2 >13" P2 " <A3 >02" P3
		    " <029000 =9000" },
		{ "17 chaining: a block is lost",
		    "!" P1 P2 P3 " >12" P1 " <A2 >13" P2 " <- >B3 <A2 >13" P2
		    " <A3 >02" P3 " <029000 =9000" },
		{ "18 chaining: R(ACK) and R(NAK) are lost",
		    "!" P1 P2 P3 " >12" P1 " <~ >B2 <- >B2 <A2 >13" P2
		    " <A3 >02" P3 " <029000 =9000" },
		{ "19 the chip chains: R(ACK) is lost",
		    "!" C " >02" C " <12" R1 " >A3 <- >A3 <13" R2 " >A2 <02" R3
		    " =" R1 R2 R3 " !" C " >03" C },
		{ "20 the chip chains: a block is lost",
		    "!" C " >02" C " <12" R1 " >A3 <~ >A3 <13" R2 " >A2 <02" R3
		    " =" R1 R2 R3 " !" C " >03" C },
	};

	(void)state;
	RUN(rows);
}

/* What no scenario shows. */
static void
recovers(void **state)
{
	static const struct row rows[] = {
		{ "more time before R(ACK), and while the chip chains",
		    "!" P1 P3 " >12" P1 " <F23B >F23B <A2 >03" P3
		    " <F202 >F202 <13" R1 " >A2 <F203 >F203 <02" R3
		    " =" R1 R3 },
		{ "the power level of a request is not answered",
		    "!" C " >02" C " <F2C5 >F205 <F241 >F201 <029000 =9000" },
		{ "more time after R(NAK)",
		    "!" C " >02" C " <- >B2 <F201 >F201 <A3 >02" C
		    " <029000 =9000" },
		{ "the last block of a chain is lost",
		    "!" P1 P3 " >12" P1 " <A2 >03" P3 " <- >B3 <A2 >03" P3
		    " <039000 =9000" },
		{ "the chip chains, the last block is lost",
		    "!" C " >02" C " <12" R1 " >A3 <- >A3 <03" R3 " =" R1 R3 },
		{ "the first block of the chip's chain is lost",
		    "!" C " >02" C " <~ >B2 <12" R1 " >A3 <03" R3 " =" R1 R3 },
		{ "three losses in a row, twice",
		    "!" P1 P3 " >12" P1 " <- >B2 <~ >B2 <- >B2 <A2 >03" P3
		    " <- >B3 <~ >B3 <- >B3 <039000 =9000" },
		{ "the response of the command before comes late",
		    "!" C " >02" C " <029000 =9000 !" C " >03" C
		    " <026A82 >B3 <039000 =9000" },
		{ "a block of the chip's chain comes twice",
		    "!" C " >02" C " <12" R1 " >A3 <12" R1 " >A3 <03" R3
		    " =" R1 R3 },
		{ "a chain whose last block is empty",
		    "!" C " >02" C " <12" R1 "9000 >A3 <03 =" R1 "9000" },
		{ "the next command after a failure",
		    "!" C " >02" C " <- >B2 <- >B2 <- >B2 <- =CARD_LOST"
		    " !" C " =CARD_LOST ? =CARD_LOST . =CARD_LOST" },
		{ "the next command after deselection",
		    ". >C2 <C2 = !" C " =CARD_LOST ?e =CARD_LOST" },
	};

	(void)state;
	RUN(rows);
}

/* Four tries for a block, by whatever it is spoilt. */
static void
gives_up(void **state)
{
	static const struct row rows[] = {
		{ "silence",
		    "!" C " >02" C " <- >B2 <- >B2 <- >B2 <- =CARD_LOST" },
		{ "noise",
		    "!" C " >02" C " <~ >B2 <~ >B2 <~ >B2 <~ =CARD_LOST" },
		{ "nonsense",
		    "!" C " >02" C " <FF >B2 <FF >B2 <FF >B2 <FF =PROTOCOL" },
		{ "silence while the chip chains",
		    "!" C " >02" C " <12" R1 " >A3 <- >A3 <- >A3 <- >A3 <-"
		    " =CARD_LOST" },
		{ "three losses while the chip chains",
		    "!" C " >02" C " <12" R1 " >A3 <- >A3 <- >A3 <- >A3 <03" R3
		    " =" R1 R3 },
		{ "silence after more time",
		    "!" C " >02" C " <F201 >F201 <- >B2 <- >B2 <- >B2 <-"
		    " =CARD_LOST" },
		{ "a chip that never gets the block",
		    "!" C " >02" C " <- >B2 <A3 >02" C " <- >B2 <A3 >02" C
		    " <- >B2 <A3 >02" C " <- =CARD_LOST" },
		{ "a chip that says so without being asked",
		    "!" C " >02" C " <A3 >B2 <A3 >02" C " <A3 >B2 <A3 >02" C
		    " <A3 >B2 <A3 >02" C " <A3 =PROTOCOL" },
		{ "a chip that acknowledges a whole command",
		    "!" C " >02" C " <A2 >B2 <A2 >B2 <A2 >B2 <A2 =PROTOCOL" },
		{ "a chip that acknowledges what it did not get",
		    "!" P1 P3 " >12" P1 " <A3 >B2 <A3 >12" P1
		    " <A3 >B2 <A3 >12" P1 " <A3 >B2 <A3 >12" P1
		    " <A3 =PROTOCOL" },
		{ "a response in the middle of a command",
		    "!" P1 P3 " >12" P1 " <029000 >B2 <029000 >B2 <029000 >B2"
		    " <029000 =PROTOCOL" },
		{ "always the wrong number",
		    "!" C " >02" C " <039000 >B2 <039000 >B2 <039000 >B2"
		    " <039000 =PROTOCOL" },
		{ "a chain of the same block",
		    "!" C " >02" C " <12" R1 " >A3 <12" R1 " >A3 <12" R1
		    " >A3 <12" R1 " >A3 <12" R1 " =PROTOCOL" },
		{ "deselection", ". >C2 <- >C2 <- =CARD_LOST" },
		{ "deselection answered by something else",
		    ". >C2 <F201 >C2 <029000 =PROTOCOL" },
		{ "no status word", "!" C " >02" C " <0290 =PROTOCOL" },
		{ "nothing at all", "!" C " >02" C " <02 =PROTOCOL" },
		{ "a chain without a status word",
		    "!" C " >02" C " <1290 >A3 <03 =PROTOCOL" },
	};

	(void)state;
	RUN(rows);
}

static void
pings(void **state)
{
	static const struct row rows[] = {
		{ "by R(NAK) before and between commands",
		    "? >B2 <A3 = ? >B2 <A3 = !" C " >02" C " <029000 =9000"
		    " ? >B3 <A2 = ? >B3 <A2 = !" C " >03" C " <039000 =9000" },
		{ "by R(NAK), lost once", "? >B2 <- >B2 <A3 =" },
		{ "by R(NAK), lost", "? >B2 <- >B2 <- =CARD_LOST" },
		{ "by R(NAK), more time", "? >B2 <F201 >F201 <A3 =" },
		{ "by R(NAK), the chip says that it got a block",
		    "? >B2 <A2 >B2 <A2 =PROTOCOL" },
		{ "by R(NAK), a response that was over",
		    "!" C " >02" C " <029000 =9000 ? >B3 <029000 >B3 <029000"
		    " =PROTOCOL" },
		{ "by an empty block",
		    "?e >02 <02 = ?e >03 <03 = !" C " >02" C " <029000 =9000" },
		{ "by an empty block, answered like a command",
		    "?e >02 <026700 = !" C " >03" C " <039000 =9000" },
		{ "by an empty block, lost on its way",
		    "?e >02 <- >B2 <A3 >02 <02 =" },
		{ "by an empty block, the answer lost",
		    "?e >02 <~ >B2 <02 = !" C " >03" C },
		{ "by an empty block, acknowledged",
		    "?e >02 <A2 >B2 <A2 =PROTOCOL" },
		{ "by an empty block, a chain",
		    "?e >02 <12" R1 " >B2 <12" R1 " =PROTOCOL" },
		{ "by an empty block, lost", "?e >02 <- >B2 <- =CARD_LOST" },
	};

	(void)state;
	RUN(rows);
}

/*
 * Every first byte, with no byte after it, one, and two: what has no place is
 * answered by R(NAK), and nothing of it is taken.
 */
static void
takes_no_other_block(void **state)
{
	uint8_t frame[3] = { 0, 0x90, 0x00 };
	uint8_t command[4] = { 0 }, got[16];
	struct emrtd_isodep dep;
	struct emrtd_out out;
	struct emrtd_bytes sent;
	uint32_t wait_us;
	unsigned taken = 0;

	(void)state;
	for (unsigned i = 0; i < 256 * 3; i++) {
		size_t len = 1 + i % 3;

		frame[0] = (uint8_t)(i / 3);
		frame[1] = i % 2 ? 0x90 : 0x05;
		out = emrtd_out(got, sizeof(got));
		emrtd_isodep_init(&dep, &narrow);
		emrtd_isodep_begin(&dep, emrtd_bytes(command, 4), &out);
		emrtd_isodep_hear(&dep, EMRTD_HEARD_FRAME,
		    emrtd_bytes(frame, len));
		if (emrtd_isodep_next(&dep, &sent, &wait_us) !=
		    EMRTD_ISODEP_SEND) {
			/* Whole, with or without a status word. */
			assert_int_equal(frame[0], 0x02);
			assert_int_equal(dep.error,
			    len == 3 ? EMRTD_OK : EMRTD_E_PROTOCOL);
			taken++;
		} else if (sent.ptr[0] == 0xA3) {
			assert_int_equal(frame[0], 0x12);
			assert_int_equal(out.len, len - 1);
			taken++;
		} else if (sent.ptr[0] == 0xF2) {
			assert_int_equal(frame[0], 0xF2);
			assert_int_equal(len, 2);
			assert_int_equal(sent.ptr[1], frame[1] & 0x3F);
			taken++;
		} else {
			assert_int_equal(sent.len, 1);
			assert_int_equal(sent.ptr[0], 0xB2);
			assert_int_equal(out.len, 0);
		}
	}
	assert_int_equal(taken, 3 + 2 + 1);
}

/* WTXM 0 and 60 to 63 are not for use, whatever the power level. */
static void
grants_time_within_bounds(void **state)
{
	static const struct {
		uint32_t fwt_us;
		uint8_t wtxm;
		uint32_t granted_us; /* 0: refused */
	} rows[] = {
		{ 4833, 0, 0 },
		{ 4833, 1, 4833 },
		{ 4833, 0xC1, 4833 },
		{ 4833, 59, 285147 },
		{ 4833, 60, 0 },
		{ 4833, 63, 0 },
		{ 4833, 0xC0, 0 },
		{ 77329, 59, 4562411 },
		{ 154657, 59, EMRTD_ISODEP_FWT_MAX_US },
		{ EMRTD_ISODEP_FWT_MAX_US, 59, EMRTD_ISODEP_FWT_MAX_US },
		{ EMRTD_ISODEP_FWT_MAX_US, 1, EMRTD_ISODEP_FWT_MAX_US },
	};
	const uint32_t slack = EMRTD_ISODEP_FWT_SLACK_US;
	uint8_t command[4] = { 0 }, got[16], wtx[2] = { 0xF2, 0 };
	struct emrtd_isodep_link link = narrow;
	struct emrtd_isodep dep;
	struct emrtd_bytes sent;
	struct emrtd_out out;
	uint32_t wait_us;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		out = emrtd_out(got, sizeof(got));
		link.fwt_us = rows[i].fwt_us;
		wtx[1] = rows[i].wtxm;
		emrtd_isodep_init(&dep, &link);
		emrtd_isodep_begin(&dep, emrtd_bytes(command, 4), &out);
		emrtd_isodep_next(&dep, &sent, &wait_us);
		assert_int_equal(wait_us, link.fwt_us + slack);
		emrtd_isodep_hear(&dep, EMRTD_HEARD_FRAME, emrtd_bytes(wtx, 2));
		emrtd_isodep_next(&dep, &sent, &wait_us);
		if (rows[i].granted_us == 0) {
			assert_int_equal(sent.ptr[0], 0xB2);
			assert_int_equal(wait_us, link.fwt_us + slack);
			continue;
		}
		assert_int_equal(sent.ptr[0], 0xF2);
		assert_int_equal(wait_us, rows[i].granted_us + slack);
		/* For one frame: the next waits as before. */
		emrtd_isodep_hear(&dep, EMRTD_HEARD_NOTHING,
		    emrtd_bytes(NULL, 0));
		emrtd_isodep_next(&dep, &sent, &wait_us);
		assert_int_equal(wait_us, link.fwt_us + slack);
	}
}

/* A chip that wants more time for ever: how often it may. */
static unsigned
times_granted(uint32_t fwt_us, uint8_t wtxm)
{
	uint8_t command[4] = { 0 }, got[16], wtx[2] = { 0xF2, wtxm };
	struct emrtd_isodep_link link = narrow;
	struct emrtd_isodep dep;
	struct emrtd_bytes sent;
	struct emrtd_out out = emrtd_out(got, sizeof(got));
	uint32_t wait_us;
	unsigned n = 0;

	link.fwt_us = fwt_us;
	emrtd_isodep_init(&dep, &link);
	emrtd_isodep_begin(&dep, emrtd_bytes(command, 4), &out);
	while (emrtd_isodep_next(&dep, &sent, &wait_us) == EMRTD_ISODEP_SEND) {
		emrtd_isodep_hear(&dep, EMRTD_HEARD_FRAME, emrtd_bytes(wtx, 2));
		n++;
	}
	assert_error(dep.error, EMRTD_E_TIMEOUT);
	assert_int_equal(dep.counts.wtx, n);
	return n - 1;
}

static void
bounds_the_time_of_a_command(void **state)
{
	(void)state;
	assert_int_equal(times_granted(303, 1), EMRTD_ISODEP_WTX_MAX);
	assert_int_equal(times_granted(303, 59), EMRTD_ISODEP_WTX_MAX);
	assert_int_equal(times_granted(77329, 59),
	    EMRTD_ISODEP_WTX_SUM_US / (77329 * 59));
	assert_int_equal(times_granted(EMRTD_ISODEP_FWT_MAX_US, 59),
	    EMRTD_ISODEP_WTX_SUM_US / EMRTD_ISODEP_FWT_MAX_US);
}

/* A chain of the chip that has no end, in blocks of len. */
static enum emrtd_error
endless(size_t cap, size_t len, unsigned *n_blocks)
{
	static uint8_t got[EMRTD_ISODEP_RESPONSE_MAX + 1000];
	uint8_t command[4] = { 0 }, block[254] = { 0 };
	struct emrtd_isodep dep;
	struct emrtd_bytes sent;
	struct emrtd_out out = emrtd_out(got, cap);
	uint32_t wait_us;

	*n_blocks = 0;
	emrtd_put_u8(&out, 0x77);
	emrtd_isodep_init(&dep, &narrow);
	emrtd_isodep_begin(&dep, emrtd_bytes(command, 4), &out);
	while (emrtd_isodep_next(&dep, &sent, &wait_us) == EMRTD_ISODEP_SEND) {
		block[0] = (uint8_t)(0x12 | (*n_blocks & 1));
		emrtd_isodep_hear(&dep, EMRTD_HEARD_FRAME,
		    emrtd_bytes(block, 1 + len));
		++*n_blocks;
		assert_true(*n_blocks < 100000);
	}
	assert_int_equal(out.len, 1); /* as before, and nothing of it */
	assert_false(out.bad);
	return dep.error;
}

static void
ends_an_endless_response(void **state)
{
	unsigned n;

	(void)state;
	assert_error(endless(EMRTD_ISODEP_RESPONSE_MAX + 1000, 253, &n),
	    EMRTD_E_TOO_LONG);
	assert_int_equal(n, EMRTD_ISODEP_RESPONSE_MAX / 253 + 1);
	assert_error(endless(EMRTD_ISODEP_RESPONSE_MAX + 1000, 1, &n),
	    EMRTD_E_TOO_LONG);
	assert_int_equal(n, EMRTD_ISODEP_RESPONSE_MAX + 1);
	assert_error(endless(101, 10, &n), EMRTD_E_TOO_LONG);
	assert_int_equal(n, 11);
	assert_error(endless(1, 1, &n), EMRTD_E_TOO_LONG);
	assert_int_equal(n, 1);
	assert_error(endless(1000, 0, &n), EMRTD_E_PROTOCOL);
	assert_int_equal(n, EMRTD_ISODEP_TRIES);
}

/* A frame longer than what we said that we take, and its edge. */
static void
takes_frames_up_to_fsd(void **state)
{
	static const uint32_t fsd[] = { 16, 64, 128, 256 };
	uint8_t command[4] = { 0 }, got[300], block[300] = { 0x02 };
	struct emrtd_isodep_link link = narrow;
	struct emrtd_isodep dep;
	struct emrtd_bytes sent;
	struct emrtd_out out;
	uint32_t wait_us;

	(void)state;
	for (size_t i = 0; i < sizeof(fsd) / sizeof(fsd[0]); i++)
		for (size_t over = 0; over < 2; over++) {
			link.fsd = fsd[i];
			out = emrtd_out(got, sizeof(got));
			emrtd_isodep_init(&dep, &link);
			emrtd_isodep_begin(&dep, emrtd_bytes(command, 4), &out);
			emrtd_isodep_hear(&dep, EMRTD_HEARD_FRAME,
			    emrtd_bytes(block, fsd[i] - 2 + over));
			assert_int_equal(emrtd_isodep_next(&dep, &sent,
					     &wait_us),
			    over ? EMRTD_ISODEP_SEND : EMRTD_ISODEP_DONE);
			assert_int_equal(out.len, over ? 0 : fsd[i] - 3);
		}
}

/* Nothing is sent, and the next command goes out. */
static void
refuses_what_is_no_command(void **state)
{
	static const size_t lengths[] = { 0, 1, 3, EMRTD_ISODEP_COMMAND_MAX + 1,
		SIZE_MAX };
	static uint8_t command[EMRTD_ISODEP_COMMAND_MAX];
	uint8_t got[16];
	struct emrtd_isodep dep;
	struct emrtd_bytes sent;
	struct emrtd_out out = emrtd_out(got, sizeof(got));
	uint32_t wait_us;

	(void)state;
	emrtd_isodep_init(&dep, &narrow);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		emrtd_isodep_begin(&dep, emrtd_bytes(command, lengths[i]),
		    &out);
		assert_int_equal(emrtd_isodep_next(&dep, &sent, &wait_us),
		    EMRTD_ISODEP_FAILED);
		assert_error(dep.error, EMRTD_E_TOO_LONG);
		assert_int_equal(sent.len, 0);
	}
	out.bad = true;
	emrtd_isodep_begin(&dep, emrtd_bytes(command, 4), &out);
	assert_error(dep.error, EMRTD_E_TOO_LONG);
	assert_int_equal(dep.counts.frames, 0);
	out.bad = false;
	block_script_go_on("!" C " >02" C " <029000 =9000", &dep);
}

/* A driver that speaks out of turn, or asks twice. */
static void
minds_its_caller(void **state)
{
	struct emrtd_isodep_link odd = { 3, 100000, 0, 0, true, true };
	uint8_t sw[] = { 0x02, 0x90, 0x00 }, command[20] = { 0 }, got[16];
	struct emrtd_bytes one, two;
	struct emrtd_isodep dep;
	struct emrtd_out out = emrtd_out(got, sizeof(got));
	uint32_t wait_us;

	(void)state;
	emrtd_isodep_init(&dep, &odd);
	assert_int_equal(dep.link.fsc, 16);
	assert_int_equal(dep.link.fsd, 256);
	assert_int_equal(dep.link.fwt_us, 303);
	odd.fsc = 4096;
	odd.fwt_us = UINT32_MAX;
	emrtd_isodep_init(&dep, &odd);
	assert_int_equal(dep.link.fsc, 256);
	assert_int_equal(dep.link.fwt_us, EMRTD_ISODEP_FWT_MAX_US);
	emrtd_isodep_hear(&dep, EMRTD_HEARD_FRAME, emrtd_bytes(sw, 3));
	assert_int_equal(emrtd_isodep_next(&dep, &one, &wait_us),
	    EMRTD_ISODEP_DONE);
	emrtd_isodep_begin(&dep, emrtd_bytes(command, 20), &out);
	emrtd_isodep_next(&dep, &one, &wait_us);
	emrtd_isodep_next(&dep, &two, &wait_us);
	assert_bytes(one, two);
	assert_int_equal(dep.counts.frames, 1);
	emrtd_isodep_hear(&dep, EMRTD_HEARD_FRAME, emrtd_bytes(sw, 3));
	emrtd_isodep_hear(&dep, EMRTD_HEARD_FRAME, emrtd_bytes(sw, 3));
	assert_int_equal(emrtd_isodep_next(&dep, &one, &wait_us),
	    EMRTD_ISODEP_DONE);
	assert_int_equal(out.len, 2);
	/* Nothing of the command stays behind. */
	for (size_t i = 0; i < sizeof(dep.frame); i++)
		assert_int_equal(dep.frame[i], 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_as_the_standard_shows),
		cmocka_unit_test(recovers),
		cmocka_unit_test(gives_up),
		cmocka_unit_test(pings),
		cmocka_unit_test(takes_no_other_block),
		cmocka_unit_test(grants_time_within_bounds),
		cmocka_unit_test(bounds_the_time_of_a_command),
		cmocka_unit_test(ends_an_endless_response),
		cmocka_unit_test(takes_frames_up_to_fsd),
		cmocka_unit_test(refuses_what_is_no_command),
		cmocka_unit_test(minds_its_caller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
