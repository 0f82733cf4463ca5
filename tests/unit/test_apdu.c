#include "apdu/apdu.h"
#include "apdu/status_word.h"
#include "emrtd_test.h"

#define BIG 70000

/* Cases 1, 2S, 3S, 4S, 2E, 3E, 4E of ISO 7816-4. */
static const struct {
	const char *hex;
	size_t data_len;
	uint32_t ne;
	bool extended;
} commands[] = {
	{ "00A40000", 0, 0, false },
	{ "00B0000001", 0, 1, false },
	{ "00B00000FF", 0, 255, false },
	{ "00B0000000", 0, 256, false },
	{ "00A4020C02011E", 2, 0, false },
	{ "00A402000201"
	  "1E00",
	    2, 256, false },
	{ "00A40200010505", 1, 5, false },
	{ "00B00000000001", 0, 1, true },
	{ "00B00000000100", 0, 256, true },
	{ "00B0000000FFFF", 0, 65535, true },
	{ "00B00000000000", 0, 65536, true },
	{ "00A4020C000002011E", 2, 0, true },
	{ "00A40200000002011E0000", 2, 65536, true },
	{ "00A4020000000101"
	  "0010",
	    1, 16, true },
};

static void
cases_of_iso_7816(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		uint8_t buf[32], again_buf[32];
		struct emrtd_bytes bytes = hex_bytes(commands[i].hex, buf,
		    sizeof(buf));
		struct emrtd_out again = emrtd_out(again_buf,
		    sizeof(again_buf));
		struct emrtd_command c;

		assert_ok(emrtd_command_decode(bytes, &c));
		assert_int_equal(c.cla, buf[0]);
		assert_int_equal(c.ins, buf[1]);
		assert_int_equal(c.p1, buf[2]);
		assert_int_equal(c.p2, buf[3]);
		assert_int_equal(c.data.len, commands[i].data_len);
		assert_int_equal(c.ne, commands[i].ne);
		assert_int_equal(c.extended, commands[i].extended);
		assert_ok(emrtd_command_encode(&c, &again));
		assert_bytes(emrtd_out_bytes(&again), bytes);
	}
}

static void
what_fits_no_case_is_refused(void **state)
{
	static const char *const bad[] = { "", "00", "00B000",
		"00A4020C0201",         /* data too short */
		"00A4020C02011E0000",   /* something behind Le */
		"00B000000000",         /* half an extended Le */
		"00A4020C00000201",     /* data too short */
		"00A4020C000002011E00", /* half an Le */
		"00A4020C000002011E000000", "00A4020C000000AA" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint8_t buf[32];
		struct emrtd_command c;

		assert_error(emrtd_command_decode(hex_bytes(bad[i], buf,
						      sizeof(buf)),
				 &c),
		    EMRTD_E_MALFORMED);
	}
}

/* All pairs of lengths around the limits, there and back. */
static void
there_and_back(void **state)
{
	static const size_t lengths[] = { 0, 1, 2, 254, 255, 256, 257, 65534,
		65535 };
	static const uint32_t nes[] = { 0, 1, 255, 256, 257, 65535, 65536 };
	static uint8_t data[65535], buf[BIG];

	(void)state;
	memset(data, 0xA5, sizeof(data));
	for (size_t i = 0; i < 9 * 7 * 2; i++) {
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));
		struct emrtd_command c = { .cla = 0x0C,
			.ins = 0xB1,
			.p1 = 0x80,
			.p2 = 0xFF },
				     back;
		bool fits;

		c.data = emrtd_bytes(data, lengths[i % 9]);
		c.ne = nes[i / 9 % 7];
		c.extended = i >= 9 * 7;
		fits = c.data.len <= 255 && c.ne <= 256;
		assert_ok(emrtd_command_encode(&c, &out));
		assert_ok(emrtd_command_decode(emrtd_out_bytes(&out), &back));
		assert_memory_equal(buf, "\x0C\xB1\x80\xFF", 4);
		assert_bytes(back.data, c.data);
		assert_int_equal(back.ne, c.ne);
		assert_int_equal(back.extended,
		    (c.extended || !fits) && (c.data.len > 0 || c.ne > 0));
		/* and into a buffer that is a byte too small */
		out = emrtd_out(buf, out.len - 1);
		assert_error(emrtd_command_encode(&c, &out), EMRTD_E_BUFFER);
	}
}

