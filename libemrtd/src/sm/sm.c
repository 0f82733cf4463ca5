#include "sm/sm.h"

#include "core/builder.h"
#include "core/diag.h"
#include "core/tlv.h"
#include "core/wipe.h"

#define CLAUSE "Doc 9303-11 9.8.4"

#define TAG_CRYPTOGRAM     0x87 /* padding indicator 01, cryptogram */
#define TAG_CRYPTOGRAM_ODD 0x85 /* cryptogram alone */
#define TAG_LE             0x97
#define TAG_STATUS         0x99
#define TAG_MAC            0x8E

#define CLA_SM     0x0C
#define PADDED     0x01
#define HEADER_LEN 4
#define MAC_OBJECT (2 + EMRTD_MAC_LEN)
#define SHORT_MAX  255

/* Doc 9303-11 9.8.4: DO'85' in commands with an odd instruction. */
static bool
is_odd(const struct emrtd_command *command)
{
	return (command->ins & 1) != 0;
}

static size_t
length_octets(size_t len)
{
	return len < 0x80 ? 1 : len < 0x100 ? 2 : 3;
}

/* The lengths of a protected command, known before anything is encrypted. */
struct plan {
	size_t value_len; /* of the cryptogram's object */
	size_t le_len;    /* of the Le object's value */
	size_t objects_len;
	bool extended;
};

static struct plan
make_plan(const struct emrtd_sm *sm, const struct emrtd_command *command)
{
	size_t block = sm->suite->block_len;
	struct plan p = { 0 };

	p.extended = command->extended || command->ne > 256 ||
		     command->data.len > SHORT_MAX;
	if (command->data.len > 0) {
		p.value_len = (command->data.len / block + 1) * block +
			      (is_odd(command) ? 0 : 1);
		p.objects_len += 1 + length_octets(p.value_len) + p.value_len;
	}
	if (command->ne > 0) {
		p.le_len = p.extended ? 2 : 1;
		p.objects_len += 2 + p.le_len;
	}
	p.objects_len += MAC_OBJECT;
	if (p.objects_len > SHORT_MAX)
		p.extended = true;
	return p;
}

static void
put_header(const struct emrtd_command *command, struct emrtd_out *out)
{
	emrtd_put_u8(out, command->cla | CLA_SM);
	emrtd_put_u8(out, command->ins);
	emrtd_put_u8(out, command->p1);
	emrtd_put_u8(out, command->p2);
}

static enum emrtd_error
put_data(struct emrtd_crypto *crypto, const struct emrtd_sm *sm,
    const struct emrtd_command *command, const struct plan *plan,
    struct emrtd_out *work, struct emrtd_out *out)
{
	size_t mark = work->len;
	enum emrtd_error error;

	if (is_odd(command)) {
		emrtd_put_tlv_head(out, TAG_CRYPTOGRAM_ODD, plan->value_len);
	} else {
		emrtd_put_tlv_head(out, TAG_CRYPTOGRAM, plan->value_len);
		emrtd_put_u8(out, PADDED);
	}
	emrtd_put(work, command->data);
	emrtd_pad(work, mark, sm->suite->block_len);
	error = work->bad ? EMRTD_E_BUFFER
			  : emrtd_sm_encrypt(crypto, sm,
				emrtd_out_since(work, mark), out);
	emrtd_out_rewind(work, mark);
	return error;
}

/* An empty list of objects leaves the header's own padding as the last. */
static enum emrtd_error
put_mac(struct emrtd_crypto *crypto, const struct emrtd_sm *sm,
    const struct emrtd_command *command, struct emrtd_bytes objects,
    struct emrtd_out *out)
{
	uint8_t buf[EMRTD_BLOCK_MAX], mac[EMRTD_MAC_LEN];
	struct emrtd_out header = emrtd_out(buf, sizeof(buf));
	struct emrtd_bytes parts[2];
	enum emrtd_error error;

