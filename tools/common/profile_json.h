/*
 * profile_json.h - the JSON profile of a virtual passport; its keys are in
 * emrtd-sim(1). An unknown key is an error: a typing mistake must not become
 * another passport.
 */
#ifndef COMMON_PROFILE_JSON_H
#define COMMON_PROFILE_JSON_H

#include "card/card.h"
#include "card/picc.h"

struct profile_json;

/*
 * profile_json_load - from a file. Files that it names (face, CSCA) are looked
 * for beside it.
 * errors: EMRTD_E_ARG (the profile: diag->detail has path, line and key),
 *         EMRTD_E_NOT_FOUND, EMRTD_E_IO (a file, named in diag->detail),
 *         EMRTD_E_NO_MEMORY
 */
enum emrtd_error profile_json_load(const char *path, struct emrtd_diag *diag,
    struct profile_json **out) EMRTD_MUST_USE;
/* Wipes and frees; NULL-safe. */
void profile_json_free(struct profile_json **profile);

/* Borrowed, and what it points to as well. */
const struct emrtd_card_profile *profile_json_card(
    const struct profile_json *profile);
/* Its radio side, which 'contactless' describes. */
const struct emrtd_picc_config *profile_json_contactless(
    const struct profile_json *profile);

#endif
