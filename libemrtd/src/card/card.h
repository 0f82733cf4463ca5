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
#define EMRTD_CARD_CA_MAX         8
#define EMRTD_CARD_MISBEHAVE_MAX  16
#define EMRTD_CARD_CAN_LEN        6
#define EMRTD_CARD_SECRET_MAX_LEN 16 /* PIN and PUK */
#define EMRTD_CARD_COUNTRY2_LEN   2
#define EMRTD_CARD_STATE3_MAX_LEN 3

/* How the group of a PACEInfo is announced. */
enum emrtd_card_announce {
	EMRTD_CARD_BY_ID,      /* its standardised parameterId */
	EMRTD_CARD_WITHOUT_ID, /* no parameterId, and nothing else */
	EMRTD_CARD_WRITTEN_OUT /* a PACEDomainParameterInfo beside it */
};

/* A PACEInfo: protocol by its dotted OID, group by its standardised id. */
struct emrtd_card_pace_info {
	const char *oid;
	uint8_t parameter_id;
	enum emrtd_card_announce announce;
	uint8_t own_id; /* parameterId of what is written out; 0: none */
};

/* Dotted OID of "id-PACE-ECDH-GM-AES-CBC-CMAC-128" and its like, or NULL. */
const char *emrtd_card_pace_by_name(const char *name);

/* How a public key names its group. */
enum emrtd_card_key_form {
	EMRTD_CARD_FORM_NAMED,        /* EC: OID of the curve */
	EMRTD_CARD_FORM_EXPLICIT,     /* EC: parameters written out */
	EMRTD_CARD_FORM_STANDARDISED, /* id of Doc 9303-11 table 12 */
	EMRTD_CARD_FORM_X942,         /* DH: p, g, q */
	EMRTD_CARD_FORM_PKCS3         /* DH: p, g */
};

#define EMRTD_CARD_NO_KEY_ID (-1)

/*
 * A ChipAuthenticationInfo and its key. Rows with the same key_id are several
 * protocols of one key, which the first of them describes.
 */
struct emrtd_card_ca {
	const char *oid; /* dotted; NULL: a key without info, which is 3DES */
	uint8_t parameter_id;
	int32_t key_id; /* or EMRTD_CARD_NO_KEY_ID */
	enum emrtd_card_key_form form;
	bool set_at; /* 3DES: by MSE:Set AT, not by MSE:Set KAT */
};

/* Dotted OID of "id-CA-ECDH-AES-CBC-CMAC-128" and its like, or NULL. */
const char *emrtd_card_ca_by_name(const char *name);

/* Active Authentication; names as aa_key.h has them. */
struct emrtd_card_aa {
	const char *kind;  /* "rsa-2048", "ecdsa-P-256"; NULL: no DG15 */
	const char *hash;  /* "SHA-256"; NULL: the usual one of this kind */
	bool long_trailer; /* RSA with SHA-1: 33CC, not BC */
	bool der;          /* ECDSA: a SEQUENCE, not r || s */
	bool no_info;      /* ECDSA: no ActiveAuthenticationInfo in DG14 */
};

/* A forger has the files of a document, never its private keys. */
enum emrtd_card_clone {
	EMRTD_CARD_ORIGINAL,
	EMRTD_CARD_CLONE_NO_KEYS,  /* refuses every proof */
	EMRTD_CARD_CLONE_OWN_KEYS, /* proves with keys of its own */
	EMRTD_CARD_CLONE_STRIPPED  /* hides DG14, DG15, EF.CardSecurity */
};

/* "none", "no_keys", "own_keys", "stripped" */
bool emrtd_card_clone_by_name(const char *name, enum emrtd_card_clone *out);

/*
 * How this chip answers where chips of the field differ. A status word of 0
 * means what the rest of the field answers.
 */
struct emrtd_card_habits {
	uint16_t sw_wrong_key; /* BAC, wrong key: 6300, or 6982, 6988 */
	uint16_t sw_select_mf; /* SELECT of the master file: 9000, or 6A86 */
	uint32_t max_le;       /* a greater Le is refused; 0: none is */
	uint32_t
	    failure_delay_ms;   /* longer by this after each wrong password */
	bool no_sfi;            /* short file identifiers are unknown */
	bool no_chaining;       /* commands are not chained but in PACE */
	bool select_without_le; /* SELECT and MSE with Le are refused */
	bool ef_dir;            /* has EF.DIR, locked before access */
	bool get_response;      /* long answers in parts: 61xx, GET RESPONSE */
};

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
	char pin[EMRTD_CARD_SECRET_MAX_LEN + 1]; /* likewise, digits */
	char puk[EMRTD_CARD_SECRET_MAX_LEN + 1];
	/*
	 * Wrong tries that are left: the PIN is suspended at 1 (it then wants
	 * PACE with the CAN before it), and blocked at 0. can_tries 0: no
	 * counter, as passports have it.
	 */
	uint8_t pin_tries, puk_tries, can_tries;

	/* Proofs that the chip is genuine. */
	struct emrtd_card_ca ca[EMRTD_CARD_CA_MAX];
	size_t n_ca;
	struct emrtd_card_aa aa;
	bool card_security; /* EF.CardSecurity even without PACE-CAM */
	enum emrtd_card_clone clone;

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
	bool no_atr_info; /* EF.ATR/INFO is withheld: nobody knows the sizes */
	struct emrtd_card_habits habits;

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
