#include "profile_json.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <mrz/mrz.h>

#include "day.h"
#include "io.h"
#include "wipe_alloc.h"

#define PROFILE_CAP (1u << 20)
#define FACE_CAP    (1u << 20)
#define PEM_CAP     (64u << 10)
#define DAY_SECONDS 86400
#define SCHEMA      "emrtd-profile/1"
#define BLOBS_MAX   3
#define MRZ_CAP     (MRZ_MAX_LINES * MRZ_LINE_CAP)

/* A file that the profile names; wiped, for one of them is a key. */
struct blob {
	uint8_t *ptr;
	size_t len;
};

struct profile_json {
	struct emrtd_card_profile card;
	char mrz[MRZ_CAP];
	struct blob blobs[BLOBS_MAX]; /* duplicate keys are refused: one each */
	size_t n_blobs;
};

struct loader {
	const char *path;
	const char *text; /* of the profile, for line numbers */
	struct emrtd_diag *diag;
	struct profile_json *profile;
	const char *key; /* that is being read */
	enum emrtd_error error;
};

/* ---- Errors ------------------------------------------------------------ */

static bool
fail(struct loader *l, enum emrtd_error error, unsigned line, const char *key,
    const char *what)
{
	l->error = error;
	if (l->diag == NULL)
		return false;
	emrtd_diag_init(l->diag);
	l->diag->error = error;
	l->diag->what = "reading a profile";
	/* A long path is cut, as it must be. */
	if (line > 0)
		(void)snprintf(l->diag->detail, sizeof(l->diag->detail),
		    "%s:%u: %s%s%s", l->path, line, key,
		    *key != '\0' ? ": " : "", what);
	else
		(void)snprintf(l->diag->detail, sizeof(l->diag->detail),
		    "%s: %s%s%s", l->path, key, *key != '\0' ? ": " : "", what);
	return false;
}

/*
 * The line of the key that is being read. The parser keeps no places, so this
 * is the first line on which the key stands.
 */
static unsigned
line_of(const struct loader *l, const char *key)
{
	size_t n = strlen(key);
	unsigned line = 1;

	for (const char *p = l->text; *p != '\0'; p++) {
		if (*p == '\n')
			line++;
		if (*p == '"' && strncmp(p + 1, key, n) == 0 && p[1 + n] == '"')
			return line;
	}
	return 0;
}

static bool
wrong(struct loader *l, const char *what)
{
	return fail(l, EMRTD_E_ARG, line_of(l, l->key), l->key, what);
}

static enum emrtd_error
io_error(enum io_result result)
{
	if (result == IO_MEMORY)
		return EMRTD_E_NO_MEMORY;
	return result == IO_ERRNO && errno == ENOENT ? EMRTD_E_NOT_FOUND
						     : EMRTD_E_IO;
}

/* ---- Values ------------------------------------------------------------ */

/*
 * A key of an object: how to take its value, and where in the card's profile
 * it goes; limit is what the function makes of it.
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

#define FIELD(name) offsetof(struct emrtd_card_profile, name)
#define N(rows)     (sizeof(rows) / sizeof((rows)[0]))

static void *
field_of(struct loader *l, const struct key_row *row)
{
	return (unsigned char *)&l->profile->card + row->offset;
}

static bool
text_of(struct loader *l, json_t *value, const char **out)
{
	*out = json_string_value(value);
	return *out != NULL ? true : wrong(l, "must be a string");
}

static bool
take_bool(struct loader *l, const struct key_row *row, json_t *value)
{
	if (!json_is_boolean(value))
		return wrong(l, "must be true or false");
	*(bool *)field_of(l, row) = json_is_true(value);
	return true;
}

/* limit: characters, exactly. */
static bool
take_short(struct loader *l, const struct key_row *row, json_t *value)
{
	const char *text;

	if (!text_of(l, value, &text))
		return false;
	if (strlen(text) != row->limit)
		return wrong(l, "has a wrong length");
	memcpy(field_of(l, row), text, strlen(text) + 1);
	return true;
}

/* One to three capitals, as in the MRZ: D, UTO. */
static bool
take_state(struct loader *l, const struct key_row *row, json_t *value)
{
	const char *text;

	if (!text_of(l, value, &text))
		return false;
	if (*text == '\0' || strlen(text) > row->limit)
		return wrong(l, "has a wrong length");
	memcpy(field_of(l, row), text, strlen(text) + 1);
	return true;
}

/* limit: the greatest. */
static bool
take_u32(struct loader *l, const struct key_row *row, json_t *value)
{
	json_int_t v = json_integer_value(value);

	if (!json_is_integer(value) || v < 0 || v > (json_int_t)row->limit)
		return wrong(l, "must be a whole number in range");
	*(uint32_t *)field_of(l, row) = (uint32_t)v;
	return true;
}

