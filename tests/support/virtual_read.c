#include "virtual_read.h"

#include "test.h"
#include "transport/link_info.h"

#include <mrz/mrz.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The shortest thing that says how large it is: SOI, SOF0, EOI. */
static const uint8_t tiny_face[] = { 0xFF, 0xD8, 0xFF, 0xC0, 0x00, 0x0B, 0x08,
	0x00, 0x10, 0x00, 0x0C, 0x01, 0x01, 0x11, 0x00, 0xFF, 0xD9 };

void
virtual_read_init(struct virtual_read *v)
{
	memset(v, 0, sizeof(*v));
	emrtd_card_profile_init(&v->profile);
	v->profile.mrz = VIRTUAL_MRZ;
	v->profile.face = emrtd_bytes(tiny_face, sizeof(tiny_face));
	memcpy(v->profile.can, VIRTUAL_CAN, sizeof(VIRTUAL_CAN));
	v->mrz = VIRTUAL_MRZ;
	v->at = VIRTUAL_AT;
}

void
virtual_misbehave(struct virtual_read *v, const char *text)
{
	struct emrtd_diag diag;

	emrtd_diag_init(&diag);
	if (emrtd_card_misbehave(&v->profile, text, &diag) != EMRTD_OK)
		fail_msg("no switch of the virtual passport: %s", text);
}

static void
parse(const char *mrz, int64_t at, struct mrz_doc *doc,
    struct emrtd_password *password)
{
	struct mrz_options options = { sizeof(options), (int32_t)(at / 86400) };
	char info[MRZ_KEY_INFO_CAP];
	size_t len;

	assert_int_equal(mrz_parse(mrz, strlen(mrz), &options, doc), MRZ_OK);
	assert_int_equal(mrz_key_info(doc, info, sizeof(info), &len), MRZ_OK);
	assert_int_equal(emrtd_password_mrz(info, len, password), EMRTD_OK);
}

/* A CSCA of the same name that signed nothing of ours. */
static void
trust_a_stranger(struct emrtd_trust *trust)
{
	struct emrtd_card_profile profile;
	struct emrtd_card *other = NULL;
	struct virtual_read v;

	virtual_read_init(&v);
	profile = v.profile;
	assert_int_equal(emrtd_card_issue(NULL, &profile, NULL, &other),
	    EMRTD_OK);
	assert_int_equal(emrtd_trust_add_der(trust, emrtd_card_csca(other),
			     EMRTD_TRUST_ALLOW_TEST, NULL),
	    EMRTD_OK);
	emrtd_card_free(&other);
}

static struct emrtd_trust *
make_trust(const struct virtual_read *v, struct emrtd_ctx *ctx,
    const struct emrtd_card *card)
{
	struct emrtd_trust *trust = NULL;

	if (v->no_trust)
		return NULL;
	assert_int_equal(emrtd_trust_new(ctx, &trust), EMRTD_OK);
	if (v->foreign_trust)
		trust_a_stranger(trust);
	else if (v->no_test_flag)
		assert_int_equal(emrtd_trust_add_der(trust,
				     emrtd_card_csca(card), 0, NULL),
		    EMRTD_E_TEST_TRUST);
	else
		assert_int_equal(emrtd_trust_add_der(trust,
				     emrtd_card_csca(card),
				     EMRTD_TRUST_ALLOW_TEST, NULL),
		    EMRTD_OK);
	if (v->list.len > 0)
		assert_int_equal(emrtd_trust_add_crl_der(trust, v->list, NULL),
		    EMRTD_OK);
	return trust;
}

/* Somebody between the reader and the chip. */
struct meddler {
	struct emrtd_transport chip;
	struct virtual_link *link;
	const struct virtual_read *read;
	void (*meddle)(struct emrtd_bytes command, struct emrtd_out *response);
};

