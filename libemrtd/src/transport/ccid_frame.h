/*
 * ccid_frame.h - messages of USB CCID (rev 1.1), as bytes. Pure.
 *
 * Both ways, all numbers little-endian:
 *
 *   0      1            5      6      7 .. 9                    10
 *   type   dwLength     slot   seq    three bytes of the type   dwLength bytes
 *
 *   to the reader                         from the reader
 *   62 IccPowerOn     7 voltage           80 DataBlock   7 status  8 error
 *   63 IccPowerOff                                       9 chain parameter
 *   65 GetSlotStatus                      81 SlotStatus  7 status  8 error
 *   6F XfrBlock       7 waiting time                     9 clock
 *                     8, 9 level parameter
 *   72 Abort
 *
 *   status   bits 0, 1: the chip is 0 active, 1 there, 2 absent
 *            bits 6, 7: the command is 0 done, 1 failed, 2 wants more time
 *   error    the offset of a field that is refused, or F..: see ccid_frame.c
 *
 * What comes on the interrupt endpoint is a hint to ask, whatever it says.
 */
#ifndef TRANSPORT_CCID_FRAME_H
#define TRANSPORT_CCID_FRAME_H

#include <emrtd/bytes.h>

#define EMRTD_CCID_HEADER 10

/* Chains: level parameter of a command, chain parameter of an answer. */
#define EMRTD_CCID_WHOLE  0x00
#define EMRTD_CCID_BEGINS 0x01
#define EMRTD_CCID_ENDS   0x02
#define EMRTD_CCID_MIDDLE 0x03
#define EMRTD_CCID_EMPTY  0x10 /* go on: an empty block of either side */

/* bError of IccPowerOn: this voltage is not for me. */
#define EMRTD_CCID_BAD_VOLTAGE 7
/* Of any command: no answer of the chip, or no chip. */
#define EMRTD_CCID_MUTE 0xFE

enum emrtd_ccid_type {
	EMRTD_CCID_POWER_ON = 0x62,
	EMRTD_CCID_POWER_OFF = 0x63,
	EMRTD_CCID_GET_STATUS = 0x65,
	EMRTD_CCID_XFR = 0x6F,
	EMRTD_CCID_ABORT = 0x72,
	EMRTD_CCID_DATA = 0x80,
	EMRTD_CCID_STATUS = 0x81
};

enum emrtd_ccid_icc {
	EMRTD_CCID_ICC_ACTIVE,
	EMRTD_CCID_ICC_INACTIVE, /* there, without power */
	EMRTD_CCID_ICC_ABSENT
};

struct emrtd_ccid_command {
	enum emrtd_ccid_type type;
	uint8_t slot, seq;
	uint8_t parameter; /* voltage, or waiting time */
	uint16_t level;
	struct emrtd_bytes data;
};

enum emrtd_ccid_outcome {
	EMRTD_CCID_DONE,
	EMRTD_CCID_FAILED,
	EMRTD_CCID_MORE_TIME
};

struct emrtd_ccid_answer {
	uint8_t type, slot, seq;
	enum emrtd_ccid_icc icc;
	enum emrtd_ccid_outcome outcome;
	uint8_t error; /* of a failed one; of more time, the multiplier */
	uint8_t chain; /* as the reader sent it */
	struct emrtd_bytes data; /* a view */
};

/* Appends one message; its data are shorter than 4 GiB. */
void emrtd_ccid_put(struct emrtd_out *out,
    const struct emrtd_ccid_command *command);

/*
 * How long the message is that starts so, header included. False while the
 * header is not whole.
 */
bool emrtd_ccid_message_len(struct emrtd_bytes start, uint64_t *len);

/*
 * One whole message. EMRTD_E_PROTOCOL when it is shorter or longer than its
 * own length, or has a state that the class does not know.
 */
enum emrtd_error emrtd_ccid_answer_parse(struct emrtd_bytes message,
    struct emrtd_ccid_answer *out) EMRTD_MUST_USE;

/* The type of the answer that a command gets. */
uint8_t emrtd_ccid_answer_type(enum emrtd_ccid_type command);

/* What a failed answer means to the caller of the transport. */
enum emrtd_error emrtd_ccid_error(
    const struct emrtd_ccid_answer *failed) EMRTD_MUST_USE;

#endif
