/* One document on one reader: jobs of the worker. */
#include "transport/pcsc_job.h"

#include "transport/link_info.h"
#include "transport/reader_pace.h"
#include "transport/wake.h"

#include <string.h>
#include <time.h>

#define RETRY_MS    100
#define CONTROL_MAX 264 /* no answer about a reader is longer */

void
emrtd_pcsc_disconnect(struct emrtd_pcsc *pcsc)
{
	if (!pcsc->connected)
		return;
	SCardEndTransaction(pcsc->card, SCARD_LEAVE_CARD);
	/* Reset: nobody inherits an opened chip. */
	SCardDisconnect(pcsc->card, SCARD_RESET_CARD);
	pcsc->connected = false;
}

/* An answer of the driver, or nothing. */
static struct emrtd_bytes
control(SCARDHANDLE card, uint32_t code, struct emrtd_bytes in,
    uint8_t buffer[CONTROL_MAX])
{
	DWORD len = 0;

	if (SCardControl(card, code, in.ptr, (DWORD)in.len, buffer, CONTROL_MAX,
		&len) != SCARD_S_SUCCESS ||
	    len > CONTROL_MAX)
		return emrtd_bytes(buffer, 0);
	return emrtd_bytes(buffer, len);
}

static void
ask_properties(SCARDHANDLE card, uint32_t code, struct emrtd_pcsc_traits *out)
{
	uint8_t buffer[CONTROL_MAX];
	struct emrtd_bytes none = { NULL, 0 };
	struct emrtd_bytes list = control(card, code, none, buffer);
	uint32_t value;

	out->has_max_apdu = emrtd_pcsc_property(list,
	    EMRTD_PCSC_PROPERTY_MAX_APDU_DATA, &out->max_apdu);
	if (emrtd_pcsc_property(list, EMRTD_PCSC_PROPERTY_VENDOR, &value))
		out->vendor = (uint16_t)value;
	if (emrtd_pcsc_property(list, EMRTD_PCSC_PROPERTY_PRODUCT, &value))
		out->product = (uint16_t)value;
}

/* Silent readers leave all unknown. */
void
emrtd_pcsc_ask_reader(SCARDHANDLE card, struct emrtd_pcsc_traits *out)
{
	static const uint8_t which[] = { EMRTD_READER_PACE_CAPABILITIES, 0, 0 };
	uint8_t features[CONTROL_MAX], answer[CONTROL_MAX], number[4];
	struct emrtd_bytes none = { NULL, 0 }, list;
	DWORD len = sizeof(number);
	uint32_t code;

	memset(out, 0, sizeof(*out));
	if (SCardGetAttrib(card, SCARD_ATTR_MAXINPUT, number, &len) ==
		SCARD_S_SUCCESS &&
	    len == sizeof(number))
		out->max_input = (uint32_t)number[3] << 24 |
				 (uint32_t)number[2] << 16 |
				 (uint32_t)number[1] << 8 | number[0];
	list = control(card, CM_IOCTL_GET_FEATURE_REQUEST, none, features);
	if (emrtd_pcsc_feature(list, EMRTD_PCSC_FEATURE_TLV_PROPERTIES, &code))
		ask_properties(card, code, out);
	if (emrtd_pcsc_feature(list, EMRTD_PCSC_FEATURE_EXECUTE_PACE, &code) &&
	    emrtd_reader_pace_offers(
		control(card, code, emrtd_bytes(which, sizeof(which)), answer)))
		out->pace_code = code;
}

/* From SCardStatus: as an attribute some drivers do not have the ATR. */
static LONG
read_atr(struct emrtd_pcsc *pcsc)
{
	DWORD name_len = 0, state, protocol;
	DWORD atr_len = sizeof(pcsc->info.atr);
	LONG rc;

	pcsc->info.atr_len = 0;
	rc = SCardStatus(pcsc->card, NULL, &name_len, &state, &protocol,
	    pcsc->info.atr, &atr_len);
	if (rc == SCARD_S_SUCCESS && atr_len <= sizeof(pcsc->info.atr))
		pcsc->info.atr_len = atr_len;
	return rc;
}

/* A row of a dual reader's antenna says nothing of its contacts. */
const struct emrtd_reader_row *
emrtd_pcsc_row(const struct emrtd_pcsc_traits *traits, const char *name)
{
	const struct emrtd_reader_row *row = NULL;

	if (traits->vendor != 0)
		row = emrtd_reader_row(traits->vendor, traits->product, -1);
	if (row == NULL || row->kind != EMRTD_ROW_CCID ||
	    emrtd_reader_name_contacts(name))
		return NULL;
	return row;
}

static void
read_limits(struct emrtd_pcsc *pcsc)
{
	struct emrtd_pcsc_traits traits;

	emrtd_pcsc_ask_reader(pcsc->card, &traits);
	emrtd_pcsc_apply(&traits, emrtd_pcsc_row(&traits, pcsc->reader),
	    &pcsc->info);
	pcsc->pace_code = traits.pace_code;
}

/*
 * Connected, and reset: whoever used the card before us may have left an
 * application selected or a session open.
 */
