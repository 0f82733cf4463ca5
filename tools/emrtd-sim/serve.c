#include "serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define FRAME_MAX       65535
#define RESPONSE_CAP    (65536 + 2)
#define CONNECT_TRIES   100
#define CONNECT_WAIT_MS 100

enum control {
	CONTROL_OFF = 0,
	CONTROL_ON = 1,
	CONTROL_RESET = 2,
	CONTROL_ATR = 4
};

bool
serve_begin(struct server *server, struct emrtd_card *card)
{
	sigset_t set;

	server->card = card;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return false;
	server->signal_fd = signalfd(-1, &set, SFD_CLOEXEC);
	return server->signal_fd >= 0;
}

void
serve_end(struct server *server)
{
	(void)close(server->signal_fd);
}

/*
 * Waits until fd (-1: none) can be used, a signal comes or the time is over.
 * 1: it can, 0: time is over, -1: signal, or error.
 */
static int
wait_for(const struct server *server, int fd, short events, int timeout_ms)
{
	struct pollfd p[2] = { { server->signal_fd, POLLIN, 0 },
		{ fd, events, 0 } };
	int n;

	do
		n = poll(p, 2, timeout_ms);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -1;
	if (p[0].revents != 0) {
		errno = EINTR;
		return -1;
	}
	return n > 0 ? 1 : 0;
}

static enum serve_result
broken(void)
{
	return errno == EINTR ? SERVE_SIGNAL : SERVE_ERRNO;
}

/*
 * Debian's vpcd sends length and body apart. Without an acknowledgement at
 * once its kernel holds the body back for 40 ms; the option does not last, so
 * it is set before each receive.
 */
static enum serve_result
receive(const struct server *server, int fd, uint8_t *buf, size_t n)
{
	const int one = 1;

	while (n > 0) {
		ssize_t got;

		(void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &one,
		    sizeof(one));
		if (wait_for(server, fd, POLLIN, -1) < 0)
			return broken();
		got = recv(fd, buf, n, 0);
		if (got == 0 || (got < 0 && errno == ECONNRESET))
			return SERVE_CLOSED;
		if (got < 0)
			return SERVE_ERRNO;
		buf += got;
		n -= (size_t)got;
	}
	return SERVE_GOES_ON;
}

static enum serve_result
send_frame(const struct server *server, int fd, uint8_t *frame, size_t len)
{
	size_t n = len + 2;

	frame[0] = (uint8_t)(len >> 8);
	frame[1] = (uint8_t)len;
	while (n > 0) {
		ssize_t sent;

		if (wait_for(server, fd, POLLOUT, -1) < 0)
			return broken();
		sent = send(fd, frame, n, MSG_NOSIGNAL);
		if (sent < 0)
			return errno == EPIPE || errno == ECONNRESET
				   ? SERVE_CLOSED
				   : SERVE_ERRNO;
		frame += sent;
		n -= (size_t)sent;
	}
	return SERVE_GOES_ON;
}

static void
show(const struct server *server, char direction, const uint8_t *bytes,
    size_t len)
{
	if (!server->verbose)
		return;
	(void)fprintf(stderr, "%c ", direction);
	for (size_t i = 0; i < len; i++)
		(void)fprintf(stderr, "%02X", bytes[i]);
	(void)fputc('\n', stderr);
}

/* The answer to a command, behind the two bytes of the frame. */
static enum serve_result
run_command(const struct server *server, struct emrtd_bytes command,
    uint8_t *frame, size_t *len)
{
	struct emrtd_out out = emrtd_out(frame + 2, RESPONSE_CAP);
	uint32_t delay;

	show(server, '>', command.ptr, command.len);
	/* A card that cannot answer has left the field. */
	if (emrtd_card_transmit(server->card, command, &out) != EMRTD_OK ||
	    out.len > FRAME_MAX)
		return SERVE_CLOSED;
	show(server, '<', out.ptr, out.len);
	*len = out.len;
	/* What the card pretends in a test is real time here. */
	delay = emrtd_card_delay_ms(server->card);
	if (delay > 0 && wait_for(server, -1, 0, (int)delay) < 0)
		return broken();
	return SERVE_GOES_ON;
}

/* The answer to a message; no answer: len stays 0. */
static enum serve_result
run_message(const struct server *server, struct emrtd_bytes message,
    uint8_t *frame, size_t *len)
{
	struct emrtd_bytes atr = emrtd_card_atr(server->card);

	if (message.len != 1)
		return run_command(server, message, frame, len);
	switch (message.ptr[0]) {
	case CONTROL_OFF:
	case CONTROL_ON:
	case CONTROL_RESET:
		emrtd_card_reset(server->card);
		break;
	case CONTROL_ATR:
		memcpy(frame + 2, atr.ptr, atr.len);
		*len = atr.len;
		break;
	default: /* nothing that we know: nothing to do */
		break;
	}
	return SERVE_GOES_ON;
}

/* Plays until the connection ends. */
static enum serve_result
play(const struct server *server, int fd)
{
	static uint8_t message[FRAME_MAX], frame[2 + RESPONSE_CAP];
	const int one = 1;
	enum serve_result result;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	emrtd_card_reset(server->card);
	do {
		uint8_t head[2];
		size_t len, answer = 0;

		result = receive(server, fd, head, sizeof(head));
		if (result != SERVE_GOES_ON)
			break;
		len = (size_t)head[0] << 8 | head[1];
		result = receive(server, fd, message, len);
		if (result != SERVE_GOES_ON)
			break;
		result = run_message(server, emrtd_bytes(message, len), frame,
		    &answer);
		if (result == SERVE_GOES_ON && answer > 0)
			result = send_frame(server, fd, frame, answer);
	} while (result == SERVE_GOES_ON);
	emrtd_card_reset(server->card);
	return result;
}

/* One address of the host; -1: errno. */
static int
connect_once(const char *host, const char *port)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *list = NULL;
	int fd = -1;

	if (getaddrinfo(host, port, &hints, &list) != 0) {
		errno = EADDRNOTAVAIL;
		return -1;
	}
	for (const struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, 0);
		if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) == 0)
			break;
		if (fd >= 0)
			(void)close(fd);
		fd = -1;
	}
	freeaddrinfo(list);
	return fd;
}

enum serve_result
serve_vpcd(const struct server *server, const char *host, const char *port)
{
	enum serve_result result;
	int fd = connect_once(host, port);

	for (int i = 1; fd < 0 && i < CONNECT_TRIES; i++) {
		if (wait_for(server, -1, 0, CONNECT_WAIT_MS) < 0)
			return broken();
		fd = connect_once(host, port);
	}
	if (fd < 0)
		return SERVE_ERRNO;
	result = play(server, fd);
	(void)close(fd);
	return result;
}

/* A listening socket on the loopback, and the port that it got. */
static int
listen_on(uint16_t *port)
{
	const int one = 1;
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(*port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    listen(fd, 1) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
		(void)close(fd);
		return -1;
	}
	*port = ntohs(address.sin_port);
	return fd;
}

enum serve_result
serve_listen(const struct server *server, uint16_t port)
{
	enum serve_result result = SERVE_CLOSED;
	int listener = listen_on(&port);

	if (listener < 0)
		return SERVE_ERRNO;
	(void)printf("listening on 127.0.0.1:%u\n", port);
	(void)fflush(stdout);
	while (result == SERVE_CLOSED) {
		int fd;

		if (wait_for(server, listener, POLLIN, -1) < 0) {
			result = broken();
			break;
		}
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			continue; /* it gave up before we came */
		result = play(server, fd);
		(void)close(fd);
	}
	(void)close(listener);
	return result;
}
