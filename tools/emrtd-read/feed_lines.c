#include "feed_lines.h"

#include <string.h>

#define FEED_TD1_LEN 30
/* Where the first line of all zones of two has a name, and the second dates. */
#define FEED_NAME_FROM 5
#define FEED_NAME_TO   30

char *
feed_lines_room(struct feed_lines *lines, size_t *out_cap)
{
	/* A line that fills all there is has no end in sight. */
	if (lines->len == sizeof(lines->bytes))
		(void)feed_lines_forget(lines);
	*out_cap = sizeof(lines->bytes) - lines->len;
	return lines->bytes + lines->len;
}

void
feed_lines_drop(struct feed_lines *lines, size_t n)
{
	memmove(lines->bytes, lines->bytes + n, lines->len - n);
	explicit_bzero(lines->bytes + lines->len - n, n);
	lines->len -= n;
	lines->zone = 0;
	lines->n_lines = 0;
}

bool
feed_lines_forget(struct feed_lines *lines)
{
	bool any = lines->len > 0;

	/* The rest of a line is no line. */
	if (any)
		lines->skipping = lines->bytes[lines->len - 1] != '\n';
	feed_lines_drop(lines, lines->len);
	return any;
}

void
feed_lines_add(struct feed_lines *lines, size_t n)
{
	char *from = lines->bytes + lines->len, *end;

	lines->len += n;
	if (!lines->skipping)
		return;
	/* What is skipped follows directly on what was forgotten. */
	end = memchr(from, '\n', n);
	lines->skipping = end == NULL;
	n = end == NULL ? n : (size_t)(end + 1 - from);
	memmove(from, from + n, lines->len - (size_t)(from - lines->bytes) - n);
	lines->len -= n;
	explicit_bzero(lines->bytes + lines->len, n);
}

bool
feed_lines_end(struct feed_lines *lines)
{
	if (lines->len == 0 || lines->len == sizeof(lines->bytes) ||
	    lines->bytes[lines->len - 1] == '\n')
		return false;
	lines->bytes[lines->len++] = '\n';
	return true;
}

/* How many lines a zone has whose first is so long. 0: it is none. */
static unsigned
lines_of(size_t len)
{
	static const struct {
		size_t length;
		unsigned n;
	} zones[] = { { 30, 3 }, { 36, 2 }, { 44, 2 }, { 72, 1 }, { 88, 1 },
		{ 90, 1 } };

	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++)
		if (zones[i].length == len)
			return zones[i].n;
	return 0;
}

static bool
has_digit(const char *line, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (line[i] >= '0' && line[i] <= '9')
			return true;
	return false;
}

/*
 * Does a document begin here, though the line would fit as the next of the
 * zone that has begun? Then a line was lost, and what is there goes with
 * nothing. It is the code of a document and of a state, and a name where the
 * next line of two has dates, or digits where the last of three has names.
 */
static bool
begins_anew(const char *line, size_t len, unsigned n_before)
{
	static const char codes[] = { 'A', 'C', 'I', 'P', 'V' };

	if (memchr(codes, line[0], sizeof(codes)) == NULL ||
	    has_digit(line, 1, 5))
		return false;
	if (len != FEED_TD1_LEN)
		return !has_digit(line, FEED_NAME_FROM, FEED_NAME_TO);
	return n_before == 1 || has_digit(line, FEED_NAME_FROM, len);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t
trimmed(const char *line, size_t len)
{
	while (len > 0 && is_blank(line[len - 1]))
		len--;
	return len;
}

/* All at once: to move the rest for each of very many would take seconds. */
static void
drop_empty_lines(struct feed_lines *lines)
{
	size_t n = 0;

	for (size_t i = 0; i < lines->len && is_blank(lines->bytes[i]); i++)
		if (lines->bytes[i] == '\n')
			n = i + 1;
	if (n > 0)
		feed_lines_drop(lines, n);
}

/* The line at 'zone', which is n bytes long. */
static enum feed_found
take_line(struct feed_lines *lines, size_t n, int64_t now_ms, size_t *out_len)
{
	const char *line = lines->bytes + lines->zone;
	size_t len = trimmed(line, n), first;

	*out_len = lines->zone + n;
	if (lines->zone == 0 && line[0] == '{')
		return FEED_MRZ;
	first = trimmed(lines->bytes,
	    (size_t)((char *)memchr(lines->bytes, '\n', *out_len) -
		     lines->bytes));
	/* What had begun does not end here; this line may begin another. */
	if (lines->zone > 0 &&
	    (len != first || begins_anew(line, len, lines->n_lines))) {
		feed_lines_drop(lines, lines->zone);
		return FEED_NO_MRZ;
	}
	if (lines_of(first) == 0) {
		feed_lines_drop(lines, *out_len);
		return FEED_NO_MRZ;
	}
	lines->zone = *out_len;
	lines->zone_ms = now_ms;
	return ++lines->n_lines == lines_of(first) ? FEED_MRZ : FEED_NONE;
}

enum feed_found
feed_lines_next(struct feed_lines *lines, int64_t now_ms, size_t *out_len)
{
	/* Two halves of two documents would make one of neither. */
	if (lines->n_lines > 0 && now_ms - lines->zone_ms > FEED_HALF_MS) {
		feed_lines_drop(lines, lines->zone);
		return FEED_NO_MRZ;
	}
	if (lines->zone == 0)
		drop_empty_lines(lines);
	while (lines->len > lines->zone) {
		const char *at = lines->bytes + lines->zone;
		const char *end = memchr(at, '\n', lines->len - lines->zone);
		enum feed_found found;

		if (end == NULL)
			break;
		found = take_line(lines, (size_t)(end + 1 - at), now_ms,
		    out_len);
		if (found != FEED_NONE)
			return found;
	}
	return FEED_NONE;
}
