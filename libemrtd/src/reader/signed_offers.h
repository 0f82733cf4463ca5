/*
 * signed_offers.h - what the signed files say that the chip offers: proofs of
 * its own, and the access control that EF.CardAccess announced unsigned.
 */
#ifndef READER_SIGNED_OFFERS_H
#define READER_SIGNED_OFFERS_H

#include "pki/sod.h"
#include "reader/card_security_check.h"

/* DG14 and EF.CardAccess as they were read; empty sets where they were not. */
struct emrtd_offers {
	const struct emrtd_sod *sod; /* NULL: none that can be used */
	const struct emrtd_card_security_file *card_security;
	bool has_dg14; /* read, and it parses */
	struct emrtd_bytes dg14_set;
	struct emrtd_security_infos dg14;
	bool has_card_access;
	struct emrtd_bytes card_access_set;
};

/*
 * Sets chip.ca, chip.aa, chip.cam, pa.card_access_copy and, where signed data
 * contradict it, access.downgrade; after the hash rows and pa.card_security.
 */
void emrtd_check_signed_offers(struct emrtd_result *result,
    const struct emrtd_sod *sod,
    const struct emrtd_card_security_file *card_security);

/* For it alone: the rows chip.*, out of proofs[] and who vouches for the key. */
void emrtd_set_chip_rows(struct emrtd_result *result,
    const struct emrtd_offers *offers);

/*
 * The key of EF.CardSecurity that a chip proves in PACE-CAM with these domain
 * parameters: their id is the key's, Doc 9303-11 9.2.1. A single key is meant
 * whatever its id. NULL when there is none, or more than one.
 */
const struct emrtd_ca_key *emrtd_cam_key(
    const struct emrtd_security_infos *infos, uint32_t parameter_id);

/*
 * What ties EF.CardSecurity to the data: by Doc 9303-11 9.2.11 DG14, which
 * EF.SOD vouches for, repeats all SecurityInfos. Not all chips do it with the
 * key; one that names another key under the same id is not the one that the
 * data were written to.
 */
enum emrtd_cam_tie {
	EMRTD_CAM_UNTIED = 0, /* DG14 has no key of its id */
	EMRTD_CAM_TIED,       /* DG14 has this key */
	EMRTD_CAM_TORN        /* DG14 has another key of its id */
};
enum emrtd_cam_tie emrtd_cam_tie(
    const struct emrtd_security_infos *card_security,
    const struct emrtd_security_infos *dg14, uint32_t parameter_id);

#endif
