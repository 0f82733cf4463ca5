/*
 * wake.h - interrupting a wait from any thread or a signal handler, and
 * waiting with a limit. A signal is sticky: it ends the running wait, or else
 * the next one.
 */
#ifndef TRANSPORT_WAKE_H
#define TRANSPORT_WAKE_H

#include <emrtd/error.h>

#include <stdbool.h>

struct emrtd_wake {
	int fd; /* eventfd */
};

bool emrtd_wake_open(struct emrtd_wake *wake);
void emrtd_wake_close(struct emrtd_wake *wake);
void emrtd_wake_signal(const struct emrtd_wake *wake);
void emrtd_wake_clear(const struct emrtd_wake *wake);

/* CLOCK_MONOTONIC in milliseconds: hardware does not wait for a test. */
int64_t emrtd_wake_now_ms(void);

/*
 * Waits until fd has one of 'events' (of poll), or until_ms by the clock
 * above. fd -1: just the time. OK, EMRTD_E_TIMEOUT, EMRTD_E_CANCELLED (the
 * signal is used up), EMRTD_E_READER_LOST (poll failed).
 */
enum emrtd_error emrtd_wake_wait(const struct emrtd_wake *wake, int fd,
    short events, int64_t until_ms) EMRTD_MUST_USE;

#endif
