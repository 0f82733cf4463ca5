/* Names into MRZ letters. */
#include "letters.h"
#include "test.h"
#include "translit_cases.h"
#include "vectors.h"

#include <string.h>

static void
written_as_the_standard_says(void **state)
{
	struct vectors *vectors = vectors_open(TRANSLIT_CASES);
	struct vector line;
	char text[TRANSLIT_CAP], out[MRZ_MAX_NAME];

	(void)state;
	while (vectors_next(vectors, &line)) {
		if (strcmp(line.words[0], "match") == 0)
			continue;
		assert_int_equal(line.n_words, 4);
		struct mrz_transliterate_options options = translit_options(
		    line.words[1]);

		translit_text(line.words[2], text);
		translit_good(text, &options, out);
		assert_string_equal(out, line.words[3]);
		if (strcmp(line.words[1], "-") == 0) {
			translit_good(text, NULL, out);
			assert_string_equal(out, line.words[3]);
		}
	}
	vectors_close(vectors);
}

/* The tables once more, by rows that no other test has: counted in the
 * standard, so that a lost row is seen. */
static void
every_row_counts(void **state)
{
	static const struct {
		uint16_t from, to;
		size_t n;
	} scripts[] = {
		{ 0x0080, 0x03FF, 94 }, /* section 6 A but for U+1E9E */
		{ 0x1E9E, 0x1E9E, 1 },
		{ 0x0400, 0x05FF, 50 }, /* 48 of 6 B, and two of ours */
		{ 0x0600, 0x06FF, 68 }, /* of 6 C and B.5.4, what is written */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		size_t found = 0, n;

		for (uint32_t code = scripts[i].from; code <= scripts[i].to;
		     code++)
			found += mrz_spellings(code, &n) != NULL;
		assert_int_equal(found, scripts[i].n);
	}
}

/* Every letter of the tables alone, in every language and spelling: only
 * MRZ letters, and the first row without options. */
static void
every_letter_alone(void **state)
{
	char text[5], out[MRZ_MAX_NAME];

	(void)state;
	for (uint32_t code = 0x80; code < 0x2000; code++) {
		size_t n = 0;
		const struct spelling *rows = mrz_spellings(code, &n);

		if (rows == NULL)
			continue;
		translit_put(code, text);
		translit_good(text, NULL, out);
		if (code != 0x0629) /* at the end of a component */
			assert_string_equal(out, rows[0].text);
		for (unsigned i = 0; i < MRZ_N_LANGUAGES * 16U; i++) {
			struct mrz_transliterate_options options = {
				sizeof(options), (enum mrz_language)(i / 16),
				i % 16
			};
			bool known = false;

			translit_good(text, &options, out);
			for (size_t k = 0; k < n; k++)
				known |= strcmp(out, rows[k].text) == 0;
			assert_true(known);
		}
	}
}

/* Decomposed text, and marks in another order than Unicode's own. */
static void
marks_compose(void **state)
{
	static const char *const same[][2] = {
		{ "M\303\274ller", "Mu\314\210ller" }, /* u diaeresis */
		{ "\303\205se", "A\314\212se" },       /* A ring */
		{ "\342\204\253se", "A\314\212se" },   /* Angstrom sign */
		{ "\303\261", "n\314\203" },           /* n tilde */
		{ "\303\251", "e\314\201" },           /* e acute */
		{ "\307\226", "u\314\204\314\210" },   /* macron first */
		{ "\307\226", "u\314\210\314\204" },   /* as Unicode has it */
		{ "\320\257\320\231",
		    "\320\257\320\230\314\206" },   /* short i */
		{ "\320\201", "\320\225\314\210" }, /* io */
		{ "\330\242", "\330\247\331\223" }, /* alef madda */
		{ "\330\246\331\221", "\331\212\331\221\331\224" }, /* shadda */
		{ "\333\200", "\333\225\331\224" }, /* heh with yeh */
	};
	char a[MRZ_MAX_NAME], b[MRZ_MAX_NAME];

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		translit_good(same[i][0], NULL, a);
		translit_good(same[i][1], NULL, b);
		assert_true(strlen(a) > 0);
		assert_string_equal(a, b);
	}
}

static void
parts_of_names(void **state)
{
	static const char *const cases[][2] = {
		{ "", "" },
		{ "  -'. ", "" },
		{ " - Anna -- Maria , ", "ANNA<MARIA" },
		{ "J. R. R.", "J<R<R" },
		{ "J.R.", "JR" },
		{ "'t Hooft", "T<HOOFT" },
		{ "ERIKSSON<<ANNA<MARIA<<<<<", "ERIKSSON<<ANNA<MARIA" },
		{ "<<ANNA", "<<ANNA" },
		{ "A, <<B", "A<<B" },
		{ "\302\240\342\200\220a\302\255b\342\200\213c", "ABC" },
		{ "\314\210", "" },
	};
	char out[MRZ_MAX_NAME];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		translit_good(cases[i][0], NULL, out);
		assert_string_equal(out, cases[i][1]);
	}
}

