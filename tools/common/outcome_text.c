/* A result for a person at a desk. */
#include "outcome.h"

#include "day.h"
#include "term.h"

#include <mrz/mrz.h>

#include <string.h>

#define LABEL_WIDTH       12
#define DIFFERENCES_SHOWN 8 /* a page is for a person */
#define VERDICT_WIDTH     13
#define CHECK_INDENT      (2 + VERDICT_WIDTH)

static const enum term_style verdict_styles[] = {
	[EMRTD_NOT_RUN] = TERM_DIM,
	[EMRTD_PASSED] = TERM_GOOD,
	[EMRTD_FAILED] = TERM_BAD,
	[EMRTD_NOT_OFFERED] = TERM_DIM,
	[EMRTD_UNDETERMINED] = TERM_DOUBT,
	[EMRTD_ABORTED] = TERM_BAD,
};

static const struct {
	const char *words;
	enum term_style style;
} overall[] = {
	[EMRTD_OVERALL_UNDETERMINED] = { "UNDETERMINED", TERM_DOUBT },
	[EMRTD_OVERALL_GENUINE] = { "GENUINE", TERM_GOOD },
	[EMRTD_OVERALL_AUTHENTIC_DATA_ONLY] = { "AUTHENTIC DATA ONLY",
	    TERM_DOUBT },
	[EMRTD_OVERALL_FAILED] = { "FAILED", TERM_BAD },
};

struct page {
	FILE *out;
	const struct emrtd_result *result;
	bool color;
};

static void
styled(const struct page *p, enum term_style style, const char *text)
{
	fputs(term_style(style, p->color), p->out);
	term_puts(p->out, text);
	fputs(term_style(TERM_PLAIN, p->color), p->out);
}

static void
label(const struct page *p, const char *text)
{
	fprintf(p->out, "%-*s", LABEL_WIDTH, text);
}

/* What follows is nobody's word but the chip's: say so first. */
/* Under the policy strict, and nothing else that the data need. */
static bool
only_form_failed(const struct emrtd_result *result)
{
	if (emrtd_result_data(result) != EMRTD_DATA_FAILED)
		return false;
	for (int i = 0; i < EMRTD_N_CHECKS; i++) {
		if (i != EMRTD_CHECK_PA_CONFORMANCE &&
		    i != EMRTD_CHECK_PA_COM_SOD &&
		    emrtd_result_check(result, (enum emrtd_check_id)i)
			    ->verdict == EMRTD_FAILED)
			return false;
	}
	return true;
}

static void
print_warning(const struct page *p)
{
	enum emrtd_data_verdict data = emrtd_result_data(p->result);

	if (only_form_failed(p->result))
		styled(p, TERM_BAD,
		    "Not as the standards want it; see the deviations.");
	else if (data == EMRTD_DATA_FAILED)
		styled(p, TERM_BAD,
		    "NOT AUTHENTIC: do not trust what follows.");
	else if (data != EMRTD_DATA_AUTHENTIC)
		styled(p, TERM_DOUBT, "Nobody known vouches for what follows.");
	if (data != EMRTD_DATA_AUTHENTIC)
		fputc('\n', p->out);
}

static void
print_document(const struct page *p)
{
	const struct mrz_doc *doc = emrtd_result_document(p->result);
	char day[DAY_TEXT_CAP];

	if (doc == NULL)
		return;
	print_warning(p);
	label(p, "Document");
	term_puts(p->out, doc->fields[MRZ_F_DOCUMENT_CODE].text);
	fputc(' ', p->out);
	term_puts(p->out, doc->fields[MRZ_F_ISSUING_STATE].text);
	fputc(' ', p->out);
	term_puts(p->out, doc->fields[MRZ_F_DOCUMENT_NUMBER].text);
	if (doc->expiry.valid && doc->expiry.to != MRZ_NO_DAY)
		fprintf(p->out, ", expires %s", day_text(doc->expiry.to, day));
	fputc('\n', p->out);
	label(p, "Holder");
	styled(p, TERM_BOLD, doc->fields[MRZ_F_SURNAME].text);
	fputs(", ", p->out);
	styled(p, TERM_BOLD, doc->fields[MRZ_F_GIVEN_NAMES].text);
	if (doc->birth.valid && doc->birth.from == doc->birth.to &&
	    doc->birth.from != MRZ_NO_DAY)
		fprintf(p->out, ", born %s", day_text(doc->birth.from, day));
	fputc('\n', p->out);
}

