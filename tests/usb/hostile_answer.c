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

/* ---- What a row can do to an answer, in this order --------------------- */

/* bytes[at] = (bytes[at] & keep) + add; what is all zero does nothing. */
struct stroke {
	uint8_t at, keep, add;
	bool strikes;
};

#define PUT(at, to)                \
	{                          \
		at, 0x00, to, true \
	}
#define ADD(at, n)                \
	{                         \
		at, 0xFF, n, true \
	}
#define TO(field, mask, to)           \
	{                             \
		field, mask, to, true \
	}

enum length {
	LENGTH_FITS, /* dwLength */
	LENGTH_IS,   /* as 'length' says */
	LENGTH_OFF   /* what it should be, and 'length' more */
};

enum concerns {
	BLOCKS, /* answers to XfrBlock */
	ATRS,
	ALL
};

struct hostile_row {
	const char *name, *text;
	enum concerns concerns;
	/* Answers. */
	bool resized; /* to so many bytes of data */
	uint32_t data;
	enum length length_kind;
	uint32_t length;
	struct stroke strokes[2];
	bool cut, forever, mute, twice, late;
	uint32_t cut_to; /* bytes of the whole, whatever dwLength says */
	void (*change)(struct hostile_frame *frame);
	/* Descriptors: so many bytes at that place, or as they do. */
	uint8_t at, width;
	uint32_t value;
	size_t (*descriptor)(uint8_t *bytes, size_t len);
	void (*slot_change)(uint8_t *message, size_t *len);
};

static void
apply(const struct hostile_row *row, struct hostile_frame *frame)
{
	if (row->resized)
		set_data_len(frame, row->data);
	if (row->length_kind == LENGTH_IS)
		put_le32(frame->bytes + LENGTH, row->length);
	if (row->length_kind == LENGTH_OFF)
		put_le32(frame->bytes + LENGTH,
		    (uint32_t)(frame->len - DATA) + row->length);
	for (size_t i = 0; i < 2; i++) {
		const struct stroke *s = &row->strokes[i];

		if (s->strikes)
			frame->bytes[s->at] =
			    (uint8_t)((frame->bytes[s->at] & s->keep) + s->add);
	}
	if (row->cut)
		frame->len = row->cut_to;
	if (row->mute)
		frame->copies = 0;
	if (row->twice)
		frame->copies = 2;
	if (row->late)
		frame->due_ms += LATE_MS;
	frame->forever |= row->forever;
	if (row->change != NULL)
		row->change(frame);
}

/* ---- What no table says ------------------------------------------------ */

