/*
 * crl_store.h - the revocation lists of a trust store, each with its entries
 * in order, and with what came out when its signature was looked at.
 */
#ifndef PKI_CRL_STORE_H
#define PKI_CRL_STORE_H

#include "pki/certificate.h"
#include "pki/crl.h"

#include <emrtd/pki.h>

struct emrtd_crl_signer {
	const struct emrtd_certificate *certificate; /* of the store, or NULL */
	bool vouched; /* as emrtd_chain_vouch says */
};

struct emrtd_kept_crl {
	struct emrtd_crl crl;
	struct emrtd_bytes *index; /* for emrtd_crl_find */
	char country[4];           /* of its issuer, or empty */
	/*
	 * Filled by revocation.c, once: lists are many, and documents more. Not
	 * asked again until certificates are added.
	 */
	bool asked;
	enum emrtd_error error; /* of the search for who signed it */
	struct emrtd_crl_signer signer;
	/* Whose key signed it, and whose certificate does not permit that. */
	struct emrtd_crl_signer unfit;
	bool gave_up; /* there were more candidates than are tried */
};

struct emrtd_crl_store {
	struct emrtd_kept_crl **lists; /* with the DER behind each */
	size_t n, cap;
};

/* A copy; one that is there already is not added again. */
enum emrtd_error emrtd_crl_store_add(struct emrtd_crl_store *store,
    struct emrtd_bytes der, struct emrtd_diag *diag) EMRTD_MUST_USE;
/* Back to the first n; 0 frees everything. */
void emrtd_crl_store_cut(struct emrtd_crl_store *store, size_t n);
/* The certificates have changed: every signature is looked at anew. */
void emrtd_crl_store_forget(struct emrtd_crl_store *store);

/* Is it a revocation list, and no certificate? By its first elements. */
bool emrtd_crl_is(struct emrtd_bytes der);

/* The i-th list of a trust store (which may be NULL), NULL at the end. */
struct emrtd_kept_crl *emrtd_trust_crl_at(const struct emrtd_trust *trust,
    size_t index);

#endif
