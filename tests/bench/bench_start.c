/*
 * bench_start HOW N PROGRAM [WORD...] - from the start of a program to the
 * first APDU at the chip, N times.
 *
 * HOW is listen:PORT (of tcp:) or vpcd:PORT (of the driver of vsmartcard): the
 * chip is here, notes when the first command after a power-on arrives, and
 * answers each by 6F00. Or it is end: the chip is elsewhere and leaves at the
 * first command, and what is timed is the whole run, which is longer. Prints
 * "first_median_ns", "first_max_ns" and, of the same runs, "whole_...". What
 * the program says is dropped; its exit code must be 5 or 7.
 */
#include "bench_rounds.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define CONTROL_ATR 4
#define SETTLE_US   20000   /* between two runs: the last one's link goes */
#define FIND_US     1500000 /* until pcscd has seen the chip */

static struct chip {
	struct sockaddr_in at;
	bool listens;
	int fd;
	atomic_llong first; /* when the first command came, or 0 */
} chip = { .at.sin_family = AF_INET };

static bool
receive(int fd, uint8_t *to, size_t n)
{
	int one = 1;

	/* vpcd writes a length and a payload apart: no waiting for more. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof(one));
	return recv(fd, to, n, MSG_WAITALL) == (ssize_t)n;
}

/* Frames of two bytes of length, as tcp: and vpcd have them. */
static void
serve(int fd)
{
	static const uint8_t atr[] = { 0, 5, 0x3B, 0x80, 0x80, 0x01, 0x01 };
	static const uint8_t no[] = { 0, 2, 0x6F, 0x00 };
	static uint8_t command[65535];
	long long none;
	uint8_t head[2];
	size_t n;

	while (receive(fd, head, 2)) {
		n = (size_t)head[0] << 8 | head[1];
		if (!receive(fd, command, n))
			return;
		if (n > 1) {
			none = 0;
			(void)atomic_compare_exchange_strong(&chip.first, &none,
			    bench_ns(CLOCK_MONOTONIC));
			(void)send(fd, no, sizeof(no), MSG_NOSIGNAL);
		} else if (n == 1 && command[0] == CONTROL_ATR) {
			(void)send(fd, atr, sizeof(atr), MSG_NOSIGNAL);
		}
	}
}

static void *
lie_there(void *arg)
{
	const struct sockaddr *at = (const struct sockaddr *)&chip.at;
	int fd, one = 1;

	(void)arg;
	for (;;) {
		fd = chip.listens ? accept(chip.fd, NULL, NULL)
				  : socket(AF_INET, SOCK_STREAM, 0);
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one,
		    sizeof(one));
		if (chip.listens || connect(fd, at, sizeof(chip.at)) == 0)
			serve(fd);
		close(fd);
	}
	return NULL;
}

/* The chip as HOW has it; false when there is none to be had. */
static bool
lay_down(const char *how)
{
	const char *port = strchr(how, ':');
	pthread_t thread;
	int one = 1;

	if (port == NULL)
		return strcmp(how, "end") == 0;
	chip.listens = strncmp(how, "listen:", 7) == 0;
	chip.at.sin_port = htons((uint16_t)strtoul(port + 1, NULL, 10));
	chip.at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (chip.listens) {
		chip.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		(void)setsockopt(chip.fd, SOL_SOCKET, SO_REUSEADDR, &one,
		    sizeof(one));
		if (bind(chip.fd, (const struct sockaddr *)&chip.at,
			sizeof(chip.at)) != 0 ||
		    listen(chip.fd, 1) != 0)
			return false;
	}
	if (pthread_create(&thread, NULL, lie_there, NULL) != 0)
		return false;
	if (!chip.listens)
		usleep(FIND_US);
	return true;
}

/* One run; false when it did not end as one with such a chip must. */
static bool
start(char **words, const posix_spawn_file_actions_t *quiet, int64_t *first,
    int64_t *whole)
{
	extern char **environ;
	int64_t began = bench_ns(CLOCK_MONOTONIC);
	int status;
	pid_t pid;

	atomic_store(&chip.first, 0);
	if (posix_spawn(&pid, words[0], quiet, NULL, words, environ) != 0 ||
	    waitpid(pid, &status, 0) != pid)
		return false;
	*whole = bench_ns(CLOCK_MONOTONIC) - began;
	*first = atomic_load(&chip.first) - began;
	usleep(SETTLE_US);
	return WIFEXITED(status) &&
	       (WEXITSTATUS(status) == 5 || WEXITSTATUS(status) == 7);
}

static bool
run(char **words, size_t n, bool at_chip)
{
	int64_t *first = calloc(n, sizeof(*first));
	int64_t *whole = calloc(n, sizeof(*whole));
	posix_spawn_file_actions_t quiet;
	size_t done = 0;

	posix_spawn_file_actions_init(&quiet);
	for (int fd = 1; fd <= 2; fd++)
		posix_spawn_file_actions_addopen(&quiet, fd, "/dev/null",
		    O_WRONLY, 0);
	while (first != NULL && whole != NULL && done < n &&
	       start(words, &quiet, &first[done], &whole[done]) &&
	       (!at_chip || first[done] > 0))
		done++;
	posix_spawn_file_actions_destroy(&quiet);
	if (done == n && at_chip)
		bench_tell("first", first, n);
	if (done == n)
		bench_tell("whole", whole, n);
	free(first);
	free(whole);
	return done == n;
}

int
main(int argc, char **argv)
{
	size_t n = argc > 3 ? bench_rounds_of(argv[2]) : 0;

	if (n == 0) {
		(void)fprintf(stderr, "usage: bench_start HOW N PROGRAM...\n");
		return 2;
	}
	if (!lay_down(argv[1])) {
		(void)fprintf(stderr, "bench_start: no chip: %s\n", argv[1]);
		return 1;
	}
	if (run(argv + 3, n, strchr(argv[1], ':') != NULL))
		return 0;
	(void)fprintf(stderr, "bench_start: a run went otherwise\n");
	return 1;
}
