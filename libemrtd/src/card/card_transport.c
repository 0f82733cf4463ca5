/*
 * The card as a transport in the process. It answers at once: the time that
 * it pretends to have taken only decides whether the answer came in time.
 */
#include "card/chip.h"

#include "core/builder.h"
#include "transport/link_info.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct card_transport {
	struct emrtd_card *card;
	bool own;
	/* Set by cancel, from any thread or a signal handler. */
	atomic_bool cancelled;
};

static enum emrtd_error
info(void *self, struct emrtd_link_info *out)
{
	const struct card_transport *t = self;
	struct emrtd_link_info info = { .name = "virtual passport",
		.atr_len = t->card->atr_len,
		.max_command = EMRTD_COMMAND_MAX,
		.max_response = EMRTD_RESPONSE_MAX,
		.extended = true,
		.limits_from = EMRTD_LIMITS_TRANSPORT };

	memcpy(info.atr, t->card->atr, t->card->atr_len);
	emrtd_link_info_give(&info, out);
	return EMRTD_OK;
}

/* It lies on its reader for ever. */
static enum emrtd_error
wait_for(void *self, enum emrtd_presence want, uint32_t timeout_ms)
{
	(void)self;
	(void)timeout_ms;
	return want == EMRTD_PRESENT ? EMRTD_OK : EMRTD_E_TIMEOUT;
}

static enum emrtd_error
reset(void *self)
{
	struct card_transport *t = self;

	emrtd_card_reset(t->card);
	return EMRTD_OK;
}

static enum emrtd_error
power_on(void *self, struct emrtd_diag *diag)
{
	struct card_transport *t = self;

	(void)diag;
	/* What was cancelled is over. */
	atomic_store(&t->cancelled, false);
	return reset(self);
}

/* The seam has its own few errors; what breaks inside is a broken link. */
static enum emrtd_error
transmit(void *self, struct emrtd_bytes command, struct emrtd_out *response,
    uint32_t timeout_ms)
{
	struct card_transport *t = self;
	size_t from = response->len;
	enum emrtd_error error;

	if (atomic_exchange(&t->cancelled, false))
		return EMRTD_E_CANCELLED;
	error = emrtd_card_transmit(t->card, command, response);
	if (error == EMRTD_OK && emrtd_card_delay_ms(t->card) > timeout_ms) {
		response->len = from;
		return EMRTD_E_TIMEOUT;
	}
	if (error == EMRTD_E_BUFFER)
		return EMRTD_E_TOO_LONG;
	if (error == EMRTD_OK || error == EMRTD_E_CARD_LOST)
		return error;
	return EMRTD_E_PROTOCOL;
}

static void
cancel(void *self)
{
	struct card_transport *t = self;

	atomic_store(&t->cancelled, true);
}

static void
close_card(void *self)
{
	struct card_transport *t = self;

	if (t->own)
		emrtd_card_free(&t->card);
	free(t);
}

static const struct emrtd_transport_ops card_ops = {
	.info = info,
	.wait = wait_for,
	.connect = power_on,
	.transmit = transmit,
	.cancel = cancel,
	.reset = reset,
	.close = close_card,
};

enum emrtd_error
emrtd_card_transport(struct emrtd_card *card, bool own,
    struct emrtd_transport *out)
{
	struct card_transport *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return EMRTD_E_NO_MEMORY;
	t->card = card;
	t->own = own;
	out->ops = &card_ops;
	out->self = t;
	return EMRTD_OK;
}
