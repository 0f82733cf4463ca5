/*
 * status_word.h - what status words mean (ISO 7816-4, Doc 9303-11).
 */
#ifndef APDU_STATUS_WORD_H
#define APDU_STATUS_WORD_H

#include <emrtd/error.h>

#define EMRTD_SW_OK 0x9000

/* Plain words, never NULL. Families (63Cx, 6Cxx, 61xx) are known. */
const char *emrtd_status_text(uint16_t sw);
/* The error that a status word means outside of any context; OK for 9000. */
enum emrtd_error emrtd_status_error(uint16_t sw) EMRTD_MUST_USE;

#endif
