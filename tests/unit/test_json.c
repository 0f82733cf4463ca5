#include <emrtd/json.h>

#include "test.h"

#include <string.h>

struct sink {
	char text[4096];
	size_t len;
	size_t room; /* refuses what goes past it */
};

static bool
sink_write(void *self, const char *text, size_t n)
{
	struct sink *sink = self;

	if (n > sink->room - sink->len)
		return false;
	memcpy(sink->text + sink->len, text, n);
	sink->len += n;
	sink->text[sink->len] = '\0';
	return true;
}

static struct emrtd_json
start(struct sink *sink, bool pretty)
{
	struct emrtd_json json;

	sink->len = 0;
	sink->room = sizeof(sink->text) - 1;
	sink->text[0] = '\0';
	emrtd_json_init(&json, sink_write, sink, pretty);
	return json;
}

static void
write_record(struct emrtd_json *json)
{
	static const uint8_t bytes[] = { 0x00, 0xAB, 0xFF };

	emrtd_json_object(json, NULL);
	emrtd_json_string(json, "schema", "x/1");
	emrtd_json_object(json, "empty");
	emrtd_json_end_object(json);
	emrtd_json_array(json, "list");
	emrtd_json_int(json, NULL, -1);
	emrtd_json_bool(json, NULL, true);
	emrtd_json_bool(json, NULL, false);
	emrtd_json_null(json, NULL);
	emrtd_json_string(json, NULL, NULL);
	emrtd_json_array(json, NULL);
	emrtd_json_end_array(json);
	emrtd_json_end_array(json);
	emrtd_json_hex(json, "hex", emrtd_bytes(bytes, sizeof(bytes)));
	emrtd_json_raw(json, "raw",
	    emrtd_bytes((const uint8_t *)"{\"a\":1}", 7));
	emrtd_json_end_object(json);
}

static void
one_line(void **state)
{
	struct sink sink;
	struct emrtd_json json = start(&sink, false);

	(void)state;
	write_record(&json);
	assert_true(emrtd_json_finish(&json));
	assert_string_equal(sink.text,
	    "{\"schema\":\"x/1\",\"empty\":{},\"list\":[-1,true,false,null,"
	    "null,[]],\"hex\":\"00abff\",\"raw\":{\"a\":1}}\n");
}

static void
indented(void **state)
{
	struct sink sink;
	struct emrtd_json json = start(&sink, true);

	(void)state;
	write_record(&json);
	assert_true(emrtd_json_finish(&json));
	assert_string_equal(sink.text,
	    "{\n  \"schema\": \"x/1\",\n  \"empty\": {},\n  \"list\": [\n"
	    "    -1,\n    true,\n    false,\n    null,\n    null,\n    []\n"
	    "  ],\n  \"hex\": \"00abff\",\n  \"raw\": {\"a\":1}\n}\n");
}

static void
check_text(const char *text, size_t len, const char *want)
{
	struct sink sink;
	struct emrtd_json json = start(&sink, false);

	emrtd_json_text(&json, NULL, emrtd_bytes((const uint8_t *)text, len));
	assert_true(emrtd_json_finish(&json));
	assert_int_equal(sink.text[sink.len - 1], '\n');
	sink.text[sink.len - 1] = '\0';
	assert_string_equal(sink.text, want);
}

#define CHECK_TEXT(text, want) check_text(text, sizeof(text) - 1, want)

/* What a terminal or a browser could take for more than text. */
static void
hostile_text_is_escaped(void **state)
{
	(void)state;
	CHECK_TEXT("", "\"\"");
	CHECK_TEXT("plain", "\"plain\"");
	CHECK_TEXT("a\"b\\c/", "\"a\\\"b\\\\c/\"");
	CHECK_TEXT("\0\1\n\x1F", "\"\\u0000\\u0001\\u000a\\u001f\"");
	CHECK_TEXT("\x1B[2J", "\"\\u001b[2J\"");
	CHECK_TEXT("\x7F", "\"\\u007f\"");
	/* C1 controls: CSI is one character */
	CHECK_TEXT("\xC2\x80", "\"\\u0080\"");
	CHECK_TEXT("a\xC2\x9B"
		   "b",
	    "\"a\\u009bb\"");
	CHECK_TEXT("\xC2\x9F\xC2\xA0", "\"\\u009f\xC2\xA0\"");
}

static void
utf8_passes(void **state)
{
	(void)state;
	CHECK_TEXT("\xC3\x89", "\"\xC3\x89\"");
	CHECK_TEXT("\xDF\xBF", "\"\xDF\xBF\"");
	CHECK_TEXT("\xE0\xA0\x80", "\"\xE0\xA0\x80\"");
	CHECK_TEXT("\xED\x9F\xBF\xEE\x80\x80", "\"\xED\x9F\xBF\xEE\x80\x80\"");
	CHECK_TEXT("\xEF\xBF\xBD", "\"\xEF\xBF\xBD\"");
	CHECK_TEXT("\xF0\x90\x80\x80", "\"\xF0\x90\x80\x80\"");
	CHECK_TEXT("\xF4\x8F\xBF\xBF", "\"\xF4\x8F\xBF\xBF\"");
}

