/*
 * Commands that carry data to the card: InCommunicateThru, which sends a
 * frame and gives what is heard, and InDataExchange, with the 14443-4 of the
 * chip's own firmware behind it.
 */
#include "pn532_inner.h"

#include <string.h>

enum {
	TG_MORE = 0x40,
	PCB_I = 0x02,
	PCB_I_MASK = 0xE2,
	PCB_ACK = 0xA2,
	PCB_NAK = 0xB2,
	PCB_R_MASK = 0xF6,
	PCB_WTX = 0xF2,
	PCB_S_MASK = 0xF7,
	PCB_NUMBER = 0x01,
	PCB_NAD = 0x04,
	PCB_CID = 0x08,
	PCB_MORE = 0x10
};

#define GIVE_MAX    (PN532_DATA_MAX - 2) /* with status, in one answer */
#define TRIES_MAX   2
#define AT_ONCE_MAX 64
#define FWT_MAX_US  4949000

bool
pn532_in_communicate_thru(struct pn532 *p, struct pn532_call *call)
{
	uint32_t timeout = pn532_timeout_us(p);
	struct pn532_heard heard;
	enum pn532_status status;
	unsigned tries = 0;

	do {
		status = pn532_air(p, call->in, call->now_us, timeout, &heard);
		if (heard.takes_us > UINT32_MAX - call->takes_us) {
			call->later = true; /* it listens for ever */
			return true;
		}
		call->takes_us += heard.takes_us;
	} while (status != PN532_OK && tries++ < p->retries_com);
	if (heard.len > GIVE_MAX)
		status = PN532_BUFFER;
	pn532_put_u8(p, (uint8_t)status);
	if (status == PN532_OK)
		pn532_put(p, emrtd_bytes(heard.bytes, heard.len));
	return true;
}

/* ---- InDataExchange ---------------------------------------------------- */

static bool
end(struct pn532 *p, uint8_t status)
{
	p->answer_len = 0;
	pn532_put_u8(p, status);
	return true;
}

static bool
fail(struct pn532 *p, enum pn532_status status)
{
	p->dep.in_len = 0;
	p->dep.chained = false;
	p->dep.out_len = p->dep.out_sent = 0;
	return end(p, (uint8_t)status);
}

/* As much as fits into an answer; says whether there is more. */
static bool
give(struct pn532 *p, uint8_t flags)
{
	struct pn532_dep *d = &p->dep;
	size_t n = d->in_len < GIVE_MAX ? d->in_len : GIVE_MAX;

	if (d->chained || n < d->in_len)
		flags |= PN532_MORE;
	(void)end(p, flags);
	pn532_put(p, emrtd_bytes(d->in, n));
	d->in_len -= n;
	memmove(d->in, d->in + n, d->in_len);
	return true;
}

static size_t
make_block(struct pn532 *p, uint8_t out[PN532_AIR_CAP])
{
	static const uint8_t pcbs[] = { [PN532_DEP_I] = PCB_I,
		[PN532_DEP_ACK] = PCB_ACK,
		[PN532_DEP_NAK] = PCB_NAK,
		[PN532_DEP_WTX] = PCB_WTX };
	const struct pn532_target *t = &p->target;
	struct pn532_dep *d = &p->dep;
	size_t n = 0, most = t->fsc - 3 - (t->has_cid ? 1 : 0);

	out[n] = pcbs[d->next];
	if (d->next != PN532_DEP_WTX && d->number)
		out[n] |= PCB_NUMBER;
	if (t->has_cid)
		out[n] |= PCB_CID;
	n++;
	if (t->has_cid)
		out[n++] = t->cid;
	if (d->next == PN532_DEP_WTX)
		out[n++] = d->wtxm;
	if (d->next != PN532_DEP_I)
		return n;
	d->piece = d->out_len - d->out_sent;
	if (d->piece > most)
		d->piece = most;
	if (d->out_sent + d->piece < d->out_len || d->host_more)
		out[0] |= PCB_MORE;
	memcpy(out + n, d->out + d->out_sent, d->piece);
	return n + d->piece;
}

/* Nothing, or nothing whole: once more, as the rules have it. */
static bool
not_heard(struct pn532 *p, enum pn532_status status)
{
	struct pn532_dep *d = &p->dep;

	if (d->tries++ >= TRIES_MAX)
		return fail(p, status);
	if (d->next != PN532_DEP_ACK)
		d->next = PN532_DEP_NAK;
	return false;
}

static bool
heard_ack(struct pn532 *p, bool number)
{
	struct pn532_dep *d = &p->dep;

	if (number != d->number) { /* it has not got our last one */
		d->next = PN532_DEP_I;
		return d->tries++ >= TRIES_MAX && fail(p, PN532_TIMEOUT);
	}
	d->tries = 0;
	d->number = !d->number;
	d->out_sent += d->piece;
	d->piece = 0;
	d->next = PN532_DEP_I;
	if (d->out_sent < d->out_len)
		return false;
	return d->host_more ? end(p, PN532_OK) : fail(p, PN532_RF_PROTOCOL);
}

