#include "nfc_pty.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#define NO_FD      (-1)
#define READ_CAP   512
#define WRONG_RATE 0xA5 /* what a byte is turned into: something else */

struct nfc_pty {
	struct nfc_field *field;
	pthread_mutex_t *lock;
	const char *link;
	int master;
	int slave; /* kept, or the line hangs up with each program */
	int wakes;
	bool plugged, dead, ends;
	pthread_t server;
};

static const struct {
	speed_t speed;
	uint32_t baud;
} speeds[] = { { B9600, 9600 }, { B19200, 19200 }, { B38400, 38400 },
	{ B57600, 57600 }, { B115200, 115200 }, { B230400, 230400 },
	{ B460800, 460800 }, { B921600, 921600 } };

/* The host's end of the line goes as fast as the chip's. */
static bool
rates_agree(const struct nfc_pty *pty)
{
	struct termios t;
	speed_t speed;

	if (tcgetattr(pty->slave, &t) != 0)
		return false;
	speed = cfgetospeed(&t);
	for (size_t i = 0; i < sizeof(speeds) / sizeof(speeds[0]); i++)
		if (speeds[i].speed == speed)
			return speeds[i].baud == nfc_field_baud(pty->field);
	return false;
}

static void
garble(const struct nfc_pty *pty, uint8_t *bytes, size_t n)
{
	if (rates_agree(pty))
		return;
	for (size_t i = 0; i < n; i++)
		bytes[i] ^= WRONG_RATE;
}

/* The rate is that of the moment: a frame may change what comes after it. */
static void
send_frames(struct nfc_pty *pty)
{
	uint8_t bytes[PN532_FRAME_CAP];
	struct emrtd_out out = emrtd_out(bytes, sizeof(bytes));

	while (nfc_field_to_host(pty->field, &out)) {
		garble(pty, bytes, out.len);
		/* What nobody takes is lost, as on a line. */
		if (write(pty->master, bytes, out.len) < 0)
			break;
		out = emrtd_out(bytes, sizeof(bytes));
	}
}

static void
take_bytes(struct nfc_pty *pty)
{
	uint8_t bytes[READ_CAP];
	ssize_t n = read(pty->master, bytes, sizeof(bytes));

	if (n <= 0)
		return;
	garble(pty, bytes, (size_t)n);
	nfc_field_from_host(pty->field, emrtd_bytes(bytes, (size_t)n));
}

static int
patience(const struct nfc_pty *pty)
{
	int64_t due = nfc_field_due_ms(pty->field), now = nfc_field_now_ms();

	if (!pty->plugged || pty->dead || due < 0)
		return -1;
	return due <= now ? 0 : (int)(due - now < 1000 ? due - now : 1000);
}

static void *
server_main(void *self)
{
	struct nfc_pty *pty = self;
	uint64_t count;

	pthread_mutex_lock(pty->lock);
	while (!pty->ends) {
		bool on = pty->plugged && !pty->dead;
		struct pollfd p[2] = { { .fd = pty->wakes, .events = POLLIN },
			{ .fd = on ? pty->master : NO_FD, .events = POLLIN } };
		int wait = patience(pty), n;

		pthread_mutex_unlock(pty->lock);
		n = poll(p, 2, wait);
		pthread_mutex_lock(pty->lock);
		if (n > 0 && (p[0].revents & POLLIN) != 0 &&
		    read(pty->wakes, &count, sizeof(count)) < 0)
			break;
		if (!pty->plugged || pty->dead)
			continue;
		if (n > 0 && (p[1].revents & POLLIN) != 0)
			take_bytes(pty);
		send_frames(pty);
	}
	pthread_mutex_unlock(pty->lock);
	return NULL;
}

void
nfc_pty_nudge(struct nfc_pty *pty)
{
	const uint64_t one = 1;

	if (write(pty->wakes, &one, sizeof(one)) < 0)
		perror("nfc_reader");
}

/* ---- Plugging ---------------------------------------------------------- */

static bool
open_line(struct nfc_pty *pty)
{
	struct termios t;
	const char *name;

	pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (pty->master < 0 || grantpt(pty->master) != 0 ||
	    unlockpt(pty->master) != 0)
		return false;
	name = ptsname(pty->master);
	if (name == NULL)
		return false;
	pty->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (pty->slave < 0 || tcgetattr(pty->slave, &t) != 0)
		return false;
	cfmakeraw(&t);
	return tcsetattr(pty->slave, TCSANOW, &t) == 0 &&
	       symlink(name, pty->link) == 0;
}

static void
close_line(struct nfc_pty *pty)
{
	(void)unlink(pty->link);
	if (pty->slave >= 0)
		(void)close(pty->slave);
	if (pty->master >= 0)
		(void)close(pty->master);
	pty->slave = pty->master = NO_FD;
	pty->plugged = false;
}

void
nfc_pty_plug(struct nfc_pty *pty)
{
	pthread_mutex_lock(pty->lock);
	nfc_field_replug(pty->field);
	if (!open_line(pty)) {
		perror(pty->link);
		exit(EXIT_FAILURE);
	}
	pty->plugged = true;
	pty->dead = false;
	pthread_mutex_unlock(pty->lock);
	nfc_pty_nudge(pty);
}

/* The thread may be in poll with the descriptor: it is woken, and sees. */
void
nfc_pty_unplug(struct nfc_pty *pty)
{
	pthread_mutex_lock(pty->lock);
	close_line(pty);
	pthread_mutex_unlock(pty->lock);
	nfc_pty_nudge(pty);
}

void
nfc_pty_pull(struct nfc_pty *pty)
{
	pty->dead = true;
}

struct nfc_pty *
nfc_pty_new(struct nfc_field *field, pthread_mutex_t *lock, const char *link)
{
	struct nfc_pty *pty = calloc(1, sizeof(*pty));

	if (pty == NULL)
		return NULL;
	pty->field = field;
	pty->lock = lock;
	pty->link = link;
	pty->master = pty->slave = NO_FD;
	pty->wakes = eventfd(0, EFD_CLOEXEC);
	if (pty->wakes < 0 ||
	    pthread_create(&pty->server, NULL, server_main, pty) != 0) {
		perror("nfc_reader");
		free(pty);
		return NULL;
	}
	return pty;
}

void
nfc_pty_free(struct nfc_pty **pty)
{
	if (*pty == NULL)
		return;
	pthread_mutex_lock((*pty)->lock);
	(*pty)->ends = true;
	pthread_mutex_unlock((*pty)->lock);
	nfc_pty_nudge(*pty);
	pthread_join((*pty)->server, NULL);
	close_line(*pty);
	(void)close((*pty)->wakes);
	free(*pty);
	*pty = NULL;
}
