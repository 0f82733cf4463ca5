/*
 * nfc.c - a reader with a PN531, PN532 or PN533 behind libnfc, as a transport.
 *
 * libnfc is in a process of its own (nfc_process.h), which is started at the
 * first wait or connect and lives with the reader: pulled out, dead or hung, it
 * costs one reading, and the next wait or connect begins anew.
 *
 * A PN53x does not tell when a document comes. It is asked at intervals, with
 * the field off between, which spares power and puts every chip to rest.
 */
#include "core/diag.h"
#include "core/wipe.h"
#include "transport/backends.h"
#include "transport/link_info.h"
#include "transport/nfc_link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_MS    200  /* between two looks */
#define PING_MS    250  /* between two questions to a chip that is there */
#define PRESENT_MS 2000 /* connect waits so long for a document */
#define SETTLE_MS  3000 /* a document that is being laid down */
#define RETRY_MS   100
#define RESCAN_MS  1000 /* a reader that is not there is not sought faster */

#define SCHEME     "nfc:"
#define USB_DRIVER "pn53x_usb:"

struct nfc {
	struct emrtd_wake wake;
	struct emrtd_nfc_link link;
	char wanted[EMRTD_NFC_NAME_MAX + 1]; /* libnfc's name, or "": any */
	uint16_t vendor, product; /* of the one on USB that was found last */
	bool seen; /* the last look found a document that nobody read yet */

	bool mute; /* connect saw one, and it did not answer */

	/* When the reader could not be opened. */
	enum emrtd_error opened;
	enum emrtd_reader_trouble trouble;
	int64_t again_ms;
	char detail[EMRTD_NFC_NAME_MAX + 1];
};

/*
 * Of the list: the one that was named, or that has become of it after it was
 * pulled out; else the first that nothing is wrong with, else the first.
 */
struct choice {
	const struct nfc *nfc;
	struct emrtd_reader_info reader;
	int rank; /* 0: none yet */
};

static int
rank_of(const struct nfc *nfc, const struct emrtd_reader_info *reader)
{
	if (nfc->wanted[0] == '\0')
		return reader->trouble == EMRTD_READER_FINE ? 2 : 1;
	if (strcmp(reader->uri + sizeof(SCHEME) - 1, nfc->wanted) == 0)
		return 2;
	return nfc->vendor != 0 && nfc->vendor == reader->vendor &&
	       nfc->product == reader->product;
}

static void
choose(void *self, const struct emrtd_reader_info *reader)
{
	struct choice *choice = self;
	int rank = rank_of(choice->nfc, reader);

	if (rank <= choice->rank)
		return;
	choice->reader = *reader;
	choice->rank = rank;
}

static enum emrtd_error
error_of(enum emrtd_reader_trouble trouble)
{
	switch (trouble) {
	case EMRTD_READER_BUSY:
	case EMRTD_READER_KERNEL_DRIVER:
		return EMRTD_E_BUSY;
	case EMRTD_READER_PERMISSION:
		return EMRTD_E_PERMISSION;
	default:
		return EMRTD_E_NO_READER;
	}
}

/*
 * libnfc's name of the reader that is meant. Of a PN53x on USB sysfs knows
 * whether it is there and who has it: libnfc would not say.
 */
