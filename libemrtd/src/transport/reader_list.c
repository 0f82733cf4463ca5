/*
 * reader_list.c - what is plugged in, and what is wrong with it. The sight is
 * each transport's own; the words are here.
 */
#include "transport/backends.h"

#include <stddef.h>

static const struct {
	const char *name, *text, *advice;
} troubles[EMRTD_READER_N_TROUBLES] = {
	[EMRTD_READER_FINE] = { "fine", "ready to read", "" },
	[EMRTD_READER_PERMISSION] = { "permission",
	    "this user may not open the device",
	    "install the udev rules of mrtdkit, or add one (docs/READERS.md), "
	    "and "
	    "plug the reader in again" },
	[EMRTD_READER_BUSY] = { "busy", "another program holds the reader",
	    "end that program; if it is pcscd, read with --reader pcsc: or "
	    "stop "
	    "it (systemctl stop pcscd.socket pcscd)" },
	[EMRTD_READER_KERNEL_DRIVER] = { "kernel_driver",
	    "a driver of the kernel holds the reader",
	    "blacklist its module (/etc/modprobe.d) and plug the reader in "
	    "again" },
	[EMRTD_READER_TPDU] = { "tpdu",
	    "the reader carries no whole APDUs, only blocks of T=1",
	    "use it through pcsc:, whose driver makes the blocks" },
	[EMRTD_READER_CONTACTS] = { "contacts",
	    "a reader for cards with contacts, as far as its name and "
	    "descriptor tell",
	    "name it with --reader if it is contactless all the same" },
	[EMRTD_READER_SILENT] = { "silent",
	    "the reader does not answer as its class demands",
	    "unplug it, wait a moment, and plug it in again" },
	[EMRTD_READER_NO_SERVICE] = { "no_service", "pcscd does not run",
	    "readers that ccid: drives need none; for others start it "
	    "(systemctl start pcscd.socket)" },
	[EMRTD_READER_UNREAD] = { "unread",
	    "the reader speaks a protocol of its own (PN53x), which was left "
	    "out of this build",
	    "use a reader of the class CCID, or one that pcscd drives" },
};

const char *
emrtd_reader_trouble_name(enum emrtd_reader_trouble t)
{
	return t < EMRTD_READER_N_TROUBLES ? troubles[t].name : "unknown";
}

const char *
emrtd_reader_trouble_text(enum emrtd_reader_trouble t)
{
	return t < EMRTD_READER_N_TROUBLES ? troubles[t].text : "";
}

const char *
emrtd_reader_trouble_advice(enum emrtd_reader_trouble t)
{
	return t < EMRTD_READER_N_TROUBLES ? troubles[t].advice : "";
}

typedef enum emrtd_error list(emrtd_see_reader *see, void *self);

enum emrtd_error
emrtd_reader_list(emrtd_see_reader *see, void *self)
{
	/* In the order in which emrtd-read tries them. */
	static list *const lists[] = {
#if EMRTD_HAVE_CCID
		emrtd_ccid_list,
#endif
#if EMRTD_HAVE_PCSC
		emrtd_pcsc_list,
#endif
		emrtd_pn53x_list,
		NULL,
	};
	enum emrtd_error err = EMRTD_OK;

	for (size_t i = 0; lists[i] != NULL && err == EMRTD_OK; i++)
		err = lists[i](see, self);
	return err;
}
