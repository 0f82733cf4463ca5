#include "core/tlv.h"
#include "emrtd_test.h"

struct encoding {
	const char *hex; /* the object, and A5 after it */
	uint32_t tag;
	size_t value_len;
	bool ber, der;
};

static const struct encoding encodings[] = {
	{ "0400A5", 0x04, 0, true, true },
	{ "0401AAA5", 0x04, 1, true, true },
	/* tags of two and three bytes; 5F01 is Doc 9303's, not X.690's */
	{ "5F0101AAA5", 0x5F01, 1, true, true },
	{ "7F610102A5", 0x7F61, 1, true, true },
	{ "7F81010102A5", 0x7F8101, 1, true, true },
	{ "7F8181010102A5", 0, 0, false, false },
	/* lengths that are not minimal */
	{ "048101AAA5", 0x04, 1, true, false },
	{ "04820001AAA5", 0x04, 1, true, false },
	{ "0483000001AAA5", 0x04, 1, true, false },
	{ "048400000001AAA5", 0x04, 1, true, false },
	{ "048500000000"
	  "01AAA5",
	    0, 0, false, false },
	/* indefinite, reserved */
	{ "3080AAA50000A5", 0, 0, false, false },
	{ "04FFAAA5", 0, 0, false, false },
	/* longer than what is there, up to the whole of size_t */
	{ "0402A5", 0, 0, false, false },
	{ "0484FFFFFFFFA5", 0, 0, false, false },
	{ "04847FFFFFFFA5", 0, 0, false, false },
	/* cut */
	{ "04", 0, 0, false, false },
	{ "0481", 0, 0, false, false },
	{ "048201", 0, 0, false, false },
	{ "5F", 0, 0, false, false },
	{ "7F81", 0, 0, false, false },
	{ "", 0, 0, false, false },
};

#define N_ENCODINGS (sizeof(encodings) / sizeof(encodings[0]))

typedef bool (
    *any_fn)(struct emrtd_bytes *in, uint32_t *tag, struct emrtd_bytes *value);
typedef bool (*tagged_fn)(struct emrtd_bytes *in, uint32_t tag,
    struct emrtd_bytes *value);

static void
check_one(const struct encoding *e, bool want, any_fn any, tagged_fn tagged)
{
	uint8_t buf[32];
	struct emrtd_bytes whole = hex_bytes(e->hex, buf, sizeof(buf));
	struct emrtd_bytes in = whole, value = { buf, 77 };
	uint32_t tag = 0x77;

	assert_int_equal(any(&in, &tag, &value), want);
	if (!want) {
		assert_ptr_equal(in.ptr, whole.ptr);
		assert_int_equal(in.len, whole.len);
		assert_int_equal(tag, 0x77);
		assert_int_equal(value.len, 77);
		return;
	}
	assert_int_equal(tag, e->tag);
	assert_int_equal(value.len, e->value_len);
	assert_int_equal(in.len, 1);
	assert_int_equal(in.ptr[0], 0xA5);
	in = whole;
	assert_true(tagged(&in, e->tag, &value));
	assert_int_equal(in.len, 1);
	in = whole;
	assert_false(tagged(&in, e->tag + 1, &value));
	assert_int_equal(in.len, whole.len);
}

static void
encodings_of_ber_and_der(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ENCODINGS; i++) {
		const struct encoding *e = &encodings[i];

		check_one(e, e->ber, emrtd_tlv_any, emrtd_tlv);
		check_one(e, e->der, emrtd_der_any, emrtd_der);
	}
}

static void
heads_and_wholes(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ENCODINGS; i++) {
		const struct encoding *e = &encodings[i];
		uint8_t buf[32];
		struct emrtd_bytes in = hex_bytes(e->hex, buf, sizeof(buf));
		struct emrtd_bytes start = in, value, whole;
		size_t head_len, value_len;
		uint32_t tag;

		if (!e->ber) {
			assert_false(
			    emrtd_tlv_whole(&in, &tag, &value, &whole));
			continue;
		}
		assert_true(emrtd_tlv_head(in, &tag, &head_len, &value_len));
		assert_int_equal(tag, e->tag);
		assert_int_equal(value_len, e->value_len);
		assert_int_equal(head_len + value_len + 1, in.len);
		assert_true(emrtd_tlv_whole(&in, &tag, &value, &whole));
		assert_ptr_equal(whole.ptr, start.ptr);
		assert_int_equal(whole.len, start.len - 1);
		assert_ptr_equal(value.ptr, start.ptr + head_len);
	}
}

