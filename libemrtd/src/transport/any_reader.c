/*
 * any_reader.c - no reader was named: take the first that holds a document.
 *
 * USB directly comes first, then pcscd: a reader that pcscd holds is busy to
 * the first and is found through the second. A PN53x, which neither knows,
 * comes last. Once a document was connected,
 * its reader stays chosen until the next wait for a document: a chip that
 * leaves the field in the middle must not be looked for on another reader.
 *
 * While one holds a reader, those after it stay unopened: asking for pcscd
 * would start it where it sleeps, and it would stumble over readers that are
 * ours now and be without them when we are gone.
 *
 * A transport that was opened is closed with the whole alone, so that a
 * cancel, which may come from a signal handler, never meets one that is gone.
 */
#include "transport/any_reader.h"

#include "core/diag.h"
#include "transport/link_info.h"
#include "transport/wake.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define PRESENT_MS 2000
#define SLICE_MS   100 /* one transport waits, then the next */
#define RETRY_MS   500 /* after a failure */

struct member {
	const struct emrtd_any_source *source;
	struct emrtd_transport transport; /* ops NULL: not open */
	int64_t again_ms;                 /* not asked before */
	enum emrtd_error said;            /* why not */
	char detail[sizeof(((struct emrtd_diag *)0)->detail)];
};

struct any {
	struct emrtd_wake wake;
	struct member members[EMRTD_ANY_SOURCES_MAX];
	size_t n;
	uint32_t present_ms;
	struct member *chosen;
	bool connected; /* the chosen one was, once */
	/* Whom a cancel concerns: somebody is in a call of it. */
	_Atomic(const struct emrtd_transport *) active;
};

/*
 * The order matters: a cancel signals 'wake' and then looks for whom to tell.
 * One that comes before the second line is seen there, one that comes after
 * it finds the transport.
 */
static enum emrtd_error
begin(struct any *any, const struct member *m)
{
	enum emrtd_error err;

	atomic_store(&any->active, &m->transport);
	err = emrtd_wake_wait(&any->wake, -1, 0, 0);
	return err == EMRTD_E_TIMEOUT ? EMRTD_OK : err;
}

static enum emrtd_error
finish(struct any *any, enum emrtd_error err)
{
	atomic_store(&any->active, NULL);
	if (err == EMRTD_E_CANCELLED)
		emrtd_wake_clear(&any->wake);
	return err;
}

static void
set_aside(struct member *m, enum emrtd_error err, const struct emrtd_diag *diag)
{
	size_t n = 0;

	m->said = err;
	m->again_ms = emrtd_wake_now_ms() + RETRY_MS;
	if (diag == NULL)
		return;
	for (; diag->detail[n] != '\0' && n < sizeof(m->detail) - 1; n++)
		m->detail[n] = diag->detail[n];
	m->detail[n] = '\0';
}

/* Is there a document? OK: there is. TIMEOUT: there is none, so far. */
static enum emrtd_error
look(struct any *any, struct member *m, uint32_t timeout_ms)
{
	const struct emrtd_transport *t = &m->transport;
	struct emrtd_diag diag;
	enum emrtd_error err;

	if (m->said != EMRTD_OK && emrtd_wake_now_ms() < m->again_ms)
		return m->said;
	if (t->ops == NULL) {
		emrtd_diag_init(&diag);
		err = m->source->open("", &diag, &m->transport);
		if (err != EMRTD_OK) {
			m->transport.ops = NULL;
			set_aside(m, err, &diag);
			return err;
		}
	}
	err = begin(any, m);
	if (err == EMRTD_OK && t->ops->wait != NULL)
		err = t->ops->wait(t->self, EMRTD_PRESENT, timeout_ms);
	err = finish(any, err);
	m->said = EMRTD_OK;
	m->detail[0] = '\0';
	if (err != EMRTD_OK && err != EMRTD_E_TIMEOUT &&
	    err != EMRTD_E_CANCELLED)
		set_aside(m, err, NULL);
	return err;
}

static bool
holds_reader(const struct member *m)
{
	const struct emrtd_transport *t = &m->transport;
	struct emrtd_link_info info = { .size = sizeof(info) };

	return t->ops != NULL && t->ops->info != NULL &&
	       t->ops->info(t->self, &info) == EMRTD_OK && info.name[0] != '\0';
}

