/*
 * consumer.c - the least that a program does with both libraries: exits 0
 * when they work together as installed.
 */
#include <emrtd/error.h>
#include <emrtd/result.h>
#include <mrz/mrz.h>
#include <stdio.h>
#include <string.h>

static const char specimen[] = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
			       "L898902C36UTO7408122F1204159ZE184226B<<<<<10\n";

int
main(void)
{
	struct mrz_doc doc;
	const struct emrtd_check_info *info;

	if (mrz_parse(specimen, strlen(specimen), NULL, &doc) != MRZ_OK ||
	    doc.status != MRZ_ACCEPTED)
		return 1;
	if (emrtd_error_class(EMRTD_E_MAC) != EMRTD_CLASS_CRYPTO)
		return 2;
	info = emrtd_check_info(EMRTD_CHECK_PA_CHAIN);
	if (!info || strcmp(info->name, "pa.chain") != 0)
		return 3;
	return puts(doc.lines[0]) < 0;
}
