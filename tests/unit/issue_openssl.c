#include "issue_openssl.h"

#include "core/builder.h"
#include "core/oid.h"
#include "core/tlv.h"
#include "crypto/group.h"
#include "test.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <stdlib.h>
#include <string.h>

#define KEYS_MAX 64
#define SOD_CAP  32768

static struct {
	char kind[40];
	EVP_PKEY *key;
} keys[KEYS_MAX];

/* With e = 1 every block is its own signature, and d is 1. */
static EVP_PKEY *
make_worthless_rsa(EVP_PKEY *sound)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;
	BIGNUM *n = NULL;
	OSSL_PARAM *params;

	assert_int_equal(EVP_PKEY_get_bn_param(sound, OSSL_PKEY_PARAM_RSA_N,
			     &n),
	    1);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n);
	OSSL_PARAM_BLD_push_ulong(bld, OSSL_PKEY_PARAM_RSA_E, 1);
	OSSL_PARAM_BLD_push_ulong(bld, OSSL_PKEY_PARAM_RSA_D, 1);
	params = OSSL_PARAM_BLD_to_param(bld);
	assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
	assert_int_equal(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params),
	    1);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(sound);
	BN_free(n);
	return key;
}

static EVP_PKEY *
make_rsa(const char *kind)
{
	const char *e = strstr(kind, " e=");
	bool worthless = e != NULL && strcmp(e, " e=1") == 0;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	BIGNUM *exponent = NULL;
	EVP_PKEY *key = NULL;

	assert_true(BN_dec2bn(&exponent,
			e != NULL && !worthless ? e + 3 : "65537") > 0);
	assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
	assert_true(EVP_PKEY_CTX_set_rsa_keygen_bits(ctx,
			atoi(kind + strlen("RSA-"))) > 0);
	assert_true(EVP_PKEY_CTX_set1_rsa_keygen_pubexp(ctx, exponent) > 0);
	assert_int_equal(EVP_PKEY_keygen(ctx, &key), 1);
	EVP_PKEY_CTX_free(ctx);
	BN_free(exponent);
	return worthless ? make_worthless_rsa(key) : key;
}

/* The words after the curve's name only make it another key, or explicit. */
static EVP_PKEY *
make_ec(const char *kind)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, NULL);
	bool is_explicit = strstr(kind, " explicit") != NULL;
	EVP_PKEY *key = NULL;
	char curve[40];

	(void)snprintf(curve, sizeof(curve), "%s", kind);
	curve[strcspn(curve, " ")] = '\0';
	assert_non_null(ctx);
	assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
	assert_int_equal(EVP_PKEY_CTX_set_group_name(ctx, curve), 1);
	assert_int_equal(EVP_PKEY_CTX_set_ec_param_enc(ctx,
			     is_explicit ? OPENSSL_EC_EXPLICIT_CURVE
					 : OPENSSL_EC_NAMED_CURVE),
	    1);
	assert_int_equal(EVP_PKEY_keygen(ctx, &key), 1);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/*
 * The groups of RFC 5114 are DSA's, too: "DSA-1024", "DSA-2048" with a q of 224
 * bits, "DSA-2048-256".
 */
static EVP_PKEY *
make_dsa(const char *kind)
{
	uint32_t id = strcmp(kind, "DSA-1024") == 0   ? 0
		      : strcmp(kind, "DSA-2048") == 0 ? 1
						      : 2;
	const struct emrtd_group *group = emrtd_group_by_id(id);
	const struct emrtd_bytes *numbers[] = { &group->p, &group->q,
		&group->g };
	static const char *const names[] = { OSSL_PKEY_PARAM_FFC_P,
		OSSL_PKEY_PARAM_FFC_Q, OSSL_PKEY_PARAM_FFC_G };
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY *parameters = NULL, *key = NULL;
	BIGNUM *bn[3];
	OSSL_PARAM *params;

	for (size_t i = 0; i < 3; i++) {
		bn[i] = BN_bin2bn(numbers[i]->ptr, (int)numbers[i]->len, NULL);
		assert_int_equal(OSSL_PARAM_BLD_push_BN(bld, names[i], bn[i]),
		    1);
	}
	params = OSSL_PARAM_BLD_to_param(bld);
	assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
	assert_int_equal(EVP_PKEY_fromdata(ctx, &parameters,
			     EVP_PKEY_KEY_PARAMETERS, params),
	    1);
	EVP_PKEY_CTX_free(ctx);
	ctx = EVP_PKEY_CTX_new(parameters, NULL);
	assert_int_equal(EVP_PKEY_keygen_init(ctx), 1);
	assert_int_equal(EVP_PKEY_keygen(ctx, &key), 1);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(parameters);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	for (size_t i = 0; i < 3; i++)
		BN_free(bn[i]);
	return key;
}

