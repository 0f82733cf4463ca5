/*
 * usbredir_reader - the simulated USB reader at the port of a virtual machine:
 * QEMU's device usb-redir is the other end of the socket that is named in
 * place of a command. It ends when the socket does (device_del).
 */
#include "passport_card.h"
#include "reader_options.h"
#include "reader_script.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include <usbredirparser.h>

#define EXIT_USAGE   2
#define EXIT_LIMIT   97
#define EXIT_BROKEN  98
#define TRANSFER_CAP (CCID_DEVICE_APDU_MAX + 64)
#define LOG_WORTH    2 /* errors and warnings */
#define SPEED_FULL   1

#define DESCRIPTOR_INTERFACE 4
#define DESCRIPTOR_ENDPOINT  5

/* A transfer that the host has asked for and that has no end yet. */
struct transfer {
	struct transfer *next;
	uint64_t id;
	struct usb_redir_bulk_packet_header header;
	uint32_t len; /* of what is sent, or may come */
	uint8_t *out; /* the parser's; NULL: bytes are to come */
};

struct port {
	struct reader_options options;
	pthread_mutex_t lock;
	struct ccid_device *device;
	struct passport_card *documents[READER_DOCUMENTS_MAX];
	struct reader_script *script;
	struct usbredirparser *parser;
	int fd;
	bool greeted, plugged;
	struct transfer *transfers;
	uint32_t interrupts; /* endpoints that are listened to, by number */
};

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- The socket -------------------------------------------------------- */

static void
on_log(void *self, int level, const char *text)
{
	const struct port *port = self;

	if (level <= LOG_WORTH || port->options.config.verbose)
		(void)fprintf(stderr, "usbredir_reader: %s\n", text);
}

