#include "mrz_collect.h"

#include <string.h>

#define MAX_EDGE 2

/*
 * How a record begins and ends; the longer of two that begin alike is first.
 * pass_over: it is of a stripe or a barcode. Bytes outside of all frames are
 * bare lines. What a reader puts before or behind a frame (DESKO: one
 * delimiter) is too short to be told.
 */
struct mrz_framing {
	const char *name;
	uint8_t start[MAX_EDGE];
	size_t n_start;
	uint8_t end[MAX_EDGE];
	size_t n_end;
	bool pass_over;
};

static const struct mrz_framing framings[] = {
	{ "Access-IS", { 0x1c, 0x02 }, 2, { 0x03, 0x1d }, 2, false },
	{ "Access-IS stripe", { 0x0e, 0x02 }, 2, { 0x03, 0x0f }, 2, true },
	{ "Access-IS barcode", { 0x1e, 0x02 }, 2, { 0x03, 0x1f }, 2, true },
	{ "FS/GS", { 0x1c }, 1, { 0x1d }, 1, false },
	{ "STX/ETX", { 0x02 }, 1, { 0x03 }, 1, false },
};

/* Line lengths at which a zone can be whole though no line end came: readers
 * with answers of a fixed length send none behind the last line. */
static const struct {
	size_t lines;
	size_t len;
} whole[] = { { 3, 30 }, { 2, 36 }, { 2, 44 }, { 1, 88 }, { 1, 90 } };

static const uint8_t arm_command[MRZ_COLLECT_COMMAND_LEN] = { 0x43, 0x00, 0x01,
	0x01 };

#define ELYCTIS_INQUIRE  0x49
#define ELYCTIS_CONTINUE 0x43
#define ELYCTIS_MAX      512

static const char cut_off[] = "the record broke off";
static const char unproven[] = "no check digits vouch for what was read";
static const char too_long[] = "more was read than a zone has";

static void
clear(struct mrz_collect *collect)
{
	explicit_bzero(collect->lines, sizeof(collect->lines));
	memset(collect->len, 0, sizeof(collect->len));
	explicit_bzero(collect->header, sizeof(collect->header));
	collect->before = 0;
	collect->n = 0;
	collect->n_header = 0;
	collect->left = 0;
	collect->passed = 0;
	collect->dropped = 0;
	collect->spoilt = false;
	collect->frame = NULL;
	collect->busy = false;
	collect->settled = false;
}

void
mrz_collect_init(struct mrz_collect *collect, enum mrz_protocol protocol)
{
	memset(collect, 0, sizeof(*collect));
	collect->protocol = protocol;
	collect->arm = protocol == MRZ_PROTOCOL_ELYCTIS;
	collect->sent = -1;
}

/* Lines, the growing one among them if there is something in it. */
static size_t
n_lines(const struct mrz_collect *collect)
{
	return collect->n + (collect->len[collect->n] > 0);
}

static size_t
n_characters(const struct mrz_collect *collect)
{
	size_t sum = collect->dropped;

	for (size_t i = 0; i <= collect->n; i++)
		sum += collect->len[i];
	return sum;
}

static const char *
framing_name(const struct mrz_collect *collect)
{
	if (collect->protocol == MRZ_PROTOCOL_ELYCTIS)
		return "Elyctis";
	return collect->frame != NULL ? collect->frame->name : "lines";
}

static void
reject(struct mrz_collect *collect, const char *why)
{
	collect->rejected = why;
	collect->rejected_how = framing_name(collect);
}

void
mrz_collect_drop(struct mrz_collect *collect, const char *why)
{
	if (n_characters(collect) >= MRZ_COLLECT_TELL)
		reject(collect, why);
	clear(collect);
}

/* Accepted by libmrz, and by a check digit, not for want of one. */
static bool
is_proven(const struct mrz_doc *doc)
{
	static const enum mrz_check_id digits[] = { MRZ_C_NUMBER, MRZ_C_BIRTH,
		MRZ_C_EXPIRY, MRZ_C_OPTIONAL, MRZ_C_COMPOSITE };

	if (doc->status != MRZ_ACCEPTED)
		return false;
	for (size_t i = 0; i < sizeof(digits) / sizeof(digits[0]); i++) {
		const struct mrz_check *check = mrz_doc_check(doc, digits[i]);

		if (check != NULL && check->verdict == MRZ_PASSED)
			return true;
	}
	return false;
}

