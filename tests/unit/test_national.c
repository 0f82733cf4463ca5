/*
 * National layouts: every specimen with every character exchanged for every
 * other one gets the verdict that docs/FORMATS.md says, by rules written here
 * a second time, column by column; and what these layouts do not have.
 */
#include "mrz_cases.h"
#include "mrz_rules.h"
#include "test.h"

#include <string.h>

#define FILE_NAME "tests/vectors/mrz_national.txt"

static bool
is_name(const char *at, size_t n, bool may_be_empty)
{
	return rule_made_of(at, n, LETTERS "<") &&
	       (may_be_empty || !rule_made_of(at, n, "<"));
}

/* Zones are given whole, one line after the other; at counts from 1. */
#define AT(zone, column) ((zone) + (column)-1)

static bool
is_fra_id(const char *zone)
{
	const char *lower = zone + 36;

	return memcmp(zone, "IDFRA", 5) == 0 && is_name(AT(zone, 6), 25, 0) &&
	       rule_made_of(AT(zone, 31), 6, LETTERS DIGITS "<") &&
	       rule_made_of(AT(lower, 1), 12, LETTERS DIGITS) &&
	       rule_digit_fits(AT(lower, 1), 12, *AT(lower, 13)) &&
	       is_name(AT(lower, 14), 14, true) &&
	       rule_is_date(AT(lower, 28), 1) &&
	       rule_digit_fits(AT(lower, 28), 6, *AT(lower, 34)) &&
	       rule_made_of(AT(lower, 35), 1, "MF<") &&
	       rule_digit_fits(zone, 71, *AT(lower, 36));
}

static bool
is_fra_dl(const char *zone)
{
	return memcmp(zone, "D1FRA", 5) == 0 &&
	       rule_made_of(AT(zone, 6), 9, LETTERS DIGITS) &&
	       rule_digit_fits(zone, 14, *AT(zone, 15)) &&
	       rule_is_date(AT(zone, 16), 0) &&
	       is_name(AT(zone, 22), 8, false) &&
	       rule_digit_fits(zone, 29, *AT(zone, 30));
}

static bool
is_nld_dl(const char *zone)
{
	return memcmp(zone, "D1NLD", 5) == 0 &&
	       rule_made_of(AT(zone, 6), 11, LETTERS DIGITS) &&
	       rule_digit_fits(zone, 29, *AT(zone, 30));
}

static bool
is_che_dl(const char *zone)
{
	const char *second = zone + 9, *third = zone + 39;

	return rule_made_of(AT(zone, 1), 3, LETTERS DIGITS) &&
	       rule_made_of(AT(zone, 4), 3, DIGITS) &&
	       rule_made_of(AT(zone, 7), 1, "DFIR") &&
	       rule_made_of(AT(zone, 8), 2, "<") &&
	       memcmp(second, "FACHE", 5) == 0 &&
	       rule_made_of(AT(second, 6), 12, DIGITS) &&
	       rule_made_of(AT(second, 18), 2, "<") &&
	       rule_is_date(AT(second, 20), true) &&
	       rule_made_of(AT(second, 26), 5, "<") &&
	       is_name(third, 30, false);
}

static bool
is_chn_eep(const char *zone)
{
	char all[24];

	memcpy(all, AT(zone, 3), 10);
	memcpy(all + 10, AT(zone, 14), 7);
	memcpy(all + 17, AT(zone, 22), 7);
	return zone[0] == 'C' && (zone[1] == 'S' || zone[1] == 'D') &&
	       rule_made_of(AT(zone, 3), 9, LETTERS DIGITS) &&
	       rule_digit_fits(AT(zone, 3), 9, *AT(zone, 12)) &&
	       *AT(zone, 13) == '<' && rule_is_date(AT(zone, 14), false) &&
	       rule_digit_fits(AT(zone, 14), 6, *AT(zone, 20)) &&
	       *AT(zone, 21) == '<' && rule_is_date(AT(zone, 22), true) &&
	       rule_digit_fits(AT(zone, 22), 6, *AT(zone, 28)) &&
	       *AT(zone, 29) == '<' && rule_digit_fits(all, 24, *AT(zone, 30));
}

