#include "html.h"

#include "utf8.h"

#include <stdarg.h>
#include <string.h>

#define MARKS_MAX 3

void
html_put(struct html *html, const char *markup)
{
	fputs(markup, html->file);
}

void
html_printf(struct html *html, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vfprintf(html->file, format, arguments);
	va_end(arguments);
}

struct report_text
report_text(const char *text)
{
	return (struct report_text){ .ptr = text, .len = strlen(text) };
}

bool
report_text_is(struct report_text text, const char *other)
{
	return text.ptr != NULL && !text.hex && text.len == strlen(other) &&
	       memcmp(text.ptr, other, text.len) == 0;
}

void
html_add_secret(struct html *html, struct report_text secret)
{
	if (secret.ptr == NULL || secret.len < HTML_SECRET_MIN)
		return;
	if (html->n_secrets < HTML_SECRETS_MAX)
		html->secrets[html->n_secrets++] = secret;
	else
		html->blot_all = true;
}

static char
upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool
begins(const char *text, size_t len, struct report_text secret)
{
	if (secret.len > len)
		return false;
	for (size_t i = 0; i < secret.len; i++)
		if (upper(text[i]) != upper(secret.ptr[i]))
			return false;
	return true;
}

/* The length of the longest secret that stands here, 0 if none does. */
static size_t
secret_at(const struct html *html, const char *text, size_t len)
{
	size_t longest = 0;

	for (size_t i = 0; i < html->n_secrets; i++)
		if (html->secrets[i].len > longest &&
		    begins(text, len, html->secrets[i]))
			longest = html->secrets[i].len;
	return longest;
}

/* Marks that stand on the letter before them: many of them climb over the
 * lines above. */
static bool
is_mark(uint32_t c)
{
	return (c >= 0x300 && c <= 0x36f) || (c >= 0x483 && c <= 0x489) ||
	       (c >= 0x1ab0 && c <= 0x1aff) || (c >= 0x1dc0 && c <= 0x1dff) ||
	       (c >= 0x20d0 && c <= 0x20ff) || (c >= 0xfe20 && c <= 0xfe2f);
}

static const char *
entity(uint32_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static void
put_char(struct html *html, uint32_t c, const char *bytes, size_t n)
{
	const char *name = entity(c);

	if (name != NULL)
		fputs(name, html->file);
	else
		fwrite(bytes, 1, n, html->file);
}

void
html_char(struct html *html, uint32_t c)
{
	char bytes[2] = { (char)c, '\0' };

	if (c >= 0x20 && c < 0x7f)
		put_char(html, c, bytes, 1);
	else
		html_printf(html, "[U+%04X]", (unsigned)c);
}

/* The characters left, for the note; those that are no UTF-8 count as one. */
static size_t
count_chars(const char *text, size_t len)
{
	size_t n = 0, step;
	uint32_t c;

	for (size_t i = 0; i < len; i += step, n++) {
		step = utf8_next(text + i, len - i, &c);
		step += step == 0;
	}
	return n;
}

static void
put_text(struct html *html, const char *text, size_t len, size_t max)
{
	size_t shown = 0, marks = 0, i = 0;

	for (; i < len && shown < max; shown++) {
		size_t secret = secret_at(html, text + i, len - i), n;
		uint32_t c = 0;

		if (secret > 0) {
			fputs("[redacted]", html->file);
			i += secret;
			continue;
		}
		n = utf8_next(text + i, len - i, &c);
		marks = is_mark(c) ? marks + 1 : 0;
		if (n == 0)
			html_printf(html, "[0x%02X]", (unsigned char)text[i]);
		else if (utf8_is_acting(c) || marks > MARKS_MAX)
			html_printf(html, "[U+%04X]", (unsigned)c);
		else
			put_char(html, c, text + i, n);
		i += n + (n == 0);
	}
	if (i < len)
		html_printf(html, "&hellip; [%zu more characters, not shown]",
		    count_chars(text + i, len - i));
}

void
html_text(struct html *html, struct report_text text, size_t max)
{
	if (text.ptr == NULL)
		return;
	if (html->blot_all) {
		fputs("[redacted]", html->file);
		return;
	}
	if (text.hex)
		fputs("bytes ", html->file);
	put_text(html, text.ptr, text.len, max);
}

void
html_isolated(struct html *html, struct report_text text, size_t max)
{
	html_put(html, "<bdi>");
	html_text(html, text, max);
	html_put(html, "</bdi>");
}

void
html_base64(struct html *html, const uint8_t *bytes, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		size_t n = len - i < 3 ? len - i : 3;
		uint32_t v = (uint32_t)bytes[i] << 16;

		if (n > 1)
			v |= (uint32_t)bytes[i + 1] << 8;
		if (n > 2)
			v |= bytes[i + 2];
		fputc(digits[v >> 18], html->file);
		fputc(digits[v >> 12 & 63], html->file);
		fputc(n > 1 ? digits[v >> 6 & 63] : '=', html->file);
		fputc(n > 2 ? digits[v & 63] : '=', html->file);
	}
}
