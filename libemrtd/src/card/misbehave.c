#include "card/misbehave.h"

#include "core/cursor.h"
#include "core/diag.h"

#include <string.h>

static const struct emrtd_card_fault faults[EMRTD_N_FAULTS] = {
	{ EMRTD_FAULT_TAMPER, "tamper", EMRTD_FAULT_ARGS_FILE, UINT32_MAX,
	    "flip one bit of a file after it was signed" },
	{ EMRTD_FAULT_DS_COUNTRY, "ds-country", EMRTD_FAULT_ARGS_COUNTRY, 0,
	    "the Document Signer's certificate names another country" },
	{ EMRTD_FAULT_FLIP_MAC, "flip-mac", EMRTD_FAULT_ARGS_AT, 0,
	    "flip a bit of the MAC of the N-th protected response" },
	{ EMRTD_FAULT_PLAIN_REPLY, "plain-reply", EMRTD_FAULT_ARGS_AT, 0,
	    "answer without protection, as the N-th protected response" },
	{ EMRTD_FAULT_TRUNCATE, "truncate", EMRTD_FAULT_ARGS_AT_VALUE, 65538,
	    "cut the N-th response to that many bytes" },
	{ EMRTD_FAULT_STATUS, "status", EMRTD_FAULT_ARGS_AT_HEX, 0xFFFF,
	    "answer the N-th command with a bare status word" },
	{ EMRTD_FAULT_LOST, "lost", EMRTD_FAULT_ARGS_AT, 0,
	    "leave the field at the N-th command" },
	{ EMRTD_FAULT_LOST_RANDOM, "lost-random", EMRTD_FAULT_ARGS_VALUE,
	    UINT32_MAX,
	    "leave the field at random, at one command in 256; NUMBER chooses "
	    "at which" },
	{ EMRTD_FAULT_DELAY, "delay", EMRTD_FAULT_ARGS_VALUE, 3600000,
	    "take that many milliseconds for every answer (sim: pretends it)" },
	{ EMRTD_FAULT_MAX_READ, "max-read", EMRTD_FAULT_ARGS_VALUE, 65536,
	    "give at most that many bytes to a READ BINARY" },
	{ EMRTD_FAULT_NO_SFI, "no-sfi", EMRTD_FAULT_ARGS_NONE, 0,
	    "do not know short file identifiers" },
	{ EMRTD_FAULT_CHALLENGE, "challenge", EMRTD_FAULT_ARGS_VALUE, 64,
	    "answer GET CHALLENGE with that many bytes" },
	{ EMRTD_FAULT_BAD_TOKEN, "bad-token", EMRTD_FAULT_ARGS_NONE, 0,
	    "flip a bit of the chip's PACE token" },
	{ EMRTD_FAULT_CARD_ACCESS, "card-access", EMRTD_FAULT_ARGS_CARD_ACCESS,
	    EMRTD_FAULT_CARD_ACCESS_ADD,
	    "EF.CardAccess is not as signed: HOW is remove, weaken or add" },
	{ EMRTD_FAULT_WRONG_CAM_KEY, "wrong-cam-key", EMRTD_FAULT_ARGS_NONE, 0,
	    "PACE-CAM with another private key than EF.CardSecurity is for" },
	{ EMRTD_FAULT_CA_OLD_KEYS, "ca-old-keys", EMRTD_FAULT_ARGS_NONE, 0,
	    "go on under the old keys after Chip Authentication" },
	{ EMRTD_FAULT_CA_EARLY_KEYS, "ca-early-keys", EMRTD_FAULT_ARGS_NONE, 0,
	    "answer Chip Authentication itself under the new keys" },
	{ EMRTD_FAULT_BARE_LE, "bare-le", EMRTD_FAULT_ARGS_VALUE, 65536,
	    "break off the session with a bare 6700 over a READ BINARY of "
	    "more" },
	{ EMRTD_FAULT_BAD_PADDING, "bad-padding", EMRTD_FAULT_ARGS_AT, 0,
	    "pad the data of the N-th protected response wrongly" },
	{ EMRTD_FAULT_DROP_87, "drop-87", EMRTD_FAULT_ARGS_AT, 0,
	    "leave the data out of the N-th protected response" },
	{ EMRTD_FAULT_DROP_99, "drop-99", EMRTD_FAULT_ARGS_AT, 0,
	    "leave the status out of the N-th protected response" },
	{ EMRTD_FAULT_DROP_8E, "drop-8e", EMRTD_FAULT_ARGS_AT, 0,
	    "leave the MAC out of the N-th protected response" },
	{ EMRTD_FAULT_EXTRA_OBJECT, "extra-object", EMRTD_FAULT_ARGS_AT, 0,
	    "put an object more into the N-th protected response" },
	{ EMRTD_FAULT_SSC_SKEW, "ssc-skew", EMRTD_FAULT_ARGS_AT, 0,
	    "count once too often before the N-th protected response" },
	{ EMRTD_FAULT_REPLAY, "replay", EMRTD_FAULT_ARGS_AT, 0,
	    "send the response before instead of the N-th" },
	{ EMRTD_FAULT_ECHO_KEY, "echo-key", EMRTD_FAULT_ARGS_NONE, 0,
	    "PACE: send the reader's public keys back as the chip's" },
	{ EMRTD_FAULT_REFLECT_TOKEN, "reflect-token", EMRTD_FAULT_ARGS_NONE, 0,
	    "PACE: send the reader's token back as the chip's" },
	{ EMRTD_FAULT_AA_OLD_CHALLENGE, "aa-old-challenge",
	    EMRTD_FAULT_ARGS_NONE, 0,
	    "Active Authentication signs another challenge than it got" },
	{ EMRTD_FAULT_DEVIATE, "deviate", EMRTD_FAULT_ARGS_DEVIATE,
	    EMRTD_FAULT_DEVIATE_COM,
	    "issue the document not as the standards want it: WHERE is "
	    "sod-version or com" },
};

