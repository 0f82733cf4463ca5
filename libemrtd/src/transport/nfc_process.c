#include "transport/nfc_process.h"

#include "core/builder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define HELPER   "emrtd-nfc"
#define CHANNEL  3    /* its end of the socket */
#define OWING_MS 400  /* for an answer that nobody wanted any more */
#define GRACE_MS 1500 /* field off, line back to its speed */

extern char **environ;

void
emrtd_nfc_process_init(struct emrtd_nfc_process *process)
{
	memset(process, 0, sizeof(*process));
	process->pid_fd = -1;
	process->channel = -1;
}

bool
emrtd_nfc_process_runs(const struct emrtd_nfc_process *process)
{
	return process->channel >= 0;
}

/*
 * A program that may be started: nobody but root, this user and the owner of
 * the program that runs can have put it there.
 */
static bool
is_trusted(const char *path, uid_t owner)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       access(path, X_OK) == 0 && (st.st_mode & S_IWOTH) == 0 &&
	       (st.st_uid == 0 || st.st_uid == geteuid() || st.st_uid == owner);
}

static bool
find_helper(char path[PATH_MAX])
{
	static const char *const places[] = { "", EMRTD_LIBEXEC_FROM_BIN "/" };
	char here[PATH_MAX];
	struct stat self;
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
			    is_trusted(path, self.st_uid))
				return true;
		}
	}
	snprintf(path, PATH_MAX, "%s", EMRTD_LIBEXEC "/" HELPER);
	return is_trusted(path, 0);
}

/*
 * Its standard descriptors are open whatever ours are: libnfc takes a
 * descriptor 0 for a word of its own. Standard error stays, for a sanitizer.
 */
static int
add_files(posix_spawn_file_actions_t *files, int channel)
{
	int error = posix_spawn_file_actions_adddup2(files, channel, CHANNEL);

	if (error == 0)
		error = posix_spawn_file_actions_addopen(files, STDIN_FILENO,
		    "/dev/null", O_RDWR, 0);
	if (error == 0)
		error = posix_spawn_file_actions_addopen(files, STDOUT_FILENO,
		    "/dev/null", O_RDWR, 0);
	if (error == 0 && fcntl(STDERR_FILENO, F_GETFD) < 0)
		error = posix_spawn_file_actions_addopen(files, STDERR_FILENO,
		    "/dev/null", O_RDWR, 0);
	if (error == 0)
		error = posix_spawn_file_actions_addclosefrom_np(files,
		    CHANNEL + 1);
	return error;
}

/* A session of its own: Ctrl-C is for the program, which then closes us. */
static int
add_signals(posix_spawnattr_t *attributes)
{
	sigset_t none, all;
	int error;

	sigemptyset(&none);
	sigfillset(&all);
	error = posix_spawnattr_setsigmask(attributes, &none);
	if (error == 0)
		error = posix_spawnattr_setsigdefault(attributes, &all);
	if (error == 0)
		error = posix_spawnattr_setflags(attributes,
		    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
			POSIX_SPAWN_SETSID);
	return error;
}

