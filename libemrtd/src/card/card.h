/*
 * card.h - a virtual passport: issues a synthetic document and plays its chip.
 *
 * It is how everybody without hardware, tests included, runs the real thing:
 * real APDUs, real cryptography, a real Passive Authentication chain to a CSCA
 * that is marked as a test and never trusted by default. The chip shares
 * core, crypto and secure messaging primitives with the reader, never its
 * decisions. Used by one thread at a time.
 */
#ifndef CARD_CARD_H
#define CARD_CARD_H

#include <emrtd/lds.h>
#include <emrtd/random.h>
#include <emrtd/transport.h>

struct emrtd_crypto;
struct emrtd_card;

/* ---- What is issued ---------------------------------------------------- */

/* Signature keys of the issuing state; names as in emrtd_card_key_by_name. */
enum emrtd_card_key {
	EMRTD_CARD_RSA2048_PKCS1, /* "rsa-2048-pkcs1" */
	EMRTD_CARD_RSA2048_PSS,   /* "rsa-2048-pss" */
	EMRTD_CARD_RSA3072_PSS,   /* "rsa-3072-pss" */
	EMRTD_CARD_P256,          /* "ecdsa-p256" */
	EMRTD_CARD_P384,          /* "ecdsa-p384" */
	EMRTD_CARD_BP256R1,       /* "ecdsa-brainpoolP256r1" */
	EMRTD_CARD_BP384R1,       /* "ecdsa-brainpoolP384r1" */
	EMRTD_CARD_N_KEYS
};

bool emrtd_card_key_by_name(const char *name, enum emrtd_card_key *out);

/* From the first to the last second of certificate or key use, since 1970. */
struct emrtd_card_period {
	int64_t from, to;
};

#define EMRTD_CARD_PACE_MAX       8
#define EMRTD_CARD_MISBEHAVE_MAX  8
#define EMRTD_CARD_CAN_LEN        6
#define EMRTD_CARD_COUNTRY2_LEN   2
#define EMRTD_CARD_STATE3_MAX_LEN 3

/* A PACEInfo: protocol by its dotted OID, standardised parameter id. */
struct emrtd_card_pace_info {
	const char *oid;
	uint8_t parameter_id;
};

/* Dotted OID of "id-PACE-ECDH-GM-AES-CBC-CMAC-128" and its like, or NULL. */
const char *emrtd_card_pace_by_name(const char *name);

/* A switch that makes the chip or its issuer do wrong: misbehave.h. */
struct emrtd_card_misbehaviour {
	const struct emrtd_card_fault *fault;
	uint32_t at, value;
	char text[4];
};

/*
 * A document to issue. All pointers are borrowed until emrtd_card_issue has
 * returned. Begin with emrtd_card_profile_init.
 */
struct emrtd_card_profile {
	uint32_t size;

	const char *mrz; /* lines without breaks: 90, 72, 88 characters */
	struct emrtd_bytes face; /* JPEG */
	bool lds_1_8;            /* LDS Security Object version 1, else 0 */

	/* Access control; neither means that the chip is open. */
	bool bac;
	struct emrtd_card_pace_info pace[EMRTD_CARD_PACE_MAX];
	size_t n_pace;
	bool mrz_password;                /* PACE takes the MRZ */
	char can[EMRTD_CARD_CAN_LEN + 1]; /* PACE takes it; empty: none */

	/* Issuing state as in certificates and as in the MRZ. */
	char country[EMRTD_CARD_COUNTRY2_LEN + 1]; /* "UT" */
	char state[EMRTD_CARD_STATE3_MAX_LEN + 1]; /* "UTO" */

	/*
	 * The CSCA. With key (PEM) and certificate (DER or PEM), it signs. With
	 * neither, a new one is made that nobody trusts.
	 */
	struct emrtd_bytes csca_key_pem, csca_certificate;
	enum emrtd_card_key csca_kind; /* of a new one */
	struct emrtd_card_period csca_period;

	/* The Document Signer: a new key for each document. */
	enum emrtd_card_key ds_kind;
	struct emrtd_card_period ds_period;
	int64_t signing_time;
	bool explicit_curve; /* EC parameters as Doc 9303-12 4.1.6.3 wants */

	/* Chip. */
	bool extended;        /* extended length, announced in ATR and EF.ATR */
	uint32_t max_command; /* whole APDU; only checked when extended */
	uint32_t max_response;

	struct emrtd_card_misbehaviour misbehave[EMRTD_CARD_MISBEHAVE_MAX];
	size_t n_misbehave;
};

