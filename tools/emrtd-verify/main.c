/*
 * emrtd-verify: Passive Authentication over files that any reader dumped, and
 * the evidence of Active Authentication.
 */
#include "dump.h"
#include "outcome.h"
#include "record_io.h"
#include "verify_options.h"

#include <emrtd/reader.h>

#include <stdlib.h>

static const struct option_row option_rows[] = { VERIFY_OPTION_ROWS };

static const struct tool_example examples[] = {
	{ "emrtd-verify --trust csca/ dump/", "all files of a folder" },
	{ "emrtd-verify --json --trust de.cer EF.SOD.bin DG1.bin DG2.bin",
	    "chosen files, as JSON; a file is known by its contents" },
	{ "emrtd-verify --trust csca/ --challenge 0f1e2d3c4b5a6978 read.json",
	    "the files that a record names, and what the chip signed" },
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
	.operands = "DIR|FILE|RESULT...",
	.summary = "Verify the files of a passport's chip without the chip.",
	TOOL_TABLE(options, option_rows),
	TOOL_TABLE(examples, examples),
	TOOL_TABLE(exits, exits),
};

struct run {
	struct tool_common common;
	struct verify_options verify;
	struct mrz_source mrz;
	struct dump dump;
};

static bool
take_option(void *self, int id, const char *argument)
{
	struct run *run = self;
	bool ours;

	return verify_option(&emrtd_verify, &run->verify, id, argument, &ours);
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
		code = dump_add(&emrtd_verify, &run->common, &run->dump,
		    argv[i]);
	if (code == EXIT_GOOD)
		code = dump_check(&emrtd_verify, &run->dump);
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
verify(struct run *run, struct emrtd_ctx *ctx, struct emrtd_record *record)
{
	const struct dump *dump = &run->dump;
	struct emrtd_bytes files[EMRTD_N_FILES];
	struct emrtd_verify_options options = {
		.size = sizeof(options),
		.at = verify_options_at(&run->verify),
		.files = files,
		.aa_challenge = emrtd_bytes(dump->challenge,
		    dump->challenge_len),
		.aa_signature = emrtd_bytes(dump->signature,
		    dump->signature_len),
		.challenge = run->verify.has_challenge ? run->verify.challenge
						       : NULL,
		.policy = run->verify.policy,
	};
	struct emrtd_trust *trust = NULL;
	struct emrtd_result *result = NULL;
	enum exit_code code = verify_options_trust(&emrtd_verify, &run->verify,
	    ctx, &trust);
	enum emrtd_error e;

	if (code != EXIT_GOOD)
		return code;
	for (int i = 0; i < EMRTD_N_FILES; i++)
		files[i] = emrtd_bytes(dump->bytes[i], dump->len[i]);
	options.trust = trust;
	options.optical = run->verify.mrz != NULL ? &run->mrz.doc : NULL;
	options.doubts = run->mrz.doubts;
	options.n_doubts = run->mrz.n_doubts;
	e = emrtd_verify_files(ctx, &options, &result);
	if (e != EMRTD_OK) {
		tool_error(&emrtd_verify, "%s", emrtd_error_text(e));
		code = outcome_error_code(e);
	} else {
		code = dump_compare(&emrtd_verify, dump, result);
	}
	if (code == EXIT_GOOD) {
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
		record.paths = (const char *const *)run.dump.paths;
		record.embed_portrait = run.verify.embed_portrait;
		code = verify(&run, ctx, &record);
	}
	emrtd_ctx_free(&ctx);
	dump_free(&run.dump);
	mrz_source_free(&run.mrz);
	return (int)code;
}
