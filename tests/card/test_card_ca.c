/*
 * Secure messaging and Chip Authentication from the chip's side: the vectors
 * of both read backwards, and what the chip refuses, with which status word.
 */
#include "access/chip_auth_protocols.h"
#include "apdu/apdu.h"
#include "card/card_sm.h"
#include "card/chip.h"
#include "card_test.h"
#include "chip_auth_vector.h"
#include "core/builder.h"
#include "core/oid.h"

#include <stdlib.h>

#define CAP 2048

static const uint8_t zeros[sizeof(struct emrtd_sm)];

/* ---- Secure messaging, as the chip has it ------------------------------- */

static void
take_session(const struct vector *v, struct emrtd_sm *sm)
{
	uint8_t enc[EMRTD_KEY_MAX], mac[EMRTD_KEY_MAX], ssc[EMRTD_BLOCK_MAX];

	vector_hex(v->words[2], enc, sizeof(enc));
	vector_hex(v->words[3], mac, sizeof(mac));
	vector_hex(v->words[4], ssc, sizeof(ssc));
	emrtd_sm_init(sm, suite_by_name(v->words[1]), enc, mac, ssc);
}

static void
run_exchange(struct emrtd_crypto *crypto, struct emrtd_sm *sm,
    const struct vector *v)
{
	uint8_t plain[CAP], sent[CAP], received[CAP], data[CAP], sw[2];
	uint8_t buf[CAP], work_buf[CAP], answer_buf[CAP];
	struct emrtd_out scratch = emrtd_out(buf, sizeof(buf));
	struct emrtd_out work = emrtd_out(work_buf, sizeof(work_buf));
	struct emrtd_out answer = emrtd_out(answer_buf, sizeof(answer_buf));
	struct emrtd_card_sm_answer said = { 0 };
	struct emrtd_command want, command, got;

	assert_ok(
	    emrtd_command_decode(hex_bytes(v->words[1], plain, CAP), &want));
	assert_ok(
	    emrtd_command_decode(hex_bytes(v->words[2], sent, CAP), &command));
	assert_int_equal(emrtd_card_sm_open(crypto, sm, &command, &scratch,
			     &got),
	    0x9000);
	assert_int_equal(got.cla, want.cla);
	assert_int_equal(got.ins, want.ins);
	assert_int_equal(got.p1, want.p1);
	assert_int_equal(got.p2, want.p2);
	assert_int_equal(got.ne, want.ne);
	assert_bytes(got.data, want.data);
	vector_hex(v->words[5], sw, sizeof(sw));
	said.odd_ins = (want.ins & 1) != 0;
	said.data = hex_bytes(v->words[4], data, CAP);
	said.sw = (uint16_t)(sw[0] << 8 | sw[1]);
	assert_ok(emrtd_card_sm_protect(crypto, sm, &said, &work, &answer));
	assert_bytes(emrtd_out_bytes(&answer),
	    hex_bytes(v->words[3], received, CAP));
}

static void
secure_messaging_by_the_vectors(void **state)
{
	static const char *const files[] = { "tests/vectors/sm.txt",
		"tests/vectors/sm_doc9303.txt" };

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		struct vectors *vectors = vectors_open(files[i]);
		struct emrtd_sm sm = { 0 };
		struct vector v;

		while (vectors_next(vectors, &v)) {
			if (strcmp(v.words[0], "session") == 0)
				take_session(&v, &sm);
			else
				run_exchange(*state, &sm, &v);
		}
		vectors_close(vectors);
	}
}

/* ---- A chip in a session ------------------------------------------------ */

struct bench {
	struct emrtd_crypto *crypto;
	struct emrtd_card *card;
	struct emrtd_sm sm; /* the reader's end */
	uint8_t buf[CAP];
	struct emrtd_bytes data; /* of the last answer */
};

/* In the application, under keys that both know. */
static void
begin(struct bench *b)
{
	static const uint8_t key[EMRTD_KEY_MAX] = { 1, 2, 3 };
	struct emrtd_chip_session *s = &b->card->session;

	emrtd_card_reset(b->card);
	emrtd_sm_init(&b->sm, emrtd_suite(EMRTD_AES128), key, key, NULL);
	emrtd_sm_init(&s->sm, emrtd_suite(EMRTD_AES128), key, key, NULL);
	s->in_application = true;
	s->granted = true;
}

