#include "name.h"

#include "charset.h"
#include "mem.h"

/* Longer names than this are refused; the longest field has 39 places. */
#define MAX_NAME 200

/* A name in the making: letters, single fillers between components. */
struct normal {
	char at[MAX_NAME];
	size_t len;
};

/* Runs of fillers become one blank; none at the ends. */
static void
take_part(const char *field, size_t from, size_t to, struct name_part *out)
{
	size_t n = 0;

	while (from < to && field[from] == FILLER)
		from++;
	while (to > from && field[to - 1] == FILLER)
		to--;
	out->offset = from;
	out->length = to - from;
	for (size_t i = from; i < to; i++) {
		if (field[i] != FILLER)
			out->text[n++] = field[i];
		else if (field[i - 1] != FILLER)
			out->text[n++] = ' ';
	}
	out->text[n] = '\0';
}

static bool
has_double_filler(const char *field, size_t from, size_t to)
{
	for (size_t i = from; i + 1 < to; i++)
		if (field[i] == FILLER && field[i + 1] == FILLER)
			return true;
	return false;
}

void
mrz_name_split(const char *field, size_t len, struct name *out)
{
	size_t end = len, gap = 0;

	memset(out, 0, sizeof(*out));
	while (end > 0 && field[end - 1] == FILLER)
		end--;
	while (gap < end && !(field[gap] == FILLER && gap + 1 < end &&
				field[gap + 1] == FILLER))
		gap++;
	take_part(field, 0, gap, &out->primary);
	if (gap < end) {
		take_part(field, gap + 2, end, &out->secondary);
		out->odd_shape = field[gap + 2] == FILLER ||
				 has_double_filler(field, gap + 2, end);
	}
	if (end > 0 && field[0] == FILLER)
		out->odd_shape = true;
	out->fills = len > 0 && end == len;
}

static bool
parts_components(char c)
{
	return c == ' ' || c == '-' || c == ',' || c == FILLER;
}

/* Punctuation that is left out (Doc 9303-3 4.6). */
static bool
is_left_out(char c)
{
	return c == '\'' || c == '.' || c == '`' || c == '/' || c == '(' ||
	       c == ')' || c == '"' || c == ';' || c == ':';
}

static enum mrz_reason
normalise(const char *name, struct normal *out, size_t *offset)
{
	size_t len = mrz_text_len(name);

	out->len = 0;
	for (size_t i = 0; i < len; i++) {
		char c = name[i];

		*offset = i;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (is_left_out(c))
			continue;
		if (parts_components(c))
			c = FILLER;
		else if (mrz_is_digit(c))
			return MRZ_R_LETTER_EXPECTED;
		else if (!mrz_is_letter(c))
			return MRZ_R_NOT_MRZ_CHARACTER;
		if (c == FILLER &&
		    (out->len == 0 || out->at[out->len - 1] == FILLER))
			continue;
		if (out->len == MAX_NAME)
			return MRZ_R_TOO_LONG;
		out->at[out->len++] = c;
	}
	if (out->len > 0 && out->at[out->len - 1] == FILLER)
		out->len--;
	*offset = 0;
	return MRZ_R_NONE;
}

static size_t
count_components(const struct normal *name)
{
	size_t n = name->len > 0 ? 1 : 0;

	for (size_t i = 0; i < name->len; i++)
		n += name->at[i] == FILLER ? 1 : 0;
	return n;
}

/*
 * Write a name into room places. One that is too long keeps an initial of
 * every component while there is room for them, and the places left over go
 * to the components from the first one on. Returns the places used: all of
 * them if anything was left out, except when only initials are left and the
 * last place would be a filler.
 */
static size_t
fit(const struct normal *name, char *out, size_t room)
{
	size_t n = count_components(name), spare, used = 0, i = 0;

	if (name->len <= room) {
		memcpy(out, name->at, name->len);
		return name->len;
	}
	if (n > (room + 1) / 2)
		n = (room + 1) / 2;
	spare = room - (2 * n - 1);
	for (size_t k = 0; k < n; k++) {
		if (k > 0)
			out[used++] = FILLER;
		out[used++] = name->at[i++];
		while (i < name->len && name->at[i] != FILLER) {
			if (spare > 0) {
				out[used++] = name->at[i];
				spare--;
			}
			i++;
		}
		i++;
	}
	return used;
}

/* Places that the surname may take when something has to be cut: three are
 * for the two fillers and the first letter of the given names. */
static size_t
room_for_surname(const struct normal *surname, size_t len)
{
	return surname->len <= len - 3 ? surname->len : len - 3;
}

enum mrz_reason
mrz_name_join(const char *surname, const char *given, char *field, size_t len,
    bool *in_given, size_t *offset)
{
	struct normal first, second;
	enum mrz_reason reason;
	size_t used;

	*in_given = false;
	reason = normalise(surname, &first, offset);
	if (reason != MRZ_R_NONE)
		return reason;
	*in_given = true;
	reason = normalise(given, &second, offset);
	if (reason != MRZ_R_NONE)
		return reason;
	*in_given = false;
	if (first.len == 0 && second.len == 0)
		return MRZ_R_EMPTY_FIELD;

	memset(field, FILLER, len);
	if (second.len == 0) {
		used = fit(&first, field, len);
		return first.len > len && used < len ? MRZ_R_TOO_LONG
						     : MRZ_R_NONE;
	}
	if (first.len + 2 + second.len <= len)
		used = fit(&first, field, len);
	else
		used = fit(&first, field, room_for_surname(&first, len));
	fit(&second, field + used + 2, len - used - 2);
	if (first.len + 2 + second.len > len && field[len - 1] == FILLER)
		return MRZ_R_TOO_LONG;
	return MRZ_R_NONE;
}
