#include "reader/pa_steps.h"

#include "core/cursor.h"

#include <string.h>

/* A clone may withhold what it cannot forge: the face. */
static void
set_unread(struct emrtd_pa *pa, enum emrtd_check_id id, unsigned n)
{
	const char *why = "the document has it; it is not among the files";

	if (pa->result->on_chip)
		why = "the document has it, and nobody asked for it";
	if ((pa->result->wanted >> n & 1) != 0)
		emrtd_check_set(pa->result, id, EMRTD_UNDETERMINED,
		    "EF.SOD names it, and it cannot be had");
	else
		emrtd_check_set(pa->result, id, EMRTD_NOT_RUN, why);
}

/*
 * Over the file without filler. The result has the SHA-256 of what was received
 * already, which is the same when there is no filler.
 */
static enum emrtd_error
hash_file(struct emrtd_pa *pa, enum emrtd_file file, struct emrtd_bytes content,
    uint8_t digest[EMRTD_HASH_MAX])
{
	const struct emrtd_result_file *f = &pa->result->files[file];

	if (pa->sod.dg_hash != EMRTD_SHA256 || content.len != f->len)
		return emrtd_hash(pa->ctx->crypto, pa->sod.dg_hash, &content, 1,
		    digest);
	memcpy(digest, f->sha256, sizeof(f->sha256));
	return EMRTD_OK;
}

/* The hash of one data group as received against the entry of the SOD. */
static void
check_hash(struct emrtd_pa *pa, unsigned n)
{
	enum emrtd_check_id id = emrtd_check_hash_dg(n);
	struct emrtd_bytes file = emrtd_pa_content(pa->result,
	    (enum emrtd_file)(EMRTD_DG1 + n - 1));
	struct emrtd_bytes want = pa->sod.dg_digest[n];
	uint8_t digest[EMRTD_HASH_MAX];
	enum emrtd_error e;

	if (pa->result->files[EMRTD_DG1 + n - 1].status == EMRTD_FILE_ABORTED) {
		emrtd_check_set(pa->result, id, EMRTD_ABORTED,
		    "the reading ended in the middle of it");
		return;
	}
	if (!pa->has_sod) {
		if (file.len > 0)
			emrtd_check_set(pa->result, id, EMRTD_UNDETERMINED,
			    "there is no usable EF.SOD");
		return;
	}
	if (want.ptr == NULL && file.len == 0) {
		emrtd_check_set(pa->result, id, EMRTD_NOT_OFFERED,
		    "the document has no such data group");
		return;
	}
	if (file.len == 0) {
		set_unread(pa, id, n);
		return;
	}
	if (want.ptr == NULL) {
		emrtd_check_set(pa->result, id, EMRTD_FAILED,
		    "EF.SOD has no hash for it: nobody signed it");
		return;
	}
	e = hash_file(pa, (enum emrtd_file)(EMRTD_DG1 + n - 1), file, digest);
	if (e != EMRTD_OK) {
		emrtd_check_set(pa->result, id, EMRTD_UNDETERMINED,
		    "its hash cannot be computed");
		return;
	}
	if (emrtd_bytes_equal(want,
		emrtd_bytes(digest, emrtd_hash_len(pa->sod.dg_hash))))
		emrtd_check_set(pa->result, id, EMRTD_PASSED, NULL);
	else
		emrtd_check_set(pa->result, id, EMRTD_FAILED,
		    "its bytes are not the ones that were signed");
}

bool
emrtd_pa_is_forged(const struct emrtd_result *result, unsigned n)
{
	return result->checks[emrtd_check_hash_dg(n)].verdict == EMRTD_FAILED;
}

void
emrtd_pa_check_hashes(struct emrtd_pa *pa)
{
	for (unsigned n = 1; n <= 16; n++)
		check_hash(pa, n);
}

static void
check_without_com(struct emrtd_pa *pa)
{
	enum emrtd_check_id id = EMRTD_CHECK_PA_COM_SOD;

	switch (pa->result->files[EMRTD_EF_COM].status) {
	case EMRTD_FILE_ABSENT:
		emrtd_check_set(pa->result, id, EMRTD_NOT_OFFERED,
		    "the chip has no EF.COM");
		break;
	case EMRTD_FILE_MALFORMED:
		emrtd_check_set(pa->result, id, EMRTD_FAILED,
		    "EF.COM is malformed");
		break;
	default:
		emrtd_check_set(pa->result, id, EMRTD_NOT_RUN,
		    "EF.COM was not read");
		break;
	}
}

/* EF.COM is not signed, and some issuers write it carelessly. */
static void
set_differing_com(struct emrtd_pa *pa)
{
	bool strict = pa->result->policy == EMRTD_POLICY_STRICT;

	emrtd_finding_add(&pa->result->findings, EMRTD_FINDING_FILE_COM_SOD,
	    NULL);
	emrtd_check_set(pa->result, EMRTD_CHECK_PA_COM_SOD,
	    strict ? EMRTD_FAILED : EMRTD_PASSED,
	    strict ? "EF.COM and EF.SOD name different data groups"
		   : "EF.COM names other data groups than EF.SOD, but is not "
		     "signed, and the policy tolerates it");
}

void
emrtd_pa_check_com(struct emrtd_pa *pa)
{
	struct emrtd_bytes file = emrtd_pa_content(pa->result, EMRTD_EF_COM);
	enum emrtd_check_id id = EMRTD_CHECK_PA_COM_SOD;
	struct emrtd_diag diag = { .size = sizeof(diag) };
	struct emrtd_com com;
	enum emrtd_error e;

	if (file.len == 0) {
		check_without_com(pa);
		return;
	}
	e = emrtd_com_parse(file, &diag, &com);
	if (e != EMRTD_OK) {
		pa->result->files[EMRTD_EF_COM].status = EMRTD_FILE_MALFORMED;
		emrtd_check_set_diag(pa->result, id, EMRTD_FAILED, &diag);
		return;
	}
	if (!pa->has_sod)
		emrtd_check_set(pa->result, id, EMRTD_UNDETERMINED,
		    "there is no usable EF.SOD");
	else if (com.data_groups == pa->sod.data_groups)
		emrtd_check_set(pa->result, id, EMRTD_PASSED, NULL);
	else
		set_differing_com(pa);
}
