/*
 * A process that verifies one document after the other for a batch. What kills
 * it, a document that somebody crafted perhaps, kills none of the others.
 */
#ifndef MRTD_TOOL_BATCH_WORKER_H
#define MRTD_TOOL_BATCH_WORKER_H

#include "document_verify.h"

#include <sys/types.h>

/* Paths that a worker is given ahead: it need not wait for the next. */
#define WORKER_AHEAD 16
/* A face of 4 MiB in base64, and the rest of a record. */
#define WORKER_RECORD_MAX (16u << 20)

/* Begin with zeros. */
struct batch_worker {
	pid_t pid;    /* 0: there is none */
	int fd;       /* paths to it, replies from it */
	int messages; /* file in memory that is its standard error */
	size_t given[WORKER_AHEAD];
	size_t n_given; /* numbers of documents, the oldest first */
};

/* What came of a document. The bytes are freed by worker_reply_free. */
struct worker_reply {
	enum exit_code code;
	char *record; /* a line; empty only when there was no memory for it */
	size_t record_len;
	char *messages; /* for standard error */
	size_t messages_len;
};

/*
 * The child closes the ends of 'others', or it would keep them alive. False:
 * errno says why.
 */
bool batch_worker_start(const struct verifier *verifier,
    const struct batch_worker *others, size_t n_others,
    struct batch_worker *worker);
/* False: the worker has died. */
bool batch_worker_give(struct batch_worker *worker, size_t number,
    const char *path);
/* The reply for given[0]. False: the worker has died over it. */
bool batch_worker_take(struct batch_worker *worker, struct worker_reply *reply);
/*
 * Buries one that died: what it said last, for given[0], and how it died in
 * 'status' of waitpid.
 */
void batch_worker_bury(struct batch_worker *worker, int *status,
    struct worker_reply *reply);
void batch_worker_kill(struct batch_worker *worker);

/* The record of a document that could not be read, into reply->record. */
void batch_worker_unread(const struct verifier *verifier, const char *path,
    enum emrtd_error error, struct worker_reply *reply);
void worker_reply_free(struct worker_reply *reply);

#endif
