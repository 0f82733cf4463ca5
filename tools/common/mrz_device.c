#include "mrz_device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "mrz_collect.h"
#include "mrz_keys.h"
#include "mrz_node.h"

#define BITS(n)       (((n) + 7) / 8)
#define PATH_CAP      4096
#define MAX_INPUT     256
#define MAX_EVENTS    64
#define MAX_READS     64 /* at a time, however much comes */
#define NS_PER_MS     1000000
#define MS_PER_S      1000
#define DEFAULT_SPEED 9600

static const struct {
	const char *prefix;
	enum mrz_node_kind kind;
} kinds[] = {
	{ "serial:", MRZ_NODE_SERIAL },
	{ "elyctis:", MRZ_NODE_ELYCTIS },
	{ "keyboard:", MRZ_NODE_KEYBOARD },
};

static const struct {
	unsigned long rate;
	speed_t code;
} speeds[] = {
	{ 1200, B1200 },
	{ 2400, B2400 },
	{ 4800, B4800 },
	{ 9600, B9600 },
	{ 19200, B19200 },
	{ 38400, B38400 },
	{ 57600, B57600 },
	{ 115200, B115200 },
	{ 230400, B230400 },
	{ 460800, B460800 },
	{ 921600, B921600 },
};

struct mrz_device {
	int fd;
	enum mrz_node_kind kind;
	bool grabbed;
	const char *lost; /* why; NULL: it is there */
	bool given_back;  /* lost, and that is why */
	bool skipping;    /* events up to the next report were lost */
	size_t n, next;   /* of what was read and is not looked at yet */
	union {
		uint8_t bytes[MAX_INPUT];
		struct input_event events[MAX_EVENTS];
	} input;
	union {
		struct mrz_collect collect;
		struct mrz_keys keys;
	} as;
};

/* What the argument says: kind, path, and what follows an '@'. */
struct request {
	enum mrz_node_kind kind; /* NONE: what the node is */
	char path[PATH_CAP];
	const char *option; /* into path; NULL: none */
};

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * MS_PER_S + now.tv_nsec / NS_PER_MS;
}

static bool
parse_request(const char *text, struct request *out)
{
	char *at;

	out->kind = MRZ_NODE_NONE;
	out->option = NULL;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t len = strlen(kinds[i].prefix);

		if (strncmp(text, kinds[i].prefix, len) == 0) {
			out->kind = kinds[i].kind;
			text += len;
			break;
		}
	}
	if (*text == '\0' || strlen(text) >= sizeof(out->path))
		return false;
	memcpy(out->path, text, strlen(text) + 1);
	at = strrchr(out->path, '@');
	/* A node may have one in its name. */
	if (at != NULL && strchr(at, '/') == NULL &&
	    access(out->path, F_OK) != 0) {
		*at = '\0';
		out->option = at + 1;
	}
	return true;
}

/* What is wrong, in words. */
static enum exit_code __attribute__((format(printf, 3, 4)))
refuse(struct mrz_device_trouble *trouble, enum exit_code code,
    const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(trouble->text, sizeof(trouble->text), format,
	    arguments);
	va_end(arguments);
	return code;
}

static enum exit_code
fail(struct mrz_device_trouble *trouble, const struct request *request,
    const char *why)
{
	return refuse(trouble, EXIT_ENVIRONMENT, "%s: %s", request->path, why);
}

static enum exit_code
fail_to_open(struct mrz_device_trouble *trouble, const struct request *request)
{
	const char *why = strerror(errno);

	trouble->passing = true;
	if (errno == EBUSY || errno == EWOULDBLOCK)
		why = "another program has it";
	else if (errno == EACCES || errno == EPERM)
		why = "no permission; the udev rules of mrtdkit give it to the "
		      "group mrtd and to who sits at the computer";
	return fail(trouble, request, why);
}

/* ---- Serial ---------------------------------------------------------- */

static bool
find_speed(const char *text, speed_t *out)
{
	char *end = NULL;
	unsigned long rate = DEFAULT_SPEED;

	if (text != NULL) {
		rate = strtoul(text, &end, 10);
		if (*text < '0' || *text > '9' || *end != '\0')
			return false;
	}
	for (size_t i = 0; i < sizeof(speeds) / sizeof(speeds[0]); i++) {
		if (speeds[i].rate == rate) {
			*out = speeds[i].code;
			return true;
		}
	}
	return false;
}

/* For us alone: TIOCEXCL keeps out everybody but root, the lock those who ask
 * for it. What came before was read of somebody before. */
static enum exit_code
start_serial(const struct request *request, struct mrz_device *device,
    struct mrz_device_trouble *trouble)
{
	struct termios settings;
	speed_t speed;

