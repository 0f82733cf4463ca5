#include "document_verify.h"

#include "outcome.h"

#include <string.h>

enum exit_code
verifier_open(struct verifier *v)
{
	struct emrtd_diag diag;
	enum emrtd_error e;

	emrtd_diag_init(&diag);
	e = emrtd_ctx_new(NULL, &diag, &v->ctx);
	if (e != EMRTD_OK) {
		outcome_say_error(v->tool, &diag, e);
		return outcome_error_code(e);
	}
	return verify_options_trust(v->tool, v->options, v->ctx, &v->trust);
}

void
verifier_close(struct verifier *v)
{
	emrtd_trust_free(&v->trust);
	emrtd_ctx_free(&v->ctx);
}

static enum exit_code
verify(const struct verifier *v, struct emrtd_verify_options *options,
    struct emrtd_result **out)
{
	enum emrtd_error e;

	options->size = sizeof(*options);
	options->at = verify_options_at(v->options);
	options->policy = v->options->policy;
	options->trust = v->trust;
	e = emrtd_verify_files(v->ctx, options, out);
	if (e == EMRTD_OK)
		return EXIT_GOOD;
	*out = NULL;
	tool_error(v->tool, "%s", emrtd_error_text(e));
	return outcome_error_code(e);
}

enum exit_code
document_verify(const struct verifier *v, const struct dump *dump,
    struct emrtd_result **out)
{
	const struct verify_options *o = v->options;
	struct emrtd_bytes files[EMRTD_N_FILES];
	struct emrtd_verify_options options = {
		.files = files,
		.n_files = EMRTD_N_FILES,
		.aa_challenge = emrtd_bytes(dump->challenge,
		    dump->challenge_len),
		.aa_signature = emrtd_bytes(dump->signature,
		    dump->signature_len),
		.challenge = o->has_challenge ? o->challenge : NULL,
		.optical = o->mrz != NULL ? &v->mrz->doc : NULL,
		.doubts = v->mrz->doubts,
		.n_doubts = v->mrz->n_doubts,
	};
	enum exit_code code;

	for (int i = 0; i < EMRTD_N_FILES; i++)
		files[i] = emrtd_bytes(dump->bytes[i], dump->len[i]);
	code = verify(v, &options, out);
	if (code == EXIT_GOOD)
		code = dump_compare(v->tool, dump, *out);
	if (code != EXIT_GOOD)
		emrtd_result_free(out);
	return code;
}

enum exit_code
document_unread(const struct verifier *v, struct emrtd_result **out)
{
	struct emrtd_bytes files[EMRTD_N_FILES];
	struct emrtd_verify_options options = { .files = files };

	memset(files, 0, sizeof(files));
	return verify(v, &options, out);
}
