/*
 * The document that a profile starts as: the specimen of Doc 9303-4, of
 * Utopia, which has a code in Doc 9303-3 5 part G for this purpose (UTO in
 * the MRZ, UT in certificates) and is no state that anybody could trust.
 */
#include "card/card.h"

#include "access/chip_auth_protocols.h"
#include "access/pace_protocols.h"
#include "core/civil.h"

#include <string.h>

static int64_t
midnight(int year, int month, int day)
{
	int32_t number = 0;

	/* Constants of this file: all of them exist. */
	(void)emrtd_day_from_civil(year, month, day, &number);
	return (int64_t)number * 86400;
}

void
emrtd_card_profile_init(struct emrtd_card_profile *profile)
{
	memset(profile, 0, sizeof(*profile));
	profile->size = sizeof(*profile);
	profile->mrz = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
		       "L898902C36UTO7408122F3204153<<<<<<<<<<<<<<<4";
	profile->lds_1_8 = true;
	profile->bac = true;
	profile->pin_tries = 3;
	profile->puk_tries = 10;
	profile->pace[0].oid = "0.4.0.127.0.7.2.2.4.2.2";
	profile->pace[0].parameter_id = 13;
	profile->n_pace = 1;
	profile->mrz_password = true;
	memcpy(profile->country, "UT", sizeof("UT"));
	memcpy(profile->state, "UTO", sizeof("UTO"));
	/*
	 * Issued in April 2022 for ten years. A Document Signer's key is used
	 * for three months, a CSCA's for five years, and their certificates
	 * outlast what they signed (Doc 9303-12 4.1.3).
	 */
	profile->csca_kind = EMRTD_CARD_BP384R1;
	profile->csca_period.from = midnight(2021, 7, 1);
	profile->csca_period.to = midnight(2036, 10, 1) - 1;
	profile->ds_kind = EMRTD_CARD_BP256R1;
	profile->ds_period.from = midnight(2022, 3, 1);
	profile->ds_period.to = midnight(2032, 6, 1) - 1;
	profile->signing_time = midnight(2022, 4, 16) + 9 * 3600;
	profile->explicit_curve = true;
	profile->extended = true;
	profile->max_command = 4096;
	profile->max_response = 4096;
}

const char *
emrtd_card_pace_by_name(const char *name)
{
	for (size_t i = 0; i < emrtd_pace_protocol_count(); i++) {
		const struct emrtd_pace_protocol *p = emrtd_pace_protocol_at(i);

		if (strcmp(name, p->name) == 0)
			return p->oid;
	}
	return NULL;
}

const char *
emrtd_card_ca_by_name(const char *name)
{
	for (size_t i = 0; i < emrtd_chip_auth_protocol_count(); i++) {
		const struct emrtd_chip_auth_protocol *p =
		    emrtd_chip_auth_protocol_at(i);

		if (strcmp(name, p->name) == 0)
			return p->oid;
	}
	return NULL;
}

bool
emrtd_card_clone_by_name(const char *name, enum emrtd_card_clone *out)
{
	static const char *const names[] = {
		[EMRTD_CARD_ORIGINAL] = "none",
		[EMRTD_CARD_CLONE_NO_KEYS] = "no_keys",
		[EMRTD_CARD_CLONE_OWN_KEYS] = "own_keys",
		[EMRTD_CARD_CLONE_STRIPPED] = "stripped",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i]) != 0)
			continue;
		*out = (enum emrtd_card_clone)i;
		return true;
	}
	return false;
}
