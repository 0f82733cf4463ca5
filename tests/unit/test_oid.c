#include "core/builder.h"
#include "core/oid.h"
#include "emrtd_test.h"

static const struct {
	const char *dotted;
	const char *content;
} oids[] = {
	{ "0.4.0.127.0.7.2.2.4.2.4", "04007F00070202040204" },
	{ "1.2.840.113549.1.7.2", "2A864886F70D010702" },
	{ "1.3.14.3.2.26", "2B0E03021A" },
	{ "2.16.840.1.101.3.4.2.1", "608648016503040201" },
	{ "2.23.136.1.1.1", "678108010101" },
	{ "0.0", "00" },
	{ "0.39", "27" },
	{ "1.0", "28" },
	{ "1.39", "4F" },
	{ "2.0", "50" },
	{ "2.47", "7F" },
	{ "2.48", "8100" },
	{ "2.999.1", "883701" },
	{ "1.2.127.128.16383.16384", "2A7F8100FF7F818000" },
	{ "1.2.4294967295", "2A8FFFFFFF7F" },
};

#define N_OIDS (sizeof(oids) / sizeof(oids[0]))

static void
both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OIDS; i++) {
		char text[EMRTD_OID_TEXT_CAP];
		uint8_t want_buf[64], buf[64];
		struct emrtd_bytes content = hex_bytes(oids[i].content,
		    want_buf, sizeof(want_buf));
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));

		emrtd_oid_text(content, text);
		assert_string_equal(text, oids[i].dotted);
		emrtd_put_oid(&out, oids[i].dotted);
		assert_int_equal(buf[0], 0x06);
		assert_int_equal(buf[1], content.len);
		assert_bytes(emrtd_out_since(&out, 2), content);
		out.len = 0;
		emrtd_put_oid_as(&out, 0x80, oids[i].dotted);
		assert_int_equal(buf[0], 0x80);
		assert_bytes(emrtd_out_since(&out, 2), content);
	}
}

static void
each_is_itself_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OIDS; i++) {
		uint8_t buf[64];
		struct emrtd_bytes content = hex_bytes(oids[i].content, buf,
		    sizeof(buf) - 1);

		for (size_t k = 0; k < N_OIDS; k++)
			assert_int_equal(emrtd_oid_is(content, oids[k].dotted),
			    i == k);
		for (size_t n = 0; n < content.len; n++)
			assert_false(
			    emrtd_oid_is(emrtd_bytes(buf, n), oids[i].dotted));
		buf[content.len++] = 0x01;
		assert_false(emrtd_oid_is(content, oids[i].dotted));
		assert_true(emrtd_oid_below(content, oids[i].dotted));
	}
}

static void
below(void **state)
{
	uint8_t buf[16];
	struct emrtd_bytes pace = hex_bytes("04007F00070202040202", buf,
	    sizeof(buf));

	(void)state;
	assert_true(emrtd_oid_below(pace, "0.4.0.127.0.7.2.2.4"));
	assert_true(emrtd_oid_below(pace, "0.4.0.127.0.7.2.2.4.2"));
	assert_true(emrtd_oid_below(pace, "0.4.0.127.0.7.2.2.4.2.2"));
	assert_false(emrtd_oid_below(pace, "0.4.0.127.0.7.2.2.4.2.2.1"));
	assert_false(emrtd_oid_below(pace, "0.4.0.127.0.7.2.2.4.1"));
	assert_false(emrtd_oid_below(emrtd_bytes(NULL, 0), "1.2"));
}

static void
malformed_is_a_question_mark(void **state)
{
	static const char *const bad[] = {
		"",             /* nothing */
		"81",           /* an arc without an end */
		"2A86",         /* likewise */
		"2A8001",       /* leading zeros in an arc, X.690 8.19.2 */
		"802A",         /* likewise in the first */
		"2A9080808000", /* 2^32 */
		"2AFFFFFFFFFFFF7F",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char text[EMRTD_OID_TEXT_CAP];
		uint8_t buf[16];

		memset(text, 'x', sizeof(text));
		emrtd_oid_text(hex_bytes(bad[i], buf, sizeof(buf)), text);
		assert_string_equal(text, "?");
	}
}

/* As many arcs as fit, and one more. */
static void
long_ones(void **state)
{
	uint8_t content[EMRTD_OID_TEXT_CAP];
	char text[EMRTD_OID_TEXT_CAP];
	size_t n = (EMRTD_OID_TEXT_CAP - 2) / 2;

	(void)state;
	memset(content, 0x01, sizeof(content)); /* 0.1.1.1 ... */
	emrtd_oid_text(emrtd_bytes(content, n), text);
	assert_int_equal(strlen(text), 2 * n + 1);
	emrtd_oid_text(emrtd_bytes(content, n + 1), text);
	assert_string_equal(text, "?");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ways),
		cmocka_unit_test(each_is_itself_alone),
		cmocka_unit_test(below),
		cmocka_unit_test(malformed_is_a_question_mark),
		cmocka_unit_test(long_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
