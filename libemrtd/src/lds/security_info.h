/*
 * security_info.h - SecurityInfos, Doc 9303-11 9.2: EF.CardAccess, later DG14
 * and EF.CardSecurity. Unknown infos are skipped, never refused.
 */
#ifndef LDS_SECURITY_INFO_H
#define LDS_SECURITY_INFO_H

#include "core/cursor.h"

#define EMRTD_PACE_INFOS_MAX 16

struct emrtd_pace_info {
	struct emrtd_bytes oid; /* content of the OBJECT IDENTIFIER */
	bool has_parameter_id;
	uint32_t parameter_id;
};

struct emrtd_card_access {
	struct emrtd_pace_info pace[EMRTD_PACE_INFOS_MAX];
	size_t n_pace;
	size_t n_infos; /* all SecurityInfos, unknown ones included */
};

/* file: SET OF SecurityInfo; filler after it is allowed. */
enum emrtd_error emrtd_card_access_parse(struct emrtd_bytes file,
    struct emrtd_diag *diag, struct emrtd_card_access *out) EMRTD_MUST_USE;

/*
 * The SecurityInfos of DG14, Doc 9303-10 4.7.14: 6E{31{...}}. *infos is the
 * content of the SET, for emrtd_security_info_next.
 */
enum emrtd_error emrtd_dg14_parse(struct emrtd_bytes file,
    struct emrtd_diag *diag, struct emrtd_bytes *infos) EMRTD_MUST_USE;
/* The content of the SET of EF.CardAccess; false when it is none. */
bool emrtd_card_access_infos(struct emrtd_bytes file,
    struct emrtd_bytes *infos);
/* The next SecurityInfo, whole and its OID; false at the end or malformed. */
bool emrtd_security_info_next(struct emrtd_bytes *infos,
    struct emrtd_bytes *whole, struct emrtd_bytes *oid);
/* True when one of them has an OID at or below this one. */
bool emrtd_security_infos_have(struct emrtd_bytes infos, const char *dotted);
/* True when one of them is this, byte for byte. */
bool emrtd_security_infos_contain(struct emrtd_bytes infos,
    struct emrtd_bytes whole);

#endif
