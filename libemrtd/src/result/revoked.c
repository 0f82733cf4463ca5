/* What the result keeps of revocation: names and the getter. */
#include "result/result.h"

#include <string.h>

const char *
emrtd_revocation_status_name(enum emrtd_revocation_status status)
{
	static const char *const names[] = {
		[EMRTD_REVOCATION_NOT_CHECKED] = "not_checked",
		[EMRTD_REVOCATION_GOOD] = "good",
		[EMRTD_REVOCATION_REVOKED] = "revoked",
		[EMRTD_REVOCATION_STALE] = "stale",
		[EMRTD_REVOCATION_UNVERIFIED] = "unverified",
		[EMRTD_REVOCATION_NO_CRL] = "no_crl",
	};

	if ((unsigned)status >= sizeof(names) / sizeof(*names))
		return "not_checked";
	return names[status];
}

const char *
emrtd_revocation_role_name(enum emrtd_revocation_role role)
{
	static const char *const names[] = {
		[EMRTD_REVOCATION_OF_SIGNER] = "document_signer",
		[EMRTD_REVOCATION_OF_LINK] = "link",
		[EMRTD_REVOCATION_OF_CSCA] = "csca",
	};

	if ((unsigned)role >= sizeof(names) / sizeof(*names))
		return "?";
	return names[role];
}

const char *
emrtd_revocation_order_name(enum emrtd_revocation_order order)
{
	static const char *const names[] = {
		[EMRTD_REVOCATION_ORDER_UNKNOWN] = "unknown",
		[EMRTD_SIGNED_BEFORE_REVOCATION] = "before",
		[EMRTD_SIGNED_AFTER_REVOCATION] = "after",
	};

	if ((unsigned)order >= sizeof(names) / sizeof(*names))
		return "unknown";
	return names[order];
}

bool
emrtd_result_revocation(const struct emrtd_result *result,
    struct emrtd_revocation *out)
{
	const struct emrtd_result_revocation *r = &result->revocation;
	struct emrtd_revocation whole = { .size = out->size,
		.status = r->status,
		.role = r->role,
		.subject = r->subject,
		.serial = emrtd_bytes(r->serial, r->serial_len),
		.list_issuer = r->list_issuer[0] != '\0' ? r->list_issuer
							 : NULL,
		.this_update = r->this_update,
		.next_update = r->next_update,
		.has_next_update = r->has_next_update,
		.revoked_at = r->revoked_at,
		.invalid_since = r->invalid_since,
		.has_invalid_since = r->has_invalid_since,
		.reason = r->reason,
		.order = r->order };

	if (r->status == EMRTD_REVOCATION_NOT_CHECKED)
		return false;
	memcpy(out, &whole,
	    out->size < sizeof(whole) ? out->size : sizeof(whole));
	return true;
}
