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
#define EMRTD_CHIP_FID_DIR   0x2F00
#define EMRTD_CHIP_SFI_DIR   0x1E

/* Status words of ISO 7816-4 that the chip uses. */
enum emrtd_chip_sw {
	EMRTD_SW_MORE = 0x6100, /* and how many bytes, 00: 256 or more */
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
	EMRTD_SW_TRIES_LEFT = 0x63C0, /* and how many, 0 to 15 */
	EMRTD_SW_BLOCKED = 0x6983,
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
	enum emrtd_file id; /* EMRTD_N_FILES: EF.ATR/INFO, EF.DIR: have none */
	uint16_t fid;
	uint8_t sfi;
	bool in_application, locked;
	uint8_t *ptr; /* owned */
	size_t len;
};

struct emrtd_chip_pace {
	const struct emrtd_pace_protocol *protocol;
	const struct emrtd_group *group;
	/* On the wire: not the group's where the parameters are written out. */
	bool has_id;
	uint8_t parameter_id;
};

/*
 * A protocol of Chip Authentication with its key; a key with several
 * protocols has a row for each.
 */
struct emrtd_chip_ca_key {
	const struct emrtd_group *group;
	uint8_t private_key[EMRTD_FIELD_MAX]; /* order_len bytes, secret */
	struct emrtd_element public_key;
	bool has_key_id;
	uint32_t key_id;
	const char *oid; /* dotted, of the protocol, announced or not */
	bool set_at;     /* 3DES: MSE:Set KAT is refused, Set AT is taken */
};

/* The static key of PACE with Chip Authentication Mapping on one group. */
struct emrtd_chip_cam_key {
	const struct emrtd_group *group;
	uint32_t key_id;
	uint8_t private_key[EMRTD_FIELD_MAX]; /* order_len bytes, secret */
	struct emrtd_element public_key;
};

/*
 * A password, at the index of its kind (1 MRZ, 2 CAN, 3 PIN, 4 PUK); its
 * tries live as long as the card.
 */
struct emrtd_chip_password {
	struct emrtd_password secret; /* kind NONE: the chip has none such */
	bool counted;
	uint8_t tries, max_tries;
};

#define EMRTD_CHIP_N_PASSWORDS 5

struct emrtd_aa_key; /* aa_key.h */
struct emrtd_card;

/*
 * A handler appends the answer's data to out and returns the status word.
 * max_answer: as much data as fits into the response.
 */
typedef uint16_t emrtd_chip_handler(struct emrtd_card *card,
    const struct emrtd_command *command, size_t max_answer,
    struct emrtd_out *out);

/* What the field keeps alive; zeroed by a reset. */
struct emrtd_chip_session {
	bool in_application;
	const struct emrtd_chip_file *current;
	bool granted; /* by BAC or PACE, as long as sm lives */
	bool has_challenge;
	uint8_t challenge[8];
	struct emrtd_card_pace pace;
	struct emrtd_chip_password *password; /* that pace runs with */
	struct emrtd_sm sm;
	/* The MSE before has said whose the next GENERAL AUTHENTICATE is. */
	emrtd_chip_handler *general;
	const struct emrtd_chip_ca_key *ca; /* of the last MSE, or NULL */
	/*
	 * Chip Authentication is done: these keys replace sm when the response
	 * under the old ones has gone.
	 */
	struct emrtd_sm next_sm;
	/* Suspended PIN: PACE with the CAN has come before. */
	bool pin_resumed;
	/* A command in parts. */
	uint8_t chain_head[3]; /* INS P1 P2 */
	size_t chain_len;
	size_t rest_len; /* of an answer: waits for GET RESPONSE */
};

struct emrtd_card {
	struct emrtd_crypto *crypto;
	bool own_crypto;
	struct emrtd_random random;

