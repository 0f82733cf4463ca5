#include "report_judge.h"

#include "report_cells.h"

enum headline {
	FORGED,
	NONCONFORMING,
	OTHER_PAGE,
	BROKEN_RECORD,
	NO_ACCESS,
	LOST,
	UNREADABLE,
	MALFORMED_FILE,
	PAGE_IN_DOUBT,
	EXPIRED_PROVEN,
	EXPIRED,
	CHECK_FAILED,
	GENUINE,
	DATA_ONLY,
	UNDETERMINED
};

#define SECOND_LINE                                                            \
	"Do not accept it. Keep the document, and follow the procedure for a " \
	"suspected forgery."

static const struct report_headline headlines[] = {
	[FORGED] = { TONE_BAD, "stop", "Failed", "Do not trust this document",
	    NULL, SECOND_LINE },
	[NONCONFORMING] = { TONE_BAD, "stop", "Failed",
	    "Not as the standards want it", NULL,
	    "Do not take this for a forgery: the signatures over the data are "
	    "right. Look at the deviations below. Where the question is "
	    "whether "
	    "the document is real, check it again under the policy field." },
	[OTHER_PAGE] = { TONE_BAD, "stop", "Failed",
	    "Printed page and chip differ",
	    "The zone printed on the document is not the one that the chip "
	    "stores: page and chip may belong to different documents.",
	    "Look at the letters marked below. If the page was misread, read "
	    "it "
	    "again; if it was not, follow the procedure for a suspected "
	    "forgery." },
	[BROKEN_RECORD] = { TONE_NONE, "question", "Undetermined",
	    "The record is not sound",
	    "The record that this page was made from is incomplete or "
	    "contradicts itself, so nothing is decided from it.",
	    "Read the document again. If it happens again, have the "
	    "workstation looked at." },
	[NO_ACCESS] = { TONE_NONE, "question", "Not read",
	    "The chip was not opened", NULL,
	    "Compare what was read off the page with the document, and read "
	    "again. If the chip still refuses, examine the document without "
	    "it." },
	[LOST] = { TONE_NONE, "question", "Not finished",
	    "The reading ended early", NULL,
	    "Lay the document flat on the reader, leave it there, and read "
	    "again." },
	[UNREADABLE] = { TONE_NONE, "question", "Not finished",
	    "The chip could not be read to the end", NULL,
	    "Read again. If it happens again, examine the document without "
	    "its chip, and report the error at the end of this page." },
	[MALFORMED_FILE] = { TONE_NONE, "question", "Not finished",
	    "A file of the chip is malformed",
	    "A file that the chip sent is not built as the standard wants it, "
	    "so not all of the document could be judged.",
	    "Examine the document without its chip, and report which file of "
	    "which state it was." },
	[PAGE_IN_DOUBT] = { TONE_NONE, "question", "Undetermined",
	    "Printed page and chip may differ",
	    "The printed zone was hard to read, and what was read is not what "
	    "the chip stores.",
	    "Hold the letters marked below against the document itself. If "
	    "the chip stores what is printed, read the page again; if it does "
	    "not, follow the procedure for a suspected forgery." },
	[EXPIRED_PROVEN] = { TONE_BAD, "stop", "Expired", "Otherwise genuine",
	    "The data are as the issuing state signed them and the chip is the "
	    "original, but the document has expired.",
	    "Treat it as an expired document." },
	[EXPIRED] = { TONE_BAD, "stop", "Expired",
	    "And the chip is not proven to be genuine", NULL,
	    "Treat it as an expired document." },
	[CHECK_FAILED] = { TONE_BAD, "stop", "Check failed",
	    "Something is not as it should be", NULL,
	    "Read what failed below, and decide by your rules. When in doubt, "
	    "ask a second person." },
	[GENUINE] = { TONE_GOOD, "check", "Genuine", "Data and chip are proven",
	    "The data are as the issuing state signed them, and the chip has "
	    "proven that it is the one that they were written to.",
	    "Compare the person with the face, and the printed page with the "
	    "data below." },
	[DATA_ONLY] = { TONE_DOUBT, "warn", "Authentic data",
	    "The chip itself is not proven", NULL,
	    "Compare the person with the face with care, and the printed page "
	    "with the data below. Examine the booklet as one without a chip." },
	[UNDETERMINED] = { TONE_NONE, "question", "Undetermined",
	    "Nothing is proven, for or against", NULL,
	    "Do not take this for a good result. Examine the document without "
	    "its chip, or make good what is missing below and read again." },
};

bool
report_is_bad(enum emrtd_verdict verdict)
{
	return verdict == EMRTD_FAILED || verdict == EMRTD_ABORTED;
}

static bool
any(const struct report_record *r, enum emrtd_check_id first,
    enum emrtd_check_id last, enum emrtd_verdict verdict)
{
	for (size_t i = 0; i < r->n_checks; i++)
		if (r->checks[i].known >= first && r->checks[i].known <= last &&
		    r->checks[i].verdict == verdict)
			return true;
	return false;
}

