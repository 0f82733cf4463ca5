#include "verify_options.h"

#include "outcome.h"

#include <emrtd/reader.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>
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
add_trust(const struct tool *tool, struct verify_options *o, const char *path)
{
	if (o->n_trust == TRUST_PATHS_MAX) {
		tool_error(tool, "more than %d --trust", TRUST_PATHS_MAX);
		return false;
	}
	o->trust[o->n_trust++] = path;
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
		return add_trust(tool, o, argument);
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
	return o->has_at ? o->at : (int64_t)time(NULL);
}

static void
say_trust_error(const struct tool *tool, const char *path, enum emrtd_error e,
    const struct emrtd_diag *diag)
{
	const char *text = emrtd_error_text(e);
	bool more = diag->detail[0] != '\0' && strcmp(diag->detail, path) != 0;

	if (e == EMRTD_E_NOT_FOUND && access(path, F_OK) == 0)
		text = "no certificate (.cer .crt .der .pem) in this folder";
	else if (e == EMRTD_E_NOT_FOUND)
		text = "no such file or folder";
	else if (emrtd_error_class(e) == EMRTD_CLASS_MALFORMED)
		text = "not a certificate (DER or PEM)";
	tool_error(tool, "--trust %s: %s%s%s", path, text, more ? ": " : "",
	    more ? diag->detail : "");
}

static enum exit_code
add_paths(const struct tool *tool, const struct verify_options *o,
    struct emrtd_trust *trust)
{
	unsigned flags = o->test_trust ? EMRTD_TRUST_ALLOW_TEST : 0;
	struct emrtd_diag diag;
	enum emrtd_error e = EMRTD_OK;

	emrtd_diag_init(&diag);
	for (size_t i = 0; i < o->n_trust && e == EMRTD_OK; i++) {
		e = emrtd_trust_add_path(trust, o->trust[i], flags, &diag);
		if (e != EMRTD_OK)
			say_trust_error(tool, o->trust[i], e, &diag);
	}
	if (e == EMRTD_E_TEST_TRUST)
		tool_error(tool,
		    "test certificates are taken with --insecure-test-trust "
		    "only");
	if (e == EMRTD_E_TEST_TRUST || e == EMRTD_E_NOT_FOUND)
		return EXIT_ENVIRONMENT;
	if (e == EMRTD_OK && o->n_trust == 0 &&
	    access(DEFAULT_TRUST, R_OK) == 0) {
		e = emrtd_trust_add_path(trust, DEFAULT_TRUST, 0, &diag);
		/* Installed empty: nobody has put anything there yet. */
		if (e == EMRTD_E_NOT_FOUND)
			e = EMRTD_OK;
		if (e != EMRTD_OK)
			outcome_say_error(tool, &diag, e);
	}
	return e == EMRTD_OK ? EXIT_GOOD : outcome_error_code(e);
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
	code = add_paths(tool, o, *out);
	if (code != EXIT_GOOD)
		emrtd_trust_free(out);
	return code;
}
