/*
 * trust_store.c - the certificates that the caller trusts, those that help to
 * find a way to them, and the revocation lists, in memory.
 */
#include "core/cursor.h"
#include "core/diag.h"
#include "pki/chain.h"
#include "pki/crl_store.h"
#include "pki/pem.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * All that is published worldwide is some 1,000 country certificates in 2 MB,
 * and some 30,000 of Document Signers.
 */
#define CERTIFICATES_MAX 65536
#define FILE_LEN_MAX     ((size_t)64 << 20)
#define PATH_CAP         4096

/* With its DER behind it in one block: pointers stay valid. */
struct entry {
	struct emrtd_certificate certificate;
	bool is_anchor;
	uint64_t hash[EMRTD_TRUST_N_KEYS];
};

struct emrtd_trust {
	struct entry **entries;
	size_t n, cap;
	struct emrtd_crl_store crls;
	size_t n_test; /* of them marked as tests' */
	/*
	 * Hash tables of 2 * cap slots with linear probing, one for each key:
	 * an index into entries plus 1, or 0. Equal hashes stand in the order
	 * in which they were added.
	 */
	uint32_t *slots[EMRTD_TRUST_N_KEYS];
};

/* What an entry is found by. */
static struct emrtd_bytes
key_of(const struct emrtd_certificate *c, enum emrtd_trust_key key)
{
	switch (key) {
	case EMRTD_TRUST_BY_KEY_ID:
		return c->subject_key_id;
	case EMRTD_TRUST_BY_NAME:
		return c->subject;
	default:
		return c->serial;
	}
}

static uint64_t
hash_of(enum emrtd_trust_key key, struct emrtd_bytes value)
{
	return key == EMRTD_TRUST_BY_NAME ? emrtd_name_hash(value)
					  : emrtd_bytes_hash(value);
}

enum emrtd_error
emrtd_trust_new(struct emrtd_ctx *ctx, struct emrtd_trust **out)
{
	(void)ctx; /* a store keeps what it parses, and asks nobody */
	*out = calloc(1, sizeof(**out));
	return *out != NULL ? EMRTD_OK : EMRTD_E_NO_MEMORY;
}

/* The caller has made room for it. */
static void
enter(struct emrtd_trust *trust, size_t index)
{
	size_t mask = 2 * trust->cap - 1;

	for (int key = 0; key < EMRTD_TRUST_N_KEYS; key++) {
		uint32_t *slots = trust->slots[key];
		size_t i = (size_t)trust->entries[index]->hash[key] & mask;

		while (slots[i] != 0)
			i = (i + 1) & mask;
		slots[i] = (uint32_t)index + 1;
	}
}

static void
enter_all(struct emrtd_trust *trust)
{
	for (int key = 0; key < EMRTD_TRUST_N_KEYS && trust->cap > 0; key++)
		memset(trust->slots[key], 0,
		    2 * trust->cap * sizeof(*trust->slots[key]));
	for (size_t i = 0; i < trust->n; i++)
		enter(trust, i);
}

/* What a call that failed had added goes. */
struct mark {
	size_t n_certificates, n_crls;
};

static struct mark
mark_of(const struct emrtd_trust *trust)
{
	return (struct mark){ trust->n, trust->crls.n };
}

static void
truncate_to(struct emrtd_trust *trust, struct mark mark)
{
	emrtd_crl_store_forget(&trust->crls);
	emrtd_crl_store_cut(&trust->crls, mark.n_crls);
	if (trust->n == mark.n_certificates)
		return;
	while (trust->n > mark.n_certificates) {
		struct entry *e = trust->entries[--trust->n];

		trust->n_test -= e->certificate.is_test;
		free(e);
	}
	enter_all(trust);
}

void
emrtd_trust_free(struct emrtd_trust **trust)
{
	struct emrtd_trust *t = trust != NULL ? *trust : NULL;

	if (t == NULL)
		return;
	truncate_to(t, (struct mark){ 0, 0 });
	for (int key = 0; key < EMRTD_TRUST_N_KEYS; key++)
		free(t->slots[key]);
	free(t->entries);
	free(t);
	*trust = NULL;
}

size_t
emrtd_trust_count(const struct emrtd_trust *trust)
{
	return trust->n;
}

const struct emrtd_certificate *
emrtd_trust_at(const struct emrtd_trust *trust, size_t index)
{
	return trust != NULL && index < trust->n
		   ? &trust->entries[index]->certificate
		   : NULL;
}

