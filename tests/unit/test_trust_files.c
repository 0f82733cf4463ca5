/* Files of certificates that are long, and many: read whole, and closed. */
#include "emrtd_test.h"

#include <emrtd/reader.h>

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define MIB ((off_t)1 << 20)

static struct emrtd_ctx *ctx;
static struct emrtd_trust *trust;
static char path[] = "/tmp/trust-files-XXXXXX";
static int fd = -1;

/* A file of so many zeros, without a certificate. */
static enum emrtd_error
add_zeros(off_t n)
{
	struct emrtd_diag diag;

	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(ftruncate(fd, n), 0);
	return emrtd_trust_add_file(trust, path, 0, &diag);
}

static void
files_up_to_a_limit(void **state)
{
	static const off_t lengths[] = { 1, 8191, 8192, 8193, 33 * MIB,
		64 * MIB - 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		assert_error(add_zeros(lengths[i]), EMRTD_E_MALFORMED);
	assert_error(add_zeros(64 * MIB), EMRTD_E_LIMIT);
	assert_error(add_zeros(65 * MIB), EMRTD_E_LIMIT);
}

static void
files_are_closed(void **state)
{
	struct rlimit before, few;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = before;
	few.rlim_cur = 32;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	for (int i = 0; i < 100; i++)
		assert_error(add_zeros(10), EMRTD_E_MALFORMED);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

static int
setup(void **state)
{
	(void)state;
	fd = mkstemp(path);
	return fd < 0 || emrtd_ctx_new(NULL, NULL, &ctx) != EMRTD_OK ||
		       emrtd_trust_new(ctx, &trust) != EMRTD_OK
		   ? -1
		   : 0;
}

static int
teardown(void **state)
{
	(void)state;
	emrtd_trust_free(&trust);
	emrtd_ctx_free(&ctx);
	return close(fd) != 0 || unlink(path) != 0 ? -1 : 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_up_to_a_limit),
		cmocka_unit_test(files_are_closed),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
