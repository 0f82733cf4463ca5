/*
 * The protocols of a profile: what opens the chip, and by what it proves to be
 * genuine.
 */
#include "profile_json_inner.h"

#include <string.h>

#define PACE_FIELD(name) offsetof(struct emrtd_card_pace_info, name)
#define CA_FIELD(name)   offsetof(struct emrtd_card_ca, name)
#define AA_FIELD(name)   offsetof(struct emrtd_card_aa, name)
#define KEY_ID_MAX       65535

/* The index of a text in words, which end with NULL. */
static bool
one_of(struct loader *l, json_t *value, const char *const *words, int *index)
{
	const char *text;

	if (!profile_text(l, value, &text))
		return false;
	for (int i = 0; words[i] != NULL; i++) {
		if (strcmp(words[i], text) != 0)
			continue;
		*index = i;
		return true;
	}
	return profile_wrong(l, "is none of the words for it");
}

static bool
take_pace_protocol(struct loader *l, const struct key_row *row, json_t *value)
{
	const char *text, **oid = profile_field(l, row);

	if (!profile_text(l, value, &text))
		return false;
	*oid = emrtd_card_pace_by_name(text);
	if (*oid == NULL)
		return profile_wrong(l,
		    "is no PACE protocol of Doc 9303-11 9.2.3");
	return true;
}

static bool
take_announce(struct loader *l, const struct key_row *row, json_t *value)
{
	static const char *const words[] = { [EMRTD_CARD_BY_ID] = "id",
		[EMRTD_CARD_WITHOUT_ID] = "none",
		[EMRTD_CARD_WRITTEN_OUT] = "written_out",
		NULL };
	int index;

	if (!one_of(l, value, words, &index))
		return false;
	*(enum emrtd_card_announce *)profile_field(l,
	    row) = (enum emrtd_card_announce)index;
	return true;
}

static const struct key_row pace_rows[] = {
	{ "announce", take_announce, PACE_FIELD(announce), 0, NULL, 0 },
	{ "own_id", take_u8, PACE_FIELD(own_id), UINT8_MAX, NULL, 0 },
	{ "parameter", take_u8, PACE_FIELD(parameter_id), 31, NULL, 0 },
	{ "protocol", take_pace_protocol, PACE_FIELD(oid), 0, NULL, 0 },
};

static bool
take_pace(struct loader *l, const struct key_row *row, json_t *value)
{
	struct emrtd_card_profile *card = &l->profile->card;
	size_t n = json_array_size(value);
	bool ok = true;

	(void)row;
	if (!json_is_array(value) || n > EMRTD_CARD_PACE_MAX)
		return profile_wrong(l, "must be a list, of at most eight");
	for (card->n_pace = 0; ok && card->n_pace < n; card->n_pace++) {
		struct emrtd_card_pace_info *info = &card->pace[card->n_pace];

		*info = (struct emrtd_card_pace_info){ .oid = NULL };
		l->key = "pace";
		l->base = info;
		ok = profile_object(l, json_array_get(value, card->n_pace),
		    pace_rows, N_ROWS(pace_rows));
		l->key = "pace";
		if (ok && info->oid == NULL)
			ok = profile_wrong(l, "needs a protocol");
	}
	l->base = card;
	return ok;
}

static const struct key_row access_rows[] = {
	{ "bac", take_bool, FIELD(bac), 0, NULL, 0 },
	{ "can", take_short, FIELD(can), EMRTD_CARD_CAN_LEN, NULL, 0 },
	{ "can_tries", take_u8, FIELD(can_tries), 15, NULL, 0 },
	{ "mrz_password", take_bool, FIELD(mrz_password), 0, NULL, 0 },
	{ "pace", take_pace, 0, 0, NULL, 0 },
	{ "pin", take_digits, FIELD(pin), EMRTD_CARD_SECRET_MAX_LEN, NULL, 0 },
	{ "pin_tries", take_u8, FIELD(pin_tries), 15, NULL, 0 },
	{ "puk", take_digits, FIELD(puk), EMRTD_CARD_SECRET_MAX_LEN, NULL, 0 },
	{ "puk_tries", take_u8, FIELD(puk_tries), 15, NULL, 0 },
};

/* What a profile says of access is all there is: what it omits is off. */
bool
take_access(struct loader *l, const struct key_row *row, json_t *value)
{
	struct emrtd_card_profile *card = &l->profile->card;

	(void)row;
	card->bac = false;
	card->n_pace = 0;
	card->mrz_password = false;
	return profile_object(l, value, access_rows, N_ROWS(access_rows));
}

/* ---- Proofs ------------------------------------------------------------ */

