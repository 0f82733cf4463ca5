/*
 * Copies without the chip's keys that look for an excuse: what they say of
 * themselves, or how they refuse, must not turn 'failed' into 'could not be
 * decided', which is what an operator may have chosen to accept.
 */
#include "ca_read.h"
#include "card/card_sm.h"
#include "card/chip.h"

#define DH_3DES_KEY                            \
	{                                      \
		DH_3DES, 2, NO_ID, X942, false \
	}
#define DH_AES_KEY                            \
	{                                     \
		DH_128, 2, NO_ID, X942, false \
	}

static struct emrtd_card *
issue(const struct emrtd_card_profile *profile)
{
	struct emrtd_card *card = NULL;

	assert_ok(emrtd_card_issue(NULL, profile, NULL, &card));
	return card;
}

static void
check_copy(const char *name, const struct emrtd_result *r)
{
	char reason[EMRTD_REASON_CAP];

	emrtd_result_check_reason(r, EMRTD_CHECK_CHIP_CA, reason);
	if (virtual_verdict(r, "chip.ca") != EMRTD_FAILED ||
	    emrtd_result_overall(r) != EMRTD_OVERALL_FAILED)
		fail_msg("%s: chip.ca %s (%s), %s", name,
		    emrtd_verdict_name(virtual_verdict(r, "chip.ca")), reason,
		    emrtd_overall_verdict_name(emrtd_result_overall(r)));
}

/* Buffers, it says, that are too small for its own key. */
static void
small_buffers_are_no_excuse(void **state)
{
	static const struct emrtd_card_ca keys[] = { DH_3DES_KEY, DH_AES_KEY };

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		struct virtual_read v;
		struct emrtd_result *r;

		init(&v, &keys[i], 1);
		v.profile.clone = EMRTD_CARD_CLONE_NO_KEYS;
		v.profile.max_command = 270;
		v.profile.habits.no_chaining = true;
		extended(&v);
		assert_ok(virtual_run(&v, &r, NULL));
		check_copy(keys[i].oid, r);
		emrtd_result_free(&r);
	}
}

/* No access control, no session, no Chip Authentication? */
static void
an_open_chip_is_no_excuse(void **state)
{
	static const struct emrtd_card_ca *const keys[] = { &one_key,
		&kat_key };
	static const enum emrtd_card_clone clones[] = {
		EMRTD_CARD_CLONE_NO_KEYS, EMRTD_CARD_CLONE_OWN_KEYS
	};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct virtual_read v;
		struct emrtd_result *r;

		init(&v, keys[i % 2], 1);
		v.profile.bac = false;
		v.profile.clone = clones[i / 2];
		assert_ok(virtual_run(&v, &r, NULL));
		assert_int_equal(r->access.protocol, EMRTD_ACCESS_PLAIN);
		assert_int_equal(r->files[EMRTD_DG2].status, EMRTD_FILE_READ);
		check_copy("open chip", r);
		emrtd_result_free(&r);
	}
}

/* A copy knows the keys of its session: it may answer whatever it likes. */
struct copy {
	struct virtual_link link;
	struct emrtd_card *card;
};

static void
count_back(struct emrtd_sm *sm)
{
	for (size_t i = sm->suite->block_len; i > 0; i--)
		if (sm->ssc[i - 1]-- != 0)
			break;
}

static void
say(struct copy *copy, uint16_t sw, struct emrtd_out *response)
{
	struct emrtd_sm *sm = &copy->card->session.sm;
	uint8_t buf[64];
	struct emrtd_out work = emrtd_out(buf, sizeof(buf));

	count_back(sm);
	response->len = 0;
	assert_ok(emrtd_card_sm_protect(copy->card->crypto, sm,
	    &(struct emrtd_card_sm_answer){ .sw = sw }, &work, response));
}