static struct bench *
lay(struct emrtd_crypto *crypto)
{
	static struct bench b;
	struct emrtd_card_profile profile;

	memset(&b, 0, sizeof(b));
	specimen(&profile);
	b.crypto = crypto;
	b.card = issue(&profile);
	begin(&b);
	return &b;
}

/* A protected command; the status word of the protected answer. */
static uint16_t
say(struct bench *b, const struct emrtd_command *command)
{
	uint8_t sent[CAP], work_buf[CAP], received[CAP];
	struct emrtd_out out = emrtd_out(sent, sizeof(sent));
	struct emrtd_out work = emrtd_out(work_buf, sizeof(work_buf));
	struct emrtd_out plain = emrtd_out(b->buf, sizeof(b->buf));
	uint16_t sw = 0;

	assert_ok(emrtd_sm_protect(b->crypto, &b->sm, command, &work, &out));
	assert_ok(emrtd_sm_unprotect(b->crypto, &b->sm,
	    transmit(b->card, emrtd_out_bytes(&out), received,
		sizeof(received)),
	    (command->ins & 1) != 0, NULL, &plain, &sw));
	b->data = emrtd_out_bytes(&plain);
	return sw;
}

static uint16_t
say_hex(struct bench *b, const char *hex)
{
	struct test_bytes bytes = test_hex(hex);
	struct emrtd_command command;
	uint16_t sw;

	assert_ok(
	    emrtd_command_decode(emrtd_bytes(bytes.ptr, bytes.len), &command));
	sw = say(b, &command);
	test_bytes_free(&bytes);
	return sw;
}

/*
 * Neither data nor Le: what is under the MAC ends with the header, padded
 * once, and both sides see it so.
 */
static void
a_command_without_objects(void **state)
{
	struct bench *b = lay(*state);

	assert_int_equal(say_hex(b, "00A4000C"), 0x9000);
	assert_true(b->sm.live);
	emrtd_card_free(&b->card);
}

/* ---- Every protocol over every group ------------------------------------ */

static void
put_key(struct bench *b, const char *oid, const char *group,
    const char *private_key, int id, bool set_at)
{
	struct emrtd_chip_ca_key *key = &b->card->ca[b->card->n_ca++];

	memset(key, 0, sizeof(*key));
	key->group = emrtd_group_by_id((uint32_t)strtoul(group, NULL, 10));
	assert_non_null(key->group);
	assert_int_equal(vector_hex(private_key, key->private_key,
			     sizeof(key->private_key)),
	    key->group->order_len);
	key->has_key_id = id >= 0;
	key->key_id = id >= 0 ? (uint32_t)id : 0;
	key->oid = protocol_by_text(oid)->oid;
	key->set_at = set_at;
}

/* MSE:Set KAT, or MSE:Set AT and GENERAL AUTHENTICATE. */
static uint16_t
authenticate(struct bench *b, const char *oid, bool kat,
    struct emrtd_bytes public_key)
{
	uint8_t bytes[CAP], protocol[64];
	struct emrtd_out data = emrtd_out(bytes, sizeof(bytes));
	struct emrtd_out at = emrtd_out(protocol, sizeof(protocol));
	struct emrtd_command mse = { .ins = 0x22, .p1 = 0x41, .p2 = 0xA4 };
	struct emrtd_command ga = { .ins = 0x86, .ne = 256 };
	size_t mark;
	uint16_t sw;

	if (kat) {
		emrtd_put_tlv(&data, 0x91, public_key);
		mse.p2 = 0xA6;
		mse.data = emrtd_out_bytes(&data);
		return say(b, &mse);
	}
	emrtd_put_oid_as(&at, 0x80, oid);
	mse.data = emrtd_out_bytes(&at);
	sw = say(b, &mse);
	if (sw != 0x9000)
		return sw;
	mark = emrtd_open(&data, 0x7C);
	emrtd_put_tlv(&data, 0x80, public_key);
	emrtd_close(&data, mark);
	ga.data = emrtd_out_bytes(&data);
	return say(b, &ga);
}

