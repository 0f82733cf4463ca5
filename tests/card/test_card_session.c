/*
 * The chip under secure messaging: the worked example of Doc 9303-11 appendix
 * D from the chip's side, our own reader's steps against it on every curve
 * with every suite, wrong passwords, and how a session ends.
 */
#include "access/bac.h"
#include "access/pace.h"
#include "apdu/apdu.h"
#include "card_test.h"
#include "core/builder.h"
#include "crypto/random.h"

#define CAP 8192

/* The zone of the TD2 specimen of Doc 9303-11 appendix D. */
#define ICAO_MRZ                               \
	"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<" \
	"L898902C<3UTO6908061F9406236<<<<<<<8"
#define SPECIMEN_INFO      "L898902C3674081223204153"
#define SELECT_APPLICATION "00A4040C07A0000002471001"

/* ---- The worked example -------------------------------------------------- */

/* RND.IC and K.IC of the example; the reader's values are in its commands. */
static void
test_doc9303_d(void **state)
{
	static const char chip_random[] =
	    "4608F91988702212 0B4F80323EB3191CB04970CB4052790B";
	struct test_bytes bytes = test_hex(chip_random);
	struct tape tape = { { bytes.ptr, bytes.len } };
	struct emrtd_random random = tape_random(&tape);
	struct emrtd_card_profile profile;
	struct emrtd_card *card;

	(void)state;
	specimen(&profile);
	profile.mrz = ICAO_MRZ;
	profile.n_pace = 0;
	profile.lds_1_8 = false;
	card = issue(&profile);
	emrtd_card_set_random(card, &random);
	talk(card, SELECT_APPLICATION, "9000");
	talk(card, "0084000008", "4608F919887022129000");
	talk(card,
	    "0082000028"
	    "72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2"
	    "5F1448EEA8AD90A7 28",
	    "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F"
	    "2F2D235D074D7449 9000");
	talk(card, "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
	    "990290008E08FA855A5D4C50A8ED9000");
	/* EF.COM of this chip begins like the one of the example. */
	talk(card, "0CB000000D9701048E08ED6705417E96BA5500",
	    "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000");
	assert_int_equal(tape.rest.len, 0);
	emrtd_card_free(&card);
	test_bytes_free(&bytes);
}

/* ---- Our reader's steps ------------------------------------------------- */

struct reader {
	struct emrtd_crypto *crypto;
	struct emrtd_random random;
	struct emrtd_card *card;
	struct emrtd_password password;
	struct emrtd_sm sm;
	uint8_t buf[CAP];
};

static void
reader_begin(struct reader *r, struct emrtd_crypto *crypto,
    struct emrtd_card *card)
{
	memset(r, 0, sizeof(*r));
	r->crypto = crypto;
	r->random = emrtd_random_system(crypto);
	r->card = card;
	assert_ok(emrtd_password_mrz(SPECIMEN_INFO, strlen(SPECIMEN_INFO),
	    &r->password));
}

/* One plain command; data of the response, its status word. */
static struct emrtd_response
exchange(struct reader *r, uint8_t cla, uint16_t ins_p1, uint8_t p2,
    struct emrtd_bytes data, uint32_t ne)
{
	struct emrtd_command command = { .cla = cla,
		.ins = (uint8_t)(ins_p1 >> 8),
		.p1 = (uint8_t)ins_p1,
		.p2 = p2,
		.data = data,
		.ne = ne };
	uint8_t raw[CAP];
	struct emrtd_out out = emrtd_out(raw, sizeof(raw));
	struct emrtd_response response;

	assert_ok(emrtd_command_encode(&command, &out));
	assert_ok(emrtd_response_parse(transmit(r->card, emrtd_out_bytes(&out),
					   r->buf, sizeof(r->buf)),
	    &response));
	return response;
}

/* One protected READ BINARY by SFI; its error, status word and data. */
static enum emrtd_error
secured_read(struct reader *r, uint8_t sfi, uint32_t ne, struct emrtd_out *out,
    uint16_t *sw)
{
	struct emrtd_command command = { .ins = 0xB0,
		.p1 = (uint8_t)(0x80 | sfi),
		.ne = ne };
	uint8_t raw[CAP], scratch[CAP];
	struct emrtd_out sent = emrtd_out(raw, sizeof(raw));
	struct emrtd_out work = emrtd_out(scratch, sizeof(scratch));
	struct emrtd_diag diag;

	emrtd_diag_init(&diag);
	assert_ok(emrtd_sm_protect(r->crypto, &r->sm, &command, &work, &sent));
	return emrtd_sm_unprotect(r->crypto, &r->sm,
	    transmit(r->card, emrtd_out_bytes(&sent), r->buf, sizeof(r->buf)),
	    false, &diag, out, sw);
}

