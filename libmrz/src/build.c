/* Fields into lines. */
#include "charset.h"
#include "check_digit.h"
#include "layout.h"
#include "mem.h"
#include "name.h"

struct builder {
	const struct layout *layout;
	struct mrz_fields fields; /* with all members, also of an old caller */
	struct zone zone;
	struct mrz_name_fit name;
	bool is_long; /* the number */
	struct mrz_problem problem;
};

/* Which error a reason is, for the return value. */
static enum mrz_error
error_of(enum mrz_reason reason)
{
	switch (reason) {
	case MRZ_R_NONE:
		return MRZ_OK;
	case MRZ_R_EMPTY_FIELD:
		return MRZ_E_MISSING;
	case MRZ_R_TOO_LONG:
	case MRZ_R_NO_SUCH_FIELD:
		return MRZ_E_LENGTH;
	case MRZ_R_CALENDAR:
	case MRZ_R_DATE_PART:
		return MRZ_E_DATE;
	default:
		return MRZ_E_CHARACTER;
	}
}

static enum mrz_error
refuse(struct builder *b, enum mrz_field_id field, size_t offset,
    enum mrz_reason reason)
{
	b->problem.field = field;
	b->problem.offset = offset;
	b->problem.reason = reason;
	return error_of(reason);
}

static char *
place(struct builder *b, struct span span)
{
	return &b->zone.at[span.line][span.column];
}

/* Length of a value without fillers at its end. */
static size_t
value_len(const char *value)
{
	size_t len = mrz_text_len(value);

	while (len > 0 && value[len - 1] == FILLER)
		len--;
	return len;
}

/* Copy a value into a span of fillers and see that it is legal there. */
static enum mrz_error
put(struct builder *b, enum mrz_field_id id, struct span span,
    const char *value)
{
	size_t len = value_len(value), at = 0;
	enum mrz_reason reason;

	if (len > span.length)
		return refuse(b, id, span.length, MRZ_R_TOO_LONG);
	if (len > 0)
		memcpy(place(b, span), value, len);
	/* What a long number leaves of the optional data is no whole field. */
	if (id == MRZ_F_OPTIONAL_DATA)
		reason = mrz_pattern_check(PATTERN_ANY, place(b, span),
		    span.length, &at);
	else
		reason = mrz_layout_check(b->layout, id, place(b, span), &at);
	if (reason == MRZ_R_NONE)
		return MRZ_OK;
	/* Past the value there are only fillers: it is too short. */
	if (at >= len)
		reason = MRZ_R_EMPTY_FIELD;
	return refuse(b, id, at, reason);
}

static enum mrz_error
put_field(struct builder *b, enum mrz_field_id id)
{
	const char *value = b->fields.text[id];
	struct span span = b->layout->fields[id];

	/* 'X' is for the visual zone: here a filler means the same. */
	if (id == MRZ_F_SEX && mrz_text_len(value) == 1 && value[0] == 'X')
		value = "";
	if (span.length == 0)
		return value_len(value) == 0
			   ? MRZ_OK
			   : refuse(b, id, 0, MRZ_R_NO_SUCH_FIELD);
	return put(b, id, span, value);
}

static enum mrz_error
put_names(struct builder *b)
{
	struct span span = b->layout->fields[MRZ_F_SURNAME];
	struct span given = b->layout->fields[MRZ_F_GIVEN_NAMES];
	enum mrz_error error;

	if (b->layout->names == NAME_JOINED)
		return error_of(mrz_name_write(&b->fields, place(b, span),
		    span.length, &b->name, &b->problem));
	if (b->layout->names == NAME_APART)
		return error_of(mrz_name_write_apart(&b->fields, place(b, span),
		    span.length, place(b, given), given.length, &b->name,
		    &b->problem));
	error = put_field(b, MRZ_F_SURNAME);
	return error != MRZ_OK ? error : put_field(b, MRZ_F_GIVEN_NAMES);
}

static enum mrz_error
put_date(struct builder *b, enum mrz_field_id id, enum mrz_date_kind kind)
{
	const char *value = b->fields.text[id];
	struct span span = b->layout->fields[id];
	size_t len = mrz_text_len(value), at = 0;
	enum mrz_reason reason;
	struct mrz_date date;

	if (span.length == 0)
		return put_field(b, id);
	if (len != span.length)
		return refuse(b, id, len,
		    len > span.length ? MRZ_R_TOO_LONG : MRZ_R_EMPTY_FIELD);
	reason = mrz_pattern_check(mrz_field_pattern(id), value, len, &at);
	if (reason != MRZ_R_NONE)
		return refuse(b, id, at, reason);
	if (!mrz_date_parse(value, kind, MRZ_NO_DAY, &date, &reason))
		return refuse(b, id, 0, reason);
	memcpy(place(b, span), value, len);
	return MRZ_OK;
}