/* The parser's way of saying it: 0 not now, -1 never again. */
static int
moved(ssize_t n)
{
	if (n > 0)
		return (int)n;
	return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

static int
on_read(void *self, uint8_t *buf, int len)
{
	const struct port *port = self;

	return moved(recv(port->fd, buf, (size_t)len, MSG_DONTWAIT));
}

static int
on_write(void *self, uint8_t *buf, int len)
{
	const struct port *port = self;

	return moved(
	    send(port->fd, buf, (size_t)len, MSG_DONTWAIT | MSG_NOSIGNAL));
}

/* ---- Transfers --------------------------------------------------------- */

static uint8_t
status_of(int result)
{
	return result == CCID_DEVICE_STALL    ? usb_redir_stall
	       : result == CCID_DEVICE_BABBLE ? usb_redir_babble
					      : usb_redir_success;
}

static void
forget(struct port *port, struct transfer **at)
{
	struct transfer *t = *at;

	*at = t->next;
	if (t->out != NULL)
		usbredirparser_free_packet_data(port->parser, t->out);
	free(t);
}

static void
forget_all(struct port *port)
{
	while (port->transfers != NULL)
		forget(port, &port->transfers);
	port->interrupts = 0;
}

static void
answer(struct port *port, const struct transfer *t, uint8_t status,
    uint8_t *bytes, uint32_t len)
{
	struct usb_redir_bulk_packet_header header = t->header;

	header.status = status;
	header.length = (uint16_t)len;
	header.length_high = (uint16_t)(len >> 16);
	usbredirparser_send_bulk_packet(port->parser, t->id, &header, bytes,
	    bytes != NULL ? (int)len : 0);
}

/* False: there is nothing yet. */
static bool
finish(struct port *port, const struct transfer *t)
{
	static uint8_t buf[TRANSFER_CAP];
	uint8_t endpoint = t->header.endpoint;
	size_t cap = t->len < sizeof(buf) ? t->len : sizeof(buf);
	int n;

	if (t->out != NULL || (endpoint & 0x80) == 0)
		n = ccid_device_out(port->device, endpoint,
		    emrtd_bytes(t->out, t->len));
	else
		n = ccid_device_in(port->device, endpoint, buf, cap);
	if (n == CCID_DEVICE_NOTHING)
		return false;
	answer(port, t, status_of(n),
	    (endpoint & 0x80) != 0 && n > 0 ? buf : NULL,
	    n > 0 ? (uint32_t)n : 0);
	return true;
}

static void
send_interrupts(struct port *port)
{
	uint8_t buf[64];

	for (uint8_t i = 1; i < 16; i++) {
		struct usb_redir_interrupt_packet_header header = {
			.endpoint = (uint8_t)(i | 0x80)
		};
		int n;

		if ((port->interrupts & 1U << i) == 0)
			continue;
		n = ccid_device_in(port->device, header.endpoint, buf,
		    sizeof(buf));
		if (n <= 0)
			continue;
		header.length = (uint16_t)n;
		usbredirparser_send_interrupt_packet(port->parser, 0, &header,
		    buf, n);
	}
}

/* What is possible now. One that is sent may bring the end of another. */
static void
look(struct port *port)
{
	bool again = port->plugged;

	while (again) {
		struct transfer **at = &port->transfers;

		again = false;
		while (*at != NULL) {
			if (!finish(port, *at)) {
				at = &(*at)->next;
				continue;
			}
			forget(port, at);
			again = true;
		}
	}
	if (port->plugged)
		send_interrupts(port);
}

/* ---- What the host says ------------------------------------------------ */

static void
on_hello(void *self, struct usb_redir_hello_header *hello)
{
	struct port *port = self;

	(void)hello;
	port->greeted = true;
}

static void
on_reset(void *self)
{
	forget_all(self);
}

static void
on_set_configuration(void *self, uint64_t id,
    struct usb_redir_set_configuration_header *set)
{
	struct port *port = self;
	struct usb_redir_configuration_status_header status = {
		.configuration = set->configuration
	};

	usbredirparser_send_configuration_status(port->parser, id, &status);
}

static void
on_get_configuration(void *self, uint64_t id)
{
	struct port *port = self;
	struct usb_redir_configuration_status_header status = {
		.configuration = 1
	};

	usbredirparser_send_configuration_status(port->parser, id, &status);
}

static void
on_set_alternate(void *self, uint64_t id,
    struct usb_redir_set_alt_setting_header *set)
{
	struct port *port = self;
	struct usb_redir_alt_setting_status_header status = {
		.status = set->alt == 0 ? usb_redir_success : usb_redir_stall,
		.interface = set->interface
	};

	usbredirparser_send_alt_setting_status(port->parser, id, &status);
}

static void
on_get_alternate(void *self, uint64_t id,
    struct usb_redir_get_alt_setting_header *get)
{
	struct port *port = self;
	struct usb_redir_alt_setting_status_header status = {
		.interface = get->interface
	};

	usbredirparser_send_alt_setting_status(port->parser, id, &status);
}

static void
listen_to(struct port *port, uint64_t id, uint8_t endpoint, bool on)
{
	struct usb_redir_interrupt_receiving_status_header status = {
		.endpoint = endpoint
	};
	uint32_t bit = 1U << (endpoint & 0x0F);

	port->interrupts = on ? port->interrupts | bit
			      : port->interrupts & ~bit;
	usbredirparser_send_interrupt_receiving_status(port->parser, id,
	    &status);
}

static void
on_start_interrupts(void *self, uint64_t id,
    struct usb_redir_start_interrupt_receiving_header *start)
{
	listen_to(self, id, start->endpoint, true);
}

static void
on_stop_interrupts(void *self, uint64_t id,
    struct usb_redir_stop_interrupt_receiving_header *stop)
{
	listen_to(self, id, stop->endpoint, false);
}

static void
on_control(void *self, uint64_t id,
    struct usb_redir_control_packet_header *header, uint8_t *data, int len)
{
	struct port *port = self;
	const uint8_t setup[8] = { header->requesttype, header->request,
		(uint8_t)header->value, (uint8_t)(header->value >> 8),
		(uint8_t)header->index, (uint8_t)(header->index >> 8),
		(uint8_t)header->length, (uint8_t)(header->length >> 8) };
	struct usb_redir_control_packet_header reply = *header;
	static uint8_t buf[UINT16_MAX];
	bool in = (header->requesttype & 0x80) != 0;
	int n;

	if (data != NULL && len > 0 && (size_t)len <= sizeof(buf))
		memcpy(buf, data, (size_t)len);
	n = ccid_device_control(port->device, setup, buf, header->length);
	reply.status = status_of(n);
	reply.length = in && n > 0 ? (uint16_t)n : 0;
	if (!in && n >= 0)
		reply.length = header->length;
	usbredirparser_send_control_packet(port->parser, id, &reply,
	    in && n > 0 ? buf : NULL, in && n > 0 ? n : 0);
	usbredirparser_free_packet_data(port->parser, data);
}

static void
on_bulk(void *self, uint64_t id, struct usb_redir_bulk_packet_header *header,
    uint8_t *data, int len)
{
	struct port *port = self;
	struct transfer **at = &port->transfers, *t = calloc(1, sizeof(*t));

	if (t == NULL)
		abort();
	t->id = id;
	t->header = *header;
	t->out = data;
	t->len = (header->endpoint & 0x80) != 0
		     ? header->length | (uint32_t)header->length_high << 16
		     : (uint32_t)len;
	while (*at != NULL)
		at = &(*at)->next;
	*at = t;
}

static void
on_cancel(void *self, uint64_t id)
{
	struct port *port = self;
	struct transfer **at = &port->transfers;

	while (*at != NULL && (*at)->id != id)
		at = &(*at)->next;
	if (*at == NULL)
		return;
	answer(port, *at, usb_redir_cancelled, NULL, 0);
	forget(port, at);
}

static bool
greet(struct port *port)
{
	uint32_t caps[USB_REDIR_CAPS_SIZE] = { 0 };
	struct usbredirparser *p = usbredirparser_create();

	if (p == NULL)
		return false;
	port->parser = p;
	p->priv = port;
	p->log_func = on_log;
	p->read_func = on_read;
	p->write_func = on_write;
	p->hello_func = on_hello;
	p->reset_func = on_reset;
	p->set_configuration_func = on_set_configuration;
	p->get_configuration_func = on_get_configuration;
	p->set_alt_setting_func = on_set_alternate;
	p->get_alt_setting_func = on_get_alternate;
	p->start_interrupt_receiving_func = on_start_interrupts;
	p->stop_interrupt_receiving_func = on_stop_interrupts;
	p->control_packet_func = on_control;
	p->bulk_packet_func = on_bulk;
	p->cancel_data_packet_func = on_cancel;
	usbredirparser_caps_set_cap(caps, usb_redir_cap_connect_device_version);
	usbredirparser_caps_set_cap(caps,
	    usb_redir_cap_ep_info_max_packet_size);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_64bits_ids);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_32bits_bulk_length);
	usbredirparser_init(p, "usbredir_reader", caps, USB_REDIR_CAPS_SIZE,
	    usbredirparser_fl_usb_host);
	return true;
}

