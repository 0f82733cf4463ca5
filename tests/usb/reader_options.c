#include "reader_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_S 120

/* Options of a long form alone; the order is that of the help. */
enum option_id {
	OPTION_ID = 1000,
	OPTION_INTERFACE,
	OPTION_LEVEL,
	OPTION_MAX_MESSAGE,
	OPTION_SLOTS,
	OPTION_CLASS,
	OPTION_NAME,
	OPTION_NO_INTERRUPT,
	OPTION_LAST,
	OPTION_DOCUMENT,
	OPTION_MISBEHAVE,
	OPTION_SLOT,
	OPTION_BANK_CARD,
	OPTION_SCRIPT,
	OPTION_REPEAT,
	OPTION_SEED,
	OPTION_SPLIT,
	OPTION_EXTENSIONS,
	OPTION_LATE_REMOVAL,
	OPTION_NO_ABORT,
	OPTION_HOSTILE,
	OPTION_KERNEL_DRIVER,
	OPTION_NO_PERMISSION,
	OPTION_BUSY,
	OPTION_LIMIT,
	OPTION_COUNTS,
	OPTION_LENIENT,
	OPTION_VERBOSE,
	OPTION_HELP
};

static const struct {
	enum option_id id;
	const char *name, *argument, *text;
} rows[] = {
	{ OPTION_ID, "id", "VID:PID", "04e6:5790 unless told" },
	{ OPTION_INTERFACE, "another-interface", NULL,
	    "what follows is said of another interface of the device" },
	{ OPTION_LEVEL, "level", "WHAT",
	    "character, tpdu, short, or extended (the default)" },
	{ OPTION_MAX_MESSAGE, "max-message", "N", "1034 unless told" },
	{ OPTION_SLOTS, "slots", "N", "of the interface" },
	{ OPTION_CLASS, "class", "XX", "of the interface: 0b, or ff" },
	{ OPTION_NAME, "name", "TEXT", "of the interface" },
	{ OPTION_NO_INTERRUPT, "no-interrupt", NULL, "no such endpoint" },
	{ OPTION_LAST, "descriptor-last", NULL,
	    "class descriptor behind the endpoints" },
	{ OPTION_DOCUMENT, "profile", "FILE",
	    "a document; the first of them lies there unless there is a "
	    "script" },
	{ OPTION_MISBEHAVE, "misbehave", "WHAT", "as emrtd-sim has it" },
	{ OPTION_SLOT, "slot", "I.S",
	    "interface and slot of the document (0.0)" },
	{ OPTION_BANK_CARD, "bank-card", "I.S", "a bank card lies there" },
	{ OPTION_SCRIPT, "script", "STEPS",
	    "what happens: plug, lay 1, idle 200, take ...: reader_script.h" },
	{ OPTION_REPEAT, "repeat", "N", "the script, so often" },
	{ OPTION_SEED, "seed", "N", "of what a script leaves to chance" },
	{ OPTION_SPLIT, "split", "BYTES:MS", "answers in parts, so far apart" },
	{ OPTION_EXTENSIONS, "extensions", "N:MS",
	    "time extensions before each answer, so far apart" },
	{ OPTION_LATE_REMOVAL, "late-removal", NULL,
	    "a removal shows at the next command only" },
	{ OPTION_NO_ABORT, "no-abort", NULL, "aborts are not supported" },
	{ OPTION_HOSTILE, "hostile", "NAME[@N]",
	    "lies, from the Nth answer on; help: list all" },
	{ OPTION_KERNEL_DRIVER, "kernel-driver", "NAME", "holds it at first" },
	{ OPTION_NO_PERMISSION, "no-permission", NULL,
	    "the command may not open it" },
	{ OPTION_BUSY, "busy", NULL, "another program holds it" },
	{ OPTION_LIMIT, "limit", "S", "the command is ended then (120)" },
	{ OPTION_COUNTS, "counts", "FILE", "figures, at the end" },
	{ OPTION_LENIENT, "lenient", NULL,
	    "does not fail when the host breaks the rules of CCID" },
	{ OPTION_VERBOSE, "verbose", NULL, "each message" },
	{ OPTION_HELP, "help", NULL, "this text" },
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static void
print_help(void)
{
	(void)printf("usage: usb_reader [OPTION...] COMMAND [WORD...]\n"
		     "Runs COMMAND beside a simulated USB reader (CCID) with a "
		     "virtual passport on it.\nIts exit status; 98 when it "
		     "broke the rules of CCID, 97 when it took too long.\n\n");
	for (size_t i = 0; i < N_ROWS; i++)
		(void)printf("  --%s%s%s\n        %s\n", rows[i].name,
		    rows[i].argument != NULL ? " " : "",
		    rows[i].argument != NULL ? rows[i].argument : "",
		    rows[i].text);
}

static bool
print_hostile(void)
{
	const char *name, *text;

	for (size_t i = 0; hostile_at(i, &name, &text); i++)
		(void)printf("%s\t%s\n", name, text);
	return false;
}

/* ---- Values ------------------------------------------------------------ */

static bool
number(const char *text, unsigned long max, unsigned long *out)
{
	char *end;

	*out = strtoul(text, &end, 10);
	return *text >= '0' && *text <= '9' && *end == '\0' && *out <= max;
}

static bool
u32(const char *text, uint32_t *out)
{
	unsigned long v;
	bool ok = number(text, UINT32_MAX, &v);

	*out = (uint32_t)v;
	return ok;
}

/* "A:B" */
static bool
pair(const char *text, uint32_t *a, uint32_t *b)
{
	char left[16];
	const char *colon = strchr(text, ':');
	size_t n = colon != NULL ? (size_t)(colon - text) : sizeof(left);

	if (n >= sizeof(left))
		return false;
	memcpy(left, text, n);
	left[n] = '\0';
	return u32(left, a) && u32(colon + 1, b);
}

static bool
id(const char *text, struct ccid_device_config *config)
{
	char *end;
	unsigned long vendor = strtoul(text, &end, 16), product;

	if (*end != ':')
		return false;
	product = strtoul(end + 1, &end, 16);
	config->vendor = (uint16_t)vendor;
	config->product = (uint16_t)product;
	return *end == '\0' && vendor <= UINT16_MAX && product <= UINT16_MAX;
}

static bool
place(const char *text, uint8_t *interface, uint8_t *slot)
{
	if (strlen(text) != 3 || text[1] != '.')
		return false;
	*interface = (uint8_t)(text[0] - '0');
	*slot = (uint8_t)(text[2] - '0');
	return *interface < CCID_DEVICE_INTERFACES_MAX &&
	       *slot < CCID_DEVICE_SLOTS_MAX;
}

static bool
level(const char *text, enum ccid_device_level *out)
{
	static const struct {
		const char *name;
		enum ccid_device_level level;
	} levels[] = { { "character", CCID_DEVICE_CHARACTER },
		{ "tpdu", CCID_DEVICE_TPDU }, { "short", CCID_DEVICE_SHORT },
		{ "extended", CCID_DEVICE_EXTENDED } };

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (strcmp(levels[i].name, text) == 0) {
			*out = levels[i].level;
			return true;
		}
	return false;
}

/* ---- Options ----------------------------------------------------------- */

static bool
take_interface(struct ccid_device_config *config, enum option_id option,
    const char *text)
{
	struct ccid_device_interface *face =
	    &config->interface[config->n_interfaces - 1];
	unsigned long v = 0;
	char *end;

	switch (option) {
	case OPTION_INTERFACE:
		if (config->n_interfaces == CCID_DEVICE_INTERFACES_MAX)
			return false;
		face[1] = (struct ccid_device_interface){ .usb_class = 0x0B,
			.level = CCID_DEVICE_EXTENDED,
			.max_message = 1034,
			.n_slots = 1 };
		config->n_interfaces++;
		return true;
	case OPTION_LEVEL:
		return level(text, &face->level);
	case OPTION_MAX_MESSAGE:
		return u32(text, &face->max_message) && face->max_message > 10;
	case OPTION_SLOTS:
		if (!number(text, CCID_DEVICE_SLOTS_MAX, &v) || v == 0)
			return false;
		face->n_slots = (uint8_t)v;
		return true;
	case OPTION_CLASS:
		face->usb_class = (uint8_t)strtoul(text, &end, 16);
		return *end == '\0';
	case OPTION_NAME:
		face->name = text;
		return true;
	case OPTION_NO_INTERRUPT:
		face->no_interrupt = true;
		return true;
	default:
		face->descriptor_last = true;
		return true;
	}
}

static bool
take_document(struct reader_options *o, enum option_id option, const char *text)
{
	switch (option) {
	case OPTION_DOCUMENT:
		if (o->n_documents == READER_DOCUMENTS_MAX)
			return false;
		o->documents[o->n_documents++] = text;
		return true;
	case OPTION_MISBEHAVE:
		if (o->n_misbehave == READER_MISBEHAVE_MAX)
			return false;
		o->misbehave[o->n_misbehave++] = text;
		return true;
	case OPTION_SLOT:
		return place(text, &o->interface, &o->slot);
	default:
		return place(text, &o->bank_interface, &o->bank_slot);
	}
}

static bool
take_script(struct reader_options *o, enum option_id option, const char *text)
{
	uint32_t v;

	if (option == OPTION_SCRIPT) {
		o->script = text;
		return true;
	}
	if (!u32(text, &v))
		return false;
	if (option == OPTION_REPEAT)
		o->repeats = v;
	else if (option == OPTION_SEED)
		o->seed = v;
	else
		o->limit_s = v;
	return true;
}

static bool
take_habit(struct reader_options *o, enum option_id option, const char *text)
{
	struct ccid_device_config *config = &o->config;

	switch (option) {
	case OPTION_SPLIT:
		return pair(text, &config->split, &config->split_ms);
	case OPTION_EXTENSIONS:
		return pair(text, &config->extensions, &config->extension_ms);
	case OPTION_HOSTILE:
		if (strcmp(text, "help") == 0)
			return print_hostile();
		return hostile_by_name(text, &o->hostile);
	case OPTION_LATE_REMOVAL:
		config->late_removal = true;
		return true;
	case OPTION_NO_ABORT:
		config->no_abort = true;
		return true;
	case OPTION_KERNEL_DRIVER:
		o->kernel_driver = text;
		return true;
	case OPTION_NO_PERMISSION:
		o->no_permission = true;
		return true;
	case OPTION_BUSY:
		o->busy = true;
		return true;
	default:
		config->verbose = true;
		return true;
	}
}

static bool
take(struct reader_options *o, enum option_id option, const char *text)
{
	switch (option) {
	case OPTION_ID:
		return id(text, &o->config);
	case OPTION_SCRIPT:
	case OPTION_REPEAT:
	case OPTION_SEED:
	case OPTION_LIMIT:
		return take_script(o, option, text);
	case OPTION_COUNTS:
		o->counts = text;
		return true;
	case OPTION_LENIENT:
		o->lenient = true;
		return true;
	case OPTION_HELP:
		print_help();
		return false;
	default:
		if (option <= OPTION_LAST)
			return take_interface(&o->config, option, text);
		if (option <= OPTION_BANK_CARD)
			return take_document(o, option, text);
		return take_habit(o, option, text);
	}
}

bool
reader_options_parse(int argc, char **argv, struct reader_options *out)
{
	struct option options[N_ROWS + 1] = { 0 };
	int found;

	*out = (struct reader_options){ .repeats = 1,
		.seed = 1,
		.limit_s = LIMIT_S,
		.bank_interface = UINT8_MAX };
	ccid_device_config_init(&out->config);
	for (size_t i = 0; i < N_ROWS; i++)
		options[i] = (struct option){ .name = rows[i].name,
			.has_arg = rows[i].argument != NULL,
			.val = (int)rows[i].id };
	while ((found = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (found == '?')
			return false;
		if (take(out, (enum option_id)found, optarg))
			continue;
		if (found != OPTION_HELP)
			(void)fprintf(stderr, "usb_reader: --%s %s?\n",
			    rows[found - OPTION_ID].name,
			    optarg != NULL ? optarg : "");
		return false;
	}
	out->first = optind;
	if (out->hostile.row != NULL)
		out->config.hostile = &out->hostile;
	if (optind == argc)
		(void)fprintf(stderr, "usb_reader: no command to run\n");
	return optind < argc;
}
