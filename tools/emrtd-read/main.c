/* emrtd-read: open a document's chip, read it, decide its authenticity. */
#include "document_read.h"
#include "io.h"
#include "list_readers.h"
#include "outcome.h"
#include "record_io.h"
#include "report_file.h"
#include "watch_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPTION_READER = OPTION_FIRST_OWN,
	OPTION_CAN,
	OPTION_PIN,
	OPTION_PUK,
	OPTION_LAST_TRY,
	OPTION_READER_PACE,
	OPTION_ACCESS,
	OPTION_FILES,
	OPTION_OUT,
	OPTION_DEADLINE,
	OPTION_REPORT,
	OPTION_REDACT,
	OPTION_LIST_READERS,
	OPTION_WATCH,
	OPTION_MRZ_SOURCE,
	OPTION_COUNT
};

static const struct option_row option_rows[] = {
	{ OPTION_READER, "reader", "URI",
	    "ccid:[BUS.DEVICE], pcsc:[NAME], tcp:HOST:PORT, sim:PROFILE or "
	    "replay:FILE; without it any: the first that holds a document" },
	VERIFY_OPTION_ROWS,
	{ OPTION_CAN, "can", "FILE",
	    "the six digits printed on the document; '-' asks on a terminal" },
	{ OPTION_PIN, "pin", "FILE",
	    "the holder's PIN, for a chip that takes neither; likewise" },
	{ OPTION_PUK, "puk", "FILE", "the holder's PUK; likewise" },
	{ OPTION_LAST_TRY, "last-try", NULL,
	    "show a PIN or PUK also when the chip says that one try is left" },
	{ OPTION_READER_PACE, "reader-pace", "PASSWORD",
	    "let the reader do PACE, if it can: with what is given (given), "
	    "or a can, pin or puk that is typed at its keys" },
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
	{ OPTION_LIST_READERS, "list-readers", NULL,
	    "say what readers are plugged in and what is wrong with them, "
	    "and read nothing" },
	{ OPTION_WATCH, "watch", NULL,
	    "read one document after the other: a line of JSON each" },
	{ OPTION_MRZ_SOURCE, "mrz-source", "SOURCE",
	    "with --watch, where their MRZs are from: a device (/dev/..., "
	    "serial:, elyctis: or keyboard:PATH), '-', or a command" },
	{ OPTION_COUNT, "count", "N", "with --watch, end after N documents" },
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
	{ "emrtd-read --watch --mrz-source /dev/ttyACM0 --trust csca/",
	    "a desk: swipe and lay down, one traveller after the other" },
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

#define DEADLINE_MAX_S 86400
#define COUNT_MAX      1000000000

/* "DG1,DG2"; EF.COM and EF.SOD are always read. */
static bool
parse_files(struct read_choices *choices, const char *list)
{
	char copy[256];
	char *rest = copy, *name;

	if (snprintf(copy, sizeof(copy), "%s", list) >= (int)sizeof(copy))
		return false;
	while ((name = strsep(&rest, ",")) != NULL) {
		enum emrtd_file file;

		if (!emrtd_file_by_name(name, &file) || file < EMRTD_DG1)
			return false;
		choices->data_groups |= 1u << (file - EMRTD_DG1 + 1);
	}
	return choices->data_groups != 0;
}

static bool
parse_access(struct read_choices *choices, const char *text)
{
	static const char *const names[] = {
		[EMRTD_PREFER_PACE] = "prefer-pace",
		[EMRTD_REQUIRE_PACE] = "require-pace",
		[EMRTD_ALLOW_BAC] = "allow-bac",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(text, names[i]) == 0) {
			choices->access = (enum emrtd_access_policy)i;
			return true;
		}
	}
	return false;
}

static bool
parse_reader_pace(struct read_choices *choices, const char *text)
{
	static const char *const names[] = {
		[EMRTD_PASSWORD_NONE] = "given",
		[EMRTD_PASSWORD_CAN] = "can",
		[EMRTD_PASSWORD_PIN] = "pin",
		[EMRTD_PASSWORD_PUK] = "puk",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (names[i] != NULL && strcmp(text, names[i]) == 0) {
			choices->reader_pace = true;
			choices->reader_pace_typed = (enum emrtd_password_kind)
			    i;
			return true;
		}
	}
	return false;
}

