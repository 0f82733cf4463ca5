/*
 * The block protocol of ISO/IEC 14443-4 as the chip plays it. The letters and
 * numbers of rules are those of its clause 7.5.
 */
#include "card/picc_inner.h"

#include <string.h>

enum {
	I_MASK = 0xE2,
	R_MASK = 0xE6,
	S_MASK = 0xC7,
	S_KIND = 0x30,
	PPSS = 0xD0,
	PPSS_MASK = 0xF0,
	CID_MASK = 0x0F,
	WTXM_MASK = 0x3F,
	WTXM_MAX = 59
};

#define FWT_MAX_US 4949000 /* also of what S(WTX) makes of it */

void
emrtd_picc_begin_blocks(struct emrtd_picc *picc)
{
	picc->state = EMRTD_PICC_PROTOCOL;
	picc->number = true; /* rule C */
	picc->owed = EMRTD_PICC_OWES_NOTHING;
	picc->asked_wtx = false;
	picc->command_len = picc->response_len = picc->response_sent = 0;
	picc->block_len = 0;
	picc->counts.selected++;
}

/* Apart: false for what is no block, or none for this chip. */
static bool
take_apart(const struct emrtd_picc *picc, struct emrtd_bytes in,
    struct emrtd_picc_block *out)
{
	uint8_t pcb = in.ptr[0], skipped = 1, flags = EMRTD_PCB_CID;
	bool i = (pcb & I_MASK) == EMRTD_PCB_I;
	bool r = (pcb & R_MASK) == EMRTD_PCB_R_ACK;
	bool s = (pcb & S_MASK) == EMRTD_PCB_DESELECT &&
		 ((pcb & S_KIND) == 0 || (pcb & S_KIND) == S_KIND);

	if ((!i && !r && !s) || (i && (pcb & EMRTD_PCB_NAD) != 0))
		return false;
	out->has_cid = (pcb & EMRTD_PCB_CID) != 0;
	if (out->has_cid) {
		if (!picc->config.cid || in.len < 2 || in.ptr[1] != picc->cid)
			return false;
		skipped = 2;
	} else if (picc->config.cid && picc->cid != 0) {
		return false; /* for another chip */
	}
	if (i)
		flags |= EMRTD_PCB_MORE;
	if (i || r)
		flags |= EMRTD_PCB_NUMBER;
	out->pcb = pcb & (uint8_t)~flags;
	out->number = (i || r) && (pcb & EMRTD_PCB_NUMBER) != 0;
	out->more = i && (pcb & EMRTD_PCB_MORE) != 0;
	out->inf = emrtd_bytes(in.ptr + skipped, in.len - skipped);
	if (out->pcb == EMRTD_PCB_WTX)
		return out->inf.len == 1;
	return i || out->inf.len == 0;
}

/* ---- What goes out ----------------------------------------------------- */

/* The fault that is set for this block spoils picc->sent. */
static size_t
spoil(struct emrtd_picc *picc, size_t len)
{
	const struct emrtd_picc_fault *fault;
	uint8_t *b = picc->sent;
	bool s = (b[0] & EMRTD_PCB_DESELECT) == EMRTD_PCB_DESELECT;

	if (!s && emrtd_picc_fault_at(picc, EMRTD_PICC_FAULT_NUMBER) != NULL)
		b[0] ^= EMRTD_PCB_NUMBER;
	if (emrtd_picc_fault_at(picc, EMRTD_PICC_FAULT_NAD) != NULL) {
		memmove(b + 2, b + 1, len - 1);
		b[0] |= EMRTD_PCB_NAD;
		b[1] = 0;
		len++;
	}
	if (emrtd_picc_fault_at(picc, EMRTD_PICC_FAULT_CID) != NULL) {
		memmove(b + 2, b + 1, len - 1);
		b[0] |= EMRTD_PCB_CID;
		b[1] = 1;
		len++;
	}
	fault = emrtd_picc_fault_at(picc, EMRTD_PICC_FAULT_PCB);
	if (fault != NULL)
		b[0] = (uint8_t)fault->value;
	if (emrtd_picc_fault_at(picc, EMRTD_PICC_FAULT_NAK) != NULL) {
		b[0] = EMRTD_PCB_R_NAK | picc->number;
		len = 1;
	}
	if (emrtd_picc_fault_at(picc, EMRTD_PICC_FAULT_ACK) != NULL) {
		b[0] = EMRTD_PCB_R_ACK | picc->number;
		len = 1;
	}
	if (emrtd_picc_fault_at(picc, EMRTD_PICC_FAULT_DESELECT) != NULL) {
		b[0] = EMRTD_PCB_DESELECT;
		len = 1;
	}
	if (emrtd_picc_fault_at(picc, EMRTD_PICC_FAULT_LONG) != NULL) {
		size_t too_long = picc->fsd + 16;

		memset(b + len, 0, too_long - len);
		len = too_long;
	}
	if (emrtd_picc_fault_at(picc, EMRTD_PICC_FAULT_NOTHING) != NULL)
		len = 0;
	return len;
}

