/* The orientation in EXIF: both byte orders, and what makes no sense. */
#include "test.h"

#include "exif.h"

#include <string.h>

/* One entry in one directory, all little-endian. */
static const uint8_t little[] = { 'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0, 0x12, 1,
	3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0 };
static const uint8_t big[] = { 'M', 'M', 0, '*', 0, 0, 0, 8, 0, 1, 1, 0x12, 0,
	3, 0, 0, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0 };

static unsigned
changed(size_t at, uint8_t value)
{
	uint8_t copy[sizeof(little)];

	memcpy(copy, little, sizeof(copy));
	copy[at] = value;
	return exif_orientation(copy, sizeof(copy));
}

static void
test_both_orders(void **state)
{
	(void)state;
	assert_int_equal(exif_orientation(little, sizeof(little)), 6);
	assert_int_equal(exif_orientation(big, sizeof(big)), 8);
}

static void
test_values(void **state)
{
	(void)state;
	for (unsigned value = 0; value < 256; value++) {
		unsigned want = value >= 1 && value <= 8 ? value : 1;

		assert_int_equal(changed(18, (uint8_t)value), want);
	}
}

static void
test_nonsense(void **state)
{
	(void)state;
	assert_int_equal(changed(0, 'X'), 1);
	assert_int_equal(changed(2, 43), 1);    /* magic */
	assert_int_equal(changed(10, 0x13), 1); /* another tag */
	assert_int_equal(changed(12, 2), 1);    /* text */
	assert_int_equal(changed(12, 4), 6);    /* a long is as good */
	assert_int_equal(changed(14, 2), 1);    /* two values */
	assert_int_equal(changed(8, 0), 1);     /* no entries */
	assert_int_equal(changed(8, 255), 6);   /* more than there are */
	assert_int_equal(changed(7, 255), 1);   /* directory far outside */
	assert_int_equal(changed(4, 25), 1);    /* at the very end */
}

static void
test_cut(void **state)
{
	(void)state;
	/* All but the padding of the value and the next directory matter. */
	for (size_t n = 0; n < 20; n++)
		assert_int_equal(exif_orientation(little, n), 1);
	assert_int_equal(exif_orientation(little, 20), 6);
}

static void
test_later_entry(void **state)
{
	uint8_t two[sizeof(little) + 12] = { 0 };

	(void)state;
	memcpy(two, little, 8);
	two[8] = 2;
	two[10] = 0x0F; /* a maker's name */
	two[11] = 1;
	memcpy(two + 22, little + 10, 12);
	assert_int_equal(exif_orientation(two, sizeof(two)), 6);
}

static void
test_app1(void **state)
{
	uint8_t app1[6 + sizeof(big)] = { 'E', 'x', 'i', 'f', 0, 0 };

	(void)state;
	memcpy(app1 + 6, big, sizeof(big));
	assert_int_equal(exif_orientation_app1(app1, sizeof(app1)), 8);
	assert_int_equal(exif_orientation_app1(app1, 6), 1);
	assert_int_equal(exif_orientation_app1(app1, 5), 0);
	app1[4] = 'X';
	assert_int_equal(exif_orientation_app1(app1, sizeof(app1)), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_orders),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_later_entry),
		cmocka_unit_test(test_app1),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
