/* What mrz-read says about doubt: to people and to programs. */
#include "test.h"

#include "record.h"
#include "report.h"

#include <emrtd/result.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char text[] = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
			   "L898902C36UTO7408122F1204159ZE184226B<<<<<10\n";

static struct mrz_reading reading;
static const struct picture picture = { .format = "jpeg",
	.width = 1476,
	.height = 1039,
	.channels = 3,
	.dpi = 300,
	.orientation = 6 };
static const struct zone zone = { &reading.doc, &picture, &reading, NULL };

/* Two places of the second line are doubtful: the 8 of the number, for which
 * the check digit takes an S as well, and the last digit. */
static int
doubtful_zone(void **state)
{
	struct mrz_options options = { sizeof(options), MRZ_NO_DAY };

	(void)state;
	memset(&reading, 0, sizeof(reading));
	reading.size = sizeof(reading);
	if (mrz_parse(text, strlen(text), &options, &reading.doc) != MRZ_OK)
		return -1;
	reading.n_doubts = 2;
	reading.doubts[0] = (struct mrz_doubt){ 2, 2, 2, "BS", { 69, 250 } };
	reading.doubts[1] = (struct mrz_doubt){ 2, 44, 1, "O", { 10 } };
	mrz_doubt(&reading.doc, reading.doubts, reading.n_doubts);
	reading.rotation = 90;
	reading.skew_mdeg = -250;
	reading.box = (struct mrz_box){ 66, 834, 1321, 114 };
	return 0;
}

static char *
report(const struct zone *which)
{
	char *out = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&out, &len);

	assert_non_null(file);
	report_zone(file, "page.jpg", which, false, false);
	assert_int_equal(fclose(file), 0);
	return out;
}

static void
test_report(void **state)
{
	static const char want[] =
	    "page.jpg: TD3, uncertain\n"
	    "\n"
	    "  jpeg of 1476 x 1039 pixels; the zone is 1321 x 114 at 66, 834, "
	    "turned by 90\n  degrees\n"
	    "\n"
	    "  P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
	    "  L898902C36UTO7408122F1204159ZE184226B<<<<<10\n"
	    "   ^                                         ^ doubtful\n"
	    "\n"
	    "  Line 2, column  2: 8, or B or S\n"
	    "  Line 2, column 44: 0, or O\n"
	    "\n";
	char *out = report(&zone);

	(void)state;
	out[strlen(want)] = '\0';
	assert_string_equal(out, want);
	free(out);
}

/* A doubt outside of the lines: from a library of another version, say. */
static void
test_doubt_nowhere(void **state)
{
	char *out;

	(void)state;
	reading.doubts[0].line = 9;
	reading.doubts[1].column = 200;
	out = report(&zone);
	assert_non_null(strstr(out, "Line 9, column  2: ?, or B or S\n"));
	assert_non_null(strstr(out, "Line 2, column 200: ?, or O\n"));
	assert_null(strstr(out, "^"));
	free(out);
	reading.n_doubts = SIZE_MAX;
	free(report(&zone));
}

static bool
put(void *self, const char *bytes, size_t n)
{
	return fwrite(bytes, 1, n, self) == n;
}

static char *
record(const struct zone *which)
{
	char *out = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&out, &len);
	struct emrtd_json json;

	assert_non_null(file);
	emrtd_json_init(&json, put, file, false);
	record_begin(&json, "page.jpg", NULL);
	record_zone(&json, which);
	record_end(&json);
	assert_true(emrtd_json_finish(&json));
	assert_int_equal(fclose(file), 0);
	return out;
}

static void
test_record(void **state)
{
	char *out = record(&zone);

	(void)state;
	assert_non_null(strstr(out,
	    "\"picture\":{\"format\":\"jpeg\",\"width\":1476,\"height\":1039,"
	    "\"orientation\":6,\"rotation\":90,\"skew_mdeg\":-250,\"box\":{"
	    "\"x\":66,\"y\":834,\"width\":1321,\"height\":114}},"
	    "\"doubts\":[{\"line\":2,\"column\":2,\"text\":\"8\","
	    "\"alternatives\":[{\"text\":\"B\",\"cost\":69},"
	    "{\"text\":\"S\",\"cost\":250}]},{\"line\":2,\"column\":44,"
	    "\"text\":\"0\",\"alternatives\":[{\"text\":\"O\",\"cost\":10}]}"
	    "],\"keys\":[{\"document_number\":\"L898902C3\","
	    "\"date_of_birth\":\"740812\",\"date_of_expiry\":\"120415\","
	    "\"cost\":0},{\"document_number\":\"LS98902C3\","
	    "\"date_of_birth\":\"740812\",\"date_of_expiry\":\"120415\","
	    "\"cost\":250}],\"repair\":null}"));
	assert_non_null(strstr(out, "\"status\":\"uncertain\""));
	free(out);
}

static void
test_text(void **state)
{
	const struct zone plain = { .doc = &reading.doc };
	char *out = record(&plain);

	(void)state;
	assert_non_null(
	    strstr(out, "\"picture\":null,\"doubts\":[],\"keys\":[{"));
	free(out);
	out = report(&plain);
	assert_null(strstr(out, "pixels"));
	free(out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_report, doubtful_zone),
		cmocka_unit_test_setup(test_doubt_nowhere, doubtful_zone),
		cmocka_unit_test_setup(test_record, doubtful_zone),
		cmocka_unit_test_setup(test_text, doubtful_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