static enum emrtd_error
find(struct nfc *nfc, char device[EMRTD_NFC_NAME_MAX + 1])
{
	struct choice choice = { .nfc = nfc };
	enum emrtd_error err;

	nfc->trouble = EMRTD_READER_FINE;
	nfc->detail[0] = '\0';
	if (nfc->wanted[0] != '\0' &&
	    strncmp(nfc->wanted, USB_DRIVER, sizeof(USB_DRIVER) - 1) != 0) {
		memcpy(device, nfc->wanted, sizeof(nfc->wanted));
		return EMRTD_OK;
	}
	err = emrtd_pn53x_list(choose, &choice);
	if (err)
		return err;
	if (choice.rank == 0 && nfc->wanted[0] != '\0') {
		snprintf(nfc->detail, sizeof(nfc->detail),
		    "no such PN53x is plugged in");
		return EMRTD_E_NO_READER;
	}
	if (choice.rank == 0) {
		snprintf(nfc->detail, sizeof(nfc->detail),
		    "no PN53x is plugged in by USB; one on a serial line wants "
		    "to be named");
		return EMRTD_E_NO_READER;
	}
	nfc->trouble = choice.reader.trouble;
	if (nfc->trouble != EMRTD_READER_FINE) {
		snprintf(nfc->detail, sizeof(nfc->detail), "%.60s%s%.60s",
		    choice.reader.name,
		    choice.reader.detail[0] != '\0' ? ", " : "",
		    choice.reader.detail);
		return error_of(nfc->trouble);
	}
	nfc->vendor = choice.reader.vendor;
	nfc->product = choice.reader.product;
	snprintf(device, EMRTD_NFC_NAME_MAX + 1, "%.*s", EMRTD_NFC_NAME_MAX,
	    choice.reader.uri + sizeof(SCHEME) - 1);
	return EMRTD_OK;
}

static enum emrtd_error
open_reader(struct nfc *nfc)
{
	char device[EMRTD_NFC_NAME_MAX + 1];
	enum emrtd_error err;

	if (emrtd_nfc_link_is_open(&nfc->link))
		return EMRTD_OK;
	nfc->seen = false;
	if (nfc->opened && emrtd_wake_now_ms() < nfc->again_ms)
		return nfc->opened;
	err = find(nfc, device);
	if (!err) {
		err = emrtd_nfc_link_open(&nfc->link, device, NULL);
		if (err)
			snprintf(nfc->detail, sizeof(nfc->detail), "%s",
			    nfc->link.why);
	}
	/* Nothing was lost that was not there before. */
	if (err == EMRTD_E_READER_LOST || err == EMRTD_E_TIMEOUT)
		err = EMRTD_E_NO_READER;
	nfc->opened = err == EMRTD_E_CANCELLED ? EMRTD_OK : err;
	nfc->again_ms = emrtd_wake_now_ms() + RESCAN_MS;
	return err;
}

/* One look; a chip that is spoken with is asked, and not reset. */
static enum emrtd_error
look(struct nfc *nfc, bool *found)
{
	enum emrtd_error err;

	*found = false;
	err = open_reader(nfc);
	nfc->seen = false;
	if (!err && nfc->link.active) {
		err = emrtd_nfc_link_ping(&nfc->link);
		*found = !err;
		if (err != EMRTD_E_CARD_LOST)
			return err;
		err = EMRTD_OK;
	}
	if (!err)
		err = emrtd_nfc_link_look(&nfc->link, found);
	nfc->seen = *found;
	return err;
}

static enum emrtd_error
rest(const struct nfc *nfc, int64_t interval_ms, int64_t until_ms)
{
	int64_t next = emrtd_wake_now_ms() + interval_ms;
	enum emrtd_error err = emrtd_wake_wait(&nfc->wake, -1, 0,
	    next < until_ms ? next : until_ms);

	return err == EMRTD_E_TIMEOUT ? EMRTD_OK : err;
}

static enum emrtd_error
await_document(struct nfc *nfc, int64_t until_ms)
{
	enum emrtd_error err;
	bool found;

	for (;;) {
		err = look(nfc, &found);
		if (!err && found)
			return EMRTD_OK;
		if (err && err != EMRTD_E_NO_READER)
			return err;
		if (emrtd_wake_now_ms() >= until_ms)
			return EMRTD_E_TIMEOUT;
		err = rest(nfc, LOOK_MS, until_ms);
		if (err)
			return err;
	}
}

