#include "text.h"

#include "charset.h"
#include "layout.h"
#include "mem.h"

/* Three less than the shortest line of a layout. */
#define SHORTEST_BROKEN_LINE 27

/* Document code and issuing state: letters and fillers. */
#define HEAD_LEN 5

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

/* The line at *pos, blank or not; *pos moves past its end. */
static struct text_line
raw_line(const char *text, size_t len, size_t *pos)
{
	struct text_line line = { text + *pos, 0 };
	size_t i = *pos;

	while (i < len && !is_line_end(text[i]))
		i++;
	line.len = i - *pos;
	if (i + 1 < len && text[i] == '\r' && text[i + 1] == '\n')
		i++;
	*pos = i < len ? i + 1 : i;
	while (line.len > 0 && is_blank(line.at[line.len - 1]))
		line.len--;
	while (line.len > 0 && is_blank(line.at[0])) {
		line.at++;
		line.len--;
	}
	return line;
}

bool
mrz_text_line(const char *text, size_t len, size_t *pos, struct text_line *out,
    bool *after_gap)
{
	*after_gap = false;
	if (*pos == 0 && len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		*pos = 3; /* byte order mark */
	while (*pos < len) {
		*out = raw_line(text, len, pos);
		if (out->len > 0)
			return true;
		*after_gap = true;
	}
	return false;
}

/* What a zone is that begins with a line of this length and these characters:
 * its layout, NULL if none has such a line, and how many lines follow from
 * it, 1 for a zone that is written on one line. */
struct begun {
	const struct layout *layout;
	unsigned n_lines;
};

/* Whether one line is a zone of its own, of that layout: it begins so, and
 * every character has its place. A name may begin so too. */
static bool
is_whole(const struct layout *layout, struct text_line line)
{
	size_t at;

	if (layout->n_lines != 1 || line.len != layout->line_len[0] ||
	    !mrz_head_fits(layout, line.at, line.len))
		return false;
	for (size_t i = 0; i < MAX_FILLERS; i++)
		for (size_t k = 0; k < layout->fillers[i].length; k++)
			if (line.at[layout->fillers[i].column + k] != FILLER)
				return false;
	for (size_t i = 0; i < MRZ_N_FIELDS; i++)
		if (layout->fields[i].length > 0 &&
		    mrz_layout_check(layout, (enum mrz_field_id)i,
			line.at + layout->fields[i].column, &at) != MRZ_R_NONE)
			return false;
	return true;
}

static struct begun
begin_zone(struct text_line line)
{
	const struct layout *layout;
	struct begun found = { NULL, 0 };

	for (size_t i = 0; (layout = mrz_layout_at(i)) != NULL; i++) {
		if (is_whole(layout, line))
			return (struct begun){ layout, 1 };
		if (found.layout != NULL || layout->n_lines == 1)
			continue;
		if (line.len == layout->line_len[0])
			found = (struct begun){ layout, layout->n_lines };
		else if (line.len == mrz_layout_len(layout))
			found = (struct begun){ layout, 1 };
	}
	return found;
}

static bool
has_filler(struct text_line line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.at[i] == FILLER)
			return true;
	return false;
}

static bool
is_alphabet(struct text_line line)
{
	size_t at;

	return mrz_pattern_check(PATTERN_ANY, line.at, line.len, &at) ==
	       MRZ_R_NONE;
}

/* Whether a zone may begin here, be it a broken one. Two of three will do,
 * so that neither a foreign character nor a cut hides a zone. */
static bool
may_begin(struct text_line line)
{
	return (line.len >= SHORTEST_BROKEN_LINE) + is_alphabet(line) +
		   has_filler(line) >=
	       2;
}

/* Whether it may be another line of a zone: not a sentence. */
static bool
may_go_on(struct text_line line)
{
	return is_alphabet(line) || has_filler(line);
}

/* A line n (from 0) of a text that looks like the first one of a zone: its
 * length is that of a layout, and it begins with five letters or fillers. Of
 * later lines only a name does, the third of three, or a number by chance. */
static bool
is_head(struct text_line line, unsigned n)
{
	struct begun begun = begin_zone(line);

	if (begun.n_lines == 0 || !mrz_is_letter(line.at[0]))
		return false;
	if (begun.n_lines == 3 && n == 2)
		return false;
	for (size_t i = 0; i < HEAD_LEN; i++)
		if (line.at[i] != FILLER && !mrz_is_letter(line.at[i]))
			return false;
	return true;
}

/* The first line at or after *pos where a zone may begin. */
static bool
find_begin(const char *text, size_t len, size_t *pos, struct text_line *out)
{
	bool gap;

	while (mrz_text_line(text, len, pos, out, &gap))
		if (may_begin(*out))
			return true;
	return false;
}

/* Whether line n (from 0) of a zone that begins with such a line is as long
 * as it should be, though the first one is not. */
static bool
is_as_long(const struct layout *layout, struct text_line line, unsigned n)
{
	return layout != NULL && layout->line_len[n] != layout->line_len[0] &&
	       layout->line_len[n] == line.len;
}

bool
mrz_next(const char *text, size_t len, size_t *pos, size_t *start,
    size_t *out_len)
{
	struct text_line line, next;
	struct begun begun, other;
	unsigned want;
	size_t at = *pos;
	bool gap;

	if (!find_begin(text, len, &at, &line)) {
		*pos = len;
		return false;
	}
	*start = (size_t)(line.at - text);
	*out_len = line.len;
	*pos = at;
	begun = begin_zone(line);
	want = begun.n_lines;
	for (unsigned n = 1; want == 0 || n < want; n++) {
		if (n == MRZ_MAX_LINES)
			break;
		if (!mrz_text_line(text, len, &at, &next, &gap) || gap)
			break;
		/* Lines of one length are counted: a second head is then a
		 * wrong line of this zone. */
		other = begin_zone(next);
		if (!may_go_on(next) ||
		    (other.layout != NULL && other.layout->n_lines == 1) ||
		    (next.len != line.len &&
			!is_as_long(begun.layout, next, n) && is_head(next, n)))
			break;
		/* The first line fits no layout: the second may. */
		if (want == 0 && n == 1)
			want = other.n_lines;
		if (want == 1)
			break;
		*out_len = (size_t)(next.at - text) + next.len - *start;
		*pos = at;
	}
	return true;
}
