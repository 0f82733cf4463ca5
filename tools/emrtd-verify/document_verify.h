/*
 * The verification of one document: files of a chip to a result.
 */
#ifndef MRTD_TOOL_DOCUMENT_VERIFY_H
#define MRTD_TOOL_DOCUMENT_VERIFY_H

#include "dump.h"
#include "mrz_source.h"
#include "verify_options.h"

#include <emrtd/reader.h>

/* What holds for every document of a run. */
struct verifier {
	const struct tool *tool;
	const struct tool_common *common;
	const struct verify_options *options;
	const struct mrz_source *mrz; /* of options->mrz */
	struct emrtd_ctx *ctx;
	struct emrtd_trust *trust;
};

/* ctx and trust; free them with verifier_close, also after an error, which has
 * been said on standard error. */
enum exit_code verifier_open(struct verifier *verifier);
void verifier_close(struct verifier *verifier);

/*
 * The dump has been checked. *out is freed by the caller, and NULL unless
 * EXIT_GOOD, which says nothing about the verdict.
 */
enum exit_code document_verify(const struct verifier *verifier,
    const struct dump *dump, struct emrtd_result **out);

/* A result about no files, for a document that could not be read. */
enum exit_code document_unread(const struct verifier *verifier,
    struct emrtd_result **out);

#endif
