/*
 * Whether a name can have become what a name field shows. For each letter of
 * the name, a set holds the places of the field that can have been reached:
 * bit i means that i characters of the field are explained. That makes the
 * work proportional to the length of the name, however many ways there are to
 * write it.
 */
#include "charset.h"
#include "layout.h"
#include "letters.h"
#include "mem.h"

#define ALEF 0x0627
#define LAM  0x0644

typedef uint64_t places;

/*
 * How a place was reached: bits. LOOSE: with fillers elsewhere than the
 * standard puts them; SHORTENED: with something of the name left out.
 */
enum {
	LOOSE = 1,
	SHORTENED = 2,
	N_WAYS = 4
};

#define N_MANNERS 2 /* strict, loose */

/* What the field says about the name beside its characters. */
struct extent {
	places cuts;        /* after which something may have been left out */
	bool given_whole;   /* nothing of the given names was left out */
	bool surname_alone; /* there is no room for given names */
};

struct matcher {
	places at[27]; /* where each letter stands in the field; last: '<' */
	places end;    /* the place after the last letter */
	struct extent extent;
	enum mrz_language language;

	places in[N_WAYS];     /* the letters so far are explained */
	places cut[N_WAYS];    /* the rest of this component is cut */
	places lost[N_WAYS];   /* the rest of this identifier is lost */
	places begun[N_WAYS];  /* where the component began */
	bool ended[N_MANNERS]; /* the field did while the name went on */
	places seen;
};

static places
step(const struct matcher *m, places from, char c)
{
	size_t i = c == FILLER ? 26 : (size_t)(c - 'A');

	return (from & m->at[i]) << 1;
}

/* Fillers at the end of the field are nothing that a name could explain. */
static void
read_field(struct matcher *m, const char *field, size_t len)
{
	size_t end = len;
	places one = 1;

	while (end > 0 && field[end - 1] == FILLER)
		end--;
	for (size_t i = 0; i < end; i++) {
		if (mrz_is_letter(field[i]))
			m->at[field[i] - 'A'] |= one;
		else if (field[i] == FILLER)
			m->at[26] |= one;
		one <<= 1;
	}
	m->end = one;
}

/* What is reached over a text, and in *part over some of its letters. */
static places
over(const struct matcher *m, places from, const char *text, places *part)
{
	for (; *text != '\0'; text++) {
		*part |= from;
		from = step(m, from, *text);
	}
	return from;
}

static bool
is_language_row(uint8_t when)
{
	return when >= SPELL_BE && when <= SPELL_UK_FIRST;
}

/* Whether a row may explain a letter. A language that is known decides alone;
 * the other choices are the issuer's, and may be any. */
static bool
allowed(const struct matcher *m, const struct spelling *rows, size_t n,
    const struct spelling *row, const struct letter *letter)
{
	bool first = letter->flags & LETTER_FIRST;

	if (row->when == SPELL_ALLAH)
		return letter->flags & LETTER_ALLAH;
	if (row->when == SPELL_UK_FIRST && !first)
		return false;
	if (m->language == MRZ_LANGUAGE_ANY)
		return true;
	if (is_language_row(row->when))
		return mrz_spelling_of_language(row->when, m->language);
	if (row->when != SPELL_FIRST)
		return true;
	for (size_t i = 0; i < n; i++)
		if (mrz_spelling_of_language(rows[i].when, m->language) &&
		    (rows[i].when != SPELL_UK_FIRST || first))
			return false;
	return true;
}

/* One letter of the name from one set of places. */
static places
explain(const struct matcher *m, const struct letter *letter, places from,
    places *part)
{
	char plain[2] = { (char)letter->code, '\0' };
	places to = 0;
	size_t n = 0;
	const struct spelling *rows = mrz_spellings(letter->code, &n);

	if (rows == NULL)
		return over(m, from, plain, part);
	for (size_t i = 0; i < n; i++) {
		places once;

		if (!allowed(m, rows, n, &rows[i], letter))
			continue;
		once = over(m, from, rows[i].text, part);
		to |= once;
		/* Shadda doubles a letter, and is often not written. */
		if (mrz_is_arabic(letter->code))
			to |= over(m, once, rows[i].text, part);
	}
	return to;
}

