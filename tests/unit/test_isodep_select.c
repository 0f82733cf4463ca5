/* What chips say of themselves, and what they are asked for. */
#include "emrtd_test.h"
#include "transport/isodep_select.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static void
asks_for_what_the_driver_takes(void **state)
{
	static const struct {
		uint32_t fsd;
		uint8_t parameter;
	} rows[] = {
		{ 0, 0x00 },
		{ 16, 0x00 },
		{ 23, 0x00 },
		{ 24, 0x10 },
		{ 32, 0x20 },
		{ 40, 0x30 },
		{ 48, 0x40 },
		{ 64, 0x50 },
		{ 96, 0x60 },
		{ 127, 0x60 },
		{ 128, 0x70 },
		{ 255, 0x70 },
		{ 256, 0x80 },
		{ 4096, 0x80 },
	};
	uint8_t buf[8];

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));

		emrtd_isodep_put_rats(&out, rows[i].fsd);
		assert_int_equal(out.len, 2);
		assert_int_equal(buf[0], 0xE0);
		assert_int_equal(buf[1], rows[i].parameter);
	}
}

struct said {
	const char *hex;
	uint32_t fsc, fwt_us, sfgt_us;
	uint8_t to_chip, from_chip;
	bool same, cid, nad;
	size_t n_historical;
};

static void
assert_said(const struct emrtd_isodep_offer *got, const struct said *want)
{
	assert_int_equal(got->link.fsc, want->fsc);
	assert_int_equal(got->link.fwt_us, want->fwt_us);
	assert_int_equal(got->link.sfgt_us, want->sfgt_us);
	assert_int_equal(got->rates.to_chip, want->to_chip);
	assert_int_equal(got->rates.from_chip, want->from_chip);
	assert_int_equal(got->rates.same, want->same);
	assert_int_equal(got->link.cid, want->cid);
	assert_int_equal(got->link.nad, want->nad);
	assert_int_equal(got->historical.len, want->n_historical);
}

/* 4096 / fc is 302.06 microseconds; FWI 4 is 4834, FWI 14 is 4949 ms. */
static void
reads_an_ats(void **state)
{
	static const struct said rows[] = {
		{ "01", 32, 4834, 0, 1, 1, false, true, false, 0 },
		{ "0200", 16, 4834, 0, 1, 1, false, true, false, 0 },
		{ "0201", 24, 4834, 0, 1, 1, false, true, false, 0 },
		{ "0202", 32, 4834, 0, 1, 1, false, true, false, 0 },
		{ "0203", 40, 4834, 0, 1, 1, false, true, false, 0 },
		{ "0204", 48, 4834, 0, 1, 1, false, true, false, 0 },
		{ "0205", 64, 4834, 0, 1, 1, false, true, false, 0 },
		{ "0206", 96, 4834, 0, 1, 1, false, true, false, 0 },
		{ "0207", 128, 4834, 0, 1, 1, false, true, false, 0 },
		{ "0208", 256, 4834, 0, 1, 1, false, true, false, 0 },
		/* Sizes of amendments (512 to 4096), and not yet given. */
		{ "0209", 256, 4834, 0, 1, 1, false, true, false, 0 },
		{ "020C", 256, 4834, 0, 1, 1, false, true, false, 0 },
		{ "020F", 256, 4834, 0, 1, 1, false, true, false, 0 },
		/* b8 of T0 is not for use, and is not looked at. */
		{ "0288", 256, 4834, 0, 1, 1, false, true, false, 0 },
		{ "032800", 256, 303, 0, 1, 1, false, true, false, 0 },
		{ "032881", 256, 77329, 605, 1, 1, false, true, false, 0 },
		{ "0328EE", 256, 4949032, 4949032, 1, 1, false, true, false,
		    0 },
		{ "0328FF", 256, 4834, 0, 1, 1, false, true, false, 0 },
		{ "034800", 256, 4834, 0, 1, 1, false, false, false, 0 },
		{ "034801", 256, 4834, 0, 1, 1, false, false, true, 0 },
		{ "034803", 256, 4834, 0, 1, 1, false, true, true, 0 },
		{ "0348FC", 256, 4834, 0, 1, 1, false, false, false, 0 },
		{ "031877", 256, 4834, 0, 15, 15, false, true, false, 0 },
		{ "0318F7", 256, 4834, 0, 15, 15, true, true, false, 0 },
		{ "031891", 256, 4834, 0, 3, 3, true, true, false, 0 },
		{ "031842", 256, 4834, 0, 5, 9, false, true, false, 0 },
		/* b4 of TA: nothing of the byte counts. */
		{ "0318FF", 256, 4834, 0, 1, 1, false, true, false, 0 },
		{ "05788080028031", 0, 0, 0, 0, 0, 0, 0, 0, 0 },
		{ "0578808002", 256, 77329, 0, 1, 1, true, true, false, 0 },
		{ "0B78778002E1F35E1177A5", 256, 77329, 0, 15, 15, false, true,
		    false, 6 },
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct emrtd_isodep_offer got;
		uint8_t buf[64];
		struct emrtd_bytes ats = hex_bytes(rows[i].hex, buf,
		    sizeof(buf));

		if (rows[i].fsc == 0) {
			assert_error(emrtd_isodep_ats_parse(ats, 256, &got),
			    EMRTD_E_PROTOCOL);
			continue;
		}
		assert_ok(emrtd_isodep_ats_parse(ats, 256, &got));
		assert_said(&got, &rows[i]);
		assert_int_equal(got.link.fsd, 256);
		assert_ok(emrtd_isodep_ats_parse(ats, 130, &got));
		assert_int_equal(got.link.fsd, 128);
	}
}

