#include "picture_process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HELPER     "mrtd-decode"
#define PIPE_SIZE  (1 << 20)
#define NUMBER_CAP 24

/* What a shell and the dynamic linker end with that could not load a program. */
#define NOT_LOADED 127

__attribute__((format(printf, 3, 4))) static enum picture_error
refuse(enum picture_error error, char why[PICTURE_WHY_CAP], const char *format,
    ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(why, PICTURE_WHY_CAP, format, arguments);
	va_end(arguments);
	return error;
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * A program that may be started: nobody but root, this user and the owner of
 * the program that runs can have put it there. In a folder such as /tmp
 * somebody else could.
 */
static bool
is_trusted(const char *path, uid_t owner, bool *of_others)
{
	struct stat st;

	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) ||
	    access(path, X_OK) != 0)
		return false;
	*of_others = (st.st_mode & S_IWOTH) != 0 ||
		     (st.st_uid != 0 && st.st_uid != geteuid() &&
			 st.st_uid != owner);
	return !*of_others;
}

/* Beside the running program, where its installation put the helper, or where
 * this library's build would have put it. */
static bool
find_helper(char path[PATH_MAX], bool *of_others)
{
	static const char *const places[] = { "", MRTD_LIBEXEC_FROM_BIN "/" };
	char here[PATH_MAX];
	struct stat self = { 0 };
	ssize_t n = readlink("/proc/self/exe", here, sizeof(here) - 1);
	char *slash = NULL;

	if (n > 0) {
		here[n] = '\0';
		slash = strrchr(here, '/');
	}
	if (slash != NULL && stat("/proc/self/exe", &self) == 0) {
		slash[1] = '\0';
		for (size_t i = 0; i < sizeof(places) / sizeof(places[0]);
		     i++) {
			int len = snprintf(path, PATH_MAX, "%s%s" HELPER, here,
			    places[i]);

			if (len > 0 && len < PATH_MAX &&
			    is_trusted(path, self.st_uid, of_others))
				return true;
		}
	}
	snprintf(path, PATH_MAX, "%s", MRTD_LIBEXEC "/" HELPER);
	return is_trusted(path, 0, of_others);
}

/* Above standard error, where dup2 of a child does not overwrite it. */
static bool
lift(int *fd)
{
	int lifted;

	if (*fd > STDERR_FILENO)
		return true;
	lifted = fcntl(*fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (lifted < 0)
		return false;
	close(*fd);
	*fd = lifted;
	return true;
}

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* The input is a socket, since a write to one can spare us SIGPIPE. */
static bool
open_channels(int in[2], int out[2])
{
	in[0] = in[1] = out[0] = out[1] = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) != 0 ||
	    pipe2(out, O_CLOEXEC) != 0)
		return false;
	for (int i = 0; i < 2; i++) {
		if (!lift(&in[i]) || !lift(&out[i]))
			return false;
	}
	/* Fewer turns of the loop; without it all works as well. */
	(void)fcntl(out[0], F_SETPIPE_SZ, PIPE_SIZE);
	return fcntl(in[0], F_SETFL, O_NONBLOCK) == 0 &&
	       fcntl(out[0], F_SETFL, O_NONBLOCK) == 0;
}