static EVP_PKEY *
make_key(const char *kind)
{
	if (strncmp(kind, "RSA-", 4) == 0)
		return make_rsa(kind);
	return strncmp(kind, "DSA-", 4) == 0 ? make_dsa(kind) : make_ec(kind);
}

EVP_PKEY *
issue_key(const char *kind)
{
	for (size_t i = 0; i < KEYS_MAX; i++) {
		if (strcmp(keys[i].kind, kind) == 0)
			return keys[i].key;
		if (keys[i].key != NULL)
			continue;
		assert_true(strlen(kind) < sizeof(keys[i].kind));
		keys[i].key = make_key(kind);
		(void)snprintf(keys[i].kind, sizeof(keys[i].kind), "%s", kind);
		return keys[i].key;
	}
	fail_msg("more than %d keys", KEYS_MAX);
	return NULL;
}

int
issue_teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < KEYS_MAX; i++)
		EVP_PKEY_free(keys[i].key);
	memset(keys, 0, sizeof(keys));
	return 0;
}

static X509_NAME *
make_name(const char *text, int type)
{
	X509_NAME *name = X509_NAME_new();
	char copy[200], *rest = copy, *part;

	(void)snprintf(copy, sizeof(copy), "%s", text);
	while ((part = strsep(&rest, "/")) != NULL) {
		char *value = strchr(part, '=');

		if (value == NULL)
			continue;
		*value++ = '\0';
		assert_int_equal(X509_NAME_add_entry_by_txt(name, part, type,
				     (const unsigned char *)value, -1, -1, 0),
		    1);
	}
	return name;
}

static void
add_extension(X509 *c, X509V3_CTX *ctx, int nid, const char *value)
{
	X509_EXTENSION *e;

	if (value == NULL)
		return;
	e = X509V3_EXT_conf_nid(NULL, ctx, nid, value);
	assert_non_null(e);
	assert_int_equal(X509_add_ext(c, e, -1), 1);
	X509_EXTENSION_free(e);
}

static void
add_extra(X509 *c, const char *oid, bool critical)
{
	static const unsigned char null[] = { 5, 0 };
	ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *e;

	assert_int_equal(ASN1_OCTET_STRING_set(value, null, sizeof(null)), 1);
	e = X509_EXTENSION_create_by_OBJ(NULL, object, critical, value);
	assert_int_equal(X509_add_ext(c, e, -1), 1);
	X509_EXTENSION_free(e);
	ASN1_OCTET_STRING_free(value);
	ASN1_OBJECT_free(object);
}

static void
add_extensions(X509 *c, const X509 *issuer, const struct issue_spec *spec)
{
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, (X509 *)(uintptr_t)issuer, c, NULL, NULL, 0);
	add_extension(c, &ctx, NID_basic_constraints, spec->constraints);
	add_extension(c, &ctx, NID_key_usage, spec->usage);
	add_extension(c, &ctx, NID_ext_key_usage, spec->extended_usage);
	if (spec->key_ids) {
		add_extension(c, &ctx, NID_subject_key_identifier, "hash");
		add_extension(c, &ctx, NID_authority_key_identifier, "keyid");
	}
	if (spec->extra != NULL)
		add_extra(c, spec->extra, spec->extra_critical);
}

static void
set_pss(EVP_PKEY_CTX *ctx, int salt_len)
{
	if (salt_len == ISSUE_NO_PSS)
		return;
	assert_true(
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0);
	assert_true(EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, salt_len) > 0);
}

static void
sign_certificate(X509 *c, const struct issue_spec *spec)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *ctx;

	assert_int_equal(EVP_DigestSignInit(md, &ctx,
			     EVP_get_digestbyname(spec->md), NULL,
			     spec->signer),
	    1);
	set_pss(ctx, spec->salt_len);
	assert_true(X509_sign_ctx(c, md) > 0);
	EVP_MD_CTX_free(md);
}

