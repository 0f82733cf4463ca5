/* The verification of a reading, on files that somebody else read. */
#include "reader/context.h"
#include "reader/mrz_match.h"
#include "reader/passive_auth.h"

#include "access/pace_protocols.h"
#include "core/diag.h"
#include "lds/security_info.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static enum emrtd_error
copy_file(struct emrtd_result *result, struct emrtd_crypto *crypto,
    enum emrtd_file file, struct emrtd_bytes bytes)
{
	uint8_t *copy;

	if (bytes.len == 0)
		return EMRTD_OK;
	copy = malloc(bytes.len);
	if (copy == NULL)
		return EMRTD_E_NO_MEMORY;
	memcpy(copy, bytes.ptr, bytes.len);
	return emrtd_result_set_file(result, crypto, file, copy, bytes.len);
}

/* Files cannot prove a chip; at best they say that it offers no proof. */
static void
set_chip_rows(struct emrtd_result *result)
{
	struct emrtd_card_access card_access;
	struct emrtd_bytes file = emrtd_result_file(result,
	    EMRTD_EF_CARD_ACCESS);
	bool offered = false;

	for (int i = EMRTD_CHECK_ACCESS_PACE; i <= EMRTD_CHECK_ACCESS_SM; i++)
		emrtd_check_set(result, (enum emrtd_check_id)i, EMRTD_NOT_RUN,
		    "these are files, not a chip");
	emrtd_check_set(result, EMRTD_CHECK_CHIP_CAM, EMRTD_UNDETERMINED,
	    "EF.CardAccess is not among the files");
	if (file.len == 0)
		return;
	if (emrtd_card_access_parse(file, NULL, &card_access) != EMRTD_OK) {
		result->files[EMRTD_EF_CARD_ACCESS].status =
		    EMRTD_FILE_MALFORMED;
		return;
	}
	for (size_t i = 0; i < card_access.n_pace; i++) {
		const struct emrtd_pace_protocol *p =
		    emrtd_pace_protocol_by_oid(card_access.pace[i].oid);

		offered |= p != NULL && p->mapping == EMRTD_PACE_CAM;
	}
	emrtd_check_set(result, EMRTD_CHECK_CHIP_CAM,
	    offered ? EMRTD_UNDETERMINED : EMRTD_NOT_OFFERED,
	    offered ? "files cannot prove a chip"
		    : "EF.CardAccess does not offer it");
}

/* Options grew: an older caller's end before doubts. */
#define OLD_OPTIONS offsetof(struct emrtd_verify_options, doubts)

enum emrtd_error
emrtd_verify_files(struct emrtd_ctx *ctx,
    const struct emrtd_verify_options *options, struct emrtd_result **out)
{
	const struct mrz_doubt *doubts = NULL;
	struct emrtd_result *result;
	enum emrtd_error e;
	int64_t start;
	size_t n_doubts = 0;

	if (ctx == NULL || options == NULL || options->size < OLD_OPTIONS ||
	    options->files == NULL || out == NULL)
		return EMRTD_E_ARG;
	if (options->size >= sizeof(*options)) {
		doubts = options->doubts;
		n_doubts = options->n_doubts;
	}
	e = emrtd_result_new(ctx, options->at, &result);
	if (e != EMRTD_OK)
		return e;
	start = ctx->clock.now_us(ctx->clock.self);
	for (int i = 0; i < EMRTD_N_FILES; i++) {
		e = copy_file(result, ctx->crypto, (enum emrtd_file)i,
		    options->files[i]);
		if (e != EMRTD_OK) {
			emrtd_result_free(&result);
			return e;
		}
	}
	/* Whose document it is, and whose face: the rest may be left out. */
	result->wanted = 1u << 1 | 1u << 2;
	set_chip_rows(result);
	emrtd_passive_auth(ctx, result, options->trust);
	emrtd_check_mrz_match(result, options->optical, doubts, n_doubts);
	result->total_us = ctx->clock.now_us(ctx->clock.self) - start;
	*out = result;
	return EMRTD_OK;
}
