/*
 * A virtual passport that stays on the reader for several readings, for tests
 * of Active Authentication: they change its answers, and the link.
 */
#ifndef MRTD_AA_DESK_H
#define MRTD_AA_DESK_H

#include "card/card.h"
#include "emrtd_test.h"

#include <emrtd/reader.h>

#define INS_INTERNAL_AUTHENTICATE 0x88

static const uint8_t own[EMRTD_CHALLENGE_LEN] = { 1, 2, 3, 4, 5, 6, 7, 8 };

typedef void meddle_fn(void *self, struct emrtd_bytes command,
    struct emrtd_out *response);

struct desk {
	struct emrtd_card_profile profile;
	struct emrtd_card *card;
	struct emrtd_ctx *ctx;
	struct emrtd_trust *trust;
	struct emrtd_transport chip;
	const uint8_t *challenge;
	meddle_fn *meddle; /* with the answers, status word included */
	void *self;
	bool short_link; /* the reader has no extended length */
	bool lost;       /* the document goes when it is asked to sign */
	unsigned n_asked;
	struct emrtd_result *result;
};

/* The profile; a test may change it before the card is issued. */
void desk_init(struct desk *d, const struct emrtd_card_aa *aa);
/* Open: no access control, so that a test can change what is answered. */
void desk_init_open(struct desk *d, const struct emrtd_card_aa *aa);
void desk_issue(struct desk *d);
/* d->result is that of the last reading. */
enum emrtd_error desk_read(struct desk *d);
void desk_free(struct desk *d);

void expect(struct emrtd_result *result, enum emrtd_verdict aa,
    enum emrtd_chip_verdict chip, enum emrtd_overall_verdict overall);

#endif