X509 *
issue_certificate(const struct issue_spec *spec)
{
	X509 *c = X509_new();
	const X509 *issuer = spec->issuer != NULL ? spec->issuer : c;
	X509_NAME *name = make_name(spec->subject, spec->string_type);

	assert_int_equal(X509_set_version(c, X509_VERSION_3), 1);
	assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(c),
			     spec->serial),
	    1);
	assert_int_equal(X509_set_subject_name(c, name), 1);
	assert_int_equal(X509_set_issuer_name(c, X509_get_subject_name(issuer)),
	    1);
	assert_int_equal(ASN1_TIME_set_string(X509_getm_notBefore(c),
			     spec->not_before != NULL ? spec->not_before
						      : "20200101000000Z"),
	    1);
	assert_int_equal(ASN1_TIME_set_string(X509_getm_notAfter(c),
			     spec->not_after != NULL ? spec->not_after
						     : "20351231235959Z"),
	    1);
	assert_int_equal(X509_set_pubkey(c, spec->key), 1);
	add_extensions(c, issuer, spec);
	sign_certificate(c, spec);
	X509_NAME_free(name);
	return c;
}

/* Bytes that OpenSSL allocated, into those that free() frees. */
static struct test_bytes
adopt(unsigned char *der, int len)
{
	struct test_bytes b = { malloc(len > 0 ? (size_t)len : 1), 0 };

	assert_true(len > 0);
	assert_non_null(b.ptr);
	b.len = (size_t)len;
	memcpy(b.ptr, der, b.len);
	OPENSSL_free(der);
	return b;
}

struct test_bytes
issue_der(X509 *certificate)
{
	unsigned char *der = NULL;
	int len = i2d_X509(certificate, &der);

	return adopt(der, len);
}

struct test_bytes
issue_spki(EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(key, &der);

	return adopt(der, len);
}

void
issue_pair(struct issue_pair *out, const char *csca_kind, const char *ds_kind,
    const char *md, int salt_len)
{
	struct issue_spec spec = { .subject = "/C=UT/O=Utopia/CN=Country",
		.md = md,
		.salt_len = salt_len,
		.string_type = MBSTRING_ASC,
		.serial = 1,
		.constraints = "critical,CA:TRUE,pathlen:0",
		.usage = "critical,keyCertSign,cRLSign",
		.key_ids = true };

	out->csca_key = issue_key(csca_kind);
	out->ds_key = issue_key(ds_kind);
	spec.key = out->csca_key;
	spec.signer = out->csca_key;
	out->csca = issue_certificate(&spec);
	spec.subject = "/C=UT/O=Utopia/CN=Signer";
	spec.issuer = out->csca;
	spec.key = out->ds_key;
	spec.serial = 0x1234;
	spec.constraints = NULL;
	spec.usage = "critical,digitalSignature";
	out->ds = issue_certificate(&spec);
	out->csca_der = issue_der(out->csca);
	out->ds_der = issue_der(out->ds);
}

void
issue_pair_free(struct issue_pair *pair)
{
	X509_free(pair->csca);
	X509_free(pair->ds);
	test_bytes_free(&pair->csca_der);
	test_bytes_free(&pair->ds_der);
}

/* Signs data as they are, without hashing them. */
static struct test_bytes
sign_raw(EVP_PKEY *key, struct test_bytes data)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	struct test_bytes b = { NULL, 0 };

	assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
	assert_int_equal(EVP_PKEY_sign(ctx, NULL, &b.len, data.ptr, data.len),
	    1);
	b.ptr = malloc(b.len);
	assert_int_equal(EVP_PKEY_sign(ctx, b.ptr, &b.len, data.ptr, data.len),
	    1);
	EVP_PKEY_CTX_free(ctx);
	return b;
}

struct test_bytes
issue_plain(EVP_PKEY *key, struct test_bytes der)
{
	const unsigned char *p = der.ptr;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)der.len);
	size_t len = ((size_t)EVP_PKEY_get_bits(key) + 7) / 8;
	struct test_bytes b = { malloc(2 * len), 2 * len };

	assert_non_null(sig);
	assert_true(BN_bn2binpad(ECDSA_SIG_get0_r(sig), b.ptr, (int)len) > 0);
	assert_true(
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), b.ptr + len, (int)len) > 0);
	ECDSA_SIG_free(sig);
	return b;
}

struct test_bytes
issue_signature(EVP_PKEY *key, const char *md, int salt_len,
    struct test_bytes data)
{
	EVP_MD_CTX *ctx;
	EVP_PKEY_CTX *key_ctx;
	struct test_bytes b = { NULL, 0 };

