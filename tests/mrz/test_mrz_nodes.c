/*
 * Device nodes of readers under umockdev: a keyboard that is grabbed, and
 * serial lines of USB devices.
 */
#include "test.h"

#include "key_layouts.h"
#include "mrz_collect.h"
#include "mrz_device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <umockdev.h>

#define PRELOAD "libumockdev-preload.so.0"
#define GUARD   "TEST_MRZ_PRELOADED"

#define KEYBOARD "/dev/input/event7"
#define ELYCTIS  "/dev/ttyACM3"
#define OTHER    "/dev/ttyACM4"
#define WAIT_MS  5000

#define TD3_1 "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
#define TD3_2 "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
#define TD3   TD3_1 "\n" TD3_2 "\n"

static const struct tool tool = { .name = "test_mrz_nodes" };
static const char *mrz_read;

/* The keyboard as the kernel has it; ioctls come in a thread of umockdev. */
static struct {
	UMockdevTestbed *testbed;
	UMockdevIoctlBase *handler;
	atomic_int grabbed, grabs, ungrabs, refuse; /* refuse: an errno */
	atomic_int exclusive; /* lines opened for one alone */
	atomic_bool has_letters, shift_down, caps;
	int master;
} bench;

/* ---- The kernel ------------------------------------------------------ */

static void
fill_bits(unsigned number, uint8_t *bits, size_t len)
{
	memset(bits, 0, len);
	if (number == _IOC_NR(EVIOCGBIT(EV_KEY, 0)) && bench.has_letters)
		memset(bits, 0xff, len);
	if (number == _IOC_NR(EVIOCGKEY(0)) && bench.shift_down &&
	    len > KEY_LEFTSHIFT / 8)
		bits[KEY_LEFTSHIFT / 8] |= 1u << KEY_LEFTSHIFT % 8;
	if (number == _IOC_NR(EVIOCGLED(0)) && bench.caps && len > 0)
		bits[0] |= 1u << LED_CAPSL;
}

static int
grab(bool on)
{
	if (!on) {
		bench.grabbed = 0;
		bench.ungrabs++;
		return 0;
	}
	if (bench.refuse != 0)
		return bench.refuse;
	bench.grabbed = 1;
	bench.grabs++;
	return 0;
}

static gboolean
on_ioctl(UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer self)
{
	unsigned request = (unsigned)umockdev_ioctl_client_get_request(client);
	UMockdevIoctlData *arg = umockdev_ioctl_client_get_arg(client);
	int error = 0;

	(void)handler;
	(void)self;
	if (request == TIOCEXCL) {
		bench.exclusive++;
		umockdev_ioctl_client_complete(client, 0, 0);
		return TRUE;
	}
	if (_IOC_TYPE(request) != 'E')
		return FALSE;
	if (request == EVIOCGRAB) {
		/* A number in the place of a pointer. */
		void *argument;

		memcpy(&argument, arg->data, sizeof(argument));
		error = grab(argument != NULL);
	} else {
		UMockdevIoctlData *data = umockdev_ioctl_data_resolve(arg, 0,
		    _IOC_SIZE(request), NULL);

		if (data == NULL)
			error = EFAULT;
		else {
			fill_bits(_IOC_NR(request), data->data,
			    _IOC_SIZE(request));
			umockdev_ioctl_data_unref(data);
		}
	}
	umockdev_ioctl_client_complete(client, error != 0 ? -1 : 0, error);
	return TRUE;
}

/* A USB device with one node below it. */
static void
add_node(const char *name, const char *subsystem, const char *dev,
    const char *vendor)
{
	GError *error = NULL;
	char text[1024];
	gboolean ok;

	snprintf(text, sizeof(text),
	    "P: /devices/usb1/1-%s\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\n"
	    "A: idVendor=%s\\n\nA: idProduct=0127\\n\n\n"
	    "P: /devices/usb1/1-%s/1-%s:1.0/%s/%s\nN: %s\n"
	    "E: SUBSYSTEM=%s\nE: DEVNAME=/dev/%s\nA: dev=%s\\n\n",
	    vendor, vendor, vendor, vendor, subsystem, strrchr(name, '/') + 1,
	    name + strlen("/dev/"), subsystem, name + strlen("/dev/"), dev);
	ok = umockdev_testbed_add_from_string(bench.testbed, text, &error);
	if (!ok)
		print_message("%s\n", error->message);
	assert_true(ok);
}

