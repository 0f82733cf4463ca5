/* The parts of a record; report_json.c has the steps that they are made of. */
#include "report_record.h"

#include "report_json.h"

#include <string.h>

static const char *const schemas[] = { "emrtd-verify/1", "emrtd-read/1" };

static struct report_lines
get_lines(struct report_reader *r, const json_t *object)
{
	const json_t *array = report_json_array(r, object, "lines",
	    REPORT_LINES_MAX);
	struct report_lines lines = { .n = report_json_size(array,
					  REPORT_LINES_MAX) };

	for (size_t i = 0; i < lines.n; i++)
		lines.line[i] = report_json_item(r, array, i, "lines");
	return lines;
}

/* The text as printed, and the days that it can mean. */
static struct report_text
get_date(struct report_reader *r, const json_t *fields, const char *key,
    int32_t *from, int32_t *to)
{
	const json_t *date = report_json_object(r, fields, key, WANTED);

	*from = report_json_day(r, date, "from");
	*to = report_json_day(r, date, "to");
	return report_json_text(r, date, "text", WANTED);
}

static void
get_document(struct report_reader *r, const json_t *root,
    struct report_document *out)
{
	const json_t *document = report_json_object(r, root, "document",
	    NULLABLE);
	const json_t *fields;

	out->birth_from = out->birth_to = MRZ_NO_DAY;
	out->expiry_from = out->expiry_to = MRZ_NO_DAY;
	if (document == NULL)
		return;
	out->present = true;
	out->format = report_json_text(r, document, "format", NULLABLE);
	out->lines = get_lines(r, document);
	fields = report_json_object(r, document, "fields", NULLABLE);
	if (fields == NULL)
		return;
	for (int i = 0; i < MRZ_N_FIELDS; i++) {
		const char *name = mrz_field_name((enum mrz_field_id)i);

		if (i != MRZ_F_DATE_OF_BIRTH && i != MRZ_F_DATE_OF_EXPIRY)
			out->fields[i] = report_json_text(r, fields, name,
			    i < MRZ_F_OPTIONAL_DATA_2 ? WANTED : OPTIONAL);
	}
	out->fields[MRZ_F_DATE_OF_BIRTH] = get_date(r, fields, "date_of_birth",
	    &out->birth_from, &out->birth_to);
	out->fields[MRZ_F_DATE_OF_EXPIRY] = get_date(r, fields,
	    "date_of_expiry", &out->expiry_from, &out->expiry_to);
}

static void
get_doubts(struct report_reader *r, const json_t *document,
    struct report_optical *out)
{
	const json_t *doubts = report_json_maybe_array(r, document, "doubts",
	    REPORT_DOUBTS_MAX);

	out->n_doubts = report_json_size(doubts, REPORT_DOUBTS_MAX);
	for (size_t i = 0; i < out->n_doubts; i++) {
		const json_t *row = json_array_get(doubts, i);
		const json_t *list = report_json_array(r, row, "alternatives",
		    REPORT_ALTERNATIVES_MAX);
		struct report_doubt *d = &out->doubts[i];

		d->line = (unsigned)report_json_int(r, row, "line", 99);
		d->column = (unsigned)report_json_int(r, row, "column", 99);
		d->n = report_json_size(list, REPORT_ALTERNATIVES_MAX);
		for (size_t k = 0; k < d->n; k++)
			d->alternatives[k] = report_json_text(r,
			    json_array_get(list, k), "text", WANTED);
	}
}

/* The document of mrz-read's record that was used; all of them were one
 * record when only one document is in it. */
static const json_t *
optical_document(struct report_reader *r, const json_t *root, const json_t *mrz)
{
	const json_t *optical = report_json_object(r, root, "optical",
	    NULLABLE);
	const json_t *documents = json_object_get(optical, "documents");
	const json_t *chosen = json_object_get(mrz, "document");
	size_t n = json_array_size(documents), at = 0;

	if (json_is_integer(chosen) && json_integer_value(chosen) > 0)
		at = (size_t)json_integer_value(chosen) - 1;
	else if (n != 1)
		return NULL;
	return at < n ? json_array_get(documents, at) : NULL;
}

