#include "crypto/agreement_key.h"

#include "core/diag.h"
#include "core/oid.h"
#include "core/tlv.h"
#include "crypto/dh_parameters.h"
#include "crypto/ec_parameters.h"
#include "crypto/group_ops.h"
#include "crypto/spki.h"

#include <string.h>

#define CLAUSE "Doc 9303-11 9.5"

#define TAG_SEQUENCE 0x30
#define TAG_INTEGER  0x02

/* Explicit DH parameters; q.ptr is NULL in PKCS #3. */
struct dh_numbers {
	struct emrtd_bytes p, g, q;
};

/*
 * parameters is the whole object. A row of the table into *known; parameters
 * that stand in none into *numbers, with *known NULL. False if malformed or
 * unknown.
 */
typedef bool (*find_fn)(struct emrtd_crypto *crypto,
    struct emrtd_bytes parameters, const struct emrtd_group **known,
    struct dh_numbers *numbers);

static bool
find_ec(struct emrtd_crypto *crypto, struct emrtd_bytes parameters,
    const struct emrtd_group **known, struct dh_numbers *numbers)
{
	(void)numbers;
	*known = emrtd_group_by_ec_parameters(crypto, parameters);
	return *known != NULL;
}

static bool
find_standardised(struct emrtd_crypto *crypto, struct emrtd_bytes parameters,
    const struct emrtd_group **known, struct dh_numbers *numbers)
{
	struct emrtd_bytes integer;
	uint32_t id;

	(void)crypto;
	(void)numbers;
	*known = NULL;
	if (emrtd_tlv(&parameters, TAG_INTEGER, &integer) &&
	    emrtd_end(&parameters) && emrtd_uint(integer, &id))
		*known = emrtd_group_by_id(id);
	return *known != NULL;
}

/* What follows q (a cofactor, how p was found) takes no part in it. */
static bool
find_x942(struct emrtd_crypto *crypto, struct emrtd_bytes parameters,
    const struct emrtd_group **known, struct dh_numbers *n)
{
	struct emrtd_bytes body;

	(void)crypto;
	if (!emrtd_tlv(&parameters, TAG_SEQUENCE, &body) ||
	    !emrtd_end(&parameters) || !emrtd_positive(&body, &n->p) ||
	    !emrtd_positive(&body, &n->g) || !emrtd_positive(&body, &n->q))
		return false;
	*known = emrtd_group_by_dh_numbers(n->p, n->g, &n->q);
	return true;
}

/* After p and g at most the length of private keys. */
static bool
find_pkcs3(struct emrtd_crypto *crypto, struct emrtd_bytes parameters,
    const struct emrtd_group **known, struct dh_numbers *n)
{
	struct emrtd_bytes body, bits;

	(void)crypto;
	if (!emrtd_tlv(&parameters, TAG_SEQUENCE, &body) ||
	    !emrtd_end(&parameters) || !emrtd_positive(&body, &n->p) ||
	    !emrtd_positive(&body, &n->g) ||
	    !emrtd_tlv_optional(&body, TAG_INTEGER, &bits) || !emrtd_end(&body))
		return false;
	n->q = emrtd_bytes(NULL, 0);
	*known = emrtd_group_by_dh_numbers(n->p, n->g, NULL);
	return true;
}

static const struct kind {
	const char *oid;
	find_fn find;
} kinds[] = {
	{ "1.2.840.10045.2.1", find_ec },
	{ "0.4.0.127.0.7.1.2", find_standardised },
	{ "1.2.840.10046.2.1", find_x942 },
	{ "1.2.840.113549.1.3.1", find_pkcs3 },
};

static const struct kind *
find_kind(struct emrtd_bytes oid)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (emrtd_oid_is(oid, kinds[i].oid))
			return &kinds[i];
	}
	return NULL;
}

static enum emrtd_error
own_group(struct emrtd_crypto *crypto, const struct dh_numbers *n,
    struct emrtd_agreement_key *out)
{
	struct emrtd_bytes q = n->q;
	enum emrtd_error error = EMRTD_OK;

