/*
 * reader_kind.h - which PC/SC reader holds a passport, and what it can carry:
 * the parts of that question that need no PC/SC. Pure.
 */
#ifndef TRANSPORT_READER_KIND_H
#define TRANSPORT_READER_KIND_H

#include "transport/reader_table.h"

#include <emrtd/transport.h>

/* A contactless chip behind PC/SC, part 3: 3B 8n 80 01 <n bytes> TCK. */
bool emrtd_atr_contactless(struct emrtd_bytes atr);
/* Of these, a memory card: historical bytes 80 4F 0C A0 00 00 03 06. */
bool emrtd_atr_storage_card(struct emrtd_bytes atr);
/* The other slots of a dual reader: SAM, ICC. */
bool emrtd_reader_name_contacts(const char *name);
/* By the words that makers use in names: contactless, PICC, CL, NFC ... */
bool emrtd_reader_name_contactless(const char *name);
/* The reader is called 'want', or has it in its name; case is ignored. */
bool emrtd_reader_name_fits(const char *name, const char *want);

/*
 * The higher, the more likely a passport lies on it: 0 for an empty reader
 * with a name that tells nothing. present: there is a card, with this ATR.
 */
unsigned emrtd_reader_score(const char *name, bool present,
    struct emrtd_bytes atr);

/*
 * PC/SC part 10. Features: tag, 04, control code (big-endian) each. False
 * when the tag is not there or the list is malformed.
 */
bool emrtd_pcsc_feature(struct emrtd_bytes list, uint8_t tag, uint32_t *code);
/* Properties: tag, length, little-endian number of up to four bytes each. */
bool emrtd_pcsc_property(struct emrtd_bytes list, uint8_t tag, uint32_t *value);

#define EMRTD_PCSC_FEATURE_TLV_PROPERTIES 0x12
#define EMRTD_PCSC_FEATURE_EXECUTE_PACE   0x20
#define EMRTD_PCSC_PROPERTY_MAX_APDU_DATA 0x0A
#define EMRTD_PCSC_PROPERTY_VENDOR        0x0B
#define EMRTD_PCSC_PROPERTY_PRODUCT       0x0C

/*
 * The limits that dwMaxAPDUDataSize means: 0 is a reader for short APDUs
 * only, everything else one for extended APDUs with that many bytes of data.
 */
void emrtd_pcsc_limits(uint32_t max_apdu_data, struct emrtd_link_info *info);

/* What a driver says of its reader; zero is silence. */
struct emrtd_pcsc_traits {
	uint16_t vendor, product;
	bool has_max_apdu;
	uint32_t max_apdu;  /* dwMaxAPDUDataSize */
	uint32_t max_input; /* SCARD_ATTR_MAXINPUT: one message of the bus */
	uint32_t pace_code; /* control code of PACE; 0: it does none */
};

/*
 * Limits, oddity and PACE of the link, by these and by the table of readers
 * (row may be NULL). Where part 10 is silent, the attribute is asked: a reader
 * whose messages hold no extended APDU is short; one whose messages do may
 * still refuse them, and stays unknown. The table may only take away.
 */
void emrtd_pcsc_apply(const struct emrtd_pcsc_traits *traits,
    const struct emrtd_reader_row *row, struct emrtd_link_info *info);

#endif
