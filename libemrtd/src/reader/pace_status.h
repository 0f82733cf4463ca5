/*
 * pace_status.h - what a chip's status word says about the password in PACE
 * (Doc 9303-11 4.4.4, ISO 7816-4 5.6): refused, blocked, or nothing at all.
 */
#ifndef READER_PACE_STATUS_H
#define READER_PACE_STATUS_H

#include <emrtd/access.h>

enum emrtd_pace_status {
	EMRTD_PACE_GO_ON,       /* 9000, or a warning that lets go on */
	EMRTD_PACE_WRONG,       /* the password is wrong */
	EMRTD_PACE_LAST_TRY,    /* one try left: not to be spent unasked */
	EMRTD_PACE_BLOCKED,     /* no try left */
	EMRTD_PACE_DEACTIVATED, /* nobody has given it out */
	EMRTD_PACE_SUSPENDED,   /* wants the CAN to be shown before */
	EMRTD_PACE_NO_PASSWORD, /* the chip has no such password */
	EMRTD_PACE_OTHER        /* says nothing about passwords */
};

/* At MSE:Set AT, where no password was shown yet. */
enum emrtd_pace_status emrtd_pace_status_at_set(uint16_t sw,
    enum emrtd_password_kind kind);
/* At a GENERAL AUTHENTICATE; last: the one that shows the token. */
enum emrtd_pace_status emrtd_pace_status_at_step(uint16_t sw,
    enum emrtd_password_kind kind, bool last);
/* 63CX: X; -1 when the status word does not say. */
int emrtd_pace_tries_left(uint16_t sw);

/*
 * The error that this is, with a sentence that names the password. EMRTD_OK
 * for EMRTD_PACE_GO_ON.
 */
enum emrtd_error emrtd_pace_status_error(enum emrtd_pace_status status,
    enum emrtd_password_kind kind, struct emrtd_diag *diag) EMRTD_MUST_USE;

#endif
