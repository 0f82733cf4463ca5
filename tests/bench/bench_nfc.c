/*
 * bench_nfc MODEL PROFILE - what a reading of a virtual passport
 * costs over a PN532, by the link model: a table in Markdown, a way of reading
 * a row. Each reading is real and must end genuine. Chip Authentication with
 * AES-128 is added to the profile.
 */
#include "nfc_desk.h"
#include "profile_json.h"

#include <emrtd/reader.h>

#include <mrz/mrz.h>

#include <stdio.h>
#include <string.h>

#define AT          1780272000 /* 2026-06-01 */
#define CURVE       13         /* brainpoolP256r1 */
#define LINE_UART   10         /* bits a byte: start, eight, stop */
#define LINE_USB    8
#define USB_FULL    12e6
#define DATA_GROUPS (1u << 1 | 1u << 2 | 1u << 14)

/* The first row is what the others are compared with. */
static const struct nfc_desk_way ways[] = {
	{ "the PN532's own blocks, 106 kbit/s, UART 115,200", false, false,
	    EMRTD_RATES_TO_106, 115200, LINE_UART },
	{ "nfc:, short, 106 kbit/s, UART 115,200", true, false,
	    EMRTD_RATES_TO_106, 115200, LINE_UART },
	{ "nfc:, extended, 106 kbit/s, UART 115,200", true, true,
	    EMRTD_RATES_TO_106, 115200, LINE_UART },
	{ "nfc:, short, 424 kbit/s, UART 460,800", true, false,
	    EMRTD_RATES_TO_424, 460800, LINE_UART },
	{ "nfc:, extended, 424 kbit/s, UART 460,800", true, true,
	    EMRTD_RATES_TO_424, 460800, LINE_UART },
	{ "the PN532's own blocks, 106 kbit/s, USB", false, false,
	    EMRTD_RATES_TO_106, USB_FULL, LINE_USB },
	{ "nfc:, short, 424 kbit/s, USB", true, false, EMRTD_RATES_TO_424,
	    USB_FULL, LINE_USB },
	{ "nfc:, extended, 424 kbit/s, USB", true, true, EMRTD_RATES_TO_424,
	    USB_FULL, LINE_USB },
};

#define N_WAYS (sizeof(ways) / sizeof(ways[0]))

struct shop {
	struct emrtd_ctx *ctx;
	struct emrtd_trust *trust;
	struct emrtd_card *card;
	struct mrz_doc optical;
	struct emrtd_password password;
};

static bool
password_of(struct shop *shop, const char *mrz)
{
	struct mrz_options options = { sizeof(options), AT / 86400 };
	char info[MRZ_KEY_INFO_CAP];
	size_t len;

	return mrz_parse(mrz, strlen(mrz), &options, &shop->optical) ==
		   MRZ_OK &&
	       mrz_key_info(&shop->optical, info, sizeof(info), &len) ==
		   MRZ_OK &&
	       !emrtd_password_mrz(info, len, &shop->password);
}

static bool
open_shop(struct shop *shop, const char *path)
{
	struct profile_json *json = NULL;
	struct emrtd_card_profile profile;
	struct emrtd_diag diag;
	bool ok;

	memset(shop, 0, sizeof(*shop));
	emrtd_diag_init(&diag);
	if (profile_json_load(path, &diag, &json)) {
		fprintf(stderr, "bench_nfc: %s\n", diag.detail);
		return false;
	}
	profile = *profile_json_card(json);
	profile.ca[0] = (struct emrtd_card_ca){
		.oid = emrtd_card_ca_by_name("id-CA-ECDH-AES-CBC-CMAC-128"),
		.parameter_id = CURVE,
		.key_id = EMRTD_CARD_NO_KEY_ID,
	};
	profile.n_ca = 1;
	ok = !emrtd_ctx_new(NULL, NULL, &shop->ctx) &&
	     !emrtd_card_issue(NULL, &profile, &diag, &shop->card) &&
	     !emrtd_trust_new(shop->ctx, &shop->trust) &&
	     !emrtd_trust_add_der(shop->trust, emrtd_card_csca(shop->card),
		 EMRTD_TRUST_ALLOW_TEST, NULL) &&
	     password_of(shop, profile.mrz);
	profile_json_free(&json);
	return ok;
}

static void
close_shop(struct shop *shop)
{
	emrtd_trust_free(&shop->trust);
	emrtd_card_free(&shop->card);
	emrtd_ctx_free(&shop->ctx);
}

/* A whole reading; what it cost is in the desk's sums. */
static bool
read_once(const struct shop *shop, struct nfc_desk *desk)
{
	struct emrtd_transport transport = nfc_desk_transport(desk);
	struct emrtd_read_options options = {
		.size = sizeof(options),
		.mrz = &shop->password,
		.optical = &shop->optical,
		.trust = shop->trust,
		.at = AT,
		.data_groups = DATA_GROUPS,
	};
	struct emrtd_session *session = NULL;
	struct emrtd_result *result = NULL;
	enum emrtd_error err;
	bool ok;

	if (emrtd_session_new(shop->ctx, &transport, &options, &session))
		return false;
	err = emrtd_session_read(session, &result);
	ok = !err && emrtd_result_data(result) == EMRTD_DATA_AUTHENTIC &&
	     emrtd_result_chip(result) == EMRTD_CHIP_GENUINE;
	if (!ok)
		fprintf(stderr, "bench_nfc: %s: %s\n", desk->way.name,
		    emrtd_error_name(err));
	emrtd_result_free(&result);
	emrtd_session_free(&session);
	return ok;
}

static bool
row(const struct shop *shop, const struct link_model *model, size_t i,
    double *first)
{
	struct nfc_desk desk;
	const struct nfc_desk_sums *s = &desk.sums;
	double total;
	bool ok = nfc_desk_open(&desk, model, &ways[i], shop->card) &&
		  read_once(shop, &desk);

	total = s->line_us + s->air_us + s->chip_us;
	if (i == 0)
		*first = total;
	if (ok)
		printf("| %s | %u | %u | %u | %.1f KB | %.1f KB | %.2f s | "
		       "%.2f s | %.2f s | **%.2f s** | %.1f |\n",
		    ways[i].name, s->apdus, s->commands, s->blocks,
		    (double)s->line_bytes / 1000, (double)s->air_bytes / 1000,
		    s->line_us / 1e6, s->air_us / 1e6, s->chip_us / 1e6,
		    total / 1e6, *first / total);
	nfc_desk_close(&desk);
	return ok;
}

int
main(int argc, char **argv)
{
	struct link_model model;
	struct shop shop;
	double first = 0;
	bool ok;

	if (argc != 3) {
		fprintf(stderr, "usage: bench_nfc MODEL PROFILE\n");
		return 2;
	}
	if (!link_model_load(argv[1], &model)) {
		fprintf(stderr, "bench_nfc: %s: not a link model\n", argv[1]);
		return 1;
	}
	ok = open_shop(&shop, argv[2]);
	for (size_t i = 0; ok && i < N_WAYS; i++)
		ok = row(&shop, &model, i, &first);
	close_shop(&shop);
	return ok ? 0 : 1;
}
