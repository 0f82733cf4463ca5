/*
 * revocation_look.h - what the revocation lists say of one signer and of all
 * that vouch for it, in the words of a row of the table of checks.
 */
#ifndef READER_REVOCATION_LOOK_H
#define READER_REVOCATION_LOOK_H

#include "pki/revocation.h"
#include "result/result.h"

struct emrtd_revocation_look {
	const struct emrtd_trust *trust;
	struct emrtd_crypto *crypto;
	const struct emrtd_certificate *signer;
	const struct emrtd_chain *chain; /* n is not 0 */
	int64_t at;
	/* When the document was signed, as far as that is known. */
	bool has_signing_time;
	int64_t signing_time;
};

/*
 * The worst of signer, links and CSCA. EMRTD_OK: good; EMRTD_E_REVOKED;
 * EMRTD_E_NO_ANCHOR: a list is too old or cannot be relied on;
 * EMRTD_E_NOT_FOUND: there is none. diag has the reason, also when good.
 */
enum emrtd_error emrtd_revocation_look(const struct emrtd_revocation_look *what,
    struct emrtd_diag *diag,
    struct emrtd_result_revocation *out) EMRTD_MUST_USE;

#endif
