#include "wipe_alloc.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The size stands in front, and what follows stays aligned for anything. */
struct block {
	size_t size;
	alignas(max_align_t) unsigned char bytes[];
};

void *
wipe_alloc(size_t size)
{
	struct block *block;

	if (size > SIZE_MAX - sizeof(*block))
		return NULL;
	block = malloc(sizeof(*block) + size);
	if (block == NULL)
		return NULL;
	block->size = size;
	return block->bytes;
}

void
wipe_alloc_free(void *bytes)
{
	/* By way of void: wipe_alloc made it, so it is aligned. */
	void *start = bytes == NULL ? NULL
				    : (unsigned char *)bytes -
					  offsetof(struct block, bytes);
	struct block *block = start;

	if (block == NULL)
		return;
	explicit_bzero(block->bytes, block->size);
	free(block);
}
