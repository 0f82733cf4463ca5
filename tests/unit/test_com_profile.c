/* EF.COM: unit LDS_A. */
#include "lds/com_profile.h"
#include "profile_rows.h"
#include "test.h"

#define F(name) EMRTD_FINDING_FILE_##name

static const char good[] =
    "60( 5F01( 30313037 ) 5F36( 303430303030 ) 5C( 6175 6E ) )";

static const struct profile_row rows[] = {
	{ "as it should be", NULL, NULL, 0, NO_FINDING },
	{ "LDS_A_01", "60(", "61(", 0, F(MALFORMED_COM) },
	{ "LDS_A_02", NULL, NULL, -1, F(MALFORMED_COM) },
	{ "LDS_A_03", NULL, NULL, 1, F(MALFORMED_COM) },
	{ "LDS_A_04", "30313037", "30333030", 0, F(COM_LDS_VERSION) },
	{ "a digit too few", "30313037", "313037", 0, F(COM_LDS_VERSION) },
	{ "LDS_A_05", "5F01( 30313037 )", "", 0, F(COM_LDS_VERSION) },
	{ "LDS_A_06", "303430303030", "303530303030", 0,
	    F(COM_UNICODE_VERSION) },
	{ "LDS_A_07", "5F36( 303430303030 )", "", 0, F(COM_UNICODE_VERSION) },
	{ "LDS_A_08", "6175", "75", 0, F(COM_MANDATORY_GROUPS) },
	{ "no DG2", "6175", "61", 0, F(COM_MANDATORY_GROUPS) },
	{ "LDS_A_09", "5C( 6175 6E )", "", 0, F(MALFORMED_COM) },
	{ "LDS_A_10", "30313037", "30313038", 0, NO_FINDING },
	{ "data group 17", "6175 6E", "6175 71", 0, F(COM_UNKNOWN_TAG) },
};

static void
profile(struct emrtd_bytes file, struct emrtd_findings *out)
{
	struct emrtd_com com;

	if (emrtd_com_parse(file, NULL, &com) == EMRTD_OK)
		emrtd_com_profile(&com, out);
	else
		emrtd_finding_add(out, F(MALFORMED_COM), NULL);
}

static void
index_of_files(void **state)
{
	(void)state;
	run_profile_rows(good, rows, N_ELEMENTS(rows), profile);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(index_of_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
