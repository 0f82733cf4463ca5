/* What readers say of themselves, and which of them is meant. */
#include "transport/ccid_choice.h"

#include "emrtd_test.h"

#include <stdlib.h>

#define N_READERS 150 /* at least so many rows */

static void
put_le32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

/* A class descriptor; offsets of CCID rev 1.1, 5.1. */
static void
describe(uint8_t d[54], uint32_t features, uint32_t message, unsigned slots)
{
	memset(d, 0, 54);
	d[0] = 0x36;
	d[1] = 0x21;
	d[2] = 0x10;
	d[3] = 0x01;
	d[4] = (uint8_t)(slots - 1);
	d[5] = 7;
	put_le32(d + 6, 3);
	put_le32(d + 28, 254);
	put_le32(d + 40, features);
	put_le32(d + 44, message);
	d[53] = 1;
}

static const struct emrtd_usb_endpoint three[] = {
	{ 0x83, 3, 8, { NULL, 0 } },
	{ 0x02, 2, 64, { NULL, 0 } },
	{ 0x81, 2, 512, { NULL, 0 } },
};

static uint32_t
number(const char *text, int base)
{
	char *end;
	unsigned long v = strtoul(text, &end, base);

	assert_true(*text && !*end);
	return (uint32_t)v;
}

static enum emrtd_ccid_level
level_of(const char *word)
{
	static const char *const words[] = { "character", "tpdu", "short",
		"extended" };

	for (unsigned i = 0; i < 4; i++)
		if (strcmp(words[i], word) == 0)
			return (enum emrtd_ccid_level)i;
	fail_msg("level %s", word);
	return EMRTD_CCID_CHARACTER;
}

/* A row of the survey as it would be found on the bus. */
static void
find(const struct vector *v, struct emrtd_ccid_found *f)
{
	struct emrtd_usb_interface in = { 0 };
	uint8_t d[54];

	assert_int_equal(v->n_words, 10);
	memset(f, 0, sizeof(*f));
	f->bus = 1;
	f->address = 1;
	f->vendor = (uint16_t)number(v->words[0], 16);
	f->product = (uint16_t)number(v->words[1], 16);
	in.number = (uint8_t)number(v->words[2], 10);
	in.class_ = (uint8_t)number(v->words[3], 16);
	describe(d, number(v->words[7], 16), number(v->words[5], 10),
	    number(v->words[8], 10));
	put_le32(d + 28, number(v->words[6], 10));
	in.extra = emrtd_bytes(d, sizeof(d));
	/* With two endpoints it has no interrupts. */
	in.n_endpoints = number(v->words[9], 10);
	in.endpoints = three + 3 - in.n_endpoints;
	assert_ok(emrtd_ccid_interface_parse(&in, &f->reader));
	f->sound = true;
}

static void
understands_real_readers(void **state)
{
	struct vectors *vectors = vectors_open(
	    "tests/vectors/ccid_readers.txt");
	struct emrtd_ccid_found f;
	struct vector v;
	unsigned n = 0;

	(void)state;
	for (; vectors_next(vectors, &v); n++) {
		find(&v, &f);
		assert_int_equal(f.reader.number, number(v.words[2], 10));
		assert_int_equal(f.reader.level, level_of(v.words[4]));
		assert_int_equal(f.reader.max_message, number(v.words[5], 10));
		assert_int_equal(f.reader.features, number(v.words[7], 16));
		assert_int_equal(f.reader.n_slots, number(v.words[8], 10));
		assert_int_equal(f.reader.interrupt,
		    v.words[9][0] == '3' ? 0x83 : 0);
		assert_int_equal(f.reader.bulk_out, 0x02);
		assert_int_equal(f.reader.bulk_in, 0x81);
		assert_int_equal(f.reader.in_packet, 512);
		assert_int_equal(f.reader.out_packet, 64);
	}
	vectors_close(vectors);
	assert_true(n >= N_READERS);
}

