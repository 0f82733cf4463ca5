#include "document_read.h"

#include "outcome.h"
#include "reader_uri.h"
#include "record_io.h"
#include "secret_source.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

/* The slowest readings that users report take four to five minutes. */
#define DEADLINE_S 300

/* emrtd_cancel alone may be called from a signal handler. */
static struct emrtd_session *volatile interruptible;
static volatile sig_atomic_t interrupted;

static void
on_interrupt(int signal_number)
{
	struct emrtd_session *session = interruptible;

	(void)signal_number;
	interrupted = 1;
	if (session != NULL)
		emrtd_cancel(session);
}

void
document_catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_interrupt };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool
document_stopped(void)
{
	return interrupted != 0;
}

/* Something else than the MRZ to open the chip with. */
static bool
has_secret(const struct read_choices *choices)
{
	for (size_t i = 0; i <= EMRTD_PASSWORD_PUK; i++) {
		if (choices->secret[i] != NULL)
			return true;
	}
	return false;
}

/* What is printed: to open the chip, and to be compared with it. With a CAN,
 * comparing is enough. */
enum exit_code
document_mrz_read(const struct read_choices *choices, struct document_mrz *out)
{
	const struct verify_options *verify = &choices->verify;
	int32_t today = (int32_t)(verify_options_at(verify) / 86400);
	enum exit_code code;

	memset(out, 0, sizeof(*out));
	if (verify->mrz == NULL)
		return EXIT_GOOD;
	code = mrz_source_read(choices->tool, verify->mrz, verify->pick, today,
	    &out->source);
	if (code != EXIT_GOOD)
		return code;
	out->present = true;
	out->n_passwords = mrz_source_passwords(&out->source, out->passwords);
	if (out->n_passwords > 0)
		return EXIT_GOOD;
	tool_error(choices->tool,
	    "the MRZ cannot open a chip: document number, date of birth or "
	    "date of expiry does not verify, or is not in this layout (see "
	    "mrz-read)");
	return has_secret(choices) ? EXIT_GOOD : EXIT_MALFORMED;
}

void
document_mrz_wipe(struct document_mrz *mrz)
{
	mrz_source_free(&mrz->source);
	explicit_bzero(mrz, sizeof(*mrz));
}

static enum exit_code
read_secrets(const struct read_choices *choices, struct document_reader *out)
{
	enum exit_code code = EXIT_GOOD;

	for (int i = 0; i <= EMRTD_PASSWORD_PUK && code == EXIT_GOOD; i++) {
		if (choices->secret[i] != NULL)
			code = secret_source_read(choices->tool,
			    (enum emrtd_password_kind)i, choices->secret[i],
			    &out->secrets[i]);
	}
	return code;
}

enum emrtd_error
document_reader_plug(struct document_reader *reader, struct emrtd_diag *diag)
{
	emrtd_transport_close(&reader->transport);
	return mrtd_reader_open(reader->uri, diag, &reader->transport);
}

/* Somebody may plug it in, or stop using it. */
static bool
is_worth_waiting(enum emrtd_error e)
{
	return e == EMRTD_E_NO_READER || e == EMRTD_E_READER_LOST ||
	       e == EMRTD_E_BUSY;
}

static enum exit_code
open_reader(struct document_reader *reader)
{
	const struct read_choices *choices = reader->choices;
	struct emrtd_diag diag;
	enum emrtd_error e;

	emrtd_diag_init(&diag);
	reader->uri = choices->reader;
	if (reader->uri == NULL) {
		reader->uri = "any:";
		reader->name_reader = true;
	}
	e = document_reader_plug(reader, &diag);
	if (e == EMRTD_OK || (choices->watch && is_worth_waiting(e)))
		return EXIT_GOOD;
	outcome_say_error(choices->tool, &diag, e);
	/* A kind of reader that this build lacks. */
	return e == EMRTD_E_UNSUPPORTED ? EXIT_ENVIRONMENT
					: outcome_error_code(e);
}

