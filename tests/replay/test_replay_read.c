/*
 * Our reader, whole, before recorded answers of foreign chips: it is given the
 * randomness of the foreign reader, and must find its way in by itself, as far
 * as it sends the same commands. What is not in the recording is refused as a
 * chip would refuse it; under secure messaging that is where a trace ends.
 */
#include "emrtd_test.h"
#include "result/result.h"
#include "trace_file.h"

#include <emrtd/reader.h>

#include <stdio.h>
#include <string.h>

#define FOLDER "tests/vectors/traces/"

/* The replay transport, with a chip's manners for what it does not know. */
struct manners {
	struct emrtd_transport replay;
	bool extended; /* the link carries long APDUs */
	unsigned n_same, n_same_secured;
};

static enum emrtd_error
polite_connect(void *self, struct emrtd_diag *diag)
{
	struct manners *m = self;

	return m->replay.ops->connect(m->replay.self, diag);
}

static enum emrtd_error
polite_transmit(void *self, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	static const uint8_t wrong_data[] = { 0x6A, 0x80 };
	struct manners *m = self;
	bool secured = (command.ptr[0] & 0x0C) == 0x0C;
	enum emrtd_error e = m->replay.ops->transmit(m->replay.self, command,
	    response, timeout_ms);

	if (e == EMRTD_OK) {
		m->n_same++;
		m->n_same_secured += secured;
		return EMRTD_OK;
	}
	if (e != EMRTD_E_PROTOCOL || secured)
		return EMRTD_E_CARD_LOST;
	assert_true(response->cap - response->len >= sizeof(wrong_data));
	memcpy(response->ptr + response->len, wrong_data, sizeof(wrong_data));
	response->len += sizeof(wrong_data);
	return EMRTD_OK;
}

static enum emrtd_error
polite_info(void *self, struct emrtd_link_info *info)
{
	const struct manners *m = self;

	info->extended = m->extended;
	return EMRTD_OK;
}

static void
polite_close(void *self)
{
	(void)self;
}

static const struct emrtd_transport_ops polite_ops = {
	.info = polite_info,
	.connect = polite_connect,
	.transmit = polite_transmit,
	.close = polite_close,
};

struct expectation {
	const char *file;
	enum emrtd_error error;          /* what ends the reading */
	const char *cipher;              /* of the session; NULL: refused */
	const char *parameter;           /* PACE */
	unsigned n_same, n_same_secured; /* commands that are the recorded */
	const char *mapping;             /* NULL: GM */
	bool extended;
};

/*
 * The same are: EF.CardAccess by SELECT in 8 and 14 bytes, MSE, four GENERAL
 * AUTHENTICATE, and SELECT of the application, protected; for BAC the two
 * commands after a SELECT in plain.
 */
static const struct expectation expectations[] = {
	{ "bac-3des-aa.txt", EMRTD_E_CARD_LOST, "3DES", NULL, 3, 0, NULL,
	    false },
	{ "bac-ca-v1-aa.txt", EMRTD_E_CARD_LOST, "3DES", NULL, 3, 0, NULL,
	    false },
	{ "bac-wrong-mrz.txt", EMRTD_E_ACCESS_DENIED, NULL, NULL, 3, 0, NULL,
	    false },
	{ "pace-bp256-aes256-mrz.txt", EMRTD_E_CARD_LOST, "AES-256",
	    "brainpoolP256r1", 9, 1, NULL, false },
	{ "pace-p256-aes128-can.txt", EMRTD_E_CARD_LOST, "AES-128", "secp256r1",
	    9, 1, NULL, false },
	{ "pace-bp384-aes192-can-extended.txt", EMRTD_E_CARD_LOST, "AES-192",
	    "brainpoolP384r1", 9, 1, NULL, false },
	{ "pace-p256-3des-mrz.txt", EMRTD_E_CARD_LOST, "3DES", "secp256r1", 9,
	    1, NULL, false },
	/* A key of 256 bytes in one command. */
	{ "pace-dh2048-aes128-can.txt", EMRTD_E_CARD_LOST, "AES-128",
	    "dh_2048_256", 9, 1, "GM", true },
	/* Then EF.CardSecurity is read, by its short identifier. */
	{ "pace-cam-bp256-aes128-mrz.txt", EMRTD_E_CARD_LOST, "AES-128",
	    "brainpoolP256r1", 8, 0, "CAM", false },
	{ "pace-wrong-can.txt", EMRTD_E_ACCESS_DENIED, NULL, NULL, 8, 0, NULL,
	    false },
};

struct run {
	struct trace_file *trace;
	struct emrtd_password password;
	struct emrtd_ctx *ctx;
	struct manners manners;
	uint8_t random[512];
	struct tape tape;
};

static void
set_up(struct run *run, const char *file, struct emrtd_read_options *options)
{
	struct emrtd_ctx_options environment = { .size = sizeof(environment) };
	const char *mrz, *can;
	char path[512];

	memset(run, 0, sizeof(*run));
	snprintf(path, sizeof(path), FOLDER "%s", file);
	run->trace = trace_open(path);
	mrz = trace_value(run->trace, "mrz_information");
	can = trace_value(run->trace, "can");
	if (mrz != NULL) {
		assert_ok(emrtd_password_mrz(mrz, strlen(mrz), &run->password));
		options->mrz = &run->password;
	} else {
		assert_ok(emrtd_password_can(can, strlen(can), &run->password));
		options->can = &run->password;
	}
	run->tape.rest = hex_bytes(trace_value(run->trace, "random"),
	    run->random, sizeof(run->random));
	environment.random = tape_random(&run->tape);
	assert_ok(emrtd_ctx_new(&environment, NULL, &run->ctx));
	snprintf(path, sizeof(path), "replay:%s/" FOLDER "%s", MRTD_SOURCE_DIR,
	    file);
	assert_ok(emrtd_transport_open(path, NULL, &run->manners.replay));
}

