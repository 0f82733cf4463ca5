#include "transport/nfc_link.h"

#include "core/builder.h"
#include "core/wipe.h"

#include <string.h>

#define OPEN_MS   15000 /* the helper's own clock rings before */
#define QUICK_MS  1000  /* a command that concerns the PN53x alone */
#define SELECT_MS 1000
#define MORE_MS   500 /* beyond what the PN53x itself waits */
/* Beyond what libnfc may wait: it may begin anew with each part. */
#define PATIENCE_MS  5000
#define FIELD_OFF_MS 6 /* ISO/IEC 14443-3: a chip is reset after 5.1 ms */
#define FIELD_ON_MS  6 /* and hears after 5 ms */
#define FRAME_BITS   (10 * 2 * (EMRTD_NFC_DATA_MAX + 20))
#define RATS_TRIES   2
#define CRC_LEN      2
#define LIMIT_ACR122 128 /* libnfc reads the low byte of a length alone */

static const struct emrtd_isodep_speed normal = { EMRTD_RATE_106,
	EMRTD_RATE_106 };

void
emrtd_nfc_link_init(struct emrtd_nfc_link *link, const struct emrtd_wake *wake)
{
	memset(link, 0, sizeof(*link));
	link->wake = wake;
	emrtd_nfc_process_init(&link->process);
}

bool
emrtd_nfc_link_is_open(const struct emrtd_nfc_link *link)
{
	return emrtd_nfc_process_runs(&link->process);
}

/* Keys and data of the last document do not outlive it. */
static void
forget_chip(struct emrtd_nfc_link *link)
{
	emrtd_wipe(&link->dep, sizeof(link->dep));
	link->active = false;
	link->atr_len = 0;
}

void
emrtd_nfc_link_close(struct emrtd_nfc_link *link)
{
	emrtd_nfc_process_stop(&link->process);
	forget_chip(link);
	link->field = false;
	link->wait_told = false;
}

static enum emrtd_error
lost(struct emrtd_nfc_link *link)
{
	emrtd_nfc_link_close(link);
	return EMRTD_E_READER_LOST;
}

static int64_t
until(const struct emrtd_nfc_link *link, int64_t wait_ms)
{
	int64_t ms = emrtd_wake_now_ms() + wait_ms;

	return link->deadline_ms != 0 && link->deadline_ms < ms
		   ? link->deadline_ms
		   : ms;
}

static enum emrtd_error
sleep_ms(const struct emrtd_nfc_link *link, int64_t ms)
{
	enum emrtd_error err = emrtd_wake_wait(link->wake, -1, 0,
	    until(link, ms));

	return err == EMRTD_E_TIMEOUT ? EMRTD_OK : err;
}

/* One command; what became of it is in answer->status. */
static enum emrtd_error
ask(struct emrtd_nfc_link *link, const struct emrtd_out *command,
    uint32_t wait_ms, struct emrtd_nfc_answer *answer)
{
	struct emrtd_nfc_request request = {
		.kind = EMRTD_NFC_COMMAND,
		.wait_ms = (uint16_t)wait_ms,
		.data = emrtd_out_bytes(command),
	};
	enum emrtd_error err;

	if (command->bad || command->len > link->reader.max_command)
		return EMRTD_E_TOO_LONG;
	err = emrtd_nfc_process_ask(&link->process, link->wake, &request,
	    until(link, (int64_t)wait_ms + PATIENCE_MS), answer);
	if (err == EMRTD_E_READER_LOST ||
	    (!err && answer->status == EMRTD_NFC_GONE))
		return lost(link);
	return err;
}

/* A command that a sound PN53x answers. */
static enum emrtd_error
tell(struct emrtd_nfc_link *link, const struct emrtd_out *command)
{
	struct emrtd_nfc_answer answer;
	enum emrtd_error err = ask(link, command, QUICK_MS, &answer);

	if (!err && answer.status != EMRTD_NFC_OK)
		return lost(link);
	return err;
}

