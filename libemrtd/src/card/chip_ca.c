/*
 * Chip Authentication v1 as the chip's commands, Doc 9303-11 6.2. Not there
 * yet: this chip does not know the commands, as one without the protocol.
 */
#include "card/chip.h"

uint16_t
emrtd_chip_set_kat(struct emrtd_card *card, const struct emrtd_command *command,
    size_t max_answer, struct emrtd_out *out)
{
	(void)card;
	(void)command;
	(void)max_answer;
	(void)out;
	return EMRTD_SW_UNKNOWN_INS;
}

uint16_t
emrtd_chip_ca_set_at(struct emrtd_card *card,
    const struct emrtd_command *command, size_t max_answer,
    struct emrtd_out *out)
{
	(void)card;
	(void)command;
	(void)max_answer;
	(void)out;
	return EMRTD_SW_UNKNOWN_INS;
}

uint16_t
emrtd_chip_ca_authenticate(struct emrtd_card *card,
    const struct emrtd_command *command, size_t max_answer,
    struct emrtd_out *out)
{
	(void)card;
	(void)command;
	(void)max_answer;
	(void)out;
	return EMRTD_SW_UNKNOWN_INS;
}
