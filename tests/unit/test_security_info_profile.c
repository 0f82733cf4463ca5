/* DG14, EF.CVCA and EF.ATR/INFO: units LDS_F, LDS_G and LDS_K. */
#include "lds/atr_info.h"
#include "lds/cvca.h"
#include "lds/security_info_profile.h"
#include "profile_rows.h"
#include "test.h"

#define F(name) EMRTD_FINDING_FILE_##name

/* A key (id-PK-ECDH), its protocol (ECDH, 3DES) and Terminal Authentication. */
static const char dg14[] =
    "6E( 31( "
    "30( 06( 04007F00070202 0102 ) 30( 30( 06( 2A8648CE3D0201 ) ) 0300 ) ) "
    "30( 06( 04007F00070202 03 0201 ) 020101 ) "
    "30( 06( 04007F00070202 02 ) 0201 01 ) ) )";

static const struct profile_row dg14_rows[] = {
	{ "as it should be", NULL, NULL, 0, NO_FINDING },
	{ "LDS_F_01", "6E(", "6F(", 0, F(MALFORMED_DG14) },
	{ "LDS_F_02", NULL, NULL, -1, F(MALFORMED_DG14) },
	{ "LDS_F_03", NULL, NULL, 1, F(MALFORMED_DG14) },
	{ "LDS_F_04", "0102 )", "0103 )", 0, F(DG14_CA_KEY_OID) },
	{ "LDS_F_04, below a key", "0102 )", "010201 )", 0,
	    F(DG14_CA_KEY_OID) },
	{ "a cipher that there is not", "03 0201", "03 0205", 0,
	    F(DG14_CA_PROTOCOL) },
	{ "a kind that there is not", "03 0201", "03 0301", 0,
	    F(DG14_CA_PROTOCOL) },
	{ "LDS_F_05, no identifier of the key", "06( 04007F00070202 0102 )", "",
	    0, F(MALFORMED_DG14) },
	{ "LDS_F_05, no identifier of the protocol",
	    "06( 04007F00070202 03 0201 )", "", 0, F(MALFORMED_DG14) },
	{ "LDS_F_06", "0201 ) 020101", "0201 ) 02010A", 0, F(DG14_CA_VERSION) },
	{ "version 0", "0201 ) 020101", "0201 ) 020100", 0,
	    F(DG14_CA_VERSION) },
	{ "version 2", "0201 ) 020101", "0201 ) 020102", 0, NO_FINDING },
	{ "LDS_F_07", "0201 ) 020101", "0201 )", 0, F(MALFORMED_DG14) },
	{ "a key reference", "0201 ) 020101", "0201 ) 020101 020107", 0,
	    NO_FINDING },
	{ "no protocol", "30( 06( 04007F00070202 03 0201 ) 020101 )", "", 0,
	    F(DG14_CA_NO_PROTOCOL) },
	{ "no key",
	    "30( 06( 04007F00070202 0102 ) 30( 30( 06( 2A8648CE3D0201 ) ) 0300 "
	    ") )",
	    "", 0, F(DG14_CA_PROTOCOL) },
	{ "another kind of info", "02 ) 0201 01", "08 ) 0201 01", 0,
	    NO_FINDING },
};

static void
dg14_of_files(void **state)
{
	(void)state;
	run_profile_rows(dg14, dg14_rows, N_ELEMENTS(dg14_rows),
	    emrtd_dg14_profile);
}

/* "DETESTCVCA00001" and the one before it, in a file of 36 bytes. */
static const char cvca[] = "42( 444554455354435643413030303032 ) "
			   "42( 444554455354435643413030303031 ) 0000";

static const struct profile_row cvca_rows[] = {
	{ "two authorities", NULL, NULL, 0, NO_FINDING },
	{ "one", "42( 444554455354435643413030303031 )", "00000000", 0,
	    NO_FINDING },
	{ "LDS_G_01", "42( 444554455354435643413030303032 )",
	    "000F 444554455354435643413030303032", 0, F(MALFORMED_CVCA) },
	{ "another second tag", "42( 444554455354435643413030303031 )",
	    "43( 444554455354435643413030303031 )", 0, F(MALFORMED_CVCA) },
	{ "a third", "0000", "42( 444554455354435643413030303030 )", 0,
	    F(MALFORMED_CVCA) },
	{ "no zeros", "0000", "0001", 0, F(MALFORMED_CVCA) },
	{ "too long a name", "444554455354435643413030303032",
	    "4445544553544356434130303030323333", 0, F(MALFORMED_CVCA) },
	{ "too short a name", "444554455354435643413030303032", "444530303032",
	    0, F(MALFORMED_CVCA) },
	{ "no text", "444554455354435643413030303032",
	    "444554455354435643413030303000", 0, F(MALFORMED_CVCA) },
};

static void
cvca_of_chips(void **state)
{
	static const struct profile_row empty = { "LDS_G_02", NULL, NULL, 0,
		F(CVCA_EMPTY) };

	(void)state;
	run_profile_rows(cvca, cvca_rows, N_ELEMENTS(cvca_rows),
	    emrtd_cvca_profile);
	run_profile_rows("000000000000", &empty, 1, emrtd_cvca_profile);
}

static void
atr_info_of_chips(void **state)
{
	static const char text[] = "47( 000040 ) 7F66( 02020780 02020780 )";
	static const struct profile_row rows[] = {
		{ "LDS_K_01", NULL, NULL, 0, NO_FINDING },
		{ "LDS_K_02", "02020780 02020780", "0203000780 0203000780", 0,
		    NO_FINDING },
		{ "LDS_K_03", "02020780 02020780", "02020780", 0,
		    F(MALFORMED_ATR_INFO) },
		{ "LDS_K_04", "7F66", "7F65", 0, F(ATR_INFO_LENGTHS) },
		{ "and no capabilities", "47( 000040 ) 7F66", "7F65", 0,
		    F(ATR_INFO_LENGTHS) },
		{ "no extended length", "000040 ) 7F66", "000000 ) 7F65", 0,
		    NO_FINDING },
		{ "three lengths", "7F66( ", "7F66( 020101 ", 0,
		    F(MALFORMED_ATR_INFO) },
	};

	(void)state;
	run_profile_rows(text, rows, N_ELEMENTS(rows), emrtd_atr_info_profile);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dg14_of_files),
		cmocka_unit_test(cvca_of_chips),
		cmocka_unit_test(atr_info_of_chips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
