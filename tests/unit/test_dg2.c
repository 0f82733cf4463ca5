#include "core/builder.h"
#include "data.h"
#include "test.h"

#include <emrtd/lds.h>

#include <stdlib.h>
#include <string.h>

#define FILE_CAP 8192

/* What is to be built, with what the standard says as the default of 0. */
struct face_spec {
	struct test_bytes image;
	uint16_t n_points;
	long block_len_off, record_len_off; /* how wrong a length is */
};

static const uint8_t jpeg[] = { 0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3 };
static const uint8_t jp2[] = { 0, 0, 0, 12, 'j', 'P', ' ', ' ', 13, 10 };
static const uint8_t codestream[] = { 0xFF, 0x4F, 0xFF, 0x51, 9 };

#define IMAGE(bytes)                                         \
	{                                                    \
		(uint8_t *)(uintptr_t)(bytes), sizeof(bytes) \
	}

static void
put_image(struct emrtd_out *out, const struct face_spec *f)
{
	emrtd_put_u32(out, (uint32_t)(32 + 8 * (size_t)f->n_points +
				      f->image.len + (size_t)f->block_len_off));
	emrtd_put_u16(out, f->n_points);
	emrtd_put_fill(out, 0, 14);
	emrtd_put_fill(out, 0xEE, 8 * (size_t)f->n_points);
	emrtd_put_u8(out, 1);
	emrtd_put_u8(out, 0);
	emrtd_put_u16(out, 413);
	emrtd_put_u16(out, 531);
	emrtd_put_fill(out, 0, 6);
	emrtd_put(out, emrtd_bytes(f->image.ptr, f->image.len));
}

static void
put_record(struct emrtd_out *out, const struct face_spec *faces, uint16_t n)
{
	size_t len = 14;

	for (uint16_t i = 0; i < n; i++)
		len += 32 + 8 * (size_t)faces[i].n_points + faces[i].image.len;
	emrtd_put(out, emrtd_bytes((const uint8_t *)"FAC\0"
						    "010\0",
			   8));
	emrtd_put_u32(out, (uint32_t)(len + (size_t)faces[0].record_len_off));
	emrtd_put_u16(out, n);
	for (uint16_t i = 0; i < n; i++)
		put_image(out, &faces[i]);
}

static size_t
open_group(struct emrtd_out *out, uint8_t n)
{
	const uint8_t number[] = { 2, 1, n };
	size_t mark = emrtd_open(out, 0x7F61);

	emrtd_put(out, emrtd_bytes(number, sizeof(number)));
	return mark;
}

static void
put_template(struct emrtd_out *out, const struct face_spec *faces, uint16_t n)
{
	static const uint8_t header[] = { 0xA1, 8, 0x87, 2, 1, 1, 0x88, 2, 0,
		8 };
	size_t template = emrtd_open(out, 0x7F60), block;

	emrtd_put(out, emrtd_bytes(header, sizeof(header)));
	block = emrtd_open(out, 0x5F2E);
	put_record(out, faces, n);
	emrtd_close(out, block);
	emrtd_close(out, template);
}

/* DG2 with one template of n images. */
static struct test_bytes
dg2_of(const struct face_spec *faces, uint16_t n)
{
	struct emrtd_out out = emrtd_out(malloc(FILE_CAP), FILE_CAP);
	size_t dg2 = emrtd_open(&out, 0x75), group = open_group(&out, 1);
	struct test_bytes b;

	put_template(&out, faces, n);
	emrtd_close(&out, group);
	emrtd_close(&out, dg2);
	assert_false(out.bad);
	b.ptr = out.ptr;
	b.len = out.len;
	return b;
}

static enum emrtd_error
parse(struct test_bytes b, struct emrtd_dg2 *out)
{
	return emrtd_dg2_parse(emrtd_bytes(b.ptr, b.len), NULL, out);
}

/* All views lie within the file. */
static void
assert_inside(struct test_bytes file, const struct emrtd_dg2 *dg2)
{
	assert_true(dg2->n_faces <= EMRTD_FACES_MAX);
	for (unsigned i = 0; i < dg2->n_faces; i++) {
		struct emrtd_bytes image = dg2->faces[i].image;

		assert_true(image.ptr >= file.ptr &&
			    image.ptr + image.len <= file.ptr + file.len);
	}
}

