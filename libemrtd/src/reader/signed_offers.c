#include "reader/signed_offers.h"

#include "core/cursor.h"
#include "core/oid.h"
#include "lds/security_info.h"

#define OID_PACE "0.4.0.127.0.7.2.2.4"
#define OID_CAM  "0.4.0.127.0.7.2.2.4.6"
/* Keys (id-PK) and protocols (id-CA) of Chip Authentication. */
#define OID_PK "0.4.0.127.0.7.2.2.1"
#define OID_CA "0.4.0.127.0.7.2.2.3"

static void
check_active_authentication(struct emrtd_result *result,
    const struct emrtd_sod *sod)
{
	bool offered = sod->dg_digest[15].ptr != NULL;

	emrtd_check_set(result, EMRTD_CHECK_CHIP_AA,
	    offered ? EMRTD_NOT_RUN : EMRTD_NOT_OFFERED,
	    offered ? "the chip has DG15, and this version cannot ask for it"
		    : "no DG15 in EF.SOD: the chip has no key for it");
}

/* The SecurityInfos of DG14 as it was read; empty and false without it. */
static bool
read_dg14(struct emrtd_result *result, struct emrtd_bytes *infos)
{
	struct emrtd_bytes file = emrtd_result_file(result, EMRTD_DG14);

	if (file.len == 0)
		return false;
	if (emrtd_dg14_parse(file, NULL, infos) == EMRTD_OK)
		return true;
	result->files[EMRTD_DG14].status = EMRTD_FILE_MALFORMED;
	return false;
}

static void
check_chip_authentication(struct emrtd_result *result,
    const struct emrtd_sod *sod, const struct emrtd_bytes *infos)
{
	enum emrtd_check_id id = EMRTD_CHECK_CHIP_CA;

	if (sod->dg_digest[14].ptr == NULL)
		emrtd_check_set(result, id, EMRTD_NOT_OFFERED,
		    "no DG14 in EF.SOD: the chip has no key for it");
	else if (infos == NULL)
		emrtd_check_set(result, id, EMRTD_NOT_RUN,
		    "DG14 was not read, or is malformed");
	else if (emrtd_security_infos_have(*infos, OID_PK) ||
		 emrtd_security_infos_have(*infos, OID_CA))
		emrtd_check_set(result, id, EMRTD_NOT_RUN,
		    "DG14 has a key for it, and this version cannot ask for "
		    "it");
	else
		emrtd_check_set(result, id, EMRTD_NOT_OFFERED,
		    "DG14 has no key for it");
}

/*
 * The PACE part of the one must be in the other, both ways: what is missing
 * in EF.CardAccess somebody may have taken out, to force BAC.
 */
static bool
same_pace_infos(struct emrtd_bytes a, struct emrtd_bytes b)
{
	struct emrtd_bytes whole, oid, rest = a;

	while (emrtd_security_info_next(&rest, &whole, &oid)) {
		if (!emrtd_security_infos_contain(b, whole))
			return false;
	}
	rest = b;
	while (emrtd_security_info_next(&rest, &whole, &oid)) {
		if (emrtd_oid_below(oid, OID_PACE) &&
		    !emrtd_security_infos_contain(a, whole))
			return false;
	}
	return true;
}

/* Whole: an element that is none would end the comparison early. */
static bool
read_card_access(struct emrtd_bytes file, struct emrtd_bytes *infos)
{
	struct emrtd_bytes rest, whole, oid;

	if (!emrtd_card_access_infos(file, infos))
		return false;
	rest = *infos;
	while (emrtd_security_info_next(&rest, &whole, &oid))
		continue;
	return emrtd_end(&rest);
}

/* Doc 9303-11 4.2: a difference is an attack, as long as DG14 is signed. */
static void
check_copy(struct emrtd_result *result, const struct emrtd_sod *sod,
    const struct emrtd_bytes *dg14)
{
	enum emrtd_check_id id = EMRTD_CHECK_PA_CARD_ACCESS_COPY;
	struct emrtd_bytes file = emrtd_result_file(result,
	    EMRTD_EF_CARD_ACCESS);
	struct emrtd_bytes infos = emrtd_bytes(NULL, 0);

	if (sod->dg_digest[14].ptr == NULL) {
		emrtd_check_set(result, id, EMRTD_NOT_OFFERED,
		    "no DG14 that could repeat EF.CardAccess");
		return;
	}
	if (file.len == 0 && !result->on_chip) {
		emrtd_check_set(result, id, EMRTD_NOT_RUN,
		    "EF.CardAccess is not among the files");
		return;
	}
	if (dg14 == NULL) {
		emrtd_check_set(result, id, EMRTD_UNDETERMINED,
		    "DG14, which would confirm EF.CardAccess, was not read");
		return;
	}
	if (result->checks[EMRTD_CHECK_PA_HASH_DG14].verdict != EMRTD_PASSED) {
		emrtd_check_set(result, id, EMRTD_UNDETERMINED,
		    "DG14 is not as it was signed");
		return;
	}
	if (file.len > 0 && !read_card_access(file, &infos)) {
		emrtd_check_set(result, id, EMRTD_FAILED,
		    "EF.CardAccess is malformed");
		return;
	}
	/* With chip authentication mapping the copy is in EF.CardSecurity. */
	if (emrtd_security_infos_have(infos, OID_CAM))
		emrtd_check_set(result, id, EMRTD_NOT_RUN,
		    "this version does not read EF.CardSecurity");
	else if (same_pace_infos(infos, *dg14))
		emrtd_check_set(result, id, EMRTD_PASSED, NULL);
	else
		emrtd_check_set(result, id, EMRTD_FAILED,
		    "EF.CardAccess is not what DG14 says: somebody may have "
		    "forced a weaker access control");
}

/*
 * PACE by the signed word of DG14, and yet something weaker was used. What the
 * reader lacks has been said before, and is no attack.
 */
static void
check_downgrade(struct emrtd_result *result, const struct emrtd_sod *sod,
    const struct emrtd_bytes *dg14)
{
	if (!result->on_chip || result->access.protocol == EMRTD_ACCESS_PACE ||
	    sod->dg_digest[14].ptr == NULL ||
	    result->checks[EMRTD_CHECK_ACCESS_PACE].verdict ==
		EMRTD_UNDETERMINED)
		return;
	if (dg14 == NULL ||
	    result->checks[EMRTD_CHECK_PA_HASH_DG14].verdict != EMRTD_PASSED) {
		emrtd_check_set(result, EMRTD_CHECK_ACCESS_DOWNGRADE,
		    EMRTD_UNDETERMINED,
		    "DG14, which would tell, cannot be had as it was signed");
		return;
	}
	if (emrtd_security_infos_have(*dg14, OID_PACE))
		emrtd_check_set(result, EMRTD_CHECK_ACCESS_DOWNGRADE,
		    EMRTD_FAILED,
		    "DG14 says that the chip offers PACE, EF.CardAccess did "
		    "not, and "
		    "something weaker was used");
}

void
emrtd_check_signed_offers(struct emrtd_result *result,
    const struct emrtd_sod *sod)
{
	struct emrtd_bytes infos;
	bool has_dg14;

	if (sod == NULL)
		return;
	has_dg14 = read_dg14(result, &infos);
	check_active_authentication(result, sod);
	check_chip_authentication(result, sod, has_dg14 ? &infos : NULL);
	check_copy(result, sod, has_dg14 ? &infos : NULL);
	check_downgrade(result, sod, has_dg14 ? &infos : NULL);
}
