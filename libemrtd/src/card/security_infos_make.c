#include "card/security_infos_make.h"

#include "card/issuer_key.h"
#include "core/builder.h"
#include "core/oid.h"

#include <string.h>

#define OID_PK_DH              "0.4.0.127.0.7.2.2.1.1"
#define OID_PK_ECDH            "0.4.0.127.0.7.2.2.1.2"
#define OID_AA                 "2.23.136.1.1.5"
#define OID_STANDARDISED       "0.4.0.127.0.7.1.2"
#define OID_EC_PUBLIC_KEY      "1.2.840.10045.2.1"
#define OID_DH_X942            "1.2.840.10046.2.1"
#define OID_DH_PKCS3           "1.2.840.113549.1.3.1"
#define PACE_VERSION           2
#define CA_VERSION             1
#define AA_VERSION             1
#define OID_WITHOUT_CIPHER_CAP 40

enum der_tag {
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31
};

void
emrtd_info_set_init(struct emrtd_info_set *set)
{
	set->n = 0;
	set->from[0] = 0;
	set->bad = false;
}

/* Where the next info goes. */
static struct emrtd_out
next(struct emrtd_info_set *set)
{
	struct emrtd_out out = emrtd_out(set->bytes, sizeof(set->bytes));

	out.len = set->from[set->n];
	return out;
}

static void
added(struct emrtd_info_set *set, const struct emrtd_out *out)
{
	if (out->bad || set->n == EMRTD_INFO_SET_MAX)
		set->bad = true;
	else
		set->from[++set->n] = out->len;
}

/* A non-negative INTEGER out of its digits of any length. */
static void
put_number(struct emrtd_out *out, struct emrtd_bytes digits)
{
	bool sign;

	while (digits.len > 1 && digits.ptr[0] == 0)
		digits = emrtd_bytes(digits.ptr + 1, digits.len - 1);
	sign = digits.len > 0 && (digits.ptr[0] & 0x80) != 0;
	emrtd_put_tlv_head(out, DER_INTEGER, digits.len + sign);
	if (sign)
		emrtd_put_u8(out, 0);
	emrtd_put(out, digits);
}

static void
put_integer(struct emrtd_out *out, uint32_t v)
{
	const uint8_t digits[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
		(uint8_t)(v >> 8), (uint8_t)v };

	put_number(out, emrtd_bytes(digits, sizeof(digits)));
}

/* ---- Parameters and keys ----------------------------------------------- */

static void
put_dh_algorithm(struct emrtd_out *out, const struct emrtd_group *group,
    bool pkcs3)
{
	size_t algorithm = emrtd_open(out, DER_SEQUENCE), parameters;

	emrtd_put_oid(out, pkcs3 ? OID_DH_PKCS3 : OID_DH_X942);
	parameters = emrtd_open(out, DER_SEQUENCE);
	put_number(out, group->p);
	put_number(out, group->g);
	if (!pkcs3)
		put_number(out, group->q);
	emrtd_close(out, parameters);
	emrtd_close(out, algorithm);
}

static void
put_standardised(struct emrtd_out *out, const struct emrtd_group *group)
{
	size_t algorithm = emrtd_open(out, DER_SEQUENCE);

	emrtd_put_oid(out, OID_STANDARDISED);
	put_integer(out, group->id);
	emrtd_close(out, algorithm);
}

static void
put_named(struct emrtd_out *out, const struct emrtd_group *group)
{
	size_t algorithm = emrtd_open(out, DER_SEQUENCE);

	emrtd_put_oid(out, OID_EC_PUBLIC_KEY);
	emrtd_put_oid(out, group->oid);
	emrtd_close(out, algorithm);
}

static enum emrtd_error
put_algorithm(struct emrtd_out *out, const struct emrtd_group *group,
    enum emrtd_card_key_form form)
{
	bool dh = group->kind == EMRTD_GROUP_DH;

	switch (form) {
	case EMRTD_CARD_FORM_NAMED: /* the default: DH has no names */
		if (dh)
			put_dh_algorithm(out, group, false);
		else
			put_named(out, group);
		return EMRTD_OK;
	case EMRTD_CARD_FORM_STANDARDISED:
		put_standardised(out, group);
		return EMRTD_OK;
	case EMRTD_CARD_FORM_EXPLICIT:
		if (dh)
			break;
		return emrtd_issuer_explicit_curve(group->ossl_name, out);
	case EMRTD_CARD_FORM_X942:
	case EMRTD_CARD_FORM_PKCS3:
		if (!dh)
			break;
		put_dh_algorithm(out, group, form == EMRTD_CARD_FORM_PKCS3);
		return EMRTD_OK;
	}
	return EMRTD_E_ARG;
}

static void
put_public_key(struct emrtd_out *out, const struct emrtd_group *group,
    const struct emrtd_element *key)
{
	size_t bits = emrtd_open(out, DER_BIT_STRING);
	struct emrtd_bytes bytes = emrtd_bytes(key->bytes, key->len);

	emrtd_put_u8(out, 0); /* no unused bits */
	if (group->kind == EMRTD_GROUP_DH)
		put_number(out, bytes);
	else
		emrtd_put(out, bytes);
	emrtd_close(out, bits);
}

/* ---- Infos ------------------------------------------------------------- */

