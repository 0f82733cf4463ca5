/* emrtd-verify: Passive Authentication over files that any reader dumped. */
#include "io.h"
#include "outcome.h"
#include "record_io.h"
#include "verify_options.h"

#include <emrtd/reader.h>

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_CAP    (4u << 20)
#define ENTRIES_MAX 1000

static const struct option_row option_rows[] = { VERIFY_OPTION_ROWS };

static const struct tool_example examples[] = {
	{ "emrtd-verify --trust csca/ dump/", "all files of a folder" },
	{ "emrtd-verify --json --trust de.cer EF.SOD.bin DG1.bin DG2.bin",
	    "chosen files, as JSON; a file is known by its contents" },
};

static const struct tool_exit exits[] = {
	{ EXIT_GOOD, NULL },
	{ EXIT_CHECK_FAILED, NULL },
	{ EXIT_USAGE, NULL },
	{ EXIT_ENVIRONMENT, NULL },
	{ EXIT_MALFORMED, NULL },
	{ EXIT_UNDETERMINED,
	    "undetermined, or data authentic but the chip unproven" },
	{ EXIT_INTERNAL, NULL },
};

static const struct tool emrtd_verify = {
	.name = "emrtd-verify",
	.operands = "DIR|FILE...",
	.summary = "Verify the files of a passport's chip without the chip.",
	TOOL_TABLE(options, option_rows),
	TOOL_TABLE(examples, examples),
	TOOL_TABLE(exits, exits),
};

struct run {
	struct tool_common common;
	struct verify_options verify;
	struct mrz_source mrz;
	uint8_t *bytes[EMRTD_N_FILES];
	size_t len[EMRTD_N_FILES];
	char *paths[EMRTD_N_FILES];
	size_t n_files;
};

static bool
take_option(void *self, int id, const char *argument)
{
	struct run *run = self;
	bool ours;

	return verify_option(&emrtd_verify, &run->verify, id, argument, &ours);
}

/*
 * optional: a file in a folder that is none of ours is passed over; one that
 * was named is an error.
 */
