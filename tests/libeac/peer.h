/*
 * peer.h - libeac as the other side of PACE, chip or reader, and of secure
 * messaging after it. Shares nothing with libemrtd but OpenSSL.
 */
#ifndef LIBEAC_PEER_H
#define LIBEAC_PEER_H

#include "access/pace_protocols.h"

#include <emrtd/bytes.h>

struct peer;

/*
 * NULL when libeac does not know the protocol or the curve. password: the CAN,
 * or the whole MRZ without line breaks, out of which libeac takes the fields.
 */
struct peer *peer_new(const struct emrtd_pace_protocol *protocol,
    const struct emrtd_group *group, bool can, const char *password);
void peer_free(struct peer **peer);

/* The steps. What they append to out is bare: no 7C, no tag. */
bool peer_draw_nonce(struct peer *peer, struct emrtd_out *out);
bool peer_take_nonce(struct peer *peer, struct emrtd_bytes encrypted);
bool peer_map_key(struct peer *peer, struct emrtd_out *out);
bool peer_map(struct peer *peer, struct emrtd_bytes their_map_key);
bool peer_key(struct peer *peer, struct emrtd_out *out);
/* Z and the session keys. */
bool peer_agree(struct peer *peer, struct emrtd_bytes their_key);
bool peer_token(struct peer *peer, struct emrtd_bytes their_key,
    struct emrtd_out *out);
bool peer_check_token(struct peer *peer, struct emrtd_bytes token);

/* Borrowed, as libeac holds them. */
struct emrtd_bytes peer_shared(const struct peer *peer);
struct emrtd_bytes peer_k_enc(const struct peer *peer);
struct emrtd_bytes peer_k_mac(const struct peer *peer);

/* Secure messaging with the keys of PACE; data is padded. */
bool peer_begin_sm(struct peer *peer);
bool peer_count(struct peer *peer);
bool peer_encrypt(struct peer *peer, struct emrtd_bytes data,
    struct emrtd_out *out);
bool peer_decrypt(struct peer *peer, struct emrtd_bytes data,
    struct emrtd_out *out);
bool peer_mac(struct peer *peer, struct emrtd_bytes data,
    struct emrtd_out *out);

#endif
