/*
 * Passive Authentication beside a straight-line program that makes the same
 * calls of OpenSSL and nothing else, in turns, in one process.
 *
 *   bench_verify FOLDER [ROUNDS]
 *   bench_verify --certificates N
 *
 * FOLDER: the files of a passport as emrtd-read wrote them; they are signed
 * anew by keys of each kind. A round is a number of documents verified by
 * either, and its figure is the processor's time; the median of the rounds is
 * told. Prints rows of a table in Markdown. Exit status 1 when a document is
 * not authentic, or the straight line fails.
 *
 * --certificates prints N certificates of one RSA key of 4096 bits as PEM, for
 * bench-memory.
 */
#include "core/builder.h"
#include "core/oid.h"
#include "issue_openssl.h"
#include "pki/sod.h"
#include "test.h"

#include <emrtd/reader.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define AT         1767225600 /* 2026-01-01 */
#define ROUNDS_MAX 999
#define PATH_CAP   4096
/* Data groups that are hashed; with the LDS Security Object five hashes. */
#define N_GROUPS 4

static const unsigned groups[N_GROUPS] = { 1, 2, 14, 15 };

static const struct kind {
	const char *name;
	const char *csca, *ds; /* keys of tests/unit/issue_openssl.h */
	int per_round;
} kinds[] = {
	{ "RSA-2048", "RSA-2048 b", "RSA-2048", 100 },
	{ "RSA-4096", "RSA-4096 b", "RSA-4096", 50 },
	{ "ECDSA P-256", "prime256v1 b", "prime256v1", 60 },
	{ "ECDSA brainpoolP256r1", "brainpoolP256r1 b", "brainpoolP256r1", 20 },
};

/* A document, and what the straight line needs of it. */
struct document {
	struct test_bytes files[EMRTD_N_FILES];
	struct emrtd_bytes views[EMRTD_N_FILES];
	struct issue_pair pair;
	struct test_bytes attributes; /* as they are signed */
	struct emrtd_bytes content;   /* LDS Security Object */
	struct emrtd_bytes tbs, ds_signature, sod_signature;
	/* Parsed once, as the trust store does. */
	EVP_PKEY *csca_key;
	EVP_MD *md;
	const struct emrtd_verify_options *options;
	struct emrtd_ctx *ctx;
};

/* ---- The straight line -------------------------------------------------- */

static bool
signature_holds(EVP_PKEY *key, const EVP_MD *md, struct emrtd_bytes signature,
    struct emrtd_bytes message)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = EVP_DigestVerifyInit(ctx, NULL, md, NULL, key) == 1 &&
		  EVP_DigestVerify(ctx, signature.ptr, signature.len,
		      message.ptr, message.len) == 1;

	EVP_MD_CTX_free(ctx);
	return ok;
}

static bool
hash(const EVP_MD *md, struct emrtd_bytes bytes)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len;

	return EVP_Digest(bytes.ptr, bytes.len, digest, &len, md, NULL) == 1;
}

static bool
straight_line(const struct document *d)
{
	const unsigned char *p = d->pair.ds_der.ptr;
	X509 *ds = d2i_X509(NULL, &p, (long)d->pair.ds_der.len);
	bool ok = ds != NULL &&
		  signature_holds(X509_get0_pubkey(ds), d->md, d->sod_signature,
		      emrtd_bytes(d->attributes.ptr, d->attributes.len)) &&
		  signature_holds(d->csca_key, d->md, d->ds_signature, d->tbs);

	X509_free(ds);
	ok = ok && hash(d->md, d->content);
	for (size_t i = 0; i < N_GROUPS; i++)
		ok = ok && hash(d->md, d->views[EMRTD_DG1 + groups[i] - 1]);
	return ok;
}

/* ---- Ours --------------------------------------------------------------- */

static bool
whole(const struct document *d)
{
	struct emrtd_result *result = NULL;
	bool ok = emrtd_verify_files(d->ctx, d->options, &result) == EMRTD_OK &&
		  emrtd_result_data(result) == EMRTD_DATA_AUTHENTIC;

	emrtd_result_free(&result);
	return ok;
}

