/*
 * Names into their field. A name becomes components, a style says how many
 * letters each of them keeps, and what comes of it is settled so that it fills
 * the field and ends with a letter.
 */
#include "name.h"

#include "charset.h"
#include "layout.h"
#include "mem.h"

/* Longer names than this are refused; the longest field has 39 places. */
#define MAX_NAME  200
#define MAX_PARTS (MAX_NAME / 2)

/* The two fillers between the identifiers, and a letter after them. */
#define GAP          2
#define GAP_AND_ONE  (GAP + 1)
#define LEAST_TO_CUT 2 /* letters of a component that can spare one */

struct part {
	uint8_t from;
	uint8_t len;
	uint8_t keep; /* letters that go into the field */
	bool hyphen;  /* stands in front of it */
};

/* One identifier: its letters, and where its components are among them. Those
 * of which nothing is kept are at the end. */
struct side {
	char at[MAX_NAME];
	size_t n_letters;
	size_t n;
	struct part parts[MAX_PARTS];
};

struct whole_name {
	struct side surname;
	struct side given;
	size_t room;
};

/* ---- Text into components -------------------------------------------- */

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

/* Letters and the fillers between components come to MAX_NAME at most. */
static enum mrz_reason
read_side(const char *name, struct side *out, size_t *offset)
{
	size_t len = mrz_text_len(name);
	bool open = false; /* a component has begun */
	bool hyphen = false;

	out->n = 0;
	out->n_letters = 0;
	for (size_t i = 0; i < len; i++) {
		char c = name[i];

		*offset = i;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (is_left_out(c))
			continue;
		if (parts_components(c)) {
			hyphen = open ? c == '-' : hyphen && c == '-';
			open = false;
			continue;
		}
		if (mrz_is_digit(c))
			return MRZ_R_LETTER_EXPECTED;
		if (!mrz_is_letter(c))
			return MRZ_R_NOT_MRZ_CHARACTER;
		if (out->n_letters + out->n + (open ? 0 : 1) > MAX_NAME)
			return MRZ_R_TOO_LONG;
		if (!open) {
			out->parts[out->n].from = (uint8_t)out->n_letters;
			out->parts[out->n].len = 0;
			out->parts[out->n].keep = 0;
			out->parts[out->n].hyphen = hyphen;
			out->n++;
			open = true;
		}
		out->at[out->n_letters++] = c;
		out->parts[out->n - 1].len++;
		out->parts[out->n - 1].keep++;
	}
	*offset = 0;
	return MRZ_R_NONE;
}

/* ---- Widths ---------------------------------------------------------- */

/* Places of one identifier as it is kept. */
static size_t
side_width(const struct side *side)
{
	size_t width = 0;

	for (size_t i = 0; i < side->n && side->parts[i].keep > 0; i++)
		width += (i > 0 ? 1u : 0u) + side->parts[i].keep;
	return width;
}

static size_t
name_width(const struct whole_name *name)
{
	size_t given = side_width(&name->given);

	return side_width(&name->surname) + (given > 0 ? GAP + given : 0);
}

/* Most that the surname may take when something has to be cut. */
static size_t
surname_room(const struct whole_name *name)
{
	return name->given.n > 0 ? name->room - GAP_AND_ONE : name->room;
}

/* What the surname leaves to the given names. */
static size_t
given_room(const struct whole_name *name)
{
	size_t used = side_width(&name->surname) + GAP;

	return used < name->room ? name->room - used : 0;
}

/* ---- Ways to cut ----------------------------------------------------- */

/* The first components keep their initial, as many as have room; the places
 * left over go to them from the first one on. */
static void
keep_initials(struct side *side, size_t room)
{
	size_t n = side->n, spare;

	if (side_width(side) <= room)
		return;
	if (n > (room + 1) / 2)
		n = (room + 1) / 2;
	spare = n > 0 ? room - (2 * n - 1) : 0;
	for (size_t i = 0; i < side->n; i++) {
		struct part *part = &side->parts[i];
		size_t more = part->len - 1u < spare ? part->len - 1u : spare;

		part->keep = (uint8_t)(i < n ? 1 + more : 0);
		spare -= i < n ? more : 0;
	}
}

/* No component keeps more letters than the numbers say; the last of them, in
 * front of the 0, is for all that follow. */
static void
keep_letters(struct side *side, const uint8_t *most)
{
	uint8_t limit = 0;

	for (size_t i = 0; i < side->n; i++) {
		struct part *part = &side->parts[i];

		if (*most != 0)
			limit = *most++;
		part->keep = part->len;
		if (limit != 0 && limit < part->len)
			part->keep = limit;
	}
}

static void
cut_end(struct side *side, size_t room)
{
	size_t width = side_width(side);

	for (size_t i = side->n; i > 0 && width > room; i--) {
		struct part *part = &side->parts[i - 1];
		size_t over = width - room;

		if (part->keep == 0)
			continue;
		if (over < part->keep) {
			part->keep = (uint8_t)(part->keep - over);
			return;
		}
		width -= part->keep + 1u; /* the first one is never all cut */
		part->keep = 0;
	}
}

