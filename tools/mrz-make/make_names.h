/*
 * Names in other letters than those of the MRZ.
 */
#ifndef MRZ_MAKE_NAMES_H
#define MRZ_MAKE_NAMES_H

#include "options.h"

#include <mrz/mrz.h>

/* Words parted by commas: a language, or a choice for some letters. False,
 * and said, if there is no such word. */
bool make_names_choose(const struct tool *tool, const char *words,
    struct mrz_transliterate_options *out);

/*
 * A name as mrz_build takes it: one in ASCII as it is, else transliterated
 * into out; *changed is then set, and that is told unless quiet. NULL if it
 * cannot be, which has been said.
 */
const char *make_names_write(const struct tool *tool, enum mrz_field_id id,
    const char *name, const struct mrz_transliterate_options *options,
    bool quiet, char out[MRZ_MAX_NAME], bool *changed);

#endif
