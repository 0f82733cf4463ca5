/*
 * The two sides of ISO/IEC 14443-4 against each other: whatever is lost, and
 * whatever the chip does wrong, a command comes through whole and runs once,
 * or ends in an error that has a name, and never runs twice.
 */
#include "air.h"
#include "core/builder.h"
#include "emrtd_test.h"

#include <stdio.h>

#define MAX_APDU 66000
#define N(array) (sizeof(array) / sizeof((array)[0]))

/*
 * Inside the chip: a command is 80 EE, its number, the length of what it wants
 * back, and bytes that tell their place.
 */
struct inside {
	uint32_t number; /* of the command that is expected */
	unsigned runs;   /* of it */
	bool strange;    /* one came that was never sent */
	uint32_t takes_us;
};

struct desk {
	struct inside inside;
	struct air air;
	bool liar; /* the chip says that it did not get what it got */
	uint64_t random;
	unsigned percent;       /* lost, of random fates */
	unsigned first, second; /* frames with a fate */
	enum air_fate fate;
	uint8_t command[MAX_APDU], response[MAX_APDU];
};

static struct desk desk;

static uint8_t
command_byte(uint32_t number, size_t i)
{
	return (uint8_t)(number * 31 + i * 7 + i / 256);
}

static void
put_command(struct emrtd_out *out, uint32_t number, size_t len, uint32_t wanted)
{
	emrtd_put_u16(out, 0x80EE);
	emrtd_put_u32(out, number);
	emrtd_put_u32(out, wanted);
	for (size_t i = out->len; i < len; i++)
		emrtd_put_u8(out, command_byte(number, i));
}

static uint32_t
u32_at(struct emrtd_bytes in, size_t at)
{
	const uint8_t *p = in.ptr + at;

	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static void
inside_reset(void *self)
{
	(void)self;
}

static enum emrtd_error
inside_transmit(void *self, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t *takes_us)
{
	struct inside *in = self;
	uint32_t number, wanted;

	*takes_us = in->takes_us;
	if (command.len == 0) {
		/* The chip did not know it for a ping. */
		in->strange = true;
		return EMRTD_E_PROTOCOL;
	}
	number = u32_at(command, 2);
	wanted = u32_at(command, 6);
	for (size_t i = 10; i < command.len; i++)
		if (command.ptr[i] != command_byte(number, i))
			in->strange = true;
	if (number != in->number)
		in->strange = true;
	in->runs++;
	for (uint32_t i = 0; i + 2 < wanted; i++)
		emrtd_put_u8(response, command_byte(number + 5, i));
	emrtd_put_u16(response, 0x9000);
	return EMRTD_OK;
}

/* ---- Fates -------------------------------------------------------------- */

static uint32_t
next_random(void)
{
	desk.random ^= desk.random << 13;
	desk.random ^= desk.random >> 7;
	desk.random ^= desk.random << 17;
	return (uint32_t)(desk.random >> 32);
}

static enum air_fate
fate_at_random(struct air *air, enum air_way way, unsigned n)
{
	(void)air;
	(void)way;
	(void)n;
	if (next_random() % 100 >= desk.percent)
		return AIR_ARRIVES;
	return next_random() & 1 ? AIR_LOST : AIR_GARBLED;
}

static enum air_fate
fate_of_two(struct air *air, enum air_way way, unsigned n)
{
	(void)air;
	(void)way;
	return n == desk.first || n == desk.second ? desk.fate : AIR_ARRIVES;
}

/* ---- The desk ------------------------------------------------------------ */

static void
lay(const struct emrtd_picc_config *config, uint32_t fsd)
{
	const struct emrtd_picc_inside inside = {
		.reset = inside_reset,
		.transmit = inside_transmit,
		.self = &desk.inside,
	};

	emrtd_picc_free(&desk.air.picc);
	memset(&desk, 0, offsetof(struct desk, command));
	desk.random = 0x9E3779B97F4A7C15u;
	desk.air.type = config->type;
	desk.air.fsd = fsd;
	desk.air.max_rates = EMRTD_RATES_TO_848;
	assert_ok(emrtd_picc_new(config, &inside, &desk.air.picc));
}

static void
config_of(struct emrtd_picc_config *config, unsigned i)
{
	emrtd_picc_config_init(config);
	config->type = i & 1 ? EMRTD_AIR_B : EMRTD_AIR_A;
}

/* True when it came through. After an error the chip is activated anew. */
static bool
once(size_t len, uint32_t wanted)
{
	struct emrtd_out command = emrtd_out(desk.command,
	    sizeof(desk.command));
	struct emrtd_out response = emrtd_out(desk.response,
	    sizeof(desk.response));
	enum emrtd_error err;

	desk.inside.number++;
	desk.inside.runs = 0;
	put_command(&command, desk.inside.number, len, wanted);
	assert_false(command.bad);
	desk.air.frames = 0;
	err = air_transmit(&desk.air, emrtd_out_bytes(&command), &response);
	if (desk.liar && desk.inside.strange)
		return false;
	assert_false(desk.inside.strange);
	assert_in_range(desk.inside.runs, 0, 1);
	if (err) {
		assert_true(err == EMRTD_E_CARD_LOST ||
			    err == EMRTD_E_PROTOCOL || err == EMRTD_E_TIMEOUT ||
			    err == EMRTD_E_TOO_LONG);
		assert_int_equal(response.len, 0);
		return false;
	}
	assert_int_equal(desk.inside.runs, 1);
	assert_int_equal(response.len, wanted);
	for (uint32_t i = 0; i + 2 < wanted; i++)
		assert_int_equal(response.ptr[i],
		    command_byte(desk.inside.number + 5, i));
	return true;
}

static const uint16_t sizes[] = { 16, 24, 32, 40, 48, 64, 96, 128, 256 };

static void
carries_every_length_at_every_size(void **state)
{
	static const size_t lengths[] = { 10, 13, 14, 26, 27, 61, 62, 125, 126,
		253, 254, 255, 261, 506, 507, 1000, 5009 };
	struct emrtd_picc_config config;

	(void)state;
	for (unsigned i = 0; i < N(sizes) * 4; i++) {
		uint32_t fsd = i & 2 ? 128 : 256;

		config_of(&config, i);
		config.fsci = (uint8_t)(i / 4);
		lay(&config, fsd);
		assert_ok(air_activate(&desk.air));
		assert_int_equal(desk.air.dep.link.fsc, sizes[i / 4]);
		for (size_t k = 0; k < N(lengths); k++)
			for (size_t j = 0; j < N(lengths); j++)
				assert_true(
				    once(lengths[k], (uint32_t)lengths[j]));
		/* Full frames both ways, and none that is longer. */
		assert_int_equal(desk.air.longest_sent, sizes[i / 4]);
		assert_int_equal(desk.air.longest_heard, fsd);
		assert_int_equal(desk.air.dep.counts.repeats, 0);
	}
}

static void
carries_the_longest(void **state)
{
	struct emrtd_picc_config config;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		config_of(&config, i);
		config.fsci = i ? 0 : 8;
		lay(&config, 256);
		assert_ok(air_activate(&desk.air));
		assert_true(once(EMRTD_ISODEP_COMMAND_MAX, 2));
		assert_true(once(10, EMRTD_ISODEP_RESPONSE_MAX));
	}
}