/* Of each device the interface that the table knows to have the antenna. */
static void
finds_the_antenna_of_real_readers(void **state)
{
	struct vectors *vectors = vectors_open(
	    "tests/vectors/ccid_readers.txt");
	static struct emrtd_ccid_found found[200];
	const struct emrtd_ccid_want any = { .slot = -1 };
	uint8_t order[EMRTD_CCID_MAX_FOUND];
	enum emrtd_reader_trouble why;
	const struct emrtd_reader_row *row;
	struct vector v;
	size_t n = 0, to, chosen = 0, k;

	(void)state;
	while (vectors_next(vectors, &v)) {
		assert_true(n < 200);
		find(&v, &found[n++]);
	}
	vectors_close(vectors);
	for (size_t i = 0; i < n; i = to) {
		for (to = i; to < n && found[to].vendor == found[i].vendor &&
			     found[to].product == found[i].product;)
			to++;
		k = emrtd_ccid_candidates(&any, found + i, to - i, order, &why);
		if (k == 0) {
			assert_true(why == EMRTD_READER_TPDU ||
				    why == EMRTD_READER_CONTACTS);
			continue;
		}
		row = emrtd_ccid_row(&found[i + order[0]]);
		assert_non_null(row);
		assert_true(row->flags & EMRTD_ROW_CONTACTLESS);
		assert_true(
		    found[i + order[0]].reader.level >= EMRTD_CCID_SHORT);
		chosen++;
	}
	assert_true(chosen >= 90);
}

static enum emrtd_error
parse(uint8_t class_, struct emrtd_bytes extra, const uint8_t *last,
    struct emrtd_ccid_interface *out)
{
	struct emrtd_usb_endpoint endpoints[3];
	struct emrtd_usb_interface in = {
		.class_ = class_,
		.extra = extra,
		.endpoints = endpoints,
		.n_endpoints = 3,
	};

	memcpy(endpoints, three, sizeof(three));
	if (last)
		endpoints[2].extra = emrtd_bytes(last, 54);
	return emrtd_ccid_interface_parse(&in, out);
}

static void
looks_for_the_descriptor(void **state)
{
	/* HID's has the same type; an association comes before it. */
	static const uint8_t before[] = { 9, 0x21, 0x11, 1, 0, 1, 0x22, 0x20, 0,
		8, 11, 0, 1, 0, 0, 0, 0 };
	struct emrtd_ccid_interface r;
	static const uint8_t empty[] = { 2, 0x21 };
	uint8_t d[54], many[80];

	(void)state;
	describe(d, 0x000404BE, 271, 1);
	assert_ok(parse(0x0B, emrtd_bytes(d, 54), NULL, &r));
	assert_ok(parse(0xFF, emrtd_bytes(d, 54), NULL, &r));
	assert_ok(parse(0x0B, emrtd_bytes(NULL, 0), d, &r));
	assert_int_equal(r.max_message, 271);
	assert_ok(parse(0xFF, emrtd_bytes(before, sizeof(before)), d, &r));
	memcpy(many, before, sizeof(before));
	memcpy(many + sizeof(before), d, 54);
	assert_ok(
	    parse(0xFF, emrtd_bytes(many, sizeof(before) + 54), NULL, &r));
	memcpy(many, empty, 2);
	memcpy(many + 2, d, 54);
	assert_ok(parse(0xFF, emrtd_bytes(many, 56), NULL, &r));
	/* Another class, or nothing of ours. */
	assert_error(parse(0x03, emrtd_bytes(d, 54), NULL, &r),
	    EMRTD_E_NOT_FOUND);
	assert_error(parse(0xFF, emrtd_bytes(NULL, 0), NULL, &r),
	    EMRTD_E_NOT_FOUND);
	assert_error(parse(0xFF, emrtd_bytes(before, 9), NULL, &r),
	    EMRTD_E_NOT_FOUND);
	/* A CCID reader by its class, without what the class demands. */
	assert_error(parse(0x0B, emrtd_bytes(NULL, 0), NULL, &r),
	    EMRTD_E_MALFORMED);
}

/* Every cut, every length of the descriptor, zero and overlong steps. */
static void
refuses_broken_descriptors(void **state)
{
	static const uint8_t zero[] = { 0, 0x21, 1, 2, 3, 4 };
	struct emrtd_ccid_interface r;
	uint8_t d[54];

	(void)state;
	describe(d, 0x00040000, 522, 1);
	for (size_t n = 0; n < 54; n++)
		assert_error(parse(0x0B, emrtd_bytes(d, n), NULL, &r),
		    EMRTD_E_MALFORMED);
	for (unsigned len = 0; len < 256; len++) {
		d[0] = (uint8_t)len;
		assert_error(parse(0x0B, emrtd_bytes(d, 54), NULL, &r),
		    len == 54 ? EMRTD_OK : EMRTD_E_MALFORMED);
	}
	assert_error(parse(0x0B, emrtd_bytes(zero, sizeof(zero)), NULL, &r),
	    EMRTD_E_MALFORMED);
}

