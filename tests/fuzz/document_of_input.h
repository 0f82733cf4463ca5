/*
 * A document, what is trusted and what else a verification is given, out of a
 * fuzz target's input: a byte of mode, four of the instant, then chunks: kind,
 * two bytes of length, content.
 */
#ifndef MRTD_TEST_DOCUMENT_OF_INPUT_H
#define MRTD_TEST_DOCUMENT_OF_INPUT_H

#include <emrtd/reader.h>

#include <mrz/mrz.h>

enum {
	MODE_TEST_TRUST = 1,
	MODE_STRANGER = 2, /* and nobody else is trusted */
	MODE_PRETTY = 4,   /* and a challenge is the verifier's own */
	MODE_PORTRAIT = 8,
	MODE_STRICT = 16
};

/*
 * Kinds of chunks. Below KIND_TRUST stands the file of that number, and from
 * KIND_FILE on those that come after it.
 */
enum {
	KIND_TRUST = 20,   /* a certificate: DER, or PEM with any number */
	KIND_OPTICAL = 21, /* the printed MRZ; its last bytes are doubts, too */
	KIND_EVIDENCE = 22, /* of Active Authentication: challenge, signature */
	KIND_PATH = 23,     /* as KIND_TRUST, trusted for nothing */
	KIND_LIST = 24,     /* a revocation list in DER */
	KIND_FILE = 64
};

struct document_input {
	uint8_t mode;
	struct emrtd_bytes files[EMRTD_N_FILES]; /* views into the input */
	struct emrtd_verify_options options;     /* without trust */
	struct emrtd_trust *trust;
	struct mrz_doc optical;
	struct mrz_doubt doubts[MRZ_MAX_DOUBTS];
};

/* False for what is too short. The options point into out, which the caller
 * frees. */
bool document_of_input(struct emrtd_bytes in, struct emrtd_ctx *ctx,
    struct document_input *out);
void document_input_free(struct document_input *input);

/* One for all inputs. */
struct emrtd_ctx *fuzz_ctx_once(void);

void fuzz_require(bool condition);

/* Writes the record whole, and once more to where there is not room for it. */
void fuzz_check_record(const struct emrtd_result *result, uint8_t mode);

#endif
