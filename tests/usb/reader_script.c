#include "reader_script.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICK_MS     5
#define GIVEN_UP_MS 400 /* a tear that nobody came for */
#define NUMBER_MAX  10000000
#define WORD_CAP    16
#define NEVER       UINT32_MAX

enum verb {
	LAY,
	TAKE,
	NOTICED,
	PLUG,
	UNPLUG,
	WAIT,
	IDLE,
	TOLD,
	TEAR,
	PULL,
	N_VERBS
};

static const struct {
	const char *word;
	bool has_number;
} verbs[N_VERBS] = {
	[LAY] = { "lay", true },
	[TAKE] = { "take", false },
	[NOTICED] = { "noticed", false },
	[PLUG] = { "plug", false },
	[UNPLUG] = { "unplug", false },
	[WAIT] = { "wait", true },
	[IDLE] = { "idle", true },
	[TOLD] = { "told", false },
	[TEAR] = { "tear", true },
	[PULL] = { "pull", true },
};

struct step {
	enum verb verb;
	uint32_t number;
	bool any;      /* any number up to it */
	uint32_t odds; /* in 100 cases; else it is passed over */
};

struct reader_script {
	struct step steps[READER_SCRIPT_STEPS_MAX];
	size_t n_steps, at;
	unsigned repeats;
	uint64_t seed;
	/* The running step. */
	bool begun;
	int64_t since_ms;
	uint32_t blocks_then;
	uint32_t absent_then, commands_at_lay;
	bool plugged;
	/* At which block something happens, and whether it has. */
	uint32_t trap;
	enum verb trap_verb;
	bool sprung;
	pthread_mutex_t *lock;
	const struct reader_script_ops *ops;
	void *self;
};

/* ---- Words ------------------------------------------------------------- */

static const char *
next_word(const char *text, char word[WORD_CAP])
{
	size_t n;

	text += strspn(text, " \t\n;");
	n = strcspn(text, " \t\n;");
	if (n >= WORD_CAP)
		n = WORD_CAP - 1;
	memcpy(word, text, n);
	word[n] = '\0';
	return text + n;
}

static bool
number_of(const char *word, uint32_t *out)
{
	char *end;
	unsigned long v = strtoul(word, &end, 10);

	*out = (uint32_t)v;
	return *word >= '0' && *word <= '9' && *end == '\0' && v <= NUMBER_MAX;
}

static bool
parse_step(const char **text, struct step *step, unsigned n_documents)
{
	char word[WORD_CAP];
	int verb = 0;

	*step = (struct step){ .odds = 100 };
	*text = next_word(*text, word);
	if (strcmp(word, "maybe") == 0) {
		*text = next_word(*text, word);
		if (!number_of(word, &step->odds))
			return false;
		*text = next_word(*text, word);
	}
	while (verb < N_VERBS && strcmp(verbs[verb].word, word) != 0)
		verb++;
	if (verb == N_VERBS)
		return false;
	step->verb = (enum verb)verb;
	if (!verbs[verb].has_number)
		return true;
	*text = next_word(*text, word);
	step->any = word[0] == '?';
	if (!number_of(word + step->any, &step->number))
		return false;
	return step->verb != LAY ||
	       (step->number >= 1 && step->number <= n_documents);
}

struct reader_script *
reader_script_new(const char *text, unsigned repeats, uint64_t seed,
    unsigned n_documents)
{
	struct reader_script *script = calloc(1, sizeof(*script));

	if (script == NULL)
		return NULL;
	script->repeats = repeats;
	script->seed = seed;
	script->trap = NEVER;
	while (text[strspn(text, " \t\n;")] != '\0') {
		const char *from = text;

		if (script->n_steps == READER_SCRIPT_STEPS_MAX ||
		    !parse_step(&text, &script->steps[script->n_steps],
			n_documents)) {
			(void)fprintf(stderr, "not a step of a script: %s\n",
			    from);
			reader_script_free(&script);
			return NULL;
		}
		script->n_steps++;
	}
	return script;
}

void
reader_script_free(struct reader_script **script)
{
	free(*script);
	*script = NULL;
}

/* ---- At a block -------------------------------------------------------- */

void
reader_script_block(void *self, uint32_t number)
{
	struct reader_script *script = self;

	if (number < script->trap)
		return;
	script->trap = NEVER;
	script->sprung = true;
	if (script->trap_verb == TEAR)
		script->ops->lay(script->self, 0);
	else
		script->ops->pull(script->self);
}

