/*
 * What an MRZ reader may send: bytes of a serial line, or keys.
 *
 * The first byte of the input says which (below). Then bytes, among which TICK
 * and one more byte let time go on; or keys, two bytes each: the key (with bits
 * of its value in the second), or TICK and the time.
 */
#include "mrz_collect.h"
#include "mrz_keys.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TICK      0xfe
#define LOST      0xff
#define TICK_MS   20
#define AGES      (MRZ_COLLECT_TOTAL_MS + MRZ_COLLECT_GAP_MS + 1)
#define MODE_KEYS 0x80 /* else bit 0: Elyctis */

static void
require(bool condition)
{
	if (!condition)
		abort();
}

/* Every document verifies, by itself and as given. */
static void
require_good(enum mrz_device_event event, const struct mrz_swipe *swipe)
{
	struct mrz_doc doc;
	size_t lines = 0;

	require(event != MRZ_DEVICE_LOST);
	require(swipe->how != NULL && swipe->why != NULL);
	require(swipe->len < sizeof(swipe->text));
	require(strlen(swipe->text) == swipe->len);
	if (event == MRZ_DEVICE_REJECTED) {
		require(swipe->len == 0 && swipe->why[0] != '\0');
		return;
	}
	require(mrz_parse(swipe->text, swipe->len, NULL, &doc) == MRZ_OK);
	require(doc.status == MRZ_ACCEPTED && doc.format == swipe->format);
	for (size_t i = 0; i < swipe->len; i++)
		lines += swipe->text[i] == '\n';
	require(lines == doc.n_lines && swipe->text[swipe->len - 1] == '\n');
}

/* The characters of a document came in this order. */
static void
require_sent(const struct mrz_swipe *swipe, const uint8_t *data, size_t size)
{
	size_t at = 0;

	for (size_t i = 0; i < swipe->len; i++) {
		if (swipe->text[i] == '\n')
			continue;
		while (at < size && data[at] != (uint8_t)swipe->text[i])
			at++;
		require(at++ < size);
	}
}

/* Whatever came, after a while nothing of it is there any more. */
static void
require_forgotten(const struct mrz_collect *collect)
{
	static const struct mrz_collect none;

	require(!collect->busy && collect->frame == NULL);
	require(memcmp(collect->lines, none.lines, sizeof(none.lines)) == 0);
	require(memcmp(collect->ready.text, none.ready.text,
		    sizeof(none.ready.text)) == 0);
	require(collect->arm || collect->sent >= 0 ||
		mrz_collect_due(collect) == -1);
}

static size_t
drain_bytes(struct mrz_collect *collect, int64_t now, const uint8_t *data,
    size_t size)
{
	uint8_t command[MRZ_COLLECT_COMMAND_LEN];
	struct mrz_swipe swipe;
	enum mrz_device_event event;
	size_t n = 0;

	while ((event = mrz_collect_take(collect, now, &swipe)) !=
	       MRZ_DEVICE_NOTHING) {
		require_good(event, &swipe);
		require_sent(&swipe, data, size);
		require(++n <= 2);
	}
	require(mrz_collect_command(collect, now, command) <= sizeof(command));
	require(mrz_collect_due(collect) == -1 ||
		mrz_collect_due(collect) > now || collect->arm);
	return n;
}

static void
fuzz_bytes(enum mrz_protocol protocol, const uint8_t *data, size_t size)
{
	struct mrz_collect collect;
	int64_t now = 1;
	size_t events;

	mrz_collect_init(&collect, protocol);
	events = drain_bytes(&collect, now, data, 0);
	for (size_t i = 0; i < size; i++) {
		if (data[i] == TICK && i + 1 < size)
			now += TICK_MS * data[++i];
		else
			mrz_collect_byte(&collect, data[i], now);
		events += drain_bytes(&collect, now, data, i + 1);
	}
	now += AGES;
	events += drain_bytes(&collect, now, data, size);
	require(events <= 2 * size + 2);
	require_forgotten(&collect);
}

static void
drain_keys(struct mrz_keys *keys, int64_t now)
{
	struct mrz_swipe swipe;
	enum mrz_device_event event;
	size_t n = 0;

	while (
	    (event = mrz_keys_take(keys, now, &swipe)) != MRZ_DEVICE_NOTHING) {
		require_good(event, &swipe);
		require(++n <= 2);
	}
	require(keys->live != 0 && (keys->live & ~keys->use) == 0);
	require(mrz_keys_due(keys) == -1 || mrz_keys_due(keys) > now);
}

static void
fuzz_keys(size_t layout, const uint8_t *data, size_t size)
{
	struct mrz_keys keys;
	int64_t now = 1;

	mrz_keys_init(&keys, layout);
	for (size_t i = 0; i + 1 < size; i += 2) {
		if (data[i] == TICK)
			now += TICK_MS * data[i + 1];
		else if (data[i] == LOST) {
			mrz_keys_lost(&keys);
			mrz_keys_state(&keys, data + i, 2, data[i + 1] & 1);
		} else
			mrz_keys_event(&keys,
			    data[i] | (data[i + 1] & 0x80u) << 1,
			    data[i + 1] & 3, now);
		drain_keys(&keys, now);
	}
	drain_keys(&keys, now + AGES);
	for (size_t i = 0; i < n_key_layouts; i++)
		require_forgotten(&keys.readings[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	if ((data[0] & MODE_KEYS) != 0)
		fuzz_keys(data[0] & ~MODE_KEYS, data + 1, size - 1);
	else
		fuzz_bytes((data[0] & 1) != 0 ? MRZ_PROTOCOL_ELYCTIS
					      : MRZ_PROTOCOL_LINES,
		    data + 1, size - 1);
	return 0;
}
