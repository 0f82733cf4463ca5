/* What a profile says about the chip's radio side: picc.h. */
#include "profile_json_inner.h"

#include <string.h>

#define RADIO(name) offsetof(struct emrtd_picc_config, name)

enum {
	RATE_TO_CARD_SHIFT = 0,
	RATE_FROM_CARD_SHIFT = 4
};

static bool
take_type(struct loader *l, const struct key_row *row, json_t *value)
{
	enum emrtd_air_type *type = profile_field(l, row);
	const char *text;

	if (!profile_text(l, value, &text))
		return false;
	*type = strcmp(text, "B") == 0 ? EMRTD_AIR_B : EMRTD_AIR_A;
	return *type == EMRTD_AIR_B || strcmp(text, "A") == 0
		   ? true
		   : profile_wrong(l, "is neither A nor B");
}

/* Pairs of hex digits, in capitals; at most max bytes. */
static bool
hex(struct loader *l, json_t *value, uint8_t *out, size_t max, size_t *len)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *text;
	size_t n;

	if (!profile_text(l, value, &text))
		return false;
	n = strlen(text);
	if (n % 2 != 0 || n / 2 > max || strspn(text, digits) != n)
		return profile_wrong(l, "must be hex digits, and so many");
	for (size_t i = 0; i < n; i += 2)
		out[i / 2] = (uint8_t)((strchr(digits, text[i]) - digits) * 16 +
				       (strchr(digits, text[i + 1]) - digits));
	*len = n / 2;
	return true;
}

static bool
take_uid(struct loader *l, const struct key_row *row, json_t *value)
{
	struct emrtd_picc_config *radio = l->base;

	(void)row;
	if (!hex(l, value, radio->uid, sizeof(radio->uid), &radio->uid_len))
		return false;
	return radio->uid_len == 4 || radio->uid_len == sizeof(radio->uid)
		   ? true
		   : profile_wrong(l, "must be four or seven bytes");
}

static bool
take_pupi(struct loader *l, const struct key_row *row, json_t *value)
{
	struct emrtd_picc_config *radio = l->base;
	size_t len;

	(void)row;
	if (!hex(l, value, radio->pupi, sizeof(radio->pupi), &len))
		return false;
	radio->pupi_set = len == sizeof(radio->pupi);
	return radio->pupi_set ? true : profile_wrong(l, "must be four bytes");
}

static bool
take_historical(struct loader *l, const struct key_row *row, json_t *value)
{
	struct emrtd_picc_config *radio = l->base;

	(void)row;
	return hex(l, value, radio->historical, sizeof(radio->historical),
	    &radio->n_historical);
}

static bool
take_fsc(struct loader *l, const struct key_row *row, json_t *value)
{
	static const uint16_t sizes[] = { 16, 24, 32, 40, 48, 64, 96, 128,
		256 };

	for (size_t i = 0; i < N_ROWS(sizes); i++) {
		if (!json_is_integer(value) ||
		    json_integer_value(value) != sizes[i])
			continue;
		*(uint8_t *)profile_field(l, row) = (uint8_t)i;
		return true;
	}
	return profile_wrong(l,
	    "must be 16, 24, 32, 40, 48, 64, 96, 128 or 256");
}

/* The highest rate in this direction; limit: where its bits are. */
static bool
take_rate(struct loader *l, const struct key_row *row, json_t *value)
{
	static const struct {
		json_int_t rate;
		unsigned bits;
	} rows[] = { { 106, 0 }, { 212, 1 }, { 424, 3 }, { 848, 7 } };
	uint8_t *rates = profile_field(l, row);

	for (size_t i = 0; i < N_ROWS(rows); i++) {
		if (!json_is_integer(value) ||
		    json_integer_value(value) != rows[i].rate)
			continue;
		*rates &= (uint8_t) ~(7U << row->limit);
		*rates |= (uint8_t)(rows[i].bits << row->limit);
		return true;
	}
	return profile_wrong(l, "must be 106, 212, 424 or 848");
}

static bool
take_same_rate(struct loader *l, const struct key_row *row, json_t *value)
{
	uint8_t *rates = profile_field(l, row);

	if (!json_is_boolean(value))
		return profile_wrong(l, "must be true or false");
	*rates &= (uint8_t)~EMRTD_PICC_SAME_RATE_ONLY;
	if (json_is_true(value))
		*rates |= EMRTD_PICC_SAME_RATE_ONLY;
	return true;
}

static const struct key_row contactless_rows[] = {
	{ "cid", take_bool, RADIO(cid), 0, NULL, 0 },
	{ "from_card", take_rate, RADIO(rates), RATE_FROM_CARD_SHIFT, NULL, 0 },
	{ "fsc", take_fsc, RADIO(fsci), 0, NULL, 0 },
	{ "fwi", take_u8, RADIO(fwi), 14, NULL, 0 },
	{ "historical", take_historical, 0, 0, NULL, 0 },
	{ "pupi", take_pupi, 0, 0, NULL, 0 },
	{ "same_rate", take_same_rate, RADIO(rates), 0, NULL, 0 },
	{ "sfgi", take_u8, RADIO(sfgi), 14, NULL, 0 },
	{ "to_card", take_rate, RADIO(rates), RATE_TO_CARD_SHIFT, NULL, 0 },
	{ "type", take_type, RADIO(type), 0, NULL, 0 },
	{ "uid", take_uid, 0, 0, NULL, 0 },
	{ "wtxm", take_u8, RADIO(wtxm), 59, NULL, 0 },
};

bool
take_contactless(struct loader *l, const struct key_row *row, json_t *value)
{
	void *base = l->base;
	bool ok;

	(void)row;
	l->base = &l->profile->radio;
	ok = profile_object(l, value, contactless_rows,
	    N_ROWS(contactless_rows));
	l->base = base;
	return ok;
}
