/* Words for what is wrong with a reader, and PN53x readers out of sysfs. */
#include "transport/pn53x_list.h"

#include "emrtd_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
every_trouble_has_words(void **state)
{
	(void)state;
	for (int i = 0; i < EMRTD_READER_N_TROUBLES; i++) {
		enum emrtd_reader_trouble t = (enum emrtd_reader_trouble)i;

		assert_true(emrtd_reader_trouble_text(t)[0] != '\0');
		assert_true((emrtd_reader_trouble_advice(t)[0] != '\0') ==
			    (t != EMRTD_READER_FINE));
		for (int j = 0; j < i; j++)
			assert_string_not_equal(emrtd_reader_trouble_name(t),
			    emrtd_reader_trouble_name(
				(enum emrtd_reader_trouble)j));
	}
	assert_string_equal(emrtd_reader_trouble_name(EMRTD_READER_N_TROUBLES),
	    "unknown");
}

static void
write_file(const char *folder, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void
make_device(const char *top, const char *name, const char *vendor,
    const char *product, const char *bus)
{
	char folder[128];

	snprintf(folder, sizeof(folder), "%s/%s", top, name);
	assert_int_equal(mkdir(folder, 0700), 0);
	write_file(folder, "idVendor", vendor);
	write_file(folder, "idProduct", product);
	write_file(folder, "busnum", bus);
	write_file(folder, "devnum", "4\n");
}

struct seen {
	unsigned n;
	struct emrtd_reader_info last;
};

static void
see(void *self, const struct emrtd_reader_info *reader)
{
	struct seen *seen = self;

	seen->n++;
	seen->last = *reader;
}

static void
pn53x_in_sysfs(void **state)
{
	char top[] = "/tmp/test_reader_list.XXXXXX", path[256];
	struct seen seen = { 0 };

	(void)state;
	assert_non_null(mkdtemp(top));
	snprintf(path, sizeof(path), "%s/none", top);
	assert_int_equal(emrtd_pn53x_list_in(path, see, &seen), EMRTD_OK);
	/* A CCID reader, a hub, and folders that are no devices or broken. */
	make_device(top, "1-1", "04e6\n", "5790\n", "1\n");
	make_device(top, "usb1", "04cc\n", "2533\n", "1\n");
	make_device(top, "1-1:1.0", "04cc\n", "2533\n", "1\n");
	make_device(top, "1-2", "04cc, or so\n", "2533\n", "1\n");
	make_device(top, "1-3", "004cc\n", "72533\n", "1\n");
	make_device(top, "1-4", "04cc\n", "2533\n", "");
	assert_int_equal(emrtd_pn53x_list_in(top, see, &seen), EMRTD_OK);
	assert_int_equal(seen.n, 0);

	make_device(top, "2-1.4", "04e6\n", "5591\n", "2\n");
	assert_int_equal(emrtd_pn53x_list_in(top, see, &seen), EMRTD_OK);
	assert_int_equal(seen.n, 1);
	assert_string_equal(seen.last.name, "SCM SCL3711");
	assert_string_equal(seen.last.driver, "nfc");
	assert_string_equal(seen.last.uri, "nfc:pn53x_usb:002:004");
	assert_string_equal(seen.last.detail, "");
	assert_int_equal(seen.last.trouble, EMRTD_READER_FINE);
	assert_int_equal(seen.last.max_command, 65544);
	assert_int_equal(seen.last.vendor, 0x04E6);
	assert_int_equal(seen.last.product, 0x5591);

	snprintf(path, sizeof(path), "%s/2-1.4/2-1.4:1.0", top);
	assert_int_equal(mkdir(path, 0700), 0);
	strcat(path, "/driver");
	assert_int_equal(symlink("../../../../bus/usb/drivers/pn533_usb", path),
	    0);
	assert_int_equal(emrtd_pn53x_list_in(top, see, &seen), EMRTD_OK);
	assert_int_equal(seen.n, 2);
	assert_string_equal(seen.last.detail, "held by pn533_usb");
	assert_int_equal(seen.last.trouble, EMRTD_READER_KERNEL_DRIVER);
	assert_int_equal(seen.last.max_command, 0);

	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("../../../../bus/usb/drivers/usbfs", path), 0);
	assert_int_equal(emrtd_pn53x_list_in(top, see, &seen), EMRTD_OK);
	assert_int_equal(seen.last.trouble, EMRTD_READER_BUSY);

	snprintf(path, sizeof(path), "rm -r %s", top);
	assert_int_equal(system(path), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_trouble_has_words),
		cmocka_unit_test(pn53x_in_sysfs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
