/*
 * How a chip is opened: every PACE protocol in whole readings, the policies,
 * the passwords and what wrong ones cost, and chips that want PACE otherwise.
 */
#include "access/pace_protocols.h"
#include "emrtd_test.h"
#include "result/result.h"
#include "virtual_read.h"

#include <stdio.h>

#define GM_AES128 "0.4.0.127.0.7.2.2.4.2.2"
#define DH_AES128 "0.4.0.127.0.7.2.2.4.1.2"

static void
assert_what(const struct emrtd_result *r, const char *want)
{
	const char *what = emrtd_result_diag(r)->what;

	assert_non_null(what);
	if (strstr(what, want) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", want, what);
}

static void
assert_detail(const struct emrtd_result *r, const char *want)
{
	const char *detail = emrtd_result_diag(r)->detail;

	if (strstr(detail, want) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", want, detail);
}

static struct emrtd_card *
issue(const struct virtual_read *v)
{
	struct emrtd_card *card = NULL;

	assert_ok(emrtd_card_issue(NULL, &v->profile, NULL, &card));
	return card;
}

/* ---- Every protocol ------------------------------------------------------ */

static void
read_with(const struct emrtd_pace_protocol *p, const struct emrtd_group *g)
{
	static const char *const mappings[] = { "GM", "IM", "CAM" };
	struct emrtd_access a = { .size = sizeof(a) };
	struct virtual_read v;
	struct emrtd_result *r;

	virtual_read_init(&v);
	v.profile.bac = false;
	v.profile.pace[0].oid = p->oid;
	v.profile.pace[0].parameter_id = g->id;
	v.extended_link = true;
	v.data_groups = 1u << 1;
	assert_ok(virtual_run(&v, &r, NULL));
	emrtd_result_access(r, &a);
	assert_int_equal(a.protocol, EMRTD_ACCESS_PACE);
	assert_string_equal(a.mapping, mappings[p->mapping]);
	assert_string_equal(a.cipher, emrtd_suite(p->suite)->name);
	assert_int_equal(a.parameter_id, g->id);
	assert_string_equal(a.password, "mrz");
	assert_int_equal(a.tries_left, EMRTD_TRIES_UNKNOWN);
	assert_null(a.workaround);
	assert_int_equal(virtual_verdict(r, "access.pace"), EMRTD_PASSED);
	assert_int_equal(virtual_verdict(r, "access.downgrade"), EMRTD_PASSED);
	assert_int_equal(virtual_verdict(r, "access.secure_messaging"),
	    EMRTD_PASSED);
	assert_int_equal(virtual_verdict(r, "pa.hash.dg1"), EMRTD_PASSED);
	emrtd_result_free(&r);
}

/* All groups of each protocol, in turn over the suites. */
static void
every_protocol(void **state)
{
	unsigned n = 0;

	(void)state;
	for (size_t i = 0; i < emrtd_pace_protocol_count(); i++) {
		const struct emrtd_pace_protocol *p = emrtd_pace_protocol_at(i);

		for (size_t k = 0; k < emrtd_group_count(); k++) {
			const struct emrtd_group *g = emrtd_group_at(k);

			if (!emrtd_pace_protocol_fits(p, g) ||
			    (k + i) % EMRTD_N_SUITES != 0)
				continue;
			read_with(p, g);
			n++;
		}
	}
	assert_true(n > 30);
}

/* ---- Which of several ---------------------------------------------------- */

struct offer {
	const char *oid;
	uint8_t parameter_id;
	enum emrtd_card_announce announce;
	uint8_t own_id;
};

static const struct best {
	const char *name;
	struct offer offers[3];
	const char *mapping, *cipher;
	uint32_t parameter_id;
} bests[] = {
	{ "CAM before all",
	    { { "0.4.0.127.0.7.2.2.4.2.4", 17, 0, 0 },
		{ "0.4.0.127.0.7.2.2.4.6.2", 13, 0, 0 } },
	    "CAM", "AES-128", 13 },
	{ "the stronger suite",
	    { { "0.4.0.127.0.7.2.2.4.2.1", 17, 0, 0 },
		{ "0.4.0.127.0.7.2.2.4.4.4", 12, 0, 0 },
		{ GM_AES128, 16, 0, 0 } },
	    "IM", "AES-256", 12 },
	{ "the stronger group",
	    { { DH_AES128, 2, 0, 0 }, { GM_AES128, 12, 0, 0 },
		{ GM_AES128, 15, 0, 0 } },
	    "GM", "AES-128", 15 },
	{ "written out, with a number of the chip's own",
	    { { GM_AES128, 15, EMRTD_CARD_WRITTEN_OUT, 40 },
		{ GM_AES128, 12, 0, 0 } },
	    "GM", "AES-128", 15 },
	{ "written out, without a number",
	    { { GM_AES128, 16, EMRTD_CARD_WRITTEN_OUT, 0 } }, "GM", "AES-128",
	    16 },
	{ "numbers written out",
	    { { DH_AES128, 0, EMRTD_CARD_WRITTEN_OUT, 0 } }, "GM", "AES-128",
	    0 },
};

static void
put_offers(struct virtual_read *v, const struct offer *offers)
{
	v->profile.n_pace = 0;
	for (size_t i = 0; i < 3 && offers[i].oid != NULL; i++) {
		struct emrtd_card_pace_info *info = &v->profile.pace[i];

		info->oid = offers[i].oid;
		info->parameter_id = offers[i].parameter_id;
		info->announce = offers[i].announce;
		info->own_id = offers[i].own_id;
		v->profile.n_pace++;
	}
}

static void
the_best_is_run(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bests) / sizeof(*bests); i++) {
		const struct best *b = &bests[i];
		struct virtual_read v;
		struct emrtd_result *r;

		virtual_read_init(&v);
		v.profile.bac = false;
		v.extended_link = true;
		put_offers(&v, b->offers);
		assert_ok(virtual_run(&v, &r, NULL));
		if (strcmp(r->access.mapping, b->mapping) != 0 ||
		    strcmp(r->access.cipher, b->cipher) != 0 ||
		    r->access.parameter_id != b->parameter_id)
			fail_msg("%s: %s, %s, %u", b->name, r->access.mapping,
			    r->access.cipher, r->access.parameter_id);
		assert_int_equal(virtual_verdict(r, "pa.card_access_copy"),
		    EMRTD_PASSED);
		emrtd_result_free(&r);
	}
}

