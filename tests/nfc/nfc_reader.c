/*
 * nfc_reader - runs a program beside a simulated PN53x, through the program's
 * own libnfc: at a pseudo-terminal, or on USB with umockdev for the kernel.
 */
#include "nfc_options.h"
#include "nfc_pty.h"
#include "passport_card.h"
#include "reader_run.h"
#include "umock_usb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_USAGE 2
#define NAME_CAP   128
#define USB_PLACE  "001:002" /* as umock_usb.c has it at first */

struct bench {
	struct nfc_options options;
	pthread_mutex_t lock;
	struct nfc_field *field;
	struct nfc_usb *device;
	struct umock_usb *usb; /* either this one */
	struct nfc_pty *pty;   /* or this one */
	struct passport_card *documents[NFC_DOCUMENTS_MAX];
	struct reader_script *script;
	char folder[NAME_CAP / 2], link[NAME_CAP], name[NAME_CAP * 2];
};

/* ---- What a script does ------------------------------------------------ */

static struct reader_script_counts
counts(void *self)
{
	struct bench *b = self;
	struct nfc_field_counts c = nfc_field_counts(b->field);

	return (struct reader_script_counts){ .blocks = c.card.blocks,
		.commands = c.commands,
		.told_absent = c.chip.in_vain,
		.last_command_ms = c.last_command_ms };
}

static void
lay(void *self, unsigned document)
{
	struct bench *b = self;

	nfc_field_lay(b->field,
	    document > 0 ? passport_card_chip(b->documents[document - 1])
			 : NULL,
	    document == 1);
	if (b->usb != NULL)
		umock_usb_nudge(b->usb);
	else
		nfc_pty_nudge(b->pty);
}

static void
plug(void *self)
{
	struct bench *b = self;

	if (b->usb != NULL)
		umock_usb_plug(b->usb);
	else
		nfc_pty_plug(b->pty);
}

static void
unplug(void *self)
{
	struct bench *b = self;

	if (b->usb != NULL)
		umock_usb_unplug(b->usb);
	else
		nfc_pty_unplug(b->pty);
}

static void
pull(void *self)
{
	struct bench *b = self;

	if (b->usb != NULL)
		umock_usb_pull(b->usb);
	else
		nfc_pty_pull(b->pty);
}

static const struct reader_script_ops script_ops = { .counts = counts,
	.lay = lay,
	.plug = plug,
	.unplug = unplug,
	.pull = pull };

/* ---- Set up ------------------------------------------------------------ */

static bool
issue_documents(struct bench *b)
{
	const struct nfc_options *o = &b->options;

	for (unsigned i = 0; i < o->n_documents; i++) {
		b->documents[i] = passport_card_new(o->documents[i],
		    o->misbehave, o->n_misbehave);
		if (b->documents[i] == NULL)
			return false;
	}
	return true;
}

static bool
set_up_usb(struct bench *b)
{
	const struct nfc_options *o = &b->options;
	const struct umock_usb_options options = {
		.kernel_driver = o->kernel_driver,
		.no_permission = o->no_permission,
		.busy = o->busy
	};
	struct usb_device device;

	b->device = nfc_usb_new(o->usb, b->field);
	if (b->device == NULL)
		return false;
	device = nfc_usb_device(b->device);
	b->usb = umock_usb_new(&device, &b->lock, &options);
	(void)snprintf(b->name, sizeof(b->name), "%s:" USB_PLACE,
	    nfc_usb_driver(o->usb));
	return b->usb != NULL;
}

static bool
set_up_uart(struct bench *b)
{
	(void)snprintf(b->folder, sizeof(b->folder), "/tmp/nfc_reader.XXXXXX");
	if (mkdtemp(b->folder) == NULL) {
		perror(b->folder);
		b->folder[0] = '\0';
		return false;
	}
	(void)snprintf(b->link, sizeof(b->link), "%s/tty", b->folder);
	(void)snprintf(b->name, sizeof(b->name), "pn532_uart:%s", b->link);
	b->pty = nfc_pty_new(b->field, &b->lock, b->link);
	return b->pty != NULL;
}

