/* Bytes of MRZ readers: what comes out, and what does not. */
#include "test.h"

#include "mrz_collect.h"

#include <stdio.h>
#include <string.h>

#define TD3_1  "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
#define TD3_2  "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
#define TD2_1  "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<"
#define TD2_2  "D231458907UTO7408122F1204159<<<<<<<6"
#define TD1_1  "I<UTOD231458907<<<<<<<<<<<<<<<"
#define TD1_2  "7408122F1204159UTO<<<<<<<<<<<6"
#define TD1_3  "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
#define VISA_1 "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
#define VISA_2 "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"
/* A check digit is another one. */
#define BAD_2 "L898902C36UTO7408123F1204159ZE184226B<<<<<10"

#define TD3 TD3_1 "\n" TD3_2 "\n"
#define TD2 TD2_1 "\n" TD2_2 "\n"
#define TD1 TD1_1 "\n" TD1_2 "\n" TD1_3 "\n"

/* What is sent, in pieces; a blank in the events: time goes on. */
#define SETTLE  "\xfe"
#define GIVE_UP "\xff"

/* D a document, R rejected: what take says, in order. */
static const struct {
	const char *name;
	const char *sent;
	const char *events;
	const char *text; /* of the last document */
	const char *how;
} cases[] = {
	{ "CR", TD3_1 "\r" TD3_2 "\r", "D", TD3, "lines" },
	{ "LF", TD3, "D", TD3, "lines" },
	{ "CRLF", TD3_1 "\r\n" TD3_2 "\r\n", "D", TD3, "lines" },
	{ "TD2", TD2_1 "\r" TD2_2 "\r", "D", TD2, "lines" },
	{ "TD1", TD1_1 "\r" TD1_2 "\r" TD1_3 "\r", "D", TD1, "lines" },
	{ "visa", VISA_1 "\r" VISA_2 "\r", "D", VISA_1 "\n" VISA_2 "\n",
	    "lines" },
	{ "last line without an end", TD3_1 "\r" TD3_2, "D", TD3, "lines" },
	{ "the same of a card", TD1_1 "\r" TD1_2 "\r" TD1_3, "D", TD1,
	    "lines" },
	{ "no line ends", TD3_1 TD3_2, "D", TD3, "lines" },
	{ "no line ends, card", TD1_1 TD1_2 TD1_3, "D", TD1, "lines" },
	{ "no line ends, 72: the silence tells", TD2_1 TD2_2 SETTLE, "D", TD2,
	    "lines" },
	{ "no line ends but the last", TD2_1 TD2_2 "\r", "D", TD2, "lines" },
	{ "French card",
	    "IDFRAERIKSSON<<<<<<<<<<<<<<<<<075001\r"
	    "0702750000012ANNA<<MARIA<<<7408122F8\r",
	    "D",
	    "IDFRAERIKSSON<<<<<<<<<<<<<<<<<075001\n"
	    "0702750000012ANNA<<MARIA<<<7408122F8\n",
	    "lines" },
	{ "French licence: one line of the length of a card's",
	    "D1FRA13AA000013320415ERIKSSON5\r" SETTLE, "D",
	    "D1FRA13AA000013320415ERIKSSON5\n", "lines" },
	{ "the same in a frame",
	    "\x02"
	    "D1FRA13AA000013320415ERIKSSON5\r"
	    "\x03",
	    "D", "D1FRA13AA000013320415ERIKSSON5\n", "STX/ETX" },
	{ "Swiss licence: it has no check digit",
	    "AAA001D<<\r"
	    "FACHE000000001001<<740812<<<<<\r"
	    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<\r" GIVE_UP,
	    "R", NULL, NULL },
	{ "STX/ETX", "\x02" TD3_1 "\r" TD3_2 "\r\x03", "D", TD3, "STX/ETX" },
	{ "STX/ETX, delimiters around", "#\x02" TD3 "\x03#" GIVE_UP, "D", TD3,
	    "STX/ETX" },
	{ "Access-IS", "\x1c\x02" TD1_1 "\r" TD1_2 "\r" TD1_3 "\r\x03\x1d", "D",
	    TD1, "Access-IS" },
	{ "FS/GS", "\x1c" TD3_1 "\r" TD3_2 "\r\x1d", "D", TD3, "FS/GS" },
	{ "stripe, then a document",
	    "\x0e\x02%B4111111111111111^X?\x03\x0f\x1c\x02" TD3 "\x03\x1d", "D",
	    TD3, "Access-IS" },
	{ "barcode that looks like an MRZ",
	    "\x1e\x02" TD3 "\x1e\x02" TD3 "\x03\x1f" GIVE_UP, "", NULL, NULL },
	{ "barcode that does not end", "\x1e\x02@ANSI" GIVE_UP TD3, "D", TD3,
	    "lines" },
	{ "two back to back",
	    TD3_1 "\r" TD3_2 "\r" TD1_1 "\r" TD1_2 "\r" TD1_3 "\r", "DD", TD1,
	    "lines" },
	{ "two frames", "\x02" TD3 "\x03\x02" TD2 "\x03", "DD", TD2,
	    "STX/ETX" },
	{ "two without any end", TD3_1 "\r" TD3_2 TD3_1 "\r" TD3_2, "DD", TD3,
	    "lines" },
	{ "the end of a frame was lost", "\x02" TD3 SETTLE "\x03" GIVE_UP, "D",
	    TD3, "STX/ETX" },
	{ "noise", "\x80\x01zz\x7f\x15 7\r" TD3 "?!" GIVE_UP, "D", TD3,
	    "lines" },
	{ "words of the reader before it", "READY V1.0\r\n" TD3, "D", TD3,
	    "lines" },
	{ "wrong digit", TD3_1 "\r" BAD_2 "\r" GIVE_UP, "R", NULL, NULL },
	{ "wrong digit in a frame", "\x02" TD3_1 "\r" BAD_2 "\r\x03", "R", NULL,
	    NULL },
	{ "wrong digit, then a good one", TD3_1 "\r" BAD_2 "\r" TD3, "RD", TD3,
	    "lines" },
	{ "half a document", TD3_1 "\rL898902C36" GIVE_UP, "R", NULL, NULL },
	{ "half a document, then the next", TD3_1 "\rL898902C36" GIVE_UP TD1,
	    "RD", TD1, "lines" },
	{ "a line of somebody before", TD3_1 "\r" GIVE_UP TD3_2 "\r" GIVE_UP,
	    "RR", NULL, NULL },
	{ "half a frame, then the next", "\x02" TD3_1 "\x02" TD3 "\x03", "RD",
	    TD3, "STX/ETX" },
	{ "half a frame", "\x1c\x02" TD3_1 "\rL89" GIVE_UP, "R", NULL, NULL },
	{ "empty frame: nothing was found", "\x02\x03", "R", NULL, NULL },
	{ "a frame of four lines", "\x02" TD3 TD3 "\x03", "R", NULL, NULL },
	{ "a line with a byte more", TD3_1 "<\r" TD3_2 "\r" GIVE_UP, "R", NULL,
	    NULL },
	{ "parity bits",
	    "P\xbcUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\r" TD3_2
	    "\r" GIVE_UP,
	    "R", NULL, NULL },
	{ "small letters",
	    "p<utoeriksson<<anna<maria<<<<<<<<<<<<<<<<<<<\r" TD3_2 "\r" GIVE_UP,
	    "R", NULL, NULL },
	{ "one line of a card alone", TD1_1 "\r" GIVE_UP, "R", NULL, NULL },
	{ "an answer of an Elyctis, taken for lines",
	    "I\x01Z" TD3_1 "\r" TD3_2 "\r" GIVE_UP, "R", NULL, NULL },
};

