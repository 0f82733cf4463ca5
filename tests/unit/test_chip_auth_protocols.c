#include "access/chip_auth_protocols.h"
#include "emrtd_test.h"

enum column {
	NAME,
	OID,
	CONTENT,
	SUITE,
	N_COLUMNS
};

static void
the_table_of_the_standard(void **state)
{
	struct vectors *vectors = vectors_open(
	    "tests/vectors/chip_auth_protocols.txt");
	struct vector v;
	size_t n = 0;

	(void)state;
	while (vectors_next(vectors, &v)) {
		const struct emrtd_chip_auth_protocol *p;
		uint8_t buf[16];

		assert_int_equal(v.n_words, N_COLUMNS);
		p = emrtd_chip_auth_protocol_by_oid(
		    hex_bytes(v.words[CONTENT], buf, sizeof(buf)));
		assert_non_null(p);
		assert_ptr_equal(p, emrtd_chip_auth_protocol_at(n));
		assert_string_equal(p->name, v.words[NAME]);
		assert_string_equal(p->oid, v.words[OID]);
		assert_ptr_equal(emrtd_suite(p->suite),
		    suite_by_name(v.words[SUITE]));
		assert_int_equal(p->kind, strstr(p->name, "ECDH") != NULL
					      ? EMRTD_GROUP_EC
					      : EMRTD_GROUP_DH);
		n++;
	}
	assert_int_equal(n, emrtd_chip_auth_protocol_count());
	assert_null(emrtd_chip_auth_protocol_at(n));
	vectors_close(vectors);
}

/* Keys (id-PK), PACE, the parents of the table, and its neighbours. */
static void
others_are_unknown(void **state)
{
	static const char *const others[] = { "04007F00070202010201",
		"04007F000702020102", "04007F000702020302",
		"04007F0007020203020201", "04007F00070202030205",
		"04007F00070202030200", "04007F00070202040202", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		uint8_t buf[16];

		assert_null(emrtd_chip_auth_protocol_by_oid(
		    hex_bytes(others[i], buf, sizeof(buf))));
	}
}

static void
a_key_alone_is_for_3des(void **state)
{
	(void)state;
	assert_string_equal(
	    emrtd_chip_auth_protocol_assumed(EMRTD_GROUP_EC)->name,
	    "id-CA-ECDH-3DES-CBC-CBC");
	assert_string_equal(
	    emrtd_chip_auth_protocol_assumed(EMRTD_GROUP_DH)->name,
	    "id-CA-DH-3DES-CBC-CBC");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_of_the_standard),
		cmocka_unit_test(others_are_unknown),
		cmocka_unit_test(a_key_alone_is_for_3des),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
