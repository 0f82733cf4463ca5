/* The page as a file. */
#ifndef MRTD_TOOL_REPORT_FILE_H
#define MRTD_TOOL_REPORT_FILE_H

#include "options.h"
#include "report_page.h"

/*
 * Before the chip is touched: refuses a name that report_file_write would
 * refuse. Says why.
 */
enum exit_code report_file_check(const struct tool *tool, const char *path,
    bool force);

/*
 * Make the page and write it (0600; NULL or "-" is standard output).
 * EXIT_MALFORMED for what is no record, EXIT_ENVIRONMENT when it cannot be
 * written; says why. Nothing of it stays in memory.
 */
enum exit_code report_file_write(const struct tool *tool, const char *path,
    bool force, const struct report_input *input);

#endif
