/*
 * nfc_desk.h - a passport on a simulated PN532, read as nfc: reads it, or as
 * a program does that leaves ISO/IEC 14443-4 to the PN532. Everything runs but
 * time, which the link model gives: of what really went over line and air.
 */
#ifndef BENCH_NFC_DESK_H
#define BENCH_NFC_DESK_H

#include "card/picc.h"
#include "link_model.h"
#include "pn532.h"
#include "transport/isodep_select.h"

#include <emrtd/transport.h>

struct nfc_desk_way {
	const char *name;
	bool own_blocks; /* ISO/IEC 14443-4 in the host, extended length */
	bool extended;
	uint8_t rates; /* a set: how fast the air may be */
	/* Of the line to the host: bits a second, and for each byte. */
	double line_rate, line_bits;
};

struct nfc_desk_sums {
	uint32_t apdus, commands, blocks;
	uint64_t line_bytes, air_bytes;
	double line_us, air_us, chip_us;
};

struct nfc_desk {
	struct link_model model;
	struct nfc_desk_way way;
	struct nfc_desk_sums sums;
	struct emrtd_picc *picc;
	struct pn532 *pn532;
	struct emrtd_picc_inside card;
	unsigned pace_step;
	uint64_t now_ms;
	bool active;
	uint32_t wait_step;
	struct emrtd_isodep_speed speed;
	struct emrtd_isodep dep;
	uint8_t answer[PN532_FRAME_CAP];
};

/* False without memory. The card is borrowed. */
bool nfc_desk_open(struct nfc_desk *desk, const struct link_model *model,
    const struct nfc_desk_way *way, struct emrtd_card *card);
void nfc_desk_close(struct nfc_desk *desk);
struct emrtd_transport nfc_desk_transport(struct nfc_desk *desk);

#endif
