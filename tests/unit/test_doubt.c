/*
 * Doubts of a picture: the status, and the keys among them. What mrz_doubt
 * and mrz_keys say without trying every combination is held against trying
 * every combination through mrz_parse.
 */
#include "choices.h"
#include "mrz_cases.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define UPPER "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
#define LOWER "L898902C36UTO7408122F1204159ZE184226B<<<<<10"

static void
parse_plain(const char *text, struct mrz_doc *out)
{
	(void)!mrz_parse(text, strlen(text), NULL, out);
}

static const struct mrz_check *
reading(const struct mrz_doc *doc)
{
	const struct mrz_check *row = mrz_doc_check(doc, MRZ_C_READING);

	assert_non_null(row);
	return row;
}

static void
text_has_no_such_row(void **state)
{
	struct mrz_doc doc;

	(void)state;
	parse_plain(UPPER LOWER, &doc);
	assert_int_equal(doc.status, MRZ_ACCEPTED);
	assert_null(mrz_doc_check(&doc, MRZ_C_READING));
	parse_plain("HELLO", &doc);
	assert_null(mrz_doc_check(&doc, MRZ_C_READING));
}

static void
a_picture_without_doubt(void **state)
{
	struct mrz_doc doc;

	(void)state;
	parse_plain(UPPER LOWER, &doc);
	mrz_doubt(&doc, NULL, 0);
	assert_int_equal(doc.status, MRZ_ACCEPTED);
	assert_int_equal(reading(&doc)->verdict, MRZ_PASSED);
	assert_int_equal(reading(&doc)->place.line, 0);
	parse_plain("HELLO", &doc);
	mrz_doubt(&doc, NULL, 0);
	assert_int_equal(doc.status, MRZ_REJECTED);
	assert_int_equal(doc.n_checks, 2);
}

/* Accepted letters of which a picture is not sure are uncertain; the row
 * names the first of them, and is there once. */
static void
doubt_is_never_accepted(void **state)
{
	static const struct mrz_doubt doubts[] = {
		{ 2, 9, 1, "8", { 10 } },
		{ 1, 12, 1, "0", { 300 } },
		{ 1, 45, 1, "0", { 0 } }, /* outside */
		{ 2, 1, 1, "1", { 69 } },
	};
	struct mrz_doc doc;

	(void)state;
	for (int i = 0; i < 2; i++) {
		if (i == 0)
			parse_plain(UPPER LOWER, &doc);
		mrz_doubt(&doc, doubts, 4);
		assert_int_equal(doc.status, MRZ_UNCERTAIN);
		assert_int_equal(reading(&doc)->verdict, MRZ_UNDETERMINED);
		assert_int_equal(reading(&doc)->reason, MRZ_R_DOUBTFUL);
		assert_int_equal(reading(&doc)->place.line, 1);
		assert_int_equal(reading(&doc)->place.column, 12);
		assert_int_equal(reading(&doc)->place.length, 1);
		assert_int_equal(doc.n_checks, MRZ_C_READING + 1);
	}
}

/* O for 0, told as a doubt or not; a wrong place; a layout that does not fit.
 */
static void
rejected_may_become_uncertain(void **state)
{
	static const struct mrz_doubt right = { 2, 6, 1, "0", { 20 } };
	static const struct mrz_doubt wrong = { 2, 5, 1, "0", { 20 } };
	static const char misread[] = UPPER
	    "L8989O2C36UTO7408122F1204159ZE184226B<<<<<10";
	struct mrz_doc doc;

	(void)state;
	parse_plain(misread, &doc);
	assert_int_equal(doc.status, MRZ_REJECTED);
	mrz_doubt(&doc, &wrong, 1);
	assert_int_equal(doc.status, MRZ_REJECTED);
	mrz_doubt(&doc, &right, 1);
	assert_int_equal(doc.status, MRZ_UNCERTAIN);
	/* The fields stay as read. */
	assert_string_equal(doc.fields[MRZ_F_DOCUMENT_NUMBER].text,
	    "L8989O2C3");
	assert_int_equal(doc.fields[MRZ_F_DOCUMENT_NUMBER].verdict, MRZ_FAILED);
	parse_plain(UPPER "L8989O2C36UTO", &doc);
	mrz_doubt(&doc, &right, 1);
	assert_int_equal(doc.status, MRZ_REJECTED);
	assert_int_equal(reading(&doc)->verdict, MRZ_UNDETERMINED);
}