static struct mrz_collect collect;
static struct mrz_swipe last;
static char events[64];
static int64_t now;

static void
begin(enum mrz_protocol protocol)
{
	mrz_collect_init(&collect, protocol);
	memset(&last, 0, sizeof(last));
	memset(events, 0, sizeof(events));
	now = 1000;
}

static void
drain(void)
{
	struct mrz_swipe swipe;
	enum mrz_device_event event;

	while ((event = mrz_collect_take(&collect, now, &swipe)) !=
	       MRZ_DEVICE_NOTHING) {
		size_t n = strlen(events);

		assert_true(n < sizeof(events) - 1);
		events[n] = event == MRZ_DEVICE_DOCUMENT ? 'D' : 'R';
		if (event == MRZ_DEVICE_DOCUMENT)
			last = swipe;
		else
			assert_true(swipe.why[0] != '\0' && swipe.len == 0);
	}
}

static void
later(int64_t ms)
{
	now += ms;
	drain();
}

static void
send(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == SETTLE[0])
			later(MRZ_COLLECT_SETTLE_MS);
		else if (bytes[i] == GIVE_UP[0]) {
			later(MRZ_COLLECT_SETTLE_MS);
			later(MRZ_COLLECT_GAP_MS);
		} else {
			now++;
			mrz_collect_byte(&collect, (uint8_t)bytes[i], now);
			drain();
		}
	}
}

