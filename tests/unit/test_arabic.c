/* MRZ letters back to Arabic. */
#include "spelling.h"
#include "test.h"
#include "translit_cases.h"
#include "vectors.h"

#include <string.h>

#define DOUBLED (1U << MRZ_ARABIC_DOUBLED)
#define YEH     (1U << MRZ_ARABIC_YEH)
#define ALLAH   (1U << MRZ_ARABIC_ALLAH)

#define SHADDA     0x0651
#define PASHTO_YEH 0x06D0
#define YEH_CODE   0x064A

#define RANDOM_WORDS 20000
#define WORD_MAX     8

static void
decode_good(const char *mrz, char *out, size_t cap, struct mrz_arabic *result)
{
	assert_int_equal(mrz_arabic_decode(mrz, strlen(mrz), out, cap, result),
	    MRZ_OK);
}

static void
examples_of_the_standard(void **state)
{
	struct vectors *vectors = vectors_open(TRANSLIT_CASES);
	char text[TRANSLIT_CAP], out[TRANSLIT_CAP];
	struct mrz_arabic result;
	struct vector line;
	size_t n = 0;

	(void)state;
	while (vectors_next(vectors, &line)) {
		if (strcmp(line.words[0], "both") != 0)
			continue;
		translit_text(line.words[2], text);
		decode_good(line.words[3], out, sizeof(out), &result);
		assert_string_equal(out, text);
		n++;
	}
	assert_true(n >= 8);
	vectors_close(vectors);
}

/* Every letter that is written comes back, but for one. */
static void
every_letter_comes_back(void **state)
{
	char text[5], mrz[MRZ_MAX_NAME], out[16];
	struct mrz_arabic result;
	size_t n_back = 0, n;

	(void)state;
	for (uint32_t code = 0x600; code < 0x700; code++) {
		if (mrz_spellings(code, &n) == NULL)
			continue;
		translit_put(code, text);
		translit_good(text, NULL, mrz);
		decode_good(mrz, out, sizeof(out), &result);
		if (code == PASHTO_YEH)
			translit_put(YEH_CODE, text);
		assert_string_equal(out, text);
		assert_int_equal(result.doubts,
		    code == YEH_CODE || code == PASHTO_YEH ? YEH : 0);
		n_back++;
	}
	assert_int_equal(n_back, 68);
}

static uint32_t seed = 9303;

static uint32_t
draw(uint32_t below)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % below;
}

struct word {
	uint16_t at[2 * WORD_MAX];
	size_t n;
};

/* Letters of the table, now and then doubled by shadda or written twice. */
static struct word
draw_word(const uint16_t *letters, size_t n_letters)
{
	struct word word = { .n = 0 };
	size_t len = 1 + draw(WORD_MAX);

	while (word.n < len) {
		uint16_t last = word.n > 0 ? word.at[word.n - 1] : SHADDA;
		uint32_t kind = draw(8);

		if (kind == 0 && last != SHADDA)
			word.at[word.n++] = SHADDA;
		else if (kind == 1 && last != SHADDA)
			word.at[word.n++] = last;
		else
			word.at[word.n++] = letters[draw((uint32_t)n_letters)];
	}
	return word;
}

static void
word_text(const struct word *word, char *out)
{
	out[0] = '\0';
	for (size_t i = 0; i < word->n; i++)
		out += translit_put(word->at[i], out);
}

/* Teh marbuta has an escape of its own at the end of a word. */
static bool
is_last_teh(const struct word *word, size_t i)
{
	return word->at[i] == 0x0629 &&
	       (i + 1 == word->n ||
		   (i + 2 == word->n && word->at[i + 1] == SHADDA));
}

/* What the MRZ can carry of a word: Pashto yeh as yeh; the second of two
 * letters that are written alike as shadda, pair by pair. */
static struct word
as_carried(const struct word *word)
{
	struct word out = { .n = 0 };
	uint16_t last = 0, key = 0; /* what is written last; 0 after a pair */

	for (size_t i = 0; i < word->n; i++) {
		uint16_t code = word->at[i];

		if (code == PASHTO_YEH)
			code = YEH_CODE;
		if (code != SHADDA)
			key = is_last_teh(word, i) ? 0xFFFF : code;
		if (code == SHADDA)
			code = key == 0xFFFF ? 0x0629 : key;
		if (key == last) {
			out.at[out.n++] = SHADDA;
			last = 0;
		} else {
			out.at[out.n++] = code;
			last = key;
		}
	}
	return out;
}

