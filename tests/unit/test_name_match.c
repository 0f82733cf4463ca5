/* Whether an MRZ name can have come of a name. */
#include "letters.h"
#include "mrz_cases.h"
#include "spelling.h"
#include "test.h"
#include "translit_cases.h"
#include "vectors.h"

#include <stdio.h>
#include <string.h>

#define FIELD_LEN    39
#define RANDOM_NAMES 4000
#define RANDOM_LEN   6

/* secondary: NULL when the name is in one string. */
static struct mrz_name
name_of(const char *primary, const char *secondary)
{
	struct mrz_name name = { .size = sizeof(name),
		.primary = primary,
		.primary_len = strlen(primary),
		.secondary = secondary,
		.secondary_len = secondary != NULL ? strlen(secondary) : 0 };

	return name;
}

static enum mrz_name_result
compare(const char *field, const char *primary, const char *secondary,
    struct mrz_name_match *out)
{
	struct mrz_name name = name_of(primary, secondary);
	char full[FIELD_LEN + 1];

	assert_true(strlen(field) <= FIELD_LEN);
	memset(full, '<', FIELD_LEN);
	memcpy(full, field, strlen(field));
	return mrz_name_compare(full, FIELD_LEN, &name, MRZ_LANGUAGE_ANY, out);
}

static const char *
word_for(const struct mrz_name_match *match)
{
	switch (match->result) {
	case MRZ_NAME_MATCHES:
		return match->loose ? "loose" : "exact";
	case MRZ_NAME_MATCHES_TRUNCATED:
		return match->loose ? "loose-truncated" : "truncated";
	case MRZ_NAME_DIFFERS:
		return "differs";
	default:
		return "not compared";
	}
}

static void
cases(void **state)
{
	struct vectors *vectors = vectors_open(TRANSLIT_CASES);
	char text[TRANSLIT_CAP];
	struct mrz_name_match match;
	struct vector line;

	(void)state;
	while (vectors_next(vectors, &line)) {
		const char *field = line.words[3], *want = "exact";

		translit_text(line.words[2], text);
		if (strcmp(line.words[0], "match") == 0) {
			want = line.words[1];
			field = line.words[2];
			translit_text(line.words[3], text);
		}
		compare(field, text, NULL, &match);
		if (strcmp(word_for(&match), want) != 0)
			print_error("line %u: %s\n", line.line, field);
		assert_string_equal(word_for(&match), want);
		assert_int_equal(match.reason,
		    match.result == MRZ_NAME_MATCHES   ? MRZ_R_NONE
		    : match.result == MRZ_NAME_DIFFERS ? MRZ_R_NAME_DIFFERS
						       : MRZ_R_MAYBE_TRUNCATED);
	}
	vectors_close(vectors);
}

static size_t
name_room(enum mrz_format format)
{
	return format == MRZ_TD1 ? 30 : mrz_format_line_len(format) - 5;
}

/* Every printed field of the standard, from its name in two parts and in one.
 */
static void
printed_fields(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/mrz_names.txt");
	struct vector line;

	(void)state;
	while (vectors_next(vectors, &line)) {
		char surname[TRANSLIT_CAP], given[TRANSLIT_CAP];
		char whole[3 * TRANSLIT_CAP];
		static const char *const between[] = { "<<", ", ", " " };
		size_t len = strlen(line.words[1]);
		struct mrz_name name = { .size = sizeof(name) };
		struct mrz_name_match match;

		assert_int_equal(len,
		    name_room(mrz_format_find(line.words[0])));
		translit_text(line.words[2], surname);
		translit_text(line.words[3], given);
		name.primary = surname;
		name.primary_len = strlen(surname);
		name.secondary = given;
		name.secondary_len = strcmp(given, "-") == 0 ? 0
							     : strlen(given);
		for (size_t i = 0; i < 4; i++) {
			enum mrz_name_result result =
			    mrz_name_compare(line.words[1], len, &name,
				MRZ_LANGUAGE_ANY, &match);

			assert_true(result == MRZ_NAME_MATCHES ||
				    result == MRZ_NAME_MATCHES_TRUNCATED);
			assert_false(match.loose);
			assert_false(match.in_secondary);
			if (i == 3 || strcmp(given, "-") == 0)
				break;
			snprintf(whole, sizeof(whole), "%s%s%s", surname,
			    between[i], given);
			name.primary = whole;
			name.primary_len = strlen(whole);
			name.secondary = NULL;
		}
	}
	vectors_close(vectors);
}

