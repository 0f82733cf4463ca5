/*
 * Any text as a record mrz-read/1: what is taken from its first document is
 * in range, and goes through libmrz.
 */
#include "mrz_record.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static void
require_in_range(const struct mrz_record *r)
{
	char info[MRZ_KEY_INFO_CAP];
	size_t len;

	require(memchr(r->text, 0, sizeof(r->text)) != NULL);
	require((unsigned)r->status < MRZ_N_STATUSES);
	require(r->n_doubts <= MRZ_MAX_DOUBTS && r->n_keys <= MRZ_MAX_KEYS);
	require(r->n_doubts == 0 || r->is_picture);
	for (size_t i = 0; i < r->n_doubts; i++) {
		const struct mrz_doubt *d = &r->doubts[i];

		require(d->line >= 1 && d->line <= MRZ_MAX_LINES);
		require(d->column >= 1 && d->column <= MRZ_MAX_LINE_LEN);
		require(d->n >= 1 && d->n <= MRZ_MAX_ALTERNATIVES);
		for (size_t k = 0; k < d->n; k++) {
			require(mrz_check_digit(&d->text[k], 1) != '\0');
			require(d->cost[k] >= 0);
		}
	}
	for (size_t i = 0; i < r->n_keys; i++)
		require(mrz_key_info_from_key(&r->keys[i], info, sizeof(info),
			    &len) == MRZ_OK);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mrz_key keys[MRZ_MAX_KEYS];
	struct mrz_record record;
	struct mrz_doc doc;
	json_error_t where;
	json_t *root = json_loadb((const char *)data, size,
	    JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &where);
	const json_t *documents = json_object_get(root, "documents");
	const char *wrong = mrz_record_read(json_array_get(documents, 0),
	    &record);

	if (wrong != NULL) {
		require(strlen(wrong) > 0);
		require(record.n_doubts == 0 && record.n_keys == 0);
		require(record.text[0] == '\0');
	} else {
		require_in_range(&record);
		if (mrz_parse(record.text, strlen(record.text), NULL, &doc) !=
		    MRZ_OK)
			require(doc.status == MRZ_REJECTED);
		require(mrz_keys(&doc, record.doubts, record.n_doubts, keys) <=
			MRZ_MAX_KEYS);
		mrz_doubt(&doc, record.doubts, record.n_doubts);
		require(record.n_doubts == 0 || doc.status != MRZ_ACCEPTED);
	}
	json_decref(root);
	return 0;
}