/* limit: the second of the day that is meant. */
static bool
take_day(struct loader *l, const struct key_row *row, json_t *value)
{
	const char *text;
	int32_t day;

	if (!text_of(l, value, &text))
		return false;
	if (!day_parse(text, &day))
		return wrong(l, "must be a day, like 2022-04-16");
	*(int64_t *)field_of(l, row) = (int64_t)day * DAY_SECONDS +
				       (int64_t)row->limit;
	return true;
}

static bool
take_kind(struct loader *l, const struct key_row *row, json_t *value)
{
	const char *text;

	if (!text_of(l, value, &text))
		return false;
	if (!emrtd_card_key_by_name(text, field_of(l, row)))
		return wrong(l, "is no kind of signature key");
	return true;
}

/* The path of a file beside the profile, or an absolute one. */
static bool
beside(struct loader *l, const char *name, char path[PATH_MAX])
{
	const char *slash = strrchr(l->path, '/');
	int folder = slash == NULL || name[0] == '/'
			 ? 0
			 : (int)(slash - l->path + 1);
	int n = snprintf(path, PATH_MAX, "%.*s%s", folder, l->path, name);

	if (n < 0 || n >= PATH_MAX)
		return wrong(l, "the path is too long");
	return true;
}

/* limit: bytes. */
static bool
take_file(struct loader *l, const struct key_row *row, json_t *value)
{
	struct blob *blob = &l->profile->blobs[l->profile->n_blobs];
	char path[PATH_MAX];
	enum io_result result;
	const char *name;

	if (!text_of(l, value, &name) || !beside(l, name, path))
		return false;
	result = io_read(path, row->limit, &blob->ptr, &blob->len);
	if (result != IO_OK)
		return fail(l, io_error(result), line_of(l, l->key), name,
		    io_text(result));
	l->profile->n_blobs++;
	*(struct emrtd_bytes *)field_of(l, row) = emrtd_bytes(blob->ptr,
	    blob->len);
	return true;
}

static bool
take_comment(struct loader *l, const struct key_row *row, json_t *value)
{
	const char *text;

	(void)row;
	return text_of(l, value, &text);
}

static bool
take_schema(struct loader *l, const struct key_row *row, json_t *value)
{
	const char *text;

	(void)row;
	if (!text_of(l, value, &text))
		return false;
	return strcmp(text, SCHEMA) == 0 ? true : wrong(l, "is not " SCHEMA);
}

static bool
take_lds(struct loader *l, const struct key_row *row, json_t *value)
{
	bool *lds_1_8 = field_of(l, row);
	const char *text;

	if (!text_of(l, value, &text))
		return false;
	*lds_1_8 = strcmp(text, "1.8") == 0;
	if (!*lds_1_8 && strcmp(text, "1.7") != 0)
		return wrong(l, "is neither 1.7 nor 1.8");
	return true;
}

/* Every key of an object, each by its row. */
static bool
take_object(struct loader *l, json_t *object, const struct key_row *rows,
    size_t n)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return wrong(l, "must be an object");
	json_object_foreach(object, key, value)
	{
		size_t i = 0;

		while (i < n && strcmp(rows[i].name, key) != 0)
			i++;
		l->key = key;
		if (i == n)
			return wrong(l, "unknown key");
		if (!rows[i].take(l, &rows[i], value))
			return false;
	}
	return true;
}

static bool
take_inner(struct loader *l, const struct key_row *row, json_t *value)
{
	return take_object(l, value, row->rows, row->n_rows);
}

/* ---- The MRZ ----------------------------------------------------------- */

/* The lines themselves, right or wrong. */
static bool
take_lines(struct loader *l, json_t *value)
{
	size_t n = json_array_size(value), len = 0;

	if (n == 0 || n > MRZ_MAX_LINES)
		return wrong(l, "must be two or three lines");
	for (size_t i = 0; i < n; i++) {
		const char *line = json_string_value(json_array_get(value, i));

		if (line == NULL || strlen(line) > MRZ_MAX_LINE_LEN)
			return wrong(l, "must be lines of an MRZ");
		memcpy(l->profile->mrz + len, line, strlen(line) + 1);
		len += strlen(line);
	}
	return true;
}

static bool
take_fields(struct loader *l, json_t *object, enum mrz_format *format,
    struct mrz_fields *fields)
{
	const char *key, *text;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		size_t f = 0;

		l->key = key;
		if (!text_of(l, value, &text))
			return false;
		while (f < MRZ_N_FIELDS &&
		       strcmp(mrz_field_name((enum mrz_field_id)f), key) != 0)
			f++;
		if (f < MRZ_N_FIELDS)
			fields->text[f] = text;
		else if (strcmp(key, "format") == 0)
			*format = mrz_format_find(text);
		else
			return wrong(l, "unknown key");
	}
	l->key = "format";
	return *format != MRZ_UNKNOWN ? true : wrong(l, "is no MRZ layout");
}

