/* What the programs of the sweep have in common, beside their tables. */
#ifndef SWEEP_SWEEP_RUN_H
#define SWEEP_SWEEP_RUN_H

#include <stdbool.h>

struct sweep_run {
	bool write;        /* the outcomes of today into the table */
	const char *only;  /* the one row that is wanted, or NULL */
	const char *table; /* instead of the program's own, or NULL */
};

extern struct sweep_run sweep_run;

/* [--write] [--only ID] [--table FILE]; false: something else. */
bool sweep_arguments(int argc, char **argv);
/* A row begins, so that its name is told should the program end in it. */
void sweep_at(const char *id);
/* For cmocka: ends a table, and frees what the workshop keeps. */
int sweep_tear_down(void **state);

#endif
