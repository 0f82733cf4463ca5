/*
 * What a result means for whoever started the tool: the exit code, the text
 * for a person, the files on disk.
 */
#ifndef MRTD_TOOL_OUTCOME_H
#define MRTD_TOOL_OUTCOME_H

#include "exit_codes.h"
#include "options.h"

#include <emrtd/result.h>

#include <stdio.h>

/* accept_data: authentic data are enough, the chip may be unproven. */
enum exit_code outcome_exit_code(const struct emrtd_result *result,
    bool accept_data);
/* The code of an error without any result. */
enum exit_code outcome_error_code(enum emrtd_error error);

/* "reading EF.DG2: the document left the field: ..." on standard error. */
void outcome_say_error(const struct tool *tool, const struct emrtd_diag *diag,
    enum emrtd_error error);

/*
 * Document, files, signer, table of checks and verdict. all: rows about what
 * the document does not have, too.
 */
void outcome_print(FILE *out, const struct emrtd_result *result, bool color,
    bool all);

/* What the chip signed, beside the files in a folder. */
#define OUTCOME_CHALLENGE_NAME "AA.challenge.bin"
#define OUTCOME_SIGNATURE_NAME "AA.signature.bin"

/*
 * Before the chip is touched: makes the folder (0700) if it is not there, and
 * refuses one that out_dir.h refuses, or in which a file would have to be
 * overwritten, unless force.
 */
enum exit_code outcome_check_folder(const struct tool *tool, const char *folder,
    bool force);

/*
 * EF.SOD.bin, EF.DG1.bin ..., the portrait and the evidence of Active
 * Authentication as received into that folder, 0600 each. paths[i] is set to the path of file i, NULL if it was not
 * written; free them with outcome_free_paths.
 */
enum exit_code outcome_write_files(const struct tool *tool,
    const struct emrtd_result *result, const char *folder, bool force,
    char *paths[EMRTD_N_FILES], char **portrait);
void outcome_free_paths(char *paths[EMRTD_N_FILES], char **portrait);

#endif
