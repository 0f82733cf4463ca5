#include "transport/isodep_select.h"

#include "core/builder.h"
#include "core/cursor.h"

#define RATS       0xE0
#define PPS        0xD0
#define PPS_PARAM  0x11 /* one parameter follows */
#define ATQB       0x50
#define ATTRIB     0x1D
#define ISO14443_4 0x01 /* of a protocol type */
#define TR2_MASK   0x06
#define TYPE_RFU   0x08

#define T0_TA   0x10
#define T0_TB   0x20
#define T0_TC   0x40
#define T0_FSCI 0x0F
#define TC_CID  0x02
#define TC_NAD  0x01

#define RATES_SAME 0x80
#define RATES_RFU  0x08

/* What counts when the chip does not say. */
#define FSCI_DEFAULT 2
#define FWI_DEFAULT  4
#define INDEX_RFU    15

static const uint16_t frame_sizes[] = { 16, 24, 32, 40, 48, 64, 96, 128, 256 };

#define N_FRAME_SIZES (sizeof(frame_sizes) / sizeof(frame_sizes[0]))

/*
 * Larger ones are sizes of later amendments, or will be: the chip takes those
 * of 256 all the same.
 */
static uint32_t
frame_size(unsigned index)
{
	return frame_sizes[index < N_FRAME_SIZES ? index : N_FRAME_SIZES - 1];
}

/* The largest size that is not larger. */
static uint8_t
frame_size_index(uint32_t size)
{
	uint8_t i = N_FRAME_SIZES - 1;

	while (i > 0 && frame_sizes[i] > size)
		i--;
	return i;
}

/* 4096 / fc times two to the power of index, rounded up; fc is 13.56 MHz. */
static uint32_t
time_us(unsigned index)
{
	return (uint32_t)((((uint64_t)4096 << index) * 100 + 1355) / 1356);
}

static uint32_t
frame_waiting_time(unsigned fwi)
{
	return time_us(fwi == INDEX_RFU ? FWI_DEFAULT : fwi);
}

static uint32_t
guard_time(unsigned sfgi)
{
	return sfgi == 0 || sfgi == INDEX_RFU ? 0 : time_us(sfgi);
}

static struct emrtd_isodep_rates
rates_of(uint8_t byte)
{
	struct emrtd_isodep_rates r = {
		.to_chip = (uint8_t)((byte & 0x07) << 1 | EMRTD_RATES_TO_106),
		.from_chip = (uint8_t)((byte >> 4 & 0x07) << 1 |
				       EMRTD_RATES_TO_106),
		.same = (byte & RATES_SAME) != 0,
	};

	if (byte & RATES_RFU)
		r = (struct emrtd_isodep_rates){ EMRTD_RATES_TO_106,
			EMRTD_RATES_TO_106, false };
	return r;
}

void
emrtd_isodep_put_rats(struct emrtd_out *out, uint32_t fsd)
{
	emrtd_put_u8(out, RATS);
	emrtd_put_u8(out, (uint8_t)(frame_size_index(fsd) << 4));
}

enum emrtd_error
emrtd_isodep_ats_parse(struct emrtd_bytes ats, uint32_t fsd,
    struct emrtd_isodep_offer *out)
{
	struct emrtd_bytes rest = ats;
	uint8_t tl, t0 = FSCI_DEFAULT;
	uint8_t ta = 0, tb = FWI_DEFAULT << 4, tc = TC_CID;

	if (!emrtd_u8(&rest, &tl) || tl != ats.len ||
	    (tl > 1 && !emrtd_u8(&rest, &t0)))
		return EMRTD_E_PROTOCOL;
	if ((t0 & T0_TA && !emrtd_u8(&rest, &ta)) ||
	    (t0 & T0_TB && !emrtd_u8(&rest, &tb)) ||
	    (t0 & T0_TC && !emrtd_u8(&rest, &tc)))
		return EMRTD_E_PROTOCOL;
	*out = (struct emrtd_isodep_offer){
		.link = {
			.fsc = frame_size(t0 & T0_FSCI),
			.fsd = frame_size(frame_size_index(fsd)),
			.fwt_us = frame_waiting_time(tb >> 4),
			.sfgt_us = guard_time(tb & 0x0F),
			.cid = (tc & TC_CID) != 0,
			.nad = (tc & TC_NAD) != 0,
		},
		.rates = rates_of(ta),
		.historical = rest,
	};
	return EMRTD_OK;
}

