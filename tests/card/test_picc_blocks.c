/*
 * The chip from its first block on: the rules of ISO/IEC 14443-4 clause 7 as
 * they bind a chip, and its faults.
 */
#include "picc_steps.h"

#define FSDI_256 8

#define BLOCKS(config, steps) \
	blocks(config, FSDI_256, steps, sizeof(steps) / sizeof(steps[0]))

static void
blocks(const struct emrtd_picc_config *config, unsigned fsdi,
    const struct step *steps, size_t n)
{
	struct asker asker = { .now_us = 0 };

	asker.picc = chip(config);
	activate(&asker, fsdi);
	play(&asker, steps, n);
	emrtd_picc_free(&asker.picc);
}

static void
test_commands(void **state)
{
	static const struct step steps[] = {
		{ BLOCK, "0200A4", "0200A49000" },
		{ BLOCK, "0300A5", "0300A59000" },
		{ BLOCK, "02", "02" }, /* is it there? No command. */
		{ BLOCK, "03AA", "03AA9000" },
	};
	struct emrtd_picc_config config = known(EMRTD_AIR_A);

	(void)state;
	BLOCKS(&config, steps);
	assert_int_equal(inside.n, 3);
}

/* Rules 2 and 10: pieces are acknowledged, the last one is answered. */
static void
test_command_in_pieces(void **state)
{
	static const struct step steps[] = {
		{ BLOCK, "120102", "A2" },
		{ BLOCK, "130304", "A3" },
		{ BLOCK, "12", "A2" }, /* empty, which is allowed */
		{ BLOCK, "0305", "0301020304059000" },
	};
	struct emrtd_picc_config config = known(EMRTD_AIR_A);

	(void)state;
	BLOCKS(&config, steps);
	assert_int_equal(inside.n, 1);
	assert_int_equal(inside.last_len, 5);
}

/* Rules 9, 11, 12 where something is lost on the way, either way. */
static void
test_losses(void **state)
{
	static const struct step steps[] = {
		/* The command was lost: the reader asks, and sends again. */
		{ BLOCK, "B2", "A3" },
		{ BLOCK, "0201", "02019000" },
		/* Its answer was lost: the same once more, nothing is run. */
		{ BLOCK, "B2", "02019000" },
		{ BLOCK, "B2", "02019000" },
		{ BLOCK, "A2", "02019000" },
		/* Of a chain: a piece, then its acknowledgement. */
		{ BLOCK, "B3", "A2" },
		{ BLOCK, "1302", "A3" },
		{ BLOCK, "B3", "A3" },
		{ BLOCK, "B2", "A3" },
		{ BLOCK, "0203", "0202039000" },
		/* Is it there? That changes nothing. */
		{ BLOCK, "B3", "A2" },
		{ BLOCK, "B3", "A2" },
		{ BLOCK, "0304", "03049000" },
		/* Acknowledged, and there is no more. */
		{ BLOCK, "A2", NULL },
		{ BLOCK, "B3", "03049000" },
	};
	struct emrtd_picc_config config = known(EMRTD_AIR_A);

	(void)state;
	BLOCKS(&config, steps);
	assert_int_equal(inside.n, 3);
}

/* FSD 16: thirteen bytes at a time. */
static void
test_response_in_pieces(void **state)
{
	static const struct step steps[] = {
		{ BLOCK, "1200112233445566778899AABBCC", "A2" },
		{ BLOCK, "03DDEEFF", "1300112233445566778899AABBCC" },
		{ BLOCK, "B3", "1300112233445566778899AABBCC" },
		{ BLOCK, "A2", "02DDEEFF9000" },
		{ BLOCK, "A2", "02DDEEFF9000" },
		{ BLOCK, "A3", NULL },
		{ BLOCK, "0301", "03019000" },
	};
	/* A new command takes the place of the rest. */
	static const struct step breaks_off[] = {
		{ BLOCK, "1200112233445566778899AABBCC", "A2" },
		{ BLOCK, "03DDEEFF", "1300112233445566778899AABBCC" },
		{ BLOCK, "0201", "02019000" },
		{ BLOCK, "A3", NULL },
	};
	struct emrtd_picc_config config = known(EMRTD_AIR_A);

	(void)state;
	blocks(&config, 0, steps, sizeof(steps) / sizeof(steps[0]));
	assert_int_equal(inside.n, 2);
	blocks(&config, 0, breaks_off,
	    sizeof(breaks_off) / sizeof(breaks_off[0]));
}

