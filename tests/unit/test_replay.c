#include "core/cursor.h"
#include "data.h"
#include "emrtd_test.h"
#include "transport/backends.h"
#include "transport/trace_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char session[] = "# made up\r\n"
			      "\n"
			      "atr 3B80800101\n"
			      "id.document L898902C3\n"
			      "@ application\n"
			      "> 00A4040C07A0000002471001\n"
			      "< 9000\n"
			      "@ read\n"
			      "= > 00B0000000\n"
			      "= < AABB9000\n"
			      "> 0084000008\n"
			      "< 01020304050607089000\n"
			      "> 0084000008\n"
			      "< 11121314151617189000\n"
			      "> 00B0000000\n";

static enum emrtd_error
say(struct emrtd_transport *link, const char *hex, struct emrtd_out *out)
{
	uint8_t buf[256];

	out->len = 0;
	return link->ops->transmit(link->self, hex_bytes(hex, buf, sizeof(buf)),
	    out, 1000);
}

static void
load(const char *text, bool strict, struct emrtd_transport *link)
{
	struct emrtd_diag diag;

	emrtd_diag_init(&diag);
	assert_ok(emrtd_replay_parse(emrtd_bytes_text(text), "test", strict,
	    &diag, link));
	assert_ok(link->ops->connect(link->self, &diag));
}

static void
answers_what_was_recorded(void **state)
{
	struct emrtd_link_info info = { .size = sizeof(info) };
	struct emrtd_transport link;
	struct emrtd_bytes expected;
	uint8_t buf[64];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	(void)state;
	load(session, false, &link);
	assert_ok(link.ops->info(link.self, &info));
	assert_string_equal(info.name, "replay:test");
	assert_int_equal(info.atr_len, 5);
	/* Out of order, and the same command twice: in order of recording. */
	assert_ok(say(&link, "0084000008", &out));
	assert_int_equal(buf[0], 0x01);
	assert_ok(say(&link, "0084000008", &out));
	assert_int_equal(buf[0], 0x11);
	assert_ok(say(&link, "0084000008", &out));
	assert_int_equal(buf[0], 0x01);
	assert_ok(say(&link, "00A4040C07A0000002471001", &out));
	assert_int_equal(out.len, 2);
	assert_int_equal(emrtd_replay_position(&link, &expected), 1);
	assert_int_equal(expected.len, 5);
	/* Plain forms are no answers; the last has none. */
	assert_error(say(&link, "00B0000001", &out), EMRTD_E_PROTOCOL);
	assert_error(say(&link, "00B0000000", &out), EMRTD_E_CARD_LOST);
	assert_int_equal(emrtd_replay_position(&link, &expected), 4);
	assert_int_equal(expected.len, 0);
	out.cap = 1;
	assert_error(say(&link, "0084000008", &out), EMRTD_E_TOO_LONG);
	emrtd_transport_close(&link);
}

static void
strict_wants_the_order(void **state)
{
	struct emrtd_transport link;
	struct emrtd_bytes expected;
	uint8_t buf[64];
	struct emrtd_out out = emrtd_out(buf, sizeof(buf));

	(void)state;
	load(session, true, &link);
	assert_error(say(&link, "0084000008", &out), EMRTD_E_PROTOCOL);
	assert_int_equal(emrtd_replay_position(&link, &expected), 0);
	assert_int_equal(expected.len, 12);
	assert_ok(say(&link, "00A4040C07A0000002471001", &out));
	assert_ok(say(&link, "0084000008", &out));
	assert_ok(say(&link, "0084000008", &out));
	assert_error(say(&link, "0084000008", &out), EMRTD_E_PROTOCOL);
	assert_error(say(&link, "00B0000000", &out), EMRTD_E_CARD_LOST);
	assert_error(say(&link, "00B0000000", &out), EMRTD_E_PROTOCOL);
	assert_ok(link.ops->connect(link.self, NULL));
	assert_ok(say(&link, "00A4040C07A0000002471001", &out));
	emrtd_transport_close(&link);
}

