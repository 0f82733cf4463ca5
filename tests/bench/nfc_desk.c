#include "nfc_desk.h"

#include "core/builder.h"
#include "core/cursor.h"
#include "core/tlv.h"
#include "transport/link_info.h"
#include "transport/pn53x_command.h"

#include <string.h>

#define HOST_TFI      0xD4
#define IN_EXCHANGE   0x40
#define PARAMETERS    0x12
#define AUTO_RATS     0x14
#define STATUS_MASK   0x3F
#define SHORT_COMMAND 261
/* What libnfc takes as the longest answer to InDataExchange. */
#define CHIP_RESPONSE 263
#define FIELD_MS      20
#define CLA_SEALED    0x0C
#define INS_GENERAL   0x86

/* ---- The chip's own time -------------------------------------------------- */

/* Bytes under secure messaging: DO'87' without its first byte, DO'85'. */
static size_t
sealed_len(struct emrtd_bytes objects)
{
	struct emrtd_bytes value;
	uint32_t tag;
	size_t n = 0;

	while (emrtd_tlv_any(&objects, &tag, &value)) {
		if (tag == 0x87 && value.len > 0)
			n += value.len - 1;
		else if (tag == 0x85)
			n += value.len;
	}
	return n;
}

static struct emrtd_bytes
data_of(struct emrtd_bytes command)
{
	size_t head = command.len > 7 && command.ptr[4] == 0 ? 7 : 5;
	struct emrtd_bytes ignored;

	if (!emrtd_take(&command, head, &ignored))
		return emrtd_bytes(NULL, 0);
	return command;
}

static double
takes(struct nfc_desk *desk, struct emrtd_bytes command,
    struct emrtd_bytes response)
{
	static const double steps[] = { 1, 5, 5, 4 };
	const struct link_model *m = &desk->model;
	bool sealed = (command.ptr[0] & CLA_SEALED) == CLA_SEALED;
	double us = m->command;

	if (sealed)
		us += m->sealed_byte * (double)(sealed_len(data_of(command)) +
						sealed_len(response));
	if (command.ptr[1] != INS_GENERAL)
		return us;
	if (sealed)
		return us + m->ca;
	if (desk->pace_step < 4)
		us += m->pace * steps[desk->pace_step++] / 15;
	return us;
}

static void
inside_reset(void *self)
{
	struct nfc_desk *desk = self;

	desk->pace_step = 0;
	desk->card.reset(desk->card.self);
}

static enum emrtd_error
inside_transmit(void *self, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t *takes_us)
{
	struct nfc_desk *desk = self;
	size_t mark = response->len;
	enum emrtd_error err = desk->card.transmit(desk->card.self, command,
	    response, takes_us);
	double us = takes(desk, command, emrtd_out_since(response, mark));

	*takes_us = (uint32_t)us;
	desk->sums.chip_us += us;
	return err;
}

/* ---- The PN532 ------------------------------------------------------------ */

static struct emrtd_bytes
command_frame(struct emrtd_out *out, struct emrtd_bytes command)
{
	size_t len = command.len + 1;
	uint8_t sum = HOST_TFI;

	emrtd_put_u8(out, 0x00);
	emrtd_put_u16(out, 0x00FF);
	if (len > 255) {
		emrtd_put_u16(out, 0xFFFF);
		emrtd_put_u16(out, (uint16_t)len);
		emrtd_put_u8(out, (uint8_t)(0 - (len >> 8) - (len & 0xFF)));
	} else {
		emrtd_put_u8(out, (uint8_t)len);
		emrtd_put_u8(out, (uint8_t)(0 - len));
	}
	emrtd_put_u8(out, HOST_TFI);
	emrtd_put(out, command);
	for (size_t i = 0; i < command.len; i++)
		sum = (uint8_t)(sum + command.ptr[i]);
	emrtd_put_u8(out, (uint8_t)(0 - sum));
	emrtd_put_u8(out, 0x00);
	return emrtd_out_bytes(out);
}

