/*
 * A hostile chip's answers to PACE: the first byte chooses the protocol, the
 * second the group, then come up to four answers, each after its length in
 * two bytes. Linked with open_mac.c, so that every token is right.
 */
#include "access/pace.h"
#include "core/cursor.h"

#include <stdlib.h>
#include <string.h>

#define CAP 2048

static struct emrtd_crypto *crypto;

static void
require(bool condition)
{
	if (!condition)
		abort();
}

/* Below every order. */
static enum emrtd_error
fill(void *self, uint8_t *buf, size_t len)
{
	(void)self;
	memset(buf, 1, len);
	return EMRTD_OK;
}

static enum emrtd_error
step(struct emrtd_pace *pace, unsigned n, struct emrtd_bytes answer,
    struct emrtd_diag *diag, struct emrtd_out *out)
{
	static const struct emrtd_random random = { fill, NULL };

	switch (n) {
	case 0:
		return emrtd_pace_map(pace, crypto, answer, &random, diag, out);
	case 1:
		return emrtd_pace_agree(pace, crypto, answer, &random, diag,
		    out);
	default:
		return emrtd_pace_authenticate(pace, crypto, answer, diag, out);
	}
}

static void
check_over(const struct emrtd_pace *pace, const struct emrtd_diag *diag,
    enum emrtd_error error)
{
	static const struct emrtd_pace nothing;

	require(diag->error == error);
	require(memcmp(pace, &nothing, sizeof(nothing)) == 0);
}

/* The chip's proof is checked with a key that is surely not its own. */
static void
check_end(const struct emrtd_pace *pace, struct emrtd_bytes answer)
{
	struct emrtd_pace copy = *pace;
	struct emrtd_pace_cam cam;
	struct emrtd_diag diag;
	struct emrtd_sm sm = { 0 };
	enum emrtd_error error;

	emrtd_diag_init(&diag);
	error = emrtd_pace_finish(&copy, crypto, answer, &diag, &sm, &cam);
	if (error != EMRTD_OK) {
		check_over(&copy, &diag, error);
		require(!sm.live);
		return;
	}
	require(sm.live);
	require(
	    (cam.group != NULL) == (pace->protocol->mapping == EMRTD_PACE_CAM));
	require(cam.group == NULL || cam.len == 0 ||
		cam.len == pace->group->order_len);
	if (cam.group == NULL)
		return;
	/*
	 * Nobody meets the padding under a key that comes out of the group:
	 * some number in its place. Secret comparisons say yes here, so it must
	 * only come to an end.
	 */
	(void)!emrtd_pace_cam_verify(crypto, &cam, pace->group,
	    &pace->generator);
	memset(cam.data, 1, pace->group->order_len);
	cam.len = pace->group->order_len;
	require(emrtd_pace_cam_verify(crypto, &cam, pace->group,
		    &pace->generator) == EMRTD_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emrtd_bytes in = { data, size }, answer;
	struct emrtd_password password;
	struct emrtd_pace pace;
	struct emrtd_diag diag;
	uint8_t buf[CAP], which, group;
	uint16_t len;

	if (crypto == NULL && emrtd_crypto_new(NULL, &crypto) != EMRTD_OK)
		abort();
	require(emrtd_password_can("123456", 6, &password) == EMRTD_OK);
	if (!emrtd_u8(&in, &which) || !emrtd_u8(&in, &group))
		return 0;
	if (emrtd_pace_begin(&pace, crypto,
		emrtd_pace_protocol_at(which % emrtd_pace_protocol_count()),
		emrtd_group_at(group % emrtd_group_count()), false,
		&password) != EMRTD_OK)
		return 0;
	pace.send_parameter_id = (which & 0x80) != 0;
	for (unsigned n = 0; n <= 3; n++) {
		struct emrtd_out out = emrtd_out(buf, sizeof(buf));
		enum emrtd_error error;

		if (n == 0) {
			require(emrtd_pace_set_at(&pace, &out) == EMRTD_OK);
			out.len = 0;
			require(emrtd_pace_get_nonce(&pace, &out) == EMRTD_OK);
			out.len = 0;
		}
		if (!emrtd_u16(&in, &len) || !emrtd_take(&in, len, &answer))
			answer = emrtd_bytes(NULL, 0);
		if (n == 3) {
			check_end(&pace, answer);
			break;
		}
		emrtd_diag_init(&diag);
		error = step(&pace, n, answer, &diag, &out);
		if (error != EMRTD_OK) {
			check_over(&pace, &diag, error);
			return 0;
		}
	}
	emrtd_pace_wipe(&pace);
	return 0;
}
