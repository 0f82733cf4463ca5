/* Reading the name field. */
#include "name.h"

#include "charset.h"
#include "mem.h"

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

void
mrz_name_read(const char *surname, size_t surname_len, const char *given,
    size_t given_len, struct name *out)
{
	memset(out, 0, sizeof(*out));
	take_part(surname, 0, surname_len, &out->primary);
	take_part(given, 0, given_len, &out->secondary);
	out->odd_shape = surname[0] == FILLER ||
			 has_double_filler(surname, 0, out->primary.length) ||
			 (out->secondary.length > 0 && given[0] == FILLER);
	out->fills = surname[surname_len - 1] != FILLER;
	out->given_fills = given_len > 0 && given[given_len - 1] != FILLER;
}
