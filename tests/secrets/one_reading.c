#include "one_reading.h"

#include "access/bac.h"
#include "access/chip_auth.h"
#include "apdu/apdu.h"
#include "reader/context.h"

#include <emrtd/reader.h>

#include <malloc.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AT          1780272000 /* 2026-06-01 */
#define PATIENCE_MS 10000

static _Noreturn void
give_up(const char *what)
{
	(void)fprintf(stderr, "reader: %s\n", what);
	_exit(1);
}

/*
 * ---- Memory ----------------------------------------------------------------
 * Nothing is ever given back: what was freed as it was stays to be found, and
 * no luck with the next allocation hides it. One allocation may fail, ours or
 * OpenSSL's.
 */

void *__real_malloc(size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void __wrap_free(void *p);

/* Counts down to it; 0: none, or it has been. */
static unsigned countdown;

static bool
fails(void)
{
	return countdown > 0 && --countdown == 0;
}

void *
__wrap_malloc(size_t n)
{
	return fails() ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	void *p = fails() ? NULL : __real_malloc(n * size);

	return p == NULL ? NULL : memset(p, 0, n * size);
}

void
__wrap_free(void *p)
{
	(void)p;
}

static void *
openssl_malloc(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails() ? NULL : __real_malloc(n);
}

static void *
openssl_realloc(void *p, size_t n, const char *file, int line)
{
	size_t had = p == NULL ? 0 : malloc_usable_size(p);
	void *moved = openssl_malloc(n, file, line);

	if (moved != NULL && p != NULL)
		memcpy(moved, p, had < n ? had : n);
	return moved;
}

static void
openssl_free(void *p, const char *file, int line)
{
	(void)p;
	(void)file;
	(void)line;
}

/* ---- Randomness ---------------------------------------------------------- */

static uint64_t
mix(uint64_t v)
{
	v = (v ^ v >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	v = (v ^ v >> 27) * UINT64_C(0x94D049BB133111EB);
	return v ^ v >> 31;
}

void
reader_random(uint32_t call, uint8_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(mix((uint64_t)(call + 1) << 32 | (i + 1)) >>
				   24);
}

/* Its state; the same memory as in the process that looks on. */
struct source {
	struct rendezvous *r;
	unsigned last;
};

static enum emrtd_error
fill(void *self, uint8_t *out, size_t n)
{
	struct source *source = self;
	struct rendezvous *r = source->r;

	if (r->n_fills == FILLS_MAX ||
	    (source->last != 0 && r->n_fills + 1 >= source->last))
		return EMRTD_E_CRYPTO;
	reader_random(r->n_fills, out, n);
	r->lens[r->n_fills++] = (uint32_t)n;
	return EMRTD_OK;
}

/* ---- The reading --------------------------------------------------------- */

static void
stand_still(const struct rendezvous *r, enum halt halt)
{
	uint8_t byte = (uint8_t)halt;

	if (write(r->halted, &byte, 1) != 1 || read(r->go_on, &byte, 1) != 1)
		give_up("nobody looks on");
}

struct canceller {
	const struct scenario *scenario;
	struct rendezvous *r;
	struct emrtd_session *session;
	unsigned left;
	bool opened;
	bool too_late; /* for the allocation that was to fail */
};

/* Does this call come first after access control? */
static bool
is_open(const struct scenario *sc, const struct emrtd_progress *progress)
{
	if (sc->pace != NULL && progress->step == EMRTD_STEP_SELECT)
		return true;
	return progress->step == EMRTD_STEP_FILE &&
	       progress->file != EMRTD_EF_CARD_ACCESS &&
	       progress->file != EMRTD_EF_CARD_SECURITY;
}

static void
count_down(void *self, const struct emrtd_progress *progress)
{
	struct canceller *c = self;

	/* Before, OpenSSL's random source begins. */
	if (progress->step == EMRTD_STEP_CONNECT && !c->scenario->sweep_late)
		countdown = c->scenario->no_memory_at;
	if (!c->opened && is_open(c->scenario, progress)) {
		c->opened = true;
		stand_still(c->r, HALT_OPENED);
		/* What comes now is many like commands. */
		c->too_late = countdown > 0;
		if (c->scenario->sweep > 0)
			countdown = 0;
		if (c->scenario->sweep_late)
			countdown = c->scenario->no_memory_at;
	}
	if (c->left > 0 && --c->left == 0)
		emrtd_cancel(c->session);
}

/* The caller's own copies of the passwords are gone when this returns. */
static enum emrtd_error
open_session(const struct scenario *sc, struct emrtd_ctx *ctx,
    struct emrtd_transport *transport, struct canceller *canceller)
{
	struct emrtd_password mrz = { 0 }, can = { 0 }, pin = { 0 },
			      puk = { 0 };
	struct emrtd_read_options options = { .size = sizeof(options),
		.at = AT,
		.progress = count_down,
		.progress_self = canceller };
	enum emrtd_error e = EMRTD_OK;

	if (sc->mrz_info != NULL) {
		e = emrtd_password_mrz(sc->mrz_info, strlen(sc->mrz_info),
		    &mrz);
		options.mrz = &mrz;
	}
	if (e == EMRTD_OK && sc->can != NULL) {
		e = emrtd_password_can(sc->can, strlen(sc->can), &can);
		options.can = &can;
	}
	if (e == EMRTD_OK && sc->pin != NULL) {
		e = emrtd_password_pin(sc->pin, strlen(sc->pin), &pin);
		options.pin = &pin;
	}
	if (e == EMRTD_OK && sc->puk != NULL) {
		e = emrtd_password_puk(sc->puk, strlen(sc->puk), &puk);
		options.puk = &puk;
	}
	if (e == EMRTD_OK)
		e = emrtd_session_new(ctx, transport, &options,
		    &canceller->session);
	explicit_bzero(&mrz, sizeof(mrz));
	explicit_bzero(&can, sizeof(can));
	explicit_bzero(&pin, sizeof(pin));
	explicit_bzero(&puk, sizeof(puk));
	return e;
}

/* One command; the data of its answer, whose status word is 9000. */
static struct emrtd_bytes
command(const struct emrtd_transport *transport,
    const struct emrtd_command *what, uint8_t *buf, size_t cap)
{
	uint8_t raw[300];
	struct emrtd_out sent = emrtd_out(raw, sizeof(raw));
	struct emrtd_out got = emrtd_out(buf, cap);
	struct emrtd_response response;

	if (emrtd_command_encode(what, &sent) != EMRTD_OK ||
	    transport->ops->transmit(transport->self, emrtd_out_bytes(&sent),
		&got, PATIENCE_MS) != EMRTD_OK ||
	    emrtd_response_parse(emrtd_out_bytes(&got), &response) !=
		EMRTD_OK ||
	    response.sw != 0x9000)
		give_up("a command is refused");
	return response.data;
}

/* The keys of both sides are agreed on, and forgotten. */
static void
agree_by_step(const struct scenario *sc, struct emrtd_ctx *ctx,
    const struct rendezvous *r)
{
	static struct emrtd_chip_auth ca;
	struct emrtd_chip_auth_key key = {
		.group = emrtd_group_by_id((uint32_t)sc->ca_parameter),
		.public_key = { r->ca_key, r->ca_key_len },
	};

	for (size_t i = 0; i < emrtd_chip_auth_protocol_count(); i++)
		if (strcmp(emrtd_chip_auth_protocol_at(i)->name, sc->ca) == 0)
			key.protocol = emrtd_chip_auth_protocol_at(i);
	if (key.protocol == NULL || emrtd_chip_auth_begin(&ca, ctx->crypto,
					&key, &ctx->random) != EMRTD_OK)
		give_up("CA does not begin");
	emrtd_chip_auth_wipe(&ca);
}

/* Nothing comes after the steps, and overwrites what they leave. */
static enum emrtd_error
by_steps(const struct scenario *sc, struct emrtd_ctx *ctx,
    const struct emrtd_transport *transport, struct rendezvous *r)
{
	static const uint8_t aid[] = { 0xA0, 0, 0, 0x02, 0x47, 0x10, 0x01 };
	static struct emrtd_password mrz;
	static struct emrtd_bac bac;
	static struct emrtd_sm sm;
	struct emrtd_command select = { .ins = 0xA4,
		.p1 = 4,
		.p2 = 0x0C,
		.data = { aid, sizeof(aid) } };
	struct emrtd_command challenge = { .ins = 0x84, .ne = 8 };
	struct emrtd_command authenticate = { .ins = 0x82,
		.ne = EMRTD_BAC_DATA_LEN };
	uint8_t data[EMRTD_HASH_MAX], buf[64];
	struct emrtd_out out = emrtd_out(data, sizeof(data));
	struct emrtd_bytes answer;

	enum emrtd_error e;

	if (transport->ops->connect(transport->self, NULL) != EMRTD_OK ||
	    emrtd_password_mrz(sc->mrz_info, strlen(sc->mrz_info), &mrz) !=
		EMRTD_OK)
		give_up("no password");
	/* OpenSSL takes much memory for its first hash. */
	e = emrtd_hash(ctx->crypto, EMRTD_SHA1, &answer, 1, data);
	countdown = sc->no_memory_at;
	if (e == EMRTD_OK)
		e = emrtd_bac_begin(&bac, ctx->crypto, &mrz);
	r->memory_failed = sc->no_memory_at > 0 && countdown == 0;
	countdown = 0;
	emrtd_password_wipe(&mrz);
	if (e != EMRTD_OK)
		return e;
	(void)command(transport, &select, buf, sizeof(buf));
	answer = command(transport, &challenge, buf, sizeof(buf));
	if (emrtd_bac_command(&bac, ctx->crypto, answer, &ctx->random, &out) !=
	    EMRTD_OK)
		give_up("BAC has no command");
	authenticate.data = emrtd_out_bytes(&out);
	answer = command(transport, &authenticate, buf, sizeof(buf));
	if (emrtd_bac_finish(&bac, ctx->crypto, answer, &sm) != EMRTD_OK)
		give_up("BAC does not end");
	emrtd_sm_end(&sm);
	if (sc->ca != NULL)
		agree_by_step(sc, ctx, r);
	return EMRTD_OK;
}

/* From access control to the verdicts. */
static enum emrtd_error
whole_reading(const struct scenario *sc, struct emrtd_ctx *ctx,
    struct emrtd_transport *transport, struct rendezvous *r)
{
	struct canceller canceller = { .scenario = sc,
		.r = r,
		.left = sc->cancel_at };
	struct emrtd_result *result = NULL;
	enum emrtd_error e;

	if (open_session(sc, ctx, transport, &canceller) != EMRTD_OK)
		give_up("no session");
	e = emrtd_session_read(canceller.session, &result);
	r->memory_failed = sc->no_memory_at > 0 && countdown == 0 &&
			   !canceller.too_late;
	countdown = 0;
	emrtd_session_free(&canceller.session);
	emrtd_result_free(&result);
	return e;
}

void
read_once(const struct scenario *sc, struct rendezvous *r)
{
	struct source source = { r, sc->no_random_from };
	struct emrtd_ctx_options environment = { .size = sizeof(environment),
		.random = { fill, &source } };
	struct emrtd_transport transport = { NULL, NULL };
	struct emrtd_ctx *ctx = NULL;
	char uri[64];

	if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc,
		openssl_free) != 1)
		give_up("OpenSSL has allocated already");
	(void)snprintf(uri, sizeof(uri), "tcp:127.0.0.1:%u", r->port);
	if (emrtd_ctx_new(&environment, NULL, &ctx) != EMRTD_OK ||
	    emrtd_transport_open(uri, NULL, &transport) != EMRTD_OK)
		give_up("no connection");
	r->error = sc->by_steps ? by_steps(sc, ctx, &transport, r)
				: whole_reading(sc, ctx, &transport, r);
	r->is_over = true;
	stand_still(r, HALT_READ);
	emrtd_transport_close(&transport);
	emrtd_ctx_free(&ctx);
	stand_still(r, HALT_FREED);
	_exit(0);
}
