#include "card/card_sm.h"

#include "apdu/status_word.h"
#include "card/chip.h"
#include "core/builder.h"
#include "core/tlv.h"
#include "core/wipe.h"

#define TAG_CRYPTOGRAM     0x87
#define TAG_CRYPTOGRAM_ODD 0x85
#define TAG_NE             0x97
#define TAG_STATUS         0x99
#define TAG_MAC            0x8E
#define TAG_EXTRA          0x80 /* plain data, which nobody asked for */
#define PADDING_INDICATOR  0x01
#define CLA_SM             0x0C

struct objects {
	struct emrtd_bytes covered; /* all of them as received, but the MAC */
	struct emrtd_bytes cryptogram, ne, mac;
};

/* 87 or 85, 97 and 8E in this order, nothing else. */
static bool
objects_parse(struct emrtd_bytes in, bool odd_ins, struct objects *o)
{
	struct emrtd_bytes from = in;

	if (!emrtd_tlv_optional(&in,
		odd_ins ? TAG_CRYPTOGRAM_ODD : TAG_CRYPTOGRAM, &o->cryptogram))
		return false;
	if (!emrtd_tlv_optional(&in, TAG_NE, &o->ne))
		return false;
	if (!emrtd_take(&from, from.len - in.len, &o->covered))
		return false;
	return emrtd_tlv_optional(&in, TAG_MAC, &o->mac) && emrtd_end(&in);
}

static bool
mac_fits(struct emrtd_crypto *crypto, const struct emrtd_sm *sm,
    const struct emrtd_command *command, const struct objects *o)
{
	uint8_t header[EMRTD_BLOCK_MAX], mac[EMRTD_MAC_LEN];
	struct emrtd_out head = emrtd_out(header, sizeof(header));
	struct emrtd_bytes parts[2];

	emrtd_put_u8(&head, command->cla);
	emrtd_put_u8(&head, command->ins);
	emrtd_put_u8(&head, command->p1);
	emrtd_put_u8(&head, command->p2);
	/* Without objects the header is the end, which the MAC pads. */
	if (o->covered.len > 0)
		emrtd_pad(&head, 0, sm->suite->block_len);
	parts[0] = emrtd_out_bytes(&head);
	parts[1] = o->covered;
	if (o->mac.len != sizeof(mac) ||
	    emrtd_sm_mac(crypto, sm, parts, 2, mac) != EMRTD_OK)
		return false;
	return emrtd_const_equal(mac, o->mac.ptr, sizeof(mac));
}

static bool
decrypt(struct emrtd_crypto *crypto, const struct emrtd_sm *sm, bool odd_ins,
    struct emrtd_bytes cryptogram, struct emrtd_out *scratch,
    struct emrtd_bytes *plain)
{
	uint8_t indicator;

	if (!odd_ins && (!emrtd_u8(&cryptogram, &indicator) ||
			    indicator != PADDING_INDICATOR))
		return false;
	if (cryptogram.len == 0 || cryptogram.len % sm->suite->block_len != 0)
		return false;
	if (emrtd_sm_decrypt(crypto, sm, cryptogram, scratch) != EMRTD_OK)
		return false;
	*plain = emrtd_out_bytes(scratch);
	return emrtd_unpad(*plain, sm->suite->block_len, &plain->len);
}

/* One byte is short, two are extended; zero is the most. */
static bool
expected(struct emrtd_bytes ne, struct emrtd_command *plain)
{
	uint16_t wide;
	uint8_t narrow;

	if (ne.ptr == NULL)
		return true;
	if (ne.len == 1 && emrtd_u8(&ne, &narrow)) {
		plain->ne = narrow == 0 ? 256 : narrow;
		return true;
	}
	if (ne.len == 2 && emrtd_u16(&ne, &wide)) {
		plain->ne = wide == 0 ? 65536 : wide;
		plain->extended = true;
		return true;
	}
	return false;
}

uint16_t
emrtd_card_sm_open(struct emrtd_crypto *crypto, struct emrtd_sm *sm,
    const struct emrtd_command *command, struct emrtd_out *scratch,
    struct emrtd_command *plain)
{
	bool odd_ins = (command->ins & 1) != 0;
	struct objects o = { 0 };

