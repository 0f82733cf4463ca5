#include "data.h"
#include "lds/files.h"
#include "test.h"

static enum emrtd_error
parse(const char *hex, struct emrtd_com *com, struct test_bytes *bytes)
{
	*bytes = test_hex(hex);
	return emrtd_com_parse(emrtd_bytes(bytes->ptr, bytes->len), NULL, com);
}

static void
com_is_read(void **state)
{
	struct emrtd_com com;
	struct test_bytes bytes;

	(void)state;
	assert_int_equal(
	    parse("60165F0104303130375F36063034303030305C046175766C", &com,
		&bytes),
	    EMRTD_OK);
	assert_int_equal(com.lds_version.len, 4);
	assert_memory_equal(com.lds_version.ptr, "0107", 4);
	assert_int_equal(com.unicode_version.len, 6);
	assert_memory_equal(com.unicode_version.ptr, "040000", 6);
	assert_int_equal(com.data_groups,
	    1u << 1 | 1u << 2 | 1u << 4 | 1u << 12);
	assert_int_equal(com.n_unknown_tags, 0);
	test_bytes_free(&bytes);
}

/* Tags of data groups 17 to 19, one of two bytes, a strange object, filler. */
static void
unknown_tags_are_counted(void **state)
{
	struct emrtd_com com;
	struct test_bytes bytes;

	(void)state;
	assert_int_equal(parse("600B 530100 5C06 61 71 7F61 72 75 000000", &com,
			     &bytes),
	    EMRTD_OK);
	assert_int_equal(com.data_groups, 1u << 1 | 1u << 2);
	assert_int_equal(com.n_unknown_tags, 3);
	assert_int_equal(com.lds_version.len, 0);
	test_bytes_free(&bytes);
}

static void
malformed_com_is_refused(void **state)
{
	static const char *const cases[] = {
		"", "61045C026175",     /* another tag */
		"60055C026175",         /* longer than the file */
		"60035C026175",         /* the list leaves its parent */
		"60045F010430",         /* no list */
		"60085C0261755C026175", /* two lists */
		"60045C02617F",         /* a tag that goes on past the list */
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct emrtd_com com;
		struct test_bytes bytes;

		assert_int_equal(parse(cases[i], &com, &bytes),
		    EMRTD_E_MALFORMED);
		test_bytes_free(&bytes);
	}
}

/* Each file has its own name, tag and place. */
static void
file_table(void **state)
{
	static const uint8_t dg_tags[] = { 0x61, 0x75, 0x63, 0x76, 0x65, 0x66,
		0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70 };

	(void)state;
	for (unsigned i = 0; i < EMRTD_N_FILES; i++) {
		const struct emrtd_file_info *f = emrtd_file_info(
		    (enum emrtd_file)i);
		uint8_t tag = (uint8_t)f->tag;
		enum emrtd_file found;

		assert_int_equal(f->id, i);
		if (i != EMRTD_EF_CARD_SECURITY && i != EMRTD_EF_DIR) {
			assert_true(emrtd_file_by_content(emrtd_bytes(&tag, 1),
			    &found));
			assert_int_equal(found, i);
		}
		assert_true(emrtd_file_by_name(f->name, &found));
		assert_int_equal(found, i);
		if (f->dg == 0)
			continue;
		assert_int_equal(f->id, EMRTD_DG1 + f->dg - 1);
		assert_int_equal(f->fid, 0x0100 + f->dg);
		assert_int_equal(f->sfi, f->dg);
		assert_int_equal(f->tag, dg_tags[f->dg - 1]);
	}
	assert_null(emrtd_file_info(EMRTD_N_FILES));
	assert_string_equal(emrtd_file_name(EMRTD_N_FILES), "?");
}

/* The template of an application has an identifier in it. */
static void
directory_by_content(void **state)
{
	static const struct {
		const char *hex;
		enum emrtd_file file;
	} cases[] = {
		{ "61", EMRTD_DG1 }, { "6100", EMRTD_DG1 },
		{ "615B5F1F58", EMRTD_DG1 },
		{ "61094F07A0000002471001", EMRTD_EF_DIR },
		{ "61094F", EMRTD_EF_DIR }, /* cut short */
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct test_bytes b = test_hex(cases[i].hex);
		enum emrtd_file found;

		assert_true(
		    emrtd_file_by_content(emrtd_bytes(b.ptr, b.len), &found));
		assert_int_equal(found, cases[i].file);
		test_bytes_free(&b);
	}
}

/* Much begins with a SEQUENCE; EF.CardSecurity with that of SignedData. */
static void
card_security_by_content(void **state)
{
	static const struct {
		const char *hex;
		bool is;
	} cases[] = {
		{ "30", false },
		{ "3000", false },
		{ "300B06092A864886F70D010702", true },
		{ "3082010006092A864886F70D010702", true }, /* cut short */
		{ "300B06092A864886F70D010701", false },
		{ "300B06092A864886F70D0107", false },
		{ "30030201FF", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct test_bytes b = test_hex(cases[i].hex);
		enum emrtd_file found = EMRTD_EF_COM;

		assert_int_equal(
		    emrtd_file_by_content(emrtd_bytes(b.ptr, b.len), &found),
		    cases[i].is);
		assert_int_equal(found,
		    cases[i].is ? EMRTD_EF_CARD_SECURITY : EMRTD_EF_COM);
		test_bytes_free(&b);
	}
}

static void
file_names(void **state)
{
	enum emrtd_file found = EMRTD_EF_COM;

	(void)state;
	assert_true(emrtd_file_by_name("dg14", &found));
	assert_int_equal(found, EMRTD_DG14);
	assert_true(emrtd_file_by_name("ef.sod", &found));
	assert_int_equal(found, EMRTD_EF_SOD);
	assert_true(emrtd_file_by_name("CardAccess", &found));
	assert_int_equal(found, EMRTD_EF_CARD_ACCESS);
	assert_false(emrtd_file_by_name("DG17", &found));
	assert_false(emrtd_file_by_name("DG", &found));
	assert_false(emrtd_file_by_name("", &found));
	assert_false(emrtd_file_by_content(emrtd_bytes(NULL, 0), &found));
	assert_int_equal(found, EMRTD_EF_CARD_ACCESS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(com_is_read),
		cmocka_unit_test(unknown_tags_are_counted),
		cmocka_unit_test(malformed_com_is_refused),
		cmocka_unit_test(file_table),
		cmocka_unit_test(directory_by_content),
		cmocka_unit_test(card_security_by_content),
		cmocka_unit_test(file_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