	if (q.ptr == NULL)
		error = emrtd_dh_half(n->p, out->own_q, &q);
	if (error == EMRTD_OK)
		error = emrtd_group_of_dh_numbers(crypto, n->p, q, n->g,
		    &out->own);
	out->group = &out->own;
	return error;
}

static enum emrtd_error
set_group(struct emrtd_crypto *crypto, const struct emrtd_algorithm *algorithm,
    struct emrtd_diag *diag, struct emrtd_agreement_key *out)
{
	const struct kind *kind = find_kind(algorithm->oid);
	char text[EMRTD_OID_TEXT_CAP];
	struct dh_numbers numbers;
	enum emrtd_error error;

	if (kind == NULL) {
		error = emrtd_fail(diag, EMRTD_E_KEY,
		    "kind of a key for key agreement", CLAUSE);
		emrtd_oid_text(algorithm->oid, text);
		emrtd_diag_detail(diag, text);
		return error;
	}
	if (!kind->find(crypto, algorithm->parameters, &out->group, &numbers))
		return emrtd_fail(diag, EMRTD_E_KEY,
		    "domain parameters that are malformed or unknown", CLAUSE);
	if (out->group != NULL)
		return EMRTD_OK;
	error = own_group(crypto, &numbers, out);
	return error == EMRTD_OK
		   ? EMRTD_OK
		   : emrtd_fail(diag, error,
			 "explicit DH parameters that are not sound", CLAUSE);
}

/* DH: an INTEGER in the BIT STRING. */
static enum emrtd_error
set_key(struct emrtd_crypto *crypto, struct emrtd_bytes bits,
    struct emrtd_agreement_key *out)
{
	struct emrtd_bytes number;

	if (out->group->kind == EMRTD_GROUP_EC)
		return emrtd_point_parse(crypto, out->group, bits, &out->key);
	if (!emrtd_positive(&bits, &number) || !emrtd_end(&bits) ||
	    !emrtd_element_read(out->group, number, &out->key))
		return EMRTD_E_KEY;
	return emrtd_group_check(crypto, out->group, number);
}

enum emrtd_error
emrtd_agreement_key_parse(struct emrtd_crypto *crypto, struct emrtd_bytes in,
    struct emrtd_diag *diag, struct emrtd_agreement_key *out)
{
	enum emrtd_error error;
	struct emrtd_spki spki;

	memset(out, 0, sizeof(*out));
	if (!emrtd_spki_parse(in, &spki))
		return emrtd_fail(diag, EMRTD_E_KEY, "SubjectPublicKeyInfo",
		    "RFC 5280 4.1.2.7");
	error = set_group(crypto, &spki.algorithm, diag, out);
	if (error != EMRTD_OK)
		return error;
	error = set_key(crypto, spki.key, out);
	return error == EMRTD_OK ? EMRTD_OK
				 : emrtd_fail(diag, error,
				       "public key that is not in its group",
				       "Doc 9303-11 9.6");
}

bool
emrtd_agreement_key_has_own_group(struct emrtd_crypto *crypto,
    struct emrtd_bytes in)
{
	const struct emrtd_group *known;
	struct dh_numbers numbers;
	const struct kind *kind;
	struct emrtd_spki spki;

	if (!emrtd_spki_parse(in, &spki))
		return false;
	kind = find_kind(spki.algorithm.oid);
	return kind != NULL &&
	       kind->find(crypto, spki.algorithm.parameters, &known,
		   &numbers) &&
	       known == NULL;
}

const struct emrtd_group *
emrtd_group_by_parameters(struct emrtd_crypto *crypto, struct emrtd_bytes in)
{
	const struct emrtd_group *known;
	struct emrtd_algorithm algorithm;
	struct dh_numbers numbers;
	const struct kind *kind;

	if (!emrtd_algorithm_parse(&in, &algorithm) || !emrtd_end(&in))
		return NULL;
	kind = find_kind(algorithm.oid);
	return kind != NULL && kind->find(crypto, algorithm.parameters, &known,
				   &numbers)
		   ? known
		   : NULL;
}