/* One look at everybody; TIMEOUT: nobody has a document. */
static enum emrtd_error
look_around(struct any *any, uint32_t slice_ms)
{
	enum emrtd_error err;
	bool held = false;

	for (size_t i = 0; i < any->n; i++) {
		struct member *m = &any->members[i];

		if (held && m->transport.ops == NULL)
			continue;
		err = look(any, m, slice_ms);
		if (err == EMRTD_OK) {
			any->chosen = m;
			any->connected = false;
			return EMRTD_OK;
		}
		if (err == EMRTD_E_CANCELLED || err == EMRTD_E_NO_MEMORY)
			return err;
		/* Told once, of the reader that was in use. */
		if (err == EMRTD_E_READER_LOST && m == any->chosen) {
			any->chosen = NULL;
			return err;
		}
		held |= err == EMRTD_E_TIMEOUT && holds_reader(m);
	}
	return EMRTD_E_TIMEOUT;
}

static enum emrtd_error
find(struct any *any, int64_t until_ms)
{
	/* At first nobody waits: the last may have it already. */
	uint32_t slice = 0;
	int64_t now, next;
	enum emrtd_error err;

	for (;;) {
		next = emrtd_wake_now_ms() + (slice != 0 ? SLICE_MS : 0);
		err = look_around(any, slice);
		if (err != EMRTD_E_TIMEOUT)
			return err;
		now = emrtd_wake_now_ms();
		if (now >= until_ms)
			return EMRTD_E_TIMEOUT;
		/* Where nobody could wait, wait here. */
		if (next > until_ms)
			next = until_ms;
		err = emrtd_wake_wait(&any->wake, -1, 0, next);
		if (err == EMRTD_E_CANCELLED || err == EMRTD_E_READER_LOST)
			return err;
		slice = until_ms - now < SLICE_MS ? (uint32_t)(until_ms - now)
						  : SLICE_MS;
	}
}

static enum emrtd_error
any_wait(void *self, enum emrtd_presence want, uint32_t timeout_ms)
{
	struct any *any = self;
	struct member *m = any->chosen;
	enum emrtd_error err;

	if (want == EMRTD_PRESENT)
		return find(any, emrtd_wake_now_ms() + timeout_ms);
	if (m == NULL || m->transport.ops->wait == NULL)
		return EMRTD_OK;
	err = begin(any, m);
	if (err == EMRTD_OK)
		err = m->transport.ops->wait(m->transport.self, want,
		    timeout_ms);
	if (err == EMRTD_E_READER_LOST)
		any->chosen = NULL;
	return finish(any, err);
}

static enum emrtd_error
connect_chosen(struct any *any, struct emrtd_diag *diag)
{
	const struct emrtd_transport *t = &any->chosen->transport;
	enum emrtd_error err = begin(any, any->chosen);

	if (err == EMRTD_OK)
		err = t->ops->connect(t->self, diag);
	err = finish(any, err);
	any->connected |= err == EMRTD_OK;
	return err;
}

/*
 * A wait has no words; connect has. OK: it was late for the search, and in
 * time for this.
 */
static enum emrtd_error
ask_why(struct any *any, struct member *m)
{
	struct emrtd_diag diag;
	enum emrtd_error err;

	if (m->said == EMRTD_OK || m->detail[0] != '\0' ||
	    m->transport.ops == NULL)
		return m->said;
	emrtd_diag_init(&diag);
	any->chosen = m;
	err = connect_chosen(any, &diag);
	if (err == EMRTD_OK)
		return EMRTD_OK;
	any->chosen = NULL;
	set_aside(m, m->said, &diag);
	return err;
}

static const char *
words_of(const struct member *m)
{
	if (m->said != EMRTD_OK)
		return m->detail[0] != '\0' ? m->detail
					    : emrtd_error_text(m->said);
	if (m->transport.ops == NULL)
		return "not asked";
	return holds_reader(m) ? "no document" : "no reader";
}

