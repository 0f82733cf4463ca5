#include "transport/isodep.h"

#include "core/builder.h"
#include "core/cursor.h"
#include "core/wipe.h"

#define CRC_LEN 2
#define PCB_LEN 1

#define PCB_I        0x02
#define PCB_MORE     0x10
#define PCB_I_MASK   0xEE /* what is fixed: without 'more' and the number */
#define PCB_ACK      0xA2
#define PCB_NAK      0xB2
#define PCB_R_MASK   0xFE
#define PCB_NUMBER   0x01
#define PCB_WTX      0xF2
#define PCB_DESELECT 0xC2

/* The two bits above it are the power level, which we do not use. */
#define WTXM_MASK 0x3F
#define WTXM_MAX  59

#define FWT_MIN_US 303

/* What a chip may send. All else is BAD, whatever it was meant to be. */
enum kind {
	BAD,
	I_BLOCK,
	R_ACK,
	S_WTX,
	S_DESELECT
};

struct block {
	enum kind kind;
	bool more;
	uint8_t number;
	struct emrtd_bytes data;
};

static uint32_t
within(uint32_t v, uint32_t least, uint32_t most)
{
	if (v < least)
		return least;
	return v > most ? most : v;
}

void
emrtd_isodep_init(struct emrtd_isodep *dep,
    const struct emrtd_isodep_link *link)
{
	*dep = (struct emrtd_isodep){ .link = *link };
	dep->link.fsc = within(link->fsc, EMRTD_ISODEP_FRAME_MIN,
	    EMRTD_ISODEP_FRAME_MAX);
	dep->link.fsd = within(link->fsd, EMRTD_ISODEP_FRAME_MIN,
	    EMRTD_ISODEP_FRAME_MAX);
	dep->link.fwt_us = within(link->fwt_us, FWT_MIN_US,
	    EMRTD_ISODEP_FWT_MAX_US);
}

static void
finish(struct emrtd_isodep *dep, enum emrtd_error error)
{
	if (error && dep->response != NULL)
		emrtd_out_rewind(dep->response, dep->mark);
	dep->error = error;
	dep->dead = error != EMRTD_OK || dep->task == EMRTD_ISODEP_DESELECT;
	dep->task = EMRTD_ISODEP_IDLE;
	dep->command = emrtd_bytes(NULL, 0);
	dep->response = NULL;
	dep->frame_len = 0;
	emrtd_wipe(dep->frame, sizeof(dep->frame));
}

static void
send(struct emrtd_isodep *dep, uint8_t pcb, struct emrtd_bytes data)
{
	struct emrtd_out out = emrtd_out(dep->frame, sizeof(dep->frame));

	emrtd_put_u8(&out, pcb);
	emrtd_put(&out, data);
	dep->frame_len = out.len;
	dep->wait_us = dep->link.fwt_us + EMRTD_ISODEP_FWT_SLACK_US;
	dep->counts.frames++;
}

static void
send_empty(struct emrtd_isodep *dep, uint8_t pcb)
{
	send(dep, pcb, emrtd_bytes(NULL, 0));
}

static bool
is_last_block(const struct emrtd_isodep *dep)
{
	return dep->in_block == dep->command.len - dep->sent;
}

/* The next part of the command, or the same once more. */
static void
send_command(struct emrtd_isodep *dep)
{
	size_t room = dep->link.fsc - CRC_LEN - PCB_LEN;
	struct emrtd_bytes rest = dep->command, part;
	uint8_t pcb = (uint8_t)(PCB_I | dep->number);

	(void)emrtd_take(&rest, dep->sent, &part);
	dep->in_block = rest.len < room ? rest.len : room;
	(void)emrtd_take(&rest, dep->in_block, &part);
	dep->asked = false;
	if (!is_last_block(dep))
		pcb |= PCB_MORE;
	send(dep, pcb, part);
}

/* Rules 4, 5 and 8: nothing came that can be used. */
static void
ask_again(struct emrtd_isodep *dep)
{
	dep->counts.repeats++;
	if (dep->task == EMRTD_ISODEP_DESELECT) {
		send_empty(dep, PCB_DESELECT);
	} else if (dep->task == EMRTD_ISODEP_RESPONSE) {
		send_empty(dep, (uint8_t)(PCB_ACK | dep->number));
	} else {
		dep->asked = true;
		send_empty(dep, (uint8_t)(PCB_NAK | dep->number));
	}
}

