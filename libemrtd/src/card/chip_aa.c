/*
 * Active Authentication as the chip's command, Doc 9303-11 6.1. Not there yet:
 * this chip does not know the command, as one without the protocol.
 */
#include "card/chip.h"

uint16_t
emrtd_chip_internal_authenticate(struct emrtd_card *card,
    const struct emrtd_command *command, size_t max_answer,
    struct emrtd_out *out)
{
	(void)card;
	(void)command;
	(void)max_answer;
	(void)out;
	return EMRTD_SW_UNKNOWN_INS;
}
