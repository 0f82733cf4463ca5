/*
 * Readers that do not carry what they claim, and readers that claim nothing:
 * a whole reading over each, what it tells, and what the next document knows.
 */
#include "data.h"
#include "emrtd_test.h"
#include "virtual_read.h"

#include <stdio.h>
#include <string.h>

#define FACE_LEN 18000

static uint8_t face[FACE_LEN];

/* A reader that breaks on some extended command. */
struct breaker {
	enum emrtd_error error;
	bool secured_only; /* it breaks on those under secure messaging */
	size_t min_len;    /* and not on shorter ones */
	bool gone;         /* the document does not come back */
	unsigned n_broken, n_extended;
};

static struct breaker breaker;
static struct virtual_link link_;
static char notes[2048];

static void
take_note(void *self, const char *text)
{
	size_t used = strlen(notes);

	(void)self;
	snprintf(notes + used, sizeof(notes) - used, "%s\n", text);
}

static enum emrtd_error
connected(struct virtual_link *link)
{
	const struct breaker *b = link->self;

	return b->gone && b->n_broken > 0 ? EMRTD_E_NO_READER : EMRTD_OK;
}

static enum emrtd_error
answered(struct virtual_link *link, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct breaker *b = link->self;

	(void)timeout_ms;
	if (command.len < 7 || command.ptr[4] != 0)
		return EMRTD_OK;
	b->n_extended++;
	if (b->error == EMRTD_OK || command.len < b->min_len ||
	    (b->secured_only && (command.ptr[0] & 0x0C) == 0))
		return EMRTD_OK;
	b->n_broken++;
	response->len = 0;
	return b->error;
}

static void
init(struct virtual_read *v)
{
	virtual_read_init(v);
	memset(face, 0, sizeof(face));
	memcpy(face, v->profile.face.ptr, v->profile.face.len);
	v->profile.face = emrtd_bytes(face, sizeof(face));
	v->profile.extended = true;
	v->profile.max_command = 65544;
	v->profile.max_response = 65538;
	v->extended_link = true;
	v->with_atr = true;
	v->reader_name = "Some Reader";
	v->note = take_note;
	v->link = &link_;
	notes[0] = '\0';
	memset(&breaker, 0, sizeof(breaker));
	link_ = (struct virtual_link){ .connected = connected,
		.answered = answered,
		.self = &breaker };
}

static void
read_well(const struct virtual_read *v)
{
	struct emrtd_result *r;
	uint32_t n;

	assert_ok(virtual_run(v, &r, &n));
	assert_int_equal(emrtd_result_data(r), EMRTD_DATA_AUTHENTIC);
	assert_int_equal(emrtd_result_file_status(r, EMRTD_DG2),
	    EMRTD_FILE_READ);
	assert_int_equal(virtual_verdict(r, "access.pace"), EMRTD_PASSED);
	emrtd_result_free(&r);
}

static void
assert_note(const char *text)
{
	if (strstr(notes, text) == NULL)
		fail_msg("'%s' is not in: %s", text, notes);
}

static void
a_reader_that_only_claims_it(void **state)
{
	static const enum emrtd_error errors[] = { EMRTD_E_CARD_LOST,
		EMRTD_E_PROTOCOL, EMRTD_E_TOO_LONG };

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(errors) * 2; i++) {
		struct virtual_read v;

		init(&v);
		breaker.error = errors[i / 2];
		breaker.secured_only = i % 2 == 1;
		read_well(&v);
		assert_int_equal(breaker.n_broken, 1);
		assert_note("lost at its first extended APDU");
	}
}

/* Keys of DH are long: PACE is where the first extended command is. */
static void
over_a_key_of_pace(void **state)
{
	struct virtual_read v;

	(void)state;
	init(&v);
	v.profile.no_atr_info = true;
	v.profile.habits.get_response = true;
	v.profile.n_pace = 1;
	v.profile.pace[0] = (struct emrtd_card_pace_info){
		.oid = emrtd_card_pace_by_name(
		    "id-PACE-DH-GM-AES-CBC-CMAC-128"),
		.parameter_id = 1
	};
	breaker.error = EMRTD_E_CARD_LOST;
	breaker.min_len = 200;
	read_well(&v);
	assert_int_equal(breaker.n_broken, 1);
	/* Shown to the chip twice otherwise, and perhaps counted. */
	init(&v);
	v.mrz = NULL;
	v.optical = NULL;
	v.pin = "123456";
	snprintf(v.profile.pin, sizeof(v.profile.pin), "123456");
	v.profile.pin_tries = 3;
	v.profile.no_atr_info = true;
	v.profile.habits.get_response = true;
	v.profile.n_pace = 1;
	v.profile.pace[0] = (struct emrtd_card_pace_info){
		.oid = emrtd_card_pace_by_name(
		    "id-PACE-DH-GM-AES-CBC-CMAC-128"),
		.parameter_id = 1
	};
	breaker.error = EMRTD_E_CARD_LOST;
	breaker.min_len = 200;
	{
		struct emrtd_result *r;

		assert_error(virtual_run(&v, &r, NULL), EMRTD_E_CARD_LOST);
		emrtd_result_free(&r);
	}
	assert_int_equal(breaker.n_broken, 1);
}

/* Whoever takes the document away is not the reader's fault. */
static void
a_document_that_leaves(void **state)
{
	struct emrtd_reader_memory memory = { .size = sizeof(memory) };
	struct emrtd_result *r;
	struct virtual_read v;

	(void)state;
	for (int secured = 0; secured < 2; secured++) {
		init(&v);
		v.memory = &memory;
		breaker.error = EMRTD_E_CARD_LOST;
		breaker.secured_only = secured;
		breaker.gone = true;
		assert_error(virtual_run(&v, &r, NULL), EMRTD_E_CARD_LOST);
		assert_int_equal(memory.n_broken, 0);
		assert_null(strstr(notes, "lost"));
		emrtd_result_free(&r);
	}
}

