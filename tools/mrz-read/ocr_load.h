/*
 * libmrz_ocr, loaded when the first picture comes: it brings some sixty other
 * libraries, and mrz-read starts for a text ten times as fast without them.
 */
#ifndef MRZ_READ_OCR_LOAD_H
#define MRZ_READ_OCR_LOAD_H

#include <mrz/ocr.h>

#define OCR_WHY_CAP 256

struct ocr;

/* NULL when the library is missing or does not start; why is then a sentence
 * for a person. Loaded once; it stays for the life of the program. */
struct ocr *ocr_load(char why[OCR_WHY_CAP]);

/* As mrz_ocr_read. */
enum mrz_error ocr_read(struct ocr *ocr, const struct mrz_picture *picture,
    const struct mrz_ocr_options *options, struct mrz_reading *out, size_t cap,
    size_t *n_out);

/* Wipes and frees; NULL-safe, sets *ocr to NULL. */
void ocr_free(struct ocr **ocr);

#endif
