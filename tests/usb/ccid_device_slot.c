/* What the messages do to a slot and the card on it. */
#include "ccid_device_inner.h"

#include <stdio.h>
#include <string.h>

#define SHORT_APDU_MAX   261
#define SHORT_ANSWER_MAX 258
#define EXTENSION_MS     500 /* how long a card may compute untold */

/* wLevelParameter of a command, bChainParameter of an answer. */
enum chain {
	CHAIN_WHOLE = 0,
	CHAIN_BEGINS = 1,
	CHAIN_ENDS = 2,
	CHAIN_MIDDLE = 3,
	CHAIN_NEXT = 0x10 /* an empty block asks for the next part */
};

static uint8_t
icc_of(const struct slot *slot)
{
	if (!slot->there && !slot->lingers)
		return ICC_ABSENT;
	return slot->powered ? ICC_ACTIVE : ICC_INACTIVE;
}

void
ccid_device_slot_off(struct slot *slot)
{
	slot->powered = false;
	slot->collecting = false;
	slot->command.len = 0;
	slot->answer.len = 0;
	slot->answer_given = 0;
}

/* One message on its way through the device. */
struct run {
	struct ccid_device *device;
	struct function *function;
	struct slot *slot;
	const uint8_t *head;
	struct emrtd_bytes data;
	struct reply reply;
};

static void
answer(struct run *run, struct emrtd_bytes data)
{
	run->reply.status |= icc_of(run->slot);
	ccid_device_reply(run->device, run->function, &run->reply, data);
}

static void
fail(struct run *run, uint8_t error)
{
	run->reply.status = COMMAND_FAILED;
	run->reply.error = error;
	answer(run, emrtd_bytes(NULL, 0));
}

static void
bare_status(struct run *run)
{
	if (run->head[0] == SLOT_STATUS && icc_of(run->slot) == ICC_ABSENT)
		run->device->counts.told_absent++;
	answer(run, emrtd_bytes(NULL, 0));
}

/* What was taken away unnoticed is missed now. */
static bool
is_there(struct run *run)
{
	struct slot *slot = run->slot;

	if (slot->lingers) {
		slot->lingers = false;
		slot->changed = true;
		ccid_device_slot_off(slot);
	}
	return slot->there;
}

static void
power_on(struct run *run)
{
	struct slot *slot = run->slot;
	uint8_t atr[CCID_DEVICE_ATR_MAX];
	size_t len;

	run->reply.to_power_on = true;
	if (!is_there(run)) {
		fail(run, ERROR_MUTE);
		return;
	}
	ccid_device_slot_off(slot);
	len = slot->card.power_on(slot->card.self, atr);
	slot->powered = true;
	run->device->counts.powered_on++;
	answer(run, emrtd_bytes(atr, len));
}

static void
power_off(struct run *run)
{
	ccid_device_slot_off(run->slot);
	run->device->counts.powered_off++;
	bare_status(run);
}

/* Protocol T=1 as this reader uses it by itself: nothing to choose. */
static void
parameters(struct run *run)
{
	static const uint8_t t1[] = { 0x11, 0x10, 0x00, 0x4D, 0x00, 0xFE,
		0x00 };

	run->reply.own = 1;
	answer(run, emrtd_bytes(t1, sizeof(t1)));
}

static void
unsupported(struct run *run)
{
	fail(run, ERROR_UNSUPPORTED);
}

static void
end_of_abort(struct run *run)
{
	struct slot *slot = run->slot;

	if (run->device->config.no_abort) {
		fail(run, ERROR_UNSUPPORTED);
		return;
	}
	if (!slot->aborting || slot->abort_seq != run->head[AT_SEQ])
		ccid_device_complain(run->device,
		    "an abort without its request on endpoint 0");
	slot->aborting = false;
	run->device->counts.aborts++;
	bare_status(run);
}

void
ccid_device_abort(struct ccid_device *device, struct function *function,
    uint8_t index, uint8_t seq)
{
	(void)device;
	if (index >= function->config->n_slots)
		return;
	ccid_device_drain(function);
	function->slot[index].aborting = true;
	function->slot[index].abort_seq = seq;
	function->slot[index].collecting = false;
	function->slot[index].answer.len = 0;
}

/* ---- XfrBlock ---------------------------------------------------------- */

/* The next part of the answer, as much as a message carries. */
static void
give_part(struct run *run)
{
	struct slot *slot = run->slot;
	size_t room = run->function->config->max_message - HEADER_LEN;
	size_t left = slot->answer.len - slot->answer_given;
	size_t n = left < room ? left : room;
	bool first = slot->answer_given == 0, last = n == left;
	const uint8_t *from = slot->answer.ptr + slot->answer_given;

	if (first)
		run->reply.own = last ? CHAIN_WHOLE : CHAIN_BEGINS;
	else
		run->reply.own = last ? CHAIN_ENDS : CHAIN_MIDDLE;
	if (!first || !last)
		run->device->counts.chained++;
	slot->answer_given += n;
	run->reply.to_block = true;
	answer(run, emrtd_bytes(from, n));
}

