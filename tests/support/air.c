#include "air.h"

#include "core/builder.h"
#include "core/cursor.h"

#include <string.h>

#define CRC_LEN    2
#define FIELD_US   10000
#define BITS_SHORT 7

static enum emrtd_air_rate
air_rate(enum emrtd_isodep_rate rate)
{
	return (enum emrtd_air_rate)rate;
}

/* What the chip says to a frame within wait_us; NULL bytes: nothing right. */
static enum emrtd_isodep_heard
ask(struct air *air, struct emrtd_air_frame *frame, uint32_t wait_us,
    struct emrtd_bytes *heard)
{
	struct emrtd_picc_answer answer;

	frame->type = air->type;
	frame->rate = air_rate(air->speed.to_chip);
	*heard = emrtd_bytes(NULL, 0);
	if (!emrtd_picc_frame(air->picc, frame, air->now_us, &answer) ||
	    answer.after_us > wait_us) {
		air->now_us += wait_us;
		return EMRTD_HEARD_NOTHING;
	}
	air->now_us += answer.after_us + 1;
	if (answer.frame.check == EMRTD_AIR_GARBLED ||
	    answer.frame.type != air->type ||
	    answer.frame.rate != air_rate(air->speed.from_chip))
		return EMRTD_HEARD_GARBLED;
	*heard = answer.frame.bytes;
	return EMRTD_HEARD_FRAME;
}

static bool
say(struct air *air, const void *bytes, size_t len, enum emrtd_air_check check,
    struct emrtd_bytes *heard)
{
	struct emrtd_air_frame frame = {
		.check = check,
		.bytes = emrtd_bytes(bytes, len),
	};

	if (len == 1 && check == EMRTD_AIR_BARE)
		frame.last_bits = BITS_SHORT;
	return ask(air, &frame, EMRTD_ISODEP_ACTIVATION_US, heard) ==
	       EMRTD_HEARD_FRAME;
}

static bool
say_out(struct air *air, const struct emrtd_out *out, struct emrtd_bytes *heard)
{
	return say(air, out->ptr, out->len, EMRTD_AIR_CHECKED, heard);
}

/* UIDs of four bytes. */
static bool
select_a(struct air *air)
{
	struct emrtd_bytes heard;
	uint8_t select[7] = { 0x93, 0x20 };

	if (!say(air, "\x26", 1, EMRTD_AIR_BARE, &heard) ||
	    !say(air, select, 2, EMRTD_AIR_BARE, &heard) || heard.len != 5)
		return false;
	select[1] = 0x70;
	memcpy(select + 2, heard.ptr, 5);
	return say(air, select, 7, EMRTD_AIR_CHECKED, &heard) &&
	       heard.len == 1 && heard.ptr[0] == 0x20;
}

static enum emrtd_error
activate_a(struct air *air, const struct emrtd_isodep_rates *mine)
{
	struct emrtd_bytes heard;
	struct emrtd_out out = emrtd_out(air->buffer, sizeof(air->buffer));
	struct emrtd_isodep_speed speed;
	enum emrtd_error err;

	emrtd_isodep_put_rats(&out, air->fsd);
	if (!select_a(air) || !say_out(air, &out, &heard))
		return EMRTD_E_CARD_LOST;
	err = emrtd_isodep_ats_parse(heard, air->fsd, &air->offer);
	if (err)
		return err;
	air->now_us += air->offer.link.sfgt_us;
	speed = emrtd_isodep_choose(&air->offer.rates, mine);
	if (speed.to_chip == EMRTD_RATE_106 &&
	    speed.from_chip == EMRTD_RATE_106)
		return EMRTD_OK;
	out = emrtd_out(air->buffer, sizeof(air->buffer));
	emrtd_isodep_put_pps(&out, &speed);
	if (!say_out(air, &out, &heard))
		return EMRTD_E_CARD_LOST;
	air->speed = speed;
	return emrtd_isodep_pps_parse(heard);
}

