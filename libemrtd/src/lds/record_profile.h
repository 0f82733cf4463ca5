/*
 * record_profile.h - the records inside DG2, DG3 and DG4: a header, and the
 * heads of the images in it. Each takes one biometric data block.
 */
#ifndef LDS_RECORD_PROFILE_H
#define LDS_RECORD_PROFILE_H

#include "core/cursor.h"
#include "core/finding.h"

/* How records of one kind begin. */
struct emrtd_record_kind {
	char id[4]; /* format, and its zero */
	enum emrtd_finding_id other_format, other_version;
};

/*
 * Takes format and version, if the record is of this kind and of 2005; false
 * with a finding when not.
 */
bool emrtd_record_is(struct emrtd_bytes *in,
    const struct emrtd_record_kind *kind, struct emrtd_findings *out);

/* ISO/IEC 19794-5:2005; the bytes are drawn in card/lds_make.c. */
void emrtd_face_profile(struct emrtd_bytes record, struct emrtd_findings *out);

/*
 * ISO/IEC 19794-4:2005:
 *   "FIR" 0 "010" 0, length (6), device (2), level (2), fingers (1), scale (1),
 *   scan resolution (2, 2), image resolution (2, 2), depth (1),
 *   compression (1), reserved (2)
 *   per image: length (4), position (1), views (1), view (1), quality (1),
 *   impression (1), width (2), height (2), reserved (1), image
 */
void emrtd_finger_profile(struct emrtd_bytes record,
    struct emrtd_findings *out);

/*
 * ISO/IEC 19794-6:2005:
 *   "IIR" 0 "010" 0, length (4), device (2), eyes (1), header length (2),
 *   properties (2), diameter (2), image format (2), width (2), height (2),
 *   depth (1), transformation (1), id of the device (16)
 *   per eye: which (1), images (2)
 *   per image: number (2), quality (1), rotation (2), its uncertainty (2),
 *   length (4), image
 */
void emrtd_iris_profile(struct emrtd_bytes record, struct emrtd_findings *out);

#endif