	if (!find_speed(request->option, &speed))
		return refuse(trouble, EXIT_USAGE,
		    "%s: no speed of a serial line: %s", request->path,
		    request->option);
	if (!isatty(device->fd))
		return fail(trouble, request, "not a serial line");
	if (flock(device->fd, LOCK_EX | LOCK_NB) != 0 ||
	    ioctl(device->fd, TIOCEXCL) != 0 ||
	    tcgetattr(device->fd, &settings) != 0)
		return fail_to_open(trouble, request);
	cfmakeraw(&settings);
	settings.c_cflag &= ~(tcflag_t)(CSTOPB | CRTSCTS);
	settings.c_cflag |= CLOCAL | CREAD;
	if (cfsetspeed(&settings, speed) != 0 ||
	    tcsetattr(device->fd, TCSANOW, &settings) != 0)
		return fail_to_open(trouble, request);
	(void)tcflush(device->fd, TCIFLUSH);
	mrz_collect_init(&device->as.collect, device->kind == MRZ_NODE_ELYCTIS
						  ? MRZ_PROTOCOL_ELYCTIS
						  : MRZ_PROTOCOL_LINES);
	return EXIT_GOOD;
}

/* What the reader waits for; one that cannot take it now is asked again. */
static void
send_command(struct mrz_device *device, int64_t now)
{
	uint8_t command[MRZ_COLLECT_COMMAND_LEN];
	size_t len = mrz_collect_command(&device->as.collect, now, command);

	if (len == 0)
		return;
	if (write(device->fd, command, len) < 0 && errno != EAGAIN &&
	    errno != EINTR)
		device->lost = "the serial line is gone";
}

/* ---- Keyboard -------------------------------------------------------- */

static bool
has_bit(const uint8_t *bits, unsigned bit)
{
	return (bits[bit / 8] >> bit % 8 & 1) != 0;
}

/* Modifiers and lock as the kernel has them now. */
static void
sync_keys(struct mrz_device *device)
{
	uint8_t down[BITS(KEY_CNT)] = { 0 }, leds[BITS(LED_CNT)] = { 0 };

	if (ioctl(device->fd, EVIOCGKEY(sizeof(down)), down) < 0)
		memset(down, 0, sizeof(down));
	if (ioctl(device->fd, EVIOCGLED(sizeof(leds)), leds) < 0)
		memset(leds, 0, sizeof(leds));
	mrz_keys_state(&device->as.keys, down, sizeof(down),
	    has_bit(leds, LED_CAPSL));
}

/* Events from before the grab went to the console too. */
static void
skip_old_events(struct mrz_device *device)
{
	for (unsigned i = 0; i < MAX_READS; i++)
		if (read(device->fd, &device->input, sizeof(device->input)) <=
		    0)
			break;
	explicit_bzero(&device->input, sizeof(device->input));
}

/* Mice and lid switches are input devices, too. */
static bool
has_letters(int fd)
{
	static const unsigned keys[] = { KEY_Q, KEY_A, KEY_Z, KEY_1, KEY_0,
		KEY_ENTER };
	uint8_t bits[BITS(KEY_CNT)] = { 0 };

	if (ioctl(fd, EVIOCGBIT(EV_KEY, sizeof(bits)), bits) < 0)
		return false;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!has_bit(bits, keys[i]))
			return false;
	return true;
}

static enum exit_code
start_keyboard(const struct request *request, struct mrz_device *device,
    struct mrz_device_trouble *trouble)
{
	size_t layout = n_key_layouts;

	if (request->option != NULL) {
		layout = key_layout_find(request->option);
		if (layout == n_key_layouts)
			return refuse(trouble, EXIT_USAGE,
			    "%s: no known keyboard layout: %s", request->path,
			    request->option);
	}
	if (!has_letters(device->fd))
		return fail(trouble, request, "not a keyboard");
	if (ioctl(device->fd, EVIOCGRAB, 1) != 0) {
		trouble->passing = errno == EBUSY || errno == ENODEV;
		return fail(trouble, request,
		    errno == EBUSY
			? "another program has grabbed it"
			: "it cannot be grabbed, so that what it reads would "
			  "be typed into the console, too");
	}
	device->grabbed = true;
	skip_old_events(device);
	mrz_keys_init(&device->as.keys, layout);
	sync_keys(device);
	return EXIT_GOOD;
}

static void
take_event(struct mrz_device *device, const struct input_event *event,
    int64_t now)
{
	if (event->type == EV_SYN && event->code == SYN_DROPPED) {
		mrz_keys_lost(&device->as.keys);
		device->skipping = true;
	} else if (event->type == EV_SYN && event->code == SYN_REPORT) {
		if (device->skipping)
			sync_keys(device);
		device->skipping = false;
	} else if (event->type == EV_KEY && !device->skipping) {
		mrz_keys_event(&device->as.keys, event->code, event->value,
		    now);
		device->given_back = mrz_keys_escaped(&device->as.keys);
		if (device->given_back)
			device->lost = "given back: Esc was typed three times";
	}
}

/* ---- Both ------------------------------------------------------------ */

