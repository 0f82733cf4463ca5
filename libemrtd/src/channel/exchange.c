#include "channel/channel.h"

#include "core/builder.h"
#include "core/cursor.h"
#include "core/diag.h"
#include "core/wipe.h"

#include <string.h>

#define SHORT_DATA 255
/* Room that secure messaging and the header need beside the plain data. */
#define COMMAND_EXTRA  128
#define RESPONSE_EXTRA 64
/* 64 KiB in parts of 256, and a few. */
#define MORE_MAX 260

#define INS_GET_RESPONSE 0xC0
#define CLA_CHAIN        0x10

/* One APDU on its way: what is sent, what comes back, and both in plain. */
struct trip {
	struct emrtd_out plain_command, command, work;
	struct emrtd_out response, plain_data;
	uint16_t sw;
	int64_t start_us, end_us;
};

static int64_t
now(const struct emrtd_channel *channel)
{
	return channel->clock.now_us(channel->clock.self);
}

/* Bytes of data objects that a command becomes under secure messaging. */
static size_t
protected_len(const struct emrtd_sm *sm, const struct emrtd_command *command)
{
	size_t block = sm->suite->block_len, len = 10;
	bool wide = command->extended || command->ne > 256 ||
		    command->data.len > SHORT_DATA;
	size_t value;

	if (command->data.len) {
		value = (command->data.len / block + 1) * block;
		value += command->ins & 1 ? 0 : 1;
		len += value + (value < 128 ? 2 : value < 256 ? 3 : 4);
	}
	if (command->ne)
		len += wide ? 4 : 3;
	return len;
}

/*
 * Refuses what the link is known not to carry, before a counter is spent on
 * it: a reader that does not answer a long APDU ends the session.
 */
static enum emrtd_error
check_size(const struct emrtd_channel *channel,
    const struct emrtd_command *command, struct emrtd_diag *diag)
{
	size_t body = command->data.len, len;
	bool le = command->ne != 0, extended = command->extended;

	if (channel->secured) {
		body = protected_len(channel->sm, command);
		le = true;
	}
	extended = extended || command->ne > 256 || body > SHORT_DATA;
	len = 4 + body;
	if (extended)
		len += 1 + (body ? 2 : 0) + (le ? 2 : 0);
	else
		len += (body ? 1 : 0) + (le ? 1 : 0);
	if (channel->max_command == 0)
		return EMRTD_OK;
	if (len > channel->max_command ||
	    (extended && channel->max_command <= EMRTD_SHORT_COMMAND))
		return emrtd_fail(diag, EMRTD_E_TOO_LONG,
		    "command longer than the link carries", NULL);
	return EMRTD_OK;
}

/* The next n bytes of the scratch; an empty buffer marked bad if too few. */
static struct emrtd_out
carve(struct emrtd_out *scratch, size_t n)
{
	struct emrtd_out out = { .bad = true };

	if (n > scratch->cap - scratch->len) {
		scratch->bad = true;
		return out;
	}
	out = emrtd_out(scratch->ptr + scratch->len, n);
	scratch->len += n;
	return out;
}

static enum emrtd_error
pack(struct emrtd_channel *channel, const struct emrtd_command *command,
    struct trip *trip, struct emrtd_diag *diag)
{
	struct emrtd_out *scratch = &channel->scratch;
	size_t len = command->data.len, answer;

	memset(trip, 0, sizeof(*trip));
	scratch->len = 0;
	scratch->bad = false;
	if (len > EMRTD_COMMAND_MAX)
		return emrtd_fail(diag, EMRTD_E_ARG, "command", NULL);
	trip->plain_command = carve(scratch, len + COMMAND_EXTRA);
	trip->command = carve(scratch, len + COMMAND_EXTRA);
	trip->work = carve(scratch, len + COMMAND_EXTRA);
	answer = (scratch->cap - scratch->len) / 2;
	trip->response = carve(scratch, answer);
	trip->plain_data = carve(scratch, answer);
	if (scratch->bad || answer < EMRTD_SHORT_RESPONSE ||
	    answer < (size_t)command->ne + RESPONSE_EXTRA)
		return emrtd_fail(diag, EMRTD_E_BUFFER,
		    "scratch of the channel", NULL);
	return EMRTD_OK;
}

static enum emrtd_error
write_command(struct emrtd_channel *channel,
    const struct emrtd_command *command, struct trip *trip,
    struct emrtd_diag *diag)
{
	enum emrtd_error err;

	err = emrtd_command_encode(command, &trip->plain_command);
	if (err)
		return emrtd_fail(diag, err, "encoding a command", NULL);
	if (channel->secured)
		err = emrtd_sm_protect(channel->crypto, channel->sm, command,
		    &trip->work, &trip->command);
	else
		err = emrtd_command_encode(command, &trip->command);
	if (err)
		return emrtd_fail(diag, err, "protecting a command", NULL);
	return EMRTD_OK;
}

