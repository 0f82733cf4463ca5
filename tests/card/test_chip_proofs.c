/*
 * Whole readings of chips that prove themselves, of copies of them, and of
 * what stands between: each with the rows and the verdict that it must end in.
 */
#include "card/chip.h"
#include "emrtd_test.h"
#include "virtual_read.h"

#include <string.h>

#define GM      "0.4.0.127.0.7.2.2.4.2.2"
#define CAM     "0.4.0.127.0.7.2.2.4.6.2"
#define CAM_256 "0.4.0.127.0.7.2.2.4.6.4"
#define CA      "0.4.0.127.0.7.2.2.3.2.2"

static void
set_cam(struct virtual_read *v)
{
	v->profile.pace[0].oid = GM;
	v->profile.pace[0].parameter_id = 13;
	v->profile.pace[1].oid = CAM;
	v->profile.pace[1].parameter_id = 13;
	v->profile.n_pace = 2;
}

static void
set_cam_alone(struct virtual_read *v)
{
	v->profile.pace[0].oid = CAM;
	v->profile.pace[0].parameter_id = 13;
	v->profile.n_pace = 1;
}

static void
set_cam_521(struct virtual_read *v)
{
	set_cam(v);
	v->profile.pace[1].oid = CAM_256;
	v->profile.pace[1].parameter_id = 18;
}

static void
set_ca(struct virtual_read *v)
{
	v->profile.ca[0].oid = CA;
	v->profile.ca[0].parameter_id = 13;
	v->profile.ca[0].key_id = EMRTD_CARD_NO_KEY_ID;
	v->profile.n_ca = 1;
}

static void
set_aa(struct virtual_read *v)
{
	v->profile.aa.kind = "rsa-1024";
}

static void
set_cam_and_ca(struct virtual_read *v)
{
	set_cam(v);
	set_ca(v);
	v->profile.ca[0].key_id = 77;
}

static void
set_all(struct virtual_read *v)
{
	set_cam_and_ca(v);
	set_aa(v);
}

static void
set_all_untrusted(struct virtual_read *v)
{
	set_all(v);
	v->foreign_trust = true;
}

static void
set_nothing(struct virtual_read *v)
{
	(void)v;
}

enum {
	P = EMRTD_PASSED,
	F = EMRTD_FAILED,
	N = EMRTD_NOT_OFFERED,
	R = EMRTD_NOT_RUN,
	U = EMRTD_UNDETERMINED
};

#define GENUINE   EMRTD_OVERALL_GENUINE
#define DATA_ONLY EMRTD_OVERALL_AUTHENTIC_DATA_ONLY
#define FAILED    EMRTD_OVERALL_FAILED
#define UNKNOWN   EMRTD_OVERALL_UNDETERMINED

static const struct chip_case {
	void (*set)(struct virtual_read *v);
	enum emrtd_card_clone clone;
	const char *misbehaviour;
	int ca, aa, cam, card_security, copy;
	enum emrtd_overall_verdict overall;
} cases[] = {
	/* Originals. */
	{ set_nothing, EMRTD_CARD_ORIGINAL, NULL, N, N, N, N, P, DATA_ONLY },
	{ set_ca, EMRTD_CARD_ORIGINAL, NULL, P, N, N, N, P, GENUINE },
	{ set_aa, EMRTD_CARD_ORIGINAL, NULL, N, P, N, N, P, GENUINE },
	{ set_cam, EMRTD_CARD_ORIGINAL, NULL, N, N, P, P, P, GENUINE },
	{ set_cam_521, EMRTD_CARD_ORIGINAL, NULL, N, N, P, P, P, GENUINE },
	{ set_cam_and_ca, EMRTD_CARD_ORIGINAL, NULL, P, N, P, P, P, GENUINE },
	{ set_all, EMRTD_CARD_ORIGINAL, NULL, P, P, P, P, P, GENUINE },
	/* Copies without keys: asked, and refused. */
	{ set_ca, EMRTD_CARD_CLONE_NO_KEYS, NULL, F, N, N, N, P, FAILED },
	{ set_aa, EMRTD_CARD_CLONE_NO_KEYS, NULL, N, F, N, N, P, FAILED },
	{ set_cam, EMRTD_CARD_CLONE_NO_KEYS, NULL, N, N, F, P, P, FAILED },
	{ set_all, EMRTD_CARD_CLONE_NO_KEYS, NULL, F, F, F, P, P, FAILED },
	{ set_nothing, EMRTD_CARD_CLONE_NO_KEYS, NULL, N, N, N, N, P,
	    DATA_ONLY },
	/* With keys of their own. */
	{ set_ca, EMRTD_CARD_CLONE_OWN_KEYS, NULL, F, N, N, N, P, FAILED },
	{ set_aa, EMRTD_CARD_CLONE_OWN_KEYS, NULL, N, F, N, N, P, FAILED },
	{ set_cam, EMRTD_CARD_CLONE_OWN_KEYS, NULL, N, N, F, P, P, FAILED },
	/* The key of EF.CardSecurity is another's. */
	{ set_cam, EMRTD_CARD_ORIGINAL, "wrong-cam-key", N, N, F, P, P,
	    FAILED },
	/* What EF.SOD names and the chip hides is no 'not offered'. */
	{ set_ca, EMRTD_CARD_CLONE_STRIPPED, NULL, F, N, U, N, U, FAILED },
	{ set_aa, EMRTD_CARD_CLONE_STRIPPED, NULL, F, F, U, N, U, FAILED },
	{ set_cam_alone, EMRTD_CARD_CLONE_STRIPPED, NULL, F, N, U, N, U,
	    FAILED },
	{ set_cam_alone, EMRTD_CARD_ORIGINAL, NULL, N, N, P, P, P, GENUINE },
	/* A file that is not as it was signed. */
	{ set_cam, EMRTD_CARD_ORIGINAL, "tamper=EF.DG14", U, N, P, P, U,
	    FAILED },
	{ set_aa, EMRTD_CARD_ORIGINAL, "tamper=EF.DG15", N, U, N, N, P,
	    FAILED },
	{ set_cam, EMRTD_CARD_ORIGINAL, "tamper=EF.CardSecurity", N, N, F, F, P,
	    FAILED },
	/* A chip that breaks a session off proves itself in the next, too. */
	{ set_cam, EMRTD_CARD_ORIGINAL, "bare-le=230", N, N, P, P, P, GENUINE },
	{ set_cam, EMRTD_CARD_ORIGINAL, "bare-le=192", N, N, P, P, P, GENUINE },
	/* Nobody vouches for anything. */
	{ set_all_untrusted, EMRTD_CARD_ORIGINAL, NULL, U, U, U, U, P,
	    UNKNOWN },
	/* EF.CardAccess changed on the way. */
	{ set_cam, EMRTD_CARD_ORIGINAL, "card-access=remove", N, N, R, R, F,
	    FAILED },
	{ set_cam, EMRTD_CARD_ORIGINAL, "card-access=add", N, N, P, P, F,
	    FAILED },
};

