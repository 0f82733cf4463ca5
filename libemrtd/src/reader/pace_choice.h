/*
 * pace_choice.h - which of the variants of PACE that EF.CardAccess offers is
 * run, Doc 9303-11 4.2 and 9.2.1.
 */
#ifndef READER_PACE_CHOICE_H
#define READER_PACE_CHOICE_H

#include "access/pace_protocols.h"
#include "lds/security_info.h"

struct emrtd_pace_choice {
	const struct emrtd_pace_protocol *protocol;
	const struct emrtd_group *group;
	bool has_parameter_id; /* the chip has a number for the group */
	uint8_t parameter_id;
	bool is_ambiguous; /* it has several: MSE:Set AT must say which */
};

/*
 * The best that we can run: Chip Authentication Mapping, then the stronger
 * suite, the stronger group, a curve, and what comes first in the file.
 * Domain parameters that the chip writes out are taken when they are those of
 * a group of the standard; others could be made so that the password leaks.
 * False when there is none.
 */
bool emrtd_pace_choose(struct emrtd_crypto *crypto,
    const struct emrtd_security_infos *infos, struct emrtd_pace_choice *out);

#endif