/* ---- Styles: what the surname keeps; then the given names ------------ */

static void
by_given(struct whole_name *name)
{
	keep_initials(&name->surname, surname_room(name));
	keep_initials(&name->given, given_room(name));
}

static void
by_initials(struct whole_name *name)
{
	struct side *side = &name->surname;

	for (size_t i = side->n; i > 0 && side_width(side) > surname_room(name);
	     i--)
		side->parts[i - 1].keep = 1;
	by_given(name);
}

static void
by_even(struct whole_name *name)
{
	uint8_t most[2] = { 0, 0 };

	/* Ends: with as many letters as the longest has it is too wide. */
	do {
		most[0]++;
		keep_letters(&name->surname, most);
		keep_letters(&name->given, most);
	} while (name_width(name) < name->room);
	cut_end(&name->surname, surname_room(name));
	most[0] = 0;
	keep_letters(&name->given, most);
	keep_initials(&name->given, given_room(name));
}

static void
by_end(struct whole_name *name)
{
	cut_end(&name->surname, surname_room(name));
	cut_end(&name->given, given_room(name));
}

static void
by_letters(struct whole_name *name, const struct mrz_fields *how)
{
	if (how->surname_letters != NULL) {
		keep_letters(&name->surname, how->surname_letters);
		cut_end(&name->surname, surname_room(name));
	} else {
		keep_initials(&name->surname, surname_room(name));
	}
	if (how->given_letters != NULL) {
		keep_letters(&name->given, how->given_letters);
		cut_end(&name->given, given_room(name));
	} else {
		keep_initials(&name->given, given_room(name));
	}
}

/* ---- Settling -------------------------------------------------------- */

/* Give places back to components that are there but cut. */
static void
grow(struct side *side, size_t *spare)
{
	for (size_t i = 0; i < side->n && side->parts[i].keep > 0; i++) {
		struct part *part = &side->parts[i];
		size_t more = (size_t)(part->len - part->keep);

		if (more > *spare)
			more = *spare;
		part->keep = (uint8_t)(part->keep + more);
		*spare -= more;
	}
}

/* The first component that is not there, or NULL. The very first one always
 * is: no way to cut takes all of it. */
static struct part *
first_missing(struct side *side)
{
	for (size_t i = 1; i < side->n; i++)
		if (side->parts[i].keep == 0)
			return &side->parts[i];
	return NULL;
}

/* Take a letter from the last component that can spare one. */
static bool
give_way(struct side *side)
{
	for (size_t i = side->n; i > 0; i--) {
		if (side->parts[i - 1].keep < LEAST_TO_CUT)
			continue;
		side->parts[i - 1].keep--;
		return true;
	}
	return false;
}

/*
 * Fill the field. A single place beside components that are whole can hold
 * only a filler, which must not be the last: then another component gives a
 * letter, and the initial of the next one comes in. False if none has one.
 */
static bool
settle(struct whole_name *name)
{
	size_t spare = name->room - name_width(name);

	grow(&name->surname, &spare);
	grow(&name->given, &spare);
	while (spare > 0) {
		struct part *next = first_missing(&name->given);

		if (next == NULL)
			next = first_missing(&name->surname);
		if (next == NULL)
			return false;
		if (spare == 1) {
			if (!give_way(&name->given) &&
			    !give_way(&name->surname))
				return false;
			spare++;
		}
		next->keep = 1;
		spare -= 2;
		grow(&name->given, &spare);
		grow(&name->surname, &spare);
	}
	return true;
}

/* ---- Components into the field --------------------------------------- */

static char *
write_side(const struct side *side, char *to)
{
	for (size_t i = 0; i < side->n && side->parts[i].keep > 0; i++) {
		const struct part *part = &side->parts[i];

		if (i > 0)
			to++; /* a filler is there */
		memcpy(to, side->at + part->from, part->keep);
		to += part->keep;
	}
	return to;
}

static void
count_losses(const struct side *side, uint32_t *letters, uint32_t *lost,
    uint32_t *parts_lost)
{
	*letters = (uint32_t)side->n_letters;
	*lost = 0;
	*parts_lost = 0;
	for (size_t i = 0; i < side->n; i++) {
		*lost += (uint32_t)(side->parts[i].len - side->parts[i].keep);
		*parts_lost += side->parts[i].keep == 0 ? 1u : 0u;
	}
}

static bool
shorten(struct whole_name *name, const struct mrz_fields *fields)
{
	switch (fields->truncation) {
	case MRZ_TRUNCATE_INITIALS:
		by_initials(name);
		break;
	case MRZ_TRUNCATE_EVEN:
		by_even(name);
		break;
	case MRZ_TRUNCATE_END:
		by_end(name);
		break;
	case MRZ_TRUNCATE_LETTERS:
		by_letters(name, fields);
		break;
	default:
		by_given(name);
	}
	return settle(name);
}

