/* emrtd-read: open a document's chip, read it, decide its authenticity. */
#include "io.h"
#include "outcome.h"
#include "progress.h"
#include "reader_uri.h"
#include "record_io.h"
#include "report_file.h"
#include "secret_source.h"
#include "term.h"
#include "verify_options.h"

#include <emrtd/reader.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPTION_READER = OPTION_FIRST_OWN,
	OPTION_CAN,
	OPTION_PIN,
	OPTION_PUK,
	OPTION_LAST_TRY,
	OPTION_ACCESS,
	OPTION_FILES,
	OPTION_OUT,
	OPTION_DEADLINE,
	OPTION_REPORT,
	OPTION_REDACT
};

static const struct option_row option_rows[] = {
	{ OPTION_READER, "reader", "URI",
	    "pcsc:[NAME], tcp:HOST:PORT, sim:PROFILE or replay:FILE; without "
	    "it the first contactless PC/SC reader" },
	VERIFY_OPTION_ROWS,
	{ OPTION_CAN, "can", "FILE",
	    "the six digits printed on the document; '-' asks on a terminal" },
	{ OPTION_PIN, "pin", "FILE",
	    "the holder's PIN, for a chip that takes neither; likewise" },
	{ OPTION_PUK, "puk", "FILE", "the holder's PUK; likewise" },
	{ OPTION_LAST_TRY, "last-try", NULL,
	    "show a PIN or PUK also when the chip says that one try is left" },
	{ OPTION_ACCESS, "access", "POLICY",
	    "require-pace; prefer-pace (the default: BAC where the chip "
	    "offers no PACE); allow-bac (also where PACE fails)" },
	{ OPTION_FILES, "files", "LIST",
	    "data groups to read: DG1,DG2; without it all but DG3 and DG4" },
	{ OPTION_OUT, "out", "DIR",
	    "write the files as received, and the face, into this folder" },
	{ OPTION_REPORT, "report", "FILE",
	    "write a page for screen and paper, too (mode 0600)" },
	{ OPTION_REDACT, "redact", NULL,
	    "that page says nothing of the holder" },
	{ OPTION_DEADLINE, "deadline", "SECONDS",
	    "give up when the reading takes longer (300)" },
};

static const struct tool_example examples[] = {
	{ "mrz-read --json mrz.txt | emrtd-read --mrz - --trust csca/",
	    "read the document on the first PC/SC reader" },
	{ "emrtd-read --can - --files DG1,DG2 --out dump/",
	    "ask for the CAN, keep the files" },
	{ "emrtd-read --reader sim:samples/profiles/utopia.json \\\n"
	  "        --mrz samples/mrz/utopia.txt --trust samples/trust \\\n"
	  "        --insecure-test-trust",
	    "read a virtual passport: no hardware needed" },
};

static const struct tool_exit exits[] = {
	{ EXIT_GOOD, NULL },
	{ EXIT_CHECK_FAILED, NULL },
	{ EXIT_USAGE, NULL },
	{ EXIT_ENVIRONMENT, NULL },
	{ EXIT_ACCESS, NULL },
	{ EXIT_MALFORMED, NULL },
	{ EXIT_UNDETERMINED,
	    "undetermined, or data authentic but the chip unproven" },
	{ EXIT_LOST, NULL },
	{ EXIT_INTERNAL, NULL },
};

static const struct tool emrtd_read = {
	.name = "emrtd-read",
	.summary =
	    "Read the chip of a passport or identity card and verify its data.",
	TOOL_TABLE(options, option_rows),
	TOOL_TABLE(examples, examples),
	TOOL_TABLE(exits, exits),
};

/* The slowest readings that users report take four to five minutes. */
#define DEADLINE_S 300