enum exit_code
document_reader_open(const struct read_choices *choices,
    struct document_reader *out)
{
	struct emrtd_diag diag;
	enum exit_code code;
	enum emrtd_error e;

	memset(out, 0, sizeof(*out));
	out->choices = choices;
	out->memory.size = sizeof(out->memory);
	progress_init(&out->progress, choices->common.quiet);
	code = read_secrets(choices, out);
	if (code != EXIT_GOOD)
		return code;
	emrtd_diag_init(&diag);
	e = emrtd_ctx_new(NULL, &diag, &out->ctx);
	if (e != EMRTD_OK) {
		outcome_say_error(choices->tool, &diag, e);
		return outcome_error_code(e);
	}
	code = verify_options_trust(choices->tool, &choices->verify, out->ctx,
	    &out->trust);
	if (code == EXIT_GOOD && choices->out != NULL && !choices->watch)
		code = outcome_check_folder(choices->tool, choices->out,
		    choices->common.force);
	return code == EXIT_GOOD ? open_reader(out) : code;
}

void
document_reader_forget(struct document_reader *reader)
{
	emrtd_session_free(&reader->session);
}

void
document_reader_close(struct document_reader *reader)
{
	document_reader_forget(reader);
	emrtd_transport_close(&reader->transport);
	emrtd_trust_free(&reader->trust);
	emrtd_ctx_free(&reader->ctx);
	for (size_t i = 0; i <= EMRTD_PASSWORD_PUK; i++)
		emrtd_password_wipe(&reader->secrets[i]);
}

/*
 * Under -v, a line an APDU: the header and the sizes, never what is in it,
 * which is somebody's data or a secret.
 */
