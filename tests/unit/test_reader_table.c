/* What udev/readers.tbl says of readers, as the code asks for it. */
#include "transport/reader_table.h"

#include "test.h"

#include <string.h>

static void
sorted_and_unique(void **state)
{
	size_t n;
	const struct emrtd_reader_row *rows = emrtd_reader_rows(&n);

	(void)state;
	assert_true(n > 119);
	for (size_t i = 0; i < n; i++) {
		const struct emrtd_reader_row *row = &rows[i];

		assert_non_null(row->name);
		assert_true(strlen(row->name) < 128);
		assert_true(row->oddity == NULL || strlen(row->oddity) < 160);
		assert_true(
		    (row->max_command == 0) == (row->max_response == 0));
		assert_ptr_equal(emrtd_reader_row(row->vendor, row->product,
				     row->interface),
		    row);
		if (i == 0)
			continue;
		assert_true(row[-1].vendor < row->vendor ||
			    (row[-1].vendor == row->vendor &&
				(row[-1].product < row->product ||
				    (row[-1].product == row->product &&
					row[-1].interface < row->interface))));
	}
}

/* Facts that decide which interface a passport is looked for behind. */
static void
finds_the_antenna(void **state)
{
	static const struct {
		uint16_t vendor, product;
		int interface;
		bool known, contactless;
	} cases[] = {
		{ 0x04E6, 0x5724, 0, true, false }, /* contacts, TPDU */
		{ 0x04E6, 0x5724, 1, true, true },
		{ 0x04E6, 0x5724, -1, true, true },
		{ 0x04E6, 0x5724, 2, false, false },
		{ 0x072F, 0x223B, 0, true, true },
		{ 0x072F, 0x223B, 1, true, false }, /* SAM */
		{ 0x076B, 0x5422, 1, true, false },
		{ 0x23D8, 0x0603, -1, true, false },
		{ 0x04E6, 0x5591, 0, true, true }, /* any interface */
		{ 0x04E6, 0x5591, -1, true, true },
		{ 0x2D25, 0x0000, 0, true, true },
		{ 0x0DB5, 0x0139, 0, false, false }, /* no reader of chips */
		{ 0x0000, 0x0000, 0, false, false },
		{ 0xFFFF, 0xFFFF, -1, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct emrtd_reader_row *row = emrtd_reader_row(
		    cases[i].vendor, cases[i].product, cases[i].interface);

		assert_int_equal(row != NULL, cases[i].known);
		if (row != NULL)
			assert_int_equal((row->flags & EMRTD_ROW_CONTACTLESS) !=
					     0,
			    cases[i].contactless);
	}
}

static void
knows_oddities(void **state)
{
	const struct emrtd_reader_row *row;

	(void)state;
	row = emrtd_reader_row(0x072F, 0x2224, 0); /* ACR1281U */
	assert_true(row->flags & EMRTD_ROW_SHORT_ONLY);
	assert_int_equal(row->max_command, 261);
	assert_int_equal(row->max_response, 258);
	assert_non_null(row->oddity);
	row = emrtd_reader_row(0x072F, 0x2200, 0); /* ACR122U */
	assert_true(row->flags & EMRTD_ROW_PN533_DRIVER);
	assert_int_equal(row->start_ms, 1000);
	row = emrtd_reader_row(0x0C4B, 0x0500, 0);
	assert_true(row->flags & EMRTD_ROW_VENDOR_CLASS);
	assert_true(row->flags & EMRTD_ROW_TPDU);
	row = emrtd_reader_row(0x04CC, 0x2533, -1);
	assert_int_equal(row->kind, EMRTD_ROW_PN53X);
	row = emrtd_reader_row(0x04E6, 0x5790, 0); /* nothing odd */
	assert_int_equal(row->kind, EMRTD_ROW_CCID);
	assert_int_equal(row->flags, EMRTD_ROW_CONTACTLESS);
	assert_int_equal(row->max_command, 0);
	assert_null(row->oddity);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorted_and_unique),
		cmocka_unit_test(finds_the_antenna),
		cmocka_unit_test(knows_oddities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
