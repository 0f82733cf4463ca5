#include "nfc_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_S 120

/* Options of a long form alone; the order is that of the help. */
enum option_id {
	OPTION_UART = 1000,
	OPTION_USB,
	OPTION_DOCUMENT,
	OPTION_MISBEHAVE,
	OPTION_TYPE,
	OPTION_UID,
	OPTION_FSC,
	OPTION_FWI,
	OPTION_SFGI,
	OPTION_RATE,
	OPTION_NO_CID,
	OPTION_WTXM,
	OPTION_FAULT,
	OPTION_SCRIPT,
	OPTION_REPEAT,
	OPTION_SEED,
	OPTION_KERNEL_DRIVER,
	OPTION_NO_PERMISSION,
	OPTION_BUSY,
	OPTION_LIMIT,
	OPTION_COUNTS,
	OPTION_VERBOSE,
	OPTION_HELP
};

static const struct {
	enum option_id id;
	const char *name, *argument, *text;
} rows[] = {
	{ OPTION_UART, "uart", NULL, "a PN532 at a serial line (the default)" },
	{ OPTION_USB, "usb", "WHAT", "pn531, pn533, scl3711 or acr122" },
	{ OPTION_DOCUMENT, "profile", "FILE",
	    "a document; may be repeated; the first lies there at the "
	    "beginning unless there is a script" },
	{ OPTION_MISBEHAVE, "misbehave", "WHAT", "as emrtd-sim has it" },
	{ OPTION_TYPE, "type", "A|B", "of the chip on the air" },
	{ OPTION_UID, "uid", "HEX", "4 or 7 bytes; a random one unless told" },
	{ OPTION_FSC, "fsc", "N", "longest frame that it takes: 16 to 256" },
	{ OPTION_FWI, "fwi", "N", "0 to 14" },
	{ OPTION_SFGI, "sfgi", "N", "0 to 14" },
	{ OPTION_RATE, "rate", "N", "its fastest: 106, 212, 424 or 848" },
	{ OPTION_NO_CID, "no-cid", NULL, "it takes none" },
	{ OPTION_WTXM, "wtxm", "N", "asks for more time before each answer" },
	{ OPTION_FAULT, "fault", "WHAT",
	    "of the chip or of the PN53x; help: list all" },
	{ OPTION_SCRIPT, "script", "STEPS",
	    "what happens: plug, lay 1, idle 200, take ...: reader_script.h" },
	{ OPTION_REPEAT, "repeat", "N", "the script, so often" },
	{ OPTION_SEED, "seed", "N", "of what a script leaves to chance" },
	{ OPTION_KERNEL_DRIVER, "kernel-driver", "NAME", "holds it" },
	{ OPTION_NO_PERMISSION, "no-permission", NULL,
	    "the command may not open it" },
	{ OPTION_BUSY, "busy", NULL, "another program holds it" },
	{ OPTION_LIMIT, "limit", "S", "the command is ended then (120)" },
	{ OPTION_COUNTS, "counts", "FILE", "figures, at the end" },
	{ OPTION_VERBOSE, "verbose", NULL, "each frame" },
	{ OPTION_HELP, "help", NULL, "this text" },
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static void
print_help(void)
{
	(void)printf(
	    "usage: nfc_reader [OPTION...] -- COMMAND [WORD...]\n"
	    "Runs COMMAND beside a simulated PN53x with a virtual passport in "
	    "its field. {} in a\nWORD is the reader, as nfc: names it; so is "
	    "NFC_READER in the environment.\nIts exit status; 97 when it took "
	    "too long.\n");
	for (size_t i = 0; i < N_ROWS; i++)
		(void)printf("  --%s%s%s\n        %s\n", rows[i].name,
		    rows[i].argument != NULL ? " " : "",
		    rows[i].argument != NULL ? rows[i].argument : "",
		    rows[i].text);
}

static bool
print_faults(void)
{
	static bool (*const tables[])(size_t,
	    struct emrtd_card_switch *) = { emrtd_picc_switch_at,
		pn532_switch_at };
	struct emrtd_card_switch s;

	for (size_t t = 0; t < 2; t++)
		for (size_t i = 0; tables[t](i, &s); i++)
			(void)printf("%s\t%s\t%s\t%s\n",
			    t == 0 ? "chip" : "reader", s.name, s.arguments,
			    s.text);
	return false;
}

/* ---- Values ------------------------------------------------------------ */

static bool
number(const char *text, unsigned max, unsigned *out)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	*out = (unsigned)v;
	return *text >= '0' && *text <= '9' && *end == '\0' && v <= max;
}

static bool
byte(const char *text, unsigned max, uint8_t *out)
{
	unsigned v;
	bool ok = number(text, max, &v);

	*out = (uint8_t)v;
	return ok;
}

/* Where a number stands in a list of them. */
static bool
index_of(const char *text, const unsigned *list, size_t n, uint8_t *out)
{
	unsigned v;

	if (!number(text, UINT16_MAX, &v))
		return false;
	for (size_t i = 0; i < n; i++)
		if (list[i] == v) {
			*out = (uint8_t)i;
			return true;
		}
	return false;
}

static bool
fsc(const char *text, struct emrtd_picc_config *picc)
{
	static const unsigned sizes[] = { 16, 24, 32, 40, 48, 64, 96, 128,
		256 };

	return index_of(text, sizes, 9, &picc->fsci);
}

