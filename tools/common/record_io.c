#include "record_io.h"

#include "io.h"
#include "outcome.h"
#include "private_text.h"
#include "term.h"

static void
print(FILE *out, bool json, bool color, bool all,
    const struct emrtd_result *result, const struct emrtd_record *record)
{
	struct emrtd_json writer;

	if (!json) {
		outcome_print(out, result, color, all);
		return;
	}
	emrtd_json_init(&writer, io_json_sink, out, false);
	emrtd_result_write_json(result, record, &writer);
	/* A sink that refused shows in the stream's error mark. */
	(void)emrtd_json_finish(&writer);
}

enum exit_code
record_write(const struct tool *tool, const struct tool_common *common,
    bool json, const struct emrtd_result *result, struct emrtd_record *record)
{
	bool color = common->output == NULL && term_wants_color(stdout);
	/* It holds somebody's name, and perhaps the face. */
	struct private_text text;
	enum io_result io;

	if (!private_text_open(&text)) {
		tool_error(tool, "out of memory");
		return EXIT_INTERNAL;
	}
	record->version = MRTD_VERSION;
	print(text.file, json, color, common->verbose > 0, result, record);
	if (!private_text_close(&text)) {
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
