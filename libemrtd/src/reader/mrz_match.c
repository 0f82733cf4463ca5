#include "reader/mrz_match.h"

#include "core/diag.h"

#include <string.h>

/* So many are named in the reason; all of them are in the result. */
#define NAMED 3

/* Whether c is what else may stand there. Of two doubts about one place the
 * first counts, as in mrz_doubt. */
static bool
is_alternative(const struct mrz_doubt *doubts, size_t n, size_t line,
    size_t column, char c)
{
	for (size_t i = 0; i < n && i < MRZ_MAX_DOUBTS; i++) {
		if (doubts[i].line != line || doubts[i].column != column)
			continue;
		for (size_t k = 0; k < doubts[i].n && k < MRZ_MAX_ALTERNATIVES;
		     k++)
			if (doubts[i].text[k] == c)
				return true;
		return false;
	}
	return false;
}

static void
compare(struct emrtd_result *result, const struct mrz_doubt *doubts, size_t n)
{
	struct emrtd_result_mrz *mrz = &result->mrz;
	const struct mrz_doc *chip = &result->document;
	enum mrz_format format = chip->format;

	mrz->comparison = EMRTD_MRZ_DIFFERS;
	if (mrz->optical.format != format)
		return;
	mrz->comparison = EMRTD_MRZ_CONFIRMED;
	for (unsigned i = 0; i < mrz_format_lines(format); i++) {
		unsigned len = mrz_format_line_len_at(format, i + 1);

		for (unsigned j = 0; j < len; j++) {
			struct emrtd_mrz_difference d = { (uint8_t)(i + 1),
				(uint8_t)(j + 1), mrz->optical.lines[i][j],
				chip->lines[i][j], false };

			if (d.optical == d.chip)
				continue;
			d.doubtful = is_alternative(doubts, n, i + 1, j + 1,
			    d.chip);
			if (!d.doubtful)
				mrz->comparison = EMRTD_MRZ_DIFFERS;
			mrz->differences[mrz->n_differences++] = d;
		}
	}
}

static void
put_number(struct emrtd_diag *diag, size_t n)
{
	char digits[3] = { (char)('0' + n / 10 % 10), (char)('0' + n % 10),
		'\0' };

	emrtd_diag_detail(diag, n < 10 ? digits + 1 : digits);
}

/* "line 2, column 6: O printed, 0 on the chip" */
static void
put_difference(struct emrtd_diag *diag, const struct emrtd_mrz_difference *d)
{
	const char letters[2][2] = { { d->optical, '\0' }, { d->chip, '\0' } };

	emrtd_diag_detail(diag, "line ");
	put_number(diag, d->line);
	emrtd_diag_detail(diag, ", column ");
	put_number(diag, d->column);
	emrtd_diag_detail(diag, ": ");
	emrtd_diag_detail(diag, letters[0]);
	emrtd_diag_detail(diag, " printed, ");
	emrtd_diag_detail(diag, letters[1]);
	emrtd_diag_detail(diag, " on the chip");
}

/* The first differences that no doubt explains. */
static void
put_differences(struct emrtd_diag *diag, const struct emrtd_result_mrz *mrz)
{
	size_t n = 0;

	for (size_t i = 0; i < mrz->n_differences; i++) {
		if (mrz->differences[i].doubtful)
			continue;
		if (n < NAMED) {
			if (n > 0)
				emrtd_diag_detail(diag, "; ");
			put_difference(diag, &mrz->differences[i]);
		}
		n++;
	}
	if (n > NAMED) {
		emrtd_diag_detail(diag, "; and ");
		put_number(diag, n - NAMED);
		emrtd_diag_detail(diag, " more");
	}
}

static void
put_formats(struct emrtd_diag *diag, enum mrz_format optical,
    enum mrz_format chip)
{
	if (optical == MRZ_UNKNOWN) {
		emrtd_diag_detail(diag, "the printed lines fit no layout");
		return;
	}
	emrtd_diag_detail(diag, mrz_format_name(optical));
	emrtd_diag_detail(diag, " is printed, ");
	emrtd_diag_detail(diag, mrz_format_name(chip));
	emrtd_diag_detail(diag, " on the chip");
}

/* Letters off a picture may be misread; those of a text are what they are. */
static bool
was_read_surely(const struct mrz_doc *optical)
{
	return optical->status == MRZ_ACCEPTED ||
	       (optical->status == MRZ_REJECTED &&
		   mrz_doc_check(optical, MRZ_C_READING) == NULL);
}

static void
set_difference(struct emrtd_result *result)
{
	const struct emrtd_result_mrz *mrz = &result->mrz;
	struct emrtd_diag *diag =
	    &result->checks[EMRTD_CHECK_DOC_MRZ_MATCH].diag;
	bool sure = was_read_surely(&mrz->optical);

	emrtd_check_set(result, EMRTD_CHECK_DOC_MRZ_MATCH,
	    sure ? EMRTD_FAILED : EMRTD_UNDETERMINED,
	    sure ? "the printed MRZ and DG1 differ"
		 : "the printed MRZ was not read surely, and differs from DG1");
	if (mrz->optical.format != result->document.format)
		put_formats(diag, mrz->optical.format, result->document.format);
	else
		put_differences(diag, mrz);
}

void
emrtd_check_mrz_match(struct emrtd_result *result,
    const struct mrz_doc *optical, const struct mrz_doubt *doubts,
    size_t n_doubts)
{
	enum emrtd_check_id id = EMRTD_CHECK_DOC_MRZ_MATCH;

	if (optical == NULL) {
		emrtd_check_set(result, id, EMRTD_NOT_OFFERED,
		    "no printed MRZ was given");
		return;
	}
	result->mrz.given = true;
	result->mrz.optical = *optical;
	if (!result->has_document) {
		emrtd_check_set(result, id, EMRTD_NOT_RUN,
		    "DG1 was not read, or is malformed");
		return;
	}
	compare(result, doubts, doubts != NULL ? n_doubts : 0);
	if (result->mrz.comparison == EMRTD_MRZ_CONFIRMED)
		emrtd_check_set(result, id, EMRTD_PASSED, NULL);
	else
		set_difference(result);
}