static bool
has_allah(const struct word *word)
{
	static const uint16_t allah[] = { 0x0627, 0x0644, 0x0644 };
	uint16_t end;

	/* Long enough for chance never to matter; kept out, tested alone. */
	for (size_t i = 0; i + 3 < word->n; i++) {
		if (memcmp(&word->at[i], allah, sizeof(allah)) != 0 &&
		    !(word->at[i] == 0x0627 && word->at[i + 1] == 0x0644 &&
			word->at[i + 2] == SHADDA))
			continue;
		end = word->at[word->n - 1];
		if (end == 0x0647 || end == 0x062D)
			return true;
	}
	return false;
}

static bool
equal(const struct word *a, const struct word *b)
{
	return a->n == b->n &&
	       memcmp(a->at, b->at, a->n * sizeof(a->at[0])) == 0;
}

/*
 * decode(transliterate(x)) is x for every word without doubled letters and
 * Pashto yeh, is what as_carried says for the others, and says so: no doubts
 * means no loss.
 */
static void
random_words_come_back(void **state)
{
	uint16_t letters[128];
	size_t n_letters = 0, n_exact = 0, n_lossy = 0, n;

	(void)state;
	for (uint16_t code = 0x600; code < 0x700; code++) {
		const struct spelling *rows = mrz_spellings(code, &n);

		if (rows != NULL && rows[0].text[0] != '\0')
			letters[n_letters++] = code;
	}
	for (unsigned i = 0; i < RANDOM_WORDS; i++) {
		struct word word = draw_word(letters, n_letters);
		struct word carried = as_carried(&word);
		char text[64], back[128], mrz[MRZ_MAX_NAME];
		struct mrz_arabic result;

		if (has_allah(&word))
			continue;
		word_text(&word, text);
		translit_good(text, NULL, mrz);
		decode_good(mrz, back, sizeof(back), &result);
		word_text(&carried, text);
		assert_string_equal(back, text);
		n_exact += equal(&word, &carried);
		if (!equal(&word, &carried)) {
			assert_int_not_equal(result.doubts, 0);
			n_lossy++;
		}
		assert_int_equal((result.doubts & DOUBLED) != 0,
		    strstr(text, "\331\221") != NULL);
		assert_int_equal((result.doubts & YEH) != 0,
		    strstr(text, "\331\212") != NULL);
		assert_int_equal(result.doubts & ALLAH, 0);
	}
	assert_true(n_exact > RANDOM_WORDS / 4);
	assert_true(n_lossy > RANDOM_WORDS / 10);
}

