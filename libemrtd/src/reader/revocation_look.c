#include "reader/revocation_look.h"

#include "core/civil.h"
#include "core/diag.h"

#include <string.h>

#define CLAUSE "Doc 9303-12 6.1.2"

/* One of the certificates, and what was found out about it. */
struct subject {
	const struct emrtd_certificate *certificate;
	enum emrtd_revocation_role role;
	struct emrtd_revocation_answer answer;
};

/* For people: the day suffices. */
static void
put_day(struct emrtd_diag *diag, int64_t instant)
{
	char text[EMRTD_RFC3339_CAP];

	emrtd_instant_text(instant, text);
	if (strlen(text) > sizeof("2026-11-23") - 1)
		text[sizeof("2026-11-23") - 1] = '\0';
	emrtd_diag_detail(diag, text);
}

/* Last, because a long name is cut. */
static void
put_list(struct emrtd_diag *diag, const struct emrtd_crl *list)
{
	char name[EMRTD_NAME_CAP];

	emrtd_diag_detail(diag, "list of ");
	put_day(diag, list->this_update);
	emrtd_diag_detail(diag, " by ");
	emrtd_name_text(list->issuer, name);
	emrtd_diag_detail(diag, name);
}

static const char *
order_words(enum emrtd_revocation_order order)
{
	switch (order) {
	case EMRTD_SIGNED_BEFORE_REVOCATION:
		return ", after the document was signed; ";
	case EMRTD_SIGNED_AFTER_REVOCATION:
		return ", before the document was signed; ";
	default:
		return "; ";
	}
}

static enum emrtd_error
tell_revoked(const struct subject *s, const struct emrtd_result_revocation *r,
    struct emrtd_diag *diag)
{
	static const char *const whose[] = {
		[EMRTD_REVOCATION_OF_SIGNER] = "the signer",
		[EMRTD_REVOCATION_OF_LINK] = "a link certificate",
		[EMRTD_REVOCATION_OF_CSCA] = "the CSCA",
	};
	enum emrtd_error e = emrtd_fail(diag, EMRTD_E_REVOKED, NULL, CLAUSE);

	emrtd_diag_detail(diag, whose[s->role]);
	emrtd_diag_detail(diag, " was revoked on ");
	put_day(diag, r->revoked_at);
	if (r->reason != NULL) {
		emrtd_diag_detail(diag, " (");
		emrtd_diag_detail(diag, r->reason);
		emrtd_diag_detail(diag, ")");
	}
	if (r->has_invalid_since) {
		emrtd_diag_detail(diag, ", invalid since ");
		put_day(diag, r->invalid_since);
	}
	emrtd_diag_detail(diag, order_words(r->order));
	put_list(diag, s->answer.list);
	return e;
}

static enum emrtd_error
tell_stale(const struct emrtd_crl *list, struct emrtd_diag *diag)
{
	enum emrtd_error e = emrtd_fail(diag, EMRTD_E_NO_ANCHOR,
	    "the revocation list is too old", CLAUSE);

	if (list->has_next_update) {
		emrtd_diag_detail(diag, "the next was due on ");
		put_day(diag, list->next_update);
		emrtd_diag_detail(diag, "; ");
	}
	put_list(diag, list);
	return e;
}

static enum emrtd_error
tell_unverified(const struct subject *s, struct emrtd_diag *diag)
{
	enum emrtd_error e = emrtd_fail(diag, EMRTD_E_NO_ANCHOR,
	    "the revocation list cannot be relied on", CLAUSE);

	emrtd_diag_detail(diag, s->answer.why);
	emrtd_diag_detail(diag, "; ");
	put_list(diag, s->answer.list);
	return e;
}

static enum emrtd_error
tell_none(const struct subject *s, struct emrtd_diag *diag)
{
	enum emrtd_error e = emrtd_fail(diag, EMRTD_E_NOT_FOUND,
	    "there is no revocation list", CLAUSE);
	char name[EMRTD_NAME_CAP];

	emrtd_name_text(s->certificate->issuer, name);
	emrtd_diag_detail(diag, "one is wanted, by ");
	emrtd_diag_detail(diag, name);
	return e;
}