static enum emrtd_error
set_field(struct emrtd_nfc_link *link, bool on)
{
	uint8_t buffer[8];
	struct emrtd_out out = emrtd_out(buffer, sizeof(buffer));
	enum emrtd_error err;

	emrtd_pn53x_put_field(&out, on);
	err = tell(link, &out);
	if (!err)
		link->field = on;
	return err;
}

enum emrtd_error
emrtd_nfc_link_field_off(struct emrtd_nfc_link *link)
{
	forget_chip(link);
	if (!emrtd_nfc_link_is_open(link) || !link->field)
		return EMRTD_OK;
	return set_field(link, false);
}

static enum emrtd_error
reset_field(struct emrtd_nfc_link *link)
{
	enum emrtd_error err = emrtd_nfc_link_field_off(link);

	if (!err)
		err = sleep_ms(link, FIELD_OFF_MS);
	if (!err)
		err = set_field(link, true);
	if (!err)
		err = sleep_ms(link, FIELD_ON_MS);
	return err;
}

static enum emrtd_error
set_speed(struct emrtd_nfc_link *link, const struct emrtd_isodep_speed *speed)
{
	uint8_t buffer[16];
	struct emrtd_out out = emrtd_out(buffer, sizeof(buffer));

	link->speed = *speed;
	emrtd_pn53x_put_speed(&out, link->type, speed);
	return tell(link, &out);
}

/*
 * Opening.
 */

static enum emrtd_error
refused(struct emrtd_nfc_link *link, const struct emrtd_nfc_answer *answer)
{
	enum emrtd_error err = EMRTD_E_NO_READER;

	emrtd_nfc_text(answer->data, link->why, sizeof(link->why));
	if (answer->status == EMRTD_NFC_BUSY)
		err = EMRTD_E_BUSY;
	else if (answer->status == EMRTD_NFC_PERMISSION)
		err = EMRTD_E_PERMISSION;
	emrtd_nfc_link_close(link);
	return err;
}

static enum emrtd_error
set_up(struct emrtd_nfc_link *link)
{
	uint8_t buffer[16];
	struct emrtd_out out = emrtd_out(buffer, sizeof(buffer));
	enum emrtd_error err;

	emrtd_pn53x_put_parameters(&out);
	err = tell(link, &out);
	if (err)
		return err;
	out.len = 0;
	emrtd_pn53x_put_retries(&out);
	err = tell(link, &out);
	/* libnfc may have left it on. */
	if (!err)
		err = set_field(link, false);
	return err;
}

static void
put_why(struct emrtd_nfc_link *link, const char *why)
{
	emrtd_nfc_text(emrtd_bytes((const uint8_t *)why, strlen(why)),
	    link->why, sizeof(link->why));
}

enum emrtd_error
emrtd_nfc_link_open(struct emrtd_nfc_link *link, const char *device,
    const char *helper)
{
	struct emrtd_nfc_request request = { .kind = EMRTD_NFC_OPEN };
	struct emrtd_nfc_answer answer;
	const char *why;
	enum emrtd_error err;

	emrtd_nfc_link_close(link);
	link->why[0] = '\0';
	err = emrtd_nfc_process_start(&link->process, helper, &why);
	if (err) {
		put_why(link, why);
		return err;
	}
	request.data = emrtd_bytes((const uint8_t *)device, strlen(device));
	err = emrtd_nfc_process_ask(&link->process, link->wake, &request,
	    emrtd_wake_now_ms() + OPEN_MS, &answer);
	if (err) {
		if (err == EMRTD_E_READER_LOST)
			put_why(link, "the program emrtd-nfc ended");
		emrtd_nfc_link_close(link);
		return err;
	}
	if (answer.status != EMRTD_NFC_OK)
		return refused(link, &answer);
	if (!emrtd_nfc_reader_parse(answer.data, &link->reader)) {
		put_why(link, "the program emrtd-nfc is of another version");
		emrtd_nfc_link_close(link);
		return EMRTD_E_NO_READER;
	}
	err = set_up(link);
	if (err)
		emrtd_nfc_link_close(link);
	return err;
}

