/*
 * The PC/SC transport through the real pcscd and the driver vpcd, with a chip
 * of this program at the other end. Run beside a pcscd of its own (with-pcscd).
 */
#include "data.h"
#include "emrtd_test.h"
#include "transport/backends.h"
#include "transport/wake.h"

#include <emrtd/transport.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define VPCD_PORT  35963
#define SOCKET     "/run/pcscd/pcscd.comm"
#define SEEN_MS    10000 /* until pcscd has seen what we did */
#define POLL_MS    600   /* more than pcscd needs to look again */
#define N_EXCHANGE 100

enum mood {
	ANSWERS, /* SELECT and GET CHALLENGE, and 80 EE echoes */
	MUTE,    /* takes commands, never answers */
	LEAVES   /* is pulled away by the next command */
};

/* Of the running test; static, for a test that fails leaves them behind. */
static struct card {
	pthread_t thread;
	int fd;
	bool inserted;
	atomic_int mood, n_resets, leaving;
	pthread_mutex_t lock; /* of fd */
} card = { .lock = PTHREAD_MUTEX_INITIALIZER };

static struct emrtd_transport first, second;

static const uint8_t atr[] = { 0x3B, 0x88, 0x80, 0x01, 0x00, 0x00, 0x00, 0x00,
	0x77, 0x81, 0x81, 0x00, 0x7E };

