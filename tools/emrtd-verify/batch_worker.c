#include "batch_worker.h"

#include "outcome.h"
#include "record_io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* What is kept of the messages about one document. */
#define MESSAGES_MAX 65536

/* Before the bytes of a reply; both ends are the same program. */
struct head {
	uint32_t code, record_len, messages_len;
};

static bool
send_all(int fd, const void *bytes, size_t len)
{
	for (const char *at = bytes; len > 0;) {
		ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

/* False at the end, also in the middle. */
static bool
receive_all(int fd, void *bytes, size_t len)
{
	for (char *at = bytes; len > 0;) {
		ssize_t n = read(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static void
wipe_free(char **bytes, size_t *len)
{
	if (*bytes != NULL)
		explicit_bzero(*bytes, *len);
	free(*bytes);
	*bytes = NULL;
	*len = 0;
}

void
worker_reply_free(struct worker_reply *reply)
{
	wipe_free(&reply->record, &reply->record_len);
	wipe_free(&reply->messages, &reply->messages_len);
}

/*
 * What stands in the file, which is then empty. Of more than fits whole lines
 * are kept, and that there were more is said.
 */
static void
take_messages(int fd, struct worker_reply *reply)
{
	static const char more[] = "(more about this document is left out)\n";
	char buf[MESSAGES_MAX];
	ssize_t n = pread(fd, buf, sizeof(buf), 0);
	size_t len;

	if (n <= 0 || ftruncate(fd, 0) != 0)
		return;
	len = (size_t)n;
	if (len == sizeof(buf)) {
		const char *end;

		len -= sizeof(more) - 1;
		end = memrchr(buf, '\n', len);
		len = end != NULL ? (size_t)(end - buf) + 1 : 0;
		memcpy(buf + len, more, sizeof(more) - 1);
		len += sizeof(more) - 1;
	}
	reply->messages = malloc(len);
	if (reply->messages == NULL)
		return;
	memcpy(reply->messages, buf, len);
	reply->messages_len = len;
}

/* The record, moved into the reply. */
static bool
write_record(const struct verifier *v, const char *path,
    const struct emrtd_result *result, char *const *paths,
    const struct emrtd_diag *failure, struct worker_reply *reply)
{
	struct emrtd_record record = {
		.schema = "emrtd-verify/1",
		.tool = v->tool->name,
		.sources = &path,
		.n_sources = 1,
		.paths = (const char *const *)paths,
		.embed_portrait = v->options->embed_portrait,
		.failure = failure,
	};
	struct private_text text;
	bool ok = record_text(result, &record, &text);

	if (ok) {
		reply->record = text.bytes;
		reply->record_len = text.len;
		text.bytes = NULL; /* the reply wipes it */
	} else {
		tool_error(v->tool, "%s: out of memory", path);
	}
	private_text_free(&text);
	return ok;
}

void
batch_worker_unread(const struct verifier *v, const char *path,
    enum emrtd_error error, struct worker_reply *reply)
{
	struct emrtd_result *result = NULL;
	struct emrtd_diag diag;

	emrtd_diag_init(&diag);
	diag.error = error;
	diag.what = "reading the files of the document";
	if (document_unread(v, &result) != EXIT_GOOD ||
	    !write_record(v, path, result, NULL, &diag, reply))
		reply->code = EXIT_INTERNAL;
	emrtd_result_free(&result);
}

/* A folder that is none of a document is no wrong use of the command line. */
static enum emrtd_error
error_of(enum exit_code code)
{
	switch (code) {
	case EXIT_ENVIRONMENT:
		return EMRTD_E_IO;
	case EXIT_INTERNAL:
		return EMRTD_E_INTERNAL;
	default:
		return EMRTD_E_MALFORMED;
	}
}

static void
verify_path(const struct verifier *v, const char *path,
    struct worker_reply *reply)
{
	struct dump dump = { .n_files = 0 };
	struct emrtd_result *result = NULL;
	enum exit_code code = dump_add(v->tool, v->common, &dump, path);

	if (code == EXIT_GOOD)
		code = dump_check(v->tool, path, &dump);
	if (code == EXIT_GOOD)
		code = document_verify(v, &dump, &result);
	if (code == EXIT_USAGE)
		code = EXIT_MALFORMED;
	reply->code = code;
	if (code != EXIT_GOOD)
		batch_worker_unread(v, path, error_of(code), reply);
	else if (write_record(v, path, result, dump.paths, NULL, reply))
		reply->code = outcome_exit_code(result,
		    v->options->accept_data);
	else
		reply->code = EXIT_INTERNAL;
	emrtd_result_free(&result);
	dump_free(&dump);
}

static bool
send_reply(int fd, const struct worker_reply *reply)
{
	struct head head = { (uint32_t)reply->code, (uint32_t)reply->record_len,
		(uint32_t)reply->messages_len };

	return send_all(fd, &head, sizeof(head)) &&
	       send_all(fd, reply->record, reply->record_len) &&
	       send_all(fd, reply->messages, reply->messages_len);
}

/* Until there are no more paths. */
static void
work(const struct verifier *v, int fd)
{
	char path[PATH_MAX];
	uint32_t len;

	while (receive_all(fd, &len, sizeof(len)) && len < sizeof(path) &&
	       receive_all(fd, path, len)) {
		struct worker_reply reply = { .code = EXIT_GOOD };
		bool sent;

		path[len] = '\0';
		verify_path(v, path, &reply);
		take_messages(STDERR_FILENO, &reply);
		sent = send_reply(fd, &reply);
		worker_reply_free(&reply);
		if (!sent)
			break;
	}
}

/* In the child: nothing of the others, and no signal of the terminal. */
static void
settle(const struct batch_worker *others, size_t n_others, pid_t parent)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_INTERNAL);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGTERM, SIG_DFL);
	for (size_t i = 0; i < n_others; i++) {
		if (others[i].pid == 0)
			continue;
		close(others[i].fd);
		close(others[i].messages);
	}
}

bool
batch_worker_start(const struct verifier *v, const struct batch_worker *others,
    size_t n_others, struct batch_worker *worker)
{
	pid_t parent = getpid();
	int pair[2], messages, saved;

	messages = memfd_create("messages", MFD_CLOEXEC);
	if (messages < 0)
		return false;
	if (fcntl(messages, F_SETFL, O_APPEND) != 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		saved = errno;
		close(messages);
		errno = saved;
		return false;
	}
	worker->pid = fork();
	if (worker->pid == 0) {
		settle(others, n_others, parent);
		close(pair[0]);
		if (dup2(messages, STDERR_FILENO) < 0)
			_exit(EXIT_INTERNAL);
		work(v, pair[1]);
		_exit(EXIT_GOOD);
	}
	saved = errno;
	close(pair[1]);
	worker->fd = pair[0];
	worker->messages = messages;
	worker->n_given = 0;
	if (worker->pid > 0)
		return true;
	close(worker->fd);
	close(messages);
	worker->pid = 0;
	errno = saved;
	return false;
}

bool
batch_worker_give(struct batch_worker *worker, size_t number, const char *path)
{
	uint32_t len = (uint32_t)strlen(path);

	/* Counted first: if it dies now, the document is among what it had. */
	worker->given[worker->n_given++] = number;
	return send_all(worker->fd, &len, sizeof(len)) &&
	       send_all(worker->fd, path, len);
}

static bool
receive(int fd, char **bytes, size_t len)
{
	*bytes = malloc(len + 1);
	if (*bytes != NULL && receive_all(fd, *bytes, len))
		return true;
	free(*bytes);
	*bytes = NULL;
	return false;
}

bool
batch_worker_take(struct batch_worker *worker, struct worker_reply *reply)
{
	struct head head;

	memset(reply, 0, sizeof(*reply));
	if (!receive_all(worker->fd, &head, sizeof(head)) ||
	    head.record_len > WORKER_RECORD_MAX ||
	    head.messages_len > MESSAGES_MAX ||
	    !receive(worker->fd, &reply->record, head.record_len))
		return false;
	reply->record_len = head.record_len;
	if (!receive(worker->fd, &reply->messages, head.messages_len)) {
		worker_reply_free(reply);
		return false;
	}
	reply->messages_len = head.messages_len;
	reply->code = (enum exit_code)head.code;
	worker->n_given--;
	memmove(worker->given, worker->given + 1,
	    worker->n_given * sizeof(worker->given[0]));
	return true;
}

void
batch_worker_bury(struct batch_worker *worker, int *status,
    struct worker_reply *reply)
{
	memset(reply, 0, sizeof(*reply));
	reply->code = EXIT_INTERNAL;
	close(worker->fd);
	/* One that lives and writes nonsense is no better than a dead one. */
	(void)kill(worker->pid, SIGKILL);
	while (waitpid(worker->pid, status, 0) < 0 && errno == EINTR)
		;
	take_messages(worker->messages, reply);
	close(worker->messages);
	worker->pid = 0;
	worker->n_given = 0;
}

void
batch_worker_kill(struct batch_worker *worker)
{
	struct worker_reply reply;
	int status;

	if (worker->pid == 0)
		return;
	batch_worker_bury(worker, &status, &reply);
	worker_reply_free(&reply);
}
