/*
 * card_security_check.h - is EF.CardSecurity signed by one who may? The row
 * pa.card_security, by the same steps as those of EF.SOD.
 */
#ifndef READER_CARD_SECURITY_CHECK_H
#define READER_CARD_SECURITY_CHECK_H

#include "pki/card_security.h"
#include "pki/chain.h"
#include "result/result.h"

/* EF.CardSecurity as far as it could be read. */
struct emrtd_card_security_file {
	bool parsed;
	/* Signed by one whom the state has certified. That nothing is known of
	 * a revocation keeps the row from passing, not this. */
	bool is_signed;
	struct emrtd_card_security content; /* views, into copy or the file */
	uint8_t *copy; /* from malloc, the caller's to free; or NULL */
};

/* Who is there to vouch; each may be NULL. */
struct emrtd_vouching {
	struct emrtd_crypto *crypto;
	const struct emrtd_trust *trust;
	const struct emrtd_certificate *sod_signer;
};

/*
 * Sets the row when the file is in the result, and leaves it alone when not.
 * To be called when DG1 and the signer of EF.SOD are known.
 */
void emrtd_card_security_check(const struct emrtd_vouching *who,
    struct emrtd_result *result, struct emrtd_card_security_file *out);

#endif
