/*
 * Several keys of a doubtful MRZ before virtual passports that take it in
 * different ways. Time is the link's: a chip that needs eight seconds costs
 * none.
 */
#include "emrtd_test.h"
#include "reader/session.h"
#include "virtual_read.h"

#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>

#define UPPER   "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
#define WRONG_1 UPPER "L898902C47UTO7408122F3204153<<<<<<<<<<<<<<<2"
#define WRONG_2 UPPER "L898902B33UTO7408122F3204153<<<<<<<<<<<<<<<2"
#define WRONG_3 UPPER "L898902C36UTO7408122F3204201<<<<<<<<<<<<<<<6"

static const char *const wrong[] = { WRONG_1, WRONG_2, WRONG_3 };

static void
pace_only(struct virtual_read *v)
{
	v->profile.bac = false;
}

static void
bac_only(struct virtual_read *v)
{
	v->profile.n_pace = 0;
}

static void
by_either(struct virtual_read *v)
{
	(void)v;
}

static void (*const ways[])(
    struct virtual_read *v) = { pace_only, bac_only, by_either };

/* Keys of which the right one is at that place, from 0; 4: nowhere. */
static void
put_keys(struct virtual_read *v, size_t right)
{
	const char *keys[EMRTD_MRZ_KEYS_MAX + 1];
	size_t n = 0;

	for (size_t i = 0; i < EMRTD_MRZ_KEYS_MAX; i++)
		keys[i] = i == right ? VIRTUAL_MRZ : wrong[n++ % 3];
	v->mrz = keys[0];
	for (size_t i = 0; i < EMRTD_MRZ_KEYS_MAX - 1; i++)
		v->mrz_more[i] = keys[i + 1];
	v->optical = VIRTUAL_MRZ;
}

/* ---- What a test sees on the link -------------------------------------- */

struct seen {
	uint32_t n_refused;     /* answers to a wrong password */
	uint32_t n_can;         /* MSE:Set AT that name the CAN */
	uint32_t n_card_access; /* READ BINARY by its short identifier */
	uint32_t delay_ms[8];   /* of the n-th proof of a password */
	uint32_t n_proofs;
	bool mute; /* after a refusal, until connect */
	bool silent;
	uint16_t challenge_sw; /* of GET CHALLENGE after a refusal */
	uint16_t refusal_sw;   /* instead of the chip's own */
	uint32_t lost_at;      /* the n-th connect fails */
};

static uint16_t
status_of(const struct emrtd_out *response)
{
	assert_true(response->len >= 2);
	return (uint16_t)(response->ptr[response->len - 2] << 8 |
			  response->ptr[response->len - 1]);
}

static void
set_status(struct emrtd_out *response, uint16_t sw)
{
	response->len = 0;
	response->ptr[response->len++] = (uint8_t)(sw >> 8);
	response->ptr[response->len++] = (uint8_t)sw;
}

/* EXTERNAL AUTHENTICATE, or GENERAL AUTHENTICATE with the reader's token. */
static bool
is_proof(struct emrtd_bytes c)
{
	return c.ptr[1] == 0x82 || (c.ptr[1] == 0x86 && c.ptr[0] == 0x00);
}

/* ... 83 01 02 in MSE:Set AT. */
static bool
names_can(struct emrtd_bytes c)
{
	for (size_t i = 5; c.ptr[1] == 0x22 && i + 3 <= c.len; i++)
		if (memcmp(c.ptr + i, "\x83\x01\x02", 3) == 0)
			return true;
	return false;
}

static enum emrtd_error
answered(struct virtual_link *link, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct seen *seen = link->self;
	uint32_t ms = 20;

	if (seen->silent)
		return EMRTD_E_CARD_LOST;
	seen->n_can += names_can(command);
	seen->n_card_access += command.ptr[1] == 0xB0 && command.ptr[2] == 0x9C;
	if (command.ptr[1] == 0x84 && seen->n_refused > 0 &&
	    seen->challenge_sw != 0)
		set_status(response, seen->challenge_sw);
	if (is_proof(command)) {
		ms = seen->delay_ms[seen->n_proofs++ % 8];
		if (status_of(response) != 0x9000) {
			seen->n_refused++;
			seen->silent = seen->mute;
			if (seen->refusal_sw != 0)
				set_status(response, seen->refusal_sw);
		}
	}
	if (ms > timeout_ms) {
		link->now_us += (int64_t)timeout_ms * 1000;
		return EMRTD_E_TIMEOUT;
	}
	link->now_us += (int64_t)ms * 1000;
	return EMRTD_OK;
}

