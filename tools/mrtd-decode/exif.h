/*
 * The one thing of EXIF that matters here: how the picture lies.
 */
#ifndef MRTD_DECODE_EXIF_H
#define MRTD_DECODE_EXIF_H

#include <stddef.h>
#include <stdint.h>

/*
 * The orientation, 1 to 8, in the first directory of a TIFF structure ("II*",
 * "MM*"); 1 when there is none, or none that makes sense. Bytes of an unknown
 * author.
 * source: Exif 2.32, 4.6.4 A; TIFF 6.0, section 2
 */
unsigned exif_orientation(const uint8_t *bytes, size_t len);

/* The same when "Exif\0\0" stands before it, as in JPEG; 0 when it does not. */
unsigned exif_orientation_app1(const uint8_t *bytes, size_t len);

#endif