static void
bounds_what_is_promised(void **state)
{
	static const struct {
		uint32_t features, message;
		unsigned slots;
		enum emrtd_error want;
		uint32_t max_message, command, response;
		uint8_t n_slots;
	} cases[] = {
		{ 0x40000, 271, 1, EMRTD_OK, 271, 65544, 65538, 1 },
		{ 0x40000, 65554, 1, EMRTD_OK, 65554, 65544, 65538, 1 },
		{ 0x40000, 0xFFFFFFFF, 1, EMRTD_OK, 65554, 65544, 65538, 1 },
		{ 0x40000, 64, 1, EMRTD_OK, 64, 65544, 65538, 1 },
		{ 0x40000, 63, 1, EMRTD_E_MALFORMED, 63, 65544, 65538, 1 },
		{ 0x40000, 0, 1, EMRTD_E_MALFORMED, 0, 65544, 65538, 1 },
		{ 0x20000, 271, 1, EMRTD_OK, 271, 261, 258, 1 },
		{ 0x20000, 512, 16, EMRTD_OK, 512, 261, 258, 16 },
		{ 0x20000, 263, 17, EMRTD_OK, 263, 253, 253, 16 },
		{ 0x20000, 271, 256, EMRTD_OK, 271, 261, 258, 16 },
		{ 0x10000, 271, 1, EMRTD_OK, 271, 0, 0, 1 },
		{ 0x00000, 271, 1, EMRTD_OK, 271, 0, 0, 1 },
		/* More than one level at once is none. */
		{ 0x70000, 271, 1, EMRTD_OK, 271, 0, 0, 1 },
	};
	struct emrtd_ccid_interface r;
	uint8_t d[54];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		describe(d, cases[i].features, cases[i].message,
		    cases[i].slots);
		assert_error(parse(0x0B, emrtd_bytes(d, 54), NULL, &r),
		    cases[i].want);
		assert_int_equal(r.max_message, cases[i].max_message);
		assert_int_equal(r.n_slots, cases[i].n_slots);
		if (cases[i].features == 0 || cases[i].features == 0x70000)
			assert_int_equal(r.level, EMRTD_CCID_CHARACTER);
		assert_int_equal(emrtd_ccid_max_command(&r), cases[i].command);
		assert_int_equal(emrtd_ccid_max_response(&r),
		    cases[i].response);
	}
}

static const struct {
	struct emrtd_usb_endpoint endpoints[4];
	size_t n;
	enum emrtd_error want;
	uint8_t interrupt;
} endpoint_cases[] = {
	{ { { .address = 0x01, .attributes = 2, .max_packet = 64 },
	      { .address = 0x82, .attributes = 2, .max_packet = 64 } },
	    2, EMRTD_OK, 0 },
	/* The second of a kind does not count. */
	{ { { .address = 0x01, .attributes = 2, .max_packet = 64 },
	      { .address = 0x82, .attributes = 2, .max_packet = 64 },
	      { .address = 0x84, .attributes = 2, .max_packet = 1 },
	      { .address = 0x83, .attributes = 3, .max_packet = 2 } },
	    4, EMRTD_OK, 0x83 },
	{ { { .address = 0x01, .attributes = 2, .max_packet = 64 },
	      { .address = 0x82, .attributes = 2, .max_packet = 64 },
	      { .address = 0x83, .attributes = 3, .max_packet = 1 } },
	    3, EMRTD_OK, 0 },
	{ { { .address = 0x01, .attributes = 2, .max_packet = 64 } }, 1,
	    EMRTD_E_MALFORMED, 0 },
	{ { { .address = 0x82, .attributes = 2, .max_packet = 64 } }, 1,
	    EMRTD_E_MALFORMED, 0 },
	{ { { .address = 0x01, .attributes = 2, .max_packet = 64 },
	      { .address = 0x82, .attributes = 2, .max_packet = 0 } },
	    2, EMRTD_E_MALFORMED, 0 },
	{ { { .address = 0x01, .attributes = 2, .max_packet = 7 },
	      { .address = 0x82, .attributes = 2, .max_packet = 64 } },
	    2, EMRTD_E_MALFORMED, 0 },
	{ { { .address = 0x01, .attributes = 2, .max_packet = 64 },
	      { .address = 0x82, .attributes = 2, .max_packet = 1025 } },
	    2, EMRTD_E_MALFORMED, 0 },
	{ { { .address = 0x01, .attributes = 2, .max_packet = 8 },
	      { .address = 0x82, .attributes = 2, .max_packet = 1024 } },
	    2, EMRTD_OK, 0 },
	/* One of interrupts may be as large; a bulk one has a number. */
	{ { { .address = 0x01, .attributes = 2, .max_packet = 64 },
	      { .address = 0x82, .attributes = 2, .max_packet = 64 },
	      { .address = 0x83, .attributes = 3, .max_packet = 1024 } },
	    3, EMRTD_OK, 0x83 },
	{ { { .address = 0x01, .attributes = 2, .max_packet = 64 },
	      { .address = 0x82, .attributes = 2, .max_packet = 64 },
	      { .address = 0x83, .attributes = 3, .max_packet = 1025 } },
	    3, EMRTD_OK, 0 },
	{ { { .address = 0x00, .attributes = 2, .max_packet = 64 },
	      { .address = 0x82, .attributes = 2, .max_packet = 64 } },
	    2, EMRTD_E_MALFORMED, 0 },
	/* The host's interrupts go nowhere. */
	{ { { .address = 0x04, .attributes = 3, .max_packet = 64 },
	      { .address = 0x82, .attributes = 2, .max_packet = 64 } },
	    2, EMRTD_E_MALFORMED, 0 },
	/* Isochronous and control endpoints are no use. */
	{ { { .address = 0x01, .attributes = 1, .max_packet = 64 },
	      { .address = 0x82, .attributes = 0, .max_packet = 64 } },
	    2, EMRTD_E_MALFORMED, 0 },
	{ { { 0 } }, 0, EMRTD_E_MALFORMED, 0 },
};