/* What an answer's frame carries after its code; false: it is an ACK. */
static bool
open_frame(struct emrtd_bytes frame, struct emrtd_bytes *data)
{
	size_t head, len;

	if (frame.len < 8)
		return false;
	if (frame.ptr[3] == 0xFF && frame.ptr[4] == 0xFF && frame.len > 11) {
		head = 8;
		len = (size_t)(frame.ptr[5] << 8 | frame.ptr[6]);
	} else {
		head = 5;
		len = frame.ptr[3];
	}
	if (len < 2 || head + len + 2 > frame.len)
		return false;
	*data = emrtd_bytes(frame.ptr + head + 2, len - 2);
	return true;
}

static double
bits_us(double bits, enum emrtd_isodep_rate rate)
{
	/* 106 kbit/s is the carrier, 13.56 MHz, by 128. */
	return bits * 128 / 13.56 / (double)(1u << rate);
}

/* What the counters have grown by. */
static void
account(struct nfc_desk *desk, const struct pn532_counts *before)
{
	struct pn532_counts now = pn532_counts(desk->pn532);
	const struct link_model *m = &desk->model;
	uint64_t line = now.host_in + now.host_out - before->host_in -
			before->host_out;
	uint64_t to = now.air_out - before->air_out;
	uint64_t from = now.air_in - before->air_in;
	uint32_t frames = now.frames - before->frames;

	desk->sums.commands++;
	desk->sums.line_bytes += line;
	desk->sums.air_bytes += to + from;
	desk->sums.blocks += frames;
	desk->sums.line_us += m->reader + (double)line * desk->way.line_bits *
					      1e6 / desk->way.line_rate;
	desk->sums.air_us += frames * 2 * m->frame_delay +
			     bits_us((double)to * m->bits_per_byte,
				 desk->speed.to_chip) +
			     bits_us((double)from * m->bits_per_byte,
				 desk->speed.from_chip);
}

/* One command; the answer is a view until the next. */
static bool
ask(struct nfc_desk *desk, const struct emrtd_out *command,
    struct emrtd_bytes *answer)
{
	struct pn532_counts before = pn532_counts(desk->pn532);
	uint8_t frame[PN532_FRAME_CAP];
	struct emrtd_out out = emrtd_out(frame, sizeof(frame));
	bool got = false;

	if (command->bad)
		return false;
	pn532_from_host(desk->pn532,
	    command_frame(&out, emrtd_out_bytes(command)), desk->now_ms);
	while (!got) {
		uint64_t due = pn532_due_ms(desk->pn532);

		if (due == PN532_NEVER)
			return false;
		if (due > desk->now_ms)
			desk->now_ms = due;
		out = emrtd_out(desk->answer, sizeof(desk->answer));
		if (pn532_to_host(desk->pn532, &out, desk->now_ms))
			got = open_frame(emrtd_out_bytes(&out), answer);
	}
	account(desk, &before);
	return true;
}

static struct emrtd_out
room(uint8_t *buffer, size_t cap)
{
	return emrtd_out(buffer, cap);
}

/* ---- As nfc: does it ------------------------------------------------------ */

static enum emrtd_isodep_heard
exchange(struct nfc_desk *desk, struct emrtd_bytes frame, uint32_t wait_us,
    struct emrtd_bytes *heard)
{
	uint8_t buffer[300];
	struct emrtd_out out = room(buffer, sizeof(buffer));
	enum emrtd_isodep_heard how;
	struct emrtd_bytes answer;
	uint32_t step = emrtd_pn53x_put_wait(&out, wait_us);

	*heard = emrtd_bytes(NULL, 0);
	if (step != desk->wait_step && !ask(desk, &out, &answer))
		return EMRTD_HEARD_NOTHING;
	desk->wait_step = step;
	out = room(buffer, sizeof(buffer));
	emrtd_pn53x_put_exchange(&out, frame);
	if (!ask(desk, &out, &answer) ||
	    emrtd_pn53x_exchange_parse(answer, &how, heard))
		return EMRTD_HEARD_NOTHING;
	return how;
}