	put_header(command, &header);
	if (objects.len > 0)
		emrtd_pad(&header, 0, sm->suite->block_len);
	parts[0] = emrtd_out_bytes(&header);
	parts[1] = objects;
	error = emrtd_sm_mac(crypto, sm, parts, 2, mac);
	if (error == EMRTD_OK)
		emrtd_put_tlv(out, TAG_MAC, emrtd_bytes(mac, sizeof(mac)));
	return error;
}

static enum emrtd_error
put_protected(struct emrtd_crypto *crypto, const struct emrtd_sm *sm,
    const struct emrtd_command *command, const struct plan *plan,
    struct emrtd_out *work, struct emrtd_out *out)
{
	enum emrtd_error error;
	size_t objects;

	put_header(command, out);
	if (plan->extended) {
		emrtd_put_u8(out, 0);
		emrtd_put_u16(out, (uint16_t)plan->objects_len);
	} else {
		emrtd_put_u8(out, (uint8_t)plan->objects_len);
	}
	objects = out->len;
	if (command->data.len > 0) {
		error = put_data(crypto, sm, command, plan, work, out);
		if (error != EMRTD_OK)
			return error;
	}
	if (plan->le_len > 0)
		emrtd_put_tlv_head(out, TAG_LE, plan->le_len);
	if (plan->le_len == 2)
		emrtd_put_u16(out, (uint16_t)command->ne);
	if (plan->le_len == 1)
		emrtd_put_u8(out, (uint8_t)command->ne);
	if (out->bad)
		return EMRTD_E_BUFFER;
	error = put_mac(crypto, sm, command, emrtd_out_since(out, objects),
	    out);
	if (error != EMRTD_OK)
		return error;
	emrtd_put_fill(out, 0, plan->extended ? 2 : 1);
	return out->bad ? EMRTD_E_BUFFER : EMRTD_OK;
}

enum emrtd_error
emrtd_sm_protect(struct emrtd_crypto *crypto, struct emrtd_sm *sm,
    const struct emrtd_command *command, struct emrtd_out *work,
    struct emrtd_out *out)
{
	size_t mark = out->len;
	enum emrtd_error error;
	struct plan plan;

	if (!sm->live)
		return EMRTD_E_STATE;
	if (command->ne > 65536 || command->data.len > 65535)
		return EMRTD_E_ARG;
	plan = make_plan(sm, command);
	if (plan.objects_len > 65535)
		return EMRTD_E_ARG;
	emrtd_sm_count(sm);
	error = put_protected(crypto, sm, command, &plan, work, out);
	if (error != EMRTD_OK) {
		emrtd_out_rewind(out, mark);
		emrtd_sm_end(sm);
	}
	return error;
}

/* Views into a protected response. */
struct objects {
	struct emrtd_bytes cryptogram;
	struct emrtd_bytes signed_parts[2]; /* as received */
	struct emrtd_bytes mac;
	uint16_t sw;
};

/* The cryptogram out of DO'87' or DO'85', if there is one. */
static bool
take_cryptogram(struct emrtd_bytes *in, uint32_t want, size_t block_len,
    struct objects *o)
{
	struct emrtd_bytes value;
	uint32_t tag;
	uint8_t indicator;

	o->cryptogram = emrtd_bytes(NULL, 0);
	o->signed_parts[0] = emrtd_bytes(NULL, 0);
	if (!emrtd_tlv_peek(in, &tag) || tag != want)
		return true;
	if (!emrtd_tlv_whole(in, &tag, &value, &o->signed_parts[0]))
		return false;
	if (want == TAG_CRYPTOGRAM &&
	    (!emrtd_u8(&value, &indicator) || indicator != PADDED))
		return false;
	o->cryptogram = value;
	return value.len > 0 && value.len % block_len == 0;
}

static bool
take_objects(struct emrtd_bytes in, bool odd_ins, size_t block_len,
    struct objects *o)
{
	uint32_t want = odd_ins ? TAG_CRYPTOGRAM_ODD : TAG_CRYPTOGRAM;
	struct emrtd_bytes status;
	uint32_t tag;

