#include "hostile_answer.h"

#include <stdlib.h>
#include <string.h>

/* Offsets in a message, and in a configuration of one interface. */
enum {
	TYPE = 0,
	LENGTH = 1,
	SLOT = 5,
	SEQ = 6,
	STATUS = 7,
	ERROR = 8,
	OWN = 9,
	DATA = 10
};
enum {
	INTERFACE = 9, /* bLength 9, bDescriptorType 4 ... */
	N_ENDPOINTS = INTERFACE + 4,
	CLASS = 18, /* behind it, 54 bytes */
	MAX_SLOT = CLASS + 4,
	FEATURES = CLASS + 40,
	MAX_MESSAGE = CLASS + 44
};

#define LATE_MS (20 * 1000)

static void
put_le32(uint8_t *at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(v >> 8 * i);
}

/* As many bytes as that, and a dwLength that agrees. */
static void
set_data_len(struct hostile_frame *frame, size_t n)
{
	size_t had = frame->len - DATA;

	if (n > had)
		memset(frame->bytes + frame->len, 0x5A, n - had);
	frame->len = DATA + n;
	put_le32(frame->bytes + LENGTH, (uint32_t)n);
}

/* ---- Answers ----------------------------------------------------------- */

static void
wrong_type(struct hostile_frame *frame)
{
	frame->bytes[TYPE] ^= 0x01;
}

static void
no_type(struct hostile_frame *frame)
{
	frame->bytes[TYPE] = 0x00;
}

static void
wrong_slot(struct hostile_frame *frame)
{
	frame->bytes[SLOT] = 7;
}

static void
wrong_seq(struct hostile_frame *frame)
{
	frame->bytes[SEQ]--;
}

static void
wrong_seq_forever(struct hostile_frame *frame)
{
	frame->bytes[SEQ]--;
	frame->forever = true;
}

static void
length_one_more(struct hostile_frame *frame)
{
	put_le32(frame->bytes + LENGTH, (uint32_t)(frame->len - DATA + 1));
}

static void
length_one_less(struct hostile_frame *frame)
{
	put_le32(frame->bytes + LENGTH, (uint32_t)(frame->len - DATA - 1));
}

static void
length_none(struct hostile_frame *frame)
{
	put_le32(frame->bytes + LENGTH, 0);
}

static void
length_huge(struct hostile_frame *frame)
{
	put_le32(frame->bytes + LENGTH, UINT32_MAX);
}

static void
length_sign(struct hostile_frame *frame)
{
	put_le32(frame->bytes + LENGTH, 0x80000000U);
}

/* The header wraps around when 10 is added to it in 32 bits. */
static void
length_wraps(struct hostile_frame *frame)
{
	put_le32(frame->bytes + LENGTH, UINT32_MAX - 9);
}

static void
cut_header(struct hostile_frame *frame)
{
	frame->len = 9;
}

static void
cut_data(struct hostile_frame *frame)
{
	frame->len = DATA + (frame->len - DATA) / 2;
}

static void
nothing_at_all(struct hostile_frame *frame)
{
	frame->len = 0;
}

static void
empty_forever(struct hostile_frame *frame)
{
	frame->len = 0;
	frame->forever = true;
}

/* Full packets: the message never ends. */
static void
endless(struct hostile_frame *frame)
{
	set_data_len(frame, 64 - DATA);
	put_le32(frame->bytes + LENGTH, 0x7FFFFFFF);
	frame->forever = true;
}

static void
too_long(struct hostile_frame *frame)
{
	set_data_len(frame, 66000);
}

static void
no_status_word(struct hostile_frame *frame)
{
	set_data_len(frame, 1);
}

static void
no_data(struct hostile_frame *frame)
{
	set_data_len(frame, 0);
}

static void
status_reserved(struct hostile_frame *frame)
{
	frame->bytes[STATUS] = 0xC3;
}

