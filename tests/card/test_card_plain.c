/*
 * The chip without secure messaging: selection, reading, access rules, and
 * commands that are none.
 */
#include "card_test.h"

#define SELECT_APPLICATION "00A4040C07A0000002471001"
#define PACE_INFO          "31143012060A04007F0007020204020202010202010D"

static struct emrtd_card *
open_chip(void)
{
	struct emrtd_card_profile profile;

	specimen(&profile);
	profile.bac = false;
	profile.n_pace = 0;
	return issue(&profile);
}

static struct emrtd_card *
locked_chip(bool bac, bool pace)
{
	struct emrtd_card_profile profile;

	specimen(&profile);
	profile.bac = bac;
	if (!pace)
		profile.n_pace = 0;
	return issue(&profile);
}

/* The open files of the master file, by FID, by SFI, in parts. */
static void
test_master_file(void **state)
{
	struct emrtd_card *card = locked_chip(true, true);

	(void)state;
	talk(card, "00B0000000", "6986"); /* nothing is selected */
	talk(card, "00A4020C02011C", "9000");
	talk(card, "00B0000000", PACE_INFO "9000");
	talk(card, "00B0000216",
	    "3012060A04007F0007020204020202010202010D6282");
	talk(card, "00B0001405", "010D6282");
	talk(card, "00B0001600", "6B00");
	talk(card, "00B07FFF00", "6B00");
	emrtd_card_reset(card);
	talk(card, "00B09C0004", "311430129000");
	talk(card, "00B0000004", "311430129000"); /* it is current now */
	talk(card, "00A4020C020101", "6A82"); /* not below the master file */
	talk(card, "00A4000C023F00", "9000");
	talk(card, "00B0000000", "6986");
	talk(card, "00A4020C022F01", "9000");
	talk(card, "00B0000000", "47039401E07F6608020210000202100 09000");
	emrtd_card_free(&card);
	assert_null(card);
}

/* What a chip without access control gives is what was issued. */
static void
test_open_files(void **state)
{
	static const struct {
		enum emrtd_file file;
		const char *select, *by_sfi;
	} rows[] = {
		{ EMRTD_EF_COM, "00A4020C02011E", "00B09E0000000000" },
		{ EMRTD_EF_SOD, "00A4020C02011D", "00B09D0000000000" },
		{ EMRTD_DG1, "00A4020C020101", "00B0810000000000" },
		{ EMRTD_DG2, "00A4020C020102", "00B0820000000000" },
	};
	struct emrtd_card *card = open_chip();
	uint8_t got[8192];

	(void)state;
	talk(card, SELECT_APPLICATION, "9000");
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct emrtd_bytes file = emrtd_card_file(card, rows[i].file);
		uint8_t read[7];
		struct emrtd_bytes response;

		assert_true(file.len > 0);
		talk(card, rows[i].select, "9000");
		response = transmit(card,
		    hex_bytes("00B00000000000", read, sizeof(read)), got,
		    sizeof(got));
		assert_int_equal(response.len, file.len + 2);
		assert_memory_equal(response.ptr, file.ptr, file.len);
		assert_memory_equal(response.ptr + file.len, "\x90\x00", 2);
	}
	assert_int_equal(emrtd_card_file(card, EMRTD_DG14).len, 0);
	assert_int_equal(emrtd_card_file(card, EMRTD_EF_CARD_ACCESS).len, 0);
	talk(card, "00A4020C02010E", "6A82");
	talk(card, "00B0880000", "6A82");
	talk(card, "00A4040C07A0000002471002", "6A82");
	emrtd_card_free(&card);
}