/* With a CID of its own every block carries it; another one is another's. */
static void
test_card_identifier(void **state)
{
	static const struct step select[] = {
		{ SHORT, "52", "0800" },
		{ BLOCK, "93700812345678", "20" },
		{ BLOCK, "E085", "0578338002" },
		{ BLOCK, "0201", NULL },
		{ BLOCK, "0A0601", NULL },
		{ BLOCK, "0A4501", NULL },
		{ BLOCK, "0A", NULL },
		{ BLOCK, "0A0501", "0A05019000" },
		{ BLOCK, "BA05", "0A05019000" },
		{ BLOCK, "BB05", "AA05" },
		{ BLOCK, "CA06", NULL },
		{ BLOCK, "CA05", "CA05" },
	};
	static const struct step zero[] = {
		{ BLOCK, "0A0001", "0A00019000" },
		{ BLOCK, "0302", "03029000" },
	};
	struct emrtd_picc_config config = known(EMRTD_AIR_A);
	struct asker asker = { .now_us = 0 };

	(void)state;
	asker.picc = chip(&config);
	PLAY(&asker, select);
	emrtd_picc_free(&asker.picc);
	BLOCKS(&config, zero);
}

static void
test_what_is_no_block(void **state)
{
	static const struct step steps[] = {
		{ GARBLED, "0201", NULL },
		{ BARE, "0201", NULL },
		{ SHORT, "02", NULL },
		{ BLOCK, "0001", NULL },   /* bit 2 is not set */
		{ BLOCK, "2201", NULL },   /* bit 6 is */
		{ BLOCK, "060001", NULL }, /* node address */
		{ BLOCK, "A201", NULL },   /* R has no INF */
		{ BLOCK, "A6", NULL },
		{ BLOCK, "E2", NULL },
		{ BLOCK, "D2", NULL },
		{ BLOCK, "F0", NULL },   /* S(PARAMETERS): not ours */
		{ BLOCK, "F201", NULL }, /* it has asked for no time */
		{ BLOCK, "F2", NULL },
		{ BLOCK, "C201", NULL },
		{ BLOCK, "B3", NULL }, /* the last one again: there is none */
		{ BLOCK, "0201", "02019000" },
	};
	static const struct step end[] = {
		{ BLOCK, "C2", "C2" },
		{ BLOCK, "0201", NULL },
		{ SHORT, "26", NULL }, /* halted */
		{ SHORT, "52", "0800" },
	};
	struct emrtd_picc_config config = known(EMRTD_AIR_A);

	(void)state;
	BLOCKS(&config, steps);
	assert_int_equal(inside.n, 1);
	BLOCKS(&config, end);
}

/* ---- Sizes ------------------------------------------------------------- */

static const uint16_t sizes[] = { 16, 24, 32, 40, 48, 64, 96, 128, 256 };

#define N_SIZES (sizeof(sizes) / sizeof(sizes[0]))

/* A frame of FSC bytes is taken, checksum and all; one of one more is not. */
static void
test_longest_frame(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_SIZES; i++) {
		struct emrtd_picc_config config = known(EMRTD_AIR_A);
		struct asker asker = { .now_us = 0 };
		struct emrtd_picc_answer answer;
		uint8_t b[257] = { 0x02 };

		config.fsci = (uint8_t)i;
		asker.picc = chip(&config);
		activate(&asker, FSDI_256);
		assert_false(
		    ask(&asker, BLOCK, emrtd_bytes(b, sizes[i] - 1U), &answer));
		assert_true(
		    ask(&asker, BLOCK, emrtd_bytes(b, sizes[i] - 2U), &answer));
		assert_int_equal(inside.n, 1);
		assert_int_equal(inside.last_len, sizes[i] - 3U);
		emrtd_picc_free(&asker.picc);
	}
}

