/*
 * The passwords of PACE, and what wrong ones cost: tries, and time.
 */
#include "apdu/status_word.h"
#include "card/chip.h"

#define SLOWEST_MS 20000

struct emrtd_chip_password *
emrtd_chip_password(struct emrtd_card *card, uint32_t kind)
{
	struct emrtd_chip_password *p;

	if (kind == EMRTD_PASSWORD_NONE || kind >= EMRTD_CHIP_N_PASSWORDS)
		return NULL;
	p = &card->passwords[kind];
	if ((uint32_t)p->secret.kind != kind)
		return NULL;
	/* It may be there for BAC alone. */
	if (kind == EMRTD_PASSWORD_MRZ && !card->mrz_for_pace)
		return NULL;
	return p;
}

static uint16_t
tries_left(const struct emrtd_chip_password *p)
{
	return (uint16_t)(EMRTD_SW_TRIES_LEFT | (p->tries & 0x0F));
}

uint16_t
emrtd_chip_password_status(const struct emrtd_chip_password *p)
{
	if (!p->counted || p->tries == p->max_tries)
		return EMRTD_SW_OK;
	return p->tries == 0 ? EMRTD_SW_BLOCKED : tries_left(p);
}

bool
emrtd_chip_password_suspended(const struct emrtd_card *card,
    const struct emrtd_chip_password *p)
{
	return p == &card->passwords[EMRTD_PASSWORD_PIN] && p->counted &&
	       p->tries == 1 && !card->session.pin_resumed;
}

uint16_t
emrtd_chip_password_wrong(struct emrtd_card *card,
    struct emrtd_chip_password *p)
{
	if (card->n_failures < SLOWEST_MS)
		card->n_failures++;
	if (p != NULL && p->counted) {
		if (p->tries > 0)
			p->tries--;
		return tries_left(p);
	}
	if (p == NULL && card->habits.sw_wrong_key != 0)
		return card->habits.sw_wrong_key;
	return EMRTD_SW_AUTHENTICATION_FAILED;
}

void
emrtd_chip_password_right(struct emrtd_card *card,
    struct emrtd_chip_password *p)
{
	card->n_failures = 0;
	if (p == NULL)
		return;
	/* The PUK's tries are all that there are; it gives back the PIN's. */
	if (p == &card->passwords[EMRTD_PASSWORD_PUK])
		p = &card->passwords[EMRTD_PASSWORD_PIN];
	else if (p == &card->passwords[EMRTD_PASSWORD_CAN])
		card->session.pin_resumed = true;
	p->tries = p->max_tries;
}

void
emrtd_chip_password_delay(struct emrtd_card *card)
{
	uint64_t ms = (uint64_t)card->n_failures *
		      card->habits.failure_delay_ms;

	card->delay_ms += ms > SLOWEST_MS ? SLOWEST_MS : (uint32_t)ms;
}
