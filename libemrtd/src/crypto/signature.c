#include "crypto/signature.h"

#include "core/builder.h"
#include "core/diag.h"
#include "core/oid.h"
#include "core/tlv.h"
#include "crypto/key_cache.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

#include <string.h>

#define TAG_SEQUENCE 0x30
#define TAG_INTEGER  0x02
#define TAG_OCTETS   0x04
#define TAG_NULL     0x05
#define TAG_OID      0x06
#define TAG_PSS_HASH 0xA0
#define TAG_PSS_MGF  0xA1
#define TAG_PSS_SALT 0xA2
#define TAG_PSS_TAIL 0xA3

#define OID_MGF1 "1.2.840.113549.1.1.8"

#define CLAUSE_ALG "Doc 9303-12 4.1.6"
#define CLAUSE_PSS "RFC 4055 3.1"

#define SALT_LEN_DEFAULT 20
#define SALT_LEN_MAX     512
#define RSA_LEN_MAX      2048 /* OpenSSL refuses keys above 16,384 bits */
/* SEQUENCE of two INTEGERs of up to 66 bytes and a sign octet. */
#define ECDSA_DER_MAX 160

struct alg_row {
	const char *oid;
	enum emrtd_signature_scheme scheme;
	bool has_hash;
	enum emrtd_hash hash;
};

#define ALG(oid, scheme, hash)                          \
	{                                               \
		oid, EMRTD_##scheme, true, EMRTD_##hash \
	}

static const struct alg_row algs[] = {
	{ "1.2.840.113549.1.1.1", EMRTD_RSA_PKCS1, false, EMRTD_SHA1 },
	ALG("1.2.840.113549.1.1.5", RSA_PKCS1, SHA1),
	ALG("1.2.840.113549.1.1.14", RSA_PKCS1, SHA224),
	ALG("1.2.840.113549.1.1.11", RSA_PKCS1, SHA256),
	ALG("1.2.840.113549.1.1.12", RSA_PKCS1, SHA384),
	ALG("1.2.840.113549.1.1.13", RSA_PKCS1, SHA512),
	/* The hash of PSS stands in its parameters. */
	{ "1.2.840.113549.1.1.10", EMRTD_RSA_PSS, false, EMRTD_SHA1 },
	ALG("1.2.840.10045.4.1", ECDSA, SHA1),
	ALG("1.2.840.10045.4.3.1", ECDSA, SHA224),
	ALG("1.2.840.10045.4.3.2", ECDSA, SHA256),
	ALG("1.2.840.10045.4.3.3", ECDSA, SHA384),
	ALG("1.2.840.10045.4.3.4", ECDSA, SHA512),
	/* RFC 3279 2.2.2, RFC 5758 3.1 */
	ALG("1.2.840.10040.4.3", DSA, SHA1),
	ALG("2.16.840.1.101.3.4.3.1", DSA, SHA224),
	ALG("2.16.840.1.101.3.4.3.2", DSA, SHA256),
	/* BSI TR-03111 5.2.1.1 */
	ALG("0.4.0.127.0.7.1.1.4.1.1", ECDSA_PLAIN, SHA1),
	ALG("0.4.0.127.0.7.1.1.4.1.2", ECDSA_PLAIN, SHA224),
	ALG("0.4.0.127.0.7.1.1.4.1.3", ECDSA_PLAIN, SHA256),
	ALG("0.4.0.127.0.7.1.1.4.1.4", ECDSA_PLAIN, SHA384),
	ALG("0.4.0.127.0.7.1.1.4.1.5", ECDSA_PLAIN, SHA512),
};

static const struct alg_row *
find_alg(struct emrtd_bytes oid)
{
	for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		if (emrtd_oid_is(oid, algs[i].oid))
			return &algs[i];
	}
	return NULL;
}

static enum emrtd_error
unsupported(struct emrtd_diag *diag, const char *what, struct emrtd_bytes oid)
{
	enum emrtd_error error = emrtd_fail(diag, EMRTD_E_UNSUPPORTED, what,
	    CLAUSE_ALG);
	char text[EMRTD_OID_TEXT_CAP];

	emrtd_oid_text(oid, text);
	emrtd_diag_detail(diag, text);
	return error;
}