static void
needs_its_endpoints(void **state)
{
	struct emrtd_ccid_interface r;
	uint8_t d[54];

	(void)state;
	describe(d, 0x40000, 522, 1);
	for (size_t i = 0;
	     i < sizeof(endpoint_cases) / sizeof(endpoint_cases[0]); i++) {
		struct emrtd_usb_interface in = {
			.class_ = 0x0B,
			.extra = { d, 54 },
			.endpoints = endpoint_cases[i].endpoints,
			.n_endpoints = endpoint_cases[i].n,
		};

		assert_error(emrtd_ccid_interface_parse(&in, &r),
		    endpoint_cases[i].want);
		assert_int_equal(r.interrupt, endpoint_cases[i].interrupt);
	}
}

static void
reads_what_is_wanted(void **state)
{
	static const struct {
		const char *text;
		bool good, by_address, by_ids;
		unsigned first, second;
		int slot;
	} cases[] = {
		{ "", true, false, false, 0, 0, -1 },
		{ "001.004", true, true, false, 1, 4, -1 },
		{ "1.4", true, true, false, 1, 4, -1 },
		{ "255.255/15", true, true, false, 255, 255, 15 },
		{ "04e6:5790", true, false, true, 0x04E6, 0x5790, -1 },
		{ "ABCD:FAfa", true, false, true, 0xABCD, 0xFAFA, -1 },
		{ "04E6:5790/0", true, false, true, 0x04E6, 0x5790, 0 },
		{ "256.1", false, false, false, 0, 0, 0 },
		{ "1.256", false, false, false, 0, 0, 0 },
		{ "0001.004", false, false, false, 0, 0, 0 },
		{ "1.", false, false, false, 0, 0, 0 },
		{ ".1", false, false, false, 0, 0, 0 },
		{ "1", false, false, false, 0, 0, 0 },
		{ "-1.4", false, false, false, 0, 0, 0 },
		{ " 1.4", false, false, false, 0, 0, 0 },
		{ "1.4 ", false, false, false, 0, 0, 0 },
		{ "1.4/", false, false, false, 0, 0, 0 },
		{ "1.4/16", true, true, false, 1, 4, 16 },
		{ "1.4/511", true, true, false, 1, 4, 511 },
		{ "1.4/1000", false, false, false, 0, 0, 0 },
		{ "1.4/0x", false, false, false, 0, 0, 0 },
		{ "4e6:5790", false, false, false, 0, 0, 0 },
		{ "04e6:57901", false, false, false, 0, 0, 0 },
		{ "04e6:579g", false, false, false, 0, 0, 0 },
		{ "04e6:579G", false, false, false, 0, 0, 0 },
		{ "04e6.5790", false, false, false, 0, 0, 0 },
		{ "/0", false, false, false, 0, 0, 0 },
		{ "uTrust", false, false, false, 0, 0, 0 },
	};
	struct emrtd_ccid_want w;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(emrtd_ccid_want_parse(cases[i].text, &w),
		    cases[i].good);
		if (!cases[i].good)
			continue;
		assert_int_equal(w.by_address, cases[i].by_address);
		assert_int_equal(w.by_ids, cases[i].by_ids);
		assert_int_equal(w.by_ids ? w.vendor : w.bus, cases[i].first);
		assert_int_equal(w.by_ids ? w.product : w.address,
		    cases[i].second);
		assert_int_equal(w.slot, cases[i].slot);
	}
}

