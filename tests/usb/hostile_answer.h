/*
 * hostile_answer.h - a reader that lies: what it does to an answer on its way
 * to the host, by name. "wrong-slot" is done to each answer to an XfrBlock,
 * "wrong-slot@5" to those from the fifth on.
 */
#ifndef USB_HOSTILE_ANSWER_H
#define USB_HOSTILE_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOSTILE_EXTRA      (70 * 1024) /* room behind the longest message */
#define HOSTILE_CHANGE_CAP 64

/* A message on its way; byte 0 is bMessageType. */
struct hostile_frame {
	uint8_t *bytes;
	size_t len, cap;
	int64_t due_ms;
	unsigned copies; /* 0: it is never sent */
	bool forever;    /* sent again and again, without a pause */
	uint32_t answer; /* number of the message, from 1 */
	bool to_block, to_power_on;
};

struct hostile_row;

struct hostile_answer {
	const struct hostile_row *row;
	uint32_t from, seen;
};

/* False: there is no such name. */
bool hostile_by_name(const char *text, struct hostile_answer *out);
/* The index-th name and what it does; false past the end. */
bool hostile_at(size_t index, const char **name, const char **text);

/* All three do nothing when there is no hostility, or it is of another kind. */
void hostile_change(struct hostile_answer *hostile,
    struct hostile_frame *frame);
size_t hostile_descriptor(const struct hostile_answer *hostile, uint8_t *bytes,
    size_t len);
/* True: there is something to tell, whether it happened or not. */
bool hostile_slot_change(const struct hostile_answer *hostile,
    uint8_t message[HOSTILE_CHANGE_CAP], size_t *len);

#endif
