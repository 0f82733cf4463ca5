/*
 * pn532_inner.h - the state of the simulated chip. For pn532*.c.
 */
#ifndef EMRTD_SIM_PN532_INNER_H
#define EMRTD_SIM_PN532_INNER_H

#include "pn532.h"

#define PN532_DATA_MAX  264 /* behind TFI and the code of the command */
#define PN532_SPARE     64  /* more than that: the fault 'long' */
#define PN532_HOST_CAP  320
#define PN532_QUEUE_MAX 8
#define PN532_AIR_CAP   320
#define PN532_RETRY_MS  5 /* that a look for a card takes */
#define PN532_POLL_MS   20

enum pn532_code {
	PN532_DIAGNOSE = 0x00,
	PN532_GET_FIRMWARE_VERSION = 0x02,
	PN532_GET_GENERAL_STATUS = 0x04,
	PN532_READ_REGISTER = 0x06,
	PN532_WRITE_REGISTER = 0x08,
	PN532_READ_GPIO = 0x0C,
	PN532_WRITE_GPIO = 0x0E,
	PN532_SET_SERIAL_BAUD_RATE = 0x10,
	PN532_SET_PARAMETERS = 0x12,
	PN532_SAM_CONFIGURATION = 0x14,
	PN532_POWER_DOWN = 0x16,
	PN532_RF_CONFIGURATION = 0x32,
	PN532_IN_DATA_EXCHANGE = 0x40,
	PN532_IN_COMMUNICATE_THRU = 0x42,
	PN532_IN_DESELECT = 0x44,
	PN532_IN_LIST_PASSIVE_TARGET = 0x4A,
	PN532_IN_PSL = 0x4E,
	PN532_IN_RELEASE = 0x52,
	PN532_IN_SELECT = 0x54
};

/* The status byte of what talks with a card. */
enum pn532_status {
	PN532_OK = 0x00,
	PN532_TIMEOUT = 0x01,
	PN532_CRC = 0x02,
	PN532_BUFFER = 0x07,
	PN532_OVERFLOW = 0x09,
	PN532_RF_PROTOCOL = 0x0B,
	PN532_INVALID = 0x10,
	PN532_NOT_ALLOWED = 0x26,
	PN532_CONTEXT = 0x27,
	PN532_RELEASED = 0x29,
	/* Bits beside it. */
	PN532_MORE = 0x40,
	PN532_NAD = 0x80
};

/* Registers of the contactless interface unit. */
enum pn532_register {
	PN532_CIU = 0x6300,
	PN532_TX_MODE = 0x6302,
	PN532_RX_MODE = 0x6303,
	PN532_MANUAL_RCV = 0x630D,
	PN532_BIT_FRAMING = 0x633D,
	/* Bits in them. */
	PN532_MODE_CRC = 0x80,
	PN532_MODE_B = 0x03,
	PN532_PARITY_OFF = 0x10
};

enum pn532_fault_id {
	PN532_FAULT_NO_ACK,
	PN532_FAULT_MUTE,
	PN532_FAULT_DEAD,
	PN532_FAULT_LATE,
	PN532_FAULT_ERROR,
	PN532_FAULT_LEN,
	PN532_FAULT_LCS,
	PN532_FAULT_DCS,
	PN532_FAULT_TFI,
	PN532_FAULT_CODE,
	PN532_FAULT_STATUS,
	PN532_FAULT_NAD,
	PN532_FAULT_EMPTY,
	PN532_FAULT_SHORT,
	PN532_FAULT_LONG,
	PN532_FAULT_EXTENDED,
	PN532_FAULT_ENDLESS,
	PN532_FAULT_TWICE,
	PN532_FAULT_NOISE,
	PN532_FAULT_MORE_BROKEN,
	PN532_FAULT_MORE_EMPTY,
	PN532_FAULT_MORE_ENDLESS,
	PN532_N_FAULTS
};

/* The card that InListPassiveTarget has found. */
struct pn532_target {
	bool there, blocks; /* blocks: 14443-4 has begun */
	enum emrtd_air_type type;
	uint8_t uid[10];
	size_t uid_len;
	uint8_t pupi[4];
	bool has_cid;
	uint8_t cid;
	size_t fsc;
	uint32_t fwt_us;
};

enum pn532_dep_next {
	PN532_DEP_I,
	PN532_DEP_ACK,
	PN532_DEP_NAK,
	PN532_DEP_WTX
};

