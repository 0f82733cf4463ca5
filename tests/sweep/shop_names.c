/* What '=NAME' and '=ARTIFACT.NAME' stand for. */
#include "shop.h"

#include "shop_keys.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

#define NAME_CAP 80

/* A setting that names another one by '$'. */
static const char *
plain_value(struct shop *shop, const char *artifact, const char *name)
{
	const char *value = shop_value(shop, artifact, name);

	while (value[0] == '$')
		value = shop_value(shop, artifact, value + 1);
	return value;
}

static struct emrtd_bytes
spki(struct shop *shop, const char *artifact)
{
	return shop_spki(plain_value(shop, artifact, "key"));
}

static struct emrtd_bytes
key_id(struct shop *shop, const char *artifact)
{
	return shop_key_id(plain_value(shop, artifact, "key"));
}

static struct emrtd_bytes
algorithm(struct shop *shop, const char *artifact)
{
	return shop_text(shop, artifact,
	    shop_algorithm(plain_value(shop, artifact, "alg")));
}

static struct emrtd_bytes
issuer_name(struct shop *shop, const char *artifact)
{
	const char *issuer = plain_value(shop, artifact, "issuer");

	return shop_text(shop, issuer, shop_value(shop, issuer, "subject"));
}

static struct emrtd_bytes
issuer_key_id(struct shop *shop, const char *artifact)
{
	return key_id(shop, plain_value(shop, artifact, "issuer"));
}

static struct emrtd_bytes
signer_issuer(struct shop *shop, const char *artifact)
{
	return issuer_name(shop, plain_value(shop, artifact, "signer"));
}

static struct emrtd_bytes
signer_serial(struct shop *shop, const char *artifact)
{
	const char *signer = plain_value(shop, artifact, "signer");

	return shop_text(shop, signer, shop_value(shop, signer, "serial"));
}

static struct emrtd_bytes
signer_key_id(struct shop *shop, const char *artifact)
{
	return key_id(shop, plain_value(shop, artifact, "signer"));
}

static struct emrtd_bytes
hash_algorithm(struct shop *shop, const char *artifact, const char *name)
{
	char text[100];

	(void)snprintf(text, sizeof(text), "(30 %s)",
	    shop_hash_oid(plain_value(shop, artifact, name)));
	return shop_text(shop, artifact, text);
}

static struct emrtd_bytes
digest_algorithm(struct shop *shop, const char *artifact)
{
	return hash_algorithm(shop, artifact, "hash");
}

static struct emrtd_bytes
lds_hash_algorithm(struct shop *shop, const char *artifact)
{
	return hash_algorithm(shop, artifact, "ldshash");
}

static struct emrtd_bytes
certificates(struct shop *shop, const char *artifact)
{
	const char *at = plain_value(shop, artifact, "certs"), *name;
	struct der_buf buf = { 0 };

	while ((name = shop_next_word(&at)) != NULL) {
		struct emrtd_bytes der = shop_encoded(
		    shop_artifact(shop, name));

		der_put(&buf, der.ptr, der.len);
	}
	return der_bytes(&buf);
}

/* The number of a data group; 0 when it is another file. */
static unsigned
group_number(const char *name)
{
	unsigned n = 0;

	return sscanf(name, "dg%u", &n) == 1 ? n : 0;
}

static void
put_hash(struct shop *shop, const char *artifact, const char *name,
    struct der_buf *out)
{
	const struct shop_artifact *file = shop_artifact(shop, name);
	struct emrtd_bytes digest = shop_hash(plain_value(shop, artifact,
						  "ldshash"),
	    shop_encoded(file));
	struct der_node value = { .tag = 0x04, .head = digest };
	uint8_t number[3] = { 0x02, 0x01, (uint8_t)group_number(name) };
	struct der_node entry = { .tag = 0x30,
		.head = emrtd_bytes(number, sizeof(number)),
		.open = true,
		.child = &value };

	der_write(&entry, out);
}

/* The hash list, in the order of the files. */
static struct emrtd_bytes
hash_list(struct shop *shop, const char *artifact)
{
	const char *at = shop_value(shop, "", "files"), *name;
	struct der_buf buf = { 0 };

	while ((name = shop_next_word(&at)) != NULL) {
		if (group_number(name) != 0)
			put_hash(shop, artifact, name, &buf);
	}
	return der_bytes(&buf);
}

/* The tags in EF.COM: the first bytes of the files as they should be. */
static struct emrtd_bytes
tag_list(struct shop *shop, const char *artifact)
{
	const char *at = shop_value(shop, "", "files"), *name;
	struct der_buf buf = { 0 };

	(void)artifact;
	while ((name = shop_next_word(&at)) != NULL) {
		if (group_number(name) != 0)
			der_put(&buf,
			    shop_text(shop, name, shop_value(shop, "", name))
				.ptr,
			    1);
	}
	return der_bytes(&buf);
}

static const struct {
	const char *name;
	struct emrtd_bytes (*make)(struct shop *shop, const char *artifact);
} computed[] = {
	{ "spki", spki },
	{ "kid", key_id },
	{ "alg", algorithm },
	{ "issuer", issuer_name },
	{ "issuer-kid", issuer_key_id },
	{ "signer-issuer", signer_issuer },
	{ "signer-serial", signer_serial },
	{ "signer-kid", signer_key_id },
	{ "digestalg", digest_algorithm },
	{ "ldshashalg", lds_hash_algorithm },
	{ "certs", certificates },
	{ "hashes", hash_list },
	{ "tags", tag_list },
};

/* "second.sod.lds": a part of another document of the workshop. */
static struct emrtd_bytes
part_of(const struct shop *other, char *target)
{
	char *part = strchr(target, '.');
	struct shop_artifact *artifact;
	struct der_node **node;

	if (part != NULL)
		*part++ = '\0';
	artifact = shop_artifact(other, target);
	if (artifact == NULL)
		fail_msg("the other document has no %s", target);
	node = shop_target(artifact, part != NULL ? part : "", "");
	assert_non_null(node);
	return der_encode(*node);
}

static struct emrtd_bytes
of_another(struct shop *shop, const char *document, char *target)
{
	char settings[1200] = "", *out = settings;
	const char *from = shop_base(document);

	if (strcmp(document, "own") == 0)
		return part_of(shop, target);
	/* The settings of the document, as changes of this one's base. */
	for (bool first = true; from != NULL && *from != '\0'; first = false) {
		size_t n = strcspn(from, ";");

		out += snprintf(out, 200, "%suse %.*s", first ? "" : "; ",
		    (int)n, from);
		from += n + strspn(from + n, "; ");
	}
	return part_of(shop_make(shop->base, settings, SHOP_ISSUER, NULL),
	    target);
}

struct emrtd_bytes
shop_computed(void *self, const char *name)
{
	struct shop *shop = self;
	const char *artifact = shop->at;
	char copy[NAME_CAP], *rest = copy;

	(void)snprintf(copy, sizeof(copy), "%s", name);
	if (strchr(copy, '.') != NULL) {
		artifact = strsep(&rest, ".");
		if (strcmp(artifact, "own") == 0 || shop_base(artifact) != NULL)
			return of_another(shop, artifact, rest);
	}
	for (size_t i = 0; i < sizeof(computed) / sizeof(computed[0]); i++) {
		if (strcmp(computed[i].name, rest) == 0)
			return computed[i].make(shop, artifact);
	}
	fail_msg("nobody can compute %s", name);
	return emrtd_bytes(NULL, 0);
}
