/* Any text through mrz_normalize: never longer, and a second time the same. */
#include <mrz/mrz.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool condition)
{
	if (!condition)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mrz_normalized done, again;
	char *text = malloc(size + 1), *kept = malloc(size + 1);
	size_t len, second;

	require(text != NULL && kept != NULL);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '#';
	len = mrz_normalize(text, size, &done);
	require(len <= size && text[size] == '#');
	require((done.lines == 0) ==
		(len == size && (size == 0 || memcmp(text, data, size) == 0)));
	require(done.lines > 0 ||
		done.fillers + done.blanks + done.wide + done.small == 0);
	memcpy(kept, text, len);
	second = mrz_normalize(text, len, &again);
	require(second <= len);
	require(
	    again.lines > 0 || (second == len && memcmp(kept, text, len) == 0));
	free(text);
	free(kept);
	return 0;
}