static void
nap(long ms)
{
	const struct timespec pause = { .tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
}

static bool
receive(int fd, uint8_t *to, size_t n)
{
	int one = 1;

	while (n > 0) {
		ssize_t got;

		(void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &one,
		    sizeof(one));
		got = recv(fd, to, n, 0);
		if (got <= 0)
			return false;
		to += got;
		n -= (size_t)got;
	}
	return true;
}

static bool
answer(int fd, const uint8_t *bytes, size_t n)
{
	static uint8_t frame[2 + 65535];

	frame[0] = (uint8_t)(n >> 8);
	frame[1] = (uint8_t)n;
	memcpy(frame + 2, bytes, n);
	return send(fd, frame, n + 2, MSG_NOSIGNAL) == (ssize_t)(n + 2);
}

static bool
handle(int fd, uint8_t *command, size_t n)
{
	static const uint8_t challenge[] = { 1, 2, 3, 4, 5, 6, 7, 8, 0x90, 0 };

	if (n == 1 && command[0] == 2)
		atomic_fetch_add(&card.n_resets, 1);
	if (n == 1)
		return command[0] != 4 || answer(fd, atr, sizeof(atr));
	switch (atomic_load(&card.mood)) {
	case MUTE:
		return true;
	case LEAVES:
		atomic_store(&card.leaving, 1);
		return false;
	default:
		break;
	}
	if (command[1] == 0x84)
		return answer(fd, challenge, sizeof(challenge));
	if (command[0] == 0x80 && command[1] == 0xEE) {
		memcpy(command + n - 2, "\x90", 2); /* over Le */
		return answer(fd, command + 7, n - 7);
	}
	return answer(fd, (const uint8_t *)"\x90", 2);
}

static void
serve(int fd)
{
	static uint8_t command[65535];
	uint8_t head[2];
	size_t n;

	while (receive(fd, head, 2)) {
		n = (size_t)head[0] << 8 | head[1];
		if (!receive(fd, command, n) || !handle(fd, command, n))
			return;
	}
}

static int
dial(void)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(VPCD_PORT),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	while (connect(fd, (const struct sockaddr *)&to, sizeof(to)) != 0 &&
	       !atomic_load(&card.leaving))
		nap(50);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

/*
 * Lies there until it is taken away or leaves. vpcd throws out a card that
 * arrives while it still cleans up after the last one: it lies there anyway.
 */
static void *
card_main(void *arg)
{
	int fd;

	(void)arg;
	do {
		fd = dial();
		pthread_mutex_lock(&card.lock);
		card.fd = fd;
		pthread_mutex_unlock(&card.lock);
		if (!atomic_load(&card.leaving))
			serve(fd);
		pthread_mutex_lock(&card.lock);
		close(fd);
		card.fd = -1;
		pthread_mutex_unlock(&card.lock);
	} while (!atomic_load(&card.leaving));
	return NULL;
}

/* Lays the card on the reader. */
static void
insert(enum mood mood)
{
	atomic_store(&card.mood, mood);
	atomic_store(&card.n_resets, 0);
	atomic_store(&card.leaving, 0);
	card.fd = -1;
	assert_int_equal(pthread_create(&card.thread, NULL, card_main, NULL),
	    0);
	card.inserted = true;
}

/* Takes it away, if it has not left by itself. */
static void
take_away(void)
{
	if (!card.inserted)
		return;
	pthread_mutex_lock(&card.lock);
	atomic_store(&card.leaving, 1);
	if (card.fd >= 0)
		shutdown(card.fd, SHUT_RDWR);
	pthread_mutex_unlock(&card.lock);
	pthread_join(card.thread, NULL);
	card.inserted = false;
}

/*
 * After each test: nothing open, and pcscd has seen that the card is gone. It
 * looks every 400 ms, and takes a card that is changed faster, after a reset
 * that failed, for absent until it is lifted again.
 */
static int
tidy(void **state)
{
	struct emrtd_transport other;

	(void)state;
	emrtd_transport_close(&first);
	emrtd_transport_close(&second);
	take_away();
	assert_ok(emrtd_transport_open("pcsc:", NULL, &other));
	assert_ok(other.ops->wait(other.self, EMRTD_ABSENT, SEEN_MS));
	emrtd_transport_close(&other);
	nap(POLL_MS);
	return 0;
}

static void
open_link(const char *uri, struct emrtd_transport *link)
{
	struct emrtd_diag diag;

	emrtd_diag_init(&diag);
	assert_ok(emrtd_transport_open(uri, &diag, link));
}

static void
open_and_connect(struct emrtd_transport *link)
{
	struct emrtd_diag diag;

	open_link("pcsc:", link);
	assert_ok(link->ops->wait(link->self, EMRTD_PRESENT, SEEN_MS));
	emrtd_diag_init(&diag);
	assert_ok(link->ops->connect(link->self, &diag));
}

static enum emrtd_error
ask(struct emrtd_transport *link, const char *hex, uint8_t *buf, size_t *len,
    uint32_t timeout_ms)
{
	uint8_t command[64];
	struct emrtd_out out = emrtd_out(buf, *len);
	enum emrtd_error err;

	err = link->ops->transmit(link->self,
	    hex_bytes(hex, command, sizeof(command)), &out, timeout_ms);
	*len = out.len;
	return err;
}

static enum emrtd_error
get_challenge(struct emrtd_transport *link, uint32_t timeout_ms)
{
	uint8_t buf[64];
	size_t len = sizeof(buf);
	enum emrtd_error err;

	err = ask(link, "0084000008", buf, &len, timeout_ms);
	if (!err) {
		assert_int_equal(len, 10);
		assert_memory_equal(buf, "\1\2\3\4\5\6\7\10\x90", 10);
	}
	return err;
}

static void
exchanges(void **state)
{
	struct emrtd_link_info info = { .size = sizeof(info) };
	static uint8_t long_echo[60009], answer_buf[65535];
	struct emrtd_out out = emrtd_out(answer_buf, sizeof(answer_buf));
	size_t len = sizeof(answer_buf);
	int64_t start;

	(void)state;
	insert(ANSWERS);
	open_and_connect(&first);
	/* Whoever used the card before us left it in some state. */
	assert_int_equal(atomic_load(&card.n_resets), 1);
	assert_ok(first.ops->info(first.self, &info));
	assert_non_null(strstr(info.name, "Virtual PCD"));
	assert_int_equal(info.atr_len, sizeof(atr));
	assert_memory_equal(info.atr, atr, sizeof(atr));
	/* This driver does not say what it carries. */
	assert_false(info.extended);
	assert_int_equal(info.max_command, 0);
	assert_ok(
	    ask(&first, "00A4040C07A0000002471001", answer_buf, &len, 5000));
	assert_int_equal(len, 2);
	start = emrtd_wake_now_ms();
	for (int i = 0; i < N_EXCHANGE; i++)
		assert_ok(get_challenge(&first, 5000));
	print_message("%d APDUs in %lld ms\n", N_EXCHANGE,
	    (long long)(emrtd_wake_now_ms() - start));
	memcpy(long_echo, "\x80\xEE\0\0\0\xEA\x60", 7);
	memset(long_echo + 7, 0x5A, 60000);
	assert_ok(first.ops->transmit(first.self,
	    emrtd_bytes(long_echo, sizeof(long_echo)), &out, 5000));
	assert_int_equal(out.len, 60002);
	assert_memory_equal(answer_buf, long_echo + 7, 60000);
	/* An answer that does not fit is an error, and not cut short. */
	out = emrtd_out(answer_buf, 258);
	assert_error(first.ops->transmit(first.self,
			 emrtd_bytes(long_echo, sizeof(long_echo)), &out, 5000),
	    EMRTD_E_TOO_LONG);
	assert_ok(first.ops->reset(first.self));
	assert_ok(get_challenge(&first, 5000));
	emrtd_transport_close(&first);
	take_away();
}

static void
readers_by_name(void **state)
{
	struct emrtd_diag diag;

	(void)state;
	insert(ANSWERS);
	emrtd_diag_init(&diag);
	open_link("pcsc:virtual pcd 00 00", &first);
	assert_ok(first.ops->wait(first.self, EMRTD_PRESENT, SEEN_MS));
	assert_ok(first.ops->connect(first.self, &diag));
	assert_ok(get_challenge(&first, 5000));
	emrtd_transport_close(&first);
	/* The other slot is empty. */
	open_link("pcsc:Virtual PCD 00 01", &first);
	assert_error(first.ops->connect(first.self, &diag), EMRTD_E_NO_READER);
	assert_non_null(strstr(diag.detail, "Virtual PCD 00 01"));
	emrtd_transport_close(&first);
	open_link("pcsc:no such reader", &first);
	assert_error(first.ops->connect(first.self, &diag), EMRTD_E_NO_READER);
	assert_error(first.ops->wait(first.self, EMRTD_PRESENT, 100),
	    EMRTD_E_TIMEOUT);
	emrtd_transport_close(&first);
	take_away();
}

static void
card_pulled_in_the_middle(void **state)
{
	struct emrtd_diag diag;

	(void)state;
	insert(LEAVES);
	open_and_connect(&first);
	assert_error(get_challenge(&first, 5000), EMRTD_E_CARD_LOST);
	assert_error(get_challenge(&first, 5000), EMRTD_E_CARD_LOST);
	assert_ok(first.ops->wait(first.self, EMRTD_ABSENT, SEEN_MS));
	take_away();
	nap(POLL_MS);
	insert(ANSWERS);
	assert_ok(first.ops->wait(first.self, EMRTD_PRESENT, SEEN_MS));
	assert_ok(first.ops->connect(first.self, &diag));
	assert_ok(get_challenge(&first, 5000));
	emrtd_transport_close(&first);
	take_away();
}

/* PC/SC itself would wait for ever. */
static void
mute_card(void **state)
{
	struct emrtd_diag diag;
	int64_t start;

	(void)state;
	insert(MUTE);
	open_and_connect(&first);
	start = emrtd_wake_now_ms();
	assert_error(get_challenge(&first, 200), EMRTD_E_TIMEOUT);
	assert_true(emrtd_wake_now_ms() - start < 1000);
	assert_error(get_challenge(&first, 200), EMRTD_E_CARD_LOST);
	/* The transmit that was left behind ends with the card. */
	take_away();
	assert_ok(first.ops->wait(first.self, EMRTD_ABSENT, SEEN_MS));
	nap(POLL_MS);
	insert(ANSWERS);
	assert_ok(first.ops->wait(first.self, EMRTD_PRESENT, SEEN_MS));
	assert_ok(first.ops->connect(first.self, &diag));
	assert_ok(get_challenge(&first, 5000));
	emrtd_transport_close(&first);
	take_away();
}

struct canceller {
	struct emrtd_transport *link;
	int64_t at_ms;
};

static void *
cancel_soon(void *arg)
{
	struct canceller *c = arg;

	nap(100);
	c->at_ms = emrtd_wake_now_ms();
	c->link->ops->cancel(c->link->self);
	return NULL;
}

static void
cancel_while(struct emrtd_transport *link, bool transmitting)
{
	struct canceller c = { .link = link };
	enum emrtd_error err;
	pthread_t thread;
	int64_t now;

	assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &c), 0);
	err = transmitting ? get_challenge(link, 60000)
			   : link->ops->wait(link->self, EMRTD_ABSENT, 60000);
	now = emrtd_wake_now_ms();
	pthread_join(thread, NULL);
	assert_error(err, EMRTD_E_CANCELLED);
	assert_true(now - c.at_ms < 100);
}

