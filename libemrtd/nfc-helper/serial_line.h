/*
 * serial_line.h - the line of a PN532, beside libnfc's own descriptor of it:
 * its speed belongs to the line, so both see a change.
 */
#ifndef SERIAL_LINE_H
#define SERIAL_LINE_H

#include <stdbool.h>
#include <stdint.h>

struct serial_line {
	int fd; /* -1: not open */
};

/* The PN532's code of a speed; false when libnfc or it has none such. */
bool serial_line_code(uint32_t speed, uint8_t *code);

/* Ours alone, as far as others ask (flock). Zero, or errno. */
int serial_line_open(struct serial_line *line, const char *path);
void serial_line_close(struct serial_line *line);
bool serial_line_set(const struct serial_line *line, uint32_t speed);
uint32_t serial_line_speed(const struct serial_line *line);
/* Sends an ACK frame, and waits until it is on the line, and then some. */
bool serial_line_acknowledge(const struct serial_line *line,
    unsigned settle_ms);

#endif
