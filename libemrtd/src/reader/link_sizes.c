#include "reader/link_sizes.h"

#include "core/diag.h"

#include <string.h>

/* As many documents lost over their first extended APDU prove it. */
#define BROKEN_ENOUGH 2

void
emrtd_session_note(const struct emrtd_session *s, const char *text)
{
	if (s->options.note != NULL)
		s->options.note(s->options.note_self, text);
}

void
emrtd_session_note_number(const struct emrtd_session *s, const char *text,
    uint32_t n, const char *rest)
{
	struct emrtd_diag line; /* its detail is a text with an end */
	char digits[11];
	char *p = digits + sizeof(digits);

	*--p = '\0';
	do
		*--p = (char)('0' + n % 10);
	while ((n /= 10) != 0);
	emrtd_diag_init(&line);
	emrtd_diag_detail(&line, text);
	emrtd_diag_detail(&line, " ");
	emrtd_diag_detail(&line, p);
	emrtd_diag_detail(&line, rest);
	emrtd_session_note(s, line.detail);
}

static bool
reader_name(const struct emrtd_session *s, struct emrtd_link_info *info)
{
	const struct emrtd_transport *t = s->transport;

	return t->ops->info != NULL && t->ops->info(t->self, info) == EMRTD_OK;
}

void
emrtd_session_recall(struct emrtd_session *s)
{
	struct emrtd_reader_memory *memory = s->options.reader_memory;
	struct emrtd_link_info info = { .size = sizeof(info) };
	struct emrtd_channel *c = &s->channel;

	if (memory == NULL || !reader_name(s, &info))
		return;
	info.name[sizeof(info.name) - 1] = '\0';
	if (strncmp(memory->name, info.name, sizeof(memory->name)) != 0) {
		memory->has_extended = false;
		memory->n_broken = 0;
		memcpy(memory->name, info.name, sizeof(memory->name));
	}
	c->extended_works = memory->has_extended;
	c->short_only = memory->n_broken >= BROKEN_ENOUGH;
	if (c->short_only)
		emrtd_session_note(s,
		    "short APDUs only: earlier documents were lost at their "
		    "first extended one on this reader");
	emrtd_channel_learn(c);
}

void
emrtd_session_remember(struct emrtd_session *s)
{
	struct emrtd_reader_memory *memory = s->options.reader_memory;

	if (memory == NULL)
		return;
	if (s->channel.extended_works)
		memory->has_extended = true;
	if (s->channel.extended_works)
		memory->n_broken = 0;
	else if (s->gone_short && memory->n_broken < BROKEN_ENOUGH)
		memory->n_broken++;
}

enum emrtd_error
emrtd_session_go_short(struct emrtd_session *s, enum emrtd_error error,
    struct emrtd_diag *diag)
{
	struct emrtd_channel *c = &s->channel;
	struct emrtd_diag lost;
	enum emrtd_error e;

	if (!c->broke_extended || s->gone_short)
		return error;
	emrtd_diag_init(&lost);
	emrtd_channel_plain(c);
	emrtd_channel_phase(c, "connect");
	c->short_only = true;
	e = emrtd_channel_connect(c, &lost);
	/* It was not the length: the document has left. */
	if (e != EMRTD_OK) {
		c->short_only = false;
		return error;
	}
	s->gone_short = true;
	emrtd_session_note(s,
	    "the document was lost at its first extended APDU: short ones "
	    "from now on");
	emrtd_diag_init(diag);
	return EMRTD_OK;
}