static void
select_application(struct reader *r)
{
	static const uint8_t aid[] = { 0xA0, 0, 0, 0x02, 0x47, 0x10, 0x01 };
	struct emrtd_command command = { .ins = 0xA4,
		.p1 = 0x04,
		.p2 = 0x0C,
		.data = { aid, sizeof(aid) } };
	uint8_t raw[64], scratch[CAP], plain[CAP];
	struct emrtd_out sent = emrtd_out(raw, sizeof(raw));
	struct emrtd_out work = emrtd_out(scratch, sizeof(scratch));
	struct emrtd_out got = emrtd_out(plain, sizeof(plain));
	uint16_t sw;

	if (!r->sm.live) {
		talk(r->card, SELECT_APPLICATION, "9000");
		return;
	}
	assert_ok(emrtd_sm_protect(r->crypto, &r->sm, &command, &work, &sent));
	assert_ok(emrtd_sm_unprotect(r->crypto, &r->sm,
	    transmit(r->card, emrtd_out_bytes(&sent), r->buf, sizeof(r->buf)),
	    false, NULL, &got, &sw));
	assert_int_equal(sw, 0x9000);
}

/* Status word of EXTERNAL AUTHENTICATE; the session is live after 9000. */
static uint16_t
run_bac(struct reader *r)
{
	uint8_t data[EMRTD_BAC_DATA_LEN];
	struct emrtd_out out = emrtd_out(data, sizeof(data));
	struct emrtd_response response;
	struct emrtd_bac bac;

	assert_ok(emrtd_bac_begin(&bac, r->crypto, &r->password));
	response = exchange(r, 0x00, 0x8400, 0x00, emrtd_bytes(NULL, 0), 8);
	assert_int_equal(response.sw, 0x9000);
	assert_ok(emrtd_bac_command(&bac, r->crypto, response.data, &r->random,
	    &out));
	response = exchange(r, 0x00, 0x8200, 0x00, emrtd_out_bytes(&out),
	    EMRTD_BAC_DATA_LEN);
	if (response.sw == 0x9000)
		assert_ok(
		    emrtd_bac_finish(&bac, r->crypto, response.data, &r->sm));
	emrtd_bac_wipe(&bac);
	return response.sw;
}

/* Status word of the step that failed, or of the last one. */
static uint16_t
run_pace(struct reader *r, const struct emrtd_pace_protocol *protocol,
    const struct emrtd_group *group)
{
	uint8_t data[CAP];
	struct emrtd_out out = emrtd_out(data, sizeof(data));
	struct emrtd_response response;
	struct emrtd_pace pace;
	struct emrtd_diag diag;

	emrtd_diag_init(&diag);
	assert_ok(emrtd_pace_begin(&pace, r->crypto, protocol, group, true,
	    &r->password));
	assert_ok(emrtd_pace_set_at(&pace, &out));
	response = exchange(r, 0x00, 0x22C1, 0xA4, emrtd_out_bytes(&out), 0);
	for (int step = 1; response.sw == 0x9000 && step <= 4; step++) {
		out = emrtd_out(data, sizeof(data));
		assert_ok(
		    step == 1   ? emrtd_pace_get_nonce(&pace, &out)
		    : step == 2 ? emrtd_pace_map(&pace, r->crypto,
				      response.data, &r->random, &diag, &out)
		    : step == 3 ? emrtd_pace_agree(&pace, r->crypto,
				      response.data, &r->random, &diag, &out)
				: emrtd_pace_authenticate(&pace, r->crypto,
				      response.data, &diag, &out));
		response = exchange(r, step < 4 ? 0x10 : 0x00, 0x8600, 0x00,
		    emrtd_out_bytes(&out),
		    group->field_len < 250 ? 256 : 65536);
	}
	if (response.sw == 0x9000)
		assert_ok(emrtd_pace_finish(&pace, r->crypto, response.data,
		    &diag, &r->sm, NULL));
	emrtd_pace_wipe(&pace);
	return response.sw;
}

/* Reads DG1 in the session and compares it with what was issued. */
static void
read_dg1(struct reader *r)
{
	struct emrtd_bytes dg1 = emrtd_card_file(r->card, EMRTD_DG1);
	uint8_t plain[CAP];
	struct emrtd_out got = emrtd_out(plain, sizeof(plain));
	uint16_t sw;

	select_application(r);
	assert_ok(secured_read(r, 1, 200, &got, &sw));
	assert_int_equal(sw, 0x6282); /* it has less */
	assert_bytes(emrtd_out_bytes(&got), dg1);
	/* An error of the application goes on inside the session. */
	got = emrtd_out(plain, sizeof(plain));
	assert_ok(secured_read(r, 3, 8, &got, &sw));
	assert_int_equal(sw, 0x6A82);
	assert_true(r->sm.live);
}