struct rule {
	enum mrz_format format;
	size_t len;
	bool (*is_good)(const char *zone);
};

static const struct rule rules[] = {
	{ MRZ_FRA_ID, 72, is_fra_id },
	{ MRZ_FRA_DL, 30, is_fra_dl },
	{ MRZ_NLD_DL, 30, is_nld_dl },
	{ MRZ_CHE_DL, 69, is_che_dl },
	{ MRZ_CHN_EEP, 30, is_chn_eep },
};

static const struct rule *
rule_of(enum mrz_format format)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].format == format)
			return &rules[i];
	return NULL;
}

struct counts {
	unsigned accepted;
	unsigned rejected;
};

static void
judge(const struct rule *rule, const char *zone, struct counts *counts)
{
	struct mrz_options options = { sizeof(options), MRZ_TEST_TODAY };
	bool good = rule->is_good(zone);
	struct mrz_doc doc;
	enum mrz_error error = mrz_parse(zone, rule->len, &options, &doc);

	if ((doc.status == MRZ_ACCEPTED) != good ||
	    (good && doc.format != rule->format))
		fail_msg("%.*s: %s, %s", (int)rule->len, zone,
		    mrz_format_name(doc.format), mrz_status_name(doc.status));
	assert_int_equal(error == MRZ_OK, doc.format != MRZ_UNKNOWN);
	counts->accepted += good;
	counts->rejected += !good;
}

static void
every_substitution_gets_the_right_verdict(void **state)
{
	static const char all[] = LETTERS DIGITS "<az.?\x7f\xc3";
	struct vectors *vectors = vectors_open(FILE_NAME);
	struct counts counts = { 0, 0 };
	struct mrz_case c;

	(void)state;
	while (mrz_case_next(vectors, &c)) {
		const struct rule *rule = rule_of(c.format);
		char zone[MRZ_TEXT_CAP] = "";
		size_t len = 0;

		if (!c.accepted || rule == NULL)
			continue;
		for (const char *at = c.text; *at != '\0'; at++)
			if (*at != '\n')
				zone[len++] = *at;
		assert_int_equal(len, rule->len);
		for (size_t i = 0; i < len; i++) {
			char kept = zone[i];

			for (const char *to = all; *to != '\0'; to++) {
				zone[i] = *to;
				judge(rule, zone, &counts);
			}
			zone[i] = kept;
		}
	}
	vectors_close(vectors);
	assert_true(counts.accepted > 2000 && counts.rejected > 10000);
	print_message("%u accepted, %u rejected\n", counts.accepted,
	    counts.rejected);
}

/* Built from the fields that were read, they come out as they are. */
static void
specimens_come_back(void **state)
{
	struct vectors *vectors = vectors_open(FILE_NAME);
	struct mrz_case c;
	unsigned n = 0;

	(void)state;
	while (mrz_case_next(vectors, &c)) {
		char lines[MRZ_MAX_LINES][MRZ_LINE_CAP], birth[7];
		struct mrz_fields fields;
		struct mrz_doc doc;
		const char *at = c.text;

		if (!c.accepted)
			continue;
		mrz_parse_ok(c.text, strlen(c.text), &doc);
		mrz_fields_of(&doc, birth, &fields);
		if (!doc.fields[MRZ_F_DATE_OF_BIRTH].present)
			fields.text[MRZ_F_DATE_OF_BIRTH] = NULL;
		assert_int_equal(mrz_build(doc.format, &fields, lines, NULL),
		    MRZ_OK);
		for (unsigned i = 0; i < mrz_format_lines(doc.format); i++) {
			size_t len = strlen(lines[i]);

			assert_memory_equal(lines[i], at, len);
			at += len;
			at += *at == '\n';
		}
		assert_int_equal(*at, '\0');
		n++;
	}
	vectors_close(vectors);
	assert_true(n >= 14);
}

