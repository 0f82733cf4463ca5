/*
 * wipe.h - secrets: erased for good, compared without telling where.
 */
#ifndef CORE_WIPE_H
#define CORE_WIPE_H

#include <emrtd/bytes.h>

/* Zeroes memory in a way that the compiler may not remove. */
void emrtd_wipe(void *p, size_t n);
/* Equality whose time depends on the length alone. */
bool emrtd_const_equal(const uint8_t *a, const uint8_t *b, size_t n);

#endif
