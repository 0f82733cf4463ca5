/*
 * Every response of a reading, cut at every length: no crash, no leak (the
 * asan preset looks), and never a good verdict over less than was sent. The
 * virtual passport is small, so that all cuts can be tried.
 */
#include "emrtd_test.h"
#include "virtual_read.h"

#include <mrz/mrz.h>

#define RESPONSES_MAX 64

/* The card's transport, with scissors. */
struct scissors {
	struct emrtd_transport card;
	unsigned n; /* responses so far */
	unsigned cut_at;
	size_t cut_to;
	size_t len[RESPONSES_MAX]; /* as the card sent them */
};

static enum emrtd_error
connect_card(void *self, struct emrtd_diag *diag)
{
	struct scissors *s = self;

	s->n = 0;
	return s->card.ops->connect(s->card.self, diag);
}

static enum emrtd_error
transmit_cut(void *self, struct emrtd_bytes command, struct emrtd_out *response,
    uint32_t timeout_ms)
{
	struct scissors *s = self;
	size_t before = response->len;
	enum emrtd_error e = s->card.ops->transmit(s->card.self, command,
	    response, timeout_ms);

	assert_true(s->n < RESPONSES_MAX);
	s->len[s->n] = response->len - before;
	if (e == EMRTD_OK && s->n == s->cut_at)
		response->len = before + s->cut_to;
	s->n++;
	return e;
}

static enum emrtd_error
info_card(void *self, struct emrtd_link_info *out)
{
	struct scissors *s = self;

	return s->card.ops->info(s->card.self, out);
}

static void
close_nothing(void *self)
{
	(void)self;
}

static const struct emrtd_transport_ops scissors_ops = {
	.info = info_card,
	.connect = connect_card,
	.transmit = transmit_cut,
	.close = close_nothing,
};

struct bench {
	struct emrtd_ctx *ctx;
	struct emrtd_card *card;
	struct emrtd_trust *trust;
	struct emrtd_password password;
	struct scissors scissors;
};

static void
set_up(struct bench *b, struct emrtd_card_profile *profile)
{
	struct mrz_options options = { sizeof(options), VIRTUAL_AT / 86400 };
	char info[MRZ_KEY_INFO_CAP];
	struct mrz_doc doc;
	size_t len;

	memset(b, 0, sizeof(*b));
	assert_ok(emrtd_ctx_new(NULL, NULL, &b->ctx));
	assert_ok(emrtd_card_issue(NULL, profile, NULL, &b->card));
	assert_ok(emrtd_card_transport(b->card, false, &b->scissors.card));
	assert_ok(emrtd_trust_new(b->ctx, &b->trust));
	assert_ok(emrtd_trust_add_der(b->trust, emrtd_card_csca(b->card),
	    EMRTD_TRUST_ALLOW_TEST, NULL));
	assert_int_equal(mrz_parse(profile->mrz, strlen(profile->mrz), &options,
			     &doc),
	    MRZ_OK);
	assert_int_equal(mrz_key_info(&doc, info, sizeof(info), &len), MRZ_OK);
	assert_ok(emrtd_password_mrz(info, len, &b->password));
}

static void
tear_down(struct bench *b)
{
	emrtd_transport_close(&b->scissors.card);
	emrtd_card_free(&b->card);
	emrtd_trust_free(&b->trust);
	emrtd_ctx_free(&b->ctx);
}

static struct emrtd_result *
read_cut(struct bench *b, unsigned at, size_t to)
{
	struct emrtd_transport transport = { &scissors_ops, &b->scissors };
	struct emrtd_read_options options = { .size = sizeof(options),
		.mrz = &b->password,
		.trust = b->trust,
		.at = VIRTUAL_AT };
	struct emrtd_session *session;
	struct emrtd_result *r = NULL;
	enum emrtd_error e;

	b->scissors.cut_at = at;
	b->scissors.cut_to = to;
	assert_ok(emrtd_session_new(b->ctx, &transport, &options, &session));
	e = emrtd_session_read(session, &r);
	assert_non_null(r);
	assert_int_equal(emrtd_result_error(r), e);
	emrtd_session_free(&session);
	return r;
}

/*
 * Authentic is good only over what the card holds, whole. What no signature
 * covers may be missing: without EF.CardAccess the chip is opened with BAC,
 * and without EF.COM nothing is compared with it. A file may also have been
 * read on a second way after the first was cut.
 */
static bool
is_whole(const struct emrtd_card *card, const struct emrtd_result *r)
{
	for (int i = 0; i < EMRTD_N_FILES; i++) {
		enum emrtd_file file = (enum emrtd_file)i;
		struct emrtd_bytes want = emrtd_card_file(card, file);
		struct emrtd_bytes got = emrtd_result_file(r, file);
		bool may_miss = file == EMRTD_EF_CARD_ACCESS ||
				file == EMRTD_EF_COM ||
				file == EMRTD_EF_CARD_SECURITY;

		if (got.len == 0 && (want.len == 0 || may_miss))
			continue;
		if (got.len != want.len ||
		    memcmp(got.ptr, want.ptr, got.len) != 0)
			return false;
	}
	return true;
}

static void
cut_everything(struct emrtd_card_profile *profile)
{
	size_t len[RESPONSES_MAX], total = 0;
	struct emrtd_result *r;
	struct bench b;
	unsigned n;

	set_up(&b, profile);
	r = read_cut(&b, RESPONSES_MAX, 0);
	assert_int_equal(emrtd_result_overall(r),
	    EMRTD_OVERALL_AUTHENTIC_DATA_ONLY);
	n = b.scissors.n;
	memcpy(len, b.scissors.len, sizeof(len));
	emrtd_result_free(&r);
	assert_true(n >= 8);
	for (unsigned i = 0; i < n; i++) {
		for (size_t to = 0; to < len[i]; to++, total++) {
			r = read_cut(&b, i, to);
			if (emrtd_result_data(r) == EMRTD_DATA_AUTHENTIC &&
			    !is_whole(b.card, r))
				fail_msg("response %u of %zu bytes, cut to "
					 "%zu: %s",
				    i, len[i], to,
				    emrtd_overall_verdict_name(
					emrtd_result_overall(r)));
			emrtd_result_free(&r);
		}
	}
	print_message("%u responses, %zu cuts\n", n, total);
	tear_down(&b);
}

static void
cut_pace(void **state)
{
	struct virtual_read v;

	(void)state;
	virtual_read_init(&v);
	v.profile.pace[0].parameter_id = 12; /* OpenSSL's fastest curve */
	cut_everything(&v.profile);
}

static void
cut_bac(void **state)
{
	struct virtual_read v;

	(void)state;
	virtual_read_init(&v);
	v.profile.n_pace = 0;
	cut_everything(&v.profile);
}

static void
cut_plain(void **state)
{
	struct virtual_read v;

	(void)state;
	virtual_read_init(&v);
	v.profile.n_pace = 0;
	v.profile.bac = false;
	cut_everything(&v.profile);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_pace),
		cmocka_unit_test(cut_bac),
		cmocka_unit_test(cut_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