bool
emrtd_is_unknown_algorithm(const struct emrtd_diag *diag)
{
	return diag->error == EMRTD_E_UNSUPPORTED && diag->clause != NULL &&
	       strcmp(diag->clause, CLAUSE_ALG) == 0;
}

/* Parameters are absent or NULL; both occur with every algorithm. */
static bool
no_parameters(struct emrtd_bytes rest)
{
	struct emrtd_bytes null;

	return emrtd_tlv_optional(&rest, TAG_NULL, &null) && null.len == 0 &&
	       emrtd_end(&rest);
}

enum emrtd_error
emrtd_hash_alg_parse(struct emrtd_bytes algorithm, struct emrtd_diag *diag,
    enum emrtd_hash *out)
{
	struct emrtd_bytes oid;

	if (!emrtd_tlv(&algorithm, TAG_OID, &oid) || !no_parameters(algorithm))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "AlgorithmIdentifier of a hash", "RFC 5754 2");
	if (!emrtd_hash_by_oid(oid, out))
		return unsupported(diag, "hash algorithm", oid);
	return EMRTD_OK;
}

/* An explicitly tagged AlgorithmIdentifier; NULL ptr when absent. */
static bool
optional_alg(struct emrtd_bytes *in, uint32_t tag, struct emrtd_bytes *out)
{
	struct emrtd_bytes outer;

	*out = emrtd_bytes(NULL, 0);
	if (!emrtd_tlv_optional(in, tag, &outer))
		return false;
	return outer.ptr == NULL ||
	       (emrtd_tlv(&outer, TAG_SEQUENCE, out) && emrtd_end(&outer));
}

static bool
optional_uint(struct emrtd_bytes *in, uint32_t tag, uint32_t *out)
{
	struct emrtd_bytes outer, value;

	if (!emrtd_tlv_optional(in, tag, &outer))
		return false;
	return outer.ptr == NULL ||
	       (emrtd_tlv(&outer, TAG_INTEGER, &value) && emrtd_end(&outer) &&
		   emrtd_uint(value, out));
}

static enum emrtd_error
parse_mgf(struct emrtd_bytes mgf, struct emrtd_diag *diag, enum emrtd_hash *out)
{
	struct emrtd_bytes oid, hash;

	if (!emrtd_tlv(&mgf, TAG_OID, &oid))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "mask generation function", CLAUSE_PSS);
	if (!emrtd_oid_is(oid, OID_MGF1))
		return unsupported(diag, "mask generation function", oid);
	if (!emrtd_tlv(&mgf, TAG_SEQUENCE, &hash) || !emrtd_end(&mgf))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "hash of the mask generation function", CLAUSE_PSS);
	return emrtd_hash_alg_parse(hash, diag, out);
}

/*
 * RSASSA-PSS-params; what is absent has its default. The trailer field is
 * always 1, which stands for the octet BC.
 */
static enum emrtd_error
parse_pss(struct emrtd_bytes rest, struct emrtd_diag *diag,
    struct emrtd_signature_alg *out)
{
	struct emrtd_bytes params, hash, mgf;
	uint32_t salt_len = SALT_LEN_DEFAULT, trailer = 1;
	enum emrtd_error error = EMRTD_OK;

	if (!emrtd_tlv(&rest, TAG_SEQUENCE, &params) || !emrtd_end(&rest) ||
	    !optional_alg(&params, TAG_PSS_HASH, &hash) ||
	    !optional_alg(&params, TAG_PSS_MGF, &mgf) ||
	    !optional_uint(&params, TAG_PSS_SALT, &salt_len) ||
	    !optional_uint(&params, TAG_PSS_TAIL, &trailer) ||
	    !emrtd_end(&params) || salt_len > SALT_LEN_MAX || trailer != 1)
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "parameters of RSASSA-PSS", CLAUSE_PSS);
	out->hash = EMRTD_SHA1;
	out->mgf_hash = EMRTD_SHA1;
	out->salt_len = salt_len;
	if (hash.ptr != NULL)
		error = emrtd_hash_alg_parse(hash, diag, &out->hash);
	if (error == EMRTD_OK && mgf.ptr != NULL)
		error = parse_mgf(mgf, diag, &out->mgf_hash);
	return error;
}

