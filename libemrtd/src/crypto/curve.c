#include "crypto/curve.h"

#include "core/cursor.h"
#include "core/oid.h"
#include "core/tlv.h"

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

/* Doc 9303-12 4.1.6 and TR-03105-5.1 7.1; P-192 is too weak to prove. */
static const struct emrtd_curve curves[] = {
	{ "1.3.132.0.33", "secp224r1", 28 },
	{ "1.2.840.10045.3.1.7", "prime256v1", 32 },
	{ "1.3.132.0.34", "secp384r1", 48 },
	{ "1.3.132.0.35", "secp521r1", 66 },
	{ "1.3.36.3.3.2.8.1.1.5", "brainpoolP224r1", 28 },
	{ "1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1", 32 },
	{ "1.3.36.3.3.2.8.1.1.9", "brainpoolP320r1", 40 },
	{ "1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1", 48 },
	{ "1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1", 64 },
};

#define N_CURVES (sizeof(curves) / sizeof(curves[0]))

/* Explicit parameters, RFC 3279 2.3.5; integers as they stand. */
struct parameters {
	struct emrtd_bytes p, a, b, generator, order, cofactor;
};

const struct emrtd_curve *
emrtd_curve_at(size_t index)
{
	return index < N_CURVES ? &curves[index] : NULL;
}

const struct emrtd_curve *
emrtd_curve_by_oid(struct emrtd_bytes oid)
{
	for (size_t i = 0; i < N_CURVES; i++) {
		if (emrtd_oid_is(oid, curves[i].oid))
			return &curves[i];
	}
	return NULL;
}

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

const struct emrtd_curve *
emrtd_curve_by_parameters(struct emrtd_crypto *crypto,
    struct emrtd_bytes parameters)
{
	const struct emrtd_curve *found = NULL;
	struct parameters have;

	if (!parse_parameters(parameters, &have))
		return NULL;
	for (size_t i = 0; i < N_CURVES && found == NULL; i++) {
		EC_GROUP *group =
		    EC_GROUP_new_by_curve_name_ex(emrtd_crypto_lib(crypto),
			NULL, OBJ_sn2nid(curves[i].ossl_name));

		if (group == NULL)
			continue;
		if (parameters_equal(&have, group))
			found = &curves[i];
		EC_GROUP_free(group);
	}
	return found;
}
