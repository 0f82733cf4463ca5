/*
 * Whole sessions of foreign readers and chips, and the worked examples of Doc
 * 9303-11: with the reader's randomness injected, our steps make the recorded
 * commands, keys and tokens, and secure messaging rebuilds every protected
 * command from its plain form and opens every response.
 */
#include "access/bac.h"
#include "access/chip_auth.h"
#include "access/pace.h"
#include "apdu/apdu.h"
#include "core/builder.h"
#include "core/tlv.h"
#include "emrtd_test.h"
#include "trace_file.h"

#include <stdio.h>

#define CAP 20000

enum instruction {
	MANAGE_SECURITY = 0x22,
	EXTERNAL_AUTHENTICATE = 0x82,
	GET_CHALLENGE = 0x84,
	GENERAL_AUTHENTICATE = 0x86
};

struct session {
	struct emrtd_crypto *crypto;
	struct trace_file *trace;
	struct emrtd_bac bac;
	struct emrtd_pace pace;
	struct emrtd_sm sm;
	struct emrtd_diag diag;
	uint8_t tape_bytes[512];
	struct tape tape;
	struct emrtd_bytes answer; /* of the command before */
	unsigned n_commands;       /* that were made anew */
	unsigned n_secured;
	bool refused;
};

static struct emrtd_bytes
bytes(const struct trace_bytes *b)
{
	return emrtd_bytes(b->ptr, b->len);
}

static struct emrtd_bytes
data_of(const struct trace_bytes *response, uint16_t *sw)
{
	struct emrtd_response r;

	assert_ok(emrtd_response_parse(bytes(response), &r));
	*sw = r.sw;
	return r.data;
}

static void
check_value(const struct session *s, const char *key, const uint8_t *got,
    size_t len)
{
	const char *hex = trace_value(s->trace, key);
	uint8_t buf[256];

	assert_non_null(hex);
	assert_bytes(emrtd_bytes(got, len), hex_bytes(hex, buf, sizeof(buf)));
}

static struct emrtd_password
password_of(const struct session *s)
{
	const char *mrz = trace_value(s->trace, "mrz_information");
	const char *can = trace_value(s->trace, "can");
	struct emrtd_password p;

	if (mrz != NULL)
		assert_ok(emrtd_password_mrz(mrz, strlen(mrz), &p));
	else
		assert_ok(emrtd_password_can(can, strlen(can), &p));
	return p;
}

/* The recorded command is what we make of this data. */
static void
check_command(struct session *s, const struct trace_exchange *x,
    const struct emrtd_command *recorded, const struct emrtd_out *data)
{
	struct emrtd_command c = *recorded;
	uint8_t buf[CAP];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	c.data = emrtd_out_bytes(data);
	assert_ok(emrtd_command_encode(&c, &out));
	assert_bytes(emrtd_out_bytes(&out), bytes(&x->command));
	s->n_commands++;
}

static void
bac_exchange(struct session *s, const struct trace_exchange *x,
    const struct emrtd_command *recorded)
{
	struct emrtd_random random = tape_random(&s->tape);
	uint8_t buf[EMRTD_BAC_DATA_LEN];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_bytes answer;
	uint16_t sw;

	if (s->refused) /* the reader tries the same once more */
		return;
	answer = data_of(&x->response, &sw);
	assert_ok(
	    emrtd_bac_command(&s->bac, s->crypto, s->answer, &random, &out));
	check_command(s, x, recorded, &out);
	check_value(s, "bac.k_enc", s->bac.k_enc, 16);
	check_value(s, "bac.k_mac", s->bac.k_mac, 16);
	if (sw != 0x9000) {
		s->refused = true;
		return;
	}
	assert_ok(emrtd_bac_finish(&s->bac, s->crypto, answer, &s->sm));
	check_value(s, "bac.ks_enc", s->sm.k_enc, 16);
	check_value(s, "bac.ks_mac", s->sm.k_mac, 16);
	check_value(s, "bac.ssc", s->sm.ssc, 8);
}

static void
pace_begin(struct session *s, const struct trace_exchange *x,
    const struct emrtd_command *recorded)
{
	struct emrtd_password p = password_of(s);
	const struct emrtd_pace_protocol *protocol;
	uint8_t oid_buf[16], id, buf[64];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_bytes rest = recorded->data, value;

	protocol = emrtd_pace_protocol_by_oid(
	    hex_bytes(trace_value(s->trace, "pace.oid"), oid_buf,
		sizeof(oid_buf)));
	assert_non_null(protocol);
	vector_hex(trace_value(s->trace, "pace.parameter_id"), &id, 1);
	assert_true(emrtd_tlv(&rest, 0x80, &value));
	assert_true(emrtd_tlv(&rest, 0x83, &value));
	assert_ok(emrtd_pace_begin(&s->pace, s->crypto, protocol,
	    emrtd_group_by_id(id), !emrtd_end(&rest), &p));
	assert_ok(emrtd_pace_set_at(&s->pace, &out));
	check_command(s, x, recorded, &out);
}