static places
reached(const struct matcher *m, int way)
{
	return m->in[way] | m->cut[way] | m->lost[way];
}

static void
note(struct matcher *m)
{
	for (int way = 0; way < N_WAYS; way++) {
		m->seen |= reached(m, way);
		if (!m->extent.given_whole &&
		    (reached(m, way) & m->end & m->extent.cuts))
			m->ended[way & LOOSE] = true;
	}
}

static void
take_letter(struct matcher *m, const struct letter *letter)
{
	note(m);
	for (int way = 0; way < N_WAYS; way++) {
		places part = 0, from = m->in[way];

		m->in[way] = explain(m, letter, from, &part);
		/* A component may be cut once one letter of it is there. */
		m->cut[way | SHORTENED] |= (from | part) & ~m->begun[way] &
					   m->extent.cuts;
	}
}

/* An issuer may part a word before its article (Doc 9303-3 B.5.9). */
static void
part_article(struct matcher *m, const struct letters *letters, size_t i)
{
	const struct letter *letter = &letters->at[i];

	if (letter->code != ALEF || (letter->flags & LETTER_FIRST) ||
	    i + 1 == letters->n || letter[1].code != LAM)
		return;
	for (int way = 0; way < N_WAYS; way++)
		m->in[way | LOOSE] |= step(m, m->in[way], FILLER);
}

/* Which fillers may stand for a part: none, one, two. */
struct fillers {
	bool none[N_MANNERS], one[N_MANNERS], two[N_MANNERS];
};

enum gap {
	GAP_BEFORE,  /* there is no primary identifier */
	GAP_OMITTED, /* nothing is parted */
	GAP_INSIDE,  /* between components of one identifier */
	GAP_EITHER,  /* between components, or the identifiers */
	GAP_BETWEEN  /* between the identifiers */
};

/* Columns: strict, loose. */
static const struct fillers fillers_for[] = {
	[GAP_BEFORE] = { { true, true }, { false, false }, { true, true } },
	[GAP_OMITTED] = { { true, true }, { false, true }, { false, false } },
	[GAP_INSIDE] = { { false, true }, { true, true }, { false, true } },
	[GAP_EITHER] = { { false, true }, { true, true }, { true, true } },
	[GAP_BETWEEN] = { { false, false }, { false, true }, { true, true } },
};

/* A name in one piece that does not say where its identifiers part may do so
 * at a comma, or if it has none at a blank. */
static enum gap
gap_at(const struct letters *letters, size_t i, bool whole)
{
	uint16_t part = letters->at[i].code;

	if (i == 0)
		return GAP_BEFORE;
	if (part == PART_OMITTED)
		return GAP_OMITTED;
	if (part == PART_IDENTIFIERS)
		return GAP_BETWEEN;
	if (!whole || letters->identifiers ||
	    (part == PART_COMPONENTS && letters->comma))
		return GAP_INSIDE;
	return GAP_EITHER;
}

/* Over the fillers of a gap, in one way. What was loose stays so, and what was
 * shortened. */
static places
over_gap(const struct matcher *m, enum gap gap, const places from[N_WAYS],
    int way)
{
	const struct fillers *fillers = &fillers_for[gap];
	places to = 0;

	for (int before = way & SHORTENED; before <= way; before++) {
		places one = step(m, from[before], FILLER);
		places two = step(m, one, FILLER);

		if (gap >= GAP_EITHER)
			two |= step(m, step(m, m->lost[before], FILLER),
			    FILLER);
		if (fillers->none[way & LOOSE])
			to |= from[before];
		if (fillers->one[way & LOOSE])
			to |= one;
		if (fillers->two[way & LOOSE])
			to |= two;
	}
	return to;
}