enum emrtd_error
emrtd_signature_alg_parse(struct emrtd_bytes algorithm,
    const enum emrtd_hash *digest, struct emrtd_diag *diag,
    struct emrtd_signature_alg *out)
{
	struct emrtd_signature_alg alg = { EMRTD_RSA_PKCS1, EMRTD_SHA1,
		EMRTD_SHA1, 0 };
	const struct alg_row *row;
	struct emrtd_bytes oid;
	enum emrtd_error error;

	if (!emrtd_tlv(&algorithm, TAG_OID, &oid))
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "AlgorithmIdentifier of a signature", CLAUSE_ALG);
	row = find_alg(oid);
	if (row == NULL)
		return unsupported(diag, "signature algorithm", oid);
	alg.scheme = row->scheme;
	if (row->scheme == EMRTD_RSA_PSS) {
		error = parse_pss(algorithm, diag, &alg);
		if (error != EMRTD_OK)
			return error;
	} else if (!no_parameters(algorithm)) {
		return emrtd_fail(diag, EMRTD_E_MALFORMED,
		    "parameters of a signature algorithm", CLAUSE_ALG);
	} else if (row->has_hash) {
		alg.hash = row->hash;
	} else if (digest != NULL) {
		alg.hash = *digest;
	} else {
		return unsupported(diag, "signature algorithm without a hash",
		    oid);
	}
	*out = alg;
	return EMRTD_OK;
}

/* One verification: everything that its steps need. */
struct job {
	struct emrtd_crypto *crypto;
	const struct emrtd_signature_alg *alg;
	struct emrtd_public_key key;
	struct emrtd_bytes digest;
	struct emrtd_bytes signature;
};

/* Does the DigestInfo say the digest, with its parameters left out? */
static bool
is_bare_digest_info(const struct job *job, struct emrtd_bytes info)
{
	uint8_t buf[128];
	struct emrtd_out want = emrtd_out(buf, sizeof(buf));
	size_t outer = emrtd_open(&want, TAG_SEQUENCE);
	size_t inner = emrtd_open(&want, TAG_SEQUENCE);

	emrtd_put_oid(&want, emrtd_hash_oid(job->alg->hash));
	emrtd_close(&want, inner);
	emrtd_put_tlv(&want, TAG_OCTETS, job->digest);
	emrtd_close(&want, outer);
	return !want.bad && emrtd_bytes_equal(info, emrtd_out_bytes(&want));
}

/*
 * ICAO's own master list and some documents leave out the NULL of DigestInfo
 * that RFC 8017 asks for. The whole recovered block is compared with the only
 * other encoding, so that nothing is parsed that an attacker could stuff.
 */
static bool
verify_bare_digest_info(const struct job *job, EVP_PKEY_CTX *ctx)
{
	uint8_t buf[RSA_LEN_MAX];
	size_t len = sizeof(buf);

	return EVP_PKEY_verify_recover_init(ctx) == 1 &&
	       EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
	       EVP_PKEY_verify_recover(ctx, buf, &len, job->signature.ptr,
		   job->signature.len) == 1 &&
	       is_bare_digest_info(job, emrtd_bytes(buf, len));
}

static bool
verify_with(const struct job *job, EVP_PKEY_CTX *ctx,
    struct emrtd_bytes signature)
{
	return EVP_PKEY_verify(ctx, signature.ptr, signature.len,
		   job->digest.ptr, job->digest.len) == 1;
}

static enum emrtd_error
verify_pkcs1(const struct job *job, EVP_PKEY_CTX *ctx)
{
	const EVP_MD *md = emrtd_crypto_md(job->crypto, job->alg->hash);

	if (job->key.kind != EMRTD_KEY_RSA)
		return EMRTD_E_SIGNATURE;
	if (EVP_PKEY_verify_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(ctx, md) != 1)
		return EMRTD_E_CRYPTO;
	return verify_with(job, ctx, job->signature) ||
		       verify_bare_digest_info(job, ctx)
		   ? EMRTD_OK
		   : EMRTD_E_SIGNATURE;
}