/* Always more, never any data. */
static enum emrtd_error
endless(struct virtual_link *link, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct copy *copy = link->self;

	(void)timeout_ms;
	if (command.ptr[0] != 0x0C || !copy->card->session.sm.live)
		return EMRTD_OK;
	if (command.ptr[1] == 0x22)
		say(copy, 0x9000, response);
	else if (command.ptr[1] == 0x86 || command.ptr[1] == 0xC0)
		say(copy, 0x6100, response);
	return EMRTD_OK;
}

static void
answers_without_end_are_no_excuse(void **state)
{
	struct copy copy = { .link.answered = endless };
	struct virtual_read v;
	struct emrtd_result *r;

	(void)state;
	copy.link.self = &copy;
	init(&v, &one_key, 1);
	v.profile.clone = EMRTD_CARD_CLONE_NO_KEYS;
	v.link = &copy.link;
	v.card = copy.card = issue(&v.profile);
	assert_ok(virtual_run(&v, &r, NULL));
	check_copy("61xx without end", r);
	assert_int_equal(copy.link.n_connects, 2);
	emrtd_result_free(&r);
	emrtd_card_free(&copy.card);
}

/* It is all ears for the protocol, and refuses the key alone. */
static enum emrtd_error
late(struct virtual_link *link, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct copy *copy = link->self;

	(void)timeout_ms;
	if (command.ptr[0] == 0x0C && command.ptr[1] == 0x22 &&
	    copy->card->session.sm.live)
		say(copy, 0x9000, response);
	return EMRTD_OK;
}

/* 'Wrong length', says a copy that cannot sign. */
static enum emrtd_error
wrong_length(struct virtual_link *link, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct copy *copy = link->self;

	(void)timeout_ms;
	if (command.ptr[0] == 0x0C && command.ptr[1] == 0x88 &&
	    copy->card->session.sm.live)
		say(copy, 0x6700, response);
	return EMRTD_OK;
}

static void
a_wrong_length_is_no_excuse(void **state)
{
	static const char *const kinds[] = { "rsa-1024", "ecdsa-P-256" };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct copy copy = { .link.answered = wrong_length };
		struct virtual_read v;
		struct emrtd_result *r;

		copy.link.self = &copy;
		init(&v, &one_key, 0);
		v.profile.aa.kind = kinds[i % 2];
		v.profile.clone = EMRTD_CARD_CLONE_NO_KEYS;
		v.extended_link = i / 2 != 0;
		v.link = &copy.link;
		v.card = copy.card = issue(&v.profile);
		assert_ok(virtual_run(&v, &r, NULL));
		assert_int_equal(virtual_verdict(r, "chip.aa"), EMRTD_FAILED);
		assert_int_equal(emrtd_result_overall(r), EMRTD_OVERALL_FAILED);
		emrtd_result_free(&r);
		emrtd_card_free(&copy.card);
	}
}

/* Parts of GENERAL AUTHENTICATE every chip must take, over any link. */
static void
a_short_link_is_no_excuse_with_aes(void **state)
{
	struct copy copy = { .link.answered = late };
	struct virtual_read v;
	struct emrtd_result *r;

	(void)state;
	copy.link.self = &copy;
	init(&v, &(struct emrtd_card_ca)DH_AES_KEY, 1);
	v.profile.clone = EMRTD_CARD_CLONE_NO_KEYS;
	short_only(&v);
	v.link = &copy.link;
	v.link_max = 261;
	v.card = copy.card = issue(&v.profile);
	assert_ok(virtual_run(&v, &r, NULL));
	check_copy("short link", r);
	emrtd_result_free(&r);
	emrtd_card_free(&copy.card);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_buffers_are_no_excuse),
		cmocka_unit_test(an_open_chip_is_no_excuse),
		cmocka_unit_test(a_wrong_length_is_no_excuse),
		cmocka_unit_test(a_short_link_is_no_excuse_with_aes),
		cmocka_unit_test(answers_without_end_are_no_excuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
