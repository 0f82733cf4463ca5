/*
 * Whole readings of virtual passports with Chip Authentication: every
 * protocol, the forms of keys, chips that refuse or cannot, and somebody on
 * the link. Each ends in the verdict that it must end in.
 */
#include "access/chip_auth_protocols.h"
#include "ca_read.h"
#include "card/chip.h"
#include "crypto/group.h"

static void
every_protocol_is_genuine(void **state)
{
	(void)state;
	for (size_t i = 0; i < emrtd_chip_auth_protocol_count(); i++) {
		const struct emrtd_chip_auth_protocol *p =
		    emrtd_chip_auth_protocol_at(i);
		struct emrtd_card_ca ca = { p->oid,
			p->kind == EMRTD_GROUP_EC ? 13 : 1, NO_ID,
			p->kind == EMRTD_GROUP_EC ? NAMED : X942, false };
		struct virtual_read v;
		struct emrtd_result *r;

		init(&v, &ca, 1);
		assert_ok(virtual_run(&v, &r, NULL));
		check_genuine(p->name, r);
		emrtd_result_free(&r);
	}
}

/* Profiles that say nothing of group, form, ids or length to the reader. */
struct variety {
	const char *name;
	struct emrtd_card_ca ca[4];
	void (*vary)(struct virtual_read *v);
};

static void
by_pace(struct virtual_read *v)
{
	v->profile.n_pace = 1;
}

static void
without_sfi(struct virtual_read *v)
{
	virtual_misbehave(v, "no-sfi");
}

/* The reader could, the chip cannot, and says so, or does not. */
static void
short_chip(struct virtual_read *v)
{
	short_only(v);
	v->extended_link = true;
}

static void
silent_short_chip(struct virtual_read *v)
{
	short_chip(v);
	v->with_atr = false;
}

static const struct variety varieties[] = {
	{ "several keys by id",
	    { { CA_3DES, 12, 1, NAMED, false }, { CA_256, 17, 2, NAMED, false },
		{ CA_128, 13, 3, NAMED, false } },
	    NULL },
	{ "one key, two protocols",
	    { { CA_128, 13, 0xC3, NAMED, false },
		{ CA_256, 13, 0xC3, NAMED, false } },
	    NULL },
	{ "a key without info", { { NULL, 12, NO_ID, EXPLICIT, false } },
	    NULL },
	{ "3DES by Set AT alone", { { CA_3DES, 13, NO_ID, EXPLICIT, true } },
	    NULL },
	{ "3DES by Set AT alone, no info",
	    { { NULL, 13, NO_ID, EXPLICIT, true } }, NULL },
	{ "explicit curve", { { CA_192, 16, NO_ID, EXPLICIT, false } }, NULL },
	{ "standardised parameters",
	    { { CA_256, 18, NO_ID, STANDARDISED, false } }, NULL },
	{ "P-192", { { CA_128, 8, NO_ID, NAMED, false } }, NULL },
	{ "P-224", { { CA_128, 10, 5, NAMED, false } }, NULL },
	{ "brainpoolP320r1", { { CA_128, 14, NO_ID, NAMED, false } }, NULL },
	{ "DH by X9.42", { { DH_128, 2, NO_ID, X942, false } }, NULL },
	{ "DH by PKCS #3", { { DH_128, 2, NO_ID, PKCS3, false } }, NULL },
	{ "DH by its number", { { DH_3DES, 0, NO_ID, STANDARDISED, false } },
	    NULL },
	{ "DH, Set KAT in extended length",
	    { { DH_3DES, 1, NO_ID, X942, false } }, extended },
	{ "DH over a link that says nothing",
	    { { DH_3DES, 1, NO_ID, X942, false } }, NULL },
	{ "extended length", { { CA_128, 13, NO_ID, NAMED, false } },
	    extended },
	{ "after PACE", { { CA_256, 13, NO_ID, NAMED, false } }, by_pace },
	{ "3DES after PACE with AES", { { CA_3DES, 13, 1, NAMED, false } },
	    by_pace },
	{ "no short identifiers", { { CA_128, 13, NO_ID, NAMED, false } },
	    without_sfi },
	{ "DH in parts, Set KAT", { { DH_3DES, 2, NO_ID, X942, false } },
	    short_only },
	{ "DH in parts, GENERAL AUTHENTICATE",
	    { { DH_128, 2, NO_ID, X942, false } }, short_only },
	{ "DH, Set KAT, a chip of short commands",
	    { { DH_3DES, 2, NO_ID, X942, false } }, short_chip },
	{ "DH, GENERAL AUTHENTICATE, a chip of short commands",
	    { { DH_128, 2, NO_ID, X942, false } }, short_chip },
	{ "DH, GENERAL AUTHENTICATE, a chip that says nothing",
	    { { DH_128, 2, NO_ID, X942, false } }, silent_short_chip },
	{ "DH, 3DES by Set AT alone, a chip of short commands that says "
	  "nothing",
	    { { DH_3DES, 2, NO_ID, X942, true } }, silent_short_chip },
	{ "short commands alone", { { CA_128, 13, NO_ID, NAMED, false } },
	    short_only },
};

