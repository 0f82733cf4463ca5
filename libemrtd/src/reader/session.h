/*
 * session.h - one reading of one document: the parts of the inspection
 * procedure share this state.
 */
#ifndef READER_SESSION_H
#define READER_SESSION_H

#include "access/pace.h"
#include "channel/channel.h"
#include "lds/security_info.h"
#include "reader/context.h"
#include "sm/sm.h"

#include <stdatomic.h>

struct emrtd_session {
	struct emrtd_ctx *ctx;
	struct emrtd_transport *transport;
	struct emrtd_read_options options;
	struct emrtd_password mrz, can, pin, puk; /* kind NONE: unknown */
	/* Keys that follow when mrz is refused, the next first. */
	struct emrtd_password mrz_more[EMRTD_MRZ_KEYS_MAX - 1];
	size_t n_mrz_more;
	size_t mrz_key; /* which one mrz is, from 0 */
	bool mrz_shown; /* the chip has been shown mrz */
	struct emrtd_channel channel;
	struct emrtd_sm sm;
	struct emrtd_pace_cam cam; /* after PACE with that mapping */
	uint8_t challenge[EMRTD_CHALLENGE_LEN]; /* if options have one */
	atomic_int cancelled;
	bool used;             /* a session reads once */
	unsigned n_reopened;   /* fresh sessions so far */
	const char *fresh_why; /* why there was one, for the result */
	bool is_slow;          /* it was when a password was shown */
	unsigned pace_ways;    /* other ways of PACE that were tried */
	uint32_t last_ne;      /* bytes that the last READ BINARY asked for */
	bool gone_short;       /* lost over its first extended APDU */
	bool no_sfi;           /* the chip wants SELECT before READ BINARY */
	enum emrtd_error no_card_access;      /* why not; OK when it was read */
	struct emrtd_card_access card_access; /* views into the file */
	uint8_t *scratch;                     /* of the channel */
	uint8_t *chunk;                       /* one answer */
	struct emrtd_result *result;
};

/* Tells the caller's callback what goes on. */
void emrtd_session_progress(struct emrtd_session *session, enum emrtd_step step,
    const char *text, enum emrtd_file file, size_t done, size_t total);

/*
 * Reads a file whole by its outer TLV and puts it into the result, whatever
 * it holds. Filler behind the TLV is left on the chip. The file's status is
 * set in every case, unless it was read before and cannot be again. A chip
 * that does not have or give the file is EMRTD_E_NO_FILE or
 * EMRTD_E_FILE_ACCESS.
 */
enum emrtd_error emrtd_session_read_file(struct emrtd_session *session,
    enum emrtd_file file, struct emrtd_diag *diag) EMRTD_MUST_USE;

/* The data groups that EF.SOD names; false when there is none to be used. */
bool emrtd_session_signed_groups(const struct emrtd_session *session,
    emrtd_dg_set *out);

/* A fault of one file, as opposed to a broken link or session. */
bool emrtd_session_is_refusal(const struct emrtd_session *session,
    enum emrtd_error error);

/*
 * What the chip says of its sizes, in the ATR and, over a link of extended
 * length, in EF.ATR/INFO: into the channel, for this reading and its fresh
 * sessions. Only a broken link is an error.
 */
