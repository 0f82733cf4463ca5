/*
 * The profiles of the files: which deviations are found in one. The first byte
 * chooses the file, the rest is its content. The same bytes give the same
 * deviations, and every detail is text that fits.
 */
#include "core/finding.h"
#include "lds/atr_info.h"
#include "lds/biometric_profile.h"
#include "lds/com_profile.h"
#include "lds/cvca.h"
#include "lds/dg1_profile.h"
#include "lds/security_info_profile.h"

#include <stdlib.h>
#include <string.h>

#define TODAY 20000 /* a day in 2024 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool holds)
{
	if (!holds)
		abort();
}

static void
look_at_com(struct emrtd_bytes file, struct emrtd_findings *out)
{
	struct emrtd_com com;

	if (emrtd_com_parse(file, NULL, &com) == EMRTD_OK)
		emrtd_com_profile(&com, out);
}

static void
look_at_dg1(struct emrtd_bytes file, struct emrtd_findings *out)
{
	struct mrz_options options = { .size = sizeof(options),
		.today = TODAY };
	struct emrtd_bytes mrz;
	struct mrz_doc doc;

	if (emrtd_dg1_parse(file, NULL, &mrz) == EMRTD_OK &&
	    mrz_parse((const char *)mrz.ptr, mrz.len, &options, &doc) == MRZ_OK)
		emrtd_dg1_profile(&doc, out);
}

static void
look_at_dg2(struct emrtd_bytes file, struct emrtd_findings *out)
{
	emrtd_biometric_profile(EMRTD_DG2, file, out);
}

static void
look_at_dg3(struct emrtd_bytes file, struct emrtd_findings *out)
{
	emrtd_biometric_profile(EMRTD_DG3, file, out);
}

static void
look_at_dg4(struct emrtd_bytes file, struct emrtd_findings *out)
{
	emrtd_biometric_profile(EMRTD_DG4, file, out);
}

static void (*const profiles[])(struct emrtd_bytes file,
    struct emrtd_findings *out) = { look_at_com, look_at_dg1, look_at_dg2,
	look_at_dg3, look_at_dg4, emrtd_dg14_profile, emrtd_cvca_profile,
	emrtd_atr_info_profile };
#define N_PROFILES (sizeof(profiles) / sizeof(*profiles))

static void
check_details(const struct emrtd_findings *found)
{
	for (size_t i = 0; i < EMRTD_N_FINDINGS; i++) {
		const char *detail = found->detail[i];

		check(memchr(detail, '\0', EMRTD_FINDING_DETAIL_CAP) != NULL);
		check(found->there[i] || detail[0] == '\0');
		for (; *detail != '\0'; detail++)
			check(*detail >= 0x20 && *detail <= 0x7E);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct emrtd_findings found, again;
	struct emrtd_bytes file;

	if (size < 1)
		return 0;
	file = emrtd_bytes(data + 1, size - 1);
	memset(&found, 0, sizeof(found));
	memset(&again, 0, sizeof(again));
	profiles[data[0] % N_PROFILES](file, &found);
	profiles[data[0] % N_PROFILES](file, &again);
	check(memcmp(&found, &again, sizeof(found)) == 0);
	check_details(&found);
	return 0;
}
