/*
 * ccid_device_inner.h - the reader's state, shared by its three files:
 * ccid_device.c (endpoints and queues), ccid_device_descriptors.c,
 * ccid_device_slot.c (what the messages do).
 */
#ifndef USB_CCID_DEVICE_INNER_H
#define USB_CCID_DEVICE_INNER_H

#include "ccid_device.h"

/*
 * Every message, both ways; numbers little-endian:
 *
 *   0 bMessageType   1..4 dwLength (of what follows byte 9)
 *   5 bSlot          6    bSeq
 *   7..9 of its own; in an answer: 7 bStatus, 8 bError, 9 of its own
 */
#define HEADER_LEN 10
#define AT_LENGTH  1
#define AT_SLOT    5
#define AT_SEQ     6
#define AT_STATUS  7
#define AT_ERROR   8
#define AT_OWN     9
#define AT_LEVEL   8 /* wLevelParameter of XfrBlock */

#define PACKET_LEN  64 /* wMaxPacketSize of the bulk endpoints */
#define MESSAGE_MAX (CCID_DEVICE_APDU_MAX + HEADER_LEN)

enum message {
	POWER_ON = 0x62,
	POWER_OFF = 0x63,
	SLOT_STATUS = 0x65,
	XFR_BLOCK = 0x6F,
	ABORT = 0x72
};

enum icc_status {
	ICC_ACTIVE = 0,
	ICC_INACTIVE = 1,
	ICC_ABSENT = 2
};

#define COMMAND_FAILED 0x40
#define TIME_EXTENSION 0x80

#define ERROR_ABORTED     0xFF
#define ERROR_MUTE        0xFE
#define ERROR_OVERRUN     0xFC
#define ERROR_UNSUPPORTED 0x00

/* What the host will be given: one packet or more, ended by a short one. */
struct transfer {
	struct transfer *next;
	int64_t due_ms;
	size_t len, taken;
	bool goes_on; /* the message has another transfer */
	bool forever; /* begins anew when it was taken */
	uint8_t bytes[];
};

struct slot {
	struct ccid_device_card card;
	bool there;   /* a card lies on it */
	bool lingers; /* it is gone, and that has not been noticed */
	bool powered;
	bool changed;    /* to be told on the interrupt endpoint */
	bool collecting; /* a command that came in part */
	bool aborting;   /* between the two halves of an abort */
	uint8_t abort_seq;
	struct emrtd_out command, answer;
	size_t answer_given;
};

struct function {
	const struct ccid_device_interface *config;
	struct slot slot[CCID_DEVICE_SLOTS_MAX];
	struct transfer *queue, **queue_end;
	int64_t busy_until_ms;
	struct emrtd_out in; /* a message that comes in several transfers */
};

struct ccid_device {
	struct ccid_device_config config;
	struct function function[CCID_DEVICE_INTERFACES_MAX];
	struct ccid_device_counts counts;
	const char *complaint;
	uint16_t spoilt_at; /* of the configuration; 0: nothing is */
	uint8_t spoilt_to;
	uint32_t answers; /* sent, for what is hostile */
};

/* Endpoints of the i-th interface: bulk out, bulk in, interrupt. */
#define ENDPOINT_IN           0x80
#define ENDPOINT_OUT_OF(i)    ((uint8_t)(1 + 3 * (i)))
#define ENDPOINT_IN_OF(i)     ((uint8_t)(ENDPOINT_IN | (2 + 3 * (i))))
#define ENDPOINT_CHANGE_OF(i) ((uint8_t)(ENDPOINT_IN | (3 + 3 * (i))))

int64_t ccid_device_now(const struct ccid_device *device);
/* Keeps the first. */
void ccid_device_complain(struct ccid_device *device, const char *what);

/* What an answer says; its bytes follow. */
struct reply {
	uint8_t type, slot, seq, status, error, own;
	uint32_t delay_ms; /* beyond now */
	bool to_block;     /* it is the answer to an XfrBlock */
	bool to_power_on;
};
/* Queues an answer, as hostile as the configuration wants. */
void ccid_device_reply(struct ccid_device *device, struct function *function,
    const struct reply *reply, struct emrtd_bytes data);
/* Queues bytes as they are, in transfers as the configuration says. */
void ccid_device_queue(struct ccid_device *device, struct function *function,
    struct emrtd_bytes message, int64_t due_ms, bool forever);
/* Forgets what was not taken. */
void ccid_device_drain(struct function *function);

/* A message that has come in whole. */
void ccid_device_run(struct ccid_device *device, struct function *function,
    struct emrtd_bytes message);
void ccid_device_abort(struct ccid_device *device, struct function *function,
    uint8_t slot, uint8_t seq);
void ccid_device_slot_off(struct slot *slot);

#endif
