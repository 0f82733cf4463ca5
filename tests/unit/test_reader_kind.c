#include "data.h"
#include "emrtd_test.h"
#include "transport/reader_kind.h"

static void
atr_forms(void **state)
{
	static const struct {
		const char *atr;
		bool contactless, storage;
	} cases[] = {
		/* no historical bytes; eight; fifteen of a memory card */
		{ "3B80800101", true, false },
		{ "3B88800100000000778181007E", true, false },
		{ "3B8F8001804F0CA000000306030001000000006A", true, true },
		/* a wrong check byte, one byte short, one long */
		{ "3B80800102", false, false },
		{ "3B888001000000007781817E", false, false },
		{ "3B8080010101", false, false },
		/* contact cards */
		{ "3B00", false, false },
		{ "3BFF9600008131FE45", false, false },
		{ "3F80800101", false, false },
		{ "3B", false, false },
		{ "-", false, false },
	};
	uint8_t buf[64];
	struct emrtd_bytes atr;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		atr = hex_bytes(cases[i].atr, buf, sizeof(buf));
		assert_int_equal(emrtd_atr_contactless(atr),
		    cases[i].contactless);
		assert_int_equal(emrtd_atr_storage_card(atr), cases[i].storage);
	}
}

static void
reader_names(void **state)
{
	static const struct {
		const char *name;
		bool contactless;
	} cases[] = {
		{ "HID Global OMNIKEY 5022 Smart Card Reader 00 00", false },
		{ "HID Global OMNIKEY 5422CL Smartcard Reader 00 00", true },
		{ "HID Global OMNIKEY 5422 Smartcard Reader 01 00", false },
		{ "ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC] 00 00",
		    true },
		{ "ACS ACR1252 Dual Reader [ACR1252 Dual Reader SAM] 01 00",
		    false },
		{ "ACS ACR122U PICC Interface 00 00", true },
		{ "Identiv uTrust 3700 F CL Reader 00 00", true },
		{ "SCM Microsystems Inc. SCL011 Contactless Reader 00 00",
		    true },
		{ "Access IS ePassport Reader 00 00", true },
		{ "Elatec TWN4 NFC 00 00", true },
		{ "CLOUD 2700 F Smart Card Reader 00 00", false },
		{ "Virtual PCD 00 00", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++)
		if (emrtd_reader_name_contactless(cases[i].name) !=
		    cases[i].contactless)
			fail_msg("wrong about '%s'", cases[i].name);
	assert_true(emrtd_reader_name_fits("Virtual PCD 00 00", "virtual"));
	assert_true(emrtd_reader_name_fits("Virtual PCD 00 00", ""));
	assert_false(emrtd_reader_name_fits("Virtual PCD 00 00", "PCD 01"));
}

/* The document decides, then the name; memory cards are nobody's passport. */
static void
best_reader(void **state)
{
	const struct emrtd_bytes none = { NULL, 0 };
	uint8_t a[64], b[64], c[64];
	struct emrtd_bytes passport, badge, contact;
	const char *plain = "Smart Card Reader 00 00";
	const char *cl = "Contactless Reader 00 00";

	(void)state;
	passport = hex_bytes("3B80800101", a, sizeof(a));
	badge = hex_bytes("3B8F8001804F0CA000000306030001000000006A", b,
	    sizeof(b));
	contact = hex_bytes("3BFF9600008131FE45", c, sizeof(c));
	assert_true(emrtd_reader_score(plain, true, passport) >
		    emrtd_reader_score(cl, true, contact));
	assert_true(emrtd_reader_score(cl, true, contact) >
		    emrtd_reader_score(cl, false, none));
	assert_true(emrtd_reader_score(cl, false, none) >
		    emrtd_reader_score(plain, true, contact));
	assert_true(emrtd_reader_score(plain, true, contact) >
		    emrtd_reader_score(plain, true, badge));
	assert_int_equal(emrtd_reader_score(plain, false, none), 0);
}

static void
part_10(void **state)
{
	uint8_t buf[64];
	uint32_t v = 7;
	struct emrtd_bytes list;

	(void)state;
	list = hex_bytes("060442000DB3120442330012", buf, sizeof(buf));
	assert_true(emrtd_pcsc_feature(list, 0x12, &v));
	assert_int_equal(v, 0x42330012);
	assert_false(emrtd_pcsc_feature(list, 0x13, &v));
	for (size_t n = 0; n < 12; n++) {
		struct emrtd_bytes cut = { list.ptr, n };

		assert_false(emrtd_pcsc_feature(cut, 0x12, &v));
	}
	list = hex_bytes("120342330012", buf, sizeof(buf));
	assert_false(emrtd_pcsc_feature(list, 0x12, &v));

	list = hex_bytes("0B02E6040A04000001000C029057", buf, sizeof(buf));
	assert_true(emrtd_pcsc_property(list, 0x0A, &v));
	assert_int_equal(v, 0x10000);
	assert_true(emrtd_pcsc_property(list, 0x0B, &v));
	assert_int_equal(v, 0x04E6);
	assert_false(emrtd_pcsc_property(list, 0x0D, &v));
	list.len = 6;
	assert_false(emrtd_pcsc_property(list, 0x0A, &v));
	list = hex_bytes("0A050000010000", buf, sizeof(buf));
	assert_false(emrtd_pcsc_property(list, 0x0A, &v));
	list = hex_bytes("0A00", buf, sizeof(buf));
	assert_false(emrtd_pcsc_property(list, 0x0A, &v));
}

static void
limits(void **state)
{
	struct emrtd_link_info info = { .size = sizeof(info) };

	(void)state;
	emrtd_pcsc_limits(0, &info);
	assert_false(info.extended);
	assert_int_equal(info.max_command, 261);
	assert_int_equal(info.max_response, 258);
	emrtd_pcsc_limits(0x10000, &info);
	assert_true(info.extended);
	assert_int_equal(info.max_command, 65544);
	assert_int_equal(info.max_response, 65538);
	emrtd_pcsc_limits(2000, &info);
	assert_true(info.extended);
	assert_int_equal(info.max_command, 2009);
	assert_int_equal(info.max_response, 2002);
	emrtd_pcsc_limits(UINT32_MAX, &info);
	assert_int_equal(info.max_command, 65544);
}

/* Part 10, the attribute, the table: who is believed. */
static void
what_a_driver_says(void **state)
{
	const struct emrtd_reader_row short_row = {
		.flags = EMRTD_ROW_SHORT_ONLY,
		.oddity = "odd"
	};
	const struct emrtd_reader_row less = { .max_command = 1014,
		.max_response = 1012 };
	const struct emrtd_reader_row same = { .name = "as it says" };
	const struct {
		struct emrtd_pcsc_traits traits;
		const struct emrtd_reader_row *row;
		bool extended;
		uint32_t max_command, max_response;
		enum emrtd_limits_from from;
	} cases[] = {
		{ { .max_input = 0 }, NULL, false, 0, 0, EMRTD_LIMITS_UNKNOWN },
		{ { .has_max_apdu = true, .max_apdu = 0x10000 }, NULL, true,
		    65544, 65538, EMRTD_LIMITS_READER },
		{ { .has_max_apdu = true, .max_apdu = 0, .max_input = 1024 },
		    NULL, false, 261, 258, EMRTD_LIMITS_READER },
		/* A chaining reader has short messages. */
		{ { .has_max_apdu = true,
		      .max_apdu = 0x10000,
		      .max_input = 261 },
		    NULL, true, 65544, 65538, EMRTD_LIMITS_READER },
		{ { .max_input = 261 }, NULL, false, 261, 258,
		    EMRTD_LIMITS_READER },
		{ { .max_input = 502 }, NULL, false, 0, 0,
		    EMRTD_LIMITS_UNKNOWN },
		{ { .has_max_apdu = true, .max_apdu = 0x10000 }, &short_row,
		    false, 261, 258, EMRTD_LIMITS_TABLE },
		{ { .has_max_apdu = true, .max_apdu = 0x10000 }, &less, true,
		    1014, 1012, EMRTD_LIMITS_TABLE },
		{ { .has_max_apdu = true, .max_apdu = 0x10000 }, &same, true,
		    65544, 65538, EMRTD_LIMITS_READER },
		/* The table gives nothing that the reader does not claim. */
		{ { .has_max_apdu = true, .max_apdu = 0 }, &less, false, 261,
		    258, EMRTD_LIMITS_READER },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct emrtd_link_info info = { .size = sizeof(info) };

		emrtd_pcsc_apply(&cases[i].traits, cases[i].row, &info);
		assert_int_equal(info.extended, cases[i].extended);
		assert_int_equal(info.max_command, cases[i].max_command);
		assert_int_equal(info.max_response, cases[i].max_response);
		assert_int_equal(info.limits_from, cases[i].from);
		assert_string_equal(info.oddity,
		    cases[i].row == &short_row ? "odd" : "");
		assert_false(info.reader_pace);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(atr_forms),
		cmocka_unit_test(reader_names),
		cmocka_unit_test(best_reader),
		cmocka_unit_test(part_10),
		cmocka_unit_test(limits),
		cmocka_unit_test(what_a_driver_says),
	};

	return cmocka_run_group_tests_name("reader_kind", tests, NULL, NULL);
}
