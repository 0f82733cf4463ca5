/*
 * PACE by the reader: bytes and result codes as PC/SC part 10 amendment 1.1
 * and BSI TR-03119 D.1.2 have them.
 */
#include "data.h"
#include "emrtd_test.h"
#include "transport/reader_pace.h"

#include <string.h>

static void
capabilities(void **state)
{
	static const struct {
		const char *answer;
		bool offers;
	} cases[] = {
		{ "00000000"
		  "0100"
		  "40",
		    true },
		{ "00000000"
		  "0100"
		  "F0",
		    true },
		{ "00000000"
		  "0100"
		  "30",
		    false }, /* eID and eSign only */
		{ "01000000"
		  "0100"
		  "40",
		    false }, /* failed */
		{ "00000000"
		  "0000",
		    false },
		{ "00000000"
		  "0200"
		  "40",
		    false }, /* cut */
		{ "00000000"
		  "0100"
		  "4000",
		    false }, /* too long */
		{ "", false },
	};
	uint8_t buf[64];

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++)
		assert_int_equal(emrtd_reader_pace_offers(
				     hex_bytes(cases[i].answer, buf,
					 sizeof(buf))),
		    cases[i].offers);
}

static void
requests(void **state)
{
	uint8_t buf[512], want[64], text[300];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_bytes expected;

	(void)state;
	/* A CAN, given. */
	assert_ok(emrtd_reader_pace_request(2,
	    emrtd_bytes((const uint8_t *)"123456", 6), &out));
	expected = hex_bytes("02"
			     "0B00"
			     "02"
			     "00"
			     "06313233343536"
			     "0000",
	    want, sizeof(want));
	assert_int_equal(out.len, expected.len);
	assert_memory_equal(buf, want, out.len);
	/* A PIN, typed. */
	out = emrtd_out(buf, sizeof(buf));
	assert_ok(emrtd_reader_pace_request(3, emrtd_bytes(NULL, 0), &out));
	expected = hex_bytes("02"
			     "0500"
			     "03"
			     "00"
			     "00"
			     "0000",
	    want, sizeof(want));
	assert_int_equal(out.len, expected.len);
	assert_memory_equal(buf, want, out.len);
	memset(text, 'A', sizeof(text));
	out = emrtd_out(buf, sizeof(buf));
	assert_ok(emrtd_reader_pace_request(1, emrtd_bytes(text, 255), &out));
	assert_int_equal(buf[1], 0x04); /* 260 */
	assert_int_equal(buf[2], 0x01);
	out = emrtd_out(buf, sizeof(buf));
	assert_error(emrtd_reader_pace_request(1, emrtd_bytes(text, 256), &out),
	    EMRTD_E_ARG);
	out = emrtd_out(buf, 10);
	assert_error(emrtd_reader_pace_request(1, emrtd_bytes(text, 24), &out),
	    EMRTD_E_BUFFER);
}

/* Status, EF.CardAccess, both CARs, ID_ICC; cut anywhere it is refused. */
static void
answers(void **state)
{
	static const char whole[] = "00000000"
				    "1900"
				    "9000"
				    "02003100"
				    "0344450A"
				    "02BBCC"
				    "0A0000112233445566778899";
	uint8_t buf[64];
	struct emrtd_bytes bytes = hex_bytes(whole, buf, sizeof(buf)), cut;
	struct emrtd_reader_pace_answer a;

	(void)state;
	assert_ok(emrtd_reader_pace_parse(bytes, &a));
	assert_int_equal(a.result, 0);
	assert_true(a.has_data);
	assert_int_equal(a.set_at_sw, 0x9000);
	assert_int_equal(a.card_access.len, 2);
	assert_int_equal(a.card_access.ptr[0], 0x31);
	assert_int_equal(a.car_current.len, 3);
	assert_int_equal(a.car_previous.len, 2);
	assert_int_equal(a.id_icc.len, 10);
	for (size_t n = 0; n < bytes.len; n++) {
		cut = bytes;
		cut.len = n;
		assert_error(emrtd_reader_pace_parse(cut, &a),
		    EMRTD_E_MALFORMED);
	}
	/* The same with the length of what is there. */
	for (size_t n = 0; n + 6 < bytes.len; n++) {
		/* Nothing, or behind a whole part. */
		bool may_end = n == 0 || n == 6 || n == 10 || n == 13;

		buf[4] = (uint8_t)n;
		cut = bytes;
		cut.len = 6 + n;
		assert_int_equal(emrtd_reader_pace_parse(cut, &a),
		    may_end ? EMRTD_OK : EMRTD_E_MALFORMED);
	}
	/* A failure has no data. */
	bytes = hex_bytes("010020F00000", buf, sizeof(buf));
	assert_ok(emrtd_reader_pace_parse(bytes, &a));
	assert_int_equal(a.result, 0xF0200001);
	assert_false(a.has_data);
	bytes.len++;
	assert_error(emrtd_reader_pace_parse(bytes, &a), EMRTD_E_MALFORMED);
}

