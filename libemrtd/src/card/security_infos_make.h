/*
 * security_infos_make.h - SecurityInfos, written: the content of
 * EF.CardAccess, DG14 and EF.CardSecurity, Doc 9303-11 9.2.
 */
#ifndef CARD_SECURITY_INFOS_MAKE_H
#define CARD_SECURITY_INFOS_MAKE_H

#include "card/card.h"
#include "crypto/group.h"

#define EMRTD_INFO_SET_CAP 12288
#define EMRTD_INFO_SET_MAX 48

/* Infos as they are added; 'bad' tells of overflow. */
struct emrtd_info_set {
	uint8_t bytes[EMRTD_INFO_SET_CAP];
	size_t from[EMRTD_INFO_SET_MAX + 1]; /* and the end of the last */
	size_t n;
	bool bad;
};

void emrtd_info_set_init(struct emrtd_info_set *set);

/* PACEInfo, and PACEDomainParameterInfo where it is written out. */
enum emrtd_error emrtd_info_pace(struct emrtd_info_set *set,
    const struct emrtd_card_pace_info *pace) EMRTD_MUST_USE;
/* ChipAuthenticationInfo; key_id below 0: none. */
void emrtd_info_ca(struct emrtd_info_set *set, const char *oid, int32_t key_id);
/* ChipAuthenticationPublicKeyInfo. EMRTD_E_ARG: no such form of this group. */
enum emrtd_error emrtd_info_ca_key(struct emrtd_info_set *set,
    const struct emrtd_group *group, enum emrtd_card_key_form form,
    const struct emrtd_element *public_key, int32_t key_id) EMRTD_MUST_USE;
/* ActiveAuthenticationInfo with its signature algorithm. */
void emrtd_info_aa(struct emrtd_info_set *set, const char *oid);

/* Appends the SET OF, in DER's order. */
void emrtd_put_info_set(const struct emrtd_info_set *set,
    struct emrtd_out *out);

#endif
