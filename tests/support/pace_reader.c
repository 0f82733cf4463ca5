#include "pace_reader.h"

#include "access/pace.h"
#include "core/builder.h"
#include "crypto/random.h"
#include "reader/pace_choice.h"
#include "test.h"
#include "transport/reader_pace.h"

#include <stdlib.h>
#include <string.h>

static int64_t
no_time(void *self)
{
	(void)self;
	return 0;
}

static uint16_t
ask(struct pace_reader *r, const struct emrtd_command *c, uint8_t *buf,
    size_t cap, size_t *len)
{
	struct emrtd_out out = emrtd_out(buf, cap);
	uint16_t sw = 0;

	assert_int_equal(emrtd_channel_exchange(&r->channel, c, &out, &sw,
			     NULL),
	    EMRTD_OK);
	*len = out.len;
	return sw;
}

static bool
choose(struct pace_reader *r, struct emrtd_pace_choice *choice)
{
	struct emrtd_command c = { .ins = 0xB0, .p1 = 0x9C, .ne = 256 };
	struct emrtd_security_infos infos;
	struct emrtd_bytes bytes;

	if (ask(r, &c, r->card_access, sizeof(r->card_access),
		&r->card_access_len) >>
		8 ==
	    0x6A)
		return false;
	return emrtd_card_access_infos(emrtd_bytes(r->card_access,
					   r->card_access_len),
		   &bytes) &&
	       emrtd_security_infos_parse(bytes, NULL, &infos) == EMRTD_OK &&
	       emrtd_pace_choose(r->crypto, &infos, choice);
}

static enum emrtd_error
make_step(struct pace_reader *r, struct emrtd_pace *pace, unsigned step,
    struct emrtd_bytes response, struct emrtd_out *out)
{
	struct emrtd_random random = emrtd_random_system(r->crypto);

	switch (step) {
	case 0:
		return emrtd_pace_get_nonce(pace, out);
	case 1:
		return emrtd_pace_map(pace, r->crypto, response, &random, NULL,
		    out);
	case 2:
		return emrtd_pace_agree(pace, r->crypto, response, &random,
		    NULL, out);
	default:
		return emrtd_pace_authenticate(pace, r->crypto, response, NULL,
		    out);
	}
}

/* 0, or the result that says where the chip refused. */
static uint32_t
run(struct pace_reader *r, const struct emrtd_password *password)
{
	static uint8_t answer[1024];
	struct emrtd_bytes response = { NULL, 0 };
	struct emrtd_command at = { .ins = 0x22, .p1 = 0xC1, .p2 = 0xA4 };
	struct emrtd_pace_choice choice;
	struct emrtd_pace pace;
	uint8_t data[600];
	size_t len;
	uint16_t sw;

	if (!choose(r, &choice))
		return 0xF0016A82;
	assert_int_equal(emrtd_pace_begin(&pace, r->crypto, choice.protocol,
			     choice.group, false, password),
	    EMRTD_OK);
	for (int step = -1; step < 4; step++) {
		struct emrtd_out out = emrtd_out(data, sizeof(data));
		struct emrtd_command c = { .cla = step < 3 ? 0x10 : 0,
			.ins = 0x86,
			.ne = 256 };

		if (step < 0)
			assert_int_equal(emrtd_pace_set_at(&pace, &out),
			    EMRTD_OK);
		else
			assert_int_equal(make_step(r, &pace, (unsigned)step,
					     response, &out),
			    EMRTD_OK);
		at.data = c.data = emrtd_out_bytes(&out);
		sw = ask(r, step < 0 ? &at : &c, answer, sizeof(answer), &len);
		if (sw != 0x9000) {
			emrtd_pace_wipe(&pace);
			return 0xF0030000 + ((uint32_t)step << 16) + sw;
		}
		response = emrtd_bytes(answer, len);
	}
	assert_int_equal(emrtd_pace_finish(&pace, r->crypto, response, NULL,
			     &r->sm, NULL),
	    EMRTD_OK);
	emrtd_channel_secure(&r->channel, &r->sm);
	return 0;
}

static void
put_number(struct emrtd_out *out, uint32_t n, unsigned bytes)
{
	for (; bytes > 0; bytes--, n >>= 8)
		emrtd_put_u8(out, (uint8_t)n);
}

