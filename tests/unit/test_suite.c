#include "core/builder.h"
#include "core/oid.h"
#include "core/wipe.h"
#include "crypto/random.h"
#include "emrtd_test.h"

#include <openssl/evp.h>

#define CAP 2048

static void
the_suites(void **state)
{
	static const struct {
		const char *name;
		size_t key_len, block_len, nonce_len;
		enum emrtd_hash hash;
	} want[EMRTD_N_SUITES] = {
		{ "3DES", 16, 8, 16, EMRTD_SHA1 },
		{ "AES-128", 16, 16, 16, EMRTD_SHA1 },
		{ "AES-192", 24, 16, 32, EMRTD_SHA256 },
		{ "AES-256", 32, 16, 32, EMRTD_SHA256 },
	};

	(void)state;
	for (unsigned i = 0; i < EMRTD_N_SUITES; i++) {
		const struct emrtd_suite *s = emrtd_suite(
		    (enum emrtd_suite_id)i);
		EVP_CIPHER *cbc = EVP_CIPHER_fetch(NULL, s->cbc_name, NULL);
		EVP_CIPHER *ecb = EVP_CIPHER_fetch(NULL, s->ecb_name, NULL);

		assert_int_equal(s->id, i);
		assert_string_equal(s->name, want[i].name);
		assert_int_equal(s->key_len, want[i].key_len);
		assert_int_equal(s->block_len, want[i].block_len);
		assert_int_equal(s->nonce_len, want[i].nonce_len);
		assert_int_equal(s->hash, want[i].hash);
		assert_true(emrtd_hash_len(s->hash) >= s->key_len);
		assert_int_equal(EVP_CIPHER_get_key_length(cbc), s->key_len);
		assert_int_equal(EVP_CIPHER_get_key_length(ecb), s->key_len);
		assert_int_equal(EVP_CIPHER_get_block_size(cbc), s->block_len);
		EVP_CIPHER_free(cbc);
		EVP_CIPHER_free(ecb);
	}
	assert_null(emrtd_suite(EMRTD_N_SUITES));
}

static void
hashes(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/hash.txt");
	struct vector v;
	unsigned n = 0;

	while (vectors_next(vectors, &v)) {
		enum emrtd_hash hash;
		uint8_t oid[16], want[EMRTD_HASH_MAX], got[EMRTD_HASH_MAX];
		struct emrtd_bytes parts[] = { emrtd_bytes_text("a"),
			{ NULL, 0 }, emrtd_bytes_text("bc") };

		assert_int_equal(v.n_words, 3);
		assert_true(
		    emrtd_hash_by_oid(hex_bytes(v.words[1], oid, sizeof(oid)),
			&hash));
		assert_int_equal(hash, n++);
		assert_string_equal(emrtd_hash_name(hash), v.words[0]);
		assert_true(
		    emrtd_oid_is(hex_bytes(v.words[1], oid, sizeof(oid)),
			emrtd_hash_oid(hash)));
		assert_ok(emrtd_hash(*state, hash, parts, 3, got));
		assert_bytes(emrtd_bytes(got, emrtd_hash_len(hash)),
		    hex_bytes(v.words[2], want, sizeof(want)));
	}
	assert_int_equal(n, EMRTD_N_HASHES);
	vectors_close(vectors);
}

static void
no_hash(void **state)
{
	uint8_t out[EMRTD_HASH_MAX];
	enum emrtd_hash hash;

	assert_error(emrtd_hash(*state, EMRTD_N_HASHES, NULL, 0, out),
	    EMRTD_E_ARG);
	assert_int_equal(emrtd_hash_len(EMRTD_N_HASHES), 0);
	assert_false(emrtd_hash_by_oid(emrtd_bytes(out, 0), &hash));
}

static void
macs(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/mac.txt");
	struct vector v;

	while (vectors_next(vectors, &v)) {
		const struct emrtd_suite *s = suite_by_name(v.words[0]);
		uint8_t key[EMRTD_KEY_MAX], message[CAP], want[EMRTD_MAC_LEN];
		struct emrtd_bytes whole = hex_bytes(v.words[2], message,
		    sizeof(message));
		uint8_t mac[EMRTD_MAC_LEN];

		assert_int_equal(vector_hex(v.words[1], key, sizeof(key)),
		    s->key_len);
		assert_int_equal(vector_hex(v.words[3], want, sizeof(want)),
		    EMRTD_MAC_LEN);
		/* in one part, and cut in two at every place */
		assert_ok(emrtd_mac(*state, s, key, &whole, 1, mac));
		assert_memory_equal(mac, want, sizeof(want));
		for (size_t cut = 0; cut <= whole.len; cut++) {
			struct emrtd_bytes parts[] = { { message, cut },
				{ message + cut, whole.len - cut } };

			assert_ok(emrtd_mac(*state, s, key, parts, 2, mac));
			assert_memory_equal(mac, want, sizeof(want));
		}
	}
	vectors_close(vectors);
}

