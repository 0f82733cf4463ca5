#include "core/builder.h"
#include "core/tlv.h"
#include "test.h"

#include <string.h>

static void
check(const struct emrtd_out *out, const void *want, size_t len)
{
	struct emrtd_bytes got = emrtd_out_bytes(out);

	assert_false(out->bad);
	assert_int_equal(got.len, len);
	assert_memory_equal(got.ptr, want, len);
}

static void
bytes_and_integers(void **state)
{
	uint8_t buf[32];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	(void)state;
	emrtd_put_u8(&out, 0x01);
	emrtd_put_u16(&out, 0x0203);
	emrtd_put_u32(&out, 0x84050607);
	emrtd_put_fill(&out, 0xAA, 2);
	emrtd_put_fill(&out, 0xBB, 0);
	emrtd_put(&out, emrtd_bytes(NULL, 0));
	check(&out, "\x01\x02\x03\x84\x05\x06\x07\xAA\xAA", 9);
}

/* The writes of one sequence, into a buffer of any size: all or no more. */
static void
overflow_is_sticky(void **state)
{
	static const uint8_t want[] = { 0x30, 0x06, 0x04, 0x01, 0x11, 0x7F,
		0x49, 0x00, 0x22 };

	(void)state;
	for (size_t cap = 0; cap <= sizeof(want); cap++) {
		uint8_t buf[sizeof(want) + 1];
		struct emrtd_out out = emrtd_out(buf, cap);
		static const uint8_t v = 0x11;
		size_t mark;

		memset(buf, 0xEE, sizeof(buf));
		mark = emrtd_open(&out, 0x30);
		emrtd_put_tlv(&out, 0x04, emrtd_bytes(&v, 1));
		emrtd_close(&out, emrtd_open(&out, 0x7F49));
		emrtd_close(&out, mark);
		emrtd_put_u8(&out, 0x22);
		assert_int_equal(buf[cap], 0xEE);
		if (cap == sizeof(want)) {
			check(&out, want, sizeof(want));
			continue;
		}
		assert_true(out.bad);
		assert_int_equal(emrtd_out_bytes(&out).len, 0);
		assert_int_equal(emrtd_out_since(&out, 0).len, 0);
		emrtd_put_u8(&out, 0x33);
		assert_true(out.bad);
		assert_null(emrtd_put_space(&out, 0));
	}
}

static void
no_buffer_at_all(void **state)
{
	struct emrtd_out out = emrtd_out(NULL, 0);

	(void)state;
	emrtd_put(&out, emrtd_bytes(NULL, 0));
	emrtd_put_fill(&out, 0, 0);
	assert_int_equal(emrtd_out_since(&out, 0).len, 0);
	assert_false(out.bad);
	emrtd_put_u8(&out, 0);
	assert_true(out.bad);
}

static void
huge_sizes_do_not_wrap(void **state)
{
	uint8_t buf[4];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	(void)state;
	emrtd_put_u16(&out, 1);
	assert_null(emrtd_put_space(&out, SIZE_MAX));
	assert_true(out.bad);
}

/* Every length at which the length octets grow, written both ways. */
static void
lengths_are_minimal(void **state)
{
	static const struct {
		size_t len;
		const char *head;
		size_t head_len;
	} cases[] = {
		{ 0, "\x04\x00", 2 },
		{ 1, "\x04\x01", 2 },
		{ 127, "\x04\x7F", 2 },
		{ 128, "\x04\x81\x80", 3 },
		{ 255, "\x04\x81\xFF", 3 },
		{ 256, "\x04\x82\x01\x00", 4 },
		{ 65535, "\x04\x82\xFF\xFF", 4 },
		{ 65536, "\x04\x83\x01\x00\x00", 5 },
	};
	static uint8_t value[65536], one[65600], two[65600];

	(void)state;
	memset(value, 0x5A, sizeof(value));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct emrtd_out a = emrtd_out(one, sizeof(one));
		struct emrtd_out b = emrtd_out(two, sizeof(two));
		struct emrtd_bytes v = { value, cases[i].len }, in, back;
		size_t mark;

		emrtd_put_tlv(&a, 0x04, v);
		mark = emrtd_open(&b, 0x04);
		emrtd_put(&b, v);
		emrtd_close(&b, mark);
		assert_int_equal(a.len, cases[i].head_len + v.len);
		assert_memory_equal(one, cases[i].head, cases[i].head_len);
		check(&b, one, a.len);
		in = emrtd_out_bytes(&a);
		assert_true(emrtd_der(&in, 0x04, &back));
		assert_int_equal(back.len, v.len);
		assert_true(emrtd_end(&in));
	}
}

static void
tags_of_one_to_three_bytes(void **state)
{
	uint8_t buf[32];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	(void)state;
	emrtd_put_tlv_head(&out, 0x30, 1);
	emrtd_put_tlv_head(&out, 0x5F1F, 2);
	emrtd_put_tlv_head(&out, 0x7F8101, 3);
	check(&out, "\x30\x01\x5F\x1F\x02\x7F\x81\x01\x03", 9);
}

static void
since_and_rewind(void **state)
{
	uint8_t buf[8] = { 0 };
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	(void)state;
	emrtd_put_u32(&out, 0x01020304);
	assert_int_equal(emrtd_out_since(&out, 1).len, 3);
	assert_ptr_equal(emrtd_out_since(&out, 1).ptr, buf + 1);
	assert_int_equal(emrtd_out_since(&out, 5).len, 0);
	emrtd_out_rewind(&out, 9);
	assert_int_equal(out.len, 4);
	emrtd_out_rewind(&out, 2);
	assert_int_equal(out.len, 2);
	assert_memory_equal(buf, "\x01\x02\x00\x00", 4);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_and_integers),
		cmocka_unit_test(overflow_is_sticky),
		cmocka_unit_test(no_buffer_at_all),
		cmocka_unit_test(huge_sizes_do_not_wrap),
		cmocka_unit_test(lengths_are_minimal),
		cmocka_unit_test(tags_of_one_to_three_bytes),
		cmocka_unit_test(since_and_rewind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
