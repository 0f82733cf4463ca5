#include "verify.h"

#include "charset.h"
#include "check_digit.h"
#include "finding.h"
#include "mem.h"

/*
 * A document number of more than nine characters (TD1, TD2): nine in its
 * field, a filler in place of the check digit, and at the start of the
 * optional data the rest, its check digit and a filler (parts 5 and 6, note
 * j):
 *
 *   number field   digit   optional data
 *   D23145890        <     734 9 < ...
 *                          ^^^ rest_len
 */
struct long_number {
	bool is_long;
	bool complete;
	size_t rest_len;
	char digit;
};

/* What the steps share. */
struct run {
	const struct layout *layout;
	const struct zone *zone;
	int32_t today;
	struct long_number number;
	struct name name;
	struct mrz_doc *doc;
};

static const enum mrz_check_id digit_checks[N_DIGITS] = {
	[DIGIT_NUMBER] = MRZ_C_NUMBER,
	[DIGIT_BIRTH] = MRZ_C_BIRTH,
	[DIGIT_EXPIRY] = MRZ_C_EXPIRY,
	[DIGIT_OPTIONAL] = MRZ_C_OPTIONAL,
	[DIGIT_COMPOSITE] = MRZ_C_COMPOSITE,
};

static const char *
field_at(const struct run *run, enum mrz_field_id id)
{
	return mrz_zone_at(run->zone, run->layout->fields[id]);
}

static char
digit_at(const struct run *run, enum digit which)
{
	return *mrz_zone_at(run->zone, run->layout->digits[which].at);
}

static void
fail(struct mrz_field *field, enum mrz_reason reason, struct mrz_place wrong)
{
	if (field->verdict == MRZ_FAILED)
		return; /* the first reason is the nearest to the cause */
	field->verdict = MRZ_FAILED;
	field->reason = reason;
	field->wrong = wrong;
}

/* ---- Fields ---------------------------------------------------------- */

static void
find_long_number(struct run *run)
{
	struct span span = run->layout->fields[MRZ_F_OPTIONAL_DATA];
	const char *optional = field_at(run, MRZ_F_OPTIONAL_DATA);
	const char *number = field_at(run, MRZ_F_DOCUMENT_NUMBER);
	size_t end = 0;

	if (!run->layout->long_number || optional[0] == FILLER ||
	    digit_at(run, DIGIT_NUMBER) != FILLER)
		return;
	run->number.is_long = true;
	while (end < span.length && optional[end] != FILLER)
		end++;
	/* One character of the rest, the digit and a filler at the least; and
	 * the field itself must be full. */
	if (end < 2 || end == span.length || number[8] == FILLER ||
	    !mrz_is_digit(optional[end - 1]))
		return;
	run->number.complete = true;
	run->number.rest_len = end - 1;
	run->number.digit = optional[end - 1];
}

/* Characters of the zone without trailing fillers, NUL-terminated. What is
 * not printable is shown as '?'. */
static void
copy_text(const char *from, size_t len, char *to)
{
	while (len > 0 && from[len - 1] == FILLER)
		len--;
	for (size_t i = 0; i < len; i++)
		to[i] = from[i] >= ' ' && from[i] <= '~' ? from[i] : '?';
	to[len] = '\0';
}

static void
cut_name_part(const struct run *run, enum mrz_field_id id,
    const struct name_part *part)
{
	struct span span = mrz_layout_span(run->layout, id);
	struct mrz_field *field = &run->doc->fields[id];

	field->present = true;
	copy_text(part->text, mrz_text_len(part->text), field->text);
	span.column = (uint8_t)(span.column + part->offset);
	span.length = (uint8_t)part->length;
	field->place = mrz_span_place(span);
}

