#include "reader/issuer_state.h"

#include "core/cursor.h"
#include "core/tlv.h"

#include <string.h>

#define OID_LOCALITY         "2.5.4.7"
#define OID_STATE            "2.5.4.8"
#define OID_SUBJECT_ALT_NAME "2.5.29.17"
#define OID_ISSUER_ALT_NAME  "2.5.29.18"

#define TAG_SEQUENCE       0x30
#define TAG_DIRECTORY_NAME 0xA4

/* What an alternative name says; empty where it does not. */
struct alt_name {
	char locality[4], state[4];
};

static bool
find_alt_name(const struct emrtd_certificate *c, const char *oid,
    struct alt_name *out)
{
	struct emrtd_bytes value, names, name;
	bool critical;
	uint32_t tag;

	memset(out, 0, sizeof(*out));
	if (!emrtd_certificate_extension(c, oid, &critical, &value) ||
	    !emrtd_tlv(&value, TAG_SEQUENCE, &names))
		return false;
	while (emrtd_tlv_any(&names, &tag, &name)) {
		if (tag != TAG_DIRECTORY_NAME)
			continue;
		emrtd_name_code(name, OID_LOCALITY, out->locality);
		emrtd_name_code(name, OID_STATE, out->state);
		return out->locality[0] != '\0';
	}
	return false;
}

/*
 * Issuers that certificates name by the code of another one. Without a row the
 * code of the document and that of the certificate have to be of one state.
 */
static const struct {
	const char *issuer;  /* in DG1 */
	const char *country; /* in the certificate */
	const char *state;   /* of the alternative name; NULL: not looked at */
} others[] = {
	/* Doc 9303-3 5, part B: the United Kingdom issues for all of them. */
	{ "GBD", "GB", NULL },
	{ "GBN", "GB", NULL },
	{ "GBO", "GB", NULL },
	{ "GBP", "GB", NULL },
	{ "GBS", "GB", NULL },
	/* Doc 9303-3 5, part C: the organization and its missions. */
	{ "UNK", "UN", NULL },
	/* Doc 9303-12 7.1.1.2 and 7.1.1.4; as published certificates have it.
	 */
	{ "HKG", "CN", "HKG" },
	{ "MAC", "CN", "MAC" },
};

#define N_OTHERS (sizeof(others) / sizeof(others[0]))

/* ISO 3166-1 leaves these to users: they name no country. */
static bool
is_user_assigned(const char *code)
{
	return strcmp(code, "AA") == 0 || strcmp(code, "ZZ") == 0 ||
	       (code[0] == 'X' && code[1] != 'K') ||
	       (code[0] == 'Q' && code[1] >= 'M');
}

static enum emrtd_same_state
by_other_code(const struct emrtd_certificate *c, const char *code,
    const char *issuer)
{
	struct alt_name alt;

	for (size_t i = 0; i < N_OTHERS; i++) {
		if (strcmp(others[i].issuer, issuer) != 0 ||
		    strcmp(others[i].country, code) != 0)
			continue;
		if (others[i].state == NULL)
			return EMRTD_STATE_SAME;
		if (!find_alt_name(c, OID_SUBJECT_ALT_NAME, &alt) &&
		    !find_alt_name(c, OID_ISSUER_ALT_NAME, &alt))
			return EMRTD_STATE_UNKNOWN;
		return strcmp(alt.state, others[i].state) == 0 ||
			       strcmp(alt.locality, others[i].state) == 0
			   ? EMRTD_STATE_SAME
			   : EMRTD_STATE_OTHER;
	}
	return EMRTD_STATE_OTHER;
}

/* As published certificates have it: a CSCA of San Marino that says no more. */
static bool
is_san_marino(const struct emrtd_certificate *c)
{
	char name[EMRTD_NAME_CAP];

	emrtd_name_text(c->subject, name);
	return strcmp(name, "CN=RSM-CSCA") == 0;
}

/* These have a country's code, and need no alternative name. */
static bool
is_state(const struct mrz_country *issuer)
{
	return issuer->kind == MRZ_COUNTRY_ISO ||
	       issuer->kind == MRZ_COUNTRY_NOT_FOR_MRZ ||
	       issuer->kind == MRZ_COUNTRY_STATE;
}

static enum emrtd_same_state
by_alt_name(const struct emrtd_certificate *c, const struct mrz_country *issuer)
{
	struct alt_name alt;

	/* It does name somebody, and not this state. */
	if (is_state(issuer) ||
	    (!find_alt_name(c, OID_SUBJECT_ALT_NAME, &alt) &&
		!find_alt_name(c, OID_ISSUER_ALT_NAME, &alt)))
		return EMRTD_STATE_OTHER;
	return strcmp(alt.locality, issuer->code3) == 0 ? EMRTD_STATE_SAME
							: EMRTD_STATE_OTHER;
}

enum emrtd_same_state
emrtd_issuer_state(const struct emrtd_certificate *c,
    const struct mrz_country *state)
{
	char code[4];

	emrtd_name_country(c->subject, code);
	if (code[0] == '\0')
		return strcmp(state->code3, "SMR") == 0 && is_san_marino(c)
			   ? EMRTD_STATE_SAME
			   : EMRTD_STATE_UNKNOWN;
	if (strcmp(code, state->code2) == 0 || strcmp(code, state->code3) == 0)
		return EMRTD_STATE_SAME;
	if (strlen(code) == 2 && is_user_assigned(code))
		return by_alt_name(c, state);
	return by_other_code(c, code, state->code3);
}