static enum emrtd_error
connected(struct virtual_link *link)
{
	struct seen *seen = link->self;

	seen->silent = false;
	link->now_us += 200000;
	return link->n_connects == seen->lost_at ? EMRTD_E_NO_READER : EMRTD_OK;
}

struct scene {
	struct virtual_read v;
	struct virtual_link link;
	struct seen seen;
	struct emrtd_result *r;
};

/* A chip that takes passwords in one of the ways, keys of which the right one
 * is at that place. */
static void
scene_init(struct scene *s, void (*way)(struct virtual_read *v), size_t right)
{
	memset(s, 0, sizeof(*s));
	virtual_read_init(&s->v);
	s->link.self = &s->seen;
	s->link.answered = answered;
	s->link.connected = connected;
	s->link.now_us = 1000000;
	s->v.link = &s->link;
	way(&s->v);
	put_keys(&s->v, right);
}

static enum emrtd_error
play(struct scene *s)
{
	return virtual_run(&s->v, &s->r, NULL);
}

static void
assert_tried(const struct scene *s, uint32_t n_tried, uint32_t opened_by)
{
	struct emrtd_mrz mrz = { .size = sizeof(mrz) };

	assert_true(emrtd_result_mrz(s->r, &mrz));
	assert_int_equal(mrz.n_tried, n_tried);
	assert_int_equal(mrz.opened_by, opened_by);
}

static void
assert_detail(const struct scene *s, const char *want)
{
	assert_non_null(strstr(emrtd_result_diag(s->r)->detail, want));
}

/* ---- Which one opens ---------------------------------------------------- */

static void
each_place_opens(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3 * EMRTD_MRZ_KEYS_MAX; i++) {
		uint32_t place = (uint32_t)(i / 3);
		struct scene s;

		scene_init(&s, ways[i % 3], place);
		assert_ok(play(&s));
		assert_tried(&s, place + 1, place + 1);
		assert_int_equal(s.seen.n_refused, place);
		assert_int_equal(s.link.n_connects, place + 1);
		/* PACE cannot be hidden between two tries. */
		assert_int_equal(s.seen.n_card_access, 1);
		assert_int_equal(virtual_verdict(s.r, "doc.mrz_match"),
		    EMRTD_PASSED);
		assert_int_equal(virtual_verdict(s.r,
				     i % 3 == 1 ? "access.bac" : "access.pace"),
		    EMRTD_PASSED);
		assert_int_equal(emrtd_result_overall(s.r),
		    EMRTD_OVERALL_AUTHENTIC_DATA_ONLY);
		emrtd_result_free(&s.r);
	}
}

static void
none_opens(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct scene s;

		scene_init(&s, ways[i], 4);
		assert_error(play(&s), EMRTD_E_ACCESS_DENIED);
		assert_tried(&s, 4, 0);
		assert_detail(&s, "4 of 4 readings of the MRZ were tried");
		assert_int_equal(s.seen.n_refused, 4);
		assert_int_equal(emrtd_result_overall(s.r),
		    EMRTD_OVERALL_UNDETERMINED);
		emrtd_result_free(&s.r);
	}
}

/* With one key all is as it was: nothing is said of several. */
static void
one_key_is_tried_once(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, by_either, 4);
	memset(s.v.mrz_more, 0, sizeof(s.v.mrz_more));
	assert_error(play(&s), EMRTD_E_ACCESS_DENIED);
	assert_tried(&s, 1, 0);
	assert_int_equal(s.link.n_connects, 1);
	assert_string_equal(emrtd_result_diag(s.r)->detail, "");
	emrtd_result_free(&s.r);
}

/* ---- Only a wrong password leads on ------------------------------------- */