static void
put_answer(struct pace_reader *r, uint32_t result, struct emrtd_out *out)
{
	size_t len = r->no_card_access ? 0 : r->card_access_len;

	put_number(out, result, 4);
	if (result != 0) {
		put_number(out, 0, 2);
		return;
	}
	put_number(out, (uint32_t)(2 + 2 + len + 1 + 1 + 2), 2);
	emrtd_put_u16(out, 0x9000);
	put_number(out, (uint32_t)len, 2);
	emrtd_put(out, emrtd_bytes(r->card_access, len));
	if (r->other_card_access && len > 0)
		out->ptr[out->len - 1] ^= 1;
	put_number(out, 0, 4);
}

static enum emrtd_error
control(void *self, uint32_t code, struct emrtd_bytes in, struct emrtd_out *out)
{
	struct pace_reader *r = self;
	struct emrtd_password password = { .kind = EMRTD_PASSWORD_NONE };
	const char *text = r->typed;
	uint32_t result = r->result;

	assert_int_equal(code, EMRTD_CONTROL_READER_PACE);
	assert_true(in.len >= 8 && in.ptr[0] == EMRTD_READER_PACE_ESTABLISH);
	assert_int_equal(in.ptr[1] + 3, in.len);
	r->n_established++;
	r->password_id = in.ptr[3];
	r->was_given = in.ptr[5] > 0;
	password.kind = (enum emrtd_password_kind)in.ptr[3];
	password.len = in.ptr[5];
	memcpy(password.text, in.ptr + 6, password.len);
	if (!r->was_given && text != NULL) {
		password.len = strlen(text);
		memcpy(password.text, text, password.len);
	} else if (!r->was_given)
		result = 0xF0200002;
	if (result == 0)
		result = run(r, &password);
	put_answer(r, result, out);
	return EMRTD_OK;
}

static enum emrtd_error
connect_chip(void *self, struct emrtd_diag *diag)
{
	struct pace_reader *r = self;

	emrtd_channel_plain(&r->channel);
	return r->chip.ops->connect(r->chip.self, diag);
}

static enum emrtd_error
info(void *self, struct emrtd_link_info *out)
{
	struct pace_reader *r = self;
	enum emrtd_error e = r->chip.ops->info(r->chip.self, out);

	out->reader_pace = !r->offers_none;
	return e;
}

static enum emrtd_error
transmit(void *self, struct emrtd_bytes bytes, struct emrtd_out *response,
    uint32_t timeout_ms)
{
	struct pace_reader *r = self;
	struct emrtd_command command;
	enum emrtd_error e;
	uint16_t sw;

	if (!r->channel.secured)
		return r->chip.ops->transmit(r->chip.self, bytes, response,
		    timeout_ms);
	if ((bytes.ptr[0] & 0x0C) != 0 && r->passes_no_secured) {
		emrtd_put_u16(response, 0x6E00);
		return EMRTD_OK;
	}
	if ((bytes.ptr[0] & 0x0C) != 0)
		return r->chip.ops->transmit(r->chip.self, bytes, response,
		    timeout_ms);
	assert_int_equal(emrtd_command_decode(bytes, &command), EMRTD_OK);
	e = emrtd_channel_exchange(&r->channel, &command, response, &sw, NULL);
	if (e != EMRTD_OK)
		return EMRTD_E_PROTOCOL;
	emrtd_put_u16(response, sw);
	return EMRTD_OK;
}

static void
close_all(void *self)
{
	struct pace_reader *r = self;

	emrtd_sm_end(&r->sm);
	emrtd_transport_close(&r->chip);
	emrtd_crypto_free(&r->crypto);
	free(r->scratch);
}

static const struct emrtd_transport_ops ops = {
	.info = info,
	.connect = connect_chip,
	.transmit = transmit,
	.control = control,
	.close = close_all,
};

void
pace_reader_wrap(struct pace_reader *r, struct emrtd_transport *chip)
{
	const struct emrtd_clock clock = { no_time, NULL };

	r->chip = *chip;
	assert_int_equal(emrtd_crypto_new(NULL, &r->crypto), EMRTD_OK);
	r->scratch = malloc(EMRTD_CHANNEL_SCRATCH);
	assert_non_null(r->scratch);
	emrtd_channel_init(&r->channel, &r->chip, r->crypto, &clock,
	    emrtd_out(r->scratch, EMRTD_CHANNEL_SCRATCH));
	*chip = (struct emrtd_transport){ &ops, r };
}
