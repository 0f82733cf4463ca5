#include "reader/session.h"

#include "core/diag.h"
#include "core/wipe.h"
#include "pki/sod.h"
#include "reader/link_sizes.h"
#include "reader/mrz_match.h"
#include "reader/passive_auth.h"
#include "reader/prove_aa.h"
#include "reader/prove_ca.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define COMMAND_TIMEOUT_MS 10000

/* Fingers and irises want Terminal Authentication: not asked for unasked. */
#define EXTENDED_ACCESS_DGS (1u << 3 | 1u << 4)
/* What the chip offers by signed word, and its key to sign challenges with. */
#define SECURITY_DG  (1u << 14)
#define SECURITY_DGS (SECURITY_DG | 1u << 15)
/* Without an EF.SOD that could tell. */
#define DEFAULT_DGS (1u << 1 | 1u << 2)

void
emrtd_session_progress(struct emrtd_session *s, enum emrtd_step step,
    const char *text, enum emrtd_file file, size_t done, size_t total)
{
	struct emrtd_progress p = { .step = step,
		.text = text,
		.file = file,
		.done = done,
		.total = total };

	if (s->options.progress != NULL)
		s->options.progress(s->options.progress_self, &p);
}

/*
 * Options grew: older callers' end before what came later. Returns how much of
 * them there is; 0 is no version.
 */
static size_t
options_len(uint32_t size)
{
	static const size_t ends[] = {
		sizeof(struct emrtd_read_options),
		offsetof(struct emrtd_read_options, reader_memory),
		offsetof(struct emrtd_read_options, policy),
		offsetof(struct emrtd_read_options, pin),
		offsetof(struct emrtd_read_options, mrz_more),
	};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (size >= ends[i])
			return ends[i];
	return 0;
}

/* 'options' is of this version, what the caller did not have is zero. */
static bool
are_sound(const struct emrtd_read_options *options)
{
	if ((unsigned)options->access_policy > EMRTD_ALLOW_BAC ||
	    (unsigned)options->policy > EMRTD_POLICY_STRICT ||
	    (unsigned)options->reader_pace_typed > EMRTD_PASSWORD_PUK)
		return false;
	if (options->n_mrz_more == 0)
		return true;
	if (options->mrz == NULL || options->mrz_more == NULL ||
	    options->n_mrz_more > EMRTD_MRZ_KEYS_MAX - 1)
		return false;
	for (size_t i = 0; i < options->n_mrz_more; i++)
		if (options->mrz_more[i].kind != EMRTD_PASSWORD_MRZ)
			return false;
	return options->mrz->kind == EMRTD_PASSWORD_MRZ;
}

/* The passwords are copied: the caller wipes its own when it likes. */
static void
take_options(struct emrtd_session *s, const struct emrtd_read_options *options)
{
	struct emrtd_read_options *o = &s->options;

	*o = *options;
	if (o->mrz != NULL)
		s->mrz = *o->mrz;
	if (o->can != NULL)
		s->can = *o->can;
	if (o->pin != NULL)
		s->pin = *o->pin;
	if (o->puk != NULL)
		s->puk = *o->puk;
	if (o->challenge != NULL) {
		memcpy(s->challenge, o->challenge, sizeof(s->challenge));
		o->challenge = s->challenge;
	}
	s->n_mrz_more = o->n_mrz_more;
	for (size_t i = 0; i < s->n_mrz_more; i++)
		s->mrz_more[i] = o->mrz_more[i];
	o->mrz = o->can = o->pin = o->puk = o->mrz_more = NULL;
}

