/*
 * How chips of the field differ: what they refuse, the status words for it,
 * answers and commands in parts, time and tries that wrong passwords cost.
 */
#include "card_test.h"

#include "apdu/apdu.h"
#include "card/chip.h"
#include "core/builder.h"

#define SELECT_APPLICATION "00A4040C07A0000002471001"
#define CHALLENGE          "0102030405060708"
#define RSA_4096_LEN       512

/* Without access control, so that everything can be asked in clear. */
static void
open_chip(struct emrtd_card_profile *profile)
{
	specimen(profile);
	profile->bac = false;
	profile->n_pace = 0;
	profile->mrz_password = false;
}

/* One plain command; the status word, and the data in buf. */
static uint16_t
command(struct emrtd_card *card, const char *hex, uint8_t *buf, size_t cap,
    size_t *len)
{
	struct test_bytes c = test_hex(hex);
	struct emrtd_response response;

	assert_ok(emrtd_response_parse(transmit(card, emrtd_bytes(c.ptr, c.len),
					   buf, cap),
	    &response));
	test_bytes_free(&c);
	*len = response.data.len;
	return response.sw;
}

static void
test_select_mf(void **state)
{
	static const struct {
		uint16_t habit;
		const char *answer;
	} rows[] = { { 0, "9000" }, { 0x9000, "9000" }, { 0x6A81, "6A81" },
		{ 0x6A86, "6A86" }, { 0x6982, "6982" } };

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct emrtd_card_profile profile;
		struct emrtd_card *card;

		specimen(&profile);
		profile.habits.sw_select_mf = rows[i].habit;
		card = issue(&profile);
		talk(card, "00A4000C023F00", rows[i].answer);
		talk(card, "00A4000C", rows[i].answer);
		/* It is there all the same. */
		talk(card, "00A4020C02011C", "9000");
		emrtd_card_free(&card);
	}
}

static void
test_le(void **state)
{
	struct emrtd_card_profile profile;
	struct emrtd_card *card;

	(void)state;
	open_chip(&profile);
	profile.habits.select_without_le = true;
	profile.habits.max_le = 192;
	profile.habits.no_sfi = true;
	card = issue(&profile);
	talk(card, "00A4040C07A000000247100100", "6700");
	talk(card, SELECT_APPLICATION, "9000");
	talk(card, "00B0810001", "6A86");
	talk(card, "00A4020C020101", "9000");
	talk(card, "00B0000000", "6700");
	talk(card, "00B00000C1", "6700");
	talk(card, "00B0000001", "619000");
	emrtd_card_free(&card);
}

/* EF.DIR is in the master file, and locked as the application is. */
static void
test_ef_dir(void **state)
{
	struct emrtd_card_profile profile;
	struct emrtd_card *card;

	(void)state;
	specimen(&profile);
	profile.habits.ef_dir = true;
	card = issue(&profile);
	talk(card, "00A4020C022F00", "9000");
	talk(card, "00B000000B", "6982");
	emrtd_card_free(&card);
	open_chip(&profile);
	profile.habits.ef_dir = true;
	card = issue(&profile);
	talk(card, "00B09E000B", "61094F07A00000024710019000");
	emrtd_card_free(&card);
}

/* A signature of 512 bytes in a chip of short length, with and without 61xx. */
static void
test_answer_in_parts(void **state)
{
	static const char *const parts[] = { "0088000008" CHALLENGE "00",
		"00C0000000" };
	struct emrtd_card_profile profile;
	struct emrtd_card *card;
	uint8_t buf[512];
	size_t len, sum = 0;

	(void)state;
	open_chip(&profile);
	profile.aa.kind = "rsa-4096";
	profile.extended = false;
	card = issue(&profile);
	talk(card, SELECT_APPLICATION, "9000");
	assert_int_equal(command(card, parts[0], buf, sizeof(buf), &len),
	    0x6700);
	talk(card, "00C0000000", "6D00");
	emrtd_card_free(&card);

	profile.habits.get_response = true;
	card = issue(&profile);
	talk(card, SELECT_APPLICATION, "9000");
	talk(card, "00C0000000", "6985");
	for (size_t i = 0; i < N_ELEMENTS(parts); i++) {
		assert_int_equal(command(card, parts[i], buf, sizeof(buf),
				     &len),
		    i == 0 ? 0x6100 : 0x9000);
		sum += len;
	}
	assert_int_equal(sum, RSA_4096_LEN);
	talk(card, "00C0000000", "6985");
	/* What was not fetched is gone with the next command. */
	assert_int_equal(command(card, parts[0], buf, sizeof(buf), &len),
	    0x6100);
	talk(card, "00A4020C020101", "9000");
	talk(card, "00C0000000", "6985");
	emrtd_card_free(&card);
}

