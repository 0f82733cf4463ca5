/*
 * Keys, certificates and EF.SOD made with OpenSSL at the time of the test.
 * Whatever goes wrong in here fails the test that is running.
 */
#ifndef MRTD_TEST_ISSUE_H
#define MRTD_TEST_ISSUE_H

#include "crypto/hash.h"
#include "data.h"

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

/*
 * A key of a kind, made once and kept: "RSA-2048", "RSA-2048 e=3" (also
 * e=1, with which everybody signs), "DSA-1024",
 * "DSA-2048", "DSA-2048-256" (bits of q, else 224), a curve by its OpenSSL name, or that with " explicit" for explicit domain parameters. "RSA-2048 b"
 * is another key of the same kind. Borrowed.
 */
EVP_PKEY *issue_key(const char *kind);
/* Frees all of them: the group teardown of a test program. */
int issue_teardown(void **state);

#define ISSUE_NO_PSS (-1)

struct issue_spec {
	const char *subject; /* "/C=UT/CN=Country" */
	const X509 *issuer;  /* NULL: itself */
	EVP_PKEY *key;       /* of the subject */
	EVP_PKEY *signer;    /* of the issuer */
	const char *md;      /* "SHA256" */
	int salt_len;        /* or ISSUE_NO_PSS */
	int string_type;     /* MBSTRING_ASC, V_ASN1_UTF8STRING ... */
	long serial;
	const char *not_before, *not_after; /* NULL: from 2020 to 2035 */
	const char *constraints; /* extensions by OpenSSL's text; NULL: none */
	const char *usage, *extended_usage;
	bool key_ids;      /* subject and authority key identifier */
	const char *extra; /* an extension of this OID, value NULL */
	bool extra_critical;
};

/* The caller frees it. */
X509 *issue_certificate(const struct issue_spec *spec);
struct test_bytes issue_der(X509 *certificate);
struct test_bytes issue_spki(EVP_PKEY *key);

/* A country and its Document Signer; freed by issue_pair_free. */
struct issue_pair {
	X509 *csca, *ds;
	EVP_PKEY *csca_key, *ds_key; /* borrowed */
	struct test_bytes csca_der, ds_der;
};
void issue_pair(struct issue_pair *out, const char *csca_kind,
    const char *ds_kind, const char *md, int salt_len);
void issue_pair_free(struct issue_pair *pair);

/*
 * A raw signature over data. salt_len as above; "" for md signs the data as
 * they are (a digest, or what PKCS#1 should pad).
 */
struct test_bytes issue_signature(EVP_PKEY *key, const char *md, int salt_len,
    struct test_bytes data);

/* The same of ECDSA as r and s one after the other. */
struct test_bytes issue_plain(EVP_PKEY *key, struct test_bytes der);

/* An LDS Security Object of version 0 with hashes that mean nothing. */
struct test_bytes issue_lds_object(enum emrtd_hash hash);

/* EF.SOD by OpenSSL's CMS functions. flags: CMS_USE_KEYID or 0. */
struct test_bytes issue_sod_openssl(const struct issue_pair *pair,
    const char *md, int salt_len, struct test_bytes content, unsigned flags);
/* The same as OpenSSL streams it: indefinite lengths, content in pieces. */
struct test_bytes issue_sod_streamed(const struct issue_pair *pair,
    struct test_bytes content);
/* OpenSSL's opinion on the signature of a SOD, certificates not looked at. */
bool issue_openssl_accepts(struct test_bytes sod);

/* EF.SOD in our own encoding, for what OpenSSL does not produce. */
struct issue_sod {
	const struct issue_pair *pair;
	struct test_bytes content;
	const char *content_type;   /* NULL: the SOD's */
	const char *attribute_type; /* NULL: the same */
	enum emrtd_hash hash;
	const char *signature_oid;
	bool null_parameters;          /* of hash and signature algorithm */
	struct test_bytes issuer_name; /* ptr NULL: the certificate's */
	struct test_bytes key_id;      /* ptr NULL: issuer and serial */
	struct test_bytes signature;   /* ptr NULL: made with the DS key */
	unsigned n_signers;            /* 0 stands for 1 */
	unsigned n_certificates;       /* 0 stands for 1; all the same */
	struct test_bytes stranger;    /* a certificate before them, or none */
	bool no_certificate, no_attributes, twice_digest;
	uint8_t version;        /* of SignedData; 0 stands for 3 */
	uint8_t signer_version; /* 0 stands for what goes with the sid */
	/*
	 * The list of digest algorithms, OIDs parted by blanks; NULL: the
	 * signer's.
	 */
	const char *digests;
	const char *signer_md; /* over another hash than 'hash'; NULL: no */
	bool pss;              /* SHA-256 and a salt of 32 */
	bool mask_sha1;        /* ... with SHA-1 in the mask */
	bool plain;            /* r and s one after the other */
	bool bare_digest; /* SHA-256 under PKCS#1, DigestInfo without NULL */
	const char *extra_attributes; /* hex, behind the others; or NULL */
	bool swapped_attributes;      /* the second before the first */
	bool crls, unsigned_attributes, other_certificate;
};
struct test_bytes issue_sod(const struct issue_sod *spec);

#endif