/* The ninth character and the rest of a long number: no filler may stand
 * there, because a filler ends the number. */
static enum mrz_error
check_long_number(struct builder *b, const char *number, size_t len)
{
	size_t room = b->layout->fields[MRZ_F_OPTIONAL_DATA].length;

	if (!b->layout->long_number)
		return refuse(b, MRZ_F_DOCUMENT_NUMBER, NUMBER_LEN,
		    MRZ_R_TOO_LONG);
	if (len - NUMBER_LEN + 2 > room)
		return refuse(b, MRZ_F_DOCUMENT_NUMBER, NUMBER_LEN + room - 2,
		    MRZ_R_TOO_LONG);
	for (size_t i = 0; i < len; i++) {
		if (mrz_char_value(number[i]) < 0)
			return refuse(b, MRZ_F_DOCUMENT_NUMBER, i,
			    MRZ_R_NOT_MRZ_CHARACTER);
		if (i >= NUMBER_LEN - 1 && number[i] == FILLER)
			return refuse(b, MRZ_F_DOCUMENT_NUMBER, i, MRZ_R_FORM);
	}
	return MRZ_OK;
}

static char
long_number_digit(const struct builder *b, const char *number, size_t len)
{
	struct digit_sum sum = { 0 };
	const char filler = FILLER;

	mrz_digit_add(&sum, number, NUMBER_LEN);
	if (b->fields.count_filler)
		mrz_digit_add(&sum, &filler, 1);
	mrz_digit_add(&sum, number + NUMBER_LEN, len - NUMBER_LEN);
	return mrz_digit_end(&sum);
}

static enum mrz_error
put_long_number(struct builder *b, const char *number, size_t len)
{
	struct span span = b->layout->fields[MRZ_F_OPTIONAL_DATA];
	const char *optional = b->fields.text[MRZ_F_OPTIONAL_DATA];
	size_t rest_len = len - NUMBER_LEN, optional_len = value_len(optional);
	enum mrz_error error = check_long_number(b, number, len);
	char *to = place(b, span);

	if (error != MRZ_OK)
		return error;
	if (optional_len > span.length - rest_len - 2)
		return refuse(b, MRZ_F_OPTIONAL_DATA,
		    span.length - rest_len - 2, MRZ_R_TOO_LONG);
	memcpy(place(b, b->layout->fields[MRZ_F_DOCUMENT_NUMBER]), number,
	    NUMBER_LEN);
	memcpy(to, number + NUMBER_LEN, rest_len);
	to[rest_len] = long_number_digit(b, number, len);
	if (optional_len == 0)
		return MRZ_OK;
	span.column = (uint8_t)(span.column + rest_len + 2);
	span.length = (uint8_t)(span.length - rest_len - 2);
	return put(b, MRZ_F_OPTIONAL_DATA, span, optional);
}

static enum mrz_error
put_number(struct builder *b)
{
	const char *number = b->fields.text[MRZ_F_DOCUMENT_NUMBER];
	size_t len = value_len(number);
	enum mrz_error error;

	b->is_long = b->layout->long_number && len > NUMBER_LEN;
	if (b->is_long)
		return put_long_number(b, number, len);
	error = put_field(b, MRZ_F_DOCUMENT_NUMBER);
	if (error != MRZ_OK)
		return error;
	return put_field(b, MRZ_F_OPTIONAL_DATA);
}

/* The code and the state, where there is only one way to begin. */
static void
put_head(struct builder *b)
{
	const struct head *head = &b->layout->head;

	if (head->texts[0] != NULL && head->texts[1] == NULL)
		memcpy(b->zone.at[head->line], head->texts[0],
		    mrz_text_len(head->texts[0]));
}

/* What is put over the head must be the same. */
static enum mrz_error
put_code(struct builder *b, enum mrz_field_id id)
{
	struct span span = b->layout->fields[id];
	const struct head *head = &b->layout->head;
	enum mrz_error error;

	if (value_len(b->fields.text[id]) == 0 && head->texts[0] != NULL &&
	    *place(b, span) != FILLER)
		return MRZ_OK;
	if (span.length > 0)
		memset(place(b, span), FILLER, span.length);
	error = put_field(b, id);
	if (error != MRZ_OK ||
	    mrz_head_fits(b->layout, b->zone.at[head->line], MRZ_MAX_LINE_LEN))
		return error;
	return refuse(b, id, 0, MRZ_R_HEAD);
}