static void
formats(void **state)
{
	static const struct {
		struct face_spec face;
		enum emrtd_image_format format;
		const char *name;
	} cases[] = {
		{ { .image = IMAGE(jpeg) }, EMRTD_IMAGE_JPEG, "jpeg" },
		{ { .image = IMAGE(jp2) }, EMRTD_IMAGE_JPEG2000, "jpeg2000" },
		{ { .image = IMAGE(codestream), .n_points = 3 },
		    EMRTD_IMAGE_JPEG2000, "jpeg2000" },
		{ { .image = { (uint8_t *)(uintptr_t) "GIF89a", 6 } },
		    EMRTD_IMAGE_UNKNOWN, "unknown" },
		{ { .image = { (uint8_t *)(uintptr_t)jpeg, 2 } },
		    EMRTD_IMAGE_UNKNOWN, "unknown" },
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		const struct face_spec *f = &cases[i].face;
		struct test_bytes b = dg2_of(f, 1);
		struct emrtd_dg2 dg2;

		assert_int_equal(parse(b, &dg2), EMRTD_OK);
		assert_inside(b, &dg2);
		assert_int_equal(dg2.n_faces, 1);
		assert_int_equal(dg2.n_defects, 0);
		assert_int_equal(dg2.faces[0].format, cases[i].format);
		assert_string_equal(emrtd_image_format_name(
					dg2.faces[0].format),
		    cases[i].name);
		assert_int_equal(dg2.faces[0].image.len, f->image.len);
		assert_memory_equal(dg2.faces[0].image.ptr, f->image.ptr,
		    f->image.len);
		assert_int_equal(dg2.faces[0].width, 413);
		assert_int_equal(dg2.faces[0].height, 531);
		assert_int_equal(dg2.faces[0].face_image_type, 1);
		test_bytes_free(&b);
	}
}

/* Lengths a few bytes off, as chips of some states have them. */
static void
wrong_lengths(void **state)
{
	static const long offs[] = { -64, -8, -1, 1, 8, 100000 };

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(offs); i++) {
		struct face_spec f = { .image = IMAGE(jpeg) };
		struct emrtd_dg2 dg2;
		struct test_bytes b;

		for (unsigned n = 0; n < 2; n++) {
			f.block_len_off = n == 0 ? offs[i] : 0;
			f.record_len_off = n == 1 ? offs[i] : 0;
			b = dg2_of(&f, 1);
			assert_int_equal(parse(b, &dg2), EMRTD_OK);
			assert_int_equal(dg2.n_faces, 1);
			assert_int_equal(dg2.n_defects, 1);
			assert_int_equal(dg2.faces[0].image.len, sizeof(jpeg));
			test_bytes_free(&b);
		}
	}
}

static void
several_images(void **state)
{
	struct face_spec f[3] = { { .image = IMAGE(jpeg) },
		{ .image = IMAGE(jp2), .n_points = 1 },
		{ .image = IMAGE(codestream) } };
	struct test_bytes b = dg2_of(f, 3);
	struct emrtd_dg2 dg2;

	(void)state;
	assert_int_equal(parse(b, &dg2), EMRTD_OK);
	assert_int_equal(dg2.n_faces, 3);
	assert_int_equal(dg2.n_defects, 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(dg2.faces[i].image.len, f[i].image.len);
	test_bytes_free(&b);
	/* The first one's length cannot be: it takes the rest. */
	f[0].block_len_off = 100000;
	b = dg2_of(f, 3);
	assert_int_equal(parse(b, &dg2), EMRTD_OK);
	assert_int_equal(dg2.n_faces, 1);
	assert_true(dg2.n_defects >= 2);
	assert_inside(b, &dg2);
	test_bytes_free(&b);
}

/* Images without a byte, records without an image. */
static void
nothing_in_it(void **state)
{
	struct face_spec f[2] = { { .image = { NULL, 0 } },
		{ .image = IMAGE(jpeg) } };
	struct test_bytes b = dg2_of(f, 1);
	struct emrtd_dg2 dg2;

	(void)state;
	assert_int_equal(parse(b, &dg2), EMRTD_OK);
	assert_int_equal(dg2.n_faces, 1);
	assert_int_equal(dg2.faces[0].image.len, 0);
	assert_int_equal(dg2.faces[0].format, EMRTD_IMAGE_UNKNOWN);
	assert_int_equal(dg2.n_defects, 1);
	test_bytes_free(&b);
	b = dg2_of(f, 2);
	assert_int_equal(parse(b, &dg2), EMRTD_OK);
	assert_int_equal(dg2.n_faces, 2);
	test_bytes_free(&b);
	b = dg2_of(f, 0);
	assert_int_equal(parse(b, &dg2), EMRTD_E_MALFORMED);
	test_bytes_free(&b);
}

/* n templates where the group claims another number. */
static enum emrtd_error
templates(uint8_t claimed, unsigned n, struct emrtd_dg2 *out)
{
	struct face_spec f = { .image = IMAGE(jpeg) };
	struct emrtd_out o = emrtd_out(malloc(FILE_CAP), FILE_CAP);
	size_t dg2 = emrtd_open(&o, 0x75), group = open_group(&o, claimed);
	struct test_bytes b;
	enum emrtd_error error;

	for (unsigned i = 0; i < n; i++)
		put_template(&o, &f, 1);
	emrtd_close(&o, group);
	emrtd_close(&o, dg2);
	assert_false(o.bad);
	b.ptr = o.ptr;
	b.len = o.len;
	error = parse(b, out);
	test_bytes_free(&b);
	return error;
}

static void
several_templates(void **state)
{
	struct emrtd_dg2 dg2;

	(void)state;
	for (unsigned n = 1; n <= EMRTD_FACES_MAX; n++) {
		assert_int_equal(templates((uint8_t)n, n, &dg2), EMRTD_OK);
		assert_int_equal(dg2.n_faces, n);
		assert_int_equal(dg2.n_defects, 0);
	}
	assert_int_equal(templates(1, 2, &dg2), EMRTD_OK);
	assert_int_equal(dg2.n_faces, 2);
	assert_int_equal(dg2.n_defects, 1);
	assert_int_equal(templates(20, 20, &dg2), EMRTD_OK);
	assert_int_equal(dg2.n_faces, EMRTD_FACES_MAX);
	assert_true(dg2.n_defects > 0);
	assert_int_equal(templates(0, 0, &dg2), EMRTD_E_MALFORMED);
	assert_int_equal(templates(1, 0, &dg2), EMRTD_E_MALFORMED);
}

/* More images in one record than there is room for. */
static void
too_many_images(void **state)
{
	struct face_spec f[EMRTD_FACES_MAX + 2];
	struct emrtd_dg2 dg2;
	struct test_bytes b;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(f); i++)
		f[i] = (struct face_spec){ .image = IMAGE(jpeg) };
	b = dg2_of(f, N_ELEMENTS(f));
	assert_int_equal(parse(b, &dg2), EMRTD_OK);
	assert_int_equal(dg2.n_faces, EMRTD_FACES_MAX);
	assert_true(dg2.n_defects > 0);
	test_bytes_free(&b);
}