static int
set_up(void **state)
{
	static const char *const nodes[] = { KEYBOARD, ELYCTIS, OTHER };
	GError *error = NULL;

	(void)state;
	bench.testbed = umockdev_testbed_new();
	bench.handler = umockdev_ioctl_base_new();
	g_signal_connect_after(bench.handler, "handle-ioctl",
	    G_CALLBACK(on_ioctl), NULL);
	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
		if (!umockdev_testbed_attach_ioctl(bench.testbed, nodes[i],
			bench.handler, &error))
			return -1;
	add_node(KEYBOARD, "input", "13:71", "0db5");
	/* umockdev takes nothing else than major 4 for a terminal. */
	add_node(ELYCTIS, "tty", "4:67", "1ffa");
	add_node(OTHER, "tty", "4:68", "1ac2");
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	g_object_unref(bench.handler);
	g_object_unref(bench.testbed);
	return 0;
}

static int
reset(void **state)
{
	(void)state;
	bench.grabs = 0;
	bench.exclusive = 0;
	bench.ungrabs = 0;
	bench.refuse = 0;
	bench.has_letters = true;
	bench.shift_down = false;
	bench.caps = false;
	bench.master = umockdev_testbed_get_dev_fd(bench.testbed, KEYBOARD);
	return bench.master >= 0 ? 0 : -1;
}

/* ---- Typing ---------------------------------------------------------- */

static void
put_event(uint16_t type, uint16_t code, int32_t value)
{
	const struct input_event event = { .type = type,
		.code = code,
		.value = value };

	assert_int_equal(write(bench.master, &event, sizeof(event)),
	    sizeof(event));
}

static void
put_key(unsigned key, int value)
{
	put_event(EV_KEY, (uint16_t)key, value);
	put_event(EV_SYN, SYN_REPORT, 0);
}

static void
type(const char *layout, const char *text)
{
	const struct key_layout *row = &key_layouts[key_layout_find(layout)];

	for (; *text != '\0'; text++) {
		unsigned key, level = 0;
		bool found = *text == '\n';

		for (key = found ? KEY_ENTER : KEY_1;
		     !found && key <= KEY_102ND; key += !found)
			for (level = 0; level < 4 && !found; level += !found)
				found = key_layout_character(row, key, level,
					    false) == *text;
		if ((level & KEY_LEVEL_SHIFT) != 0)
			put_key(KEY_LEFTSHIFT, 1);
		put_key(key, 1);
		put_key(key, 0);
		if ((level & KEY_LEVEL_SHIFT) != 0)
			put_key(KEY_LEFTSHIFT, 0);
	}
}

/* As a program waits: by its poll loop. */
static enum mrz_device_event
wait_for(struct mrz_device *device, struct mrz_swipe *out)
{
	for (int left = WAIT_MS; left > 0;) {
		struct pollfd fd = { mrz_device_fd(device), POLLIN, 0 };
		enum mrz_device_event event = mrz_device_take(device, out);
		int timeout = mrz_device_timeout_ms(device);

		if (event != MRZ_DEVICE_NOTHING)
			return event;
		if (timeout < 0 || timeout > left)
			timeout = left;
		if (poll(&fd, 1, timeout) == 0)
			left -= timeout > 0 ? timeout : 1;
	}
	return MRZ_DEVICE_NOTHING;
}

static struct mrz_device *
opened(const char *path)
{
	struct mrz_device *device = NULL;

	assert_int_equal(mrz_device_open(&tool, path, &device), EXIT_GOOD);
	assert_non_null(device);
	return device;
}

/* ---- Keyboard -------------------------------------------------------- */

