/* What chips say of their buffers, and what they say wrongly. */
#include "core/cursor.h"
#include "data.h"
#include "lds/atr_info.h"
#include "test.h"

static const struct {
	const char *hex;
	enum emrtd_error want;
	bool capabilities, extended, chaining;
	uint32_t command, response;
} files[] = {
	/* BSI TR-03105-5 LDS_K: lengths of two bytes and of three */
	{ "7F6608 02020780 02020780", EMRTD_OK, false, false, false, 1920,
	    1920 },
	{ "7F660A 0203007FFF 0203010000", EMRTD_OK, false, false, false, 32767,
	    65536 },
	{ "7F660A 0203FFFFFF 0203FFFFFF", EMRTD_OK, false, false, false, 65544,
	    65544 },
	/* one alone; another tag, which says nothing */
	{ "7F6604 02020780", EMRTD_E_MALFORMED, false, false, false, 0, 0 },
	{ "7F6508 02020780 02020780", EMRTD_OK, false, false, false, 0, 0 },
	/* capabilities, with other objects about them, and filler */
	{ "4703 9461E0 7F6608 02020400 02020400", EMRTD_OK, true, true, true,
	    1024, 1024 },
	{ "430100 5F520180 470394C180 4600", EMRTD_OK, true, false, true, 0,
	    0 },
	{ "4703000040 0000FF", EMRTD_OK, true, true, false, 0, 0 },
	{ "4703000040 FFFF", EMRTD_OK, true, true, false, 0, 0 },
	{ "47020000", EMRTD_OK, false, false, false, 0, 0 },
	/* no leading zero where there should be one; zero; four bytes */
	{ "7F6608 02028000 02028000", EMRTD_OK, false, false, false, 32768,
	    32768 },
	{ "7F6606 020100 020100", EMRTD_E_MALFORMED, false, false, false, 0,
	    0 },
	{ "7F660C 020400010000 020400010000", EMRTD_E_MALFORMED, false, false,
	    false, 0, 0 },
	{ "7F6604 0200 0200", EMRTD_E_MALFORMED, false, false, false, 0, 0 },
	{ "7F660B 02020780 02020780 020101", EMRTD_E_MALFORMED, false, false,
	    false, 0, 0 },
	{ "7F6608 04020780 04020780", EMRTD_E_MALFORMED, false, false, false, 0,
	    0 },
	/* twice; cut */
	{ "7F6608 02020780 02020780 7F6608 02020780 02020780",
	    EMRTD_E_MALFORMED, false, false, false, 0, 0 },
	{ "4703000040 4703000000", EMRTD_E_MALFORMED, false, false, false, 0,
	    0 },
	{ "7F6608 02020780 0202", EMRTD_E_MALFORMED, false, false, false, 0,
	    0 },
	{ "", EMRTD_OK, false, false, false, 0, 0 },
};

static void
file(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(files); i++) {
		struct test_bytes b = test_hex(files[i].hex);
		struct emrtd_atr_info info;
		enum emrtd_error e = emrtd_atr_info_parse(emrtd_bytes(b.ptr,
							      b.len),
		    NULL, &info);

		if (e != files[i].want ||
		    info.has_capabilities != files[i].capabilities ||
		    info.extended != files[i].extended ||
		    info.chaining != files[i].chaining ||
		    info.max_command != files[i].command ||
		    info.max_response != files[i].response)
			fail_msg("%s: %s, %u, %u", files[i].hex,
			    emrtd_error_name(e), info.max_command,
			    info.max_response);
		test_bytes_free(&b);
	}
}

static const struct {
	const char *hex;
	bool capabilities, extended, chaining;
} atrs[] = {
	/* of the recorded sessions in tests/vectors/traces */
	{ "3B8A80018031F873F741E082900075", true, true, true },
	{ "3B8A80010031C173C8400000900079", true, false, false },
	/* no historical bytes; none of a category that is known */
	{ "3B80800101", false, false, false },
	{ "3B8580011073F741E000", false, false, false },
	/* status bytes are none: 00, then 7 3 and the three of them */
	{ "3B848001 00 73F741 00", false, false, false },
	/* interface bytes of every kind before them */
	{ "3BF5 11 22 33 81 31 FE 45 80 73000040 00", true, true, false },
	/* capabilities of two bytes say nothing of the third */
	{ "3B8480018072F74100", false, false, false },
	/* cut everywhere, and no ATR at all */
	{ "3B8A80018031F873F7", false, false, false },
	{ "3B8A80", false, false, false },
	{ "3B", false, false, false },
	{ "", false, false, false },
	{ "008580018073F741E000", false, false, false },
};

static void
historical_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(atrs); i++) {
		struct test_bytes b = test_hex(atrs[i].hex);
		struct emrtd_atr_info info;

		emrtd_atr_parse(emrtd_bytes(b.ptr, b.len), &info);
		if (info.has_capabilities != atrs[i].capabilities ||
		    info.extended != atrs[i].extended ||
		    info.chaining != atrs[i].chaining ||
		    info.max_command != 0 || info.max_response != 0)
			fail_msg("%s: %d %d %d", atrs[i].hex,
			    info.has_capabilities, info.extended,
			    info.chaining);
		test_bytes_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(file),
		cmocka_unit_test(historical_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
