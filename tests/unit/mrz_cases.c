#include "mrz_cases.h"

#include "test.h"

#include <string.h>

void
mrz_case_value(const char *word, char *out, size_t cap)
{
	size_t len = strcmp(word, "-") == 0 ? 0 : strlen(word);

	assert_true(len < cap);
	for (size_t i = 0; i < len; i++)
		out[i] = word[i] == '_' ? ' ' : word[i];
	out[len] = '\0';
}

static void
take_value(struct mrz_case *out, const char *word)
{
	const char *equals = strchr(word, '=');

	assert_non_null(equals);
	for (int i = 0; i < MRZ_N_FIELDS; i++) {
		const char *name = mrz_field_name((enum mrz_field_id)i);
		size_t len = strlen(name);

		if (len != (size_t)(equals - word) ||
		    memcmp(name, word, len) != 0)
			continue;
		mrz_case_value(equals + 1, out->values[i], MRZ_FIELD_CAP);
		return;
	}
	fail_msg("no such field: %s", word);
}

bool
mrz_case_next(struct vectors *vectors, struct mrz_case *out)
{
	struct vector v;

	if (!vectors_next(vectors, &v))
		return false;
	memset(out, 0, sizeof(*out));
	assert_true(v.n_words > 5);
	out->format = mrz_format_find(v.words[0]);
	assert_int_not_equal(out->format, MRZ_UNKNOWN);
	out->accepted = strcmp(v.words[1], "accepted") == 0;
	if (!out->accepted)
		assert_string_equal(v.words[1], "rejected");
	out->failed = v.words[2];
	out->rule = v.words[3];
	assert_true(strlen(v.words[4]) < MRZ_TEXT_CAP);
	for (size_t i = 0; v.words[4][i] != '\0'; i++)
		out->text[i] = v.words[4][i] == '|' ? '\n' : v.words[4][i];
	for (size_t i = 5; i < v.n_words; i++)
		take_value(out, v.words[i]);
	return true;
}

void
mrz_parse_ok(const char *text, size_t len, struct mrz_doc *out)
{
	struct mrz_options options = { sizeof(options), MRZ_TEST_TODAY };

	assert_int_equal(mrz_parse(text, len, &options, out), MRZ_OK);
}

void
mrz_fields_of(const struct mrz_doc *doc, char *birth, struct mrz_fields *out)
{
	const char *text = doc->fields[MRZ_F_DATE_OF_BIRTH].text;

	memset(out, 0, sizeof(*out));
	out->size = sizeof(*out);
	for (size_t i = 0; i < MRZ_N_FIELDS; i++)
		out->text[i] = doc->fields[i].text;
	memcpy(birth, "<<<<<<", 7);
	memcpy(birth, text, strlen(text));
	out->text[MRZ_F_DATE_OF_BIRTH] = birth;
}
