#include "core/builder.h"
#include "data.h"
#include "emrtd_test.h"
#include "transport/wake.h"

#include <emrtd/transport.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/*
 * A chip that listens: answers power on with nothing and get ATR with an ATR,
 * then plays one of the behaviours below for each command.
 */
struct chip;
typedef void behaviour(struct chip *chip, struct emrtd_bytes command);

struct chip {
	behaviour *behave;
	int listener, fd;
	pthread_t thread;
	char uri[64];
	unsigned n_connections, n_resets;
	bool garbage_atr, leave_after_atr;
	bool over; /* leave this connection */
};

static const uint8_t atr[] = { 0x3B, 0x80, 0x80, 0x01, 0x01 };

static bool
receive(int fd, uint8_t *to, size_t n)
{
	while (n > 0) {
		ssize_t got = recv(fd, to, n, 0);

		if (got <= 0)
			return false;
		to += got;
		n -= (size_t)got;
	}
	return true;
}

static void
put_bytes(struct chip *chip, const void *bytes, size_t n)
{
	if (send(chip->fd, bytes, n, MSG_NOSIGNAL) < 0)
		chip->over = true;
}

static void
put_frame(struct chip *chip, const uint8_t *bytes, size_t n)
{
	uint8_t head[2] = { (uint8_t)(n >> 8), (uint8_t)n };

	put_bytes(chip, head, 2);
	put_bytes(chip, bytes, n);
}

static void
control(struct chip *chip, uint8_t code)
{
	uint8_t long_atr[200] = { 0x3B };

	if (code == 2)
		chip->n_resets++;
	if (code != 4)
		return;
	if (chip->garbage_atr)
		put_frame(chip, long_atr, sizeof(long_atr));
	else
		put_frame(chip, atr, sizeof(atr));
	chip->over = chip->leave_after_atr;
}

static void
serve(struct chip *chip)
{
	static uint8_t buf[65535];
	uint8_t head[2];
	size_t n;

	chip->over = false;
	while (!chip->over && receive(chip->fd, head, 2)) {
		n = (size_t)head[0] << 8 | head[1];
		if (!receive(chip->fd, buf, n))
			return;
		if (n == 1)
			control(chip, buf[0]);
		else
			chip->behave(chip, emrtd_bytes(buf, n));
	}
}

/* Until the listener is shut down. */
static void *
chip_main(void *arg)
{
	struct chip *chip = arg;

	while ((chip->fd = accept(chip->listener, NULL, NULL)) >= 0) {
		chip->n_connections++;
		serve(chip);
		close(chip->fd);
	}
	return NULL;
}

static void
chip_start(struct chip *chip, behaviour *behave, int family)
{
	struct sockaddr_in six = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in6 any = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr *address = (struct sockaddr *)&six;
	socklen_t len = sizeof(six);
	bool v6 = family == AF_INET6;

	memset(chip, 0, sizeof(*chip));
	chip->behave = behave;
	if (v6) {
		address = (struct sockaddr *)&any;
		len = sizeof(any);
	}
	chip->listener = socket(family, SOCK_STREAM, 0);
	assert_int_equal(bind(chip->listener, address, len), 0);
	assert_int_equal(listen(chip->listener, 4), 0);
	assert_int_equal(getsockname(chip->listener, address, &len), 0);
	snprintf(chip->uri, sizeof(chip->uri),
	    v6 ? "tcp:[::1]:%u" : "tcp:127.0.0.1:%u",
	    (unsigned)ntohs(v6 ? any.sin6_port : six.sin_port));
	assert_int_equal(pthread_create(&chip->thread, NULL, chip_main, chip),
	    0);
}

static void
chip_stop(struct chip *chip)
{
	shutdown(chip->listener, SHUT_RDWR);
	pthread_join(chip->thread, NULL);
	close(chip->listener);
}

static void
open_and_connect(const struct chip *chip, struct emrtd_transport *link)
{
	struct emrtd_diag diag;

	emrtd_diag_init(&diag);
	assert_ok(emrtd_transport_open(chip->uri, &diag, link));
	assert_ok(link->ops->connect(link->self, &diag));
}

static enum emrtd_error
send_read(struct emrtd_transport *link, struct emrtd_out *out,
    uint32_t timeout_ms)
{
	static const uint8_t read[] = { 0x00, 0xB0, 0x00, 0x00, 0x00 };

	return link->ops->transmit(link->self, emrtd_bytes(read, sizeof(read)),
	    out, timeout_ms);
}

