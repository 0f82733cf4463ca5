/* The document and the trust that go with it, through emrtd_verify_files. */
#include "shop.h"

#include "test.h"

#include <mrz/mrz.h>

#include <stdio.h>
#include <string.h>

static const struct {
	const char *artifact;
	enum emrtd_file file;
} files[] = {
	{ "com", EMRTD_EF_COM },
	{ "sod", EMRTD_EF_SOD },
	{ "access", EMRTD_EF_CARD_ACCESS },
	{ "cs", EMRTD_EF_CARD_SECURITY },
	{ "dg1", EMRTD_DG1 },
	{ "dg2", EMRTD_DG2 },
	{ "dg3", EMRTD_DG3 },
	{ "dg4", EMRTD_DG4 },
	{ "dg7", EMRTD_DG7 },
	{ "dg10", EMRTD_DG10 },
	{ "dg11", EMRTD_DG11 },
	{ "dg12", EMRTD_DG12 },
	{ "dg13", EMRTD_DG13 },
	{ "dg14", EMRTD_DG14 },
	{ "dg15", EMRTD_DG15 },
	{ "dg16", EMRTD_DG16 },
	{ "cvca", EMRTD_EF_CVCA },
};

static void
add_certificates(struct shop *shop, struct emrtd_trust *trust,
    const char *setting, unsigned flags)
{
	const char *at = shop_value(shop, "", setting), *name;

	if (strcmp(shop_value(shop, "", "test-trust"), "yes") == 0)
		flags |= EMRTD_TRUST_ALLOW_TEST;
	while ((name = shop_next_word(&at)) != NULL) {
		enum emrtd_error e = emrtd_trust_add_der(trust,
		    shop_encoded(shop_artifact(shop, name)), flags, NULL);

		/* Who cannot be read cannot be trusted: no failure. */
		if (e != EMRTD_OK && e != EMRTD_E_MALFORMED &&
		    e != EMRTD_E_TRAILING && e != EMRTD_E_TEST_TRUST &&
		    e != EMRTD_E_UNSUPPORTED && e != EMRTD_E_LIMIT)
			fail_msg("trusting %s: %s", name, emrtd_error_name(e));
	}
}

static void
add_lists(struct shop *shop, struct emrtd_trust *trust)
{
	const char *at = shop_value(shop, "", "lists"), *name;

	while ((name = shop_next_word(&at)) != NULL)
		(void)!emrtd_trust_add_crl_der(trust,
		    shop_encoded(shop_artifact(shop, name)), NULL);
}

/* The printed zone, when the row has one. */
static const struct mrz_doc *
read_optical(struct shop *shop, int64_t at, struct mrz_doc *doc)
{
	struct mrz_options options = { sizeof(options), (int32_t)(at / 86400) };
	struct emrtd_bytes mrz = shop_text(shop, "",
	    shop_value(shop, "", "optical"));

	if (mrz.len == 0)
		return NULL;
	assert_int_equal(mrz_parse((const char *)mrz.ptr, mrz.len, &options,
			     doc),
	    MRZ_OK);
	return doc;
}

void
shop_verify(struct shop *shop, enum emrtd_policy policy,
    struct shop_outcome *out)
{
	static struct emrtd_ctx *ctx;
	struct emrtd_bytes bytes[EMRTD_N_FILES] = { { NULL, 0 } };
	struct emrtd_verify_options options = { .size = sizeof(options),
		.files = bytes,
		.n_files = EMRTD_N_FILES,
		.policy = policy };
	struct emrtd_trust *trust = NULL;
	struct emrtd_result *result = NULL;
	struct mrz_doc optical;

	if (shop == NULL) {
		emrtd_ctx_free(&ctx);
		return;
	}
	if (ctx == NULL)
		assert_int_equal(emrtd_ctx_new(NULL, NULL, &ctx), EMRTD_OK);
	assert_true(
	    emrtd_parse_instant(shop_value(shop, "", "at"), &options.at));
	assert_int_equal(emrtd_trust_new(ctx, &trust), EMRTD_OK);
	add_certificates(shop, trust, "trust", 0);
	add_certificates(shop, trust, "paths", EMRTD_TRUST_PATH_ONLY);
	add_lists(shop, trust);
	options.trust = trust;
	options.optical = read_optical(shop, options.at, &optical);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const struct shop_artifact *a = shop_artifact(shop,
		    files[i].artifact);

		if (a != NULL)
			bytes[files[i].file] = shop_encoded(a);
	}
	assert_int_equal(emrtd_verify_files(ctx, &options, &result), EMRTD_OK);
	shop_tell(result, false, out);
	shop_check_settings(shop);
	emrtd_result_free(&result);
	emrtd_trust_free(&trust);
}
