/* DG3 and DG4: two fingers, two irises; units LDS_D and LDS_E. */
#include "lds/biometric_profile.h"
#include "profile_rows.h"
#include "test.h"

#include <string.h>

#define F(name) EMRTD_FINDING_FILE_##name

/* One WSQ image of four bytes; the second of raw pixels. */
static const char fingers[] =
    "63( 7F61( 020102 "
    "7F60( A1( 810108 820109 87020101 88020007 ) 5F2E( "
    "46495200 30313000 000000000032 0000001F 01 01 01F401F401F401F4 0802 0000 "
    "00000012 02010164 00 00020002 00 FFA0FFA1 ) ) "
    "7F60( A1( 0000 820105 8103000008 88020007 87020101 ) 5F2E( "
    "46495200 30313000 000000000032 0000001F 01 01 01F401F401F401F4 0800 0000 "
    "00000012 01010164 00 00020002 00 10203040 ) ) ) )";

static const struct profile_row finger_rows[] = {
	{ "LDS_D_02, LDS_D_16", NULL, NULL, 0, NO_FINDING },
	{ "LDS_D_01", "0802 0000", "0804 0000", 0, NO_FINDING },
	{ "LDS_D_04", "63(", "64(", 0, F(MALFORMED_DG3) },
	{ "LDS_D_05", NULL, NULL, -1, F(MALFORMED_DG3) },
	{ "LDS_D_06", NULL, NULL, 1, F(MALFORMED_DG3) },
	{ "LDS_D_07", "020102 7F60", "7F60", 0, F(MALFORMED_DG3) },
	{ "LDS_D_08", "820109 87020101", "820109 870201FF", 0,
	    F(BIOMETRIC_OWNER) },
	{ "LDS_D_09", "820109 87020101", "820109", 0, F(BIOMETRIC_OWNER) },
	{ "LDS_D_10", "88020007 )", "88020009 )", 0, F(BIOMETRIC_FORMAT) },
	{ "LDS_D_11", "88020007 )", ")", 0, F(BIOMETRIC_FORMAT) },
	{ "LDS_D_12", "820109", "8201FE", 0, F(BIOMETRIC_SUBTYPE) },
	{ "no hand", "820109", "820104", 0, F(BIOMETRIC_SUBTYPE) },
	{ "a sixth finger", "820109", "820119", 0, F(BIOMETRIC_SUBTYPE) },
	{ "which is not known", "820109", "820100", 0, NO_FINDING },
	{ "LDS_D_13", "820109", "", 0, F(BIOMETRIC_SUBTYPE) },
	{ "the type of irises", "810108", "810110", 0, F(BIOMETRIC_TYPE) },
	{ "LDS_D_14", "88020007 ) 5F2E( 46495200", "88020007 ) 5F2E( 50495200",
	    0, F(FINGER_FORMAT_ID) },
	{ "version 020", "88020007 ) 5F2E( 46495200 30313000",
	    "88020007 ) 5F2E( 46495200 30323000", 0, F(FINGER_VERSION) },
	{ "LDS_D_15", "87020101 ) 5F2E( ", "87020101 ) 5F2F( ", 0,
	    F(MALFORMED_DG3) },
	{ "an image too long", "00000012 02", "00000013 02", 0,
	    F(FINGER_RECORD) },
	{ "an image too short", "00000012 02", "00000011 02", 0,
	    F(FINGER_RECORD) },
	{ "an unknown compression", "0802 0000", "0806 0000", 0,
	    F(FINGER_RECORD) },
	{ "LDS_D_03, two of three", "020102", "020103", 0, F(BIOMETRIC_COUNT) },
	{ "one of two", "020102", "020101", 0, F(BIOMETRIC_COUNT) },
};

static const char irises[] =
    "76( 7F61( 020102 "
    "7F60( A1( 80020101 810110 820101 87020101 88020009 ) 5F2E( "
    "49495200 30313000 00000042 0000 01 002D 0000 0096 0010 00A30095 18 00 "
    "00000000000000000000000000000000 01 0001 000133 FFFF FFFF 00000007 "
    "FF4FFF51000102 ) ) "
    "7F60( A1( 810110 820102 88020009 87020101 ) 5F2E( "
    "49495200 30313000 0000003F 0000 01 002D 0000 0096 0002 00020002 08 00 "
    "00000000000000000000000000000000 02 0001 000133 FFFF FFFF 00000004 "
    "10203040 ) ) ) )";

