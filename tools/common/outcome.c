#include "outcome.h"

#include "io.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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
	if (emrtd_result_overall(result) == EMRTD_OVERALL_GENUINE)
		return EXIT_GOOD;
	if (accept_data && emrtd_result_data(result) == EMRTD_DATA_AUTHENTIC)
		return EXIT_GOOD;
	return EXIT_UNDETERMINED;
}

void
outcome_say_error(const struct tool *tool, const struct emrtd_diag *diag,
    enum emrtd_error error)
{
	char sw[32] = "";

	if (diag->sw != 0)
		snprintf(sw, sizeof(sw), " (status word %04X)", diag->sw);
	tool_error(tool, "%s%s%s%s%s%s", diag->what != NULL ? diag->what : "",
	    diag->what != NULL ? ": " : "", emrtd_error_text(error), sw,
	    diag->detail[0] != '\0' ? ": " : "", diag->detail);
}

/* folder/name.suffix, to be freed; NULL without memory. */
static char *
join_path(const char *folder, const char *name, const char *suffix)
{
	char *path;

	return asprintf(&path, "%s/%s%s", folder, name, suffix) < 0 ? NULL
								    : path;
}

static enum exit_code
write_one(const struct tool *tool, const char *path, struct emrtd_bytes bytes,
    bool force)
{
	enum io_result io;

	if (path == NULL) {
		tool_error(tool, "out of memory");
		return EXIT_INTERNAL;
	}
	io = io_write(path, bytes.ptr, bytes.len, force);
	if (io == IO_OK)
		return EXIT_GOOD;
	tool_error(tool, "%s: %s%s", path, io_text(io),
	    io == IO_ERRNO && errno == EEXIST ? " (--force overwrites)" : "");
	return EXIT_ENVIRONMENT;
}

static const char *
image_suffix(enum emrtd_image_format format)
{
	static const char *const suffixes[] = {
		[EMRTD_IMAGE_UNKNOWN] = ".bin",
		[EMRTD_IMAGE_JPEG] = ".jpg",
		[EMRTD_IMAGE_JPEG2000] = ".jp2",
	};

	return suffixes[format];
}

enum exit_code
outcome_write_files(const struct tool *tool, const struct emrtd_result *result,
    const char *folder, bool force, char *paths[EMRTD_N_FILES], char **portrait)
{
	struct emrtd_face face;
	enum exit_code code = EXIT_GOOD;

	memset(paths, 0, EMRTD_N_FILES * sizeof(*paths));
	*portrait = NULL;
	if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
		tool_error(tool, "%s: %s", folder, strerror(errno));
		return EXIT_ENVIRONMENT;
	}
	for (int i = 0; i < EMRTD_N_FILES && code == EXIT_GOOD; i++) {
		struct emrtd_bytes bytes = emrtd_result_file(result,
		    (enum emrtd_file)i);

		if (bytes.len == 0)
			continue;
		paths[i] = join_path(folder,
		    emrtd_file_name((enum emrtd_file)i), ".bin");
		code = write_one(tool, paths[i], bytes, force);
	}
	if (code == EXIT_GOOD && emrtd_result_face(result, &face)) {
		*portrait = join_path(folder, "portrait",
		    image_suffix(face.format));
		code = write_one(tool, *portrait, face.image, force);
	}
	if (code != EXIT_GOOD)
		outcome_free_paths(paths, portrait);
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
