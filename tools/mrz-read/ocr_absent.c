/* In the place of ocr_load.c where libmrz_ocr is not built (MRTD_OCR=OFF). */
#include "ocr_load.h"

#include <stdio.h>

struct ocr *
ocr_load(char why[OCR_WHY_CAP])
{
	snprintf(why, OCR_WHY_CAP,
	    "this mrz-read was built without reading pictures (MRTD_OCR)");
	return NULL;
}

enum mrz_error
ocr_read(struct ocr *ocr, const struct mrz_picture *picture,
    const struct mrz_ocr_options *options, struct mrz_reading *out, size_t cap,
    size_t *n_out)
{
	(void)ocr;
	(void)picture;
	(void)options;
	(void)out;
	(void)cap;
	*n_out = 0;
	return MRZ_E_INTERNAL;
}

void
ocr_free(struct ocr **ocr)
{
	*ocr = NULL;
}