static void
cancel_from_another_thread(void **state)
{
	int64_t start;

	(void)state;
	insert(MUTE);
	open_and_connect(&first);
	cancel_while(&first, false);
	assert_ok(first.ops->connect(first.self, NULL));
	cancel_while(&first, true);
	/* Closing does not wait for the card either. */
	start = emrtd_wake_now_ms();
	emrtd_transport_close(&first);
	assert_true(emrtd_wake_now_ms() - start < 5000);
	take_away();
}

static void
the_card_is_ours_alone(void **state)
{
	struct emrtd_diag diag;

	(void)state;
	insert(ANSWERS);
	open_and_connect(&first);
	open_link("pcsc:", &second);
	assert_error(second.ops->connect(second.self, &diag), EMRTD_E_BUSY);
	assert_ok(get_challenge(&first, 5000));
	emrtd_transport_close(&first);
	assert_ok(second.ops->connect(second.self, &diag));
	assert_ok(get_challenge(&second, 5000));
	emrtd_transport_close(&second);
	take_away();
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
nothing_leaks(void **state)
{
	unsigned fds, tasks;

	(void)state;
	insert(ANSWERS);
	open_and_connect(&first);
	emrtd_transport_close(&first);
	fds = count_entries("/proc/self/fd");
	tasks = count_entries("/proc/self/task");
	for (int i = 0; i < 20; i++) {
		open_and_connect(&first);
		assert_ok(get_challenge(&first, 5000));
		emrtd_transport_close(&first);
	}
	assert_int_equal(count_entries("/proc/self/fd"), fds);
	assert_int_equal(count_entries("/proc/self/task"), tasks);
	take_away();
}

/* Ends pcscd, as an update of the system does. */
static void
stop_pcscd(void)
{
	const char *pid = getenv("PCSCD_PID");

	if (pid == NULL)
		fail_msg("to be run by with-pcscd");
	assert_int_equal(kill((pid_t)strtol(pid, NULL, 10), SIGTERM), 0);
	for (int i = 0; i < 100 && access(SOCKET, F_OK) == 0; i++)
		nap(50);
	assert_int_not_equal(access(SOCKET, F_OK), 0);
}

/* It goes with the namespace, when the test is over. */
static void
start_pcscd(void)
{
	char pid[16];
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		(void)!freopen("/dev/null", "w", stdout);
		execlp("pcscd", "pcscd", "--foreground", "--config",
		    getenv("PCSCD_CONFIG"), (char *)NULL);
		_exit(127);
	}
	snprintf(pid, sizeof(pid), "%d", (int)child);
	assert_int_equal(setenv("PCSCD_PID", pid, 1), 0);
	for (int i = 0; i < 100 && access(SOCKET, F_OK) != 0; i++)
		nap(50);
}

