/*
 * issue.h - the issuing state at work on one document; what the files of
 * issuing share. Private to src/card.
 */
#ifndef CARD_ISSUE_H
#define CARD_ISSUE_H

#include "card/chip.h"
#include "card/issuer_key.h"
#include "card/sod_make.h"

#include <mrz/mrz.h>

struct emrtd_issuer {
	const struct emrtd_card_profile *profile;
	struct emrtd_card *card;
	struct emrtd_diag *diag;
	struct mrz_doc mrz;
	struct emrtd_issuer_key *csca_key, *ds_key;
	struct emrtd_issuer_ca ca;
	struct emrtd_sod_plan sod;
	/*
	 * What EF.CardAccess says and the chip plays: the profile's, unless a
	 * switch has weakened it behind the back of DG14.
	 */
	struct emrtd_card_pace_info pace[EMRTD_CARD_PACE_MAX];
	size_t n_pace;
};

/* issue_keys.c: before the files, for they hold the public keys. */
enum emrtd_error emrtd_issue_passwords(struct emrtd_issuer *i) EMRTD_MUST_USE;
enum emrtd_error emrtd_issue_pace(struct emrtd_issuer *i) EMRTD_MUST_USE;
enum emrtd_error emrtd_issue_chip_keys(struct emrtd_issuer *i) EMRTD_MUST_USE;
/* After the files: a clone has them, and not the keys. */
enum emrtd_error emrtd_issue_lose_keys(struct emrtd_issuer *i) EMRTD_MUST_USE;

/* issue_files.c */
enum emrtd_error emrtd_issue_files(struct emrtd_issuer *i) EMRTD_MUST_USE;
/* ATR and EF.ATR/INFO. */
enum emrtd_error emrtd_issue_capabilities(
    struct emrtd_issuer *i) EMRTD_MUST_USE;
/* Files that the switches and a clone take away or spoil. */
enum emrtd_error emrtd_issue_spoil(struct emrtd_issuer *i) EMRTD_MUST_USE;

#endif
