/* Commands of a PN53x byte by byte, and answers of every shape. */
#include "core/builder.h"
#include "emrtd_test.h"
#include "transport/pn53x_command.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

static uint8_t buffer[300];
static struct emrtd_out out;

static void
fresh(void)
{
	out = emrtd_out(buffer, sizeof(buffer));
}

static void
assert_built(const char *want, size_t len)
{
	assert_bytes(emrtd_out_bytes(&out),
	    emrtd_bytes((const uint8_t *)want, len));
	fresh();
}

#define BUILT(text) assert_built(text, sizeof(text) - 1)

static void
commands(void **state)
{
	static const struct emrtd_isodep_speed slow = { EMRTD_RATE_106,
		EMRTD_RATE_106 };
	static const struct emrtd_isodep_speed fast = { EMRTD_RATE_212,
		EMRTD_RATE_848 };
	static const uint8_t frame[] = { 0xE0, 0x80 };

	(void)state;
	fresh();
	emrtd_pn53x_put_parameters(&out);
	BUILT("\x12\x04");
	emrtd_pn53x_put_retries(&out);
	BUILT("\x32\x05\x00\x00\x01");
	emrtd_pn53x_put_field(&out, true);
	BUILT("\x32\x01\x01");
	emrtd_pn53x_put_field(&out, false);
	BUILT("\x32\x01\x00");
	emrtd_pn53x_put_speed(&out, EMRTD_PN53X_TYPE_A, &slow);
	BUILT("\x08\x63\x02\x80\x63\x03\x80\x63\x14\x26");
	emrtd_pn53x_put_speed(&out, EMRTD_PN53X_TYPE_B, &fast);
	BUILT("\x08\x63\x02\x93\x63\x03\xB3\x63\x14\x13");
	emrtd_pn53x_put_select(&out, EMRTD_PN53X_TYPE_A);
	BUILT("\x4A\x01\x00");
	emrtd_pn53x_put_select(&out, EMRTD_PN53X_TYPE_B);
	BUILT("\x4A\x01\x03\x00");
	emrtd_pn53x_put_deselect(&out);
	BUILT("\x44\x01");
	emrtd_pn53x_put_exchange(&out, emrtd_bytes(frame, sizeof(frame)));
	BUILT("\x42\xE0\x80");
}

/* 100 us times two to the power of the step less one. */
static void
waits(void **state)
{
	static const struct {
		uint32_t wait_us;
		uint8_t code;
		uint32_t step_us;
	} cases[] = {
		{ 0, 0x01, 100 },
		{ 100, 0x01, 100 },
		{ 101, 0x02, 200 },
		{ 71000, 0x0B, 102400 },
		{ 102400, 0x0B, 102400 },
		{ 102401, 0x0C, 204800 },
		{ 3276800, 0x10, 3276800 },
		{ 3276801, 0x00, 0 },
		{ 4952625, 0x00, 0 },
		{ UINT32_MAX, 0x00, 0 },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		fresh();
		assert_int_equal(emrtd_pn53x_put_wait(&out, cases[i].wait_us),
		    cases[i].step_us);
		assert_int_equal(emrtd_pn53x_wait_step(cases[i].wait_us),
		    cases[i].step_us);
		assert_int_equal(out.len, 5);
		assert_memory_equal(buffer, "\x32\x02\x00\x0B", 4);
		assert_int_equal(buffer[4], cases[i].code);
	}
}

static enum emrtd_error
select_of(const char *answer, size_t len, enum emrtd_pn53x_type type,
    struct emrtd_pn53x_target *target)
{
	return emrtd_pn53x_select_parse(emrtd_bytes((const uint8_t *)answer,
					    len),
	    type, target);
}