/* READ BINARY with the odd instruction: offset in, object out. */
static void
test_odd_read(void **state)
{
	struct emrtd_card *card = open_chip();

	(void)state;
	talk(card, SELECT_APPLICATION, "9000");
	talk(card, "00B1001E035401000A", "530660145F0104309000");
	talk(card, "00B100000454020002 08", "53045F0104309000");
	talk(card, "00B1010803540100 0A", "6A82");
	talk(card, "00B1010103540100 0A", "5306615B5F1F58509000");
	talk(card, "00B100000354010004", "6700");
	talk(card, "00B10000035301000A", "6A80");
	talk(card, "00B100000554031000000A", "6B00");
	emrtd_card_free(&card);
}

/* Locked: every way to a file is refused, before and after other commands. */
static void
test_locked(void **state)
{
	static const char *const refused[] = { "00A4020C02011E",
		"00A4020C020101", "00B09E0000", "00B0810000",
		"00B1001E0354010010", "00A4020C020108" };
	struct emrtd_card *card = locked_chip(true, false);

	(void)state;
	talk(card, SELECT_APPLICATION, "9000");
	for (size_t i = 0; i < N_ELEMENTS(refused); i++)
		talk(card, refused[i], "6982");
	talk(card, "0022C1A40F800A04007F00070202040202830101", "6985");
	emrtd_card_free(&card);
	card = locked_chip(false, true);
	talk(card, SELECT_APPLICATION, "6982");
	talk(card, "0084000008", "6985");
	emrtd_card_free(&card);
	/* Before the application is selected there is no challenge. */
	card = locked_chip(true, true);
	talk(card, "0084000008", "6985");
	emrtd_card_free(&card);
}

/* Commands that are none, or come at the wrong time. */
static void
test_wrong_commands(void **state)
{
	static const struct {
		const char *command, *response;
	} rows[] = {
		{ "", "6700" },
		{ "00", "6700" },
		{ "00A4", "6700" },
		{ "00A40000FF", "6700" }, /* Le without data: selects the MF */
		{ "00A4040C08A0000002471001", "6700" },
		{ "80A4040C07A0000002471001", "6E00" },
		{ "10A4040C07A0000002471001", "6884" },
		{ "00C0000000", "6D00" },
		{ "00A4050C07A0000002471001", "6A86" },
		{ "00A4040207A0000002471001", "6A86" },
		{ "00A4020C03011C00", "6700" },
		{ "00820000 28 0000000000000000000000000000000000000000"
		  "0000000000000000000000000000000000000000 28",
		    "6985" },
		{ "1086000002 7C00 00", "6985" },
		{ "0CB09E000D9701048E08000000000000000000", "6988" },
		{ "0022C1A4 12 800A04007F00070202040204 830101 840101",
		    "6A80" },
		/* parameters that the chip lacks, for a protocol that it has */
		{ "0022C1A4 12 800A04007F00070202040202 830101 84010C",
		    "6A88" },
		{ "0022C1A4 0F 800A04007F00070202040202 830102", "6A88" },
		{ "0022C1A4 0F 800A04007F00070202040202 830103", "6A88" },
		{ "0022C1A4 0C 800A04007F00070202040202", "6A80" },
		{ "0022C1A6 0F 800A04007F00070202040202 830101", "6A86" },
	};
	struct emrtd_card *card = locked_chip(true, true);

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		if (i == 3) /* the one row that is legal */
			talk(card, rows[i].command, "6F0483023F009000");
		else
			talk(card, rows[i].command, rows[i].response);
	}
	emrtd_card_free(&card);
}

/* A chip with short length only; its ATR says so. */
static void
test_short_length(void **state)
{
	static const uint8_t atr[] = { 0x3B, 0x85, 0x80, 0x01, 0x80, 0x73, 0x94,
		0x01, 0x80, 0xE2 };
	struct emrtd_card_profile profile;
	struct emrtd_card *card;
	struct emrtd_bytes got;
	uint8_t check = 0;

	(void)state;
	specimen(&profile);
	profile.extended = false;
	card = issue(&profile);
	assert_bytes(emrtd_card_atr(card), emrtd_bytes(atr, sizeof(atr)));
	talk(card, "00B09C00000000", "6700");
	talk(card, "00A4020C022F01", "6A82");
	emrtd_card_free(&card);
	profile.extended = true;
	card = issue(&profile);
	got = emrtd_card_atr(card);
	for (size_t i = 1; i < got.len; i++)
		check ^= got.ptr[i];
	assert_int_equal(check, 0);
	assert_int_equal(got.ptr[8] & 0x40, 0x40);
	talk(card, "00B09C00000000", PACE_INFO "9000");
	emrtd_card_free(&card);
}