struct end {
	const char *misbehaviour;
	void (*vary)(struct scene *s);
	enum emrtd_error error;
	uint32_t n_tried, n_connects;
};

static void
refused_as_wrong_data(struct scene *s)
{
	s->seen.refusal_sw = 0x6F00;
}

static void
blocked(struct scene *s)
{
	s->seen.refusal_sw = 0x6983;
}

static void
no_tries_left(struct scene *s)
{
	s->seen.refusal_sw = 0x63C0;
}

static void
leaves_at_reconnect(struct scene *s)
{
	s->seen.lost_at = 2;
}

static void
knows_no_bac_any_more(struct scene *s)
{
	bac_only(&s->v);
	s->seen.challenge_sw = 0x6985;
}

static void
right_key(struct scene *s)
{
	put_keys(&s->v, 0);
}

static void
refused_bac(struct scene *s)
{
	bac_only(&s->v);
	s->seen.refusal_sw = 0x6F00;
}

static const struct end ends[] = {
	{ NULL, refused_as_wrong_data, EMRTD_E_STATUS, 1, 1 },
	{ NULL, refused_bac, EMRTD_E_STATUS, 1, 1 },
	{ NULL, blocked, EMRTD_E_ACCESS_BLOCKED, 1, 1 },
	{ NULL, no_tries_left, EMRTD_E_ACCESS_BLOCKED, 1, 1 },
	{ NULL, leaves_at_reconnect, EMRTD_E_CARD_LOST, 1, 2 },
	/* It has refused a key of BAC: it is no open chip. */
	{ NULL, knows_no_bac_any_more, EMRTD_E_UNSUPPORTED, 1, 2 },
	{ "bad-token", right_key, EMRTD_E_TOKEN, 1, 1 },
};

static void
other_faults_end_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		struct scene s;

		scene_init(&s, by_either, 1);
		if (ends[i].misbehaviour != NULL)
			virtual_misbehave(&s.v, ends[i].misbehaviour);
		ends[i].vary(&s);
		assert_error(play(&s), ends[i].error);
		assert_tried(&s, ends[i].n_tried, 0);
		assert_int_equal(s.link.n_connects, ends[i].n_connects);
		assert_int_equal(s.r->access.protocol, EMRTD_ACCESS_NONE);
		emrtd_result_free(&s.r);
	}
}

/* A chip that says nothing more after a refusal, until it is connected anew.
 */
static void
a_mute_chip_is_connected_anew(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct scene s;

		scene_init(&s, ways[i], 2);
		s.seen.mute = true;
		assert_ok(play(&s));
		assert_tried(&s, 3, 3);
		emrtd_result_free(&s.r);
	}
}

/* Every one of the usual words for a wrong MRZ. */
static void
words_for_a_wrong_mrz(void **state)
{
	static const struct {
		uint16_t sw;
		bool pace;
	} words[] = { { 0x6300, true }, { 0x63C1, true }, { 0x63CF, true },
		{ 0x6982, true }, { 0x6300, false }, { 0x6982, false },
		{ 0x6988, false }, { 0x6A80, false }, { 0x6985, false } };

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		struct scene s;

		scene_init(&s, words[i].pace ? pace_only : bac_only, 1);
		s.seen.refusal_sw = words[i].sw;
		assert_ok(play(&s));
		assert_tried(&s, 2, 2);
		emrtd_result_free(&s.r);
	}
}

/* ---- A CAN --------------------------------------------------------------- */

/* One wrong try of a CAN, and no MRZ after it: as without several keys. */
static void
a_wrong_can_is_shown_once(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, by_either, 1);
	s.v.can = "999999";
	assert_error(play(&s), EMRTD_E_ACCESS_DENIED);
	assert_tried(&s, 0, 0);
	assert_int_equal(s.seen.n_refused, 1);
	assert_int_equal(s.seen.n_can, 1);
	assert_int_equal(s.link.n_connects, 1);
	emrtd_result_free(&s.r);
}

/* A chip that takes no CAN opens by the MRZ, and is not asked for the CAN
 * again at the next try: it might take, and count, it then. */
