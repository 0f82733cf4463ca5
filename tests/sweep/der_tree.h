/*
 * Trees of data objects that a test edits: bytes are taken apart, a node is
 * found by its path, changed, and all is written again, rightly or wrongly.
 * Memory is an arena's, which the caller empties between documents.
 */
#ifndef SWEEP_DER_TREE_H
#define SWEEP_DER_TREE_H

#include <emrtd/bytes.h>

#include <stdbool.h>

/* Zeroed; lives until der_release. */
void *der_alloc(size_t n);
char *der_copy_text(const char *text);
struct emrtd_bytes der_copy(struct emrtd_bytes bytes);
/* Frees all of it. */
void der_release(void);

/* Bytes that grow, out of the arena. */
struct der_buf {
	uint8_t *ptr;
	size_t len, cap;
};
void der_put(struct der_buf *buf, const void *bytes, size_t n);
struct emrtd_bytes der_bytes(const struct der_buf *buf);

enum der_form {
	DER_MINIMAL,
	DER_INDEFINITE,
	DER_LONG, /* a length with zeros before it */
	DER_HUGE  /* says that it has 2 GiB */
};

struct der_node {
	uint32_t tag;
	enum der_form form;
	int delta; /* what is added to the length that is written */
	/*
	 * Of a leaf its content; else what stands before the children, such
	 * as the first byte of a BIT STRING.
	 */
	struct emrtd_bytes head;
	bool open; /* has children, maybe none */
	struct der_node *child, *next;
};

/* All objects of some bytes as siblings; NULL when they are none. */
struct der_node *der_parse(struct emrtd_bytes bytes);
struct der_node *der_copy_node(const struct der_node *node);
void der_write(const struct der_node *node, struct der_buf *out);
struct emrtd_bytes der_encode(const struct der_node *node);
/* Only what is between its length and its end. */
struct emrtd_bytes der_content(const struct der_node *node);

/*
 * How far from the root's first byte a node is written; false when it is not
 * below the root.
 */
bool der_offset(const struct der_node *root, const struct der_node *node,
    size_t *out);

/*
 * der_find - the place that holds a node. Steps of the path, parted by '/':
 * "2" a child by its index, "-1" the last, "#7F61" the first with that tag,
 * "@2.5.29.15" the first that begins with that OID. A leaf on the way is taken
 * apart; NULL when there is no such node. "" is the root itself.
 */
struct der_node **der_find(struct der_node **root, const char *path);

#endif
