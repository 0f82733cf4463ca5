/* Messages of CCID as bytes; figures of rev 1.1, chapter 6. */
#include "transport/ccid_frame.h"

#include "emrtd_test.h"

static struct emrtd_bytes
put(const struct emrtd_ccid_command *command, uint8_t *buf, size_t cap)
{
	struct emrtd_out out = emrtd_out(buf, cap);

	emrtd_ccid_put(&out, command);
	return emrtd_out_bytes(&out);
}

static void
builds_commands(void **state)
{
	static const uint8_t apdu[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };
	static const struct {
		struct emrtd_ccid_command command;
		const char *want;
	} cases[] = {
		{ { .type = EMRTD_CCID_POWER_ON, .slot = 1, .seq = 0x7F },
		    "6200000000017F000000" },
		{ { .type = EMRTD_CCID_POWER_ON, .parameter = 2 },
		    "62000000000000020000" },
		{ { .type = EMRTD_CCID_POWER_OFF, .seq = 1 },
		    "63000000000001000000" },
		{ { .type = EMRTD_CCID_GET_STATUS, .seq = 0xFF },
		    "650000000000FF000000" },
		{ { .type = EMRTD_CCID_ABORT, .slot = 2, .seq = 3 },
		    "72000000000203000000" },
		{ { .type = EMRTD_CCID_XFR, .seq = 4, .level = 0x0010 },
		    "6F000000000004001000" },
		{ { .type = EMRTD_CCID_XFR,
		      .seq = 5,
		      .level = 0x1203,
		      .data = { apdu, sizeof(apdu) } },
		    "6F0500000000050003120084000008" },
	};
	uint8_t got[64], want[64];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_bytes(put(&cases[i].command, got, sizeof(got)),
		    hex_bytes(cases[i].want, want, sizeof(want)));
	/* What does not fit is nothing. */
	assert_int_equal(put(&cases[6].command, got, 14).len, 0);
}

static void
builds_long_lengths(void **state)
{
	static uint8_t data[65544], got[65600];
	struct emrtd_ccid_command command = {
		.type = EMRTD_CCID_XFR,
		.data = { data, sizeof(data) },
	};
	struct emrtd_bytes m = put(&command, got, sizeof(got));
	uint64_t len;

	(void)state;
	assert_int_equal(m.len, 65554);
	assert_memory_equal(got, "\x6F\x08\x00\x01\x00", 5);
	assert_true(emrtd_ccid_message_len(m, &len));
	assert_int_equal(len, 65554);
}

static void
knows_how_long_a_message_is(void **state)
{
	uint8_t head[10] = { 0x80, 0xFF, 0xFF, 0xFF, 0xFF };
	uint64_t len = 77;

	(void)state;
	for (size_t n = 0; n < 10; n++)
		assert_false(
		    emrtd_ccid_message_len(emrtd_bytes(head, n), &len));
	assert_int_equal(len, 77);
	assert_true(emrtd_ccid_message_len(emrtd_bytes(head, 10), &len));
	assert_int_equal(len, UINT64_C(0x100000009));
}

