/*
 * chip.h - the chip's memory and state, and the handlers of its commands.
 * Private to src/card.
 */
#ifndef CARD_CHIP_H
#define CARD_CHIP_H

#include "apdu/apdu.h"
#include "card/card.h"
#include "card/card_pace.h"
#include "card/misbehave.h"

#include <emrtd/access.h>

#define EMRTD_CHIP_FILES_MAX 16
#define EMRTD_CHIP_FID_MF    0x3F00
#define EMRTD_CHIP_FID_ATR   0x2F01
#define EMRTD_CHIP_SFI_ATR   0x01

/* Status words of ISO 7816-4 that the chip uses. */
enum emrtd_chip_sw {
	EMRTD_SW_END_OF_FILE = 0x6282,
	EMRTD_SW_AUTHENTICATION_FAILED = 0x6300,
	EMRTD_SW_WRONG_LENGTH = 0x6700,
	EMRTD_SW_LAST_EXPECTED = 0x6883,
	EMRTD_SW_CHAINING_UNSUPPORTED = 0x6884,
	EMRTD_SW_SECURITY_STATUS = 0x6982,
	EMRTD_SW_CONDITIONS = 0x6985,
	EMRTD_SW_NO_CURRENT_EF = 0x6986,
	EMRTD_SW_SM_MISSING = 0x6987,
	EMRTD_SW_SM_INCORRECT = 0x6988,
	EMRTD_SW_WRONG_DATA = 0x6A80,
	EMRTD_SW_NO_FILE = 0x6A82,
	EMRTD_SW_WRONG_P1P2 = 0x6A86,
	EMRTD_SW_NO_REFERENCE = 0x6A88,
	EMRTD_SW_WRONG_OFFSET = 0x6B00,
	EMRTD_SW_UNKNOWN_INS = 0x6D00,
	EMRTD_SW_UNKNOWN_CLA = 0x6E00,
	EMRTD_SW_INTERNAL = 0x6F00
};

struct emrtd_chip_file {
	enum emrtd_file id; /* EMRTD_N_FILES: EF.ATR/INFO, which has none */
	uint16_t fid;
	uint8_t sfi;
	bool in_application;
	uint8_t *ptr; /* owned */
	size_t len;
};

struct emrtd_chip_pace {
	const struct emrtd_pace_protocol *protocol;
	const struct emrtd_group *group;
	uint8_t parameter_id;
};

/* What the field keeps alive; zeroed by a reset. */
struct emrtd_chip_session {
	bool in_application;
	const struct emrtd_chip_file *current;
	bool granted; /* by BAC or PACE, as long as sm lives */
	bool has_challenge;
	uint8_t challenge[8];
	struct emrtd_card_pace pace;
	struct emrtd_sm sm;
};

struct emrtd_card {
	struct emrtd_crypto *crypto;
	bool own_crypto;
	struct emrtd_random random;

	struct emrtd_chip_file files[EMRTD_CHIP_FILES_MAX];
	size_t n_files;
	uint8_t *csca, *signer; /* DER, owned */
	size_t csca_len, signer_len;
	struct emrtd_password mrz, can;
	bool bac, mrz_for_pace;
	struct emrtd_chip_pace pace[EMRTD_CARD_PACE_MAX];
	size_t n_pace;
	bool extended;
	uint32_t max_command, max_response;
	uint8_t atr[EMRTD_ATR_MAX];
	size_t atr_len;
	struct emrtd_card_misbehaviour misbehave[EMRTD_CARD_MISBEHAVE_MAX];
	size_t n_misbehave;

	struct emrtd_chip_session session;
	uint32_t n_responses, n_protected;
	uint32_t delay_ms;

	/* Scratch of one exchange, each EMRTD_CHIP_SCRATCH bytes. */
	uint8_t *command, *answer, *response;
};

#define EMRTD_CHIP_SCRATCH (EMRTD_RESPONSE_MAX + 128)

/*
 * A handler appends the answer's data to out and returns the status word.
 * max_answer: as much data as fits into the response.
 */
typedef uint16_t emrtd_chip_handler(struct emrtd_card *card,
    const struct emrtd_command *command, size_t max_answer,
    struct emrtd_out *out);

emrtd_chip_handler emrtd_chip_select;
emrtd_chip_handler emrtd_chip_read_binary;
emrtd_chip_handler emrtd_chip_read_binary_odd;
emrtd_chip_handler emrtd_chip_get_challenge;
emrtd_chip_handler emrtd_chip_external_authenticate;
emrtd_chip_handler emrtd_chip_set_at;
emrtd_chip_handler emrtd_chip_general_authenticate;

/* Protected by BAC or PACE at all? */
bool emrtd_chip_is_open(const struct emrtd_card *card);
/* Ends secure messaging and everything that it had opened. */
void emrtd_chip_end_session(struct emrtd_card *card);
const struct emrtd_card_misbehaviour *emrtd_chip_fault(
    const struct emrtd_card *card, enum emrtd_fault_id id, uint32_t at);

#endif
