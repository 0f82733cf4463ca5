/*
 * Active Authentication as the chip's command, Doc 9303-11 6.1.3: signs what
 * it is given, once somebody has opened it.
 */
#include "apdu/status_word.h"
#include "card/aa_key.h"
#include "card/chip.h"
#include "core/builder.h"

#define CHALLENGE_LEN 8

uint16_t
emrtd_chip_internal_authenticate(struct emrtd_card *card,
    const struct emrtd_command *command, size_t max_answer,
    struct emrtd_out *out)
{
	static const uint8_t old[CHALLENGE_LEN] = { 0x0D };
	struct emrtd_bytes challenge = command->data;
	uint8_t buf[EMRTD_AA_SIGNATURE_CAP];
	struct emrtd_out signature = emrtd_out(buf, sizeof(buf));

	/* A chip without a key does not know the command. */
	if (card->aa == NULL)
		return EMRTD_SW_UNKNOWN_INS;
	if (!emrtd_chip_is_open(card) && !card->session.granted)
		return EMRTD_SW_SECURITY_STATUS;
	if (!card->session.in_application)
		return EMRTD_SW_CONDITIONS;
	if (command->p1 != 0 || command->p2 != 0)
		return EMRTD_SW_WRONG_P1P2;
	if (command->data.len != CHALLENGE_LEN || command->ne == 0)
		return EMRTD_SW_WRONG_LENGTH;
	if (emrtd_chip_fault(card, EMRTD_FAULT_AA_OLD_CHALLENGE, 0) != NULL)
		challenge = emrtd_bytes(old, sizeof(old));
	if (emrtd_aa_key_sign(card->aa, challenge, &card->random, &signature) !=
	    EMRTD_OK)
		return EMRTD_SW_INTERNAL;
	if (signature.len > max_answer)
		return EMRTD_SW_WRONG_LENGTH;
	emrtd_put(out, emrtd_out_bytes(&signature));
	return EMRTD_SW_OK;
}
