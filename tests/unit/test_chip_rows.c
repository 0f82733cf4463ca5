/*
 * The rows of the chip's proofs, and the verdict out of them, by rules that
 * are written here a second time, as docs/CHECKS.md has them: for every
 * outcome of each proof on the wire, and for whatever Passive Authentication
 * says of the files that the keys stand in.
 */
#include "data.h"
#include "reader/prove_cam.h"
#include "reader/signed_offers.h"
#include "test.h"

#include <string.h>

static const enum emrtd_verdict wire[] = { EMRTD_NOT_RUN, EMRTD_PASSED,
	EMRTD_FAILED, EMRTD_UNDETERMINED, EMRTD_ABORTED };

/* What is said of the files. */
enum word {
	VOUCHED,  /* signature, chain and hashes are right */
	STRANGER, /* no anchor: nobody knows who signed */
	FORGED,   /* hashes of DG14 and DG15 and EF.CardSecurity are wrong */
	N_WORDS
};

#define PACE_CAM "3012060A04007F00070202040602 020102 02010D"
#define KEY(id, bits)                                                   \
	"301D060904007F000702020102 300D 3007 06052B81040022 0302" bits \
	" 0201" id

static uint8_t digest[32];

static void
set_pa(struct emrtd_result *r, enum word word)
{
	static const enum emrtd_check_id good[] = {
		EMRTD_CHECK_PA_SOD_SIGNATURE, EMRTD_CHECK_PA_SIGNED_ATTRIBUTES,
		EMRTD_CHECK_PA_CHAIN, EMRTD_CHECK_PA_DS_VALIDITY,
		EMRTD_CHECK_PA_CSCA_VALIDITY, EMRTD_CHECK_PA_ISSUER_COUNTRY,
		EMRTD_CHECK_PA_HASH_DG1, EMRTD_CHECK_PA_HASH_DG14,
		EMRTD_CHECK_PA_HASH_DG15, EMRTD_CHECK_PA_CARD_SECURITY
	};

	memset(r, 0, sizeof(*r));
	r->on_chip = true;
	for (size_t i = 0; i < N_ELEMENTS(good); i++)
		emrtd_check_set(r, good[i], EMRTD_PASSED, NULL);
	if (word == STRANGER) {
		emrtd_check_set(r, EMRTD_CHECK_PA_CHAIN, EMRTD_UNDETERMINED,
		    "no anchor");
		emrtd_check_set(r, EMRTD_CHECK_PA_CARD_SECURITY,
		    EMRTD_UNDETERMINED, "no anchor");
	}
	if (word == FORGED) {
		emrtd_check_set(r, EMRTD_CHECK_PA_HASH_DG14, EMRTD_FAILED, "x");
		emrtd_check_set(r, EMRTD_CHECK_PA_HASH_DG15, EMRTD_FAILED, "x");
		emrtd_check_set(r, EMRTD_CHECK_PA_CARD_SECURITY, EMRTD_FAILED,
		    "x");
	}
	for (int i = EMRTD_DG14; i <= EMRTD_DG15; i++) {
		r->files[i].status = EMRTD_FILE_READ;
		r->files[i].len = 1;
	}
	r->files[EMRTD_EF_CARD_SECURITY].status = EMRTD_FILE_READ;
	r->files[EMRTD_EF_CARD_SECURITY].len = 1;
	r->access.parameter_id = 13;
}

/* A document with all three proofs; views into what it is made of. */
struct document {
	struct emrtd_sod sod;
	struct emrtd_card_security_file card_security;
	struct emrtd_offers offers;
	struct test_bytes dg14, cs, access;
};

static void
make_document(struct document *d, const char *dg14)
{
	memset(d, 0, sizeof(*d));
	d->dg14 = test_hex(dg14);
	d->cs = test_hex(PACE_CAM KEY("0D", "0004"));
	d->access = test_hex(PACE_CAM);
	d->sod.dg_digest[14] = emrtd_bytes(digest, sizeof(digest));
	d->sod.dg_digest[15] = emrtd_bytes(digest, sizeof(digest));
	d->card_security.parsed = d->card_security.is_signed = true;
	d->card_security.content.set = emrtd_bytes(d->cs.ptr, d->cs.len);
	assert_int_equal(
	    emrtd_security_infos_parse(d->card_security.content.set, NULL,
		&d->card_security.content.infos),
	    EMRTD_OK);
	assert_int_equal(d->card_security.content.infos.malformed, 0);
	d->offers.sod = &d->sod;
	d->offers.card_security = &d->card_security;
	d->offers.has_dg14 = true;
	d->offers.dg14_set = emrtd_bytes(d->dg14.ptr, d->dg14.len);
	assert_int_equal(emrtd_security_infos_parse(d->offers.dg14_set, NULL,
			     &d->offers.dg14),
	    EMRTD_OK);
	assert_int_equal(d->offers.dg14.malformed, 0);
	d->offers.has_card_access = true;
	d->offers.card_access_set = emrtd_bytes(d->access.ptr, d->access.len);
}

