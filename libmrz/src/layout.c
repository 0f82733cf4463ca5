#include "layout.h"

#include "charset.h"
#include "check_digit.h"

/* The first line of every two-line layout differs in its length only. */
#define UPPER_LINE(name_len)                 \
	[MRZ_F_DOCUMENT_CODE] = { 0, 0, 2 }, \
	[MRZ_F_ISSUING_STATE] = { 0, 2, 3 }, \
	[MRZ_F_SURNAME] = { 0, 5, name_len }

/* Columns 1 to 28 of the second line are the same everywhere. */
#define LOWER_LINE                                                        \
	[MRZ_F_DOCUMENT_NUMBER] = { 1, 0, 9 },                            \
	[MRZ_F_NATIONALITY] = { 1, 10, 3 },                               \
	[MRZ_F_DATE_OF_BIRTH] = { 1, 13, 6 }, [MRZ_F_SEX] = { 1, 20, 1 }, \
	[MRZ_F_DATE_OF_EXPIRY] = { 1, 21, 6 }

#define LOWER_DIGITS                                        \
	[DIGIT_NUMBER] = { { 1, 9, 1 }, { { 1, 0, 9 } } },  \
	[DIGIT_BIRTH] = { { 1, 19, 1 }, { { 1, 13, 6 } } }, \
	[DIGIT_EXPIRY] = { { 1, 27, 1 }, { { 1, 21, 6 } } }

