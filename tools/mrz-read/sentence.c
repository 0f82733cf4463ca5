#include "sentence.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Append; what does not fit is cut. */
__attribute__((format(printf, 2, 3))) static void
add(char text[SENTENCE_CAP], const char *format, ...)
{
	size_t len = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text + len, SENTENCE_CAP - len, format, arguments);
	va_end(arguments);
}

/* A zone that is written on one line. */
static unsigned
whole_len(enum mrz_format format)
{
	unsigned len = 0;

	for (unsigned i = 1; i <= mrz_format_lines(format); i++)
		len += mrz_format_line_len_at(format, i);
	return len;
}

/* "line 2 has 43 characters; TD3 has 44, MRV-A 44" */
static void
line_length(const struct mrz_doc *doc, const struct mrz_check *check,
    char text[SENTENCE_CAP])
{
	const char *before = "; ", *verb = " has";
	uint32_t line = check->place.line;

	if (line == 0 || line > doc->n_lines)
		return;
	add(text, "line %u has %u characters", (unsigned)line,
	    (unsigned)doc->line_len[line - 1]);
	for (int i = MRZ_UNKNOWN + 1; i < MRZ_N_FORMATS; i++) {
		enum mrz_format format = (enum mrz_format)i;

		if ((doc->candidates & 1u << i) == 0)
			continue;
		add(text, "%s%s%s %u", before, mrz_format_name(format), verb,
		    doc->n_lines == 1 ? whole_len(format)
				      : mrz_format_line_len_at(format, line));
		before = ", ";
		verb = "";
	}
	if (doc->candidates == 0)
		add(text, "; no layout has such lines");
}

/* What is in force for a code that is not: "...: D", "... in 1997, now COD". */
static void
country_code(const struct mrz_doc *doc, const struct mrz_check *check,
    char text[SENTENCE_CAP])
{
	enum mrz_field_id field = check->id == MRZ_C_NATIONALITY
				      ? MRZ_F_NATIONALITY
				      : MRZ_F_ISSUING_STATE;
	const struct mrz_country *row = mrz_country_find(
	    doc->fields[field].text);

	add(text, "%s", mrz_reason_text(check->reason));
	if (row == NULL)
		return;
	if (row->until > 0)
		add(text, " in %u", (unsigned)row->until);
	if (row->instead[0] != '\0')
		add(text, "%s%s", row->until > 0 ? ", now " : ": ",
		    row->instead);
}

const char *
check_sentence(const struct mrz_doc *doc, const struct mrz_check *check,
    char text[SENTENCE_CAP])
{
	text[0] = '\0';
	if (check->id == MRZ_C_LAYOUT && check->reason == MRZ_R_LINE_LENGTH)
		line_length(doc, check, text);
	else if (check->reason == MRZ_R_CHECK_DIGIT && check->computed != '\0')
		add(text, "the check digit is %c and should be %c",
		    check->printed, check->computed);
	else if (check->reason == MRZ_R_NOT_FOR_MRZ ||
		 check->reason == MRZ_R_FORMER_CODE)
		country_code(doc, check, text);
	else
		add(text, "%s", mrz_reason_text(check->reason));
	return text;
}
