/*
 * Every protocol of PACE and Chip Authentication, our reader against our
 * chip, over groups that are drawn: how many runs fail (none should), how
 * many met a leading zero, how long one takes.
 *
 *   bench_protocols [--runs-ecdh N] [--runs-dh N] [--seed N] [--forced]
 *
 * --forced: for each protocol and group also a run with a shared secret, and
 * one with a public key, that begins with a zero. Prints a table in Markdown;
 * exit status 1 when a run fails. What fails is named with its label, which
 * together with the seed makes the same run again.
 */
#include "data.h"
#include "protocol_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N_IDS     32 /* ids of groups are below */
#define MAX_NAMED 20 /* failures that are told one by one */

#define SMALL_FACE MRTD_SOURCE_DIR "/samples/faces/small.jpg"

struct options {
	unsigned long runs_ecdh, runs_dh;
	uint64_t seed;
	bool forced;
};

/* A row of either table of protocols. */
struct protocol {
	const char *name;
	enum emrtd_group_kind kind;
	const struct emrtd_pace_protocol *pace; /* NULL: Chip Authentication */
	const struct emrtd_chip_auth_protocol *ca;
};

struct figures {
	unsigned long runs, failures, zero_secrets, zero_keys, forced;
	double seconds; /* of the processor, both sides, not the forced ones */
};

struct campaign {
	struct emrtd_crypto *crypto;
	struct options options;
	struct emrtd_bytes face;
	struct emrtd_card *cards[N_IDS]; /* of the protocol at hand */
	uint64_t label;
	unsigned long failures;
};

static struct protocol
protocol_at(size_t i)
{
	size_t n_pace = emrtd_pace_protocol_count();
	struct protocol p = { NULL, EMRTD_GROUP_EC, NULL, NULL };

	if (i < n_pace) {
		p.pace = emrtd_pace_protocol_at(i);
		p.name = p.pace->name;
		p.kind = p.pace->ecdh ? EMRTD_GROUP_EC : EMRTD_GROUP_DH;
	} else if (i - n_pace < emrtd_chip_auth_protocol_count()) {
		p.ca = emrtd_chip_auth_protocol_at(i - n_pace);
		p.name = p.ca->name;
		p.kind = p.ca->kind;
	}
	return p;
}

static bool
fits(const struct protocol *p, const struct emrtd_group *group)
{
	return p->pace != NULL ? emrtd_pace_protocol_fits(p->pace, group)
			       : p->ca->kind == group->kind;
}

static double
processor_seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
begin_run(struct campaign *c, struct protocol_run *run,
    const struct emrtd_group *group, enum forced forced)
{
	memset(run, 0, sizeof(*run));
	run->crypto = c->crypto;
	run->group = group;
	run->forced = forced;
	run->random.crypto = c->crypto;
	run->random.seed = c->options.seed;
	run->random.label = ++c->label;
}

static void
run_once(struct campaign *c, const struct protocol *p,
    const struct emrtd_group *group, enum forced forced, struct figures *f)
{
	struct emrtd_card **card = &c->cards[group->id % N_IDS];
	struct protocol_run run;
	double before;

	begin_run(c, &run, group, forced);
	if (p->ca != NULL && *card == NULL)
		*card = issue_for_ca(&run, p->ca, c->face);
	before = processor_seconds();
	if (p->pace != NULL)
		run_pace(&run, p->pace);
	else if (*card != NULL)
		run_ca(&run, p->ca, *card);
	if (forced == FORCED_NOTHING) {
		f->seconds += processor_seconds() - before;
		f->runs++;
		f->zero_secrets += run.zero_secrets;
		f->zero_keys += run.zero_keys;
	} else {
		f->forced++;
	}
	if (run.failed == NULL)
		return;
	f->failures++;
	if (++c->failures > MAX_NAMED)
		return;
	fprintf(stderr,
	    "bench_protocols: %s on %s, label %" PRIu64 ": %s (%s)\n", p->name,
	    group->name, run.random.label, run.failed,
	    emrtd_error_name(run.error));
}

