/*
 * Writing a result: text for a person, or the JSON record.
 */
#ifndef MRTD_TOOL_RECORD_IO_H
#define MRTD_TOOL_RECORD_IO_H

#include "exit_codes.h"
#include "options.h"
#include "private_text.h"

#include <emrtd/result.h>

/*
 * The JSON record, as record_write writes it. False without memory; call
 * private_text_free in any case. record->version is filled in.
 */
bool record_text(const struct emrtd_result *result, struct emrtd_record *record,
    struct private_text *out);

/* To -o or standard output. record->version is filled in. */
enum exit_code record_write(const struct tool *tool,
    const struct tool_common *common, bool json,
    const struct emrtd_result *result, struct emrtd_record *record);

/*
 * The results under the names of BSI TR-03135, as a file of its own (0600).
 * Before the chip is touched, record_check_tr03135 refuses a name that would
 * be refused afterwards, and says why. path may be NULL: nothing is wanted.
 */
enum exit_code record_check_tr03135(const struct tool *tool,
    const struct tool_common *common, const char *path);
enum exit_code record_write_tr03135(const struct tool *tool,
    const struct tool_common *common, const char *path,
    const struct emrtd_result *result, struct emrtd_record *record);

#endif