bool
emrtd_card_switch_at(size_t index, struct emrtd_card_switch *out)
{
	static const char *const arguments[] = {
		[EMRTD_FAULT_ARGS_NONE] = "",
		[EMRTD_FAULT_ARGS_FILE] = "=FILE[:BIT]",
		[EMRTD_FAULT_ARGS_COUNTRY] = "=XX",
		[EMRTD_FAULT_ARGS_AT] = "=N",
		[EMRTD_FAULT_ARGS_VALUE] = "=NUMBER",
		[EMRTD_FAULT_ARGS_AT_VALUE] = "=N:NUMBER",
		[EMRTD_FAULT_ARGS_AT_HEX] = "=N:XXXX",
		[EMRTD_FAULT_ARGS_CARD_ACCESS] = "=HOW",
		[EMRTD_FAULT_ARGS_DEVIATE] = "=WHERE",
	};

	if (index >= EMRTD_N_FAULTS)
		return false;
	out->name = faults[index].name;
	out->arguments = arguments[faults[index].arguments];
	out->text = faults[index].text;
	return true;
}

const struct emrtd_card_misbehaviour *
emrtd_misbehave_find(const struct emrtd_card_misbehaviour *set, size_t n,
    enum emrtd_fault_id id, uint32_t at)
{
	for (size_t i = 0; i < n; i++)
		if (set[i].fault->id == id && (at == 0 || set[i].at == at))
			return &set[i];
	return NULL;
}

static const struct emrtd_card_fault *
fault_by_name(struct emrtd_bytes name)
{
	for (size_t i = 0; i < EMRTD_N_FAULTS; i++)
		if (emrtd_bytes_equal(name, emrtd_bytes_text(faults[i].name)))
			return &faults[i];
	return NULL;
}

/* All characters up to sep or the end; false when sep is not there. */
static bool
split(struct emrtd_bytes *in, char sep, struct emrtd_bytes *head)
{
	for (size_t n = 0; n < in->len; n++) {
		struct emrtd_bytes skipped;

		if (in->ptr[n] != (uint8_t)sep)
			continue;
		return emrtd_take(in, n, head) && emrtd_take(in, 1, &skipped);
	}
	return false;
}

static bool
number(struct emrtd_bytes text, unsigned base, uint32_t *out)
{
	static const char digits[] = "0123456789ABCDEF";
	uint64_t v = 0;

	if (text.len == 0 || text.len > 10)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		const char *d = memchr(digits, text.ptr[i], base);

		if (d == NULL)
			return false;
		v = v * base + (uint64_t)(d - digits);
	}
	if (v > UINT32_MAX)
		return false;
	*out = (uint32_t)v;
	return true;
}

