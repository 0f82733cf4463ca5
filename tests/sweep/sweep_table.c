#include "sweep_table.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

#define PATH_CAP 1000

static void
full_path(char out[PATH_CAP], const char *path, const char *end)
{
	int n = snprintf(out, PATH_CAP, "%s%s%s%s",
	    path[0] == '/' ? "" : MRTD_SOURCE_DIR, path[0] == '/' ? "" : "/",
	    path, end);

	assert_true(n > 0 && n < PATH_CAP);
}

void
sweep_open(struct sweep_table *table, const char *path, bool write)
{
	char name[PATH_CAP];

	memset(table, 0, sizeof(*table));
	table->path = path;
	full_path(name, path, "");
	table->in = fopen(name, "r");
	if (table->in == NULL)
		fail_msg("%s is not there", name);
	if (!write)
		return;
	full_path(name, path, ".new");
	table->out = fopen(name, "w");
	assert_non_null(table->out);
}

/* Two rows of one name would hide one another in what is told. */
static void
remember(struct sweep_table *table, const char *id)
{
	char line[SWEEP_LINE_CAP];
	int n = snprintf(line, sizeof(line), "\n%s\n", id);
	char *grown;

	assert_true(n > 0 && (size_t)n < sizeof(line));
	if (table->ids != NULL && strstr(table->ids, line) != NULL)
		fail_msg("%s: two rows %s", table->path, id);
	grown = realloc(table->ids, table->ids_len + (size_t)n + 1);
	assert_non_null(grown);
	memcpy(&grown[table->ids_len], line, (size_t)n + 1);
	table->ids = grown;
	table->ids_len += (size_t)n;
}

bool
sweep_next(struct sweep_table *table, size_t n)
{
	char *rest = table->line;

	for (;;) {
		if (fgets(table->line, SWEEP_LINE_CAP, table->in) == NULL)
			return false;
		if (strchr(table->line, '\n') == NULL)
			fail_msg("%s: a line is too long", table->path);
		if (table->line[0] != '#' && table->line[0] != '\n')
			break;
		if (table->out != NULL)
			(void)fputs(table->line, table->out);
	}
	table->line[strcspn(table->line, "\n")] = '\0';
	table->n_columns = 0;
	while (rest != NULL && table->n_columns < SWEEP_COLUMNS_MAX)
		table->columns[table->n_columns++] = strsep(&rest, "\t");
	if (table->n_columns != n)
		fail_msg("%s: row %s has %zu columns instead of %zu",
		    table->path, table->columns[0], table->n_columns, n);
	remember(table, table->columns[0]);
	table->n_rows++;
	return true;
}

void
sweep_put(struct sweep_table *table)
{
	if (table->out == NULL)
		return;
	for (size_t i = 0; i < table->n_columns; i++)
		(void)fprintf(table->out, "%s%s", i > 0 ? "\t" : "",
		    table->columns[i]);
	(void)fputc('\n', table->out);
}

/* A new table takes the place of the old one when all of it is there. */
void
sweep_close(struct sweep_table *table)
{
	char from[PATH_CAP], to[PATH_CAP];

	(void)fclose(table->in);
	free(table->ids);
	if (table->out == NULL)
		return;
	assert_int_equal(fclose(table->out), 0);
	full_path(from, table->path, ".new");
	full_path(to, table->path, "");
	assert_int_equal(rename(from, to), 0);
}
