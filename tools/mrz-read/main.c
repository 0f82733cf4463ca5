/* mrz-read: check the machine-readable zones in texts and pictures. */
#include <stdlib.h>
#include <string.h>

#include "bar.h"
#include "day.h"
#include "exit_codes.h"
#include "io.h"
#include "options.h"
#include "private_text.h"
#include "read_device.h"
#include "read_picture.h"
#include "record.h"
#include "report.h"
#include "term.h"

#define MAX_INPUT_SIZE (64u << 20)
#define MAX_DOCUMENTS  100000

enum {
	OPTION_JSON = OPTION_LONG_ONLY,
	OPTION_AT,
	OPTION_TODAY,
	OPTION_NORMALIZE,
	OPTION_REPAIR,
	OPTION_NAME,
	OPTION_DEVICE,
	OPTION_COUNT,
	OPTION_LAYOUT
};

static const struct option_row option_rows[] = {
	{ OPTION_JSON, "json", NULL,
	    "write a record mrz-read/1 for each source, one a line" },
	{ OPTION_AT, "at", "TIME",
	    "judge dates as of this day (2026-11-23) or instant, not now" },
	{ OPTION_TODAY, "today", "DAY", "the same as --at" },
	{ OPTION_NORMALIZE, "normalize", NULL,
	    "in texts, take other forms of the filler, blanks inside lines, "
	    "wide and small letters for what is printed, and say so" },
	{ OPTION_NAME, "name", "NAME",
	    "compare the name with this one, in UTF-8, surname first: "
	    "'Eriksson, Anna Maria'" },
	{ OPTION_REPAIR, "repair", NULL,
	    "search for misread characters in a zone that is rejected; what is "
	    "found makes it uncertain, and nothing is corrected" },
	{ OPTION_DEVICE, "device", "PATH",
	    "take documents from a reader on a serial line or one that types: "
	    "PATH, serial:PATH[@SPEED], elyctis:PATH[@SPEED] or "
	    "keyboard:PATH[@LAYOUT]" },
	{ OPTION_COUNT, "count", "N",
	    "with --device: end after so many documents" },
	{ OPTION_LAYOUT, "layout", "NAME",
	    "with --device: the keyboard layout that the reader was set up for "
	    "(us, de, fr, es, nl, hu, cz and others); else the check digits "
	    "tell" },
};

static const struct tool_example examples[] = {
	{ "mrz-read passport.jpg", "read and check the zone in a picture" },
	{ "mrz-read passport.txt", "check the lines in a file" },
	{ "mrz-read --json - < lines.txt | jq .documents[0].fields",
	    "fields as JSON, from standard input" },
	{ "mrz-read --at 2012-01-01 old.txt", "as it looked on that day" },
	{ "mrz-read --normalize --repair scan.txt",
	    "lines out of an OCR program, and what may be misread in them" },
	{ "mrz-read --name 'Eriksson, Anna Maria' passport.txt",
	    "is the zone that of this person?" },
	{ "mrz-read --json --device /dev/ttyACM0",
	    "a record for each document that is swiped, until Ctrl-C" },
};

static const struct tool_exit exits[] = {
	{ EXIT_GOOD, "every zone was accepted" },
	{ EXIT_CHECK_FAILED, "a name is not the one that was given" },
	{ EXIT_USAGE, NULL },
	{ EXIT_ENVIRONMENT,
	    "a file or device could not be used, or what reads pictures is "
	    "missing" },
	{ EXIT_MALFORMED,
	    "a zone was rejected, there was none, or a picture is broken" },
	{ EXIT_UNDETERMINED,
	    "a zone is uncertain, or a name could not be compared" },
	{ EXIT_LOST,
	    "a device is gone, or a signal came before its documents" },
	{ EXIT_INTERNAL, NULL },
};

static const struct tool mrz_read = {
	.name = "mrz-read",
	.operands = "[FILE...]",
	.summary =
	    "Check the machine-readable zones (TD1, TD2, TD3, MRV-A, MRV-B, "
	    "national ones) in texts and pictures (PNG, JPEG, JPEG 2000, TIFF, "
	    "WebP, PNM). "
	    "Without FILE, or with -, read standard input.",
	TOOL_TABLE(options, option_rows),
	TOOL_TABLE(examples, examples),
	TOOL_TABLE(exits, exits),
};

struct run {
	struct tool_common common;
	bool json;
	bool normalize;
	bool repair;
	const char *name; /* NULL: nothing to compare */
	bool name_told;   /* why it cannot be read */
	bool color;
	int32_t today;
	struct private_text out; /* written at the end */
	struct picture_reader pictures;
	const char *device; /* NULL: none */
	const char *layout;
	unsigned long count;   /* 0: no end */
	struct io_output sink; /* of the documents of a device */
	struct bar bar;
	size_t n_sources, n_done;
	enum exit_code code;
};