/* Without a reader there is no document either. */
static enum emrtd_error
await_absence(struct nfc *nfc, int64_t until_ms)
{
	enum emrtd_error err;
	bool found;

	while (emrtd_nfc_link_is_open(&nfc->link)) {
		err = look(nfc, &found);
		if (err)
			return err;
		if (!found)
			break;
		if (emrtd_wake_now_ms() >= until_ms)
			return EMRTD_E_TIMEOUT;
		err = rest(nfc, PING_MS, until_ms);
		if (err)
			return err;
	}
	nfc->link.slow = false; /* that was about the document that left */
	return EMRTD_OK;
}

static enum emrtd_error
nfc_wait(void *self, enum emrtd_presence want, uint32_t timeout_ms)
{
	struct nfc *nfc = self;
	int64_t until_ms = emrtd_wake_now_ms() + timeout_ms;

	nfc->link.deadline_ms = 0;
	if (want == EMRTD_ABSENT)
		return await_absence(nfc, until_ms);
	return await_document(nfc, until_ms);
}

/* A document that is still moving answers at the second or third try. */
static enum emrtd_error
wake_chip(struct nfc *nfc)
{
	int64_t until_ms = emrtd_wake_now_ms() + SETTLE_MS;
	bool found = nfc->seen; /* and reset, and not spoken with since */
	enum emrtd_error err = EMRTD_OK;

	nfc->seen = false;
	for (;;) {
		if (!found)
			err = emrtd_nfc_link_look(&nfc->link, &found);
		if (!err && !found)
			err = EMRTD_E_CARD_LOST;
		if (!err)
			err = emrtd_nfc_link_activate(&nfc->link);
		found = false;
		if ((err != EMRTD_E_CARD_LOST && err != EMRTD_E_PROTOCOL) ||
		    emrtd_wake_now_ms() >= until_ms)
			return err;
		err = rest(nfc, RETRY_MS, until_ms);
		if (err)
			return err;
	}
}

/* Says what happened, and what mends it. */
static enum emrtd_error
tell(const struct nfc *nfc, enum emrtd_error err, struct emrtd_diag *diag)
{
	const char *advice = emrtd_reader_trouble_advice(nfc->trouble);

	err = emrtd_fail(diag, err, "connecting to an NFC reader", NULL);
	if (nfc->opened) {
		emrtd_diag_detail(diag, nfc->detail);
		if (advice[0]) {
			emrtd_diag_detail(diag, ": ");
			emrtd_diag_detail(diag, advice);
		}
	} else if (emrtd_nfc_link_is_open(&nfc->link)) {
		emrtd_diag_detail(diag, nfc->link.reader.name);
		if (nfc->mute)
			emrtd_diag_detail(diag,
			    ": what lies there does not answer as a passport "
			    "does: lay it flat, and wait");
	}
	return err;
}

static enum emrtd_error
nfc_connect(void *self, struct emrtd_diag *diag)
{
	struct nfc *nfc = self;
	enum emrtd_error err = EMRTD_OK;

	emrtd_wake_clear(&nfc->wake);
	nfc->link.deadline_ms = 0;
	if (nfc->link.active || !nfc->seen ||
	    !emrtd_nfc_link_is_open(&nfc->link))
		err = await_document(nfc, emrtd_wake_now_ms() + PRESENT_MS);
	if (err == EMRTD_E_TIMEOUT)
		err = EMRTD_E_NO_READER;
	if (!err)
		err = wake_chip(nfc);
	nfc->mute = err == EMRTD_E_CARD_LOST || err == EMRTD_E_PROTOCOL;
	if (err == EMRTD_E_CARD_LOST) /* nothing to lose yet */
		err = EMRTD_E_NO_READER;
	return err ? tell(nfc, err, diag) : EMRTD_OK;
}

