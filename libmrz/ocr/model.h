/*
 * The trained model, libmrz/model/mrz.traineddata, as bytes of the library.
 */
#ifndef MRZ_OCR_MODEL_H
#define MRZ_OCR_MODEL_H

#include <stdint.h>

/* From the first byte to just behind the last; read-only. */
extern const uint8_t mrz_ocr_model[];
extern const uint8_t mrz_ocr_model_end[];

#endif
