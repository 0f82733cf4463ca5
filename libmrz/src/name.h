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
	bool odd_shape; /* fillers where the standard puts none */
	bool fills;     /* a letter in the last place */
};

/* field is of the pattern of names; len is at most MRZ_MAX_LINE_LEN. */
void mrz_name_split(const char *field, size_t len, struct name *out);

/*
 * Write both identifiers of fields into a field of len characters, truncated
 * if need be. On MRZ_R_NONE fit is written, but for its size and text; else
 * problem says what is wrong (and is scratch otherwise).
 */
enum mrz_reason mrz_name_write(const struct mrz_fields *fields, char *field,
    size_t len, struct mrz_name_fit *fit, struct mrz_problem *problem);

#endif
