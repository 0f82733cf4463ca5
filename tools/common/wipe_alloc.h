/*
 * Memory that is wiped when it is freed, for what allocates by itself: the
 * JSON library holds an MRZ, and with it the key of a chip.
 */
#ifndef MRTD_TOOL_WIPE_ALLOC_H
#define MRTD_TOOL_WIPE_ALLOC_H

#include <stddef.h>

/* As malloc and free; a block of the one is freed by the other alone. */
void *wipe_alloc(size_t size);
void wipe_alloc_free(void *block);

#endif
