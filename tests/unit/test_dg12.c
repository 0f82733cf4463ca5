/* The date of issue, and what stands in its place. */
#include "data.h"
#include "test.h"

#include <emrtd/lds.h>

#define NO_DAY INT32_MIN

static const struct {
	const char *hex;
	enum emrtd_error want;
	int32_t day; /* NO_DAY: none is found */
} files[] = {
	/* list of tags, authority, then 2018-06-01 */
	{ "6C19 5C045F195F26 5F1905 5554303031 5F2608 3230313830363031",
	    EMRTD_OK, 17683 },
	/* the same in BCD; a leap day; no list of tags */
	{ "6C07 5F2604 20180601", EMRTD_OK, 17683 },
	{ "6C07 5F2604 20240229", EMRTD_OK, 19782 },
	/* past what 32 bits of seconds hold */
	{ "6C0B 5F2608 3230353131323331", EMRTD_OK, 29949 },
	{ "6C07 5F2604 20380120", EMRTD_OK, 24856 },
	/* no date at all; none in the calendar; not of digits; other lengths */
	{ "6C00", EMRTD_OK, NO_DAY },
	{ "6C05 5C03 5F195C", EMRTD_OK, NO_DAY },
	{ "6C07 5F2604 20230229", EMRTD_OK, NO_DAY },
	{ "6C07 5F2604 20180600", EMRTD_OK, NO_DAY },
	{ "6C07 5F2604 2018060A", EMRTD_OK, NO_DAY },
	{ "6C0B 5F2608 3C3C3C3C3C3C3C3C", EMRTD_OK, NO_DAY },
	{ "6C0B 5F2608 323031383036302F", EMRTD_OK, NO_DAY },
	{ "6C0B 5F2608 323031383036303A", EMRTD_OK, NO_DAY },
	{ "6C03 5F2600", EMRTD_OK, NO_DAY },
	{ "6C06 5F2603 201806", EMRTD_OK, NO_DAY },
	{ "6C0C 5F2609 323031383036303130", EMRTD_OK, NO_DAY },
	/* inside another object it is another date */
	{ "6C0A A008 020101 5F26 022018", EMRTD_OK, NO_DAY },
	/* twice; cut; more behind it; another tag */
	{ "6C0E 5F2604 20180601 5F2604 20180601", EMRTD_E_MALFORMED, 0 },
	{ "6C06 5F2604 201806", EMRTD_E_MALFORMED, 0 },
	{ "6C08 5F2604 20180601", EMRTD_E_MALFORMED, 0 },
	{ "6C07 5F2604 20180601 00", EMRTD_E_MALFORMED, 0 },
	{ "6B07 5F2604 20180601", EMRTD_E_MALFORMED, 0 },
	{ "", EMRTD_E_MALFORMED, 0 },
};

static void
dates_of_issue(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(files); i++) {
		struct test_bytes b = test_hex(files[i].hex);
		struct emrtd_dg12 dg12;
		enum emrtd_error e = emrtd_dg12_parse(emrtd_bytes(b.ptr, b.len),
		    NULL, &dg12);

		if (e != files[i].want)
			fail_msg("%s: %s", files[i].hex, emrtd_error_name(e));
		if (e == EMRTD_OK &&
		    (dg12.has_issue_day != (files[i].day != NO_DAY) ||
			(dg12.has_issue_day && dg12.issue_day != files[i].day)))
			fail_msg("%s: day %d", files[i].hex,
			    (int)dg12.issue_day);
		test_bytes_free(&b);
	}
}

static void
every_prefix_is_malformed(void **state)
{
	struct test_bytes b = test_hex(files[0].hex);

	(void)state;
	for (size_t len = 0; len < b.len; len++) {
		struct emrtd_dg12 dg12;

		assert_int_equal(emrtd_dg12_parse(emrtd_bytes(b.ptr, len), NULL,
				     &dg12),
		    EMRTD_E_MALFORMED);
	}
	test_bytes_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_of_issue),
		cmocka_unit_test(every_prefix_is_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
