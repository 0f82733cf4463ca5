#include "document_of_input.h"

#include "core/cursor.h"
#include "pki/pem.h"

#include <emrtd/json.h>

#include <stdlib.h>
#include <string.h>

#define PEM_CAP    4096
#define OUTPUT_MAX (1u << 22)

void
fuzz_require(bool condition)
{
	if (!condition)
		abort();
}

struct emrtd_ctx *
fuzz_ctx_once(void)
{
	static struct emrtd_ctx *ctx;

	if (ctx == NULL)
		fuzz_require(emrtd_ctx_new(NULL, NULL, &ctx) == EMRTD_OK);
	return ctx;
}

static void
add_trust(struct document_input *input, struct emrtd_bytes content,
    unsigned flags)
{
	uint8_t buf[PEM_CAP];
	struct emrtd_diag diag;

	if ((input->mode & MODE_TEST_TRUST) != 0)
		flags |= EMRTD_TRUST_ALLOW_TEST;
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
add_optical(struct document_input *input, struct emrtd_bytes text)
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
add_evidence(struct document_input *input, struct emrtd_bytes content)
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
take_head(struct emrtd_bytes *in, struct document_input *input)
{
	uint32_t at;

	if (!emrtd_u8(in, &input->mode) || !emrtd_u32(in, &at))
		return false;
	input->options.at = at;
	if ((input->mode & MODE_STRICT) != 0)
		input->options.policy = EMRTD_POLICY_STRICT;
	return true;
}

static void
take_file(struct document_input *input, unsigned kind,
    struct emrtd_bytes content)
{
	if (kind >= KIND_FILE)
		kind = kind - KIND_FILE + KIND_TRUST;
	else if (kind >= KIND_TRUST)
		return;
	if (kind < EMRTD_N_FILES)
		input->files[kind] = content;
}

static void
take_chunk(struct document_input *input, unsigned kind,
    struct emrtd_bytes content)
{
	switch (kind) {
	case KIND_TRUST:
		add_trust(input, content, 0);
		break;
	case KIND_PATH:
		add_trust(input, content, EMRTD_TRUST_PATH_ONLY);
		break;
	case KIND_LIST:
		(void)!emrtd_trust_add_crl_der(input->trust, content, NULL);
		break;
	case KIND_OPTICAL:
		add_optical(input, content);
		break;
	case KIND_EVIDENCE:
		add_evidence(input, content);
		break;
	default:
		take_file(input, kind, content);
		break;
	}
}

static void
take_chunks(struct emrtd_bytes in, struct document_input *input)
{
	struct emrtd_bytes content;
	uint8_t kind;
	uint16_t len;

	while (emrtd_u8(&in, &kind) && emrtd_u16(&in, &len)) {
		if (!emrtd_take(&in, len, &content)) {
			content = in;
			in = emrtd_bytes(NULL, 0);
		}
		take_chunk(input, kind, content);
	}
}

bool
document_of_input(struct emrtd_bytes in, struct emrtd_ctx *ctx,
    struct document_input *out)
{
	memset(out, 0, sizeof(*out));
	out->options.size = sizeof(out->options);
	out->options.files = out->files;
	out->options.n_files = EMRTD_N_FILES;
	if (!take_head(&in, out))
		return false;
	fuzz_require(emrtd_trust_new(ctx, &out->trust) == EMRTD_OK);
	take_chunks(in, out);
	return true;
}

void
document_input_free(struct document_input *input)
{
	emrtd_trust_free(&input->trust);
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
		fuzz_require((uint8_t)text[i] >= 0x20 || text[i] == '\n');
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

void
fuzz_check_record(const struct emrtd_result *result, uint8_t mode)
{
	struct sink all = { 0, OUTPUT_MAX }, some = { 0, 0 };

	fuzz_require(write_record(result, mode, &all));
	some.max = all.n / 2;
	fuzz_require(!write_record(result, mode, &some));
}