static void
give(struct mrz_collect *collect, const struct mrz_doc *doc)
{
	struct mrz_swipe *out = &collect->ready;

	for (unsigned i = 0; i < doc->n_lines; i++) {
		memcpy(out->text + out->len, doc->lines[i], doc->line_len[i]);
		out->len += doc->line_len[i];
		out->text[out->len++] = '\n';
	}
	out->text[out->len] = '\0';
	out->format = doc->format;
	out->how = framing_name(collect);
	out->why = "";
}

/* Are the last n lines a document? Then it is ready, and all is cleared. */
static bool
judge(struct mrz_collect *collect, size_t n)
{
	char text[MRZ_MAX_LINES * (MRZ_COLLECT_LINE_CAP + 1)];
	size_t total = n_lines(collect), len = 0, before = collect->dropped;
	struct mrz_doc doc;
	bool good;

	if (n == 0 || n > total || n > MRZ_MAX_LINES || collect->spoilt)
		return false;
	for (size_t i = 0; i < total - n; i++)
		before += collect->len[i];
	for (size_t i = total - n; i < total; i++) {
		memcpy(text + len, collect->lines[i], collect->len[i]);
		len += collect->len[i];
		text[len++] = '\n';
	}
	good = mrz_parse(text, len, NULL, &doc) == MRZ_OK && is_proven(&doc);
	if (good) {
		give(collect, &doc);
		if (before >= MRZ_COLLECT_TELL)
			reject(collect, unproven);
		clear(collect);
	}
	explicit_bzero(text, sizeof(text));
	explicit_bzero(&doc, sizeof(doc));
	return good;
}

/* Bare lines do not say how many belong together. */
static bool
judge_any(struct mrz_collect *collect)
{
	return judge(collect, 3) || judge(collect, 2) || judge(collect, 1);
}

/* Do the lines up to the growing one have the lengths of a whole zone? */
static bool
is_whole(const struct mrz_collect *collect, size_t *out_lines)
{
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		bool fits = collect->n + 1 >= whole[i].lines;

		for (size_t k = 0; fits && k < whole[i].lines; k++)
			fits = collect->len[collect->n - k] == whole[i].len;
		if (fits) {
			*out_lines = whole[i].lines;
			return true;
		}
	}
	return false;
}

static void
drop_first_line(struct mrz_collect *collect)
{
	collect->dropped += collect->len[0];
	for (size_t i = 0; i < collect->n; i++) {
		memcpy(collect->lines[i], collect->lines[i + 1],
		    sizeof(collect->lines[i]));
		collect->len[i] = collect->len[i + 1];
	}
	explicit_bzero(collect->lines[collect->n], MRZ_COLLECT_LINE_CAP);
	collect->len[collect->n--] = 0;
}

/* A line has ended, and outside of a frame perhaps a document. */
static void
end_line(struct mrz_collect *collect)
{
	if (collect->len[collect->n] == 0)
		return;
	if (collect->frame == NULL && collect->protocol == MRZ_PROTOCOL_LINES) {
		if (collect->spoilt) {
			size_t lost = n_characters(collect);

			clear(collect);
			collect->dropped = lost;
			collect->busy = true;
			return;
		}
		/* One line may be the first of three: see settle. */
		if (judge(collect, 3) || judge(collect, 2) ||
		    (collect->len[collect->n] > MRZ_MAX_LINE_LEN &&
			judge(collect, 1)))
			return;
	}
	if (collect->n == MRZ_MAX_LINES) {
		collect->spoilt |= collect->frame != NULL ||
				   collect->protocol == MRZ_PROTOCOL_ELYCTIS;
		drop_first_line(collect);
	}
	collect->n++;
}