/* ---- Policies ------------------------------------------------------------ */

/* What the document offers. */
static void
offers_both(struct virtual_read *v)
{
	(void)v;
}

static void
offers_bac(struct virtual_read *v)
{
	v->profile.n_pace = 0;
}

static void
offers_nothing(struct virtual_read *v)
{
	v->profile.n_pace = 0;
	v->profile.bac = false;
}

/* Nobody says which group it is. */
static void
offers_a_riddle(struct virtual_read *v)
{
	v->profile.pace[0].announce = EMRTD_CARD_WITHOUT_ID;
}

static void
breaks_pace(struct virtual_read *v)
{
	virtual_misbehave(v, "bad-token");
}

static void
breaks_pace_only(struct virtual_read *v)
{
	v->profile.bac = false;
	virtual_misbehave(v, "bad-token");
}

static void
wants_another_mrz(struct virtual_read *v)
{
	v->profile.mrz = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
			 "L898902C36UTO7408122F1204159ZE184226B<<<<<10";
}

static const struct rule {
	const char *name;
	void (*document)(struct virtual_read *v);
	enum emrtd_access_policy policy;
	enum emrtd_error error;
	enum emrtd_access_protocol protocol;
	enum emrtd_verdict downgrade;
} rules[] = {
	{ "require, both", offers_both, EMRTD_REQUIRE_PACE, EMRTD_OK,
	    EMRTD_ACCESS_PACE, EMRTD_PASSED },
	{ "require, BAC", offers_bac, EMRTD_REQUIRE_PACE, EMRTD_E_ACCESS_POLICY,
	    EMRTD_ACCESS_NONE, EMRTD_NOT_OFFERED },
	{ "require, open", offers_nothing, EMRTD_REQUIRE_PACE,
	    EMRTD_E_ACCESS_POLICY, EMRTD_ACCESS_NONE, EMRTD_NOT_OFFERED },
	{ "require, riddle", offers_a_riddle, EMRTD_REQUIRE_PACE,
	    EMRTD_E_ACCESS_POLICY, EMRTD_ACCESS_NONE, EMRTD_NOT_RUN },
	{ "require, broken", breaks_pace, EMRTD_REQUIRE_PACE, EMRTD_E_TOKEN,
	    EMRTD_ACCESS_NONE, EMRTD_NOT_RUN },
	{ "prefer, both", offers_both, EMRTD_PREFER_PACE, EMRTD_OK,
	    EMRTD_ACCESS_PACE, EMRTD_PASSED },
	{ "prefer, BAC", offers_bac, EMRTD_PREFER_PACE, EMRTD_OK,
	    EMRTD_ACCESS_BAC, EMRTD_NOT_OFFERED },
	{ "prefer, open", offers_nothing, EMRTD_PREFER_PACE, EMRTD_OK,
	    EMRTD_ACCESS_PLAIN, EMRTD_NOT_OFFERED },
	{ "prefer, riddle", offers_a_riddle, EMRTD_PREFER_PACE, EMRTD_OK,
	    EMRTD_ACCESS_BAC, EMRTD_UNDETERMINED },
	{ "prefer, broken", breaks_pace, EMRTD_PREFER_PACE, EMRTD_E_TOKEN,
	    EMRTD_ACCESS_NONE, EMRTD_NOT_RUN },
	{ "allow, both", offers_both, EMRTD_ALLOW_BAC, EMRTD_OK,
	    EMRTD_ACCESS_PACE, EMRTD_PASSED },
	{ "allow, broken", breaks_pace, EMRTD_ALLOW_BAC, EMRTD_OK,
	    EMRTD_ACCESS_BAC, EMRTD_FAILED },
	{ "allow, broken, no BAC", breaks_pace_only, EMRTD_ALLOW_BAC,
	    EMRTD_E_FILE_ACCESS, EMRTD_ACCESS_NONE, EMRTD_FAILED },
	{ "allow, wrong MRZ", wants_another_mrz, EMRTD_ALLOW_BAC,
	    EMRTD_E_ACCESS_DENIED, EMRTD_ACCESS_NONE, EMRTD_NOT_RUN },
};