/* ---- Against a search through every way to write a name --------------- */

static uint32_t seed = 1;

static uint32_t
draw(uint32_t below)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % below;
}

static uint16_t known[512];
static size_t n_known;

static int
collect_letters(void **state)
{
	(void)state;
	for (uint16_t code = 'A'; code < 0x2000; code++) {
		size_t n;

		if (code <= 'Z' || mrz_spellings(code, &n) != NULL)
			known[n_known++] = code;
	}
	return 0;
}

struct search {
	uint16_t letters[RANDOM_LEN];
	size_t n;
	const char *field; /* no fillers: one component */
};

/* One letter is what a row says, an Arabic one perhaps twice. */
static bool
found(const struct search *s, size_t i, size_t at)
{
	size_t n = 0;
	const struct spelling *rows;

	if (i == s->n)
		return s->field[at] == '\0';
	rows = mrz_spellings(s->letters[i], &n);
	if (rows == NULL)
		return s->field[at] == (char)s->letters[i] &&
		       found(s, i + 1, at + 1);
	for (size_t k = 0; k < n; k++) {
		size_t len = strlen(rows[k].text);
		bool twice = s->letters[i] >= 0x600 && s->letters[i] < 0x700;

		if ((rows[k].when == SPELL_UK_FIRST && i > 0) ||
		    rows[k].when == SPELL_ALLAH ||
		    strncmp(s->field + at, rows[k].text, len) != 0)
			continue;
		if (found(s, i + 1, at + len))
			return true;
		if (twice &&
		    strncmp(s->field + at + len, rows[k].text, len) == 0 &&
		    found(s, i + 1, at + 2 * len))
			return true;
	}
	return false;
}

/* A way to write the letters, and then perhaps a change. */
static void
draw_field(const struct search *s, char *field)
{
	size_t len = 0;

	for (size_t i = 0; i < s->n; i++) {
		size_t n = 0;
		const struct spelling *rows = mrz_spellings(s->letters[i], &n);

		if (rows == NULL) {
			field[len++] = (char)s->letters[i];
			continue;
		}
		const char *text = rows[draw((uint32_t)n)].text;

		for (unsigned k = draw(6) == 0 ? 2 : 1; k > 0; k--) {
			memcpy(field + len, text, strlen(text));
			len += strlen(text);
		}
	}
	field[len] = '\0';
	if (len > 0 && draw(3) == 0)
		field[draw((uint32_t)len)] = (char)('A' + draw(26));
	if (len > 1 && draw(6) == 0)
		field[len - 1] = '\0';
}

/* The sets of places find what the search finds, and nothing else. */
static void
same_as_a_search(void **state)
{
	size_t n_same = 0, n_other = 0;

	(void)state;
	for (unsigned i = 0; i < RANDOM_NAMES; i++) {
		char field[FIELD_LEN * 2], text[RANDOM_LEN * 4 + 1] = "";
		struct search s = { .n = 1 + draw(RANDOM_LEN) };
		struct mrz_name_match match;
		size_t len = 0;
		bool allah = false;

		for (size_t k = 0; k < s.n; k++) {
			s.letters[k] = known[draw((uint32_t)n_known)];
			len += translit_put(s.letters[k], text + len);
			allah |= k > 0 && s.letters[k] == 0x0644 &&
				 s.letters[k - 1] == 0x0627;
		}
		draw_field(&s, field);
		/* Never full: nothing is truncated. The article may be parted,
		 * which is not searched for. */
		if (field[0] == '\0' || strlen(field) >= FIELD_LEN || allah)
			continue;
		s.field = field;
		compare(field, text, NULL, &match);
		assert_int_equal(match.result,
		    found(&s, 0, 0) ? MRZ_NAME_MATCHES : MRZ_NAME_DIFFERS);
		assert_false(match.loose);
		n_same += match.result == MRZ_NAME_MATCHES;
		n_other += match.result == MRZ_NAME_DIFFERS;
	}
	assert_true(n_same > RANDOM_NAMES / 4);
	assert_true(n_other > RANDOM_NAMES / 4);
}

/* What mrz_transliterate writes, in whatever language, matches strictly; in
 * the same language, too. Whole, and with its end cut off when the field is full. */