struct seen {
	struct emrtd_reader_info readers[8];
	size_t n;
};

static void
see(void *self, const struct emrtd_reader_info *reader)
{
	struct seen *seen = self;

	assert_int_equal(reader->size, sizeof(*reader));
	assert_true(seen->n < N_ELEMENTS(seen->readers));
	seen->readers[seen->n++] = *reader;
}

static void
the_service_ends(void **state)
{
	struct emrtd_diag diag;
	struct seen seen = { .n = 0 };
	enum emrtd_error err;
	unsigned fds;

	(void)state;
	insert(ANSWERS);
	open_and_connect(&first);
	assert_ok(get_challenge(&first, 5000));
	fds = count_entries("/proc/self/fd");
	for (int i = 0; i < 2; i++) {
		stop_pcscd();
		err = get_challenge(&first, 5000);
		assert_true(
		    err == EMRTD_E_READER_LOST || err == EMRTD_E_CARD_LOST);
		/* Told once; then it is waited for. */
		assert_error(first.ops->wait(first.self, EMRTD_PRESENT, 200),
		    EMRTD_E_READER_LOST);
		assert_error(first.ops->wait(first.self, EMRTD_PRESENT, 200),
		    EMRTD_E_TIMEOUT);
		assert_ok(first.ops->wait(first.self, EMRTD_ABSENT, 200));
		emrtd_diag_init(&diag);
		assert_error(first.ops->connect(first.self, &diag),
		    EMRTD_E_READER_LOST);
		assert_non_null(strstr(diag.detail, "pcscd does not run"));
		seen.n = 0;
		assert_ok(emrtd_pcsc_list(see, &seen));
		assert_int_equal(seen.n, 1);
		assert_int_equal(seen.readers[0].trouble,
		    EMRTD_READER_NO_SERVICE);
		start_pcscd();
		assert_ok(first.ops->wait(first.self, EMRTD_PRESENT, SEEN_MS));
		assert_ok(first.ops->connect(first.self, &diag));
		assert_ok(get_challenge(&first, 5000));
	}
	/* The card has a socket of its own. */
	assert_int_equal(count_entries("/proc/self/fd"), fds);
	emrtd_transport_close(&first);
	take_away();
}

