/*
 * tcp.c - a chip behind a TCP socket, in the framing of vpcd (vsmartcard). We
 * are the reader and connect; emrtd-sim and others listen.
 *
 *   both ways:  length (2 bytes, big-endian)  payload
 *
 * A payload of one byte from the reader is a control: 0 power off, 1 power
 * on, 2 reset, 4 get ATR. Only get ATR and commands are answered. A document
 * is removed by closing the socket.
 *
 * After a timeout, a cancel or an error the answer of one command could be
 * taken for that of the next: the socket is closed, and everything but
 * connect says CARD_LOST.
 */
#include "core/diag.h"
#include "transport/backends.h"
#include "transport/link_info.h"
#include "transport/wake.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FRAME_MAX     65535
#define CONNECT_MS    5000
#define CONTROL_MS    5000
#define RETRY_MS      100
#define CONTROL_OFF   0
#define CONTROL_ON    1
#define CONTROL_RESET 2
#define CONTROL_ATR   4

struct tcp {
	struct emrtd_wake wake;
	struct addrinfo *addresses;
	int fd; /* -1 when there is no document */
	char name[128];
	uint8_t atr[EMRTD_ATR_MAX];
	size_t atr_len;
	uint8_t frame[2 + FRAME_MAX];
};

static void
hang_up(struct tcp *tcp)
{
	if (tcp->fd >= 0)
		close(tcp->fd);
	tcp->fd = -1;
	tcp->atr_len = 0;
}