static void
give_time_extensions(struct run *run, uint32_t delay_ms)
{
	const struct ccid_device_config *config = &run->device->config;
	struct reply wait = run->reply;
	uint32_t at = 0;

	wait.status = TIME_EXTENSION | icc_of(run->slot);
	wait.error = 1; /* times the usual waiting time */
	wait.to_block = true;
	for (uint32_t i = 0; i < config->extensions; i++) {
		wait.delay_ms = at;
		ccid_device_reply(run->device, run->function, &wait,
		    emrtd_bytes(NULL, 0));
		at += config->extension_ms;
	}
	for (; delay_ms > EXTENSION_MS; delay_ms -= EXTENSION_MS) {
		wait.delay_ms = at += EXTENSION_MS;
		ccid_device_reply(run->device, run->function, &wait,
		    emrtd_bytes(NULL, 0));
	}
	run->reply.delay_ms = at + delay_ms;
}

static void
count_apdu(struct run *run)
{
	struct ccid_device_counts *counts = &run->device->counts;
	struct slot *slot = run->slot;

	counts->apdus++;
	if (slot->command.len > SHORT_APDU_MAX ||
	    (slot->command.len >= 7 && slot->command.ptr[4] == 0))
		counts->extended++;
	if (slot->command.len > counts->longest_command)
		counts->longest_command = (uint32_t)slot->command.len;
	if (slot->answer.len > counts->longest_answer)
		counts->longest_answer = (uint32_t)slot->answer.len;
}

/* FF CA is a question to the reader: the UID of the chip. */
static bool
for_the_reader(struct slot *slot)
{
	static const uint8_t uid[] = { 0x08, 0x5A, 0x17, 0x2C, 0x90, 0x00 };

	if (slot->command.len < 4 || slot->command.ptr[0] != 0xFF)
		return false;
	if (slot->command.ptr[1] == 0xCA && slot->command.ptr[2] == 0) {
		memcpy(slot->answer.ptr, uid, sizeof(uid));
		slot->answer.len = sizeof(uid);
	} else {
		memcpy(slot->answer.ptr, "\x6A\x81", 2);
		slot->answer.len = 2;
	}
	return true;
}

static void
run_apdu(struct run *run)
{
	struct slot *slot = run->slot;
	uint32_t delay_ms = 0;

	slot->answer.len = 0;
	slot->answer.bad = false;
	slot->answer_given = 0;
	if (!for_the_reader(slot) &&
	    !slot->card.transmit(slot->card.self,
		emrtd_out_bytes(&slot->command), &slot->answer, &delay_ms)) {
		slot->there = false;
		slot->changed = true;
		ccid_device_slot_off(slot);
		run->reply.to_block = true;
		fail(run, ERROR_MUTE);
		return;
	}
	count_apdu(run);
	slot->command.len = 0;
	if (run->function->config->level == CCID_DEVICE_SHORT &&
	    slot->answer.len > SHORT_ANSWER_MAX) {
		fail(run, ERROR_OVERRUN);
		return;
	}
	give_time_extensions(run, delay_ms);
	give_part(run);
}

/* What the host may not say now; NULL: it may. */
static const char *
chain_fault(const struct run *run, unsigned chain)
{
	const struct slot *slot = run->slot;

	switch (chain) {
	case CHAIN_WHOLE:
	case CHAIN_BEGINS:
		return slot->collecting ? "a command within a command" : NULL;
	case CHAIN_ENDS:
	case CHAIN_MIDDLE:
		return slot->collecting ? NULL : "a later part of no command";
	case CHAIN_NEXT:
		if (run->data.len > 0)
			return "data where the next part was asked for";
		return slot->answer_given < slot->answer.len
			   ? NULL
			   : "there is no next part of the answer";
	default:
		return "a wLevelParameter that means nothing";
	}
}

static const char *
block_fault(const struct run *run, unsigned chain)
{
	const struct ccid_device_interface *config = run->function->config;

	if (run->data.len + HEADER_LEN > config->max_message)
		return "a message is longer than dwMaxCCIDMessageLength";
	if (config->level == CCID_DEVICE_SHORT && chain != CHAIN_WHOLE)
		return "chaining at the level of short APDUs";
	if (config->level == CCID_DEVICE_SHORT &&
	    run->data.len > SHORT_APDU_MAX)
		return "an APDU that is not short";
	if (run->data.len > run->slot->command.cap - run->slot->command.len)
		return "an APDU longer than any may be";
	return chain_fault(run, chain);
}

