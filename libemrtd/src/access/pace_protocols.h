/*
 * pace_protocols.h - the table of PACE protocols (Doc 9303-11 9.2.3): key
 * agreement, mapping and suite by object identifier.
 */
#ifndef ACCESS_PACE_PROTOCOLS_H
#define ACCESS_PACE_PROTOCOLS_H

#include "crypto/group.h"
#include "crypto/suite.h"

enum emrtd_pace_mapping {
	EMRTD_PACE_GM,
	EMRTD_PACE_IM,
	EMRTD_PACE_CAM
};

struct emrtd_pace_protocol {
	const char *oid;  /* dotted */
	const char *name; /* "id-PACE-ECDH-GM-AES-CBC-CMAC-128" */
	bool ecdh;
	enum emrtd_pace_mapping mapping;
	enum emrtd_suite_id suite;
};

const struct emrtd_pace_protocol *emrtd_pace_protocol_by_oid(
    struct emrtd_bytes oid);
/*
 * The group is of the protocol's kind, and its mapping works in it: the
 * integrated one does not on P-224.
 */
bool emrtd_pace_protocol_fits(const struct emrtd_pace_protocol *protocol,
    const struct emrtd_group *group);
const struct emrtd_pace_protocol *emrtd_pace_protocol_at(size_t index);
size_t emrtd_pace_protocol_count(void);

#endif
