/*
 * Commands as a chip receives them, responses as a reader does: what decodes
 * encodes to the same bytes, and every view lies inside the input.
 */
#include "apdu/apdu.h"
#include "apdu/status_word.h"

#include <stdlib.h>
#include <string.h>

static void
require(bool condition)
{
	if (!condition)
		abort();
}

static void
check_inside(struct emrtd_bytes view, const uint8_t *data, size_t size)
{
	require(view.len == 0 || (view.ptr >= data && view.len <= size &&
				     view.ptr + view.len <= data + size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t buf[EMRTD_COMMAND_MAX];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	struct emrtd_bytes input = { data, size };
	struct emrtd_command command;
	struct emrtd_response response;

	if (emrtd_command_decode(input, &command) == EMRTD_OK) {
		check_inside(command.data, data, size);
		require(emrtd_command_encode(&command, &out) == EMRTD_OK);
		require(out.len == size && memcmp(buf, data, size) == 0);
	}
	if (emrtd_response_parse(input, &response) == EMRTD_OK) {
		check_inside(response.data, data, size);
		require(response.data.len + 2 == size);
		require(*emrtd_status_text(response.sw) != '\0');
	} else {
		require(size < 2);
	}
	return 0;
}