static enum emrtd_error
activate_b(struct air *air, const struct emrtd_isodep_rates *mine)
{
	struct emrtd_bytes heard;
	struct emrtd_out out = emrtd_out(air->buffer, sizeof(air->buffer));
	struct emrtd_isodep_speed speed;
	enum emrtd_error err;

	if (!say(air, "\x05\x00\x00", 3, EMRTD_AIR_CHECKED, &heard))
		return EMRTD_E_CARD_LOST;
	err = emrtd_isodep_atqb_parse(heard, air->fsd, &air->offer);
	if (err)
		return err;
	speed = emrtd_isodep_choose(&air->offer.rates, mine);
	emrtd_isodep_put_attrib(&out, &air->offer, &speed);
	if (!say_out(air, &out, &heard))
		return EMRTD_E_CARD_LOST;
	air->speed = speed;
	return emrtd_isodep_attrib_parse(heard);
}

enum emrtd_error
air_activate(struct air *air)
{
	struct emrtd_isodep_rates mine = { air->max_rates, air->max_rates,
		false };
	enum emrtd_error err;

	emrtd_picc_field(air->picc, false, air->now_us);
	air->now_us += FIELD_US;
	emrtd_picc_field(air->picc, true, air->now_us);
	air->now_us += FIELD_US;
	air->speed = (struct emrtd_isodep_speed){ 0 };
	err = (air->type == EMRTD_AIR_A ? activate_a : activate_b)(air, &mine);
	if (!err)
		emrtd_isodep_init(&air->dep, &air->offer.link);
	return err;
}

static enum air_fate
fate_of(struct air *air, enum air_way way)
{
	return air->fate == NULL ? AIR_ARRIVES
				 : air->fate(air, way, air->frames++);
}

static void
longest(unsigned *most, size_t len)
{
	if (len + CRC_LEN > *most)
		*most = (unsigned)(len + CRC_LEN);
}

static enum emrtd_isodep_heard
block(struct air *air, struct emrtd_bytes sent, uint32_t wait_us,
    struct emrtd_bytes *heard)
{
	struct emrtd_air_frame frame = { .check = EMRTD_AIR_CHECKED,
		.bytes = sent };
	enum air_fate fate = fate_of(air, AIR_TO_CHIP);
	enum emrtd_isodep_heard how;

	longest(&air->longest_sent, sent.len);
	*heard = emrtd_bytes(NULL, 0);
	if (fate == AIR_LOST) {
		air->now_us += wait_us;
		return EMRTD_HEARD_NOTHING;
	}
	if (fate == AIR_GARBLED)
		frame.check = EMRTD_AIR_GARBLED;
	how = ask(air, &frame, wait_us, heard);
	if (how == EMRTD_HEARD_NOTHING)
		return how;
	longest(&air->longest_heard, heard->len);
	fate = fate_of(air, AIR_TO_READER);
	if (fate == AIR_ARRIVES)
		return how;
	*heard = emrtd_bytes(NULL, 0);
	if (fate == AIR_GARBLED)
		return EMRTD_HEARD_GARBLED;
	air->now_us += wait_us;
	return EMRTD_HEARD_NOTHING;
}

static enum emrtd_error
run(struct air *air)
{
	struct emrtd_bytes frame, heard;
	enum emrtd_isodep_heard how;
	uint32_t wait_us;

	while (emrtd_isodep_next(&air->dep, &frame, &wait_us) ==
	       EMRTD_ISODEP_SEND) {
		how = block(air, frame, wait_us, &heard);
		emrtd_isodep_hear(&air->dep, how, heard);
	}
	return air->dep.error;
}

enum emrtd_error
air_transmit(struct air *air, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	emrtd_isodep_begin(&air->dep, command, response);
	return run(air);
}

enum emrtd_error
air_ping(struct air *air, enum emrtd_isodep_ping how)
{
	emrtd_isodep_begin_ping(&air->dep, how);
	return run(air);
}

enum emrtd_error
air_deselect(struct air *air)
{
	emrtd_isodep_begin_deselect(&air->dep);
	return run(air);
}
