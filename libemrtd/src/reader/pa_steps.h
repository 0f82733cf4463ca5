/*
 * pa_steps.h - the steps of Passive Authentication, each in its file. They go
 * in the order of passive_auth.c, and each decides rows of its own.
 */
#ifndef READER_PA_STEPS_H
#define READER_PA_STEPS_H

#include "pki/chain.h"
#include "pki/sod.h"
#include "reader/card_security_check.h"
#include "reader/context.h"

/* What one verification works on. */
struct emrtd_pa {
	struct emrtd_ctx *ctx;
	struct emrtd_result *result;
	const struct emrtd_trust *trust; /* may be NULL */
	struct emrtd_sod sod;
	uint8_t *sod_copy; /* what sod points into, when not the file */
	bool has_sod;
	struct emrtd_certificate signer;
	bool has_signer;
	struct emrtd_chain chain;             /* n is 0 until one is found */
	const struct emrtd_certificate *csca; /* its anchor; NULL: none */
	struct emrtd_card_security_file card_security;
};

/* The file's TLV without filler behind it; empty when it was not read. */
struct emrtd_bytes emrtd_pa_content(const struct emrtd_result *result,
    enum emrtd_file file);
/* A row by the error of the step that decides it. */
void emrtd_pa_decide(struct emrtd_pa *pa, enum emrtd_check_id id,
    enum emrtd_error error, const struct emrtd_diag *diag);

/* What the result keeps of a certificate. */
void emrtd_pa_copy_certificate(struct emrtd_pa *pa,
    const struct emrtd_certificate *from, struct emrtd_result_certificate *to);

/* Is it known that data group n is not as it was signed? */
bool emrtd_pa_is_forged(const struct emrtd_result *result, unsigned n);

/*
 * document_check.c: parses DG1 and DG2, unless they are forged; dates. After
 * the hashes.
 */
void emrtd_pa_parse_document(struct emrtd_pa *pa);
void emrtd_pa_check_expiry(struct emrtd_pa *pa);
void emrtd_pa_parse_face(struct emrtd_pa *pa);
/* sod_check.c: parses EF.SOD, finds its signer, verifies its signature. */
void emrtd_pa_check_sod(struct emrtd_pa *pa);
/* chain_check.c: from the signer to a CSCA of the store, and their dates. */
void emrtd_pa_check_chain(struct emrtd_pa *pa);
/*
 * revocation_check.c: what the lists of the store say of the signer, and of
 * those above it; after the hashes, as DG12 may tell when the document was
 * signed.
 */
void emrtd_pa_check_revocation(struct emrtd_pa *pa);
/* hash_check.c: every data group against EF.SOD, and EF.COM. */
void emrtd_pa_check_hashes(struct emrtd_pa *pa);
void emrtd_pa_check_com(struct emrtd_pa *pa);
/* signing_time_check.c: was it signed when the signer might? */
void emrtd_pa_check_signing_time(struct emrtd_pa *pa);
/* issuer_check.c: who signs must be entitled to sign this document. */
void emrtd_pa_check_issuer(struct emrtd_pa *pa);
/* file_check.c: how the files deviate; after all that parses them. */
void emrtd_pa_look_at_files(struct emrtd_pa *pa);
/* conformance_check.c: what the policy makes of the deviations; the last. */
void emrtd_pa_check_conformance(struct emrtd_pa *pa);

#endif
