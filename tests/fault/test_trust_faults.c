/*
 * The n-th allocation fails while documents are verified that need link
 * certificates and revocation lists: what was not looked at for want of memory
 * never lets a document through that is revoked, or vouched for by nobody.
 */
#include "allocation_faults.h"
#include "der_tree.h"
#include "emrtd_test.h"
#include "shop.h"
#include "shop_keys.h"

#include <emrtd/reader.h>

#include <string.h>

#define AT 1780315200 /* 2026-06-01T12:00:00Z */

/* Both of a document whose signer a link certificate leads to. */
#define BY_LINK "use ds.issuer=link; use paths=link"
#define REVOKED "; use revoked=(30 (30 (02 1234) (17 '260520000000Z')))"
/* Signed by somebody else under the right name. */
#define FORGED "; use link.signkey=$other-key"

struct document {
	struct emrtd_bytes files[EMRTD_N_FILES], csca, link, list;
};

static struct emrtd_bytes
part(const struct shop *shop, const char *name)
{
	const struct shop_artifact *a = shop_artifact(shop, name);

	if (a == NULL)
		fail_msg("there is no %s", name);
	return shop_encoded(a);
}

static void
issue(struct document *d, const char *edits)
{
	struct shop *shop = shop_make("ecdsa-named", edits, SHOP_ISSUER, NULL);

	memset(d, 0, sizeof(*d));
	d->files[EMRTD_EF_SOD] = part(shop, "sod");
	d->files[EMRTD_EF_COM] = part(shop, "com");
	d->files[EMRTD_DG1] = part(shop, "dg1");
	d->files[EMRTD_DG2] = part(shop, "dg2");
	d->files[EMRTD_DG14] = part(shop, "dg14");
	d->files[EMRTD_DG15] = part(shop, "dg15");
	d->csca = part(shop, "csca");
	d->link = part(shop, "link");
	d->list = part(shop, "crl");
}

static enum emrtd_error
verify_once(struct emrtd_ctx *ctx, const struct document *d,
    enum emrtd_policy policy, enum emrtd_data_verdict *data)
{
	struct emrtd_verify_options options = { .size = sizeof(options),
		.at = AT,
		.files = d->files,
		.policy = policy };
	struct emrtd_result *result = NULL;
	struct emrtd_trust *trust = NULL;
	enum emrtd_error e;

	e = emrtd_trust_new(ctx, &trust);
	if (e == EMRTD_OK)
		e = emrtd_trust_add_der(trust, d->csca, 0, NULL);
	if (e == EMRTD_OK)
		e = emrtd_trust_add_der(trust, d->link, EMRTD_TRUST_PATH_ONLY,
		    NULL);
	if (e == EMRTD_OK)
		e = emrtd_trust_add_crl_der(trust, d->list, NULL);
	options.trust = trust;
	if (e == EMRTD_OK)
		e = emrtd_verify_files(ctx, &options, &result);
	*data = EMRTD_DATA_UNDETERMINED;
	if (result != NULL)
		*data = emrtd_result_data(result);
	assert_int_equal(result != NULL, e == EMRTD_OK);
	emrtd_result_free(&result);
	emrtd_trust_free(&trust);
	return e;
}

/* True when an allocation failed on the way. */
static bool
verify(const struct document *d, enum emrtd_policy policy, unsigned long n,
    bool of_openssl, enum emrtd_data_verdict *data)
{
	struct emrtd_ctx *ctx = NULL;
	unsigned long *countdown = of_openssl ? &fault_openssls : &fault_ours;
	bool failed;

	/* Its own failures are test_out_of_memory's. */
	assert_ok(emrtd_ctx_new(NULL, NULL, &ctx));
	*countdown = n;
	(void)!verify_once(ctx, d, policy, data);
	failed = *countdown == 0;
	*countdown = 0;
	/* Nothing of the shortage stays behind. */
	emrtd_ctx_free(&ctx);
	return failed;
}

static void
sweep(const char *edits, enum emrtd_policy policy, bool of_openssl,
    bool authentic)
{
	enum emrtd_data_verdict data, untouched;
	unsigned long n = 0;
	struct document d;

	issue(&d, edits);
	(void)verify(&d, policy, 0, false, &untouched);
	assert_int_equal(untouched == EMRTD_DATA_AUTHENTIC, authentic);
	fault_openssl_may_leak = of_openssl;
	while (verify(&d, policy, ++n, of_openssl, &data)) {
		if (data == EMRTD_DATA_AUTHENTIC)
			assert_true(authentic);
		/* OpenSSL does not tell a wrong signature from no memory. */
		if (data == EMRTD_DATA_FAILED && !of_openssl)
			assert_int_equal(untouched, EMRTD_DATA_FAILED);
	}
	fault_openssl_may_leak = false;
	assert_int_equal(data, untouched);
	assert_true(n > 5);
	print_message("%lu allocations\n", n - 1);
	der_release();
}

static void
all_of(const char *edits, bool authentic)
{
	sweep(edits, EMRTD_POLICY_FIELD, false, authentic);
	sweep(edits, EMRTD_POLICY_FIELD, true, authentic);
	sweep(edits, EMRTD_POLICY_STRICT, false, authentic);
}

static void
a_good_document(void **state)
{
	(void)state;
	all_of(BY_LINK, true);
}

static void
a_revoked_signer(void **state)
{
	(void)state;
	all_of(BY_LINK REVOKED, false);
}

static void
a_forged_link(void **state)
{
	(void)state;
	all_of(BY_LINK FORGED, false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_document),
		cmocka_unit_test(a_revoked_signer),
		cmocka_unit_test(a_forged_link),
	};
	int failed;

	if (!fault_begin())
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	shop_keys_free();
	return failed;
}
