/* Changes of a tree, by their names. */
#include "shop.h"

#include "shop_keys.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

/* What a change works on. */
struct change {
	struct shop *shop;
	struct shop_artifact *artifact;
	struct der_node **slot;
	const char *value;
};

static struct emrtd_bytes
value_of(const struct change *c)
{
	return shop_text(c->shop, c->artifact->name, c->value);
}

/* A node whose content is bytes alone. */
static void
flatten(struct der_node *node, struct emrtd_bytes content)
{
	node->head = der_copy(content);
	node->child = NULL;
	node->open = false;
}

/* set: other content */
static void
set(const struct change *c)
{
	flatten(*c->slot, value_of(c));
}

/* put: something else in its place; nothing takes it out */
static void
put(const struct change *c)
{
	struct der_node *next = (*c->slot)->next, **end = c->slot;

	*end = der_parse(value_of(c));
	while (*end != NULL)
		end = &(*end)->next;
	*end = next;
}

static void
del(const struct change *c)
{
	*c->slot = (*c->slot)->next;
}

/* add: one more child at the end; first: at the beginning */
static void
add(const struct change *c)
{
	struct der_node **end;

	/* Opens a leaf that wraps something. */
	(void)der_find(c->slot, "0");
	end = &(*c->slot)->child;
	while (*end != NULL)
		end = &(*end)->next;
	*end = der_parse(value_of(c));
	assert_non_null(*end);
	(*c->slot)->open = true;
}

static void
first(const struct change *c)
{
	struct der_node *node, *rest;

	(void)der_find(c->slot, "0");
	rest = (*c->slot)->child;
	node = der_parse(value_of(c));
	assert_non_null(node);
	(*c->slot)->child = node;
	while (node->next != NULL)
		node = node->next;
	node->next = rest;
}

/* after, before: something beside it */
static void
after(const struct change *c)
{
	struct der_node *node = der_parse(value_of(c));

	assert_non_null(node);
	node->next = (*c->slot)->next;
	(*c->slot)->next = node;
}

static void
before(const struct change *c)
{
	struct der_node *node = der_parse(value_of(c));

	assert_non_null(node);
	node->next = *c->slot;
	*c->slot = node;
}

/* dup: the same twice */
static void
dup(const struct change *c)
{
	struct der_node *copy = der_copy_node(*c->slot);

	copy->next = (*c->slot)->next;
	(*c->slot)->next = copy;
}

/* swap: changes places with its next */
static void
swap(const struct change *c)
{
	struct der_node *a = *c->slot, *b = a->next;

	assert_non_null(b);
	a->next = b->next;
	b->next = a;
	*c->slot = b;
}

/* flip N: the lowest bit of a byte of its content, -1 the last */
static void
flip(const struct change *c)
{
	struct emrtd_bytes content = der_content(*c->slot);
	long n = strtol(c->value, NULL, 10);
	size_t where = n < 0 ? content.len - (size_t)-n : (size_t)n;
	uint8_t *bytes = der_alloc(content.len);

	assert_true(where < content.len);
	memcpy(bytes, content.ptr, content.len);
	bytes[where] ^= 1;
	flatten(*c->slot, emrtd_bytes(bytes, content.len));
}

/* at N BYTES: in its content */
static void
at(const struct change *c)
{
	struct emrtd_bytes content = der_content(*c->slot), part;
	uint8_t *bytes = der_alloc(content.len);
	char *end;
	size_t n = strtoul(c->value, &end, 10);

	part = shop_text(c->shop, c->artifact->name, end);
	assert_true(n + part.len <= content.len);
	memcpy(bytes, content.ptr, content.len);
	memcpy(&bytes[n], part.ptr, part.len);
	flatten(*c->slot, emrtd_bytes(bytes, content.len));
}

/* cut N: the last bytes of its content */
static void
cut(const struct change *c)
{
	struct emrtd_bytes content = der_content(*c->slot);
	size_t n = strtoul(c->value, NULL, 10);

	assert_true(n > 0 && n <= content.len);
	content.len -= n;
	flatten(*c->slot, content);
}

/* tail BYTES: more content */
static void
tail(const struct change *c)
{
	struct emrtd_bytes content = der_content(*c->slot), more = value_of(c);
	struct der_buf buf = { 0 };

	der_put(&buf, content.ptr, content.len);
	der_put(&buf, more.ptr, more.len);
	flatten(*c->slot, der_bytes(&buf));
}

/* retag TAG */
static void
retag(const struct change *c)
{
	(*c->slot)->tag = (uint32_t)strtoul(c->value, NULL, 16);
}

/* length N: says so many bytes more than it has */
static void
length(const struct change *c)
{
	(*c->slot)->delta = atoi(c->value);
}

static void
indefinite(const struct change *c)
{
	(*c->slot)->form = DER_INDEFINITE;
}

static void
long_form(const struct change *c)
{
	(*c->slot)->form = DER_LONG;
}

static void
huge(const struct change *c)
{
	(*c->slot)->form = DER_HUGE;
}