static void
keyboard_is_grabbed_and_read(void **state)
{
	struct mrz_device *device;
	struct mrz_swipe swipe;

	(void)state;
	/* From before the grab: the console had it, and we do not take it. */
	type("us", TD3);
	device = opened(KEYBOARD);
	assert_int_equal(bench.grabbed, 1);
	assert_int_equal(mrz_device_take(device, &swipe), MRZ_DEVICE_NOTHING);
	assert_int_equal(mrz_device_timeout_ms(device), -1);
	for (size_t i = 0; i < 3; i++) {
		static const char *const names[] = { "us", "de", "fr" };

		type(names[i], TD3);
		assert_int_equal(wait_for(device, &swipe), MRZ_DEVICE_DOCUMENT);
		assert_string_equal(swipe.text, TD3);
		assert_string_equal(swipe.how,
		    key_layouts[key_layout_find(names[i])].names);
	}
	type("us", TD3_1 "\nL8989");
	assert_int_equal(wait_for(device, &swipe), MRZ_DEVICE_REJECTED);
	assert_int_equal(bench.ungrabs, 0);
	mrz_device_free(&device);
	assert_null(device);
	assert_int_equal(bench.grabbed, 0);
	assert_int_equal(bench.ungrabs, 1);
}

static void
keyboard_with_a_layout(void **state)
{
	struct mrz_device *device = opened("keyboard:" KEYBOARD "@de");
	struct mrz_swipe swipe;

	(void)state;
	type("de", TD3);
	assert_int_equal(wait_for(device, &swipe), MRZ_DEVICE_DOCUMENT);
	type("us", TD3);
	assert_int_equal(wait_for(device, &swipe), MRZ_DEVICE_REJECTED);
	mrz_device_free(&device);
}

/* Without a grab the zone would be typed into a console: not read at all. */
static void
keyboard_that_is_not_given(void **state)
{
	static const int errors[] = { EBUSY, EPERM, ENOTTY };
	struct mrz_device *device = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		bench.refuse = errors[i];
		assert_int_equal(mrz_device_open(&tool, KEYBOARD, &device),
		    EXIT_ENVIRONMENT);
		assert_null(device);
		assert_int_equal(bench.ungrabs, 0);
	}
	bench.refuse = 0;
	bench.has_letters = false;
	assert_int_equal(mrz_device_open(&tool, KEYBOARD, &device),
	    EXIT_ENVIRONMENT);
	assert_int_equal(mrz_device_open(&tool, "keyboard:" KEYBOARD "@xx",
			     &device),
	    EXIT_USAGE);
	assert_int_equal(bench.grabs, 0);
}

/* Shift was down at the grab, and the lock on. */
static void
keyboard_state_at_the_grab(void **state)
{
	struct mrz_device *device;
	struct mrz_swipe swipe;

	(void)state;
	bench.shift_down = true;
	device = opened("keyboard:" KEYBOARD "@fr");
	/* Digits of this layout are typed with Shift, letters with either. */
	put_key(KEY_P, 1);
	put_key(KEY_P, 0);
	put_key(KEY_LEFTSHIFT, 0);
	type("fr", &TD3[1]);
	assert_int_equal(wait_for(device, &swipe), MRZ_DEVICE_DOCUMENT);
	/* The kernel lost events: the half is no document, nor with another
	 * half behind it. */
	type("fr", TD3_1 "\n");
	put_event(EV_SYN, SYN_DROPPED, 0);
	put_key(KEY_A, 1);
	bench.shift_down = false;
	type("fr", TD3_2 "\n");
	assert_int_equal(wait_for(device, &swipe), MRZ_DEVICE_REJECTED);
	assert_int_equal(wait_for(device, &swipe), MRZ_DEVICE_REJECTED);
	bench.caps = true;
	put_event(EV_SYN, SYN_DROPPED, 0);
	put_event(EV_SYN, SYN_REPORT, 0);
	type("fr", TD3);
	assert_int_equal(wait_for(device, &swipe), MRZ_DEVICE_DOCUMENT);
	assert_string_equal(swipe.text, TD3);
	mrz_device_free(&device);
}

/* Whoever has no other keyboard. */
static void
keyboard_is_given_back(void **state)
{
	struct mrz_device *device = opened(KEYBOARD);
	struct mrz_swipe swipe;

	(void)state;
	for (int i = 0; i < 3; i++) {
		put_key(KEY_ESC, 1);
		put_key(KEY_ESC, 0);
	}
	assert_int_equal(wait_for(device, &swipe), MRZ_DEVICE_LOST);
	assert_int_equal(mrz_device_take(device, &swipe), MRZ_DEVICE_LOST);
	assert_non_null(strstr(swipe.why, "Esc"));
	mrz_device_free(&device);
	assert_int_equal(bench.ungrabs, 1);
}

/* ---- Serial ---------------------------------------------------------- */

