#include "result/result.h"

#include "core/builder.h"
#include "core/cursor.h"
#include "core/diag.h"

#include <string.h>

static const struct emrtd_check_info infos[EMRTD_N_CHECKS] = {
#define ROW(id, name, clause, tr, title) \
	[EMRTD_CHECK_##id] = { name, clause, tr, title },
	EMRTD_CHECKS(ROW)
#undef ROW
};

static const struct emrtd_check_info no_info = { "?", "", "", "?" };

static const char *const verdict_names[] = {
	[EMRTD_NOT_RUN] = "not_run",
	[EMRTD_PASSED] = "passed",
	[EMRTD_FAILED] = "failed",
	[EMRTD_NOT_OFFERED] = "not_offered",
	[EMRTD_UNDETERMINED] = "undetermined",
	[EMRTD_ABORTED] = "aborted",
};

const struct emrtd_check_info *
emrtd_check_info(enum emrtd_check_id id)
{
	return (unsigned)id < EMRTD_N_CHECKS ? &infos[id] : &no_info;
}

const char *
emrtd_verdict_name(enum emrtd_verdict verdict)
{
	if ((unsigned)verdict >= sizeof(verdict_names) / sizeof(*verdict_names))
		return "not_run";
	return verdict_names[verdict];
}

const struct emrtd_check *
emrtd_result_check(const struct emrtd_result *result, enum emrtd_check_id id)
{
	static const struct emrtd_check none;

	return (unsigned)id < EMRTD_N_CHECKS ? &result->checks[id] : &none;
}

enum emrtd_check_id
emrtd_check_hash_dg(unsigned n)
{
	return (enum emrtd_check_id)(EMRTD_CHECK_PA_HASH_DG1 + n - 1);
}

void
emrtd_check_set(struct emrtd_result *result, enum emrtd_check_id id,
    enum emrtd_verdict verdict, const char *what)
{
	struct emrtd_check *check = &result->checks[id];

	emrtd_diag_init(&check->diag);
	check->verdict = verdict;
	check->diag.what = what;
}

void
emrtd_check_set_diag(struct emrtd_result *result, enum emrtd_check_id id,
    enum emrtd_verdict verdict, const struct emrtd_diag *diag)
{
	result->checks[id].verdict = verdict;
	result->checks[id].diag = *diag;
}

enum emrtd_verdict
emrtd_verdict_of(enum emrtd_error error)
{
	switch (error) {
	case EMRTD_OK:
		return EMRTD_PASSED;
	case EMRTD_E_UNSUPPORTED:
	case EMRTD_E_ALGORITHM:
	case EMRTD_E_CRYPTO:
	case EMRTD_E_NO_MEMORY:
	case EMRTD_E_NOT_FOUND:
	case EMRTD_E_NO_ANCHOR:
		return EMRTD_UNDETERMINED;
	default:
		return EMRTD_FAILED;
	}
}

void
emrtd_proof_set(struct emrtd_result *result, enum emrtd_proof_kind kind,
    enum emrtd_verdict verdict, const char *what)
{
	struct emrtd_proof *proof = &result->proofs[kind];

	emrtd_diag_init(&proof->diag);
	proof->verdict = verdict;
	proof->diag.what = what;
}

void
emrtd_proof_set_diag(struct emrtd_result *result, enum emrtd_proof_kind kind,
    enum emrtd_verdict verdict, const struct emrtd_diag *diag)
{
	result->proofs[kind].verdict = verdict;
	result->proofs[kind].diag = *diag;
}

static void
put_text(struct emrtd_out *out, const char *text)
{
	emrtd_put(out, emrtd_bytes_text(text));
}

static void
put_sw(struct emrtd_out *out, uint16_t sw)
{
	static const char digits[] = "0123456789ABCDEF";

	put_text(out, " (status word ");
	for (int shift = 12; shift >= 0; shift -= 4)
		emrtd_put_u8(out, (uint8_t)digits[sw >> shift & 15]);
	put_text(out, ")");
}

/*
 * "what: error text: detail (status word)" as far as each is known. A detail
 * without a what is a sentence that says all.
 */
static void
put_diag(struct emrtd_out *out, const struct emrtd_diag *diag)
{
	if (diag->what != NULL)
		put_text(out, diag->what);
	if (diag->error != EMRTD_OK &&
	    (diag->what != NULL || diag->detail[0] == '\0')) {
		if (out->len > 0)
			put_text(out, ": ");
		put_text(out, emrtd_error_text(diag->error));
	}
	if (diag->detail[0] != '\0') {
		if (out->len > 0)
			put_text(out, ": ");
		put_text(out, diag->detail);
	}
	if (diag->sw != 0)
		put_sw(out, diag->sw);
}

/* What a verdict says when nobody said more. */
static const char *
default_reason(enum emrtd_verdict verdict)
{
	switch (verdict) {
	case EMRTD_PASSED:
		return "";
	case EMRTD_NOT_OFFERED:
		return "the document does not offer this";
	case EMRTD_NOT_RUN:
		return "not reached";
	case EMRTD_ABORTED:
		return "the reading ended in the middle of it";
	default:
		return "no details";
	}
}

void
emrtd_result_check_reason(const struct emrtd_result *result,
    enum emrtd_check_id id, char text[EMRTD_REASON_CAP])
{
	const struct emrtd_check *check = &result->checks[id];
	struct emrtd_out out = emrtd_out((uint8_t *)text, EMRTD_REASON_CAP - 1);

	put_diag(&out, &check->diag);
	if (out.len == 0)
		put_text(&out, default_reason(check->verdict));
	text[out.len] = '\0';
}
