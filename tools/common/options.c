#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "term.h"

#define MAX_OPTIONS 64
#define HELP_COLUMN 26

enum {
	OPTION_VERSION = 0x10000,
	OPTION_FORCE
};

static const struct option_row common_rows[] = {
	{ 'o', "output", "FILE", "write to FILE (mode 0600), not to stdout" },
	{ OPTION_FORCE, "force", NULL, "overwrite files that exist" },
	{ 'v', "verbose", NULL, "say more" },
	{ 'q', "quiet", NULL, "say only errors on stderr" },
	{ 'h', "help", NULL, "print this help" },
	{ OPTION_VERSION, "version", NULL, "print the version" },
};

#define N_COMMON (sizeof(common_rows) / sizeof(common_rows[0]))

/* The two tables as getopt_long wants them. */
struct getopt_tables {
	struct option longs[MAX_OPTIONS + 1];
	char shorts[2 * MAX_OPTIONS + 2];
	size_t n_longs;
	size_t n_shorts;
};

static void
add_rows(struct getopt_tables *tables, const struct option_row *rows, size_t n)
{
	for (size_t i = 0; i < n && tables->n_longs < MAX_OPTIONS; i++) {
		struct option *to = &tables->longs[tables->n_longs++];

		to->name = rows[i].name;
		to->has_arg = rows[i].argument != NULL ? required_argument
						       : no_argument;
		to->val = rows[i].id;
		if (rows[i].id >= OPTION_LONG_ONLY)
			continue;
		tables->shorts[tables->n_shorts++] = (char)rows[i].id;
		if (rows[i].argument != NULL)
			tables->shorts[tables->n_shorts++] = ':';
	}
}

static void
print_rows(const struct option_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct option_row *row = &rows[i];
		int used;

		if (row->help == NULL)
			continue;
		if (row->id < OPTION_LONG_ONLY)
			used = printf("  -%c, --%s", row->id, row->name);
		else
			used = printf("      --%s", row->name);
		if (row->argument != NULL)
			used += printf(" %s", row->argument);
		if (used >= HELP_COLUMN)
			used = printf("\n") - 1;
		printf("%*s", HELP_COLUMN - used, "");
		term_wrap(stdout, HELP_COLUMN, HELP_COLUMN, row->help);
		putchar('\n');
	}
}

static void
print_help(const struct tool *tool)
{
	printf("usage: %s [OPTION...]%s%s\n\n", tool->name,
	    tool->operands != NULL ? " " : "",
	    tool->operands != NULL ? tool->operands : "");
	term_wrap(stdout, 0, 0, tool->summary);
	printf("\n\nOptions:\n");
	print_rows(tool->options, tool->n_options);
	print_rows(common_rows, N_COMMON);
	if (tool->n_examples > 0)
		printf("\nExamples:\n");
	for (size_t i = 0; i < tool->n_examples; i++)
		printf("  %s\n      %s\n", tool->examples[i].command,
		    tool->examples[i].what);
	printf("\nExit status:\n");
	for (size_t i = 0; i < tool->n_exits; i++)
		printf("  %2d  %s\n", (int)tool->exits[i].code,
		    tool->exits[i].text != NULL
			? tool->exits[i].text
			: exit_code_text((int)tool->exits[i].code));
	printf("\nSee %s(1).\n", tool->name);
}

static int
printed(const struct tool *tool)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EXIT_GOOD;
	tool_error(tool, "standard output: %s", strerror(errno));
	return EXIT_ENVIRONMENT;
}

/* True if the option is one that every tool has. */
static bool
take_common(struct tool_common *common, int id, const char *argument)
{
	switch (id) {
	case 'o':
		common->output = argument;
		return true;
	case 'v':
		common->verbose++;
		return true;
	case 'q':
		common->quiet = true;
		return true;
	case OPTION_FORCE:
		common->force = true;
		return true;
	default:
		return false;
	}
}

/* A tool holds faces, MRZs and keys: a crash does not write them to disk. */
static void
forbid_core_dump(void)
{
	const struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none); /* lowering is always allowed */
}

int
tool_begin(const struct tool *tool, int argc, char **argv,
    option_handler handler, void *self, struct tool_common *common,
    int *out_first)
{
	struct getopt_tables tables = { .n_longs = 0 };
	int id;

	forbid_core_dump();
	memset(common, 0, sizeof(*common));
	tables.shorts[tables.n_shorts++] = ':'; /* we tell the errors */
	add_rows(&tables, tool->options, tool->n_options);
	add_rows(&tables, common_rows, N_COMMON);
	optind = 1;
	while ((id = getopt_long(argc, argv, tables.shorts, tables.longs,
		    NULL)) != -1) {
		if (id == 'h') {
			print_help(tool);
			return printed(tool);
		}
		if (id == OPTION_VERSION) {
			printf("%s %s\n", tool->name, MRTD_VERSION);
			return printed(tool);
		}
		if (id == '?' || id == ':') {
			tool_error(tool, "%s %s; see %s --help",
			    id == ':' ? "an argument is wanting for"
				      : "no such option:",
			    argv[optind - 1], tool->name);
			return EXIT_USAGE;
		}
		if (!take_common(common, id, optarg) &&
		    !handler(self, id, optarg))
			return EXIT_USAGE;
	}
	*out_first = optind;
	return TOOL_GO_ON;
}

static void __attribute__((format(printf, 2, 0)))
put_message(const struct tool *tool, const char *format, va_list arguments)
{
	char *text = NULL;
	int len = vasprintf(&text, format, arguments);

	fprintf(stderr, "%s: ", tool->name);
	if (len < 0)
		fprintf(stderr, "%s", "out of memory");
	else
		term_put(stderr, text, (size_t)len);
	fputc('\n', stderr);
	if (len >= 0)
		free(text);
}

void
tool_error(const struct tool *tool, const char *format, ...)
{
	va_list arguments;

	if (tool == NULL)
		return;
	va_start(arguments, format);
	put_message(tool, format, arguments);
	va_end(arguments);
}

void
tool_note(const struct tool *tool, const struct tool_common *common,
    const char *format, ...)
{
	va_list arguments;

	if (common->quiet)
		return;
	va_start(arguments, format);
	put_message(tool, format, arguments);
	va_end(arguments);
}
