/*
 * passport_card.h - what may lie on the simulated reader: the virtual passport
 * of src/card, from a JSON profile, or a bank card, which is none.
 */
#ifndef USB_PASSPORT_CARD_H
#define USB_PASSPORT_CARD_H

#include "ccid_device.h"

struct emrtd_card;
struct passport_card;

/* Issues it; NULL: says why on standard error. misbehave: as emrtd-sim has. */
struct passport_card *passport_card_new(const char *profile,
    const char *const *misbehave, size_t n_misbehave);
void passport_card_free(struct passport_card **card); /* NULL-safe */
struct ccid_device_card passport_card_lay(struct passport_card *card);
/* For a reader that talks to it otherwise; is the card's. */
struct emrtd_card *passport_card_chip(struct passport_card *card);

/* With contacts (its ATR tells), and an answer to everything: 6D00. */
struct ccid_device_card bank_card(void);

#endif