static void
what_is_written_matches(void **state)
{
	(void)state;
	for (unsigned i = 0; i < RANDOM_NAMES; i++) {
		char text[200], mrz[MRZ_MAX_NAME];
		size_t len = 0, n = 1 + draw(20);
		struct mrz_transliterate_options options = { sizeof(options),
			(enum mrz_language)draw(MRZ_N_LANGUAGES), draw(16) };
		struct mrz_name name = { .size = sizeof(name),
			.primary = text };
		struct mrz_name_match match;
		enum mrz_name_result result;
		static const char *const parts[] = { " ", "-", "'", ", " };

		for (size_t k = 0; k < n; k++) {
			const char *part = parts[draw(4)];

			len += translit_put(known[draw((uint32_t)n_known)],
			    text + len);
			if (draw(5) == 0 && k + 1 < n) {
				memcpy(text + len, part, strlen(part));
				len += strlen(part);
			}
		}
		text[len] = '\0';
		name.primary_len = len;
		translit_good(text, &options, mrz);
		if (mrz[0] == '\0')
			continue;
		len = strlen(mrz) > 44 ? 44 : strlen(mrz);
		result = mrz_name_compare(mrz, len, &name, options.language,
		    &match);
		if (strlen(mrz) == len)
			assert_int_equal(result, MRZ_NAME_MATCHES);
		else if (mrz[len - 1] != '<')
			assert_true(result >= MRZ_NAME_MATCHES_TRUNCATED);
		assert_false(result == MRZ_NAME_MATCHES && match.loose);
		assert_true(mrz_name_compare(mrz, len, &name, MRZ_LANGUAGE_ANY,
				&match) >= result);
	}
}

/* A name of some components, as a person types it. */
static void
draw_words(char *out, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		size_t letters = 1 + draw(14);

		if (i > 0)
			out[len++] = draw(3) == 0 ? '-' : ' ';
		for (size_t k = 0; k < letters; k++) {
			if (k > 0 && draw(12) == 0)
				out[len++] = '\'';
			out[len++] = (char)('a' + draw(26));
		}
	}
	out[len] = '\0';
}

/* Every way to cut a name that is too long. */
static void
what_is_cut_matches(void **state)
{
	size_t n_cut = 0;

	(void)state;
	for (unsigned i = 0; i < RANDOM_NAMES; i++) {
		enum mrz_format format = (enum mrz_format)(1 + draw(5));
		char surname[200], given[200];
		struct mrz_fields fields = { .size = sizeof(fields),
			.truncation = (enum mrz_name_truncation)draw(
			    MRZ_TRUNCATE_LETTERS) };
		struct mrz_name_fit fit = { .size = sizeof(fit) };
		struct mrz_name_match match;
		struct mrz_name name = { .size = sizeof(name),
			.primary = surname,
			.secondary = given };

		draw_words(surname, 1 + draw(5));
		draw_words(given, draw(5));
		fields.text[MRZ_F_SURNAME] = surname;
		fields.text[MRZ_F_GIVEN_NAMES] = given;
		name.primary_len = strlen(surname);
		name.secondary_len = strlen(given);
		assert_int_equal(mrz_name_fit(format, &fields, &fit, NULL),
		    MRZ_OK);
		mrz_name_compare(fit.text, strlen(fit.text), &name,
		    MRZ_LANGUAGE_ANY, &match);
		assert_int_equal(match.result, fit.truncated
						   ? MRZ_NAME_MATCHES_TRUNCATED
						   : MRZ_NAME_MATCHES);
		assert_false(match.loose);
		n_cut += fit.truncated;
	}
	assert_true(n_cut > RANDOM_NAMES / 4);
}

/* ---- Details ---------------------------------------------------------- */