static void
cut_names(struct run *run)
{
	const struct span *fields = run->layout->fields;
	struct name *name = &run->name;

	if (run->layout->names == NAME_NONE)
		return;
	if (run->layout->names == NAME_JOINED)
		mrz_name_split(field_at(run, MRZ_F_SURNAME),
		    fields[MRZ_F_SURNAME].length, name);
	else
		mrz_name_read(field_at(run, MRZ_F_SURNAME),
		    fields[MRZ_F_SURNAME].length,
		    field_at(run, MRZ_F_GIVEN_NAMES),
		    fields[MRZ_F_GIVEN_NAMES].length, name);
	cut_name_part(run, MRZ_F_SURNAME, &name->primary);
	if (mrz_layout_span(run->layout, MRZ_F_GIVEN_NAMES).length > 0)
		cut_name_part(run, MRZ_F_GIVEN_NAMES, &name->secondary);
	run->doc->maybe_truncated = name->fills || name->given_fills;
}

/* The rest of a long number goes from the optional data to the number. */
static void
move_long_number(struct run *run)
{
	struct mrz_field *number = &run->doc->fields[MRZ_F_DOCUMENT_NUMBER];
	struct mrz_field *optional = &run->doc->fields[MRZ_F_OPTIONAL_DATA];
	struct span span = run->layout->fields[MRZ_F_OPTIONAL_DATA];
	const char *at = field_at(run, MRZ_F_OPTIONAL_DATA);
	size_t moved = run->number.rest_len + 2;

	if (run->layout->digits[DIGIT_NUMBER].at.length > 0)
		run->doc->number_check_digit = digit_at(run, DIGIT_NUMBER);
	if (!run->number.complete)
		return;
	copy_text(at, run->number.rest_len, number->text + 9);
	run->doc->number_check_digit = run->number.digit;
	span.column = (uint8_t)(span.column + moved);
	span.length = (uint8_t)(span.length - moved);
	copy_text(at + moved, span.length, optional->text);
	optional->place = mrz_span_place(span);
}

static void
cut_fields(struct run *run)
{
	for (size_t i = 0; i < MRZ_N_FIELDS; i++) {
		struct span span = run->layout->fields[i];
		struct mrz_field *field = &run->doc->fields[i];

		if (span.length == 0 || i == MRZ_F_SURNAME ||
		    i == MRZ_F_GIVEN_NAMES)
			continue;
		field->present = true;
		field->place = mrz_span_place(span);
		copy_text(mrz_zone_at(run->zone, span), span.length,
		    field->text);
	}
	cut_names(run);
	move_long_number(run);
}

/* ---- Checks ---------------------------------------------------------- */

/* Whether a stands before b in reading order. */
static bool
is_before(struct mrz_place a, struct mrz_place b)
{
	return a.line < b.line || (a.line == b.line && a.column < b.column);
}

/* The identifier that holds the place, or both if neither does. */
static void
fail_name(struct run *run, size_t at, enum mrz_reason reason,
    struct mrz_place wrong)
{
	const struct name_part *given = &run->name.secondary;
	const struct name_part *surname = &run->name.primary;
	bool in_surname = at >= surname->offset &&
			  at - surname->offset < surname->length;
	bool in_given = at >= given->offset &&
			at - given->offset < given->length;

	if (!in_given)
		fail(&run->doc->fields[MRZ_F_SURNAME], reason, wrong);
	if (!in_surname)
		fail(&run->doc->fields[MRZ_F_GIVEN_NAMES], reason, wrong);
}

/* The first in reading order decides. */
static void
fail_characters(struct run *run, enum mrz_reason reason, struct mrz_place place)
{
	struct mrz_check *check = &run->doc->checks[MRZ_C_CHARACTERS];

	if (check->verdict == MRZ_FAILED && !is_before(place, check->place))
		return;
	check->verdict = MRZ_FAILED;
	check->reason = reason;
	check->place = place;
}

