/* Which of several transports is taken, with transports that do as told. */
#include "transport/any_reader.h"

#include "transport/wake.h"

#include "emrtd_test.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

/* What a transport is told to be, and what became of it. */
struct fake {
	enum emrtd_error open_error, wait_error, connect_error;
	bool present, no_reader;
	const char *words; /* of a connect that fails */
	unsigned opens, closes, waits, connects, transmits;
	struct emrtd_wake wake;
};

static struct fake fakes[2];

static enum emrtd_error
fake_wait(void *self, enum emrtd_presence want, uint32_t timeout_ms)
{
	struct fake *fake = self;

	fake->waits++;
	if (fake->wait_error)
		return fake->wait_error;
	if (fake->present == (want == EMRTD_PRESENT))
		return EMRTD_OK;
	return emrtd_wake_wait(&fake->wake, -1, 0,
	    emrtd_wake_now_ms() + timeout_ms);
}

static enum emrtd_error
fake_connect(void *self, struct emrtd_diag *diag)
{
	struct fake *fake = self;

	fake->connects++;
	if (fake->connect_error)
		strcpy(diag->detail, fake->words ? fake->words : "who and why");
	return fake->connect_error;
}

static enum emrtd_error
fake_transmit(void *self, struct emrtd_bytes command,
    struct emrtd_out *response, uint32_t timeout_ms)
{
	struct fake *fake = self;

	(void)command;
	(void)response;
	fake->transmits++;
	return emrtd_wake_wait(&fake->wake, -1, 0,
	    emrtd_wake_now_ms() + timeout_ms);
}

static enum emrtd_error
fake_info(void *self, struct emrtd_link_info *out)
{
	if (((struct fake *)self)->no_reader)
		return EMRTD_E_READER_LOST;
	strcpy(out->name, self == &fakes[0] ? "first" : "second");
	return EMRTD_OK;
}

static enum emrtd_error
fake_reset(void *self)
{
	(void)self;
	return EMRTD_OK;
}

static void
fake_cancel(void *self)
{
	struct fake *fake = self;

	emrtd_wake_signal(&fake->wake);
}

static void
fake_close(void *self)
{
	struct fake *fake = self;

	fake->closes++;
	emrtd_wake_close(&fake->wake);
}

static const struct emrtd_transport_ops fake_ops = {
	.info = fake_info,
	.wait = fake_wait,
	.connect = fake_connect,
	.transmit = fake_transmit,
	.cancel = fake_cancel,
	.reset = fake_reset,
	.close = fake_close,
};

static enum emrtd_error
open_fake(struct fake *fake, struct emrtd_diag *diag,
    struct emrtd_transport *out)
{
	fake->opens++;
	if (fake->open_error) {
		strcpy(diag->detail, "told so");
		return fake->open_error;
	}
	assert_true(emrtd_wake_open(&fake->wake));
	out->ops = &fake_ops;
	out->self = fake;
	return EMRTD_OK;
}

static enum emrtd_error
open_first(const char *rest, struct emrtd_diag *diag,
    struct emrtd_transport *out)
{
	assert_string_equal(rest, "");
	return open_fake(&fakes[0], diag, out);
}

static enum emrtd_error
open_second(const char *rest, struct emrtd_diag *diag,
    struct emrtd_transport *out)
{
	assert_string_equal(rest, "");
	return open_fake(&fakes[1], diag, out);
}

static const struct emrtd_any_source sources[] = {
	{ "one", open_first },
	{ "two", open_second },
};

static struct emrtd_transport any;
static struct emrtd_diag diag;

static int
setup(void **state)
{
	(void)state;
	memset(fakes, 0, sizeof(fakes));
	emrtd_diag_init(&diag);
	return emrtd_any_open_of(sources, 2, 600, &diag, &any);
}

static int
teardown(void **state)
{
	(void)state;
	emrtd_transport_close(&any);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(fakes[i].closes,
		    fakes[i].opens > 0 && !fakes[i].open_error);
	return 0;
}

static enum emrtd_error
wait_for(enum emrtd_presence want, uint32_t ms)
{
	return any.ops->wait(any.self, want, ms);
}