static void
a_can_that_is_not_taken_is_forgotten(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, by_either, 2);
	s.v.profile.can[0] = '\0';
	s.v.can = VIRTUAL_CAN;
	assert_ok(play(&s));
	assert_tried(&s, 3, 3);
	/* With the parameter id and without; then never more. */
	assert_int_equal(s.seen.n_can, 2);
	emrtd_result_free(&s.r);
}

static void
the_right_can_needs_no_mrz(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, by_either, 3);
	s.v.can = VIRTUAL_CAN;
	assert_ok(play(&s));
	assert_tried(&s, 0, 0);
	assert_int_equal(virtual_verdict(s.r, "doc.mrz_match"), EMRTD_PASSED);
	emrtd_result_free(&s.r);
}

/* ---- Time ------------------------------------------------------------------ */

/* A chip that answers more slowly after each failure. */
static void
slows_down(struct scene *s)
{
	static const uint32_t delays[] = { 1000, 2000, 4000, 8000 };

	memcpy(s->seen.delay_ms, delays, sizeof(delays));
}

static void
ten_seconds_and_no_more(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct scene s;

		/* 1 + 2 + 4 s: the third is in time. */
		scene_init(&s, ways[i], 2);
		slows_down(&s);
		assert_ok(play(&s));
		assert_tried(&s, 3, 3);
		emrtd_result_free(&s.r);
		/* 1 + 2 + 4 + 8 s: the fourth would be too late. */
		scene_init(&s, ways[i], 3);
		slows_down(&s);
		assert_error(play(&s), EMRTD_E_ACCESS_DENIED);
		assert_detail(&s,
		    "4 of 4 readings of the MRZ were tried, the last without "
		    "an answer in time");
		assert_true(s.link.now_us <= 1000000 + 10500000);
		/* The last word is a refusal, not the clock's. */
		assert_int_equal(virtual_verdict(s.r,
				     i % 3 == 1 ? "access.bac" : "access.pace"),
		    EMRTD_FAILED);
		emrtd_result_free(&s.r);
		/* With more time it opens. */
		scene_init(&s, ways[i], 3);
		slows_down(&s);
		s.v.mrz_tries_ms = 30000;
		assert_ok(play(&s));
		assert_tried(&s, 4, 4);
		emrtd_result_free(&s.r);
	}
}

/* The first key has all the time of the reading; no other follows it late. */
static void
no_try_begins_late(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, by_either, 1);
	s.v.mrz_tries_ms = 3000;
	s.seen.delay_ms[0] = 5000;
	assert_error(play(&s), EMRTD_E_ACCESS_DENIED);
	assert_tried(&s, 1, 0);
	assert_detail(&s,
	    "1 of 4 readings of the MRZ were tried, then the time was up");
	assert_int_equal(s.link.n_connects, 1);
	emrtd_result_free(&s.r);
	scene_init(&s, by_either, 0);
	s.v.mrz_tries_ms = 3000;
	s.seen.delay_ms[0] = 5000;
	assert_ok(play(&s));
	assert_tried(&s, 1, 1);
	emrtd_result_free(&s.r);
}

/* The session's own deadline is another word: trying again makes sense. */
static void
a_deadline_is_a_deadline(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s, by_either, 3);
	slows_down(&s);
	s.v.deadline_ms = 5000;
	assert_error(play(&s), EMRTD_E_DEADLINE);
	assert_tried(&s, 3, 0);
	emrtd_result_free(&s.r);
	/* Nor do the tries leave theirs behind: the files take longer. */
	scene_init(&s, by_either, 1);
	s.v.mrz_tries_ms = 2000;
	s.seen.delay_ms[0] = 100;
	s.seen.delay_ms[1] = 1400;
	assert_ok(play(&s));
	assert_true(s.link.now_us > 1000000 + 2000000);
	assert_tried(&s, 2, 2);
	emrtd_result_free(&s.r);
}

static void
cancel_ends_the_tries(void **state)
{
	uint32_t n = 0;
	enum emrtd_error e;

	(void)state;
	do {
		struct scene s;

		scene_init(&s, by_either, 3);
		s.v.cancel_at = ++n;
		e = play(&s);
		if (e != EMRTD_OK)
			assert_error(e, EMRTD_E_CANCELLED);
		emrtd_result_free(&s.r);
	} while (e != EMRTD_OK);
	assert_true(n > 8);
}

