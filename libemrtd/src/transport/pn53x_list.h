/*
 * pn53x_list.h - USB readers that speak the protocol of NXP's PN53x, as sysfs
 * has them. Nothing is opened: libnfc asks each device that it looks at.
 */
#ifndef TRANSPORT_PN53X_LIST_H
#define TRANSPORT_PN53X_LIST_H

#include "transport/backends.h"

/* devices: the folder with a folder for each USB device of the machine. */
enum emrtd_error emrtd_pn53x_list_in(const char *devices, emrtd_see_reader *see,
    void *self) EMRTD_MUST_USE;

#endif
