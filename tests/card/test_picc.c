/* The chip before its first block: ISO/IEC 14443-3, RATS, PPS, ATTRIB. */
#include "picc_steps.h"

#define ALONE(config, steps) \
	alone(config, steps, sizeof(steps) / sizeof(steps[0]))

static void
alone(const struct emrtd_picc_config *config, const struct step *steps,
    size_t n)
{
	struct asker asker = { .type = config->type, .now_us = 1000000 };

	asker.picc = chip(config);
	play(&asker, steps, n);
	emrtd_picc_free(&asker.picc);
}

/* The examples of ISO/IEC 14443-3 annex B. */
static void
test_checksums(void **state)
{
	static const struct {
		enum emrtd_air_type type;
		const char *bytes, *crc;
	} rows[] = {
		{ EMRTD_AIR_A, "0000", "A01E" },
		{ EMRTD_AIR_A, "1234", "26CF" },
		{ EMRTD_AIR_B, "000000", "CCC6" },
		{ EMRTD_AIR_B, "0FAAFF", "FCD1" },
		{ EMRTD_AIR_B, "0A123456", "2CF6" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t b[8], want[2], crc[2];
		size_t n = vector_hex(rows[i].bytes, b, sizeof(b));

		assert_int_equal(vector_hex(rows[i].crc, want, 2), 2);
		emrtd_air_crc(rows[i].type, emrtd_bytes(b, n), crc);
		assert_memory_equal(crc, want, 2);
	}
}

static void
test_type_a(void **state)
{
	static const struct step steps[] = {
		/* REQA has seven bits and no checksum. */
		{ BARE, "26", NULL },
		{ BLOCK, "26", NULL },
		{ SHORT, "27", NULL },
		{ SHORT, "26", "0800" },
		{ SHORT, "26", NULL }, /* out of turn */
		{ SHORT, "26", "0800" },
		{ BARE, "9320", "0812345678" },
		{ BARE, "93400812", "345678" },
		{ BARE, "93400813", NULL }, /* somebody else's */
		{ SHORT, "26", "0800" },
		{ BARE, "934008", NULL }, /* says two bytes, has one */
		{ SHORT, "26", "0800" },
		{ BARE, "9520", NULL }, /* there is no second level */
		{ SHORT, "52", "0800" },
		{ BLOCK, "93700812345679", NULL }, /* BCC */
		{ SHORT, "26", "0800" },
		{ BARE, "93700812345678", NULL },
		{ SHORT, "26", "0800" },
		{ GARBLED, "93700812345678", NULL },
		{ BLOCK, "93700812345678", NULL },
		{ SHORT, "26", "0800" },
		{ BLOCK, "93700812345678", "20" },
		{ GARBLED, "E080", NULL }, /* lost for good */
		{ BLOCK, "E080", NULL },
		{ SHORT, "26", "0800" },
		{ BLOCK, "93700812345678", "20" },
		{ BLOCK, "5000", NULL }, /* HLTA */
		{ SHORT, "26", NULL },
		{ SHORT, "52", "0800" },
		{ BLOCK, "93700812345678", "20" },
		{ BLOCK, "0200", NULL }, /* a block before RATS */
		{ SHORT, "26", NULL },   /* it was halted, and is again */
		{ SHORT, "52", "0800" },
		{ BLOCK, "93700812345678", "20" },
		{ BLOCK, "E08F", NULL }, /* CID 15 is reserved */
		{ SHORT, "52", "0800" },
		{ BLOCK, "93700812345678", "20" },
		{ BLOCK, "E080", "0578338002" },
		{ BLOCK, "E080", NULL }, /* once is enough */
		{ SHORT, "52", NULL },   /* nothing but blocks now */
		{ BLOCK, "02AA", "02AA9000" },
	};
	struct emrtd_picc_config config = known(EMRTD_AIR_A);

	(void)state;
	ALONE(&config, steps);
	assert_int_equal(inside.n, 1);
	assert_int_equal(inside.n_resets, 1);
}

static void
test_long_uid(void **state)
{
	static const struct step right[] = {
		{ SHORT, "26", "4800" },
		{ BARE, "9320", "88041122BF" },
		{ BLOCK, "937088041122BF", "04" }, /* there is more of it */
		{ BARE, "9320", NULL },
		{ SHORT, "26", "4800" },
		{ BLOCK, "937088041122BF", "04" },
		{ BARE, "9520", "3344556644" },
		{ BLOCK, "95703344556644", "20" },
		{ BLOCK, "E050", "0578338002" },
	};
	struct emrtd_picc_config config = known(EMRTD_AIR_A);

	(void)state;
	config.uid_len = 7;
	memcpy(config.uid, "\x04\x11\x22\x33\x44\x55\x66", 7);
	ALONE(&config, right);
}

/* Bits of the UID that the reader has already are not said again. */
static void
test_bits_of_a_uid(void **state)
{
	static const struct {
		uint8_t nvb, bits, third, answer_first, answer_len, skipped;
	} rows[] = {
		/* 08 12 34 56 78: three bits, of 0000 1000, low ones first */
		{ 0x23, 3, 0x00, 0x08, 5, 3 },
		{ 0x24, 4, 0x08, 0x08, 5, 4 },
		{ 0x27, 7, 0x08, 0x08, 5, 7 },
		{ 0x23, 3, 0x01, 0, 0, 0 },
		{ 0x24, 4, 0x00, 0, 0, 0 },
		{ 0x28, 0, 0x08, 0, 0, 0 },
	};
	struct emrtd_picc_config config = known(EMRTD_AIR_A);
	struct emrtd_picc *picc = chip(&config);
	static const uint8_t reqa = 0x26;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t b[] = { 0x93, rows[i].nvb, rows[i].third };
		struct emrtd_air_frame frame = { .bytes = { &reqa, 1 },
			.last_bits = 7 };
		struct emrtd_picc_answer answer;

		assert_true(emrtd_picc_frame(picc, &frame, 0, &answer));
		frame.bytes = emrtd_bytes(b, sizeof(b));
		frame.last_bits = rows[i].bits;
		assert_int_equal(emrtd_picc_frame(picc, &frame, 0, &answer),
		    rows[i].answer_len > 0);
		if (rows[i].answer_len == 0)
			continue;
		assert_int_equal(answer.frame.bytes.len, rows[i].answer_len);
		assert_int_equal(answer.frame.bytes.ptr[0],
		    rows[i].answer_first);
		assert_int_equal(answer.frame.skipped_bits, rows[i].skipped);
		frame.last_bits = 7;
		frame.bytes = emrtd_bytes(&reqa, 1);
		assert_false(emrtd_picc_frame(picc, &frame, 0, &answer));
	}
	emrtd_picc_free(&picc);
}

