#include "nfc_pty.h"

#include "pn532_pty.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define NO_FD (-1)

struct nfc_pty {
	struct nfc_field *field;
	pthread_mutex_t *lock;
	struct pn532_line line;
	const char *link;
	bool plugged, dead, ends;
	int wakes;
	pthread_t server;
};

static int
patience(const struct nfc_pty *pty)
{
	uint64_t now = (uint64_t)nfc_field_now_ms(), due;

	if (!pty->plugged || pty->dead)
		return -1;
	due = pn532_line_due_ms(&pty->line);
	if (due == PN532_NEVER)
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
			{ .fd = on ? pty->line.fd : NO_FD,
			    .events = on ? pn532_line_events(&pty->line)
					 : 0 } };
		int wait = patience(pty), n;

		pthread_mutex_unlock(pty->lock);
		n = poll(p, 2, wait);
		pthread_mutex_lock(pty->lock);
		if (n > 0 && (p[0].revents & POLLIN) != 0 &&
		    read(pty->wakes, &count, sizeof(count)) < 0)
			break;
		if (!pty->plugged || pty->dead)
			continue;
		pty->dead = !pn532_line_run(&pty->line,
		    (uint64_t)nfc_field_now_ms());
		nfc_field_look(pty->field);
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

void
nfc_pty_plug(struct nfc_pty *pty)
{
	pthread_mutex_lock(pty->lock);
	nfc_field_replug(pty->field);
	if (!pn532_line_open(&pty->line, nfc_field_chip(pty->field), pty->link,
		false)) {
		perror(pty->link);
		exit(EXIT_FAILURE);
	}
	pty->plugged = true;
	pty->dead = false;
	pthread_mutex_unlock(pty->lock);
	nfc_pty_nudge(pty);
}

static void
unplug(struct nfc_pty *pty)
{
	if (pty->plugged)
		pn532_line_close(&pty->line);
	pty->plugged = false;
}

/* The thread may be in poll with the descriptor: it is woken, and sees. */
void
nfc_pty_unplug(struct nfc_pty *pty)
{
	pthread_mutex_lock(pty->lock);
	unplug(pty);
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
	unplug(*pty);
	(void)close((*pty)->wakes);
	free(*pty);
	*pty = NULL;
}
