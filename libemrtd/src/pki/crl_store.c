#include "pki/crl_store.h"

#include "core/cursor.h"
#include "core/diag.h"
#include "core/tlv.h"

#include <stdlib.h>
#include <string.h>

/* States have one list each, some one for each key; old ones may be kept. */
#define LISTS_MAX 4096

#define TAG_SEQUENCE 0x30
#define TAG_INTEGER  0x02
#define TAG_UTC      0x17
#define TAG_GENERAL  0x18

bool
emrtd_crl_is(struct emrtd_bytes der)
{
	struct emrtd_bytes list, tbs, skipped;
	uint32_t tag;

	/* A certificate has its dates in a sequence of their own. */
	return emrtd_tlv(&der, TAG_SEQUENCE, &list) &&
	       emrtd_tlv(&list, TAG_SEQUENCE, &tbs) &&
	       emrtd_tlv_optional(&tbs, TAG_INTEGER, &skipped) &&
	       emrtd_tlv(&tbs, TAG_SEQUENCE, &skipped) &&
	       emrtd_tlv(&tbs, TAG_SEQUENCE, &skipped) &&
	       emrtd_tlv_peek(&tbs, &tag) &&
	       (tag == TAG_UTC || tag == TAG_GENERAL);
}

static void
free_list(struct emrtd_kept_crl *list)
{
	if (list != NULL)
		free(list->index);
	free(list);
}

void
emrtd_crl_store_cut(struct emrtd_crl_store *store, size_t n)
{
	while (store->n > n)
		free_list(store->lists[--store->n]);
	if (n > 0)
		return;
	free(store->lists);
	store->lists = NULL;
	store->cap = 0;
}

void
emrtd_crl_store_forget(struct emrtd_crl_store *store)
{
	for (size_t i = 0; i < store->n; i++)
		store->lists[i]->asked = false;
}

static bool
has(const struct emrtd_crl_store *store, struct emrtd_bytes der)
{
	for (size_t i = 0; i < store->n; i++) {
		if (emrtd_bytes_equal(store->lists[i]->crl.der, der))
			return true;
	}
	return false;
}

static enum emrtd_error
reserve(struct emrtd_crl_store *store)
{
	size_t cap = store->cap > 0 ? 2 * store->cap : 16;
	void *grown;

	if (store->n < store->cap)
		return EMRTD_OK;
	if (store->n >= LISTS_MAX)
		return EMRTD_E_LIMIT;
	grown = realloc(store->lists, cap * sizeof(store->lists[0]));
	if (grown == NULL)
		return EMRTD_E_NO_MEMORY;
	store->lists = grown;
	store->cap = cap;
	return EMRTD_OK;
}

/* Parsed over its own copy of the DER. */
static enum emrtd_error
new_list(struct emrtd_bytes der, struct emrtd_diag *diag,
    struct emrtd_kept_crl **out)
{
	struct emrtd_kept_crl *list = malloc(sizeof(*list) + der.len);
	enum emrtd_error error;
	uint8_t *bytes;

	if (list == NULL)
		return emrtd_fail(diag, EMRTD_E_NO_MEMORY, NULL, NULL);
	memset(list, 0, sizeof(*list));
	bytes = (uint8_t *)(list + 1);
	memcpy(bytes, der.ptr, der.len);
	error = emrtd_crl_parse(emrtd_bytes(bytes, der.len), diag, &list->crl);
	if (error == EMRTD_OK && list->crl.n_entries > 0) {
		list->index = malloc(
		    list->crl.n_entries * sizeof(*list->index));
		if (list->index == NULL)
			error = emrtd_fail(diag, EMRTD_E_NO_MEMORY, NULL, NULL);
	}
	if (error != EMRTD_OK) {
		free_list(list);
		return error;
	}
	emrtd_crl_index(&list->crl, list->index);
	emrtd_name_country(list->crl.issuer, list->country);
	*out = list;
	return EMRTD_OK;
}

enum emrtd_error
emrtd_crl_store_add(struct emrtd_crl_store *store, struct emrtd_bytes der,
    struct emrtd_diag *diag)
{
	struct emrtd_kept_crl *list = NULL;
	enum emrtd_error error;

	if (has(store, der))
		return EMRTD_OK;
	error = reserve(store);
	if (error != EMRTD_OK)
		return emrtd_fail(diag, error, "adding a revocation list",
		    NULL);
	error = new_list(der, diag, &list);
	if (error == EMRTD_OK)
		store->lists[store->n++] = list;
	return error;
}
