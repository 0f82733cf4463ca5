#include "mrz_random.h"

#include "layout.h"
#include "test.h"

#include <string.h>

#define LETTERS  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define ALPHABET LETTERS "0123456789<"

/* xorshift64*, after a seed that may be small has been spread. */
uint32_t
mrz_random_next(struct mrz_random *random)
{
	uint64_t x = random->state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	random->state = x;
	return (uint32_t)((x * 0x2545f4914f6cdd1du) >> 32);
}

uint32_t
mrz_random_below(struct mrz_random *random, uint32_t n)
{
	return mrz_random_next(random) % n;
}

static void
start(struct mrz_random *random, uint64_t seed)
{
	random->state = (seed + 1) * 0x9e3779b97f4a7c15u;
	for (int i = 0; i < 8; i++)
		mrz_random_next(random);
}

static char
one_of(struct mrz_random *random, const char *set)
{
	return set[mrz_random_below(random, (uint32_t)strlen(set))];
}

static bool
chance(struct mrz_random *random, uint32_t percent)
{
	return mrz_random_below(random, 100) < percent;
}

/* len characters; the first and the last one are no fillers. */
static void
any_text(struct mrz_random *random, size_t len, char *out)
{
	for (size_t i = 0; i < len; i++) {
		bool inner = i > 0 && i + 1 < len;

		out[i] = inner && chance(random, 5)
			     ? '<'
			     : one_of(random, LETTERS "0123456789");
	}
	out[len] = '\0';
}

static void
state_code(struct mrz_random *random, char *out)
{
	size_t n = 0;

	if (chance(random, 70)) {
		while (mrz_country_at(n) != NULL)
			n++;
		n = mrz_random_below(random, (uint32_t)n);
		strcpy(out, mrz_country_at(n)->code3);
		return;
	}
	n = 1 + mrz_random_below(random, 3);
	for (size_t i = 0; i < n; i++)
		out[i] = one_of(random, LETTERS);
}

/* Components with single blanks between them, of len characters in all. */
static void
name_part(struct mrz_random *random, size_t len, char *out)
{
	size_t since = 0;

	for (size_t i = 0; i < len; i++) {
		bool blank = since > 0 && i + 1 < len && chance(random, 15);

		out[i] = blank ? ' ' : one_of(random, LETTERS);
		since = blank ? 0 : since + 1;
	}
	out[len] = '\0';
}

static void
names(struct mrz_random *random, size_t room, struct mrz_random_doc *out)
{
	size_t surname = 1 + mrz_random_below(random, (uint32_t)room);

	name_part(random, surname, out->values[MRZ_F_SURNAME]);
	if (surname + 3 > room || chance(random, 10))
		return;
	name_part(random,
	    1 + mrz_random_below(random, (uint32_t)(room - surname - 2)),
	    out->values[MRZ_F_GIVEN_NAMES]);
}

static void
two_digits(char *out, uint32_t value)
{
	out[0] = (char)('0' + value / 10);
	out[1] = (char)('0' + value % 10);
}

/* YYMMDD; any day of a month of 28 days, or the last of February in a year
 * that may be a leap year whatever its century, 00 apart. */
static void
date(struct mrz_random *random, bool may_be_unknown, char *out)
{
	two_digits(out, mrz_random_below(random, 100));
	two_digits(out + 2, 1 + mrz_random_below(random, 12));
	two_digits(out + 4, 1 + mrz_random_below(random, 28));
	if (chance(random, 3)) {
		two_digits(out, 4 * (1 + mrz_random_below(random, 24)));
		memcpy(out + 2, "0229", 4);
	}
	if (!may_be_unknown || chance(random, 80))
		return;
	for (size_t i = 0; i < 6; i += 2)
		if (chance(random, 50))
			memcpy(out + i, "<<", 2);
}

/* A number of up to nine characters, or one that goes on in the optional
 * data, and what is left of these. */
static void
number(struct mrz_random *random, const struct layout *layout,
    struct mrz_random_doc *out)
{
	size_t field = layout->fields[MRZ_F_DOCUMENT_NUMBER].length;
	size_t room = layout->fields[MRZ_F_OPTIONAL_DATA].length;
	char *text = out->values[MRZ_F_DOCUMENT_NUMBER];
	size_t len = field - (chance(random, 50) ? 0
						 : mrz_random_below(random,
						       (uint32_t)field));

	if (layout->long_number && chance(random, 30)) {
		len = field + 1 + mrz_random_below(random, (uint32_t)room - 2);
		room -= len - field + 2;
	}
	any_text(random, len, text);
	/* A filler would end a long number. */
	for (size_t i = field - 1; i < len; i++)
		if (text[i] == '<')
			text[i] = '0';
	if (room > 0 && chance(random, 60))
		any_text(random, 1 + mrz_random_below(random, (uint32_t)room),
		    out->values[MRZ_F_OPTIONAL_DATA]);
}

/* Characters as the form of a field wants them, or any. */
static void
by_form(struct mrz_random *random, const struct layout *layout,
    enum mrz_field_id id, char *out)
{
	const char *form = NULL;
	char set[8];

	for (size_t i = 0; i < MAX_FORMS && layout->forms[i].form != NULL; i++)
		if (layout->forms[i].id == id)
			form = layout->forms[i].form;
	if (form == NULL) {
		any_text(random,
		    1 + mrz_random_below(random, layout->fields[id].length),
		    out);
		return;
	}
	for (; *form != '\0'; form++) {
		if (*form != '[') {
			*out++ = one_of(random,
			    *form == '9' ? "0123456789" : LETTERS "0123456789");
			continue;
		}
		memset(set, 0, sizeof(set));
		for (size_t n = 0; *++form != ']'; n++)
			set[n] = *form;
		*out++ = one_of(random, set);
	}
}

