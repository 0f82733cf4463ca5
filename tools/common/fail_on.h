/*
 * The exit code of a batch: the worst of its documents, or the worst of those
 * kinds that --fail-on names.
 */
#ifndef MRTD_TOOL_FAIL_ON_H
#define MRTD_TOOL_FAIL_ON_H

#include "exit_codes.h"
#include "options.h"

/* Begin with zeros: every code counts. */
struct fail_on {
	bool given;
	unsigned codes; /* bit n: exit code n counts */
};

/* "failed,malformed"; false: another word, which was told. */
bool fail_on_parse(const struct tool *tool, const char *words,
    struct fail_on *out);

/*
 * What a document that ended with code does to the batch. An error of the
 * program counts always.
 */
enum exit_code fail_on_code(const struct fail_on *fail_on, enum exit_code code);

#endif