/* A passport says 08 and three random bytes, others in each field. */
static void
test_random_uid(void **state)
{
	static const uint8_t reqa = 0x26, any[] = { 0x93, 0x20 };
	uint8_t seen[3][5];
	struct emrtd_picc_config config;
	struct emrtd_picc *picc;

	(void)state;
	emrtd_picc_config_init(&config);
	picc = chip(&config);
	for (size_t i = 0; i < 3; i++) {
		struct emrtd_air_frame frame = { .bytes = { &reqa, 1 },
			.last_bits = 7 };
		struct emrtd_picc_answer answer;

		assert_true(emrtd_picc_frame(picc, &frame, 0, &answer));
		frame.bytes = emrtd_bytes(any, 2);
		frame.last_bits = 0;
		assert_true(emrtd_picc_frame(picc, &frame, 0, &answer));
		assert_int_equal(answer.frame.bytes.len, 5);
		memcpy(seen[i], answer.frame.bytes.ptr, 5);
		assert_int_equal(seen[i][0], 0x08);
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(seen[i], seen[j], 5);
		emrtd_picc_field(picc, false, 0);
		emrtd_picc_field(picc, true, 0);
	}
	emrtd_picc_free(&picc);
}

static void
test_ats(void **state)
{
	static const struct step fields[] = {
		{ SHORT, "52", "0800" },
		{ BLOCK, "93700812345678", "20" },
		/* FSC 64, 848 to the card, FWI 10, SFGI 3, no CID; history */
		{ BLOCK, "E080", "087507A300415045" },
	};
	static const struct step given[] = {
		{ SHORT, "52", "0800" },
		{ BLOCK, "93700812345678", "20" },
		{ BLOCK, "E080", "0175" },
	};
	struct emrtd_picc_config config = known(EMRTD_AIR_A);

	(void)state;
	config.fsci = 5;
	config.rates = 0x07;
	config.fwi = 10;
	config.sfgi = 3;
	config.cid = false;
	config.n_historical = 3;
	memcpy(config.historical, "APE", 3);
	ALONE(&config, fields);
	config.ats_len = 2;
	memcpy(config.ats, "\x01\x75", 2);
	ALONE(&config, given);
}

