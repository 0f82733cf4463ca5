/*
 * The simulated reader itself: it answers a host that keeps to the rules, and
 * finds fault with one that does not. Without this no test that runs beside
 * it would mean what it says.
 */
#include "ccid_device.h"
#include "data.h"
#include "emrtd_test.h"
#include "passport_card.h"

#define OUT 0x01
#define IN  0x82

#define ON "62000000000001000000"

/* Two transfers of a host, and what is wrong with the second; NULL: nothing. */
static const struct {
	const char *first, *second, *complaint;
	enum ccid_device_level level;
} deeds[] = {
	{ "65000000000000000000", ON, NULL, CCID_DEVICE_EXTENDED },
	{ ON,
	    "6F050000000002000000"
	    "0084000008",
	    NULL, CCID_DEVICE_EXTENDED },
	{ ON,
	    "6F050000000002000000"
	    "0084000008",
	    NULL, CCID_DEVICE_SHORT },
	{ ON,
	    "6F050000000002000100"
	    "0084000008",
	    NULL, CCID_DEVICE_EXTENDED },
	{ ON,
	    "6F040000000002000000"
	    "0084000008",
	    "the length of a message", CCID_DEVICE_EXTENDED },
	{ ON,
	    "6F060000000002000000"
	    "0084000008",
	    "the length of a message", CCID_DEVICE_EXTENDED },
	{ ON, "6500000000", "the length of a message", CCID_DEVICE_EXTENDED },
	{ ON, "65000000000100000000", "a slot that is not there",
	    CCID_DEVICE_EXTENDED },
	{ ON, "66000000000000000000", "no known type", CCID_DEVICE_EXTENDED },
	{ ON, "6501000000000000000000", "data in a message that has none",
	    CCID_DEVICE_EXTENDED },
	{ ON,
	    "6F050000000002000200"
	    "0084000008",
	    "a later part", CCID_DEVICE_EXTENDED },
	{ ON,
	    "6F050000000002000300"
	    "0084000008",
	    "a later part", CCID_DEVICE_EXTENDED },
	{ ON, "6F000000000002001000", "no next part", CCID_DEVICE_EXTENDED },
	{ ON,
	    "6F010000000002001000"
	    "00",
	    "data where the next part", CCID_DEVICE_EXTENDED },
	{ ON,
	    "6F050000000002007700"
	    "0084000008",
	    "means nothing", CCID_DEVICE_EXTENDED },
	{ ON,
	    "6F050000000002000100"
	    "0084000008",
	    "level of short APDUs", CCID_DEVICE_SHORT },
	{ "6F050000000001000100"
	  "0084000008",
	    "6F050000000002000000"
	    "0084000008",
	    NULL, CCID_DEVICE_EXTENDED },
	{ ON, "72000000000002000000", "an abort without its request",
	    CCID_DEVICE_EXTENDED },
};

static void
send_hex(struct ccid_device *device, const char *hex)
{
	uint8_t buf[64];
	struct emrtd_bytes bytes = hex_bytes(hex, buf, sizeof(buf));

	assert_int_equal(ccid_device_out(device, OUT, bytes), bytes.len);
}

static void
faults_of_a_host(void **state)
{
	const struct ccid_device_card card = bank_card();
	struct ccid_device_config config;
	struct ccid_device *device;

	(void)state;
	for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++) {
		uint8_t buf[512];
		const char *complaint;

		ccid_device_config_init(&config);
		config.interface[0].level = deeds[i].level;
		device = ccid_device_new(&config);
		assert_non_null(device);
		ccid_device_lay(device, 0, 0, &card);
		send_hex(device, deeds[i].first);
		assert_null(ccid_device_complaint(device));
		assert_true(ccid_device_in(device, IN, buf, sizeof(buf)) >= 10);
		send_hex(device, deeds[i].second);
		complaint = ccid_device_complaint(device);
		if (deeds[i].complaint == NULL)
			assert_null(complaint);
		else if (complaint == NULL ||
			 strstr(complaint, deeds[i].complaint) == NULL)
			fail_msg("row %zu: %s", i, complaint);
		ccid_device_free(&device);
	}
}

/* A message that is longer than the reader takes. */
static void
a_message_too_long(void **state)
{
	const struct ccid_device_card card = bank_card();
	uint8_t message[192] = { 0x6F, 182 }, buf[64];
	struct ccid_device_config config;
	struct ccid_device *device;

	(void)state;
	ccid_device_config_init(&config);
	config.interface[0].max_message = 64;
	device = ccid_device_new(&config);
	ccid_device_lay(device, 0, 0, &card);
	send_hex(device, ON);
	assert_true(ccid_device_in(device, IN, buf, sizeof(buf)) > 10);
	/* Full packets may be followed by the rest. */
	for (size_t at = 0; at < sizeof(message); at += 64)
		assert_int_equal(ccid_device_out(device, OUT,
				     emrtd_bytes(message + at, 64)),
		    64);
	assert_non_null(
	    strstr(ccid_device_complaint(device), "dwMaxCCIDMessageLength"));
	ccid_device_free(&device);
}

/* A transfer ends with a short packet, or where the host's buffer does. */
static void
transfers_in(void **state)
{
	const struct ccid_device_card card = bank_card();
	struct ccid_device_config config;
	struct ccid_device *device;
	uint8_t buf[64];

	(void)state;
	ccid_device_config_init(&config);
	device = ccid_device_new(&config);
	assert_int_equal(ccid_device_in(device, IN, buf, 64),
	    CCID_DEVICE_NOTHING);
	assert_int_equal(ccid_device_in(device, 0x85, buf, 64),
	    CCID_DEVICE_STALL);
	ccid_device_lay(device, 0, 0, &card);
	send_hex(device, ON);
	assert_int_equal(ccid_device_in(device, IN, buf, 10),
	    CCID_DEVICE_BABBLE);
	assert_int_equal(ccid_device_in(device, IN, buf, 64), 19);
	assert_int_equal(buf[0], 0x80);
	assert_int_equal(buf[10], 0x3B);
	ccid_device_free(&device);
	config.split = 10;
	device = ccid_device_new(&config);
	ccid_device_lay(device, 0, 0, &card);
	send_hex(device, ON);
	assert_int_equal(ccid_device_in(device, IN, buf, 64), 10);
	assert_int_equal(ccid_device_in(device, IN, buf, 64), 9);
	assert_int_equal(ccid_device_in(device, IN, buf, 64),
	    CCID_DEVICE_NOTHING);
	ccid_device_free(&device);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_of_a_host),
		cmocka_unit_test(a_message_too_long),
		cmocka_unit_test(transfers_in),
	};

	return cmocka_run_group_tests_name("reader_rules", tests, NULL, NULL);
}
