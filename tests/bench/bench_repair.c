/*
 * bench_repair TRIALS - misread random zones, have them repaired, and count.
 *
 * One row for each way of misreading, "key value" pairs on a line. The truth
 * is known, so that a repair that is wrong shows. Status 1 when a repair does
 * what it must never do: prove anything of a visa, or a document number.
 */
#include "confusion.h"
#include "mrz_random.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TODAY 20780 /* 2026-11-23 */

/* Of 100 places that were misread, so many are among the weights with the
 * character that is in print; and so many other places are doubtful, too. */
#define NAMED      85
#define MORE_DOUBT 3

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";

struct way {
	const char *documents; /* "cards" or "visas" */
	bool look_alikes;      /* not any character */
	unsigned n_errors;     /* 0: one to three in turn */
	bool weights;
};

static const struct way ways[] = {
	{ "cards", true, 1, false },
	{ "cards", true, 2, false },
	{ "cards", true, 3, false },
	{ "cards", false, 1, false },
	{ "cards", false, 2, false },
	{ "cards", false, 3, false },
	{ "cards", true, 1, true },
	{ "cards", true, 2, true },
	{ "cards", true, 3, true },
	{ "cards", false, 1, true },
	{ "cards", false, 2, true },
	{ "cards", false, 3, true },
	{ "visas", true, 0, false },
	{ "visas", true, 0, true },
};

enum outcome {
	PROVED_RIGHT,
	PROVED_WRONG_THERE,  /* what was repaired is not what is printed */
	PROVED_WRONG_UNSEEN, /* another place is wrong, under no digit's eye */
	PROVED_WRONG_SEEN,   /* another place is wrong, and hides behind it */
	SUGGESTED_WITH,      /* the truth among the candidates */
	SUGGESTED_WITHOUT,
	TOO_MANY,
	NONE,
	ACCEPTED_WRONG, /* as read: no check can see it */
	N_OUTCOMES
};

static const char *const names[N_OUTCOMES] = {
	[PROVED_RIGHT] = "proved_right",
	[PROVED_WRONG_THERE] = "proved_wrong_there",
	[PROVED_WRONG_UNSEEN] = "proved_wrong_unseen",
	[PROVED_WRONG_SEEN] = "proved_wrong_seen",
	[SUGGESTED_WITH] = "suggested_with",
	[SUGGESTED_WITHOUT] = "suggested_without",
	[TOO_MANY] = "too_many",
	[NONE] = "none",
	[ACCEPTED_WRONG] = "accepted_wrong",
};

struct trial {
	char truth[MRZ_RANDOM_TEXT_CAP];
	char read[MRZ_RANDOM_TEXT_CAP];
	size_t len;
	size_t n_weights;
	struct mrz_doubt weights[MRZ_MAX_DOUBTS];
};

static const struct mrz_options options = { sizeof(options), TODAY };