static enum emrtd_error
nfc_transmit(void *self, struct emrtd_bytes command, struct emrtd_out *response,
    uint32_t timeout_ms)
{
	struct nfc *nfc = self;
	enum emrtd_error err;

	nfc->link.deadline_ms = emrtd_wake_now_ms() + timeout_ms;
	err = emrtd_nfc_link_transmit(&nfc->link, command, response);
	nfc->link.deadline_ms = 0;
	return err;
}

static enum emrtd_error
nfc_reset(void *self)
{
	struct nfc *nfc = self;
	enum emrtd_error err;
	bool found;

	if (!nfc->link.active)
		return EMRTD_E_CARD_LOST;
	err = emrtd_nfc_link_look(&nfc->link, &found);
	if (!err && !found)
		err = EMRTD_E_CARD_LOST;
	return err ? err : emrtd_nfc_link_activate(&nfc->link);
}

static enum emrtd_error
nfc_info(void *self, struct emrtd_link_info *out)
{
	const struct nfc *nfc = self;
	const struct emrtd_nfc_link *link = &nfc->link;
	struct emrtd_link_info full = { .size = sizeof(full) };

	if (!emrtd_nfc_link_is_open(link))
		return EMRTD_E_READER_LOST;
	emrtd_link_info_name(&full, link->reader.name);
	memcpy(full.atr, link->atr, link->atr_len);
	full.atr_len = link->atr_len;
	/* Blocks of ISO/IEC 14443-4 carry an APDU of any length. */
	full.max_command = EMRTD_ISODEP_COMMAND_MAX;
	full.max_response = EMRTD_ISODEP_RESPONSE_MAX;
	full.extended = true;
	full.limits_from = EMRTD_LIMITS_READER;
	if (link->slow)
		snprintf(full.oddity, sizeof(full.oddity),
		    "this document did not answer above 106 kbit/s");
	emrtd_link_info_give(&full, out);
	return EMRTD_OK;
}

static void
nfc_cancel(void *self)
{
	const struct nfc *nfc = self;

	emrtd_wake_signal(&nfc->wake);
}

static void
nfc_close(void *self)
{
	struct nfc *nfc = self;

	emrtd_nfc_link_close(&nfc->link);
	emrtd_wake_close(&nfc->wake);
	emrtd_wipe(nfc, sizeof(*nfc));
	free(nfc);
}

static const struct emrtd_transport_ops nfc_ops = {
	.info = nfc_info,
	.wait = nfc_wait,
	.connect = nfc_connect,
	.transmit = nfc_transmit,
	.cancel = nfc_cancel,
	.reset = nfc_reset,
	.close = nfc_close,
};

/* Printable, without a blank: whatever else it is, libnfc decides. */
static bool
is_name(const char *rest)
{
	size_t n = 0;

	for (; rest[n] != '\0'; n++)
		if (n == EMRTD_NFC_NAME_MAX || rest[n] <= ' ' || rest[n] > '~')
			return false;
	return true;
}

enum emrtd_error
emrtd_nfc_open(const char *rest, struct emrtd_diag *diag,
    struct emrtd_transport *out)
{
	struct nfc *nfc;
	enum emrtd_error err;

	if (!is_name(rest)) {
		err = emrtd_fail(diag, EMRTD_E_ARG, "reader URI", NULL);
		emrtd_diag_detail(diag,
		    "nfc:[NAME] is wanted, with libnfc's name of a device: "
		    "pn532_uart:/dev/ttyUSB0");
		return err;
	}
	nfc = calloc(1, sizeof(*nfc));
	if (nfc == NULL || !emrtd_wake_open(&nfc->wake)) {
		free(nfc);
		return emrtd_fail(diag, EMRTD_E_NO_MEMORY, SCHEME, NULL);
	}
	emrtd_nfc_link_init(&nfc->link, &nfc->wake);
	snprintf(nfc->wanted, sizeof(nfc->wanted), "%s", rest);
	out->ops = &nfc_ops;
	out->self = nfc;
	return EMRTD_OK;
}
