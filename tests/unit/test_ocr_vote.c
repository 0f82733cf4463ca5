#include "ocr_page.h"

#include "ocr/alphabet.h"
#include "ocr/cells.h"
#include "ocr/vote.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "charset.h"
#include "data.h"
#include "layout.h"

/* ---- Readings as they might be --------------------------------------- */

/* A reading that is sure of each character of a text; its first column is
 * BESIDE cells behind the edge. */
static void
cast(struct ballot *ballot, const char *text)
{
	struct cells *lines = ballot->votes[ballot->n_readings];

	ballot->n_lines = 0;
	while (*text != '\0') {
		struct cells *line = &lines[ballot->n_lines++];

		line->n = MAX_CELLS;
		for (unsigned i = BESIDE; *text != '\n'; i++, text++) {
			line->at[i].n = 1;
			line->at[i].choices[0].text = *text;
			line->at[i].choices[0].p = 1;
		}
		text++;
	}
	ballot->readers[ballot->n_readings] = ballot->n_readings % 2
						  ? READ_LINE
						  : READ_GLYPHS;
	ballot->n_readings++;
}

static struct cell *
cell_at(struct ballot *ballot, unsigned reading, unsigned line, unsigned column)
{
	return &ballot->votes[reading][line - 1].at[BESIDE + column - 1];
}

/* What one reading saw at a place: two characters, the first with p. */
static void
saw(struct ballot *ballot, unsigned reading, unsigned line, unsigned column,
    const char *two, double p)
{
	struct cell *cell = cell_at(ballot, reading, line, column);

	cell->n = (unsigned)strlen(two);
	for (unsigned i = 0; i < cell->n; i++) {
		cell->choices[i].text = two[i];
		cell->choices[i].p = i == 0 ? p : 1 - p;
	}
}

static struct ballot
agreed(const char *text)
{
	struct ballot ballot;

	memset(&ballot, 0, sizeof(ballot));
	cast(&ballot, text);
	cast(&ballot, text);
	return ballot;
}

static struct mrz_reading
count(const struct ballot *ballot)
{
	struct mrz_reading out;
	struct fit fit = mrz_vote_fit(ballot);

	memset(&out, 0, sizeof(out));
	assert_int_not_equal(fit.format, MRZ_UNKNOWN);
	mrz_vote(ballot, &fit, MRZ_NO_DAY, &out);
	return out;
}

static bool
doubts(const struct mrz_reading *reading, unsigned line, unsigned column,
    char alternative)
{
	for (size_t i = 0; i < reading->n_doubts; i++) {
		const struct mrz_doubt *doubt = &reading->doubts[i];

		if (doubt->line == line && doubt->column == column)
			return memchr(doubt->text, alternative, doubt->n) !=
			       NULL;
	}
	return false;
}

/* ---- Votes ------------------------------------------------------------ */

/* The passport, of which one reading saw two characters at a place. */
static struct mrz_reading
one_saw(unsigned reading, unsigned line, unsigned column, const char *two,
    double p)
{
	struct ballot ballot = agreed(OCR_TD3);

	saw(&ballot, reading, line, column, two, p);
	return count(&ballot);
}

static void
assert_read(const struct mrz_reading *reading, const char *text,
    enum mrz_status status)
{
	assert_true(ocr_same(&reading->doc, text));
	assert_int_equal(reading->doc.status, status);
}

static void
test_agreement(void **state)
{
	static const char *const texts[] = { OCR_TD1, OCR_TD2, OCR_TD3,
		OCR_MRVA, OCR_MRVB };

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(texts); i++) {
		struct ballot ballot = agreed(texts[i]);
		struct mrz_reading reading = count(&ballot);

		assert_true(ocr_same(&reading.doc, texts[i]));
		assert_int_equal(reading.doc.status, MRZ_ACCEPTED);
		assert_int_equal(reading.n_doubts, 0);
	}
}

static void
test_one_reading_is_none(void **state)
{
	struct ballot ballot;
	struct mrz_reading reading;

	(void)state;
	memset(&ballot, 0, sizeof(ballot));
	cast(&ballot, OCR_TD3);
	reading = count(&ballot);
	assert_read(&reading, OCR_TD3, MRZ_UNCERTAIN);
}