static void
policies(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		const struct rule *rule = &rules[i];
		struct virtual_read v;
		struct emrtd_result *r;
		enum emrtd_verdict downgrade;
		enum emrtd_error e;

		virtual_read_init(&v);
		v.access_policy = rule->policy;
		rule->document(&v);
		e = virtual_run(&v, &r, NULL);
		downgrade = virtual_verdict(r, "access.downgrade");
		if (e != rule->error || r->access.protocol != rule->protocol ||
		    downgrade != rule->downgrade)
			fail_msg("%s: %s, %d, %s", rule->name,
			    emrtd_error_name(e), r->access.protocol,
			    emrtd_verdict_name(downgrade));
		if (rule->downgrade == EMRTD_FAILED)
			assert_int_equal(virtual_verdict(r, "access.pace"),
			    EMRTD_FAILED);
		emrtd_result_free(&r);
	}
}

/* ---- Passwords ----------------------------------------------------------- */

static void
pin_document(struct virtual_read *v)
{
	virtual_read_init(v);
	v->profile.bac = false;
	v->profile.mrz_password = false;
	v->profile.can[0] = '\0';
	memcpy(v->profile.pin, "1357", sizeof("1357"));
	memcpy(v->profile.puk, "24680246", sizeof("24680246"));
	v->profile.pin_tries = 3;
	v->profile.puk_tries = 2;
}