/* ---- Plugging ---------------------------------------------------------- */

/* Interfaces and endpoints, as the configuration descriptor has them. */
static void
describe(const struct ccid_device *device,
    struct usb_redir_interface_info_header *faces,
    struct usb_redir_ep_info_header *ends)
{
	uint8_t d[CCID_DEVICE_CONFIG_CAP], face = 0;
	size_t len = ccid_device_configuration(device, d);

	memset(ends->type, usb_redir_type_invalid, sizeof(ends->type));
	ends->type[0] = ends->type[16] = usb_redir_type_control;
	ends->max_packet_size[0] = ends->max_packet_size[16] = 64;
	for (size_t i = 0; i + 7 <= len && d[i] >= 2; i += d[i]) {
		if (d[i + 1] == DESCRIPTOR_INTERFACE &&
		    faces->interface_count < sizeof(faces->interface)) {
			face = d[i + 2];
			faces->interface[faces->interface_count] = face;
			faces->interface_class[faces->interface_count++] =
			    d[i + 5];
		} else if (d[i + 1] == DESCRIPTOR_ENDPOINT) {
			unsigned at = (d[i + 2] & 0x0FU) |
				      (d[i + 2] & 0x80U) >> 3;

			ends->type[at] = d[i + 3] & 3;
			ends->interface[at] = face;
			ends->max_packet_size[at] = (uint16_t)(d[i + 4] |
							       d[i + 5] << 8);
			ends->interval[at] = d[i + 6];
		}
	}
}

static void
plug(void *self)
{
	struct port *port = self;
	const struct ccid_device_config *config = &port->options.config;
	struct usb_redir_interface_info_header faces = { 0 };
	struct usb_redir_ep_info_header ends = { 0 };
	struct usb_redir_device_connect_header connect = { .speed = SPEED_FULL,
		.vendor_id = config->vendor,
		.product_id = config->product,
		.device_version_bcd = 0x0200 };

	ccid_device_replug(port->device);
	describe(port->device, &faces, &ends);
	usbredirparser_send_interface_info(port->parser, &faces);
	usbredirparser_send_ep_info(port->parser, &ends);
	usbredirparser_send_device_connect(port->parser, &connect);
	port->plugged = true;
}

static void
unplug(void *self)
{
	struct port *port = self;

	forget_all(port);
	port->plugged = false;
	usbredirparser_send_device_disconnect(port->parser);
}

static void
lay(void *self, unsigned document)
{
	struct port *port = self;
	struct ccid_device_card card;

	if (document > 0)
		card = passport_card_lay(port->documents[document - 1]);
	ccid_device_lay(port->device, port->options.interface,
	    port->options.slot, document > 0 ? &card : NULL);
}

/* A pull comes in the middle of finish(): transfers are forgotten later. */
static void
pull(void *self)
{
	struct port *port = self;

	port->plugged = false;
	usbredirparser_send_device_disconnect(port->parser);
}

