/*
 * Private keys whose public keys or shared secrets begin with a zero, found by
 * walking from one private key to the next: one addition, or multiplication,
 * a step.
 */
#ifndef MRTD_TEST_GROUP_WALK_H
#define MRTD_TEST_GROUP_WALK_H

#include "crypto/group.h"

/* A source of keys; NULL as a base is the group's own generator. */
struct group_walk;

struct group_walk *group_walk_new(const struct emrtd_group *group);
void group_walk_free(struct group_walk *walk);

/*
 * A private key k at or after 'start' for which the element k * base has a
 * zero at this offset: 0 in a number; 1 for x, 1 + field_len for y.
 */
void group_walk_to_zero(struct group_walk *walk,
    const struct emrtd_element *base, uint64_t start, size_t offset,
    uint8_t private_key[EMRTD_FIELD_MAX]);

#endif