struct run {
	struct tool_common common;
	struct verify_options verify;
	const char *reader, *out, *report;
	/* Indexed by kind: where CAN, PIN and PUK are, and they. */
	const char *secret[EMRTD_PASSWORD_PUK + 1];
	struct emrtd_password secrets[EMRTD_PASSWORD_PUK + 1];
	enum emrtd_access_policy access;
	bool last_try;
	bool redact;
	emrtd_dg_set data_groups;
	unsigned deadline_s;
	bool name_reader; /* nobody chose it: say which it is */
	struct progress progress;
	struct mrz_source mrz;
	struct emrtd_password mrz_passwords[MRZ_MAX_KEYS];
	size_t n_mrz_passwords;
	struct emrtd_ctx *ctx;
	struct emrtd_trust *trust;
	struct emrtd_transport transport;
	struct emrtd_session *session;
	struct private_text record; /* for the page */
};

/* emrtd_cancel alone may be called from a signal handler. */
static struct emrtd_session *volatile interruptible;

static void
on_interrupt(int signal_number)
{
	struct emrtd_session *session = interruptible;

	(void)signal_number;
	if (session != NULL)
		emrtd_cancel(session);
}

/* "DG1,DG2"; EF.COM and EF.SOD are always read. */
static bool
parse_files(struct run *run, const char *list)
{
	char copy[256];
	char *rest = copy, *name;

	if (snprintf(copy, sizeof(copy), "%s", list) >= (int)sizeof(copy))
		return false;
	while ((name = strsep(&rest, ",")) != NULL) {
		enum emrtd_file file;

		if (!emrtd_file_by_name(name, &file) || file < EMRTD_DG1)
			return false;
		run->data_groups |= 1u << (file - EMRTD_DG1 + 1);
	}
	return run->data_groups != 0;
}

static bool
parse_access(struct run *run, const char *text)
{
	static const char *const names[] = {
		[EMRTD_PREFER_PACE] = "prefer-pace",
		[EMRTD_REQUIRE_PACE] = "require-pace",
		[EMRTD_ALLOW_BAC] = "allow-bac",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(text, names[i]) == 0) {
			run->access = (enum emrtd_access_policy)i;
			return true;
		}
	}
	return false;
}

static bool
parse_deadline(struct run *run, const char *text)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || v == 0 || v > 86400)
		return false;
	run->deadline_s = (unsigned)v;
	return true;
}

static bool
take_option(void *self, int id, const char *argument)
{
	struct run *run = self;
	bool ours,
	    ok = verify_option(&emrtd_read, &run->verify, id, argument, &ours);

	if (ours)
		return ok;
	switch (id) {
	case OPTION_READER:
		run->reader = argument;
		return true;
	case OPTION_CAN:
		run->secret[EMRTD_PASSWORD_CAN] = argument;
		return true;
	case OPTION_PIN:
		run->secret[EMRTD_PASSWORD_PIN] = argument;
		return true;
	case OPTION_PUK:
		run->secret[EMRTD_PASSWORD_PUK] = argument;
		return true;
	case OPTION_LAST_TRY:
		return run->last_try = true;
	case OPTION_ACCESS:
		if (parse_access(run, argument))
			return true;
		tool_error(&emrtd_read,
		    "--access %s: not require-pace, prefer-pace or allow-bac",
		    argument);
		return false;
	case OPTION_OUT:
		run->out = argument;
		return true;
	case OPTION_REPORT:
		run->report = argument;
		return true;
	case OPTION_REDACT:
		return run->redact = true;
	case OPTION_FILES:
		if (parse_files(run, argument))
			return true;
		tool_error(&emrtd_read,
		    "--files %s: not a list like DG1,DG2,DG11", argument);
		return false;
	case OPTION_DEADLINE:
		if (parse_deadline(run, argument))
			return true;
		tool_error(&emrtd_read,
		    "--deadline %s: not a number of seconds", argument);
		return false;
	default:
		return false;
	}
}

/* Something else than the MRZ to open the chip with. */
static bool
has_secret(const struct run *run)
{
	for (size_t i = 0; i <= EMRTD_PASSWORD_PUK; i++) {
		if (run->secret[i] != NULL)
			return true;
	}
	return false;
}

