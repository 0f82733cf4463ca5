#include "reader_uri.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card/card.h"
#include "profile_json.h"
#include "sim_presence.h"

#define SIM  "sim:"
#define AWAY "?away="

/* The number behind "?away=", which is cut off. False: it is none. */
static bool
cut_away(char *path, uint32_t *away_ms)
{
	char *option = strstr(path, AWAY), *digits, *end;
	unsigned long v;

	*away_ms = SIM_AWAY_MS;
	if (option == NULL)
		return true;
	digits = option + strlen(AWAY);
	v = strtoul(digits, &end, 10);
	if (*digits < '0' || *digits > '9' || *end != '\0' ||
	    v > SIM_AWAY_MAX_MS)
		return false;
	*option = '\0';
	*away_ms = (uint32_t)v;
	return true;
}

static enum emrtd_error
open_sim(const char *uri, struct emrtd_diag *diag, struct emrtd_transport *out)
{
	char path[4096];
	uint32_t away_ms;
	struct profile_json *profile = NULL;
	struct emrtd_card *card = NULL;
	enum emrtd_error error;

	if (snprintf(path, sizeof(path), "%s", uri) >= (int)sizeof(path) ||
	    !cut_away(path, &away_ms)) {
		if (diag != NULL) {
			diag->error = EMRTD_E_ARG;
			diag->what = "opening a virtual passport, "
				     "sim:PROFILE[?away=MS]";
		}
		return EMRTD_E_ARG;
	}
	error = profile_json_load(path, diag, &profile);
	if (error != EMRTD_OK)
		return error;
	error = emrtd_card_issue(NULL, profile_json_card(profile), diag, &card);
	profile_json_free(&profile);
	if (error == EMRTD_OK)
		error = emrtd_card_transport(card, true, out);
	if (error != EMRTD_OK) {
		emrtd_card_free(&card);
		return error;
	}
	error = sim_presence_wrap(out, away_ms);
	if (error != EMRTD_OK)
		emrtd_transport_close(out);
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