static enum emrtd_error
connect_any(void)
{
	return any.ops->connect(any.self, &diag);
}

static const char *
chosen(void)
{
	static struct emrtd_link_info info;

	info.size = sizeof(info);
	if (any.ops->info(any.self, &info) != EMRTD_OK)
		return "";
	assert_string_equal(info.name,
	    strcmp(info.driver, "one") == 0 ? "first" : "second");
	return info.driver;
}

static void
takes_the_first_with_a_document(void **state)
{
	(void)state;
	assert_string_equal(chosen(), "");
	fakes[0].present = fakes[1].present = true;
	assert_int_equal(connect_any(), EMRTD_OK);
	assert_string_equal(chosen(), "one");
	assert_int_equal(fakes[1].opens, 0);
	/* The next traveller is at another one, and this one is gone. */
	fakes[0].present = false;
	fakes[0].no_reader = true;
	assert_int_equal(wait_for(EMRTD_ABSENT, 0), EMRTD_OK);
	assert_int_equal(wait_for(EMRTD_PRESENT, 0), EMRTD_OK);
	assert_string_equal(chosen(), "two");
	assert_int_equal(connect_any(), EMRTD_OK);
	assert_int_equal(fakes[1].connects, 1);
}

/* The daemon behind the second would start, and want what the first has. */
static void
opens_no_more_than_it_needs(void **state)
{
	(void)state;
	fakes[1].present = true;
	assert_int_equal(wait_for(EMRTD_PRESENT, 0), EMRTD_E_TIMEOUT);
	assert_int_equal(connect_any(), EMRTD_E_NO_READER);
	assert_string_equal(diag.detail, "one: no document; two: not asked");
	assert_int_equal(fakes[1].opens, 0);
	/* Once it is open it is asked. */
	fakes[0].no_reader = true;
	assert_int_equal(wait_for(EMRTD_PRESENT, 0), EMRTD_OK);
	fakes[0].no_reader = false;
	assert_int_equal(wait_for(EMRTD_PRESENT, 0), EMRTD_OK);
	assert_string_equal(chosen(), "two");
}

/* What a reader says that pcscd holds: at once, or only at connect. */
static void
goes_on_where_one_is_busy(void **state)
{
	(void)state;
	fakes[0].wait_error = EMRTD_E_BUSY;
	fakes[1].present = true;
	assert_int_equal(connect_any(), EMRTD_OK);
	assert_string_equal(chosen(), "two");
	/* It is left alone for a while. */
	assert_int_equal(wait_for(EMRTD_PRESENT, 0), EMRTD_OK);
	assert_int_equal(fakes[0].waits, 1);
}

static void
goes_on_when_connect_says_busy(void **state)
{
	(void)state;
	fakes[0].present = fakes[1].present = true;
	fakes[0].connect_error = EMRTD_E_BUSY;
	assert_int_equal(connect_any(), EMRTD_OK);
	assert_string_equal(chosen(), "two");
	assert_int_equal(fakes[0].connects, 1);
	/* Anything else is an error of this reading, not a reason to go. */
	assert_int_equal(wait_for(EMRTD_PRESENT, 0), EMRTD_OK);
	fakes[1].connect_error = EMRTD_E_PROTOCOL;
	assert_int_equal(connect_any(), EMRTD_E_PROTOCOL);
}

/* A wait has no words, so the one that failed is asked once more. */
static void
says_why_a_wait_failed(void **state)
{
	(void)state;
	fakes[0].wait_error = fakes[0].connect_error = EMRTD_E_BUSY;
	fakes[1].open_error = EMRTD_E_NO_READER;
	assert_int_equal(connect_any(), EMRTD_E_BUSY);
	assert_string_equal(diag.detail, "one: who and why; two: told so");
	assert_string_equal(chosen(), "");
	fakes[0].connect_error = EMRTD_OK;
	assert_int_equal(wait_for(EMRTD_PRESENT, 0), EMRTD_E_TIMEOUT);
	assert_int_equal(connect_any(), EMRTD_OK);
	assert_string_equal(chosen(), "one");
}

