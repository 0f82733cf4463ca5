/*
 * How many commands a reading takes, by what link and chip say of their sizes,
 * and that nothing they say makes it fail.
 */
#include "emrtd_test.h"
#include "virtual_read.h"

#include <string.h>

/* Some 18,000 bytes, as many faces are. */
#define FACE_LEN 18000

static uint8_t face[FACE_LEN];

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
}

/* Changes what EF.ATR/INFO says, whatever it said. */
static const char *said;

static bool
asks_for_atr_info(struct emrtd_bytes command)
{
	static const uint8_t want[] = { 0x00, 0xB0, 0x81, 0x00 };

	return command.len >= sizeof(want) &&
	       memcmp(command.ptr, want, sizeof(want)) == 0;
}

static void
say(struct emrtd_bytes command, struct emrtd_out *response)
{
	if (!asks_for_atr_info(command))
		return;
	response->len = 0;
	for (const char *at = said; *at != '\0'; at += 2) {
		static const char digits[] = "0123456789ABCDEF";
		const char *high = strchr(digits, at[0]);
		const char *low = strchr(digits, at[1]);

		assert_non_null(high);
		assert_non_null(low);
		response->ptr[response->len++] =
		    (uint8_t)((high - digits) * 16 + (low - digits));
	}
}

static uint32_t
read_all(struct virtual_read *v)
{
	struct emrtd_result *r;
	uint32_t n = 0;

	assert_ok(virtual_run(v, &r, &n));
	assert_int_equal(emrtd_result_data(r), EMRTD_DATA_AUTHENTIC);
	assert_int_equal(emrtd_result_file_status(r, EMRTD_DG2),
	    EMRTD_FILE_READ);
	emrtd_result_free(&r);
	return n;
}

static void
sizes(void **state)
{
	struct virtual_read v;
	uint32_t whole, blocks, unknown, short_link;

	(void)state;
	init(&v);
	whole = read_all(&v);
	init(&v);
	v.profile.max_response = 2000;
	blocks = read_all(&v);
	/* Extended length by the ATR, but no sizes: 9303-11 9.3.1.2. */
	init(&v);
	v.profile.no_atr_info = true;
	v.with_atr = true;
	unknown = read_all(&v);
	init(&v);
	v.extended_link = false;
	short_link = read_all(&v);
	assert_true(whole < 30);
	assert_in_range(blocks, whole + 8, whole + 14);
	assert_true(short_link > 80);
	/* By SFI, by SELECT: two commands in vain, no more. */
	assert_int_equal(unknown, short_link + 2);
}

/* The ATR denies it: nothing is asked. */
static void
a_chip_that_denies_it(void **state)
{
	struct virtual_read v;
	uint32_t asked, not_asked;

	(void)state;
	init(&v);
	v.profile.extended = false;
	asked = read_all(&v);
	init(&v);
	v.profile.extended = false;
	v.with_atr = true;
	not_asked = read_all(&v);
	assert_int_equal(asked, not_asked + 1);
}

static void
rubbish_changes_nothing(void **state)
{
	static const char *const answers[] = {
		"9000",
		"6982",
		"6A82",
		"6700",
		"6D00",
		"6282",
		"7F66089000",                       /* cut */
		"7F6604020207809000",               /* one length */
		"7F660802020780020207807F66009000", /* twice */
		"7F66060201000201009000",           /* nothing */
		"7F66080202010002020100"
		"9000", /* below a short one */
		"7F660802020001020207D0"
		"9000", /* command too short */
		"7F6608020207D002020001"
		"9000", /* response too short */
		"7F660A0203FFFFFF0203FFFFFF"
		"9000", /* more than there is */
		"FFFFFFFF9000",
		"00009000",
		"615D5F1F9000",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
		struct virtual_read v;

		init(&v);
		said = answers[i];
		v.meddle = say;
		(void)read_all(&v);
	}
}

/* Unit LDS_K of TR-03105-5.1: the deviation reaches the result. */
static void
deviations_of_atr_info(void **state)
{
	static const struct {
		const char *id, *says;
		enum emrtd_finding_id finding;
	} cases[] = {
		{ "LDS_K_01", "7F660802020780020207809000", EMRTD_N_FINDINGS },
		{ "LDS_K_02", "7F660A020300078002030007809000",
		    EMRTD_N_FINDINGS },
		{ "LDS_K_03", "7F6604020207809000",
		    EMRTD_FINDING_FILE_MALFORMED_ATR_INFO },
		{ "LDS_K_04", "7F650802020780020207809000",
		    EMRTD_FINDING_FILE_ATR_INFO_LENGTHS },
		{ "no such file", "6A82", EMRTD_N_FINDINGS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct emrtd_finding f = { .size = sizeof(f) };
		struct emrtd_result *r;
		struct virtual_read v;
		uint32_t n = 0;

		init(&v);
		said = cases[i].says;
		v.meddle = say;
		assert_ok(virtual_run(&v, &r, &n));
		assert_int_equal(emrtd_result_data(r), EMRTD_DATA_AUTHENTIC);
		if (emrtd_result_finding(r, 0, &f))
			assert_int_equal(f.id, cases[i].finding);
		else
			assert_int_equal(cases[i].finding, EMRTD_N_FINDINGS);
		emrtd_result_free(&r);
	}
}

/* A chip that takes less than it says is read all the same. */
static void
a_chip_that_says_too_much(void **state)
{
	struct virtual_read v;

	(void)state;
	init(&v);
	v.profile.max_response = 1000;
	said = "7F660802024E2002024E209000";
	v.meddle = say;
	(void)read_all(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes),
		cmocka_unit_test(a_chip_that_denies_it),
		cmocka_unit_test(rubbish_changes_nothing),
		cmocka_unit_test(deviations_of_atr_info),
		cmocka_unit_test(a_chip_that_says_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
