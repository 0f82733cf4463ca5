/*
 * Which command is whose: instructions, parts of commands and of answers.
 */
#include "apdu/status_word.h"
#include "card/chip.h"
#include "core/builder.h"
#include "core/cursor.h"
#include "core/tlv.h"

#include <string.h>

#define CLA_CHAINING 0x10
#define INS_MSE      0x22
#define INS_SELECT   0xA4
#define ANY_P1P2     0xFFFF

/* How CLA 10 is taken. */
enum chaining {
	CHAIN_NEVER, /* 6884 */
	CHAIN_PARTS, /* all but the last command are parts of its data */
	/*
	 * Each command is one of its own (the steps of PACE), and a part only
	 * where its 7C is longer than it.
	 */
	CHAIN_STEPS
};

static emrtd_chip_handler general_authenticate, get_response;

/* Instructions; of several rows for one, the first that fits P1 P2 counts. */
static const struct instruction {
	uint8_t ins;
	uint16_t p1p2;
	enum chaining chaining;
	/*
	 * Its answer may be longer than fits; the rest waits for GET RESPONSE
	 * where the chip knows that.
	 */
	bool may_overflow;
	emrtd_chip_handler *handler;
} instructions[] = {
	{ 0x22, 0xC1A4, CHAIN_NEVER, false, emrtd_chip_set_at },
	{ 0x22, 0x41A6, CHAIN_PARTS, false, emrtd_chip_set_kat },
	{ 0x22, 0x41A4, CHAIN_NEVER, false, emrtd_chip_ca_set_at },
	{ 0x82, ANY_P1P2, CHAIN_NEVER, false,
	    emrtd_chip_external_authenticate },
	{ 0x84, ANY_P1P2, CHAIN_NEVER, false, emrtd_chip_get_challenge },
	{ 0x86, ANY_P1P2, CHAIN_STEPS, true, general_authenticate },
	{ 0x88, ANY_P1P2, CHAIN_NEVER, true, emrtd_chip_internal_authenticate },
	{ 0xA4, ANY_P1P2, CHAIN_NEVER, false, emrtd_chip_select },
	{ 0xB0, ANY_P1P2, CHAIN_NEVER, false, emrtd_chip_read_binary },
	{ 0xB1, ANY_P1P2, CHAIN_NEVER, false, emrtd_chip_read_binary_odd },
	{ 0xC0, ANY_P1P2, CHAIN_NEVER, false, get_response },
};

/* GENERAL AUTHENTICATE: of the protocol that the MSE before has chosen. */
static uint16_t
general_authenticate(struct emrtd_card *card,
    const struct emrtd_command *command, size_t max_answer,
    struct emrtd_out *out)
{
	if (command->p1 != 0 || command->p2 != 0)
		return EMRTD_SW_WRONG_P1P2;
	if (card->session.general == NULL)
		return EMRTD_SW_CONDITIONS;
	return card->session.general(card, command, max_answer, out);
}

/* Is this 7C cut, so that another part must follow? */
static bool
is_cut(struct emrtd_bytes data)
{
	uint32_t tag;
	size_t head, len;

	return emrtd_tlv_head(data, &tag, &head, &len) && len > data.len - head;
}

/*
 * Parts are gathered in the card's memory. True: more must come, or sw is an
 * error; false: the command is whole, and its data are all that came.
 */
static bool
gather(struct emrtd_card *card, enum chaining chaining,
    struct emrtd_command *command, uint16_t *sw)
{
	struct emrtd_chip_session *s = &card->session;
	const uint8_t head[3] = { command->ins, command->p1, command->p2 };
	bool chained = (command->cla & CLA_CHAINING) != 0;
	struct emrtd_out parts = emrtd_out(card->chain, EMRTD_CHIP_CHAIN_MAX);
	bool going = s->chain_len > 0 &&
		     memcmp(s->chain_head, head, sizeof(head)) == 0;

	*sw = EMRTD_SW_OK;
	parts.len = going ? s->chain_len : 0;
	s->chain_len = 0;
	if (!going && !chained)
		return false;
	if (chained && card->habits.no_chaining && chaining == CHAIN_PARTS) {
		*sw = EMRTD_SW_CHAINING_UNSUPPORTED;
		return true;
	}
	emrtd_put(&parts, command->data);
	if (parts.bad) {
		*sw = EMRTD_SW_WRONG_LENGTH;
		return true;
	}
	if (chaining == CHAIN_PARTS
		? chained
		: chained && is_cut(emrtd_out_bytes(&parts))) {
		if (card->habits.no_chaining) {
			*sw = EMRTD_SW_WRONG_DATA;
			return true;
		}
		memcpy(s->chain_head, head, sizeof(head));
		s->chain_len = parts.len;
		return true;
	}
	command->data = emrtd_out_bytes(&parts);
	return false;
}

