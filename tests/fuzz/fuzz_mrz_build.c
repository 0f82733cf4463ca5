/*
 * Any fields through mrz_build and mrz_name_fit: what is refused says where,
 * and what is built is read back and built again, the same.
 *
 * The input: format, truncation, two limits for components and two flags, a
 * byte each; then one line for each field.
 */
#include <mrz/mrz.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TODAY     20780 /* 2026-11-23 */
#define N_CONTROL 6
#define MAX_VALUE 300

struct input {
	enum mrz_format format;
	char values[MRZ_N_FIELDS][MAX_VALUE];
	uint8_t surname_letters[3], given_letters[3];
	struct mrz_fields fields;
};

typedef char zone_lines[MRZ_MAX_LINES][MRZ_LINE_CAP];

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static void
take(const uint8_t *data, size_t size, struct input *out)
{
	static const uint8_t none[N_CONTROL];
	const uint8_t *control = size < N_CONTROL ? none : data;
	size_t at = size < N_CONTROL ? size : N_CONTROL;

	memset(out, 0, sizeof(*out));
	out->format = (enum mrz_format)(control[0] % (MRZ_N_FORMATS + 1));
	out->fields.size = sizeof(out->fields);
	out->fields.truncation = (enum mrz_name_truncation)(
	    control[1] % (MRZ_N_TRUNCATIONS + 1));
	out->surname_letters[0] = control[2] & 15;
	out->surname_letters[1] = control[2] >> 4;
	out->given_letters[0] = control[3] & 15;
	out->given_letters[1] = control[3] >> 4;
	if (control[2] != 0)
		out->fields.surname_letters = out->surname_letters;
	if (control[3] != 0)
		out->fields.given_letters = out->given_letters;
	out->fields.count_filler = control[4] & 1;
	out->fields.zero_digit = control[5] & 1;
	for (size_t i = 0; i < MRZ_N_FIELDS && at < size; i++) {
		size_t n = 0;

		while (at < size && data[at] != '\n' && n < MAX_VALUE - 1)
			out->values[i][n++] = (char)data[at++];
		while (at < size && data[at++] != '\n')
			;
		out->fields.text[i] = out->values[i];
	}
}

static void
require_problem(const struct input *in, const struct mrz_problem *problem)
{
	const char *text;

	require((unsigned)problem->field < MRZ_N_FIELDS);
	require(problem->reason != MRZ_R_NONE &&
		(unsigned)problem->reason < MRZ_N_REASONS);
	text = in->fields.text[problem->field];
	require(problem->offset <= (text != NULL ? strlen(text) : 0));
}

static size_t
join(const struct input *in, zone_lines lines, char *out)
{
	unsigned n_lines = mrz_format_lines(in->format);
	size_t len = 0;

	for (unsigned i = 0; i < n_lines; i++) {
		size_t n = strlen(lines[i]);

		memcpy(out + len, lines[i], n);
		len += n;
		out[len++] = '\n';
	}
	return len;
}

/* What was read is built again, with the same choices. */
static void
require_same_again(const struct input *in, const struct mrz_doc *doc,
    zone_lines lines)
{
	struct mrz_fields fields = in->fields;
	char dates[2][7] = { "<<<<<<", "<<<<<<" };
	static const enum mrz_field_id ids[] = { MRZ_F_DATE_OF_BIRTH,
		MRZ_F_DATE_OF_EXPIRY };
	zone_lines again;

	for (size_t i = 0; i < MRZ_N_FIELDS; i++)
		fields.text[i] = doc->fields[i].text;
	for (size_t i = 0; i < 2; i++) {
		const char *text = doc->fields[ids[i]].text;

		memcpy(dates[i], text, strlen(text));
		if (doc->fields[ids[i]].present)
			fields.text[ids[i]] = dates[i];
	}
	require(mrz_build(in->format, &fields, again, NULL) == MRZ_OK);
	for (unsigned i = 0; i < mrz_format_lines(in->format); i++)
		require(strcmp(lines[i], again[i]) == 0);
}

static void
require_read_back(const struct input *in, zone_lines lines)
{
	struct mrz_options options = { sizeof(options), TODAY };
	char text[MRZ_MAX_LINES * MRZ_LINE_CAP];
	struct mrz_doc doc;
	size_t len = join(in, lines, text);

	require(mrz_parse(text, len, &options, &doc) == MRZ_OK);
	require(doc.format == in->format);
	require(doc.status == MRZ_ACCEPTED);
	/* This one prints a hyphen as one filler, a blank as two; both are
	 * read as a blank. */
	if (in->format == MRZ_FRA_ID &&
	    strchr(in->values[MRZ_F_GIVEN_NAMES], '-') != NULL)
		return;
	require_same_again(in, &doc, lines);
}

static void
require_name(const struct input *in, enum mrz_error built, zone_lines lines)
{
	struct mrz_name_fit fit = { .size = sizeof(fit) };
	struct mrz_problem problem = { 0 };
	enum mrz_error error = mrz_name_fit(in->format, &in->fields, &fit,
	    &problem);

	require(built != MRZ_OK || error == MRZ_OK);
	if (error != MRZ_OK) {
		if (error != MRZ_E_ARG)
			require_problem(in, &problem);
		return;
	}
	require(memchr(fit.text, '\0', sizeof(fit.text)) != NULL);
	require(fit.truncated ==
		(fit.surname_letters_lost + fit.given_letters_lost > 0));
	require(fit.surname_letters_lost <= fit.surname_letters);
	require(fit.given_letters_lost <= fit.given_letters);
	if (built == MRZ_OK) {
		bool found = false;

		for (unsigned i = 0; i < mrz_format_lines(in->format); i++)
			found = found || strstr(lines[i], fit.text) != NULL;
		require(found);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mrz_problem problem = { 0 };
	enum mrz_error error;
	struct input in;
	zone_lines lines, untouched;

	take(data, size, &in);
	require(mrz_truncation_find(mrz_truncation_name(
		    in.fields.truncation)) == in.fields.truncation);
	memset(lines, '#', sizeof(lines));
	memset(untouched, '#', sizeof(untouched));
	error = mrz_build(in.format, &in.fields, lines, &problem);
	require_name(&in, error, lines);
	if (error == MRZ_OK) {
		require_read_back(&in, lines);
		return 0;
	}
	require(memcmp(lines, untouched, sizeof(lines)) == 0);
	require(error == MRZ_E_ARG || error == MRZ_E_MISSING ||
		error == MRZ_E_CHARACTER || error == MRZ_E_LENGTH ||
		error == MRZ_E_DATE);
	if (error != MRZ_E_ARG)
		require_problem(&in, &problem);
	return 0;
}