/* A key for PSS alone may bind its hashes and the least salt, RFC 4055 3.3. */
static bool
pss_key_allows(const struct job *job)
{
	struct emrtd_signature_alg bound = { .salt_len = 0 };

	if (job->key.pss_params.ptr == NULL)
		return true;
	return parse_pss(job->key.pss_params, NULL, &bound) == EMRTD_OK &&
	       bound.hash == job->alg->hash &&
	       bound.mgf_hash == job->alg->mgf_hash &&
	       bound.salt_len <= job->alg->salt_len;
}

static enum emrtd_error
verify_pss(const struct job *job, EVP_PKEY_CTX *ctx)
{
	const EVP_MD *md = emrtd_crypto_md(job->crypto, job->alg->hash);
	const EVP_MD *mgf = emrtd_crypto_md(job->crypto, job->alg->mgf_hash);

	if ((job->key.kind != EMRTD_KEY_RSA &&
		job->key.kind != EMRTD_KEY_RSA_PSS) ||
	    !pss_key_allows(job))
		return EMRTD_E_SIGNATURE;
	if (EVP_PKEY_verify_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(ctx, md) != 1 ||
	    EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, mgf) != 1 ||
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, (int)job->alg->salt_len) != 1)
		return EMRTD_E_CRYPTO;
	return verify_with(job, ctx, job->signature) ? EMRTD_OK
						     : EMRTD_E_SIGNATURE;
}

/* r and s in a SEQUENCE: OpenSSL knows what to do with either kind of key. */
static enum emrtd_error
verify_pair(const struct job *job, EVP_PKEY_CTX *ctx, enum emrtd_key_kind kind)
{
	if (job->key.kind != kind)
		return EMRTD_E_SIGNATURE;
	if (EVP_PKEY_verify_init(ctx) != 1)
		return EMRTD_E_CRYPTO;
	return verify_with(job, ctx, job->signature) ? EMRTD_OK
						     : EMRTD_E_SIGNATURE;
}

static enum emrtd_error
verify_ecdsa(const struct job *job, EVP_PKEY_CTX *ctx)
{
	return verify_pair(job, ctx, EMRTD_KEY_EC);
}

static enum emrtd_error
verify_dsa(const struct job *job, EVP_PKEY_CTX *ctx)
{
	return verify_pair(job, ctx, EMRTD_KEY_DSA);
}

/* A positive INTEGER, minimal, from fixed-length octets. */
static void
put_integer(struct emrtd_out *out, struct emrtd_bytes octets)
{
	struct emrtd_bytes rest = octets;
	size_t mark = emrtd_open(out, TAG_INTEGER);
	uint8_t first = 0;

	while (octets.len > 1 && emrtd_u8(&rest, &first) && first == 0)
		octets = rest;
	if (octets.len > 0 && (octets.ptr[0] & 0x80) != 0)
		emrtd_put_u8(out, 0);
	emrtd_put(out, octets);
	emrtd_close(out, mark);
}

static enum emrtd_error
verify_ecdsa_plain(const struct job *job, EVP_PKEY_CTX *ctx)
{
	struct emrtd_bytes rest = job->signature, r, s;
	uint8_t buf[ECDSA_DER_MAX];
	struct emrtd_out der = emrtd_out(buf, sizeof(buf));
	size_t mark;

	if (job->key.kind != EMRTD_KEY_EC)
		return EMRTD_E_SIGNATURE;
	if (!emrtd_take(&rest, job->key.order_len, &r) ||
	    !emrtd_take(&rest, job->key.order_len, &s) || !emrtd_end(&rest))
		return EMRTD_E_SIGNATURE;
	mark = emrtd_open(&der, TAG_SEQUENCE);
	put_integer(&der, r);
	put_integer(&der, s);
	emrtd_close(&der, mark);
	if (der.bad)
		return EMRTD_E_INTERNAL;
	if (EVP_PKEY_verify_init(ctx) != 1)
		return EMRTD_E_CRYPTO;
	return verify_with(job, ctx, emrtd_out_bytes(&der)) ? EMRTD_OK
							    : EMRTD_E_SIGNATURE;
}

/* In the order of enum emrtd_signature_scheme. */
static enum emrtd_error (*const schemes[])(const struct job *job,
    EVP_PKEY_CTX *ctx) = {
	[EMRTD_RSA_PKCS1] = verify_pkcs1,
	[EMRTD_RSA_PSS] = verify_pss,
	[EMRTD_ECDSA] = verify_ecdsa,
	[EMRTD_ECDSA_PLAIN] = verify_ecdsa_plain,
	[EMRTD_DSA] = verify_dsa,
};

