/* A signature of the chip, the challenge, and the key that stands in DG15. */
#include "reader/prove_aa.h"

#include "access/active_auth.h"
#include "core/diag.h"
#include "crypto/signature.h"
#include "lds/security_info.h"

/*
 * The algorithm that ActiveAuthenticationInfo in DG14 names; empty when there
 * is none. One that is there and cannot be read must not be taken for absent.
 */
static enum emrtd_error
signed_algorithm(const struct emrtd_result *result, struct emrtd_diag *diag,
    struct emrtd_bytes *oid)
{
	struct emrtd_bytes file = emrtd_result_file(result, EMRTD_DG14), set;
	struct emrtd_security_infos infos;
	enum emrtd_error error;

	*oid = emrtd_bytes(NULL, 0);
	if (file.len == 0)
		return EMRTD_OK;
	error = emrtd_dg14_parse(file, diag, &set);
	if (error == EMRTD_OK)
		error = emrtd_security_infos_parse(set, diag, &infos);
	if (error != EMRTD_OK)
		return error;
	if ((infos.malformed & 1u << EMRTD_INFO_AA) != 0 || infos.n_aa > 1)
		return emrtd_fail(diag, EMRTD_E_UNSUPPORTED,
		    "ActiveAuthenticationInfo in DG14 is malformed or not the "
		    "only one",
		    "Doc 9303-11 9.2.4");
	if (infos.n_aa == 1)
		*oid = infos.aa[0].signature_algorithm;
	return EMRTD_OK;
}

static enum emrtd_error
verify(struct emrtd_ctx *ctx, const struct emrtd_result *result,
    struct emrtd_diag *diag, struct emrtd_active_auth *how, bool *rsa)
{
	const struct emrtd_result_evidence *e =
	    &result->evidence[EMRTD_PROOF_AA];
	struct emrtd_bytes challenge = emrtd_bytes(e->challenge,
	    sizeof(e->challenge));
	struct emrtd_bytes signature = emrtd_bytes(e->signature,
	    e->signature_len);
	struct emrtd_bytes spki, algorithm = { NULL, 0 };
	struct emrtd_signature_key key;
	enum emrtd_error error;

	error = emrtd_dg15_parse(emrtd_result_file(result, EMRTD_DG15), diag,
	    &spki);
	if (error == EMRTD_OK)
		error = emrtd_signature_key_look(ctx->crypto, spki, diag, &key);
	if (error != EMRTD_OK)
		return error;
	*rsa = key.rsa;
	if (!key.rsa)
		error = signed_algorithm(result, diag, &algorithm);
	if (error != EMRTD_OK)
		return error;
	return emrtd_active_auth_verify(ctx->crypto, spki, algorithm, challenge,
	    signature, diag, how);
}

enum emrtd_error
emrtd_aa_judge(struct emrtd_ctx *ctx, struct emrtd_result *result)
{
	struct emrtd_result_evidence *e = &result->evidence[EMRTD_PROOF_AA];
	enum emrtd_verdict verdict = EMRTD_UNDETERMINED;
	struct emrtd_active_auth how;
	struct emrtd_diag diag;
	enum emrtd_error error;
	bool rsa = false;

	emrtd_diag_init(&diag);
	error = verify(ctx, result, &diag, &how, &rsa);
	switch (error) {
	case EMRTD_OK:
		e->protocol = emrtd_aa_scheme_name(how.scheme);
		e->parameter = emrtd_hash_name(how.hash);
		emrtd_proof_set(result, EMRTD_PROOF_AA, EMRTD_PASSED, NULL);
		break;
	case EMRTD_E_SIGNATURE:
	case EMRTD_E_DIGEST:
		verdict = EMRTD_FAILED;
		break;
	case EMRTD_E_UNSUPPORTED:
		/*
		 * What DG14 names the state has signed. The trailer of RSA is
		 * the chip's own word: a copy finds some number that opens to
		 * a hash that nobody has, and must gain nothing by it.
		 */
		verdict = rsa ? EMRTD_FAILED : EMRTD_UNDETERMINED;
		break;
	default:
		/* A key that we lack, or no memory. */
		break;
	}
	if (error != EMRTD_OK)
		emrtd_proof_set_diag(result, EMRTD_PROOF_AA, verdict, &diag);
	return error;
}
