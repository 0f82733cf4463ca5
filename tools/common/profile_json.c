#include "profile_json_inner.h"

#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "wipe_alloc.h"

#define PROFILE_CAP (1u << 20)
#define FACE_CAP    (1u << 20)
#define PEM_CAP     (64u << 10)
#define DAY_SECONDS 86400
#define SCHEMA      "emrtd-profile/1"

static bool
take_schema(struct loader *l, const struct key_row *row, json_t *value)
{
	const char *text;

	(void)row;
	if (!profile_text(l, value, &text))
		return false;
	return strcmp(text, SCHEMA) == 0 ? true
					 : profile_wrong(l, "is not " SCHEMA);
}

static bool
take_lds(struct loader *l, const struct key_row *row, json_t *value)
{
	bool *lds_1_8 = profile_field(l, row);
	const char *text;

	if (!profile_text(l, value, &text))
		return false;
	*lds_1_8 = strcmp(text, "1.8") == 0;
	if (!*lds_1_8 && strcmp(text, "1.7") != 0)
		return profile_wrong(l, "is neither 1.7 nor 1.8");
	return true;
}

/* ---- The MRZ ----------------------------------------------------------- */

/* The lines themselves, right or wrong. */
static bool
take_lines(struct loader *l, json_t *value)
{
	size_t n = json_array_size(value), len = 0;

	if (n == 0 || n > MRZ_MAX_LINES)
		return profile_wrong(l, "must be two or three lines");
	for (size_t i = 0; i < n; i++) {
		const char *line = json_string_value(json_array_get(value, i));

		if (line == NULL || strlen(line) > MRZ_MAX_LINE_LEN)
			return profile_wrong(l, "must be lines of an MRZ");
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
		if (!profile_text(l, value, &text))
			return false;
		while (f < MRZ_N_FIELDS &&
		       strcmp(mrz_field_name((enum mrz_field_id)f), key) != 0)
			f++;
		if (f < MRZ_N_FIELDS)
			fields->text[f] = text;
		else if (strcmp(key, "format") == 0)
			*format = mrz_format_find(text);
		else
			return profile_wrong(l, "unknown key");
	}
	l->key = "format";
	return *format != MRZ_UNKNOWN ? true
				      : profile_wrong(l, "is no MRZ layout");
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
		return profile_wrong(l, "must be an object or a list of lines");
	if (!take_fields(l, value, &format, &fields))
		return false;
	error = mrz_build(format, &fields, lines, &problem);
	if (error != MRZ_OK) {
		l->key = mrz_field_name(problem.field);
		return profile_wrong(l, mrz_error_text(error));
	}
	for (unsigned i = 0; i < mrz_format_lines(format); i++) {
		memcpy(l->profile->mrz + len, lines[i], strlen(lines[i]) + 1);
		len += strlen(lines[i]);
	}
	return true;
}

/* ---- Issuer, chip ------------------------------------------------------ */

static bool
take_misbehave(struct loader *l, const struct key_row *row, json_t *value)
{
	struct emrtd_diag diag;

	(void)row;
	if (!json_is_array(value))
		return profile_wrong(l, "must be a list");
	for (size_t i = 0; i < json_array_size(value); i++) {
		const char *text = json_string_value(json_array_get(value, i));

		if (text == NULL)
			return profile_wrong(l, "must be a list of strings");
		emrtd_diag_init(&diag);
		if (emrtd_card_misbehave(&l->profile->card, text, &diag) !=
		    EMRTD_OK)
			return profile_fail(l, EMRTD_E_ARG,
			    profile_line(l, l->key), text, diag.what);
	}
	return true;
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
	{ "atr_info", take_not, FIELD(no_atr_info), 0, NULL, 0 },
	{ "chaining", take_not, FIELD(habits.no_chaining), 0, NULL, 0 },
	{ "ef_dir", take_bool, FIELD(habits.ef_dir), 0, NULL, 0 },
	{ "extended", take_bool, FIELD(extended), 0, NULL, 0 },
	{ "failure_delay_ms", take_u32, FIELD(habits.failure_delay_ms), 60000,
	    NULL, 0 },
	{ "get_response", take_bool, FIELD(habits.get_response), 0, NULL, 0 },
	{ "max_command", take_u32, FIELD(max_command), 65544, NULL, 0 },
	{ "max_le", take_u32, FIELD(habits.max_le), 65536, NULL, 0 },
	{ "max_response", take_u32, FIELD(max_response), 65538, NULL, 0 },
	{ "select_with_le", take_not, FIELD(habits.select_without_le), 0, NULL,
	    0 },
	{ "short_ids", take_not, FIELD(habits.no_sfi), 0, NULL, 0 },
	{ "sw_select_mf", take_word_hex, FIELD(habits.sw_select_mf), 0, NULL,
	    0 },
	{ "sw_wrong_key", take_word_hex, FIELD(habits.sw_wrong_key), 0, NULL,
	    0 },
};

static const struct key_row issuer_rows[] = {
	{ "country", take_short, FIELD(country), EMRTD_CARD_COUNTRY2_LEN, NULL,
	    0 },
	{ "csca", take_inner, 0, 0, csca_rows, N_ROWS(csca_rows) },
	{ "explicit_curve", take_bool, FIELD(explicit_curve), 0, NULL, 0 },
	{ "signed", take_day, FIELD(signing_time), DAY_SECONDS / 2, NULL, 0 },
	{ "signer", take_inner, 0, 0, signer_rows, N_ROWS(signer_rows) },
	{ "state", take_state, FIELD(state), EMRTD_CARD_STATE3_MAX_LEN, NULL,
	    0 },
};

static const struct key_row top_rows[] = {
	{ "access", take_access, 0, 0, NULL, 0 },
	{ "active_authentication", take_aa, 0, 0, NULL, 0 },
	{ "card_security", take_bool, FIELD(card_security), 0, NULL, 0 },
	{ "chip", take_inner, 0, 0, chip_rows, N_ROWS(chip_rows) },
	{ "chip_authentication", take_ca, 0, 0, NULL, 0 },
	{ "clone", take_clone, FIELD(clone), 0, NULL, 0 },
	{ "comment", take_comment, 0, 0, NULL, 0 },
	{ "contactless", take_contactless, 0, 0, NULL, 0 },
	{ "expect", take_ignored, 0, 0, NULL, 0 },
	{ "face", take_file, FIELD(face), FACE_CAP, NULL, 0 },
	{ "issuer", take_inner, 0, 0, issuer_rows, N_ROWS(issuer_rows) },
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
		return profile_fail(l, EMRTD_E_ARG,
		    error.line > 0 ? (unsigned)error.line : 0, "", error.text);
	l->key = "schema";
	if (!json_is_object(root) || json_object_get(root, "schema") == NULL)
		ok = profile_wrong(l, "is missing: this is no profile");
	else
		ok = profile_object(l, root, top_rows, N_ROWS(top_rows));
	l->key = "face";
	if (ok && l->profile->card.face.ptr == NULL)
		ok = profile_wrong(l, "is missing");
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
		(void)profile_fail(&l, profile_io_error(result), 0, "",
		    io_text(result));
		return l.error;
	}
	l.text = (const char *)text;
	l.profile = calloc(1, sizeof(*l.profile));
	if (l.profile == NULL) {
		free(text);
		return EMRTD_E_NO_MEMORY;
	}
	emrtd_card_profile_init(&l.profile->card);
	emrtd_picc_config_init(&l.profile->radio);
	l.base = &l.profile->card;
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

const struct emrtd_picc_config *
profile_json_contactless(const struct profile_json *profile)
{
	return &profile->radio;
}