static void
every_variety_is_genuine(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(varieties) / sizeof(*varieties); i++) {
		const struct variety *x = &varieties[i];
		struct virtual_read v;
		struct emrtd_result *r;
		size_t n = 0;

		while (
		    n < 4 && (x->ca[n].oid != NULL || x->ca[n].form != NAMED))
			n++;
		init(&v, x->ca, n);
		if (x->vary != NULL)
			x->vary(&v);
		assert_ok(virtual_run(&v, &r, NULL));
		check_genuine(x->name, r);
		emrtd_result_free(&r);
	}
}

/*
 * The data are read and authentic, the chip is not: how it comes to that, by
 * who it is and what it does.
 */
struct forgery {
	const char *name;
	struct emrtd_card_ca ca;
	enum emrtd_card_clone clone;
	const char *misbehaviour;
	enum emrtd_error why; /* of the row */
};

static const struct forgery forgeries[] = {
	{ "clone without keys, Set AT", ONE_KEY, EMRTD_CARD_CLONE_NO_KEYS, NULL,
	    EMRTD_E_STATUS },
	{ "clone without keys, Set KAT", KAT_KEY, EMRTD_CARD_CLONE_NO_KEYS,
	    NULL, EMRTD_E_STATUS },
	{ "clone with keys of its own, Set AT", ONE_KEY,
	    EMRTD_CARD_CLONE_OWN_KEYS, NULL, EMRTD_E_SM_PLAIN },
	{ "clone with keys of its own, Set KAT", KAT_KEY,
	    EMRTD_CARD_CLONE_OWN_KEYS, NULL, EMRTD_E_SM_PLAIN },
	{ "goes on under the old keys, Set AT", ONE_KEY, EMRTD_CARD_ORIGINAL,
	    "ca-old-keys", EMRTD_E_SM_PLAIN },
	{ "goes on under the old keys, Set KAT", KAT_KEY, EMRTD_CARD_ORIGINAL,
	    "ca-old-keys", EMRTD_E_SM_PLAIN },
	{ "changes keys too early, Set AT", ONE_KEY, EMRTD_CARD_ORIGINAL,
	    "ca-early-keys", EMRTD_E_MAC },
	{ "changes keys too early, Set KAT", KAT_KEY, EMRTD_CARD_ORIGINAL,
	    "ca-early-keys", EMRTD_E_MAC },
};

static void
no_forgery_passes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(forgeries) / sizeof(*forgeries); i++) {
		const struct forgery *x = &forgeries[i];
		struct virtual_read v;
		struct virtual_link link = { 0 };
		struct emrtd_result *r;

		init(&v, &x->ca, 1);
		v.profile.clone = x->clone;
		v.link = &link;
		if (x->misbehaviour != NULL)
			virtual_misbehave(&v, x->misbehaviour);
		assert_ok(virtual_run(&v, &r, NULL));
		check_forged(x->name, r, x->why);
		/* A refusal costs no session; a failure one, and no more. */
		assert_int_equal(link.n_connects,
		    x->why == EMRTD_E_STATUS ? 1 : 2);
		emrtd_result_free(&r);
	}
}

/* ---- Somebody on the link ---------------------------------------------- */

/* The answer that comes first under the new keys, once. */
static bool
is_the_proof(struct emrtd_bytes command)
{
	look(command);
	return (command.ptr[0] & 0x0C) != 0 && air.n_ca == 1 && air.since == 1;
}

