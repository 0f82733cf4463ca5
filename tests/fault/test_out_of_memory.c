/*
 * The n-th allocation fails, ours or OpenSSL's, for n = 1, 2 ... until a
 * verification passes untouched: never a crash or a leak (the asan preset
 * looks), and never 'authentic' for a document that is not.
 */
#include "emrtd_test.h"
#include "virtual_read.h"

#include <openssl/crypto.h>
#include <stdlib.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);

/* Counts down to the one that fails; 0 is none. */
static unsigned long ours, openssls;

static bool
fails(unsigned long *countdown)
{
	return *countdown > 0 && --*countdown == 0;
}

void *
__wrap_malloc(size_t n)
{
	return fails(&ours) ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return fails(&ours) ? NULL : __real_calloc(n, size);
}

/* Of the leak sanitizer, where there is one. */
void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

/*
 * OpenSSL 3.0 leaks names of algorithms when its own memory runs out. What it
 * holds counts when our allocations fail, and not when its own do.
 */
static bool openssl_may_leak;

static void *
openssl_malloc(size_t n, const char *file, int line)
{
	bool hide = openssl_may_leak && __lsan_disable != NULL;
	void *p;

	(void)file;
	(void)line;
	if (fails(&openssls))
		return NULL;
	if (hide)
		__lsan_disable();
	p = __real_malloc(n);
	if (hide)
		__lsan_enable();
	return p;
}

static void *
openssl_realloc(void *p, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails(&openssls) ? NULL : realloc(p, n);
}

static void
openssl_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

struct document {
	struct emrtd_card *card;
	struct emrtd_bytes files[EMRTD_N_FILES];
};

static void
issue(struct document *d, const char *misbehaviour)
{
	struct virtual_read v;

	virtual_read_init(&v);
	if (misbehaviour != NULL)
		virtual_misbehave(&v, misbehaviour);
	assert_ok(emrtd_card_issue(NULL, &v.profile, NULL, &d->card));
	for (int i = 0; i < EMRTD_N_FILES; i++)
		d->files[i] = emrtd_card_file(d->card, (enum emrtd_file)i);
}

/*
 * A whole verification with one allocation that fails. True when it came to
 * that; the verdict otherwise.
 */
static bool
verify(const struct document *d, unsigned long fail_ours,
    unsigned long fail_openssls, enum emrtd_data_verdict *verdict)
{
	struct emrtd_verify_options options = { .size = sizeof(options),
		.at = VIRTUAL_AT,
		.files = d->files };
	struct emrtd_result *result = NULL;
	struct emrtd_trust *trust = NULL;
	struct emrtd_ctx *ctx = NULL;
	bool failed;
	enum emrtd_error e;

	*verdict = EMRTD_DATA_UNDETERMINED;
	ours = fail_ours;
	openssls = fail_openssls;
	e = emrtd_ctx_new(NULL, NULL, &ctx);
	if (e == EMRTD_OK)
		e = emrtd_trust_new(ctx, &trust);
	if (e == EMRTD_OK)
		e = emrtd_trust_add_der(trust, emrtd_card_csca(d->card),
		    EMRTD_TRUST_ALLOW_TEST, NULL);
	options.trust = trust;
	if (e == EMRTD_OK)
		e = emrtd_verify_files(ctx, &options, &result);
	failed = ours == 0 && openssls == 0;
	ours = 0;
	openssls = 0;
	if (result != NULL)
		*verdict = emrtd_result_data(result);
	else
		assert_int_not_equal(e, EMRTD_OK);
	emrtd_result_free(&result);
	emrtd_trust_free(&trust);
	emrtd_ctx_free(&ctx);
	return failed;
}

/* Every 7th of OpenSSL's, or another step for a campaign or a hurry. */
static unsigned long
openssl_step(void)
{
	const char *text = getenv("MRTD_ALLOCATION_STEP");
	unsigned long step = text != NULL ? strtoul(text, NULL, 10) : 7;

	return step > 0 ? step : 7;
}

static void
sweep(const char *misbehaviour, bool of_openssl,
    enum emrtd_data_verdict expected)
{
	enum emrtd_data_verdict verdict;
	struct document d;
	/* Most of OpenSSL's thousands are its fetching of algorithms. */
	unsigned long n = 0, step = of_openssl ? openssl_step() : 1;

	issue(&d, misbehaviour);
	openssl_may_leak = of_openssl;
	while (verify(&d, of_openssl ? 0 : n + 1, of_openssl ? n + 1 : 0,
	    &verdict)) {
		n += step;
		if (verdict == EMRTD_DATA_AUTHENTIC)
			assert_int_equal(expected, EMRTD_DATA_AUTHENTIC);
	}
	openssl_may_leak = false;
	assert_int_equal(verdict, expected);
	assert_true(n > 5);
	print_message("%lu allocations, every %lu\n", n, step);
	emrtd_card_free(&d.card);
}

static void
ours_of_a_good_document(void **state)
{
	(void)state;
	sweep(NULL, false, EMRTD_DATA_AUTHENTIC);
}

static void
ours_of_a_forged_document(void **state)
{
	(void)state;
	sweep("tamper=EF.SOD", false, EMRTD_DATA_FAILED);
}

static void
openssls_of_a_good_document(void **state)
{
	(void)state;
	sweep(NULL, true, EMRTD_DATA_AUTHENTIC);
}

static void
openssls_of_a_forged_document(void **state)
{
	(void)state;
	sweep("tamper=EF.SOD", true, EMRTD_DATA_FAILED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ours_of_a_good_document),
		cmocka_unit_test(ours_of_a_forged_document),
		cmocka_unit_test(openssls_of_a_good_document),
		cmocka_unit_test(openssls_of_a_forged_document),
	};

	/* Before OpenSSL allocates anything. */
	if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc,
		openssl_free) != 1)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
