#include "watch.h"

enum state {
	EMPTY,
	SWIPED,
	LAID,
	READING,
	DONE,
	N_STATES
};

enum event {
	NOTHING,
	LAY,
	TAKE,
	MRZ,
	LATE,
	READ,
	GONE, /* the reader, and what lay on it */
	N_EVENTS
};

struct row {
	enum state next;
	enum watch_say say;
};

/* What does not happen in a state keeps it. */
static const struct row rows[N_STATES][N_EVENTS] = {
	[EMPTY] = {
		[NOTHING] = { EMPTY, WATCH_SAY_NOTHING },
		[LAY] = { LAID, WATCH_SAY_SWIPE },
		[TAKE] = { EMPTY, WATCH_SAY_NOTHING },
		[MRZ] = { SWIPED, WATCH_SAY_LAY },
		[LATE] = { EMPTY, WATCH_SAY_NOTHING },
		[READ] = { EMPTY, WATCH_SAY_NOTHING },
		[GONE] = { EMPTY, WATCH_SAY_NOTHING },
	},
	[SWIPED] = {
		[NOTHING] = { SWIPED, WATCH_SAY_NOTHING },
		[LAY] = { READING, WATCH_SAY_LEAVE },
		[TAKE] = { SWIPED, WATCH_SAY_NOTHING },
		[MRZ] = { SWIPED, WATCH_SAY_REPLACED },
		[LATE] = { EMPTY, WATCH_SAY_LATE },
		[READ] = { SWIPED, WATCH_SAY_NOTHING },
		[GONE] = { SWIPED, WATCH_SAY_NOTHING },
	},
	[LAID] = {
		[NOTHING] = { LAID, WATCH_SAY_NOTHING },
		[LAY] = { LAID, WATCH_SAY_NOTHING },
		[TAKE] = { EMPTY, WATCH_SAY_UNREAD },
		[MRZ] = { READING, WATCH_SAY_LEAVE },
		[LATE] = { LAID, WATCH_SAY_NOTHING },
		[READ] = { LAID, WATCH_SAY_NOTHING },
		[GONE] = { EMPTY, WATCH_SAY_NOTHING },
	},
	[READING] = {
		[NOTHING] = { READING, WATCH_SAY_NOTHING },
		[LAY] = { READING, WATCH_SAY_NOTHING },
		[TAKE] = { READING, WATCH_SAY_NOTHING },
		[MRZ] = { READING, WATCH_SAY_NOTHING },
		[LATE] = { READING, WATCH_SAY_NOTHING },
		[READ] = { DONE, WATCH_SAY_NOTHING }, /* by the outcome */
		[GONE] = { READING, WATCH_SAY_NOTHING },
	},
	[DONE] = {
		[NOTHING] = { DONE, WATCH_SAY_NOTHING },
		[LAY] = { DONE, WATCH_SAY_NOTHING },
		[TAKE] = { EMPTY, WATCH_SAY_BEGIN },
		[MRZ] = { DONE, WATCH_SAY_EARLY },
		[LATE] = { DONE, WATCH_SAY_NOTHING },
		[READ] = { DONE, WATCH_SAY_NOTHING },
		[GONE] = { EMPTY, WATCH_SAY_NOTHING },
	},
};

static const struct {
	const char *name;
	enum watch_say say;
} outcomes[WATCH_N_OUTCOMES] = {
	[WATCH_READ] = { "read", WATCH_SAY_TAKE },
	[WATCH_MISMATCH] = { "mrz_chip_mismatch", WATCH_SAY_WRONG },
	[WATCH_LOST] = { "lost", WATCH_SAY_AGAIN },
	[WATCH_NO_MRZ] = { "no_mrz", WATCH_SAY_NOTHING },
	[WATCH_CANCELLED] = { "cancelled", WATCH_SAY_NOTHING },
	[WATCH_FAILED] = { "failed", WATCH_SAY_FAILED },
};

struct watch {
	const struct watch_world *world;
	enum state state;
	int64_t mrz_ms; /* when it came */
	unsigned number;
	unsigned n_lost;     /* looks in a row that found no reader */
	bool told_no_reader; /* since a document was last seen */
	bool told_early;     /* for this document */
	bool over;           /* no MRZ will ever come */
};

const char *
watch_outcome_name(enum watch_outcome outcome)
{
	return outcomes[outcome].name;
}

static void
say(const struct watch *w, enum watch_say what)
{
	if (what != WATCH_SAY_NOTHING)
		w->world->say(w->world->self, what, EMRTD_OK);
}

/* Only where an MRZ waits for its document, or is at work, one is kept. */
static void
happen(struct watch *w, enum event event)
{
	const struct row *row = &rows[w->state][event];

	w->state = row->next;
	if (w->state != SWIPED && w->state != READING)
		w->world->wipe(w->world->self);
	say(w, row->say);
}

