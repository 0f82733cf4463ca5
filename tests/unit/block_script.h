/*
 * An exchange of ISO/IEC 14443-4 as one line of text, words parted by blanks:
 *
 *   !HEX   begin with this command     ?  ping by R(NAK)   ?e by an empty block
 *   .      deselect
 *   >HEX   this frame must come
 *   <HEX   the answer to it            <-  silence         <~ garbled
 *   =HEX   it is over, this is the response ('=' alone: no bytes)
 *   =NAME  it failed with this error
 */
#ifndef MRTD_BLOCK_SCRIPT_H
#define MRTD_BLOCK_SCRIPT_H

#include "transport/isodep.h"

/* Fails the running test, and names the word, when it goes otherwise. */
void block_script_run(const char *script, const struct emrtd_isodep_link *link);
/* The same with a machine that was used before. */
void block_script_go_on(const char *script, struct emrtd_isodep *dep);

#endif
