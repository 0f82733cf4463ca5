/*
 * link_sizes.h - what a reading learns about the sizes that reader and chip
 * carry, and tells of it. Reading alone is at stake: no size decides whether
 * anything is authentic.
 */
#ifndef READER_LINK_SIZES_H
#define READER_LINK_SIZES_H

#include "reader/session.h"

/* To the caller's note(), if there is one. */
void emrtd_session_note(const struct emrtd_session *session, const char *text);
/* "<text> <n><rest>" */
void emrtd_session_note_number(const struct emrtd_session *session,
    const char *text, uint32_t n, const char *rest);

/*
 * Behind the first connect: what is known of this very reader from documents
 * before. At the end of the reading: what the next should know.
 */
void emrtd_session_recall(struct emrtd_session *session);
void emrtd_session_remember(struct emrtd_session *session);

/*
 * After 'error' of an exchange: if that was the first extended APDU, and was
 * lost on the link, short ones from now on, over a new connection: EMRTD_OK,
 * once a reading; nothing is opened yet. A document that does not come back
 * has left: then nothing is learnt, and that is returned; else 'error' itself.
 */
enum emrtd_error emrtd_session_go_short(struct emrtd_session *session,
    enum emrtd_error error, struct emrtd_diag *diag) EMRTD_MUST_USE;

#endif