static void
result_codes(void **state)
{
	static const struct {
		uint32_t result;
		enum emrtd_error error;
		enum emrtd_reader_pace_step step;
		uint16_t sw;
	} cases[] = {
		{ 0x00000000, EMRTD_OK, EMRTD_READER_PACE_NO_STEP, 0 },
		{ 0xD0000001, EMRTD_E_PROTOCOL, EMRTD_READER_PACE_NO_STEP, 0 },
		{ 0xD0000003, EMRTD_E_PROTOCOL, EMRTD_READER_PACE_NO_STEP, 0 },
		{ 0xE0000001, EMRTD_E_MALFORMED, EMRTD_READER_PACE_NO_STEP, 0 },
		{ 0xE0000003, EMRTD_E_NO_PASSWORD, EMRTD_READER_PACE_NO_STEP,
		    0 },
		{ 0xE0000006, EMRTD_E_TOKEN, EMRTD_READER_PACE_NO_STEP, 0 },
		{ 0xF0006A82, EMRTD_E_STATUS, EMRTD_READER_PACE_AT_FILE,
		    0x6A82 },
		{ 0xF00263C1, EMRTD_E_STATUS, EMRTD_READER_PACE_AT_SET,
		    0x63C1 },
		{ 0xF0046A80, EMRTD_E_STATUS, EMRTD_READER_PACE_AT_STEP,
		    0x6A80 },
		{ 0xF0066300, EMRTD_E_STATUS, EMRTD_READER_PACE_AT_LAST,
		    0x6300 },
		{ 0xF0100001, EMRTD_E_CARD_LOST, EMRTD_READER_PACE_NO_STEP, 0 },
		{ 0xF0100002, EMRTD_E_CARD_LOST, EMRTD_READER_PACE_NO_STEP, 0 },
		{ 0xF0200001, EMRTD_E_CANCELLED, EMRTD_READER_PACE_NO_STEP, 0 },
		{ 0xF0200002, EMRTD_E_TIMEOUT, EMRTD_READER_PACE_NO_STEP, 0 },
		{ 0xF0200003, EMRTD_E_ACCESS_DENIED, EMRTD_READER_PACE_NO_STEP,
		    0 },
		{ 0x12345678, EMRTD_E_PROTOCOL, EMRTD_READER_PACE_NO_STEP, 0 },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		enum emrtd_reader_pace_step step;
		const char *text = NULL;
		uint16_t sw;

		assert_error(emrtd_reader_pace_error(cases[i].result, &step,
				 &sw, &text),
		    cases[i].error);
		assert_int_equal(step, cases[i].step);
		assert_int_equal(sw, cases[i].sw);
		assert_non_null(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(capabilities),
		cmocka_unit_test(requests),
		cmocka_unit_test(answers),
		cmocka_unit_test(result_codes),
	};

	return cmocka_run_group_tests_name("reader_pace", tests, NULL, NULL);
}
