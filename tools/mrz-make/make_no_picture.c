/* For a build without MRTD_DRAW. */
#include "make_picture.h"

enum exit_code
make_picture(const struct tool *tool, const struct make_picture *picture,
    const struct mrz_doc *doc)
{
	(void)picture;
	(void)doc;
	tool_error(tool, "--png: this build draws no pictures (it was "
			 "configured with MRTD_DRAW=OFF)");
	return EXIT_ENVIRONMENT;
}