static void
free_document(struct document *d)
{
	test_bytes_free(&d->dg14);
	test_bytes_free(&d->cs);
	test_bytes_free(&d->access);
}

/* The rule: what one proof is worth. */
static enum emrtd_verdict
worth(enum emrtd_verdict proof, enum word word)
{
	if (proof != EMRTD_PASSED)
		return proof;
	return word == VOUCHED    ? EMRTD_PASSED
	       : word == STRANGER ? EMRTD_UNDETERMINED
				  : EMRTD_FAILED;
}

/* The rule: one failure condemns, one proof of a key that is vouched for. */
static enum emrtd_overall_verdict
expected(const enum emrtd_verdict rows[3], enum word word)
{
	bool failed = word == FORGED, passed = false;

	for (size_t i = 0; i < 3; i++) {
		failed |= rows[i] == EMRTD_FAILED;
		passed |= rows[i] == EMRTD_PASSED;
	}
	if (failed)
		return EMRTD_OVERALL_FAILED;
	return passed && word == VOUCHED ? EMRTD_OVERALL_GENUINE
					 : EMRTD_OVERALL_UNDETERMINED;
}

static void
every_outcome_of_three_proofs(void **state)
{
	const size_t n = N_ELEMENTS(wire);
	struct document d;

	(void)state;
	make_document(&d, PACE_CAM KEY("0D", "0004"));
	for (size_t i = 0; i < n * n * n * N_WORDS; i++) {
		enum word word = (enum word)(i / (n * n * n));
		enum emrtd_verdict proofs[3] = { wire[i % n], wire[i / n % n],
			wire[i / n / n % n] };
		enum emrtd_verdict rows[3];
		struct emrtd_result r;

		set_pa(&r, word);
		for (int k = 0; k < 3; k++) {
			emrtd_proof_set(&r, (enum emrtd_proof_kind)k, proofs[k],
			    proofs[k] == EMRTD_PASSED ? NULL : "said so");
			rows[k] = worth(proofs[k], word);
		}
		emrtd_set_chip_rows(&r, &d.offers);
		for (int k = 0; k < 3; k++) {
			static const enum emrtd_check_id ids[] = {
				EMRTD_CHECK_CHIP_CA, EMRTD_CHECK_CHIP_AA,
				EMRTD_CHECK_CHIP_CAM
			};

			assert_int_equal(r.checks[ids[k]].verdict, rows[k]);
		}
		assert_int_equal(emrtd_result_overall(&r),
		    expected(rows, word));
	}
	free_document(&d);
}

/* DG14 with the key, without it, and with another one of its id. */
static void
what_ties_the_key_of_cam(void **state)
{
	static const struct {
		const char *dg14;
		enum emrtd_verdict want;
		bool reason;
	} ties[] = {
		{ PACE_CAM KEY("0D", "0004"), EMRTD_PASSED, false },
		{ PACE_CAM KEY("41", "0004"), EMRTD_PASSED, false },
		{ PACE_CAM, EMRTD_PASSED, true },
		{ PACE_CAM KEY("41", "0005"), EMRTD_PASSED, true },
		{ PACE_CAM KEY("0D", "0005"), EMRTD_FAILED, true },
		{ PACE_CAM KEY("0D", "0005") KEY("0E", "0004"), EMRTD_PASSED,
		    false },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(ties); i++) {
		struct emrtd_result r;
		struct document d;

		make_document(&d, ties[i].dg14);
		set_pa(&r, VOUCHED);
		emrtd_proof_set(&r, EMRTD_PROOF_CAM, EMRTD_PASSED, NULL);
		emrtd_set_chip_rows(&r, &d.offers);
		assert_int_equal(r.checks[EMRTD_CHECK_CHIP_CAM].verdict,
		    ties[i].want);
		assert_int_equal(r.checks[EMRTD_CHECK_CHIP_CAM].diag.what !=
				     NULL,
		    ties[i].reason);
		/* No list of its issuer, and the policy wants one: a key that
		 * contradicts the data fails all the same. */
		emrtd_check_set(&r, EMRTD_CHECK_PA_CARD_SECURITY,
		    EMRTD_UNDETERMINED, "no list");
		emrtd_set_chip_rows(&r, &d.offers);
		assert_int_equal(r.checks[EMRTD_CHECK_CHIP_CAM].verdict,
		    ties[i].want == EMRTD_FAILED ? EMRTD_FAILED
						 : EMRTD_UNDETERMINED);
		free_document(&d);
	}
}

