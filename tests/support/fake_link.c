#include "fake_link.h"

#include "test.h"
#include "transport/link_info.h"
#include "vectors.h"

#include <string.h>

static enum emrtd_error
fake_connect(void *self, struct emrtd_diag *diag)
{
	(void)self;
	(void)diag;
	return EMRTD_OK;
}

static enum emrtd_error
fake_info(void *self, struct emrtd_link_info *out)
{
	struct fake_link *link = self;

	emrtd_link_info_give(&link->info, out);
	return EMRTD_OK;
}

static void
check_command(const char *want, struct emrtd_bytes command)
{
	static uint8_t buf[70000];

	if (!want)
		return;
	assert_int_equal(vector_hex(want, buf, sizeof(buf)), command.len);
	assert_memory_equal(buf, command.ptr, command.len);
}

static enum emrtd_error
fake_transmit(void *self, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct fake_link *link = self;
	const struct fake_step *step;

	if (link->n_sent >= link->n_steps)
		fail_msg("command %zu was not expected", link->n_sent);
	step = &link->steps[link->n_sent++];
	check_command(step->want, command);
	link->command_len = command.len < FAKE_LOG_CAP ? command.len
						       : FAKE_LOG_CAP;
	memcpy(link->command, command.ptr, link->command_len);
	link->last_timeout_ms = timeout_ms;
	link->now_us += step->takes_us;
	if (step->make)
		step->make(link->make_self, command, response);
	else if (step->answer)
		response->len += vector_hex(step->answer,
		    response->ptr + response->len,
		    response->cap - response->len);
	return step->error;
}

static void
fake_close(void *self)
{
	(void)self;
}

static const struct emrtd_transport_ops fake_ops = {
	.info = fake_info,
	.connect = fake_connect,
	.transmit = fake_transmit,
	.close = fake_close,
};

struct emrtd_transport
fake_link_transport(struct fake_link *link)
{
	struct emrtd_transport transport = { &fake_ops, link };

	return transport;
}

static int64_t
fake_now(void *self)
{
	struct fake_link *link = self;

	return link->now_us;
}

struct emrtd_clock
fake_link_clock(struct fake_link *link)
{
	struct emrtd_clock clock = { fake_now, link };

	return clock;
}
