/* emrtd-read --watch: every order in which things may happen, with a world of
 * one script: no reader, no MRZ, no time that passes by itself. */
#include "emrtd_test.h"

#include "watch.h"

#include <stdio.h>
#include <string.h>

/*
 * A script, a letter a look at the world:
 *	L  a document is laid down        T  it is taken away
 *	M  an MRZ comes                   X  something comes that is none
 *	E  the feed ends                  U  the reader is unplugged
 *	P  it is plugged in               S  SIGTERM
 *	C  a wait is cancelled            R  from now on only rubbish comes
 *	.  100 ms pass                    -  10 s pass
 * and an outcome for each reading. What the program did is written down: the
 * names of what is said, r and the MRZ for a reading, u for an unread line, w
 * for a wipe that found an MRZ, o for a reader opened anew.
 */
struct world {
	const char *script;
	const enum watch_outcome *outcomes;
	int64_t now_ms;
	bool lies, plugged, ended, stop, cancelled;
	unsigned waiting; /* MRZs that came and were not taken */
	unsigned mrz;     /* the number of the one that is kept, 0: none */
	unsigned came;
	unsigned reopens; /* how many until it works */
	bool rubbish;
	unsigned refused;
	char log[512];
};

static void
put(struct world *w, const char *text)
{
	size_t len = strlen(w->log);

	assert_true(len + strlen(text) + 2 < sizeof(w->log));
	snprintf(w->log + len, sizeof(w->log) - len, "%s%s", len > 0 ? " " : "",
	    text);
}

/* Time only goes on when the program waits. */
static void
go_on(struct world *w)
{
	switch (*w->script) {
	case '\0':
		w->stop = true;
		return;
	case 'L':
		w->lies = true;
		break;
	case 'T':
		w->lies = false;
		break;
	case 'M':
		w->waiting++;
		w->came++;
		break;
	case 'E':
		w->ended = true;
		break;
	case 'U':
		w->plugged = false;
		w->lies = false;
		break;
	case 'P':
		w->plugged = true;
		break;
	case 'S':
		w->stop = true;
		break;
	case 'C':
		w->cancelled = true;
		break;
	case 'R':
		w->rubbish = true;
		break;
	case '-':
		w->now_ms += 10000;
		break;
	default:
		w->now_ms += 100;
		break;
	}
	w->script++;
}

static int64_t
now_ms(void *self)
{
	return ((struct world *)self)->now_ms;
}

static void
pause_ms(void *self, uint32_t ms)
{
	struct world *w = self;

	w->now_ms += ms;
	go_on(w);
}

static enum emrtd_error
presence(void *self, enum emrtd_presence want, uint32_t timeout_ms)
{
	struct world *w = self;

	if (timeout_ms > 0 && w->plugged && w->lies != (want == EMRTD_PRESENT))
		go_on(w);
	if (!w->plugged)
		return EMRTD_E_READER_LOST;
	if (w->cancelled) {
		w->cancelled = false;
		return EMRTD_E_CANCELLED;
	}
	return w->lies == (want == EMRTD_PRESENT) ? EMRTD_OK : EMRTD_E_TIMEOUT;
}

static enum emrtd_error
reopen(void *self)
{
	struct world *w = self;

	put(w, "o");
	return w->plugged ? EMRTD_OK : EMRTD_E_NO_READER;
}

static void
wipe(void *self)
{
	struct world *w = self;

	if (w->mrz != 0)
		put(w, "w");
	w->mrz = 0;
}

static enum watch_feed
feed(void *self, uint32_t timeout_ms)
{
	struct world *w = self;

	if (w->rubbish) {
		w->refused++;
		assert_true(
		    w->refused <= WATCH_REFUSED_MAX * (1 + w->now_ms / 100));
		return WATCH_FEED_REJECTED;
	}
	if (w->waiting == 0 && timeout_ms > 0)
		go_on(w);
	if (w->waiting > 0) {
		w->waiting--;
		wipe(w);
		w->mrz = w->came - w->waiting;
		return WATCH_FEED_MRZ;
	}
	return w->ended ? WATCH_FEED_END : WATCH_FEED_NOTHING;
}

static bool
discard(void *self)
{
	struct world *w = self;
	bool any = w->waiting > 0;

	w->waiting = 0;
	return any;
}

static enum watch_outcome
read_one(void *self, unsigned number)
{
	struct world *w = self;
	char text[32];

	assert_int_not_equal(w->mrz, 0);
	snprintf(text, sizeof(text), "r%u:%u", number, w->mrz);
	put(w, text);
	/* What comes while it is read. */
	while (*w->script == 'm') {
		w->script++;
		w->waiting++;
		w->came++;
	}
	return w->outcomes != NULL ? w->outcomes[number - 1] : WATCH_READ;
}

static void
unread(void *self, unsigned number, enum watch_outcome outcome,
    enum emrtd_error error)
{
	struct world *w = self;
	char text[64];

	assert_int_not_equal(error, EMRTD_OK);
	assert_int_equal(w->mrz, 0);
	snprintf(text, sizeof(text), "u%u:%s", number,
	    watch_outcome_name(outcome));
	put(w, text);
}

static void
say(void *self, enum watch_say what, enum emrtd_error error)
{
	static const char *const names[WATCH_N_SAYS] = { "nothing", "begin",
		"swipe", "lay", "leave", "replaced", "late", "early", "unread",
		"take", "wrong", "again", "failed", "no-reader", "back" };

	assert_int_equal(error != EMRTD_OK, what == WATCH_SAY_NO_READER);
	put(self, names[what]);
}