enum emrtd_error
emrtd_session_new(struct emrtd_ctx *ctx, struct emrtd_transport *transport,
    const struct emrtd_read_options *options, struct emrtd_session **out)
{
	struct emrtd_read_options known = { 0 };
	struct emrtd_session *s;
	struct emrtd_out scratch;
	size_t len;

	if (ctx == NULL || transport == NULL || transport->ops == NULL ||
	    options == NULL || out == NULL)
		return EMRTD_E_ARG;
	len = options_len(options->size);
	memcpy(&known, options, len);
	if (len == 0 || !are_sound(&known))
		return EMRTD_E_ARG;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return EMRTD_E_NO_MEMORY;
	s->scratch = malloc(EMRTD_CHANNEL_SCRATCH);
	s->chunk = malloc(EMRTD_RESPONSE_MAX);
	if (s->scratch == NULL || s->chunk == NULL) {
		free(s->scratch);
		free(s->chunk);
		free(s);
		return EMRTD_E_NO_MEMORY;
	}
	s->ctx = ctx;
	s->transport = transport;
	take_options(s, &known);
	atomic_init(&s->cancelled, 0);
	scratch = emrtd_out(s->scratch, EMRTD_CHANNEL_SCRATCH);
	emrtd_channel_init(&s->channel, transport, ctx->crypto, &ctx->clock,
	    scratch);
	s->channel.timeout_ms = options->command_timeout_ms != 0
				    ? options->command_timeout_ms
				    : COMMAND_TIMEOUT_MS;
	s->channel.cancelled = &s->cancelled;
	s->channel.observer = options->observer;
	*out = s;
	return EMRTD_OK;
}

void
emrtd_session_free(struct emrtd_session **session)
{
	struct emrtd_session *s;

	if (session == NULL || *session == NULL)
		return;
	s = *session;
	emrtd_sm_end(&s->sm);
	emrtd_wipe(s->scratch, EMRTD_CHANNEL_SCRATCH);
	emrtd_wipe(s->chunk, EMRTD_RESPONSE_MAX);
	free(s->scratch);
	free(s->chunk);
	emrtd_wipe(s, sizeof(*s));
	free(s);
	*session = NULL;
}

void
emrtd_cancel(struct emrtd_session *session)
{
	atomic_store(&session->cancelled, 1);
	if (session->transport->ops->cancel != NULL)
		session->transport->ops->cancel(session->transport->self);
}

bool
emrtd_session_signed_groups(const struct emrtd_session *s, emrtd_dg_set *out)
{
	struct emrtd_bytes file = emrtd_result_file(s->result, EMRTD_EF_SOD);
	struct emrtd_sod sod;
	uint8_t *copy;

	if (file.len == 0 ||
	    emrtd_sod_read(file, NULL, &copy, &sod) != EMRTD_OK)
		return false;
	*out = sod.data_groups;
	free(copy);
	return true;
}

/* What is worth reading: what was asked for, else all that the SOD names. */
static emrtd_dg_set
wanted(const struct emrtd_session *s)
{
	emrtd_dg_set asked = s->options.data_groups, named;

	if (!emrtd_session_signed_groups(s, &named))
		return asked != 0 ? asked : DEFAULT_DGS;
	if (asked == 0)
		return named & ~EXTENDED_ACCESS_DGS;
	/* Whoever hides EF.CardAccess on the air is caught by DG14 alone. */
	return asked | (named & SECURITY_DGS);
}

/* What ends the reading, as the result tells it. */
static enum emrtd_error
end_reading(struct emrtd_session *s, enum emrtd_error e,
    const struct emrtd_diag *diag)
{
	s->result->diag = *diag;
	s->result->diag.error = e;
	return e;
}

/*
 * In a fresh session the chip proves itself anew: what it proved in another
 * says nothing about who answers in this one.
 */
static enum emrtd_error
recover(struct emrtd_session *s, enum emrtd_error e, struct emrtd_diag *diag)
{
	e = emrtd_session_recover(s, e, diag);
	if (e == EMRTD_OK &&
	    s->result->proofs[EMRTD_PROOF_CA].verdict == EMRTD_PASSED)
		e = emrtd_session_prove_ca(s, diag);
	return e;
}

/*
 * A file that the chip does not have or give, or that is no TLV, is no end of
 * the reading; a session that has ended is, unless less to ask for helps.
 */