static bool
send_bytes(struct emrtd_picc *picc, const uint8_t *block, size_t len,
    struct emrtd_picc_answer *out)
{
	const struct emrtd_picc_fault *late = emrtd_picc_fault_at(picc,
	    EMRTD_PICC_FAULT_LATE);
	enum emrtd_air_check check = EMRTD_AIR_CHECKED;

	if (len == 0)
		return false; /* there was none yet */
	memcpy(picc->sent, block, len);
	len = spoil(picc, len);
	if (emrtd_picc_fault_at(picc, EMRTD_PICC_FAULT_GARBLE) != NULL)
		check = EMRTD_AIR_GARBLED;
	if (emrtd_picc_fault_at(picc, EMRTD_PICC_FAULT_LOSE) != NULL)
		return false;
	(void)emrtd_picc_say(picc, len, check, out);
	if (late != NULL)
		out->after_us += late->value > 0
				     ? late->value * 1000
				     : emrtd_picc_time_us(picc->config.fwi) * 2;
	return true;
}

/* PCB and INF that the caller put after two free bytes in picc->block. */
static bool
send_block(struct emrtd_picc *picc, uint8_t pcb, struct emrtd_bytes inf,
    struct emrtd_picc_answer *out)
{
	uint8_t before[EMRTD_PICC_BLOCK_CAP];
	size_t before_len = picc->block_len, head = 1;

	memcpy(before, picc->block, before_len);
	picc->block[0] = pcb;
	if (picc->answers_with_cid) {
		picc->block[0] |= EMRTD_PCB_CID;
		picc->block[head++] = picc->cid;
	}
	if (inf.len > 0)
		memcpy(picc->block + head, inf.ptr, inf.len);
	picc->block_len = head + inf.len;
	if (before_len > 0 &&
	    emrtd_picc_fault_at(picc, EMRTD_PICC_FAULT_AGAIN) != NULL)
		return send_bytes(picc, before, before_len, out);
	return send_bytes(picc, picc->block, picc->block_len, out);
}

static bool
send_ack(struct emrtd_picc *picc, struct emrtd_picc_answer *out)
{
	return send_block(picc, EMRTD_PCB_R_ACK | picc->number,
	    emrtd_bytes(NULL, 0), out);
}

static size_t
most_inf(const struct emrtd_picc *picc)
{
	return picc->fsd - 1 - EMRTD_PICC_CRC_LEN -
	       (picc->answers_with_cid ? 1 : 0);
}

/* The next piece of the response. */
static bool
send_piece(struct emrtd_picc *picc, struct emrtd_picc_answer *out)
{
	size_t left = picc->response_len - picc->response_sent;
	size_t most = most_inf(picc);
	size_t n = left < most ? left : most;
	uint8_t pcb = EMRTD_PCB_I | picc->number;
	struct emrtd_bytes inf = emrtd_bytes(picc->response +
						 picc->response_sent,
	    n);

	if (emrtd_picc_fault_from(picc, EMRTD_PICC_FAULT_ENDLESS) != NULL) {
		pcb |= EMRTD_PCB_MORE;
		inf = emrtd_bytes(picc->response, most);
		return send_block(picc, pcb, inf, out);
	}
	if (emrtd_picc_fault_at(picc, EMRTD_PICC_FAULT_EMPTY) != NULL) {
		pcb |= EMRTD_PCB_MORE;
		return send_block(picc, pcb, emrtd_bytes(NULL, 0), out);
	}
	picc->response_sent += n;
	if (left > n)
		pcb |= EMRTD_PCB_MORE;
	return send_block(picc, pcb, inf, out);
}

/* ---- Time -------------------------------------------------------------- */