static void
show_exchange(void *self, const struct emrtd_exchange *x)
{
	struct document_reader *reader = self;
	const uint8_t *c = x->plain_command.ptr;

	progress_end(&reader->progress);
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

/* Likewise: what is odd about reader or chip. */
static void
show_note(void *self, const char *text)
{
	struct document_reader *reader = self;

	progress_end(&reader->progress);
	tool_note(reader->choices->tool, &reader->choices->common, "%s", text);
}

static const struct emrtd_password *
secret_of(const struct document_reader *reader, enum emrtd_password_kind kind)
{
	return reader->choices->secret[kind] != NULL ? &reader->secrets[kind]
						     : NULL;
}

static struct emrtd_read_options
options_of(struct document_reader *reader, const struct document_mrz *mrz)
{
	const struct read_choices *choices = reader->choices;
	const struct verify_options *verify = &choices->verify;
	struct emrtd_read_options options = {
		.size = sizeof(options),
		.mrz = mrz->n_passwords > 0 ? mrz->passwords : NULL,
		.can = secret_of(reader, EMRTD_PASSWORD_CAN),
		.pin = secret_of(reader, EMRTD_PASSWORD_PIN),
		.puk = secret_of(reader, EMRTD_PASSWORD_PUK),
		.access_policy = choices->access,
		.use_last_try = choices->last_try,
		.optical = mrz->present ? &mrz->source.doc : NULL,
		.trust = reader->trust,
		.at = verify_options_at(verify),
		.data_groups = choices->data_groups,
		.deadline_ms = 1000 * (choices->deadline_s != 0
					      ? choices->deadline_s
					      : DEADLINE_S),
		.progress = progress_show,
		.progress_self = &reader->progress,
		.doubts = mrz->source.doubts,
		.n_doubts = mrz->source.n_doubts,
		.challenge = verify->has_challenge ? verify->challenge : NULL,
		.policy = verify->policy,
		.reader_memory = &reader->memory,
		.reader_pace = choices->reader_pace,
		.reader_pace_typed = choices->reader_pace_typed,
	};

	if (mrz->n_passwords > 1) {
		options.mrz_more = mrz->passwords + 1;
		options.n_mrz_more = mrz->n_passwords - 1;
	}
	if (choices->common.verbose > 0) {
		options.observer.exchange = show_exchange;
		options.observer.self = reader;
		options.note = show_note;
		options.note_self = reader;
	}
	return options;
}

enum emrtd_error
document_read(struct document_reader *reader, const struct document_mrz *mrz,
    struct emrtd_result **out)
{
	struct emrtd_read_options options = options_of(reader, mrz);
	enum emrtd_error e;

	*out = NULL;
	e = emrtd_session_new(reader->ctx, &reader->transport, &options,
	    &reader->session);
	if (e == EMRTD_OK) {
		document_catch_signals();
		interruptible = reader->session;
		if (document_stopped())
			emrtd_cancel(reader->session);
		e = emrtd_session_read(reader->session, out);
		interruptible = NULL;
		progress_end(&reader->progress);
	}
	return e;
}

void
document_say_error(const struct document_reader *reader,
    const struct emrtd_result *result, enum emrtd_error error)
{
	if (result == NULL)
		tool_error(reader->choices->tool, "%s",
		    emrtd_error_text(error));
	else if (error != EMRTD_OK)
		outcome_say_error(reader->choices->tool,
		    emrtd_result_diag(result), error);
}

static enum exit_code
write_record(struct document_reader *reader, const struct emrtd_result *result,
    struct emrtd_record *record, struct private_text *page)
{
	const struct read_choices *choices = reader->choices;
	const struct tool *tool = choices->tool;
	enum exit_code code = record_write(tool, &choices->common,
	    choices->verify.json, result, record);

	reader->unwritten |= code != EXIT_GOOD;
	code = exit_code_worse(code,
	    record_write_tr03135(tool, &choices->common,
		choices->verify.tr03135, result, record));
	if (choices->report != NULL && !record_text(result, record, page)) {
		tool_error(tool, "out of memory");
		code = EXIT_INTERNAL;
	}
	return code;
}

enum exit_code
document_report(struct document_reader *reader, const struct document_mrz *mrz,
    const struct document_place *place, const struct emrtd_result *result,
    struct private_text *page)
{
	const struct read_choices *choices = reader->choices;
	struct emrtd_link_info link = { .size = sizeof(link) };
	char *paths[EMRTD_N_FILES] = { NULL }, *portrait = NULL;
	struct emrtd_record record = {
		.schema = "emrtd-read/1",
		.tool = choices->tool->name,
		.optical = emrtd_bytes((const uint8_t *)mrz->source.record,
		    mrz->source.record_len),
		.optical_document = mrz->source.document,
		.reader_uri = reader->uri,
		.embed_portrait = choices->verify.embed_portrait,
		.watch_outcome = place->outcome,
		.watch_number = place->number,
		.leave_mrz = place->leave_mrz,
	};
	enum exit_code code = EXIT_GOOD, verdict;

	if (reader->transport.ops != NULL &&
	    reader->transport.ops->info != NULL &&
	    reader->transport.ops->info(reader->transport.self, &link) ==
		EMRTD_OK)
		record.reader_name = link.name;
	if (reader->name_reader && place->number <= 1 &&
	    record.reader_name != NULL)
		tool_note(choices->tool, &choices->common, "reader: %s (%s)",
		    link.name, link.driver);
	if (place->out != NULL)
		code = outcome_write_files(choices->tool, result, place->out,
		    choices->common.force, paths, &portrait);
	record.paths = (const char *const *)paths;
	record.portrait_path = portrait;
	/* The chip has been read: whatever became of the files, say so. */
	code = exit_code_worse(code,
	    write_record(reader, result, &record, page));
	outcome_free_paths(paths, &portrait);
	verdict = outcome_exit_code(result, choices->verify.accept_data);
	return code == EXIT_GOOD ? verdict : code;
}
