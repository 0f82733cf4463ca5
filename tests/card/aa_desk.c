#include "aa_desk.h"

#include "virtual_read.h"

static enum emrtd_error
desk_connect(void *self, struct emrtd_diag *diag)
{
	struct desk *d = self;

	return d->chip.ops->connect(d->chip.self, diag);
}

static enum emrtd_error
desk_info(void *self, struct emrtd_link_info *out)
{
	struct desk *d = self;
	enum emrtd_error e = d->chip.ops->info(d->chip.self, out);

	if (d->short_link) {
		out->extended = false;
		out->max_command = 261;
		out->max_response = 258;
	}
	return e;
}

static enum emrtd_error
desk_transmit(void *self, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct desk *d = self;
	enum emrtd_error e = d->chip.ops->transmit(d->chip.self, command,
	    response, timeout_ms);

	if (command.len > 1 && command.ptr[1] == INS_INTERNAL_AUTHENTICATE)
		d->n_asked++;
	if (d->lost && command.len > 1 &&
	    command.ptr[1] == INS_INTERNAL_AUTHENTICATE)
		return EMRTD_E_CARD_LOST;
	if (e == EMRTD_OK && d->meddle != NULL)
		d->meddle(d->self, command, response);
	return e;
}

static void
desk_close(void *self)
{
	(void)self;
}

static const struct emrtd_transport_ops desk_ops = {
	.connect = desk_connect,
	.info = desk_info,
	.transmit = desk_transmit,
	.close = desk_close,
};

void
desk_init(struct desk *d, const struct emrtd_card_aa *aa)
{
	struct virtual_read v;

	memset(d, 0, sizeof(*d));
	virtual_read_init(&v);
	d->profile = v.profile;
	d->profile.aa = *aa;
}

void
desk_init_open(struct desk *d, const struct emrtd_card_aa *aa)
{
	desk_init(d, aa);
	d->profile.bac = false;
	d->profile.n_pace = 0;
}

void
desk_issue(struct desk *d)
{
	assert_ok(emrtd_ctx_new(NULL, NULL, &d->ctx));
	assert_ok(emrtd_card_issue(NULL, &d->profile, NULL, &d->card));
	assert_ok(emrtd_card_transport(d->card, false, &d->chip));
	assert_ok(emrtd_trust_new(d->ctx, &d->trust));
	assert_ok(emrtd_trust_add_der(d->trust, emrtd_card_csca(d->card),
	    EMRTD_TRUST_ALLOW_TEST, NULL));
}

enum emrtd_error
desk_read(struct desk *d)
{
	struct emrtd_transport transport = { &desk_ops, d };
	struct emrtd_read_options options = { .size = sizeof(options),
		.at = VIRTUAL_AT,
		.trust = d->trust,
		.challenge = d->challenge };
	struct emrtd_password password;
	struct emrtd_session *session;
	enum emrtd_error e;

	assert_ok(emrtd_password_can(VIRTUAL_CAN, 6, &password));
	if (d->profile.n_pace > 0)
		options.can = &password;
	emrtd_result_free(&d->result);
	d->n_asked = 0;
	assert_ok(emrtd_session_new(d->ctx, &transport, &options, &session));
	e = emrtd_session_read(session, &d->result);
	assert_non_null(d->result);
	emrtd_session_free(&session);
	return e;
}

void
desk_free(struct desk *d)
{
	emrtd_result_free(&d->result);
	emrtd_transport_close(&d->chip);
	emrtd_card_free(&d->card);
	emrtd_trust_free(&d->trust);
	emrtd_ctx_free(&d->ctx);
}

void
expect(struct emrtd_result *result, enum emrtd_verdict aa,
    enum emrtd_chip_verdict chip, enum emrtd_overall_verdict overall)
{
	assert_string_equal(emrtd_verdict_name(
				virtual_verdict(result, "chip.aa")),
	    emrtd_verdict_name(aa));
	assert_string_equal(emrtd_chip_verdict_name(emrtd_result_chip(result)),
	    emrtd_chip_verdict_name(chip));
	assert_string_equal(emrtd_overall_verdict_name(
				emrtd_result_overall(result)),
	    emrtd_overall_verdict_name(overall));
}
