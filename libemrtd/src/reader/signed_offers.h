/*
 * signed_offers.h - what the signed files say that the chip offers: proofs of
 * its own, and the access control that EF.CardAccess announced unsigned.
 */
#ifndef READER_SIGNED_OFFERS_H
#define READER_SIGNED_OFFERS_H

#include "pki/sod.h"
#include "result/result.h"

/*
 * Sets chip.ca, chip.aa and pa.card_access_copy, after the hash rows. sod:
 * NULL when there is none that can be used.
 */
void emrtd_check_signed_offers(struct emrtd_result *result,
    const struct emrtd_sod *sod);

#endif
