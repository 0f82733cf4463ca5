#include "sim_presence.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#define SLICE_MS 50 /* a cancel is seen within */

struct presence {
	struct emrtd_transport card;
	uint32_t away_ms;
	bool present;
	bool used;       /* since it was laid down */
	int64_t back_ms; /* when it is laid down again */
	atomic_bool cancelled;
};

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static enum emrtd_error
sleep_until(struct presence *p, int64_t until_ms)
{
	for (int64_t left; (left = until_ms - now_ms()) > 0;) {
		if (atomic_exchange(&p->cancelled, false))
			return EMRTD_E_CANCELLED;
		(void)poll(NULL, 0, left < SLICE_MS ? (int)left : SLICE_MS);
	}
	return EMRTD_OK;
}

static enum emrtd_error
wait_present(struct presence *p, int64_t until_ms)
{
	enum emrtd_error e;

	if (p->present)
		return EMRTD_OK;
	e = sleep_until(p, until_ms < p->back_ms ? until_ms : p->back_ms);
	if (e != EMRTD_OK)
		return e;
	if (now_ms() < p->back_ms)
		return EMRTD_E_TIMEOUT;
	p->present = true;
	p->used = false;
	return EMRTD_OK;
}

static enum emrtd_error
wait_absent(struct presence *p, int64_t until_ms)
{
	enum emrtd_error e;

	if (p->present && !p->used) {
		e = sleep_until(p, until_ms);
		return e == EMRTD_OK ? EMRTD_E_TIMEOUT : e;
	}
	if (p->present)
		p->back_ms = now_ms() + p->away_ms;
	p->present = false;
	return EMRTD_OK;
}

static enum emrtd_error
presence_wait(void *self, enum emrtd_presence want, uint32_t timeout_ms)
{
	struct presence *p = self;
	int64_t until_ms = now_ms() + timeout_ms;

	return want == EMRTD_PRESENT ? wait_present(p, until_ms)
				     : wait_absent(p, until_ms);
}

static enum emrtd_error
presence_info(void *self, struct emrtd_link_info *out)
{
	struct presence *p = self;

	return p->card.ops->info(p->card.self, out);
}

static enum emrtd_error
presence_connect(void *self, struct emrtd_diag *diag)
{
	struct presence *p = self;

	atomic_store(&p->cancelled, false);
	if (!p->present)
		return EMRTD_E_NO_READER;
	p->used = true;
	return p->card.ops->connect(p->card.self, diag);
}

static enum emrtd_error
presence_transmit(void *self, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct presence *p = self;

	if (!p->present)
		return EMRTD_E_CARD_LOST;
	return p->card.ops->transmit(p->card.self, command, response,
	    timeout_ms);
}

static void
presence_cancel(void *self)
{
	struct presence *p = self;

	atomic_store(&p->cancelled, true);
	p->card.ops->cancel(p->card.self);
}

static enum emrtd_error
presence_reset(void *self)
{
	struct presence *p = self;

	return p->card.ops->reset(p->card.self);
}

static void
presence_close(void *self)
{
	struct presence *p = self;

	emrtd_transport_close(&p->card);
	free(p);
}

static const struct emrtd_transport_ops presence_ops = {
	.info = presence_info,
	.wait = presence_wait,
	.connect = presence_connect,
	.transmit = presence_transmit,
	.cancel = presence_cancel,
	.reset = presence_reset,
	.close = presence_close,
};

enum emrtd_error
sim_presence_wrap(struct emrtd_transport *transport, uint32_t away_ms)
{
	struct presence *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return EMRTD_E_NO_MEMORY;
	p->card = *transport;
	p->away_ms = away_ms;
	p->present = true;
	atomic_init(&p->cancelled, false);
	transport->ops = &presence_ops;
	transport->self = p;
	return EMRTD_OK;
}
