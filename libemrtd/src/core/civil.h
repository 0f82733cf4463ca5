/*
 * civil.h - dates as int32 day numbers and instants as int64 seconds, both
 * from 1970-01-01 UTC: certificates outlive a 32-bit time_t.
 */
#ifndef CORE_CIVIL_H
#define CORE_CIVIL_H

#include "core/cursor.h"

#define EMRTD_RFC3339_CAP 21

/* Proleptic Gregorian calendar; false when the date does not exist. */
bool emrtd_day_from_civil(int year, int month, int day, int32_t *out);
void emrtd_civil_from_day(int32_t day, int *year, int *month, int *mday);
/* "2026-11-23", "2026-11-23T04:30:00Z" or with an offset "+09:00". */
bool emrtd_instant_parse(const char *text, int64_t *out);
/* "2026-11-23T04:30:00Z"; years 0000 to 9999, else "?". */
void emrtd_instant_text(int64_t instant, char text[EMRTD_RFC3339_CAP]);
/* X.509 times, tag 0x17 UTCTime or 0x18 GeneralizedTime; UTC ('Z') only. */
bool emrtd_instant_x509(uint32_t tag, struct emrtd_bytes content, int64_t *out);

#endif
