/*
 * Reading a file in the fewest round trips: the first READ BINARY names the
 * file by its short identifier and asks for a full answer, which brings the
 * TLV's length along; the rest follows by offset.
 */
#include "reader/link_sizes.h"

#include "apdu/status_word.h"
#include "core/builder.h"
#include "core/diag.h"
#include "core/tlv.h"
#include "core/wipe.h"
#include "lds/files.h"

#include <stdlib.h>
#include <string.h>

#define FILE_MAX        (2u * 1024 * 1024) /* 900 kB faces are seen */
#define EVEN_OFFSET_END 0x8000u            /* P1 has 15 bits of offset */
#define SW_END_OF_FILE  0x6282
#define SW_WRONG_OFFSET 0x6B00
#define LE_MIN          64 /* below, it would not be worth learning */
#define SELECT_PROBE    8  /* bytes: enough for any tag and length */

static const char clause[] = "Doc 9303-10 3.6";

/* A file being read. */
struct reading {
	const struct emrtd_file_info *info;
	const char *what;
	uint8_t *buf; /* total bytes once the length is known */
	size_t len, total;
};

static enum emrtd_error
status_error(struct emrtd_diag *diag, const char *what, uint16_t sw)
{
	enum emrtd_error e = emrtd_status_error(sw);

	e = emrtd_fail(diag, e == EMRTD_OK ? EMRTD_E_STATUS : e, what, clause);
	emrtd_diag_sw(diag, sw);
	return e;
}

/* One READ BINARY; *got is a view into the session's chunk. */
static enum emrtd_error
read_binary(struct emrtd_session *s, const struct emrtd_command *command,
    const char *what, struct emrtd_diag *diag, struct emrtd_bytes *got)
{
	struct emrtd_out out = emrtd_out(s->chunk, EMRTD_RESPONSE_MAX);
	enum emrtd_error e;
	uint16_t sw;

	s->last_ne = command->ne;
	e = emrtd_channel_exchange(&s->channel, command, &out, &sw, diag);
	if (e != EMRTD_OK)
		return e;
	*got = emrtd_out_bytes(&out);
	if (sw != EMRTD_SW_OK && !(sw == SW_END_OF_FILE && got->len > 0))
		return status_error(diag, what, sw);
	if (got->len == 0)
		return emrtd_fail(diag, EMRTD_E_TRUNCATED, what, clause);
	if (got->len > command->ne)
		return emrtd_fail(diag, EMRTD_E_MALFORMED, what, clause);
	return EMRTD_OK;
}

/* Odd INS: offset in DO'54', data in DO'53' (ISO 7816-4 11.3.3). */
static enum emrtd_error
read_odd(struct emrtd_session *s, const struct reading *r, uint32_t ne,
    struct emrtd_diag *diag, struct emrtd_bytes *got)
{
	uint8_t data[8], offset[3] = { (uint8_t)(r->len >> 16),
		(uint8_t)(r->len >> 8), (uint8_t)r->len };
	struct emrtd_out out = emrtd_out(data, sizeof(data));
	struct emrtd_command c = { .ins = 0xB1, .ne = ne };
	struct emrtd_bytes value;
	enum emrtd_error e;

	emrtd_put_tlv(&out, 0x54,
	    r->len > 0xFFFF ? emrtd_bytes(offset, 3)
			    : emrtd_bytes(offset + 1, 2));
	c.data = emrtd_out_bytes(&out);
	e = read_binary(s, &c, r->what, diag, got);
	if (e != EMRTD_OK)
		return e;
	if (!emrtd_tlv(got, 0x53, &value) || !emrtd_end(got) || value.len == 0)
		return emrtd_fail(diag, EMRTD_E_MALFORMED, r->what, clause);
	*got = value;
	return EMRTD_OK;
}