static struct reader_script_counts
counts(void *self)
{
	struct port *port = self;
	struct ccid_device_counts c = ccid_device_counts(port->device);

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

/* ---- The program ------------------------------------------------------- */

static bool
set_up(struct port *port)
{
	struct reader_options *o = &port->options;
	const char *script = o->script;

	if (script == NULL)
		script = o->n_documents > 0 ? "lay 1; plug" : "plug";
	for (unsigned i = 0; i < o->n_documents; i++) {
		port->documents[i] = passport_card_new(o->documents[i],
		    o->misbehave, o->n_misbehave);
		if (port->documents[i] == NULL)
			return false;
	}
	port->script = reader_script_new(script, o->repeats, o->seed,
	    o->n_documents);
	if (port->script == NULL)
		return false;
	o->config.on_block = reader_script_block;
	o->config.on_block_self = port->script;
	port->device = ccid_device_new(&o->config);
	if (port->device == NULL)
		return false;
	reader_script_bind(port->script, &port->lock, &script_ops, port);
	return true;
}

static bool
reach(struct port *port, const char *path, int64_t until_ms)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct timespec pause = { .tv_nsec = 20000000 };

	if (strlen(path) >= sizeof(address.sun_path)) {
		(void)fprintf(stderr, "%s: too long a name\n", path);
		return false;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	port->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	while (port->fd >= 0 && connect(port->fd, (struct sockaddr *)&address,
				    sizeof(address)) != 0) {
		if (now_ms() > until_ms) {
			perror(path);
			return false;
		}
		(void)nanosleep(&pause, NULL);
	}
	return port->fd >= 0;
}

/* What is due; how long nothing happens by itself then. */
static int
advance(struct port *port, int64_t until_ms)
{
	int64_t now = now_ms(), wait = until_ms - now, due;
	int tick = port->greeted ? reader_script_tick(port->script, now) : -1;

	look(port);
	due = ccid_device_due_ms(port->device);
	if (due >= 0 && due - now < wait)
		wait = due > now ? due - now : 1;
	if (tick >= 0 && tick < wait)
		wait = tick;
	return wait > 0 ? (int)wait : 0;
}

/* False: there is nobody to write to any more. */
static bool
flush(struct port *port, int64_t until_ms)
{
	while (usbredirparser_has_data_to_write(port->parser) > 0) {
		struct pollfd p = { .fd = port->fd, .events = POLLOUT };
		int64_t left = until_ms - now_ms();

		if (left <= 0 || poll(&p, 1, (int)left) <= 0 ||
		    usbredirparser_do_write(port->parser) != 0)
			return false;
	}
	return true;
}

/* Until the socket ends: an exit status. */
static int
serve(struct port *port, int64_t until_ms)
{
	while (now_ms() < until_ms) {
		struct pollfd p = { .fd = port->fd, .events = POLLIN };
		int wait = advance(port, until_ms);

		if (!flush(port, until_ms))
			return EXIT_SUCCESS;
		if (poll(&p, 1, wait) > 0 &&
		    usbredirparser_do_read(port->parser) ==
			usbredirparser_read_io_error)
			return EXIT_SUCCESS;
	}
	return EXIT_LIMIT;
}

static int
run(struct port *port, const char *path)
{
	int64_t until_ms = now_ms() + (int64_t)port->options.limit_s * 1000;
	struct ccid_device_counts counts;
	const char *complaint;
	int status;

	if (!reach(port, path, until_ms) || !greet(port))
		return EXIT_FAILURE;
	status = serve(port, until_ms);
	complaint = ccid_device_complaint(port->device);
	counts = ccid_device_counts(port->device);
	(void)fprintf(stderr,
	    "usbredir_reader: %u APDUs in %u blocks, %u of them pieces\n",
	    counts.apdus, counts.blocks, counts.chained);
	if (complaint == NULL)
		return status;
	(void)fprintf(stderr, "usbredir_reader: the host: %s\n", complaint);
	return port->options.lenient ? status : EXIT_BROKEN;
}

int
main(int argc, char **argv)
{
	static struct port port = { .lock = PTHREAD_MUTEX_INITIALIZER,
		.fd = -1 };
	int status = EXIT_FAILURE;

	if (!reader_options_parse(argc, argv, &port.options))
		return EXIT_USAGE;
	if (set_up(&port))
		status = run(&port, argv[port.options.first]);
	forget_all(&port);
	if (port.parser != NULL)
		usbredirparser_destroy(port.parser);
	if (port.fd >= 0)
		(void)close(port.fd);
	ccid_device_free(&port.device);
	reader_script_free(&port.script);
	for (unsigned i = 0; i < READER_DOCUMENTS_MAX; i++)
		passport_card_free(&port.documents[i]);
	return status;
}
