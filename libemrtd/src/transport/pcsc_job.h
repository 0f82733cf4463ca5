/*
 * pcsc_job.h - what the worker of a PC/SC link does. Every call into
 * pcsc-lite is one of these jobs: SCardTransmit has no time limit and cannot
 * be cancelled. A job leaves what came of it in pcsc->result.
 *
 *	pcsc_look.c   the service, its readers, waiting for documents
 *	pcsc_card.c   one document: connect, limits, exchange, reset
 *	pcsc.c        the caller's half, which runs them
 */
#ifndef TRANSPORT_PCSC_JOB_H
#define TRANSPORT_PCSC_JOB_H

#include "transport/backends.h"
#include "transport/reader_kind.h"

#include <stdatomic.h>

#include <PCSC/reader.h>
#include <PCSC/winscard.h>
#include <PCSC/wintypes.h>

#define EMRTD_PCSC_MAX_READERS 16
/* connect waits so long for a document, and as long for others to let go. */
#define EMRTD_PCSC_PRESENT_MS 2000
#define EMRTD_PCSC_SHARING_MS 3000

/* Owned by the worker: touched by jobs, and by the caller between jobs. */
struct emrtd_pcsc {
	SCARDCONTEXT context;
	SCARDHANDLE card;
	bool established, connected;
	bool told_gone; /* that the service went away; then it is waited for */
	DWORD protocol;
	char want[MAX_READERNAME];   /* part of a name; empty = any */
	char reader[MAX_READERNAME]; /* chosen */
	struct emrtd_link_info info; /* of the connected reader */
	uint32_t pace_code;          /* control code of PACE; 0 = none */

	/* Set when nobody waits for the running job any more. */
	atomic_bool stop;
	/* The context, for SCardCancel by the caller; 0 = none. */
	atomic_long shown;

	/* The running job. */
	LONG result;
	enum emrtd_presence presence;
	DWORD wait_ms, code;
	DWORD in_len, out_len;
	uint8_t in[MAX_BUFFER_SIZE_EXTENDED];
	uint8_t out[MAX_BUFFER_SIZE_EXTENDED];
};

/* Opens a context; one whose service has died is replaced. */
void emrtd_pcsc_job_establish(void *pcsc);
/* Disconnects, gives back the context and frees. */
void emrtd_pcsc_job_release(void *pcsc);
/*
 * Waits wait_ms for 'presence', and leaves the best reader in 'reader'. That
 * the service has died is said once; while it is away nothing is present.
 */
void emrtd_pcsc_job_wait(void *pcsc);

void emrtd_pcsc_job_connect(void *pcsc);
void emrtd_pcsc_job_transmit(void *pcsc);
void emrtd_pcsc_job_control(void *pcsc);
void emrtd_pcsc_job_reset(void *pcsc);

/* Of pcsc_card.c: leaves the card reset. */
void emrtd_pcsc_disconnect(struct emrtd_pcsc *pcsc);
/* What a reader says of itself, over a handle of any share mode. */
void emrtd_pcsc_ask_reader(SCARDHANDLE card, struct emrtd_pcsc_traits *out);
/* What the table of readers knows of it, or NULL. */
const struct emrtd_reader_row *emrtd_pcsc_row(
    const struct emrtd_pcsc_traits *traits, const char *name);

/*
 * Reader states of all readers at this moment, which point into *names, to be
 * freed with SCardFreeMemory in any case. 'states' has room for
 * EMRTD_PCSC_MAX_READERS.
 */
LONG emrtd_pcsc_states(SCARDCONTEXT context, char **names,
    SCARD_READERSTATE *states, size_t *n_states);
bool emrtd_pcsc_is_present(const SCARD_READERSTATE *state);
struct emrtd_bytes emrtd_pcsc_atr_of(const SCARD_READERSTATE *state);

#endif
