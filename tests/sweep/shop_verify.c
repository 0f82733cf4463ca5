/* The document and the trust that go with it, through emrtd_verify_files. */
#include "shop.h"

#include "test.h"

#include <mrz/mrz.h>

#include <stdio.h>
#include <string.h>

#pragma weak emrtd_trust_add_crl_der

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

	if (emrtd_trust_add_crl_der == NULL)
		return;
	while ((name = shop_next_word(&at)) != NULL)
		(void)!emrtd_trust_add_crl_der(trust,
		    shop_encoded(shop_artifact(shop, name)), NULL);
}

static void
put_word(char *out, const char *word, const char *mark)
{
	size_t len = strlen(out);
	int n = snprintf(out + len, SHOP_OUTCOME_CAP - len, "%s%s%s",
	    len > 0 ? " " : "", word, mark);

	assert_true(n > 0 && (size_t)n < SHOP_OUTCOME_CAP - len);
}

static void
tell_checks(const struct emrtd_result *result, struct shop_outcome *out)
{
	bool failed = out->data == EMRTD_DATA_FAILED;

	put_word(out->text, emrtd_data_verdict_name(out->data), "");
	for (int i = 0; i < EMRTD_N_CHECKS; i++) {
		enum emrtd_check_id id = (enum emrtd_check_id)i;
		enum emrtd_verdict v = emrtd_result_check(result, id)->verdict;

		/* Files prove nothing of a chip. */
		if (strncmp(emrtd_check_info(id)->name, "chip.", 5) == 0)
			continue;
		if (v == EMRTD_FAILED)
			put_word(out->text, emrtd_check_info(id)->name, "");
		else if (!failed &&
			 (v == EMRTD_UNDETERMINED || v == EMRTD_ABORTED))
			put_word(out->text, emrtd_check_info(id)->name, "?");
	}
}

static void
tell_findings(const struct emrtd_result *result, struct shop_outcome *out)
{
	struct emrtd_finding f = { .size = sizeof(f) };

	for (size_t i = 0; emrtd_result_finding(result, i, &f); i++)
		put_word(out->findings, f.info->name, "");
	if (out->findings[0] == '\0')
		put_word(out->findings, "-", "");
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
		.policy = policy };
	struct emrtd_trust *trust = NULL;
	struct emrtd_result *result = NULL;
	struct mrz_doc optical;
	struct emrtd_face face;

	memset(out, 0, sizeof(*out));
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
	out->data = emrtd_result_data(result);
	out->any_failed = emrtd_result_any_failed(result);
	out->face_shown = emrtd_result_face(result, &face);
	tell_checks(result, out);
	tell_findings(result, out);
	emrtd_result_free(&result);
	emrtd_trust_free(&trust);
}
