#include "private_text.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#define FIRST_SIZE 4096

/* Not realloc, which frees the old block as it is. */
static bool
grow(struct private_text *text, size_t wanted)
{
	size_t cap = text->cap == 0 ? FIRST_SIZE : text->cap;
	char *bytes;

	while (cap < wanted) {
		if (cap > SIZE_MAX / 2)
			return false;
		cap *= 2;
	}
	bytes = malloc(cap);
	if (bytes == NULL)
		return false;
	if (text->bytes != NULL) {
		memcpy(bytes, text->bytes, text->len);
		explicit_bzero(text->bytes, text->cap);
		free(text->bytes);
	}
	text->bytes = bytes;
	text->cap = cap;
	return true;
}

/* As fopencookie wants it: nothing written is the error. */
static ssize_t
take(void *self, const char *bytes, size_t n)
{
	struct private_text *text = self;

	if (n > SIZE_MAX - text->len ||
	    (n > text->cap - text->len && !grow(text, text->len + n))) {
		errno = ENOMEM;
		return 0;
	}
	memcpy(text->bytes + text->len, bytes, n);
	text->len += n;
	return (ssize_t)n;
}

bool
private_text_open(struct private_text *text)
{
	cookie_io_functions_t functions = { .write = take };

	memset(text, 0, sizeof(*text));
	text->file = fopencookie(text, "w", functions);
	if (text->file == NULL)
		return false;
	/* With a buffer of our own, none that is freed unwiped. */
	if (setvbuf(text->file, text->buffer, _IOFBF, sizeof(text->buffer)) ==
	    0)
		return true;
	private_text_free(text);
	return false;
}

bool
private_text_close(struct private_text *text)
{
	bool ok;

	if (text->file == NULL)
		return false;
	ok = ferror(text->file) == 0;
	ok = fclose(text->file) == 0 && ok;
	text->file = NULL;
	explicit_bzero(text->buffer, sizeof(text->buffer));
	return ok;
}

void
private_text_free(struct private_text *text)
{
	if (text->file != NULL)
		(void)private_text_close(text);
	if (text->bytes != NULL)
		explicit_bzero(text->bytes, text->cap);
	free(text->bytes);
	explicit_bzero(text, sizeof(*text));
}
