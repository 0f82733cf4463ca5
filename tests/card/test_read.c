/*
 * Whole readings of virtual passports that do what they should not, each with
 * the verdict that it must end in. Our reader against our own chip proves
 * only that they agree; what the cryptography is worth, other tests say.
 */
#include "emrtd_test.h"
#include "virtual_read.h"

#include <stdio.h>

static void
authentic_data_only(void **state)
{
	struct virtual_read v;
	struct emrtd_result *r;

	(void)state;
	virtual_read_init(&v);
	assert_ok(virtual_run(&v, &r, NULL));
	assert_int_equal(emrtd_result_overall(r),
	    EMRTD_OVERALL_AUTHENTIC_DATA_ONLY);
	assert_true(emrtd_result_test_trust(r));
	assert_false(emrtd_result_any_failed(r));
	assert_int_equal(virtual_verdict(r, "access.pace"), EMRTD_PASSED);
	assert_int_equal(virtual_verdict(r, "access.downgrade"), EMRTD_PASSED);
	assert_int_equal(virtual_verdict(r, "access.secure_messaging"),
	    EMRTD_PASSED);
	assert_int_equal(virtual_verdict(r, "doc.mrz_match"), EMRTD_PASSED);
	assert_int_equal(virtual_verdict(r, "doc.validity"), EMRTD_PASSED);
	assert_int_equal(virtual_verdict(r, "pa.hash.dg2"), EMRTD_PASSED);
	assert_int_equal(virtual_verdict(r, "pa.com_sod"), EMRTD_PASSED);
	emrtd_result_free(&r);
}

/* Nothing decodes bytes that are known to be forged: there is no portrait. */
static void
a_forged_face_is_not_decoded(void **state)
{
	static const char *const tampers[] = { NULL, "tamper=EF.DG2" };

	(void)state;
	for (size_t i = 0; i < sizeof(tampers) / sizeof(*tampers); i++) {
		struct virtual_read v;
		struct emrtd_result *r;
		struct emrtd_dg2 dg2;
		struct emrtd_face face;

		virtual_read_init(&v);
		if (tampers[i] != NULL)
			virtual_misbehave(&v, tampers[i]);
		assert_ok(virtual_run(&v, &r, NULL));
		assert_int_equal(virtual_verdict(r, "pa.hash.dg2"),
		    tampers[i] != NULL ? EMRTD_FAILED : EMRTD_PASSED);
		/* It could be decoded: the hash alone forbids it. */
		assert_ok(emrtd_dg2_parse(emrtd_result_file(r, EMRTD_DG2), NULL,
		    &dg2));
		assert_int_equal(dg2.n_faces, 1);
		assert_int_equal(emrtd_result_face(r, &face),
		    tampers[i] == NULL);
		emrtd_result_free(&r);
	}
}

/* What a reading that goes through must end in, by what was done to it. */
struct outcome {
	const char *name;
	const char *misbehaviour; /* NULL: none */
	void (*vary)(struct virtual_read *v);
	enum emrtd_overall_verdict overall;
	const char *check; /* that has this verdict */
	enum emrtd_verdict verdict;
};

static void
no_trust(struct virtual_read *v)
{
	v->no_trust = true;
}

static void
no_test_flag(struct virtual_read *v)
{
	v->no_test_flag = true;
}

static void
foreign_trust(struct virtual_read *v)
{
	v->foreign_trust = true;
}

static void
expired_signer(struct virtual_read *v)
{
	v->profile.ds_period.to = VIRTUAL_AT - 86400;
}

static void
early_signer(struct virtual_read *v)
{
	v->profile.ds_period.from = VIRTUAL_AT + 86400;
}

static void
expired_csca(struct virtual_read *v)
{
	v->profile.csca_period.to = VIRTUAL_AT - 86400;
}

static void
other_state(struct virtual_read *v)
{
	memcpy(v->profile.country, "DE", sizeof("DE"));
	memcpy(v->profile.state, "D", sizeof("D"));
}

static void
expired_document(struct virtual_read *v)
{
	v->profile.ds_period.to = v->profile.csca_period.to;
	v->at = 1966000000; /* 2032-04-19, four days after */
}

static void
only_bac(struct virtual_read *v)
{
	v->profile.n_pace = 0;
}

static void
neither(struct virtual_read *v)
{
	v->profile.n_pace = 0;
	v->profile.bac = false;
	v->mrz = NULL;
}

