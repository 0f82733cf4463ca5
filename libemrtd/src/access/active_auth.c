#include "access/active_auth.h"

#include "core/builder.h"
#include "core/diag.h"
#include "crypto/iso9796.h"
#include "crypto/signature.h"

#define CLAUSE "Doc 9303-11 6.1.2"

#define TAG_OID 0x06
/* OIDs of signature algorithms have ten bytes at most. */
#define ALGORITHM_CAP 32
/* SEQUENCE, and two INTEGERs with a sign octet each. */
#define DER_EXTRA 9

static const char *const scheme_names[] = {
	[EMRTD_AA_RSA] = "RSA",
	[EMRTD_AA_ECDSA] = "ECDSA",
	[EMRTD_AA_ECDSA_DER] = "ECDSA",
};

const char *
emrtd_aa_scheme_name(enum emrtd_aa_scheme scheme)
{
	size_t n = sizeof(scheme_names) / sizeof(*scheme_names);

	return (unsigned)scheme < n ? scheme_names[scheme] : "?";
}

/* Most chips do what the standard says, so it comes first. */
static const struct {
	enum emrtd_aa_scheme scheme;
	enum emrtd_signature_scheme signature;
} ecdsa_forms[] = {
	{ EMRTD_AA_ECDSA, EMRTD_ECDSA_PLAIN },
	{ EMRTD_AA_ECDSA_DER, EMRTD_ECDSA },
};

/* Those that Doc 9303-11 6.1.2.3 has. */
static const enum emrtd_hash ecdsa_hashes[] = { EMRTD_SHA256, EMRTD_SHA384,
	EMRTD_SHA512, EMRTD_SHA224 };

static enum emrtd_error
verify_under(struct emrtd_crypto *crypto, struct emrtd_bytes spki,
    enum emrtd_hash hash, struct emrtd_bytes challenge,
    struct emrtd_bytes signature, struct emrtd_diag *diag,
    struct emrtd_active_auth *how)
{
	enum emrtd_error error = EMRTD_E_INTERNAL;

	for (size_t i = 0; i < sizeof(ecdsa_forms) / sizeof(*ecdsa_forms);
	     i++) {
		const struct emrtd_signature_alg alg = {
			.scheme = ecdsa_forms[i].signature,
			.hash = hash,
		};

		error = emrtd_signature_verify(crypto, &alg, spki, &challenge,
		    1, signature, diag);
		if (error == EMRTD_OK) {
			how->scheme = ecdsa_forms[i].scheme;
			how->hash = hash;
		}
		if (error != EMRTD_E_SIGNATURE)
			return error;
	}
	return error;
}

/* The hash of an algorithm by the content of its OID. */
static enum emrtd_error
hash_of(struct emrtd_bytes oid, struct emrtd_diag *diag, enum emrtd_hash *out)
{
	uint8_t buf[ALGORITHM_CAP];
	struct emrtd_out algorithm = emrtd_out(buf, sizeof(buf));
	struct emrtd_signature_alg alg;
	enum emrtd_error error;

	emrtd_put_tlv(&algorithm, TAG_OID, oid);
	if (algorithm.bad)
		return emrtd_fail(diag, EMRTD_E_UNSUPPORTED,
		    "signature algorithm of Active Authentication", CLAUSE);
	error = emrtd_signature_alg_parse(emrtd_out_bytes(&algorithm), NULL,
	    diag, &alg);
	if (error != EMRTD_OK)
		return error;
	if (alg.scheme != EMRTD_ECDSA && alg.scheme != EMRTD_ECDSA_PLAIN)
		return emrtd_fail(diag, EMRTD_E_UNSUPPORTED,
		    "signature algorithm of Active Authentication", CLAUSE);
	*out = alg.hash;
	return EMRTD_OK;
}

static enum emrtd_error
verify_ecdsa(struct emrtd_crypto *crypto, struct emrtd_bytes spki,
    struct emrtd_bytes algorithm, struct emrtd_bytes challenge,
    struct emrtd_bytes signature, struct emrtd_diag *diag,
    struct emrtd_active_auth *how)
{
	size_t n = sizeof(ecdsa_hashes) / sizeof(*ecdsa_hashes);
	enum emrtd_error error = EMRTD_E_INTERNAL;
	enum emrtd_hash hash = EMRTD_SHA256;

	if (algorithm.len > 0) {
		error = hash_of(algorithm, diag, &hash);
		if (error != EMRTD_OK)
			return error;
		return verify_under(crypto, spki, hash, challenge, signature,
		    diag, how);
	}
	how->hash_found = true;
	for (size_t i = 0; i < n; i++) {
		error = verify_under(crypto, spki, ecdsa_hashes[i], challenge,
		    signature, diag, how);
		if (error != EMRTD_E_SIGNATURE)
			return error;
	}
	return error;
}

enum emrtd_error
emrtd_active_auth_verify(struct emrtd_crypto *crypto, struct emrtd_bytes spki,
    struct emrtd_bytes algorithm, struct emrtd_bytes challenge,
    struct emrtd_bytes signature, struct emrtd_diag *diag,
    struct emrtd_active_auth *how)
{
	struct emrtd_active_auth found = { .scheme = EMRTD_AA_RSA };
	struct emrtd_signature_key key;
	enum emrtd_error error;

	if (challenge.len != EMRTD_AA_CHALLENGE_LEN)
		return emrtd_fail(diag, EMRTD_E_ARG, "length of the challenge",
		    "Doc 9303-11 6.1.2.1");
	error = emrtd_signature_key_look(crypto, spki, diag, &key);
	if (error != EMRTD_OK)
		return error;
	if (key.rsa)
		error = emrtd_iso9796_verify(crypto, spki, signature, challenge,
		    diag, &found.hash);
	else
		error = verify_ecdsa(crypto, spki, algorithm, challenge,
		    signature, diag, &found);
	if (error != EMRTD_OK)
		return error;
	*how = found;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_active_auth_max_len(struct emrtd_crypto *crypto, struct emrtd_bytes spki,
    struct emrtd_diag *diag, size_t *out)
{
	struct emrtd_signature_key key;
	enum emrtd_error error;

	error = emrtd_signature_key_look(crypto, spki, diag, &key);
	if (error == EMRTD_OK)
		*out = key.rsa ? key.len : 2 * key.len + DER_EXTRA;
	return error;
}
