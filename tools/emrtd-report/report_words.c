#include "report_words.h"

#include <string.h>

#define LENGTH(table) (sizeof(table) / sizeof((table)[0]))

static const struct {
	const char *prefix, *title, *about;
} groups[REPORT_N_GROUPS] = {
	[GROUP_DOCUMENT] = { "doc.", "Document",
	    "The document in your hand, and what its chip says of it." },
	[GROUP_DATA] = { "pa.", "Data",
	    "Are the data as the issuing state signed them?" },
	[GROUP_CHIP] = { "chip.", "Chip",
	    "Is this the chip that they were written to?" },
	[GROUP_ACCESS] = { "access.", "Access",
	    "How the chip was opened, and whether anybody interfered." },
	[GROUP_OTHER] = { "", "Other",
	    "Checks that this program has no words for." },
};

static const struct report_check_words checks[] = {
	{ "doc.mrz_match", "Printed page against chip",
	    "The zone printed on the page is the one that the chip stores.",
	    "The printed zone is not the one that the chip stores: page and "
	    "chip may belong to different documents, or the page was misread.",
	    "The printed zone was not known well enough to be compared." },
	{ "doc.validity", "Date of expiry", "The document has not expired.",
	    "The document has expired.", "The date of expiry is not known." },
	{ "pa.sod_signature", "Signature over the data",
	    "The signature over the data is right.",
	    "The signature over the data is wrong: they are forged or "
	    "damaged.",
	    "The signature could not be checked." },
	{ "pa.signed_attributes", "Extent of the signature",
	    "The signature covers the list of hashes of the data.",
	    "The signature does not cover the list of hashes of the data.",
	    "It could not be seen what the signature covers." },
	{ "pa.chain", "Trust in the signer",
	    "A state that this workstation trusts has certified the signer.",
	    "No trusted state has certified the signer, although one of its "
	    "name is trusted.",
	    "No trusted certificate of that state is here: nobody known "
	    "vouches for the signer." },
	{ "pa.ds_validity", "Dates of the signer's certificate",
	    "The signer's certificate is within its dates.",
	    "The signer's certificate is not yet valid, or has expired.",
	    "The dates of the signer's certificate could not be judged." },
	{ "pa.csca_validity", "Dates of the state's certificate",
	    "The state's certificate is within its dates.",
	    "The state's certificate is not yet valid, or has expired.",
	    "No certificate of the state was found." },
	{ "pa.revocation", "Revocation of the signer",
	    "The signer's certificate is on no list of revoked ones.",
	    "The state has revoked the signer's certificate.",
	    "There is no list of revoked certificates, it is too old, or it "
	    "cannot be relied on." },
	{ "pa.com_sod", "Index of the chip",
	    "The index of the chip names the files that were signed.",
	    "The index of the chip, which is not signed, names other files "
	    "than were signed.",
	    "The index could not be compared." },
	{ "pa.issuer_country", "State of the signer",
	    "The signer belongs to the state that the document names.",
	    "The signer belongs to another state than the document names.",
	    "The state of the signer is not known." },
	{ "pa.document_type", "Types that the signer may sign",
	    "The signer may sign documents of this type.",
	    "The signer may not sign documents of this type.",
	    "The types that the signer may sign are not known." },
	{ "pa.card_access_copy", "Signed copy of the offer",
	    "The chip offered the same protection that the signed data name.",
	    "The chip offered another protection than the signed data name: "
	    "somebody may have forced a weaker one.",
	    "The signed copy of the offer could not be had." },
	{ "pa.card_security", "Signature over the key of the chip",
	    "The state has signed the key by which the chip proves itself.",
	    "The signature over the key of the chip is wrong: it is forged or "
	    "damaged.",
	    "It could not be decided who signed the key of the chip." },
	{ "pa.signing_time", "Time of signing",
	    "The data were signed while the signer's key was in use.",
	    "The data were signed at a time when the signer's key was not in "
	    "use.",
	    "It could not be decided whether the signer's key was in use when "
	    "the data were signed." },
	{ "pa.conformance", "Form of files and certificates",
	    "Files and certificates are as the standards want them, or the "
	    "deviations are of a kind that is tolerated.",
	    "Files or certificates are not as the standards want them.",
	    "It could not be decided whether files and certificates are as the "
	    "standards want them." },
	{ "chip.ca", "Chip Authentication",
	    "The chip has proven that it holds its own secret key.",
	    "The chip does not hold the secret key that it should: it is a "
	    "copy, or broken.",
	    "The key of the chip is not covered by the signature." },
	{ "chip.aa", "Active Authentication",
	    "The chip has signed a challenge with its own secret key.",
	    "The chip could not sign a challenge with the key that it should "
	    "have: it is a copy, or broken.",
	    "The key of the chip is not covered by the signature." },
	{ "chip.cam", "Chip proof while opening (PACE-CAM)",
	    "The chip has proven its own key while it was opened.",
	    "The proof of the chip does not fit its key: it is a copy, or "
	    "broken.",
	    "The key of the chip is not covered by the signature." },
	{ "terminal.ta", "Terminal Authentication",
	    "The chip has accepted the certificates of this terminal.",
	    "The chip has refused the certificates of this terminal.",
	    "It could not be decided." },
	{ "access.pace", "Opening with PACE",
	    "The chip was opened with its strong access protocol.",
	    "The chip could not be opened with PACE: what was read off the "
	    "page may be wrong.",
	    "The chip offers PACE only in variants that this version lacks." },
	{ "access.bac", "Opening with BAC",
	    "The chip was opened with Basic Access Control.",
	    "The chip could not be opened with BAC: what was read off the "
	    "page may be wrong.",
	    "It could not be decided." },
	{ "access.downgrade", "Strength of the protection",
	    "The strongest protection that the chip offers was used.",
	    "The chip offers a stronger protection than was used.",
	    "A stronger protection may have been hidden." },
	{ "access.secure_messaging", "Protection of the exchange",
	    "Every answer of the chip was protected, and none was changed.",
	    "An answer was unprotected or changed: somebody may be on the "
	    "link, or the chip is broken.",
	    "It could not be decided." },
};