static void
a_language_decides(void **state)
{
	static const struct {
		const char *field, *name, *language;
		bool matches;
	} rows[] = {
		{ "GORBACHEV<", "Горбачёв", "ru", true },
		{ "GORBACHEV<", "Горбачёв", "be", false },
		{ "HORBACHIOV<", "Горбачёв", "be", true },
		{ "HORBACHIOV<", "Горбачёв", "ru", false },
		{ "GORBACHIOV<", "Горбачёв", "be", false },
		{ "YULIIA<", "Юлія", "uk", true },
		{ "IULIIA<", "Юлія", "uk", false },
		{ "IULIIA<", "Юлія", "ru", true },
		{ "YULIIA<", "Юлія", "ru", false },
		{ "YULIYA<", "Юлія", "uk", false },
		{ "YURII<", "Юрій", "uk", true },
		{ "YURIY<", "Юрій", "uk", false },
		{ "MUELLER<", "Müller", "ru", true },
		{ "MULLER<", "Müller", "ru", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mrz_name name = { .size = sizeof(name),
			.primary = rows[i].name,
			.primary_len = strlen(rows[i].name) };
		struct mrz_name_match match;

		assert_int_equal(mrz_name_compare(rows[i].field,
				     strlen(rows[i].field), &name,
				     mrz_language_find(rows[i].language),
				     &match),
		    rows[i].matches ? MRZ_NAME_MATCHES : MRZ_NAME_DIFFERS);
	}
}

static void
places_of_differences(void **state)
{
	static const struct {
		const char *field, *primary, *secondary;
		uint32_t offset, field_offset;
		bool in_secondary;
	} rows[] = {
		{ "MOELLER<<JOERG", "M\303\274ller", "Joerg", 1, 1, false },
		{ "MUELLAR<<JOERG", "M\303\274ller", "Joerg", 5, 5, false },
		{ "MUELLER<<JORGE", "M\303\274ller", "Joerg", 2, 11, true },
		{ "ERIKSSON<<ANNA", "Eriksson", "Anna Maria", 5, 14, true },
		{ "ERIKSSON<<ANNA<MARIA", "Eriksson", "Anna", 4, 14, true },
		{ "ERIKSSON<<ANNA", "Eriksson", "", 8, 8, false },
		{ "ERIKSSON<<ANNA", "Eriksso", NULL, 7, 7, false },
		{ "1RIKSSON", "Eriksson", NULL, 0, 0, false },
		{ "", "Eriksson", NULL, 0, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mrz_name_match match;

		assert_int_equal(compare(rows[i].field, rows[i].primary,
				     rows[i].secondary, &match),
		    MRZ_NAME_DIFFERS);
		assert_int_equal(match.reason, MRZ_R_NAME_DIFFERS);
		assert_int_equal(match.offset, rows[i].offset);
		assert_int_equal(match.field_offset, rows[i].field_offset);
		assert_int_equal(match.in_secondary, rows[i].in_secondary);
		assert_int_equal(match.place.line, 0);
	}
}

static void
scripts(void **state)
{
	struct mrz_name_match match;

	(void)state;
	compare("X", "Anna", NULL, &match);
	assert_int_equal(match.scripts, MRZ_SCRIPT_LATIN);
	compare("X", "GRO\341\272\236", NULL, &match);
	assert_int_equal(match.scripts, MRZ_SCRIPT_LATIN);
	compare("X", "Анна", NULL, &match);
	assert_int_equal(match.scripts, MRZ_SCRIPT_CYRILLIC);
	compare("X", "Анна Анна", NULL, &match);
	assert_int_equal(match.scripts, MRZ_SCRIPT_CYRILLIC);
	compare("X", "Aнна", NULL, &match);
	assert_int_equal(match.scripts, MRZ_SCRIPT_LATIN | MRZ_SCRIPT_CYRILLIC);
	compare("X", "Anna", "محمد", &match);
	assert_int_equal(match.scripts, MRZ_SCRIPT_LATIN | MRZ_SCRIPT_ARABIC);
}

static void
not_compared(void **state)
{
	struct mrz_name name = { .size = sizeof(name) };
	struct mrz_name_match match;
	char field[45];

	(void)state;
	assert_int_equal(compare("WANG", "\347\216\213", NULL, &match),
	    MRZ_NAME_NOT_COMPARED);
	assert_int_equal(match.reason, MRZ_R_NO_TRANSLITERATION);
	assert_int_equal(match.code_point, 0x738B);
	assert_false(match.in_secondary);
	assert_int_equal(compare("WANG", "Wang", "a\377", &match),
	    MRZ_NAME_NOT_COMPARED);
	assert_int_equal(match.reason, MRZ_R_NOT_UTF8);
	assert_int_equal(match.offset, 1);
	assert_true(match.in_secondary);
	assert_int_equal(compare("WANG", "Wang 2", NULL, &match),
	    MRZ_NAME_NOT_COMPARED);
	assert_int_equal(match.reason, MRZ_R_LETTER_EXPECTED);
	assert_int_equal(compare("WANG", "", NULL, &match),
	    MRZ_NAME_NOT_COMPARED);
	assert_int_equal(match.reason, MRZ_R_EMPTY_FIELD);
	assert_int_equal(compare("WANG", " - ", "'", &match),
	    MRZ_NAME_NOT_COMPARED);
	name.primary = "A";
	name.primary_len = 1;
	assert_int_equal(mrz_name_compare("A", 0, &name, MRZ_LANGUAGE_ANY,
			     &match),
	    MRZ_NAME_NOT_COMPARED);
	assert_int_equal(match.reason, MRZ_R_EMPTY_FIELD);
	memset(field, 'A', sizeof(field));
	assert_int_equal(mrz_name_compare(field, 45, &name, MRZ_LANGUAGE_ANY,
			     &match),
	    MRZ_NAME_NOT_COMPARED);
	name.primary = field;
	name.primary_len = 44;
	assert_int_equal(mrz_name_compare(field, 44, &name, MRZ_LANGUAGE_ANY,
			     &match),
	    MRZ_NAME_MATCHES);
	name.size = 0;
	assert_int_equal(mrz_name_compare("A", 1, &name, MRZ_LANGUAGE_ANY,
			     &match),
	    MRZ_NAME_NOT_COMPARED);
}

/* The name field of each format, by way of a document. */
static void
documents(void **state)
{
	struct vectors *vectors = vectors_open(
	    "tests/vectors/mrz_specimens.txt");
	struct mrz_case one;
	struct mrz_doc empty = { 0 };
	struct mrz_name_match match;
	struct mrz_name name = { .size = sizeof(name), .secondary_len = 0 };

	(void)state;
	while (mrz_case_next(vectors, &one)) {
		struct mrz_doc doc;
		const char *surname = one.values[MRZ_F_SURNAME];
		const char *given = one.values[MRZ_F_GIVEN_NAMES];
		char other[MRZ_FIELD_CAP + 1] = "Q";

		mrz_parse_ok(one.text, strlen(one.text), &doc);
		if (surname[0] == '\0' || doc.status != MRZ_ACCEPTED)
			continue;
		name = name_of(surname, given);
		mrz_doc_compare_name(&doc, &name, MRZ_LANGUAGE_ANY, &match);
		assert_int_equal(match.result, MRZ_NAME_MATCHES);
		assert_int_equal(match.place.line, 0);
		strcat(other, surname);
		name = name_of(other, given);
		mrz_doc_compare_name(&doc, &name, MRZ_LANGUAGE_ANY, &match);
		assert_int_equal(match.result, MRZ_NAME_DIFFERS);
		assert_int_equal(match.place.line,
		    doc.fields[MRZ_F_SURNAME].place.line);
		assert_int_equal(match.place.column,
		    doc.fields[MRZ_F_SURNAME].place.column);
		assert_int_equal(match.place.length, 1);
		if (given[0] == '\0')
			continue;
		/* The surname is explained, and the gap after it. */
		snprintf(other, sizeof(other), "Q%s", given);
		name = name_of(surname, other);
		mrz_doc_compare_name(&doc, &name, MRZ_LANGUAGE_ANY, &match);
		assert_int_equal(match.result, MRZ_NAME_DIFFERS);
		assert_int_equal(match.place.line,
		    doc.fields[MRZ_F_GIVEN_NAMES].place.line);
		assert_int_equal(match.place.column,
		    doc.fields[MRZ_F_GIVEN_NAMES].place.column);
	}
	vectors_close(vectors);
	mrz_doc_compare_name(&empty, &name, MRZ_LANGUAGE_ANY, &match);
	assert_int_equal(match.result, MRZ_NAME_NOT_COMPARED);
	assert_int_equal(match.reason, MRZ_R_NO_LAYOUT);
}

/* Names in fields of their own: the French identity card. */
static void
names_apart(void **state)
{
	static const char zone[] = "IDFRALOISEAU<<<<<<<<<<<<<<<<<<<<<<<<\n"
				   "970675K002774HERVE<<DJAMEL<7303216M4\n";
	static const struct {
		const char *surname, *given;
		enum mrz_name_result result;
		unsigned line, column, length;
	} rows[] = {
		{ "Loiseau", "Herv\303\251, Djamel", MRZ_NAME_MATCHES, 0, 0,
		    0 },
		{ "Loiseau, Herv\303\251 Djamel", NULL, MRZ_NAME_MATCHES, 0, 0,
		    0 },
		{ "Loisel", "Herv\303\251 Djamel", MRZ_NAME_DIFFERS, 1, 11, 1 },
		{ "Loiseau", "Herv\303\251", MRZ_NAME_DIFFERS, 2, 14, 14 },
		{ "Loiseau", "", MRZ_NAME_DIFFERS, 1, 13, 1 },
	};
	/* One filler parts the words of one given name, and does so when the
	 * names are joined: the digits are not looked at here. */
	static const char hyphen[] = "IDFRALOISEAU<<<<<<<<<<<<<<<<<<<<<<<<\n"
				     "970675K002774JEAN<PAUL<<<<<7303216M4\n";
	static const struct {
		const char *given;
		enum mrz_name_result result;
		bool loose;
	} hyphens[] = {
		{ "Jean-Paul", MRZ_NAME_MATCHES, false },
		{ "Jeanpaul", MRZ_NAME_DIFFERS, false },
	};
	struct mrz_doc doc;

	(void)state;
	mrz_parse_ok(zone, strlen(zone), &doc);
	assert_int_equal(doc.format, MRZ_FRA_ID);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mrz_name name = name_of(rows[i].surname, rows[i].given);
		struct mrz_name_match match;

		assert_int_equal(mrz_doc_compare_name(&doc, &name,
				     MRZ_LANGUAGE_ANY, &match),
		    rows[i].result);
		assert_int_equal(match.place.line, rows[i].line);
		assert_int_equal(match.place.column, rows[i].column);
		assert_int_equal(match.place.length, rows[i].length);
	}
	assert_int_equal(mrz_parse(hyphen, strlen(hyphen), NULL, &doc), MRZ_OK);
	for (size_t i = 0; i < sizeof(hyphens) / sizeof(hyphens[0]); i++) {
		struct mrz_name name = name_of("Loiseau", hyphens[i].given);
		struct mrz_name_match match;

		assert_int_equal(mrz_doc_compare_name(&doc, &name,
				     MRZ_LANGUAGE_ANY, &match),
		    hyphens[i].result);
		assert_int_equal(match.loose, hyphens[i].loose);
	}
}

/* A field of its own is cut at its end alone, and says nothing about the other
 * one; a layout without given names has nothing against any. */
static void
names_cut_apart(void **state)
{
#define LONG "ABCDEFGHIJKLMNOPQRSTUVWXY"
	static const char surname_cut[] = "IDFRA" LONG "<<<<<<\n"
					  "6JSSV6P4A4P02ANNA<<<<<<<<<<"
					  "00<<<<0<1\n";
	static const char surname_alone[] = "IDFRA" LONG "<<<<<<\n"
					    "6JSSV6P4A4P02<<<<<<<<<<<<<<"
					    "00<<<<0<1\n";
	static const char given_cut[] =
	    "IDFRAABCDEFGH<<<<<<<<<<<<<<<<<<<<<<<\n"
	    "6JSSV6P4A4P02ABCDEFGHIJKLMN00<<<<0<1\n";
	static const char licence[] = "D1FRA67DRRDJ9L2350216MARTIN<<9\n";
	static const char licence_cut[] = "D1FRA67DRRDJ9L2350216MARTINEA9\n";
	static const struct {
		const char *zone, *surname, *given;
		enum mrz_name_result result;
		unsigned line, column;
	} rows[] = {
		{ surname_cut, LONG, "Anna", MRZ_NAME_MATCHES, 0, 0 },
		{ surname_cut, LONG "Z", "Anna", MRZ_NAME_MATCHES_TRUNCATED, 0,
		    0 },
		{ surname_cut, LONG " Z", "Anna", MRZ_NAME_MATCHES_TRUNCATED, 0,
		    0 },
		{ surname_cut, LONG "Z", "Annabelle", MRZ_NAME_DIFFERS, 2, 14 },
		{ surname_cut, LONG "Z", "Anna Maria", MRZ_NAME_DIFFERS, 2,
		    14 },
		{ surname_alone, LONG "Z", "", MRZ_NAME_MATCHES_TRUNCATED, 0,
		    0 },
		{ surname_alone, LONG "Z", "Anna", MRZ_NAME_DIFFERS, 2, 14 },
		{ given_cut, "ABCDEFGH", "ABCDEFGHIJKLMNO",
		    MRZ_NAME_MATCHES_TRUNCATED, 0, 0 },
		{ given_cut, "ABCDEFGHI", "ABCDEFGHIJKLMNO", MRZ_NAME_DIFFERS,
		    1, 14 },
		{ licence, "Martin", "Anne", MRZ_NAME_MATCHES, 0, 0 },
		{ licence, "Martin Anne", NULL, MRZ_NAME_MATCHES, 0, 0 },
		{ licence, "Martin, Anne", NULL, MRZ_NAME_MATCHES, 0, 0 },
		{ licence, "Martin<<Anne", NULL, MRZ_NAME_MATCHES, 0, 0 },
		{ licence, "Martineau", "Anne", MRZ_NAME_DIFFERS, 1, 28 },
		{ licence, "Mar", "Tin", MRZ_NAME_DIFFERS, 1, 25 },
		{ licence_cut, "Martineau", "Anne", MRZ_NAME_MATCHES_TRUNCATED,
		    0, 0 },
		{ licence_cut, "Martinea", "Anne", MRZ_NAME_MATCHES, 0, 0 },
		{ licence_cut, "Martineau Anne", NULL,
		    MRZ_NAME_MATCHES_TRUNCATED, 0, 0 },
		{ licence_cut, "Martinez", "Anne", MRZ_NAME_DIFFERS, 1, 29 },
	};
#undef LONG

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mrz_name name = { .size = sizeof(name),
			.primary = rows[i].surname,
			.primary_len = strlen(rows[i].surname),
			.secondary = rows[i].given };
		struct mrz_name_match match;
		struct mrz_doc doc;

		if (rows[i].given != NULL)
			name.secondary_len = strlen(rows[i].given);
		mrz_parse_ok(rows[i].zone, strlen(rows[i].zone), &doc);
		assert_int_equal(mrz_doc_compare_name(&doc, &name,
				     MRZ_LANGUAGE_ANY, &match),
		    rows[i].result);
		assert_int_equal(match.place.line, rows[i].line);
		assert_int_equal(match.place.column, rows[i].column);
	}
}