/* What is printed comes first; what the chip does not take is passed by. */
static void
in_order(void **state)
{
	struct virtual_read v;
	struct emrtd_result *r;

	(void)state;
	pin_document(&v);
	v.pin = "1357";
	v.puk = "24680246";
	assert_ok(virtual_run(&v, &r, NULL));
	assert_string_equal(r->access.password, "pin");
	emrtd_result_free(&r);
	v.pin = NULL;
	assert_ok(virtual_run(&v, &r, NULL));
	assert_string_equal(r->access.password, "puk");
	emrtd_result_free(&r);
	memcpy(v.profile.can, VIRTUAL_CAN, sizeof(VIRTUAL_CAN));
	v.pin = "1357";
	v.can = VIRTUAL_CAN;
	assert_ok(virtual_run(&v, &r, NULL));
	assert_string_equal(r->access.password, "can");
	emrtd_result_free(&r);
}

static void
no_password_fits(void **state)
{
	struct virtual_read v;
	struct emrtd_result *r;

	(void)state;
	pin_document(&v);
	assert_error(virtual_run(&v, &r, NULL), EMRTD_E_NO_PASSWORD);
	assert_what(r, "the MRZ is not taken");
	assert_int_equal(virtual_verdict(r, "access.pace"), EMRTD_NOT_RUN);
	emrtd_result_free(&r);
}

static const struct
try {
	const char *pin, *puk;
	bool last_try;
	enum emrtd_error error;
	int tries_left;
	const char *what;
}
tries[] = {
	{ "1111", NULL, false, EMRTD_E_ACCESS_DENIED, 2,
	    "the PIN was refused" },
	/* The right one gives all tries back. */
	{ "1357", NULL, false, EMRTD_OK, 2, NULL },
	{ "1357", NULL, false, EMRTD_OK, EMRTD_TRIES_UNKNOWN, NULL },
	{ "1111", NULL, false, EMRTD_E_ACCESS_DENIED, 2,
	    "the PIN was refused" },
	{ "2222", NULL, false, EMRTD_E_ACCESS_DENIED, 1,
	    "the PIN was refused" },
	/* The last one is not spent: asking again costs nothing. */
	{ "1357", NULL, false, EMRTD_E_LAST_TRY, 1,
	    "the PIN has one try left, and was not shown" },
	{ "1357", NULL, false, EMRTD_E_LAST_TRY, 1,
	    "the PIN has one try left, and was not shown" },
	/* This chip wants the CAN first. */
	{ "1357", NULL, true, EMRTD_E_ACCESS_BLOCKED, 1,
	    "the PIN is suspended until the CAN is shown" },
	/* The PUK gives the PIN's tries back. */
	{ NULL, "24680246", false, EMRTD_OK, 2, NULL },
	{ "1357", NULL, false, EMRTD_OK, EMRTD_TRIES_UNKNOWN, NULL },
	{ NULL, "11111111", false, EMRTD_E_ACCESS_DENIED, 1,
	    "the PUK was refused" },
	{ NULL, "11111111", false, EMRTD_E_LAST_TRY, 1,
	    "the PUK has one try left, and was not shown" },
	{ NULL, "11111111", true, EMRTD_E_ACCESS_BLOCKED, 0,
	    "the PUK has no try left" },
	{ NULL, "24680246", true, EMRTD_E_ACCESS_BLOCKED, 0,
	    "the PUK has no try left" },
};

static void
wrong_ones_are_counted(void **state)
{
	struct virtual_read v;

	(void)state;
	pin_document(&v);
	v.card = issue(&v);
	v.mrz = NULL;
	for (size_t i = 0; i < sizeof(tries) / sizeof(*tries); i++) {
		const struct try *t = &tries[i];
		struct emrtd_access a = { .size = sizeof(a) };
		struct emrtd_result *r;
		enum emrtd_error e;

		v.pin = t->pin;
		v.puk = t->puk;
		v.use_last_try = t->last_try;
		e = virtual_run(&v, &r, NULL);
		emrtd_result_access(r, &a);
		if (e != t->error || a.tries_left != t->tries_left)
			fail_msg("try %zu: %s, %d left", i, emrtd_error_name(e),
			    a.tries_left);
		if (t->what != NULL)
			assert_what(r, t->what);
		emrtd_result_free(&r);
	}
	emrtd_card_free(&v.card);
}

