/*
 * When a call has to end.
 */
#ifndef MRZ_OCR_DEADLINE_H
#define MRZ_OCR_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

/* Milliseconds of a clock that only goes forward. */
uint64_t mrz_ocr_now(void);

/* What is left until then; UINT32_MAX when end_ms is 0: no deadline. */
uint32_t mrz_ocr_left(uint64_t end_ms);

#endif
