#include "picc_steps.h"

#include "core/builder.h"

#define FRAME_CAP 300

struct inside inside;

static void
inside_reset(void *self)
{
	(void)self;
	inside.n_resets++;
}

static enum emrtd_error
inside_transmit(void *self, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t *takes_us)
{
	(void)self;
	inside.n++;
	assert_true(command.len <= sizeof(inside.last));
	memcpy(inside.last, command.ptr, command.len);
	inside.last_len = command.len;
	*takes_us = inside.takes_us;
	if (inside.lost)
		return EMRTD_E_CARD_LOST;
	if (inside.answer_len > 0)
		emrtd_put_fill(response, 0xAB, inside.answer_len);
	else
		emrtd_put(response, command);
	emrtd_put_u16(response, 0x9000);
	return EMRTD_OK;
}

struct emrtd_picc_config
known(enum emrtd_air_type type)
{
	struct emrtd_picc_config config;

	emrtd_picc_config_init(&config);
	config.type = type;
	config.uid_len = 4;
	memcpy(config.uid, "\x08\x12\x34\x56", 4);
	config.pupi_set = true;
	memcpy(config.pupi, "\xA1\xA2\xA3\xA4", 4);
	return config;
}

struct emrtd_picc *
chip(const struct emrtd_picc_config *config)
{
	static const struct emrtd_picc_inside echo = { .reset = inside_reset,
		.transmit = inside_transmit };
	struct emrtd_picc *picc;

	memset(&inside, 0, sizeof(inside));
	assert_ok(emrtd_picc_new(config, &echo, &picc));
	emrtd_picc_field(picc, true, 0);
	return picc;
}

bool
ask(const struct asker *asker, enum how how, struct emrtd_bytes bytes,
    struct emrtd_picc_answer *out)
{
	static const enum emrtd_air_check checks[] = {
		[SHORT] = EMRTD_AIR_BARE,
		[BARE] = EMRTD_AIR_BARE,
		[BLOCK] = EMRTD_AIR_CHECKED,
		[GARBLED] = EMRTD_AIR_GARBLED,
	};
	const struct emrtd_air_frame frame = { .type = asker->type,
		.rate = asker->rate,
		.check = checks[how],
		.bytes = bytes,
		.last_bits = how == SHORT ? 7 : 0 };

	return emrtd_picc_frame(asker->picc, &frame, asker->now_us, out);
}

static void
check_step(const struct asker *asker, const struct step *step)
{
	uint8_t say[FRAME_CAP], want[FRAME_CAP];
	size_t n = vector_hex(step->say, say, sizeof(say));
	struct emrtd_picc_answer answer;
	bool answered = ask(asker, step->how, emrtd_bytes(say, n), &answer);

	if (answered != (step->answer != NULL))
		fail_msg("%s: %s", step->say,
		    answered ? "is answered" : "is not answered");
	if (!answered)
		return;
	n = vector_hex(step->answer, want, sizeof(want));
	if (answer.frame.bytes.len != n ||
	    memcmp(answer.frame.bytes.ptr, want, n) != 0)
		fail_msg("%s: not answered by %s, but by %zu bytes, %02X...",
		    step->say, step->answer, answer.frame.bytes.len,
		    answer.frame.bytes.ptr[0]);
	assert_int_equal(answer.frame.type, asker->type);
	assert_int_equal(answer.frame.rate, asker->rate);
}

void
play(const struct asker *asker, const struct step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_step(asker, &steps[i]);
}

void
activate(const struct asker *asker, unsigned fsdi)
{
	static const struct step select[] = {
		{ SHORT, "52", "0800" },
		{ BARE, "9320", "0812345678" },
		{ BLOCK, "93700812345678", "20" },
	};
	const uint8_t rats[] = { 0xE0, (uint8_t)(fsdi << 4) };
	struct emrtd_picc_answer answer;

	PLAY(asker, select);
	assert_true(ask(asker, BLOCK, emrtd_bytes(rats, 2), &answer));
}