/* A key of 2048 bits does not fit a short answer: then nothing is answered. */
static void
test_answer_that_does_not_fit(void **state)
{
	const struct emrtd_group *group = emrtd_group_by_id(2);
	uint8_t data[300], raw[320], buf[512];
	struct emrtd_out inner = emrtd_out(data, sizeof(data));
	struct emrtd_out sent = emrtd_out(raw, sizeof(raw));
	struct emrtd_command map = { .cla = 0x10, .ins = 0x86, .ne = 256 };
	struct emrtd_card_profile profile;
	struct emrtd_bytes answer;
	struct emrtd_card *card;
	size_t mark, len;

	(void)state;
	specimen(&profile);
	profile.extended = true;
	profile.pace[0].oid = emrtd_card_pace_by_name(
	    "id-PACE-DH-GM-AES-CBC-CMAC-128");
	profile.pace[0].parameter_id = 2;
	profile.n_pace = 1;
	card = issue(&profile);
	talk(card, "0022C1A40F800A04007F00070202040102830101", "9000");
	assert_int_equal(command(card, "10860000027C0000", buf, sizeof(buf),
			     &len),
	    0x9000);
	mark = emrtd_open(&inner, 0x7C);
	emrtd_put_tlv(&inner, 0x81, group->g);
	emrtd_close(&inner, mark);
	map.data = emrtd_out_bytes(&inner);
	map.extended = true;
	assert_ok(emrtd_command_encode(&map, &sent));
	answer = transmit(card, emrtd_out_bytes(&sent), buf, sizeof(buf));
	assert_int_equal(answer.len, 2);
	assert_int_equal(answer.ptr[0], 0x67);
	emrtd_card_free(&card);
}

/* Parts must be of one command; whoever sends another begins anew. */
static void
test_command_in_parts(void **state)
{
	struct emrtd_card_profile profile;
	struct emrtd_card *card;
	uint8_t buf[16];
	size_t len;

	(void)state;
	specimen(&profile);
	profile.ca[0] = (struct emrtd_card_ca){
		.oid = emrtd_card_ca_by_name("id-CA-ECDH-3DES-CBC-CBC"),
		.parameter_id = 12,
		.key_id = EMRTD_CARD_NO_KEY_ID,
	};
	profile.n_ca = 1;
	card = issue(&profile);
	talk(card, "102241A604 91020102", "9000");
	/* Whole now, and refused, for nobody has opened the chip. */
	assert_int_not_equal(command(card, "002241A60103", buf, sizeof(buf),
				 &len),
	    0x9000);
	assert_int_equal(card->session.chain_len, 0);
	talk(card, "102241A604 91020102", "9000");
	talk(card, "00A4020C02011C", "9000");
	assert_int_equal(card->session.chain_len, 0);
	/* More than a key of any group. */
	for (int i = 0; i < 8; i++)
		talk(card,
		    "102241A680"
		    "00000000000000000000000000000000000000000000000000000000"
		    "00000000000000000000000000000000000000000000000000000000"
		    "00000000000000000000000000000000000000000000000000000000"
		    "00000000000000000000000000000000000000000000000000000000"
		    "00000000000000000000000000000000",
		    "9000");
	talk(card, "102241A60100", "6700");
	emrtd_card_free(&card);
	profile.habits.no_chaining = true;
	card = issue(&profile);
	talk(card, "102241A604 91020102", "6884");
	emrtd_card_free(&card);
}

static void
wrong_bac(struct emrtd_card *card, const char *want)
{
	uint8_t buf[16];
	size_t len;

	talk(card, SELECT_APPLICATION, "9000");
	assert_int_equal(command(card, "0084000008", buf, sizeof(buf), &len),
	    0x9000);
	talk(card,
	    "0082000028"
	    "00000000000000000000000000000000000000000000000000000000"
	    "000000000000000000000000 28",
	    want);
}

/* Each wrong key makes the next attempt slower; the field does not forget. */
static void
test_wrong_bac_key(void **state)
{
	static const struct {
		uint16_t habit;
		const char *answer;
	} rows[] = { { 0, "6300" }, { 0x6982, "6982" }, { 0x6988, "6988" } };

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct emrtd_card_profile profile;
		struct emrtd_card *card;

		specimen(&profile);
		profile.habits.sw_wrong_key = rows[i].habit;
		profile.habits.failure_delay_ms = 6000;
		card = issue(&profile);
		for (unsigned n = 0; n < 5; n++) {
			wrong_bac(card, rows[i].answer);
			assert_int_equal(emrtd_card_delay_ms(card),
			    n < 4 ? n * 6000 : 20000);
			talk(card, SELECT_APPLICATION, "9000");
			assert_int_equal(emrtd_card_delay_ms(card), 0);
			emrtd_card_reset(card);
		}
		emrtd_chip_password_right(card, NULL);
		wrong_bac(card, rows[i].answer);
		assert_int_equal(emrtd_card_delay_ms(card), 0);
		emrtd_card_free(&card);
	}
}

