/*
 * EF.CardAccess against what the state signed of it, and access by less than
 * DG14 offers: every way in which the copies cannot be had, or differ.
 */
#include "data.h"
#include "reader/signed_offers.h"
#include "test.h"

#include <string.h>

#define PACE    "3012 060A 04007F00070202040202 020102 02010D"
#define CAM     "3012 060A 04007F00070202040602 020102 02010D"
#define TA      "300D 0608 04007F0007020202 020101"
#define NO_INFO "3003 020101"

static uint8_t digest[32];

struct document {
	struct emrtd_result result;
	struct emrtd_sod sod;
	struct emrtd_card_security_file card_security;
	struct test_bytes access, dg14, set;
};

static void
put_file(struct emrtd_result *r, enum emrtd_file file, struct test_bytes bytes)
{
	r->files[file].ptr = bytes.ptr;
	r->files[file].len = bytes.len;
	r->files[file].status = EMRTD_FILE_READ;
}

/* A chip with EF.CardAccess and DG14 in hex; NULL: without. */
static void
make(struct document *d, const char *access, const char *dg14)
{
	memset(d, 0, sizeof(*d));
	d->result.on_chip = true;
	d->result.access.protocol = EMRTD_ACCESS_PACE;
	if (access != NULL) {
		d->access = test_hex(access);
		put_file(&d->result, EMRTD_EF_CARD_ACCESS, d->access);
	}
	if (dg14 != NULL) {
		d->dg14 = test_hex(dg14);
		put_file(&d->result, EMRTD_DG14, d->dg14);
		d->sod.dg_digest[14] = emrtd_bytes(digest, sizeof(digest));
		emrtd_check_set(&d->result, EMRTD_CHECK_PA_HASH_DG14,
		    EMRTD_PASSED, NULL);
	}
}

static void
put_card_security(struct document *d, const char *set, bool is_signed)
{
	d->set = test_hex(set);
	d->card_security.parsed = true;
	d->card_security.is_signed = is_signed;
	d->card_security.content.set = emrtd_bytes(d->set.ptr, d->set.len);
}

static void
drop(struct document *d)
{
	test_bytes_free(&d->access);
	test_bytes_free(&d->dg14);
	test_bytes_free(&d->set);
}

static void
assert_row(struct document *d, enum emrtd_check_id id,
    enum emrtd_verdict verdict, const char *words)
{
	char reason[EMRTD_REASON_CAP];

	emrtd_check_signed_offers(&d->result, &d->sod, &d->card_security);
	emrtd_result_check_reason(&d->result, id, reason);
	if (d->result.checks[id].verdict != verdict ||
	    strstr(reason, words) == NULL)
		fail_msg("%s: %s",
		    emrtd_verdict_name(d->result.checks[id].verdict), reason);
}