static void
assert_key(const struct mrz_key *key, const char *number, const char *birth,
    const char *expiry, int32_t cost)
{
	assert_string_equal(key->number, number);
	assert_string_equal(key->birth, birth);
	assert_string_equal(key->expiry, expiry);
	assert_int_equal(key->cost, cost);
}

static void
keys_of_a_text(void **state)
{
	struct mrz_key keys[MRZ_MAX_KEYS];
	char info[MRZ_KEY_INFO_CAP];
	struct mrz_doc doc;
	size_t len;

	(void)state;
	parse_plain(UPPER LOWER, &doc);
	assert_int_equal(mrz_keys(&doc, NULL, 0, keys), 1);
	assert_key(&keys[0], "L898902C3", "740812", "120415", 0);
	assert_int_equal(mrz_key_info_from_key(&keys[0], info, sizeof(info),
			     &len),
	    MRZ_OK);
	assert_string_equal(info, "L898902C3674081221204159");
	keys[0].number_digit = '\0';
	assert_int_equal(mrz_key_info_from_key(&keys[0], info, sizeof(info),
			     &len),
	    MRZ_OK);
	assert_string_equal(info, "L898902C3674081221204159");
	keys[0].number_digit = '<';
	assert_int_equal(mrz_key_info_from_key(&keys[0], info, sizeof(info),
			     &len),
	    MRZ_E_CHARACTER);
	parse_plain(UPPER "L898902C37UTO7408122F1204159ZE184226B<<<<<10", &doc);
	assert_int_equal(mrz_keys(&doc, NULL, 0, keys), 0);
	parse_plain("HELLO", &doc);
	assert_int_equal(mrz_keys(&doc, NULL, 0, keys), 0);
}

/* A doubtful or impossible name does not stand between a reader and the
 * chip, nor does the composite digit. */
static void
only_three_fields_make_keys(void **state)
{
	static const struct mrz_doubt doubts[] = {
		{ 1, 12, 2, "0D", { 10, 20 } }, { 2, 44, 1, "8", { 5 } },
		{ 2, 6, 2, "OD", { 30, 40 } }, /* neither verifies */
	};
	struct mrz_key keys[MRZ_MAX_KEYS];
	struct mrz_doc doc;

	(void)state;
	parse_plain("P<UTOERI7SSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
		    "L898902C36UTO7408122F1204159ZE184226B<<<<<11",
	    &doc);
	assert_int_equal(doc.status, MRZ_REJECTED);
	assert_int_equal(mrz_keys(&doc, doubts, 3, keys), 1);
	assert_key(&keys[0], "L898902C3", "740812", "120415", 0);
}

/* A Chinese permit has nine letters or digits, never a filler. */
static void
numbers_of_a_form_have_no_fillers(void **state)
{
	static const struct mrz_doubt doubts[] = {
		{ 1, 6, 1, "0", { 70 } },
	};
	struct mrz_key keys[MRZ_MAX_KEYS];
	struct mrz_doc doc;

	(void)state;
	parse_plain("CSM8B<1BOZK6<7602067<8503105<2", &doc);
	assert_int_equal(doc.format, MRZ_CHN_EEP);
	assert_int_equal(mrz_keys(&doc, NULL, 0, keys), 0);
	assert_int_equal(mrz_keys(&doc, doubts, 1, keys), 1);
	assert_key(&keys[0], "M8B01BOZK", "850310", "760206", 70);
}

