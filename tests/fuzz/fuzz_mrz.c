/*
 * Any text through mrz_next and mrz_parse, and what parses through mrz_build
 * and mrz_parse again.
 */
#include <mrz/mrz.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TODAY 20780 /* 2026-11-23 */

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static void
require_terminated(const struct mrz_doc *doc)
{
	for (size_t i = 0; i < MRZ_N_FIELDS; i++)
		require(memchr(doc->fields[i].text, 0, MRZ_FIELD_CAP) != NULL);
	for (size_t i = 0; i < MRZ_MAX_LINES; i++)
		require(memchr(doc->lines[i], 0, MRZ_LINE_CAP) != NULL);
	require(doc->n_checks > 0 && doc->n_checks <= MRZ_MAX_CHECKS);
}

/* Accepted means that every check digit verifies: recompute three of them
 * from the fields alone. */
static void
require_key_info(const struct mrz_doc *doc)
{
	char a[MRZ_KEY_INFO_CAP], b[MRZ_KEY_INFO_CAP];
	char birth[] = "<<<<<<";
	size_t a_len = 0, b_len = 0;

	require(mrz_key_info(doc, a, sizeof(a), &a_len) == MRZ_OK);
	memcpy(birth, doc->fields[MRZ_F_DATE_OF_BIRTH].text,
	    strlen(doc->fields[MRZ_F_DATE_OF_BIRTH].text));
	require(
	    mrz_key_info_from_fields(doc->fields[MRZ_F_DOCUMENT_NUMBER].text,
		birth, doc->fields[MRZ_F_DATE_OF_EXPIRY].text, b, sizeof(b),
		&b_len) == MRZ_OK);
	require(a_len == b_len);
	if (doc->number_rule != MRZ_NUMBER_LONG_FILLER)
		require(memcmp(a, b, a_len) == 0);
}

/* parse, build, parse: the same fields, and accepted again. */
static void
require_round_trip(const struct mrz_doc *doc, const struct mrz_options *options)
{
	char lines[MRZ_MAX_LINES][MRZ_LINE_CAP];
	char text[MRZ_MAX_LINES * MRZ_LINE_CAP];
	char birth[] = "<<<<<<";
	struct mrz_fields fields = { .size = sizeof(fields) };
	struct mrz_doc again;
	size_t len = 0;

	for (size_t i = 0; i < MRZ_N_FIELDS; i++)
		fields.text[i] = doc->fields[i].text;
	memcpy(birth, doc->fields[MRZ_F_DATE_OF_BIRTH].text,
	    strlen(doc->fields[MRZ_F_DATE_OF_BIRTH].text));
	fields.text[MRZ_F_DATE_OF_BIRTH] = birth;
	require(mrz_build(doc->format, &fields, lines, NULL) == MRZ_OK);
	for (unsigned i = 0; i < mrz_format_lines(doc->format); i++) {
		size_t n = strlen(lines[i]);

		require(n == mrz_format_line_len(doc->format));
		memcpy(text + len, lines[i], n);
		len += n;
	}
	require(mrz_parse(text, len, options, &again) == MRZ_OK);
	require(again.status == MRZ_ACCEPTED);
	require(again.format == doc->format);
	for (size_t i = 0; i < MRZ_N_FIELDS; i++)
		require(strcmp(again.fields[i].text, doc->fields[i].text) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct mrz_options options = { sizeof(options), TODAY };
	size_t pos = 0, start = 0, len = 0, last = 0;
	struct mrz_doc doc;

	while (mrz_next(text, size, &pos, &start, &len)) {
		require(start >= last && len > 0 && start + len <= pos);
		require(pos <= size);
		last = start + len;
		enum mrz_error error = mrz_parse(text + start, len, &options,
		    &doc);

		require_terminated(&doc);
		require((error == MRZ_OK) == (doc.format != MRZ_UNKNOWN));
		if (doc.status != MRZ_ACCEPTED)
			continue;
		require(error == MRZ_OK);
		require_key_info(&doc);
		require_round_trip(&doc, &options);
	}
	require(pos == size);
	return 0;
}
