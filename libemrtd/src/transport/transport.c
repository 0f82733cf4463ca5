#include "core/diag.h"
#include "transport/backends.h"

#include <string.h>

struct scheme {
	const char *name;
	enum emrtd_error (*open)(const char *rest, struct emrtd_diag *diag,
	    struct emrtd_transport *out);
	const char *absent; /* why there is nothing to open */
};

static const struct scheme schemes[] = {
	{ "any", emrtd_any_open, NULL },
	{ "tcp", emrtd_tcp_open, NULL },
#if EMRTD_HAVE_CCID
	{ "ccid", emrtd_ccid_open, NULL },
#else
	{ "ccid", NULL, "USB readers were left out of this build; try pcsc:" },
#endif
#if EMRTD_HAVE_PCSC
	{ "pcsc", emrtd_pcsc_open, NULL },
#else
	{ "pcsc", NULL, "PC/SC was left out of this build" },
#endif
	{ "replay", emrtd_replay_open, NULL },
	{ "replay-strict", emrtd_replay_strict_open, NULL },
#if EMRTD_HAVE_NFC
	{ "nfc", emrtd_nfc_open, NULL },
#else
	{ "nfc", NULL, "PN53x readers were left out of this build" },
#endif
	{ "sim", NULL, "a virtual passport is opened by the tools alone" },
};

#define N_SCHEMES (sizeof(schemes) / sizeof(schemes[0]))

static const struct scheme *
find_scheme(const char *uri, size_t len)
{
	for (size_t i = 0; i < N_SCHEMES; i++)
		if (strlen(schemes[i].name) == len &&
		    memcmp(schemes[i].name, uri, len) == 0)
			return &schemes[i];
	return NULL;
}

enum emrtd_error
emrtd_transport_open(const char *uri, struct emrtd_diag *diag,
    struct emrtd_transport *out)
{
	const struct scheme *scheme;
	const char *colon;
	enum emrtd_error err;

	out->ops = NULL;
	out->self = NULL;
	colon = uri ? strchr(uri, ':') : NULL;
	if (!colon) {
		err = emrtd_fail(diag, EMRTD_E_ARG, "reader URI", NULL);
		emrtd_diag_detail(diag,
		    "no scheme; one of any: ccid:[BUS.DEVICE] pcsc:[NAME] "
		    "nfc:[NAME] tcp:HOST:PORT replay:FILE");
		return err;
	}
	scheme = find_scheme(uri, (size_t)(colon - uri));
	if (!scheme) {
		err = emrtd_fail(diag, EMRTD_E_ARG, "reader URI", NULL);
		emrtd_diag_detail(diag, "no such kind of reader: ");
		emrtd_diag_detail(diag, uri);
		emrtd_diag_detail(diag,
		    "; there are any:, ccid:[BUS.DEVICE], pcsc:[NAME], "
		    "nfc:[NAME], tcp:HOST:PORT, replay:FILE, and sim:PROFILE "
		    "in the tools");
		return err;
	}
	if (!scheme->open) {
		err = emrtd_fail(diag, EMRTD_E_UNSUPPORTED, "reader URI", NULL);
		emrtd_diag_detail(diag, scheme->name);
		emrtd_diag_detail(diag, ": ");
		emrtd_diag_detail(diag, scheme->absent);
		return err;
	}
	return scheme->open(colon + 1, diag, out);
}

void
emrtd_transport_close(struct emrtd_transport *transport)
{
	if (!transport || !transport->ops)
		return;
	transport->ops->close(transport->self);
	transport->ops = NULL;
	transport->self = NULL;
}
