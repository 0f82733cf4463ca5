#include "list_readers.h"

#include "io.h"
#include "private_text.h"
#include "term.h"

#include <emrtd/json.h>
#include <emrtd/transport.h>

#include <string.h>

#define INDENT 4

/* Where the readers go, one after the other. */
struct list {
	struct emrtd_json json;
	FILE *file;
	bool color;
	unsigned seen, usable;
	unsigned readers; /* seen, but for services that do not run */
};

static bool
is_usable(const struct emrtd_reader_info *reader)
{
	return reader->trouble == EMRTD_READER_FINE;
}

static void
put_id(struct emrtd_json *json, const char *key, unsigned id, bool known)
{
	char text[8];

	snprintf(text, sizeof(text), "%04x", id & 0xFFFFu);
	emrtd_json_string(json, key, known ? text : NULL);
}

static void
put_limit(struct emrtd_json *json, const char *key, uint32_t limit)
{
	if (limit == 0)
		emrtd_json_null(json, key);
	else
		emrtd_json_int(json, key, limit);
}

static void
put_trouble(struct emrtd_json *json, const struct emrtd_reader_info *reader)
{
	if (is_usable(reader)) {
		emrtd_json_null(json, "trouble");
		return;
	}
	emrtd_json_object(json, "trouble");
	emrtd_json_string(json, "id",
	    emrtd_reader_trouble_name(reader->trouble));
	emrtd_json_string(json, "text",
	    emrtd_reader_trouble_text(reader->trouble));
	emrtd_json_string(json, "advice",
	    emrtd_reader_trouble_advice(reader->trouble));
	emrtd_json_end_object(json);
}

/* NULL where nothing is known. */
static const char *
presence_name(const struct emrtd_reader_info *reader)
{
	if (!reader->has_presence)
		return NULL;
	return reader->presence == EMRTD_PRESENT ? "present" : "absent";
}

static void
put_json(void *self, const struct emrtd_reader_info *reader)
{
	struct list *list = self;
	struct emrtd_json *json = &list->json;
	bool known = reader->vendor != 0 || reader->product != 0;

	list->seen++;
	list->usable += is_usable(reader);
	emrtd_json_object(json, NULL);
	emrtd_json_string(json, "uri", reader->uri[0] ? reader->uri : NULL);
	emrtd_json_string(json, "name", reader->name);
	emrtd_json_string(json, "driver", reader->driver);
	put_id(json, "vendor", reader->vendor, known);
	put_id(json, "product", reader->product, known);
	emrtd_json_bool(json, "contactless", reader->contactless);
	emrtd_json_string(json, "document", presence_name(reader));
	emrtd_json_bool(json, "extended", reader->extended);
	put_limit(json, "max_command", reader->max_command);
	put_limit(json, "max_response", reader->max_response);
	put_trouble(json, reader);
	emrtd_json_string(json, "detail",
	    reader->detail[0] ? reader->detail : NULL);
	emrtd_json_end_object(json);
}

static void
put_line(struct list *list, enum term_style style, const char *head,
    const char *text)
{
	fprintf(list->file, "%*s%s%s%s", INDENT, "",
	    term_style(style, list->color), head,
	    style == TERM_PLAIN ? "" : term_style(TERM_PLAIN, list->color));
	term_wrap(list->file, INDENT + term_columns(head), INDENT, text);
	putc('\n', list->file);
}

/* "contactless, extended APDUs, a document lies on it" */
static void
put_abilities(struct list *list, const struct emrtd_reader_info *reader)
{
	char text[256], limits[80] = "";

	if (reader->max_command != 0)
		snprintf(limits, sizeof(limits),
		    ", commands of up to %u bytes and answers of up to %u",
		    reader->max_command, reader->max_response);
	snprintf(text, sizeof(text), "%s%s%s%s",
	    reader->contactless ? "contactless" : "not known as contactless",
	    reader->extended           ? ", extended APDUs"
	    : reader->max_command != 0 ? ", short APDUs"
				       : "",
	    limits,
	    !reader->has_presence               ? ""
	    : reader->presence == EMRTD_PRESENT ? ", a document lies on it"
						: ", no document on it");
	put_line(list, TERM_PLAIN, "", text);
}

