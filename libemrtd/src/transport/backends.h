/*
 * backends.h - what opens a transport. One line a file; transport.c has the
 * table of schemes. 'rest' is the URI after the colon.
 */
#ifndef TRANSPORT_BACKENDS_H
#define TRANSPORT_BACKENDS_H

#include <emrtd/transport.h>

enum emrtd_error emrtd_tcp_open(const char *rest, struct emrtd_diag *diag,
    struct emrtd_transport *out) EMRTD_MUST_USE;
/* The first reader that holds a document, through any of those below. */
enum emrtd_error emrtd_any_open(const char *rest, struct emrtd_diag *diag,
    struct emrtd_transport *out) EMRTD_MUST_USE;
enum emrtd_error emrtd_ccid_open(const char *rest, struct emrtd_diag *diag,
    struct emrtd_transport *out) EMRTD_MUST_USE;
enum emrtd_error emrtd_nfc_open(const char *rest, struct emrtd_diag *diag,
    struct emrtd_transport *out) EMRTD_MUST_USE;
enum emrtd_error emrtd_pcsc_open(const char *rest, struct emrtd_diag *diag,
    struct emrtd_transport *out) EMRTD_MUST_USE;
enum emrtd_error emrtd_replay_open(const char *rest, struct emrtd_diag *diag,
    struct emrtd_transport *out) EMRTD_MUST_USE;
/* As replay, and the commands must come in the recorded order. */
enum emrtd_error emrtd_replay_strict_open(const char *rest,
    struct emrtd_diag *diag, struct emrtd_transport *out) EMRTD_MUST_USE;

/* The readers of one transport, for emrtd_reader_list. */
typedef void emrtd_see_reader(void *self,
    const struct emrtd_reader_info *reader);
enum emrtd_error emrtd_ccid_list(emrtd_see_reader *see,
    void *self) EMRTD_MUST_USE;
enum emrtd_error emrtd_pcsc_list(emrtd_see_reader *see,
    void *self) EMRTD_MUST_USE;
/* Those of nfc:, or, where it was left out, that nothing here can read. */
enum emrtd_error emrtd_pn53x_list(emrtd_see_reader *see,
    void *self) EMRTD_MUST_USE;

/* A trace that is in memory already; the text is copied. */
enum emrtd_error emrtd_replay_parse(struct emrtd_bytes text, const char *name,
    bool strict, struct emrtd_diag *diag,
    struct emrtd_transport *out) EMRTD_MUST_USE;

/*
 * Of a replay transport: the number of commands answered so far, and the
 * recorded command that would be next (empty at the end); a borrow.
 */
size_t emrtd_replay_position(const struct emrtd_transport *replay,
    struct emrtd_bytes *expected);

/* The error that a code of PC/SC means; the table is in pcsc.c. */
enum emrtd_error emrtd_pcsc_error(long code) EMRTD_MUST_USE;

#endif
