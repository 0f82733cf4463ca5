#include "transport/ccid_exchange.h"

#include "core/builder.h"
#include "core/wipe.h"

#include <string.h>

/*
 * Bounds on what one command makes a reader send. An antenna's waiting time
 * extensions come a few times a second, a late answer now and then.
 */
#define MAX_PIECES     20000 /* 65 KiB in packets of 8 bytes, and some */
#define MAX_EMPTY      64
#define MAX_LATE       32
#define MAX_EXTENSIONS 4096
#define MAX_IDLE_LINKS 16 /* of a chain: blocks that bring nothing */

#define REST_MS   1000 /* a message that has begun ends within this */
#define ABORT_MS  200
#define DRAIN_MS  50
#define MAX_DRAIN 64
#define BUSY_MS   100
#define TRIES     3

#define SHORT_RESPONSE 258
#define LEAST_COMMAND  4
#define LEAST_RESPONSE 2

/* One call: its deadline, and how much the reader may still send. */
struct call {
	int64_t until_ms;
	unsigned pieces, empty, late, extensions;
};

static int64_t
now(const struct emrtd_ccid_exchange *x)
{
	return x->pipe->now_ms(x->pipe->self);
}

static struct call
call_for(const struct emrtd_ccid_exchange *x, uint32_t timeout_ms)
{
	return (struct call){ .until_ms = now(x) + timeout_ms };
}

void
emrtd_ccid_exchange_init(struct emrtd_ccid_exchange *x,
    const struct emrtd_ccid_pipe *pipe,
    const struct emrtd_ccid_interface *reader, uint8_t slot, uint8_t *buffer)
{
	memset(x, 0, sizeof(*x));
	x->pipe = pipe;
	x->reader = *reader;
	x->slot = slot;
	x->buffer = buffer;
	/* Not always 0: the last program may have left an answer behind. */
	x->seq = (uint8_t)now(x);
}

/* Appends one transfer; what is over budget is a reader run wild. */
static enum emrtd_error
receive_piece(const struct emrtd_ccid_exchange *x, struct call *call,
    int64_t until_ms, struct emrtd_out *in)
{
	size_t before = in->len;
	enum emrtd_error err;

	if (++call->pieces > MAX_PIECES)
		return EMRTD_E_PROTOCOL;
	err = x->pipe->receive(x->pipe->self, in, until_ms);
	if (err)
		return err;
	if (in->bad || (in->len == before && ++call->empty > MAX_EMPTY))
		return EMRTD_E_PROTOCOL;
	return EMRTD_OK;
}

/*
 * One whole message. Between its pieces a reader does not think: what stays
 * away then will not come.
 */
static enum emrtd_error
receive_message(const struct emrtd_ccid_exchange *x, struct call *call,
    struct emrtd_bytes *out)
{
	struct emrtd_out in = emrtd_out(x->buffer, EMRTD_CCID_BUFFER_LEN);
	int64_t until_ms = call->until_ms;
	uint64_t len = EMRTD_CCID_HEADER;
	enum emrtd_error err;

	do {
		err = receive_piece(x, call, until_ms, &in);
		if (err == EMRTD_E_TIMEOUT && now(x) < call->until_ms)
			return EMRTD_E_PROTOCOL;
		if (err)
			return err;
		if (emrtd_ccid_message_len(emrtd_out_bytes(&in), &len) &&
		    len > EMRTD_CCID_MESSAGE_MAX)
			return EMRTD_E_PROTOCOL;
		if (in.len > 0 && now(x) + REST_MS < call->until_ms)
			until_ms = now(x) + REST_MS;
	} while (in.len < len);
	*out = emrtd_out_bytes(&in);
	return EMRTD_OK;
}

/* The final answer to what was sent as 'sent'; others are passed over. */
static enum emrtd_error
await_answer(struct emrtd_ccid_exchange *x,
    const struct emrtd_ccid_command *sent, struct call *call,
    struct emrtd_ccid_answer *out)
{
	struct emrtd_bytes message;
	enum emrtd_error err;

