/*
 * PACE-GM between libemrtd and libeac, in both directions, over every group
 * with every suite. Runs of our reader against our chip share their
 * cryptography and would prove only the protocol.
 *
 *   test_pace_libeac [--runs N]      N of each kind, 20 without it; a tenth
 *                                    of them over DH, which libeac is slow at
 */
#include "access/pace.h"
#include "apdu/apdu.h"
#include "card/card_pace.h"
#include "core/builder.h"
#include "core/tlv.h"
#include "crypto/random.h"
#include "emrtd_test.h"
#include "group_walk.h"
#include "peer.h"

#include <eac/eac.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/objects.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>

#define CAP 512

static unsigned runs = 20;

/* One group with one suite, and what a run with them is to show. */
struct kind {
	const struct emrtd_pace_protocol *protocol;
	const struct emrtd_group *group;
	bool zero;     /* choose our key so that Z begins with a zero byte */
	bool zero_key; /* or our public key */
	bool can;      /* password: the CAN, else the MRZ */
	bool wrong;    /* the other side holds another password */
	bool brief;    /* of the DH groups the smallest alone */
	bool no_dh;
};

/* The zone of the TD1 specimen of Doc 9303-11 appendix D, and another one. */
#define MRZ                              \
	"I<UTOL898902C<3<<<<<<<<<<<<<<<" \
	"6908061F9406236UTO<<<<<<<<<<<1" \
	"ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
#define WRONG_MRZ                        \
	"I<UTOL898902D<0<<<<<<<<<<<<<<<" \
	"6908061F9406236UTO<<<<<<<<<<<1" \
	"ERIKSSON<<ANNA<MARIA<<<<<<<<<<"

/* ---- The same figures by plain OpenSSL ---------------------------------- */

static BIGNUM *
number_of(struct emrtd_bytes bytes)
{
	BIGNUM *n = BN_bin2bn(bytes.ptr, (int)bytes.len, NULL);

	assert_non_null(n);
	return n;
}

/* x of k * point, padded to the field's length. */
static void
plain_x(const struct emrtd_group *group, const BIGNUM *k,
    struct emrtd_bytes point, uint8_t *z)
{
	EC_GROUP *curve = EC_GROUP_new_by_curve_name(
	    OBJ_sn2nid(group->ossl_name));
	BN_CTX *ctx = BN_CTX_new();
	EC_POINT *p;
	BIGNUM *x = BN_new();

	assert_non_null(curve);
	p = EC_POINT_new(curve);
	assert_int_equal(EC_POINT_oct2point(curve, p, point.ptr, point.len,
			     ctx),
	    1);
	assert_int_equal(EC_POINT_mul(curve, p, NULL, p, k, ctx), 1);
	assert_int_equal(EC_POINT_get_affine_coordinates(curve, p, x, NULL,
			     ctx),
	    1);
	assert_int_equal(BN_bn2binpad(x, z, (int)group->field_len),
	    group->field_len);
	BN_free(x);
	EC_POINT_free(p);
	BN_CTX_free(ctx);
	EC_GROUP_free(curve);
}

/* y^k mod p, padded to the length of p. */
static void
plain_power(const struct emrtd_group *group, const BIGNUM *k,
    struct emrtd_bytes y, uint8_t *z)
{
	BIGNUM *p = number_of(group->p), *n = number_of(y);
	BN_CTX *ctx = BN_CTX_new();

	assert_int_equal(BN_mod_exp(n, n, k, p, ctx), 1);
	assert_int_equal(BN_bn2binpad(n, z, (int)group->field_len),
	    group->field_len);
	BN_CTX_free(ctx);
	BN_free(n);
	BN_free(p);
}

static size_t
plain_z(const struct emrtd_group *group, const uint8_t *key,
    struct emrtd_bytes peer, uint8_t z[EMRTD_FIELD_MAX])
{
	BIGNUM *k = number_of(emrtd_bytes(key, group->order_len));

	if (group->kind == EMRTD_GROUP_EC)
		plain_x(group, k, peer, z);
	else
		plain_power(group, k, peer, z);
	BN_free(k);
	return group->field_len;
}

