#include "crypto/group.h"

#include "core/builder.h"
#include "core/oid.h"
#include "core/wipe.h"
#include "crypto/dh_numbers.h"
#include "crypto/group_ops.h"

/* OpenSSL's name differs from the standard's for two of them. */
#define EC(id, name, ossl_name, len, oid)                           \
	{                                                           \
		id, EMRTD_GROUP_EC, name, ossl_name, len, len,      \
		    &emrtd_group_ec, oid, { NULL, 0 }, { NULL, 0 }, \
		{                                                   \
			NULL, 0                                     \
		}                                                   \
	}
#define BYTES(a)               \
	{                      \
		(a), sizeof(a) \
	}
#define DH(id, name)                                                        \
	{                                                                   \
		id, EMRTD_GROUP_DH, #name, #name, sizeof(emrtd_##name##_p), \
		    sizeof(emrtd_##name##_q), &emrtd_group_dh, NULL,        \
		    BYTES(emrtd_##name##_p), BYTES(emrtd_##name##_q),       \
		    BYTES(emrtd_##name##_g)                                 \
	}

#define SECG      "1.3.132.0."
#define ANSI      "1.2.840.10045.3.1."
#define BRAINPOOL "1.3.36.3.3.2.8.1.1."

/*
 * Every curve of the table is of prime order: a point that is on the curve
 * and not at infinity is in the group.
 */
static const struct emrtd_group groups[] = {
	DH(0, dh_1024_160),
	DH(1, dh_2048_224),
	DH(2, dh_2048_256),
	EC(8, "secp192r1", "prime192v1", 24, ANSI "1"),
	EC(9, "brainpoolP192r1", "brainpoolP192r1", 24, BRAINPOOL "3"),
	EC(10, "secp224r1", "secp224r1", 28, SECG "33"),
	EC(11, "brainpoolP224r1", "brainpoolP224r1", 28, BRAINPOOL "5"),
	EC(12, "secp256r1", "prime256v1", 32, ANSI "7"),
	EC(13, "brainpoolP256r1", "brainpoolP256r1", 32, BRAINPOOL "7"),
	EC(14, "brainpoolP320r1", "brainpoolP320r1", 40, BRAINPOOL "9"),
	EC(15, "secp384r1", "secp384r1", 48, SECG "34"),
	EC(16, "brainpoolP384r1", "brainpoolP384r1", 48, BRAINPOOL "11"),
	EC(17, "brainpoolP512r1", "brainpoolP512r1", 64, BRAINPOOL "13"),
	EC(18, "secp521r1", "secp521r1", 66, SECG "35"),
};

#define N_GROUPS (sizeof(groups) / sizeof(groups[0]))

#define ID_P224 10 /* its p is 1 modulo 4 */

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
emrtd_group_by_oid(struct emrtd_bytes oid)
{
	for (size_t i = 0; i < N_GROUPS; i++) {
		if (groups[i].oid != NULL && emrtd_oid_is(oid, groups[i].oid))
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

struct emrtd_bytes
emrtd_element_wire(const struct emrtd_group *group,
    const struct emrtd_element *element)
{
	return group->ops->wire(group, element);
}

bool
emrtd_element_read(const struct emrtd_group *group, struct emrtd_bytes wire,
    struct emrtd_element *out)
{
	return group->ops->read(group, wire, out);
}

enum emrtd_error
emrtd_group_check(struct emrtd_crypto *crypto, const struct emrtd_group *group,
    struct emrtd_bytes wire)
{
	return group->ops->agree(crypto, group, NULL, wire, NULL);
}

enum emrtd_error
emrtd_group_keypair(struct emrtd_crypto *crypto,
    const struct emrtd_group *group, const struct emrtd_element *generator,
    const struct emrtd_random *random, uint8_t private_key[EMRTD_FIELD_MAX],
    struct emrtd_element *public_key)
{
	enum emrtd_error error = group->ops->keypair(crypto, group, generator,
	    random, private_key, public_key);

	if (error != EMRTD_OK)
		emrtd_wipe(private_key, EMRTD_FIELD_MAX);
	return error;
}

enum emrtd_error
emrtd_group_public_key(struct emrtd_crypto *crypto,
    const struct emrtd_group *group, const struct emrtd_element *generator,
    const uint8_t *private_key, struct emrtd_element *public_key)
{
	uint8_t copy[EMRTD_FIELD_MAX];
	struct emrtd_out out = emrtd_out(copy, sizeof(copy));
	enum emrtd_error error;

	emrtd_put(&out, emrtd_bytes(private_key, group->order_len));
	error = group->ops->keypair(crypto, group, generator, NULL, copy,
	    public_key);
	emrtd_wipe(copy, sizeof(copy));
	return error;
}

enum emrtd_error
emrtd_group_agree(struct emrtd_crypto *crypto, const struct emrtd_group *group,
    const uint8_t *private_key, struct emrtd_bytes peer,
    struct emrtd_element *shared)
{
	return group->ops->agree(crypto, group, private_key, peer, shared);
}

enum emrtd_error
emrtd_group_map_generic(struct emrtd_crypto *crypto,
    const struct emrtd_group *group, struct emrtd_bytes nonce,
    const struct emrtd_element *h, struct emrtd_element *generator)
{
	return group->ops->map_generic(crypto, group, nonce, h, generator);
}

bool
emrtd_group_can_im(const struct emrtd_group *group)
{
	return group->id != ID_P224;
}

enum emrtd_error
emrtd_group_map_integrated(struct emrtd_crypto *crypto,
    const struct emrtd_group *group, struct emrtd_bytes r,
    struct emrtd_element *generator)
{
	if (!emrtd_group_can_im(group))
		return EMRTD_E_UNSUPPORTED;
	return group->ops->map_integrated(crypto, group, r, generator);
}
