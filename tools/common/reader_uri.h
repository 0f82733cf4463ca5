/*
 * reader_uri.h - opening a reader by its URI. What the library knows is the
 * library's; sim:PROFILE, the virtual passport of a JSON profile in this very
 * process, is known here alone.
 */
#ifndef COMMON_READER_URI_H
#define COMMON_READER_URI_H

#include <emrtd/transport.h>

/*
 * mrtd_reader_open - sim:PROFILE, or anything of emrtd_transport_open(). Who
 * waits for its removal sees the virtual passport taken away once it has been
 * read, and laid down again; sim:PROFILE?away=MS says after how long.
 * errors: EMRTD_E_ARG (URI, or the profile: line and key in diag->detail),
 *         EMRTD_E_NOT_FOUND and EMRTD_E_IO (files of the profile), and those
 *         of emrtd_transport_open and emrtd_card_issue
 */
enum emrtd_error mrtd_reader_open(const char *uri, struct emrtd_diag *diag,
    struct emrtd_transport *out) EMRTD_MUST_USE;

#endif
