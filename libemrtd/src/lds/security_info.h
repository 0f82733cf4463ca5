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

#endif
