/*
 * Issuing: the files of the document, and what is spoilt in them afterwards.
 */
#include "card/issue.h"

#include "card/aa_key.h"
#include "card/cms_make.h"
#include "card/lds_make.h"
#include "card/security_infos_make.h"
#include "core/builder.h"
#include "core/diag.h"
#include "core/wipe.h"
#include "lds/files.h"

#include <stdlib.h>
#include <string.h>

#define SIGNED_FILE_CAP 24576
#define SMALL_FILE_CAP  1024
#define INFO_FILE_CAP   (EMRTD_INFO_SET_CAP + 16)
#define FACE_EXTRA      256
#define FACE_MAX        (1 << 20)
#define TAG_DG14        0x6E
#define TAG_DG15        0x6F
#define OID_SECURITY    "0.4.0.127.0.7.3.2.1"

/* Where a file stands; only EF.CardAccess and EF.ATR/INFO are open to all. */
struct place {
	enum emrtd_file id;
	uint16_t fid;
	uint8_t sfi;
	bool in_application, locked;
	unsigned dg;
};

static enum emrtd_error
store(struct emrtd_issuer *i, const struct place *place,
    struct emrtd_bytes content)
{
	struct emrtd_chip_file *file = &i->card->files[i->card->n_files];

	if (i->card->n_files == EMRTD_CHIP_FILES_MAX)
		return EMRTD_E_LIMIT;
	file->ptr = malloc(content.len > 0 ? content.len : 1);
	if (file->ptr == NULL)
		return EMRTD_E_NO_MEMORY;
	if (content.len > 0)
		memcpy(file->ptr, content.ptr, content.len);
	file->len = content.len;
	i->card->n_files++;
	file->id = place->id;
	file->fid = place->fid;
	file->sfi = place->sfi;
	file->in_application = place->in_application;
	file->locked = place->locked;
	if (place->dg == 0)
		return EMRTD_OK;
	i->sod.numbers[i->sod.n] = place->dg;
	return emrtd_hash(i->card->crypto, i->sod.hash, &content, 1,
	    i->sod.digests[i->sod.n++]);
}

static enum emrtd_error
add_file(struct emrtd_issuer *i, enum emrtd_file id, struct emrtd_bytes content)
{
	const struct emrtd_file_info *info = emrtd_file_info(id);
	const struct place place = { id, info->fid, info->sfi,
		info->in_application, id != EMRTD_EF_CARD_ACCESS, info->dg };

	return store(i, &place, content);
}

static enum emrtd_error
add_built(struct emrtd_issuer *i, enum emrtd_file id,
    const struct emrtd_out *built)
{
	if (built->bad)
		return EMRTD_E_BUFFER;
	return add_file(i, id, emrtd_out_bytes(built));
}

static enum emrtd_error
add_face(struct emrtd_issuer *i)
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

/* ---- SecurityInfos ----------------------------------------------------- */

/* Rows of one key name it once: the first of them. */
static bool
names_key(const struct emrtd_card *card, size_t row)
{
	const struct emrtd_chip_ca_key *key = &card->ca[row];

	for (size_t n = 0; n < row; n++)
		if (card->ca[n].group == key->group &&
		    card->ca[n].has_key_id == key->has_key_id &&
		    card->ca[n].key_id == key->key_id)
			return false;
	return true;
}

static enum emrtd_error
put_ca(const struct emrtd_issuer *i, struct emrtd_info_set *set)
{
	const struct emrtd_card *card = i->card;
	enum emrtd_error error = EMRTD_OK;

	for (size_t n = 0; error == EMRTD_OK && n < card->n_ca; n++) {
		const struct emrtd_card_ca *plan = &i->profile->ca[n];

		if (plan->oid != NULL)
			emrtd_info_ca(set, plan->oid, plan->key_id);
		if (names_key(card, n))
			error = emrtd_info_ca_key(set, card->ca[n].group,
			    plan->form, &card->ca[n].public_key, plan->key_id);
	}
	return error;
}

