/*
 * A hostile chip (or somebody between chip and reader) against the channel.
 *
 *   input:  mode, then answers: kind, length (2 bytes, big-endian), bytes
 *   mode:   0 plain; 1 to 4 secured under one of the suites
 *   kind:   even: the bytes are the answer as it is sent; odd: the bytes are
 *           data and status word that the chip protects as it should
 *
 * Without the keys nothing may be accepted, whatever it looks like; a session
 * that failed once never sends again; no secured command is sent in plain or
 * twice.
 */
#include "channel/channel.h"
#include "core/builder.h"
#include "core/cursor.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ANSWER_CAP 70000
#define MAX_SENDS  300 /* for one exchange */

struct chip {
	struct emrtd_bytes script;
	struct emrtd_sm sm;
	bool secured, forged; /* forged: an answer without the keys */
	unsigned n_sends;
	int64_t now;
	uint8_t last[512];
	size_t last_len;
};

static struct emrtd_crypto *crypto;
static uint8_t scratch[EMRTD_CHANNEL_SCRATCH], answer[ANSWER_CAP];

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static void
check_command(struct chip *chip, struct emrtd_bytes command)
{
	if (!chip->secured)
		return;
	require(command.len >= 4 && (command.ptr[0] & 0x0C) == 0x0C);
	require(command.len != chip->last_len ||
		memcmp(command.ptr, chip->last, command.len) != 0);
	require(command.len <= sizeof(chip->last));
	memcpy(chip->last, command.ptr, command.len);
	chip->last_len = command.len;
}

static void
protect_answer(struct chip *chip, struct emrtd_bytes data, uint16_t sw,
    struct emrtd_out *out)
{
	static uint8_t padded_buf[ANSWER_CAP], objects_buf[ANSWER_CAP];
	struct emrtd_out padded = emrtd_out(padded_buf, sizeof(padded_buf));
	struct emrtd_out objects = emrtd_out(objects_buf, sizeof(objects_buf));
	struct emrtd_bytes part;
	uint8_t mac[EMRTD_MAC_LEN];
	size_t mark;

	if (data.len > 0) {
		emrtd_put(&padded, data);
		emrtd_pad(&padded, 0, chip->sm.suite->block_len);
		mark = emrtd_open(&objects, 0x87);
		emrtd_put_u8(&objects, 1);
		require(!emrtd_sm_encrypt(crypto, &chip->sm,
		    emrtd_out_bytes(&padded), &objects));
		emrtd_close(&objects, mark);
	}
	emrtd_put_tlv_head(&objects, 0x99, 2);
	emrtd_put_u16(&objects, sw);
	part = emrtd_out_bytes(&objects);
	require(!emrtd_sm_mac(crypto, &chip->sm, &part, 1, mac));
	emrtd_put_tlv(&objects, 0x8E, emrtd_bytes(mac, sizeof(mac)));
	emrtd_put(out, emrtd_out_bytes(&objects));
	emrtd_put_u16(out, sw);
}

static enum emrtd_error
chip_transmit(void *self, struct emrtd_bytes command, struct emrtd_out *out,
    uint32_t timeout_ms)
{
	struct chip *chip = self;
	struct emrtd_bytes bytes, data;
	uint8_t kind;
	uint16_t len, sw;

	(void)timeout_ms;
	require(chip->n_sends++ < MAX_SENDS);
	check_command(chip, command);
	if (!emrtd_u8(&chip->script, &kind) || !emrtd_u16(&chip->script, &len))
		return EMRTD_E_CARD_LOST;
	if (len > chip->script.len)
		len = (uint16_t)chip->script.len;
	require(emrtd_take(&chip->script, len, &bytes));
	chip->now += kind;
	if (chip->secured) {
		emrtd_sm_count(&chip->sm);
		emrtd_sm_count(&chip->sm);
	}
	if (chip->secured && (kind & 1) && len >= 2) {
		require(emrtd_take(&bytes, len - 2u, &data));
		require(emrtd_u16(&bytes, &sw));
		protect_answer(chip, data, sw, out);
	} else {
		chip->forged = true;
		emrtd_put(out, bytes);
	}
	return out->bad ? EMRTD_E_TOO_LONG : EMRTD_OK;
}

static const struct emrtd_transport_ops chip_ops = {
	.transmit = chip_transmit,
};

static int64_t
chip_now(void *self)
{
	struct chip *chip = self;

	return chip->now;
}

static void
secure(struct chip *chip, struct emrtd_channel *channel, struct emrtd_sm *sm,
    unsigned suite)
{
	static const uint8_t key[EMRTD_KEY_MAX] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	const struct emrtd_suite *s = emrtd_suite((enum emrtd_suite_id)suite);

	emrtd_sm_init(sm, s, key, key, NULL);
	emrtd_sm_init(&chip->sm, s, key, key, NULL);
	chip->secured = true;
	emrtd_channel_secure(channel, sm);
}

/* One command; false when the session or the script is over. */
static bool
exchange(struct chip *chip, struct emrtd_channel *channel, struct emrtd_sm *sm)
{
	static const struct emrtd_command commands[] = {
		{ .ins = 0xB0, .ne = 256 },
		{ .ins = 0xB0, .ne = 65536 },
		{ .ins = 0xA4, .data = { (const uint8_t *)"\x01\x1E", 2 } },
		{ .ins = 0x84, .ne = 8 },
	};
	struct emrtd_out data = emrtd_out(answer, sizeof(answer));
	struct emrtd_diag diag;
	uint16_t sw = 0;
	enum emrtd_error err;
	unsigned sent;

	emrtd_diag_init(&diag);
	chip->forged = false;
	chip->n_sends = 0;
	err = emrtd_channel_exchange(channel, &commands[chip->script.len % 4],
	    &data, &sw, &diag);
	require(data.len <= data.cap);
	require(diag.error == err);
	if (!err) {
		require(!data.bad);
		require(!chip->secured || !chip->forged);
		return true;
	}
	if (!chip->secured || err == EMRTD_E_BUFFER ||
	    err == EMRTD_E_PROTOCOL || err == EMRTD_E_LIMIT)
		return false;
	require(!sm->live);
	sent = chip->n_sends;
	require(emrtd_channel_exchange(channel, &commands[0], &data, &sw,
		    &diag) == EMRTD_E_STATE);
	require(chip->n_sends == sent);
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct chip chip = { .now = 1 };
	struct emrtd_transport link = { &chip_ops, &chip };
	struct emrtd_clock clock = { chip_now, &chip };
	struct emrtd_channel channel;
	struct emrtd_sm sm;
	uint8_t mode;

	if (!crypto)
		require(!emrtd_crypto_new(NULL, &crypto));
	chip.script = emrtd_bytes(data, size);
	if (!emrtd_u8(&chip.script, &mode))
		return 0;
	emrtd_channel_init(&channel, &link, crypto, &clock,
	    emrtd_out(scratch, sizeof(scratch)));
	channel.deadline_us = 5000;
	if (mode % 5)
		secure(&chip, &channel, &sm, mode % 5 - 1u);
	while (!emrtd_end(&chip.script) && exchange(&chip, &channel, &sm))
		;
	return 0;
}