/* The groups that fit, into 'fit'; how many. */
static size_t
groups_for(const struct protocol *p, const struct emrtd_group **fit)
{
	size_t n = 0;

	for (size_t g = 0; g < emrtd_group_count() && n < N_IDS; g++) {
		if (fits(p, emrtd_group_at(g)))
			fit[n++] = emrtd_group_at(g);
	}
	return n;
}

static void
run_protocol(struct campaign *c, const struct protocol *p, struct figures *f)
{
	unsigned long runs = p->kind == EMRTD_GROUP_EC ? c->options.runs_ecdh
						       : c->options.runs_dh;
	const struct emrtd_group *fit[N_IDS];
	size_t n = groups_for(p, fit);

	memset(f, 0, sizeof(*f));
	for (unsigned long i = 0; i < runs && n > 0; i++) {
		struct seeded draw = { .crypto = c->crypto,
			.seed = c->options.seed,
			.label = UINT64_MAX - c->label };

		run_once(c, p, fit[seeded_below(&draw, n)], FORCED_NOTHING, f);
	}
	for (size_t g = 0; g < n && c->options.forced; g++) {
		run_once(c, p, fit[g], FORCED_SECRET, f);
		run_once(c, p, fit[g], FORCED_KEY, f);
	}
	for (size_t i = 0; i < N_IDS; i++)
		emrtd_card_free(&c->cards[i]);
}

static void
print_row(const char *name, const struct figures *f)
{
	printf("| %s | %lu | %lu | %lu | %lu | %lu | ", name, f->runs,
	    f->forced, f->failures, f->zero_secrets, f->zero_keys);
	if (f->runs > 0)
		printf("%.2f ms |\n", 1000 * f->seconds / (double)f->runs);
	else
		printf("- |\n");
	(void)fflush(stdout);
}

static void
add(struct figures *sum, const struct figures *f)
{
	sum->runs += f->runs;
	sum->failures += f->failures;
	sum->zero_secrets += f->zero_secrets;
	sum->zero_keys += f->zero_keys;
	sum->forced += f->forced;
	sum->seconds += f->seconds;
}

static void
run_all(struct campaign *c)
{
	struct figures sum = { 0 }, f;
	struct protocol p;

	printf("Seed %" PRIu64 ".\n\n"
	       "| protocol | runs | forced | failures | secrets with a leading "
	       "zero | public keys with one | time of a run |\n"
	       "|---|---|---|---|---|---|---|\n",
	    c->options.seed);
	for (size_t i = 0; (p = protocol_at(i)).name != NULL; i++) {
		run_protocol(c, &p, &f);
		print_row(p.name, &f);
		add(&sum, &f);
	}
	print_row("all", &sum);
}

static bool
parse_options(int argc, char **argv, struct options *o)
{
	for (int i = 1; i < argc; i++) {
		unsigned long long n;
		char *end;

		if (strcmp(argv[i], "--forced") == 0) {
			o->forced = true;
			continue;
		}
		if (i + 1 == argc)
			return false;
		n = strtoull(argv[i + 1], &end, 10);
		if (*end != '\0' || end == argv[i + 1])
			return false;
		if (strcmp(argv[i], "--runs-ecdh") == 0)
			o->runs_ecdh = (unsigned long)n;
		else if (strcmp(argv[i], "--runs-dh") == 0)
			o->runs_dh = (unsigned long)n;
		else if (strcmp(argv[i], "--seed") == 0)
			o->seed = n;
		else
			return false;
		i++;
	}
	return true;
}

int
main(int argc, char **argv)
{
	struct campaign c = { .options = { 100, 10, 0, false } };
	struct test_bytes face;

	c.options.seed = (uint64_t)time(NULL);
	if (!parse_options(argc, argv, &c.options)) {
		fprintf(stderr,
		    "usage: %s [--runs-ecdh N] [--runs-dh N] "
		    "[--seed N] [--forced]\n",
		    argv[0]);
		return 2;
	}
	face = test_file(SMALL_FACE);
	c.face = emrtd_bytes(face.ptr, face.len);
	if (emrtd_crypto_new(NULL, &c.crypto) != EMRTD_OK) {
		fprintf(stderr, "bench_protocols: no cryptography\n");
		return 3;
	}
	run_all(&c);
	emrtd_crypto_free(&c.crypto);
	test_bytes_free(&face);
	return c.failures == 0 ? 0 : 1;
}
