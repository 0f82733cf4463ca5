/*
 * Issuing: keys and certificates, the files, the signature over their hashes,
 * and last what spoils that: switches, and a forger who lacks the keys.
 */
#include "card/certificate_make.h"
#include "card/issue.h"
#include "core/builder.h"
#include "core/diag.h"
#include "core/oid.h"
#include "core/tlv.h"
#include "core/wipe.h"
#include "crypto/random.h"
#include "lds/files.h"

#include <mrz/mrz.h>

#include <stdlib.h>
#include <string.h>

#define CERTIFICATE_CAP 4096
#define DAYS(n)         ((int64_t)(n)*86400)
#define CSCA_KEY_USE    DAYS(5 * 365)
#define DS_KEY_USE      DAYS(92)

static enum emrtd_error
keep(struct emrtd_bytes bytes, uint8_t **ptr, size_t *len)
{
	*ptr = malloc(bytes.len > 0 ? bytes.len : 1);
	if (*ptr == NULL)
		return EMRTD_E_NO_MEMORY;
	if (bytes.len > 0)
		memcpy(*ptr, bytes.ptr, bytes.len);
	*len = bytes.len;
	return EMRTD_OK;
}

/* ---- Certificates ------------------------------------------------------ */

static enum emrtd_error
draw_serial(struct emrtd_crypto *crypto, uint8_t serial[EMRTD_SERIAL_LEN])
{
	struct emrtd_random random = emrtd_random_system(crypto);
	enum emrtd_error error = random.fill(random.self, serial,
	    EMRTD_SERIAL_LEN);

	/* Positive, and without a leading zero that DER would refuse. */
	serial[0] = (uint8_t)((serial[0] & 0x3F) | 0x40);
	return error;
}

/* A self-signed root for key. */
static enum emrtd_error
make_csca(struct emrtd_crypto *crypto, const struct emrtd_card_profile *profile,
    const struct emrtd_issuer_key *key, struct emrtd_issuer_ca *ca,
    struct emrtd_out *out)
{
	struct emrtd_certificate_plan plan = { 0 };
	struct emrtd_out name = emrtd_out(ca->name, sizeof(ca->name));
	uint8_t buf[EMRTD_ISSUER_SPKI_CAP];
	struct emrtd_out spki = emrtd_out(buf, sizeof(buf));
	enum emrtd_error error;

	plan.is_ca = true;
	plan.common_name = "Country Signing CA (TEST)";
	plan.country = profile->country;
	plan.state = profile->state;
	plan.issuer_state = profile->state;
	plan.period = profile->csca_period;
	plan.key_period.from = plan.period.from;
	plan.key_period.to = plan.period.from + CSCA_KEY_USE;
	emrtd_make_name(plan.country, plan.common_name, &name);
	ca->name_len = name.len;
	error = emrtd_issuer_key_spki(key, &spki);
	if (error == EMRTD_OK)
		error = emrtd_make_key_id(crypto, emrtd_out_bytes(&spki),
		    ca->key_id);
	if (error == EMRTD_OK)
		error = draw_serial(crypto, plan.serial);
	if (error != EMRTD_OK)
		return error;
	return emrtd_make_certificate(crypto, &plan, key, key, ca, out);
}

static enum emrtd_error
prepare_csca(struct emrtd_issuer *i)
{
	const struct emrtd_card_profile *p = i->profile;
	uint8_t buf[CERTIFICATE_CAP];
	struct emrtd_out der = emrtd_out(buf, sizeof(buf));
	enum emrtd_error error;

	if ((p->csca_key_pem.len == 0) != (p->csca_certificate.len == 0))
		return emrtd_fail(i->diag, EMRTD_E_ARG,
		    "the CSCA needs both key and certificate", NULL);
	if (p->csca_key_pem.len == 0) {
		error = emrtd_issuer_key_new(p->csca_kind, p->explicit_curve,
		    i->diag, &i->csca_key);
		if (error == EMRTD_OK)
			error = make_csca(i->card->crypto, p, i->csca_key,
			    &i->ca, &der);
	} else {
		error = emrtd_issuer_key_load(p->csca_kind, p->csca_key_pem,
		    i->diag, &i->csca_key);
		if (error == EMRTD_OK)
			error = emrtd_issuer_ca_load(i->csca_key,
			    p->csca_certificate, i->diag, &i->ca, &der);
	}
	if (error != EMRTD_OK)
		return error;
	return keep(emrtd_out_bytes(&der), &i->card->csca, &i->card->csca_len);
}