static void
by_can(struct virtual_read *v)
{
	v->mrz = NULL;
	v->can = VIRTUAL_CAN;
}

static void
only_dg2(struct virtual_read *v)
{
	v->data_groups = 1u << 2;
}

static void
strict(struct virtual_read *v)
{
	v->policy = EMRTD_POLICY_STRICT;
}

/* Somebody on the air hides EF.CardAccess, so that BAC is used. */
static void
hidden_card_access(struct virtual_read *v)
{
	virtual_misbehave(v, "status=1:6A82");
	virtual_misbehave(v, "status=2:6A82");
}

static void
hidden_and_only_dg1(struct virtual_read *v)
{
	hidden_card_access(v);
	v->data_groups = 1u << 1;
}

static void
can_and_mrz(struct virtual_read *v)
{
	v->profile.can[0] = '\0';
	v->can = VIRTUAL_CAN;
}

/* Or makes rubbish of it. */
static void
broken_card_access(struct virtual_read *v)
{
	virtual_misbehave(v, "tamper=EF.CardAccess:8");
}

/* Opens the chip (same number and dates), but the name is another's. */
static void
other_name(struct virtual_read *v)
{
	v->mrz = "P<UTOERIKSSON<<BRITT<MARIA<<<<<<<<<<<<<<<<<<"
		 "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4";
}

#define UNDET EMRTD_OVERALL_UNDETERMINED
#define FAIL  EMRTD_OVERALL_FAILED
#define DATA  EMRTD_OVERALL_AUTHENTIC_DATA_ONLY

static const struct outcome outcomes[] = {
	{ "no trust", NULL, no_trust, UNDET, "pa.chain", EMRTD_UNDETERMINED },
	{ "test CSCA refused", NULL, no_test_flag, UNDET, "pa.chain",
	    EMRTD_UNDETERMINED },
	/* Same name, other key: by key id no candidate, by name a liar. */
	{ "unknown CSCA", NULL, foreign_trust, UNDET, "pa.chain",
	    EMRTD_UNDETERMINED },
	{ "bit of DG1", "tamper=EF.DG1", NULL, FAIL, "pa.hash.dg1",
	    EMRTD_FAILED },
	{ "bit of DG2", "tamper=EF.DG2", NULL, FAIL, "pa.hash.dg2",
	    EMRTD_FAILED },
	{ "bit of the SOD", "tamper=EF.SOD", NULL, FAIL, "pa.sod_signature",
	    EMRTD_FAILED },
	{ "signer of another country", "ds-country=DE", NULL, FAIL,
	    "pa.issuer_country", EMRTD_FAILED },
	{ "all of another country", NULL, other_state, FAIL,
	    "pa.issuer_country", EMRTD_FAILED },
	{ "expired signer", NULL, expired_signer, FAIL, "pa.ds_validity",
	    EMRTD_FAILED },
	{ "signer not yet valid", NULL, early_signer, FAIL, "pa.ds_validity",
	    EMRTD_FAILED },
	{ "expired CSCA", NULL, expired_csca, FAIL, "pa.csca_validity",
	    EMRTD_FAILED },
	{ "expired document", NULL, expired_document, DATA, "doc.validity",
	    EMRTD_FAILED },
	{ "printed name is another's", NULL, other_name, DATA, "doc.mrz_match",
	    EMRTD_FAILED },
	{ "BAC only", NULL, only_bac, DATA, "access.bac", EMRTD_PASSED },
	{ "BAC only, PACE", NULL, only_bac, DATA, "access.pace",
	    EMRTD_NOT_OFFERED },
	{ "open chip", NULL, neither, DATA, "access.bac", EMRTD_NOT_OFFERED },
	{ "EF.COM is no TLV", "tamper=EF.COM:8", NULL, DATA, "pa.hash.dg2",
	    EMRTD_PASSED },
	{ "EF.COM is no TLV, told", "tamper=EF.COM:8", NULL, DATA, "pa.com_sod",
	    EMRTD_FAILED },
	{ "EF.CardAccess is no TLV", "tamper=EF.CardAccess:8", NULL, FAIL,
	    "access.downgrade", EMRTD_FAILED },
	{ "EF.COM is another", "tamper=EF.COM", NULL, DATA, "pa.com_sod",
	    EMRTD_PASSED },
	{ "EF.COM is another, and that is tolerated", "tamper=EF.COM", NULL,
	    DATA, "pa.conformance", EMRTD_PASSED },
	{ "EF.COM is another, and the policy strict", "tamper=EF.COM", strict,
	    FAIL, "pa.com_sod", EMRTD_FAILED },
	{ "EF.COM is another, found", "tamper=EF.COM", strict, FAIL,
	    "pa.conformance", EMRTD_FAILED },
	{ "EF.CardAccess hidden", NULL, hidden_card_access, FAIL,
	    "pa.card_access_copy", EMRTD_FAILED },
	{ "EF.CardAccess hidden, DG1 asked for", NULL, hidden_and_only_dg1,
	    FAIL, "access.downgrade", EMRTD_FAILED },
	{ "CAN and MRZ, chip without CAN", NULL, can_and_mrz, DATA,
	    "access.pace", EMRTD_PASSED },
	{ "EF.CardAccess changed", NULL, broken_card_access, FAIL,
	    "pa.card_access_copy", EMRTD_FAILED },
	{ "by CAN", NULL, by_can, DATA, "access.pace", EMRTD_PASSED },
	{ "without DG1", NULL, only_dg2, UNDET, "pa.hash.dg1", EMRTD_NOT_RUN },
	{ "no short identifiers", "no-sfi", NULL, DATA, "access.pace",
	    EMRTD_PASSED },
	{ "32 bytes a read", "max-read=32", NULL, DATA, "pa.hash.dg2",
	    EMRTD_PASSED },
};

