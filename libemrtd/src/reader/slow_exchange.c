/*
 * Commands of access control. Chips take their time after wrong passwords, by
 * the book: the next try must cost somebody who guesses, and nobody else. So
 * these have more patience than others, and a long wait is told.
 */
#include "reader/session.h"

#include "core/diag.h"

#define PATIENCE_MS 20000
#define SLOW_US     1500000

static int64_t
now(const struct emrtd_session *s)
{
	return s->ctx->clock.now_us(s->ctx->clock.self);
}

static void
tell(struct emrtd_session *s)
{
	emrtd_session_progress(s, EMRTD_STEP_WAIT,
	    "waiting for the chip, which is slow after a wrong password",
	    EMRTD_EF_COM, 0, 0);
}

enum emrtd_error
emrtd_session_slow_exchange(struct emrtd_session *s,
    const struct emrtd_command *command, bool in_parts, struct emrtd_out *out,
    uint16_t *sw, struct emrtd_diag *diag)
{
	uint32_t timeout_ms = s->channel.timeout_ms;
	int64_t start = now(s);
	enum emrtd_error e;

	if (s->is_slow)
		tell(s);
	/* Unless the caller has said how long it waits. */
	if (s->options.command_timeout_ms == 0)
		s->channel.timeout_ms = PATIENCE_MS;
	e = in_parts
		? emrtd_channel_chain(&s->channel, command, out, sw, diag)
		: emrtd_channel_exchange(&s->channel, command, out, sw, diag);
	s->channel.timeout_ms = timeout_ms;
	if (e == EMRTD_OK && now(s) - start >= SLOW_US && !s->is_slow) {
		s->is_slow = true;
		tell(s);
	}
	if (e == EMRTD_E_TIMEOUT)
		emrtd_diag_detail(diag,
		    "chips are slow after wrong passwords: take it off the "
		    "reader, wait, and try again");
	return e;
}

void
emrtd_session_also(struct emrtd_diag *diag, const char *text)
{
	if (diag != NULL && diag->detail[0] != '\0')
		emrtd_diag_detail(diag, "; ");
	emrtd_diag_detail(diag, text);
}

/* To a refusal: why the chip was slow, which is no fault of it. */
void
emrtd_session_tell_slow(const struct emrtd_session *s, struct emrtd_diag *diag)
{
	if (s->is_slow)
		emrtd_session_also(diag,
		    "the chip answers slowly, as after wrong passwords");
}