/* Line 1 column 15 is the first N of ANNA: no check digit covers it. */
static void
test_a_name_in_doubt(void **state)
{
	struct mrz_reading reading = one_saw(1, 1, 17, "MN", 0.9);

	(void)state;
	assert_int_equal(reading.doc.status, MRZ_UNCERTAIN);
	assert_int_equal(reading.n_doubts, 1);
	assert_true(doubts(&reading, 1, 17,
	    reading.doc.lines[0][16] == 'N' ? 'M' : 'N'));
}

/* One reading is not sure, though it has the right one first. */
static void
test_unsure(void **state)
{
	struct mrz_reading reading = one_saw(0, 1, 17, "NM", 0.6);

	(void)state;
	assert_read(&reading, OCR_TD3, MRZ_UNCERTAIN);
	assert_true(doubts(&reading, 1, 17, 'M'));
}

/* A letter needs more belief than a digit that a check digit covers, be the
 * line read so, too. Line 2 column 14 is in the date of birth. */
static void
test_letters_need_more(void **state)
{
	struct ballot ballot = agreed(OCR_TD3);
	struct mrz_reading reading;

	(void)state;
	saw(&ballot, 0, 2, 14, "71", 0.8);
	reading = count(&ballot);
	assert_int_equal(reading.doc.status, MRZ_ACCEPTED);
	saw(&ballot, 0, 1, 6, "EF", 0.9);
	reading = count(&ballot);
	assert_read(&reading, OCR_TD3, MRZ_UNCERTAIN);
	assert_true(doubts(&reading, 1, 6, 'F'));
}

/* The same in the document number: the check digits refute the other one. */
static void
test_a_digit_refutes(void **state)
{
	struct mrz_reading reading = one_saw(1, 2, 2, "B8", 0.7);

	(void)state;
	assert_read(&reading, OCR_TD3, MRZ_ACCEPTED);
	assert_int_equal(reading.n_doubts, 0);
}

/* Each 0 by itself cannot be an O, but both can: the weights of their places
 * make that up. */
static void
test_a_digit_refutes_not_both(void **state)
{
	static const char text[] =
	    "P<LTUBASANAVICIENE<<BIRUTE<<<<<<<<<<<<<<<<<<\n"
	    "00000000<0LTU5911239F120101145911231023<<<16\n";
	struct ballot ballot = agreed(text);
	struct mrz_reading reading;

	(void)state;
	saw(&ballot, 1, 2, 1, "O0", 0.7);
	reading = count(&ballot);
	assert_int_equal(reading.doc.status, MRZ_ACCEPTED);
	saw(&ballot, 1, 2, 2, "O0", 0.7);
	reading = count(&ballot);
	assert_read(&reading, text, MRZ_UNCERTAIN);
	assert_true(doubts(&reading, 2, 1, 'O'));
	assert_true(doubts(&reading, 2, 2, 'O'));
}

/* 6 and G are alike for every check digit, and look alike. */
static void
test_a_blind_pair(void **state)
{
	struct mrz_reading reading = one_saw(1, 2, 36, "G6", 0.7);

	(void)state;
	assert_read(&reading, OCR_TD3, MRZ_UNCERTAIN);
	assert_true(doubts(&reading, 2, 36, 'G'));
}

/* A wrong character first in both readings: the check digits tell the right
 * one among what was thought of, but it stays a doubt. */
static void
test_repaired(void **state)
{
	struct ballot ballot = agreed(OCR_TD3);
	struct mrz_reading reading;

	(void)state;
	saw(&ballot, 0, 2, 4, "38", 0.6);
	saw(&ballot, 1, 2, 4, "38", 0.7);
	reading = count(&ballot);
	assert_read(&reading, OCR_TD3, MRZ_UNCERTAIN);
	assert_true(doubts(&reading, 2, 4, '3'));
}

/* Every 0 of the number looks like an O: one exchange for all of them. */
static void
test_all_alike(void **state)
{
	static const char text[] =
	    "P<LTUBASANAVICIENE<<BIRUTE<<<<<<<<<<<<<<<<<<\n"
	    "00000000<0LTU5911239F120101145911231023<<<16\n";
	struct ballot ballot = agreed(text);
	struct mrz_reading reading;

	(void)state;
	for (unsigned k = 1; k <= 8; k++)
		for (unsigned r = 0; r < 2; r++)
			saw(&ballot, r, 2, k, "O0", 0.6);
	reading = count(&ballot);
	assert_read(&reading, text, MRZ_UNCERTAIN);
	assert_true(reading.n_doubts >= 8);
	assert_true(doubts(&reading, 2, 8, 'O'));
}

