/*
 * reader_script.h - what happens to the reader while a program uses it: steps
 * one after the other, by words. Knows no USB: plugging is the front end's.
 *
 *   lay N          lay document N on the slot (the first is 1)
 *   take           take it away
 *   noticed        wait until the host has been told that none is there
 *   plug, unplug   the reader itself; nothing if it is so already
 *   wait MS
 *   idle MS        until no command has come for so long, after the first
 *                  since the last lay
 *   told           until reader_script_tell (nfc_reader, usb_reader: until
 *                  they get SIGUSR1)
 *   tear N         the document leaves at the Nth block from now; waits
 *                  until it has, or nothing has come for a while
 *   pull N         likewise, the reader
 *   maybe P STEP   the step, in P of 100 cases (seeded)
 *   tear ?N        at any of the first N
 */
#ifndef USB_READER_SCRIPT_H
#define USB_READER_SCRIPT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define READER_SCRIPT_STEPS_MAX 64

/*
 * What steps wait for. A block is what a host asks of the document at once,
 * a command what a reading is made of: on some readers the same.
 */
struct reader_script_counts {
	uint32_t blocks, commands;
	uint32_t told_absent; /* the host, that no document is there */
	int64_t last_command_ms;
};

struct reader_script_ops {
	struct reader_script_counts (*counts)(void *self);
	void (*lay)(void *self, unsigned document); /* 0: take away */
	void (*plug)(void *self);
	void (*unplug)(void *self);
	/* From within a transfer, with the lock: transfers fail from now on. */
	void (*pull)(void *self);
};

struct reader_script;

/* NULL: says on standard error what it does not understand. */
struct reader_script *reader_script_new(const char *text, unsigned repeats,
    uint64_t seed, unsigned n_documents);
void reader_script_free(struct reader_script **script); /* NULL-safe */
/* The reader says: a block has come, and is not run yet. With the lock. */
void reader_script_block(void *script, uint32_t number);
/* Somebody has sent word. Any thread, any signal handler. */
void reader_script_tell(void);
/* The lock is the reader's; counts and pull are called with it. */
void reader_script_bind(struct reader_script *script, pthread_mutex_t *lock,
    const struct reader_script_ops *ops, void *self);
/*
 * Runs the steps that are due; how many milliseconds until it wants to be
 * called again, or -1: it is at its end.
 */
int reader_script_tick(struct reader_script *script, int64_t now_ms);

#endif