static enum exit_code
start(const struct request *request, struct mrz_device *device,
    struct mrz_device_trouble *trouble)
{
	device->fd = open(request->path,
	    O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (device->fd < 0)
		return fail_to_open(trouble, request);
	device->kind = request->kind != MRZ_NODE_NONE
			   ? request->kind
			   : mrz_node_kind(request->path, device->fd);
	switch (device->kind) {
	case MRZ_NODE_SERIAL:
	case MRZ_NODE_ELYCTIS:
		return start_serial(request, device, trouble);
	case MRZ_NODE_KEYBOARD:
		return start_keyboard(request, device, trouble);
	default:
		return fail(trouble, request,
		    "neither a serial line nor an input device; a reader may "
		    "have to be set to one of these");
	}
}

enum exit_code
mrz_device_try(const char *path, struct mrz_device_trouble *trouble,
    struct mrz_device **out)
{
	struct request request;
	struct mrz_device *device;
	enum exit_code code;

	*out = NULL;
	memset(trouble, 0, sizeof(*trouble));
	if (!parse_request(path, &request))
		return refuse(trouble, EXIT_USAGE, "%s: no path of a device",
		    path);
	device = calloc(1, sizeof(*device));
	if (device == NULL)
		return refuse(trouble, EXIT_INTERNAL, "out of memory");
	code = start(&request, device, trouble);
	if (code == EXIT_GOOD)
		*out = device;
	else
		mrz_device_free(&device);
	return code;
}

enum exit_code
mrz_device_open(const struct tool *tool, const char *path,
    struct mrz_device **out)
{
	struct mrz_device_trouble trouble;
	enum exit_code code = mrz_device_try(path, &trouble, out);

	if (code != EXIT_GOOD)
		tool_error(tool, "%s", trouble.text);
	return code;
}

bool
mrz_device_given_back(const struct mrz_device *device)
{
	return device->given_back;
}

int
mrz_device_fd(const struct mrz_device *device)
{
	return device->fd;
}

static int64_t
due(const struct mrz_device *device)
{
	if (device->lost != NULL || device->next < device->n)
		return 0;
	return device->kind == MRZ_NODE_KEYBOARD
		   ? mrz_keys_due(&device->as.keys)
		   : mrz_collect_due(&device->as.collect);
}

int
mrz_device_timeout_ms(const struct mrz_device *device)
{
	int64_t at = due(device), now = now_ms();

	if (at < 0)
		return -1;
	return at > now ? (int)(at - now) : 0;
}

/* The next bytes or events; false when there are none now. */
static bool
fill(struct mrz_device *device)
{
	bool keyboard = device->kind == MRZ_NODE_KEYBOARD;
	ssize_t n;

	explicit_bzero(&device->input, sizeof(device->input));
	device->n = 0;
	device->next = 0;
	n = keyboard ? read(device->fd, device->input.events,
			   sizeof(device->input.events))
		     : read(device->fd, device->input.bytes,
			   sizeof(device->input.bytes));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) {
		device->lost = keyboard ? "the keyboard is gone"
					: "the serial line is gone";
		return false;
	}
	device->n = (size_t)n / (keyboard ? sizeof(struct input_event) : 1);
	return device->n > 0;
}

static enum mrz_device_event
look(struct mrz_device *device, int64_t now, struct mrz_swipe *out)
{
	if (device->kind == MRZ_NODE_KEYBOARD)
		return mrz_keys_take(&device->as.keys, now, out);
	send_command(device, now);
	return mrz_collect_take(&device->as.collect, now, out);
}

enum mrz_device_event
mrz_device_take(struct mrz_device *device, struct mrz_swipe *out)
{
	enum mrz_device_event event;
	int64_t now = now_ms();
	unsigned reads = 0;

	while (device->lost == NULL) {
		/* The clock counts only when nothing more has come. */
		bool more = device->next < device->n || fill(device);

		/* Whoever calls has other things to do, and a clock. */
		if (more && device->next == 0 && ++reads > MAX_READS)
			break;
		if (device->lost != NULL)
			break;
		if (more && device->kind == MRZ_NODE_KEYBOARD)
			take_event(device, &device->input.events[device->next],
			    now);
		else if (more)
			mrz_collect_byte(&device->as.collect,
			    device->input.bytes[device->next], now);
		device->next += more;
		event = look(device, now, out);
		if (event != MRZ_DEVICE_NOTHING || !more)
			return event;
	}
	if (device->lost == NULL)
		return MRZ_DEVICE_NOTHING;
	memset(out, 0, sizeof(*out));
	out->how = "";
	out->why = device->lost;
	return MRZ_DEVICE_LOST;
}

void
mrz_device_free(struct mrz_device **device)
{
	struct mrz_device *gone = *device;

	if (gone == NULL)
		return;
	if (gone->grabbed)
		(void)ioctl(gone->fd, EVIOCGRAB, 0);
	if (gone->fd >= 0)
		close(gone->fd);
	explicit_bzero(gone, sizeof(*gone));
	free(gone);
	*device = NULL;
}
