#include "core/cursor.h"
#include "test.h"

#include <string.h>

static const uint8_t data[] = { 0x01, 0x82, 0xFF, 0x04, 0x05 };

static void
integers_are_big_endian(void **state)
{
	struct emrtd_bytes in;
	uint8_t v8;
	uint16_t v16;
	uint32_t v32;

	(void)state;
	in = emrtd_bytes(data, sizeof(data));
	assert_true(emrtd_u8(&in, &v8));
	assert_int_equal(v8, 0x01);
	assert_true(emrtd_u16(&in, &v16));
	assert_int_equal(v16, 0x82FF);
	assert_int_equal(in.len, 2);
	in = emrtd_bytes(data, sizeof(data));
	assert_true(emrtd_u24(&in, &v32));
	assert_int_equal(v32, 0x0182FF);
	in = emrtd_bytes(data + 1, 4);
	assert_true(emrtd_u32(&in, &v32));
	assert_int_equal(v32, 0x82FF0405);
	assert_true(emrtd_end(&in));
}

/* Too short by any amount: nothing moves, nothing is written. */
static void
failure_leaves_everything(void **state)
{
	(void)state;
	for (size_t len = 0; len < 4; len++) {
		struct emrtd_bytes in = { data, len }, out = { data, 99 };
		uint16_t v16 = 0x1234;
		uint32_t v24 = 0x123456, v32 = 0x12345678;
		uint8_t v8 = 0x12;

		assert_false(emrtd_u32(&in, &v32));
		assert_false(emrtd_take(&in, len + 1, &out));
		assert_false(emrtd_take(&in, SIZE_MAX, &out));
		if (len < 3)
			assert_false(emrtd_u24(&in, &v24));
		if (len < 2)
			assert_false(emrtd_u16(&in, &v16));
		if (len < 1)
			assert_false(emrtd_u8(&in, &v8));
		assert_ptr_equal(in.ptr, data);
		assert_int_equal(in.len, len);
		assert_int_equal(out.len, 99);
		assert_int_equal(v8, 0x12);
		assert_int_equal(v16, 0x1234);
		assert_int_equal(v24, 0x123456);
		assert_int_equal(v32, 0x12345678);
	}
}

static void
taking_nothing(void **state)
{
	struct emrtd_bytes in = { NULL, 0 }, out = { data, 1 };

	(void)state;
	assert_true(emrtd_take(&in, 0, &out));
	assert_int_equal(out.len, 0);
	assert_true(emrtd_end(&in));
}

static void
cursor_and_slice_may_be_one(void **state)
{
	struct emrtd_bytes in = { data, sizeof(data) }, copy = in;

	(void)state;
	assert_true(emrtd_take(&copy, 2, &in));
	assert_int_equal(in.len, 2);
	assert_int_equal(copy.len, 3);
	assert_ptr_equal(copy.ptr, data + 2);
}

static void
equality(void **state)
{
	struct emrtd_bytes none = { NULL, 0 }, empty = { data, 0 };
	struct emrtd_bytes all = { data, sizeof(data) };

	(void)state;
	assert_true(emrtd_bytes_equal(none, empty));
	assert_true(emrtd_bytes_equal(all, all));
	for (size_t i = 0; i < sizeof(data); i++) {
		uint8_t other[sizeof(data)];

		memcpy(other, data, sizeof(data));
		assert_true(
		    emrtd_bytes_equal(all, emrtd_bytes(other, sizeof(other))));
		assert_false(emrtd_bytes_equal(all, emrtd_bytes(other, i)));
		other[i] ^= 1;
		assert_false(
		    emrtd_bytes_equal(all, emrtd_bytes(other, sizeof(other))));
	}
	assert_int_equal(emrtd_bytes_text("abc").len, 3);
	assert_int_equal(emrtd_bytes_text("").len, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_are_big_endian),
		cmocka_unit_test(failure_leaves_everything),
		cmocka_unit_test(taking_nothing),
		cmocka_unit_test(cursor_and_slice_may_be_one),
		cmocka_unit_test(equality),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
