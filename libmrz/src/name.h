/*
 * The name field: primary identifier, two fillers, secondary identifier,
 * fillers; components within an identifier are parted by one filler.
 */
#ifndef MRZ_NAME_H
#define MRZ_NAME_H

#include <mrz/mrz.h>

/* Both identifiers with single blanks between components, as runs of the
 * field (offset and length) and as text of at most len characters. */
struct name_part {
	size_t offset;
	size_t length;
	char text[MRZ_FIELD_CAP];
};

struct name {
	struct name_part primary;
	struct name_part secondary;
	bool odd_shape;   /* fillers where the standard puts none */
	bool fills;       /* a letter in the last place */
	bool given_fills; /* the same of given names in their own field */
};

/* field is of the pattern of names; len is at most MRZ_MAX_LINE_LEN. */
void mrz_name_split(const char *field, size_t len, struct name *out);

/* The same for identifiers in fields of their own; given_len may be 0. Two
 * fillers may part given names. */
void mrz_name_read(const char *surname, size_t surname_len, const char *given,
    size_t given_len, struct name *out);

/*
 * Write both identifiers of fields into a field of len characters, truncated
 * if need be. On MRZ_R_NONE fit is written, but for its size and text; else
 * problem says what is wrong (and is scratch otherwise).
 */
enum mrz_reason mrz_name_write(const struct mrz_fields *fields, char *field,
    size_t len, struct mrz_name_fit *fit, struct mrz_problem *problem);

/*
 * The same into fields of their own, each cut off at its end; given names are
 * parted by two fillers, or one for a hyphen. given_len 0: there is no field
 * for them, and a problem if there are any.
 */
enum mrz_reason mrz_name_write_apart(const struct mrz_fields *fields,
    char *surname, size_t surname_len, char *given, size_t given_len,
    struct mrz_name_fit *fit, struct mrz_problem *problem);

#endif
