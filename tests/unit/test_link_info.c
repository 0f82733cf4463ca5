/* What a link says of itself, to callers of any age. */
#include "emrtd_test.h"
#include "transport/link_info.h"

#include <stddef.h>
#include <string.h>

/* A caller of a later version: more than this one knows. */
struct later {
	struct emrtd_link_info known;
	uint8_t more[8];
};

static void
as_much_as_the_caller_has(void **state)
{
	const struct emrtd_link_info full = { .name = "reader",
		.max_command = 1234,
		.extended = true,
		.limits_from = EMRTD_LIMITS_TABLE,
		.oddity = "odd" };
	const uint32_t old = offsetof(struct emrtd_link_info, limits_from);
	struct emrtd_link_info info;
	struct later later;

	(void)state;
	memset(&info, 0x5A, sizeof(info));
	info.size = old;
	emrtd_link_info_give(&full, &info);
	assert_int_equal(info.size, old);
	assert_string_equal(info.name, "reader");
	assert_int_equal(info.max_command, 1234);
	assert_true(info.extended);
	for (size_t i = old; i < sizeof(info); i++)
		assert_int_equal(((const uint8_t *)&info)[i], 0x5A);

	memset(&later, 0x5A, sizeof(later));
	later.known.size = sizeof(later);
	emrtd_link_info_give(&full, &later.known);
	assert_int_equal(later.known.size, sizeof(later));
	assert_string_equal(later.known.oddity, "odd");
	for (size_t i = 0; i < sizeof(later.more); i++)
		assert_int_equal(later.more[i], 0);

	memset(&info, 0x5A, sizeof(info));
	info.size = 0;
	emrtd_link_info_give(&full, &info);
	assert_int_equal(info.name[0], 0x5A);
}

static void
names_are_printable(void **state)
{
	struct emrtd_link_info info;
	char name[300];

	(void)state;
	emrtd_link_info_name(&info, "A\x1b[2J\xc3\xa9 Z");
	assert_string_equal(info.name, "A?[2J?? Z");
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	emrtd_link_info_name(&info, name);
	assert_int_equal(strlen(info.name), sizeof(info.name) - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_much_as_the_caller_has),
		cmocka_unit_test(names_are_printable),
	};

	return cmocka_run_group_tests_name("link_info", tests, NULL, NULL);
}
