/*
 * Text into a document: find the layout, cut the fields, run the checks. The
 * checks themselves are in verify.c.
 */
#include "charset.h"
#include "mem.h"
#include "text.h"
#include "verify.h"

/* A line that misses the length of a layout by this much still tells which
 * layout was meant. */
#define NEAR 3

struct lines {
	struct text_line at[MRZ_MAX_LINES];
	size_t n; /* all lines of the text, also those past at[] */
};

static void
read_lines(const char *text, size_t len, struct lines *out)
{
	struct text_line line;
	size_t pos = 0;
	bool gap;

	memset(out, 0, sizeof(*out));
	while (mrz_text_line(text, len, &pos, &line, &gap)) {
		if (out->n < MRZ_MAX_LINES)
			out->at[out->n] = line;
		out->n++;
	}
}

/* The whole zone on one line becomes the lines of the layout. */
static void
unfold(const struct layout *layout, struct lines *lines)
{
	const char *at = lines->at[0].at;

	for (size_t i = 0; i < layout->n_lines; i++) {
		lines->at[i].at = at;
		lines->at[i].len = layout->line_len[i];
		at += layout->line_len[i];
	}
	lines->n = layout->n_lines;
}

static bool
fits(const struct layout *layout, const struct lines *lines)
{
	if (lines->n == 1)
		return lines->at[0].len == mrz_layout_len(layout);
	if (lines->n != layout->n_lines)
		return false;
	for (size_t i = 0; i < lines->n; i++)
		if (lines->at[i].len != layout->line_len[i])
			return false;
	return true;
}

/* The line of the text, or of the unfolded zone, at which a head stands. */
static struct text_line
head_line(const struct layout *layout, const struct lines *lines)
{
	struct text_line line = lines->at[0];
	size_t before = 0;

	if (lines->n > 1)
		return lines->at[layout->head.line];
	for (size_t i = 0; i < layout->head.line; i++)
		before += layout->line_len[i];
	if (before > line.len)
		before = line.len;
	line.at += before;
	line.len -= before;
	return line;
}

static bool
begins_so(const struct layout *layout, const struct lines *lines)
{
	struct text_line line = head_line(layout, lines);

	return mrz_head_fits(layout, line.at, line.len);
}

static bool
begins_nearly_so(const struct layout *layout, const struct lines *lines)
{
	struct text_line line = head_line(layout, lines);

	return mrz_head_comes_near(layout, line.at, line.len);
}

static bool
is_visa(const struct lines *lines)
{
	return lines->at[0].at[0] == 'V';
}

/* The layouts that a text can be of, by its size and how it begins. */
#define MAX_FITTING 2

struct fitting {
	const struct layout *at[MAX_FITTING];
	size_t n;
};

static void
add_fitting(struct fitting *fitting, const struct layout *layout)
{
	if (fitting->n < MAX_FITTING)
		fitting->at[fitting->n++] = layout;
}

/* Visas share the size of passports and cards; the V is what tells them. */
static void
detect(const struct lines *lines, struct fitting *out)
{
	const struct layout *layout;
	bool visa = lines->n > 0 && is_visa(lines);

	out->n = 0;
	for (size_t i = 0; (layout = mrz_layout_at(i)) != NULL; i++)
		if (layout->visa == visa && fits(layout, lines) &&
		    begins_so(layout, lines))
			add_fitting(out, layout);
	if (out->n > 0)
		return;
	/* A TD1 card with a V is a card with a wrong code. */
	for (size_t i = 0; (layout = mrz_layout_at(i)) != NULL; i++)
		if (fits(layout, lines) && begins_so(layout, lines))
			add_fitting(out, layout);
}

static size_t
distance(size_t a, size_t b)
{
	return a > b ? a - b : b - a;
}

static bool
comes_near(const struct layout *layout, const struct lines *lines)
{
	if (lines->n == 1)
		return distance(lines->at[0].len, mrz_layout_len(layout)) <=
		       NEAR;
	if (lines->n != layout->n_lines)
		return false;
	for (size_t i = 0; i < lines->n; i++)
		if (distance(lines->at[i].len, layout->line_len[i]) > NEAR)
			return false;
	return true;
}

/* The first character, in reading order, that no MRZ can hold. */
static enum mrz_reason
find_foreign(const struct lines *lines, struct mrz_place *place)
{
	size_t n = lines->n < MRZ_MAX_LINES ? lines->n : MRZ_MAX_LINES;

	for (size_t i = 0; i < n; i++) {
		const struct text_line *line = &lines->at[i];
		size_t at = 0;
		enum mrz_reason reason = mrz_pattern_check(PATTERN_ANY,
		    line->at, line->len, &at);

		if (reason == MRZ_R_NONE)
			continue;
		place->line = (uint32_t)i + 1;
		place->column = (uint32_t)at + 1;
		place->length = 1;
		return reason;
	}
	return MRZ_R_NONE;
}

