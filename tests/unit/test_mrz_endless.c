/* A device that sends without an end: whoever asks it comes back, now and then,
 * to what else there is to do. The bytes come from a read of our own. */
#include "emrtd_test.h"

#include "mrz_device.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENOUGH 100000 /* reads of one call; far more than any bound */

static unsigned n_reads;
static const char *endless; /* NULL: the real read */

ssize_t __real_read(int fd, void *buf, size_t len);
ssize_t __wrap_read(int fd, void *buf, size_t len);

ssize_t
__wrap_read(int fd, void *buf, size_t len)
{
	if (endless == NULL)
		return __real_read(fd, buf, len);
	n_reads++;
	assert_true(n_reads < ENOUGH);
	for (size_t i = 0; i < len; i++)
		((char *)buf)[i] = endless[i % strlen(endless)];
	return (ssize_t)len;
}

static void
test_endless(void **state)
{
	static const struct tool tool = { .name = "test" };
	/* Nothing, a record that is passed over, and rubbish. */
	static const char *const kinds[] = { "\r\n", "\x0e\x02", "\x1c",
		"RUBBISH" };
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	char path[64];

	(void)state;
	assert_true(
	    master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	snprintf(path, sizeof(path), "serial:%s", ptsname(master));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct mrz_device *device;
		struct mrz_swipe swipe;

		assert_int_equal(mrz_device_open(&tool, path, &device),
		    EXIT_GOOD);
		for (unsigned k = 0; k < 3; k++) {
			n_reads = 0;
			endless = kinds[i];
			assert_int_not_equal(mrz_device_take(device, &swipe),
			    MRZ_DEVICE_DOCUMENT);
			endless = NULL;
		}
		/* There is more: no poll waits. */
		assert_int_equal(mrz_device_timeout_ms(device), 0);
		mrz_device_free(&device);
	}
	close(master);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_endless) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
