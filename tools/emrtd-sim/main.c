/* emrtd-sim: a virtual passport for any PC/SC program. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "card/card.h"
#include "exit_codes.h"
#include "io.h"
#include "options.h"
#include "profile_json.h"
#include "serve.h"
#include "serve_pn532.h"

#define VPCD_HOST "127.0.0.1"
#define VPCD_PORT "35963"
#define HOST_CAP  256
#define PEM_CAP   8192

#define LIST_COLUMN 22
#define FAULTS_MAX  (EMRTD_PICC_FAULTS_MAX + PN532_FAULTS_MAX)

enum {
	OPTION_VPCD = OPTION_LONG_ONLY,
	OPTION_LISTEN,
	OPTION_PN532,
	OPTION_EXPORT,
	OPTION_NEW_CSCA,
	OPTION_MISBEHAVE,
	OPTION_FAULT
};

static const struct option_row option_rows[] = {
	{ OPTION_VPCD, "vpcd", "HOST:PORT",
	    "be the card of this vpcd (default 127.0.0.1:35963)" },
	{ OPTION_LISTEN, "listen", "PORT",
	    "wait on the loopback for a reader tcp:127.0.0.1:PORT; 0: any" },
	{ OPTION_PN532, "pn532", "PTY",
	    "be a PN532 with the passport on it, at the pseudo-terminal PTY, "
	    "for a reader nfc:pn532_uart:PTY" },
	{ OPTION_EXPORT, "export", "DIR",
	    "write the files of the chip and its certificates into DIR" },
	{ OPTION_NEW_CSCA, "new-csca", "FILE",
	    "make a test CSCA: its key into FILE, its certificate to -o" },
	{ OPTION_MISBEHAVE, "misbehave", "WHAT",
	    "do something wrong, like tamper=EF.DG2; may be repeated; "
	    "help: list all" },
	{ OPTION_FAULT, "fault", "WHAT",
	    "with --pn532: do something wrong below the commands, like "
	    "tear=7; may be repeated; help: list all" },
};

static const struct tool_example examples[] = {
	{ "emrtd-sim samples/profiles/utopia.json",
	    "lay the passport on the virtual reader of pcscd" },
	{ "emrtd-sim --listen 4000 samples/profiles/utopia.json",
	    "wait for emrtd-read --reader tcp:127.0.0.1:4000" },
	{ "emrtd-sim --pn532 /tmp/pn532 samples/profiles/utopia.json",
	    "wait for emrtd-read --reader nfc:pn532_uart:/tmp/pn532" },
	{ "emrtd-sim --export dump samples/profiles/utopia.json",
	    "issue a document and write its files" },
	{ "emrtd-sim --new-csca key.pem -o csca.pem",
	    "make a country signing CA that only tests may trust" },
};

static const struct tool_exit exits[] = {
	{ EXIT_GOOD, "all was written, or the reader or a signal ended it" },
	{ EXIT_USAGE, NULL },
	{ EXIT_ENVIRONMENT, "a profile, file or connection is wanting" },
};

static const struct tool emrtd_sim = {
	.name = "emrtd-sim",
	.operands = "PROFILE",
	.summary = "Issue a synthetic passport and play its chip.",
	TOOL_TABLE(options, option_rows),
	TOOL_TABLE(examples, examples),
	TOOL_TABLE(exits, exits),
};

struct run {
	struct tool_common common;
	const char *vpcd, *listen, *pn532, *export_dir, *new_csca;
	const char *misbehave[EMRTD_CARD_MISBEHAVE_MAX];
	size_t n_misbehave;
	const char *faults[FAULTS_MAX];
	size_t n_faults;
	bool help_misbehave, help_fault;
	struct emrtd_picc_config radio;
};

/* An option that may be repeated, or ask what there is. */
static bool
collect(const char *argument, const char **list, size_t *n, size_t max,
    bool *help)
{
	if (strcmp(argument, "help") == 0) {
		*help = true;
		return true;
	}
	if (*n == max) {
		tool_error(&emrtd_sim, "too many misbehaviours");
		return false;
	}
	list[(*n)++] = argument;
	return true;
}