/* Somebody can do something about it, as the words say. */
static bool
mendable(const struct member *m)
{
	return m->said == EMRTD_E_PERMISSION || m->said == EMRTD_E_BUSY;
}

/*
 * What one transport has to say, whole or not at all: half an advice helps
 * nobody. The first is told however long it is.
 */
static void
tell_one(const struct member *m, struct emrtd_diag *diag)
{
	const char *words = words_of(m);
	size_t used = diag != NULL ? strlen(diag->detail) : 0;

	if (used > 0 &&
	    used + strlen("; : ") + strlen(m->source->name) + strlen(words) >=
		sizeof(diag->detail))
		return;
	emrtd_diag_detail(diag, used > 0 ? "; " : "");
	emrtd_diag_detail(diag, m->source->name);
	emrtd_diag_detail(diag, ": ");
	emrtd_diag_detail(diag, words);
}

/*
 * What was wrong with whom, first what can be mended. A transport that looked and saw nothing makes it
 * 'no document'; else what somebody can mend is worth more than that.
 */
static enum emrtd_error
tell(const struct any *any, struct emrtd_diag *diag)
{
	enum emrtd_error worst = EMRTD_E_NO_READER;
	bool looked = false;

	for (size_t i = 0; i < any->n; i++) {
		const struct member *m = &any->members[i];

		looked |= m->said == EMRTD_OK && m->transport.ops != NULL;
		if (worst == EMRTD_E_NO_READER && mendable(m))
			worst = m->said;
	}
	worst = emrtd_fail(diag, looked ? EMRTD_E_NO_READER : worst,
	    "looking for a reader with a document", NULL);
	for (int turn = 0; turn < 2; turn++)
		for (size_t i = 0; i < any->n; i++)
			if (mendable(&any->members[i]) == (turn == 0))
				tell_one(&any->members[i], diag);
	return worst;
}

static enum emrtd_error
give_up(struct any *any, struct emrtd_diag *diag)
{
	for (size_t i = 0; i < any->n; i++) {
		struct member *m = &any->members[i];

		if (m->said == EMRTD_OK)
			continue;
		switch (ask_why(any, m)) {
		case EMRTD_OK:
			return EMRTD_OK;
		case EMRTD_E_CANCELLED:
			return emrtd_fail(diag, EMRTD_E_CANCELLED,
			    "looking for a reader with a document", NULL);
		default:
			break;
		}
	}
	return tell(any, diag);
}

static enum emrtd_error
any_connect(void *self, struct emrtd_diag *diag)
{
	struct any *any = self;
	int64_t until = emrtd_wake_now_ms() + any->present_ms;
	struct emrtd_diag mine;
	enum emrtd_error err;

	if (any->chosen != NULL && any->connected)
		return connect_chosen(any, diag);
	for (;;) {
		if (any->chosen == NULL) {
			err = find(any, until);
			if (err == EMRTD_E_TIMEOUT)
				return give_up(any, diag);
			if (err != EMRTD_OK)
				return emrtd_fail(diag, err,
				    "looking for a reader with a document",
				    NULL);
		}
		emrtd_diag_init(&mine);
		err = connect_chosen(any, &mine);
		if (err != EMRTD_E_BUSY && err != EMRTD_E_PERMISSION) {
			if (diag != NULL && err != EMRTD_OK)
				*diag = mine;
			return err;
		}
		/* Somebody was faster: pcscd, whom we ask next. */
		set_aside(any->chosen, err, &mine);
		any->chosen = NULL;
	}
}

static enum emrtd_error
any_transmit(void *self, struct emrtd_bytes command, struct emrtd_out *response,
    uint32_t timeout_ms)
{
	struct any *any = self;
	struct member *m = any->chosen;
	enum emrtd_error err;

	if (m == NULL)
		return EMRTD_E_CARD_LOST;
	err = begin(any, m);
	if (err == EMRTD_OK)
		err = m->transport.ops->transmit(m->transport.self, command,
		    response, timeout_ms);
	return finish(any, err);
}

static enum emrtd_error
any_control(void *self, uint32_t code, struct emrtd_bytes in,
    struct emrtd_out *out)
{
	struct any *any = self;
	struct member *m = any->chosen;
	enum emrtd_error err;

