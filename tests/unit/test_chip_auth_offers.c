/*
 * Which Chip Authentication a DG14 offers: the files of real chips, and the
 * ways in which keys and protocols are brought together.
 */
#include "access/chip_auth_offers.h"
#include "core/builder.h"
#include "core/oid.h"
#include "emrtd_test.h"

#include <openssl/bn.h>
#include <stdlib.h>

#define CAP      1024
#define OID_3DES "04007F00070202030201"
#define OID_128  "04007F00070202030202"
#define OID_256  "04007F00070202030204"
#define OID_DH   "04007F00070202030102"
#define STRANGER "04007F00070202030209"

/* The infos of a recorded DG14, in buf. */
static struct emrtd_security_infos
recorded_infos(const char *state, uint8_t buf[CAP])
{
	struct vectors *vectors = vectors_open(
	    "tests/vectors/chip_auth_recorded.txt");
	struct emrtd_security_infos infos = { 0 };
	struct emrtd_bytes set;
	struct vector v;

	while (vectors_next(vectors, &v)) {
		if (strcmp(v.words[0], "dg14") != 0 ||
		    strcmp(v.words[1], state) != 0)
			continue;
		assert_ok(emrtd_dg14_parse(hex_bytes(v.words[2], buf, CAP),
		    NULL, &set));
		assert_ok(emrtd_security_infos_parse(set, NULL, &infos));
	}
	vectors_close(vectors);
	assert_int_equal(infos.n_ca_keys, 1);
	return infos;
}

/* Each has one key, and it is used as the chip was then seen to want it. */
static void
real_chips(void **state)
{
	struct vectors *vectors = vectors_open(
	    "tests/vectors/chip_auth_recorded.txt");
	struct vector v;
	size_t n = 0;

	while (vectors_next(vectors, &v)) {
		static struct emrtd_chip_auth_offers offers;
		uint8_t buf[CAP], key[EMRTD_ELEMENT_MAX], id = 0;
		struct emrtd_security_infos infos;
		const struct emrtd_chip_auth_key *best = &offers.offers[0];

		if (strcmp(v.words[0], "key") != 0)
			continue;
		infos = recorded_infos(v.words[1], buf);
		assert_ok(
		    emrtd_chip_auth_offers_read(*state, &infos, NULL, &offers));
		assert_int_equal(offers.n, 1);
		assert_int_equal(offers.n_unusable, 0);
		assert_string_equal(best->protocol->oid, v.words[2]);
		assert_int_equal(best->group->id, atoi(v.words[3]));
		assert_int_equal(best->has_key_id,
		    vector_hex(v.words[4], &id, 1));
		if (best->has_key_id)
			assert_int_equal(best->key_id, id);
		assert_bytes(best->public_key,
		    hex_bytes(v.words[5], key, sizeof(key)));
		n++;
	}
	vectors_close(vectors);
	assert_int_equal(n, 4);
}

#define NO_ID UINT32_MAX

/* A DG14 of keys by state and id, and infos by OID, version and id. */
struct key_row {
	const char *state; /* AT: brainpoolP256r1, FR: P-256; NULL: rubbish */
	uint32_t id;
};
struct info_row {
	const char *oid;
	uint32_t version, id;
};
struct offer_row {
	const char *oid; /* NULL: no more offers */
	uint8_t group;
	uint32_t id;
};

struct dg14 {
	uint8_t bytes[EMRTD_CA_KEYS_MAX][CAP];
	uint8_t oids[EMRTD_CA_INFOS_MAX][16];
	struct emrtd_security_infos infos;
};

static void
put_together(struct dg14 *d, const struct key_row *keys,
    const struct info_row *infos)
{
	static const uint8_t rubbish[] = { 0x30, 0x00 };

	memset(d, 0, sizeof(*d));
	for (size_t i = 0; keys[i].id != 0; i++) {
		struct emrtd_ca_key *key = &d->infos.ca_keys[i];

		if (keys[i].state != NULL)
			*key = recorded_infos(keys[i].state, d->bytes[i])
				   .ca_keys[0];
		else
			key->spki = emrtd_bytes(rubbish, sizeof(rubbish));
		key->has_key_id = keys[i].id != NO_ID;
		key->key_id = keys[i].id;
		d->infos.n_ca_keys++;
	}
	for (size_t i = 0; infos[i].oid != NULL; i++) {
		struct emrtd_ca_info *info = &d->infos.ca[i];

		info->oid = hex_bytes(infos[i].oid, d->oids[i], 16);
		info->version = infos[i].version;
		info->has_key_id = infos[i].id != NO_ID;
		info->key_id = infos[i].id;
		d->infos.n_ca++;
	}
}