static bool
take_option(void *self, int id, const char *argument)
{
	struct run *run = self;

	switch (id) {
	case OPTION_VPCD:
		run->vpcd = argument;
		return true;
	case OPTION_LISTEN:
		run->listen = argument;
		return true;
	case OPTION_PN532:
		run->pn532 = argument;
		return true;
	case OPTION_EXPORT:
		run->export_dir = argument;
		return true;
	case OPTION_NEW_CSCA:
		run->new_csca = argument;
		return true;
	case OPTION_MISBEHAVE:
		return collect(argument, run->misbehave, &run->n_misbehave,
		    EMRTD_CARD_MISBEHAVE_MAX, &run->help_misbehave);
	case OPTION_FAULT:
		return collect(argument, run->faults, &run->n_faults,
		    FAULTS_MAX, &run->help_fault);
	default:
		return false;
	}
}

static void
complain(enum emrtd_error error, const struct emrtd_diag *diag)
{
	const char *what = diag->what != NULL ? diag->what : "issuing";
	bool more = diag->detail[0] != '\0';

	/* What is wrong with an argument is said already. */
	if (error == EMRTD_E_ARG)
		tool_error(&emrtd_sim, "%s%s%s", what, more ? ": " : "",
		    diag->detail);
	else if (more)
		tool_error(&emrtd_sim, "%s: %s (%s)", what, diag->detail,
		    emrtd_error_text(error));
	else
		tool_error(&emrtd_sim, "%s: %s", what, emrtd_error_text(error));
}

/* ---- A new CSCA -------------------------------------------------------- */

static enum exit_code
write_csca(const struct run *run, const struct emrtd_card_profile *profile)
{
	uint8_t key_buf[PEM_CAP], certificate_buf[PEM_CAP];
	struct emrtd_out key = emrtd_out(key_buf, sizeof(key_buf));
	struct emrtd_out certificate = emrtd_out(certificate_buf,
	    sizeof(certificate_buf));
	const char *output = run->common.output;
	enum exit_code code = EXIT_ENVIRONMENT;
	enum io_result result;
	struct emrtd_diag diag;
	enum emrtd_error error;

	emrtd_diag_init(&diag);
	error = emrtd_card_new_csca(profile, &diag, &key, &certificate);
	if (error != EMRTD_OK) {
		complain(error, &diag);
		goto out;
	}
	result = io_write(run->new_csca, key.ptr, key.len, run->common.force);
	if (result != IO_OK) {
		tool_error(&emrtd_sim, "%s: %s", run->new_csca,
		    io_text(result));
		goto out;
	}
	result = io_write(output, certificate.ptr, certificate.len,
	    run->common.force);
	if (result != IO_OK)
		tool_error(&emrtd_sim, "%s: %s", output ? output : "-",
		    io_text(result));
	else
		code = EXIT_GOOD;
out:
	explicit_bzero(key_buf, sizeof(key_buf));
	return code;
}

/* ---- Export ------------------------------------------------------------ */

static bool
export_one(const struct run *run, const char *name, const char *suffix,
    struct emrtd_bytes bytes)
{
	enum io_result result;
	char path[PATH_MAX];
	int n;

	if (bytes.len == 0)
		return true;
	n = snprintf(path, sizeof(path), "%s/%s%s", run->export_dir, name,
	    suffix);
	if (n < 0 || (size_t)n >= sizeof(path)) {
		tool_error(&emrtd_sim, "%s: the path is too long",
		    run->export_dir);
		return false;
	}
	result = io_write(path, bytes.ptr, bytes.len, run->common.force);
	if (result != IO_OK)
		tool_error(&emrtd_sim, "%s: %s", path, io_text(result));
	return result == IO_OK;
}

static enum exit_code
export_files(const struct run *run, const struct emrtd_card *card)
{
	bool ok;

	if (mkdir(run->export_dir, 0700) != 0 && errno != EEXIST) {
		tool_error(&emrtd_sim, "%s: %s", run->export_dir,
		    strerror(errno));
		return EXIT_ENVIRONMENT;
	}
	ok = export_one(run, "csca", ".der", emrtd_card_csca(card)) &&
	     export_one(run, "ds", ".der", emrtd_card_signer(card));
	for (int i = 0; ok && i < EMRTD_N_FILES; i++) {
		enum emrtd_file file = (enum emrtd_file)i;

		ok = export_one(run, emrtd_file_name(file), ".bin",
		    emrtd_card_file(card, file));
	}
	return ok ? EXIT_GOOD : EXIT_ENVIRONMENT;
}

/* ---- Play -------------------------------------------------------------- */

