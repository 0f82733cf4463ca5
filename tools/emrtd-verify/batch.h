/*
 * Many documents: --jobs. A record a line in the order in which they were
 * named, whatever is finished first, and no more of them in memory than the
 * workers have in hand.
 */
#ifndef MRTD_TOOL_BATCH_H
#define MRTD_TOOL_BATCH_H

#include "document_verify.h"
#include "fail_on.h"

#define BATCH_JOBS_MAX 64

struct batch_options {
	unsigned jobs;
	const char *list; /* of --list, or NULL */
	struct fail_on fail_on;
	char *const *operands;
	size_t n_operands;
};

enum exit_code batch_run(const struct verifier *verifier,
    const struct batch_options *options);

#endif
