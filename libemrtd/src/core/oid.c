#include "core/oid.h"

#include "core/builder.h"

#include <string.h>

#define MAX_CONTENT 64

static bool
take_arc(struct emrtd_bytes *in, uint32_t *out)
{
	struct emrtd_bytes rest = *in;
	uint32_t v = 0;
	uint8_t b;

	do {
		if (v > UINT32_MAX >> 7 || !emrtd_u8(&rest, &b))
			return false;
		if (v == 0 && b == 0x80)
			return false; /* X.690 8.19.2: no leading zeros */
		v = v << 7 | (b & 0x7F);
	} while ((b & 0x80) != 0);
	*in = rest;
	*out = v;
	return true;
}

/* One decimal number up to the next dot or the end. */
static uint32_t
next_arc(const char **dotted)
{
	uint32_t v = 0;

	while (**dotted >= '0' && **dotted <= '9')
		v = v * 10 + (uint32_t)(*(*dotted)++ - '0');
	if (**dotted == '.')
		(*dotted)++;
	return v;
}

static void
put_arc(struct emrtd_out *out, uint32_t v)
{
	int shift = 28;

	while (shift > 0 && v >> shift == 0)
		shift -= 7;
	for (; shift > 0; shift -= 7)
		emrtd_put_u8(out, (uint8_t)(0x80 | (v >> shift & 0x7F)));
	emrtd_put_u8(out, (uint8_t)(v & 0x7F));
}

static void
put_content(struct emrtd_out *out, const char *dotted)
{
	uint32_t first = next_arc(&dotted);

	put_arc(out, first * 40 + next_arc(&dotted));
	while (*dotted != '\0')
		put_arc(out, next_arc(&dotted));
}

/* Arc by arc: most of those that are asked for differ soon. */
bool
emrtd_oid_is(struct emrtd_bytes content, const char *dotted)
{
	uint32_t first = next_arc(&dotted), want, arc;

	want = first * 40 + next_arc(&dotted);
	for (;;) {
		if (!take_arc(&content, &arc) || arc != want)
			return false;
		if (*dotted == '\0')
			return emrtd_end(&content);
		want = next_arc(&dotted);
	}
}

bool
emrtd_oid_below(struct emrtd_bytes content, const char *dotted)
{
	uint8_t buf[MAX_CONTENT];
	struct emrtd_out want = emrtd_out(buf, sizeof(buf));
	struct emrtd_bytes head;

	put_content(&want, dotted);
	return !want.bad && emrtd_take(&content, want.len, &head) &&
	       emrtd_bytes_equal(head, emrtd_out_bytes(&want));
}

static void
put_decimal(struct emrtd_out *out, uint32_t v)
{
	char digits[10];
	size_t n = 0;

	do {
		digits[n++] = (char)('0' + v % 10);
		v /= 10;
	} while (v != 0);
	while (n > 0)
		emrtd_put_u8(out, (uint8_t)digits[--n]);
}

void
emrtd_oid_text(struct emrtd_bytes content, char text[EMRTD_OID_TEXT_CAP])
{
	struct emrtd_out out = emrtd_out((uint8_t *)text, EMRTD_OID_TEXT_CAP);
	struct emrtd_bytes rest = content;
	uint32_t arc, first;

	if (!take_arc(&rest, &arc))
		goto bad;
	first = arc < 80 ? arc / 40 : 2;
	put_decimal(&out, first);
	emrtd_put_u8(&out, '.');
	put_decimal(&out, arc - first * 40);
	while (!emrtd_end(&rest)) {
		if (!take_arc(&rest, &arc))
			goto bad;
		emrtd_put_u8(&out, '.');
		put_decimal(&out, arc);
	}
	emrtd_put_u8(&out, '\0');
	if (!out.bad)
		return;
bad:
	memcpy(text, "?", 2);
}

void
emrtd_put_oid_as(struct emrtd_out *out, uint32_t tag, const char *dotted)
{
	size_t mark = emrtd_open(out, tag);

	put_content(out, dotted);
	emrtd_close(out, mark);
}

void
emrtd_put_oid(struct emrtd_out *out, const char *dotted)
{
	emrtd_put_oid_as(out, 0x06, dotted);
}
