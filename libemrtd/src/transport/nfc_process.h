/*
 * nfc_process.h - the helper emrtd-nfc as a process: start it, ask it, end it.
 * Nothing of it is believed: one that dies, hangs, or says what is no answer
 * is ended, and costs its caller an error.
 */
#ifndef TRANSPORT_NFC_PROCESS_H
#define TRANSPORT_NFC_PROCESS_H

#include "transport/nfc_wire.h"
#include "transport/wake.h"

#include <sys/types.h>

struct emrtd_nfc_process {
	pid_t pid;       /* 0: none */
	int pid_fd;      /* -1: the kernel has none such */
	int channel;     /* -1: none */
	uint16_t number; /* of the last request */
	enum emrtd_nfc_kind kind;
	bool owing; /* its answer was not waited for */
	uint8_t message[EMRTD_NFC_MESSAGE_MAX + 1];
};

void emrtd_nfc_process_init(struct emrtd_nfc_process *process);
bool emrtd_nfc_process_runs(const struct emrtd_nfc_process *process);

/*
 * program: its path, or NULL for the one that belongs to this library: beside
 * the running program, in libexec/mrtdkit beside that folder, or where this
 * build installs it. EMRTD_E_NO_READER: it is not there, and *why says so.
 */
enum emrtd_error emrtd_nfc_process_start(struct emrtd_nfc_process *process,
    const char *program, const char **why) EMRTD_MUST_USE;

/*
 * One request. The answer is a view until the next call. TIMEOUT, CANCELLED:
 * the answer may still come, and the next request waits for it, for a moment.
 * READER_LOST: the helper is no more.
 */
enum emrtd_error emrtd_nfc_process_ask(struct emrtd_nfc_process *process,
    const struct emrtd_wake *wake, struct emrtd_nfc_request *request,
    int64_t until_ms, struct emrtd_nfc_answer *answer) EMRTD_MUST_USE;

/* Gives it a moment to turn the field off, and ends it. No process is left. */
void emrtd_nfc_process_stop(struct emrtd_nfc_process *process);

#endif
