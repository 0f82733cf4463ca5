/* What a decoder can do to the program that started it: nothing. */
#include "test.h"

#include "picture.h"
#include "picture_kind.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define INPUT_LEN ((size_t)3 << 20) /* more than any pipe holds */

static struct picture picture;
static char why[PICTURE_WHY_CAP];

static enum picture_error
decode_with(const char *helper, char how, size_t len, unsigned wall_ms)
{
	struct picture_limits limits = { .helper = helper,
		.wall_ms = wall_ms,
		.pixels = 1000 };
	uint8_t *bytes = calloc(1, len);
	enum picture_error error;

	assert_non_null(bytes);
	memcpy(bytes, "\xFF\xD8\xFF", 3);
	bytes[3] = (uint8_t)how;
	error = picture_decode(bytes, len, &limits, &picture, why);
	free(bytes);
	/* No child is left, whatever happened. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	if (error != PICTURE_OK) {
		assert_null(picture.pixels);
		assert_int_equal(picture.len, 0);
		assert_int_not_equal(strlen(why), 0);
	}
	return error;
}

static enum picture_error
decode(char how)
{
	return decode_with(MRTD_ODD_DECODER, how, INPUT_LEN, 20000);
}

static void
assert_good(void)
{
	assert_string_equal(why, "");
	assert_string_equal(picture.format, "png");
	assert_int_equal(picture.width, 4);
	assert_int_equal(picture.height, 6);
	assert_int_equal(picture.channels, 1);
	assert_int_equal(picture.orientation, 3);
	assert_int_equal(picture.dpi, 300);
	assert_int_equal(picture.len, 24);
	assert_false(picture.filtered);
}

static void
test_good(void **state)
{
	(void)state;
	assert_int_equal(decode('o'), PICTURE_OK);
	assert_good();
	for (unsigned i = 0; i < 24; i++)
		assert_int_equal(picture.pixels[i], i);
	picture_free(&picture);
	assert_null(picture.pixels);
}

/* The helper is gone while there is more to feed. SIGPIPE would end this
 * test. */
static void
test_deaf(void **state)
{
	(void)state;
	assert_int_equal(decode('e'), PICTURE_OK);
	assert_good();
	picture_free(&picture);
}

static void
test_clean_start(void **state)
{
	sigset_t block;
	int fd = open("/dev/null", O_RDONLY);

	(void)state;
	assert_true(fd >= 0); /* without FD_CLOEXEC */
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	sigprocmask(SIG_BLOCK, &block, NULL);
	assert_int_equal(setenv("MRTD_TEST", "x", 1), 0);
	assert_int_equal(decode('l'), PICTURE_OK);
	assert_int_equal(picture.pixels[0], 0);
	assert_int_equal(picture.pixels[1], 0);
	assert_int_equal(picture.pixels[2], 0);
	assert_int_equal(picture.pixels[3], 0);
	picture_free(&picture);
	sigprocmask(SIG_UNBLOCK, &block, NULL);
	signal(SIGPIPE, SIG_DFL);
	close(fd);
}

/* Its pipes may get the numbers 0 to 2. */
static void
test_without_standard_files(void **state)
{
	int saved = dup(STDIN_FILENO), out = dup(STDOUT_FILENO);
	enum picture_error error;

	(void)state;
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	error = decode('o');
	dup2(saved, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	close(saved);
	close(out);
	assert_int_equal(error, PICTURE_OK);
	assert_good();
	picture_free(&picture);
}

static void
test_crashes(void **state)
{
	static const struct {
		char how;
		enum picture_error error;
		const char *words;
	} cases[] = {
		{ 's', PICTURE_CRASHED, "crashed (signal 11)" },
		{ 'S', PICTURE_CRASHED, "crashed (signal 11)" },
		{ 'k', PICTURE_CRASHED, "crashed (signal 9)" },
		{ 'y', PICTURE_CRASHED, "what it may not" },
		{ 'x', PICTURE_TIMEOUT, "too long" },
		{ 'n', PICTURE_CRASHED, "without an answer (status 0)" },
		{ 'q', PICTURE_CRASHED, "without an answer (status 3)" },
		{ '7', PICTURE_NO_HELPER, "library" },
		{ 'g', PICTURE_CRASHED, "nonsense" },
		{ 'm', PICTURE_CRASHED, "more than it announced" },
		{ 'M', PICTURE_CRASHED, "more than it announced" },
		{ 'f', PICTURE_CRASHED, "without an answer" },
		{ 'b', PICTURE_CRASHED, "status 5" },
		{ 'W', PICTURE_CRASHED, "nonsense" },
		{ 'w', PICTURE_CRASHED, "nonsense" },
		{ '2', PICTURE_CRASHED, "nonsense" },
		{ 'O', PICTURE_CRASHED, "nonsense" },
		{ 'F', PICTURE_CRASHED, "nonsense" },
		{ 'T', PICTURE_CRASHED, "nonsense" },
		{ 'R', PICTURE_CRASHED, "nonsense" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(decode(cases[i].how), cases[i].error);
		if (strstr(why, cases[i].words) == NULL)
			fail_msg("%c: %s", cases[i].how, why);
	}
}

/* Silence is ended by the clock. */
static void
test_hangs(void **state)
{
	(void)state;
	for (const char *how = "hHc"; *how != '\0'; how++) {
		struct timespec before, after;

		clock_gettime(CLOCK_MONOTONIC, &before);
		assert_int_equal(decode_with(MRTD_ODD_DECODER, *how, INPUT_LEN,
				     200),
		    PICTURE_TIMEOUT);
		clock_gettime(CLOCK_MONOTONIC, &after);
		assert_non_null(strstr(why, "too long"));
		assert_true(after.tv_sec - before.tv_sec < 60);
	}
}

static void
test_no_helper(void **state)
{
	(void)state;
	assert_int_equal(decode_with("/no/such/program", 'o', 10, 1000),
	    PICTURE_NO_HELPER);
	assert_non_null(strstr(why, "cannot be started"));
	assert_int_equal(decode_with("/dev/null", 'o', 10, 1000),
	    PICTURE_NO_HELPER);
}

/* Refused before anything is started. */
static void
test_refused_here(void **state)
{
	struct picture_limits limits = { .input = 4,
		.helper = "/no/such/program" };

	(void)state;
	assert_int_equal(picture_decode((const uint8_t *)"", 0, &limits,
			     &picture, why),
	    PICTURE_UNKNOWN);
	assert_int_equal(picture_decode((const uint8_t *)"P<UTO", 5, &limits,
			     &picture, why),
	    PICTURE_UNKNOWN);
	assert_int_equal(picture_decode((const uint8_t *)"\xFF\xD8\xFFxx", 5,
			     &limits, &picture, why),
	    PICTURE_TOO_LARGE);
}

static void
test_kinds(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *kind, *foreign;
	} cases[] = {
		{ "\xFF\xD8\xFF", 3, "jpeg", NULL },
		{ "\xFF\xD8", 2, "", NULL },
		{ "\x89PNG\r\n\x1A\n", 8, "png", NULL },
		{ "\x89PNG\n\n\x1A\n", 8, "", NULL },
		{ "\xFF\x4F\xFF\x51", 4, "jpeg2000", NULL },
		{ "\0\0\0\x0CjP  \r\n\x87\n", 12, "jpeg2000", NULL },
		{ "II*\0", 4, "tiff", NULL },
		{ "MM\0*", 4, "tiff", NULL },
		{ "RIFF1234WEBP", 12, "webp", NULL },
		{ "RIFF1234WAVE", 12, "", NULL },
		{ "P6\n", 3, "pnm", NULL },
		{ "P4#", 3, "pnm", NULL },
		{ "P7\n", 3, "", NULL },
		/* A passport of kind P1 is none. */
		{ "P1<UTO", 6, "", NULL },
		{ "P<UTOERIKSSON", 13, "", NULL },
		{ "%PDF-1.7", 8, "", "PDF" },
		{ "\0\0\0\x18"
		  "ftypheic",
		    12, "", "HEIC" },
		{ "GIF89a", 6, "", "GIF" },
		{ "BM\1\2\3\4\0\0\0\0", 10, "", "BMP" },
		{ "BMUERIKSSON", 11, "", NULL },
		{ "", 0, "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const uint8_t *bytes = (const uint8_t *)cases[i].bytes;
		const char *advice = NULL;
		const char *kind = picture_format_name(
		    picture_format_of(bytes, cases[i].len));
		const char *foreign = picture_foreign(bytes, cases[i].len,
		    &advice);

		assert_string_equal(kind, cases[i].kind);
		assert_int_equal(picture_is_one(bytes, cases[i].len),
		    kind[0] != '\0');
		assert_string_equal(foreign != NULL ? foreign : "",
		    cases[i].foreign != NULL ? cases[i].foreign : "");
		assert_int_equal(foreign != NULL, advice != NULL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_deaf),
		cmocka_unit_test(test_clean_start),
		cmocka_unit_test(test_without_standard_files),
		cmocka_unit_test(test_crashes),
		cmocka_unit_test(test_hangs),
		cmocka_unit_test(test_no_helper),
		cmocka_unit_test(test_refused_here),
		cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