/* Nothing, too little, too much, and every length that TL can lie about. */
static void
refuses_what_is_no_ats(void **state)
{
	static const char *const rows[] = { "", "00", "02", "03", "0100",
		"0310", "0320", "0340", "047077", "05707780", "E080", "030102",
		"FF7877" };
	struct emrtd_isodep_offer got;
	uint8_t buf[256];

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct emrtd_bytes ats = hex_bytes(rows[i], buf, sizeof(buf));

		if (strcmp(rows[i], "030102") == 0) {
			/* Two historical bytes: 01 asks for none. */
			assert_ok(emrtd_isodep_ats_parse(ats, 256, &got));
			continue;
		}
		assert_error(emrtd_isodep_ats_parse(ats, 256, &got),
		    EMRTD_E_PROTOCOL);
	}
	for (unsigned tl = 0; tl < 256; tl++) {
		memset(buf, 0, sizeof(buf));
		buf[0] = (uint8_t)tl;
		buf[1] = 0x78;
		for (size_t len = 0; len < 256; len++) {
			enum emrtd_error err = emrtd_isodep_ats_parse(
			    emrtd_bytes(buf, len), 256, &got);

			if (tl == len && (len == 1 || len >= 5))
				assert_ok(err);
			else
				assert_error(err, EMRTD_E_PROTOCOL);
			if (!err && len >= 5)
				assert_int_equal(got.historical.len, len - 5);
		}
	}
}

static void
chooses_the_fastest_in_common(void **state)
{
	static const struct {
		struct emrtd_isodep_rates chip, driver;
		struct emrtd_isodep_speed want;
	} rows[] = {
		{ { 1, 1, false }, { 15, 15, false }, { 0, 0 } },
		{ { 15, 15, false }, { 1, 1, false }, { 0, 0 } },
		{ { 15, 15, false }, { 15, 15, false }, { 3, 3 } },
		{ { 15, 15, true }, { 7, 7, false }, { 2, 2 } },
		{ { 3, 15, false }, { 7, 7, false }, { 1, 2 } },
		{ { 3, 15, true }, { 7, 7, false }, { 1, 1 } },
		{ { 3, 15, false }, { 7, 7, true }, { 1, 1 } },
		/* Gaps: 424 one way, 212 and 848 the other. */
		{ { 5, 11, false }, { 15, 15, false }, { 2, 3 } },
		{ { 5, 11, true }, { 15, 15, false }, { 0, 0 } },
		{ { 9, 13, true }, { 15, 15, false }, { 3, 3 } },
		{ { 9, 13, true }, { 7, 7, false }, { 0, 0 } },
		/* Bit 0 is always meant. */
		{ { 0, 0, false }, { 0, 0, false }, { 0, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct emrtd_isodep_speed got =
		    emrtd_isodep_choose(&rows[i].chip, &rows[i].driver);

		assert_int_equal(got.to_chip, rows[i].want.to_chip);
		assert_int_equal(got.from_chip, rows[i].want.from_chip);
	}
}

static void
asks_for_a_speed(void **state)
{
	static const struct {
		struct emrtd_isodep_speed speed;
		const char *hex;
	} rows[] = {
		{ { EMRTD_RATE_106, EMRTD_RATE_106 }, "D01100" },
		{ { EMRTD_RATE_106, EMRTD_RATE_848 }, "D0110C" },
		{ { EMRTD_RATE_848, EMRTD_RATE_106 }, "D01103" },
		{ { EMRTD_RATE_424, EMRTD_RATE_424 }, "D0110A" },
		{ { EMRTD_RATE_212, EMRTD_RATE_424 }, "D01109" },
	};
	static const struct {
		const char *hex;
		enum emrtd_error error;
	} answers[] = {
		{ "D0", EMRTD_OK },
		{ "", EMRTD_E_PROTOCOL },
		{ "D1", EMRTD_E_PROTOCOL },
		{ "D011", EMRTD_E_PROTOCOL },
		{ "E0", EMRTD_E_PROTOCOL },
	};
	uint8_t buf[8], want[8];

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));

		emrtd_isodep_put_pps(&out, &rows[i].speed);
		assert_bytes(emrtd_out_bytes(&out),
		    hex_bytes(rows[i].hex, want, sizeof(want)));
	}
	for (size_t i = 0; i < N(answers); i++)
		assert_error(emrtd_isodep_pps_parse(
				 hex_bytes(answers[i].hex, want, sizeof(want))),
		    answers[i].error);
}