/* Tries outlive the field; the PUK gives back those of the PIN. */
static void
test_tries(void **state)
{
	static const uint16_t after[] = { 0x63C2, 0x63C1, 0x63C0, 0x63C0 };
	struct emrtd_card_profile profile;
	struct emrtd_chip_password *pin, *puk;
	struct emrtd_card *card;

	(void)state;
	specimen(&profile);
	memcpy(profile.pin, "1234", sizeof("1234"));
	memcpy(profile.puk, "12345678", sizeof("12345678"));
	memcpy(profile.can, "123456", sizeof("123456"));
	card = issue(&profile);
	pin = emrtd_chip_password(card, EMRTD_PASSWORD_PIN);
	puk = emrtd_chip_password(card, EMRTD_PASSWORD_PUK);
	assert_non_null(pin);
	assert_non_null(puk);
	assert_null(emrtd_chip_password(card, EMRTD_PASSWORD_NONE));
	assert_null(emrtd_chip_password(card, 5));
	assert_int_equal(emrtd_chip_password_status(pin), 0x9000);
	for (size_t i = 0; i < N_ELEMENTS(after); i++) {
		assert_int_equal(emrtd_chip_password_suspended(card, pin),
		    i == 2);
		assert_int_equal(emrtd_chip_password_wrong(card, pin),
		    after[i]);
		emrtd_card_reset(card);
	}
	assert_int_equal(emrtd_chip_password_status(pin), 0x6983);
	emrtd_chip_password_right(card, puk);
	assert_int_equal(emrtd_chip_password_status(pin), 0x9000);
	assert_int_equal(emrtd_chip_password_wrong(card, pin), 0x63C2);
	assert_int_equal(emrtd_chip_password_wrong(card, pin), 0x63C1);
	assert_true(emrtd_chip_password_suspended(card, pin));
	emrtd_chip_password_right(card,
	    emrtd_chip_password(card, EMRTD_PASSWORD_CAN));
	assert_false(emrtd_chip_password_suspended(card, pin));
	assert_int_equal(emrtd_chip_password_status(pin), 0x63C1);
	emrtd_card_free(&card);
}

/* The files are those of the original; the keys behind them are not. */
static void
test_clones(void **state)
{
	struct emrtd_card_profile profile;
	uint8_t public_key[EMRTD_ELEMENT_MAX];
	struct emrtd_card *card;
	struct emrtd_bytes dg14;

	(void)state;
	specimen(&profile);
	profile.aa.kind = "ecdsa-P-256";
	profile.ca[0] = (struct emrtd_card_ca){
		.oid = emrtd_card_ca_by_name("id-CA-ECDH-AES-CBC-CMAC-128"),
		.parameter_id = 12,
		.key_id = EMRTD_CARD_NO_KEY_ID,
	};
	profile.n_ca = 1;
	for (unsigned clone = EMRTD_CARD_ORIGINAL;
	     clone <= EMRTD_CARD_CLONE_STRIPPED; clone++) {
		bool keys = clone == EMRTD_CARD_ORIGINAL ||
			    clone == EMRTD_CARD_CLONE_OWN_KEYS;
		bool found = false;

		profile.clone = (enum emrtd_card_clone)clone;
		card = issue(&profile);
		dg14 = emrtd_card_file(card, EMRTD_DG14);
		assert_int_equal(dg14.len > 0,
		    clone != EMRTD_CARD_CLONE_STRIPPED);
		assert_int_equal(emrtd_card_file(card, EMRTD_DG15).len > 0,
		    clone != EMRTD_CARD_CLONE_STRIPPED);
		assert_int_equal(card->aa != NULL, keys);
		assert_int_equal(card->n_ca, keys ? 1 : 0);
		if (keys) {
			size_t len = card->ca[0].public_key.len;

			memcpy(public_key, card->ca[0].public_key.bytes, len);
			for (size_t i = 0; i + len <= dg14.len; i++)
				found |= memcmp(&dg14.ptr[i], public_key,
					     len) == 0;
			assert_int_equal(found, clone == EMRTD_CARD_ORIGINAL);
		}
		emrtd_card_free(&card);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_select_mf),
		cmocka_unit_test(test_le),
		cmocka_unit_test(test_ef_dir),
		cmocka_unit_test(test_answer_in_parts),
		cmocka_unit_test(test_answer_that_does_not_fit),
		cmocka_unit_test(test_command_in_parts),
		cmocka_unit_test(test_wrong_bac_key),
		cmocka_unit_test(test_tries),
		cmocka_unit_test(test_clones),
	};

	return cmocka_run_group_tests(tests, NULL, free_face);
}
