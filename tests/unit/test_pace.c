#include "access/pace.h"
#include "core/builder.h"
#include "emrtd_test.h"
#include "pace_vectors.h"

#include <stdlib.h>

#define CAP PACE_VECTOR_CAP

/* The tags of what the reader sends and the chip answers in steps 1 to 4. */
static const uint8_t command_tags[] = { 0, 0x81, 0x83, 0x85 };
static const uint8_t response_tags[] = { 0x80, 0x82, 0x84, 0x86 };
static const enum column command_columns[] = { 0, MAP_PUBLIC_IFD, PUBLIC_IFD,
	TOKEN_IFD };
static const enum column response_columns[] = { ENCRYPTED_NONCE, MAP_PUBLIC_IC,
	PUBLIC_IC, TOKEN_IC };

#define N_STEPS 4

struct run {
	struct emrtd_pace pace;
	struct emrtd_sm sm;
	struct emrtd_pace_cam cam;
	struct emrtd_diag diag;
	uint8_t tape_bytes[2 * EMRTD_FIELD_MAX];
	struct tape tape;
	/* data of the chip's answers, with their tags */
	uint8_t answer[N_STEPS][CAP];
	size_t answer_len[N_STEPS];
};

static void
assert_column(const struct vector *v, enum column c, const uint8_t *got,
    size_t len)
{
	uint8_t buf[CAP];

	assert_bytes(emrtd_bytes(got, len), column(v, c, buf));
}

static void
put_dynamic(struct emrtd_out *out, uint8_t tag, struct emrtd_bytes value)
{
	size_t mark = emrtd_open(out, 0x7C);

	if (tag != 0)
		emrtd_put_tlv(out, tag, value);
	emrtd_close(out, mark);
	assert_false(out->bad);
}

/* 8A behind the token. */
static void
add_chip_data(const struct vector *v, struct run *run)
{
	uint8_t *answer = run->answer[N_STEPS - 1];
	struct emrtd_out out = emrtd_out(answer, CAP);
	uint8_t token[CAP], data[CAP];
	size_t mark = emrtd_open(&out, 0x7C);

	emrtd_put_tlv(&out, 0x86, column(v, TOKEN_IC, token));
	emrtd_put_tlv(&out, 0x8A, column(v, ENCRYPTED_CA_IC, data));
	emrtd_close(&out, mark);
	assert_false(out.bad);
	run->answer_len[N_STEPS - 1] = out.len;
}

/* Before step 1, with the reader's randoms on tape and the chip's answers. */
static void
begin(struct emrtd_crypto *crypto, const struct vector *v, struct run *run)
{
	struct emrtd_password p;
	size_t n;

	assert_true(v->n_words == N_COLUMNS || v->n_words == N_CAM_COLUMNS);
	memset(run, 0, sizeof(*run));
	emrtd_diag_init(&run->diag);
	vector_password(v, &p);
	n = vector_hex(v->words[MAP_PRIVATE_IFD], run->tape_bytes,
	    EMRTD_FIELD_MAX);
	n += vector_hex(v->words[PRIVATE_IFD], run->tape_bytes + n,
	    EMRTD_FIELD_MAX);
	run->tape.rest = emrtd_bytes(run->tape_bytes, n);
	for (unsigned i = 0; i < N_STEPS; i++) {
		struct emrtd_out out = emrtd_out(run->answer[i], CAP);
		uint8_t buf[CAP];

		put_dynamic(&out, response_tags[i],
		    column(v, response_columns[i], buf));
		run->answer_len[i] = out.len;
	}
	if (is_cam(v))
		add_chip_data(v, run);
	assert_ok(emrtd_pace_begin(&run->pace, crypto, protocol_of(v),
	    emrtd_group_by_id((uint32_t)atoi(v->words[PARAMETER])), false, &p));
}

/* The call that makes command number 'step', or ends (4). */
static enum emrtd_error
call(struct emrtd_crypto *crypto, struct run *run, unsigned step,
    struct emrtd_bytes answer, struct emrtd_out *out)
{
	struct emrtd_random random = tape_random(&run->tape);