static enum exit_code
load_file(struct run *run, const char *path, bool optional)
{
	uint8_t *bytes = NULL;
	size_t len = 0;
	enum emrtd_file file;
	char *copy;
	enum io_result io = io_read(path, FILE_CAP, &bytes, &len);

	if (io != IO_OK) {
		tool_error(&emrtd_verify, "%s: %s", path, io_text(io));
		return EXIT_ENVIRONMENT;
	}
	if (!emrtd_file_by_content(emrtd_bytes(bytes, len), &file)) {
		explicit_bzero(bytes, len);
		free(bytes);
		if (optional) {
			tool_note(&emrtd_verify, &run->common,
			    "%s: no file of a passport, passed over", path);
			return EXIT_GOOD;
		}
		tool_error(&emrtd_verify, "%s: no file of a passport", path);
		return EXIT_MALFORMED;
	}
	if (run->bytes[file] != NULL) {
		explicit_bzero(bytes, len);
		free(bytes);
		tool_error(&emrtd_verify, "%s and %s are both %s",
		    run->paths[file], path, emrtd_file_name(file));
		return EXIT_USAGE;
	}
	copy = strdup(path);
	if (copy == NULL) {
		explicit_bzero(bytes, len);
		free(bytes);
		tool_error(&emrtd_verify, "out of memory");
		return EXIT_INTERNAL;
	}
	run->bytes[file] = bytes;
	run->len[file] = len;
	run->paths[file] = copy;
	/* The analyzer loses sight of a slot with a computed index; clean_up
	 * frees it. NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
	run->n_files++;
	return EXIT_GOOD;
}

static enum exit_code
load_entry(struct run *run, const char *folder, const char *name)
{
	enum exit_code code = EXIT_GOOD;
	char *path = NULL;
	struct stat st;

	if (asprintf(&path, "%s/%s", folder, name) < 0) {
		tool_error(&emrtd_verify, "out of memory");
		return EXIT_INTERNAL;
	}
	if (stat(path, &st) != 0) {
		tool_error(&emrtd_verify, "%s: %s", path, strerror(errno));
		code = EXIT_ENVIRONMENT;
	} else if (S_ISREG(st.st_mode)) {
		code = load_file(run, path, true);
	}
	free(path);
	return code;
}

static enum exit_code
load_folder(struct run *run, const char *folder)
{
	enum exit_code code = EXIT_GOOD;
	struct dirent **entries;
	int n = scandir(folder, &entries, NULL, alphasort);

	if (n < 0) {
		tool_error(&emrtd_verify, "%s: %s", folder, strerror(errno));
		return EXIT_ENVIRONMENT;
	}
	/* No verdict over some of the files only. */
	if (n > ENTRIES_MAX + 2) { /* . and .. */
		tool_error(&emrtd_verify,
		    "%s: more than %d entries; name the files", folder,
		    ENTRIES_MAX);
		code = EXIT_ENVIRONMENT;
	}
	for (int i = 0; i < n; i++) {
		if (code == EXIT_GOOD)
			code = load_entry(run, folder, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return code;
}

static enum exit_code
load(struct run *run, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return load_folder(run, path);
	return load_file(run, path, false);
}

static enum exit_code
load_all(struct run *run, int argc, char **argv, int first)
{
	int32_t today = (int32_t)(verify_options_at(&run->verify) / 86400);
	enum exit_code code = EXIT_GOOD;

	if (first == argc) {
		tool_error(&emrtd_verify, "no folder or file was named");
		return EXIT_USAGE;
	}
	for (int i = first; i < argc && code == EXIT_GOOD; i++)
		code = load(run, argv[i]);
	if (code == EXIT_GOOD && run->n_files == 0) {
		tool_error(&emrtd_verify, "no file of a passport");
		return EXIT_MALFORMED;
	}
	if (code == EXIT_GOOD && run->verify.mrz != NULL)
		code = mrz_source_read(&emrtd_verify, run->verify.mrz,
		    run->verify.pick, today, &run->mrz);
	return code;
}

static enum exit_code
verify(struct run *run, struct emrtd_ctx *ctx, struct emrtd_record *record)
{
	struct emrtd_bytes files[EMRTD_N_FILES];
	struct emrtd_verify_options options = {
		.size = sizeof(options),
		.at = verify_options_at(&run->verify),
		.files = files,
	};
	struct emrtd_trust *trust = NULL;
	struct emrtd_result *result = NULL;
	enum exit_code code = verify_options_trust(&emrtd_verify, &run->verify,
	    ctx, &trust);
	enum emrtd_error e;

	if (code != EXIT_GOOD)
		return code;
	for (int i = 0; i < EMRTD_N_FILES; i++)
		files[i] = emrtd_bytes(run->bytes[i], run->len[i]);
	options.trust = trust;
	options.optical = run->verify.mrz != NULL ? &run->mrz.doc : NULL;
	options.doubts = run->mrz.doubts;
	options.n_doubts = run->mrz.n_doubts;
	e = emrtd_verify_files(ctx, &options, &result);
	if (e != EMRTD_OK) {
		tool_error(&emrtd_verify, "%s", emrtd_error_text(e));
		code = outcome_error_code(e);
	} else {
		code = record_write(&emrtd_verify, &run->common,
		    run->verify.json, result, record);
		if (code == EXIT_GOOD)
			code = outcome_exit_code(result,
			    run->verify.accept_data);
	}
	emrtd_result_free(&result);
	emrtd_trust_free(&trust);
	return code;
}

static void
clean_up(struct run *run)
{
	for (int i = 0; i < EMRTD_N_FILES; i++) {
		if (run->bytes[i] != NULL)
			explicit_bzero(run->bytes[i], run->len[i]);
		free(run->bytes[i]);
		free(run->paths[i]);
	}
	mrz_source_free(&run->mrz);
}

int
main(int argc, char **argv)
{
	struct run run = { 0 };
	struct emrtd_ctx *ctx = NULL;
	struct emrtd_record record = { .schema = "emrtd-verify/1",
		.tool = emrtd_verify.name };
	struct emrtd_diag diag;
	enum emrtd_error e;
	enum exit_code code;
	int first = 0, done;

	done = tool_begin(&emrtd_verify, argc, argv, take_option, &run,
	    &run.common, &first);
	if (done != TOOL_GO_ON)
		return done;
	code = load_all(&run, argc, argv, first);
	if (code == EXIT_GOOD) {
		emrtd_diag_init(&diag);
		e = emrtd_ctx_new(NULL, &diag, &ctx);
		if (e != EMRTD_OK) {
			outcome_say_error(&emrtd_verify, &diag, e);
			code = outcome_error_code(e);
		}
	}
	if (code == EXIT_GOOD) {
		record.optical = emrtd_bytes((const uint8_t *)run.mrz.record,
		    run.mrz.record_len);
		record.optical_document = run.mrz.document;
		record.sources = (const char *const *)argv + first;
		record.n_sources = (size_t)(argc - first);
		record.paths = (const char *const *)run.paths;
		record.embed_portrait = run.verify.embed_portrait;
		code = verify(&run, ctx, &record);
	}
	emrtd_ctx_free(&ctx);
	clean_up(&run);
	return (int)code;
}