/* What is learnt of the reader serves the next document; of a chip nothing. */
static void
the_next_document(void **state)
{
	struct emrtd_reader_memory memory = { .size = sizeof(memory) };
	struct virtual_read v;

	(void)state;
	for (unsigned n = 1; n <= 2; n++) {
		init(&v);
		v.memory = &memory;
		breaker.error = EMRTD_E_CARD_LOST;
		read_well(&v);
		assert_int_equal(memory.n_broken, n);
	}
	init(&v);
	v.memory = &memory;
	breaker.error = EMRTD_E_CARD_LOST;
	read_well(&v);
	assert_int_equal(breaker.n_extended, 0);
	assert_note("earlier documents were lost");
	/* Another reader. */
	init(&v);
	v.memory = &memory;
	v.reader_name = "Another Reader";
	read_well(&v);
	assert_true(breaker.n_extended > 0);
	assert_int_equal(memory.n_broken, 0);
	assert_true(memory.has_extended);
	assert_string_equal(memory.name, "Another Reader");
}

/* One crafted document costs the next nothing. */
static void
one_bad_document(void **state)
{
	struct emrtd_reader_memory memory = { .size = sizeof(memory) };
	struct virtual_read v;

	(void)state;
	for (int i = 0; i < 4; i++) {
		init(&v);
		v.memory = &memory;
		breaker.error = i % 2 == 0 ? EMRTD_E_CARD_LOST : EMRTD_OK;
		if (i == 2) { /* it has worked: the document's own fault */
			struct emrtd_result *r;

			assert_error(virtual_run(&v, &r, NULL),
			    EMRTD_E_CARD_LOST);
			emrtd_result_free(&r);
		} else
			read_well(&v);
		assert_int_equal(memory.n_broken, i == 0);
	}
}

/* A link of which nobody says anything is asked once, and in plain. */
static void
a_silent_reader(void **state)
{
	struct virtual_read v;
	uint32_t probed, not_probed;
	struct emrtd_result *r;

	(void)state;
	init(&v);
	v.extended_link = false;
	v.silent_link = true;
	assert_ok(virtual_run(&v, &r, &probed));
	emrtd_result_free(&r);
	assert_note("does not say so, but carries extended APDUs");
	assert_true(probed < 30);
	/* The chip announces nothing: not worth it. */
	init(&v);
	v.extended_link = false;
	v.silent_link = true;
	v.with_atr = false;
	assert_ok(virtual_run(&v, &r, &not_probed));
	emrtd_result_free(&r);
	assert_int_equal(breaker.n_extended, 0);
	assert_true(not_probed > 80);
	/* It breaks on the probe. */
	init(&v);
	v.extended_link = false;
	v.silent_link = true;
	breaker.error = EMRTD_E_CARD_LOST;
	read_well(&v);
	assert_int_equal(breaker.n_extended, 1);
	/* Known limits are no riddle. */
	init(&v);
	v.extended_link = false;
	v.silent_link = true;
	v.link_max = 261;
	read_well(&v);
	assert_int_equal(breaker.n_extended, 0);
}

/* The signature of RSA-3072 fits into no short answer: worth a session. */
static void
a_long_signature(void **state)
{
	static const struct {
		enum emrtd_error error;
		enum emrtd_chip_verdict chip;
		unsigned n_extended;
	} cases[] = {
		{ EMRTD_OK, EMRTD_CHIP_GENUINE, 1 },
		{ EMRTD_E_CARD_LOST, EMRTD_CHIP_UNDETERMINED, 1 },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct emrtd_result *r;
		struct virtual_read v;

		init(&v);
		v.profile.aa.kind = "rsa-3072";
		v.profile.no_atr_info = true;
		v.with_atr = false;
		v.extended_link = false;
		v.silent_link = true;
		breaker.error = cases[i].error;
		assert_ok(virtual_run(&v, &r, NULL));
		assert_int_equal(emrtd_result_chip(r), cases[i].chip);
		assert_int_equal(emrtd_result_data(r), EMRTD_DATA_AUTHENTIC);
		assert_int_equal(breaker.n_extended, cases[i].n_extended);
		emrtd_result_free(&r);
	}
}

static void
what_is_told(void **state)
{
	struct virtual_read v;

	(void)state;
	init(&v);
	v.extended_link = false;
	v.oddity = "old firmware loses long answers";
	read_well(&v);
	assert_note("carries short APDUs only, as it says");
	assert_note("old firmware loses long answers");
	init(&v);
	v.profile.extended = false;
	read_well(&v);
	assert_note("the chip takes short APDUs only, as it says");
	init(&v);
	v.extended_link = false;
	virtual_misbehave(&v, "bare-le=192");
	read_well(&v);
	assert_note("from now on at most 192 bytes");
	init(&v);
	read_well(&v);
	assert_string_equal(notes, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reader_that_only_claims_it),
		cmocka_unit_test(over_a_key_of_pace),
		cmocka_unit_test(a_document_that_leaves),
		cmocka_unit_test(the_next_document),
		cmocka_unit_test(one_bad_document),
		cmocka_unit_test(a_silent_reader),
		cmocka_unit_test(a_long_signature),
		cmocka_unit_test(what_is_told),
	};

	return cmocka_run_group_tests_name("link_sizes", tests, NULL, NULL);
}
