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

/* How many lines a zone has that begins with a line of this length, 0 if no
 * layout has such a line; 1 for a zone that is written on one line. */
static unsigned
lines_for(size_t line_len)
{
	const struct layout *layout;

	for (size_t i = 0; (layout = mrz_layout_at(i)) != NULL; i++) {
		if (line_len == layout->line_len[0])
			return layout->n_lines;
		if (line_len == mrz_layout_len(layout))
			return 1;
	}
	return 0;
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
	unsigned n_lines = lines_for(line.len);

	if (n_lines == 0 || !mrz_is_letter(line.at[0]))
		return false;
	if (n_lines == 3 && n == 2)
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

bool
mrz_next(const char *text, size_t len, size_t *pos, size_t *start,
    size_t *out_len)
{
	struct text_line line, next;
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
	want = lines_for(line.len);
	for (unsigned n = 1; want == 0 || n < want; n++) {
		if (n == MRZ_MAX_LINES)
			break;
		if (!mrz_text_line(text, len, &at, &next, &gap) || gap)
			break;
		/* Lines of one length are counted: a second head is then a
		 * wrong line of this zone. */
		if (!may_go_on(next) ||
		    (next.len != line.len && is_head(next, n)))
			break;
		/* The first line fits no layout: the second may. */
		if (want == 0 && n == 1)
			want = lines_for(next.len);
		if (want == 1)
			break;
		*out_len = (size_t)(next.at - text) + next.len - *start;
		*pos = at;
	}
	return true;
}
