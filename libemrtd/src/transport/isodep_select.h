/*
 * isodep_select.h - how a chip is activated for ISO/IEC 14443-4: what it says
 * of itself (ATS of type A, ATQB of type B), what we ask for (RATS, PPS,
 * ATTRIB). Pure; frames without CRC.
 *
 *   type A   E0 FD         RATS  F: FSDI, D: CID, always 0
 *            TL [T0 [TA] [TB] [TC] historical bytes]   ATS
 *              T0   b7 b6 b5 TC, TB, TA follow; b4..b1 FSCI
 *              TA   rates, see below
 *              TB   b8..b5 FWI, b4..b1 SFGI
 *              TC   b2 CID, b1 NAD
 *            D0 11 0000ssrr   PPS, ss: from the chip, rr: to it; answered: D0
 *   type B   50 PUPI(4) application(4) rates ffffpppp wwwwaano [gggg0000]  ATQB
 *              f FSCI, p protocol (b1: 14443-4, b3 b2: least TR2), w FWI,
 *              n NAD, o CID, g SFGI
 *            1D PUPI(4) 00 ssrrffff 00000tt1 00   ATTRIB, f: FSDI, t: TR2
 *            mmmm0000 ...                         its answer, m: MBLI
 *   rates    b8 only the same both ways; b7 b6 b5 from the chip, b3 b2 b1 to
 *            it: 848, 424, 212 kbit/s; b4 is 0, else none of it counts
 */
#ifndef TRANSPORT_ISODEP_SELECT_H
#define TRANSPORT_ISODEP_SELECT_H

#include "transport/isodep.h"

/* 106 kbit/s times two to the power of: as PPS, ATTRIB and the chips say it. */
enum emrtd_isodep_rate {
	EMRTD_RATE_106,
	EMRTD_RATE_212,
	EMRTD_RATE_424,
	EMRTD_RATE_848
};

/* A set of rates: bit n is 106 * 2^n; bit 0 is always meant. */
#define EMRTD_RATES_TO_106 0x01
#define EMRTD_RATES_TO_212 0x03
#define EMRTD_RATES_TO_424 0x07
#define EMRTD_RATES_TO_848 0x0F

struct emrtd_isodep_rates {
	uint8_t to_chip, from_chip; /* sets */
	bool same;                  /* only the same both ways */
};

/* One choice out of them. */
struct emrtd_isodep_speed {
	enum emrtd_isodep_rate to_chip, from_chip;
};

struct emrtd_isodep_offer {
	struct emrtd_isodep_link link;
	struct emrtd_isodep_rates rates;
	struct emrtd_bytes historical; /* type A; a view, any length */
	/* Type B. */
	uint8_t pupi[4];
	uint8_t application[4];
	uint8_t protocol[3];
};

/* How long to wait for an answer to RATS, PPS and ATTRIB: 4.8 ms, and slack. */
#define EMRTD_ISODEP_ACTIVATION_US 25000

/*
 * fsd: the largest frame that the driver takes with CRC, of the standard's
 * sizes (16 .. 256); it is brought down to one. Functions that take an answer
 * say EMRTD_E_PROTOCOL to what is none.
 */
void emrtd_isodep_put_rats(struct emrtd_out *out, uint32_t fsd);
enum emrtd_error emrtd_isodep_ats_parse(struct emrtd_bytes ats, uint32_t fsd,
    struct emrtd_isodep_offer *out) EMRTD_MUST_USE;

/* The fastest that chip and driver share, each way. */
struct emrtd_isodep_speed emrtd_isodep_choose(
    const struct emrtd_isodep_rates *chip,
    const struct emrtd_isodep_rates *driver);

/* Only for a speed other than 106 both ways, as the first frame after ATS. */
void emrtd_isodep_put_pps(struct emrtd_out *out,
    const struct emrtd_isodep_speed *speed);
enum emrtd_error emrtd_isodep_pps_parse(
    struct emrtd_bytes answer) EMRTD_MUST_USE;

/*
 * ATQB, as a chip sends it after REQB or WUPB. EMRTD_E_UNSUPPORTED: it does not
 * speak ISO/IEC 14443-4.
 */
enum emrtd_error emrtd_isodep_atqb_parse(struct emrtd_bytes atqb, uint32_t fsd,
    struct emrtd_isodep_offer *out) EMRTD_MUST_USE;
void emrtd_isodep_put_attrib(struct emrtd_out *out,
    const struct emrtd_isodep_offer *offer,
    const struct emrtd_isodep_speed *speed);
enum emrtd_error emrtd_isodep_attrib_parse(
    struct emrtd_bytes answer) EMRTD_MUST_USE;

#endif