static void
each_ends_as_it_must(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++) {
		const struct outcome *o = &outcomes[i];
		struct virtual_read v;
		struct emrtd_result *r;
		enum emrtd_error e;

		virtual_read_init(&v);
		if (o->vary != NULL)
			o->vary(&v);
		if (o->misbehaviour != NULL)
			virtual_misbehave(&v, o->misbehaviour);
		e = virtual_run(&v, &r, NULL);
		if (e != EMRTD_OK || emrtd_result_overall(r) != o->overall ||
		    virtual_verdict(r, o->check) != o->verdict)
			fail_msg("%s: %s, %s; %s %s", o->name,
			    emrtd_error_name(e),
			    emrtd_overall_verdict_name(emrtd_result_overall(r)),
			    o->check,
			    emrtd_verdict_name(virtual_verdict(r, o->check)));
		emrtd_result_free(&r);
	}
}

/* READ BINARY for less than 256 bytes is answered with one more. */
static void
one_byte_more(struct emrtd_bytes command, struct emrtd_out *response)
{
	if (command.len != 5 || command.ptr[1] != 0xB0 || command.ptr[4] == 0 ||
	    response->len != (size_t)command.ptr[4] + 2)
		return;
	assert_true(response->len < response->cap);
	memmove(response->ptr + response->len - 1,
	    response->ptr + response->len - 2, 2);
	response->len++;
}

static void
more_than_was_asked_for(void **state)
{
	struct virtual_read v;
	struct emrtd_result *r;

	(void)state;
	virtual_read_init(&v);
	neither(&v);
	v.meddle = one_byte_more;
	(void)!virtual_run(&v, &r, NULL);
	assert_int_not_equal(emrtd_result_file_status(r, EMRTD_EF_SOD),
	    EMRTD_FILE_READ);
	assert_int_equal(emrtd_result_file(r, EMRTD_EF_SOD).len, 0);
	assert_int_equal(emrtd_result_overall(r), EMRTD_OVERALL_UNDETERMINED);
	emrtd_result_free(&r);
}

/* The file with this short identifier says that it is a byte longer. */
static uint8_t longer_sfi;

static void
one_byte_longer(struct emrtd_bytes command, struct emrtd_out *response)
{
	if (command.len >= 5 && command.ptr[1] == 0xB0 &&
	    command.ptr[2] == (0x80 | longer_sfi) && response->len > 4)
		response->ptr[1]++;
}