	if (*md == '\0')
		return sign_raw(key, data);
	ctx = EVP_MD_CTX_new();
	assert_int_equal(EVP_DigestSignInit(ctx, &key_ctx,
			     EVP_get_digestbyname(md), NULL, key),
	    1);
	set_pss(key_ctx, salt_len);
	assert_int_equal(EVP_DigestSign(ctx, NULL, &b.len, data.ptr, data.len),
	    1);
	b.ptr = malloc(b.len);
	assert_int_equal(EVP_DigestSign(ctx, b.ptr, &b.len, data.ptr, data.len),
	    1);
	EVP_MD_CTX_free(ctx);
	return b;
}

static void
put_algorithm(struct emrtd_out *out, const char *oid, bool null)
{
	size_t mark = emrtd_open(out, 0x30);

	emrtd_put_oid(out, oid);
	if (null)
		emrtd_put_tlv(out, 0x05, emrtd_bytes(NULL, 0));
	emrtd_close(out, mark);
}

static struct test_bytes
finish(struct emrtd_out *out)
{
	struct test_bytes b = { out->ptr, out->len };

	assert_false(out->bad);
	return b;
}

struct test_bytes
issue_lds_object(enum emrtd_hash hash)
{
	struct emrtd_out out = emrtd_out(malloc(4096), 4096);
	size_t outer = emrtd_open(&out, 0x30), list;
	static const uint8_t version[] = { 2, 1, 0 };

	emrtd_put(&out, emrtd_bytes(version, sizeof(version)));
	put_algorithm(&out, emrtd_hash_oid(hash), false);
	list = emrtd_open(&out, 0x30);
	for (uint8_t dg = 1; dg <= 3; dg++) {
		const uint8_t number[] = { 2, 1, dg };
		size_t entry = emrtd_open(&out, 0x30), digest;

		emrtd_put(&out, emrtd_bytes(number, sizeof(number)));
		digest = emrtd_open(&out, 0x04);
		emrtd_put_fill(&out, (uint8_t)(0x50 + dg),
		    emrtd_hash_len(hash));
		emrtd_close(&out, digest);
		emrtd_close(&out, entry);
	}
	emrtd_close(&out, list);
	emrtd_close(&out, outer);
	return finish(&out);
}

static struct test_bytes
wrap_sod(struct emrtd_bytes content_info)
{
	struct emrtd_out out = emrtd_out(malloc(SOD_CAP), SOD_CAP);

	emrtd_put_tlv(&out, 0x77, content_info);
	return finish(&out);
}

static struct test_bytes
sod_of(CMS_ContentInfo *cms)
{
	struct test_bytes sod;
	unsigned char *der = NULL;
	int len = i2d_CMS_ContentInfo(cms, &der);

	assert_true(len > 0);
	sod = wrap_sod(emrtd_bytes(der, (size_t)len));
	OPENSSL_free(der);
	return sod;
}

struct test_bytes
issue_sod_openssl(const struct issue_pair *pair, const char *md, int salt_len,
    struct test_bytes content, unsigned flags)
{
	unsigned f = CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP;
	BIO *bio = BIO_new_mem_buf(content.ptr, (int)content.len);
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, f);
	ASN1_OBJECT *type = OBJ_txt2obj("2.23.136.1.1.1", 1);
	struct test_bytes sod;
	CMS_SignerInfo *si;

	assert_non_null(cms);
	assert_int_equal(CMS_set1_eContentType(cms, type), 1);
	si = CMS_add1_signer(cms, pair->ds, pair->ds_key,
	    EVP_get_digestbyname(md), f | flags | CMS_KEY_PARAM);
	assert_non_null(si);
	set_pss(CMS_SignerInfo_get0_pkey_ctx(si), salt_len);
	assert_int_equal(CMS_final(cms, bio, NULL, f), 1);
	sod = sod_of(cms);
	ASN1_OBJECT_free(type);
	CMS_ContentInfo_free(cms);
	BIO_free(bio);
	return sod;
}

