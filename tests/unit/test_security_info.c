#include "core/oid.h"
#include "core/tlv.h"
#include "data.h"
#include "lds/security_info.h"
#include "test.h"
#include "vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum emrtd_error
parse(struct test_bytes b, struct emrtd_card_access *out)
{
	return emrtd_card_access_parse(emrtd_bytes(b.ptr, b.len), NULL, out);
}

struct access_case {
	const char *hex;
	enum emrtd_error want;
	size_t n_infos, n_pace;
	const char *oid; /* of the first PACEInfo */
	long parameter;  /* -1: none */
};

static const struct access_case cases[] = {
	{ "3114 3012060A 04007F00070202040202 020102 02010C", EMRTD_OK, 1, 1,
	    "0.4.0.127.0.7.2.2.4.2.2", 12 },
	/* filler after the file */
	{ "3114 3012060A 04007F00070202040202 020102 02010C FFFF", EMRTD_OK, 1,
	    1, "0.4.0.127.0.7.2.2.4.2.2", 12 },
	/* no parameter id */
	{ "3111 300F 060A 04007F00070202040204 020102", EMRTD_OK, 1, 1,
	    "0.4.0.127.0.7.2.2.4.2.4", -1 },
	/* unknown infos: Terminal Authentication, and one of unknown form */
	{ "311C300D060804007F0007020202020101300B06022A0304020102040103",
	    EMRTD_OK, 2, 0, NULL, 0 },
	/* PACEDomainParameterInfo is none; version 1 is another protocol */
	{ "3122300F060904007F00070202040230020500300F060A04007F0007020204020202"
	  "0101",
	    EMRTD_OK, 2, 0, NULL, 0 },
	{ "3100", EMRTD_OK, 0, 0, NULL, 0 },
	/* PACEInfo without version, with one more field, with a bad id */
	{ "310E 300C 060A 04007F00070202040202", EMRTD_E_MALFORMED, 0, 0, NULL,
	    0 },
	{ "3117 3015 060A 04007F00070202040202 020102 02010C 020100",
	    EMRTD_E_MALFORMED, 0, 0, NULL, 0 },
	{ "3114 3012 060A 04007F00070202040202 020102 0201FF",
	    EMRTD_E_MALFORMED, 0, 0, NULL, 0 },
	/* a member that is no SEQUENCE, or does not begin with an OID */
	{ "3102 0500", EMRTD_E_MALFORMED, 0, 0, NULL, 0 },
	{ "3104 30020500", EMRTD_E_MALFORMED, 0, 0, NULL, 0 },
	{ "", EMRTD_E_MALFORMED, 0, 0, NULL, 0 },
	{ "3000", EMRTD_E_MALFORMED, 0, 0, NULL, 0 },
	{ "3114 3012 060A 04007F00070202040202 020102 0201", EMRTD_E_MALFORMED,
	    0, 0, NULL, 0 },
};

static void
card_access(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct test_bytes b = test_hex(cases[i].hex);
		struct emrtd_card_access a;
		enum emrtd_error error = parse(b, &a);

		if (error != cases[i].want)
			fail_msg("%s: %s", cases[i].hex,
			    emrtd_error_name(error));
		if (error == EMRTD_OK) {
			assert_int_equal(a.n_infos, cases[i].n_infos);
			assert_int_equal(a.n_pace, cases[i].n_pace);
		}
		if (error == EMRTD_OK && a.n_pace > 0) {
			assert_true(emrtd_oid_is(a.pace[0].oid, cases[i].oid));
			assert_int_equal(a.pace[0].has_parameter_id,
			    cases[i].parameter >= 0);
			if (cases[i].parameter >= 0)
				assert_int_equal(a.pace[0].parameter_id,
				    cases[i].parameter);
		}
		test_bytes_free(&b);
	}
}

/* As many as there is room for, and one more. */
static void
too_many(void **state)
{
	struct test_bytes one = test_hex(
	    "3012060A04007F00070202040202 020102 02010C");
	uint8_t buf[4 + 17 * 20];

	(void)state;
	assert_int_equal(one.len, 20);
	for (size_t n = 16; n <= 17; n++) {
		struct test_bytes b = { buf, 4 + n * one.len };
		struct emrtd_card_access a;

		buf[0] = 0x31;
		buf[1] = 0x82;
		buf[2] = (uint8_t)(n * one.len >> 8);
		buf[3] = (uint8_t)(n * one.len);
		for (size_t i = 0; i < n; i++)
			memcpy(buf + 4 + i * one.len, one.ptr, one.len);
		assert_int_equal(parse(b, &a),
		    n == 16 ? EMRTD_OK : EMRTD_E_LIMIT);
	}
	test_bytes_free(&one);
}

/* "2.4:13": the last two arcs of the OID, and the parameter id. */
static void
assert_pace_info(const struct emrtd_pace_info *info, const char *text)
{
	char have[32];

	assert_int_equal(info->oid.len, 10);
	if (info->has_parameter_id)
		(void)snprintf(have, sizeof(have), "%u.%u:%u", info->oid.ptr[8],
		    info->oid.ptr[9], info->parameter_id);
	else
		(void)snprintf(have, sizeof(have), "%u.%u:-", info->oid.ptr[8],
		    info->oid.ptr[9]);
	assert_int_equal(strncmp(text, have, strlen(have)), 0);
	assert_non_null(strchr(",", text[strlen(have)]));
}