static void
flip_the_proof(struct emrtd_bytes command, struct emrtd_out *response)
{
	if (is_the_proof(command))
		response->ptr[response->len - 3] ^= 1;
}

static void
bare_proof(struct emrtd_bytes command, struct emrtd_out *response)
{
	if (is_the_proof(command))
		replace(response, "9000");
}

static void
refused_proof(struct emrtd_bytes command, struct emrtd_out *response)
{
	if (is_the_proof(command))
		replace(response, "6988");
}

static void
cut_proof(struct emrtd_bytes command, struct emrtd_out *response)
{
	if (is_the_proof(command))
		response->len -= 5;
}

static void
plain_proof(struct emrtd_bytes command, struct emrtd_out *response)
{
	if (is_the_proof(command))
		replace(response, "60145F01043031309000");
}

static void
no_mac_proof(struct emrtd_bytes command, struct emrtd_out *response)
{
	if (is_the_proof(command))
		replace(response, "990290009000");
}

/* The answer to the CA command itself comes once more. */
static void
replayed_proof(struct emrtd_bytes command, struct emrtd_out *response)
{
	bool proof = is_the_proof(command);

	if (is_last_of_ca(command) && air.n_ca == 1) {
		memcpy(air.kept, response->ptr, response->len);
		air.kept_len = response->len;
	}
	if (proof) {
		memcpy(response->ptr, air.kept, air.kept_len);
		response->len = air.kept_len;
	}
}

static void
flip_the_answer(struct emrtd_bytes command, struct emrtd_out *response)
{
	look(command);
	if (is_last_of_ca(command) && air.n_ca == 1)
		response->ptr[response->len - 3] ^= 1;
}

static void
plain_answer(struct emrtd_bytes command, struct emrtd_out *response)
{
	look(command);
	if (is_last_of_ca(command) && air.n_ca == 1)
		replace(response, "7C009000");
}

struct attack {
	const char *name;
	void (*meddle)(struct emrtd_bytes command, struct emrtd_out *response);
	enum emrtd_error why[2]; /* by Set AT with AES, by Set KAT with 3DES */
};

static const struct attack attacks[] = {
	{ "a bit of the proof's MAC", flip_the_proof,
	    { EMRTD_E_MAC, EMRTD_E_MAC } },
	{ "the proof is a bare 9000", bare_proof,
	    { EMRTD_E_SM_PLAIN, EMRTD_E_SM_PLAIN } },
	{ "the proof is a bare 6988", refused_proof,
	    { EMRTD_E_SM_PLAIN, EMRTD_E_SM_PLAIN } },
	{ "the proof is cut", cut_proof,
	    { EMRTD_E_SM_FORMAT, EMRTD_E_SM_FORMAT } },
	{ "the proof is in clear", plain_proof,
	    { EMRTD_E_SM_PLAIN, EMRTD_E_SM_PLAIN } },
	{ "the proof has no MAC", no_mac_proof,
	    { EMRTD_E_SM_FORMAT, EMRTD_E_SM_FORMAT } },
	{ "an older answer for the proof", replayed_proof,
	    { EMRTD_E_SM_FORMAT, EMRTD_E_MAC } },
	{ "a bit of the answer before it", flip_the_answer,
	    { EMRTD_E_MAC, EMRTD_E_MAC } },
	{ "the answer before it in clear", plain_answer,
	    { EMRTD_E_SM_PLAIN, EMRTD_E_SM_PLAIN } },
};

static void
no_attack_passes(void **state)
{
	static const struct emrtd_card_ca *const keys[] = { &one_key,
		&kat_key };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(attacks) / sizeof(*attacks); i++) {
		const struct attack *x = &attacks[i / 2];
		struct virtual_link link = { 0 };
		struct virtual_read v;
		struct emrtd_result *r;
		enum emrtd_error e;

		memset(&air, 0, sizeof(air));
		init(&v, keys[i % 2], 1);
		v.meddle = x->meddle;
		v.link = &link;
		e = virtual_run(&v, &r, NULL);
		if (e != EMRTD_OK)
			fail_msg("%s: %s", x->name, emrtd_error_name(e));
		check_forged(x->name, r, x->why[i % 2]);
		assert_int_equal(link.n_connects, 2);
		emrtd_result_free(&r);
	}
}