static int
spawn(const char *path, int channel, pid_t *out_pid)
{
	char name[] = HELPER;
	char *const argv[] = { name, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	int error = posix_spawn_file_actions_init(&files);

	if (error != 0)
		return error;
	error = posix_spawnattr_init(&attributes);
	if (error != 0) {
		posix_spawn_file_actions_destroy(&files);
		return error;
	}
	error = add_files(&files, channel);
	if (error == 0)
		error = add_signals(&attributes);
	if (error == 0)
		error = posix_spawn(out_pid, path, &files, &attributes, argv,
		    environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	return error;
}

enum emrtd_error
emrtd_nfc_process_start(struct emrtd_nfc_process *process, const char *program,
    const char **why)
{
	char path[PATH_MAX];
	int ends[2], error;

	emrtd_nfc_process_stop(process);
	*why = "the program " HELPER " is not installed where it should be";
	if (program == NULL && !find_helper(path))
		return EMRTD_E_NO_READER;
	*why = "the program " HELPER " cannot be started";
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return EMRTD_E_NO_READER;
	/* Above what the child's own descriptors will be. */
	if (ends[1] <= CHANNEL) {
		int lifted = fcntl(ends[1], F_DUPFD_CLOEXEC, CHANNEL + 1);

		close(ends[1]);
		ends[1] = lifted;
	}
	error = ends[1] < 0 ? EMFILE
			    : spawn(program != NULL ? program : path, ends[1],
				  &process->pid);
	if (ends[1] >= 0)
		close(ends[1]);
	if (error != 0) {
		close(ends[0]);
		process->pid = 0;
		return EMRTD_E_NO_READER;
	}
	process->channel = ends[0];
	process->owing = false;
	process->pid_fd = (int)syscall(SYS_pidfd_open, process->pid, 0);
	return EMRTD_OK;
}

/* One message; READER_LOST when it is not the answer to the last request. */
static enum emrtd_error
receive(struct emrtd_nfc_process *process, struct emrtd_nfc_answer *answer)
{
	const struct emrtd_nfc_request last = {
		.kind = process->kind,
		.number = process->number,
	};
	ssize_t n;

	do {
		n = recv(process->channel, process->message,
		    sizeof(process->message), MSG_DONTWAIT);
	} while (n < 0 && errno == EINTR);
	if (n <= 0 || !emrtd_nfc_answer_to(&last,
			  emrtd_bytes(process->message, (size_t)n), answer))
		return EMRTD_E_READER_LOST;
	return EMRTD_OK;
}

/* Until then its answer is owing: one that was given up may still come. */
static enum emrtd_error
await(struct emrtd_nfc_process *process, const struct emrtd_wake *wake,
    int64_t until_ms, struct emrtd_nfc_answer *answer)
{
	enum emrtd_error err = emrtd_wake_wait(wake, process->channel, POLLIN,
	    until_ms);

	process->owing = err == EMRTD_E_TIMEOUT || err == EMRTD_E_CANCELLED;
	return err ? err : receive(process, answer);
}

/* One that does not answer soon what was given up has hung. */
static enum emrtd_error
settle(struct emrtd_nfc_process *process, const struct emrtd_wake *wake)
{
	struct emrtd_nfc_answer late;
	enum emrtd_error err;

	if (!process->owing)
		return EMRTD_OK;
	err = await(process, wake, emrtd_wake_now_ms() + OWING_MS, &late);
	return err == EMRTD_E_TIMEOUT ? EMRTD_E_READER_LOST : err;
}

static enum emrtd_error
send_request(struct emrtd_nfc_process *process,
    struct emrtd_nfc_request *request)
{
	struct emrtd_out out = emrtd_out(process->message,
	    EMRTD_NFC_MESSAGE_MAX);
	ssize_t n;

	request->number = ++process->number;
	process->kind = request->kind;
	emrtd_nfc_request_build(request, &out);
	if (out.bad)
		return EMRTD_E_TOO_LONG;
	do {
		n = send(process->channel, out.ptr, out.len,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
	} while (n < 0 && errno == EINTR);
	return n == (ssize_t)out.len ? EMRTD_OK : EMRTD_E_READER_LOST;
}

static void
kill_it(const struct emrtd_nfc_process *process)
{
	if (process->pid_fd < 0 || syscall(SYS_pidfd_send_signal,
				       process->pid_fd, SIGKILL, NULL, 0) != 0)
		kill(process->pid, SIGKILL);
}

/* Waits until it ended by itself. */
static bool
ends_within(const struct emrtd_nfc_process *process, int64_t grace_ms)
{
	struct pollfd fd = { process->pid_fd, POLLIN, 0 };
	int64_t until_ms = emrtd_wake_now_ms() + grace_ms, left;
	int n = 0;

	if (process->pid_fd < 0)
		return false;
	do {
		left = until_ms - emrtd_wake_now_ms();
		n = left > 0 ? poll(&fd, 1, (int)left) : 0;
	} while (n < 0 && errno == EINTR);
	return n > 0;
}

static void
end(struct emrtd_nfc_process *process, int64_t grace_ms)
{
	pid_t pid;

	if (process->channel < 0)
		return;
	/* The end of the channel tells it to close its reader. */
	close(process->channel);
	process->channel = -1;
	if (!ends_within(process, grace_ms))
		kill_it(process);
	do {
		pid = waitpid(process->pid, NULL, 0);
	} while (pid < 0 && errno == EINTR);
	if (process->pid_fd >= 0)
		close(process->pid_fd);
	process->pid_fd = -1;
	process->pid = 0;
	process->owing = false;
	/* Personal data went through it. */
	memset(process->message, 0, sizeof(process->message));
}

enum emrtd_error
emrtd_nfc_process_ask(struct emrtd_nfc_process *process,
    const struct emrtd_wake *wake, struct emrtd_nfc_request *request,
    int64_t until_ms, struct emrtd_nfc_answer *answer)
{
	enum emrtd_error err = EMRTD_E_READER_LOST;

	memset(answer, 0, sizeof(*answer));
	if (!emrtd_nfc_process_runs(process))
		return err;
	err = settle(process, wake);
	if (!err)
		err = send_request(process, request);
	if (!err)
		err = await(process, wake, until_ms, answer);
	if (err == EMRTD_E_READER_LOST) {
		memset(answer, 0, sizeof(*answer));
		end(process, 0); /* what hangs or lies gets no grace */
	}
	return err;
}

void
emrtd_nfc_process_stop(struct emrtd_nfc_process *process)
{
	end(process, GRACE_MS);
}
