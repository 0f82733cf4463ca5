/*
 * A helper that does whatever it should not: every call ends in an error of a
 * transport, in bounded time, and leaves neither process nor descriptor.
 */
#include "core/builder.h"
#include "emrtd_test.h"
#include "transport/nfc_link.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))
#define SOON_MS       300

static unsigned
open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned n = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

static void
assert_no_child(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static enum emrtd_error
ask_open(struct emrtd_nfc_process *process, const struct emrtd_wake *wake,
    const char *device, int64_t ms, struct emrtd_nfc_answer *answer)
{
	struct emrtd_nfc_request request = { .kind = EMRTD_NFC_OPEN };

	request.data = emrtd_bytes((const uint8_t *)device, strlen(device));
	return emrtd_nfc_process_ask(process, wake, &request,
	    emrtd_wake_now_ms() + ms, answer);
}

static void
start(struct emrtd_nfc_process *process)
{
	const char *why;

	emrtd_nfc_process_init(process);
	assert_ok(emrtd_nfc_process_start(process, MRTD_ODD_NFC_HELPER, &why));
}

/* What it says to OPEN, and what becomes of it. */
static void
answers(void **state)
{
	static const struct {
		const char *device;
		enum emrtd_error want;
		bool runs;
	} cases[] = {
		{ "good", EMRTD_OK, true },
		{ "inspect", EMRTD_OK, true },
		{ "die", EMRTD_E_READER_LOST, false },
		{ "crash", EMRTD_E_READER_LOST, false },
		{ "close", EMRTD_E_READER_LOST, false },
		{ "junk", EMRTD_E_READER_LOST, false },
		{ "nothing", EMRTD_E_READER_LOST, false },
		{ "long", EMRTD_E_READER_LOST, false },
		{ "wrong-number", EMRTD_E_READER_LOST, false },
		{ "wrong-kind", EMRTD_E_READER_LOST, false },
		{ "mute", EMRTD_E_TIMEOUT, true },
		{ "hang", EMRTD_E_TIMEOUT, true },
	};
	struct emrtd_nfc_process process;
	struct emrtd_nfc_answer answer;
	struct emrtd_wake wake;
	unsigned files;

	(void)state;
	assert_true(emrtd_wake_open(&wake));
	files = open_files();
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		start(&process);
		assert_error(ask_open(&process, &wake, cases[i].device,
				 cases[i].want == EMRTD_E_TIMEOUT ? SOON_MS
								  : 20000,
				 &answer),
		    cases[i].want);
		assert_int_equal(answer.status, EMRTD_NFC_OK);
		assert_int_equal(emrtd_nfc_process_runs(&process),
		    cases[i].runs);
		emrtd_nfc_process_stop(&process);
		emrtd_nfc_process_stop(&process);
		assert_no_child();
		assert_int_equal(open_files(), files);
	}
	emrtd_wake_close(&wake);
}

/* An answer that is too much is found at the next request. */
static void
twice(void **state)
{
	struct emrtd_nfc_process process;
	struct emrtd_nfc_answer answer;
	struct emrtd_wake wake;

	(void)state;
	assert_true(emrtd_wake_open(&wake));
	start(&process);
	assert_ok(ask_open(&process, &wake, "twice", 20000, &answer));
	assert_error(ask_open(&process, &wake, "twice", 20000, &answer),
	    EMRTD_E_READER_LOST);
	assert_false(emrtd_nfc_process_runs(&process));
	assert_no_child();
	assert_error(ask_open(&process, &wake, "good", 20000, &answer),
	    EMRTD_E_READER_LOST);
	emrtd_wake_close(&wake);
}

static void *
cancel_soon(void *wake)
{
	usleep(100000);
	emrtd_wake_signal(wake);
	return NULL;
}

/* A cancel frees the caller; a late answer is not taken for another's. */
static void
cancel(void **state)
{
	static const uint8_t bytes[] = { 0x32, 0x01, 0x00 };
	struct emrtd_nfc_request request = {
		.kind = EMRTD_NFC_COMMAND,
		.wait_ms = 1000,
		.data = { bytes, sizeof(bytes) },
	};
	struct emrtd_nfc_process process;
	struct emrtd_nfc_answer answer;
	struct emrtd_wake wake;
	pthread_t thread;

	(void)state;
	assert_true(emrtd_wake_open(&wake));
	start(&process);
	assert_ok(ask_open(&process, &wake, "slow", 20000, &answer));
	assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &wake), 0);
	assert_error(emrtd_nfc_process_ask(&process, &wake, &request,
			 emrtd_wake_now_ms() + 20000, &answer),
	    EMRTD_E_CANCELLED);
	pthread_join(thread, NULL);
	assert_true(process.owing);
	assert_ok(emrtd_nfc_process_ask(&process, &wake, &request,
	    emrtd_wake_now_ms() + 20000, &answer));
	assert_int_equal(answer.number, process.number);
	assert_int_equal(answer.data.len, 1);
	emrtd_nfc_process_stop(&process);

	/* What was given up and does not come is not waited for. */
	start(&process);
	assert_error(ask_open(&process, &wake, "mute", SOON_MS, &answer),
	    EMRTD_E_TIMEOUT);
	assert_error(ask_open(&process, &wake, "mute", 20000, &answer),
	    EMRTD_E_READER_LOST);
	assert_no_child();
	emrtd_wake_close(&wake);
}

