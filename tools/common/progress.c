#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#define BAR_WIDTH 30

void
progress_init(struct progress *progress, bool quiet)
{
	progress->active = !quiet && isatty(STDERR_FILENO) == 1;
	progress->drawn = false;
}

void
progress_show(void *self, const struct emrtd_progress *now)
{
	struct progress *p = self;
	char bar[BAR_WIDTH + 1];
	size_t filled;

	if (!p->active)
		return;
	p->drawn = true;
	if (now->total == 0) {
		fprintf(stderr, "\r\033[K%s", now->text);
		return;
	}
	filled = (size_t)((uint64_t)now->done * BAR_WIDTH / now->total);
	for (size_t i = 0; i < BAR_WIDTH; i++)
		bar[i] = i < filled ? '#' : '.';
	bar[BAR_WIDTH] = '\0';
	fprintf(stderr, "\r\033[K%-12s [%s] %zu of %zu bytes", now->text, bar,
	    now->done, now->total);
}

void
progress_end(struct progress *p)
{
	if (p->drawn)
		fputs("\r\033[K", stderr);
	p->drawn = false;
}
