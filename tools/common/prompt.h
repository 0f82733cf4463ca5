/*
 * Asking for a secret on the terminal.
 */
#ifndef MRTD_TOOL_PROMPT_H
#define MRTD_TOOL_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A line from the terminal on standard input, which does not show what is
 * typed; it ends with a NUL, not with a newline. The terminal is afterwards
 * as it was, also when a signal ends the program. False when the echo cannot
 * be turned off or nothing was typed. The caller wipes line.
 */
bool prompt_secret(const char *question, char *line, size_t cap);

#endif