/* One interface on the bus, of a device that no table knows. */
static struct emrtd_ccid_found
unknown(uint8_t address, uint8_t number_, enum emrtd_ccid_level level,
    const char *name)
{
	struct emrtd_ccid_found f = {
		.bus = 1,
		.address = address,
		.ports = { address },
		.n_ports = 1,
		.vendor = 0x1234,
		.product = address,
		.sound = true,
	};

	f.reader.number = number_;
	f.reader.level = level;
	f.reader.max_message = 271;
	f.reader.n_slots = 1;
	strcpy(f.name, name);
	return f;
}

static void
ranks_readers(void **state)
{
	const struct emrtd_ccid_found all[] = {
		unknown(1, 0, EMRTD_CCID_EXTENDED, "Smart Card Reader"),
		unknown(2, 0, EMRTD_CCID_TPDU, "RFID Reader"),
		unknown(3, 0, EMRTD_CCID_SHORT, "Contactless Reader"),
		unknown(4, 1, EMRTD_CCID_EXTENDED, "Dual Reader PICC"),
		unknown(4, 0, EMRTD_CCID_EXTENDED, "Dual Reader SAM"),
		unknown(5, 0, EMRTD_CCID_EXTENDED, "NFC Reader"),
	};
	static const struct {
		const char *want;
		size_t from, n_found, n;
		uint8_t order[6];
		enum emrtd_reader_trouble why;
	} cases[] = {
		/* Contactless ones alone; extended first, then by place. */
		{ "", 0, 6, 3, { 3, 5, 2 }, EMRTD_READER_TPDU },
		/* None is known to be: those that might be. */
		{ "", 0, 1, 1, { 0 }, EMRTD_READER_FINE },
		{ "", 0, 2, 1, { 0 }, EMRTD_READER_TPDU },
		{ "", 1, 1, 0, { 0 }, EMRTD_READER_TPDU },
		{ "", 0, 0, 0, { 0 }, EMRTD_READER_FINE },
		{ "1.3", 0, 6, 1, { 2 }, EMRTD_READER_FINE },
		{ "1.4", 0, 6, 1, { 3 }, EMRTD_READER_FINE },
		{ "1.1", 0, 6, 1, { 0 }, EMRTD_READER_FINE },
		{ "1234:0005", 0, 6, 1, { 5 }, EMRTD_READER_FINE },
		{ "1234:0002", 0, 6, 0, { 0 }, EMRTD_READER_TPDU },
		{ "1234:0006", 0, 6, 0, { 0 }, EMRTD_READER_FINE },
		{ "2.1", 0, 6, 0, { 0 }, EMRTD_READER_FINE },
		/* A slot that it does not have. */
		{ "1.3/1", 0, 6, 0, { 0 }, EMRTD_READER_FINE },
		{ "1.3/0", 0, 6, 1, { 2 }, EMRTD_READER_FINE },
	};
	uint8_t order[EMRTD_CCID_MAX_FOUND];
	enum emrtd_reader_trouble why;
	struct emrtd_ccid_want w;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(emrtd_ccid_want_parse(cases[i].want, &w));
		assert_int_equal(emrtd_ccid_candidates(&w, all + cases[i].from,
				     cases[i].n_found, order, &why),
		    cases[i].n);
		assert_memory_equal(order, cases[i].order, cases[i].n);
		assert_int_equal(why, cases[i].why);
	}
}

