/*
 * What a reading leaves behind: nothing. A process reads a virtual passport,
 * through to the end, into a failure, or until it is cancelled, frees what it
 * has, and stands still; another one, which was the chip and so knows every
 * secret, looks for each in all of its writable memory.
 *
 *	test_secrets [--wipe-is-off] [PART OF A NAME]
 *
 * --wipe-is-off is for the same program with a wipe that does nothing: each
 * secret must then be found in one scenario at least, or the scan would prove
 * nothing for it.
 */
#include "chip_watch.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_S       120
#define PASSED_UNTOUCHED 3 /* exit status of a judge */
#define SWEEP_MAX        40

#define INFO       "X73K9Q251865031783107232"
#define OTHER_INFO "X73K9Q252965031783107232"
#define CAN        "739264"
#define OTHER_CAN  "482917"

#define PIN       "51840697"
#define OTHER_PIN "51840698"
#define PUK       "2750396184"

#define GM_3DES    "id-PACE-ECDH-GM-3DES-CBC-CBC"
#define GM_AES128  "id-PACE-ECDH-GM-AES-CBC-CMAC-128"
#define GM_AES256  "id-PACE-ECDH-GM-AES-CBC-CMAC-256"
#define DH_3DES    "id-PACE-DH-GM-3DES-CBC-CBC"
#define IM_AES192  "id-PACE-ECDH-IM-AES-CBC-CMAC-192"
#define DH_IM      "id-PACE-DH-IM-AES-CBC-CMAC-128"
#define CAM_AES128 "id-PACE-ECDH-CAM-AES-CBC-CMAC-128"
#define CA_AES128  "id-CA-ECDH-AES-CBC-CMAC-128"
#define CA_AES256  "id-CA-ECDH-AES-CBC-CMAC-256"
#define CA_DH      "id-CA-DH-AES-CBC-CMAC-128"
#define CA_3DES    "id-CA-ECDH-3DES-CBC-CBC"