/* The key of the parameters that PACE took, or the only one that there is. */
static void
which_key_of_cam(void **state)
{
	static const struct {
		size_t n;
		int ids[2]; /* -1: none */
		int found;  /* -1: none */
	} rows[] = {
		{ 0, { -1, -1 }, -1 },
		{ 1, { -1, -1 }, 0 },
		{ 1, { 13, -1 }, 0 },
		{ 1, { 12, -1 }, 0 },
		{ 2, { 12, 13 }, 1 },
		{ 2, { 13, -1 }, 0 },
		{ 2, { -1, 12 }, -1 },
		{ 2, { 13, 13 }, -1 },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		static struct emrtd_security_infos infos;
		const struct emrtd_ca_key *want =
		    rows[i].found < 0 ? NULL : &infos.ca_keys[rows[i].found];

		memset(&infos, 0, sizeof(infos));
		infos.n_ca_keys = rows[i].n;
		for (size_t k = 0; k < rows[i].n; k++) {
			infos.ca_keys[k].has_key_id = rows[i].ids[k] >= 0;
			infos.ca_keys[k].key_id = (uint32_t)rows[i].ids[k];
		}
		if (emrtd_cam_key(&infos, 13) != want)
			fail_msg("row %zu", i);
	}
}

/*
 * What nobody signed ties no key to anything, nor tears it off; and where the
 * chip has not proved the key, that is what is said.
 */
static void
nothing_tied_without_proof_and_signature(void **state)
{
	const struct emrtd_check *row;
	struct emrtd_result r;
	struct document d;

	(void)state;
	make_document(&d, PACE_CAM KEY("0D", "0005"));
	d.card_security.is_signed = false;
	set_pa(&r, STRANGER);
	row = &r.checks[EMRTD_CHECK_CHIP_CAM];
	emrtd_proof_set(&r, EMRTD_PROOF_CAM, EMRTD_PASSED, NULL);
	emrtd_set_chip_rows(&r, &d.offers);
	assert_int_equal(row->verdict, EMRTD_UNDETERMINED);
	d.card_security.is_signed = true;
	set_pa(&r, VOUCHED);
	emrtd_proof_set(&r, EMRTD_PROOF_CAM, EMRTD_UNDETERMINED, "no answer");
	emrtd_set_chip_rows(&r, &d.offers);
	assert_int_equal(row->verdict, EMRTD_UNDETERMINED);
	assert_string_equal(row->diag.what, "no answer");
	free_document(&d);
}

/* Where nobody was asked: only the signed word says 'not offered'. */
static void
not_offered_by_signed_word_alone(void **state)
{
	struct emrtd_result r;
	struct document d;

	(void)state;
	make_document(&d, "");
	/* All is signed, and no file has a key. */
	d.sod.dg_digest[15].ptr = NULL;
	d.card_security.parsed = d.card_security.is_signed = false;
	d.offers.card_access_set = emrtd_bytes(NULL, 0);
	set_pa(&r, VOUCHED);
	emrtd_set_chip_rows(&r, &d.offers);
	assert_int_equal(emrtd_result_chip(&r), EMRTD_CHIP_NOT_OFFERED);
	/* The same words of a file that is not as it was signed. */
	set_pa(&r, VOUCHED);
	emrtd_check_set(&r, EMRTD_CHECK_PA_HASH_DG14, EMRTD_UNDETERMINED, "x");
	emrtd_set_chip_rows(&r, &d.offers);
	assert_int_equal(emrtd_result_chip(&r), EMRTD_CHIP_UNDETERMINED);
	/* EF.CardAccess alone offers CAM: not asked is not 'not offered'. */
	set_pa(&r, VOUCHED);
	d.offers.card_access_set = emrtd_bytes(d.access.ptr, d.access.len);
	emrtd_set_chip_rows(&r, &d.offers);
	assert_int_equal(r.checks[EMRTD_CHECK_CHIP_CAM].verdict, EMRTD_NOT_RUN);
	assert_non_null(r.checks[EMRTD_CHECK_CHIP_CAM].diag.what);
	assert_int_equal(emrtd_result_chip(&r), EMRTD_CHIP_UNDETERMINED);
	/* A malformed key or protocol in DG14 is no absent one. */
	d.offers.card_access_set = emrtd_bytes(NULL, 0);
	for (int i = 0; i <= EMRTD_INFO_EF_DIR; i++) {
		bool of_ca = i == EMRTD_INFO_CA || i == EMRTD_INFO_CA_KEY;

		d.offers.dg14.malformed = 1u << i;
		set_pa(&r, VOUCHED);
		emrtd_set_chip_rows(&r, &d.offers);
		assert_int_equal(r.checks[EMRTD_CHECK_CHIP_CA].verdict,
		    of_ca ? EMRTD_NOT_RUN : EMRTD_NOT_OFFERED);
	}
	free_document(&d);
}

