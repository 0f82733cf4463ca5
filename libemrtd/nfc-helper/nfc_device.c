#include "nfc_device.h"

#include "serial_line.h"

#include "core/builder.h"

#include <errno.h>
#include <nfc/nfc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* libnfc exports this, and no header of it shows it. */
int pn53x_transceive(struct nfc_device *pnd, const uint8_t *tx, size_t tx_len,
    uint8_t *rx, size_t rx_cap, int timeout_ms);

#define GET_FIRMWARE_VERSION 0x02
#define SET_SERIAL_BAUD_RATE 0x10
#define RF_CONFIGURATION     0x32

#define CHECK_MS 1000 /* an answer to a question that needs no card */
#define FAST     460800
#define SLOW     115200 /* what libnfc takes when none is named */

/* The ACR122U wraps a command into an APDU, with Lc and one byte before. */
#define ACR122_COMMAND_MAX 254

struct nfc_device_link {
	nfc_context *context;
	nfc_device *device;
	struct serial_line line; /* fd -1: none */
	uint32_t usual_speed;
	uint16_t max_command;
};

static const struct {
	const char *name;
	enum emrtd_nfc_driver driver;
} drivers[] = {
	{ "pn532_uart", EMRTD_NFC_UART },
	{ "pn53x_usb", EMRTD_NFC_USB },
	{ "acr122_usb", EMRTD_NFC_ACR122 },
};

static enum emrtd_nfc_driver
driver_of(const char *device)
{
	size_t len = strcspn(device, ":");

	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		if (strlen(drivers[i].name) == len &&
		    memcmp(drivers[i].name, device, len) == 0)
			return drivers[i].driver;
	return EMRTD_NFC_OTHER;
}

/* Of "pn532_uart:/dev/ttyUSB0:115200" the path and the speed. */
static bool
uart_of(const char *device, char *path, size_t cap, uint32_t *speed)
{
	const char *start = strchr(device, ':');
	size_t len;

	*speed = SLOW;
	if (start == NULL)
		return false;
	start++;
	len = strcspn(start, ":");
	if (len == 0 || len >= cap)
		return false;
	memcpy(path, start, len);
	path[len] = '\0';
	if (start[len] == ':')
		*speed = (uint32_t)strtoul(start + len + 1, NULL, 10);
	return true;
}

static enum emrtd_nfc_status
say(char *why, enum emrtd_nfc_status status, const char *words)
{
	snprintf(why, EMRTD_NFC_NAME_MAX + 1, "%s", words);
	return status;
}

static enum emrtd_nfc_status
say_errno(char *why, int error)
{
	say(why, EMRTD_NFC_NO_READER, strerror(error));
	switch (error) {
	case ENOENT:
	case ENODEV:
	case ENXIO:
		return say(why, EMRTD_NFC_NO_READER, "no such serial line");
	case ENOTTY:
		return say(why, EMRTD_NFC_NO_READER, "that is no serial line");
	case EACCES:
	case EPERM:
		return EMRTD_NFC_PERMISSION;
	case EBUSY:
	case EWOULDBLOCK:
		return say(why, EMRTD_NFC_BUSY,
		    "another program has the serial line");
	default:
		return EMRTD_NFC_NO_READER;
	}
}

/* Why libnfc could not open a USB device: it does not say. */
static enum emrtd_nfc_status
why_not_usb(const char *device, char *why)
{
	char path[64];
	unsigned bus, address;

	if (sscanf(strchr(device, ':'), ":%u:%u", &bus, &address) != 2)
		return say(why, EMRTD_NFC_NO_READER, "no such device");
	snprintf(path, sizeof(path), "/dev/bus/usb/%03u/%03u", bus, address);
	if (access(path, F_OK) != 0)
		return say(why, EMRTD_NFC_NO_READER,
		    "no such reader is plugged in");
	if (access(path, R_OK | W_OK) != 0)
		return say_errno(why, errno);
	return say(why, EMRTD_NFC_BUSY,
	    "libnfc cannot take it: another program or a driver of the kernel "
	    "has it, or it does not answer");
}

static enum emrtd_nfc_status
why_not(const char *device, char *why)
{
	switch (driver_of(device)) {
	case EMRTD_NFC_USB:
	case EMRTD_NFC_ACR122:
		return strchr(device, ':') != NULL
			   ? why_not_usb(device, why)
			   : say(why, EMRTD_NFC_NO_READER,
				 "no such reader is plugged in");
	case EMRTD_NFC_UART:
		return say(why, EMRTD_NFC_NO_READER,
		    "nothing that is a PN532 answers on that line");
	default:
		return say(why, EMRTD_NFC_NO_READER,
		    "libnfc cannot open a device of that name");
	}
}

