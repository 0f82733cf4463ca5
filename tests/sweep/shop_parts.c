#include "shop.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

/* What may be named in which artifact, and where it is. */
struct part {
	const char *name, *path;
	enum shop_layer layer;
};

static const struct part certificate_parts[] = {
	{ "", "", SHOP_CONTENT },
	{ "tbs", "0", SHOP_CONTENT },
	{ "version", "0/0", SHOP_CONTENT },
	{ "serial", "0/1", SHOP_CONTENT },
	{ "signature", "0/2", SHOP_CONTENT },
	{ "issuer", "0/3", SHOP_CONTENT },
	{ "validity", "0/4", SHOP_CONTENT },
	{ "from", "0/4/0", SHOP_CONTENT },
	{ "to", "0/4/1", SHOP_CONTENT },
	{ "subject", "0/5", SHOP_CONTENT },
	{ "spki", "0/6", SHOP_CONTENT },
	{ "exts", "0/7/0", SHOP_CONTENT },
	{ "ski", "0/7/0/@2.5.29.14", SHOP_CONTENT },
	{ "ku", "0/7/0/@2.5.29.15", SHOP_CONTENT },
	{ "pkup", "0/7/0/@2.5.29.16", SHOP_CONTENT },
	{ "san", "0/7/0/@2.5.29.17", SHOP_CONTENT },
	{ "ian", "0/7/0/@2.5.29.18", SHOP_CONTENT },
	{ "bc", "0/7/0/@2.5.29.19", SHOP_CONTENT },
	{ "crldp", "0/7/0/@2.5.29.31", SHOP_CONTENT },
	{ "aki", "0/7/0/@2.5.29.35", SHOP_CONTENT },
	{ "types", "0/7/0/@2.23.136.1.1.6.2", SHOP_CONTENT },
	{ "sigalg", "1", SHOP_OUTSIDE },
	{ "sigvalue", "2", SHOP_OUTSIDE },
};

static const struct part list_parts[] = {
	{ "", "", SHOP_CONTENT },
	{ "version", "0/0", SHOP_CONTENT },
	{ "signature", "0/1", SHOP_CONTENT },
	{ "issuer", "0/2", SHOP_CONTENT },
	{ "this", "0/3", SHOP_CONTENT },
	{ "next", "0/4", SHOP_CONTENT },
	{ "revoked", "0/5", SHOP_CONTENT },
	{ "exts", "0/6/0", SHOP_CONTENT },
	{ "aki", "0/6/0/@2.5.29.35", SHOP_CONTENT },
	{ "sigalg", "1", SHOP_OUTSIDE },
	{ "sigvalue", "2", SHOP_OUTSIDE },
};

/* Below SignedData; for EF.SOD there is a tag around it. */
static const struct part signed_parts[] = {
	{ "", "", SHOP_OUTSIDE },
	{ "contentinfo", "", SHOP_OUTSIDE },
	{ "cmstype", "0", SHOP_OUTSIDE },
	{ "data", "1/0", SHOP_OUTSIDE },
	{ "version", "1/0/0", SHOP_OUTSIDE },
	{ "digests", "1/0/1", SHOP_OUTSIDE },
	{ "encap", "1/0/2", SHOP_OUTSIDE },
	{ "type", "1/0/2/0", SHOP_OUTSIDE },
	{ "econtent", "1/0/2/1/0", SHOP_OUTSIDE },
	{ "lds", "1/0/2/1/0/0", SHOP_CONTENT },
	{ "ldsversion", "1/0/2/1/0/0/0", SHOP_CONTENT },
	{ "ldshash", "1/0/2/1/0/0/1", SHOP_CONTENT },
	{ "hashes", "1/0/2/1/0/0/2", SHOP_CONTENT },
	{ "certs", "1/0/3", SHOP_OUTSIDE },
	{ "signers", "1/0/4", SHOP_OUTSIDE },
	{ "si", "1/0/4/0", SHOP_OUTSIDE },
	{ "siversion", "1/0/4/0/0", SHOP_OUTSIDE },
	{ "sid", "1/0/4/0/1", SHOP_OUTSIDE },
	{ "digest", "1/0/4/0/2", SHOP_OUTSIDE },
	{ "attrs", "1/0/4/0/3", SHOP_ATTRIBUTES },
	{ "attrtype", "1/0/4/0/3/@1.2.840.113549.1.9.3", SHOP_ATTRIBUTES },
	{ "attrdigest", "1/0/4/0/3/@1.2.840.113549.1.9.4", SHOP_ATTRIBUTES },
	{ "sigalg", "1/0/4/0/4", SHOP_OUTSIDE },
	{ "sigvalue", "1/0/4/0/5", SHOP_OUTSIDE },
};

static const struct part file_parts[] = {
	{ "", "", SHOP_CONTENT },
};

struct kind {
	const char *artifacts; /* parted by blanks; NULL: all others */
	const char *prefix;    /* of the paths */
	const struct part *parts;
	size_t n;
};

#define PARTS(table) (table), sizeof(table) / sizeof((table)[0])

static const struct kind kinds[] = {
	{ "sod", "0/", PARTS(signed_parts) },
	{ "cs", "", PARTS(signed_parts) },
	{ "crl crl2 crl3", "", PARTS(list_parts) },
	{ "com access cvca", "", PARTS(file_parts) },
	{ "dg1 dg2 dg3 dg4 dg7 dg10 dg11 dg12 dg13 dg14 dg15 dg16", "",
	    PARTS(file_parts) },
	{ NULL, "", PARTS(certificate_parts) },
};

static const struct kind *
kind_of(const char *artifact)
{
	const struct kind *kind = kinds;

	while (
	    kind->artifacts != NULL && !shop_is_in(kind->artifacts, artifact))
		kind++;
	return kind;
}

const char *
shop_part(const char *artifact, const char *part, enum shop_layer *layer)
{
	const struct kind *kind = kind_of(artifact);

	for (size_t i = 0; i < kind->n; i++) {
		const struct part *p = &kind->parts[i];
		char *path;

		if (strcmp(p->name, part) != 0)
			continue;
		*layer = p->layer;
		path = der_alloc(strlen(kind->prefix) + strlen(p->path) + 1);
		if (part[0] != '\0')
			(void)sprintf(path, "%s%s", kind->prefix, p->path);
		return path;
	}
	fail_msg("%s has no part %s", artifact, part);
	return NULL;
}

struct der_node **
shop_target(struct shop_artifact *artifact, const char *part, const char *path)
{
	enum shop_layer layer;
	const char *first = shop_part(artifact->name, part, &layer);
	char *whole = der_alloc(strlen(first) + strlen(path) + 2);

	(void)sprintf(whole, "%s/%s", first, path);
	return der_find(&artifact->root, whole);
}