/* Four readings of the number cost less than a second one of the birth. */
static void
cheap_keys_come_late(void **state)
{
	static const struct mrz_doubt doubts[] = {
		/* 3 * 1 more, less, and twice less: digits 9, 3, 0 */
		{ 2, 2, 3, "976", { 10, 20, 30 } },
		{ 2, 10, 3, "930", { 0, 0, 0 } },
		{ 2, 18, 1, "2", { 50 } },
		{ 2, 20, 1, "5", { 50 } },
	};
	struct mrz_key keys[MRZ_MAX_KEYS];
	struct mrz_doc doc;

	(void)state;
	parse_plain(UPPER LOWER, &doc);
	assert_int_equal(mrz_keys(&doc, doubts, 4, keys), 4);
	assert_key(&keys[0], "L898902C3", "740812", "120415", 0);
	assert_key(&keys[1], "L998902C3", "740812", "120415", 10);
	assert_key(&keys[2], "L798902C3", "740812", "120415", 20);
	assert_key(&keys[3], "L698902C3", "740812", "120415", 30);
}

/* The longest number fills the optional data but for its digit and a filler:
 * a doubt in its last place, and one in its first. */
static void
the_longest_number_may_be_doubtful(void **state)
{
	static const char good[] = "I<UTO123456789<01234567890129<\n"
				   "7408122F1204159UTO<<<<<<<<<<<0\n"
				   "ERIKSSON<<ANNA<MARIA<<<<<<<<<<";
	static const struct mrz_doubt doubts[] = {
		{ 1, 28, 1, "2", { 10 } },
		{ 1, 6, 1, "1", { 10 } },
	};
	static const size_t at[] = { 27, 5 };
	struct mrz_key keys[MRZ_MAX_KEYS];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct mrz_doc doc;
		char text[sizeof(good)];

		memcpy(text, good, sizeof(good));
		parse_plain(text, &doc);
		assert_int_equal(doc.status, MRZ_ACCEPTED);
		assert_int_equal(strlen(doc.fields[MRZ_F_DOCUMENT_NUMBER].text),
		    MRZ_MAX_NUMBER);
		text[at[i]] = '7';
		parse_plain(text, &doc);
		assert_int_equal(doc.status, MRZ_REJECTED);
		assert_int_equal(mrz_keys(&doc, &doubts[i], 1, keys), 1);
		assert_key(&keys[0], "1234567890123456789012", "740812",
		    "120415", 10);
		mrz_doubt(&doc, &doubts[i], 1);
		assert_int_equal(doc.status, MRZ_UNCERTAIN);
	}
}

/* The digit of a number can be misread, too: both values stay in play. */
static void
a_doubtful_digit(void **state)
{
	static const struct mrz_doubt doubts[] = {
		{ 2, 10, 1, "6", { 50 } },
		{ 2, 9, 1, "8", { 15 } }, /* 7 * 1 less: digit 1 */
	};
	struct mrz_key keys[MRZ_MAX_KEYS];
	struct mrz_doc doc;

	(void)state;
	parse_plain(UPPER "L898902C31UTO7408122F1204159ZE184226B<<<<<10", &doc);
	assert_int_equal(mrz_keys(&doc, doubts, 2, keys), 2);
	assert_key(&keys[0], "L898902C8", "740812", "120415", 15);
	assert_key(&keys[1], "L898902C3", "740812", "120415", 50);
}

/* Of readings that cost the same, the one read and the first alternatives stay
 * when there is no room for all; these five are one value to the digits. */
static void
equal_keys_stay_in_order(void **state)
{
	static const struct mrz_doubt doubts[] = {
		{ 2, 6, 4, "AKU<", { 0, 0, 0, 0 } },
	};
	struct mrz_key keys[MRZ_MAX_KEYS];
	struct mrz_doc doc;

	(void)state;
	parse_plain(UPPER LOWER, &doc);
	assert_int_equal(mrz_keys(&doc, doubts, 1, keys), MRZ_MAX_KEYS);
	assert_key(&keys[0], "L898902C3", "740812", "120415", 0);
	assert_key(&keys[1], "L8989A2C3", "740812", "120415", 0);
	assert_key(&keys[2], "L8989K2C3", "740812", "120415", 0);
	assert_key(&keys[3], "L8989U2C3", "740812", "120415", 0);
}

