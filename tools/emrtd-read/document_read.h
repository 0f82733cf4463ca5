/*
 * Reading documents: prepared once, then one document after the other.
 */
#ifndef EMRTD_READ_DOCUMENT_READ_H
#define EMRTD_READ_DOCUMENT_READ_H

#include "mrz_source.h"
#include "private_text.h"
#include "progress.h"
#include "verify_options.h"

#include <emrtd/reader.h>

/* What the command line says. All is borrowed from it. */
struct read_choices {
	const struct tool *tool;
	struct tool_common common;
	struct verify_options verify;
	const char *reader; /* NULL: nobody chose one */
	const char *out, *report;
	/* Indexed by kind: where CAN, PIN and PUK are. */
	const char *secret[EMRTD_PASSWORD_PUK + 1];
	enum emrtd_access_policy access;
	bool reader_pace;
	enum emrtd_password_kind reader_pace_typed; /* NONE: as given */
	bool last_try, redact, list_readers;
	emrtd_dg_set data_groups;
	unsigned deadline_s; /* 0: the usual one */
	/* One document after the other: where the MRZs are from. */
	bool watch;
	const char *mrz_source;
	unsigned count; /* end after so many; 0: never */
};

/* The MRZ of one document. A secret: it opens the chip. */
struct document_mrz {
	bool present;
	struct mrz_source source;
	struct emrtd_password passwords[MRZ_MAX_KEYS];
	size_t n_passwords;
};

/* What is kept from one document to the next: nothing of any document. */
struct document_reader {
	const struct read_choices *choices;
	const char *uri;
	bool name_reader; /* nobody chose it: say which it is */
	bool unwritten;   /* a record could not be written */
	struct emrtd_password secrets[EMRTD_PASSWORD_PUK + 1];
	struct progress progress;
	struct emrtd_ctx *ctx;
	struct emrtd_trust *trust;
	struct emrtd_transport transport;
	struct emrtd_reader_memory memory; /* what it carries */
	struct emrtd_session *session;     /* of the last reading */
};

/* Of --mrz; it is EXIT_GOOD, too, when there is none. document_mrz_wipe in
 * any case. */
enum exit_code document_mrz_read(const struct read_choices *choices,
    struct document_mrz *out);
void document_mrz_wipe(struct document_mrz *mrz);

/*
 * Secrets, certificates, --out and the reader. What is wrong has been said on
 * standard error. document_reader_close in any case.
 */
enum exit_code document_reader_open(const struct read_choices *choices,
    struct document_reader *out);
void document_reader_close(struct document_reader *reader);

/* Opens the reader, again; the one before is closed. */
enum emrtd_error document_reader_plug(struct document_reader *reader,
    struct emrtd_diag *diag);

/* From now on SIGINT and SIGTERM end a reading, and are remembered. */
void document_catch_signals(void);
bool document_stopped(void);

/*
 * Read and decide. SIGINT and SIGTERM end it with EMRTD_E_CANCELLED. mrz is
 * borrowed until document_reader_forget. *out may be NULL after an error; the
 * caller frees it.
 */
enum emrtd_error document_read(struct document_reader *reader,
    const struct document_mrz *mrz, struct emrtd_result **out);
/* What ended a reading early, on standard error. */
void document_say_error(const struct document_reader *reader,
    const struct emrtd_result *result, enum emrtd_error error);
/* Keys and session of the last reading are wiped. */
void document_reader_forget(struct document_reader *reader);

/* What differs from one document to the next when there are several. */
struct document_place {
	const char *out;     /* its own folder; NULL: no files are wanted */
	const char *outcome; /* NULL: there is one document only */
	unsigned number;
	bool leave_mrz; /* it is not of this document */
};

/*
 * Files, record and XML as the command line wants them. page: set to the
 * record as text for --report, private_text_free in any case.
 */
enum exit_code document_report(struct document_reader *reader,
    const struct document_mrz *mrz, const struct document_place *place,
    const struct emrtd_result *result, struct private_text *page);

#endif
