/* Certificates and lists out of PEM text, and what is not base64. */
#include "pki/pem.h"
#include "test.h"

#include <string.h>

#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END   "-----END CERTIFICATE-----\n"

static const struct {
	const char *text;
	enum emrtd_error error;
	const char *der; /* when it is OK */
} cases[] = {
	{ BEGIN "QUJD\n" END, EMRTD_OK, "ABC" },
	{ BEGIN "QUI=\n" END, EMRTD_OK, "AB" },
	{ BEGIN "QQ==\n" END, EMRTD_OK, "A" },
	{ BEGIN END, EMRTD_OK, "" },
	{ BEGIN "QUJDREVG\n" END, EMRTD_OK, "ABCDEF" },
	/* lines may end anywhere, and in blanks of any kind */
	{ BEGIN "Q\nUJ\r\nD \t\n\n" END, EMRTD_OK, "ABC" },
	{ "-----BEGIN X509 CRL-----\nQUJD\n-----END X509 CRL-----", EMRTD_OK,
	    "ABC" },
	{ "a comment\n\n" BEGIN "QUJD\n-----END CERTIFICATE-----  ", EMRTD_OK,
	    "ABC" },
	/* the last characters of the alphabet */
	{ BEGIN "enp6\n" END, EMRTD_OK, "zzz" },
	{ BEGIN "Pz8/\n" END, EMRTD_OK, "\?\?\?" },
	{ BEGIN "fn5+\n" END, EMRTD_OK, "~~~" },
	/* not whole, padded in the middle, too much of it, nothing but it */
	{ BEGIN "QUJ\n" END, EMRTD_E_MALFORMED, NULL },
	{ BEGIN "QUJDR\n" END, EMRTD_E_MALFORMED, NULL },
	{ BEGIN "QU=D\n" END, EMRTD_E_MALFORMED, NULL },
	{ BEGIN "Q=JD\n" END, EMRTD_E_MALFORMED, NULL },
	{ BEGIN "Q===\n" END, EMRTD_E_MALFORMED, NULL },
	{ BEGIN "====\n" END, EMRTD_E_MALFORMED, NULL },
	{ BEGIN "QUI=QUJD\n" END, EMRTD_E_MALFORMED, NULL },
	{ BEGIN "QUI=\nQUJD\n" END, EMRTD_E_MALFORMED, NULL },
	{ BEGIN "QUI==\n" END, EMRTD_E_MALFORMED, NULL },
	/* no base64 */
	{ BEGIN "QU?D\n" END, EMRTD_E_MALFORMED, NULL },
	{ BEGIN "QU D\n" END, EMRTD_E_MALFORMED, NULL },
	{ BEGIN "QUJD\n", EMRTD_E_MALFORMED, NULL },
	{ BEGIN "QUJD\n-----END X509 CRL-----\n", EMRTD_E_MALFORMED, NULL },
	/* nothing to be found */
	{ "", EMRTD_E_NOT_FOUND, NULL },
	{ "QUJD\n" END, EMRTD_E_NOT_FOUND, NULL },
	{ " " BEGIN "QUJD\n" END, EMRTD_E_NOT_FOUND, NULL },
	{ "-----BEGIN PRIVATE KEY-----\nQUJD\n-----END PRIVATE KEY-----\n",
	    EMRTD_E_NOT_FOUND, NULL },
};

static void
every_case(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct emrtd_bytes in = emrtd_bytes_text(cases[i].text);
		uint8_t buf[64];
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));
		enum emrtd_error e;

		assert_int_equal(emrtd_pem_is(in),
		    cases[i].error != EMRTD_E_NOT_FOUND);
		e = emrtd_pem_next(&in, &out);
		if (e != cases[i].error)
			fail_msg("case %zu: %s", i, emrtd_error_name(e));
		if (e != EMRTD_OK)
			continue;
		assert_int_equal(out.len, strlen(cases[i].der));
		assert_memory_equal(buf, cases[i].der, out.len);
		assert_int_equal(emrtd_pem_next(&in, &out), EMRTD_E_NOT_FOUND);
	}
}

/* Each byte there is, at the place of the last six bits. */
static void
every_character(void **state)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz"
				       "0123456789+/";
	char text[] = BEGIN "QUI?\n" END;
	char *place = strchr(text, '?');

	(void)state;
	for (int c = 0; c < 256; c++) {
		struct emrtd_bytes in;
		uint8_t buf[8];
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));
		const char *in_alphabet = memchr(alphabet, c, 64);

		/* these end a line, or the text */
		if (c == '=' || strchr(" \t\r\n", c) != NULL)
			continue;
		*place = (char)c;
		in = emrtd_bytes((const uint8_t *)text, sizeof(text) - 1);
		assert_int_equal(emrtd_pem_next(&in, &out),
		    in_alphabet != NULL ? EMRTD_OK : EMRTD_E_MALFORMED);
		if (in_alphabet == NULL)
			continue;
		assert_int_equal(out.len, 3);
		assert_memory_equal(buf, "AB", 2);
		assert_int_equal(buf[2], in_alphabet - alphabet);
	}
}

/* One after the other, each at the front of the buffer. */
static void
several(void **state)
{
	struct emrtd_bytes in = emrtd_bytes_text(
	    BEGIN "QUJD\n" END "between\n" BEGIN "REVG\n" END);
	uint8_t buf[8];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	(void)state;
	assert_int_equal(emrtd_pem_next(&in, &out), EMRTD_OK);
	assert_memory_equal(buf, "ABC", 3);
	assert_int_equal(emrtd_pem_next(&in, &out), EMRTD_OK);
	assert_int_equal(out.len, 3);
	assert_memory_equal(buf, "DEF", 3);
	assert_int_equal(emrtd_pem_next(&in, &out), EMRTD_E_NOT_FOUND);
}

/* One that is too long is an error of its own, and no bar to the next. */
static void
too_little_room(void **state)
{
	struct emrtd_bytes in = emrtd_bytes_text(
	    BEGIN "QUJDREVG\n" END BEGIN "R0g=\n" END);
	uint8_t buf[5];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	(void)state;
	assert_int_equal(emrtd_pem_next(&in, &out), EMRTD_E_BUFFER);
	assert_int_equal(emrtd_pem_next(&in, &out), EMRTD_OK);
	assert_int_equal(out.len, 2);
	assert_memory_equal(buf, "GH", 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case),
		cmocka_unit_test(every_character),
		cmocka_unit_test(several),
		cmocka_unit_test(too_little_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