/* What of an answer fits goes out, the rest waits. */
static uint16_t
cut_answer(struct emrtd_card *card, size_t from, size_t max_answer, uint16_t sw,
    struct emrtd_out *out)
{
	struct emrtd_out rest = emrtd_out(card->rest, EMRTD_CHIP_REST_MAX);
	struct emrtd_bytes answer = emrtd_out_since(out, from), first;

	if (sw != EMRTD_SW_OK || answer.len <= max_answer)
		return sw;
	if (!emrtd_take(&answer, max_answer, &first))
		return EMRTD_SW_INTERNAL;
	emrtd_put(&rest, answer);
	if (rest.bad)
		return EMRTD_SW_INTERNAL;
	card->session.rest_len = rest.len;
	out->len = from + first.len;
	return (uint16_t)(EMRTD_SW_MORE | (rest.len < 256 ? rest.len : 0));
}

static uint16_t
get_response(struct emrtd_card *card, const struct emrtd_command *command,
    size_t max_answer, struct emrtd_out *out)
{
	size_t len = card->session.rest_len, from = out->len;

	if (!card->habits.get_response)
		return EMRTD_SW_UNKNOWN_INS;
	if (command->data.len != 0 || command->ne == 0)
		return EMRTD_SW_WRONG_LENGTH;
	if (len == 0)
		return EMRTD_SW_CONDITIONS;
	card->session.rest_len = 0;
	emrtd_put(out, emrtd_bytes(card->rest, len));
	return cut_answer(card, from, max_answer, EMRTD_SW_OK, out);
}

/* Some chips take no Le where no answer is expected. */
static bool
le_is_wrong(const struct emrtd_card *card, const struct emrtd_command *command)
{
	return card->habits.select_without_le && command->ne != 0 &&
	       (command->ins == INS_SELECT || command->ins == INS_MSE);
}

/* Done, or a warning; what else is left of an answer is none. */
static bool
may_have_data(uint16_t sw)
{
	return sw == EMRTD_SW_OK || sw >> 8 == 0x61 || sw >> 8 == 0x62;
}

static uint16_t
call(struct emrtd_card *card, const struct instruction *row,
    const struct emrtd_command *command, size_t max_answer,
    struct emrtd_out *out)
{
	bool cut = row->may_overflow && card->habits.get_response &&
		   max_answer > 0;
	size_t from = out->len;
	uint16_t sw;

	if (row->handler != get_response)
		card->session.rest_len = 0;
	if (le_is_wrong(card, command))
		return EMRTD_SW_WRONG_LENGTH;
	sw = row->handler(card, command,
	    cut ? max_answer + EMRTD_CHIP_REST_MAX : max_answer, out);
	if (!may_have_data(sw))
		out->len = from;
	return cut ? cut_answer(card, from, max_answer, sw, out) : sw;
}

uint16_t
emrtd_chip_dispatch(struct emrtd_card *card,
    const struct emrtd_command *received, size_t max_answer,
    struct emrtd_out *out)
{
	size_t n = sizeof(instructions) / sizeof(instructions[0]);
	struct emrtd_command command = *received;
	uint16_t p1p2 = (uint16_t)(command.p1 << 8 | command.p2);
	uint16_t sw = EMRTD_SW_UNKNOWN_INS;

	if ((command.cla & ~CLA_CHAINING) != 0)
		return EMRTD_SW_UNKNOWN_CLA;
	for (size_t i = 0; i < n; i++) {
		const struct instruction *row = &instructions[i];

		if (row->ins != command.ins)
			continue;
		sw = EMRTD_SW_WRONG_P1P2;
		if (row->p1p2 != ANY_P1P2 && row->p1p2 != p1p2)
			continue;
		if (row->chaining == CHAIN_NEVER) {
			card->session.chain_len = 0;
			if (command.cla != 0)
				return EMRTD_SW_CHAINING_UNSUPPORTED;
		} else if (gather(card, row->chaining, &command, &sw)) {
			return sw;
		}
		return call(card, row, &command, max_answer, out);
	}
	return sw;
}
