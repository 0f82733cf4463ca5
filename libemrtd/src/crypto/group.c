#include "crypto/group.h"

#include "core/wipe.h"
#include "crypto/internal.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <string.h>

#define UNCOMPRESSED 0x04
#define MAX_DRAWS    128 /* half of them fail at worst: never reached */

/*
 * Every curve of the table is of prime order: a point that is on the curve
 * and not at infinity is in the group.
 */
static const struct emrtd_group groups[] = {
	{ 8, EMRTD_GROUP_EC, "secp192r1", "prime192v1", 24, 24 },
	{ 9, EMRTD_GROUP_EC, "brainpoolP192r1", "brainpoolP192r1", 24, 24 },
	{ 10, EMRTD_GROUP_EC, "secp224r1", "secp224r1", 28, 28 },
	{ 11, EMRTD_GROUP_EC, "brainpoolP224r1", "brainpoolP224r1", 28, 28 },
	{ 12, EMRTD_GROUP_EC, "secp256r1", "prime256v1", 32, 32 },
	{ 13, EMRTD_GROUP_EC, "brainpoolP256r1", "brainpoolP256r1", 32, 32 },
	{ 14, EMRTD_GROUP_EC, "brainpoolP320r1", "brainpoolP320r1", 40, 40 },
	{ 15, EMRTD_GROUP_EC, "secp384r1", "secp384r1", 48, 48 },
	{ 16, EMRTD_GROUP_EC, "brainpoolP384r1", "brainpoolP384r1", 48, 48 },
	{ 17, EMRTD_GROUP_EC, "brainpoolP512r1", "brainpoolP512r1", 64, 64 },
	{ 18, EMRTD_GROUP_EC, "secp521r1", "secp521r1", 66, 66 },
};

#define N_GROUPS (sizeof(groups) / sizeof(groups[0]))

const struct emrtd_group *
emrtd_group_by_id(uint32_t id)
{
	for (size_t i = 0; i < N_GROUPS; i++) {
		if (groups[i].id == id)
			return &groups[i];
	}
	return NULL;
}

const struct emrtd_group *
emrtd_group_at(size_t index)
{
	return index < N_GROUPS ? &groups[index] : NULL;
}

size_t
emrtd_group_count(void)
{
	return N_GROUPS;
}

/* OpenSSL's objects of one computation; all of them may hold secrets. */
struct work {
	const struct emrtd_group *row;
	EC_GROUP *group;
	BN_CTX *ctx;
	BIGNUM *k;      /* a scalar */
	EC_POINT *in;   /* a point from outside */
	EC_POINT *part; /* an intermediate one */
	EC_POINT *out;
};

static void
work_end(struct work *w)
{
	EC_POINT_clear_free(w->out);
	EC_POINT_clear_free(w->part);
	EC_POINT_clear_free(w->in);
	BN_clear_free(w->k);
	BN_CTX_free(w->ctx);
	EC_GROUP_free(w->group);
	ERR_pop_to_mark(); /* the program's own errors stay */
}

static enum emrtd_error
work_begin(struct work *w, struct emrtd_crypto *crypto,
    const struct emrtd_group *row)
{
	memset(w, 0, sizeof(*w));
	w->row = row;
	ERR_set_mark();
	w->group = EC_GROUP_new_by_curve_name_ex(crypto->lib, NULL,
	    OBJ_sn2nid(row->ossl_name));
	if (w->group == NULL)
		return EMRTD_E_ALGORITHM;
	w->ctx = BN_CTX_secure_new_ex(crypto->lib);
	w->k = BN_secure_new();
	w->in = EC_POINT_new(w->group);
	w->part = EC_POINT_new(w->group);
	w->out = EC_POINT_new(w->group);
	if (w->ctx == NULL || w->k == NULL || w->in == NULL ||
	    w->part == NULL || w->out == NULL)
		return EMRTD_E_NO_MEMORY;
	/* Multiplication by k then takes the same steps for every k. */
	BN_set_flags(w->k, BN_FLG_CONSTTIME);
	return EMRTD_OK;
}

static enum emrtd_error
set_scalar(struct work *w, struct emrtd_bytes bytes)
{
	return BN_bin2bn(bytes.ptr, (int)bytes.len, w->k) == NULL
		   ? EMRTD_E_NO_MEMORY
		   : EMRTD_OK;
}

/* EC_POINT_oct2point checks the equation; we ask for it all the same. */
static enum emrtd_error
set_point(struct work *w, EC_POINT *p, struct emrtd_bytes bytes)
{
	if (bytes.len != 1 + 2 * w->row->field_len ||
	    bytes.ptr[0] != UNCOMPRESSED ||
	    EC_POINT_oct2point(w->group, p, bytes.ptr, bytes.len, w->ctx) !=
		1 ||
	    EC_POINT_is_at_infinity(w->group, p) != 0 ||
	    EC_POINT_is_on_curve(w->group, p, w->ctx) != 1)
		return EMRTD_E_KEY;
	return EMRTD_OK;
}

