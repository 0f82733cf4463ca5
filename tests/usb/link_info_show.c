/*
 * link_info_show URI - what a transport says of its link, one "key value" a
 * line. Waits for a document for up to five seconds.
 */
#include <emrtd/transport.h>

#include <stdio.h>
#include <string.h>

#define WAIT_MS 5000

static int
show(const struct emrtd_transport *link)
{
	struct emrtd_link_info info = { .size = sizeof(info) };
	struct emrtd_diag diag;
	enum emrtd_error error = EMRTD_OK;

	emrtd_diag_init(&diag);
	if (link->ops->wait != NULL)
		error = link->ops->wait(link->self, EMRTD_PRESENT, WAIT_MS);
	if (error == EMRTD_OK)
		error = link->ops->connect(link->self, &diag);
	if (error == EMRTD_OK)
		error = link->ops->info(link->self, &info);
	if (error != EMRTD_OK) {
		(void)fprintf(stderr, "link_info_show: %s: %s\n",
		    emrtd_error_text(error), diag.detail);
		return 1;
	}
	(void)printf("name %s\natr ", info.name);
	for (size_t i = 0; i < info.atr_len; i++)
		(void)printf("%02X", info.atr[i]);
	(void)printf("\nextended %d\nmax_command %u\nmax_response %u\n"
		     "limits_from %d\nreader_pace %d\noddity %s\n",
	    info.extended, info.max_command, info.max_response,
	    (int)info.limits_from, info.reader_pace, info.oddity);
	return 0;
}

int
main(int argc, char **argv)
{
	struct emrtd_transport link = { 0 };
	struct emrtd_diag diag;
	enum emrtd_error error;
	int status;

	if (argc != 2)
		return 2;
	emrtd_diag_init(&diag);
	error = emrtd_transport_open(argv[1], &diag, &link);
	if (error != EMRTD_OK) {
		(void)fprintf(stderr, "link_info_show: %s: %s\n",
		    emrtd_error_text(error), diag.detail);
		return 1;
	}
	status = show(&link);
	emrtd_transport_close(&link);
	return status;
}