static enum emrtd_error
prepare_signer(struct emrtd_issuer *i)
{
	const struct emrtd_card_profile *p = i->profile;
	const struct emrtd_card_misbehaviour *abroad = emrtd_chip_fault(i->card,
	    EMRTD_FAULT_DS_COUNTRY, 0);
	char type[2] = { p->mrz[0], '\0' };
	struct emrtd_certificate_plan plan = { 0 };
	uint8_t buf[CERTIFICATE_CAP];
	struct emrtd_out der = emrtd_out(buf, sizeof(buf));
	enum emrtd_error error;

	plan.common_name = "Document Signer (TEST)";
	plan.country = abroad != NULL ? abroad->text : p->country;
	plan.state = p->state;
	plan.issuer_state = p->state;
	plan.document_type = type;
	plan.period = p->ds_period;
	plan.key_period.from = p->ds_period.from;
	plan.key_period.to = p->ds_period.from + DS_KEY_USE;
	error = draw_serial(i->card->crypto, plan.serial);
	if (error == EMRTD_OK)
		error = emrtd_issuer_key_new(p->ds_kind, p->explicit_curve,
		    i->diag, &i->ds_key);
	if (error == EMRTD_OK)
		error = emrtd_make_certificate(i->card->crypto, &plan,
		    i->ds_key, i->csca_key, &i->ca, &der);
	if (error != EMRTD_OK)
		return error;
	return keep(emrtd_out_bytes(&der), &i->card->signer,
	    &i->card->signer_len);
}

/* ---- Document ---------------------------------------------------------- */

static enum emrtd_error
read_profile(struct emrtd_issuer *i)
{
	const struct emrtd_card_profile *p = i->profile;
	struct emrtd_card *card = i->card;

	if (p->n_pace > EMRTD_CARD_PACE_MAX ||
	    p->n_misbehave > EMRTD_CARD_MISBEHAVE_MAX)
		return EMRTD_E_ARG;
	if (mrz_parse(p->mrz, strlen(p->mrz), NULL, &i->mrz) != MRZ_OK)
		return emrtd_fail(i->diag, EMRTD_E_ARG, "the MRZ has no layout",
		    NULL);
	if (i->mrz.format > MRZ_MRVB)
		return emrtd_fail(i->diag, EMRTD_E_ARG,
		    "the MRZ is of a national layout, which no chip holds",
		    NULL);
	card->bac = p->bac;
	card->habits = p->habits;
	card->extended = p->extended;
	card->max_command = p->max_command;
	card->max_response = p->max_response;
	if (card->extended &&
	    (card->max_command < 256 || card->max_response < 256 ||
		card->max_command > EMRTD_COMMAND_MAX ||
		card->max_response > EMRTD_RESPONSE_MAX))
		return emrtd_fail(i->diag, EMRTD_E_ARG,
		    "buffers must have 256 to 65538 bytes", NULL);
	memcpy(card->misbehave, p->misbehave, sizeof(card->misbehave));
	card->n_misbehave = p->n_misbehave;
	return EMRTD_OK;
}

static enum emrtd_error
power(struct emrtd_card *card, struct emrtd_crypto *crypto,
    struct emrtd_diag *diag)
{
	enum emrtd_error error = EMRTD_OK;

