#include "card/picc_inner.h"

#include "core/wipe.h"

#include <stdlib.h>
#include <string.h>

#define FSCI_MAX     8
#define TIME_MAX     14
#define TIME_UNIT_US 302 /* 4096 periods of 13.56 MHz */
#define WTXM_MAX     59
/* Clocks of front ends may count in milliseconds. */
#define CLOCK_SLACK_US 1000

size_t
emrtd_picc_frame_size(unsigned index)
{
	static const uint16_t sizes[] = { 16, 24, 32, 40, 48, 64, 96, 128,
		256 };

	return sizes[index > FSCI_MAX ? FSCI_MAX : index];
}

uint32_t
emrtd_picc_time_us(unsigned index)
{
	return (uint32_t)TIME_UNIT_US << (index > TIME_MAX ? TIME_MAX : index);
}

void
emrtd_picc_config_init(struct emrtd_picc_config *config)
{
	*config = (struct emrtd_picc_config){
		.type = EMRTD_AIR_A,
		.fsci = FSCI_MAX,
		.fwi = 8,
		.rates = EMRTD_PICC_TO_CARD_212 | EMRTD_PICC_TO_CARD_424 |
			 EMRTD_PICC_FROM_CARD_212 | EMRTD_PICC_FROM_CARD_424,
		.cid = true,
	};
}

static bool
makes_sense(const struct emrtd_picc_config *config)
{
	return (config->uid_len == 0 || config->uid_len == 4 ||
		   config->uid_len == EMRTD_PICC_UID_MAX) &&
	       config->fsci <= FSCI_MAX && config->fwi <= TIME_MAX &&
	       config->sfgi <= TIME_MAX && config->wtxm <= WTXM_MAX &&
	       config->n_historical <= EMRTD_PICC_HISTORICAL_MAX &&
	       config->ats_len <= EMRTD_PICC_ATS_MAX &&
	       config->atqb_len <= EMRTD_PICC_ATQB_MAX &&
	       config->n_faults <= EMRTD_PICC_FAULTS_MAX;
}

enum emrtd_error
emrtd_picc_new(const struct emrtd_picc_config *config,
    const struct emrtd_picc_inside *inside, struct emrtd_picc **out)
{
	struct emrtd_picc *picc;

	if (!makes_sense(config))
		return EMRTD_E_ARG;
	picc = calloc(1, sizeof(*picc));
	if (picc == NULL)
		return EMRTD_E_NO_MEMORY;
	picc->config = *config;
	picc->inside = *inside;
	picc->there = true;
	*out = picc;
	return EMRTD_OK;
}

void
emrtd_picc_free(struct emrtd_picc **picc)
{
	if (*picc == NULL)
		return;
	emrtd_wipe(*picc, sizeof(**picc));
	free(*picc);
	*picc = NULL;
}

void
emrtd_picc_random(struct emrtd_picc *picc, uint8_t *out, size_t n)
{
	const struct emrtd_random *random = &picc->config.random;

	if (random->fill != NULL &&
	    random->fill(random->self, out, n) == EMRTD_OK)
		return;
	/* Another each time, which is all that is wanted. */
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(picc->n_fields >> (8 * (n - 1 - i) % 32));
}

/* With power: as fresh as it gets. */
static void
power_up(struct emrtd_picc *picc)
{
	const struct emrtd_picc_config *config = &picc->config;

	picc->n_fields++;
	picc->dumb = false;
	emrtd_picc_unselect(picc, false);
	memcpy(picc->uid, config->uid, sizeof(picc->uid));
	picc->uid_len = config->uid_len;
	if (picc->uid_len == 0) {
		picc->uid_len = 4;
		emrtd_picc_random(picc, picc->uid, 4);
		picc->uid[0] = 0x08; /* a random one */
	}
	memcpy(picc->pupi, config->pupi, sizeof(picc->pupi));
	if (!config->pupi_set)
		emrtd_picc_random(picc, picc->pupi, sizeof(picc->pupi));
	picc->inside.reset(picc->inside.self);
}

/* After a time away the document may have come back by itself. */
static void
look(struct emrtd_picc *picc, uint64_t now_us)
{
	if (!picc->there && picc->returns && now_us >= picc->returns_us)
		emrtd_picc_lay(picc, true, now_us);
}

void
emrtd_picc_field(struct emrtd_picc *picc, bool on, uint64_t now_us)
{
	look(picc, now_us);
	if (on && !picc->field && picc->there)
		power_up(picc);
	picc->field = on;
}

void
emrtd_picc_lay(struct emrtd_picc *picc, bool there, uint64_t now_us)
{
	(void)now_us;
	picc->returns = false;
	if (there && !picc->there && picc->field)
		power_up(picc);
	picc->there = there;
}

bool
emrtd_picc_there(struct emrtd_picc *picc, uint64_t now_us)
{
	look(picc, now_us);
	return picc->there;
}

void
emrtd_picc_unselect(struct emrtd_picc *picc, bool halt)
{
	picc->state = halt ? EMRTD_PICC_HALT : EMRTD_PICC_IDLE;
	picc->was_halted = halt;
	picc->level = 0;
	picc->slot = 0;
	picc->hears = picc->says = EMRTD_AIR_106;
	picc->next_hears = picc->next_says = EMRTD_AIR_106;
	picc->may_pps = false;
	picc->deaf_until_us = 0;
}

