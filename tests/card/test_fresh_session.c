/*
 * Sessions that end, and fresh ones after them: chips that break off over a
 * length, links that are lost, proofs that are asked for anew.
 */
#include "ca_read.h"
#include "card/chip.h"

#include <stdio.h>

static struct emrtd_card *
issue(const struct emrtd_card_profile *profile)
{
	struct emrtd_card *card = NULL;

	assert_ok(emrtd_card_issue(NULL, profile, NULL, &card));
	return card;
}

/* A bare refusal of the first way is one of the length: the second way goes. */
static void
bare_refusal_once(struct emrtd_bytes command, struct emrtd_out *response)
{
	look(command);
	if (is_last_of_ca(command) && air.n_ca == 1)
		replace(response, "6700");
}

static void
a_bare_refusal_is_forgiven_once(void **state)
{
	struct virtual_link link = { 0 };
	struct virtual_read v;
	struct emrtd_result *r;
	char reason[EMRTD_REASON_CAP];

	(void)state;
	memset(&air, 0, sizeof(air));
	init(&v, &(struct emrtd_card_ca){ CA_3DES, 13, NO_ID, NAMED, true }, 1);
	v.meddle = bare_refusal_once;
	v.link = &link;
	assert_ok(virtual_run(&v, &r, NULL));
	check_genuine("bare refusal", r);
	assert_int_equal(link.n_connects, 2);
	emrtd_result_check_reason(r, EMRTD_CHECK_ACCESS_SM, reason);
	assert_non_null(strstr(reason, "fresh"));
	emrtd_result_free(&r);
}

/* Bare 6700 over long reads: shorter ones in fresh sessions, told. */
static void
long_reads_that_end_the_session(void **state)
{
	static const struct {
		const char *switch_;
		bool extended;
		uint32_t n_connects;
		enum emrtd_error want;
	} cases[] = {
		{ "bare-le=231", false, 1, EMRTD_OK },
		{ "bare-le=223", false, 2, EMRTD_OK },
		{ "bare-le=192", false, 3, EMRTD_OK },
		{ "bare-le=256", true, 2, EMRTD_OK },
		{ "bare-le=192", true, 3, EMRTD_OK },
		/* Two fresh sessions, and no third. */
		{ "bare-le=128", false, 3, EMRTD_E_SM_PLAIN },
		{ "bare-le=128", true, 3, EMRTD_E_SM_PLAIN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct virtual_link link = { 0 };
		struct virtual_read v;
		struct emrtd_result *r;
		char reason[EMRTD_REASON_CAP];
		enum emrtd_error e;

		init(&v, &one_key, 1);
		if (cases[i].extended)
			extended(&v);
		else
			short_only(&v);
		v.link = &link;
		virtual_misbehave(&v, cases[i].switch_);
		e = virtual_run(&v, &r, NULL);
		if (e != cases[i].want ||
		    link.n_connects != cases[i].n_connects)
			fail_msg("%s, %s: %s after %u sessions",
			    cases[i].switch_,
			    cases[i].extended ? "extended" : "short",
			    emrtd_error_name(e), link.n_connects);
		if (e == EMRTD_OK)
			check_genuine(cases[i].switch_, r);
		emrtd_result_check_reason(r, EMRTD_CHECK_ACCESS_SM, reason);
		if (e == EMRTD_OK)
			assert_int_equal(strstr(reason, "shorter") != NULL,
			    link.n_connects > 1);
		else
			assert_int_equal(emrtd_result_overall(r),
			    EMRTD_OVERALL_UNDETERMINED);
		emrtd_result_free(&r);
	}
}

/* Chips that refuse long reads inside the session are asked for less in it. */
static void
long_reads_that_are_refused(void **state)
{
	static const uint32_t limits[] = { 223, 192, 128, 64 };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(limits) / sizeof(*limits); i++) {
		struct virtual_link link = { 0 };
		struct virtual_read v;
		struct emrtd_result *r;

		init(&v, &one_key, 1);
		if (i % 2 == 0)
			extended(&v);
		v.profile.habits.max_le = limits[i / 2];
		v.link = &link;
		assert_ok(virtual_run(&v, &r, NULL));
		check_genuine("refused reads", r);
		assert_int_equal(link.n_connects, 1);
		emrtd_result_free(&r);
	}
}

/* The link is lost at each command in turn: never failed, never genuine. */
static void
a_lost_link_is_no_verdict(void **state)
{
	unsigned n_aborted = 0;

	(void)state;
	for (unsigned n = 1;; n++) {
		struct virtual_read v;
		struct emrtd_result *r;
		char text[32];
		enum emrtd_error e;

		init(&v, &one_key, 1);
		snprintf(text, sizeof(text), "lost=%u", n);
		virtual_misbehave(&v, text);
		e = virtual_run(&v, &r, NULL);
		n_aborted += virtual_verdict(r, "chip.ca") == EMRTD_ABORTED;
		assert_int_not_equal(virtual_verdict(r, "chip.ca"),
		    EMRTD_FAILED);
		if (e == EMRTD_OK) {
			check_genuine("the link holds", r);
			emrtd_result_free(&r);
			break;
		}
		assert_error(e, EMRTD_E_CARD_LOST);
		assert_int_equal(emrtd_result_overall(r),
		    EMRTD_OVERALL_UNDETERMINED);
		emrtd_result_free(&r);
	}
	/* At MSE:Set AT, GENERAL AUTHENTICATE, and the first answer after. */
	assert_int_equal(n_aborted, 3);
}