static void
parses_answers(void **state)
{
	static const struct {
		const char *message;
		uint8_t type, slot, seq;
		enum emrtd_ccid_icc icc;
		enum emrtd_ccid_outcome outcome;
		uint8_t error, chain;
		size_t len;
	} cases[] = {
		{ "80020000000105000000"
		  "9000",
		    0x80, 1, 5, EMRTD_CCID_ICC_ACTIVE, EMRTD_CCID_DONE, 0, 0,
		    2 },
		{ "80000000000006000010", 0x80, 0, 6, EMRTD_CCID_ICC_ACTIVE,
		    EMRTD_CCID_DONE, 0, 0x10, 0 },
		{ "810000000000FF020001", 0x81, 0, 255, EMRTD_CCID_ICC_ABSENT,
		    EMRTD_CCID_DONE, 0, 1, 0 },
		{ "8000000000000041FE00", 0x80, 0, 0, EMRTD_CCID_ICC_INACTIVE,
		    EMRTD_CCID_FAILED, 0xFE, 0, 0 },
		{ "80000000000000800300", 0x80, 0, 0, EMRTD_CCID_ICC_ACTIVE,
		    EMRTD_CCID_MORE_TIME, 3, 0, 0 },
		/* Reserved bits of the state are not looked at. */
		{ "8100000000003C3C0000", 0x81, 0, 0x3C, EMRTD_CCID_ICC_ACTIVE,
		    EMRTD_CCID_DONE, 0, 0, 0 },
	};
	struct emrtd_ccid_answer a;
	uint8_t buf[32];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_ok(emrtd_ccid_answer_parse(hex_bytes(cases[i].message,
						      buf, sizeof(buf)),
		    &a));
		assert_int_equal(a.type, cases[i].type);
		assert_int_equal(a.slot, cases[i].slot);
		assert_int_equal(a.seq, cases[i].seq);
		assert_int_equal(a.icc, cases[i].icc);
		assert_int_equal(a.outcome, cases[i].outcome);
		assert_int_equal(a.error, cases[i].error);
		assert_int_equal(a.chain, cases[i].chain);
		assert_int_equal(a.data.len, cases[i].len);
		assert_ptr_equal(a.data.ptr, buf + 10);
	}
}

static void
refuses_answers(void **state)
{
	static const char *const cases[] = {
		"-",                    /* nothing */
		"800000000000000000",   /* nine bytes */
		"80010000000000000000", /* one byte is missing */
		"80000000000000000000"
		"90", /* one too many */
		"80FFFFFFFF0000000000"
		"90",                   /* a length that nothing has */
		"80000000000000030000", /* a state that there is not */
		"80000000000000C00000", /* nor such an outcome */
	};
	struct emrtd_ccid_answer a;
	uint8_t buf[32];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_error(emrtd_ccid_answer_parse(hex_bytes(cases[i], buf,
							 sizeof(buf)),
				 &a),
		    EMRTD_E_PROTOCOL);
}

static void
pairs_commands_and_answers(void **state)
{
	(void)state;
	assert_int_equal(emrtd_ccid_answer_type(EMRTD_CCID_POWER_ON), 0x80);
	assert_int_equal(emrtd_ccid_answer_type(EMRTD_CCID_XFR), 0x80);
	assert_int_equal(emrtd_ccid_answer_type(EMRTD_CCID_POWER_OFF), 0x81);
	assert_int_equal(emrtd_ccid_answer_type(EMRTD_CCID_GET_STATUS), 0x81);
	assert_int_equal(emrtd_ccid_answer_type(EMRTD_CCID_ABORT), 0x81);
}

/* All of them: what is not in the table is the reader's own trouble. */
static void
knows_what_errors_mean(void **state)
{
	static const struct {
		uint8_t error;
		enum emrtd_error means;
	} cases[] = {
		{ 0xFE, EMRTD_E_CARD_LOST },
		{ 0xFD, EMRTD_E_CARD_LOST },
		{ 0xFB, EMRTD_E_CARD_LOST },
		{ 0xFC, EMRTD_E_TOO_LONG },
		{ 0x01, EMRTD_E_TOO_LONG },
		{ 0xF2, EMRTD_E_BUSY },
		{ 0xE0, EMRTD_E_BUSY },
	};
	struct emrtd_ccid_answer a = { .outcome = EMRTD_CCID_FAILED };
	enum emrtd_error want;

	(void)state;
	for (unsigned error = 0; error < 256; error++) {
		want = EMRTD_E_PROTOCOL;
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
			if (cases[i].error == error)
				want = cases[i].means;
		a.error = (uint8_t)error;
		a.icc = EMRTD_CCID_ICC_INACTIVE;
		assert_error(emrtd_ccid_error(&a), want);
		/* Whatever it says: there is no document any more. */
		a.icc = EMRTD_CCID_ICC_ABSENT;
		assert_error(emrtd_ccid_error(&a), EMRTD_E_CARD_LOST);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(builds_commands),
		cmocka_unit_test(builds_long_lengths),
		cmocka_unit_test(knows_how_long_a_message_is),
		cmocka_unit_test(parses_answers),
		cmocka_unit_test(refuses_answers),
		cmocka_unit_test(pairs_commands_and_answers),
		cmocka_unit_test(knows_what_errors_mean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
