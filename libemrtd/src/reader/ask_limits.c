/*
 * What the chip says of its buffers, before anything else is read. Doc 9303-11
 * 9.3.1.2 allows extended length for reading only where the chip states exact
 * sizes, and 256 bytes a command is what reading is slow by.
 */
#include "reader/link_sizes.h"

#include "apdu/status_word.h"
#include "core/builder.h"
#include "core/diag.h"
#include "core/wipe.h"
#include "lds/atr_info.h"

#define ATR_INFO_SFI    0x01
#define ATR_INFO_FID    0x2F01
#define SW_WARNING      0x6200 /* the file's end */
#define SW_WRONG_LENGTH 0x6700
#define RESPONSE_MIN    64
#define READ_MAX        256

/* What is odd about the reader's sizes, and how we know. */
static void
tell_link(const struct emrtd_session *s, const struct emrtd_link_info *link)
{
	static const char *const short_texts[] = {
		[EMRTD_LIMITS_UNKNOWN] = "the reader carries short APDUs only",
		[EMRTD_LIMITS_TRANSPORT] =
		    "the reader carries short APDUs only",
		[EMRTD_LIMITS_READER] =
		    "the reader carries short APDUs only, as it says",
		[EMRTD_LIMITS_TABLE] =
		    "by the table of readers this one carries short APDUs only",
	};
	const struct emrtd_channel *c = &s->channel;
	unsigned from = (unsigned)link->limits_from;

	if (link->oddity[0] != '\0')
		emrtd_session_note(s, link->oddity);
	if (!c->link_extended && !c->link_unknown && !c->short_only)
		emrtd_session_note(s,
		    short_texts[from <= EMRTD_LIMITS_TABLE ? from : 0]);
	else if (c->link_extended && from == EMRTD_LIMITS_TABLE)
		emrtd_session_note_number(s,
		    "by the table of readers this one carries APDUs of",
		    c->max_command, " bytes");
}

static struct emrtd_atr_info
of_historical_bytes(const struct emrtd_session *s)
{
	struct emrtd_link_info link = { .size = sizeof(link) };
	const struct emrtd_transport *t = s->transport;
	struct emrtd_atr_info info = { 0 };

	if (t->ops->info == NULL || t->ops->info(t->self, &link) != EMRTD_OK)
		return info;
	link.oddity[sizeof(link.oddity) - 1] = '\0';
	tell_link(s, &link);
	if (link.atr_len <= sizeof(link.atr))
		emrtd_atr_parse(emrtd_bytes(link.atr, link.atr_len), &info);
	return info;
}

/* EMRTD_OK with the answer, or EMRTD_E_STATUS for a chip that refuses. */
static enum emrtd_error
read_binary(struct emrtd_session *s, uint8_t p1, struct emrtd_diag *diag,
    struct emrtd_bytes *file)
{
	struct emrtd_out out = emrtd_out(s->chunk, EMRTD_RESPONSE_MAX);
	struct emrtd_command c = { .ins = 0xB0,
		.p1 = p1,
		.ne = READ_MAX,
		.extended = s->channel.link_unknown };
	enum emrtd_error e;
	uint16_t sw;

	e = emrtd_channel_exchange(&s->channel, &c, &out, &sw, diag);
	if (e != EMRTD_OK)
		return e;
	/* Carried, as far as this goes; 6700 may be the reader's own word. */
	if (c.extended && sw != SW_WRONG_LENGTH) {
		s->channel.link_extended = true;
		s->channel.link_unknown = false;
		emrtd_session_note(s,
		    "the reader does not say so, but carries extended APDUs");
	}
	if (sw != EMRTD_SW_OK && (sw & 0xFF00) != SW_WARNING)
		return emrtd_fail(diag, EMRTD_E_STATUS, "EF.ATR/INFO", NULL);
	*file = emrtd_out_bytes(&out);
	return EMRTD_OK;
}

static enum emrtd_error
read_selected(struct emrtd_session *s, struct emrtd_diag *diag,
    struct emrtd_bytes *file)
{
	static const uint8_t fid[] = { ATR_INFO_FID >> 8, ATR_INFO_FID & 0xFF };
	struct emrtd_command select = { .ins = 0xA4,
		.p1 = 0x02,
		.p2 = 0x0C,
		.data = emrtd_bytes(fid, sizeof(fid)) };
	enum emrtd_error e = emrtd_session_command(s, &select, "EF.ATR/INFO",
	    diag);

	return e == EMRTD_OK ? read_binary(s, 0, diag, file) : e;
}

/*
 * One READ BINARY, and only over a link that carries extended length to a chip
 * that does not deny it. By SELECT, too, where the chip says that it takes
 * extended length: then it is worth the way. Where nobody knows of the link,
 * this is the probe: an extended command, in plain, before there is a session
 * that could be lost.
 */
static enum emrtd_error
read_file(struct emrtd_session *s, bool sure, struct emrtd_diag *diag,
    struct emrtd_atr_info *info)
{
	struct emrtd_bytes file = emrtd_bytes(NULL, 0);
	enum emrtd_error e;

	e = read_binary(s, 0x80 | ATR_INFO_SFI, diag, &file);
	if (e != EMRTD_OK && sure && emrtd_session_is_refusal(s, e))
		e = read_selected(s, diag, &file);
	if (e != EMRTD_OK)
		return e;
	/* One that goes on beyond this answer is not known whole. */
	if (file.len < READ_MAX)
		emrtd_atr_info_profile(file, &s->result->findings);
	return emrtd_atr_info_parse(file, diag, info);
}

/*
 * Sizes below those of short APDUs would leave nothing to read with. Extended
 * length goes both ways or not at all: such an Le makes the command extended.
 */
static void
take_sizes(struct emrtd_channel *channel, const struct emrtd_atr_info *info)
{
	uint32_t command = info->max_command, response = info->max_response;

	if (command <= EMRTD_SHORT_COMMAND) {
		command = 0;
		if (response > EMRTD_SHORT_RESPONSE)
			response = EMRTD_SHORT_RESPONSE;
	}
	if (response < RESPONSE_MIN)
		response = 0;
	if (command != 0 || response != 0)
		emrtd_channel_chip_limits(channel, command, response);
}

enum emrtd_error
emrtd_session_ask_limits(struct emrtd_session *s, struct emrtd_diag *diag)
{
	struct emrtd_atr_info info = of_historical_bytes(s);
	struct emrtd_diag ignored;
	enum emrtd_error e;

	s->channel.chip_chaining = info.chaining;
	if (info.has_capabilities && !info.extended) {
		if (s->channel.link_extended)
			emrtd_session_note(s,
			    "the chip takes short APDUs only, as it says");
		return EMRTD_OK;
	}
	if (!s->channel.link_extended &&
	    !(s->channel.link_unknown && info.extended))
		return EMRTD_OK;
	emrtd_channel_phase(&s->channel, "atr_info");
	emrtd_diag_init(&ignored);
	e = read_file(s, info.extended, &ignored, &info);
	emrtd_wipe(s->chunk, EMRTD_RESPONSE_MAX);
	if (e == EMRTD_OK) {
		s->channel.chip_chaining |= info.chaining;
		take_sizes(&s->channel, &info);
		return EMRTD_OK;
	}
	/* A chip without the file, or with rubbish in it, is read as ever. */
	if (emrtd_session_is_refusal(s, e))
		return EMRTD_OK;
	if (diag != NULL)
		*diag = ignored;
	return e;
}