/* However sure: what a check digit refutes is not accepted. */
static void
test_sure_and_wrong(void **state)
{
	struct ballot ballot = agreed(OCR_TD3);
	struct mrz_reading reading;

	(void)state;
	saw(&ballot, 0, 2, 14, "1", 1);
	saw(&ballot, 1, 2, 14, "1", 1);
	reading = count(&ballot);
	assert_int_not_equal(reading.doc.status, MRZ_ACCEPTED);
	assert_true(reading.n_doubts > 0);
}

/* O and 0, I and 1 are told apart by the layout alone. */
static void
test_the_layout_decides(void **state)
{
	static const struct {
		unsigned line, column;
		const char *read;
	} places[] = { { 1, 5, "0" }, { 1, 8, "1" }, { 2, 13, "0" },
		{ 2, 16, "O" }, { 2, 18, "I" } };
	struct ballot ballot = agreed(OCR_TD3);
	struct mrz_reading reading;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(places); i++)
		for (unsigned r = 0; r < 2; r++)
			saw(&ballot, r, places[i].line, places[i].column,
			    places[i].read, 1);
	reading = count(&ballot);
	assert_read(&reading, OCR_TD3, MRZ_ACCEPTED);
}

/* A 5 in a name may be an S, or anything else that was misread as a 5. */
static void
test_the_layout_guesses(void **state)
{
	struct ballot ballot = agreed(OCR_TD3);
	struct mrz_reading reading;

	(void)state;
	saw(&ballot, 0, 1, 11, "5", 1);
	saw(&ballot, 1, 1, 11, "5", 1);
	reading = count(&ballot);
	assert_read(&reading, OCR_TD3, MRZ_UNCERTAIN);
}

/* A state that is none, and one that is no more: WTO, and UTO as SUN. */
static void
test_no_such_state(void **state)
{
	static const char *const codes[] = { "WTO", "SUN" };

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(codes); i++) {
		struct ballot ballot = agreed(OCR_TD3);
		struct mrz_reading reading;

		for (unsigned k = 0; k < 3; k++)
			for (unsigned r = 0; r < 2; r++)
				saw(&ballot, r, 1, 3 + k,
				    (char[]){ codes[i][k], '\0' }, 1);
		reading = count(&ballot);
		assert_int_equal(reading.doc.status, MRZ_UNCERTAIN);
		assert_true(reading.n_doubts >= 1);
		assert_int_equal(reading.doubts[0].line, 1);
		assert_int_equal(reading.doubts[0].column, 3);
	}
}

/* Runs of fillers lose some now and then; a letter may not be lost so. */
static void
test_lost(void **state)
{
	struct ballot ballot = agreed(OCR_TD3);
	struct mrz_reading reading;

	(void)state;
	saw(&ballot, 1, 1, 30, "", 1);
	reading = count(&ballot);
	assert_read(&reading, OCR_TD3, MRZ_ACCEPTED);
	saw(&ballot, 0, 1, 30, "", 1); /* nobody saw it */
	reading = count(&ballot);
	assert_int_equal(reading.doc.status, MRZ_UNCERTAIN);
	saw(&ballot, 0, 1, 30, "<", 1);
	saw(&ballot, 0, 1, 17, "", 1);
	reading = count(&ballot);
	assert_int_equal(reading.doc.status, MRZ_UNCERTAIN);
	saw(&ballot, 1, 1, 17, "", 1);
	reading = count(&ballot);
	assert_int_equal(reading.doc.status, MRZ_UNCERTAIN);
}

static void
test_everything_unsure(void **state)
{
	struct ballot ballot = agreed(OCR_TD3);
	struct mrz_reading reading;

	(void)state;
	for (unsigned i = 1; i <= 2; i++)
		for (unsigned k = 1; k <= 44; k++)
			for (unsigned r = 0; r < 2; r++)
				saw(&ballot, r, i, k, "AB", 0.5);
	reading = count(&ballot);
	assert_int_equal(reading.n_doubts, MRZ_MAX_DOUBTS);
	assert_int_not_equal(reading.doc.status, MRZ_ACCEPTED);
}