/* What is said before the guard time is over goes unheard. */
static void
test_guard_time(void **state)
{
	static const struct step early[] = { { BLOCK, "02AA", NULL } };
	static const struct step late[] = { { BLOCK, "02AA", "02AA9000" } };
	struct emrtd_picc_config config = known(EMRTD_AIR_A);
	struct asker asker = { .now_us = 1000 };

	(void)state;
	config.sfgi = 6; /* 19 ms */
	asker.picc = chip(&config);
	activate(&asker, 8);
	asker.now_us += 15000;
	PLAY(&asker, early);
	asker.now_us += 5000;
	PLAY(&asker, late);
	emrtd_picc_free(&asker.picc);
}

static void
test_rates(void **state)
{
	static const struct {
		uint8_t rates;
		const char *pps, *answer;
		enum emrtd_air_rate to_card, from_card;
	} rows[] = {
		{ 0x33, "D0110A", "D0", EMRTD_AIR_424, EMRTD_AIR_424 },
		{ 0x33, "D01105", "D0", EMRTD_AIR_212, EMRTD_AIR_212 },
		{ 0x33, "D01106", "D0", EMRTD_AIR_424, EMRTD_AIR_212 },
		{ 0x33, "D0110F", NULL, EMRTD_AIR_106, EMRTD_AIR_106 },
		{ 0x77, "D0110F", "D0", EMRTD_AIR_848, EMRTD_AIR_848 },
		{ 0x03, "D0110A", NULL, EMRTD_AIR_106, EMRTD_AIR_106 },
		{ 0x03, "D01102", "D0", EMRTD_AIR_424, EMRTD_AIR_106 },
		{ 0xB3, "D01102", NULL, EMRTD_AIR_106, EMRTD_AIR_106 },
		{ 0xB3, "D0110A", "D0", EMRTD_AIR_424, EMRTD_AIR_424 },
		{ 0x00, "D01101", NULL, EMRTD_AIR_106, EMRTD_AIR_106 },
		{ 0x33, "D001", "D0", EMRTD_AIR_106, EMRTD_AIR_106 },
		{ 0x33, "D1110A", NULL, EMRTD_AIR_106, EMRTD_AIR_106 },
		{ 0x33, "D0120A", NULL, EMRTD_AIR_106, EMRTD_AIR_106 },
	};
	static const uint8_t block[] = { 0x02, 0xAA };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct step pps = { BLOCK, rows[i].pps, rows[i].answer };
		struct emrtd_picc_config config = known(EMRTD_AIR_A);
		struct asker asker = { .now_us = 0 };
		struct emrtd_picc_answer answer;

		config.rates = rows[i].rates;
		asker.picc = chip(&config);
		activate(&asker, 8);
		play(&asker, &pps, 1);
		for (int r = EMRTD_AIR_106; r < EMRTD_AIR_N_RATES; r++) {
			asker.rate = (enum emrtd_air_rate)r;
			if (asker.rate == rows[i].to_card)
				continue;
			assert_false(
			    ask(&asker, BLOCK, emrtd_bytes(block, 2), &answer));
		}
		asker.rate = rows[i].to_card;
		assert_true(ask(&asker, BLOCK, emrtd_bytes(block, 2), &answer));
		assert_int_equal(answer.frame.rate, rows[i].from_card);
		emrtd_picc_free(&asker.picc);
	}
}