/* What is there, and that another program holds it. */
static void
list_of_readers(void **state)
{
	struct seen seen = { .n = 0 };

	(void)state;
	insert(ANSWERS);
	open_and_connect(&first);
	assert_ok(emrtd_pcsc_list(see, &seen));
	assert_int_equal(seen.n, 2);
	assert_string_equal(seen.readers[0].uri, "pcsc:Virtual PCD 00 00");
	assert_string_equal(seen.readers[0].driver, "pcsc");
	assert_int_equal(seen.readers[0].trouble, EMRTD_READER_BUSY);
	assert_true(seen.readers[0].has_presence);
	assert_int_equal(seen.readers[0].presence, EMRTD_PRESENT);
	/* By the document on it. */
	assert_true(seen.readers[0].contactless);
	assert_int_equal(seen.readers[1].presence, EMRTD_ABSENT);
	assert_int_equal(seen.readers[1].trouble, EMRTD_READER_CONTACTS);
	/* Nobody was disturbed. */
	assert_ok(get_challenge(&first, 5000));
	emrtd_transport_close(&first);
	seen.n = 0;
	assert_ok(emrtd_pcsc_list(see, &seen));
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.readers[0].trouble, EMRTD_READER_FINE);
	assert_int_equal(seen.readers[0].max_command, 0);
	take_away();
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, NULL, tidy)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(exchanges),
		TEST(readers_by_name),
		TEST(card_pulled_in_the_middle),
		TEST(mute_card),
		TEST(cancel_from_another_thread),
		TEST(the_card_is_ours_alone),
		TEST(nothing_leaks),
		TEST(list_of_readers),
		TEST(the_service_ends),
	};

	return cmocka_run_group_tests_name("vpcd", tests, NULL, NULL);
}
