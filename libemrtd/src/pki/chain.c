/*
 * chain.c - the search: from the signer upwards, nearest certificates first,
 * every candidate that the store has.
 */
#include "pki/chain.h"

#include "core/cursor.h"
#include "core/diag.h"
#include "pki/chain_rules.h"

#include <string.h>

#define CLAUSE "Doc 9303-12 6.1"

/*
 * Countries have up to 13 keys of one name. What hostile bytes can cost is
 * bounded by this, whatever the store holds.
 */
#define SIGNATURE_CHECKS_MAX 64
#define NODES_MAX            32

/* A certificate whose way down to the signer is proved. */
struct node {
	const struct emrtd_certificate *certificate;
	const struct node *below; /* NULL: where the search began */
	unsigned depth;           /* of a signer: 0, of a CA: 1 */
	unsigned sub_cas;         /* on the way, but for where it began */
	bool is_sub_ca;
	bool unclear; /* a CA on the way may be one, or a new key */
};

/* What one chain has before another: the first that differs decides. */
struct rank {
	uint8_t by[4];
};

struct search {
	const struct emrtd_trust *trust;
	struct emrtd_crypto *crypto;
	int64_t at;
	struct node nodes[NODES_MAX];
	size_t n_nodes;
	unsigned checks_left;
	struct emrtd_chain found;
	struct rank rank;       /* of found */
	enum emrtd_error worst; /* while none is found */
	struct emrtd_diag *diag;
};

static enum emrtd_error
no_anchor(const struct emrtd_certificate *signer, struct emrtd_diag *diag)
{
	enum emrtd_error error = emrtd_fail(diag, EMRTD_E_NO_ANCHOR,
	    "looking for the CSCA", CLAUSE);
	char name[EMRTD_NAME_CAP];

	emrtd_name_text(signer->issuer, name);
	emrtd_diag_detail(diag, name);
	return error;
}

static bool
is_valid_at(const struct emrtd_certificate *c, int64_t at)
{
	return c->not_before <= at && at <= c->not_after;
}

/*
 * Who only vouches for a link certificate may have expired since: what counts
 * is that it was valid when it issued that one.
 */
static bool
was_valid_for(const struct emrtd_certificate *issuer,
    const struct emrtd_certificate *link, int64_t at)
{
	return is_valid_at(issuer, link->not_before) || is_valid_at(issuer, at);
}

const struct emrtd_certificate *
emrtd_chain_outdated(const struct emrtd_chain *chain, int64_t at)
{
	if (!is_valid_at(chain->path[0], at))
		return chain->path[0];
	for (size_t i = 1; i < chain->n; i++) {
		if (!was_valid_for(chain->path[i], chain->path[i - 1], at))
			return chain->path[i];
	}
	return NULL;
}

/*
 * Of several chains: one whose dates hold, the shorter, of the signer's
 * country, of the name that the signer gives, in this order, whatever the
 * files are called.
 */
static struct rank
rank_of(const struct emrtd_chain *chain, const struct emrtd_certificate *signer,
    int64_t at)
{
	const struct emrtd_certificate *csca = chain->path[0];
	char a[4], b[4];

	emrtd_name_country(csca->subject, a);
	emrtd_name_country(signer->subject, b);
	return (struct rank){ {
	    emrtd_chain_outdated(chain, at) == NULL,
	    (uint8_t)(EMRTD_CHAIN_MAX - chain->n),
	    strcmp(a, b) == 0,
	    emrtd_name_equal(csca->subject, signer->issuer),
	} };
}

/* Nothing further away is better than a chain whose dates hold. */
static bool
is_in_date(const struct search *s)
{
	return s->rank.by[0] != 0;
}

static void
keep_best(struct search *s, const struct node *below,
    const struct emrtd_certificate *anchor)
{
	struct emrtd_chain chain = { .n = below->depth + 1 };
	struct rank rank;

	chain.path[below->depth] = anchor;
	for (; below->below != NULL; below = below->below) {
		chain.path[below->depth - 1] = below->certificate;
		chain.is_sub_ca[below->depth - 1] = below->is_sub_ca;
	}
	if (below->depth > 0) {
		chain.path[0] = below->certificate;
		chain.is_sub_ca[0] = below->is_sub_ca;
	}
	rank = rank_of(&chain, below->certificate, s->at);
	if (s->found.n > 0 && memcmp(&rank, &s->rank, sizeof(rank)) <= 0)
		return;
	s->found = chain;
	s->rank = rank;
}

/* The worst reason is told: a proof that failed, not one that never began. */
static bool
is_stronger(enum emrtd_error now, enum emrtd_error before)
{
	return before == EMRTD_E_NO_ANCHOR ||
	       (before == EMRTD_E_SIGNATURE && now != EMRTD_E_SIGNATURE);
}

