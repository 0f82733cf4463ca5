/*
 * The rows of the chip's own proofs: what happened on the wire, and whether
 * Passive Authentication vouches for the key that it rests on. Where nobody
 * was asked for a proof, what the signed files say that the chip offers: it is
 * 'not offered' only where something signed leaves it out.
 */
#include "reader/signed_offers.h"

#include "core/cursor.h"
#include "core/oid.h"
#include "core/tlv.h"

#define OID_CAM "0.4.0.127.0.7.2.2.4.6"
/* Keys (id-PK) and protocols (id-CA) of Chip Authentication. */
#define OID_PK "0.4.0.127.0.7.2.2.1"
#define OID_CA "0.4.0.127.0.7.2.2.3"

#define TAG_SEQUENCE 0x30
#define TAG_BITS     0x03

static const char not_asked[] = "the chip offers it, and was not asked";
static const char only_files[] = "files cannot prove a chip";

/* Is EF.SOD the word of the state that the data name? */
static bool
is_sod_vouched(const struct emrtd_result *result)
{
	static const enum emrtd_check_id needed[] = {
		EMRTD_CHECK_PA_SOD_SIGNATURE,
		EMRTD_CHECK_PA_SIGNED_ATTRIBUTES,
		EMRTD_CHECK_PA_CHAIN,
		EMRTD_CHECK_PA_DS_VALIDITY,
		EMRTD_CHECK_PA_CSCA_VALIDITY,
		EMRTD_CHECK_PA_ISSUER_COUNTRY,
	};

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		if (result->checks[needed[i]].verdict != EMRTD_PASSED)
			return false;
	}
	return true;
}

/* Is the file as the state signed it whose row of the hash this is? */
static enum emrtd_verdict
vouched(const struct emrtd_result *result, enum emrtd_check_id hash)
{
	enum emrtd_verdict v = result->checks[hash].verdict;

	if (v == EMRTD_FAILED)
		return EMRTD_FAILED;
	return v == EMRTD_PASSED && is_sod_vouched(result) ? EMRTD_PASSED
							   : EMRTD_UNDETERMINED;
}

/*
 * EF.SOD names the file with the key, and it is not there. A chip that does
 * not give it in a session that lives hides it: a copy that cannot prove
 * itself would do just so. Who did not ask knows nothing.
 */
static void
set_without_file(struct emrtd_result *result, enum emrtd_check_id id,
    enum emrtd_file file)
{
	enum emrtd_file_status status = result->files[file].status;
	bool refused = status == EMRTD_FILE_ABSENT ||
		       status == EMRTD_FILE_DENIED ||
		       status == EMRTD_FILE_MALFORMED;

	if (!result->on_chip || !refused)
		emrtd_check_set(result, id, EMRTD_NOT_RUN,
		    "EF.SOD names the file with the key, and it was not read");
	else if (is_sod_vouched(result))
		emrtd_check_set(result, id, EMRTD_FAILED,
		    "EF.SOD names the file with the key, and the chip does "
		    "not give it: a copy would hide it so");
	else
		emrtd_check_set(result, id, EMRTD_UNDETERMINED,
		    "EF.SOD, which nobody vouches for, names the file with "
		    "the key, and the chip does not give it");
}

/*
 * The row of a proof that was asked for; false when none was. 'key' says who
 * vouches for the key that it rests on.
 */
static bool
set_of_proof(struct emrtd_result *result, enum emrtd_check_id id,
    enum emrtd_proof_kind kind, enum emrtd_verdict key)
{
	const struct emrtd_proof *proof = &result->proofs[kind];

	switch (proof->verdict) {
	case EMRTD_PASSED:
		break;
	case EMRTD_FAILED:
	case EMRTD_ABORTED:
	case EMRTD_UNDETERMINED:
		emrtd_check_set_diag(result, id, proof->verdict, &proof->diag);
		return true;
	default:
		return false;
	}
	if (key == EMRTD_PASSED)
		emrtd_check_set(result, id, EMRTD_PASSED, NULL);
	else if (key == EMRTD_FAILED)
		emrtd_check_set(result, id, EMRTD_FAILED,
		    "the chip has proven a key, but not one that the state "
		    "signed");
	else
		emrtd_check_set(result, id, EMRTD_UNDETERMINED,
		    "the chip has proven a key that nobody vouches for");
	return true;
}

/* Offered and not asked for: in the words of whoever did not ask. */
static void
set_not_asked(struct emrtd_result *result, enum emrtd_check_id id,
    enum emrtd_proof_kind kind)
{
	const struct emrtd_proof *proof = &result->proofs[kind];
	const char *why = result->on_chip ? not_asked : only_files;