enum mrz_reason
mrz_name_write(const struct mrz_fields *fields, char *field, size_t len,
    struct mrz_name_fit *fit, struct mrz_problem *problem)
{
	struct whole_name name;
	char *to;

	name.room = len;
	problem->field = MRZ_F_SURNAME;
	problem->reason = read_side(fields->text[MRZ_F_SURNAME], &name.surname,
	    &problem->offset);
	if (problem->reason != MRZ_R_NONE)
		return problem->reason;
	problem->field = MRZ_F_GIVEN_NAMES;
	problem->reason = read_side(fields->text[MRZ_F_GIVEN_NAMES],
	    &name.given, &problem->offset);
	if (problem->reason != MRZ_R_NONE)
		return problem->reason;
	problem->field = MRZ_F_SURNAME;
	if (name.surname.n == 0 && name.given.n == 0)
		problem->reason = MRZ_R_EMPTY_FIELD;
	fit->truncated = name_width(&name) > len;
	if (fit->truncated && !shorten(&name, fields))
		problem->reason = MRZ_R_TOO_LONG;
	if (problem->reason != MRZ_R_NONE)
		return problem->reason;
	memset(field, FILLER, len);
	to = write_side(&name.surname, field);
	if (name.given.n > 0)
		write_side(&name.given, to + GAP);
	count_losses(&name.surname, &fit->surname_letters,
	    &fit->surname_letters_lost, &fit->surname_parts_lost);
	count_losses(&name.given, &fit->given_letters, &fit->given_letters_lost,
	    &fit->given_parts_lost);
	return MRZ_R_NONE;
}

/* Components of one identifier, cut off where the field ends. gap: fillers
 * between them, but one for a hyphen, and everywhere if that saves letters
 * from being cut. */
static void
write_cut(struct side *side, char *field, size_t len, size_t gap)
{
	size_t at = 0;

	memset(field, FILLER, len);
	if (side_width(side) <= len) {
		size_t width = side_width(side);

		for (size_t i = 1; i < side->n; i++)
			width += side->parts[i].hyphen ? 0 : gap - 1;
		gap = width <= len ? gap : 1;
	}
	for (size_t i = 0; i < side->n; i++) {
		struct part *part = &side->parts[i];
		size_t keep = part->len;

		if (i > 0)
			at += part->hyphen ? 1 : gap;
		at = at < len ? at : len;
		keep = keep < len - at ? keep : len - at;
		memcpy(field + at, side->at + part->from, keep);
		part->keep = (uint8_t)keep;
		at += keep;
	}
}

enum mrz_reason
mrz_name_write_apart(const struct mrz_fields *fields, char *surname,
    size_t surname_len, char *given, size_t given_len, struct mrz_name_fit *fit,
    struct mrz_problem *problem)
{
	struct side side;

	problem->field = MRZ_F_SURNAME;
	problem->reason = read_side(fields->text[MRZ_F_SURNAME], &side,
	    &problem->offset);
	if (problem->reason == MRZ_R_NONE && side.n == 0)
		problem->reason = MRZ_R_EMPTY_FIELD;
	if (problem->reason != MRZ_R_NONE)
		return problem->reason;
	write_cut(&side, surname, surname_len, 1);
	count_losses(&side, &fit->surname_letters, &fit->surname_letters_lost,
	    &fit->surname_parts_lost);
	problem->field = MRZ_F_GIVEN_NAMES;
	problem->reason = read_side(fields->text[MRZ_F_GIVEN_NAMES], &side,
	    &problem->offset);
	if (problem->reason == MRZ_R_NONE && side.n > 0 && given_len == 0)
		problem->reason = MRZ_R_NO_SUCH_FIELD;
	if (problem->reason != MRZ_R_NONE)
		return problem->reason;
	write_cut(&side, given, given_len, GAP);
	count_losses(&side, &fit->given_letters, &fit->given_letters_lost,
	    &fit->given_parts_lost);
	fit->truncated = fit->surname_letters_lost + fit->given_letters_lost >
			 0;
	return MRZ_R_NONE;
}

static const char *const styles[MRZ_N_TRUNCATIONS] = {
	[MRZ_TRUNCATE_GIVEN] = "given",
	[MRZ_TRUNCATE_INITIALS] = "initials",
	[MRZ_TRUNCATE_EVEN] = "even",
	[MRZ_TRUNCATE_END] = "end",
	[MRZ_TRUNCATE_LETTERS] = "letters",
};

const char *
mrz_truncation_name(enum mrz_name_truncation style)
{
	return (unsigned)style < MRZ_N_TRUNCATIONS ? styles[style] : "unknown";
}

enum mrz_name_truncation
mrz_truncation_find(const char *name)
{
	size_t len = mrz_text_len(name) + 1;

	for (unsigned i = 0; name != NULL && i < MRZ_N_TRUNCATIONS; i++)
		if (mrz_text_len(styles[i]) + 1 == len &&
		    memcmp(styles[i], name, len) == 0)
			return (enum mrz_name_truncation)i;
	return MRZ_N_TRUNCATIONS;
}
