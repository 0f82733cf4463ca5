/*
 * A mrtd-decode that misbehaves as its input says: after the three bytes with
 * which a JPEG begins, a letter.
 */
#include "picture_wire.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

#define N_PIXELS 24 /* 4 x 6, grey */

extern char **environ;

static void
put(const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	while (len > 0) {
		ssize_t n = write(STDOUT_FILENO, at, len);

		if (n <= 0)
			_exit(9);
		at += n;
		len -= (size_t)n;
	}
}

/* A good header, but for one byte. */
static void
header(size_t at, uint8_t value)
{
	uint8_t bytes[PICTURE_WIRE_LEN] = PICTURE_WIRE_MAGIC;

	bytes[10] = PICTURE_PNG;
	bytes[11] = 1;
	bytes[12] = 3;
	bytes[19] = 4;
	bytes[23] = 6;
	bytes[26] = 1;
	bytes[27] = 44;
	if (at > 0)
		bytes[at] = value;
	put(bytes, sizeof(bytes));
}

static void
pixels(size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t value = (uint8_t)i;

		put(&value, 1);
	}
}

/* No file but three, no environment, no signal that is ignored or blocked. */
static void
look_around(void)
{
	struct sigaction action;
	sigset_t blocked;
	uint8_t seen[N_PIXELS] = { 0 };

	for (int fd = 3; fd < 1000; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			seen[0] = 1;
	}
	seen[1] = environ[0] != NULL;
	sigaction(SIGPIPE, NULL, &action);
	seen[2] = action.sa_handler != SIG_DFL;
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	seen[3] = sigismember(&blocked, SIGUSR1) != 0;
	header(0, 0);
	put(seen, sizeof(seen));
}

static void
eat_input(void)
{
	static uint8_t block[65536];

	while (read(STDIN_FILENO, block, sizeof(block)) > 0)
		;
}

/* As without a sanitizer, which would catch it. */
static void
crash(void)
{
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
}

static void
forever(void)
{
	for (;;)
		pause();
}

/* One flat switch. */
static int
misbehave(char how)
{
	switch (how) {
	case 'o': /* nothing odd */
		eat_input();
		header(0, 0);
		pixels(N_PIXELS);
		return 0;
	case 'e': /* does not listen to the end */
		header(0, 0);
		pixels(N_PIXELS);
		return 0;
	case 'l':
		look_around();
		return 0;
	case 's':
		crash();
		return 0;
	case 'y':
		raise(SIGSYS);
		return 0;
	case 'x':
		raise(SIGXCPU);
		return 0;
	case 'k':
		raise(SIGKILL);
		return 0;
	case 'S': /* in the middle of the pixels */
		header(0, 0);
		pixels(N_PIXELS / 2);
		crash();
		return 0;
	case 'n': /* nothing at all */
		return 0;
	case 'q':
		return 3;
	case '7': /* as a dynamic linker that finds no library */
		return 127;
	case 'h':
		forever();
		return 0;
	case 'H': /* half an answer, then silence */
		header(0, 0);
		pixels(N_PIXELS / 2);
		forever();
		return 0;
	case 'c': /* closes its output and goes on */
		close(STDOUT_FILENO);
		forever();
		return 0;
	case 'g':
		put("<html>this is no picture at all, is it?</html>", 46);
		return 0;
	case 'm':
		header(0, 0);
		pixels(N_PIXELS + 1);
		return 0;
	case 'M': /* without end */
		header(0, 0);
		for (;;)
			pixels(65536);
	case 'f': /* fewer than announced */
		header(0, 0);
		pixels(N_PIXELS - 1);
		return 0;
	case 'b': /* all there, but it failed */
		header(0, 0);
		pixels(N_PIXELS);
		return 5;
	case 'W':
		header(16, 255);
		return 0;
	case 'w':
		header(19, 0);
		return 0;
	case '2':
		header(11, 2);
		return 0;
	case 'O':
		header(12, 9);
		return 0;
	case 'F':
		header(10, PICTURE_N_FORMATS);
		return 0;
	case 'T':
		header(8, 200);
		return 0;
	case 'R': /* a refusal without a reason */
		header(8, 2);
		return 0;
	default:
		return 9;
	}
}

int
main(void)
{
	char start[4];

	if (read(STDIN_FILENO, start, sizeof(start)) != sizeof(start))
		return 9;
	return misbehave(start[3]);
}
