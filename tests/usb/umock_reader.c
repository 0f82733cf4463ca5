/*
 * usb_reader - runs a program beside a simulated USB reader, through the
 * program's own libusb: umockdev stands in for the kernel.
 */
#include "passport_card.h"
#include "reader_options.h"
#include "reader_run.h"
#include "umock_usb.h"

#include <stdio.h>
#include <stdlib.h>

#define EXIT_USAGE  2
#define EXIT_BROKEN 98

struct bench {
	struct reader_options options;
	pthread_mutex_t lock;
	struct ccid_device *device;
	struct umock_usb *usb;
	struct passport_card *documents[READER_DOCUMENTS_MAX];
	struct reader_script *script;
};

/* ---- What a script does ------------------------------------------------ */

static void
lay(void *self, unsigned document)
{
	struct bench *b = self;
	struct ccid_device_card card;

	if (document > 0)
		card = passport_card_lay(b->documents[document - 1]);
	ccid_device_lay(b->device, b->options.interface, b->options.slot,
	    document > 0 ? &card : NULL);
	umock_usb_nudge(b->usb);
}

static void
plug(void *self)
{
	struct bench *b = self;

	umock_usb_plug(b->usb);
}

static void
unplug(void *self)
{
	struct bench *b = self;

	umock_usb_unplug(b->usb);
}

static void
pull(void *self)
{
	struct bench *b = self;

	umock_usb_pull(b->usb);
}

static struct reader_script_counts
counts(void *self)
{
	struct bench *b = self;
	struct ccid_device_counts c = ccid_device_counts(b->device);

	return (struct reader_script_counts){ .blocks = c.blocks,
		.commands = c.blocks,
		.told_absent = c.told_absent,
		.last_command_ms = c.last_block_ms };
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
	const struct reader_options *o = &b->options;

	for (unsigned i = 0; i < o->n_documents; i++) {
		b->documents[i] = passport_card_new(o->documents[i],
		    o->misbehave, o->n_misbehave);
		if (b->documents[i] == NULL)
			return false;
	}
	return true;
}

static bool
set_up(struct bench *b)
{
	struct reader_options *o = &b->options;
	const struct umock_usb_options usb = {
		.kernel_driver = o->kernel_driver,
		.no_permission = o->no_permission,
		.busy = o->busy
	};
	const char *script = o->script;
	struct usb_device device;

	if (script == NULL)
		script = o->n_documents > 0 ? "lay 1; plug" : "plug";
	if (!issue_documents(b))
		return false;
	b->script = reader_script_new(script, o->repeats, o->seed,
	    o->n_documents);
	if (b->script == NULL)
		return false;
	o->config.on_block = reader_script_block;
	o->config.on_block_self = b->script;
	b->device = ccid_device_new(&o->config);
	if (b->device == NULL)
		return false;
	device = ccid_device_usb(b->device);
	b->usb = umock_usb_new(&device, &b->lock, &usb);
	if (b->usb == NULL)
		return false;
	reader_script_bind(b->script, &b->lock, &script_ops, b);
	if (o->bank_interface < o->config.n_interfaces) {
		struct ccid_device_card card = bank_card();

		ccid_device_lay(b->device, o->bank_interface, o->bank_slot,
		    &card);
	}
	return true;
}

static void
tear_down(struct bench *b)
{
	umock_usb_free(&b->usb);
	ccid_device_free(&b->device);
	reader_script_free(&b->script);
	for (unsigned i = 0; i < READER_DOCUMENTS_MAX; i++)
		passport_card_free(&b->documents[i]);
}

/* ---- The command ------------------------------------------------------- */

static bool
write_counts(const struct bench *b)
{
	struct ccid_device_counts c = ccid_device_counts(b->device);
	FILE *f = fopen(b->options.counts, "w");

	if (f == NULL) {
		perror(b->options.counts);
		return false;
	}
	(void)fprintf(f,
	    "powered_on %u\npowered_off %u\nblocks %u\napdus %u\nextended %u\n"
	    "longest_command %u\nlongest_answer %u\nchained %u\naborts %u\n",
	    c.powered_on, c.powered_off, c.blocks, c.apdus, c.extended,
	    c.longest_command, c.longest_answer, c.chained, c.aborts);
	return fclose(f) == 0;
}

static int
run(struct bench *b, char **command)
{
	const struct reader_run_options options = {
		.limit_s = b->options.limit_s,
		.no_permission = b->options.no_permission
	};
	int status = reader_run(b->script, &options, command);
	const char *complaint;

	if (b->options.counts != NULL && !write_counts(b))
		return EXIT_FAILURE;
	complaint = ccid_device_complaint(b->device);
	if (complaint == NULL)
		return status;
	(void)fprintf(stderr, "usb_reader: the host: %s\n", complaint);
	return b->options.lenient ? status : EXIT_BROKEN;
}

int
main(int argc, char **argv)
{
	static struct bench bench = { .lock = PTHREAD_MUTEX_INITIALIZER };
	int status = EXIT_FAILURE;

	if (!reader_options_parse(argc, argv, &bench.options))
		return EXIT_USAGE;
	reader_run_preload(argv);
	if (set_up(&bench))
		status = run(&bench, argv + bench.options.first);
	tear_down(&bench);
	return status;
}
