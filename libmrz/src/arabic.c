/*
 * MRZ letters back to Arabic. No word of the table begins another, so that a
 * text has one reading at most.
 */
#include "charset.h"
#include "letters.h"
#include "mem.h"

#define WORD_MAX    3
#define SHADDA      0x0651
#define TEH_MARBUTA 0x0629

struct escape {
	char text[WORD_MAX + 1];
	uint16_t code;
};

/* After the type, which it needs. */
#include "arabic_table.h"

#define N_ESCAPES (sizeof(escapes) / sizeof(escapes[0]))

/* The one word of which the last letter is written as another, and the second
 * lam without shadda. */
#define ALLAH     "ALLXH"
#define ALLAH_LEN (sizeof(ALLAH) - 1)

struct decoder {
	const char *mrz;
	size_t len, pos;
	char *out;
	size_t cap, used;
	const struct escape *last; /* in this component */
	struct mrz_arabic *result;
};

static bool
parts(char c)
{
	return c == FILLER || c == ' ';
}

static const struct escape *
find_escape(const struct decoder *d, size_t *n)
{
	size_t left = d->len - d->pos;

	for (size_t i = 0; i < N_ESCAPES; i++) {
		*n = mrz_text_len(escapes[i].text);
		if (*n <= left &&
		    memcmp(d->mrz + d->pos, escapes[i].text, *n) == 0)
			return &escapes[i];
	}
	return NULL;
}

/* A blank, or a letter of the Arabic block: at most two bytes. */
static bool
put_code(struct decoder *d, uint16_t code)
{
	size_t n = code < 0x80 ? 1 : 2;

	if (n >= d->cap - d->used)
		return false;
	if (n == 1) {
		d->out[d->used++] = (char)code;
		return true;
	}
	d->out[d->used++] = (char)(0xC0 | code >> 6);
	d->out[d->used++] = (char)(0x80 | (code & 0x3F));
	return true;
}

static void
doubt(struct decoder *d, enum mrz_arabic_doubt kind, size_t offset)
{
	if (d->result->doubts & 1U << kind)
		return;
	d->result->doubts |= 1U << kind;
	d->result->offset[kind] = (uint32_t)offset;
}

/* Whether a component ends n characters from here. */
static bool
ends_after(const struct decoder *d, size_t n)
{
	return d->len - d->pos == n || parts(d->mrz[d->pos + n]);
}

/* Whether the word is at this place and ends a component. */
static bool
at_allah(const struct decoder *d)
{
	size_t left = d->len - d->pos;

	return left >= ALLAH_LEN &&
	       memcmp(d->mrz + d->pos, ALLAH, ALLAH_LEN) == 0 &&
	       ends_after(d, ALLAH_LEN);
}

static bool
put_allah(struct decoder *d)
{
	static const uint16_t letters[] = { 0x0627, 0x0644, 0x0644, 0x0647 };

	if (d->last != NULL && d->last->text[0] == ALLAH[0])
		doubt(d, MRZ_ARABIC_DOUBLED, d->pos);
	doubt(d, MRZ_ARABIC_ALLAH, d->pos);
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (!put_code(d, letters[i]))
			return false;
	d->pos += ALLAH_LEN;
	return true;
}

/* Whether a word repeats the letter before it. Teh marbuta has another word
 * at the end of a component: one of each are two letters. */
static bool
repeats(const struct decoder *d, const struct escape *escape)
{
	if (d->last == NULL || d->last == escape)
		return d->last == escape;
	return d->last->code == escape->code && escape->code != TEH_MARBUTA;
}

static bool
put_escape(struct decoder *d, const struct escape *escape, size_t n)
{
	bool doubled = repeats(d, escape);

	if (escape->text[0] == 'Y')
		doubt(d, MRZ_ARABIC_YEH, d->pos);
	if (doubled)
		doubt(d, MRZ_ARABIC_DOUBLED, d->pos);
	if (!put_code(d, doubled ? SHADDA : escape->code))
		return false;
	/* A third one is a letter again. */
	d->last = doubled ? NULL : escape;
	d->pos += n;
	return true;
}

/* What is at this place, as far as there is room; MRZ_E_CHARACTER if it is
 * nothing. */
static enum mrz_error
take(struct decoder *d)
{
	size_t n = 0;
	const struct escape *escape = find_escape(d, &n);
	bool room;

	if (parts(d->mrz[d->pos])) {
		room = put_code(d, ' ');
		d->last = NULL;
		d->pos++;
	} else if (at_allah(d)) {
		room = put_allah(d);
	} else if (escape != NULL) {
		room = put_escape(d, escape, n);
	} else {
		return MRZ_E_CHARACTER;
	}
	return room ? MRZ_OK : MRZ_E_SPACE;
}

/* X that could be an escape if the text went on. */
static bool
is_cut(const struct decoder *d)
{
	size_t left = d->len - d->pos;

	for (size_t i = 0; i < N_ESCAPES; i++)
		if (left < mrz_text_len(escapes[i].text) &&
		    memcmp(d->mrz + d->pos, escapes[i].text, left) == 0)
			return true;
	return false;
}

static enum mrz_reason
reason_for(const struct decoder *d)
{
	char c = d->mrz[d->pos];

	if (mrz_is_digit(c))
		return MRZ_R_LETTER_EXPECTED;
	if (!mrz_is_letter(c))
		return MRZ_R_NOT_MRZ_CHARACTER;
	return is_cut(d) ? MRZ_R_MAYBE_TRUNCATED : MRZ_R_NO_TRANSLITERATION;
}

enum mrz_error
mrz_arabic_decode(const char *mrz, size_t len, char *out, size_t cap,
    struct mrz_arabic *result)
{
	struct decoder d = { .mrz = mrz,
		.len = len,
		.out = out,
		.cap = cap,
		.result = result };
	enum mrz_error error = MRZ_OK;

	memset(result, 0, sizeof(*result));
	if (cap == 0)
		return MRZ_E_ARG;
	out[0] = '\0';
	if (len > LETTERS_MAX_TEXT)
		return MRZ_E_LENGTH;
	while (d.len > 0 && parts(mrz[d.len - 1]))
		d.len--;
	while (d.pos < d.len && error == MRZ_OK)
		error = take(&d);
	if (error == MRZ_E_CHARACTER) {
		result->problem.offset = (uint32_t)d.pos;
		result->problem.code_point = (uint8_t)mrz[d.pos];
		result->problem.reason = reason_for(&d);
	}
	out[d.used] = '\0';
	return error;
}