	switch (step) {
	case 0:
		return emrtd_pace_get_nonce(&run->pace, out);
	case 1:
		return emrtd_pace_map(&run->pace, crypto, answer, &random,
		    &run->diag, out);
	case 2:
		return emrtd_pace_agree(&run->pace, crypto, answer, &random,
		    &run->diag, out);
	case 3:
		return emrtd_pace_authenticate(&run->pace, crypto, answer,
		    &run->diag, out);
	default:
		return emrtd_pace_finish(&run->pace, crypto, answer, &run->diag,
		    &run->sm, &run->cam);
	}
}

static enum emrtd_error
call_recorded(struct emrtd_crypto *crypto, struct run *run, unsigned step,
    struct emrtd_out *out)
{
	struct emrtd_bytes answer = { NULL, 0 };

	if (step > 0)
		answer = emrtd_bytes(run->answer[step - 1],
		    run->answer_len[step - 1]);
	return call(crypto, run, step, answer, out);
}

static void
check_secrets(const struct vector *v, const struct emrtd_pace *pace)
{
	const struct emrtd_group *g = pace->group;
	size_t key_len = pace->suite->key_len;

	assert_column(v, K_PI, pace->k_pi, key_len);
	assert_column(v, NONCE, pace->nonce, pace->nonce_len);
	if (pace->protocol->mapping == EMRTD_PACE_IM)
		assert_column(v, MAP_PRIVATE_IFD, pace->map_nonce, key_len);
	else
		assert_column(v, MAP_PRIVATE_IFD, pace->map_private,
		    g->order_len);
	assert_column(v, GENERATOR, pace->generator.bytes, pace->generator.len);
	assert_column(v, PRIVATE_IFD, pace->private_key, g->order_len);
	assert_column(v, Z, pace->shared, g->field_len);
	assert_column(v, K_ENC, pace->k_enc, key_len);
	assert_column(v, K_MAC, pace->k_mac, key_len);
}

/* The proof is good with the chip's key alone. */
static void
check_proof(struct emrtd_crypto *crypto, const struct vector *v,
    const struct run *run)
{
	const struct emrtd_group *group = run->pace.group;
	const struct emrtd_group *other = emrtd_group_by_id(
	    group->id == 12 ? 13 : 12);
	struct emrtd_element key = { .len = 0 };
	struct emrtd_pace_cam cam = run->cam;
	uint8_t buf[CAP];

	assert_ptr_equal(cam.group, group);
	assert_column(v, CA_IC, cam.data, cam.len);
	assert_true(
	    emrtd_element_read(group, column(v, STATIC_PUBLIC_IC, buf), &key));
	assert_ok(emrtd_pace_cam_verify(crypto, &cam, group, &key));
	assert_error(emrtd_pace_cam_verify(crypto, &cam, other, &key),
	    EMRTD_E_KEY);
	assert_error(emrtd_pace_cam_verify(crypto, &cam, group,
			 &run->pace.generator),
	    EMRTD_E_TOKEN);
	cam.data[cam.len - 1] ^= 1;
	assert_error(emrtd_pace_cam_verify(crypto, &cam, group, &key),
	    EMRTD_E_TOKEN);
	memset(cam.data, 0, cam.len);
	assert_error(emrtd_pace_cam_verify(crypto, &cam, group, &key),
	    EMRTD_E_TOKEN);
	key.bytes[key.len - 1] ^= 1;
	assert_error(emrtd_pace_cam_verify(crypto, &cam, group, &key),
	    EMRTD_E_KEY);
}

static void
run_example(struct emrtd_crypto *crypto, const struct vector *v)
{
	static const uint8_t zero[EMRTD_BLOCK_MAX];
	static struct run run;

	begin(crypto, v, &run);
	for (unsigned step = 0; step < N_STEPS; step++) {
		uint8_t buf[CAP], want_buf[CAP], value[CAP];
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));
		struct emrtd_out want = emrtd_out(want_buf, sizeof(want_buf));

		assert_ok(call_recorded(crypto, &run, step, &out));
		put_dynamic(&want, command_tags[step],
		    step == 0 ? emrtd_bytes(NULL, 0)
			      : column(v, command_columns[step], value));
		assert_bytes(emrtd_out_bytes(&out), emrtd_out_bytes(&want));
	}
	check_secrets(v, &run.pace);
	assert_ok(call_recorded(crypto, &run, N_STEPS, NULL));
	assert_int_equal(run.tape.rest.len, 0);
	assert_true(run.sm.live);
	assert_ptr_equal(run.sm.suite, run.pace.suite);
	assert_column(v, K_ENC, run.sm.k_enc, run.sm.suite->key_len);
	assert_column(v, K_MAC, run.sm.k_mac, run.sm.suite->key_len);
	assert_memory_equal(run.sm.ssc, zero, sizeof(zero));
	if (is_cam(v))
		check_proof(crypto, v, &run);
	else
		assert_null(run.cam.group);
}