static void
note_error(struct search *s, enum emrtd_error error,
    const struct emrtd_diag *diag)
{
	if (!is_stronger(error, s->worst))
		return;
	s->worst = error;
	if (s->diag != NULL)
		*s->diag = *diag;
}

/* A key that stands below already leads nowhere new. */
static bool
is_below(const struct node *node, const struct emrtd_certificate *c)
{
	for (; node != NULL && node->depth > 0; node = node->below) {
		if (emrtd_bytes_equal(node->certificate->spki, c->spki))
			return true;
	}
	return false;
}

/* The candidates for the issuer of one node. */
struct expansion {
	struct node *node;
	enum emrtd_trust_key how;
	struct emrtd_bytes proved_key; /* that signed it; NULL ptr: unknown */
};

/*
 * Did the candidate's key sign the node's certificate? False, and there is
 * nothing to say about the candidate, when it is just another key.
 */
static bool
signed_by(struct search *s, struct expansion *e,
    const struct emrtd_certificate *candidate, bool anchor)
{
	const struct emrtd_certificate *c = e->node->certificate;
	struct emrtd_diag diag;
	enum emrtd_error error;

	if (emrtd_bytes_equal(e->proved_key, candidate->spki))
		return true;
	if (e->proved_key.ptr != NULL && is_in_date(s))
		return false;
	if (s->checks_left == 0) {
		error = emrtd_fail(&diag, EMRTD_E_UNSUPPORTED,
		    "more certificates that may be the issuer's than are tried",
		    CLAUSE);
		note_error(s, error, &diag);
		return false;
	}
	s->checks_left--;
	error = emrtd_certificate_verify(c, s->crypto, candidate->spki, &diag);
	if (error == EMRTD_OK) {
		e->proved_key = candidate->spki;
		return true;
	}
	/*
	 * One that shares the name alone is no candidate; and what is trusted
	 * for nothing, and proves nothing, accuses nobody.
	 */
	if (anchor && (e->how == EMRTD_TRUST_BY_KEY_ID ||
			  (error != EMRTD_E_SIGNATURE && error != EMRTD_E_KEY)))
		note_error(s, error, &diag);
	return false;
}

/* What vouches for itself, of a certificate's key and country. */
enum root {
	NO_ROOT,
	ROOT_FOR_PATHS, /* and is trusted for nothing: who has the key made it */
	ROOT_TRUSTED
};

static bool
is_twin(const struct emrtd_certificate *c, const struct emrtd_certificate *twin)
{
	char a[4], b[4];

	emrtd_name_country(c->subject, a);
	emrtd_name_country(twin->subject, b);
	return emrtd_bytes_equal(twin->spki, c->spki) && strcmp(a, b) == 0 &&
	       emrtd_name_equal(twin->issuer, twin->subject);
}

/* By the key identifier, too: some links give the new key yet another name. */
static enum root
find_root(struct search *s, const struct emrtd_certificate *c)
{
	const struct {
		enum emrtd_trust_key how;
		struct emrtd_bytes value;
	} ways[] = { { EMRTD_TRUST_BY_NAME, c->subject },
		{ EMRTD_TRUST_BY_KEY_ID, c->subject_key_id } };
	const struct emrtd_certificate *twin;
	enum root found = NO_ROOT;
	struct emrtd_trust_walk walk;
	size_t n;

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		emrtd_trust_walk(s->trust, ways[i].how, ways[i].value, &walk);
		while (emrtd_trust_next(&walk, &n) && s->checks_left > 0) {
			twin = emrtd_trust_at(s->trust, n);
			if (!is_twin(c, twin))
				continue;
			s->checks_left--;
			if (emrtd_certificate_verify(twin, s->crypto,
				twin->spki, NULL) != EMRTD_OK)
				continue;
			if (emrtd_trust_is_anchor(s->trust, n))
				return ROOT_TRUSTED;
			found = ROOT_FOR_PATHS;
		}
	}
	return found;
}

/*
 * Many states give a new key a new name (a number in it), and their link
 * certificates do not say so. The new key's own, self-signed certificate tells
 * them from a sub-CA's, which has none; but whoever holds the key of a sub-CA
 * can make one. So it counts when it is trusted; else nobody can tell.
 */
static bool
is_sub_ca(struct search *s, const struct emrtd_certificate *c, bool *unclear)
{
	enum root root = NO_ROOT;

	if (emrtd_chain_names_differ(c))
		root = find_root(s, c);
	*unclear = root == ROOT_FOR_PATHS;
	return emrtd_chain_names_differ(c) && root != ROOT_TRUSTED;
}