/* The state as it was before anything came: nothing is kept. */
static void
assert_nothing_kept(void)
{
	static const struct mrz_collect none;

	assert_memory_equal(collect.lines, none.lines, sizeof(none.lines));
	assert_memory_equal(&collect.ready, &none.ready, sizeof(none.ready));
	assert_false(collect.busy);
}

static void
framings_and_noise(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("%s\n", cases[i].name);
		begin(MRZ_PROTOCOL_LINES);
		send(cases[i].sent, strlen(cases[i].sent));
		assert_string_equal(events, cases[i].events);
		if (cases[i].text != NULL) {
			assert_string_equal(last.text, cases[i].text);
			assert_string_equal(last.how, cases[i].how);
		}
		send(GIVE_UP, 1);
		assert_string_equal(events, cases[i].events);
		assert_nothing_kept();
		assert_int_equal(mrz_collect_due(&collect), -1);
	}
}

/* A silence at any place: no document, unless the lines are complete; never a
 * part of it, never one made of two. */
static void
silence_at_every_byte(void **state)
{
	static const char document[] = "\x02" TD1_1 "\r" TD1_2 "\r" TD1_3
				       "\r\x03";
	const size_t n = sizeof(document) - 1;

	(void)state;
	for (size_t i = 1; i < n; i++) {
		begin(MRZ_PROTOCOL_LINES);
		send(document, i);
		later(MRZ_COLLECT_SETTLE_MS);
		later(MRZ_COLLECT_GAP_MS);
		send(document + i, n - i);
		send(GIVE_UP, 1);
		/* The last line is complete before its end. */
		if (i >= n - 2 || i == 1)
			assert_string_equal(events, "D");
		else
			assert_null(strchr(events, 'D'));
		assert_nothing_kept();
	}
}

/* Bare lines that come apart are of two documents; a frame holds together. */
static void
lines_of_two(void **state)
{
	(void)state;
	begin(MRZ_PROTOCOL_LINES);
	send(TD3_1 "\r", sizeof(TD3_1));
	later(MRZ_COLLECT_LINES_MS - 2);
	send(TD3_2 "\r", sizeof(TD3_2));
	assert_string_equal(events, "D");
	send(TD3_1 "\r", sizeof(TD3_1));
	later(MRZ_COLLECT_LINES_MS);
	assert_string_equal(events, "DR");
	send(TD3_2 "\r" GIVE_UP, sizeof(TD3_2) + 1);
	assert_string_equal(events, "DRR");
	assert_nothing_kept();
	send("\x02" TD3_1 "\r", sizeof(TD3_1) + 1);
	later(MRZ_COLLECT_GAP_MS - 2);
	send(TD3_2 "\r\x03", sizeof(TD3_2) + 1);
	assert_string_equal(events, "DRRD");
}

/* Whoever was busy for long calls late: what lay there does not go together
 * with what comes now. */
static void
late_caller(void **state)
{
	struct mrz_swipe swipe;

	(void)state;
	begin(MRZ_PROTOCOL_LINES);
	send(TD3_1 "\r", sizeof(TD3_1));
	now += MRZ_COLLECT_LINES_MS + 1;
	for (const char *at = TD3_2 "\r"; *at != '\0'; at++)
		mrz_collect_byte(&collect, (uint8_t)*at, now);
	assert_int_equal(mrz_collect_take(&collect, now, &swipe),
	    MRZ_DEVICE_REJECTED);
	assert_int_equal(mrz_collect_take(&collect, now, &swipe),
	    MRZ_DEVICE_NOTHING);
}