static void
worked_examples(void **state)
{
	struct vectors *vectors = vectors_open("tests/vectors/pace.txt");
	struct vector v;

	for (unsigned n = 0; n < N_EXAMPLES; n++) {
		assert_true(vectors_next(vectors, &v));
		run_example(*state, &v);
	}
	assert_false(vectors_next(vectors, &v));
	vectors_close(vectors);
}

/* The data of MSE:Set AT in appendix G.1, and with the optional object. */
static void
set_at(void **state)
{
	static const char want[] = "800A04007F0007020204020283010184010D";
	struct vectors *vectors = vectors_open("tests/vectors/pace.txt");
	static struct run run;
	struct vector v;

	assert_true(vectors_next(vectors, &v));
	begin(*state, &v, &run);
	for (unsigned with = 0; with < 2; with++) {
		uint8_t buf[CAP], hex[CAP];
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));

		run.pace.send_parameter_id = with != 0;
		assert_ok(emrtd_pace_set_at(&run.pace, &out));
		assert_int_equal(vector_hex(want, hex, sizeof(hex)), 18);
		assert_bytes(emrtd_out_bytes(&out),
		    emrtd_bytes(hex, with ? 18 : 15));
	}
	vectors_close(vectors);
}

typedef void (
    *case_fn)(struct emrtd_crypto *crypto, struct run *run, unsigned step);

/* Runs fn on a copy of every state in which an answer is awaited. */
static void
before_each_answer(struct emrtd_crypto *crypto, unsigned example, case_fn fn)
{
	struct vectors *vectors = vectors_open("tests/vectors/pace.txt");
	static struct run run, copy;
	struct vector v;

	for (unsigned i = 0; i <= example; i++)
		assert_true(vectors_next(vectors, &v));
	begin(crypto, &v, &run);
	for (unsigned step = 0; step < N_STEPS; step++) {
		uint8_t buf[CAP];
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));

		assert_ok(call_recorded(crypto, &run, step, &out));
		copy = run;
		fn(crypto, &copy, step + 1);
	}
	vectors_close(vectors);
}

/* The same for an example of each kind. */
static void
in_each_kind(struct emrtd_crypto *crypto, case_fn fn)
{
	static const unsigned examples[] = { GM_EC, GM_3DES, GM_DH, IM_EC,
		IM_DH, CAM_EC };

	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
		before_each_answer(crypto, examples[i], fn);
}

/* Expects an error, and nothing left behind. */
static enum emrtd_error
refuse(struct emrtd_crypto *crypto, const struct run *run, unsigned step,
    struct emrtd_bytes answer)
{
	static const struct emrtd_pace nothing;
	static struct run copy;
	uint8_t buf[CAP];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	enum emrtd_error error;

	copy = *run;
	error = call(crypto, &copy, step, answer, &out);
	assert_int_not_equal(error, EMRTD_OK);
	assert_int_equal(copy.diag.error, error);
	assert_memory_equal(&copy.pace, &nothing, sizeof(nothing));
	assert_false(copy.sm.live);
	return error;
}

static void
cut_and_prolong(struct emrtd_crypto *crypto, struct run *run, unsigned step)
{
	uint8_t *answer = run->answer[step - 1];
	size_t len = run->answer_len[step - 1];

	for (size_t n = 0; n < len; n++)
		assert_error(refuse(crypto, run, step, emrtd_bytes(answer, n)),
		    EMRTD_E_MALFORMED);
	answer[len] = 0;
	assert_error(refuse(crypto, run, step, emrtd_bytes(answer, len + 1)),
	    EMRTD_E_MALFORMED);
}

static void
every_length_but_one_is_refused(void **state)
{
	in_each_kind(*state, cut_and_prolong);
}

