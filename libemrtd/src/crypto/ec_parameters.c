#include "crypto/ec_parameters.h"

#include "core/cursor.h"
#include "core/oid.h"
#include "core/tlv.h"
#include "crypto/internal.h"
#include "crypto/spki.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/objects.h>

#define FIELD_LEN_MAX 66

#define TAG_SEQUENCE 0x30
#define TAG_INTEGER  0x02
#define TAG_BITS     0x03
#define TAG_OCTETS   0x04
#define TAG_OID      0x06

#define OID_PRIME_FIELD "1.2.840.10045.1.1"

#define PROVING_LEN_MIN 28

/*
 * RFC 5639 has one curve more than Doc 9303, too weak for anything new; a
 * state that signed with it has signed. It takes part in no key agreement.
 */
static const struct emrtd_group signing_only[] = {
	{ .kind = EMRTD_GROUP_EC,
	    .name = "brainpoolP160r1",
	    .ossl_name = "brainpoolP160r1",
	    .field_len = 20,
	    .order_len = 20,
	    .oid = "1.3.36.3.3.2.8.1.1.1" },
};
#define N_SIGNING_ONLY (sizeof(signing_only) / sizeof(signing_only[0]))

/* Those of key agreement first; NULL at the end. */
static const struct emrtd_group *
curve_at(size_t index)
{
	size_t n = emrtd_group_count();

	if (index < n)
		return emrtd_group_at(index);
	return index - n < N_SIGNING_ONLY ? &signing_only[index - n] : NULL;
}

/* Explicit parameters, RFC 3279 2.3.5; integers as they stand. */
struct parameters {
	struct emrtd_bytes p, a, b, generator, order, cofactor;
};

static bool
parse_field(struct emrtd_bytes field, struct parameters *out)
{
	struct emrtd_bytes oid;

	return emrtd_tlv(&field, TAG_OID, &oid) &&
	       emrtd_oid_is(oid, OID_PRIME_FIELD) &&
	       emrtd_tlv(&field, TAG_INTEGER, &out->p) && emrtd_end(&field);
}

/* The seed proves how the curve was found; it takes no part in it. */
static bool
parse_curve(struct emrtd_bytes curve, struct parameters *out)
{
	struct emrtd_bytes seed;

	return emrtd_tlv(&curve, TAG_OCTETS, &out->a) &&
	       emrtd_tlv(&curve, TAG_OCTETS, &out->b) &&
	       emrtd_tlv_optional(&curve, TAG_BITS, &seed) && emrtd_end(&curve);
}

static bool
parse_parameters(struct emrtd_bytes in, struct parameters *out)
{
	struct emrtd_bytes version, field, curve;
	uint32_t v;

	return emrtd_tlv(&in, TAG_INTEGER, &version) &&
	       emrtd_uint(version, &v) && v >= 1 && v <= 3 &&
	       emrtd_tlv(&in, TAG_SEQUENCE, &field) &&
	       parse_field(field, out) &&
	       emrtd_tlv(&in, TAG_SEQUENCE, &curve) &&
	       parse_curve(curve, out) &&
	       emrtd_tlv(&in, TAG_OCTETS, &out->generator) &&
	       emrtd_tlv(&in, TAG_INTEGER, &out->order) &&
	       emrtd_tlv_optional(&in, TAG_INTEGER, &out->cofactor) &&
	       emrtd_end(&in);
}

/* A non-negative integer, big-endian, leading zeros allowed. */
static bool
equals_bn(struct emrtd_bytes octets, const BIGNUM *want)
{
	uint8_t buf[FIELD_LEN_MAX];
	struct emrtd_bytes rest = octets;
	uint8_t first = 0;
	int len;

	while (!emrtd_end(&octets) && emrtd_u8(&rest, &first) && first == 0)
		octets = rest;
	if (octets.len > sizeof(buf))
		return false;
	len = BN_bn2binpad(want, buf, (int)octets.len);
	return len >= 0 &&
	       emrtd_bytes_equal(octets, emrtd_bytes(buf, (size_t)len));
}

/* An INTEGER has a sign; an OCTET STRING does not. */
static bool
integer_equals(struct emrtd_bytes content, const BIGNUM *want)
{
	return content.len > 0 && (content.ptr[0] & 0x80) == 0 &&
	       equals_bn(content, want);
}

