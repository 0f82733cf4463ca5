/*
 * link_info.h - what a transport says of its link. The struct grows at its
 * end: a caller may have been compiled with a shorter one.
 */
#ifndef TRANSPORT_LINK_INFO_H
#define TRANSPORT_LINK_INFO_H

#include <emrtd/transport.h>

/*
 * Copies 'full' into as much of a struct as the caller has: out->size says how
 * much that is, and stays. Of a longer one the rest is zero: unknown.
 */
void emrtd_link_info_give(const struct emrtd_link_info *full,
    struct emrtd_link_info *out);

/* The name, cut if need be, with '?' for what is not printable ASCII. */
void emrtd_link_info_name(struct emrtd_link_info *info, const char *name);

#endif
