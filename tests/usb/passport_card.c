#include "passport_card.h"

#include "card/card.h"
#include "profile_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct passport_card {
	struct emrtd_card *chip;
};

static size_t
power_on(void *self, uint8_t atr[CCID_DEVICE_ATR_MAX])
{
	struct passport_card *card = self;
	struct emrtd_bytes bytes = emrtd_card_atr(card->chip);

	emrtd_card_reset(card->chip);
	if (bytes.len > CCID_DEVICE_ATR_MAX)
		return 0;
	memcpy(atr, bytes.ptr, bytes.len);
	return bytes.len;
}

static bool
transmit(void *self, struct emrtd_bytes command, struct emrtd_out *answer,
    uint32_t *delay_ms)
{
	struct passport_card *card = self;

	if (emrtd_card_transmit(card->chip, command, answer) != EMRTD_OK)
		return false;
	*delay_ms = emrtd_card_delay_ms(card->chip);
	return true;
}

static bool
issue(const struct emrtd_card_profile *base, const char *const *misbehave,
    size_t n_misbehave, struct emrtd_card **chip, struct emrtd_diag *diag)
{
	struct emrtd_card_profile profile = *base;

	for (size_t i = 0; i < n_misbehave; i++)
		if (emrtd_card_misbehave(&profile, misbehave[i], diag))
			return false;
	return emrtd_card_issue(NULL, &profile, diag, chip) == EMRTD_OK;
}

struct passport_card *
passport_card_new(const char *path, const char *const *misbehave,
    size_t n_misbehave)
{
	struct passport_card *card = calloc(1, sizeof(*card));
	struct profile_json *profile = NULL;
	struct emrtd_diag diag;

	if (card == NULL)
		return NULL;
	emrtd_diag_init(&diag);
	if (profile_json_load(path, &diag, &profile) != EMRTD_OK ||
	    !issue(profile_json_card(profile), misbehave, n_misbehave,
		&card->chip, &diag)) {
		(void)fprintf(stderr, "%s: %s %s\n", path,
		    diag.what != NULL ? diag.what : "", diag.detail);
		passport_card_free(&card);
	}
	profile_json_free(&profile);
	return card;
}

void
passport_card_free(struct passport_card **card)
{
	if (*card == NULL)
		return;
	emrtd_card_free(&(*card)->chip);
	free(*card);
	*card = NULL;
}

struct ccid_device_card
passport_card_lay(struct passport_card *card)
{
	return (struct ccid_device_card){ .self = card,
		.power_on = power_on,
		.transmit = transmit };
}

struct emrtd_card *
passport_card_chip(struct passport_card *card)
{
	return card->chip;
}

/* T=0, five historical bytes. */
static size_t
bank_power_on(void *self, uint8_t atr[CCID_DEVICE_ATR_MAX])
{
	static const uint8_t bytes[] = { 0x3B, 0x65, 0x00, 0x00, 0x20, 0x63,
		0xCB, 0x68, 0x00 };

	(void)self;
	memcpy(atr, bytes, sizeof(bytes));
	return sizeof(bytes);
}

static bool
bank_transmit(void *self, struct emrtd_bytes command, struct emrtd_out *answer,
    uint32_t *delay_ms)
{
	(void)self;
	(void)command;
	*delay_ms = 0;
	memcpy(answer->ptr, "\x6D\x00", 2);
	answer->len = 2;
	return true;
}

struct ccid_device_card
bank_card(void)
{
	return (struct ccid_device_card){ .power_on = bank_power_on,
		.transmit = bank_transmit };
}