static const struct {
	const char *hex;
	enum emrtd_error want;
} blocks[] = {
	/* ISO/IEC 39794-5; another version; another format */
	{ "7516 7F6113 020101 7F600D 7F2E0A A108 65068004 01020304",
	    EMRTD_E_UNSUPPORTED },
	{ "751F 7F611C 020101 7F6016 5F2E13 46414300 30333000 0000000E 0001"
	  "0000000000",
	    EMRTD_E_UNSUPPORTED },
	{ "7510 7F610D 020101 7F6007 5F2E04 46495200", EMRTD_E_UNSUPPORTED },
	/* a record that ends in its header, or in that of the image */
	{ "7514 7F6111 020101 7F600B 5F2E08 46414300 30313000",
	    EMRTD_E_MALFORMED },
	{ "751A 7F6117 020101 7F6011 5F2E0E 46414300 30313000 0000000E 0001",
	    EMRTD_E_MALFORMED },
	/* no block, no number, no template, no group, another file */
	{ "750A 7F6107 020101 7F6001 A1", EMRTD_E_MALFORMED },
	{ "7503 7F6100", EMRTD_E_MALFORMED },
	{ "7506 7F6103 020101", EMRTD_E_MALFORMED },
	{ "7500", EMRTD_E_MALFORMED },
	{ "6100", EMRTD_E_MALFORMED },
	{ "", EMRTD_E_MALFORMED },
};

static void
other_blocks(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(blocks); i++) {
		struct test_bytes b = test_hex(blocks[i].hex);
		struct emrtd_dg2 dg2;
		enum emrtd_error error = parse(b, &dg2);

		if (error != blocks[i].want)
			fail_msg("%s: %s", blocks[i].hex,
			    emrtd_error_name(error));
		test_bytes_free(&b);
	}
}

/* Truncated and changed everywhere: no crash, and no view outside. */
static void
damaged(void **state)
{
	struct face_spec f[2] = { { .image = IMAGE(jpeg), .n_points = 2 },
		{ .image = IMAGE(jp2) } };
	struct test_bytes b = dg2_of(f, 2);
	struct emrtd_dg2 dg2;

	(void)state;
	for (size_t len = 0; len < b.len; len++) {
		struct test_bytes cut = { malloc(len > 0 ? len : 1), len };

		memcpy(cut.ptr, b.ptr, len);
		assert_int_equal(parse(cut, &dg2), EMRTD_E_MALFORMED);
		test_bytes_free(&cut);
	}
	for (size_t i = 0; i < b.len * 8; i++) {
		b.ptr[i / 8] ^= (uint8_t)(1u << i % 8);
		if (parse(b, &dg2) == EMRTD_OK)
			assert_inside(b, &dg2);
		b.ptr[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	test_bytes_free(&b);
}

static void
foreign_files(void **state)
{
	static const char *const names[] = {
		"pki/lds_samples/bsi2008/Datagroup2.bin",
		"traces/files-08/EF.DG2.bin",
	};

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(names); i++) {
		struct test_bytes b = test_shared(names[i]);
		struct emrtd_dg2 dg2;

		assert_int_equal(parse(b, &dg2), EMRTD_OK);
		assert_inside(b, &dg2);
		assert_true(dg2.n_faces >= 1);
		assert_int_not_equal(dg2.faces[0].format, EMRTD_IMAGE_UNKNOWN);
		assert_true(dg2.faces[0].image.len > 1000);
		test_bytes_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats),
		cmocka_unit_test(wrong_lengths),
		cmocka_unit_test(several_images),
		cmocka_unit_test(nothing_in_it),
		cmocka_unit_test(several_templates),
		cmocka_unit_test(too_many_images),
		cmocka_unit_test(other_blocks),
		cmocka_unit_test(damaged),
		cmocka_unit_test(foreign_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