bool
emrtd_trust_is_anchor(const struct emrtd_trust *trust, size_t index)
{
	return trust != NULL && index < trust->n &&
	       trust->entries[index]->is_anchor;
}

bool
emrtd_trust_has_test(const struct emrtd_trust *trust)
{
	return trust != NULL && trust->n_test > 0;
}

void
emrtd_trust_walk(const struct emrtd_trust *trust, enum emrtd_trust_key key,
    struct emrtd_bytes value, struct emrtd_trust_walk *out)
{
	*out = (struct emrtd_trust_walk){ .trust = trust,
		.key = key,
		.value = value };
	if (trust == NULL || trust->n == 0 || value.len == 0)
		return;
	out->hash = hash_of(key, value);
	out->slot = (size_t)out->hash & (2 * trust->cap - 1);
	out->more = true;
}

bool
emrtd_trust_next(struct emrtd_trust_walk *w, size_t *index)
{
	const struct emrtd_trust *t = w->trust;
	uint32_t found;

	while (w->more && (found = t->slots[w->key][w->slot]) != 0) {
		const struct entry *e = t->entries[found - 1];
		struct emrtd_bytes key = key_of(&e->certificate, w->key);

		w->slot = (w->slot + 1) & (2 * t->cap - 1);
		if (e->hash[w->key] != w->hash ||
		    !(w->key == EMRTD_TRUST_BY_NAME
			    ? emrtd_name_equal(key, w->value)
			    : emrtd_bytes_equal(key, w->value)))
			continue;
		*index = found - 1;
		return true;
	}
	return w->more = false;
}

const struct emrtd_certificate *
emrtd_trust_signer(const struct emrtd_trust *trust, struct emrtd_bytes issuer,
    struct emrtd_bytes serial, struct emrtd_bytes key_id, size_t nth)
{
	const struct emrtd_certificate *c;
	struct emrtd_trust_walk walk;
	size_t i;

	if (key_id.ptr != NULL)
		emrtd_trust_walk(trust, EMRTD_TRUST_BY_KEY_ID, key_id, &walk);
	else
		emrtd_trust_walk(trust, EMRTD_TRUST_BY_SERIAL, serial, &walk);
	while (emrtd_trust_next(&walk, &i)) {
		c = emrtd_trust_at(trust, i);
		if (key_id.ptr == NULL && !emrtd_name_equal(c->issuer, issuer))
			continue;
		if (nth-- == 0)
			return c;
	}
	return NULL;
}

/* What is there as an anchor serves for paths, too. */
static bool
has(const struct emrtd_trust *trust, const struct emrtd_certificate *c,
    bool anchor)
{
	struct emrtd_trust_walk walk;
	size_t i;

	emrtd_trust_walk(trust, EMRTD_TRUST_BY_SERIAL, c->serial, &walk);
	while (emrtd_trust_next(&walk, &i)) {
		const struct entry *e = trust->entries[i];

		if ((e->is_anchor || !anchor) &&
		    emrtd_bytes_equal(e->certificate.der, c->der))
			return true;
	}
	return false;
}

static bool
grow(void **at, size_t size)
{
	void *grown = realloc(*at, size);

	if (grown != NULL)
		*at = grown;
	return grown != NULL;
}

/* When a table cannot grow, those before it are larger than they need be. */
static enum emrtd_error
reserve(struct emrtd_trust *trust)
{
	size_t cap = trust->cap > 0 ? 2 * trust->cap : 16;

	if (trust->n < trust->cap)
		return EMRTD_OK;
	if (trust->n >= CERTIFICATES_MAX)
		return EMRTD_E_LIMIT;
	if (!grow((void **)&trust->entries, cap * sizeof(*trust->entries)))
		return EMRTD_E_NO_MEMORY;
	for (int key = 0; key < EMRTD_TRUST_N_KEYS; key++) {
		if (!grow((void **)&trust->slots[key],
			2 * cap * sizeof(*trust->slots[key])))
			return EMRTD_E_NO_MEMORY;
	}
	trust->cap = cap;
	enter_all(trust);
	return EMRTD_OK;
}

