/*
 * nfc_pty.h - a PN532 at a serial line: a pseudo-terminal with a name that
 * stays, served by a thread of its own.
 */
#ifndef NFC_NFC_PTY_H
#define NFC_NFC_PTY_H

#include "nfc_field.h"

#include <pthread.h>

struct nfc_pty;

/*
 * Borrows the chip, and the lock that whoever else calls it takes as well.
 * link: the name of the line, which is there while it is plugged in; it is
 * not at first. NULL: says why on standard error.
 */
struct nfc_pty *nfc_pty_new(struct nfc_field *field, pthread_mutex_t *lock,
    const char *link);
void nfc_pty_free(struct nfc_pty **pty); /* NULL-safe */

/* Both without the lock. */
void nfc_pty_plug(struct nfc_pty *pty);
void nfc_pty_unplug(struct nfc_pty *pty);
/* The line is dead from now on, at once; unplug follows. With the lock. */
void nfc_pty_pull(struct nfc_pty *pty);
/* The chip has changed: it is looked at again. */
void nfc_pty_nudge(struct nfc_pty *pty);

#endif