static void
change_structure(struct emrtd_crypto *crypto, struct run *run, unsigned step)
{
	static const uint8_t stranger[] = { 0x90, 0x01, 0x00 };
	uint8_t *answer = run->answer[step - 1];
	size_t len = run->answer_len[step - 1];
	uint8_t buf[CAP];

	/* another outer tag, another inner one, a second object inside */
	for (size_t at = 0; at < 3; at += 2) {
		memcpy(buf, answer, len);
		buf[at]++;
		assert_error(refuse(crypto, run, step, emrtd_bytes(buf, len)),
		    EMRTD_E_MALFORMED);
	}
	memcpy(buf, answer, len);
	memcpy(buf + len, stranger, sizeof(stranger));
	buf[1] = (uint8_t)(buf[1] + sizeof(stranger));
	assert_error(refuse(crypto, run, step,
			 emrtd_bytes(buf, len + sizeof(stranger))),
	    EMRTD_E_MALFORMED);
	/* an empty object, and none */
	memcpy(buf, "\x7C\x02\x00\x00", 4);
	buf[2] = response_tags[step - 1];
	/* ... which is what the integrated mapping answers in step 2. */
	if (step != 2 || run->pace.protocol->mapping != EMRTD_PACE_IM)
		assert_int_not_equal(refuse(crypto, run, step,
					 emrtd_bytes(buf, 4)),
		    EMRTD_OK);
	assert_error(refuse(crypto, run, step,
			 emrtd_bytes((const uint8_t *)"\x7C", 2)),
	    EMRTD_E_MALFORMED);
}

static void
other_objects_are_refused(void **state)
{
	in_each_kind(*state, change_structure);
}

/*
 * Bits of points and of the token. A flipped bit of the nonce is only seen by
 * the token: the chip would have mapped elsewhere.
 */
