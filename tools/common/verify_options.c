#include "verify_options.h"

#include "outcome.h"
#include "wall_clock.h"

#include <emrtd/reader.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_TRUST "/var/lib/mrtdkit/trust"

static bool
number(const char *text, unsigned *out)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	if (*text < '1' || *text > '9' || *end != '\0' || v > 1000000)
		return false;
	*out = (unsigned)v;
	return true;
}

static bool
add_path(const struct tool *tool, struct path_list *list, const char *option,
    const char *path)
{
	if (list->n == TRUST_PATHS_MAX) {
		tool_error(tool, "more than %d %s", TRUST_PATHS_MAX, option);
		return false;
	}
	list->paths[list->n++] = path;
	return true;
}

static bool
take_challenge(const struct tool *tool, struct verify_options *o,
    const char *text)
{
	size_t n = strspn(text, "0123456789abcdefABCDEF");

	if (n != 2 * sizeof(o->challenge) || text[n] != '\0') {
		tool_error(tool,
		    "--challenge %s: not 8 bytes as 16 digits of "
		    "hexadecimal text",
		    text);
		return false;
	}
	for (size_t i = 0; i < sizeof(o->challenge); i++) {
		char byte[3] = { text[2 * i], text[2 * i + 1], '\0' };

		o->challenge[i] = (uint8_t)strtoul(byte, NULL, 16);
	}
	return o->has_challenge = true;
}

bool
verify_option(const struct tool *tool, struct verify_options *o, int id,
    const char *argument, bool *ours)
{
	*ours = true;
	switch (id) {
	case OPTION_TRUST:
		return add_path(tool, &o->trust, "--trust", argument);
	case OPTION_CERTS:
		return add_path(tool, &o->certs, "--certs", argument);
	case OPTION_TEST_TRUST:
		return o->test_trust = true;
	case OPTION_AT:
		if (emrtd_parse_instant(argument, &o->at))
			return o->has_at = true;
		tool_error(tool,
		    "--at %s: not an instant like 2026-11-23T12:00:00Z or "
		    "2026-11-23",
		    argument);
		return false;
	case OPTION_MRZ:
		o->mrz = argument;
		return true;
	case OPTION_PICK:
		if (number(argument, &o->pick))
			return true;
		tool_error(tool, "--pick %s: not a number from 1", argument);
		return false;
	case OPTION_ACCEPT:
		if (strcmp(argument, "data") == 0)
			return o->accept_data = true;
		tool_error(tool, "--accept %s: only 'data' is known", argument);
		return false;
	case OPTION_POLICY:
		if (emrtd_policy_by_name(argument, &o->policy))
			return true;
		tool_error(tool, "--policy %s: not field or strict", argument);
		return false;
	case OPTION_TR03135:
		o->tr03135 = argument;
		return true;
	case OPTION_JSON:
		return o->json = true;
	case OPTION_EMBED_PORTRAIT:
		return o->embed_portrait = true;
	case OPTION_CHALLENGE:
		return take_challenge(tool, o, argument);
	default:
		return *ours = false;
	}
}

int64_t
verify_options_at(const struct verify_options *o)
{
	return o->has_at ? o->at : wall_clock_now();
}

static void
say_trust_error(const struct tool *tool, const char *option, const char *path,
    enum emrtd_error e, const struct emrtd_diag *diag)
{
	const char *text = emrtd_error_text(e);
	bool more = diag->detail[0] != '\0' && strcmp(diag->detail, path) != 0;

	if (e == EMRTD_E_NOT_FOUND && access(path, F_OK) == 0)
		text = "no certificate (.cer .crt .der .pem) in this folder";
	else if (e == EMRTD_E_NOT_FOUND)
		text = "no such file or folder";
	else if (emrtd_error_class(e) == EMRTD_CLASS_MALFORMED)
		text = "not a certificate (DER or PEM)";
	tool_error(tool, "%s %s: %s%s%s", option, path, text, more ? ": " : "",
	    more ? diag->detail : "");
	if (e == EMRTD_E_TEST_TRUST)
		tool_error(tool,
		    "test certificates are taken with --insecure-test-trust "
		    "only");
}

static enum exit_code
add_paths(const struct tool *tool, const struct path_list *list,
    const char *option, unsigned flags, struct emrtd_trust *trust)
{
	struct emrtd_diag diag;
	enum emrtd_error e = EMRTD_OK;

	emrtd_diag_init(&diag);
	for (size_t i = 0; i < list->n && e == EMRTD_OK; i++) {
		e = emrtd_trust_add_path(trust, list->paths[i], flags, &diag);
		if (e != EMRTD_OK)
			say_trust_error(tool, option, list->paths[i], e, &diag);
	}
	if (e == EMRTD_E_TEST_TRUST || e == EMRTD_E_NOT_FOUND)
		return EXIT_ENVIRONMENT;
	return e == EMRTD_OK ? EXIT_GOOD : outcome_error_code(e);
}

static enum exit_code
add_default(const struct tool *tool, struct emrtd_trust *trust)
{
	struct emrtd_diag diag;
	enum emrtd_error e;

	emrtd_diag_init(&diag);
	if (access(DEFAULT_TRUST, R_OK) != 0)
		return EXIT_GOOD;
	e = emrtd_trust_add_path(trust, DEFAULT_TRUST, 0, &diag);
	/* Installed empty: nobody has put anything there yet. */
	if (e == EMRTD_OK || e == EMRTD_E_NOT_FOUND)
		return EXIT_GOOD;
	outcome_say_error(tool, &diag, e);
	return outcome_error_code(e);
}

static enum exit_code
fill(const struct tool *tool, const struct verify_options *o,
    struct emrtd_trust *trust)
{
	unsigned flags = o->test_trust ? EMRTD_TRUST_ALLOW_TEST : 0;
	enum exit_code code;

	code = o->trust.n > 0
		   ? add_paths(tool, &o->trust, "--trust", flags, trust)
		   : add_default(tool, trust);
	if (code == EXIT_GOOD)
		code = add_paths(tool, &o->certs, "--certs",
		    flags | EMRTD_TRUST_PATH_ONLY, trust);
	return code;
}

enum exit_code
verify_options_trust(const struct tool *tool, const struct verify_options *o,
    struct emrtd_ctx *ctx, struct emrtd_trust **out)
{
	enum emrtd_error e = emrtd_trust_new(ctx, out);
	enum exit_code code;

	if (e != EMRTD_OK) {
		tool_error(tool, "%s", emrtd_error_text(e));
		return outcome_error_code(e);
	}
	code = fill(tool, o, *out);
	if (code != EXIT_GOOD)
		emrtd_trust_free(out);
	return code;
}