/* Not offered, not there or not read: each is another thing. */
static void
card_security_not_read(void **state)
{
	static const struct {
		enum emrtd_file_status status;
		bool cam;
		enum emrtd_verdict want;
		const char *why;
	} rows[] = {
		{ EMRTD_FILE_NOT_REQUESTED, false, EMRTD_NOT_OFFERED,
		    "the chip offers no PACE-CAM, which would need it" },
		{ EMRTD_FILE_ABSENT, true, EMRTD_NOT_OFFERED,
		    "the chip has no EF.CardSecurity" },
		{ EMRTD_FILE_NOT_REQUESTED, true, EMRTD_NOT_RUN,
		    "EF.CardSecurity was not read" },
		{ EMRTD_FILE_DENIED, true, EMRTD_NOT_RUN,
		    "EF.CardSecurity was not read" },
	};
	static const enum emrtd_check_id id = EMRTD_CHECK_PA_CARD_SECURITY;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct emrtd_result r;
		struct document d;

		make_document(&d, "");
		d.card_security.parsed = d.card_security.is_signed = false;
		if (!rows[i].cam)
			d.offers.card_access_set = emrtd_bytes(NULL, 0);
		set_pa(&r, VOUCHED);
		r.files[EMRTD_EF_CARD_SECURITY].status = rows[i].status;
		r.files[EMRTD_EF_CARD_SECURITY].len = 0;
		emrtd_check_set(&r, id, EMRTD_NOT_RUN, NULL);
		emrtd_set_chip_rows(&r, &d.offers);
		assert_int_equal(r.checks[id].verdict, rows[i].want);
		assert_string_equal(r.checks[id].diag.what, rows[i].why);
		free_document(&d);
	}
}

/* Neither DG14 nor EF.SOD tells: what became of EF.CardAccess decides. */
static void
card_access_alone(void **state)
{
	static const struct {
		enum emrtd_file_status status;
		bool on_chip;
		enum emrtd_verdict want;
		const char *why;
	} rows[] = {
		{ EMRTD_FILE_ABSENT, true, EMRTD_NOT_OFFERED,
		    "EF.CardAccess does not offer it" },
		{ EMRTD_FILE_DENIED, true, EMRTD_NOT_OFFERED,
		    "EF.CardAccess does not offer it" },
		{ EMRTD_FILE_NOT_REQUESTED, true, EMRTD_NOT_RUN, NULL },
		{ EMRTD_FILE_MALFORMED, true, EMRTD_UNDETERMINED,
		    "EF.CardAccess, which would tell, is malformed" },
		{ EMRTD_FILE_ABORTED, true, EMRTD_UNDETERMINED,
		    "EF.CardAccess, which would tell, was not read to its "
		    "end" },
		{ EMRTD_FILE_NOT_REQUESTED, false, EMRTD_UNDETERMINED,
		    "EF.CardAccess is not among the files" },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const struct emrtd_check *check;
		struct emrtd_result r;
		struct document d;

		make_document(&d, "");
		d.sod.dg_digest[14].ptr = NULL;
		d.card_security.parsed = d.card_security.is_signed = false;
		d.offers.has_dg14 = d.offers.has_card_access = false;
		d.offers.card_access_set = emrtd_bytes(NULL, 0);
		set_pa(&r, VOUCHED);
		r.on_chip = rows[i].on_chip;
		r.files[EMRTD_EF_CARD_ACCESS].status = rows[i].status;
		emrtd_set_chip_rows(&r, &d.offers);
		check = &r.checks[EMRTD_CHECK_CHIP_CAM];
		assert_int_equal(check->verdict, rows[i].want);
		if (rows[i].why == NULL)
			assert_null(check->diag.what);
		else
			assert_string_equal(check->diag.what, rows[i].why);
		free_document(&d);
	}
}

