#include "access/pace_protocols.h"

#include "access/pace_map.h"
#include "core/oid.h"

#define ID_PACE "0.4.0.127.0.7.2.2.4."

/* Doc 9303-11 9.2.3: key agreement and mapping, then the suite. */
static const struct emrtd_pace_protocol protocols[] = {
	{ ID_PACE "1.1", "id-PACE-DH-GM-3DES-CBC-CBC", false, EMRTD_PACE_GM,
	    EMRTD_3DES },
	{ ID_PACE "1.2", "id-PACE-DH-GM-AES-CBC-CMAC-128", false, EMRTD_PACE_GM,
	    EMRTD_AES128 },
	{ ID_PACE "1.3", "id-PACE-DH-GM-AES-CBC-CMAC-192", false, EMRTD_PACE_GM,
	    EMRTD_AES192 },
	{ ID_PACE "1.4", "id-PACE-DH-GM-AES-CBC-CMAC-256", false, EMRTD_PACE_GM,
	    EMRTD_AES256 },
	{ ID_PACE "2.1", "id-PACE-ECDH-GM-3DES-CBC-CBC", true, EMRTD_PACE_GM,
	    EMRTD_3DES },
	{ ID_PACE "2.2", "id-PACE-ECDH-GM-AES-CBC-CMAC-128", true,
	    EMRTD_PACE_GM, EMRTD_AES128 },
	{ ID_PACE "2.3", "id-PACE-ECDH-GM-AES-CBC-CMAC-192", true,
	    EMRTD_PACE_GM, EMRTD_AES192 },
	{ ID_PACE "2.4", "id-PACE-ECDH-GM-AES-CBC-CMAC-256", true,
	    EMRTD_PACE_GM, EMRTD_AES256 },
	{ ID_PACE "3.1", "id-PACE-DH-IM-3DES-CBC-CBC", false, EMRTD_PACE_IM,
	    EMRTD_3DES },
	{ ID_PACE "3.2", "id-PACE-DH-IM-AES-CBC-CMAC-128", false, EMRTD_PACE_IM,
	    EMRTD_AES128 },
	{ ID_PACE "3.3", "id-PACE-DH-IM-AES-CBC-CMAC-192", false, EMRTD_PACE_IM,
	    EMRTD_AES192 },
	{ ID_PACE "3.4", "id-PACE-DH-IM-AES-CBC-CMAC-256", false, EMRTD_PACE_IM,
	    EMRTD_AES256 },
	{ ID_PACE "4.1", "id-PACE-ECDH-IM-3DES-CBC-CBC", true, EMRTD_PACE_IM,
	    EMRTD_3DES },
	{ ID_PACE "4.2", "id-PACE-ECDH-IM-AES-CBC-CMAC-128", true,
	    EMRTD_PACE_IM, EMRTD_AES128 },
	{ ID_PACE "4.3", "id-PACE-ECDH-IM-AES-CBC-CMAC-192", true,
	    EMRTD_PACE_IM, EMRTD_AES192 },
	{ ID_PACE "4.4", "id-PACE-ECDH-IM-AES-CBC-CMAC-256", true,
	    EMRTD_PACE_IM, EMRTD_AES256 },
	{ ID_PACE "6.2", "id-PACE-ECDH-CAM-AES-CBC-CMAC-128", true,
	    EMRTD_PACE_CAM, EMRTD_AES128 },
	{ ID_PACE "6.3", "id-PACE-ECDH-CAM-AES-CBC-CMAC-192", true,
	    EMRTD_PACE_CAM, EMRTD_AES192 },
	{ ID_PACE "6.4", "id-PACE-ECDH-CAM-AES-CBC-CMAC-256", true,
	    EMRTD_PACE_CAM, EMRTD_AES256 },
};

#define N_PROTOCOLS (sizeof(protocols) / sizeof(protocols[0]))

const struct emrtd_pace_protocol *
emrtd_pace_protocol_by_oid(struct emrtd_bytes oid)
{
	for (size_t i = 0; i < N_PROTOCOLS; i++) {
		if (emrtd_oid_is(oid, protocols[i].oid))
			return &protocols[i];
	}
	return NULL;
}

bool
emrtd_pace_protocol_fits(const struct emrtd_pace_protocol *protocol,
    const struct emrtd_group *group)
{
	const struct emrtd_pace_map *map = emrtd_pace_map_row(
	    protocol->mapping);

	return protocol->ecdh == (group->kind == EMRTD_GROUP_EC) &&
	       (map->can == NULL || map->can(group));
}

const struct emrtd_pace_protocol *
emrtd_pace_protocol_at(size_t index)
{
	return index < N_PROTOCOLS ? &protocols[index] : NULL;
}

size_t
emrtd_pace_protocol_count(void)
{
	return N_PROTOCOLS;
}
