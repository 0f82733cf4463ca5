/*
 * What readings of virtual passports with Chip Authentication share: how they
 * are set up, what they must end in, and who looks at the link.
 */
#ifndef MRTD_CA_READ_H
#define MRTD_CA_READ_H

#include "emrtd_test.h"
#include "result/result.h"
#include "virtual_read.h"

#define CA_3DES "0.4.0.127.0.7.2.2.3.2.1"
#define CA_128  "0.4.0.127.0.7.2.2.3.2.2"
#define CA_192  "0.4.0.127.0.7.2.2.3.2.3"
#define CA_256  "0.4.0.127.0.7.2.2.3.2.4"
#define DH_3DES "0.4.0.127.0.7.2.2.3.1.1"
#define DH_128  "0.4.0.127.0.7.2.2.3.1.2"
#define NO_ID   EMRTD_CARD_NO_KEY_ID

#define NAMED        EMRTD_CARD_FORM_NAMED
#define EXPLICIT     EMRTD_CARD_FORM_EXPLICIT
#define STANDARDISED EMRTD_CARD_FORM_STANDARDISED
#define X942         EMRTD_CARD_FORM_X942
#define PKCS3        EMRTD_CARD_FORM_PKCS3

/* A document with one key, opened with BAC, which is faster than PACE. */
static inline void
init(struct virtual_read *v, const struct emrtd_card_ca *ca, size_t n)
{
	virtual_read_init(v);
	v->profile.n_pace = 0;
	memcpy(v->profile.ca, ca, n * sizeof(*ca));
	v->profile.n_ca = n;
}

#define ONE_KEY                                 \
	{                                       \
		CA_128, 13, NO_ID, NAMED, false \
	}
#define KAT_KEY                                  \
	{                                        \
		CA_3DES, 12, NO_ID, NAMED, false \
	}

static const struct emrtd_card_ca one_key = ONE_KEY, kat_key = KAT_KEY;

static inline void
check_genuine(const char *name, const struct emrtd_result *r)
{
	char reason[EMRTD_REASON_CAP];

	emrtd_result_check_reason(r, EMRTD_CHECK_CHIP_CA, reason);
	if (virtual_verdict(r, "chip.ca") != EMRTD_PASSED ||
	    emrtd_result_overall(r) != EMRTD_OVERALL_GENUINE ||
	    emrtd_result_any_failed(r))
		fail_msg("%s: chip.ca %s (%s), %s", name,
		    emrtd_verdict_name(virtual_verdict(r, "chip.ca")), reason,
		    emrtd_overall_verdict_name(emrtd_result_overall(r)));
	assert_int_equal(virtual_verdict(r, "access.secure_messaging"),
	    EMRTD_PASSED);
	assert_int_equal(r->files[EMRTD_EF_COM].status, EMRTD_FILE_READ);
	assert_int_equal(r->files[EMRTD_DG2].status, EMRTD_FILE_READ);
}

static inline void
short_only(struct virtual_read *v)
{
	v->profile.extended = false;
	v->with_atr = true;
}

/* Reader and chip both say that they take extended length. */
static inline void
extended(struct virtual_read *v)
{
	v->extended_link = true;
	v->with_atr = true;
}

static inline void
check_forged(const char *name, const struct emrtd_result *r,
    enum emrtd_error why)
{
	const struct emrtd_check *check = emrtd_result_check(r,
	    EMRTD_CHECK_CHIP_CA);

	if (check->verdict != EMRTD_FAILED || check->diag.error != why ||
	    emrtd_result_data(r) != EMRTD_DATA_AUTHENTIC ||
	    emrtd_result_chip(r) != EMRTD_CHIP_FAILED ||
	    emrtd_result_overall(r) != EMRTD_OVERALL_FAILED)
		fail_msg("%s: chip.ca %s for %s, data %s, %s", name,
		    emrtd_verdict_name(check->verdict),
		    emrtd_error_name(check->diag.error),
		    emrtd_data_verdict_name(emrtd_result_data(r)),
		    emrtd_overall_verdict_name(emrtd_result_overall(r)));
	assert_int_equal(r->files[EMRTD_EF_COM].status, EMRTD_FILE_READ);
	assert_int_equal(r->files[EMRTD_DG2].status, EMRTD_FILE_READ);
	assert_int_equal(virtual_verdict(r, "access.secure_messaging"),
	    EMRTD_PASSED);
}

/* Set KAT, Set AT or GENERAL AUTHENTICATE, as its header shows. */
static inline bool
is_last_of_ca(struct emrtd_bytes command)
{
	return (command.ptr[0] & 0x0C) != 0 &&
	       (command.ptr[1] == 0x86 ||
		   (command.ptr[1] == 0x22 && command.ptr[3] == 0xA6));
}

/* What the meddlers of one reading know. */
static struct {
	unsigned n_protected, n_ca;
	unsigned since; /* protected answers since CA, in this session */
	uint8_t kept[512];
	size_t kept_len;
} air;

static inline void
look(struct emrtd_bytes command)
{
	if ((command.ptr[0] & 0x0C) == 0)
		return;
	air.n_protected++;
	if (air.n_ca > 0)
		air.since++;
	if (is_last_of_ca(command)) {
		air.n_ca++;
		air.since = 0;
	}
}

static inline void
replace(struct emrtd_out *response, const char *hex)
{
	response->len = vector_hex(hex, response->ptr, response->cap);
}

#endif
