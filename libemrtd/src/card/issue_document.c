/*
 * Issuing: keys and certificates, the files, the signature over their hashes,
 * and last the switches that spoil what was signed.
 */
#include "card/certificate_make.h"
#include "card/chip.h"
#include "card/lds_make.h"
#include "card/sod_make.h"
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
#define SOD_CAP         16384
#define SMALL_FILE_CAP  1024
#define FACE_EXTRA      256
#define FACE_MAX        (1 << 20)
#define DAYS(n)         ((int64_t)(n)*86400)
#define CSCA_KEY_USE    DAYS(5 * 365)
#define DS_KEY_USE      DAYS(92)
#define TAG_DG14        0x6E

/* The issuing state at work on one document. */
struct issuer {
	const struct emrtd_card_profile *profile;
	struct emrtd_card *card;
	struct emrtd_diag *diag;
	struct mrz_doc mrz;
	struct emrtd_issuer_key *csca_key, *ds_key;
	struct emrtd_issuer_ca ca;
	struct emrtd_sod_plan sod;
};

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
prepare_csca(struct issuer *i)
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
prepare_signer(struct issuer *i)
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

/* ---- Files ------------------------------------------------------------- */

static enum emrtd_error
add_file(struct issuer *i, enum emrtd_file id, struct emrtd_bytes content)
{
	struct emrtd_chip_file *file = &i->card->files[i->card->n_files];
	const struct emrtd_file_info *info = emrtd_file_info(id);
	enum emrtd_error error;

	if (i->card->n_files == EMRTD_CHIP_FILES_MAX)
		return EMRTD_E_LIMIT;
	error = keep(content, &file->ptr, &file->len);
	if (error != EMRTD_OK)
		return error;
	i->card->n_files++;
	file->id = id;
	file->fid = info != NULL ? info->fid : EMRTD_CHIP_FID_ATR;
	file->sfi = info != NULL ? info->sfi : EMRTD_CHIP_SFI_ATR;
	file->in_application = info != NULL && info->in_application;
	if (info == NULL || info->dg == 0)
		return EMRTD_OK;
	i->sod.numbers[i->sod.n] = info->dg;
	return emrtd_hash(i->card->crypto, i->sod.hash, &content, 1,
	    i->sod.digests[i->sod.n++]);
}

static enum emrtd_error
add_built(struct issuer *i, enum emrtd_file id, const struct emrtd_out *built)
{
	if (built->bad)
		return EMRTD_E_BUFFER;
	return add_file(i, id, emrtd_out_bytes(built));
}

static enum emrtd_error
add_face(struct issuer *i)
{
	struct emrtd_bytes face = i->profile->face;
	struct emrtd_out dg2;
	enum emrtd_error error;
	uint8_t *buf;

	if (face.len > FACE_MAX)
		return emrtd_fail(i->diag, EMRTD_E_ARG,
		    "the face picture is too big", NULL);
	buf = malloc(face.len + FACE_EXTRA);
	if (buf == NULL)
		return EMRTD_E_NO_MEMORY;
	dg2 = emrtd_out(buf, face.len + FACE_EXTRA);
	error = emrtd_make_dg2(face, i->mrz.fields[MRZ_F_SEX].text[0], &dg2);
	if (error == EMRTD_OK)
		error = add_built(i, EMRTD_DG2, &dg2);
	else
		error = emrtd_fail(i->diag, error,
		    "the face is no JPEG picture", "Doc 9303-10 4.7.2");
	emrtd_wipe(buf, face.len + FACE_EXTRA);
	free(buf);
	return error;
}

/* Doc 9303-10 4.7.14: with PACE, DG14 repeats what EF.CardAccess says. */
static enum emrtd_error
add_security_infos(struct issuer *i)
{
	uint8_t buf[SMALL_FILE_CAP];
	struct emrtd_out infos = emrtd_out(buf, sizeof(buf));
	enum emrtd_error error;
	size_t dg14;

	if (i->profile->n_pace == 0)
		return EMRTD_OK;
	emrtd_make_security_infos(i->profile->pace, i->profile->n_pace, &infos);
	error = add_built(i, EMRTD_EF_CARD_ACCESS, &infos);
	if (error != EMRTD_OK)
		return error;
	infos = emrtd_out(buf, sizeof(buf));
	dg14 = emrtd_open(&infos, TAG_DG14);
	emrtd_make_security_infos(i->profile->pace, i->profile->n_pace, &infos);
	emrtd_close(&infos, dg14);
	return add_built(i, EMRTD_DG14, &infos);
}