/* Of all rows, known to this program or not. */
static size_t
count(const struct report_record *r, enum emrtd_verdict verdict)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_checks; i++)
		n += r->checks[i].verdict == verdict;
	return n;
}

static bool
any_malformed(const struct report_record *r)
{
	for (size_t i = 0; i < r->n_files; i++)
		if (report_text_is(r->files[i].status, "malformed"))
			return true;
	return false;
}

/* The row and what the lists say must not contradict each other. */
static bool
revocation_carries(const struct report_record *r)
{
	enum emrtd_verdict v = report_verdict_of(r, EMRTD_CHECK_PA_REVOCATION);

	return (v == EMRTD_PASSED &&
		   report_text_is(r->revocation.status, "good")) ||
	       (v == EMRTD_NOT_RUN &&
		   report_text_is(r->revocation.status, "no_crl"));
}

/* What authentic data rest on: the rows that the library needs for them, and
 * those that speak against them by failing; of form, if it is asked for. */
static bool
checks_carry(const struct report_record *r, bool form)
{
	static const enum emrtd_check_id needed[] = {
		EMRTD_CHECK_PA_SOD_SIGNATURE, EMRTD_CHECK_PA_SIGNED_ATTRIBUTES,
		EMRTD_CHECK_PA_CHAIN, EMRTD_CHECK_PA_DS_VALIDITY,
		EMRTD_CHECK_PA_CSCA_VALIDITY, EMRTD_CHECK_PA_ISSUER_COUNTRY,
		EMRTD_CHECK_PA_HASH_DG1
	};
	static const enum emrtd_check_id not_failed[] = {
		EMRTD_CHECK_PA_REVOCATION, EMRTD_CHECK_PA_DOCUMENT_TYPE,
		EMRTD_CHECK_PA_CARD_ACCESS_COPY, EMRTD_CHECK_PA_CARD_SECURITY,
		EMRTD_CHECK_PA_SIGNING_TIME
	};

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (report_verdict_of(r, needed[i]) != EMRTD_PASSED)
			return false;
	for (size_t i = 0; i < sizeof(not_failed) / sizeof(*not_failed); i++)
		if (report_verdict_of(r, not_failed[i]) == EMRTD_FAILED ||
		    report_verdict_of(r, not_failed[i]) == EMRTD_UNDETERMINED)
			return false;
	if (form &&
	    report_verdict_of(r, EMRTD_CHECK_PA_CONFORMANCE) == EMRTD_FAILED)
		return false;
	return revocation_carries(r) &&
	       !any(r, EMRTD_CHECK_PA_HASH_DG1, EMRTD_CHECK_PA_HASH_DG16,
		   EMRTD_FAILED);
}

static bool
was_read(const struct report_record *r, const char *name)
{
	const struct report_file *file = report_file_named(r, name);

	return file != NULL && report_text_is(file->status, "read");
}

/* And what was verified must be there: data, files, who signed. */
static bool
data_are_there(const struct report_record *r)
{
	return r->document.present && r->document.lines.n > 0 &&
	       r->document.fields[MRZ_F_DOCUMENT_NUMBER].ptr != NULL &&
	       was_read(r, "EF.SOD") && was_read(r, "EF.DG1") &&
	       r->signer.present && r->csca.present && !r->ended_early;
}

static bool
chip_stands(const struct report_record *r)
{
	return any(r, EMRTD_CHECK_CHIP_CA, EMRTD_CHECK_CHIP_CAM,
		   EMRTD_PASSED) &&
	       !any(r, EMRTD_CHECK_CHIP_CA, EMRTD_CHECK_CHIP_CAM, EMRTD_FAILED);
}

/* Files prove a chip by one thing: it signed the verifier's own challenge. */
static bool
proof_is_of_now(const struct report_record *r)
{
	if (r->on_chip)
		return true;
	for (size_t i = 0; i < r->n_evidence; i++)
		if (r->evidence[i].own_challenge)
			return report_verdict_of(r, EMRTD_CHECK_CHIP_AA) ==
			       EMRTD_PASSED;
	return false;
}

/* The overall verdict that the two others make. */
static enum emrtd_overall_verdict
overall_of(const struct report_record *r)
{
	if (r->data == EMRTD_DATA_FAILED || r->chip == EMRTD_CHIP_FAILED)
		return EMRTD_OVERALL_FAILED;
	if (r->data != EMRTD_DATA_AUTHENTIC)
		return EMRTD_OVERALL_UNDETERMINED;
	if (r->chip == EMRTD_CHIP_GENUINE)
		return EMRTD_OVERALL_GENUINE;
	return r->chip == EMRTD_CHIP_NOT_OFFERED
		   ? EMRTD_OVERALL_AUTHENTIC_DATA_ONLY
		   : EMRTD_OVERALL_UNDETERMINED;
}

static bool
any_finding_fails(const struct report_record *r)
{
	for (size_t i = 0; i < r->n_findings; i++)
		if (r->findings[i].fails)
			return true;
	return false;
}