void
reader_script_bind(struct reader_script *script, pthread_mutex_t *lock,
    const struct reader_script_ops *ops, void *self)
{
	script->lock = lock;
	script->ops = ops;
	script->self = self;
}

/* ---- Steps ------------------------------------------------------------- */

static uint32_t
chance(struct reader_script *script, uint32_t below)
{
	script->seed = script->seed * 6364136223846793005U +
		       1442695040888963407U;
	return (uint32_t)(script->seed >> 33) % below;
}

static atomic_uint words_sent;
static unsigned words_heeded;

void
reader_script_tell(void)
{
	words_sent++;
}

/* The step is over. */
static bool
is_over(struct reader_script *script, const struct step *step, int64_t now)
{
	const struct reader_script_counts counts = script->ops->counts(
	    script->self);
	int64_t from = counts.last_command_ms > script->since_ms
			   ? counts.last_command_ms
			   : script->since_ms;
	/* A reading has begun, and nothing has come since. */
	bool quiet = counts.commands > script->commands_at_lay &&
		     now - from >= GIVEN_UP_MS;

	switch (step->verb) {
	case WAIT:
		return now - script->since_ms >= step->number;
	case IDLE:
		return counts.commands > script->commands_at_lay &&
		       now - counts.last_command_ms >= step->number;
	case NOTICED:
		return counts.told_absent > script->absent_then;
	case TOLD:
		if (words_sent == words_heeded)
			return false;
		words_heeded++;
		return true;
	case TEAR:
	case PULL:
		if (!script->sprung && !quiet)
			return false;
		script->trap = NEVER;
		return true;
	default:
		return true;
	}
}

static void
set_trap(struct reader_script *script, const struct step *step)
{
	uint32_t n = step->number;

	if (step->any)
		n = 1 + chance(script, n > 0 ? n : 1);
	script->trap = script->blocks_then + n;
	script->trap_verb = step->verb;
	script->sprung = false;
}

/* The lock is left for it: who plugs takes it again. */
static void
plug_or_unplug(struct reader_script *script, enum verb verb)
{
	if (script->plugged == (verb == PLUG))
		return;
	script->plugged = verb == PLUG;
	pthread_mutex_unlock(script->lock);
	if (verb == PLUG)
		script->ops->plug(script->self);
	else
		script->ops->unplug(script->self);
	pthread_mutex_lock(script->lock);
}

static void
begin(struct reader_script *script, const struct step *step, int64_t now)
{
	const struct reader_script_counts counts = script->ops->counts(
	    script->self);

	script->begun = true;
	script->since_ms = now;
	script->blocks_then = counts.blocks;
	script->absent_then = counts.told_absent;
	if (step->verb == LAY)
		script->commands_at_lay = counts.commands;
	if (step->verb == LAY)
		script->ops->lay(script->self, step->number);
	else if (step->verb == TAKE)
		script->ops->lay(script->self, 0);
	else if (step->verb == TEAR || step->verb == PULL)
		set_trap(script, step);
	else if (step->verb == PLUG || step->verb == UNPLUG)
		plug_or_unplug(script, step->verb);
}

/* False: it still runs. */
static bool
run_step(struct reader_script *script, const struct step *step, int64_t now)
{
	if (!script->begun) {
		if (step->odds < 100 && chance(script, 100) >= step->odds)
			return true;
		begin(script, step, now);
	}
	if (!is_over(script, step, now))
		return false;
	/* Transfers fail already; now it is seen to have gone. */
	if (step->verb == PULL && script->sprung)
		plug_or_unplug(script, UNPLUG);
	return true;
}

/* One lock over many steps: no command comes between a lay and its tear. */
int
reader_script_tick(struct reader_script *script, int64_t now_ms)
{
	int again = -1;

	pthread_mutex_lock(script->lock);
	while (again < 0 && script->repeats > 0 && script->n_steps > 0) {
		if (!run_step(script, &script->steps[script->at], now_ms)) {
			again = TICK_MS;
			break;
		}
		script->begun = false;
		if (++script->at == script->n_steps) {
			script->at = 0;
			script->repeats--;
		}
	}
	pthread_mutex_unlock(script->lock);
	return again;
}