/* Cases that chance seldom meets. */
static const struct {
	const char *text;
	struct mrz_doubt doubt;
	enum mrz_status status;
	size_t n_keys;
} corners[] = {
	/* A long number without a rest: nine, a filler, the digit. */
	{ "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\n"
	  "D23145890<UTO3407127M95071227<<<<<<8",
	    { 2, 36, 4, "0246", { 0 } }, MRZ_REJECTED, 0 },
	{ "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\n"
	  "D23145890<UTO3407127M95071227<<<<<<8",
	    { 2, 36, 4, "1357", { 0 } }, MRZ_REJECTED, 0 },
	/* The filler at its end cannot be something else as well. */
	{ "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\n"
	  "D23145890<UTO3407127M95071227349<<<3",
	    { 2, 33, 1, "5", { 0 } }, MRZ_REJECTED, 1 },
	/* No number at all, with the digit of nothing. */
	{ UPPER "<<<<<<<<<0UTO7408122F1204159<<<<<<<<<<<<<<<8",
	    { 2, 44, 4, "0246", { 0 } }, MRZ_REJECTED, 0 },
	{ UPPER "<<<<<<<<<0UTO7408122F1204159<<<<<<<<<<<<<<<8",
	    { 2, 44, 4, "1357", { 0 } }, MRZ_REJECTED, 0 },
	/* Empty optional data with the digit 0 and with none. */
	{ UPPER "L898902C36UTO7408122F1204159<<<<<<<<<<<<<<O8",
	    { 2, 43, 1, "0", { 9 } }, MRZ_UNCERTAIN, 1 },
	{ UPPER "L898902C36UTO7408122F1204159<<<<<<<<<<<<<<K8",
	    { 2, 43, 1, "<", { 9 } }, MRZ_UNCERTAIN, 1 },
	{ UPPER "L898902C36UTO7408122F1204159<<<<<<<<<<<<<<O8",
	    { 2, 43, 1, "1", { 9 } }, MRZ_REJECTED, 1 },
	/* No name, and one that a doubt gives. */
	{ "P<UTO<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<\n" LOWER,
	    { 1, 2, 1, "E", { 9 } }, MRZ_REJECTED, 1 },
	{ "P<UTO<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<\n" LOWER,
	    { 1, 6, 1, "E", { 9 } }, MRZ_UNCERTAIN, 1 },
	/* A passport that only a V would make legal is no visa. */
	{ "1<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n" LOWER,
	    { 1, 1, 1, "V", { 9 } }, MRZ_REJECTED, 1 },
	{ "1<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n" LOWER,
	    { 1, 1, 1, "P", { 9 } }, MRZ_UNCERTAIN, 1 },
	/* No visa has three lines: a card may begin with a V. */
	{ "V<UTOD231458907<<<<<<<<<<<<<<<\n"
	  "74O8122F1204159UTO<<<<<<<<<<<6\n"
	  "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
	    { 2, 3, 1, "0", { 9 } }, MRZ_UNCERTAIN, 1 },
};

static void
corner_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(corners) / sizeof(corners[0]); i++) {
		struct mrz_key keys[MRZ_MAX_KEYS];
		struct mrz_doc doc;

		parse_plain(corners[i].text, &doc);
		assert_int_equal(doc.status, MRZ_REJECTED);
		mrz_doubt(&doc, &corners[i].doubt, 1);
		if (doc.status != corners[i].status)
			fail_msg("corner %zu: %s", i,
			    mrz_status_name(doc.status));
		assert_int_equal(mrz_keys(&doc, &corners[i].doubt, 1, keys),
		    corners[i].n_keys);
	}
}

/* ---- Against every combination ---------------------------------------- */

static uint32_t seed = 20261123;

static uint32_t
any(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)seed * below) >> 32);
}

static char
any_of(const char *letters)
{
	return letters[any((uint32_t)strlen(letters))];
}

struct zone_text {
	enum mrz_format format;
	unsigned n_lines, len;
	char at[MRZ_MAX_LINES][MRZ_LINE_CAP];
};

static void
parse_zone(const struct zone_text *zone, struct mrz_doc *out)
{
	char text[MRZ_MAX_LINES * MRZ_LINE_CAP];
	size_t used = 0;

	for (unsigned i = 0; i < zone->n_lines; i++) {
		memcpy(text + used, zone->at[i], zone->len);
		used += zone->len;
		text[used++] = '\n';
	}
	(void)!mrz_parse(text, used, NULL, out);
}

