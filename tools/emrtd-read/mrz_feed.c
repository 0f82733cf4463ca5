#include "mrz_feed.h"

#include "feed_lines.h"
#include "mrz_device.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RETRY_MS    1000  /* between tries to open a source anew */
#define END_MS      300   /* a command may take so long to end */
#define GRACE_MS    100   /* and what it started, after it */
#define TELL_MS     1000  /* between refusals that are told */
#define BACK_MS     30000 /* a keyboard that was wanted back stays so long */
#define DISCARD_MAX 64    /* reads at most, whoever goes on sending */
#define NAME        "--mrz-source"

enum kind {
	STANDARD_INPUT,
	COMMAND,
	DEVICE
};

struct mrz_feed {
	const struct read_choices *choices;
	const char *source;
	enum kind kind;
	int fd;      /* -1: there is none now */
	pid_t child; /* of a command, else 0 */
	struct mrz_device *device;
	int64_t retry_ms; /* when it may be opened anew */
	bool told;        /* that it is gone, since an MRZ came */
	int64_t tell_ms;  /* when a refusal may be told again */
	unsigned untold;  /* refusals since the last that was */
	bool over;
	struct feed_lines lines;
};

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static enum kind
kind_of(const char *source)
{
	static const char *const devices[] = { "/dev/",
		"serial:", "elyctis:", "keyboard:" };

	if (strcmp(source, "-") == 0)
		return STANDARD_INPUT;
	for (size_t i = 0; i < sizeof(devices) / sizeof(*devices); i++)
		if (strncmp(source, devices[i], strlen(devices[i])) == 0)
			return DEVICE;
	return COMMAND;
}

static void
tell_once(struct mrz_feed *feed, const char *what)
{
	if (!feed->told)
		tool_error(feed->choices->tool, NAME " %s: %s", feed->source,
		    what);
	feed->told = true;
}

/* Of what is wrong with the next MRZ; NULL: nobody, as something else was told
 * just now. Whoever sends rubbish without an end fills no log. */
static const struct tool *
teller(const struct mrz_feed *feed)
{
	return now_ms() >= feed->tell_ms ? feed->choices->tool : NULL;
}

static enum mrz_feed_event
refused(struct mrz_feed *feed, const struct tool *told)
{
	if (told == NULL) {
		feed->untold += feed->untold < UINT_MAX;
		return MRZ_FEED_REJECTED;
	}
	if (feed->untold > 0)
		tool_error(told, NAME ": %u more were refused before that",
		    feed->untold);
	feed->untold = 0;
	feed->tell_ms = now_ms() + TELL_MS;
	return MRZ_FEED_REJECTED;
}

/* The node of a device: without the kind before it and what is set behind. */
static bool
is_plugged_in(const char *source)
{
	char path[256];
	const char *node = strchr(source, '/');
	size_t len;

	if (node == NULL)
		return true; /* opening says what is wrong */
	len = strcspn(node, "@");
	if (len >= sizeof(path))
		return true;
	memcpy(path, node, len);
	path[len] = '\0';
	/* The node comes first, the right to open it a moment later. */
	return access(path, R_OK) == 0;
}

/* In a group of its own, so that all of a pipe can be ended. */
static void
run_command(const struct mrz_feed *feed, int out)
{
	sigset_t none;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGTERM, SIG_DFL);
	(void)signal(SIGPIPE, SIG_DFL);
	(void)setpgid(0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(out, STDOUT_FILENO) < 0)
		_exit(127);
	(void)execl("/bin/sh", "sh", "-c", feed->source, (char *)NULL);
	_exit(127);
}

static bool
start_command(struct mrz_feed *feed)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	feed->child = fork();
	if (feed->child == 0)
		run_command(feed, ends[1]);
	close(ends[1]);
	if (feed->child < 0) {
		feed->child = 0;
		close(ends[0]);
		return false;
	}
	(void)setpgid(feed->child, feed->child);
	(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
	feed->fd = ends[0];
	return true;
}

/*
 * Its exit status, -1 when it had to be killed. Whatever it started goes with
 * it: until it is waited for, nobody else can have the number of its group.
 */