static bool
take_mrz(struct loader *l, const struct key_row *row, json_t *value)
{
	char lines[MRZ_MAX_LINES][MRZ_LINE_CAP];
	struct mrz_fields fields = { .size = sizeof(fields) };
	enum mrz_format format = MRZ_TD3;
	struct mrz_problem problem = { 0 };
	enum mrz_error error;
	size_t len = 0;

	(void)row;
	l->profile->card.mrz = l->profile->mrz;
	if (json_is_array(value))
		return take_lines(l, value);
	if (!json_is_object(value))
		return wrong(l, "must be an object or a list of lines");
	if (!take_fields(l, value, &format, &fields))
		return false;
	error = mrz_build(format, &fields, lines, &problem);
	if (error != MRZ_OK) {
		l->key = mrz_field_name(problem.field);
		return wrong(l, mrz_error_text(error));
	}
	for (unsigned i = 0; i < mrz_format_lines(format); i++) {
		memcpy(l->profile->mrz + len, lines[i], strlen(lines[i]) + 1);
		len += strlen(lines[i]);
	}
	return true;
}

/* ---- Access, issuer, chip ---------------------------------------------- */

static struct emrtd_card_pace_info *
last_pace(struct loader *l)
{
	return &l->profile->card.pace[l->profile->card.n_pace - 1];
}

static bool
take_protocol(struct loader *l, const struct key_row *row, json_t *value)
{
	const char *text;

	(void)row;
	if (!text_of(l, value, &text))
		return false;
	last_pace(l)->oid = emrtd_card_pace_by_name(text);
	if (last_pace(l)->oid == NULL)
		return wrong(l, "is no PACE protocol of Doc 9303-11 9.2.3");
	return true;
}

static bool
take_parameter(struct loader *l, const struct key_row *row, json_t *value)
{
	json_int_t id = json_integer_value(value);

	if (!json_is_integer(value) || id < 0 || id > (json_int_t)row->limit)
		return wrong(l, "must be a whole number in range");
	last_pace(l)->parameter_id = (uint8_t)id;
	return true;
}

static bool
take_pace(struct loader *l, const struct key_row *row, json_t *value)
{
	static const struct key_row rows[] = {
		{ "parameter", take_parameter, 0, 31, NULL, 0 },
		{ "protocol", take_protocol, 0, 0, NULL, 0 },
	};
	size_t n = json_array_size(value);

	(void)row;
	if (!json_is_array(value) || n > EMRTD_CARD_PACE_MAX)
		return wrong(l, "must be a list, of at most eight");
	l->profile->card.n_pace = 0;
	for (size_t i = 0; i < n; i++) {
		l->key = "pace";
		l->profile->card.n_pace++;
		*last_pace(l) = (struct emrtd_card_pace_info){ .oid = NULL };
		if (!take_object(l, json_array_get(value, i), rows, N(rows)))
			return false;
		l->key = "pace";
		if (last_pace(l)->oid == NULL)
			return wrong(l, "needs a protocol");
	}
	return true;
}

static bool
take_misbehave(struct loader *l, const struct key_row *row, json_t *value)
{
	struct emrtd_diag diag;

	(void)row;
	if (!json_is_array(value))
		return wrong(l, "must be a list");
	for (size_t i = 0; i < json_array_size(value); i++) {
		const char *text = json_string_value(json_array_get(value, i));

		if (text == NULL)
			return wrong(l, "must be a list of strings");
		emrtd_diag_init(&diag);
		if (emrtd_card_misbehave(&l->profile->card, text, &diag) !=
		    EMRTD_OK)
			return fail(l, EMRTD_E_ARG, line_of(l, l->key), text,
			    diag.what);
	}
	return true;
}

static const struct key_row access_rows[] = {
	{ "bac", take_bool, FIELD(bac), 0, NULL, 0 },
	{ "can", take_short, FIELD(can), EMRTD_CARD_CAN_LEN, NULL, 0 },
	{ "mrz_password", take_bool, FIELD(mrz_password), 0, NULL, 0 },
	{ "pace", take_pace, 0, 0, NULL, 0 },
};

/* What a profile says of access is all there is: what it omits is off. */
static bool
take_access(struct loader *l, const struct key_row *row, json_t *value)
{
	struct emrtd_card_profile *card = &l->profile->card;

	card->bac = false;
	card->n_pace = 0;
	card->mrz_password = false;
	return take_object(l, value, row->rows, row->n_rows);
}