static void
flip_bits(struct emrtd_crypto *crypto, struct run *run, unsigned step)
{
	static const enum emrtd_error want[] = { EMRTD_OK, EMRTD_E_KEY,
		EMRTD_E_KEY, EMRTD_E_TOKEN };
	uint8_t *answer = run->answer[step - 1];
	size_t len = run->answer_len[step - 1];

	if (step == 1)
		return;
	for (size_t bit = 0; bit < 8 * len; bit++) {
		enum emrtd_error error;

		answer[bit / 8] ^= (uint8_t)(1 << bit % 8);
		error = refuse(crypto, run, step, emrtd_bytes(answer, len));
		if (bit >= 8 * 4)
			assert_error(error, want[step - 1]);
		answer[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

/* The chip's answers of other steps, and tags that no step has. */
static void
other_answers(struct emrtd_crypto *crypto, struct run *run, unsigned step)
{
	static const uint8_t tags[] = { 0x90, 0x92, 0x94, 0x96, 0x80, 0x81,
		0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x8A };
	uint8_t *answer = run->answer[step - 1];
	size_t len = run->answer_len[step - 1];
	size_t at = answer[1] < 0x80 ? 2 : answer[1] == 0x81 ? 3 : 4;
	uint8_t own = response_tags[step - 1];

	for (unsigned i = 0; i < N_STEPS; i++) {
		if (i == step - 1)
			continue;
		assert_error(refuse(crypto, run, step,
				 emrtd_bytes(run->answer[i],
				     run->answer_len[i])),
		    EMRTD_E_MALFORMED);
	}
	assert_int_equal(answer[at], own);
	for (size_t i = 0; i < sizeof(tags); i++) {
		if (tags[i] == own)
			continue;
		answer[at] = tags[i];
		assert_error(refuse(crypto, run, step,
				 emrtd_bytes(answer, len)),
		    EMRTD_E_MALFORMED);
	}
	answer[at] = own;
}

static void
other_steps_are_refused(void **state)
{
	in_each_kind(*state, other_answers);
}

/* The chip sends our own token back: it has not the key, only our bytes. */
static void
reflect(struct emrtd_crypto *crypto, struct run *run, unsigned step)
{
	uint8_t token[EMRTD_MAC_LEN], buf[CAP];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	if (step != N_STEPS)
		return;
	assert_ok(emrtd_pace_token(crypto, run->pace.protocol, run->pace.group,
	    run->pace.k_mac, &run->pace.peer_key, token));
	put_dynamic(&out, 0x86, emrtd_bytes(token, sizeof(token)));
	assert_error(refuse(crypto, run, step, emrtd_out_bytes(&out)),
	    EMRTD_E_TOKEN);
}

static void
reflected_token(void **state)
{
	in_each_kind(*state, reflect);
}

/* The last answer: a token, and what else. */
static void
put_last(struct run *run, struct emrtd_out *out, const uint8_t *tags,
    size_t n_tags)
{
	uint8_t *answer = run->answer[N_STEPS - 1];
	struct emrtd_bytes token = { answer + 4, EMRTD_MAC_LEN };
	static const uint8_t value[16] = { 1 };
	size_t mark = emrtd_open(out, 0x7C);

	emrtd_put_tlv(out, 0x86, token);
	for (size_t i = 0; i < n_tags; i++)
		emrtd_put_tlv(out, tags[i], emrtd_bytes(value, sizeof(value)));
	emrtd_close(out, mark);
	assert_false(out->bad);
}

/* Doc 9303-11 4.4.5: 87 and 88 are known, 8A belongs to CAM alone. */
static void
beside_the_token(struct emrtd_crypto *crypto, struct run *run, unsigned step)
{
	static const struct {
		uint8_t tags[3];
		size_t n;
		bool taken, cam;
	} rows[] = { { { 0 }, 0, true, true }, { { 0x87 }, 1, true, true },
		{ { 0x87, 0x88 }, 2, true, true },
		{ { 0x88, 0x87 }, 2, false, false },
		{ { 0x87, 0x87 }, 2, false, false },
		{ { 0x89 }, 1, false, false }, { { 0x8A }, 1, false, true },
		{ { 0x87, 0x88, 0x8A }, 3, false, true },
		{ { 0x8A, 0x8A }, 2, false, false },
		{ { 0x86 }, 1, false, false } };
	bool cam = run->pace.map->has_proof;

	for (size_t i = 0; step == N_STEPS && i < sizeof(rows) / sizeof(*rows);
	     i++) {
		static struct run copy;
		uint8_t buf[CAP];
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));

		put_last(run, &out, rows[i].tags, rows[i].n);
		if (!(cam ? rows[i].cam : rows[i].taken)) {
			assert_error(refuse(crypto, run, step,
					 emrtd_out_bytes(&out)),
			    EMRTD_E_MALFORMED);
			continue;
		}
		copy = *run;
		assert_ok(
		    call(crypto, &copy, step, emrtd_out_bytes(&out), NULL));
		assert_true(copy.sm.live);
		/* No proof is no failure of PACE, but one of the chip. */
		assert_int_equal(copy.cam.len, 0);
		if (cam)
			assert_int_not_equal(copy.cam.error, EMRTD_OK);
	}
}

static void
what_stands_beside_the_token(void **state)
{
	in_each_kind(*state, beside_the_token);
}

/* Every bit of DO'8A' counts, and none of them makes PACE fail. */
static void
flip_proof(struct emrtd_crypto *crypto, struct run *run, unsigned step)
{
	uint8_t *answer = run->answer[N_STEPS - 1];
	size_t len = run->answer_len[N_STEPS - 1], from = 4 + 8 + 2;
	static struct run good, copy;

	if (step != N_STEPS)
		return;
	good = *run;
	assert_ok(call(crypto, &good, step, emrtd_bytes(answer, len), NULL));
	for (size_t bit = 8 * from; bit < 8 * len; bit++) {
		copy = *run;
		answer[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_ok(
		    call(crypto, &copy, step, emrtd_bytes(answer, len), NULL));
		answer[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_true(
		    copy.cam.error != EMRTD_OK ||
		    copy.cam.len != good.cam.len ||
		    memcmp(copy.cam.data, good.cam.data, good.cam.len) != 0);
	}
}

static void
every_bit_of_the_proof_counts(void **state)
{
	before_each_answer(*state, CAM_EC, flip_proof);
}

static void
every_bit_counts(void **state)
{
	before_each_answer(*state, 0, flip_bits);
}

/* The chip's point replaced by ours: a mirror, not a chip. */
static void
mirror(struct emrtd_crypto *crypto, struct run *run, unsigned step)
{
	const struct emrtd_element *ours = step == 2 ? &run->pace.map_public
						     : &run->pace.public_key;
	uint8_t buf[CAP];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	if (step != 3 &&
	    (step != 2 || run->pace.protocol->mapping == EMRTD_PACE_IM))
		return;
	put_dynamic(&out, response_tags[step - 1],
	    emrtd_bytes(ours->bytes, ours->len));
	assert_error(refuse(crypto, run, step, emrtd_out_bytes(&out)),
	    EMRTD_E_KEY);
}

/* Infinity, compressed, hybrid, zero, another curve's length. */
static void
no_points(struct emrtd_crypto *crypto, struct run *run, unsigned step)
{
	size_t len = 2 * run->pace.group->field_len + 1;
	const uint8_t *good = run->answer[step - 1] + 4;
	struct {
		uint8_t bytes[EMRTD_ELEMENT_MAX + 1];
		size_t len;
	} cases[5] = { { { 0 }, 1 }, { { 0 }, len }, { { 4 }, len },
		{ { 0 }, (len + 1) / 2 }, { { 0 }, len } };

	if (step != 3 &&
	    (step != 2 || run->pace.protocol->mapping == EMRTD_PACE_IM))
		return;
	memcpy(cases[3].bytes, good, cases[3].len);
	cases[3].bytes[0] = (uint8_t)(2 | (good[len - 1] & 1));
	memcpy(cases[4].bytes, good, len);
	cases[4].bytes[0] = (uint8_t)(6 | (good[len - 1] & 1));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t buf[CAP];
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));

		put_dynamic(&out, response_tags[step - 1],
		    emrtd_bytes(cases[i].bytes, cases[i].len));
		assert_error(refuse(crypto, run, step, emrtd_out_bytes(&out)),
		    EMRTD_E_KEY);
	}
}

