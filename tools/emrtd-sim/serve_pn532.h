/*
 * serve_pn532.h - the passport on a simulated PN532 at a pseudo-terminal.
 */
#ifndef EMRTD_SIM_SERVE_PN532_H
#define EMRTD_SIM_SERVE_PN532_H

#include "pn532.h"

struct pn532_place {
	const char *path; /* of a symbolic link to the terminal; made here */
	bool force;       /* another symbolic link may be there already */
	bool verbose;     /* each frame on standard error, and the counts */
};

/*
 * serve_pn532 - plays until SIGTERM or SIGINT; SIGUSR1 takes the document
 * away, and lays it down again. Says 'nfc:pn532_uart:PATH' on standard output
 * as soon as it can be opened.
 * returns: false: errno, and *what says at what
 */
bool serve_pn532(struct pn532 *chip, const struct pn532_place *place,
    const char **what);

#endif
