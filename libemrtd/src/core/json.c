#include <emrtd/json.h>

#include <string.h>

static void
emit(struct emrtd_json *json, const char *text, size_t n)
{
	if (!json->bad && !json->write(json->self, text, n))
		json->bad = true;
}

static void
emit_text(struct emrtd_json *json, const char *text)
{
	emit(json, text, strlen(text));
}

static void
new_line(struct emrtd_json *json)
{
	if (!json->pretty)
		return;
	emit(json, "\n", 1);
	for (unsigned i = 0; i < json->depth; i++)
		emit(json, "  ", 2);
}

/* Comma, line and key in front of a value. */
static void
begin_value(struct emrtd_json *json, const char *key)
{
	if (json->depth > 0) {
		if (json->has_items[json->depth - 1])
			emit(json, ",", 1);
		json->has_items[json->depth - 1] = true;
		new_line(json);
	}
	if (key != NULL) {
		emit(json, "\"", 1);
		emit_text(json, key);
		emit_text(json, json->pretty ? "\": " : "\":");
	}
}

static void
open_scope(struct emrtd_json *json, const char *key, const char *bracket)
{
	begin_value(json, key);
	emit_text(json, bracket);
	if (json->depth == EMRTD_JSON_DEPTH) {
		json->bad = true;
		return;
	}
	json->is_array[json->depth] = *bracket == '[';
	json->has_items[json->depth++] = false;
}

static void
close_scope(struct emrtd_json *json, const char *bracket, bool is_array)
{
	if (json->depth == 0 || json->is_array[json->depth - 1] != is_array) {
		json->bad = true;
		return;
	}
	json->depth--;
	if (json->has_items[json->depth])
		new_line(json);
	emit_text(json, bracket);
}

void
emrtd_json_init(struct emrtd_json *json,
    bool (*write)(void *self, const char *text, size_t n), void *self,
    bool pretty)
{
	memset(json, 0, sizeof(*json));
	json->write = write;
	json->self = self;
	json->pretty = pretty;
}

void
emrtd_json_object(struct emrtd_json *json, const char *key)
{
	open_scope(json, key, "{");
}

void
emrtd_json_array(struct emrtd_json *json, const char *key)
{
	open_scope(json, key, "[");
}

void
emrtd_json_end_object(struct emrtd_json *json)
{
	close_scope(json, "}", false);
}

void
emrtd_json_end_array(struct emrtd_json *json)
{
	close_scope(json, "]", true);
}

/* Length of the UTF-8 sequence at the front; 0 when there is none. */
static size_t
utf8_len(struct emrtd_bytes b)
{
	static const struct {
		uint8_t mask, lead;
		uint32_t min;
	} forms[] = {
		{ 0x80, 0x00, 0 },
		{ 0xE0, 0xC0, 0x80 },
		{ 0xF0, 0xE0, 0x800 },
		{ 0xF8, 0xF0, 0x10000 },
	};

	for (size_t n = 1; n <= 4; n++) {
		uint32_t v = b.ptr[0] & (uint8_t)~forms[n - 1].mask;

		if ((b.ptr[0] & forms[n - 1].mask) != forms[n - 1].lead)
			continue;
		if (n > b.len)
			return 0;
		for (size_t i = 1; i < n; i++) {
			if ((b.ptr[i] & 0xC0) != 0x80)
				return 0;
			v = v << 6 | (b.ptr[i] & 0x3F);
		}
		if (v < forms[n - 1].min || v > 0x10FFFF ||
		    (v >= 0xD800 && v <= 0xDFFF))
			return 0;
		return n;
	}
	return 0;
}

static bool
is_utf8(struct emrtd_bytes text)
{
	while (text.len > 0) {
		size_t n = utf8_len(text);

		if (n == 0)
			return false;
		text = emrtd_bytes(text.ptr + n, text.len - n);
	}
	return true;
}

static void
emit_hex(struct emrtd_json *json, uint8_t b)
{
	static const char digits[] = "0123456789abcdef";
	char two[2] = { digits[b >> 4], digits[b & 15] };

	emit(json, two, sizeof(two));
}

/*
 * Control characters, those from U+0080 to U+009F and DEL included, never
 * reach a terminal unescaped. text is UTF-8.
 */
static void
emit_escaped(struct emrtd_json *json, struct emrtd_bytes text)
{
	size_t plain = 0;

	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.ptr[i];
		bool is_c1 = c == 0xC2 && text.ptr[i + 1] < 0xA0;

		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F && !is_c1)
			continue;
		emit(json, (const char *)text.ptr + plain, i - plain);
		if (c == '"' || c == '\\') {
			emit(json, "\\", 1);
			emit(json, (const char *)&text.ptr[i], 1);
		} else {
			i += is_c1 ? 1 : 0;
			emit_text(json, "\\u00");
			emit_hex(json, text.ptr[i]);
		}
		plain = i + 1;
	}
	emit(json, (const char *)text.ptr + plain, text.len - plain);
}

void
emrtd_json_text(struct emrtd_json *json, const char *key,
    struct emrtd_bytes text)
{
	if (!is_utf8(text)) {
		emrtd_json_object(json, key);
		emrtd_json_hex(json, "hex", text);
		emrtd_json_end_object(json);
		return;
	}
	begin_value(json, key);
	emit(json, "\"", 1);
	if (text.len > 0)
		emit_escaped(json, text);
	emit(json, "\"", 1);
}

void
emrtd_json_string(struct emrtd_json *json, const char *key, const char *text)
{
	if (text == NULL) {
		emrtd_json_null(json, key);
		return;
	}
	emrtd_json_text(json, key,
	    emrtd_bytes((const uint8_t *)text, strlen(text)));
}

void
emrtd_json_hex(struct emrtd_json *json, const char *key,
    struct emrtd_bytes bytes)
{
	begin_value(json, key);
	emit(json, "\"", 1);
	for (size_t i = 0; i < bytes.len; i++)
		emit_hex(json, bytes.ptr[i]);
	emit(json, "\"", 1);
}

void
emrtd_json_base64(struct emrtd_json *json, const char *key,
    struct emrtd_bytes bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
				     "opqrstuvwxyz0123456789+/";

	begin_value(json, key);
	emit(json, "\"", 1);
	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t n = bytes.len - i < 3 ? bytes.len - i : 3;
		uint32_t v = 0;
		char four[4];

		for (size_t k = 0; k < 3; k++)
			v = v << 8 | (k < n ? bytes.ptr[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			four[k] = k <= n ? digits[v >> (18 - 6 * k) & 63] : '=';
		emit(json, four, sizeof(four));
	}
	emit(json, "\"", 1);
}

void
emrtd_json_int(struct emrtd_json *json, const char *key, int64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	begin_value(json, key);
	if (value < 0)
		emit(json, "-", 1);
	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest != 0);
	emit(json, digits + at, sizeof(digits) - at);
}

void
emrtd_json_bool(struct emrtd_json *json, const char *key, bool value)
{
	begin_value(json, key);
	emit_text(json, value ? "true" : "false");
}

void
emrtd_json_null(struct emrtd_json *json, const char *key)
{
	begin_value(json, key);
	emit_text(json, "null");
}

void
emrtd_json_raw(struct emrtd_json *json, const char *key,
    struct emrtd_bytes value)
{
	begin_value(json, key);
	emit(json, (const char *)value.ptr, value.len);
}

bool
emrtd_json_finish(struct emrtd_json *json)
{
	if (json->depth != 0)
		json->bad = true;
	emit(json, "\n", 1);
	return !json->bad;
}
