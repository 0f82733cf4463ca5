/*
 * reader_run.h - the program that a simulated reader is for: started beside
 * it, with what happens to the reader in the meantime.
 */
#ifndef USB_READER_RUN_H
#define USB_READER_RUN_H

#include "reader_script.h"

#define READER_RUN_LIMIT 97 /* in place of an exit status: took too long */

struct reader_run_options {
	unsigned limit_s;   /* then the program is ended */
	bool no_permission; /* it is not root, who may open anything */
};

/*
 * Restarts this program under umockdev's library, once: its events are heard
 * only from there. Neither it nor what it starts knows of that afterwards.
 */
void reader_run_preload(char **argv);

/* Its exit status, as a shell has it. */
int reader_run(struct reader_script *script,
    const struct reader_run_options *options, char **command);

#endif
