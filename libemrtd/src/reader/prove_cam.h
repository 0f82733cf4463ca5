/*
 * prove_cam.h - the chip's proof in PACE with Chip Authentication Mapping, Doc
 * 9303-11 4.4.3.5, over the key of EF.CardSecurity.
 */
#ifndef READER_PROVE_CAM_H
#define READER_PROVE_CAM_H

#include "reader/session.h"

/*
 * After PACE, in the MF, before an application is selected; nothing is done
 * after another mapping. Reads EF.CardSecurity, once in a reading, and sets the
 * proof; whoever vouches for the file is looked at later.
 *
 * The proof holds for the keys of this session: whoever is at its other end
 * holds the private key. It says nothing of files that came over another
 * session, so each fresh one must prove it again, with the same file: a
 * session that does not takes the proof back, and a failure stays.
 *
 * An error ends the reading: the link or the session is gone.
 */
enum emrtd_error emrtd_session_prove_cam(struct emrtd_session *session,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

#endif
