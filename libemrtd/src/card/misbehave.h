/*
 * misbehave.h - the table of switches that make the virtual passport or its
 * issuer do wrong, and where each of them takes effect.
 *
 * N counts from 1, over the whole life of the card: protected responses for
 * flip-mac, plain-reply, bad-padding, drop-*, extra-object and ssc-skew, all
 * responses for the others.
 */
#ifndef CARD_MISBEHAVE_H
#define CARD_MISBEHAVE_H

#include "card/card.h"

enum emrtd_fault_id {
	EMRTD_FAULT_TAMPER,     /* at: enum emrtd_file; value: bit */
	EMRTD_FAULT_DS_COUNTRY, /* text */
	EMRTD_FAULT_FLIP_MAC,
	EMRTD_FAULT_PLAIN_REPLY,
	EMRTD_FAULT_TRUNCATE, /* value: bytes left */
	EMRTD_FAULT_STATUS,   /* value: status word */
	EMRTD_FAULT_LOST,
	EMRTD_FAULT_LOST_RANDOM,   /* value: seed */
	EMRTD_FAULT_DELAY,         /* value: ms, every answer */
	EMRTD_FAULT_MAX_READ,      /* value: bytes of a READ BINARY */
	EMRTD_FAULT_NO_SFI,        /* READ BINARY by SFI is unknown */
	EMRTD_FAULT_CHALLENGE,     /* value: length of GET CHALLENGE's answer */
	EMRTD_FAULT_BAD_TOKEN,     /* PACE: our own token is wrong */
	EMRTD_FAULT_CARD_ACCESS,   /* value: enum emrtd_fault_card_access */
	EMRTD_FAULT_WRONG_CAM_KEY, /* the private key of CAM is another one */
	EMRTD_FAULT_CA_OLD_KEYS,   /* Chip Authentication changes no keys */
	EMRTD_FAULT_CA_EARLY_KEYS, /* its own response is under the new ones */
	EMRTD_FAULT_BARE_LE,       /* value: READ BINARY of more: bare 6700 */
	EMRTD_FAULT_BAD_PADDING,   /* of protected data; the MAC is right */
	EMRTD_FAULT_DROP_87,
	EMRTD_FAULT_DROP_99,
	EMRTD_FAULT_DROP_8E,
	EMRTD_FAULT_EXTRA_OBJECT,  /* an object more, under the MAC */
	EMRTD_FAULT_SSC_SKEW,      /* counts once too often, and goes on so */
	EMRTD_FAULT_REPLAY,        /* the response before, once more */
	EMRTD_FAULT_ECHO_KEY,      /* PACE: the reader's keys are ours */
	EMRTD_FAULT_REFLECT_TOKEN, /* PACE: the reader's token is ours */
	EMRTD_FAULT_AA_OLD_CHALLENGE, /* signs another challenge */
	EMRTD_FAULT_DEVIATE,          /* value: enum emrtd_fault_deviate */
	EMRTD_N_FAULTS
};

/* How the text after the '=' is read. */
enum emrtd_fault_arguments {
	EMRTD_FAULT_ARGS_NONE,
	EMRTD_FAULT_ARGS_FILE,    /* EF.DG2 or EF.DG2:BIT, last bit if absent */
	EMRTD_FAULT_ARGS_COUNTRY, /* two capitals */
	EMRTD_FAULT_ARGS_AT,      /* N */
	EMRTD_FAULT_ARGS_VALUE,   /* V */
	EMRTD_FAULT_ARGS_AT_VALUE,    /* N:V */
	EMRTD_FAULT_ARGS_AT_HEX,      /* N:XXXX */
	EMRTD_FAULT_ARGS_CARD_ACCESS, /* remove, weaken, add */
	EMRTD_FAULT_ARGS_DEVIATE      /* sod-version, com */
};

enum emrtd_fault_card_access {
	EMRTD_FAULT_CARD_ACCESS_REMOVE,
	EMRTD_FAULT_CARD_ACCESS_WEAKEN, /* everything is 3DES */
	EMRTD_FAULT_CARD_ACCESS_ADD     /* 3DES beside what is signed */
};

/* Where the issuer does not do as the standards want it. */
enum emrtd_fault_deviate {
	EMRTD_FAULT_DEVIATE_SOD_VERSION, /* SignedData of version 1 */
	EMRTD_FAULT_DEVIATE_COM          /* EF.COM leaves a data group out */
};

struct emrtd_card_fault {
	enum emrtd_fault_id id;
	const char *name;
	enum emrtd_fault_arguments arguments;
	uint32_t max_value;
	const char *text; /* what goes wrong, for --misbehave help */
};

#define EMRTD_FAULT_LAST_BIT UINT32_MAX

/* The switch with this id that is set, and (at != 0) for this number. */
const struct emrtd_card_misbehaviour *emrtd_misbehave_find(
    const struct emrtd_card_misbehaviour *set, size_t n, enum emrtd_fault_id id,
    uint32_t at);

#endif