#define MAX_COUNT 1000000000

static bool
take_count(const char *argument, unsigned long *out)
{
	char *end;

	*out = strtoul(argument, &end, 10);
	if (*argument >= '0' && *argument <= '9' && *end == '\0' && *out > 0 &&
	    *out <= MAX_COUNT)
		return true;
	tool_error(&mrz_read, "not a number of documents: %s", argument);
	return false;
}

static bool
take_option(void *self, int id, const char *argument)
{
	struct run *run = self;

	switch (id) {
	case OPTION_JSON:
		run->json = true;
		return true;
	case OPTION_NORMALIZE:
		run->normalize = true;
		return true;
	case OPTION_REPAIR:
		run->repair = true;
		return true;
	case OPTION_NAME:
		run->name = argument;
		return true;
	case OPTION_DEVICE:
		run->device = argument;
		return true;
	case OPTION_LAYOUT:
		run->layout = argument;
		return true;
	case OPTION_COUNT:
		return take_count(argument, &run->count);
	case OPTION_AT:
	case OPTION_TODAY:
		if (day_parse(argument, &run->today))
			return true;
		tool_error(&mrz_read,
		    "not a day (2026-11-23) or instant (RFC 3339): %s",
		    argument);
		return false;
	default:
		return false;
	}
}

static enum exit_code
code_of(enum mrz_status status)
{
	switch (status) {
	case MRZ_ACCEPTED:
		return EXIT_GOOD;
	case MRZ_UNCERTAIN:
		return EXIT_UNDETERMINED;
	default:
		return EXIT_MALFORMED;
	}
}

static void
put_begin(struct run *run, const char *source,
    const struct mrz_normalized *normalized, struct emrtd_json *json)
{
	emrtd_json_init(json, io_json_sink, run->out.file, false);
	if (run->json)
		record_begin(json, source, normalized);
	else if (normalized != NULL)
		report_normalized(run->out.file, source, normalized);
}

/* With --repair. The lines of doc stay as read; its status may rise to
 * uncertain. */
static void
search_repair(const struct run *run, struct zone *zone, struct mrz_doc *doc,
    struct mrz_repair *out)
{
	struct mrz_options options = { sizeof(options), run->today };

	if (!run->repair || mrz_repair(doc, zone_doubts(zone),
				zone_n_doubts(zone), &options, out) != MRZ_OK)
		return;
	mrz_repair_mark(doc, out);
	zone->repair = out;
}

/* Where the name given cannot be read: once, not for each zone. */
static void
tell_unreadable_name(struct run *run, const struct mrz_name_match *match)
{
	char code[32] = "";

	if (run->name_told || match->result != MRZ_NAME_NOT_COMPARED ||
	    match->reason == MRZ_R_NO_SUCH_FIELD ||
	    match->reason == MRZ_R_NO_LAYOUT ||
	    match->reason == MRZ_R_EMPTY_FIELD)
		return;
	run->name_told = true;
	if (match->code_point != 0)
		snprintf(code, sizeof(code), " (U+%04X)",
		    (unsigned)match->code_point);
	tool_error(&mrz_read, "--name, byte %u: %s%s",
	    (unsigned)match->offset + 1, mrz_reason_text(match->reason), code);
}

/* With --name: that it is another person is what was asked for, so that it
 * decides the exit code, though not the status of the zone. */
static void
compare_name(struct run *run, struct mrz_doc *doc)
{
	struct mrz_name name = { .size = sizeof(name) };
	struct mrz_name_match match;
	const struct mrz_check *check;
	enum exit_code code = EXIT_UNDETERMINED;

	if (run->name == NULL)
		return;
	name.primary = run->name;
	name.primary_len = strlen(run->name);
	mrz_doc_compare_name(doc, &name, MRZ_LANGUAGE_ANY, &match);
	mrz_name_mark(doc, &match);
	tell_unreadable_name(run, &match);
	check = mrz_doc_check(doc, MRZ_C_NAME_MATCH);
	if (check != NULL && check->verdict == MRZ_PASSED)
		code = EXIT_GOOD;
	if (check != NULL && check->verdict == MRZ_FAILED)
		code = EXIT_CHECK_FAILED;
	run->code = exit_code_worse(run->code, code);
}

static void
put_zone(struct run *run, const char *source, const struct zone *zone,
    struct emrtd_json *json)
{
	run->code = exit_code_worse(run->code, code_of(zone->doc->status));
	if (run->json)
		record_zone(json, zone);
	else
		report_zone(run->out.file, source, zone, run->color,
		    run->common.verbose > 0);
}

