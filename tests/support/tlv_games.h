/*
 * tlv_games.h - what a liar can do to one data object in a tree of them, every
 * object and every lie in turn.
 */
#ifndef MRTD_TLV_GAMES_H
#define MRTD_TLV_GAMES_H

#include <emrtd/bytes.h>

enum tlv_game {
	TLV_LONG_LENGTH, /* not minimal: the content is what it was */
	TLV_INDEFINITE,  /* 80 .. 00 00 */
	TLV_NO_LENGTH,   /* 00, and the content comes all the same */
	TLV_LENGTH_PLUS, /* says one byte more than there are */
	TLV_LENGTH_MINUS,
	TLV_HUGE,  /* says FFFFFFFF */
	TLV_CUT,   /* the last byte of the content is gone, lengths fit */
	TLV_GROWN, /* a zero behind the content, lengths fit */
	TLV_EMPTY, /* no content, lengths fit */
	TLV_TWICE,
	TLV_GONE,
	TLV_OTHER_TAG,
	TLV_TRAILING, /* a zero behind the object */
	TLV_N_GAMES
};

const char *tlv_game_name(enum tlv_game game);

/*
 * Appends 'in' with one game played on its index-th object, in the order in
 * which they begin. False when there is none of this index.
 */
bool tlv_play(struct emrtd_bytes in, size_t index, enum tlv_game game,
    struct emrtd_out *out);

#endif