/* The user takes it back at each step in turn: no failure, and no proof. */
static void
a_cancel_is_no_verdict(void **state)
{
	unsigned n_aborted = 0;

	(void)state;
	for (uint32_t n = 1;; n++) {
		struct virtual_read v;
		struct emrtd_result *r;
		enum emrtd_verdict ca;
		enum emrtd_error e;

		init(&v, &one_key, 1);
		v.cancel_at = n;
		e = virtual_run(&v, &r, NULL);
		ca = virtual_verdict(r, "chip.ca");
		n_aborted += ca == EMRTD_ABORTED;
		emrtd_result_free(&r);
		if (e == EMRTD_OK)
			break;
		assert_error(e, EMRTD_E_CANCELLED);
		assert_int_not_equal(ca, EMRTD_FAILED);
	}
	/* Behind DG14, while it is asked, and before the first answer. */
	assert_int_equal(n_aborted, 3);
}

/*
 * The chip has proven itself, then breaks off the session over DG2: in the
 * fresh one it is asked again, and what answers there is another chip.
 */
static void
break_off_then_cheat(struct emrtd_bytes command, struct emrtd_out *response)
{
	bool secured = (command.ptr[0] & 0x0C) != 0;

	look(command);
	/* EF.COM, DG1, then DG2. */
	if (secured && air.n_ca == 1 && air.since == 3)
		replace(response, "6700");
	if (secured && air.n_ca == 2 && air.since == 1)
		response->ptr[response->len - 3] ^= 1;
}

static void
break_off(struct emrtd_bytes command, struct emrtd_out *response)
{
	look(command);
	if ((command.ptr[0] & 0x0C) != 0 && air.n_ca == 1 && air.since == 3)
		replace(response, "6700");
}

static void
a_fresh_session_wants_a_fresh_proof(void **state)
{
	struct virtual_link link = { 0 };
	struct virtual_read v;
	struct emrtd_result *r;

	(void)state;
	memset(&air, 0, sizeof(air));
	init(&v, &one_key, 1);
	v.meddle = break_off;
	v.link = &link;
	assert_ok(virtual_run(&v, &r, NULL));
	check_genuine("the same chip", r);
	assert_true(emrtd_result_evidence(r, EMRTD_PROOF_CA,
	    &(struct emrtd_evidence){ .size = sizeof(struct emrtd_evidence) }));
	assert_int_equal(link.n_connects, 2);
	assert_int_equal(air.n_ca, 2);
	emrtd_result_free(&r);

	memset(&air, 0, sizeof(air));
	link.n_connects = 0;
	v.meddle = break_off_then_cheat;
	assert_ok(virtual_run(&v, &r, NULL));
	check_forged("another chip", r, EMRTD_E_MAC);
	assert_false(emrtd_result_evidence(r, EMRTD_PROOF_CA,
	    &(struct emrtd_evidence){ .size = sizeof(struct emrtd_evidence) }));
	assert_int_equal(link.n_connects, 3);
	assert_int_equal(air.n_ca, 2);
	emrtd_result_free(&r);
}

/* A fresh session must be opened as the first was: not in plain after BAC. */
static enum emrtd_error
open_the_chip(struct virtual_link *link)
{
	struct emrtd_card *card = link->self;

	if (link->n_connects > 1)
		card->bac = false;
	return EMRTD_OK;
}

static void
a_fresh_session_is_no_weaker(void **state)
{
	struct virtual_link link = { .connected = open_the_chip };
	struct virtual_read v;
	struct emrtd_result *r;

	(void)state;
	init(&v, &one_key, 1);
	short_only(&v);
	virtual_misbehave(&v, "bare-le=192");
	v.card = issue(&v.profile);
	link.self = v.card;
	v.link = &link;
	assert_error(virtual_run(&v, &r, NULL), EMRTD_E_ACCESS_POLICY);
	assert_int_equal(link.n_connects, 2);
	/* What the first session was opened with stays told. */
	assert_int_equal(r->access.protocol, EMRTD_ACCESS_BAC);
	assert_int_equal(virtual_verdict(r, "access.bac"), EMRTD_PASSED);
	assert_int_equal(emrtd_result_overall(r), EMRTD_OVERALL_UNDETERMINED);
	emrtd_result_free(&r);
	emrtd_card_free(&v.card);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bare_refusal_is_forgiven_once),
		cmocka_unit_test(long_reads_that_end_the_session),
		cmocka_unit_test(long_reads_that_are_refused),
		cmocka_unit_test(a_lost_link_is_no_verdict),
		cmocka_unit_test(a_cancel_is_no_verdict),
		cmocka_unit_test(a_fresh_session_wants_a_fresh_proof),
		cmocka_unit_test(a_fresh_session_is_no_weaker),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
