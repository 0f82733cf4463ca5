/*
 * name.c - distinguished names: issuers write the same name in other string
 * types, other case and other order from one certificate to the next.
 */
#include "core/builder.h"
#include "core/oid.h"
#include "core/tlv.h"
#include "pki/certificate.h"

#include <string.h>

#define TAG_SEQUENCE  0x30
#define TAG_SET       0x31
#define TAG_OID       0x06
#define TAG_UTF8      0x0C
#define TAG_PRINTABLE 0x13
#define TAG_T61       0x14
#define TAG_IA5       0x16
#define TAG_VISIBLE   0x1A
#define TAG_UNIVERSAL 0x1C
#define TAG_BMP       0x1E

/* Attributes of one name; a bit set holds which are matched. */
#define ATTRIBUTES_MAX 32

#define OID_COUNTRY "2.5.4.6"

struct attribute {
	struct emrtd_bytes oid;
	uint32_t tag;
	struct emrtd_bytes value;
};

/* Walks the attributes of a Name, over the borders of its sets. */
struct walk {
	struct emrtd_bytes sets, set;
	bool bad;
};

static bool
walk_start(struct emrtd_bytes name, struct walk *out)
{
	out->set = emrtd_bytes(NULL, 0);
	out->bad = !emrtd_tlv(&name, TAG_SEQUENCE, &out->sets);
	return !out->bad;
}

/* False at the end, and with 'bad' where the name is malformed. */
static bool
walk_next(struct walk *w, struct attribute *out)
{
	struct emrtd_bytes pair;

	while (emrtd_end(&w->set)) {
		if (emrtd_end(&w->sets))
			return false;
		if (!emrtd_tlv(&w->sets, TAG_SET, &w->set)) {
			w->bad = true;
			return false;
		}
	}
	w->bad = !emrtd_tlv(&w->set, TAG_SEQUENCE, &pair) ||
		 !emrtd_tlv(&pair, TAG_OID, &out->oid) ||
		 !emrtd_tlv_any(&pair, &out->tag, &out->value) ||
		 !emrtd_end(&pair);
	return !w->bad;
}

static size_t
unit_len(uint32_t tag)
{
	switch (tag) {
	case TAG_UNIVERSAL:
		return 4;
	case TAG_BMP:
		return 2;
	case TAG_UTF8:
	case TAG_PRINTABLE:
	case TAG_T61:
	case TAG_IA5:
	case TAG_VISIBLE:
		return 1;
	default:
		return 0; /* no text */
	}
}

/* The bytes that follow the first of a UTF-8 sequence; 4 when it is none. */
static unsigned
utf8_more(uint8_t first)
{
	if (first < 0x80)
		return 0;
	if (first >= 0xC2 && first < 0xE0)
		return 1;
	if (first >= 0xE0 && first < 0xF0)
		return 2;
	return first >= 0xF0 && first < 0xF5 ? 3 : 4;
}

/* What is no UTF-8 is read as Latin-1, like the other one-byte types. */
static bool
next_utf8(struct emrtd_bytes *in, uint32_t *out)
{
	struct emrtd_bytes rest;
	unsigned more;
	uint32_t c;
	uint8_t b;

	if (!emrtd_u8(in, &b))
		return false;
	*out = b;
	more = utf8_more(b);
	if (more == 0 || more > 3)
		return true;
	c = b & (0x3Fu >> more);
	rest = *in;
	for (unsigned i = 0; i < more; i++) {
		if (!emrtd_u8(&rest, &b) || (b & 0xC0) != 0x80)
			return true;
		c = c << 6 | (b & 0x3Fu);
	}
	*in = rest;
	*out = c;
	return true;
}

/* The next character as a code point. */
static bool
next_char(uint32_t tag, struct emrtd_bytes *in, uint32_t *out)
{
	uint16_t u16;
	uint8_t u8;

	if (tag == TAG_UTF8)
		return next_utf8(in, out);
	if (unit_len(tag) == 4)
		return emrtd_u32(in, out);
	if (unit_len(tag) == 2) {
		if (!emrtd_u16(in, &u16))
			return false;
		*out = u16;
		return true;
	}
	if (!emrtd_u8(in, &u8))
		return false;
	*out = u8;
	return true;
}

