/*
 * SELECT and READ BINARY: the files of the master file and of the eMRTD
 * application, Doc 9303-10 3 and 4.
 */
#include "apdu/status_word.h"
#include "card/chip.h"
#include "core/builder.h"
#include "core/tlv.h"

#define P1_SELECT_FID  0x00
#define P1_SELECT_EF   0x02
#define P1_SELECT_AID  0x04
#define P2_FIRST       0x00
#define P2_NO_RESPONSE 0x0C
#define P1_SFI         0x80
#define SFI_MASK       0x1F
#define OFFSET_MASK    0x7FFF
#define TAG_OFFSET     0x54
#define TAG_DATA       0x53
#define TAG_FCI        0x6F
#define TAG_FCI_NAME   0x84
#define TAG_FCI_FID    0x83
#define TAG_FCI_SIZE   0x80
#define ODD_OVERHEAD   4 /* 53 and its length, up to 65,535 */

static const uint8_t emrtd_aid[] = { 0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01 };

struct emrtd_bytes
emrtd_chip_aid(void)
{
	return emrtd_bytes(emrtd_aid, sizeof(emrtd_aid));
}

/* Open are EF.CardAccess and EF.ATR/INFO: they tell how to get access. */
static bool
may_read(const struct emrtd_card *card, const struct emrtd_chip_file *file)
{
	return !file->locked || emrtd_chip_is_open(card) ||
	       card->session.granted;
}

static const struct emrtd_chip_file *
file_by(const struct emrtd_card *card, uint16_t fid, uint8_t sfi)
{
	for (size_t i = 0; i < card->n_files; i++) {
		const struct emrtd_chip_file *f = &card->files[i];

		if (f->in_application == card->session.in_application &&
		    (sfi != 0 ? f->sfi == sfi : f->fid == fid))
			return f;
	}
	return NULL;
}

/* Makes it the current file, if it exists and may be read. */
static uint16_t
make_current(struct emrtd_card *card, uint16_t fid, uint8_t sfi)
{
	const struct emrtd_chip_file *file = file_by(card, fid, sfi);

	/* A locked application does not tell which files it has. */
	if (card->session.in_application && !emrtd_chip_is_open(card) &&
	    !card->session.granted)
		return EMRTD_SW_SECURITY_STATUS;
	if (file == NULL)
		return EMRTD_SW_NO_FILE;
	card->session.current = file;
	return EMRTD_SW_OK;
}

static uint16_t
select_application(struct emrtd_card *card, struct emrtd_bytes aid)
{
	if (!emrtd_bytes_equal(aid, emrtd_bytes(emrtd_aid, sizeof(emrtd_aid))))
		return EMRTD_SW_NO_FILE;
	/* Without BAC only PACE, in the master file, leads here. */
	if (!emrtd_chip_is_open(card) && !card->bac && !card->session.granted)
		return EMRTD_SW_SECURITY_STATUS;
	card->session.in_application = true;
	card->session.current = NULL;
	return EMRTD_SW_OK;
}

static uint16_t
select_fid(struct emrtd_card *card, uint8_t p1, struct emrtd_bytes data)
{
	uint16_t fid = EMRTD_CHIP_FID_MF;

	if (data.len != 0 && (!emrtd_u16(&data, &fid) || !emrtd_end(&data)))
		return EMRTD_SW_WRONG_LENGTH;
	if (fid == EMRTD_CHIP_FID_MF && p1 == P1_SELECT_FID) {
		if (card->habits.sw_select_mf != 0 &&
		    card->habits.sw_select_mf != EMRTD_SW_OK)
			return card->habits.sw_select_mf;
		card->session.in_application = false;
		card->session.current = NULL;
		return EMRTD_SW_OK;
	}
	return make_current(card, fid, 0);
}

static void
put_fci(const struct emrtd_card *card, bool application, struct emrtd_out *out)
{
	const struct emrtd_chip_file *file = card->session.current;
	size_t mark = emrtd_open(out, TAG_FCI);

	if (application) {
		emrtd_put_tlv(out, TAG_FCI_NAME,
		    emrtd_bytes(emrtd_aid, sizeof(emrtd_aid)));
	} else {
		emrtd_put_tlv_head(out, TAG_FCI_FID, 2);
		emrtd_put_u16(out, file ? file->fid : EMRTD_CHIP_FID_MF);
	}
	if (file != NULL) {
		emrtd_put_tlv_head(out, TAG_FCI_SIZE, 4);
		emrtd_put_u32(out, (uint32_t)file->len);
	}
	emrtd_close(out, mark);
}