static int
carry(const struct nfc_device_link *link, const uint8_t *command, size_t len,
    uint8_t *answer, size_t cap, int wait_ms)
{
	return pn53x_transceive(link->device, command, len, answer, cap,
	    wait_ms);
}

/* GetFirmwareVersion: is it there at all? */
static int
firmware(const struct nfc_device_link *link,
    uint8_t version[EMRTD_NFC_DATA_MAX])
{
	static const uint8_t command[] = { GET_FIRMWARE_VERSION };

	memset(version, 0, 4);
	return carry(link, command, sizeof(command), version,
	    EMRTD_NFC_DATA_MAX, CHECK_MS);
}

/*
 * SetSerialBaudRate is answered at the old speed; the PN532 changes after the
 * host acknowledged that, which libnfc does not do. False: not changed, the
 * line as it was.
 */
static bool
try_speed(struct nfc_device_link *link, uint32_t speed, unsigned settle_ms)
{
	uint32_t old = serial_line_speed(&link->line);
	uint8_t command[2] = { SET_SERIAL_BAUD_RATE, 0 };
	uint8_t answer[EMRTD_NFC_DATA_MAX];

	if (!serial_line_code(speed, &command[1]) ||
	    carry(link, command, sizeof(command), answer, sizeof(answer),
		CHECK_MS) < 0)
		return false;
	if (serial_line_acknowledge(&link->line, settle_ms) &&
	    serial_line_set(&link->line, speed) && firmware(link, answer) >= 0)
		return true;
	(void)serial_line_set(&link->line, old);
	return false;
}

/*
 * The acknowledgement must be out before the line changes, and no adapter
 * tells when that is: one that came too late is sent again, with more time.
 */
static bool
change_speed(struct nfc_device_link *link, uint32_t speed)
{
	static const unsigned settle_ms[] = { 2, 20, 100 };
	uint8_t answer[EMRTD_NFC_DATA_MAX];

	for (size_t i = 0; i < sizeof(settle_ms) / sizeof(settle_ms[0]); i++) {
		if (try_speed(link, speed, settle_ms[i]))
			return true;
		if (firmware(link, answer) < 0)
			break;
	}
	return false;
}

static bool
open_at(struct nfc_device_link *link, const char *path, uint32_t speed)
{
	char device[NFC_BUFSIZE_CONNSTRING];

	snprintf(device, sizeof(device), "pn532_uart:%s:%u", path,
	    (unsigned)speed);
	link->device = nfc_open(link->context, device);
	return link->device != NULL;
}

static enum emrtd_nfc_status
open_uart(struct nfc_device_link *link, const char *device,
    struct emrtd_nfc_reader *reader, char *why)
{
	char path[EMRTD_NFC_NAME_MAX + 1];
	uint32_t speed;
	uint8_t code;
	int error;

	if (!uart_of(device, path, sizeof(path), &speed) ||
	    !serial_line_code(speed, &code))
		return say(why, EMRTD_NFC_NO_READER,
		    "pn532_uart:PATH[:SPEED] is wanted, of the usual speeds to "
		    "460800");
	error = serial_line_open(&link->line, path);
	if (error != 0)
		return say_errno(why, error);
	link->usual_speed = speed;
	reader->speed = speed;
	if (!open_at(link, path, speed)) {
		/* Left at the other speed by one of us who died. */
		reader->speed = speed == FAST ? SLOW : FAST;
		if (!open_at(link, path, reader->speed))
			return why_not(device, why);
	}
	if (reader->speed < FAST) {
		uint8_t version[EMRTD_NFC_DATA_MAX];

		if (change_speed(link, FAST))
			reader->speed = FAST;
		else if (firmware(link, version) < 0)
			return say(why, EMRTD_NFC_NO_READER,
			    "it falls silent at 460800 baud: a shorter cable?");
	}
	return EMRTD_NFC_OK;
}

static void
describe(struct nfc_device_link *link, const char *device,
    struct emrtd_nfc_reader *reader)
{
	uint8_t v[EMRTD_NFC_DATA_MAX];
	int n = firmware(link, v);
	const char *chip = "PN53x";