static void
went_wrong(struct emrtd_isodep *dep, enum emrtd_error error)
{
	bool part = dep->task == EMRTD_ISODEP_COMMAND ||
		    dep->task == EMRTD_ISODEP_RESPONSE;

	dep->failures++;
	if (dep->failures >=
	    (part ? EMRTD_ISODEP_TRIES : EMRTD_ISODEP_PING_TRIES))
		finish(dep, error);
	else
		ask_again(dep);
}

static struct block
block_of(const struct emrtd_isodep *dep, struct emrtd_bytes frame)
{
	struct block b = { .kind = BAD };
	uint8_t pcb;

	if (frame.len > dep->link.fsd - CRC_LEN || !emrtd_u8(&frame, &pcb))
		return b;
	b.number = pcb & PCB_NUMBER;
	b.more = (pcb & PCB_MORE) != 0;
	b.data = frame;
	if ((pcb & PCB_I_MASK) == PCB_I)
		b.kind = I_BLOCK;
	else if ((pcb & PCB_R_MASK) == PCB_ACK && frame.len == 0)
		b.kind = R_ACK;
	else if (pcb == PCB_WTX && frame.len == 1)
		b.kind = S_WTX;
	else if (pcb == PCB_DESELECT && frame.len == 0)
		b.kind = S_DESELECT;
	return b;
}

/* Rule B. */
static void
got_on(struct emrtd_isodep *dep)
{
	dep->number ^= PCB_NUMBER;
	dep->failures = 0;
}

/*
 * The handlers: false when the block has no place there. A block with the
 * wrong number is one that came twice or too late: rules 4 and 5 ask the chip
 * what its last one was.
 */
static bool
hear_acknowledged(struct emrtd_isodep *dep, uint8_t number)
{
	if (number != dep->number) {
		/*
		 * Rule 6: the chip does not have the block. Only an answer to
		 * R(NAK) is believed, as a chip that did get it repeats its
		 * own last block then (rule 11).
		 */
		if (!dep->asked)
			return false;
		dep->counts.repeats++;
		send_command(dep);
		return true;
	}
	if (is_last_block(dep))
		return false;
	dep->sent += dep->in_block;
	got_on(dep);
	send_command(dep);
	return true;
}

static bool
hear_response(struct emrtd_isodep *dep, const struct block *b)
{
	struct emrtd_out *out = dep->response;
	size_t len = out->len - dep->mark;

	/* An empty one would let a chain go on without end. */
	if (b->kind != I_BLOCK || b->number != dep->number ||
	    (b->more && b->data.len == 0))
		return false;
	got_on(dep);
	dep->task = EMRTD_ISODEP_RESPONSE;
	if (b->data.len > EMRTD_ISODEP_RESPONSE_MAX - len ||
	    b->data.len > out->cap - out->len) {
		finish(dep, EMRTD_E_TOO_LONG);
		return true;
	}
	emrtd_put(out, b->data);
	if (b->more)
		send_empty(dep, (uint8_t)(PCB_ACK | dep->number));
	else if (len + b->data.len < EMRTD_ISODEP_RESPONSE_MIN)
		finish(dep, EMRTD_E_PROTOCOL);
	else
		finish(dep, EMRTD_OK);
	return true;
}

static bool
hear_command(struct emrtd_isodep *dep, const struct block *b)
{
	if (b->kind == R_ACK)
		return hear_acknowledged(dep, b->number);
	return is_last_block(dep) && hear_response(dep, b);
}

/* Rule 12: the chip has nothing to repeat. */
static bool
hear_ping_nak(struct emrtd_isodep *dep, const struct block *b)
{
	if (b->kind != R_ACK || b->number == dep->number)
		return false;
	finish(dep, EMRTD_OK);
	return true;
}

/* Some chips answer it with a status word: that is an answer, too. */
static bool
hear_ping_empty(struct emrtd_isodep *dep, const struct block *b)
{
	if (b->kind == R_ACK)
		return hear_acknowledged(dep, b->number);
	if (b->kind != I_BLOCK || b->more || b->number != dep->number)
		return false;
	got_on(dep);
	finish(dep, EMRTD_OK);
	return true;
}

static bool
hear_deselected(struct emrtd_isodep *dep, const struct block *b)
{
	if (b->kind != S_DESELECT)
		return false;
	finish(dep, EMRTD_OK);
	return true;
}

