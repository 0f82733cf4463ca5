#include "pn532_pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define READ_CAP 512
#define NOISE    0xE5 /* what a byte at the wrong speed may look like */

/* ---- Beginning and end ------------------------------------------------- */

/* The slave stays open here, so that the line outlives each of its hosts. */
static bool
open_terminal(struct pn532_line *line)
{
	struct termios t;

	line->fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (line->fd < 0 || grantpt(line->fd) != 0 || unlockpt(line->fd) != 0 ||
	    ptsname_r(line->fd, line->name, sizeof(line->name)) != 0)
		return false;
	line->slave = open(line->name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (line->slave < 0 || fchmod(line->slave, 0600) != 0 ||
	    tcgetattr(line->slave, &t) != 0)
		return false;
	cfmakeraw(&t);
	return tcsetattr(line->slave, TCSANOW, &t) == 0 &&
	       fcntl(line->fd, F_SETFL, O_NONBLOCK) == 0;
}

static bool
make_link(const struct pn532_line *line, bool force)
{
	struct stat status;

	if (force && lstat(line->path, &status) == 0 &&
	    S_ISLNK(status.st_mode) && unlink(line->path) != 0)
		return false;
	return symlink(line->name, line->path) == 0;
}

static void
remove_link(const struct pn532_line *line)
{
	char target[PN532_LINE_NAME_CAP];
	ssize_t n = readlink(line->path, target, sizeof(target));

	if (n > 0 && (size_t)n == strlen(line->name) &&
	    memcmp(target, line->name, (size_t)n) == 0)
		(void)unlink(line->path);
}

static void
close_terminal(struct pn532_line *line)
{
	if (line->slave >= 0)
		(void)close(line->slave);
	if (line->fd >= 0)
		(void)close(line->fd);
	line->fd = line->slave = -1;
}

bool
pn532_line_open(struct pn532_line *line, struct pn532 *chip, const char *path,
    bool force)
{
	int error;

	*line = (struct pn532_line){ .chip = chip,
		.path = path,
		.fd = -1,
		.slave = -1 };
	if (open_terminal(line) && make_link(line, force))
		return true;
	error = errno;
	close_terminal(line);
	errno = error;
	return false;
}

void
pn532_line_close(struct pn532_line *line)
{
	remove_link(line);
	close_terminal(line);
}

/* ---- The line ---------------------------------------------------------- */

static void
show(const struct pn532_line *line, char direction, const uint8_t *bytes,
    size_t len)
{
	if (!line->verbose)
		return;
	(void)fprintf(stderr, "%c ", direction);
	for (size_t i = 0; i < len; i++)
		(void)fprintf(stderr, "%02X", bytes[i]);
	(void)fputc('\n', stderr);
}

static uint32_t
baud_of(speed_t speed)
{
	static const struct {
		speed_t speed;
		uint32_t baud;
	} rows[] = { { B9600, 9600 }, { B19200, 19200 }, { B38400, 38400 },
		{ B57600, 57600 }, { B115200, 115200 }, { B230400, 230400 },
		{ B460800, 460800 }, { B921600, 921600 } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].speed == speed)
			return rows[i].baud;
	return 0;
}

/* What the host has set, which a terminal's master sees, too. */
static uint32_t
host_baud(const struct pn532_line *line)
{
	struct termios t;

	return tcgetattr(line->fd, &t) == 0 ? baud_of(cfgetospeed(&t)) : 0;
}

static bool
receive(struct pn532_line *line, uint64_t now_ms)
{
	uint8_t buf[READ_CAP];
	ssize_t n = read(line->fd, buf, sizeof(buf));

	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	show(line, '>', buf, (size_t)n);
	if (!pn532_hears_at(line->chip, host_baud(line)))
		memset(buf, NOISE, (size_t)n);
	pn532_from_host(line->chip, emrtd_bytes(buf, (size_t)n), now_ms);
	return true;
}

/* The next frame is made when this one has gone; false: there is none. */
static bool
next_frame(struct pn532_line *line, uint64_t now_ms)
{
	struct emrtd_out out = emrtd_out(line->frame, sizeof(line->frame));

	if (!pn532_to_host(line->chip, &out, now_ms))
		return false;
	line->len = out.len;
	line->sent = 0;
	show(line, '<', line->frame, line->len);
	if (host_baud(line) != pn532_baud(line->chip))
		memset(line->frame, NOISE, line->len);
	return true;
}

short
pn532_line_events(const struct pn532_line *line)
{
	return line->sent < line->len ? POLLIN | POLLOUT : POLLIN;
}

uint64_t
pn532_line_due_ms(const struct pn532_line *line)
{
	/* A host that does not read comes first. */
	return line->sent < line->len ? PN532_NEVER : pn532_due_ms(line->chip);
}

bool
pn532_line_run(struct pn532_line *line, uint64_t now_ms)
{
	if (!receive(line, now_ms))
		return false;
	while (line->sent < line->len || next_frame(line, now_ms)) {
		ssize_t n = write(line->fd, line->frame + line->sent,
		    line->len - line->sent);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		line->sent += (size_t)n;
	}
	return true;
}
