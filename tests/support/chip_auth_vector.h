/*
 * The columns of tests/vectors/chip_auth.txt: one agreement a line, by both
 * sides.
 */
#ifndef MRTD_CHIP_AUTH_VECTOR_H
#define MRTD_CHIP_AUTH_VECTOR_H

#include "access/chip_auth_protocols.h"
#include "test.h"

#include <string.h>

enum column {
	OID,
	PARAMETER,
	READER_PRIVATE,
	READER_PUBLIC,
	CHIP_PRIVATE,
	CHIP_PUBLIC,
	SHARED,
	K_ENC,
	K_MAC,
	N_COLUMNS
};

static inline const struct emrtd_chip_auth_protocol *
protocol_by_text(const char *oid)
{
	for (size_t i = 0; i < emrtd_chip_auth_protocol_count(); i++) {
		const struct emrtd_chip_auth_protocol *p =
		    emrtd_chip_auth_protocol_at(i);

		if (strcmp(p->oid, oid) == 0)
			return p;
	}
	fail_msg("no protocol %s", oid);
	return NULL;
}

#endif