static enum emrtd_error
send_all(struct tcp *tcp, size_t len, int64_t until_ms)
{
	size_t done = 0;
	ssize_t n;
	enum emrtd_error err;

	while (done < len) {
		err = emrtd_wake_wait(&tcp->wake, tcp->fd, POLLOUT, until_ms);
		if (err)
			return err;
		n = send(tcp->fd, tcp->frame + done, len - done,
		    MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return EMRTD_E_CARD_LOST;
		if (n > 0)
			done += (size_t)n;
	}
	return EMRTD_OK;
}

/*
 * Debian's vpcd sends length and body in two pieces: without an immediate
 * acknowledgement each exchange waits 40 ms for a delayed one. The option
 * does not last, so it is set each time.
 */
static enum emrtd_error
receive_all(struct tcp *tcp, uint8_t *to, size_t len, int64_t until_ms)
{
	int one = 1;
	size_t done = 0;
	ssize_t n;
	enum emrtd_error err;

	while (done < len) {
		(void)setsockopt(tcp->fd, IPPROTO_TCP, TCP_QUICKACK, &one,
		    sizeof(one));
		err = emrtd_wake_wait(&tcp->wake, tcp->fd, POLLIN, until_ms);
		if (err)
			return err;
		n = recv(tcp->fd, to + done, len - done, MSG_DONTWAIT);
		if (n == 0)
			return EMRTD_E_CARD_LOST;
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return EMRTD_E_CARD_LOST;
		if (n > 0)
			done += (size_t)n;
	}
	return EMRTD_OK;
}

static enum emrtd_error
send_frame(struct tcp *tcp, struct emrtd_bytes payload, int64_t until_ms)
{
	if (payload.len > FRAME_MAX)
		return EMRTD_E_TOO_LONG;
	tcp->frame[0] = (uint8_t)(payload.len >> 8);
	tcp->frame[1] = (uint8_t)payload.len;
	memcpy(tcp->frame + 2, payload.ptr, payload.len);
	return send_all(tcp, 2 + payload.len, until_ms);
}

/* Straight into what is left of the output. */
static enum emrtd_error
receive_frame(struct tcp *tcp, struct emrtd_out *out, int64_t until_ms)
{
	uint8_t head[2];
	size_t len;
	enum emrtd_error err;

	err = receive_all(tcp, head, sizeof(head), until_ms);
	if (err)
		return err;
	len = (size_t)head[0] << 8 | head[1];
	if (out->bad || len > out->cap - out->len)
		return EMRTD_E_TOO_LONG;
	err = receive_all(tcp, out->ptr + out->len, len, until_ms);
	if (!err)
		out->len += len;
	return err;
}

static enum emrtd_error
send_control(struct tcp *tcp, uint8_t code, int64_t until_ms)
{
	return send_frame(tcp, emrtd_bytes(&code, 1), until_ms);
}

static enum emrtd_error
get_atr(struct tcp *tcp, int64_t until_ms)
{
	struct emrtd_out atr = emrtd_out(tcp->atr, sizeof(tcp->atr));
	enum emrtd_error err;

	tcp->atr_len = 0;
	err = send_control(tcp, CONTROL_ATR, until_ms);
	if (err)
		return err;
	err = receive_frame(tcp, &atr, until_ms);
	if (err == EMRTD_E_TOO_LONG)
		return EMRTD_E_PROTOCOL;
	if (err)
		return err;
	tcp->atr_len = atr.len;
	return EMRTD_OK;
}

/* One address: connected, or an error with errno's number in *number. */
static enum emrtd_error
dial(struct tcp *tcp, const struct addrinfo *to, int64_t until_ms, int *number)
{
	int one = 1, failed = 0;
	socklen_t len = sizeof(failed);
	enum emrtd_error err;

	tcp->fd = socket(to->ai_family,
	    to->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, to->ai_protocol);
	if (tcp->fd < 0) {
		*number = errno;
		return EMRTD_E_READER_LOST;
	}
	if (connect(tcp->fd, to->ai_addr, to->ai_addrlen) != 0) {
		*number = errno;
		if (errno != EINPROGRESS)
			return EMRTD_E_NO_READER;
		err = emrtd_wake_wait(&tcp->wake, tcp->fd, POLLOUT, until_ms);
		if (err)
			return err;
		if (getsockopt(tcp->fd, SOL_SOCKET, SO_ERROR, &failed, &len) !=
		    0)
			failed = errno;
		*number = failed;
		if (failed)
			return EMRTD_E_NO_READER;
	}
	(void)setsockopt(tcp->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return EMRTD_OK;
}

static enum emrtd_error
dial_any(struct tcp *tcp, int64_t until_ms, int *number)
{
	enum emrtd_error err = EMRTD_E_NO_READER;

	hang_up(tcp);
	for (const struct addrinfo *a = tcp->addresses; a; a = a->ai_next) {
		err = dial(tcp, a, until_ms, number);
		if (!err)
			return EMRTD_OK;
		hang_up(tcp);
		if (err == EMRTD_E_CANCELLED)
			return err;
	}
	return err;
}

/* A document that we are connected to already is reset: a fresh start. */
static enum emrtd_error
power_on(struct tcp *tcp, uint8_t how)
{
	int64_t until_ms = emrtd_wake_now_ms() + CONTROL_MS;
	enum emrtd_error err;

	err = send_control(tcp, how, until_ms);
	if (!err)
		err = get_atr(tcp, until_ms);
	if (err)
		hang_up(tcp);
	return err;
}

static enum emrtd_error
tcp_connect(void *self, struct emrtd_diag *diag)
{
	struct tcp *tcp = self;
	int number = 0;
	uint8_t how = tcp->fd < 0 ? CONTROL_ON : CONTROL_RESET;
	enum emrtd_error err = EMRTD_OK;

	emrtd_wake_clear(&tcp->wake);
	if (tcp->fd < 0)
		err = dial_any(tcp, emrtd_wake_now_ms() + CONNECT_MS, &number);
	if (!err)
		err = power_on(tcp, how);
	if (!err)
		return EMRTD_OK;
	err = emrtd_fail(diag, err, "connecting to a chip over TCP", NULL);
	emrtd_diag_detail(diag, tcp->name);
	if (number) {
		emrtd_diag_detail(diag, ": ");
		emrtd_diag_detail(diag, strerror(number));
	}
	return err;
}

static enum emrtd_error
tcp_transmit(void *self, struct emrtd_bytes command, struct emrtd_out *response,
    uint32_t timeout_ms)
{
	struct tcp *tcp = self;
	int64_t until_ms = emrtd_wake_now_ms() + timeout_ms;
	enum emrtd_error err;

	if (tcp->fd < 0)
		return EMRTD_E_CARD_LOST;
	if (command.len > FRAME_MAX)
		return EMRTD_E_TOO_LONG;
	if (command.len < 4) /* one byte would be a control */
		return EMRTD_E_PROTOCOL;
	err = send_frame(tcp, command, until_ms);
	if (!err)
		err = receive_frame(tcp, response, until_ms);
	if (err)
		hang_up(tcp);
	return err;
}

static enum emrtd_error
tcp_info(void *self, struct emrtd_link_info *out)
{
	const struct tcp *tcp = self;
	struct emrtd_link_info info = { .atr_len = tcp->atr_len,
		.max_command = FRAME_MAX,
		.max_response = FRAME_MAX,
		.extended = true,
		.limits_from = EMRTD_LIMITS_TRANSPORT };

	memcpy(info.name, tcp->name, sizeof(info.name));
	memcpy(info.atr, tcp->atr, tcp->atr_len);
	emrtd_link_info_give(&info, out);
	return EMRTD_OK;
}

static enum emrtd_error
wait_present(struct tcp *tcp, int64_t until_ms)
{
	int64_t pause;
	int number;
	enum emrtd_error err;

	while (tcp->fd < 0) {
		err = dial_any(tcp, until_ms, &number);
		if (!err || err == EMRTD_E_CANCELLED)
			return err;
		if (emrtd_wake_now_ms() >= until_ms)
			return EMRTD_E_TIMEOUT;
		pause = emrtd_wake_now_ms() + RETRY_MS;
		if (pause > until_ms)
			pause = until_ms;
		err = emrtd_wake_wait(&tcp->wake, -1, 0, pause);
		if (err != EMRTD_E_TIMEOUT)
			return err;
	}
	return EMRTD_OK;
}

static enum emrtd_error
wait_absent(struct tcp *tcp, int64_t until_ms)
{
	uint8_t byte;
	ssize_t n;
	enum emrtd_error err;

	while (tcp->fd >= 0) {
		err = emrtd_wake_wait(&tcp->wake, tcp->fd, POLLIN, until_ms);
		if (err)
			return err;
		n = recv(tcp->fd, &byte, 1, MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		hang_up(tcp);
		if (n > 0) /* it spoke unasked */
			return EMRTD_E_PROTOCOL;
	}
	return EMRTD_OK;
}

static enum emrtd_error
tcp_wait(void *self, enum emrtd_presence want, uint32_t timeout_ms)
{
	int64_t until_ms = emrtd_wake_now_ms() + timeout_ms;

	if (want == EMRTD_PRESENT)
		return wait_present(self, until_ms);
	return wait_absent(self, until_ms);
}

static enum emrtd_error
tcp_reset(void *self)
{
	struct tcp *tcp = self;

	if (tcp->fd < 0)
		return EMRTD_E_CARD_LOST;
	return power_on(tcp, CONTROL_RESET);
}

static void
tcp_cancel(void *self)
{
	const struct tcp *tcp = self;

	emrtd_wake_signal(&tcp->wake);
}

static void
tcp_close(void *self)
{
	struct tcp *tcp = self;
	enum emrtd_error err = EMRTD_OK;

	if (tcp->fd >= 0) /* best effort: closing removes the card anyway */
		err = send_control(tcp, CONTROL_OFF,
		    emrtd_wake_now_ms() + RETRY_MS);
	(void)err;
	hang_up(tcp);
	emrtd_wake_close(&tcp->wake);
	if (tcp->addresses)
		freeaddrinfo(tcp->addresses);
	free(tcp);
}

static const struct emrtd_transport_ops tcp_ops = {
	.info = tcp_info,
	.wait = tcp_wait,
	.connect = tcp_connect,
	.transmit = tcp_transmit,
	.cancel = tcp_cancel,
	.reset = tcp_reset,
	.close = tcp_close,
};

/* "HOST:PORT" or "[IPV6]:PORT" into its halves; host is modified. */
static bool
split(char *rest, char **host, char **port)
{
	char *colon = strrchr(rest, ':');
	size_t len;

	if (!colon || colon == rest || colon[1] == '\0')
		return false;
	*colon = '\0';
	*port = colon + 1;
	*host = rest;
	len = strlen(rest);
	if (rest[0] == '[') {
		if (len < 3 || rest[len - 1] != ']')
			return false;
		rest[len - 1] = '\0';
		*host = rest + 1;
	}
	return strspn(*port, "0123456789") == strlen(*port) &&
	       strlen(*port) <= 5 && strtoul(*port, NULL, 10) - 1 < 65535;
}

/* Names are looked up here: a look-up cannot be interrupted later. */
static enum emrtd_error
resolve(struct tcp *tcp, const char *rest, struct emrtd_diag *diag)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	char text[256], *host, *port;
	enum emrtd_error err;
	int rc;

	if (strlen(rest) >= sizeof(text))
		return emrtd_fail(diag, EMRTD_E_ARG, "reader URI", NULL);
	memcpy(text, rest, strlen(rest) + 1);
	if (!split(text, &host, &port)) {
		err = emrtd_fail(diag, EMRTD_E_ARG, "reader URI", NULL);
		emrtd_diag_detail(diag, "tcp:HOST:PORT is wanted");
		return err;
	}
	rc = getaddrinfo(host, port, &hints, &tcp->addresses);
	if (rc) {
		tcp->addresses = NULL;
		err = emrtd_fail(diag, EMRTD_E_NO_READER, "looking up a host",
		    NULL);
		emrtd_diag_detail(diag, host);
		emrtd_diag_detail(diag, ": ");
		emrtd_diag_detail(diag, gai_strerror(rc));
		return err;
	}
	return EMRTD_OK;
}

enum emrtd_error
emrtd_tcp_open(const char *rest, struct emrtd_diag *diag,
    struct emrtd_transport *out)
{
	struct tcp *tcp = calloc(1, sizeof(*tcp));
	enum emrtd_error err;

	if (!tcp)
		return emrtd_fail(diag, EMRTD_E_NO_MEMORY, "tcp:", NULL);
	tcp->fd = -1;
	if (!emrtd_wake_open(&tcp->wake)) {
		err = emrtd_fail(diag, EMRTD_E_IO, "eventfd", NULL);
		goto out;
	}
	err = resolve(tcp, rest, diag);
	if (err)
		goto out;
	snprintf(tcp->name, sizeof(tcp->name), "tcp:%s", rest);
	out->ops = &tcp_ops;
	out->self = tcp;
	return EMRTD_OK;
out:
	tcp_close(tcp);
	return err;
}