/* What a layout does not have is not there, and hinders nothing. */
static void
what_is_not_there_is_not_offered(void **state)
{
	static const char zone[] = "D1NLD15094962111659VW87Z78NB84";
	static const enum mrz_check_id without[] = { MRZ_C_BIRTH_DATE,
		MRZ_C_EXPIRY_DATE, MRZ_C_NATIONALITY, MRZ_C_NAME,
		MRZ_C_NAME_TRUNCATED, MRZ_C_EXPIRED };
	struct mrz_doc doc;

	(void)state;
	mrz_parse_ok(zone, sizeof(zone) - 1, &doc);
	assert_int_equal(doc.status, MRZ_ACCEPTED);
	assert_int_equal(doc.number_check_digit, '\0');
	for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++) {
		const struct mrz_check *check = mrz_doc_check(&doc, without[i]);

		assert_int_equal(check->verdict, MRZ_NOT_OFFERED);
		assert_int_equal(check->reason, MRZ_R_NO_SUCH_FIELD);
		assert_int_equal(check->place.line, 0);
	}
	assert_int_equal(mrz_doc_check(&doc, MRZ_C_NUMBER)->reason,
	    MRZ_R_NOT_IN_LAYOUT);
	assert_int_equal(mrz_doc_check(&doc, MRZ_C_PROOF)->verdict, MRZ_PASSED);
	assert_int_equal(mrz_doc_check(&doc, MRZ_C_DOCUMENT_CODE)->verdict,
	    MRZ_PASSED);
	assert_false(doc.fields[MRZ_F_SURNAME].present);
	assert_false(doc.fields[MRZ_F_GIVEN_NAMES].present);
	assert_false(doc.birth.valid || doc.expiry.valid);
	assert_int_equal(doc.fields[MRZ_F_DOCUMENT_NUMBER].verdict, MRZ_PASSED);
	assert_int_equal(doc.fields[MRZ_F_DOCUMENT_NUMBER].protection,
	    MRZ_BY_COMPOSITE | MRZ_BY_ALPHABET);
}

/* The French card's last digit covers names; the Swiss licence has none, and
 * a visa none that covers the others. */
static void
what_proves_a_zone(void **state)
{
	static const char fra[] = "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<\n"
				  "8806923102858CORINNE<<<<<<<6512068F6";
	static const char che[] = "ABC123D<<\nFACHE123456789001<<410624<<<<<\n"
				  "HUBER<<PETER<FRANZ<XAVER<<<<<<";
	static const char visa[] = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
				   "L8988901C4XXX4009078F9612109<<<<<<<<";
	struct mrz_doc doc;

	(void)state;
	mrz_parse_ok(fra, sizeof(fra) - 1, &doc);
	assert_int_equal(doc.fields[MRZ_F_SURNAME].verdict, MRZ_PASSED);
	assert_int_equal(doc.fields[MRZ_F_SEX].verdict, MRZ_PASSED);
	assert_int_equal(doc.candidates, 1u << MRZ_TD2 | 1u << MRZ_FRA_ID);
	mrz_parse_ok(che, sizeof(che) - 1, &doc);
	assert_int_equal(doc.status, MRZ_ACCEPTED);
	assert_int_equal(doc.candidates, 0);
	assert_int_equal(mrz_doc_check(&doc, MRZ_C_PROOF)->verdict,
	    MRZ_NOT_OFFERED);
	assert_int_equal(mrz_doc_check(&doc, MRZ_C_PROOF)->reason,
	    MRZ_R_NO_DIGITS);
	for (int i = 0; i < MRZ_N_FIELDS; i++)
		if (doc.fields[i].present)
			assert_int_equal(doc.fields[i].verdict,
			    MRZ_NOT_OFFERED);
	/* Digits, but none over the others. */
	mrz_parse_ok(visa, sizeof(visa) - 1, &doc);
	assert_int_equal(doc.status, MRZ_ACCEPTED);
	assert_int_equal(mrz_doc_check(&doc, MRZ_C_PROOF)->verdict,
	    MRZ_NOT_OFFERED);
	assert_int_equal(mrz_doc_check(&doc, MRZ_C_PROOF)->reason,
	    MRZ_R_NO_COMPOSITE);
}

/* A field of a form of its own that nothing was written into: its form says
 * what is wanted in the first place. */
