#include "data.h"
#include "test.h"
#include "vectors.h"

#include <emrtd/lds.h>

#include <stdlib.h>
#include <string.h>

/* DG1 around len characters of filler. */
static struct test_bytes
dg1_of(size_t len)
{
	struct test_bytes b = { malloc(len + 5), len + 5 };

	assert_non_null(b.ptr);
	memset(b.ptr, '<', b.len);
	b.ptr[0] = 0x61;
	b.ptr[1] = (uint8_t)(len + 3);
	b.ptr[2] = 0x5F;
	b.ptr[3] = 0x1F;
	b.ptr[4] = (uint8_t)len;
	return b;
}

static void
lengths(void **state)
{
	(void)state;
	for (size_t len = 0; len < 120; len++) {
		struct test_bytes b = dg1_of(len);
		struct emrtd_bytes mrz;
		bool good = len == 90 || len == 72 || len == 88;

		assert_int_equal(emrtd_dg1_parse(emrtd_bytes(b.ptr, b.len),
				     NULL, &mrz),
		    good ? EMRTD_OK : EMRTD_E_MALFORMED);
		if (good) {
			assert_ptr_equal(mrz.ptr, b.ptr + 5);
			assert_int_equal(mrz.len, len);
		}
		test_bytes_free(&b);
	}
}

static void
every_prefix_is_malformed(void **state)
{
	struct test_bytes b = dg1_of(88);

	(void)state;
	for (size_t len = 0; len < b.len; len++) {
		struct emrtd_bytes mrz;

		assert_int_equal(emrtd_dg1_parse(emrtd_bytes(b.ptr, len), NULL,
				     &mrz),
		    EMRTD_E_MALFORMED);
	}
	test_bytes_free(&b);
}

/* Two lines of 44 with their ends fill a TD1: they are none. */
static void
no_line_breaks(void **state)
{
	static const uint8_t strange[] = { '\n', '\r', 0, ' ', 0x7F, 0xC3 };
	struct emrtd_bytes mrz;

	(void)state;
	for (size_t i = 0; i < sizeof(strange); i++) {
		struct test_bytes b = dg1_of(90);

		b.ptr[5 + 44] = strange[i];
		assert_int_equal(emrtd_dg1_parse(emrtd_bytes(b.ptr, b.len),
				     NULL, &mrz),
		    EMRTD_E_MALFORMED);
		test_bytes_free(&b);
	}
}

static void
other_structures(void **state)
{
	static const char *const cases[] = {
		"60035F1F00",   /* another file */
		"61045F1F0000", /* something after the MRZ */
		"61035F2000",   /* another object */
		"6100",
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct test_bytes b = test_hex(cases[i]);
		struct emrtd_bytes mrz;

		assert_int_equal(emrtd_dg1_parse(emrtd_bytes(b.ptr, b.len),
				     NULL, &mrz),
		    EMRTD_E_MALFORMED);
		test_bytes_free(&b);
	}
}

/* Worked examples: "dg1 FILE MRZ" and "com FILE LDS UNICODE SET UNKNOWN". */
static void
worked_examples(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/lds.txt");
	struct vector v;

	(void)state;
	while (vectors_next(vectors, &v)) {
		struct test_bytes file = test_hex(v.words[1]);
		struct emrtd_bytes in = emrtd_bytes(file.ptr, file.len), mrz;
		struct emrtd_com com;

		if (strcmp(v.words[0], "dg1") == 0) {
			assert_int_equal(v.n_words, 3);
			assert_int_equal(emrtd_dg1_parse(in, NULL, &mrz),
			    EMRTD_OK);
			assert_int_equal(mrz.len, strlen(v.words[2]));
			assert_memory_equal(mrz.ptr, v.words[2], mrz.len);
		} else {
			assert_string_equal(v.words[0], "com");
			assert_int_equal(v.n_words, 6);
			assert_int_equal(emrtd_com_parse(in, NULL, &com),
			    EMRTD_OK);
			assert_int_equal(com.lds_version.len,
			    strlen(v.words[2]));
			assert_memory_equal(com.lds_version.ptr, v.words[2],
			    com.lds_version.len);
			assert_int_equal(com.unicode_version.len,
			    strlen(v.words[3]));
			assert_memory_equal(com.unicode_version.ptr, v.words[3],
			    com.unicode_version.len);
			assert_int_equal(com.data_groups,
			    strtoul(v.words[4], NULL, 16));
			assert_int_equal(com.n_unknown_tags,
			    strtoul(v.words[5], NULL, 10));
		}
		test_bytes_free(&file);
	}
	vectors_close(vectors);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths),
		cmocka_unit_test(every_prefix_is_malformed),
		cmocka_unit_test(no_line_breaks),
		cmocka_unit_test(other_structures),
		cmocka_unit_test(worked_examples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