/* What a comparison says as a check of a document. */
static void
marks(void **state)
{
	static const struct {
		struct mrz_name_match match;
		enum mrz_verdict verdict;
		enum mrz_reason reason;
	} rows[] = {
		{ { .result = MRZ_NAME_MATCHES }, MRZ_PASSED, MRZ_R_NONE },
		{ { .result = MRZ_NAME_MATCHES, .loose = true }, MRZ_PASSED,
		    MRZ_R_NAME_SHAPE },
		{ { .result = MRZ_NAME_MATCHES_TRUNCATED,
		      .reason = MRZ_R_MAYBE_TRUNCATED },
		    MRZ_PASSED, MRZ_R_MAYBE_TRUNCATED },
		{ { .result = MRZ_NAME_DIFFERS,
		      .reason = MRZ_R_NAME_DIFFERS,
		      .scripts = MRZ_SCRIPT_LATIN,
		      .place = { 1, 7, 1 } },
		    MRZ_FAILED, MRZ_R_NAME_DIFFERS },
		{ { .result = MRZ_NAME_DIFFERS,
		      .reason = MRZ_R_NAME_DIFFERS,
		      .scripts = MRZ_SCRIPT_LATIN | MRZ_SCRIPT_ARABIC },
		    MRZ_UNDETERMINED, MRZ_R_NAME_DIFFERS },
		{ { .result = MRZ_NAME_NOT_COMPARED, .reason = MRZ_R_NOT_UTF8 },
		    MRZ_UNDETERMINED, MRZ_R_NOT_UTF8 },
		{ { .result = MRZ_NAME_NOT_COMPARED,
		      .reason = MRZ_R_NO_SUCH_FIELD },
		    MRZ_NOT_OFFERED, MRZ_R_NO_SUCH_FIELD },
		{ { .result = MRZ_NAME_NOT_COMPARED,
		      .reason = MRZ_R_NO_LAYOUT },
		    MRZ_NOT_RUN, MRZ_R_NO_LAYOUT },
	};
	struct mrz_doc doc = { .status = MRZ_ACCEPTED, .n_checks = 3 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct mrz_check *check;

		doc.checks[3].printed = '7';
		mrz_name_mark(&doc, &rows[i].match);
		check = mrz_doc_check(&doc, MRZ_C_NAME_MATCH);
		assert_int_equal(doc.n_checks, 4);
		assert_ptr_equal(check, &doc.checks[3]);
		assert_int_equal(check->verdict, rows[i].verdict);
		assert_int_equal(check->reason, rows[i].reason);
		assert_int_equal(check->printed, '\0');
		assert_memory_equal(&check->place, &rows[i].match.place,
		    sizeof(check->place));
		assert_int_equal(doc.status, MRZ_ACCEPTED);
	}
	doc.n_checks = MRZ_MAX_CHECKS;
	memset(&doc.checks[3], 0, sizeof(doc.checks[3]));
	mrz_name_mark(&doc, &rows[0].match);
	assert_int_equal(doc.n_checks, MRZ_MAX_CHECKS);
	assert_null(mrz_doc_check(&doc, MRZ_C_NAME_MATCH));
}