static enum emrtd_error
put_cam(const struct emrtd_card *card, struct emrtd_info_set *set)
{
	enum emrtd_error error = EMRTD_OK;

	for (size_t n = 0; error == EMRTD_OK && n < card->n_cam; n++)
		error = emrtd_info_ca_key(set, card->cam[n].group,
		    EMRTD_CARD_FORM_STANDARDISED, &card->cam[n].public_key,
		    (int32_t)card->cam[n].key_id);
	return error;
}

static enum emrtd_error
put_pace(const struct emrtd_card_pace_info *pace, size_t n_pace,
    struct emrtd_info_set *set)
{
	enum emrtd_error error = EMRTD_OK;

	for (size_t n = 0; error == EMRTD_OK && n < n_pace; n++)
		error = emrtd_info_pace(set, &pace[n]);
	return error;
}

static enum emrtd_error
add_infos(struct emrtd_issuer *i, enum emrtd_file id,
    const struct emrtd_info_set *set)
{
	uint8_t *buf = malloc(INFO_FILE_CAP);
	struct emrtd_out out = emrtd_out(buf, INFO_FILE_CAP);
	enum emrtd_error error;
	size_t mark = 0;

	if (buf == NULL)
		return EMRTD_E_NO_MEMORY;
	if (id == EMRTD_DG14)
		mark = emrtd_open(&out, TAG_DG14);
	emrtd_put_info_set(set, &out);
	if (id == EMRTD_DG14)
		emrtd_close(&out, mark);
	error = add_built(i, id, &out);
	free(buf);
	return error;
}

static enum emrtd_error
add_card_access(struct emrtd_issuer *i)
{
	const struct emrtd_card_misbehaviour *change = emrtd_chip_fault(i->card,
	    EMRTD_FAULT_CARD_ACCESS, 0);
	struct emrtd_info_set set;
	enum emrtd_error error;

	if (i->n_pace == 0 ||
	    (change != NULL && change->value == EMRTD_FAULT_CARD_ACCESS_REMOVE))
		return EMRTD_OK;
	emrtd_info_set_init(&set);
	error = put_pace(i->pace, i->n_pace, &set);
	if (error != EMRTD_OK)
		return error;
	return add_infos(i, EMRTD_EF_CARD_ACCESS, &set);
}

/* The algorithm of ActiveAuthenticationInfo, or NULL: none is written. */
static const char *
aa_algorithm(const struct emrtd_issuer *i)
{
	if (i->card->aa == NULL || i->profile->aa.no_info)
		return NULL;
	return emrtd_aa_key_algorithm(i->card->aa);
}

/* Doc 9303-10 4.7.14: DG14 repeats what EF.CardAccess says. */
static enum emrtd_error
add_dg14(struct emrtd_issuer *i)
{
	const struct emrtd_card_profile *p = i->profile;
	struct emrtd_info_set set;
	enum emrtd_error error;

	if (p->n_pace == 0 && p->n_ca == 0 && aa_algorithm(i) == NULL)
		return EMRTD_OK;
	emrtd_info_set_init(&set);
	error = put_pace(p->pace, p->n_pace, &set);
	if (error == EMRTD_OK)
		error = put_ca(i, &set);
	if (error != EMRTD_OK)
		return error;
	if (aa_algorithm(i) != NULL)
		emrtd_info_aa(&set, aa_algorithm(i));
	return add_infos(i, EMRTD_DG14, &set);
}

static enum emrtd_error
add_dg15(struct emrtd_issuer *i)
{
	uint8_t buf[EMRTD_AA_SPKI_CAP + 8];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	enum emrtd_error error;
	size_t dg15;

	if (i->card->aa == NULL)
		return EMRTD_OK;
	dg15 = emrtd_open(&out, TAG_DG15);
	error = emrtd_aa_key_spki(i->card->aa, &out);
	emrtd_close(&out, dg15);
	if (error != EMRTD_OK)
		return error;
	return add_built(i, EMRTD_DG15, &out);
}

/*
 * Doc 9303-10 3.11.3: SecurityInfos signed as EF.SOD is, without data groups.
 * It is required with Chip Authentication Mapping.
 */
