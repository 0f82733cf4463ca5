#include "allocation_faults.h"

#include <openssl/crypto.h>
#include <stdlib.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);

unsigned long fault_ours, fault_openssls;
bool fault_openssl_may_leak;

static bool
fails(unsigned long *countdown)
{
	return *countdown > 0 && --*countdown == 0;
}

void *
__wrap_malloc(size_t n)
{
	return fails(&fault_ours) ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return fails(&fault_ours) ? NULL : __real_calloc(n, size);
}

/* Of the leak sanitizer, where there is one. */
void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

static void *
openssl_malloc(size_t n, const char *file, int line)
{
	bool hide = fault_openssl_may_leak && __lsan_disable != NULL;
	void *p;

	(void)file;
	(void)line;
	if (fails(&fault_openssls))
		return NULL;
	if (hide)
		__lsan_disable();
	p = __real_malloc(n);
	if (hide)
		__lsan_enable();
	return p;
}

static void *
openssl_realloc(void *p, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails(&fault_openssls) ? NULL : realloc(p, n);
}

static void
openssl_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

bool
fault_begin(void)
{
	return CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc,
		   openssl_free) == 1;
}