static void
test_bac(void **state)
{
	struct emrtd_card_profile profile;
	struct emrtd_card *card;
	struct reader r;

	specimen(&profile);
	card = issue(&profile);
	reader_begin(&r, *state, card);
	select_application(&r);
	assert_int_equal(run_bac(&r), 0x9000);
	read_dg1(&r);
	emrtd_sm_end(&r.sm);
	emrtd_card_free(&card);
}

static void
test_bac_wrong_mrz(void **state)
{
	static const char other[] = "L898902C4774081223204153";
	struct emrtd_card_profile profile;
	struct emrtd_card *card;
	struct reader r;

	specimen(&profile);
	card = issue(&profile);
	reader_begin(&r, *state, card);
	assert_ok(emrtd_password_mrz(other, strlen(other), &r.password));
	select_application(&r);
	assert_int_equal(run_bac(&r), 0x6300);
	/* A challenge serves once, and nothing was opened. */
	assert_int_equal(exchange(&r, 0, 0x8200, 0,
			     emrtd_bytes(r.buf, EMRTD_BAC_DATA_LEN), 40)
			     .sw,
	    0x6985);
	talk(card, "00B0810004", "6982");
	emrtd_card_free(&card);
}

static const struct emrtd_pace_protocol *
gm(enum emrtd_suite_id suite)
{
	for (size_t i = 0; i < emrtd_pace_protocol_count(); i++) {
		const struct emrtd_pace_protocol *p = emrtd_pace_protocol_at(i);

		if (p->ecdh && p->mapping == EMRTD_PACE_GM && p->suite == suite)
			return p;
	}
	fail();
	return NULL;
}

/* Every curve, every suite: PACE, then a file under its keys. */
static void
test_pace_everywhere(void **state)
{
	for (size_t g = 0; g < emrtd_group_count(); g++) {
		for (size_t n = 0; n < emrtd_pace_protocol_count(); n++) {
			const struct emrtd_pace_protocol *protocol =
			    emrtd_pace_protocol_at(n);
			const struct emrtd_group *group = emrtd_group_at(g);
			struct emrtd_card_profile profile;
			struct emrtd_card *card;
			struct reader r;

			if (!emrtd_pace_protocol_fits(protocol, group))
				continue;
			specimen(&profile);
			profile.bac = false;
			profile.pace[0].oid = protocol->oid;
			profile.pace[0].parameter_id = group->id;
			card = issue(&profile);
			reader_begin(&r, *state, card);
			assert_int_equal(run_pace(&r, protocol, group), 0x9000);
			read_dg1(&r);
			emrtd_sm_end(&r.sm);
			emrtd_card_free(&card);
		}
	}
}

static void
test_pace_can(void **state)
{
	struct emrtd_card_profile profile;
	struct emrtd_card *card;
	struct reader r;

	specimen(&profile);
	memcpy(profile.can, "123456", sizeof("123456"));
	profile.mrz_password = false;
	card = issue(&profile);
	reader_begin(&r, *state, card);
	/* The chip does not take the MRZ. */
	assert_int_equal(run_pace(&r, gm(EMRTD_AES128), emrtd_group_by_id(13)),
	    0x6A88);
	assert_ok(emrtd_password_can("123457", 6, &r.password));
	assert_int_equal(run_pace(&r, gm(EMRTD_AES128), emrtd_group_by_id(13)),
	    0x6300);
	assert_ok(emrtd_password_can("123456", 6, &r.password));
	/* Another suite, another curve than the chip has. */
	assert_int_equal(run_pace(&r, gm(EMRTD_AES256), emrtd_group_by_id(13)),
	    0x6A80);
	assert_int_equal(run_pace(&r, gm(EMRTD_AES128), emrtd_group_by_id(12)),
	    0x6A88);
	assert_int_equal(run_pace(&r, gm(EMRTD_AES128), emrtd_group_by_id(13)),
	    0x9000);
	read_dg1(&r);
	emrtd_sm_end(&r.sm);
	emrtd_card_free(&card);
}

