#include "letters.h"

#include "charset.h"
#include "mem.h"

#define ALEF 0x0627
#define HEH  0x0647
#define LAM  0x0644

struct reader {
	const char *text;
	size_t len, pos;
	size_t start; /* of the code point read last */
	bool failed;
};

/* Smallest code point of each length: an encoding that is longer than it need
 * be is not UTF-8. */
static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };

static size_t
sequence_len(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xC2 && first < 0xE0)
		return 2;
	if (first >= 0xE0 && first < 0xF0)
		return 3;
	if (first >= 0xF0 && first < 0xF5)
		return 4;
	return 0;
}

/* The next code point; false at the end and, with failed set, at bytes that
 * are no UTF-8. */
static bool
next_code(struct reader *r, uint32_t *out)
{
	uint8_t first;
	size_t n;
	uint32_t code;

	r->start = r->pos;
	if (r->pos == r->len)
		return false;
	first = (uint8_t)r->text[r->pos];
	n = sequence_len(first);
	r->failed = n == 0 || n > r->len - r->pos;
	if (r->failed)
		return false;
	code = n == 1 ? first : first & (0x7FU >> n);
	for (size_t i = 1; i < n; i++) {
		uint8_t byte = (uint8_t)r->text[r->pos + i];

		if ((byte & 0xC0) != 0x80)
			r->failed = true;
		code = code << 6 | (byte & 0x3FU);
	}
	if (code < smallest[n] || code > 0x10FFFF ||
	    (code >= 0xD800 && code <= 0xDFFF))
		r->failed = true;
	if (r->failed)
		return false;
	r->pos += n;
	*out = code;
	return true;
}

bool
mrz_is_part(uint16_t code)
{
	return code < N_PARTS;
}

bool
mrz_is_arabic(uint16_t code)
{
	return code >= ARABIC && code < LATIN_2;
}

static bool
add(struct letters *letters, uint16_t code, size_t offset, uint8_t flags)
{
	if (letters->n == LETTERS_MAX)
		return false;
	letters->at[letters->n++] = (struct letter){ .code = code,
		.offset = (uint16_t)offset,
		.flags = flags };
	return true;
}

/* What parts letters: of several in a row the strongest stays. At the
 * beginning only two fillers count: there is no primary identifier. */
static bool
add_part(struct letters *letters, uint16_t part, size_t offset, uint8_t flags)
{
	struct letter *last = letters->n > 0 ? &letters->at[letters->n - 1]
					     : NULL;

	if (last == NULL && part != PART_IDENTIFIERS)
		return true;
	if (last == NULL || !mrz_is_part(last->code) ||
	    last->code == PART_DOUBLE)
		return add(letters, part, offset, flags);
	if (last->code < part)
		last->code = part;
	return true;
}

/* Shadda goes after a letter of its own script. */
static bool
add_double(struct letters *letters, size_t offset, uint8_t flags)
{
	if (letters->n == 0 || !mrz_is_arabic(letters->at[letters->n - 1].code))
		return false;
	return add(letters, PART_DOUBLE, offset, flags);
}

static bool
is_digit_somewhere(uint32_t code)
{
	return (code >= '0' && code <= '9') ||
	       (code >= 0x0660 && code <= 0x0669) ||
	       (code >= 0x06F0 && code <= 0x06F9);
}

static enum mrz_reason
reason_for(uint32_t code)
{
	return is_digit_somewhere(code) ? MRZ_R_LETTER_EXPECTED
					: MRZ_R_NO_TRANSLITERATION;
}

/* A code point that is no letter, or a mark on the letter before it. */
static enum mrz_reason
add_mark(struct letters *letters, uint32_t code, enum mark mark, bool run,
    size_t offset, uint8_t flags)
{
	bool room = true;

	switch (mark) {
	case MARK_NONE:
		break;
	case MARK_OMIT:
		room = add_part(letters, PART_OMITTED, offset, flags);
		break;
	case MARK_BLANK:
		room = add_part(letters,
		    run ? PART_IDENTIFIERS : PART_COMPONENTS, offset, flags);
		break;
	case MARK_COMMA:
		room = add_part(letters, PART_COMMA, offset, flags);
		break;
	case MARK_DOUBLE:
		if (letters->n == LETTERS_MAX)
			return MRZ_R_TOO_LONG;
		return add_double(letters, offset, flags)
			   ? MRZ_R_NONE
			   : MRZ_R_NO_TRANSLITERATION;
	default:
		return reason_for(code);
	}
	return room ? MRZ_R_NONE : MRZ_R_TOO_LONG;
}

static enum mrz_reason
add_letters(struct letters *letters, const uint16_t *codes, size_t n,
    size_t offset, uint8_t flags)
{
	for (size_t i = 0; i < n; i++)
		if (!add(letters, codes[i], offset, flags))
			return MRZ_R_TOO_LONG;
	return MRZ_R_NONE;
}

