/*
 * lds_make.h - the files of a document, written: Doc 9303-10 4.6 and 4.7,
 * without SecurityInfos. All of them append to out, whose 'bad' tells of overflow.
 */
#ifndef CARD_LDS_MAKE_H
#define CARD_LDS_MAKE_H

#include "card/card.h"

/* data_groups: those that the document has. */
void emrtd_make_com(bool lds_1_8, emrtd_dg_set data_groups,
    struct emrtd_out *out);
void emrtd_make_dg1(const char *mrz, struct emrtd_out *out);
/* EMRTD_E_MALFORMED when the face is no JPEG with a frame header. */
enum emrtd_error emrtd_make_dg2(struct emrtd_bytes face, char sex,
    struct emrtd_out *out) EMRTD_MUST_USE;
/* EF.DIR: one application. */
void emrtd_make_ef_dir(struct emrtd_bytes aid, struct emrtd_out *out);
/* EF.ATR/INFO with DO'47' and DO'7F66'. */
void emrtd_make_atr_info(const uint8_t capabilities[3], uint32_t max_command,
    uint32_t max_response, struct emrtd_out *out);

#endif
