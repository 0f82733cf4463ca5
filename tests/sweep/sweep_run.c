#include "sweep_run.h"

#include "shop.h"
#include "shop_keys.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

struct sweep_run sweep_run;

static char at_row[200];

bool
sweep_arguments(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--write") == 0)
			sweep_run.write = true;
		else if (strcmp(argv[i], "--only") == 0 && i + 1 < argc)
			sweep_run.only = argv[++i];
		else if (strcmp(argv[i], "--table") == 0 && i + 1 < argc)
			sweep_run.table = argv[++i];
		else
			return false;
	}
	/* A table that lacks rows must not take the place of the whole. */
	if (sweep_run.only != NULL)
		sweep_run.write = false;
	return true;
}

void
sweep_at(const char *id)
{
	(void)snprintf(at_row, sizeof(at_row), "%s", id);
}

int
sweep_tear_down(void **state)
{
	struct shop_outcome none;

	(void)state;
	if (at_row[0] != '\0')
		print_message("ended in row %s\n", at_row);
	shop_verify(NULL, EMRTD_POLICY_FIELD, &none);
	der_release();
	shop_keys_free();
	return 0;
}