static LONG
connect_fresh(struct emrtd_pcsc *pcsc)
{
	LONG rc;

	rc = SCardConnect(pcsc->context, pcsc->reader, SCARD_SHARE_EXCLUSIVE,
	    SCARD_PROTOCOL_T1, &pcsc->card, &pcsc->protocol);
	if (rc == SCARD_E_PROTO_MISMATCH)
		rc = SCardConnect(pcsc->context, pcsc->reader,
		    SCARD_SHARE_EXCLUSIVE,
		    SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &pcsc->card,
		    &pcsc->protocol);
	if (rc != SCARD_S_SUCCESS)
		return rc;
	rc = SCardReconnect(pcsc->card, SCARD_SHARE_EXCLUSIVE, pcsc->protocol,
	    SCARD_RESET_CARD, &pcsc->protocol);
	if (rc != SCARD_S_SUCCESS)
		SCardDisconnect(pcsc->card, SCARD_LEAVE_CARD);
	return rc;
}

/*
 * A card that is being laid down answers late or in pieces, and one that was
 * just changed is still listed: both are worth another try, as is a reader
 * that somebody else holds.
 */
static LONG
connect_card(struct emrtd_pcsc *pcsc)
{
	int64_t until = emrtd_wake_now_ms() + EMRTD_PCSC_SHARING_MS;
	const struct timespec pause = { .tv_nsec = RETRY_MS * 1000000L };
	enum emrtd_error err;
	LONG rc;

	for (;;) {
		rc = connect_fresh(pcsc);
		err = emrtd_pcsc_error(rc);
		if ((err != EMRTD_E_BUSY && err != EMRTD_E_CARD_LOST) ||
		    emrtd_wake_now_ms() >= until || atomic_load(&pcsc->stop))
			return rc;
		nanosleep(&pause, NULL);
	}
}

void
emrtd_pcsc_job_connect(void *context)
{
	struct emrtd_pcsc *pcsc = context;

	emrtd_pcsc_disconnect(pcsc);
	pcsc->presence = EMRTD_PRESENT;
	pcsc->wait_ms = EMRTD_PCSC_PRESENT_MS;
	/* Nobody has to be told here that the service was away. */
	pcsc->told_gone = true;
	emrtd_pcsc_job_wait(pcsc);
	if (!pcsc->established)
		pcsc->result = SCARD_E_NO_SERVICE;
	else if (pcsc->result == SCARD_E_TIMEOUT)
		pcsc->result = pcsc->reader[0] ? SCARD_E_NO_SMARTCARD
					       : SCARD_E_NO_READERS_AVAILABLE;
	if (pcsc->result != SCARD_S_SUCCESS)
		return;
	pcsc->result = connect_card(pcsc);
	if (pcsc->result != SCARD_S_SUCCESS)
		return;
	pcsc->connected = true;
	memset(&pcsc->info, 0, sizeof(pcsc->info));
	emrtd_link_info_name(&pcsc->info, pcsc->reader);
	pcsc->result = SCardBeginTransaction(pcsc->card);
	if (pcsc->result == SCARD_S_SUCCESS)
		pcsc->result = read_atr(pcsc);
	if (pcsc->result == SCARD_S_SUCCESS)
		read_limits(pcsc);
	else
		emrtd_pcsc_disconnect(pcsc);
}

void
emrtd_pcsc_job_transmit(void *context)
{
	struct emrtd_pcsc *pcsc = context;
	const SCARD_IO_REQUEST *pci = pcsc->protocol == SCARD_PROTOCOL_T0
					  ? SCARD_PCI_T0
					  : SCARD_PCI_T1;

	pcsc->out_len = sizeof(pcsc->out);
	pcsc->result = SCardTransmit(pcsc->card, pci, pcsc->in, pcsc->in_len,
	    NULL, pcsc->out, &pcsc->out_len);
	/* What a card that was pulled in the middle looks like. */
	if (pcsc->result == SCARD_S_SUCCESS && pcsc->out_len == 0)
		pcsc->result = SCARD_W_REMOVED_CARD;
}

void
emrtd_pcsc_job_control(void *context)
{
	struct emrtd_pcsc *pcsc = context;

	pcsc->out_len = 0;
	pcsc->result = SCardControl(pcsc->card, pcsc->code, pcsc->in,
	    pcsc->in_len, pcsc->out, sizeof(pcsc->out), &pcsc->out_len);
}

void
emrtd_pcsc_job_reset(void *context)
{
	struct emrtd_pcsc *pcsc = context;

	SCardEndTransaction(pcsc->card, SCARD_LEAVE_CARD);
	pcsc->result = SCardReconnect(pcsc->card, SCARD_SHARE_EXCLUSIVE,
	    pcsc->protocol, SCARD_UNPOWER_CARD, &pcsc->protocol);
	if (pcsc->result == SCARD_S_SUCCESS)
		pcsc->result = SCardBeginTransaction(pcsc->card);
	if (pcsc->result == SCARD_S_SUCCESS)
		pcsc->result = read_atr(pcsc);
}
