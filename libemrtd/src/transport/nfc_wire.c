#include "transport/nfc_wire.h"

#include "core/builder.h"
#include "core/cursor.h"

#include <string.h>

#define ANSWER 0x80

void
emrtd_nfc_text(struct emrtd_bytes data, char *out, size_t cap)
{
	size_t n = 0;

	for (; n < data.len && n + 1 < cap; n++) {
		uint8_t c = data.ptr[n];

		out[n] = c >= 0x20 && c < 0x7F ? (char)c : '?';
	}
	out[n] = '\0';
}

void
emrtd_nfc_request_build(const struct emrtd_nfc_request *request,
    struct emrtd_out *out)
{
	emrtd_put_u8(out, (uint8_t)request->kind);
	emrtd_put_u8(out, 0);
	emrtd_put_u16(out, request->number);
	emrtd_put_u16(out, request->wait_ms);
	emrtd_put(out, request->data);
}

static bool
kind_of(uint8_t byte, enum emrtd_nfc_kind *out)
{
	if (byte < EMRTD_NFC_OPEN || byte > EMRTD_NFC_CLOSE)
		return false;
	*out = (enum emrtd_nfc_kind)byte;
	return true;
}

static bool
data_fits(const struct emrtd_nfc_request *r)
{
	switch (r->kind) {
	case EMRTD_NFC_OPEN:
		return r->data.len <= EMRTD_NFC_NAME_MAX && r->wait_ms == 0;
	case EMRTD_NFC_COMMAND:
		return r->data.len > 0 && r->data.len <= EMRTD_NFC_DATA_MAX &&
		       r->wait_ms > 0 && r->wait_ms <= EMRTD_NFC_WAIT_MAX_MS;
	default:
		return r->data.len == 0 && r->wait_ms == 0;
	}
}

bool
emrtd_nfc_request_parse(struct emrtd_bytes message,
    struct emrtd_nfc_request *out)
{
	struct emrtd_nfc_request r = { 0 };
	uint8_t kind, zero;

	memset(out, 0, sizeof(*out));
	if (!emrtd_u8(&message, &kind) || !kind_of(kind, &r.kind) ||
	    !emrtd_u8(&message, &zero) || zero != 0 ||
	    !emrtd_u16(&message, &r.number) || !emrtd_u16(&message, &r.wait_ms))
		return false;
	r.data = message;
	if (!data_fits(&r))
		return false;
	*out = r;
	return true;
}

void
emrtd_nfc_answer_build(const struct emrtd_nfc_answer *answer,
    struct emrtd_out *out)
{
	emrtd_put_u8(out, (uint8_t)(answer->kind | ANSWER));
	emrtd_put_u8(out, (uint8_t)answer->status);
	emrtd_put_u16(out, answer->number);
	emrtd_put(out, answer->data);
}

bool
emrtd_nfc_answer_parse(struct emrtd_bytes message, struct emrtd_nfc_answer *out)
{
	struct emrtd_nfc_answer a = { 0 };
	uint8_t kind, status;

	memset(out, 0, sizeof(*out));
	if (!emrtd_u8(&message, &kind) || (kind & ANSWER) == 0 ||
	    !kind_of(kind & (uint8_t)~ANSWER, &a.kind) ||
	    !emrtd_u8(&message, &status) || status >= EMRTD_NFC_N_STATUSES ||
	    !emrtd_u16(&message, &a.number) || message.len > EMRTD_NFC_DATA_MAX)
		return false;
	a.status = (enum emrtd_nfc_status)status;
	a.data = message;
	*out = a;
	return true;
}

bool
emrtd_nfc_answer_to(const struct emrtd_nfc_request *request,
    struct emrtd_bytes message, struct emrtd_nfc_answer *out)
{
	if (emrtd_nfc_answer_parse(message, out) &&
	    out->kind == request->kind && out->number == request->number)
		return true;
	memset(out, 0, sizeof(*out));
	return false;
}

void
emrtd_nfc_reader_build(const struct emrtd_nfc_reader *reader,
    struct emrtd_out *out)
{
	struct emrtd_bytes name = emrtd_bytes_text(reader->name);

	emrtd_put_u8(out, EMRTD_NFC_WIRE_VERSION);
	emrtd_put_u8(out, (uint8_t)reader->driver);
	emrtd_put_u8(out, (uint8_t)reader->chip);
	emrtd_put_u16(out, reader->max_command);
	emrtd_put_u32(out, reader->speed);
	emrtd_put_u8(out, (uint8_t)name.len);
	emrtd_put(out, name);
	emrtd_put(out, emrtd_bytes_text(reader->device));
}

bool
emrtd_nfc_reader_parse(struct emrtd_bytes data, struct emrtd_nfc_reader *out)
{
	struct emrtd_nfc_reader r = { 0 };
	struct emrtd_bytes name;
	uint8_t version, driver, chip, n;

	memset(out, 0, sizeof(*out));
	if (!emrtd_u8(&data, &version) || version != EMRTD_NFC_WIRE_VERSION ||
	    !emrtd_u8(&data, &driver) || driver >= EMRTD_NFC_N_DRIVERS ||
	    !emrtd_u8(&data, &chip) || chip >= EMRTD_NFC_N_CHIPS ||
	    !emrtd_u16(&data, &r.max_command) ||
	    r.max_command > EMRTD_NFC_DATA_MAX || !emrtd_u32(&data, &r.speed) ||
	    !emrtd_u8(&data, &n) || n > EMRTD_NFC_NAME_MAX ||
	    !emrtd_take(&data, n, &name) || data.len > EMRTD_NFC_NAME_MAX)
		return false;
	r.driver = (enum emrtd_nfc_driver)driver;
	r.chip = (enum emrtd_nfc_chip)chip;
	emrtd_nfc_text(name, r.name, sizeof(r.name));
	emrtd_nfc_text(data, r.device, sizeof(r.device));
	*out = r;
	return true;
}
