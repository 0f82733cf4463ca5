#include "core/oid.h"
#include "core/tlv.h"
#include "data.h"
#include "lds/security_info.h"
#include "test.h"
#include "vectors.h"

#include <stdarg.h>
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
		{ "04", 2, "0.4.0.127.0.7.2.2.4.1.2" },
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

/* Words of an array, in the form of tests/vectors/security_infos.txt. */
struct list {
	char text[512];
	size_t len;
};

static void put(struct list *list, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
put(struct list *list, const char *format, ...)
{
	va_list args;
	int n;

	if (list->len > 0)
		list->text[list->len++] = ',';
	va_start(args, format);
	n = vsnprintf(list->text + list->len, sizeof(list->text) - list->len,
	    format, args);
	va_end(args);
	assert_true(n >= 0 && (size_t)n < sizeof(list->text) - list->len);
	list->len += (size_t)n;
}

static const char *
id_text(bool has, uint32_t id, char text[16])
{
	(void)snprintf(text, 16, has ? "%u" : "-", id);
	return text;
}

static unsigned
arc(struct emrtd_bytes oid, size_t from_end)
{
	return oid.ptr[oid.len - from_end];
}

static void
check_list(const struct list *list, const char *want)
{
	assert_string_equal(list->len > 0 ? list->text : "-", want);
}

static void
check_infos(const struct emrtd_security_infos *infos, const struct vector *v)
{
	struct list pace = { 0 }, parameters = { 0 }, ca = { 0 }, keys = { 0 },
		    ta = { 0 }, aa = { 0 };
	char id[16], oid[EMRTD_OID_TEXT_CAP];

	assert_int_equal(infos->n_infos, strtoul(v->words[1], NULL, 10));
	assert_int_equal(infos->malformed, 0);
	for (size_t i = 0; i < infos->n_pace; i++)
		put(&pace, "%u.%u:%s", arc(infos->pace[i].oid, 2),
		    arc(infos->pace[i].oid, 1),
		    id_text(infos->pace[i].has_parameter_id,
			infos->pace[i].parameter_id, id));
	for (size_t i = 0; i < infos->n_pace_parameters; i++)
		put(&parameters, "%u:%s", arc(infos->pace_parameters[i].oid, 1),
		    id_text(infos->pace_parameters[i].has_parameter_id,
			infos->pace_parameters[i].parameter_id, id));
	for (size_t i = 0; i < infos->n_ca; i++)
		put(&ca, "%u.%u:%u:%s", arc(infos->ca[i].oid, 2),
		    arc(infos->ca[i].oid, 1), infos->ca[i].version,
		    id_text(infos->ca[i].has_key_id, infos->ca[i].key_id, id));
	for (size_t i = 0; i < infos->n_ca_keys; i++)
		put(&keys, "%u:%s", arc(infos->ca_keys[i].oid, 1),
		    id_text(infos->ca_keys[i].has_key_id,
			infos->ca_keys[i].key_id, id));
	for (size_t i = 0; i < infos->n_ta; i++)
		put(&ta, "%u", infos->ta[i].version);
	for (size_t i = 0; i < infos->n_aa; i++) {
		emrtd_oid_text(infos->aa[i].signature_algorithm, oid);
		put(&aa, "%s", oid);
	}
	check_list(&pace, v->words[2]);
	check_list(&parameters, v->words[3]);
	check_list(&ca, v->words[4]);
	check_list(&keys, v->words[5]);
	check_list(&ta, v->words[6]);
	check_list(&aa, v->words[7]);
}

static void
infos_of_chips(void **state)
{
	struct vectors *vectors = vectors_open(
	    "tests/vectors/security_infos.txt");
	struct vector v;

	(void)state;
	while (vectors_next(vectors, &v)) {
		struct test_bytes b = test_hex(v.words[0]);
		struct emrtd_security_infos infos;

		assert_int_equal(v.n_words, 8);
		assert_int_equal(emrtd_security_infos_parse(emrtd_bytes(b.ptr,
								b.len),
				     NULL, &infos),
		    EMRTD_OK);
		check_infos(&infos, &v);
		test_bytes_free(&b);
	}
	vectors_close(vectors);
}

#define BIT(kind) (1u << EMRTD_INFO_##kind)

static const struct {
	const char *hex;
	unsigned malformed;
	size_t n_pace, n_parameters, n_ca, n_keys, n_ta, n_aa;
} mixed[] = {
	/* one malformed of each kind beside a good PACEInfo */
	{ PACE_12 "300C060A04007F00070202040202", BIT(PACE), 1, 0, 0, 0, 0, 0 },
	{ PACE_12 "300E060904007F000702020402 020102", BIT(PACE_PARAMETERS), 1,
	    0, 0, 0, 0, 0 },
	{ PACE_12 "300F060A04007F00070202030202 0201FF", BIT(CA), 1, 0, 0, 0, 0,
	    0 },
	{ PACE_12 "300E060904007F000702020102 020101", BIT(CA_KEY), 1, 0, 0, 0,
	    0, 0 },
	{ PACE_12 "300A060804007F0007020202", BIT(TA), 1, 0, 0, 0, 0, 0 },
	{ PACE_12 "300B0606678108010105 020101", BIT(AA), 1, 0, 0, 0, 0, 0 },
	{ PACE_12 "300B060667810801010D 020101", BIT(EF_DIR), 1, 0, 0, 0, 0,
	    0 },
	/* trailing bytes within, a key id of five bytes, one below zero */
	{ "3014060A04007F00070202030202 020101 020101 0500", BIT(CA), 0, 0, 0,
	    0, 0, 0 },
	{ "3016060A04007F00070202030202 020101 02050100000000", BIT(CA), 0, 0,
	    0, 0, 0, 0 },
	{ "3012060A04007F00070202030202 020101 0201C3", BIT(CA), 0, 0, 0, 0, 0,
	    0 },
	{ "3013060A04007F00070202030202 020101 020200C3", 0, 0, 0, 1, 0, 0, 0 },
	/* explicit parameters, with and without id */
	{ "300D060904007F000702020402 3000 3010060904007F000702020402 3000 "
	  "02010A",
	    0, 0, 2, 0, 0, 0, 0 },
	/* an algorithm of Active Authentication */
	{ "30160606678108010105 020101 060904007F000701010401", 0, 0, 0, 0, 0,
	    0, 1 },
	/* the arcs of a state that has them wrong: 0.3.0.127 ... */
	{ "300F060903007F000702020102 3000 0500", 0, 0, 0, 0, 0, 0, 0 },
	/* id-PK with another type of key, and no arc more */
	{ "300D060904007F000702020103 3000 300C060804007F0007020201 3000", 0, 0,
	    0, 0, 0, 0, 0 },
};

static void
one_malformed_info_hides_no_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(mixed); i++) {
		struct test_bytes b = test_hex(mixed[i].hex);
		struct emrtd_security_infos infos;
		enum emrtd_error e = emrtd_security_infos_parse(
		    emrtd_bytes(b.ptr, b.len), NULL, &infos);

		if (e != EMRTD_OK || infos.malformed != mixed[i].malformed ||
		    infos.n_pace != mixed[i].n_pace ||
		    infos.n_pace_parameters != mixed[i].n_parameters ||
		    infos.n_ca != mixed[i].n_ca ||
		    infos.n_ca_keys != mixed[i].n_keys ||
		    infos.n_ta != mixed[i].n_ta ||
		    infos.n_aa != mixed[i].n_aa) {
			fail_msg("%s: %s, malformed %x", mixed[i].hex,
			    emrtd_error_name(e), infos.malformed);
		}
		test_bytes_free(&b);
	}
}