/* TR-03105-5.1 LDS_A_03, LDS_B_07: it is malformed, not merely refused. */
static void
lengths_beyond_the_file(void **state)
{
	static const struct {
		uint8_t sfi;
		enum emrtd_file file;
		const char *check;
		enum emrtd_verdict verdict;
	} cases[] = {
		{ 0x1E, EMRTD_EF_COM, "pa.com_sod", EMRTD_FAILED },
		{ 0x01, EMRTD_DG1, "pa.hash.dg1", EMRTD_UNDETERMINED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct emrtd_finding f = { .size = sizeof(f) };
		struct virtual_read v;
		struct emrtd_result *r;

		virtual_read_init(&v);
		neither(&v);
		v.policy = EMRTD_POLICY_STRICT;
		longer_sfi = cases[i].sfi;
		v.meddle = one_byte_longer;
		assert_ok(virtual_run(&v, &r, NULL));
		assert_int_equal(emrtd_result_file_status(r, cases[i].file),
		    EMRTD_FILE_MALFORMED);
		assert_int_equal(virtual_verdict(r, cases[i].check),
		    cases[i].verdict);
		assert_true(emrtd_result_finding(r, 0, &f) && f.fails);
		assert_int_equal(emrtd_result_data(r), EMRTD_DATA_FAILED);
		emrtd_result_free(&r);
	}
}

/* Readings that end early: with the error, and never with a good verdict. */
struct refusal {
	const char *name;
	const char *misbehaviour;
	void (*vary)(struct virtual_read *v);
	enum emrtd_error error;
	const char *check;
	enum emrtd_verdict verdict;
};

static void
wrong_mrz(struct virtual_read *v)
{
	v->mrz = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
		 "L898902C47UTO7408122F3204153<<<<<<<<<<<<<<<2";
}

static void
wrong_mrz_bac(struct virtual_read *v)
{
	only_bac(v);
	wrong_mrz(v);
}

static void
wrong_can(struct virtual_read *v)
{
	v->mrz = NULL;
	v->can = "123457";
}

static void
nothing_to_open_with(struct virtual_read *v)
{
	v->mrz = NULL;
}

static void
nothing_to_open_bac_with(struct virtual_read *v)
{
	only_bac(v);
	v->mrz = NULL;
}

static void
can_for_bac(struct virtual_read *v)
{
	only_bac(v);
	by_can(v);
}

static void
takes_no_mrz(struct virtual_read *v)
{
	v->profile.mrz_password = false;
}

static void
no_application(struct virtual_read *v)
{
	only_bac(v);
	virtual_misbehave(v, "status=3:6A82"); /* after EF.CardAccess */
}

/* Anything but 'unknown' is no word for 'I have no BAC'. */
static void
no_challenge(struct virtual_read *v)
{
	only_bac(v);
	virtual_misbehave(v, "status=4:6F00"); /* GET CHALLENGE */
}

static const struct refusal refusals[] = {
	{ "GET CHALLENGE refused", NULL, no_challenge, EMRTD_E_STATUS,
	    "access.bac", EMRTD_FAILED },
	{ "MRZ, chip takes the CAN", NULL, takes_no_mrz, EMRTD_E_NO_PASSWORD,
	    "access.pace", EMRTD_NOT_RUN },
	{ "no application", NULL, no_application, EMRTD_E_UNSUPPORTED,
	    "access.bac", EMRTD_NOT_RUN },
	{ "wrong MRZ, PACE", NULL, wrong_mrz, EMRTD_E_ACCESS_DENIED,
	    "access.pace", EMRTD_FAILED },
	{ "wrong MRZ, BAC", NULL, wrong_mrz_bac, EMRTD_E_ACCESS_DENIED,
	    "access.bac", EMRTD_FAILED },
	{ "wrong CAN", NULL, wrong_can, EMRTD_E_ACCESS_DENIED, "access.pace",
	    EMRTD_FAILED },
	{ "no password, PACE", NULL, nothing_to_open_with, EMRTD_E_NO_PASSWORD,
	    "access.pace", EMRTD_NOT_RUN },
	{ "no password, BAC", NULL, nothing_to_open_bac_with,
	    EMRTD_E_NO_PASSWORD, "pa.sod_signature", EMRTD_NOT_RUN },
	{ "CAN for BAC", NULL, can_for_bac, EMRTD_E_NO_PASSWORD,
	    "pa.sod_signature", EMRTD_NOT_RUN },
	{ "chip's PACE token", "bad-token", NULL, EMRTD_E_TOKEN, "access.pace",
	    EMRTD_FAILED },
	{ "challenge of 7 bytes", "challenge=7", only_bac, EMRTD_E_MALFORMED,
	    "access.bac", EMRTD_FAILED },
	{ "challenge of 9 bytes", "challenge=9", only_bac, EMRTD_E_MALFORMED,
	    "access.bac", EMRTD_FAILED },
};

static void
each_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		const struct refusal *f = &refusals[i];
		struct virtual_read v;
		struct emrtd_result *r;
		enum emrtd_error e;

		virtual_read_init(&v);
		if (f->vary != NULL)
			f->vary(&v);
		if (f->misbehaviour != NULL)
			virtual_misbehave(&v, f->misbehaviour);
		e = virtual_run(&v, &r, NULL);
		if (e != f->error ||
		    virtual_verdict(r, f->check) != f->verdict ||
		    emrtd_result_overall(r) != UNDET)
			fail_msg("%s: %s; %s %s", f->name, emrtd_error_name(e),
			    f->check,
			    emrtd_verdict_name(virtual_verdict(r, f->check)));
		emrtd_result_free(&r);
	}
}

