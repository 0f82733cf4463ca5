#include "card/chip.h"

#include "apdu/status_word.h"
#include "card/aa_key.h"
#include "card/card_sm.h"
#include "core/builder.h"
#include "core/tlv.h"
#include "core/wipe.h"
#include "crypto/crypto.h"

#include <stdlib.h>
#include <string.h>

#define CLA_SM       0x0C
#define CLA_CHAINING 0x10

#define ANY_P1P2 0xFFFF

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

static emrtd_chip_handler general_authenticate;

/* Instructions; of several rows for one, the first that fits P1 P2 counts. */
static const struct instruction {
	uint8_t ins;
	uint16_t p1p2;
	enum chaining chaining;
	emrtd_chip_handler *handler;
} instructions[] = {
	{ 0x22, 0xC1A4, CHAIN_NEVER, emrtd_chip_set_at },
	{ 0x22, 0x41A6, CHAIN_PARTS, emrtd_chip_set_kat },
	{ 0x22, 0x41A4, CHAIN_NEVER, emrtd_chip_ca_set_at },
	{ 0x82, ANY_P1P2, CHAIN_NEVER, emrtd_chip_external_authenticate },
	{ 0x84, ANY_P1P2, CHAIN_NEVER, emrtd_chip_get_challenge },
	{ 0x86, ANY_P1P2, CHAIN_STEPS, general_authenticate },
	{ 0x88, ANY_P1P2, CHAIN_NEVER, emrtd_chip_internal_authenticate },
	{ 0xA4, ANY_P1P2, CHAIN_NEVER, emrtd_chip_select },
	{ 0xB0, ANY_P1P2, CHAIN_NEVER, emrtd_chip_read_binary },
	{ 0xB1, ANY_P1P2, CHAIN_NEVER, emrtd_chip_read_binary_odd },
};

bool
emrtd_chip_is_open(const struct emrtd_card *card)
{
	return !card->bac && card->n_pace == 0;
}

const struct emrtd_card_misbehaviour *
emrtd_chip_fault(const struct emrtd_card *card, enum emrtd_fault_id id,
    uint32_t at)
{
	return emrtd_misbehave_find(card->misbehave, card->n_misbehave, id, at);
}

void
emrtd_chip_end_session(struct emrtd_card *card)
{
	emrtd_sm_end(&card->session.sm);
	emrtd_card_pace_wipe(&card->session.pace);
	card->session.granted = false;
	card->session.has_challenge = false;
	card->session.general = NULL;
	card->session.ca = NULL;
	card->session.pin_resumed = false;
	card->session.chain_len = 0;
	emrtd_sm_end(&card->session.next_sm);
}

void
emrtd_card_reset(struct emrtd_card *card)
{
	emrtd_wipe(&card->session, sizeof(card->session));
}

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

static uint16_t
dispatch(struct emrtd_card *card, const struct emrtd_command *received,
    size_t max_answer, struct emrtd_out *out)
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
		return row->handler(card, &command, max_answer, out);
	}
	return sw;
}

/* Data bytes that fit behind a command with this Ne, and into our memory. */
static size_t
room(const struct emrtd_card *card, uint32_t ne, size_t overhead)
{
	size_t most = card->extended ? card->max_response : 256 + 2;
	size_t room = ne;

	if (room > most - 2)
		room = most - 2;
	return room > overhead ? room - overhead : 0;
}

static void
status_only(struct emrtd_out *out, uint16_t sw)
{
	out->len = 0;
	emrtd_put_u16(out, sw);
}

static enum emrtd_error
run_plain(struct emrtd_card *card, const struct emrtd_command *command,
    struct emrtd_out *out)
{
	uint16_t sw = dispatch(card, command, room(card, command->ne, 0), out);

	emrtd_put_u16(out, sw);
	return out->bad ? EMRTD_E_INTERNAL : EMRTD_OK;
}

/* Chip Authentication: its response was the last under the old keys. */
static void
take_next_keys(struct emrtd_chip_session *s)
{
	s->sm = s->next_sm;
	emrtd_sm_end(&s->next_sm);
}

/* Any error of secure messaging is told in clear, and ends the session. */
static enum emrtd_error
run_protected(struct emrtd_card *card, const struct emrtd_command *command,
    struct emrtd_out *out)
{
	struct emrtd_chip_session *s = &card->session;
	struct emrtd_out scratch = emrtd_out(card->command, EMRTD_CHIP_SCRATCH);
	struct emrtd_out answer = emrtd_out(card->answer, EMRTD_CHIP_SCRATCH);
	const struct emrtd_card_misbehaviour *le;
	struct emrtd_command plain;
	enum emrtd_error error;
	uint16_t sw;