static bool
set_up(struct bench *b)
{
	struct nfc_options *o = &b->options;
	const char *script = o->script;

	if (script == NULL)
		script = o->n_documents > 0 ? "lay 1; plug" : "plug";
	if (!issue_documents(b))
		return false;
	b->script = reader_script_new(script, o->repeats, o->seed,
	    o->n_documents);
	if (b->script == NULL)
		return false;
	o->field.on_block = reader_script_block;
	o->field.on_block_self = b->script;
	b->field = nfc_field_new(&o->field);
	if (b->field == NULL)
		return false;
	reader_script_bind(b->script, &b->lock, &script_ops, b);
	return o->usb != NULL ? set_up_usb(b) : set_up_uart(b);
}

static void
tear_down(struct bench *b)
{
	umock_usb_free(&b->usb);
	nfc_usb_free(&b->device);
	nfc_pty_free(&b->pty);
	if (b->folder[0] != '\0')
		(void)rmdir(b->folder);
	nfc_field_free(&b->field);
	reader_script_free(&b->script);
	for (unsigned i = 0; i < NFC_DOCUMENTS_MAX; i++)
		passport_card_free(&b->documents[i]);
}

/* ---- The command ------------------------------------------------------- */

/* The word, with the reader in the place of {}. */
static char *
fill_in(const char *word, const char *name)
{
	const char *at = strstr(word, "{}");
	char *text;

	if (at == NULL)
		return strdup(word);
	if (asprintf(&text, "%.*snfc:%s%s", (int)(at - word), word, name,
		at + 2) < 0)
		return NULL;
	return text;
}

static bool
write_counts(const struct bench *b)
{
	struct nfc_field_counts c = nfc_field_counts(b->field);
	const struct {
		const char *name;
		uint64_t value;
	} figures[] = { { "apdus", c.card.commands },
		{ "extended", c.extended },
		{ "longest_command", c.longest_command },
		{ "longest_answer", c.longest_answer },
		{ "blocks", c.card.blocks }, { "wtx", c.card.wtx },
		{ "selected", c.card.selected },
		{ "deselected", c.card.deselected },
		{ "ignored", c.card.ignored },
		{ "host_bytes", c.chip.host_in + c.chip.host_out },
		{ "air_bytes", c.chip.air_in + c.chip.air_out },
		{ "commands", c.chip.commands },
		{ "exchanges", c.chip.exchanges },
		{ "aborted", c.chip.aborted }, { "garbage", c.chip.garbage },
		{ "heard_106", c.chip.heard[EMRTD_AIR_106] },
		{ "heard_212", c.chip.heard[EMRTD_AIR_212] },
		{ "heard_424", c.chip.heard[EMRTD_AIR_424] },
		{ "heard_848", c.chip.heard[EMRTD_AIR_848] } };
	FILE *f = fopen(b->options.counts, "w");

	if (f == NULL) {
		perror(b->options.counts);
		return false;
	}
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		(void)fprintf(f, "%s %llu\n", figures[i].name,
		    (unsigned long long)figures[i].value);
	return fclose(f) == 0;
}

static int
run(struct bench *b, char **words)
{
	const struct reader_run_options options = {
		.limit_s = b->options.limit_s,
		.no_permission = b->options.no_permission
	};
	int status;

	/* Until the end of this program. */
	for (char **word = words; *word != NULL; word++)
		*word = fill_in(*word, b->name);
	if (setenv("NFC_READER", b->name, 1) != 0)
		return EXIT_FAILURE;
	status = reader_run(b->script, &options, words);
	for (char **word = words; *word != NULL; word++)
		free(*word);
	if (b->options.counts != NULL && !write_counts(b))
		return EXIT_FAILURE;
	return status;
}

int
main(int argc, char **argv)
{
	static struct bench bench = { .lock = PTHREAD_MUTEX_INITIALIZER };
	int status = EXIT_FAILURE;

	if (!nfc_options_parse(argc, argv, &bench.options))
		return EXIT_USAGE;
	if (bench.options.usb != NULL)
		reader_run_preload(argv);
	if (set_up(&bench))
		status = run(&bench, argv + bench.options.first);
	tear_down(&bench);
	return status;
}