/* Rule 3: the multiplier goes back as it came, for this one frame. */
static bool
hear_wtx(struct emrtd_isodep *dep, const struct block *b)
{
	uint8_t wtxm = b->data.ptr[0] & WTXM_MASK;
	uint32_t granted;

	if (wtxm < 1 || wtxm > WTXM_MAX)
		return false;
	granted = within(dep->link.fwt_us * wtxm, 0, EMRTD_ISODEP_FWT_MAX_US);
	dep->failures = 0;
	dep->counts.wtx++;
	dep->wtx++;
	dep->wtx_sum_us += granted;
	if (dep->wtx > EMRTD_ISODEP_WTX_MAX ||
	    dep->wtx_sum_us > EMRTD_ISODEP_WTX_SUM_US) {
		finish(dep, EMRTD_E_TIMEOUT);
		return true;
	}
	send(dep, PCB_WTX, emrtd_bytes(&wtxm, 1));
	dep->wait_us = granted + EMRTD_ISODEP_FWT_SLACK_US;
	return true;
}

static bool (*const hear[])(struct emrtd_isodep *, const struct block *) = {
	[EMRTD_ISODEP_COMMAND] = hear_command,
	[EMRTD_ISODEP_RESPONSE] = hear_response,
	[EMRTD_ISODEP_ASK_NAK] = hear_ping_nak,
	[EMRTD_ISODEP_ASK_EMPTY] = hear_ping_empty,
	[EMRTD_ISODEP_DESELECT] = hear_deselected,
};

void
emrtd_isodep_hear(struct emrtd_isodep *dep, enum emrtd_isodep_heard heard,
    struct emrtd_bytes frame)
{
	struct block b;
	bool sound;

	if (dep->task == EMRTD_ISODEP_IDLE)
		return;
	if (heard != EMRTD_HEARD_FRAME) {
		went_wrong(dep, EMRTD_E_CARD_LOST);
		return;
	}
	b = block_of(dep, frame);
	if (b.kind == S_WTX && dep->task != EMRTD_ISODEP_DESELECT)
		sound = hear_wtx(dep, &b);
	else
		sound = hear[dep->task](dep, &b);
	if (!sound)
		went_wrong(dep, EMRTD_E_PROTOCOL);
}

/* False: the chip was lost before. */
static bool
start(struct emrtd_isodep *dep, enum emrtd_isodep_task task)
{
	if (dep->dead) {
		if (!dep->error)
			dep->error = EMRTD_E_CARD_LOST;
		return false;
	}
	dep->error = EMRTD_OK;
	dep->task = task;
	dep->asked = false;
	dep->failures = 0;
	dep->wtx = 0;
	dep->wtx_sum_us = 0;
	dep->command = emrtd_bytes(NULL, 0);
	dep->sent = 0;
	dep->response = NULL;
	return true;
}

void
emrtd_isodep_begin(struct emrtd_isodep *dep, struct emrtd_bytes command,
    struct emrtd_out *response)
{
	if (!start(dep, EMRTD_ISODEP_COMMAND))
		return;
	if (command.len < EMRTD_ISODEP_COMMAND_MIN ||
	    command.len > EMRTD_ISODEP_COMMAND_MAX || response->bad) {
		dep->task = EMRTD_ISODEP_IDLE;
		dep->error = EMRTD_E_TOO_LONG;
		return;
	}
	dep->command = command;
	dep->response = response;
	dep->mark = response->len;
	send_command(dep);
}

void
emrtd_isodep_begin_ping(struct emrtd_isodep *dep, enum emrtd_isodep_ping how)
{
	if (how == EMRTD_ISODEP_PING_EMPTY) {
		if (start(dep, EMRTD_ISODEP_ASK_EMPTY))
			send_command(dep);
	} else if (start(dep, EMRTD_ISODEP_ASK_NAK)) {
		send_empty(dep, (uint8_t)(PCB_NAK | dep->number));
	}
}

void
emrtd_isodep_begin_deselect(struct emrtd_isodep *dep)
{
	if (start(dep, EMRTD_ISODEP_DESELECT))
		send_empty(dep, PCB_DESELECT);
}

enum emrtd_isodep_step
emrtd_isodep_next(struct emrtd_isodep *dep, struct emrtd_bytes *frame,
    uint32_t *wait_us)
{
	*frame = emrtd_bytes(dep->frame, dep->frame_len);
	*wait_us = dep->wait_us;
	if (dep->task != EMRTD_ISODEP_IDLE)
		return EMRTD_ISODEP_SEND;
	return dep->error ? EMRTD_ISODEP_FAILED : EMRTD_ISODEP_DONE;
}
