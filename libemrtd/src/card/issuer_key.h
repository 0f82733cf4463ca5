/*
 * issuer_key.h - private keys of the issuing state (CSCA, Document Signer):
 * make, load, sign. Calls OpenSSL; each key has a library context of its own,
 * without a configuration file.
 */
#ifndef CARD_ISSUER_KEY_H
#define CARD_ISSUER_KEY_H

#include "card/card.h"
#include "crypto/hash.h"

#define EMRTD_ISSUER_SPKI_CAP      1024
#define EMRTD_ISSUER_SIGNATURE_CAP 512
#define EMRTD_ISSUER_NAME_LEN_CAP  512
#define EMRTD_ISSUER_KEY_ID_LEN    20

struct emrtd_issuer_key;

/* explicit_curve: EC parameters written out (Doc 9303-12 4.1.6.3). */
enum emrtd_error emrtd_issuer_key_new(enum emrtd_card_key kind,
    bool explicit_curve, struct emrtd_diag *diag,
    struct emrtd_issuer_key **out) EMRTD_MUST_USE;
/* Private key in PEM, without a passphrase. EMRTD_E_KEY if not of this kind. */
enum emrtd_error emrtd_issuer_key_load(enum emrtd_card_key kind,
    struct emrtd_bytes pem, struct emrtd_diag *diag,
    struct emrtd_issuer_key **out) EMRTD_MUST_USE;
void emrtd_issuer_key_free(struct emrtd_issuer_key **key);

/* Hash of its signatures. */
enum emrtd_hash emrtd_issuer_key_hash(const struct emrtd_issuer_key *key);
/* Appends the AlgorithmIdentifier of its signatures. */
void emrtd_issuer_key_algorithm(const struct emrtd_issuer_key *key,
    struct emrtd_out *out);
/* Appends the SubjectPublicKeyInfo. */
enum emrtd_error emrtd_issuer_key_spki(const struct emrtd_issuer_key *key,
    struct emrtd_out *out) EMRTD_MUST_USE;
/* Appends the signature over message. */
enum emrtd_error emrtd_issuer_key_sign(const struct emrtd_issuer_key *key,
    struct emrtd_bytes message, struct emrtd_out *out) EMRTD_MUST_USE;
/* Appends the private key, PKCS#8 in PEM. Secret. */
enum emrtd_error emrtd_issuer_key_pem(const struct emrtd_issuer_key *key,
    struct emrtd_out *out) EMRTD_MUST_USE;

/*
 * Appends the AlgorithmIdentifier of an EC public key whose parameters are
 * written out; name as OpenSSL has it.
 */
enum emrtd_error emrtd_issuer_explicit_curve(const char *name,
    struct emrtd_out *out) EMRTD_MUST_USE;

/* What a certificate's issuer must know of its CA. */
struct emrtd_issuer_ca {
	uint8_t name[EMRTD_ISSUER_NAME_LEN_CAP]; /* Name, DER */
	size_t name_len;
	uint8_t key_id[EMRTD_ISSUER_KEY_ID_LEN];
};

/*
 * The CA's certificate, PEM or DER: appends its DER to out. EMRTD_E_KEY when
 * it is not for this key.
 */
enum emrtd_error emrtd_issuer_ca_load(const struct emrtd_issuer_key *key,
    struct emrtd_bytes certificate, struct emrtd_diag *diag,
    struct emrtd_issuer_ca *ca, struct emrtd_out *out) EMRTD_MUST_USE;
/* Appends 'CERTIFICATE' in PEM. */
enum emrtd_error emrtd_issuer_certificate_pem(struct emrtd_bytes der,
    struct emrtd_out *out) EMRTD_MUST_USE;

#endif