	for (;;) {
		err = receive_message(x, call, &message);
		if (!err)
			err = emrtd_ccid_answer_parse(message, out);
		if (err)
			return err;
		if (out->seq != sent->seq || out->slot != sent->slot) {
			if (++call->late > MAX_LATE)
				return EMRTD_E_PROTOCOL;
			continue;
		}
		if (out->type != emrtd_ccid_answer_type(sent->type))
			return EMRTD_E_PROTOCOL;
		if (out->outcome != EMRTD_CCID_MORE_TIME)
			return EMRTD_OK;
		/* One that never ceases to ask leaves nothing to wait for. */
		if (++call->extensions > MAX_EXTENSIONS ||
		    now(x) >= call->until_ms)
			return EMRTD_E_TIMEOUT;
	}
}

/* Written into the buffer, sent, wiped. */
static enum emrtd_error
send_message(const struct emrtd_ccid_exchange *x,
    const struct emrtd_ccid_command *command, int64_t until_ms)
{
	struct emrtd_out out = emrtd_out(x->buffer, EMRTD_CCID_MESSAGE_MAX);
	enum emrtd_error err;

	emrtd_ccid_put(&out, command);
	if (out.bad)
		return EMRTD_E_TOO_LONG;
	err = x->pipe->send(x->pipe->self, emrtd_out_bytes(&out), until_ms);
	emrtd_wipe(x->buffer, out.len);
	return err;
}

/*
 * A command and its final answer, whose data lie in the buffer until the next
 * one. A failed answer is an error here.
 */
static enum emrtd_error
exchange(struct emrtd_ccid_exchange *x, struct emrtd_ccid_command *command,
    struct call *call, struct emrtd_ccid_answer *out)
{
	enum emrtd_error err;

	command->slot = x->asked = x->slot;
	command->seq = x->seq++;
	x->error = 0;
	x->adrift = true;
	err = send_message(x, command, call->until_ms);
	if (!err)
		err = await_answer(x, command, call, out);
	if (err)
		return err;
	x->adrift = false;
	if (out->outcome != EMRTD_CCID_FAILED)
		return EMRTD_OK;
	x->error = out->error;
	return emrtd_ccid_error(out);
}

/* That a chip is mute or not there is an answer, even in one that failed. */
static enum emrtd_error
ask_status(struct emrtd_ccid_exchange *x, struct call *call,
    enum emrtd_ccid_icc *out)
{
	struct emrtd_ccid_command command = { .type = EMRTD_CCID_GET_STATUS };
	struct emrtd_ccid_answer answer;
	enum emrtd_error err;

	err = exchange(x, &command, call, &answer);
	if (err && (x->adrift || (answer.icc != EMRTD_CCID_ICC_ABSENT &&
				     x->error != EMRTD_CCID_MUTE)))
		return err;
	*out = answer.icc;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_ccid_status(struct emrtd_ccid_exchange *x, uint32_t timeout_ms,
    enum emrtd_ccid_icc *out)
{
	struct call call = call_for(x, timeout_ms);

	return ask_status(x, &call, out);
}

static bool
hopeless(enum emrtd_error err)
{
	return err == EMRTD_E_CANCELLED || err == EMRTD_E_READER_LOST;
}

/* Whatever still comes, in whatever state the last message broke off. */
static enum emrtd_error
drain(const struct emrtd_ccid_exchange *x)
{
	struct emrtd_out in;
	enum emrtd_error err = EMRTD_OK;

	for (unsigned i = 0; i < MAX_DRAIN && !err; i++) {
		in = emrtd_out(x->buffer, EMRTD_CCID_BUFFER_LEN);
		err = x->pipe->receive(x->pipe->self, &in, now(x) + DRAIN_MS);
		emrtd_wipe(x->buffer, in.len);
	}
	return hopeless(err) ? err : EMRTD_OK;
}

/*
 * The class wants the request on endpoint 0 and the message to carry one
 * number. Few readers know it: whatever they say, the state is asked next.
 */
static enum emrtd_error
abort_last(struct emrtd_ccid_exchange *x)
{
	struct call call = call_for(x, ABORT_MS);
	struct emrtd_ccid_command command = {
		.type = EMRTD_CCID_ABORT,
		.slot = x->asked,
		.seq = (uint8_t)(x->seq - 1),
	};
	struct emrtd_ccid_answer answer;
	enum emrtd_error err;

	if (!x->pipe->abort)
		return EMRTD_OK;
	err = x->pipe->abort(x->pipe->self, command.slot, command.seq);
	if (hopeless(err))
		return err;
	if (err) /* a reader that does not know the request */
		return EMRTD_OK;
	err = send_message(x, &command, call.until_ms);
	for (unsigned i = 0; i < TRIES && !err; i++) {
		err = await_answer(x, &command, &call, &answer);
		if (!err)
			return EMRTD_OK;
		/* The aborted command may be answered first. */
		if (err == EMRTD_E_PROTOCOL)
			err = EMRTD_OK;
	}
	return hopeless(err) ? err : EMRTD_OK;
}

enum emrtd_error
emrtd_ccid_resync(struct emrtd_ccid_exchange *x, uint32_t patience_ms,
    enum emrtd_ccid_icc *out)
{
	enum emrtd_error err = EMRTD_OK, drained;