static uint32_t
waiting_time(const struct emrtd_picc *picc, uint8_t wtxm)
{
	uint64_t us = (uint64_t)emrtd_picc_time_us(picc->config.fwi) * wtxm;

	return us > FWT_MAX_US ? FWT_MAX_US : (uint32_t)us;
}

/* How often the waiting time what is left of the work wants. */
static uint8_t
multiplier(const struct emrtd_picc *picc)
{
	uint32_t fwt = waiting_time(picc, 1);
	uint32_t m = picc->work_us / fwt + 2;

	return m > WTXM_MAX ? WTXM_MAX : (uint8_t)m;
}

/*
 * Rule 9: the WTXM to ask for before what is owed is sent, or 0. It asks when
 * the work takes more than three quarters of the time that it has.
 */
static uint8_t
wants_time(struct emrtd_picc *picc)
{
	const struct emrtd_picc_fault *fault;

	fault = emrtd_picc_fault_from(picc, EMRTD_PICC_FAULT_WTX_ENDLESS);
	if (fault != NULL)
		return 1;
	fault = emrtd_picc_fault_at(picc, EMRTD_PICC_FAULT_WTX);
	if (fault != NULL && !picc->had_wtx)
		return fault->value > 0 ? (uint8_t)fault->value : 1;
	if (picc->config.wtxm > 0 && !picc->had_wtx)
		return picc->config.wtxm;
	if (picc->work_us > picc->granted_us / 4 * 3)
		return multiplier(picc);
	return 0;
}

static bool
ask_for_time(struct emrtd_picc *picc, uint8_t wtxm,
    struct emrtd_picc_answer *out)
{
	const struct emrtd_picc_fault *fault = emrtd_picc_fault_at(picc,
	    EMRTD_PICC_FAULT_WTX_VALUE);
	/* It works on while half of the time goes by, and then asks. */
	uint32_t worked = picc->work_us > 0 ? picc->granted_us / 2 : 0;
	uint8_t said = fault != NULL ? (uint8_t)fault->value : wtxm;

	if (worked > picc->work_us)
		worked = picc->work_us;
	picc->work_us -= worked;
	picc->granted_us = waiting_time(picc, wtxm);
	picc->asked_wtx = true;
	picc->had_wtx = true;
	picc->wtxm = said & WTXM_MASK;
	picc->counts.wtx++;
	if (!send_block(picc, EMRTD_PCB_WTX, emrtd_bytes(&said, 1), out))
		return false;
	out->after_us += worked;
	return true;
}

/* Sends what is owed, or asks for more time. */
static bool
deliver(struct emrtd_picc *picc, struct emrtd_picc_answer *out)
{
	uint8_t wtxm = wants_time(picc);
	enum emrtd_picc_owed owed = picc->owed;
	uint32_t work = picc->work_us;
	bool sent;

	if (wtxm > 0)
		return ask_for_time(picc, wtxm, out);
	picc->owed = EMRTD_PICC_OWES_NOTHING;
	picc->work_us = 0;
	sent = owed == EMRTD_PICC_OWES_ACK ? send_ack(picc, out)
					   : send_piece(picc, out);
	if (sent)
		out->after_us += work;
	return sent;
}

static bool
owe(struct emrtd_picc *picc, enum emrtd_picc_owed owed, uint32_t work_us,
    struct emrtd_picc_answer *out)
{
	picc->owed = owed;
	picc->work_us = work_us;
	picc->granted_us = waiting_time(picc, 1);
	picc->asked_wtx = picc->had_wtx = false;
	return deliver(picc, out);
}

/* ---- What comes in ----------------------------------------------------- */

static bool
run_command(struct emrtd_picc *picc, struct emrtd_picc_answer *out)
{
	struct emrtd_bytes command = emrtd_bytes(picc->command,
	    picc->command_len);
	struct emrtd_out response = emrtd_out(picc->response,
	    sizeof(picc->response));
	uint32_t takes_us = 0;

	picc->command_len = 0;
	picc->response_sent = picc->response_len = 0;
	/* Nothing in it: the reader only looks whether we are there. */
	if (command.len > 0) {
		picc->counts.commands++;
		if (picc->inside.transmit(picc->inside.self, command, &response,
			&takes_us) != EMRTD_OK ||
		    response.bad) {
			picc->dumb = true;
			return false;
		}
		picc->response_len = response.len;
	}
	return owe(picc, EMRTD_PICC_OWES_ANSWER, takes_us, out);
}