static void
take_part(struct matcher *m, enum gap gap)
{
	bool ends = gap != GAP_OMITTED;
	places from[N_WAYS], to[N_WAYS];

	note(m);
	for (int way = 0; way < N_WAYS; way++)
		from[way] = m->in[way] | (ends ? m->cut[way] : 0);
	for (int way = 0; way < N_WAYS; way++)
		to[way] = over_gap(m, gap, from, way);
	memcpy(m->in, to, sizeof(to));
	if (!ends)
		return;
	memcpy(m->begun, to, sizeof(to));
	memset(m->cut, 0, sizeof(m->cut));
	if (gap == GAP_BETWEEN || gap == GAP_BEFORE) {
		memset(m->lost, 0, sizeof(m->lost));
		m->extent.given_whole = false; /* the field goes on so far */
		return;
	}
	for (int way = 0; way < N_WAYS; way++)
		m->lost[way | SHORTENED] |= from[way] & m->extent.cuts;
}

/* Whether a surname that stands alone may end here, before given names. */
static bool
surname_ends(const struct matcher *m, enum gap gap)
{
	places any = 0;

	for (int way = 0; way < N_WAYS; way++)
		any |= m->in[way] | m->cut[way];
	return m->extent.surname_alone && gap == GAP_EITHER && (any & m->end);
}

static bool
has_places(const struct matcher *m)
{
	places any = 0;

	for (int way = 0; way < N_WAYS; way++)
		any |= reached(m, way);
	return any != 0;
}

/* Walk through the name; returns how many letters could be explained. */
static size_t
walk(struct matcher *m, const struct letters *letters, bool whole)
{
	for (size_t i = 0; i < letters->n; i++) {
		const struct letter *letter = &letters->at[i];

		if (!has_places(m))
			return i;
		if (letter->code == PART_DOUBLE)
			continue;
		if (mrz_is_part(letter->code)) {
			enum gap gap = gap_at(letters, i, whole);

			if (surname_ends(m, gap))
				return letters->n;
			take_part(m, gap);
			continue;
		}
		part_article(m, letters, i);
		take_letter(m, letter);
	}
	return letters->n;
}

static void
set_scripts(const struct letters *letters, struct mrz_name_match *out)
{
	for (size_t i = 0; i < letters->n; i++) {
		uint16_t code = letters->at[i].code;

		if (mrz_is_part(code))
			continue;
		if (code < CYRILLIC || code >= LATIN_2)
			out->scripts |= MRZ_SCRIPT_LATIN;
		else if (code < ARABIC)
			out->scripts |= MRZ_SCRIPT_CYRILLIC;
		else
			out->scripts |= MRZ_SCRIPT_ARABIC;
	}
}

/* Where the field and the name part for good. */
static void
set_difference(const struct matcher *m, const struct letters *letters,
    size_t failed, const struct mrz_name *name, struct mrz_name_match *out)
{
	places left = (m->seen | m->in[0] | m->in[LOOSE]) >> 1;
	const struct letter *letter = &letters->at[failed - 1];

	while (left != 0) {
		left >>= 1;
		out->field_offset++;
	}
	out->reason = MRZ_R_NAME_DIFFERS;
	out->in_secondary = letter->flags & LETTER_SECONDARY;
	out->offset = letter->offset;
	/* The name ends before the field does. */
	if (has_places(m))
		out->offset = (uint32_t)(out->in_secondary ? name->secondary_len
							   : name->primary_len);
}

static void
decide(const struct matcher *m, const struct letters *letters, size_t walked,
    const struct mrz_name *name, struct mrz_name_match *out)
{
	for (int loose = 0; loose < N_MANNERS; loose++) {
		if (walked == letters->n && (m->in[loose] & m->end)) {
			out->result = MRZ_NAME_MATCHES;
			out->loose = loose;
			return;
		}
	}
	for (int loose = 0; loose < N_MANNERS; loose++) {
		places last = m->in[loose | SHORTENED] |
			      m->cut[loose | SHORTENED];

		if (m->ended[loose] || (last & m->end)) {
			out->result = MRZ_NAME_MATCHES_TRUNCATED;
			out->loose = loose;
			out->reason = MRZ_R_MAYBE_TRUNCATED;
			return;
		}
	}
	out->result = MRZ_NAME_DIFFERS;
	set_difference(m, letters, walked, name, out);
}