/* ---- Options and memory ---------------------------------------------------- */

static const struct emrtd_transport_ops no_ops;

static void
options_are_checked(void **state)
{
	struct emrtd_password keys[4], can;
	struct emrtd_transport transport = { &no_ops, NULL };
	struct emrtd_session *session = NULL;
	struct emrtd_ctx *ctx = NULL;
	struct emrtd_read_options good = { .size = sizeof(good),
		.mrz = &keys[0],
		.mrz_more = keys,
		.n_mrz_more = 3 };

	(void)state;
	for (size_t i = 0; i < 4; i++)
		assert_ok(emrtd_password_mrz("L898902C3674081223204153", 24,
		    &keys[i]));
	assert_ok(emrtd_password_can("123456", 6, &can));
	assert_ok(emrtd_ctx_new(NULL, NULL, &ctx));
	for (int i = 0; i < 7; i++) {
		struct emrtd_read_options options = good;

		switch (i) {
		case 0:
			break;
		case 1:
			options.size = 0;
			break;
		case 2:
			options.n_mrz_more = 4;
			break;
		case 3:
			options.mrz = NULL;
			break;
		case 4:
			options.mrz_more = NULL;
			break;
		case 5:
			keys[2] = can;
			break;
		default:
			/* An older caller knows of no more keys. */
			options.size = offsetof(struct emrtd_read_options,
			    mrz_more);
			options.n_mrz_more = 1000;
			break;
		}
		assert_error(emrtd_session_new(ctx, &transport, &options,
				 &session),
		    i == 0 || i == 6 ? EMRTD_OK : EMRTD_E_ARG);
		if (i == 0)
			assert_int_equal(session->n_mrz_more, 3);
		if (i == 6)
			assert_int_equal(session->n_mrz_more, 0);
		emrtd_session_free(&session);
	}
	emrtd_ctx_free(&ctx);
}

/* Linked with --wrap: blocks that are freed with a key in them. */
static bool watching;
static unsigned n_freed, n_dirty;

void __real_free(void *block);
void __wrap_free(void *block);

void
__wrap_free(void *block)
{
	size_t size = block == NULL ? 0 : malloc_usable_size(block);

	if (watching && block != NULL) {
		n_freed++;
		n_dirty += memmem(block, size, "L898902C47", 10) != NULL;
		n_dirty += memmem(block, size, "L898902B33", 10) != NULL;
		n_dirty += memmem(block, size, "7408122320420", 13) != NULL;
		n_dirty += memmem(block, size, "7408122320415", 13) != NULL;
	}
	__real_free(block);
}

static void
no_key_is_left_behind(void **state)
{
	(void)state;
	for (size_t right = 0; right <= EMRTD_MRZ_KEYS_MAX; right++) {
		struct scene s;

		scene_init(&s, by_either, right);
		n_freed = n_dirty = 0;
		watching = true;
		(void)!play(&s);
		emrtd_result_free(&s.r);
		watching = false;
		assert_true(n_freed > 10);
		/* The virtual passport wipes its own. */
		assert_int_equal(n_dirty, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_place_opens),
		cmocka_unit_test(none_opens),
		cmocka_unit_test(one_key_is_tried_once),
		cmocka_unit_test(other_faults_end_it),
		cmocka_unit_test(a_mute_chip_is_connected_anew),
		cmocka_unit_test(words_for_a_wrong_mrz),
		cmocka_unit_test(a_wrong_can_is_shown_once),
		cmocka_unit_test(a_can_that_is_not_taken_is_forgotten),
		cmocka_unit_test(the_right_can_needs_no_mrz),
		cmocka_unit_test(ten_seconds_and_no_more),
		cmocka_unit_test(no_try_begins_late),
		cmocka_unit_test(a_deadline_is_a_deadline),
		cmocka_unit_test(cancel_ends_the_tries),
		cmocka_unit_test(options_are_checked),
		cmocka_unit_test(no_key_is_left_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