static enum emrtd_error
meddled_connect(void *self, struct emrtd_diag *diag)
{
	struct meddler *m = self;
	enum emrtd_error e = m->chip.ops->connect(m->chip.self, diag);

	if (m->link == NULL)
		return e;
	m->link->n_connects++;
	if (e == EMRTD_OK && m->link->connected != NULL)
		e = m->link->connected(m->link);
	return e;
}

static enum emrtd_error
meddled_transmit(void *self, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct meddler *m = self;
	enum emrtd_error e = m->chip.ops->transmit(m->chip.self, command,
	    response, timeout_ms);

	if (e == EMRTD_OK && m->meddle != NULL)
		m->meddle(command, response);
	if (e == EMRTD_OK && m->link != NULL && m->link->answered != NULL)
		e = m->link->answered(m->link, command, response, timeout_ms);
	return e;
}

static enum emrtd_error
meddled_info(void *self, struct emrtd_link_info *info)
{
	const struct meddler *m = self;
	struct emrtd_link_info chip = { .size = sizeof(chip) };

	assert_int_equal(m->chip.ops->info(m->chip.self, &chip), EMRTD_OK);
	if (m->read->with_atr) {
		memcpy(info->atr, chip.atr, chip.atr_len);
		info->atr_len = chip.atr_len;
	}
	info->extended = m->read->extended_link;
	info->max_command = m->read->link_max;
	info->limits_from = m->read->silent_link ? EMRTD_LIMITS_UNKNOWN
						 : EMRTD_LIMITS_READER;
	info->reader_pace = chip.reader_pace;
	if (m->read->reader_name != NULL)
		emrtd_link_info_name(info, m->read->reader_name);
	if (m->read->oddity != NULL)
		snprintf(info->oddity, sizeof(info->oddity), "%s",
		    m->read->oddity);
	return EMRTD_OK;
}

static enum emrtd_error
meddled_control(void *self, uint32_t code, struct emrtd_bytes in,
    struct emrtd_out *out)
{
	const struct meddler *m = self;

	if (m->chip.ops->control == NULL)
		return EMRTD_E_PROTOCOL;
	return m->chip.ops->control(m->chip.self, code, in, out);
}

static int64_t
link_now(void *self)
{
	return ((const struct virtual_link *)self)->now_us;
}

static void
meddled_close(void *self)
{
	struct meddler *m = self;

	emrtd_transport_close(&m->chip);
}

static const struct emrtd_transport_ops meddled_ops = {
	.connect = meddled_connect,
	.transmit = meddled_transmit,
	.info = meddled_info,
	.control = meddled_control,
	.close = meddled_close,
};

/* Cancels from inside a progress call, as another thread would. */
struct canceller {
	struct emrtd_session *session;
	uint32_t left;
};

static void
count_down(void *self, const struct emrtd_progress *progress)
{
	struct canceller *c = self;

	(void)progress;
	if (c->left > 0 && --c->left == 0)
		emrtd_cancel(c->session);
}

/* Letters that need not verify: read off a picture, with these doubts. */
static void
parse_optical(const struct virtual_read *v, struct mrz_doc *doc)
{
	struct mrz_options options = { sizeof(options),
		(int32_t)(v->at / 86400) };

	(void)!mrz_parse(v->optical, strlen(v->optical), &options, doc);
	mrz_doubt(doc, v->doubts, v->n_doubts);
}

/* Passwords of all keys; how many follow the first. */
static size_t
parse_more(const struct virtual_read *v, struct emrtd_password *passwords)
{
	struct mrz_doc doc;
	size_t n = 0;

	for (; n < EMRTD_MRZ_KEYS_MAX - 1 && v->mrz_more[n] != NULL; n++)
		parse(v->mrz_more[n], v->at, &doc, &passwords[n]);
	return n;
}

/* NULL when there are none. */
static const struct emrtd_password *
digits(const char *text,
    enum emrtd_error (
	*make)(const char *text, size_t len, struct emrtd_password *out),
    struct emrtd_password *out)
{
	if (text == NULL)
		return NULL;
	assert_int_equal(make(text, strlen(text), out), EMRTD_OK);
	return out;
}

