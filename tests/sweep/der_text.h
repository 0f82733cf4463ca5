/*
 * Data objects in writing, for tables:
 *
 *	30 0D 'text'    bytes in hexadecimal, characters
 *	.2.5.29.15      an OBJECT IDENTIFIER
 *	(30 ...)        an object with this tag around what stands in it
 *	$name           what the caller's table says: more of this notation
 *	=name           bytes that the caller computes
 */
#ifndef SWEEP_DER_TEXT_H
#define SWEEP_DER_TEXT_H

#include "der_tree.h"

struct der_names {
	/* Both fail the test when there is no such name. */
	const char *(*text)(void *self, const char *name);
	struct emrtd_bytes (*bytes)(void *self, const char *name);
	void *self;
};

/* Fails the test when the text is not of the notation. */
struct emrtd_bytes der_text(const char *text, const struct der_names *names);
/* The same as a tree: exactly one object. */
struct der_node *der_text_node(const char *text, const struct der_names *names);

#endif
