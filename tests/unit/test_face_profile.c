/* DG2: one face with one feature point, and unit LDS_C. */
#include "lds/biometric_profile.h"
#include "lds/record_profile.h"
#include "profile_rows.h"
#include "test.h"

#include <string.h>

#define F(name) EMRTD_FINDING_FILE_##name

static const char good[] =
    "75( 7F61( 020101 7F60( "
    "A1( 80020101 810102 820100 87020101 88020008 ) 5F2E( "
    "46414300 30313000 00000040 0001 "
    /* length, points; gender, eyes, hair; mask, expression; pose */
    "00000032 0001 010304 000000 0000 5BB52E 010259 "
    "0121000100020000 "
    /* types, size; colour space, source, device, quality */
    "0100 01900180 010200000000 "
    "FFD8FFE000104A464946 ) ) ) )";

static const struct profile_row rows[] = {
	{ "as it should be", NULL, NULL, 0, NO_FINDING },
	{ "LDS_C_01", "0100 01900180 010200000000 FFD8FFE000104A464946",
	    "0101 01900180 010200000000 FF4FFF5100104A464946", 0, NO_FINDING },
	{ "LDS_C_04", "75(", "76(", 0, F(MALFORMED_DG2) },
	{ "LDS_C_05", NULL, NULL, -1, F(MALFORMED_DG2) },
	{ "LDS_C_06", NULL, NULL, 1, F(MALFORMED_DG2) },
	{ "LDS_C_07", "020101 7F60", "7F60", 0, F(MALFORMED_DG2) },
	{ "LDS_C_08", "87020101", "870201FF", 0, F(BIOMETRIC_OWNER) },
	{ "LDS_C_09", "87020101", "", 0, F(BIOMETRIC_OWNER) },
	{ "LDS_C_10", "88020008", "88020009", 0, F(BIOMETRIC_FORMAT) },
	{ "LDS_C_11", "88020008", "", 0, F(BIOMETRIC_FORMAT) },
	/* Several biometrics at once. */
	{ "LDS_C_12", "810102", "810101", 0, F(BIOMETRIC_TYPE) },
	{ "LDS_C_13", "810102", "810108", 0, F(BIOMETRIC_TYPE) },
	{ "type of three bytes", "810102", "8103000002", 0, NO_FINDING },
	{ "no type", "810102", "", 0, NO_FINDING },
	{ "no subtype", "820100", "", 0, NO_FINDING },
	{ "LDS_C_14", "46414300", "46414400", 0, F(FACE_FORMAT_ID) },
	{ "LDS_C_15", "30313000", "30323000", 0, F(FACE_VERSION) },
	{ "LDS_C_16", "00000032", "0000002A", 0, F(FACE_LENGTH) },
	{ "LDS_C_16, too long", "00000032", "0000003A", 0, F(FACE_LENGTH) },
	{ "LDS_C_16, nothing", "00000032", "00000000", 0, F(FACE_LENGTH) },
	{ "record too long", "00000040", "00000041", 0, F(FACE_LENGTH) },
	{ "another face", "00000040 0001", "00000040 0002", 0, F(FACE_LENGTH) },
	{ "LDS_C_17", "010304", "030304", 0, F(FACE_GENDER) },
	{ "LDS_C_18", "010304", "010804", 0, F(FACE_EYE_COLOUR) },
	{ "LDS_C_19", "010304", "01030A", 0, F(FACE_HAIR_COLOUR) },
	{ "not known", "010304", "FFFFFF", 0, NO_FINDING },
	{ "not said", "010304", "000000", 0, NO_FINDING },
	{ "LDS_C_20", "5BB52E", "B6B52E", 0, F(FACE_POSE) },
	{ "LDS_C_21", "5BB52E", "5BB62E", 0, F(FACE_POSE) },
	{ "LDS_C_22", "5BB52E", "5BB5FF", 0, F(FACE_POSE) },
	{ "LDS_C_23", "010259", "B60259", 0, F(FACE_POSE_UNCERTAINTY) },
	{ "LDS_C_24", "010259", "01B659", 0, F(FACE_POSE_UNCERTAINTY) },
	{ "LDS_C_25", "010259", "0102FF", 0, F(FACE_POSE_UNCERTAINTY) },
	{ "LDS_C_26", "0100 0190", "0300 0190", 0, F(FACE_IMAGE_TYPE) },
	{ "token image", "0100 0190", "0200 0190", 0, NO_FINDING },
	{ "LDS_C_27", "0100 0190", "0102 0190", 0, F(FACE_DATA_TYPE) },
	{ "other image", "0100 0190", "0101 0190", 0, F(FACE_OTHER_IMAGE) },
	{ "LDS_C_28", "5F2E(", "5F2F(", 0, F(MALFORMED_DG2) },
	{ "two are stated", "020101 7F60", "020102 7F60", 0,
	    F(BIOMETRIC_COUNT) },
	{ "bytes behind", ") ) ) )", ") ) 0500 ) )", 0, F(MALFORMED_DG2) },
	{ "a header cut short", "810102", "8101", 0, F(BIOMETRIC_TYPE) },
};

