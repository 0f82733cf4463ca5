#include "tlv_games.h"

#include "core/builder.h"
#include "core/tlv.h"

#include <stdlib.h>

#define MAX_DEPTH 16

struct play {
	size_t target, next;
	enum tlv_game game;
	bool done;
};

static const char *const names[TLV_N_GAMES] = { "length not minimal",
	"indefinite length", "length 00", "length + 1", "length - 1",
	"length FFFFFFFF", "content cut", "content grown", "content empty",
	"object twice", "object gone", "other tag", "trailing byte" };

const char *
tlv_game_name(enum tlv_game game)
{
	return names[game];
}

static bool write_objects(struct emrtd_bytes in, struct play *play,
    unsigned depth, struct emrtd_out *out);

static void
put_tag(uint32_t tag, struct emrtd_out *out)
{
	for (int shift = 16; shift >= 0; shift -= 8)
		if (tag >> shift != 0)
			emrtd_put_u8(out, (uint8_t)(tag >> shift));
}

/* One byte more than it takes. */
static void
put_long_length(size_t len, struct emrtd_out *out)
{
	emrtd_put_u8(out, len < 0x80 ? 0x81 : len < 0x100 ? 0x82 : 0x83);
	if (len >= 0x100)
		emrtd_put_u8(out, 0);
	if (len >= 0x80)
		emrtd_put_u8(out, (uint8_t)(len >> 8));
	emrtd_put_u8(out, (uint8_t)len);
}

static void
put_object(uint32_t tag, size_t said, struct emrtd_bytes content,
    struct emrtd_out *out)
{
	emrtd_put_tlv_head(out, tag, said);
	emrtd_put(out, content);
}

static void
put_played(uint32_t tag, struct emrtd_bytes content, enum tlv_game game,
    struct emrtd_out *out)
{
	size_t len = content.len;
	struct emrtd_bytes cut = { content.ptr, len > 0 ? len - 1 : 0 };
	struct emrtd_bytes none = { content.ptr, 0 };

	switch (game) {
	case TLV_LONG_LENGTH:
		put_tag(tag, out);
		put_long_length(len, out);
		emrtd_put(out, content);
		break;
	case TLV_INDEFINITE:
		put_tag(tag, out);
		emrtd_put_u8(out, 0x80);
		emrtd_put(out, content);
		emrtd_put_u16(out, 0);
		break;
	case TLV_NO_LENGTH:
		put_object(tag, 0, content, out);
		break;
	case TLV_LENGTH_PLUS:
		put_object(tag, len + 1, content, out);
		break;
	case TLV_LENGTH_MINUS:
		put_object(tag, cut.len, content, out);
		break;
	case TLV_HUGE:
		put_tag(tag, out);
		emrtd_put_u8(out, 0x84);
		emrtd_put_fill(out, 0xFF, 4);
		emrtd_put(out, content);
		break;
	case TLV_CUT:
		put_object(tag, cut.len, cut, out);
		break;
	case TLV_GROWN:
		put_object(tag, len + 1, content, out);
		emrtd_put_u8(out, 0);
		break;
	case TLV_EMPTY:
		put_object(tag, 0, none, out);
		break;
	case TLV_TWICE:
		put_object(tag, len, content, out);
		put_object(tag, len, content, out);
		break;
	case TLV_OTHER_TAG:
		put_object(tag ^ 1, len, content, out);
		break;
	case TLV_TRAILING:
		put_object(tag, len, content, out);
		emrtd_put_u8(out, 0);
		break;
	case TLV_GONE:
	case TLV_N_GAMES:
		break;
	}
}

/* Constructed, and so it reads: its objects; else its bytes. */
static void
write_content(uint32_t tag, struct emrtd_bytes value, struct play *play,
    unsigned depth, struct emrtd_out *out)
{
	uint32_t first = tag > 0xFFFF ? tag >> 16 : tag > 0xFF ? tag >> 8 : tag;
	struct play before = *play;
	size_t mark = out->len;

	if ((first & 0x20) != 0 && depth < MAX_DEPTH &&
	    write_objects(value, play, depth + 1, out))
		return;
	*play = before;
	emrtd_out_rewind(out, mark);
	emrtd_put(out, value);
}

static bool
write_objects(struct emrtd_bytes in, struct play *play, unsigned depth,
    struct emrtd_out *out)
{
	/* A game makes no more than 16 bytes longer, or an object twice. */
	size_t cap = 2 * in.len + 64;
	uint8_t *buf = malloc(cap);
	struct emrtd_bytes value;
	uint32_t tag;

	while (buf != NULL && emrtd_tlv_any(&in, &tag, &value)) {
		struct emrtd_out content = emrtd_out(buf, cap);
		bool here = play->next++ == play->target;

		write_content(tag, value, play, depth, &content);
		if (here) {
			play->done = true;
			put_played(tag, emrtd_out_bytes(&content), play->game,
			    out);
		} else {
			put_object(tag, content.len, emrtd_out_bytes(&content),
			    out);
		}
	}
	free(buf);
	return emrtd_end(&in);
}

bool
tlv_play(struct emrtd_bytes in, size_t index, enum tlv_game game,
    struct emrtd_out *out)
{
	struct play play = { .target = index, .game = game };

	(void)write_objects(in, &play, 0, out);
	return play.done && !out->bad;
}