enum emrtd_error
virtual_run(const struct virtual_read *v, struct emrtd_result **out,
    uint32_t *n_responses)
{
	struct emrtd_password mrz_password, can_password, pin, puk;
	struct emrtd_password more[EMRTD_MRZ_KEYS_MAX - 1];
	struct emrtd_ctx_options environment = { .size = sizeof(environment) };
	struct canceller canceller = { NULL, v->cancel_at };
	struct emrtd_read_options options = { .size = sizeof(options),
		.at = v->at,
		.deadline_ms = v->deadline_ms,
		.data_groups = v->data_groups,
		.access_policy = v->access_policy,
		.policy = v->policy,
		.reader_memory = v->memory,
		.note = v->note,
		.note_self = v->note_self,
		.reader_pace = v->reader_pace,
		.reader_pace_typed = v->reader_pace_typed,
		.use_last_try = v->use_last_try,
		.progress = count_down,
		.progress_self = &canceller };
	struct meddler meddler = { .meddle = v->meddle,
		.link = v->link,
		.read = v };
	struct emrtd_transport transport = { &meddled_ops, &meddler };
	struct emrtd_ctx *ctx = NULL;
	struct emrtd_card *card = v->card;
	struct emrtd_trust *trust;
	struct mrz_doc optical;
	enum emrtd_error e;

	*out = NULL;
	if (v->link != NULL)
		environment.clock = (struct emrtd_clock){ link_now, v->link };
	assert_int_equal(emrtd_ctx_new(&environment, NULL, &ctx), EMRTD_OK);
	if (card == NULL)
		assert_int_equal(emrtd_card_issue(NULL, &v->profile, NULL,
				     &card),
		    EMRTD_OK);
	assert_int_equal(emrtd_card_transport(card, false, &meddler.chip),
	    EMRTD_OK);
	if (v->wrap != NULL)
		v->wrap(v->wrap_self, &meddler.chip);
	trust = make_trust(v, ctx, card);
	options.trust = trust;
	if (v->mrz != NULL) {
		parse(v->mrz, v->at, &optical, &mrz_password);
		options.mrz = &mrz_password;
		options.optical = &optical;
		options.mrz_more = more;
		options.n_mrz_more = parse_more(v, more);
		options.mrz_tries_ms = v->mrz_tries_ms;
	}
	if (v->optical != NULL) {
		parse_optical(v, &optical);
		options.optical = &optical;
		options.doubts = v->doubts;
		options.n_doubts = v->n_doubts;
	}
	options.can = digits(v->can, emrtd_password_can, &can_password);
	options.pin = digits(v->pin, emrtd_password_pin, &pin);
	options.puk = digits(v->puk, emrtd_password_puk, &puk);
	assert_int_equal(emrtd_session_new(ctx, &transport, &options,
			     &canceller.session),
	    EMRTD_OK);
	e = emrtd_session_read(canceller.session, out);
	assert_non_null(*out);
	assert_int_equal(emrtd_result_error(*out), e);
	if (n_responses != NULL)
		*n_responses = emrtd_card_responses(card);
	emrtd_session_free(&canceller.session);
	emrtd_transport_close(&transport);
	if (v->card == NULL)
		emrtd_card_free(&card);
	emrtd_trust_free(&trust);
	emrtd_ctx_free(&ctx);
	return e;
}

enum emrtd_verdict
virtual_verdict(const struct emrtd_result *result, const char *check)
{
	for (int i = 0; i < EMRTD_N_CHECKS; i++) {
		enum emrtd_check_id id = (enum emrtd_check_id)i;

		if (strcmp(emrtd_check_info(id)->name, check) == 0)
			return emrtd_result_check(result, id)->verdict;
	}
	fail_msg("no check %s", check);
	return EMRTD_NOT_RUN;
}
