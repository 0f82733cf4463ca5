#include "fail_on.h"

#include <string.h>

static const struct row {
	const char *word;
	enum exit_code code;
} rows[] = {
	{ "failed", EXIT_CHECK_FAILED },
	{ "unreadable", EXIT_ENVIRONMENT },
	{ "malformed", EXIT_MALFORMED },
	{ "undetermined", EXIT_UNDETERMINED },
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct row *
find(const char *word, size_t len)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		if (strlen(rows[i].word) == len &&
		    memcmp(rows[i].word, word, len) == 0)
			return &rows[i];
	}
	return NULL;
}

bool
fail_on_parse(const struct tool *tool, const char *words, struct fail_on *out)
{
	out->given = true;
	out->codes = 0;
	for (const char *at = words;;) {
		size_t len = strcspn(at, ",");
		const struct row *row = find(at, len);

		if (row == NULL) {
			tool_error(tool,
			    "--fail-on %s: words are failed, unreadable, "
			    "malformed and undetermined, with commas",
			    words);
			return false;
		}
		out->codes |= 1u << row->code;
		if (at[len] == '\0')
			return true;
		at += len + 1;
	}
}

enum exit_code
fail_on_code(const struct fail_on *fail_on, enum exit_code code)
{
	if (!fail_on->given)
		return code;
	for (size_t i = 0; i < N_ROWS; i++) {
		if (rows[i].code == code &&
		    (fail_on->codes & 1u << rows[i].code) == 0)
			return EXIT_GOOD;
	}
	return code;
}
