/*
 * What a source of MRZs may send to emrtd-read --watch, in any pieces.
 *
 * The bytes of the input are sent, but for five that are orders: let time go on
 * (and how much), look at what has come, forget it, no more comes, and very
 * much without an end of line.
 */
#include "feed_lines.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ORDER_MUCH   0xfb
#define ORDER_END    0xfc
#define ORDER_LOOK   0xfd
#define ORDER_TICK   0xfe
#define ORDER_FORGET 0xff
#define TICK_MS      20
#define SENT_CAP     (1u << 20)
#define MUCH_MAX     2 /* of an input */

static struct feed_lines lines;
static char sent[SENT_CAP];
static size_t n_sent;
static int64_t now;

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static void
send(const void *bytes, size_t n)
{
	const char *at = bytes;

	memcpy(sent + n_sent, bytes, n);
	n_sent += n;
	while (n > 0) {
		size_t cap, part;
		char *room = feed_lines_room(&lines, &cap);

		require(cap > 0);
		part = n < cap ? n : cap;
		memcpy(room, at, part);
		feed_lines_add(&lines, part);
		require(lines.len <= sizeof(lines.bytes));
		at += part;
		n -= part;
	}
}

/* A record is one line; the lines of a zone are as long as each other. */
static void
require_shape(const char *text, size_t len)
{
	size_t first = 0, n = 0;

	require(len > 0 && text[len - 1] == '\n');
	for (size_t at = 0; at < len; n++) {
		size_t end = (size_t)((char *)memchr(text + at, '\n',
					  len - at) -
				      text),
		       trimmed = end;

		while (trimmed > at &&
		       memchr(" \t\r", text[trimmed - 1], 3) != NULL)
			trimmed--;
		if (n == 0)
			first = trimmed - at;
		require(text[0] == '{' || trimmed - at == first);
		at = end + 1;
	}
	require(n == 1 || (text[0] != '{' && n <= 3));
}

/* What is taken was sent like that: nothing is joined that came apart. */
static void
look(void)
{
	enum feed_found found;
	size_t len = 0;

	while ((found = feed_lines_next(&lines, now, &len)) != FEED_NONE) {
		if (found == FEED_NO_MRZ)
			continue;
		require(len <= lines.len);
		require_shape(lines.bytes, len);
		require(memmem(sent, n_sent, lines.bytes, len - 1) != NULL);
		feed_lines_drop(&lines, len);
	}
	require(lines.zone <= lines.len && lines.n_lines < 3);
}

static void
obey(uint8_t order, uint8_t argument, unsigned *n_much)
{
	static char much[FEED_LINE_CAP];

	if (order == ORDER_TICK)
		now += TICK_MS * argument;
	else if (order == ORDER_FORGET)
		require(feed_lines_forget(&lines) || lines.len == 0);
	else if (order == ORDER_END && feed_lines_end(&lines))
		sent[n_sent++] = '\n';
	else if (order == ORDER_MUCH && (*n_much)++ < MUCH_MAX) {
		memset(much, argument, sizeof(much));
		send(much, sizeof(much));
	}
	look();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char zeros[FEED_LINE_CAP];
	unsigned n_much = 0;

	if (size > (SENT_CAP - MUCH_MAX * FEED_LINE_CAP) / 2)
		return 0;
	lines.skipping = false;
	n_sent = 0;
	now = 1;
	for (size_t i = 0, from = 0; i <= size; i++) {
		if (i < size && data[i] < ORDER_MUCH)
			continue;
		send(data + from, i - from);
		if (i < size) {
			bool more = data[i] == ORDER_TICK ||
				    data[i] == ORDER_MUCH;

			obey(data[i], more && i + 1 < size ? data[i + 1] : 0,
			    &n_much);
			i += more && i + 1 < size;
		}
		from = i + 1;
	}
	look();
	/* What was taken or refused is nowhere. */
	(void)feed_lines_forget(&lines);
	require(memcmp(lines.bytes, zeros, sizeof(zeros)) == 0);
	return 0;
}