	card->crypto = crypto;
	if (crypto == NULL) {
		error = emrtd_crypto_new(diag, &card->crypto);
		card->own_crypto = error == EMRTD_OK;
	}
	if (error != EMRTD_OK)
		return error;
	card->random = emrtd_random_system(card->crypto);
	card->command = malloc(EMRTD_CHIP_SCRATCH);
	card->answer = malloc(EMRTD_CHIP_SCRATCH);
	card->response = malloc(EMRTD_CHIP_SCRATCH);
	card->chain = malloc(EMRTD_CHIP_CHAIN_MAX);
	card->rest = malloc(EMRTD_CHIP_REST_MAX);
	card->last = malloc(EMRTD_CHIP_SCRATCH);
	if (card->chain == NULL || card->rest == NULL || card->last == NULL ||
	    card->command == NULL || card->answer == NULL ||
	    card->response == NULL)
		return EMRTD_E_NO_MEMORY;
	return EMRTD_OK;
}

static enum emrtd_error
issue(struct emrtd_issuer *i)
{
	static enum emrtd_error (*const steps[])(
	    struct emrtd_issuer *) = { read_profile, emrtd_issue_passwords,
		emrtd_issue_pace, emrtd_issue_chip_keys, prepare_csca,
		prepare_signer, emrtd_issue_files, emrtd_issue_capabilities,
		emrtd_issue_spoil, emrtd_issue_lose_keys };

	for (size_t n = 0; n < sizeof(steps) / sizeof(steps[0]); n++) {
		enum emrtd_error error = steps[n](i);

		if (error != EMRTD_OK)
			return error;
	}
	return EMRTD_OK;
}

enum emrtd_error
emrtd_card_issue(struct emrtd_crypto *crypto,
    const struct emrtd_card_profile *profile, struct emrtd_diag *diag,
    struct emrtd_card **out)
{
	struct emrtd_issuer i = { 0 };
	enum emrtd_error error;

	i.profile = profile;
	i.diag = diag;
	i.card = calloc(1, sizeof(*i.card));
	if (i.card == NULL)
		return emrtd_fail(diag, EMRTD_E_NO_MEMORY, "issuing", NULL);
	emrtd_diag_init(diag);
	error = power(i.card, crypto, diag);
	if (error == EMRTD_OK)
		error = issue(&i);
	emrtd_issuer_key_free(&i.csca_key);
	emrtd_issuer_key_free(&i.ds_key);
	if (error != EMRTD_OK) {
		emrtd_card_free(&i.card);
		/* Keep what a step has said. */
		if (diag == NULL || diag->error == error)
			return error;
		return emrtd_fail(diag, error, "issuing a document", NULL);
	}
	*out = i.card;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_card_new_csca(const struct emrtd_card_profile *profile,
    struct emrtd_diag *diag, struct emrtd_out *key_pem,
    struct emrtd_out *certificate_pem)
{
	struct emrtd_crypto *crypto = NULL;
	struct emrtd_issuer_key *key = NULL;
	struct emrtd_issuer_ca ca;
	uint8_t buf[CERTIFICATE_CAP];
	struct emrtd_out der = emrtd_out(buf, sizeof(buf));
	enum emrtd_error error;

	error = emrtd_crypto_new(diag, &crypto);
	if (error != EMRTD_OK)
		return error;
	error = emrtd_issuer_key_new(profile->csca_kind,
	    profile->explicit_curve, diag, &key);
	if (error == EMRTD_OK)
		error = make_csca(crypto, profile, key, &ca, &der);
	if (error == EMRTD_OK)
		error = emrtd_issuer_key_pem(key, key_pem);
	if (error == EMRTD_OK)
		error = emrtd_issuer_certificate_pem(emrtd_out_bytes(&der),
		    certificate_pem);
	emrtd_issuer_key_free(&key);
	emrtd_crypto_free(&crypto);
	if (error != EMRTD_OK)
		return emrtd_fail(diag, error, "making a CSCA", NULL);
	return EMRTD_OK;
}
