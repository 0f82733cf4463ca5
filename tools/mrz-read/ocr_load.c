#include "ocr_load.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct ocr {
	struct mrz_ocr *reader;
	__typeof__(mrz_ocr_new) *new_reader;
	__typeof__(mrz_ocr_read) *read;
	__typeof__(mrz_ocr_free) *free_reader;
};

/* Into a pointer to a function, whose type POSIX lets a symbol have. */
static bool
find(void *library, const char *name, void *out)
{
	void **pointer = out;

	*pointer = dlsym(library, name);
	return *pointer != NULL;
}

struct ocr *
ocr_load(char why[OCR_WHY_CAP])
{
	void *library = dlopen(MRTD_OCR_LIBRARY, RTLD_NOW | RTLD_LOCAL);
	struct ocr *ocr;
	enum mrz_error error;

	if (library == NULL) {
		snprintf(why, OCR_WHY_CAP,
		    "the library that reads pictures cannot be loaded: %s",
		    dlerror());
		return NULL;
	}
	ocr = calloc(1, sizeof(*ocr));
	if (ocr == NULL) {
		snprintf(why, OCR_WHY_CAP, "out of memory");
		return NULL;
	}
	if (!find(library, "mrz_ocr_new", &ocr->new_reader) ||
	    !find(library, "mrz_ocr_read", &ocr->read) ||
	    !find(library, "mrz_ocr_free", &ocr->free_reader)) {
		snprintf(why, OCR_WHY_CAP,
		    MRTD_OCR_LIBRARY " is of another version");
		free(ocr);
		return NULL;
	}
	error = ocr->new_reader(&ocr->reader);
	if (error != MRZ_OK) {
		snprintf(why, OCR_WHY_CAP, MRTD_OCR_LIBRARY ": %s",
		    mrz_error_text(error));
		free(ocr);
		return NULL;
	}
	return ocr;
}

enum mrz_error
ocr_read(struct ocr *ocr, const struct mrz_picture *picture,
    const struct mrz_ocr_options *options, struct mrz_reading *out, size_t cap,
    size_t *n_out)
{
	return ocr->read(ocr->reader, picture, options, out, cap, n_out);
}

void
ocr_free(struct ocr **ocr)
{
	if (*ocr != NULL)
		(*ocr)->free_reader(&(*ocr)->reader);
	free(*ocr);
	*ocr = NULL;
}