static void
run_vector(struct bench *b, const struct vector *v, bool set_at)
{
	const struct emrtd_suite *suite = emrtd_suite(
	    protocol_by_text(v->words[OID])->suite);
	bool kat = suite->id == EMRTD_3DES && !set_at;
	uint8_t peer[EMRTD_ELEMENT_MAX], key[EMRTD_KEY_MAX];
	const struct emrtd_sm *sm = &b->card->session.sm;

	b->card->n_ca = 0;
	put_key(b, v->words[OID], v->words[PARAMETER], v->words[CHIP_PRIVATE],
	    -1, set_at);
	begin(b);
	/* The answer is under the old keys: say() opens it with them. */
	assert_int_equal(authenticate(b, v->words[OID], kat,
			     hex_bytes(v->words[READER_PUBLIC], peer,
				 sizeof(peer))),
	    0x9000);
	assert_bytes(b->data, kat ? emrtd_bytes(NULL, 0)
				  : emrtd_bytes((const uint8_t *)"\x7C", 2));
	assert_true(sm->live);
	assert_ptr_equal(sm->suite, suite);
	assert_memory_equal(sm->ssc, zeros, sizeof(sm->ssc));
	assert_bytes(emrtd_bytes(sm->k_enc, suite->key_len),
	    hex_bytes(v->words[K_ENC], key, sizeof(key)));
	assert_bytes(emrtd_bytes(sm->k_mac, suite->key_len),
	    hex_bytes(v->words[K_MAC], key, sizeof(key)));
	assert_memory_equal(&b->card->session.next_sm, zeros, sizeof(*sm));
	/* What the old keys had opened stays open under the new ones. */
	b->sm = *sm;
	assert_int_equal(say_hex(b, "00B09E0004"), 0x9000);
}

static void
every_protocol_over_every_group(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/chip_auth.txt");
	struct bench *b = lay(*state);
	struct vector v;
	size_t n = 0;

	while (vectors_next(vectors, &v)) {
		assert_int_equal(v.n_words, N_COLUMNS);
		run_vector(b, &v, false);
		run_vector(b, &v, true);
		n++;
	}
	vectors_close(vectors);
	assert_int_equal(n, 56);
	emrtd_card_free(&b->card);
}

/* ---- Refusals ------------------------------------------------------------ */

#define CA_3DES "0.4.0.127.0.7.2.2.3.2.1"
#define CA_128  "0.4.0.127.0.7.2.2.3.2.2"
#define ONE     "0000000000000000000000000000000000000000000000000000000000000001"
/* The generator of P-256: a key, if a poor one. */
#define POINT                                                                \
	"046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296" \
	"4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"
/* Its last bit is wrong. */
#define OFF_CURVE                                                            \
	"046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296" \
	"4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F4"
/* The generator of brainpoolP256r1, as long as one of P-256. */
#define OTHER_CURVE                                                          \
	"048BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262" \
	"547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997"
#define AT_128 "800A04007F00070202030202"
#define AT_256 "800A04007F00070202030204"
#define AT_DES "800A04007F00070202030201"

struct refusal {
	const char *command; /* protected before it is sent */
	uint16_t sw;
};

/* Of a chip with keys 1 (3DES by Set KAT) and 2 (AES-128), on P-256. */
static const struct refusal refusals[] = {
	/* Set KAT: which key, its form, whether it is a point */
	{ "002241A646 9141" POINT "840101", 0x9000 },
	{ "002241A643 9141" POINT, 0x9000 },
	{ "002241A646 9141" POINT "840102", 0x6A88 },
	{ "002241A646 9141" POINT "840103", 0x6A88 },
	{ "002241A645 9141" POINT "8400", 0x6A88 },
	{ "002241A64A 9141" POINT "84050000000001", 0x6A80 },
	{ "002241A646 840101 9141" POINT, 0x6A80 },
	{ "002241A648 9141" POINT "840101 8000", 0x6A80 },
	{ "002241A643 9241" POINT, 0x6A80 },
	{ "002241A600", 0x6A80 },
	{ "002241A643 9141" OFF_CURVE, 0x6A80 },
	{ "002241A643 9141" OTHER_CURVE, 0x6A80 },
	{ "002241A603 910100", 0x6A80 },
	{ "002241A602 9100", 0x6A80 },
	/* Set AT: which protocol, which key */
	{ "002241A40F " AT_128 "840102", 0x9000 },
	{ "002241A40C " AT_128, 0x9000 },
	{ "002241A40F " AT_128 "840101", 0x6A88 },
	{ "002241A40C " AT_256, 0x6A80 },
	{ "002241A40C " AT_DES, 0x6A80 },
	{ "002241A400", 0x6A80 },
	{ "002241A40E " AT_128 "8300", 0x6A80 },
	{ "002241B60C " AT_128, 0x6A86 },
	/* GENERAL AUTHENTICATE without an MSE */
	{ "00860000457C438041" POINT "00", 0x6985 },
};