static void
cut_data(struct hostile_frame *frame)
{
	frame->len = DATA + (frame->len - DATA) / 2;
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
garbage(struct hostile_frame *frame)
{
	uint32_t x = frame->answer;

	for (size_t i = 0; i < frame->len; i++) {
		x = x * 1664525 + 1013904223;
		frame->bytes[i] = (uint8_t)(x >> 24);
	}
}

static void
zeros(struct hostile_frame *frame)
{
	memset(frame->bytes + DATA, 0, frame->len - DATA);
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

/* clang-format off */
#define EMPTY         .resized = true
#define SIZE(n)       .resized = true, .data = (n)
#define CLAIM(n)      .length_kind = LENGTH_IS, .length = (n)
#define CLAIM_OFF(n)  .length_kind = LENGTH_OFF, .length = (n)
#define CUT(n)        .cut = true, .cut_to = (n)
#define FAILS(e)      .strokes = { PUT(STATUS, 0x40), PUT(ERROR, e) }
#define EXTENDS(n)    .strokes = { PUT(STATUS, 0x80), PUT(ERROR, n) }
#define STROKE(s)     .strokes = { s }
#define BYTE(where, v)   .at = (where), .width = 1, .value = (v)
#define NUMBER(where, v) .at = (where), .width = 4, .value = (v)
/* clang-format on */

static const struct hostile_row rows[] = {
	{ "wrong-type", "another bMessageType of an answer",
	    STROKE(ADD(TYPE, 1)) },
	{ "no-type", "bMessageType 0", STROKE(PUT(TYPE, 0)) },
	{ "wrong-slot", "a slot that was not asked", STROKE(PUT(SLOT, 7)) },
	{ "wrong-seq", "the sequence number before", STROKE(ADD(SEQ, 0xFF)) },
	{ "wrong-seq-forever", "old answers without end",
	    STROKE(ADD(SEQ, 0xFF)), .forever = true },
	{ "length-one-more", "dwLength one more than it sends", CLAIM_OFF(1) },
	{ "length-one-less", "dwLength one less than it sends",
	    CLAIM_OFF(UINT32_MAX) },
	{ "length-none", "dwLength 0 before data", CLAIM(0) },
	{ "length-huge", "dwLength 2^32 - 1", CLAIM(UINT32_MAX) },
	{ "length-sign", "dwLength 2^31", CLAIM(0x80000000U) },
	{ "length-wraps", "dwLength that overflows with the header",
	    CLAIM(UINT32_MAX - 9) },
	{ "cut-header", "nine bytes", CUT(9) },
	{ "cut-data", "half of the data", .change = cut_data },
	{ "nothing", "an empty transfer", CUT(0) },
	{ "nothing-forever", "empty transfers without end", CUT(0),
	    .forever = true },
	/* Full packets. */
	{ "endless", "a message that does not end", SIZE(64 - DATA),
	    CLAIM(0x7FFFFFFF), .forever = true },
	{ "too-long", "more data than an APDU can have", SIZE(66000) },
	{ "no-status-word", "one byte of data", SIZE(1) },
	{ "no-data", "no data and no error", EMPTY },
	{ "status-reserved", "bits of bStatus that mean nothing",
	    STROKE(PUT(STATUS, 0xC3)) },
	{ "failed-unknown", "an error that no text names", EMPTY, FAILS(0xA5) },
	{ "failed-hardware", "hardware error", EMPTY, FAILS(0xFB) },
	{ "failed-with-data", "an error, and data", FAILS(0xFE) },
	{ "slot-busy", "the slot is busy, for ever", EMPTY, FAILS(0xE0) },
	{ "absent-but-answers", "no card, and its answer",
	    STROKE(TO(STATUS, 0xFC, 2)) },
	{ "chain-value", "a bChainParameter that means nothing",
	    STROKE(PUT(OWN, 0x77)) },
	{ "chain-middle", "begins in the middle", STROKE(PUT(OWN, 3)) },
	{ "chain-wants-more", "asks for more of a command that was whole",
	    STROKE(PUT(OWN, 0x10)) },
	{ "chain-forever", "promises another part, each time",
	    .change = chain_forever },
	{ "chain-of-nothing", "parts without data, without end",
	    .change = chain_of_nothing },
	{ "time-extension-forever", "wants more time without end", EMPTY,
	    EXTENDS(0xFF), .forever = true },
	{ "time-extension-zero", "wants no time, without end", EMPTY,
	    EXTENDS(0), .forever = true },
	{ "mute", "does not answer", .mute = true },
	{ "late", "answers after 20 seconds", .late = true },
	{ "twice", "answers twice", .twice = true },
	{ "forever", "does not cease to answer", .forever = true },
	{ "garbage", "random bytes", .change = garbage },
	{ "atr-not-iso", "an ATR of zeros", ATRS, .change = zeros },
	{ "atr-long", "an ATR of 200 bytes", ATRS, SIZE(200) },
	{ "atr-none", "an empty ATR", ATRS, EMPTY },
	{ "atr-mute", "no answer to IccPowerOn", ATRS, .mute = true },
	{ "all-mute", "no answer to anything", ALL, .mute = true },
	{ "all-garbage", "random bytes in answer to anything", ALL,
	    .change = garbage },
	{ "all-twice", "answers everything twice", ALL, .twice = true },
	{ "all-busy", "the slot is busy from the beginning", ALL, EMPTY,
	    FAILS(0xE0) },
	{ "descriptor-cut", "53 bytes of class descriptor", BYTE(CLASS, 53) },
	{ "descriptor-overruns", "a descriptor that is longer than all",
	    BYTE(CLASS, 255) },
	{ "descriptor-zero", "a descriptor of length 0", BYTE(CLASS, 0) },
	{ "no-endpoints", "an interface without endpoints",
	    .descriptor = no_endpoints },
	{ "message-length-zero", "dwMaxCCIDMessageLength 0",
	    NUMBER(MAX_MESSAGE, 0) },
	{ "message-length-header", "no room behind a header",
	    NUMBER(MAX_MESSAGE, 10) },
	{ "message-length-huge", "dwMaxCCIDMessageLength 2^32 - 1",
	    NUMBER(MAX_MESSAGE, UINT32_MAX) },
	{ "features-all", "all bits of dwFeatures",
	    NUMBER(FEATURES, UINT32_MAX) },
	{ "slots-all", "256 slots", BYTE(MAX_SLOT, 255) },
	{ "change-chatters", "slot changes without end",
	    .slot_change = change_chatters },
	{ "change-lies", "tells that no document is there",
	    .slot_change = change_lies },
	{ "change-garbage", "nonsense in place of slot changes",
	    .slot_change = change_garbage },
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

/* Of the device itself, not of an answer. */
static bool
of_device(const struct hostile_row *row)
{
	return row->width > 0 || row->descriptor != NULL ||
	       row->slot_change != NULL;
}

void
hostile_change(struct hostile_answer *hostile, struct hostile_frame *frame)
{
	const struct hostile_row *row;

	if (hostile == NULL || of_device(hostile->row))
		return;
	row = hostile->row;
	if ((row->concerns == BLOCKS && !frame->to_block) ||
	    (row->concerns == ATRS && !frame->to_power_on))
		return;
	if (++hostile->seen >= hostile->from)
		apply(row, frame);
}

size_t
hostile_descriptor(const struct hostile_answer *hostile, uint8_t *bytes,
    size_t len)
{
	const struct hostile_row *row;

	if (hostile == NULL)
		return len;
	row = hostile->row;
	if (row->width == 4)
		put_le32(bytes + row->at, row->value);
	else if (row->width == 1)
		bytes[row->at] = (uint8_t)row->value;
	return row->descriptor != NULL ? row->descriptor(bytes, len) : len;
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