/* Steps out of turn, points that are none, chaining that does not fit. */
static void
test_pace_hostile_reader(void **state)
{
	static const char set_at[] =
	    "0022C1A4 0F 800A04007F00070202040202 830101";
	struct emrtd_card_profile profile;
	struct emrtd_card *card;
	uint8_t point[2 + 2 + 65] = { 0x7C, 0x43, 0x81, 0x41, 0x04 };
	struct reader r;

	specimen(&profile);
	card = issue(&profile);
	reader_begin(&r, *state, card);
	talk(card, set_at, "9000");
	talk(card, "0086000002 7C00 00", "6883"); /* must be chained */
	talk(card, "1086000002 7C00 00", "6985"); /* that ended it */
	talk(card, set_at, "9000");
	talk(card, "1086000004 7C028100 00", "6A80");
	talk(card, set_at, "9000");
	talk(card, "1086010002 7C00 00", "6A86");
	assert_int_equal(
	    exchange(&r, 0x10, 0x8600, 0, hex_bytes("7C00", point, 2), 256).sw,
	    0x9000);
	point[0] = 0x7C;
	point[1] = 0x43;
	/* (0, 0) is not on the curve. */
	assert_int_equal(exchange(&r, 0x10, 0x8600, 0,
			     emrtd_bytes(point, sizeof(point)), 256)
			     .sw,
	    0x6A80);
	talk(card, "1086000002 7C00 00", "6985");
	emrtd_card_free(&card);
}

/* ---- How a session ends -------------------------------------------------- */

static struct emrtd_card *
session(struct reader *r, struct emrtd_crypto *crypto,
    enum emrtd_suite_id suite, const char *switch_text)
{
	struct emrtd_card_profile profile;
	struct emrtd_card *card;

	specimen(&profile);
	misbehave(&profile, switch_text);
	profile.pace[0].oid = gm(suite)->oid;
	card = issue(&profile);
	reader_begin(r, crypto, card);
	assert_int_equal(run_pace(r, gm(suite), emrtd_group_by_id(13)), 0x9000);
	select_application(r);
	return card;
}

/* Our reader notices what the chip's switches do, with every suite. */
static void
test_distorted_answers(void **state)
{
	static const struct {
		const char *text;
		enum emrtd_error want;
	} rows[] = {
		{ "flip-mac=2", EMRTD_E_MAC },
		{ "plain-reply=2", EMRTD_E_SM_PLAIN },
		{ "bad-padding=2", EMRTD_E_PADDING },
		{ "drop-99=2", EMRTD_E_SM_FORMAT },
		{ "drop-8e=2", EMRTD_E_SM_FORMAT },
		{ "extra-object=2", EMRTD_E_SM_FORMAT },
		{ "ssc-skew=2", EMRTD_E_MAC },
		/* PACE has five responses, SELECT is the sixth. */
		{ "replay=7", EMRTD_E_MAC },
	};

	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		for (unsigned s = 0; s < EMRTD_N_SUITES; s++) {
			uint8_t plain[CAP];
			struct emrtd_out got = emrtd_out(plain, sizeof(plain));
			struct emrtd_card *card;
			struct reader r;
			uint16_t sw;

			card = session(&r, *state, (enum emrtd_suite_id)s,
			    rows[i].text);
			assert_error(secured_read(&r, 1, 8, &got, &sw),
			    rows[i].want);
			assert_false(r.sm.live);
			assert_int_equal(got.len, 0);
			emrtd_card_free(&card);
		}
	}
}

/* What is whole and has a MAC is believed: the files' hashes tell the rest. */
static void
test_dropped_data(void **state)
{
	uint8_t plain[CAP];
	struct emrtd_out got = emrtd_out(plain, sizeof(plain));
	struct emrtd_card *card;
	struct reader r;
	uint16_t sw;

	card = session(&r, *state, EMRTD_AES128, "drop-87=2");
	assert_ok(secured_read(&r, 1, 8, &got, &sw));
	assert_int_equal(sw, 0x9000);
	assert_int_equal(got.len, 0);
	emrtd_card_free(&card);
}

/* The room that the chip sees in a response is all that there is. */
static void
test_fullest_answer(void **state)
{
	for (unsigned s = 0; s < EMRTD_N_SUITES; s++) {
		/* As a reader knows it: 231 bytes with 3DES, 223 with AES. */
		size_t want = s == EMRTD_3DES ? 231 : 223;
		uint8_t plain[CAP];
		struct emrtd_out got = emrtd_out(plain, sizeof(plain));
		struct emrtd_card *card;
		struct reader r;
		uint16_t sw;

		card = session(&r, *state, (enum emrtd_suite_id)s, NULL);
		assert_ok(secured_read(&r, 2, 256, &got, &sw));
		assert_int_equal(sw, 0x9000);
		assert_int_equal(got.len, want);
		emrtd_card_free(&card);
	}
}

