#include "access/keys.h"

#include "core/cursor.h"
#include "core/wipe.h"

#include <string.h>

#define MRZ_INFO_MIN 24 /* 9 + 1 + 6 + 1 + 6 + 1 */
#define MRZ_INFO_MAX 37 /* TD1 has room for 22 characters of number */
#define CAN_LEN      6

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_mrz(char c)
{
	return is_digit(c) || (c >= 'A' && c <= 'Z') || c == '<';
}

const char *
emrtd_password_kind_name(enum emrtd_password_kind kind)
{
	static const char *const names[] = {
		[EMRTD_PASSWORD_MRZ] = "mrz",
		[EMRTD_PASSWORD_CAN] = "can",
		[EMRTD_PASSWORD_PIN] = "pin",
		[EMRTD_PASSWORD_PUK] = "puk",
	};

	return (unsigned)kind < sizeof(names) / sizeof(names[0]) ? names[kind]
								 : NULL;
}

static enum emrtd_error
set_password(enum emrtd_password_kind kind, const char *text, size_t len,
    bool (*is_allowed)(char c), struct emrtd_password *out)
{
	for (size_t i = 0; i < len; i++) {
		if (!is_allowed(text[i]))
			return EMRTD_E_ARG;
	}
	emrtd_password_wipe(out);
	out->kind = kind;
	out->len = len;
	memcpy(out->text, text, len);
	return EMRTD_OK;
}

enum emrtd_error
emrtd_password_mrz(const char *info, size_t info_len,
    struct emrtd_password *out)
{
	if (info_len < MRZ_INFO_MIN || info_len > MRZ_INFO_MAX)
		return EMRTD_E_ARG;
	return set_password(EMRTD_PASSWORD_MRZ, info, info_len, is_mrz, out);
}

enum emrtd_error
emrtd_password_can(const char *can, size_t can_len, struct emrtd_password *out)
{
	if (can_len != CAN_LEN)
		return EMRTD_E_ARG;
	return set_password(EMRTD_PASSWORD_CAN, can, can_len, is_digit, out);
}

enum emrtd_error
emrtd_password_pin(const char *text, size_t len, struct emrtd_password *out)
{
	if (len < EMRTD_PIN_MIN || len > EMRTD_PIN_MAX)
		return EMRTD_E_ARG;
	return set_password(EMRTD_PASSWORD_PIN, text, len, is_digit, out);
}

enum emrtd_error
emrtd_password_puk(const char *text, size_t len, struct emrtd_password *out)
{
	if (len < EMRTD_PUK_MIN || len > EMRTD_PUK_MAX)
		return EMRTD_E_ARG;
	return set_password(EMRTD_PASSWORD_PUK, text, len, is_digit, out);
}

void
emrtd_password_wipe(struct emrtd_password *password)
{
	emrtd_wipe(password, sizeof(*password));
}

/* The text as bytes; kind and length come from the setters above. */
static bool
password_text(const struct emrtd_password *password,
    enum emrtd_password_kind kind, struct emrtd_bytes *out)
{
	if (password->kind != kind || password->len > sizeof(password->text))
		return false;
	*out = emrtd_bytes((const uint8_t *)password->text, password->len);
	return true;
}

enum emrtd_error
emrtd_bac_seed(struct emrtd_crypto *crypto,
    const struct emrtd_password *password, uint8_t seed[EMRTD_SEED_LEN])
{
	uint8_t digest[EMRTD_HASH_MAX];
	struct emrtd_bytes text;
	enum emrtd_error error;

	if (!password_text(password, EMRTD_PASSWORD_MRZ, &text))
		return EMRTD_E_ARG;
	error = emrtd_hash(crypto, EMRTD_SHA1, &text, 1, digest);
	if (error == EMRTD_OK)
		memcpy(seed, digest, EMRTD_SEED_LEN);
	emrtd_wipe(digest, sizeof(digest));
	return error;
}

enum emrtd_error
emrtd_pace_password_key(struct emrtd_crypto *crypto,
    const struct emrtd_suite *suite, const struct emrtd_password *password,
    uint8_t key[EMRTD_KEY_MAX])
{
	uint8_t digest[EMRTD_HASH_MAX];
	struct emrtd_bytes secret;
	enum emrtd_error error;

	if (password_text(password, EMRTD_PASSWORD_CAN, &secret) ||
	    password_text(password, EMRTD_PASSWORD_PIN, &secret) ||
	    password_text(password, EMRTD_PASSWORD_PUK, &secret))
		return emrtd_kdf(crypto, suite, secret, EMRTD_KDF_PACE, key);
	if (!password_text(password, EMRTD_PASSWORD_MRZ, &secret))
		return EMRTD_E_ARG;
	/* All 20 bytes here, where BAC takes 16. */
	error = emrtd_hash(crypto, EMRTD_SHA1, &secret, 1, digest);
	if (error == EMRTD_OK)
		error = emrtd_kdf(crypto, suite,
		    emrtd_bytes(digest, emrtd_hash_len(EMRTD_SHA1)),
		    EMRTD_KDF_PACE, key);
	emrtd_wipe(digest, sizeof(digest));
	return error;
}