bool
emrtd_picc_rates_fit(const struct emrtd_picc *picc, unsigned to_card,
    unsigned from_card)
{
	static const uint8_t to[] = { 0, EMRTD_PICC_TO_CARD_212,
		EMRTD_PICC_TO_CARD_424, EMRTD_PICC_TO_CARD_848 };
	static const uint8_t from[] = { 0, EMRTD_PICC_FROM_CARD_212,
		EMRTD_PICC_FROM_CARD_424, EMRTD_PICC_FROM_CARD_848 };
	unsigned rates = picc->config.rates;

	if (to_card >= EMRTD_AIR_N_RATES || from_card >= EMRTD_AIR_N_RATES)
		return false;
	if ((rates & EMRTD_PICC_SAME_RATE_ONLY) != 0 && to_card != from_card)
		return false;
	return (rates & to[to_card]) == to[to_card] &&
	       (rates & from[from_card]) == from[from_card];
}

bool
emrtd_picc_say(struct emrtd_picc *picc, size_t len, enum emrtd_air_check check,
    struct emrtd_picc_answer *out)
{
	*out = (struct emrtd_picc_answer){
		.frame = { .type = picc->config.type,
		    .rate = picc->says,
		    .check = check,
		    .bytes = emrtd_bytes(picc->sent, len) },
	};
	/* What was agreed on holds from the next frame on. */
	picc->hears = picc->next_hears;
	picc->says = picc->next_says;
	return true;
}

static bool
hears(const struct emrtd_picc *picc, const struct emrtd_air_frame *frame,
    uint64_t now_us)
{
	size_t len = frame->bytes.len;

	if (!picc->field || !picc->there || picc->dumb)
		return false;
	if (frame->type != picc->config.type || frame->rate != picc->hears ||
	    frame->check == EMRTD_AIR_GARBLED || len == 0)
		return false;
	if (frame->check == EMRTD_AIR_CHECKED)
		len += EMRTD_PICC_CRC_LEN;
	return len <= emrtd_picc_frame_size(picc->config.fsci) &&
	       now_us + CLOCK_SLACK_US >= picc->deaf_until_us;
}

/* Before blocks have begun type A does not forgive what it cannot read. */
static void
lapse_if_garbled(struct emrtd_picc *picc, const struct emrtd_air_frame *frame)
{
	if (frame->check == EMRTD_AIR_GARBLED && frame->type == EMRTD_AIR_A &&
	    picc->config.type == EMRTD_AIR_A &&
	    (picc->state == EMRTD_PICC_READY ||
		picc->state == EMRTD_PICC_ACTIVE))
		emrtd_picc_unselect(picc, picc->was_halted);
}

bool
emrtd_picc_frame(struct emrtd_picc *picc, const struct emrtd_air_frame *frame,
    uint64_t now_us, struct emrtd_picc_answer *out)
{
	bool answered = false;

	look(picc, now_us);
	lapse_if_garbled(picc, frame);
	if (!hears(picc, frame, now_us))
		answered = false;
	else if (picc->state == EMRTD_PICC_PROTOCOL)
		answered = frame->check == EMRTD_AIR_CHECKED &&
			   frame->last_bits == 0 &&
			   emrtd_picc_hear_block(picc, frame->bytes, now_us,
			       out);
	else if (picc->config.type == EMRTD_AIR_A)
		answered = emrtd_picc_hear_a(picc, frame, now_us, out);
	else
		answered = emrtd_picc_hear_b(picc, frame, out);
	if (!answered)
		picc->counts.ignored++;
	return answered;
}

struct emrtd_picc_counts
emrtd_picc_counts(const struct emrtd_picc *picc)
{
	return picc->counts;
}

void
emrtd_air_crc(enum emrtd_air_type type, struct emrtd_bytes bytes,
    uint8_t crc[2])
{
	/* Both: x^16 + x^12 + x^5 + 1, low bit first. */
	unsigned v = type == EMRTD_AIR_A ? 0x6363 : 0xFFFF;

	for (size_t i = 0; i < bytes.len; i++) {
		v ^= bytes.ptr[i];
		for (int bit = 0; bit < 8; bit++)
			v = (v & 1) != 0 ? v >> 1 ^ 0x8408 : v >> 1;
	}
	if (type == EMRTD_AIR_B)
		v = ~v;
	crc[0] = (uint8_t)v;
	crc[1] = (uint8_t)(v >> 8);
}

/* ---- A virtual passport ------------------------------------------------ */

static void
card_reset(void *self)
{
	emrtd_card_reset(self);
}

static enum emrtd_error
card_transmit(void *self, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t *takes_us)
{
	struct emrtd_card *card = self;
	enum emrtd_error error = emrtd_card_transmit(card, command, response);
	uint32_t ms = emrtd_card_delay_ms(card);

	*takes_us = ms > UINT32_MAX / 1000 ? UINT32_MAX : ms * 1000;
	return error;
}

struct emrtd_picc_inside
emrtd_picc_card(struct emrtd_card *card)
{
	return (struct emrtd_picc_inside){ .reset = card_reset,
		.transmit = card_transmit,
		.self = card };
}