static bool
rate(const char *text, struct emrtd_picc_config *picc)
{
	static const unsigned rates[] = { 106, 212, 424, 848 };
	uint8_t i;

	if (!index_of(text, rates, 4, &i))
		return false;
	/* That one and all below, both ways. */
	picc->rates = (uint8_t)(((1U << i) - 1) * 0x11);
	return true;
}

static bool
uid(const char *text, struct emrtd_picc_config *picc)
{
	size_t n = strlen(text);

	if (n != 8 && n != 14)
		return false;
	for (size_t i = 0; i < n / 2; i++) {
		const char digits[3] = { text[2 * i], text[2 * i + 1], '\0' };
		char *end;

		picc->uid[i] = (uint8_t)strtoul(digits, &end, 16);
		if (*end != '\0')
			return false;
	}
	picc->uid_len = n / 2;
	return true;
}

static bool
fault(const char *text, struct nfc_field_config *field)
{
	struct emrtd_diag diag;
	enum emrtd_error error;

	if (strcmp(text, "help") == 0)
		return print_faults();
	emrtd_diag_init(&diag);
	error = emrtd_picc_misbehave(&field->picc, text, &diag);
	if (error == EMRTD_E_NOT_FOUND)
		error = pn532_misbehave(&field->chip, text, &diag);
	return error == EMRTD_OK;
}

/* ---- Options ----------------------------------------------------------- */

static bool
take_chip(struct nfc_options *o, enum option_id option, const char *text)
{
	struct emrtd_picc_config *picc = &o->field.picc;

	switch (option) {
	case OPTION_TYPE:
		picc->type = *text == 'B' ? EMRTD_AIR_B : EMRTD_AIR_A;
		return strcmp(text, "A") == 0 || strcmp(text, "B") == 0;
	case OPTION_UID:
		return uid(text, picc);
	case OPTION_FSC:
		return fsc(text, picc);
	case OPTION_FWI:
		return byte(text, 14, &picc->fwi);
	case OPTION_SFGI:
		return byte(text, 14, &picc->sfgi);
	case OPTION_RATE:
		return rate(text, picc);
	case OPTION_NO_CID:
		picc->cid = false;
		return true;
	case OPTION_WTXM:
		return byte(text, 59, &picc->wtxm);
	default:
		return fault(text, &o->field);
	}
}

static bool
take_reader(struct nfc_options *o, enum option_id option, const char *text)
{
	if (option == OPTION_UART)
		return true;
	o->usb = nfc_usb_by_name(text);
	if (o->usb != NULL)
		o->field.chip.kind = nfc_usb_chip(o->usb);
	return o->usb != NULL;
}

static bool
add(const char **list, unsigned *n, unsigned max, const char *text)
{
	if (*n == max)
		return false;
	list[(*n)++] = text;
	return true;
}

static bool
take(struct nfc_options *o, enum option_id option, const char *text)
{
	switch (option) {
	case OPTION_UART:
	case OPTION_USB:
		return take_reader(o, option, text);
	case OPTION_DOCUMENT:
		return add(o->documents, &o->n_documents, NFC_DOCUMENTS_MAX,
		    text);
	case OPTION_MISBEHAVE:
		return add(o->misbehave, &o->n_misbehave, NFC_MISBEHAVE_MAX,
		    text);
	case OPTION_SCRIPT:
		o->script = text;
		return true;
	case OPTION_REPEAT:
		return number(text, UINT32_MAX, &o->repeats);
	case OPTION_SEED:
		return number(text, UINT32_MAX, &o->seed);
	case OPTION_KERNEL_DRIVER:
		o->kernel_driver = text;
		return true;
	case OPTION_NO_PERMISSION:
		return o->no_permission = true;
	case OPTION_BUSY:
		return o->busy = true;
	case OPTION_LIMIT:
		return number(text, UINT32_MAX, &o->limit_s);
	case OPTION_COUNTS:
		o->counts = text;
		return true;
	case OPTION_VERBOSE:
		return o->field.verbose = true;
	case OPTION_HELP:
		print_help();
		return false;
	default:
		return take_chip(o, option, text);
	}
}

bool
nfc_options_parse(int argc, char **argv, struct nfc_options *out)
{
	struct option options[N_ROWS + 1] = { 0 };
	int found;

	*out = (struct nfc_options){ .repeats = 1,
		.seed = 1,
		.limit_s = LIMIT_S,
		.field.chip.kind = PN532_PN532 };
	emrtd_picc_config_init(&out->field.picc);
	for (size_t i = 0; i < N_ROWS; i++)
		options[i] = (struct option){ .name = rows[i].name,
			.has_arg = rows[i].argument != NULL,
			.val = (int)rows[i].id };
	while ((found = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (found == '?')
			return false;
		if (take(out, (enum option_id)found, optarg))
			continue;
		if (found != OPTION_HELP &&
		    (optarg == NULL || strcmp(optarg, "help") != 0))
			(void)fprintf(stderr, "nfc_reader: --%s %s?\n",
			    rows[found - OPTION_UART].name,
			    optarg != NULL ? optarg : "");
		return false;
	}
	out->first = optind;
	if (optind == argc)
		(void)fprintf(stderr, "nfc_reader: no command to run\n");
	return optind < argc;
}