static uint32_t
patience_ms(const struct emrtd_channel *channel, int64_t at_us)
{
	int64_t left;

	if (channel->deadline_us == 0)
		return channel->timeout_ms;
	left = (channel->deadline_us - at_us + 999) / 1000;
	if (left < 1)
		return 1;
	return left < channel->timeout_ms ? (uint32_t)left
					  : channel->timeout_ms;
}

static void
count(struct emrtd_channel *channel, const struct trip *trip)
{
	struct emrtd_phase *phase;

	if (channel->n_phases == 0)
		emrtd_channel_phase(channel, "start");
	phase = &channel->phases[channel->phase];
	phase->n_apdus++;
	phase->sent += trip->command.len;
	phase->received += trip->response.len;
	phase->link_us += trip->end_us - trip->start_us;
}

/* Header, 00, and two bytes of Lc or Le at least. */
static bool
is_extended(struct emrtd_bytes command)
{
	return command.len >= 7 && command.ptr[4] == 0;
}

/* How readers end that cannot do what they were given. */
static bool
may_be_the_length(enum emrtd_error err)
{
	return err == EMRTD_E_CARD_LOST || err == EMRTD_E_PROTOCOL ||
	       err == EMRTD_E_TOO_LONG;
}

/* What this APDU says about the link. */
static void
learn(struct emrtd_channel *channel, const struct trip *trip,
    enum emrtd_error err)
{
	struct emrtd_bytes command = emrtd_out_bytes(&trip->command);

	if (err == EMRTD_OK && !trip->response.bad)
		channel->extended_works |= command.len > EMRTD_SHORT_COMMAND ||
					   trip->response.len >
					       EMRTD_SHORT_RESPONSE;
	else
		channel->broke_extended = may_be_the_length(err) &&
					  is_extended(command) &&
					  !channel->extended_works;
}

static enum emrtd_error
transmit(struct emrtd_channel *channel, struct trip *trip,
    struct emrtd_diag *diag)
{
	const struct emrtd_transport *link = &channel->transport;
	enum emrtd_error err, stop;

	trip->start_us = now(channel);
	err = link->ops->transmit(link->self, emrtd_out_bytes(&trip->command),
	    &trip->response, patience_ms(channel, trip->start_us));
	trip->end_us = now(channel);
	count(channel, trip);
	learn(channel, trip, err);
	/* An answer that came too late, or after a cancel, does not count. */
	stop = emrtd_channel_check(channel, diag);
	if (stop)
		return stop;
	if (err)
		return emrtd_fail(diag, err, "exchange with the chip", NULL);
	if (trip->response.bad)
		return emrtd_fail(diag, EMRTD_E_TOO_LONG,
		    "answer longer than asked for", NULL);
	return EMRTD_OK;
}

/* Success and warnings refuse nothing: in clear they are a lie. */
static bool
is_refusal(uint16_t sw)
{
	return sw >= 0x6400 && sw <= 0x6FFF;
}

static enum emrtd_error
read_response(struct emrtd_channel *channel,
    const struct emrtd_command *command, struct trip *trip,
    struct emrtd_diag *diag)
{
	struct emrtd_bytes received = emrtd_out_bytes(&trip->response);
	struct emrtd_response response;
	enum emrtd_error err;

	err = emrtd_response_parse(received, &response);
	if (err)
		return emrtd_fail(diag, err, "answer without a status word",
		    "ISO 7816-4 5.1");
	if (channel->secured) {
		err = emrtd_sm_unprotect(channel->crypto, channel->sm, received,
		    command->ins & 1, diag, &trip->plain_data, &trip->sw);
		channel->n_verified += err == EMRTD_OK;
		if (err == EMRTD_E_SM_PLAIN && response.data.len == 0 &&
		    is_refusal(response.sw))
			channel->bare_sw = response.sw;
		return err;
	}
	emrtd_put(&trip->plain_data, response.data);
	trip->sw = response.sw;
	return EMRTD_OK;
}

static void
tell(const struct emrtd_channel *channel, const struct trip *trip, bool secured,
    enum emrtd_error error)
{
	struct emrtd_exchange exchange = { 0 };

	if (!channel->observer.exchange)
		return;
	exchange.phase = channel->phases[channel->phase].name;
	exchange.secured = secured;
	exchange.error = error;
	exchange.plain_command = emrtd_out_bytes(&trip->plain_command);
	exchange.plain_data = emrtd_out_bytes(&trip->plain_data);
	exchange.sw = trip->sw;
	exchange.command = emrtd_out_bytes(&trip->command);
	exchange.response = emrtd_out_bytes(&trip->response);
	exchange.start_us = trip->start_us;
	exchange.end_us = trip->end_us;
	channel->observer.exchange(channel->observer.self, &exchange);
}

/* Commands carry key material, answers a holder's data: nothing stays. */
static void
clean(struct trip *trip)
{
	struct emrtd_out *all[] = { &trip->plain_command, &trip->command,
		&trip->work, &trip->response, &trip->plain_data };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i]->ptr)
			emrtd_wipe(all[i]->ptr, all[i]->len);
}