/* EF.SOD names the files, and they are not there. */
static void
hidden_files(void **state)
{
	static const struct {
		enum emrtd_file_status status;
		enum word word;
		bool on_chip;
		enum emrtd_verdict want;
	} hidden[] = {
		{ EMRTD_FILE_ABSENT, VOUCHED, true, EMRTD_FAILED },
		{ EMRTD_FILE_DENIED, VOUCHED, true, EMRTD_FAILED },
		{ EMRTD_FILE_MALFORMED, VOUCHED, true, EMRTD_FAILED },
		{ EMRTD_FILE_ABSENT, STRANGER, true, EMRTD_UNDETERMINED },
		{ EMRTD_FILE_ABORTED, VOUCHED, true, EMRTD_NOT_RUN },
		{ EMRTD_FILE_NOT_REQUESTED, VOUCHED, true, EMRTD_NOT_RUN },
		{ EMRTD_FILE_NOT_REQUESTED, VOUCHED, false, EMRTD_NOT_RUN },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(hidden); i++) {
		struct emrtd_result r;
		struct document d;

		make_document(&d, "");
		d.offers.has_dg14 = false;
		set_pa(&r, hidden[i].word);
		r.on_chip = hidden[i].on_chip;
		for (int f = EMRTD_DG14; f <= EMRTD_DG15; f++) {
			r.files[f].status = hidden[i].status;
			r.files[f].len = 0;
		}
		emrtd_set_chip_rows(&r, &d.offers);
		assert_int_equal(r.checks[EMRTD_CHECK_CHIP_CA].verdict,
		    hidden[i].want);
		assert_int_equal(r.checks[EMRTD_CHECK_CHIP_AA].verdict,
		    hidden[i].want);
		assert_int_not_equal(emrtd_result_chip(&r),
		    EMRTD_CHIP_NOT_OFFERED);
		free_document(&d);
	}
}

/*
 * Somebody lends a genuine chip for the first session, and shows other files
 * in the next: the proof of the first is worth nothing then, and one that
 * failed once is not mended by another.
 */
static void
a_proof_of_another_session(void **state)
{
	struct emrtd_proof *proof;
	struct emrtd_session s;
	struct emrtd_result r;
	struct emrtd_diag diag;

	(void)state;
	memset(&s, 0, sizeof(s));
	memset(&r, 0, sizeof(r));
	proof = &r.proofs[EMRTD_PROOF_CAM];
	s.result = &r;
	/* PACE was run without the mapping that proves. */
	emrtd_proof_set(&r, EMRTD_PROOF_CAM, EMRTD_PASSED, NULL);
	emrtd_evidence_statement(&r, EMRTD_PROOF_CAM, "p", NULL);
	assert_int_equal(emrtd_session_prove_cam(&s, &diag), EMRTD_OK);
	assert_int_equal(proof->verdict, EMRTD_UNDETERMINED);
	assert_int_equal(r.evidence[EMRTD_PROOF_CAM].strength,
	    EMRTD_EVIDENCE_NONE);
	/* Never run at all. */
	emrtd_proof_set(&r, EMRTD_PROOF_CAM, EMRTD_NOT_RUN, NULL);
	assert_int_equal(emrtd_session_prove_cam(&s, &diag), EMRTD_OK);
	assert_int_equal(proof->verdict, EMRTD_NOT_RUN);
	/* A new try after a failure: nothing is asked, nothing is mended. */
	s.cam.group = emrtd_group_by_id(13);
	emrtd_proof_set(&r, EMRTD_PROOF_CAM, EMRTD_FAILED, "x");
	assert_int_equal(emrtd_session_prove_cam(&s, &diag), EMRTD_OK);
	assert_int_equal(proof->verdict, EMRTD_FAILED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_outcome_of_three_proofs),
		cmocka_unit_test(which_key_of_cam),
		cmocka_unit_test(what_ties_the_key_of_cam),
		cmocka_unit_test(nothing_tied_without_proof_and_signature),
		cmocka_unit_test(not_offered_by_signed_word_alone),
		cmocka_unit_test(card_security_not_read),
		cmocka_unit_test(card_access_alone),
		cmocka_unit_test(hidden_files),
		cmocka_unit_test(a_proof_of_another_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