/* ---- A document of a kind ----------------------------------------------- */

static struct test_bytes
lds_object(const struct document *d, struct emrtd_crypto *crypto)
{
	struct test_bytes b = { malloc(1024), 0 };
	struct emrtd_out out = emrtd_out(b.ptr, 1024);
	size_t whole_mark = emrtd_open(&out, 0x30), list, entry, alg;
	uint8_t digest[EMRTD_HASH_MAX];

	emrtd_put_tlv(&out, 0x02, emrtd_bytes((const uint8_t *)"", 1));
	alg = emrtd_open(&out, 0x30);
	emrtd_put_oid(&out, emrtd_hash_oid(EMRTD_SHA256));
	emrtd_close(&out, alg);
	list = emrtd_open(&out, 0x30);
	for (size_t i = 0; i < N_GROUPS; i++) {
		uint8_t number = (uint8_t)groups[i];

		if (emrtd_hash(crypto, EMRTD_SHA256,
			&d->views[EMRTD_DG1 + groups[i] - 1], 1,
			digest) != EMRTD_OK)
			abort();
		entry = emrtd_open(&out, 0x30);
		emrtd_put_tlv(&out, 0x02, emrtd_bytes(&number, 1));
		emrtd_put_tlv(&out, 0x04, emrtd_bytes(digest, 32));
		emrtd_close(&out, entry);
	}
	emrtd_close(&out, list);
	emrtd_close(&out, whole_mark);
	if (out.bad)
		abort();
	b.len = out.len;
	return b;
}

static bool
sign(struct document *d, const struct kind *kind, struct emrtd_crypto *crypto)
{
	struct test_bytes content = lds_object(d, crypto), sod;
	struct emrtd_certificate ds;
	struct emrtd_sod parsed;

	issue_pair(&d->pair, kind->csca, kind->ds, "SHA256", ISSUE_NO_PSS);
	sod = issue_sod_openssl(&d->pair, "SHA256", ISSUE_NO_PSS, content, 0);
	test_bytes_free(&content);
	d->files[EMRTD_EF_SOD] = sod;
	d->views[EMRTD_EF_SOD] = emrtd_bytes(sod.ptr, sod.len);
	if (emrtd_sod_parse(d->views[EMRTD_EF_SOD], NULL, &parsed) !=
		EMRTD_OK ||
	    emrtd_certificate_parse(emrtd_bytes(d->pair.ds_der.ptr,
					d->pair.ds_der.len),
		NULL, &ds) != EMRTD_OK)
		return false;
	d->content = parsed.cms.content;
	d->sod_signature = parsed.cms.signature;
	d->tbs = ds.object.tbs;
	d->ds_signature = ds.object.signature;
	d->attributes.len = parsed.cms.signed_attributes.len;
	d->attributes.ptr = malloc(d->attributes.len);
	memcpy(d->attributes.ptr, parsed.cms.signed_attributes.ptr,
	    d->attributes.len);
	d->attributes.ptr[0] = 0x31; /* RFC 5652 5.4 */
	d->csca_key = X509_get_pubkey(d->pair.csca);
	return d->csca_key != NULL;
}

static void
unsign(struct document *d)
{
	EVP_PKEY_free(d->csca_key);
	issue_pair_free(&d->pair);
	test_bytes_free(&d->attributes);
	test_bytes_free(&d->files[EMRTD_EF_SOD]);
}

/* ---- Measuring ---------------------------------------------------------- */

static double
processor_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Microseconds a document; negative when one fails. */
static double
measure(const struct document *d, bool (*verify)(const struct document *),
    int n)
{
	double before = processor_us();

	for (int i = 0; i < n; i++) {
		if (!verify(d))
			return -1;
	}
	return (processor_us() - before) / n;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), by_size);
	return values[n / 2];
}

