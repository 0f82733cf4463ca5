/*
 * emrtd/lds.h - the files of a chip and what stands in them.
 *
 * Parsed structures are views into the bytes of the file: they live as long
 * as those do.
 */
#ifndef EMRTD_LDS_H
#define EMRTD_LDS_H

#include <emrtd/bytes.h>

#ifdef __cplusplus
extern "C" {
#endif

/* EMRTD_DG1 + n - 1 is data group n. Appended to. */
enum emrtd_file {
	EMRTD_EF_CARD_ACCESS,
	EMRTD_EF_CARD_SECURITY,
	EMRTD_EF_COM,
	EMRTD_EF_SOD,
	EMRTD_DG1,
	EMRTD_DG2,
	EMRTD_DG3,
	EMRTD_DG4,
	EMRTD_DG5,
	EMRTD_DG6,
	EMRTD_DG7,
	EMRTD_DG8,
	EMRTD_DG9,
	EMRTD_DG10,
	EMRTD_DG11,
	EMRTD_DG12,
	EMRTD_DG13,
	EMRTD_DG14,
	EMRTD_DG15,
	EMRTD_DG16,
	EMRTD_EF_CVCA,
	EMRTD_EF_DIR,
	EMRTD_EF_ATR_INFO, /* "EF.ATR": a path can have this name */
	EMRTD_N_FILES
};

/* "EF.DG1", "EF.SOD" ...; "?" for a number out of range. */
EMRTD_API const char *emrtd_file_name(enum emrtd_file file);
/* By "EF.DG1" or "DG1", letters in any case. */
EMRTD_API bool emrtd_file_by_name(const char *name, enum emrtd_file *out);
/*
 * By the outer tag of its content: how emrtd-verify knows a file. Of EF.DIR,
 * whose tag is that of DG1, the next one counts, too.
 */
EMRTD_API bool emrtd_file_by_content(struct emrtd_bytes content,
    enum emrtd_file *out);

/* Bits 1 << n for data group n, n from 1 to 16. */
typedef uint32_t emrtd_dg_set;

/*
 * EF.COM, Doc 9303-10 4.6.1. Unsigned: an index, not a truth.
 * errors: EMRTD_E_MALFORMED
 */
struct emrtd_com {
	struct emrtd_bytes lds_version;     /* "0107"; empty if absent */
	struct emrtd_bytes unicode_version; /* "040000"; empty if absent */
	emrtd_dg_set data_groups;
	unsigned n_unknown_tags; /* tags in the list that are no data group */
};
EMRTD_API enum emrtd_error emrtd_com_parse(struct emrtd_bytes file,
    struct emrtd_diag *diag, struct emrtd_com *out) EMRTD_MUST_USE;

/*
 * DG1, Doc 9303-10 4.7.1: the MRZ without line breaks, a view. Its parsing is
 * libmrz's.
 * errors: EMRTD_E_MALFORMED (also for control characters and other lengths
 *         than those of TD1, TD2 and TD3)
 */
EMRTD_API enum emrtd_error emrtd_dg1_parse(struct emrtd_bytes file,
    struct emrtd_diag *diag, struct emrtd_bytes *mrz) EMRTD_MUST_USE;

enum emrtd_image_format {
	EMRTD_IMAGE_UNKNOWN = 0,
	EMRTD_IMAGE_JPEG,
	EMRTD_IMAGE_JPEG2000 /* JP2 file or bare codestream */
};
EMRTD_API const char *emrtd_image_format_name(enum emrtd_image_format format);

#define EMRTD_FACES_MAX 9

/* One facial image of DG2; 'image' is encoded as received. */
struct emrtd_face {
	struct emrtd_bytes image;
	enum emrtd_image_format format; /* by the image's own first bytes */
	uint16_t width, height;         /* pixels, as the record claims */
	uint8_t face_image_type;
	uint8_t claimed_format; /* image data type of the record: 0 or 1 */
};

/*
 * DG2, Doc 9303-10 4.7.2: CBEFF over ISO/IEC 19794-5:2005. All instances and
 * all images, one at least and EMRTD_FACES_MAX at most. Record lengths that chips of some states
 * get wrong are taken from the data object and counted in n_defects.
 * errors: EMRTD_E_MALFORMED, EMRTD_E_UNSUPPORTED (ISO/IEC 39794-5)
 */
struct emrtd_dg2 {
	unsigned n_faces;
	unsigned n_defects;
	struct emrtd_face faces[EMRTD_FACES_MAX];
};
EMRTD_API enum emrtd_error emrtd_dg2_parse(struct emrtd_bytes file,
    struct emrtd_diag *diag, struct emrtd_dg2 *out) EMRTD_MUST_USE;

/*
 * DG12, Doc 9303-10 4.7.12: only the date of issue is read, as 8 digits or, as
 * older chips have it, as 4 bytes of BCD.
 * errors: EMRTD_E_MALFORMED (a date that does not exist is no error)
 */
struct emrtd_dg12 {
	struct emrtd_bytes issued; /* as it stands there; NULL ptr if absent */
	bool has_issue_day;        /* ... and it is a date */
	int32_t issue_day;         /* days since 1970-01-01 */
};
EMRTD_API enum emrtd_error emrtd_dg12_parse(struct emrtd_bytes file,
    struct emrtd_diag *diag, struct emrtd_dg12 *out) EMRTD_MUST_USE;

/*
 * DG15, Doc 9303-10 4.7.15: the public key of Active Authentication as a DER
 * SubjectPublicKeyInfo, a view. What key it is nobody looks at here.
 * errors: EMRTD_E_MALFORMED
 */
EMRTD_API enum emrtd_error emrtd_dg15_parse(struct emrtd_bytes file,
    struct emrtd_diag *diag, struct emrtd_bytes *spki) EMRTD_MUST_USE;

#ifdef __cplusplus
}
#endif
#endif