static enum mrz_error
put_all(struct builder *b)
{
	static const enum mrz_field_id plain[] = { MRZ_F_NATIONALITY, MRZ_F_SEX,
		MRZ_F_OPTIONAL_DATA_2, MRZ_F_ADMINISTRATIVE_CODE, MRZ_F_VERSION,
		MRZ_F_BLANK_NUMBER, MRZ_F_LANGUAGE };
	enum mrz_error error;

	put_head(b);
	error = put_names(b);
	if (error == MRZ_OK)
		error = put_code(b, MRZ_F_DOCUMENT_CODE);
	if (error == MRZ_OK)
		error = put_code(b, MRZ_F_ISSUING_STATE);
	for (size_t i = 0;
	     error == MRZ_OK && i < sizeof(plain) / sizeof(plain[0]); i++)
		error = put_field(b, plain[i]);
	if (error == MRZ_OK)
		error = put_date(b, MRZ_F_DATE_OF_BIRTH, MRZ_DATE_BIRTH);
	if (error == MRZ_OK)
		error = put_date(b, MRZ_F_DATE_OF_EXPIRY, MRZ_DATE_EXPIRY);
	if (error == MRZ_OK)
		error = put_number(b);
	return error;
}

/* The digit of empty optional data stays a filler, as most issuers print,
 * unless the caller wants the 0. */
static void
put_digits(struct builder *b)
{
	for (size_t i = 0; i < N_DIGITS; i++) {
		enum digit which = (enum digit)i;
		struct span span = b->layout->digits[which].at;

		if (span.length == 0 || (which == DIGIT_NUMBER && b->is_long))
			continue;
		if (which == DIGIT_OPTIONAL && !b->fields.zero_digit &&
		    value_len(b->fields.text[MRZ_F_OPTIONAL_DATA]) == 0)
			continue;
		*place(b, span) = mrz_layout_digit(b->layout, &b->zone, which);
	}
}

/* False if these are no fields. */
static bool
begin(enum mrz_format format, const struct mrz_fields *fields,
    struct builder *b)
{
	size_t size;

	memset(b, 0, sizeof(*b));
	b->layout = mrz_layout_find(format);
	if (b->layout == NULL || fields == NULL ||
	    fields->size < offsetof(struct mrz_fields, truncation))
		return false;
	size = fields->size < sizeof(*fields) ? fields->size : sizeof(*fields);
	memcpy(&b->fields, fields, size);
	memset(&b->zone, FILLER, sizeof(b->zone));
	return (unsigned)b->fields.truncation < MRZ_N_TRUNCATIONS;
}

enum mrz_error
mrz_name_fit(enum mrz_format format, const struct mrz_fields *fields,
    struct mrz_name_fit *out, struct mrz_problem *problem)
{
	struct builder b;
	enum mrz_error error;
	struct span span;

	if (out->size < sizeof(*out) || !begin(format, fields, &b))
		return MRZ_E_ARG;
	error = put_names(&b);
	if (error != MRZ_OK) {
		if (problem != NULL)
			*problem = b.problem;
		return error;
	}
	span = b.layout->fields[MRZ_F_SURNAME];
	b.name.size = out->size;
	memcpy(b.name.text, place(&b, span), span.length);
	*out = b.name;
	return MRZ_OK;
}

/* Whether the zone is read as what it was built for: its code, or chance, may
 * make it one of another layout with lines of these lengths. */
static bool
reads_back(const struct builder *b)
{
	char text[MRZ_MAX_LINES * MRZ_LINE_CAP];
	struct mrz_doc doc;
	size_t len = 0;

	for (size_t i = 0; i < b->layout->n_lines; i++) {
		memcpy(text + len, b->zone.at[i], b->layout->line_len[i]);
		len += b->layout->line_len[i];
		text[len++] = '\n';
	}
	return mrz_parse(text, len, NULL, &doc) == MRZ_OK &&
	       doc.format == b->layout->format;
}

enum mrz_error
mrz_build(enum mrz_format format, const struct mrz_fields *fields,
    char lines[MRZ_MAX_LINES][MRZ_LINE_CAP], struct mrz_problem *problem)
{
	struct builder b;
	enum mrz_error error;

	if (!begin(format, fields, &b))
		return MRZ_E_ARG;
	error = put_all(&b);
	if (error == MRZ_OK) {
		put_digits(&b);
		if (!reads_back(&b))
			error = refuse(&b, MRZ_F_DOCUMENT_CODE, 0,
			    MRZ_R_OTHER_LAYOUT);
	}
	if (error != MRZ_OK) {
		if (problem != NULL)
			*problem = b.problem;
		return error;
	}
	for (size_t i = 0; i < b.layout->n_lines; i++) {
		memcpy(lines[i], b.zone.at[i], b.layout->line_len[i]);
		lines[i][b.layout->line_len[i]] = '\0';
	}
	return MRZ_OK;
}