/* Every suite: the fault hits each protected answer of a reading in turn. */
static void
sweep_protected(const char *fault, enum emrtd_error want)
{
	static const char *const oids[] = { "0.4.0.127.0.7.2.2.4.2.1",
		"0.4.0.127.0.7.2.2.4.2.2", "0.4.0.127.0.7.2.2.4.2.3",
		"0.4.0.127.0.7.2.2.4.2.4", NULL };

	for (size_t i = 0; i < sizeof(oids) / sizeof(*oids); i++) {
		unsigned n = 0;
		bool hit;

		do {
			struct virtual_read v;
			struct emrtd_result *r;
			char text[32];
			enum emrtd_error e;

			virtual_read_init(&v);
			if (oids[i] == NULL)
				v.profile.n_pace = 0; /* BAC */
			else
				v.profile.pace[0].oid = oids[i];
			snprintf(text, sizeof(text), "%s=%u", fault, ++n);
			virtual_misbehave(&v, text);
			e = virtual_run(&v, &r, NULL);
			hit = e != EMRTD_OK;
			if (hit) {
				/* A part of a file in the clear may begin
				 * with what looks like an object. */
				if (want != EMRTD_E_SM_PLAIN ||
				    e != EMRTD_E_SM_FORMAT)
					assert_error(e, want);
				assert_int_equal(virtual_verdict(r,
						     "access.secure_messaging"),
				    EMRTD_FAILED);
				assert_int_equal(emrtd_result_overall(r),
				    UNDET);
			} else {
				assert_int_equal(emrtd_result_overall(r), DATA);
			}
			emrtd_result_free(&r);
		} while (hit);
		/* SELECT, SOD, COM, DG1 and DG2 at the least. */
		assert_true(n > 5);
	}
}

static void
a_flipped_mac_ends_it(void **state)
{
	(void)state;
	sweep_protected("flip-mac", EMRTD_E_MAC);
}

static void
an_unprotected_answer_ends_it(void **state)
{
	(void)state;
	sweep_protected("plain-reply", EMRTD_E_SM_PLAIN);
}

/* The document leaves at every command: told as lost, never as good. */
static void
a_lost_document_is_told(void **state)
{
	unsigned n = 0;
	enum emrtd_error e;

	(void)state;
	do {
		struct virtual_read v;
		struct emrtd_result *r;
		char text[32];

		virtual_read_init(&v);
		snprintf(text, sizeof(text), "lost=%u", ++n);
		virtual_misbehave(&v, text);
		e = virtual_run(&v, &r, NULL);
		if (e != EMRTD_OK) {
			assert_error(e, EMRTD_E_CARD_LOST);
			assert_int_equal(emrtd_result_overall(r), UNDET);
		}
		emrtd_result_free(&r);
	} while (e != EMRTD_OK);
	assert_true(n > 10);
}

/* Is every group that the document has, as it was signed, at hand? */
static bool
has_all(const struct emrtd_result *r)
{
	static const enum emrtd_file groups[] = { EMRTD_DG1, EMRTD_DG2 };

	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++) {
		if (emrtd_result_file_status(r, groups[i]) != EMRTD_FILE_READ)
			return false;
	}
	return true;
}

/*
 * A clone withholds what it cannot forge. An open chip, so that a bare status
 * word is no end of a session; two of them, for both ways to read a file.
 */