/* Characters without blanks at the ends, runs of blanks as one, upper case. */
struct folded {
	uint32_t tag;
	struct emrtd_bytes rest;
	bool started;
	uint32_t held; /* the character after a blank; 0 if none */
};

static bool
next_folded(struct folded *f, uint32_t *out)
{
	bool blank = false;
	uint32_t c;

	if (f->held != 0) {
		*out = f->held;
		f->held = 0;
		return true;
	}
	do {
		if (!next_char(f->tag, &f->rest, &c))
			return false; /* blanks at the end are dropped */
		blank = blank || c == ' ';
	} while (c == ' ');
	if (c >= 'a' && c <= 'z')
		c -= 'a' - 'A';
	*out = c;
	if (blank && f->started) {
		f->held = c;
		*out = ' ';
	}
	f->started = true;
	return true;
}

static bool
text_equal(const struct attribute *a, const struct attribute *b)
{
	struct folded fa = { a->tag, a->value, false, 0 };
	struct folded fb = { b->tag, b->value, false, 0 };
	uint32_t ca = 0, cb = 0;
	bool more;

	do {
		more = next_folded(&fa, &ca);
		if (next_folded(&fb, &cb) != more || (more && ca != cb))
			return false;
	} while (more);
	return true;
}

static bool
attribute_equal(const struct attribute *a, const struct attribute *b)
{
	if (!emrtd_bytes_equal(a->oid, b->oid))
		return false;
	if (unit_len(a->tag) > 0 && unit_len(b->tag) > 0)
		return text_equal(a, b);
	return a->tag == b->tag && emrtd_bytes_equal(a->value, b->value);
}

/* All attributes; false when the name is malformed or has too many. */
static bool
collect(struct emrtd_bytes name, struct attribute *out, size_t *n)
{
	struct walk w;

	*n = 0;
	if (!walk_start(name, &w))
		return false;
	while (*n < ATTRIBUTES_MAX && walk_next(&w, &out[*n]))
		(*n)++;
	return !w.bad && emrtd_end(&w.set) && emrtd_end(&w.sets);
}

bool
emrtd_name_equal(struct emrtd_bytes a, struct emrtd_bytes b)
{
	struct attribute as[ATTRIBUTES_MAX], bs[ATTRIBUTES_MAX];
	uint32_t used = 0;
	size_t na, nb;

	if (emrtd_bytes_equal(a, b))
		return true;
	if (!collect(a, as, &na) || !collect(b, bs, &nb) || na != nb)
		return false;
	for (size_t i = 0; i < na; i++) {
		size_t k = 0;

		while (k < nb && ((used & 1u << k) != 0 ||
				     !attribute_equal(&as[i], &bs[k])))
			k++;
		if (k == nb)
			return false;
		used |= 1u << k;
	}
	return true;
}

/* FNV-1a, over units of any size. */
#define HASH_START UINT64_C(0xCBF29CE484222325)

static uint64_t
hash_step(uint64_t hash, uint32_t unit)
{
	return (hash ^ unit) * UINT64_C(0x100000001B3);
}

static uint64_t
hash_bytes(uint64_t hash, struct emrtd_bytes bytes)
{
	uint8_t byte;

	while (emrtd_u8(&bytes, &byte))
		hash = hash_step(hash, byte);
	return hash;
}

uint64_t
emrtd_bytes_hash(struct emrtd_bytes bytes)
{
	uint64_t hash = hash_bytes(HASH_START, bytes);

	return hash ^ hash >> 32; /* tables take the low bits */
}

static uint64_t
attribute_hash(const struct attribute *attribute)
{
	struct folded text = { attribute->tag, attribute->value, false, 0 };
	uint64_t hash = hash_bytes(HASH_START, attribute->oid);
	uint32_t c;

	if (unit_len(attribute->tag) == 0)
		return hash_bytes(hash_step(hash, attribute->tag),
		    attribute->value);
	while (next_folded(&text, &c))
		hash = hash_step(hash, c);
	return hash;
}

