/*
 * Rows that need a chip: the project's virtual passport, its own misbehaviour,
 * or another EF.ATR/INFO on the way.
 *
 *	misbehave SWITCH    of emrtd-sim
 *	atr BYTES           EF.ATR/INFO as it is read
 */
#include "shop.h"

#include "core/builder.h"
#include "test.h"
#include "virtual_read.h"

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

void
shop_read_chip(const char *base, const char *edits, enum emrtd_policy policy,
    struct shop_outcome *out)
{
	struct emrtd_result *result;
	struct virtual_read v;

	virtual_read_init(&v);
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