/* A private key with which key * base begins with a zero byte. */
static void
key_for_leading_zero(const struct emrtd_group *group,
    const struct emrtd_element *base, uint8_t *key)
{
	struct group_walk *walk = group_walk_new(group);
	uint32_t start;

	assert_int_equal(RAND_bytes((uint8_t *)&start, sizeof(start)), 1);
	group_walk_to_zero(walk, base, start,
	    group->kind == EMRTD_GROUP_EC ? 1 : 0, key);
	group_walk_free(walk);
}

/*
 * Our private key for a run; false when it is to be drawn. libeac drops the
 * leading zeros of a Z of DH, which RFC 2631 2.1.2 and PKCS #3 keep: with one
 * run in 256 we would disagree, so such a key is not taken.
 */
static bool
choose_key(struct emrtd_crypto *crypto, const struct kind *kind,
    struct emrtd_bytes peer_public, const struct emrtd_element *generator,
    uint8_t *key)
{
	struct emrtd_random random = emrtd_random_system(crypto);
	struct emrtd_element peer, unused;
	uint8_t z[EMRTD_FIELD_MAX];
	bool dh = kind->group->kind == EMRTD_GROUP_DH;

	assert_true(emrtd_element_read(kind->group, peer_public, &peer));
	if (kind->zero)
		key_for_leading_zero(kind->group, &peer, key);
	if (kind->zero || (!kind->zero_key && !dh))
		return kind->zero;
	do {
		if (kind->zero_key)
			key_for_leading_zero(kind->group, generator, key);
		else
			assert_ok(emrtd_group_keypair(crypto, kind->group, NULL,
			    &random, key, &unused));
		plain_z(kind->group, key, peer_public, z);
	} while (dh && z[0] == 0);
	return true;
}

/* ---- Messages ------------------------------------------------------------ */

static void
put_dynamic(struct emrtd_out *out, uint32_t tag, const struct emrtd_out *value)
{
	size_t mark = emrtd_open(out, 0x7C);

	emrtd_put_tlv(out, tag, emrtd_out_bytes(value));
	emrtd_close(out, mark);
	assert_false(out->bad);
}

static struct emrtd_bytes
take_dynamic(struct emrtd_bytes data, uint32_t tag)
{
	struct emrtd_bytes inner, value;

	assert_true(emrtd_tlv(&data, 0x7C, &inner));
	assert_true(emrtd_end(&data));
	assert_true(emrtd_tlv(&inner, tag, &value));
	assert_true(emrtd_end(&inner));
	return value;
}

static struct peer *
new_peer(const struct kind *kind)
{
	struct peer *peer;

	if (kind->can)
		peer = peer_new(kind->protocol, kind->group, true,
		    kind->wrong ? "123457" : "123456");
	else
		peer = peer_new(kind->protocol, kind->group, false,
		    kind->wrong ? WRONG_MRZ : MRZ);
	if (peer == NULL)
		fail_msg("libeac refuses %s on %s", kind->protocol->name,
		    kind->group->name);
	return peer;
}

static struct emrtd_password
our_password(const struct kind *kind)
{
	struct emrtd_password p;

	if (kind->can)
		assert_ok(emrtd_password_can("123456", 6, &p));
	else
		assert_ok(
		    emrtd_password_mrz("L898902C<369080619406236", 24, &p));
	return p;
}

/* 3DES keys with the parity of FIPS 46-3, which libeac leaves out. */
static void
check_key(const struct emrtd_suite *suite, const uint8_t *key,
    struct emrtd_bytes theirs)
{
	assert_int_equal(theirs.len, suite->key_len);
	for (size_t i = 0; i < theirs.len; i++)
		assert_int_equal(suite->id == EMRTD_3DES ? key[i] >> 1 : key[i],
		    suite->id == EMRTD_3DES ? theirs.ptr[i] >> 1
					    : theirs.ptr[i]);
}

static void
check_shared(const struct kind *kind, const struct peer *peer,
    const uint8_t *private_key, const struct emrtd_element *public_key,
    struct emrtd_bytes peer_public)
{
	uint8_t z[EMRTD_FIELD_MAX];
	size_t n = plain_z(kind->group, private_key, peer_public, z);

	assert_int_equal(n, kind->group->field_len);
	assert_bytes(peer_shared(peer), emrtd_bytes(z, n));
	if (kind->zero)
		assert_int_equal(z[0], 0);
	if (kind->zero_key)
		assert_int_equal(
		    public_key->bytes[public_key->len -
				      kind->group->field_len *
					  (kind->protocol->ecdh ? 2 : 1)],
		    0);
}