static const struct key_row csca_rows[] = {
	{ "certificate", take_file, FIELD(csca_certificate), PEM_CAP, NULL, 0 },
	{ "from", take_day, FIELD(csca_period.from), 0, NULL, 0 },
	{ "key", take_file, FIELD(csca_key_pem), PEM_CAP, NULL, 0 },
	{ "kind", take_kind, FIELD(csca_kind), 0, NULL, 0 },
	{ "to", take_day, FIELD(csca_period.to), DAY_SECONDS - 1, NULL, 0 },
};

static const struct key_row signer_rows[] = {
	{ "from", take_day, FIELD(ds_period.from), 0, NULL, 0 },
	{ "kind", take_kind, FIELD(ds_kind), 0, NULL, 0 },
	{ "to", take_day, FIELD(ds_period.to), DAY_SECONDS - 1, NULL, 0 },
};

static const struct key_row chip_rows[] = {
	{ "extended", take_bool, FIELD(extended), 0, NULL, 0 },
	{ "max_command", take_u32, FIELD(max_command), 65544, NULL, 0 },
	{ "max_response", take_u32, FIELD(max_response), 65538, NULL, 0 },
};

static const struct key_row issuer_rows[] = {
	{ "country", take_short, FIELD(country), EMRTD_CARD_COUNTRY2_LEN, NULL,
	    0 },
	{ "csca", take_inner, 0, 0, csca_rows, N(csca_rows) },
	{ "explicit_curve", take_bool, FIELD(explicit_curve), 0, NULL, 0 },
	{ "signed", take_day, FIELD(signing_time), DAY_SECONDS / 2, NULL, 0 },
	{ "signer", take_inner, 0, 0, signer_rows, N(signer_rows) },
	{ "state", take_state, FIELD(state), EMRTD_CARD_STATE3_MAX_LEN, NULL,
	    0 },
};

static const struct key_row top_rows[] = {
	{ "access", take_access, 0, 0, access_rows, N(access_rows) },
	{ "chip", take_inner, 0, 0, chip_rows, N(chip_rows) },
	{ "comment", take_comment, 0, 0, NULL, 0 },
	{ "face", take_file, FIELD(face), FACE_CAP, NULL, 0 },
	{ "issuer", take_inner, 0, 0, issuer_rows, N(issuer_rows) },
	{ "lds", take_lds, FIELD(lds_1_8), 0, NULL, 0 },
	{ "misbehave", take_misbehave, 0, 0, NULL, 0 },
	{ "mrz", take_mrz, 0, 0, NULL, 0 },
	{ "schema", take_schema, 0, 0, NULL, 0 },
};

/* ---- The profile ------------------------------------------------------- */

static bool
take_profile(struct loader *l, size_t len)
{
	json_error_t error;
	json_t *root;
	bool ok;

	/* As mrz_source.c has it: a block of the one allocator is never freed
	 * by the other. */
	json_set_alloc_funcs(wipe_alloc, wipe_alloc_free);
	root = json_loadb(l->text, len, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL)
		return fail(l, EMRTD_E_ARG,
		    error.line > 0 ? (unsigned)error.line : 0, "", error.text);
	l->key = "schema";
	if (!json_is_object(root) || json_object_get(root, "schema") == NULL)
		ok = wrong(l, "is missing: this is no profile");
	else
		ok = take_object(l, root, top_rows, N(top_rows));
	l->key = "face";
	if (ok && l->profile->card.face.ptr == NULL)
		ok = wrong(l, "is missing");
	json_decref(root);
	return ok;
}

enum emrtd_error
profile_json_load(const char *path, struct emrtd_diag *diag,
    struct profile_json **out)
{
	struct loader l = { .path = path, .diag = diag };
	uint8_t *text = NULL;
	size_t len = 0;
	enum io_result result;

	result = io_read(path, PROFILE_CAP, &text, &len);
	if (result != IO_OK) {
		(void)fail(&l, io_error(result), 0, "", io_text(result));
		return l.error;
	}
	l.text = (const char *)text;
	l.profile = calloc(1, sizeof(*l.profile));
	if (l.profile == NULL) {
		free(text);
		return EMRTD_E_NO_MEMORY;
	}
	emrtd_card_profile_init(&l.profile->card);
	if (take_profile(&l, len))
		*out = l.profile;
	else
		profile_json_free(&l.profile);
	/* It names the MRZ and the CAN that open the chip. */
	explicit_bzero(text, len);
	free(text);
	return l.error;
}

void
profile_json_free(struct profile_json **profile)
{
	struct profile_json *p = *profile;

	if (p == NULL)
		return;
	for (size_t i = 0; i < p->n_blobs; i++) {
		explicit_bzero(p->blobs[i].ptr, p->blobs[i].len);
		free(p->blobs[i].ptr);
	}
	explicit_bzero(p, sizeof(*p));
	free(p);
	*profile = NULL;
}

const struct emrtd_card_profile *
profile_json_card(const struct profile_json *profile)
{
	return &profile->card;
}
