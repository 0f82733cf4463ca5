/*
 * helper_limits.h - what the helper gives up: core files, new privileges, and,
 * once its reader is open, every system call that carrying commands to it does
 * not need. libnfc and what it links decide what that is.
 */
#ifndef HELPER_LIMITS_H
#define HELPER_LIMITS_H

#include <stdbool.h>

bool helper_limits_set(void);
/* False: the kernel or the build has no such filter. */
bool helper_limits_filter(void);

#endif
