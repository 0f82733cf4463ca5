/*
 * Exit codes of all tools but mrz-gate, which has a table of its own.
 */
#ifndef MRTD_EXIT_CODES_H
#define MRTD_EXIT_CODES_H

/* X(name, code, what it says) */
#define EXIT_CODES(X)                                                  \
	X(EXIT_GOOD, 0, "every check that policy requires passed")     \
	X(EXIT_CHECK_FAILED, 1, "a check failed")                      \
	X(EXIT_USAGE, 2, "wrong use of the command line")              \
	X(EXIT_ENVIRONMENT, 3, "a reader or a file is wanting")        \
	X(EXIT_ACCESS, 4, "access refused (wrong MRZ, CAN or PIN)")    \
	X(EXIT_MALFORMED, 5, "malformed or unreadable data")           \
	X(EXIT_UNDETERMINED, 6, "undetermined or uncertain")           \
	X(EXIT_LOST, 7, "link lost, deadline or cancelled: try again") \
	X(EXIT_INTERNAL, 70, "an error of the program")

#define EXIT_CODE_ROW(name, code, text) name = code,
enum exit_code {
	EXIT_CODES(EXIT_CODE_ROW)
};
#undef EXIT_CODE_ROW

/* What a code says; never NULL. */
const char *exit_code_text(int code);

/* The worse of two codes in a batch: 70 3 1 5 4 6 7 0, and 2 before all. */
enum exit_code exit_code_worse(enum exit_code a, enum exit_code b);

#endif