/* By its USB id one line speaks a protocol of its own, and another does not:
 * only the first is sent a command. */
static void
serial_by_usb_id(void **state)
{
	int elyctis = umockdev_testbed_get_dev_fd(bench.testbed, ELYCTIS);
	int other = umockdev_testbed_get_dev_fd(bench.testbed, OTHER);
	struct mrz_device *device;
	struct mrz_swipe swipe;
	uint8_t command[8];

	(void)state;
	assert_true(elyctis >= 0 && other >= 0);
	device = opened(ELYCTIS);
	assert_int_equal(bench.exclusive, 1);
	assert_int_equal(mrz_device_timeout_ms(device), 0);
	assert_int_equal(mrz_device_take(device, &swipe), MRZ_DEVICE_NOTHING);
	assert_int_equal(read(elyctis, command, sizeof(command)), 4);
	assert_memory_equal(command, "\x43\x00\x01\x01", 4);
	assert_int_equal(write(elyctis,
			     "\x43\x00\x01\x01\x49\x00\x5a" TD3_1 "\r" TD3_2
			     "\r",
			     97),
	    97);
	assert_int_equal(wait_for(device, &swipe), MRZ_DEVICE_DOCUMENT);
	assert_string_equal(swipe.text, TD3);
	assert_string_equal(swipe.how, "Elyctis");
	assert_int_equal(mrz_device_take(device, &swipe), MRZ_DEVICE_NOTHING);
	assert_int_equal(read(elyctis, command, sizeof(command)), 4);
	mrz_device_free(&device);

	device = opened(OTHER "@115200");
	assert_int_equal(mrz_device_timeout_ms(device), -1);
	assert_int_equal(write(other, TD3, strlen(TD3)), strlen(TD3));
	assert_int_equal(wait_for(device, &swipe), MRZ_DEVICE_DOCUMENT);
	assert_string_equal(swipe.how, "lines");
	mrz_device_free(&device);
	device = opened("serial:" ELYCTIS);
	assert_int_equal(mrz_device_timeout_ms(device), -1);
	mrz_device_free(&device);
}

/* ---- The program ----------------------------------------------------- */

/* mrz-read, unmodified, with a keyboard: one record, and the keyboard back. */
static void
program_reads_a_keyboard(void **state)
{
	char out[4096];
	size_t len = 0;
	int ends[2], status;
	ssize_t n;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		execl(mrz_read, "mrz-read", "--json", "--count", "1",
		    "--layout", "de", "--device", KEYBOARD, NULL);
		_exit(127);
	}
	close(ends[1]);
	for (int i = 0; i < WAIT_MS / 10 && bench.grabs == 0; i++)
		usleep(10000);
	assert_int_equal(bench.grabs, 1);
	usleep(100000);
	type("de", TD3);
	while (len < sizeof(out) - 1 &&
	       (n = read(ends[0], out + len, sizeof(out) - 1 - len)) > 0)
		len += (size_t)n;
	out[len] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_GOOD);
	assert_non_null(strstr(out, "\"source\":\"" KEYBOARD "\""));
	assert_non_null(strstr(out, TD3_2));
	assert_int_equal(bench.grabbed, 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(keyboard_is_grabbed_and_read, reset),
		cmocka_unit_test_setup(keyboard_with_a_layout, reset),
		cmocka_unit_test_setup(keyboard_that_is_not_given, reset),
		cmocka_unit_test_setup(keyboard_state_at_the_grab, reset),
		cmocka_unit_test_setup(keyboard_is_given_back, reset),
		cmocka_unit_test_setup(serial_by_usb_id, reset),
		cmocka_unit_test_setup(program_reads_a_keyboard, reset),
	};

	if (getenv(GUARD) == NULL) {
		/* A sanitizer wants to be loaded first; what glib keeps is not
		 * our leak. */
		if (setenv(GUARD, "1", 1) == 0 &&
		    setenv("ASAN_OPTIONS",
			"verify_asan_link_order=0:detect_leaks=0", 1) == 0 &&
		    setenv("LD_PRELOAD", PRELOAD, 1) == 0)
			(void)execv("/proc/self/exe", argv);
		perror("test_mrz_nodes");
		return EXIT_FAILURE;
	}
	if (argc < 2)
		return EXIT_FAILURE;
	mrz_read = argv[1];
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