static void
empty_fields_are_told_by_their_form(void **state)
{
	static const struct {
		const char *zone;
		enum mrz_reason reason;
		struct mrz_place place;
	} rows[] = {
		{ "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<\n"
		  "<<<<<<<<<<<<0CORINNE<<<<<<<6512068F6",
		    MRZ_R_FORM, { 2, 1, 1 } },
		{ "ABC123D<<\nFACHE<<<<<<<<<001<<410624<<<<<\n"
		  "HUBER<<PETER<FRANZ<XAVER<<<<<<",
		    MRZ_R_DIGIT_EXPECTED, { 2, 6, 1 } },
		{ "ABC123<<<\nFACHE123456789001<<410624<<<<<\n"
		  "HUBER<<PETER<FRANZ<XAVER<<<<<<",
		    MRZ_R_FORM, { 1, 7, 1 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct mrz_check *check;
		struct mrz_doc doc;

		mrz_parse_ok(rows[i].zone, strlen(rows[i].zone), &doc);
		check = mrz_doc_check(&doc, MRZ_C_CHARACTERS);
		assert_int_equal(doc.status, MRZ_REJECTED);
		assert_int_equal(check->verdict, MRZ_FAILED);
		assert_int_equal(check->reason, rows[i].reason);
		assert_memory_equal(&check->place, &rows[i].place,
		    sizeof(check->place));
	}
}

/* A key needs the three fields with a digit each: the Chinese permit has. */
static void
keys_where_there_are_three_digits(void **state)
{
	struct vectors *vectors = vectors_open(FILE_NAME);
	unsigned n = 0;
	struct mrz_case c;

	(void)state;
	while (mrz_case_next(vectors, &c)) {
		bool has = c.format == MRZ_CHN_EEP || c.format == MRZ_TD2;
		char info[MRZ_KEY_INFO_CAP];
		struct mrz_key keys[MRZ_MAX_KEYS];
		struct mrz_doc doc;
		size_t len;

		if (!c.accepted)
			continue;
		mrz_parse_ok(c.text, strlen(c.text), &doc);
		assert_int_equal(mrz_keys(&doc, NULL, 0, keys), has ? 1 : 0);
		assert_int_equal(mrz_key_info(&doc, info, sizeof(info), &len),
		    has ? MRZ_OK : MRZ_E_CHECK);
		n += has;
	}
	vectors_close(vectors);
	assert_true(n >= 4);
}

/* Doubt takes away acceptance, and never gives any back. */
static void
doubts_about_a_national_zone(void **state)
{
	static const struct mrz_doubt doubt = { 1, 30, 1, "4", { 50 } };
	char zone[] = "D1NLD15094962111659VW87Z78NB84";
	struct mrz_doc doc;

	(void)state;
	mrz_parse_ok(zone, sizeof(zone) - 1, &doc);
	mrz_doubt(&doc, &doubt, 1);
	assert_int_equal(doc.status, MRZ_UNCERTAIN);
	zone[29] = '5';
	mrz_parse_ok(zone, sizeof(zone) - 1, &doc);
	mrz_doubt(&doc, &doubt, 1);
	assert_int_equal(doc.status, MRZ_REJECTED);
}

struct refusal {
	enum mrz_format format;
	enum mrz_field_id field;
	const char *value;
	enum mrz_error error;
	enum mrz_reason reason;
	size_t offset;
};

static const struct refusal refusals[] = {
	{ MRZ_FRA_ID, MRZ_F_NATIONALITY, "FRA", MRZ_E_LENGTH,
	    MRZ_R_NO_SUCH_FIELD, 0 },
	{ MRZ_FRA_ID, MRZ_F_DATE_OF_EXPIRY, "320415", MRZ_E_LENGTH,
	    MRZ_R_NO_SUCH_FIELD, 0 },
	{ MRZ_FRA_ID, MRZ_F_DOCUMENT_CODE, "I", MRZ_E_CHARACTER, MRZ_R_HEAD,
	    0 },
	{ MRZ_FRA_ID, MRZ_F_ISSUING_STATE, "UTO", MRZ_E_CHARACTER, MRZ_R_HEAD,
	    0 },
	{ MRZ_FRA_ID, MRZ_F_DOCUMENT_NUMBER, "12345678901", MRZ_E_MISSING,
	    MRZ_R_EMPTY_FIELD, 11 },
	{ MRZ_FRA_ID, MRZ_F_DOCUMENT_NUMBER, "1234567890123", MRZ_E_LENGTH,
	    MRZ_R_TOO_LONG, 12 },
	{ MRZ_FRA_ID, MRZ_F_DOCUMENT_NUMBER, "12345<789012", MRZ_E_CHARACTER,
	    MRZ_R_FORM, 5 },
	{ MRZ_FRA_ID, MRZ_F_SURNAME, "", MRZ_E_MISSING, MRZ_R_EMPTY_FIELD, 0 },
	{ MRZ_FRA_DL, MRZ_F_GIVEN_NAMES, "ANNA", MRZ_E_LENGTH,
	    MRZ_R_NO_SUCH_FIELD, 0 },
	{ MRZ_NLD_DL, MRZ_F_SURNAME, "ERIKSSON", MRZ_E_LENGTH,
	    MRZ_R_NO_SUCH_FIELD, 0 },
	{ MRZ_CHE_DL, MRZ_F_LANGUAGE, "E", MRZ_E_CHARACTER, MRZ_R_FORM, 0 },
	{ MRZ_CHE_DL, MRZ_F_VERSION, "0I1", MRZ_E_CHARACTER,
	    MRZ_R_DIGIT_EXPECTED, 1 },
	{ MRZ_CHN_EEP, MRZ_F_DOCUMENT_CODE, "CT", MRZ_E_CHARACTER, MRZ_R_HEAD,
	    0 },
	{ MRZ_CHN_EEP, MRZ_F_ISSUING_STATE, "CHN", MRZ_E_LENGTH,
	    MRZ_R_NO_SUCH_FIELD, 0 },
};

/* Fields that the layout can hold, from the first specimen of it. */
static void
some_fields(enum mrz_format format, struct mrz_doc *doc, char birth[7],
    struct mrz_fields *fields)
{
	struct vectors *vectors = vectors_open(FILE_NAME);
	struct mrz_case c = { 0 };

	while (mrz_case_next(vectors, &c) && c.format != format)
		;
	assert_int_equal(c.format, format);
	mrz_parse_ok(c.text, strlen(c.text), doc);
	vectors_close(vectors);
	mrz_fields_of(doc, birth, fields);
	if (!doc->fields[MRZ_F_DATE_OF_BIRTH].present)
		fields->text[MRZ_F_DATE_OF_BIRTH] = NULL;
}

static void
what_cannot_be_encoded_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refusal *r = &refusals[i];
		char lines[MRZ_MAX_LINES][MRZ_LINE_CAP], birth[7];
		struct mrz_problem problem = { 0 };
		struct mrz_fields fields;
		struct mrz_doc doc;

		some_fields(r->format, &doc, birth, &fields);
		assert_int_equal(mrz_build(r->format, &fields, lines, NULL),
		    MRZ_OK);
		fields.text[r->field] = r->value;
		assert_int_equal(mrz_build(r->format, &fields, lines, &problem),
		    r->error);
		assert_int_equal(problem.field, r->field);
		assert_int_equal(problem.reason, r->reason);
		assert_int_equal(problem.offset, r->offset);
	}
}