/* A program that was built when the struct was shorter. */
static void
an_older_caller(void **state)
{
	struct emrtd_access a = { .size = offsetof(struct emrtd_access,
				      tries_left),
		.tries_left = 77 };
	struct virtual_read v;
	struct emrtd_result *r;

	(void)state;
	virtual_read_init(&v);
	assert_ok(virtual_run(&v, &r, NULL));
	emrtd_result_access(r, &a);
	assert_int_equal(a.protocol, EMRTD_ACCESS_PACE);
	assert_int_equal(a.size, offsetof(struct emrtd_access, tries_left));
	assert_int_equal(a.tries_left, 77);
	emrtd_result_free(&r);
}

/* ---- Slow chips ---------------------------------------------------------- */

struct slow {
	struct virtual_read v;
	struct virtual_link link;
};

/* The chip's time is the reader's. */
static enum emrtd_error
take_time(struct virtual_link *link, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	const struct slow *slow = link->self;

	(void)command;
	(void)response;
	(void)timeout_ms;
	link->now_us += 1000 +
			1000 * (int64_t)emrtd_card_delay_ms(slow->v.card);
	return EMRTD_OK;
}

static void
slow_init(struct slow *slow, bool pace, uint32_t delay_ms)
{
	memset(slow, 0, sizeof(*slow));
	virtual_read_init(&slow->v);
	if (pace)
		slow->v.profile.bac = false;
	else
		slow->v.profile.n_pace = 0;
	slow->v.profile.habits.failure_delay_ms = delay_ms;
	slow->v.card = issue(&slow->v);
	slow->v.link = &slow->link;
	slow->link.now_us = 1000000;
	slow->link.answered = take_time;
	slow->link.self = slow;
}

#define WRONG_MRZ                                      \
	"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" \
	"L898902C36UTO7408122F1204159ZE184226B<<<<<10"

/* A delay is no loss: what a patient reader waits for, it gets. */
static void
slow_chips_are_waited_for(void **state)
{
	(void)state;
	for (int pace = 0; pace < 2; pace++) {
		struct emrtd_result *r;
		struct slow slow;
		int64_t start;

		slow_init(&slow, pace != 0, 6000);
		for (unsigned i = 0; i < 3; i++) {
			slow.v.mrz = WRONG_MRZ;
			assert_error(virtual_run(&slow.v, &r, NULL),
			    EMRTD_E_ACCESS_DENIED);
			if (i > 0)
				assert_detail(r, "the chip answers slowly");
			else
				assert_string_equal(
				    emrtd_result_diag(r)->detail, "");
			emrtd_result_free(&r);
		}
		start = slow.link.now_us;
		slow.v.mrz = VIRTUAL_MRZ;
		assert_ok(virtual_run(&slow.v, &r, NULL));
		assert_in_range(slow.link.now_us - start, 18000000, 20000000);
		emrtd_result_free(&r);
		emrtd_card_free(&slow.v.card);
	}
}

/* Commands that lead up to a password have 20 s, all others 10. */
static enum emrtd_error
no_answer(struct virtual_link *link, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	uint8_t ins = command.ptr[1];
	bool patient = ins == 0x22 || ins == 0x84 || ins == 0x86;
	unsigned *n_patient = link->self;

	(void)response;
	assert_int_equal(timeout_ms, patient ? 20000 : 10000);
	*n_patient += patient;
	return ins == 0x84 || ins == 0x86 ? EMRTD_E_TIMEOUT : EMRTD_OK;
}

