/*
 * RSA signatures of PKCS#1 v1.5 over paddings that are not as they should be.
 * With a small exponent such things are forged without the private key, so a
 * verifier must take none but the two forms of DigestInfo that there are.
 *
 *	forge NAME    the signature of EF.SOD
 */
#include "shop.h"

#include "shop_keys.h"
#include "test.h"

#include <string.h>

#define EM_MAX 512
#define FILL   8 /* the least padding there may be */

/* What stands behind the padding, in the notation; =digest is the hash. */
struct forgery {
	const char *name;
	uint8_t type;      /* of the block */
	const char *inner; /* behind the zero */
	bool garbage;      /* little padding, and zeros behind all */
};

#define SHA256 ".2.16.840.1.101.3.4.2.1"

static const struct forgery forgeries[] = {
	{ "right", 1, "(30 (30 " SHA256 " 0500) (04 =digest))", false },
	{ "no_null", 1, "(30 (30 " SHA256 ") (04 =digest))", false },
	{ "garbage_behind", 1, "(30 (30 " SHA256 " 0500) (04 =digest))", true },
	{ "garbage_no_null", 1, "(30 (30 " SHA256 ") (04 =digest))", true },
	{ "garbage_parameters", 1,
	    "(30 (30 " SHA256 " (04 AAAAAAAAAAAAAAAA)) (04 =digest))", false },
	{ "garbage_inside", 1, "(30 (30 " SHA256 " 0500) (04 =digest) 0500)",
	    false },
	{ "block_type_2", 2, "(30 (30 " SHA256 " 0500) (04 =digest))", false },
	{ "block_type_0", 0, "(30 (30 " SHA256 " 0500) (04 =digest))", false },
	{ "bare_hash", 1, "=digest", false },
	{ "other_hash_named", 1, "(30 (30 .1.3.14.3.2.26 0500) (04 =digest))",
	    false },
	{ "md5_named", 1, "(30 (30 .1.2.840.113549.2.5 0500) (04 =digest))",
	    false },
	{ "long_length", 1, "30 8131 (30 " SHA256 " 0500) (04 =digest)",
	    false },
	{ "no_octets", 1, "(30 (30 " SHA256 " 0500) (03 =digest))", false },
	{ "hash_cut", 1, "(30 (30 " SHA256 " 0500) (04 =cut))", false },
};

static struct emrtd_bytes
digest_name(void *self, const char *name)
{
	struct emrtd_bytes digest = *(const struct emrtd_bytes *)self;

	if (strcmp(name, "cut") == 0)
		digest.len--;
	else
		assert_string_equal(name, "digest");
	return digest;
}

static const struct forgery *
find(const char *name)
{
	for (size_t i = 0; i < sizeof(forgeries) / sizeof(forgeries[0]); i++) {
		if (strcmp(forgeries[i].name, name) == 0)
			return &forgeries[i];
	}
	fail_msg("no forgery %s", name);
	return NULL;
}

struct emrtd_bytes
shop_forge(struct shop *shop, struct shop_artifact *sod, const char *name)
{
	const struct forgery *f = find(name);
	const char *key = shop_value(shop, "ds", "key");
	struct der_node attributes = **shop_target(sod, "attrs", "");
	struct emrtd_bytes digest, inner;
	const struct der_names names = { NULL, digest_name, &digest };
	uint8_t em[EM_MAX] = { 0 };
	size_t len, fill;

	while (key[0] == '$')
		key = shop_value(shop, "ds", key + 1);
	attributes.tag = 0x31;
	digest = shop_hash("sha256", der_encode(&attributes));
	inner = der_text(f->inner, &names);
	len = shop_rsa_len(key);
	assert_true(len <= EM_MAX && inner.len + FILL + 3 <= len);
	fill = f->garbage ? FILL : len - 3 - inner.len;
	em[1] = f->type;
	memset(&em[2], f->type == 0 ? 0 : 0xFF, fill);
	memcpy(&em[3 + fill], inner.ptr, inner.len);
	return shop_sign_block(key, emrtd_bytes(em, len));
}
