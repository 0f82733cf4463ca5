#include "access/chip_auth_protocols.h"

#include "core/oid.h"

#define ID_CA "0.4.0.127.0.7.2.2.3."

/* Key agreement, then the suite. */
static const struct emrtd_chip_auth_protocol protocols[] = {
	{ ID_CA "1.1", "id-CA-DH-3DES-CBC-CBC", EMRTD_GROUP_DH, EMRTD_3DES },
	{ ID_CA "1.2", "id-CA-DH-AES-CBC-CMAC-128", EMRTD_GROUP_DH,
	    EMRTD_AES128 },
	{ ID_CA "1.3", "id-CA-DH-AES-CBC-CMAC-192", EMRTD_GROUP_DH,
	    EMRTD_AES192 },
	{ ID_CA "1.4", "id-CA-DH-AES-CBC-CMAC-256", EMRTD_GROUP_DH,
	    EMRTD_AES256 },
	{ ID_CA "2.1", "id-CA-ECDH-3DES-CBC-CBC", EMRTD_GROUP_EC, EMRTD_3DES },
	{ ID_CA "2.2", "id-CA-ECDH-AES-CBC-CMAC-128", EMRTD_GROUP_EC,
	    EMRTD_AES128 },
	{ ID_CA "2.3", "id-CA-ECDH-AES-CBC-CMAC-192", EMRTD_GROUP_EC,
	    EMRTD_AES192 },
	{ ID_CA "2.4", "id-CA-ECDH-AES-CBC-CMAC-256", EMRTD_GROUP_EC,
	    EMRTD_AES256 },
};

#define N_PROTOCOLS (sizeof(protocols) / sizeof(protocols[0]))

const struct emrtd_chip_auth_protocol *
emrtd_chip_auth_protocol_by_oid(struct emrtd_bytes oid)
{
	for (size_t i = 0; i < N_PROTOCOLS; i++) {
		if (emrtd_oid_is(oid, protocols[i].oid))
			return &protocols[i];
	}
	return NULL;
}

const struct emrtd_chip_auth_protocol *
emrtd_chip_auth_protocol_at(size_t index)
{
	return index < N_PROTOCOLS ? &protocols[index] : NULL;
}

size_t
emrtd_chip_auth_protocol_count(void)
{
	return N_PROTOCOLS;
}

const struct emrtd_chip_auth_protocol *
emrtd_chip_auth_protocol_assumed(enum emrtd_group_kind kind)
{
	for (size_t i = 0; i < N_PROTOCOLS; i++) {
		if (protocols[i].kind == kind &&
		    protocols[i].suite == EMRTD_3DES)
			return &protocols[i];
	}
	return NULL;
}
