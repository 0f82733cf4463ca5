#include "batch.h"

#include "bar.h"
#include "batch_source.h"
#include "batch_worker.h"
#include "io.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A slow document holds up the lines of those after it, not their work. */
#define SLOTS_PER_JOB (2 * WORKER_AHEAD)
#define SLOTS_MAX     (BATCH_JOBS_MAX * SLOTS_PER_JOB)

#define BAR_INTERVAL_MS 100

/* A document between being named and being written. */
struct slot {
	enum slot_state {
		SLOT_WAITING,
		SLOT_GIVEN,
		SLOT_DONE
	} state;
	char *path;
	struct worker_reply reply;
};

/* Documents have numbers in their order; number n is in slot n % n_slots. */
struct batch {
	const struct verifier *verifier;
	const struct batch_options *options;
	struct batch_worker workers[BATCH_JOBS_MAX];
	struct batch_source source;
	struct slot slots[SLOTS_MAX];
	size_t n_slots;
	size_t first, end;  /* of the documents in slots */
	size_t next;        /* before it none is SLOT_WAITING */
	bool wait_for_list; /* the source has nothing before it is filled */
	bool no_more;
	struct io_output output;
	struct bar bar;
	int64_t bar_shown_ms;
	size_t n_by_code[EXIT_INTERNAL + 1];
	enum exit_code code;
};

static volatile sig_atomic_t interrupted;

/* The second one ends the program where it stands. */
static void
on_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

static void
catch_interrupts(void)
{
	struct sigaction action = { .sa_handler = on_interrupt,
		.sa_flags = (int)SA_RESETHAND };

	interrupted = 0;
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
}

static void
worsen(struct batch *b, enum exit_code code)
{
	b->code = exit_code_worse(b->code, code);
}

static struct slot *
slot_of(struct batch *b, size_t number)
{
	return &b->slots[number % b->n_slots];
}

static void
name_documents(struct batch *b)
{
	while (!b->no_more && !b->wait_for_list &&
	       b->end - b->first < b->n_slots) {
		struct slot *slot = slot_of(b, b->end);

		memset(slot, 0, sizeof(*slot));
		switch (batch_source_next(&b->source, &slot->path)) {
		case SOURCE_DOCUMENT:
			b->end++;
			break;
		case SOURCE_WAIT:
			b->wait_for_list = true;
			break;
		case SOURCE_ERROR:
			worsen(b, EXIT_ENVIRONMENT);
			b->no_more = true;
			break;
		case SOURCE_END:
			b->no_more = true;
			break;
		}
	}
}

static void
finish(struct batch *b, size_t number, const struct worker_reply *reply)
{
	struct slot *slot = slot_of(b, number);

	slot->reply = *reply;
	slot->state = SLOT_DONE;
}

/*
 * A worker has died: the document that it was at is to blame, and gets a record
 * that says so; the others that it was given go to the next one.
 */