/* A field that is full may end within what is written for one letter. */
static void
cut_within_a_letter(void **state)
{
	static const char field[] = "ANNASHCH";
	/* Anna, and U+0429 */
	static const char text[] = "\xd0\x90\xd0\x9d\xd0\x9d\xd0\x90\xd0\xa9";
	struct mrz_name name = { .size = sizeof(name),
		.primary = text,
		.primary_len = sizeof(text) - 1,
		.secondary = "" };

	(void)state;
	for (size_t len = 1; len < sizeof(field); len++) {
		struct mrz_name_match match;

		mrz_name_compare(field, len, &name, MRZ_LANGUAGE_ANY, &match);
		assert_int_equal(match.result, len + 1 < sizeof(field)
						   ? MRZ_NAME_MATCHES_TRUNCATED
						   : MRZ_NAME_MATCHES);
		assert_false(match.loose);
	}
}

/* Two fillers in a name say where its identifiers part: then no blank does. */
static void
fillers_in_a_name_part_it(void **state)
{
	struct mrz_name_match match;

	(void)state;
	compare("ANNA<<MARIA<ERIKSSON", "ANNA MARIA ERIKSSON", NULL, &match);
	assert_string_equal(word_for(&match), "exact");
	compare("ANNA<MARIA<<ERIKSSON", "ANNA MARIA<<ERIKSSON", NULL, &match);
	assert_string_equal(word_for(&match), "exact");
	compare("ANNA<<MARIA<<ERIKSSON", "ANNA MARIA<<ERIKSSON", NULL, &match);
	assert_string_equal(word_for(&match), "loose");
}

