/*
 * emrtd-read --watch: whose MRZ was it? A result of every kind beside the MRZ
 * of traveller A. No check digit of a TD3 covers the first line, so that one
 * of a document torn together from two opens the chip of the second line.
 */
#include "data.h"
#include "emrtd_test.h"

#include "reader/context.h"
#include "reader/mrz_match.h"
#include "result/result.h"
#include "watch_outcome.h"

#include <string.h>

#define A_1   "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
#define A_2   "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
#define B_1   "P<UTOMUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<"
#define B_2   "C01X00T478UTO6408125F2702283<<<<<<<<<<<<<<<4"
#define TODAY 20000

static const struct tool tool = { .name = "test" };
static struct emrtd_ctx *ctx;

/* What is printed, and what the chip has; NULL: no DG1 that parses. */
struct zones {
	const char *printed, *chip;
};

static const struct zones same = { A_1 "\n" A_2 "\n", A_1 A_2 },
			  other = { A_1 "\n" A_2 "\n", B_1 B_2 },
			  torn = { A_1 "\n" B_2 "\n", B_1 B_2 },
			  unknown = { A_1 "\n" A_2 "\n", NULL };

struct scene {
	enum emrtd_access_protocol protocol;
	bool by_reader;
	const struct zones *zones;
	enum emrtd_file_status dg1, dg2, dg14;
	enum emrtd_error error;
	enum watch_outcome expected;
};

static void
play(const struct scene *scene)
{
	struct document_mrz mrz = { .present = true };
	struct mrz_options options = { sizeof(options), TODAY };
	const char *chip = scene->zones->chip;
	struct emrtd_result *r;

	assert_int_equal(mrz_source_parse(&tool, "test", scene->zones->printed,
			     strlen(scene->zones->printed), 0, TODAY,
			     &mrz.source),
	    EXIT_GOOD);
	mrz.n_passwords = mrz_source_passwords(&mrz.source, mrz.passwords);
	assert_int_not_equal(mrz.n_passwords, 0);
	assert_int_equal(emrtd_result_new(ctx, 0, &r), EMRTD_OK);
	r->access.protocol = scene->protocol;
	r->access.by_reader = scene->by_reader;
	r->files[EMRTD_DG1].status = scene->dg1;
	r->files[EMRTD_DG2].status = scene->dg2;
	r->files[EMRTD_DG14].status = scene->dg14;
	r->has_document = scene->dg1 == EMRTD_FILE_READ && chip != NULL &&
			  mrz_parse(chip, strlen(chip), &options,
			      &r->document) == MRZ_OK;
	emrtd_check_mrz_match(r, &mrz.source.doc, NULL, 0);
	assert_int_equal(watch_outcome_of(&mrz, r, scene->error),
	    scene->expected);
	emrtd_result_free(&r);
	document_mrz_wipe(&mrz);
}

static void
play_all(const struct scene *scenes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		play(&scenes[i]);
}

#define READ  EMRTD_FILE_READ
#define BAD   EMRTD_FILE_MALFORMED
#define NEVER EMRTD_FILE_NOT_REQUESTED
#define CUT   EMRTD_FILE_ABORTED

/* What the chip asked a key for. */
static void
test_closed_chip(void **state)
{
	static const struct scene scenes[] = {
		{ EMRTD_ACCESS_BAC, false, &same, READ, READ, NEVER, EMRTD_OK,
		    WATCH_READ },
		{ EMRTD_ACCESS_PACE, false, &same, READ, CUT, NEVER,
		    EMRTD_E_CARD_LOST, WATCH_LOST },
		{ EMRTD_ACCESS_BAC, false, &torn, READ, READ, NEVER, EMRTD_OK,
		    WATCH_MISMATCH },
		{ EMRTD_ACCESS_PACE, false, &torn, READ, READ, NEVER, EMRTD_OK,
		    WATCH_MISMATCH },
		/* However it ended, once DG1 is there. */
		{ EMRTD_ACCESS_BAC, false, &torn, READ, CUT, NEVER,
		    EMRTD_E_CARD_LOST, WATCH_MISMATCH },
		{ EMRTD_ACCESS_BAC, false, &torn, READ, CUT, NEVER,
		    EMRTD_E_CANCELLED, WATCH_MISMATCH },
		{ EMRTD_ACCESS_BAC, false, &torn, READ, NEVER, NEVER,
		    EMRTD_E_MAC, WATCH_MISMATCH },
		{ EMRTD_ACCESS_BAC, false, &torn, CUT, NEVER, NEVER,
		    EMRTD_E_CARD_LOST, WATCH_LOST },
		/* The key of the second line opened it: it is that chip. */
		{ EMRTD_ACCESS_BAC, false, &unknown, BAD, READ, NEVER, EMRTD_OK,
		    WATCH_READ },
		{ EMRTD_ACCESS_NONE, false, &unknown, NEVER, NEVER, NEVER,
		    EMRTD_E_ACCESS_DENIED, WATCH_MISMATCH },
	};

	(void)state;
	play_all(scenes, N_ELEMENTS(scenes));
}

