/*
 * picc.h - the chip of a virtual passport as the air sees it: ISO/IEC 14443-3
 * (types A and B) and 14443-4, from the first wake-up to the last block,
 * around anything that takes command APDUs.
 *
 * Pure: a frame goes in, a frame or silence comes out, with the time that the
 * chip takes over it. It waits for nothing and has no clock but the time that
 * comes with each frame. What it does not understand, what is too long for
 * it, what is garbled or comes at another rate, it does not answer.
 *
 * Written apart from the reader's side (transport/isodep): neither looks at
 * the other's code, the tests hold them against each other.
 */
#ifndef CARD_PICC_H
#define CARD_PICC_H

#include "card/card.h"

struct emrtd_picc;

/* ---- The air ----------------------------------------------------------- */

enum emrtd_air_rate {
	EMRTD_AIR_106, /* kbit/s */
	EMRTD_AIR_212,
	EMRTD_AIR_424,
	EMRTD_AIR_848,
	EMRTD_AIR_N_RATES
};

/* Modulation, coding and checksum belong together. */
enum emrtd_air_type {
	EMRTD_AIR_A,
	EMRTD_AIR_B
};

enum emrtd_air_check {
	EMRTD_AIR_BARE,    /* no checksum: REQA, anticollision, SENS_RES */
	EMRTD_AIR_CHECKED, /* two bytes of CRC follow: right, and not in bytes */
	EMRTD_AIR_GARBLED  /* a checksum or a parity is wrong */
};

struct emrtd_air_frame {
	enum emrtd_air_type type;
	enum emrtd_air_rate rate;
	enum emrtd_air_check check;
	struct emrtd_bytes bytes; /* without CRC */
	/* Bits of the last byte; 0: all eight. REQA is one byte of 7 bits. */
	uint8_t last_bits;
	/*
	 * Bits at the low end of the first byte that are not sent: those that
	 * the other side has of it already (anticollision).
	 */
	uint8_t skipped_bits;
};

#define EMRTD_AIR_FRAME_MAX 256 /* FSD and FSC, CRC included */

/* ---- What the chip is -------------------------------------------------- */

/* What takes the APDUs. */
struct emrtd_picc_inside {
	/* Without power: session, selection, keys are gone. */
	void (*reset)(void *self);
	/* An error: the chip is dumb for good, as one that left the field. */
	enum emrtd_error (*transmit)(void *self, struct emrtd_bytes command,
	    struct emrtd_out *response, uint32_t *takes_us);
	void *self;
};

/* A virtual passport; borrowed as long as the result is used. */
struct emrtd_picc_inside emrtd_picc_card(struct emrtd_card *card);

#define EMRTD_PICC_UID_MAX        7
#define EMRTD_PICC_PUPI_LEN       4
#define EMRTD_PICC_ATS_MAX        64
#define EMRTD_PICC_HISTORICAL_MAX 15
#define EMRTD_PICC_ATQB_MAX       14
#define EMRTD_PICC_FAULTS_MAX     8

/* Rates that TA(1), or the first byte of ATQB's protocol information, says. */
#define EMRTD_PICC_TO_CARD_212    0x01
#define EMRTD_PICC_TO_CARD_424    0x02
#define EMRTD_PICC_TO_CARD_848    0x04
#define EMRTD_PICC_SAME_RATE_ONLY 0x80
#define EMRTD_PICC_FROM_CARD_212  0x10
#define EMRTD_PICC_FROM_CARD_424  0x20
#define EMRTD_PICC_FROM_CARD_848  0x40

/* A fault that is set: a row of the table in picc_faults.c. */
struct emrtd_picc_fault {
	uint32_t id;
	uint32_t at;    /* N-th block, from 1, over the chip's life; 0: each */
	uint32_t value; /* as the row says */
};

struct emrtd_picc_config {
	enum emrtd_air_type type;
	/* 4 or 7 bytes; none: 08xxxxxx, another each time the field comes. */
	uint8_t uid[EMRTD_PICC_UID_MAX];
	size_t uid_len;
	/* Type B; unless pupi_set: another each time the field comes. */
	uint8_t pupi[EMRTD_PICC_PUPI_LEN];
	bool pupi_set;