static int
end_command(struct mrz_feed *feed)
{
	siginfo_t ended = { .si_pid = 0 };
	int status = 0;

	if (feed->child == 0)
		return 0;
	(void)kill(-feed->child, SIGTERM);
	for (int waited = 0; waited < END_MS && ended.si_pid == 0;
	     waited += 10) {
		(void)waitid(P_PID, (id_t)feed->child, &ended,
		    WEXITED | WNOHANG | WNOWAIT);
		if (ended.si_pid == 0)
			(void)poll(NULL, 0, 10);
	}
	if (ended.si_pid != 0 && ended.si_code != CLD_EXITED)
		(void)poll(NULL, 0, GRACE_MS);
	(void)kill(-feed->child, SIGKILL);
	(void)waitpid(feed->child, &status, 0);
	feed->child = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What is half there goes with it. */
static void
close_source(struct mrz_feed *feed)
{
	mrz_device_free(&feed->device);
	if (feed->kind == COMMAND && feed->fd >= 0)
		close(feed->fd);
	feed->fd = -1;
	(void)feed_lines_forget(&feed->lines);
	feed->lines.skipping = false;
}

/* One that another program has, or that is gone again, is waited for. */
static enum exit_code
open_device(struct mrz_feed *feed)
{
	struct mrz_device_trouble trouble;
	enum exit_code code = mrz_device_try(feed->source, &trouble,
	    &feed->device);

	if (code == EXIT_GOOD) {
		feed->fd = mrz_device_fd(feed->device);
		if (feed->told)
			tool_note(feed->choices->tool, &feed->choices->common,
			    NAME " %s: it is there again", feed->source);
		feed->told = false;
		return EXIT_GOOD;
	}
	tell_once(feed, trouble.text);
	return trouble.passing ? EXIT_GOOD : code;
}

static enum exit_code
open_source(struct mrz_feed *feed)
{
	enum exit_code code = EXIT_GOOD;

	feed->retry_ms = now_ms() + RETRY_MS;
	if (feed->kind == STANDARD_INPUT) {
		feed->fd = STDIN_FILENO;
	} else if (feed->kind == COMMAND) {
		if (!start_command(feed)) {
			tell_once(feed, strerror(errno));
			code = EXIT_ENVIRONMENT;
		}
	} else if (!is_plugged_in(feed->source)) {
		tell_once(feed, "not plugged in, or no permission: waiting");
	} else {
		code = open_device(feed);
	}
	return code;
}

enum exit_code
mrz_feed_open(const struct read_choices *choices, const char *source,
    struct mrz_feed **out)
{
	struct mrz_feed *feed = calloc(1, sizeof(*feed));
	enum exit_code code;

	*out = NULL;
	if (feed == NULL) {
		tool_error(choices->tool, "out of memory");
		return EXIT_INTERNAL;
	}
	feed->choices = choices;
	feed->source = source;
	feed->kind = kind_of(source);
	feed->fd = -1;
	code = open_source(feed);
	if (code == EXIT_GOOD)
		*out = feed;
	else
		mrz_feed_free(&feed);
	return code;
}

static enum mrz_feed_event
refuse(struct mrz_feed *feed, const char *why)
{
	const struct tool *told = teller(feed);

	tool_error(told, "this is no MRZ that opens a chip (%s): swipe again",
	    why);
	return refused(feed, told);
}

static enum mrz_feed_event
take_text(struct mrz_feed *feed, const char *text, size_t len,
    struct document_mrz *out)
{
	const struct read_choices *choices = feed->choices;
	int32_t today = (int32_t)(verify_options_at(&choices->verify) / 86400);
	const struct tool *told = teller(feed);

	if (mrz_source_parse(told, NAME, text, len, 0, today, &out->source) !=
	    EXIT_GOOD)
		return refused(feed, told);
	out->n_passwords = mrz_source_passwords(&out->source, out->passwords);
	if (out->n_passwords == 0) {
		document_mrz_wipe(out);
		return refuse(feed, "its check digits do not vouch for it");
	}
	out->present = true;
	feed->told = false;
	return MRZ_FEED_MRZ;
}

static enum mrz_feed_event
take_lines(struct mrz_feed *feed, struct document_mrz *out)
{
	size_t len = 0;
	enum mrz_feed_event event;
	enum feed_found found = feed_lines_next(&feed->lines, now_ms(), &len);

	if (found == FEED_NONE)
		return MRZ_FEED_NOTHING;
	if (found == FEED_NO_MRZ)
		return refuse(feed, "no lines of a zone");
	event = take_text(feed, feed->lines.bytes, len, out);
	feed_lines_drop(&feed->lines, len);
	return event;
}

static enum mrz_feed_event
take_device(struct mrz_feed *feed, struct document_mrz *out)
{
	struct mrz_swipe swipe = { .why = "" };
	enum mrz_feed_event event = MRZ_FEED_NOTHING;

	switch (mrz_device_take(feed->device, &swipe)) {
	case MRZ_DEVICE_NOTHING:
		break;
	case MRZ_DEVICE_DOCUMENT:
		event = take_text(feed, swipe.text, swipe.len, out);
		break;
	case MRZ_DEVICE_REJECTED:
		event = refuse(feed, swipe.why);
		break;
	case MRZ_DEVICE_LOST:
		if (mrz_device_given_back(feed->device)) {
			feed->retry_ms = now_ms() + BACK_MS;
			tell_once(feed, "given back, as Esc was typed three "
					"times; it is taken again in 30 s");
		} else {
			tell_once(feed, "gone: plug it in again");
		}
		close_source(feed);
		break;
	}
	explicit_bzero(&swipe, sizeof(swipe));
	return event;
}

/* The writer is gone. */
static enum mrz_feed_event
end_of_lines(struct mrz_feed *feed)
{
	int status;

	if (feed->kind == STANDARD_INPUT) {
		close_source(feed);
		feed->over = true;
		return MRZ_FEED_END;
	}
	status = end_command(feed);
	close_source(feed);
	if (status != 0)
		tell_once(feed, "the command failed; it is run again");
	return MRZ_FEED_NOTHING;
}

/* What the descriptor has, without waiting. False when nothing came. */
static bool
fill(struct mrz_feed *feed, enum mrz_feed_event *event)
{
	size_t cap;
	char *room = feed_lines_room(&feed->lines, &cap);
	ssize_t n = read(feed->fd, room, cap);

	if (n == 0 && feed_lines_end(&feed->lines))
		return true;
	if (n > 0)
		feed_lines_add(&feed->lines, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		*event = end_of_lines(feed);
	return n > 0;
}

static enum mrz_feed_event
receive(struct mrz_feed *feed, struct document_mrz *out)
{
	enum mrz_feed_event event = MRZ_FEED_NOTHING;

	if (feed->device != NULL)
		return take_device(feed, out);
	return fill(feed, &event) ? take_lines(feed, out) : event;
}

static int
shorter(int timeout_ms, int64_t other_ms)
{
	if (other_ms < 0)
		other_ms = 0;
	return other_ms < timeout_ms ? (int)other_ms : timeout_ms;
}

enum mrz_feed_event
mrz_feed_next(struct mrz_feed *feed, uint32_t timeout_ms,
    struct document_mrz *out)
{
	struct pollfd p = { .events = POLLIN };
	int wait_ms = (int)timeout_ms, device_ms;
	enum mrz_feed_event event;

	memset(out, 0, sizeof(*out));
	if (feed->over)
		return MRZ_FEED_END;
	event = feed->device != NULL ? MRZ_FEED_NOTHING : take_lines(feed, out);
	if (event != MRZ_FEED_NOTHING)
		return event;
	if (feed->fd < 0 && now_ms() >= feed->retry_ms)
		(void)open_source(feed);
	if (feed->fd < 0)
		wait_ms = shorter(wait_ms, feed->retry_ms - now_ms());
	device_ms = feed->device != NULL ? mrz_device_timeout_ms(feed->device)
					 : -1;
	if (device_ms >= 0)
		wait_ms = shorter(wait_ms, device_ms);
	p.fd = feed->fd;
	/* A device has more to say than what is on its line. */
	if (poll(&p, 1, wait_ms) > 0 || feed->device != NULL)
		event = receive(feed, out);
	return event;
}

static bool
discard_swipe(struct mrz_feed *feed)
{
	struct mrz_swipe swipe;
	enum mrz_device_event event = mrz_device_take(feed->device, &swipe);

	explicit_bzero(&swipe, sizeof(swipe));
	return event == MRZ_DEVICE_DOCUMENT || event == MRZ_DEVICE_REJECTED;
}

static bool
discard_bytes(struct mrz_feed *feed)
{
	struct pollfd p = { .fd = feed->fd, .events = POLLIN };
	enum mrz_feed_event event = MRZ_FEED_NOTHING;

	if (feed->fd < 0 || poll(&p, 1, 0) <= 0 || !fill(feed, &event))
		return false;
	(void)feed_lines_forget(&feed->lines);
	return true;
}

bool
mrz_feed_discard(struct mrz_feed *feed)
{
	bool more = true, any = feed_lines_forget(&feed->lines);

	for (unsigned i = 0; i < DISCARD_MAX && more; i++) {
		more = feed->device != NULL ? discard_swipe(feed)
					    : discard_bytes(feed);
		any = any || more;
	}
	return any;
}

void
mrz_feed_free(struct mrz_feed **feed)
{
	if (*feed == NULL)
		return;
	close_source(*feed);
	(void)end_command(*feed);
	explicit_bzero(*feed, sizeof(**feed));
	free(*feed);
	*feed = NULL;
}
