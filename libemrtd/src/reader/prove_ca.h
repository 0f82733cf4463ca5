/*
 * prove_ca.h - Chip Authentication, Doc 9303-11 6.2: the chip shows that it
 * owns the private key to a key of DG14, and new session keys come of it.
 */
#ifndef READER_PROVE_CA_H
#define READER_PROVE_CA_H

#include "reader/context.h"

struct emrtd_session;

/*
 * Asks the chip when DG14 was read, EF.SOD names it, and it has a key; after
 * PACE with Chip Authentication Mapping too, which proves a key that EF.SOD
 * says nothing of. Sets the proof. The first answer under the new keys is what
 * proves it: it is that to the reading of EF.COM, which is read here for that
 * purpose.
 *
 * EMRTD_OK whenever the reading can go on: nobody asked; the chip has proven
 * itself, and the new keys are in force; it refuses, and the old keys still
 * are; or it failed, and a fresh session without Chip Authentication has been
 * opened, so that its data are still read. An error ends the reading.
 */
enum emrtd_error emrtd_session_prove_ca(struct emrtd_session *session,
    struct emrtd_diag *diag) EMRTD_MUST_USE;

#endif