#define SELECT(text, type, target) \
	select_of(text, sizeof(text) - 1, EMRTD_PN53X_TYPE_##type, target)

static void
selections(void **state)
{
	static const char good[] = "\1\1\0\x08\x20\4\x08\1\2\3";
	struct emrtd_pn53x_target t;

	(void)state;
	assert_ok(SELECT("\1\1\0\x08\x20\4\x08\1\2\3", A, &t));
	assert_true(t.speaks_14443_4);
	assert_int_equal(t.uid_len, 4);
	assert_memory_equal(t.uid, "\x08\1\2\3", 4);
	/* A memory card; a UID of ten; an ATS that we did not ask for. */
	assert_ok(SELECT("\1\1\4\0\x08\4\1\2\3\4", A, &t));
	assert_false(t.speaks_14443_4);
	assert_ok(SELECT("\1\1\0\x08\x20\xA\1\2\3\4\5\6\7\x8\x9\xA", A, &t));
	assert_int_equal(t.uid_len, 10);
	assert_ok(SELECT("\1\1\0\x08\x20\1\1\5\x78\x80\x70\2", A, &t));
	assert_ok(SELECT("\1\1\0\x08\x20\0", A, &t));

	assert_error(SELECT("\0", A, &t), EMRTD_E_NOT_FOUND);
	assert_error(SELECT("\0", B, &t), EMRTD_E_NOT_FOUND);
	for (size_t len = 0; len < sizeof(good) - 1; len++)
		assert_error(select_of(good, len, EMRTD_PN53X_TYPE_A, &t),
		    EMRTD_E_PROTOCOL);
	/* Two chips, another number, a UID of eleven, one that is not whole. */
	assert_error(SELECT("\2\1\0\x08\x20\1\1", A, &t), EMRTD_E_PROTOCOL);
	assert_error(SELECT("\1\2\0\x08\x20\1\1", A, &t), EMRTD_E_PROTOCOL);
	assert_error(SELECT("\1\1\0\x08\x20\xB\1\2\3\4\5\6\7\x8\x9\xA\xB", A,
			 &t),
	    EMRTD_E_PROTOCOL);
	assert_error(SELECT("\1\1\0\x08\x24\1\1", A, &t), EMRTD_E_PROTOCOL);

	assert_ok(SELECT("\1\1\x50", B, &t));
	assert_true(t.speaks_14443_4);
	assert_error(SELECT("\1", B, &t), EMRTD_E_PROTOCOL);
}

static void
exchanges(void **state)
{
	static const struct {
		uint8_t status;
		enum emrtd_isodep_heard heard;
	} known[] = {
		{ 0x01, EMRTD_HEARD_NOTHING },
		{ 0x02, EMRTD_HEARD_GARBLED },
		{ 0x03, EMRTD_HEARD_GARBLED },
		{ 0x05, EMRTD_HEARD_GARBLED },
		{ 0x06, EMRTD_HEARD_GARBLED },
		{ 0x09, EMRTD_HEARD_GARBLED },
		{ 0x29, EMRTD_HEARD_NOTHING },
	};
	static const uint8_t good[] = { 0x00, 0x02, 0x90, 0x00 };
	enum emrtd_isodep_heard heard;
	struct emrtd_bytes frame;

	(void)state;
	assert_ok(emrtd_pn53x_exchange_parse(emrtd_bytes(good, sizeof(good)),
	    &heard, &frame));
	assert_int_equal(heard, EMRTD_HEARD_FRAME);
	assert_bytes(frame, emrtd_bytes(good + 1, 3));
	assert_error(emrtd_pn53x_exchange_parse(emrtd_bytes(good, 0), &heard,
			 &frame),
	    EMRTD_E_PROTOCOL);
	for (size_t i = 0; i < N_ELEMENTS(known); i++) {
		uint8_t answer[] = { known[i].status, 0x02, 0x90, 0x00 };

		assert_ok(emrtd_pn53x_exchange_parse(emrtd_bytes(answer,
							 sizeof(answer)),
		    &heard, &frame));
		assert_int_equal(heard, known[i].heard);
		assert_int_equal(frame.len, 0); /* never half of one */
	}
	/* More to come, a NAD, a field that is off: not of a raw exchange. */
	for (unsigned status = 0x40; status < 0x100; status++) {
		uint8_t answer[] = { (uint8_t)status, 0x02 };

		assert_error(emrtd_pn53x_exchange_parse(emrtd_bytes(answer,
							    sizeof(answer)),
				 &heard, &frame),
		    EMRTD_E_PROTOCOL);
		assert_int_equal(frame.len, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands),
		cmocka_unit_test(waits),
		cmocka_unit_test(selections),
		cmocka_unit_test(exchanges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
