/*
 * What holds for every document, tried with many: what is built is read back,
 * and whatever the bytes are, a document is consistent with itself.
 */
#include "layout.h"
#include "mrz_cases.h"
#include "mrz_random.h"
#include "test.h"

#include <string.h>

#define N_BUILT   10000 /* of each format */
#define N_HOSTILE 60000
#define MAX_TEXT  400

#define require(condition, format, seed)                             \
	do {                                                         \
		if (!(condition))                                    \
			fail_msg("%s, seed %llu: not %s",            \
			    mrz_format_name(format),                 \
			    (unsigned long long)(seed), #condition); \
	} while (0)

/* A value as it is read: without fillers at its end. */
static bool
is_read_as(const char *text, const char *value)
{
	size_t len = strlen(value);

	while (len > 0 && value[len - 1] == '<')
		len--;
	return strlen(text) == len && memcmp(text, value, len) == 0;
}

static void
require_read_back(enum mrz_format format, uint64_t seed)
{
	char text[MRZ_RANDOM_TEXT_CAP];
	struct mrz_random_doc made;
	struct mrz_doc doc;
	size_t number_len;
	bool is_long;

	mrz_random_zone(format, seed, &made, text);
	mrz_parse_ok(text, strlen(text), &doc);
	require(doc.format == format, format, seed);
	require(doc.status == MRZ_ACCEPTED, format, seed);
	for (size_t i = 0; i < MRZ_N_FIELDS; i++)
		if (!is_read_as(doc.fields[i].text, made.values[i]))
			fail_msg("%s, seed %llu, %s: %s, not %s",
			    mrz_format_name(format), (unsigned long long)seed,
			    mrz_field_name((enum mrz_field_id)i),
			    doc.fields[i].text, made.values[i]);
	number_len = strlen(made.values[MRZ_F_DOCUMENT_NUMBER]);
	is_long = number_len >
		  mrz_layout_find(format)->fields[MRZ_F_DOCUMENT_NUMBER].length;
	if (mrz_layout_find(format)->digits[DIGIT_NUMBER].at.length == 0) {
		require(doc.number_rule == MRZ_NUMBER_UNPROVEN, format, seed);
		return;
	}
	require((doc.number_rule != MRZ_NUMBER_SHORT) == is_long, format, seed);
	require(!is_long || doc.number_rule == MRZ_NUMBER_LONG_EITHER ||
		    (doc.number_rule == MRZ_NUMBER_LONG_FILLER) ==
			made.fields.count_filler,
	    format, seed);
}

static void
what_is_built_is_read_back(void **state)
{
	unsigned n_formats = 0;

	(void)state;
	for (int f = 1; f < MRZ_N_FORMATS; f++) {
		for (uint64_t seed = 0; seed < N_BUILT; seed++)
			require_read_back((enum mrz_format)f, seed);
		n_formats++;
	}
	assert_true(n_formats >= 10);
}

/* ---- Hostile text ---------------------------------------------------- */

static bool
is_inside(struct mrz_place place, const struct mrz_doc *doc)
{
	if (place.line == 0)
		return place.column == 0 && place.length == 0;
	/* One past the end is where a character is wanting. */
	return place.line <= doc->n_lines && place.column >= 1 &&
	       place.length >= 1 &&
	       place.column - 1 <= doc->line_len[place.line - 1];
}

static bool
is_terminated(const char *text, size_t cap)
{
	return memchr(text, '\0', cap) != NULL;
}

static void
require_sound_fields(const struct mrz_doc *doc, uint64_t seed)
{
	for (size_t i = 0; i < MRZ_N_FIELDS; i++) {
		const struct mrz_field *field = &doc->fields[i];
		bool failed = field->verdict == MRZ_FAILED;

		require(is_terminated(field->text, sizeof(field->text)),
		    doc->format, seed);
		require((unsigned)field->verdict < MRZ_N_VERDICTS, doc->format,
		    seed);
		require((unsigned)field->reason < MRZ_N_REASONS, doc->format,
		    seed);
		require(is_inside(field->place, doc), doc->format, seed);
		require(is_inside(field->wrong, doc), doc->format, seed);
		require((field->wrong.line > 0) == failed, doc->format, seed);
		require(!failed || field->reason != MRZ_R_NONE, doc->format,
		    seed);
		require(field->present == (field->verdict != MRZ_NOT_RUN),
		    doc->format, seed);
		require(field->present || field->text[0] == '\0', doc->format,
		    seed);
	}
}

/* Whether a check lets a document be accepted. */
static bool
is_no_obstacle(const struct mrz_check *check)
{
	return mrz_check_is_finding(check->id) ||
	       check->verdict == MRZ_PASSED ||
	       (check->verdict == MRZ_NOT_OFFERED &&
		   (check->reason == MRZ_R_NOT_IN_LAYOUT ||
		       check->reason == MRZ_R_NO_SUCH_FIELD));
}

static void
require_sound_checks(const struct mrz_doc *doc, uint64_t seed)
{
	bool acceptable = doc->format != MRZ_UNKNOWN;

	require(doc->n_checks >= 1 && doc->n_checks <= MRZ_MAX_CHECKS,
	    doc->format, seed);
	for (size_t i = 0; i < doc->n_checks; i++) {
		const struct mrz_check *check = &doc->checks[i];

		require((size_t)check->id == i, doc->format, seed);
		require((unsigned)check->verdict < MRZ_N_VERDICTS &&
			    check->verdict != MRZ_NOT_RUN,
		    doc->format, seed);
		require((unsigned)check->reason < MRZ_N_REASONS, doc->format,
		    seed);
		require(is_inside(check->place, doc), doc->format, seed);
		require(check->verdict != MRZ_FAILED ||
			    check->reason != MRZ_R_NONE,
		    doc->format, seed);
		/* Of two that differ one verifies by another rule. */
		require(check->verdict != MRZ_PASSED ||
			    check->printed == check->computed ||
			    check->reason == MRZ_R_FILLER_COUNTED ||
			    (check->printed == '<' && check->computed == '0'),
		    doc->format, seed);
		acceptable = acceptable && is_no_obstacle(check);
	}
	require((doc->status == MRZ_ACCEPTED) == acceptable, doc->format, seed);
	require(doc->status != MRZ_UNCERTAIN, doc->format, seed);
}

static void
require_sound(const char *text, size_t len, uint64_t seed)
{
	struct mrz_options options = { sizeof(options), MRZ_TEST_TODAY };
	struct mrz_doc doc, again;
	enum mrz_error error, second;

	memset(&doc, 0x55, sizeof(doc));
	memset(&again, 0xaa, sizeof(again));
	error = mrz_parse(text, len, &options, &doc);
	second = mrz_parse(text, len, &options, &again);
	/* All of it is written, and nothing depends on what was there. */
	require(error == second && memcmp(&doc, &again, sizeof(doc)) == 0,
	    doc.format, seed);
	require(error == MRZ_OK || error == MRZ_E_LAYOUT ||
		    error == MRZ_E_EMPTY,
	    doc.format, seed);
	require((error == MRZ_OK) == (doc.format != MRZ_UNKNOWN), doc.format,
	    seed);
	require(doc.size == sizeof(doc), doc.format, seed);
	require((unsigned)doc.format < MRZ_N_FORMATS, doc.format, seed);
	require(doc.n_lines <= MRZ_MAX_LINES, doc.format, seed);
	for (size_t i = 0; i < MRZ_MAX_LINES; i++)
		require(is_terminated(doc.lines[i], MRZ_LINE_CAP), doc.format,
		    seed);
	require((error == MRZ_OK) == (doc.stage >= MRZ_STAGE_LAYOUT),
	    doc.format, seed);
	require((doc.status == MRZ_ACCEPTED) == (doc.stage == MRZ_STAGE_DATES),
	    doc.format, seed);
	require_sound_checks(&doc, seed);
	require_sound_fields(&doc, seed);
}

static size_t
random_bytes(struct mrz_random *random, char *text)
{
	static const char likely[] = "<<<<0123456789ABCXYZ \n\r\taz\xc3";
	size_t len = mrz_random_below(random, MAX_TEXT);
	bool wild = mrz_random_below(random, 4) == 0;

	for (size_t i = 0; i < len; i++)
		text[i] =
		    wild ? (char)mrz_random_next(random)
			 : likely[mrz_random_below(random, sizeof(likely) - 1)];
	return len;
}

/* Characters changed, gone or too many. */
static size_t
damage(struct mrz_random *random, char *text, size_t len)
{
	uint32_t n = 1 + mrz_random_below(random, 4);

	while (n-- > 0 && len > 1 && len < MAX_TEXT - 1) {
		size_t at = mrz_random_below(random, (uint32_t)len);
		char c = "0123456789<ABCDEFGHIJKLMNOPQRSTUVWXYZ\n ?a\xff"
		    [mrz_random_below(random, 42)];

		switch (mrz_random_below(random, 8)) {
		case 0:
			memmove(text + at, text + at + 1, len - at - 1);
			len--;
			break;
		case 1:
			memmove(text + at + 1, text + at, len - at);
			len++;
			text[at] = c;
			break;
		default:
			text[at] = c;
			break;
		}
	}
	return len;
}

static void
hostile_text_gives_a_sound_document(void **state)
{
	static char text[MAX_TEXT + MRZ_RANDOM_TEXT_CAP];
	struct mrz_random_doc made;
	struct mrz_random random = { 20780 };

	(void)state;
	for (uint64_t seed = 0; seed < N_HOSTILE; seed++) {
		size_t len;

		if (mrz_random_below(&random, 4) == 0) {
			len = random_bytes(&random, text);
		} else {
			mrz_random_zone((enum mrz_format)(
					    1 + seed % (MRZ_N_FORMATS - 1)),
			    seed, &made, text);
			len = damage(&random, text, strlen(text));
		}
		require_sound(text, len, seed);
	}
}

/* Every prefix of every specimen, and each with one byte changed, in every
 * place. */
static void
damaged_specimens_give_a_sound_document(void **state)
{
	struct vectors *vectors = vectors_open(
	    "tests/vectors/mrz_specimens.txt");
	struct mrz_case c;
	uint64_t n = 0;

	(void)state;
	while (mrz_case_next(vectors, &c)) {
		size_t len = strlen(c.text);

		for (size_t i = 0; i <= len; i++)
			require_sound(c.text, i, n++);
		for (size_t i = 0; i < len; i++) {
			char kept = c.text[i];

			c.text[i] = (char)(i * 7 + n);
			require_sound(c.text, len, n++);
			c.text[i] = kept;
		}
	}
	vectors_close(vectors);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_built_is_read_back),
		cmocka_unit_test(hostile_text_gives_a_sound_document),
		cmocka_unit_test(damaged_specimens_give_a_sound_document),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
