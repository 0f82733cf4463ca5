#include "reader/passive_auth.h"

#include "core/diag.h"
#include "core/tlv.h"
#include "reader/pa_steps.h"
#include "reader/signed_offers.h"

#include <stdlib.h>
#include <string.h>

struct emrtd_bytes
emrtd_pa_content(const struct emrtd_result *result, enum emrtd_file file)
{
	struct emrtd_bytes in = emrtd_result_file(result, file), value, whole;
	uint32_t tag;

	if (in.len > 0 && emrtd_tlv_whole(&in, &tag, &value, &whole))
		return whole;
	return emrtd_result_file(result, file);
}

void
emrtd_pa_decide(struct emrtd_pa *pa, enum emrtd_check_id id, enum emrtd_error e,
    const struct emrtd_diag *diag)
{
	if (e == EMRTD_OK) {
		emrtd_check_set(pa->result, id, EMRTD_PASSED, NULL);
		return;
	}
	emrtd_check_set_diag(pa->result, id, emrtd_verdict_of(e), diag);
	/* A callee that fails without details still gives its error. */
	pa->result->checks[id].diag.error = e;
}

void
emrtd_pa_copy_certificate(struct emrtd_pa *pa,
    const struct emrtd_certificate *from, struct emrtd_result_certificate *to)
{
	uint8_t digest[EMRTD_HASH_MAX];

	emrtd_name_text(from->subject, to->subject);
	emrtd_name_text(from->issuer, to->issuer);
	to->serial_len = from->serial.len < sizeof(to->serial)
			     ? from->serial.len
			     : sizeof(to->serial);
	memcpy(to->serial, from->serial.ptr, to->serial_len);
	to->not_before = from->not_before;
	to->not_after = from->not_after;
	if (emrtd_hash(pa->ctx->crypto, EMRTD_SHA256, &from->der, 1, digest) !=
	    EMRTD_OK)
		return;
	memcpy(to->sha256, digest, sizeof(to->sha256));
	to->present = true;
}

void
emrtd_passive_auth(struct emrtd_ctx *ctx, struct emrtd_result *result,
    const struct emrtd_trust *trust)
{
	struct emrtd_pa pa = { .ctx = ctx, .result = result, .trust = trust };

	emrtd_pa_check_sod(&pa);
	emrtd_pa_check_chain(&pa);
	emrtd_pa_check_hashes(&pa);
	emrtd_pa_check_revocation(&pa);
	emrtd_pa_check_signing_time(&pa);
	emrtd_pa_parse_document(&pa);
	emrtd_pa_check_com(&pa);
	emrtd_pa_check_issuer(&pa);
	emrtd_card_security_check(
	    &(const struct emrtd_vouching){ .crypto = ctx->crypto,
		.trust = trust,
		.sod_signer = pa.has_signer ? &pa.signer : NULL },
	    result, &pa.card_security);
	emrtd_check_signed_offers(result, pa.has_sod ? &pa.sod : NULL,
	    &pa.card_security);
	emrtd_check_set(result, EMRTD_CHECK_TERMINAL_TA, EMRTD_NOT_RUN,
	    "this version has no Terminal Authentication");
	emrtd_pa_check_expiry(&pa);
	emrtd_pa_parse_face(&pa);
	emrtd_pa_look_at_files(&pa);
	emrtd_pa_check_conformance(&pa);
	free(pa.sod_copy);
	free(pa.card_security.copy);
}
