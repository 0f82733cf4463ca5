#include "reader_run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/capability.h>

#define PRELOAD "libumockdev-preload.so.0"
#define GUARD   "USB_READER_PRELOADED"

/* A sanitizer wants to be loaded first; what glib keeps is not our leak. */
__attribute__((visibility("default"))) const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "verify_asan_link_order=0:detect_leaks=0";
}

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
reader_run_preload(char **argv)
{
	if (getenv(GUARD) != NULL) {
		/* The command may be a simulated reader again. */
		(void)unsetenv(GUARD);
		return;
	}
	if (setenv(GUARD, "1", 1) == 0 && setenv("LD_PRELOAD", PRELOAD, 1) == 0)
		(void)execv("/proc/self/exe", argv);
	perror(argv[0]);
	exit(EXIT_FAILURE);
}

static void
on_word(int number)
{
	(void)number;
	reader_script_tell();
}

static pid_t
start(bool no_permission, char **command)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	/* Root may open anything, unless it may not. */
	if (no_permission) {
		(void)prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0);
		(void)prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH, 0, 0, 0);
	}
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0)
		(void)execvp(command[0], command);
	perror(command[0]);
	_exit(127);
}

int
reader_run(struct reader_script *script,
    const struct reader_run_options *options, char **command)
{
	int64_t limit = now_ms() + (int64_t)options->limit_s * 1000;
	int fd, status, tick;
	const struct sigaction word = { .sa_handler = on_word };
	struct pollfd p = { .events = POLLIN };
	bool ended = false;
	pid_t pid;
	int n;

	(void)sigaction(SIGUSR1, &word, NULL);
	/* What has no waiting step is done before the command starts. */
	(void)reader_script_tick(script, now_ms());
	pid = start(options->no_permission, command);
	fd = (int)syscall(SYS_pidfd_open, pid, 0);
	p.fd = fd;
	do {
		int64_t now = now_ms();

		tick = reader_script_tick(script, now);
		if (tick < 0 || tick > limit - now)
			tick = (int)(limit - now);
		if (!ended && now >= limit) {
			(void)fprintf(stderr, "%s: ended after %u s\n",
			    command[0], options->limit_s);
			(void)kill(pid, SIGKILL);
			ended = true;
		}
		n = poll(&p, 1, tick < 0 ? -1 : tick);
	} while (n == 0 || (n < 0 && errno == EINTR));
	(void)waitpid(pid, &status, 0);
	(void)close(fd);
	if (ended)
		return READER_RUN_LIMIT;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
