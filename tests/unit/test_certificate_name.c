/*
 * Distinguished names: how they are told, whose country they have, and which
 * of them are one name.
 */
#include "core/builder.h"
#include "core/tlv.h"
#include "data.h"
#include "pki/certificate.h"
#include "test.h"

#include <string.h>

static struct emrtd_bytes
view(struct test_bytes b)
{
	return emrtd_bytes(b.ptr, b.len);
}

static const struct {
	const char *name, *text, *country;
} names[] = {
	{ "3000", "", "" },
	{ "300D310B3009060355040613027574", "C=ut", "UT" },
	{ "300E310C300A060355040613034C5455", "C=LTU", "LTU" },
	/* one letter, four, a digit, not a text, two that differ, two equal */
	{ "300C310A3008060355040613 0155", "C=U", "" },
	{ "300F310D300B06035504061304 55544F50", "C=UTOP", "" },
	{ "300D310B300906035504061302 5530", "C=U0", "" },
	{ "300D310B300906035504060402 5554", "C=?", "" },
	{ "301A 310B3009060355040613025554 310B3009060355040613025550",
	    "C=UT, C=UP", "" },
	{ "301A 310B3009060355040613025554 310B30090603550406130275 74",
	    "C=UT, C=ut", "UT" },
	/* BMPString; two attributes in one set; an unknown attribute */
	{ "300F310D300B060355040A1E0400550054", "O=UT", "" },
	{ "3018 3116 3009060355040613025554 3009060355040A0C025554",
	    "C=UT, O=UT", "UT" },
	{ "300D310B300906032A03040C025554", "1.2.3.4=UT", "" },
	/* what could be taken for another attribute, or moves a cursor */
	{ "3013 3111 300F060355040A0C08 612C20433D44451B", "O=a\\, C\\=DE?",
	    "" },
	{ "300F310D300B060355040A0C04 C3BC5C41", "O=?\\\\A", "" },
	/* cut off, and no name at all */
	{ "300D310B300906035504061303 5554", "", "" },
	{ "3009310B3009060355", "", "" },
	/* four letters, the first of which would be a country; small z, { */
	{ "300D310B300906035504061302 7A61", "C=za", "ZA" },
	{ "300D310B300906035504061302 7B61", "C={a", "" },
	{ "300D310B300906035504061302 5A5B", "C=Z[", "" },
	{ "300D310B300906035504061302 4041", "C=@A", "" },
	{ "300D310B300906035504061302 6161", "C=aa", "AA" },
	{ "300D310B300906035504061302 4160", "C=A`", "" },
	/* each label; the ends of what is printed */
	{ "300C310A3008060355040513 0131", "SERIALNUMBER=1", "" },
	{ "300C310A3008060355040713 0131", "L=1", "" },
	{ "300C310A3008060355040813 0131", "ST=1", "" },
	{ "300C310A3008060355040B13 0131", "OU=1", "" },
	{ "3012 3110 300E 06092A864886F70D010901 1601 31", "E=1", "" },
	{ "3010 310E 300C 060355040A1605 201F7E7F3B", "O= ?~?\\;", "" },
	{ "", "", "" },
	{ "0500", "", "" },
};

static void
name_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(names); i++) {
		struct test_bytes b = test_hex(names[i].name);
		char text[EMRTD_NAME_CAP], country[4];

		emrtd_name_text(view(b), text);
		assert_string_equal(text, names[i].text);
		emrtd_name_country(view(b), country);
		assert_string_equal(country, names[i].country);
		test_bytes_free(&b);
	}
}

static void
long_name_is_cut(void **state)
{
	uint8_t buf[600];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	size_t name = emrtd_open(&out, 0x30), set = emrtd_open(&out, 0x31);
	size_t pair = emrtd_open(&out, 0x30), value;
	char text[EMRTD_NAME_CAP];

	(void)state;
	emrtd_put_tlv(&out, 0x06,
	    emrtd_bytes((const uint8_t *)"\x55\x04\x03", 3));
	value = emrtd_open(&out, 0x0C);
	emrtd_put_fill(&out, ',', 400);
	emrtd_close(&out, value);
	emrtd_close(&out, pair);
	emrtd_close(&out, set);
	emrtd_close(&out, name);
	emrtd_name_text(emrtd_out_bytes(&out), text);
	assert_int_equal(strlen(text), EMRTD_NAME_CAP - 1);
	assert_memory_equal(text, "CN=\\,\\,", 7);
}

