/*
 * Any text through mrz_transliterate; what comes of it must match the text
 * again and, where it decodes as Arabic, come back. The first byte chooses
 * language and spelling, the second how much of the text is the surname, the
 * third how long a name field is.
 */
#include <mrz/mrz.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEAD      3
#define FIELD_MAX 44

static void
require(bool condition)
{
	if (!condition)
		abort();
}

/* Letters, one filler between components, two between identifiers. */
static void
require_shape(const char *mrz)
{
	size_t len = strlen(mrz);

	for (size_t i = 0; i < len; i++)
		require(mrz[i] == '<' || (mrz[i] >= 'A' && mrz[i] <= 'Z'));
	require(strstr(mrz, "<<<") == NULL);
	require(len == 0 || mrz[len - 1] != '<');
	require(mrz[0] != '<' || mrz[1] == '<');
}

/* What is MRZ text already stays as it is. */
static void
require_fixed(const char *mrz)
{
	char again[MRZ_MAX_NAME];
	enum mrz_error error = mrz_transliterate(mrz, strlen(mrz), NULL, again,
	    sizeof(again), NULL);

	/* It may have more letters than a name may. */
	require(error == MRZ_OK || error == MRZ_E_LENGTH);
	if (error == MRZ_OK)
		require(strcmp(mrz, again) == 0);
}

/* Decoded, written and decoded again: the same Arabic text. */
static void
require_arabic(const char *mrz)
{
	char text[2 * MRZ_MAX_NAME], again[2 * MRZ_MAX_NAME];
	char written[MRZ_MAX_NAME];
	struct mrz_arabic result;

	if (mrz_arabic_decode(mrz, strlen(mrz), text, sizeof(text), &result) !=
	    MRZ_OK) {
		require(result.problem.offset < strlen(mrz));
		return;
	}
	if (strlen(text) > 400)
		return;
	require(mrz_transliterate(text, strlen(text), NULL, written,
		    sizeof(written), NULL) == MRZ_OK);
	/* Blanks that part nothing are gone, and only by the standard is it
	 * known which of two teh marbuta ends a component. */
	if (strstr(mrz, "<<") != NULL || strstr(mrz, "XTAXAH") != NULL ||
	    strstr(mrz, "XAHXTA") != NULL)
		return;
	require(mrz_arabic_decode(written, strlen(written), again,
		    sizeof(again), &result) == MRZ_OK);
	require(strcmp(text, again) == 0);
}

/* A field of the name itself: whole, or cut where it ends. */
static void
require_match(const char *mrz, const struct mrz_name *name,
    enum mrz_language language)
{
	struct mrz_name_match match;
	size_t len = strlen(mrz);

	if (len == 0)
		return;
	if (len > FIELD_MAX)
		len = FIELD_MAX;
	mrz_name_compare(mrz, len, name, language, &match);
	if (len == strlen(mrz))
		require(match.result == MRZ_NAME_MATCHES && !match.loose);
	else if (mrz[len - 1] != '<')
		require(match.result >= MRZ_NAME_MATCHES_TRUNCATED);
}

/* Any bytes as a field and as a name. */
static void
require_sound(const char *text, size_t size, size_t split, size_t field_len)
{
	struct mrz_name name = { .size = sizeof(name) };
	struct mrz_name_match match;

	if (split > size)
		split = size;
	name.primary = text;
	name.primary_len = split;
	name.secondary = text + split;
	name.secondary_len = size - split;
	if (field_len > size)
		field_len = size;
	mrz_name_compare(text, field_len, &name, MRZ_LANGUAGE_ANY, &match);
	require(match.offset <= (match.in_secondary ? size - split : split));
	require(match.field_offset <= field_len);
	require(
	    (match.result == MRZ_NAME_MATCHES) == (match.reason == MRZ_R_NONE));
}

/* Zones with room for a name, or for its two parts; the digits are wrong. */
static const struct {
	const char *text;
	size_t at[2], len[2];
} zones[] = {
	{ "P<UTO<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<\n"
	  "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
	    { 5, 44 }, { 39, 0 } },
	{ "IDFRA<<<<<<<<<<<<<<<<<<<<<<<<<952042\n"
	  "0509952018746<<<<<<<<<<<<<<8206152M3",
	    { 5, 50 }, { 25, 14 } },
	{ "D1NLD11234567890ABCDEFGHIJKLM5", { 0, 0 }, { 0, 0 } },
	{ "NO<ZONE", { 0, 0 }, { 0, 0 } },
};

static void
require_mark(struct mrz_doc *doc, const struct mrz_name_match *match)
{
	const struct mrz_check *check;
	enum mrz_status status = doc->status;

	mrz_name_mark(doc, match);
	mrz_name_mark(doc, match);
	check = mrz_doc_check(doc, MRZ_C_NAME_MATCH);
	require(check != NULL && doc->status == status);
	require((check->verdict == MRZ_PASSED) ==
		(match->result >= MRZ_NAME_MATCHES_TRUNCATED));
}

/* The name in the zone of a document; mrz is what it is transliterated to. */
static void
require_document(const char *mrz, const struct mrz_name *name, size_t which)
{
	char text[96];
	struct mrz_doc doc;
	struct mrz_name_match match;
	size_t len = strlen(mrz);

	which %= sizeof(zones) / sizeof(zones[0]);
	strcpy(text, zones[which].text);
	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; j < zones[which].len[i] && j < len; j++)
			text[zones[which].at[i] + j] = mrz[j];
	if (mrz_parse(text, strlen(text), NULL, &doc) != MRZ_OK)
		require(doc.format == MRZ_UNKNOWN);
	mrz_doc_compare_name(&doc, name, MRZ_LANGUAGE_ANY, &match);
	require_mark(&doc, &match);
	if (which == 0 && len > 0 && len <= zones[0].len[0])
		require(match.result == MRZ_NAME_MATCHES && !match.loose);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mrz_transliterate_options options = { .size = sizeof(options) };
	struct mrz_name name = { .size = sizeof(name) };
	struct mrz_text_problem problem = { 0 };
	char mrz[MRZ_MAX_NAME];
	const char *text;
	enum mrz_error error;

	if (size < HEAD)
		return 0;
	text = (const char *)data + HEAD;
	size -= HEAD;
	options.language = (enum mrz_language)(data[0] % MRZ_N_LANGUAGES);
	options.spelling = data[0] >> 4;
	require_sound(text, size, data[1], data[2] % (FIELD_MAX + 2));
	error = mrz_transliterate(text, size, &options, mrz, sizeof(mrz),
	    &problem);
	if (error != MRZ_OK) {
		require(error == MRZ_E_CHARACTER || error == MRZ_E_LENGTH);
		require(problem.offset <= size && mrz[0] == '\0');
		require(problem.reason != MRZ_R_NONE);
		return 0;
	}
	require_shape(mrz);
	require_fixed(mrz);
	require_arabic(mrz);
	name.primary = text;
	name.primary_len = size;
	require_match(mrz, &name, options.language);
	require_match(mrz, &name, MRZ_LANGUAGE_ANY);
	require_document(mrz, &name, data[1]);
	name.primary_len = data[2] < size ? data[2] : size;
	name.secondary = text + name.primary_len;
	name.secondary_len = size - name.primary_len;
	require_document("", &name, data[1]);
	return 0;
}
