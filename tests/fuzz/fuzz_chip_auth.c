/*
 * What a chip's DG14 makes us do in Chip Authentication: each offer that is
 * taken out of it can be begun, in the order of strength, and gives commands
 * that are well formed; and of the chip's answers only two are taken.
 *
 *   LENGTH answer(LENGTH) DG14
 */
#include "access/chip_auth_offers.h"
#include "core/cursor.h"
#include "core/tlv.h"
#include "core/wipe.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST_DATA (EMRTD_CHIP_AUTH_DATA_MAX)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool holds)
{
	if (!holds)
		abort();
}

/* Always the same ephemeral key. */
static enum emrtd_error
fill(void *self, uint8_t *out, size_t n)
{
	(void)self;
	memset(out, 0, n);
	out[n - 1] = 3;
	return EMRTD_OK;
}

static bool
is_in_table(const struct emrtd_chip_auth_protocol *protocol)
{
	size_t i = 0;

	while (i < emrtd_chip_auth_protocol_count() &&
	       emrtd_chip_auth_protocol_at(i) != protocol)
		i++;
	return i < emrtd_chip_auth_protocol_count();
}

/* Data objects one after the other, the first of them with this tag. */
static void
check_data(const struct emrtd_out *out, uint32_t first)
{
	struct emrtd_bytes rest = emrtd_out_bytes(out), value;
	uint32_t tag;

	check(!out->bad && emrtd_tlv_peek(&rest, &tag) && tag == first);
	while (!emrtd_end(&rest))
		check(emrtd_tlv_any(&rest, &tag, &value) && value.len > 0);
}

/* Before begin and after the end there are no commands to be had. */
static void
check_nothing_left(struct emrtd_chip_auth *ca)
{
	static const struct emrtd_chip_auth nothing;
	uint8_t buf[LONGEST_DATA];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_sm sm = { 0 };

	check(memcmp(ca, &nothing, sizeof(nothing)) == 0);
	check(emrtd_chip_auth_set_kat(ca, &out) == EMRTD_E_STATE);
	check(emrtd_chip_auth_set_at(ca, &out) == EMRTD_E_STATE);
	check(emrtd_chip_auth_authenticate(ca, &out) == EMRTD_E_STATE);
	check(
	    emrtd_chip_auth_answer(ca, emrtd_bytes(NULL, 0)) == EMRTD_E_STATE);
	check(emrtd_chip_auth_finish(ca, &sm) == EMRTD_E_STATE && !sm.live &&
	      out.len == 0);
}

/* A buffer that is too small is told, and nothing is written behind it. */
static void
check_small_buffers(const struct emrtd_chip_auth *ca)
{
	uint8_t buf[8];
	struct emrtd_out kat = emrtd_out(buf, sizeof(buf)), at = kat, ga = kat;

	check(emrtd_chip_auth_set_kat(ca, &kat) != EMRTD_OK);
	check(emrtd_chip_auth_set_at(ca, &at) == EMRTD_E_BUFFER);
	check(emrtd_chip_auth_authenticate(ca, &ga) == EMRTD_E_BUFFER);
}

static void
check_offer(struct emrtd_crypto *crypto,
    const struct emrtd_chip_auth_key *offer, struct emrtd_bytes answer)
{
	const struct emrtd_random random = { fill, NULL };
	uint8_t buf[LONGEST_DATA];
	struct emrtd_out kat = emrtd_out(buf, sizeof(buf)), at = kat, ga = kat;
	bool is_3des = offer->protocol->suite == EMRTD_3DES;
	struct emrtd_chip_auth ca;
	struct emrtd_sm sm = { 0 };
	enum emrtd_error e;

	check(offer->protocol->kind == offer->group->kind);
	check(is_in_table(offer->protocol));
	e = emrtd_chip_auth_begin(&ca, crypto, offer, &random);
	/* The generator to the third may be neutral in a group of three. */
	if (e == EMRTD_E_KEY)
		return;
	check(e == EMRTD_OK);
	check(emrtd_chip_auth_set_kat(&ca, &kat) ==
	      (is_3des ? EMRTD_OK : EMRTD_E_ARG));
	if (is_3des)
		check_data(&kat, 0x91);
	check(emrtd_chip_auth_set_at(&ca, &at) == EMRTD_OK);
	check_data(&at, 0x80);
	check(emrtd_chip_auth_authenticate(&ca, &ga) == EMRTD_OK);
	check_data(&ga, 0x7C);
	check_small_buffers(&ca);
	e = emrtd_chip_auth_answer(&ca, answer);
	if (e == EMRTD_OK) {
		/* 7C with its length in any form of BER, and empty. */
		check(answer.len == 0 || answer.ptr[0] == 0x7C);
		check(emrtd_chip_auth_finish(&ca, &sm) == EMRTD_OK && sm.live);
		emrtd_sm_end(&sm);
	} else {
		check(e == EMRTD_E_MALFORMED && answer.len > 0);
	}
	check_nothing_left(&ca);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct emrtd_crypto *crypto;
	static struct emrtd_chip_auth_offers offers;
	struct emrtd_bytes in = emrtd_bytes(data, size), answer, set;
	struct emrtd_security_infos infos;
	struct emrtd_diag diag;
	uint8_t len;

	if (crypto == NULL && emrtd_crypto_new(NULL, &crypto) != EMRTD_OK)
		abort();
	if (!emrtd_u8(&in, &len) || !emrtd_take(&in, len, &answer) ||
	    emrtd_dg14_parse(in, &diag, &set) != EMRTD_OK ||
	    emrtd_security_infos_parse(set, &diag, &infos) != EMRTD_OK)
		return 0;
	if (emrtd_chip_auth_offers_read(crypto, &infos, &diag, &offers) !=
	    EMRTD_OK) {
		check(offers.n == 0);
		return 0;
	}
	check(offers.n > 0 && offers.n <= EMRTD_CHIP_AUTH_OFFERS_MAX);
	for (size_t i = 0; i < offers.n; i++) {
		check(i == 0 || offers.offers[i].protocol->suite <=
				    offers.offers[i - 1].protocol->suite);
		check_offer(crypto, &offers.offers[i], answer);
	}
	return 0;
}