static const struct {
	const char *a, *b;
	bool equal;
} pairs[] = {
	/* string types and case */
	{ "300D310B3009060355040613025554", "300D310B300906035504060C027574",
	    true },
	{ "300D310B3009060355040613025554",
	    "300F310D300B06035504061E0400550054", true },
	{ "300D310B3009060355040613025554",
	    "3013 3111 300F06035504061C08 0000005500000054", true },
	{ "300D310B3009060355040A14 02E4FC",
	    "300F310D300B060355040A0C 04C3A4C3BC", true },
	/* blanks: at the ends, and in runs */
	{ "300E310C300A060355040A13 03412042",
	    "3012 3110 300E060355040A13 0720412020204220", true },
	{ "300E310C300A060355040A13 03412042",
	    "300D310B3009060355040A13 024142", false },
	{ "300E310C300A060355040A13 03412042",
	    "300E310C300A060355040A13 03414242", false },
	/* order, and one set in place of two */
	{ "301A 310B3009060355040613025554 310B3009060355040A0C025554",
	    "301A 310B3009060355040A0C025554 310B3009060355040613025554",
	    true },
	{ "301A 310B3009060355040613025554 310B3009060355040A0C025554",
	    "3018 3116 3009060355040613025554 3009060355040A0C025554", true },
	/* another value, another attribute, one more, the same twice */
	{ "300D310B3009060355040613025554", "300D310B3009060355040613025555",
	    false },
	{ "300D310B3009060355040613025554", "300D310B3009060355040A13025554",
	    false },
	{ "300D310B3009060355040613025554",
	    "301A 310B3009060355040613025554 310B3009060355040613025554",
	    false },
	{ "301A 310B3009060355040613025554 310B3009060355040613025555",
	    "301A 310B3009060355040613025554 310B3009060355040613025554",
	    false },
	/* no text: by bytes; malformed: only itself */
	{ "300D310B3009060355040604025554", "300D310B3009060355040604027574",
	    false },
	{ "300D310B3009060355040604025554", "300D310B3009060355040604025554",
	    true },
	{ "300D310B30090603550406130355", "300D310B30090603550406130355",
	    true },
	{ "301A 310B3009060355040613025554 310B3009060355040613035554",
	    "300D310B3009060355040613025554", false },
	{ "0500", "3000", false },
	{ "0500", "0400", false },
	{ "3002 0500", "3000", false },
	{ "3002 0500", "3002 0400", false },
	{ "300F310D300B 060355040A 13015A 0500",
	    "300D310B3009 060355040A 13015A", false },
	/* letters, and their neighbours in the table */
	{ "300C310A3008060355040A13 017A", "300C310A3008060355040A13 015A",
	    true },
	{ "300C310A3008060355040A13 0161", "300C310A3008060355040A13 0141",
	    true },
	{ "300C310A3008060355040A13 017B", "300C310A3008060355040A13 015B",
	    false },
	{ "300C310A3008060355040A13 0160", "300C310A3008060355040A13 0140",
	    false },
	/* IA5String and VisibleString; an INTEGER is no text */
	{ "300C310A3008060355040A16 0161", "300C310A3008060355040A1A 0141",
	    true },
	{ "300C310A3008060355040A02 0161", "300C310A3008060355040A13 0161",
	    false },
	{ "300C310A3008060355040A02 0161", "300C310A3008060355040A04 0161",
	    false },
	/* UTF-8 of two, three and four bytes: the ends of each */
	{ "300D310B3009060355040A0C 02C280", "300D310B3009060355040A1E 020080",
	    true },
	{ "300D310B3009060355040A0C 02DFBF", "300D310B3009060355040A1E 0207FF",
	    true },
	{ "300E310C300A060355040A0C 03E0A080",
	    "300D310B3009060355040A1E 020800", true },
	{ "300E310C300A060355040A0C 03EFBFBF",
	    "300D310B3009060355040A1E 02FFFF", true },
	{ "300F310D300B060355040A0C 04F0908080",
	    "300F310D300B060355040A1C 0400010000", true },
	{ "300F310D300B060355040A0C 04F48FBFBF",
	    "300F310D300B060355040A1C 040010FFFF", true },
	{ "300C310A3008060355040A0C 017F", "300D310B3009060355040A1E 02007F",
	    true },
	/* none: Latin-1 */
	{ "300D310B3009060355040A0C 02C180",
	    "300F310D300B060355040A1E 0400C10080", true },
	{ "300F310D300B060355040A0C 04F5808080",
	    "3013 3111 300F060355040A1E 0800F5008000800080", true },
	{ "300D310B3009060355040A0C 02C241",
	    "300F310D300B060355040A1E 0400C20041", true },
	{ "300C310A3008060355040A0C 01E0", "300D310B3009060355040A1E 0200E0",
	    true },
	{ "300D310B3009060355040A0C 02E0A0",
	    "300F310D300B060355040A1E 0400E000A0", true },
	/* a blank is not nothing, but blanks alone are */
	{ "300F310D300B060355040A13 0441204220",
	    "300E310C300A060355040A13 03412042", true },
	{ "300E310C300A060355040A13 03412042",
	    "300E310C300A060355040A13 03412043", false },
	{ "300D310B3009060355040A13 022020", "300B31093007060355040A13 00",
	    true },
	{ "300C310A3008060355040A13 0141", "300B31093007060355040A13 00",
	    false },
};