/* The first place of each kind of doubt, and the text that is taken. */
static void
doubts(void **state)
{
	static const struct {
		const char *mrz, *text;
		uint32_t doubts, doubled, yeh, allah;
	} cases[] = {
		{ "BN", "\330\250\331\206", 0, 0, 0, 0 },
		{ "B<B", "\330\250 \330\250", 0, 0, 0, 0 },
		{ "BB", "\330\250\331\221", DOUBLED, 1, 0, 0 },
		{ "BBB", "\330\250\331\221\330\250", DOUBLED, 1, 0, 0 },
		{ "BBBB", "\330\250\331\221\330\250\331\221", DOUBLED, 1, 0,
		    0 },
		{ "XTAXAH", "\330\251\330\251", 0, 0, 0, 0 },
		{ "TBYY", "\330\252\330\250\331\212\331\221", DOUBLED | YEH, 3,
		    2, 0 },
		{ "ALLXH", "\330\247\331\204\331\204\331\207", ALLAH, 0, 0, 0 },
		{ "B<ALLXH<B",
		    "\330\250 \330\247\331\204\331\204\331\207 \330\250", ALLAH,
		    0, 0, 2 },
		{ "EALLXH", "\330\271\330\247\331\204\331\204\331\207", ALLAH,
		    0, 0, 1 },
		{ "AALLXH", "\330\247\330\247\331\204\331\204\331\207",
		    ALLAH | DOUBLED, 1, 0, 1 },
		{ "ALLXHM", "\330\247\331\204\331\221\330\255\331\205", DOUBLED,
		    2, 0, 0 },
		{ "ALLH", "\330\247\331\204\331\221\331\207", DOUBLED, 2, 0,
		    0 },
		{ "XVV", "\332\244\331\221", DOUBLED, 2, 0, 0 },
		{ "B<N<<<", "\330\250 \331\206", 0, 0, 0, 0 },
		{ "B<<N", "\330\250  \331\206", 0, 0, 0, 0 },
		{ "B N", "\330\250 \331\206", 0, 0, 0, 0 },
		{ "<<", "", 0, 0, 0, 0 },
		{ "", "", 0, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mrz_arabic result;
		char out[32];

		decode_good(cases[i].mrz, out, sizeof(out), &result);
		assert_string_equal(out, cases[i].text);
		assert_int_equal(result.doubts, cases[i].doubts);
		assert_int_equal(result.offset[MRZ_ARABIC_DOUBLED],
		    cases[i].doubled);
		assert_int_equal(result.offset[MRZ_ARABIC_YEH], cases[i].yeh);
		assert_int_equal(result.offset[MRZ_ARABIC_ALLAH],
		    cases[i].allah);
	}
}

static void
refused_with_the_place(void **state)
{
	static const struct {
		const char *mrz;
		uint32_t offset;
		enum mrz_reason reason;
		const char *before;
	} cases[] = {
		{ "BO", 1, MRZ_R_NO_TRANSLITERATION, "\330\250" },
		{ "C", 0, MRZ_R_NO_TRANSLITERATION, "" },
		{ "BXQ", 1, MRZ_R_NO_TRANSLITERATION, "\330\250" },
		{ "X<B", 0, MRZ_R_NO_TRANSLITERATION, "" },
		{ "XTB", 0, MRZ_R_NO_TRANSLITERATION, "" },
		{ "BX", 1, MRZ_R_MAYBE_TRUNCATED, "\330\250" },
		{ "XS", 0, MRZ_R_MAYBE_TRUNCATED, "" },
		{ "XX", 0, MRZ_R_MAYBE_TRUNCATED, "" },
		{ "B1", 1, MRZ_R_LETTER_EXPECTED, "\330\250" },
		{ "Bb", 1, MRZ_R_NOT_MRZ_CHARACTER, "\330\250" },
		{ "\330\250", 0, MRZ_R_NOT_MRZ_CHARACTER, "" },
	};
	struct mrz_arabic result;
	char out[32], big[4100];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(mrz_arabic_decode(cases[i].mrz,
				     strlen(cases[i].mrz), out, sizeof(out),
				     &result),
		    MRZ_E_CHARACTER);
		assert_int_equal(result.problem.offset, cases[i].offset);
		assert_int_equal(result.problem.code_point,
		    (uint8_t)cases[i].mrz[cases[i].offset]);
		assert_int_equal(result.problem.reason, cases[i].reason);
		assert_string_equal(out, cases[i].before);
	}
	memset(big, 'B', sizeof(big));
	memset(out, 'x', sizeof(out));
	assert_int_equal(mrz_arabic_decode(big, 4096, out, sizeof(out),
			     &result),
	    MRZ_E_SPACE);
	memset(out, 'x', sizeof(out));
	assert_int_equal(mrz_arabic_decode(big, 4097, out, sizeof(out),
			     &result),
	    MRZ_E_LENGTH);
	assert_string_equal(out, "");
}

/* Whatever the room: never past it, always ended, never half a character. */
static void
room(void **state)
{
	static const char mrz[] = "MXHMD<ALLXH<BB";
	char whole[2 * sizeof(mrz)], out[2 * sizeof(mrz)];
	struct mrz_arabic result;
	size_t len;

	(void)state;
	decode_good(mrz, whole, sizeof(whole), &result);
	len = strlen(whole);
	for (size_t cap = 1; cap <= len; cap++) {
		memset(out, 'x', sizeof(out));
		assert_int_equal(mrz_arabic_decode(mrz, strlen(mrz), out, cap,
				     &result),
		    MRZ_E_SPACE);
		assert_true(strlen(out) < cap);
		assert_memory_equal(out, whole, strlen(out));
		assert_int_equal(out[cap], 'x');
		assert_true((whole[strlen(out)] & 0xC0) != 0x80);
	}
	assert_int_equal(mrz_arabic_decode(mrz, strlen(mrz), out, len + 1,
			     &result),
	    MRZ_OK);
	assert_int_equal(mrz_arabic_decode(mrz, 1, out, 0, &result), MRZ_E_ARG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_of_the_standard),
		cmocka_unit_test(every_letter_comes_back),
		cmocka_unit_test(random_words_come_back),
		cmocka_unit_test(doubts),
		cmocka_unit_test(refused_with_the_place),
		cmocka_unit_test(room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