static bool
stopped(void *self)
{
	return ((struct world *)self)->stop;
}

static void
play(struct world *w, unsigned count, const char *expected)
{
	const struct watch_world world = { .self = w,
		.now_ms = now_ms,
		.pause = pause_ms,
		.presence = presence,
		.reopen = reopen,
		.feed = feed,
		.discard = discard,
		.wipe = wipe,
		.read = read_one,
		.unread = unread,
		.say = say,
		.stopped = stopped };

	(void)watch_run(&world, count);
	assert_string_equal(w->log, expected);
	assert_int_equal(w->mrz, 0);
}

static void
script(const char *text, const char *expected)
{
	struct world w = { .script = text, .plugged = true };

	play(&w, 0, expected);
}

static void
test_orders(void **state)
{
	(void)state;
	script("ML..T..", "begin lay leave r1:1 w take begin");
	script("LM..T..", "begin swipe leave r1:1 w take begin");
	script("MLTMLT", "begin lay leave r1:1 w take begin lay leave r2:2 w "
			 "take begin");
	/* Nothing but a removal, or something that is no MRZ. */
	script("LX.M.T", "begin swipe leave r1:1 w take begin");
	script("L..T.", "begin swipe u1:no_mrz unread begin");
	/* A second swipe before the document: the first is gone. */
	script("MM.L.T", "begin lay w replaced leave r1:2 w take begin");
}

/* Whoever swipes while another document lies there swipes again. */
static void
test_early(void **state)
{
	(void)state;
	script("MLmT..LT", "begin lay leave r1:1 w take early begin swipe "
			   "u2:no_mrz unread begin");
	script("ML.M.M.T.L.", "begin lay leave r1:1 w take early begin swipe");
	/* It is told for each document. */
	script("MLmTMLmT", "begin lay leave r1:1 w take early begin lay leave "
			   "r2:3 w take early begin");
	/* After the removal it is the next one's. */
	script("MLTM.LT", "begin lay leave r1:1 w take begin lay leave r2:2 w "
			  "take begin");
}

static void
test_late(void **state)
{
	(void)state;
	script("M---L..", "begin lay w late swipe");
	script("M--.L..", "begin lay leave r1:1 w take");
	/* The time runs from the newest. */
	script("M--M--L", "begin lay w replaced leave r1:2 w take");
	/* A document waits for its MRZ as long as it lies there. */
	script("L------M", "begin swipe leave r1:1 w take");
}

static void
test_outcomes(void **state)
{
	static const enum watch_outcome outcomes[] = { WATCH_MISMATCH,
		WATCH_LOST, WATCH_FAILED, WATCH_READ };
	struct world w = { .script = "ML.TLM.TML.TML",
		.plugged = true,
		.outcomes = outcomes };

	(void)state;
	play(&w, 4,
	    "begin lay leave r1:1 w wrong begin swipe leave r2:2 w "
	    "again begin lay leave r3:3 w failed begin lay leave r4:4 "
	    "w take");
	assert_string_equal(watch_outcome_name(WATCH_MISMATCH),
	    "mrz_chip_mismatch");
}

static void
test_unplug(void **state)
{
	(void)state;
	/* Nothing lies there: it is told once, and opened anew. */
	script("U.......P.LM.",
	    "begin no-reader o o o o o o back swipe leave r1:1 "
	    "w take");
	/* Short ones are not added up, and each is told that was mended. */
	script("UP.UP.UP.UP.L.", "begin no-reader back swipe");
	script("U.PLTU.PLT",
	    "begin no-reader back swipe u1:no_mrz unread begin no-reader back "
	    "swipe u2:no_mrz unread begin");
	/* What lay there is lost; what was read is not told again. */
	script("L.U.P", "begin swipe u1:lost no-reader");
	script("ML.U.P.", "begin lay leave r1:1 w take no-reader");
	/* An MRZ outlives the reader, but not its time. */
	script("MUP.L", "begin lay no-reader back leave r1:1 w take");
	script("MU---P.L", "begin lay no-reader o w late o back swipe");
}

static void
test_end(void **state)
{
	struct world w = { .script = "MLMLMLTMLT", .plugged = true };

	(void)state;
	script("E.", "begin");
	script("M.E..L", "begin lay leave r1:1 w take");
	script("M.E---", "begin lay w late");
	script("LE", "begin swipe u1:no_mrz");
	/* Seen while a document lies there that was read already. */
	script("MLETLT", "begin lay leave r1:1 w take");
	/* A wait that is cancelled without an end goes on. */
	script("C.MLT", "begin lay leave r1:1 w take begin");
	script("MS", "begin lay w");
	script("LS", "begin swipe");
	play(&w, 1, "begin lay leave r1:1 w take");
}

/* Rubbish without an end: the program waits, and sees what else happens. */
static void
test_rubbish(void **state)
{
	(void)state;
	script("R....", "begin");
	script("R..L..T..", "begin swipe u1:no_mrz unread begin");
	script("LR....T..", "begin swipe u1:no_mrz unread begin");
	script("MR---L", "begin lay w late swipe");
	script("LRS", "begin swipe");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_early),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_unplug),
		cmocka_unit_test(test_rubbish),
		cmocka_unit_test(test_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