static enum emrtd_error
add_com(struct issuer *i)
{
	uint8_t buf[SMALL_FILE_CAP];
	struct emrtd_out com = emrtd_out(buf, sizeof(buf));
	emrtd_dg_set groups = 0;

	for (size_t n = 0; n < i->sod.n; n++)
		groups |= (emrtd_dg_set)1 << i->sod.numbers[n];
	emrtd_make_com(i->profile->lds_1_8, groups, &com);
	return add_built(i, EMRTD_EF_COM, &com);
}

static enum emrtd_error
add_sod(struct issuer *i)
{
	struct emrtd_out sod;
	enum emrtd_error error;
	uint8_t *buf = malloc(SOD_CAP);

	if (buf == NULL)
		return EMRTD_E_NO_MEMORY;
	sod = emrtd_out(buf, SOD_CAP);
	i->sod.lds_1_8 = i->profile->lds_1_8;
	i->sod.signing_time = i->profile->signing_time;
	i->sod.certificate = emrtd_card_signer(i->card);
	error = emrtd_make_sod(i->card->crypto, &i->sod, i->ds_key, &sod);
	if (error == EMRTD_OK)
		error = add_built(i, EMRTD_EF_SOD, &sod);
	free(buf);
	return error;
}

static enum emrtd_error
add_files(struct issuer *i)
{
	uint8_t buf[SMALL_FILE_CAP];
	struct emrtd_out dg1 = emrtd_out(buf, sizeof(buf));
	enum emrtd_error error;

	i->sod.hash = emrtd_issuer_key_hash(i->ds_key);
	emrtd_make_dg1(i->profile->mrz, &dg1);
	error = add_built(i, EMRTD_DG1, &dg1);
	if (error == EMRTD_OK)
		error = add_face(i);
	if (error == EMRTD_OK)
		error = add_security_infos(i);
	if (error == EMRTD_OK)
		error = add_com(i);
	if (error == EMRTD_OK)
		error = add_sod(i);
	return error;
}

/* ---- Chip -------------------------------------------------------------- */

/*
 * Historical bytes of ISO 7816-4: category, card capabilities. Selection by
 * full name, FID and SFI; units of a byte; chaining, and with extended length
 * EF.ATR/INFO that tells how much.
 */
static enum emrtd_error
add_capabilities(struct issuer *i)
{
	struct emrtd_card *card = i->card;
	uint8_t capabilities[3] = { 0x94, 0x01, card->extended ? 0xE0 : 0x80 };
	struct emrtd_out atr = emrtd_out(card->atr, sizeof(card->atr));
	uint8_t buf[SMALL_FILE_CAP], check = 0;
	struct emrtd_out info = emrtd_out(buf, sizeof(buf));

	emrtd_put_u8(&atr, 0x3B);
	emrtd_put_u8(&atr, 0x85);
	emrtd_put_u8(&atr, 0x80);
	emrtd_put_u8(&atr, 0x01);
	emrtd_put_u8(&atr, 0x80);
	emrtd_put_u8(&atr, 0x73);
	emrtd_put(&atr, emrtd_bytes(capabilities, sizeof(capabilities)));
	for (size_t n = 1; n < atr.len; n++)
		check ^= card->atr[n];
	emrtd_put_u8(&atr, check);
	card->atr_len = atr.len;
	if (!card->extended)
		return EMRTD_OK;
	emrtd_make_atr_info(capabilities, card->max_command, card->max_response,
	    &info);
	return add_built(i, EMRTD_N_FILES, &info);
}