static enum emrtd_error
read_even(struct emrtd_session *s, const struct reading *r, uint32_t ne,
    struct emrtd_diag *diag, struct emrtd_bytes *got)
{
	struct emrtd_command c = { .ins = 0xB0,
		.p1 = (uint8_t)(r->len >> 8),
		.p2 = (uint8_t)r->len,
		.ne = ne };

	return read_binary(s, &c, r->what, diag, got);
}

/* The head tells the length; the buffer is made for it. */
static enum emrtd_error
begin(struct reading *r, struct emrtd_bytes first, struct emrtd_diag *diag)
{
	size_t head, value;
	uint32_t tag;

	if (!emrtd_tlv_head(first, &tag, &head, &value))
		return emrtd_fail(diag, EMRTD_E_MALFORMED, r->what, clause);
	if (value > FILE_MAX - head)
		return emrtd_fail(diag, EMRTD_E_LIMIT, r->what, clause);
	r->total = head + value;
	r->buf = malloc(r->total);
	if (r->buf == NULL)
		return emrtd_fail(diag, EMRTD_E_NO_MEMORY, r->what, NULL);
	r->len = first.len < r->total ? first.len : r->total;
	memcpy(r->buf, first.ptr, r->len);
	return EMRTD_OK;
}

static enum emrtd_error
by_sfi(struct emrtd_session *s, const struct reading *r,
    struct emrtd_diag *diag, struct emrtd_bytes *first)
{
	struct emrtd_command c = { .ins = 0xB0,
		.p1 = (uint8_t)(0x80 | r->info->sfi),
		.ne = emrtd_channel_max_le(&s->channel) };

	return read_binary(s, &c, r->what, diag, first);
}

static enum emrtd_error
by_select(struct emrtd_session *s, const struct reading *r,
    struct emrtd_diag *diag, struct emrtd_bytes *first)
{
	uint8_t fid[2] = { (uint8_t)(r->info->fid >> 8),
		(uint8_t)r->info->fid };
	struct emrtd_command select = { .ins = 0xA4,
		.p1 = 0x02,
		.p2 = 0x0C,
		.data = emrtd_bytes(fid, sizeof(fid)) };
	struct emrtd_command c = { .ins = 0xB0, .ne = SELECT_PROBE };
	enum emrtd_error e = emrtd_session_command(s, &select, r->what, diag);

	return e == EMRTD_OK ? read_binary(s, &c, r->what, diag, first) : e;
}

bool
emrtd_session_is_refusal(const struct emrtd_session *s, enum emrtd_error error)
{
	switch (error) {
	case EMRTD_E_STATUS:
	case EMRTD_E_NO_FILE:
	case EMRTD_E_FILE_ACCESS:
	case EMRTD_E_MALFORMED:
	case EMRTD_E_TRUNCATED:
	case EMRTD_E_LIMIT:
		return !s->channel.secured || s->sm.live;
	default:
		return false;
	}
}

/*
 * By short identifier, and once more by SELECT where that is refused: some
 * chips do not know short identifiers, or want no answer asked for that is
 * longer than the file.
 */
static enum emrtd_error
first_bytes(struct emrtd_session *s, const struct reading *r,
    struct emrtd_diag *diag, struct emrtd_bytes *first)
{
	enum emrtd_error e = EMRTD_E_NO_FILE, again;

	if (!s->no_sfi)
		e = by_sfi(s, r, diag, first);
	if (!s->no_sfi && (e == EMRTD_OK || !emrtd_session_is_refusal(s, e)))
		return e;
	again = by_select(s, r, diag, first);
	if (again == EMRTD_OK)
		s->no_sfi = true;
	/*
	 * 'Not found' on the second way does not undo rubbish or a refusal on
	 * the first, but a mere 'no' to short identifiers says nothing.
	 */
	return again == EMRTD_E_NO_FILE && e != EMRTD_E_STATUS ? e : again;
}

/*
 * In the middle of a file 6Cxx is no end of it, but what the chip can give at
 * a time: asking for more would cost a command in vain each time.
 */