static const struct profile_row iris_rows[] = {
	{ "LDS_E_01, LDS_E_02", NULL, NULL, 0, NO_FINDING },
	{ "LDS_E_03", "76(", "77(", 0, F(MALFORMED_DG4) },
	{ "LDS_E_04", NULL, NULL, -1, F(MALFORMED_DG4) },
	{ "LDS_E_05", NULL, NULL, 1, F(MALFORMED_DG4) },
	{ "LDS_E_06", "020102 7F60", "7F60", 0, F(MALFORMED_DG4) },
	{ "LDS_E_07", "820101 87020101", "820101 870201FF", 0,
	    F(BIOMETRIC_OWNER) },
	{ "LDS_E_08", "820101 87020101", "820101", 0, F(BIOMETRIC_OWNER) },
	{ "LDS_E_09", "88020009 )", "8802000F )", 0, F(BIOMETRIC_FORMAT) },
	{ "polar", "88020009 )", "8802000B )", 0, NO_FINDING },
	{ "LDS_E_10", "88020009 )", ")", 0, F(BIOMETRIC_FORMAT) },
	{ "LDS_E_11", "820101", "8201FE", 0, F(BIOMETRIC_SUBTYPE) },
	{ "both eyes", "820101", "820103", 0, F(BIOMETRIC_SUBTYPE) },
	{ "LDS_E_12", "820101", "", 0, F(BIOMETRIC_SUBTYPE) },
	{ "LDS_E_13", "88020009 ) 5F2E( 49495200", "88020009 ) 5F2E( 46495300",
	    0, F(IRIS_FORMAT_ID) },
	{ "version 020", "88020009 ) 5F2E( 49495200 30313000",
	    "88020009 ) 5F2E( 49495200 30323000", 0, F(IRIS_VERSION) },
	{ "LDS_E_14", "87020101 ) 5F2E( ", "87020101 ) 5F2F( ", 0,
	    F(MALFORMED_DG4) },
	{ "a record too long", "00000042", "00000043", 0, F(IRIS_RECORD) },
	{ "three eyes", "00000042 0000 01", "00000042 0000 03", 0,
	    F(IRIS_RECORD) },
	{ "an image too long", "00000007", "00000008", 0, F(IRIS_RECORD) },
};

static void
dg3(struct emrtd_bytes file, struct emrtd_findings *out)
{
	emrtd_biometric_profile(EMRTD_DG3, file, out);
}

static void
dg4(struct emrtd_bytes file, struct emrtd_findings *out)
{
	emrtd_biometric_profile(EMRTD_DG4, file, out);
}

static void
fingers_of_dg3(void **state)
{
	(void)state;
	run_profile_rows(fingers, finger_rows, N_ELEMENTS(finger_rows), dg3);
}

static void
irises_of_dg4(void **state)
{
	(void)state;
	run_profile_rows(irises, iris_rows, N_ELEMENTS(iris_rows), dg4);
}

/* Nothing, with something beside it so that the hash tells nothing. */
static void
empty_groups(void **state)
{
	static const struct profile_row rows[] = {
		{ "beside the group", NULL, NULL, 0, NO_FINDING },
		{ "inside the group", "020100 )", "020100 53( 1122 ) )", 0,
		    NO_FINDING },
		{ "with nothing", "53( 0102 )", "", 0, NO_FINDING },
		{ "one is stated", "020100", "020101", 0, NO_FINDING },
	};

	(void)state;
	run_profile_rows("63( 7F61( 020100 ) 53( 0102 ) )", rows, 3, dg3);
	run_profile_rows("76( 7F61( 020100 ) 53( 0102 ) )", rows, 3, dg4);
}

static void
samples(void **state)
{
	static const struct {
		const char *name;
		enum emrtd_file file;
	} cases[] = {
		{ "pki/lds_samples/bsi2008/Datagroup3.bin", EMRTD_DG3 },
		{ "pki/lds_samples/bsi2008/Datagroup4.bin", EMRTD_DG4 },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct test_bytes file = test_shared(cases[i].name);
		struct emrtd_findings found;

		memset(&found, 0, sizeof(found));
		emrtd_biometric_profile(cases[i].file,
		    emrtd_bytes(file.ptr, file.len), &found);
		assert_only_finding(&found, NO_FINDING, cases[i].name);
		test_bytes_free(&file);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fingers_of_dg3),
		cmocka_unit_test(irises_of_dg4),
		cmocka_unit_test(empty_groups),
		cmocka_unit_test(samples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
