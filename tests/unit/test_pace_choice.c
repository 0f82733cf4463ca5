/*
 * Which PACE is run: what must be refused of what a chip, or somebody in its
 * name, writes into EF.CardAccess. What is taken, test_access.c says.
 */
#include "core/builder.h"
#include "core/oid.h"
#include "emrtd_test.h"
#include "reader/pace_choice.h"

#define PACE "0.4.0.127.0.7.2.2.4."
#define NONE (-1)

struct infos {
	uint8_t bytes[2048];
	struct emrtd_out out;
};

static void
put_int(struct emrtd_out *out, uint32_t v)
{
	uint8_t b[5] = { 0, (uint8_t)(v >> 24), (uint8_t)(v >> 16),
		(uint8_t)(v >> 8), (uint8_t)v };
	size_t from = 0;

	while (from < 4 && b[from] == 0 && b[from + 1] < 0x80)
		from++;
	emrtd_put_tlv(out, 0x02, emrtd_bytes(b + from, sizeof(b) - from));
}

static void
infos_init(struct infos *infos)
{
	infos->out = emrtd_out(infos->bytes, sizeof(infos->bytes));
}

static void
put_pace(struct infos *infos, const char *oid, int64_t parameter_id)
{
	size_t mark = emrtd_open(&infos->out, 0x30);

	emrtd_put_oid(&infos->out, oid);
	put_int(&infos->out, 2);
	if (parameter_id != NONE)
		put_int(&infos->out, (uint32_t)parameter_id);
	emrtd_close(&infos->out, mark);
}

/* A PACEDomainParameterInfo that names a group by the standard's number. */
static void
put_group(struct infos *infos, const char *oid, uint32_t group,
    int64_t parameter_id)
{
	size_t mark = emrtd_open(&infos->out, 0x30), inner;

	emrtd_put_oid(&infos->out, oid);
	inner = emrtd_open(&infos->out, 0x30);
	emrtd_put_oid(&infos->out, "0.4.0.127.0.7.1.2");
	put_int(&infos->out, group);
	emrtd_close(&infos->out, inner);
	if (parameter_id != NONE)
		put_int(&infos->out, (uint32_t)parameter_id);
	emrtd_close(&infos->out, mark);
}

/* Numbers of the chip's own, of which the discrete logarithm is easy. */
static void
put_weak_numbers(struct infos *infos, const char *oid, int64_t parameter_id)
{
	size_t mark = emrtd_open(&infos->out, 0x30), inner, numbers;

	emrtd_put_oid(&infos->out, oid);
	inner = emrtd_open(&infos->out, 0x30);
	emrtd_put_oid(&infos->out, "1.2.840.10046.2.1");
	numbers = emrtd_open(&infos->out, 0x30);
	put_int(&infos->out, 2027);
	put_int(&infos->out, 3);
	put_int(&infos->out, 1013);
	emrtd_close(&infos->out, numbers);
	emrtd_close(&infos->out, inner);
	if (parameter_id != NONE)
		put_int(&infos->out, (uint32_t)parameter_id);
	emrtd_close(&infos->out, mark);
}

static bool
choose(struct emrtd_crypto *crypto, struct infos *infos,
    struct emrtd_pace_choice *out)
{
	struct emrtd_security_infos parsed;

	assert_false(infos->out.bad);
	assert_ok(emrtd_security_infos_parse(emrtd_out_bytes(&infos->out), NULL,
	    &parsed));
	return emrtd_pace_choose(crypto, &parsed, out);
}

static void
nothing_is_offered(void **state)
{
	struct emrtd_pace_choice c;
	struct infos infos;

	infos_init(&infos);
	assert_false(choose(*state, &infos, &c));
	assert_null(c.protocol);
}

/* Each of them alone is no PACE that could be run. */
static void
what_does_not_fit(void **state)
{
	static const struct {
		const char *oid;
		int64_t parameter_id;
	} rows[] = {
		{ PACE "2.2", NONE }, /* which group? */
		{ PACE "2.2", 3 },    /* reserved */
		{ PACE "2.2", 19 }, { PACE "2.2", 31 },
		{ PACE "2.2", 32 }, /* of the chip's own: which? */
		{ PACE "2.2", 300 },
		{ PACE "2.2", 0 },  /* numbers for a curve's protocol */
		{ PACE "1.2", 13 }, /* a curve for a protocol of numbers */
		{ PACE "4.2", 10 }, /* no integrated mapping on P-224 */
		{ PACE "5.2", 13 }, /* no such mapping */
		{ PACE "2.5", 13 }, { PACE "6.1", 13 }, /* CAM has no 3DES */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct emrtd_pace_choice c;
		struct infos infos;

		infos_init(&infos);
		put_pace(&infos, rows[i].oid, rows[i].parameter_id);
		if (choose(*state, &infos, &c))
			fail_msg("%s with %d was taken", rows[i].oid,
			    (int)rows[i].parameter_id);
		/* It does not hide what can be run. */
		put_pace(&infos, PACE "2.1", 12);
		assert_true(choose(*state, &infos, &c));
		assert_int_equal(c.group->id, 12);
		assert_int_equal(c.protocol->suite, EMRTD_3DES);
		assert_true(c.is_ambiguous);
	}
}