	emrtd_sm_count(sm);
	if (!objects_parse(command->data, odd_ins, &o))
		return EMRTD_SW_SM_INCORRECT;
	if (o.mac.ptr == NULL)
		return EMRTD_SW_SM_MISSING;
	if (!mac_fits(crypto, sm, command, &o))
		return EMRTD_SW_SM_INCORRECT;
	*plain = *command;
	plain->cla = (uint8_t)(command->cla & ~CLA_SM);
	plain->data = emrtd_bytes(NULL, 0);
	plain->ne = 0;
	plain->extended = command->extended;
	if (!expected(o.ne, plain))
		return EMRTD_SW_SM_INCORRECT;
	if (o.cryptogram.ptr != NULL &&
	    !decrypt(crypto, sm, odd_ins, o.cryptogram, scratch, &plain->data))
		return EMRTD_SW_SM_INCORRECT;
	return EMRTD_SW_OK;
}

size_t
emrtd_card_sm_room(const struct emrtd_sm *sm, size_t most)
{
	/* 99 02 SW, 8E 08 MAC; 87, the length's own length, 01. */
	const size_t others = 4 + 2 + EMRTD_MAC_LEN;
	static const struct {
		size_t head, longest;
	} forms[] = { { 3, 0x7F - 1 }, { 4, 0xFF - 1 }, { 5, 0xFFFF - 1 },
		{ 6, SIZE_MAX } };
	size_t block = sm->suite->block_len, room = 0;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t cipher;

		if (most <= others + forms[i].head)
			break;
		cipher = most - others - forms[i].head;
		if (cipher > forms[i].longest)
			cipher = forms[i].longest;
		cipher -= cipher % block;
		/* Padding takes a byte at least. */
		if (cipher > room)
			room = cipher - 1;
	}
	return room;
}

static enum emrtd_error
put_cryptogram(struct emrtd_crypto *crypto, const struct emrtd_sm *sm,
    const struct emrtd_card_sm_answer *answer, struct emrtd_out *work,
    struct emrtd_out *out)
{
	bool odd_ins = answer->odd_ins;

	emrtd_put(work, answer->data);
	emrtd_pad(work, 0, sm->suite->block_len);
	if (work->bad)
		return EMRTD_E_BUFFER;
	if ((answer->flaws & EMRTD_CARD_SM_BAD_PADDING) != 0)
		work->ptr[work->len - 1] |= 0x01; /* neither 80 nor 00 */
	emrtd_put_tlv_head(out, odd_ins ? TAG_CRYPTOGRAM_ODD : TAG_CRYPTOGRAM,
	    work->len + (odd_ins ? 0 : 1));
	if (!odd_ins)
		emrtd_put_u8(out, PADDING_INDICATOR);
	return emrtd_sm_encrypt(crypto, sm, emrtd_out_bytes(work), out);
}

enum emrtd_error
emrtd_card_sm_protect(struct emrtd_crypto *crypto, struct emrtd_sm *sm,
    const struct emrtd_card_sm_answer *answer, struct emrtd_out *work,
    struct emrtd_out *out)
{
	uint8_t mac[EMRTD_MAC_LEN];
	enum emrtd_error error;
	struct emrtd_bytes covered;

	out->len = 0;
	emrtd_sm_count(sm);
	if (answer->data.len > 0 &&
	    (answer->flaws & EMRTD_CARD_SM_NO_DATA) == 0) {
		error = put_cryptogram(crypto, sm, answer, work, out);
		if (error != EMRTD_OK)
			return error;
	}
	if ((answer->flaws & EMRTD_CARD_SM_EXTRA) != 0) {
		emrtd_put_tlv_head(out, TAG_EXTRA, 1);
		emrtd_put_u8(out, 0);
	}
	if ((answer->flaws & EMRTD_CARD_SM_NO_STATUS) == 0) {
		emrtd_put_tlv_head(out, TAG_STATUS, sizeof(answer->sw));
		emrtd_put_u16(out, answer->sw);
	}
	covered = emrtd_out_bytes(out);
	error = emrtd_sm_mac(crypto, sm, &covered, 1, mac);
	if (error != EMRTD_OK)
		return error;
	if ((answer->flaws & EMRTD_CARD_SM_NO_MAC) == 0)
		emrtd_put_tlv(out, TAG_MAC, emrtd_bytes(mac, sizeof(mac)));
	emrtd_put_u16(out, answer->sw);
	return out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
}
