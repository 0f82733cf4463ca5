/*
 * files.h - the elementary files of LDS1, Doc 9303-10 table 38: one row each.
 */
#ifndef LDS_FILES_H
#define LDS_FILES_H

#include <emrtd/lds.h>

struct emrtd_file_info {
	enum emrtd_file id;
	const char *name; /* "EF.DG1": also its name in --out */
	uint16_t fid;
	uint8_t sfi;
	uint32_t tag; /* outer tag of the content, or of its first part */
	bool in_application; /* below the eMRTD application, not in the MF */
	uint8_t dg;          /* number of the data group, 0 for others */
};

/* NULL for a number out of range. */
const struct emrtd_file_info *emrtd_file_info(enum emrtd_file file);
/* The file whose content has this outer tag: the first, EF.DIR has DG1's. */
bool emrtd_file_by_tag(uint32_t tag, enum emrtd_file *out);

#endif
