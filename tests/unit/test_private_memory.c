#include "private_text.h"
#include "test.h"
#include "wipe_alloc.h"

#include <errno.h>
#include <malloc.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Linked with --wrap: what is in blocks when they are freed. */
static unsigned freed, dirty;
static size_t most = SIZE_MAX; /* no block is larger */

void *__real_malloc(size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void __wrap_free(void *block);

void *
__wrap_malloc(size_t size)
{
	if (size <= most)
		return __real_malloc(size);
	errno = ENOMEM;
	return NULL;
}

/* Bytes of 0xa5 are the secret of this test. */
void
__wrap_free(void *block)
{
	size_t size = block == NULL ? 0 : malloc_usable_size(block);

	freed += block != NULL;
	dirty += size > 0 && memchr(block, 0xa5, size) != NULL;
	__real_free(block);
}

static void
blocks_are_wiped(void **state)
{
	static const size_t sizes[] = { 0, 1, 16, 24, 4096, 100000 };

	(void)state;
	freed = dirty = 0;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		void *block = wipe_alloc(sizes[i]);

		assert_non_null(block);
		assert_int_equal((uintptr_t)block % alignof(max_align_t), 0);
		memset(block, 0xa5, sizes[i]);
		wipe_alloc_free(block);
	}
	wipe_alloc_free(NULL);
	assert_int_equal(freed, sizeof(sizes) / sizeof(sizes[0]));
	assert_int_equal(dirty, 0);
}

static void
sizes_do_not_wrap(void **state)
{
	(void)state;
	assert_null(wipe_alloc(SIZE_MAX));
	assert_null(wipe_alloc(SIZE_MAX - 8));
}

static void
text_grows_and_is_wiped(void **state)
{
	struct private_text text;

	(void)state;
	freed = dirty = 0;
	assert_true(private_text_open(&text));
	for (size_t i = 0; i < 100000; i++)
		assert_int_equal(fputc(0xa5, text.file), 0xa5);
	assert_true(fprintf(text.file, "%s", "the end") > 0);
	assert_true(private_text_close(&text));
	assert_null(memchr(text.buffer, 0xa5, sizeof(text.buffer)));
	assert_int_equal(text.len, 100007);
	for (size_t i = 0; i < 100000; i++)
		assert_int_equal((uint8_t)text.bytes[i], 0xa5);
	assert_memory_equal(text.bytes + 100000, "the end", 7);
	private_text_free(&text);
	private_text_free(&text);
	assert_true(freed >= 5); /* 4096 has doubled to 131072 */
	assert_int_equal(dirty, 0);
}

static void
text_without_memory_is_no_text(void **state)
{
	struct private_text text;

	(void)state;
	freed = dirty = 0;
	assert_true(private_text_open(&text));
	most = 20000;
	for (size_t i = 0; i < 100000; i++)
		(void)fputc(0xa5, text.file);
	assert_false(private_text_close(&text));
	most = SIZE_MAX;
	private_text_free(&text);
	assert_int_equal(dirty, 0);
	/* Nothing written is a text too. */
	assert_true(private_text_open(&text));
	assert_true(private_text_close(&text));
	assert_int_equal(text.len, 0);
	private_text_free(&text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_wiped),
		cmocka_unit_test(sizes_do_not_wrap),
		cmocka_unit_test(text_grows_and_is_wiped),
		cmocka_unit_test(text_without_memory_is_no_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
