/*
 * Picture formats, a row and a file each. Everything here runs on bytes of an
 * unknown author, inside mrtd-decode alone.
 */
#ifndef MRTD_DECODE_DECODE_H
#define MRTD_DECODE_DECODE_H

#include "raster.h"

/*
 * The first picture in the bytes. Size, samples and number of parts are
 * checked before anything is decoded; what is cut off is refused, not filled
 * up. The caller frees out in any case; it is zeroed before.
 */
typedef enum picture_reason decode_function(const uint8_t *bytes, size_t len,
    uint64_t max_pixels, struct raster *out);

decode_function decode_jpeg, decode_png, decode_jp2, decode_tiff, decode_webp,
    decode_pnm;

/* By the first bytes. out is zeroed unless the reason is PICTURE_R_NONE. */
enum picture_reason decode_picture(const uint8_t *bytes, size_t len,
    uint64_t max_pixels, enum picture_format *out_format, struct raster *out);

#endif
