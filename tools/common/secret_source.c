#include "secret_source.h"

#include "io.h"
#include "prompt.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct row {
	const char *option, *question, *rule;
	enum emrtd_error (
	    *make)(const char *text, size_t len, struct emrtd_password *out);
};

static const struct row rows[] = {
	[EMRTD_PASSWORD_CAN] = { "--can", "CAN (six digits, not shown): ",
	    "a CAN has six digits", emrtd_password_can },
	[EMRTD_PASSWORD_PIN] = { "--pin", "PIN (not shown): ",
	    "a PIN has 4 to 16 digits", emrtd_password_pin },
	[EMRTD_PASSWORD_PUK] = { "--puk", "PUK (not shown): ",
	    "a PUK has 6 to 16 digits", emrtd_password_puk },
};

/* Digits in place of a file are a secret that everybody can see: not said. */
static void
say_error(const struct tool *tool, const struct row *row, const char *path,
    enum io_result io)
{
	if (path[0] != '\0' && path[strspn(path, "0123456789")] == '\0')
		tool_error(tool,
		    "%s wants a file with the digits in it, or '-': on the "
		    "command line everybody can read them",
		    row->option);
	else
		tool_error(tool, "%s: %s", path, io_text(io));
}

/* The whole file, or what a person types. */
static enum exit_code
read_digits(const struct tool *tool, const struct row *row, const char *path,
    char *line, size_t cap)
{
	uint8_t *bytes = NULL;
	size_t len = 0;
	enum io_result io;

	if (strcmp(path, "-") == 0 && isatty(STDIN_FILENO)) {
		if (prompt_secret(row->question, line, cap))
			return EXIT_GOOD;
		tool_error(tool,
		    "%s: nothing could be asked for on this "
		    "terminal",
		    row->option);
		return EXIT_USAGE;
	}
	io = io_read(path, cap - 1, &bytes, &len);
	if (io != IO_OK) {
		say_error(tool, row, path, io);
		return EXIT_ENVIRONMENT;
	}
	memcpy(line, bytes, len);
	explicit_bzero(bytes, len);
	free(bytes);
	return EXIT_GOOD;
}

enum exit_code
secret_source_read(const struct tool *tool, enum emrtd_password_kind kind,
    const char *path, struct emrtd_password *out)
{
	const struct row *row = &rows[kind];
	char line[64] = "";
	enum exit_code code = read_digits(tool, row, path, line, sizeof(line));

	if (code == EXIT_GOOD &&
	    row->make(line, strcspn(line, " \t\r\n"), out) != EMRTD_OK) {
		tool_error(tool, "%s: %s", path, row->rule);
		code = EXIT_USAGE;
	}
	explicit_bzero(line, sizeof(line));
	return code;
}
