/*
 * The list of extensions by itself: how many, none twice, and those that must
 * be known.
 */
#include "core/builder.h"
#include "core/oid.h"
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

/* Those that we know may be critical, but for the one that says what for. */
static void
known_and_critical(void **state)
{
	static const struct {
		const char *oid, *hex;
		enum emrtd_extension id;
		bool refused;
	} rows[] = {
		{ "2.5.29.14", "040101", EMRTD_EXT_SUBJECT_KEY_ID, false },
		{ "2.5.29.15", "03020780", EMRTD_EXT_KEY_USAGE, false },
		{ "2.5.29.16", "3011800F32303230303130313030303030305A",
		    EMRTD_EXT_KEY_PERIOD, false },
		{ "2.5.29.17", "3000", EMRTD_EXT_SUBJECT_ALT_NAME, false },
		{ "2.5.29.18", "3000", EMRTD_EXT_ISSUER_ALT_NAME, false },
		{ "2.5.29.19", "3000", EMRTD_EXT_BASIC_CONSTRAINTS, false },
		{ "2.5.29.31", "3000", EMRTD_EXT_CRL_POINTS, false },
		{ "2.5.29.32", "3000", EMRTD_EXT_POLICIES, false },
		{ "2.5.29.35", "3003800101", EMRTD_EXT_AUTHORITY_KEY_ID,
		    false },
		{ "2.5.29.37", "3008060667810801010B",
		    EMRTD_EXT_EXTENDED_KEY_USAGE, true },
		{ "2.23.136.1.1.6.1", "0500", EMRTD_EXT_NAME_CHANGE, false },
		{ "2.23.136.1.1.6.2", "30080201003103130150",
		    EMRTD_EXT_DOCUMENT_TYPES, false },
		{ EMRTD_OID_TEST_MARKER, "0500", EMRTD_EXT_TEST_MARKER, false },
	};
	static const uint8_t yes[] = { 0xFF };

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows) * 2; i++) {
		bool critical = i % 2 == 1;
		struct test_bytes value = test_hex(rows[i / 2].hex);
		struct emrtd_certificate c = { .present = 0 };
		uint8_t buf[100];
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));
		size_t list = emrtd_open(&out, 0x30);
		size_t mark = emrtd_open(&out, 0x30);

		emrtd_put_oid(&out, rows[i / 2].oid);
		if (critical)
			emrtd_put_tlv(&out, 0x01, emrtd_bytes(yes, 1));
		emrtd_put_tlv(&out, 0x04, emrtd_bytes(value.ptr, value.len));
		emrtd_close(&out, mark);
		emrtd_close(&out, list);
		assert_false(out.bad);
		if (!emrtd_certificate_parse_extensions(emrtd_out_bytes(&out),
			&c) ||
		    c.unknown_critical != (critical && rows[i / 2].refused) ||
		    c.present != 1u << rows[i / 2].id ||
		    c.critical != (critical ? c.present : 0))
			fail_msg("%s", rows[i / 2].oid);
		test_bytes_free(&value);
	}
}

/* Less than none is none, and what we cannot count is no limit. */
static void
path_lengths(void **state)
{
	static const struct {
		const char *hex;
		uint32_t want;
	} rows[] = {
		{ "3012 0603551D13 040B 3009 0101FF 020400000000", 0 },
		{ "300F 0603551D13 0408 3006 0101FF 020103", 3 },
		{ "300F 0603551D13 0408 3006 0101FF 0201FF", 0 },
		{ "3013 0603551D13 040C 300A 0101FF 02050100000000",
		    UINT32_MAX },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct test_bytes one = test_hex(rows[i].hex);
		struct emrtd_certificate c = { .present = 0 };
		uint8_t buf[64];
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));

		emrtd_put_tlv(&out, 0x30, emrtd_bytes(one.ptr, one.len));
		assert_true(
		    emrtd_certificate_parse_extensions(emrtd_out_bytes(&out),
			&c));
		assert_true(c.is_ca && c.has_path_len);
		if (c.path_len != rows[i].want)
			fail_msg("%s: %u", rows[i].hex, (unsigned)c.path_len);
		test_bytes_free(&one);
	}
}

/* 2020-01-01 to 2021-01-01, or one of them, and nothing else. */
static void
key_periods(void **state)
{
#define FROM  "800F32303230303130313030303030305A"
#define UNTIL "810F32303231303130313030303030305A"
	static const struct {
		const char *hex;
		bool has;
		int64_t from, until;
	} rows[] = {
		{ "3022" FROM UNTIL, true, 1577836800, 1609459200 },
		{ "3011" FROM, true, 1577836800, INT64_MAX },
		{ "3011" UNTIL, true, INT64_MIN, 1609459200 },
		{ "3022" UNTIL FROM, false, 0, 0 },
		{ "3022" FROM FROM, false, 0, 0 },
		{ "3024" FROM UNTIL "0500", false, 0, 0 },
		{ "3022" FROM UNTIL "0500", false, 0, 0 },
		{ "3010800E323032303031303130303030305A", false, 0, 0 },
		{ "301180FF32303230303130313030303030305A", false, 0, 0 },
		{ "301181FF32303230303130313030303030305A", false, 0, 0 },
		{ "3122" FROM UNTIL, false, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct test_bytes value = test_hex(rows[i].hex);
		struct emrtd_certificate c = { .present = 0 };
		uint8_t buf[100];
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));
		size_t list = emrtd_open(&out, 0x30);
		size_t mark = emrtd_open(&out, 0x30);

		emrtd_put_oid(&out, "2.5.29.16");
		emrtd_put_tlv(&out, 0x04, emrtd_bytes(value.ptr, value.len));
		emrtd_close(&out, mark);
		emrtd_close(&out, list);
		assert_false(out.bad);
		assert_true(
		    emrtd_certificate_parse_extensions(emrtd_out_bytes(&out),
			&c));
		if (c.has_key_period != rows[i].has ||
		    c.key_from != rows[i].from || c.key_until != rows[i].until)
			fail_msg("%s", rows[i].hex);
		test_bytes_free(&value);
	}
#undef FROM
#undef UNTIL
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
		/* an extended one, which is one object of one at least */
		{ "3011 300F 0603551D25 0408 3006 0604551D2500", true },
		{ "3013 3011 0603551D25 040A 3006 0604551D2500 0500", false },
		{ "300B 3009 0603551D25 0402 3000", false },
		{ "300B 3009 0603551D25 0402 0500", false },
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
			assert_true((c.has_key_usage && c.key_usage == 1) ||
				    c.has_extended_key_usage);
		test_bytes_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_more_than_a_hostile_one_has),
		cmocka_unit_test(unknown_and_critical),
		cmocka_unit_test(known_and_critical),
		cmocka_unit_test(path_lengths),
		cmocka_unit_test(key_periods),
		cmocka_unit_test(none_comes_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
