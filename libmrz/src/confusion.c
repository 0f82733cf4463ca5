#include "confusion.h"

#include "charset.h"

/*
 * Costs are ranks, not measurements: CLOSE for what every reader of OCR-B
 * mixes up, FAIR for what many do, FAR for what happens in bad print.
 */
#define CLOSE 100
#define FAIR  150
#define FAR   250

/* What a small letter costs on top; a capital one is only ever meant. */
#define SMALL 20

struct pair {
	char a, b;
	int16_t cost;
};

/* Both ways. The sources of each row: docs/REPAIR.md */
static const struct pair pairs[] = {
	{ '0', 'O', CLOSE },
	{ '1', 'I', CLOSE },
	{ '2', 'Z', CLOSE },
	{ '5', 'S', CLOSE },
	{ '6', 'G', CLOSE },
	{ '8', 'B', CLOSE },
	{ '<', 'K', CLOSE },
	{ '0', 'D', FAIR },
	{ '0', 'Q', FAIR },
	{ 'O', 'Q', FAIR },
	{ 'O', 'D', FAIR },
	{ '1', 'L', FAIR },
	{ 'I', 'L', FAIR },
	{ '4', 'A', FAIR },
	{ '<', 'C', FAIR },
	{ '<', 'E', FAIR },
	{ '<', 'S', FAIR },
	{ '1', '7', FAIR },
	{ 'M', 'N', FAIR },
	{ 'P', 'F', FAIR },
	{ '0', 'U', FAR },
	{ '8', 'S', FAR },
	{ '7', 'T', FAR },
	{ '1', 'T', FAR },
	{ 'I', 'T', FAR },
	{ '3', '8', FAR },
	{ '5', '6', FAR },
	{ '6', '8', FAR },
	{ '0', '8', FAR },
	{ 'H', 'R', FAR },
	{ 'C', 'G', FAR },
	{ 'E', 'F', FAR },
	{ 'U', 'V', FAR },
	{ 'V', 'Y', FAR },
};

/* What is not of the alphabet, one way. Small letters are read as their
 * capitals and those' look-alikes too. */
static const struct pair foreign[] = {
	{ 'l', '1', CLOSE },
	{ 'l', 'I', CLOSE },
	{ 'b', '6', FAIR },
	{ 'g', '9', FAIR },
	{ 'q', '9', FAIR },
	{ '|', 'I', CLOSE },
	{ '|', '1', CLOSE },
	{ '!', '1', FAIR },
	{ '(', 'C', FAIR },
	{ '(', '<', FAIR },
	{ '{', '<', FAIR },
	{ '[', '<', FAIR },
	{ '-', '<', FAIR },
	{ ' ', '<', FAIR },
	{ '$', 'S', FAIR },
	{ '$', '5', FAIR },
	{ '&', '8', FAIR },
};

#define N_PAIRS   (sizeof(pairs) / sizeof(pairs[0]))
#define N_FOREIGN (sizeof(foreign) / sizeof(foreign[0]))

size_t
mrz_look_alike_add(struct look_alike out[MAX_LOOK_ALIKES], size_t n, char c,
    int16_t cost)
{
	size_t at = n;

	for (size_t i = 0; i < n; i++)
		if (out[i].c == c)
			return n;
	if (n == MAX_LOOK_ALIKES)
		return n;
	while (at > 0 && out[at - 1].cost > cost) {
		out[at] = out[at - 1];
		at--;
	}
	out[at] = (struct look_alike){ c, cost };
	return n + 1;
}

static size_t
add_pairs(struct look_alike out[MAX_LOOK_ALIKES], size_t n, char c,
    int16_t more)
{
	for (size_t i = 0; i < N_PAIRS; i++) {
		int16_t cost = (int16_t)(pairs[i].cost + more);

		if (pairs[i].a == c)
			n = mrz_look_alike_add(out, n, pairs[i].b, cost);
		else if (pairs[i].b == c)
			n = mrz_look_alike_add(out, n, pairs[i].a, cost);
	}
	return n;
}

size_t
mrz_look_alikes(char c, struct look_alike out[MAX_LOOK_ALIKES])
{
	size_t n = 0;

	if (mrz_char_value(c) >= 0)
		return add_pairs(out, 0, c, 0);
	for (size_t i = 0; i < N_FOREIGN; i++)
		if (foreign[i].a == c)
			n = mrz_look_alike_add(out, n, foreign[i].b,
			    foreign[i].cost);
	if (c < 'a' || c > 'z')
		return n;
	c = (char)(c - 'a' + 'A');
	n = mrz_look_alike_add(out, n, c, SMALL);
	return add_pairs(out, n, c, SMALL);
}