static void
a_chip_with_two_keys(struct bench *b)
{
	b->card->n_ca = 0;
	put_key(b, CA_3DES, "12", ONE, 1, false);
	put_key(b, CA_128, "12", ONE, 2, false);
	begin(b);
}

static void
what_is_refused(void **state)
{
	struct bench *b = lay(*state);

	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		const struct refusal *x = &refusals[i];
		uint16_t sw;

		a_chip_with_two_keys(b);
		sw = say_hex(b, x->command);
		if (sw != x->sw)
			fail_msg("%s: %04X, not %04X", x->command, sw, x->sw);
		/* Where no keys were agreed on, the old ones are in force. */
		if (sw != 0x9000)
			assert_int_equal(say_hex(b, "00B09E0004"), 0x9000);
	}
	emrtd_card_free(&b->card);
}

/* After Set AT: once, whole, and nothing in between. */
static void
general_authenticate(void **state)
{
	static const struct refusal commands[] = {
		{ "00860000457C438041" POINT "00", 0x9000 },
		{ "00860000457C438041" OFF_CURVE "00", 0x6A80 },
		{ "00860000457C438141" POINT "00", 0x6A80 },
		{ "0086000043 8041" POINT "00", 0x6A80 },
		{ "0086000002 7C00 00", 0x6A80 },
		{ "00860000477C45800081"
		  "41" POINT "00",
		    0x6A80 },
		{ "00860100457C438041" POINT "00", 0x6A86 },
		{ "10860000457C438041" POINT "00", 0x6883 },
	};
	struct bench *b = lay(*state);

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		uint16_t sw;

		a_chip_with_two_keys(b);
		assert_int_equal(say_hex(b, "002241A40C " AT_128), 0x9000);
		sw = say_hex(b, commands[i].command);
		if (sw != commands[i].sw)
			fail_msg("%s: %04X", commands[i].command, sw);
	}
	/* A second time wants a second Set AT. */
	a_chip_with_two_keys(b);
	assert_int_equal(say_hex(b, "002241A40C " AT_128), 0x9000);
	assert_int_equal(say_hex(b, "00860000457C438041" OFF_CURVE "00"),
	    0x6A80);
	assert_int_equal(say_hex(b, "00860000457C438041" POINT "00"), 0x6985);
	emrtd_card_free(&b->card);
}

/* Doc 9303-11 6.2.4: with secure messaging, and here in the application. */
static void
only_in_a_session(void **state)
{
	struct bench *b = lay(*state);

	a_chip_with_two_keys(b);
	talk(b->card, "002241A643 9141" POINT, "6982");
	talk(b->card, "002241A40C " AT_128, "6982");
	a_chip_with_two_keys(b);
	b->card->session.in_application = false;
	assert_int_equal(say_hex(b, "002241A643 9141" POINT), 0x6985);
	a_chip_with_two_keys(b);
	b->card->clone = EMRTD_CARD_CLONE_NO_KEYS;
	assert_int_equal(say_hex(b, "002241A643 9141" POINT), 0x6A88);
	b->card->clone = EMRTD_CARD_ORIGINAL;
	b->card->n_ca = 0;
	assert_int_equal(say_hex(b, "002241A643 9141" POINT), 0x6A86);
	assert_int_equal(say_hex(b, "002241A40C " AT_128), 0x6A80);
	emrtd_card_free(&b->card);
}

/* Two keys of one protocol: without a number nobody knows which. */
static void
an_ambiguous_key_must_be_named(void **state)
{
	struct bench *b = lay(*state);

	put_key(b, CA_128, "12", ONE, 1, false);
	put_key(b, CA_128, "12", ONE, 2, false);
	assert_int_equal(say_hex(b, "002241A40C " AT_128), 0x6A88);
	assert_int_equal(say_hex(b, "002241A40F " AT_128 "840102"), 0x9000);
	emrtd_card_free(&b->card);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(secure_messaging_by_the_vectors),
		cmocka_unit_test(a_command_without_objects),
		cmocka_unit_test(every_protocol_over_every_group),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(general_authenticate),
		cmocka_unit_test(only_in_a_session),
		cmocka_unit_test(an_ambiguous_key_must_be_named),
	};
	int failed = cmocka_run_group_tests(tests, setup_crypto,
	    teardown_crypto);
	free_face(NULL);
	return failed;
}
