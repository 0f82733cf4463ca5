/* Endpoints, and the queue of what the host will be given. */
#include "ccid_device_inner.h"
#include "hostile_answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t
ccid_device_now(const struct ccid_device *device)
{
	struct timespec t;

	if (device->config.now_ms != NULL)
		return device->config.now_ms(device->config.now_self);
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
ccid_device_complain(struct ccid_device *device, const char *what)
{
	if (device->complaint == NULL)
		device->complaint = what;
}

void
ccid_device_config_init(struct ccid_device_config *config)
{
	*config = (struct ccid_device_config){
		.vendor = 0x04E6,
		.product = 0x5790,
		.manufacturer = "Simulated",
		.name = "uTrust 3700 F CL Reader",
		.serial = "0001",
		.n_interfaces = 1,
		.interface = { { .usb_class = 0x0B,
		    .level = CCID_DEVICE_EXTENDED,
		    .max_message = 1034,
		    .n_slots = 1 } },
	};
}

static bool
function_init(struct function *function,
    const struct ccid_device_interface *config)
{
	uint8_t *buf = malloc(MESSAGE_MAX);

	function->config = config;
	function->queue_end = &function->queue;
	function->in = emrtd_out(buf, MESSAGE_MAX);
	if (buf == NULL)
		return false;
	for (unsigned i = 0; i < config->n_slots; i++) {
		struct slot *slot = &function->slot[i];

		slot->changed = true;
		slot->command = emrtd_out(malloc(CCID_DEVICE_APDU_MAX),
		    CCID_DEVICE_APDU_MAX);
		slot->answer = emrtd_out(malloc(CCID_DEVICE_APDU_MAX),
		    CCID_DEVICE_APDU_MAX);
		if (slot->command.ptr == NULL || slot->answer.ptr == NULL)
			return false;
	}
	return true;
}

struct ccid_device *
ccid_device_new(const struct ccid_device_config *config)
{
	struct ccid_device *device = calloc(1, sizeof(*device));

	if (device == NULL)
		return NULL;
	device->config = *config;
	for (unsigned i = 0; i < config->n_interfaces; i++)
		if (!function_init(&device->function[i],
			&device->config.interface[i])) {
			ccid_device_free(&device);
			return NULL;
		}
	return device;
}

void
ccid_device_drain(struct function *function)
{
	struct transfer *next;

	for (struct transfer *t = function->queue; t != NULL; t = next) {
		next = t->next;
		free(t);
	}
	function->queue = NULL;
	function->queue_end = &function->queue;
	function->busy_until_ms = 0;
}

void
ccid_device_free(struct ccid_device **device)
{
	if (*device == NULL)
		return;
	for (unsigned i = 0; i < CCID_DEVICE_INTERFACES_MAX; i++) {
		struct function *function = &(*device)->function[i];

		ccid_device_drain(function);
		free(function->in.ptr);
		for (unsigned s = 0; s < CCID_DEVICE_SLOTS_MAX; s++) {
			free(function->slot[s].command.ptr);
			free(function->slot[s].answer.ptr);
		}
	}
	free(*device);
	*device = NULL;
}

/* ---- To the host ------------------------------------------------------- */

static void
queue_one(struct function *function, struct emrtd_bytes bytes, int64_t due_ms,
    bool goes_on, bool forever)
{
	struct transfer *t = calloc(1, sizeof(*t) + bytes.len);

	if (t == NULL)
		return;
	t->due_ms = due_ms;
	t->len = bytes.len;
	t->goes_on = goes_on;
	t->forever = forever;
	if (bytes.len > 0)
		memcpy(t->bytes, bytes.ptr, bytes.len);
	*function->queue_end = t;
	function->queue_end = &t->next;
}

void
ccid_device_queue(struct ccid_device *device, struct function *function,
    struct emrtd_bytes message, int64_t due_ms, bool forever)
{
	size_t part = device->config.split, from = 0;

	if (part == 0 || part > message.len)
		part = message.len;
	do {
		size_t n = message.len - from < part ? message.len - from
						     : part;

		queue_one(function, emrtd_bytes(message.ptr + from, n), due_ms,
		    from + n < message.len, forever);
		from += n;
		due_ms += device->config.split_ms;
	} while (from < message.len);
	function->busy_until_ms = due_ms;
}

void
ccid_device_reply(struct ccid_device *device, struct function *function,
    const struct reply *reply, struct emrtd_bytes data)
{
	static uint8_t message[MESSAGE_MAX + HOSTILE_EXTRA];
	struct hostile_frame frame = { .bytes = message,
		.cap = sizeof(message),
		.len = HEADER_LEN + data.len,
		.due_ms = ccid_device_now(device) + reply->delay_ms,
		.copies = 1,
		.answer = ++device->answers,
		.to_block = reply->to_block,
		.to_power_on = reply->to_power_on };

	message[0] = reply->type;
	for (int i = 0; i < 4; i++)
		message[AT_LENGTH + i] = (uint8_t)(data.len >> 8 * i);
	message[AT_SLOT] = reply->slot;
	message[AT_SEQ] = reply->seq;
	message[AT_STATUS] = reply->status;
	message[AT_ERROR] = reply->error;
	message[AT_OWN] = reply->own;
	if (data.len > 0)
		memcpy(message + HEADER_LEN, data.ptr, data.len);
	hostile_change(device->config.hostile, &frame);
	if (device->config.verbose)
		(void)fprintf(stderr,
		    "reader < %02x seq %u status %02x error %02x, %zu bytes\n",
		    message[0], message[AT_SEQ], message[AT_STATUS],
		    message[AT_ERROR], frame.len);
	for (unsigned i = 0; i < frame.copies; i++)
		ccid_device_queue(device, function,
		    emrtd_bytes(message, frame.len), frame.due_ms,
		    frame.forever);
}

static void
drop_first(struct function *function)
{
	struct transfer *t = function->queue;

	if (t->forever) {
		t->taken = 0;
		return;
	}
	function->queue = t->next;
	if (function->queue == NULL)
		function->queue_end = &function->queue;
	free(t);
}

/*
 * How many bytes a buffer of cap gets now. A transfer goes on over packets
 * that are full, and ends with a short one or with the buffer.
 */
static int
available(const struct function *function, int64_t now, size_t cap)
{
	size_t n = 0;

	for (const struct transfer *t = function->queue; t != NULL;
	     t = t->next) {
		size_t left = t->len - t->taken;

		if (t->due_ms > now)
			return CCID_DEVICE_NOTHING;
		if (left > cap - n)
			return cap % PACKET_LEN == 0 ? (int)cap
						     : CCID_DEVICE_BABBLE;
		n += left;
		if (n == cap || left % PACKET_LEN != 0 || !t->goes_on ||
		    t->forever)
			return (int)n;
	}
	return CCID_DEVICE_NOTHING;
}

static int
bulk_in(struct ccid_device *device, struct function *function, uint8_t *buf,
    size_t cap)
{
	int n = available(function, ccid_device_now(device), cap);
	size_t from = 0;

	if (n < 0)
		return n;
	do {
		struct transfer *t = function->queue;
		size_t part = t->len - t->taken;

		if (part > (size_t)n - from)
			part = (size_t)n - from;
		if (part > 0)
			memcpy(buf + from, t->bytes + t->taken, part);
		t->taken += part;
		from += part;
		if (t->taken == t->len)
			drop_first(function);
	} while (from < (size_t)n);
	return n;
}

/* RDR_to_PC_NotifySlotChange: two bits a slot, present and changed. */
static int
interrupt_in(struct ccid_device *device, struct function *function,
    uint8_t *buf, size_t cap)
{
	uint8_t message[HOSTILE_CHANGE_CAP] = { 0x50 };
	size_t len = 1 + (2 * (size_t)function->config->n_slots + 7) / 8;
	bool news = false;

	for (unsigned i = 0; i < function->config->n_slots; i++) {
		struct slot *slot = &function->slot[i];
		unsigned bits = slot->there || slot->lingers ? 1 : 0;

		if (slot->changed)
			bits |= 2;
		news = news || slot->changed;
		message[1 + i / 4] |= (uint8_t)(bits << 2 * (i % 4));
	}
	if (!hostile_slot_change(device->config.hostile, message, &len) &&
	    !news)
		return CCID_DEVICE_NOTHING;
	for (unsigned i = 0; i < function->config->n_slots; i++)
		function->slot[i].changed = false;
	if (len > cap)
		return CCID_DEVICE_BABBLE;
	memcpy(buf, message, len);
	return (int)len;
}

int
ccid_device_in(struct ccid_device *device, uint8_t endpoint, uint8_t *buf,
    size_t cap)
{
	for (unsigned i = 0; i < device->config.n_interfaces; i++) {
		struct function *function = &device->function[i];

		if (endpoint == ENDPOINT_IN_OF(i))
			return bulk_in(device, function, buf, cap);
		if (endpoint == ENDPOINT_CHANGE_OF(i) &&
		    !function->config->no_interrupt)
			return interrupt_in(device, function, buf, cap);
	}
	return CCID_DEVICE_STALL;
}

int64_t
ccid_device_due_ms(const struct ccid_device *device)
{
	int64_t due = -1;

	for (unsigned i = 0; i < device->config.n_interfaces; i++) {
		const struct transfer *t = device->function[i].queue;

		/* The last part decides when a transfer is whole. */
		while (t != NULL && t->goes_on && t->next != NULL)
			t = t->next;
		if (t != NULL && (due < 0 || t->due_ms < due))
			due = t->due_ms;
	}
	return due;
}

/* ---- From the host ----------------------------------------------------- */

static size_t
message_len(const struct emrtd_out *in)
{
	size_t n = HEADER_LEN;

	for (int i = 0; i < 4; i++)
		n += (size_t)in->ptr[AT_LENGTH + i] << 8 * i;
	return n;
}

static void
take_message(struct ccid_device *device, struct function *function)
{
	struct emrtd_out *in = &function->in;
	size_t wanted = in->len >= HEADER_LEN ? message_len(in) : 0;

	if (wanted > 0 && in->len == wanted) {
		ccid_device_run(device, function, emrtd_out_bytes(in));
		in->len = 0;
		return;
	}
	/* Full packets may be followed by the rest; nothing else may. */
	if (in->len % PACKET_LEN == 0 && (wanted == 0 || in->len < wanted))
		return;
	ccid_device_complain(device,
	    "the length of a message is not what its dwLength says");
	in->len = 0;
}

int
ccid_device_out(struct ccid_device *device, uint8_t endpoint,
    struct emrtd_bytes bytes)
{
	for (unsigned i = 0; i < device->config.n_interfaces; i++) {
		struct function *function = &device->function[i];
		struct emrtd_out *in = &function->in;

		if (endpoint != ENDPOINT_OUT_OF(i))
			continue;
		/* Its firmware looks for a command when it is done. */
		if (ccid_device_now(device) < function->busy_until_ms)
			return CCID_DEVICE_NOTHING;
		if (bytes.len > in->cap - in->len) {
			ccid_device_complain(device,
			    "a message is longer than any may be");
			in->len = 0;
			return CCID_DEVICE_STALL;
		}
		if (bytes.len == 0)
			return 0;
		memcpy(in->ptr + in->len, bytes.ptr, bytes.len);
		in->len += bytes.len;
		take_message(device, function);
		return (int)bytes.len;
	}
	return CCID_DEVICE_STALL;
}

/* ---- The world --------------------------------------------------------- */

void
ccid_device_replug(struct ccid_device *device)
{
	for (unsigned i = 0; i < device->config.n_interfaces; i++) {
		struct function *function = &device->function[i];

		ccid_device_drain(function);
		function->in.len = 0;
		for (unsigned s = 0; s < function->config->n_slots; s++) {
			struct slot *slot = &function->slot[s];

			ccid_device_slot_off(slot);
			slot->lingers = false;
			slot->aborting = false;
			slot->changed = true;
		}
	}
}

void
ccid_device_lay(struct ccid_device *device, uint8_t interface, uint8_t index,
    const struct ccid_device_card *card)
{
	struct slot *slot = &device->function[interface].slot[index];
	bool was = slot->there;

	slot->there = card != NULL;
	if (card != NULL) {
		/* Another one: its field begins anew. */
		slot->card = *card;
		slot->lingers = false;
		ccid_device_slot_off(slot);
	} else if (was && device->config.late_removal) {
		slot->lingers = true;
		return;
	} else {
		ccid_device_slot_off(slot);
	}
	if (was != slot->there)
		slot->changed = true;
}

bool
ccid_device_holds_card(const struct ccid_device *device, uint8_t interface,
    uint8_t slot)
{
	return device->function[interface].slot[slot].there;
}

struct ccid_device_counts
ccid_device_counts(const struct ccid_device *device)
{
	return device->counts;
}

const char *
ccid_device_complaint(const struct ccid_device *device)
{
	return device->complaint;
}