/* Every switch of the table is known by its name, and acts where it says. */
static void
test_switches(void **state)
{
	struct emrtd_card_profile profile;
	struct emrtd_card *card, *good;
	struct emrtd_bytes a, b;
	uint8_t buf[64];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	(void)state;
	specimen(&profile);
	misbehave(&profile, "status=2:6A82");
	misbehave(&profile, "truncate=3:1");
	misbehave(&profile, "lost=4");
	misbehave(&profile, "max-read=3");
	misbehave(&profile, "challenge=9");
	misbehave(&profile, "delay=15000");
	card = issue(&profile);
	talk(card, "00B09C0000", "3114309000");
	assert_int_equal(emrtd_card_delay_ms(card), 15000);
	talk(card, "00B09C0000", "6A82");
	talk(card, "00B09C0000", "31");
	assert_error(emrtd_card_transmit(card, hex_bytes("00B09C0000", buf, 5),
			 &out),
	    EMRTD_E_CARD_LOST);
	talk(card, SELECT_APPLICATION, "9000");
	{
		struct emrtd_bytes challenge = transmit(card,
		    hex_bytes("0084000008", buf, sizeof(buf)), buf,
		    sizeof(buf));

		assert_int_equal(challenge.len, 9 + 2);
	}
	emrtd_card_free(&card);
	specimen(&profile);
	misbehave(&profile, "no-sfi");
	misbehave(&profile, "tamper=EF.DG1");
	misbehave(&profile, "tamper=EF.DG2:0");
	card = issue(&profile);
	talk(card, "00B09C0000", "6A86");
	profile.n_misbehave = 0;
	good = issue(&profile);
	a = emrtd_card_file(card, EMRTD_DG1);
	b = emrtd_card_file(good, EMRTD_DG1);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.ptr, b.ptr, a.len - 1);
	assert_int_equal(a.ptr[a.len - 1] ^ b.ptr[b.len - 1], 1);
	assert_int_equal(emrtd_card_file(card, EMRTD_DG2).ptr[0], 0xF5);
	emrtd_card_free(&card);
	emrtd_card_free(&good);
}

static void
test_wrong_switches(void **state)
{
	static const char *const wrong[] = { "", "tamper",
		"tamper=", "tamper=X", "tamper=EF.DG2:x", "flip-mac",
		"flip-mac=0", "flip-mac=-1", "flip-mac=4294967296",
		"truncate=1", "truncate=1:", "status=1:XYZ", "status=1:10000",
		"ds-country=U", "ds-country=ut", "no-sfi=1", "nonsense=1",
		"challenge=65", "delay=1s" };
	struct emrtd_card_profile profile;
	struct emrtd_diag diag;

	(void)state;
	specimen(&profile);
	for (size_t i = 0; i < N_ELEMENTS(wrong); i++) {
		emrtd_diag_init(&diag);
		assert_error(emrtd_card_misbehave(&profile, wrong[i], &diag),
		    EMRTD_E_ARG);
		assert_string_equal(diag.detail, wrong[i]);
	}
	assert_int_equal(profile.n_misbehave, 0);
	for (size_t i = 0; i < EMRTD_CARD_MISBEHAVE_MAX; i++)
		misbehave(&profile, "no-sfi");
	assert_error(emrtd_card_misbehave(&profile, "no-sfi", &diag),
	    EMRTD_E_LIMIT);
}