static void
leave_unread(struct watch *w, enum watch_outcome outcome,
    enum emrtd_error error)
{
	w->number++;
	w->world->unread(w->world->self, w->number, outcome, error);
}

/* It is told once; the same transport may find it again by itself, and is
 * opened anew when it does not. */
static void
lose_reader(struct watch *w, enum emrtd_error error)
{
	const struct watch_world *world = w->world;

	if (w->state == LAID)
		leave_unread(w, WATCH_LOST, error);
	if (!w->told_no_reader)
		world->say(world->self, WATCH_SAY_NO_READER, error);
	w->told_no_reader = true;
	happen(w, GONE);
	w->n_lost++;
	world->pause(world->self, WATCH_RETRY_MS);
	if (w->n_lost < WATCH_GIVE_UP || world->stopped(world->self))
		return;
	if (world->reopen(world->self) == EMRTD_OK)
		w->n_lost = 0;
}

/* What a look at the reader says: was it what was waited for? */
static bool
look(struct watch *w, enum emrtd_presence want, uint32_t timeout_ms)
{
	const struct watch_world *world = w->world;
	enum emrtd_error e = world->presence(world->self, want, timeout_ms);

	if (e != EMRTD_OK && e != EMRTD_E_TIMEOUT && e != EMRTD_E_CANCELLED) {
		lose_reader(w, e);
		return false;
	}
	w->n_lost = 0;
	if (e == EMRTD_OK && want == EMRTD_PRESENT && w->told_no_reader) {
		w->told_no_reader = false;
		say(w, WATCH_SAY_READER_BACK);
	}
	return e == EMRTD_OK;
}

static void
take_feed(struct watch *w, uint32_t timeout_ms)
{
	const struct watch_world *world = w->world;
	enum watch_feed what = world->feed(world->self, timeout_ms);

	/* Whoever sends rubbish without an end costs no processor. */
	for (unsigned i = 1;
	     i < WATCH_REFUSED_MAX && what == WATCH_FEED_REJECTED; i++)
		what = world->feed(world->self, 0);
	if (what == WATCH_FEED_REJECTED)
		world->pause(world->self, WATCH_LOOK_MS);
	if (what == WATCH_FEED_END)
		w->over = true;
	if (what != WATCH_FEED_MRZ)
		return;
	w->mrz_ms = world->now_ms(world->self);
	happen(w, MRZ);
}

static void
wait_document(struct watch *w)
{
	const struct watch_world *world = w->world;
	bool laid = look(w, EMRTD_PRESENT, WATCH_LOOK_MS);

	/* First: whoever lays a document down now may be the next. */
	if (w->state == SWIPED &&
	    world->now_ms(world->self) - w->mrz_ms >= WATCH_MRZ_MS)
		happen(w, LATE);
	if (laid)
		happen(w, LAY);
	else
		take_feed(w, 0);
}

static void
wait_mrz(struct watch *w)
{
	take_feed(w, WATCH_LOOK_MS);
	if (w->state != LAID)
		return;
	if (w->over) {
		leave_unread(w, WATCH_NO_MRZ, EMRTD_E_NO_PASSWORD);
	} else if (look(w, EMRTD_ABSENT, 0)) {
		leave_unread(w, WATCH_NO_MRZ, EMRTD_E_CARD_LOST);
		happen(w, TAKE);
		say(w, WATCH_SAY_BEGIN);
	}
}

static void
read_document(struct watch *w)
{
	enum watch_outcome outcome;

	w->number++;
	w->told_early = false;
	outcome = w->world->read(w->world->self, w->number);
	happen(w, READ);
	say(w, outcomes[outcome].say);
}

/* Also what came in the moment before the removal is not the next one's. */
static void
wait_removal(struct watch *w)
{
	bool taken = look(w, EMRTD_ABSENT, WATCH_LOOK_MS);

	if (w->world->discard(w->world->self) && !w->told_early) {
		w->told_early = true;
		say(w, rows[DONE][MRZ].say);
	}
	if (w->state == DONE)
		take_feed(w, 0); /* its end, or one that just came */
	if (taken)
		happen(w, TAKE);
}

/* The feed has ended, and nothing that it gave is left to be used. */
static bool
exhausted(const struct watch *w)
{
	return w->over && w->state != SWIPED && w->state != READING;
}

unsigned
watch_run(const struct watch_world *world, unsigned count)
{
	static void (*const steps[N_STATES])(struct watch *) = {
		[EMPTY] = wait_document,
		[SWIPED] = wait_document,
		[LAID] = wait_mrz,
		[READING] = read_document,
		[DONE] = wait_removal,
	};
	struct watch w = { .world = world };

	say(&w, WATCH_SAY_BEGIN);
	while (!world->stopped(world->self) && !exhausted(&w) &&
	       (count == 0 || w.number < count))
		steps[w.state](&w);
	world->wipe(world->self);
	return w.number;
}
