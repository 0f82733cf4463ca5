/*
 * Writing a page: markup of our own, and text of anybody else. What comes from
 * a record or a chip goes through html_text, and through nothing else.
 */
#ifndef MRTD_TOOL_HTML_H
#define MRTD_TOOL_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Text of unknown origin: a view. A zeroed one is none at all. */
struct report_text {
	const char *ptr; /* NULL: none */
	size_t len;
	bool hex; /* it stands for bytes that are no text */
};

/* Characters that are shown of one text; what is longer is cut, and says so. */
#define HTML_SHORT 120
#define HTML_LONG  600

#define HTML_SECRETS_MAX 160
/* Shorter secrets would blot out innocent words. */
#define HTML_SECRET_MIN 4

struct html {
	FILE *file;
	/* Whatever of these occurs in a text (letters in any case) is shown as
	 * [redacted]. */
	struct report_text secrets[HTML_SECRETS_MAX];
	size_t n_secrets;
	bool blot_all; /* there were more: no text is shown */
};

/* One that is too short is left alone. */
void html_add_secret(struct html *html, struct report_text secret);

/* Markup and words of our own, as they are. */
void html_put(struct html *html, const char *markup);
void html_printf(struct html *html, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Text of anybody, for an element or an attribute in double quotes. The
 * characters that HTML knows become entities, those that act without being
 * seen [U+202E], a pile of combining marks [U+0301] from the fourth on, bytes
 * that are not UTF-8 [0xFF]. At most max characters are shown.
 */
void html_text(struct html *html, struct report_text text, size_t max);
/* One character, with the same care. */
void html_char(struct html *html, uint32_t c);

/* The same within <bdi>: its direction stays within. For elements only. */
void html_isolated(struct html *html, struct report_text text, size_t max);

void html_base64(struct html *html, const uint8_t *bytes, size_t len);

/* A text of our own. */
struct report_text report_text(const char *text);
bool report_text_is(struct report_text text, const char *other);

#endif
