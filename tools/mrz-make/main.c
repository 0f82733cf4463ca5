/* mrz-make: lines of a machine-readable zone, and the page they stand on. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "day.h"
#include "exit_codes.h"
#include "io.h"
#include "make_names.h"
#include "make_picture.h"
#include "make_source.h"
#include "options.h"

#define MAX_PICK 100000

enum {
	OPTION_FORMAT = OPTION_LONG_ONLY,
	OPTION_PICK,
	OPTION_AS_IS,
	OPTION_PNG,
	OPTION_DPI,
	OPTION_FACE,
	OPTION_ROTATE,
	OPTION_GREY,
	OPTION_AT,
	OPTION_TRUNCATE,
	OPTION_COUNT_FILLER,
	OPTION_ZERO_DIGIT,
	OPTION_TRANSLIT,
	OPTION_FIELD /* and the number of the field */
};

#define FIELD(id, name, argument, help)                   \
	{                                                 \
		OPTION_FIELD + (id), name, argument, help \
	}

static const struct option_row option_rows[] = {
	{ OPTION_FORMAT, "format", "NAME",
	    "TD1, TD2, TD3 (default), MRV-A, MRV-B, FRA-ID, FRA-DL, NLD-DL, "
	    "CHE-DL or CHN-EEP" },
	FIELD(MRZ_F_DOCUMENT_CODE, "document-code", "CODE",
	    "default: P for TD3, V for visas, I for cards, CS for CHN-EEP"),
	FIELD(MRZ_F_ISSUING_STATE, "issuing-state", "CODE",
	    "three letters, as UTO (D for Germany)"),
	FIELD(MRZ_F_SURNAME, "surname", "NAME", "cut when it is too long"),
	FIELD(MRZ_F_GIVEN_NAMES, "given-names", "NAMES", "the same"),
	FIELD(MRZ_F_DOCUMENT_NUMBER, "document-number", "NUMBER",
	    "up to 9 characters; 22 in TD1, 14 in TD2, 12 in FRA-ID, 10 in "
	    "NLD-DL"),
	FIELD(MRZ_F_NATIONALITY, "nationality", "CODE", "as --issuing-state"),
	FIELD(MRZ_F_DATE_OF_BIRTH, "date-of-birth", "DATE",
	    "1974-08-12 or 740812; unknown parts as '<<'"),
	FIELD(MRZ_F_SEX, "sex", "LETTER", "F, M, or X (the default)"),
	FIELD(MRZ_F_DATE_OF_EXPIRY, "date-of-expiry", "DATE",
	    "2032-04-15 or 320415"),
	FIELD(MRZ_F_OPTIONAL_DATA, "optional-data", "TEXT", "may be empty"),
	FIELD(MRZ_F_OPTIONAL_DATA_2, "optional-data-2", "TEXT",
	    "TD1 only: of the second line"),
	FIELD(MRZ_F_ADMINISTRATIVE_CODE, "administrative-code", "CODE",
	    "FRA-ID only: department and office"),
	FIELD(MRZ_F_VERSION, "card-version", "TEXT",
	    "NLD-DL one character, CHE-DL three digits"),
	FIELD(MRZ_F_BLANK_NUMBER, "blank-number", "NUMBER",
	    "CHE-DL only: three letters or digits, three digits"),
	FIELD(MRZ_F_LANGUAGE, "language", "LETTER",
	    "CHE-DL only: D, F, I or R"),
	{ OPTION_TRUNCATE, "truncate", "STYLE",
	    "how a long name is cut: given (default), initials, even, end, or "
	    "letters of each part, as 9,7,2/1" },
	{ OPTION_COUNT_FILLER, "count-filler", NULL,
	    "count the filler into the digit of a long number" },
	{ OPTION_ZERO_DIGIT, "zero-digit", NULL,
	    "0, not <, as the digit of empty optional data" },
	{ OPTION_TRANSLIT, "translit", "WORDS",
	    "how to spell names that have other letters: uk, umlaut-plain .." },
	{ OPTION_PICK, "pick", "N", "take the N-th of several in FILE" },
	{ OPTION_AS_IS, "as-is", NULL, "take lines also when they are wrong" },
	{ OPTION_PNG, "png", "FILE", "draw the page into FILE" },
	{ OPTION_DPI, "dpi", "N", "its resolution, 72 to 1200 (default 300)" },
	{ OPTION_FACE, "face", "FILE", "the picture of the holder on it" },
	{ OPTION_ROTATE, "rotate", "DEGREES",
	    "turn it clockwise by 90, 180 or 270" },
	{ OPTION_GREY, "grey", NULL, "draw it in grey" },
	{ OPTION_AT, "at", "TIME",
	    "write centuries as of this day (2026-11-23), not now" },
};