static void
failed_unknown(struct hostile_frame *frame)
{
	set_data_len(frame, 0);
	frame->bytes[STATUS] = 0x40;
	frame->bytes[ERROR] = 0xA5;
}

static void
failed_hardware(struct hostile_frame *frame)
{
	set_data_len(frame, 0);
	frame->bytes[STATUS] = 0x40;
	frame->bytes[ERROR] = 0xFB;
}

static void
failed_with_data(struct hostile_frame *frame)
{
	frame->bytes[STATUS] = 0x40;
	frame->bytes[ERROR] = 0xFE;
}

static void
slot_busy(struct hostile_frame *frame)
{
	set_data_len(frame, 0);
	frame->bytes[STATUS] = 0x40;
	frame->bytes[ERROR] = 0xE0;
}

static void
absent_but_answers(struct hostile_frame *frame)
{
	frame->bytes[STATUS] |= 2;
}

static void
chain_own_value(struct hostile_frame *frame)
{
	frame->bytes[OWN] = 0x77;
}

static void
chain_middle_first(struct hostile_frame *frame)
{
	frame->bytes[OWN] = 3;
}

static void
chain_wants_more(struct hostile_frame *frame)
{
	frame->bytes[OWN] = 0x10;
}

/* Every part, the first too, promises another one. */
static void
chain_forever(struct hostile_frame *frame)
{
	frame->bytes[OWN] = 1;
	frame->bytes[STATUS] = 0;
	frame->bytes[ERROR] = 0;
	if (frame->len == DATA)
		set_data_len(frame, 100);
}

/* Parts that bring nothing. */
static void
chain_of_nothing(struct hostile_frame *frame)
{
	chain_forever(frame);
	set_data_len(frame, 0);
}

static void
time_extension_forever(struct hostile_frame *frame)
{
	set_data_len(frame, 0);
	frame->bytes[STATUS] = 0x80;
	frame->bytes[ERROR] = 0xFF;
	frame->forever = true;
}

static void
time_extension_zero(struct hostile_frame *frame)
{
	time_extension_forever(frame);
	frame->bytes[ERROR] = 0;
}

static void
mute(struct hostile_frame *frame)
{
	frame->copies = 0;
}

static void
late(struct hostile_frame *frame)
{
	frame->due_ms += LATE_MS;
}

static void
twice(struct hostile_frame *frame)
{
	frame->copies = 2;
}

static void
forever(struct hostile_frame *frame)
{
	frame->forever = true;
}

static void
garbage(struct hostile_frame *frame)
{
	uint32_t x = frame->answer;

	for (size_t i = 0; i < frame->len; i++) {
		x = x * 1664525 + 1013904223;
		frame->bytes[i] = (uint8_t)(x >> 24);
	}
}

static void
atr_not_iso(struct hostile_frame *frame)
{
	memset(frame->bytes + DATA, 0, frame->len - DATA);
}

static void
atr_long(struct hostile_frame *frame)
{
	set_data_len(frame, 200);
}

/* ---- Descriptors ------------------------------------------------------- */

static size_t
descriptor_cut(uint8_t *bytes, size_t len)
{
	bytes[CLASS] = 53; /* one byte less than it should be */
	return len;
}

static size_t
descriptor_overruns(uint8_t *bytes, size_t len)
{
	bytes[CLASS] = 255;
	return len;
}

static size_t
descriptor_zero_length(uint8_t *bytes, size_t len)
{
	bytes[CLASS] = 0;
	return len;
}

static size_t
no_endpoints(uint8_t *bytes, size_t len)
{
	bytes[N_ENDPOINTS] = 0;
	memset(bytes + CLASS + 54, 0, len - CLASS - 54);
	bytes[CLASS + 54] = 2;
	bytes[2] = CLASS + 54;
	return CLASS + 54;
}

static size_t
message_length_zero(uint8_t *bytes, size_t len)
{
	put_le32(bytes + MAX_MESSAGE, 0);
	return len;
}