static void
files_of_cards(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/card_access.txt");
	struct vector v;

	(void)state;
	while (vectors_next(vectors, &v)) {
		struct test_bytes b = test_hex(v.words[0]);
		struct emrtd_card_access a;
		const char *at = v.words[2];
		size_t n = 0;

		assert_int_equal(v.n_words, 3);
		assert_int_equal(parse(b, &a), EMRTD_OK);
		assert_int_equal(a.n_infos, strtoul(v.words[1], NULL, 10));
		for (; at != NULL && strcmp(at, "-") != 0; n++) {
			assert_true(n < a.n_pace);
			assert_pace_info(&a.pace[n], at);
			at = strchr(at, ',');
			at = at != NULL ? at + 1 : NULL;
		}
		assert_int_equal(a.n_pace, n);
		test_bytes_free(&b);
	}
	vectors_close(vectors);
}

/* Files of the chips that somebody recorded: one PACEInfo at least in each. */
static void
recorded_files(void **state)
{
	static const struct {
		const char *folder;
		uint32_t parameter;
		const char *oid;
	} files[] = {
		{ "02", 13, "0.4.0.127.0.7.2.2.4.2.4" },
		{ "03", 12, "0.4.0.127.0.7.2.2.4.2.2" },
		{ "08", 16, "0.4.0.127.0.7.2.2.4.2.3" },
		{ "09", 12, "0.4.0.127.0.7.2.2.4.2.1" },
		{ "10", 13, "0.4.0.127.0.7.2.2.4.4.2" },
		{ "11", 13, "0.4.0.127.0.7.2.2.4.6.2" },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(files); i++) {
		struct emrtd_card_access a;
		struct test_bytes b;
		bool found = false;
		char name[64];

		(void)snprintf(name, sizeof(name),
		    "traces/files-%s/EF.CardAccess.bin", files[i].folder);
		b = test_shared(name);
		assert_int_equal(parse(b, &a), EMRTD_OK);
		for (size_t k = 0; k < a.n_pace; k++)
			found = found ||
				(emrtd_oid_is(a.pace[k].oid, files[i].oid) &&
				    a.pace[k].parameter_id ==
					files[i].parameter);
		if (!found)
			fail_msg("%s", name);
		test_bytes_free(&b);
	}
}

#define PACE_12 "3012060A04007F00070202040202 020102 02010C"
#define TA_1    "300D060804007F0007020202 020101"

static const struct {
	const char *hex;
	enum emrtd_error want;
	bool has_pace;
} dg14_cases[] = {
	{ "6E16 3114" PACE_12, EMRTD_OK, true },
	{ "6E11 310F" TA_1, EMRTD_OK, false },
	{ "6E25 3123" TA_1 PACE_12, EMRTD_OK, true },
	{ "6E16 3114" PACE_12 "0000", EMRTD_OK, true }, /* filler */
	{ "6E02 3100", EMRTD_OK, false },
	{ "6E04 3100 0500", EMRTD_E_MALFORMED, false },      /* after the SET */
	{ "6E04 3102 0500", EMRTD_E_MALFORMED, false },      /* no SEQUENCE */
	{ "6E06 3104 3002 0500", EMRTD_E_MALFORMED, false }, /* no OID */
	{ "6F02 3100", EMRTD_E_MALFORMED, false },           /* DG15 */
	{ "6E16 3114 3012060A04007F00070202040202 020102 0201",
	    EMRTD_E_MALFORMED, false },
	{ "", EMRTD_E_MALFORMED, false },
};

static void
dg14(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(dg14_cases); i++) {
		struct test_bytes b = test_hex(dg14_cases[i].hex);
		struct emrtd_bytes infos = emrtd_bytes(NULL, 0);

		assert_int_equal(emrtd_dg14_parse(emrtd_bytes(b.ptr, b.len),
				     NULL, &infos),
		    dg14_cases[i].want);
		assert_int_equal(emrtd_security_infos_have(infos,
				     "0.4.0.127.0.7.2.2.4"),
		    dg14_cases[i].has_pace);
		test_bytes_free(&b);
	}
}

static void
infos_contain_what_is_the_same_to_the_byte(void **state)
{
	struct test_bytes set = test_hex(TA_1 PACE_12);
	struct test_bytes same = test_hex(PACE_12);
	struct test_bytes other = test_hex(
	    "3012060A04007F00070202040202 020102 02010D");
	struct emrtd_bytes infos = emrtd_bytes(set.ptr, set.len);

	(void)state;
	assert_true(emrtd_security_infos_contain(infos,
	    emrtd_bytes(same.ptr, same.len)));
	assert_false(emrtd_security_infos_contain(infos,
	    emrtd_bytes(other.ptr, other.len)));
	assert_false(emrtd_security_infos_contain(emrtd_bytes(NULL, 0),
	    emrtd_bytes(same.ptr, same.len)));
	test_bytes_free(&set);
	test_bytes_free(&same);
	test_bytes_free(&other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dg14),
		cmocka_unit_test(infos_contain_what_is_the_same_to_the_byte),
		cmocka_unit_test(card_access),
		cmocka_unit_test(too_many),
		cmocka_unit_test(files_of_cards),
		cmocka_unit_test(recorded_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