	if (n >= 4 && v[0] == 0x32) {
		reader->chip = EMRTD_NFC_PN532;
		chip = "PN532";
	} else if (n >= 4 && v[0] == 0x33) {
		reader->chip = EMRTD_NFC_PN533;
		chip = "PN533";
	} else if (n == 2) {
		reader->chip = EMRTD_NFC_PN531;
		chip = "PN531";
	}
	link->max_command = reader->driver == EMRTD_NFC_ACR122
				? ACR122_COMMAND_MAX
				: EMRTD_NFC_DATA_MAX;
	reader->max_command = link->max_command;
	/* libnfc's name has the firmware in it; the device is told apart. */
	snprintf(reader->name, sizeof(reader->name), "%s (%.20s)", chip,
	    device);
	if (nfc_device_get_name(link->device) != NULL &&
	    reader->driver != EMRTD_NFC_UART)
		snprintf(reader->name, sizeof(reader->name), "%.126s",
		    nfc_device_get_name(link->device));
	snprintf(reader->device, sizeof(reader->device), "%.127s",
	    nfc_device_get_connstring(link->device));
}

enum emrtd_nfc_status
nfc_device_open(const char *device, struct nfc_device_link **out,
    struct emrtd_nfc_reader *reader, char *why)
{
	struct nfc_device_link *link = calloc(1, sizeof(*link));
	enum emrtd_nfc_status status;

	*out = NULL;
	memset(reader, 0, sizeof(*reader));
	why[0] = '\0';
	if (link == NULL)
		return say(why, EMRTD_NFC_NO_READER, "no memory");
	link->line.fd = -1;
	nfc_init(&link->context);
	if (link->context == NULL) {
		free(link);
		return say(why, EMRTD_NFC_NO_READER, "libnfc cannot start");
	}
	reader->driver = driver_of(device);
	if (reader->driver == EMRTD_NFC_UART) {
		status = open_uart(link, device, reader, why);
	} else {
		link->device = nfc_open(link->context, device);
		status = link->device != NULL ? EMRTD_NFC_OK
					      : why_not(device, why);
	}
	if (status != EMRTD_NFC_OK) {
		nfc_device_close(link);
		return status;
	}
	describe(link, device, reader);
	*out = link;
	return EMRTD_NFC_OK;
}

/*
 * Of commands that begin their answer with a status libnfc makes an error and
 * keeps the status in the buffer, where it was zero before.
 */
static bool
has_status(int result, const uint8_t *answer)
{
	switch (result) {
	case NFC_ERFTRANS:
	case NFC_ECHIP:
	case NFC_EINVARG:
	case NFC_ETGRELEASED:
	case NFC_EMFCAUTHFAIL:
		return (answer[0] & 0x3F) != 0;
	default:
		return false;
	}
}

enum emrtd_nfc_status
nfc_device_command(struct nfc_device_link *link, struct emrtd_bytes command,
    int wait_ms, struct emrtd_out *answer)
{
	uint8_t rx[EMRTD_NFC_DATA_MAX], check[EMRTD_NFC_DATA_MAX];
	int n;

	/*
	 * Before libnfc looks at the length it has copied. With one byte only
	 * it would read beyond it when the answer says that more follow.
	 */
	if (command.len < 2 || command.len > link->max_command)
		return EMRTD_NFC_REFUSED;
	memset(rx, 0, sizeof(rx));
	n = carry(link, command.ptr, command.len, rx, sizeof(rx), wait_ms);
	if (n >= 0 && (size_t)n <= sizeof(rx)) {
		emrtd_put(answer, emrtd_bytes(rx, (size_t)n));
		return EMRTD_NFC_OK;
	}
	if (n < 0 && has_status(n, rx)) {
		emrtd_put_u8(answer, rx[0]);
		return EMRTD_NFC_OK;
	}
	/* A new command ends one that is under way. */
	if (n == NFC_ENOTSUCHDEV || firmware(link, check) < 0)
		return EMRTD_NFC_GONE;
	return n == NFC_ETIMEOUT ? EMRTD_NFC_SILENT : EMRTD_NFC_BROKEN;
}

void
nfc_device_close(struct nfc_device_link *link)
{
	static const uint8_t field_off[] = { RF_CONFIGURATION, 0x01, 0x00 };
	uint8_t answer[EMRTD_NFC_DATA_MAX];

	if (link == NULL)
		return;
	if (link->device != NULL) {
		(void)carry(link, field_off, sizeof(field_off), answer,
		    sizeof(answer), CHECK_MS);
		/* Other programs look for it at the speed that it had. */
		if (link->line.fd >= 0 &&
		    serial_line_speed(&link->line) != link->usual_speed)
			(void)change_speed(link, link->usual_speed);
		nfc_close(link->device);
	}
	serial_line_close(&link->line);
	nfc_exit(link->context);
	free(link);
}
