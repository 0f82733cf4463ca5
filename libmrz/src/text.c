#include "text.h"

#include "layout.h"
#include "mem.h"

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
		if (line_len == layout->line_len)
			return layout->n_lines;
		if (line_len == (size_t)layout->line_len * layout->n_lines)
			return 1;
	}
	return 0;
}

bool
mrz_next(const char *text, size_t len, size_t *pos, size_t *start,
    size_t *out_len)
{
	struct text_line line, next;
	unsigned want;
	size_t at = *pos;
	bool gap;

	if (!mrz_text_line(text, len, &at, &line, &gap)) {
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