/* ---- Long files --------------------------------------------------------- */

/* DG2 beyond 32,767 bytes: READ BINARY with odd instruction, DO'85'. */
static struct emrtd_bytes
large_face(uint8_t *buf, size_t len)
{
	static const uint8_t head[] = { 0xFF, 0xD8, 0xFF, 0xFE };
	static const uint8_t tail[] = { 0xFF, 0xC0, 0x00, 0x0B, 0x08, 0x00,
		0x10, 0x00, 0x0C, 0x01, 0x01, 0x11, 0x00, 0xFF, 0xD9 };
	size_t comment = len - sizeof(head) - sizeof(tail);

	assert_true(comment <= 0xFFFF);
	memset(buf, 0x5A, len);
	memcpy(buf, head, sizeof(head));
	buf[sizeof(head)] = (uint8_t)(comment >> 8);
	buf[sizeof(head) + 1] = (uint8_t)comment;
	memcpy(buf + len - sizeof(tail), tail, sizeof(tail));
	return emrtd_bytes(buf, len);
}

static unsigned n_odd;

static void
count_odd(struct emrtd_bytes command, struct emrtd_out *response)
{
	(void)response;
	n_odd += command.ptr[0] == 0x0C && command.ptr[1] == 0xB1;
}

static void
long_files_under_the_new_keys(void **state)
{
	static uint8_t buf[50000];
	static const char *const protocols[] = { CA_3DES, CA_128, CA_256 };

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		struct emrtd_card_ca ca = { protocols[i / 2], 13, NO_ID, NAMED,
			false };
		struct virtual_read v;
		struct emrtd_result *r;

		n_odd = 0;
		init(&v, &ca, 1);
		v.profile.face = large_face(buf, sizeof(buf));
		v.meddle = count_odd;
		if (i % 2 == 0)
			extended(&v);
		assert_ok(virtual_run(&v, &r, NULL));
		check_genuine(protocols[i / 2], r);
		assert_true(r->files[EMRTD_DG2].len > sizeof(buf));
		/* 17 kB in parts of 231, 223 or 4,000 bytes. */
		assert_in_range(n_odd, i % 2 == 0 ? 5 : 75,
		    i % 2 == 0 ? 5 : 85);
		emrtd_result_free(&r);
	}
}

/* Passive Authentication decides what a proof is worth. */
static void
a_proof_needs_a_signed_key(void **state)
{
	struct virtual_read v;
	struct emrtd_result *r;

	(void)state;
	init(&v, &one_key, 1);
	v.no_trust = true;
	assert_ok(virtual_run(&v, &r, NULL));
	assert_int_equal(emrtd_result_chip(r), EMRTD_CHIP_UNDETERMINED);
	assert_int_equal(emrtd_result_overall(r), EMRTD_OVERALL_UNDETERMINED);
	emrtd_result_free(&r);
	init(&v, &one_key, 1);
	virtual_misbehave(&v, "tamper=EF.SOD");
	assert_ok(virtual_run(&v, &r, NULL));
	assert_int_not_equal(virtual_verdict(r, "chip.ca"), EMRTD_PASSED);
	assert_int_equal(emrtd_result_overall(r), EMRTD_OVERALL_FAILED);
	emrtd_result_free(&r);
	/* A bit of the key itself: no point any more. */
	init(&v, &one_key, 1);
	virtual_misbehave(&v, "tamper=EF.DG14");
	assert_ok(virtual_run(&v, &r, NULL));
	assert_int_not_equal(virtual_verdict(r, "chip.ca"), EMRTD_PASSED);
	assert_int_equal(emrtd_result_overall(r), EMRTD_OVERALL_FAILED);
	emrtd_result_free(&r);
}

/* Too long for the reader, and no parts: that is no fault of the chip. */
static void
a_key_that_cannot_be_sent_is_no_failure(void **state)
{
	struct virtual_read v;
	struct emrtd_result *r;

	(void)state;
	init(&v, &(struct emrtd_card_ca){ DH_3DES, 2, NO_ID, X942, false }, 1);
	short_only(&v);
	v.link_max = 261;
	v.profile.habits.no_chaining = true;
	assert_ok(virtual_run(&v, &r, NULL));
	assert_int_equal(virtual_verdict(r, "chip.ca"), EMRTD_UNDETERMINED);
	assert_int_equal(emrtd_result_overall(r), EMRTD_OVERALL_UNDETERMINED);
	emrtd_result_free(&r);
}

