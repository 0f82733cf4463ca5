/*
 * link_model.h - constants for a reader, a chip and the air between them that
 * are not there: link_model.tsv says what they are, and where from.
 */
#ifndef BENCH_LINK_MODEL_H
#define BENCH_LINK_MODEL_H

#include <stdbool.h>
#include <stddef.h>

struct link_model {
	double bits_per_byte, frame_delay, chained_block, reader;
	double command, sealed_byte, pace, ca;
};

/* False when a row is missing. */
bool link_model_load(const char *path, struct link_model *out);

#endif
