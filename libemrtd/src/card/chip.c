#include "card/chip.h"

#include "apdu/status_word.h"
#include "card/aa_key.h"
#include "card/card_sm.h"
#include "core/builder.h"
#include "core/wipe.h"
#include "crypto/crypto.h"

#include <stdlib.h>

#define CLA_SM 0x0C

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
	card->session.rest_len = 0;
	emrtd_sm_end(&card->session.next_sm);
}

void
emrtd_card_reset(struct emrtd_card *card)
{
	emrtd_wipe(&card->session, sizeof(card->session));
}

/* Bytes of a response that a command with this Ne, and our memory, allow. */
static size_t
room(const struct emrtd_card *card, uint32_t ne)
{
	size_t most = card->extended ? card->max_response : 256 + 2;

	return ne < most - 2 ? ne : most - 2;
}

static void
status_only(struct emrtd_out *out, uint16_t sw)
{
	out->len = 0;
	emrtd_put_u16(out, sw);
}

/* Chip Authentication: its response was the last under the old keys, or in clear. */
static void
take_next_keys(struct emrtd_chip_session *s)
{
	s->sm = s->next_sm;
	emrtd_sm_end(&s->next_sm);
}

static enum emrtd_error
run_plain(struct emrtd_card *card, const struct emrtd_command *command,
    struct emrtd_out *out)
{
	uint16_t sw = emrtd_chip_dispatch(card, command,
	    room(card, command->ne), out);

	emrtd_put_u16(out, sw);
	if (card->session.next_sm.live)
		take_next_keys(&card->session);
	return out->bad ? EMRTD_E_INTERNAL : EMRTD_OK;
}

/* What is wrong with this protected response, though its MAC is right. */
static unsigned
flaws_of(const struct emrtd_card *card)
{
	static const struct {
		enum emrtd_fault_id id;
		unsigned flaw;
	} rows[] = {
		{ EMRTD_FAULT_BAD_PADDING, EMRTD_CARD_SM_BAD_PADDING },
		{ EMRTD_FAULT_DROP_87, EMRTD_CARD_SM_NO_DATA },
		{ EMRTD_FAULT_DROP_99, EMRTD_CARD_SM_NO_STATUS },
		{ EMRTD_FAULT_DROP_8E, EMRTD_CARD_SM_NO_MAC },
		{ EMRTD_FAULT_EXTRA_OBJECT, EMRTD_CARD_SM_EXTRA },
	};
	unsigned flaws = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (emrtd_chip_fault(card, rows[i].id, card->n_protected))
			flaws |= rows[i].flaw;
	return flaws;
}

static bool
is_read(const struct emrtd_command *command)
{
	return (command->ins & 0xFE) == 0xB0;
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
	if (sw == EMRTD_SW_OK && le != NULL && is_read(&plain) &&
	    plain.ne > le->value)
		sw = EMRTD_SW_WRONG_LENGTH;
	if (sw != EMRTD_SW_OK) {
		emrtd_chip_end_session(card);
		status_only(out, sw);
		return EMRTD_OK;
	}
	sw = emrtd_chip_dispatch(card, &plain,
	    emrtd_card_sm_room(&s->sm, room(card, command->ne)), &answer);
	card->n_protected++;
	if (emrtd_chip_fault(card, EMRTD_FAULT_PLAIN_REPLY,
		card->n_protected) != NULL) {
		emrtd_put(out, emrtd_out_bytes(&answer));
		emrtd_put_u16(out, sw);
		return EMRTD_OK;
	}
	scratch.len = 0;
	if (emrtd_chip_fault(card, EMRTD_FAULT_SSC_SKEW, card->n_protected))
		emrtd_sm_count(&s->sm);
	error = emrtd_card_sm_protect(card->crypto, &s->sm,
	    &(struct emrtd_card_sm_answer){ .odd_ins = (command->ins & 1) != 0,
		.sw = sw,
		.flaws = flaws_of(card),
		.data = emrtd_out_bytes(&answer) },
	    &scratch, out);
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

static void
keep_last(struct emrtd_card *card, struct emrtd_bytes response)
{
	struct emrtd_out last = emrtd_out(card->last, EMRTD_CHIP_SCRATCH);

	emrtd_put(&last, response);
	card->last_len = last.len;
}

/* Switches that act on a response as a whole. */
static void
distort(struct emrtd_card *card, struct emrtd_out *out)
{
	const struct emrtd_card_misbehaviour *m;

	m = emrtd_chip_fault(card, EMRTD_FAULT_STATUS, card->n_responses);
	if (m != NULL)
		status_only(out, (uint16_t)m->value);
	if (emrtd_chip_fault(card, EMRTD_FAULT_REPLAY, card->n_responses)) {
		out->len = 0;
		emrtd_put(out, emrtd_bytes(card->last, card->last_len));
	}
	keep_last(card, emrtd_out_bytes(out));
	m = emrtd_chip_fault(card, EMRTD_FAULT_TRUNCATE, card->n_responses);
	if (m != NULL && out->len > m->value)
		out->len = m->value;
}

/* The same commands for the same seed, whatever they are. */
static bool
leaves_at_random(const struct emrtd_card *card)
{
	const struct emrtd_card_misbehaviour *m = emrtd_chip_fault(card,
	    EMRTD_FAULT_LOST_RANDOM, 0);
	uint32_t x;

	if (m == NULL)
		return false;
	x = m->value * UINT32_C(0x9E3779B9) ^ card->n_responses;
	x = (x ^ x >> 16) * UINT32_C(0x85EBCA6B);
	x = (x ^ x >> 13) * UINT32_C(0xC2B2AE35);
	return (x ^ x >> 16) % 256 == 0;
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
	if (emrtd_chip_fault(card, EMRTD_FAULT_LOST, card->n_responses) ||
	    leaves_at_random(card)) {
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
	free(c->rest);
	free(c->last);
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
