#include "pki/revocation.h"

#include "core/cursor.h"
#include "pki/crl_store.h"

#include <string.h>

/* Of KeyUsage, RFC 5280 4.2.1.3. */
#define CRL_SIGN (1u << 6)

/*
 * One name has had 13 keys, and a key has a few certificates; more are
 * somebody's attempt to keep us busy. Who vouches for a certificate that is for
 * paths only takes as many signatures again.
 */
#define CANDIDATES_MAX 64
#define VOUCHES_MAX    8

#define SECONDS_PER_DAY 86400

static bool
may_sign_lists(const struct emrtd_certificate *c)
{
	return !c->unknown_critical &&
	       (c->has_key_usage ? (c->key_usage & CRL_SIGN) != 0 : c->is_ca);
}

/* A list is as good as its signer was on the day of the list. */
static enum emrtd_error
check_fitness(const struct emrtd_certificate *c, const struct emrtd_crl *crl)
{
	if (!may_sign_lists(c))
		return EMRTD_E_CERTIFICATE;
	return emrtd_certificate_check_dates(c, crl->this_update, NULL);
}

/*
 * One that did not sign, or may not, leaves the reason if it is a worse one.
 * True when its key did.
 */
static bool
try_candidate(const struct emrtd_trust *trust, struct emrtd_crypto *crypto,
    const struct emrtd_certificate *c, struct emrtd_kept_crl *list)
{
	enum emrtd_error e = emrtd_crl_verify(&list->crl, crypto, c->spki,
	    NULL);
	bool is_signed = e == EMRTD_OK;
	struct emrtd_crl_signer *who;
	struct emrtd_chain chain;

	if (is_signed) {
		e = check_fitness(c, &list->crl);
		who = e == EMRTD_OK ? &list->signer : &list->unfit;
		if (!who->vouched) {
			who->certificate = c;
			who->vouched = emrtd_chain_vouch(trust, crypto, c,
					   list->crl.this_update, NULL,
					   &chain) == EMRTD_OK;
		}
	}
	if (e == EMRTD_OK || (list->signer.certificate == NULL &&
				 (list->error == EMRTD_E_NO_ANCHOR ||
				     list->error == EMRTD_E_SIGNATURE)))
		list->error = e;
	return is_signed;
}

/* The search for who signed one list. */
struct signer_search {
	const struct emrtd_trust *trust;
	struct emrtd_crypto *crypto;
	struct emrtd_kept_crl *list;
	unsigned candidates_left, vouches_left;
};

/* Until one is found that a trusted state vouches for: keys have copies. */
static void
try_candidates(struct signer_search *s, enum emrtd_trust_key key,
    struct emrtd_bytes value, bool anchors)
{
	struct emrtd_trust_walk walk;
	size_t i;

	emrtd_trust_walk(s->trust, key, value, &walk);
	while (!s->list->signer.vouched && emrtd_trust_next(&walk, &i)) {
		if (emrtd_trust_is_anchor(s->trust, i) != anchors)
			continue;
		if (s->candidates_left == 0 || s->vouches_left == 0) {
			s->list->gave_up = true;
			return;
		}
		s->candidates_left--;
		if (try_candidate(s->trust, s->crypto,
			emrtd_trust_at(s->trust, i), s->list) &&
		    !anchors)
			s->vouches_left--;
	}
}

/* Those that are trusted come first: nobody can crowd them out. */
static void
find_signer(const struct emrtd_trust *trust, struct emrtd_crypto *crypto,
    struct emrtd_kept_crl *list)
{
	const struct emrtd_crl *crl = &list->crl;
	struct signer_search s = { .trust = trust,
		.crypto = crypto,
		.list = list,
		.candidates_left = CANDIDATES_MAX,
		.vouches_left = VOUCHES_MAX };

	list->asked = true;
	list->error = EMRTD_E_NO_ANCHOR;
	list->signer = (struct emrtd_crl_signer){ .certificate = NULL };
	list->unfit = list->signer;
	list->gave_up = false;
	for (int anchors = 1; anchors >= 0; anchors--) {
		try_candidates(&s, EMRTD_TRUST_BY_KEY_ID, crl->authority_key_id,
		    anchors != 0);
		try_candidates(&s, EMRTD_TRUST_BY_NAME, crl->issuer,
		    anchors != 0);
	}
}

static bool
is_in_chain(const struct emrtd_chain *chain, const struct emrtd_certificate *c)
{
	for (size_t i = 0; i < chain->n; i++) {
		if (emrtd_bytes_equal(chain->path[i]->spki, c->spki))
			return true;
	}
	return false;
}

/*
 * The list of one trusted state says nothing of the certificates of another,
 * nor that of a test of those that are in earnest.
 */
