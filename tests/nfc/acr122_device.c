#include "acr122_device.h"

#include <string.h>

#define HEADER_LEN  10
#define PATIENCE_MS 5000

enum {
	POWER_ON = 0x62,
	POWER_OFF = 0x63,
	GET_SLOT_STATUS = 0x65,
	XFR_BLOCK = 0x6F,
	DATA_BLOCK = 0x80,
	SLOT_STATUS = 0x81
};

static const uint8_t fine[] = { 0x90, 0x00 };
static const uint8_t no_answer[] = { 0x63, 0x00 };

static void
answer(struct acr122_device *d, uint8_t type, struct emrtd_bytes data,
    struct emrtd_bytes status_word)
{
	size_t n = data.len + status_word.len;
	const uint8_t head[HEADER_LEN] = { type, (uint8_t)n, (uint8_t)(n >> 8),
		0, 0, d->slot, d->sequence, 0, 0, 0 };

	memcpy(d->message, head, HEADER_LEN);
	if (data.len > 0)
		memcpy(d->message + HEADER_LEN, data.ptr, data.len);
	if (status_word.len > 0)
		memcpy(d->message + HEADER_LEN + data.len, status_word.ptr,
		    status_word.len);
	d->len = HEADER_LEN + n;
	d->waits = false;
}

static void
answer_word(struct acr122_device *d, const uint8_t word[2])
{
	answer(d, DATA_BLOCK, emrtd_bytes(NULL, 0), emrtd_bytes(word, 2));
}

/* data: D4 and what follows, 255 bytes at most. */
static void
to_chip(struct acr122_device *d, struct emrtd_bytes data)
{
	uint8_t frame[5 + UINT8_MAX + 2] = { 0, 0, 0xFF }, sum = 0;
	size_t n = 5;

	frame[3] = (uint8_t)data.len;
	frame[4] = (uint8_t)-data.len;
	for (size_t i = 0; i < data.len; i++) {
		frame[n++] = data.ptr[i];
		sum = (uint8_t)(sum + data.ptr[i]);
	}
	frame[n++] = (uint8_t)-sum;
	frame[n++] = 0;
	d->waits = true;
	d->until_ms = nfc_field_now_ms() + PATIENCE_MS;
	nfc_field_from_host(d->field, emrtd_bytes(frame, n));
}

static void
block(struct acr122_device *d, struct emrtd_bytes apdu)
{
	static const uint8_t direct[] = { 0xFF, 0x00, 0x00, 0x00 };

	if (apdu.len < 5 || apdu.ptr[0] != 0xFF)
		answer_word(d, no_answer);
	else if (memcmp(apdu.ptr, direct, sizeof(direct)) != 0)
		answer_word(d, fine); /* lights, buzzer, parameters */
	else if (apdu.len < 6 || apdu.ptr[4] != apdu.len - 5)
		answer_word(d, no_answer);
	else
		to_chip(d, emrtd_bytes(apdu.ptr + 5, apdu.len - 5));
}

void
acr122_device_out(struct acr122_device *d, struct emrtd_bytes bytes)
{
	static const uint8_t atr[] = { 0x3B, 0x00 };
	size_t len;

	if (bytes.len < HEADER_LEN)
		return;
	d->len = 0;
	d->waits = false;
	d->slot = bytes.ptr[5];
	d->sequence = bytes.ptr[6];
	len = bytes.len - HEADER_LEN;
	switch (bytes.ptr[0]) {
	case POWER_ON:
		answer(d, DATA_BLOCK, emrtd_bytes(atr, sizeof(atr)),
		    emrtd_bytes(NULL, 0));
		return;
	case POWER_OFF:
	case GET_SLOT_STATUS:
		answer(d, SLOT_STATUS, emrtd_bytes(NULL, 0),
		    emrtd_bytes(NULL, 0));
		return;
	case XFR_BLOCK:
		if ((bytes.ptr[1] | (size_t)bytes.ptr[2] << 8) == len)
			block(d, emrtd_bytes(bytes.ptr + HEADER_LEN, len));
		else
			answer_word(d, no_answer);
		return;
	default:
		answer_word(d, no_answer);
		return;
	}
}

/* Its ACK says nothing to the host. */
static bool
is_ack(struct emrtd_bytes frame)
{
	static const uint8_t ack[] = { 0, 0, 0xFF, 0, 0xFF, 0 };

	return frame.len == sizeof(ack) &&
	       memcmp(frame.ptr, ack, sizeof(ack)) == 0;
}

bool
acr122_device_look(struct acr122_device *d)
{
	uint8_t bytes[PN532_FRAME_CAP];
	struct emrtd_out out = emrtd_out(bytes, sizeof(bytes));
	struct emrtd_bytes data;

	while (nfc_field_to_host(d->field, &out)) {
		if (d->waits && !is_ack(emrtd_out_bytes(&out))) {
			data = nfc_frame_data(emrtd_out_bytes(&out));
			if (data.len > 1 && data.ptr[0] == 0xD5)
				answer(d, DATA_BLOCK, data,
				    emrtd_bytes(fine, sizeof(fine)));
			else
				answer_word(d, no_answer);
		}
		out = emrtd_out(bytes, sizeof(bytes));
	}
	if (d->waits && nfc_field_now_ms() >= d->until_ms)
		answer_word(d, no_answer);
	return d->len > 0;
}

int64_t
acr122_device_due_ms(const struct acr122_device *d)
{
	int64_t due = nfc_field_due_ms(d->field);

	if (d->waits && (due < 0 || due > d->until_ms))
		due = d->until_ms;
	return due;
}
