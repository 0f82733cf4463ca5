/*
 * emrtd/finding.h - deviations: where a document is not as the standards want
 * it, though nothing says that it is forged. Real documents of real states
 * deviate; a test laboratory wants each one to be refused. So they are found
 * once, and a policy says what they mean.
 */
#ifndef EMRTD_FINDING_H
#define EMRTD_FINDING_H

#include <emrtd/bytes.h>

#ifdef __cplusplus
extern "C" {
#endif

enum emrtd_policy {
	/* Deviations are told, and change no verdict. */
	EMRTD_POLICY_FIELD = 0,
	/*
	 * Those that BSI TR-03105 part 5.1 wants to be refused make the check
	 * pa.conformance fail, and with it the data.
	 */
	EMRTD_POLICY_STRICT
};
/* "field", "strict". */
EMRTD_API const char *emrtd_policy_name(enum emrtd_policy policy);
EMRTD_API bool emrtd_policy_by_name(const char *name, enum emrtd_policy *out);

/*
 * What a deviation means under EMRTD_POLICY_STRICT. Names and clauses are in
 * docs/CHECKS.md, too; 'tests' are the ids of TR-03105-5.1, parted by blanks.
 * Appended to within its group, never renamed.
 *
 * X(ID, name, clause, tests, STRICT, text)
 */
#define EMRTD_FINDINGS_SOD(X)                                                  \
	X(SOD_CONTENT_TYPE, "sod.content_type", "Doc 9303-10 4.6.2.2",         \
	    "LDS_H_24", FAILS,                                                 \
	    "EF.SOD has another content type than id-icao-mrtd-security-"      \
	    "ldsSecurityObject")                                               \
	X(SOD_NOT_DER, "sod.not_der", "Doc 9303-10 4.6.2.2", "", NOTES,        \
	    "EF.SOD is not in DER: lengths are indefinite or not minimal, or " \
	    "strings are in pieces")                                           \
	X(SOD_VERSION, "sod.version", "Doc 9303-10 4.6.2.2", "LDS_H_20",       \
	    FAILS, "SignedData of EF.SOD is not of version 3")                 \
	X(SOD_DIGEST_LIST, "sod.digest_list", "RFC 5652 5.1", "LDS_H_23",      \
	    FAILS,                                                             \
	    "the list of digest algorithms of EF.SOD lacks that of the "       \
	    "signer")                                                          \
	X(SOD_DIGEST_UNKNOWN, "sod.digest_unknown", "Doc 9303-12 4.1.6.4",     \
	    "LDS_H_22", FAILS,                                                 \
	    "the list of digest algorithms of EF.SOD has one that is not "     \
	    "permitted")                                                       \
	X(SOD_SIGNER_VERSION, "sod.signer_version", "RFC 5652 5.3",            \
	    "LDS_H_26 LDS_H_84 LDS_H_85", FAILS,                               \
	    "the version of SignerInfo in EF.SOD does not go with the kind "   \
	    "of its signer identifier")                                        \
	X(SOD_SIGNER_ID, "sod.signer_id", "RFC 5652 5.3", "LDS_H_28 LDS_H_29", \
	    FAILS,                                                             \
	    "the signer identifier of EF.SOD names another certificate than "  \
	    "the one that signed")                                             \
	X(SOD_NO_CERTIFICATE, "sod.no_certificate", "Doc 9303-10 4.6.2.2",     \
	    "LDS_H_15", NOTES,                                                 \
	    "EF.SOD leaves the certificate of its signer out")                 \
	X(SOD_SEVERAL_CERTIFICATES, "sod.several_certificates",                \
	    "Doc 9303-10 4.6.2.2", "", NOTES,                                  \
	    "EF.SOD has more certificates than that of its signer")            \
	X(SOD_CRLS, "sod.crls", "Doc 9303-10 4.6.2.2", "", NOTES,              \
	    "EF.SOD has revocation lists, which it should not")                \
	X(SOD_UNSIGNED_ATTRIBUTES, "sod.unsigned_attributes",                  \
	    "Doc 9303-10 4.6.2.2", "", NOTES,                                  \
	    "EF.SOD has unsigned attributes, which it should not")             \
	X(SOD_SIGNING_TIME, "sod.signing_time", "RFC 5652 11.3", "", NOTES,    \
	    "the signing time of EF.SOD is malformed, there twice, or no "     \
	    "UTCTime")                                                         \
	X(SOD_ATTRIBUTES_ORDER, "sod.attributes_order", "RFC 5652 5.3", "",    \
	    NOTES,                                                             \
	    "the signed attributes of EF.SOD are not in the order of DER")     \
	X(SOD_LDS_VERSION, "sod.lds_version", "Doc 9303-10 4.6.2.3",           \
	    "LDS_H_39", FAILS,                                                 \
	    "the LDS Security Object has an unknown version")                  \
	X(SOD_VERSION_INFO, "sod.version_info", "Doc 9303-10 4.6.2.3",         \
	    "LDS_H_87 LDS_H_88", FAILS,                                        \
	    "version of the LDS Security Object and version of the LDS do "    \
	    "not go together")                                                 \
	X(SOD_LATER_LDS, "sod.later_lds", "Doc 9303-10 4.6.2.1", "LDS_H_89",   \
	    NOTES, "EF.SOD names a later version of the LDS than 1.8")         \
	X(SOD_UNSORTED_HASHES, "sod.unsorted_hashes", "Doc 9303-10 4.6.2.3",   \
	    "", NOTES,                                                         \
	    "the hashes in EF.SOD are not in the order of their data groups")  \
	X(SOD_MANDATORY_HASHES, "sod.mandatory_hashes", "Doc 9303-10 4.1",     \
	    "LDS_H_44", FAILS,                                                 \
	    "EF.SOD has no hash of DG1 or DG2, which every document has")      \
	X(SOD_DIGEST_NULL, "sod.digest_null", "Doc 9303-10 4.6.2.3", "",       \
	    NOTES, "a digest algorithm in EF.SOD has the parameter NULL")      \
	X(SOD_SIGNATURE_PARAMETERS, "sod.signature_parameters",                \
	    "Doc 9303-10 4.6.2.3", "", NOTES,                                  \
	    "the signature algorithm of EF.SOD lacks the parameter NULL, or "  \
	    "has it where there should be none")                               \
	X(SOD_TWO_HASHES, "sod.two_hashes", "RFC 5652 5.4",                    \
	    "LDS_H_75 LDS_H_76", NOTES,                                        \
	    "EF.SOD is signed over another hash than its digest algorithm")    \
	X(SOD_MASK_HASH, "sod.mask_hash", "RFC 4055 3.1", "", NOTES,           \
	    "the signature of EF.SOD has another hash in its mask than in "    \
	    "its message")                                                     \
	X(SOD_SHA1, "sod.sha1", "Doc 9303-12 4.1.6.4",                         \
	    "LDS_H_01 LDS_H_02 LDS_H_08 LDS_H_09 LDS_H_10 LDS_H_79", NOTES,    \
	    "EF.SOD relies on SHA-1, which is not permitted any more")         \
	X(SOD_WEAK_KEY, "sod.weak_key", "Doc 9303-12 4.1.6", "", NOTES,        \
	    "the key that signed EF.SOD is weak: below 2048 bits, or 256 on "  \
	    "a curve")                                                         \
	X(SOD_ALGORITHM, "sod.algorithm", "Doc 9303-12 4.1.6",                 \
	    "LDS_H_30 LDS_H_36 LDS_H_41", FAILS,                               \
	    "EF.SOD relies on an algorithm that is not permitted")

#define EMRTD_FINDINGS_CERTIFICATE(X)                                          \
	X(DS_NO_AUTHORITY_KEY_ID, "ds.no_authority_key_id", "Doc 9303-12 7.1", \
	    "LDS_H_61", FAILS,                                                 \
	    "the Document Signer's certificate has no authority key "          \
	    "identifier")                                                      \
	X(DS_VERSION, "ds.version", "Doc 9303-12 7.1", "LDS_H_48 LDS_H_49",    \
	    FAILS, "the Document Signer's certificate is not of version 3")    \
	X(DS_SERIAL, "ds.serial", "Doc 9303-12 7.1", "", NOTES,                \
	    "the serial number of the Document Signer's certificate "          \
	    "is zero, negative, not minimal or longer than 20 octets")         \
	X(DS_NAME, "ds.name", "Doc 9303-12 7.1", "LDS_H_53", FAILS,            \
	    "a name in the Document Signer's certificate does not "            \
	    "follow the convention: country in two upper case "                \
	    "letters as PrintableString, common name")                         \
	X(DS_ISSUER, "ds.issuer", "Doc 9303-12 7.1", "LDS_H_54", FAILS,        \
	    "the Document Signer's certificate names another issuer "          \
	    "than the CSCA that signed it")                                    \
	X(DS_VALIDITY, "ds.validity", "Doc 9303-12 7.1", "LDS_H_56", FAILS,    \
	    "the dates of the Document Signer's certificate are not "          \
	    "UTCTime until 2049 and GeneralizedTime from 2050")                \
	X(DS_AUTHORITY_KEY_ID, "ds.authority_key_id", "Doc 9303-12 7.1",       \
	    "LDS_H_60", FAILS,                                                 \
	    "the authority key identifier of the Document Signer's "           \
	    "certificate has no key identifier")                               \
	X(DS_OTHER_KEY_ID, "ds.other_key_id", "Doc 9303-12 7.1", "", NOTES,    \
	    "the authority key identifier of the Document Signer's "           \
	    "certificate is not that of the CSCA's key")                       \
	X(DS_NO_KEY_USAGE, "ds.no_key_usage", "Doc 9303-12 7.1", "LDS_H_64",   \
	    FAILS, "the Document Signer's certificate has no key usage")       \
	X(DS_KEY_USAGE_NOT_CRITICAL, "ds.key_usage_not_critical",              \
	    "Doc 9303-12 7.1", "LDS_H_62", FAILS,                              \
	    "the key usage of the Document Signer's certificate is "           \
	    "not critical")                                                    \
	X(DS_KEY_USAGE_BITS, "ds.key_usage_bits", "Doc 9303-12 7.1", "",       \
	    NOTES,                                                             \
	    "the key usage of the Document Signer's certificate has "          \
	    "more than digital signature")                                     \
	X(DS_BASIC_CONSTRAINTS, "ds.basic_constraints", "Doc 9303-12 7.1", "", \
	    NOTES,                                                             \
	    "the Document Signer's certificate has basic "                     \
	    "constraints, which only a CA has")                                \
	X(DS_EXTENDED_KEY_USAGE, "ds.extended_key_usage", "Doc 9303-12 7.1",   \
	    "", NOTES,                                                         \
	    "the Document Signer's certificate has an extended key "           \
	    "usage")                                                           \
	X(DS_NO_KEY_PERIOD, "ds.no_key_period", "Doc 9303-12 7.1", "", NOTES,  \
	    "the Document Signer's certificate has no private key "            \
	    "usage period")                                                    \
	X(DS_NO_CRL_POINT, "ds.no_crl_point", "Doc 9303-12 7.1", "", NOTES,    \
	    "the Document Signer's certificate does not say where "            \
	    "its revocation list is")                                          \
	X(DS_NO_ALT_NAME, "ds.no_alt_name", "Doc 9303-12 7.1", "", NOTES,      \
	    "the Document Signer's certificate lacks alternative "             \
	    "names of subject or issuer")                                      \
	X(DS_NO_DOCUMENT_TYPES, "ds.no_document_types", "Doc 9303-12 7.1", "", \
	    NOTES,                                                             \
	    "the Document Signer's certificate does not list the "             \
	    "documents that it may sign")                                      \
	X(DS_UNIQUE_ID, "ds.unique_id", "Doc 9303-12 7.1", "", NOTES,          \
	    "the Document Signer's certificate has unique "                    \
	    "identifiers")                                                     \
	X(DS_SHA1, "ds.sha1", "Doc 9303-12 4.1.6.4", "", NOTES,                \
	    "the Document Signer's certificate is signed with SHA-1")          \
	X(DS_ISSUE_DATE, "ds.issue_date", "Doc 9303-12 4.1.1", "", NOTES,      \
	    "the document is dated outside the time in which its "             \
	    "signer's key was in use")                                         \
	X(CSCA_VERSION, "csca.version", "Doc 9303-12 7.1", "", NOTES,          \
	    "a CSCA certificate is not of version 3")                          \
	X(CSCA_SERIAL, "csca.serial", "Doc 9303-12 7.1", "", NOTES,            \
	    "the serial number of a CSCA certificate is zero, "                \
	    "negative, not minimal or longer than 20 octets")                  \
	X(CSCA_NAME, "csca.name", "Doc 9303-12 7.1", "", NOTES,                \
	    "a name in a CSCA certificate does not follow the "                \
	    "convention")                                                      \
	X(CSCA_VALIDITY, "csca.validity", "Doc 9303-12 7.1", "", NOTES,        \
	    "the dates of a CSCA certificate are not UTCTime until "           \
	    "2049 and GeneralizedTime from 2050")                              \
	X(CSCA_NO_SUBJECT_KEY_ID, "csca.no_subject_key_id", "Doc 9303-12 7.1", \
	    "", NOTES, "a CSCA certificate has no subject key identifier")     \
	X(CSCA_KEY_USAGE, "csca.key_usage", "Doc 9303-12 7.1", "", NOTES,      \
	    "the key usage of a CSCA certificate is absent, not "              \
	    "critical, or other than to sign certificates and lists")          \
	X(CSCA_BASIC_CONSTRAINTS, "csca.basic_constraints", "Doc 9303-12 7.1", \
	    "", NOTES,                                                         \
	    "the basic constraints of a CSCA certificate are absent, "         \
	    "not critical, or do not say CA with path length 0")               \
	X(CSCA_EXTENDED_KEY_USAGE, "csca.extended_key_usage",                  \
	    "Doc 9303-12 7.1", "", NOTES,                                      \
	    "a CSCA certificate has an extended key usage")                    \
	X(CSCA_NO_KEY_PERIOD, "csca.no_key_period", "Doc 9303-12 7.1", "",     \
	    NOTES, "a CSCA certificate has no private key usage period")       \
	X(CSCA_NO_CRL_POINT, "csca.no_crl_point", "Doc 9303-12 7.1", "",       \
	    NOTES,                                                             \
	    "a CSCA certificate does not say where its revocation "            \
	    "list is")                                                         \
	X(CSCA_NO_ALT_NAME, "csca.no_alt_name", "Doc 9303-12 7.1", "", NOTES,  \
	    "a CSCA certificate lacks alternative names of subject "           \
	    "or issuer")                                                       \
	X(CSCA_UNIQUE_ID, "csca.unique_id", "Doc 9303-12 7.1", "", NOTES,      \
	    "a CSCA certificate has unique identifiers")                       \
	X(CSCA_SUB_CA, "csca.sub_ca", "Doc 9303-12 3.1.1", "", NOTES,          \
	    "the signer is certified by a CA that is not the "                 \
	    "country's own")                                                   \
	X(CSCA_SHA1, "csca.sha1", "Doc 9303-12 4.1.6.4", "", NOTES,            \
	    "a CSCA certificate is signed with SHA-1")                         \
	X(CSCA_WEAK_KEY, "csca.weak_key", "Doc 9303-12 4.1.6", "", NOTES,      \
	    "a CSCA has a weak key: below 2048 bits, or 256 on a "             \
	    "curve")                                                           \
	X(CSCA_NO_NAME_CHANGE, "csca.no_name_change", "Doc 9303-12 7.1.1.5",   \
	    "", NOTES,                                                         \
	    "a link certificate under a new name does not say that the name "  \
	    "changed")                                                         \
	X(DS_ALGORITHM, "ds.algorithm", "Doc 9303-12 4.1.6", "LDS_H_65",       \
	    FAILS,                                                             \
	    "the Document Signer's certificate is signed with an algorithm "   \
	    "that is not permitted")

#define EMRTD_FINDINGS_FILE(X)                                                 \
	X(FILE_COM_SOD, "file.com_sod", "Doc 9303-10 4.6.1",                   \
	    "LDS_H_90 LDS_H_91 LDS_H_92", FAILS,                               \
	    "EF.COM and EF.SOD name different data groups")                    \
	X(FILE_MALFORMED_COM, "file.malformed_com", "Doc 9303-10 4.6.1",       \
	    "LDS_A_01 LDS_A_02 LDS_A_03 LDS_A_09", FAILS,                      \
	    "EF.COM is malformed")                                             \
	X(FILE_COM_LDS_VERSION, "file.com_lds_version", "Doc 9303-10 4.6.1",   \
	    "LDS_A_04 LDS_A_05", FAILS,                                        \
	    "EF.COM names no version of the LDS, or an unknown one")           \
	X(FILE_COM_UNICODE_VERSION, "file.com_unicode_version",                \
	    "Doc 9303-10 4.6.1", "LDS_A_06 LDS_A_07", FAILS,                   \
	    "EF.COM names no version of Unicode, or another than 4.0.0")       \
	X(FILE_COM_MANDATORY_GROUPS, "file.com_mandatory_groups",              \
	    "Doc 9303-10 4.1", "LDS_A_08", FAILS,                              \
	    "EF.COM does not list DG1 and DG2, which every document has")      \
	X(FILE_COM_UNKNOWN_TAG, "file.com_unknown_tag", "Doc 9303-10 4.6.1",   \
	    "", NOTES, "EF.COM lists a tag that is no data group")             \
	X(FILE_MALFORMED_DG1, "file.malformed_dg1", "Doc 9303-10 4.7.1",       \
	    "LDS_B_05 LDS_B_06 LDS_B_07 LDS_B_24", FAILS, "DG1 is malformed")  \
	X(FILE_DG1_DOCUMENT_CODE, "file.dg1_document_code", "Doc 9303-3 4.4",  \
	    "LDS_B_08", FAILS,                                                 \
	    "the document code in DG1 is none of a travel document")           \
	X(FILE_DG1_ISSUING_STATE, "file.dg1_issuing_state", "Doc 9303-3 5",    \
	    "LDS_B_09", FAILS,                                                 \
	    "the issuing state in DG1 is no code of letters")                  \
	X(FILE_DG1_NAME, "file.dg1_name", "Doc 9303-3 4.6", "LDS_B_10", FAILS, \
	    "the name in DG1 is void or malformed")                            \
	X(FILE_DG1_CHECK_DIGIT, "file.dg1_check_digit", "Doc 9303-3 4.9",      \
	    "LDS_B_13 LDS_B_17 LDS_B_21 LDS_B_22 LDS_B_23", FAILS,             \
	    "a check digit in DG1 is wrong")                                   \
	X(FILE_DG1_DOCUMENT_NUMBER, "file.dg1_document_number",                \
	    "Doc 9303-3 4.2.2", "", NOTES,                                     \
	    "the document number in DG1 is void or malformed")                 \
	X(FILE_DG1_NATIONALITY, "file.dg1_nationality", "Doc 9303-3 5",        \
	    "LDS_B_14", FAILS, "the nationality in DG1 is no code of letters") \
	X(FILE_DG1_DATE_OF_BIRTH, "file.dg1_date_of_birth", "Doc 9303-3 4.8",  \
	    "LDS_B_15 LDS_B_16", FAILS, "the date of birth in DG1 is no date") \
	X(FILE_DG1_SEX, "file.dg1_sex", "Doc 9303-4 4.2.2", "LDS_B_18", FAILS, \
	    "the sex in DG1 is none of F, M and <")                            \
	X(FILE_DG1_DATE_OF_EXPIRY, "file.dg1_date_of_expiry",                  \
	    "Doc 9303-3 4.8", "LDS_B_19 LDS_B_20", FAILS,                      \
	    "the date of expiry in DG1 is no date")                            \
	X(FILE_DG1_UNKNOWN_STATE, "file.dg1_unknown_state", "Doc 9303-3 5",    \
	    "", NOTES,                                                         \
	    "the issuing state or the nationality in DG1 is in no list of "    \
	    "codes that we know")                                              \
	X(FILE_MALFORMED_DG2, "file.malformed_dg2", "Doc 9303-10 4.7.2",       \
	    "LDS_C_04 LDS_C_05 LDS_C_06 LDS_C_07 LDS_C_28", FAILS,             \
	    "DG2 is malformed")                                                \
	X(FILE_MALFORMED_DG3, "file.malformed_dg3", "Doc 9303-10 4.7.3",       \
	    "LDS_D_04 LDS_D_05 LDS_D_06 LDS_D_07 LDS_D_15", FAILS,             \
	    "DG3 is malformed")                                                \
	X(FILE_MALFORMED_DG4, "file.malformed_dg4", "Doc 9303-10 4.7.4",       \
	    "LDS_E_03 LDS_E_04 LDS_E_05 LDS_E_06 LDS_E_14", FAILS,             \
	    "DG4 is malformed")                                                \
	X(FILE_BIOMETRIC_COUNT, "file.biometric_count", "Doc 9303-10 4.7.2",   \
	    "", NOTES,                                                         \
	    "the number of biometric templates is not the one that is stated") \
	X(FILE_BIOMETRIC_OWNER, "file.biometric_owner", "Doc 9303-10 4.7.2",   \
	    "LDS_C_08 LDS_C_09 LDS_D_08 LDS_D_09 LDS_E_07 LDS_E_08", FAILS,    \
	    "a biometric header names no format owner, or not ISO/IEC JTC "    \
	    "1/SC 37")                                                         \
	X(FILE_BIOMETRIC_FORMAT, "file.biometric_format", "Doc 9303-10 4.7.2", \
	    "LDS_C_10 LDS_C_11 LDS_D_10 LDS_D_11 LDS_E_09 LDS_E_10", FAILS,    \
	    "a biometric header names no format type, or one of another "      \
	    "biometric")                                                       \
	X(FILE_BIOMETRIC_TYPE, "file.biometric_type", "Doc 9303-10 4.7.2",     \
	    "LDS_C_12 LDS_C_13", FAILS,                                        \
	    "a biometric header names another biometric than the data group "  \
	    "has")                                                             \
	X(FILE_BIOMETRIC_SUBTYPE, "file.biometric_subtype",                    \
	    "Doc 9303-10 4.7.3", "LDS_D_12 LDS_D_13 LDS_E_11 LDS_E_12", FAILS, \
	    "a biometric header does not say which finger or which eye")       \
	X(FILE_FACE_FORMAT_ID, "file.face_format_id", "ISO/IEC 19794-5 5.4.1", \
	    "LDS_C_14", FAILS,                                                 \
	    "a facial record has another format identifier than FAC")          \
	X(FILE_FACE_VERSION, "file.face_version", "ISO/IEC 19794-5 5.4.2",     \
	    "LDS_C_15", FAILS, "a facial record has another version than 010") \
	X(FILE_FACE_LENGTH, "file.face_length", "ISO/IEC 19794-5 5.5.1",       \
	    "LDS_C_16", FAILS, "a length in a facial record is wrong")         \
	X(FILE_FACE_GENDER, "file.face_gender", "ISO/IEC 19794-5 5.5.3",       \
	    "LDS_C_17", FAILS,                                                 \
	    "the gender in a facial record is none of the standard's")         \
	X(FILE_FACE_EYE_COLOUR, "file.face_eye_colour",                        \
	    "ISO/IEC 19794-5 5.5.4", "LDS_C_18", FAILS,                        \
	    "the eye colour in a facial record is none of the standard's")     \
	X(FILE_FACE_HAIR_COLOUR, "file.face_hair_colour",                      \
	    "ISO/IEC 19794-5 5.5.5", "LDS_C_19", FAILS,                        \
	    "the hair colour in a facial record is none of the standard's")    \
	X(FILE_FACE_POSE, "file.face_pose", "ISO/IEC 19794-5 5.5.8",           \
	    "LDS_C_20 LDS_C_21 LDS_C_22", FAILS,                               \
	    "a pose angle in a facial record is out of range")                 \
	X(FILE_FACE_POSE_UNCERTAINTY, "file.face_pose_uncertainty",            \
	    "ISO/IEC 19794-5 5.5.9", "LDS_C_23 LDS_C_24 LDS_C_25", FAILS,      \
	    "the uncertainty of a pose angle in a facial record is out of "    \
	    "range")                                                           \
	X(FILE_FACE_IMAGE_TYPE, "file.face_image_type",                        \
	    "ISO/IEC 19794-5 5.7.1", "LDS_C_26", FAILS,                        \
	    "the face image type in a facial record is none of the "           \
	    "standard's")                                                      \
	X(FILE_FACE_DATA_TYPE, "file.face_data_type", "ISO/IEC 19794-5 5.7.2", \
	    "LDS_C_27", FAILS,                                                 \
	    "the image data type in a facial record is neither JPEG nor JPEG " \
	    "2000")                                                            \
	X(FILE_FACE_NO_IMAGE, "file.face_no_image", "Doc 9303-10 4.7.2",       \
	    "LDS_C_28", FAILS, "a facial record has no image")                 \
	X(FILE_FACE_OTHER_IMAGE, "file.face_other_image",                      \
	    "ISO/IEC 19794-5 5.7.2", "", NOTES,                                \
	    "a facial image is not of the format that its record states")      \
	X(FILE_FINGER_FORMAT_ID, "file.finger_format_id",                      \
	    "ISO/IEC 19794-4 7.1", "LDS_D_14", FAILS,                          \
	    "a finger record has another format identifier than FIR")          \
	X(FILE_FINGER_VERSION, "file.finger_version", "ISO/IEC 19794-4 7.1",   \
	    "", NOTES, "a finger record has another version than 010")         \
	X(FILE_FINGER_RECORD, "file.finger_record", "ISO/IEC 19794-4 7", "",   \
	    NOTES, "lengths, counts or codes in a finger record are wrong")    \
	X(FILE_IRIS_FORMAT_ID, "file.iris_format_id", "ISO/IEC 19794-6 6.5",   \
	    "LDS_E_13", FAILS,                                                 \
	    "an iris record has another format identifier than IIR")           \
	X(FILE_IRIS_VERSION, "file.iris_version", "ISO/IEC 19794-6 6.5", "",   \
	    NOTES, "an iris record has another version than 010")              \
	X(FILE_IRIS_RECORD, "file.iris_record", "ISO/IEC 19794-6 6.5", "",     \
	    NOTES, "lengths, counts or codes in an iris record are wrong")     \
	X(FILE_MALFORMED_DG, "file.malformed_dg", "Doc 9303-10 4.7", "",       \
	    FAILS,                                                             \
	    "a data group has another outer tag or length than its own")       \
	X(FILE_MALFORMED_DG14, "file.malformed_dg14", "Doc 9303-10 4.7.14",    \
	    "LDS_F_01 LDS_F_02 LDS_F_03 LDS_F_05 LDS_F_07", FAILS,             \
	    "DG14, or a SecurityInfo in it, is malformed")                     \
	X(FILE_DG14_CA_KEY_OID, "file.dg14_ca_key_oid", "Doc 9303-11 9.2.6",   \
	    "LDS_F_04", FAILS,                                                 \
	    "DG14 has a key for Chip Authentication of an unknown kind")       \
	X(FILE_DG14_CA_PROTOCOL, "file.dg14_ca_protocol", "Doc 9303-11 9.2.5", \
	    "LDS_F_04 LDS_F_05", FAILS,                                        \
	    "DG14 offers an unknown protocol of Chip "                         \
	    "Authentication, or a protocol without a key")                     \
	X(FILE_DG14_CA_VERSION, "file.dg14_ca_version", "Doc 9303-11 9.2.5",   \
	    "LDS_F_06", FAILS,                                                 \
	    "DG14 offers an unknown version of Chip Authentication")           \
	X(FILE_DG14_CA_NO_PROTOCOL, "file.dg14_ca_no_protocol",                \
	    "Doc 9303-11 9.2.5", "", NOTES,                                    \
	    "DG14 has a key for Chip Authentication, and no protocol for it")  \
	X(FILE_MALFORMED_DG15, "file.malformed_dg15", "Doc 9303-10 4.7.15",    \
	    "LDS_I_01 LDS_I_02 LDS_I_03", FAILS, "DG15 is malformed")          \
	X(FILE_MALFORMED_CVCA, "file.malformed_cvca", "BSI TR-03110-3 A.1.3",  \
	    "LDS_G_01", FAILS, "EF.CVCA is malformed")                         \
	X(FILE_CVCA_EMPTY, "file.cvca_empty", "BSI TR-03110-3 A.1.3",          \
	    "LDS_G_02", FAILS, "EF.CVCA names no certification authority")     \
	X(FILE_MALFORMED_CARD_ACCESS, "file.malformed_card_access",            \
	    "Doc 9303-11 9.2", "", FAILS, "EF.CardAccess is malformed")        \
	X(FILE_MALFORMED_ATR_INFO, "file.malformed_atr_info",                  \
	    "Doc 9303-10 3.11.1", "LDS_K_03", FAILS,                           \
	    "EF.ATR/INFO is malformed")                                        \
	X(FILE_ATR_INFO_LENGTHS, "file.atr_info_lengths",                      \
	    "Doc 9303-10 3.11.1", "LDS_K_04", FAILS,                           \
	    "EF.ATR/INFO does not state the lengths of commands and answers")

#define EMRTD_FINDINGS(X)             \
	EMRTD_FINDINGS_SOD(X)         \
	EMRTD_FINDINGS_CERTIFICATE(X) \
	EMRTD_FINDINGS_FILE(X)

enum emrtd_finding_id {
#define EMRTD_FINDING_ENUM(id, name, clause, tests, strict, text) \
	EMRTD_FINDING_##id,
	EMRTD_FINDINGS(EMRTD_FINDING_ENUM)
#undef EMRTD_FINDING_ENUM
	EMRTD_N_FINDINGS
};

enum emrtd_strictness {
	EMRTD_STRICT_NOTES = 0, /* told under either policy */
	EMRTD_STRICT_FAILS
};

/* A row of the static table; strings are never NULL. */
struct emrtd_finding_info {
	const char *name;   /* "sod.content_type" */
	const char *clause; /* of the standard */
	const char *tests;  /* of TR-03105-5.1; may be empty */
	const char *text;   /* a sentence without a full stop */
	enum emrtd_strictness strict;
};
EMRTD_API const struct emrtd_finding_info *emrtd_finding_info(
    enum emrtd_finding_id id);

#ifdef __cplusplus
}
#endif
#endif