/* Behaviours. */
static void
echo(struct chip *chip, struct emrtd_bytes command)
{
	put_frame(chip, command.ptr, command.len);
}

static void
in_single_bytes(struct chip *chip, struct emrtd_bytes command)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	uint8_t answer[] = { 0, 4, 0xAA, 0xBB, 0x90, 0x00 };

	(void)command;
	for (size_t i = 0; i < sizeof(answer); i++) {
		put_bytes(chip, answer + i, 1);
		nanosleep(&pause, NULL);
	}
}

static void
too_long(struct chip *chip, struct emrtd_bytes command)
{
	uint8_t answer[300] = { 0 };

	(void)command;
	put_frame(chip, answer, sizeof(answer));
}

static void
close_in_the_middle(struct chip *chip, struct emrtd_bytes command)
{
	(void)command;
	put_bytes(chip, "\0\4\xAA", 3);
	chip->over = true;
}

static void
close_at_once(struct chip *chip, struct emrtd_bytes command)
{
	(void)command;
	chip->over = true;
}

static void
say_nothing(struct chip *chip, struct emrtd_bytes command)
{
	(void)chip;
	(void)command;
}

static void
stop_in_the_middle(struct chip *chip, struct emrtd_bytes command)
{
	(void)command;
	put_bytes(chip, "\0\4\xAA", 3);
}

static void
speak_unasked(struct chip *chip, struct emrtd_bytes command)
{
	put_frame(chip, command.ptr, command.len);
	put_bytes(chip, "\0\1\0", 3);
}

static void
exchanges(int family)
{
	static uint8_t big[65535], answer[65535];
	struct emrtd_link_info info = { .size = sizeof(info) };
	struct emrtd_out out;
	struct emrtd_transport link;
	struct chip chip;

	chip_start(&chip, echo, family);
	open_and_connect(&chip, &link);
	assert_ok(link.ops->info(link.self, &info));
	assert_string_equal(info.name, chip.uri);
	assert_int_equal(info.atr_len, sizeof(atr));
	assert_memory_equal(info.atr, atr, sizeof(atr));
	assert_true(info.extended);
	for (size_t n = 4; n <= sizeof(big); n = n * 3 + 1) {
		memset(big, (int)n, n);
		out = emrtd_out(answer, sizeof(answer));
		assert_ok(link.ops->transmit(link.self, emrtd_bytes(big, n),
		    &out, 5000));
		assert_bytes(emrtd_out_bytes(&out), emrtd_bytes(big, n));
	}
	out = emrtd_out(answer, sizeof(answer));
	assert_ok(link.ops->transmit(link.self, emrtd_bytes(big, sizeof(big)),
	    &out, 5000));
	assert_int_equal(out.len, sizeof(big));
	/* One byte would be a control of vpcd, 65,536 have no length. */
	assert_error(link.ops->transmit(link.self, emrtd_bytes(big, 1), &out,
			 5000),
	    EMRTD_E_PROTOCOL);
	assert_error(link.ops->transmit(link.self, emrtd_bytes(big, 65536),
			 &out, 5000),
	    EMRTD_E_TOO_LONG);
	assert_ok(link.ops->reset(link.self));
	assert_int_equal(chip.n_resets, 1);
	emrtd_transport_close(&link);
	assert_null(link.ops);
	chip_stop(&chip);
}

static void
over_ipv4(void **state)
{
	(void)state;
	exchanges(AF_INET);
}

static bool
machine_has_ipv6(void)
{
	const struct sockaddr_in6 any = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	bool has = fd >= 0 &&
		   bind(fd, (const struct sockaddr *)&any, sizeof(any)) == 0;

	if (fd >= 0)
		close(fd);
	return has;
}

/* Where there is no IPv6, its addresses are names of no reader. */
static void
over_ipv6(void **state)
{
	struct emrtd_transport link;
	struct emrtd_diag diag;
	enum emrtd_error error;

	(void)state;
	if (machine_has_ipv6()) {
		exchanges(AF_INET6);
		return;
	}
	emrtd_diag_init(&diag);
	assert_ok(emrtd_transport_open("tcp:[::1]:9", &diag, &link));
	error = link.ops->connect(link.self, &diag);
	assert_int_equal(emrtd_error_class(error), EMRTD_CLASS_IO);
	emrtd_transport_close(&link);
}