/* Open to everybody; or to a reader that did PACE by itself, with whatever. */
static void
test_open_chip(void **state)
{
	static const struct scene scenes[] = {
		{ EMRTD_ACCESS_PLAIN, false, &same, READ, READ, NEVER, EMRTD_OK,
		    WATCH_READ },
		{ EMRTD_ACCESS_PLAIN, false, &same, READ, CUT, NEVER,
		    EMRTD_E_CARD_LOST, WATCH_LOST },
		{ EMRTD_ACCESS_PLAIN, false, &other, READ, READ, NEVER,
		    EMRTD_OK, WATCH_MISMATCH },
		{ EMRTD_ACCESS_PLAIN, false, &torn, READ, READ, NEVER, EMRTD_OK,
		    WATCH_MISMATCH },
		{ EMRTD_ACCESS_PLAIN, false, &other, READ, CUT, NEVER,
		    EMRTD_E_CARD_LOST, WATCH_MISMATCH },
		/* Nothing joins it to the MRZ. */
		{ EMRTD_ACCESS_PLAIN, false, &unknown, BAD, NEVER, NEVER,
		    EMRTD_OK, WATCH_MISMATCH },
		{ EMRTD_ACCESS_PLAIN, false, &unknown, BAD, READ, NEVER,
		    EMRTD_OK, WATCH_MISMATCH },
		{ EMRTD_ACCESS_PLAIN, false, &unknown, NEVER, READ, NEVER,
		    EMRTD_OK, WATCH_MISMATCH },
		{ EMRTD_ACCESS_PLAIN, false, &unknown, READ, CUT, NEVER,
		    EMRTD_E_CARD_LOST, WATCH_MISMATCH },
		{ EMRTD_ACCESS_PLAIN, false, &unknown, NEVER, NEVER, READ,
		    EMRTD_OK, WATCH_MISMATCH },
		/* Nothing of anybody's was read. */
		{ EMRTD_ACCESS_PLAIN, false, &unknown, CUT, NEVER, READ,
		    EMRTD_E_CARD_LOST, WATCH_LOST },
		{ EMRTD_ACCESS_PLAIN, false, &unknown, CUT, NEVER, NEVER,
		    EMRTD_E_CARD_LOST, WATCH_LOST },
		{ EMRTD_ACCESS_PLAIN, false, &unknown, NEVER, NEVER, NEVER,
		    EMRTD_E_PROTOCOL, WATCH_FAILED },
		{ EMRTD_ACCESS_PACE, true, &same, READ, READ, NEVER, EMRTD_OK,
		    WATCH_READ },
		{ EMRTD_ACCESS_PACE, true, &other, READ, READ, NEVER, EMRTD_OK,
		    WATCH_MISMATCH },
		{ EMRTD_ACCESS_PACE, true, &unknown, BAD, READ, NEVER, EMRTD_OK,
		    WATCH_MISMATCH },
		{ EMRTD_ACCESS_PACE, true, &unknown, NEVER, READ, NEVER,
		    EMRTD_OK, WATCH_MISMATCH },
	};

	(void)state;
	play_all(scenes, N_ELEMENTS(scenes));
}

/* Letters off a picture that may be misread say nothing by themselves: on an
 * open chip the key must be that of DG1. */
static void
test_doubtful(void **state)
{
	struct document_mrz mrz = { .present = true };
	struct mrz_options options = { sizeof(options), TODAY };
	struct emrtd_result *r;

	(void)state;
	assert_int_equal(mrz_source_parse(&tool, "test", same.printed,
			     strlen(same.printed), 0, TODAY, &mrz.source),
	    EXIT_GOOD);
	mrz.n_passwords = mrz_source_passwords(&mrz.source, mrz.passwords);
	assert_int_equal(emrtd_result_new(ctx, 0, &r), EMRTD_OK);
	assert_int_equal(mrz_parse(B_1 A_2, 88, &options, &r->document),
	    MRZ_OK);
	r->has_document = true;
	mrz.source.doc.status = MRZ_UNCERTAIN;
	for (int i = 0; i < 2; i++) {
		r->access.protocol = i == 0 ? EMRTD_ACCESS_PLAIN
					    : EMRTD_ACCESS_BAC;
		emrtd_check_mrz_match(r, &mrz.source.doc, NULL, 0);
		assert_int_equal(watch_outcome_of(&mrz, r, EMRTD_OK),
		    WATCH_READ);
	}
	assert_int_equal(mrz_parse(B_1 B_2, 88, &options, &r->document),
	    MRZ_OK);
	r->access.protocol = EMRTD_ACCESS_PLAIN;
	emrtd_check_mrz_match(r, &mrz.source.doc, NULL, 0);
	assert_int_equal(watch_outcome_of(&mrz, r, EMRTD_OK), WATCH_MISMATCH);
	assert_int_equal(watch_outcome_of(&mrz, NULL, EMRTD_E_TIMEOUT),
	    WATCH_LOST);
	emrtd_result_free(&r);
	document_mrz_wipe(&mrz);
}

static int
begin(void **state)
{
	(void)state;
	return emrtd_ctx_new(NULL, NULL, &ctx) == EMRTD_OK ? 0 : -1;
}

static int
end(void **state)
{
	(void)state;
	emrtd_ctx_free(&ctx);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_closed_chip),
		cmocka_unit_test(test_open_chip),
		cmocka_unit_test(test_doubtful),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