static void
check_session(const struct kind *kind, const struct peer *peer,
    const struct emrtd_sm *sm)
{
	static const uint8_t zero[EMRTD_BLOCK_MAX];

	assert_true(sm->live);
	assert_int_equal(sm->suite->id, kind->protocol->suite);
	check_key(sm->suite, sm->k_enc, peer_k_enc(peer));
	check_key(sm->suite, sm->k_mac, peer_k_mac(peer));
	assert_memory_equal(sm->ssc, zero, sizeof(zero));
}

/* ---- Our reader, libeac's chip ------------------------------------------ */

struct reader_run {
	struct peer *peer;
	struct emrtd_pace pace;
	struct emrtd_sm sm;
	struct emrtd_diag diag;
	uint8_t public_bytes[CAP]; /* the chip's ephemeral key */
	struct emrtd_out public_key;
};

/* Up to the chip's mapping key and its ephemeral key, known in advance. */
static void
reader_maps(struct emrtd_crypto *crypto, struct reader_run *run,
    struct emrtd_out *answer)
{
	uint8_t value_buf[CAP], buf[CAP], command_buf[CAP];
	struct emrtd_random random = emrtd_random_system(crypto);
	struct emrtd_out value = emrtd_out(value_buf, sizeof(value_buf));
	struct emrtd_out nonce = emrtd_out(buf, sizeof(buf));
	struct emrtd_out command = emrtd_out(command_buf, sizeof(command_buf));

	assert_ok(emrtd_pace_get_nonce(&run->pace, &command));
	assert_true(peer_draw_nonce(run->peer, &value));
	put_dynamic(&nonce, 0x80, &value);
	command.len = 0;
	assert_ok(emrtd_pace_map(&run->pace, crypto, emrtd_out_bytes(&nonce),
	    &random, &run->diag, &command));
	value.len = 0;
	assert_true(peer_map_key(run->peer, &value));
	put_dynamic(answer, 0x82, &value);
	assert_true(
	    peer_map(run->peer, take_dynamic(emrtd_out_bytes(&command), 0x81)));
	run->public_key = emrtd_out(run->public_bytes, CAP);
	assert_true(peer_key(run->peer, &run->public_key));
}

/* Key agreement; leaves our command with the token. */
static void
reader_agrees(struct emrtd_crypto *crypto, const struct kind *kind,
    struct reader_run *run, const struct emrtd_out *map_answer,
    struct emrtd_out *command)
{
	uint8_t key[EMRTD_FIELD_MAX], buf[CAP];
	struct tape tape = { { key, kind->group->order_len } };
	struct emrtd_random random = emrtd_random_system(crypto);
	struct emrtd_out answer = emrtd_out(buf, sizeof(buf));
	struct emrtd_pace probe = run->pace;

	/* once to learn the generator */
	assert_ok(emrtd_pace_agree(&probe, crypto, emrtd_out_bytes(map_answer),
	    &random, &run->diag, command));
	command->len = 0;
	if (choose_key(crypto, kind, emrtd_out_bytes(&run->public_key),
		&probe.generator, key))
		random = tape_random(&tape);
	assert_ok(emrtd_pace_agree(&run->pace, crypto,
	    emrtd_out_bytes(map_answer), &random, &run->diag, command));
	assert_true(peer_agree(run->peer,
	    take_dynamic(emrtd_out_bytes(command), 0x83)));
	put_dynamic(&answer, 0x84, &run->public_key);
	command->len = 0;
	assert_ok(emrtd_pace_authenticate(&run->pace, crypto,
	    emrtd_out_bytes(&answer), &run->diag, command));
}

/* The chip's token, with its tags, after it took ours. */
static void
reader_proves(const struct kind *kind, struct reader_run *run,
    const struct emrtd_out *command, struct emrtd_out *answer)
{
	uint8_t buf[CAP];
	struct emrtd_out token = emrtd_out(buf, sizeof(buf));

	assert_int_equal(peer_check_token(run->peer,
			     take_dynamic(emrtd_out_bytes(command), 0x85)),
	    !kind->wrong);
	assert_true(peer_token(run->peer,
	    emrtd_element_wire(kind->group, &run->pace.public_key), &token));
	put_dynamic(answer, 0x86, &token);
}