static void
put_end(struct run *run, struct emrtd_json *json)
{
	if (!run->json)
		return;
	record_end(json);
	if (!emrtd_json_finish(json))
		run->code = EXIT_INTERNAL;
}

static void
no_zone(struct run *run, const char *source, const char *advice)
{
	tool_error(&mrz_read, "%s: no MRZ in it%s", source, advice);
	run->code = exit_code_worse(run->code, EXIT_MALFORMED);
}

/* Every zone of one text. */
static void
read_text(struct run *run, const char *source, char *text, size_t len)
{
	struct mrz_options options = { sizeof(options), run->today };
	size_t pos = 0, start, part_len, n = 0;
	char day[DAY_TEXT_CAP];
	struct emrtd_json json;
	struct mrz_doc doc;
	struct mrz_repair repair;
	struct zone zone = { .doc = &doc };
	struct mrz_normalized normalized;

	if (run->normalize)
		len = mrz_normalize(text, len, &normalized);
	put_begin(run, source, run->normalize ? &normalized : NULL, &json);
	while (
	    n < MAX_DOCUMENTS && mrz_next(text, len, &pos, &start, &part_len)) {
		n++;
		/* An error is a rejected document that says why. */
		if (mrz_parse(text + start, part_len, &options, &doc) != MRZ_OK)
			doc.status = MRZ_REJECTED;
		search_repair(run, &zone, &doc, &repair);
		compare_name(run, &doc);
		put_zone(run, source, &zone, &json);
	}
	put_end(run, &json);
	if (run->common.verbose > 0)
		tool_note(&mrz_read, &run->common,
		    "%s: %zu zone%s in %zu bytes, judged as of %s", source, n,
		    n == 1 ? "" : "s", len, day_text(run->today, day));
	if (n == 0)
		no_zone(run, source, "");
	if (n == MAX_DOCUMENTS) {
		tool_error(&mrz_read, "%s: only the first %d zones were read",
		    source, MAX_DOCUMENTS);
		run->code = exit_code_worse(run->code, EXIT_MALFORMED);
	}
}

static void
tell_picture(const struct run *run, const char *source,
    const struct picture_zones *zones)
{
	char day[DAY_TEXT_CAP];

	if (run->common.verbose == 0)
		return;
	tool_note(&mrz_read, &run->common,
	    "%s: %s, %u x %u pixels, decoded in %u ms%s", source,
	    zones->picture.format, (unsigned)zones->picture.width,
	    (unsigned)zones->picture.height, zones->decode_ms,
	    zones->picture.filtered ? "" : " without a filter of system calls");
	tool_note(&mrz_read, &run->common,
	    "%s: %zu zone%s, read in %u ms, judged as of %s", source, zones->n,
	    zones->n == 1 ? "" : "s", zones->read_ms,
	    day_text(run->today, day));
}

/* Every zone of one picture. */
static void
read_picture(struct run *run, const char *source, const uint8_t *bytes,
    size_t len)
{
	struct picture_zones zones;
	struct mrz_repair repair;
	struct emrtd_json json;
	enum exit_code code;

	if (run->n_sources > 1)
		bar_show(&run->bar, "reading", run->n_done, run->n_sources,
		    "files");
	else
		bar_show(&run->bar, "reading the picture", 0, 0, "");
	code = picture_reader_read(&run->pictures, &mrz_read, source, bytes,
	    len, run->today, &zones);
	bar_end(&run->bar);
	run->code = exit_code_worse(run->code, code);
	/* Like a file that cannot be read, unlike one without a zone. */
	if (code == EXIT_GOOD || code == EXIT_MALFORMED) {
		put_begin(run, source, NULL, &json);
		for (size_t i = 0; i < zones.n; i++) {
			struct zone zone = { &zones.readings[i].doc,
				&zones.picture, &zones.readings[i], NULL };

			search_repair(run, &zone, &zones.readings[i].doc,
			    &repair);
			compare_name(run, &zones.readings[i].doc);
			put_zone(run, source, &zone, &json);
		}
		put_end(run, &json);
	}
	if (code == EXIT_GOOD)
		tell_picture(run, source, &zones);
	if (code == EXIT_GOOD && zones.n == 0)
		no_zone(run, source,
		    " that can be read: the page should lie flat, be sharp, "
		    "and have about 300 dpi");
	picture_zones_free(&zones);
}

/* A file that people take for a picture, and that is not read. */
static bool
refuse_foreign(struct run *run, const char *source, const uint8_t *bytes,
    size_t len)
{
	const char *advice = NULL;
	const char *name = picture_foreign(bytes, len, &advice);
	struct emrtd_json json;

	if (name == NULL)
		return false;
	tool_error(&mrz_read, "%s: %s files are not read; %s", source, name,
	    advice);
	put_begin(run, source, NULL, &json);
	put_end(run, &json);
	run->code = exit_code_worse(run->code, EXIT_MALFORMED);
	return true;
}

