#include "lds/security_info_profile.h"

#include "core/oid.h"
#include "lds/security_info.h"

/* Keys, and protocols with each of four ciphers, of Chip Authentication. */
#define OID_PK         "0.4.0.127.0.7.2.2.1"
#define OID_CA         "0.4.0.127.0.7.2.2.3"
#define CIPHERS        4
#define CA_VERSION_MAX 3

/* What the arcs behind OID_CA and OID_PK may be: DH, ECDH. */
static const char *const key_oids[] = { OID_PK ".1", OID_PK ".2" };
static const char *const protocol_oids[] = { OID_CA ".1", OID_CA ".2" };

struct parsed {
	struct emrtd_bytes set; /* infos, whole */
	struct emrtd_security_infos infos;
};

static bool
is_key(struct emrtd_bytes oid)
{
	return emrtd_oid_is(oid, key_oids[0]) || emrtd_oid_is(oid, key_oids[1]);
}

/* The last arc, a byte, is the cipher. */
static bool
is_protocol(struct emrtd_bytes oid)
{
	uint8_t cipher = oid.len > 0 ? oid.ptr[oid.len - 1] : 0;
	struct emrtd_bytes above = oid;

	if (cipher < 1 || cipher > CIPHERS)
		return false;
	above.len--;
	return emrtd_oid_is(above, protocol_oids[0]) ||
	       emrtd_oid_is(above, protocol_oids[1]);
}

static bool
have_unknown(struct emrtd_bytes set, const char *arc,
    bool (*is_known)(struct emrtd_bytes oid))
{
	struct emrtd_bytes whole, oid;

	while (emrtd_security_info_next(&set, &whole, &oid)) {
		if (emrtd_oid_below(oid, arc) && !is_known(oid))
			return true;
	}
	return false;
}

static bool
has_malformed(const struct parsed *dg14)
{
	return dg14->infos.malformed != 0;
}

/* Where an info is malformed nobody knows which ones there are. */
static bool
has_only(const struct parsed *dg14, size_t n, size_t n_other)
{
	return dg14->infos.malformed == 0 && n > 0 && n_other == 0;
}

static bool
has_unknown_key(const struct parsed *dg14)
{
	return have_unknown(dg14->set, OID_PK, is_key);
}

static bool
has_odd_protocol(const struct parsed *dg14)
{
	return have_unknown(dg14->set, OID_CA, is_protocol) ||
	       (!has_unknown_key(dg14) &&
		   has_only(dg14, dg14->infos.n_ca, dg14->infos.n_ca_keys));
}

static bool
has_other_version(const struct parsed *dg14)
{
	for (size_t i = 0; i < dg14->infos.n_ca; i++) {
		uint32_t version = dg14->infos.ca[i].version;

		if (version < 1 || version > CA_VERSION_MAX)
			return true;
	}
	return false;
}

static bool
lacks_protocol(const struct parsed *dg14)
{
	return has_only(dg14, dg14->infos.n_ca_keys, dg14->infos.n_ca);
}

static const struct rule {
	enum emrtd_finding_id finding;
	bool (*deviates)(const struct parsed *dg14);
} rules[] = {
	{ EMRTD_FINDING_FILE_MALFORMED_DG14, has_malformed },
	{ EMRTD_FINDING_FILE_DG14_CA_KEY_OID, has_unknown_key },
	{ EMRTD_FINDING_FILE_DG14_CA_PROTOCOL, has_odd_protocol },
	{ EMRTD_FINDING_FILE_DG14_CA_VERSION, has_other_version },
	{ EMRTD_FINDING_FILE_DG14_CA_NO_PROTOCOL, lacks_protocol },
};

void
emrtd_dg14_profile(struct emrtd_bytes file, struct emrtd_findings *out)
{
	struct parsed dg14;

	if (emrtd_dg14_parse(file, NULL, &dg14.set) != EMRTD_OK ||
	    emrtd_security_infos_parse(dg14.set, NULL, &dg14.infos) !=
		EMRTD_OK) {
		emrtd_finding_add(out, EMRTD_FINDING_FILE_MALFORMED_DG14, NULL);
		return;
	}
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		if (rules[i].deviates(&dg14))
			emrtd_finding_add(out, rules[i].finding, NULL);
	}
}
