/*
 * A reader that does PACE by itself: whole readings, what the result then
 * says, and what is not to be believed.
 */
#include "data.h"
#include "emrtd_test.h"
#include "pace_reader.h"
#include "virtual_read.h"

#include <stdio.h>
#include <string.h>

static struct pace_reader reader;
static char notes[512];

static void
wrap(void *self, struct emrtd_transport *chip)
{
	pace_reader_wrap(self, chip);
}

static void
take_note(void *self, const char *text)
{
	(void)self;
	snprintf(notes + strlen(notes), sizeof(notes) - strlen(notes), "%s\n",
	    text);
}

static void
init(struct virtual_read *v)
{
	virtual_read_init(v);
	memset(&reader, 0, sizeof(reader));
	notes[0] = '\0';
	v->wrap = wrap;
	v->wrap_self = &reader;
	v->reader_pace = true;
	v->note = take_note;
}

static void
access_of(const struct emrtd_result *r, struct emrtd_access *out)
{
	out->size = sizeof(*out);
	emrtd_result_access(r, out);
}

/* Verified data; and the result hides nothing of how it came about. */
static void
a_reading(void **state)
{
	struct emrtd_access a;
	struct emrtd_result *r;
	struct virtual_read v;

	(void)state;
	for (int with_can = 0; with_can < 2; with_can++) {
		init(&v);
		v.can = with_can ? VIRTUAL_CAN : NULL;
		assert_ok(virtual_run(&v, &r, NULL));
		assert_int_equal(reader.n_established, 1);
		assert_int_equal(reader.password_id, with_can ? 2 : 1);
		assert_true(reader.was_given);
		assert_int_equal(emrtd_result_data(r), EMRTD_DATA_AUTHENTIC);
		access_of(r, &a);
		assert_true(a.by_reader);
		assert_int_equal(a.protocol, EMRTD_ACCESS_PACE);
		assert_string_equal(a.password, with_can ? "can" : "mrz");
		assert_null(a.mapping);
		assert_null(a.cipher);
		assert_null(a.parameter);
		assert_int_equal(virtual_verdict(r, "access.pace"),
		    EMRTD_PASSED);
		assert_int_equal(virtual_verdict(r, "access.downgrade"),
		    EMRTD_PASSED);
		assert_int_equal(virtual_verdict(r, "access.secure_messaging"),
		    EMRTD_NOT_RUN);
		assert_int_equal(virtual_verdict(r, "pa.card_access_copy"),
		    EMRTD_PASSED);
		emrtd_result_free(&r);
	}
}

static void
typed_at_the_reader(void **state)
{
	struct emrtd_result *r;
	struct virtual_read v;

	(void)state;
	init(&v);
	v.mrz = NULL;
	v.optical = NULL;
	v.reader_pace_typed = EMRTD_PASSWORD_CAN;
	reader.typed = VIRTUAL_CAN;
	assert_ok(virtual_run(&v, &r, NULL));
	assert_int_equal(reader.password_id, 2);
	assert_false(reader.was_given);
	assert_int_equal(emrtd_result_data(r), EMRTD_DATA_AUTHENTIC);
	emrtd_result_free(&r);
	/* Nobody does. */
	init(&v);
	v.reader_pace_typed = EMRTD_PASSWORD_CAN;
	assert_error(virtual_run(&v, &r, NULL), EMRTD_E_TIMEOUT);
	emrtd_result_free(&r);
	/* Mistyped. */
	init(&v);
	v.reader_pace_typed = EMRTD_PASSWORD_CAN;
	reader.typed = "654321";
	assert_error(virtual_run(&v, &r, NULL), EMRTD_E_ACCESS_DENIED);
	assert_int_equal(virtual_verdict(r, "access.pace"), EMRTD_FAILED);
	emrtd_result_free(&r);
}

/* The last try is not the reader's to spend. */
static void
a_pin_with_one_try(void **state)
{
	struct emrtd_result *r;
	struct virtual_read v;

	(void)state;
	for (int allowed = 0; allowed < 2; allowed++) {
		init(&v);
		v.mrz = NULL;
		v.optical = NULL;
		snprintf(v.profile.pin, sizeof(v.profile.pin), "135790");
		v.profile.pin_tries = 2;
		v.reader_pace_typed = EMRTD_PASSWORD_PIN;
		v.use_last_try = allowed;
		reader.typed = "000000";
		v.profile.pin_tries = allowed ? 3 : 1;
		assert_int_not_equal(virtual_run(&v, &r, NULL), EMRTD_OK);
		assert_int_equal(reader.n_established, allowed);
		emrtd_result_free(&r);
	}
}

