/*
 * Tables of the sweep: a row a line, columns parted by tabs, '#' begins a
 * line that is none. Whoever wants the outcomes of today written into a table
 * (to be read over and committed, or not) calls a program of the sweep with
 * --write.
 */
#ifndef SWEEP_TABLE_H
#define SWEEP_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define SWEEP_COLUMNS_MAX 16
#define SWEEP_LINE_CAP    4000

struct sweep_table {
	FILE *in, *out; /* out: NULL unless it is written anew */
	const char *path;
	char line[SWEEP_LINE_CAP];
	char *columns[SWEEP_COLUMNS_MAX];
	size_t n_columns;
	unsigned n_rows;
	char *ids; /* of the rows so far, each between two newlines */
	size_t ids_len;
};

/* A path below the source tree, or a whole one. Fails when it is not there. */
void sweep_open(struct sweep_table *table, const char *path, bool write);
/* The next row; it has n columns, and a first one of its own. */
bool sweep_next(struct sweep_table *table, size_t n);
/* Writes the row as it is in columns now, when the table is written. */
void sweep_put(struct sweep_table *table);
void sweep_close(struct sweep_table *table);

#endif
