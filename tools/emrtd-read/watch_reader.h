/*
 * watch_reader.h - emrtd-read --watch: the real reader, the real source of
 * MRZs, and a line of JSON each document.
 */
#ifndef EMRTD_READ_WATCH_READER_H
#define EMRTD_READ_WATCH_READER_H

#include "document_read.h"

/* The worst of all documents; EXIT_LOST after SIGINT or SIGTERM. */
enum exit_code watch_reader(const struct read_choices *choices);

#endif
