#include "make_names.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *word;
	enum mrz_spelling spelling;
} choices[] = {
	{ "umlaut-plain", MRZ_SPELL_UMLAUT_PLAIN },
	{ "umlaut-xx", MRZ_SPELL_UMLAUT_XX },
	{ "ring-plain", MRZ_SPELL_RING_PLAIN },
	{ "tilde-xx", MRZ_SPELL_TILDE_XX },
};

static bool
choose_one(const char *word, size_t len, struct mrz_transliterate_options *out)
{
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		if (strlen(choices[i].word) == len &&
		    memcmp(choices[i].word, word, len) == 0) {
			out->spelling |= choices[i].spelling;
			return true;
		}
	}
	for (unsigned i = 1; i < MRZ_N_LANGUAGES; i++) {
		enum mrz_language language = (enum mrz_language)i;

		if (len == strlen(mrz_language_name(language)) &&
		    memcmp(mrz_language_name(language), word, len) == 0) {
			out->language = language;
			return true;
		}
	}
	return false;
}

bool
make_names_choose(const struct tool *tool, const char *words,
    struct mrz_transliterate_options *out)
{
	out->size = sizeof(*out);
	for (const char *word = words;; word++) {
		size_t len = strcspn(word, ",");

		if (!choose_one(word, len, out)) {
			tool_error(tool,
			    "--translit: not be, bg, mk, ru, sr, uk, "
			    "umlaut-plain, umlaut-xx, ring-plain or tilde-xx, "
			    "parted by commas");
			return false;
		}
		word += len;
		if (*word == '\0')
			return true;
	}
}

static bool
is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

/* The value itself is somebody's data, and is not quoted; one character out
 * of it is. */
static void
say_problem(const struct tool *tool, enum mrz_field_id id,
    const struct mrz_text_problem *problem)
{
	char code[32] = "";

	if (problem->reason == MRZ_R_NO_TRANSLITERATION)
		snprintf(code, sizeof(code), " (U+%04X)",
		    (unsigned)problem->code_point);
	tool_error(tool, "%s, byte %u: %s%s", mrz_field_name(id),
	    (unsigned)problem->offset + 1, mrz_reason_text(problem->reason),
	    code);
}

const char *
make_names_write(const struct tool *tool, enum mrz_field_id id,
    const char *name, const struct mrz_transliterate_options *options,
    bool quiet, char out[MRZ_MAX_NAME], bool *changed)
{
	const struct tool_common common = { .quiet = quiet };
	struct mrz_text_problem problem = { 0 };

	*changed = !is_ascii(name);
	if (!*changed)
		return name;
	if (mrz_transliterate(name, strlen(name), options, out, MRZ_MAX_NAME,
		&problem) != MRZ_OK) {
		say_problem(tool, id, &problem);
		return NULL;
	}
	tool_note(tool, &common,
	    "%s: transliterated; --translit has other spellings",
	    mrz_field_name(id));
	return out;
}
