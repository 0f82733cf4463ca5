/*
 * The workshop: an issuing state made of a table of texts. It issues whole
 * documents with OpenSSL's keys, after which, or in the middle of which,
 * somebody changes named things; and has them verified.
 *
 * Artifacts are trees: certificates (csca, link, sub, other, ds ...), crl,
 * sod, cs (EF.CardSecurity), dg1 to dg15, com, access (EF.CardAccess). All
 * that they are made of are settings, named texts of der_text.h's notation.
 *
 *	use NAME=TEXT          another setting
 *	VERB TARGET [VALUE]    a change; see shop_edit.c for the verbs
 *	!VERB ...              the same after all has been signed
 *
 * TARGET is ARTIFACT[.PART][/PATH]: parts are named in shop_parts.c, the path
 * is der_find's.
 */
#ifndef SWEEP_SHOP_H
#define SWEEP_SHOP_H

#include "der_text.h"

#include <emrtd/reader.h>

#define SHOP_SETTINGS_MAX  60
#define SHOP_EDITS_MAX     24
#define SHOP_ARTIFACTS_MAX 40

/* Who signs anew what lies above a change. */
enum shop_signing {
	SHOP_ISSUER, /* who is entitled to: a careless issuer */
	SHOP_HASHES, /* nobody; hashes fit, signatures are the old ones */
	SHOP_NOBODY  /* nothing is made anew */
};

/* When the changes of an artifact are made. */
enum shop_layer {
	SHOP_CONTENT,    /* before it is hashed */
	SHOP_ATTRIBUTES, /* before it is signed */
	SHOP_OUTSIDE     /* of what no signature covers */
};

struct shop_setting {
	const char *name, *value;
};

/* A setting of a document. */
struct shop_choice {
	struct shop_setting is;
	bool must; /* a row wants it: something has to be made of it */
	bool used;
};

struct shop_edit {
	const char *text; /* for messages */
	const char *verb, *artifact, *part, *path, *value;
	bool late; /* with '!' */
	bool done;
};

struct shop_artifact {
	const char *name;
	struct der_node *root; /* NULL when somebody removed it */
	struct emrtd_bytes signature;
	struct emrtd_bytes raw; /* instead of root, when it is no tree */
	bool has_raw;
};

struct shop {
	struct shop_choice *settings;
	size_t n_settings;
	struct shop_edit edits[SHOP_EDITS_MAX];
	size_t n_edits;
	struct shop_artifact *artifacts;
	size_t n_artifacts;
	enum shop_signing signing;
	const struct shop *first; /* the document before the change; or NULL */
	const char *at;           /* the artifact that is being made */
	const char *base;
};

/* A document of this base; fails the test when a change changes nothing. */
struct shop *shop_make(const char *base, const char *edits,
    enum shop_signing signing, const struct shop *first);
/* Bases and documents beside the one at hand: their settings. */
const char *shop_base(const char *name);
const char *shop_base_at(size_t index);

/* A setting of an artifact; NULL when there is none. */
const char *shop_find(const struct shop *shop, const char *artifact,
    const char *name);
/* The same; fails the test when there is none. */
const char *shop_value(const struct shop *shop, const char *artifact,
    const char *name);
struct emrtd_bytes shop_text(struct shop *shop, const char *artifact,
    const char *text);
const char *shop_default(const char *name);
/* Walks the words of a list; *at begins as the list. NULL at the end. */
const char *shop_next_word(const char **at);
bool shop_is_in(const char *list, const char *word);
/* True when every word of wanted is in list; "-" wants none. */
bool shop_has_all(const char *wanted, const char *list);

/* An artifact that is made already; NULL when there is none. */
struct shop_artifact *shop_artifact(const struct shop *shop, const char *name);
/* shop_parts.c: where a part is, and what signs over it. */
const char *shop_part(const char *artifact, const char *part,
    enum shop_layer *layer);
struct der_node **shop_target(struct shop_artifact *artifact, const char *part,
    const char *path);
/* shop_edit.c */
void shop_read_edits(struct shop *shop, const char *edits);
void shop_edit(struct shop *shop, struct shop_artifact *artifact,
    enum shop_layer layer, bool late);
/* shop_forge.c */
struct emrtd_bytes shop_forge(struct shop *shop, struct shop_artifact *sod,
    const char *name);
/* shop_issue.c */
void shop_issue(struct shop *shop);
/* What the artifact is made of, as bytes. */
struct emrtd_bytes shop_encoded(const struct shop_artifact *artifact);
/* shop_names.c: what '=NAME' stands for. */
struct emrtd_bytes shop_computed(void *shop, const char *name);

/* What a verification told, for a table. */
#define SHOP_OUTCOME_CAP 600
struct shop_outcome {
	enum emrtd_data_verdict data;
	bool any_failed;
	bool face_shown; /* DG2 was decoded */
	/*
	 * "failed pa.chain": what failed; if nothing did,
	 * "undetermined pa.revocation?": what is undetermined.
	 */
	char text[SHOP_OUTCOME_CAP];
	char findings[SHOP_OUTCOME_CAP]; /* their names; "-" when none */
};
/* shop_outcome.c; of_chip: the proofs of a chip count, too. */
void shop_tell(const struct emrtd_result *result, bool of_chip,
    struct shop_outcome *out);
/*
 * Fails the test when a row has a setting that nothing was made of: its name is
 * mistyped, most likely.
 */
void shop_check_settings(const struct shop *shop);
/* shop_verify.c; without a shop it frees what it keeps. */
void shop_verify(struct shop *shop, enum emrtd_policy policy,
    struct shop_outcome *out);
/* shop_chip.c: a reading of the virtual passport. */
void shop_read_chip(const char *base, const char *edits,
    enum emrtd_policy policy, struct shop_outcome *out);

#endif
