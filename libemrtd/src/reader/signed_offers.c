#include "reader/signed_offers.h"

#include "core/cursor.h"
#include "core/oid.h"

#include <string.h>

#define OID_PACE "0.4.0.127.0.7.2.2.4"

static bool
read_dg14(struct emrtd_result *result, struct emrtd_offers *out)
{
	struct emrtd_bytes file = emrtd_result_file(result, EMRTD_DG14);

	if (file.len == 0)
		return false;
	if (emrtd_dg14_parse(file, NULL, &out->dg14_set) == EMRTD_OK &&
	    emrtd_security_infos_parse(out->dg14_set, NULL, &out->dg14) ==
		EMRTD_OK)
		return true;
	result->files[EMRTD_DG14].status = EMRTD_FILE_MALFORMED;
	memset(&out->dg14, 0, sizeof(out->dg14));
	return false;
}

/* Whole: an element that is none would end the comparison early. */
static bool
read_card_access(const struct emrtd_result *result, struct emrtd_bytes *infos)
{
	struct emrtd_bytes file = emrtd_result_file(result,
	    EMRTD_EF_CARD_ACCESS);
	struct emrtd_bytes rest, whole, oid;

	if (!emrtd_card_access_infos(file, infos))
		return false;
	rest = *infos;
	while (emrtd_security_info_next(&rest, &whole, &oid))
		continue;
	return emrtd_end(&rest);
}

/*
 * All of EF.CardAccess must be in the signed copy, and its PACE part the other
 * way, too: what is missing in EF.CardAccess somebody may have taken out, to
 * force BAC, or PACE without the chip's proof.
 */
static bool
is_copy(struct emrtd_bytes card_access, struct emrtd_bytes copy)
{
	struct emrtd_bytes whole, oid, rest = card_access;

	while (emrtd_security_info_next(&rest, &whole, &oid)) {
		if (!emrtd_security_infos_contain(copy, whole))
			return false;
	}
	rest = copy;
	while (emrtd_security_info_next(&rest, &whole, &oid)) {
		if (emrtd_oid_below(oid, OID_PACE) &&
		    !emrtd_security_infos_contain(card_access, whole))
			return false;
	}
	return true;
}

static bool
names_dg14(const struct emrtd_offers *o)
{
	return o->sod != NULL && o->sod->dg_digest[14].ptr != NULL;
}

/* Why the copies cannot be compared, or NULL; *verdict is then the row's. */
static const char *
no_comparison(const struct emrtd_result *result, const struct emrtd_offers *o,
    enum emrtd_verdict *verdict)
{
	struct emrtd_bytes file = emrtd_result_file(result,
	    EMRTD_EF_CARD_ACCESS);

	*verdict = EMRTD_NOT_OFFERED;
	if (!names_dg14(o) && !o->card_security->parsed)
		return "no DG14 and no EF.CardSecurity that could repeat "
		       "EF.CardAccess";
	*verdict = EMRTD_NOT_RUN;
	if (file.len == 0 && !result->on_chip)
		return "EF.CardAccess is not among the files";
	*verdict = EMRTD_UNDETERMINED;
	if (names_dg14(o) && !o->has_dg14)
		return "DG14, which would confirm EF.CardAccess, was not read";
	if (names_dg14(o) &&
	    result->checks[EMRTD_CHECK_PA_HASH_DG14].verdict != EMRTD_PASSED)
		return "DG14 is not as it was signed";
	if (!names_dg14(o) && !o->card_security->is_signed)
		return "nobody vouches for EF.CardSecurity, which would "
		       "confirm EF.CardAccess";
	*verdict = EMRTD_FAILED;
	if (file.len > 0 && !o->has_card_access)
		return "EF.CardAccess is malformed";
	return NULL;
}

/*
 * Doc 9303-11 4.2 and 9.2.11: a difference is an attack, as long as the copy
 * is signed. Where there are two copies, both must agree.
 */
static void
check_copy(struct emrtd_result *result, const struct emrtd_offers *o)
{
	enum emrtd_check_id id = EMRTD_CHECK_PA_CARD_ACCESS_COPY;
	enum emrtd_verdict verdict;
	const char *why = no_comparison(result, o, &verdict);

	if (why == NULL && names_dg14(o) &&
	    !is_copy(o->card_access_set, o->dg14_set))
		why = "EF.CardAccess is not what DG14 says: somebody may have "
		      "forced a weaker access control";
	else if (why == NULL && o->card_security->is_signed &&
		 !is_copy(o->card_access_set, o->card_security->content.set))
		why = "EF.CardAccess is not what EF.CardSecurity says: "
		      "somebody may have forced a weaker access control";
	else if (why == NULL)
		verdict = EMRTD_PASSED;
	emrtd_check_set(result, id, verdict, why);
}

/*
 * PACE by the signed word of DG14, and yet something weaker was used. What the
 * reader lacks, or has told before, is no attack.
 */
static void
check_downgrade(struct emrtd_result *result, const struct emrtd_offers *o)
{
	enum emrtd_check_id id = EMRTD_CHECK_ACCESS_DOWNGRADE;

	if (!result->on_chip || result->access.protocol == EMRTD_ACCESS_PACE ||
	    !names_dg14(o) || result->checks[id].verdict == EMRTD_FAILED ||
	    result->checks[EMRTD_CHECK_ACCESS_PACE].verdict ==
		EMRTD_UNDETERMINED)
		return;
	if (!o->has_dg14 ||
	    result->checks[EMRTD_CHECK_PA_HASH_DG14].verdict != EMRTD_PASSED)
		emrtd_check_set(result, id, EMRTD_UNDETERMINED,
		    "DG14, which would tell, cannot be had as it was signed");
	else if (emrtd_security_infos_have(o->dg14_set, OID_PACE))
		emrtd_check_set(result, id, EMRTD_FAILED,
		    "DG14 says that the chip offers PACE, EF.CardAccess did "
		    "not, and something weaker was used");
}

void
emrtd_check_signed_offers(struct emrtd_result *result,
    const struct emrtd_sod *sod,
    const struct emrtd_card_security_file *card_security)
{
	struct emrtd_offers offers;

	memset(&offers, 0, sizeof(offers));
	offers.sod = sod;
	offers.card_security = card_security;
	offers.has_dg14 = read_dg14(result, &offers);
	offers.has_card_access = read_card_access(result,
	    &offers.card_access_set);
	if (!offers.has_card_access) {
		offers.card_access_set = emrtd_bytes(NULL, 0);
		if (result->files[EMRTD_EF_CARD_ACCESS].len > 0)
			result->files[EMRTD_EF_CARD_ACCESS].status =
			    EMRTD_FILE_MALFORMED;
	}
	emrtd_set_chip_rows(result, &offers);
	if (sod == NULL)
		return;
	check_copy(result, &offers);
	check_downgrade(result, &offers);
}