/* A long response comes whole, in blocks of FSD bytes, checksum and all. */
static void
test_every_frame_size_of_readers(void **state)
{
	(void)state;
	for (unsigned i = 0; i < N_SIZES + 7; i++) {
		size_t fsd = i < N_SIZES ? sizes[i] : 256, got = 0;
		struct emrtd_picc_config config = known(EMRTD_AIR_A);
		struct asker asker = { .now_us = 0 };
		struct emrtd_picc_answer answer;
		uint8_t b[] = { 0x02, 0x00 };
		uint8_t pcb;

		asker.picc = chip(&config);
		inside.answer_len = 1000;
		activate(&asker, i);
		assert_true(ask(&asker, BLOCK, emrtd_bytes(b, 2), &answer));
		for (;;) {
			size_t n = answer.frame.bytes.len;

			pcb = answer.frame.bytes.ptr[0];
			assert_true(n + 2 <= fsd);
			got += n - 1;
			if ((pcb & 0x10) == 0)
				break;
			assert_int_equal(n + 2, fsd);
			b[0] = (pcb & 1) != 0 ? 0xA2 : 0xA3;
			assert_true(
			    ask(&asker, BLOCK, emrtd_bytes(b, 1), &answer));
		}
		assert_int_equal(got, 1002);
		assert_int_equal(inside.n, 1);
		emrtd_picc_free(&asker.picc);
	}
}

/* ---- Time -------------------------------------------------------------- */

static void
test_asks_for_time(void **state)
{
	static const struct step each[] = {
		{ BLOCK, "1201", "F203" },
		{ BLOCK, "F204", NULL }, /* another multiplier */
		{ BLOCK, "B2", "F203" }, /* it got lost */
		{ BLOCK, "A3", NULL },
		{ BLOCK, "F203", "A2" },
		{ BLOCK, "F203", NULL }, /* that is over */
		{ BLOCK, "B2", "A2" },
		{ BLOCK, "0302", "F203" },
		{ BLOCK, "F203", "0301029000" },
		{ BLOCK, "B3", "0301029000" },
	};
	struct emrtd_picc_config config = known(EMRTD_AIR_A);

	(void)state;
	config.wtxm = 3;
	BLOCKS(&config, each);
	assert_int_equal(inside.n, 1);
}

/* However slow it is: each block comes within what was granted. */
static void
test_slow_work(void **state)
{
	static const uint32_t times[] = { 0, 1000, 50000, 60000, 200000,
		5000000, 100000000 };

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct emrtd_picc_config config = known(EMRTD_AIR_A);
		struct asker asker = { .now_us = 0 };
		struct emrtd_picc_answer answer;
		uint8_t b[] = { 0x02, 0x01 };
		uint64_t took = 0, granted = 302U << 8;
		unsigned n = 0;

		asker.picc = chip(&config);
		inside.takes_us = times[i];
		activate(&asker, FSDI_256);
		assert_true(ask(&asker, BLOCK, emrtd_bytes(b, 2), &answer));
		while (answer.frame.bytes.ptr[0] == 0xF2) {
			assert_int_equal(answer.frame.bytes.len, 2);
			assert_true(answer.after_us < granted);
			took += answer.after_us;
			b[0] = 0xF2;
			b[1] = answer.frame.bytes.ptr[1];
			assert_in_range(b[1], 1, 59);
			granted = (302U << 8) * (uint64_t)b[1];
			if (granted > 4949000)
				granted = 4949000;
			assert_true(
			    ask(&asker, BLOCK, emrtd_bytes(b, 2), &answer));
			n++;
		}
		assert_true(answer.after_us < granted);
		assert_int_equal(took + answer.after_us, times[i]);
		assert_int_equal(n > 0, times[i] > 58000);
		assert_int_equal(emrtd_picc_counts(asker.picc).wtx, n);
		emrtd_picc_free(&asker.picc);
	}
}

static void
test_dumb_after_inside_is_lost(void **state)
{
	static const struct step lost[] = {
		{ BLOCK, "0201", NULL },
		{ BLOCK, "B2", NULL },
		{ SHORT, "52", NULL },
	};
	static const struct step again[] = { { BLOCK, "0201", "02019000" } };
	struct emrtd_picc_config config = known(EMRTD_AIR_A);
	struct asker asker = { .now_us = 0 };

	(void)state;
	asker.picc = chip(&config);
	activate(&asker, FSDI_256);
	inside.lost = true;
	PLAY(&asker, lost);
	inside.lost = false;
	emrtd_picc_field(asker.picc, false, 0);
	emrtd_picc_field(asker.picc, true, 0);
	activate(&asker, FSDI_256);
	PLAY(&asker, again);
	emrtd_picc_free(&asker.picc);
}