static enum emrtd_error
add_pace(struct issuer *i)
{
	const struct emrtd_card_profile *p = i->profile;

	for (size_t n = 0; n < p->n_pace; n++) {
		struct emrtd_chip_pace *pace = &i->card->pace[n];
		uint8_t buf[64];
		struct emrtd_out oid = emrtd_out(buf, sizeof(buf));
		struct emrtd_bytes content;

		emrtd_put_oid(&oid, p->pace[n].oid);
		content = emrtd_out_bytes(&oid);
		if (!emrtd_tlv(&content, 0x06, &content))
			return EMRTD_E_ARG;
		pace->protocol = emrtd_pace_protocol_by_oid(content);
		pace->parameter_id = p->pace[n].parameter_id;
		pace->group = emrtd_group_by_id(pace->parameter_id);
		if (pace->protocol == NULL || pace->group == NULL ||
		    !emrtd_pace_protocol_fits(pace->protocol, pace->group))
			return emrtd_fail(i->diag, EMRTD_E_ARG,
			    "this PACE protocol cannot be played",
			    "Doc 9303-11 9.2.3");
	}
	i->card->n_pace = p->n_pace;
	return EMRTD_OK;
}

static enum emrtd_error
add_passwords(struct issuer *i)
{
	const struct emrtd_card_profile *p = i->profile;
	char info[MRZ_KEY_INFO_CAP];
	size_t len = 0;
	enum emrtd_error error = EMRTD_OK;

	if (p->bac || p->mrz_password) {
		if (mrz_key_info(&i->mrz, info, sizeof(info), &len) != MRZ_OK)
			return emrtd_fail(i->diag, EMRTD_E_ARG,
			    "the MRZ gives no key", "Doc 9303-11 9.7.2");
		error = emrtd_password_mrz(info, len,
		    &i->card->passwords[EMRTD_PASSWORD_MRZ].secret);
		emrtd_wipe(info, sizeof(info));
	}
	/* Kept for BAC, but no password of PACE. */
	i->card->mrz_for_pace = p->mrz_password;
	if (error == EMRTD_OK && p->can[0] != '\0')
		error = emrtd_password_can(p->can, EMRTD_CARD_CAN_LEN,
		    &i->card->passwords[EMRTD_PASSWORD_CAN].secret);
	if (error != EMRTD_OK)
		return emrtd_fail(i->diag, error,
		    "a password is not well-formed", NULL);
	if (p->n_pace > 0 && !p->mrz_password && p->can[0] == '\0')
		return emrtd_fail(i->diag, EMRTD_E_ARG,
		    "PACE needs a password: the MRZ or a CAN", NULL);
	return EMRTD_OK;
}

static enum emrtd_error
tamper(struct issuer *i)
{
	for (size_t n = 0; n < i->card->n_misbehave; n++) {
		const struct emrtd_card_misbehaviour *m =
		    &i->card->misbehave[n];
		size_t f = 0, bit = m->value;
		struct emrtd_chip_file *file;

		if (m->fault->id != EMRTD_FAULT_TAMPER)
			continue;
		while (f < i->card->n_files &&
		       i->card->files[f].id != (enum emrtd_file)m->at)
			f++;
		if (f == i->card->n_files)
			return emrtd_fail(i->diag, EMRTD_E_ARG,
			    "there is no such file to tamper with", NULL);
		file = &i->card->files[f];
		if (m->value == EMRTD_FAULT_LAST_BIT)
			bit = 8 * file->len - 1;
		if (bit / 8 >= file->len)
			return emrtd_fail(i->diag, EMRTD_E_ARG,
			    "there is no such bit to tamper with", NULL);
		file->ptr[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
	}
	return EMRTD_OK;
}

static enum emrtd_error
read_profile(struct issuer *i)
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
	if (card->chain == NULL || card->command == NULL ||
	    card->answer == NULL || card->response == NULL)
		return EMRTD_E_NO_MEMORY;
	return EMRTD_OK;
}

static enum emrtd_error
issue(struct issuer *i)
{
	static enum emrtd_error (*const steps[])(
	    struct issuer *) = { read_profile, add_passwords, add_pace,
		prepare_csca, prepare_signer, add_files, add_capabilities,
		tamper };

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
	struct issuer i = { 0 };
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