/*
 * Frames.
 */

/* What a slow line adds: there and back, at ten bits a byte. */
static uint32_t
line_ms(const struct emrtd_nfc_link *link)
{
	return link->reader.speed > 0 ? FRAME_BITS * 1000u / link->reader.speed
				      : 0;
}

/* Tells the PN53x how long to listen, when that has changed. */
static enum emrtd_error
set_wait(struct emrtd_nfc_link *link, uint32_t wait_us)
{
	uint8_t buffer[8];
	struct emrtd_out out = emrtd_out(buffer, sizeof(buffer));
	uint32_t step = emrtd_pn53x_put_wait(&out, wait_us);
	enum emrtd_error err;

	if (link->wait_told && link->wait_step == step)
		return EMRTD_OK;
	err = tell(link, &out);
	link->wait_told = !err;
	link->wait_step = step;
	return err;
}

/* frame: a view until the next command. */
static enum emrtd_error
exchange(struct emrtd_nfc_link *link, struct emrtd_bytes frame,
    uint32_t wait_us, enum emrtd_isodep_heard *heard,
    struct emrtd_bytes *answered)
{
	uint8_t buffer[EMRTD_NFC_DATA_MAX];
	struct emrtd_out out = emrtd_out(buffer, sizeof(buffer));
	struct emrtd_nfc_answer answer;
	uint32_t us, ms;
	enum emrtd_error err;

	*heard = EMRTD_HEARD_NOTHING;
	*answered = emrtd_bytes(NULL, 0);
	err = set_wait(link, wait_us);
	if (err)
		return err;
	emrtd_pn53x_put_exchange(&out, frame);
	us = link->wait_step != 0 ? link->wait_step : wait_us;
	ms = us / 1000 + MORE_MS + line_ms(link);
	if (ms > EMRTD_NFC_WAIT_MAX_MS)
		ms = EMRTD_NFC_WAIT_MAX_MS;
	err = ask(link, &out, ms, &answer);
	emrtd_wipe(buffer, sizeof(buffer));
	if (err)
		return err;
	switch (answer.status) {
	case EMRTD_NFC_OK:
		/* Trouble of the reader's own is none of the chip's. */
		if (emrtd_pn53x_exchange_parse(answer.data, heard, answered))
			return lost(link);
		return EMRTD_OK;
	case EMRTD_NFC_SILENT:
		return EMRTD_OK;
	case EMRTD_NFC_BROKEN: /* noise on the line, and it is there */
		*heard = EMRTD_HEARD_GARBLED;
		return EMRTD_OK;
	default:
		return lost(link);
	}
}

/* Runs what was begun. */
static enum emrtd_error
run(struct emrtd_nfc_link *link)
{
	struct emrtd_bytes frame, answered;
	enum emrtd_isodep_heard heard;
	uint32_t wait_us;
	enum emrtd_isodep_step step;
	enum emrtd_error err;

	for (;;) {
		step = emrtd_isodep_next(&link->dep, &frame, &wait_us);
		if (step == EMRTD_ISODEP_DONE)
			return EMRTD_OK;
		if (step == EMRTD_ISODEP_FAILED)
			return link->dep.error;
		if (link->deadline_ms != 0 &&
		    emrtd_wake_now_ms() >= link->deadline_ms)
			return EMRTD_E_TIMEOUT;
		err = exchange(link, frame, wait_us, &heard, &answered);
		if (err)
			return err;
		emrtd_isodep_hear(&link->dep, heard, answered);
	}
}

/*
 * Selection.
 */

