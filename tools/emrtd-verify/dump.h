/*
 * What is to be verified: files of a chip, and what it signed, out of a
 * folder, single files, or a record that names them.
 */
#ifndef MRTD_TOOL_DUMP_H
#define MRTD_TOOL_DUMP_H

#include "exit_codes.h"
#include "options.h"

#include <emrtd/result.h>

/* Of an RSA key of 16,384 bits, the longest that anybody can verify. */
#define DUMP_SIGNATURE_MAX 2048

/* Begin with zeros. */
struct dump {
	uint8_t *bytes[EMRTD_N_FILES];
	size_t len[EMRTD_N_FILES];
	char *paths[EMRTD_N_FILES];
	size_t n_files;
	/* As a record says they are; empty text where nothing does. */
	char sha256[EMRTD_N_FILES][2 * EMRTD_FILE_SHA256_LEN + 1];
	/* Evidence of Active Authentication; lengths 0 while there is none. */
	uint8_t challenge[EMRTD_CHALLENGE_LEN];
	uint8_t signature[DUMP_SIGNATURE_MAX];
	size_t challenge_len, signature_len;
};

/*
 * Adds a folder, a file or a record. Anything but EXIT_GOOD has been said on
 * standard error.
 */
enum exit_code dump_add(const struct tool *tool,
    const struct tool_common *common, struct dump *dump, const char *path);
/*
 * Is there a file, and of the evidence both halves or none? path: for the
 * message; NULL when there are several.
 */
enum exit_code dump_check(const struct tool *tool, const char *path,
    const struct dump *dump);
/* Are the files the ones that the record is about? */
enum exit_code dump_compare(const struct tool *tool, const struct dump *dump,
    const struct emrtd_result *result);
/* Wipes and frees. */
void dump_free(struct dump *dump);

/* For dump_record.c: a file of the chip that is known to be needed. */
enum exit_code dump_add_file(const struct tool *tool, struct dump *dump,
    const char *path, enum emrtd_file file);
/* A record emrtd-read/1 or emrtd-verify/1 that was read from path. */
enum exit_code dump_add_record(const struct tool *tool, struct dump *dump,
    const char *path, struct emrtd_bytes text);

#endif