/* PACEDomainParameterInfo: the protocol without the arc of its cipher. */
static enum emrtd_error
written_out(struct emrtd_info_set *set, const struct emrtd_card_pace_info *pace)
{
	const struct emrtd_group *group = emrtd_group_by_id(pace->parameter_id);
	const char *dot = strrchr(pace->oid, '.');
	struct emrtd_out out = next(set);
	char oid[OID_WITHOUT_CIPHER_CAP];
	enum emrtd_error error;
	size_t info;

	if (group == NULL || dot == NULL ||
	    (size_t)(dot - pace->oid) >= sizeof(oid))
		return EMRTD_E_ARG;
	memcpy(oid, pace->oid, (size_t)(dot - pace->oid));
	oid[dot - pace->oid] = '\0';
	info = emrtd_open(&out, DER_SEQUENCE);
	emrtd_put_oid(&out, oid);
	error = put_algorithm(&out, group,
	    group->kind == EMRTD_GROUP_DH ? EMRTD_CARD_FORM_X942
					  : EMRTD_CARD_FORM_EXPLICIT);
	if (error != EMRTD_OK)
		return error;
	if (pace->own_id != 0)
		put_integer(&out, pace->own_id);
	emrtd_close(&out, info);
	added(set, &out);
	return EMRTD_OK;
}

enum emrtd_error
emrtd_info_pace(struct emrtd_info_set *set,
    const struct emrtd_card_pace_info *pace)
{
	struct emrtd_out out = next(set);
	size_t info = emrtd_open(&out, DER_SEQUENCE);

	emrtd_put_oid(&out, pace->oid);
	put_integer(&out, PACE_VERSION);
	if (pace->announce == EMRTD_CARD_BY_ID)
		put_integer(&out, pace->parameter_id);
	else if (pace->announce == EMRTD_CARD_WRITTEN_OUT && pace->own_id != 0)
		put_integer(&out, pace->own_id);
	emrtd_close(&out, info);
	added(set, &out);
	if (pace->announce != EMRTD_CARD_WRITTEN_OUT)
		return EMRTD_OK;
	return written_out(set, pace);
}

void
emrtd_info_ca(struct emrtd_info_set *set, const char *oid, int32_t key_id)
{
	struct emrtd_out out = next(set);
	size_t info = emrtd_open(&out, DER_SEQUENCE);

	emrtd_put_oid(&out, oid);
	put_integer(&out, CA_VERSION);
	if (key_id >= 0)
		put_integer(&out, (uint32_t)key_id);
	emrtd_close(&out, info);
	added(set, &out);
}

enum emrtd_error
emrtd_info_ca_key(struct emrtd_info_set *set, const struct emrtd_group *group,
    enum emrtd_card_key_form form, const struct emrtd_element *public_key,
    int32_t key_id)
{
	struct emrtd_out out = next(set);
	size_t info = emrtd_open(&out, DER_SEQUENCE), spki;
	enum emrtd_error error;

	emrtd_put_oid(&out,
	    group->kind == EMRTD_GROUP_DH ? OID_PK_DH : OID_PK_ECDH);
	spki = emrtd_open(&out, DER_SEQUENCE);
	error = put_algorithm(&out, group, form);
	if (error != EMRTD_OK)
		return error;
	put_public_key(&out, group, public_key);
	emrtd_close(&out, spki);
	if (key_id >= 0)
		put_integer(&out, (uint32_t)key_id);
	emrtd_close(&out, info);
	added(set, &out);
	return EMRTD_OK;
}

void
emrtd_info_aa(struct emrtd_info_set *set, const char *oid)
{
	struct emrtd_out out = next(set);
	size_t info = emrtd_open(&out, DER_SEQUENCE);

	emrtd_put_oid(&out, OID_AA);
	put_integer(&out, AA_VERSION);
	emrtd_put_oid(&out, oid);
	emrtd_close(&out, info);
	added(set, &out);
}

static struct emrtd_bytes
info_at(const struct emrtd_info_set *set, size_t n)
{
	return emrtd_bytes(&set->bytes[set->from[n]],
	    set->from[n + 1] - set->from[n]);
}

/* As DER orders a SET OF: byte by byte, a shorter one as if zeros followed. */
static bool
comes_before(struct emrtd_bytes a, struct emrtd_bytes b)
{
	int order = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);

	return order != 0 ? order < 0 : a.len < b.len;
}

void
emrtd_put_info_set(const struct emrtd_info_set *set, struct emrtd_out *out)
{
	size_t order[EMRTD_INFO_SET_MAX] = { 0 };
	size_t mark = emrtd_open(out, DER_SET);

	for (size_t i = 0; i < set->n; i++) {
		size_t j = i;

		for (; j > 0; j--) {
			if (!comes_before(info_at(set, i),
				info_at(set, order[j - 1])))
				break;
			order[j] = order[j - 1];
		}
		order[j] = i;
	}
	for (size_t i = 0; i < set->n; i++) {
		struct emrtd_bytes info = info_at(set, order[i]);

		/* Several rows of a profile may say the same. */
		if (i == 0 ||
		    !emrtd_bytes_equal(info, info_at(set, order[i - 1])))
			emrtd_put(out, info);
	}
	emrtd_close(out, mark);
	out->bad |= set->bad;
}