/* HOST:PORT at the last colon; [::1]:PORT loses its brackets. */
static bool
split_address(const char *text, char host[HOST_CAP], const char **port)
{
	const char *colon = strrchr(text, ':');
	size_t len;

	if (colon == NULL || colon == text || colon[1] == '\0')
		return false;
	*port = colon + 1;
	if (*text == '[' && colon[-1] == ']') {
		text++;
		colon--;
	}
	len = (size_t)(colon - text);
	if (len == 0 || len >= HOST_CAP)
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	return true;
}

static bool
port_of(const char *text, uint16_t *port)
{
	char *end;
	unsigned long v;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	v = strtoul(text, &end, 10);
	if (errno != 0 || *end != '\0' || v > UINT16_MAX)
		return false;
	*port = (uint16_t)v;
	return true;
}

static enum exit_code
play(const struct run *run, struct emrtd_card *card)
{
	struct server server = { .verbose = run->common.verbose > 0 };
	char host[HOST_CAP] = VPCD_HOST;
	const char *port = VPCD_PORT;
	enum serve_result result;
	uint16_t number = 0;

	if (run->vpcd != NULL && !split_address(run->vpcd, host, &port)) {
		tool_error(&emrtd_sim, "not HOST:PORT: %s", run->vpcd);
		return EXIT_USAGE;
	}
	if (run->listen != NULL && !port_of(run->listen, &number)) {
		tool_error(&emrtd_sim, "not a port: %s", run->listen);
		return EXIT_USAGE;
	}
	if (!serve_begin(&server, card)) {
		tool_error(&emrtd_sim, "signals: %s", strerror(errno));
		return EXIT_ENVIRONMENT;
	}
	result = run->listen != NULL ? serve_listen(&server, number)
				     : serve_vpcd(&server, host, port);
	if (result == SERVE_ERRNO && run->listen != NULL)
		tool_error(&emrtd_sim, "listening: %s", strerror(errno));
	else if (result == SERVE_ERRNO)
		tool_error(&emrtd_sim,
		    "vpcd at %s port %s: %s; is pcscd running, with "
		    "vsmartcard-vpcd? --listen needs neither",
		    host, port, strerror(errno));
	serve_end(&server);
	return result == SERVE_ERRNO ? EXIT_ENVIRONMENT : EXIT_GOOD;
}

/* ---- Play a PN532 ------------------------------------------------------ */

static enum emrtd_error
add_faults(const struct run *run, struct emrtd_picc_config *picc,
    struct pn532_config *chip, struct emrtd_diag *diag)
{
	enum emrtd_error error = EMRTD_OK;

	for (size_t i = 0; error == EMRTD_OK && i < run->n_faults; i++) {
		error = emrtd_picc_misbehave(picc, run->faults[i], diag);
		if (error == EMRTD_E_NOT_FOUND)
			error = pn532_misbehave(chip, run->faults[i], diag);
	}
	return error == EMRTD_E_NOT_FOUND ? EMRTD_E_ARG : error;
}

static enum emrtd_error
fill_random(void *self, uint8_t *out, size_t n)
{
	(void)self;
	return getrandom(out, n, 0) == (ssize_t)n ? EMRTD_OK : EMRTD_E_IO;
}

/* 3B 8n 80 01, n historical bytes, TCK: the chip says the same on the air. */
static void
take_historical(const struct emrtd_card *card, struct emrtd_picc_config *picc)
{
	struct emrtd_bytes atr = emrtd_card_atr(card);
	size_t n = atr.len > 5 ? atr.len - 5 : 0;

	if (picc->n_historical > 0 || n > EMRTD_PICC_HISTORICAL_MAX)
		return;
	memcpy(picc->historical, atr.ptr + 4, n);
	picc->n_historical = n;
}

static enum exit_code
play_pn532(const struct run *run, struct emrtd_card *card)
{
	struct emrtd_picc_inside inside = emrtd_picc_card(card);
	struct pn532_config config = { .kind = PN532_PN532 };
	const struct pn532_place place = { .path = run->pn532,
		.force = run->common.force,
		.verbose = run->common.verbose > 0 };
	struct emrtd_picc_config picc;
	enum exit_code code = EXIT_ENVIRONMENT;
	struct pn532 *chip;
	const char *what = NULL;
	struct emrtd_diag diag;
	enum emrtd_error error;

	emrtd_diag_init(&diag);
	picc = run->radio;
	picc.random.fill = fill_random;
	take_historical(card, &picc);
	error = add_faults(run, &picc, &config, &diag);
	if (error != EMRTD_OK) {
		complain(error, &diag);
		return EXIT_USAGE;
	}
	error = emrtd_picc_new(&picc, &inside, &config.picc);
	if (error != EMRTD_OK) {
		complain(error, &diag);
		return EXIT_ENVIRONMENT;
	}
	chip = pn532_new(&config);
	if (chip == NULL)
		complain(EMRTD_E_NO_MEMORY, &diag);
	else if (!serve_pn532(chip, &place, &what))
		tool_error(&emrtd_sim, "%s: %s", what, strerror(errno));
	else
		code = EXIT_GOOD;
	pn532_free(&chip);
	emrtd_picc_free(&config.picc);
	return code;
}

