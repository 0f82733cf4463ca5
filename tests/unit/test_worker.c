#include "emrtd_test.h"
#include "transport/worker.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

/* Jobs add up; 'held' is what a job waits for. */
struct work {
	int sum;
	pthread_mutex_t held;
	atomic_int released;
};

static void
nap(long ms)
{
	const struct timespec pause = { .tv_nsec = ms * 1000000 };

	nanosleep(&pause, NULL);
}

static void
job_add(void *context)
{
	struct work *w = context;

	w->sum++;
}

static void
job_block(void *context)
{
	struct work *w = context;

	pthread_mutex_lock(&w->held);
	w->sum += 100;
	pthread_mutex_unlock(&w->held);
}

static void
job_release(void *context)
{
	struct work *w = context;

	atomic_fetch_add(&w->released, 1);
}

static void
work_init(struct work *w)
{
	memset(w, 0, sizeof(*w));
	pthread_mutex_init(&w->held, NULL);
}

static void
runs_jobs_in_turn(void **state)
{
	struct emrtd_worker *worker;
	struct work w;

	(void)state;
	work_init(&w);
	assert_ok(emrtd_worker_new(&w, job_release, &worker));
	for (int i = 0; i < 1000; i++)
		assert_ok(emrtd_worker_run(worker, job_add, 5000));
	assert_int_equal(w.sum, 1000);
	emrtd_worker_free(&worker);
	assert_null(worker);
	assert_int_equal(atomic_load(&w.released), 1);
	emrtd_worker_free(&worker);
}

static void
a_job_left_behind_blocks_the_next(void **state)
{
	struct emrtd_worker *worker;
	struct work w;

	(void)state;
	work_init(&w);
	assert_ok(emrtd_worker_new(&w, job_release, &worker));
	pthread_mutex_lock(&w.held);
	assert_error(emrtd_worker_run(worker, job_block, 20), EMRTD_E_TIMEOUT);
	assert_error(emrtd_worker_run(worker, job_add, 20), EMRTD_E_BUSY);
	assert_error(emrtd_worker_settle(worker, 20), EMRTD_E_TIMEOUT);
	pthread_mutex_unlock(&w.held);
	assert_ok(emrtd_worker_settle(worker, 5000));
	assert_int_equal(w.sum, 100);
	assert_ok(emrtd_worker_run(worker, job_add, 5000));
	assert_int_equal(w.sum, 101);
	emrtd_worker_free(&worker);
}

/* The context outlives the handle until the job is done with it. */
static void
free_does_not_wait_for_ever(void **state)
{
	struct emrtd_worker *worker;
	int64_t before;
	struct work w;

	(void)state;
	work_init(&w);
	assert_ok(emrtd_worker_new(&w, job_release, &worker));
	pthread_mutex_lock(&w.held);
	assert_error(emrtd_worker_run(worker, job_block, 20), EMRTD_E_TIMEOUT);
	before = emrtd_wake_now_ms();
	emrtd_worker_free(&worker);
	assert_true(emrtd_wake_now_ms() - before < 500);
	assert_int_equal(atomic_load(&w.released), 0);
	pthread_mutex_unlock(&w.held);
	for (int i = 0; i < 500 && atomic_load(&w.released) == 0; i++)
		nap(10);
	assert_int_equal(atomic_load(&w.released), 1);
	assert_int_equal(w.sum, 100);
}

static struct emrtd_worker *signalled;

static void
on_alarm(int number)
{
	(void)number;
	emrtd_worker_cancel(signalled);
}

/* By a signal handler; and the worker's thread takes no signals. */
static void
cancel_from_a_signal_handler(void **state)
{
	const struct sigaction action = { .sa_handler = on_alarm };
	const struct timespec in_50_ms = { .tv_nsec = 50000000 };
	struct itimerspec alarm = { .it_value = in_50_ms };
	int64_t before, took;
	struct sigaction old;
	struct work w;
	timer_t timer;

	(void)state;
	work_init(&w);
	assert_ok(emrtd_worker_new(&w, job_release, &signalled));
	assert_int_equal(sigaction(SIGALRM, &action, &old), 0);
	assert_int_equal(timer_create(CLOCK_MONOTONIC, NULL, &timer), 0);
	pthread_mutex_lock(&w.held);
	before = emrtd_wake_now_ms();
	assert_int_equal(timer_settime(timer, 0, &alarm, NULL), 0);
	assert_error(emrtd_worker_run(signalled, job_block, 60000),
	    EMRTD_E_CANCELLED);
	took = emrtd_wake_now_ms() - before;
	assert_true(took >= 49 && took < 150);
	pthread_mutex_unlock(&w.held);
	assert_ok(emrtd_worker_settle(signalled, 5000));
	/* Sticky until it is cleared. */
	emrtd_worker_cancel(signalled);
	emrtd_worker_clear(signalled);
	assert_ok(emrtd_worker_run(signalled, job_add, 5000));
	timer_delete(timer);
	sigaction(SIGALRM, &old, NULL);
	emrtd_worker_free(&signalled);
}

static unsigned
count_entries(const char *path)
{
	DIR *dir = opendir(path);
	unsigned n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static void
leaves_no_descriptor_and_no_thread(void **state)
{
	unsigned fds = count_entries("/proc/self/fd");
	unsigned tasks = count_entries("/proc/self/task");
	struct emrtd_worker *worker;
	struct work w;

	(void)state;
	work_init(&w);
	for (int i = 0; i < 50; i++) {
		assert_ok(emrtd_worker_new(&w, job_release, &worker));
		assert_ok(emrtd_worker_run(worker, job_add, 5000));
		emrtd_worker_free(&worker);
	}
	assert_int_equal(count_entries("/proc/self/fd"), fds);
	assert_int_equal(count_entries("/proc/self/task"), tasks);
	assert_int_equal(atomic_load(&w.released), 50);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_jobs_in_turn),
		cmocka_unit_test(a_job_left_behind_blocks_the_next),
		cmocka_unit_test(free_does_not_wait_for_ever),
		cmocka_unit_test(cancel_from_a_signal_handler),
		cmocka_unit_test(leaves_no_descriptor_and_no_thread),
	};

	return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