/* Only what is set here: no environment, no files, no signal mask. */
static int
spawn(const char *path, int in, int out, const struct picture_limits *limits,
    pid_t *out_pid)
{
	char pixels[NUMBER_CAP], memory[NUMBER_CAP], seconds[NUMBER_CAP];
	char name[] = HELPER, opt_pixels[] = "--pixels",
	     opt_memory[] = "--memory", opt_seconds[] = "--seconds";
	char *const argv[] = { name, opt_pixels, pixels, opt_memory, memory,
		opt_seconds, seconds, NULL };
	char *const environment[] = { NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int error;

	snprintf(pixels, sizeof(pixels), "%llu",
	    (unsigned long long)limits->pixels);
	snprintf(memory, sizeof(memory), "%zu", limits->memory);
	snprintf(seconds, sizeof(seconds), "%u", limits->cpu_s);
	error = posix_spawn_file_actions_init(&files);
	if (error != 0)
		return error;
	error = posix_spawnattr_init(&attributes);
	if (error != 0) {
		posix_spawn_file_actions_destroy(&files);
		return error;
	}
	sigemptyset(&none);
	sigfillset(&all);
	if ((error = posix_spawnattr_setsigmask(&attributes, &none)) == 0 &&
	    (error = posix_spawnattr_setsigdefault(&attributes, &all)) == 0 &&
	    (error = posix_spawnattr_setflags(&attributes,
		 POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)) == 0 &&
	    (error = posix_spawn_file_actions_adddup2(&files, in,
		 STDIN_FILENO)) == 0 &&
	    (error = posix_spawn_file_actions_adddup2(&files, out,
		 STDOUT_FILENO)) == 0 &&
	    (error = posix_spawn_file_actions_addopen(&files, STDERR_FILENO,
		 "/dev/null", O_WRONLY, 0)) == 0 &&
	    (error = posix_spawn_file_actions_addclosefrom_np(&files,
		 STDERR_FILENO + 1)) == 0)
		error = posix_spawn(out_pid, path, &files, &attributes, argv,
		    environment);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	return error;
}

enum picture_error
picture_process_start(struct picture_process *process, const uint8_t *bytes,
    size_t len, const struct picture_limits *limits, char why[PICTURE_WHY_CAP])
{
	int in[2], out[2], error;
	bool of_others = false;
	char path[PATH_MAX];

	memset(process, 0, sizeof(*process));
	process->pid_fd = process->in = process->out = -1;
	process->deadline_ms = now_ms() + limits->wall_ms;
	if (limits->helper == NULL && !find_helper(path, &of_others))
		return refuse(PICTURE_NO_HELPER, why,
		    "the program " HELPER ", which decodes pictures, is %s",
		    of_others ? "not started: others can change it"
			      : "not installed");
	error = 0;
	if (!open_channels(in, out))
		error = errno;
	if (error == 0)
		error = spawn(limits->helper != NULL ? limits->helper : path,
		    in[1], out[1], limits, &process->pid);
	close_fd(&in[1]);
	close_fd(&out[1]);
	if (error != 0) {
		close_fd(&in[0]);
		close_fd(&out[0]);
		return refuse(PICTURE_NO_HELPER, why,
		    "the program " HELPER " cannot be started: %s",
		    strerror(error));
	}
	process->in = in[0];
	process->out = out[0];
	process->bytes = bytes;
	process->len = len;
	process->pid_fd = (int)syscall(SYS_pidfd_open, process->pid, 0);
	return PICTURE_OK;
}

static int
time_left(const struct picture_process *process)
{
	int64_t left = process->deadline_ms - now_ms();

	return left <= 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

/* What fits. A helper that no longer listens has its reasons: its answer
 * says them. */
static void
feed(struct picture_process *process)
{
	ssize_t n = send(process->in, process->bytes, process->len,
	    MSG_NOSIGNAL);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0) {
		process->bytes += n;
		process->len -= (size_t)n;
	}
	if (n < 0 || process->len == 0)
		close_fd(&process->in);
}

static void
reap(struct picture_process *process, int options)
{
	pid_t pid;

	if (process->reaped)
		return;
	do {
		pid = waitpid(process->pid, &process->status, options);
	} while (pid < 0 && errno == EINTR);
	process->status_known = pid == process->pid;
	process->reaped = pid != 0;
}

static enum picture_error
too_slow(char why[PICTURE_WHY_CAP])
{
	return refuse(PICTURE_TIMEOUT, why, "decoding takes too long");
}

/* Its output has ended: so does it, soon. Where a process cannot be waited
 * for with a deadline it is ended at once. */
static bool
wait_for_end(struct picture_process *process)
{
	struct pollfd poll_fd = { process->pid_fd, POLLIN, 0 };
	int n;

	close_fd(&process->in);
	do {
		n = process->pid_fd < 0 ? 1
					: poll(&poll_fd, 1, time_left(process));
	} while (n < 0 && errno == EINTR);
	if (n <= 0)
		return false;
	if (process->pid_fd < 0)
		kill(process->pid, SIGKILL);
	reap(process, 0);
	return true;
}

/* No answer, or half of one. */
static enum picture_error
tell_end(struct picture_process *process, char why[PICTURE_WHY_CAP])
{
	int status;

	if (!wait_for_end(process))
		return too_slow(why);
	status = process->status;
	if (!process->status_known)
		return refuse(PICTURE_CRASHED, why,
		    HELPER " ended without an answer");
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		return too_slow(why);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return refuse(PICTURE_CRASHED, why,
		    HELPER " tried what it may not, and was ended");
	if (WIFSIGNALED(status))
		return refuse(PICTURE_CRASHED, why,
		    HELPER " crashed (signal %d)", WTERMSIG(status));
	if (WEXITSTATUS(status) == NOT_LOADED)
		return refuse(PICTURE_NO_HELPER, why,
		    HELPER " cannot be loaded: a library of it is missing");
	return refuse(PICTURE_CRASHED, why,
	    HELPER " ended without an answer (status %d)", WEXITSTATUS(status));
}

/* Up to len bytes; 0 at the end of its output. Feeds meanwhile. */
static enum picture_error
read_some(struct picture_process *process, uint8_t *out, size_t len,
    size_t *out_n, char why[PICTURE_WHY_CAP])
{
	for (;;) {
		struct pollfd fds[2] = { { process->out, POLLIN, 0 },
			{ process->in, POLLOUT, 0 } };
		int left = time_left(process);
		int n = left == 0 ? 0 : poll(fds, 2, left);
		ssize_t got;

		if (n == 0)
			return too_slow(why);
		if (n < 0 && errno != EINTR)
			return refuse(PICTURE_CRASHED, why,
			    HELPER " cannot be heard: %s", strerror(errno));
		if (n < 0)
			continue;
		if (process->in >= 0 && fds[1].revents != 0)
			feed(process);
		if (fds[0].revents == 0)
			continue;
		got = read(process->out, out, len);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got < 0)
			return refuse(PICTURE_CRASHED, why,
			    HELPER " cannot be heard: %s", strerror(errno));
		*out_n = (size_t)got;
		return PICTURE_OK;
	}
}