static void
points_are_checked_on_every_curve(void **state)
{
	for (unsigned i = 0; i < N_EXAMPLES; i++)
		before_each_answer(*state, i, mirror);
	before_each_answer(*state, GM_EC, no_points);
	before_each_answer(*state, CAM_EC, no_points);
	before_each_answer(*state, IM_EC, no_points);
}

/* 0, 1, p - 1, p, and a number that is longer. */
static void
no_numbers(struct emrtd_crypto *crypto, struct run *run, unsigned step)
{
	size_t len = run->pace.group->field_len;
	struct emrtd_bytes p = run->pace.group->p;
	uint8_t cases[5][EMRTD_ELEMENT_MAX + 1] = { { 0 } };
	bool mapping = run->pace.protocol->mapping == EMRTD_PACE_IM;

	if (step != 3 && (step != 2 || mapping))
		return;
	cases[1][len - 1] = 1;
	memcpy(cases[2], p.ptr, p.len);
	cases[2][len - 1] ^= 1;
	memcpy(cases[3], p.ptr, p.len);
	memset(cases[4], 0xFF, len + 1);
	for (size_t i = 0; i < 5; i++) {
		uint8_t buf[CAP];
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));

		put_dynamic(&out, response_tags[step - 1],
		    emrtd_bytes(cases[i], i == 4 ? len + 1 : len));
		assert_error(refuse(crypto, run, step, emrtd_out_bytes(&out)),
		    EMRTD_E_KEY);
	}
}

/* Our own key with a zero before it is still our own. */
static void
mirror_longer(struct emrtd_crypto *crypto, struct run *run, unsigned step)
{
	const struct emrtd_element *ours = step == 2 ? &run->pace.map_public
						     : &run->pace.public_key;
	uint8_t longer[EMRTD_ELEMENT_MAX + 1] = { 0 }, buf[CAP];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	if (step != 2 && step != 3)
		return;
	memcpy(longer + 1, ours->bytes, ours->len);
	put_dynamic(&out, response_tags[step - 1],
	    emrtd_bytes(longer, ours->len + 1));
	assert_error(refuse(crypto, run, step, emrtd_out_bytes(&out)),
	    EMRTD_E_KEY);
}

static void
numbers_are_checked(void **state)
{
	before_each_answer(*state, GM_DH, no_numbers);
	before_each_answer(*state, IM_DH, no_numbers);
	before_each_answer(*state, GM_DH, mirror_longer);
}

static void
wrong_steps(struct emrtd_crypto *crypto, struct run *run, unsigned step)
{
	for (unsigned other = 0; other <= N_STEPS; other++) {
		static const struct emrtd_pace nothing;
		static struct run copy;
		uint8_t buf[CAP];
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));

		if (other == step)
			continue;
		copy = *run;
		assert_error(emrtd_pace_set_at(&copy.pace, &out),
		    EMRTD_E_STATE);
		assert_error(call_recorded(crypto, &copy, other, &out),
		    EMRTD_E_STATE);
		assert_memory_equal(&copy.pace, &nothing, sizeof(nothing));
	}
}