const char *
report_contradiction(const struct report_record *r)
{
	if (r->n_defects > 0)
		return r->first_defect;
	if (r->data == EMRTD_DATA_AUTHENTIC && !checks_carry(r, true))
		return "data are called authentic against the checks";
	if (r->data == EMRTD_DATA_AUTHENTIC && !data_are_there(r))
		return "data are called authentic that are not in it";
	if (any_finding_fails(r) && !report_text_is(r->policy, "strict"))
		return "deviations fail under a policy that only tells them";
	if (any_finding_fails(r) && r->data == EMRTD_DATA_AUTHENTIC)
		return "data are called authentic against a deviation that "
		       "fails";
	if (r->chip == EMRTD_CHIP_GENUINE && !chip_stands(r))
		return "the chip is called genuine against the checks";
	if (r->chip == EMRTD_CHIP_GENUINE && !proof_is_of_now(r))
		return "the chip is called genuine, but only files were there";
	if (report_verdict_of(r, EMRTD_CHECK_DOC_MRZ_MATCH) == EMRTD_PASSED &&
	    report_letters_differ(r))
		return "page and chip are said to agree, but their letters "
		       "differ";
	if (report_verdict_of(r, EMRTD_CHECK_DOC_MRZ_MATCH) == EMRTD_PASSED &&
	    r->optical.result.ptr != NULL &&
	    !report_text_is(r->optical.result, "confirmed_by_chip"))
		return "page and chip are said to agree, and to differ";
	if (r->verdict != overall_of(r))
		return "the verdict does not follow from its two parts";
	return NULL;
}

enum emrtd_data_verdict
report_data(const struct report_record *r)
{
	if (r->data == EMRTD_DATA_AUTHENTIC && report_contradiction(r) != NULL)
		return EMRTD_DATA_UNDETERMINED;
	return r->data;
}

static enum headline
early_end(const struct report_record *r)
{
	return report_text_is(r->error_class, "io") ||
		       report_text_is(r->error_class, "card")
		   ? LOST
		   : UNREADABLE;
}

/* What leaves a question open, as in the exit code of the reading; GENUINE
 * for nothing. */
static enum headline
open_question(const struct report_record *r)
{
	if (r->ended_early || count(r, EMRTD_ABORTED) > 0)
		return early_end(r);
	if (any_malformed(r))
		return MALFORMED_FILE;
	return report_verdict_of(r, EMRTD_CHECK_DOC_MRZ_MATCH) ==
		       EMRTD_UNDETERMINED
		   ? PAGE_IN_DOUBT
		   : GENUINE;
}

/* Of an expired document; "otherwise genuine" only if all else is well. */
static enum headline
expired(const struct report_record *r)
{
	if (r->verdict != EMRTD_OVERALL_GENUINE)
		return EXPIRED;
	return count(r, EMRTD_FAILED) == 1 && open_question(r) == GENUINE
		   ? EXPIRED_PROVEN
		   : CHECK_FAILED;
}

/* Bad news of form alone: a careful word, and only of a sound record. */
bool
report_only_form_failed(const struct report_record *r)
{
	size_t n = report_verdict_of(r, EMRTD_CHECK_PA_CONFORMANCE) ==
		   EMRTD_FAILED;

	if (n == 0 || !any_finding_fails(r) || !checks_carry(r, false) ||
	    report_contradiction(r) != NULL)
		return false;
	n += report_verdict_of(r, EMRTD_CHECK_PA_COM_SOD) == EMRTD_FAILED;
	return count(r, EMRTD_FAILED) == n;
}

static enum headline
choose(const struct report_record *r)
{
	enum headline open;

	if (report_only_form_failed(r))
		return NONCONFORMING;
	/* Bad news needs no sound record. */
	if (r->verdict == EMRTD_OVERALL_FAILED ||
	    r->data == EMRTD_DATA_FAILED || r->chip == EMRTD_CHIP_FAILED)
		return FORGED;
	if (report_verdict_of(r, EMRTD_CHECK_DOC_MRZ_MATCH) == EMRTD_FAILED)
		return OTHER_PAGE;
	if (report_contradiction(r) != NULL)
		return BROKEN_RECORD;
	/* A wrong password says nothing against the document. */
	if (report_text_is(r->error_class, "access"))
		return NO_ACCESS;
	if (report_verdict_of(r, EMRTD_CHECK_DOC_VALIDITY) == EMRTD_FAILED)
		return expired(r);
	if (count(r, EMRTD_FAILED) > 0)
		return CHECK_FAILED;
	open = open_question(r);
	if (open != GENUINE)
		return open;
	if (r->verdict == EMRTD_OVERALL_GENUINE)
		return GENUINE;
	return r->verdict == EMRTD_OVERALL_AUTHENTIC_DATA_ONLY ? DATA_ONLY
							       : UNDETERMINED;
}

const struct report_headline *
report_judge(const struct report_record *record)
{
	return &headlines[choose(record)];
}