enum emrtd_error emrtd_session_ask_limits(struct emrtd_session *session,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

/*
 * EF.CardAccess, then PACE, else the application and BAC, else plain. Sets
 * the access rows of the result. EMRTD_OK: the application is selected, and
 * its files may be read.
 */
enum emrtd_error emrtd_session_open(struct emrtd_session *session,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

/*
 * The same once more on a chip that is freshly reset, with the password that
 * has opened it: EF.CardAccess is not read again, so that nobody can hide PACE
 * between two sessions.
 */
enum emrtd_error emrtd_session_open_again(struct emrtd_session *session,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

/*
 * A fresh session after one that has ended: resets the chip, opens it as
 * before, and selects the application. No command is repeated. EMRTD_E_LIMIT
 * when that was done EMRTD_FRESH_SESSIONS_MAX times in this reading. Why it
 * was done is for the caller to tell in the result. EMRTD_E_ACCESS_POLICY when
 * the chip opens otherwise than before (in plain after BAC, with BAC after
 * PACE). On failure the access rows stay as the first opening left them, and
 * the channel is plain.
 */
#define EMRTD_FRESH_SESSIONS_MAX 2
enum emrtd_error emrtd_session_reopen(struct emrtd_session *session,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

/*
 * Chips are seen that take no READ BINARY of more than 223, 192 or 128 bytes.
 * Lowers what is asked for below what the last one did; false when that was
 * little enough. It holds for the rest of the reading.
 */
bool emrtd_session_ask_less(struct emrtd_session *session);

/*
 * After 'error' of a reading: when the chip has broken off the session with a
 * bare status word because of the length, a fresh one in which less is asked
 * for, and EMRTD_OK; likewise one of short APDUs when the link was lost over
 * the first extended one. Otherwise 'error' itself, or why there is no fresh
 * one.
 */
enum emrtd_error emrtd_session_recover(struct emrtd_session *session,
    enum emrtd_error error, struct emrtd_diag *diag) EMRTD_MUST_USE;

/*
 * Opens the chip by open_once, and while it refuses the key of the MRZ, again
 * with the next key on a chip that is freshly reset. Ends with the last
 * refusal when there is no further key or no time left for one. EF.CardAccess
 * is not read again: nobody can hide PACE between two tries.
 */
enum emrtd_error emrtd_session_try_keys(struct emrtd_session *session,
    enum emrtd_error (
	*open_once)(struct emrtd_session *session, struct emrtd_diag *diag),
    struct emrtd_diag *diag) EMRTD_MUST_USE;

/* To be called before the chip is shown what derives from the MRZ. */
void emrtd_session_mrz_shown(struct emrtd_session *session);

/*
 * emrtd_channel_exchange, or emrtd_channel_chain with in_parts, for a command
 * that shows a password or leads up to it: with more patience, and telling.
 */
enum emrtd_error emrtd_session_slow_exchange(struct emrtd_session *session,
    const struct emrtd_command *command, bool in_parts, struct emrtd_out *out,
    uint16_t *sw, struct emrtd_diag *diag) EMRTD_MUST_USE;
/* Adds to a refusal that the chip was slow, if it was. */
void emrtd_session_tell_slow(const struct emrtd_session *session,
    struct emrtd_diag *diag);
/* Another fact, after a semicolon if there is one already. */
void emrtd_session_also(struct emrtd_diag *diag, const char *text);

/* The two ways in, each over a selected application or the MF. */
enum emrtd_error emrtd_session_pace(struct emrtd_session *session,
    struct emrtd_diag *diag) EMRTD_MUST_USE;
/*
 * PACE by the reader itself, where the caller wants it and the reader offers
 * it. EMRTD_E_UNSUPPORTED: one of both is not so, and nothing was done.
 */
enum emrtd_error emrtd_session_reader_pace(struct emrtd_session *session,
    struct emrtd_diag *diag) EMRTD_MUST_USE;
/* How many tries a PIN or PUK has left, before anything of it is shown. */
enum emrtd_error emrtd_session_pace_look(struct emrtd_session *session,
    enum emrtd_password_kind kind, struct emrtd_diag *diag) EMRTD_MUST_USE;
/* EMRTD_E_UNSUPPORTED: the chip does not know GET CHALLENGE; nothing done. */
enum emrtd_error emrtd_session_bac(struct emrtd_session *session,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

/* A command without answer data; EMRTD_E_STATUS unless 9000. */
enum emrtd_error emrtd_session_command(struct emrtd_session *session,
    const struct emrtd_command *command, const char *what,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

#endif
