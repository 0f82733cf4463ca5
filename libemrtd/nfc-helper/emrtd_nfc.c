/*
 * emrtd-nfc - carries commands to one PN53x for libemrtd, which starts it. It
 * is a process of its own because libnfc does not survive every reader.
 *
 * It speaks over descriptor 3 (nfc_wire.h) and ends with whoever started it:
 * the socket then ends, and no call of libnfc may last longer than an alarm
 * clock allows, which ends the process.
 */
#include "helper_limits.h"
#include "nfc_device.h"

#include "core/builder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHANNEL     3
#define OPEN_S      12 /* two speeds, some commands each */
#define CLOSE_S     5
#define MORE_TIME_S 3 /* beyond what a command may wait */

#define EXIT_USAGE       2
#define EXIT_ENVIRONMENT 3

struct helper {
	struct nfc_device_link *link;
	bool ended;
};

static enum emrtd_nfc_status
open_device(struct helper *helper, const struct emrtd_nfc_request *request,
    struct emrtd_out *data)
{
	char device[EMRTD_NFC_NAME_MAX + 1], why[EMRTD_NFC_NAME_MAX + 1];
	struct emrtd_nfc_reader reader;
	enum emrtd_nfc_status status;

	if (helper->link != NULL)
		return EMRTD_NFC_REFUSED;
	emrtd_nfc_text(request->data, device, sizeof(device));
	alarm(OPEN_S);
	status = nfc_device_open(device, &helper->link, &reader, why);
	alarm(0);
	if (status == EMRTD_NFC_OK) {
		(void)helper_limits_filter();
		emrtd_nfc_reader_build(&reader, data);
	} else {
		emrtd_put(data, emrtd_bytes((const uint8_t *)why, strlen(why)));
	}
	return status;
}

static enum emrtd_nfc_status
command(struct helper *helper, const struct emrtd_nfc_request *request,
    struct emrtd_out *data)
{
	enum emrtd_nfc_status status;

	if (helper->link == NULL)
		return EMRTD_NFC_REFUSED;
	alarm(request->wait_ms / 1000u + MORE_TIME_S);
	status = nfc_device_command(helper->link, request->data,
	    request->wait_ms, data);
	alarm(0);
	return status;
}

static void
close_device(struct helper *helper)
{
	alarm(CLOSE_S);
	nfc_device_close(helper->link);
	alarm(0);
	helper->link = NULL;
	helper->ended = true;
}

static enum emrtd_nfc_status
serve(struct helper *helper, const struct emrtd_nfc_request *request,
    struct emrtd_out *data)
{
	switch (request->kind) {
	case EMRTD_NFC_OPEN:
		return open_device(helper, request, data);
	case EMRTD_NFC_COMMAND:
		return command(helper, request, data);
	case EMRTD_NFC_CLOSE:
		close_device(helper);
		return EMRTD_NFC_OK;
	}
	return EMRTD_NFC_REFUSED;
}

/* False: nobody is there any more, or what he says is no request. */
static bool
turn(struct helper *helper)
{
	uint8_t in[EMRTD_NFC_MESSAGE_MAX + 1], data[EMRTD_NFC_DATA_MAX];
	uint8_t message[EMRTD_NFC_MESSAGE_MAX];
	struct emrtd_out part = emrtd_out(data, sizeof(data));
	struct emrtd_out out = emrtd_out(message, sizeof(message));
	struct emrtd_nfc_request request;
	struct emrtd_nfc_answer answer;
	ssize_t n;

	do {
		n = recv(CHANNEL, in, sizeof(in), 0);
	} while (n < 0 && errno == EINTR);
	if (n <= 0 ||
	    !emrtd_nfc_request_parse(emrtd_bytes(in, (size_t)n), &request))
		return false;
	answer.kind = request.kind;
	answer.number = request.number;
	answer.status = serve(helper, &request, &part);
	answer.data = emrtd_out_bytes(&part);
	emrtd_nfc_answer_build(&answer, &out);
	return send(CHANNEL, out.ptr, out.len, MSG_NOSIGNAL) ==
		   (ssize_t)out.len &&
	       !helper->ended;
}

static void
print_help(FILE *file)
{
	fputs("usage: emrtd-nfc\n"
	      "\n"
	      "Carries commands to a PN53x by libnfc. Programs of mrtdkit\n"
	      "start it; see emrtd-nfc(8).\n"
	      "\n"
	      "  -h, --help  this text\n"
	      "  --version   the version\n"
	      "\n"
	      "Exit status:\n"
	      "  0  whoever started it has ended, or said goodbye\n"
	      "  2  started by hand, or wrong use of the command line\n"
	      "  3  it could not confine itself\n",
	    file);
}

static int
say(int argc, char *const argv[])
{
	const char *word = argc == 2 ? argv[1] : "";

	if (strcmp(word, "--version") == 0) {
		puts("emrtd-nfc (mrtdkit) " MRTD_VERSION);
		return EXIT_SUCCESS;
	}
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
		print_help(stdout);
		return EXIT_SUCCESS;
	}
	print_help(stderr);
	return EXIT_USAGE;
}

int
main(int argc, char *argv[])
{
	struct helper helper = { 0 };
	int type = 0;
	socklen_t len = sizeof(type);

	if (argc > 1 ||
	    getsockopt(CHANNEL, SOL_SOCKET, SO_TYPE, &type, &len) != 0 ||
	    type != SOCK_SEQPACKET)
		return say(argc, argv);
	/* What libnfc has to say is said by our answers. */
	if (!helper_limits_set() || setenv("LIBNFC_LOG_LEVEL", "0", 1) != 0)
		return EXIT_ENVIRONMENT;
	while (turn(&helper))
		;
	if (helper.link != NULL)
		close_device(&helper);
	return EXIT_SUCCESS;
}
