/*
 * Revocation lists in our own encoding, for what OpenSSL does not produce, and
 * by OpenSSL, signed at the time of the test.
 */
#ifndef MRTD_TEST_ISSUE_CRL_H
#define MRTD_TEST_ISSUE_CRL_H

#include "issue_openssl.h"

/* Times are UTCTime of 13 characters or GeneralizedTime of 15. */
struct issue_crl_entry {
	const char *serial;     /* content of the INTEGER, in hex */
	const char *revoked_at; /* NULL: "250101000000Z" */
	const char *extensions; /* their SEQUENCE's content, in hex; or NULL */
};

struct issue_crl {
	X509 *issuer;        /* its subject's name, and its key identifier */
	EVP_PKEY *key;       /* ECDSA with SHA-256 */
	const char *updated; /* NULL: "251201000000Z" */
	const char *next;    /* NULL: "260301000000Z"; "": none */
	const struct issue_crl_entry *entries;
	size_t n_entries;
	const char *extensions; /* more of them, in hex; or NULL */
	const char *version;    /* content of the INTEGER, in hex; NULL: 01 */
	bool no_version, no_extensions, two_algorithms, empty_sequence;
};

/* In hex, for the members above: entries with a reason, as RFC 5280 has it. */
#define ISSUE_REASON(hex) "300A 0603551D15 0403 0A01" hex
/* An extension of list or entry that nobody knows, critical. */
#define ISSUE_UNKNOWN_CRITICAL "300C 06032A0304 0101FF 0402 0500"

struct test_bytes issue_crl(const struct issue_crl *spec);
/* By OpenSSL; the caller frees it. n serials from 'first' on, every second. */
X509_CRL *issue_crl_openssl(X509 *issuer, EVP_PKEY *key, const char *updated,
    const char *next, long first, size_t n);

#endif