static enum emrtd_error
read_one(struct emrtd_session *s, enum emrtd_file file, const char *phase)
{
	struct emrtd_diag diag;
	enum emrtd_error e;

	for (;;) {
		emrtd_diag_init(&diag);
		emrtd_channel_phase(&s->channel, phase);
		e = emrtd_session_read_file(s, file, &diag);
		if (e == EMRTD_OK || emrtd_session_is_refusal(s, e))
			return EMRTD_OK;
		e = recover(s, e, &diag);
		if (e != EMRTD_OK)
			return end_reading(s, e, &diag);
	}
}

/* It reads EF.COM on its way, unless the chip fails it. */
static enum emrtd_error
prove_ca(struct emrtd_session *s)
{
	const struct emrtd_proof *proof = &s->result->proofs[EMRTD_PROOF_CA];
	struct emrtd_diag diag;
	enum emrtd_error e;

	emrtd_diag_init(&diag);
	e = emrtd_session_prove_ca(s, &diag);
	if (e != EMRTD_OK)
		e = recover(s, e, &diag);
	/* The link broke before the chip could say anything. */
	if (e == EMRTD_OK && proof->verdict == EMRTD_ABORTED)
		e = emrtd_session_prove_ca(s, &diag);
	return e == EMRTD_OK ? e : end_reading(s, e, &diag);
}

/*
 * EF.SOD first, since it says what there is; then DG14 and the chip's proof
 * with its key, so that all the rest is read under keys which no copy has.
 */
static enum emrtd_error
read_files(struct emrtd_session *s)
{
	static const char *const phases[] = { "dg1", "dg2" };
	const struct emrtd_result_file *files = s->result->files;
	emrtd_dg_set set;
	enum emrtd_error e;

	e = read_one(s, EMRTD_EF_SOD, "sod");
	if (e != EMRTD_OK)
		return e;
	set = s->result->wanted = wanted(s);
	if ((set & SECURITY_DG) != 0)
		e = read_one(s, EMRTD_DG14, "other_files");
	if (e == EMRTD_OK)
		e = prove_ca(s);
	if (e == EMRTD_OK &&
	    (files[EMRTD_EF_COM].status == EMRTD_FILE_NOT_REQUESTED ||
		files[EMRTD_EF_COM].status == EMRTD_FILE_ABORTED))
		e = read_one(s, EMRTD_EF_COM, "com");
	set &= ~SECURITY_DG;
	for (unsigned n = 1; n <= 16 && e == EMRTD_OK; n++) {
		if ((set >> n & 1) != 0)
			e = read_one(s, (enum emrtd_file)(EMRTD_DG1 + n - 1),
			    n <= 2 ? phases[n - 1] : "other_files");
	}
	return e;
}

/*
 * A chip that was opened in plain without a password may only have refused
 * everything: then what it wants is a password.
 */
static enum emrtd_error
check_plain_access(struct emrtd_session *s)
{
	const struct emrtd_result *r = s->result;

	if (r->access.protocol != EMRTD_ACCESS_PLAIN ||
	    r->files[EMRTD_EF_SOD].status != EMRTD_FILE_DENIED ||
	    r->files[EMRTD_DG1].status != EMRTD_FILE_DENIED)
		return EMRTD_OK;
	s->result->access.protocol = EMRTD_ACCESS_NONE;
	/* With an MRZ, BAC was tried, and the chip does not know it. */
	return emrtd_fail(&s->result->diag,
	    s->mrz.kind == EMRTD_PASSWORD_NONE ? EMRTD_E_NO_PASSWORD
					       : EMRTD_E_FILE_ACCESS,
	    "the chip gives nothing without BAC or PACE", "Doc 9303-11 4.2");
}

