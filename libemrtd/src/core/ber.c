#include "core/ber.h"

#include "core/builder.h"
#include "core/tlv.h"

/*
 * Growth: an indefinite length and its end mark take three octets, a minimal
 * definite one at most four below 16 MB, and four only from 65,536 bytes on.
 * At 16 levels that is 16 octets for each 65,536 of input.
 */

#define CONSTRUCTED          0x20
#define INDEFINITE           0x80
#define TAG_OCTETS           0x04
#define TAG_OCTETS_IN_PIECES 0x24

/* An object whose content is being read. */
struct level {
	bool indefinite;
	bool pieces;            /* of an OCTET STRING, which are joined */
	struct emrtd_bytes end; /* what follows a definite object */
	size_t mark;            /* for emrtd_close; unused in pieces */
};

struct walk {
	struct emrtd_bytes in; /* up to the end of the innermost definite */
	struct level levels[EMRTD_BER_DEPTH_MAX];
	size_t depth;
	bool found; /* a form that tlv.h does not read */
	bool loose; /* a length that is not minimal */
	struct emrtd_out *out;
};

/* The octets of a tag: the first one says whether it is constructed. */
static bool
is_constructed(struct emrtd_bytes object)
{
	uint8_t first;

	return emrtd_u8(&object, &first) && (first & CONSTRUCTED) != 0;
}

/*
 * Tag and 80 at the start of 'in'. Indefinite lengths are legal on constructed
 * objects alone.
 */
static bool
take_indefinite(struct emrtd_bytes *in, uint32_t *tag)
{
	struct emrtd_bytes rest = *in;
	uint8_t b, len;
	uint32_t t;

	if (!is_constructed(rest) || !emrtd_tlv_peek(&rest, &t))
		return false;
	for (uint32_t octets = t; octets != 0; octets >>= 8) {
		if (!emrtd_u8(&rest, &b))
			return false;
	}
	if (!emrtd_u8(&rest, &len) || len != INDEFINITE)
		return false;
	*in = rest;
	*tag = t;
	return true;
}

static bool
take_end_mark(struct emrtd_bytes *in)
{
	struct emrtd_bytes rest = *in;
	uint16_t mark;

	if (!emrtd_u16(&rest, &mark) || mark != 0)
		return false;
	*in = rest;
	return true;
}

static bool
inside_pieces(const struct walk *w)
{
	return w->depth > 0 && w->levels[w->depth - 1].pieces;
}

/* Goes down into a constructed object, whose value is now w->in. */
static enum emrtd_error
push(struct walk *w, uint32_t tag, bool indefinite, struct emrtd_bytes end)
{
	bool joined = inside_pieces(w);
	struct level *level;

	if (w->depth == EMRTD_BER_DEPTH_MAX)
		return EMRTD_E_LIMIT;
	if (joined && tag != TAG_OCTETS_IN_PIECES)
		return EMRTD_E_MALFORMED;
	level = &w->levels[w->depth++];
	level->indefinite = indefinite;
	level->pieces = tag == TAG_OCTETS_IN_PIECES;
	level->end = end;
	level->mark = 0;
	w->found = w->found || indefinite || level->pieces;
	/* Pieces of pieces belong to the one object outside. */
	if (w->out != NULL && !joined)
		level->mark = emrtd_open(w->out,
		    level->pieces ? TAG_OCTETS : tag);
	return EMRTD_OK;
}

static void
pop(struct walk *w)
{
	struct level *level = &w->levels[--w->depth];

	if (!level->indefinite)
		w->in = level->end;
	if (w->out != NULL && !inside_pieces(w))
		emrtd_close(w->out, level->mark);
}

static enum emrtd_error
primitive(struct walk *w, uint32_t tag, struct emrtd_bytes value)
{
	if (inside_pieces(w) && tag != TAG_OCTETS)
		return EMRTD_E_MALFORMED;
	if (w->out == NULL)
		return EMRTD_OK;
	if (inside_pieces(w))
		emrtd_put(w->out, value);
	else
		emrtd_put_tlv(w->out, tag, value);
	return EMRTD_OK;
}

/* Octets of a tag, and of the shortest length, X.690 10.1. */
static size_t
minimal_head(uint32_t tag, size_t len)
{
	size_t n = tag > 0xFFFF ? 4 : tag > 0xFF ? 3 : 2;

	for (size_t most = 0x7F; len > most && n < 8; n++)
		most = most == 0x7F ? 0xFF : most << 8 | 0xFF;
	return n;
}

/*
 * One object. Inside a definite object the cursor ends with it, so that an
 * inner length can never reach over its parent's end.
 */
static enum emrtd_error
step(struct walk *w)
{
	struct emrtd_bytes start = w->in, value, whole, end;
	uint32_t tag;

	if (!emrtd_tlv_whole(&w->in, &tag, &value, &whole)) {
		if (take_indefinite(&w->in, &tag))
			return push(w, tag, true, emrtd_bytes(NULL, 0));
		return EMRTD_E_MALFORMED;
	}
	if (whole.len - value.len > minimal_head(tag, value.len))
		w->loose = true;
	if (!is_constructed(start))
		return primitive(w, tag, value);
	end = w->in;
	w->in = value;
	return push(w, tag, false, end);
}

/* Closes all objects that end here. */
static void
close_ended(struct walk *w)
{
	while (w->depth > 0) {
		if (w->levels[w->depth - 1].indefinite ? !take_end_mark(&w->in)
						       : !emrtd_end(&w->in))
			return;
		pop(w);
	}
}

static enum emrtd_error
walk_object(struct walk *w)
{
	enum emrtd_error error;

	do {
		error = step(w);
		if (error != EMRTD_OK)
			return error;
		close_ended(w);
	} while (w->depth > 0);
	return EMRTD_OK;
}

enum emrtd_ber_form
emrtd_ber_form(struct emrtd_bytes in)
{
	struct walk w = { .in = in };

	if (walk_object(&w) != EMRTD_OK)
		return EMRTD_BER_MALFORMED;
	if (w.found)
		return EMRTD_BER_INDEFINITE;
	return w.loose ? EMRTD_BER_DEFINITE : EMRTD_BER_DER;
}

bool
emrtd_ber_is_indefinite(struct emrtd_bytes in)
{
	return emrtd_ber_form(in) == EMRTD_BER_INDEFINITE;
}

enum emrtd_error
emrtd_ber_definite(struct emrtd_bytes in, struct emrtd_out *out)
{
	struct walk w = { .in = in, .out = out };
	enum emrtd_error error = walk_object(&w);

	if (error == EMRTD_OK && out->bad)
		return EMRTD_E_BUFFER;
	return error;
}