static void
any_text(char *out, size_t len, const char *letters)
{
	for (size_t i = 0; i < len; i++)
		out[i] = any_of(letters);
	out[len] = '\0';
}

/* Some issuers count the filler: the digit of a long number by their rule,
 * and the composite digit that goes with it. */
static void
count_filler(struct zone_text *zone)
{
	struct mrz_doc doc;
	const struct mrz_check *check;
	char counted[MRZ_NUMBER_CAP + 1];
	const char *number;

	parse_zone(zone, &doc);
	if (doc.number_rule != MRZ_NUMBER_LONG)
		return;
	number = doc.fields[MRZ_F_DOCUMENT_NUMBER].text;
	memcpy(counted, number, 9);
	counted[9] = '<';
	memcpy(counted + 10, number + 9, strlen(number + 9) + 1);
	check = mrz_doc_check(&doc, MRZ_C_NUMBER);
	zone->at[check->place.line - 1][check->place.column - 1] =
	    mrz_check_digit(counted, strlen(counted));
	parse_zone(zone, &doc);
	check = mrz_doc_check(&doc, MRZ_C_COMPOSITE);
	zone->at[check->place.line - 1][check->place.column - 1] =
	    check->computed;
	parse_zone(zone, &doc);
	assert_int_equal(doc.status, MRZ_ACCEPTED);
}

static void
any_zone(struct zone_text *zone)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	struct mrz_fields fields = { .size = sizeof(fields) };
	char number[MRZ_NUMBER_CAP], optional[8], birth[32];
	bool may_be_long;

	zone->format = (enum mrz_format)(1 + any(MRZ_MRVB));
	zone->n_lines = mrz_format_lines(zone->format);
	zone->len = mrz_format_line_len(zone->format);
	may_be_long = zone->format == MRZ_TD1 || zone->format == MRZ_TD2;
	any_text(number, 5 + any(may_be_long ? 9 : 5), alphabet);
	any_text(optional, strlen(number) > 9 ? 0 : any(7), alphabet);
	snprintf(birth, sizeof(birth), "%02u", any(100));
	snprintf(birth + 2, sizeof(birth) - 2, "%02u", 1 + any(12));
	snprintf(birth + 4, sizeof(birth) - 4, "%02u", 1 + any(28));
	if (any(8) == 0)
		memcpy(birth + 4, "<<", 2);
	fields.text[MRZ_F_DOCUMENT_CODE] = zone->format == MRZ_MRVA ||
						   zone->format == MRZ_MRVB
					       ? "V"
					       : "I";
	fields.text[MRZ_F_ISSUING_STATE] = "UTO";
	fields.text[MRZ_F_NATIONALITY] = "D";
	fields.text[MRZ_F_SURNAME] = "OBSIGZ";
	fields.text[MRZ_F_GIVEN_NAMES] = "ILLO";
	fields.text[MRZ_F_DOCUMENT_NUMBER] = number;
	fields.text[MRZ_F_DATE_OF_BIRTH] = birth;
	fields.text[MRZ_F_DATE_OF_EXPIRY] = "281130";
	fields.text[MRZ_F_SEX] = "F";
	fields.text[MRZ_F_OPTIONAL_DATA] = optional;
	assert_int_equal(mrz_build(zone->format, &fields, zone->at, NULL),
	    MRZ_OK);
	if (any(2) == 0)
		count_filler(zone);
}

#define MAX_PLACES 5

/* Places, each with what was read there first and its alternatives. */
struct misreading {
	struct mrz_doubt doubts[MRZ_MAX_DOUBTS];
	char read[MAX_PLACES];
	size_t n;
};

/* Rather where it matters: numbers, dates, digits, and what may be the rest
 * of a long number. */
