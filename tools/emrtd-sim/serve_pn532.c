#include "serve_pn532.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "pn532_pty.h"

#define MS_A_SEC 1000
#define NS_A_MS  1000000

static uint64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * MS_A_SEC + (uint64_t)t.tv_nsec / NS_A_MS;
}

static int
watch_signals(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGUSR1);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* False: it shall end. */
static bool
take_signal(int signal_fd, struct pn532 *chip, bool *there)
{
	struct signalfd_siginfo info;

	if (read(signal_fd, &info, sizeof(info)) != (ssize_t)sizeof(info) ||
	    info.ssi_signo != SIGUSR1)
		return false;
	*there = !*there;
	pn532_lay(chip, *there, now_ms());
	return true;
}

static int
time_left(const struct pn532_line *line)
{
	uint64_t due = pn532_line_due_ms(line), now = now_ms();

	if (due == PN532_NEVER)
		return -1;
	if (due <= now)
		return 0;
	return due - now > INT_MAX ? INT_MAX : (int)(due - now);
}

static bool
play(struct pn532_line *line, int signal_fd)
{
	bool there = true;

	for (;;) {
		struct pollfd fds[2] = { { signal_fd, POLLIN, 0 },
			{ line->fd, pn532_line_events(line), 0 } };

		if (poll(fds, 2, time_left(line)) < 0) {
			if (errno == EINTR)
				continue;
			return false;
		}
		if (fds[0].revents != 0 &&
		    !take_signal(signal_fd, line->chip, &there))
			return true;
		if (!pn532_line_run(line, now_ms()))
			return false;
	}
}

static void
print_counts(const struct pn532 *chip)
{
	struct pn532_counts c = pn532_counts(chip);

	(void)fprintf(stderr,
	    "host: %llu bytes in, %llu out, %u commands, %u exchanges, "
	    "%u aborted, %u garbage\n"
	    "air: %u frames, %llu bytes to the card, %llu from it\n",
	    (unsigned long long)c.host_in, (unsigned long long)c.host_out,
	    c.commands, c.exchanges, c.aborted, c.garbage, c.frames,
	    (unsigned long long)c.air_out, (unsigned long long)c.air_in);
}

bool
serve_pn532(struct pn532 *chip, const struct pn532_place *place,
    const char **what)
{
	int signal_fd = watch_signals(), error;
	struct pn532_line line;
	bool ok = false;

	*what = "signals";
	if (signal_fd < 0)
		return false;
	*what = place->path;
	if (pn532_line_open(&line, chip, place->path, place->force)) {
		line.verbose = place->verbose;
		(void)printf("nfc:pn532_uart:%s\n", place->path);
		(void)fflush(stdout);
		ok = play(&line, signal_fd);
		error = errno;
		pn532_line_close(&line);
		if (place->verbose)
			print_counts(chip);
	} else {
		error = errno;
	}
	(void)close(signal_fd);
	errno = error;
	return ok;
}