	return take_cryptogram(&in, want, block_len, o) &&
	       emrtd_tlv_whole(&in, &tag, &status, &o->signed_parts[1]) &&
	       tag == TAG_STATUS && emrtd_u16(&status, &o->sw) &&
	       emrtd_end(&status) && emrtd_tlv(&in, TAG_MAC, &o->mac) &&
	       o->mac.len == EMRTD_MAC_LEN && emrtd_end(&in);
}

/*
 * An answer that does not even begin like a protected one: a bare status word
 * (6987, 6988), or data in the clear.
 */
static bool
is_plain(struct emrtd_bytes data)
{
	uint32_t tag;

	return !emrtd_tlv_peek(&data, &tag) ||
	       (tag != TAG_CRYPTOGRAM && tag != TAG_CRYPTOGRAM_ODD &&
		   tag != TAG_STATUS && tag != TAG_MAC);
}

static enum emrtd_error
open_cryptogram(struct emrtd_crypto *crypto, const struct emrtd_sm *sm,
    struct emrtd_bytes cryptogram, struct emrtd_out *out)
{
	size_t mark = out->len, len;
	enum emrtd_error error;

	if (cryptogram.len == 0)
		return EMRTD_OK;
	error = emrtd_sm_decrypt(crypto, sm, cryptogram, out);
	if (error != EMRTD_OK)
		return error;
	if (!emrtd_unpad(emrtd_out_since(out, mark), sm->suite->block_len,
		&len)) {
		emrtd_out_rewind(out, mark);
		return EMRTD_E_PADDING;
	}
	emrtd_out_rewind(out, mark + len);
	return EMRTD_OK;
}

static enum emrtd_error
open_response(struct emrtd_crypto *crypto, const struct emrtd_sm *sm,
    const struct emrtd_response *response, bool odd_ins, struct emrtd_out *out,
    uint16_t *sw)
{
	uint8_t mac[EMRTD_MAC_LEN];
	enum emrtd_error error;
	struct objects o;

	if (is_plain(response->data))
		return EMRTD_E_SM_PLAIN;
	if (!take_objects(response->data, odd_ins, sm->suite->block_len, &o))
		return EMRTD_E_SM_FORMAT;
	error = emrtd_sm_mac(crypto, sm, o.signed_parts, 2, mac);
	if (error == EMRTD_OK &&
	    !emrtd_const_equal(o.mac.ptr, mac, EMRTD_MAC_LEN))
		error = EMRTD_E_MAC;
	emrtd_wipe(mac, sizeof(mac));
	if (error != EMRTD_OK)
		return error;
	/* Only the inner word is under the MAC; a different one outside means
	 * that somebody between chip and reader changed it. */
	if (o.sw != response->sw)
		return EMRTD_E_SM_FORMAT;
	*sw = o.sw;
	return open_cryptogram(crypto, sm, o.cryptogram, out);
}

enum emrtd_error
emrtd_sm_unprotect(struct emrtd_crypto *crypto, struct emrtd_sm *sm,
    struct emrtd_bytes response, bool odd_ins, struct emrtd_diag *diag,
    struct emrtd_out *out, uint16_t *sw)
{
	struct emrtd_response r;
	enum emrtd_error error;

	if (!sm->live)
		return emrtd_fail(diag, EMRTD_E_STATE, "unprotecting", CLAUSE);
	emrtd_sm_count(sm);
	error = emrtd_response_parse(response, &r);
	if (error != EMRTD_OK) {
		emrtd_sm_end(sm);
		return emrtd_fail(diag, EMRTD_E_SM_FORMAT, "unprotecting",
		    CLAUSE);
	}
	error = open_response(crypto, sm, &r, odd_ins, out, sw);
	if (error != EMRTD_OK) {
		emrtd_sm_end(sm);
		error = emrtd_fail(diag, error, "unprotecting", CLAUSE);
		emrtd_diag_sw(diag, r.sw);
	}
	return error;
}
