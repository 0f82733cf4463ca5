/*
 * chip_auth_protocols.h - the table of protocols of Chip Authentication
 * (id-CA, Doc 9303-11 9.2.7): key agreement and suite by object identifier.
 */
#ifndef ACCESS_CHIP_AUTH_PROTOCOLS_H
#define ACCESS_CHIP_AUTH_PROTOCOLS_H

#include "crypto/group.h"
#include "crypto/suite.h"

struct emrtd_chip_auth_protocol {
	const char *oid;  /* dotted */
	const char *name; /* "id-CA-ECDH-AES-CBC-CMAC-128" */
	enum emrtd_group_kind kind;
	enum emrtd_suite_id suite;
};

/* NULL when oid (content of the OBJECT IDENTIFIER) is none of them. */
const struct emrtd_chip_auth_protocol *emrtd_chip_auth_protocol_by_oid(
    struct emrtd_bytes oid);
const struct emrtd_chip_auth_protocol *emrtd_chip_auth_protocol_at(
    size_t index);
size_t emrtd_chip_auth_protocol_count(void);
/*
 * What a key without a ChipAuthenticationInfo is for: 3DES of its kind
 * (Doc 9303-11 9.2.6; such documents are in use).
 */
const struct emrtd_chip_auth_protocol *emrtd_chip_auth_protocol_assumed(
    enum emrtd_group_kind kind);

#endif