/* A chip that was torn away is not looked for on another reader. */
static void
stays_with_a_reader(void **state)
{
	(void)state;
	fakes[0].present = true;
	assert_int_equal(connect_any(), EMRTD_OK);
	fakes[0].present = false;
	fakes[1].present = true;
	fakes[0].connect_error = EMRTD_E_NO_READER;
	assert_int_equal(connect_any(), EMRTD_E_NO_READER);
	fakes[0].connect_error = EMRTD_E_BUSY;
	assert_int_equal(connect_any(), EMRTD_E_BUSY);
	assert_int_equal(fakes[1].connects, 0);
	assert_string_equal(chosen(), "one");
}

static void
says_what_is_wrong(void **state)
{
	(void)state;
	/* Nobody could look: what can be mended comes first. */
	fakes[0].open_error = EMRTD_E_PERMISSION;
	fakes[1].open_error = EMRTD_E_NO_READER;
	assert_int_equal(connect_any(), EMRTD_E_PERMISSION);
	assert_string_equal(diag.detail, "one: told so; two: told so");
	assert_true(fakes[0].opens > 1); /* asked again from time to time */
	/* Somebody did. */
	fakes[1].open_error = EMRTD_OK;
	assert_int_equal(connect_any(), EMRTD_E_NO_READER);
	assert_string_equal(diag.detail, "one: told so; two: no document");
}

/* No reader and no document on one are two things for whoever is to act. */
static void
tells_no_reader_from_no_document(void **state)
{
	(void)state;
	fakes[0].no_reader = true;
	assert_int_equal(connect_any(), EMRTD_E_NO_READER);
	assert_string_equal(diag.detail, "one: no reader; two: no document");
}

/* An advice is told to its end, whatever else there is to say. */
static void
cuts_no_advice(void **state)
{
	static const char advice[] =
	    "uTrust 3700 F CL Reader: /dev/bus/usb/001/002: install the udev "
	    "rules of mrtdkit and plug the reader in again, all of it in one";

	(void)state;
	fakes[1].wait_error = fakes[1].connect_error = EMRTD_E_PERMISSION;
	fakes[1].words = advice;
	fakes[0].open_error = EMRTD_E_NO_READER;
	assert_int_equal(connect_any(), EMRTD_E_PERMISSION);
	assert_int_equal(strlen(advice), 127);
	assert_string_equal(diag.detail + strlen("two: "),
	    "uTrust 3700 F CL Reader: /dev/bus/usb/001/002: install the udev "
	    "rules of mrtdkit and plug the reader in again, all of it in one"
	    "; one: told so");
	assert_true(strncmp(diag.detail, "two: ", 5) == 0);
	/* With ten bytes more the second does not fit, and is left out. */
	fakes[0].connect_error = EMRTD_E_NO_READER;
	fakes[0].wait_error = EMRTD_E_READER_LOST;
	fakes[0].open_error = EMRTD_OK;
	fakes[0].words = "twenty bytes of words";
	assert_int_equal(connect_any(), EMRTD_E_PERMISSION);
	assert_string_equal(diag.detail + strlen("two: "), advice);
}

static void
tells_a_lost_reader_once(void **state)
{
	(void)state;
	fakes[0].present = true;
	assert_int_equal(connect_any(), EMRTD_OK);
	fakes[0].wait_error = EMRTD_E_READER_LOST;
	assert_int_equal(wait_for(EMRTD_ABSENT, 0), EMRTD_E_READER_LOST);
	assert_int_equal(wait_for(EMRTD_PRESENT, 0), EMRTD_E_TIMEOUT);
	fakes[1].present = true;
	assert_int_equal(wait_for(EMRTD_PRESENT, 0), EMRTD_OK);
	assert_string_equal(chosen(), "two");
	/* One that nobody used is nobody's news. */
	fakes[1].present = false;
	assert_int_equal(wait_for(EMRTD_PRESENT, 0), EMRTD_E_TIMEOUT);
}

