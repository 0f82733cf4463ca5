#include "der_tree.h"

#include "core/oid.h"
#include "core/tlv.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP_CAP 64

struct chunk {
	struct chunk *next;
	max_align_t data[];
};

static struct chunk *arena;

void *
der_alloc(size_t n)
{
	struct chunk *chunk = calloc(1, sizeof(*chunk) + n + 1);

	assert_non_null(chunk);
	chunk->next = arena;
	arena = chunk;
	return chunk->data;
}

char *
der_copy_text(const char *text)
{
	size_t n = strlen(text) + 1;

	return memcpy(der_alloc(n), text, n);
}

struct emrtd_bytes
der_copy(struct emrtd_bytes bytes)
{
	uint8_t *copy = der_alloc(bytes.len);

	if (bytes.len > 0)
		memcpy(copy, bytes.ptr, bytes.len);
	return emrtd_bytes(copy, bytes.len);
}

void
der_release(void)
{
	while (arena != NULL) {
		struct chunk *next = arena->next;

		free(arena);
		arena = next;
	}
}

void
der_put(struct der_buf *buf, const void *bytes, size_t n)
{
	if (n == 0)
		return;
	if (n > buf->cap - buf->len) {
		uint8_t *grown;

		buf->cap = 2 * (buf->len + n) + 64;
		grown = der_alloc(buf->cap);
		if (buf->len > 0)
			memcpy(grown, buf->ptr, buf->len);
		buf->ptr = grown;
	}
	memcpy(&buf->ptr[buf->len], bytes, n);
	buf->len += n;
}

struct emrtd_bytes
der_bytes(const struct der_buf *buf)
{
	/* Never NULL: empty is not absent. */
	return buf->len > 0 ? emrtd_bytes(buf->ptr, buf->len)
			    : emrtd_bytes(der_alloc(1), 0);
}

static bool
is_constructed(uint32_t tag)
{
	while (tag > 0xFF)
		tag >>= 8;
	return (tag & 0x20) != 0;
}

struct der_node *
der_parse(struct emrtd_bytes bytes)
{
	struct der_node *first = NULL, **end = &first;

	while (bytes.len > 0) {
		struct der_node *node = der_alloc(sizeof(*node));

		if (!emrtd_tlv_any(&bytes, &node->tag, &node->head))
			return NULL;
		node->head = der_copy(node->head);
		if (is_constructed(node->tag)) {
			node->child = der_parse(node->head);
			node->open = node->child != NULL || node->head.len == 0;
		}
		if (node->open)
			node->head.len = 0;
		*end = node;
		end = &node->next;
	}
	return first;
}

struct der_node *
der_copy_node(const struct der_node *node)
{
	struct der_node *copy = der_alloc(sizeof(*copy)), **end = &copy->child;

	*copy = *node;
	copy->next = NULL;
	for (const struct der_node *c = node->child; c != NULL; c = c->next) {
		*end = der_copy_node(c);
		end = &(*end)->next;
	}
	return copy;
}

static void
put_tag(struct der_buf *out, uint32_t tag)
{
	for (int shift = 24; shift >= 0; shift -= 8) {
		uint8_t byte = (uint8_t)(tag >> shift);

		if (tag >> shift != 0 || shift == 0)
			der_put(out, &byte, 1);
	}
}

static void
put_length(struct der_buf *out, size_t len, enum der_form form)
{
	uint8_t b[5] = { 0x84, (uint8_t)(len >> 24), (uint8_t)(len >> 16),
		(uint8_t)(len >> 8), (uint8_t)len };
	size_t skip = 0;

	if (form == DER_INDEFINITE) {
		der_put(out, "\x80", 1);
		return;
	}
	if (form == DER_HUGE)
		b[1] = 0x7F;
	if (form == DER_MINIMAL && len < 0x80) {
		der_put(out, &b[4], 1);
		return;
	}
	while (form == DER_MINIMAL && b[1 + skip] == 0)
		skip++;
	b[skip] = (uint8_t)(0x84 - skip);
	der_put(out, &b[skip], sizeof(b) - skip);
}

struct emrtd_bytes
der_content(const struct der_node *node)
{
	struct der_buf buf = { 0 };

	der_put(&buf, node->head.ptr, node->head.len);
	for (const struct der_node *c = node->child; c != NULL; c = c->next)
		der_write(c, &buf);
	return der_bytes(&buf);
}

void
der_write(const struct der_node *node, struct der_buf *out)
{
	struct emrtd_bytes content = der_content(node);
	/* Wraps as it should when the delta is negative. */
	size_t len = content.len + (size_t)(ptrdiff_t)node->delta;

	put_tag(out, node->tag);
	put_length(out, len, node->form);
	der_put(out, content.ptr, content.len);
	if (node->form == DER_INDEFINITE)
		der_put(out, "\0", 2);
}

struct emrtd_bytes
der_encode(const struct der_node *node)
{
	struct der_buf buf = { 0 };

	if (node != NULL)
		der_write(node, &buf);
	return der_bytes(&buf);
}

/* The same among siblings; *at is where the first of them is. */
static bool
offset_among(const struct der_node *first, const struct der_node *node,
    size_t *at)
{
	for (const struct der_node *n = first; n != NULL; n = n->next) {
		size_t whole = der_encode(n).len, start = *at;

		if (n == node)
			return true;
		*at += whole - der_content(n).len + n->head.len;
		if (offset_among(n->child, node, at))
			return true;
		*at = start + whole;
	}
	return false;
}

bool
der_offset(const struct der_node *root, const struct der_node *node,
    size_t *out)
{
	*out = 0;
	return offset_among(root, node, out);
}

/* Into a leaf: what an OCTET STRING or a BIT STRING wraps. */
static void
open_leaf(struct der_node *node)
{
	struct emrtd_bytes in = node->head;
	size_t skip = node->tag == 0x03 && in.len > 0 ? 1 : 0;

	if (node->open || in.len <= skip)
		return;
	node->child = der_parse(emrtd_bytes(in.ptr + skip, in.len - skip));
	node->open = node->child != NULL;
	if (node->open)
		node->head.len = skip;
}

static bool
begins_with_oid(const struct der_node *node, const char *text)
{
	struct emrtd_bytes oid;

	if (!node->open || node->child == NULL || node->child->tag != 0x06)
		return false;
	oid = der_content(node->child);
	return emrtd_oid_is(oid, text);
}

static bool
fits(const struct der_node *node, const char *step, long index)
{
	switch (step[0]) {
	case '@':
		return begins_with_oid(node, step + 1);
	case '#':
		return node->tag == strtoul(step + 1, NULL, 16);
	case '-':
		return node->next == NULL;
	default:
		return strtol(step, NULL, 10) == index;
	}
}

struct der_node **
der_find(struct der_node **root, const char *path)
{
	struct der_node **at = root;
	char copy[STEP_CAP * 4], *rest = copy, *step;

	assert_true(
	    (size_t)snprintf(copy, sizeof(copy), "%s", path) < sizeof(copy));
	while (*at != NULL && (step = strsep(&rest, "/")) != NULL) {
		long index = 0;

		if (step[0] == '\0')
			continue;
		open_leaf(*at);
		at = &(*at)->child;
		while (*at != NULL && !fits(*at, step, index++))
			at = &(*at)->next;
	}
	return *at != NULL ? at : NULL;
}