/* Every slot of a device has a name of its own, and that name means it. */
static void
names_each_slot(void **state)
{
	static const char *const uris[] = { "ccid:001.004/0", "ccid:001.004/1",
		"ccid:001.004/2", "ccid:001.004/3", "ccid:001.004/4" };
	/* The second has descriptors that tell of no slots. */
	struct emrtd_ccid_found f[] = {
		unknown(4, 0, EMRTD_CCID_EXTENDED, "PICC"),
		unknown(4, 1, EMRTD_CCID_EXTENDED, "PICC"),
		unknown(4, 2, EMRTD_CCID_EXTENDED, "PICC"),
	};
	uint8_t order[EMRTD_CCID_MAX_FOUND];
	enum emrtd_reader_trouble why;
	struct emrtd_ccid_want w;
	char uri[32];
	size_t n = 0;

	(void)state;
	emrtd_ccid_count_slots(f, 1);
	emrtd_ccid_found_uri(&f[0], 0, uri, sizeof(uri));
	assert_string_equal(uri, "ccid:001.004");
	f[1].sound = false;
	f[1].reader.n_slots = 0;
	f[2].reader.n_slots = 3;
	emrtd_ccid_count_slots(f, 3);
	for (size_t i = 0; i < 3; i++)
		for (uint8_t slot = 0; slot < f[i].reader.n_slots || slot == 0;
		     slot++) {
			emrtd_ccid_found_uri(&f[i], slot, uri, sizeof(uri));
			assert_string_equal(uri, uris[n++]);
			assert_true(emrtd_ccid_want_parse(uri + 5, &w));
			assert_int_equal(emrtd_ccid_candidates(&w, f, 3, order,
					     &why),
			    f[i].sound);
			if (f[i].sound)
				assert_int_equal(order[0], i);
			for (uint8_t k = 0; k < f[i].reader.n_slots; k++)
				assert_int_equal(emrtd_ccid_slot_meant(&w,
						     &f[i], k),
				    k == slot);
		}
	assert_int_equal(n, 5);
	assert_true(emrtd_ccid_want_parse("1.4/5", &w));
	assert_int_equal(emrtd_ccid_candidates(&w, f, 3, order, &why), 0);
	assert_true(emrtd_ccid_want_parse("1.4", &w));
	assert_true(emrtd_ccid_slot_meant(&w, &f[2], 2));
	/* Two slots of one interface. */
	f[0].reader.n_slots = 2;
	emrtd_ccid_count_slots(f, 1);
	emrtd_ccid_found_uri(&f[0], 0, uri, sizeof(uri));
	assert_string_equal(uri, uris[0]);
	assert_true(emrtd_ccid_want_parse(uri + 5, &w));
	assert_true(emrtd_ccid_slot_meant(&w, &f[0], 0));
	assert_false(emrtd_ccid_slot_meant(&w, &f[0], 1));
}

/* Of the table, of its descriptor: what it can, and what it is called. */
static void
says_what_it_is(void **state)
{
	static const struct {
		uint16_t vendor, product;
		enum emrtd_ccid_level level;
		uint32_t max_message, command, response;
		bool extended;
		const char *own_name, *name;
	} cases[] = {
		/* A stranger. */
		{ 0x1234, 0x0001, EMRTD_CCID_EXTENDED, 271, 65544, 65538, true,
		    "R", "R" },
		{ 0x1234, 0x0001, EMRTD_CCID_SHORT, 271, 261, 258, false, "",
		    "USB reader 1234:0001" },
		/* ACR1281U promises more than it keeps. */
		{ 0x072F, 0x2224, EMRTD_CCID_EXTENDED, 522, 261, 258, false, "",
		    "ACS ACR1281U" },
		{ 0x072F, 0x2224, EMRTD_CCID_EXTENDED, 522, 261, 258, false,
		    "Its own", "Its own" },
		/* ACR122U: 250 bytes of an answer. */
		{ 0x072F, 0x2200, EMRTD_CCID_SHORT, 271, 261, 250, false, "",
		    "ACS ACR122U" },
		/* A row without limits changes none. */
		{ 0x04E6, 0x5613, EMRTD_CCID_EXTENDED, 271, 65544, 65538, true,
		    "", "Identiv uTrust 3721 Contactless Reader" },
	};
	struct emrtd_ccid_found f;
	uint32_t command, response;
	bool extended;
	char name[64];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		f = unknown(1, 0, cases[i].level, cases[i].own_name);
		f.vendor = cases[i].vendor;
		f.product = cases[i].product;
		f.reader.max_message = cases[i].max_message;
		command = response = 1;
		extended = !cases[i].extended;
		emrtd_ccid_found_limits(&f, &command, &response, &extended);
		assert_int_equal(command, cases[i].command);
		assert_int_equal(response, cases[i].response);
		assert_int_equal(extended, cases[i].extended);
		strcpy(name, "?");
		emrtd_ccid_found_name(&f, name, sizeof(name));
		assert_string_equal(name, cases[i].name);
	}
	/* NXP's own protocol has a row as well, and is no CCID. */
	f.vendor = 0x04CC;
	f.product = 0x0531;
	assert_non_null(emrtd_reader_row(f.vendor, f.product, 0));
	assert_null(emrtd_ccid_row(&f));
}