/* The row of secure messaging, when the whole reading has been. */
static void
set_sm_row(struct emrtd_session *s, enum emrtd_error e)
{
	struct emrtd_result *r = s->result;

	if (!s->channel.secured)
		return;
	switch (e) {
	case EMRTD_OK:
		emrtd_check_set(r, EMRTD_CHECK_ACCESS_SM, EMRTD_PASSED,
		    s->fresh_why);
		break;
	case EMRTD_E_MAC:
	case EMRTD_E_SM_PLAIN:
	case EMRTD_E_SM_FORMAT:
	case EMRTD_E_PADDING:
		emrtd_check_set_diag(r, EMRTD_CHECK_ACCESS_SM, EMRTD_FAILED,
		    &r->diag);
		break;
	default:
		emrtd_check_set_diag(r, EMRTD_CHECK_ACCESS_SM, EMRTD_ABORTED,
		    &r->diag);
		break;
	}
}

static void
copy_timing(struct emrtd_session *s, int64_t start)
{
	struct emrtd_result *r = s->result;

	emrtd_channel_phase_stop(&s->channel);
	r->total_us = s->ctx->clock.now_us(s->ctx->clock.self) - start;
	for (size_t i = 0; i < s->channel.n_phases && i < EMRTD_PHASES_MAX;
	     i++) {
		const struct emrtd_phase *p = &s->channel.phases[i];

		r->phases[r->n_phases++] = (struct emrtd_result_phase){
			.name = p->name,
			.us = p->total_us,
			.apdus = p->n_apdus,
			.bytes = p->received,
		};
	}
}

static enum emrtd_error
inspect(struct emrtd_session *s)
{
	struct emrtd_diag *diag = &s->result->diag;
	enum emrtd_error e;

	emrtd_channel_phase(&s->channel, "connect");
	emrtd_session_progress(s, EMRTD_STEP_CONNECT, "connecting",
	    EMRTD_EF_COM, 0, 0);
	e = emrtd_channel_connect(&s->channel, diag);
	if (e == EMRTD_OK) {
		emrtd_session_recall(s);
		e = emrtd_session_open(s, diag);
	}
	if (e != EMRTD_OK) {
		/* Tools and JSON name the error, whoever set the details. */
		diag->error = e;
		return e;
	}
	emrtd_diag_init(diag);
	e = read_files(s);
	if (e == EMRTD_OK)
		e = check_plain_access(s);
	if (e == EMRTD_OK) {
		e = emrtd_session_prove_aa(s, diag);
		if (e != EMRTD_OK)
			diag->error = e;
	}
	return e;
}

enum emrtd_error
emrtd_session_read(struct emrtd_session *s, struct emrtd_result **out)
{
	int64_t start;
	enum emrtd_error e;

	if (s == NULL || out == NULL)
		return EMRTD_E_ARG;
	if (s->used)
		return EMRTD_E_STATE;
	s->used = true;
	e = emrtd_result_new(s->ctx, s->options.at, &s->result);
	if (e != EMRTD_OK)
		return e;
	s->result->policy = s->options.policy;
	s->result->on_chip = true;
	if (s->mrz.kind == EMRTD_PASSWORD_MRZ)
		s->result->mrz.n_keys = (uint32_t)s->n_mrz_more + 1;
	start = s->ctx->clock.now_us(s->ctx->clock.self);
	if (s->options.deadline_ms != 0)
		s->channel.deadline_us = start +
					 (int64_t)s->options.deadline_ms * 1000;
	e = inspect(s);
	emrtd_session_remember(s);
	set_sm_row(s, e);
	emrtd_sm_end(&s->sm);
	emrtd_channel_phase(&s->channel, "verify");
	emrtd_session_progress(s, EMRTD_STEP_VERIFY, "verifying the signatures",
	    EMRTD_EF_COM, 0, 0);
	emrtd_passive_auth(s->ctx, s->result, s->options.trust);
	emrtd_check_mrz_match(s->result, s->options.optical, s->options.doubts,
	    s->options.n_doubts);
	copy_timing(s, start);
	*out = s->result;
	s->result = NULL;
	return e;
}
