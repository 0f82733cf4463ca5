/*
 * What is to be made: fields of options or JSON, or lines; and out of it one
 * document with its lines.
 */
#ifndef MRZ_MAKE_SOURCE_H
#define MRZ_MAKE_SOURCE_H

#include "exit_codes.h"
#include "make_choices.h"
#include "options.h"

#include <mrz/mrz.h>

/* With the NUL. Names may be longer than their field, and are cut then; a
 * letter may be four bytes. */
#define MAKE_VALUE_CAP 1024

struct make_fields {
	enum mrz_format format;
	bool refused; /* a value was too long, and that has been said */
	bool given[MRZ_N_FIELDS];
	char text[MRZ_N_FIELDS][MAKE_VALUE_CAP];
	int32_t year[MRZ_N_FIELDS]; /* of a date in full; else 0 */
	/* A record's issuer chose so: as in struct make_choices. */
	bool count_filler, zero_digit;
};

/*
 * A value of a field. A date may be written in full (1974-08-12); of it stays
 * what the zone has (740812).
 */
void make_fields_set(const struct tool *tool, struct make_fields *fields,
    enum mrz_field_id id, const char *value);

struct make_options {
	int32_t today; /* for the century, in the visual zone */
	unsigned pick; /* which of several documents; 0: there is one only */
	bool as_is;    /* lines may be wrong */
	struct make_choices choices;
	struct mrz_transliterate_options translit;
};

/* Fields to a document. Anything but EXIT_GOOD has been said. */
enum exit_code make_from_fields(const struct tool *tool,
    const struct make_fields *fields, const struct make_options *options,
    struct mrz_doc *out);

/* A file of lines or of JSON to a document. "-" is standard input. */
enum exit_code make_from_file(const struct tool *tool, const char *path,
    const struct make_options *options, struct mrz_doc *out);

#endif