/* A file's length from its first bytes, long before its end. */
static void
heads_need_no_value(void **state)
{
	static const uint8_t first[] = { 0x75, 0x82, 0x45, 0xF0 };
	size_t head_len, value_len;
	uint32_t tag;

	(void)state;
	assert_true(emrtd_tlv_head(emrtd_bytes(first, sizeof(first)), &tag,
	    &head_len, &value_len));
	assert_int_equal(tag, 0x75);
	assert_int_equal(head_len, 4);
	assert_int_equal(value_len, 0x45F0);
	for (size_t n = 0; n < sizeof(first); n++)
		assert_false(emrtd_tlv_head(emrtd_bytes(first, n), &tag,
		    &head_len, &value_len));
}

static void
optional_objects(void **state)
{
	static const struct {
		const char *hex;
		bool ok, present;
		size_t left;
	} cases[] = {
		{ "870101990100", true, true, 3 },
		{ "990100", true, false, 3 },
		{ "", true, false, 0 },
		{ "8705AA", false, false, 3 },
		{ "87", false, false, 1 },
		{ "5F", true, false, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t buf[32];
		struct emrtd_bytes start = hex_bytes(cases[i].hex, buf, 32);
		struct emrtd_bytes in = start, value = { buf, 77 };

		assert_int_equal(emrtd_tlv_optional(&in, 0x87, &value),
		    cases[i].ok);
		assert_int_equal(in.len, cases[i].left);
		if (cases[i].ok)
			assert_int_equal(value.ptr != NULL, cases[i].present);
		in = start;
		assert_int_equal(emrtd_der_optional(&in, 0x87, &value),
		    cases[i].ok);
		assert_int_equal(in.len, cases[i].left);
	}
}

/* Present and empty is not absent. */
static void
empty_is_present(void **state)
{
	static const uint8_t empty[] = { 0x87, 0x00 };
	struct emrtd_bytes in = { empty, sizeof(empty) }, value;

	(void)state;
	assert_true(emrtd_tlv_optional(&in, 0x87, &value));
	assert_non_null(value.ptr);
	assert_int_equal(value.len, 0);
	assert_true(emrtd_end(&in));
}

static void
peeking_takes_nothing(void **state)
{
	static const uint8_t data[] = { 0x7F, 0x61, 0x00 };
	struct emrtd_bytes in = { data, sizeof(data) };
	uint32_t tag;

	(void)state;
	assert_true(emrtd_tlv_peek(&in, &tag));
	assert_int_equal(tag, 0x7F61);
	assert_int_equal(in.len, sizeof(data));
}

static void
integers(void **state)
{
	static const struct {
		const char *hex;
		bool ok;
		uint32_t value;
	} cases[] = {
		{ "00", true, 0 },
		{ "7F", true, 127 },
		{ "80", false, 0 },
		{ "0080", true, 128 },
		{ "7FFFFFFF", true, 0x7FFFFFFF },
		{ "80000000", false, 0 },
		{ "00FFFFFFFF", true, 0xFFFFFFFF },
		{ "0100000000", false, 0 },
		{ "000000000001", false, 0 },
		{ "", false, 0 },
		{ "FF", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t buf[16];
		uint32_t v = 0x1234;

		assert_int_equal(
		    emrtd_uint(hex_bytes(cases[i].hex, buf, sizeof(buf)), &v),
		    cases[i].ok);
		assert_int_equal(v, cases[i].ok ? cases[i].value : 0x1234);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(encodings_of_ber_and_der),
		cmocka_unit_test(heads_and_wholes),
		cmocka_unit_test(heads_need_no_value),
		cmocka_unit_test(optional_objects),
		cmocka_unit_test(empty_is_present),
		cmocka_unit_test(peeking_takes_nothing),
		cmocka_unit_test(integers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
