#include "access/pace_protocols.h"
#include "core/oid.h"
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
	    "tests/vectors/pace_protocols.txt");
	struct vector v;
	size_t n = 0;

	(void)state;
	while (vectors_next(vectors, &v)) {
		const struct emrtd_pace_protocol *p;
		uint8_t buf[16];

		assert_int_equal(v.n_words, N_COLUMNS);
		p = emrtd_pace_protocol_by_oid(
		    hex_bytes(v.words[CONTENT], buf, sizeof(buf)));
		assert_non_null(p);
		assert_ptr_equal(p, emrtd_pace_protocol_at(n));
		assert_string_equal(p->name, v.words[NAME]);
		assert_string_equal(p->oid, v.words[OID]);
		assert_ptr_equal(emrtd_suite(p->suite),
		    suite_by_name(v.words[SUITE]));
		assert_int_equal(p->ecdh, strstr(p->name, "ECDH") != NULL);
		assert_int_equal(p->mapping == EMRTD_PACE_GM,
		    strstr(p->name, "-GM-") != NULL);
		assert_int_equal(p->mapping == EMRTD_PACE_IM,
		    strstr(p->name, "-IM-") != NULL);
		assert_int_equal(p->mapping == EMRTD_PACE_CAM,
		    strstr(p->name, "-CAM-") != NULL);
		n++;
	}
	assert_int_equal(n, emrtd_pace_protocol_count());
	assert_null(emrtd_pace_protocol_at(n));
	vectors_close(vectors);
}

static void
others_are_unknown(void **state)
{
	static const char *const others[] = { "04007F00070202040206",
		"04007F000702020402", "04007F00070202040601",
		"04007F00070202040501", "04007F0007020204020201", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		uint8_t buf[16];

		assert_null(emrtd_pace_protocol_by_oid(
		    hex_bytes(others[i], buf, sizeof(buf))));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_of_the_standard),
		cmocka_unit_test(others_are_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