/* A number from 1 to max, and nothing else. */
static bool
parse_number(const char *text, unsigned long max, unsigned *out)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || v == 0 || v > max)
		return false;
	*out = (unsigned)v;
	return true;
}

static bool
take_option(void *self, int id, const char *argument)
{
	struct read_choices *choices = self;
	bool ours, ok = verify_option(&emrtd_read, &choices->verify, id,
		       argument, &ours);

	if (ours)
		return ok;
	switch (id) {
	case OPTION_READER:
		choices->reader = argument;
		return true;
	case OPTION_CAN:
		choices->secret[EMRTD_PASSWORD_CAN] = argument;
		return true;
	case OPTION_PIN:
		choices->secret[EMRTD_PASSWORD_PIN] = argument;
		return true;
	case OPTION_PUK:
		choices->secret[EMRTD_PASSWORD_PUK] = argument;
		return true;
	case OPTION_LAST_TRY:
		return choices->last_try = true;
	case OPTION_READER_PACE:
		if (parse_reader_pace(choices, argument))
			return true;
		tool_error(&emrtd_read,
		    "--reader-pace %s: not given, can, pin or puk", argument);
		return false;
	case OPTION_ACCESS:
		if (parse_access(choices, argument))
			return true;
		tool_error(&emrtd_read,
		    "--access %s: not require-pace, prefer-pace or allow-bac",
		    argument);
		return false;
	case OPTION_OUT:
		choices->out = argument;
		return true;
	case OPTION_REPORT:
		choices->report = argument;
		return true;
	case OPTION_REDACT:
		return choices->redact = true;
	case OPTION_LIST_READERS:
		return choices->list_readers = true;
	case OPTION_FILES:
		if (parse_files(choices, argument))
			return true;
		tool_error(&emrtd_read,
		    "--files %s: not a list like DG1,DG2,DG11", argument);
		return false;
	case OPTION_DEADLINE:
		if (parse_number(argument, DEADLINE_MAX_S,
			&choices->deadline_s))
			return true;
		tool_error(&emrtd_read,
		    "--deadline %s: not a number of seconds", argument);
		return false;
	case OPTION_WATCH:
		return choices->watch = true;
	case OPTION_MRZ_SOURCE:
		choices->mrz_source = argument;
		return true;
	case OPTION_COUNT:
		if (parse_number(argument, COUNT_MAX, &choices->count))
			return true;
		tool_error(&emrtd_read, "--count %s: not a number", argument);
		return false;
	default:
		return false;
	}
}

/* How many of the passwords come from standard input. */
static unsigned
n_from_stdin(const struct read_choices *choices)
{
	unsigned n = choices->verify.mrz != NULL &&
		     strcmp(choices->verify.mrz, "-") == 0;

	for (size_t i = 0; i <= EMRTD_PASSWORD_PUK; i++)
		n += choices->secret[i] != NULL &&
		     strcmp(choices->secret[i], "-") == 0;
	return n;
}

static enum exit_code
check_report(const struct read_choices *choices)
{
	bool to_stdout = choices->report != NULL &&
			 strcmp(choices->report, "-") == 0;

	if (choices->redact && choices->report == NULL) {
		tool_error(&emrtd_read, "--redact is for --report");
		return EXIT_USAGE;
	}
	if (to_stdout && choices->common.output == NULL) {
		tool_error(&emrtd_read,
		    "--report - wants -o FILE for what else is written");
		return EXIT_USAGE;
	}
	if (choices->report != NULL && choices->common.output != NULL &&
	    io_same_file(choices->report, choices->common.output)) {
		tool_error(&emrtd_read, "-o and --report name the same file");
		return EXIT_USAGE;
	}
	if (choices->report != NULL && choices->verify.tr03135 != NULL &&
	    io_same_file(choices->report, choices->verify.tr03135)) {
		tool_error(&emrtd_read,
		    "--tr03135 and --report name the same file");
		return EXIT_USAGE;
	}
	return choices->report == NULL
		   ? EXIT_GOOD
		   : report_file_check(&emrtd_read, choices->report,
			 choices->common.force);
}