static enum exit_code
run_profile(const struct run *run, const struct emrtd_card_profile *base)
{
	struct emrtd_card_profile profile = *base;
	struct emrtd_card *card = NULL;
	struct emrtd_diag diag;
	enum emrtd_error error;
	enum exit_code code;

	emrtd_diag_init(&diag);
	for (size_t i = 0; i < run->n_misbehave; i++) {
		error = emrtd_card_misbehave(&profile, run->misbehave[i],
		    &diag);
		if (error != EMRTD_OK) {
			complain(error, &diag);
			return EXIT_USAGE;
		}
	}
	if (run->new_csca != NULL)
		return write_csca(run, &profile);
	error = emrtd_card_issue(NULL, &profile, &diag, &card);
	if (error != EMRTD_OK) {
		complain(error, &diag);
		return EXIT_ENVIRONMENT;
	}
	if (run->export_dir != NULL)
		code = export_files(run, card);
	else if (run->pn532 != NULL)
		code = play_pn532(run, card);
	else
		code = play(run, card);
	emrtd_card_free(&card);
	return code;
}

typedef bool switch_at(size_t index, struct emrtd_card_switch *out);

static void
list_table(switch_at *at)
{
	struct emrtd_card_switch row;

	for (size_t i = 0; at(i, &row); i++) {
		int used = printf("%s%s", row.name, row.arguments);

		printf("%*s%s\n", used < LIST_COLUMN ? LIST_COLUMN - used : 1,
		    "", row.text);
	}
}

static enum exit_code
list_misbehaviour(const struct run *run)
{
	if (run->help_misbehave)
		list_table(emrtd_card_switch_at);
	if (run->help_fault) {
		list_table(emrtd_picc_switch_at);
		list_table(pn532_switch_at);
	}
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EXIT_GOOD;
	tool_error(&emrtd_sim, "standard output: %s", strerror(errno));
	return EXIT_ENVIRONMENT;
}

static bool
makes_sense(const struct run *run, int n_operands)
{
	int modes = (run->vpcd != NULL) + (run->listen != NULL) +
		    (run->pn532 != NULL) + (run->export_dir != NULL) +
		    (run->new_csca != NULL);

	if (modes > 1) {
		tool_error(&emrtd_sim,
		    "--vpcd, --listen, --pn532, --export and --new-csca "
		    "exclude each other");
		return false;
	}
	if (run->n_faults > 0 && run->pn532 == NULL) {
		tool_error(&emrtd_sim, "--fault goes with --pn532");
		return false;
	}
	/* A new CSCA needs no profile: Utopia's period and key will do. */
	if (n_operands > 1 || (n_operands == 0 && run->new_csca == NULL)) {
		tool_error(&emrtd_sim, "exactly one profile is wanted");
		return false;
	}
	return true;
}

int
main(int argc, char **argv)
{
	struct run run = { 0 };
	struct emrtd_card_profile fallback;
	struct profile_json *profile = NULL;
	struct emrtd_diag diag;
	enum emrtd_error error;
	enum exit_code code;
	int first = 0, done;

	done = tool_begin(&emrtd_sim, argc, argv, take_option, &run,
	    &run.common, &first);
	if (done != TOOL_GO_ON)
		return done;
	if (run.help_misbehave || run.help_fault)
		return list_misbehaviour(&run);
	if (!makes_sense(&run, argc - first))
		return EXIT_USAGE;
	if (first == argc) {
		/* Only for a new CSCA. */
		emrtd_card_profile_init(&fallback);
		return run_profile(&run, &fallback);
	}
	emrtd_diag_init(&diag);
	error = profile_json_load(argv[first], &diag, &profile);
	if (error != EMRTD_OK) {
		complain(error, &diag);
		return EXIT_ENVIRONMENT;
	}
	run.radio = *profile_json_contactless(profile);
	code = run_profile(&run, profile_json_card(profile));
	profile_json_free(&profile);
	return code;
}
