/*
 * any_reader.h - several transports as one: whichever of them holds a
 * document first, in the order in which they are given.
 */
#ifndef TRANSPORT_ANY_READER_H
#define TRANSPORT_ANY_READER_H

#include "transport/backends.h"

#define EMRTD_ANY_SOURCES_MAX 4

struct emrtd_any_source {
	const char *name; /* the scheme */
	enum emrtd_error (*open)(const char *rest, struct emrtd_diag *diag,
	    struct emrtd_transport *out);
};

/*
 * A source that does not open, or fails, is asked again from time to time: a
 * reader may be plugged in, a service started. 'sources' is borrowed until
 * close, at most EMRTD_ANY_SOURCES_MAX of them. connect waits present_ms for a
 * document.
 * errors: EMRTD_E_NO_MEMORY
 */
enum emrtd_error emrtd_any_open_of(const struct emrtd_any_source *sources,
    size_t n_sources, uint32_t present_ms, struct emrtd_diag *diag,
    struct emrtd_transport *out) EMRTD_MUST_USE;

#endif