static bool
is_same_state(const struct emrtd_chain *chain,
    const struct emrtd_certificate *signer)
{
	const struct emrtd_certificate *anchor = chain->path[chain->n - 1];
	char ours[4], theirs[4];

	if (signer->is_test != anchor->is_test)
		return false;
	emrtd_name_country(anchor->subject, ours);
	emrtd_name_country(signer->subject, theirs);
	return (ours[0] != '\0' && strcmp(ours, theirs) == 0) ||
	       emrtd_name_equal(anchor->subject, signer->subject);
}

static bool
is_of_state(const struct emrtd_crl_signer *signer,
    const struct emrtd_chain *chain)
{
	const struct emrtd_certificate *c = signer->certificate;

	return c != NULL && (is_in_chain(chain, c) ||
				(signer->vouched && is_same_state(chain, c)));
}

/* NULL when the state that vouches for this document has signed the list. */
static const char *
doubt_signer(const struct emrtd_trust *trust, struct emrtd_crypto *crypto,
    const struct emrtd_revocation_question *q, struct emrtd_kept_crl *list)
{
	if (!list->asked)
		find_signer(trust, crypto, list);
	switch (list->error) {
	case EMRTD_OK:
		break;
	case EMRTD_E_NO_ANCHOR:
		return "nobody trusted has its signer's name or key";
	case EMRTD_E_SIGNATURE:
		return "no trusted key has signed it";
	case EMRTD_E_CERTIFICATE:
		return "its signer may not sign such lists";
	case EMRTD_E_VALIDITY:
		return "it was signed outside its signer's dates";
	default:
		return "its signature cannot be checked";
	}
	if (!is_of_state(&list->signer, q->chain))
		return "its signer is not the state that vouches for this "
		       "document";
	return NULL;
}

/* NULL when the list can be relied on for this document. */
static const char *
doubt(const struct emrtd_trust *trust, struct emrtd_crypto *crypto,
    const struct emrtd_revocation_question *q, struct emrtd_kept_crl *list)
{
	const char *why = doubt_signer(trust, crypto, q, list);

	return why != NULL ? why : list->crl.unusable;
}

/* By the name in the certificate, or by any that this CSCA has had. */
static bool
is_about(const struct emrtd_crl *crl, const struct emrtd_revocation_question *q)
{
	if (emrtd_crl_names(crl, q->certificate->issuer))
		return true;
	for (size_t i = 0; i < q->chain->n; i++) {
		if (emrtd_crl_names(crl, q->chain->path[i]->subject) ||
		    emrtd_crl_names(crl, q->chain->path[i]->issuer))
			return true;
	}
	return false;
}

/* Most lists are other states'; their names need not be compared. */
static bool
is_other_country(const struct emrtd_kept_crl *list, const char *country)
{
	return list->country[0] != '\0' && country[0] != '\0' &&
	       strcmp(list->country, country) != 0 &&
	       strlen(list->country) == strlen(country);
}

static bool
is_stale(const struct emrtd_crl *crl, int64_t at)
{
	return at > (crl->has_next_update
			    ? crl->next_update
			    : crl->this_update +
				  (int64_t)EMRTD_CRL_DAYS * SECONDS_PER_DAY);
}

/* The next list that is about the certificate, from *index on. */
static struct emrtd_kept_crl *
next_list(const struct emrtd_trust *trust,
    const struct emrtd_revocation_question *q, const char *country,
    size_t *index)
{
	struct emrtd_kept_crl *list;

	while ((list = emrtd_trust_crl_at(trust, *index)) != NULL) {
		(*index)++;
		if (!is_other_country(list, country) && is_about(&list->crl, q))
			return list;
	}
	return NULL;
}

/* Is there a newer one of the signer's key that could be asked instead? */
static bool
is_superseded(const struct emrtd_trust *trust, struct emrtd_crypto *crypto,
    const struct emrtd_revocation_question *q, const char *country,
    const struct emrtd_kept_crl *old, const struct emrtd_crl_signer *signer)
{
	struct emrtd_kept_crl *list;
	size_t i = 0;

	while ((list = next_list(trust, q, country, &i)) != NULL) {
		if (list != old && doubt(trust, crypto, q, list) == NULL &&
		    list->crl.this_update > old->crl.this_update &&
		    list->crl.this_update <= q->at &&
		    emrtd_bytes_equal(list->signer.certificate->spki,
			signer->certificate->spki))
			return true;
	}
	return false;
}

/* What is known after some of the lists. */
struct search {
	const struct emrtd_crl *newest;  /* that could be asked */
	const struct emrtd_crl *removed; /* that took the certificate off */
	const struct emrtd_crl *suspect; /* that may have revoked it */
	const char *suspicion;
	const struct emrtd_crl *doubted; /* that could not */
	const char *why;
};

/* The first one is told of. */
static void
put_off(struct search *s, const struct emrtd_crl *crl, const char *why)
{
	if (s->doubted != NULL)
		return;
	s->doubted = crl;
	s->why = why;
}