/* A chain longer than any command: it gives up, and stays within itself. */
static void
test_endless_command(void **state)
{
	struct emrtd_picc_config config = known(EMRTD_AIR_A);
	struct asker asker = { .now_us = 0 };
	struct emrtd_picc_answer answer;
	uint8_t b[254] = { 0x12 };
	unsigned n = 0;

	(void)state;
	asker.picc = chip(&config);
	activate(&asker, FSDI_256);
	while (ask(&asker, BLOCK, emrtd_bytes(b, sizeof(b)), &answer)) {
		b[0] ^= 1;
		n++;
	}
	assert_int_equal(n, 65544 / 253);
	assert_int_equal(inside.n, 0);
	assert_false(ask(&asker, BLOCK, emrtd_bytes(b, 1), &answer));
	emrtd_picc_free(&asker.picc);
}

/* ---- Faults ------------------------------------------------------------ */

/* How the second of three blocks is answered, and what is said then. */
static const struct {
	const char *fault, *second, *say, *third;
} faults[] = {
	{ "tear=2", NULL, "B3", NULL },
	{ "mute=2", NULL, "B3", NULL },
	{ "wtx=2", "F201", "A2", NULL },
	{ "wtx=2", "F201", "F201", "03BB9000" },
	{ "wtx=2:59", "F23B", "F23B", "03BB9000" },
	{ "wtx-endless=2", "F201", "F201", "F201" },
	{ "deaf=2", NULL, "B3", "A2" },
	{ "lose=2", NULL, "B3", "03BB9000" },
	{ "number=2", "02BB9000", "B3", "03BB9000" },
	{ "nad=2", "0700BB9000", "B3", "03BB9000" },
	{ "cid=2", "0B01BB9000", "B3", "03BB9000" },
	{ "pcb=2:FF", "FFBB9000", "B3", "03BB9000" },
	{ "nak=2", "B3", "B3", "03BB9000" },
	{ "ack=2", "A3", "B3", "03BB9000" },
	{ "deselect=2", "C2", "B3", "03BB9000" },
	{ "again=2", "02AA9000", "B3", "03BB9000" },
	{ "empty=2", "13", "A2", "02BB9000" },
	{ "nothing=2", "", "B3", "03BB9000" },
	{ "late=2", "03BB9000", "B3", "03BB9000" },
	{ "late=2:5000", "03BB9000", "B3", "03BB9000" },
	{ "garble=2", "03BB9000", "B3", "03BB9000" },
	{ "rate-lost=2", "03BB9000", "B3", "03BB9000" },
};

static void
check_answer(const struct asker *asker, const char *say, const char *want,
    const char *fault)
{
	struct emrtd_picc_answer answer;
	uint8_t b[8], w[8];
	size_t n = vector_hex(say, b, sizeof(b));
	bool answered = ask(asker, BLOCK, emrtd_bytes(b, n), &answer);

	if (answered != (want != NULL))
		fail_msg("%s: %s is%s answered", fault, say,
		    answered ? "" : " not");
	if (!answered)
		return;
	n = vector_hex(want, w, sizeof(w));
	if (answer.frame.bytes.len != n ||
	    memcmp(answer.frame.bytes.ptr, w, n) != 0)
		fail_msg("%s: %s is not answered by %s but by %02X", fault, say,
		    want, answer.frame.bytes.ptr[0]);
}

static struct emrtd_picc *
faulty(const char *fault)
{
	struct emrtd_picc_config config = known(EMRTD_AIR_A);
	struct emrtd_diag diag;

	emrtd_diag_init(&diag);
	assert_ok(emrtd_picc_misbehave(&config, fault, &diag));
	return chip(&config);
}

static void
test_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct asker asker = { .now_us = 0 };

		asker.picc = faulty(faults[i].fault);
		activate(&asker, FSDI_256);
		check_answer(&asker, "02AA", "02AA9000", faults[i].fault);
		check_answer(&asker, "03BB", faults[i].second, faults[i].fault);
		check_answer(&asker, faults[i].say, faults[i].third,
		    faults[i].fault);
		emrtd_picc_free(&asker.picc);
	}
}