static void
learn_le(struct emrtd_session *s, uint32_t asked)
{
	uint32_t told = s->channel.corrected_ne;

	if (told < LE_MIN || told >= asked)
		return;
	s->channel.le_cap = told;
	emrtd_session_note_number(s,
	    "the chip asks for a shorter READ BINARY: from now on at most",
	    told, " bytes");
}

static enum emrtd_error
read_rest(struct emrtd_session *s, struct reading *r, struct emrtd_diag *diag)
{
	while (r->len < r->total) {
		size_t want = r->total - r->len;
		size_t max = emrtd_channel_max_le(&s->channel);
		bool odd = r->len >= EVEN_OFFSET_END;
		struct emrtd_bytes got;
		enum emrtd_error e;

		emrtd_session_progress(s, EMRTD_STEP_FILE, r->what, r->info->id,
		    r->len, r->total);
		if (!odd && want > EVEN_OFFSET_END - r->len)
			want = EVEN_OFFSET_END - r->len;
		if (odd)
			want += 5; /* head of DO'53' */
		if (want > max)
			want = max;
		e = odd ? read_odd(s, r, (uint32_t)want, diag, &got)
			: read_even(s, r, (uint32_t)want, diag, &got);
		/* The file is there and open: it may be the length. */
		if (e == EMRTD_E_STATUS && emrtd_session_is_refusal(s, e) &&
		    emrtd_session_ask_less(s))
			continue;
		if (e != EMRTD_OK)
			return e;
		learn_le(s, (uint32_t)want);
		if (got.len > r->total - r->len)
			got.len = r->total - r->len;
		memcpy(r->buf + r->len, got.ptr, got.len);
		r->len += got.len;
	}
	emrtd_session_progress(s, EMRTD_STEP_FILE, r->what, r->info->id,
	    r->total, r->total);
	return EMRTD_OK;
}

static enum emrtd_file_status
status_of(enum emrtd_error e)
{
	switch (e) {
	case EMRTD_E_NO_FILE:
		return EMRTD_FILE_ABSENT;
	case EMRTD_E_FILE_ACCESS:
	case EMRTD_E_STATUS:
		return EMRTD_FILE_DENIED;
	case EMRTD_E_MALFORMED:
	case EMRTD_E_TRUNCATED:
	case EMRTD_E_LIMIT:
		return EMRTD_FILE_MALFORMED;
	default:
		return EMRTD_FILE_ABORTED;
	}
}

/* The chip gave its first bytes, and says that it ends before its length. */
static bool
ends_early(const struct reading *r, enum emrtd_error e,
    const struct emrtd_diag *diag)
{
	return e == EMRTD_E_STATUS && r->len > 0 && diag != NULL &&
	       (diag->sw == SW_END_OF_FILE || diag->sw == SW_WRONG_OFFSET);
}

enum emrtd_error
emrtd_session_read_file(struct emrtd_session *s, enum emrtd_file file,
    struct emrtd_diag *diag)
{
	struct reading r = { .info = emrtd_file_info(file) };
	struct emrtd_bytes first;
	enum emrtd_error e;

	r.what = r.info->name;
	emrtd_session_progress(s, EMRTD_STEP_FILE, r.what, file, 0, 0);
	e = first_bytes(s, &r, diag, &first);
	if (e == EMRTD_OK)
		e = begin(&r, first, diag);
	if (e == EMRTD_OK)
		e = read_rest(s, &r, diag);
	emrtd_wipe(s->chunk, EMRTD_RESPONSE_MAX);
	if (e == EMRTD_OK)
		return emrtd_result_set_file(s->result, s->ctx->crypto, file,
		    r.buf, r.total);
	if (r.buf != NULL)
		emrtd_wipe(r.buf, r.len);
	free(r.buf);
	/* One that was read before, in another session, is still there. */
	if (s->result->files[file].ptr == NULL)
		s->result->files[file].status = ends_early(&r, e, diag)
						    ? EMRTD_FILE_MALFORMED
						    : status_of(e);
	return e;
}