static void
put_suspect(struct search *s, const struct emrtd_kept_crl *list,
    const struct emrtd_crl_signer *signer)
{
	s->suspect = &list->crl;
	if (signer == NULL)
		s->suspicion = "it names the certificate, and there are more "
			       "certificates of its signer's name than are "
			       "tried";
	else if (signer == &list->unfit)
		s->suspicion = "it names the certificate, but its signer may "
			       "not sign such lists, or not on that day";
	else
		s->suspicion = "it names the certificate, but is a list of "
			       "changes or of a part, or has an extension "
			       "that is not known";
}

/*
 * A key of the state has signed the list, and we do not know how to read it, or
 * the key's certificate does not permit it: nothing can be concluded from it
 * (RFC 5280 6.3.3). That it is silent means nothing; that it names the
 * certificate does, until the same key has signed a newer one. So it is with
 * one whose signer was not looked for to the end: who fills the store with
 * namesakes must not hide a list.
 */
static void
look_for_suspicion(const struct emrtd_trust *trust, struct emrtd_crypto *crypto,
    const struct emrtd_revocation_question *q, const char *country,
    struct emrtd_kept_crl *list, struct search *s)
{
	const struct emrtd_crl_signer *signer = NULL;
	struct emrtd_crl_entry entry;

	if (doubt_signer(trust, crypto, q, list) == NULL)
		signer = &list->signer;
	else if (is_of_state(&list->unfit, q->chain))
		signer = &list->unfit;
	if ((signer != NULL || list->gave_up) &&
	    emrtd_crl_find(&list->crl, list->index, q->certificate->serial,
		&entry) &&
	    entry.reason != EMRTD_CRL_REMOVED &&
	    (signer == NULL ||
		!is_superseded(trust, crypto, q, country, list, signer)))
		put_suspect(s, list, signer);
}

/* A list that can be relied on; true when the certificate was revoked. */
static bool
ask_list(const struct emrtd_kept_crl *list,
    const struct emrtd_revocation_question *q, struct search *s,
    struct emrtd_crl_entry *entry)
{
	const struct emrtd_crl *crl = &list->crl;
	bool found = emrtd_crl_find(crl, list->index, q->certificate->serial,
	    entry);

	if (found && entry->reason != EMRTD_CRL_REMOVED)
		return true;
	if (crl->this_update > q->at) {
		put_off(s, crl, "it is dated in the future");
		return false;
	}
	if (found)
		s->removed = crl;
	if (s->newest == NULL || crl->this_update > s->newest->this_update)
		s->newest = crl;
	return false;
}

static void
conclude(const struct search *s, int64_t at,
    struct emrtd_revocation_answer *out)
{
	if (s->removed != NULL) {
		out->status = EMRTD_REVOCATION_UNVERIFIED;
		out->list = s->removed;
		out->why = "it says that the certificate was taken off it, "
			   "which only a list of changes may say";
	} else if (s->suspect != NULL) {
		out->status = EMRTD_REVOCATION_UNVERIFIED;
		out->list = s->suspect;
		out->why = s->suspicion;
	} else if (s->newest != NULL) {
		out->status = is_stale(s->newest, at) ? EMRTD_REVOCATION_STALE
						      : EMRTD_REVOCATION_GOOD;
		out->list = s->newest;
	} else if (s->doubted != NULL) {
		out->status = EMRTD_REVOCATION_UNVERIFIED;
		out->list = s->doubted;
		out->why = s->why;
	}
}

void
emrtd_revocation_ask(const struct emrtd_trust *trust,
    struct emrtd_crypto *crypto, const struct emrtd_revocation_question *q,
    struct emrtd_revocation_answer *out)
{
	struct search s = { .why = NULL };
	struct emrtd_kept_crl *list;
	char country[4];
	size_t i = 0;

	memset(out, 0, sizeof(*out));
	out->status = EMRTD_REVOCATION_NO_CRL;
	emrtd_name_country(q->certificate->issuer, country);
	while ((list = next_list(trust, q, country, &i)) != NULL) {
		const char *why = doubt(trust, crypto, q, list);

		if (why != NULL) {
			put_off(&s, &list->crl, why);
			look_for_suspicion(trust, crypto, q, country, list, &s);
			continue;
		}
		if (is_superseded(trust, crypto, q, country, list,
			&list->signer) ||
		    !ask_list(list, q, &s, &out->entry))
			continue;
		out->status = EMRTD_REVOCATION_REVOKED;
		out->list = &list->crl;
		return;
	}
	conclude(&s, q->at, out);
}

const char *
emrtd_revocation_reason(int reason)
{
	/* RFC 5280 5.3.1 */
	static const char *const names[] = {
		[0] = "unspecified",
		[1] = "keyCompromise",
		[2] = "cACompromise",
		[3] = "affiliationChanged",
		[4] = "superseded",
		[5] = "cessationOfOperation",
		[6] = "certificateHold",
		[8] = "removeFromCRL",
		[9] = "privilegeWithdrawn",
		[10] = "aACompromise",
	};

	if (reason < 0 || (size_t)reason >= sizeof(names) / sizeof(*names))
		return NULL;
	return names[reason];
}