/* The first line whose length is not that of the layout: the characters that
 * are too many, or the place where one is wanting. */
static void
find_length(const struct layout *layout, const struct lines *lines,
    struct mrz_place *place)
{
	for (size_t i = 0; i < lines->n && i < MRZ_MAX_LINES; i++) {
		size_t len = lines->at[i].len;
		size_t want = lines->n == 1 ? mrz_layout_len(layout)
					    : layout->line_len[i];

		if (len == want)
			continue;
		place->line = (uint32_t)i + 1;
		place->column = (uint32_t)(len < want ? len : want) + 1;
		place->length = len > want ? (uint32_t)(len - want) : 1;
		return;
	}
}

/* The layouts that come near go into doc->candidates; the first of them, or
 * NULL. */
static const struct layout *
nearest(const struct lines *lines, struct mrz_doc *doc)
{
	const struct layout *layout, *first = NULL;

	for (size_t i = 0; (layout = mrz_layout_at(i)) != NULL; i++) {
		if (layout->visa != is_visa(lines) ||
		    !comes_near(layout, lines) ||
		    !begins_nearly_so(layout, lines))
			continue;
		doc->candidates |= 1u << layout->format;
		if (first == NULL)
			first = layout;
	}
	return first;
}

/* The same for the layouts to which a line of the text belongs: the first
 * line that belongs to any decides. */
static const struct layout *
meant_by_a_line(const struct lines *lines, struct mrz_doc *doc)
{
	const struct layout *layout, *first = NULL;

	for (size_t n = 0; n < lines->n && n < MRZ_MAX_LINES; n++) {
		for (size_t i = 0; (layout = mrz_layout_at(i)) != NULL; i++) {
			if (layout->visa != is_visa(lines) ||
			    layout->n_lines != lines->n ||
			    layout->line_len[n] != lines->at[n].len ||
			    !begins_nearly_so(layout, lines))
				continue;
			doc->candidates |= 1u << layout->format;
			if (first == NULL)
				first = layout;
		}
		if (first != NULL)
			return first;
	}
	return NULL;
}

static bool
has_line_len(const struct lines *lines, size_t len)
{
	const struct layout *layout;

	for (size_t k = 0; (layout = mrz_layout_at(k)) != NULL; k++) {
		for (size_t i = 0; i < layout->n_lines; i++)
			if (len == layout->line_len[i])
				return true;
		if (lines->n == 1 && len == mrz_layout_len(layout))
			return true;
	}
	return false;
}

/* The first line that no layout has; if there is none, the lines are too few
 * or too many. */
static enum mrz_reason
blame_line(const struct lines *lines, struct mrz_place *place)
{
	enum mrz_reason reason = MRZ_R_LINE_COUNT;
	size_t i = 0, len;

	if (lines->n <= MRZ_MAX_LINES) {
		while (i < lines->n && has_line_len(lines, lines->at[i].len))
			i++;
		if (i < lines->n)
			reason = MRZ_R_LINE_LENGTH;
		else
			i = 0;
	}
	len = lines->at[i].len;
	place->line = (uint32_t)i + 1;
	place->column = 1;
	place->length = len < UINT32_MAX ? (uint32_t)len : UINT32_MAX;
	return reason;
}

/* The first layout that has such lines, though they do not begin so. */
static const struct layout *
wrong_head(const struct lines *lines)
{
	const struct layout *layout;

	for (size_t i = 0; (layout = mrz_layout_at(i)) != NULL; i++)
		if (fits(layout, lines))
			return layout;
	return NULL;
}

/* The first characters of the line that tells the layouts apart. */
static void
find_head(const struct layout *layout, const struct lines *lines,
    struct mrz_place *place)
{
	struct text_line line = head_line(layout, lines);

	place->line = 1;
	place->column = 1;
	if (lines->n > 1)
		place->line += layout->head.line;
	else
		place->column += (uint32_t)(line.at - lines->at[0].at);
	place->length = (uint32_t)mrz_text_len(layout->head.texts[0]);
}

/* No layout fits: say why, and which come near. */
static enum mrz_error
explain(const struct lines *lines, struct mrz_doc *doc)
{
	struct mrz_check *check = &doc->checks[MRZ_C_LAYOUT];
	const struct layout *near, *headless;

	doc->n_checks = 1;
	check->id = MRZ_C_LAYOUT;
	check->verdict = MRZ_FAILED;
	if (lines->n == 0) {
		check->reason = MRZ_R_EMPTY_TEXT;
		return MRZ_E_EMPTY;
	}
	near = nearest(lines, doc);
	if (near == NULL)
		near = meant_by_a_line(lines, doc);
	doc->stage = MRZ_STAGE_TEXT;
	check->reason = find_foreign(lines, &check->place);
	if (check->reason != MRZ_R_NONE)
		return MRZ_E_LAYOUT;
	doc->stage = MRZ_STAGE_ALPHABET;
	headless = wrong_head(lines);
	if (headless != NULL) {
		check->reason = MRZ_R_HEAD;
		find_head(headless, lines, &check->place);
		return MRZ_E_LAYOUT;
	}
	if (near != NULL) {
		check->reason = MRZ_R_LINE_LENGTH;
		find_length(near, lines, &check->place);
		return MRZ_E_LAYOUT;
	}
	check->reason = blame_line(lines, &check->place);
	return MRZ_E_LAYOUT;
}