static const struct scenario scenarios[] = {
	{ .name = "BAC", .mrz_info = INFO },
	{ .name = "BAC, steps alone", .mrz_info = INFO, .by_steps = true },
	{ .name = "BAC, wrong MRZ",
	    .mrz_info = OTHER_INFO,
	    .error = EMRTD_E_ACCESS_DENIED },
	{ .name = "BAC, MAC of a file",
	    .mrz_info = INFO,
	    .misbehave = "flip-mac=3",
	    .error = EMRTD_E_MAC },
	{ .name = "BAC, cancelled",
	    .mrz_info = INFO,
	    .cancel_at = 8,
	    .error = EMRTD_E_CANCELLED },
	{ .name = "PACE-GM, AES-128",
	    .pace = GM_AES128,
	    .parameter = 13,
	    .mrz_info = INFO },
	{ .name = "PACE-GM, 3DES",
	    .pace = GM_3DES,
	    .parameter = 12,
	    .can = CAN },
	{ .name = "PACE-GM, AES-256",
	    .pace = GM_AES256,
	    .parameter = 18,
	    .mrz_info = INFO,
	    .can = CAN },
	{ .name = "PACE-GM, wrong CAN",
	    .pace = GM_AES128,
	    .parameter = 13,
	    .can = OTHER_CAN,
	    .error = EMRTD_E_ACCESS_DENIED },
	{ .name = "PACE-GM, wrong MRZ",
	    .pace = GM_AES128,
	    .parameter = 12,
	    .mrz_info = OTHER_INFO,
	    .error = EMRTD_E_ACCESS_DENIED },
	{ .name = "PACE-GM, PIN",
	    .pace = GM_AES128,
	    .parameter = 13,
	    .pin = PIN,
	    .puk = PUK },
	{ .name = "PACE-GM, wrong PIN",
	    .pace = GM_AES128,
	    .parameter = 13,
	    .pin = OTHER_PIN,
	    .error = EMRTD_E_ACCESS_DENIED },
	{ .name = "PACE-IM, PUK",
	    .pace = IM_AES192,
	    .parameter = 13,
	    .puk = PUK },
	{ .name = "PACE-GM, chip's token",
	    .pace = GM_AES256,
	    .parameter = 16,
	    .can = CAN,
	    .misbehave = "bad-token",
	    .error = EMRTD_E_TOKEN },
	{ .name = "PACE-GM, MAC of a file",
	    .pace = GM_AES128,
	    .parameter = 13,
	    .can = CAN,
	    .misbehave = "flip-mac=4",
	    .error = EMRTD_E_MAC },
	{ .name = "PACE-GM, answer in clear",
	    .pace = GM_AES128,
	    .parameter = 13,
	    .can = CAN,
	    .misbehave = "plain-reply=3",
	    .error = EMRTD_E_SM_PLAIN },
	{ .name = "PACE-GM, chip is gone",
	    .pace = GM_AES128,
	    .parameter = 13,
	    .can = CAN,
	    .misbehave = "lost=7",
	    .error = EMRTD_E_CARD_LOST },
	{ .name = "PACE-GM, cancelled",
	    .pace = GM_AES128,
	    .parameter = 13,
	    .can = CAN,
	    .cancel_at = 8,
	    .error = EMRTD_E_CANCELLED },
	{ .name = "PACE-GM, no random bytes for the mapping",
	    .pace = GM_AES128,
	    .parameter = 13,
	    .can = CAN,
	    .no_random_from = 1,
	    .error = EMRTD_E_CRYPTO },
	{ .name = "PACE-GM, no random bytes after the mapping",
	    .pace = GM_AES128,
	    .parameter = 13,
	    .can = CAN,
	    .no_random_from = 2,
	    .error = EMRTD_E_CRYPTO },
	{ .name = "PACE-GM over DH", .pace = DH_3DES, .can = CAN },
	{ .name = "PACE-IM",
	    .pace = IM_AES192,
	    .parameter = 15,
	    .mrz_info = INFO },
	{ .name = "PACE-IM, wrong CAN",
	    .pace = IM_AES192,
	    .parameter = 13,
	    .can = OTHER_CAN,
	    .error = EMRTD_E_ACCESS_DENIED },
	{ .name = "PACE-IM over DH",
	    .pace = DH_IM,
	    .parameter = 2,
	    .can = CAN },
	{ .name = "PACE-CAM",
	    .pace = CAM_AES128,
	    .parameter = 13,
	    .mrz_info = INFO },
	{ .name = "PACE-CAM, chip is gone",
	    .pace = CAM_AES128,
	    .parameter = 12,
	    .mrz_info = INFO,
	    .misbehave = "lost=13",
	    .error = EMRTD_E_CARD_LOST },
	{ .name = "CA after BAC",
	    .ca = CA_3DES,
	    .ca_parameter = 12,
	    .mrz_info = INFO },
	{ .name = "CA after PACE",
	    .pace = GM_AES128,
	    .parameter = 13,
	    .ca = CA_AES256,
	    .ca_parameter = 18,
	    .mrz_info = INFO },
	{ .name = "CA over DH",
	    .ca = CA_DH,
	    .ca_parameter = 1,
	    .mrz_info = INFO },
	{ .name = "CA fails",
	    .pace = GM_AES128,
	    .parameter = 13,
	    .ca = CA_AES128,
	    .ca_parameter = 12,
	    .mrz_info = INFO,
	    .is_clone = true },
	{ .name = "CA, chip is gone",
	    .ca = CA_AES128,
	    .ca_parameter = 13,
	    .mrz_info = INFO,
	    .misbehave = "lost=13",
	    .error = EMRTD_E_CARD_LOST },
	{ .name = "CA, steps alone",
	    .ca = CA_AES128,
	    .ca_parameter = 12,
	    .mrz_info = INFO,
	    .by_steps = true },
	{ .name = "CA, no memory",
	    .ca = CA_AES128,
	    .ca_parameter = 13,
	    .mrz_info = INFO,
	    .sweep = 13,
	    .sweep_late = true },
	{ .name = "BAC, steps alone, no memory",
	    .mrz_info = INFO,
	    .by_steps = true,
	    .sweep = 1 },
	{ .name = "BAC, no memory", .mrz_info = INFO, .sweep = 1 },
	{ .name = "PACE-GM, no memory",
	    .pace = GM_AES128,
	    .parameter = 13,
	    .mrz_info = INFO,
	    .sweep = 23 },
	{ .name = "PACE-GM over DH, no memory",
	    .pace = DH_3DES,
	    .can = CAN,
	    .sweep = 23 },
	{ .name = "PACE-IM, no memory",
	    .pace = IM_AES192,
	    .parameter = 13,
	    .mrz_info = INFO,
	    .sweep = 23 },
	{ .name = "PACE-CAM, no memory",
	    .pace = CAM_AES128,
	    .parameter = 13,
	    .mrz_info = INFO,
	    .sweep = 29 },
};