static void
bury(struct batch *b, struct batch_worker *worker)
{
	const struct verifier *v = b->verifier;
	size_t n = worker->n_given;
	struct worker_reply reply;
	int status = 0;

	batch_worker_bury(worker, &status, &reply);
	for (size_t i = 1; i < n; i++) {
		slot_of(b, worker->given[i])->state = SLOT_WAITING;
		if (worker->given[i] < b->next)
			b->next = worker->given[i];
	}
	if (n == 0)
		return;
	bar_end(&b->bar);
	tool_error(v->tool,
	    "%s: the process that verified it died of signal %d",
	    slot_of(b, worker->given[0])->path,
	    WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	batch_worker_unread(v, slot_of(b, worker->given[0])->path,
	    EMRTD_E_INTERNAL, &reply);
	reply.code = EXIT_INTERNAL;
	finish(b, worker->given[0], &reply);
}

static bool
start(struct batch *b, struct batch_worker *worker)
{
	if (worker->pid != 0 || batch_worker_start(b->verifier, b->workers,
				    b->options->jobs, worker))
		return true;
	tool_error(b->verifier->tool, "starting a process: %s",
	    strerror(errno));
	worsen(b, EXIT_INTERNAL);
	return false;
}

/* The worker that has the least to do; NULL when all have enough. */
static struct batch_worker *
idlest(struct batch *b)
{
	struct batch_worker *best = NULL;

	for (size_t i = 0; i < b->options->jobs; i++) {
		struct batch_worker *w = &b->workers[i];

		if (w->n_given < WORKER_AHEAD &&
		    (best == NULL || w->n_given < best->n_given))
			best = w;
	}
	return best;
}

static bool
hand_out(struct batch *b)
{
	struct batch_worker *worker;

	while (b->next < b->end && (worker = idlest(b)) != NULL) {
		struct slot *slot = slot_of(b, b->next);

		if (slot->state != SLOT_WAITING) {
			b->next++;
			continue;
		}
		if (!start(b, worker))
			return false;
		slot->state = SLOT_GIVEN;
		if (!batch_worker_give(worker, b->next++, slot->path))
			bury(b, worker);
	}
	return true;
}

/*
 * As io_write_fd, but an interrupt ends the waiting for a reader, unless part of
 * the line is out.
 */
static bool
write_line(struct batch *b, const char *bytes, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = write(b->output.fd, bytes + done, len - done);

		if (n < 0 && errno == EINTR && (!interrupted || done > 0))
			continue;
		if (n < 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

static int64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
show_bar(struct batch *b)
{
	char text[64];
	int64_t now;

	if (!b->bar.active)
		return;
	now = now_ms();
	if (b->bar.drawn && now - b->bar_shown_ms < BAR_INTERVAL_MS)
		return;
	b->bar_shown_ms = now;
	snprintf(text, sizeof(text), "verifying, %zu documents so far",
	    b->first);
	if (b->source.endless)
		bar_show(&b->bar, text, 0, 0, "");
	else
		bar_show(&b->bar, "verifying", b->first, b->source.known,
		    "documents");
}

/* Record and messages of one document. False: no output any more. */
static bool
write_document(struct batch *b, struct slot *slot)
{
	const struct worker_reply *reply = &slot->reply;

	if (!write_line(b, reply->record, reply->record_len)) {
		if (interrupted)
			return false;
		bar_end(&b->bar);
		tool_error(b->verifier->tool, "%s: %s",
		    b->output.path != NULL ? b->output.path : "standard output",
		    strerror(errno));
		worsen(b, EXIT_ENVIRONMENT);
		return false;
	}
	if (reply->messages_len > 0) {
		bar_end(&b->bar);
		(void)fwrite(reply->messages, 1, reply->messages_len, stderr);
	}
	if ((unsigned)reply->code <= EXIT_INTERNAL)
		b->n_by_code[reply->code]++;
	worsen(b, fail_on_code(&b->options->fail_on, reply->code));
	return true;
}

static bool
write_done(struct batch *b)
{
	while (b->first < b->end && slot_of(b, b->first)->state == SLOT_DONE) {
		struct slot *slot = slot_of(b, b->first);

		if (!write_document(b, slot))
			return false;
		worker_reply_free(&slot->reply);
		free(slot->path);
		slot->path = NULL;
		b->first++;
	}
	show_bar(b);
	return true;
}

static void
take_reply(struct batch *b, struct batch_worker *worker)
{
	size_t number = worker->given[0];
	struct worker_reply reply;

	if (worker->n_given > 0 && batch_worker_take(worker, &reply))
		finish(b, number, &reply);
	else
		bury(b, worker);
}

/* Until a worker or the list has something to say. */
static bool
wait_and_take(struct batch *b)
{
	struct pollfd fds[BATCH_JOBS_MAX + 1];
	size_t jobs = b->options->jobs;

	for (size_t i = 0; i < jobs; i++)
		fds[i] = (struct pollfd){ .fd = b->workers[i].pid != 0
						    ? b->workers[i].fd
						    : -1,
			.events = POLLIN };
	fds[jobs] = (struct pollfd){ .fd = b->wait_for_list ? b->source.fd : -1,
		.events = POLLIN };
	if (poll(fds, jobs + 1, -1) < 0)
		return errno == EINTR;
	if (fds[jobs].revents != 0) {
		b->wait_for_list = false;
		if (!batch_source_fill(&b->source)) {
			worsen(b, EXIT_ENVIRONMENT);
			b->no_more = true;
		}
	}
	for (size_t i = 0; i < jobs; i++) {
		if (fds[i].revents != 0)
			take_reply(b, &b->workers[i]);
	}
	return true;
}

static void
run(struct batch *b)
{
	for (;;) {
		name_documents(b);
		if (interrupted || !hand_out(b) || !write_done(b))
			return;
		if (b->first == b->end && b->no_more)
			return;
		if (b->first < b->end &&
		    slot_of(b, b->first)->state == SLOT_DONE)
			continue; /* one was buried just now */
		if (!wait_and_take(b))
			return;
	}
}

/* "1000 documents: 998 good, 2 failed". */
static void
summarize(const struct batch *b)
{
	static const struct {
		enum exit_code code;
		const char *word;
	} rows[] = {
		{ EXIT_GOOD, "good" },
		{ EXIT_CHECK_FAILED, "failed" },
		{ EXIT_UNDETERMINED, "undetermined or unproven" },
		{ EXIT_MALFORMED, "malformed" },
		{ EXIT_ENVIRONMENT, "unreadable" },
		{ EXIT_INTERNAL, "errors of the program" },
	};
	char text[256] = "";
	size_t used = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = b->n_by_code[rows[i].code];

		if (n > 0 && used < sizeof(text))
			used += (size_t)snprintf(text + used,
			    sizeof(text) - used, "%s%zu %s",
			    used > 0 ? ", " : ": ", n, rows[i].word);
	}
	tool_note(b->verifier->tool, b->verifier->common, "%zu document%s%s",
	    b->first, b->first == 1 ? "" : "s", text);
}

static void
clean_up(struct batch *b)
{
	for (size_t i = 0; i < b->options->jobs; i++)
		batch_worker_kill(&b->workers[i]);
	for (size_t n = b->first; n < b->end; n++) {
		worker_reply_free(&slot_of(b, n)->reply);
		free(slot_of(b, n)->path);
	}
	batch_source_free(&b->source);
}

static enum exit_code
run_and_tell(struct batch *b)
{
	const struct tool *tool = b->verifier->tool;

	run(b);
	bar_end(&b->bar);
	clean_up(b);
	if (io_end(&b->output) != IO_OK) {
		tool_error(tool, "%s: %s", b->output.path, strerror(errno));
		worsen(b, EXIT_ENVIRONMENT);
	}
	if (interrupted) {
		tool_error(tool, "interrupted after %zu document%s", b->first,
		    b->first == 1 ? "" : "s");
		/* Those that are missing are not merely undetermined. */
		b->code = b->code == EXIT_UNDETERMINED
			      ? EXIT_LOST
			      : exit_code_worse(b->code, EXIT_LOST);
	} else if (b->first == 0 && b->code == EXIT_GOOD) {
		tool_error(tool, "no document was named");
		return EXIT_MALFORMED;
	}
	summarize(b);
	return b->code;
}

enum exit_code
batch_run(const struct verifier *verifier, const struct batch_options *options)
{
	const struct tool_common *common = verifier->common;
	struct batch *b = calloc(1, sizeof(*b));
	enum exit_code code = EXIT_ENVIRONMENT;
	enum io_result io;

	if (b == NULL) {
		tool_error(verifier->tool, "out of memory");
		return EXIT_INTERNAL;
	}
	b->verifier = verifier;
	b->options = options;
	b->n_slots = (size_t)options->jobs * SLOTS_PER_JOB;
	batch_source_init(&b->source, verifier->tool, common, options->list,
	    options->operands, options->n_operands);
	bar_init(&b->bar, common->quiet);
	io = io_begin(common->output, common->force, &b->output);
	if (io == IO_OK) {
		/* Lines on the same terminal show the progress themselves. */
		b->bar.active &= isatty(b->output.fd) == 0;
		catch_interrupts();
		code = run_and_tell(b);
	} else {
		tool_error(verifier->tool, "%s: %s", common->output,
		    io_text(io));
	}
	free(b);
	return code;
}