struct pairing {
	const char *name;
	struct key_row keys[4];
	struct info_row infos[6];
	enum emrtd_error want;
	struct offer_row offers[6];
	size_t n_unusable;
};

static const struct pairing pairings[] = {
	{ "by id, the strongest first", { { "AT", 1 }, { "FR", 2 } },
	    { { OID_3DES, 1, 1 }, { OID_256, 1, 2 }, { OID_128, 1, 1 } },
	    EMRTD_OK,
	    { { OID_256, 12, 2 }, { OID_128, 13, 1 }, { OID_3DES, 13, 1 } },
	    0 },
	{ "a key without info beside one with", { { "AT", 1 }, { "FR", 2 } },
	    { { OID_128, 1, 2 } }, EMRTD_OK,
	    { { OID_128, 12, 2 }, { OID_3DES, 13, 1 } }, 0 },
	{ "one key, other ids", { { "AT", 3 } }, { { OID_128, 1, 7 } },
	    EMRTD_OK, { { OID_128, 13, 3 } }, 0 },
	{ "an id on the key alone", { { "AT", 3 } }, { { OID_128, 1, NO_ID } },
	    EMRTD_OK, { { OID_128, 13, 3 } }, 0 },
	{ "an id on the info alone", { { "AT", NO_ID } }, { { OID_128, 1, 7 } },
	    EMRTD_OK, { { OID_128, 13, NO_ID } }, 0 },
	{ "two keys, an info for both", { { "AT", 1 }, { "FR", 2 } },
	    { { OID_128, 1, NO_ID } }, EMRTD_OK,
	    { { OID_128, 13, 1 }, { OID_128, 12, 2 } }, 0 },
	{ "equals in the order of the file", { { "FR", 9 }, { "AT", 1 } },
	    { { OID_128, 1, 1 }, { OID_128, 1, 9 } }, EMRTD_OK,
	    { { OID_128, 12, 9 }, { OID_128, 13, 1 } }, 0 },
	{ "no info at all", { { "FR", NO_ID } }, { { NULL, 0, 0 } }, EMRTD_OK,
	    { { OID_3DES, 12, NO_ID } }, 0 },
	{ "an info of the other kind is another key's", { { "FR", NO_ID } },
	    { { OID_DH, 1, NO_ID } }, EMRTD_OK, { { OID_3DES, 12, NO_ID } },
	    0 },
	{ "version 2 beside version 1", { { "AT", NO_ID } },
	    { { OID_256, 2, NO_ID }, { OID_128, 1, NO_ID } }, EMRTD_OK,
	    { { OID_128, 13, NO_ID } }, 0 },
	{ "version 2 alone is not 3DES", { { "AT", NO_ID } },
	    { { OID_256, 2, NO_ID } }, EMRTD_E_UNSUPPORTED, { { NULL, 0, 0 } },
	    0 },
	{ "an unknown protocol is not 3DES", { { "AT", NO_ID } },
	    { { STRANGER, 1, NO_ID } }, EMRTD_E_UNSUPPORTED, { { NULL, 0, 0 } },
	    0 },
	{ "a key that is none beside one that is", { { NULL, 1 }, { "AT", 2 } },
	    { { OID_256, 1, 1 }, { OID_128, 1, 2 } }, EMRTD_OK,
	    { { OID_128, 13, 2 } }, 1 },
	{ "a key that is none", { { NULL, NO_ID } }, { { OID_256, 1, NO_ID } },
	    EMRTD_E_KEY, { { NULL, 0, 0 } }, 1 },
	{ "no key", { { NULL, 0 } }, { { OID_128, 1, NO_ID } },
	    EMRTD_E_UNSUPPORTED, { { NULL, 0, 0 } }, 0 },
	{ "nothing", { { NULL, 0 } }, { { NULL, 0, 0 } }, EMRTD_E_NOT_FOUND,
	    { { NULL, 0, 0 } }, 0 },
};

