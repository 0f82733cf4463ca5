/*
 * Deviations in what stands in the files. Of a data group that is not as it
 * was signed only the outer object is looked at: what is forged is not worth
 * parsing, and no deviation of the state that it names.
 */
#include "reader/pa_steps.h"

#include "core/tlv.h"
#include "lds/biometric_profile.h"
#include "lds/com_profile.h"
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

/* look: NULL where the steps that parse a file set its status. */
static const struct row {
	enum emrtd_finding_id malformed;
	void (*look)(const struct emrtd_result *result, struct emrtd_bytes file,
	    struct emrtd_findings *out);
} rows[EMRTD_N_FILES] = {
	[EMRTD_EF_CARD_ACCESS] = { EMRTD_FINDING_FILE_MALFORMED_CARD_ACCESS,
	    NULL },
	[EMRTD_EF_CARD_SECURITY] = { EMRTD_FINDING_FILE_MALFORMED_CARD_SECURITY,
	    NULL },
	[EMRTD_EF_COM] = { EMRTD_FINDING_FILE_MALFORMED_COM, look_at_com },
	[EMRTD_DG1] = { EMRTD_FINDING_FILE_MALFORMED_DG1, look_at_dg1 },
	[EMRTD_DG2] = { EMRTD_FINDING_FILE_MALFORMED_DG2, look_at_dg2 },
	[EMRTD_DG3] = { EMRTD_FINDING_FILE_MALFORMED_DG3, look_at_dg3 },
	[EMRTD_DG4] = { EMRTD_FINDING_FILE_MALFORMED_DG4, look_at_dg4 },
	[EMRTD_DG14] = { EMRTD_FINDING_FILE_MALFORMED_DG14, look_at_dg14 },
	[EMRTD_DG15] = { EMRTD_FINDING_FILE_MALFORMED_DG15, look_at_dg15 },
};

/* The finding of a file that cannot be parsed; false when it has none. */
static bool
malformed_of(enum emrtd_file file, enum emrtd_finding_id *out)
{
	if (rows[file].look != NULL || file == EMRTD_EF_CARD_ACCESS ||
	    file == EMRTD_EF_CARD_SECURITY) {
		*out = rows[file].malformed;
		return true;
	}
	*out = EMRTD_FINDING_FILE_MALFORMED_DG;
	return emrtd_file_info(file)->dg != 0;
}

/* Its own tag, and a length that is not beyond the file's end. */
static bool
is_whole(enum emrtd_file file, struct emrtd_bytes content)
{
	struct emrtd_bytes value;

	return emrtd_tlv(&content, emrtd_file_info(file)->tag, &value);
}

static void
look_at(struct emrtd_pa *pa, enum emrtd_file file)
{
	struct emrtd_result *r = pa->result;
	struct emrtd_bytes content = emrtd_pa_content(r, file);
	unsigned dg = emrtd_file_info(file)->dg;
	enum emrtd_finding_id malformed;

	if (!malformed_of(file, &malformed))
		return;
	if (content.len > 0 && !is_whole(file, content))
		r->files[file].status = EMRTD_FILE_MALFORMED;
	/* Also one that the chip gave so that nothing is left of it. */
	if (r->files[file].status == EMRTD_FILE_MALFORMED) {
		emrtd_finding_add(&r->findings, malformed,
		    emrtd_file_name(file));
		return;
	}
	if (content.len == 0 || rows[file].look == NULL ||
	    (dg != 0 && emrtd_pa_is_forged(r, dg)))
		return;
	rows[file].look(r, content, &r->findings);
}

void
emrtd_pa_look_at_files(struct emrtd_pa *pa)
{
	for (int i = 0; i < EMRTD_N_FILES; i++)
		look_at(pa, (enum emrtd_file)i);
}