static void
get_differences(struct report_reader *r, const json_t *mrz,
    struct report_optical *out)
{
	const json_t *rows = report_json_array(r, mrz, "differences",
	    REPORT_DIFFERENCES_MAX);

	out->n_differences = report_json_size(rows, REPORT_DIFFERENCES_MAX);
	for (size_t i = 0; i < out->n_differences; i++) {
		const json_t *row = json_array_get(rows, i);
		struct report_difference *d = &out->differences[i];

		d->line = (unsigned)report_json_int(r, row, "line", 99);
		d->column = (unsigned)report_json_int(r, row, "column", 99);
		d->optical = report_json_text(r, row, "optical", WANTED);
		d->chip = report_json_text(r, row, "chip", WANTED);
		d->doubtful = json_is_true(json_object_get(row, "doubtful"));
	}
}

static void
get_optical(struct report_reader *r, const json_t *root,
    struct report_optical *out)
{
	const json_t *mrz = report_json_object(r, root, "mrz", OPTIONAL);
	const json_t *document = optical_document(r, root, mrz);

	out->keys = out->tried = out->opened_by = REPORT_UNKNOWN;
	if (document != NULL) {
		out->lines = get_lines(r, document);
		out->status = report_json_text(r, document, "status", OPTIONAL);
		get_doubts(r, document, out);
	}
	if (mrz == NULL)
		return;
	out->lines = get_lines(r, mrz);
	out->status = report_json_text(r, mrz, "status", WANTED);
	out->result = report_json_text(r, mrz, "result", WANTED);
	get_differences(r, mrz, out);
	out->keys = report_json_maybe_int(r, mrz, "keys", 99);
	out->tried = report_json_maybe_int(r, mrz, "tried", 99);
	out->opened_by = report_json_maybe_int(r, mrz, "opened_by", 99);
}

static enum emrtd_check_id
find_check(struct report_text id)
{
	int i = 0;

	while (
	    i < EMRTD_N_CHECKS &&
	    !report_text_is(id, emrtd_check_info((enum emrtd_check_id)i)->name))
		i++;
	return (enum emrtd_check_id)i;
}

static void
get_checks(struct report_reader *r, const json_t *root,
    struct report_record *out)
{
	const json_t *rows = report_json_array(r, root, "checks",
	    REPORT_CHECKS_MAX);
	bool seen[EMRTD_N_CHECKS] = { false };

	out->n_checks = report_json_size(rows, REPORT_CHECKS_MAX);
	for (size_t i = 0; i < out->n_checks; i++) {
		const json_t *row = json_array_get(rows, i);
		struct report_check *check = &out->checks[i];

		check->id = report_json_text(r, row, "id", WANTED);
		check->reason = report_json_text(r, row, "reason", WANTED);
		check->code = report_json_text(r, row, "code", OPTIONAL);
		check->sw = report_json_text(r, row, "sw", OPTIONAL);
		check->clause = report_json_text(r, row, "clause", OPTIONAL);
		check->verdict = report_json_verdict(r, row);
		check->known = find_check(check->id);
		if (check->known == EMRTD_N_CHECKS)
			continue;
		if (seen[check->known])
			report_defect(r, "checks: an id stands there twice");
		seen[check->known] = true;
	}
}

static void
get_findings(struct report_reader *r, const json_t *root,
    struct report_record *out)
{
	const json_t *rows = report_json_array(r, root, "findings",
	    REPORT_FINDINGS_MAX);