/* One bad answer, then the link is down until the next connect. */
static void
bad_answers(void **state)
{
	static const struct {
		behaviour *behave;
		enum emrtd_error want;
	} cases[] = {
		{ too_long, EMRTD_E_TOO_LONG },
		{ close_in_the_middle, EMRTD_E_CARD_LOST },
		{ close_at_once, EMRTD_E_CARD_LOST },
		{ say_nothing, EMRTD_E_TIMEOUT },
		{ stop_in_the_middle, EMRTD_E_TIMEOUT },
	};
	struct emrtd_transport link;
	struct emrtd_diag diag;
	struct emrtd_out out;
	struct chip chip;
	uint8_t buf[258];

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		chip_start(&chip, cases[i].behave, AF_INET);
		open_and_connect(&chip, &link);
		out = emrtd_out(buf, sizeof(buf));
		assert_error(send_read(&link, &out, 100), cases[i].want);
		assert_int_equal(out.len, 0);
		/* A late answer must not serve the next command. */
		assert_error(send_read(&link, &out, 100), EMRTD_E_CARD_LOST);
		assert_error(link.ops->reset(link.self), EMRTD_E_CARD_LOST);
		assert_ok(link.ops->connect(link.self, &diag));
		emrtd_transport_close(&link);
		chip_stop(&chip);
		assert_int_equal(chip.n_connections, 2);
	}
}

static void
fragments_are_joined(void **state)
{
	struct emrtd_transport link;
	struct emrtd_out out;
	struct chip chip;
	uint8_t buf[4];

	(void)state;
	chip_start(&chip, in_single_bytes, AF_INET);
	open_and_connect(&chip, &link);
	for (int i = 0; i < 3; i++) {
		out = emrtd_out(buf, sizeof(buf));
		assert_ok(send_read(&link, &out, 5000));
		assert_int_equal(out.len, 4);
		assert_memory_equal(buf, "\xAA\xBB\x90\0", 4);
	}
	emrtd_transport_close(&link);
	chip_stop(&chip);
}

static void
bad_atr(void **state)
{
	struct emrtd_transport link;
	struct emrtd_diag diag;
	struct chip chip;

	(void)state;
	chip_start(&chip, echo, AF_INET);
	chip.garbage_atr = true;
	emrtd_diag_init(&diag);
	assert_ok(emrtd_transport_open(chip.uri, &diag, &link));
	assert_error(link.ops->connect(link.self, &diag), EMRTD_E_PROTOCOL);
	assert_non_null(strstr(diag.detail, chip.uri));
	emrtd_transport_close(&link);
	chip_stop(&chip);
}

static void
nobody_listens(void **state)
{
	struct emrtd_transport link;
	struct emrtd_diag diag;
	struct chip chip;

	(void)state;
	chip_start(&chip, echo, AF_INET);
	chip_stop(&chip); /* a port that is free now */
	emrtd_diag_init(&diag);
	assert_ok(emrtd_transport_open(chip.uri, &diag, &link));
	assert_error(link.ops->connect(link.self, &diag), EMRTD_E_NO_READER);
	assert_non_null(strstr(diag.detail, "refused"));
	assert_error(link.ops->wait(link.self, EMRTD_PRESENT, 50),
	    EMRTD_E_TIMEOUT);
	emrtd_transport_close(&link);
}

static void
presence(void **state)
{
	struct emrtd_transport link;
	struct emrtd_diag diag;
	struct emrtd_out out;
	struct chip chip;
	uint8_t buf[16];

	(void)state;
	chip_start(&chip, speak_unasked, AF_INET);
	emrtd_diag_init(&diag);
	assert_ok(emrtd_transport_open(chip.uri, &diag, &link));
	assert_ok(link.ops->wait(link.self, EMRTD_ABSENT, 50));
	assert_ok(link.ops->wait(link.self, EMRTD_PRESENT, 5000));
	assert_ok(link.ops->connect(link.self, &diag));
	assert_int_equal(chip.n_connections, 1);
	assert_error(link.ops->wait(link.self, EMRTD_ABSENT, 50),
	    EMRTD_E_TIMEOUT);
	out = emrtd_out(buf, sizeof(buf));
	assert_ok(send_read(&link, &out, 5000));
	assert_error(link.ops->wait(link.self, EMRTD_ABSENT, 5000),
	    EMRTD_E_PROTOCOL);
	emrtd_transport_close(&link);
	chip_stop(&chip);

	chip_start(&chip, echo, AF_INET);
	chip.leave_after_atr = true;
	open_and_connect(&chip, &link);
	assert_ok(link.ops->wait(link.self, EMRTD_ABSENT, 5000));
	emrtd_transport_close(&link);
	chip_stop(&chip);
}