struct test_bytes
issue_sod_streamed(const struct issue_pair *pair, struct test_bytes content)
{
	unsigned f = CMS_BINARY | CMS_STREAM | CMS_PARTIAL;
	BIO *in = BIO_new_mem_buf(content.ptr, (int)content.len);
	BIO *out = BIO_new(BIO_s_mem());
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, f);
	ASN1_OBJECT *type = OBJ_txt2obj("2.23.136.1.1.1", 1);
	struct test_bytes b = { NULL, 0 };
	struct emrtd_out file;
	char *text;
	long len;

	assert_int_equal(CMS_set1_eContentType(cms, type), 1);
	assert_non_null(
	    CMS_add1_signer(cms, pair->ds, pair->ds_key, EVP_sha256(), f));
	assert_int_equal(i2d_CMS_bio_stream(out, cms, in, CMS_STREAM), 1);
	len = BIO_get_mem_data(out, &text);
	b.len = (size_t)len + 16;
	b.ptr = malloc(b.len);
	file = emrtd_out(b.ptr, b.len);
	emrtd_put_tlv(&file, 0x77,
	    emrtd_bytes((const uint8_t *)text, (size_t)len));
	assert_false(file.bad);
	b.len = file.len;
	ASN1_OBJECT_free(type);
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	BIO_free(out);
	return b;
}

bool
issue_openssl_accepts(struct test_bytes sod)
{
	struct emrtd_bytes in = emrtd_bytes(sod.ptr, sod.len), body;
	const unsigned char *p;
	CMS_ContentInfo *cms;
	BIO *sink = BIO_new(BIO_s_null());
	bool accepted;

	assert_true(emrtd_tlv(&in, 0x77, &body));
	p = body.ptr;
	cms = d2i_CMS_ContentInfo(NULL, &p, (long)body.len);
	accepted = cms != NULL &&
		   CMS_verify(cms, NULL, NULL, NULL, sink,
		       CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1;
	CMS_ContentInfo_free(cms);
	BIO_free(sink);
	return accepted;
}

static const char *
md_name(enum emrtd_hash hash)
{
	static const char *const names[] = { "SHA1", "SHA224", "SHA256",
		"SHA384", "SHA512" };

	return names[hash];
}

static void
put_attribute(struct emrtd_out *out, const char *oid, uint32_t tag,
    struct emrtd_bytes value)
{
	size_t attribute = emrtd_open(out, 0x30), set;

	emrtd_put_oid(out, oid);
	set = emrtd_open(out, 0x31);
	emrtd_put_tlv(out, tag, value);
	emrtd_close(out, set);
	emrtd_close(out, attribute);
}

/* The signed attributes without tag and length. */
static void
put_attributes(struct emrtd_out *out, const struct issue_sod *spec,
    const char *type)
{
	uint8_t digest[EMRTD_HASH_MAX], oid[64];
	struct emrtd_out o = emrtd_out(oid, sizeof(oid));
	struct emrtd_bytes in, value;
	struct test_bytes extra;

	emrtd_put_oid(&o, type);
	in = emrtd_out_bytes(&o);
	assert_true(emrtd_tlv(&in, 0x06, &value));
	if (!spec->swapped_attributes)
		put_attribute(out, "1.2.840.113549.1.9.3", 0x06, value);
	assert_int_equal(EVP_Digest(spec->content.ptr, spec->content.len,
			     digest, NULL,
			     EVP_get_digestbyname(md_name(spec->hash)), NULL),
	    1);
	for (int i = 0; i < (spec->twice_digest ? 2 : 1); i++)
		put_attribute(out, "1.2.840.113549.1.9.4", 0x04,
		    emrtd_bytes(digest, emrtd_hash_len(spec->hash)));
	if (spec->swapped_attributes)
		put_attribute(out, "1.2.840.113549.1.9.3", 0x06, value);
	if (spec->extra_attributes == NULL)
		return;
	extra = test_hex(spec->extra_attributes);
	emrtd_put(out, emrtd_bytes(extra.ptr, extra.len));
	test_bytes_free(&extra);
}

static void
put_sid(struct emrtd_out *out, const struct issue_sod *spec)
{
	X509 *ds = spec->pair->ds;
	unsigned char *name = NULL, *serial = NULL;
	size_t mark;
	int n;

	if (spec->key_id.ptr != NULL) {
		emrtd_put_tlv(out, 0x80,
		    emrtd_bytes(spec->key_id.ptr, spec->key_id.len));
		return;
	}
	mark = emrtd_open(out, 0x30);
	if (spec->issuer_name.ptr != NULL) {
		emrtd_put(out,
		    emrtd_bytes(spec->issuer_name.ptr, spec->issuer_name.len));
	} else {
		n = i2d_X509_NAME(X509_get_issuer_name(ds), &name);
		emrtd_put(out, emrtd_bytes(name, (size_t)n));
	}
	n = i2d_ASN1_INTEGER(X509_get_serialNumber(ds), &serial);
	emrtd_put(out, emrtd_bytes(serial, (size_t)n));
	OPENSSL_free(name);
	OPENSSL_free(serial);
	emrtd_close(out, mark);
}

static struct test_bytes
sign_mask_sha1(EVP_PKEY *key, struct test_bytes data)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *key_ctx;
	struct test_bytes b = { NULL, 0 };

	assert_int_equal(EVP_DigestSignInit(ctx, &key_ctx, EVP_sha256(), NULL,
			     key),
	    1);
	set_pss(key_ctx, 32);
	assert_true(EVP_PKEY_CTX_set_rsa_mgf1_md(key_ctx, EVP_sha1()) > 0);
	assert_int_equal(EVP_DigestSign(ctx, NULL, &b.len, data.ptr, data.len),
	    1);
	b.ptr = malloc(b.len);
	assert_int_equal(EVP_DigestSign(ctx, b.ptr, &b.len, data.ptr, data.len),
	    1);
	EVP_MD_CTX_free(ctx);
	return b;
}

