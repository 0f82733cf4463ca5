#include "link_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	size_t offset;
} names[] = {
	{ "bits_per_byte", offsetof(struct link_model, bits_per_byte) },
	{ "frame_delay", offsetof(struct link_model, frame_delay) },
	{ "chained_block", offsetof(struct link_model, chained_block) },
	{ "reader", offsetof(struct link_model, reader) },
	{ "command", offsetof(struct link_model, command) },
	{ "sealed_byte", offsetof(struct link_model, sealed_byte) },
	{ "pace", offsetof(struct link_model, pace) },
	{ "ca", offsetof(struct link_model, ca) },
};

#define N_NAMES (sizeof(names) / sizeof(names[0]))

bool
link_model_load(const char *path, struct link_model *out)
{
	FILE *file = fopen(path, "r");
	char line[400], *value;
	unsigned found = 0;

	memset(out, 0, sizeof(*out));
	if (file == NULL)
		return false;
	while (fgets(line, sizeof(line), file) != NULL) {
		value = strchr(line, '\t');
		if (*line == '#' || value == NULL)
			continue;
		*value++ = '\0';
		for (size_t i = 0; i < N_NAMES; i++)
			if (strcmp(line, names[i].name) == 0) {
				*(double *)(void *)((char *)out +
						    names[i].offset) =
				    strtod(value, NULL);
				found |= 1u << i;
			}
	}
	(void)fclose(file);
	return found == (1u << N_NAMES) - 1;
}
