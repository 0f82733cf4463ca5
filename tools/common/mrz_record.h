/*
 * One document of a record mrz-read/1: what opens a chip and what is compared
 * with it. Records come through pipes and files: every member is checked.
 */
#ifndef MRTD_TOOL_MRZ_RECORD_H
#define MRTD_TOOL_MRZ_RECORD_H

#include <mrz/mrz.h>

struct json_t;

#define MRZ_RECORD_TEXT_CAP (MRZ_MAX_LINES * (MRZ_LINE_CAP + 1) + 64)

struct mrz_record {
	char text[MRZ_RECORD_TEXT_CAP]; /* lines, each ended by LF */
	enum mrz_status status;         /* accepted if the record has none */
	bool is_picture;                /* they were read off one */
	size_t n_doubts;
	struct mrz_doubt doubts[MRZ_MAX_DOUBTS];
	size_t n_keys;
	struct mrz_key keys[MRZ_MAX_KEYS];
};

/*
 * NULL, or what is wrong: a noun, and nothing of what the record holds. *out
 * is then empty. The caller wipes it.
 */
const char *mrz_record_read(const struct json_t *document,
    struct mrz_record *out);

#endif