static const struct layout layouts[] = {
	/* Doc 9303-5 4.2.2 and 4.2.4 */
	{
	    .format = MRZ_TD1,
	    .name = "TD1",
	    .n_lines = 3,
	    .line_len = { 30, 30, 30 },
	    .long_number = true,
	    .fields = {
		[MRZ_F_DOCUMENT_CODE] = { 0, 0, 2 },
		[MRZ_F_ISSUING_STATE] = { 0, 2, 3 },
		[MRZ_F_DOCUMENT_NUMBER] = { 0, 5, 9 },
		[MRZ_F_OPTIONAL_DATA] = { 0, 15, 15 },
		[MRZ_F_DATE_OF_BIRTH] = { 1, 0, 6 },
		[MRZ_F_SEX] = { 1, 7, 1 },
		[MRZ_F_DATE_OF_EXPIRY] = { 1, 8, 6 },
		[MRZ_F_NATIONALITY] = { 1, 15, 3 },
		[MRZ_F_OPTIONAL_DATA_2] = { 1, 18, 11 },
		[MRZ_F_SURNAME] = { 2, 0, 30 },
	    },
	    .digits = {
		[DIGIT_NUMBER] = { { 0, 14, 1 }, { { 0, 5, 9 } } },
		[DIGIT_BIRTH] = { { 1, 6, 1 }, { { 1, 0, 6 } } },
		[DIGIT_EXPIRY] = { { 1, 14, 1 }, { { 1, 8, 6 } } },
		[DIGIT_COMPOSITE] = { { 1, 29, 1 }, { { 0, 5, 25 },
		    { 1, 0, 7 }, { 1, 8, 7 }, { 1, 18, 11 } } },
	    },
	},
	/* Doc 9303-6 4.2.2 and 4.2.4 */
	{
	    .format = MRZ_TD2,
	    .name = "TD2",
	    .n_lines = 2,
	    .line_len = { 36, 36 },
	    .long_number = true,
	    .fields = { UPPER_LINE(31), LOWER_LINE,
		[MRZ_F_OPTIONAL_DATA] = { 1, 28, 7 } },
	    .digits = { LOWER_DIGITS,
		[DIGIT_COMPOSITE] = { { 1, 35, 1 }, { { 1, 0, 10 },
		    { 1, 13, 7 }, { 1, 21, 14 } } } },
	},
	/* Doc 9303-4 4.2.2 and 4.2.4 */
	{
	    .format = MRZ_TD3,
	    .name = "TD3",
	    .n_lines = 2,
	    .line_len = { 44, 44 },
	    .fields = { UPPER_LINE(39), LOWER_LINE,
		[MRZ_F_OPTIONAL_DATA] = { 1, 28, 14 } },
	    .digits = { LOWER_DIGITS,
		[DIGIT_OPTIONAL] = { { 1, 42, 1 }, { { 1, 28, 14 } } },
		[DIGIT_COMPOSITE] = { { 1, 43, 1 }, { { 1, 0, 10 },
		    { 1, 13, 7 }, { 1, 21, 22 } } } },
	},
	/* Doc 9303-7 4.2.2: no digit over the optional data, no composite */
	{
	    .format = MRZ_MRVA,
	    .name = "MRV-A",
	    .n_lines = 2,
	    .line_len = { 44, 44 },
	    .visa = true,
	    .fields = { UPPER_LINE(39), LOWER_LINE,
		[MRZ_F_OPTIONAL_DATA] = { 1, 28, 16 } },
	    .digits = { LOWER_DIGITS },
	},
	/* Doc 9303-7 7.2.2 */
	{
	    .format = MRZ_MRVB,
	    .name = "MRV-B",
	    .n_lines = 2,
	    .line_len = { 36, 36 },
	    .visa = true,
	    .fields = { UPPER_LINE(31), LOWER_LINE,
		[MRZ_F_OPTIONAL_DATA] = { 1, 28, 8 } },
	    .digits = { LOWER_DIGITS },
	},
	/* France 1988-2021. The digit of the number covers twelve places; the
	 * composite one the names too. */
	{
	    .format = MRZ_FRA_ID,
	    .name = "FRA-ID",
	    .n_lines = 2,
	    .line_len = { 36, 36 },
	    .names = NAME_APART,
	    .head = { 0, { "IDFRA" } },
	    .fields = {
		[MRZ_F_DOCUMENT_CODE] = { 0, 0, 2 },
		[MRZ_F_ISSUING_STATE] = { 0, 2, 3 },
		[MRZ_F_SURNAME] = { 0, 5, 25 },
		[MRZ_F_ADMINISTRATIVE_CODE] = { 0, 30, 6 },
		[MRZ_F_DOCUMENT_NUMBER] = { 1, 0, 12 },
		[MRZ_F_GIVEN_NAMES] = { 1, 13, 14 },
		[MRZ_F_DATE_OF_BIRTH] = { 1, 27, 6 },
		[MRZ_F_SEX] = { 1, 34, 1 },
	    },
	    .digits = {
		[DIGIT_NUMBER] = { { 1, 12, 1 }, { { 1, 0, 12 } } },
		[DIGIT_BIRTH] = { { 1, 33, 1 }, { { 1, 27, 6 } } },
		[DIGIT_COMPOSITE] = { { 1, 35, 1 }, { { 0, 0, 36 },
		    { 1, 0, 35 } } },
	    },
	    .forms = { { MRZ_F_DOCUMENT_NUMBER, "XXXXXXXXXXXX",
		"twelve letters or digits" } },
	},
	/* The digit of the number covers the places before it too. */
	{
	    .format = MRZ_FRA_DL,
	    .name = "FRA-DL",
	    .n_lines = 1,
	    .line_len = { 30 },
	    .names = NAME_APART,
	    .head = { 0, { "D1FRA" } },
	    .fields = {
		[MRZ_F_DOCUMENT_CODE] = { 0, 0, 2 },
		[MRZ_F_ISSUING_STATE] = { 0, 2, 3 },
		[MRZ_F_DOCUMENT_NUMBER] = { 0, 5, 9 },
		[MRZ_F_DATE_OF_EXPIRY] = { 0, 15, 6 },
		[MRZ_F_SURNAME] = { 0, 21, 8 },
	    },
	    .digits = {
		[DIGIT_NUMBER] = { { 0, 14, 1 }, { { 0, 0, 14 } } },
		[DIGIT_COMPOSITE] = { { 0, 29, 1 }, { { 0, 0, 29 } } },
	    },
	    .forms = { { MRZ_F_DOCUMENT_NUMBER, "XXXXXXXXX",
		"nine letters or digits" } },
	},
	{
	    .format = MRZ_NLD_DL,
	    .name = "NLD-DL",
	    .n_lines = 1,
	    .line_len = { 30 },
	    .names = NAME_NONE,
	    .head = { 0, { "D1NLD" } },
	    .fields = {
		[MRZ_F_DOCUMENT_CODE] = { 0, 0, 2 },
		[MRZ_F_ISSUING_STATE] = { 0, 2, 3 },
		[MRZ_F_VERSION] = { 0, 5, 1 },
		[MRZ_F_DOCUMENT_NUMBER] = { 0, 6, 10 },
		[MRZ_F_OPTIONAL_DATA] = { 0, 16, 13 },
	    },
	    .digits = {
		[DIGIT_COMPOSITE] = { { 0, 29, 1 }, { { 0, 0, 29 } } },
	    },
	    .forms = { { MRZ_F_VERSION, "X", "a letter or digit" },
		{ MRZ_F_DOCUMENT_NUMBER, "XXXXXXXXXX",
		    "ten letters or digits" } },
	},
	/* No check digit at all. */
	{
	    .format = MRZ_CHE_DL,
	    .name = "CHE-DL",
	    .n_lines = 3,
	    .line_len = { 9, 30, 30 },
	    .head = { 1, { "FACHE" } },
	    .fields = {
		[MRZ_F_BLANK_NUMBER] = { 0, 0, 6 },
		[MRZ_F_LANGUAGE] = { 0, 6, 1 },
		[MRZ_F_DOCUMENT_CODE] = { 1, 0, 2 },
		[MRZ_F_ISSUING_STATE] = { 1, 2, 3 },
		[MRZ_F_DOCUMENT_NUMBER] = { 1, 5, 9 },
		[MRZ_F_VERSION] = { 1, 14, 3 },
		[MRZ_F_DATE_OF_BIRTH] = { 1, 19, 6 },
		[MRZ_F_SURNAME] = { 2, 0, 30 },
	    },
	    .fillers = { { 0, 7, 2 }, { 1, 17, 2 }, { 1, 25, 5 } },
	    .forms = { { MRZ_F_BLANK_NUMBER, "XXX999",
		    "three letters or digits, three digits" },
		{ MRZ_F_LANGUAGE, "[DFIR]", "D, F, I or R" },
		{ MRZ_F_DOCUMENT_NUMBER, "999999999", "nine digits" },
		{ MRZ_F_VERSION, "999", "three digits" } },
	},
	/* Expiry before birth; no state, its code is China's alone. */
	{
	    .format = MRZ_CHN_EEP,
	    .name = "CHN-EEP",
	    .n_lines = 1,
	    .line_len = { 30 },
	    .names = NAME_NONE,
	    .head = { 0, { "CS", "CD" } },
	    .fields = {
		[MRZ_F_DOCUMENT_CODE] = { 0, 0, 2 },
		[MRZ_F_DOCUMENT_NUMBER] = { 0, 2, 9 },
		[MRZ_F_DATE_OF_EXPIRY] = { 0, 13, 6 },
		[MRZ_F_DATE_OF_BIRTH] = { 0, 21, 6 },
	    },
	    .digits = {
		[DIGIT_NUMBER] = { { 0, 11, 1 }, { { 0, 2, 9 } } },
		[DIGIT_EXPIRY] = { { 0, 19, 1 }, { { 0, 13, 6 } } },
		[DIGIT_BIRTH] = { { 0, 27, 1 }, { { 0, 21, 6 } } },
		[DIGIT_COMPOSITE] = { { 0, 29, 1 }, { { 0, 2, 10 },
		    { 0, 13, 7 }, { 0, 21, 7 } } },
	    },
	    .fillers = { { 0, 12, 1 }, { 0, 20, 1 }, { 0, 28, 1 } },
	    .forms = { { MRZ_F_DOCUMENT_NUMBER, "XXXXXXXXX",
		"nine letters or digits" } },
	},
};