static void
begin_reader(struct emrtd_crypto *crypto, const struct kind *kind,
    struct reader_run *run, struct emrtd_out *token_answer)
{
	struct emrtd_password p = our_password(kind);
	uint8_t answer_buf[CAP], command_buf[CAP];
	struct emrtd_out answer = emrtd_out(answer_buf, sizeof(answer_buf));
	struct emrtd_out command = emrtd_out(command_buf, sizeof(command_buf));

	memset(run, 0, sizeof(*run));
	run->peer = new_peer(kind);
	assert_ok(emrtd_pace_begin(&run->pace, crypto, kind->protocol,
	    kind->group, false, &p));
	reader_maps(crypto, run, &answer);
	reader_agrees(crypto, kind, run, &answer, &command);
	if (!kind->wrong) {
		check_shared(kind, run->peer, run->pace.private_key,
		    &run->pace.public_key, emrtd_out_bytes(&run->public_key));
		assert_bytes(emrtd_bytes(run->pace.shared,
				 kind->group->field_len),
		    peer_shared(run->peer));
	}
	reader_proves(kind, run, &command, token_answer);
}

static void
our_reader(struct emrtd_crypto *crypto, const struct kind *kind)
{
	static struct reader_run run;
	uint8_t buf[CAP];
	struct emrtd_out answer = emrtd_out(buf, sizeof(buf));
	enum emrtd_error error;

	begin_reader(crypto, kind, &run, &answer);
	error = emrtd_pace_finish(&run.pace, crypto, emrtd_out_bytes(&answer),
	    &run.diag, &run.sm, NULL);
	assert_error(error, kind->wrong ? EMRTD_E_TOKEN : EMRTD_OK);
	if (!kind->wrong)
		check_session(kind, run.peer, &run.sm);
	else
		assert_false(run.sm.live);
	peer_free(&run.peer);
}

/* ---- libeac's reader, our chip ------------------------------------------ */

struct chip_run {
	struct peer *peer;
	struct emrtd_card_pace pace;
	struct emrtd_sm sm;
	struct emrtd_random random;
};

/* One step of our chip: bare command value in, bare response value out. */
static enum emrtd_error
chip_step(struct emrtd_crypto *crypto, struct chip_run *run,
    uint32_t command_tag, const struct emrtd_out *value, uint32_t answer_tag,
    struct emrtd_out *answer)
{
	uint8_t command_buf[CAP], answer_buf[CAP];
	struct emrtd_out command = emrtd_out(command_buf, sizeof(command_buf));
	struct emrtd_out out = emrtd_out(answer_buf, sizeof(answer_buf));
	enum emrtd_error error;

	if (command_tag == 0)
		emrtd_put_tlv_head(&command, 0x7C, 0);
	else
		put_dynamic(&command, command_tag, value);
	error = emrtd_card_pace_step(&run->pace, crypto,
	    emrtd_out_bytes(&command), &run->random, &out, &run->sm);
	answer->len = 0;
	if (error == EMRTD_OK)
		emrtd_put(answer,
		    take_dynamic(emrtd_out_bytes(&out), answer_tag));
	return error;
}

static void
chip_maps(struct emrtd_crypto *crypto, struct chip_run *run)
{
	uint8_t value_buf[CAP], answer_buf[CAP];
	struct emrtd_out value = emrtd_out(value_buf, sizeof(value_buf));
	struct emrtd_out answer = emrtd_out(answer_buf, sizeof(answer_buf));

	assert_ok(chip_step(crypto, run, 0, NULL, 0x80, &answer));
	assert_true(peer_take_nonce(run->peer, emrtd_out_bytes(&answer)));
	assert_true(peer_map_key(run->peer, &value));
	assert_ok(chip_step(crypto, run, 0x81, &value, 0x82, &answer));
	assert_true(peer_map(run->peer, emrtd_out_bytes(&answer)));
}

static void
chip_agrees(struct emrtd_crypto *crypto, const struct kind *kind,
    struct chip_run *run, struct emrtd_out *chip_key)
{
	uint8_t key[EMRTD_FIELD_MAX], buf[CAP];
	struct tape tape = { { key, kind->group->order_len } };
	struct emrtd_out value = emrtd_out(buf, sizeof(buf));