#define COPY(d, verdict, words) \
	assert_row(d, EMRTD_CHECK_PA_CARD_ACCESS_COPY, EMRTD_##verdict, words)
#define DOWNGRADE(d, verdict, words) \
	assert_row(d, EMRTD_CHECK_ACCESS_DOWNGRADE, EMRTD_##verdict, words)

static void
copies_in_dg14(void **state)
{
	static const struct {
		const char *access, *dg14;
		enum emrtd_verdict verdict;
	} cases[] = {
		{ "3114" PACE, "6E16 3114" PACE, EMRTD_PASSED },
		/* what has nothing to do with PACE may stand in DG14 alone */
		{ "3114" PACE, "6E25 3123" PACE TA, EMRTD_PASSED },
		{ "3123" PACE TA, "6E25 3123" TA PACE, EMRTD_PASSED },
		/* in EF.CardAccess alone nothing may, and no PACE in DG14 */
		{ "3123" PACE TA, "6E16 3114" PACE, EMRTD_FAILED },
		{ "3114" PACE, "6E2A 3128" PACE CAM, EMRTD_FAILED },
		{ "3128" PACE CAM, "6E16 3114" PACE, EMRTD_FAILED },
		{ "3114" CAM, "6E16 3114" PACE, EMRTD_FAILED },
		{ NULL, "6E16 3114" PACE, EMRTD_FAILED },
		{ NULL, "6E11 310F" TA, EMRTD_PASSED },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct document d;

		make(&d, cases[i].access, cases[i].dg14);
		assert_row(&d, EMRTD_CHECK_PA_CARD_ACCESS_COPY,
		    cases[i].verdict,
		    cases[i].verdict == EMRTD_FAILED ? "what DG14 says" : "");
		assert_int_equal(d.result.files[EMRTD_DG14].status,
		    EMRTD_FILE_READ);
		drop(&d);
	}
}

static void
copies_that_cannot_be_had(void **state)
{
	struct document d;

	(void)state;
	make(&d, "3114" PACE, NULL);
	COPY(&d, NOT_OFFERED, "no DG14 and no EF.CardSecurity");
	d.sod.dg_digest[14] = emrtd_bytes(digest, sizeof(digest));
	COPY(&d, UNDETERMINED, "was not read");
	drop(&d);

	make(&d, "3114" PACE, "6E16 3114" PACE);
	d.result.checks[EMRTD_CHECK_PA_HASH_DG14].verdict = EMRTD_FAILED;
	COPY(&d, UNDETERMINED, "not as it was signed");
	d.result.checks[EMRTD_CHECK_PA_HASH_DG14].verdict = EMRTD_NOT_RUN;
	COPY(&d, UNDETERMINED, "not as it was signed");
	drop(&d);

	/* Malformed, or with an element that is none behind good ones. */
	make(&d, "3114" PACE, "6E16 3115" PACE);
	COPY(&d, UNDETERMINED, "was not read");
	assert_int_equal(d.result.files[EMRTD_DG14].status,
	    EMRTD_FILE_MALFORMED);
	drop(&d);
	make(&d, "3119" PACE NO_INFO, "6E16 3114" PACE);
	COPY(&d, FAILED, "malformed");
	assert_int_equal(d.result.files[EMRTD_EF_CARD_ACCESS].status,
	    EMRTD_FILE_MALFORMED);
	drop(&d);

	/* Files that somebody read may lack it; a chip has none then. */
	make(&d, NULL, "6E16 3114" PACE);
	d.result.on_chip = false;
	COPY(&d, NOT_RUN, "not among the files");
	assert_int_equal(d.result.files[EMRTD_EF_CARD_ACCESS].status,
	    EMRTD_FILE_NOT_REQUESTED);
	drop(&d);
}

static void
copies_in_card_security(void **state)
{
	struct document d;

	(void)state;
	make(&d, "3114" CAM, NULL);
	put_card_security(&d, CAM TA, true);
	COPY(&d, PASSED, "");
	d.card_security.is_signed = false;
	COPY(&d, UNDETERMINED, "nobody vouches for EF.CardSecurity");
	drop(&d);

	make(&d, "3114" CAM, NULL);
	put_card_security(&d, CAM PACE, true);
	COPY(&d, FAILED, "what EF.CardSecurity says");
	drop(&d);

	/* Both must agree, and DG14 suffices where the other is not signed. */
	make(&d, "3114" CAM, "6E16 3114" CAM);
	put_card_security(&d, PACE, false);
	COPY(&d, PASSED, "");
	d.card_security.is_signed = true;
	COPY(&d, FAILED, "what EF.CardSecurity says");
	drop(&d);
}

static void
weaker_than_offered(void **state)
{
	struct document d;

	(void)state;
	make(&d, NULL, "6E16 3114" PACE);
	DOWNGRADE(&d, NOT_RUN, "");
	d.result.access.protocol = EMRTD_ACCESS_BAC;
	d.result.on_chip = false;
	DOWNGRADE(&d, NOT_RUN, "");
	d.result.on_chip = true;
	d.result.checks[EMRTD_CHECK_ACCESS_PACE].verdict = EMRTD_UNDETERMINED;
	DOWNGRADE(&d, NOT_RUN, "");
	d.result.checks[EMRTD_CHECK_ACCESS_PACE].verdict = EMRTD_NOT_OFFERED;
	d.result.checks[EMRTD_CHECK_PA_HASH_DG14].verdict = EMRTD_FAILED;
	DOWNGRADE(&d, UNDETERMINED, "cannot be had");
	d.result.checks[EMRTD_CHECK_PA_HASH_DG14].verdict = EMRTD_PASSED;
	DOWNGRADE(&d, FAILED, "something weaker was used");
	/* What was told before stays. */
	d.result.checks[EMRTD_CHECK_PA_HASH_DG14].verdict = EMRTD_FAILED;
	DOWNGRADE(&d, FAILED, "something weaker was used");
	drop(&d);

	make(&d, NULL, "6E16 3115" PACE);
	d.result.access.protocol = EMRTD_ACCESS_BAC;
	DOWNGRADE(&d, UNDETERMINED, "cannot be had");
	drop(&d);
	make(&d, NULL, "6E11 310F" TA);
	d.result.access.protocol = EMRTD_ACCESS_BAC;
	DOWNGRADE(&d, NOT_RUN, "");
	drop(&d);
	make(&d, NULL, NULL);
	d.result.access.protocol = EMRTD_ACCESS_BAC;
	DOWNGRADE(&d, NOT_RUN, "");
	drop(&d);
}

/* Nobody's word is compared with nothing. */
static void
without_a_security_object(void **state)
{
	struct document d;

	(void)state;
	make(&d, "3114" PACE, "6E16 3114" CAM);
	d.result.access.protocol = EMRTD_ACCESS_BAC;
	emrtd_check_signed_offers(&d.result, NULL, &d.card_security);
	assert_int_equal(
	    d.result.checks[EMRTD_CHECK_PA_CARD_ACCESS_COPY].verdict,
	    EMRTD_NOT_RUN);
	assert_int_equal(d.result.checks[EMRTD_CHECK_ACCESS_DOWNGRADE].verdict,
	    EMRTD_NOT_RUN);
	drop(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_in_dg14),
		cmocka_unit_test(copies_that_cannot_be_had),
		cmocka_unit_test(copies_in_card_security),
		cmocka_unit_test(weaker_than_offered),
		cmocka_unit_test(without_a_security_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