static const struct tool_example examples[] = {
	{ "mrz-make --issuing-state UTO --nationality UTO \\\n"
	  "      --surname Eriksson --given-names 'Anna Maria' \\\n"
	  "      --document-number L898902C3 --date-of-birth 1974-08-12 \\\n"
	  "      --date-of-expiry 2032-04-15 --sex F",
	    "the lines of a passport" },
	{ "mrz-make --format NLD-DL --card-version 1 \\\n"
	  "      --document-number 0000000001 --optional-data ABCDEFGHIJKLM",
	    "a driving licence of the Netherlands" },
	{ "mrz-make --png page.png --face anna.jpg utopia.txt",
	    "a picture of its page, from its lines" },
	{ "mrz-read --json old.txt |\n"
	  "      jq '.documents[0].fields.surname = \"NEW NAME\"' | mrz-make -",
	    "change a field; the check digits follow" },
};

static const struct tool_exit exits[] = {
	{ EXIT_GOOD, "it was made" },
	{ EXIT_USAGE, NULL },
	{ EXIT_ENVIRONMENT, "a file, a typeface or the decoder is wanting" },
	{ EXIT_MALFORMED, "a field cannot be encoded, or lines are wrong" },
	{ EXIT_INTERNAL, NULL },
};

static const struct tool mrz_make = {
	.name = "mrz-make",
	.operands = "[FILE]",
	.summary =
	    "Make the lines of a machine-readable zone from fields, given as "
	    "options or as JSON in FILE, and draw a specimen page with them or "
	    "with lines in FILE. FILE is - for standard input.",
	TOOL_TABLE(options, option_rows),
	TOOL_TABLE(examples, examples),
	TOOL_TABLE(exits, exits),
};

struct run {
	struct tool_common common;
	struct make_fields fields;
	struct make_options options;
	struct make_picture picture;
	bool has_fields;       /* an option for a field was given */
	const char *pictorial; /* one that wants --png */
};

/* A whole number within bounds. */
static bool
take_number(const char *name, const char *text, unsigned long least,
    unsigned long most, unsigned long *out)
{
	char *end = NULL;

	errno = 0;
	*out = strtoul(text, &end, 10);
	if (errno == 0 && text[0] >= '0' && text[0] <= '9' && *end == '\0' &&
	    *out >= least && *out <= most)
		return true;
	tool_error(&mrz_make, "--%s: not a number from %lu to %lu", name, least,
	    most);
	return false;
}

static bool
take_rotation(struct run *run, const char *argument)
{
	unsigned long degrees = 0;

	if (!take_number("rotate", argument, 0, 270, &degrees))
		return false;
	run->picture.rotate = (unsigned)degrees;
	if (degrees % 90 == 0)
		return true;
	tool_error(&mrz_make, "--rotate: not 0, 90, 180 or 270");
	return false;
}

static bool
take_field(struct run *run, int id, const char *argument)
{
	run->has_fields = true;
	if (id != OPTION_FORMAT) {
		make_fields_set(&mrz_make, &run->fields,
		    (enum mrz_field_id)(id - OPTION_FIELD), argument);
		return true;
	}
	run->fields.format = mrz_format_find(argument);
	if (run->fields.format != MRZ_UNKNOWN)
		return true;
	tool_error(&mrz_make, "--format: no such layout; see mrz-make --help");
	return false;
}

static bool
take_picture_option(struct run *run, int id, const char *argument)
{
	unsigned long number = 0;

	switch (id) {
	case OPTION_DPI:
		run->pictorial = "dpi";
		if (!take_number("dpi", argument, MAKE_MIN_DPI, MAKE_MAX_DPI,
			&number))
			return false;
		run->picture.dpi = (uint32_t)number;
		return true;
	case OPTION_FACE:
		run->pictorial = "face";
		run->picture.face = argument;
		return true;
	case OPTION_ROTATE:
		run->pictorial = "rotate";
		return take_rotation(run, argument);
	default:
		run->pictorial = "grey";
		run->picture.grey = true;
		return true;
	}
}

