/*
 * face_19794.h - facial records of ISO/IEC 19794-5:2005.
 *
 *	0   "FAC\0"            4
 *	4   "010\0"            4   version
 *	8   length of all      4
 *	12  number of images   2
 *	14  per image:
 *	    block length       4   this field to the end of the image
 *	    feature points     2
 *	    gender eye hair    3
 *	    feature mask       3
 *	    expression         2
 *	    pose, uncertainty  6
 *	    points             8 each
 *	    face image type    1
 *	    image data type    1   0 JPEG, 1 JPEG2000
 *	    width, height      4
 *	    colour, source     2
 *	    device, quality    4
 *	    the image
 */
#ifndef LDS_FACE_19794_H
#define LDS_FACE_19794_H

#include <emrtd/lds.h>

#define EMRTD_FACE_IDS_LEN 8 /* format identifier and version */

/* Does the biometric data block claim to be such a record? */
bool emrtd_face_19794_is(struct emrtd_bytes block);
/* Is it one of the version that we know? */
bool emrtd_face_19794_is_2005(struct emrtd_bytes block);
/* By the first bytes of an image. */
enum emrtd_image_format emrtd_image_format_of(struct emrtd_bytes image);
/* Adds the record's images, and its wrong lengths, to *out. */
enum emrtd_error emrtd_face_19794_parse(struct emrtd_bytes block,
    struct emrtd_diag *diag, struct emrtd_dg2 *out) EMRTD_MUST_USE;

#endif