static void
all_else_is_hex(void **state)
{
	(void)state;
	CHECK_TEXT("\x80", "{\"hex\":\"80\"}");
	CHECK_TEXT("a\xBF", "{\"hex\":\"61bf\"}");
	CHECK_TEXT("\xC0\x80", "{\"hex\":\"c080\"}");       /* overlong */
	CHECK_TEXT("\xC1\xBF", "{\"hex\":\"c1bf\"}");       /* overlong */
	CHECK_TEXT("\xE0\x9F\xBF", "{\"hex\":\"e09fbf\"}"); /* overlong */
	CHECK_TEXT("\xF0\x8F\xBF\xBF", "{\"hex\":\"f08fbfbf\"}");
	CHECK_TEXT("\xED\xA0\x80", "{\"hex\":\"eda080\"}"); /* surrogate */
	CHECK_TEXT("\xED\xBF\xBF", "{\"hex\":\"edbfbf\"}");
	CHECK_TEXT("\xF4\x90\x80\x80", "{\"hex\":\"f4908080\"}");
	CHECK_TEXT("\xF8\x88\x80\x80\x80", "{\"hex\":\"f888808080\"}");
	CHECK_TEXT("\xC3", "{\"hex\":\"c3\"}");
	CHECK_TEXT("\xE2\x82", "{\"hex\":\"e282\"}");
	CHECK_TEXT("\xF0\x9F\x98", "{\"hex\":\"f09f98\"}");
	CHECK_TEXT("\xC3"
		   "A",
	    "{\"hex\":\"c341\"}");
	CHECK_TEXT("\xFF\xFE", "{\"hex\":\"fffe\"}");
}

static void
check_int(int64_t value, const char *want)
{
	struct sink sink;
	struct emrtd_json json = start(&sink, false);

	emrtd_json_int(&json, NULL, value);
	assert_true(emrtd_json_finish(&json));
	assert_string_equal(sink.text, want);
}

static void
integers(void **state)
{
	(void)state;
	check_int(0, "0\n");
	check_int(-7, "-7\n");
	check_int(INT64_MAX, "9223372036854775807\n");
	check_int(INT64_MIN, "-9223372036854775808\n");
}

/* RFC 4648 10 */
static void
base64(void **state)
{
	static const char *const cases[][2] = { { "", "\"\"\n" },
		{ "f", "\"Zg==\"\n" }, { "fo", "\"Zm8=\"\n" },
		{ "foo", "\"Zm9v\"\n" }, { "foob", "\"Zm9vYg==\"\n" },
		{ "fooba", "\"Zm9vYmE=\"\n" }, { "foobar", "\"Zm9vYmFy\"\n" },
		{ "\xFB\xFF\xBF", "\"+/+/\"\n" } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sink sink;
		struct emrtd_json json = start(&sink, false);

		emrtd_json_base64(&json, NULL,
		    emrtd_bytes((const uint8_t *)cases[i][0],
			strlen(cases[i][0])));
		assert_true(emrtd_json_finish(&json));
		assert_string_equal(sink.text, cases[i][1]);
	}
}

static void
wrong_nesting_is_told(void **state)
{
	struct sink sink;
	struct emrtd_json json = start(&sink, false);

	(void)state;
	emrtd_json_object(&json, NULL);
	assert_false(emrtd_json_finish(&json));
	json = start(&sink, false);
	emrtd_json_end_object(&json);
	assert_false(emrtd_json_finish(&json));
	json = start(&sink, false);
	emrtd_json_array(&json, NULL);
	emrtd_json_end_object(&json);
	assert_false(emrtd_json_finish(&json));
	json = start(&sink, false);
	for (unsigned i = 0; i < EMRTD_JSON_DEPTH; i++)
		emrtd_json_array(&json, NULL);
	assert_false(json.bad);
	emrtd_json_array(&json, NULL);
	assert_true(json.bad);
}

/* A sink that is full at any point: told at the end, and never overrun. */
static void
full_sinks_are_told(void **state)
{
	struct sink sink;
	struct emrtd_json json = start(&sink, true);
	size_t all;

	(void)state;
	write_record(&json);
	assert_true(emrtd_json_finish(&json));
	all = sink.len;
	for (size_t room = 0; room <= all; room++) {
		json = start(&sink, true);
		sink.room = room;
		write_record(&json);
		assert_int_equal(emrtd_json_finish(&json), room == all);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line),
		cmocka_unit_test(indented),
		cmocka_unit_test(hostile_text_is_escaped),
		cmocka_unit_test(utf8_passes),
		cmocka_unit_test(all_else_is_hex),
		cmocka_unit_test(integers),
		cmocka_unit_test(base64),
		cmocka_unit_test(wrong_nesting_is_told),
		cmocka_unit_test(full_sinks_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