static void
test_faults_of_the_frame(void **state)
{
	static const uint8_t block[] = { 0x02, 0xAA };
	struct asker asker = { .now_us = 0 };
	struct emrtd_picc_answer answer;

	(void)state;
	asker.picc = faulty("garble=1");
	activate(&asker, FSDI_256);
	assert_true(ask(&asker, BLOCK, emrtd_bytes(block, 2), &answer));
	assert_int_equal(answer.frame.check, EMRTD_AIR_GARBLED);
	emrtd_picc_free(&asker.picc);

	asker.picc = faulty("late=1:5000");
	activate(&asker, FSDI_256);
	assert_true(ask(&asker, BLOCK, emrtd_bytes(block, 2), &answer));
	assert_int_equal(answer.after_us, 5000000);
	emrtd_picc_free(&asker.picc);

	asker.picc = faulty("late=1");
	activate(&asker, FSDI_256);
	assert_true(ask(&asker, BLOCK, emrtd_bytes(block, 2), &answer));
	assert_int_equal(answer.after_us, (302 << 8) * 2);
	emrtd_picc_free(&asker.picc);

	asker.picc = faulty("long=1");
	activate(&asker, FSDI_256);
	assert_true(ask(&asker, BLOCK, emrtd_bytes(block, 2), &answer));
	assert_true(answer.frame.bytes.len + 2 > 256);
	emrtd_picc_free(&asker.picc);
}

static void
test_torn_and_back(void **state)
{
	static const uint8_t block[] = { 0x02, 0xAA };
	struct asker asker = { .now_us = 1000 };
	struct emrtd_picc_answer answer;

	(void)state;
	asker.picc = faulty("tear=1:30");
	activate(&asker, FSDI_256);
	assert_false(ask(&asker, BLOCK, emrtd_bytes(block, 2), &answer));
	assert_false(emrtd_picc_there(asker.picc, 30999));
	assert_true(emrtd_picc_there(asker.picc, 31000));
	asker.now_us = 31000;
	/* It was without power: what was selected is not any more. */
	assert_false(ask(&asker, BLOCK, emrtd_bytes(block, 2), &answer));
	activate(&asker, FSDI_256);
	assert_true(ask(&asker, BLOCK, emrtd_bytes(block, 2), &answer));
	assert_int_equal(inside.n_resets, 2);
	emrtd_picc_free(&asker.picc);
}

/* There is always more. */
static void
test_endless_response(void **state)
{
	uint8_t b[] = { 0x02, 0xAA };
	struct asker asker = { .now_us = 0 };
	struct emrtd_picc_answer answer;

	(void)state;
	asker.picc = faulty("endless=1");
	activate(&asker, FSDI_256);
	assert_true(ask(&asker, BLOCK, emrtd_bytes(b, 2), &answer));
	for (unsigned i = 0; i < 1000; i++) {
		assert_int_equal(answer.frame.bytes.ptr[0] & 0xFE, 0x12);
		assert_int_equal(answer.frame.bytes.len, 254);
		b[0] = (answer.frame.bytes.ptr[0] & 1) != 0 ? 0xA2 : 0xA3;
		assert_true(ask(&asker, BLOCK, emrtd_bytes(b, 1), &answer));
	}
	emrtd_picc_free(&asker.picc);
}

static void
test_faults_of_the_selection(void **state)
{
	static const struct step no_ats[] = {
		{ SHORT, "52", "0800" },
		{ BLOCK, "93700812345678", "20" },
		{ BLOCK, "E080", NULL },
	};
	static const struct step no_pps[] = {
		{ BLOCK, "D0110A", NULL },
		{ BLOCK, "02AA", "02AA9000" },
	};
	static const struct step pps[] = { { BLOCK, "D0110A", "D0" } };
	static const struct step lost[] = { { BLOCK, "02AA", NULL } };
	struct asker asker = { .now_us = 0 };

	(void)state;
	asker.picc = faulty("no-ats");
	PLAY(&asker, no_ats);
	emrtd_picc_free(&asker.picc);
	asker.picc = faulty("no-pps");
	activate(&asker, FSDI_256);
	PLAY(&asker, no_pps);
	emrtd_picc_free(&asker.picc);
	asker.picc = faulty("rate-lost=1");
	activate(&asker, FSDI_256);
	PLAY(&asker, pps);
	asker.rate = EMRTD_AIR_424;
	PLAY(&asker, lost);
	emrtd_picc_free(&asker.picc);
}