/* Data groups share a sentence; the last word is what stands in them. */
static const struct report_check_words hashes[] = {
#define HASH(n, what)                                                      \
	{                                                                  \
		"pa.hash.dg" #n, what " (DG" #n ")",                       \
		    "It is as it was signed.",                             \
		    "It is not what was signed: it was changed, or is of " \
		    "another document.",                                   \
		    "It could not be held against the signature."          \
	}
	HASH(1, "Personal data"),
	HASH(2, "Face"),
	HASH(3, "Fingerprints"),
	HASH(4, "Irises"),
	HASH(5, "Displayed portrait"),
	HASH(6, "Reserved data"),
	HASH(7, "Displayed signature"),
	HASH(8, "Data features"),
	HASH(9, "Structure features"),
	HASH(10, "Substance features"),
	HASH(11, "Additional personal details"),
	HASH(12, "Additional document details"),
	HASH(13, "Optional details"),
	HASH(14, "Security options"),
	HASH(15, "Key of the chip"),
	HASH(16, "Persons to notify"),
#undef HASH
};

static const struct report_verdict_words verdicts[] = {
	[EMRTD_NOT_RUN] = { "none", "minus", "Not run" },
	[EMRTD_PASSED] = { "good", "check", "Passed" },
	[EMRTD_FAILED] = { "bad", "stop", "Failed" },
	[EMRTD_NOT_OFFERED] = { "none", "minus", "Not offered" },
	[EMRTD_UNDETERMINED] = { "doubt", "question", "Undecided" },
	[EMRTD_ABORTED] = { "bad", "stop", "Cut off" },
};

/* Name and words, for the tables that need no more. */
struct pair {
	const char *name, *words;
};

static const struct pair phases[] = {
	{ "connect", "Connecting" },
	{ "atr_info", "Asking what the chip can carry" },
	{ "card_access", "Asking what the chip offers" },
	{ "pace", "Opening with PACE" },
	{ "bac", "Opening with BAC" },
	{ "access", "Opening the chip" },
	{ "card_security", "Reading the key of PACE" },
	{ "select", "Selecting the passport" },
	{ "sod", "Reading the signature" },
	{ "com", "Reading the index" },
	{ "dg1", "Reading the personal data" },
	{ "dg2", "Reading the face" },
	{ "other_files", "Reading the other files" },
	{ "chip_authentication", "Asking the chip for its key" },
	{ "active_authentication", "Asking the chip to sign" },
	{ "verify", "Verifying" },
};