static void
withheld_files_are_never_authentic(void **state)
{
	static const char *const words[] = { "6982", "6A82", "6F00" };
	unsigned n_authentic = 0, n_not = 0;

	(void)state;
	for (unsigned n = 1; n < 40; n++) {
		struct virtual_read v;
		struct emrtd_result *r;
		char text[48];

		virtual_read_init(&v);
		neither(&v);
		for (unsigned k = 0; k < 2; k++) {
			snprintf(text, sizeof(text), "status=%u:%s", n + k,
			    words[n % 3]);
			virtual_misbehave(&v, text);
		}
		(void)!virtual_run(&v, &r, NULL);
		if (emrtd_result_data(r) == EMRTD_DATA_AUTHENTIC) {
			assert_true(has_all(r));
			n_authentic++;
		} else {
			n_not++;
		}
		emrtd_result_free(&r);
	}
	/* Past the end nothing is withheld; before it, most hits count. */
	assert_true(n_authentic > 0 && n_not > 5);
}

static void
withheld_dg14_is_told(void **state)
{
	struct virtual_read v;
	struct emrtd_result *r;
	bool hidden = false;

	(void)state;
	/* BAC by a hidden EF.CardAccess; then some answer is DG14's. */
	for (unsigned n = 5; n < 40 && !hidden; n++) {
		char text[32];

		virtual_read_init(&v);
		hidden_card_access(&v);
		snprintf(text, sizeof(text), "lost=%u", n);
		virtual_misbehave(&v, text);
		(void)!virtual_run(&v, &r, NULL);
		assert_int_not_equal(emrtd_result_data(r),
		    EMRTD_DATA_AUTHENTIC);
		hidden = emrtd_result_file_status(r, EMRTD_DG14) ==
			 EMRTD_FILE_ABORTED;
		if (hidden)
			assert_int_equal(virtual_verdict(r, "access.downgrade"),
			    EMRTD_UNDETERMINED);
		emrtd_result_free(&r);
	}
	assert_true(hidden);
}

static void
cancel_ends_it(void **state)
{
	uint32_t n = 0;
	enum emrtd_error e;

	(void)state;
	do {
		struct virtual_read v;
		struct emrtd_result *r;

		virtual_read_init(&v);
		v.cancel_at = ++n;
		e = virtual_run(&v, &r, NULL);
		if (e != EMRTD_OK) {
			assert_error(e, EMRTD_E_CANCELLED);
			assert_int_equal(emrtd_result_overall(r), UNDET);
		}
		emrtd_result_free(&r);
	} while (e != EMRTD_OK);
	assert_true(n > 5);
}

/* A chip that knows no short identifiers, and has no EF.CardAccess either. */
static void
absent_is_not_denied(void **state)
{
	struct virtual_read v;
	struct emrtd_result *r;

	(void)state;
	virtual_read_init(&v);
	only_bac(&v);
	virtual_misbehave(&v, "no-sfi");
	assert_ok(virtual_run(&v, &r, NULL));
	assert_int_equal(emrtd_result_file_status(r, EMRTD_EF_CARD_ACCESS),
	    EMRTD_FILE_ABSENT);
	assert_int_equal(emrtd_result_overall(r), DATA);
	emrtd_result_free(&r);
}

/* Whoever trusts test certificates is told so, whether one was used or not. */
static void
test_trust_is_told(void **state)
{
	struct virtual_read v;
	struct emrtd_result *r;

	(void)state;
	virtual_read_init(&v);
	v.foreign_trust = true;
	assert_ok(virtual_run(&v, &r, NULL));
	assert_true(emrtd_result_test_trust(r));
	emrtd_result_free(&r);
	virtual_read_init(&v);
	v.no_test_flag = true;
	assert_ok(virtual_run(&v, &r, NULL));
	assert_false(emrtd_result_test_trust(r));
	emrtd_result_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(authentic_data_only),
		cmocka_unit_test(test_trust_is_told),
		cmocka_unit_test(absent_is_not_denied),
		cmocka_unit_test(a_forged_face_is_not_decoded),
		cmocka_unit_test(each_ends_as_it_must),
		cmocka_unit_test(more_than_was_asked_for),
		cmocka_unit_test(lengths_beyond_the_file),
		cmocka_unit_test(each_is_refused),
		cmocka_unit_test(a_flipped_mac_ends_it),
		cmocka_unit_test(an_unprotected_answer_ends_it),
		cmocka_unit_test(a_lost_document_is_told),
		cmocka_unit_test(withheld_files_are_never_authentic),
		cmocka_unit_test(withheld_dg14_is_told),
		cmocka_unit_test(cancel_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
