/*
 * chip_watch.h - the virtual passport behind a TCP socket, and what its keeper
 * learns of the secrets that the reader must share with it.
 */
#ifndef MRTD_CHIP_WATCH_H
#define MRTD_CHIP_WATCH_H

#include "memory_scan.h"
#include "one_reading.h"

/*
 * A listening socket on the loopback; its port goes to *port. Negative when
 * there is none.
 */
int chip_listen(uint16_t *port);

/*
 * Issues the scenario's document, answers one reader until it says that it
 * stands still (a byte from 'halted'), and lists what it must not know any
 * more. False, after telling why, when the reading did not come to that.
 */
bool chip_serve(const struct scenario *scenario, struct rendezvous *r,
    int listener, int halted, struct secret_list *secrets);

#endif