static void
add_character(struct mrz_collect *collect, uint8_t byte)
{
	size_t *len = &collect->len[collect->n], lines;

	if (*len == MRZ_COLLECT_LINE_CAP) {
		collect->spoilt = true;
		if (collect->dropped < SIZE_MAX / 2)
			collect->dropped++;
		return;
	}
	/* What is no ASCII is no character of a zone, whatever it was. */
	collect->lines[collect->n][(*len)++] = byte < 0x80 ? (char)byte : '?';
	if (collect->frame == NULL && collect->protocol == MRZ_PROTOCOL_LINES &&
	    is_whole(collect, &lines))
		(void)judge(collect, lines);
}

static void
add_text(struct mrz_collect *collect, uint8_t byte)
{
	if (byte == '\r' || byte == '\n')
		end_line(collect);
	else if (byte >= ' ' && byte != 0x7f)
		add_character(collect, byte);
}

static bool
is_edge(const struct mrz_collect *collect, const uint8_t edge[MAX_EDGE],
    size_t n, uint8_t byte)
{
	return edge[n - 1] == byte && (n == 1 || edge[0] == collect->before);
}

static const struct mrz_framing *
frame_that_begins(const struct mrz_collect *collect, uint8_t byte)
{
	for (size_t i = 0; i < sizeof(framings) / sizeof(framings[0]); i++)
		if (is_edge(collect, framings[i].start, framings[i].n_start,
			byte))
			return &framings[i];
	return NULL;
}

static void
begin_frame(struct mrz_collect *collect, const struct mrz_framing *frame,
    int64_t now)
{
	mrz_collect_drop(collect, cut_off);
	collect->frame = frame;
	collect->busy = true;
	collect->first = now;
}

static void
end_frame(struct mrz_collect *collect)
{
	const char *why = collect->spoilt ? too_long : unproven;

	if (!collect->frame->pass_over && !judge(collect, n_lines(collect)))
		reject(collect, why);
	clear(collect);
}

static void
take_line_byte(struct mrz_collect *collect, uint8_t byte, int64_t now)
{
	const struct mrz_framing *begins = frame_that_begins(collect, byte);
	const struct mrz_framing *frame = collect->frame;

	/* 1E 02 within a record of that kind is data. */
	if (begins != NULL && (frame == NULL || !frame->pass_over))
		begin_frame(collect, begins, now);
	else if (frame != NULL &&
		 is_edge(collect, frame->end, frame->n_end, byte))
		end_frame(collect);
	else if (frame != NULL && frame->pass_over) {
		if (++collect->passed > MRZ_COLLECT_PASS_OVER)
			clear(collect);
	} else
		add_text(collect, byte);
}

/* A whole answer of an Elyctis reader. */
static void
end_answer(struct mrz_collect *collect)
{
	size_t payload = (size_t)collect->header[1] << 8 | collect->header[2];
	uint8_t command = collect->header[0];

	if (command == ELYCTIS_CONTINUE && payload == 1) {
		collect->sent = -1;
		clear(collect);
		return;
	}
	if ((command == ELYCTIS_CONTINUE || command == ELYCTIS_INQUIRE) &&
	    payload > 0) {
		const char *why = collect->spoilt ? too_long : unproven;

		if (!judge(collect, n_lines(collect)))
			reject(collect, why);
		collect->arm = true; /* it reads one document, and stops */
	}
	clear(collect);
}

static void
take_elyctis_byte(struct mrz_collect *collect, uint8_t byte)
{
	if (collect->n_header < sizeof(collect->header)) {
		collect->header[collect->n_header++] = byte;
		if (collect->n_header < sizeof(collect->header))
			return;
		collect->left = (size_t)collect->header[1] << 8 |
				collect->header[2];
		if (collect->left == 0)
			end_answer(collect);
		else if (collect->left > ELYCTIS_MAX)
			collect->spoilt = true;
		return;
	}
	/* Out of step: only a silence says where the next answer begins. */
	if (collect->left > ELYCTIS_MAX) {
		if (collect->dropped < SIZE_MAX / 2)
			collect->dropped++;
		return;
	}
	add_text(collect, byte);
	if (--collect->left == 0)
		end_answer(collect);
}

/* A record that has a beginning and an end. */
static bool
is_framed(const struct mrz_collect *collect)
{
	return collect->protocol == MRZ_PROTOCOL_ELYCTIS ||
	       (collect->frame != NULL && !collect->frame->pass_over);
}

