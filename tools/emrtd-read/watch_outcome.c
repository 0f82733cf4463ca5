#include "watch_outcome.h"

#include <string.h>

/* No MRZ was needed to get at what was read, as far as is known here: what a
 * reader did by itself is its word alone. */
static bool
was_open(const struct emrtd_result *result)
{
	struct emrtd_access access = { .size = sizeof(access) };

	emrtd_result_access(result, &access);
	return access.by_reader || access.protocol == EMRTD_ACCESS_PLAIN ||
	       access.protocol == EMRTD_ACCESS_NONE;
}

/* Somebody's data, whoever that is. The chip's keys, which are read first, say
 * nothing of a person: torn away after them it is lost, not another's. */
static bool
has_data_group(const struct emrtd_result *result, bool keys_count)
{
	for (int i = EMRTD_DG1; i <= EMRTD_DG16; i++) {
		enum emrtd_file_status status = emrtd_result_file_status(result,
		    (enum emrtd_file)i);

		if (!keys_count && (i == EMRTD_DG14 || i == EMRTD_DG15))
			continue;
		if (status == EMRTD_FILE_READ || status == EMRTD_FILE_MALFORMED)
			return true;
	}
	return false;
}

/* The keys that DG1 gives; one is among those of the MRZ. */
static bool
shares_key(const struct document_mrz *mrz, const struct mrz_doc *doc)
{
	struct emrtd_password own[MRZ_MAX_KEYS];
	struct mrz_source chip = { .doc = *doc };
	bool found = false;
	size_t n;

	chip.n_keys = mrz_keys(doc, NULL, 0, chip.keys);
	n = mrz_source_passwords(&chip, own);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < mrz->n_passwords; k++)
			if (own[i].len == mrz->passwords[k].len &&
			    memcmp(own[i].text, mrz->passwords[k].text,
				own[i].len) == 0)
				found = true;
	explicit_bzero(&chip, sizeof(chip));
	explicit_bzero(own, sizeof(own));
	return found;
}

/* What opened the chip vouches for number and dates, DG1 for all letters. A
 * zone that fits no layout was not compared, and has its keys alone; letters
 * off a picture that were not read surely leave the row undetermined. */
static bool
is_of_another(const struct document_mrz *mrz, const struct emrtd_result *result,
    bool whole)
{
	enum emrtd_verdict match =
	    emrtd_result_check(result, EMRTD_CHECK_DOC_MRZ_MATCH)->verdict;
	const struct mrz_doc *doc = emrtd_result_document(result);

	if (match == EMRTD_FAILED && mrz->source.doc.format != MRZ_UNKNOWN)
		return true;
	if (match == EMRTD_PASSED || !was_open(result))
		return false;
	return doc != NULL ? !shares_key(mrz, doc)
			   : has_data_group(result, whole);
}

enum watch_outcome
watch_outcome_of(const struct document_mrz *mrz,
    const struct emrtd_result *result, enum emrtd_error error)
{
	/* Whatever ended it: what was read so far may be another's. */
	if (result != NULL && is_of_another(mrz, result, error == EMRTD_OK))
		return WATCH_MISMATCH;
	switch (error) {
	case EMRTD_OK:
		return WATCH_READ;
	case EMRTD_E_ACCESS_DENIED:
		return WATCH_MISMATCH;
	case EMRTD_E_CANCELLED:
		return WATCH_CANCELLED;
	case EMRTD_E_CARD_LOST:
	case EMRTD_E_READER_LOST:
	case EMRTD_E_NO_READER:
	case EMRTD_E_TIMEOUT:
	case EMRTD_E_DEADLINE:
		return WATCH_LOST;
	default:
		return WATCH_FAILED;
	}
}
