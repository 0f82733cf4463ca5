/*
 * Active Authentication: opened blocks of ISO 9796-2, whole signatures by keys
 * of the input, and DG15.
 *
 * Input: a byte of kind, then
 *   0  two bytes: the modulus' bits; the block
 *   1  two bytes: length of the key; the key, eight of challenge, a byte:
 *      length of the algorithm; the algorithm, the signature
 *   2  DG15
 */
#include "access/active_auth.h"
#include "core/builder.h"
#include "core/cursor.h"
#include "crypto/iso9796.h"

#include <emrtd/lds.h>

#include <stdlib.h>

#define BLOCK_MAX 1024

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static struct emrtd_crypto *
crypto_once(void)
{
	static struct emrtd_crypto *crypto;

	if (crypto == NULL)
		require(emrtd_crypto_new(NULL, &crypto) == EMRTD_OK);
	return crypto;
}

static bool
is_inside(struct emrtd_bytes part, struct emrtd_bytes whole)
{
	return part.ptr >= whole.ptr && part.len <= whole.len &&
	       part.ptr - whole.ptr <= (ptrdiff_t)(whole.len - part.len);
}

/* Whatever is taken is the one form: written anew it is the same. */
static void
check_parsed(struct emrtd_bytes block, const struct emrtd_iso9796 *found)
{
	static const uint8_t ids[EMRTD_N_HASHES] = {
		[EMRTD_SHA1] = 0x33,
		[EMRTD_SHA224] = 0x38,
		[EMRTD_SHA256] = 0x34,
		[EMRTD_SHA384] = 0x36,
		[EMRTD_SHA512] = 0x35,
	};
	uint8_t buf[BLOCK_MAX];
	struct emrtd_out again = emrtd_out(buf, sizeof(buf));

	require(is_inside(found->m1, block) && found->m1.len > 0);
	require(is_inside(found->digest, block));
	require(found->digest.len == emrtd_hash_len(found->hash));
	if (block.ptr[0] == 0)
		emrtd_put_u8(&again, 0);
	emrtd_put_u8(&again, 0x6A);
	emrtd_put(&again, found->m1);
	emrtd_put(&again, found->digest);
	if (block.ptr[block.len - 1] == 0xBC) {
		require(found->hash == EMRTD_SHA1);
	} else {
		emrtd_put_u8(&again, ids[found->hash]);
	}
	emrtd_put_u8(&again, block.ptr[block.len - 1]);
	require(emrtd_bytes_equal(emrtd_out_bytes(&again), block));
}

/* With its own digest put in, a block vouches for its challenge alone. */
static void
check_digest(struct emrtd_bytes block, size_t bits,
    const struct emrtd_iso9796 *found)
{
	static const uint8_t m2[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	static const uint8_t other[] = { 1, 2, 3, 4, 5, 6, 7, 9 };
	struct emrtd_bytes parts[2] = { found->m1, { m2, sizeof(m2) } };
	uint8_t digest[EMRTD_HASH_MAX], buf[BLOCK_MAX];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_bytes rest = block, before;
	enum emrtd_hash hash;

	require(emrtd_hash(crypto_once(), found->hash, parts, 2, digest) ==
		EMRTD_OK);
	require(emrtd_take(&rest, (size_t)(found->digest.ptr - block.ptr),
	    &before));
	emrtd_put(&out, before);
	emrtd_put(&out, emrtd_bytes(digest, found->digest.len));
	require(emrtd_take(&rest, found->digest.len, &before));
	emrtd_put(&out, rest);
	require(emrtd_iso9796_check(crypto_once(), emrtd_out_bytes(&out), bits,
		    parts[1], NULL, &hash) == EMRTD_OK &&
		hash == found->hash);
	require(emrtd_iso9796_check(crypto_once(), emrtd_out_bytes(&out), bits,
		    emrtd_bytes(other, sizeof(other)), NULL,
		    &hash) == EMRTD_E_DIGEST);
}

static void
fuzz_block(struct emrtd_bytes in)
{
	struct emrtd_iso9796 found;
	struct emrtd_diag diag;
	uint16_t bits;

	if (!emrtd_u16(&in, &bits) || in.len > BLOCK_MAX)
		return;
	if (emrtd_iso9796_parse(in, bits, &diag, &found) != EMRTD_OK)
		return;
	require(in.len == (size_t)(bits + 7) / 8);
	check_parsed(in, &found);
	check_digest(in, bits, &found);
}

/* A right signature is one over this challenge, and over no other. */
static void
fuzz_signature(struct emrtd_bytes in)
{
	struct emrtd_bytes key, challenge, algorithm;
	uint8_t other[EMRTD_AA_CHALLENGE_LEN], len8;
	struct emrtd_active_auth how;
	struct emrtd_diag diag;
	uint16_t len;
	size_t longest;

	if (!emrtd_u16(&in, &len) || !emrtd_take(&in, len, &key) ||
	    !emrtd_take(&in, EMRTD_AA_CHALLENGE_LEN, &challenge) ||
	    !emrtd_u8(&in, &len8) || !emrtd_take(&in, len8, &algorithm))
		return;
	if (emrtd_active_auth_verify(crypto_once(), key, algorithm, challenge,
		in, &diag, &how) != EMRTD_OK)
		return;
	require(emrtd_active_auth_max_len(crypto_once(), key, &diag,
		    &longest) == EMRTD_OK &&
		in.len <= longest);
	for (size_t i = 0; i < sizeof(other); i++)
		other[i] = challenge.ptr[i];
	other[0] ^= 1;
	require(emrtd_active_auth_verify(crypto_once(), key, algorithm,
		    emrtd_bytes(other, sizeof(other)), in, &diag,
		    &how) != EMRTD_OK);
}

static void
fuzz_file(struct emrtd_bytes in)
{
	struct emrtd_bytes spki;
	struct emrtd_diag diag;
	size_t longest;

	if (emrtd_dg15_parse(in, &diag, &spki) != EMRTD_OK)
		return;
	require(is_inside(spki, in));
	if (emrtd_active_auth_max_len(crypto_once(), spki, &diag, &longest) ==
	    EMRTD_OK)
		require(longest > 0 && longest <= EMRTD_RSA_LEN_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const kinds[])(
	    struct emrtd_bytes in) = { fuzz_block, fuzz_signature, fuzz_file };
	struct emrtd_bytes in = emrtd_bytes(data, size);
	uint8_t kind;

	if (emrtd_u8(&in, &kind) && kind < sizeof(kinds) / sizeof(*kinds))
		kinds[kind](in);
	return 0;
}