/* Names are cut where their field ends, hyphens told from blanks. */
static void
names_of_the_french_card(void **state)
{
	static const struct {
		const char *surname, *given, *upper, *lower;
		uint32_t lost;
	} rows[] = {
		{ "Saint-Martin", "Jean-Luc Maries",
		    "IDFRASAINT<MARTIN<<<<<<<<<<<<<", "JEAN<LUC<<MARI", 2 },
		{ "O'Hara", "Anne", "IDFRAOHARA<<<<<<<<<<<<<<<<<<<<",
		    "ANNE<<<<<<<<<<", 0 },
		{ "Abcdefghijklmnopqrstuvwxyz", "",
		    "IDFRAABCDEFGHIJKLMNOPQRSTUVWXY", "<<<<<<<<<<<<<<", 1 },
		{ "Eriksson", "Christiane Nina",
		    "IDFRAERIKSSON<<<<<<<<<<<<<<<<<", "CHRISTIANE<<NI", 2 },
		/* One filler, where two would cut a letter. */
		{ "Eriksson", "Christiane Eva",
		    "IDFRAERIKSSON<<<<<<<<<<<<<<<<<", "CHRISTIANE<EVA", 0 },
		{ "Eriksson", "Bartholomeaus Nina",
		    "IDFRAERIKSSON<<<<<<<<<<<<<<<<<", "BARTHOLOMEAUS<", 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char lines[MRZ_MAX_LINES][MRZ_LINE_CAP], birth[7];
		struct mrz_name_fit fit = { .size = sizeof(fit) };
		struct mrz_fields fields;
		struct mrz_doc doc;

		some_fields(MRZ_FRA_ID, &doc, birth, &fields);
		fields.text[MRZ_F_SURNAME] = rows[i].surname;
		fields.text[MRZ_F_GIVEN_NAMES] = rows[i].given;
		assert_int_equal(mrz_build(MRZ_FRA_ID, &fields, lines, NULL),
		    MRZ_OK);
		assert_memory_equal(lines[0], rows[i].upper, 30);
		assert_memory_equal(lines[1] + 13, rows[i].lower, 14);
		assert_int_equal(mrz_name_fit(MRZ_FRA_ID, &fields, &fit, NULL),
		    MRZ_OK);
		assert_int_equal(fit.truncated, rows[i].lost > 0);
		assert_int_equal(fit.surname_letters_lost +
				     fit.given_letters_lost,
		    rows[i].lost);
	}
}

/* A letter at the end of either name: it may have been cut off there. */
static void
cut_names_are_told(void **state)
{
	static const struct {
		const char *surname, *given;
		uint32_t line, column; /* 0: not cut */
	} rows[] = {
		{ "ABCDEFGHIJKLMNOPQRSTUVWXY", "ANNA", 1, 30 },
		{ "ERIKSSON", "CHRISTIANE NINA", 2, 27 },
		{ "ERIKSSON", "ANNA", 1, 30 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char lines[MRZ_MAX_LINES][MRZ_LINE_CAP], birth[7];
		struct mrz_fields fields;
		struct mrz_doc doc, made;
		const struct mrz_check *check;
		char text[80];

		some_fields(MRZ_FRA_ID, &doc, birth, &fields);
		fields.text[MRZ_F_SURNAME] = rows[i].surname;
		fields.text[MRZ_F_GIVEN_NAMES] = rows[i].given;
		assert_int_equal(mrz_build(MRZ_FRA_ID, &fields, lines, NULL),
		    MRZ_OK);
		memcpy(text, lines[0], 36);
		memcpy(text + 36, lines[1], 36);
		mrz_parse_ok(text, 72, &made);
		check = mrz_doc_check(&made, MRZ_C_NAME_TRUNCATED);
		assert_int_equal(check->verdict,
		    i < 2 ? MRZ_UNDETERMINED : MRZ_PASSED);
		assert_int_equal(made.maybe_truncated, i < 2);
		assert_int_equal(check->place.line, rows[i].line);
		assert_int_equal(check->place.column, rows[i].column);
		assert_int_equal(mrz_doc_check(&made, MRZ_C_NAME)->verdict,
		    MRZ_PASSED);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_substitution_gets_the_right_verdict),
		cmocka_unit_test(specimens_come_back),
		cmocka_unit_test(what_is_not_there_is_not_offered),
		cmocka_unit_test(what_proves_a_zone),
		cmocka_unit_test(empty_fields_are_told_by_their_form),
		cmocka_unit_test(keys_where_there_are_three_digits),
		cmocka_unit_test(doubts_about_a_national_zone),
		cmocka_unit_test(what_cannot_be_encoded_is_refused),
		cmocka_unit_test(names_of_the_french_card),
		cmocka_unit_test(cut_names_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
