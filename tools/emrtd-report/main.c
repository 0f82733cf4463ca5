/* emrtd-report: one page from the record of a reading. */
#include "io.h"
#include "report_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DG2_CAP (4u << 20)

enum {
	OPTION_FILES = OPTION_LONG_ONLY,
	OPTION_REDACT
};

static const struct option_row option_rows[] = {
	{ OPTION_FILES, "files", "DIR",
	    "take the face from EF.DG2.bin in DIR, as emrtd-read --out "
	    "wrote it; without it from where the record says" },
	{ OPTION_REDACT, "redact", NULL,
	    "leave out face, name, numbers, dates, hashes and paths, so that "
	    "the page can go into a bug report" },
};

static const struct tool_example examples[] = {
	{ "emrtd-report -o report.html result.json",
	    "the page of a reading that emrtd-read --json wrote down" },
	{ "emrtd-verify --json dump/ | emrtd-report --files dump/ > "
	  "report.html",
	    "the page of files that were dumped before" },
	{ "emrtd-report --redact result.json > for-the-bug-report.html",
	    "a page that says nothing of the holder" },
};

static const struct tool_exit exits[] = {
	{ EXIT_GOOD, "the page was written, whatever its verdict" },
	{ EXIT_USAGE, NULL },
	{ EXIT_ENVIRONMENT, NULL },
	{ EXIT_MALFORMED, "not one record emrtd-read/1 or emrtd-verify/1" },
	{ EXIT_INTERNAL, NULL },
};

static const struct tool emrtd_report = {
	.name = "emrtd-report",
	.operands = "[RECORD]",
	.summary = "Make one page, for screen and paper, from the record of a "
		   "reading. RECORD '-', or none, is standard input.",
	TOOL_TABLE(options, option_rows),
	TOOL_TABLE(examples, examples),
	TOOL_TABLE(exits, exits),
};

struct run {
	struct tool_common common;
	const char *files;
	bool redact;
	uint8_t *record, *dg2;
	size_t record_len, dg2_len;
};

static bool
take_option(void *self, int id, const char *argument)
{
	struct run *run = self;

	switch (id) {
	case OPTION_FILES:
		run->files = argument;
		return true;
	case OPTION_REDACT:
		return run->redact = true;
	default:
		return false;
	}
}

/* Regular files alone: a record could name a pipe that never ends. */
static enum io_result
read_regular(const char *path, uint8_t **out, size_t *out_len)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return IO_ERRNO;
	if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		return IO_ERRNO;
	}
	return io_read(path, DG2_CAP, out, out_len);
}

/* The page can do without a face, but says so when one was asked for. */
static enum exit_code
read_dg2(struct run *run)
{
	enum io_result io = IO_OK;
	char *path = NULL;

	if (run->redact)
		return EXIT_GOOD;
	if (run->files == NULL)
		path = report_dg2_path(
		    emrtd_bytes(run->record, run->record_len));
	else if (asprintf(&path, "%s/EF.DG2.bin", run->files) < 0) {
		tool_error(&emrtd_report, "out of memory");
		return EXIT_INTERNAL;
	}
	if (path != NULL)
		io = read_regular(path, &run->dg2, &run->dg2_len);
	if (io != IO_OK)
		tool_note(&emrtd_report, &run->common,
		    "%s: %s: the page is made without it", path, io_text(io));
	free(path);
	return EXIT_GOOD;
}

static enum exit_code
make(struct run *run, const char *path)
{
	struct report_input input = { .redact = run->redact };
	enum exit_code code;
	enum io_result io = io_read(path, REPORT_RECORD_CAP, &run->record,
	    &run->record_len);

	if (io != IO_OK) {
		tool_error(&emrtd_report, "%s: %s", path, io_text(io));
		return io == IO_TOO_BIG ? EXIT_MALFORMED : EXIT_ENVIRONMENT;
	}
	code = read_dg2(run);
	if (code != EXIT_GOOD)
		return code;
	input.record = emrtd_bytes(run->record, run->record_len);
	input.dg2 = emrtd_bytes(run->dg2, run->dg2_len);
	return report_file_write(&emrtd_report, run->common.output,
	    run->common.force, &input);
}

static void
wipe_free(uint8_t *bytes, size_t len)
{
	if (bytes != NULL)
		explicit_bzero(bytes, len);
	free(bytes);
}

int
main(int argc, char **argv)
{
	struct run run = { .files = NULL };
	enum exit_code code;
	int first = 0, done;

	done = tool_begin(&emrtd_report, argc, argv, take_option, &run,
	    &run.common, &first);
	if (done != TOOL_GO_ON)
		return done;
	if (argc - first > 1) {
		tool_error(&emrtd_report, "%s: one record makes one page",
		    argv[first + 1]);
		return EXIT_USAGE;
	}
	code = make(&run, first < argc ? argv[first] : "-");
	wipe_free(run.record, run.record_len);
	wipe_free(run.dg2, run.dg2_len);
	return (int)code;
}