static void
consider(struct search *s, struct expansion *e, size_t index)
{
	const struct emrtd_certificate *c = emrtd_trust_at(s->trust, index);
	bool anchor = emrtd_trust_is_anchor(s->trust, index);
	struct emrtd_chain_link link = { .issuer = c,
		.subject = e->node->certificate,
		.signer = s->nodes[0].certificate,
		.sub_cas = e->node->sub_cas,
		.unclear = e->node->unclear };
	struct emrtd_diag diag;
	enum emrtd_error error;
	bool unclear = false;

	if (is_below(e->node, c) || !signed_by(s, e, c, anchor))
		return;
	link.issuer_is_sub_ca = !anchor && is_sub_ca(s, c, &unclear);
	error = emrtd_chain_check_link(&link, &diag);
	if (error != EMRTD_OK)
		note_error(s, error, &diag);
	else if (anchor)
		keep_best(s, e->node, c);
	else if (s->n_nodes < NODES_MAX && e->node->depth + 1 < EMRTD_CHAIN_MAX)
		s->nodes[s->n_nodes++] = (struct node){ .certificate = c,
			.below = e->node,
			.depth = e->node->depth + 1,
			.sub_cas = e->node->sub_cas + link.issuer_is_sub_ca,
			.is_sub_ca = link.issuer_is_sub_ca,
			.unclear = e->node->unclear || unclear };
}

static void
expand(struct search *s, struct node *node)
{
	const struct emrtd_certificate *c = node->certificate;
	struct expansion e = { .node = node, .how = EMRTD_TRUST_BY_KEY_ID };
	struct emrtd_trust_walk walk;
	size_t i;

	emrtd_trust_walk(s->trust, e.how, c->authority_key_id, &walk);
	while (emrtd_trust_next(&walk, &i))
		consider(s, &e, i);
	e.how = EMRTD_TRUST_BY_NAME;
	emrtd_trust_walk(s->trust, e.how, c->issuer, &walk);
	while (emrtd_trust_next(&walk, &i)) {
		/* By its key identifier it was a candidate already. */
		if (c->authority_key_id.len == 0 ||
		    !emrtd_bytes_equal(c->authority_key_id,
			emrtd_trust_at(s->trust, i)->subject_key_id))
			consider(s, &e, i);
	}
}

static void
start(struct search *s, const struct emrtd_trust *trust,
    struct emrtd_crypto *crypto, const struct emrtd_certificate *from,
    struct emrtd_diag *diag)
{
	memset(s, 0, sizeof(*s));
	s->trust = trust;
	s->crypto = crypto;
	s->checks_left = SIGNATURE_CHECKS_MAX;
	s->diag = diag;
	s->nodes[0].certificate = from;
	s->n_nodes = 1;
}

static enum emrtd_error
search(struct search *s, int64_t at, struct emrtd_chain *out)
{
	s->at = at;
	s->worst = no_anchor(s->nodes[0].certificate, s->diag);
	for (size_t i = 0; i < s->n_nodes && !is_in_date(s); i++)
		expand(s, &s->nodes[i]);
	if (s->found.n == 0)
		return s->worst;
	*out = s->found;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_chain_find(const struct emrtd_trust *trust, struct emrtd_crypto *crypto,
    const struct emrtd_certificate *signer, int64_t at, struct emrtd_diag *diag,
    struct emrtd_chain *out)
{
	enum emrtd_error error = emrtd_chain_check_signer(signer, diag);
	struct search s;

	if (error != EMRTD_OK)
		return error;
	start(&s, trust, crypto, signer, diag);
	return search(&s, at, out);
}

static bool
is_anchor(const struct emrtd_trust *trust, const struct emrtd_certificate *ca)
{
	struct emrtd_trust_walk walk;
	size_t i;

	emrtd_trust_walk(trust, EMRTD_TRUST_BY_SERIAL, ca->serial, &walk);
	while (emrtd_trust_next(&walk, &i)) {
		if (emrtd_trust_at(trust, i) == ca)
			return emrtd_trust_is_anchor(trust, i);
	}
	return false;
}

enum emrtd_error
emrtd_chain_vouch(const struct emrtd_trust *trust, struct emrtd_crypto *crypto,
    const struct emrtd_certificate *ca, int64_t at, struct emrtd_diag *diag,
    struct emrtd_chain *out)
{
	enum emrtd_error error;
	struct search s;

	if (is_anchor(trust, ca)) {
		*out = (struct emrtd_chain){ .path = { ca }, .n = 1 };
		return EMRTD_OK;
	}
	start(&s, trust, crypto, ca, diag);
	s.nodes[0].depth = 1;
	s.nodes[0].is_sub_ca = is_sub_ca(&s, ca, &s.nodes[0].unclear);
	error = emrtd_chain_check_ca(ca, s.nodes[0].is_sub_ca, diag);
	return error == EMRTD_OK ? search(&s, at, out) : error;
}