/* By address it is the reader at that port, whatever its next address is. */
static void
finds_it_where_it_was(void **state)
{
	struct emrtd_ccid_found f = unknown(4, 0, EMRTD_CCID_SHORT, "A");
	struct emrtd_ccid_found other = f;
	uint8_t order[EMRTD_CCID_MAX_FOUND];
	enum emrtd_reader_trouble why;
	struct emrtd_ccid_want w;

	(void)state;
	assert_true(emrtd_ccid_want_parse("1.4", &w));
	emrtd_ccid_want_remember(&w, &f);
	/* Plugged in again: the next address, and known from then on. */
	f.address = 5;
	assert_int_equal(emrtd_ccid_candidates(&w, &f, 1, order, &why), 1);
	emrtd_ccid_want_remember(&w, &f);
	assert_int_equal(w.address, 5);
	/* A twin on another port, or behind a hub at that one. */
	other.address = 6;
	other.ports[0] = 3;
	assert_int_equal(emrtd_ccid_candidates(&w, &other, 1, order, &why), 0);
	other.ports[0] = f.ports[0];
	other.n_ports = 2;
	assert_int_equal(emrtd_ccid_candidates(&w, &other, 1, order, &why), 0);
	/* Another model at the port. */
	other = f;
	other.product++;
	assert_int_equal(emrtd_ccid_candidates(&w, &other, 1, order, &why), 0);
	other = f;
	other.vendor++;
	assert_int_equal(emrtd_ccid_candidates(&w, &other, 1, order, &why), 0);
	/* The port of another bus. */
	other = f;
	other.bus = 2;
	assert_int_equal(emrtd_ccid_candidates(&w, &other, 1, order, &why), 0);
	/* Where no port is known the address alone tells. */
	f.n_ports = 0;
	emrtd_ccid_want_remember(&w, &f);
	other = f;
	other.address = 9;
	assert_int_equal(emrtd_ccid_candidates(&w, &other, 1, order, &why), 0);
	/* What remembers a bus anew is for nothing but an address. */
	f.bus = 7;
	emrtd_ccid_want_remember(&w, &f);
	assert_int_equal(w.bus, 7);
	assert_true(emrtd_ccid_want_parse("1234:0004", &w));
	emrtd_ccid_want_remember(&w, &f);
	assert_int_equal(w.bus, 0);
	assert_false(w.by_address);
	assert_true(emrtd_ccid_want_parse("", &w));
	emrtd_ccid_want_remember(&w, &f);
	assert_false(w.by_ids);
}

/* More than there is room for are left out. */
static void
takes_so_many(void **state)
{
	static struct emrtd_ccid_found f[EMRTD_CCID_MAX_FOUND + 1];
	const struct emrtd_ccid_want any = { .slot = -1 };
	uint8_t order[EMRTD_CCID_MAX_FOUND + 1];
	enum emrtd_reader_trouble why;

	(void)state;
	for (size_t i = 0; i < EMRTD_CCID_MAX_FOUND + 1; i++)
		f[i] = unknown((uint8_t)(i + 1), 0, EMRTD_CCID_SHORT, "A");
	assert_int_equal(emrtd_ccid_candidates(&any, f,
			     EMRTD_CCID_MAX_FOUND + 1, order, &why),
	    EMRTD_CCID_MAX_FOUND);
}