	uint8_t fsci;  /* 0 to 8: FSC 16 24 32 40 48 64 96 128 256 */
	uint8_t fwi;   /* 0 to 14 */
	uint8_t sfgi;  /* 0 to 14; frames within the guard time go unheard */
	uint8_t rates; /* as TA(1); 0: 106 kbit/s alone */
	bool cid;      /* takes a CID */
	uint8_t historical[EMRTD_PICC_HISTORICAL_MAX];
	size_t n_historical;
	/*
	 * Said instead of what the fields make, TL or 50 included and nothing
	 * checked; the chip still does as the fields are.
	 */
	uint8_t ats[EMRTD_PICC_ATS_MAX];
	size_t ats_len;
	uint8_t atqb[EMRTD_PICC_ATQB_MAX];
	size_t atqb_len;

	/* S(WTX) with this WTXM (1 to 59) before each answer; 0: when slow. */
	uint8_t wtxm;

	struct emrtd_picc_fault faults[EMRTD_PICC_FAULTS_MAX];
	size_t n_faults;

	/* UID, PUPI, slots; NULL fill: counted up. */
	struct emrtd_random random;
};

/*
 * emrtd_picc_config_init - a passport of the field: type A, random UID, FSC
 * 256, FWI 8 (77 ms), 106 to 424 kbit/s both ways, CID, no historical bytes.
 */
void emrtd_picc_config_init(struct emrtd_picc_config *config);

/*
 * emrtd_picc_misbehave - adds a fault by its text: "tear=7", "nad=3"; all of
 * them are in picc_faults.c. N counts the blocks that the chip was to answer.
 * errors: EMRTD_E_ARG (wrong arguments; diag says which),
 *         EMRTD_E_NOT_FOUND (no fault of the chip has this name),
 *         EMRTD_E_LIMIT
 */
enum emrtd_error emrtd_picc_misbehave(struct emrtd_picc_config *config,
    const char *text, struct emrtd_diag *diag) EMRTD_MUST_USE;
/* The index-th fault of the table; false past its end. */
bool emrtd_picc_switch_at(size_t index, struct emrtd_card_switch *out);

/* ---- The chip ---------------------------------------------------------- */

/*
 * emrtd_picc_new - a chip outside the field.
 * config: copied; inside: copied, what it points to is borrowed
 * errors: EMRTD_E_ARG (config), EMRTD_E_NO_MEMORY
 */
enum emrtd_error emrtd_picc_new(const struct emrtd_picc_config *config,
    const struct emrtd_picc_inside *inside,
    struct emrtd_picc **out) EMRTD_MUST_USE;
/* Wipes and frees; NULL-safe. */
void emrtd_picc_free(struct emrtd_picc **picc);

/* The reader's field comes or goes, at this time. */
void emrtd_picc_field(struct emrtd_picc *picc, bool on, uint64_t now_us);
/* The document is laid on the reader, where it is at first, or taken away. */
void emrtd_picc_lay(struct emrtd_picc *picc, bool there, uint64_t now_us);
bool emrtd_picc_there(struct emrtd_picc *picc, uint64_t now_us);

struct emrtd_picc_answer {
	/* bytes are the chip's, until the next call. */
	struct emrtd_air_frame frame;
	/* From the end of the question to the beginning of the answer. */
	uint32_t after_us;
};

/*
 * emrtd_picc_frame - a frame of the reader whose last bit comes at now_us.
 * Returns false, and leaves out alone, when the chip is silent.
 */
bool emrtd_picc_frame(struct emrtd_picc *picc,
    const struct emrtd_air_frame *frame, uint64_t now_us,
    struct emrtd_picc_answer *out);

/* What it has heard and done since it was made. */
struct emrtd_picc_counts {
	uint32_t commands; /* APDUs that reached what is inside */
	uint32_t blocks;   /* blocks that it was to answer: N of the faults */
	uint32_t wtx;      /* S(WTX) that it sent */
	uint32_t selected; /* ATS or ATTRIB answers */
	uint32_t deselected;
	uint32_t ignored; /* frames that it did not answer */
};

struct emrtd_picc_counts emrtd_picc_counts(const struct emrtd_picc *picc);

/* The two bytes, low one first, that follow on the air. */
void emrtd_air_crc(enum emrtd_air_type type, struct emrtd_bytes bytes,
    uint8_t crc[2]);

#endif
