#include "transport/wake.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

bool
emrtd_wake_open(struct emrtd_wake *wake)
{
	wake->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return wake->fd >= 0;
}

void
emrtd_wake_close(struct emrtd_wake *wake)
{
	if (wake->fd >= 0)
		close(wake->fd);
	wake->fd = -1;
}

void
emrtd_wake_signal(const struct emrtd_wake *wake)
{
	uint64_t one = 1;
	int saved = errno;

	/* A full counter is a signal too. */
	if (write(wake->fd, &one, sizeof(one)) < 0)
		errno = saved;
}

void
emrtd_wake_clear(const struct emrtd_wake *wake)
{
	uint64_t n;

	while (read(wake->fd, &n, sizeof(n)) < 0 && errno == EINTR)
		;
}

int64_t
emrtd_wake_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

enum emrtd_error
emrtd_wake_wait(const struct emrtd_wake *wake, int fd, short events,
    int64_t until_ms)
{
	struct pollfd fds[2] = {
		{ .fd = wake->fd, .events = POLLIN },
		{ .fd = fd, .events = events },
	};
	int64_t left;
	int n;

	for (;;) {
		left = until_ms - emrtd_wake_now_ms();
		if (left < 0)
			left = 0;
		if (left > INT_MAX)
			left = INT_MAX;
		n = poll(fds, 2, (int)left);
		if (n < 0 && errno != EINTR)
			return EMRTD_E_READER_LOST;
		if (n < 0)
			continue;
		if (fds[0].revents) {
			emrtd_wake_clear(wake);
			return EMRTD_E_CANCELLED;
		}
		if (fds[1].revents)
			return EMRTD_OK;
		if (n == 0 && left < INT_MAX)
			return EMRTD_E_TIMEOUT;
	}
}