	out->policy = report_json_text(r, root, "policy", WANTED);
	out->n_findings = report_json_size(rows, REPORT_FINDINGS_MAX);
	for (size_t i = 0; i < out->n_findings; i++) {
		const json_t *row = json_array_get(rows, i);
		const json_t *fails = json_object_get(row, "fails");
		const json_t *tests = report_json_array(r, row, "tests",
		    REPORT_TESTS_MAX);
		struct report_finding *f = &out->findings[i];

		f->id = report_json_text(r, row, "id", WANTED);
		f->clause = report_json_text(r, row, "clause", WANTED);
		f->text = report_json_text(r, row, "text", WANTED);
		f->detail = report_json_text(r, row, "detail", WANTED);
		f->n_tests = report_json_size(tests, REPORT_TESTS_MAX);
		for (size_t k = 0; k < f->n_tests; k++)
			f->tests[k] = report_json_item(r, tests, k, "tests");
		/* What is not said not to fail fails. */
		f->fails = !json_is_false(fails);
		if (!json_is_boolean(fails))
			report_defect(r, "fails");
	}
}

static void
get_files(struct report_reader *r, const json_t *root,
    struct report_record *out)
{
	const json_t *rows = report_json_array(r, root, "files",
	    REPORT_FILES_MAX);

	out->n_files = report_json_size(rows, REPORT_FILES_MAX);
	for (size_t i = 0; i < out->n_files; i++) {
		const json_t *row = json_array_get(rows, i);
		struct report_file *file = &out->files[i];

		file->name = report_json_text(r, row, "name", WANTED);
		file->fid = report_json_text(r, row, "fid", NULLABLE);
		file->sha256 = report_json_text(r, row, "sha256", NULLABLE);
		file->status = report_json_text(r, row, "status", WANTED);
		file->path = report_json_text(r, row, "path", OPTIONAL);
		file->size = report_json_int(r, row, "size", INT64_MAX);
	}
}

static void
take_certificate(struct report_reader *r, const json_t *row,
    struct report_certificate *out)
{
	if (row == NULL)
		return;
	out->present = true;
	out->subject = report_json_text(r, row, "subject", WANTED);
	out->issuer = report_json_text(r, row, "issuer", WANTED);
	out->serial = report_json_text(r, row, "serial", WANTED);
	out->sha256 = report_json_text(r, row, "sha256", OPTIONAL);
	out->not_before = report_json_text(r, row, "not_before", WANTED);
	out->not_after = report_json_text(r, row, "not_after", WANTED);
}

static void
get_certificates(struct report_reader *r, const json_t *root,
    struct report_record *out)
{
	const json_t *all = report_json_object(r, root, "certificates",
	    NULLABLE);
	const json_t *path;

	if (all == NULL)
		return;
	take_certificate(r,
	    report_json_object(r, all, "document_signer", NULLABLE),
	    &out->signer);
	take_certificate(r, report_json_object(r, all, "csca", NULLABLE),
	    &out->csca);
	path = report_json_maybe_array(r, all, "path", REPORT_PATH_MAX);
	out->n_path = report_json_size(path, REPORT_PATH_MAX);
	for (size_t i = 0; i < out->n_path; i++) {
		const json_t *row = json_array_get(path, i);

		if (json_is_object(row))
			take_certificate(r, row, &out->path[i]);
		else
			report_defect(r, "path");
	}
}

static void
get_revocation(struct report_reader *r, const json_t *root,
    struct report_revocation *out)
{
	const json_t *row = report_json_object(r, root, "revocation", NULLABLE);
	const json_t *list;

	if (row == NULL)
		return;
	out->status = report_json_text(r, row, "status", WANTED);
	out->certificate = report_json_text(r, row, "certificate", WANTED);
	out->subject = report_json_text(r, row, "subject", WANTED);
	out->serial = report_json_text(r, row, "serial", WANTED);
	out->revoked_at = report_json_text(r, row, "revoked_at", NULLABLE);
	out->invalid_since = report_json_text(r, row, "invalid_since",
	    NULLABLE);
	out->reason = report_json_text(r, row, "reason", NULLABLE);
	out->document_signed = report_json_text(r, row, "document_signed",
	    NULLABLE);
	list = report_json_object(r, row, "list", NULLABLE);
	if (list == NULL)
		return;
	out->issuer = report_json_text(r, list, "issuer", WANTED);
	out->this_update = report_json_text(r, list, "this_update", WANTED);
	out->next_update = report_json_text(r, list, "next_update", NULLABLE);
}