/* PPS is there once, and before the first block. */
static void
test_pps_only_first(void **state)
{
	static const struct step after_block[] = {
		{ BLOCK, "02AA", "02AA9000" },
		{ BLOCK, "D01100", NULL },
		{ BLOCK, "03AA", "03AA9000" },
	};
	static const struct step twice[] = {
		{ BLOCK, "D01100", "D0" },
		{ BLOCK, "D01100", NULL },
	};
	struct emrtd_picc_config config = known(EMRTD_AIR_A);
	struct asker asker = { .now_us = 0 };

	(void)state;
	asker.picc = chip(&config);
	activate(&asker, 8);
	PLAY(&asker, after_block);
	emrtd_picc_field(asker.picc, false, 0);
	emrtd_picc_field(asker.picc, true, 0);
	activate(&asker, 8);
	PLAY(&asker, twice);
	emrtd_picc_free(&asker.picc);
}

/* ---- Type B ------------------------------------------------------------ */

#define ATQB "50A1A2A3A400000000338181"

static void
test_type_b(void **state)
{
	static const struct step steps[] = {
		{ SHORT, "26", NULL },
		{ BARE, "050000", NULL },
		{ GARBLED, "050000", NULL },
		{ BLOCK, "050000", ATQB },
		{ BLOCK, "051000", NULL }, /* application: transport */
		{ BLOCK, "05E000", ATQB }, /* travel documents */
		{ BLOCK, "05E100", ATQB },
		{ BLOCK, "05E105", NULL }, /* slots that there are not */
		{ BLOCK, "50A1A2A3A5", NULL },
		{ BLOCK, "50A1A2A3A4", "00" }, /* HLTB */
		{ BLOCK, "050000", NULL },
		{ BLOCK, "1DA1A2A3A400080100", NULL },
		{ BLOCK, "050008", ATQB },
		{ BLOCK, "1DA1A2A3A500080100", NULL },
		{ BLOCK, "1DA1A2A3A400080000", NULL }, /* not 14443-4 */
		{ BLOCK, "1DA1A2A3A40008010F", NULL }, /* CID 15 */
		{ BLOCK, "1DA1A2A3A400380100", NULL }, /* 848 to the card */
		{ BLOCK, "1DA1A2A3A400080103", "03" },
		{ BLOCK, "050008", NULL },
		{ BLOCK, "02AA", NULL }, /* without its CID */
		{ BLOCK, "0A02AA", NULL },
		{ BLOCK, "0A03AA", "0A03AA9000" },
		{ BLOCK, "CA03", "CA03" },
		{ BLOCK, "050000", NULL },
		{ BLOCK, "050008", ATQB },
		/* Bytes of a higher layer may follow; 424 from the card. */
		{ BLOCK, "1DA1A2A3A400080100AABB", "00" },
		{ BLOCK, "02AA", "02AA9000" },
	};
	struct emrtd_picc_config config = known(EMRTD_AIR_B);

	(void)state;
	ALONE(&config, steps);
}

static void
test_type_b_rates(void **state)
{
	static const struct step attrib[] = {
		{ BLOCK, "050000", ATQB },
		{ BLOCK, "1DA1A2A3A400A80100", "00" },
	};
	static const struct step block[] = { { BLOCK, "02AA", "02AA9000" } };
	struct emrtd_picc_config config = known(EMRTD_AIR_B);
	struct asker asker = { .type = EMRTD_AIR_B };

	(void)state;
	asker.picc = chip(&config);
	PLAY(&asker, attrib);
	asker.rate = EMRTD_AIR_424;
	PLAY(&asker, block);
	emrtd_picc_free(&asker.picc);
}

