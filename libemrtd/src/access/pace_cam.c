/*
 * Chip Authentication Mapping, Doc 9303-11 4.4.3.5: what proves the chip. In a
 * file of its own beside the steps of PACE, which it never makes fail.
 */
#include "access/pace.h"
#include "core/builder.h"
#include "core/wipe.h"

#include <string.h>

/* IV = E(K_enc, FF .. FF). */
static enum emrtd_error
open_data(const struct emrtd_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes data, struct emrtd_out *plain)
{
	uint8_t ones[EMRTD_BLOCK_MAX], iv[EMRTD_BLOCK_MAX];
	size_t block = pace->suite->block_len, len;
	enum emrtd_error error;

	if (data.len == 0 || data.len % block != 0 || data.len > plain->cap)
		return EMRTD_E_MALFORMED;
	memset(ones, 0xFF, sizeof(ones));
	error = emrtd_encrypt_block(crypto, pace->suite, pace->k_enc, ones, iv);
	if (error == EMRTD_OK)
		error = emrtd_cbc_decrypt(crypto, pace->suite, pace->k_enc, iv,
		    data, plain);
	emrtd_wipe(iv, sizeof(iv));
	if (error != EMRTD_OK)
		return error;
	if (!emrtd_unpad(emrtd_out_bytes(plain), block, &len))
		return EMRTD_E_PADDING;
	plain->len = len;
	return EMRTD_OK;
}

/*
 * FE2OS asks for the full length of the order. A number that a chip has
 * written without its leading zeros is the same number.
 */
void
emrtd_pace_cam_open(const struct emrtd_pace *pace, struct emrtd_crypto *crypto,
    struct emrtd_bytes data, struct emrtd_pace_cam *cam)
{
	uint8_t buf[EMRTD_FIELD_MAX + EMRTD_BLOCK_MAX];
	struct emrtd_out plain = emrtd_out(buf, sizeof(buf));
	size_t order_len = pace->group->order_len;

	emrtd_wipe(cam, sizeof(*cam));
	cam->group = pace->group;
	cam->map_public_ic = pace->map_peer;
	cam->error = open_data(pace, crypto, data, &plain);
	if (cam->error == EMRTD_OK && (plain.len == 0 || plain.len > order_len))
		cam->error = EMRTD_E_MALFORMED;
	if (cam->error == EMRTD_OK) {
		memcpy(cam->data + order_len - plain.len, buf, plain.len);
		cam->len = order_len;
	}
	emrtd_wipe(buf, sizeof(buf));
}

enum emrtd_error
emrtd_pace_cam_verify(struct emrtd_crypto *crypto,
    const struct emrtd_pace_cam *cam, const struct emrtd_group *group,
    const struct emrtd_element *chip_key)
{
	const struct emrtd_element *want = &cam->map_public_ic;
	struct emrtd_bytes key = { chip_key->bytes, chip_key->len };
	struct emrtd_element got;
	enum emrtd_error error;

	if (cam->group == NULL)
		return EMRTD_E_STATE;
	if (group->id != cam->group->id ||
	    emrtd_group_check(crypto, cam->group, key) != EMRTD_OK)
		return EMRTD_E_KEY;
	if (cam->len == 0)
		return cam->error == EMRTD_OK ? EMRTD_E_MALFORMED : cam->error;
	error = emrtd_group_agree(crypto, cam->group, cam->data, key, &got);
	/* The key is sound: what makes no element is the chip's number. */
	if (error == EMRTD_E_KEY)
		return EMRTD_E_TOKEN;
	if (error == EMRTD_OK &&
	    (got.len != want->len ||
		!emrtd_const_equal(got.bytes, want->bytes, want->len)))
		error = EMRTD_E_TOKEN;
	emrtd_wipe(&got, sizeof(got));
	return error;
}