#define N_LAYOUTS (sizeof(layouts) / sizeof(layouts[0]))

const struct layout *
mrz_layout_at(size_t i)
{
	return i < N_LAYOUTS ? &layouts[i] : NULL;
}

const struct layout *
mrz_layout_find(enum mrz_format format)
{
	return mrz_layout_at((size_t)format - 1);
}

/* How many characters of the head that is nearest stand there. */
static size_t
right_of_head(const struct head *head, const char *line, size_t len)
{
	size_t most = 0;

	for (size_t i = 0; i < MAX_HEADS && head->texts[i] != NULL; i++) {
		const char *text = head->texts[i];
		size_t right = 0;

		for (size_t k = 0; k < len && text[k] != '\0'; k++)
			right += line[k] == text[k] ? 1u : 0u;
		most = right > most ? right : most;
	}
	return most;
}

bool
mrz_head_fits(const struct layout *layout, const char *line, size_t len)
{
	return right_of_head(&layout->head, line, len) ==
	       mrz_text_len(layout->head.texts[0]);
}

bool
mrz_head_comes_near(const struct layout *layout, const char *line, size_t len)
{
	size_t want = mrz_text_len(layout->head.texts[0]);

	return want == 0 || 2 * right_of_head(&layout->head, line, len) > want;
}

