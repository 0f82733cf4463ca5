/*
 * serve.h - the card at the end of a TCP connection, in the framing of vpcd
 * (vsmartcard's virtual reader): two bytes of length, big-endian, and so many
 * bytes, both ways. From the reader a length of 1 is a control: 0 power off,
 * 1 power on, 2 reset, 4 get ATR; anything else is a command APDU. The card
 * answers 'get ATR' and commands, nothing else.
 */
#ifndef EMRTD_SIM_SERVE_H
#define EMRTD_SIM_SERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "card/card.h"

enum serve_result {
	SERVE_GOES_ON = 0,
	SERVE_CLOSED, /* by the reader, or the card has left the field */
	SERVE_SIGNAL, /* SIGTERM or SIGINT */
	SERVE_ERRNO   /* errno says why */
};

struct server {
	struct emrtd_card *card;
	int signal_fd; /* readable when the program shall end */
	bool verbose;  /* each APDU on standard error */
};

/* Blocks SIGTERM and SIGINT, and watches for them; false: errno. */
bool serve_begin(struct server *server, struct emrtd_card *card);
void serve_end(struct server *server);

/* As a card: connect to a waiting vpcd, for up to ten seconds, and play. */
enum serve_result serve_vpcd(const struct server *server, const char *host,
    const char *port);
/*
 * As a reader's slot: listen on the loopback, port 0 for any, and play one
 * connection after the other. Says 'listening on 127.0.0.1:PORT' on standard
 * output as soon as it does.
 */
enum serve_result serve_listen(const struct server *server, uint16_t port);

#endif