static bool
heard_inf(struct pn532 *p, uint8_t pcb, struct emrtd_bytes inf)
{
	struct pn532_dep *d = &p->dep;

	if (((pcb & PCB_NUMBER) != 0) != d->number)
		return fail(p, PN532_RF_PROTOCOL);
	d->tries = 0;
	d->number = !d->number;
	d->out_len = d->out_sent = 0;
	d->chained = (pcb & PCB_MORE) != 0;
	memcpy(d->in + d->in_len, inf.ptr, inf.len);
	d->in_len += inf.len;
	d->next = PN532_DEP_ACK;
	if ((pcb & PCB_NAD) != 0)
		return give(p, PN532_NAD);
	if (d->chained && d->in_len < GIVE_MAX)
		return false;
	return give(p, PN532_OK);
}

/* True: the command has ended. */
static bool
heard_block(struct pn532 *p, const struct pn532_heard *heard)
{
	struct emrtd_bytes in = emrtd_bytes(heard->bytes, heard->len);
	bool has_cid;
	uint8_t pcb;

	if (in.len == 0)
		return not_heard(p, PN532_RF_PROTOCOL);
	pcb = in.ptr[0];
	has_cid = (pcb & PCB_CID) != 0;
	if (has_cid != p->target.has_cid || in.len < (has_cid ? 2U : 1U))
		return fail(p, PN532_RF_PROTOCOL);
	in.ptr += has_cid ? 2 : 1;
	in.len -= has_cid ? 2 : 1;
	pcb = (uint8_t)(pcb & ~(unsigned)PCB_CID);
	if ((pcb & PCB_I_MASK) == PCB_I)
		return heard_inf(p, pcb, in);
	if ((pcb & PCB_R_MASK) == PCB_ACK)
		return heard_ack(p, (pcb & PCB_NUMBER) != 0);
	if (pcb != PCB_WTX || in.len != 1)
		return fail(p, PN532_RF_PROTOCOL);
	p->dep.wtxm = in.ptr[0] & 0x3F;
	p->dep.next = PN532_DEP_WTX;
	return false;
}

bool
pn532_dep_step(struct pn532 *p, uint64_t now_ms)
{
	struct pn532_dep *d = &p->dep;

	for (unsigned i = 0; d->at_us / 1000 <= now_ms; i++) {
		uint64_t wait = p->target.fwt_us;
		struct pn532_heard heard;
		enum pn532_status status;
		uint8_t block[PN532_AIR_CAP];
		size_t len = make_block(p, block);

		/* A card without end takes its time, too. */
		if (i == AT_ONCE_MAX) {
			d->at_us = (now_ms + 1) * 1000;
			return false;
		}
		if (d->next == PN532_DEP_WTX)
			wait *= d->wtxm;
		if (wait > FWT_MAX_US)
			wait = FWT_MAX_US;
		status = pn532_air(p, emrtd_bytes(block, len), d->at_us,
		    (uint32_t)wait, &heard);
		d->at_us += heard.takes_us;
		if (status != PN532_OK ? not_heard(p, status)
				       : heard_block(p, &heard))
			return true;
	}
	return false;
}

/* Fault rows over the answer to 'and now the rest'. */
static bool
wrong_rest(struct pn532 *p)
{
	static const uint8_t zeros[GIVE_MAX];

	p->n_more++;
	if (pn532_fault_at(p, PN532_FAULT_MORE_BROKEN) != NULL)
		return fail(p, PN532_TIMEOUT);
	if (pn532_fault_at(p, PN532_FAULT_MORE_EMPTY) != NULL) {
		(void)fail(p, PN532_OK);
		p->answer_len = 0;
		return true;
	}
	if (pn532_fault_from(p, PN532_FAULT_MORE_ENDLESS) == NULL)
		return false;
	(void)end(p, PN532_MORE);
	pn532_put(p, emrtd_bytes(zeros, sizeof(zeros)));
	return true;
}

bool
pn532_in_data_exchange(struct pn532 *p, struct pn532_call *call)
{
	struct emrtd_bytes data = emrtd_bytes(call->in.ptr + 1,
	    call->in.len - 1);
	struct pn532_dep *d = &p->dep;
	uint8_t tg = call->in.ptr[0];

	if (!p->target.there || (tg & 0x0F) != 1)
		return end(p, PN532_CONTEXT);
	if (!p->target.blocks) {
		call->in = data;
		return pn532_in_communicate_thru(p, call);
	}
	if (data.len == 0 && (d->chained || d->in_len > 0 || p->n_more > 0)) {
		if (wrong_rest(p))
			return true;
		if (!d->chained || d->in_len >= GIVE_MAX)
			return give(p, PN532_OK);
		d->next = PN532_DEP_ACK;
	} else {
		d->host_more = (tg & TG_MORE) != 0;
		d->chained = false;
		d->in_len = d->out_sent = 0;
		memcpy(d->out, data.ptr, data.len);
		d->out_len = data.len;
		d->next = PN532_DEP_I;
	}
	d->tries = 0;
	d->at_us = call->now_us;
	p->job = PN532_RUNS_DEP;
	call->later = true;
	return true;
}
