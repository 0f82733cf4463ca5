/* What is kept of the proofs that a chip gave. */
#include "result/result.h"

#include <string.h>

const char *
emrtd_evidence_strength_name(enum emrtd_evidence_strength strength)
{
	static const char *const names[] = {
		[EMRTD_EVIDENCE_NONE] = "none",
		[EMRTD_EVIDENCE_STATEMENT] = "statement",
		[EMRTD_EVIDENCE_SIGNATURE] = "signature",
	};

	if ((unsigned)strength >= sizeof(names) / sizeof(*names))
		return "none";
	return names[strength];
}

const char *
emrtd_proof_name(enum emrtd_proof_kind proof)
{
	static const char *const names[EMRTD_N_PROOFS] = {
		[EMRTD_PROOF_CA] = "CA",
		[EMRTD_PROOF_AA] = "AA",
		[EMRTD_PROOF_CAM] = "PACE-CAM",
	};

	return (unsigned)proof < EMRTD_N_PROOFS ? names[proof] : "?";
}

void
emrtd_evidence_statement(struct emrtd_result *result,
    enum emrtd_proof_kind kind, const char *protocol, const char *parameter)
{
	struct emrtd_result_evidence *e = &result->evidence[kind];

	memset(e, 0, sizeof(*e));
	e->strength = EMRTD_EVIDENCE_STATEMENT;
	e->protocol = protocol;
	e->parameter = parameter;
}

bool
emrtd_evidence_signature(struct emrtd_result *result,
    struct emrtd_bytes challenge, struct emrtd_bytes signature)
{
	struct emrtd_result_evidence *e = &result->evidence[EMRTD_PROOF_AA];

	if (challenge.len != sizeof(e->challenge) || signature.len == 0 ||
	    signature.len > sizeof(e->signature))
		return false;
	memset(e, 0, sizeof(*e));
	e->strength = EMRTD_EVIDENCE_SIGNATURE;
	memcpy(e->challenge, challenge.ptr, challenge.len);
	memcpy(e->signature, signature.ptr, signature.len);
	e->signature_len = signature.len;
	return true;
}

bool
emrtd_result_evidence(const struct emrtd_result *result,
    enum emrtd_proof_kind proof, struct emrtd_evidence *out)
{
	const struct emrtd_result_evidence *e;
	struct emrtd_evidence whole = { .size = out->size, .proof = proof };

	if ((unsigned)proof >= EMRTD_N_PROOFS)
		return false;
	e = &result->evidence[proof];
	if (e->strength == EMRTD_EVIDENCE_NONE)
		return false;
	whole.strength = e->strength;
	whole.protocol = e->protocol;
	whole.parameter = e->parameter;
	if (e->signature_len > 0) {
		whole.challenge = emrtd_bytes(e->challenge,
		    sizeof(e->challenge));
		whole.signature = emrtd_bytes(e->signature, e->signature_len);
		whole.own_challenge = result->on_chip || result->own_challenge;
	}
	memcpy(out, &whole,
	    out->size < sizeof(whole) ? out->size : sizeof(whole));
	return true;
}
