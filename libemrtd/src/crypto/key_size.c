#include "crypto/key_size.h"

#include "core/oid.h"
#include "core/tlv.h"
#include "crypto/ec_parameters.h"
#include "crypto/spki.h"

#define TAG_SEQUENCE 0x30
#define TAG_INTEGER  0x02

#define FACTORING_BITS_MIN 2048
#define CURVE_BITS_MIN     256

/* The first number of a SEQUENCE: RSA's modulus, DSA's p. */
static size_t
first_number(struct emrtd_bytes in)
{
	struct emrtd_bytes body, number;

	return emrtd_tlv(&in, TAG_SEQUENCE, &body) &&
		       emrtd_tlv(&body, TAG_INTEGER, &number)
		   ? emrtd_integer_bits(number)
		   : 0;
}

static size_t
rsa_bits(const struct emrtd_spki *spki)
{
	return first_number(spki->key);
}

static size_t
dsa_bits(const struct emrtd_spki *spki)
{
	return first_number(spki->algorithm.parameters);
}

static size_t
ec_bits(const struct emrtd_spki *spki)
{
	return emrtd_ec_parameters_bits(spki->algorithm.parameters);
}

struct family_row {
	const char *oid;
	enum emrtd_key_family family;
	size_t (*bits)(const struct emrtd_spki *spki);
};

static const struct family_row families[] = {
	{ "1.2.840.113549.1.1.1", EMRTD_FAMILY_RSA, rsa_bits },
	{ "1.2.840.113549.1.1.10", EMRTD_FAMILY_RSA, rsa_bits },
	{ "1.2.840.10040.4.1", EMRTD_FAMILY_DSA, dsa_bits },
	{ "1.2.840.10045.2.1", EMRTD_FAMILY_EC, ec_bits },
};
#define N_FAMILIES (sizeof(families) / sizeof(families[0]))

bool
emrtd_key_size(struct emrtd_bytes in, struct emrtd_key_size *out)
{
	struct emrtd_spki spki;

	if (!emrtd_spki_parse(in, &spki))
		return false;
	for (size_t i = 0; i < N_FAMILIES; i++) {
		if (!emrtd_oid_is(spki.algorithm.oid, families[i].oid))
			continue;
		out->family = families[i].family;
		out->bits = families[i].bits(&spki);
		return out->bits > 0;
	}
	return false;
}

bool
emrtd_key_is_weak(struct emrtd_bytes spki)
{
	struct emrtd_key_size size;

	if (!emrtd_key_size(spki, &size))
		return false;
	return size.bits < (size.family == EMRTD_FAMILY_EC
				   ? CURVE_BITS_MIN
				   : FACTORING_BITS_MIN);
}