/* False, and why in out, if the name cannot be read. */
static bool
read_name(const struct mrz_name *name, struct letters *letters,
    struct mrz_name_match *out)
{
	struct mrz_text_problem problem;
	bool good;

	letters->n = 0;
	letters->comma = letters->identifiers = false;
	good = mrz_letters_add(letters, name->primary, name->primary_len, 0,
	    &problem);
	if (good && name->secondary != NULL) {
		out->in_secondary = true;
		good = mrz_letters_add(letters, name->secondary,
		    name->secondary_len, LETTER_SECONDARY, &problem);
	}
	mrz_letters_end(letters);
	if (good) {
		out->in_secondary = false;
		if (letters->n == 0)
			out->reason = MRZ_R_EMPTY_FIELD;
		return letters->n > 0;
	}
	out->reason = problem.reason;
	out->offset = problem.offset;
	out->code_point = problem.code_point;
	return false;
}

/* Without given names. */
static void
leave_surname(struct letters *letters)
{
	for (size_t i = 1; i < letters->n; i++)
		if (letters->at[i].code == PART_IDENTIFIERS)
			letters->n = i;
}

static void
compare(const char *field, size_t field_len, struct extent extent,
    const struct mrz_name *name, enum mrz_language language,
    struct mrz_name_match *out)
{
	struct matcher m;
	struct letters letters;
	size_t walked;

	memset(out, 0, sizeof(*out));
	memset(&m, 0, sizeof(m));
	if (field_len == 0 || field_len > MRZ_MAX_LINE_LEN ||
	    name->size < sizeof(*name)) {
		out->reason = MRZ_R_EMPTY_FIELD;
		return;
	}
	if (!read_name(name, &letters, out))
		return;
	set_scripts(&letters, out);
	read_field(&m, field, field_len);
	if (extent.surname_alone)
		leave_surname(&letters);
	m.extent = extent;
	m.extent.given_whole = extent.given_whole && letters.identifiers;
	m.language = language;
	m.in[0] = m.begun[0] = 1;
	walked = walk(&m, &letters, name->secondary == NULL);
	decide(&m, &letters, walked, name, out);
}

static bool
is_full(const char *field, size_t len)
{
	return len > 0 && mrz_is_letter(field[len - 1]);
}

enum mrz_name_result
mrz_name_compare(const char *field, size_t field_len,
    const struct mrz_name *name, enum mrz_language language,
    struct mrz_name_match *out)
{
	struct extent extent = { .cuts = 0 };

	/* Any component may have been cut to make room. */
	if (is_full(field, field_len))
		extent.cuts = ~extent.cuts;
	compare(field, field_len, extent, name, language, out);
	return out->result;
}

/* A name field as it would be if both identifiers shared it. Fields that are
 * apart are cut off at their ends, and no filler is left there. */
struct joined {
	char at[MRZ_MAX_LINE_LEN];
	size_t len, surname_len;
	places cuts;
};

/* Add a field without the fillers at its end, one for two inside it (which
 * part given names in a field of their own). False if there is no room. */
static bool
join(struct joined *out, const char *field, size_t len)
{
	bool full = is_full(field, len);

	while (len > 0 && field[len - 1] == FILLER)
		len--;
	for (size_t i = 0; i < len; i++) {
		if (i > 0 && field[i] == FILLER && field[i - 1] == FILLER)
			continue;
		if (out->len == sizeof(out->at))
			return false;
		out->at[out->len++] = field[i];
	}
	if (full)
		out->cuts |= (places)1 << out->len;
	return true;
}

static const char *
field_at(const struct mrz_doc *doc, struct span span)
{
	return &doc->lines[span.line][span.column];
}