	if (x->adrift)
		err = abort_last(x);
	if (err)
		return err;
	for (unsigned i = 0; i < TRIES; i++) {
		err = emrtd_ccid_status(x, patience_ms, out);
		if (!err || hopeless(err))
			return err;
		drained = x->adrift ? drain(x) : EMRTD_OK;
		if (drained)
			return drained;
	}
	return err;
}

enum emrtd_error
emrtd_ccid_power_off(struct emrtd_ccid_exchange *x, uint32_t timeout_ms)
{
	struct call call = call_for(x, timeout_ms);
	struct emrtd_ccid_command command = { .type = EMRTD_CCID_POWER_OFF };
	struct emrtd_ccid_answer answer;

	return exchange(x, &command, &call, &answer);
}

/* A reader that is busy with its antenna is asked again; nothing is lost. */
static enum emrtd_error
power_on_at(struct emrtd_ccid_exchange *x, uint8_t voltage, struct call *call,
    struct emrtd_ccid_answer *out)
{
	struct emrtd_ccid_command command = {
		.type = EMRTD_CCID_POWER_ON,
		.parameter = voltage,
	};
	enum emrtd_error err, paused;

	for (;;) {
		err = exchange(x, &command, call, out);
		if (err != EMRTD_E_BUSY || now(x) + BUSY_MS >= call->until_ms)
			return err;
		paused = x->pipe->pause(x->pipe->self, now(x) + BUSY_MS);
		if (paused)
			return paused;
	}
}

/*
 * Voltages mean nothing to an antenna, but a reader that does not claim to
 * choose by itself may refuse the automatic one by the offset of the field.
 */
enum emrtd_error
emrtd_ccid_power_on(struct emrtd_ccid_exchange *x, struct emrtd_out *atr,
    uint32_t timeout_ms)
{
	static const uint8_t by_itself[] = { 0, 1, 2, 3 };
	static const uint8_t by_us[] = { 1, 2, 3, 0 };
	const uint8_t *order = x->reader.features & EMRTD_CCID_AUTO_VOLTAGE
				   ? by_itself
				   : by_us;
	struct call call = call_for(x, timeout_ms);
	struct emrtd_ccid_answer answer;
	enum emrtd_error err = EMRTD_E_PROTOCOL;

	for (size_t i = 0; i < sizeof(by_us); i++) {
		err = power_on_at(x, order[i], &call, &answer);
		if (!err || x->adrift || x->error != EMRTD_CCID_BAD_VOLTAGE)
			break;
	}
	if (err)
		return err;
	if (answer.data.len < LEAST_RESPONSE ||
	    answer.data.len > atr->cap - atr->len)
		return EMRTD_E_PROTOCOL;
	emrtd_put(atr, answer.data);
	return EMRTD_OK;
}

/* An extended APDU, whatever its length: Lc or Le of three bytes. */
static bool
looks_extended(struct emrtd_bytes command)
{
	return command.len >= 7 && command.ptr[4] == 0;
}

static enum emrtd_error
check_command(const struct emrtd_ccid_exchange *x, struct emrtd_bytes command)
{
	if (command.len < LEAST_COMMAND)
		return EMRTD_E_PROTOCOL;
	if (command.len > emrtd_ccid_max_command(&x->reader))
		return EMRTD_E_TOO_LONG;
	if (x->reader.level == EMRTD_CCID_SHORT && looks_extended(command))
		return EMRTD_E_TOO_LONG;
	return EMRTD_OK;
}

static enum emrtd_error
transfer(struct emrtd_ccid_exchange *x, struct emrtd_bytes data, uint16_t level,
    struct call *call, struct emrtd_ccid_answer *out)
{
	struct emrtd_ccid_command command = {
		.type = EMRTD_CCID_XFR,
		.level = level,
		.data = data,
	};