/* The letter that marks go on. */
struct base {
	uint16_t code; /* 0: none */
	size_t at;
};

/* A letter that is in the tables only together with the mark after it. */
static bool
add_composed(struct letters *letters, const struct reader *r, uint32_t code,
    uint8_t flags)
{
	struct reader after = *r;
	uint32_t mark = 0;
	uint16_t whole;

	if (!next_code(&after, &mark))
		return false;
	whole = mrz_compose(code, mark);
	return whole != 0 && add(letters, whole, r->start, flags);
}

static enum mrz_reason
add_code(struct letters *letters, struct reader *r, uint32_t code, bool run,
    struct base *base, uint8_t flags)
{
	uint16_t whole = mrz_compose(base->code, code), codes[SPELLING_MAX];
	size_t n = mrz_fold(code, codes);
	enum mark mark = mrz_mark_of(code);
	enum mrz_reason reason;

	if (whole != 0) {
		letters->at[base->at].code = whole;
		base->code = 0;
		return MRZ_R_NONE;
	}
	if (n > 0) {
		reason = add_letters(letters, codes, n, r->start, flags);
		*base = (struct base){ codes[n - 1], letters->n - 1 };
		return reason;
	}
	if (mark != MARK_NONE && mark != MARK_DOUBLE)
		base->code = 0;
	if (mark == MARK_NO && add_composed(letters, r, code, flags)) {
		/* The mark itself. */
		return next_code(r, &code) ? MRZ_R_NONE : MRZ_R_NOT_UTF8;
	}
	return add_mark(letters, code, mark, run, r->start, flags);
}

bool
mrz_letters_add(struct letters *letters, const char *utf8, size_t len,
    uint8_t flags, struct mrz_text_problem *problem)
{
	struct reader r = { .text = utf8, .len = len };
	enum mrz_reason reason = MRZ_R_NONE;
	struct base base = { 0, 0 };
	uint32_t code = 0;
	bool was_filler = false;

	if (len > LETTERS_MAX_TEXT ||
	    (flags != 0 && !add_part(letters, PART_IDENTIFIERS, 0, flags)))
		reason = MRZ_R_TOO_LONG;
	while (reason == MRZ_R_NONE && next_code(&r, &code)) {
		bool run = was_filler && code == FILLER;

		was_filler = code == FILLER;
		reason = add_code(letters, &r, code, run, &base, flags);
	}
	if (r.failed) {
		reason = MRZ_R_NOT_UTF8;
		code = 0;
	}
	memset(problem, 0, sizeof(*problem));
	if (reason == MRZ_R_NONE)
		return true;
	problem->offset = (uint32_t)r.start;
	problem->code_point = code;
	problem->reason = reason;
	return false;
}

static bool
ends_component(const struct letters *letters, size_t i)
{
	while (i < letters->n && (letters->at[i].code == PART_OMITTED ||
				     letters->at[i].code == PART_DOUBLE))
		i++;
	return i == letters->n || mrz_is_part(letters->at[i].code);
}

/* Alef, lam, lam (and its shadda), heh: flags the heh, takes the shadda out,
 * which the MRZ does not show in this word. */
static void
mark_allah(struct letters *letters, size_t i)
{
	struct letter *at = &letters->at[i];
	size_t left = letters->n - i, heh = 3;

	if (left < 4 || at[0].code != ALEF || at[1].code != LAM ||
	    at[2].code != LAM)
		return;
	if (at[3].code == PART_DOUBLE)
		heh = 4;
	if (heh >= left || at[heh].code != HEH ||
	    !(at[heh].flags & LETTER_LAST) ||
	    (heh + 1 < left && at[heh + 1].code == PART_DOUBLE))
		return;
	at[heh].flags |= LETTER_ALLAH;
	if (heh == 4) {
		memmove(&at[3], &at[4], (left - 4) * sizeof(at[0]));
		letters->n--;
	}
}

void
mrz_letters_end(struct letters *letters)
{
	bool first = true;

	while (letters->n > 0 &&
	       mrz_is_part(letters->at[letters->n - 1].code) &&
	       letters->at[letters->n - 1].code != PART_DOUBLE)
		letters->n--;
	for (size_t i = 0; i < letters->n; i++) {
		struct letter *letter = &letters->at[i];

		if (mrz_is_part(letter->code)) {
			if (letter->code == PART_COMMA)
				letters->comma = true;
			if (letter->code == PART_IDENTIFIERS)
				letters->identifiers = true;
			if (letter->code != PART_OMITTED &&
			    letter->code != PART_DOUBLE)
				first = true;
			continue;
		}
		if (first)
			letter->flags |= LETTER_FIRST;
		first = false;
		if (ends_component(letters, i + 1))
			letter->flags |= LETTER_LAST;
	}
	for (size_t i = 0; i < letters->n; i++)
		mark_allah(letters, i);
}
