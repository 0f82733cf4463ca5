/* Published reference data: what it says, and what becomes of it when changed. */
#include "pki/sod.h"
#include "pki/sod_profile.h"
#include "test.h"
#include "vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH     "tests/vectors/sod.txt"
#define FILE_CAP 4096
#define N_SODS   4

static struct emrtd_crypto *crypto;

static struct named {
	char name[16];
	uint8_t file[FILE_CAP];
	size_t len;
} sods[N_SODS];

static struct named *
by_name(const char *name)
{
	for (size_t i = 0; i < N_SODS; i++) {
		if (strcmp(sods[i].name, name) == 0)
			return &sods[i];
	}
	fail_msg("no SOD %s", name);
	return NULL;
}

/* The first of parsing, attributes and signature that fails. */
static enum emrtd_error
judge(struct emrtd_bytes file, struct emrtd_findings *found)
{
	struct emrtd_certificate signer;
	struct emrtd_sod sod;
	enum emrtd_error error = emrtd_sod_parse(file, NULL, &sod);

	memset(found, 0, sizeof(*found));
	if (error != EMRTD_OK)
		return error;
	assert_int_equal(emrtd_sod_signer(&sod, crypto, NULL, NULL, &signer),
	    EMRTD_OK);
	emrtd_sod_profile(&sod, &signer,
	    emrtd_cms_names(&sod.cms, crypto, &signer), found);
	error = emrtd_sod_verify_attributes(&sod, crypto, NULL);
	if (error == EMRTD_OK)
		error = emrtd_sod_verify_signature(&sod, crypto, &signer, NULL);
	return error;
}

static void
expect(const struct vector *v, struct emrtd_bytes file, const char *result,
    const char *findings)
{
	struct emrtd_findings found;
	enum emrtd_error error = judge(file, &found);
	char text[256] = "";

	for (int id = 0; id < EMRTD_N_FINDINGS; id++) {
		if (!found.there[id])
			continue;
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%s%s", *text != '\0' ? "," : "",
		    emrtd_finding_info((enum emrtd_finding_id)id)->name);
	}
	if (strcmp(emrtd_error_name(error), result) != 0 ||
	    strcmp(*text != '\0' ? text : "-", findings) != 0)
		fail_msg("line %u: %s %s", v->line, emrtd_error_name(error),
		    text);
}

static void
check_sod(const struct vector *v)
{
	struct named *to = sods;

	while (to->len > 0)
		to++;
	(void)snprintf(to->name, sizeof(to->name), "%s", v->words[1]);
	to->len = vector_hex(v->words[2], to->file, sizeof(to->file));
	expect(v, emrtd_bytes(to->file, to->len), v->words[3], v->words[4]);
}

static void
check_edit(const struct vector *v)
{
	const struct named *from = by_name(v->words[1]);
	size_t at = strtoul(v->words[2], NULL, 10), n;
	uint8_t file[FILE_CAP];

	memcpy(file, from->file, from->len);
	assert_true(at <= from->len);
	n = vector_hex(v->words[3], file + at, sizeof(file) - at);
	expect(v, emrtd_bytes(file, at + n > from->len ? at + n : from->len),
	    v->words[4], v->words[5]);
}

static void
check_group(const struct vector *v, bool there)
{
	const struct named *from = by_name(v->words[1]);
	unsigned long dg = strtoul(v->words[2], NULL, 10);
	uint8_t file[FILE_CAP], digest[EMRTD_HASH_MAX];
	struct emrtd_bytes part = { file,
		vector_hex(v->words[3], file, sizeof(file)) };
	struct emrtd_sod sod;
	bool equal;

	assert_int_equal(emrtd_sod_parse(emrtd_bytes(from->file, from->len),
			     NULL, &sod),
	    EMRTD_OK);
	assert_true(dg <= 16);
	assert_int_equal(emrtd_hash(crypto, sod.dg_hash, &part, 1, digest),
	    EMRTD_OK);
	equal = sod.dg_digest[dg].ptr != NULL &&
		memcmp(sod.dg_digest[dg].ptr, digest, sod.dg_digest[dg].len) ==
		    0;
	if (equal != there)
		fail_msg("line %u: hash of data group %lu", v->line, dg);
}

static void
reference_data(void **state)
{
	struct vectors *vectors = vectors_open(PATH);
	struct vector v;

	(void)state;
	while (vectors_next(vectors, &v)) {
		if (strcmp(v.words[0], "sod") == 0)
			check_sod(&v);
		else if (strcmp(v.words[0], "edit") == 0)
			check_edit(&v);
		else
			check_group(&v, strcmp(v.words[0], "dg") == 0);
	}
	vectors_close(vectors);
}

static int
setup(void **state)
{
	(void)state;
	return emrtd_crypto_new(NULL, &crypto) == EMRTD_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	emrtd_crypto_free(&crypto);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reference_data),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
