/*
 * pn532_pty.h - a simulated PN532 at the end of a serial line, which is a
 * pseudo-terminal: libnfc opens it as pn532_uart. Bytes of a host that has
 * set another speed than the chip's arrive as noise, and the other way round.
 *
 *     poll(pn532_line_fd, pn532_line_events, pn532_line_due_ms), and whatever
 *     comes of it: pn532_line_run
 */
#ifndef EMRTD_SIM_PN532_PTY_H
#define EMRTD_SIM_PN532_PTY_H

#include "pn532.h"

#define PN532_LINE_NAME_CAP 64

struct pn532_line {
	struct pn532 *chip; /* borrowed */
	const char *path;   /* of a symbolic link to the terminal */
	bool verbose;       /* each frame on standard error */

	int fd, slave;
	char name[PN532_LINE_NAME_CAP];
	uint8_t frame[PN532_FRAME_CAP]; /* on its way to the host */
	size_t len, sent;
};

/*
 * pn532_line_open - makes a pseudo-terminal, mode 0600, and the link to it.
 * force: another symbolic link may be there already
 * returns: false: errno, nothing is left open
 */
bool pn532_line_open(struct pn532_line *line, struct pn532 *chip,
    const char *path, bool force);
/* Removes the link, unless it leads somewhere else by now. */
void pn532_line_close(struct pn532_line *line);

/* POLLIN, and POLLOUT when the host has not read all of it. */
short pn532_line_events(const struct pn532_line *line);
/* When pn532_line_run has something to do without an event. */
uint64_t pn532_line_due_ms(const struct pn532_line *line);
/* Takes and gives what there is, and does not wait; false: errno. */
bool pn532_line_run(struct pn532_line *line, uint64_t now_ms);

#endif