	if (proof->diag.what != NULL)
		emrtd_check_set_diag(result, id, EMRTD_NOT_RUN, &proof->diag);
	else
		emrtd_check_set(result, id,
		    result->on_chip ? EMRTD_NOT_RUN : EMRTD_UNDETERMINED, why);
}

static void
set_active_authentication(struct emrtd_result *result,
    const struct emrtd_offers *o)
{
	enum emrtd_check_id id = EMRTD_CHECK_CHIP_AA;

	if (set_of_proof(result, id, EMRTD_PROOF_AA,
		vouched(result, EMRTD_CHECK_PA_HASH_DG15)) ||
	    o->sod == NULL)
		return;
	if (o->sod->dg_digest[15].ptr == NULL)
		emrtd_check_set(result, id, EMRTD_NOT_OFFERED,
		    "no DG15 in EF.SOD: the chip has no key for it");
	else if (result->files[EMRTD_DG15].len == 0)
		set_without_file(result, id, EMRTD_DG15);
	else
		set_not_asked(result, id, EMRTD_PROOF_AA);
}

static void
set_chip_authentication(struct emrtd_result *result,
    const struct emrtd_offers *o)
{
	static const unsigned bits = 1u << EMRTD_INFO_CA |
				     1u << EMRTD_INFO_CA_KEY;
	enum emrtd_check_id id = EMRTD_CHECK_CHIP_CA;

	if (set_of_proof(result, id, EMRTD_PROOF_CA,
		vouched(result, EMRTD_CHECK_PA_HASH_DG14)) ||
	    o->sod == NULL)
		return;
	if (o->sod->dg_digest[14].ptr == NULL)
		emrtd_check_set(result, id, EMRTD_NOT_OFFERED,
		    "no DG14 in EF.SOD: the chip has no key for it");
	else if (!o->has_dg14)
		set_without_file(result, id, EMRTD_DG14);
	else if (emrtd_security_infos_have(o->dg14_set, OID_PK) ||
		 emrtd_security_infos_have(o->dg14_set, OID_CA) ||
		 (o->dg14.malformed & bits) != 0)
		set_not_asked(result, id, EMRTD_PROOF_CA);
	else if (result->checks[EMRTD_CHECK_PA_HASH_DG14].verdict !=
		 EMRTD_PASSED)
		emrtd_check_set(result, id, EMRTD_UNDETERMINED,
		    "DG14 has no key for it, and is not as it was signed");
	else
		emrtd_check_set(result, id, EMRTD_NOT_OFFERED,
		    "DG14 has no key for it");
}

/* The bits of a SubjectPublicKeyInfo: the key, however its group is named. */
static bool
key_bits(struct emrtd_bytes spki, struct emrtd_bytes *out)
{
	struct emrtd_bytes body, algorithm;

	return emrtd_tlv(&spki, TAG_SEQUENCE, &body) &&
	       emrtd_tlv(&body, TAG_SEQUENCE, &algorithm) &&
	       emrtd_tlv(&body, TAG_BITS, out);
}

const struct emrtd_ca_key *
emrtd_cam_key(const struct emrtd_security_infos *infos, uint32_t parameter_id)
{
	const struct emrtd_ca_key *found = NULL;

	for (size_t i = 0; i < infos->n_ca_keys; i++) {
		const struct emrtd_ca_key *key = &infos->ca_keys[i];

		if (!key->has_key_id || key->key_id != parameter_id)
			continue;
		if (found != NULL)
			return NULL;
		found = key;
	}
	if (found == NULL && infos->n_ca_keys == 1)
		found = &infos->ca_keys[0];
	return found;
}

enum emrtd_cam_tie
emrtd_cam_tie(const struct emrtd_security_infos *card_security,
    const struct emrtd_security_infos *dg14, uint32_t parameter_id)
{
	const struct emrtd_ca_key *cam = emrtd_cam_key(card_security,
	    parameter_id);
	enum emrtd_cam_tie tie = EMRTD_CAM_UNTIED;
	struct emrtd_bytes bits, other;

	if (cam == NULL || !key_bits(cam->spki, &bits))
		return EMRTD_CAM_UNTIED;
	for (size_t i = 0; i < dg14->n_ca_keys; i++) {
		const struct emrtd_ca_key *key = &dg14->ca_keys[i];

		if (key_bits(key->spki, &other) &&
		    emrtd_bytes_equal(bits, other))
			return EMRTD_CAM_TIED;
		if (key->has_key_id && cam->has_key_id &&
		    key->key_id == cam->key_id)
			tie = EMRTD_CAM_TORN;
	}
	return tie;
}