static bool
greet(struct nfc_desk *desk, const struct emrtd_out *frame,
    struct emrtd_bytes *heard)
{
	return exchange(desk, emrtd_out_bytes(frame),
		   EMRTD_ISODEP_ACTIVATION_US, heard) == EMRTD_HEARD_FRAME;
}

static bool
set_speed(struct nfc_desk *desk, const struct emrtd_isodep_speed *speed)
{
	uint8_t buffer[16];
	struct emrtd_out out = room(buffer, sizeof(buffer));
	struct emrtd_bytes answer;

	emrtd_pn53x_put_speed(&out, EMRTD_PN53X_TYPE_A, speed);
	desk->speed = *speed;
	return ask(desk, &out, &answer);
}

static bool
begin_own_blocks(struct nfc_desk *desk)
{
	struct emrtd_isodep_rates ours = { desk->way.rates, desk->way.rates,
		false };
	uint8_t buffer[16];
	struct emrtd_out out = room(buffer, sizeof(buffer));
	struct emrtd_isodep_offer offer;
	struct emrtd_isodep_speed speed = { EMRTD_RATE_106, EMRTD_RATE_106 };
	struct emrtd_bytes heard;

	emrtd_isodep_put_rats(&out, EMRTD_ISODEP_FRAME_MAX);
	if (!set_speed(desk, &speed) || !greet(desk, &out, &heard) ||
	    emrtd_isodep_ats_parse(heard, EMRTD_ISODEP_FRAME_MAX, &offer))
		return false;
	emrtd_isodep_init(&desk->dep, &offer.link);
	speed = emrtd_isodep_choose(&offer.rates, &ours);
	if (speed.to_chip == EMRTD_RATE_106)
		return true;
	out = room(buffer, sizeof(buffer));
	emrtd_isodep_put_pps(&out, &speed);
	return greet(desk, &out, &heard) && !emrtd_isodep_pps_parse(heard) &&
	       set_speed(desk, &speed);
}

static enum emrtd_error
transmit_own_blocks(struct nfc_desk *desk, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	enum emrtd_isodep_heard how;
	struct emrtd_bytes frame, heard;
	uint32_t wait_us;

	emrtd_isodep_begin(&desk->dep, command, response);
	while (emrtd_isodep_next(&desk->dep, &frame, &wait_us) ==
	       EMRTD_ISODEP_SEND) {
		how = exchange(desk, frame, wait_us, &heard);
		emrtd_isodep_hear(&desk->dep, how, heard);
	}
	return desk->dep.error;
}

/* ---- As libnfc's own functions do it --------------------------------------- */

static enum emrtd_error
transmit_by_pn532(struct nfc_desk *desk, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	uint8_t buffer[300], status;
	struct emrtd_out out = room(buffer, sizeof(buffer));
	struct emrtd_bytes answer;

	emrtd_put_u8(&out, IN_EXCHANGE);
	emrtd_put_u8(&out, 1);
	emrtd_put(&out, command);
	if (!ask(desk, &out, &answer) || !emrtd_u8(&answer, &status) ||
	    (status & STATUS_MASK) != 0 || answer.len > CHIP_RESPONSE)
		return EMRTD_E_PROTOCOL;
	emrtd_put(response, answer);
	return EMRTD_OK;
}

/* ---- The transport -------------------------------------------------------- */

static bool
tell_field(struct nfc_desk *desk, bool on)
{
	uint8_t buffer[8];
	struct emrtd_out out = room(buffer, sizeof(buffer));
	struct emrtd_bytes answer;

	emrtd_pn53x_put_field(&out, on);
	desk->now_ms += FIELD_MS;
	return ask(desk, &out, &answer);
}

