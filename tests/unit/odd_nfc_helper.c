/*
 * An emrtd-nfc that misbehaves as the name of the device says that it shall
 * open: a word for the answer to OPEN, or one for those to all commands.
 */
#include "core/builder.h"
#include "transport/nfc_wire.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHANNEL 3

static char mode[EMRTD_NFC_NAME_MAX + 1];

static bool
is(const char *word)
{
	return strcmp(mode, word) == 0;
}

static void
say(const void *bytes, size_t len)
{
	if (send(CHANNEL, bytes, len, MSG_NOSIGNAL) < 0)
		_exit(9);
}

static void
answer(const struct emrtd_nfc_request *r, enum emrtd_nfc_status status,
    struct emrtd_bytes data)
{
	uint8_t message[400];
	struct emrtd_out out = emrtd_out(message, sizeof(message));
	struct emrtd_nfc_answer a = { r->kind, status, r->number, data };

	emrtd_nfc_answer_build(&a, &out);
	say(out.ptr, out.len);
}

/* Those that a program may have changed, and a sanitizer does not. */
static bool
signals_are_default(void)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGPIPE, SIGALRM,
		SIGTERM, SIGCHLD, SIGUSR1 };
	struct sigaction action;
	sigset_t blocked;

	sigprocmask(SIG_SETMASK, NULL, &blocked);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (sigismember(&blocked, signals[i]) != 0 ||
		    sigaction(signals[i], NULL, &action) != 0 ||
		    action.sa_handler != SIG_DFL)
			return false;
	return true;
}

/* Four descriptors and no more, a session of its own, plain signals. */
static bool
is_well_started(void)
{
	for (int fd = 0; fd <= CHANNEL; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			return false;
	for (int fd = CHANNEL + 1; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			return false;
	return getsid(0) == getpid() && signals_are_default();
}

static void
good(const struct emrtd_nfc_request *r)
{
	struct emrtd_nfc_reader reader = { .driver = EMRTD_NFC_UART,
		.chip = EMRTD_NFC_PN532,
		.max_command = EMRTD_NFC_DATA_MAX,
		.name = "odd" };
	uint8_t data[EMRTD_NFC_DATA_MAX];
	struct emrtd_out out = emrtd_out(data, sizeof(data));

	if (is("inspect") && !is_well_started()) {
		answer(r, EMRTD_NFC_REFUSED, emrtd_bytes(NULL, 0));
		return;
	}
	emrtd_nfc_reader_build(&reader, &out);
	if (is("other-version"))
		data[0]++;
	answer(r, EMRTD_NFC_OK, emrtd_out_bytes(&out));
}

static void
words(const struct emrtd_nfc_request *r, enum emrtd_nfc_status status)
{
	static const uint8_t text[] = "so\033[31m it is\n";

	answer(r, status, emrtd_bytes(text, sizeof(text) - 1));
}

static void
open_device(const struct emrtd_nfc_request *r)
{
	static const uint8_t much[EMRTD_NFC_MESSAGE_MAX + 1];
	struct emrtd_nfc_request other = *r;

	if (is("die"))
		_exit(0);
	if (is("crash"))
		raise(SIGKILL);
	if (is("mute"))
		return;
	if (is("hang"))
		for (;;)
			pause();
	if (is("close")) {
		close(CHANNEL);
		for (;;)
			pause();
	}
	if (is("junk"))
		say("\x81\x00", 2);
	else if (is("nothing"))
		say("", 0);
	else if (is("long"))
		say(much, sizeof(much));
	else if (is("busy"))
		words(r, EMRTD_NFC_BUSY);
	else if (is("permission"))
		words(r, EMRTD_NFC_PERMISSION);
	else if (is("none"))
		words(r, EMRTD_NFC_NO_READER);
	else if (is("wrong-number")) {
		other.number++;
		good(&other);
	} else if (is("wrong-kind")) {
		other.kind = EMRTD_NFC_CLOSE;
		good(&other);
	} else if (is("twice")) {
		good(r);
		good(r);
	} else {
		good(r);
	}
}

static void
command(const struct emrtd_nfc_request *r)
{
	static const uint8_t full[EMRTD_NFC_DATA_MAX];
	static const uint8_t no_chip[] = { 0 }, short_a[] = { 1, 1, 0, 8 };
	bool selects = r->data.ptr[0] == 0x4A;

	if (is("die-later"))
		_exit(0);
	if (is("mute-later"))
		return;
	if (is("slow"))
		usleep(200000);
	if (is("broken"))
		answer(r, EMRTD_NFC_BROKEN, emrtd_bytes(NULL, 0));
	else if (is("gone"))
		answer(r, EMRTD_NFC_GONE, emrtd_bytes(NULL, 0));
	else if (is("refused"))
		answer(r, EMRTD_NFC_REFUSED, emrtd_bytes(NULL, 0));
	else if (selects && is("silent"))
		answer(r, EMRTD_NFC_SILENT, emrtd_bytes(NULL, 0));
	else if (selects && is("empty"))
		answer(r, EMRTD_NFC_OK, emrtd_bytes(NULL, 0));
	else if (selects && is("short"))
		answer(r, EMRTD_NFC_OK, emrtd_bytes(short_a, sizeof(short_a)));
	else if (selects && is("full"))
		answer(r, EMRTD_NFC_OK, emrtd_bytes(full, sizeof(full)));
	else
		answer(r, EMRTD_NFC_OK, emrtd_bytes(no_chip, sizeof(no_chip)));
}

int
main(void)
{
	uint8_t in[EMRTD_NFC_MESSAGE_MAX];
	struct emrtd_nfc_request r;
	ssize_t n;

	while ((n = recv(CHANNEL, in, sizeof(in), 0)) > 0) {
		if (!emrtd_nfc_request_parse(emrtd_bytes(in, (size_t)n), &r))
			return 8;
		if (r.kind == EMRTD_NFC_OPEN) {
			emrtd_nfc_text(r.data, mode, sizeof(mode));
			open_device(&r);
		} else {
			command(&r);
		}
	}
	/* It does not want to go. */
	if (is("stubborn"))
		for (;;)
			pause();
	return 0;
}