/* What is printed: to open the chip, and to be compared with it. With a CAN,
 * comparing is enough. */
static enum exit_code
read_mrz(struct run *run, int32_t today)
{
	enum exit_code code = mrz_source_read(&emrtd_read, run->verify.mrz,
	    run->verify.pick, today, &run->mrz);

	if (code != EXIT_GOOD)
		return code;
	run->n_mrz_passwords = mrz_source_passwords(&run->mrz,
	    run->mrz_passwords);
	if (run->n_mrz_passwords > 0)
		return EXIT_GOOD;
	tool_error(&emrtd_read,
	    "the MRZ cannot open a chip: document number, date of birth or "
	    "date of expiry does not verify, or is not in this layout (see "
	    "mrz-read)");
	return has_secret(run) ? EXIT_GOOD : EXIT_MALFORMED;
}

/* How many of the passwords come from standard input. */
static unsigned
n_from_stdin(const struct run *run)
{
	unsigned n = run->verify.mrz != NULL &&
		     strcmp(run->verify.mrz, "-") == 0;

	for (size_t i = 0; i <= EMRTD_PASSWORD_PUK; i++)
		n += run->secret[i] != NULL && strcmp(run->secret[i], "-") == 0;
	return n;
}

/* What opens the chip. */
static enum exit_code
read_passwords(struct run *run)
{
	int32_t today = (int32_t)(verify_options_at(&run->verify) / 86400);
	enum exit_code code = EXIT_GOOD;

	if (n_from_stdin(run) > 1) {
		tool_error(&emrtd_read,
		    "only one of --mrz, --can, --pin and --puk can be "
		    "standard input");
		return EXIT_USAGE;
	}
	if (run->verify.mrz != NULL)
		code = read_mrz(run, today);
	for (int i = 0; i <= EMRTD_PASSWORD_PUK && code == EXIT_GOOD; i++) {
		if (run->secret[i] != NULL)
			code = secret_source_read(&emrtd_read,
			    (enum emrtd_password_kind)i, run->secret[i],
			    &run->secrets[i]);
	}
	return code;
}

static const struct emrtd_password *
secret_of(const struct run *run, enum emrtd_password_kind kind)
{
	return run->secret[kind] != NULL ? &run->secrets[kind] : NULL;
}

/*
 * Under -v, a line an APDU: the header and the sizes, never what is in it,
 * which is somebody's data or a secret.
 */
static void
show_exchange(void *self, const struct emrtd_exchange *x)
{
	struct run *run = self;
	const uint8_t *c = x->plain_command.ptr;

	progress_end(&run->progress);
	if (x->plain_command.len < 4)
		return;
	fprintf(stderr,
	    "%-11s %02X %02X %02X %02X %5zu bytes %s-> %04X %5zu bytes, "
	    "%lld us%s%s\n",
	    x->phase, c[0], c[1], c[2], c[3], x->command.len,
	    x->secured ? "(secured) " : "", x->sw, x->response.len,
	    (long long)(x->end_us - x->start_us),
	    x->error == EMRTD_OK ? "" : ": ",
	    x->error == EMRTD_OK ? "" : emrtd_error_name(x->error));
}

static enum exit_code
check_report(const struct run *run)
{
	bool to_stdout = run->report != NULL && strcmp(run->report, "-") == 0;

	if (run->redact && run->report == NULL) {
		tool_error(&emrtd_read, "--redact is for --report");
		return EXIT_USAGE;
	}
	if (to_stdout && run->common.output == NULL) {
		tool_error(&emrtd_read,
		    "--report - wants -o FILE for what else is written");
		return EXIT_USAGE;
	}
	if (run->report != NULL && run->common.output != NULL &&
	    io_same_file(run->report, run->common.output)) {
		tool_error(&emrtd_read, "-o and --report name the same file");
		return EXIT_USAGE;
	}
	if (run->report != NULL && run->verify.tr03135 != NULL &&
	    io_same_file(run->report, run->verify.tr03135)) {
		tool_error(&emrtd_read,
		    "--tr03135 and --report name the same file");
		return EXIT_USAGE;
	}
	return run->report == NULL ? EXIT_GOOD
				   : report_file_check(&emrtd_read, run->report,
					 run->common.force);
}

