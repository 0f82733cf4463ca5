/*
 * A stream into memory for somebody's data, as open_memstream, except that
 * all of it is wiped: also what growing leaves behind, and the buffer of the
 * stream.
 */
#ifndef MRTD_TOOL_PRIVATE_TEXT_H
#define MRTD_TOOL_PRIVATE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct private_text {
	FILE *file; /* written to; NULL when closed */
	char *bytes;
	size_t len;
	size_t cap;
	char buffer[4096]; /* of file */
};

/* Stays where it is until private_text_free. False without memory. */
bool private_text_open(struct private_text *text);

/* Ends the writing; bytes and len are then all of it. False without memory
 * for all of it. */
bool private_text_close(struct private_text *text);

/* Closes too; for one that is zeroed also. */
void private_text_free(struct private_text *text);

#endif