static void
name_equality(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(pairs); i++) {
		struct test_bytes a = test_hex(pairs[i].a);
		struct test_bytes b = test_hex(pairs[i].b);

		if (emrtd_name_equal(view(a), view(b)) != pairs[i].equal ||
		    emrtd_name_equal(view(b), view(a)) != pairs[i].equal)
			fail_msg("pair %zu", i);
		if (pairs[i].equal)
			assert_true(emrtd_name_hash(view(a)) ==
				    emrtd_name_hash(view(b)));
		test_bytes_free(&a);
		test_bytes_free(&b);
	}
}

/* Names of n attributes, all of one type; the last has this letter. */
static struct emrtd_bytes
many(uint8_t *buf, size_t cap, size_t n, char last)
{
	struct emrtd_out out = emrtd_out(buf, cap);
	size_t name = emrtd_open(&out, 0x30);

	for (size_t i = 0; i < n; i++) {
		size_t set = emrtd_open(&out, 0x31);
		size_t pair = emrtd_open(&out, 0x30);
		uint8_t letter = i + 1 == n ? (uint8_t)last
					    : (uint8_t)('A' + i);

		emrtd_put_tlv(&out, 0x06,
		    emrtd_bytes((const uint8_t *)"\x55\x04\x03", 3));
		emrtd_put_tlv(&out, 0x13, emrtd_bytes(&letter, 1));
		emrtd_close(&out, pair);
		emrtd_close(&out, set);
	}
	emrtd_close(&out, name);
	assert_false(out.bad);
	return emrtd_out_bytes(&out);
}

/* Up to 32 are compared; of more, only the same bytes are the same name. */
static void
names_of_many_attributes(void **state)
{
	uint8_t a[1000], b[1000];

	(void)state;
	for (size_t n = 1; n <= 40; n++) {
		assert_true(emrtd_name_equal(many(a, sizeof(a), n, 'z'),
		    many(b, sizeof(b), n, 'z')));
		assert_int_equal(emrtd_name_equal(many(a, sizeof(a), n, 'z'),
				     many(b, sizeof(b), n, 'Z')),
		    n <= 32);
		assert_false(emrtd_name_equal(many(a, sizeof(a), n, '1'),
		    many(b, sizeof(b), n, '2')));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(name_texts),
		cmocka_unit_test(long_name_is_cut),
		cmocka_unit_test(name_equality),
		cmocka_unit_test(names_of_many_attributes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