/* The sentence, with the error that it stands for. */
static enum emrtd_error
tell(const struct subject *s, const struct emrtd_result_revocation *r,
    struct emrtd_diag *diag)
{
	enum emrtd_error e = EMRTD_OK;

	emrtd_diag_init(diag);
	switch (s->answer.status) {
	case EMRTD_REVOCATION_GOOD:
		emrtd_diag_detail(diag, "not on the ");
		put_list(diag, s->answer.list);
		break;
	case EMRTD_REVOCATION_REVOKED:
		e = tell_revoked(s, r, diag);
		break;
	case EMRTD_REVOCATION_STALE:
		e = tell_stale(s->answer.list, diag);
		break;
	case EMRTD_REVOCATION_UNVERIFIED:
		e = tell_unverified(s, diag);
		break;
	default:
		e = tell_none(s, diag);
		break;
	}
	/* The error says what becomes of the row; its text would mislead. */
	if (e != EMRTD_E_REVOKED)
		diag->error = EMRTD_OK;
	return e;
}

static void
keep_revoked(const struct emrtd_crl_entry *entry,
    const struct emrtd_revocation_look *what,
    struct emrtd_result_revocation *out)
{
	int64_t since = entry->has_invalid_since &&
				entry->invalid_since < entry->revoked_at
			    ? entry->invalid_since
			    : entry->revoked_at;

	out->revoked_at = entry->revoked_at;
	out->has_invalid_since = entry->has_invalid_since;
	out->invalid_since = entry->invalid_since;
	out->reason = emrtd_revocation_reason(entry->reason);
	if (what->has_signing_time)
		out->order = what->signing_time < since
				 ? EMRTD_SIGNED_BEFORE_REVOCATION
				 : EMRTD_SIGNED_AFTER_REVOCATION;
}

static void
keep(const struct subject *s, const struct emrtd_revocation_look *what,
    struct emrtd_result_revocation *out)
{
	const struct emrtd_bytes *serial = &s->certificate->serial;

	memset(out, 0, sizeof(*out));
	out->status = s->answer.status;
	out->role = s->role;
	emrtd_name_text(s->certificate->subject, out->subject);
	out->serial_len = serial->len < sizeof(out->serial)
			      ? serial->len
			      : sizeof(out->serial);
	memcpy(out->serial, serial->ptr, out->serial_len);
	if (s->answer.list != NULL) {
		emrtd_name_text(s->answer.list->issuer, out->list_issuer);
		out->this_update = s->answer.list->this_update;
		out->next_update = s->answer.list->next_update;
		out->has_next_update = s->answer.list->has_next_update;
	}
	if (out->status == EMRTD_REVOCATION_REVOKED)
		keep_revoked(&s->answer.entry, what, out);
}

static unsigned
gravity(enum emrtd_revocation_status status)
{
	static const uint8_t ranks[] = {
		[EMRTD_REVOCATION_GOOD] = 1,
		[EMRTD_REVOCATION_NO_CRL] = 2,
		[EMRTD_REVOCATION_STALE] = 3,
		[EMRTD_REVOCATION_UNVERIFIED] = 4,
		[EMRTD_REVOCATION_REVOKED] = 5,
	};

	return ranks[status];
}

enum emrtd_error
emrtd_revocation_look(const struct emrtd_revocation_look *what,
    struct emrtd_diag *diag, struct emrtd_result_revocation *out)
{
	struct subject worst;

	memset(&worst, 0, sizeof(worst));
	for (size_t i = 0; i <= what->chain->n; i++) {
		struct subject s = {
			.certificate = i == 0 ? what->signer
					      : what->chain->path[i - 1],
			.role = i == 0 ? EMRTD_REVOCATION_OF_SIGNER
				: i == what->chain->n ? EMRTD_REVOCATION_OF_CSCA
						      : EMRTD_REVOCATION_OF_LINK
		};

		emrtd_revocation_ask(what->trust, what->crypto,
		    &(const struct emrtd_revocation_question){
			.certificate = s.certificate,
			.chain = what->chain,
			.at = what->at },
		    &s.answer);
		if (i == 0 ||
		    gravity(s.answer.status) > gravity(worst.answer.status))
			worst = s;
	}
	keep(&worst, what, out);
	return tell(&worst, out, diag);
}
