/* Messages between libemrtd and emrtd-nfc: each byte that could be wrong. */
#include "core/builder.h"
#include "emrtd_test.h"
#include "transport/nfc_wire.h"

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

static uint8_t buffer[400];

static struct emrtd_bytes
built(const struct emrtd_nfc_request *request)
{
	struct emrtd_out out = emrtd_out(buffer, sizeof(buffer));

	emrtd_nfc_request_build(request, &out);
	return emrtd_out_bytes(&out);
}

static void
requests(void **state)
{
	static const uint8_t bytes[EMRTD_NFC_DATA_MAX + 1] = "\x42\x02";
	static const struct {
		enum emrtd_nfc_kind kind;
		uint16_t wait_ms;
		size_t len;
		bool good;
	} cases[] = {
		{ EMRTD_NFC_OPEN, 0, 9, true },
		{ EMRTD_NFC_OPEN, 0, EMRTD_NFC_NAME_MAX, true },
		{ EMRTD_NFC_OPEN, 0, EMRTD_NFC_NAME_MAX + 1, false },
		{ EMRTD_NFC_OPEN, 1, 9, false },
		{ EMRTD_NFC_COMMAND, 1, 1, true },
		{ EMRTD_NFC_COMMAND, EMRTD_NFC_WAIT_MAX_MS, EMRTD_NFC_DATA_MAX,
		    true },
		{ EMRTD_NFC_COMMAND, 1, EMRTD_NFC_DATA_MAX + 1, false },
		{ EMRTD_NFC_COMMAND, 1, 0, false },
		{ EMRTD_NFC_COMMAND, 0, 1, false },
		{ EMRTD_NFC_COMMAND, EMRTD_NFC_WAIT_MAX_MS + 1, 1, false },
		{ EMRTD_NFC_CLOSE, 0, 0, true },
		{ EMRTD_NFC_CLOSE, 0, 1, false },
		{ EMRTD_NFC_CLOSE, 1, 0, false },
		{ (enum emrtd_nfc_kind)0, 0, 0, false },
		{ (enum emrtd_nfc_kind)4, 0, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct emrtd_nfc_request out, in = { cases[i].kind, 0x1234,
			cases[i].wait_ms, emrtd_bytes(bytes, cases[i].len) };
		struct emrtd_bytes message = built(&in);

		assert_int_equal(emrtd_nfc_request_parse(message, &out),
		    cases[i].good);
		if (!cases[i].good) {
			assert_int_equal(out.kind, 0);
			continue;
		}
		assert_int_equal(out.kind, in.kind);
		assert_int_equal(out.number, 0x1234);
		assert_int_equal(out.wait_ms, in.wait_ms);
		assert_bytes(out.data, in.data);
		/* The byte that is zero, and every shorter head. */
		buffer[1] = 1;
		assert_false(emrtd_nfc_request_parse(message, &out));
		buffer[1] = 0;
		for (size_t len = 0; len < 6; len++)
			assert_false(
			    emrtd_nfc_request_parse(emrtd_bytes(buffer, len),
				&out));
	}
}

static void
answers(void **state)
{
	static const uint8_t bytes[EMRTD_NFC_DATA_MAX + 1] = { 7 };
	struct emrtd_nfc_request request = { EMRTD_NFC_COMMAND, 0xFFFF, 1,
		{ bytes, 1 } };
	struct emrtd_nfc_answer out, in = { EMRTD_NFC_COMMAND, EMRTD_NFC_GONE,
		0xFFFF, { bytes, EMRTD_NFC_DATA_MAX } };
	struct emrtd_out o = emrtd_out(buffer, sizeof(buffer));
	struct emrtd_bytes message;

	(void)state;
	emrtd_nfc_answer_build(&in, &o);
	message = emrtd_out_bytes(&o);
	assert_true(emrtd_nfc_answer_parse(message, &out));
	assert_int_equal(out.kind, in.kind);
	assert_int_equal(out.status, EMRTD_NFC_GONE);
	assert_int_equal(out.number, 0xFFFF);
	assert_bytes(out.data, in.data);

	assert_true(emrtd_nfc_answer_to(&request, message, &out));
	request.number = 0;
	assert_false(emrtd_nfc_answer_to(&request, message, &out));
	assert_int_equal(out.data.len, 0);
	request.number = 0xFFFF;
	request.kind = EMRTD_NFC_OPEN;
	assert_false(emrtd_nfc_answer_to(&request, message, &out));

	for (unsigned kind = 0; kind < 256; kind++) {
		buffer[0] = (uint8_t)kind;
		assert_int_equal(emrtd_nfc_answer_parse(message, &out),
		    kind >= 0x81 && kind <= 0x83);
	}
	buffer[0] = 0x82;
	for (unsigned status = 0; status < 256; status++) {
		buffer[1] = (uint8_t)status;
		assert_int_equal(emrtd_nfc_answer_parse(message, &out),
		    status < EMRTD_NFC_N_STATUSES);
	}
	buffer[1] = 0;
	for (size_t len = 0; len < 4; len++)
		assert_false(
		    emrtd_nfc_answer_parse(emrtd_bytes(buffer, len), &out));
	message.len++;
	assert_false(emrtd_nfc_answer_parse(message, &out));
}

static void
readers(void **state)
{
	struct emrtd_nfc_reader out, in = { EMRTD_NFC_ACR122, EMRTD_NFC_PN532,
		254, 460800, "ACS / ACR122U", "acr122_usb:001:004" };
	struct emrtd_out o = emrtd_out(buffer, sizeof(buffer));
	/* Where each field begins, and a value that it must not have. */
	static const struct {
		size_t at;
		uint8_t value;
	} wrong[] = { { 0, 0 }, { 0, 2 }, { 1, EMRTD_NFC_N_DRIVERS },
		{ 2, EMRTD_NFC_N_CHIPS }, { 3, 0xFF }, { 9, 0xFF }, { 9, 40 } };
	struct emrtd_bytes data;

	(void)state;
	emrtd_nfc_reader_build(&in, &o);
	data = emrtd_out_bytes(&o);
	assert_true(emrtd_nfc_reader_parse(data, &out));
	assert_memory_equal(&out, &in, sizeof(in));
	for (size_t i = 0; i < N_ELEMENTS(wrong); i++) {
		uint8_t saved = buffer[wrong[i].at];

		buffer[wrong[i].at] = wrong[i].value;
		assert_false(emrtd_nfc_reader_parse(data, &out));
		assert_int_equal(out.max_command, 0);
		buffer[wrong[i].at] = saved;
	}
	for (size_t len = 0; len < 10 + strlen(in.name); len++)
		assert_false(
		    emrtd_nfc_reader_parse(emrtd_bytes(buffer, len), &out));
	/* Both names end, and are harmless on a terminal. */
	buffer[10] = 0x1B;
	buffer[data.len - 1] = 0xFF;
	assert_true(emrtd_nfc_reader_parse(data, &out));
	assert_string_equal(out.name, "?CS / ACR122U");
	assert_string_equal(out.device, "acr122_usb:001:00?");
	data.len = 10 + strlen(in.name) + EMRTD_NFC_NAME_MAX + 1;
	assert_false(emrtd_nfc_reader_parse(data, &out));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests),
		cmocka_unit_test(answers),
		cmocka_unit_test(readers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