static bool
hear_i(struct emrtd_picc *picc, const struct emrtd_picc_block *block,
    struct emrtd_picc_answer *out)
{
	if (block->inf.len > sizeof(picc->command) - picc->command_len) {
		picc->dumb = true;
		return false;
	}
	if (block->inf.len > 0)
		memcpy(picc->command + picc->command_len, block->inf.ptr,
		    block->inf.len);
	picc->command_len += block->inf.len;
	picc->number = !picc->number; /* rule D */
	if (block->more)              /* rule 2 */
		return owe(picc, EMRTD_PICC_OWES_ACK, 0, out);
	return run_command(picc, out); /* rule 10 */
}

static bool
hear_r(struct emrtd_picc *picc, const struct emrtd_picc_block *block,
    struct emrtd_picc_answer *out)
{
	bool nak = block->pcb == EMRTD_PCB_R_NAK;
	bool goes_on = picc->response_sent < picc->response_len ||
		       emrtd_picc_fault_from(picc, EMRTD_PICC_FAULT_ENDLESS);

	if (block->number == picc->number) /* rule 11 */
		return send_bytes(picc, picc->block, picc->block_len, out);
	if (nak) { /* rule 12 */
		picc->sent[0] = EMRTD_PCB_R_ACK | picc->number;
		if (!picc->answers_with_cid)
			return emrtd_picc_say(picc, 1, EMRTD_AIR_CHECKED, out);
		picc->sent[0] |= EMRTD_PCB_CID;
		picc->sent[1] = picc->cid;
		return emrtd_picc_say(picc, 2, EMRTD_AIR_CHECKED, out);
	}
	/* Nothing is chained, or the last that it heard is still to come. */
	if (!goes_on || picc->asked_wtx)
		return false;
	picc->number = !picc->number; /* rules E and 13 */
	return owe(picc, EMRTD_PICC_OWES_ANSWER, 0, out);
}

static bool
hear_s(struct emrtd_picc *picc, const struct emrtd_picc_block *block,
    struct emrtd_picc_answer *out)
{
	if (block->pcb == EMRTD_PCB_DESELECT) {
		bool sent = send_block(picc, EMRTD_PCB_DESELECT,
		    emrtd_bytes(NULL, 0), out);

		picc->counts.deselected++;
		emrtd_picc_unselect(picc, true);
		return sent;
	}
	/* Rule 3: in pairs, and we begin this one. */
	if (!picc->asked_wtx || block->inf.ptr[0] != picc->wtxm)
		return false;
	picc->asked_wtx = false;
	return deliver(picc, out);
}

/* Faults that keep a block from being heard at all. */
static bool
kept_from(struct emrtd_picc *picc, uint64_t now_us)
{
	const struct emrtd_picc_fault *fault = emrtd_picc_fault_at(picc,
	    EMRTD_PICC_FAULT_TEAR);

	if (fault != NULL) {
		emrtd_picc_lay(picc, false, now_us);
		picc->returns = fault->value > 0;
		picc->returns_us = now_us + (uint64_t)fault->value * 1000;
		return true;
	}
	if (picc->hears != EMRTD_AIR_106 &&
	    emrtd_picc_fault_from(picc, EMRTD_PICC_FAULT_RATE) != NULL)
		return true;
	return emrtd_picc_fault_from(picc, EMRTD_PICC_FAULT_MUTE) != NULL ||
	       emrtd_picc_fault_at(picc, EMRTD_PICC_FAULT_DEAF) != NULL;
}

bool
emrtd_picc_hear_block(struct emrtd_picc *picc, struct emrtd_bytes frame,
    uint64_t now_us, struct emrtd_picc_answer *out)
{
	struct emrtd_picc_block block;

	if (picc->may_pps && (frame.ptr[0] & PPSS_MASK) == PPSS) {
		bool answered = emrtd_picc_hear_pps(picc, frame, out);

		picc->may_pps = picc->may_pps && !answered;
		return answered;
	}
	if (!take_apart(picc, frame, &block))
		return false;
	picc->may_pps = false;
	picc->counts.blocks++;
	if (kept_from(picc, now_us))
		return false;
	picc->answers_with_cid = block.has_cid;
	switch (block.pcb) {
	case EMRTD_PCB_I:
		return hear_i(picc, &block, out);
	case EMRTD_PCB_R_ACK:
	case EMRTD_PCB_R_NAK:
		return hear_r(picc, &block, out);
	default:
		return hear_s(picc, &block, out);
	}
}