static void
test_type_b_without_cid(void **state)
{
	static const struct step steps[] = {
		{ BLOCK, "050000", "50A1A2A3A400000000338180" },
		{ BLOCK, "1DA1A2A3A400080101", NULL },
		{ BLOCK, "1DA1A2A3A400080100", "00" },
		{ BLOCK, "0A00AA", NULL },
		{ BLOCK, "02AA", "02AA9000" },
	};
	struct emrtd_picc_config config = known(EMRTD_AIR_B);

	(void)state;
	config.cid = false;
	ALONE(&config, steps);
}

static enum emrtd_error
fill_two(void *self, uint8_t *out, size_t n)
{
	(void)self;
	memset(out, 2, n);
	return EMRTD_OK;
}

/* It answers in one slot out of four, the third. */
static void
test_slots(void **state)
{
	static const struct step steps[] = {
		{ BLOCK, "05", NULL },
		{ BLOCK, "25", NULL },
		{ BLOCK, "050002", NULL },
		{ BLOCK, "15", NULL },
		{ BLOCK, "25", ATQB },
		{ BLOCK, "35", NULL },
	};
	struct emrtd_picc_config config = known(EMRTD_AIR_B);

	(void)state;
	config.random.fill = fill_two;
	ALONE(&config, steps);
}

/* ---- The field --------------------------------------------------------- */

static void
test_field_and_table(void **state)
{
	static const struct step wake[] = { { SHORT, "26", "0800" } };
	static const struct step silent[] = { { SHORT, "26", NULL } };
	struct emrtd_picc_config config = known(EMRTD_AIR_A);
	struct asker asker = { .now_us = 0 };

	(void)state;
	asker.picc = chip(&config);
	emrtd_picc_field(asker.picc, false, 0);
	PLAY(&asker, silent);
	emrtd_picc_field(asker.picc, true, 0);
	PLAY(&asker, wake);
	emrtd_picc_lay(asker.picc, false, 0);
	assert_false(emrtd_picc_there(asker.picc, 0));
	PLAY(&asker, silent);
	emrtd_picc_lay(asker.picc, true, 0);
	PLAY(&asker, wake);
	/* Field off while it is away: it wakes with the next field. */
	emrtd_picc_lay(asker.picc, false, 0);
	emrtd_picc_field(asker.picc, false, 0);
	emrtd_picc_lay(asker.picc, true, 0);
	PLAY(&asker, silent);
	emrtd_picc_field(asker.picc, true, 0);
	PLAY(&asker, wake);
	assert_int_equal(inside.n_resets, 4);
	emrtd_picc_free(&asker.picc);
}

static void
test_impossible_chips(void **state)
{
	static const struct emrtd_picc_inside nothing = { 0 };
	struct emrtd_picc_config config = known(EMRTD_AIR_A);
	struct emrtd_picc *picc = NULL;

	(void)state;
	config.uid_len = 5;
	assert_error(emrtd_picc_new(&config, &nothing, &picc), EMRTD_E_ARG);
	config = known(EMRTD_AIR_A);
	config.fsci = 9;
	assert_error(emrtd_picc_new(&config, &nothing, &picc), EMRTD_E_ARG);
	config = known(EMRTD_AIR_A);
	config.fwi = 15;
	assert_error(emrtd_picc_new(&config, &nothing, &picc), EMRTD_E_ARG);
	config = known(EMRTD_AIR_A);
	config.wtxm = 60;
	assert_error(emrtd_picc_new(&config, &nothing, &picc), EMRTD_E_ARG);
	assert_null(picc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_checksums),
		cmocka_unit_test(test_type_a),
		cmocka_unit_test(test_long_uid),
		cmocka_unit_test(test_bits_of_a_uid),
		cmocka_unit_test(test_random_uid),
		cmocka_unit_test(test_ats),
		cmocka_unit_test(test_guard_time),
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_pps_only_first),
		cmocka_unit_test(test_type_b),
		cmocka_unit_test(test_type_b_rates),
		cmocka_unit_test(test_type_b_without_cid),
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_field_and_table),
		cmocka_unit_test(test_impossible_chips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