static void
finds_what_is_plugged_in_later(void **state)
{
	(void)state;
	fakes[0].open_error = fakes[1].open_error = EMRTD_E_NO_READER;
	assert_int_equal(wait_for(EMRTD_PRESENT, 0), EMRTD_E_TIMEOUT);
	fakes[1].open_error = EMRTD_OK;
	fakes[1].present = true;
	assert_int_equal(wait_for(EMRTD_PRESENT, 60000), EMRTD_OK);
	assert_string_equal(chosen(), "two");
}

static void *
cancel_soon(void *unused)
{
	const struct timespec pause = { .tv_nsec = 150 * 1000000L };

	nanosleep(&pause, NULL);
	any.ops->cancel(any.self);
	return unused;
}

/* Whether one of them waits, or all of them are away. */
static void
is_cancelled(void **state)
{
	struct emrtd_out out = emrtd_out(NULL, 0);
	pthread_t thread;

	(void)state;
	for (int i = 0; i < 2; i++) {
		fakes[0].wait_error = fakes[1].wait_error =
		    i == 0 ? EMRTD_OK : EMRTD_E_READER_LOST;
		assert_int_equal(pthread_create(&thread, NULL, cancel_soon,
				     NULL),
		    0);
		assert_int_equal(wait_for(EMRTD_PRESENT, 600000),
		    EMRTD_E_CANCELLED);
		pthread_join(thread, NULL);
		emrtd_wake_clear(&fakes[0].wake);
		emrtd_wake_clear(&fakes[1].wake);
	}
	memset(&fakes[0].wait_error, 0, sizeof(fakes[0].wait_error));
	fakes[0].present = true;
	/* It was set aside as lost; it comes back. */
	assert_int_equal(wait_for(EMRTD_PRESENT, 60000), EMRTD_OK);
	assert_int_equal(connect_any(), EMRTD_OK);
	assert_int_equal(pthread_create(&thread, NULL, cancel_soon, NULL), 0);
	assert_int_equal(any.ops->transmit(any.self, emrtd_bytes(NULL, 0), &out,
			     600000),
	    EMRTD_E_CANCELLED);
	pthread_join(thread, NULL);
	assert_int_equal(fakes[0].transmits, 1);
	/* A cancel that comes between two calls ends the next. */
	any.ops->cancel(any.self);
	assert_int_equal(any.ops->transmit(any.self, emrtd_bytes(NULL, 0), &out,
			     600000),
	    EMRTD_E_CANCELLED);
	assert_int_equal(fakes[0].transmits, 1);
	assert_int_equal(any.ops->transmit(any.self, emrtd_bytes(NULL, 0), &out,
			     0),
	    EMRTD_E_TIMEOUT);
}

static void
nothing_chosen(void **state)
{
	struct emrtd_out out = emrtd_out(NULL, 0);

	(void)state;
	assert_int_equal(any.ops->transmit(any.self, emrtd_bytes(NULL, 0), &out,
			     0),
	    EMRTD_E_CARD_LOST);
	assert_int_equal(any.ops->reset(any.self), EMRTD_E_CARD_LOST);
	assert_int_equal(wait_for(EMRTD_ABSENT, 0), EMRTD_OK);
}

static void
uri(void **state)
{
	struct emrtd_transport t;

	(void)state;
	emrtd_diag_init(&diag);
	assert_int_equal(emrtd_transport_open("any:thing", &diag, &t),
	    EMRTD_E_ARG);
	assert_null(t.ops);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(takes_the_first_with_a_document),
		TEST(opens_no_more_than_it_needs),
		TEST(goes_on_where_one_is_busy),
		TEST(goes_on_when_connect_says_busy),
		TEST(stays_with_a_reader),
		TEST(says_what_is_wrong),
		TEST(says_why_a_wait_failed),
		TEST(tells_no_reader_from_no_document),
		TEST(cuts_no_advice),
		TEST(tells_a_lost_reader_once),
		TEST(finds_what_is_plugged_in_later),
		TEST(is_cancelled),
		TEST(nothing_chosen),
		cmocka_unit_test(uri),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
