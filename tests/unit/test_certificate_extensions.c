/*
 * The list of extensions by itself: how many, none twice, and those that must
 * be known.
 */
#include "core/builder.h"
#include "data.h"
#include "pki/certificate_extensions.h"
#include "test.h"

#include <string.h>

/* 1.2.N, any N below 128, critical or not, of a NULL. */
static void
put_unknown(struct emrtd_out *out, uint8_t n, bool critical)
{
	const uint8_t oid[] = { 0x2A, n };
	static const uint8_t yes[] = { 0xFF }, null[] = { 5, 0 };
	size_t mark = emrtd_open(out, 0x30);

	emrtd_put_tlv(out, 0x06, emrtd_bytes(oid, sizeof(oid)));
	if (critical)
		emrtd_put_tlv(out, 0x01, emrtd_bytes(yes, 1));
	emrtd_put_tlv(out, 0x04, emrtd_bytes(null, 2));
	emrtd_close(out, mark);
}

static bool
parse_list(size_t n, size_t critical, struct emrtd_certificate *out)
{
	uint8_t buf[2000];
	struct emrtd_out list = emrtd_out(buf, sizeof(buf));
	size_t mark = emrtd_open(&list, 0x30);

	for (size_t i = 0; i < n; i++)
		put_unknown(&list, (uint8_t)(i % 128), i == critical);
	emrtd_close(&list, mark);
	assert_false(list.bad);
	memset(out, 0, sizeof(*out));
	return emrtd_certificate_parse_extensions(emrtd_out_bytes(&list), out);
}

static void
no_more_than_a_hostile_one_has(void **state)
{
	struct emrtd_certificate c;

	(void)state;
	for (size_t n = 0; n <= 100; n++)
		assert_int_equal(parse_list(n, n, &c), n <= 64);
}

static void
unknown_and_critical(void **state)
{
	struct emrtd_certificate c;

	(void)state;
	assert_true(parse_list(9, 9, &c));
	assert_false(c.unknown_critical);
	for (size_t i = 0; i < 9; i++) {
		assert_true(parse_list(9, i, &c));
		assert_true(c.unknown_critical);
	}
}

/* Key usage digitalSignature, and the same again. */
#define USAGE "300B 0603551D0F 0404 03020780"

static void
none_comes_twice(void **state)
{
	static const struct {
		const char *hex;
		bool parses;
	} cases[] = {
		{ "300D" USAGE, true },
		{ "301A" USAGE USAGE, false },
		/* bytes behind the list, no list, and a list cut short */
		{ "300D" USAGE "0500", false },
		{ "310D" USAGE, false },
		{ "300C" USAGE, false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct test_bytes b = test_hex(cases[i].hex);
		struct emrtd_certificate c;

		memset(&c, 0, sizeof(c));
		if (emrtd_certificate_parse_extensions(emrtd_bytes(b.ptr,
							   b.len),
			&c) != cases[i].parses)
			fail_msg("case %zu", i);
		if (cases[i].parses)
			assert_true(c.has_key_usage && c.key_usage == 1);
		test_bytes_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_more_than_a_hostile_one_has),
		cmocka_unit_test(unknown_and_critical),
		cmocka_unit_test(none_comes_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