static void
groups_of_the_standard_written_out(void **state)
{
	struct emrtd_pace_choice c;
	struct infos infos;

	infos_init(&infos);
	put_pace(&infos, PACE "2.2", 50);
	put_group(&infos, PACE "2", 16, 50);
	assert_true(choose(*state, &infos, &c));
	assert_int_equal(c.group->id, 16);
	assert_int_equal(c.parameter_id, 50);
	assert_true(c.has_parameter_id);
	assert_false(c.is_ambiguous);
	infos_init(&infos);
	put_pace(&infos, PACE "1.2", NONE);
	put_group(&infos, PACE "1", 2, NONE);
	assert_true(choose(*state, &infos, &c));
	assert_int_equal(c.group->id, 2);
	assert_false(c.has_parameter_id);
}

/* Doc 9303-11 9.2.2: insecure ones would leak the password. */
static void
other_parameters_are_refused(void **state)
{
	struct emrtd_pace_choice c;
	struct infos infos;

	/* unknown numbers */
	infos_init(&infos);
	put_pace(&infos, PACE "1.2", 50);
	put_weak_numbers(&infos, PACE "1", 50);
	assert_false(choose(*state, &infos, &c));
	/* of another protocol, with another number, without one */
	infos_init(&infos);
	put_pace(&infos, PACE "2.2", 50);
	put_group(&infos, PACE "4", 13, 50);
	put_group(&infos, PACE "2", 13, 51);
	put_group(&infos, PACE "2", 13, NONE);
	put_group(&infos, PACE "2.2", 13, 50);
	assert_false(choose(*state, &infos, &c));
	/* two with one number: which? */
	put_group(&infos, PACE "2", 13, 50);
	assert_true(choose(*state, &infos, &c));
	put_group(&infos, PACE "2", 12, 50);
	assert_false(choose(*state, &infos, &c));
	/* a number of the standard never means what the chip says */
	infos_init(&infos);
	put_pace(&infos, PACE "2.2", 12);
	put_group(&infos, PACE "2", 13, 12);
	assert_true(choose(*state, &infos, &c));
	assert_int_equal(c.group->id, 12);
	infos_init(&infos);
	put_pace(&infos, PACE "2.2", 20);
	put_group(&infos, PACE "2", 13, 20);
	assert_false(choose(*state, &infos, &c));
}

/* EF.CardAccess of published cards, in the order of the file. */
static void
published_cards(void **state)
{
	static const struct {
		const char *oid; /* NULL: nothing that could be run */
		uint32_t group;
	} want[] = { { NULL, 0 } /* version 1 */, { PACE "2.2", 13 },
		{ PACE "2.2", 13 }, { NULL, 0 }, { PACE "6.2", 13 },
		{ PACE "1.2", 0 } /* appendix G.2 */ };
	struct vectors *vectors = vectors_open("tests/vectors/card_access.txt");
	struct vector v;
	size_t n = 0;

	for (; vectors_next(vectors, &v); n++) {
		static uint8_t file[4096];
		struct emrtd_security_infos parsed;
		struct emrtd_pace_choice c;
		struct emrtd_bytes infos;

		assert_true(n < sizeof(want) / sizeof(*want));
		assert_true(emrtd_card_access_infos(hex_bytes(v.words[0], file,
							sizeof(file)),
		    &infos));
		assert_ok(emrtd_security_infos_parse(infos, NULL, &parsed));
		assert_int_equal(emrtd_pace_choose(*state, &parsed, &c),
		    want[n].oid != NULL);
		if (want[n].oid == NULL)
			continue;
		assert_string_equal(c.protocol->oid, want[n].oid);
		assert_int_equal(c.group->id, want[n].group);
	}
	assert_int_equal(n, sizeof(want) / sizeof(*want));
	vectors_close(vectors);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_offered),
		cmocka_unit_test(what_does_not_fit),
		cmocka_unit_test(groups_of_the_standard_written_out),
		cmocka_unit_test(other_parameters_are_refused),
		cmocka_unit_test(published_cards),
	};

	return cmocka_run_group_tests(tests, setup_crypto, teardown_crypto);
}