static bool
compare(const struct document *d, const struct kind *kind, size_t rounds)
{
	static double line[ROUNDS_MAX], ours[ROUNDS_MAX], ratio[ROUNDS_MAX];
	double a, b;

	for (size_t i = 0; i < rounds; i++) {
		line[i] = measure(d, straight_line, kind->per_round);
		ours[i] = measure(d, whole, kind->per_round);
		if (line[i] < 0 || ours[i] < 0) {
			fprintf(stderr, "bench_verify: %s: %s\n", kind->name,
			    line[i] < 0 ? "the straight line fails"
					: "not authentic");
			return false;
		}
		ratio[i] = ours[i] / line[i];
	}
	a = median(line, rounds);
	b = median(ours, rounds);
	printf("| %s | %.0f µs | %.0f µs | %.2f | %.0f | %.0f |\n", kind->name,
	    a, b, median(ratio, rounds), 1e6 / a, 1e6 / b);
	return true;
}

static bool
run(struct document *d, const struct kind *kind, struct emrtd_crypto *crypto,
    size_t rounds)
{
	struct emrtd_verify_options options = { .size = sizeof(options),
		.at = AT,
		.files = d->views };
	struct emrtd_trust *trust = NULL;
	bool ok;

	if (!sign(d, kind, crypto) ||
	    emrtd_trust_new(d->ctx, &trust) != EMRTD_OK ||
	    emrtd_trust_add_der(trust,
		emrtd_bytes(d->pair.csca_der.ptr, d->pair.csca_der.len), 0,
		NULL) != EMRTD_OK) {
		fprintf(stderr, "bench_verify: %s: not issued\n", kind->name);
		return false;
	}
	options.trust = trust;
	d->options = &options;
	ok = compare(d, kind, rounds);
	emrtd_trust_free(&trust);
	unsign(d);
	return ok;
}

static void
load(struct document *d, const char *folder)
{
	for (int i = 0; i < EMRTD_N_FILES; i++) {
		char path[PATH_CAP];
		FILE *f;

		(void)snprintf(path, sizeof(path), "%s/%s.bin", folder,
		    emrtd_file_name((enum emrtd_file)i));
		f = fopen(path, "rb");
		if (f == NULL || i == EMRTD_EF_SOD) {
			if (f != NULL)
				(void)fclose(f);
			continue;
		}
		(void)fclose(f);
		d->files[i] = test_file(path);
		d->views[i] = emrtd_bytes(d->files[i].ptr, d->files[i].len);
	}
}

static int
print_certificates(long n)
{
	struct issue_spec spec = { .subject = "/C=UT/O=Utopia/CN=Country",
		.key = issue_key("RSA-4096"),
		.signer = issue_key("RSA-4096"),
		.md = "SHA256",
		.salt_len = ISSUE_NO_PSS,
		.string_type = V_ASN1_UTF8STRING,
		.constraints = "critical,CA:TRUE,pathlen:0",
		.usage = "critical,keyCertSign,cRLSign",
		.key_ids = true };
	bool ok = true;

	for (spec.serial = 1; spec.serial <= n && ok; spec.serial++) {
		X509 *c = issue_certificate(&spec);

		ok = PEM_write_X509(stdout, c) == 1;
		X509_free(c);
	}
	issue_teardown(NULL);
	return ok && fflush(stdout) == 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct document d = { .csca_key = NULL };
	struct emrtd_crypto *crypto = NULL;
	size_t rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : 51;
	bool ok = true;

	if (argc == 3 && strcmp(argv[1], "--certificates") == 0)
		return print_certificates(strtol(argv[2], NULL, 10));
	if (argc < 2 || rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: bench_verify FOLDER [ROUNDS]\n");
		return 2;
	}
	load(&d, argv[1]);
	d.md = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (d.md == NULL || emrtd_crypto_new(NULL, &crypto) != EMRTD_OK ||
	    emrtd_ctx_new(NULL, NULL, &d.ctx) != EMRTD_OK) {
		fprintf(stderr, "bench_verify: no cryptography\n");
		return 3;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && ok; i++)
		ok = run(&d, &kinds[i], crypto, rounds);
	emrtd_ctx_free(&d.ctx);
	emrtd_crypto_free(&crypto);
	EVP_MD_free(d.md);
	issue_teardown(NULL);
	for (int i = 0; i < EMRTD_N_FILES; i++) {
		if (i != EMRTD_EF_SOD)
			test_bytes_free(&d.files[i]);
	}
	return ok ? 0 : 1;
}