static void
assert_refused(const char *text, size_t len, size_t offset, uint32_t code,
    enum mrz_reason reason)
{
	struct mrz_text_problem problem = { 77, 77, MRZ_R_NONE };
	char out[MRZ_MAX_NAME] = "x";

	assert_int_equal(mrz_transliterate(text, len, NULL, out, sizeof(out),
			     &problem),
	    reason == MRZ_R_TOO_LONG ? MRZ_E_LENGTH : MRZ_E_CHARACTER);
	assert_string_equal(out, "");
	assert_int_equal(problem.offset, offset);
	assert_int_equal(problem.code_point, code);
	assert_int_equal(problem.reason, reason);
}

static void
refused_with_the_place(void **state)
{
	static const struct {
		const char *text;
		size_t offset;
		uint32_t code;
		enum mrz_reason reason;
	} cases[] = {
		{ "Anna2", 4, '2', MRZ_R_LETTER_EXPECTED },
		{ "a\331\243", 1, 0x663, MRZ_R_LETTER_EXPECTED },
		{ "\333\261", 0, 0x6F1, MRZ_R_LETTER_EXPECTED },
		{ "ab\347\216\213", 2, 0x738B, MRZ_R_NO_TRANSLITERATION },
		{ "\316\221", 0, 0x391, MRZ_R_NO_TRANSLITERATION },
		{ "\306\217", 0, 0x18F, MRZ_R_NO_TRANSLITERATION },
		{ "a\n", 1, '\n', MRZ_R_NO_TRANSLITERATION },
		{ "a=", 1, '=', MRZ_R_NO_TRANSLITERATION },
		{ "\331\221", 0, 0x651, MRZ_R_NO_TRANSLITERATION },
		{ "a\331\221", 1, 0x651, MRZ_R_NO_TRANSLITERATION },
		/* Small and capital sharp s, of another script both */
		{ "\303\237\331\221", 2, 0x651, MRZ_R_NO_TRANSLITERATION },
		{ "\341\272\236\331\221", 3, 0x651, MRZ_R_NO_TRANSLITERATION },
		{ "\330\250\331\221\331\221", 4, 0x651,
		    MRZ_R_NO_TRANSLITERATION },
		{ "\330\250\331\224", 2, 0x654, MRZ_R_NO_TRANSLITERATION },
		{ "\333\225", 0, 0x6D5, MRZ_R_NO_TRANSLITERATION },
		{ "\360\237\230\200", 0, 0x1F600, MRZ_R_NO_TRANSLITERATION },
		/* The first and the last code point of each length. */
		{ "\302\200", 0, 0x80, MRZ_R_NO_TRANSLITERATION },
		{ "\337\277", 0, 0x7FF, MRZ_R_NO_TRANSLITERATION },
		{ "\340\240\200", 0, 0x800, MRZ_R_NO_TRANSLITERATION },
		{ "\340\237\277", 0, 0, MRZ_R_NOT_UTF8 },
		{ "\355\237\277", 0, 0xD7FF, MRZ_R_NO_TRANSLITERATION },
		{ "\355\277\277", 0, 0, MRZ_R_NOT_UTF8 },
		{ "\356\200\200", 0, 0xE000, MRZ_R_NO_TRANSLITERATION },
		{ "\357\277\277", 0, 0xFFFF, MRZ_R_NO_TRANSLITERATION },
		{ "\360\220\200\200", 0, 0x10000, MRZ_R_NO_TRANSLITERATION },
		{ "\360\217\277\277", 0, 0, MRZ_R_NOT_UTF8 },
		{ "\364\217\277\277", 0, 0x10FFFF, MRZ_R_NO_TRANSLITERATION },
		/* Not UTF-8: bytes alone, cut, too long, surrogates, too far */
		{ "ab\374", 2, 0, MRZ_R_NOT_UTF8 },
		{ "\200", 0, 0, MRZ_R_NOT_UTF8 },
		{ "\200\220\200\200", 0, 0, MRZ_R_NOT_UTF8 },
		{ "\301\220\200\200", 0, 0, MRZ_R_NOT_UTF8 },
		{ "\370\220\200\200", 0, 0, MRZ_R_NOT_UTF8 },
		{ "a\303", 1, 0, MRZ_R_NOT_UTF8 },
		{ "a\303x", 1, 0, MRZ_R_NOT_UTF8 },
		{ "\342\202", 0, 0, MRZ_R_NOT_UTF8 },
		{ "\300\201", 0, 0, MRZ_R_NOT_UTF8 },
		{ "\301\201", 0, 0, MRZ_R_NOT_UTF8 },
		{ "\340\201\201", 0, 0, MRZ_R_NOT_UTF8 },
		{ "\360\200\201\201", 0, 0, MRZ_R_NOT_UTF8 },
		{ "\355\240\200", 0, 0, MRZ_R_NOT_UTF8 },
		{ "\364\220\200\200", 0, 0, MRZ_R_NOT_UTF8 },
		{ "\365\200\200\200", 0, 0, MRZ_R_NOT_UTF8 },
		{ "\377", 0, 0, MRZ_R_NOT_UTF8 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_refused(cases[i].text, strlen(cases[i].text),
		    cases[i].offset, cases[i].code, cases[i].reason);
	assert_refused("a\0b", 3, 1, 0, MRZ_R_NO_TRANSLITERATION);
}

static void
limits(void **state)
{
	char text[LETTERS_MAX_TEXT + 2], out[MRZ_MAX_NAME];
	struct mrz_transliterate_options unset = { 0 };

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_int_equal(mrz_transliterate(text, LETTERS_MAX, NULL, out,
			     sizeof(out), NULL),
	    MRZ_OK);
	assert_int_equal(strlen(out), LETTERS_MAX);
	assert_refused(text, LETTERS_MAX + 1, LETTERS_MAX, 'a', MRZ_R_TOO_LONG);
	/* Marks do not count, bytes do. */
	for (size_t i = 0; i + 1 < LETTERS_MAX_TEXT; i += 2)
		memcpy(text + i, "\314\210", 2);
	assert_int_equal(mrz_transliterate(text, LETTERS_MAX_TEXT, NULL, out,
			     sizeof(out), NULL),
	    MRZ_OK);
	assert_refused(text, LETTERS_MAX_TEXT + 1, 0, 0, MRZ_R_TOO_LONG);

	/* The longest: doubled escapes. */
	for (size_t i = 0; i < LETTERS_MAX * 2; i += 4)
		memcpy(text + i, "\330\266\331\221", 4);
	assert_int_equal(mrz_transliterate(text, (size_t)LETTERS_MAX * 2, NULL,
			     out, sizeof(out), NULL),
	    MRZ_OK);
	assert_int_equal(strlen(out), LETTERS_MAX * 3);

	memset(out, 'x', sizeof(out));
	assert_int_equal(mrz_transliterate("Anna", 4, NULL, out, 4, NULL),
	    MRZ_E_SPACE);
	assert_string_equal(out, "");
	assert_int_equal(out[4], 'x');
	assert_int_equal(mrz_transliterate("Anna", 4, NULL, out, 5, NULL),
	    MRZ_OK);
	assert_string_equal(out, "ANNA");
	assert_int_equal(mrz_transliterate("\303\204", 2, NULL, out, 2, NULL),
	    MRZ_E_SPACE);
	assert_string_equal(out, "");
	assert_int_equal(mrz_transliterate(NULL, 0, NULL, out, 1, NULL),
	    MRZ_OK);
	assert_int_equal(mrz_transliterate("A", 1, NULL, out, 0, NULL),
	    MRZ_E_ARG);
	assert_int_equal(mrz_transliterate("A", 1, &unset, out, 2, NULL),
	    MRZ_E_ARG);
}

static void
languages(void **state)
{
	(void)state;
	for (unsigned i = 1; i < MRZ_N_LANGUAGES; i++) {
		const char *name = mrz_language_name((enum mrz_language)i);

		assert_int_equal(strlen(name), 2);
		assert_int_equal(mrz_language_find(name), i);
	}
	assert_string_equal(mrz_language_name(MRZ_LANGUAGE_ANY), "");
	assert_string_equal(mrz_language_name(MRZ_N_LANGUAGES), "");
	assert_int_equal(mrz_language_find(""), MRZ_LANGUAGE_ANY);
	assert_int_equal(mrz_language_find("ukr"), MRZ_LANGUAGE_ANY);
	assert_int_equal(mrz_language_find("u"), MRZ_LANGUAGE_ANY);
	assert_int_equal(mrz_language_find("de"), MRZ_LANGUAGE_ANY);
	assert_int_equal(mrz_language_find(NULL), MRZ_LANGUAGE_ANY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(written_as_the_standard_says),
		cmocka_unit_test(every_row_counts),
		cmocka_unit_test(every_letter_alone),
		cmocka_unit_test(marks_compose),
		cmocka_unit_test(parts_of_names),
		cmocka_unit_test(refused_with_the_place),
		cmocka_unit_test(limits),
		cmocka_unit_test(languages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
