#include "outcome.h"

#include "out_dir.h"

#include <emrtd/status_word.h>

#include <stdlib.h>
#include <string.h>

#define N_CLASSES (EMRTD_CLASS_INTERNAL + 1)

enum exit_code
outcome_error_code(enum emrtd_error error)
{
	static const enum exit_code by_class[N_CLASSES] = {
		[EMRTD_CLASS_NONE] = EXIT_GOOD,
		[EMRTD_CLASS_USAGE] = EXIT_USAGE,
		[EMRTD_CLASS_RESOURCE] = EXIT_INTERNAL,
		[EMRTD_CLASS_IO] = EXIT_ENVIRONMENT,
		[EMRTD_CLASS_CARD] = EXIT_LOST,
		[EMRTD_CLASS_MALFORMED] = EXIT_MALFORMED,
		[EMRTD_CLASS_ACCESS] = EXIT_ACCESS,
		[EMRTD_CLASS_CRYPTO] = EXIT_CHECK_FAILED,
		[EMRTD_CLASS_TRUST] = EXIT_UNDETERMINED,
		[EMRTD_CLASS_INTERNAL] = EXIT_INTERNAL,
	};

	switch (error) {
	case EMRTD_E_STATUS:
	case EMRTD_E_NO_FILE:
	case EMRTD_E_FILE_ACCESS:
	case EMRTD_E_TOO_LONG:
	case EMRTD_E_LIMIT:
		/* The chip is there and answers: trying again is no use. */
		return EXIT_MALFORMED;
	case EMRTD_E_READER_LOST:
		return EXIT_LOST;
	case EMRTD_E_CRYPTO:
	case EMRTD_E_ALGORITHM:
		return EXIT_INTERNAL;
	default:
		return by_class[emrtd_error_class(error)];
	}
}

static bool
any_malformed(const struct emrtd_result *result)
{
	for (int i = 0; i < EMRTD_N_FILES; i++) {
		if (emrtd_result_file_status(result, (enum emrtd_file)i) ==
		    EMRTD_FILE_MALFORMED)
			return true;
	}
	return false;
}

enum exit_code
outcome_exit_code(const struct emrtd_result *result, bool accept_data)
{
	enum emrtd_error e = emrtd_result_error(result);

	/* A wrong password says nothing against the document. */
	if (emrtd_error_class(e) == EMRTD_CLASS_ACCESS)
		return EXIT_ACCESS;
	if (emrtd_result_any_failed(result))
		return EXIT_CHECK_FAILED;
	if (e != EMRTD_OK)
		return outcome_error_code(e);
	if (any_malformed(result))
		return EXIT_MALFORMED;
	/* Doubtful letters differ from the chip's: somebody must look. */
	if (emrtd_result_check(result, EMRTD_CHECK_DOC_MRZ_MATCH)->verdict ==
	    EMRTD_UNDETERMINED)
		return EXIT_UNDETERMINED;
	if (emrtd_result_overall(result) == EMRTD_OVERALL_GENUINE)
		return EXIT_GOOD;
	/* That the chip is unproven is accepted; that PACE may have been hidden
	 * from us is not. */
	if (accept_data && emrtd_result_data(result) == EMRTD_DATA_AUTHENTIC &&
	    emrtd_result_check(result, EMRTD_CHECK_ACCESS_DOWNGRADE)->verdict !=
		EMRTD_UNDETERMINED)
		return EXIT_GOOD;
	return EXIT_UNDETERMINED;
}

/* What a person can do next. */
static const struct {
	enum emrtd_error error;
	const char *advice;
} advices[] = {
	{ EMRTD_E_NO_PASSWORD,
	    "a chip opens with the printed lines (--mrz), the six digits of "
	    "the CAN (--can), or a PIN (--pin): give one that it takes" },
	{ EMRTD_E_ACCESS_DENIED,
	    "compare it with the document, or with what the holder knows; "
	    "mrz-read shows what was read" },
	{ EMRTD_E_ACCESS_BLOCKED,
	    "another password may open the chip all the same: the CAN (--can) "
	    "or the printed lines (--mrz)" },
	{ EMRTD_E_LAST_TRY,
	    "be sure of it, and show it with --last-try; the CAN (--can), "
	    "where there is one, opens the chip without that risk" },
	{ EMRTD_E_ACCESS_POLICY,
	    "--access prefer-pace reads documents that offer no PACE" },
	{ EMRTD_E_NO_READER,
	    "is a reader plugged in, and does the document lie on it? "
	    "(emrtd-read --list-readers)" },
	{ EMRTD_E_BUSY,
	    "who uses the reader, and what else opens it: emrtd-read "
	    "--list-readers" },
	{ EMRTD_E_PERMISSION,
	    "may this user open the reader (emrtd-read --list-readers), or "
	    "the file?" },
	{ EMRTD_E_CARD_LOST,
	    "leave the document on the reader, and try again" },
	{ EMRTD_E_TIMEOUT,
	    "lay the document flat on the reader, and try again" },
	{ EMRTD_E_DEADLINE, "try again, with a longer --deadline" },
	{ EMRTD_E_MAC, "somebody may be on the link between reader and chip" },
	{ EMRTD_E_KEY,
	    "the chip is broken, or somebody is on the link; try again" },
	{ EMRTD_E_TOKEN,
	    "the chip is broken, or somebody is on the link; try again" },
	{ EMRTD_E_SM_PLAIN,
	    "somebody may be on the link, or the chip ended the session" },
};

static const char *
advice_for(enum emrtd_error error)
{
	for (size_t i = 0; i < sizeof(advices) / sizeof(*advices); i++) {
		if (advices[i].error == error)
			return advices[i].advice;
	}
	return NULL;
}