#define N_SCENARIOS (sizeof(scenarios) / sizeof(*scenarios))

/* By name, over all scenarios; in memory that the judges share. */
struct tally {
	size_t n;
	struct {
		char name[SECRET_NAME_MAX];
		unsigned looked_for, found;
	} rows[SECRETS_MAX];
};

static void
count(struct tally *tally, const char *name, bool found)
{
	size_t i = 0;

	while (i < tally->n && strcmp(tally->rows[i].name, name) != 0)
		i++;
	if (i == SECRETS_MAX)
		abort();
	if (i == tally->n)
		(void)snprintf(tally->rows[tally->n++].name, SECRET_NAME_MAX,
		    "%s", name);
	tally->rows[i].looked_for++;
	tally->rows[i].found += found;
}

static void *
shared_memory(size_t len)
{
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		abort();
	return p;
}

/* Who looks, for what, into whom. */
struct look {
	const struct scenario *scenario;
	struct rendezvous *r;
	pid_t reader;
	int halted, go_on; /* the other ends of the reader's pipes */
	struct secret_list *secrets;
	struct tally *tally;
	bool tell;
};

/* False when the memory cannot be read; leaks are counted and told. */
static bool
look_into(const struct look *l, enum halt halt)
{
	static const char *const when[N_HALTS] = { "chip opened",
		"session and result freed", "all freed" };
	struct leak leaks[SECRETS_MAX];

	if (!memory_scan(l->reader, l->secrets, leaks)) {
		(void)fprintf(stderr, "%s: the memory cannot be read\n",
		    l->scenario->name);
		return false;
	}
	for (size_t i = 0; i < l->secrets->n; i++) {
		const struct secret *s = &l->secrets->items[i];

		if (halt == HALT_OPENED && s->needed)
			continue;
		count(l->tally, s->name, leaks[i].count > 0);
		if (l->tell && leaks[i].count > 0)
			(void)printf("LEFT  %s, %s: %s, %u times; %s\n",
			    l->scenario->name, when[halt], s->name,
			    leaks[i].count, leaks[i].where);
	}
	return true;
}

/* The chip's answers, and a look wherever the reader stands still. */
static bool
look_on(const struct look *l, int listener)
{
	const struct scenario *sc = l->scenario;
	struct watch *watch = watch_begin(sc, l->r, listener, l->secrets);
	uint8_t halt = 0;

	while (halt != HALT_FREED) {
		if (!watch_serve(watch, l->halted) ||
		    read(l->halted, &halt, 1) != 1 || halt >= N_HALTS ||
		    !look_into(l, (enum halt)halt) ||
		    write(l->go_on, &halt, 1) != 1)
			break;
	}
	watch_end(&watch);
	if (halt != HALT_FREED)
		return false;
	if (l->r->error == sc->error || sc->no_memory_at > 0)
		return true;
	(void)fprintf(stderr, "%s: ended with %s, not %s\n", sc->name,
	    emrtd_error_name(l->r->error), emrtd_error_name(sc->error));
	return false;
}