/* ACR1252U: the antenna and a SAM; both named as one is. */
static void
believes_the_table(void **state)
{
	struct emrtd_ccid_found f[] = {
		unknown(1, 1, EMRTD_CCID_SHORT, "Contactless"),
		unknown(1, 0, EMRTD_CCID_EXTENDED, "SAM"),
	};
	struct emrtd_ccid_want any = { .slot = -1 };
	uint8_t order[EMRTD_CCID_MAX_FOUND];
	enum emrtd_reader_trouble why;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		f[i].vendor = 0x072F;
		f[i].product = 0x223B;
	}
	assert_int_equal(emrtd_ccid_candidates(&any, f, 2, order, &why), 1);
	assert_int_equal(order[0], 1);
	assert_int_equal(why, EMRTD_READER_CONTACTS);
	assert_false(emrtd_ccid_needs_proof(&any, &f[1], 1));
	/* By itself the SAM is not touched, unless it is asked for. */
	assert_int_equal(emrtd_ccid_candidates(&any, f, 1, order, &why), 0);
	any.by_ids = true;
	any.vendor = 0x072F;
	any.product = 0x223B;
	assert_int_equal(emrtd_ccid_candidates(&any, f, 1, order, &why), 1);
	/* Descriptors that contradict the class. */
	f[1].sound = false;
	assert_int_equal(emrtd_ccid_candidates(&any, f + 1, 1, order, &why), 0);
	assert_int_equal(why, EMRTD_READER_SILENT);
}

static void
wants_proof_of_strangers(void **state)
{
	struct emrtd_ccid_found nfc = unknown(1, 0, EMRTD_CCID_SHORT, "NFC");
	struct emrtd_ccid_found plain = unknown(2, 0, EMRTD_CCID_SHORT, "A");
	struct emrtd_ccid_want any = { .slot = -1 }, named = any;

	(void)state;
	named.by_ids = true;
	assert_false(emrtd_ccid_needs_proof(&any, &nfc, 1));
	assert_true(emrtd_ccid_needs_proof(&any, &nfc, 2));
	assert_true(emrtd_ccid_needs_proof(&any, &plain, 1));
	assert_false(emrtd_ccid_needs_proof(&named, &plain, 1));
	assert_true(emrtd_ccid_needs_proof(&named, &plain, 2));
	plain.reader.n_slots = 3;
	assert_true(emrtd_ccid_needs_proof(&named, &plain, 1));
	for (named.slot = 0; named.slot < 3; named.slot++)
		assert_false(emrtd_ccid_needs_proof(&named, &plain, 1));
	named.slot = -1;
	plain.reader.n_slots = 2;
	assert_true(emrtd_ccid_needs_proof(&named, &plain, 1));
}

/* Pulled out and put back: its port counts, not its number. */
static void
knows_it_again(void **state)
{
	struct emrtd_ccid_found f = unknown(4, 0, EMRTD_CCID_EXTENDED, "CL");
	struct emrtd_ccid_want w;
	uint8_t order[EMRTD_CCID_MAX_FOUND];
	enum emrtd_reader_trouble why;

	(void)state;
	assert_true(emrtd_ccid_want_parse("1.4", &w));
	emrtd_ccid_want_remember(&w, &f);
	f.address = 9;
	assert_int_equal(emrtd_ccid_candidates(&w, &f, 1, order, &why), 1);
	f.product++; /* another reader in the same port */
	assert_int_equal(emrtd_ccid_candidates(&w, &f, 1, order, &why), 0);
	f.product--;
	f.ports[0] = 1; /* the same model elsewhere */
	assert_int_equal(emrtd_ccid_candidates(&w, &f, 1, order, &why), 0);
	/* By ids it is the model alone. */
	assert_true(emrtd_ccid_want_parse("1234:0004", &w));
	emrtd_ccid_want_remember(&w, &f);
	f.ports[0] = 2;
	assert_int_equal(emrtd_ccid_candidates(&w, &f, 1, order, &why), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(understands_real_readers),
		cmocka_unit_test(finds_the_antenna_of_real_readers),
		cmocka_unit_test(looks_for_the_descriptor),
		cmocka_unit_test(refuses_broken_descriptors),
		cmocka_unit_test(bounds_what_is_promised),
		cmocka_unit_test(needs_its_endpoints),
		cmocka_unit_test(reads_what_is_wanted),
		cmocka_unit_test(ranks_readers),
		cmocka_unit_test(names_each_slot),
		cmocka_unit_test(says_what_it_is),
		cmocka_unit_test(finds_it_where_it_was),
		cmocka_unit_test(takes_so_many),
		cmocka_unit_test(believes_the_table),
		cmocka_unit_test(wants_proof_of_strangers),
		cmocka_unit_test(knows_it_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
