#include "reader_uri.h"

#include <string.h>

#include "card/card.h"
#include "profile_json.h"

#define SIM "sim:"

static enum emrtd_error
open_sim(const char *path, struct emrtd_diag *diag, struct emrtd_transport *out)
{
	struct profile_json *profile = NULL;
	struct emrtd_card *card = NULL;
	enum emrtd_error error;

	error = profile_json_load(path, diag, &profile);
	if (error != EMRTD_OK)
		return error;
	error = emrtd_card_issue(NULL, profile_json_card(profile), diag, &card);
	profile_json_free(&profile);
	if (error == EMRTD_OK)
		error = emrtd_card_transport(card, true, out);
	if (error != EMRTD_OK)
		emrtd_card_free(&card);
	return error;
}

enum emrtd_error
mrtd_reader_open(const char *uri, struct emrtd_diag *diag,
    struct emrtd_transport *out)
{
	if (strncmp(uri, SIM, strlen(SIM)) == 0)
		return open_sim(uri + strlen(SIM), diag, out);
	return emrtd_transport_open(uri, diag, out);
}