/* PKCS#1 over a DigestInfo of SHA-256 without the NULL. */
static struct test_bytes
sign_bare_digest(EVP_PKEY *key, struct test_bytes data)
{
	static const uint8_t head[] = { 0x30, 0x2F, 0x30, 0x0B, 0x06, 0x09,
		0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x04,
		0x20 };
	uint8_t info[sizeof(head) + 32];
	struct test_bytes b = { info, sizeof(info) };

	memcpy(info, head, sizeof(head));
	assert_int_equal(EVP_Digest(data.ptr, data.len, info + sizeof(head),
			     NULL, EVP_sha256(), NULL),
	    1);
	return sign_raw(key, b);
}

/* RSASSA-PSS-params: SHA-256, a mask with it or SHA-1, a salt of 32. */
static void
put_pss(struct emrtd_out *out, bool mask_sha1)
{
	static const char sha256[] = "06092A864886F70D01010A3034A00F300D0609"
				     "60864801650304020105"
				     "00A11C301A06092A864886F70D010108300D0609"
				     "6086480165030402010500A203020120";
	/* The default mask is MGF1 with SHA-1. */
	static const char sha1[] = "06092A864886F70D01010A3016A00F300D0609"
				   "6086480165030402010500A203020120";
	struct test_bytes b = test_hex(mask_sha1 ? sha1 : sha256);

	emrtd_put_tlv(out, 0x30, emrtd_bytes(b.ptr, b.len));
	test_bytes_free(&b);
}

/* Signs the attributes as a SET; without attributes, the content. */
static struct test_bytes
make_signature(const struct issue_sod *spec, struct emrtd_bytes attributes)
{
	struct emrtd_out out = emrtd_out(malloc(4096), 4096);
	struct test_bytes signature, data;

	if (spec->signature.ptr != NULL) {
		signature.len = spec->signature.len;
		signature.ptr = out.ptr;
		memcpy(out.ptr, spec->signature.ptr, signature.len);
		return signature;
	}
	emrtd_put_tlv(&out, 0x31, attributes);
	data = finish(&out);
	if (spec->mask_sha1)
		signature = sign_mask_sha1(spec->pair->ds_key, data);
	else if (spec->bare_digest)
		signature = sign_bare_digest(spec->pair->ds_key, data);
	else
		signature = issue_signature(spec->pair->ds_key,
		    spec->signer_md != NULL ? spec->signer_md
					    : md_name(spec->hash),
		    spec->pss ? 32 : ISSUE_NO_PSS,
		    spec->no_attributes ? spec->content : data);
	test_bytes_free(&data);
	if (spec->plain) {
		data = issue_plain(spec->pair->ds_key, signature);
		test_bytes_free(&signature);
		return data;
	}
	return signature;
}

