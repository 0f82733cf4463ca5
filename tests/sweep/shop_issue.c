/* Issuing: in the order of hashes and signatures, with changes between. */
#include "shop.h"

#include "shop_keys.h"
#include "test.h"

#include <string.h>

static const char *
plain_value(const struct shop *shop, const char *artifact, const char *name)
{
	const char *value = shop_value(shop, artifact, name);

	while (value[0] == '$')
		value = shop_value(shop, artifact, value + 1);
	return value;
}

static struct shop_artifact *
begin(struct shop *shop, const char *name, const char *template)
{
	struct shop_artifact *a = &shop->artifacts[shop->n_artifacts++];

	assert_true(shop->n_artifacts <= SHOP_ARTIFACTS_MAX);
	a->name = name;
	a->root = der_parse(shop_text(shop, name, template));
	if (a->root == NULL || a->root->next != NULL)
		fail_msg("%s is not one object", name);
	return a;
}

/* Old ones where the issuer has no part in the change. */
static struct emrtd_bytes
sign(struct shop *shop, struct shop_artifact *artifact, const char *key,
    struct emrtd_bytes data)
{
	const struct shop_artifact *old = NULL;

	if (shop->signing == SHOP_HASHES && shop->first != NULL)
		old = shop_artifact(shop->first, artifact->name);
	artifact->signature = old != NULL
				  ? old->signature
				  : shop_sign(plain_value(shop, artifact->name,
						  "alg"),
					key, data);
	return artifact->signature;
}

static const char *
signing_key(struct shop *shop, const char *name)
{
	const char *own = shop_find(shop, name, "signkey");

	if (own != NULL)
		return own[0] == '$' ? plain_value(shop, name, own + 1) : own;
	return plain_value(shop, plain_value(shop, name, "issuer"), "key");
}

/* A certificate or a list: SEQUENCE { what is signed, algorithm, signature }. */
static void
issue_signed(struct shop *shop, const char *name, const char *template)
{
	struct shop_artifact *a = begin(shop, name, template);
	struct der_node *value = *shop_target(a, "sigvalue", "");
	struct emrtd_bytes signature;
	struct der_buf bits = { 0 };

	shop_edit(shop, a, SHOP_CONTENT, false);
	signature = sign(shop, a, signing_key(shop, name),
	    der_encode(a->root->child));
	der_put(&bits, "\0", 1);
	der_put(&bits, signature.ptr, signature.len);
	value->head = der_bytes(&bits);
	shop_edit(shop, a, SHOP_OUTSIDE, false);
	shop_edit(shop, a, SHOP_CONTENT, true);
}

static void
issue_once(struct shop *shop, const char *list, const char *template)
{
	const char *at = list, *name;

	while ((name = shop_next_word(&at)) != NULL) {
		if (shop_artifact(shop, name) == NULL)
			issue_signed(shop, name,
			    shop_value(shop, name, template));
	}
}

/* EF.SOD, EF.CardSecurity. */
static void
issue_cms(struct shop *shop, const char *name)
{
	struct shop_artifact *a = begin(shop, name,
	    shop_value(shop, name, "file"));
	struct der_node *econtent = *shop_target(a, "econtent", "");
	struct der_node *digest = *shop_target(a, "attrdigest", "1/0");
	struct der_node *attributes = *shop_target(a, "attrs", "");
	struct der_node *value = *shop_target(a, "sigvalue", "");
	const char *key;
	struct der_node set;

	key = shop_find(shop, name, "key") != NULL
		  ? plain_value(shop, name, "key")
		  : plain_value(shop, plain_value(shop, name, "signer"), "key");
	/* So that the content is a tree, whatever is looked for in it. */
	(void)shop_target(a, "lds", "");
	shop_edit(shop, a, SHOP_CONTENT, false);
	digest->head = shop_hash(plain_value(shop, name, "hash"),
	    der_content(econtent));
	shop_edit(shop, a, SHOP_ATTRIBUTES, false);
	set = *attributes;
	set.tag = 0x31;
	value->head = sign(shop, a, key, der_encode(&set));
	shop_edit(shop, a, SHOP_OUTSIDE, false);
	shop_edit(shop, a, SHOP_CONTENT, true);
	shop_edit(shop, a, SHOP_ATTRIBUTES, true);
}

static bool
is_signed_file(const char *name)
{
	return strcmp(name, "cs") == 0;
}

static void
issue_files(struct shop *shop, bool late)
{
	const char *at = shop_value(shop, "", "files"), *name;

	while ((name = shop_next_word(&at)) != NULL) {
		if (is_signed_file(name))
			continue;
		if (!late)
			(void)begin(shop, name, shop_value(shop, name, name));
		shop_edit(shop, shop_artifact(shop, name), SHOP_CONTENT, late);
	}
}

void
shop_issue(struct shop *shop)
{
	issue_once(shop, shop_value(shop, "", "trust"), "cert");
	issue_once(shop, shop_value(shop, "", "paths"), "cert");
	issue_once(shop, shop_value(shop, "sod", "certs"), "cert");
	issue_once(shop, shop_value(shop, "cs", "certs"), "cert");
	issue_once(shop, shop_value(shop, "", "lists"), "list");
	issue_files(shop, false);
	if (shop_is_in(shop_value(shop, "", "files"), "cs"))
		issue_cms(shop, "cs");
	issue_cms(shop, "sod");
	issue_files(shop, true);
}