static void
any_place(const struct zone_text *zone, uint8_t *line, uint8_t *column)
{
	static const enum mrz_field_id ids[] = { MRZ_F_DOCUMENT_NUMBER,
		MRZ_F_DATE_OF_BIRTH, MRZ_F_DATE_OF_EXPIRY, MRZ_F_OPTIONAL_DATA,
		MRZ_F_OPTIONAL_DATA };
	const struct layout *layout = mrz_layout_find(zone->format);
	struct span span = layout->fields[ids[any(5)]];

	if (any(3) == 0)
		span = layout->digits[any(N_DIGITS)].at;
	if (span.length == 0 || any(6) == 0) {
		*line = (uint8_t)(1 + any(zone->n_lines));
		*column = (uint8_t)(1 + any(zone->len));
		return;
	}
	/* Its beginning, or anywhere in it. */
	*line = (uint8_t)(1 + span.line);
	*column = (uint8_t)(1 + span.column +
			    any(any(2) == 0 && span.length > 5 ? 5
							       : span.length));
}

/* Misread some places; the true letter is often among the alternatives. */
static void
misread(struct zone_text *zone, struct misreading *m)
{
	size_t n = 1 + any(MAX_PLACES);

	memset(m, 0, sizeof(*m));
	while (m->n < n) {
		struct mrz_doubt *d = &m->doubts[m->n];
		uint8_t line = 0, column = 0;
		char *at;
		bool again = false;

		any_place(zone, &line, &column);
		for (size_t i = 0; i < m->n; i++)
			again |= m->doubts[i].line == line &&
				 m->doubts[i].column == column;
		if (again)
			continue;
		at = &zone->at[line - 1][column - 1];
		d->line = line;
		d->column = column;
		d->n = 2;
		d->text[0] = any(4) > 0 ? *at : any_of("0O1I<");
		d->text[1] = any_of("0O1I2Z5S8BV<3467");
		d->cost[0] = (int16_t)any(40);
		d->cost[1] = (int16_t)(d->cost[0] + any(40));
		if (any(3) > 0)
			*at = any_of("0O1I2Z5S8BDQK?");
		m->read[m->n++] = *at;
	}
}

/* What trying everything gives. */
struct tried {
	bool any_accepted;
	size_t n;
	struct mrz_key keys[243];
};

static bool
same_key(const struct mrz_key *a, const struct mrz_key *b)
{
	return strcmp(a->number, b->number) == 0 &&
	       strcmp(a->birth, b->birth) == 0 &&
	       strcmp(a->expiry, b->expiry) == 0 &&
	       a->number_digit == b->number_digit;
}

static void
note_key(struct tried *tried, const struct mrz_doc *doc, int32_t cost)
{
	const struct mrz_field *f = doc->fields;
	struct mrz_key key = { .birth = "<<<<<<", .cost = cost };
	const char *birth = f[MRZ_F_DATE_OF_BIRTH].text;

	if (f[MRZ_F_DOCUMENT_NUMBER].verdict != MRZ_PASSED ||
	    f[MRZ_F_DATE_OF_BIRTH].verdict != MRZ_PASSED ||
	    f[MRZ_F_DATE_OF_EXPIRY].verdict != MRZ_PASSED)
		return;
	strcpy(key.number, f[MRZ_F_DOCUMENT_NUMBER].text);
	strcpy(key.expiry, f[MRZ_F_DATE_OF_EXPIRY].text);
	memcpy(key.birth, birth, strlen(birth));
	key.number_digit = doc->number_check_digit;
	for (size_t i = 0; i < tried->n; i++) {
		if (!same_key(&tried->keys[i], &key))
			continue;
		if (cost < tried->keys[i].cost)
			tried->keys[i].cost = cost;
		return;
	}
	tried->keys[tried->n++] = key;
}

static void
try_everything(const struct zone_text *zone, const struct misreading *m,
    struct tried *tried)
{
	struct zone_text copy = *zone;
	size_t n = 1;