static void
what_is_not_believed(void **state)
{
	struct emrtd_result *r;
	struct virtual_read v;

	(void)state;
	/* Each of us was shown another file. */
	init(&v);
	reader.other_card_access = true;
	assert_error(virtual_run(&v, &r, NULL), EMRTD_E_ACCESS_POLICY);
	assert_int_equal(virtual_verdict(r, "access.downgrade"), EMRTD_FAILED);
	assert_int_not_equal(emrtd_result_overall(r), EMRTD_OVERALL_GENUINE);
	emrtd_result_free(&r);
	/* It does not say what it saw. */
	init(&v);
	reader.no_card_access = true;
	assert_ok(virtual_run(&v, &r, NULL));
	assert_int_equal(virtual_verdict(r, "access.downgrade"),
	    EMRTD_UNDETERMINED);
	emrtd_result_free(&r);
	/* Hidden from both of us; DG14 knows. */
	init(&v);
	virtual_misbehave(&v, "card-access=weaken");
	assert_ok(virtual_run(&v, &r, NULL));
	assert_int_equal(virtual_verdict(r, "pa.card_access_copy"),
	    EMRTD_FAILED);
	assert_int_equal(emrtd_result_overall(r), EMRTD_OVERALL_FAILED);
	emrtd_result_free(&r);
}

static void
failures(void **state)
{
	static const struct {
		uint32_t result;
		enum emrtd_error error;
	} cases[] = {
		{ 0xD0000001, EMRTD_E_PROTOCOL },
		{ 0xE0000006, EMRTD_E_TOKEN },
		{ 0xF0100002, EMRTD_E_CARD_LOST },
		{ 0xF0200001, EMRTD_E_CANCELLED },
		{ 0xF0200002, EMRTD_E_TIMEOUT },
		{ 0xF0066300, EMRTD_E_ACCESS_DENIED },
		{ 0xF0029000, EMRTD_E_STATUS },
		{ 0xF1234567, EMRTD_E_PROTOCOL },
	};
	struct emrtd_access a;
	struct emrtd_result *r;
	struct virtual_read v;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		init(&v);
		reader.result = cases[i].result;
		assert_error(virtual_run(&v, &r, NULL), cases[i].error);
		access_of(r, &a);
		assert_false(a.by_reader);
		assert_int_not_equal(virtual_verdict(r, "access.pace"),
		    EMRTD_PASSED);
		emrtd_result_free(&r);
	}
}

/* It cannot, or nobody asked for it: PACE is done here. */
static void
without_it(void **state)
{
	struct emrtd_access a;
	struct emrtd_result *r;
	struct virtual_read v;

	(void)state;
	for (int asked = 0; asked < 2; asked++) {
		init(&v);
		v.reader_pace = asked;
		reader.offers_none = asked;
		assert_ok(virtual_run(&v, &r, NULL));
		assert_int_equal(reader.n_established, 0);
		access_of(r, &a);
		assert_false(a.by_reader);
		assert_string_equal(a.mapping, "GM");
		assert_int_equal(strstr(notes, "does not offer PACE") != NULL,
		    asked);
		emrtd_result_free(&r);
	}
}

/* Behind it the chip still proves itself; a reader in the way is no forgery. */
static void
chip_authentication(void **state)
{
	struct emrtd_result *r;
	struct virtual_read v;

	(void)state;
	for (int in_the_way = 0; in_the_way < 2; in_the_way++) {
		init(&v);
		v.profile.n_ca = 1;
		v.profile.ca[0] = (struct emrtd_card_ca){
			.oid = emrtd_card_ca_by_name(
			    "id-CA-ECDH-AES-CBC-CMAC-128"),
			.parameter_id = 13,
			.key_id = EMRTD_CARD_NO_KEY_ID
		};
		reader.passes_no_secured = in_the_way;
		assert_ok(virtual_run(&v, &r, NULL));
		assert_int_equal(emrtd_result_data(r), EMRTD_DATA_AUTHENTIC);
		assert_int_equal(emrtd_result_chip(r),
		    in_the_way ? EMRTD_CHIP_UNDETERMINED : EMRTD_CHIP_GENUINE);
		assert_int_equal(virtual_verdict(r, "access.secure_messaging"),
		    in_the_way ? EMRTD_NOT_RUN : EMRTD_PASSED);
		emrtd_result_free(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reading),
		cmocka_unit_test(typed_at_the_reader),
		cmocka_unit_test(a_pin_with_one_try),
		cmocka_unit_test(what_is_not_believed),
		cmocka_unit_test(failures),
		cmocka_unit_test(without_it),
		cmocka_unit_test(chip_authentication),
	};

	return cmocka_run_group_tests_name("open_reader_pace", tests, NULL,
	    NULL);
}