static void
put_signer(struct emrtd_out *out, const struct issue_sod *spec,
    const char *type)
{
	uint8_t version[] = { 2, 1, spec->key_id.ptr != NULL ? 3 : 1 };
	uint8_t buf[4096];
	struct emrtd_out attributes = emrtd_out(buf, sizeof(buf));
	struct test_bytes signature;
	size_t mark = emrtd_open(out, 0x30);

	put_attributes(&attributes, spec,
	    spec->attribute_type != NULL ? spec->attribute_type : type);
	signature = make_signature(spec, emrtd_out_bytes(&attributes));
	if (spec->signer_version != 0)
		version[2] = spec->signer_version;
	emrtd_put(out, emrtd_bytes(version, sizeof(version)));
	put_sid(out, spec);
	put_algorithm(out, emrtd_hash_oid(spec->hash), spec->null_parameters);
	if (!spec->no_attributes)
		emrtd_put_tlv(out, 0xA0, emrtd_out_bytes(&attributes));
	if (spec->pss)
		put_pss(out, spec->mask_sha1);
	else
		put_algorithm(out, spec->signature_oid, spec->null_parameters);
	emrtd_put_tlv(out, 0x04, emrtd_bytes(signature.ptr, signature.len));
	if (spec->unsigned_attributes) {
		size_t attributes_mark = emrtd_open(out, 0xA1);

		put_attribute(out, "1.2.840.113549.1.9.2", 0x0C,
		    emrtd_bytes_text("said by nobody"));
		emrtd_close(out, attributes_mark);
	}
	emrtd_close(out, mark);
	test_bytes_free(&signature);
}

static void
put_content(struct emrtd_out *out, const struct issue_sod *spec,
    const char *type)
{
	size_t mark = emrtd_open(out, 0x30), outer;

	emrtd_put_oid(out, type);
	outer = emrtd_open(out, 0xA0);
	emrtd_put_tlv(out, 0x04,
	    emrtd_bytes(spec->content.ptr, spec->content.len));
	emrtd_close(out, outer);
	emrtd_close(out, mark);
}

static void
put_digests(struct emrtd_out *out, const struct issue_sod *spec)
{
	size_t set = emrtd_open(out, 0x31);
	char copy[200], *rest = copy, *oid;

	(void)snprintf(copy, sizeof(copy), "%s",
	    spec->digests != NULL ? spec->digests : emrtd_hash_oid(spec->hash));
	while ((oid = strsep(&rest, " ")) != NULL) {
		if (*oid != '\0')
			put_algorithm(out, oid, spec->null_parameters);
	}
	emrtd_close(out, set);
}

static void
put_signed_data(struct emrtd_out *out, const struct issue_sod *spec)
{
	const uint8_t version[] = { 2, 1,
		spec->version != 0 ? spec->version : 3 };
	const char *type = spec->content_type != NULL ? spec->content_type
						      : "2.23.136.1.1.1";
	unsigned n_certs = spec->n_certificates > 0 ? spec->n_certificates : 1;
	unsigned n_signers = spec->n_signers > 0 ? spec->n_signers : 1;
	size_t mark = emrtd_open(out, 0x30), set;

	emrtd_put(out, emrtd_bytes(version, sizeof(version)));
	put_digests(out, spec);
	put_content(out, spec, type);
	set = emrtd_open(out, 0xA0);
	/* An attribute certificate, or what looks like one from outside. */
	if (spec->other_certificate)
		emrtd_put_tlv(out, 0xA1, emrtd_bytes(NULL, 0));
	emrtd_put(out, emrtd_bytes(spec->stranger.ptr, spec->stranger.len));
	for (unsigned i = 0; !spec->no_certificate && i < n_certs; i++)
		emrtd_put(out, emrtd_bytes(spec->pair->ds_der.ptr,
				   spec->pair->ds_der.len));
	emrtd_close(out, set);
	if (spec->crls)
		emrtd_put_tlv(out, 0xA1, emrtd_bytes(NULL, 0));
	set = emrtd_open(out, 0x31);
	for (unsigned i = 0; i < n_signers; i++)
		put_signer(out, spec, type);
	emrtd_close(out, set);
	emrtd_close(out, mark);
}

struct test_bytes
issue_sod(const struct issue_sod *spec)
{
	struct emrtd_out out = emrtd_out(malloc(SOD_CAP), SOD_CAP);
	struct test_bytes inner, sod;
	size_t mark = emrtd_open(&out, 0x30), outer;

	emrtd_put_oid(&out, "1.2.840.113549.1.7.2");
	outer = emrtd_open(&out, 0xA0);
	put_signed_data(&out, spec);
	emrtd_close(&out, outer);
	emrtd_close(&out, mark);
	inner = finish(&out);
	sod = wrap_sod(emrtd_bytes(inner.ptr, inner.len));
	test_bytes_free(&inner);
	return sod;
}