	assert_true(peer_key(run->peer, &value));
	if (choose_key(crypto, kind, emrtd_out_bytes(&value),
		&run->pace.generator, key))
		run->random = tape_random(&tape);
	assert_ok(chip_step(crypto, run, 0x83, &value, 0x84, chip_key));
	assert_true(peer_agree(run->peer, emrtd_out_bytes(chip_key)));
	if (!kind->wrong)
		check_shared(kind, run->peer, run->pace.private_key,
		    &run->pace.public_key, emrtd_out_bytes(&value));
}

static void
our_chip(struct emrtd_crypto *crypto, const struct kind *kind)
{
	static struct chip_run run;
	struct emrtd_password p = our_password(kind);
	uint8_t key_buf[CAP], token_buf[CAP], answer_buf[CAP];
	struct emrtd_out chip_key = emrtd_out(key_buf, sizeof(key_buf));
	struct emrtd_out token = emrtd_out(token_buf, sizeof(token_buf));
	struct emrtd_out answer = emrtd_out(answer_buf, sizeof(answer_buf));

	memset(&run, 0, sizeof(run));
	run.random = emrtd_random_system(crypto);
	run.peer = new_peer(kind);
	assert_ok(emrtd_card_pace_begin(&run.pace, crypto, kind->protocol,
	    kind->group, &p, NULL));
	chip_maps(crypto, &run);
	chip_agrees(crypto, kind, &run, &chip_key);
	assert_true(peer_token(run.peer, emrtd_out_bytes(&chip_key), &token));
	assert_error(chip_step(crypto, &run, 0x85, &token, 0x86, &answer),
	    kind->wrong ? EMRTD_E_TOKEN : EMRTD_OK);
	if (!kind->wrong) {
		assert_true(
		    peer_check_token(run.peer, emrtd_out_bytes(&answer)));
		check_session(kind, run.peer, &run.sm);
	} else {
		assert_false(run.sm.live);
	}
	peer_free(&run.peer);
}

/* ---- Secure messaging ---------------------------------------------------- */

/* What libeac makes of our protected READ BINARY with data and Le. */
static void
peer_reads_command(const struct emrtd_sm *sm, struct peer *peer,
    struct emrtd_bytes protected_, struct emrtd_bytes data)
{
	size_t block = sm->suite->block_len;
	uint8_t mac_buf[CAP], input_buf[CAP], plain_buf[CAP], want_buf[CAP];
	struct emrtd_out mac = emrtd_out(mac_buf, sizeof(mac_buf));
	struct emrtd_out input = emrtd_out(input_buf, sizeof(input_buf));
	struct emrtd_out plain = emrtd_out(plain_buf, sizeof(plain_buf));
	struct emrtd_out want = emrtd_out(want_buf, sizeof(want_buf));
	struct emrtd_bytes objects, rest, cryptogram, header, le, received;
	struct emrtd_command c;
	size_t mark;

	assert_ok(emrtd_command_decode(protected_, &c));
	objects = rest = c.data;
	assert_true(emrtd_tlv(&rest, 0x87, &cryptogram));
	assert_true(emrtd_tlv(&rest, 0x97, &le));
	objects.len -= rest.len;
	assert_true(emrtd_tlv(&rest, 0x8E, &received));
	assert_true(emrtd_end(&rest));
	assert_true(emrtd_take(&protected_, 4, &header));
	emrtd_put(&input, header);
	emrtd_pad(&input, 0, block);
	mark = input.len;
	emrtd_put(&input, objects);
	emrtd_pad(&input, mark, block);
	assert_true(peer_count(peer));
	assert_true(peer_mac(peer, emrtd_out_bytes(&input), &mac));
	assert_bytes(received, emrtd_out_bytes(&mac));
	assert_true(emrtd_take(&cryptogram, 1, &header));
	assert_true(peer_decrypt(peer, cryptogram, &plain));
	emrtd_put(&want, data);
	emrtd_pad(&want, 0, block);
	assert_bytes(emrtd_out_bytes(&plain), emrtd_out_bytes(&want));
}

