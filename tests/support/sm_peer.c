#include "sm_peer.h"

#include "core/builder.h"
#include "core/tlv.h"
#include "core/wipe.h"
#include "emrtd_test.h"

void
sm_peer_init(struct sm_peer *peer, struct emrtd_crypto *crypto,
    enum emrtd_suite_id suite, struct emrtd_sm *reader)
{
	uint8_t enc[EMRTD_KEY_MAX], mac[EMRTD_KEY_MAX];

	for (size_t i = 0; i < EMRTD_KEY_MAX; i++) {
		enc[i] = (uint8_t)(i + 1);
		mac[i] = (uint8_t)(0x80 + i);
	}
	peer->crypto = crypto;
	peer->n_commands = 0;
	emrtd_sm_init(&peer->sm, emrtd_suite(suite), enc, mac, NULL);
	emrtd_sm_init(reader, emrtd_suite(suite), enc, mac, NULL);
}

static void
open_data(struct sm_peer *peer, struct emrtd_bytes cryptogram,
    struct emrtd_out *data)
{
	uint8_t buf[1024];
	struct emrtd_out plain = emrtd_out(buf, sizeof(buf));
	size_t len;

	assert_ok(
	    emrtd_sm_decrypt(peer->crypto, &peer->sm, cryptogram, &plain));
	assert_true(emrtd_unpad(emrtd_out_bytes(&plain),
	    peer->sm.suite->block_len, &len));
	emrtd_put(data, emrtd_bytes(buf, len));
}

void
sm_peer_open(struct sm_peer *peer, struct emrtd_bytes command,
    struct emrtd_out *data)
{
	struct emrtd_bytes in, value, parts[2];
	struct emrtd_command outer;
	uint8_t head[EMRTD_BLOCK_MAX], mac[EMRTD_MAC_LEN], indicator;
	struct emrtd_out header = emrtd_out(head, sizeof(head));
	uint32_t tag;

	peer->n_commands++;
	emrtd_sm_count(&peer->sm);
	assert_ok(emrtd_command_decode(command, &outer));
	assert_int_equal(outer.cla & 0x0C, 0x0C);
	emrtd_put(&header, emrtd_bytes(command.ptr, 4));
	in = outer.data;
	parts[1] = in;
	while (emrtd_tlv_peek(&in, &tag) && tag != 0x8E) {
		assert_true(emrtd_tlv_any(&in, &tag, &value));
		if (tag == 0x87)
			assert_true(emrtd_u8(&value, &indicator));
		if (tag == 0x87 || tag == 0x85)
			open_data(peer, value, data);
	}
	parts[1].len -= in.len;
	if (parts[1].len)
		emrtd_pad(&header, 0, peer->sm.suite->block_len);
	parts[0] = emrtd_out_bytes(&header);
	assert_true(emrtd_tlv(&in, 0x8E, &value));
	assert_true(emrtd_end(&in));
	assert_ok(emrtd_sm_mac(peer->crypto, &peer->sm, parts, 2, mac));
	assert_bytes(value, emrtd_bytes(mac, sizeof(mac)));
}

void
sm_peer_answer(struct sm_peer *peer, struct emrtd_bytes data, uint16_t sw,
    struct emrtd_out *response)
{
	static uint8_t padded_buf[70000], objects_buf[70000];
	struct emrtd_out padded = emrtd_out(padded_buf, sizeof(padded_buf));
	struct emrtd_out objects = emrtd_out(objects_buf, sizeof(objects_buf));
	struct emrtd_bytes part;
	uint8_t mac[EMRTD_MAC_LEN];
	size_t mark;

	emrtd_sm_count(&peer->sm);
	if (data.len) {
		emrtd_put(&padded, data);
		emrtd_pad(&padded, 0, peer->sm.suite->block_len);
		mark = emrtd_open(&objects, 0x87);
		emrtd_put_u8(&objects, 1);
		assert_ok(emrtd_sm_encrypt(peer->crypto, &peer->sm,
		    emrtd_out_bytes(&padded), &objects));
		emrtd_close(&objects, mark);
	}
	emrtd_put_tlv_head(&objects, 0x99, 2);
	emrtd_put_u16(&objects, sw);
	part = emrtd_out_bytes(&objects);
	assert_ok(emrtd_sm_mac(peer->crypto, &peer->sm, &part, 1, mac));
	emrtd_put_tlv(&objects, 0x8E, emrtd_bytes(mac, sizeof(mac)));
	emrtd_put(response, emrtd_out_bytes(&objects));
	emrtd_put_u16(response, sw);
}
