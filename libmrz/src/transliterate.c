/* Names into MRZ letters. */
#include "charset.h"
#include "letters.h"
#include "mem.h"

static const char language_names[MRZ_N_LANGUAGES][3] = {
	[MRZ_LANGUAGE_ANY] = "",
	[MRZ_LANGUAGE_BE] = "be",
	[MRZ_LANGUAGE_BG] = "bg",
	[MRZ_LANGUAGE_MK] = "mk",
	[MRZ_LANGUAGE_RU] = "ru",
	[MRZ_LANGUAGE_SR] = "sr",
	[MRZ_LANGUAGE_UK] = "uk",
};

const char *
mrz_language_name(enum mrz_language language)
{
	return (unsigned)language < MRZ_N_LANGUAGES ? language_names[language]
						    : "";
}

enum mrz_language
mrz_language_find(const char *name)
{
	size_t len = mrz_text_len(name);

	for (unsigned i = 1; i < MRZ_N_LANGUAGES; i++)
		if (len == 2 && memcmp(name, language_names[i], 2) == 0)
			return (enum mrz_language)i;
	return MRZ_LANGUAGE_ANY;
}

bool
mrz_spelling_of_language(uint8_t when, enum mrz_language language)
{
	switch (when) {
	case SPELL_BE:
		return language == MRZ_LANGUAGE_BE;
	case SPELL_BG:
		return language == MRZ_LANGUAGE_BG;
	case SPELL_MK:
		return language == MRZ_LANGUAGE_MK;
	case SPELL_SR:
		return language == MRZ_LANGUAGE_SR;
	case SPELL_UK:
	case SPELL_UK_FIRST:
		return language == MRZ_LANGUAGE_UK;
	default:
		return false;
	}
}

/* Whether a row is asked for, by the options or by the letter's place. */
static bool
applies(const struct spelling *row, const struct letter *letter,
    const struct mrz_transliterate_options *options)
{
	switch (row->when) {
	case SPELL_UMLAUT_PLAIN:
		return options->spelling & MRZ_SPELL_UMLAUT_PLAIN;
	case SPELL_UMLAUT_XX:
		return options->spelling & MRZ_SPELL_UMLAUT_XX;
	case SPELL_RING_PLAIN:
		return options->spelling & MRZ_SPELL_RING_PLAIN;
	case SPELL_TILDE_XX:
		return options->spelling & MRZ_SPELL_TILDE_XX;
	case SPELL_UK_FIRST:
		return options->language == MRZ_LANGUAGE_UK &&
		       (letter->flags & LETTER_FIRST);
	case SPELL_END:
		return letter->flags & LETTER_LAST;
	case SPELL_ALLAH:
		return letter->flags & LETTER_ALLAH;
	default:
		return mrz_spelling_of_language(row->when, options->language);
	}
}

struct output {
	char *at;
	size_t cap, len;
	size_t last_len;  /* of what was written for the last letter */
	uint16_t pending; /* what parts it from the next one, or 0 */
	bool full;
};

static void
append(struct output *out, const char *text, size_t len)
{
	if (len >= out->cap - out->len) {
		out->full = true;
		return;
	}
	memcpy(out->at + out->len, text, len);
	out->len += len;
}

/* What one letter became. No filler goes before nothing. */
static void
put(struct output *out, const char *text, size_t len)
{
	out->last_len = len;
	if (len == 0)
		return;
	if (out->pending == PART_IDENTIFIERS)
		append(out, "<<", 2);
	else if (out->pending != 0 && out->len > 0)
		append(out, "<", 1);
	out->pending = 0;
	if (!out->full)
		append(out, text, len);
}

static void
put_letter(struct output *out, const struct letter *letter,
    const struct mrz_transliterate_options *options)
{
	size_t n = 0;
	const struct spelling *rows = mrz_spellings(letter->code, &n);
	const struct spelling *row = rows;
	char plain = (char)letter->code;

	if (rows == NULL) {
		put(out, &plain, 1);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		if (applies(&rows[i], letter, options)) {
			row = &rows[i];
			break;
		}
	}
	put(out, row->text, mrz_text_len(row->text));
}

static void
put_part(struct output *out, uint16_t part)
{
	if (part == PART_DOUBLE)
		put(out, out->at + out->len - out->last_len, out->last_len);
	else if (part != PART_OMITTED && part > out->pending)
		out->pending = part;
}

enum mrz_error
mrz_transliterate(const char *utf8, size_t len,
    const struct mrz_transliterate_options *options, char *out, size_t cap,
    struct mrz_text_problem *problem)
{
	static const struct mrz_transliterate_options none = { sizeof(none),
		MRZ_LANGUAGE_ANY, 0 };
	struct output output = { .at = out, .cap = cap };
	struct mrz_text_problem unread;
	struct letters letters;

	if (options == NULL)
		options = &none;
	if (options->size < sizeof(*options) || cap == 0)
		return MRZ_E_ARG;
	out[0] = '\0';
	letters.n = 0;
	letters.comma = letters.identifiers = false;
	if (!mrz_letters_add(&letters, utf8, len, 0, &unread)) {
		if (problem != NULL)
			*problem = unread;
		return unread.reason == MRZ_R_TOO_LONG ? MRZ_E_LENGTH
						       : MRZ_E_CHARACTER;
	}
	mrz_letters_end(&letters);
	for (size_t i = 0; i < letters.n && !output.full; i++) {
		if (mrz_is_part(letters.at[i].code))
			put_part(&output, letters.at[i].code);
		else
			put_letter(&output, &letters.at[i], options);
	}
	if (output.full) {
		memset(out, 0, cap);
		return MRZ_E_SPACE;
	}
	out[output.len] = '\0';
	return MRZ_OK;
}