static void
xfr_block(struct run *run)
{
	struct ccid_device *device = run->device;
	struct slot *slot = run->slot;
	unsigned chain = run->head[AT_LEVEL] | (unsigned)run->head[AT_LEVEL + 1]
						   << 8;
	const char *fault = block_fault(run, chain);

	device->counts.blocks++;
	device->counts.last_block_ms = ccid_device_now(device);
	if (device->config.on_block != NULL)
		device->config.on_block(device->config.on_block_self,
		    device->counts.blocks);
	if (!is_there(run) || !slot->powered) {
		run->reply.to_block = true;
		fail(run, ERROR_MUTE);
		return;
	}
	if (fault != NULL) {
		ccid_device_complain(device, fault);
		fail(run, chain == CHAIN_WHOLE ? AT_LENGTH : AT_LEVEL);
		return;
	}
	if (chain == CHAIN_NEXT) {
		give_part(run);
		return;
	}
	if (run->data.len > 0)
		memcpy(slot->command.ptr + slot->command.len, run->data.ptr,
		    run->data.len);
	slot->command.len += run->data.len;
	slot->collecting = chain == CHAIN_BEGINS || chain == CHAIN_MIDDLE;
	if (chain != CHAIN_WHOLE)
		device->counts.chained++;
	if (!slot->collecting) {
		run_apdu(run);
		return;
	}
	run->reply.own = CHAIN_NEXT;
	run->reply.to_block = true;
	answer(run, emrtd_bytes(NULL, 0));
}

/* ---- Messages ---------------------------------------------------------- */

static const struct {
	uint8_t type, answer;
	bool has_data;
	void (*run)(struct run *run);
} messages[] = {
	{ 0x61, 0x82, true, parameters }, /* SetParameters */
	{ POWER_ON, 0x80, false, power_on },
	{ POWER_OFF, 0x81, false, power_off },
	{ SLOT_STATUS, 0x81, false, bare_status },
	{ 0x69, 0x80, true, unsupported },  /* Secure */
	{ 0x6A, 0x81, true, unsupported },  /* T0APDU */
	{ 0x6B, 0x83, true, unsupported },  /* Escape */
	{ 0x6C, 0x82, false, parameters },  /* GetParameters */
	{ 0x6D, 0x82, false, parameters },  /* ResetParameters */
	{ 0x6E, 0x81, false, unsupported }, /* IccClock */
	{ XFR_BLOCK, 0x80, true, xfr_block },
	{ 0x71, 0x81, false, unsupported }, /* Mechanical */
	{ ABORT, 0x81, false, end_of_abort },
	{ 0x73, 0x84, true, unsupported }, /* SetDataRateAndClockFrequency */
};

static void
refuse(struct run *run, const char *why, uint8_t error)
{
	ccid_device_complain(run->device, why);
	run->reply.status = COMMAND_FAILED | ICC_ABSENT;
	run->reply.error = error;
	ccid_device_reply(run->device, run->function, &run->reply,
	    emrtd_bytes(NULL, 0));
}

void
ccid_device_run(struct ccid_device *device, struct function *function,
    struct emrtd_bytes message)
{
	const uint8_t *head = message.ptr;
	struct run run = { .device = device,
		.function = function,
		.head = head,
		.data = emrtd_bytes(head + HEADER_LEN,
		    message.len - HEADER_LEN),
		.reply = { .type = 0x81,
		    .slot = head[AT_SLOT],
		    .seq = head[AT_SEQ] } };
	size_t i = 0;

	if (device->config.verbose)
		(void)fprintf(stderr,
		    "reader > %02x seq %u, %02x %02x %02x, %zu bytes\n",
		    head[0], head[AT_SEQ], head[7], head[8], head[9],
		    message.len);
	while (i < sizeof(messages) / sizeof(messages[0]) &&
	       messages[i].type != head[0])
		i++;
	if (i == sizeof(messages) / sizeof(messages[0])) {
		refuse(&run, "a message of no known type", 0);
		return;
	}
	run.reply.type = messages[i].answer;
	if (head[AT_SLOT] >= function->config->n_slots) {
		refuse(&run, "a message to a slot that is not there", AT_SLOT);
		return;
	}
	run.slot = &function->slot[head[AT_SLOT]];
	if (!messages[i].has_data && run.data.len > 0) {
		refuse(&run, "data in a message that has none", AT_LENGTH);
		return;
	}
	if (run.slot->aborting && head[0] != ABORT) {
		fail(&run, ERROR_ABORTED);
		return;
	}
	messages[i].run(&run);
}
