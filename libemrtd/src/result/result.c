/* Getters of a result: borrowed views, nothing decided here. */
#include "result/result.h"

#include <string.h>

bool
emrtd_result_test_trust(const struct emrtd_result *result)
{
	return result->test_trust;
}

enum emrtd_error
emrtd_result_error(const struct emrtd_result *result)
{
	return result->diag.error;
}

const struct emrtd_diag *
emrtd_result_diag(const struct emrtd_result *result)
{
	return &result->diag;
}

struct emrtd_bytes
emrtd_result_file(const struct emrtd_result *result, enum emrtd_file file)
{
	if ((unsigned)file >= EMRTD_N_FILES)
		return emrtd_bytes(NULL, 0);
	return emrtd_bytes(result->files[file].ptr, result->files[file].len);
}

struct emrtd_bytes
emrtd_result_file_sha256(const struct emrtd_result *result,
    enum emrtd_file file)
{
	if ((unsigned)file >= EMRTD_N_FILES || result->files[file].len == 0)
		return emrtd_bytes(NULL, 0);
	return emrtd_bytes(result->files[file].sha256, EMRTD_FILE_SHA256_LEN);
}

enum emrtd_file_status
emrtd_result_file_status(const struct emrtd_result *result,
    enum emrtd_file file)
{
	if ((unsigned)file >= EMRTD_N_FILES)
		return EMRTD_FILE_NOT_REQUESTED;
	return result->files[file].status;
}

const struct mrz_doc *
emrtd_result_document(const struct emrtd_result *result)
{
	return result->has_document ? &result->document : NULL;
}

void
emrtd_result_access(const struct emrtd_result *result, struct emrtd_access *out)
{
	struct emrtd_access whole = result->access;

	whole.size = out->size;
	memcpy(out, &whole,
	    out->size < sizeof(whole) ? out->size : sizeof(whole));
}

bool
emrtd_result_mrz(const struct emrtd_result *result, struct emrtd_mrz *out)
{
	const struct emrtd_result_mrz *mrz = &result->mrz;
	struct emrtd_mrz whole = { .size = out->size,
		.optical = &mrz->optical,
		.n_keys = mrz->n_keys,
		.n_tried = mrz->n_tried,
		.opened_by = mrz->opened_by,
		.comparison = mrz->comparison,
		.differences = mrz->differences,
		.n_differences = mrz->n_differences };

	if (mrz->given)
		memcpy(out, &whole,
		    out->size < sizeof(whole) ? out->size : sizeof(whole));
	return mrz->given;
}

const char *
emrtd_mrz_comparison_name(enum emrtd_mrz_comparison comparison)
{
	static const char *const names[] = {
		[EMRTD_MRZ_NOT_COMPARED] = "not_compared",
		[EMRTD_MRZ_CONFIRMED] = "confirmed_by_chip",
		[EMRTD_MRZ_DIFFERS] = "differs",
	};

	if ((unsigned)comparison >= sizeof(names) / sizeof(*names))
		return "not_compared";
	return names[comparison];
}

bool
emrtd_result_face(const struct emrtd_result *result, struct emrtd_face *out)
{
	if (result->has_face)
		*out = result->face;
	return result->has_face;
}

const char *
emrtd_file_status_name(enum emrtd_file_status status)
{
	static const char *const names[] = {
		[EMRTD_FILE_NOT_REQUESTED] = "not_requested",
		[EMRTD_FILE_READ] = "read",
		[EMRTD_FILE_ABSENT] = "absent",
		[EMRTD_FILE_DENIED] = "denied",
		[EMRTD_FILE_MALFORMED] = "malformed",
		[EMRTD_FILE_ABORTED] = "aborted",
	};

	if ((unsigned)status >= sizeof(names) / sizeof(*names))
		return "not_requested";
	return names[status];
}
