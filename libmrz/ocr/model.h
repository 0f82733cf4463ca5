/*
 * The trained models in libmrz/model as bytes of the library: mrz.traineddata
 * for Tesseract, glyphs.bin for the net of glyph.c.
 */
#ifndef MRZ_OCR_MODEL_H
#define MRZ_OCR_MODEL_H

#include <stdint.h>

/* From the first byte to just behind the last; read-only. */
extern const uint8_t mrz_ocr_model[];
extern const uint8_t mrz_ocr_model_end[];
extern const uint8_t mrz_ocr_glyphs[];
extern const uint8_t mrz_ocr_glyphs_end[];

#endif
