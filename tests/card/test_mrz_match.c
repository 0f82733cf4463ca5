/*
 * The letters that were printed, or read off a picture, against DG1 of a
 * virtual passport: what a doubt explains the chip confirms.
 */
#include "emrtd_test.h"
#include "virtual_read.h"

#include <mrz/mrz.h>
#include <string.h>

/* O for 0 in the number, 0 for O in the name. */
#define MISREAD                                        \
	"P<UTOERIKSS0N<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" \
	"L8989O2C36UTO7408122F3204153<<<<<<<<<<<<<<<4"

static const struct mrz_doubt doubts[] = {
	{ 2, 6, 2, "D0", { 10, 20 } },
	{ 1, 12, 1, "O", { 5 } },
	{ 1, 20, 1, "X", { 400 } },
};

struct letters {
	const char *optical;
	size_t n_doubts;
	enum mrz_status status;
	enum emrtd_mrz_comparison comparison;
	enum emrtd_verdict verdict;
	size_t n_differences;
	const char *reason;
};

static const struct letters letters[] = {
	/* Both doubts are settled by the chip. */
	{ MISREAD, 3, MRZ_UNCERTAIN, EMRTD_MRZ_CONFIRMED, EMRTD_PASSED, 2, "" },
	/* The name was read without doubt, and wrong: a picture was, though. */
	{ MISREAD, 1, MRZ_REJECTED, EMRTD_MRZ_DIFFERS, EMRTD_UNDETERMINED, 2,
	    "line 1, column 12: 0 printed, O on the chip" },
	{ "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
	  "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4",
	    3, MRZ_UNCERTAIN, EMRTD_MRZ_CONFIRMED, EMRTD_PASSED, 0, "" },
	/* Read surely, and another name. */
	{ "P<UTOERIKSSON<<BRITT<MARIA<<<<<<<<<<<<<<<<<<"
	  "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4",
	    0, MRZ_ACCEPTED, EMRTD_MRZ_DIFFERS, EMRTD_FAILED, 11,
	    "the printed MRZ and DG1 differ: line 1, column 16: B printed, A "
	    "on the chip; line 1, column 17: R printed, N on the chip; line "
	    "1, column 18: I printed, N on the chip; and 8 more" },
	{ "P<UTOERIKSSON<<BRITT<MARIA<<<<<<<<<<<<<<<<<<"
	  "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4",
	    1, MRZ_UNCERTAIN, EMRTD_MRZ_DIFFERS, EMRTD_UNDETERMINED, 11,
	    "not read surely" },
	{ "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\n"
	  "D23145890<UTO3407127M95071227349<<<8",
	    0, MRZ_ACCEPTED, EMRTD_MRZ_DIFFERS, EMRTD_FAILED, 0,
	    "TD2 is printed, TD3 on the chip" },
	{ "HELLO", 0, MRZ_REJECTED, EMRTD_MRZ_DIFFERS, EMRTD_UNDETERMINED, 0,
	    "fit no layout" },
};

static void
dg1_settles_doubts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(letters) / sizeof(*letters); i++) {
		const struct letters *l = &letters[i];
		struct emrtd_mrz mrz = { .size = sizeof(mrz) };
		char reason[EMRTD_REASON_CAP];
		struct virtual_read v;
		struct emrtd_result *r;

		virtual_read_init(&v);
		v.optical = l->optical;
		v.doubts = doubts;
		v.n_doubts = l->n_doubts;
		assert_ok(virtual_run(&v, &r, NULL));
		assert_true(emrtd_result_mrz(r, &mrz));
		emrtd_result_check_reason(r, EMRTD_CHECK_DOC_MRZ_MATCH, reason);
		if (mrz.optical->status != l->status ||
		    mrz.comparison != l->comparison ||
		    virtual_verdict(r, "doc.mrz_match") != l->verdict ||
		    mrz.n_differences != l->n_differences ||
		    strstr(reason, l->reason) == NULL)
			fail_msg("row %zu: %s, %s, %zu differences, %s", i,
			    mrz_status_name(mrz.optical->status),
			    emrtd_mrz_comparison_name(mrz.comparison),
			    mrz.n_differences, reason);
		emrtd_result_free(&r);
	}
}

/* MISREAD with these doubts; mrz borrows from the result. */
static struct emrtd_result *
read_misread(const struct mrz_doubt *of, size_t n, struct emrtd_mrz *mrz)
{
	struct virtual_read v;
	struct emrtd_result *r;

	virtual_read_init(&v);
	v.optical = MISREAD;
	v.doubts = of;
	v.n_doubts = n;
	assert_ok(virtual_run(&v, &r, NULL));
	assert_true(emrtd_result_mrz(r, mrz));
	return r;
}

static void
differences_are_listed(void **state)
{
	struct emrtd_mrz mrz = { .size = sizeof(mrz) };
	struct virtual_read v;
	struct emrtd_result *r = read_misread(doubts, 1, &mrz);

	(void)state;
	assert_int_equal(mrz.n_keys, 1);
	assert_int_equal(mrz.n_differences, 2);
	assert_int_equal(mrz.differences[0].line, 1);
	assert_int_equal(mrz.differences[0].column, 12);
	assert_int_equal(mrz.differences[0].optical, '0');
	assert_int_equal(mrz.differences[0].chip, 'O');
	assert_false(mrz.differences[0].doubtful);
	assert_int_equal(mrz.differences[1].column, 6);
	assert_true(mrz.differences[1].doubtful);
	emrtd_result_free(&r);
	/* Without an MRZ there is nothing to tell. */
	virtual_read_init(&v);
	v.mrz = NULL;
	v.can = VIRTUAL_CAN;
	assert_ok(virtual_run(&v, &r, NULL));
	assert_false(emrtd_result_mrz(r, &mrz));
	emrtd_result_free(&r);
}

/* As for mrz_doubt: what a second doubt about the place says is not heard. */
static void
first_doubt_of_a_place_counts(void **state)
{
	static const struct mrz_doubt twice[] = {
		{ 2, 6, 1, "D", { 10 } },
		{ 2, 6, 1, "0", { 20 } },
		{ 1, 12, 1, "O", { 5 } },
	};
	struct emrtd_mrz mrz = { .size = sizeof(mrz) };
	struct emrtd_result *r = read_misread(twice,
	    sizeof(twice) / sizeof(*twice), &mrz);

	(void)state;
	assert_int_equal(mrz.comparison, EMRTD_MRZ_DIFFERS);
	assert_int_equal(mrz.n_differences, 2);
	assert_true(mrz.differences[0].doubtful);
	assert_false(mrz.differences[1].doubtful);
	emrtd_result_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dg1_settles_doubts),
		cmocka_unit_test(differences_are_listed),
		cmocka_unit_test(first_doubt_of_a_place_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
