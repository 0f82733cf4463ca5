/* The records emrtd-read/1 and emrtd-verify/1, docs/JSON.md. */
#include "result/result.h"

#include "core/civil.h"
#include "lds/files.h"

#include <string.h>

static void
write_hex(struct emrtd_json *json, const char *key, const uint8_t *ptr,
    size_t len)
{
	emrtd_json_hex(json, key, emrtd_bytes(ptr, len));
}

static void
write_u16(struct emrtd_json *json, const char *key, uint16_t v)
{
	uint8_t b[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	write_hex(json, key, b, sizeof(b));
}

static void
write_instant(struct emrtd_json *json, const char *key, int64_t instant)
{
	char text[EMRTD_RFC3339_CAP];

	emrtd_instant_text(instant, text);
	emrtd_json_string(json, key, text);
}

static void
write_access(struct emrtd_json *json, const struct emrtd_access *access)
{
	static const char *const names[] = {
		[EMRTD_ACCESS_NONE] = "none",
		[EMRTD_ACCESS_PLAIN] = "plain",
		[EMRTD_ACCESS_BAC] = "bac",
		[EMRTD_ACCESS_PACE] = "pace",
	};

	emrtd_json_object(json, "access");
	emrtd_json_string(json, "protocol", names[access->protocol]);
	emrtd_json_string(json, "mapping", access->mapping);
	emrtd_json_string(json, "cipher", access->cipher);
	if (access->has_parameter_id)
		emrtd_json_int(json, "parameter_id", access->parameter_id);
	else
		emrtd_json_null(json, "parameter_id");
	emrtd_json_string(json, "parameter", access->parameter);
	emrtd_json_string(json, "password", access->password);
	if (access->tries_left == EMRTD_TRIES_UNKNOWN)
		emrtd_json_null(json, "tries_left");
	else
		emrtd_json_int(json, "tries_left", access->tries_left);
	emrtd_json_string(json, "workaround", access->workaround);
	emrtd_json_bool(json, "by_reader", access->by_reader);
	emrtd_json_end_object(json);
}

static void
write_document(struct emrtd_json *json, const struct emrtd_result *result)
{
	if (!result->has_document) {
		emrtd_json_null(json, "document");
		return;
	}
	emrtd_json_object(json, "document");
	emrtd_json_mrz(json, &result->document);
	emrtd_json_end_object(json);
}

static void
write_checks(struct emrtd_json *json, const struct emrtd_result *result)
{
	emrtd_json_array(json, "checks");
	for (int i = 0; i < EMRTD_N_CHECKS; i++) {
		enum emrtd_check_id id = (enum emrtd_check_id)i;
		const struct emrtd_check *check = &result->checks[id];
		char reason[EMRTD_REASON_CAP];

		emrtd_result_check_reason(result, id, reason);
		emrtd_json_object(json, NULL);
		emrtd_json_string(json, "id", emrtd_check_info(id)->name);
		emrtd_json_string(json, "verdict",
		    emrtd_verdict_name(check->verdict));
		emrtd_json_string(json, "reason", reason);
		if (check->diag.error != EMRTD_OK)
			emrtd_json_string(json, "code",
			    emrtd_error_name(check->diag.error));
		if (check->diag.sw != 0)
			write_u16(json, "sw", check->diag.sw);
		emrtd_json_string(json, "clause",
		    check->diag.clause != NULL ? check->diag.clause
					       : emrtd_check_info(id)->clause);
		emrtd_json_end_object(json);
	}
	emrtd_json_end_array(json);
}

/* "LDS_H_90 LDS_H_91" as an array. */
static void
write_tests(struct emrtd_json *json, const char *tests)
{
	emrtd_json_array(json, "tests");
	for (size_t n; *tests != '\0'; tests += n) {
		n = strcspn(tests, " ");
		if (n > 0)
			emrtd_json_text(json, NULL,
			    emrtd_bytes((const uint8_t *)tests, n));
		n += tests[n] == ' ';
	}
	emrtd_json_end_array(json);
}

static void
write_findings(struct emrtd_json *json, const struct emrtd_result *result)
{
	struct emrtd_finding f = { .size = sizeof(f) };

	emrtd_json_array(json, "findings");
	for (size_t i = 0; emrtd_result_finding(result, i, &f); i++) {
		emrtd_json_object(json, NULL);
		emrtd_json_string(json, "id", f.info->name);
		emrtd_json_string(json, "clause", f.info->clause);
		write_tests(json, f.info->tests);
		emrtd_json_string(json, "text", f.info->text);
		emrtd_json_string(json, "detail", f.detail);
		emrtd_json_bool(json, "fails", f.fails);
		emrtd_json_end_object(json);
	}
	emrtd_json_end_array(json);
}

static void
write_files(struct emrtd_json *json, const struct emrtd_result *result,
    const struct emrtd_record *record)
{
	emrtd_json_array(json, "files");
	for (int i = 0; i < EMRTD_N_FILES; i++) {
		const struct emrtd_result_file *file = &result->files[i];
		bool received = file->status == EMRTD_FILE_READ ||
				file->status == EMRTD_FILE_MALFORMED;

		if (file->status == EMRTD_FILE_NOT_REQUESTED)
			continue;
		emrtd_json_object(json, NULL);
		emrtd_json_string(json, "name",
		    emrtd_file_name((enum emrtd_file)i));
		write_u16(json, "fid",
		    emrtd_file_info((enum emrtd_file)i)->fid);
		emrtd_json_int(json, "size", (int64_t)file->len);
		if (received && file->len > 0)
			write_hex(json, "sha256", file->sha256,
			    EMRTD_SHA256_LEN);
		else
			emrtd_json_null(json, "sha256");
		emrtd_json_string(json, "status",
		    emrtd_file_status_name(file->status));
		if (received && record->paths != NULL &&
		    record->paths[i] != NULL)
			emrtd_json_string(json, "path", record->paths[i]);
		emrtd_json_end_object(json);
	}
	emrtd_json_end_array(json);
}

static const char *
image_word(enum emrtd_image_format format)
{
	static const char *const words[] = {
		[EMRTD_IMAGE_UNKNOWN] = "unknown",
		[EMRTD_IMAGE_JPEG] = "jpeg",
		[EMRTD_IMAGE_JPEG2000] = "jpeg2000",
	};

	return words[format];
}

static void
write_portrait(struct emrtd_json *json, const struct emrtd_result *result,
    const struct emrtd_record *record)
{
	const struct emrtd_face *face = &result->face;

	if (!result->has_face) {
		emrtd_json_null(json, "portrait");
		return;
	}
	emrtd_json_object(json, "portrait");
	emrtd_json_string(json, "format", image_word(face->format));
	emrtd_json_int(json, "width", face->width);
	emrtd_json_int(json, "height", face->height);
	emrtd_json_int(json, "size", (int64_t)face->image.len);
	write_hex(json, "sha256", result->face_sha256, EMRTD_SHA256_LEN);
	if (record->portrait_path != NULL)
		emrtd_json_string(json, "file", record->portrait_path);
	if (record->embed_portrait)
		emrtd_json_base64(json, "base64", face->image);
	emrtd_json_end_object(json);
}

static void
write_certificate(struct emrtd_json *json, const char *key,
    const struct emrtd_result_certificate *certificate)
{
	if (!certificate->present) {
		emrtd_json_null(json, key);
		return;
	}
	emrtd_json_object(json, key);
	emrtd_json_string(json, "subject", certificate->subject);
	emrtd_json_string(json, "issuer", certificate->issuer);
	write_hex(json, "serial", certificate->serial, certificate->serial_len);
	write_instant(json, "not_before", certificate->not_before);
	write_instant(json, "not_after", certificate->not_after);
	write_hex(json, "sha256", certificate->sha256, EMRTD_SHA256_LEN);
	emrtd_json_end_object(json);
}

static void
write_certificates(struct emrtd_json *json, const struct emrtd_result *result)
{
	if (result->files[EMRTD_EF_SOD].len == 0) {
		emrtd_json_null(json, "certificates");
		return;
	}
	emrtd_json_object(json, "certificates");
	write_certificate(json, "document_signer", &result->signer);
	write_certificate(json, "csca", &result->csca);
	if (result->n_path > 0) {
		emrtd_json_array(json, "path");
		for (size_t i = 0; i < result->n_path; i++)
			write_certificate(json, NULL, &result->path[i]);
		emrtd_json_end_array(json);
	}
	emrtd_json_end_object(json);
}

/* Bytes only where somebody else can do something with them. */
static void
write_evidence(struct emrtd_json *json, const struct emrtd_result *result)
{
	emrtd_json_array(json, "evidence");
	for (int i = 0; i < EMRTD_N_PROOFS; i++) {
		struct emrtd_evidence e = { .size = sizeof(e) };

		if (!emrtd_result_evidence(result, (enum emrtd_proof_kind)i,
			&e))
			continue;
		emrtd_json_object(json, NULL);
		emrtd_json_string(json, "proof", emrtd_proof_name(e.proof));
		emrtd_json_string(json, "strength",
		    emrtd_evidence_strength_name(e.strength));
		emrtd_json_string(json, "protocol", e.protocol);
		emrtd_json_string(json, "parameter", e.parameter);
		if (e.strength == EMRTD_EVIDENCE_SIGNATURE) {
			emrtd_json_string(json, "key",
			    emrtd_file_name(EMRTD_DG15));
			emrtd_json_hex(json, "challenge", e.challenge);
			emrtd_json_bool(json, "own_challenge", e.own_challenge);
			emrtd_json_hex(json, "signature", e.signature);
		}
		emrtd_json_end_object(json);
	}
	emrtd_json_end_array(json);
}

static void
write_error(struct emrtd_json *json, const struct emrtd_diag *diag)
{
	if (diag->error == EMRTD_OK) {
		emrtd_json_null(json, "error");
		return;
	}
	emrtd_json_object(json, "error");
	emrtd_json_string(json, "code", emrtd_error_name(diag->error));
	emrtd_json_string(json, "class",
	    emrtd_error_class_name(emrtd_error_class(diag->error)));
	emrtd_json_string(json, "text", emrtd_error_text(diag->error));
	emrtd_json_string(json, "where", diag->what);
	if (diag->sw != 0)
		write_u16(json, "sw", diag->sw);
	else
		emrtd_json_null(json, "sw");
	emrtd_json_end_object(json);
}

static void
write_timing(struct emrtd_json *json, const struct emrtd_result *result)
{
	emrtd_json_object(json, "timing");
	emrtd_json_int(json, "total_us", result->total_us);
	if (result->on_chip) {
		emrtd_json_array(json, "phases");
		for (size_t i = 0; i < result->n_phases; i++) {
			const struct emrtd_result_phase *p = &result->phases[i];

			emrtd_json_object(json, NULL);
			emrtd_json_string(json, "name", p->name);
			emrtd_json_int(json, "us", p->us);
			emrtd_json_int(json, "apdus", p->apdus);
			emrtd_json_int(json, "bytes", (int64_t)p->bytes);
			emrtd_json_end_object(json);
		}
		emrtd_json_end_array(json);
	}
	emrtd_json_end_object(json);
}

static void
write_mrz(struct emrtd_json *json, const struct emrtd_result *result,
    const struct emrtd_record *record)
{
	const struct emrtd_result_mrz *mrz = &result->mrz;

	if (!mrz->given || record->leave_mrz) {
		emrtd_json_null(json, "mrz");
		return;
	}
	emrtd_json_object(json, "mrz");
	emrtd_json_array(json, "lines");
	for (size_t i = 0; i < mrz->optical.n_lines && i < MRZ_MAX_LINES; i++)
		emrtd_json_string(json, NULL, mrz->optical.lines[i]);
	emrtd_json_end_array(json);
	emrtd_json_string(json, "status", mrz_status_name(mrz->optical.status));
	if (record->optical_document != 0)
		emrtd_json_int(json, "document", record->optical_document);
	else
		emrtd_json_null(json, "document");
	if (result->on_chip) {
		emrtd_json_int(json, "keys", mrz->n_keys);
		emrtd_json_int(json, "tried", mrz->n_tried);
		if (mrz->opened_by != 0)
			emrtd_json_int(json, "opened_by", mrz->opened_by);
		else
			emrtd_json_null(json, "opened_by");
	}
	emrtd_json_string(json, "result",
	    emrtd_mrz_comparison_name(mrz->comparison));
	emrtd_json_array(json, "differences");
	for (size_t i = 0; i < mrz->n_differences; i++) {
		const struct emrtd_mrz_difference *d = &mrz->differences[i];
		const char optical[] = { d->optical, '\0' };
		const char chip[] = { d->chip, '\0' };

		emrtd_json_object(json, NULL);
		emrtd_json_int(json, "line", d->line);
		emrtd_json_int(json, "column", d->column);
		emrtd_json_string(json, "optical", optical);
		emrtd_json_string(json, "chip", chip);
		emrtd_json_bool(json, "doubtful", d->doubtful);
		emrtd_json_end_object(json);
	}
	emrtd_json_end_array(json);
	emrtd_json_end_object(json);
}

static void
write_origin(struct emrtd_json *json, const struct emrtd_result *result,
    const struct emrtd_record *record)
{
	if (!result->on_chip) {
		emrtd_json_array(json, "source");
		for (size_t i = 0; i < record->n_sources; i++)
			emrtd_json_string(json, NULL, record->sources[i]);
		emrtd_json_end_array(json);
		return;
	}
	if (record->reader_uri == NULL) {
		emrtd_json_null(json, "reader");
	} else {
		emrtd_json_object(json, "reader");
		emrtd_json_string(json, "uri", record->reader_uri);
		emrtd_json_string(json, "name",
		    record->reader_name != NULL ? record->reader_name : "");
		emrtd_json_end_object(json);
	}
	write_access(json, &result->access);
}

void
emrtd_result_write_json(const struct emrtd_result *result,
    const struct emrtd_record *record, struct emrtd_json *json)
{
	emrtd_json_object(json, NULL);
	emrtd_json_string(json, "schema", record->schema);
	emrtd_json_object(json, "tool");
	emrtd_json_string(json, "name", record->tool);
	emrtd_json_string(json, "version", record->version);
	emrtd_json_end_object(json);
	write_hex(json, "session", result->session, EMRTD_SESSION_ID_LEN);
	write_instant(json, "at", result->at);
	emrtd_json_string(json, "policy", emrtd_policy_name(result->policy));
	if (record->watch_outcome != NULL) {
		emrtd_json_object(json, "watch");
		emrtd_json_int(json, "number", record->watch_number);
		emrtd_json_string(json, "outcome", record->watch_outcome);
		emrtd_json_end_object(json);
	}
	if (record->optical.len > 0 && !record->leave_mrz)
		emrtd_json_raw(json, "optical", record->optical);
	else
		emrtd_json_null(json, "optical");
	write_mrz(json, result, record);
	write_origin(json, result, record);
	write_document(json, result);
	write_checks(json, result);
	write_findings(json, result);
	emrtd_json_string(json, "data",
	    emrtd_data_verdict_name(emrtd_result_data(result)));
	emrtd_json_string(json, "chip",
	    emrtd_chip_verdict_name(emrtd_result_chip(result)));
	emrtd_json_string(json, "verdict",
	    emrtd_overall_verdict_name(emrtd_result_overall(result)));
	emrtd_json_string(json, "verdict_reason", emrtd_result_reason(result));
	emrtd_json_bool(json, "test_trust", result->test_trust);
	write_files(json, result, record);
	write_portrait(json, result, record);
	write_certificates(json, result);
	emrtd_json_revocation(json, result);
	write_evidence(json, result);
	write_error(json,
	    result->diag.error == EMRTD_OK && record->failure != NULL
		? record->failure
		: &result->diag);
	write_timing(json, result);
	emrtd_json_end_object(json);
}
