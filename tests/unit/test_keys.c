#include "access/keys.h"
#include "emrtd_test.h"

enum column {
	KIND,
	PASSWORD,
	K_SEED,
	K_ENC,
	K_MAC,
	K_PI, /* one for each suite */
	N_COLUMNS = K_PI + EMRTD_N_SUITES
};

static struct emrtd_password
password_of(const struct vector *v)
{
	const char *text = v->words[PASSWORD];
	struct emrtd_password p;

	if (strcmp(v->words[KIND], "can") == 0)
		assert_ok(emrtd_password_can(text, strlen(text), &p));
	else
		assert_ok(emrtd_password_mrz(text, strlen(text), &p));
	return p;
}

static void
check_key(const struct vector *v, unsigned column, const uint8_t *key,
    size_t key_len)
{
	uint8_t buf[EMRTD_KEY_MAX];

	assert_bytes(emrtd_bytes(key, key_len),
	    hex_bytes(v->words[column], buf, sizeof(buf)));
}

static void
check_bac(struct emrtd_crypto *crypto, const struct vector *v,
    const struct emrtd_password *p)
{
	const struct emrtd_suite *suite = emrtd_suite(EMRTD_3DES);
	uint8_t seed[EMRTD_SEED_LEN], key[EMRTD_KEY_MAX];
	struct emrtd_bytes secret = { seed, sizeof(seed) };

	if (strcmp(v->words[K_SEED], "-") == 0) {
		assert_error(emrtd_bac_seed(crypto, p, seed), EMRTD_E_ARG);
		return;
	}
	assert_ok(emrtd_bac_seed(crypto, p, seed));
	check_key(v, K_SEED, seed, sizeof(seed));
	assert_ok(emrtd_kdf(crypto, suite, secret, EMRTD_KDF_ENC, key));
	check_key(v, K_ENC, key, suite->key_len);
	assert_ok(emrtd_kdf(crypto, suite, secret, EMRTD_KDF_MAC, key));
	check_key(v, K_MAC, key, suite->key_len);
}

static void
worked_examples(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/keys.txt");
	struct vector v;

	while (vectors_next(vectors, &v)) {
		struct emrtd_password p = password_of(&v);

		assert_int_equal(v.n_words, N_COLUMNS);
		check_bac(*state, &v, &p);
		for (unsigned i = 0; i < EMRTD_N_SUITES; i++) {
			const struct emrtd_suite *s = emrtd_suite(
			    (enum emrtd_suite_id)i);
			uint8_t key[EMRTD_KEY_MAX];

			assert_ok(emrtd_pace_password_key(*state, s, &p, key));
			check_key(&v, K_PI + i, key, s->key_len);
		}
	}
	vectors_close(vectors);
}

static void
passwords_are_checked(void **state)
{
	static const char longest[] = "L898902C<3690806194062361234567890123";
	static const char *const bad_mrz[] = { "", "L898902C<36908061940623",
		"L898902C<36908061940623x", "L898902C 369080619406236",
		"L898902C<36908061940623612345678901234" };
	static const char *const bad_can[] = { "", "12345", "1234567", "12345A",
		"12345 " };
	struct emrtd_password p;

	(void)state;
	assert_ok(emrtd_password_mrz(longest, sizeof(longest) - 1, &p));
	assert_int_equal(p.kind, EMRTD_PASSWORD_MRZ);
	assert_int_equal(p.len, sizeof(longest) - 1);
	for (size_t i = 0; i < sizeof(bad_mrz) / sizeof(bad_mrz[0]); i++)
		assert_error(emrtd_password_mrz(bad_mrz[i], strlen(bad_mrz[i]),
				 &p),
		    EMRTD_E_ARG);
	for (size_t i = 0; i < sizeof(bad_can) / sizeof(bad_can[0]); i++)
		assert_error(emrtd_password_can(bad_can[i], strlen(bad_can[i]),
				 &p),
		    EMRTD_E_ARG);
}

static void
wiped_passwords_open_nothing(void **state)
{
	static const struct emrtd_password none;
	uint8_t key[EMRTD_KEY_MAX];
	struct emrtd_password p;

	assert_ok(emrtd_password_can("123456", 6, &p));
	emrtd_password_wipe(&p);
	assert_memory_equal(&p, &none, sizeof(none));
	assert_error(emrtd_pace_password_key(*state, emrtd_suite(EMRTD_AES128),
			 &p, key),
	    EMRTD_E_ARG);
	assert_error(emrtd_bac_seed(*state, &p, key), EMRTD_E_ARG);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_examples),
		cmocka_unit_test(passwords_are_checked),
		cmocka_unit_test(wiped_passwords_open_nothing),
	};

	return cmocka_run_group_tests(tests, setup_crypto, teardown_crypto);
}
