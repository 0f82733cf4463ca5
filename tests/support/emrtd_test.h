/*
 * What tests of libemrtd share: a crypto context as the group's state, bytes
 * of a vector, suites by name, and random bytes that were written down.
 */
#ifndef MRTD_EMRTD_TEST_H
#define MRTD_EMRTD_TEST_H

#include "crypto/suite.h"
#include "test.h"
#include "vectors.h"

#include <emrtd/random.h>

#include <string.h>

static inline void
assert_ok(enum emrtd_error error)
{
	assert_string_equal(emrtd_error_name(error), "OK");
}

static inline void
assert_error(enum emrtd_error error, enum emrtd_error want)
{
	assert_string_equal(emrtd_error_name(error), emrtd_error_name(want));
}

static inline void
assert_bytes(struct emrtd_bytes got, struct emrtd_bytes want)
{
	assert_int_equal(got.len, want.len);
	if (want.len > 0)
		assert_memory_equal(got.ptr, want.ptr, want.len);
}

/* Group setup and teardown: *state is a struct emrtd_crypto. */
static inline int
setup_crypto(void **state)
{
	struct emrtd_crypto *crypto;
	struct emrtd_diag diag;

	emrtd_diag_init(&diag);
	assert_ok(emrtd_crypto_new(&diag, &crypto));
	*state = crypto;
	return 0;
}

/* The same for tests that find it in a variable of their own. */
static inline int
setup_crypto_in(struct emrtd_crypto **kept, void **state)
{
	int failed = setup_crypto(state);

	*kept = *state;
	return failed;
}

static inline int
teardown_crypto(void **state)
{
	struct emrtd_crypto *crypto = *state;

	emrtd_crypto_free(&crypto);
	assert_null(crypto);
	return 0;
}

/* Hexadecimal text as bytes in buf. */
static inline struct emrtd_bytes
hex_bytes(const char *hex, uint8_t *buf, size_t cap)
{
	return emrtd_bytes(buf, vector_hex(hex, buf, cap));
}

static inline const struct emrtd_suite *
suite_by_name(const char *name)
{
	for (unsigned i = 0; i < EMRTD_N_SUITES; i++) {
		const struct emrtd_suite *s = emrtd_suite(
		    (enum emrtd_suite_id)i);

		if (strcmp(s->name, name) == 0)
			return s;
	}
	fail_msg("no suite %s", name);
	return NULL;
}

/* A random source that hands out what was recorded, and then fails. */
struct tape {
	struct emrtd_bytes rest;
};

static inline enum emrtd_error
tape_fill(void *self, uint8_t *out, size_t n)
{
	struct tape *tape = self;

	if (n > tape->rest.len)
		return EMRTD_E_CRYPTO;
	memcpy(out, tape->rest.ptr, n);
	tape->rest = emrtd_bytes(tape->rest.ptr + n, tape->rest.len - n);
	return EMRTD_OK;
}

static inline struct emrtd_random
tape_random(struct tape *tape)
{
	struct emrtd_random r = { tape_fill, tape };

	return r;
}

#endif