/* A sum, because the order of the attributes does not count. */
uint64_t
emrtd_name_hash(struct emrtd_bytes name)
{
	struct attribute attributes[ATTRIBUTES_MAX];
	uint64_t hash = 0;
	size_t n;

	if (!collect(name, attributes, &n))
		return emrtd_bytes_hash(name);
	for (size_t i = 0; i < n; i++)
		hash += attribute_hash(&attributes[i]);
	return hash ^ hash >> 32;
}

/* One to three letters, upper case; else false. */
static bool
code_of(const struct attribute *attribute, char out[4])
{
	struct emrtd_bytes rest = attribute->value;
	size_t n = 0;
	uint32_t c;

	if (unit_len(attribute->tag) == 0)
		return false;
	while (next_char(attribute->tag, &rest, &c)) {
		if (c >= 'a' && c <= 'z')
			c -= 'a' - 'A';
		if (c < 'A' || c > 'Z' || n == 3)
			return false;
		out[n++] = (char)c;
	}
	out[n] = '\0';
	return n > 0;
}

void
emrtd_name_code(struct emrtd_bytes name, const char *oid, char out[4])
{
	struct attribute attribute;
	struct walk w;
	char found[4];

	out[0] = '\0';
	if (!walk_start(name, &w))
		return;
	while (walk_next(&w, &attribute)) {
		if (!emrtd_oid_is(attribute.oid, oid))
			continue;
		if (!code_of(&attribute, found) ||
		    (out[0] != '\0' && strcmp(out, found) != 0)) {
			out[0] = '\0';
			return;
		}
		memcpy(out, found, sizeof(found));
	}
}

void
emrtd_name_country(struct emrtd_bytes name, char out[4])
{
	emrtd_name_code(name, OID_COUNTRY, out);
	if (out[1] == '\0')
		out[0] = '\0';
}

struct label {
	const char *oid;
	const char *text;
};

static const struct label labels[] = {
	{ "2.5.4.3", "CN" },
	{ "2.5.4.5", "SERIALNUMBER" },
	{ "2.5.4.6", "C" },
	{ "2.5.4.7", "L" },
	{ "2.5.4.8", "ST" },
	{ "2.5.4.10", "O" },
	{ "2.5.4.11", "OU" },
	{ "1.2.840.113549.1.9.1", "E" },
};

static void
put_text(struct emrtd_out *out, const char *text)
{
	emrtd_put(out, emrtd_bytes_text(text));
}

static void
put_label(struct emrtd_out *out, struct emrtd_bytes oid)
{
	char dotted[EMRTD_OID_TEXT_CAP];

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		if (emrtd_oid_is(oid, labels[i].oid)) {
			put_text(out, labels[i].text);
			return;
		}
	}
	emrtd_oid_text(oid, dotted);
	put_text(out, dotted);
}

/* A value must not read like the next attribute: RFC 4514 2.4. */
static void
put_char(struct emrtd_out *out, uint32_t c)
{
	if (c < 0x20 || c > 0x7E) {
		emrtd_put_u8(out, '?');
		return;
	}
	if (strchr(",=+\"\\<>;", (int)c) != NULL)
		emrtd_put_u8(out, '\\');
	emrtd_put_u8(out, (uint8_t)c);
}

static void
put_value(struct emrtd_out *out, const struct attribute *attribute)
{
	struct emrtd_bytes rest = attribute->value;
	uint32_t c;

	if (unit_len(attribute->tag) == 0) {
		put_text(out, "?");
		return;
	}
	while (!out->bad && next_char(attribute->tag, &rest, &c))
		put_char(out, c);
}

void
emrtd_name_text(struct emrtd_bytes name, char out[EMRTD_NAME_CAP])
{
	/* One byte is kept for the NUL, whatever does not fit. */
	struct emrtd_out text = emrtd_out((uint8_t *)out, EMRTD_NAME_CAP - 1);
	struct attribute attribute;
	struct walk w;

	if (walk_start(name, &w)) {
		while (!text.bad && walk_next(&w, &attribute)) {
			if (text.len > 0)
				put_text(&text, ", ");
			put_label(&text, attribute.oid);
			put_text(&text, "=");
			put_value(&text, &attribute);
		}
	}
	out[text.len] = '\0';
}
