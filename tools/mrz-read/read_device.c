#include "read_device.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mrz_device.h"

#define MS_PER_S  1000
#define NS_PER_MS 1000000

/* More than what parsing and writing take (mrz.h says how much). */
#define STACK_USED (128u << 10)

static const int ending[] = { SIGINT, SIGTERM, SIGHUP };

static volatile sig_atomic_t is_over;

static void
on_signal(int number)
{
	(void)number;
	is_over = 1;
}

/* Signals come while we wait, and at no other time: no document is cut. */
static void
catch_signals(sigset_t *while_waiting)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t block;

	sigemptyset(&block);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++) {
		sigaddset(&block, ending[i]);
		sigaction(ending[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &block, while_waiting);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		sigdelset(while_waiting, ending[i]);
}

/* The functions that looked at a document have left it below us on the stack,
 * where it would stay for as long as nobody swipes the next. */
__attribute__((noinline)) static void
wipe_stack(void)
{
	char below[STACK_USED];

	explicit_bzero(below, sizeof(below));
}

/* False when the other end of the output is closed. */
static bool
wait_for(const struct mrz_device *device, int output, const sigset_t *mask)
{
	struct pollfd fds[] = { { mrz_device_fd(device), POLLIN, 0 },
		{ output, 0, 0 } };
	int ms = mrz_device_timeout_ms(device);
	struct timespec time = { ms / MS_PER_S,
		(long)(ms % MS_PER_S) * NS_PER_MS };

	return ppoll(fds, 2, ms < 0 ? NULL : &time, mask) <= 0 ||
	       (fds[1].revents & POLLERR) == 0;
}

/* With --layout: what stands behind an '@'. */
static char *
full_path(const struct device_reading *reading)
{
	size_t cap = strlen(reading->path) + 2 +
		     (reading->layout != NULL ? strlen(reading->layout) : 0);
	char *path = malloc(cap);

	if (path != NULL)
		snprintf(path, cap, "%s%s%s", reading->path,
		    reading->layout != NULL ? "@" : "",
		    reading->layout != NULL ? reading->layout : "");
	return path;
}

static enum exit_code
end_of(const struct device_reading *reading, unsigned long n)
{
	return reading->count == 0 && n > 0 ? EXIT_GOOD : EXIT_LOST;
}

static enum exit_code
read_all(const struct tool *tool, const struct device_reading *reading,
    struct mrz_device *device, const sigset_t *mask)
{
	enum exit_code code = EXIT_GOOD;
	struct mrz_swipe swipe;
	unsigned long n = 0;
	bool open = true;

	while (code == EXIT_GOOD && (reading->count == 0 || n < reading->count))
		switch (mrz_device_take(device, &swipe)) {
		case MRZ_DEVICE_DOCUMENT:
			n++;
			if (reading->common->verbose > 0)
				tool_note(tool, reading->common, "%s: %s, %s",
				    reading->path,
				    mrz_format_name(swipe.format), swipe.how);
			open = reading->take(reading->self, swipe.text,
			    swipe.len);
			explicit_bzero(&swipe, sizeof(swipe));
			if (!open)
				return EXIT_GOOD;
			break;
		case MRZ_DEVICE_REJECTED:
			tool_error(tool, "%s: not taken: %s; swipe it again",
			    reading->path, swipe.why);
			break;
		case MRZ_DEVICE_LOST:
			tool_error(tool, "%s: %s", reading->path, swipe.why);
			code = EXIT_LOST;
			break;
		default:
			if (is_over)
				return end_of(reading, n);
			wipe_stack();
			if (!wait_for(device, reading->output, mask))
				code = EXIT_LOST;
		}
	return code;
}

enum exit_code
read_device(const struct tool *tool, const struct device_reading *reading)
{
	char *path = full_path(reading);
	struct mrz_device *device = NULL;
	enum exit_code code;
	sigset_t mask;

	if (path == NULL) {
		tool_error(tool, "out of memory");
		return EXIT_INTERNAL;
	}
	catch_signals(&mask);
	code = mrz_device_open(tool, path, &device);
	if (code == EXIT_GOOD) {
		tool_note(tool, reading->common, "%s: waiting for documents",
		    path);
		code = read_all(tool, reading, device, &mask);
	}
	mrz_device_free(&device);
	free(path);
	return code;
}