/*
 * What was done, what went wrong, the chip's word for it, details. The text
 * of a usage error says nothing that the details do not say better.
 */
void
outcome_say_error(const struct tool *tool, const struct emrtd_diag *diag,
    enum emrtd_error error)
{
	const char *what = diag->what != NULL ? diag->what : "";
	const char *text = emrtd_error_text(error), *advice = advice_for(error);
	char sw[160] = "";

	if (error == EMRTD_E_ARG && diag->detail[0] != '\0')
		text = "";
	if (diag->sw != 0)
		snprintf(sw, sizeof(sw), " (status word %04X: %s)", diag->sw,
		    emrtd_status_text(diag->sw));
	tool_error(tool, "%s%s%s%s%s%s", what,
	    what[0] != '\0' && text[0] != '\0' ? ": " : "", text, sw,
	    diag->detail[0] != '\0' ? ": " : "", diag->detail);
	if (advice != NULL)
		tool_error(tool, "%s", advice);
}

/* Write folder/name; *path gets that, to be freed. */
static enum exit_code
write_one(const struct out_dir *dir, const char *name, struct emrtd_bytes bytes,
    char **path)
{
	if (asprintf(path, "%s/%s", dir->path, name) < 0) {
		*path = NULL;
		tool_error(dir->tool, "out of memory");
		return EXIT_INTERNAL;
	}
	return out_dir_write(dir, name, bytes.ptr, bytes.len);
}

/* The suffixes of a portrait, by its format. */
static const char *const image_suffixes[] = {
	[EMRTD_IMAGE_UNKNOWN] = ".bin",
	[EMRTD_IMAGE_JPEG] = ".jpg",
	[EMRTD_IMAGE_JPEG2000] = ".jp2",
};

#define N_IMAGES (sizeof(image_suffixes) / sizeof(*image_suffixes))

/* Long enough for "EF.CardSecurity.bin" and every other name. */
#define NAME_CAP 64

static const char *
file_name(enum emrtd_file file, char name[NAME_CAP])
{
	snprintf(name, NAME_CAP, "%s.bin", emrtd_file_name(file));
	return name;
}

static const char *
portrait_name(size_t format, char name[NAME_CAP])
{
	snprintf(name, NAME_CAP, "portrait%s", image_suffixes[format]);
	return name;
}

enum exit_code
outcome_check_folder(const struct tool *tool, const char *folder, bool force)
{
	struct out_dir dir;
	enum exit_code code = out_dir_open(tool, folder, force, &dir);
	char name[NAME_CAP];

	for (int i = 0; i < EMRTD_N_FILES && code == EXIT_GOOD; i++)
		code = out_dir_check(&dir, file_name((enum emrtd_file)i, name));
	for (size_t i = 0; i < N_IMAGES && code == EXIT_GOOD; i++)
		code = out_dir_check(&dir, portrait_name(i, name));
	if (code == EXIT_GOOD)
		code = out_dir_check(&dir, OUTCOME_CHALLENGE_NAME);
	if (code == EXIT_GOOD)
		code = out_dir_check(&dir, OUTCOME_SIGNATURE_NAME);
	out_dir_close(&dir);
	return code;
}

static enum exit_code
write_evidence(const struct out_dir *dir, const struct emrtd_result *result)
{
	struct emrtd_evidence e = { .size = sizeof(e) };
	enum exit_code code;

	if (!emrtd_result_evidence(result, EMRTD_PROOF_AA, &e))
		return EXIT_GOOD;
	code = out_dir_write(dir, OUTCOME_CHALLENGE_NAME, e.challenge.ptr,
	    e.challenge.len);
	if (code == EXIT_GOOD)
		code = out_dir_write(dir, OUTCOME_SIGNATURE_NAME,
		    e.signature.ptr, e.signature.len);
	return code;
}

static enum exit_code
write_files(const struct out_dir *dir, const struct emrtd_result *result,
    char *paths[EMRTD_N_FILES], char **portrait)
{
	struct emrtd_face face;
	enum exit_code code = EXIT_GOOD;
	char name[NAME_CAP];

	for (int i = 0; i < EMRTD_N_FILES && code == EXIT_GOOD; i++) {
		enum emrtd_file file = (enum emrtd_file)i;
		struct emrtd_bytes bytes = emrtd_result_file(result, file);

		if (bytes.len > 0)
			code = write_one(dir, file_name(file, name), bytes,
			    &paths[i]);
	}
	if (code == EXIT_GOOD && emrtd_result_face(result, &face))
		code = write_one(dir, portrait_name(face.format, name),
		    face.image, portrait);
	if (code == EXIT_GOOD)
		code = write_evidence(dir, result);
	return code;
}

enum exit_code
outcome_write_files(const struct tool *tool, const struct emrtd_result *result,
    const char *folder, bool force, char *paths[EMRTD_N_FILES], char **portrait)
{
	struct out_dir dir;
	enum exit_code code;

	memset(paths, 0, EMRTD_N_FILES * sizeof(*paths));
	*portrait = NULL;
	/* Reading took seconds: what is there now is judged again. */
	code = out_dir_open(tool, folder, force, &dir);
	if (code == EXIT_GOOD)
		code = write_files(&dir, result, paths, portrait);
	if (code != EXIT_GOOD)
		outcome_free_paths(paths, portrait);
	out_dir_close(&dir);
	return code;
}

void
outcome_free_paths(char *paths[EMRTD_N_FILES], char **portrait)
{
	for (int i = 0; i < EMRTD_N_FILES; i++) {
		free(paths[i]);
		paths[i] = NULL;
	}
	free(*portrait);
	*portrait = NULL;
}