struct canceller {
	struct emrtd_transport *link;
	int64_t at_ms;
};

static void *
cancel_soon(void *arg)
{
	const struct timespec pause = { .tv_nsec = 50000000 };
	struct canceller *c = arg;

	nanosleep(&pause, NULL);
	c->at_ms = emrtd_wake_now_ms();
	c->link->ops->cancel(c->link->self);
	return NULL;
}

static void
cancel_from_another_thread(void **state)
{
	struct emrtd_transport link;
	struct canceller c = { .link = &link };
	struct emrtd_diag diag;
	struct emrtd_out out;
	struct chip chip;
	pthread_t thread;
	uint8_t buf[16];
	int64_t late_ms;

	(void)state;
	chip_start(&chip, say_nothing, AF_INET);
	open_and_connect(&chip, &link);
	out = emrtd_out(buf, sizeof(buf));
	assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &c), 0);
	assert_error(send_read(&link, &out, 60000), EMRTD_E_CANCELLED);
	late_ms = emrtd_wake_now_ms();
	pthread_join(thread, NULL);
	late_ms -= c.at_ms;
	assert_true(late_ms < 100);
	/* One that comes while nothing runs is forgotten by connect. */
	link.ops->cancel(link.self);
	assert_ok(link.ops->connect(link.self, &diag));
	assert_error(send_read(&link, &out, 20), EMRTD_E_TIMEOUT);
	emrtd_transport_close(&link);
	chip_stop(&chip);
}

static void
bad_uris(void **state)
{
	static const struct {
		const char *uri;
		enum emrtd_error want;
	} cases[] = {
		{ "", EMRTD_E_ARG },
		{ "tcp", EMRTD_E_ARG },
		{ "TCP:127.0.0.1:1", EMRTD_E_ARG },
		{ "tcp:", EMRTD_E_ARG },
		{ "tcp:127.0.0.1", EMRTD_E_ARG },
		{ "tcp:127.0.0.1:", EMRTD_E_ARG },
		{ "tcp::35963", EMRTD_E_ARG },
		{ "tcp:127.0.0.1:0", EMRTD_E_ARG },
		{ "tcp:127.0.0.1:65536", EMRTD_E_ARG },
		{ "tcp:127.0.0.1:-1", EMRTD_E_ARG },
		{ "tcp:127.0.0.1:12x", EMRTD_E_ARG },
		{ "tcp:[::1:35963", EMRTD_E_ARG },
		{ "tcp:[]:35963", EMRTD_E_ARG },
		{ "tcp:256.256.256.256:1", EMRTD_E_NO_READER },
		{ "usb:1", EMRTD_E_ARG },
		{ "nfc:a name", EMRTD_E_ARG },
		{ "sim:profile.json", EMRTD_E_UNSUPPORTED },
	};
	struct emrtd_transport link;
	struct emrtd_diag diag;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		emrtd_diag_init(&diag);
		assert_error(emrtd_transport_open(cases[i].uri, &diag, &link),
		    cases[i].want);
		assert_null(link.ops);
		assert_int_equal(diag.error, cases[i].want);
		assert_int_not_equal(strlen(diag.detail), 0);
	}
	assert_error(emrtd_transport_open(NULL, NULL, &link), EMRTD_E_ARG);
	emrtd_transport_close(&link);
	emrtd_transport_close(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(over_ipv4),
		cmocka_unit_test(over_ipv6),
		cmocka_unit_test(bad_answers),
		cmocka_unit_test(fragments_are_joined),
		cmocka_unit_test(bad_atr),
		cmocka_unit_test(nobody_listens),
		cmocka_unit_test(presence),
		cmocka_unit_test(cancel_from_another_thread),
		cmocka_unit_test(bad_uris),
	};

	return cmocka_run_group_tests_name("tcp", tests, NULL, NULL);
}