/* A strength that is none of ours is no reason to believe in a proof. */
static void
get_one_evidence(struct report_reader *r, const json_t *row,
    struct report_evidence *out)
{
	const json_t *own = json_object_get(row, "own_challenge");

	out->proof = report_json_text(r, row, "proof", WANTED);
	out->strength = report_json_text(r, row, "strength", WANTED);
	out->protocol = report_json_text(r, row, "protocol", NULLABLE);
	out->parameter = report_json_text(r, row, "parameter", NULLABLE);
	if (report_text_is(out->strength, "statement"))
		return;
	if (!report_text_is(out->strength, "signature") ||
	    !report_text_is(out->proof, "AA"))
		report_defect(r, "evidence");
	out->challenge = report_json_text(r, row, "challenge", WANTED);
	out->signature = report_json_text(r, row, "signature", WANTED);
	out->own_challenge = json_is_true(own);
	if (!json_is_boolean(own))
		report_defect(r, "own_challenge");
}

static void
get_evidence(struct report_reader *r, const json_t *root,
    struct report_record *out)
{
	const json_t *rows = report_json_array(r, root, "evidence",
	    REPORT_EVIDENCE_MAX);

	out->n_evidence = report_json_size(rows, REPORT_EVIDENCE_MAX);
	for (size_t i = 0; i < out->n_evidence; i++)
		get_one_evidence(r, json_array_get(rows, i), &out->evidence[i]);
}

static void
get_timing(struct report_reader *r, const json_t *root,
    struct report_record *out)
{
	const json_t *timing = report_json_object(r, root, "timing", WANTED);
	const json_t *rows = report_json_maybe_array(r, timing, "phases",
	    REPORT_PHASES_MAX);

	out->total_us = report_json_int(r, timing, "total_us", INT64_MAX);
	out->n_phases = report_json_size(rows, REPORT_PHASES_MAX);
	for (size_t i = 0; i < out->n_phases; i++) {
		const json_t *row = json_array_get(rows, i);
		struct report_phase *phase = &out->phases[i];

		phase->name = report_json_text(r, row, "name", WANTED);
		phase->us = report_json_int(r, row, "us", INT64_MAX);
		phase->apdus = report_json_int(r, row, "apdus", INT64_MAX);
		phase->bytes = report_json_int(r, row, "bytes", INT64_MAX);
	}
}

static void
get_origin(struct report_reader *r, const json_t *root,
    struct report_record *out)
{
	const json_t *object = report_json_object(r, root, "tool", WANTED);
	const json_t *by_reader;

	out->tool = report_json_text(r, object, "name", WANTED);
	out->version = report_json_text(r, object, "version", WANTED);
	out->session = report_json_text(r, root, "session", WANTED);
	out->at = report_json_text(r, root, "at", WANTED);
	out->at_day = report_json_instant_day(r, out->at);
	if (!out->on_chip) {
		const json_t *list = report_json_array(r, root, "source",
		    REPORT_SOURCES_MAX);

		out->n_sources = report_json_size(list, REPORT_SOURCES_MAX);
		for (size_t i = 0; i < out->n_sources; i++)
			out->sources[i] = report_json_item(r, list, i,
			    "source");
		return;
	}
	object = report_json_object(r, root, "reader", NULLABLE);
	if (object != NULL) {
		out->reader_uri = report_json_text(r, object, "uri", WANTED);
		out->reader_name = report_json_text(r, object, "name", WANTED);
	}
	object = report_json_object(r, root, "access", WANTED);
	out->protocol = report_json_text(r, object, "protocol", WANTED);
	out->mapping = report_json_text(r, object, "mapping", NULLABLE);
	out->cipher = report_json_text(r, object, "cipher", NULLABLE);
	out->parameter = report_json_text(r, object, "parameter", NULLABLE);
	out->password = report_json_text(r, object, "password", NULLABLE);
	out->workaround = report_json_text(r, object, "workaround", OPTIONAL);
	out->tries_left = report_json_maybe_int(r, object, "tries_left", 15);
	by_reader = json_object_get(object, "by_reader");
	out->by_reader = json_is_true(by_reader);
	if (by_reader != NULL && !json_is_boolean(by_reader))
		report_defect(r, "access.by_reader");
}