static enum exit_code
prepare(struct run *run)
{
	struct emrtd_diag diag;
	enum exit_code code = check_report(run);
	enum emrtd_error e;

	if (code == EXIT_GOOD)
		code = record_check_tr03135(&emrtd_read, &run->common,
		    run->verify.tr03135);
	if (code == EXIT_GOOD)
		code = read_passwords(run);
	if (code != EXIT_GOOD)
		return code;
	emrtd_diag_init(&diag);
	e = emrtd_ctx_new(NULL, &diag, &run->ctx);
	if (e != EMRTD_OK) {
		outcome_say_error(&emrtd_read, &diag, e);
		return outcome_error_code(e);
	}
	code = verify_options_trust(&emrtd_read, &run->verify, run->ctx,
	    &run->trust);
	if (code != EXIT_GOOD)
		return code;
	if (run->out != NULL) {
		code = outcome_check_folder(&emrtd_read, run->out,
		    run->common.force);
		if (code != EXIT_GOOD)
			return code;
	}
	if (run->reader == NULL) {
		run->reader = "pcsc:";
		run->name_reader = true;
	}
	e = mrtd_reader_open(run->reader, &diag, &run->transport);
	if (e != EMRTD_OK) {
		outcome_say_error(&emrtd_read, &diag, e);
		/* A kind of reader that this build lacks. */
		return e == EMRTD_E_UNSUPPORTED ? EXIT_ENVIRONMENT
						: outcome_error_code(e);
	}
	return EXIT_GOOD;
}

static enum emrtd_error
read_chip(struct run *run, struct emrtd_result **out)
{
	struct emrtd_read_options options = {
		.size = sizeof(options),
		.mrz = run->n_mrz_passwords > 0 ? run->mrz_passwords : NULL,
		.can = secret_of(run, EMRTD_PASSWORD_CAN),
		.pin = secret_of(run, EMRTD_PASSWORD_PIN),
		.puk = secret_of(run, EMRTD_PASSWORD_PUK),
		.access_policy = run->access,
		.use_last_try = run->last_try,
		.optical = run->verify.mrz != NULL ? &run->mrz.doc : NULL,
		.trust = run->trust,
		.at = verify_options_at(&run->verify),
		.data_groups = run->data_groups,
		.deadline_ms = 1000 * (run->deadline_s != 0 ? run->deadline_s
							    : DEADLINE_S),
		.progress = progress_show,
		.progress_self = &run->progress,
		.doubts = run->mrz.doubts,
		.n_doubts = run->mrz.n_doubts,
		.challenge = run->verify.has_challenge ? run->verify.challenge
						       : NULL,
		.policy = run->verify.policy,
	};
	struct sigaction action = { .sa_handler = on_interrupt };
	enum emrtd_error e;

	if (run->n_mrz_passwords > 1) {
		options.mrz_more = run->mrz_passwords + 1;
		options.n_mrz_more = run->n_mrz_passwords - 1;
	}
	if (run->common.verbose > 0) {
		options.observer.exchange = show_exchange;
		options.observer.self = run;
	}
	e = emrtd_session_new(run->ctx, &run->transport, &options,
	    &run->session);
	if (e != EMRTD_OK)
		return e;
	interruptible = run->session;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	e = emrtd_session_read(run->session, out);
	interruptible = NULL;
	progress_end(&run->progress);
	return e;
}

