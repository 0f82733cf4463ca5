/*
 * Deviations in what stands in the files. A data group that is not as it was
 * signed, or that nobody signed, has none: what is forged is not worth parsing,
 * and no carelessness of the state that it names. Only its outer object is
 * looked at, for the status.
 */
#include "reader/pa_steps.h"

#include "core/tlv.h"
#include "lds/atr_info.h"
#include "lds/biometric_profile.h"
#include "lds/com_profile.h"
#include "lds/cvca.h"
#include "lds/dg1_profile.h"
#include "lds/files.h"
#include "lds/security_info_profile.h"

static void
look_at_com(const struct emrtd_result *result, struct emrtd_bytes file,
    struct emrtd_findings *out)
{
	struct emrtd_com com;

	(void)result;
	if (emrtd_com_parse(file, NULL, &com) == EMRTD_OK)
		emrtd_com_profile(&com, out);
}

/* It was parsed before, with its century. */
static void
look_at_dg1(const struct emrtd_result *result, struct emrtd_bytes file,
    struct emrtd_findings *out)
{
	(void)file;
	if (result->has_document)
		emrtd_dg1_profile(&result->document, out);
}

static void
look_at_dg2(const struct emrtd_result *result, struct emrtd_bytes file,
    struct emrtd_findings *out)
{
	(void)result;
	emrtd_biometric_profile(EMRTD_DG2, file, out);
}

static void
look_at_dg3(const struct emrtd_result *result, struct emrtd_bytes file,
    struct emrtd_findings *out)
{
	(void)result;
	emrtd_biometric_profile(EMRTD_DG3, file, out);
}

static void
look_at_dg4(const struct emrtd_result *result, struct emrtd_bytes file,
    struct emrtd_findings *out)
{
	(void)result;
	emrtd_biometric_profile(EMRTD_DG4, file, out);
}

static void
look_at_dg14(const struct emrtd_result *result, struct emrtd_bytes file,
    struct emrtd_findings *out)
{
	(void)result;
	emrtd_dg14_profile(file, out);
}

static void
look_at_dg15(const struct emrtd_result *result, struct emrtd_bytes file,
    struct emrtd_findings *out)
{
	struct emrtd_bytes spki;

	(void)result;
	if (emrtd_dg15_parse(file, NULL, &spki) != EMRTD_OK)
		emrtd_finding_add(out, EMRTD_FINDING_FILE_MALFORMED_DG15, NULL);
}

static void
look_at_cvca(const struct emrtd_result *result, struct emrtd_bytes file,
    struct emrtd_findings *out)
{
	(void)result;
	emrtd_cvca_profile(file, out);
}

static void
look_at_atr_info(const struct emrtd_result *result, struct emrtd_bytes file,
    struct emrtd_findings *out)
{
	(void)result;
	emrtd_atr_info_profile(file, out);
}

/* Files without a row have an outer object, and no more is known of them. */
static const struct row {
	enum emrtd_file file;
	enum emrtd_finding_id malformed;
	/* NULL where the step that parses the file sets its status. */
	void (*look)(const struct emrtd_result *result, struct emrtd_bytes file,
	    struct emrtd_findings *out);
} rows[] = {
	{ EMRTD_EF_CARD_ACCESS, EMRTD_FINDING_FILE_MALFORMED_CARD_ACCESS,
	    NULL },
	{ EMRTD_EF_COM, EMRTD_FINDING_FILE_MALFORMED_COM, look_at_com },
	{ EMRTD_DG1, EMRTD_FINDING_FILE_MALFORMED_DG1, look_at_dg1 },
	{ EMRTD_DG2, EMRTD_FINDING_FILE_MALFORMED_DG2, look_at_dg2 },
	{ EMRTD_DG3, EMRTD_FINDING_FILE_MALFORMED_DG3, look_at_dg3 },
	{ EMRTD_DG4, EMRTD_FINDING_FILE_MALFORMED_DG4, look_at_dg4 },
	{ EMRTD_DG14, EMRTD_FINDING_FILE_MALFORMED_DG14, look_at_dg14 },
	{ EMRTD_DG15, EMRTD_FINDING_FILE_MALFORMED_DG15, look_at_dg15 },
	{ EMRTD_EF_CVCA, EMRTD_FINDING_FILE_MALFORMED_CVCA, look_at_cvca },
	{ EMRTD_EF_ATR_INFO, EMRTD_FINDING_FILE_MALFORMED_ATR_INFO,
	    look_at_atr_info },
};
/* EF.SOD and EF.CardSecurity have checks of their own, which fail. */
static const struct row other_group = { EMRTD_DG16,
	EMRTD_FINDING_FILE_MALFORMED_DG, NULL };

static const struct row *
row_of(enum emrtd_file file)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (rows[i].file == file)
			return &rows[i];
	}
	return emrtd_file_info(file)->dg != 0 ? &other_group : NULL;
}

/* These are data objects one after the other, without one around them. */
static bool
is_string_of_objects(enum emrtd_file file)
{
	return file == EMRTD_EF_CVCA || file == EMRTD_EF_ATR_INFO;
}

/* Its own tag, and a length that is not beyond the file's end. */
static bool
is_whole(enum emrtd_file file, struct emrtd_bytes content)
{
	struct emrtd_bytes value;

	return emrtd_tlv(&content, emrtd_file_info(file)->tag, &value);
}

/* By somebody, as far as it is known: an anchor may be missing. */
static bool
may_be_signed(const struct emrtd_result *result, unsigned dg)
{
	return !emrtd_pa_is_forged(result, dg) &&
	       result->checks[EMRTD_CHECK_PA_SOD_SIGNATURE].verdict !=
		   EMRTD_FAILED &&
	       result->checks[EMRTD_CHECK_PA_SIGNED_ATTRIBUTES].verdict !=
		   EMRTD_FAILED;
}

static void
look_at(struct emrtd_pa *pa, enum emrtd_file file)
{
	struct emrtd_result *r = pa->result;
	struct emrtd_bytes content = emrtd_pa_content(r, file);
	const struct row *row = row_of(file);
	unsigned dg = emrtd_file_info(file)->dg;

	if (row == NULL)
		return;
	if (is_string_of_objects(file))
		content = emrtd_result_file(r, file);
	else if (content.len > 0 && !is_whole(file, content))
		r->files[file].status = EMRTD_FILE_MALFORMED;
	if (dg != 0 && !may_be_signed(r, dg))
		return;
	/* Also one that the chip gave so that nothing is left of it. */
	if (r->files[file].status == EMRTD_FILE_MALFORMED)
		emrtd_finding_add(&r->findings, row->malformed,
		    emrtd_file_name(file));
	else if (content.len > 0 && row->look != NULL)
		row->look(r, content, &r->findings);
}

void
emrtd_pa_look_at_files(struct emrtd_pa *pa)
{
	for (int i = 0; i < EMRTD_N_FILES; i++)
		look_at(pa, (enum emrtd_file)i);
}
