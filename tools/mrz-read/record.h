/*
 * The mrz-read/1 record (docs/JSON.md).
 */
#ifndef MRZ_READ_RECORD_H
#define MRZ_READ_RECORD_H

#include <emrtd/json.h>
#include <mrz/mrz.h>

void record_begin(struct emrtd_json *json, const char *source);
void record_document(struct emrtd_json *json, const struct mrz_doc *doc);
void record_end(struct emrtd_json *json);

#endif