/* A line that never ends: told once in a while, and what follows is read. */
static void
endless(void **state)
{
	(void)state;
	begin(MRZ_PROTOCOL_LINES);
	for (int i = 0; i < 3 * (MRZ_COLLECT_TOTAL_MS + 1); i++)
		send("A", 1);
	assert_string_equal(events, "RRR");
	send(GIVE_UP TD3, sizeof(TD3));
	assert_string_equal(events, "RRRD");
	begin(MRZ_PROTOCOL_LINES);
	send("\x02", 1);
	for (int i = 0; i < 2 * MRZ_COLLECT_TOTAL_MS; i++)
		send("\r<", 2);
	assert_true(strlen(events) <= 4);
	assert_null(strchr(events, 'D'));
	/* A record that is passed over, too. */
	begin(MRZ_PROTOCOL_LINES);
	send("\x1e\x02", 2);
	for (int i = 0; i < MRZ_COLLECT_PASS_OVER + 1; i++) {
		mrz_collect_byte(&collect, 'B', now);
		drain();
	}
	assert_null(collect.frame);
}

#define COMMAND "\x43\x00\x01\x01"

static void
assert_command(bool expected)
{
	uint8_t out[MRZ_COLLECT_COMMAND_LEN];
	size_t len = mrz_collect_command(&collect, now, out);

	assert_int_equal(len, expected ? sizeof(out) : 0);
	if (expected)
		assert_memory_equal(out, COMMAND, sizeof(out));
}

static void
elyctis_answer(uint8_t command, const char *payload)
{
	uint8_t header[3] = { command, 0, (uint8_t)strlen(payload) };

	for (size_t i = 0; i < sizeof(header); i++) {
		mrz_collect_byte(&collect, header[i], now);
		drain();
	}
	send(payload, strlen(payload));
}

/* It is told to read, once for each document, and again if it says nothing. */
static void
elyctis(void **state)
{
	(void)state;
	begin(MRZ_PROTOCOL_ELYCTIS);
	assert_int_equal(mrz_collect_due(&collect), 0);
	assert_command(true);
	assert_command(false);
	later(MRZ_COLLECT_ARM_MS);
	assert_command(true);
	send("\x43", 1);
	mrz_collect_byte(&collect, 0, now);
	send("\x01\x01", 2);
	later(10 * MRZ_COLLECT_ARM_MS);
	assert_command(false);
	assert_int_equal(mrz_collect_due(&collect), -1);

	elyctis_answer(0x49, TD3_1 "\r" TD3_2 "\r");
	assert_string_equal(events, "D");
	assert_string_equal(last.text, TD3);
	assert_string_equal(last.how, "Elyctis");
	assert_command(true);
	elyctis_answer(0x43, TD1_1 "\r\n" TD1_2 "\r\n" TD1_3 "\r\n");
	assert_string_equal(events, "DD");
	assert_command(true);
	elyctis_answer(0x49, TD3_1 TD3_2);
	assert_string_equal(events, "DDD");
	/* What it read badly, it reads again. */
	assert_command(true);
	elyctis_answer(0x49, TD3_1 "\r" BAD_2 "\r");
	assert_string_equal(events, "DDDR");
	assert_command(true);
	elyctis_answer(0x49, "");
	assert_string_equal(events, "DDDR");
}

/* Half an answer, and a length that no answer has. */
static void
elyctis_broken(void **state)
{
	(void)state;
	begin(MRZ_PROTOCOL_ELYCTIS);
	assert_command(true);
	mrz_collect_byte(&collect, 0x49, now);
	mrz_collect_byte(&collect, 0, now);
	mrz_collect_byte(&collect, 90, now);
	send(TD3_1 "\r", sizeof(TD3_1));
	/* Not into the middle of an answer. */
	now += MRZ_COLLECT_SETTLE_MS;
	assert_command(false);
	later(MRZ_COLLECT_GAP_MS);
	assert_string_equal(events, "R");
	assert_nothing_kept();
	assert_command(true);
	for (int i = 0; i < 600; i++)
		mrz_collect_byte(&collect, i < 3 ? 0x49 : 'A', now);
	drain();
	later(MRZ_COLLECT_GAP_MS);
	assert_string_equal(events, "RR");
	assert_command(true);
	elyctis_answer(0x49, TD2_1 "\r" TD2_2 "\r");
	assert_string_equal(events, "RRD");
	/* Other answers are none of ours. */
	elyctis_answer(0x50, TD2_1 "\r" TD2_2 "\r");
	assert_string_equal(events, "RRD");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(framings_and_noise),
		cmocka_unit_test(silence_at_every_byte),
		cmocka_unit_test(lines_of_two),
		cmocka_unit_test(late_caller),
		cmocka_unit_test(endless),
		cmocka_unit_test(elyctis),
		cmocka_unit_test(elyctis_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