/* Each speed that a chip can offer, against each that a driver can take. */
static void
carries_at_every_speed(void **state)
{
	struct emrtd_picc_config config;

	(void)state;
	for (unsigned rates = 0; rates < 256; rates++) {
		if (rates & 0x08)
			continue;
		for (unsigned i = 0; i < 8; i++) {
			config_of(&config, i);
			config.rates = (uint8_t)rates;
			lay(&config, 256);
			desk.air.max_rates = (uint8_t)(0x0F >> i / 2);
			assert_ok(air_activate(&desk.air));
			assert_true(once(300, 300));
		}
	}
}

/* Chains both ways, so that each kind of block is among the lost. */
#define LOSS_COMMAND 40
#define LOSS_WANTED  40

static void
lay_for_losses(unsigned i, uint8_t wtxm)
{
	struct emrtd_picc_config config;

	config_of(&config, i);
	config.fsci = 0;
	config.wtxm = wtxm;
	lay(&config, 16);
	assert_ok(air_activate(&desk.air));
}

static void
survives_every_loss(void **state)
{
	unsigned came = 0;

	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		enum air_fate fate = i & 2 ? AIR_LOST : AIR_GARBLED;
		unsigned n;

		lay_for_losses(i, i & 4 ? 1 : 0);
		desk.air.fate = fate_of_two;
		desk.fate = AIR_ARRIVES;
		assert_true(once(LOSS_COMMAND, LOSS_WANTED));
		n = desk.air.frames;
		assert_true(n >= 14);
		for (unsigned a = 0; a < n; a++)
			for (unsigned b = a; b < n + 4; b++) {
				desk.fate = fate;
				desk.first = a;
				desk.second = b;
				assert_true(once(LOSS_COMMAND, LOSS_WANTED));
				assert_true(desk.air.frames > n);
				came++;
			}
	}
	print_message("%u commands with one or two losses\n", came);
}

