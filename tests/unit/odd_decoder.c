/*
 * A mrtd-decode that misbehaves as its input says: after the three bytes with
 * which a JPEG begins, a letter.
 */
#include "picture_wire.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
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

static void
listen_and_answer(void)
{
	eat_input();
	header(0, 0);
	pixels(N_PIXELS);
}

static void
stop_by_filter(void)
{
	raise(SIGSYS);
}

static void
run_out_of_time(void)
{
	raise(SIGXCPU);
}

static void
be_killed(void)
{
	raise(SIGKILL);
}

static void
close_and_wait(void)
{
	close(STDOUT_FILENO);
	forever();
}

static void
say_something_else(void)
{
	put("<html>this is no picture at all, is it?</html>", 46);
}

static void
pixels_without_end(void)
{
	for (;;)
		pixels(65536);
}

/* What it does, in this order; a header and pixels are good but for what the
 * row says. */
struct oddity {
	char how;
	bool has_header;
	uint8_t at; /* this byte of the header is wrong, if not 0 */
	uint8_t value;
	uint8_t n_pixels;
	void (*then)(void);
	uint8_t status; /* its exit status */
};

static const struct oddity oddities[] = {
	/* Nothing odd; not listening to the end. */
	{ 'o', false, 0, 0, 0, listen_and_answer, 0 },
	{ 'e', true, 0, 0, N_PIXELS, NULL, 0 },
	{ 'l', false, 0, 0, 0, look_around, 0 },
	/* Ends that are none: at once, and in the middle of the pixels. */
	{ 's', false, 0, 0, 0, crash, 0 },
	{ 'y', false, 0, 0, 0, stop_by_filter, 0 },
	{ 'x', false, 0, 0, 0, run_out_of_time, 0 },
	{ 'k', false, 0, 0, 0, be_killed, 0 },
	{ 'S', true, 0, 0, N_PIXELS / 2, crash, 0 },
	/* Nothing at all; 127 as a dynamic linker that finds no library. */
	{ 'n', false, 0, 0, 0, NULL, 0 },
	{ 'q', false, 0, 0, 0, NULL, 3 },
	{ '7', false, 0, 0, 0, NULL, 127 },
	/* Silence: at once, after half an answer, without its output. */
	{ 'h', false, 0, 0, 0, forever, 0 },
	{ 'H', true, 0, 0, N_PIXELS / 2, forever, 0 },
	{ 'c', false, 0, 0, 0, close_and_wait, 0 },
	/* Other bytes, too many, too few; all there, but it failed. */
	{ 'g', false, 0, 0, 0, say_something_else, 0 },
	{ 'm', true, 0, 0, N_PIXELS + 1, NULL, 0 },
	{ 'M', true, 0, 0, 0, pixels_without_end, 0 },
	{ 'f', true, 0, 0, N_PIXELS - 1, NULL, 0 },
	{ 'b', true, 0, 0, N_PIXELS, NULL, 5 },
	/* A header that cannot be; the last is a refusal without a reason. */
	{ 'W', true, 16, 255, 0, NULL, 0 },
	{ 'w', true, 19, 0, 0, NULL, 0 },
	{ '2', true, 11, 2, 0, NULL, 0 },
	{ 'O', true, 12, 9, 0, NULL, 0 },
	{ 'F', true, 10, PICTURE_N_FORMATS, 0, NULL, 0 },
	{ 'T', true, 8, 200, 0, NULL, 0 },
	{ 'R', true, 8, 2, 0, NULL, 0 },
};

static int
misbehave(char how)
{
	for (size_t i = 0; i < sizeof(oddities) / sizeof(oddities[0]); i++) {
		const struct oddity *odd = &oddities[i];

		if (odd->how != how)
			continue;
		if (odd->has_header)
			header(odd->at, odd->value);
		pixels(odd->n_pixels);
		if (odd->then != NULL)
			odd->then();
		return odd->status;
	}
	return 9;
}

int
main(void)
{
	char start[4];

	if (read(STDIN_FILENO, start, sizeof(start)) != sizeof(start))
		return 9;
	return misbehave(start[3]);
}
