/*
 * revocation.h - what the revocation lists of a trust store say of a
 * certificate, Doc 9303-12 6.1.2 and 7.1.4.
 *
 * A list counts when a trusted certificate of the same state has signed it,
 * one that may sign lists and was in its dates; it bears the CSCA's name, or
 * that CSCA's key. A state has one list for all of its keys; where there are
 * several, the newest of each key is asked, and the newest of all says how
 * fresh the answer is.
 */
#ifndef PKI_REVOCATION_H
#define PKI_REVOCATION_H

#include "pki/chain.h"
#include "pki/crl.h"

/* Without a date of the next one, Doc 9303-12 wants one every 90 days. */
#define EMRTD_CRL_DAYS 90

struct emrtd_revocation_question {
	const struct emrtd_certificate *certificate;
	const struct emrtd_chain *chain; /* of the document; n is not 0 */
	int64_t at;                      /* seconds since 1970, UTC */
};

struct emrtd_revocation_answer {
	enum emrtd_revocation_status status; /* never NOT_CHECKED */
	const struct emrtd_crl *list;        /* of the store; NULL: none */
	/* Why the list cannot be relied on, for UNVERIFIED; static. */
	const char *why;
	struct emrtd_crl_entry entry; /* for REVOKED */
};

/*
 * Works on the cache of signature checks in the store, which is why one
 * thread at a time may ask.
 */
void emrtd_revocation_ask(const struct emrtd_trust *trust,
    struct emrtd_crypto *crypto,
    const struct emrtd_revocation_question *question,
    struct emrtd_revocation_answer *out);

/* "keyCompromise" ...; NULL for EMRTD_CRL_NO_REASON. */
const char *emrtd_revocation_reason(int reason);

#endif
