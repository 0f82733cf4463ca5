/*
 * Rows that need a chip: the project's virtual passport, its own misbehaviour,
 * or another EF.ATR/INFO on the way.
 *
 *	misbehave SWITCH    of emrtd-sim
 *	atr BYTES           EF.ATR/INFO as it is read
 */
#include "shop.h"

#include "core/builder.h"
#include "pki/pem.h"
#include "shop_keys.h"
#include "test.h"
#include "virtual_read.h"

#include <stdio.h>
#include <string.h>

#define READ_ATR_INFO 0x81 /* READ BINARY by the short identifier 1 */

static struct emrtd_bytes atr_info;
static bool atr_info_asked;

/* In the clear, before anything is opened: there it is no DG1. */
static void
exchange_atr_info(struct emrtd_bytes command, struct emrtd_out *response)
{
	if (command.len < 4 || command.ptr[0] != 0x00 ||
	    command.ptr[1] != 0xB0 || command.ptr[2] != READ_ATR_INFO)
		return;
	atr_info_asked = true;
	response->len = 0;
	emrtd_put(response, atr_info);
	emrtd_put_u16(response, 0x9000);
	assert_false(response->bad);
}

static void
set_cam(struct virtual_read *v)
{
	v->profile.pace[0].oid = "0.4.0.127.0.7.2.2.4.2.2";
	v->profile.pace[0].parameter_id = 13;
	v->profile.pace[1].oid = "0.4.0.127.0.7.2.2.4.6.2";
	v->profile.pace[1].parameter_id = 13;
	v->profile.n_pace = 2;
}

/* The passport's state, which has a revocation list, too. */
struct state {
	uint8_t key[2000], pem[8000], der[6000];
	struct der_node *certificate;
	const char *name; /* of the key */
};

static struct emrtd_bytes
of_state(void *self, const char *name)
{
	struct state *state = self;
	struct der_node **node;

	if (strcmp(name, "kid") == 0)
		return shop_key_id(state->name);
	assert_string_equal(name, "subject");
	node = der_find(&state->certificate, "0/5");
	assert_non_null(node);
	return der_encode(*node);
}

static struct emrtd_bytes
make_list(struct state *state)
{
	const struct der_names names = { NULL, of_state, state };
	struct emrtd_bytes signature, tbs;
	struct der_node *list;
	struct der_buf bits = { 0 };

	list = der_text_node("(30 (30 (02 01) (30 .1.2.840.10045.4.3.3) "
			     "=subject (17 '260515000000Z') (17 "
			     "'260801000000Z') (A0 (30 (30 .2.5.29.35 (04 (30 "
			     "(80 =kid)))) (30 .2.5.29.20 (04 (02 01)))))) (30 "
			     ".1.2.840.10045.4.3.3) (03 00))",
	    &names);
	tbs = der_encode(list->child);
	signature = shop_sign("ecdsa-sha384", state->name, tbs);
	der_put(&bits, "\0", 1);
	der_put(&bits, signature.ptr, signature.len);
	(*der_find(&list, "2"))->head = der_bytes(&bits);
	return der_encode(list);
}

/* A CSCA of which the test holds the key. */
static void
make_state(struct virtual_read *v, struct state *state)
{
	static unsigned n;
	struct emrtd_out key = emrtd_out(state->key, sizeof(state->key));
	struct emrtd_out pem = emrtd_out(state->pem, sizeof(state->pem));
	struct emrtd_out der = emrtd_out(state->der, sizeof(state->der));
	struct emrtd_bytes text;
	char *name = der_alloc(40);

	assert_int_equal(emrtd_card_new_csca(&v->profile, NULL, &key, &pem),
	    EMRTD_OK);
	v->profile.csca_key_pem = emrtd_out_bytes(&key);
	v->profile.csca_certificate = emrtd_out_bytes(&pem);
	(void)snprintf(name, 40, "virtual:%u", n++);
	shop_key_adopt(name, emrtd_out_bytes(&key));
	state->name = name;
	text = emrtd_out_bytes(&pem);
	assert_int_equal(emrtd_pem_next(&text, &der), EMRTD_OK);
	state->certificate = der_parse(emrtd_out_bytes(&der));
	v->list = make_list(state);
}

void
shop_read_chip(const char *base, const char *edits, enum emrtd_policy policy,
    struct shop_outcome *out)
{
	struct emrtd_result *result;
	static struct state state;
	struct virtual_read v;

	virtual_read_init(&v);
	make_state(&v, &state);
	v.policy = policy;
	v.extended_link = true;
	if (strcmp(base, "chip-cam") == 0)
		set_cam(&v);
	atr_info_asked = true;
	if (strncmp(edits, "misbehave ", 10) == 0) {
		virtual_misbehave(&v, edits + 10);
	} else if (strncmp(edits, "atr ", 4) == 0) {
		atr_info = der_text(edits + 4, NULL);
		atr_info_asked = false;
		v.meddle = exchange_atr_info;
	} else {
		fail_msg("nothing that a chip can do: %s", edits);
	}
	(void)virtual_run(&v, &result, NULL);
	/* Else the row says nothing. */
	assert_true(atr_info_asked);
	shop_tell(result, true, out);
	emrtd_result_free(&result);
}