/* Runs where nothing but fillers stands. */
static void
check_fillers(struct run *run)
{
	for (size_t i = 0; i < MAX_FILLERS; i++) {
		struct span span = run->layout->fillers[i];

		for (; span.length > 0; span.column++, span.length--) {
			struct mrz_place place = mrz_span_place(span);
			size_t at;
			enum mrz_reason reason = mrz_pattern_check(PATTERN_ANY,
			    mrz_zone_at(run->zone, span), 1, &at);

			if (*mrz_zone_at(run->zone, span) == FILLER)
				continue;
			place.length = 1;
			fail_characters(run,
			    reason != MRZ_R_NONE ? reason
						 : MRZ_R_FILLER_EXPECTED,
			    place);
			break;
		}
	}
}

static void
check_characters(struct run *run)
{
	run->doc->checks[MRZ_C_CHARACTERS].verdict = MRZ_PASSED;
	for (size_t i = 0; i < MRZ_N_FIELDS; i++) {
		enum mrz_field_id id = (enum mrz_field_id)i;
		struct span span = run->layout->fields[i];
		struct mrz_place place;
		enum mrz_reason reason;
		size_t at = 0;

		if (span.length == 0)
			continue;
		reason = mrz_layout_check(run->layout, id,
		    mrz_zone_at(run->zone, span), &at);
		if (reason == MRZ_R_NONE)
			continue;
		place = mrz_span_place(span);
		place.column += (uint32_t)at;
		place.length = reason == MRZ_R_EMPTY_FIELD ? span.length : 1;
		if (i == MRZ_F_SURNAME && run->layout->names == NAME_JOINED)
			fail_name(run, at, reason, place);
		else
			fail(&run->doc->fields[i], reason, place);
		fail_characters(run, reason, place);
	}
	check_fillers(run);
}

static void
judge_digit(struct mrz_check *check)
{
	if (check->computed != '\0' && check->printed == check->computed) {
		check->verdict = MRZ_PASSED;
		return;
	}
	check->verdict = MRZ_FAILED;
	check->reason = mrz_is_digit(check->printed) ? MRZ_R_CHECK_DIGIT
						     : MRZ_R_NO_CHECK_DIGIT;
}

/*
 * The standard counts the characters of the number only; some issuers count
 * the filler in the place of the check digit too. Both are in the field.
 */
static void
check_long_number(struct run *run, struct mrz_check *check)
{
	struct span span = run->layout->fields[MRZ_F_OPTIONAL_DATA];
	const char *number = field_at(run, MRZ_F_DOCUMENT_NUMBER);
	const char *rest = field_at(run, MRZ_F_OPTIONAL_DATA);
	struct digit_sum plain = { 0 }, filled = { 0 };
	bool by_plain, by_filled;

	if (!run->number.complete) {
		check->verdict = MRZ_FAILED;
		check->reason = MRZ_R_LONG_NUMBER;
		check->place = mrz_span_place(span);
		return;
	}
	mrz_digit_add(&plain, number, 9);
	mrz_digit_add(&filled, number, 10); /* the filler follows it */
	mrz_digit_add(&plain, rest, run->number.rest_len);
	mrz_digit_add(&filled, rest, run->number.rest_len);
	check->printed = run->number.digit;
	check->computed = mrz_digit_end(&plain);
	span.column = (uint8_t)(span.column + run->number.rest_len);
	span.length = 1;
	check->place = mrz_span_place(span);
	judge_digit(check);
	by_plain = check->verdict == MRZ_PASSED;
	by_filled = mrz_digit_end(&filled) == check->printed;
	if (by_plain) {
		run->doc->number_rule = by_filled ? MRZ_NUMBER_LONG_EITHER
						  : MRZ_NUMBER_LONG;
	} else if (by_filled) {
		check->verdict = MRZ_PASSED;
		check->reason = MRZ_R_FILLER_COUNTED;
		run->doc->number_rule = MRZ_NUMBER_LONG_FILLER;
	}
}

static bool
is_empty(const struct run *run, enum mrz_field_id id)
{
	return run->doc->fields[id].text[0] == '\0';
}

