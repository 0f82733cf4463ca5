/*
 * Text as OCR programs and web pages give it, into lines as printed: other
 * forms of the filler, wide letters, blanks between characters. A line that
 * could not be one of a zone stays as it is.
 */
#include "charset.h"
#include "layout.h"
#include "mem.h"

/* The longest that is tried: a whole zone on one line. */
#define MAX_LINE (MRZ_MAX_LINES * MRZ_MAX_LINE_LEN)

/* A line without a filler holds at least so many digits. */
#define MIN_DIGITS 5

enum kind {
	KIND_FILLER,
	KIND_BLANK
};

struct form {
	const char *from;
	const char *to;
	enum kind kind;
};

/* What stands for what, the longer before the shorter. */
static const struct form forms[] = {
	{ "&amp;lt;", "<", KIND_FILLER },
	{ "&#x3c;", "<", KIND_FILLER },
	{ "&#x3C;", "<", KIND_FILLER },
	{ "&laquo;", "<<", KIND_FILLER },
	{ "&#60;", "<", KIND_FILLER },
	{ "&lt;", "<", KIND_FILLER },
	{ "&LT;", "<", KIND_FILLER },
	{ "\xc2\xab", "<<", KIND_FILLER },     /* U+00AB */
	{ "\xe2\x80\xb9", "<", KIND_FILLER },  /* U+2039 */
	{ "\xe2\x89\xaa", "<<", KIND_FILLER }, /* U+226A */
	{ "\xe3\x80\x88", "<", KIND_FILLER },  /* U+3008 */
	{ "\xe3\x80\x8a", "<<", KIND_FILLER }, /* U+300A */
	{ "\xef\xbc\x9c", "<", KIND_FILLER },  /* U+FF1C */
	{ "\xc2\xa0", "", KIND_BLANK },        /* U+00A0 */
	{ "\xe2\x80\x82", "", KIND_BLANK },    /* U+2002 */
	{ "\xe2\x80\x83", "", KIND_BLANK },    /* U+2003 */
	{ "\xe2\x80\x89", "", KIND_BLANK },    /* U+2009 */
	{ "\xe2\x80\x8b", "", KIND_BLANK },    /* U+200B */
	{ "\xe2\x80\xaf", "", KIND_BLANK },    /* U+202F */
	{ "\xe3\x80\x80", "", KIND_BLANK },    /* U+3000 */
	{ " ", "", KIND_BLANK },
	{ "\t", "", KIND_BLANK },
};

struct line {
	char text[MAX_LINE];
	size_t len;
	struct mrz_normalized told;
};

static bool
add(struct line *line, char c)
{
	if (line->len == MAX_LINE)
		return false;
	line->text[line->len++] = c;
	return true;
}

static const struct form *
find_form(const char *at, size_t len)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t n = mrz_text_len(forms[i].from);

		if (n <= len && memcmp(at, forms[i].from, n) == 0)
			return &forms[i];
	}
	return NULL;
}

/* U+FF10..FF19 and U+FF21..FF3A: digits and capitals as wide as ideographs.
 * '\0' for anything else. */
static char
wide_character(const char *at, size_t len)
{
	unsigned char last;

	if (len < 3 || memcmp(at, "\xef\xbc", 2) != 0)
		return '\0';
	last = (unsigned char)at[2];
	if (last >= 0x90 && last <= 0x99)
		return (char)('0' + (last - 0x90));
	if (last >= 0xa1 && last <= 0xba)
		return (char)('A' + (last - 0xa1));
	return '\0';
}

/* One form or character; false when the line grows too long. */
static bool
take(struct line *line, const char *from, size_t len, size_t *at)
{
	const struct form *form = find_form(from + *at, len - *at);
	char c = wide_character(from + *at, len - *at);

	if (form != NULL) {
		*at += mrz_text_len(form->from);
		if (form->kind == KIND_FILLER)
			line->told.fillers++;
		else
			line->told.blanks++;
		for (const char *to = form->to; *to != '\0'; to++)
			if (!add(line, *to))
				return false;
		return true;
	}
	if (c != '\0') {
		*at += 3;
		line->told.wide++;
		return add(line, c);
	}
	return add(line, from[(*at)++]);
}

/* A line without capitals was typed small. Single small letters are misread
 * characters, and stay. */
static void
raise(struct line *line)
{
	uint32_t small = 0;

	for (size_t i = 0; i < line->len; i++) {
		if (mrz_is_letter(line->text[i]))
			return;
		small += line->text[i] >= 'a' && line->text[i] <= 'z';
	}
	for (size_t i = 0; small > 0 && i < line->len; i++)
		if (line->text[i] >= 'a' && line->text[i] <= 'z')
			line->text[i] = (char)(line->text[i] - 'a' + 'A');
	line->told.small += small;
}

static bool
has_length(size_t len)
{
	const struct layout *layout;

	for (size_t i = 0; (layout = mrz_layout_at(i)) != NULL; i++) {
		for (size_t k = 0; k < layout->n_lines; k++)
			if (len == layout->line_len[k])
				return true;
		if (len == mrz_layout_len(layout))
			return true;
	}
	return false;
}

/* A sentence without its blanks is no line of a zone: that has fillers, or
 * the length of one and digits (Chinese passports print such second lines). */
static bool
is_plausible(const struct line *line)
{
	size_t digits = 0, fillers = 0, foreign = 0;

	for (size_t i = 0; i < line->len; i++) {
		digits += mrz_is_digit(line->text[i]);
		fillers += line->text[i] == FILLER;
		foreign += mrz_char_value(line->text[i]) < 0;
	}
	if (foreign * 8 > line->len)
		return false;
	return fillers > 0 || (has_length(line->len) && digits >= MIN_DIGITS);
}

static size_t
line_end(const char *text, size_t len, size_t at)
{
	while (at < len && text[at] != '\n' && text[at] != '\r')
		at++;
	return at;
}

/* Blanks around a line are never counted; see mrz_parse. */
static void
forget_margins(const char *text, size_t len, struct line *line)
{
	size_t n = 0;

	while (n < len && (text[n] == ' ' || text[n] == '\t'))
		n++;
	if (n < len)
		for (size_t i = len; text[i - 1] == ' ' || text[i - 1] == '\t';
		     i--)
			n++;
	line->told.blanks -= (uint32_t)n;
}

static bool
changes(const struct mrz_normalized *told)
{
	return told->blanks + told->fillers + told->wide + told->small > 0;
}

/* The line as it should stand; false if it stays as it is. */
static bool
normalize_line(const char *text, size_t len, struct line *line)
{
	memset(line, 0, sizeof(*line));
	for (size_t at = 0; at < len;)
		if (!take(line, text, len, &at))
			return false;
	raise(line);
	if (!is_plausible(line))
		return false;
	forget_margins(text, len, line);
	return changes(&line->told);
}

size_t
mrz_normalize(char *text, size_t len, struct mrz_normalized *out)
{
	size_t from = 0, to = 0;
	struct line line;

	memset(out, 0, sizeof(*out));
	while (from < len) {
		size_t end = line_end(text, len, from), n = end - from;

		/* No form is shorter than what it stands for. */
		if (normalize_line(text + from, n, &line)) {
			memcpy(text + to, line.text, line.len);
			to += line.len;
			out->lines++;
			out->blanks += line.told.blanks;
			out->fillers += line.told.fillers;
			out->wide += line.told.wide;
			out->small += line.told.small;
		} else {
			memmove(text + to, text + from, n);
			to += n;
		}
		from = end;
		while (from < len && (text[from] == '\n' || text[from] == '\r'))
			text[to++] = text[from++];
	}
	return to;
}