/* The chip refuses what was changed on its way, in clear, and forgets. */
static void
test_distorted_commands(void **state)
{
	/* Offset in the protected READ BINARY 0CB08100 0D 970108 8E08 MAC 00. */
	static const struct {
		size_t at;
		uint8_t flip;
		const char *answer;
	} rows[] = {
		{ 2, 0x01, "6988" },  /* P1: covered by the MAC */
		{ 7, 0x01, "6988" },  /* Le */
		{ 10, 0x01, "6988" }, /* MAC */
		{ 5, 0x10, "6988" },  /* 87 instead of 97: no cryptogram */
		{ 8, 0x01, "6988" },  /* 8F instead of 8E */
	};

	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct emrtd_command command = { .ins = 0xB0,
			.p1 = 0x81,
			.ne = 8 };
		uint8_t raw[64], scratch[CAP], got[CAP], sw[2];
		struct emrtd_out out = emrtd_out(raw, sizeof(raw));
		struct emrtd_out work = emrtd_out(scratch, sizeof(scratch));
		struct emrtd_card *card;
		struct reader r;

		card = session(&r, *state, EMRTD_AES128, NULL);
		assert_ok(
		    emrtd_sm_protect(r.crypto, &r.sm, &command, &work, &out));
		raw[rows[i].at] ^= rows[i].flip;
		assert_bytes(transmit(card, emrtd_out_bytes(&out), got, CAP),
		    hex_bytes(rows[i].answer, sw, sizeof(sw)));
		talk(card, "00B0810008", "6982");
		emrtd_sm_end(&r.sm);
		emrtd_card_free(&card);
	}
}

/* No MAC at all; a command in clear; the field off. */
static void
test_session_ends(void **state)
{
	static const char *const enders[] = { "0CB08100 03 970108 00",
		"00B0810008", "00", NULL };

	for (size_t i = 0; i < N_ELEMENTS(enders); i++) {
		struct emrtd_command command = { .ins = 0xB0,
			.p1 = 0x81,
			.ne = 8 };
		uint8_t raw[64], scratch[CAP], got[CAP], sw[2];
		struct emrtd_out out = emrtd_out(raw, sizeof(raw));
		struct emrtd_out work = emrtd_out(scratch, sizeof(scratch));
		struct emrtd_card *card;
		struct reader r;

		card = session(&r, *state, EMRTD_AES256, NULL);
		if (enders[i] != NULL)
			talk(card, enders[i],
			    i == 0   ? "6987"
			    : i == 1 ? "6982"
				     : "6700");
		else
			emrtd_card_reset(card);
		assert_ok(
		    emrtd_sm_protect(r.crypto, &r.sm, &command, &work, &out));
		assert_bytes(transmit(card, emrtd_out_bytes(&out), got, CAP),
		    hex_bytes("6988", sw, sizeof(sw)));
		emrtd_sm_end(&r.sm);
		emrtd_card_free(&card);
	}
}

/* A command replayed: its MAC is of another counter. */
static void
test_replay(void **state)
{
	struct emrtd_command command = { .ins = 0xB0, .p1 = 0x81, .ne = 8 };
	uint8_t raw[64], scratch[CAP], got[CAP], sw[2];
	struct emrtd_out out = emrtd_out(raw, sizeof(raw));
	struct emrtd_out work = emrtd_out(scratch, sizeof(scratch));
	struct emrtd_card *card;
	struct reader r;

	card = session(&r, *state, EMRTD_3DES, NULL);
	assert_ok(emrtd_sm_protect(r.crypto, &r.sm, &command, &work, &out));
	assert_true(
	    transmit(card, emrtd_out_bytes(&out), got, sizeof(got)).len > 2);
	assert_bytes(transmit(card, emrtd_out_bytes(&out), got, sizeof(got)),
	    hex_bytes("6988", sw, sizeof(sw)));
	emrtd_sm_end(&r.sm);
	emrtd_card_free(&card);
}

static int
teardown(void **state)
{
	(void)free_face(state);
	return teardown_crypto(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_doc9303_d),
		cmocka_unit_test(test_bac),
		cmocka_unit_test(test_bac_wrong_mrz),
		cmocka_unit_test(test_pace_everywhere),
		cmocka_unit_test(test_pace_can),
		cmocka_unit_test(test_pace_hostile_reader),
		cmocka_unit_test(test_distorted_answers),
		cmocka_unit_test(test_dropped_data),
		cmocka_unit_test(test_fullest_answer),
		cmocka_unit_test(test_distorted_commands),
		cmocka_unit_test(test_session_ends),
		cmocka_unit_test(test_replay),
	};

	return cmocka_run_group_tests(tests, setup_crypto, teardown);
}