static void
read_source(struct run *run, const char *path)
{
	uint8_t *bytes = NULL;
	size_t len = 0;
	enum io_result result = io_read(path, MAX_INPUT_SIZE, &bytes, &len);

	if (result != IO_OK) {
		tool_error(&mrz_read, "%s: %s", path, io_text(result));
		run->code = exit_code_worse(run->code, EXIT_ENVIRONMENT);
		return;
	}
	if (picture_is_one(bytes, len))
		read_picture(run, path, bytes, len);
	else if (!refuse_foreign(run, path, bytes, len))
		read_text(run, path, (char *)bytes, len);
	explicit_bzero(bytes, len);
	free(bytes);
}

static void
write_output(struct run *run)
{
	enum io_result result = IO_OK;

	if (!private_text_close(&run->out)) {
		private_text_free(&run->out);
		tool_error(&mrz_read, "out of memory");
		run->code = EXIT_INTERNAL;
		return;
	}
	/* Nothing was read: no file is made, and none is emptied. */
	if (run->out.len > 0)
		result = io_write(run->common.output, run->out.bytes,
		    run->out.len, run->common.force);
	if (result != IO_OK) {
		tool_error(&mrz_read, "%s: %s",
		    run->common.output != NULL ? run->common.output
					       : "standard output",
		    io_text(result));
		run->code = exit_code_worse(run->code, EXIT_ENVIRONMENT);
	}
	private_text_free(&run->out);
}

/* What makes no sense together is not passed over. */
static bool
is_wrong_use(const struct run *run, int n_operands)
{
	const char *why = NULL;

	if (run->device == NULL && (run->count > 0 || run->layout != NULL))
		why = "--count and --layout are for --device";
	else if (run->device != NULL && n_operands > 0)
		why = "either --device or files";
	else if (run->device != NULL && (run->repair || run->normalize))
		why = "a zone of a device is taken when its check digits "
		      "verify as read; --repair and --normalize are for files";
	if (why == NULL)
		return false;
	tool_error(&mrz_read, "%s", why);
	return true;
}

/* One document of a device: written at once. */
static bool
put_swipe(void *self, char *text, size_t len)
{
	struct run *run = self;
	enum io_result result = IO_MEMORY;

	read_text(run, run->device, text, len);
	if (private_text_close(&run->out))
		result = io_write_fd(run->sink.fd, run->out.bytes,
		    run->out.len);
	if (result != IO_OK)
		tool_error(&mrz_read, "cannot write: %s", io_text(result));
	private_text_free(&run->out);
	if (result == IO_OK && private_text_open(&run->out))
		return true;
	run->code = exit_code_worse(run->code, EXIT_ENVIRONMENT);
	return false;
}

static void
read_swipes(struct run *run)
{
	enum io_result result = io_begin(run->common.output, run->common.force,
	    &run->sink);
	const struct device_reading reading = { &run->common, run->device,
		run->layout, run->count, run->sink.fd, put_swipe, run };

	if (result == IO_OK) {
		run->code = exit_code_worse(run->code,
		    read_device(&mrz_read, &reading));
		result = io_end(&run->sink);
	}
	if (result == IO_OK)
		return;
	tool_error(&mrz_read, "%s: %s",
	    run->common.output != NULL ? run->common.output : "standard output",
	    io_text(result));
	run->code = exit_code_worse(run->code, EXIT_ENVIRONMENT);
}

int
main(int argc, char **argv)
{
	struct run run = { .today = MRZ_NO_DAY, .code = EXIT_GOOD };
	int first = 0, done;

	done = tool_begin(&mrz_read, argc, argv, take_option, &run, &run.common,
	    &first);
	if (done != TOOL_GO_ON)
		return done;
	if (is_wrong_use(&run, argc - first))
		return EXIT_USAGE;
	if (run.today == MRZ_NO_DAY)
		run.today = day_now();
	run.color = run.common.output == NULL && term_wants_color(stdout);
	if (!private_text_open(&run.out)) {
		tool_error(&mrz_read, "out of memory");
		return EXIT_INTERNAL;
	}
	bar_init(&run.bar, run.common.quiet);
	run.n_sources = (size_t)(argc - first);
	if (run.device != NULL)
		read_swipes(&run);
	else if (first == argc)
		read_source(&run, "-");
	for (int i = first; i < argc; i++, run.n_done++)
		read_source(&run, argv[i]);
	picture_reader_free(&run.pictures);
	write_output(&run);
	return (int)run.code;
}