static bool
take_ca_protocol(struct loader *l, const struct key_row *row, json_t *value)
{
	const char *text, **oid = profile_field(l, row);

	if (!profile_text(l, value, &text))
		return false;
	*oid = emrtd_card_ca_by_name(text);
	if (*oid == NULL)
		return profile_wrong(l, "is no protocol of Doc 9303-11 9.2.7");
	return true;
}

static bool
take_key_id(struct loader *l, const struct key_row *row, json_t *value)
{
	json_int_t id = json_integer_value(value);

	if (!json_is_integer(value) || id < 0 || id > KEY_ID_MAX)
		return profile_wrong(l, "must be a whole number in range");
	*(int32_t *)profile_field(l, row) = (int32_t)id;
	return true;
}

static bool
take_form(struct loader *l, const struct key_row *row, json_t *value)
{
	static const char *const words[] = { [EMRTD_CARD_FORM_NAMED] = "named",
		[EMRTD_CARD_FORM_EXPLICIT] = "explicit",
		[EMRTD_CARD_FORM_STANDARDISED] = "standardised",
		[EMRTD_CARD_FORM_X942] = "x942",
		[EMRTD_CARD_FORM_PKCS3] = "pkcs3",
		NULL };
	int index;

	if (!one_of(l, value, words, &index))
		return false;
	*(enum emrtd_card_key_form *)profile_field(l,
	    row) = (enum emrtd_card_key_form)index;
	return true;
}

static const struct key_row ca_rows[] = {
	{ "form", take_form, CA_FIELD(form), 0, NULL, 0 },
	{ "key_id", take_key_id, CA_FIELD(key_id), 0, NULL, 0 },
	{ "parameter", take_u8, CA_FIELD(parameter_id), 31, NULL, 0 },
	{ "protocol", take_ca_protocol, CA_FIELD(oid), 0, NULL, 0 },
	{ "set_at", take_bool, CA_FIELD(set_at), 0, NULL, 0 },
};

bool
take_ca(struct loader *l, const struct key_row *row, json_t *value)
{
	struct emrtd_card_profile *card = &l->profile->card;
	size_t n = json_array_size(value);
	bool ok = true;

	(void)row;
	if (!json_is_array(value) || n > EMRTD_CARD_CA_MAX)
		return profile_wrong(l, "must be a list, of at most eight");
	for (card->n_ca = 0; ok && card->n_ca < n; card->n_ca++) {
		struct emrtd_card_ca *ca = &card->ca[card->n_ca];

		*ca = (struct emrtd_card_ca){ .key_id = EMRTD_CARD_NO_KEY_ID };
		l->key = "chip_authentication";
		l->base = ca;
		ok = profile_object(l, json_array_get(value, card->n_ca),
		    ca_rows, N_ROWS(ca_rows));
	}
	l->base = card;
	return ok;
}

/* A name that the card knows or refuses; it needs room of its own. */
static bool
take_name(struct loader *l, json_t *value, char room[PROFILE_NAME_CAP],
    const char **out)
{
	const char *text;

	if (!profile_text(l, value, &text))
		return false;
	if (strlen(text) >= PROFILE_NAME_CAP)
		return profile_wrong(l, "has a wrong length");
	memcpy(room, text, strlen(text) + 1);
	*out = room;
	return true;
}

static bool
take_aa_kind(struct loader *l, const struct key_row *row, json_t *value)
{
	(void)row;
	return take_name(l, value, l->profile->aa_kind,
	    &l->profile->card.aa.kind);
}

static bool
take_aa_hash(struct loader *l, const struct key_row *row, json_t *value)
{
	(void)row;
	return take_name(l, value, l->profile->aa_hash,
	    &l->profile->card.aa.hash);
}

static const struct key_row aa_rows[] = {
	{ "der", take_bool, AA_FIELD(der), 0, NULL, 0 },
	{ "hash", take_aa_hash, 0, 0, NULL, 0 },
	{ "info", take_not, AA_FIELD(no_info), 0, NULL, 0 },
	{ "kind", take_aa_kind, 0, 0, NULL, 0 },
	{ "long_trailer", take_bool, AA_FIELD(long_trailer), 0, NULL, 0 },
};

bool
take_aa(struct loader *l, const struct key_row *row, json_t *value)
{
	struct emrtd_card_profile *card = &l->profile->card;
	bool ok;

	(void)row;
	l->base = &card->aa;
	ok = profile_object(l, value, aa_rows, N_ROWS(aa_rows));
	l->base = card;
	l->key = "active_authentication";
	if (ok && card->aa.kind == NULL)
		return profile_wrong(l, "needs a kind of key");
	return ok;
}

bool
take_clone(struct loader *l, const struct key_row *row, json_t *value)
{
	const char *text;

	if (!profile_text(l, value, &text))
		return false;
	if (!emrtd_card_clone_by_name(text, profile_field(l, row)))
		return profile_wrong(l, "is none of the words for it");
	return true;
}
