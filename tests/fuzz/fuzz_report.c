/*
 * Any bytes taken for a record make a page, or none.
 *
 * A page is sound, whatever was in it: no script, every element ends where it
 * should, no character that acts; and green only for a record that speaks of
 * a genuine chip. Input: a byte whose lowest bit asks for redaction, then the
 * record. No face is decoded: nobody's hash fits by chance.
 */
#include "report_page.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DEPTH_MAX 32
#define NAME_CAP  16

static void
require(bool condition)
{
	if (!condition)
		abort();
}

/* Elements that have no end. */
static bool
is_void(const char *name)
{
	return strcmp(name, "meta") == 0 || strcmp(name, "link") == 0 ||
	       strcmp(name, "img") == 0 || strcmp(name, "br") == 0;
}

/* The end of a tag, past attributes in double quotes. */
static const char *
tag_end(const char *p)
{
	for (bool quoted = false; *p != '\0'; p++) {
		quoted ^= *p == '"';
		require(quoted || *p != '<');
		if (!quoted && *p == '>')
			return p;
	}
	abort();
}

/* Names of open elements, the innermost last. */
struct open {
	char name[DEPTH_MAX][NAME_CAP];
	size_t n;
};

static void
take_tag(struct open *open, const char *tag, const char *end)
{
	bool closes = tag[0] == '/';
	char name[NAME_CAP] = "";
	size_t len;

	tag += closes;
	len = strcspn(tag, " >/");
	require(len > 0 && len < sizeof(name));
	memcpy(name, tag, len);
	require(strcmp(name, "script") != 0);
	if (closes) {
		require(
		    open->n > 0 && strcmp(open->name[open->n - 1], name) == 0);
		open->n--;
	} else if (end[-1] != '/' && !is_void(name)) {
		require(open->n < DEPTH_MAX);
		memcpy(open->name[open->n++], name, sizeof(name));
	}
}

static void
check_page(const char *page)
{
	struct open open = { .n = 0 };
	const char *p = strstr(page, "<html");

	require(strncmp(page, "<!DOCTYPE html>", 15) == 0 && p != NULL);
	require(strstr(page, "<script") == NULL);
	for (; *p != '\0'; p++) {
		require((unsigned char)*p >= 0x20 || *p == '\n' || *p == '\t');
		if (*p == '<') {
			const char *end = tag_end(p + 1);

			take_tag(&open, p + 1, end);
			p = end;
		}
	}
	require(open.n == 0);
}

static bool
speaks_of(struct emrtd_bytes record, const char *word)
{
	return memmem(record.ptr, record.len, word, strlen(word)) != NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct report_input input = { .redact = false };
	char why[REPORT_WHY_CAP] = "", *page = NULL;
	size_t len = 0;
	enum report_error e;
	FILE *file;

	if (size == 0)
		return 0;
	input.redact = (data[0] & 1) != 0;
	input.record = emrtd_bytes(data + 1, size - 1);
	file = open_memstream(&page, &len);
	require(file != NULL);
	e = report_page(&input, file, why);
	require(fclose(file) == 0);
	if (e == REPORT_OK) {
		check_page(page);
		/* An escape could spell the word in another way. */
		if (strstr(page, "class=\"banner good\"") != NULL)
			require(speaks_of(input.record, "genuine") ||
				speaks_of(input.record, "\\u"));
	} else {
		require(len == 0 && why[0] != '\0');
	}
	free(page);
	free(report_dg2_path(input.record));
	return 0;
}
