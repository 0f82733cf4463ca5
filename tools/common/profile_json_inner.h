/*
 * profile_json_inner.h - the rows by which a profile is read: a key of an
 * object, how to take its value, and where it goes. For profile_json*.c.
 */
#ifndef COMMON_PROFILE_JSON_INNER_H
#define COMMON_PROFILE_JSON_INNER_H

#include "profile_json.h"

#include <stddef.h>

#include <jansson.h>
#include <mrz/mrz.h>

#include "io.h"

#define PROFILE_BLOBS_MAX 3
#define PROFILE_MRZ_CAP   (MRZ_MAX_LINES * MRZ_LINE_CAP)
#define PROFILE_NAME_CAP  40

/* A file that the profile names; wiped, for one of them is a key. */
struct blob {
	uint8_t *ptr;
	size_t len;
};

struct profile_json {
	struct emrtd_card_profile card;
	struct emrtd_picc_config radio;
	char mrz[PROFILE_MRZ_CAP];
	char aa_kind[PROFILE_NAME_CAP], aa_hash[PROFILE_NAME_CAP];
	/* Duplicate keys are refused: one each. */
	struct blob blobs[PROFILE_BLOBS_MAX];
	size_t n_blobs;
};

struct loader {
	const char *path;
	const char *text; /* of the profile, for line numbers */
	struct emrtd_diag *diag;
	struct profile_json *profile;
	void *base;      /* the struct that the rows at work fill */
	const char *key; /* that is being read */
	enum emrtd_error error;
};

/*
 * A key of an object: how to take its value, and where in the loader's base it
 * goes; limit is what the function makes of it.
 */
struct key_row {
	const char *name;
	bool (
	    *take)(struct loader *l, const struct key_row *row, json_t *value);
	size_t offset;
	uint32_t limit;
	const struct key_row *rows; /* of an object */
	size_t n_rows;
};

#define FIELD(name)  offsetof(struct emrtd_card_profile, name)
#define N_ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))

typedef bool take_value(struct loader *l, const struct key_row *row,
    json_t *value);

/* Says in l->diag what is wrong with l->key, and where; returns false. */
bool profile_wrong(struct loader *l, const char *what);
/* Likewise with all of it given; line 0: unknown. */
bool profile_fail(struct loader *l, enum emrtd_error error, unsigned line,
    const char *key, const char *what);
enum emrtd_error profile_io_error(enum io_result result);
/* The line of the key that is being read, or 0. */
unsigned profile_line(const struct loader *l, const char *key);

/* Every key of an object, each by its row. */
bool profile_object(struct loader *l, json_t *object,
    const struct key_row *rows, size_t n);
void *profile_field(struct loader *l, const struct key_row *row);
bool profile_text(struct loader *l, json_t *value, const char **out);

take_value take_bool, take_not; /* take_not: the field has the negation */
take_value take_short;          /* text; limit: characters, exactly */
take_value take_state;          /* text; limit: characters, at most */
take_value take_digits;         /* digits; limit: at most */
take_value take_u32;            /* limit: the greatest */
take_value take_u8;             /* limit: the greatest */
take_value take_word_hex;       /* a status word: four hex digits */
take_value take_day;            /* limit: the second of the day that is meant */
take_value take_kind;
take_value take_file; /* limit: bytes */
take_value take_comment, take_ignored;
take_value take_inner; /* an object with rows */

/* profile_json_protocols.c */
take_value take_access, take_ca, take_aa, take_clone;
/* profile_json_contactless.c */
take_value take_contactless;

#endif