enum picture_error
picture_process_read(struct picture_process *process, uint8_t *out, size_t len,
    char why[PICTURE_WHY_CAP])
{
	while (len > 0) {
		size_t n = 0;
		enum picture_error error = read_some(process, out, len, &n,
		    why);

		if (error != PICTURE_OK)
			return error;
		if (n == 0)
			return tell_end(process, why);
		out += n;
		len -= n;
	}
	return PICTURE_OK;
}

enum picture_error
picture_process_end(struct picture_process *process, char why[PICTURE_WHY_CAP])
{
	uint8_t more;
	size_t n = 0;
	enum picture_error error = read_some(process, &more, 1, &n, why);

	if (error != PICTURE_OK)
		return error;
	if (n > 0)
		return refuse(PICTURE_CRASHED, why,
		    HELPER " said more than it announced");
	if (process->pid_fd >= 0 && !wait_for_end(process))
		return too_slow(why);
	if (process->status_known &&
	    (!WIFEXITED(process->status) || WEXITSTATUS(process->status) != 0))
		return tell_end(process, why);
	return PICTURE_OK;
}

void
picture_process_stop(struct picture_process *process)
{
	close_fd(&process->in);
	close_fd(&process->out);
	if (!process->reaped)
		kill(process->pid, SIGKILL);
	reap(process, 0);
	close_fd(&process->pid_fd);
}