/*
 * The reader is forked before there is a document: what it knows of it, it
 * has read.
 */
static _Noreturn void
judge(const struct scenario *sc, struct tally *tally, bool tell)
{
	static struct secret_list secrets;
	struct rendezvous *r = shared_memory(sizeof(*r));
	int halted[2], go_on[2], listener = chip_listen(&r->port), status = 1;
	bool good = false;
	pid_t reader;

	(void)alarm(PATIENCE_S);
	if (listener < 0 || pipe(halted) != 0 || pipe(go_on) != 0)
		abort();
	r->halted = halted[1];
	r->go_on = go_on[0];
	reader = fork();
	if (reader == 0) {
		(void)close(listener);
		(void)close(halted[0]);
		(void)close(go_on[1]);
		(void)alarm(PATIENCE_S);
		read_once(sc, r);
	}
	(void)close(halted[1]);
	(void)close(go_on[0]);
	if (reader > 0)
		good = look_on(&(struct look){ sc, r, reader, halted[0],
				   go_on[1], &secrets, tally, tell },
		    listener);
	(void)fflush(stdout);
	if (!good && reader > 0)
		(void)kill(reader, SIGKILL);
	if (reader > 0)
		(void)waitpid(reader, &status, 0);
	if (!good || status != 0)
		_exit(1);
	_exit(sc->no_memory_at > 0 && !r->memory_failed ? PASSED_UNTOUCHED : 0);
}

/* PASSED_UNTOUCHED: what should have failed was never asked for. */
static int
run_once(const struct scenario *sc, struct tally *tally, bool tell)
{
	int status = 1;
	pid_t child;

	(void)fflush(stdout);
	child = fork();
	if (child == 0)
		judge(sc, tally, tell);
	if (child > 0 && waitpid(child, &status, 0) == child &&
	    WIFEXITED(status) && WEXITSTATUS(status) != 1)
		return WEXITSTATUS(status);
	(void)printf("%s: not carried out\n", sc->name);
	return 1;
}

static bool
run(const struct scenario *sc, struct tally *tally, bool tell)
{
	struct scenario one = *sc;
	int status, n = 0;

	if (sc->sweep == 0)
		return run_once(sc, tally, tell) == 0;
	one.no_memory_at = 1;
	do {
		status = run_once(&one, tally, tell);
		one.no_memory_at += sc->sweep;
	} while (status == 0 && ++n < SWEEP_MAX);
	return status != 1;
}

/* Found never, or with the wipe that does nothing: at least once. */
static bool
sum_up(const struct tally *tally, bool wipe_is_off)
{
	bool good = tally->n > 0;

	(void)printf("%-40s %10s %5s\n", "secret", "looked for", "found");
	for (size_t i = 0; i < tally->n; i++) {
		bool right = wipe_is_off ? tally->rows[i].found > 0
					 : tally->rows[i].found == 0;

		(void)printf("%-40s %10u %5u%s\n", tally->rows[i].name,
		    tally->rows[i].looked_for, tally->rows[i].found,
		    right ? "" : "  WRONG");
		good = good && right;
	}
	return good;
}

int
main(int argc, char **argv)
{
	struct tally *tally = shared_memory(sizeof(*tally));
	bool wipe_is_off = false, good = true;
	const char *part = "";

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--wipe-is-off") == 0)
			wipe_is_off = true;
		else
			part = argv[i];
	}
	for (size_t i = 0; i < N_SCENARIOS; i++)
		if (strstr(scenarios[i].name, part) != NULL)
			good = run(&scenarios[i], tally, !wipe_is_off) && good;
	return sum_up(tally, wipe_is_off) && good ? 0 : 1;
}
