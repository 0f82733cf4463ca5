/*
 * ocr_consumer.c - the least that a program does with libmrz_ocr: exits 0 when the
 * library as installed loads its model and finds nothing in a white picture.
 */
#include <mrz/ocr.h>
#include <string.h>

int
main(void)
{
	static uint8_t white[200 * 100];
	static struct mrz_reading reading;
	struct mrz_picture picture = { sizeof(picture), 200, 100, 1, 200, white,
		0 };
	struct mrz_ocr *ocr;
	size_t n;

	memset(white, 255, sizeof(white));
	if (mrz_ocr_new(&ocr) != MRZ_OK)
		return 1;
	if (mrz_ocr_read(ocr, &picture, NULL, &reading, 1, &n) != MRZ_E_EMPTY)
		return 2;
	mrz_ocr_free(&ocr);
	return 0;
}
