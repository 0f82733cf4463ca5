#include "block_script.h"

#include "emrtd_test.h"

#include <stdio.h>

struct play {
	struct emrtd_isodep *dep;
	const char *script;
	uint8_t command[300], got[300];
	struct emrtd_out response;
};

#define WORD_CAP 700

static bool
word_of(const char **at, char word[WORD_CAP])
{
	size_t n;

	*at += strspn(*at, " ");
	n = strcspn(*at, " ");
	if (n == 0)
		return false;
	assert_true(n < WORD_CAP);
	memcpy(word, *at, n);
	word[n] = '\0';
	*at += n;
	return true;
}

static void
differs(const struct play *p, const char *word, const char *got)
{
	fail_msg("%s\nat %s: %s", p->script, word, got);
}

static void
same(const struct play *p, const char *word, struct emrtd_bytes got)
{
	uint8_t buf[300];
	char text[2 * sizeof(buf) + 1] = "";
	struct emrtd_bytes want = hex_bytes(word + 1, buf, sizeof(buf));

	if (got.len == want.len &&
	    (got.len == 0 || memcmp(got.ptr, want.ptr, got.len) == 0))
		return;
	for (size_t i = 0; i < got.len && i < sizeof(buf); i++)
		snprintf(text + 2 * i, 3, "%02X", got.ptr[i]);
	differs(p, word, text);
}

static void
begin(struct play *p, const char *word)
{
	p->response = emrtd_out(p->got, sizeof(p->got));
	if (*word == '.')
		emrtd_isodep_begin_deselect(p->dep);
	else if (*word == '?')
		emrtd_isodep_begin_ping(p->dep, word[1] == 'e'
						    ? EMRTD_ISODEP_PING_EMPTY
						    : EMRTD_ISODEP_PING_NAK);
	else
		emrtd_isodep_begin(p->dep,
		    hex_bytes(word + 1, p->command, sizeof(p->command)),
		    &p->response);
}

static void
answer(struct play *p, const char *word)
{
	uint8_t buf[300];

	if (strcmp(word, "<-") == 0)
		emrtd_isodep_hear(p->dep, EMRTD_HEARD_NOTHING,
		    emrtd_bytes(NULL, 0));
	else if (strcmp(word, "<~") == 0)
		emrtd_isodep_hear(p->dep, EMRTD_HEARD_GARBLED,
		    emrtd_bytes(NULL, 0));
	else
		emrtd_isodep_hear(p->dep, EMRTD_HEARD_FRAME,
		    hex_bytes(word + 1, buf, sizeof(buf)));
}

static void
is_over(const struct play *p, const char *word, enum emrtd_isodep_step step)
{
	const char *name = emrtd_error_name(p->dep->error);

	if (step == EMRTD_ISODEP_DONE)
		same(p, word, emrtd_out_bytes(&p->response));
	else if (step == EMRTD_ISODEP_SEND || strcmp(word + 1, name) != 0)
		differs(p, word, step == EMRTD_ISODEP_SEND ? "not over" : name);
	else if (p->response.len != 0)
		differs(p, word, "a response is left");
}

void
block_script_go_on(const char *script, struct emrtd_isodep *dep)
{
	struct play p = { .dep = dep, .script = script };
	enum emrtd_isodep_step step;
	struct emrtd_bytes frame;
	char word[WORD_CAP];
	uint32_t wait_us;

	while (word_of(&script, word)) {
		if (*word == '<') {
			answer(&p, word);
			continue;
		}
		if (*word != '>' && *word != '=') {
			begin(&p, word);
			continue;
		}
		step = emrtd_isodep_next(dep, &frame, &wait_us);
		if (*word == '=')
			is_over(&p, word, step);
		else if (step != EMRTD_ISODEP_SEND)
			differs(&p, word, emrtd_error_name(dep->error));
		else
			same(&p, word, frame);
	}
}

void
block_script_run(const char *script, const struct emrtd_isodep_link *link)
{
	struct emrtd_isodep dep;

	emrtd_isodep_init(&dep, link);
	block_script_go_on(script, &dep);
}