/* As long as a line, and no longer. */
static void
fields_of_every_length(void **state)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ";
	struct mrz_name name = { .size = sizeof(name),
		.primary = letters,
		.secondary = "" };

	(void)state;
	for (size_t len = 0; len <= MRZ_MAX_LINE_LEN + 1; len++) {
		struct mrz_name_match match;
		bool fits = len > 0 && len <= MRZ_MAX_LINE_LEN;

		name.primary_len = len > 0 ? len : 1;
		assert_int_equal(mrz_name_compare(letters, len, &name,
				     MRZ_LANGUAGE_ANY, &match),
		    fits ? MRZ_NAME_MATCHES : MRZ_NAME_NOT_COMPARED);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cases),
		cmocka_unit_test(printed_fields),
		cmocka_unit_test(same_as_a_search),
		cmocka_unit_test(what_is_written_matches),
		cmocka_unit_test(what_is_cut_matches),
		cmocka_unit_test(a_language_decides),
		cmocka_unit_test(places_of_differences),
		cmocka_unit_test(scripts),
		cmocka_unit_test(not_compared),
		cmocka_unit_test(documents),
		cmocka_unit_test(cut_within_a_letter),
		cmocka_unit_test(fillers_in_a_name_part_it),
		cmocka_unit_test(fields_of_every_length),
		cmocka_unit_test(names_apart),
		cmocka_unit_test(names_cut_apart),
		cmocka_unit_test(marks),
	};

	return cmocka_run_group_tests(tests, collect_letters, NULL);
}
