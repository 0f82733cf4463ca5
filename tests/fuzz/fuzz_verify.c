/*
 * Files of a document and what is trusted, verified and written as a record.
 *
 * Input: a byte of mode, four of the instant, then chunks: kind, two bytes of
 * length, content. A kind below EMRTD_N_FILES is that file, the next one a
 * trusted certificate (DER, or PEM with any number), the next one the printed
 * MRZ, whose last bytes are doubts, too, and the next one the evidence of
 * Active Authentication: challenge and signature.
 *
 * The seeds are of virtual passports, whose keys nobody has any more. So what
 * is authentic has the data that they were issued with; never is anything
 * authentic to who trusts only a stranger, or no test certificates: the
 * signers of the seeds are marked.
 */
#include "card/card.h"
#include "core/cursor.h"
#include "pki/pem.h"

#include <emrtd/json.h>
#include <emrtd/reader.h>

#include <mrz/mrz.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	MODE_TEST_TRUST = 1,
	MODE_STRANGER = 2, /* and nobody else is trusted */
	MODE_PRETTY = 4,
	MODE_PORTRAIT = 8
};

#define KIND_TRUST    EMRTD_N_FILES
#define KIND_OPTICAL  (EMRTD_N_FILES + 1)
#define KIND_EVIDENCE (EMRTD_N_FILES + 2)
#define PEM_CAP       4096
#define OUTPUT_MAX    (1u << 22)

static const char seed_mrz[] = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
			       "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4";

struct input {
	uint8_t mode;
	struct emrtd_bytes files[EMRTD_N_FILES];
	struct emrtd_verify_options options;
	struct emrtd_trust *trust;
	struct mrz_doc optical;
	struct mrz_doubt doubts[MRZ_MAX_DOUBTS];
};

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static struct emrtd_ctx *
ctx_once(void)
{
	static struct emrtd_ctx *ctx;

	if (ctx == NULL)
		require(emrtd_ctx_new(NULL, NULL, &ctx) == EMRTD_OK);
	return ctx;
}

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
	require(emrtd_card_issue(NULL, &profile, NULL, &card) == EMRTD_OK);
	require(emrtd_trust_new(ctx_once(), &trust) == EMRTD_OK);
	require(emrtd_trust_add_der(trust, emrtd_card_csca(card),
		    EMRTD_TRUST_ALLOW_TEST, NULL) == EMRTD_OK);
	emrtd_card_free(&card);
	return trust;
}

static void
add_trust(struct input *input, struct emrtd_bytes content)
{
	unsigned flags = (input->mode & MODE_TEST_TRUST) != 0
			     ? EMRTD_TRUST_ALLOW_TEST
			     : 0;
	uint8_t buf[PEM_CAP];
	struct emrtd_diag diag;

	if (!emrtd_pem_is(content)) {
		(void)!emrtd_trust_add_der(input->trust, content, flags, &diag);
		return;
	}
	for (;;) {
		struct emrtd_out der = emrtd_out(buf, sizeof(buf));

		if (emrtd_pem_next(&content, &der) != EMRTD_OK)
			return;
		(void)!emrtd_trust_add_der(input->trust, emrtd_out_bytes(&der),
		    flags, &diag);
	}
}

static void
add_optical(struct input *input, struct emrtd_bytes text)
{
	struct mrz_options options = { .size = sizeof(options),
		.today = (int32_t)(input->options.at / 86400) };

	if (mrz_parse((const char *)text.ptr, text.len, &options,
		&input->optical) == MRZ_OK)
		input->options.optical = &input->optical;
	/* What follows the lines is doubts about them. */
	input->options.n_doubts = text.len / sizeof(input->doubts[0]);
	if (input->options.n_doubts > MRZ_MAX_DOUBTS)
		input->options.n_doubts = MRZ_MAX_DOUBTS;
	if (input->options.n_doubts > 0)
		memcpy(input->doubts,
		    text.ptr + text.len -
			input->options.n_doubts * sizeof(input->doubts[0]),
		    input->options.n_doubts * sizeof(input->doubts[0]));
	input->options.doubts = input->doubts;
}

/* Under MODE_PRETTY the challenge is the verifier's own, too. */
static void
add_evidence(struct input *input, struct emrtd_bytes content)
{
	struct emrtd_verify_options *o = &input->options;

	if (content.len > EMRTD_CHALLENGE_LEN + 2048 ||
	    content.len < EMRTD_CHALLENGE_LEN + 1 ||
	    !emrtd_take(&content, EMRTD_CHALLENGE_LEN, &o->aa_challenge))
		return;
	o->aa_signature = content;
	if ((input->mode & MODE_PRETTY) != 0)
		o->challenge = o->aa_challenge.ptr;
}

static bool
take_head(struct emrtd_bytes *in, struct input *input)
{
	uint32_t at = 0;
	uint8_t octet;

	if (!emrtd_u8(in, &input->mode))
		return false;
	for (int i = 0; i < 4; i++) {
		if (!emrtd_u8(in, &octet))
			return false;
		at = at << 8 | octet;
	}
	input->options.at = at;
	return true;
}