static const struct pair files[] = {
	{ "EF.CardAccess", "Access protocols offered" },
	{ "EF.CardSecurity", "Security data" },
	{ "EF.COM", "Index" },
	{ "EF.SOD", "Signature and hashes" },
	{ "EF.DG1", "Personal data" },
	{ "EF.DG2", "Face" },
	{ "EF.DG3", "Fingerprints" },
	{ "EF.DG4", "Irises" },
	{ "EF.DG5", "Displayed portrait" },
	{ "EF.DG7", "Displayed signature" },
	{ "EF.DG11", "Additional personal details" },
	{ "EF.DG12", "Additional document details" },
	{ "EF.DG13", "Optional details" },
	{ "EF.DG14", "Security options" },
	{ "EF.DG15", "Key of the chip" },
	{ "EF.DG16", "Persons to notify" },
	{ "EF.CVCA", "Who may read fingers and irises" },
	{ "EF.DIR", "Applications of the chip" },
	{ "EF.ATR", "Sizes of the chip's buffers" },
};

static const struct pair statuses[] = {
	{ "read", "read" },
	{ "absent", "not on the chip" },
	{ "denied", "refused by the chip" },
	{ "not_requested", "not asked for" },
	{ "malformed", "malformed" },
	{ "aborted", "cut off" },
};

/*
 * By the error of the record; what its headline says anyway is not here: a wrong
 * password, a document that moved.
 */
static const struct pair advices[] = {
	{ "ACCESS_BLOCKED",
	    "Use another password: the printed zone, or the card access "
	    "number." },
	{ "LAST_TRY",
	    "Use the card access number, or be sure: a wrong try now blocks." },
	{ "ACCESS_POLICY",
	    "The policy of this reading forbids what the chip offers." },
	{ "NO_PASSWORD",
	    "The chip wants the printed zone, the card access number or a "
	    "PIN." },
	{ "NO_READER",
	    "See that the reader is plugged in and the document lies on it." },
	{ "BUSY", "End the other program that uses the reader." },
	{ "DEADLINE", "Allow the reading more time." },
	{ "MAC", "Somebody may be on the link between reader and chip." },
	{ "SM_PLAIN", "Somebody may be on the link between reader and chip." },
};

static const char *
words_of(const struct pair *table, size_t n, struct report_text name)
{
	for (size_t i = 0; i < n; i++)
		if (report_text_is(name, table[i].name))
			return table[i].words;
	return NULL;
}

const char *
report_phase_words(struct report_text name)
{
	return words_of(phases, LENGTH(phases), name);
}

const char *
report_file_words(struct report_text name)
{
	return words_of(files, LENGTH(files), name);
}

const char *
report_status_words(struct report_text status)
{
	return words_of(statuses, LENGTH(statuses), status);
}

const char *
report_error_advice(struct report_text code)
{
	return words_of(advices, LENGTH(advices), code);
}

const char *
report_group_title(enum report_group group)
{
	return groups[group].title;
}

const char *
report_group_about(enum report_group group)
{
	return groups[group].about;
}

enum report_group
report_group_of(struct report_text id)
{
	if (report_text_is(id, "terminal.ta"))
		return GROUP_CHIP;
	for (int i = 0; i < GROUP_OTHER; i++) {
		size_t len = strlen(groups[i].prefix);

		if (id.ptr != NULL && !id.hex && id.len > len &&
		    memcmp(id.ptr, groups[i].prefix, len) == 0)
			return (enum report_group)i;
	}
	return GROUP_OTHER;
}

const struct report_check_words *
report_check_words(struct report_text id)
{
	for (size_t i = 0; i < LENGTH(checks); i++)
		if (report_text_is(id, checks[i].id))
			return &checks[i];
	for (size_t i = 0; i < LENGTH(hashes); i++)
		if (report_text_is(id, hashes[i].id))
			return &hashes[i];
	return NULL;
}

const struct report_verdict_words *
report_verdict_words(enum emrtd_verdict verdict)
{
	return &verdicts[(size_t)verdict < LENGTH(verdicts) ? verdict
							    : EMRTD_NOT_RUN];
}
