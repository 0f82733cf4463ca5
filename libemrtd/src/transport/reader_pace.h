/*
 * reader_pace.h - PACE that a reader does by itself: the bytes of PC/SC part
 * 10 amendment 1.1, and the result codes of BSI TR-03119. Pure. All numbers
 * are little-endian, but for status words.
 *
 *	to the reader   index of the function, its length (2), its data
 *	from it         result (4), length (2), data
 *
 * Establish is given:   password id, CHAT with length (1), password with
 *                       length (1; 0 = typed at the reader), certificate
 *                       description with length (2)
 * and answers:          status word of MSE:Set AT, EF.CardAccess with length
 *                       (2), and perhaps the current and the previous CAR with
 *                       length (1) each and ID_ICC with length (2)
 */
#ifndef TRANSPORT_READER_PACE_H
#define TRANSPORT_READER_PACE_H

#include <emrtd/bytes.h>

enum {
	EMRTD_READER_PACE_CAPABILITIES = 1,
	EMRTD_READER_PACE_ESTABLISH = 2
};

#define EMRTD_READER_PACE_PASSWORD_MAX 255

/* The answer to CAPABILITIES: PACE for any application, not just eID. */
bool emrtd_reader_pace_offers(struct emrtd_bytes answer);

/*
 * ESTABLISH, without CHAT and certificate: an inspection of a travel document
 * has none before PACE. password_id as in MSE:Set AT; an empty password is
 * typed at the reader. EMRTD_E_ARG (too long), EMRTD_E_BUFFER. out is secret.
 */
enum emrtd_error emrtd_reader_pace_request(uint8_t password_id,
    struct emrtd_bytes password, struct emrtd_out *out) EMRTD_MUST_USE;

struct emrtd_reader_pace_answer {
	uint32_t result;
	bool has_data;      /* what follows */
	uint16_t set_at_sw; /* of MSE:Set AT, which may carry tries left */
	struct emrtd_bytes
	    card_access; /* as the reader read it; may be empty */
	struct emrtd_bytes car_current, car_previous, id_icc;
};

/* Views into 'bytes'. EMRTD_E_MALFORMED. */
enum emrtd_error emrtd_reader_pace_parse(struct emrtd_bytes bytes,
    struct emrtd_reader_pace_answer *out) EMRTD_MUST_USE;

/* Where a result that carries the chip's own status word comes from. */
enum emrtd_reader_pace_step {
	EMRTD_READER_PACE_NO_STEP, /* it carries none */
	EMRTD_READER_PACE_AT_FILE, /* reading EF.CardAccess */
	EMRTD_READER_PACE_AT_SET,  /* MSE:Set AT */
	EMRTD_READER_PACE_AT_STEP, /* the first three GENERAL AUTHENTICATE */
	EMRTD_READER_PACE_AT_LAST  /* the fourth, which proves the password */
};

/*
 * What a result means: EMRTD_OK for 0. With a step, EMRTD_E_STATUS, and *sw is
 * what the chip said. *text is static.
 */
enum emrtd_error emrtd_reader_pace_error(uint32_t result,
    enum emrtd_reader_pace_step *step, uint16_t *sw,
    const char **text) EMRTD_MUST_USE;

#endif