static double
cpu_us(void)
{
	struct timespec t;

	/* Of this process: the machine may do other things. */
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* The close ones more often: 1 / cost. */
static char
look_alike(struct mrz_random *random, char c)
{
	struct look_alike like[MAX_LOOK_ALIKES];
	size_t n = mrz_look_alikes(c, like);
	uint32_t all = 0, at;

	for (size_t i = 0; i < n; i++)
		all += 10000u / (uint32_t)like[i].cost;
	if (all == 0)
		return c;
	at = mrz_random_below(random, all);
	for (size_t i = 0; i < n; i++) {
		uint32_t share = 10000u / (uint32_t)like[i].cost;

		if (at < share)
			return like[i].c;
		at -= share;
	}
	return c;
}

static char
any(struct mrz_random *random)
{
	return alphabet[mrz_random_below(random, sizeof(alphabet) - 1)];
}

/* A place that is no line end. */
static size_t
any_place(struct mrz_random *random, const struct trial *trial)
{
	size_t at;

	do
		at = mrz_random_below(random, (uint32_t)trial->len);
	while (trial->truth[at] == '\n');
	return at;
}

/* A doubt about a place; with is among the alternatives unless it is '\0'. */
static void
add_weight(struct mrz_random *random, struct trial *trial, size_t at, char with)
{
	struct mrz_doubt *doubt = &trial->weights[trial->n_weights];
	uint32_t line = 1, column = 1, n = mrz_random_below(random, 2);
	int cost = 0;

	for (size_t i = 0; i < at; i++, column++)
		if (trial->read[i] == '\n') {
			line++;
			column = 0;
		}
	memset(doubt, 0, sizeof(*doubt));
	doubt->line = (uint8_t)line;
	doubt->column = (uint8_t)column;
	for (uint32_t i = 0; i <= n || with != '\0'; i++) {
		char c = with;

		if (with == '\0' || mrz_random_below(random, 3) == 0)
			c = look_alike(random, trial->read[at]);
		if (c == with)
			with = '\0';
		if (c == trial->read[at] || doubt->n == MRZ_MAX_ALTERNATIVES)
			break;
		cost += (int)mrz_random_below(random, 200);
		doubt->text[doubt->n] = c;
		doubt->cost[doubt->n++] = (int16_t)cost;
	}
	if (doubt->n > 0)
		trial->n_weights++;
}

static void
misread(struct mrz_random *random, const struct way *way, unsigned n_errors,
    struct trial *trial)
{
	memcpy(trial->read, trial->truth, sizeof(trial->read));
	trial->n_weights = 0;
	for (unsigned i = 0; i < n_errors;) {
		size_t at = any_place(random, trial);
		char c = way->look_alikes ? look_alike(random, trial->truth[at])
					  : any(random);

		if (c == trial->truth[at] ||
		    trial->read[at] != trial->truth[at])
			continue;
		trial->read[at] = c;
		i++;
		if (way->weights && mrz_random_below(random, 100) < NAMED)
			add_weight(random, trial, at, trial->truth[at]);
	}
	for (unsigned i = 0; way->weights && i < MORE_DOUBT; i++)
		add_weight(random, trial, any_place(random, trial), '\0');
}

static bool
is_accepted(const char *text, size_t len, struct mrz_doc *doc)
{
	return mrz_parse(text, len, &options, doc) == MRZ_OK &&
	       doc->status == MRZ_ACCEPTED;
}

/* The zone as candidate i has it. */
static void
fix(const struct trial *trial, const struct mrz_candidate *candidate, char *out)
{
	memcpy(out, trial->read, sizeof(trial->read));
	for (size_t i = 0; i < candidate->n_changes; i++) {
		const struct mrz_change *change = &candidate->changes[i];
		size_t at = 0;

		for (unsigned line = 1; line < change->line; at++)
			line += out[at] == '\n';
		out[at + change->column - 1] = change->to;
	}
}

/* Of a repair that does not give the truth. */
static enum outcome
how_wrong(const struct trial *trial, char *fixed)
{
	bool seen = false;
	struct mrz_doc doc;

	for (size_t i = 0; i < trial->len; i++) {
		char was = fixed[i];

		if (was == trial->truth[i])
			continue;
		if (was != trial->read[i])
			return PROVED_WRONG_THERE;
		fixed[i] = trial->truth[i];
		seen = seen || !is_accepted(fixed, trial->len, &doc);
		fixed[i] = was;
	}
	return seen ? PROVED_WRONG_SEEN : PROVED_WRONG_UNSEEN;
}

static enum outcome
judge(const struct trial *trial, const struct mrz_repair *repair)
{
	char fixed[MRZ_RANDOM_TEXT_CAP];
	bool found = false;

	for (size_t i = 0; i < repair->n_candidates; i++) {
		fix(trial, &repair->candidates[i], fixed);
		found = found || memcmp(fixed, trial->truth, trial->len) == 0;
	}
	switch (repair->verdict) {
	case MRZ_REPAIR_PROVED:
		return found ? PROVED_RIGHT : how_wrong(trial, fixed);
	case MRZ_REPAIR_SUGGESTED:
		return found ? SUGGESTED_WITH : SUGGESTED_WITHOUT;
	case MRZ_REPAIR_TOO_MANY:
		return TOO_MANY;
	default:
		return NONE;
	}
}

/* What must never happen to what was read as doc. */
static bool
is_absurd(const struct mrz_doc *doc, const struct mrz_repair *repair)
{
	const struct mrz_candidate *first = &repair->candidates[0];

	if (repair->verdict != MRZ_REPAIR_PROVED)
		return false;
	if (doc->format == MRZ_MRVA || doc->format == MRZ_MRVB)
		return true;
	for (size_t i = 0; i < first->n_changes; i++)
		if (first->changes[i].field != MRZ_NO_FIELD &&
		    first->changes[i].field != MRZ_F_DATE_OF_BIRTH &&
		    first->changes[i].field != MRZ_F_DATE_OF_EXPIRY)
			return true;
	return false;
}

static bool
run_way(const struct way *way, uint64_t seed, unsigned long n_trials)
{
	static const enum mrz_format cards[] = { MRZ_TD1, MRZ_TD2, MRZ_TD3 };
	static const enum mrz_format visas[] = { MRZ_MRVA, MRZ_MRVB };
	bool visa = strcmp(way->documents, "visas") == 0, sound = true;
	unsigned long counts[N_OUTCOMES] = { 0 }, n_repairs = 0;
	struct mrz_random random = { seed * 2 + 1 };
	double spent = 0, longest = 0;

	for (unsigned long i = 0; i < n_trials; i++) {
		static struct mrz_random_doc made;
		static struct mrz_repair repair;
		static struct trial trial;
		static struct mrz_doc doc;
		double begin, took;

		mrz_random_zone(visa ? visas[i % 2] : cards[i % 3],
		    seed * n_trials + i, &made, trial.truth);
		trial.len = strlen(trial.truth);
		misread(&random, way,
		    way->n_errors > 0 ? way->n_errors : 1 + (unsigned)(i % 3),
		    &trial);
		if (is_accepted(trial.read, trial.len, &doc)) {
			counts[ACCEPTED_WRONG]++;
			continue;
		}
		begin = cpu_us();
		if (mrz_repair(&doc, trial.weights, trial.n_weights, &options,
			&repair) != MRZ_OK)
			return false;
		took = cpu_us() - begin;
		spent += took;
		longest = took > longest ? took : longest;
		n_repairs++;
		counts[judge(&trial, &repair)]++;
		sound = sound && !is_absurd(&doc, &repair);
	}
	printf("documents %s errors %u table %d weights %d trials %lu",
	    way->documents, way->n_errors, way->look_alikes, way->weights,
	    n_trials);
	for (size_t i = 0; i < N_OUTCOMES; i++)
		printf(" %s %lu", names[i], counts[i]);
	printf(" mean_us %.0f longest_us %.0f\n",
	    n_repairs > 0 ? spent / (double)n_repairs : 0, longest);
	return sound;
}

int
main(int argc, char **argv)
{
	unsigned long n = argc > 1 ? strtoul(argv[1], NULL, 10) : 100000;
	bool sound = true;

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		sound = run_way(&ways[i], i, n) && sound;
		fflush(stdout);
	}
	return sound ? 0 : 1;
}
