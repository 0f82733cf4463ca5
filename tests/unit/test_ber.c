#include "core/ber.h"

#include "core/builder.h"
#include "data.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *in, *want; /* want NULL: malformed */
	bool indefinite;
} cases[] = {
	/* Definite, as they come: nothing to do, filler left out. */
	{ "3003020105", "3003020105", false },
	{ "3000", "3000", false },
	{ "0400", "0400", false },
	{ "30030201050000", "3003020105", false },
	/* Lengths that are not minimal become so. */
	{ "30810402820000", "30020200", false },
	/* Indefinite, empty, nested in both ways. */
	{ "3080 020105 0000", "3003020105", true },
	{ "30800000", "3000", true },
	{ "3080 3080 0000 3103 020101 0000", "3007 3000 3103020101", true },
	{ "3008 A080 020105 0000 FF", NULL, false },
	{ "3007 A080 020105 0000", "3005 A003 020105", true },
	{ "7F618003 0000", NULL, false },
	{ "7F6180 020105 0000", "7F6103020105", true },
	/* OCTET STRINGs in pieces, definite and not, pieces of pieces. */
	{ "2406 040101 040102", "04020102", true },
	{ "2480 040101 04020203 0000", "0403010203", true },
	{ "2480 2480 040101 0000 2403 040102 0000", "04020102", true },
	{ "2480 0000", "0400", true },
	{ "A080 2480 040101 0000 0000", "A003 040101", true },
	/* What is no OCTET STRING cannot be a piece of one. */
	{ "2403 020101", NULL, false },
	{ "2480 3003 020101 0000", NULL, false },
	/* Truncated, no end, a primitive of indefinite length. */
	{ "", NULL, false },
	{ "30", NULL, false },
	{ "3080", NULL, false },
	{ "3080 020105", NULL, false },
	{ "3080 020105 00", NULL, false },
	{ "3005 A080 020105 0000", NULL, false },
	{ "0480 0101 0000", NULL, false },
	{ "3003 020205", NULL, false },
};

static void
conversions(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct test_bytes in = test_hex(cases[i].in), want;
		struct emrtd_bytes view = emrtd_bytes(in.ptr, in.len);
		uint8_t buf[128];
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));
		enum emrtd_error error = emrtd_ber_definite(view, &out);

		if (emrtd_ber_is_indefinite(view) != cases[i].indefinite)
			fail_msg("%s", cases[i].in);
		if (cases[i].want == NULL) {
			if (error != EMRTD_E_MALFORMED)
				fail_msg("%s: %s", cases[i].in,
				    emrtd_error_name(error));
			test_bytes_free(&in);
			continue;
		}
		want = test_hex(cases[i].want);
		if (error != EMRTD_OK)
			fail_msg("%s: %s", cases[i].in,
			    emrtd_error_name(error));
		assert_int_equal(out.len, want.len);
		assert_memory_equal(buf, want.ptr, want.len);
		test_bytes_free(&want);
		test_bytes_free(&in);
	}
}

/* n objects of indefinite length, one in the other. */
static enum emrtd_error
nested(size_t n)
{
	uint8_t in[4 * 2 * EMRTD_BER_DEPTH_MAX] = { 0 }, buf[256];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	assert_true(n <= 2 * EMRTD_BER_DEPTH_MAX);
	for (size_t i = 0; i < n; i++) {
		in[2 * i] = 0x30;
		in[2 * i + 1] = 0x80;
	}
	return emrtd_ber_definite(emrtd_bytes(in, 4 * n), &out);
}

static void
depth_is_limited(void **state)
{
	(void)state;
	assert_int_equal(nested(EMRTD_BER_DEPTH_MAX), EMRTD_OK);
	assert_int_equal(nested(EMRTD_BER_DEPTH_MAX + 1), EMRTD_E_LIMIT);
}

static void
buffer_is_limited(void **state)
{
	struct test_bytes in = test_hex("3080 04050102030405 0000");
	uint8_t buf[16];

	(void)state;
	for (size_t cap = 0; cap < 9; cap++) {
		struct emrtd_out out = emrtd_out(buf, cap);

		assert_int_equal(emrtd_ber_definite(emrtd_bytes(in.ptr, in.len),
				     &out),
		    EMRTD_E_BUFFER);
		assert_int_equal(emrtd_out_bytes(&out).len, 0);
	}
	test_bytes_free(&in);
}

/* The longest possible growth: lengths past 65,535 at every level. */
static void
growth_is_what_the_header_says(void **state)
{
	const size_t payload = 70000;
	size_t len = 2 * EMRTD_BER_DEPTH_MAX + 5 + payload +
		     2 * EMRTD_BER_DEPTH_MAX;
	uint8_t *in = calloc(1, len), *buf = malloc(len + EMRTD_BER_GROWTH);
	struct emrtd_out out = emrtd_out(buf, len + EMRTD_BER_GROWTH);
	size_t at = 0;

	(void)state;
	while (at < 2 * EMRTD_BER_DEPTH_MAX) {
		in[at++] = 0x30;
		in[at++] = 0x80;
	}
	in[at++] = 0x04;
	in[at++] = 0x83;
	in[at++] = (uint8_t)(payload >> 16);
	in[at++] = (uint8_t)(payload >> 8);
	in[at++] = (uint8_t)payload;
	assert_int_equal(emrtd_ber_definite(emrtd_bytes(in, len), &out),
	    EMRTD_OK);
	assert_int_equal(out.len, len + EMRTD_BER_DEPTH_MAX);
	free(in);
	free(buf);
}

/* At every bound of a length: as short as it can be, and one octet more. */
static void
forms(void **state)
{
	static const uint32_t tags[] = { 0x04, 0x5F1F, 0x5F8101 };
	static const size_t lens[] = { 0, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF,
		0x10000 };
	static uint8_t buf[0x10100];

	(void)state;
	for (size_t t = 0; t < N_ELEMENTS(tags); t++) {
		for (size_t i = 0; i < N_ELEMENTS(lens); i++) {
			size_t tag_len = t + 1, octets, len = lens[i];
			struct emrtd_out out = emrtd_out(buf, sizeof(buf));

			emrtd_put_tlv_head(&out, tags[t], len);
			emrtd_put_fill(&out, 0, len);
			assert_int_equal(emrtd_ber_form(emrtd_out_bytes(&out)),
			    EMRTD_BER_DER);
			/* The same with a length that begins with a zero. */
			octets = out.len - len - tag_len;
			out.len = tag_len;
			emrtd_put_u8(&out, (uint8_t)(0x80 + octets));
			for (size_t k = octets; k-- > 0;)
				emrtd_put_u8(&out, (uint8_t)(len >> 8 * k));
			emrtd_put_fill(&out, 0, len);
			assert_int_equal(emrtd_ber_form(emrtd_out_bytes(&out)),
			    EMRTD_BER_DEFINITE);
			out.len--;
			assert_int_equal(emrtd_ber_form(emrtd_out_bytes(&out)),
			    EMRTD_BER_MALFORMED);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms),
		cmocka_unit_test(conversions),
		cmocka_unit_test(depth_is_limited),
		cmocka_unit_test(buffer_is_limited),
		cmocka_unit_test(growth_is_what_the_header_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
