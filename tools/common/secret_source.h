/*
 * The digits that open a chip beside the MRZ: CAN, PIN and PUK.
 */
#ifndef MRTD_TOOL_SECRET_SOURCE_H
#define MRTD_TOOL_SECRET_SOURCE_H

#include "exit_codes.h"
#include "options.h"

#include <emrtd/access.h>

/*
 * From a file, standard input ("-") or, on a terminal, a silent prompt. kind:
 * CAN, PIN or PUK. The caller wipes out. Anything but EXIT_GOOD has been said
 * on standard error.
 */
enum exit_code secret_source_read(const struct tool *tool,
    enum emrtd_password_kind kind, const char *path,
    struct emrtd_password *out);

#endif
