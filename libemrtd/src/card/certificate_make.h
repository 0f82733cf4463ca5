/*
 * certificate_make.h - CSCA and Document Signer certificates by the profile of
 * Doc 9303-12 7.1, tables 5 and 6, all with the test marker.
 */
#ifndef CARD_CERTIFICATE_MAKE_H
#define CARD_CERTIFICATE_MAKE_H

#include "card/issuer_key.h"

#define EMRTD_SERIAL_LEN 8

struct emrtd_certificate_plan {
	bool is_ca;
	const char *common_name;
	const char *country;       /* of the subject: "UT" */
	const char *state;         /* of the subject as in the MRZ: "UTO" */
	const char *issuer_state;  /* of the issuer as in the MRZ */
	const char *document_type; /* "P"; signers only */
	struct emrtd_card_period period;
	struct emrtd_card_period key_period; /* of the private key */
	uint8_t serial[EMRTD_SERIAL_LEN];    /* first bit 0, second 1 */
};

/* Name: C, O, OU, CN. */
void emrtd_make_name(const char *country, const char *common_name,
    struct emrtd_out *out);

/* SHA-1 over the bits of the public key, RFC 5280 4.2.1.2 (1). */
enum emrtd_error emrtd_make_key_id(struct emrtd_crypto *crypto,
    struct emrtd_bytes spki,
    uint8_t key_id[EMRTD_ISSUER_KEY_ID_LEN]) EMRTD_MUST_USE;

/* subject's certificate, signed by issuer. Appends it. */
enum emrtd_error emrtd_make_certificate(struct emrtd_crypto *crypto,
    const struct emrtd_certificate_plan *plan,
    const struct emrtd_issuer_key *subject,
    const struct emrtd_issuer_key *issuer, const struct emrtd_issuer_ca *ca,
    struct emrtd_out *out) EMRTD_MUST_USE;

/* X.509 time: UTCTime to 2049, GeneralizedTime after it. */
void emrtd_make_time(int64_t instant, struct emrtd_out *out);

#endif
