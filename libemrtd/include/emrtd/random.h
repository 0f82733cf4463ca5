/*
 * emrtd/random.h - where random bytes come from. Injected, so that every
 * published worked example can be reproduced.
 */
#ifndef EMRTD_RANDOM_H
#define EMRTD_RANDOM_H

#include <emrtd/bytes.h>

#ifdef __cplusplus
extern "C" {
#endif

struct emrtd_random {
	/* Fills n bytes or fails. */
	enum emrtd_error (*fill)(void *self, uint8_t *out, size_t n);
	void *self;
};

#ifdef __cplusplus
}
#endif
#endif
