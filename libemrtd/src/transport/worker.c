#include "transport/worker.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

/*
 * How long a close waits for the thread to clean up, and for one that hangs in
 * a job that was left behind already.
 */
#define FAREWELL_MS 1000
#define HUNG_MS     50

/*
 * 'begin' and 'done' are eventfds: the thread sleeps on one, the caller polls
 * the other together with 'wake', which a signal handler may write. The fields
 * below the lock belong to it; the context belongs to whoever runs.
 */
struct emrtd_worker {
	struct emrtd_wake begin, done, wake;
	pthread_t thread;
	void *context;
	emrtd_job *release;

	pthread_mutex_t lock;
	emrtd_job *job; /* NULL when none runs */
	bool leaving;
};

static void
destroy(struct emrtd_worker *worker)
{
	worker->release(worker->context);
	emrtd_wake_close(&worker->begin);
	emrtd_wake_close(&worker->done);
	emrtd_wake_close(&worker->wake);
	pthread_mutex_destroy(&worker->lock);
	free(worker);
}

static void
sleep_until_signalled(const struct emrtd_wake *wake)
{
	struct pollfd fd = { .fd = wake->fd, .events = POLLIN };

	while (poll(&fd, 1, -1) < 0 && errno == EINTR)
		;
	emrtd_wake_clear(wake);
}

/* Runs what is there, until told to leave; the last one out cleans up. */
static void *
work(void *arg)
{
	struct emrtd_worker *worker = arg;
	emrtd_job *job;
	bool leaving;

	do {
		sleep_until_signalled(&worker->begin);
		pthread_mutex_lock(&worker->lock);
		job = worker->job;
		pthread_mutex_unlock(&worker->lock);
		if (job)
			job(worker->context);
		pthread_mutex_lock(&worker->lock);
		worker->job = NULL;
		leaving = worker->leaving;
		if (job && !leaving)
			emrtd_wake_signal(&worker->done);
		pthread_mutex_unlock(&worker->lock);
	} while (!leaving);
	destroy(worker);
	return NULL;
}

static int
start(struct emrtd_worker *worker)
{
	sigset_t all, old;
	int rc;

	/* The program's signals are the program's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(&worker->thread, NULL, work, worker);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return rc;
}

enum emrtd_error
emrtd_worker_new(void *context, emrtd_job *release, struct emrtd_worker **out)
{
	struct emrtd_worker *worker = calloc(1, sizeof(*worker));

	*out = NULL;
	if (!worker)
		return EMRTD_E_NO_MEMORY;
	worker->context = context;
	worker->release = release;
	worker->begin.fd = worker->done.fd = worker->wake.fd = -1;
	if (pthread_mutex_init(&worker->lock, NULL) != 0) {
		free(worker);
		return EMRTD_E_NO_MEMORY;
	}
	if (!emrtd_wake_open(&worker->begin) ||
	    !emrtd_wake_open(&worker->done) ||
	    !emrtd_wake_open(&worker->wake) || start(worker) != 0) {
		emrtd_wake_close(&worker->begin);
		emrtd_wake_close(&worker->done);
		emrtd_wake_close(&worker->wake);
		pthread_mutex_destroy(&worker->lock);
		free(worker);
		return EMRTD_E_NO_MEMORY;
	}
	*out = worker;
	return EMRTD_OK;
}

static bool
running(struct emrtd_worker *worker)
{
	bool is;

	pthread_mutex_lock(&worker->lock);
	is = worker->job != NULL;
	pthread_mutex_unlock(&worker->lock);
	return is;
}

enum emrtd_error
emrtd_worker_settle(struct emrtd_worker *worker, int64_t timeout_ms)
{
	int64_t until_ms = emrtd_wake_now_ms() + timeout_ms;
	enum emrtd_error err;

	while (running(worker)) {
		err = emrtd_wake_wait(&worker->wake, worker->done.fd, POLLIN,
		    until_ms);
		if (err)
			return err;
		emrtd_wake_clear(&worker->done);
	}
	return EMRTD_OK;
}

enum emrtd_error
emrtd_worker_run(struct emrtd_worker *worker, emrtd_job *job,
    int64_t timeout_ms)
{
	pthread_mutex_lock(&worker->lock);
	if (worker->job) {
		pthread_mutex_unlock(&worker->lock);
		return EMRTD_E_BUSY;
	}
	worker->job = job;
	pthread_mutex_unlock(&worker->lock);
	emrtd_wake_signal(&worker->begin);
	return emrtd_worker_settle(worker, timeout_ms);
}

void
emrtd_worker_cancel(const struct emrtd_worker *worker)
{
	emrtd_wake_signal(&worker->wake);
}

void
emrtd_worker_clear(const struct emrtd_worker *worker)
{
	emrtd_wake_clear(&worker->wake);
}

void
emrtd_worker_free(struct emrtd_worker **worker)
{
	struct emrtd_worker *gone = *worker;
	int64_t until_ms;
	struct timespec until;
	pthread_t thread;

	if (!gone)
		return;
	*worker = NULL;
	thread = gone->thread;
	pthread_mutex_lock(&gone->lock);
	gone->leaving = true;
	until_ms = emrtd_wake_now_ms() + (gone->job ? HUNG_MS : FAREWELL_MS);
	/* Inside the lock: after it the thread may free all of this. */
	emrtd_wake_signal(&gone->begin);
	pthread_mutex_unlock(&gone->lock);
	/* Since the system started: 32 bits hold 68 years of that. */
	until.tv_sec = (int)(until_ms / 1000);
	until.tv_nsec = (long)(until_ms % 1000 * 1000000);
	if (pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &until) != 0)
		pthread_detach(thread);
}
