/*
 * The lines of tests/vectors/pace.txt, which serve the reader's side of PACE
 * and the chip's.
 */
#ifndef MRTD_PACE_VECTORS_H
#define MRTD_PACE_VECTORS_H

#include "access/keys.h"
#include "access/pace_protocols.h"
#include "emrtd_test.h"

/* Bytes of the longest word: R(s, t) over 2,048 bits, and some. */
#define PACE_VECTOR_CAP 1200

enum column {
	PROTOCOL,
	PARAMETER,
	KIND,
	PASSWORD,
	K_PI,
	NONCE,
	ENCRYPTED_NONCE,
	MAP_PRIVATE_IFD,
	MAP_PUBLIC_IFD,
	MAP_PRIVATE_IC,
	MAP_PUBLIC_IC,
	H,
	GENERATOR,
	PRIVATE_IFD,
	PUBLIC_IFD,
	PRIVATE_IC,
	PUBLIC_IC,
	Z,
	K_ENC,
	K_MAC,
	TOKEN_IFD,
	TOKEN_IC,
	N_COLUMNS,
	/* with Chip Authentication Mapping */
	STATIC_PRIVATE_IC = N_COLUMNS,
	STATIC_PUBLIC_IC,
	CA_IC,
	ENCRYPTED_CA_IC,
	N_CAM_COLUMNS
};

/* Lines of pace.txt. */
enum example {
	GM_EC = 0, /* Doc 9303-11 appendix G.1 */
	GM_3DES = 1,
	GM_DH = 16,  /* G.2 */
	IM_EC = 17,  /* H.1 */
	IM_DH = 18,  /* H.2 */
	CAM_EC = 19, /* I.1 */
	N_EXAMPLES = 60
};

static inline struct emrtd_bytes
column(const struct vector *v, enum column c, uint8_t buf[PACE_VECTOR_CAP])
{
	return hex_bytes(v->words[c], buf, PACE_VECTOR_CAP);
}

static inline const struct emrtd_pace_protocol *
protocol_of(const struct vector *v)
{
	for (size_t i = 0; i < emrtd_pace_protocol_count(); i++) {
		const struct emrtd_pace_protocol *p = emrtd_pace_protocol_at(i);

		if (strcmp(p->name, v->words[PROTOCOL]) == 0)
			return p;
	}
	fail_msg("no protocol %s", v->words[PROTOCOL]);
	return NULL;
}

static inline bool
is_cam(const struct vector *v)
{
	return v->n_words == N_CAM_COLUMNS;
}

/* The password of a line. */
static inline void
vector_password(const struct vector *v, struct emrtd_password *out)
{
	const char *text = v->words[PASSWORD];

	if (strcmp(v->words[KIND], "can") == 0)
		assert_ok(emrtd_password_can(text, strlen(text), out));
	else
		assert_ok(emrtd_password_mrz(text, strlen(text), out));
}

#endif