/* A name that has its field to itself; its components may be parted by two
 * fillers. */
static void
lone_name(struct mrz_random *random, size_t room, char *out)
{
	size_t len, blanks = 0;

	name_part(random, 1 + mrz_random_below(random, (uint32_t)room), out);
	len = strlen(out);
	for (size_t i = 0; i < len; i++)
		blanks += out[i] == ' ';
	while (len + blanks > room || out[len - 1] == ' ')
		blanks -= out[--len] == ' ';
	out[len] = '\0';
}

static void
national_names(struct mrz_random *random, const struct layout *layout,
    struct mrz_random_doc *out)
{
	const struct span *fields = layout->fields;

	if (layout->names == NAME_JOINED)
		names(random, fields[MRZ_F_SURNAME].length, out);
	if (layout->names != NAME_APART)
		return;
	lone_name(random, fields[MRZ_F_SURNAME].length,
	    out->values[MRZ_F_SURNAME]);
	if (fields[MRZ_F_GIVEN_NAMES].length > 0 && chance(random, 90))
		lone_name(random, fields[MRZ_F_GIVEN_NAMES].length,
		    out->values[MRZ_F_GIVEN_NAMES]);
}

/* A document of a layout that is known by its head. */
static void
national(const struct layout *layout, uint64_t seed, struct mrz_random_doc *out)
{
	static const enum mrz_field_id others[] = { MRZ_F_DOCUMENT_NUMBER,
		MRZ_F_OPTIONAL_DATA, MRZ_F_ADMINISTRATIVE_CODE, MRZ_F_VERSION,
		MRZ_F_BLANK_NUMBER, MRZ_F_LANGUAGE };
	const struct head *head = &layout->head;
	struct mrz_random random;
	const char *text;

	start(&random, seed);
	memset(out, 0, sizeof(*out));
	out->format = layout->format;
	out->fields.size = sizeof(out->fields);
	for (size_t i = 0; i < MRZ_N_FIELDS; i++)
		out->fields.text[i] = out->values[i];
	text = head->texts[head->texts[1] != NULL && chance(&random, 50)];
	memcpy(out->values[MRZ_F_DOCUMENT_CODE], text, 2);
	strcpy(out->values[MRZ_F_ISSUING_STATE], text + 2);
	national_names(&random, layout, out);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (layout->fields[others[i]].length > 0)
			by_form(&random, layout, others[i],
			    out->values[others[i]]);
	if (layout->fields[MRZ_F_DATE_OF_BIRTH].length > 0)
		date(&random, true, out->values[MRZ_F_DATE_OF_BIRTH]);
	if (layout->fields[MRZ_F_DATE_OF_EXPIRY].length > 0)
		date(&random, false, out->values[MRZ_F_DATE_OF_EXPIRY]);
	if (layout->fields[MRZ_F_SEX].length > 0 && chance(&random, 90))
		out->values[MRZ_F_SEX][0] = one_of(&random, "MF");
}

void
mrz_random_fields(enum mrz_format format, uint64_t seed,
    struct mrz_random_doc *out)
{
	const struct layout *layout = mrz_layout_find(format);
	struct mrz_random random;
	char *code = out->values[MRZ_F_DOCUMENT_CODE];

	assert_non_null(layout);
	if (layout->head.texts[0] != NULL) {
		national(layout, seed, out);
		return;
	}
	start(&random, seed);
	memset(out, 0, sizeof(*out));
	out->format = format;
	out->fields.size = sizeof(out->fields);
	for (size_t i = 0; i < MRZ_N_FIELDS; i++)
		out->fields.text[i] = out->values[i];
	code[0] = layout->visa ? 'V' : one_of(&random, "PIAC");
	if (chance(&random, 70))
		code[1] = one_of(&random, LETTERS);
	state_code(&random, out->values[MRZ_F_ISSUING_STATE]);
	state_code(&random, out->values[MRZ_F_NATIONALITY]);
	names(&random, layout->fields[MRZ_F_SURNAME].length, out);
	number(&random, layout, out);
	date(&random, true, out->values[MRZ_F_DATE_OF_BIRTH]);
	date(&random, false, out->values[MRZ_F_DATE_OF_EXPIRY]);
	if (chance(&random, 90))
		out->values[MRZ_F_SEX][0] = one_of(&random, "MF");
	if (layout->fields[MRZ_F_OPTIONAL_DATA_2].length > 0 &&
	    chance(&random, 40))
		any_text(&random,
		    1 + mrz_random_below(&random,
			    layout->fields[MRZ_F_OPTIONAL_DATA_2].length),
		    out->values[MRZ_F_OPTIONAL_DATA_2]);
	out->fields.count_filler = chance(&random, 20);
	out->fields.zero_digit = chance(&random, 20);
}

void
mrz_random_zone(enum mrz_format format, uint64_t seed,
    struct mrz_random_doc *doc, char out[MRZ_RANDOM_TEXT_CAP])
{
	char lines[MRZ_MAX_LINES][MRZ_LINE_CAP];
	struct mrz_problem problem = { 0 };
	size_t len = 0;

	mrz_random_fields(format, seed, doc);
	if (mrz_build(format, &doc->fields, lines, &problem) != MRZ_OK)
		fail_msg("%s, seed %llu: %s, %s", mrz_format_name(format),
		    (unsigned long long)seed, mrz_field_name(problem.field),
		    mrz_reason_name(problem.reason));
	for (unsigned i = 0; i < mrz_format_lines(format); i++) {
		size_t n = strlen(lines[i]);

		memcpy(out + len, lines[i], n);
		out[len + n] = '\n';
		len += n + 1;
	}
	out[len] = '\0';
}