static void
survives_losses_at_random(void **state)
{
	static const unsigned percents[] = { 2, 10, 30, 50, 80 };

	(void)state;
	for (unsigned i = 0; i < 4 * N(percents); i++) {
		unsigned came = 0;
		unsigned percent = percents[i / 4];

		lay_for_losses(i, i & 2 ? 1 : 0);
		desk.air.fate = fate_at_random;
		desk.percent = percent;
		for (unsigned k = 0; k < 2000; k++) {
			size_t len = 10 + next_random() % 100;
			uint32_t wanted = 2 + next_random() % 100;

			if (once(len, wanted))
				came++;
			else
				assert_ok(air_activate(&desk.air));
		}
		print_message("%u %% lost: %u of 2000 came\n", percent, came);
		if (percent <= 2)
			assert_true(came > 1990);
		if (percent >= 80)
			assert_true(came < 1000);
	}
}

static void
pings_between_losses(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		enum emrtd_isodep_ping how = i & 4 ? EMRTD_ISODEP_PING_EMPTY
						   : EMRTD_ISODEP_PING_NAK;

		lay_for_losses(i, 0);
		desk.air.fate = fate_of_two;
		desk.fate = i & 2 ? AIR_LOST : AIR_GARBLED;
		for (unsigned a = 0; a < 6; a++) {
			desk.air.frames = 0;
			desk.first = desk.second = a;
			assert_ok(air_ping(&desk.air, how));
			assert_true(once(LOSS_COMMAND, LOSS_WANTED));
		}
		assert_int_equal(emrtd_picc_counts(desk.air.picc).commands, 6);
		emrtd_picc_lay(desk.air.picc, false, desk.air.now_us);
		assert_error(air_ping(&desk.air, how), EMRTD_E_CARD_LOST);
		emrtd_picc_lay(desk.air.picc, true, desk.air.now_us);
		assert_ok(air_activate(&desk.air));
		assert_true(once(LOSS_COMMAND, LOSS_WANTED));
		desk.air.frames = 0;
		desk.first = desk.second = 0;
		assert_ok(air_deselect(&desk.air));
		assert_int_equal(emrtd_picc_counts(desk.air.picc).deselected,
		    1);
	}
}

/* A chip that takes its time asks for it, and gets it. */
static void
waits_for_a_slow_chip(void **state)
{
	struct emrtd_picc_config config;

	(void)state;
	for (unsigned fwi = 0; fwi <= 14; fwi++) {
		config_of(&config, fwi);
		config.fwi = (uint8_t)fwi;
		lay(&config, 256);
		assert_ok(air_activate(&desk.air));
		desk.inside.takes_us = 2500000;
		assert_true(once(300, 300));
		assert_int_equal(desk.air.dep.counts.repeats, 0);
		assert_true(desk.air.now_us >= 2500000);
		if (desk.air.dep.link.fwt_us < 2500000)
			assert_true(desk.air.dep.counts.wtx > 0);
	}
}

/*
 * Every fault that the chip side has, at each of the first blocks and at all
 * of them: it ends, under a name.
 */
static void
ends_whatever_the_chip_does(void **state)
{
	struct emrtd_card_switch fault;
	struct emrtd_picc_config config;
	struct emrtd_diag diag;
	char text[64];
	unsigned came = 0, ended = 0;

	(void)state;
	for (size_t f = 0; emrtd_picc_switch_at(f, &fault); f++)
		for (unsigned i = 0; i < 2 * 14; i++) {
			const char *rest = strstr(fault.arguments, ":XX");
			bool at = strstr(fault.arguments, "=N") != NULL;

			config_of(&config, i);
			config.fsci = 0;
			emrtd_diag_init(&diag);
			snprintf(text, sizeof(text), at ? "%s=%u%s" : "%s",
			    fault.name, i / 2,
			    rest == NULL || *rest == '[' ? "" : ":3F");
			assert_ok(emrtd_picc_misbehave(&config, text, &diag));
			lay(&config, 16);
			desk.liar = strcmp(fault.name, "number") == 0;
			if (air_activate(&desk.air))
				continue;
			if (once(LOSS_COMMAND, LOSS_WANTED))
				came++;
			else
				ended++;
		}
	print_message("%u came through, %u ended in an error\n", came, ended);
	assert_true(came > 0 && ended > 0);
}

static int
teardown(void **state)
{
	(void)state;
	emrtd_picc_free(&desk.air.picc);
	return 0;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(carries_every_length_at_every_size),
		cmocka_unit_test(carries_the_longest),
		cmocka_unit_test(carries_at_every_speed),
		cmocka_unit_test(survives_every_loss),
		cmocka_unit_test(survives_losses_at_random),
		cmocka_unit_test(pings_between_losses),
		cmocka_unit_test(waits_for_a_slow_chip),
		cmocka_unit_test(ends_whatever_the_chip_does),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