static bool
take_choice(struct run *run, int id, const char *argument)
{
	struct make_choices *choices = &run->options.choices;

	choices->given = true;
	if (id == OPTION_TRUNCATE)
		return make_choices_truncate(&mrz_make, argument, choices);
	if (id == OPTION_COUNT_FILLER)
		choices->count_filler = true;
	else
		choices->zero_digit = true;
	return true;
}

static bool
take_option(void *self, int id, const char *argument)
{
	struct run *run = self;
	unsigned long number = 0;

	switch (id) {
	case OPTION_PNG:
		run->picture.path = argument;
		return true;
	case OPTION_AS_IS:
		run->options.as_is = true;
		return true;
	case OPTION_TRANSLIT:
		return make_names_choose(&mrz_make, argument,
		    &run->options.translit);
	case OPTION_PICK:
		if (!take_number("pick", argument, 1, MAX_PICK, &number))
			return false;
		run->options.pick = (unsigned)number;
		return true;
	case OPTION_AT:
		if (day_parse(argument, &run->options.today))
			return true;
		tool_error(&mrz_make,
		    "not a day (2026-11-23) or instant (RFC 3339): %s",
		    argument);
		return false;
	case OPTION_DPI:
	case OPTION_FACE:
	case OPTION_ROTATE:
	case OPTION_GREY:
		return take_picture_option(run, id, argument);
	case OPTION_TRUNCATE:
	case OPTION_COUNT_FILLER:
	case OPTION_ZERO_DIGIT:
		return take_choice(run, id, argument);
	default:
		return take_field(run, id, argument);
	}
}

/* What was asked for makes sense; says what does not. */
static bool
is_sound(const struct run *run, int n_files)
{
	if (n_files > 1)
		tool_error(&mrz_make, "one FILE only; see mrz-make --help");
	else if (n_files == 1 && run->has_fields)
		tool_error(&mrz_make,
		    "fields come from options or from FILE, not from both");
	else if (n_files == 0 && !run->has_fields)
		tool_error(&mrz_make,
		    "nothing to make: give fields or FILE; see mrz-make "
		    "--help");
	else if (run->pictorial != NULL && run->picture.path == NULL)
		tool_error(&mrz_make, "--%s is for a picture: --png is wanting",
		    run->pictorial);
	else
		return true;
	return false;
}

/* With the picture on standard output, lines go to a file or nowhere. */
static bool
wants_lines(const struct run *run)
{
	return run->picture.path == NULL ||
	       strcmp(run->picture.path, "-") != 0 ||
	       (run->common.output != NULL &&
		   strcmp(run->common.output, "-") != 0);
}

static enum exit_code
write_lines(const struct run *run, const struct mrz_doc *doc)
{
	char text[MRZ_MAX_LINES * MRZ_LINE_CAP + 1];
	enum io_result io;
	size_t len = 0, n;
	uint32_t i;

	for (i = 0; i < doc->n_lines; i++) {
		n = strlen(doc->lines[i]);
		memcpy(text + len, doc->lines[i], n);
		text[len + n] = '\n';
		len += n + 1;
	}
	io = io_write(run->common.output, text, len, run->common.force);
	explicit_bzero(text, sizeof(text));
	if (io == IO_OK)
		return EXIT_GOOD;
	tool_error(&mrz_make, "%s: %s",
	    run->common.output != NULL ? run->common.output : "standard output",
	    io_text(io));
	return EXIT_ENVIRONMENT;
}

int
main(int argc, char **argv)
{
	struct run run = { .fields = { .format = MRZ_TD3 },
		.options = { .today = MRZ_NO_DAY } };
	struct mrz_doc doc;
	enum exit_code code;
	int first = 0, done;

	done = tool_begin(&mrz_make, argc, argv, take_option, &run, &run.common,
	    &first);
	if (done != TOOL_GO_ON)
		return done;
	if (!is_sound(&run, argc - first))
		return EXIT_USAGE;
	if (run.options.today == MRZ_NO_DAY)
		run.options.today = day_now();
	run.picture.force = run.common.force;
	run.options.choices.quiet = run.common.quiet;
	if (first < argc)
		code = make_from_file(&mrz_make, argv[first], &run.options,
		    &doc);
	else
		code = make_from_fields(&mrz_make, &run.fields, &run.options,
		    &doc);
	if (code == EXIT_GOOD && run.picture.path != NULL)
		code = make_picture(&mrz_make, &run.picture, &doc);
	if (code == EXIT_GOOD && wants_lines(&run))
		code = write_lines(&run, &doc);
	explicit_bzero(&doc, sizeof(doc));
	explicit_bzero(&run, sizeof(run));
	return (int)code;
}