static enum emrtd_error
desk_connect(void *self, struct emrtd_diag *diag)
{
	struct nfc_desk *desk = self;
	uint8_t buffer[16];
	struct emrtd_out out = room(buffer, sizeof(buffer));
	struct emrtd_bytes answer;
	struct emrtd_pn53x_target target;

	(void)diag;
	memset(&desk->sums, 0, sizeof(desk->sums));
	desk->speed = (struct emrtd_isodep_speed){ EMRTD_RATE_106,
		EMRTD_RATE_106 };
	desk->active = false;
	if (desk->way.own_blocks) {
		emrtd_pn53x_put_parameters(&out);
	} else {
		emrtd_put_u8(&out, PARAMETERS);
		emrtd_put_u8(&out, AUTO_RATS);
	}
	if (!ask(desk, &out, &answer))
		return EMRTD_E_READER_LOST;
	out = room(buffer, sizeof(buffer));
	emrtd_pn53x_put_retries(&out);
	if (!ask(desk, &out, &answer) || !tell_field(desk, false) ||
	    !tell_field(desk, true))
		return EMRTD_E_READER_LOST;
	out = room(buffer, sizeof(buffer));
	emrtd_pn53x_put_select(&out, EMRTD_PN53X_TYPE_A);
	if (!ask(desk, &out, &answer) ||
	    emrtd_pn53x_select_parse(answer, EMRTD_PN53X_TYPE_A, &target) ||
	    !target.speaks_14443_4)
		return EMRTD_E_NO_READER;
	desk->active = !desk->way.own_blocks || begin_own_blocks(desk);
	return desk->active ? EMRTD_OK : EMRTD_E_CARD_LOST;
}

static enum emrtd_error
desk_transmit(void *self, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct nfc_desk *desk = self;
	uint32_t blocks = desk->sums.blocks;
	enum emrtd_error err;

	(void)timeout_ms;
	desk->sums.apdus++;
	if (desk->way.own_blocks)
		err = transmit_own_blocks(desk, command, response);
	else
		err = transmit_by_pn532(desk, command, response);
	if (desk->sums.blocks > blocks + 1)
		desk->sums.air_us += desk->model.chained_block *
				     (desk->sums.blocks - blocks - 1);
	return err;
}

static enum emrtd_error
desk_info(void *self, struct emrtd_link_info *out)
{
	const struct nfc_desk *desk = self;
	struct emrtd_link_info info = { .size = sizeof(info) };

	info.extended = desk->way.extended;
	info.max_command = desk->way.extended ? EMRTD_ISODEP_COMMAND_MAX
					      : SHORT_COMMAND;
	info.limits_from = EMRTD_LIMITS_READER;
	emrtd_link_info_give(&info, out);
	return EMRTD_OK;
}

static void
desk_close(void *self)
{
	(void)self;
}

struct emrtd_transport
nfc_desk_transport(struct nfc_desk *desk)
{
	static const struct emrtd_transport_ops ops = {
		.connect = desk_connect,
		.transmit = desk_transmit,
		.info = desk_info,
		.close = desk_close,
	};

	return (struct emrtd_transport){ &ops, desk };
}

bool
nfc_desk_open(struct nfc_desk *desk, const struct link_model *model,
    const struct nfc_desk_way *way, struct emrtd_card *card)
{
	struct emrtd_picc_inside inside = { inside_reset, inside_transmit,
		desk };
	struct pn532_config config = { .kind = PN532_PN532 };
	struct emrtd_picc_config chip;

	memset(desk, 0, sizeof(*desk));
	desk->model = *model;
	desk->way = *way;
	desk->card = emrtd_picc_card(card);
	emrtd_picc_config_init(&chip);
	if (emrtd_picc_new(&chip, &inside, &desk->picc))
		return false;
	config.picc = desk->picc;
	desk->pn532 = pn532_new(&config);
	return desk->pn532 != NULL;
}

void
nfc_desk_close(struct nfc_desk *desk)
{
	pn532_free(&desk->pn532);
	emrtd_picc_free(&desk->picc);
}