static void
peer_answers(const struct emrtd_sm *sm, struct peer *peer,
    struct emrtd_bytes data, struct emrtd_out *out)
{
	size_t block = sm->suite->block_len;
	uint8_t cipher_buf[CAP], input_buf[CAP], mac_buf[CAP];
	struct emrtd_out input = emrtd_out(input_buf, sizeof(input_buf));
	struct emrtd_out cipher = emrtd_out(cipher_buf, sizeof(cipher_buf));
	struct emrtd_out mac = emrtd_out(mac_buf, sizeof(mac_buf));
	size_t mark;

	assert_true(peer_count(peer));
	emrtd_put(&input, data);
	emrtd_pad(&input, 0, block);
	assert_true(peer_encrypt(peer, emrtd_out_bytes(&input), &cipher));
	mark = emrtd_open(out, 0x87);
	emrtd_put_u8(out, 0x01);
	emrtd_put(out, emrtd_out_bytes(&cipher));
	emrtd_close(out, mark);
	emrtd_put_u32(out, 0x99029000);
	input.len = 0;
	emrtd_put(&input, emrtd_out_bytes(out));
	emrtd_pad(&input, 0, block);
	assert_true(peer_mac(peer, emrtd_out_bytes(&input), &mac));
	emrtd_put_tlv(out, 0x8E, emrtd_out_bytes(&mac));
	emrtd_put_u16(out, 0x9000);
	assert_false(out->bad);
}

/* Our session after PACE, and libeac's answer to its first command. */
static void
exchange(struct emrtd_crypto *crypto, const struct kind *kind,
    struct emrtd_sm *sm, struct emrtd_bytes data, struct emrtd_out *answer)
{
	static struct reader_run run;
	struct emrtd_command c = { .ins = 0xB0, .ne = 256, .data = data };
	uint8_t token_buf[CAP], work_buf[CAP], buf[CAP];
	struct emrtd_out token = emrtd_out(token_buf, sizeof(token_buf));
	struct emrtd_out work = emrtd_out(work_buf, sizeof(work_buf));
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	begin_reader(crypto, kind, &run, &token);
	assert_ok(emrtd_pace_finish(&run.pace, crypto, emrtd_out_bytes(&token),
	    &run.diag, sm, NULL));
	assert_true(peer_begin_sm(run.peer));
	assert_ok(emrtd_sm_protect(crypto, sm, &c, &work, &out));
	peer_reads_command(sm, run.peer, emrtd_out_bytes(&out), data);
	peer_answers(sm, run.peer, data, answer);
	peer_free(&run.peer);
}

static enum emrtd_error
open_answer(struct emrtd_crypto *crypto, const struct emrtd_sm *sm,
    const struct emrtd_out *answer, struct emrtd_bytes want)
{
	struct emrtd_sm copy = *sm;
	uint8_t buf[CAP];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	enum emrtd_error error;
	uint16_t sw = 0;

	error = emrtd_sm_unprotect(crypto, &copy, emrtd_out_bytes(answer),
	    false, NULL, &out, &sw);
	if (error == EMRTD_OK) {
		assert_int_equal(sw, 0x9000);
		assert_bytes(emrtd_out_bytes(&out), want);
	}
	return error;
}

/* ---- Tests --------------------------------------------------------------- */

typedef void (*run_fn)(struct emrtd_crypto *crypto, const struct kind *kind);

#define N_SUITES 4
#define N_CURVES 11
#define N_DH     3

static unsigned
n_dh(const struct kind *kind)
{
	return kind->no_dh ? 0 : kind->brief ? 1 : N_DH;
}

/* Every protocol over every group; the number of runs. */
static unsigned
for_each_kind(struct emrtd_crypto *crypto, struct kind kind, unsigned times,
    run_fn run)
{
	unsigned n = 0, dh_times = (times + 9) / 10;

	for (size_t p = 0; p < emrtd_pace_protocol_count(); p++) {
		kind.protocol = emrtd_pace_protocol_at(p);
		for (size_t g = 0; g < emrtd_group_count(); g++) {
			bool dh;

			kind.group = emrtd_group_at(g);
			dh = kind.group->kind == EMRTD_GROUP_DH;
			if (kind.protocol->mapping != EMRTD_PACE_GM ||
			    kind.protocol->ecdh == dh ||
			    (dh && kind.group->id >= n_dh(&kind)))
				continue;
			for (unsigned i = 0; i < (dh ? dh_times : times);
			     i++, n++)
				run(crypto, &kind);
		}
	}
	assert_int_equal(n,
	    N_SUITES * (N_CURVES * times + n_dh(&kind) * dh_times));
	return n;
}

