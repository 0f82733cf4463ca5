/*
 * emrtd-verify: Passive Authentication over files that any reader dumped, and
 * the evidence of Active Authentication; of one document, or of many.
 */
#include "batch.h"
#include "outcome.h"
#include "record_io.h"

#include <stdlib.h>

enum {
	OPTION_JOBS = OPTION_FIRST_OWN,
	OPTION_LIST,
	OPTION_FAIL_ON
};

static const struct option_row option_rows[] = {
	VERIFY_OPTION_ROWS,
	{ OPTION_JOBS, "jobs", "N",
	    "many documents: each DIR or RESULT is one, a folder of folders "
	    "is all of these, - reads paths; N processes, one JSON record a "
	    "line, in order" },
	{ OPTION_LIST, "list", "FILE",
	    "with --jobs: paths of documents, one a line" },
	{ OPTION_FAIL_ON, "fail-on", "WORDS",
	    "with --jobs: only these make the exit status: failed, "
	    "unreadable, malformed, undetermined, with commas" },
};

static const struct tool_example examples[] = {
	{ "emrtd-verify --trust csca/ dump/", "all files of a folder" },
	{ "emrtd-verify --json --trust de.cer EF.SOD.bin DG1.bin DG2.bin",
	    "chosen files, as JSON; a file is known by its contents" },
	{ "emrtd-verify --trust csca/ --challenge 0f1e2d3c4b5a6978 read.json",
	    "the files that a record names, and what the chip signed" },
	{ "emrtd-verify --jobs 4 --trust csca/ dumps/ > records.jsonl",
	    "every folder in a folder" },
	{ "find . -name '*.dump' | emrtd-verify --jobs 4 --trust csca/ -",
	    "the documents of a list" },
};

static const struct tool_exit exits[] = {
	{ EXIT_GOOD, NULL },
	{ EXIT_CHECK_FAILED, NULL },
	{ EXIT_USAGE, NULL },
	{ EXIT_ENVIRONMENT, NULL },
	{ EXIT_MALFORMED, NULL },
	{ EXIT_UNDETERMINED,
	    "undetermined, or data authentic but the chip unproven" },
	{ EXIT_LOST, "interrupted, with --jobs, after nothing worse than 6" },
	{ EXIT_INTERNAL, NULL },
};

static const struct tool emrtd_verify = {
	.name = "emrtd-verify",
	.operands = "DIR|FILE|RESULT...",
	.summary = "Verify the files of a passport's chip without the chip.",
	TOOL_TABLE(options, option_rows),
	TOOL_TABLE(examples, examples),
	TOOL_TABLE(exits, exits),
};

struct run {
	struct tool_common common;
	struct verify_options verify;
	struct batch_options batch; /* jobs 0: one document */
	struct mrz_source mrz;
	struct dump dump;
};

static bool
take_jobs(struct run *run, const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '1' || *text > '9' || *end != '\0' || n > BATCH_JOBS_MAX) {
		tool_error(&emrtd_verify,
		    "--jobs %s: not a number from 1 to %d", text,
		    BATCH_JOBS_MAX);
		return false;
	}
	run->batch.jobs = (unsigned)n;
	return true;
}

static bool
take_option(void *self, int id, const char *argument)
{
	struct run *run = self;
	bool ours;

	switch (id) {
	case OPTION_JOBS:
		return take_jobs(run, argument);
	case OPTION_LIST:
		run->batch.list = argument;
		return true;
	case OPTION_FAIL_ON:
		return fail_on_parse(&emrtd_verify, argument,
		    &run->batch.fail_on);
	default:
		return verify_option(&emrtd_verify, &run->verify, id, argument,
		    &ours);
	}
}