static void
check_digits(struct run *run)
{
	for (size_t i = 0; i < N_DIGITS; i++) {
		enum digit which = (enum digit)i;
		struct mrz_check *check = &run->doc->checks[digit_checks[i]];

		if (run->layout->digits[i].at.length == 0) {
			check->verdict = MRZ_NOT_OFFERED;
			check->reason = MRZ_R_NOT_IN_LAYOUT;
			continue;
		}
		if (which == DIGIT_NUMBER && run->number.is_long) {
			check_long_number(run, check);
			continue;
		}
		check->place = mrz_span_place(run->layout->digits[i].at);
		check->printed = digit_at(run, which);
		check->computed = mrz_layout_digit(run->layout, run->zone,
		    which);
		/* Empty optional data may go without a digit (Doc 9303-4). */
		if (which == DIGIT_OPTIONAL && check->printed == FILLER &&
		    is_empty(run, MRZ_F_OPTIONAL_DATA))
			check->verdict = MRZ_PASSED;
		else
			judge_digit(check);
		if (which == DIGIT_NUMBER && check->verdict == MRZ_PASSED)
			run->doc->number_rule = MRZ_NUMBER_SHORT;
	}
}

static void
check_date(struct run *run, enum mrz_check_id id, enum mrz_field_id field_id,
    enum mrz_date_kind kind, struct mrz_date *date)
{
	struct mrz_check *check = &run->doc->checks[id];
	struct mrz_field *field = &run->doc->fields[field_id];

	if (!field->present) {
		check->verdict = MRZ_NOT_OFFERED;
		check->reason = MRZ_R_NO_SUCH_FIELD;
		return;
	}
	check->place = field->place;
	if (mrz_date_parse(field_at(run, field_id), kind, run->today, date,
		&check->reason)) {
		check->verdict = MRZ_PASSED;
		return;
	}
	check->verdict = MRZ_FAILED;
	fail(field, check->reason, check->place);
}

/* ---- Verdicts -------------------------------------------------------- */

/* Whether the composite digit covers some of a field. */
static bool
is_under_composite(const struct layout *layout, struct span span)
{
	for (size_t i = 0; i < MAX_RUNS; i++) {
		struct span run = layout->digits[DIGIT_COMPOSITE].runs[i];

		if (run.line == span.line &&
		    run.column < span.column + span.length &&
		    span.column < run.column + run.length)
			return true;
	}
	return false;
}

/* What the layout has for a field; its own digit comes with its verdict. */
static void
find_protection(struct run *run)
{
	for (size_t i = 0; i < MRZ_N_FIELDS; i++) {
		enum mrz_field_id id = (enum mrz_field_id)i;
		struct mrz_field *field = &run->doc->fields[i];

		if (!field->present)
			continue;
		field->protection = mrz_layout_protection(run->layout, id);
		if (is_under_composite(run->layout,
			mrz_layout_span(run->layout, id)))
			field->protection |= MRZ_BY_COMPOSITE;
	}
}

/* A field with a check digit of its own. */
static void
by_own_digit(struct run *run, enum mrz_field_id id, enum digit which)
{
	const struct mrz_check *check = &run->doc->checks[digit_checks[which]];
	struct mrz_field *field = &run->doc->fields[id];

	field->protection |= MRZ_BY_DIGIT;
	field->digit_printed = check->printed;
	field->digit_expected = check->computed;
	if (check->verdict != MRZ_PASSED)
		fail(field, check->reason, check->place);
	else if (field->verdict == MRZ_NOT_RUN)
		field->verdict = MRZ_PASSED;
}

/* A field under the composite digit alone, or under none. */
static void
by_composite(struct run *run, enum mrz_field_id id)
{
	const struct mrz_check *check = &run->doc->checks[MRZ_C_COMPOSITE];
	struct mrz_field *field = &run->doc->fields[id];

	if (!field->present || field->verdict != MRZ_NOT_RUN)
		return;
	if (check->verdict == MRZ_PASSED) {
		field->verdict = MRZ_PASSED;
	} else if (check->verdict == MRZ_FAILED) {
		field->verdict = MRZ_UNDETERMINED;
		field->reason = MRZ_R_COMPOSITE;
	}
}