/* 50, PUPI, application, then the protocol information. */
#define HEAD "5011223344A1A2A3A4"

static void
reads_an_atqb(void **state)
{
	static const struct said rows[] = {
		{ HEAD "000180", 16, 77329, 0, 1, 1, false, false, false, 0 },
		{ HEAD "778181", 256, 77329, 0, 15, 15, false, true, false, 0 },
		{ HEAD "B37142", 128, 4834, 0, 7, 7, true, false, true, 0 },
		{ HEAD "08C1F3", 256, 4834, 0, 1, 1, false, true, true, 0 },
		{ HEAD "00F1E0", 256, 4949032, 0, 1, 1, false, false, false,
		    0 },
		{ HEAD "00818010", 256, 77329, 605, 1, 1, false, false, false,
		    0 },
	};
	static const struct {
		const char *hex;
		enum emrtd_error error;
	} others[] = {
		{ "", EMRTD_E_PROTOCOL }, { "50", EMRTD_E_PROTOCOL },
		{ HEAD "0001", EMRTD_E_PROTOCOL },
		{ HEAD "0001800000", EMRTD_E_PROTOCOL },
		{ "5111223344A1A2A3A4000180", EMRTD_E_PROTOCOL },
		{ HEAD "000080", EMRTD_E_UNSUPPORTED }, /* not part 4 */
		{ HEAD "000980", EMRTD_E_UNSUPPORTED }, /* not for use */
	};
	struct emrtd_isodep_offer got;
	uint8_t buf[32];

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct emrtd_bytes atqb = hex_bytes(rows[i].hex, buf,
		    sizeof(buf));

		assert_ok(emrtd_isodep_atqb_parse(atqb, 256, &got));
		assert_said(&got, &rows[i]);
		assert_memory_equal(got.pupi, "\x11\x22\x33\x44", 4);
		assert_memory_equal(got.application, "\xA1\xA2\xA3\xA4", 4);
		assert_memory_equal(got.protocol, buf + 9, 3);
	}
	for (size_t i = 0; i < N(others); i++)
		assert_error(emrtd_isodep_atqb_parse(hex_bytes(others[i].hex,
							 buf, sizeof(buf)),
				 256, &got),
		    others[i].error);
}

static void
selects_type_b(void **state)
{
	static const struct {
		const char *atqb;
		uint32_t fsd;
		struct emrtd_isodep_speed speed;
		const char *hex;
	} rows[] = {
		{ HEAD "008180", 256, { 0, 0 },
		    "1D112233440008"
		    "0100" },
		{ HEAD "008180", 128, { 0, 0 },
		    "1D112233440007"
		    "0100" },
		/* The least time between frames goes back as it came. */
		{ HEAD "008780", 256, { 2, 3 },
		    "1D1122334400E8"
		    "0700" },
		{ HEAD "008580", 256, { 3, 1 },
		    "1D112233440078"
		    "0500" },
	};
	static const struct {
		const char *hex;
		enum emrtd_error error;
	} answers[] = {
		{ "00", EMRTD_OK },
		{ "F0", EMRTD_OK },
		{ "10AABB", EMRTD_OK }, /* of a higher layer */
		{ "", EMRTD_E_PROTOCOL },
		{ "01", EMRTD_E_PROTOCOL },
	};
	struct emrtd_isodep_offer got;
	uint8_t buf[32], put[16];

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct emrtd_out out = emrtd_out(put, sizeof(put));

		assert_ok(emrtd_isodep_atqb_parse(hex_bytes(rows[i].atqb, buf,
						      sizeof(buf)),
		    rows[i].fsd, &got));
		emrtd_isodep_put_attrib(&out, &got, &rows[i].speed);
		assert_bytes(emrtd_out_bytes(&out),
		    hex_bytes(rows[i].hex, buf, sizeof(buf)));
	}
	for (size_t i = 0; i < N(answers); i++)
		assert_error(emrtd_isodep_attrib_parse(
				 hex_bytes(answers[i].hex, buf, sizeof(buf))),
		    answers[i].error);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_for_what_the_driver_takes),
		cmocka_unit_test(reads_an_ats),
		cmocka_unit_test(refuses_what_is_no_ats),
		cmocka_unit_test(chooses_the_fastest_in_common),
		cmocka_unit_test(asks_for_a_speed),
		cmocka_unit_test(reads_an_atqb),
		cmocka_unit_test(selects_type_b),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