static void
steps_have_an_order(void **state)
{
	in_each_kind(*state, wrong_steps);
}

static void
nonces(struct emrtd_crypto *crypto, struct run *run, unsigned step)
{
	size_t block = run->pace.suite->block_len;
	bool im = run->pace.protocol->mapping == EMRTD_PACE_IM;

	if (step != 1)
		return;
	for (size_t n = 0; n <= EMRTD_PACE_NONCE_MAX + block; n++) {
		static const uint8_t zeros[2 * EMRTD_PACE_NONCE_MAX];
		static struct run copy;
		uint8_t buf[CAP], out_buf[CAP];
		struct emrtd_out answer = emrtd_out(buf, sizeof(buf));
		struct emrtd_out out = emrtd_out(out_buf, sizeof(out_buf));

		put_dynamic(&answer, 0x80, emrtd_bytes(zeros, n));
		if (n == 0 || n % block != 0 || n > EMRTD_PACE_NONCE_MAX ||
		    (im && n != run->pace.suite->nonce_len)) {
			assert_error(refuse(crypto, run, step,
					 emrtd_out_bytes(&answer)),
			    EMRTD_E_MALFORMED);
			continue;
		}
		copy = *run;
		assert_ok(
		    call(crypto, &copy, step, emrtd_out_bytes(&answer), &out));
		assert_int_equal(copy.pace.nonce_len, n);
	}
}

/*
 * Doc 9303-11 4.4.3.3: any whole blocks, whatever the key's length, but with
 * the integrated mapping.
 */
static void
nonce_lengths(void **state)
{
	in_each_kind(*state, nonces);
}

static void
no_randomness(struct emrtd_crypto *crypto, struct run *run, unsigned step)
{
	struct emrtd_bytes answer = { run->answer[step - 1],
		run->answer_len[step - 1] };

	if (step != 1 && step != 2)
		return;
	run->tape.rest.len = 0;
	assert_error(refuse(crypto, run, step, answer), EMRTD_E_CRYPTO);
}

static void
no_randomness_no_keys(void **state)
{
	before_each_answer(*state, GM_EC, no_randomness);
	before_each_answer(*state, IM_DH, no_randomness);
}

static void
each_protocol_has_its_groups(void **state)
{
	struct emrtd_password p;
	unsigned n = 0;

	assert_ok(emrtd_password_can("123456", 6, &p));
	for (size_t i = 0; i < emrtd_pace_protocol_count(); i++) {
		const struct emrtd_pace_protocol *row = emrtd_pace_protocol_at(
		    i);

		for (size_t k = 0; k < emrtd_group_count(); k++) {
			const struct emrtd_group *g = emrtd_group_at(k);
			bool fits = row->ecdh == (g->id >= 8) &&
				    (g->id != 10 ||
					row->mapping != EMRTD_PACE_IM);
			struct emrtd_pace pace;

			assert_error(emrtd_pace_begin(&pace, *state, row, g,
					 false, &p),
			    fits ? EMRTD_OK : EMRTD_E_UNSUPPORTED);
			n += fits;
		}
	}
	/* 3 groups with 8 rows; 11 with 7, 10 with 4 */
	assert_int_equal(n, 3 * 8 + 11 * 7 + 10 * 4);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_examples),
		cmocka_unit_test(set_at),
		cmocka_unit_test(every_length_but_one_is_refused),
		cmocka_unit_test(other_objects_are_refused),
		cmocka_unit_test(other_steps_are_refused),
		cmocka_unit_test(reflected_token),
		cmocka_unit_test(what_stands_beside_the_token),
		cmocka_unit_test(every_bit_of_the_proof_counts),
		cmocka_unit_test(every_bit_counts),
		cmocka_unit_test(numbers_are_checked),
		cmocka_unit_test(points_are_checked_on_every_curve),
		cmocka_unit_test(steps_have_an_order),
		cmocka_unit_test(nonce_lengths),
		cmocka_unit_test(no_randomness_no_keys),
		cmocka_unit_test(each_protocol_has_its_groups),
	};

	return cmocka_run_group_tests(tests, setup_crypto, teardown_crypto);
}
