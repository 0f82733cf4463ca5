#include "reader/pace_status.h"

#include "core/diag.h"

static const char clause[] = "Doc 9303-11 4.4.4";

/* The holder's own: a chip blocks them, and nobody prints them anywhere. */
static bool
is_secret(enum emrtd_password_kind kind)
{
	return kind == EMRTD_PASSWORD_PIN || kind == EMRTD_PASSWORD_PUK;
}

int
emrtd_pace_tries_left(uint16_t sw)
{
	if ((sw & 0xFFF0) == 0x63C0)
		return sw & 0x0F;
	return sw == 0x6983 ? 0 : -1;
}

/* What is so at every step. */
static enum emrtd_pace_status
common(uint16_t sw)
{
	if (sw == 0x9000)
		return EMRTD_PACE_GO_ON;
	if (sw == 0x6983 || sw == 0x63C0)
		return EMRTD_PACE_BLOCKED;
	/* 6984: reference data not usable; 6283: deactivated. */
	if (sw == 0x6984 || sw == 0x6283)
		return EMRTD_PACE_DEACTIVATED;
	return EMRTD_PACE_OTHER;
}

enum emrtd_pace_status
emrtd_pace_status_at_set(uint16_t sw, enum emrtd_password_kind kind)
{
	enum emrtd_pace_status status = common(sw);

	if (status != EMRTD_PACE_OTHER)
		return status;
	if (sw == 0x63C1 && is_secret(kind))
		return EMRTD_PACE_LAST_TRY;
	if (emrtd_pace_tries_left(sw) > 0)
		return EMRTD_PACE_GO_ON;
	return sw == 0x6A88 ? EMRTD_PACE_NO_PASSWORD : EMRTD_PACE_OTHER;
}

/*
 * A PIN that is suspended is told in the first step by some chips, with 6985.
 * 63xx and 6982 before the token say something else than 'wrong'.
 */
enum emrtd_pace_status
emrtd_pace_status_at_step(uint16_t sw, enum emrtd_password_kind kind, bool last)
{
	enum emrtd_pace_status status = common(sw);

	if (sw == 0x6985 && kind == EMRTD_PASSWORD_PIN)
		return EMRTD_PACE_SUSPENDED;
	if (status == EMRTD_PACE_OTHER && last &&
	    (sw >> 8 == 0x63 || sw == 0x6982))
		return EMRTD_PACE_WRONG;
	return status;
}

#define OF_EACH(what)                                        \
	{                                                    \
		[EMRTD_PASSWORD_MRZ] = "PACE: the MRZ" what, \
		[EMRTD_PASSWORD_CAN] = "PACE: the CAN" what, \
		[EMRTD_PASSWORD_PIN] = "PACE: the PIN" what, \
		[EMRTD_PASSWORD_PUK] = "PACE: the PUK" what  \
	}

enum emrtd_error
emrtd_pace_status_error(enum emrtd_pace_status status,
    enum emrtd_password_kind kind, struct emrtd_diag *diag)
{
	static const struct {
		enum emrtd_error error;
		const char *what[EMRTD_PASSWORD_PUK + 1];
	} rows[] = {
		[EMRTD_PACE_GO_ON] = { EMRTD_OK, { NULL } },
		[EMRTD_PACE_WRONG] = { EMRTD_E_ACCESS_DENIED,
		    OF_EACH(" was refused") },
		[EMRTD_PACE_LAST_TRY] = { EMRTD_E_LAST_TRY,
		    OF_EACH(" has one try left, and was not shown") },
		[EMRTD_PACE_BLOCKED] = { EMRTD_E_ACCESS_BLOCKED,
		    OF_EACH(" has no try left") },
		[EMRTD_PACE_DEACTIVATED] = { EMRTD_E_ACCESS_BLOCKED,
		    OF_EACH(" is deactivated") },
		[EMRTD_PACE_SUSPENDED] = { EMRTD_E_ACCESS_BLOCKED,
		    OF_EACH(" is suspended until the CAN is shown") },
		[EMRTD_PACE_NO_PASSWORD] = { EMRTD_E_NO_PASSWORD,
		    OF_EACH(" is not taken by the chip") },
		[EMRTD_PACE_OTHER] = { EMRTD_E_STATUS, { NULL } },
	};

	return rows[status].error == EMRTD_OK
		   ? EMRTD_OK
		   : emrtd_fail(diag, rows[status].error,
			 rows[status].what[kind], clause);
}