static enum emrtd_error
add_card_security(struct emrtd_issuer *i)
{
	const struct emrtd_card_profile *p = i->profile;
	struct emrtd_cms_plan cms = { .content_type = OID_SECURITY,
		.signing_time = p->signing_time,
		.certificate = emrtd_card_signer(i->card) };
	struct emrtd_info_set set;
	uint8_t *buf = NULL, *content = NULL;
	struct emrtd_out out, infos;
	enum emrtd_error error;

	if (!p->card_security && i->card->n_cam == 0)
		return EMRTD_OK;
	emrtd_info_set_init(&set);
	error = put_pace(p->pace, p->n_pace, &set);
	if (error == EMRTD_OK)
		error = put_ca(i, &set);
	if (error == EMRTD_OK)
		error = put_cam(i->card, &set);
	if (error != EMRTD_OK)
		return error;
	buf = malloc(SIGNED_FILE_CAP);
	content = malloc(INFO_FILE_CAP);
	error = EMRTD_E_NO_MEMORY;
	if (buf == NULL || content == NULL)
		goto out;
	out = emrtd_out(buf, SIGNED_FILE_CAP);
	infos = emrtd_out(content, INFO_FILE_CAP);
	emrtd_put_info_set(&set, &infos);
	cms.content = emrtd_out_bytes(&infos);
	error = infos.bad ? EMRTD_E_BUFFER
			  : emrtd_make_signed_data(i->card->crypto, &cms,
				i->ds_key, &out);
	if (error == EMRTD_OK)
		error = add_built(i, EMRTD_EF_CARD_SECURITY, &out);
out:
	free(buf);
	free(content);
	return error;
}

/* ---- The rest ---------------------------------------------------------- */

static bool
deviates(const struct emrtd_issuer *i, enum emrtd_fault_deviate where)
{
	for (size_t n = 0; n < i->card->n_misbehave; n++) {
		const struct emrtd_card_misbehaviour *m =
		    &i->card->misbehave[n];

		if (m->fault->id == EMRTD_FAULT_DEVIATE && m->value == where)
			return true;
	}
	return false;
}

static enum emrtd_error
add_com(struct emrtd_issuer *i)
{
	uint8_t buf[SMALL_FILE_CAP];
	struct emrtd_out com = emrtd_out(buf, sizeof(buf));
	emrtd_dg_set groups = 0;

	for (size_t n = 0; n < i->sod.n; n++)
		groups |= (emrtd_dg_set)1 << i->sod.numbers[n];
	if (i->profile->clone == EMRTD_CARD_CLONE_STRIPPED)
		groups &= ~((emrtd_dg_set)1 << 14 | (emrtd_dg_set)1 << 15);
	/* Of several groups the last is forgotten. */
	if (deviates(i, EMRTD_FAULT_DEVIATE_COM))
		groups &= ~((emrtd_dg_set)1 << i->sod.numbers[i->sod.n - 1]);
	emrtd_make_com(i->profile->lds_1_8, groups, &com);
	return add_built(i, EMRTD_EF_COM, &com);
}

static enum emrtd_error
add_sod(struct emrtd_issuer *i)
{
	struct emrtd_out sod;
	enum emrtd_error error;
	uint8_t *buf = malloc(SIGNED_FILE_CAP);

	if (buf == NULL)
		return EMRTD_E_NO_MEMORY;
	sod = emrtd_out(buf, SIGNED_FILE_CAP);
	i->sod.lds_1_8 = i->profile->lds_1_8;
	i->sod.signing_time = i->profile->signing_time;
	i->sod.certificate = emrtd_card_signer(i->card);
	i->sod.old_version = deviates(i, EMRTD_FAULT_DEVIATE_SOD_VERSION);
	error = emrtd_make_sod(i->card->crypto, &i->sod, i->ds_key, &sod);
	if (error == EMRTD_OK)
		error = add_built(i, EMRTD_EF_SOD, &sod);
	free(buf);
	return error;
}