static void
check(const struct expectation *x, const struct run *run,
    const struct emrtd_result *r, enum emrtd_error e)
{
	if (e != x->error || run->manners.n_same != x->n_same ||
	    run->manners.n_same_secured != x->n_same_secured)
		fail_msg("%s: %s, %u same commands, %u of them secured",
		    x->file, emrtd_error_name(e), run->manners.n_same,
		    run->manners.n_same_secured);
	assert_int_equal(emrtd_result_overall(r), EMRTD_OVERALL_UNDETERMINED);
	if (x->cipher == NULL) {
		assert_int_equal(r->access.protocol, EMRTD_ACCESS_NONE);
		return;
	}
	assert_string_equal(r->access.cipher, x->cipher);
	if (x->parameter == NULL)
		assert_int_equal(r->access.protocol, EMRTD_ACCESS_BAC);
	else {
		assert_string_equal(r->access.parameter, x->parameter);
		assert_string_equal(r->access.mapping,
		    x->mapping != NULL ? x->mapping : "GM");
	}
}

static void
foreign_chips_open(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(expectations) / sizeof(*expectations);
	     i++) {
		struct emrtd_read_options options = { .size = sizeof(options),
			.at = 1780272000 };
		struct emrtd_session *session;
		struct emrtd_transport transport;
		struct emrtd_result *r = NULL;
		struct run run;
		enum emrtd_error e;

		set_up(&run, expectations[i].file, &options);
		run.manners.extended = expectations[i].extended;
		transport.ops = &polite_ops;
		transport.self = &run.manners;
		assert_ok(
		    emrtd_session_new(run.ctx, &transport, &options, &session));
		e = emrtd_session_read(session, &r);
		assert_non_null(r);
		check(&expectations[i], &run, r, e);
		emrtd_result_free(&r);
		emrtd_session_free(&session);
		emrtd_transport_close(&run.manners.replay);
		emrtd_ctx_free(&run.ctx);
		trace_close(&run.trace);
	}
}

/* Two recordings of one kind of chip: before the first key, and, connected
 * anew, before the second. */
struct two_recordings {
	struct manners at[2];
	unsigned n_connects;
};

static enum emrtd_error
connect_next(void *self, struct emrtd_diag *diag)
{
	struct two_recordings *two = self;

	assert_true(two->n_connects < 2);
	return polite_connect(&two->at[two->n_connects++], diag);
}

static enum emrtd_error
transmit_to_it(void *self, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct two_recordings *two = self;

	return polite_transmit(&two->at[two->n_connects - 1], command, response,
	    timeout_ms);
}

static const struct emrtd_transport_ops two_ops = {
	.connect = connect_next,
	.transmit = transmit_to_it,
	.close = polite_close,
};

/* A foreign chip refuses a misread number, and opens by the right one. */
static void
the_second_key_opens_a_foreign_chip(void **state)
{
	static const char *const files[] = { "bac-wrong-mrz.txt",
		"bac-3des-aa.txt" };
	struct emrtd_read_options options = { .size = sizeof(options),
		.at = 1780272000 };
	struct emrtd_ctx_options environment = { .size = sizeof(environment) };
	struct two_recordings two = { .n_connects = 0 };
	struct emrtd_transport transport = { &two_ops, &two };
	struct emrtd_session *session;
	struct emrtd_result *r = NULL;
	struct emrtd_ctx *ctx = NULL;
	struct tape tape;
	uint8_t random[1024];
	struct run runs[2];
	size_t len = 0;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		set_up(&runs[i], files[i], &options);
		two.at[i] = runs[i].manners;
		memcpy(random + len, runs[i].tape.rest.ptr,
		    runs[i].tape.rest.len);
		len += runs[i].tape.rest.len;
	}
	tape.rest = emrtd_bytes(random, len);
	environment.random = tape_random(&tape);
	assert_ok(emrtd_ctx_new(&environment, NULL, &ctx));
	options.mrz = &runs[0].password;
	options.mrz_more = &runs[1].password;
	options.n_mrz_more = 1;
	assert_ok(emrtd_session_new(ctx, &transport, &options, &session));
	/* The recording ends in the middle of the files. */
	assert_error(emrtd_session_read(session, &r), EMRTD_E_CARD_LOST);
	assert_int_equal(two.n_connects, 2);
	assert_int_equal(r->mrz.n_tried, 2);
	assert_int_equal(r->mrz.opened_by, 2);
	assert_int_equal(r->access.protocol, EMRTD_ACCESS_BAC);
	assert_int_equal(two.at[0].n_same, 3);
	assert_int_equal(two.at[1].n_same, 3);
	emrtd_result_free(&r);
	emrtd_session_free(&session);
	for (size_t i = 0; i < 2; i++) {
		emrtd_transport_close(&runs[i].manners.replay);
		emrtd_ctx_free(&runs[i].ctx);
		trace_close(&runs[i].trace);
	}
	emrtd_ctx_free(&ctx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(foreign_chips_open),
		cmocka_unit_test(the_second_key_opens_a_foreign_chip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
