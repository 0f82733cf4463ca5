/*
 * What tests of the virtual passport share: issuing one quickly, and talking
 * to it in plain hex.
 */
#ifndef MRTD_CARD_TEST_H
#define MRTD_CARD_TEST_H

#include "card/card.h"
#include "data.h"
#include "emrtd_test.h"

#define SMALL_FACE MRTD_SOURCE_DIR "/samples/faces/small.jpg"

static struct test_bytes card_face;

/* The specimen with the smallest face. */
static inline void
specimen(struct emrtd_card_profile *profile)
{
	if (card_face.ptr == NULL)
		card_face = test_file(SMALL_FACE);
	assert_non_null(card_face.ptr);
	emrtd_card_profile_init(profile);
	profile->face = emrtd_bytes(card_face.ptr, card_face.len);
}

/* With one switch, or NULL for none. */
static inline void
misbehave(struct emrtd_card_profile *profile, const char *text)
{
	struct emrtd_diag diag;

	emrtd_diag_init(&diag);
	if (text != NULL)
		assert_ok(emrtd_card_misbehave(profile, text, &diag));
}

static inline struct emrtd_card *
issue(const struct emrtd_card_profile *profile)
{
	struct emrtd_card *card = NULL;
	struct emrtd_diag diag;

	emrtd_diag_init(&diag);
	assert_ok(emrtd_card_issue(NULL, profile, &diag, &card));
	assert_non_null(card);
	return card;
}

static inline int
free_face(void **state)
{
	(void)state;
	test_bytes_free(&card_face);
	return 0;
}

/* One command; the response in buf. */
static inline struct emrtd_bytes
transmit(struct emrtd_card *card, struct emrtd_bytes command, uint8_t *buf,
    size_t cap)
{
	struct emrtd_out out = emrtd_out(buf, cap);

	assert_ok(emrtd_card_transmit(card, command, &out));
	return emrtd_out_bytes(&out);
}

/* One command in hex, and what must come back, in hex. */
static inline void
talk(struct emrtd_card *card, const char *command, const char *response)
{
	static uint8_t got[70000];
	struct test_bytes c = test_hex(command), want = test_hex(response);

	assert_bytes(transmit(card, emrtd_bytes(c.ptr, c.len), got,
			 sizeof(got)),
	    emrtd_bytes(want.ptr, want.len));
	test_bytes_free(&c);
	test_bytes_free(&want);
}

#endif