static void
too_slow_is_told(void **state)
{
	(void)state;
	for (unsigned pace = 0; pace < 2; pace++) {
		unsigned n_patient = 0;
		struct virtual_link link = { .answered = no_answer,
			.self = &n_patient };
		struct virtual_read v;
		struct emrtd_result *r;

		virtual_read_init(&v);
		if (pace == 0)
			v.profile.n_pace = 0;
		v.link = &link;
		assert_error(virtual_run(&v, &r, NULL), EMRTD_E_TIMEOUT);
		assert_detail(r, "wait, and try again");
		/* Nothing says that the password is wrong. */
		assert_int_equal(virtual_verdict(r,
				     pace != 0 ? "access.pace" : "access.bac"),
		    EMRTD_ABORTED);
		assert_int_equal(n_patient, 1 + pace);
		emrtd_result_free(&r);
	}
}

/* ---- Other ways ---------------------------------------------------------- */

static void
dh_document(struct virtual_read *v)
{
	virtual_read_init(v);
	v->profile.bac = false;
	v->profile.pace[0].oid = DH_AES128;
	v->profile.pace[0].parameter_id = 2;
}

/*
 * Nobody knows whether the link carries long APDUs: the key goes in parts,
 * the chip's own does not fit the answer, and then it goes extended.
 */
static void
long_keys_in_the_other_way(void **state)
{
	struct virtual_read v;
	struct emrtd_result *r;

	(void)state;
	dh_document(&v);
	assert_ok(virtual_run(&v, &r, NULL));
	assert_int_equal(r->access.protocol, EMRTD_ACCESS_PACE);
	assert_string_equal(r->access.workaround,
	    "PACE with long keys sent in the other of two ways");
	emrtd_result_free(&r);
	v.extended_link = true;
	assert_ok(virtual_run(&v, &r, NULL));
	assert_null(r->access.workaround);
	emrtd_result_free(&r);
}

/* Refuses each command of a chain, and counts what comes without. */
struct chains {
	unsigned n_chained, n_single;
	uint16_t sw;
};

static enum emrtd_error
refuse_chains(struct virtual_link *link, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct chains *seen = link->self;

	(void)timeout_ms;
	if (command.len < 2 || command.ptr[1] != 0x86)
		return EMRTD_OK;
	if ((command.ptr[0] & 0x10) != 0) {
		seen->n_chained++;
		response->ptr[0] = (uint8_t)(seen->sw >> 8);
		response->ptr[1] = (uint8_t)seen->sw;
		response->len = 2;
	} else
		seen->n_single++;
	return EMRTD_OK;
}

/* Once, with fresh keys, and never with a PIN. */
static void
unchained_once(void **state)
{
	static const uint16_t words[] = { 0x6883, 0x6884, 0x6E00, 0x6F00 };

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		struct chains seen = { 0, 0, words[i] };
		struct virtual_link link = { .answered = refuse_chains,
			.self = &seen };
		bool other = words[i] != 0x6F00;
		struct virtual_read v;
		struct emrtd_result *r;

		virtual_read_init(&v);
		v.link = &link;
		/* Our own chip wants the chain, so that this ends there. */
		assert_error(virtual_run(&v, &r, NULL), EMRTD_E_STATUS);
		assert_int_equal(seen.n_chained, 1);
		assert_int_equal(seen.n_single, other ? 1 : 0);
		assert_int_equal(link.n_connects, other ? 2 : 1);
		emrtd_result_free(&r);
		pin_document(&v);
		v.mrz = NULL;
		v.pin = "1357";
		memset(&link, 0, sizeof(link));
		link.answered = refuse_chains;
		link.self = &seen;
		v.link = &link;
		assert_error(virtual_run(&v, &r, NULL), EMRTD_E_STATUS);
		assert_int_equal(link.n_connects, 1);
		emrtd_result_free(&r);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_older_caller),
		cmocka_unit_test(every_protocol),
		cmocka_unit_test(the_best_is_run),
		cmocka_unit_test(policies),
		cmocka_unit_test(in_order),
		cmocka_unit_test(no_password_fits),
		cmocka_unit_test(wrong_ones_are_counted),
		cmocka_unit_test(slow_chips_are_waited_for),
		cmocka_unit_test(too_slow_is_told),
		cmocka_unit_test(long_keys_in_the_other_way),
		cmocka_unit_test(unchained_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