	sw = s->sm.live ? emrtd_card_sm_open(card->crypto, &s->sm, command,
			      &scratch, &plain)
			: EMRTD_SW_SM_INCORRECT;
	le = emrtd_chip_fault(card, EMRTD_FAULT_BARE_LE, 0);
	if (sw == EMRTD_SW_OK && le != NULL && plain.ne > le->value)
		sw = EMRTD_SW_WRONG_LENGTH;
	if (sw != EMRTD_SW_OK) {
		emrtd_chip_end_session(card);
		status_only(out, sw);
		return EMRTD_OK;
	}
	sw = dispatch(card, &plain,
	    room(card, command->ne, EMRTD_CARD_SM_OVERHEAD - 2), &answer);
	card->n_protected++;
	if (emrtd_chip_fault(card, EMRTD_FAULT_PLAIN_REPLY,
		card->n_protected) != NULL) {
		emrtd_put(out, emrtd_out_bytes(&answer));
		emrtd_put_u16(out, sw);
		return EMRTD_OK;
	}
	scratch.len = 0;
	error = emrtd_card_sm_protect(card->crypto, &s->sm,
	    (command->ins & 1) != 0, emrtd_out_bytes(&answer), sw, &scratch,
	    out);
	if (error == EMRTD_OK &&
	    emrtd_chip_fault(card, EMRTD_FAULT_FLIP_MAC, card->n_protected))
		out->ptr[out->len - 3] ^= 1; /* before the status word */
	if (error == EMRTD_OK && s->next_sm.live)
		take_next_keys(s);
	return error;
}

static enum emrtd_error
run(struct emrtd_card *card, struct emrtd_bytes bytes, struct emrtd_out *out)
{
	struct emrtd_command command;
	bool fits;

	fits = emrtd_command_decode(bytes, &command) == EMRTD_OK &&
	       (card->extended ? bytes.len <= card->max_command
			       : !command.extended);
	if (!fits) {
		emrtd_chip_end_session(card);
		status_only(out, EMRTD_SW_WRONG_LENGTH);
		return EMRTD_OK;
	}
	if ((command.cla & CLA_SM) == CLA_SM)
		return run_protected(card, &command, out);
	/* A command in clear ends the session that it falls into. */
	if (card->session.sm.live)
		emrtd_chip_end_session(card);
	return run_plain(card, &command, out);
}

/* Switches that act on a response as a whole. */
static void
distort(const struct emrtd_card *card, struct emrtd_out *out)
{
	const struct emrtd_card_misbehaviour *m;

	m = emrtd_chip_fault(card, EMRTD_FAULT_STATUS, card->n_responses);
	if (m != NULL)
		status_only(out, (uint16_t)m->value);
	m = emrtd_chip_fault(card, EMRTD_FAULT_TRUNCATE, card->n_responses);
	if (m != NULL && out->len > m->value)
		out->len = m->value;
}

enum emrtd_error
emrtd_card_transmit(struct emrtd_card *card, struct emrtd_bytes command,
    struct emrtd_out *out)
{
	struct emrtd_out response = emrtd_out(card->response,
	    EMRTD_CHIP_SCRATCH);
	const struct emrtd_card_misbehaviour *delay = emrtd_chip_fault(card,
	    EMRTD_FAULT_DELAY, 0);
	enum emrtd_error error;

	card->n_responses++;
	card->delay_ms = delay != NULL ? delay->value : 0;
	if (emrtd_chip_fault(card, EMRTD_FAULT_LOST, card->n_responses)) {
		emrtd_card_reset(card);
		return EMRTD_E_CARD_LOST;
	}
	error = run(card, command, &response);
	/* Plain texts of a session do not outlive their exchange. */
	emrtd_wipe(card->command, EMRTD_CHIP_SCRATCH);
	emrtd_wipe(card->answer, EMRTD_CHIP_SCRATCH);
	if (error != EMRTD_OK) {
		emrtd_chip_end_session(card);
		return error;
	}
	distort(card, &response);
	emrtd_put(out, emrtd_out_bytes(&response));
	return out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
}

void
emrtd_card_free(struct emrtd_card **card)
{
	struct emrtd_card *c = *card;

	if (c == NULL)
		return;
	for (size_t i = 0; i < c->n_files; i++) {
		if (c->files[i].ptr != NULL)
			emrtd_wipe(c->files[i].ptr, c->files[i].len);
		free(c->files[i].ptr);
	}
	emrtd_aa_key_free(&c->aa);
	free(c->csca);
	free(c->signer);
	free(c->chain);
	free(c->command);
	free(c->answer);
	free(c->response);
	if (c->own_crypto)
		emrtd_crypto_free(&c->crypto);
	emrtd_wipe(c, sizeof(*c));
	free(c);
	*card = NULL;
}

struct emrtd_bytes
emrtd_card_atr(const struct emrtd_card *card)
{
	return emrtd_bytes(card->atr, card->atr_len);
}

uint32_t
emrtd_card_delay_ms(const struct emrtd_card *card)
{
	return card->delay_ms;
}

uint32_t
emrtd_card_responses(const struct emrtd_card *card)
{
	return card->n_responses;
}

void
emrtd_card_set_random(struct emrtd_card *card,
    const struct emrtd_random *random)
{
	card->random = *random;
}

struct emrtd_bytes
emrtd_card_file(const struct emrtd_card *card, enum emrtd_file file)
{
	for (size_t i = 0; i < card->n_files; i++)
		if (card->files[i].id == file)
			return emrtd_bytes(card->files[i].ptr,
			    card->files[i].len);
	return emrtd_bytes(NULL, 0);
}

struct emrtd_bytes
emrtd_card_csca(const struct emrtd_card *card)
{
	return emrtd_bytes(card->csca, card->csca_len);
}

struct emrtd_bytes
emrtd_card_signer(const struct emrtd_card *card)
{
	return emrtd_bytes(card->signer, card->signer_len);
}
