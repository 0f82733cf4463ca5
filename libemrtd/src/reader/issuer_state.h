/*
 * issuer_state.h - is a certificate one of the state that DG1 names? One
 * trusted state must never vouch for the documents of another one.
 */
#ifndef READER_ISSUER_STATE_H
#define READER_ISSUER_STATE_H

#include "pki/certificate.h"

#include <mrz/mrz.h>

enum emrtd_same_state {
	EMRTD_STATE_UNKNOWN = 0, /* the certificate does not say */
	EMRTD_STATE_SAME,
	EMRTD_STATE_OTHER
};

/*
 * state: the issuing state of DG1, not NULL. The certificate speaks by the
 * countryName of its subject: two letters, or three as in the MRZ. Where that
 * is a code that stands for no country, the one in the subject's (or issuer's)
 * alternative name decides, Doc 9303-12 7.1.1.2, for issuers that are no state:
 * an organization is none, whatever it says.
 */
enum emrtd_same_state emrtd_issuer_state(const struct emrtd_certificate *c,
    const struct mrz_country *state);

#endif
