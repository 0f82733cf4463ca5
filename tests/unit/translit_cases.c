#include "translit_cases.h"

#include <string.h>

static const struct {
	const char *name;
	uint32_t spelling;
} spellings[] = {
	{ "-", 0 },
	{ "umlaut-plain", MRZ_SPELL_UMLAUT_PLAIN },
	{ "umlaut-xx", MRZ_SPELL_UMLAUT_XX },
	{ "ring-plain", MRZ_SPELL_RING_PLAIN },
	{ "tilde-xx", MRZ_SPELL_TILDE_XX },
};

void
translit_text(const char *word, char out[TRANSLIT_CAP])
{
	size_t len = strlen(word);

	assert_true(len < TRANSLIT_CAP);
	for (size_t i = 0; i <= len; i++)
		out[i] = word[i] == '_' ? ' ' : word[i];
}

struct mrz_transliterate_options
translit_options(const char *word)
{
	struct mrz_transliterate_options options = { .size = sizeof(options) };
	size_t n = sizeof(spellings) / sizeof(spellings[0]);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(word, spellings[i].name) == 0) {
			options.spelling = spellings[i].spelling;
			return options;
		}
	}
	options.language = mrz_language_find(word);
	assert_int_not_equal(options.language, MRZ_LANGUAGE_ANY);
	return options;
}

size_t
translit_put(uint32_t code, char out[5])
{
	size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	static const uint8_t lead[] = { 0, 0, 0xC0, 0xE0, 0xF0 };

	for (size_t i = n; i-- > 1; code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3F));
	out[0] = (char)(lead[n] | code);
	out[n] = '\0';
	return n;
}

void
translit_good(const char *text, const struct mrz_transliterate_options *options,
    char out[MRZ_MAX_NAME])
{
	assert_int_equal(mrz_transliterate(text, strlen(text), options, out,
			     MRZ_MAX_NAME, NULL),
	    MRZ_OK);
}
