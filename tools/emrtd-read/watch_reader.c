#include "watch_reader.h"

#include "mrz_feed.h"
#include "out_dir.h"
#include "outcome.h"
#include "watch.h"
#include "watch_outcome.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define FOLDERS_MAX 1000000000u
#define PATH_CAP    4096
#define STACK_USED  (256u << 10) /* parsing and reading go less deep */

struct watch_real {
	const struct read_choices *choices;
	struct document_reader reader;
	struct mrz_feed *feed;
	struct document_mrz mrz;
	unsigned folder; /* the last that was made below --out */
	enum exit_code code;
};

/*
 * What the functions that took an MRZ apart left behind on the stack: each
 * wipes its secrets, not every copy that the compiler made. To be called from
 * where they were called from.
 */
static __attribute__((noinline)) void
wipe_stack(void)
{
	uint8_t room[STACK_USED];

	explicit_bzero(room, sizeof(room));
}

static int64_t
now_ms(void *self)
{
	struct timespec t;

	(void)self;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
pause_ms(void *self, uint32_t ms)
{
	(void)self;
	(void)poll(NULL, 0, (int)ms);
}

static enum emrtd_error
presence(void *self, enum emrtd_presence want, uint32_t timeout_ms)
{
	struct watch_real *real = self;
	struct emrtd_transport *t = &real->reader.transport;

	if (t->ops == NULL)
		return EMRTD_E_NO_READER;
	return t->ops->wait(t->self, want, timeout_ms);
}

static enum emrtd_error
reopen(void *self)
{
	struct watch_real *real = self;

	return document_reader_plug(&real->reader, NULL);
}

static enum watch_feed
feed(void *self, uint32_t timeout_ms)
{
	struct watch_real *real = self;
	struct document_mrz mrz;
	enum watch_feed what = WATCH_FEED_NOTHING;

	switch (mrz_feed_next(real->feed, timeout_ms, &mrz)) {
	case MRZ_FEED_NOTHING:
		break;
	case MRZ_FEED_MRZ:
		document_mrz_wipe(&real->mrz);
		real->mrz = mrz;
		what = WATCH_FEED_MRZ;
		break;
	case MRZ_FEED_REJECTED:
		what = WATCH_FEED_REJECTED;
		break;
	case MRZ_FEED_END:
		what = WATCH_FEED_END;
		break;
	}
	/* Not document_mrz_wipe: what it points to has moved. */
	explicit_bzero(&mrz, sizeof(mrz));
	if (what == WATCH_FEED_MRZ || what == WATCH_FEED_REJECTED)
		wipe_stack();
	return what;
}

static bool
discard(void *self)
{
	struct watch_real *real = self;

	return mrz_feed_discard(real->feed);
}

static void
wipe(void *self)
{
	struct watch_real *real = self;

	document_mrz_wipe(&real->mrz);
	wipe_stack();
}

/* The next folder below --out that is not there yet. */
static const char *
make_folder(struct watch_real *real, char path[PATH_CAP])
{
	const struct read_choices *choices = real->choices;

	while (real->folder < FOLDERS_MAX) {
		real->folder++;
		if (snprintf(path, PATH_CAP, "%s/%u", choices->out,
			real->folder) >= PATH_CAP)
			errno = ENAMETOOLONG;
		else if (mkdir(path, 0700) == 0)
			return path;
		if (errno != EEXIST)
			break;
	}
	tool_error(choices->tool, "%s: %s", path, strerror(errno));
	real->code = exit_code_worse(real->code, EXIT_ENVIRONMENT);
	return NULL;
}

static void
write_line(struct watch_real *real, const struct emrtd_result *result,
    unsigned number, enum watch_outcome outcome)
{
	char path[PATH_CAP];
	struct private_text page = { 0 };
	struct document_place place = {
		.outcome = watch_outcome_name(outcome),
		.number = number,
		.leave_mrz = outcome == WATCH_MISMATCH,
	};

	if (real->choices->out != NULL &&
	    emrtd_result_file(result, EMRTD_EF_SOD).len > 0)
		place.out = make_folder(real, path);
	real->code = exit_code_worse(real->code,
	    document_report(&real->reader, &real->mrz, &place, result, &page));
	private_text_free(&page);
}

static enum watch_outcome
read_one(void *self, unsigned number)
{
	struct watch_real *real = self;
	struct emrtd_result *result = NULL;
	enum emrtd_error e = document_read(&real->reader, &real->mrz, &result);
	enum watch_outcome outcome = watch_outcome_of(&real->mrz, result, e);

	document_say_error(&real->reader, result, e);
	if (result != NULL)
		write_line(real, result, number, outcome);
	else
		real->code = exit_code_worse(real->code, outcome_error_code(e));
	document_reader_forget(&real->reader);
	emrtd_result_free(&result);
	return outcome;
}

/* A link on which nothing is: what its connect says is all that there is. */
static enum emrtd_error
gone_connect(void *self, struct emrtd_diag *diag)
{
	const enum emrtd_error *error = self;

	if (diag != NULL) {
		diag->error = *error;
		diag->what = "waiting for the MRZ";
	}
	return *error;
}

static enum emrtd_error
gone_transmit(void *self, struct emrtd_bytes command, struct emrtd_out *out,
    uint32_t timeout_ms)
{
	(void)self;
	(void)command;
	(void)out;
	(void)timeout_ms;
	return EMRTD_E_CARD_LOST;
}

static enum emrtd_error
gone_reset(void *self)
{
	(void)self;
	return EMRTD_E_CARD_LOST;
}

static void
gone_close(void *self)
{
	(void)self;
}

static const struct emrtd_transport_ops gone_ops = {
	.connect = gone_connect,
	.transmit = gone_transmit,
	.reset = gone_reset,
	.close = gone_close,
};

static void
unread(void *self, unsigned number, enum watch_outcome outcome,
    enum emrtd_error error)
{
	struct watch_real *real = self;
	const struct emrtd_transport kept = real->reader.transport;
	struct emrtd_result *result = NULL;
	enum emrtd_error e;

	document_mrz_wipe(&real->mrz);
	real->reader.transport.ops = &gone_ops;
	real->reader.transport.self = &error;
	e = document_read(&real->reader, &real->mrz, &result);
	document_reader_forget(&real->reader);
	real->reader.transport = kept;
	if (result != NULL)
		write_line(real, result, number, outcome);
	else
		document_say_error(&real->reader, NULL, e);
	emrtd_result_free(&result);
}

static void
say(void *self, enum watch_say what, enum emrtd_error error)
{
	static const char *const texts[WATCH_N_SAYS] = {
		[WATCH_SAY_NOTHING] = "",
		[WATCH_SAY_BEGIN] =
		    "lay the document flat on the reader, or swipe its MRZ",
		[WATCH_SAY_SWIPE] = "leave it there, and swipe the MRZ",
		[WATCH_SAY_LAY] = "now lay the document flat on the reader",
		[WATCH_SAY_LEAVE] = "reading: leave it there",
		[WATCH_SAY_REPLACED] = "another MRZ: the one before is "
				       "forgotten",
		[WATCH_SAY_LATE] = "no document came: the MRZ is forgotten; "
				   "begin again",
		[WATCH_SAY_EARLY] = "that MRZ came too early and is forgotten: "
				    "take the document away first",
		[WATCH_SAY_UNREAD] = "taken away without an MRZ: not read",
		[WATCH_SAY_TAKE] = "done: take it away",
		[WATCH_SAY_WRONG] = "the MRZ is not of this document: take it "
				    "away, and begin again with both",
		[WATCH_SAY_AGAIN] = "the document moved: take it away, and "
				    "begin again",
		[WATCH_SAY_FAILED] = "it could not be read: take it away",
		[WATCH_SAY_NO_READER] = "no reader: plug it in",
		[WATCH_SAY_READER_BACK] = "the reader is there again",
	};
	const struct watch_real *real = self;
	const struct tool *tool = real->choices->tool;

	if (error != EMRTD_OK)
		tool_error(tool, "%s (%s)", texts[what],
		    emrtd_error_text(error));
	else
		tool_note(tool, &real->choices->common, "%s", texts[what]);
}

/* Nor is a document read for a program that no longer takes its record. */
static bool
stopped(void *self)
{
	const struct watch_real *real = self;

	return document_stopped() || real->reader.unwritten;
}

static void
count_usable(void *self, const struct emrtd_reader_info *reader)
{
	unsigned *n = self;

	*n += reader->trouble == EMRTD_READER_FINE;
}

/* Any reader will do, and waiting for one looks like waiting for a document. */
static void
miss_reader(const struct watch_real *real)
{
	unsigned n = 0;

	if (!real->reader.name_reader ||
	    emrtd_reader_list(count_usable, &n) != EMRTD_OK || n > 0)
		return;
	tool_note(real->choices->tool, &real->choices->common,
	    "no reader that could be used (see --list-readers): plug one in");
}

static enum exit_code
check_watch(struct watch_real *real)
{
	const struct read_choices *choices = real->choices;
	const struct emrtd_transport *t = &real->reader.transport;
	enum exit_code code = EXIT_GOOD;
	struct out_dir dir;

	if (t->ops != NULL && t->ops->wait == NULL) {
		tool_error(choices->tool,
		    "%s cannot say whether a document is there, as --watch "
		    "wants it",
		    real->reader.uri);
		return EXIT_USAGE;
	}
	miss_reader(real);
	if (choices->out != NULL) {
		code = out_dir_open(choices->tool, choices->out,
		    choices->common.force, &dir);
		if (code == EXIT_GOOD)
			out_dir_close(&dir);
	}
	return code;
}

static void
run(struct watch_real *real)
{
	const struct watch_world world = { .self = real,
		.now_ms = now_ms,
		.pause = pause_ms,
		.presence = presence,
		.reopen = reopen,
		.feed = feed,
		.discard = discard,
		.wipe = wipe,
		.read = read_one,
		.unread = unread,
		.say = say,
		.stopped = stopped };

	if (watch_run(&world, real->choices->count) == 0 &&
	    real->code == EXIT_GOOD && !document_stopped()) {
		tool_error(real->choices->tool, "no document was read");
		real->code = EXIT_MALFORMED;
	}
	if (document_stopped())
		real->code = EXIT_LOST;
	else if (real->reader.unwritten)
		real->code = EXIT_ENVIRONMENT;
}

enum exit_code
watch_reader(const struct read_choices *choices)
{
	struct watch_real real = { .choices = choices };

	document_catch_signals();
	real.code = document_reader_open(choices, &real.reader);
	if (real.code == EXIT_GOOD)
		real.code = check_watch(&real);
	if (real.code == EXIT_GOOD)
		real.code = mrz_feed_open(choices, choices->mrz_source,
		    &real.feed);
	if (real.code == EXIT_GOOD)
		run(&real);
	mrz_feed_free(&real.feed);
	document_reader_close(&real.reader);
	wipe(&real);
	return real.code;
}