static void
check_pace_secrets(const struct session *s)
{
	const struct emrtd_pace *pace = &s->pace;
	size_t key_len = pace->suite->key_len;

	check_value(s, "pace.k_pi", pace->k_pi, key_len);
	check_value(s, "pace.nonce", pace->nonce, pace->nonce_len);
	check_value(s, "pace.generator", pace->generator.bytes,
	    pace->generator.len);
	check_value(s, "pace.shared", pace->shared, pace->group->field_len);
	check_value(s, "pace.ks_enc", pace->k_enc, key_len);
	check_value(s, "pace.ks_mac", pace->k_mac, key_len);
}

/* The chip's proof, with the key that its EF.CardSecurity has. */
static void
check_cam(const struct session *s, const struct emrtd_pace_cam *cam)
{
	const char *key_hex = trace_value(s->trace, "cam.public_ic");
	struct emrtd_element key;
	uint8_t buf[256];

	if (key_hex == NULL) {
		assert_null(cam->group);
		return;
	}
	check_value(s, "cam.chip_authentication_data", cam->data, cam->len);
	assert_true(emrtd_element_read(cam->group,
	    hex_bytes(key_hex, buf, sizeof(buf)), &key));
	assert_ok(emrtd_pace_cam_verify(s->crypto, cam, cam->group, &key));
}

static void
pace_exchange(struct session *s, const struct trace_exchange *x,
    const struct emrtd_command *recorded, unsigned step)
{
	struct emrtd_random random = tape_random(&s->tape);
	uint8_t buf[512];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_pace_cam cam;
	struct emrtd_bytes answer;
	uint16_t sw;

	switch (step) {
	case 1:
		assert_ok(emrtd_pace_get_nonce(&s->pace, &out));
		break;
	case 2:
		assert_ok(emrtd_pace_map(&s->pace, s->crypto, s->answer,
		    &random, &s->diag, &out));
		break;
	case 3:
		assert_ok(emrtd_pace_agree(&s->pace, s->crypto, s->answer,
		    &random, &s->diag, &out));
		break;
	default:
		assert_int_equal(step, 4);
		assert_ok(emrtd_pace_authenticate(&s->pace, s->crypto,
		    s->answer, &s->diag, &out));
		check_pace_secrets(s);
		break;
	}
	assert_int_equal(recorded->cla, step < 4 ? 0x10 : 0x00);
	check_command(s, x, recorded, &out);
	answer = data_of(&x->response, &sw);
	s->refused = sw != 0x9000;
	if (step == 4 && !s->refused) {
		assert_ok(emrtd_pace_finish(&s->pace, s->crypto, answer,
		    &s->diag, &s->sm, &cam));
		check_cam(s, &cam);
	}
}

/* MSE:Set KAT, as we make it; the keys that follow replace the old ones. */
static bool
is_set_kat(const struct emrtd_command *c)
{
	return c->ins == MANAGE_SECURITY && c->p1 == 0x41 && c->p2 == 0xA6;
}

static void
chip_authentication(struct session *s, const struct emrtd_command *recorded)
{
	struct emrtd_random random = tape_random(&s->tape);
	uint8_t oid[16], key[256], buf[256];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_chip_auth_key k = { 0 };
	struct emrtd_chip_auth ca;

	k.protocol = emrtd_chip_auth_protocol_by_oid(
	    hex_bytes(trace_value(s->trace, "ca.oid"), oid, sizeof(oid)));
	assert_non_null(k.protocol);
	k.public_key = hex_bytes(trace_value(s->trace, "ca.public_ic"), key,
	    sizeof(key));
	k.group = emrtd_group_by_id(12); /* P-256, written out in DG14 */
	assert_ok(emrtd_chip_auth_begin(&ca, s->crypto, &k, &random));
	check_value(s, "ca.public_ifd", ca.public_key.bytes, ca.public_key.len);
	assert_ok(emrtd_chip_auth_set_kat(&ca, &out));
	assert_bytes(emrtd_out_bytes(&out), recorded->data);
	assert_ok(emrtd_chip_auth_finish(&ca, &s->sm));
	check_value(s, "ca.ks_enc", s->sm.k_enc, 16);
	check_value(s, "ca.ks_mac", s->sm.k_mac, 16);
	s->n_commands++;
}

static void
secured_exchange(struct session *s, const struct trace_exchange *x)
{
	static uint8_t work_buf[CAP], buf[CAP], plain_buf[CAP];
	struct emrtd_out work = emrtd_out(work_buf, sizeof(work_buf));
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_out plain = emrtd_out(plain_buf, sizeof(plain_buf));
	struct emrtd_command c;
	uint16_t sw;

	assert_true(s->sm.live);
	assert_ok(emrtd_command_decode(bytes(&x->plain_command), &c));
	assert_ok(emrtd_sm_protect(s->crypto, &s->sm, &c, &work, &out));
	assert_bytes(emrtd_out_bytes(&out), bytes(&x->command));
	assert_ok(emrtd_sm_unprotect(s->crypto, &s->sm, bytes(&x->response),
	    (c.ins & 1) != 0, &s->diag, &plain, &sw));
	emrtd_put_u16(&plain, sw);
	assert_bytes(emrtd_out_bytes(&plain), bytes(&x->plain_response));
	s->n_secured++;
	if (is_set_kat(&c))
		chip_authentication(s, &c);
}

