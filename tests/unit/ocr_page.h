/*
 * Pages drawn for the tests of libmrz_ocr.
 */
#ifndef MRTD_OCR_PAGE_H
#define MRTD_OCR_PAGE_H

#include <mrz/ocr.h>

#include "draw/draw.h"

/* One text for each layout; all of them are accepted as text. */
#define OCR_TD1                            \
	"I<UTOD231458907<<<<<<<<<<<<<<<\n" \
	"7408122F1204159UTO<<<<<<<<<<<6\n" \
	"ERIKSSON<<ANNA<MARIA<<<<<<<<<<\n"
#define OCR_TD2                                  \
	"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n" \
	"D231458907UTO7408122F1204159<<<<<<<6\n"
#define OCR_TD3                                          \
	"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n" \
	"L898902C36UTO7408122F1204159ZE184226B<<<<<10\n"
#define OCR_MRVA                                         \
	"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n" \
	"L8988901C4XXX4009078F96121096ZE184226B<<<<<<\n"
#define OCR_MRVB                                 \
	"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n" \
	"L8988901C4XXX4009078F9612109<<<<<<<<\n"

/* The page with these lines, turned clockwise. Free the image. */
void ocr_page(const char *text, uint32_t dpi, unsigned turn,
    struct mrz_image *out);

/* A copy turned clockwise by some degrees about its middle, grey where the page
 * ends. Free the image. */
void ocr_skew(const struct mrz_image *image, double degrees,
    struct mrz_image *out);

/* The image as the library takes it; borrows its pixels. */
struct mrz_picture ocr_picture(const struct mrz_image *image);

/* One reader for all tests of a group: its set-up and its end. */
extern struct mrz_ocr *ocr_reader;
int ocr_begin(void **state);
int ocr_end(void **state);

/* Are these the lines of the document? */
bool ocr_same(const struct mrz_doc *doc, const char *text);

#endif