static size_t
message_length_header(uint8_t *bytes, size_t len)
{
	put_le32(bytes + MAX_MESSAGE, 10);
	return len;
}

static size_t
message_length_huge(uint8_t *bytes, size_t len)
{
	put_le32(bytes + MAX_MESSAGE, UINT32_MAX);
	return len;
}

static size_t
features_all(uint8_t *bytes, size_t len)
{
	put_le32(bytes + FEATURES, UINT32_MAX);
	return len;
}

static size_t
slots_all(uint8_t *bytes, size_t len)
{
	bytes[MAX_SLOT] = 255;
	return len;
}

/* ---- Slot changes ------------------------------------------------------ */

static void
change_chatters(uint8_t *message, size_t *len)
{
	(void)len;
	message[1] ^= 0x02;
	message[1] |= 0x02;
}

static void
change_lies(uint8_t *message, size_t *len)
{
	(void)len;
	message[1] = 0x02;
}

static void
change_garbage(uint8_t *message, size_t *len)
{
	memset(message, 0xA5, HOSTILE_CHANGE_CAP);
	*len = 8;
}

/* ---- The table --------------------------------------------------------- */

enum concerns {
	BLOCKS, /* answers to XfrBlock */
	ATRS,
	ALL
};

struct hostile_row {
	const char *name, *text;
	enum concerns concerns;
	void (*change)(struct hostile_frame *frame);
	size_t (*descriptor)(uint8_t *bytes, size_t len);
	void (*slot_change)(uint8_t *message, size_t *len);
};

#define A(name, what, f)                          \
	{                                         \
		name, what, BLOCKS, f, NULL, NULL \
	}
#define P(name, what, f)                        \
	{                                       \
		name, what, ATRS, f, NULL, NULL \
	}
#define E(name, what, f)                       \
	{                                      \
		name, what, ALL, f, NULL, NULL \
	}
#define D(name, what, f)                       \
	{                                      \
		name, what, ALL, NULL, f, NULL \
	}
#define I(name, what, f)                       \
	{                                      \
		name, what, ALL, NULL, NULL, f \
	}