/* A profile that cannot be played is refused in words. */
static void
test_wrong_profiles(void **state)
{
	struct emrtd_card_profile profile;
	struct emrtd_card *card = NULL;
	struct emrtd_diag diag;

	(void)state;
	emrtd_diag_init(&diag);
	specimen(&profile);
	profile.face = emrtd_bytes((const uint8_t *)"GIF89a", 6);
	assert_error(emrtd_card_issue(NULL, &profile, &diag, &card),
	    EMRTD_E_MALFORMED);
	assert_non_null(diag.what);
	specimen(&profile);
	profile.mrz = "P<UTO";
	assert_error(emrtd_card_issue(NULL, &profile, &diag, &card),
	    EMRTD_E_ARG);
	specimen(&profile);
	profile.mrz = "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<"
		      "8806923102858CORINNE<<<<<<<6512068F6"; /* no chip */
	assert_error(emrtd_card_issue(NULL, &profile, &diag, &card),
	    EMRTD_E_ARG);
	specimen(&profile);
	profile.pace[0].parameter_id = 3; /* reserved */
	assert_error(emrtd_card_issue(NULL, &profile, &diag, &card),
	    EMRTD_E_ARG);
	specimen(&profile);
	profile.mrz_password = false; /* and no CAN */
	assert_error(emrtd_card_issue(NULL, &profile, &diag, &card),
	    EMRTD_E_ARG);
	specimen(&profile);
	profile.csca_key_pem = emrtd_bytes((const uint8_t *)"x", 1);
	assert_error(emrtd_card_issue(NULL, &profile, &diag, &card),
	    EMRTD_E_ARG);
	specimen(&profile);
	misbehave(&profile, "tamper=EF.DG3");
	assert_error(emrtd_card_issue(NULL, &profile, &diag, &card),
	    EMRTD_E_ARG);
	assert_null(card);
}

/* The card as a transport: power, time, cancel, ownership. */
static void
test_transport(void **state)
{
	struct emrtd_card_profile profile;
	struct emrtd_transport t;
	struct emrtd_link_info info = { .size = sizeof(info) };
	uint8_t buf[64], command[8];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_bytes read = hex_bytes("00B09C0004", command, 8);

	(void)state;
	specimen(&profile);
	misbehave(&profile, "delay=2000");
	assert_ok(emrtd_card_transport(issue(&profile), true, &t));
	assert_ok(t.ops->info(t.self, &info));
	assert_true(info.extended && info.atr_len > 4);
	assert_ok(t.ops->wait(t.self, EMRTD_PRESENT, 0));
	assert_error(t.ops->wait(t.self, EMRTD_ABSENT, 0), EMRTD_E_TIMEOUT);
	assert_ok(t.ops->connect(t.self, NULL));
	assert_error(t.ops->transmit(t.self, read, &out, 1999),
	    EMRTD_E_TIMEOUT);
	assert_int_equal(out.len, 0);
	assert_ok(t.ops->transmit(t.self, read, &out, 2000));
	assert_int_equal(out.len, 6);
	t.ops->cancel(t.self);
	assert_error(t.ops->transmit(t.self, read, &out, 2000),
	    EMRTD_E_CANCELLED);
	out = emrtd_out(buf, 3);
	assert_error(t.ops->transmit(t.self, read, &out, 2000),
	    EMRTD_E_TOO_LONG);
	assert_ok(t.ops->reset(t.self));
	t.ops->close(t.self);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_master_file),
		cmocka_unit_test(test_open_files),
		cmocka_unit_test(test_odd_read),
		cmocka_unit_test(test_locked),
		cmocka_unit_test(test_wrong_commands),
		cmocka_unit_test(test_short_length),
		cmocka_unit_test(test_switches),
		cmocka_unit_test(test_wrong_switches),
		cmocka_unit_test(test_wrong_profiles),
		cmocka_unit_test(test_transport),
	};

	return cmocka_run_group_tests(tests, NULL, free_face);
}
