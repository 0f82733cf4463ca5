/*
 * usb_reader - runs a program beside a simulated USB reader, through the
 * program's own libusb: umockdev stands in for the kernel.
 */
#include "passport_card.h"
#include "reader_options.h"
#include "reader_script.h"
#include "umock_usb.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/capability.h>

#define PRELOAD     "libumockdev-preload.so.0"
#define GUARD       "USB_READER_PRELOADED"
#define EXIT_USAGE  2
#define EXIT_LIMIT  97
#define EXIT_BROKEN 98

/* A sanitizer wants to be loaded first; what glib keeps is not our leak. */
__attribute__((visibility("default"))) const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "verify_asan_link_order=0:detect_leaks=0";
}

struct bench {
	struct reader_options options;
	pthread_mutex_t lock;
	struct ccid_device *device;
	struct umock_usb *usb;
	struct passport_card *documents[READER_DOCUMENTS_MAX];
	struct reader_script *script;
};

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

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

static const struct reader_script_ops script_ops = { .lay = lay,
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

	if (script == NULL)
		script = o->n_documents > 0 ? "lay 1; plug" : "plug";
	if (!issue_documents(b))
		return false;
	b->script = reader_script_new(script, o->repeats, o->seed,
	    o->n_documents);
	if (b->script == NULL)
		return false;
	reader_script_hook(b->script, &o->config);
	b->device = ccid_device_new(&o->config);
	if (b->device == NULL)
		return false;
	b->usb = umock_usb_new(b->device, &b->lock, &usb);
	if (b->usb == NULL)
		return false;
	reader_script_bind(b->script, b->device, &b->lock, &script_ops, b);
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

static pid_t
start(const struct bench *b, char **command)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	/* Root may open anything, unless it may not. */
	if (b->options.no_permission)
		(void)prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0)
		(void)execvp(command[0], command);
	perror(command[0]);
	_exit(127);
}

/* Runs the script beside it. Its exit status, as a shell has it. */
static int
wait_for(struct bench *b, pid_t pid)
{
	int64_t limit = now_ms() + (int64_t)b->options.limit_s * 1000;
	int fd = (int)syscall(SYS_pidfd_open, pid, 0), status, tick;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	bool ended = false;

	do {
		int64_t now = now_ms();

		tick = reader_script_tick(b->script, now);
		if (tick < 0 || tick > limit - now)
			tick = (int)(limit - now);
		if (!ended && now >= limit) {
			(void)fprintf(stderr, "usb_reader: ended after %u s\n",
			    b->options.limit_s);
			(void)kill(pid, SIGKILL);
			ended = true;
		}
	} while (poll(&p, 1, tick < 0 ? -1 : tick) == 0);
	(void)waitpid(pid, &status, 0);
	(void)close(fd);
	if (ended)
		return EXIT_LIMIT;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

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
	const char *complaint;
	int status;

	/* What has no waiting step is done before the command starts. */
	(void)reader_script_tick(b->script, now_ms());
	status = wait_for(b, start(b, command));
	if (b->options.counts != NULL && !write_counts(b))
		return EXIT_FAILURE;
	complaint = ccid_device_complaint(b->device);
	if (complaint == NULL)
		return status;
	(void)fprintf(stderr, "usb_reader: the host: %s\n", complaint);
	return b->options.lenient ? status : EXIT_BROKEN;
}

/* Events of umockdev are heard only from under its library. */
static void
preload(char **argv)
{
	if (getenv(GUARD) != NULL)
		return;
	if (setenv(GUARD, "1", 1) == 0 && setenv("LD_PRELOAD", PRELOAD, 1) == 0)
		(void)execv("/proc/self/exe", argv);
	perror("usb_reader");
	exit(EXIT_FAILURE);
}

int
main(int argc, char **argv)
{
	static struct bench bench = { .lock = PTHREAD_MUTEX_INITIALIZER };
	int status = EXIT_FAILURE;

	if (!reader_options_parse(argc, argv, &bench.options))
		return EXIT_USAGE;
	preload(argv);
	/* The command may be a usb_reader again. */
	(void)unsetenv(GUARD);
	if (set_up(&bench))
		status = run(&bench, argv + bench.options.first);
	tear_down(&bench);
	return status;
}