static void
check_offers(const struct pairing *p,
    const struct emrtd_chip_auth_offers *offers)
{
	size_t n = 0;

	for (; p->offers[n].oid != NULL; n++) {
		const struct emrtd_chip_auth_key *got = &offers->offers[n];
		uint8_t oid[16];

		if (n >= offers->n)
			fail_msg("%s: only %zu", p->name, offers->n);
		if (got->protocol !=
			emrtd_chip_auth_protocol_by_oid(
			    hex_bytes(p->offers[n].oid, oid, sizeof(oid))) ||
		    got->group->id != p->offers[n].group ||
		    got->has_key_id != (p->offers[n].id != NO_ID) ||
		    (got->has_key_id && got->key_id != p->offers[n].id))
			fail_msg("%s: offer %zu is %s, group %u", p->name, n,
			    got->protocol->name, got->group->id);
	}
	assert_int_equal(offers->n, n);
	assert_int_equal(offers->n_unusable, p->n_unusable);
	if (p->n_unusable > 0)
		assert_error(offers->unusable.error, EMRTD_E_KEY);
}

static void
keys_and_protocols_are_brought_together(void **state)
{
	static struct dg14 d;

	for (size_t i = 0; i < sizeof(pairings) / sizeof(pairings[0]); i++) {
		const struct pairing *p = &pairings[i];
		static struct emrtd_chip_auth_offers offers;
		struct emrtd_diag diag;
		enum emrtd_error error;

		put_together(&d, p->keys, p->infos);
		emrtd_diag_init(&diag);
		error = emrtd_chip_auth_offers_read(*state, &d.infos, &diag,
		    &offers);
		if (error != p->want)
			fail_msg("%s: %s", p->name, emrtd_error_name(error));
		assert_error(diag.error, p->want);
		if (p->want != EMRTD_OK)
			assert_non_null(diag.what);
		check_offers(p, &offers);
	}
}

/* What cannot be read must not pass for what is not offered. */
static void
malformed_is_not_absent(void **state)
{
	static struct emrtd_chip_auth_offers offers;
	struct emrtd_security_infos infos = { 0 };

	infos.malformed = 1u << EMRTD_INFO_CA_KEY;
	assert_error(emrtd_chip_auth_offers_read(*state, &infos, NULL, &offers),
	    EMRTD_E_MALFORMED);
	infos.malformed = 1u << EMRTD_INFO_CA;
	assert_error(emrtd_chip_auth_offers_read(*state, &infos, NULL, &offers),
	    EMRTD_E_MALFORMED);
	infos.malformed = 1u << EMRTD_INFO_PACE;
	assert_error(emrtd_chip_auth_offers_read(*state, &infos, NULL, &offers),
	    EMRTD_E_NOT_FOUND);
}

/* A signed key is no better for it: one bit of the point of a real chip. */
static void
a_point_off_the_curve(void **state)
{
	static struct emrtd_chip_auth_offers offers;
	uint8_t buf[CAP], spki[CAP];
	struct emrtd_security_infos infos = recorded_infos("AT", buf);
	struct emrtd_ca_key *key = &infos.ca_keys[0];

	memcpy(spki, key->spki.ptr, key->spki.len);
	spki[key->spki.len - 1] ^= 1;
	key->spki.ptr = spki;
	assert_error(emrtd_chip_auth_offers_read(*state, &infos, NULL, &offers),
	    EMRTD_E_KEY);
	assert_int_equal(offers.n, 0);
	assert_int_equal(offers.n_unusable, 1);
}

/* A key for PACE-CAM is not for 3DES; with an info it is for both. */
static void
the_key_of_a_mapping(void **state)
{
	static struct emrtd_chip_auth_offers offers;
	static struct dg14 d;
	struct key_row keys[] = { { "AT", 13 }, { NULL, 0 } };
	struct info_row none[] = { { NULL, 0, 0 } };
	struct info_row info[] = { { OID_128, 1, 13 }, { NULL, 0, 0 } };
	uint8_t cam[16], gm[16];

	put_together(&d, keys, none);
	d.infos.n_pace = 1;
	d.infos.pace[0].has_parameter_id = true;
	d.infos.pace[0].parameter_id = 13;
	d.infos.pace[0].oid = hex_bytes("04007F00070202040602", cam,
	    sizeof(cam));
	assert_error(emrtd_chip_auth_offers_read(*state, &d.infos, NULL,
			 &offers),
	    EMRTD_E_NOT_FOUND);
	d.infos.pace[0].parameter_id = 12; /* another key's */
	assert_ok(emrtd_chip_auth_offers_read(*state, &d.infos, NULL, &offers));
	assert_int_equal(offers.offers[0].protocol->suite, EMRTD_3DES);
	d.infos.pace[0].parameter_id = 13;
	d.infos.pace[0].oid = hex_bytes("04007F00070202040202", gm, sizeof(gm));
	assert_ok(emrtd_chip_auth_offers_read(*state, &d.infos, NULL, &offers));
	assert_int_equal(offers.offers[0].protocol->suite, EMRTD_3DES);
	put_together(&d, keys, info);
	d.infos.n_pace = 1;
	d.infos.pace[0].has_parameter_id = true;
	d.infos.pace[0].parameter_id = 13;
	d.infos.pace[0].oid = emrtd_bytes(cam, 10);
	assert_ok(emrtd_chip_auth_offers_read(*state, &d.infos, NULL, &offers));
	assert_int_equal(offers.n, 1);
	assert_int_equal(offers.offers[0].protocol->suite, EMRTD_AES128);
}