static void
judge_fields(struct run *run)
{
	static const enum mrz_field_id own[] = {
		[DIGIT_NUMBER] = MRZ_F_DOCUMENT_NUMBER,
		[DIGIT_BIRTH] = MRZ_F_DATE_OF_BIRTH,
		[DIGIT_EXPIRY] = MRZ_F_DATE_OF_EXPIRY,
		[DIGIT_OPTIONAL] = MRZ_F_OPTIONAL_DATA,
	};

	for (size_t i = 0; i < DIGIT_COMPOSITE; i++)
		if (run->layout->digits[i].at.length > 0)
			by_own_digit(run, own[i], (enum digit)i);
	for (size_t i = 0; i < MRZ_N_FIELDS; i++) {
		struct mrz_field *field = &run->doc->fields[i];

		if (field->protection & MRZ_BY_COMPOSITE)
			by_composite(run, (enum mrz_field_id)i);
		if (!field->present || field->verdict != MRZ_NOT_RUN)
			continue;
		field->verdict = MRZ_NOT_OFFERED;
		field->reason = MRZ_R_UNPROTECTED;
	}
}

static bool
all_passed(const struct mrz_doc *doc, const enum mrz_check_id *ids, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct mrz_check *check = &doc->checks[ids[i]];

		if (check->verdict != MRZ_PASSED &&
		    check->verdict != MRZ_NOT_OFFERED)
			return false;
	}
	return true;
}

/* How far a zone came of which a layout fits. */
static enum mrz_stage
stage(const struct mrz_doc *doc)
{
	static const enum mrz_check_id dates[] = { MRZ_C_BIRTH_DATE,
		MRZ_C_EXPIRY_DATE };

	if (doc->checks[MRZ_C_CHARACTERS].verdict != MRZ_PASSED)
		return MRZ_STAGE_LAYOUT;
	if (!all_passed(doc, digit_checks, N_DIGITS))
		return MRZ_STAGE_CHARACTERS;
	if (!all_passed(doc, dates, sizeof(dates) / sizeof(dates[0])))
		return MRZ_STAGE_DIGITS;
	return MRZ_STAGE_DATES;
}

/* Accepted only if every check that proves something passed, or is one that
 * the layout does not have. */
static enum mrz_status
judge(const struct mrz_doc *doc)
{
	for (size_t i = 0; i < doc->n_checks; i++) {
		const struct mrz_check *check = &doc->checks[i];

		if (mrz_check_is_finding(check->id) ||
		    check->verdict == MRZ_PASSED)
			continue;
		if (check->verdict == MRZ_NOT_OFFERED &&
		    (check->reason == MRZ_R_NOT_IN_LAYOUT ||
			check->reason == MRZ_R_NO_SUCH_FIELD))
			continue;
		return MRZ_REJECTED;
	}
	return MRZ_ACCEPTED;
}

void
mrz_verify(const struct layout *layout, const struct zone *zone, int32_t today,
    struct mrz_doc *doc)
{
	struct run run = {
		.layout = layout,
		.zone = zone,
		.today = today,
		.doc = doc,
	};

	_Static_assert((int)MRZ_N_CHECKS <= MRZ_MAX_CHECKS,
	    "struct mrz_doc has no room for a row of each check");
	doc->n_checks = MRZ_C_READING; /* that row is for pictures */
	doc->checks[MRZ_C_LAYOUT].verdict = MRZ_PASSED;
	find_long_number(&run);
	cut_fields(&run);
	check_characters(&run);
	check_digits(&run);
	check_date(&run, MRZ_C_BIRTH_DATE, MRZ_F_DATE_OF_BIRTH, MRZ_DATE_BIRTH,
	    &doc->birth);
	check_date(&run, MRZ_C_EXPIRY_DATE, MRZ_F_DATE_OF_EXPIRY,
	    MRZ_DATE_EXPIRY, &doc->expiry);
	find_protection(&run);
	judge_fields(&run);
	mrz_findings(layout, &run.name, today, doc);
	doc->stage = stage(doc);
	doc->status = judge(doc);
}
