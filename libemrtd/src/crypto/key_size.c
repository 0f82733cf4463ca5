#include "crypto/key_size.h"

#include "core/oid.h"
#include "core/tlv.h"
#include "crypto/ec_parameters.h"
#include "crypto/spki.h"

#define TAG_SEQUENCE 0x30
#define TAG_INTEGER  0x02
#define UNCOMPRESSED 0x04 /* the first octet of a point; less: x alone */

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

/* The number that no other key has; false when malformed. */
static bool
rsa_identity(struct emrtd_bytes key, struct emrtd_bytes *out)
{
	struct emrtd_bytes body;

	return emrtd_tlv(&key, TAG_SEQUENCE, &body) &&
	       emrtd_positive(&body, out);
}

static bool
dsa_identity(struct emrtd_bytes key, struct emrtd_bytes *out)
{
	return emrtd_positive(&key, out);
}

static bool
ec_identity(struct emrtd_bytes key, struct emrtd_bytes *out)
{
	uint8_t form;

	return emrtd_u8(&key, &form) &&
	       emrtd_take(&key, form < UNCOMPRESSED ? key.len : key.len / 2,
		   out);
}

struct family_row {
	const char *oid;
	enum emrtd_key_family family;
	size_t (*bits)(const struct emrtd_spki *spki);
	bool (*identity)(struct emrtd_bytes key, struct emrtd_bytes *out);
};

static const struct family_row families[] = {
	{ "1.2.840.113549.1.1.1", EMRTD_FAMILY_RSA, rsa_bits, rsa_identity },
	{ "1.2.840.113549.1.1.10", EMRTD_FAMILY_RSA, rsa_bits, rsa_identity },
	{ "1.2.840.10040.4.1", EMRTD_FAMILY_DSA, dsa_bits, dsa_identity },
	{ "1.2.840.10045.2.1", EMRTD_FAMILY_EC, ec_bits, ec_identity },
};
#define N_FAMILIES (sizeof(families) / sizeof(families[0]))

/* NULL when it is malformed, or of another kind. */
static const struct family_row *
parse(struct emrtd_bytes in, struct emrtd_spki *out)
{
	if (!emrtd_spki_parse(in, out))
		return NULL;
	for (size_t i = 0; i < N_FAMILIES; i++) {
		if (emrtd_oid_is(out->algorithm.oid, families[i].oid))
			return &families[i];
	}
	return NULL;
}

bool
emrtd_key_size(struct emrtd_bytes in, struct emrtd_key_size *out)
{
	struct emrtd_spki spki;
	const struct family_row *row = parse(in, &spki);

	if (row == NULL)
		return false;
	out->family = row->family;
	out->bits = row->bits(&spki);
	return out->bits > 0;
}

bool
emrtd_key_is_same(struct emrtd_bytes spki_a, struct emrtd_bytes spki_b)
{
	const struct family_row *row_a, *row_b;
	struct emrtd_bytes id_a, id_b;
	struct emrtd_spki a, b;

	if (emrtd_bytes_equal(spki_a, spki_b))
		return true;
	row_a = parse(spki_a, &a);
	row_b = parse(spki_b, &b);
	return row_a != NULL && row_b != NULL &&
	       row_a->family == row_b->family &&
	       row_a->identity(a.key, &id_a) && row_b->identity(b.key, &id_b) &&
	       emrtd_bytes_equal(id_a, id_b);
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