	memset(tried, 0, sizeof(*tried));
	for (size_t i = 0; i < m->n; i++)
		n *= 3;
	for (size_t k = 0; k < n; k++) {
		struct mrz_doc doc;
		size_t digits = k;
		int32_t cost = 0;

		for (size_t i = 0; i < m->n; i++, digits /= 3) {
			const struct mrz_doubt *d = &m->doubts[i];
			size_t c = digits % 3;

			copy.at[d->line - 1][d->column - 1] =
			    c == 0 ? m->read[i] : d->text[c - 1];
			cost += c == 0 ? 0 : d->cost[c - 1];
		}
		parse_zone(&copy, &doc);
		if (doc.format != zone->format)
			continue;
		tried->any_accepted |= doc.status == MRZ_ACCEPTED;
		note_key(tried, &doc, cost);
	}
}

static int
by_cost(const void *a, const void *b)
{
	const struct mrz_key *x = a, *y = b;

	return (x->cost > y->cost) - (x->cost < y->cost);
}

static void
assert_cheapest(struct tried *tried, const struct mrz_key *keys, size_t n)
{
	assert_int_equal(n, tried->n < MRZ_MAX_KEYS ? tried->n : MRZ_MAX_KEYS);
	qsort(tried->keys, tried->n, sizeof(*keys), by_cost);
	for (size_t i = 0; i < n; i++) {
		bool found = false;

		assert_int_equal(keys[i].cost, tried->keys[i].cost);
		for (size_t k = 0; k < tried->n; k++)
			found |= same_key(&keys[i], &tried->keys[k]) &&
				 keys[i].cost == tried->keys[k].cost;
		assert_true(found);
		for (size_t k = 0; k < i; k++)
			assert_false(same_key(&keys[i], &keys[k]));
	}
}

static void
as_if_everything_were_tried(void **state)
{
	unsigned n_uncertain = 0, n_rejected = 0, n_several = 0, n_long = 0;
	static struct tried tried;

	(void)state;
	for (int i = 0; i < 4000; i++) {
		struct zone_text zone;
		struct misreading m;
		struct mrz_key keys[MRZ_MAX_KEYS];
		struct mrz_doc doc;
		enum mrz_status want;
		size_t n;

		any_zone(&zone);
		misread(&zone, &m);
		parse_zone(&zone, &doc);
		if (doc.format != zone.format)
			continue; /* misread as a visa, or no more as one */
		try_everything(&zone, &m, &tried);
		want = tried.any_accepted ? MRZ_UNCERTAIN : MRZ_REJECTED;
		mrz_doubt(&doc, m.doubts, m.n);
		assert_int_equal(doc.status, want);
		n = mrz_keys(&doc, m.doubts, m.n, keys);
		assert_cheapest(&tried, keys, n);
		n_uncertain += want == MRZ_UNCERTAIN;
		n_rejected += want == MRZ_REJECTED;
		n_several += n > 1;
		n_long += n > 0 && strlen(keys[0].number) > 9;
	}
	/* Each case was among them, and often. */
	assert_true(n_uncertain > 300 && n_rejected > 300);
	assert_true(n_several > 100 && n_long > 100);
}

/* ---- Hostile doubts ---------------------------------------------------- */

/* Most choices that a cell can have, all over six cells: 5^6 texts, no more.
 */
static void
a_walk_ends(void **state)
{
	struct walk walk = { 0 };
	struct cell cells[MAX_WALK];
	char text[MAX_WALK], last[MAX_WALK] = { 0 };
	int32_t cost;
	unsigned n = 0;

	(void)state;
	memset(cells, 0, sizeof(cells));
	for (size_t i = 0; i < MAX_WALK; i++) {
		cells[i].n = MAX_CHOICES;
		memcpy(cells[i].text, "01234", MAX_CHOICES);
	}
	walk.cells = cells;
	walk.n = MAX_WALK;
	while (mrz_walk(&walk, text, &cost)) {
		assert_true(n == 0 || memcmp(last, text, MAX_WALK) < 0);
		memcpy(last, text, MAX_WALK);
		n++;
	}
	assert_int_equal(n, 15625);
	cells[3].n = 0;
	memset(walk.at, 0, sizeof(walk.at));
	walk.started = false;
	assert_false(mrz_walk(&walk, text, &cost));
}