static enum emrtd_error
run_job(const struct job *job, struct emrtd_diag *diag)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(emrtd_crypto_lib(
							   job->crypto),
	    job->key.key, NULL);
	enum emrtd_error error = EMRTD_E_CRYPTO;

	if (ctx != NULL)
		error = schemes[job->alg->scheme](job, ctx);
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	if (error != EMRTD_OK)
		return emrtd_fail(diag, error, "verifying a signature",
		    CLAUSE_ALG);
	return EMRTD_OK;
}

/* SubjectPublicKeyInfo to a key: parsed for once, or kept. */
typedef enum emrtd_error (*key_source)(struct emrtd_crypto *crypto,
    struct emrtd_bytes spki, struct emrtd_diag *diag,
    struct emrtd_public_key *out);

static enum emrtd_error
verify(struct emrtd_crypto *crypto, const struct emrtd_signature_alg *alg,
    key_source get_key, struct emrtd_bytes spki,
    const struct emrtd_bytes *parts, size_t n_parts,
    struct emrtd_bytes signature, struct emrtd_diag *diag)
{
	struct job job = { .crypto = crypto,
		.alg = alg,
		.signature = signature };
	uint8_t digest[EMRTD_HASH_MAX];
	enum emrtd_error error;

	if ((unsigned)alg->scheme >= sizeof(schemes) / sizeof(schemes[0]))
		return emrtd_fail(diag, EMRTD_E_ARG, "signature scheme", NULL);
	error = emrtd_hash(crypto, alg->hash, parts, n_parts, digest);
	if (error != EMRTD_OK)
		return emrtd_fail(diag, error, "hashing a message", NULL);
	job.digest = emrtd_bytes(digest, emrtd_hash_len(alg->hash));
	error = get_key(crypto, spki, diag, &job.key);
	if (error != EMRTD_OK) {
		ERR_clear_error();
		return error;
	}
	error = run_job(&job, diag);
	EVP_PKEY_free(job.key.key);
	return error;
}

enum emrtd_error
emrtd_signature_verify(struct emrtd_crypto *crypto,
    const struct emrtd_signature_alg *alg, struct emrtd_bytes spki,
    const struct emrtd_bytes *parts, size_t n_parts,
    struct emrtd_bytes signature, struct emrtd_diag *diag)
{
	return verify(crypto, alg, emrtd_public_key_parse, spki, parts, n_parts,
	    signature, diag);
}

enum emrtd_error
emrtd_signature_verify_issuer(struct emrtd_crypto *crypto,
    const struct emrtd_signature_alg *alg, struct emrtd_bytes spki,
    const struct emrtd_bytes *parts, size_t n_parts,
    struct emrtd_bytes signature, struct emrtd_diag *diag)
{
	return verify(crypto, alg, emrtd_key_cache_get, spki, parts, n_parts,
	    signature, diag);
}

enum emrtd_error
emrtd_signature_key_look(struct emrtd_crypto *crypto, struct emrtd_bytes spki,
    struct emrtd_diag *diag, struct emrtd_signature_key *out)
{
	struct emrtd_public_key key;
	enum emrtd_error error;

	const char *not = NULL;

	error = emrtd_public_key_parse(crypto, spki, diag, &key);
	if (error != EMRTD_OK)
		return error;
	out->rsa = key.kind == EMRTD_KEY_RSA;
	out->len = out->rsa ? (size_t)EVP_PKEY_get_size(key.key)
			    : key.order_len;
	EVP_PKEY_free(key.key);
	if (key.kind == EMRTD_KEY_RSA_PSS)
		not = "an RSA key for PSS alone";
	else if (key.kind == EMRTD_KEY_DSA)
		not = "a DSA key";
	else if (key.kind == EMRTD_KEY_EC && !key.may_prove)
		not = "public key on a curve of less than 224 bits";
	return not == NULL ? EMRTD_OK
			   : emrtd_fail(diag, EMRTD_E_KEY, not, CLAUSE_ALG);
}
