#include "profile_rows.h"

#include "core/builder.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

#define FILE_CAP  4096
#define TEXT_CAP  4096
#define DEPTH_MAX 8

static unsigned
nibble(char c)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	if (at == NULL)
		fail_msg("'%c' is no hexadecimal digit", c);
	return (unsigned)(at - digits);
}

/* How many digits stand together. */
static size_t
run_of_digits(const char *text)
{
	return strspn(text, "0123456789ABCDEF");
}

static uint32_t
tag_of(const char *text, size_t n)
{
	uint32_t tag = 0;

	for (size_t i = 0; i < n; i++)
		tag = tag << 4 | nibble(text[i]);
	return tag;
}

struct test_bytes
test_tlv_text(const char *text)
{
	struct emrtd_out out = emrtd_out(malloc(FILE_CAP), FILE_CAP);
	size_t marks[DEPTH_MAX], depth = 0;
	struct test_bytes b;

	while (*text != '\0') {
		size_t n = run_of_digits(text);

		if (*text == ' ') {
			text++;
		} else if (*text == ')') {
			assert_true(depth > 0);
			emrtd_close(&out, marks[--depth]);
			text++;
		} else if (text[n] == '(') {
			assert_true(depth < DEPTH_MAX && n > 0);
			marks[depth++] = emrtd_open(&out, tag_of(text, n));
			text += n + 1;
		} else {
			assert_true(n >= 2);
			emrtd_put_u8(&out,
			    (uint8_t)(nibble(text[0]) << 4 | nibble(text[1])));
			text += 2;
		}
	}
	assert_int_equal(depth, 0);
	assert_false(out.bad);
	b.ptr = out.ptr;
	b.len = out.len;
	return b;
}

/* The text with one place in it changed; there must be exactly one. */
static void
edit(const char *good, const struct profile_row *row, char to[TEXT_CAP])
{
	const char *at = row->from != NULL ? strstr(good, row->from) : NULL;
	size_t before;

	assert_true(strlen(good) + 256 < TEXT_CAP);
	strcpy(to, good);
	if (row->from == NULL)
		return;
	if (at == NULL || strstr(at + 1, row->from) != NULL)
		fail_msg("%s: '%s' is not there once", row->id, row->from);
	before = (size_t)(at - good);
	strcpy(to + before, row->to);
	strcat(to, at + strlen(row->from));
}

/* Of a length of one, two or three bytes behind a tag of one. */
static void
make_longer(struct test_bytes file, int by)
{
	size_t at = 1 + (size_t)(file.ptr[1] > 0x80 ? file.ptr[1] & 0x7F : 0);

	if (by != 0)
		file.ptr[at] = (uint8_t)(file.ptr[at] + by);
}

void
assert_only_finding(const struct emrtd_findings *findings,
    enum emrtd_finding_id want, const char *what)
{
	for (int i = 0; i < EMRTD_N_FINDINGS; i++) {
		const struct emrtd_finding_info *info = emrtd_finding_info(
		    (enum emrtd_finding_id)i);

		if (findings->there[i] && i != (int)want)
			fail_msg("%s: %s (%s) is found", what, info->name,
			    findings->detail[i]);
		if (!findings->there[i] && i == (int)want)
			fail_msg("%s: %s is not found", what, info->name);
	}
}

void
run_profile_rows(const char *good, const struct profile_row *rows,
    size_t n_rows,
    void (*profile)(struct emrtd_bytes file, struct emrtd_findings *out))
{
	for (size_t i = 0; i < n_rows; i++) {
		struct emrtd_findings *found = calloc(1, sizeof(*found));
		char text[TEXT_CAP];
		struct test_bytes file;

		assert_non_null(found);
		edit(good, &rows[i], text);
		file = test_tlv_text(text);
		make_longer(file, rows[i].longer);
		profile(emrtd_bytes(file.ptr, file.len), found);
		assert_only_finding(found, rows[i].finding, rows[i].id);
		test_bytes_free(&file);
		free(found);
	}
}