/* Options that say something about one document, or about many. */
static bool
check_options(const struct run *run, int n_operands)
{
	const char *stray = NULL;

	if (run->batch.jobs == 0) {
		stray = run->batch.list != NULL    ? "--list"
			: run->batch.fail_on.given ? "--fail-on"
						   : NULL;
		if (stray != NULL)
			tool_error(&emrtd_verify, "%s goes with --jobs", stray);
	} else {
		stray = run->verify.mrz != NULL       ? "--mrz"
			: run->verify.has_challenge   ? "--challenge"
			: run->verify.tr03135 != NULL ? "--tr03135"
						      : NULL;
	}
	if (run->batch.jobs != 0 && stray != NULL) {
		tool_error(&emrtd_verify,
		    "%s is of one document, and --jobs verifies many", stray);
	}
	if (stray == NULL && n_operands == 0 && run->batch.list == NULL) {
		stray = "operands";
		tool_error(&emrtd_verify, "no folder or file was named");
	}
	return stray == NULL;
}

static enum exit_code
load_all(struct run *run, int argc, char **argv, int first)
{
	int32_t today = (int32_t)(verify_options_at(&run->verify) / 86400);
	enum exit_code code = EXIT_GOOD;

	code = record_check_tr03135(&emrtd_verify, &run->common,
	    run->verify.tr03135);
	for (int i = first; i < argc && code == EXIT_GOOD; i++)
		code = dump_add(&emrtd_verify, &run->common, &run->dump,
		    argv[i]);
	if (code == EXIT_GOOD)
		code = dump_check(&emrtd_verify, NULL, &run->dump);
	if (code == EXIT_GOOD && run->verify.has_challenge &&
	    run->dump.signature_len == 0)
		tool_note(&emrtd_verify, &run->common,
		    "--challenge: no signature of the chip is there");
	if (code == EXIT_GOOD && run->verify.mrz != NULL)
		code = mrz_source_read(&emrtd_verify, run->verify.mrz,
		    run->verify.pick, today, &run->mrz);
	return code;
}

static enum exit_code
report(const struct run *run, const struct emrtd_result *result,
    char *const *sources, int n_sources)
{
	struct emrtd_record record = {
		.schema = "emrtd-verify/1",
		.tool = emrtd_verify.name,
		.optical = emrtd_bytes((const uint8_t *)run->mrz.record,
		    run->mrz.record_len),
		.optical_document = run->mrz.document,
		.sources = (const char *const *)sources,
		.n_sources = (size_t)n_sources,
		.paths = (const char *const *)run->dump.paths,
		.embed_portrait = run->verify.embed_portrait,
	};
	enum exit_code code = record_write(&emrtd_verify, &run->common,
	    run->verify.json, result, &record);

	if (code == EXIT_GOOD)
		code = record_write_tr03135(&emrtd_verify, &run->common,
		    run->verify.tr03135, result, &record);
	return code != EXIT_GOOD
		   ? code
		   : outcome_exit_code(result, run->verify.accept_data);
}

static enum exit_code
verify_one(struct run *run, struct verifier *verifier, int argc, char **argv,
    int first)
{
	enum exit_code code = load_all(run, argc, argv, first);
	struct emrtd_result *result = NULL;

	if (code == EXIT_GOOD)
		code = verifier_open(verifier);
	if (code == EXIT_GOOD)
		code = document_verify(verifier, &run->dump, &result);
	if (code == EXIT_GOOD)
		code = report(run, result, argv + first, argc - first);
	emrtd_result_free(&result);
	return code;
}

int
main(int argc, char **argv)
{
	struct run run = { 0 };
	struct verifier verifier = { .tool = &emrtd_verify,
		.common = &run.common,
		.options = &run.verify,
		.mrz = &run.mrz };
	enum exit_code code;
	int first = 0, done;

	done = tool_begin(&emrtd_verify, argc, argv, take_option, &run,
	    &run.common, &first);
	if (done != TOOL_GO_ON)
		return done;
	if (!check_options(&run, argc - first))
		return EXIT_USAGE;
	if (run.batch.jobs == 0) {
		code = verify_one(&run, &verifier, argc, argv, first);
	} else {
		run.batch.operands = argv + first;
		run.batch.n_operands = (size_t)(argc - first);
		code = verifier_open(&verifier);
		if (code == EXIT_GOOD)
			code = batch_run(&verifier, &run.batch);
	}
	verifier_close(&verifier);
	dump_free(&run.dump);
	mrz_source_free(&run.mrz);
	return (int)code;
}