struct span
mrz_layout_span(const struct layout *layout, enum mrz_field_id id)
{
	if (id == MRZ_F_GIVEN_NAMES && layout->names == NAME_JOINED)
		id = MRZ_F_SURNAME;
	return layout->fields[id];
}

/* NULL for a field that is what it is everywhere. */
static const struct own_form *
find_form(const struct layout *layout, enum mrz_field_id id)
{
	for (size_t i = 0; i < MAX_FORMS && layout->forms[i].form != NULL; i++)
		if (layout->forms[i].id == id)
			return &layout->forms[i];
	return NULL;
}

enum mrz_reason
mrz_layout_check(const struct layout *layout, enum mrz_field_id id,
    const char *at, size_t *offset)
{
	const struct own_form *own = find_form(layout, id);
	size_t len = mrz_layout_span(layout, id).length;
	enum mrz_reason reason;

	if (own == NULL)
		reason = mrz_pattern_check(mrz_field_pattern(id), at, len,
		    offset);
	else
		reason = mrz_pattern_check(PATTERN_ANY, at, len, offset);
	if (own != NULL && reason == MRZ_R_NONE)
		reason = mrz_form_check(own->form, at, offset);
	/* Some people have no given names. */
	return reason == MRZ_R_EMPTY_FIELD && id == MRZ_F_GIVEN_NAMES
		   ? MRZ_R_NONE
		   : reason;
}

size_t
mrz_layout_len(const struct layout *layout)
{
	size_t len = 0;

	for (size_t i = 0; i < layout->n_lines; i++)
		len += layout->line_len[i];
	return len;
}

const char *
mrz_zone_at(const struct zone *zone, struct span span)
{
	return &zone->at[span.line][span.column];
}

struct mrz_place
mrz_span_place(struct span span)
{
	struct mrz_place place = { 0, 0, 0 };

	if (span.length > 0) {
		place.line = span.line + 1u;
		place.column = span.column + 1u;
		place.length = span.length;
	}
	return place;
}

char
mrz_layout_digit(const struct layout *layout, const struct zone *zone,
    enum digit which)
{
	const struct span *runs = layout->digits[which].runs;
	struct digit_sum sum = { 0 };

	for (size_t i = 0; i < MAX_RUNS && runs[i].length > 0; i++)
		mrz_digit_add(&sum, mrz_zone_at(zone, runs[i]), runs[i].length);
	return mrz_digit_end(&sum);
}

const char *
mrz_format_name(enum mrz_format format)
{
	const struct layout *layout = mrz_layout_find(format);

	return layout != NULL ? layout->name : "unknown";
}

enum mrz_format
mrz_format_find(const char *name)
{
	size_t len = mrz_text_len(name);

	for (size_t i = 0; i < N_LAYOUTS; i++) {
		size_t j = 0;

		while (j < len && layouts[i].name[j] == name[j])
			j++;
		if (j == len && layouts[i].name[j] == '\0')
			return layouts[i].format;
	}
	return MRZ_UNKNOWN;
}

unsigned
mrz_format_lines(enum mrz_format format)
{
	const struct layout *layout = mrz_layout_find(format);

	return layout != NULL ? layout->n_lines : 0;
}

unsigned
mrz_format_line_len(enum mrz_format format)
{
	const struct layout *layout = mrz_layout_find(format);

	if (layout == NULL)
		return 0;
	for (size_t i = 1; i < layout->n_lines; i++)
		if (layout->line_len[i] != layout->line_len[0])
			return 0;
	return layout->line_len[0];
}

unsigned
mrz_format_line_len_at(enum mrz_format format, unsigned line)
{
	const struct layout *layout = mrz_layout_find(format);

	return layout != NULL && line - 1u < layout->n_lines
		   ? layout->line_len[line - 1]
		   : 0;
}

const char *
mrz_field_expected(enum mrz_format format, enum mrz_field_id id)
{
	const struct layout *layout = mrz_layout_find(format);
	const struct own_form *own;

	if (layout == NULL || (unsigned)id >= MRZ_N_FIELDS ||
	    mrz_layout_span(layout, id).length == 0)
		return "";
	own = find_form(layout, id);
	return own != NULL ? own->words
			   : mrz_pattern_words(mrz_field_pattern(id));
}

uint32_t
mrz_layout_protection(const struct layout *layout, enum mrz_field_id id)
{
	uint32_t protection = mrz_pattern_protection(mrz_field_pattern(id));

	return find_form(layout, id) != NULL ? protection | MRZ_BY_ALPHABET
					     : protection;
}