/* A chip without access control is asked as well. */
static void
an_open_chip_is_asked(void **state)
{
	static const struct emrtd_card_ca *const keys[] = { &one_key,
		&kat_key };

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		struct virtual_read v;
		struct emrtd_result *r;

		init(&v, keys[i], 1);
		v.profile.bac = false;
		v.mrz = NULL;
		v.optical = VIRTUAL_MRZ;
		assert_ok(virtual_run(&v, &r, NULL));
		check_genuine("an open chip", r);
		assert_int_equal(r->access.protocol, EMRTD_ACCESS_PLAIN);
		emrtd_result_free(&r);
	}
}

/* ---- Chips that are tampered with --------------------------------------- */

static struct emrtd_card *
issue(const struct emrtd_card_profile *profile)
{
	struct emrtd_card *card = NULL;

	assert_ok(emrtd_card_issue(NULL, profile, NULL, &card));
	return card;
}

static struct emrtd_chip_file *
file_of(struct emrtd_card *card, enum emrtd_file id)
{
	for (size_t i = 0; i < card->n_files; i++)
		if (card->files[i].id == id)
			return &card->files[i];
	return NULL;
}

/*
 * A forger with a chip that can do it all, and somebody else's signed data:
 * his DG14 stands beside them, but EF.SOD does not name it.
 */
static void
a_dg14_that_nobody_signed(void **state)
{
	struct emrtd_card *with, *without;
	struct emrtd_chip_file *dg14;
	struct virtual_read v;
	struct emrtd_result *r;

	(void)state;
	init(&v, &one_key, 1);
	with = issue(&v.profile);
	v.profile.n_ca = 0;
	without = issue(&v.profile);
	assert_null(file_of(without, EMRTD_DG14));
	dg14 = file_of(with, EMRTD_DG14);
	assert_non_null(dg14);
	without->files[without->n_files++] = *dg14;
	dg14->ptr = NULL;
	dg14->len = 0;
	memcpy(without->ca, with->ca, sizeof(with->ca));
	without->n_ca = with->n_ca;
	v.card = without;
	for (unsigned asked = 0; asked < 2; asked++) {
		v.data_groups = asked ? 1u << 1 | 1u << 2 | 1u << 14 : 0;
		assert_ok(virtual_run(&v, &r, NULL));
		assert_int_not_equal(virtual_verdict(r, "chip.ca"),
		    EMRTD_PASSED);
		assert_int_equal(r->proofs[EMRTD_PROOF_CA].verdict,
		    EMRTD_NOT_RUN);
		assert_int_not_equal(emrtd_result_chip(r), EMRTD_CHIP_GENUINE);
		emrtd_result_free(&r);
	}
	emrtd_card_free(&with);
	emrtd_card_free(&without);
}

/* Files hidden: what EF.SOD names and the chip lacks is no 'not offered'. */
static void
a_stripped_clone_is_never_genuine(void **state)
{
	struct virtual_read v;
	struct emrtd_result *r;

	(void)state;
	init(&v, &one_key, 1);
	v.profile.clone = EMRTD_CARD_CLONE_STRIPPED;
	assert_ok(virtual_run(&v, &r, NULL));
	assert_int_not_equal(virtual_verdict(r, "chip.ca"), EMRTD_PASSED);
	assert_int_not_equal(virtual_verdict(r, "chip.ca"), EMRTD_NOT_OFFERED);
	assert_int_not_equal(emrtd_result_overall(r), EMRTD_OVERALL_GENUINE);
	emrtd_result_free(&r);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_protocol_is_genuine),
		cmocka_unit_test(every_variety_is_genuine),
		cmocka_unit_test(no_forgery_passes),
		cmocka_unit_test(no_attack_passes),
		cmocka_unit_test(long_files_under_the_new_keys),
		cmocka_unit_test(a_proof_needs_a_signed_key),
		cmocka_unit_test(a_key_that_cannot_be_sent_is_no_failure),
		cmocka_unit_test(an_open_chip_is_asked),
		cmocka_unit_test(a_dg14_that_nobody_signed),
		cmocka_unit_test(a_stripped_clone_is_never_genuine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