/* pieces: an OCTET STRING out of two, as BER allows */
static void
pieces(const struct change *c)
{
	struct emrtd_bytes content = der_content(*c->slot);
	struct der_node *a = der_alloc(sizeof(*a)), *b = der_alloc(sizeof(*b));
	size_t half = content.len / 2;

	a->tag = 0x04;
	a->head = emrtd_bytes(content.ptr, half);
	a->next = b;
	b->tag = 0x04;
	b->head = emrtd_bytes(content.ptr + half, content.len - half);
	(*c->slot)->tag = 0x24;
	(*c->slot)->form = DER_INDEFINITE;
	(*c->slot)->head.len = 0;
	(*c->slot)->child = a;
	(*c->slot)->open = true;
}

/* rehash ALGORITHM: the hash of something, such as a messageDigest */
static void
rehash(const struct change *c)
{
	char *rest = der_copy_text(c->value), *hash = strsep(&rest, " ");

	flatten(*c->slot,
	    shop_hash(hash, shop_text(c->shop, c->artifact->name, rest)));
}

/* resign ALGORITHM KEY BYTES: a signature over something else */
static void
resign(const struct change *c)
{
	char *rest = der_copy_text(c->value);
	char *algorithm = strsep(&rest, " ");
	const char *key = strsep(&rest, " ");

	while (key[0] == '$')
		key = shop_value(c->shop, "", key + 1);
	flatten(*c->slot, shop_sign(algorithm, key,
			      shop_text(c->shop, c->artifact->name, rest)));
}

/* forge NAME: see shop_forge.c */
static void
forge(const struct change *c)
{
	flatten(*c->slot, shop_forge(c->shop, c->artifact, c->value));
}

/* raw BYTES: the whole artifact, which need be no tree */
static void
raw(const struct change *c)
{
	c->artifact->raw = value_of(c);
	c->artifact->has_raw = true;
}

/* append BYTES: behind the whole artifact */
static void
append(const struct change *c)
{
	struct emrtd_bytes bytes = shop_encoded(c->artifact),
			   more = value_of(c);
	struct der_buf buf = { 0 };

	der_put(&buf, bytes.ptr, bytes.len);
	der_put(&buf, more.ptr, more.len);
	c->artifact->raw = der_bytes(&buf);
	c->artifact->has_raw = true;
}

/* shorten N: without the last bytes of the whole artifact */
static void
shorten(const struct change *c)
{
	struct emrtd_bytes bytes = shop_encoded(c->artifact);
	size_t n = strtoul(c->value, NULL, 10);

	assert_true(n > 0 && n <= bytes.len);
	c->artifact->raw = emrtd_bytes(bytes.ptr, bytes.len - n);
	c->artifact->has_raw = true;
}

static const struct {
	const char *name;
	void (*make)(const struct change *change);
} verbs[] = {
	{ "set", set },
	{ "put", put },
	{ "del", del },
	{ "add", add },
	{ "first", first },
	{ "after", after },
	{ "before", before },
	{ "dup", dup },
	{ "swap", swap },
	{ "flip", flip },
	{ "at", at },
	{ "cut", cut },
	{ "tail", tail },
	{ "retag", retag },
	{ "length", length },
	{ "indefinite", indefinite },
	{ "long", long_form },
	{ "huge", huge },
	{ "pieces", pieces },
	{ "rehash", rehash },
	{ "resign", resign },
	{ "forge", forge },
	{ "raw", raw },
	{ "append", append },
	{ "shorten", shorten },
};

static void
make(struct shop *shop, struct shop_artifact *artifact, struct shop_edit *edit)
{
	struct change c = { shop, artifact, NULL, edit->value };
	struct emrtd_bytes was = shop_encoded(artifact), is;
	size_t i = 0;

	c.slot = shop_target(artifact, edit->part, edit->path);
	if (c.slot == NULL)
		fail_msg("nothing is there: %s", edit->text);
	while (strcmp(verbs[i].name, edit->verb) != 0) {
		if (++i == sizeof(verbs) / sizeof(verbs[0]))
			fail_msg("no such verb: %s", edit->text);
	}
	verbs[i].make(&c);
	is = shop_encoded(artifact);
	if (is.len == was.len && memcmp(is.ptr, was.ptr, is.len) == 0)
		fail_msg("this changes nothing: %s", edit->text);
	edit->done = true;
}

void
shop_edit(struct shop *shop, struct shop_artifact *artifact,
    enum shop_layer layer, bool late)
{
	for (size_t i = 0; i < shop->n_edits; i++) {
		struct shop_edit *edit = &shop->edits[i];
		bool is_late = edit->late || shop->signing == SHOP_NOBODY;
		enum shop_layer at;

		if (strcmp(edit->artifact, artifact->name) != 0)
			continue;
		(void)shop_part(artifact->name, edit->part, &at);
		/* What nothing covers is changed last, and once. */
		if (at == SHOP_OUTSIDE ? (layer == SHOP_OUTSIDE && !edit->done)
				       : (at == layer && is_late == late))
			make(shop, artifact, edit);
	}
}
