/*
 * The day for which a document is judged: the argument of --at, or the clock.
 */
#ifndef MRTD_TOOL_DAY_H
#define MRTD_TOOL_DAY_H

#include <stdbool.h>
#include <stdint.h>

#define DAY_TEXT_CAP 11

/* "2026-11-23", or an RFC 3339 instant of which the day in UTC counts. Days
 * are counted from 1970-01-01. */
bool day_parse(const char *text, int32_t *out);

/* Today in UTC. */
int32_t day_now(void);

/* "2026-11-23"; "?" outside the years 1 to 9999. */
const char *day_text(int32_t day, char text[DAY_TEXT_CAP]);

#endif