/* Duplicates, places outside, characters of no alphabet, negative costs. */
static void
hostile_doubts_are_harmless(void **state)
{
	static const struct mrz_doubt doubts[] = {
		{ 0, 0, 255, "0000", { -1, -1, -1, -1 } },
		{ 2, 6, 255,
		    "\xff"
		    "0a0",
		    { 5, -7, 5, 1 } },
		{ 2, 6, 1, "B", { 0 } }, /* the second about one place */
		{ 2, 10, 1, "7", { 0 } },
		{ 255, 255, 4, "0000", { 0 } },
		{ 2, 11, 0, "7", { 0 } }, /* no alternatives at all */
		{ 1, 1, 2, "VP", { 0, 0 } },
	};
	struct mrz_key keys[MRZ_MAX_KEYS];
	struct mrz_doc doc;

	(void)state;
	parse_plain(UPPER "L8989O2C36UTO7408122F1204159ZE184226B<<<<<10", &doc);
	assert_int_equal(mrz_keys(&doc, doubts, 7, keys), 1);
	assert_key(&keys[0], "L898902C3", "740812", "120415", 0);
	mrz_doubt(&doc, doubts, 7);
	assert_int_equal(doc.status, MRZ_UNCERTAIN);
	assert_int_equal(reading(&doc)->place.line, 1);
	assert_int_equal(reading(&doc)->place.column, 1);
}

/*
 * As many doubts as may be, four alternatives each, over numbers that go on
 * in the optional data and over both dates. What is past MRZ_MAX_DOUBTS is
 * not looked at: here, what would be outside the array.
 */
static void
the_most_hostile_doubts_end_soon(void **state)
{
	static const char *const zones[] = {
		"I<UTOD23145890<7349<<<<<<<<<<<\n"
		"3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<"
		"<",
		"I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\n"
		"D23145890<UTO3407127M95071227349<<<8",
		UPPER LOWER,
	};
	struct mrz_doubt doubts[MRZ_MAX_DOUBTS];
	struct mrz_key keys[MRZ_MAX_KEYS];
	clock_t start = clock();

	(void)state;
	for (size_t i = 0; i < 3 * 50; i++) {
		const char *text = zones[i % 3];
		struct mrz_doc doc;
		size_t n;

		parse_plain(text, &doc);
		for (size_t k = 0; k < MRZ_MAX_DOUBTS; k++)
			doubts[k] = (struct mrz_doubt){
				(uint8_t)(1 + k / 30 + (i % 3 == 0 ? 0 : 1)),
				(uint8_t)(1 + k % 30), 4, "2345", { 1, 2, 3, 4 }
			};
		if (i % 3 == 0) /* TD1: number and optional data, birth */
			for (size_t k = 0; k < 30; k++)
				memcpy(doubts[k].text, "<123", 4);
		n = mrz_keys(&doc, doubts, 4000, keys);
		assert_true(n <= MRZ_MAX_KEYS);
		for (size_t k = 1; k < n; k++)
			assert_true(keys[k - 1].cost <= keys[k].cost);
		mrz_doubt(&doc, doubts, 4000);
		assert_int_not_equal(doc.status, MRZ_ACCEPTED);
	}
	/* CPU time: a few milliseconds each; a hundred under a sanitizer. */
	assert_true((clock() - start) / CLOCKS_PER_SEC < 60);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_has_no_such_row),
		cmocka_unit_test(a_picture_without_doubt),
		cmocka_unit_test(doubt_is_never_accepted),
		cmocka_unit_test(rejected_may_become_uncertain),
		cmocka_unit_test(keys_of_a_text),
		cmocka_unit_test(only_three_fields_make_keys),
		cmocka_unit_test(numbers_of_a_form_have_no_fillers),
		cmocka_unit_test(cheap_keys_come_late),
		cmocka_unit_test(the_longest_number_may_be_doubtful),
		cmocka_unit_test(a_doubtful_digit),
		cmocka_unit_test(equal_keys_stay_in_order),
		cmocka_unit_test(corner_cases),
		cmocka_unit_test(as_if_everything_were_tried),
		cmocka_unit_test(a_walk_ends),
		cmocka_unit_test(hostile_doubts_are_harmless),
		cmocka_unit_test(the_most_hostile_doubts_end_soon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
