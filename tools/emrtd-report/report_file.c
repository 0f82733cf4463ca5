#include "report_file.h"

#include "io.h"
#include "private_text.h"

#include <string.h>
#include <sys/stat.h>

enum exit_code
report_file_check(const struct tool *tool, const char *path, bool force)
{
	struct stat st;

	if (strcmp(path, "-") == 0 || force || lstat(path, &st) != 0 ||
	    (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode)))
		return EXIT_GOOD;
	tool_error(tool, "%s: File exists (--force overwrites)", path);
	return EXIT_ENVIRONMENT;
}

static enum exit_code
say(const struct tool *tool, enum report_error e, const char *why)
{
	tool_error(tool, "the report cannot be made: %s",
	    e == REPORT_MEMORY ? "out of memory" : why);
	return e == REPORT_MEMORY ? EXIT_INTERNAL : EXIT_MALFORMED;
}

enum exit_code
report_file_write(const struct tool *tool, const char *path, bool force,
    const struct report_input *input)
{
	struct private_text text;
	char why[REPORT_WHY_CAP] = "";
	enum report_error e = REPORT_MEMORY;
	enum io_result io;

	if (!private_text_open(&text))
		return say(tool, REPORT_MEMORY, why);
	e = report_page(input, text.file, why);
	if (!private_text_close(&text) && e == REPORT_OK)
		e = REPORT_MEMORY;
	if (e != REPORT_OK) {
		private_text_free(&text);
		return say(tool, e, why);
	}
	io = io_write(path, text.bytes, text.len, force);
	if (io != IO_OK)
		tool_error(tool, "%s: %s",
		    path != NULL ? path : "standard output", io_text(io));
	private_text_free(&text);
	return io == IO_OK ? EXIT_GOOD : EXIT_ENVIRONMENT;
}