static enum emrtd_error
get_point(struct work *w, const EC_POINT *p, struct emrtd_element *out)
{
	if (EC_POINT_is_at_infinity(w->group, p) != 0)
		return EMRTD_E_KEY;
	out->len = EC_POINT_point2oct(w->group, p,
	    POINT_CONVERSION_UNCOMPRESSED, out->bytes, sizeof(out->bytes),
	    w->ctx);
	return out->len == 1 + 2 * w->row->field_len ? EMRTD_OK
						     : EMRTD_E_CRYPTO;
}

/* k * p; without p, k times the group's own generator. */
static enum emrtd_error
multiply(struct work *w, EC_POINT *r, const EC_POINT *p)
{
	int ok = p == NULL ? EC_POINT_mul(w->group, r, w->k, NULL, NULL, w->ctx)
			   : EC_POINT_mul(w->group, r, NULL, p, w->k, w->ctx);

	return ok == 1 ? EMRTD_OK : EMRTD_E_CRYPTO;
}

/* A private key from 1 to n-1, in w->k and in bytes. */
static enum emrtd_error
draw_scalar(struct work *w, const struct emrtd_random *random, uint8_t *bytes)
{
	size_t len = w->row->order_len;
	int bits = EC_GROUP_order_bits(w->group);
	unsigned excess = (unsigned)(8 * len) - (unsigned)bits;
	enum emrtd_error error;

	for (unsigned i = 0; i < MAX_DRAWS; i++) {
		error = random->fill(random->self, bytes, len);
		if (error != EMRTD_OK)
			return error;
		bytes[0] &= (uint8_t)(0xFF >> excess);
		error = set_scalar(w, emrtd_bytes(bytes, len));
		if (error != EMRTD_OK)
			return error;
		if (!BN_is_zero(w->k) &&
		    BN_cmp(w->k, EC_GROUP_get0_order(w->group)) < 0)
			return EMRTD_OK;
	}
	return EMRTD_E_CRYPTO;
}

enum emrtd_error
emrtd_group_keypair(struct emrtd_crypto *crypto,
    const struct emrtd_group *group, const struct emrtd_element *generator,
    const struct emrtd_random *random, uint8_t private_key[EMRTD_FIELD_MAX],
    struct emrtd_element *public_key)
{
	struct work w;
	enum emrtd_error error = work_begin(&w, crypto, group);

	if (error == EMRTD_OK && generator != NULL)
		error = set_point(&w, w.in,
		    emrtd_bytes(generator->bytes, generator->len));
	if (error == EMRTD_OK)
		error = draw_scalar(&w, random, private_key);
	if (error == EMRTD_OK)
		error = multiply(&w, w.out, generator == NULL ? NULL : w.in);
	if (error == EMRTD_OK)
		error = get_point(&w, w.out, public_key);
	if (error != EMRTD_OK)
		emrtd_wipe(private_key, EMRTD_FIELD_MAX);
	work_end(&w);
	return error;
}

enum emrtd_error
emrtd_group_agree(struct emrtd_crypto *crypto, const struct emrtd_group *group,
    const uint8_t *private_key, struct emrtd_bytes peer,
    struct emrtd_element *shared)
{
	struct work w;
	enum emrtd_error error = work_begin(&w, crypto, group);

	if (error == EMRTD_OK)
		error = set_point(&w, w.in, peer);
	if (error == EMRTD_OK)
		error = set_scalar(&w,
		    emrtd_bytes(private_key, group->order_len));
	if (error == EMRTD_OK)
		error = multiply(&w, w.out, w.in);
	if (error == EMRTD_OK)
		error = get_point(&w, w.out, shared);
	work_end(&w);
	return error;
}

enum emrtd_error
emrtd_group_map_generic(struct emrtd_crypto *crypto,
    const struct emrtd_group *group, struct emrtd_bytes nonce,
    const struct emrtd_element *h, struct emrtd_element *generator)
{
	struct work w;
	enum emrtd_error error = work_begin(&w, crypto, group);

	if (error == EMRTD_OK)
		error = set_point(&w, w.in, emrtd_bytes(h->bytes, h->len));
	if (error == EMRTD_OK)
		error = set_scalar(&w, nonce);
	if (error == EMRTD_OK)
		error = multiply(&w, w.part, NULL);
	if (error == EMRTD_OK &&
	    EC_POINT_add(w.group, w.out, w.part, w.in, w.ctx) != 1)
		error = EMRTD_E_CRYPTO;
	if (error == EMRTD_OK)
		error = get_point(&w, w.out, generator);
	work_end(&w);
	return error;
}