/* Of which part of the key the letter is, or NULL. */
static const char *
key_field(const struct mrz_doc *doc, const struct emrtd_mrz_difference *d,
    const char **text)
{
	static const struct {
		enum mrz_field_id id;
		const char *name;
	} rows[] = {
		{ MRZ_F_DOCUMENT_NUMBER, "document number" },
		{ MRZ_F_DATE_OF_BIRTH, "date of birth" },
		{ MRZ_F_DATE_OF_EXPIRY, "date of expiry" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct mrz_field *f = &doc->fields[rows[i].id];

		*text = f->text;
		if (f->place.line == d->line && d->column >= f->place.column &&
		    d->column - f->place.column < f->place.length)
			return rows[i].name;
	}
	return NULL;
}

/* Letters of lines are printable ASCII. */
static void
print_difference(const struct page *p, const struct emrtd_mrz_difference *d)
{
	const struct mrz_doc *doc = emrtd_result_document(p->result);
	const char *text, *field = key_field(doc, d, &text);

	if (field != NULL) {
		fprintf(p->out, "%s ", field);
		term_puts(p->out, text);
	} else {
		fprintf(p->out, "line %u, column %u", d->line, d->column);
	}
	if (d->doubtful)
		fprintf(p->out, ": %c was read as %c\n", d->chip, d->optical);
	else
		fprintf(p->out, ": the chip has %c where %c is printed\n",
		    d->chip, d->optical);
}

/* Which reading of a doubtful MRZ was right, and what the chip has instead. */
static void
print_mrz(const struct page *p)
{
	static const char *const ordinals[] = { "", "first", "second", "third",
		"fourth" };
	struct emrtd_mrz m = { .size = sizeof(m) };
	const char *before = "Printed MRZ";

	if (!emrtd_result_mrz(p->result, &m))
		return;
	if (m.opened_by > 1 &&
	    m.opened_by < sizeof(ordinals) / sizeof(*ordinals)) {
		label(p, before);
		before = "";
		fprintf(p->out, "its %s reading opened the chip\n",
		    ordinals[m.opened_by]);
	}
	for (size_t i = 0; i < m.n_differences; i++) {
		label(p, before);
		before = "";
		if (i == DIFFERENCES_SHOWN) {
			fprintf(p->out, "and %zu more letters\n",
			    m.n_differences - i);
			return;
		}
		print_difference(p, &m.differences[i]);
	}
}

/* Whether the reading came as far as the files behind access control. */
static bool
came_to_files(const struct emrtd_result *result)
{
	for (int i = EMRTD_EF_COM; i < EMRTD_N_FILES; i++) {
		if (emrtd_result_file(result, (enum emrtd_file)i).len > 0)
			return true;
	}
	return false;
}

/* "EF.DG1 (93 bytes)" stays together. */
static void
print_files(const struct page *p)
{
	const char *before = "";
	size_t column = LABEL_WIDTH;
	char item[64];

	if (!came_to_files(p->result))
		return;
	label(p, "Files");
	for (int i = 0; i < EMRTD_N_FILES; i++) {
		enum emrtd_file file = (enum emrtd_file)i;
		enum emrtd_file_status status =
		    emrtd_result_file_status(p->result, file);
		size_t len = emrtd_result_file(p->result, file).len;

		if (status == EMRTD_FILE_NOT_REQUESTED)
			continue;
		if (status == EMRTD_FILE_READ)
			snprintf(item, sizeof(item), "%s (%zu bytes)",
			    emrtd_file_name(file), len);
		else
			snprintf(item, sizeof(item), "%s (%s)",
			    emrtd_file_name(file),
			    emrtd_file_status_name(status));
		if (column + strlen(", ,") + strlen(item) > TERM_WIDTH) {
			fprintf(p->out, ",\n%*s", LABEL_WIDTH, "");
			column = LABEL_WIDTH;
			before = "";
		}
		column += (size_t)fprintf(p->out, "%s%s", before, item);
		before = ", ";
	}
	fputc('\n', p->out);
}

/* What is left of the proofs, and whom it convinces. */
static void
print_evidence(const struct page *p)
{
	const char *before = "Evidence";

	for (int i = 0; i < EMRTD_N_PROOFS; i++) {
		struct emrtd_evidence e = { .size = sizeof(e) };
		char text[240];

		if (!emrtd_result_evidence(p->result, (enum emrtd_proof_kind)i,
			&e))
			continue;
		if (e.strength == EMRTD_EVIDENCE_SIGNATURE)
			snprintf(text, sizeof(text),
			    "%s: what the chip answered%s%s%s%s",
			    emrtd_proof_name(e.proof),
			    e.protocol != NULL ? " (" : "",
			    e.protocol != NULL ? e.protocol : "",
			    e.protocol != NULL ? ")" : "",
			    emrtd_result_check(p->result, EMRTD_CHECK_CHIP_AA)
					->verdict == EMRTD_PASSED
				? "; others can verify that it signed this "
				  "challenge, but not when"
				: "");
		else
			snprintf(text, sizeof(text),
			    "%s: our own record, which proves nothing to "
			    "others",
			    emrtd_proof_name(e.proof));
		label(p, before);
		before = "";
		term_wrap(p->out, LABEL_WIDTH, LABEL_WIDTH, text);
		fputc('\n', p->out);
	}
}

/* What a person wants to see: not what the document does not have, nor, when
 * nothing was read, what was not looked at. */
static bool
is_shown(const struct page *p, enum emrtd_check_id id, bool all)
{
	const struct emrtd_check *c = emrtd_result_check(p->result, id);

	if (all)
		return true;
	if (c->verdict == EMRTD_NOT_OFFERED || id == EMRTD_CHECK_TERMINAL_TA)
		return false;
	return c->verdict != EMRTD_NOT_RUN ||
	       (c->diag.what != NULL && came_to_files(p->result));
}

/* "not_offered" as people write it. */
static void
put_word(const struct page *p, const char *name)
{
	for (; *name != '\0'; name++)
		fputc(*name == '_' ? ' ' : *name, p->out);
}

static void
print_checks(const struct page *p, bool all)
{
	const char *heading = "\nChecks\n";

	for (int i = 0; i < EMRTD_N_CHECKS; i++) {
		enum emrtd_check_id id = (enum emrtd_check_id)i;
		const struct emrtd_check *c = emrtd_result_check(p->result, id);
		const char *word = emrtd_verdict_name(c->verdict);
		const char *title = emrtd_check_info(id)->title;
		char reason[EMRTD_REASON_CAP], words[EMRTD_REASON_CAP + 2];

		if (!is_shown(p, id, all))
			continue;
		emrtd_result_check_reason(p->result, id, reason);
		fprintf(p->out, "%s  ", heading);
		heading = "";
		fputs(term_style(verdict_styles[c->verdict], p->color), p->out);
		put_word(p, word);
		fputs(term_style(TERM_PLAIN, p->color), p->out);
		fprintf(p->out, "%*s%s", VERDICT_WIDTH - (int)strlen(word), "",
		    title);
		if (reason[0] != '\0') {
			snprintf(words, sizeof(words), ": %s", reason);
			term_wrap(p->out, CHECK_INDENT + strlen(title),
			    CHECK_INDENT + 2, words);
		}
		fputc('\n', p->out);
	}
}

/* "TR-03105-5.1 LDS_H_90, LDS_H_91" behind the clause. */
static void
finding_source(const struct emrtd_finding_info *info, char text[160])
{
	size_t n = (size_t)snprintf(text, 160, "%s%s", info->clause,
	    info->tests[0] != '\0' ? "; TR-03105-5.1 " : "");

	for (const char *t = info->tests; *t != '\0' && n + 3 < 160; t++) {
		if (*t == ' ')
			text[n++] = ',';
		text[n++] = *t;
	}
	text[n < 160 ? n : 159] = '\0';
}

/* Where the document is not as the standards want it, and what that means. */
static void
print_deviations(const struct page *p)
{
	const char *policy = emrtd_policy_name(emrtd_result_policy(p->result));
	struct emrtd_finding f = { .size = sizeof(f) };

	for (size_t i = 0; emrtd_result_finding(p->result, i, &f); i++) {
		const char *word = f.fails ? "failed" : "told";
		char text[400], source[160];

		if (i == 0)
			fprintf(p->out, "\nDeviations (policy %s)\n", policy);
		fputs("  ", p->out);
		styled(p, f.fails ? TERM_BAD : TERM_DIM, word);
		fprintf(p->out, "%*s", VERDICT_WIDTH - (int)strlen(word), "");
		finding_source(f.info, source);
		snprintf(text, sizeof(text), "%s%s%s (%s)", f.info->text,
		    f.detail[0] != '\0' ? ": " : "", f.detail, source);
		term_wrap(p->out, CHECK_INDENT, CHECK_INDENT + 2, text);
		fputc('\n', p->out);
	}
}

/* What beside the two verdicts keeps the exit code from being 0: rows that
 * failed (expiry, another MRZ), and doubtful letters that differ. */
static void
print_verdict_rows(const struct page *p, enum emrtd_verdict verdict,
    const char *before, enum term_style style)
{
	size_t column = 0;

	for (int i = 0; i < EMRTD_N_CHECKS; i++) {
		enum emrtd_check_id id = (enum emrtd_check_id)i;
		const char *title = emrtd_check_info(id)->title;

		if (emrtd_result_check(p->result, id)->verdict != verdict ||
		    (verdict == EMRTD_UNDETERMINED &&
			id != EMRTD_CHECK_DOC_MRZ_MATCH))
			continue;
		if (column == 0)
			column = (size_t)fprintf(p->out, "%s", before);
		else if (column + strlen(title) + 3 <= TERM_WIDTH)
			column += (size_t)fprintf(p->out, "; ");
		else
			column = (size_t)fprintf(p->out, ";\n  ") - 2;
		styled(p, style, title);
		column += strlen(title);
	}
	if (column > 0)
		fputc('\n', p->out);
}

static void
print_verdict(const struct page *p)
{
	enum emrtd_overall_verdict v = emrtd_result_overall(p->result);

	fputc('\n', p->out);
	if (emrtd_result_test_trust(p->result)) {
		styled(p, TERM_DOUBT,
		    "TEST: test certificates are trusted. This says nothing "
		    "about a real document.");
		fputc('\n', p->out);
	}
	fputs("Data ", p->out);
	put_word(p, emrtd_data_verdict_name(emrtd_result_data(p->result)));
	fputs(", chip ", p->out);
	put_word(p, emrtd_chip_verdict_name(emrtd_result_chip(p->result)));
	fputs(". Verdict: ", p->out);
	styled(p, overall[v].style, overall[v].words);
	fputc('\n', p->out);
	term_wrap(p->out, 0, 0, emrtd_result_reason(p->result));
	fputc('\n', p->out);
}

void
outcome_print(FILE *out, const struct emrtd_result *result, bool color,
    bool all)
{
	struct page p = { out, result, color };

	print_document(&p);
	print_mrz(&p);
	print_files(&p);
	print_evidence(&p);
	print_checks(&p, all);
	print_deviations(&p);
	print_verdict(&p);
	print_verdict_rows(&p, EMRTD_FAILED, "Failed: ", TERM_BAD);
	print_verdict_rows(&p, EMRTD_UNDETERMINED, "Undecided: ", TERM_DOUBT);
}
