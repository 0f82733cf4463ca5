/*
 * bench_transport URI N - what an APDU costs over a transport.
 *
 * Selects the eMRTD application, then asks N times for a challenge (5 bytes
 * out, 10 back); prints as bench_rounds.h says. Status 1 when an answer is
 * wrong.
 */
#include "bench_rounds.h"
#include "reader_uri.h"

#include <stdio.h>

#define TIMEOUT_MS 5000

static const uint8_t select_aid[] = { 0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0, 0x00,
	0x00, 0x02, 0x47, 0x10, 0x01 };
static const uint8_t get_challenge[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };

/* One command whose answer must be that long and end in 9000. */
static bool
say(const struct emrtd_transport *link, struct emrtd_bytes command, size_t want)
{
	uint8_t buf[258];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));
	enum emrtd_error err = link->ops->transmit(link->self, command, &out,
	    TIMEOUT_MS);

	if (err == EMRTD_OK && out.len == want && buf[want - 2] == 0x90 &&
	    buf[want - 1] == 0x00)
		return true;
	(void)fprintf(stderr, "bench_transport: %s\n",
	    err ? emrtd_error_text(err) : "a wrong answer");
	return false;
}

static bool
challenge(void *link)
{
	return say(link, emrtd_bytes(get_challenge, sizeof(get_challenge)), 10);
}

static bool
run(const char *uri, size_t n)
{
	struct emrtd_transport link;
	struct emrtd_diag diag;
	bool ok;

	emrtd_diag_init(&diag);
	if (mrtd_reader_open(uri, &diag, &link)) {
		(void)fprintf(stderr, "bench_transport: %s: %s\n",
		    emrtd_error_text(diag.error), diag.detail);
		return false;
	}
	ok = link.ops->connect(link.self, &diag) == EMRTD_OK;
	if (!ok)
		(void)fprintf(stderr, "bench_transport: %s: %s\n",
		    emrtd_error_text(diag.error), diag.detail);
	ok = ok && say(&link, emrtd_bytes(select_aid, sizeof(select_aid)), 2) &&
	     bench_rounds(challenge, &link, n);
	emrtd_transport_close(&link);
	return ok;
}

int
main(int argc, char **argv)
{
	size_t n = argc == 3 ? bench_rounds_of(argv[2]) : 0;

	if (n == 0) {
		(void)fprintf(stderr, "usage: bench_transport URI N\n");
		return 2;
	}
	return run(argv[1], n) ? 0 : 1;
}