static enum emrtd_error
add_ef_dir(struct emrtd_issuer *i)
{
	static const struct place place = { EMRTD_N_FILES, EMRTD_CHIP_FID_DIR,
		EMRTD_CHIP_SFI_DIR, false, true, 0 };
	uint8_t buf[SMALL_FILE_CAP];
	struct emrtd_out dir = emrtd_out(buf, sizeof(buf));

	if (!i->profile->habits.ef_dir)
		return EMRTD_OK;
	emrtd_make_ef_dir(emrtd_chip_aid(), &dir);
	return store(i, &place, emrtd_out_bytes(&dir));
}

static enum emrtd_error
add_dg1(struct emrtd_issuer *i)
{
	uint8_t buf[SMALL_FILE_CAP];
	struct emrtd_out dg1 = emrtd_out(buf, sizeof(buf));
	enum emrtd_error error;

	i->sod.hash = emrtd_issuer_key_hash(i->ds_key);
	emrtd_make_dg1(i->profile->mrz, &dg1);
	error = add_built(i, EMRTD_DG1, &dg1);
	emrtd_wipe(buf, sizeof(buf));
	return error;
}

enum emrtd_error
emrtd_issue_files(struct emrtd_issuer *i)
{
	/* Data groups in the order of their numbers, then what lists them. */
	static enum emrtd_error (*const steps[])(
	    struct emrtd_issuer *) = { add_dg1, add_face, add_card_access,
		add_dg14, add_dg15, add_card_security, add_ef_dir, add_com,
		add_sod };
	enum emrtd_error error = EMRTD_OK;

	for (size_t n = 0;
	     error == EMRTD_OK && n < sizeof(steps) / sizeof(steps[0]); n++)
		error = steps[n](i);
	return error;
}

/* ---- Chip -------------------------------------------------------------- */

/*
 * Historical bytes of ISO 7816-4: category, card capabilities. Selection by
 * full name, FID and SFI; units of a byte; chaining, and with extended length
 * EF.ATR/INFO that tells how much.
 */
enum emrtd_error
emrtd_issue_capabilities(struct emrtd_issuer *i)
{
	struct emrtd_card *card = i->card;
	/* Coding of data, units; then chaining 80, extended 40, sizes in 20. */
	uint8_t capabilities[3] = { 0x94, 0x01, 0 };
	struct emrtd_out atr = emrtd_out(card->atr, sizeof(card->atr));
	static const struct place place = { EMRTD_N_FILES, EMRTD_CHIP_FID_ATR,
		EMRTD_CHIP_SFI_ATR, false, false, 0 };
	uint8_t buf[SMALL_FILE_CAP], check = 0;
	struct emrtd_out info = emrtd_out(buf, sizeof(buf));

	if (!card->habits.no_chaining)
		capabilities[2] |= 0x80;
	if (card->extended)
		capabilities[2] |= i->profile->no_atr_info ? 0x40 : 0x60;
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
	if (!card->extended || i->profile->no_atr_info)
		return EMRTD_OK;
	emrtd_make_atr_info(capabilities, card->max_command, card->max_response,
	    &info);
	return info.bad ? EMRTD_E_BUFFER
			: store(i, &place, emrtd_out_bytes(&info));
}

/* ---- Spoilt ------------------------------------------------------------ */

static enum emrtd_error
tamper(struct emrtd_issuer *i)
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

/* A forger leaves out what would give the copy away. */
static void
hide(struct emrtd_card *card, enum emrtd_file id)
{
	size_t kept = 0;

	for (size_t n = 0; n < card->n_files; n++) {
		if (card->files[n].id == id)
			free(card->files[n].ptr);
		else
			card->files[kept++] = card->files[n];
	}
	while (card->n_files > kept)
		card->files[--card->n_files] = (struct emrtd_chip_file){ 0 };
}

enum emrtd_error
emrtd_issue_spoil(struct emrtd_issuer *i)
{
	if (i->profile->clone == EMRTD_CARD_CLONE_STRIPPED) {
		hide(i->card, EMRTD_DG14);
		hide(i->card, EMRTD_DG15);
		hide(i->card, EMRTD_EF_CARD_SECURITY);
	}
	return tamper(i);
}