static void
profile(struct emrtd_bytes file, struct emrtd_findings *out)
{
	emrtd_biometric_profile(EMRTD_DG2, file, out);
}

static void
faces(void **state)
{
	(void)state;
	run_profile_rows(good, rows, N_ELEMENTS(rows), profile);
}

/* ISO/IEC 39794-5: only what is around it is looked at. */
static void
faces_of_39794(void **state)
{
	static const char text[] = "75( 7F61( 020101 7F60( A1( 87020101 "
				   "8802002A ) 7F2E( A1( 65( 00 ) ) ) ) ) )";
	static const struct profile_row rows_39794[] = {
		{ "as it should be", NULL, NULL, 0, NO_FINDING },
		{ "type of 19794", "8802002A", "88020008", 0,
		    F(BIOMETRIC_FORMAT) },
		{ "block of 19794", "7F2E(", "5F2E(", 0, F(FACE_FORMAT_ID) },
	};

	(void)state;
	run_profile_rows(text, rows_39794, 2, profile);
}

/* Real ones: nothing is refused that issuers of samples write. */
static void
samples(void **state)
{
	static const char *const names[] = {
		"pki/lds_samples/bsi2008/Datagroup2.bin",
		"pki/lds_samples/iso39794/ICAO_39794_5_AP_DG2_AllFields.dat",
		"pki/lds_samples/iso39794/ICAO_39794_5_AP_DG2_MandFields.dat",
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(names); i++) {
		struct test_bytes file = test_shared(names[i]);
		struct emrtd_findings found;

		memset(&found, 0, sizeof(found));
		profile(emrtd_bytes(file.ptr, file.len), &found);
		assert_only_finding(&found, NO_FINDING, names[i]);
		test_bytes_free(&file);
	}
}

/*
 * Records alone: one states JPEG 2000 and has a JPEG, which is told and no
 * more; the other has an image that is none.
 */
static void
sample_records(void **state)
{
	static const struct {
		const char *name;
		enum emrtd_finding_id finding;
	} cases[] = {
		{ "pki/lds_samples/iso39794/ISO19794_Test1_Data.bin",
		    F(FACE_OTHER_IMAGE) },
		{ "pki/lds_samples/iso39794/"
		  "ISO19794_Test2_Data_InvalidImage.bin",
		    F(FACE_OTHER_IMAGE) },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct test_bytes file = test_shared(cases[i].name);
		struct emrtd_findings found;

		memset(&found, 0, sizeof(found));
		emrtd_face_profile(emrtd_bytes(file.ptr, file.len), &found);
		assert_only_finding(&found, cases[i].finding, cases[i].name);
		test_bytes_free(&file);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faces),
		cmocka_unit_test(faces_of_39794),
		cmocka_unit_test(samples),
		cmocka_unit_test(sample_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