/* More pairs than there is room for: the rest is left out. */
static void
many_pairs(void **state)
{
	static struct emrtd_chip_auth_offers offers;
	static struct dg14 d;
	struct key_row keys[EMRTD_CA_KEYS_MAX + 1] = { { NULL, 0 } };
	struct info_row infos[EMRTD_CA_INFOS_MAX + 1] = { { NULL, 0, 0 } };

	for (size_t i = 0; i < EMRTD_CA_KEYS_MAX; i++)
		keys[i] = (struct key_row){ "AT", NO_ID };
	for (size_t i = 0; i < EMRTD_CA_INFOS_MAX; i++)
		infos[i] = (struct info_row){ OID_128, 1, NO_ID };
	put_together(&d, keys, infos);
	assert_ok(emrtd_chip_auth_offers_read(*state, &d.infos, NULL, &offers));
	assert_int_equal(offers.n, EMRTD_CHIP_AUTH_OFFERS_MAX);
}

static void
put_number(struct emrtd_out *out, const BIGNUM *n)
{
	uint8_t bytes[1 + EMRTD_FIELD_MAX] = { 0 };
	int len = BN_bn2bin(n, bytes + 1);

	emrtd_put_tlv(out, 0x02, emrtd_bytes(bytes, (size_t)len + 1));
}

/* PKCS #3: a safe prime that stands in no table, 2, and 4 for the key. */
static struct emrtd_bytes
own_group(struct emrtd_out *out)
{
	BIGNUM *p = BN_get_rfc3526_prime_1536(NULL), *n = BN_new();
	size_t all = emrtd_open(out, 0x30), algorithm = emrtd_open(out, 0x30);
	size_t numbers, bits;

	emrtd_put_oid(out, "1.2.840.113549.1.3.1");
	numbers = emrtd_open(out, 0x30);
	put_number(out, p);
	assert_int_equal(BN_set_word(n, 2), 1);
	put_number(out, n);
	emrtd_close(out, numbers);
	emrtd_close(out, algorithm);
	bits = emrtd_open(out, 0x03);
	emrtd_put_u8(out, 0);
	assert_int_equal(BN_set_word(n, 4), 1);
	put_number(out, n);
	emrtd_close(out, bits);
	emrtd_close(out, all);
	BN_free(p);
	BN_free(n);
	assert_false(out->bad);
	return emrtd_out_bytes(out);
}

/* To test a prime takes its time, and a chip may send many. */
static void
many_groups_of_its_own(void **state)
{
	static struct emrtd_chip_auth_offers offers;
	static struct dg14 d;
	uint8_t buf[CAP];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_bytes spki = own_group(&out);
	struct key_row keys[EMRTD_CA_KEYS_MAX + 1] = { { NULL, 0 } };
	struct info_row infos[] = { { OID_DH, 1, NO_ID }, { OID_128, 1, NO_ID },
		{ NULL, 0, 0 } };

	for (size_t i = 0; i < EMRTD_CA_KEYS_MAX; i++)
		keys[i] = (struct key_row){ "AT", NO_ID };
	put_together(&d, keys, infos);
	for (size_t i = 0; i + 1 < EMRTD_CA_KEYS_MAX; i++)
		d.infos.ca_keys[i].spki = spki;
	assert_ok(emrtd_chip_auth_offers_read(*state, &d.infos, NULL, &offers));
	/* Two of them, and the curve behind them all. */
	assert_int_equal(offers.n, 3);
	assert_int_equal(offers.n_unusable, EMRTD_CA_KEYS_MAX - 3);
	assert_error(offers.unusable.error, EMRTD_E_LIMIT);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_chips),
		cmocka_unit_test(keys_and_protocols_are_brought_together),
		cmocka_unit_test(malformed_is_not_absent),
		cmocka_unit_test(a_point_off_the_curve),
		cmocka_unit_test(the_key_of_a_mapping),
		cmocka_unit_test(many_pairs),
		cmocka_unit_test(many_groups_of_its_own),
	};

	return cmocka_run_group_tests(tests, setup_crypto, teardown_crypto);
}
