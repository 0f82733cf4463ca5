/*
 * Fields out of JSON: an object of them, or a record of mrz-read.
 */
#ifndef MRZ_MAKE_FIELDS_JSON_H
#define MRZ_MAKE_FIELDS_JSON_H

#include "make_source.h"

/*
 * {"format": "TD3", "surname": "ERIKSSON", ...}, a date as "740812",
 * "1974-08-12" or {"text": "740812"}; or a record mrz-read/1, of which the
 * fields of one document count, and how its issuer prints the two check digits
 * that the standard leaves open. An unknown key is an error. Anything but
 * EXIT_GOOD has been said.
 */
enum exit_code fields_json_read(const struct tool *tool, const char *path,
    const char *bytes, size_t len, unsigned pick, struct make_fields *out);

#endif