uint16_t
emrtd_chip_select(struct emrtd_card *card, const struct emrtd_command *command,
    size_t max_answer, struct emrtd_out *out)
{
	uint16_t sw;

	if (command->p2 != P2_FIRST && command->p2 != P2_NO_RESPONSE)
		return EMRTD_SW_WRONG_P1P2;
	switch (command->p1) {
	case P1_SELECT_AID:
		sw = select_application(card, command->data);
		break;
	case P1_SELECT_FID:
	case P1_SELECT_EF:
		sw = select_fid(card, command->p1, command->data);
		break;
	default:
		return EMRTD_SW_WRONG_P1P2;
	}
	if (sw == EMRTD_SW_OK && command->p2 == P2_FIRST && max_answer > 0)
		put_fci(card, command->p1 == P1_SELECT_AID, out);
	return sw;
}

/* What a READ BINARY gives of the current file from offset. */
static uint16_t
read_current(const struct emrtd_card *card, uint32_t ne, size_t offset,
    size_t max_answer, struct emrtd_bytes *part)
{
	const struct emrtd_chip_file *file = card->session.current;
	const struct emrtd_card_misbehaviour *limit = emrtd_chip_fault(card,
	    EMRTD_FAULT_MAX_READ, 0);
	struct emrtd_bytes rest, before;
	size_t want = ne < max_answer ? ne : max_answer;

	if (file == NULL)
		return EMRTD_SW_NO_CURRENT_EF;
	if (!may_read(card, file))
		return EMRTD_SW_SECURITY_STATUS;
	if (ne == 0 || (card->habits.max_le != 0 && ne > card->habits.max_le))
		return EMRTD_SW_WRONG_LENGTH;
	if (limit != NULL && want > limit->value)
		want = limit->value;
	rest = emrtd_bytes(file->ptr, file->len);
	if (offset >= file->len || !emrtd_take(&rest, offset, &before))
		return EMRTD_SW_WRONG_OFFSET;
	if (emrtd_take(&rest, want, part))
		return EMRTD_SW_OK;
	*part = rest;
	/* 'As much as there is' is satisfied by less. */
	return ne == 256 || ne == 65536 ? EMRTD_SW_OK : EMRTD_SW_END_OF_FILE;
}

static uint16_t
by_sfi(struct emrtd_card *card, uint8_t sfi)
{
	if (card->habits.no_sfi ||
	    emrtd_chip_fault(card, EMRTD_FAULT_NO_SFI, 0) != NULL)
		return EMRTD_SW_WRONG_P1P2;
	if (sfi == 0)
		return EMRTD_SW_WRONG_P1P2;
	return make_current(card, 0, sfi);
}

uint16_t
emrtd_chip_read_binary(struct emrtd_card *card,
    const struct emrtd_command *command, size_t max_answer,
    struct emrtd_out *out)
{
	struct emrtd_bytes part = { NULL, 0 };
	size_t offset = ((size_t)command->p1 << 8 | command->p2) & OFFSET_MASK;
	uint16_t sw;

	if (command->data.len != 0)
		return EMRTD_SW_WRONG_LENGTH;
	if ((command->p1 & P1_SFI) != 0) {
		if ((command->p1 & ~(P1_SFI | SFI_MASK)) != 0)
			return EMRTD_SW_WRONG_P1P2;
		sw = by_sfi(card, command->p1 & SFI_MASK);
		if (sw != EMRTD_SW_OK)
			return sw;
		offset = command->p2;
	}
	sw = read_current(card, command->ne, offset, max_answer, &part);
	emrtd_put(out, part);
	return sw;
}

/* Offsets are numbers without a sign: 8000 is more than 7FFF. */
static bool
take_offset(struct emrtd_bytes value, uint32_t *offset)
{
	uint8_t byte;

	*offset = 0;
	if (value.len == 0 || value.len > sizeof(*offset))
		return false;
	while (emrtd_u8(&value, &byte))
		*offset = *offset << 8 | byte;
	return true;
}

/* 54 offset in, 53 bytes out; Le counts tag and length of the 53. */
uint16_t
emrtd_chip_read_binary_odd(struct emrtd_card *card,
    const struct emrtd_command *command, size_t max_answer,
    struct emrtd_out *out)
{
	struct emrtd_bytes data = command->data, part = { NULL, 0 }, value;
	uint16_t place = (uint16_t)(command->p1 << 8 | command->p2);
	uint32_t offset, ne = command->ne;
	uint16_t sw;

	if (!emrtd_tlv(&data, TAG_OFFSET, &value) || !emrtd_end(&data) ||
	    !take_offset(value, &offset))
		return EMRTD_SW_WRONG_DATA;
	if (place != 0) {
		sw = place <= SFI_MASK ? by_sfi(card, (uint8_t)place)
				       : make_current(card, place, 0);
		if (sw != EMRTD_SW_OK)
			return sw;
	}
	if (max_answer <= ODD_OVERHEAD || ne <= ODD_OVERHEAD)
		return EMRTD_SW_WRONG_LENGTH;
	if (ne != 256 && ne != 65536)
		ne -= ODD_OVERHEAD;
	sw = read_current(card, ne, offset, max_answer - ODD_OVERHEAD, &part);
	if (part.ptr != NULL)
		emrtd_put_tlv(out, TAG_DATA, part);
	return sw;
}