/* A certificate that has been parsed before, copied with its DER. */
static enum emrtd_error
store(struct emrtd_trust *trust, struct emrtd_bytes der, bool anchor)
{
	struct entry *copy;
	enum emrtd_error error = reserve(trust);
	uint8_t *bytes;

	if (error != EMRTD_OK)
		return error;
	copy = malloc(sizeof(*copy) + der.len);
	if (copy == NULL)
		return EMRTD_E_NO_MEMORY;
	bytes = (uint8_t *)(copy + 1);
	memcpy(bytes, der.ptr, der.len);
	error = emrtd_certificate_parse(emrtd_bytes(bytes, der.len), NULL,
	    &copy->certificate);
	if (error != EMRTD_OK) {
		free(copy);
		return error;
	}
	copy->is_anchor = anchor;
	for (int key = 0; key < EMRTD_TRUST_N_KEYS; key++)
		copy->hash[key] = hash_of((enum emrtd_trust_key)key,
		    key_of(&copy->certificate, (enum emrtd_trust_key)key));
	trust->n_test += copy->certificate.is_test;
	trust->entries[trust->n++] = copy;
	enter(trust, trust->n - 1);
	return EMRTD_OK;
}

enum emrtd_error
emrtd_trust_add_der(struct emrtd_trust *trust, struct emrtd_bytes der,
    unsigned flags, struct emrtd_diag *diag)
{
	bool anchor = (flags & EMRTD_TRUST_PATH_ONLY) == 0;
	struct emrtd_certificate c;
	enum emrtd_error error = emrtd_certificate_parse(der, diag, &c);

	if (error != EMRTD_OK)
		return error;
	if (c.is_test && (flags & EMRTD_TRUST_ALLOW_TEST) == 0) {
		char name[EMRTD_NAME_CAP];

		error = emrtd_fail(diag, EMRTD_E_TEST_TRUST,
		    "adding a trusted certificate", NULL);
		emrtd_name_text(c.subject, name);
		emrtd_diag_detail(diag, name);
		return error;
	}
	if (has(trust, &c, anchor))
		return EMRTD_OK;
	emrtd_crl_store_forget(&trust->crls);
	error = store(trust, der, anchor);
	if (error != EMRTD_OK)
		return emrtd_fail(diag, error, "adding a trusted certificate",
		    NULL);
	return EMRTD_OK;
}

enum emrtd_error
emrtd_trust_add_crl_der(struct emrtd_trust *trust, struct emrtd_bytes der,
    struct emrtd_diag *diag)
{
	return emrtd_crl_store_add(&trust->crls, der, diag);
}

size_t
emrtd_trust_crl_count(const struct emrtd_trust *trust)
{
	return trust->crls.n;
}

struct emrtd_kept_crl *
emrtd_trust_crl_at(const struct emrtd_trust *trust, size_t index)
{
	return trust != NULL && index < trust->crls.n ? trust->crls.lists[index]
						      : NULL;
}

/* A certificate or a revocation list. */
static enum emrtd_error
add_either(struct emrtd_trust *trust, struct emrtd_bytes der, unsigned flags,
    struct emrtd_diag *diag)
{
	return emrtd_crl_is(der) ? emrtd_trust_add_crl_der(trust, der, diag)
				 : emrtd_trust_add_der(trust, der, flags, diag);
}

static enum emrtd_error
add_pem(struct emrtd_trust *trust, struct emrtd_bytes text, unsigned flags,
    struct emrtd_diag *diag)
{
	struct emrtd_out der = emrtd_out(malloc(text.len), text.len);
	enum emrtd_error error = EMRTD_OK;

	if (der.ptr == NULL)
		return emrtd_fail(diag, EMRTD_E_NO_MEMORY, NULL, NULL);
	while (error == EMRTD_OK) {
		error = emrtd_pem_next(&text, &der);
		if (error == EMRTD_E_NOT_FOUND)
			break;
		error = error == EMRTD_OK
			    ? add_either(trust, emrtd_out_bytes(&der), flags,
				  diag)
			    : emrtd_fail(diag, error, "PEM text", "RFC 7468");
	}
	free(der.ptr);
	return error == EMRTD_E_NOT_FOUND ? EMRTD_OK : error;
}

