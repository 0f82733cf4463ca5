#include "der_text.h"

#include "core/builder.h"
#include "core/oid.h"
#include "test.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define WORD_CAP 80

struct reader {
	const char *at;
	const struct der_names *names;
};

static void read_all(struct reader *in, struct der_buf *out);

/* The characters of a name, an OID or a tag. */
static void
take_word(struct reader *in, char word[WORD_CAP])
{
	size_t n = 0;

	while (isalnum((unsigned char)*in->at) || *in->at == '.' ||
	       *in->at == '_' || *in->at == '-') {
		assert_true(n < WORD_CAP - 1);
		word[n++] = *in->at++;
	}
	word[n] = '\0';
}

static void
read_oid(struct reader *in, struct der_buf *out)
{
	uint8_t bytes[64];
	struct emrtd_out oid = emrtd_out(bytes, sizeof(bytes));
	char word[WORD_CAP];

	in->at++;
	take_word(in, word);
	emrtd_put_oid(&oid, word);
	if (oid.bad)
		fail_msg("no object identifier: %s", word);
	der_put(out, oid.ptr, oid.len);
}

static void
read_characters(struct reader *in, struct der_buf *out)
{
	const char *end = strchr(++in->at, '\'');

	if (end == NULL)
		fail_msg("no end of the characters: %s", in->at);
	der_put(out, in->at, (size_t)(end - in->at));
	in->at = end + 1;
}

static void
read_name(struct reader *in, struct der_buf *out)
{
	bool computed = *in->at++ == '=';
	char word[WORD_CAP];
	struct emrtd_bytes bytes;

	take_word(in, word);
	if (in->names == NULL)
		fail_msg("nobody knows %s", word);
	bytes = computed ? in->names->bytes(in->names->self, word)
			 : der_text(in->names->text(in->names->self, word),
			       in->names);
	der_put(out, bytes.ptr, bytes.len);
}

static void
read_object(struct reader *in, struct der_buf *out)
{
	struct der_buf inner = { 0 };
	struct der_node node = { 0 };
	char word[WORD_CAP];

	in->at++;
	take_word(in, word);
	node.tag = (uint32_t)strtoul(word, NULL, 16);
	read_all(in, &inner);
	if (*in->at != ')')
		fail_msg("no end of the object %s", word);
	in->at++;
	node.head = der_bytes(&inner);
	der_write(&node, out);
}

static void
read_hex(struct reader *in, struct der_buf *out)
{
	char pair[3] = { in->at[0], in->at[0] != '\0' ? in->at[1] : '\0', 0 };
	uint8_t byte;

	if (!isxdigit((unsigned char)pair[0]) ||
	    !isxdigit((unsigned char)pair[1]))
		fail_msg("not of the notation: %s", in->at);
	byte = (uint8_t)strtoul(pair, NULL, 16);
	der_put(out, &byte, 1);
	in->at += 2;
}

static void
read_all(struct reader *in, struct der_buf *out)
{
	for (;;) {
		switch (*in->at) {
		case '\0':
		case ')':
			return;
		case ' ':
			in->at++;
			break;
		case '.':
			read_oid(in, out);
			break;
		case '\'':
			read_characters(in, out);
			break;
		case '$':
		case '=':
			read_name(in, out);
			break;
		case '(':
			read_object(in, out);
			break;
		default:
			read_hex(in, out);
			break;
		}
	}
}

struct emrtd_bytes
der_text(const char *text, const struct der_names *names)
{
	struct reader in = { text, names };
	struct der_buf out = { 0 };

	read_all(&in, &out);
	if (*in.at != '\0')
		fail_msg("an object too many ends: %s", in.at);
	return der_bytes(&out);
}

struct der_node *
der_text_node(const char *text, const struct der_names *names)
{
	struct der_node *node = der_parse(der_text(text, names));

	if (node == NULL || node->next != NULL)
		fail_msg("not one object: %s", text);
	return node;
}