static void
take_chunks(struct emrtd_bytes in, struct input *input)
{
	struct emrtd_bytes content;
	uint8_t kind, high, low;

	while (emrtd_u8(&in, &kind) && emrtd_u8(&in, &high) &&
	       emrtd_u8(&in, &low)) {
		if (!emrtd_take(&in, (size_t)high << 8 | low, &content)) {
			content = in;
			in = emrtd_bytes(NULL, 0);
		}
		if (kind < EMRTD_N_FILES)
			input->files[kind] = content;
		else if (kind == KIND_TRUST)
			add_trust(input, content);
		else if (kind == KIND_OPTICAL)
			add_optical(input, content);
		else if (kind == KIND_EVIDENCE)
			add_evidence(input, content);
	}
}

/* A sink that takes so many bytes and then no more. */
struct sink {
	size_t n, max;
};

/* No record has a control character but the end of a line. */
static bool
swallow(void *self, const char *text, size_t n)
{
	struct sink *sink = self;

	for (size_t i = 0; i < n; i++)
		require((uint8_t)text[i] >= 0x20 || text[i] == '\n');
	if (n > sink->max - sink->n)
		return false;
	sink->n += n;
	return true;
}

static bool
write_record(const struct emrtd_result *result, uint8_t mode, struct sink *sink)
{
	struct emrtd_record record = { .schema = "emrtd-verify/1",
		.tool = "fuzz",
		.version = "0",
		.embed_portrait = (mode & MODE_PORTRAIT) != 0 };
	struct emrtd_json json;

	emrtd_json_init(&json, swallow, sink, (mode & MODE_PRETTY) != 0);
	emrtd_result_write_json(result, &record, &json);
	return emrtd_json_finish(&json);
}

/* The whole record, and one whose sink is full before its end. */
static void
check_record(const struct emrtd_result *result, uint8_t mode)
{
	struct sink all = { 0, OUTPUT_MAX }, some = { 0, 0 };

	require(write_record(result, mode, &all));
	some.max = all.n / 2;
	require(!write_record(result, mode, &some));
}

/* DG1 is the one that was signed, up to filler behind it. */
static void
check_document(const struct emrtd_result *result)
{
	static const uint8_t head[] = { 0x61, 0x5B, 0x5F, 0x1F, 0x58 };
	struct emrtd_bytes dg1 = emrtd_result_file(result, EMRTD_DG1);

	require(dg1.len >= sizeof(head) + sizeof(seed_mrz) - 1);
	require(memcmp(dg1.ptr, head, sizeof(head)) == 0);
	require(memcmp(dg1.ptr + sizeof(head), seed_mrz,
		    sizeof(seed_mrz) - 1) == 0);
}

/* Confirmed is what is equal, or what a doubt explains. */
static void
check_mrz(const struct input *input, const struct emrtd_result *result)
{
	struct emrtd_mrz mrz = { .size = sizeof(mrz) };
	bool confirmed;

	if (!emrtd_result_mrz(result, &mrz))
		return;
	confirmed = mrz.comparison == EMRTD_MRZ_CONFIRMED;
	require(
	    confirmed ==
	    (emrtd_result_check(result, EMRTD_CHECK_DOC_MRZ_MATCH)->verdict ==
		EMRTD_PASSED));
	require(
	    mrz.n_differences == 0 || mrz.comparison != EMRTD_MRZ_NOT_COMPARED);
	for (size_t i = 0; i < mrz.n_differences; i++) {
		require(mrz.differences[i].optical != mrz.differences[i].chip);
		require(!confirmed || mrz.differences[i].doubtful);
		require(!mrz.differences[i].doubtful ||
			input->options.n_doubts > 0);
	}
}

static void
verify(const struct input *input, const struct emrtd_trust *trust)
{
	struct emrtd_verify_options options = input->options;
	struct emrtd_result *result;
	struct emrtd_face face;

	options.trust = trust;
	require(emrtd_verify_files(ctx_once(), &options, &result) == EMRTD_OK);
	require(emrtd_result_overall(result) != EMRTD_OVERALL_GENUINE);
	require(emrtd_result_chip(result) != EMRTD_CHIP_GENUINE);
	if ((input->mode & MODE_TEST_TRUST) == 0 && trust == input->trust)
		require(!emrtd_result_test_trust(result));
	if (emrtd_result_data(result) == EMRTD_DATA_AUTHENTIC) {
		require(trust == input->trust);
		require((input->mode & MODE_TEST_TRUST) != 0);
		require(!emrtd_result_face(result, &face) ||
			emrtd_result_check(result, EMRTD_CHECK_PA_HASH_DG2)
				->verdict == EMRTD_PASSED);
		check_document(result);
	}
	check_mrz(input, result);
	check_record(result, input->mode);
	emrtd_result_free(&result);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emrtd_bytes in = emrtd_bytes(data, size);
	struct input input = { .mode = 0 };

	input.options.size = sizeof(input.options);
	input.options.files = input.files;
	if (!take_head(&in, &input))
		return 0;
	require(emrtd_trust_new(ctx_once(), &input.trust) == EMRTD_OK);
	take_chunks(in, &input);
	verify(&input,
	    (input.mode & MODE_STRANGER) != 0 ? stranger_once() : input.trust);
	emrtd_trust_free(&input.trust);
	return 0;
}
