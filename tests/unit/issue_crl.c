#include "issue_crl.h"

#include "core/builder.h"
#include "core/cursor.h"
#include "core/oid.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

#define ECDSA_SHA256 "1.2.840.10045.4.3.2"
#define ECDSA_SHA384 "1.2.840.10045.4.3.3"

static void
put_hex(struct emrtd_out *out, const char *hex)
{
	struct test_bytes b = test_hex(hex);

	emrtd_put(out, emrtd_bytes(b.ptr, b.len));
	test_bytes_free(&b);
}

static void
put_time(struct emrtd_out *out, const char *text)
{
	emrtd_put_tlv(out, strlen(text) == 13 ? 0x17 : 0x18,
	    emrtd_bytes_text(text));
}

static void
put_algorithm(struct emrtd_out *out, const char *oid)
{
	size_t mark = emrtd_open(out, 0x30);

	emrtd_put_oid(out, oid);
	emrtd_close(out, mark);
}

static void
put_entries(struct emrtd_out *out, const struct issue_crl *spec)
{
	size_t list = emrtd_open(out, 0x30);

	for (size_t i = 0; i < spec->n_entries; i++) {
		const struct issue_crl_entry *e = &spec->entries[i];
		size_t entry = emrtd_open(out, 0x30);
		size_t part = emrtd_open(out, 0x02);

		put_hex(out, e->serial);
		emrtd_close(out, part);
		put_time(out,
		    e->revoked_at != NULL ? e->revoked_at : "250101000000Z");
		if (e->extensions != NULL) {
			part = emrtd_open(out, 0x30);
			put_hex(out, e->extensions);
			emrtd_close(out, part);
		}
		emrtd_close(out, entry);
	}
	emrtd_close(out, list);
}

static void
put_authority_key(struct emrtd_out *out, X509 *issuer)
{
	const ASN1_OCTET_STRING *id = X509_get0_subject_key_id(issuer);
	size_t extension, value, body;

	if (id == NULL)
		return;
	extension = emrtd_open(out, 0x30);
	emrtd_put_oid(out, "2.5.29.35");
	value = emrtd_open(out, 0x04);
	body = emrtd_open(out, 0x30);
	emrtd_put_tlv(out, 0x80,
	    emrtd_bytes(ASN1_STRING_get0_data(id),
		(size_t)ASN1_STRING_length(id)));
	emrtd_close(out, body);
	emrtd_close(out, value);
	emrtd_close(out, extension);
}

static void
put_extensions(struct emrtd_out *out, const struct issue_crl *spec)
{
	size_t outer = emrtd_open(out, 0xA0), list = emrtd_open(out, 0x30);

	put_authority_key(out, spec->issuer);
	if (spec->extensions != NULL)
		put_hex(out, spec->extensions);
	emrtd_close(out, list);
	emrtd_close(out, outer);
}

static void
put_tbs(struct emrtd_out *out, const struct issue_crl *spec)
{
	const char *next = spec->next != NULL ? spec->next : "260301000000Z";
	size_t tbs = emrtd_open(out, 0x30), part;
	unsigned char *name = NULL;
	int len;

	if (!spec->no_version) {
		part = emrtd_open(out, 0x02);
		put_hex(out, spec->version != NULL ? spec->version : "01");
		emrtd_close(out, part);
	}
	put_algorithm(out, ECDSA_SHA256);
	len = i2d_X509_NAME(X509_get_subject_name(spec->issuer), &name);
	assert_true(len > 0);
	emrtd_put(out, emrtd_bytes(name, (size_t)len));
	OPENSSL_free(name);
	put_time(out, spec->updated != NULL ? spec->updated : "251201000000Z");
	if (*next != '\0')
		put_time(out, next);
	if (spec->n_entries > 0 || spec->empty_sequence)
		put_entries(out, spec);
	if (!spec->no_extensions)
		put_extensions(out, spec);
	emrtd_close(out, tbs);
}

struct test_bytes
issue_crl(const struct issue_crl *spec)
{
	size_t cap = 4096 + 128 * spec->n_entries, outer;
	struct emrtd_out out = emrtd_out(malloc(cap), cap);
	struct test_bytes signature, tbs;

	assert_non_null(out.ptr);
	outer = emrtd_open(&out, 0x30);
	tbs.ptr = &out.ptr[out.len];
	tbs.len = out.len;
	put_tbs(&out, spec);
	tbs.len = out.len - tbs.len;
	signature = issue_signature(spec->key, "SHA256", ISSUE_NO_PSS, tbs);
	put_algorithm(&out, spec->two_algorithms ? ECDSA_SHA384 : ECDSA_SHA256);
	emrtd_put_tlv_head(&out, 0x03, signature.len + 1);
	emrtd_put_u8(&out, 0);
	emrtd_put(&out, emrtd_bytes(signature.ptr, signature.len));
	emrtd_close(&out, outer);
	assert_false(out.bad);
	test_bytes_free(&signature);
	return (struct test_bytes){ out.ptr, out.len };
}

static void
add_revoked(X509_CRL *crl, long serial, int reason)
{
	X509_REVOKED *r = X509_REVOKED_new();
	ASN1_INTEGER *number = ASN1_INTEGER_new();
	ASN1_TIME *when = ASN1_TIME_new();
	ASN1_ENUMERATED *why = ASN1_ENUMERATED_new();

	assert_int_equal(ASN1_INTEGER_set(number, serial), 1);
	assert_int_equal(X509_REVOKED_set_serialNumber(r, number), 1);
	assert_int_equal(ASN1_TIME_set_string(when, "20250101000000Z"), 1);
	assert_int_equal(X509_REVOKED_set_revocationDate(r, when), 1);
	assert_int_equal(ASN1_ENUMERATED_set(why, reason), 1);
	assert_int_equal(X509_REVOKED_add1_ext_i2d(r, NID_crl_reason, why, 0,
			     0),
	    1);
	assert_int_equal(X509_CRL_add0_revoked(crl, r), 1);
	ASN1_ENUMERATED_free(why);
	ASN1_TIME_free(when);
	ASN1_INTEGER_free(number);
}

X509_CRL *
issue_crl_openssl(X509 *issuer, EVP_PKEY *key, const char *updated,
    const char *next, long first, size_t n)
{
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *when = ASN1_TIME_new();
	X509_EXTENSION *e;
	X509V3_CTX ctx;

	assert_int_equal(X509_CRL_set_version(crl, X509_CRL_VERSION_2), 1);
	assert_int_equal(X509_CRL_set_issuer_name(crl,
			     X509_get_subject_name(issuer)),
	    1);
	assert_int_equal(ASN1_TIME_set_string(when, updated), 1);
	assert_int_equal(X509_CRL_set1_lastUpdate(crl, when), 1);
	assert_int_equal(ASN1_TIME_set_string(when, next), 1);
	assert_int_equal(X509_CRL_set1_nextUpdate(crl, when), 1);
	for (size_t i = 0; i < n; i++)
		add_revoked(crl, first + 2 * (long)i, (int)(i % 6));
	X509V3_set_ctx(&ctx, issuer, NULL, NULL, crl, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, NID_authority_key_identifier,
	    "keyid");
	assert_non_null(e);
	assert_int_equal(X509_CRL_add_ext(crl, e, -1), 1);
	assert_true(X509_CRL_sign(crl, key, EVP_sha256()) > 0);
	X509_EXTENSION_free(e);
	ASN1_TIME_free(when);
	return crl;
}