	if (m == NULL)
		return EMRTD_E_CARD_LOST;
	if (m->transport.ops->control == NULL)
		return EMRTD_E_PROTOCOL;
	err = begin(any, m);
	if (err == EMRTD_OK)
		err = m->transport.ops->control(m->transport.self, code, in,
		    out);
	return finish(any, err);
}

static enum emrtd_error
any_reset(void *self)
{
	struct any *any = self;
	struct member *m = any->chosen;
	enum emrtd_error err;

	if (m == NULL)
		return EMRTD_E_CARD_LOST;
	err = begin(any, m);
	if (err == EMRTD_OK)
		err = m->transport.ops->reset(m->transport.self);
	return finish(any, err);
}

static enum emrtd_error
any_info(void *self, struct emrtd_link_info *out)
{
	const struct any *any = self;
	struct emrtd_link_info full = { .size = sizeof(full) };
	const struct member *m = any->chosen;
	enum emrtd_error err = EMRTD_OK;

	if (m == NULL)
		return EMRTD_E_NO_READER;
	if (m->transport.ops->info != NULL)
		err = m->transport.ops->info(m->transport.self, &full);
	if (err != EMRTD_OK)
		return err;
	strncpy(full.driver, m->source->name, sizeof(full.driver) - 1);
	emrtd_link_info_give(&full, out);
	return EMRTD_OK;
}

static void
any_cancel(void *self)
{
	struct any *any = self;
	const struct emrtd_transport *t;

	emrtd_wake_signal(&any->wake);
	t = atomic_load(&any->active);
	if (t != NULL && t->ops->cancel != NULL)
		t->ops->cancel(t->self);
}

static void
any_close(void *self)
{
	struct any *any = self;

	for (size_t i = 0; i < any->n; i++)
		emrtd_transport_close(&any->members[i].transport);
	emrtd_wake_close(&any->wake);
	free(any);
}

static const struct emrtd_transport_ops any_ops = {
	.info = any_info,
	.wait = any_wait,
	.connect = any_connect,
	.transmit = any_transmit,
	.control = any_control,
	.cancel = any_cancel,
	.reset = any_reset,
	.close = any_close,
};

enum emrtd_error
emrtd_any_open_of(const struct emrtd_any_source *sources, size_t n_sources,
    uint32_t present_ms, struct emrtd_diag *diag, struct emrtd_transport *out)
{
	struct any *any;

	if (n_sources > EMRTD_ANY_SOURCES_MAX)
		return emrtd_fail(diag, EMRTD_E_LIMIT, "any:", NULL);
	any = calloc(1, sizeof(*any));
	if (any == NULL || !emrtd_wake_open(&any->wake)) {
		free(any);
		return emrtd_fail(diag, EMRTD_E_NO_MEMORY, "any:", NULL);
	}
	atomic_init(&any->active, NULL);
	any->n = n_sources;
	any->present_ms = present_ms;
	for (size_t i = 0; i < n_sources; i++)
		any->members[i].source = &sources[i];
	out->ops = &any_ops;
	out->self = any;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_any_open(const char *rest, struct emrtd_diag *diag,
    struct emrtd_transport *out)
{
	static const struct emrtd_any_source sources[] = {
#if EMRTD_HAVE_CCID
		{ "ccid", emrtd_ccid_open },
#endif
#if EMRTD_HAVE_PCSC
		{ "pcsc", emrtd_pcsc_open },
#endif
#if EMRTD_HAVE_NFC
		{ "nfc", emrtd_nfc_open },
#endif
		{ NULL, NULL },
	};
	enum emrtd_error err;

	if (*rest != '\0') {
		err = emrtd_fail(diag, EMRTD_E_ARG, "reader URI", NULL);
		emrtd_diag_detail(diag, "any: takes no name");
		return err;
	}
	if (sources[0].name == NULL) {
		err = emrtd_fail(diag, EMRTD_E_UNSUPPORTED, "reader URI", NULL);
		emrtd_diag_detail(diag, "this build has no kind of reader");
		return err;
	}
	return emrtd_any_open_of(sources,
	    sizeof(sources) / sizeof(sources[0]) - 1, PRESENT_MS, diag, out);
}