/* Longer than what is encrypted at a time, by the plain definition. */
static void
long_retail_macs(void **state)
{
	const struct emrtd_suite *s = emrtd_suite(EMRTD_3DES);
	static uint8_t message[CAP], cipher[CAP];
	uint8_t key[16], k1[16], k2[16], mac[EMRTD_MAC_LEN], want[8];

	for (size_t i = 0; i < sizeof(message); i++)
		message[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < sizeof(key); i++) {
		key[i] = (uint8_t)(0x10 + 5 * i);
		k1[i % 8] = k1[8 + i % 8] = i < 8 ? key[i] : k1[i % 8];
		k2[i % 8] = k2[8 + i % 8] = i < 8 ? 0 : key[i];
	}
	for (size_t len = 8; len <= sizeof(message); len += 8) {
		struct emrtd_bytes part = { message, len };
		struct emrtd_out out = emrtd_out(cipher, sizeof(cipher));
		struct emrtd_out last = emrtd_out(want, sizeof(want));
		struct emrtd_bytes h;
		uint8_t block[8];
		struct emrtd_out mid = emrtd_out(block, sizeof(block));

		assert_ok(emrtd_cbc_encrypt(*state, s, k1, NULL, part, &out));
		h = emrtd_out_since(&out, len - 8);
		assert_ok(emrtd_cbc_decrypt(*state, s, k2, NULL, h, &mid));
		assert_ok(emrtd_cbc_encrypt(*state, s, k1, NULL,
		    emrtd_out_bytes(&mid), &last));
		assert_ok(emrtd_mac(*state, s, key, &part, 1, mac));
		assert_memory_equal(mac, want, sizeof(mac));
	}
}

static void
retail_macs_want_whole_blocks(void **state)
{
	const struct emrtd_suite *s = emrtd_suite(EMRTD_3DES);
	static const uint8_t message[16], key[16];
	uint8_t mac[EMRTD_MAC_LEN];

	for (size_t len = 0; len <= sizeof(message); len++) {
		struct emrtd_bytes part = { message, len };

		assert_error(emrtd_mac(*state, s, key, &part, 1, mac),
		    len > 0 && len % 8 == 0 ? EMRTD_OK : EMRTD_E_ARG);
	}
}

static void
cbc_there_and_back(void **state)
{
	uint8_t key[EMRTD_KEY_MAX], iv[EMRTD_BLOCK_MAX], data[64];

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 3);
	memcpy(key, data + 5, sizeof(key));
	memcpy(iv, data + 40, sizeof(iv));
	for (unsigned id = 0; id < EMRTD_N_SUITES; id++) {
		const struct emrtd_suite *s = emrtd_suite(
		    (enum emrtd_suite_id)id);

		for (size_t n = 0; n <= sizeof(data); n++) {
			uint8_t a[64], b[64];
			struct emrtd_out enc = emrtd_out(a, sizeof(a));
			struct emrtd_out dec = emrtd_out(b, sizeof(b));
			struct emrtd_out tight = emrtd_out(b, n ? n - 1 : 0);
			struct emrtd_bytes in = { data, n };
			bool whole = n % s->block_len == 0;

			assert_error(emrtd_cbc_encrypt(*state, s, key, iv, in,
					 &enc),
			    whole ? EMRTD_OK : EMRTD_E_ARG);
			if (!whole)
				continue;
			assert_ok(emrtd_cbc_decrypt(*state, s, key, iv,
			    emrtd_out_bytes(&enc), &dec));
			assert_bytes(emrtd_out_bytes(&dec), in);
			assert_error(emrtd_cbc_encrypt(*state, s, key, iv, in,
					 &tight),
			    n == 0 ? EMRTD_OK : EMRTD_E_BUFFER);
		}
	}
}