static enum emrtd_isodep_rate
fastest(unsigned set)
{
	enum emrtd_isodep_rate rate = EMRTD_RATE_848;

	while (rate > EMRTD_RATE_106 && !(set >> rate & 1))
		rate--;
	return rate;
}

struct emrtd_isodep_speed
emrtd_isodep_choose(const struct emrtd_isodep_rates *chip,
    const struct emrtd_isodep_rates *driver)
{
	unsigned to = chip->to_chip & driver->to_chip;
	unsigned from = chip->from_chip & driver->from_chip;
	struct emrtd_isodep_speed speed;

	if (chip->same || driver->same)
		to = from = to & from;
	speed.to_chip = fastest(to);
	speed.from_chip = fastest(from);
	return speed;
}

void
emrtd_isodep_put_pps(struct emrtd_out *out,
    const struct emrtd_isodep_speed *speed)
{
	emrtd_put_u8(out, PPS);
	emrtd_put_u8(out, PPS_PARAM);
	emrtd_put_u8(out, (uint8_t)(speed->from_chip << 2 | speed->to_chip));
}

enum emrtd_error
emrtd_isodep_pps_parse(struct emrtd_bytes answer)
{
	uint8_t pps;

	if (!emrtd_u8(&answer, &pps) || pps != PPS || !emrtd_end(&answer))
		return EMRTD_E_PROTOCOL;
	return EMRTD_OK;
}

static void
copy(uint8_t *to, size_t n, struct emrtd_bytes from)
{
	struct emrtd_out out = emrtd_out(to, n);

	emrtd_put(&out, from);
}

enum emrtd_error
emrtd_isodep_atqb_parse(struct emrtd_bytes atqb, uint32_t fsd,
    struct emrtd_isodep_offer *out)
{
	struct emrtd_bytes pupi, application, protocol;
	uint8_t first, sizes, times, guard = 0;

	if (!emrtd_u8(&atqb, &first) || first != ATQB ||
	    !emrtd_take(&atqb, sizeof(out->pupi), &pupi) ||
	    !emrtd_take(&atqb, sizeof(out->application), &application) ||
	    !emrtd_take(&atqb, sizeof(out->protocol), &protocol) ||
	    (!emrtd_end(&atqb) && !emrtd_u8(&atqb, &guard)) ||
	    !emrtd_end(&atqb))
		return EMRTD_E_PROTOCOL;
	sizes = protocol.ptr[1];
	times = protocol.ptr[2];
	if (!(sizes & ISO14443_4) || sizes & TYPE_RFU)
		return EMRTD_E_UNSUPPORTED;
	*out = (struct emrtd_isodep_offer){
		.link = {
			.fsc = frame_size(sizes >> 4),
			.fsd = frame_size(frame_size_index(fsd)),
			.fwt_us = frame_waiting_time(times >> 4),
			.sfgt_us = guard_time(guard >> 4),
			.cid = (times & 0x01) != 0,
			.nad = (times & 0x02) != 0,
		},
		.rates = rates_of(protocol.ptr[0]),
	};
	copy(out->pupi, sizeof(out->pupi), pupi);
	copy(out->application, sizeof(out->application), application);
	copy(out->protocol, sizeof(out->protocol), protocol);
	return EMRTD_OK;
}

void
emrtd_isodep_put_attrib(struct emrtd_out *out,
    const struct emrtd_isodep_offer *offer,
    const struct emrtd_isodep_speed *speed)
{
	emrtd_put_u8(out, ATTRIB);
	emrtd_put(out, emrtd_bytes(offer->pupi, sizeof(offer->pupi)));
	emrtd_put_u8(out, 0); /* guard times and framing as they are */
	emrtd_put_u8(out,
	    (uint8_t)(speed->from_chip << 6 | speed->to_chip << 4 |
		      frame_size_index(offer->link.fsd)));
	emrtd_put_u8(out,
	    (uint8_t)((offer->protocol[1] & TR2_MASK) | ISO14443_4));
	emrtd_put_u8(out, 0); /* CID */
}

enum emrtd_error
emrtd_isodep_attrib_parse(struct emrtd_bytes answer)
{
	uint8_t first;

	if (!emrtd_u8(&answer, &first) || (first & 0x0F) != 0)
		return EMRTD_E_PROTOCOL;
	return EMRTD_OK;
}
