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

struct watch;

/*
 * Issues the scenario's document for the reader that will come to 'listener'.
 * What it must not know any more is listed in 'secrets'. Aborts when there is
 * no document.
 */
struct watch *watch_begin(const struct scenario *scenario, struct rendezvous *r,
    int listener, struct secret_list *secrets);
/*
 * Answers the reader until it stands still (a byte from 'halted'). False when
 * it ends instead.
 */
bool watch_serve(struct watch *watch, int halted);
void watch_end(struct watch **watch);

#endif
