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
 * Write both identifiers (as in struct mrz_fields) into a field of len
 * characters, truncated if need be. On an error *offset counts bytes of the
 * surname, or of the given names if *in_given.
 */
enum mrz_reason mrz_name_join(const char *surname, const char *given,
    char *field, size_t len, bool *in_given, size_t *offset);

#endif