static void
run_exchange(struct session *s, const struct trace_exchange *x, unsigned *step)
{
	struct emrtd_password p;
	struct emrtd_command c;
	uint16_t sw;

	if (x->plain_command.ptr != NULL) {
		secured_exchange(s, x);
		return;
	}
	assert_ok(emrtd_command_decode(bytes(&x->command), &c));
	switch (c.ins) {
	case GET_CHALLENGE:
		p = password_of(s);
		assert_ok(emrtd_bac_begin(&s->bac, s->crypto, &p));
		break;
	case EXTERNAL_AUTHENTICATE:
		bac_exchange(s, x, &c);
		break;
	case MANAGE_SECURITY:
		pace_begin(s, x, &c);
		break;
	case GENERAL_AUTHENTICATE:
		pace_exchange(s, x, &c, ++*step);
		break;
	default: /* in the clear, before access control */
		break;
	}
	s->answer = data_of(&x->response, &sw);
}

static void
run_trace(struct emrtd_crypto *crypto, const char *name, unsigned n_commands,
    unsigned n_secured)
{
	static struct session s;
	const char *result;
	unsigned step = 0;
	char path[256];

	memset(&s, 0, sizeof(s));
	emrtd_diag_init(&s.diag);
	s.crypto = crypto;
	assert_true((size_t)snprintf(path, sizeof(path),
			"tests/vectors/traces/%s.txt", name) < sizeof(path));
	s.trace = trace_open(path);
	s.tape.rest = hex_bytes(trace_value(s.trace, "random"), s.tape_bytes,
	    sizeof(s.tape_bytes));
	for (size_t i = 0; i < trace_count(s.trace); i++)
		run_exchange(&s, trace_at(s.trace, i), &step);
	result = trace_value(s.trace, "result");
	assert_int_equal(s.refused, strncmp(result, "refused", 7) == 0);
	assert_int_equal(s.sm.live, !s.refused);
	assert_int_equal(s.n_commands, n_commands);
	assert_int_equal(s.n_secured, n_secured);
	trace_close(&s.trace);
}

static void
doc9303_bac(void **state)
{
	run_trace(*state, "doc9303-bac", 1, 3);
}

static void
doc9303_pace(void **state)
{
	run_trace(*state, "doc9303-pace-gm", 5, 0);
}

static void
doc9303_pace_numbers(void **state)
{
	run_trace(*state, "doc9303-pace-gm-dh", 5, 0);
}

static void
bac(void **state)
{
	run_trace(*state, "bac-3des-aa", 1, 25);
}

static void
bac_and_chip_authentication(void **state)
{
	run_trace(*state, "bac-ca-v1-aa", 2, 30);
}

static void
bac_with_the_wrong_mrz(void **state)
{
	run_trace(*state, "bac-wrong-mrz", 1, 0);
}

static void
pace_3des(void **state)
{
	run_trace(*state, "pace-p256-3des-mrz", 5, 5);
}

static void
pace_aes128(void **state)
{
	run_trace(*state, "pace-p256-aes128-can", 5, 22);
}

static void
pace_aes192_extended_length(void **state)
{
	run_trace(*state, "pace-bp384-aes192-can-extended", 5, 11);
}

static void
pace_aes256(void **state)
{
	run_trace(*state, "pace-bp256-aes256-mrz", 5, 18);
}

static void
pace_numbers(void **state)
{
	run_trace(*state, "pace-dh2048-aes128-can", 5, 5);
}

static void
pace_integrated_mapping(void **state)
{
	run_trace(*state, "pace-im-bp256-aes128-can", 5, 7);
}

static void
pace_chip_authentication_mapping(void **state)
{
	run_trace(*state, "pace-cam-bp256-aes128-mrz", 5, 23);
}

static void
pace_with_the_wrong_can(void **state)
{
	run_trace(*state, "pace-wrong-can", 5, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(doc9303_bac),
		cmocka_unit_test(doc9303_pace),
		cmocka_unit_test(doc9303_pace_numbers),
		cmocka_unit_test(bac),
		cmocka_unit_test(bac_and_chip_authentication),
		cmocka_unit_test(bac_with_the_wrong_mrz),
		cmocka_unit_test(pace_3des),
		cmocka_unit_test(pace_aes128),
		cmocka_unit_test(pace_aes192_extended_length),
		cmocka_unit_test(pace_aes256),
		cmocka_unit_test(pace_numbers),
		cmocka_unit_test(pace_integrated_mapping),
		cmocka_unit_test(pace_chip_authentication_mapping),
		cmocka_unit_test(pace_with_the_wrong_can),
	};

	return cmocka_run_group_tests(tests, setup_crypto, teardown_crypto);
}