static void
compare_apart(const struct mrz_doc *doc, const struct layout *layout,
    const struct mrz_name *name, enum mrz_language language,
    struct mrz_name_match *out)
{
	struct span surname = layout->fields[MRZ_F_SURNAME];
	struct span given = layout->fields[MRZ_F_GIVEN_NAMES];
	struct joined whole = { .len = 0 };
	bool room = join(&whole, field_at(doc, surname), surname.length);
	struct extent extent;

	whole.surname_len = whole.len;
	if (room && given.length > 0 && whole.len + 2 <= sizeof(whole.at)) {
		memset(whole.at + whole.len, FILLER, 2);
		whole.len += 2;
	}
	room = room && join(&whole, field_at(doc, given), given.length);
	extent.cuts = whole.cuts;
	extent.surname_alone = given.length == 0;
	extent.given_whole = given.length > 0 &&
			     !is_full(field_at(doc, given), given.length);
	compare(whole.at, room ? whole.len : 0, extent, name, language, out);
	if (out->result != MRZ_NAME_DIFFERS)
		return;
	if (out->field_offset > whole.surname_len ||
	    out->field_offset == surname.length) {
		out->place = mrz_span_place(given);
		return;
	}
	out->place.line = surname.line + 1U;
	out->place.column = surname.column + 1U + out->field_offset;
	out->place.length = 1;
}

enum mrz_name_result
mrz_doc_compare_name(const struct mrz_doc *doc, const struct mrz_name *name,
    enum mrz_language language, struct mrz_name_match *out)
{
	const struct layout *layout = mrz_layout_find(doc->format);
	struct span span = { 0 };

	if (layout != NULL && layout->names != NAME_NONE)
		span = layout->fields[MRZ_F_SURNAME];
	if (span.length == 0) {
		memset(out, 0, sizeof(*out));
		out->reason = layout != NULL ? MRZ_R_NO_SUCH_FIELD
					     : MRZ_R_NO_LAYOUT;
		return out->result;
	}
	if (layout->names == NAME_APART) {
		compare_apart(doc, layout, name, language, out);
		return out->result;
	}
	mrz_name_compare(field_at(doc, span), span.length, name, language, out);
	if (out->result == MRZ_NAME_DIFFERS) {
		out->place.line = span.line + 1U;
		out->place.column = span.column + 1U + out->field_offset;
		out->place.length = 1;
	}
	return out->result;
}

static enum mrz_verdict
verdict_of(const struct mrz_name_match *match)
{
	switch (match->result) {
	case MRZ_NAME_MATCHES:
	case MRZ_NAME_MATCHES_TRUNCATED:
		return MRZ_PASSED;
	case MRZ_NAME_DIFFERS:
		return match->scripts == MRZ_SCRIPT_LATIN ? MRZ_FAILED
							  : MRZ_UNDETERMINED;
	default:
		if (match->reason == MRZ_R_NO_LAYOUT)
			return MRZ_NOT_RUN;
		return match->reason == MRZ_R_NO_SUCH_FIELD ? MRZ_NOT_OFFERED
							    : MRZ_UNDETERMINED;
	}
}

void
mrz_name_mark(struct mrz_doc *doc, const struct mrz_name_match *match)
{
	struct mrz_check *row = NULL;

	for (size_t i = 0; i < doc->n_checks && i < MRZ_MAX_CHECKS; i++)
		if (doc->checks[i].id == MRZ_C_NAME_MATCH)
			row = &doc->checks[i];
	if (row == NULL && doc->n_checks < MRZ_MAX_CHECKS)
		row = &doc->checks[doc->n_checks++];
	if (row == NULL)
		return;
	memset(row, 0, sizeof(*row));
	row->id = MRZ_C_NAME_MATCH;
	row->verdict = verdict_of(match);
	row->reason = match->reason;
	if (match->result == MRZ_NAME_MATCHES && match->loose)
		row->reason = MRZ_R_NAME_SHAPE;
	row->place = match->place;
}
