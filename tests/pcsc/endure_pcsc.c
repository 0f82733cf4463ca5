/*
 * endure_pcsc READER PORT N - one process watches a reader behind pcscd and
 * reads N documents, one after the other, as a gate does for a day. The other
 * end of vpcd is a thread of this program: it lays a virtual passport down,
 * takes it away, and tears every fifth one from the reader at some command.
 *
 * Each document ends verified, or lost with a named error. Descriptors,
 * threads and heap are the same at the end as after a third.
 */
#include "card/card.h"

#include <emrtd/reader.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define AT          1780272000 /* 2026-06-01 */
#define FACE_LEN    2048
#define SEEN_MS     20000
#define TEAR_EACH   5
#define TEAR_BEFORE 24 /* commands of one reading, about */
#define N_MAX       1000000

/* Where the passport is, and when it is torn away; of the card's thread. */
static struct {
	struct emrtd_card *card;
	uint16_t port;
	atomic_bool wanted; /* on the reader */
	atomic_bool over;
	atomic_int tear_at; /* at this command; 0: not */
	atomic_int fd;
} desk;

static void
nap(long ms)
{
	const struct timespec pause = { .tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
}

static bool
receive(int fd, uint8_t *to, size_t n)
{
	int one = 1;

	while (n > 0) {
		ssize_t got;

		(void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &one,
		    sizeof(one));
		got = recv(fd, to, n, 0);
		if (got <= 0)
			return false;
		to += got;
		n -= (size_t)got;
	}
	return true;
}

static bool
answer(int fd, uint8_t *frame, size_t n)
{
	frame[0] = (uint8_t)(n >> 8);
	frame[1] = (uint8_t)n;
	return send(fd, frame, n + 2, MSG_NOSIGNAL) == (ssize_t)(n + 2);
}

/* One message of vpcd; false: the passport is gone. */
static bool
handle(int fd, struct emrtd_bytes message, int *n_commands)
{
	static uint8_t frame[2 + 65535];
	struct emrtd_out out = emrtd_out(frame + 2, sizeof(frame) - 2);
	struct emrtd_bytes atr = emrtd_card_atr(desk.card);

	if (message.len == 1 && message.ptr[0] == 4) {
		memcpy(frame + 2, atr.ptr, atr.len);
		return answer(fd, frame, atr.len);
	}
	if (message.len == 1) {
		emrtd_card_reset(desk.card);
		return true;
	}
	if (++*n_commands == atomic_load(&desk.tear_at)) {
		atomic_store(&desk.wanted, false);
		return false;
	}
	return emrtd_card_transmit(desk.card, message, &out) == EMRTD_OK &&
	       answer(fd, frame, out.len);
}

static void
lie_there(int fd)
{
	static uint8_t message[65535];
	int n_commands = 0;
	uint8_t head[2];
	size_t n;

	while (atomic_load(&desk.wanted) && receive(fd, head, 2)) {
		n = (size_t)head[0] << 8 | head[1];
		if (!receive(fd, message, n) ||
		    !handle(fd, emrtd_bytes(message, n), &n_commands))
			return;
	}
}

static void *
desk_main(void *arg)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(desk.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd, one = 1;

	(void)arg;
	while (!atomic_load(&desk.over)) {
		if (!atomic_load(&desk.wanted)) {
			nap(5);
			continue;
		}
		fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) ==
		    0) {
			(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one,
			    sizeof(one));
			atomic_store(&desk.fd, fd);
			lie_there(fd);
			atomic_store(&desk.fd, -1);
		} else
			nap(50);
		close(fd);
	}
	return NULL;
}

static void
take_away(void)
{
	int fd;

	atomic_store(&desk.wanted, false);
	fd = atomic_load(&desk.fd);
	if (fd >= 0)
		shutdown(fd, SHUT_RDWR);
}

/* What must not grow. */
struct footprint {
	unsigned fds, threads;
	size_t heap;
};

static unsigned
count_entries(const char *path)
{
	DIR *dir = opendir(path);
	unsigned n = 0;

	while (dir != NULL && readdir(dir) != NULL)
		n++;
	if (dir != NULL)
		closedir(dir);
	return n;
}

static struct footprint
look(void)
{
	struct footprint f;

	f.heap = mallinfo2().uordblks; /* before a folder is opened */
	f.fds = count_entries("/proc/self/fd");
	f.threads = count_entries("/proc/self/task");
	return f;
}

static void
show(const char *when, const struct footprint *f)
{
	printf("%-14s %u descriptors, %u threads, %zu bytes of heap\n", when,
	    f->fds - 2, f->threads - 2, f->heap);
}

struct tally {
	unsigned read, lost, wrong;
};

static void
judge(const struct emrtd_result *r, enum emrtd_error e, bool torn,
    struct tally *tally)
{
	enum emrtd_error_class class = emrtd_error_class(e);

	if (e == EMRTD_OK && emrtd_result_data(r) == EMRTD_DATA_AUTHENTIC)
		tally->read++;
	else if (torn && (class == EMRTD_CLASS_IO || class == EMRTD_CLASS_CARD))
		tally->lost++;
	else {
		printf("wrong: %s, data %s%s\n", emrtd_error_name(e),
		    r != NULL ? emrtd_data_verdict_name(emrtd_result_data(r))
			      : "-",
		    torn ? ", torn" : "");
		tally->wrong++;
	}
}