/* What is about one document says nothing of those to come. */
static enum exit_code
check_watch(const struct read_choices *choices)
{
	const struct {
		bool given;
		const char *name;
	} single[] = {
		{ choices->verify.mrz != NULL, "--mrz (but --mrz-source)" },
		{ choices->verify.pick != 0, "--pick" },
		{ choices->verify.has_challenge, "--challenge" },
		{ choices->secret[EMRTD_PASSWORD_CAN] != NULL, "--can" },
		{ choices->secret[EMRTD_PASSWORD_PIN] != NULL, "--pin" },
		{ choices->secret[EMRTD_PASSWORD_PUK] != NULL, "--puk" },
		/* It opens any document, whose MRZ ever was swiped. */
		{ choices->reader_pace_typed != EMRTD_PASSWORD_NONE,
		    "--reader-pace can, pin or puk" },
		{ choices->report != NULL, "--report" },
		{ choices->verify.tr03135 != NULL, "--tr03135" },
		{ choices->common.output != NULL, "-o" },
	};

	if (!choices->watch) {
		if (choices->mrz_source == NULL && choices->count == 0)
			return EXIT_GOOD;
		tool_error(&emrtd_read, "--mrz-source and --count are for "
					"--watch");
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < sizeof(single) / sizeof(*single); i++) {
		if (!single[i].given)
			continue;
		tool_error(&emrtd_read,
		    "--watch reads many documents: without %s", single[i].name);
		return EXIT_USAGE;
	}
	if (choices->mrz_source != NULL)
		return EXIT_GOOD;
	tool_error(&emrtd_read, "--watch wants --mrz-source");
	return EXIT_USAGE;
}

/* What of the command line does not go together. */
static enum exit_code
check_choices(const struct read_choices *choices)
{
	enum exit_code code = check_watch(choices);

	if (code == EXIT_GOOD)
		code = check_report(choices);

	if (code == EXIT_GOOD)
		code = record_check_tr03135(&emrtd_read, &choices->common,
		    choices->verify.tr03135);
	if (code == EXIT_GOOD && n_from_stdin(choices) > 1) {
		tool_error(&emrtd_read,
		    "only one of --mrz, --can, --pin and --puk can be "
		    "standard input");
		code = EXIT_USAGE;
	}
	return code;
}

/* The page: made after keys and session are gone, since a decoder of pictures
 * is started for it. */
static enum exit_code
write_page(const struct read_choices *choices, const struct private_text *page,
    const struct emrtd_result *result)
{
	struct report_input input = {
		.record = emrtd_bytes((const uint8_t *)page->bytes, page->len),
		.dg2 = emrtd_result_file(result, EMRTD_DG2),
		.redact = choices->redact,
	};

	return report_file_write(&emrtd_read, choices->report,
	    choices->common.force, &input);
}

static enum exit_code
read_one(const struct read_choices *choices)
{
	struct document_reader reader = { 0 };
	struct document_mrz mrz;
	struct document_place place = { 0 };
	struct private_text page = { 0 };
	struct emrtd_result *result = NULL;
	enum exit_code code = document_mrz_read(choices, &mrz);
	enum emrtd_error e;

	if (code == EXIT_GOOD)
		code = document_reader_open(choices, &reader);
	if (code == EXIT_GOOD) {
		place.out = choices->out;
		e = document_read(&reader, &mrz, &result);
		document_say_error(&reader, result, e);
		code = result == NULL ? outcome_error_code(e)
				      : document_report(&reader, &mrz, &place,
					    result, &page);
	}
	document_reader_close(&reader);
	document_mrz_wipe(&mrz);
	if (page.len > 0)
		code = exit_code_worse(code,
		    write_page(choices, &page, result));
	private_text_free(&page);
	emrtd_result_free(&result);
	return code;
}

int
main(int argc, char **argv)
{
	struct read_choices choices = { .tool = &emrtd_read };
	enum exit_code code;
	int first = 0, done;

	done = tool_begin(&emrtd_read, argc, argv, take_option, &choices,
	    &choices.common, &first);
	if (done != TOOL_GO_ON)
		return done;
	if (first < argc) {
		tool_error(&emrtd_read, "%s: no operand is wanted",
		    argv[first]);
		return EXIT_USAGE;
	}
	if (choices.list_readers)
		return (int)list_readers(&emrtd_read, &choices.common,
		    choices.verify.json);
	code = check_choices(&choices);
	if (code != EXIT_GOOD)
		return (int)code;
	if (!choices.watch)
		return (int)read_one(&choices);
	choices.verify.json = true;
	return (int)watch_reader(&choices);
}
