/*
 * Options that emrtd-read and emrtd-verify share: trust, time, MRZ, output.
 */
#ifndef MRTD_TOOL_VERIFY_OPTIONS_H
#define MRTD_TOOL_VERIFY_OPTIONS_H

#include "exit_codes.h"
#include "mrz_source.h"
#include "options.h"

#include <emrtd/pki.h>
#include <emrtd/result.h>

#define TRUST_PATHS_MAX 64

enum {
	OPTION_TRUST = OPTION_LONG_ONLY,
	OPTION_CERTS,
	OPTION_TEST_TRUST,
	OPTION_AT,
	OPTION_MRZ,
	OPTION_PICK,
	OPTION_ACCEPT,
	OPTION_JSON,
	OPTION_EMBED_PORTRAIT,
	OPTION_CHALLENGE,
	OPTION_POLICY,
	OPTION_TR03135,
	OPTION_FIRST_OWN /* ids of a tool's own options start here */
};

#define VERIFY_OPTION_ROWS                                                    \
	{ OPTION_MRZ, "mrz", "FILE",                                          \
		"printed MRZ: record of mrz-read --json, or bare lines" },    \
	    { OPTION_PICK, "pick", "N",                                       \
		    "take the N-th of several MRZs in FILE" },                \
	    { OPTION_TRUST, "trust", "PATH",                                  \
		    "trust the country certificates (CSCA) in this file or "  \
		    "folder; may be repeated" },                              \
	    { OPTION_CERTS, "certs", "PATH",                                  \
		    "use these certificates (links, signers) and "            \
		    "revocation lists to find a way to --trust; trusts none " \
		    "of them; may be repeated" },                             \
	    { OPTION_TEST_TRUST, "insecure-test-trust", NULL,                 \
		    "accept marked test certificates" },                      \
	    { OPTION_AT, "at", "TIME",                                        \
		    "decide as of this instant (RFC 3339), not now" },        \
	    { OPTION_POLICY, "policy", "POLICY",                              \
		    "what deviations from the standards mean: field (told, "  \
		    "the default) or strict (failed)" },                      \
	    { OPTION_ACCEPT, "accept", "WHAT",                                \
		    "'data': exit 0 for authentic data although the chip is " \
		    "unproven" },                                             \
	    { OPTION_JSON, "json", NULL,                                      \
		    "write the JSON record instead of text" },                \
	    { OPTION_TR03135, "tr03135", "FILE",                              \
		    "write the results as XML under the names of BSI "        \
		    "TR-03135, too (mode 0600)" },                            \
	    { OPTION_EMBED_PORTRAIT, "embed-portrait", NULL,                  \
		    "put the face into the JSON record" },                    \
	{                                                                     \
		OPTION_CHALLENGE, "challenge", "HEX",                         \
		    "the 8 bytes that the chip is to sign, or was to sign, "  \
		    "chosen by who verifies"                                  \
	}

struct path_list {
	const char *paths[TRUST_PATHS_MAX];
	size_t n;
};

struct verify_options {
	struct path_list trust, certs;
	bool test_trust, accept_data, json, embed_portrait, has_at;
	int64_t at;
	enum emrtd_policy policy;
	const char *mrz, *tr03135;
	unsigned pick;
	bool has_challenge;
	uint8_t challenge[EMRTD_CHALLENGE_LEN];
};

/* True when id is one of ours and the argument is fine. *ours says which. */
bool verify_option(const struct tool *tool, struct verify_options *options,
    int id, const char *argument, bool *ours);

/* 'at', else the clock. */
int64_t verify_options_at(const struct verify_options *options);

/*
 * The store of --trust, or of the default folder if that exists, and of
 * --certs. *out
 * may have no certificate in it: then nothing is trusted.
 */
enum exit_code verify_options_trust(const struct tool *tool,
    const struct verify_options *options, struct emrtd_ctx *ctx,
    struct emrtd_trust **out);

#endif
