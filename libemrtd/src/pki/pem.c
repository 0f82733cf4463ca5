#include "pki/pem.h"

#include "core/builder.h"

#include <string.h>

/* What is of use in a file of PEM text; keys and comments are not. */
static const struct label {
	const char *begin, *end;
} labels[] = {
	{ "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----" },
	{ "-----BEGIN X509 CRL-----", "-----END X509 CRL-----" },
};

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Up to the next line feed, without it, and without blanks at the end. */
static bool
take_line(struct emrtd_bytes *in, struct emrtd_bytes *out)
{
	const uint8_t *feed;
	size_t len, used;

	if (emrtd_end(in))
		return false;
	feed = memchr(in->ptr, '\n', in->len);
	len = feed != NULL ? (size_t)(feed - in->ptr) : in->len;
	used = feed != NULL ? len + 1 : len;
	while (len > 0 && is_blank(in->ptr[len - 1]))
		len--;
	*out = emrtd_bytes(in->ptr, len);
	*in = emrtd_bytes(in->ptr + used, in->len - used);
	return true;
}

static bool
is_line(struct emrtd_bytes line, const char *text)
{
	return emrtd_bytes_equal(line, emrtd_bytes_text(text));
}

/* NULL when there is none any more. */
static const struct label *
skip_past_begin(struct emrtd_bytes *in)
{
	struct emrtd_bytes line;

	while (take_line(in, &line)) {
		for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]);
		     i++) {
			if (is_line(line, labels[i].begin))
				return &labels[i];
		}
	}
	return NULL;
}

bool
emrtd_pem_is(struct emrtd_bytes in)
{
	return skip_past_begin(&in) != NULL;
}

/* Four characters, six bits each, become three bytes. */
struct base64 {
	uint32_t bits;
	unsigned n;   /* characters in 'bits' */
	unsigned pad; /* '=' among them, then nothing may follow */
	struct emrtd_out *out;
};

static bool
base64_value(uint8_t c, uint32_t *out)
{
	static const struct range {
		uint8_t first, last, value;
	} ranges[] = {
		{ 'A', 'Z', 0 },
		{ 'a', 'z', 26 },
		{ '0', '9', 52 },
		{ '+', '+', 62 },
		{ '/', '/', 63 },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		if (c >= ranges[i].first && c <= ranges[i].last) {
			*out = (uint32_t)(c - ranges[i].first) +
			       ranges[i].value;
			return true;
		}
	}
	return false;
}

static bool
base64_char(struct base64 *b, uint8_t c)
{
	uint32_t v = 0;

	if (c == '=')
		b->pad++;
	else if (b->pad > 0 || !base64_value(c, &v))
		return false;
	b->bits = b->bits << 6 | v;
	if (++b->n < 4)
		return true;
	if (b->pad > 2)
		return false;
	for (unsigned i = 0; i < 3 - b->pad; i++)
		emrtd_put_u8(b->out, (uint8_t)(b->bits >> (16 - 8 * i)));
	b->n = 0;
	return true;
}

static bool
base64_line(struct base64 *b, struct emrtd_bytes line)
{
	for (size_t i = 0; i < line.len; i++) {
		if ((b->pad > 0 && b->n == 0) || !base64_char(b, line.ptr[i]))
			return false;
	}
	return true;
}

enum emrtd_error
emrtd_pem_next(struct emrtd_bytes *in, struct emrtd_out *der)
{
	const struct label *label = skip_past_begin(in);
	struct base64 b = { .out = der };
	struct emrtd_bytes line;

	if (label == NULL)
		return EMRTD_E_NOT_FOUND;
	der->len = 0;
	der->bad = false;
	while (take_line(in, &line)) {
		if (is_line(line, label->end))
			return b.n != 0   ? EMRTD_E_MALFORMED
			       : der->bad ? EMRTD_E_BUFFER
					  : EMRTD_OK;
		if (!base64_line(&b, line))
			return EMRTD_E_MALFORMED;
	}
	return EMRTD_E_MALFORMED;
}