/* InDataExchange: the chip's own 14443-4. */
struct pn532_dep {
	enum pn532_dep_next next;
	bool number, chained, host_more;
	uint8_t wtxm;
	unsigned tries;
	uint64_t at_us;
	uint8_t out[PN532_DATA_MAX];
	size_t out_len, out_sent, piece;
	uint8_t in[PN532_DATA_MAX + PN532_AIR_CAP];
	size_t in_len;
};

enum pn532_job {
	PN532_IDLE,
	PN532_ANSWERS, /* at job_ms */
	PN532_POLLS,   /* InListPassiveTarget without end */
	PN532_RUNS_DEP,
	PN532_BABBLES /* the fault 'endless' */
};

struct pn532_frame {
	uint8_t bytes[PN532_FRAME_CAP];
	size_t len;
};

struct pn532 {
	struct pn532_config config;
	struct pn532_counts counts;

	uint8_t in[PN532_HOST_CAP];
	size_t in_len;
	struct pn532_frame queue[PN532_QUEUE_MAX], last;
	size_t n_queue;
	bool asleep;
	uint32_t baud, next_baud; /* next: after the host's ACK; 0: none */

	uint8_t ciu[0x100], sfr[0x100];
	bool field;
	uint8_t parameters, retries_com, retries_passive, timeout;

	enum pn532_job job;
	uint64_t job_ms;
	uint8_t command;              /* that is under way */
	uint8_t poll[PN532_DATA_MAX]; /* its parameters, of PN532_POLLS */
	size_t poll_len;
	uint32_t n_of[0x100], n_more; /* so often came which command */
	uint8_t answer[PN532_DATA_MAX + PN532_SPARE];
	size_t answer_len;

	struct pn532_target target;
	struct pn532_dep dep;
};

/* A command's parameters; now_us is when it came. */
struct pn532_call {
	struct emrtd_bytes in;
	uint64_t now_us;
	uint32_t takes_us; /* set by what takes its time */
	bool later;        /* set when the answer is not there yet */
};

/* pn532_commands.c: false: a syntax error */
bool pn532_run(struct pn532 *p, uint8_t code, struct pn532_call *call);

void pn532_put(struct pn532 *p, struct emrtd_bytes bytes);
void pn532_put_u8(struct pn532 *p, uint8_t v);
uint8_t *pn532_register(struct pn532 *p, unsigned address);

/* ---- pn532_air.c: one frame to the card, and what is heard ------------- */

struct pn532_heard {
	uint8_t bytes[PN532_AIR_CAP];
	size_t len;
	uint32_t takes_us;
};

/*
 * As the registers say. Returns PN532_OK, _TIMEOUT (heard->takes_us is
 * timeout_us then), _CRC, _OVERFLOW.
 */
enum pn532_status pn532_air(struct pn532 *p, struct emrtd_bytes frame,
    uint64_t now_us, uint32_t timeout_us, struct pn532_heard *heard);
/* Checksum, framing and rate for what the chip itself sends. */
void pn532_mode(struct pn532 *p, enum emrtd_air_type type, bool check,
    uint8_t bits);
void pn532_field(struct pn532 *p, bool on, uint64_t now_us);
/* Of InCommunicateThru, by RFConfiguration; UINT32_MAX: for ever. */
uint32_t pn532_timeout_us(const struct pn532 *p);

/* ---- pn532_target.c, pn532_dep.c: commands with a card ----------------- */

typedef bool pn532_handler(struct pn532 *p, struct pn532_call *call);

pn532_handler pn532_in_list_passive_target, pn532_in_deselect, pn532_in_release,
    pn532_in_select, pn532_in_psl;
pn532_handler pn532_in_data_exchange, pn532_in_communicate_thru;

/* Once more; true: found, the answer is there. */
bool pn532_poll_again(struct pn532 *p, uint64_t now_us);
/* Goes on until now_ms; true: the answer is there. */
bool pn532_dep_step(struct pn532 *p, uint64_t now_ms);
/* An R(NAK), which a card that is there answers. */
bool pn532_presence(struct pn532 *p, struct pn532_call *call);

/* ---- pn532_faults.c ---------------------------------------------------- */

const struct pn532_fault *pn532_fault_at(const struct pn532 *p,
    enum pn532_fault_id id);
const struct pn532_fault *pn532_fault_from(const struct pn532 *p,
    enum pn532_fault_id id);
/* Spoils the answer before it is framed. */
void pn532_spoil_answer(struct pn532 *p);
/* Spoils the frame; the answer is behind offset 'data' of it. */
void pn532_spoil_frame(struct pn532 *p, struct pn532_frame *frame, size_t data);

#endif