static const struct hostile_row rows[] = {
	A("wrong-type", "another bMessageType of an answer", wrong_type),
	A("no-type", "bMessageType 0", no_type),
	A("wrong-slot", "a slot that was not asked", wrong_slot),
	A("wrong-seq", "the sequence number before", wrong_seq),
	A("wrong-seq-forever", "old answers without end", wrong_seq_forever),
	A("length-one-more", "dwLength one more than it sends",
	    length_one_more),
	A("length-one-less", "dwLength one less than it sends",
	    length_one_less),
	A("length-none", "dwLength 0 before data", length_none),
	A("length-huge", "dwLength 2^32 - 1", length_huge),
	A("length-sign", "dwLength 2^31", length_sign),
	A("length-wraps", "dwLength that overflows with the header",
	    length_wraps),
	A("cut-header", "nine bytes", cut_header),
	A("cut-data", "half of the data", cut_data),
	A("nothing", "an empty transfer", nothing_at_all),
	A("nothing-forever", "empty transfers without end", empty_forever),
	A("endless", "a message that does not end", endless),
	A("too-long", "more data than an APDU can have", too_long),
	A("no-status-word", "one byte of data", no_status_word),
	A("no-data", "no data and no error", no_data),
	A("status-reserved", "bits of bStatus that mean nothing",
	    status_reserved),
	A("failed-unknown", "an error that no text names", failed_unknown),
	A("failed-hardware", "hardware error", failed_hardware),
	A("failed-with-data", "an error, and data", failed_with_data),
	A("slot-busy", "the slot is busy, for ever", slot_busy),
	A("absent-but-answers", "no card, and its answer", absent_but_answers),
	A("chain-value", "a bChainParameter that means nothing",
	    chain_own_value),
	A("chain-middle", "begins in the middle", chain_middle_first),
	A("chain-wants-more", "asks for more of a command that was whole",
	    chain_wants_more),
	A("chain-forever", "promises another part, each time", chain_forever),
	A("chain-of-nothing", "parts without data, without end",
	    chain_of_nothing),
	A("time-extension-forever", "wants more time without end",
	    time_extension_forever),
	A("time-extension-zero", "wants no time, without end",
	    time_extension_zero),
	A("mute", "does not answer", mute),
	A("late", "answers after 20 seconds", late),
	A("twice", "answers twice", twice),
	A("forever", "does not cease to answer", forever),
	A("garbage", "random bytes", garbage),
	P("atr-not-iso", "an ATR of zeros", atr_not_iso),
	P("atr-long", "an ATR of 200 bytes", atr_long),
	P("atr-none", "an empty ATR", no_data),
	P("atr-mute", "no answer to IccPowerOn", mute),
	E("all-mute", "no answer to anything", mute),
	E("all-garbage", "random bytes in answer to anything", garbage),
	E("all-twice", "answers everything twice", twice),
	E("all-busy", "the slot is busy from the beginning", slot_busy),
	D("descriptor-cut", "53 bytes of class descriptor", descriptor_cut),
	D("descriptor-overruns", "a descriptor that is longer than all",
	    descriptor_overruns),
	D("descriptor-zero", "a descriptor of length 0",
	    descriptor_zero_length),
	D("no-endpoints", "an interface without endpoints", no_endpoints),
	D("message-length-zero", "dwMaxCCIDMessageLength 0",
	    message_length_zero),
	D("message-length-header", "no room behind a header",
	    message_length_header),
	D("message-length-huge", "dwMaxCCIDMessageLength 2^32 - 1",
	    message_length_huge),
	D("features-all", "all bits of dwFeatures", features_all),
	D("slots-all", "256 slots", slots_all),
	I("change-chatters", "slot changes without end", change_chatters),
	I("change-lies", "tells that no document is there", change_lies),
	I("change-garbage", "nonsense in place of slot changes",
	    change_garbage),
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

bool
hostile_by_name(const char *text, struct hostile_answer *out)
{
	size_t len = strcspn(text, "@");

	*out = (struct hostile_answer){ .from = 1 };
	if (text[len] == '@') {
		char *end;
		unsigned long n = strtoul(text + len + 1, &end, 10);

		if (n == 0 || n > UINT32_MAX || *end != '\0')
			return false;
		out->from = (uint32_t)n;
	}
	for (size_t i = 0; i < N_ROWS; i++)
		if (strlen(rows[i].name) == len &&
		    memcmp(rows[i].name, text, len) == 0)
			out->row = &rows[i];
	return out->row != NULL;
}

bool
hostile_at(size_t index, const char **name, const char **text)
{
	if (index >= N_ROWS)
		return false;
	*name = rows[index].name;
	*text = rows[index].text;
	return true;
}

void
hostile_change(struct hostile_answer *hostile, struct hostile_frame *frame)
{
	const struct hostile_row *row;

	if (hostile == NULL || hostile->row->change == NULL)
		return;
	row = hostile->row;
	if ((row->concerns == BLOCKS && !frame->to_block) ||
	    (row->concerns == ATRS && !frame->to_power_on))
		return;
	if (++hostile->seen >= hostile->from)
		row->change(frame);
}

size_t
hostile_descriptor(const struct hostile_answer *hostile, uint8_t *bytes,
    size_t len)
{
	if (hostile == NULL || hostile->row->descriptor == NULL)
		return len;
	return hostile->row->descriptor(bytes, len);
}

bool
hostile_slot_change(const struct hostile_answer *hostile,
    uint8_t message[HOSTILE_CHANGE_CAP], size_t *len)
{
	if (hostile == NULL || hostile->row->slot_change == NULL)
		return false;
	hostile->row->slot_change(message, len);
	return true;
}