static void
expect(size_t i, const struct emrtd_result *r, const char *row, int want)
{
	char reason[EMRTD_REASON_CAP];
	enum emrtd_verdict got = virtual_verdict(r, row);

	for (int id = 0; id < EMRTD_N_CHECKS; id++)
		if (strcmp(emrtd_check_info((enum emrtd_check_id)id)->name,
			row) == 0)
			emrtd_result_check_reason(r, (enum emrtd_check_id)id,
			    reason);
	if (got != (enum emrtd_verdict)want)
		fail_msg("case %zu: %s is %s (%s), not %s", i, row,
		    emrtd_verdict_name(got), reason,
		    emrtd_verdict_name((enum emrtd_verdict)want));
}

static void
each_ends_as_it_must(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct chip_case *c = &cases[i];
		struct virtual_read v;
		struct emrtd_result *r;

		virtual_read_init(&v);
		c->set(&v);
		v.profile.clone = c->clone;
		if (c->misbehaviour != NULL)
			virtual_misbehave(&v, c->misbehaviour);
		if (virtual_run(&v, &r, NULL) != EMRTD_OK)
			fail_msg("case %zu: %s", i, emrtd_result_diag(r)->what);
		expect(i, r, "chip.ca", c->ca);
		expect(i, r, "chip.aa", c->aa);
		expect(i, r, "chip.cam", c->cam);
		expect(i, r, "pa.card_security", c->card_security);
		expect(i, r, "pa.card_access_copy", c->copy);
		if (emrtd_result_overall(r) != c->overall)
			fail_msg("case %zu: %s", i,
			    emrtd_overall_verdict_name(
				emrtd_result_overall(r)));
		emrtd_result_free(&r);
	}
}

/*
 * A chip that runs PACE-CAM and has no EF.CardSecurity: asked for in the MF as
 * well, whatever it says to the selection of the MF, and then no proof.
 */
static void
no_card_security(void **state)
{
	static const uint16_t selected[] = { 0x9000, 0x6982, 0x6A81, 0x6A86 };

	(void)state;
	for (size_t i = 0; i < sizeof(selected) / sizeof(*selected); i++) {
		struct virtual_read v;
		struct emrtd_result *r;

		virtual_read_init(&v);
		set_cam(&v);
		v.profile.habits.sw_select_mf = selected[i];
		assert_ok(emrtd_card_issue(NULL, &v.profile, NULL, &v.card));
		for (size_t k = 0; k < v.card->n_files; k++) {
			struct emrtd_chip_file *f = &v.card->files[k];

			if (f->id == EMRTD_EF_CARD_SECURITY)
				f->fid = f->sfi = 0;
		}
		assert_ok(virtual_run(&v, &r, NULL));
		expect(i, r, "chip.cam", F);
		expect(i, r, "pa.card_security", N);
		expect(i, r, "pa.card_access_copy", P);
		assert_int_equal(emrtd_result_overall(r), FAILED);
		emrtd_result_free(&r);
		emrtd_card_free(&v.card);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_ends_as_it_must),
		cmocka_unit_test(no_card_security),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
