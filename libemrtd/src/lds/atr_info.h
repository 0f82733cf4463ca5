/*
 * atr_info.h - what a chip says of its buffers: EF.ATR/INFO (Doc 9303-10
 * 3.11.1) and the historical bytes of the ATR (ISO/IEC 7816-4 8.1.1). Nobody
 * signs it; it may make a reading faster, never less safe.
 */
#ifndef LDS_ATR_INFO_H
#define LDS_ATR_INFO_H

#include "core/cursor.h"
#include "core/finding.h"

struct emrtd_atr_info {
	bool has_capabilities; /* it says whether it can do the next two */
	bool extended;         /* extended Lc and Le fields */
	bool chaining;         /* command chaining */
	/* Whole APDUs in bytes; 0: not said. */
	uint32_t max_command, max_response;
};

/*
 * file: data objects in any order; unknown ones are skipped, filler (00 or FF)
 * may follow. Of the capabilities (47) the third byte counts, of the extended
 * length information (7F66) two INTEGERs of one to three bytes.
 * EMRTD_E_MALFORMED when they are not so, or come twice: nothing is known.
 */
enum emrtd_error emrtd_atr_info_parse(struct emrtd_bytes file,
    struct emrtd_diag *diag, struct emrtd_atr_info *out) EMRTD_MUST_USE;

/*
 * Where the file is not as Doc 9303-10 3.11.1 wants it: it states the lengths,
 * unless its capabilities say that there is no extended length.
 */
void emrtd_atr_info_profile(struct emrtd_bytes file,
    struct emrtd_findings *out);

/*
 * The capabilities out of the historical bytes of an ATR; all false when the
 * ATR has none, or is no ATR.
 */
void emrtd_atr_parse(struct emrtd_bytes atr, struct emrtd_atr_info *out);

#endif
