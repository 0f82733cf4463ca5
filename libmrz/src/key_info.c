/*
 * The MRZ information, input of the key seed of BAC and of the MRZ password
 * of PACE (Doc 9303-11 4.3.2, 4.4.4.1):
 *
 *   document number        cd  birth   cd  expiry  cd
 *   9..22, '<' to nine     1   6       1   6       1
 */
#include "charset.h"
#include "check_digit.h"
#include "layout.h"
#include "mem.h"

struct writer {
	char *out;
	size_t cap;
	size_t len;
};

static void
add(struct writer *w, const char *s, size_t len)
{
	if (w->len <= w->cap && len <= w->cap - w->len)
		memcpy(w->out + w->len, s, len);
	w->len += len;
}

static void
add_number(struct writer *w, const char *number, size_t len, char digit)
{
	add(w, number, len);
	for (; len < NUMBER_LEN; len++)
		add(w, "<", 1);
	add(w, &digit, 1);
}

static void
add_date(struct writer *w, const char *date, char digit)
{
	add(w, date, DATE_LEN);
	add(w, &digit, 1);
}

static enum mrz_error
finish(struct writer *w, size_t *out_len)
{
	if (w->len >= w->cap) {
		if (w->cap > 0)
			w->out[0] = '\0';
		return MRZ_E_SPACE;
	}
	w->out[w->len] = '\0';
	*out_len = w->len;
	return MRZ_OK;
}

/* A date field with the fillers that its text has lost. */
static void
padded_date(const char *text, char out[DATE_LEN])
{
	size_t len = mrz_text_len(text);

	memset(out, FILLER, DATE_LEN);
	memcpy(out, text, len < DATE_LEN ? len : DATE_LEN);
}

static char
printed_digit(const struct mrz_doc *doc, enum mrz_check_id id)
{
	const struct mrz_check *check = mrz_doc_check(doc, id);

	return check != NULL ? check->printed : '\0';
}

enum mrz_error
mrz_key_info(const struct mrz_doc *doc, char *out, size_t cap, size_t *out_len)
{
	const struct mrz_field *number = &doc->fields[MRZ_F_DOCUMENT_NUMBER];
	const struct mrz_field *birth = &doc->fields[MRZ_F_DATE_OF_BIRTH];
	const struct mrz_field *expiry = &doc->fields[MRZ_F_DATE_OF_EXPIRY];
	struct writer w = { out, cap, 0 };
	char date[DATE_LEN];

	if (number->verdict != MRZ_PASSED || birth->verdict != MRZ_PASSED ||
	    expiry->verdict != MRZ_PASSED)
		return MRZ_E_CHECK;
	add_number(&w, number->text, mrz_text_len(number->text),
	    doc->number_check_digit);
	padded_date(birth->text, date);
	add_date(&w, date, printed_digit(doc, MRZ_C_BIRTH));
	padded_date(expiry->text, date);
	add_date(&w, date, printed_digit(doc, MRZ_C_EXPIRY));
	return finish(&w, out_len);
}

static enum mrz_error
check_date(const char *date, enum mrz_date_kind kind)
{
	struct mrz_date parsed;
	enum mrz_reason reason;
	size_t len = mrz_text_len(date);

	if (len == 0)
		return MRZ_E_MISSING;
	if (len != DATE_LEN)
		return MRZ_E_LENGTH;
	if (mrz_date_parse(date, kind, MRZ_NO_DAY, &parsed, &reason))
		return MRZ_OK;
	return reason == MRZ_R_CALENDAR || reason == MRZ_R_DATE_PART
		   ? MRZ_E_DATE
		   : MRZ_E_CHARACTER;
}

/* Length without the fillers at its end. */
static enum mrz_error
check_number(const char *number, size_t *out_len)
{
	size_t len = mrz_text_len(number);

	while (len > 0 && number[len - 1] == FILLER)
		len--;
	if (len == 0)
		return MRZ_E_MISSING;
	if (len > MRZ_MAX_NUMBER)
		return MRZ_E_LENGTH;
	for (size_t i = 0; i < len; i++)
		if (mrz_char_value(number[i]) < 0)
			return MRZ_E_CHARACTER;
	*out_len = len;
	return MRZ_OK;
}

/* digit: of the number, '\0' to compute it. */
static enum mrz_error
from_fields(const char *number, char digit, const char *birth,
    const char *expiry, struct writer *w, size_t *out_len)
{
	size_t len = 0;
	enum mrz_error error = check_number(number, &len);

	if (error == MRZ_OK)
		error = check_date(birth, MRZ_DATE_BIRTH);
	if (error == MRZ_OK)
		error = check_date(expiry, MRZ_DATE_EXPIRY);
	if (error != MRZ_OK)
		return error;
	/* Fillers count as zero: the padding does not change the digit. */
	if (digit == '\0')
		digit = mrz_check_digit(number, len);
	if (!mrz_is_digit(digit))
		return MRZ_E_CHARACTER;
	add_number(w, number, len, digit);
	add_date(w, birth, mrz_check_digit(birth, DATE_LEN));
	add_date(w, expiry, mrz_check_digit(expiry, DATE_LEN));
	return finish(w, out_len);
}

enum mrz_error
mrz_key_info_from_fields(const char *number, const char *birth,
    const char *expiry, char *out, size_t cap, size_t *out_len)
{
	struct writer w = { out, cap, 0 };

	return from_fields(number, '\0', birth, expiry, &w, out_len);
}

enum mrz_error
mrz_key_info_from_key(const struct mrz_key *key, char *out, size_t cap,
    size_t *out_len)
{
	struct writer w = { out, cap, 0 };

	return from_fields(key->number, key->number_digit, key->birth,
	    key->expiry, &w, out_len);
}