/* FIPS 197 appendix C. */
static void
one_block(void **state)
{
	static const char *const want[] = { "69C4E0D86A7B0430D8CDB78070B4C55A",
		"DDA97CA4864CDFE06EAF70A0EC0D7191",
		"8EA2B7CA516745BFEAFC49904B496089" };
	uint8_t key[EMRTD_KEY_MAX], in[16], out[16], hex[16];

	for (unsigned i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	for (unsigned i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)(0x11 * i);
	for (unsigned i = 0; i < 3; i++) {
		assert_ok(emrtd_encrypt_block(*state,
		    emrtd_suite((enum emrtd_suite_id)(EMRTD_AES128 + i)), key,
		    in, out));
		vector_hex(want[i], hex, sizeof(hex));
		assert_memory_equal(out, hex, sizeof(hex));
	}
}

static void
padding_there_and_back(void **state)
{
	static const size_t blocks[] = { 8, 16 };

	(void)state;
	for (size_t b = 0; b < 2; b++) {
		for (size_t n = 0; n <= 40; n++) {
			uint8_t buf[64] = { 0 };
			struct emrtd_out out = emrtd_out(buf, sizeof(buf));
			size_t len;

			emrtd_put_fill(&out, 0x80, 3); /* before 'from' */
			emrtd_put_fill(&out, n % 2 ? 0 : 0x80, n);
			emrtd_pad(&out, 3, blocks[b]);
			assert_int_equal((out.len - 3) % blocks[b], 0);
			assert_true(out.len - 3 - n >= 1);
			assert_true(out.len - 3 - n <= blocks[b]);
			assert_true(emrtd_unpad(emrtd_out_since(&out, 3),
			    blocks[b], &len));
			assert_int_equal(len, n);
		}
	}
}

static void
wrong_padding_is_refused(void **state)
{
	static const struct {
		const char *hex;
		bool ok;
		size_t len;
	} cases[] = {
		{ "", false, 0 },
		{ "80", false, 0 },
		{ "8000000000000000", true, 0 },
		{ "0000000000000080", true, 7 },
		{ "0000000000000000", false, 0 },
		{ "0000000000000001", false, 0 },
		{ "0000000000000081", false, 0 },
		{ "8000000000000001", false, 0 },
		{ "8080808080808080", true, 7 },
		{ "FFFFFFFF80000000", true, 4 },
		{ "FFFFFFFF80000100", false, 0 },
		/* a whole block of zeros does not count */
		{ "80000000000000000000000000000000", false, 0 },
		{ "00000000000000008000000000000000", true, 8 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t buf[32];
		size_t len = 77;

		assert_int_equal(emrtd_unpad(hex_bytes(cases[i].hex, buf,
						 sizeof(buf)),
				     8, &len),
		    cases[i].ok);
		assert_int_equal(len, cases[i].ok ? cases[i].len : 77);
	}
	/* the last block in every one of its values: only 80 ends it */
	for (unsigned v = 0; v < 256; v++) {
		uint8_t buf[16];
		size_t len;

		memset(buf, 0xAA, sizeof(buf));
		buf[15] = (uint8_t)v;
		assert_int_equal(emrtd_unpad(emrtd_bytes(buf, sizeof(buf)), 16,
				     &len),
		    v == 0x80);
	}
}

static void
comparing_and_wiping(void **state)
{
	uint8_t a[16] = { 1, 2, 3 }, b[16] = { 1, 2, 3 }, zero[16] = { 0 };

	(void)state;
	assert_true(emrtd_const_equal(a, b, sizeof(a)));
	for (unsigned bit = 0; bit < 8 * sizeof(b); bit++) {
		b[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_false(emrtd_const_equal(a, b, sizeof(a)));
		assert_true(emrtd_const_equal(a, b, bit / 8));
		b[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	emrtd_wipe(a, sizeof(a) - 1);
	assert_memory_equal(a, zero, sizeof(a));
	a[15] = 9;
	emrtd_wipe(a, 15);
	assert_int_equal(a[15], 9);
}

static void
random_bytes(void **state)
{
	struct emrtd_random random = emrtd_random_system(*state);
	uint8_t a[32] = { 0 }, b[32] = { 0 };

	assert_ok(random.fill(random.self, a, sizeof(a)));
	assert_ok(random.fill(random.self, b, sizeof(b)));
	assert_memory_not_equal(a, b, sizeof(a));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_suites),
		cmocka_unit_test(hashes),
		cmocka_unit_test(no_hash),
		cmocka_unit_test(macs),
		cmocka_unit_test(long_retail_macs),
		cmocka_unit_test(retail_macs_want_whole_blocks),
		cmocka_unit_test(cbc_there_and_back),
		cmocka_unit_test(one_block),
		cmocka_unit_test(padding_there_and_back),
		cmocka_unit_test(wrong_padding_is_refused),
		cmocka_unit_test(comparing_and_wiping),
		cmocka_unit_test(random_bytes),
	};

	return cmocka_run_group_tests(tests, setup_crypto, teardown_crypto);
}
