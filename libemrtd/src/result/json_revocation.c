/* The member revocation of the records, docs/JSON.md. */
#include "result/result.h"

#include "core/civil.h"

static void
write_instant(struct emrtd_json *json, const char *key, bool known,
    int64_t instant)
{
	char text[EMRTD_RFC3339_CAP];

	emrtd_instant_text(instant, text);
	emrtd_json_string(json, key, known ? text : NULL);
}

static void
write_list(struct emrtd_json *json, const struct emrtd_revocation *r)
{
	if (r->list_issuer == NULL) {
		emrtd_json_null(json, "list");
		return;
	}
	emrtd_json_object(json, "list");
	emrtd_json_string(json, "issuer", r->list_issuer);
	write_instant(json, "this_update", true, r->this_update);
	write_instant(json, "next_update", r->has_next_update, r->next_update);
	emrtd_json_end_object(json);
}

void
emrtd_json_revocation(struct emrtd_json *json,
    const struct emrtd_result *result)
{
	struct emrtd_revocation r = { .size = sizeof(r) };
	bool revoked;

	if (!emrtd_result_revocation(result, &r)) {
		emrtd_json_null(json, "revocation");
		return;
	}
	revoked = r.status == EMRTD_REVOCATION_REVOKED;
	emrtd_json_object(json, "revocation");
	emrtd_json_string(json, "status",
	    emrtd_revocation_status_name(r.status));
	emrtd_json_string(json, "certificate",
	    emrtd_revocation_role_name(r.role));
	emrtd_json_string(json, "subject", r.subject);
	emrtd_json_hex(json, "serial", r.serial);
	write_list(json, &r);
	write_instant(json, "revoked_at", revoked, r.revoked_at);
	write_instant(json, "invalid_since", r.has_invalid_since,
	    r.invalid_since);
	emrtd_json_string(json, "reason", r.reason);
	emrtd_json_string(json, "document_signed",
	    revoked ? emrtd_revocation_order_name(r.order) : NULL);
	emrtd_json_end_object(json);
}