static enum emrtd_error
select_type(struct emrtd_nfc_link *link, enum emrtd_pn53x_type type,
    bool *found)
{
	uint8_t buffer[8];
	struct emrtd_out out = emrtd_out(buffer, sizeof(buffer));
	struct emrtd_pn53x_target target;
	struct emrtd_nfc_answer answer;
	enum emrtd_error err;

	*found = false;
	emrtd_pn53x_put_select(&out, type);
	err = ask(link, &out, SELECT_MS, &answer);
	/* One that still listens has found nobody. */
	if (err || answer.status == EMRTD_NFC_SILENT)
		return err;
	if (answer.status != EMRTD_NFC_OK)
		return lost(link);
	err = emrtd_pn53x_select_parse(answer.data, type, &target);
	if (err == EMRTD_E_NOT_FOUND)
		return EMRTD_OK;
	if (err)
		return lost(link);
	*found = target.speaks_14443_4;
	link->type = type;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_nfc_link_look(struct emrtd_nfc_link *link, bool *found)
{
	enum emrtd_error err;

	*found = false;
	err = reset_field(link);
	if (!err)
		err = select_type(link, EMRTD_PN53X_TYPE_A, found);
	if (!err && !*found && link->reader.chip != EMRTD_NFC_PN531)
		err = select_type(link, EMRTD_PN53X_TYPE_B, found);
	if (!err && !*found)
		err = emrtd_nfc_link_field_off(link);
	return err;
}

static uint32_t
max_frame(const struct emrtd_nfc_link *link)
{
	return link->reader.driver == EMRTD_NFC_ACR122 ? LIMIT_ACR122
						       : EMRTD_ISODEP_FRAME_MAX;
}

static bool
is_normal(const struct emrtd_isodep_speed *speed)
{
	return speed->to_chip == EMRTD_RATE_106 &&
	       speed->from_chip == EMRTD_RATE_106;
}

/* What chip and driver share, or 106 kbit/s when that has failed. */
static struct emrtd_isodep_speed
choose_speed(struct emrtd_nfc_link *link,
    const struct emrtd_isodep_offer *offer)
{
	static const uint8_t rates[EMRTD_NFC_N_CHIPS] = {
		[EMRTD_NFC_UNKNOWN_CHIP] = EMRTD_RATES_TO_106,
		[EMRTD_NFC_PN531] = EMRTD_RATES_TO_424,
		[EMRTD_NFC_PN532] = EMRTD_RATES_TO_424,
		[EMRTD_NFC_PN533] = EMRTD_RATES_TO_848,
	};
	struct emrtd_isodep_rates ours = { rates[link->reader.chip],
		rates[link->reader.chip], false };
	struct emrtd_isodep_speed speed = normal;

	if (!link->slow)
		speed = emrtd_isodep_choose(&offer->rates, &ours);
	link->fast = !is_normal(&speed);
	return speed;
}

/* One frame of an activation; CARD_LOST when nothing sound was heard. */
static enum emrtd_error
greet(struct emrtd_nfc_link *link, const struct emrtd_out *frame,
    unsigned tries, struct emrtd_bytes *answered)
{
	enum emrtd_isodep_heard heard = EMRTD_HEARD_NOTHING;
	enum emrtd_error err = EMRTD_OK;

	for (unsigned i = 0; i < tries && !err && heard != EMRTD_HEARD_FRAME;
	     i++)
		err = exchange(link, emrtd_out_bytes(frame),
		    EMRTD_ISODEP_ACTIVATION_US, &heard, answered);
	if (!err && heard != EMRTD_HEARD_FRAME)
		err = EMRTD_E_CARD_LOST;
	return err;
}

/*
 * The ATR that PC/SC part 3 makes: of type A the historical bytes, of type B
 * application data, protocol and the length of its buffer.
 */
static void
put_atr(struct emrtd_nfc_link *link, struct emrtd_bytes historical)
{
	struct emrtd_out out = emrtd_out(link->atr, sizeof(link->atr));
	uint8_t check = 0;

	if (historical.len > 15)
		historical.len = 15;
	emrtd_put_u8(&out, 0x3B);
	emrtd_put_u8(&out, (uint8_t)(0x80 | historical.len));
	emrtd_put_u8(&out, 0x80);
	emrtd_put_u8(&out, 0x01);
	emrtd_put(&out, historical);
	for (size_t i = 1; i < out.len; i++)
		check ^= out.ptr[i];
	emrtd_put_u8(&out, check);
	link->atr_len = out.bad ? 0 : out.len;
}

/* ISO/IEC 14443-4 begins, at the speed that was agreed to. */
static enum emrtd_error
begin(struct emrtd_nfc_link *link, const struct emrtd_isodep_offer *offer,
    const struct emrtd_isodep_speed *speed)
{
	struct emrtd_isodep_link limits = offer->link;
	enum emrtd_error err = EMRTD_OK;

	/* A command of the PN53x is its code and a frame without CRC. */
	if (limits.fsc > link->reader.max_command - 1u + CRC_LEN)
		limits.fsc = link->reader.max_command - 1u + CRC_LEN;
	emrtd_isodep_init(&link->dep, &limits);
	if (is_normal(speed)) {
		link->active = true;
		return EMRTD_OK;
	}
	err = set_speed(link, speed);
	if (err)
		return err;
	/* Does it hear us so? Nothing is lost yet when it does not. */
	emrtd_isodep_begin_ping(&link->dep, EMRTD_ISODEP_PING_NAK);
	err = run(link);
	link->active = !err;
	return err;
}

static enum emrtd_error
activate_a(struct emrtd_nfc_link *link)
{
	uint8_t buffer[8];
	struct emrtd_out out = emrtd_out(buffer, sizeof(buffer));
	struct emrtd_isodep_offer offer;
	struct emrtd_isodep_speed speed;
	struct emrtd_bytes answered;
	enum emrtd_error err;

	emrtd_isodep_put_rats(&out, max_frame(link));
	err = greet(link, &out, RATS_TRIES, &answered);
	if (!err)
		err = emrtd_isodep_ats_parse(answered, max_frame(link), &offer);
	if (err)
		return err;
	put_atr(link, offer.historical);
	speed = choose_speed(link, &offer);
	err = sleep_ms(link, (offer.link.sfgt_us + 999) / 1000);
	if (err || is_normal(&speed))
		return err ? err : begin(link, &offer, &speed);
	out.len = 0;
	emrtd_isodep_put_pps(&out, &speed);
	err = greet(link, &out, 1, &answered);
	if (!err)
		err = emrtd_isodep_pps_parse(answered);
	return err ? err : begin(link, &offer, &speed);
}

/*
 * The PN53x selected the chip with frames of its own choice and a number for
 * it: it says goodbye, and we wake it as we want to have it.
 */
static enum emrtd_error
wake_b(struct emrtd_nfc_link *link, struct emrtd_bytes *atqb)
{
	static const uint8_t wupb[] = { 0x05, 0x00, 0x08 };
	uint8_t buffer[8], frame[sizeof(wupb)];
	struct emrtd_out out = emrtd_out(buffer, sizeof(buffer));
	struct emrtd_out wake = emrtd_out(frame, sizeof(frame));
	struct emrtd_nfc_answer answer;
	enum emrtd_error err;

	emrtd_pn53x_put_deselect(&out);
	err = ask(link, &out, QUICK_MS, &answer);
	if (!err)
		err = set_speed(link, &normal);
	emrtd_put(&wake, emrtd_bytes(wupb, sizeof(wupb)));
	if (!err)
		err = greet(link, &wake, 1, atqb);
	if (err != EMRTD_E_CARD_LOST)
		return err;
	err = reset_field(link);
	if (!err)
		err = set_speed(link, &normal);
	return err ? err : greet(link, &wake, 2, atqb);
}

static enum emrtd_error
activate_b(struct emrtd_nfc_link *link)
{
	uint8_t buffer[16], historical[8];
	struct emrtd_out out = emrtd_out(buffer, sizeof(buffer));
	struct emrtd_out bytes = emrtd_out(historical, sizeof(historical));
	struct emrtd_isodep_offer offer;
	struct emrtd_isodep_speed speed;
	struct emrtd_bytes answered;
	enum emrtd_error err = wake_b(link, &answered);

	if (!err)
		err = emrtd_isodep_atqb_parse(answered, max_frame(link),
		    &offer);
	if (err)
		return err == EMRTD_E_UNSUPPORTED ? EMRTD_E_PROTOCOL : err;
	speed = choose_speed(link, &offer);
	emrtd_isodep_put_attrib(&out, &offer, &speed);
	err = greet(link, &out, 1, &answered);
	if (!err)
		err = emrtd_isodep_attrib_parse(answered);
	if (err)
		return err;
	emrtd_put(&bytes,
	    emrtd_bytes(offer.application, sizeof(offer.application)));
	emrtd_put(&bytes, emrtd_bytes(offer.protocol, sizeof(offer.protocol)));
	emrtd_put_u8(&bytes, answered.ptr[0] & 0xF0);
	put_atr(link, emrtd_out_bytes(&bytes));
	err = sleep_ms(link, (offer.link.sfgt_us + 999) / 1000);
	return err ? err : begin(link, &offer, &speed);
}

static enum emrtd_error
activate_once(struct emrtd_nfc_link *link)
{
	enum emrtd_error err;

	if (link->type == EMRTD_PN53X_TYPE_B)
		return activate_b(link);
	err = set_speed(link, &normal);
	return err ? err : activate_a(link);
}

enum emrtd_error
emrtd_nfc_link_activate(struct emrtd_nfc_link *link)
{
	enum emrtd_error err;
	bool found;

	link->fast = false;
	err = activate_once(link);
	if ((err != EMRTD_E_CARD_LOST && err != EMRTD_E_PROTOCOL) || link->slow)
		return err;
	/* Was it the speed? Then it answers at 106 kbit/s, or never. */
	err = emrtd_nfc_link_look(link, &found);
	if (!err && !found)
		err = EMRTD_E_CARD_LOST;
	if (err)
		return err;
	link->slow = true;
	err = activate_once(link);
	link->slow = !err;
	return err;
}

enum emrtd_error
emrtd_nfc_link_ping(struct emrtd_nfc_link *link)
{
	enum emrtd_error err;

	if (!link->active)
		return EMRTD_E_CARD_LOST;
	emrtd_isodep_begin_ping(&link->dep, EMRTD_ISODEP_PING_NAK);
	err = run(link);
	link->active = !err;
	return err == EMRTD_E_PROTOCOL ? EMRTD_E_CARD_LOST : err;
}

/*
 * The chip is gone, or it broke the rules, or it does not manage the speed:
 * another look tells.
 */
static enum emrtd_error
find_out(struct emrtd_nfc_link *link, enum emrtd_error err)
{
	enum emrtd_error look;
	bool found;

	if (err != EMRTD_E_CARD_LOST && err != EMRTD_E_PROTOCOL)
		return err;
	look = emrtd_nfc_link_look(link, &found);
	if (look)
		return look;
	if (!found)
		return EMRTD_E_CARD_LOST;
	link->slow |= link->fast;
	return err;
}

enum emrtd_error
emrtd_nfc_link_transmit(struct emrtd_nfc_link *link, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	size_t mark = response->len;
	enum emrtd_error err;

	if (!link->active)
		return EMRTD_E_CARD_LOST;
	emrtd_isodep_begin(&link->dep, command, response);
	err = run(link);
	if (!err)
		return EMRTD_OK;
	emrtd_out_rewind(response, mark);
	if (err == EMRTD_E_TOO_LONG && !link->dep.dead)
		return err;
	forget_chip(link);
	return find_out(link, err);
}
