#include "serial_line.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/file.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static const struct {
	uint32_t speed;
	speed_t of_termios;
	uint8_t code;
} speeds[] = {
	{ 9600, B9600, 0 },
	{ 19200, B19200, 1 },
	{ 38400, B38400, 2 },
	{ 57600, B57600, 3 },
	{ 115200, B115200, 4 },
	{ 230400, B230400, 5 },
	{ 460800, B460800, 6 },
};

#define N_SPEEDS (sizeof(speeds) / sizeof(speeds[0]))

bool
serial_line_code(uint32_t speed, uint8_t *code)
{
	for (size_t i = 0; i < N_SPEEDS; i++) {
		if (speeds[i].speed != speed)
			continue;
		*code = speeds[i].code;
		return true;
	}
	return false;
}

int
serial_line_open(struct serial_line *line, const char *path)
{
	int error;

	line->fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (line->fd < 0)
		return errno;
	if (isatty(line->fd) && flock(line->fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	error = errno;
	serial_line_close(line);
	return error;
}

void
serial_line_close(struct serial_line *line)
{
	if (line->fd >= 0)
		close(line->fd);
	line->fd = -1;
}

bool
serial_line_set(const struct serial_line *line, uint32_t speed)
{
	struct termios t;
	speed_t of_termios = B0;

	for (size_t i = 0; i < N_SPEEDS; i++)
		if (speeds[i].speed == speed)
			of_termios = speeds[i].of_termios;
	return of_termios != B0 && tcgetattr(line->fd, &t) == 0 &&
	       cfsetispeed(&t, of_termios) == 0 &&
	       cfsetospeed(&t, of_termios) == 0 &&
	       tcsetattr(line->fd, TCSANOW, &t) == 0;
}

uint32_t
serial_line_speed(const struct serial_line *line)
{
	struct termios t;

	if (tcgetattr(line->fd, &t) != 0)
		return 0;
	for (size_t i = 0; i < N_SPEEDS; i++)
		if (speeds[i].of_termios == cfgetospeed(&t))
			return speeds[i].speed;
	return 0;
}

bool
serial_line_acknowledge(const struct serial_line *line, unsigned settle_ms)
{
	static const uint8_t ack[] = { 0x00, 0x00, 0xFF, 0x00, 0xFF, 0x00 };
	const struct timespec settle = { 0, (long)settle_ms * 1000000 };

	if (write(line->fd, ack, sizeof(ack)) != (ssize_t)sizeof(ack) ||
	    tcdrain(line->fd) != 0)
		return false;
	nanosleep(&settle, NULL);
	return true;
}
