/*
 * emrtd/status_word.h - what status words mean (ISO 7816-4, Doc 9303-11).
 */
#ifndef EMRTD_STATUS_WORD_H
#define EMRTD_STATUS_WORD_H

#include <emrtd/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Plain words, never NULL. Families (63Cx, 6Cxx, 61xx) are known. */
EMRTD_API const char *emrtd_status_text(uint16_t sw);

#ifdef __cplusplus
}
#endif
#endif