	return exchange(x, &command, call, out);
}

/*
 * A command in as many blocks as it needs; each but the last is answered by an
 * empty one.
 *
 *   > XfrBlock level 1 (begins)      < DataBlock empty, chain 10
 *   > XfrBlock level 3 (middle)      < DataBlock empty, chain 10
 *   > XfrBlock level 2 (ends)        < DataBlock of the response
 */
static enum emrtd_error
send_command(struct emrtd_ccid_exchange *x, struct emrtd_bytes command,
    struct call *call, struct emrtd_ccid_answer *out)
{
	size_t block = x->reader.max_message - EMRTD_CCID_HEADER, done = 0, n;
	uint16_t level;
	enum emrtd_error err;

	if (command.len <= block)
		return transfer(x, command, EMRTD_CCID_WHOLE, call, out);
	for (;;) {
		n = command.len - done < block ? command.len - done : block;
		level = done == 0 ? EMRTD_CCID_BEGINS : EMRTD_CCID_MIDDLE;
		if (done + n == command.len)
			level = EMRTD_CCID_ENDS;
		err = transfer(x, emrtd_bytes(command.ptr + done, n), level,
		    call, out);
		done += n;
		if (err)
			return err;
		x->midway = level != EMRTD_CCID_ENDS;
		if (!x->midway)
			return EMRTD_OK;
		if (out->chain != EMRTD_CCID_EMPTY || out->data.len > 0)
			return EMRTD_E_PROTOCOL;
	}
}

static enum emrtd_error
take_data(const struct emrtd_ccid_exchange *x,
    const struct emrtd_ccid_answer *block, struct emrtd_out *response)
{
	size_t len = block->data.len;

	if (block->icc == EMRTD_CCID_ICC_ABSENT)
		return EMRTD_E_CARD_LOST;
	if (response->bad || len > response->cap - response->len)
		return EMRTD_E_TOO_LONG;
	emrtd_put(response, block->data);
	emrtd_wipe(x->buffer, EMRTD_CCID_HEADER + len);
	return EMRTD_OK;
}

/*
 * The blocks of the response, of which the first is here already.
 *
 *   < DataBlock chain 1 (begins)     > XfrBlock empty, level 10
 *   < DataBlock chain 3 (middle)     > XfrBlock empty, level 10
 *   < DataBlock chain 2 (ends)
 */
static enum emrtd_error
take_chain(struct emrtd_ccid_exchange *x, struct call *call,
    struct emrtd_ccid_answer *block, struct emrtd_out *response)
{
	uint8_t more = EMRTD_CCID_BEGINS, last = EMRTD_CCID_WHOLE;
	unsigned idle = 0;
	enum emrtd_error err;

	for (;;) {
		x->midway = block->chain != last;
		err = take_data(x, block, response);
		if (err || !x->midway)
			return err;
		if (block->chain != more ||
		    (block->data.len == 0 && ++idle > MAX_IDLE_LINKS))
			return EMRTD_E_PROTOCOL;
		more = EMRTD_CCID_MIDDLE;
		last = EMRTD_CCID_ENDS;
		err = transfer(x, emrtd_bytes(NULL, 0), EMRTD_CCID_EMPTY, call,
		    block);
		if (err)
			return err;
	}
}

/* At this level the last byte of the header has no meaning. */
static enum emrtd_error
take_short(const struct emrtd_ccid_exchange *x,
    const struct emrtd_ccid_answer *block, struct emrtd_out *response)
{
	if (block->data.len > SHORT_RESPONSE)
		return EMRTD_E_PROTOCOL;
	return take_data(x, block, response);
}

enum emrtd_error
emrtd_ccid_transmit(struct emrtd_ccid_exchange *x, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct call call = call_for(x, timeout_ms);
	struct emrtd_ccid_answer block;
	size_t mark = response->len;
	enum emrtd_error err;

	x->midway = false;
	err = check_command(x, command);
	if (err)
		return err;
	err = send_command(x, command, &call, &block);
	if (!err && x->reader.level == EMRTD_CCID_EXTENDED)
		err = take_chain(x, &call, &block, response);
	else if (!err)
		err = take_short(x, &block, response);
	if (!err && response->len - mark < LEAST_RESPONSE)
		err = EMRTD_E_PROTOCOL;
	if (err) {
		emrtd_out_rewind(response, mark);
		emrtd_wipe(x->buffer, EMRTD_CCID_BUFFER_LEN);
	}
	return err;
}