static void
get_error(struct report_reader *r, const json_t *root,
    struct report_record *out)
{
	const json_t *error = report_json_object(r, root, "error", NULLABLE);

	if (error == NULL)
		return;
	out->ended_early = true;
	out->error_code = report_json_text(r, error, "code", WANTED);
	out->error_class = report_json_text(r, error, "class", WANTED);
	out->error_text = report_json_text(r, error, "text", WANTED);
	out->error_where = report_json_text(r, error, "where", NULLABLE);
	out->error_sw = report_json_text(r, error, "sw", NULLABLE);
}

static void
get_portrait(struct report_reader *r, const json_t *root,
    struct report_portrait *out)
{
	const json_t *portrait = report_json_object(r, root, "portrait",
	    NULLABLE);

	if (portrait == NULL)
		return;
	out->present = true;
	out->sha256 = report_json_text(r, portrait, "sha256", WANTED);
	out->base64 = report_json_text(r, portrait, "base64", OPTIONAL);
}

static void
get_verdicts(struct report_reader *r, const json_t *root,
    struct report_record *out)
{
	const json_t *test = json_object_get(root, "test_trust");

	out->data = report_json_data(r, root);
	out->chip = report_json_chip(r, root);
	out->verdict = report_json_overall(r, root);
	out->verdict_reason = report_json_text(r, root, "verdict_reason",
	    WANTED);
	/* Who does not say that no test is among the anchors has tests. */
	out->test_trust = !json_is_false(test);
	if (!json_is_boolean(test))
		report_defect(r, "test_trust");
}

enum report_error
report_record_parse(struct emrtd_bytes text, struct report_record *out,
    char why[REPORT_WHY_CAP])
{
	struct report_reader reader = { 0, NULL };
	json_t *root = NULL;
	enum report_error e = report_json_load(text, &root, why);
	struct report_text schema;

	memset(out, 0, sizeof(*out));
	if (e != REPORT_OK)
		return e;
	out->tree = root;
	schema = report_json_text(&reader, root, "schema", OPTIONAL);
	out->on_chip = report_text_is(schema, schemas[1]);
	if (!out->on_chip && !report_text_is(schema, schemas[0])) {
		report_record_free(out);
		snprintf(why, REPORT_WHY_CAP, "not a record %s or %s",
		    schemas[1], schemas[0]);
		return REPORT_MALFORMED;
	}
	get_origin(&reader, root, out);
	get_document(&reader, root, &out->document);
	get_optical(&reader, root, &out->optical);
	get_checks(&reader, root, out);
	get_findings(&reader, root, out);
	get_verdicts(&reader, root, out);
	get_files(&reader, root, out);
	get_portrait(&reader, root, &out->portrait);
	get_certificates(&reader, root, out);
	get_revocation(&reader, root, &out->revocation);
	get_evidence(&reader, root, out);
	get_error(&reader, root, out);
	get_timing(&reader, root, out);
	out->n_defects = reader.n_defects;
	out->first_defect = reader.first_defect;
	return REPORT_OK;
}

void
report_record_free(struct report_record *record)
{
	json_decref(record->tree);
	explicit_bzero(record, sizeof(*record));
}

enum emrtd_verdict
report_verdict_of(const struct report_record *record, enum emrtd_check_id id)
{
	for (size_t i = 0; i < record->n_checks; i++)
		if (record->checks[i].known == id)
			return record->checks[i].verdict;
	return EMRTD_NOT_RUN;
}

const struct report_file *
report_file_named(const struct report_record *record, const char *name)
{
	for (size_t i = 0; i < record->n_files; i++)
		if (report_text_is(record->files[i].name, name))
			return &record->files[i];
	return NULL;
}