static void
test_reserved_multiplier(void **state)
{
	static const struct step steps[] = { { BLOCK, "02AA", "F23C" } };
	struct emrtd_picc_config config = known(EMRTD_AIR_A);
	struct emrtd_diag diag;

	(void)state;
	emrtd_diag_init(&diag);
	config.wtxm = 1;
	assert_ok(emrtd_picc_misbehave(&config, "wtx-value=1:3C", &diag));
	BLOCKS(&config, steps);
}

/* Every row of the table is tried above, by its name. */
static void
test_table_of_faults(void **state)
{
	static const char *const others[] = { "wtx-value", "long", "endless",
		"no-ats", "no-pps" };
	struct emrtd_card_switch row;
	size_t i;

	(void)state;
	for (i = 0; emrtd_picc_switch_at(i, &row); i++) {
		size_t len = strlen(row.name);
		bool tried = false;

		assert_true(len > 0 && strlen(row.text) > 0);
		for (size_t j = 0; j < sizeof(faults) / sizeof(faults[0]); j++)
			if (strncmp(faults[j].fault, row.name, len) == 0 &&
			    faults[j].fault[len] == '=')
				tried = true;
		for (size_t j = 0; j < sizeof(others) / sizeof(others[0]); j++)
			if (strcmp(others[j], row.name) == 0)
				tried = true;
		if (!tried)
			fail_msg("no test of the fault %s", row.name);
	}
	assert_true(i > 20);
}

static void
test_words_for_faults(void **state)
{
	static const struct {
		const char *text;
		enum emrtd_error error;
	} rows[] = {
		{ "", EMRTD_E_NOT_FOUND },
		{ "tears=1", EMRTD_E_NOT_FOUND },
		{ "tea=1", EMRTD_E_NOT_FOUND },
		{ "tear", EMRTD_E_ARG },
		{ "tear=", EMRTD_E_ARG },
		{ "tear=x", EMRTD_E_ARG },
		{ "tear=1:", EMRTD_E_ARG },
		{ "tear=1:3600001", EMRTD_E_ARG },
		{ "tear=4294967296", EMRTD_E_ARG },
		{ "mute=1:1", EMRTD_E_ARG },
		{ "wtx=1:60", EMRTD_E_ARG },
		{ "pcb=1", EMRTD_E_ARG },
		{ "pcb=1:100", EMRTD_E_ARG },
		{ "pcb=1:ff", EMRTD_E_ARG },
		{ "no-ats=1", EMRTD_E_ARG },
		{ "no-ats", EMRTD_OK },
		{ "tear=4294967295:3600000", EMRTD_OK },
	};
	struct emrtd_picc_config config = known(EMRTD_AIR_A);
	struct emrtd_diag diag;

	(void)state;
	emrtd_diag_init(&diag);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_error(emrtd_picc_misbehave(&config, rows[i].text, &diag),
		    rows[i].error);
	assert_int_equal(config.n_faults, 2);
	for (size_t i = 2; i < EMRTD_PICC_FAULTS_MAX; i++)
		assert_ok(emrtd_picc_misbehave(&config, "no-ats", &diag));
	assert_error(emrtd_picc_misbehave(&config, "no-ats", &diag),
	    EMRTD_E_LIMIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_command_in_pieces),
		cmocka_unit_test(test_losses),
		cmocka_unit_test(test_response_in_pieces),
		cmocka_unit_test(test_card_identifier),
		cmocka_unit_test(test_what_is_no_block),
		cmocka_unit_test(test_longest_frame),
		cmocka_unit_test(test_every_frame_size_of_readers),
		cmocka_unit_test(test_asks_for_time),
		cmocka_unit_test(test_slow_work),
		cmocka_unit_test(test_dumb_after_inside_is_lost),
		cmocka_unit_test(test_endless_command),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_faults_of_the_frame),
		cmocka_unit_test(test_torn_and_back),
		cmocka_unit_test(test_endless_response),
		cmocka_unit_test(test_faults_of_the_selection),
		cmocka_unit_test(test_reserved_multiplier),
		cmocka_unit_test(test_table_of_faults),
		cmocka_unit_test(test_words_for_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
