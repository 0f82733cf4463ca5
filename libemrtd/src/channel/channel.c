#include "channel/channel.h"

#include "core/diag.h"

#include <string.h>

void
emrtd_channel_init(struct emrtd_channel *channel,
    const struct emrtd_transport *transport, struct emrtd_crypto *crypto,
    const struct emrtd_clock *clock, struct emrtd_out scratch)
{
	memset(channel, 0, sizeof(*channel));
	channel->transport = *transport;
	channel->crypto = crypto;
	channel->clock = *clock;
	channel->scratch = scratch;
	channel->timeout_ms = EMRTD_CHANNEL_TIMEOUT_MS;
}

static int64_t
now(const struct emrtd_channel *channel)
{
	return channel->clock.now_us(channel->clock.self);
}

enum emrtd_error
emrtd_channel_check(const struct emrtd_channel *channel,
    struct emrtd_diag *diag)
{
	if (channel->cancelled && atomic_load(channel->cancelled))
		return emrtd_fail(diag, EMRTD_E_CANCELLED, "exchange", NULL);
	if (channel->deadline_us && now(channel) >= channel->deadline_us)
		return emrtd_fail(diag, EMRTD_E_DEADLINE, "exchange", NULL);
	return EMRTD_OK;
}

static uint32_t
lower_known(uint32_t a, uint32_t b)
{
	if (a == 0 || b == 0)
		return a ? a : b;
	return a < b ? a : b;
}

enum emrtd_error
emrtd_channel_connect(struct emrtd_channel *channel, struct emrtd_diag *diag)
{
	const struct emrtd_transport *link = &channel->transport;
	struct emrtd_link_info info = { .size = sizeof(info) };
	enum emrtd_error err;

	err = emrtd_channel_check(channel, diag);
	if (err)
		return err;
	err = link->ops->connect(link->self, diag);
	if (err)
		return err;
	err = emrtd_channel_check(channel, diag); /* it may have waited */
	if (err)
		return err;
	if (link->ops->info) {
		err = link->ops->info(link->self, &info);
		if (err)
			return emrtd_fail(diag, err, "reader limits", NULL);
	}
	channel->max_command = lower_known(info.max_command,
	    channel->chip_max_command);
	channel->max_response = lower_known(info.max_response,
	    channel->chip_max_response);
	channel->link_extended = info.extended;
	channel->link_unknown = !info.extended &&
				info.limits_from == EMRTD_LIMITS_UNKNOWN &&
				(info.max_command == 0 ||
				    info.max_command > EMRTD_SHORT_COMMAND);
	emrtd_channel_learn(channel);
	return EMRTD_OK;
}

void
emrtd_channel_learn(struct emrtd_channel *channel)
{
	if (channel->short_only) {
		channel->link_extended = channel->link_unknown = false;
		channel->max_command = lower_known(channel->max_command,
		    EMRTD_SHORT_COMMAND);
		channel->max_response = lower_known(channel->max_response,
		    EMRTD_SHORT_RESPONSE);
	} else if (channel->extended_works && channel->link_unknown) {
		channel->link_extended = true;
		channel->link_unknown = false;
	}
}

void
emrtd_channel_chip_limits(struct emrtd_channel *channel, uint32_t max_command,
    uint32_t max_response)
{
	channel->chip_max_command = max_command;
	channel->chip_max_response = max_response;
	channel->max_command = lower_known(channel->max_command, max_command);
	channel->max_response = lower_known(channel->max_response,
	    max_response);
	channel->chip_extended = max_command > EMRTD_SHORT_COMMAND ||
				 max_response > EMRTD_SHORT_RESPONSE;
}

void
emrtd_channel_secure(struct emrtd_channel *channel, struct emrtd_sm *sm)
{
	channel->sm = sm;
	channel->secured = true;
	channel->n_verified = 0;
}

void
emrtd_channel_plain(struct emrtd_channel *channel)
{
	if (channel->sm)
		emrtd_sm_end(channel->sm);
	channel->sm = NULL;
	channel->secured = false;
}

static uint32_t
fitting_le(const struct emrtd_channel *channel)
{
	bool extended = channel->link_extended && channel->chip_extended;
	uint32_t window = extended ? EMRTD_RESPONSE_MAX : EMRTD_SHORT_RESPONSE;
	uint32_t block, around;

	window = lower_known(window, channel->max_response);
	if (!channel->secured || !channel->sm || !channel->sm->live)
		return window > 3 ? window - 2 : 1;
	/*
	 * 87 L 01 cryptogram, 99 02 SW, 8E 08 MAC, SW: 238 bytes of 258 are
	 * left for whole blocks, of which one byte at least is padding.
	 */
	block = (uint32_t)channel->sm->suite->block_len;
	around = (window > EMRTD_SHORT_RESPONSE ? 5 : 4) + 4 + 10 + 2;
	if (window < around + block)
		return 1;
	return (window - around) / block * block - 1;
}

uint32_t
emrtd_channel_max_le(const struct emrtd_channel *channel)
{
	return lower_known(fitting_le(channel), channel->le_cap);
}

void
emrtd_channel_phase_stop(struct emrtd_channel *channel)
{
	int64_t at = now(channel);

	if (channel->n_phases)
		channel->phases[channel->phase].total_us +=
		    at - channel->phase_start_us;
	channel->phase_start_us = at;
}

void
emrtd_channel_phase(struct emrtd_channel *channel, const char *name)
{
	size_t i;

	emrtd_channel_phase_stop(channel);
	for (i = 0; i < channel->n_phases; i++)
		if (strcmp(channel->phases[i].name, name) == 0)
			break;
	if (i == EMRTD_CHANNEL_PHASES) {
		channel->phase = EMRTD_CHANNEL_PHASES -
				 1; /* no room: the last */
		return;
	}
	if (i == channel->n_phases) {
		channel->phases[i].name = name;
		channel->n_phases++;
	}
	channel->phase = i;
}