/* To be copied into a shell; a name that would act there is not quoted. */
static void
put_uri(struct list *list, const char *uri)
{
	const char *quote = "";
	char text[sizeof(((struct emrtd_reader_info *)0)->uri) + 2];

	if (strpbrk(uri, " ()'&;") != NULL && strpbrk(uri, "\"\\$`!") == NULL)
		quote = strchr(uri, '\'') != NULL ? "\"" : "'";
	snprintf(text, sizeof(text), "%s%s%s", quote, uri, quote);
	put_line(list, TERM_PLAIN, "--reader ", text);
}

/* Ready, or not: why, and who or what it is about. */
static void
put_state(struct list *list, const struct emrtd_reader_info *reader)
{
	const char *words = emrtd_reader_trouble_text(reader->trouble);
	char text[320];

	if (is_usable(reader)) {
		put_line(list, TERM_GOOD, "", words);
		if (reader->detail[0])
			put_line(list, TERM_PLAIN, "note: ", reader->detail);
		return;
	}
	snprintf(text, sizeof(text), "%s%s%s%s", words,
	    reader->detail[0] ? " (" : "", reader->detail,
	    reader->detail[0] ? ")" : "");
	put_line(list, TERM_BAD, "problem: ", text);
}

static void
put_text(void *self, const struct emrtd_reader_info *reader)
{
	struct list *list = self;
	const char *advice = emrtd_reader_trouble_advice(reader->trouble);

	if (list->seen++ > 0)
		putc('\n', list->file);
	list->usable += is_usable(reader);
	fputs(term_style(TERM_BOLD, list->color), list->file);
	term_puts(list->file, reader->name[0] ? reader->name : reader->driver);
	fputs(term_style(TERM_PLAIN, list->color), list->file);
	if (reader->vendor != 0 || reader->product != 0)
		fprintf(list->file, " (%04x:%04x)", reader->vendor,
		    reader->product);
	putc('\n', list->file);
	if (reader->trouble == EMRTD_READER_NO_SERVICE && list->usable > 0) {
		put_line(list, TERM_PLAIN, "",
		    "does not run, and is not needed for what is above");
		return;
	}
	if (reader->uri[0])
		put_uri(list, reader->uri);
	/* Of a service that does not run there is nothing more to say. */
	if (reader->trouble != EMRTD_READER_NO_SERVICE) {
		list->readers++;
		put_abilities(list, reader);
	}
	put_state(list, reader);
	if (advice[0])
		put_line(list, TERM_PLAIN, "to mend: ", advice);
}

static bool
make_json(struct list *list)
{
	struct emrtd_json *json = &list->json;
	enum emrtd_error e;

	emrtd_json_init(json, io_json_sink, list->file, false);
	emrtd_json_object(json, NULL);
	emrtd_json_string(json, "schema", "emrtd-readers/1");
	emrtd_json_array(json, "readers");
	e = emrtd_reader_list(put_json, list);
	emrtd_json_end_array(json);
	emrtd_json_int(json, "usable", list->usable);
	emrtd_json_end_object(json);
	return emrtd_json_finish(json) && e == EMRTD_OK;
}

static bool
make_text(struct list *list)
{
	if (emrtd_reader_list(put_text, list) != EMRTD_OK)
		return false;
	if (list->readers == 0)
		fprintf(list->file, "%sNo reader is plugged in.\n",
		    list->seen > 0 ? "\n" : "");
	return true;
}

enum exit_code
list_readers(const struct tool *tool, const struct tool_common *common,
    bool json)
{
	struct private_text text = { 0 };
	struct list list = {
		.color = common->output == NULL && term_wants_color(stdout),
	};
	enum io_result io;
	bool made = private_text_open(&text);

	list.file = text.file;
	made = made && (json ? make_json(&list) : make_text(&list));
	if (!private_text_close(&text) || !made) {
		private_text_free(&text);
		tool_error(tool, "out of memory");
		return EXIT_INTERNAL;
	}
	io = io_write(common->output, text.bytes, text.len, common->force);
	if (io != IO_OK)
		tool_error(tool, "%s: %s",
		    common->output != NULL ? common->output : "standard output",
		    io_text(io));
	private_text_free(&text);
	if (io != IO_OK)
		return EXIT_ENVIRONMENT;
	return list.usable > 0 ? EXIT_GOOD : EXIT_ENVIRONMENT;
}