/* *out is from malloc, and of at least one byte. */
static enum emrtd_error
read_stream(FILE *f, uint8_t **out, size_t *out_len)
{
	size_t cap = 0, len = 0, got;
	uint8_t *buf = NULL;

	do {
		uint8_t *grown;

		cap = cap > 0 ? 2 * cap : 8192;
		grown = cap <= FILE_LEN_MAX ? realloc(buf, cap) : NULL;
		if (grown == NULL) {
			free(buf);
			return cap <= FILE_LEN_MAX ? EMRTD_E_NO_MEMORY
						   : EMRTD_E_LIMIT;
		}
		buf = grown;
		got = fread(&buf[len], 1, cap - len, f);
		len += got;
	} while (len == cap);
	if (ferror(f)) {
		free(buf);
		return EMRTD_E_IO;
	}
	*out = buf;
	*out_len = len;
	return EMRTD_OK;
}

static enum emrtd_error
read_file(const char *path, uint8_t **out, size_t *out_len)
{
	FILE *f = fopen(path, "rb");
	enum emrtd_error error;

	if (f == NULL)
		return errno == ENOENT   ? EMRTD_E_NOT_FOUND
		       : errno == EACCES ? EMRTD_E_PERMISSION
					 : EMRTD_E_IO;
	error = read_stream(f, out, out_len);
	fclose(f);
	return error;
}

static void
name_file(struct emrtd_diag *diag, const char *path)
{
	if (diag != NULL && diag->detail[0] != '\0')
		emrtd_diag_detail(diag, " in ");
	emrtd_diag_detail(diag, path);
}

enum emrtd_error
emrtd_trust_add_file(struct emrtd_trust *trust, const char *path,
    unsigned flags, struct emrtd_diag *diag)
{
	struct mark before = mark_of(trust);
	size_t len;
	enum emrtd_error error;
	struct emrtd_bytes content;
	uint8_t *buf;

	error = read_file(path, &buf, &len);
	if (error != EMRTD_OK) {
		error = emrtd_fail(diag, error, "reading trusted certificates",
		    NULL);
		name_file(diag, path);
		return error;
	}
	content = emrtd_bytes(buf, len);
	error = emrtd_pem_is(content) ? add_pem(trust, content, flags, diag)
				      : add_either(trust, content, flags, diag);
	free(buf);
	if (error != EMRTD_OK) {
		truncate_to(trust, before);
		name_file(diag, path);
	}
	return error;
}

static int
has_certificate_name(const struct dirent *entry)
{
	const char *name = entry->d_name;
	static const char endings[][5] = { ".cer", ".crl", ".crt", ".der",
		".pem" };
	size_t len = strlen(name);
	char end[5];

	if (name[0] == '.' || len < sizeof(end))
		return 0;
	for (size_t i = 0; i < sizeof(end); i++) {
		char c = name[len - 4 + i];

		end[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		if (strcmp(end, endings[i]) == 0)
			return 1;
	}
	return 0;
}

/* By bytes, so that the order is that of no locale and no file system. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static enum emrtd_error
add_entry(struct emrtd_trust *trust, const char *folder, const char *name,
    unsigned flags, struct emrtd_diag *diag)
{
	char file[PATH_CAP];
	int n = snprintf(file, sizeof(file), "%s/%s", folder, name);

	if (n < 0 || (size_t)n >= sizeof(file))
		return emrtd_fail(diag, EMRTD_E_LIMIT, "length of a path",
		    NULL);
	return emrtd_trust_add_file(trust, file, flags, diag);
}

enum emrtd_error
emrtd_trust_add_path(struct emrtd_trust *trust, const char *path,
    unsigned flags, struct emrtd_diag *diag)
{
	struct mark before = mark_of(trust);
	enum emrtd_error error = EMRTD_OK;
	struct dirent **entries;
	int n = scandir(path, &entries, has_certificate_name, by_name);

	if (n < 0 && errno == ENOMEM)
		return emrtd_fail(diag, EMRTD_E_NO_MEMORY, "listing a folder",
		    NULL);
	/* No folder; what else is wrong with it, opening it will tell. */
	if (n < 0)
		return emrtd_trust_add_file(trust, path, flags, diag);
	if (n == 0) {
		error = emrtd_fail(diag, EMRTD_E_NOT_FOUND,
		    "a folder without certificates", NULL);
		name_file(diag, path);
	}
	for (int i = 0; i < n; i++) {
		if (error == EMRTD_OK)
			error = add_entry(trust, path, entries[i]->d_name,
			    flags, diag);
		free(entries[i]);
	}
	free(entries);
	if (error != EMRTD_OK)
		truncate_to(trust, before);
	return error;
}