static void
malformed_traces(void **state)
{
	static const struct {
		const char *text;
		enum emrtd_error want;
	} cases[] = {
		{ "", EMRTD_E_MALFORMED },
		{ "# nothing\n", EMRTD_E_MALFORMED },
		{ "< 9000\n", EMRTD_E_MALFORMED },
		{ "> 0084000008\n< 9000\n< 9000\n", EMRTD_E_MALFORMED },
		{ "> 0084000008\n> 0084000008\n< 9000\n", EMRTD_E_MALFORMED },
		{ "> 008400000\n", EMRTD_E_MALFORMED },
		{ "> 00840000ZZ\n", EMRTD_E_MALFORMED },
		{ "> \n", EMRTD_E_MALFORMED },
		{ ">\n", EMRTD_E_MALFORMED },
		{ "key\n", EMRTD_E_MALFORMED },
		{ " value\n", EMRTD_E_MALFORMED },
		{ "atr 3\n> 0084000008\n", EMRTD_E_MALFORMED },
	};
	struct emrtd_transport link = { 0 };
	struct emrtd_diag diag;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		emrtd_diag_init(&diag);
		assert_error(emrtd_replay_parse(emrtd_bytes_text(cases[i].text),
				 "test", false, &diag, &link),
		    cases[i].want);
		assert_int_equal(diag.error, cases[i].want);
		assert_null(link.ops);
	}
}

static void
caps(void **state)
{
	const size_t n = EMRTD_TRACE_LINE_MAX + 10;
	struct emrtd_transport link;
	struct emrtd_diag diag;
	char *text = malloc(2 * 1024 * 1024);
	size_t len = 0;

	(void)state;
	assert_non_null(text);
	memset(text, '0', n);
	memcpy(text, "> ", 2);
	assert_error(emrtd_replay_parse(emrtd_bytes((const uint8_t *)text, n),
			 "test", false, &diag, &link),
	    EMRTD_E_LIMIT);
	for (int i = 0; i < 65537; i++) {
		memcpy(text + len, "> 0084000008\n< 9000\n", 20);
		len += 20;
	}
	assert_error(emrtd_replay_parse(emrtd_bytes((const uint8_t *)text, len),
			 "test", false, &diag, &link),
	    EMRTD_E_LIMIT);
	assert_ok(
	    emrtd_replay_parse(emrtd_bytes((const uint8_t *)text, len - 20),
		"test", false, &diag, &link));
	emrtd_transport_close(&link);
	free(text);
}

static void
from_a_file(void **state)
{
	char path[] = "/tmp/test_replay.XXXXXX", uri[64];
	struct emrtd_transport link;
	struct emrtd_diag diag;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, session, sizeof(session) - 1),
	    sizeof(session) - 1);
	close(fd);
	snprintf(uri, sizeof(uri), "replay:%s", path);
	assert_ok(emrtd_transport_open(uri, &diag, &link));
	emrtd_transport_close(&link);
	snprintf(uri, sizeof(uri), "replay-strict:%s", path);
	assert_ok(emrtd_transport_open(uri, &diag, &link));
	emrtd_transport_close(&link);
	unlink(path);
	assert_error(emrtd_transport_open(uri, &diag, &link),
	    EMRTD_E_NOT_FOUND);
	assert_error(emrtd_transport_open("replay:/", &diag, &link),
	    EMRTD_E_IO);
}

/* Sessions of a foreign reader: each is a trace that can be loaded. */
static void
recorded_sessions(void **state)
{
	static const char *const names[] = {
		"traces/01-bac-3des-aa.txt",
		"traces/08-pace-gm-ecdh-bp384-aes192-can-extended.txt",
	};
	struct emrtd_transport link;
	struct emrtd_trace_line line;
	struct emrtd_diag diag;
	uint8_t buf[70000];
	struct emrtd_out command = emrtd_out(buf, sizeof(buf));
	static uint8_t answer_buf[70000];
	struct emrtd_out answer;
	size_t n_commands;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(names); i++) {
		struct test_bytes file = test_shared(names[i]);
		struct emrtd_bytes rest = emrtd_bytes(file.ptr, file.len);

		n_commands = 0;
		assert_ok(
		    emrtd_replay_parse(rest, names[i], true, &diag, &link));
		while (!emrtd_end(&rest)) {
			assert_ok(emrtd_trace_next(&rest, &line));
			if (line.kind != EMRTD_TRACE_COMMAND)
				continue;
			command.len = 0;
			n_commands++;
			answer = emrtd_out(answer_buf, sizeof(answer_buf));
			assert_true(emrtd_trace_hex(line.value, &command));
			assert_ok(link.ops->transmit(link.self,
			    emrtd_out_bytes(&command), &answer, 0));
			assert_true(answer.len >= 2);
		}
		assert_true(n_commands > 5);
		emrtd_transport_close(&link);
		test_bytes_free(&file);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_what_was_recorded),
		cmocka_unit_test(strict_wants_the_order),
		cmocka_unit_test(malformed_traces),
		cmocka_unit_test(caps),
		cmocka_unit_test(from_a_file),
		cmocka_unit_test(recorded_sessions),
	};

	return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