static int64_t
longest_gap(const struct mrz_collect *collect)
{
	return collect->protocol == MRZ_PROTOCOL_ELYCTIS ||
		       collect->frame != NULL
		   ? MRZ_COLLECT_GAP_MS
		   : MRZ_COLLECT_LINES_MS;
}

/* What is there after a silence, or after too long a time. */
static void
look_at_clock(struct mrz_collect *collect, int64_t now)
{
	bool over = now - collect->last >= longest_gap(collect) ||
		    now - collect->first >= MRZ_COLLECT_TOTAL_MS;
	bool framed = is_framed(collect);

	if (!collect->busy)
		return;
	if (now - collect->last >= MRZ_COLLECT_SETTLE_MS && !collect->settled) {
		collect->settled = true;
		/* A record whose end was lost, or lines without an end. An
		 * Elyctis answer says how long it is. */
		if (collect->protocol == MRZ_PROTOCOL_LINES &&
		    (collect->frame != NULL
			    ? framed && judge(collect, n_lines(collect))
			    : judge_any(collect)))
			return;
	}
	if (!over)
		return;
	if (framed && n_characters(collect) > 0) {
		reject(collect, cut_off);
		collect->arm |= collect->protocol == MRZ_PROTOCOL_ELYCTIS;
		clear(collect);
	} else
		mrz_collect_drop(collect,
		    collect->spoilt ? too_long : unproven);
}

void
mrz_collect_byte(struct mrz_collect *collect, uint8_t byte, int64_t now)
{
	bool was_busy;

	/* The caller may have been busy with something else: what lay there
	 * for long does not go together with what comes now. */
	look_at_clock(collect, now);
	was_busy = collect->busy;
	if (collect->protocol == MRZ_PROTOCOL_ELYCTIS) {
		collect->busy = true;
		take_elyctis_byte(collect, byte);
	} else {
		take_line_byte(collect, byte, now);
		collect->busy = collect->frame != NULL ||
				n_characters(collect) > 0;
	}
	collect->before = byte;
	if (!was_busy)
		collect->first = now;
	collect->last = now;
	collect->settled = false;
}

enum mrz_device_event
mrz_collect_take(struct mrz_collect *collect, int64_t now,
    struct mrz_swipe *out)
{
	if (collect->rejected == NULL && collect->ready.len == 0)
		look_at_clock(collect, now);
	if (collect->rejected != NULL) {
		memset(out, 0, sizeof(*out));
		out->how = collect->rejected_how;
		out->why = collect->rejected;
		collect->rejected = NULL;
		return MRZ_DEVICE_REJECTED;
	}
	if (collect->ready.len > 0) {
		*out = collect->ready;
		explicit_bzero(&collect->ready, sizeof(collect->ready));
		return MRZ_DEVICE_DOCUMENT;
	}
	return MRZ_DEVICE_NOTHING;
}

int64_t
mrz_collect_due(const struct mrz_collect *collect)
{
	int64_t due;

	if (collect->rejected != NULL || collect->ready.len > 0 ||
	    (collect->arm && !collect->busy))
		return 0;
	/* No command is sent into the middle of an answer. */
	if (!collect->busy)
		return collect->sent < 0 ? -1
					 : collect->sent + MRZ_COLLECT_ARM_MS;
	due = collect->last +
	      (collect->settled ? longest_gap(collect) : MRZ_COLLECT_SETTLE_MS);
	return due < collect->first + MRZ_COLLECT_TOTAL_MS
		   ? due
		   : collect->first + MRZ_COLLECT_TOTAL_MS;
}

size_t
mrz_collect_command(struct mrz_collect *collect, int64_t now,
    uint8_t out[MRZ_COLLECT_COMMAND_LEN])
{
	bool again = collect->sent >= 0 &&
		     now - collect->sent >= MRZ_COLLECT_ARM_MS;

	/* Not into the middle of an answer. */
	if ((!collect->arm && !again) || collect->busy)
		return 0;
	memcpy(out, arm_command, sizeof(arm_command));
	collect->arm = false;
	collect->sent = now;
	return sizeof(arm_command);
}
