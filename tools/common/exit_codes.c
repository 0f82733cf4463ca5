#include "exit_codes.h"

#include <stddef.h>

struct row {
	enum exit_code code;
	const char *text;
};

#define ROW(name, code, text) { name, text },
static const struct row rows[] = { EXIT_CODES(ROW) };

/* Worst first. */
static const enum exit_code order[] = { EXIT_USAGE, EXIT_INTERNAL,
	EXIT_ENVIRONMENT, EXIT_CHECK_FAILED, EXIT_MALFORMED, EXIT_ACCESS,
	EXIT_UNDETERMINED, EXIT_LOST, EXIT_GOOD };

const char *
exit_code_text(int code)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((int)rows[i].code == code)
			return rows[i].text;
	return "unknown";
}

enum exit_code
exit_code_worse(enum exit_code a, enum exit_code b)
{
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (order[i] == a || order[i] == b)
			return order[i];
	return EXIT_INTERNAL;
}