/* One that stays after the end of the channel is ended. */
static void
stubborn(void **state)
{
	struct emrtd_nfc_process process;
	struct emrtd_nfc_answer answer;
	struct emrtd_wake wake;

	(void)state;
	assert_true(emrtd_wake_open(&wake));
	start(&process);
	assert_ok(ask_open(&process, &wake, "stubborn", 20000, &answer));
	emrtd_nfc_process_stop(&process);
	assert_no_child();
	emrtd_wake_close(&wake);
}

/* Whatever descriptors and signals the program has. */
static void
odd_parent(void **state)
{
	struct emrtd_nfc_process process;
	struct emrtd_nfc_answer answer;
	struct emrtd_wake wake;
	int saved = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 100);
	sigset_t all, old;

	(void)state;
	assert_true(saved >= 100);
	close(STDIN_FILENO);
	assert_int_equal(open("/dev/null", O_RDONLY), 0); /* not CLOEXEC */
	close(STDIN_FILENO);
	assert_true(emrtd_wake_open(&wake)); /* becomes 0 */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	start(&process);
	assert_ok(ask_open(&process, &wake, "inspect", 20000, &answer));
	assert_int_equal(answer.status, EMRTD_NFC_OK);
	emrtd_nfc_process_stop(&process);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, &old, NULL);
	assert_no_child();
	emrtd_wake_close(&wake);
	assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	close(saved);
}

static void
no_program(void **state)
{
	struct emrtd_nfc_process process;
	struct emrtd_nfc_answer answer;
	struct emrtd_wake wake;
	const char *why;

	(void)state;
	assert_true(emrtd_wake_open(&wake));
	emrtd_nfc_process_init(&process);
	assert_error(emrtd_nfc_process_start(&process, "/nonexistent", &why),
	    EMRTD_E_NO_READER);
	assert_string_equal(why, "the program emrtd-nfc cannot be started");
	assert_false(emrtd_nfc_process_runs(&process));
	/* One that is not ours ends without a word. */
	assert_ok(emrtd_nfc_process_start(&process, "/bin/true", &why));
	assert_error(ask_open(&process, &wake, "x", 20000, &answer),
	    EMRTD_E_READER_LOST);
	assert_no_child();
	emrtd_wake_close(&wake);
}

/* The link above it: opening. */
static void
link_opens(void **state)
{
	static const struct {
		const char *device;
		enum emrtd_error want;
		const char *why;
	} cases[] = {
		{ "good", EMRTD_OK, "" },
		{ "die", EMRTD_E_READER_LOST, "the program emrtd-nfc ended" },
		{ "busy", EMRTD_E_BUSY, "so?[31m it is?" },
		{ "permission", EMRTD_E_PERMISSION, "so?[31m it is?" },
		{ "none", EMRTD_E_NO_READER, "so?[31m it is?" },
		{ "other-version", EMRTD_E_NO_READER,
		    "the program emrtd-nfc is of another version" },
		{ "twice", EMRTD_E_READER_LOST, "" },
		{ "die-later", EMRTD_E_READER_LOST, "" },
		{ "broken", EMRTD_E_READER_LOST, "" },
		{ "gone", EMRTD_E_READER_LOST, "" },
		{ "refused", EMRTD_E_READER_LOST, "" },
	};
	struct emrtd_nfc_link link;
	struct emrtd_wake wake;

	(void)state;
	assert_true(emrtd_wake_open(&wake));
	emrtd_nfc_link_init(&link, &wake);
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		assert_error(emrtd_nfc_link_open(&link, cases[i].device,
				 MRTD_ODD_NFC_HELPER),
		    cases[i].want);
		assert_string_equal(link.why, cases[i].why);
		assert_int_equal(emrtd_nfc_link_is_open(&link),
		    cases[i].want == EMRTD_OK);
	}
	emrtd_nfc_link_close(&link);
	assert_no_child();
	emrtd_wake_close(&wake);
}

/* And looking for a chip: answers that no PN53x gives. */
static void
link_looks(void **state)
{
	static const struct {
		const char *device;
		enum emrtd_error want;
	} cases[] = {
		{ "good", EMRTD_OK }, { "silent", EMRTD_OK },
		{ "empty", EMRTD_E_READER_LOST },
		{ "short", EMRTD_E_READER_LOST },
		{ "full", EMRTD_OK }, /* it begins with: no chip */
	};
	struct emrtd_nfc_link link;
	struct emrtd_wake wake;
	bool found;

	(void)state;
	assert_true(emrtd_wake_open(&wake));
	emrtd_nfc_link_init(&link, &wake);
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		assert_ok(emrtd_nfc_link_open(&link, cases[i].device,
		    MRTD_ODD_NFC_HELPER));
		assert_error(emrtd_nfc_link_look(&link, &found), cases[i].want);
		assert_false(found);
		assert_false(link.field);
	}
	emrtd_nfc_link_close(&link);
	assert_no_child();
	emrtd_wake_close(&wake);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers),
		cmocka_unit_test(twice),
		cmocka_unit_test(cancel),
		cmocka_unit_test(stubborn),
		cmocka_unit_test(odd_parent),
		cmocka_unit_test(no_program),
		cmocka_unit_test(link_opens),
		cmocka_unit_test(link_looks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
