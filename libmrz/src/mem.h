/*
 * The four functions that libmrz takes from outside. They are declared here
 * because a freestanding implementation need not have <string.h>.
 */
#ifndef MRZ_MEM_H
#define MRZ_MEM_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int value, size_t n);
int memcmp(const void *a, const void *b, size_t n);

#endif
