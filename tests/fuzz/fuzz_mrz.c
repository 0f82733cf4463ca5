/*
 * Any text through mrz_next and mrz_parse, and what parses through mrz_build
 * and mrz_parse again.
 */
#include "doubts_of_input.h"
#include "flat_zone.h"

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

/* Most national layouts do not have what makes the key of a chip. */
static bool
has_key(const struct mrz_doc *doc)
{
	static const enum mrz_check_id ids[] = { MRZ_C_NUMBER, MRZ_C_BIRTH,
		MRZ_C_EXPIRY };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (mrz_doc_check(doc, ids[i])->verdict == MRZ_NOT_OFFERED)
			return false;
	return true;
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
	if (doc->fields[MRZ_F_DATE_OF_BIRTH].present)
		fields.text[MRZ_F_DATE_OF_BIRTH] = birth;
	require(mrz_build(doc->format, &fields, lines, NULL) == MRZ_OK);
	for (unsigned i = 0; i < mrz_format_lines(doc->format); i++) {
		size_t n = strlen(lines[i]);

		require(n == mrz_format_line_len_at(doc->format, i + 1));
		memcpy(text + len, lines[i], n);
		len += n;
	}
	require(mrz_parse(text, len, options, &again) == MRZ_OK);
	require(again.status == MRZ_ACCEPTED);
	require(again.format == doc->format);
	for (size_t i = 0; i < MRZ_N_FIELDS; i++)
		require(strcmp(again.fields[i].text, doc->fields[i].text) == 0);
}

static void
require_accepted_is_sound(const struct mrz_doc *doc,
    const struct mrz_options *options)
{
	if (doc->status != MRZ_ACCEPTED)
		return;
	if (has_key(doc))
		require_key_info(doc);
	require_round_trip(doc, options);
}

/* Doubt never makes a document better than uncertain, and what is accepted
 * opens the chip with its own key first. */
static void
require_doubt_is_sound(const struct mrz_doc *doc,
    const struct mrz_doubt *doubts, size_t n)
{
	struct mrz_key keys[MRZ_MAX_KEYS];
	char info[MRZ_KEY_INFO_CAP], own[MRZ_KEY_INFO_CAP];
	struct mrz_doc doubtful = *doc;
	size_t n_keys = mrz_keys(doc, doubts, n, keys), len = 0, own_len = 0;

	require(n_keys <= MRZ_MAX_KEYS);
	for (size_t i = 0; i < n_keys; i++) {
		require(mrz_key_info_from_key(&keys[i], info, sizeof(info),
			    &len) == MRZ_OK);
		require(keys[i].cost >= (i > 0 ? keys[i - 1].cost : 0));
	}
	if (doc->status == MRZ_ACCEPTED && !has_key(doc)) {
		require(n_keys == 0);
	} else if (doc->status == MRZ_ACCEPTED) {
		require(n_keys > 0 && keys[0].cost == 0);
		require(
		    mrz_key_info(doc, own, sizeof(own), &own_len) == MRZ_OK);
		if (n == 0) {
			require(n_keys == 1 && own_len == len);
			require(memcmp(own, info, len) == 0);
		}
	}
	mrz_doubt(&doubtful, doubts, n);
	require(doubtful.n_checks == doc->n_checks + 1);
	require(n > 0 ? doubtful.status != MRZ_ACCEPTED
		      : doubtful.status == doc->status);
	require(n == 0 || doc->status != MRZ_ACCEPTED ||
		doubtful.status == MRZ_UNCERTAIN);
	require(memcmp(doubtful.fields, doc->fields, sizeof(doc->fields)) == 0);
}

/* Places lie inside the lines. */
static void
require_places(const struct mrz_doc *doc)
{
	for (size_t i = 0; i < doc->n_checks; i++) {
		struct mrz_place place = doc->checks[i].place;

		require((place.line == 0) == (place.column == 0));
		require((place.line == 0) == (place.length == 0));
		require(place.line <= doc->n_lines);
		if (place.line > 0)
			require(
			    place.column - 1 <= doc->line_len[place.line - 1]);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct mrz_options options = { sizeof(options), TODAY };
	size_t pos = 0, start = 0, len = 0, last = 0, n_zones = 0;
	struct mrz_doubt doubts[MRZ_MAX_DOUBTS];
	size_t n_doubts = doubts_of_input(data, size, doubts);
	struct mrz_doc doc;

	while (mrz_next(text, size, &pos, &start, &len)) {
		require(start >= last && len > 0 && start + len <= pos);
		require(pos <= size);
		last = start + len;
		enum mrz_error error = mrz_parse(text + start, len, &options,
		    &doc);

		require_terminated(&doc);
		require_places(&doc);
		/* Some doubts take milliseconds: not for each of many. */
		if (n_zones++ < 2)
			require_doubt_is_sound(&doc, doubts, n_doubts);
		require((error == MRZ_OK) == (doc.format != MRZ_UNKNOWN));
		if (error != MRZ_OK) {
			require(doc.status == MRZ_REJECTED);
			continue;
		}
		require_accepted_is_sound(&doc, &options);
		require(flat_zone_correct_digits(&doc, &options));
		require_accepted_is_sound(&doc, &options);
		if (n_zones < 2) {
			require_doubt_is_sound(&doc, NULL, 0);
			require_doubt_is_sound(&doc, doubts, n_doubts);
		}
	}
	require(pos == size);
	return 0;
}