static void
our_reader_and_libeacs_chip(void **state)
{
	unsigned n = for_each_kind(*state, (struct kind){ 0 }, runs,
	    our_reader);

	printf("# %u runs of our reader against libeac's chip\n", n);
}

static void
libeacs_reader_and_our_chip(void **state)
{
	unsigned n = for_each_kind(*state, (struct kind){ 0 }, runs, our_chip);

	printf("# %u runs of libeac's reader against our chip\n", n);
}

/* Not over DH: see choose_key. */
static void
leading_zeros_of_z(void **state)
{
	struct kind kind = { .zero = true, .can = true, .no_dh = true };

	for_each_kind(*state, kind, 1, our_reader);
	for_each_kind(*state, kind, 1, our_chip);
}

static void
leading_zeros_of_public_keys(void **state)
{
	struct kind kind = { .zero_key = true, .can = true };

	for_each_kind(*state, kind, 1, our_reader);
	for_each_kind(*state, kind, 1, our_chip);
}

static void
wrong_passwords_are_refused(void **state)
{
	struct kind kind = { .wrong = true, .brief = true };

	for (unsigned can = 0; can < 2; can++) {
		kind.can = can != 0;
		for_each_kind(*state, kind, 1, our_reader);
		for_each_kind(*state, kind, 1, our_chip);
	}
}

static void
exchange_once(struct emrtd_crypto *crypto, const struct kind *kind)
{
	uint8_t data[40], buf[CAP];

	assert_int_equal(RAND_bytes(data, sizeof(data)), 1);
	for (size_t n = 1; n <= sizeof(data); n += 13) {
		struct emrtd_out answer = emrtd_out(buf, sizeof(buf));
		struct emrtd_bytes part = { data, n };
		struct emrtd_sm sm = { 0 };

		exchange(crypto, kind, &sm, part, &answer);
		assert_ok(open_answer(crypto, &sm, &answer, part));
	}
}

static void
secure_messaging(void **state)
{
	for_each_kind(*state, (struct kind){ .brief = true }, 1, exchange_once);
}

static void
flip_mac(struct emrtd_crypto *crypto, const struct kind *kind)
{
	static const uint8_t data[20];
	struct emrtd_bytes part = { data, sizeof(data) };
	uint8_t buf[CAP];
	struct emrtd_out answer = emrtd_out(buf, sizeof(buf));
	struct emrtd_sm sm = { 0 };
	uint8_t *mac;

	if (kind->group->id != 12)
		return;
	exchange(crypto, kind, &sm, part, &answer);
	assert_ok(open_answer(crypto, &sm, &answer, part));
	mac = buf + answer.len - 2 - EMRTD_MAC_LEN;
	for (unsigned bit = 0; bit < 8 * EMRTD_MAC_LEN; bit++) {
		mac[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_error(open_answer(crypto, &sm, &answer, part),
		    EMRTD_E_MAC);
		mac[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

/* Each of the 64 bits of libeac's MAC, under every suite. */
static void
one_bit_is_never_missed(void **state)
{
	for_each_kind(*state, (struct kind){ .brief = true }, 1, flip_mac);
}

static int
teardown(void **state)
{
	EAC_cleanup();
	return teardown_crypto(state);
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_reader_and_libeacs_chip),
		cmocka_unit_test(libeacs_reader_and_our_chip),
		cmocka_unit_test(leading_zeros_of_z),
		cmocka_unit_test(leading_zeros_of_public_keys),
		cmocka_unit_test(wrong_passwords_are_refused),
		cmocka_unit_test(secure_messaging),
		cmocka_unit_test(one_bit_is_never_missed),
	};

	if (argc == 3 && strcmp(argv[1], "--runs") == 0) {
		runs = (unsigned)strtoul(argv[2], NULL, 10);
	} else if (argc != 1) {
		fprintf(stderr, "usage: %s [--runs N]\n", argv[0]);
		return 2;
	}
	EAC_init();
	return cmocka_run_group_tests(tests, setup_crypto, teardown);
}