static void
show_lines(const struct lines *lines, struct mrz_doc *doc)
{
	doc->n_lines = (uint32_t)(lines->n < MRZ_MAX_LINES ? lines->n
							   : MRZ_MAX_LINES);
	doc->n_text_lines = lines->n < UINT32_MAX ? (uint32_t)lines->n
						  : UINT32_MAX;
	for (size_t i = 0; i < doc->n_lines; i++) {
		const struct text_line *line = &lines->at[i];
		size_t n = line->len < MRZ_MAX_LINE_LEN ? line->len
							: MRZ_MAX_LINE_LEN;

		doc->line_len[i] = line->len < UINT32_MAX ? (uint32_t)line->len
							  : UINT32_MAX;
		for (size_t j = 0; j < n; j++) {
			char c = line->at[j];

			doc->lines[i][j] = c >= ' ' && c <= '~' ? c : '?';
		}
	}
}

static void
clear(struct mrz_doc *out, size_t out_size)
{
	memset(out, 0, out_size);
	out->size = sizeof(*out);
	for (size_t i = 0; i < MRZ_MAX_CHECKS; i++)
		out->checks[i].id = (enum mrz_check_id)i;
}

static void
read_as(const struct layout *layout, struct lines lines, int32_t today,
    struct mrz_doc *out)
{
	struct zone zone;

	if (lines.n == 1)
		unfold(layout, &lines);
	show_lines(&lines, out);
	memset(&zone, FILLER, sizeof(zone));
	for (size_t i = 0; i < layout->n_lines; i++)
		memcpy(zone.at[i], lines.at[i].at, layout->line_len[i]);
	out->format = layout->format;
	mrz_verify(layout, &zone, today, out);
}

/* Whether a document of that status and stage is nearer to an accepted one. */
static bool
is_better(const struct mrz_doc *doc, enum mrz_status status,
    enum mrz_stage stage)
{
	return doc->status > status ||
	       (doc->status == status && doc->stage > stage);
}

/*
 * Of several layouts, the one as which the text verifies; there is no text
 * that verifies as two (test_layout.c looks). When it is none: the one that
 * comes farthest, and of two that come as far the one with a head.
 */
static void
choose(const struct fitting *fitting, const struct lines *lines, int32_t today,
    struct mrz_doc *out, size_t out_size)
{
	size_t best = fitting->n - 1;
	enum mrz_status status;
	enum mrz_stage stage;

	read_as(fitting->at[best], *lines, today, out);
	for (size_t i = best; i-- > 0 && out->status != MRZ_ACCEPTED;) {
		status = out->status;
		stage = out->stage;
		clear(out, out_size);
		read_as(fitting->at[i], *lines, today, out);
		if (is_better(out, status, stage)) {
			best = i;
			continue;
		}
		clear(out, out_size);
		read_as(fitting->at[best], *lines, today, out);
	}
	for (size_t i = 0; fitting->n > 1 && i < fitting->n; i++)
		out->candidates |= 1u << fitting->at[i]->format;
}

enum mrz_error
mrz_parse_sized(const char *text, size_t len, const struct mrz_options *options,
    struct mrz_doc *out, size_t out_size)
{
	struct fitting fitting;
	struct lines lines;
	int32_t today = MRZ_NO_DAY;

	/* The first form of the struct. When it has grown, this size is still
	 * served, from a copy. */
	if (out_size < sizeof(*out))
		return MRZ_E_ARG;
	clear(out, out_size);
	if (options != NULL) {
		if (options->size < sizeof(*options))
			return MRZ_E_ARG;
		today = options->today;
	}
	read_lines(text, len, &lines);
	detect(&lines, &fitting);
	if (fitting.n == 0) {
		show_lines(&lines, out);
		return explain(&lines, out);
	}
	choose(&fitting, &lines, today, out, out_size);
	return MRZ_OK;
}

const struct mrz_check *
mrz_doc_check(const struct mrz_doc *doc, enum mrz_check_id id)
{
	for (size_t i = 0; i < doc->n_checks && i < MRZ_MAX_CHECKS; i++)
		if (doc->checks[i].id == id)
			return &doc->checks[i];
	return NULL;
}