/* ---- Cells ------------------------------------------------------------ */

static void
put(struct recognised *symbols, double middle, const char *text)
{
	struct symbol *symbol = &symbols->symbols[symbols->n++];

	symbol->left = middle - 8;
	symbol->right = middle + 8;
	symbol->n = (unsigned)strlen(text);
	for (unsigned i = 0; i < symbol->n; i++) {
		symbol->choices[i].text = text[i];
		symbol->choices[i].p = 0.9 / (i + 1);
	}
}

/* Pitch 20: cells at 0, 20, 40, 60, 80. */
static void
test_cells(void **state)
{
	static struct recognised symbols;
	struct cells cells;

	(void)state;
	put(&symbols, 10, "A");
	put(&symbols, 28, "O0"); /* read twice: one cell */
	put(&symbols, 31, "0O");
	/* 40: nothing */
	put(&symbols, 68, "B");
	put(&symbols, 77, "C");  /* at the edge, and the next cell is free */
	put(&symbols, 110, "D"); /* behind the last cell */
	mrz_cells_sort(&symbols, 20, 5, &cells);
	assert_int_equal(cells.n, 5);
	assert_int_equal(cells.at[0].choices[0].text, 'A');
	assert_int_equal(cells.at[1].n, 2);
	assert_true(cells.at[1].choices[0].p < 0.6);
	assert_int_equal(cells.at[2].n, 0);
	assert_int_equal(cells.at[3].choices[0].text, 'B');
	assert_int_equal(cells.at[4].choices[0].text, 'C');
	assert_true(cells.at[4].choices[0].p > 0.99);
}

/* ---- Alphabets -------------------------------------------------------- */

static bool
parser_allows(enum mrz_field_id id, char c, unsigned offset)
{
	switch (mrz_field_pattern(id)) {
	case PATTERN_CODE:
		return mrz_is_letter(c) || (offset > 0 && c == '<');
	case PATTERN_STATE:
	case PATTERN_NAME:
		return mrz_is_letter(c) || c == '<';
	case PATTERN_BIRTH:
		return mrz_is_digit(c) || c == '<';
	case PATTERN_EXPIRY:
		return mrz_is_digit(c);
	case PATTERN_SEX:
		return c == 'M' || c == 'F' || c == '<';
	default:
		return true;
	}
}

/* The alphabets of the places are those of libmrz's fields. */
static void
test_alphabets(void **state)
{
	static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";

	(void)state;
	/* Pictures are read in the layouts of Doc 9303 alone. */
	for (size_t i = 0; i < MRZ_MRVB; i++) {
		const struct layout *layout = mrz_layout_at(i);

		for (int id = 0; id < MRZ_N_FIELDS; id++) {
			struct span span = layout->fields[id];

			for (unsigned k = 0; k < span.length; k++) {
				for (const char *c = all; *c != '\0'; c++) {
					bool ours =
					    mrz_place_allows(layout->format,
						span.line, span.column + k, *c);
					bool theirs = parser_allows(
					    (enum mrz_field_id)id, *c, k);

					if (id == MRZ_F_DOCUMENT_CODE && k == 0)
						theirs = theirs &&
							 (*c == 'V') ==
							     layout->visa;
					assert_int_equal(ours, theirs);
				}
			}
		}
		assert_false(mrz_place_allows(layout->format, 0,
		    layout->line_len[0], '<'));
		assert_false(
		    mrz_place_allows(layout->format, layout->n_lines, 0, '<'));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agreement),
		cmocka_unit_test(test_one_reading_is_none),
		cmocka_unit_test(test_a_name_in_doubt),
		cmocka_unit_test(test_unsure),
		cmocka_unit_test(test_letters_need_more),
		cmocka_unit_test(test_a_digit_refutes),
		cmocka_unit_test(test_a_digit_refutes_not_both),
		cmocka_unit_test(test_a_blind_pair),
		cmocka_unit_test(test_repaired),
		cmocka_unit_test(test_all_alike),
		cmocka_unit_test(test_sure_and_wrong),
		cmocka_unit_test(test_the_layout_decides),
		cmocka_unit_test(test_the_layout_guesses),
		cmocka_unit_test(test_no_such_state),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_everything_unsure),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_alphabets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
