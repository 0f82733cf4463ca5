/*
 * Files of a document and what is trusted, verified and written as a record.
 *
 * The seeds are of virtual passports, whose keys nobody has any more. So what
 * is authentic has the data that they were issued with; never is anything
 * authentic to who trusts only a stranger, or no test certificates: the
 * signers of the seeds are marked.
 */
#include "card/card.h"
#include "document_of_input.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char seed_mrz[] = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
			       "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4";

/* A CSCA with the name of the seeds', whose key signed none of them. */
static const struct emrtd_trust *
stranger_once(void)
{
	static struct emrtd_trust *trust;
	static const uint8_t face[] = { 0xFF, 0xD8, 0xFF, 0xC0, 0x00, 0x0B,
		0x08, 0x00, 0x14, 0x00, 0x10, 0x01, 0x01, 0x11, 0x00, 0xFF,
		0xD9 };
	struct emrtd_card_profile profile;
	struct emrtd_card *card = NULL;

	if (trust != NULL)
		return trust;
	emrtd_card_profile_init(&profile);
	profile.face = emrtd_bytes(face, sizeof(face));
	fuzz_require(emrtd_card_issue(NULL, &profile, NULL, &card) == EMRTD_OK);
	fuzz_require(emrtd_trust_new(fuzz_ctx_once(), &trust) == EMRTD_OK);
	fuzz_require(emrtd_trust_add_der(trust, emrtd_card_csca(card),
			 EMRTD_TRUST_ALLOW_TEST, NULL) == EMRTD_OK);
	emrtd_card_free(&card);
	return trust;
}

/* DG1 is the one that was signed, up to filler behind it. */
static void
check_document(const struct emrtd_result *result)
{
	static const uint8_t head[] = { 0x61, 0x5B, 0x5F, 0x1F, 0x58 };
	struct emrtd_bytes dg1 = emrtd_result_file(result, EMRTD_DG1);

	fuzz_require(dg1.len >= sizeof(head) + sizeof(seed_mrz) - 1);
	fuzz_require(memcmp(dg1.ptr, head, sizeof(head)) == 0);
	fuzz_require(memcmp(dg1.ptr + sizeof(head), seed_mrz,
			 sizeof(seed_mrz) - 1) == 0);
}

/* Confirmed is what is equal, or what a doubt explains. */
static void
check_mrz(const struct document_input *input, const struct emrtd_result *result)
{
	struct emrtd_mrz mrz = { .size = sizeof(mrz) };
	bool confirmed;

	if (!emrtd_result_mrz(result, &mrz))
		return;
	confirmed = mrz.comparison == EMRTD_MRZ_CONFIRMED;
	fuzz_require(
	    confirmed ==
	    (emrtd_result_check(result, EMRTD_CHECK_DOC_MRZ_MATCH)->verdict ==
		EMRTD_PASSED));
	fuzz_require(
	    mrz.n_differences == 0 || mrz.comparison != EMRTD_MRZ_NOT_COMPARED);
	for (size_t i = 0; i < mrz.n_differences; i++) {
		fuzz_require(
		    mrz.differences[i].optical != mrz.differences[i].chip);
		fuzz_require(!confirmed || mrz.differences[i].doubtful);
		fuzz_require(!mrz.differences[i].doubtful ||
			     input->options.n_doubts > 0);
	}
}

static void
verify(const struct document_input *input, const struct emrtd_trust *trust)
{
	struct emrtd_verify_options options = input->options;
	struct emrtd_result *result;
	struct emrtd_face face;

	options.trust = trust;
	fuzz_require(
	    emrtd_verify_files(fuzz_ctx_once(), &options, &result) == EMRTD_OK);
	fuzz_require(emrtd_result_overall(result) != EMRTD_OVERALL_GENUINE);
	fuzz_require(emrtd_result_chip(result) != EMRTD_CHIP_GENUINE);
	if ((input->mode & MODE_TEST_TRUST) == 0 && trust == input->trust)
		fuzz_require(!emrtd_result_test_trust(result));
	if (emrtd_result_data(result) == EMRTD_DATA_AUTHENTIC) {
		fuzz_require(trust == input->trust);
		fuzz_require((input->mode & MODE_TEST_TRUST) != 0);
		fuzz_require(!emrtd_result_face(result, &face) ||
			     emrtd_result_check(result, EMRTD_CHECK_PA_HASH_DG2)
				     ->verdict == EMRTD_PASSED);
		check_document(result);
	}
	check_mrz(input, result);
	fuzz_check_record(result, input->mode);
	emrtd_result_free(&result);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct document_input input;

	if (!document_of_input(emrtd_bytes(data, size), fuzz_ctx_once(),
		&input))
		return 0;
	verify(&input,
	    (input.mode & MODE_STRANGER) != 0 ? stranger_once() : input.trust);
	document_input_free(&input);
	return 0;
}