struct gate {
	struct emrtd_ctx *ctx;
	struct emrtd_trust *trust;
	struct emrtd_transport link;
	struct emrtd_reader_memory memory;
	struct emrtd_password password;
};

static bool
read_one(struct gate *g, bool torn, struct tally *tally)
{
	struct emrtd_read_options options = { .size = sizeof(options),
		.mrz = &g->password,
		.trust = g->trust,
		.at = AT,
		.deadline_ms = 20000,
		.reader_memory = &g->memory };
	struct emrtd_session *session = NULL;
	struct emrtd_result *r = NULL;
	enum emrtd_error e;

	e = g->link.ops->wait(g->link.self, EMRTD_PRESENT, SEEN_MS);
	if (e != EMRTD_OK) {
		printf("no document: %s\n", emrtd_error_name(e));
		return false;
	}
	e = emrtd_session_new(g->ctx, &g->link, &options, &session);
	if (e == EMRTD_OK)
		e = emrtd_session_read(session, &r);
	judge(r, e, torn, tally);
	emrtd_result_free(&r);
	emrtd_session_free(&session);
	take_away();
	e = g->link.ops->wait(g->link.self, EMRTD_ABSENT, SEEN_MS);
	if (e != EMRTD_OK)
		printf("still there: %s\n", emrtd_error_name(e));
	return e == EMRTD_OK;
}

static bool
watch(struct gate *g, unsigned n)
{
	struct tally tally = { 0 };
	struct footprint third = { 0 }, end;
	bool ok = true;

	srand(1);
	for (unsigned i = 1; i <= n && ok; i++) {
		bool torn = i % TEAR_EACH == 0;

		atomic_store(&desk.tear_at,
		    torn ? 1 + rand() % TEAR_BEFORE : 0);
		atomic_store(&desk.wanted, true);
		ok = read_one(g, torn, &tally);
		if (i == (n + 2) / 3) {
			third = look();
			show("after a third:", &third);
			fflush(stdout);
		}
	}
	end = look();
	show("at the end:", &end);
	printf("%u read and verified, %u lost as they were torn away, "
	       "%u otherwise\n",
	    tally.read, tally.lost, tally.wrong);
	return ok && tally.wrong == 0 && end.fds == third.fds &&
	       end.threads == third.threads && end.heap == third.heap;
}

/* The specimen of Doc 9303, with a face of 2 KiB. */
static bool
issue(struct gate *g)
{
	static const uint8_t head[] = { 0xFF, 0xD8, 0xFF, 0xC0, 0x00, 0x0B,
		0x08, 0x00, 0x10, 0x00, 0x0C, 0x01, 0x01, 0x11, 0x00 };
	static const char mrz[] =
	    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
	    "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4";
	static const char key[] = "L898902C3674081223204153";
	static uint8_t face[FACE_LEN];
	struct emrtd_card_profile profile;

	memcpy(face, head, sizeof(head));
	memcpy(face + FACE_LEN - 2, "\xFF\xD9", 2);
	emrtd_card_profile_init(&profile);
	profile.mrz = mrz;
	profile.face = emrtd_bytes(face, sizeof(face));
	return emrtd_card_issue(NULL, &profile, NULL, &desk.card) == EMRTD_OK &&
	       emrtd_password_mrz(key, sizeof(key) - 1, &g->password) ==
		   EMRTD_OK &&
	       emrtd_trust_add_der(g->trust, emrtd_card_csca(desk.card),
		   EMRTD_TRUST_ALLOW_TEST, NULL) == EMRTD_OK;
}

static bool
run(const char *reader, unsigned n)
{
	struct gate g = { .memory = { .size = sizeof(g.memory) } };
	struct emrtd_diag diag;
	pthread_t thread;
	char uri[256];
	bool ok;

	snprintf(uri, sizeof(uri), "pcsc:%s", reader);
	ok = emrtd_ctx_new(NULL, NULL, &g.ctx) == EMRTD_OK &&
	     emrtd_trust_new(g.ctx, &g.trust) == EMRTD_OK && issue(&g) &&
	     emrtd_transport_open(uri, &diag, &g.link) == EMRTD_OK;
	if (!ok) {
		fprintf(stderr, "endure_pcsc: cannot begin\n");
		return false;
	}
	atomic_store(&desk.fd, -1);
	ok = pthread_create(&thread, NULL, desk_main, NULL) == 0;
	if (ok) {
		ok = watch(&g, n);
		atomic_store(&desk.over, true);
		take_away();
		pthread_join(thread, NULL);
	}
	emrtd_transport_close(&g.link);
	emrtd_trust_free(&g.trust);
	emrtd_ctx_free(&g.ctx);
	emrtd_card_free(&desk.card);
	emrtd_password_wipe(&g.password);
	return ok;
}

int
main(int argc, char **argv)
{
	unsigned long n = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;

	if (n == 0 || n > N_MAX) {
		fprintf(stderr, "usage: endure_pcsc READER PORT N\n");
		return 2;
	}
	/* Its buffer is no leak of a reading. */
	setvbuf(stdout, NULL, _IONBF, 0);
	/* All of the heap is to be seen, whichever thread asked for it. */
	mallopt(M_ARENA_MAX, 1);
	desk.port = (uint16_t)strtoul(argv[2], NULL, 10);
	return run(argv[1], (unsigned)n) ? 0 : 1;
}