/* Does anything that was read, signed or not, say that the chip offers CAM? */
static bool
offers_cam(const struct emrtd_offers *o)
{
	return emrtd_security_infos_have(o->card_access_set, OID_CAM) ||
	       (o->has_dg14 &&
		   emrtd_security_infos_have(o->dg14_set, OID_CAM)) ||
	       (o->card_security->parsed &&
		   emrtd_security_infos_have(o->card_security->content.set,
		       OID_CAM));
}

static void
set_cam_not_run(struct emrtd_result *result, const struct emrtd_offers *o)
{
	enum emrtd_check_id id = EMRTD_CHECK_CHIP_CAM;
	enum emrtd_file_status access =
	    result->files[EMRTD_EF_CARD_ACCESS].status;

	if (offers_cam(o))
		set_not_asked(result, id, EMRTD_PROOF_CAM);
	else if (result->checks[EMRTD_CHECK_PA_HASH_DG14].verdict ==
		     EMRTD_PASSED &&
		 o->has_dg14)
		emrtd_check_set(result, id, EMRTD_NOT_OFFERED,
		    "DG14 does not offer it");
	else if (o->sod != NULL && o->sod->dg_digest[14].ptr != NULL)
		emrtd_check_set(result, id, EMRTD_UNDETERMINED,
		    "DG14, which would tell, cannot be had as it was signed");
	else if (o->has_card_access || access == EMRTD_FILE_ABSENT ||
		 access == EMRTD_FILE_DENIED)
		emrtd_check_set(result, id, EMRTD_NOT_OFFERED,
		    "EF.CardAccess does not offer it");
	else if (!result->on_chip)
		emrtd_check_set(result, id, EMRTD_UNDETERMINED,
		    "EF.CardAccess is not among the files");
	else if (access == EMRTD_FILE_NOT_REQUESTED)
		emrtd_check_set(result, id, EMRTD_NOT_RUN, NULL);
	else if (access == EMRTD_FILE_ABORTED)
		emrtd_check_set(result, id, EMRTD_UNDETERMINED,
		    "EF.CardAccess, which would tell, was not read to its end");
	else
		emrtd_check_set(result, id, EMRTD_UNDETERMINED,
		    "EF.CardAccess, which would tell, is malformed");
}

static void
set_cam(struct emrtd_result *result, const struct emrtd_offers *o)
{
	enum emrtd_check_id id = EMRTD_CHECK_CHIP_CAM;
	enum emrtd_verdict key =
	    result->checks[EMRTD_CHECK_PA_CARD_SECURITY].verdict;

	if (!set_of_proof(result, id, EMRTD_PROOF_CAM, key)) {
		set_cam_not_run(result, o);
		return;
	}
	if (result->proofs[EMRTD_PROOF_CAM].verdict != EMRTD_PASSED ||
	    !o->card_security->is_signed)
		return;
	/* Without DG14 the array is empty. */
	switch (emrtd_cam_tie(&o->card_security->content.infos, &o->dg14,
	    result->access.parameter_id)) {
	case EMRTD_CAM_TIED:
		break;
	case EMRTD_CAM_UNTIED:
		if (result->checks[id].verdict != EMRTD_PASSED)
			break;
		emrtd_check_set(result, id, EMRTD_PASSED,
		    "DG14 does not repeat the key: that it belongs to these "
		    "data shows only in that they came from the chip that "
		    "proved it");
		break;
	case EMRTD_CAM_TORN:
		emrtd_check_set(result, id, EMRTD_FAILED,
		    "DG14 names another key than the one that the chip has "
		    "proven: the data were written to another chip");
		break;
	}
}

/* Where EF.CardSecurity was not read, the row says why. */
static void
set_card_security(struct emrtd_result *result, const struct emrtd_offers *o)
{
	enum emrtd_check_id id = EMRTD_CHECK_PA_CARD_SECURITY;

	if (result->files[EMRTD_EF_CARD_SECURITY].len > 0)
		return;
	if (!offers_cam(o))
		emrtd_check_set(result, id, EMRTD_NOT_OFFERED,
		    "the chip offers no PACE-CAM, which would need it");
	else if (result->files[EMRTD_EF_CARD_SECURITY].status ==
		 EMRTD_FILE_ABSENT)
		emrtd_check_set(result, id, EMRTD_NOT_OFFERED,
		    "the chip has no EF.CardSecurity");
	else
		emrtd_check_set(result, id, EMRTD_NOT_RUN,
		    "EF.CardSecurity was not read");
}

void
emrtd_set_chip_rows(struct emrtd_result *result,
    const struct emrtd_offers *offers)
{
	set_card_security(result, offers);
	set_active_authentication(result, offers);
	set_chip_authentication(result, offers);
	set_cam(result, offers);
}
