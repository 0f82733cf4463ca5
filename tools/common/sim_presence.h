/*
 * sim_presence.h - somebody who lays a virtual passport on its reader, and
 * takes it away when it has been read and the reader waits for that; after a
 * while it is laid down again. Around the transport of a card.
 */
#ifndef COMMON_SIM_PRESENCE_H
#define COMMON_SIM_PRESENCE_H

#include <emrtd/transport.h>

#define SIM_AWAY_MS     2000
#define SIM_AWAY_MAX_MS 86400000

/*
 * Takes over *transport, and is put in its place. errors: EMRTD_E_NO_MEMORY,
 * and *transport is as it was.
 */
enum emrtd_error sim_presence_wrap(struct emrtd_transport *transport,
    uint32_t away_ms) EMRTD_MUST_USE;

#endif
