#include "record_io.h"

#include "io.h"
#include "outcome.h"
#include "term.h"

#include <string.h>
#include <sys/stat.h>

bool
record_text(const struct emrtd_result *result, struct emrtd_record *record,
    struct private_text *out)
{
	struct emrtd_json writer;

	record->version = MRTD_VERSION;
	if (!private_text_open(out))
		return false;
	emrtd_json_init(&writer, io_json_sink, out->file, false);
	emrtd_result_write_json(result, record, &writer);
	/* A sink that refused shows in the stream's error mark. */
	(void)emrtd_json_finish(&writer);
	return private_text_close(out);
}

/* The same for a person. */
static bool
person_text(const struct emrtd_result *result, bool color, bool all,
    struct private_text *out)
{
	if (!private_text_open(out))
		return false;
	outcome_print(out->file, result, color, all);
	return private_text_close(out);
}

enum exit_code
record_write(const struct tool *tool, const struct tool_common *common,
    bool json, const struct emrtd_result *result, struct emrtd_record *record)
{
	bool color = common->output == NULL && term_wants_color(stdout);
	/* It holds somebody's name, and perhaps the face. */
	struct private_text text;
	enum io_result io;

	if (!(json ? record_text(result, record, &text)
		   : person_text(result, color, common->verbose > 0, &text))) {
		private_text_free(&text);
		tool_error(tool, "out of memory");
		return EXIT_INTERNAL;
	}
	io = io_write(common->output, text.bytes, text.len, common->force);
	if (io != IO_OK)
		tool_error(tool, "%s: %s",
		    common->output != NULL ? common->output : "standard output",
		    io_text(io));
	private_text_free(&text);
	return io == IO_OK ? EXIT_GOOD : EXIT_ENVIRONMENT;
}

enum exit_code
record_check_tr03135(const struct tool *tool, const struct tool_common *common,
    const char *path)
{
	struct stat st;

	if (path == NULL)
		return EXIT_GOOD;
	if (strcmp(path, "-") == 0) {
		tool_error(tool, "--tr03135 wants the name of a file");
		return EXIT_USAGE;
	}
	if (common->output != NULL && io_same_file(path, common->output)) {
		tool_error(tool, "-o and --tr03135 name the same file");
		return EXIT_USAGE;
	}
	if (!common->force && lstat(path, &st) == 0 &&
	    (S_ISREG(st.st_mode) || S_ISLNK(st.st_mode))) {
		tool_error(tool, "%s: File exists (--force overwrites)", path);
		return EXIT_ENVIRONMENT;
	}
	return EXIT_GOOD;
}

enum exit_code
record_write_tr03135(const struct tool *tool, const struct tool_common *common,
    const char *path, const struct emrtd_result *result,
    struct emrtd_record *record)
{
	struct private_text text;
	enum io_result io;
	bool made;

	if (path == NULL)
		return EXIT_GOOD;
	record->version = MRTD_VERSION;
	made = private_text_open(&text) && emrtd_result_write_tr03135(result,
					       record, io_json_sink, text.file);
	if (!private_text_close(&text) || !made) {
		private_text_free(&text);
		tool_error(tool, "out of memory");
		return EXIT_INTERNAL;
	}
	io = io_write(path, text.bytes, text.len, common->force);
	if (io != IO_OK)
		tool_error(tool, "%s: %s", path, io_text(io));
	private_text_free(&text);
	return io == IO_OK ? EXIT_GOOD : EXIT_ENVIRONMENT;
}