/* Where the certificates of Terminal Authentication are named. */
static void
file_of_terminal_authentication(void **state)
{
	static const struct {
		const char *hex;
		unsigned fid, sfi, malformed;
	} files[] = {
		{ TA_1, 0x011C, 0x1C, 0 },
		{ "3016060804007F0007020202 020101 3007 0402011A 04011A",
		    0x011A, 0x1A, 0 },
		{ "3013060804007F0007020202 020101 3004 0402011A", 0x011A, 0,
		    0 },
		{ "3014060804007F0007020202 020101 3005 040301011A", 0, 0,
		    BIT(TA) },
		{ "3017060804007F0007020202 020101 3008 0402011A 04021A1A", 0,
		    0, BIT(TA) },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(files); i++) {
		struct test_bytes b = test_hex(files[i].hex);
		struct emrtd_security_infos infos;

		assert_int_equal(emrtd_security_infos_parse(emrtd_bytes(b.ptr,
								b.len),
				     NULL, &infos),
		    EMRTD_OK);
		assert_int_equal(infos.malformed, files[i].malformed);
		assert_int_equal(infos.n_ta, files[i].malformed == 0);
		if (infos.n_ta == 1) {
			assert_int_equal(infos.ta[0].cvca_fid, files[i].fid);
			assert_int_equal(infos.ta[0].cvca_sfi, files[i].sfi);
		}
		test_bytes_free(&b);
	}
}

/* A PACEInfo that is usable opens the chip, whatever stands beside it. */
static void
card_access_with_one_malformed_info(void **state)
{
	struct test_bytes b = test_hex(
	    "3122" PACE_12 "300C060A04007F00070202040202");
	struct emrtd_card_access a;

	(void)state;
	assert_int_equal(parse(b, &a), EMRTD_OK);
	assert_int_equal(a.n_pace, 1);
	test_bytes_free(&b);
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
		cmocka_unit_test(infos_of_chips),
		cmocka_unit_test(one_malformed_info_hides_no_other),
		cmocka_unit_test(file_of_terminal_authentication),
		cmocka_unit_test(card_access_with_one_malformed_info),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