	struct emrtd_chip_file files[EMRTD_CHIP_FILES_MAX];
	size_t n_files;
	uint8_t *csca, *signer; /* DER, owned */
	size_t csca_len, signer_len;
	struct emrtd_chip_password passwords[EMRTD_CHIP_N_PASSWORDS];
	bool bac, mrz_for_pace; /* both use the MRZ */
	uint32_t n_failures;    /* wrong passwords since the last right one */
	struct emrtd_chip_ca_key ca[EMRTD_CARD_CA_MAX];
	size_t n_ca;
	struct emrtd_chip_cam_key cam[EMRTD_CARD_PACE_MAX];
	size_t n_cam;
	struct emrtd_aa_key *aa; /* owned; NULL: no Active Authentication */
	enum emrtd_card_clone clone;
	struct emrtd_card_habits habits;
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
	uint8_t *chain; /* EMRTD_CHIP_CHAIN_MAX bytes */
	uint8_t *rest;  /* EMRTD_CHIP_REST_MAX bytes */
	uint8_t *last;  /* the response before, EMRTD_CHIP_SCRATCH bytes */
	size_t last_len;
};

#define EMRTD_CHIP_REST_MAX 1024

/* Data of a command in parts: a public key of DH with 4096 bits fits. */
#define EMRTD_CHIP_CHAIN_MAX 1024

#define EMRTD_CHIP_SCRATCH (EMRTD_RESPONSE_MAX + 128)

/* Runs one plain command, whose CLA has no bit of secure messaging. */
uint16_t emrtd_chip_dispatch(struct emrtd_card *card,
    const struct emrtd_command *received, size_t max_answer,
    struct emrtd_out *out);

emrtd_chip_handler emrtd_chip_select;
emrtd_chip_handler emrtd_chip_read_binary;
emrtd_chip_handler emrtd_chip_read_binary_odd;
emrtd_chip_handler emrtd_chip_get_challenge;
emrtd_chip_handler emrtd_chip_external_authenticate;
emrtd_chip_handler emrtd_chip_set_at;
emrtd_chip_handler emrtd_chip_general_authenticate;
emrtd_chip_handler emrtd_chip_set_kat;
emrtd_chip_handler emrtd_chip_ca_set_at;
emrtd_chip_handler emrtd_chip_ca_authenticate;
emrtd_chip_handler emrtd_chip_internal_authenticate;

/* chip_password.c: the passwords of PACE, and what wrong ones cost. */

/* Of this kind, if PACE takes it, or NULL. */
struct emrtd_chip_password *emrtd_chip_password(struct emrtd_card *card,
    uint32_t kind);
/* Answer of MSE:Set AT: 9000, 63CX (tries are missing), 6983 (blocked). */
uint16_t emrtd_chip_password_status(const struct emrtd_chip_password *p);
/* One try left, and none of the CAN has resumed it in this session. */
bool emrtd_chip_password_suspended(const struct emrtd_card *card,
    const struct emrtd_chip_password *p);
/*
 * A wrong password, or with NULL a wrong BAC key: counts, and returns what to
 * answer. A right one: resets the counters that it resets.
 */
uint16_t emrtd_chip_password_wrong(struct emrtd_card *card,
    struct emrtd_chip_password *p);
void emrtd_chip_password_right(struct emrtd_card *card,
    struct emrtd_chip_password *p);
/* This answer takes the longer, the more wrong passwords came before. */
void emrtd_chip_password_delay(struct emrtd_card *card);

/* DF name of the eMRTD application. */
struct emrtd_bytes emrtd_chip_aid(void);
/* Protected by BAC or PACE at all? */
bool emrtd_chip_is_open(const struct emrtd_card *card);
/* Ends secure messaging and everything that it had opened. */
void emrtd_chip_end_session(struct emrtd_card *card);
const struct emrtd_card_misbehaviour *emrtd_chip_fault(
    const struct emrtd_card *card, enum emrtd_fault_id id, uint32_t at);

#endif