/* From here on a failure ends the keys: the counters may differ. */
static enum emrtd_error
travel(struct emrtd_channel *channel, const struct emrtd_command *command,
    struct trip *trip, struct emrtd_diag *diag)
{
	enum emrtd_error err;
	bool secured = channel->secured;

	channel->bare_sw = 0;
	channel->broke_extended = false;
	err = write_command(channel, command, trip, diag);
	if (!err) {
		err = transmit(channel, trip, diag);
		if (!err)
			err = read_response(channel, command, trip, diag);
		tell(channel, trip, secured, err);
	}
	if (err && secured)
		emrtd_sm_end(channel->sm);
	return err;
}

static enum emrtd_error
exchange_once(struct emrtd_channel *channel,
    const struct emrtd_command *command, struct emrtd_out *data, uint16_t *sw,
    struct emrtd_diag *diag)
{
	struct trip trip;
	enum emrtd_error err;

	if (channel->secured && (!channel->sm || !channel->sm->live))
		return emrtd_fail(diag, EMRTD_E_STATE,
		    "the secured session has ended", NULL);
	err = emrtd_channel_check(channel, diag);
	if (err)
		return err;
	err = check_size(channel, command, diag);
	if (err)
		return err;
	err = pack(channel, command, &trip, diag);
	if (err)
		return err;
	err = travel(channel, command, &trip, diag);
	if (!err) {
		*sw = trip.sw;
		if (data)
			emrtd_put(data, emrtd_out_bytes(&trip.plain_data));
		/* Callers have room for all that a chip may rightly say. */
		if (data && data->bad)
			err = emrtd_fail(diag, EMRTD_E_LIMIT,
			    "answer longer than any to this command", NULL);
	}
	clean(&trip);
	return err;
}

static uint32_t
ne_of_sw2(uint16_t sw)
{
	return sw & 0xFF ? sw & 0xFF : 256;
}

enum emrtd_error
emrtd_channel_exchange(struct emrtd_channel *channel,
    const struct emrtd_command *command, struct emrtd_out *data, uint16_t *sw,
    struct emrtd_diag *diag)
{
	struct emrtd_command next = *command;
	bool corrected = false, more = false;
	size_t before;
	enum emrtd_error err;

	channel->corrected_ne = 0;
	for (int n = 0; n < MORE_MAX; n++) {
		before = data ? data->len : 0;
		err = exchange_once(channel, &next, data, sw, diag);
		if (err)
			return err;
		switch (*sw & 0xFF00) {
		case 0x6C00:
			if (corrected)
				return EMRTD_OK;
			corrected = true;
			/* What came with it comes again. */
			if (data)
				data->len = before;
			next.ne = ne_of_sw2(*sw);
			channel->corrected_ne = next.ne;
			break;
		case 0x6100:
			if (more && data && data->len == before)
				return emrtd_fail(diag, EMRTD_E_LIMIT,
				    "61xx again, and no data", NULL);
			more = true;
			memset(&next, 0, sizeof(next));
			next.cla = command->cla & (uint8_t)~CLA_CHAIN;
			next.ins = INS_GET_RESPONSE;
			next.ne = ne_of_sw2(*sw);
			break;
		default:
			return EMRTD_OK;
		}
	}
	return emrtd_fail(diag, EMRTD_E_LIMIT, "61xx without end", NULL);
}

/*
 * 87 81 L 01 cryptogram, 97 01 Le, 8E 08 MAC in 255 bytes: 239 are left for
 * whole blocks, of which one byte at least is padding.
 */
size_t
emrtd_channel_part(const struct emrtd_channel *channel)
{
	size_t block;

	if (!channel->secured || !channel->sm || !channel->sm->live)
		return SHORT_DATA;
	block = channel->sm->suite->block_len;
	return (SHORT_DATA - 10 - 3 - 4) / block * block - 1;
}

enum emrtd_error
emrtd_channel_chain(struct emrtd_channel *channel,
    const struct emrtd_command *command, struct emrtd_out *data, uint16_t *sw,
    struct emrtd_diag *diag)
{
	size_t most = emrtd_channel_part(channel);
	struct emrtd_bytes rest = command->data;
	struct emrtd_command part = *command;
	enum emrtd_error err;

	if (rest.len <= most)
		return emrtd_channel_exchange(channel, command, data, sw, diag);
	part.cla |= CLA_CHAIN;
	part.ne = 0;
	while (rest.len > most) {
		if (!emrtd_take(&rest, most, &part.data))
			return emrtd_fail(diag, EMRTD_E_INTERNAL,
			    "command chaining", NULL);
		err = emrtd_channel_exchange(channel, &part, NULL, sw, diag);
		if (err || *sw != 0x9000)
			return err;
	}
	part.cla = command->cla;
	part.data = rest;
	part.ne = command->ne > EMRTD_NE_SHORT ? EMRTD_NE_SHORT : command->ne;
	return emrtd_channel_exchange(channel, &part, data, sw, diag);
}
