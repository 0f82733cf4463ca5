#include "bar.h"

#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#define BAR_WIDTH 30

void
bar_init(struct bar *bar, bool quiet)
{
	bar->active = !quiet && isatty(STDERR_FILENO) == 1;
	bar->drawn = false;
}

void
bar_show(struct bar *bar, const char *text, size_t done, size_t total,
    const char *unit)
{
	char cells[BAR_WIDTH + 1];
	size_t filled;

	if (!bar->active)
		return;
	bar->drawn = true;
	if (total == 0) {
		fprintf(stderr, "\r\033[K%s", text);
		return;
	}
	filled = (size_t)((uint64_t)done * BAR_WIDTH / total);
	for (size_t i = 0; i < BAR_WIDTH; i++)
		cells[i] = i < filled ? '#' : '.';
	cells[BAR_WIDTH] = '\0';
	fprintf(stderr, "\r\033[K%-12s [%s] %zu of %zu %s", text, cells, done,
	    total, unit);
}

void
bar_end(struct bar *bar)
{
	if (bar->drawn)
		fputs("\r\033[K", stderr);
	bar->drawn = false;
}
