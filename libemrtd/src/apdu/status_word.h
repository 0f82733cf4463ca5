/*
 * status_word.h - from status words to errors.
 */
#ifndef APDU_STATUS_WORD_H
#define APDU_STATUS_WORD_H

#include <emrtd/status_word.h>

#define EMRTD_SW_OK 0x9000

/* The error that a status word means outside of any context; OK for 9000. */
enum emrtd_error emrtd_status_error(uint16_t sw) EMRTD_MUST_USE;

#endif
