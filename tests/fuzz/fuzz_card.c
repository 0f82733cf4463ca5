/*
 * Any sequence of commands to the virtual passport. The first byte chooses
 * whether a session is open; then frames follow: a byte of kind (odd: our
 * side protects the command, so that what is behind the MAC is reached too),
 * a byte of length, the command.
 *
 * Whatever comes, every command is answered with at least a status word, and
 * without an open session nothing of the MRZ ever leaves the chip, and none is
 * granted; inside one it never leaves in clear.
 */
#include "apdu/apdu.h"
#include "card/chip.h"
#include "core/cursor.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RESPONSE (EMRTD_RESPONSE_MAX + 128)

static void
require(bool condition)
{
	if (!condition)
		abort();
}

/* The same for every run, so that a finding can be repeated. */
static enum emrtd_error
count_up(void *self, uint8_t *out, size_t n)
{
	uint32_t *state = self;

	for (size_t i = 0; i < n; i++) {
		*state = *state * 1664525u + 1013904223u;
		out[i] = (uint8_t)(*state >> 24);
	}
	return EMRTD_OK;
}

/* Every command that the chip knows has something to do. */
static void
with_everything(struct emrtd_card_profile *profile)
{
	profile->pace[1].oid = emrtd_card_pace_by_name(
	    "id-PACE-ECDH-CAM-AES-CBC-CMAC-128");
	profile->pace[1].parameter_id = 12;
	profile->pace[2].oid = emrtd_card_pace_by_name(
	    "id-PACE-ECDH-IM-AES-CBC-CMAC-128");
	profile->pace[2].parameter_id = 12;
	profile->pace[3].oid = emrtd_card_pace_by_name(
	    "id-PACE-DH-GM-3DES-CBC-CBC");
	profile->pace[3].parameter_id = 0;
	profile->n_pace = 4;
	memcpy(profile->can, "123456", sizeof("123456"));
	memcpy(profile->pin, "123456", sizeof("123456"));
	profile->ca[0].oid = emrtd_card_ca_by_name("id-CA-ECDH-3DES-CBC-CBC");
	profile->ca[0].parameter_id = 12;
	profile->ca[0].key_id = EMRTD_CARD_NO_KEY_ID;
	profile->ca[1].oid = emrtd_card_ca_by_name(
	    "id-CA-ECDH-AES-CBC-CMAC-128");
	profile->ca[1].parameter_id = 13;
	profile->ca[1].key_id = 1;
	profile->n_ca = 2;
	profile->aa.kind = "ecdsa-P-256";
	profile->habits.get_response = true;
	profile->habits.ef_dir = true;
}

/* What outlives the field is as it was at first. */
static void
forget(struct emrtd_card *card)
{
	emrtd_card_reset(card);
	card->n_failures = 0;
	card->n_protected = 0;
	for (size_t i = 0; i < EMRTD_CHIP_N_PASSWORDS; i++)
		card->passwords[i].tries = card->passwords[i].max_tries;
}

static struct emrtd_card *
issue_once(void)
{
	/* The smallest JPEG that has a frame header: 16 x 20, grey. */
	static const uint8_t face[] = { 0xFF, 0xD8, 0xFF, 0xC0, 0x00, 0x0B,
		0x08, 0x00, 0x14, 0x00, 0x10, 0x01, 0x01, 0x11, 0x00, 0xFF,
		0xD9 };
	static struct emrtd_card *card;
	struct emrtd_card_profile profile;

	if (card != NULL)
		return card;
	emrtd_card_profile_init(&profile);
	profile.face = emrtd_bytes(face, sizeof(face));
	with_everything(&profile);
	require(emrtd_card_issue(NULL, &profile, NULL, &card) == EMRTD_OK);
	return card;
}

static void
open_session(struct emrtd_card *card, struct emrtd_sm *ours, unsigned suite)
{
	static const uint8_t key[EMRTD_KEY_MAX] = { 0x40, 0x4F, 0x40, 0x51 };

	emrtd_sm_init(ours, emrtd_suite((enum emrtd_suite_id)(suite % 4)), key,
	    key, NULL);
	card->session.sm = *ours;
	card->session.granted = true;
	card->session.in_application = true;
}

/* The command under our keys; empty when it is none, or the keys are gone. */
static struct emrtd_bytes
protect(struct emrtd_card *card, struct emrtd_sm *ours, struct emrtd_bytes in,
    struct emrtd_out *out)
{
	uint8_t scratch[512];
	struct emrtd_out work = emrtd_out(scratch, sizeof(scratch));
	struct emrtd_command command;

	if (emrtd_command_decode(in, &command) != EMRTD_OK ||
	    !card->session.sm.live)
		return emrtd_bytes(NULL, 0);
	/* The counters of both sides, whatever happened before. */
	*ours = card->session.sm;
	command.cla &= 0x10;
	if (emrtd_sm_protect(card->crypto, ours, &command, &work, out) !=
	    EMRTD_OK)
		return emrtd_bytes(NULL, 0);
	return emrtd_out_bytes(out);
}

static void
one_command(struct emrtd_card *card, struct emrtd_sm *ours, bool secured,
    struct emrtd_bytes command)
{
	static uint8_t response[RESPONSE];
	struct emrtd_out out = emrtd_out(response, sizeof(response));
	uint8_t raw[1024];
	struct emrtd_out sent = emrtd_out(raw, sizeof(raw));

	if (secured) {
		command = protect(card, ours, command, &sent);
		if (command.len == 0)
			return;
	}
	require(emrtd_card_transmit(card, command, &out) == EMRTD_OK);
	require(out.len >= 2);
	require(memmem(out.ptr, out.len, "ERIKSSON", 8) == NULL);
	if (!card->session.sm.live)
		require(!card->session.granted);
	/* Nobody here knows a password. */
	if (ours->suite == NULL)
		require(!card->session.granted);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emrtd_card *card = issue_once();
	struct emrtd_bytes in = emrtd_bytes(data, size), command;
	struct emrtd_sm ours = { 0 };
	uint32_t seed = 1;
	struct emrtd_random random = { count_up, &seed };
	uint8_t mode, kind, len;

	forget(card);
	emrtd_card_set_random(card, &random);
	if (!emrtd_u8(&in, &mode))
		return 0;
	if ((mode & 1) != 0)
		open_session(card, &ours, mode >> 1);
	while (emrtd_u8(&in, &kind) && emrtd_u8(&in, &len)) {
		if (!emrtd_take(&in, len, &command))
			command = in;
		one_command(card, &ours, (kind & 1) != 0, command);
		if (command.ptr == in.ptr)
			break;
	}
	emrtd_sm_end(&ours);
	return 0;
}