static bool
generator_equals(struct emrtd_bytes octets, const EC_GROUP *group)
{
	uint8_t buf[1 + 2 * FIELD_LEN_MAX];
	struct emrtd_bytes rest = octets;
	point_conversion_form_t form = POINT_CONVERSION_UNCOMPRESSED;
	uint8_t first;
	size_t len;

	if (!emrtd_u8(&rest, &first))
		return false;
	if (first == 0x02 || first == 0x03)
		form = POINT_CONVERSION_COMPRESSED;
	len = EC_POINT_point2oct(group, EC_GROUP_get0_generator(group), form,
	    buf, sizeof(buf), NULL);
	return len > 0 && emrtd_bytes_equal(octets, emrtd_bytes(buf, len));
}

static bool
parameters_equal(const struct parameters *have, const EC_GROUP *group)
{
	BIGNUM *p = BN_new(), *a = BN_new(), *b = BN_new();
	bool equal = false;

	if (p == NULL || a == NULL || b == NULL ||
	    EC_GROUP_get_curve(group, p, a, b, NULL) != 1)
		goto out;
	equal = integer_equals(have->p, p) && equals_bn(have->a, a) &&
		equals_bn(have->b, b) &&
		generator_equals(have->generator, group) &&
		integer_equals(have->order, EC_GROUP_get0_order(group)) &&
		(have->cofactor.ptr == NULL ||
		    integer_equals(have->cofactor,
			EC_GROUP_get0_cofactor(group)));
out:
	BN_free(p);
	BN_free(a);
	BN_free(b);
	return equal;
}

/* Most curves differ in the length of their prime; OpenSSL's are slow to make. */
static bool
may_equal(const struct parameters *have, const struct emrtd_group *row)
{
	struct emrtd_bytes rest = have->p, p = have->p;
	uint8_t first;

	while (emrtd_u8(&rest, &first) && first == 0)
		p = rest;
	return row->kind == EMRTD_GROUP_EC && p.len == row->field_len;
}

static const struct emrtd_group *
by_explicit(struct emrtd_crypto *crypto, struct emrtd_bytes sequence)
{
	const struct emrtd_group *row, *found = NULL;
	struct parameters have;

	if (!parse_parameters(sequence, &have))
		return NULL;
	for (size_t i = 0; found == NULL && (row = curve_at(i)) != NULL; i++) {
		EC_GROUP *curve;

		if (!may_equal(&have, row))
			continue;
		curve = EC_GROUP_new_by_curve_name_ex(emrtd_crypto_lib(crypto),
		    NULL, OBJ_sn2nid(row->ossl_name));
		if (curve == NULL)
			continue;
		if (parameters_equal(&have, curve))
			found = row;
		EC_GROUP_free(curve);
	}
	return found;
}

const struct emrtd_group *
emrtd_curve_by_oid(struct emrtd_bytes oid)
{
	const struct emrtd_group *row;

	for (size_t i = 0; (row = curve_at(i)) != NULL; i++) {
		if (row->oid != NULL && emrtd_oid_is(oid, row->oid))
			return row;
	}
	return NULL;
}

const struct emrtd_group *
emrtd_signing_curve(struct emrtd_crypto *crypto, struct emrtd_bytes parameters)
{
	struct emrtd_bytes value;
	uint32_t tag;

	if (!emrtd_tlv_any(&parameters, &tag, &value) ||
	    !emrtd_end(&parameters))
		return NULL;
	if (tag == TAG_OID)
		return emrtd_curve_by_oid(value);
	return tag == TAG_SEQUENCE ? by_explicit(crypto, value) : NULL;
}

const struct emrtd_group *
emrtd_group_by_ec_parameters(struct emrtd_crypto *crypto,
    struct emrtd_bytes parameters)
{
	const struct emrtd_group *curve = emrtd_signing_curve(crypto,
	    parameters);

	return curve != NULL && curve->ops != NULL ? curve : NULL;
}

size_t
emrtd_ec_parameters_bits(struct emrtd_bytes parameters)
{
	const struct emrtd_group *curve;
	struct emrtd_bytes value;
	struct parameters have;
	uint32_t tag;

	if (!emrtd_tlv_any(&parameters, &tag, &value))
		return 0;
	if (tag == TAG_SEQUENCE && parse_parameters(value, &have))
		return emrtd_integer_bits(have.p);
	curve = tag == TAG_OID ? emrtd_curve_by_oid(value) : NULL;
	/* The one whose prime is no whole number of bytes. */
	if (curve != NULL && curve->field_len == FIELD_LEN_MAX)
		return 521;
	return curve != NULL ? 8 * curve->field_len : 0;
}

bool
emrtd_curve_may_prove(const struct emrtd_group *curve)
{
	return curve->kind == EMRTD_GROUP_EC &&
	       curve->field_len >= PROVING_LEN_MIN;
}
