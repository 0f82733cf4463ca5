#include "progress.h"

void
progress_init(struct progress *progress, bool quiet)
{
	bar_init(&progress->bar, quiet);
}

void
progress_show(void *self, const struct emrtd_progress *now)
{
	struct progress *p = self;

	bar_show(&p->bar, now->text, now->done, now->total, "bytes");
}

void
progress_end(struct progress *p)
{
	bar_end(&p->bar);
}