static enum exit_code
report(struct run *run, const struct emrtd_result *result)
{
	struct emrtd_link_info link = { .size = sizeof(link) };
	char *paths[EMRTD_N_FILES] = { NULL }, *portrait = NULL;
	struct emrtd_record record = {
		.schema = "emrtd-read/1",
		.tool = emrtd_read.name,
		.optical = emrtd_bytes((const uint8_t *)run->mrz.record,
		    run->mrz.record_len),
		.optical_document = run->mrz.document,
		.reader_uri = run->reader,
		.embed_portrait = run->verify.embed_portrait,
	};
	enum exit_code code = EXIT_GOOD, verdict;

	if (run->transport.ops->info != NULL &&
	    run->transport.ops->info(run->transport.self, &link) == EMRTD_OK)
		record.reader_name = link.name;
	if (run->name_reader && record.reader_name != NULL)
		tool_note(&emrtd_read, &run->common, "reader: %s", link.name);
	if (run->out != NULL)
		code = outcome_write_files(&emrtd_read, result, run->out,
		    run->common.force, paths, &portrait);
	record.paths = (const char *const *)paths;
	record.portrait_path = portrait;
	/* The chip has been read: whatever became of the files, say so. */
	code = exit_code_worse(code, record_write(&emrtd_read, &run->common,
					 run->verify.json, result, &record));
	code = exit_code_worse(code,
	    record_write_tr03135(&emrtd_read, &run->common, run->verify.tr03135,
		result, &record));
	if (run->report != NULL &&
	    !record_text(result, &record, &run->record)) {
		tool_error(&emrtd_read, "out of memory");
		code = EXIT_INTERNAL;
	}
	outcome_free_paths(paths, &portrait);
	verdict = outcome_exit_code(result, run->verify.accept_data);
	return code == EXIT_GOOD ? verdict : code;
}

static void
clean_up(struct run *run)
{
	emrtd_session_free(&run->session);
	emrtd_transport_close(&run->transport);
	emrtd_trust_free(&run->trust);
	emrtd_ctx_free(&run->ctx);
	for (size_t i = 0; i < MRZ_MAX_KEYS; i++)
		emrtd_password_wipe(&run->mrz_passwords[i]);
	for (size_t i = 0; i <= EMRTD_PASSWORD_PUK; i++)
		emrtd_password_wipe(&run->secrets[i]);
	mrz_source_free(&run->mrz);
}

/* The page: made after keys and session are gone, since a decoder of pictures
 * is started for it. */
static enum exit_code
write_page(struct run *run, const struct emrtd_result *result)
{
	struct report_input input = {
		.record = emrtd_bytes((const uint8_t *)run->record.bytes,
		    run->record.len),
		.dg2 = emrtd_result_file(result, EMRTD_DG2),
		.redact = run->redact,
	};

	return report_file_write(&emrtd_read, run->report, run->common.force,
	    &input);
}

int
main(int argc, char **argv)
{
	struct run run = { 0 };
	struct emrtd_result *result = NULL;
	enum emrtd_error e;
	enum exit_code code;
	int first = 0, done;

	done = tool_begin(&emrtd_read, argc, argv, take_option, &run,
	    &run.common, &first);
	if (done != TOOL_GO_ON)
		return done;
	if (first < argc) {
		tool_error(&emrtd_read, "%s: no operand is wanted",
		    argv[first]);
		return EXIT_USAGE;
	}
	progress_init(&run.progress, run.common.quiet);
	code = prepare(&run);
	if (code == EXIT_GOOD) {
		e = read_chip(&run, &result);
		if (result == NULL) {
			tool_error(&emrtd_read, "%s", emrtd_error_text(e));
			code = outcome_error_code(e);
		} else {
			if (e != EMRTD_OK)
				outcome_say_error(&emrtd_read,
				    emrtd_result_diag(result), e);
			code = report(&run, result);
		}
	}
	clean_up(&run);
	if (run.record.len > 0 && result != NULL)
		code = exit_code_worse(code, write_page(&run, result));
	private_text_free(&run.record);
	emrtd_result_free(&result);
	return (int)code;
}
