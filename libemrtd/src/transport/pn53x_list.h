/*
 * pn53x_list.h - readers that speak the protocol of NXP's PN53x, which this
 * version does not: seen in sysfs, so that whoever plugs one in is told.
 */
#ifndef TRANSPORT_PN53X_LIST_H
#define TRANSPORT_PN53X_LIST_H

#include "transport/backends.h"

/* devices: the folder with a folder for each USB device of the machine. */
enum emrtd_error emrtd_pn53x_list_in(const char *devices, emrtd_see_reader *see,
    void *self) EMRTD_MUST_USE;

#endif
