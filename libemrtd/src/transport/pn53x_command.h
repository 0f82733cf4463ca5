/*
 * pn53x_command.h - the commands of NXP's PN531, PN532 and PN533 that carry
 * frames of ISO/IEC 14443, and their answers. Pure; the frames around them and
 * the wire are libnfc's, behind nfc_process.h.
 *
 *   command                           answer, after its code
 *   12 flags                          nothing
 *   32 01 field | 02 .. | 05 ..       nothing
 *   08 (register 2, value 1)..        nothing; the PN533 begins with a status
 *   4A 01 00                          n [01 ATQA 2, SAK, u, UID u]
 *   4A 01 03 00                       n [01 ATQB 12, a, answer to ATTRIB a]
 *   44 01                             status
 *   42 frame                          status [frame]
 */
#ifndef TRANSPORT_PN53X_COMMAND_H
#define TRANSPORT_PN53X_COMMAND_H

#include "transport/isodep_select.h"

#define EMRTD_PN53X_UID_MAX 10

enum emrtd_pn53x_type {
	EMRTD_PN53X_TYPE_A,
	EMRTD_PN53X_TYPE_B
};

/* Of a chip that was selected; of type B only that it is there. */
struct emrtd_pn53x_target {
	uint8_t sak;
	uint8_t uid[EMRTD_PN53X_UID_MAX];
	size_t uid_len;
	bool speaks_14443_4;
};

/* No RATS of its own: it would offer frames of 64 bytes. */
void emrtd_pn53x_put_parameters(struct emrtd_out *out);
/* How often it looks for a chip before it says that there is none. */
void emrtd_pn53x_put_retries(struct emrtd_out *out);
void emrtd_pn53x_put_field(struct emrtd_out *out, bool on);
/*
 * How long 'exchange' listens: the least of its steps, each twice the one
 * before, that is no shorter than wait_us. Returned in microseconds; 0: the
 * longest step is shorter, it listens until the next command.
 */
uint32_t emrtd_pn53x_put_wait(struct emrtd_out *out, uint32_t wait_us);
/* The same without a command: two waits of one step need one command. */
uint32_t emrtd_pn53x_wait_step(uint32_t wait_us);
/* Framing and speed of what follows. */
void emrtd_pn53x_put_speed(struct emrtd_out *out, enum emrtd_pn53x_type type,
    const struct emrtd_isodep_speed *speed);
void emrtd_pn53x_put_select(struct emrtd_out *out, enum emrtd_pn53x_type type);
/* The PN53x says goodbye to the chip that it selected. */
void emrtd_pn53x_put_deselect(struct emrtd_out *out);
void emrtd_pn53x_put_exchange(struct emrtd_out *out, struct emrtd_bytes frame);

/*
 * EMRTD_E_NOT_FOUND: no chip. EMRTD_E_PROTOCOL: no answer to that command.
 */
enum emrtd_error emrtd_pn53x_select_parse(struct emrtd_bytes answer,
    enum emrtd_pn53x_type type, struct emrtd_pn53x_target *out) EMRTD_MUST_USE;
/*
 * What the chip said, with a view of its frame. PROTOCOL: no answer to that
 * command, or a status that tells of trouble in the reader.
 */
enum emrtd_error emrtd_pn53x_exchange_parse(struct emrtd_bytes answer,
    enum emrtd_isodep_heard *heard, struct emrtd_bytes *frame) EMRTD_MUST_USE;

#endif