/*
 * emrtd_card_profile_init - clears, and sets the specimen holder of Doc 9303
 * (Utopia, UT), BAC and PACE by MRZ (parameter 13, AES-128), a new CSCA, keys
 * and periods that fit. The face is left empty.
 */
void emrtd_card_profile_init(struct emrtd_card_profile *profile);

/*
 * emrtd_card_misbehave - adds a switch by its text: "tamper=EF.DG2",
 * "flip-mac=5", "truncate=7:3"; all of them are in misbehave.c.
 * errors: EMRTD_E_ARG (unknown, or arguments out of range; 'what' says which),
 *         EMRTD_E_LIMIT
 */
enum emrtd_error emrtd_card_misbehave(struct emrtd_card_profile *profile,
    const char *text, struct emrtd_diag *diag) EMRTD_MUST_USE;

/* A switch as its users see it. */
struct emrtd_card_switch {
	const char *name;      /* "flip-mac" */
	const char *arguments; /* what follows the name: "=N", or "" */
	const char *text;      /* what goes wrong */
};

/* The index-th switch of the table; false past its end. */
bool emrtd_card_switch_at(size_t index, struct emrtd_card_switch *out);

/* ---- The chip ---------------------------------------------------------- */

/*
 * emrtd_card_issue - makes keys and certificates, signs, and returns the chip
 * without power.
 * crypto: borrowed until the card is freed; NULL: the card has its own
 * errors: EMRTD_E_ARG (profile), EMRTD_E_KEY (CSCA key and certificate do not
 *         belong together), EMRTD_E_MALFORMED (face), EMRTD_E_NO_MEMORY,
 *         EMRTD_E_CRYPTO
 */
enum emrtd_error emrtd_card_issue(struct emrtd_crypto *crypto,
    const struct emrtd_card_profile *profile, struct emrtd_diag *diag,
    struct emrtd_card **out) EMRTD_MUST_USE;
/* Wipes and frees; NULL-safe. */
void emrtd_card_free(struct emrtd_card **card);

/* Field off and on: session, selection and PACE or BAC progress are gone. */
void emrtd_card_reset(struct emrtd_card *card);

/*
 * emrtd_card_transmit - one command APDU; appends data and status word. Any
 * bytes are a command: what makes none is answered 6700.
 * errors: EMRTD_E_CARD_LOST (the switch "lost"), EMRTD_E_BUFFER (out is
 *         smaller than the response), EMRTD_E_CRYPTO and the like from inside
 */
enum emrtd_error emrtd_card_transmit(struct emrtd_card *card,
    struct emrtd_bytes command, struct emrtd_out *out) EMRTD_MUST_USE;

/* 3B 8n 80 01, historical bytes, TCK: as a PC/SC reader shows a type A chip. */
struct emrtd_bytes emrtd_card_atr(const struct emrtd_card *card);
/* How long the last answer took, in the chip's own pretended time. */
uint32_t emrtd_card_delay_ms(const struct emrtd_card *card);
/* Responses given since issue, over all resets. */
uint32_t emrtd_card_responses(const struct emrtd_card *card);

/* Challenges, nonces, ephemeral keys come from here instead of the system. */
void emrtd_card_set_random(struct emrtd_card *card,
    const struct emrtd_random *random);

/* As the chip holds it; empty when it has no such file. Borrowed. */
struct emrtd_bytes emrtd_card_file(const struct emrtd_card *card,
    enum emrtd_file file);
/* DER. Borrowed. */
struct emrtd_bytes emrtd_card_csca(const struct emrtd_card *card);
struct emrtd_bytes emrtd_card_signer(const struct emrtd_card *card);

/*
 * emrtd_card_transport - the card as an ordinary transport. It borrows the
 * card, or owns it and frees it on close.
 */
enum emrtd_error emrtd_card_transport(struct emrtd_card *card, bool own,
    struct emrtd_transport *out) EMRTD_MUST_USE;

/* ---- The test CSCA ----------------------------------------------------- */

/*
 * emrtd_card_new_csca - a new CSCA for the profile's country, kind and period:
 * its key as PEM (secret) and its certificate, with the test marker, as PEM.
 */
enum emrtd_error emrtd_card_new_csca(const struct emrtd_card_profile *profile,
    struct emrtd_diag *diag, struct emrtd_out *key_pem,
    struct emrtd_out *certificate_pem) EMRTD_MUST_USE;

#endif
