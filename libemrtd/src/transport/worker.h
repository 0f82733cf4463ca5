/*
 * worker.h - calls that block without a limit (PC/SC, libnfc), made in a
 * thread of their own, so that the caller can stop waiting.
 *
 * One job at a time works on one context. A job that nobody waits for any
 * more goes on by itself; until it is done, new jobs are refused with BUSY.
 * The context belongs to the worker and is given to 'release' when no job can
 * touch it any more, which may be after emrtd_worker_free.
 */
#ifndef TRANSPORT_WORKER_H
#define TRANSPORT_WORKER_H

#include "transport/wake.h"

struct emrtd_worker;

typedef void emrtd_job(void *context);

/* On failure the context stays with the caller. */
enum emrtd_error emrtd_worker_new(void *context, emrtd_job *release,
    struct emrtd_worker **out) EMRTD_MUST_USE;

/*
 * OK when the job has run to its end. EMRTD_E_TIMEOUT, EMRTD_E_CANCELLED: it
 * may still be running, the context must not be touched. EMRTD_E_BUSY: an
 * earlier one still runs.
 */
enum emrtd_error emrtd_worker_run(struct emrtd_worker *worker, emrtd_job *job,
    int64_t timeout_ms) EMRTD_MUST_USE;
/* Waits for the job that an earlier run left behind; OK when none runs. */
enum emrtd_error emrtd_worker_settle(struct emrtd_worker *worker,
    int64_t timeout_ms) EMRTD_MUST_USE;

/* Any thread, or a signal handler. */
void emrtd_worker_cancel(const struct emrtd_worker *worker);
/* Forgets a cancel that came while nothing ran. */
void emrtd_worker_clear(const struct emrtd_worker *worker);

/* Does not wait for a job that hangs. NULL inside is allowed. */
void emrtd_worker_free(struct emrtd_worker **worker);

#endif