static bool
file_and_bit(struct emrtd_bytes text, struct emrtd_card_misbehaviour *m)
{
	struct emrtd_bytes name = text;
	enum emrtd_file file;
	char word[16];

	m->value = EMRTD_FAULT_LAST_BIT;
	if (split(&text, ':', &name) && !number(text, 10, &m->value))
		return false;
	if (name.len == 0 || name.len >= sizeof(word))
		return false;
	memcpy(word, name.ptr, name.len);
	word[name.len] = '\0';
	if (!emrtd_file_by_name(word, &file))
		return false;
	m->at = (uint32_t)file;
	return true;
}

static bool
country(struct emrtd_bytes text, struct emrtd_card_misbehaviour *m)
{
	if (text.len != 2)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < 'A' || text.ptr[i] > 'Z')
			return false;
	memcpy(m->text, text.ptr, text.len);
	m->text[text.len] = '\0';
	return true;
}

static bool
at_and_value(struct emrtd_bytes text, unsigned base,
    struct emrtd_card_misbehaviour *m)
{
	struct emrtd_bytes at;

	return split(&text, ':', &at) && number(at, 10, &m->at) && m->at > 0 &&
	       number(text, base, &m->value);
}

static bool
one_of(const char *const words[], uint32_t n, struct emrtd_bytes text,
    struct emrtd_card_misbehaviour *m)
{
	for (uint32_t i = 0; i < n; i++) {
		if (!emrtd_bytes_equal(text, emrtd_bytes_text(words[i])))
			continue;
		m->value = i;
		return true;
	}
	return false;
}

static bool
card_access(struct emrtd_bytes text, struct emrtd_card_misbehaviour *m)
{
	static const char *const words[] = {
		[EMRTD_FAULT_CARD_ACCESS_REMOVE] = "remove",
		[EMRTD_FAULT_CARD_ACCESS_WEAKEN] = "weaken",
		[EMRTD_FAULT_CARD_ACCESS_ADD] = "add",
	};

	return one_of(words, sizeof(words) / sizeof(words[0]), text, m);
}

static bool
deviation(struct emrtd_bytes text, struct emrtd_card_misbehaviour *m)
{
	static const char *const words[] = {
		[EMRTD_FAULT_DEVIATE_SOD_VERSION] = "sod-version",
		[EMRTD_FAULT_DEVIATE_COM] = "com",
	};

	return one_of(words, sizeof(words) / sizeof(words[0]), text, m);
}

static bool
arguments(struct emrtd_bytes text, struct emrtd_card_misbehaviour *m)
{
	switch (m->fault->arguments) {
	case EMRTD_FAULT_ARGS_NONE:
		return text.len == 0;
	case EMRTD_FAULT_ARGS_FILE:
		return file_and_bit(text, m);
	case EMRTD_FAULT_ARGS_COUNTRY:
		return country(text, m);
	case EMRTD_FAULT_ARGS_AT:
		return number(text, 10, &m->at) && m->at > 0;
	case EMRTD_FAULT_ARGS_VALUE:
		return number(text, 10, &m->value);
	case EMRTD_FAULT_ARGS_AT_VALUE:
		return at_and_value(text, 10, m);
	case EMRTD_FAULT_ARGS_AT_HEX:
		return at_and_value(text, 16, m);
	case EMRTD_FAULT_ARGS_CARD_ACCESS:
		return card_access(text, m);
	case EMRTD_FAULT_ARGS_DEVIATE:
		return deviation(text, m);
	}
	return false;
}

enum emrtd_error
emrtd_card_misbehave(struct emrtd_card_profile *profile, const char *text,
    struct emrtd_diag *diag)
{
	struct emrtd_card_misbehaviour m = { 0 };
	struct emrtd_bytes rest = emrtd_bytes_text(text), name = rest;
	enum emrtd_error error = EMRTD_OK;

	if (!split(&rest, '=', &name))
		rest = emrtd_bytes(NULL, 0);
	m.fault = fault_by_name(name);
	if (m.fault == NULL)
		error = emrtd_fail(diag, EMRTD_E_ARG, "unknown misbehaviour",
		    NULL);
	else if (!arguments(rest, &m) || m.value > m.fault->max_value)
		error = emrtd_fail(diag, EMRTD_E_ARG,
		    "wrong arguments of a misbehaviour", NULL);
	else if (profile->n_misbehave == EMRTD_CARD_MISBEHAVE_MAX)
		error = emrtd_fail(diag, EMRTD_E_LIMIT,
		    "too many misbehaviours", NULL);
	if (error != EMRTD_OK) {
		emrtd_diag_detail(diag, text);
		return error;
	}
	profile->misbehave[profile->n_misbehave++] = m;
	return EMRTD_OK;
}