static void
too_much_is_refused(void **state)
{
	static uint8_t data[65536], buf[BIG];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_command c = { .data = { data, sizeof(data) } };

	(void)state;
	assert_error(emrtd_command_encode(&c, &out), EMRTD_E_ARG);
	c.data.len = 0;
	c.ne = 65537;
	assert_error(emrtd_command_encode(&c, &out), EMRTD_E_ARG);
	assert_int_equal(out.len, 0);
}

static void
responses(void **state)
{
	static const uint8_t bytes[] = { 0x11, 0x22, 0x62, 0x82 };
	struct emrtd_response r;

	(void)state;
	assert_error(emrtd_response_parse(emrtd_bytes(bytes, 0), &r),
	    EMRTD_E_TRUNCATED);
	assert_error(emrtd_response_parse(emrtd_bytes(bytes, 1), &r),
	    EMRTD_E_TRUNCATED);
	assert_ok(emrtd_response_parse(emrtd_bytes(bytes, 2), &r));
	assert_int_equal(r.sw, 0x1122);
	assert_int_equal(r.data.len, 0);
	assert_ok(emrtd_response_parse(emrtd_bytes(bytes, 4), &r));
	assert_int_equal(r.sw, 0x6282);
	assert_bytes(r.data, emrtd_bytes(bytes, 2));
}

/* All 65,536: a text each, and success only where the standard says so. */
static void
every_status_word(void **state)
{
	(void)state;
	for (unsigned sw = 0; sw <= 0xFFFF; sw++) {
		const char *text = emrtd_status_text((uint16_t)sw);
		enum emrtd_error error = emrtd_status_error((uint16_t)sw);

		assert_non_null(text);
		assert_true(strlen(text) > 0);
		assert_int_equal(error == EMRTD_OK,
		    sw == 0x9000 || sw >> 8 == 0x61);
	}
}

static void
status_words(void **state)
{
	static const struct {
		uint16_t sw;
		enum emrtd_error error;
		const char *text;
	} cases[] = {
		{ 0x9000, EMRTD_OK, "no error" },
		{ 0x6300, EMRTD_E_ACCESS_DENIED, "authentication failed" },
		{ 0x63C2, EMRTD_E_ACCESS_DENIED,
		    "authentication failed, attempts are counted" },
		{ 0x63C0, EMRTD_E_ACCESS_BLOCKED,
		    "authentication failed, no attempt left" },
		{ 0x6982, EMRTD_E_FILE_ACCESS,
		    "security status not satisfied" },
		{ 0x6983, EMRTD_E_ACCESS_BLOCKED,
		    "authentication method blocked" },
		{ 0x6A82, EMRTD_E_NO_FILE, "file or application not found" },
		{ 0x6C10, EMRTD_E_STATUS, "wrong Le" },
		{ 0x6988, EMRTD_E_STATUS,
		    "a secure messaging object is incorrect" },
		{ 0x6A99, EMRTD_E_STATUS, "wrong parameters P1-P2" },
		{ 0x9100, EMRTD_E_STATUS, "unknown status word" },
		{ 0x0000, EMRTD_E_STATUS, "unknown status word" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_error(emrtd_status_error(cases[i].sw), cases[i].error);
		assert_string_equal(emrtd_status_text(cases[i].sw),
		    cases[i].text);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(cases_of_iso_7816),
		cmocka_unit_test(what_fits_no_case_is_refused),
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(too_much_is_refused),
		cmocka_unit_test(responses),
		cmocka_unit_test(every_status_word),
		cmocka_unit_test(status_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
